//! The reconciliation of the whole base: what it came to, then the cards, the worst first.
//!
//! ```text
//! ┌ Сверка базы · с расхождением ─────────────────────────────────────────┐
//! │ По итогам 1С, 04.02.2026 14:02 · данные 04.02.2026 13:57 · запросов 11 │
//! │ ✗ 12   ? 0   ‹ 20   ✓ 280   всего 312                                  │
//! │ Итого: 1С 12 345 678,00 · у нас 12 113 318,00 · разница −232 360,00    │
//! │ начального ввода нет в хранилище 5 · строки изменены в 1С 3            │
//! │   Имя            Телефон           Разница Почему                      │
//! │›✗ Царькова Анна  79788451364  −232 360,00 начального ввода нет …       │
//! └ Enter — почему · f — фильтр · Y — в файл · Esc — закрыть ───── 1–9 из 12┘
//! ```

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear};

use crate::dashboard::app::journal::{Entry, Grade};
use crate::dashboard::app::layout::{BaseHead, BaseParts, Layout};
use crate::dashboard::app::reconcile::{
    ExportFormat, FileBeingWritten, FileOrder, Note, ReconciledBase, Run,
};
use crate::dashboard::app::{Action, By, Failure, Model, Phase, ReconcileProgress, Wanted};
use crate::domain::reconcile::Sides;
use crate::domain::{Comparison, Verdict};
use crate::report;
use crate::text::{self, Shown};

use super::columns::{Parts, bar, left, right, width};
use super::figures::dash;
use super::look::Look;
use super::sections::fitting;
use super::{journal, put, put_wrapped, tint};

/// Columns from which on a number has room beside the words of a cause.
const CAUSES: u16 = 56;
/// The widest name.
const NAME: usize = 30;

/// The verdicts, the gravest first.
const VERDICTS: [Verdict; 5] = [
    Verdict::Variance,
    Verdict::Unverified,
    Verdict::UnknownCard,
    Verdict::BeforeWindow,
    Verdict::Reconciled,
];

/// Draws it, where it is shown.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    let area = layout.base.intersection(frame.area());
    if area.is_empty() {
        return;
    }
    let columns = usize::from(area.width.saturating_sub(2));
    let block = Block::bordered()
        .border_style(look.theme.focused)
        .title(title(columns, model, look))
        .title_bottom(hint(columns, model, look))
        .title_bottom(position(layout, model, look).alignment(Alignment::Right));
    let inside = block.inner(area);
    frame.render_widget(Clear, area);
    frame.buffer_mut().set_style(area, look.theme.base);
    frame.render_widget(block, area);
    match (model.base.found(), model.base.run()) {
        (Some(found), _) => draw_found(frame, layout, found, model, look),
        (None, Some(run)) => draw_run(frame, inside, run, model, look),
        (None, None) => draw_nothing(frame, inside, model, look),
    }
}

fn title(columns: usize, model: &Model, look: &Look) -> Line<'static> {
    let mut parts = Parts::default();
    parts.push(look.texts.get("pane-reconcile"), look.theme.title);
    if model.base.found().is_some() && model.base.wanted() != Wanted::All {
        parts.push(format!("· {}", wanted_word(model.base.wanted(), look)), look.theme.warning);
    }
    let mut line = parts.fitted(columns.saturating_sub(2), 1);
    line.spans.insert(0, Span::raw(" "));
    line.push_span(" ");
    line
}

/// What can be done here, as much as fits beside the position.
fn hint(columns: usize, model: &Model, look: &Look) -> Line<'static> {
    let key = |action| model.key(action).into();
    let values = [
        ("filter", key(Action::Filter)),
        ("view", key(Action::View)),
        ("save", key(Action::Save)),
        ("again", key(Action::Check)),
        ("stop", key(Action::CancelSync)),
    ];
    let ids: &[&'static str] = match (model.base.found(), model.base.is_busy()) {
        (_, true) => &["base-hint-busy", "base-hint-busy-short", "dash-close"],
        (None, false) => &["base-hint-start", "dash-close"],
        (Some(found), false) if found.is_outdated => &["base-hint-outdated", "dash-close"],
        (Some(_), false) => &["base-hint", "base-hint-short", "base-hint-least", "dash-close"],
    };
    let room = columns.saturating_sub(if columns < 60 { 2 } else { 20 });
    Line::from(format!(" {} ", fitting(ids, &values, room, look)))
}

