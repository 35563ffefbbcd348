//! Pages and copies in words: what is read at leisure, handed over, or kept in a file.

use std::borrow::Cow;

use crate::dashboard::app::detail::{Holder, Section};
use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::page::{Cell, RawPage};
use crate::dashboard::app::{Action, CopySubject, CustomerDetail, Form, Model, Purchase, privacy};
use crate::domain::{BonusRow, Comparison, Difference, Direction, LocalTime, MovementKey, MovementKind};
use crate::report::check::{self, Facts, Ids, NextKeys};
use crate::report::explain::{self, Explanation};
use crate::report::{Reader, Shape, answer, document, document_types, json, portal};
use crate::text::{self, Shown};

use super::columns::width;
use super::journal;
use super::look::Look;

/// Columns from which on figures stand side by side on a page.
const WIDE: u16 = 62;
/// Cells that make a line a row of a table.
const CELLS: usize = 4;

/// Words to hand over, and what a file of them may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Name of a file.
    pub name: String,
    /// The words.
    pub text: String,
}

/// A page for the screen there is; `None` where its subject is not shown any more.
pub fn page(model: &Model, look: &Look, subject: CopySubject) -> Option<String> {
    let columns = Layout::of(model).page(subject).width;
    let model = &*as_shown(model);
    if subject == CopySubject::Portal {
        return Some(last_sync(model, look, columns.into()));
    }
    let wide = if columns < WIDE { None } else { words(model, look, subject, Shape::Wide, Ids::Short) };
    match wide {
        Some(text) if has_room(&text, usize::from(columns)) => Some(text),
        _ => words(model, look, subject, Shape::Narrow, Ids::Short),
    }
}

/// Whether no row of a table is wider than the page: sums that stand apart from their names say nothing.
fn has_room(text: &str, columns: usize) -> bool {
    let is_row = |line: &str| line.split("  ").filter(|cell| !cell.trim().is_empty()).count() >= CELLS;
    text.lines().filter(|line| is_row(line)).all(|line| width(line) <= columns)
}

/// The state as the screen shows it: behind the privacy mask nothing personal is worded, and nothing is copied.
fn as_shown(model: &Model) -> Cow<'_, Model> {
    if model.looks.is_masked { Cow::Owned(privacy::masked(model)) } else { Cow::Borrowed(model) }
}

/// Something to hand over; `None` where its subject is not shown any more, or has no such form.
pub fn copy(model: &Model, look: &Look, subject: CopySubject, form: Form) -> Option<Copy> {
    let model = &*as_shown(model);
    let (kind, text) = match form {
        Form::Json => ("json", in_json(model, subject)?),
        Form::Text => ("txt", words(model, look, subject, Shape::Wide, Ids::Full)?),
    };
    Some(Copy { name: format!("{}.{kind}", name(model, subject)), text })
}

/// What a file is called: the subject, and the card's code as far as it suits a file's name.
fn name(model: &Model, subject: CopySubject) -> String {
    let what = match subject {
        CopySubject::Customer(_) => "customer",
        CopySubject::Explanation(_) => "explanation",
        CopySubject::Answer(_) => "answer",
        CopySubject::Line(..) => "line",
        CopySubject::Cell(..) => "cell",
        CopySubject::Reconciled(_) => "reconciliation",
        CopySubject::Portal => return "last-sync".to_owned(),
        CopySubject::DocumentTypes => return "document-types".to_owned(),
        CopySubject::RawAnswer => return "answer-of-1c".to_owned(),
        CopySubject::Entry(_) | CopySubject::Journal => return "journal".to_owned(),
    };
    let code = match subject {
        CopySubject::Reconciled(card) => model.screens.reconciliation.card(card),
        _ => model.detail.detail().map(|detail| &detail.comparison),
    };
    let code = code.map(|comparison| comparison.customer.code.as_str());
    let code = code.unwrap_or_default().chars().filter(|c| c.is_alphanumeric() || *c == '-');
    let code: String = code.take(32).collect();
    if code.is_empty() { what.to_owned() } else { format!("{what}-{code}") }
}

fn in_json(model: &Model, subject: CopySubject) -> Option<String> {
    let detail = || model.detail.detail();
    match subject {
        CopySubject::Reconciled(card) => {
            Some(json::check(std::slice::from_ref(model.screens.reconciliation.card(card)?)))
        }
        CopySubject::Portal => Some(json::portal(model.screens.before_after.portal()?)),
        CopySubject::Customer(_) => Some(json::check(std::slice::from_ref(&detail()?.comparison))),
        CopySubject::Explanation(_) => Some(json::explain(&explanation(model, detail()?))),
        _ => None,
    }
}

