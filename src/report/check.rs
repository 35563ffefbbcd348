//! One customer in words: the header, the block the shop knows, the table, what differs, what to do next.

use std::collections::BTreeSet;
use std::time::Duration;

use super::table::{Align, Table};
use super::{Reader, UNKNOWN, display_name, freshness, known, our_time, proof};
use crate::domain::field::TOLD;
use crate::domain::reconcile::{Cause, Reason, WhyNot};
use crate::domain::{
    Against, Amount, City, Comparison, Customer, CustomerField, Difference, DifferenceKind, FieldKind,
    FieldValue, Figure, LocalTime, Mark, Part, Points, PointsRule, Verdict,
};
use crate::text::{self, Problem, Shown, Texts};

const EQUAL: &str = "✅";
const DIFFERS: &str = "❌";
const UNCOMPARED: &str = "▫";
/// Only purchases older than those kept make the difference: the mark of the list, too.
pub(super) const EXPLAINED: &str = "‹";
/// Something to mend in 1C that is no variance: rows of an unknown card, a sale that may be there twice.
pub(super) const REMARK: &str = "!";
/// Columns a town may take of the table; the block above it has the whole name.
const CITY_WIDTH: usize = 20;

/// How the key of a document is told: to people enough of it to know the document again, to what is copied all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// Its first digits.
    #[default]
    Short,
    /// As 1C has it.
    Full,
}

impl Ids {
    /// A key in words. 1C counts keys up from the left: the last digits are those of the machine, the same for all.
    fn told(self, key: &str) -> String {
        match (self, key.split_once('-')) {
            (Self::Short, Some((first, _))) => format!("{first}…"),
            _ => key.to_owned(),
        }
    }
}

/// What is told beside the comparison itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// How old the stored generation is; `None` before the first sync, and where it lies ahead of the clock.
    pub age: Option<Duration>,
    /// Whether that is longer than the configured freshness.
    pub stale: bool,
    /// Why 1C could not be asked.
    pub problem: Option<&'a Problem>,
    /// How keys of documents are told.
    pub ids: Ids,
    /// The keys that do what to do next, where keys do it and no command.
    pub keys: Option<&'a NextKeys>,
}

/// What is pressed to check a customer, and to sync.
#[derive(Clone, Debug)]
pub struct NextKeys {
    /// Compares line by line.
    pub check: String,
    /// Syncs.
    pub sync: String,
}

impl Facts<'_> {
    /// What to do next, by a command or by a key.
    fn next(&self, of_command: &'static str, texts: Texts) -> String {
        let Some(keys) = self.keys else { return texts.get(of_command).into_owned() };
        let of_key = match of_command {
            "report-next-variance-totals" => "report-next-variance-totals-key",
            "report-next-unverified-totals" => "report-next-unverified-totals-key",
            "report-next-unverified-settings" => "report-next-unverified-settings-key",
            "report-next-unverified-part" => "report-next-unverified-part-key",
            same => same,
        };
        texts.with(of_key, &[("check", keys.check.as_str().into()), ("sync", keys.sync.as_str().into())])
    }
}

/// One customer in words, several lines, ended.
pub fn check(comparison: &Comparison, facts: &Facts<'_>, reader: Reader) -> String {
    let sections = [
        header(comparison, facts, reader),
        block(comparison, reader.texts),
        table(comparison, reader.texts),
        proof::words(comparison, reader),
        differences(comparison, facts.ids, reader.texts),
        notes(comparison, facts.ids, reader.texts),
        conclusion(comparison, facts, reader.texts),
    ];
    let sections: Vec<_> = sections.into_iter().filter(|section| !section.is_empty()).collect();
    sections.join("\n")
}

/// Nobody was found, though 1C was asked as well.
pub fn nobody(texts: Texts) -> String {
    line(&texts.get("report-nobody"))
}

/// Nobody was found in the store, and nowhere else was looked.
pub fn nobody_stored(texts: Texts) -> String {
    line(&texts.get("report-nobody-stored"))
}

/// More cards were found than are checked.
pub fn cut(shown: usize, total: usize, texts: Texts) -> String {
    line(&texts.with("report-check-cut", &[("shown", shown.into()), ("total", total.into())]))
}