/// Which cards are seen of how many.
fn position(layout: &Layout, model: &Model, look: &Look) -> Line<'static> {
    let Some(total) = model.base.total().filter(|total| *total > 0 && layout.base.width >= 62) else {
        return Line::default();
    };
    let top = model.base.top();
    let last = top.saturating_add(layout.base_parts(&model.base).lines()).min(total);
    let values = [
        ("from", look.count(top + 1).into()),
        ("to", look.count(last).into()),
        ("of", look.count(total).into()),
    ];
    Line::from(format!(" {} ", look.texts.with("dash-position", &values)))
}

// Before anything was found.

fn padded(area: Rect) -> Rect {
    Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area }
}

/// What it would do, and how to have it; or why it found nothing.
fn draw_nothing(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let (texts, area) = (look.texts, padded(area));
    let key = |action| model.key(action).into();
    if let Some(failure) = model.base.failed() {
        return draw_failure(frame, area, failure, look);
    }
    if model.status.as_ref().is_some_and(|status| status.synced_at.is_none()) {
        let words = texts.with("search-nothing-stored", &[("sync", key(Action::Sync))]);
        return put_wrapped(frame, area, 0, &words);
    }
    let start = texts.get("base-start").into_owned();
    if area.height < 6 {
        return put_wrapped(frame, area, 0, &start);
    }
    let values = [("view", key(Action::View)), ("n", model.requests_of_all().into())];
    let live = texts.with("base-start-live", &values);
    let words = [texts.get("base-what").into_owned(), texts.get("base-cost").into_owned(), start, live];
    put_wrapped(frame, area, u16::from(area.height > 12), &words.join("\n\n"));
}

fn draw_failure(frame: &mut Frame<'_>, area: Rect, failure: &Failure, look: &Look) {
    let shown = |words: &str| Shown::new(words).into_string();
    let words = [
        format!("✗ {} [{}]", shown(&failure.message), shown(&failure.code)),
        if failure.remedy.is_empty() { String::new() } else { format!("→ {}", shown(&failure.remedy)) },
        look.texts.get("base-start").into_owned(),
    ];
    let words: Vec<_> = words.into_iter().filter(|words| !words.is_empty()).collect();
    put_wrapped(frame, area, 0, &words.join(if area.height > 8 { "\n\n" } else { "\n" }));
}

/// The steps of a run, the one at work with how much of it is done.
fn draw_run(frame: &mut Frame<'_>, area: Rect, run: &Run, model: &Model, look: &Look) {
    let area = padded(area);
    let columns = usize::from(area.width);
    put(frame, area, 0, Span::styled(left(&run_words(run, model, look), columns), look.theme.busy));
    let room = usize::from(area.height.saturating_sub(2));
    let first = run.steps.len().saturating_sub(room.max(1));
    let mut row = 1;
    for (at, step) in run.steps.iter().enumerate().skip(first) {
        let is_last = at + 1 == run.steps.len();
        let (mark, style) = if is_last { ("▶", look.theme.busy) } else { ("✓", look.theme.good) };
        let words = left(&step_words(*step, is_last, look), columns.saturating_sub(2));
        put(frame, area, row, Line::from(vec![Span::styled(format!("{mark} "), style), Span::raw(words)]));
        row += 1;
    }
    if let Some(percent) = run.steps.last().and_then(|step| percent(step.done, step.total)) {
        let (done, left) = bar(percent, columns.saturating_sub(2).min(60));
        put(frame, area, row, Line::from(format!("  {done}{left}")));
        row += 1;
    }
    // Why nothing moves, where 1C is asked once more.
    let is_of_run = |entry: &&Entry| entry.at >= run.since && entry.line.grade() != Grade::Plain;
    if let Some(entry) = model.journal.newest_first().next().filter(is_of_run) {
        let words = format!("! {}", journal::words(&entry.line, look));
        put(frame, area, row, Span::styled(left(&words, columns), look.theme.warning));
    }
}