fn words(model: &Model, look: &Look, subject: CopySubject, shape: Shape, ids: Ids) -> Option<String> {
    let reader = Reader { texts: look.texts, offset: *model.now.offset() };
    let detail = |card| model.detail.detail().filter(|detail| detail.comparison.customer.card == card);
    let keys = NextKeys { check: look.key(Action::Check, model), sync: look.key(Action::Sync, model) };
    match subject {
        CopySubject::Entry(number) => Some(journal::full(model.journal.entry(number)?, model, look)),
        CopySubject::Journal => journal::list(model, look),
        CopySubject::Portal => Some(last_sync(model, look, usize::MAX)),
        CopySubject::DocumentTypes => Some(types_words(model, look, shape)),
        CopySubject::RawAnswer => Some(raw_answer_words(model.raw.as_ref()?, look)),
        CopySubject::Reconciled(card) => Some(explain::causes(
            model.screens.reconciliation.card(card)?,
            &facts(model, ids, &keys),
            reader,
            shape,
        )),
        CopySubject::Customer(card) => {
            Some(check::check(&detail(card)?.comparison, &facts(model, ids, &keys), reader))
        }
        CopySubject::Explanation(card) => {
            let explanation = explanation(model, detail(card)?);
            Some(explain::text(&explanation, &facts(model, ids, &keys), reader, shape))
        }
        CopySubject::Answer(card) => {
            let detail = detail(card)?;
            answer::answer(&detail.comparison, &detail.burning, look.texts)
        }
        CopySubject::Line(card, section, line) => lines(model, detail(card)?, section, line, look),
        CopySubject::Cell(card, cell) => cell_text(&detail(card)?.comparison, cell, look),
    }
}

/// Which document is what, or why that is not known.
fn types_words(model: &Model, look: &Look, shape: Shape) -> String {
    match &model.document_types {
        None => look.texts.get("types-asked").into_owned(),
        Some(Ok(found)) => document_types::page(found, look.texts, shape),
        Some(Err(failure)) => format!("{}\n{}", failure.message, failure.remedy),
    }
}

/// How 1C answers a request, or why that is not known.
fn raw_answer_words(raw: &RawPage, look: &Look) -> String {
    match &raw.answer {
        None => format!("{}{}\n", explain::get(&raw.sent), look.texts.get("raw-answer-asked")),
        Some(Ok(answer)) => explain::raw_answer(&raw.sent, answer, look.texts),
        Some(Err(failure)) => {
            format!("{}{}\n{}\n", explain::get(&raw.sent), failure.message, failure.remedy)
        }
    }
}

fn facts<'a>(model: &Model, ids: Ids, keys: &'a NextKeys) -> Facts<'a> {
    Facts { age: model.age(), stale: model.is_stale(), problem: None, ids, keys: Some(keys) }
}

fn last_sync(model: &Model, look: &Look, columns: usize) -> String {
    let reader = Reader { texts: look.texts, offset: *model.now.offset() };
    let comparison = model.detail.detail().map(|detail| &detail.comparison);
    let live = comparison.filter(|it| it.against == crate::domain::Against::Live);
    match model.screens.before_after.portal() {
        Some(it) => portal::text(it, live, reader, columns),
        None => portal::nothing(reader.texts),
    }
}

fn explanation<'a>(model: &'a Model, detail: &'a CustomerDetail) -> Explanation<'a> {
    let (requests, root) = (model.detail.requests_of_lines(), root(model));
    let mut it = Explanation { comparison: &detail.comparison, requests, product: None, root };
    it.product = it.first().and_then(|first| product(first, detail));
    it
}

/// Root of the service, without credentials; empty where it is not known.
fn root(model: &Model) -> &str {
    model.status.as_ref().map(|status| status.address.as_str()).unwrap_or_default()
}

/// The product of a line that the store has.
fn product<'a>(line: &Difference, detail: &'a CustomerDetail) -> Option<&'a str> {
    let is_it = |row: &&Purchase| {
        let key = &row.movement.key;
        Some(key.recorder) == line.recorder
            && Some(key.line) == line.line
            && Some(&key.recorder_type) == line.recorder_type.as_ref()
    };
    let row = detail.purchases.iter().find(is_it)?;
    row.product.as_ref().map(|product| product.name.as_str())
}

/// One figure or name, as it is pasted elsewhere: without spaces inside numbers.
pub(super) fn cell_text(it: &Comparison, cell: Cell, look: &Look) -> Option<String> {
    let number = |number: String| match look.language() {
        crate::text::Language::Russian => number.replace('.', ","),
        crate::text::Language::English => number,
    };
    Some(match cell {
        Cell::Field(field) => look.texts.field(&it.customer, field)?,
        Cell::Total => number(it.total_of_all_time()?.to_string()),
        Cell::Points => number(it.points_shown()?.to_string()),
        Cell::Variance => number(it.total_variance()?.to_string()),
    })
}