/// A card that bears the phone asked for in the store, and another in 1C.
pub fn phone_moved(code: &str, texts: Texts) -> String {
    line(&texts.with("report-check-phone-moved", &[("card", Shown::new(code).into_string().into())]))
}

fn line(text: &str) -> String {
    format!("{text}\n")
}

fn header(it: &Comparison, facts: &Facts<'_>, reader: Reader) -> String {
    let texts = reader.texts;
    let customer = &it.customer;
    let mut table = Table::new([Align::Left, Align::Left]);
    table.row([texts.get("report-label-customer").as_ref(), &display_name(customer, texts)]);
    let is_told = |field: &CustomerField| field.kind() != FieldKind::Date || customer.get(*field).is_some();
    for field in TOLD.into_iter().filter(is_told) {
        table.row([texts.get(label(field)).as_ref(), &told(customer, field, texts)]);
    }
    table.row([texts.get("report-label-compared").as_ref(), &compared(it, reader)]);
    table.row([texts.get("report-label-read").as_ref(), &stored_at(it, facts, reader)]);
    table.render(0)
}

/// Among sums the code needs to be told from others.
fn label(field: CustomerField) -> &'static str {
    if field == CustomerField::Code { "row-card" } else { field.word() }
}

fn told(customer: &Customer, field: CustomerField, texts: Texts) -> String {
    match customer.get(field) {
        Some(FieldValue::Town(source, name)) => {
            let values = [("city", name.as_ref().into()), ("source", texts.city_source(source).into())];
            texts.with("report-city-found", &values)
        }
        Some(value) => texts.value(field, &value),
        None => UNKNOWN.to_owned(),
    }
}

pub(super) fn compared(it: &Comparison, reader: Reader) -> String {
    let texts = reader.texts;
    let time = it.compared_at.map(|time| our_time(time, reader));
    let at = [("time", time.as_deref().unwrap_or(UNKNOWN).into())];
    match it.against {
        Against::Live => texts.with("report-against-live", &at),
        Against::ControlTotals if it.compared_at > it.synced_at => {
            texts.with("report-against-totals-asked", &at)
        }
        Against::ControlTotals => texts.get("report-against-totals").into_owned(),
        Against::None => texts.get("report-against-none").into_owned(),
    }
}

fn stored_at(it: &Comparison, facts: &Facts<'_>, reader: Reader) -> String {
    match it.synced_at {
        Some(time) => freshness(time, facts.age, facts.stale, reader),
        None => reader.texts.get("report-stored-never").into_owned(),
    }
}

/// The block people know from the script this command succeeds, to the letter.
///
/// ```text
/// [ИТОГИ] ОБЩАЯ СУММА ПОКУПОК:
///    Начальный ввод (перенос): 232,360.00 руб
///    Покупки за год: 132,694.00 руб
///    ИТОГО: 365,054.00 руб ✅
/// ```
fn block(it: &Comparison, texts: Texts) -> String {
    let marks = Marks::new(it, texts);
    let purchases = [
        marks.part(&opening_line(it, texts), Part::OpeningBalance),
        marks.part(&purchases_line(it, texts), Part::Purchases),
        Marks::marked(&total_line(it, texts), marks.of(Part::Total)),
    ];
    let points = [Marks::marked(&points_line(it, texts), marks.of(Part::Points))];
    let city = [Marks::marked(&city_line(it, texts), marks.of(Part::City))];
    [
        titled(&texts.get("report-block-purchases"), &purchases),
        titled(&texts.get("report-block-points"), &points),
        titled(&texts.get("report-block-city"), &city),
    ]
    .join("\n")
}

/// A title and its lines below, indented.
fn titled(title: &str, lines: &[String]) -> String {
    let mut section = line(title);
    for text in lines {
        section.push_str("   ");
        section.push_str(text);
        section.push('\n');
    }
    section
}

fn opening_line(it: &Comparison, texts: Texts) -> String {
    texts.with("report-block-opening", &[("money", block_money(it.opening_balance, texts).into())])
}