fn run_words(run: &Run, model: &Model, look: &Look) -> String {
    let elapsed = model.now.signed_duration_since(run.since).to_std().unwrap_or_default();
    let elapsed = std::time::Duration::from_secs(elapsed.as_secs());
    let time = ("time", text::duration(elapsed, look.language()).into());
    look.texts.with(
        match run.by {
            By::Sums => "base-running-sums",
            By::Lines => "base-running-lines",
        },
        &[time],
    )
}

fn step_words(step: ReconcileProgress, is_last: bool, look: &Look) -> String {
    let word = look.texts.get(phase_word(step.phase));
    let done = text::count(step.done, look.language());
    match (step.done, step.total) {
        (0, _) => word.into_owned(),
        (_, Some(total)) if is_last => {
            let of = text::count(total, look.language());
            let values = [("what", word.into()), ("done", done.into()), ("of", of.into())];
            look.texts.with("base-step-of", &values)
        }
        _ => format!("{word} · {done}"),
    }
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Sums => "report-base-sums",
        Phase::OpeningBalances => "report-base-opening",
        Phase::Cards => "report-base-listing",
        Phase::Comparing => "report-base-comparing",
        Phase::Lines => "report-base-lines",
    }
}

fn percent(done: u64, total: Option<u64>) -> Option<u8> {
    let total = total.filter(|total| *total > 0)?;
    u8::try_from(u128::from(done.min(total)) * 100 / u128::from(total)).ok()
}

// What was found.

fn draw_found(frame: &mut Frame<'_>, layout: &Layout, found: &ReconciledBase, model: &Model, look: &Look) {
    let parts = layout.base_parts(&model.base);
    let area = padded(parts.summary);
    let columns = usize::from(area.width);
    let remarks = |most| remarks(columns, model, look).into_iter().take(most).collect::<Vec<_>>();
    let verdicts = verdicts(found, columns, look);
    let lines = match parts.head {
        BaseHead::Line => vec![verdicts],
        BaseHead::Short => [vec![verdicts, sums_line(found, columns, look)], remarks(1)].concat(),
        BaseHead::Middle => [
            vec![how(found, columns, model, look), verdicts, sums_line(found, columns, look)],
            remarks(3),
            causes_run_on(found, columns, model, look),
        ]
        .concat(),
        BaseHead::Full => {
            let beside = usize::from(area.height)
                .saturating_sub(2 + model.base.remarks().min(BaseParts::REMARKS.into()));
            let mut lines = vec![how(found, columns, model, look), verdicts];
            lines.extend(sums_and_causes(found, columns, beside, model, look));
            lines.extend(remarks(BaseParts::REMARKS.into()));
            lines
        }
    };
    for (row, line) in (0..area.height).zip(lines) {
        put(frame, area, row, line);
    }
    draw_table(frame, &parts, model, look);
}

/// Compared with what and when, data of when, at what cost.
fn how(found: &ReconciledBase, columns: usize, model: &Model, look: &Look) -> Line<'static> {
    let (base, texts) = (&found.base, look.texts);
    let time = |at: Option<_>| at.map(|at| look.moment(at, model.now)).unwrap_or_default();
    let id = match (base.by, base.failure.is_some() && base.summary.total.onec.is_zero()) {
        (_, true) => "base-by-nothing",
        (By::Sums, false) => "base-by-sums",
        (By::Lines, false) => "base-by-lines",
    };
    let mut parts = Parts::default();
    parts.push(texts.with(id, &[("time", time(base.terms.compared_at).into())]), Style::new());
    parts.push(texts.with("base-synced", &[("time", time(base.terms.synced_at).into())]), look.theme.dim);
    parts.push(texts.with("dash-requests", &[("n", base.requests.into())]), look.theme.dim);
    parts.fitted(columns, 3)
}

/// Cards by verdict: in words where they fit, else by their marks.
fn verdicts(found: &ReconciledBase, columns: usize, look: &Look) -> Line<'static> {
    let summary = &found.base.summary;
    let parts = |is_short: bool| {
        let mut parts = Parts::default();
        for verdict in VERDICTS {
            let count = Wanted::Verdict(verdict).cards(summary);
            let (mark, style) = look.verdict(verdict);
            let style = if count == 0 { look.theme.dim } else { style };
            let word = if is_short { "".into() } else { look.texts.get(short_word(verdict)) };
            let gap = if is_short { "" } else { " " };
            let count = text::count(count, look.language());
            parts.push(format!("{mark} {word}{gap}{count}"), style);
        }
        if !is_short {
            let values = [("n", text::count(summary.cards, look.language()).into())];
            parts.push(look.texts.with("base-cards", &values), look.theme.dim);
        }
        parts
    };
    let whole = parts(false).fitted(usize::MAX, 3);
    if whole.width() <= columns {
        return whole;
    }
    let roomy = parts(true).fitted(usize::MAX, 3);
    if roomy.width() <= columns { roomy } else { parts(true).fitted(columns, 1) }
}