/// The word for a figure or field.
pub(super) fn cell_word(cell: Cell) -> &'static str {
    match cell {
        Cell::Field(field) => field.word(),
        Cell::Total => "row-total",
        Cell::Points => "row-points",
        Cell::Variance => "dash-variance",
    }
}

/// A line of a section in full.
fn lines(
    model: &Model,
    detail: &CustomerDetail,
    section: Section,
    line: usize,
    look: &Look,
) -> Option<String> {
    match section {
        Section::Comparison => {
            Some(check::entry(detail.comparison.differences.get(line)?, Ids::Full, look.texts))
        }
        Section::Purchases => Some(purchase(detail.purchases.get(line)?, look)),
        Section::Bonus => Some(bonus(detail.bonus.get(line)?, detail.as_of, look)),
        Section::Documents => {
            let sum = detail.recorders.get(line)?;
            let doubled = model.detail.doubled(&sum.recorder_type);
            let mut fields = FieldLines::new(look);
            fields.add("line-document", &document(&sum.recorder_type.0));
            fields.add("line-lines", &look.count(usize::try_from(sum.lines).unwrap_or(usize::MAX)));
            fields.add("line-amount", &look.money(sum.amount));
            if doubled > 0 {
                fields.say(&look.texts.with("documents-doubled", &[("n", doubled.into())]));
                fields.say(&look.texts.get("documents-doubled-remedy"));
            }
            Some(fields.text)
        }
        Section::Fields => {
            let (holder, field) = model.detail.field(line)?;
            let sent = model.detail.request_of_fields(holder);
            let again =
                |sent| format!("\n{}{}", explain::get(sent), explain::again(sent, root(model), look.texts));
            let again = sent.map(again).unwrap_or_default();
            let holder = look.texts.get(holder_word(holder));
            let value: Vec<String> = field.value.lines().map(|line| Shown::new(line).into_string()).collect();
            Some(format!("{holder} · {}\n\n{}\n{again}", Shown::new(&field.name), value.join("\n")))
        }
    }
}

/// The word for whose field it is.
pub(super) fn holder_word(holder: Holder) -> &'static str {
    match holder {
        Holder::Card => "fields-card",
        Holder::Owner => "fields-owner",
    }
}

fn purchase(row: &Purchase, look: &Look) -> String {
    let movement = &row.movement;
    let mut fields = FieldLines::new(look);
    match (movement.kind, &row.product) {
        (MovementKind::OpeningBalance, _) => fields.say(&look.texts.get("row-opening-balance")),
        (_, Some(product)) => {
            fields.add("line-product", &product.name);
            if !product.article.is_empty() {
                fields.add("line-article", &product.article);
            }
        }
        (_, None) => fields.say(&look.texts.get("detail-product-none")),
    }
    if row.is_packaging {
        fields.say(&look.texts.get("line-packaging"));
    }
    fields.add("line-amount", &look.money(movement.amount));
    fields.add("line-quantity", &text::quantity(movement.quantity, look.language()));
    fields.place(movement.period, &movement.key);
    fields.text
}

fn bonus(row: &BonusRow, as_of: LocalTime, look: &Look) -> String {
    let mut fields = FieldLines::new(look);
    let direction = match row.direction {
        Direction::Receipt => "mark-receipt",
        Direction::Expense => "mark-expense",
    };
    fields.add("line-direction", &look.texts.get(direction));
    fields.add("line-accrued", &look.points(row.accrued));
    fields.add("line-write-off", &look.points(row.to_write_off));
    fields.add("line-change", &look.points(row.change()));
    fields.place(row.period, &row.key);
    if row.period > as_of {
        fields.say(&look.texts.get("line-future"));
    }
    fields.text
}

/// A name and a value to a line.
struct FieldLines<'a> {
    look: &'a Look,
    text: String,
}

impl<'a> FieldLines<'a> {
    fn new(look: &'a Look) -> Self {
        Self { look, text: String::new() }
    }

    fn add(&mut self, label: &'static str, value: &str) {
        let label = self.look.texts.get(label);
        self.say(&format!("{label}: {}", Shown::new(value)));
    }

    fn say(&mut self, words: &str) {
        self.text.push_str(words);
        self.text.push('\n');
    }

    /// When, and in which line of which document.
    fn place(&mut self, period: LocalTime, key: &MovementKey) {
        self.add("line-date", &text::local_time(period, self.look.language()));
        self.add("line-document", &document(&key.recorder_type.0));
        self.add("line-recorder", &key.recorder.to_string());
        self.add("line-number", &key.line.to_string());
    }
}