fn purchases_line(it: &Comparison, texts: Texts) -> String {
    let money = ("money", block_money(it.purchases, texts).into());
    match it.window.days {
        0 => texts.with("report-block-history", &[money]),
        365 => texts.with("report-block-year", &[money]),
        days => texts.with("report-block-days", &[("days", days.into()), money]),
    }
}

fn total_line(it: &Comparison, texts: Texts) -> String {
    texts.with("report-block-total", &[("money", block_money(it.total, texts).into())])
}

fn points_line(it: &Comparison, texts: Texts) -> String {
    let Some(points) = shown_side(it.points.figure) else {
        return texts.get("report-block-points-unknown").into_owned();
    };
    let values = [("points", points.to_string().into()), ("n", plural(points).into())];
    texts.with("report-block-points-figure", &values)
}

fn city_line(it: &Comparison, texts: Texts) -> String {
    let side = it.city.stored.as_ref().or(it.city.onec.as_ref());
    let city = match side {
        None => texts.get("report-block-unknown"),
        Some(None) => texts.get("report-block-no-city"),
        Some(Some(city)) => city.name.as_str().into(),
    };
    texts.with("report-block-city-figure", &[("city", city.into())])
}

/// The store's figure; 1C's where the store has none.
fn shown_side<T: Copy>(figure: Figure<T>) -> Option<T> {
    figure.stored.or(figure.onec)
}

fn block_money(figure: Figure<Amount>, texts: Texts) -> String {
    shown_side(figure).map_or_else(|| texts.get("report-block-unknown").into_owned(), text::block_money)
}

/// The count that chooses the plural. A fraction takes the form of two: «1.5 балла».
pub(super) fn plural(points: Points) -> u64 {
    let number = points.decimal().abs();
    if number.is_integer() { u64::try_from(number).unwrap_or_default() } else { 2 }
}

/// How a figure fared, with the words that say so.
enum Fared {
    Equal,
    Differs(String),
    /// By earlier purchases alone.
    Explained(String),
    Uncompared(String),
}

/// Makes the marks of one comparison.
struct Marks<'a> {
    it: &'a Comparison,
    texts: Texts,
    /// What is said of a figure that one side lacks because it lacks the card.
    absent: Option<String>,
}

impl<'a> Marks<'a> {
    fn new(it: &'a Comparison, texts: Texts) -> Self {
        let has = |kind| it.differences.iter().any(|difference| difference.kind == kind);
        let absent = if has(DifferenceKind::MissingCard) {
            Some(texts.get("report-mark-not-stored").into_owned())
        } else if has(DifferenceKind::ExtraCard) {
            Some(texts.get("report-mark-not-in-onec").into_owned())
        } else {
            None
        };
        Self { it, texts, absent }
    }

    fn of(&self, part: Part) -> Fared {
        match self.it.mark(part) {
            Mark::Equal => Fared::Equal,
            Mark::Differs => Fared::Differs(self.difference(part, "report-mark-differs")),
            Mark::Explained => Fared::Explained(self.earlier_purchases()),
            Mark::Uncompared => self.uncompared(part),
        }
    }

    fn difference(&self, part: Part, words: &str) -> String {
        let money = |by: Option<Amount>| by.map(|by| signed(&by, text::block_money(by))).unwrap_or_default();
        let variance = match part {
            Part::OpeningBalance => money(self.it.opening_balance.variance()),
            Part::Purchases => money(self.it.purchases.variance()),
            Part::Total => money(self.it.variance_told()),
            Part::Points => {
                let variance = self.it.points.figure.variance();
                variance.map(|by| signed(&by, by.to_string())).unwrap_or_default()
            }
            Part::City | Part::Card => return self.town_in_onec(),
        };
        self.texts.with(words, &[("variance", variance.into())])
    }

    fn earlier_purchases(&self) -> String {
        let more = self.it.earlier_purchases().unwrap_or_default();
        self.texts
            .with("report-mark-before-window", &[("sum", signed(&more, text::block_money(more)).into())])
    }

    fn town_in_onec(&self) -> String {
        let onec = self.it.city.onec.as_ref().and_then(Option::as_ref).map(|city| city.name.as_str().into());
        let onec = onec.unwrap_or_else(|| self.texts.get("report-block-no-city"));
        self.texts.with("report-mark-city-differs", &[("city", onec.into())])
    }