fn short_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Variance => "base-short-variance",
        Verdict::Unverified => "base-short-unverified",
        Verdict::UnknownCard => "base-short-unknown",
        Verdict::BeforeWindow => "base-short-before",
        Verdict::Reconciled => "base-short-reconciled",
    }
}

fn sums_line(found: &ReconciledBase, columns: usize, look: &Look) -> Line<'static> {
    let sides = found.base.summary.total;
    let variance = text::variance(sides.variance(), look.language());
    let mut parts = Parts::default();
    let style = if sides.variance().is_zero() { look.theme.good } else { look.theme.warning };
    let values = [("variance", variance.into())];
    parts.push(look.texts.with("base-total-variance", &values), style);
    let side = |id, sum| look.texts.with(id, &[("sum", look.money(sum).into())]);
    parts.push(side("base-total-onec", sides.onec), Style::new());
    parts.push(side("base-total-stored", sides.stored), Style::new());
    parts.fitted(columns, 2)
}

/// The causes with the cards each hits, run on over as many lines as there are for them.
fn causes_run_on(found: &ReconciledBase, columns: usize, model: &Model, look: &Look) -> Vec<Line<'static>> {
    let causes = &found.base.summary.causes;
    let most = causes.len().min(2);
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut left_out = causes.len();
    for (cause, tally) in causes {
        let words = format!("{} {}", look.texts.cause(*cause), text::count(tally.cards, look.language()));
        let style =
            if model.base.wanted() == Wanted::Cause(*cause) { look.theme.warning } else { Style::new() };
        let used = lines.last().map_or(usize::MAX, Line::width);
        // What is left out is told behind the last.
        let kept = if lines.len() == most && left_out > 1 { 6 } else { 0 };
        if used.saturating_add(3 + width(&words) + kept) <= columns {
            lines.last_mut().into_iter().for_each(|line| {
                line.push_span(" · ");
                line.push_span(Span::styled(words.clone(), style));
            });
        } else if lines.len() < most {
            lines.push(Line::from(Span::styled(left(&words, columns.min(width(&words))), style)));
        } else {
            break;
        }
        left_out -= 1;
    }
    if let Some(last) = lines.last_mut().filter(|_| left_out > 0) {
        last.push_span(format!(" · +{left_out}"));
    }
    lines.resize(most, Line::default());
    lines
}

/// The sums as a table, beside them a line per cause.
fn sums_and_causes(
    found: &ReconciledBase,
    columns: usize,
    height: usize,
    model: &Model,
    look: &Look,
) -> Vec<Line<'static>> {
    let sums = sums_table(found, look);
    let gap = sums.iter().map(|line| width(line)).max().unwrap_or(0) + 4;
    let causes = causes_list(found, columns.saturating_sub(gap), height, model, look);
    let mut lines = Vec::new();
    for row in 0..height {
        let sum = sums.get(row).map(String::as_str).unwrap_or_default();
        let style = if row == 0 { look.theme.dim } else { Style::new() };
        let mut line = Line::from(Span::styled(left(sum, gap), style));
        line.spans.extend(causes.get(row).cloned().map(|line| line.spans).unwrap_or_default());
        lines.push(line);
    }
    lines
}

fn sums_table(found: &ReconciledBase, look: &Look) -> Vec<String> {
    let (texts, summary) = (look.texts, &found.base.summary);
    let row = |label: &'static str, sides: Sides| {
        let variance = text::variance(sides.variance(), look.language());
        let onec = sides.of_all().map_or_else(dash, |sum| look.money(sum));
        [texts.get(label).into_owned(), onec, look.money(sides.stored + sides.uncompared), variance]
    };
    let heads = ["column-onec", "column-stored", "dash-variance"].map(|id| texts.get(id).into_owned());
    let [onec, stored, variance] = heads;
    let rows = [
        [String::new(), onec, stored, variance],
        row("row-opening-balance", summary.opening_balance),
        row("row-purchases", summary.purchases),
        row("row-total", summary.total),
    ];
    let widest = |at: usize| rows.iter().map(|row| width(&row[at])).max().unwrap_or(0);
    let widths = [widest(0), widest(1), widest(2), widest(3)];
    let line = |[label, figures @ ..]: &[String; 4]| {
        let figures = figures.iter().zip(&widths[1..]).map(|(figure, width)| right(figure, *width));
        format!("{}  {}", left(label, widths[0]), figures.collect::<Vec<_>>().join("  "))
    };
    rows.iter().map(line).collect()
}

fn causes_list(
    found: &ReconciledBase,
    columns: usize,
    height: usize,
    model: &Model,
    look: &Look,
) -> Vec<Line<'static>> {
    let causes = &found.base.summary.causes;
    let columns = columns.min(usize::from(CAUSES));
    let shown = if causes.len() > height { height.saturating_sub(1) } else { causes.len() };
    let mut lines: Vec<Line<'static>> = causes
        .iter()
        .take(shown)
        .map(|(cause, tally)| {
            let style =
                if model.base.wanted() == Wanted::Cause(*cause) { look.theme.warning } else { Style::new() };
            let count = text::count(tally.cards, look.language());
            let words = left(&look.texts.cause(*cause), columns.saturating_sub(width(&count) + 1));
            Line::from(Span::styled(format!("{words} {count}"), style))
        })
        .collect();
    if shown < causes.len() {
        lines.push(Line::from(Span::styled(format!("+{}", causes.len() - shown), look.theme.dim)));
    }
    lines
}

/// What is under way, what was written, what limits all of it: the most pressing first.
fn remarks(columns: usize, model: &Model, look: &Look) -> Vec<Line<'static>> {
    let base = &model.base;
    let mut lines: Vec<(String, Style)> = Vec::new();
    if let Some(run) = base.run() {
        let step = run.steps.last().map(|step| step_words(*step, true, look)).unwrap_or_default();
        lines.push((format!("▶ {} {step}", run_words(run, model, look)), look.theme.busy));
    }
    if let Some(writing) = base.writing() {
        lines.push((format!("▶ {}", writing_words(writing, look)), look.theme.busy));
    }
    if let Some(file) = base.file() {
        lines.push((format!("✓ {}", journal::written_words(file, look)), look.theme.good));
        lines.push((format!("  {}", journal::file_words(&file.path, look)), look.theme.good));
    }
    if let Some(failure) = base.failed() {
        lines.push((format!("✗ {}", Shown::new(&failure.message)), look.theme.bad));
    }
    lines.extend(base.notes().into_iter().map(|note| note_words(note, model, look)));
    lines.into_iter().map(|(words, style)| Line::styled(left(&words, columns), style)).collect()
}

fn writing_words(writing: &FileBeingWritten, look: &Look) -> String {
    let values = [
        ("format", look.texts.get(format_word(writing.format)).into()),
        ("done", text::count(writing.done, look.language()).into()),
        ("of", text::count(writing.total, look.language()).into()),
    ];
    look.texts.with("base-writing", &values)
}

fn note_words(note: Note, model: &Model, look: &Look) -> (String, Style) {
    let (texts, theme) = (look.texts, &look.theme);
    match note {
        Note::Outdated => {
            let again = ("again", model.key(Action::Check).into());
            (format!("! {}", texts.with("base-outdated", &[again])), theme.warning)
        }
        Note::Failed => {
            let failure = model.base.found().and_then(|found| found.base.failure.as_ref());
            let why = failure.map(|failure| Shown::new(&failure.message).into_string()).unwrap_or_default();
            (format!("✗ {}", texts.with("base-failed", &[("why", why.into())])), theme.bad)
        }
        Note::OtherSettings => {
            let settings = model.base.found().map(|found| report::proof::others(&found.base.terms.under));
            let values = [("settings", settings.unwrap_or_default().into())];
            (format!("! {}", texts.with("dash-other-settings", &values)), theme.warning)
        }
        Note::NoTurnovers => {
            let values = [("view", model.key(Action::View).into())];
            (format!("! {}", texts.with("base-no-turnovers", &values)), theme.warning)
        }
        Note::Unread(cards) => {
            let values = [("cards", cards.into()), ("view", model.key(Action::View).into())];
            (format!("! {}", texts.with("base-unread", &values)), theme.warning)
        }
        Note::Moving(cards) => {
            (format!("! {}", texts.with("base-moving", &[("cards", cards.into())])), theme.warning)
        }
        Note::Uncompared(sum) => {
            let values = [("money", look.money(sum).into())];
            (format!("? {}", texts.with("report-base-uncompared", &values)), theme.warning)
        }
        Note::Absolute(sum) => {
            (texts.with("report-base-absolute", &[("money", look.money(sum).into())]), theme.dim)
        }
    }
}