    /// A side that lacks the card differs; else it is said why nothing was compared.
    fn uncompared(&self, part: Part) -> Fared {
        let lacks_side = match part {
            Part::OpeningBalance => self.it.opening_balance.variance().is_none(),
            Part::Purchases => self.it.purchases.variance().is_none(),
            Part::Total => self.it.total.variance().is_none(),
            Part::Points => self.it.points.figure.variance().is_none(),
            Part::City => self.it.city_differs().is_none(),
            Part::Card => false,
        };
        if let Some(absent) = self.absent.clone().filter(|_| lacks_side) {
            return Fared::Differs(absent);
        }
        let why = self.it.coverage.of(part).why_not().unwrap_or_default();
        let why = proof::why_not(why, self.it.against, self.texts);
        Fared::Uncompared(self.texts.with("report-uncompared", &[("why", why.into())]))
    }

    fn marked(text: &str, fared: Fared) -> String {
        match fared {
            Fared::Equal => format!("{text} {EQUAL}"),
            Fared::Differs(words) => format!("{text} {DIFFERS} ({words})"),
            Fared::Explained(words) => format!("{text} {EXPLAINED} ({words})"),
            Fared::Uncompared(words) => format!("{text} {UNCOMPARED} ({words})"),
        }
    }

    /// A part of the total is marked only where it differs, or where it was compared with nothing and the total was
    /// not: else the total's mark speaks for the rest.
    fn part(&self, text: &str, part: Part) -> String {
        let total = self.it.mark(Part::Total);
        match self.of(part) {
            fared @ (Fared::Differs(_) | Fared::Explained(_)) => Self::marked(text, fared),
            fared @ Fared::Uncompared(_) if total != Mark::Uncompared => Self::marked(text, fared),
            Fared::Equal | Fared::Uncompared(_) => text.to_owned(),
        }
    }
}

/// A variance shows its sign, a plus included.
fn signed<T: PartialOrd + Default>(variance: &T, shown: String) -> String {
    if *variance > T::default() { format!("+{shown}") } else { shown }
}

fn table(it: &Comparison, texts: Texts) -> String {
    let mut table = Table::new([Align::Left, Align::Right, Align::Right, Align::Right]);
    table.row(["", &texts.get("column-onec"), &texts.get("column-stored"), &texts.get("column-variance")]);
    table.row(money_row(&texts.get("row-opening-balance"), it.opening_balance, texts));
    let purchases = match it.purchases.stored {
        Some(_) => texts.with("report-row-purchases", &[("lines", it.purchase_lines.into())]),
        None => texts.get("row-purchases").into_owned(),
    };
    table.row(money_row(&purchases, it.purchases, texts));
    if let (Some(from), Some(_)) = (it.window.from, it.before_window) {
        let figure = Figure { onec: it.before_window, stored: None };
        table.row(money_row(&earlier(Some(from), texts), figure, texts));
    }
    table.row(total_row(it, texts));
    table.row(points_row(it.points.figure, texts));
    table.row(city_row(it, texts));
    table.render(0)
}

/// What is older than the purchases kept: with the day they begin, where it is known.
pub fn earlier(from: Option<LocalTime>, texts: Texts) -> String {
    let Some(from) = from else { return texts.get("row-before-window").into_owned() };
    let date = text::date(from.date(), texts.language());
    texts.with("row-before-window-date", &[("date", date.into())])
}

/// Earlier purchases have a row of their own, and are no variance.
fn total_row(it: &Comparison, texts: Texts) -> [String; 4] {
    let [title, onec, stored, _] = money_row(&texts.get("row-total"), it.total, texts);
    let variance = it.variance_told();
    [title, onec, stored, known(variance.map(|amount| text::variance(amount, texts.language())))]
}

pub(super) fn money_row(title: &str, figure: Figure<Amount>, texts: Texts) -> [String; 4] {
    let money = |side: Option<Amount>| known(side.map(|amount| text::money(amount, texts.language())));
    let variance = known(figure.variance().map(|amount| text::variance(amount, texts.language())));
    [title.to_owned(), money(figure.onec), money(figure.stored), variance]
}