// The cards.

/// One card's texts, harmless.
struct Cells {
    mark: (&'static str, Style),
    name: String,
    phone: String,
    code: String,
    onec: String,
    stored: String,
    /// What 1C has before the window, as far as it makes the totals differ.
    before: String,
    variance: String,
    causes: String,
}

fn cells(row: &Comparison, look: &Look) -> Cells {
    let shown = |text: &str| Shown::new(text).into_string();
    let customer = &row.customer;
    let money = |side: Option<_>| side.map_or_else(dash, |sum| look.money(sum));
    let variance = row.total.variance().map(|sum| text::variance(sum, look.language()));
    let before = row.before_window.filter(|sum| !sum.is_zero());
    Cells {
        mark: look.verdict(row.verdict),
        name: report::reconcile::name(row, look.texts),
        phone: shown(customer.phone.as_deref().unwrap_or(&customer.barcode)),
        code: shown(&customer.code),
        onec: money(row.total.onec),
        stored: money(row.total.stored),
        before: before.map(|sum| look.money(-sum)).unwrap_or_default(),
        variance: variance.unwrap_or_else(dash),
        causes: report::reconcile::causes_since(row, look.texts),
    }
}

/// Widths of the columns; zero for one that has no room.
struct Columns {
    name: usize,
    phone: usize,
    code: usize,
    onec: usize,
    stored: usize,
    before: usize,
    variance: usize,
    causes: usize,
}

impl Columns {
    /// The difference and its cause come before everything but the name: they are what the list is for.
    fn fit(rows: &[Option<Cells>], columns: usize, look: &Look) -> Self {
        let widest = |cell: fn(&Cells) -> &str, id: &'static str| {
            let cells = rows.iter().flatten().map(|row| width(cell(row)));
            cells.chain([width(&look.texts.get(id))]).max().unwrap_or(0)
        };
        let names = widest(|row| &row.name, "column-name").min(NAME);
        let causes = widest(|row| &row.causes, "base-causes").min(usize::from(CAUSES));
        let mut free = columns.saturating_sub(3);
        let mut take = |wanted: usize, kept: usize| {
            let is_room = wanted > 0 && wanted + 1 + kept <= free;
            free -= if is_room { wanted + 1 } else { 0 };
            if is_room { wanted } else { 0 }
        };
        let least_name = names.min((columns / 4).clamp(6, 20));
        let variance = take(widest(|row| &row.variance, "dash-variance"), least_name);
        let least_causes = causes.min((columns / 3).clamp(12, 34));
        let causes_taken = take(least_causes, least_name);
        let phone = take(widest(|row| &row.phone, "column-phone").min(18), least_name);
        let onec = take(widest(|row| &row.onec, "column-onec"), names);
        let stored = take(widest(|row| &row.stored, "column-stored"), names);
        let code = take(widest(|row| &row.code, "column-code"), names);
        // The list is in the order of what is left without it.
        let is_told = rows.iter().flatten().any(|row| !row.before.is_empty());
        let before = if is_told { take(widest(|row| &row.before, "base-before"), names) } else { 0 };
        let name = free.min(names);
        let spare = free - name;
        let causes = if causes_taken == 0 { 0 } else { causes_taken + spare };
        let name = if causes == 0 { name + spare } else { name };
        Self { name, phone, code, onec, stored, before, variance, causes }
    }