pub(super) fn points_row(figure: Figure<Points>, texts: Texts) -> [String; 4] {
    let shown = |points: Points| text::points(points, texts.language());
    let variance = figure.variance().map(|points| signed(&points, shown(points)));
    let title = texts.get("row-points").into_owned();
    [title, known(figure.onec.map(shown)), known(figure.stored.map(shown)), known(variance)]
}

pub(super) fn city_row(it: &Comparison, texts: Texts) -> [String; 4] {
    let name = |side: &Option<Option<City>>| match side {
        None => UNKNOWN.to_owned(),
        Some(None) => texts.get("report-block-no-city").into_owned(),
        Some(Some(city)) => Shown::new(&city.name).truncated(CITY_WIDTH).into_string(),
    };
    let variance = match it.city_differs() {
        None => UNKNOWN.into(),
        Some(false) => texts.get("mark-equal"),
        Some(true) => texts.get("report-city-differs"),
    };
    let title = texts.get("row-city").into_owned();
    [title, name(&it.city.onec), name(&it.city.stored), variance.into_owned()]
}

/// What differs, an entry in one or two lines each: movements and their sum first, then what is no movement.
fn differences(it: &Comparison, ids: Ids, texts: Texts) -> String {
    let told = it.differences.iter().filter(|difference| is_listed(difference.kind));
    let (lines, others): (Vec<_>, Vec<_>) = told.partition(|difference| is_line(difference.kind));
    if lines.is_empty() && others.is_empty() {
        return String::new();
    }
    let entries = |told: &[&Difference]| told.iter().map(|it| entry(it, ids, texts)).collect::<String>();
    let sum = sum_of_lines(&lines, texts).map(|sum| format!("  {sum}\n")).unwrap_or_default();
    format!("{}\n{}{sum}{}", texts.get("report-differences"), entries(&lines), entries(&others))
}

/// The sum before the window and doubled sales have words of their own.
pub(super) fn is_listed(kind: DifferenceKind) -> bool {
    !matches!(kind, DifferenceKind::BeforeWindow | DifferenceKind::DoubledSale)
}

/// One thing that differs in a line or two, ended.
pub fn entry(it: &Difference, ids: Ids, texts: Texts) -> String {
    let figures = figures(it, texts);
    let place = place(it, ids, texts);
    if place.is_empty() { format!("  {figures}\n") } else { format!("  {figures}\n    {place}\n") }
}

fn figures(it: &Difference, texts: Texts) -> String {
    let kind = ("kind", texts.difference(it).into());
    let sides = texts.sides(&it.figure);
    let (onec, other) = (("onec", known(sides.onec).into()), known(sides.stored).into());
    match it.reason {
        None => texts.with("report-difference", &[kind, onec, ("stored", other)]),
        Some(reason) => {
            let why = ("reason", texts.reason(reason).into());
            if it.kind == DifferenceKind::Unexplained {
                texts.with("report-difference-own-sum", &[kind, why, onec, ("rows", other)])
            } else {
                texts.with("report-difference-reason", &[kind, why, onec, ("stored", other)])
            }
        }
    }
}

/// Where the line stands: its moment, document and number, as far as known.
pub(super) fn place(it: &Difference, ids: Ids, texts: Texts) -> String {
    let period = it.period.map(|period| text::local_time(period, texts.language()));
    let document = it.recorder_type.as_ref().map(|recorder_type| short_name(&recorder_type.0));
    let recorder = it.recorder.map(|recorder| ids.told(&recorder.to_string()));
    let line = it.line.map(|line| texts.with("report-difference-line", &[("line", line.to_string().into())]));
    let document = match (document, recorder) {
        (Some(document), Some(recorder)) => Some(format!("{document} {recorder}")),
        (document, recorder) => document.or(recorder),
    };
    [period, document, line].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `StandardODATA.Document_ЧекККМ` is `ЧекККМ` to people.
pub(super) fn short_name(recorder_type: &str) -> String {
    let name = recorder_type.rsplit_once('.').map_or(recorder_type, |(_, name)| name);
    let name = name.split_once('_').map_or(name, |(_, name)| name);
    Shown::new(name).into_string()
}

/// What lines come to on either side; a line that one side lacks counts nothing there. Told only where it adds
/// something: for two lines and more.
fn sum_of_lines(lines: &[&Difference], texts: Texts) -> Option<String> {
    let figures: Vec<_> = lines.iter().filter_map(|line| line.figure.money()).collect();
    let onec: Amount = figures.iter().filter_map(|figure| figure.onec).sum();
    let stored: Amount = figures.iter().filter_map(|figure| figure.stored).sum();
    let values = [
        ("onec", text::money(onec, texts.language()).into()),
        ("stored", text::money(stored, texts.language()).into()),
        ("variance", text::variance(stored - onec, texts.language()).into()),
    ];
    (lines.len() > 1).then(|| texts.with("report-differences-sum", &values))
}

pub(super) fn is_line(kind: DifferenceKind) -> bool {
    matches!(
        kind,
        DifferenceKind::MissingOpeningBalance
            | DifferenceKind::MissingLine
            | DifferenceKind::ExtraLine
            | DifferenceKind::ChangedLine
    )
}

/// What changes no verdict and is worth knowing: doubled sales, the other rule of points.
fn notes(it: &Comparison, ids: Ids, texts: Texts) -> String {
    let doubled = it
        .differences
        .iter()
        .filter(|difference| difference.kind == DifferenceKind::DoubledSale)
        .map(|difference| doubled_sale(difference, ids, texts));
    doubled.chain(points_notes(it, texts)).map(|note| line(&note)).collect()
}

fn doubled_sale(it: &Difference, ids: Ids, texts: Texts) -> String {
    let sides = texts.sides(&it.figure);
    let sum = sides.stored.or(sides.onec).unwrap_or_default();
    let what = [sum, place(it, ids, texts)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    texts.with("report-doubled-sale", &[("what", what.join(", ").into())])
}

/// The stored figures by both rules. Nothing is said where the store has neither.
fn points_notes(it: &Comparison, texts: Texts) -> Vec<String> {
    let shown = |points: Option<Points>| known(points.map(|points| text::points(points, texts.language())));
    let (last_record, balance) = (it.points.last_record, it.points.register_balance);
    let mut notes = Vec::new();
    if last_record.is_some() || balance.is_some() {
        notes.push(match it.points.rule {
            PointsRule::LastRecord => texts.with(
                "report-points-last-record",
                &[("figure", shown(last_record).into()), ("other", shown(balance).into())],
            ),
            PointsRule::RegisterBalance => texts.with(
                "report-points-balance",
                &[("figure", shown(balance).into()), ("other", shown(last_record).into())],
            ),
        });
    }
    if let onec @ Some(_) = it.points.register_balance_onec {
        notes.push(texts.with("report-points-balance-onec", &[("balance", shown(onec).into())]));
    }
    if disagree(last_record, balance) {
        notes.push(texts.get("report-points-disagree").into_owned());
    }
    notes
}

fn disagree(last_record: Option<Points>, balance: Option<Points>) -> bool {
    matches!((last_record, balance), (Some(last_record), Some(balance)) if last_record != balance)
}

/// The verdict in a sentence, and what to do next in another.
pub(super) fn conclusion(it: &Comparison, facts: &Facts<'_>, texts: Texts) -> String {
    let (verdict, next) = match it.verdict {
        Verdict::Reconciled => (reconciled(it, texts), None),
        Verdict::BeforeWindow => {
            (before_window(it, texts), Some(texts.get("report-next-before-window").into_owned()))
        }
        Verdict::Variance => (variance(it, texts), Some(next_variance(it, facts, texts))),
        Verdict::Unverified => unverified(it, facts, texts),
        Verdict::UnknownCard => {
            let verdict = format!("{REMARK} {}", texts.get("report-verdict-unknown-card"));
            (verdict, Some(texts.cause_remedy(Cause::UnknownCard).into_owned()))
        }
    };
    let next = next.map(|next| line(&next)).unwrap_or_default();
    format!("{verdict}\n{next}")
}

fn reconciled(it: &Comparison, texts: Texts) -> String {
    let words = match it.against {
        Against::Live if it.mark(Part::Points) == Mark::Equal => texts.get("report-verdict-reconciled-live"),
        Against::Live => texts.get("report-verdict-reconciled-live-money"),
        Against::ControlTotals | Against::None => texts.get("report-verdict-reconciled-totals"),
    };
    format!("{EQUAL} {words}")
}

fn before_window(it: &Comparison, texts: Texts) -> String {
    let sum = known(it.before_window.map(|amount| text::money(amount, texts.language())));
    let from = it.window.from.map(|from| text::date(from.date(), texts.language()));
    let values = [("date", known(from).into()), ("money", sum.into())];
    format!("{EXPLAINED} {}", texts.with("report-verdict-before-window", &values))
}

/// The total's variance beside what lies before the window, where it has one; points, a town or a missing card are marked
/// above.
fn variance(it: &Comparison, texts: Texts) -> String {
    let sum = it.variance_told().filter(|variance| !variance.is_zero());
    let words = match sum {
        Some(sum) => {
            let sum = text::variance(sum, texts.language());
            texts.with("report-verdict-variance", &[("variance", sum.into())])
        }
        None => texts.get("report-verdict-variance-other").into_owned(),
    };
    format!("{DIFFERS} {words}")
}

fn next_variance(it: &Comparison, facts: &Facts<'_>, texts: Texts) -> String {
    if it.differences.iter().any(|difference| difference.reason == Some(Reason::Unreadable)) {
        return texts.get("report-next-unverified-rows").into_owned();
    }
    let causes: BTreeSet<Cause> = it.differences.iter().map(Cause::of).collect();
    let is_own_sum = causes.iter().eq(&[Cause::OwnSum]);
    match it.against {
        _ if are_names_in_doubt(it) => texts.get("report-next-unverified-names"),
        Against::Live if causes.contains(&Cause::MissingOpeningBalance) => {
            texts.get("report-next-variance-opening")
        }
        Against::Live if is_own_sum => texts.cause_remedy(Cause::OwnSum),
        Against::Live => texts.get("report-next-variance-live"),
        Against::ControlTotals | Against::None => {
            return facts.next("report-next-variance-totals", texts);
        }
    }
    .into_owned()
}

/// Whether it is not known which rows are opening balances: neither rows nor another sync decide that.
fn are_names_in_doubt(it: &Comparison) -> bool {
    Part::OF_TOTAL.into_iter().any(|part| it.coverage.of(part).why_not() == Some(WhyNot::NamesInDoubt))
}

/// Where 1C could not be asked, its problem says what to do better than a general phrase.
fn unverified(it: &Comparison, facts: &Facts<'_>, texts: Texts) -> (String, Option<String>) {
    let why = it.coverage.why_no_total();
    let (verdict, next) = match (it.against, why) {
        (Against::None, _) => ("report-verdict-unverified-none", "report-next-unverified-none"),
        _ if are_names_in_doubt(it) => ("report-verdict-unverified-part", "report-next-unverified-names"),
        (_, Some(WhyNot::NothingStored)) => {
            ("report-verdict-unverified-empty", "report-next-unverified-empty")
        }
        // A total that was compared leaves one cause: rows that could not be read.
        (_, None | Some(WhyNot::UnreadableRow)) => {
            ("report-verdict-unverified-rows", "report-next-unverified-rows")
        }
        (_, Some(WhyNot::OtherSettings)) => {
            ("report-verdict-unverified-settings", "report-next-unverified-settings")
        }
        // Line by line it was compared already.
        (Against::Live, Some(_)) => ("report-verdict-unverified-part", "report-next-unverified-live"),
        (_, Some(WhyNot::NotPublished)) => {
            ("report-verdict-unverified-totals", "report-next-unverified-totals")
        }
        (_, Some(_)) => ("report-verdict-unverified-part", "report-next-unverified-part"),
    };
    let next = match facts.problem {
        Some(problem) => super::problem::problem(problem, texts).trim_end().to_owned(),
        None => facts.next(next, texts),
    };
    let why = why.map(|why| proof::why_not(why, it.against, texts)).unwrap_or_default();
    let values = [("why", why.into()), ("settings", proof::others(&it.under).into())];
    (format!("{UNCOMPARED} {}", texts.with(verdict, &values)), Some(next))
}

#[cfg(test)]
mod tests;