    fn line(&self, cells: [&str; 8]) -> String {
        let [name, phone, code, onec, stored, before, variance, causes] = cells;
        let mut line = left(name, self.name);
        let mut push = |text: &str, width: usize, pad: fn(&str, usize) -> String| {
            if width > 0 {
                line.push(' ');
                line.push_str(&pad(text, width));
            }
        };
        push(phone, self.phone, left);
        push(code, self.code, left);
        push(onec, self.onec, right);
        push(stored, self.stored, right);
        push(before, self.before, right);
        push(variance, self.variance, right);
        push(causes, self.causes, left);
        line
    }
}

fn draw_table(frame: &mut Frame<'_>, parts: &BaseParts, model: &Model, look: &Look) {
    let (base, area, texts) = (&model.base, parts.table, look.texts);
    let Some(total) = base.total() else {
        return put(frame, padded(area), 0, Span::styled(texts.get("detail-loading"), look.theme.dim));
    };
    if total == 0 {
        return put_wrapped(frame, padded(area), 0, &texts.get("base-nobody"));
    }
    let lines = base.top()..base.top().saturating_add(parts.lines()).min(total);
    let visible: Vec<Option<Cells>> =
        lines.clone().map(|line| base.row(line).map(|row| cells(row, look))).collect();
    let columns = Columns::fit(&visible, usize::from(area.width), look);
    if parts.heading() > 0 {
        let ids = [
            "column-name",
            "column-phone",
            "column-code",
            "column-onec",
            "column-stored",
            "base-before",
            "dash-variance",
            "base-causes",
        ];
        let words = ids.map(|id| texts.get(id));
        let heading = columns.line(std::array::from_fn(|at| &*words[at]));
        put(frame, area, 0, Span::styled(format!("   {heading}"), look.theme.dim));
    }
    for (row, (cells, line)) in (parts.heading()..).zip(visible.iter().zip(lines)) {
        let is_selected = line == base.index();
        let pointer = if is_selected { "›" } else { " " };
        let drawn = match cells {
            Some(it) => {
                let (mark, style) = it.mark;
                let cells = [
                    &it.name,
                    &it.phone,
                    &it.code,
                    &it.onec,
                    &it.stored,
                    &it.before,
                    &it.variance,
                    &it.causes,
                ];
                let words = columns.line(cells.map(String::as_str));
                Line::from(vec![
                    Span::raw(pointer),
                    Span::styled(mark, style),
                    Span::raw(format!(" {words}")),
                ])
            }
            // On its way: a list is never shorter than it says.
            None => Line::styled(format!("{pointer} …"), look.theme.dim),
        };
        put(frame, area, row, drawn);
        if is_selected {
            tint(frame, area, row, look.theme.selected);
        }
    }
}

// What can be chosen.

/// Which cards are listed.
pub(super) fn wanted_word(wanted: Wanted, look: &Look) -> String {
    match wanted {
        Wanted::All => look.texts.get("view-all").into_owned(),
        Wanted::Verdict(Verdict::Variance) => look.texts.get("view-variances").into_owned(),
        Wanted::Verdict(Verdict::Unverified) => look.texts.get("view-unverified").into_owned(),
        Wanted::Verdict(Verdict::BeforeWindow) => look.texts.get("base-only-before").into_owned(),
        Wanted::Verdict(verdict) => look.texts.verdict(verdict).into_owned(),
        Wanted::Cause(cause) => look.texts.cause(cause).into_owned(),
    }
}

/// A filter with how many cards it leaves.
pub(super) fn wanted_line(wanted: Wanted, model: &Model, look: &Look) -> String {
    let cards = model.base.found().map(|found| wanted.cards(&found.base.summary));
    let cards = cards.map(|cards| text::count(cards, look.language())).unwrap_or_default();
    format!("{}  {cards}", wanted_word(wanted, look))
}

/// A file with the cards it would hold.
pub(super) fn order_line(order: FileOrder, model: &Model, look: &Look) -> [String; 2] {
    [wanted_line(order.wanted, model, look), look.texts.get(format_word(order.format)).into_owned()]
}

fn format_word(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "base-csv",
        ExportFormat::CsvBom => "base-csv-bom",
        ExportFormat::Xlsx => "base-xlsx",
        ExportFormat::Json => "base-json",
        ExportFormat::Table => "base-table",
    }
}
