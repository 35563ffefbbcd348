//! The reconciliation of the whole base: what it came to, then the cards, the worst first.
//!
//! ```text
//! ┌ Сверка базы · с расхождением ─────────────────────────────────────────┐
//! │ По итогам 1С, 04.02.2026 14:02 · данные 04.02.2026 13:57 · запросов 11 │
//! │ ✗ 12   ? 0   ‹ 20   ✓ 280   всего 312                                  │
//! │ Итого: 1С 12 345 678,00 · у нас 12 113 318,00 · разница −232 360,00    │
//! │ 1 ████████████ в sverka нет начального ввода   5   −232 360,00         │
//! │ 2 ███████      строки изменены в 1С            3       −212,40         │
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
use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::screens::reconciliation::{
    BaseHead, BaseParts, FileBeingWritten, Note, ReconciledBase, ReconciliationScreen, Run,
};
use crate::dashboard::app::{
    Action, By, ExportFormat, Failure, FileOrder, Model, Phase, ReconcileProgress, Wanted,
};
use crate::domain::reconcile::{Cause, Sides, Tally};
use crate::domain::{Amount, Comparison, Part, Verdict};
use crate::engine::Query;
use crate::report;
use crate::text::{self, Shown};

use super::columns::{Parts, bar, left, right, width};
use super::figures::dash;
use super::look::Look;
use super::table::{Ink, LEAD, ScreenTable, SeenRows, TableColumn, TableRow, position, side};
use super::{journal, put, put_wrapped};

/// Columns of the causes at most: further apart words and figures are not read as one line.
const CAUSES: u16 = 96;
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

/// Draws it.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    let area = layout.room.intersection(frame.area());
    if area.is_empty() {
        return;
    }
    let columns = usize::from(area.width.saturating_sub(2));
    let block = Block::bordered()
        .border_style(look.theme.focused)
        .title(title(columns, model, look))
        .title_bottom(hint(layout, columns, model, look))
        .title_bottom(place(layout, model, look).alignment(Alignment::Right));
    let inside = block.inner(area);
    frame.render_widget(Clear, area);
    frame.buffer_mut().set_style(area, look.theme.base);
    frame.render_widget(block, area);
    match (model.screens.reconciliation.found(), model.screens.reconciliation.run()) {
        (Some(found), _) => draw_found(frame, layout, found, model, look),
        (None, Some(run)) => draw_run(frame, inside, run, model, look),
        (None, None) => draw_nothing(frame, inside, model, look),
    }
}

fn title(columns: usize, model: &Model, look: &Look) -> Line<'static> {
    let mut parts = Parts::default();
    parts.push(look.texts.get("pane-reconcile"), look.theme.title);
    let base = &model.screens.reconciliation;
    if base.found().is_some() && base.wanted() != Wanted::All {
        let cause = base.chosen().map(|cause| look.texts.cause(cause).into_owned());
        let word = cause.unwrap_or_else(|| wanted_word(base.wanted(), look));
        parts.push(format!("· {word}"), look.theme.warning);
    }
    let mut line = parts.fitted(columns.saturating_sub(2), 1);
    line.spans.insert(0, Span::raw(" "));
    line.push_span(" ");
    line
}

/// What can be done here, as much as fits beside the position, where the footer is hidden behind it.
fn hint(layout: &Layout, columns: usize, model: &Model, look: &Look) -> Line<'static> {
    if layout.room.bottom() <= layout.footer.y {
        return Line::default();
    }
    let key = |action| look.key(action, model).into();
    let values = [
        ("filter", key(Action::Filter)),
        ("view", key(Action::View)),
        ("save", key(Action::Save)),
        ("again", key(Action::Check)),
        ("stop", key(Action::CancelSync)),
    ];
    let ids: &[&'static str] =
        match (model.screens.reconciliation.found(), model.screens.reconciliation.is_busy()) {
            (_, true) => &["base-hint-busy", "base-hint-busy-short", "dash-close"],
            (None, false) => &["base-hint-start", "dash-close"],
            (Some(found), false) if found.is_outdated => &["base-hint-outdated", "dash-close"],
            (Some(_), false) => &["base-hint", "base-hint-short", "base-hint-least", "dash-close"],
        };
    let room = columns.saturating_sub(if columns < 60 { 2 } else { 20 });
    Line::from(format!(" {} ", look.fitting(ids, &values, room)))
}

/// Which cards are seen of how many.
fn place(layout: &Layout, model: &Model, look: &Look) -> Line<'static> {
    let base = &model.screens.reconciliation;
    let Some(total) = base.total().filter(|total| *total > 0 && layout.room.width >= 62) else {
        return Line::default();
    };
    Line::from(format!(" {} ", position(base.top(), base.parts(layout.room).lines(), total, look)))
}

// Before anything was found.

fn padded(area: Rect) -> Rect {
    Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area }
}

/// What it would do, and how to have it; or why it found nothing.
fn draw_nothing(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let (texts, area) = (look.texts, padded(area));
    let key = |action| look.key(action, model).into();
    if let Some(failure) = model.screens.reconciliation.failed() {
        return draw_failure(frame, area, failure, look);
    }
    if model.is_empty() {
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
        let words = format!("! {}", journal::words(&entry.line, *entry.at.offset(), look));
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
    let parts = model.screens.reconciliation.parts(layout.room);
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
            causes_chart(columns, parts.bars, model, look),
        ]
        .concat(),
        BaseHead::Full => {
            let mut lines = vec![how(found, columns, model, look), verdicts];
            lines.extend(sums_and_causes(found, columns, parts.bars, model, look));
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
    let id = match (base.by, base.failure.is_some() && base.summary.is_of_nothing()) {
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
    let summary = &found.base.summary;
    let mut parts = Parts::default();
    let variance = summary.total_variance();
    let style = if variance.is_some_and(Amount::is_zero) { look.theme.good } else { look.theme.warning };
    let shown = variance.map_or_else(dash, |by| text::variance(by, look.language()));
    parts.push(look.texts.with("base-total-variance", &[("variance", shown.into())]), style);
    let side = |id, sum: Option<Amount>| {
        let sum = sum.map_or_else(dash, |sum| look.money(sum));
        look.texts.with(id, &[("sum", sum.into())])
    };
    parts.push(side("base-total-onec", summary.total.onec()), Style::new());
    let earlier = summary.earlier_purchases().filter(|sum| !sum.is_zero());
    let is_of_onec = summary.total.onec().is_some();
    if let Some(earlier) = earlier.filter(|_| is_of_onec) {
        // Without it nobody sees why two sums that are not the same are no variance.
        parts.push(side("base-total-earlier", Some(earlier)), Style::new());
    }
    parts.push(side("base-total-stored", Some(summary.total.stored())), Style::new());
    if let Some(earlier) = earlier.filter(|_| !is_of_onec) {
        parts.push(side("summary-before", Some(earlier)), look.theme.dim);
    }
    parts.fitted(columns, 2)
}

/// The sums as a table, beside them a bar per cause.
fn sums_and_causes(
    found: &ReconciledBase,
    columns: usize,
    bars: usize,
    model: &Model,
    look: &Look,
) -> Vec<Line<'static>> {
    let sums = sums_table(found, look);
    let gap = sums.iter().map(|line| width(line)).max().unwrap_or(0) + 4;
    let room = columns.saturating_sub(gap).min(usize::from(CAUSES));
    let causes = causes_chart(room, bars, model, look);
    let mut lines = Vec::new();
    for row in 0..sums.len().max(causes.len()) {
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
    let row = |label: &'static str, sides: Sides, (variance, before): (Option<Amount>, Amount)| {
        let variance = variance.map_or_else(dash, |by| text::variance(by, look.language()));
        let onec = sides.onec().map_or_else(dash, |sum| look.money(sum));
        let before = if before.is_zero() { String::new() } else { look.money(-before) };
        [texts.get(label).into_owned(), onec, look.money(sides.stored()), before, variance]
    };
    let part = |label, sides: Sides| row(label, sides, (sides.variance(), Amount::ZERO));
    let before = summary.earlier_purchases().unwrap_or_default();
    let heads = ["column-onec", "column-stored", "base-before", "dash-variance"];
    let [onec, stored, earlier, variance] = heads.map(|id| texts.get(id).into_owned());
    let earlier = if before.is_zero() { String::new() } else { earlier };
    let rows = [
        [String::new(), onec, stored, earlier, variance],
        part("row-opening-balance", summary.opening_balance),
        part("row-purchases", summary.purchases),
        row("row-total", summary.total, (summary.total_variance(), before)),
    ];
    let widest = |at: usize| rows.iter().map(|row| width(&row[at])).max().unwrap_or(0);
    let table = ScreenTable::of_figures(&[0, 1, 2, 3, 4].map(widest), 2);
    rows.iter().map(|row| table.text(row.iter().map(String::as_str))).collect()
}

/// A bar per cause: its key, cards, words, roubles. The cause whose cards are listed is pointed at.
fn causes_chart(columns: usize, shown: usize, model: &Model, look: &Look) -> Vec<Line<'static>> {
    let base = &model.screens.reconciliation;
    let causes = base.causes();
    let cells: Vec<CauseCells> = causes.iter().take(shown).map(|it| CauseCells::of(it, look)).collect();
    let chart = CauseChart::fitted(&cells, causes.as_slice(), columns);
    let mut lines: Vec<_> = (0..)
        .zip(&causes)
        .zip(&cells)
        .map(|((at, it), cells)| chart.line(at, it, cells, base, look))
        .collect();
    if shown < causes.len() {
        let values =
            [("n", (causes.len() - shown).into()), ("filter", look.key(Action::Filter, model).into())];
        lines
            .push(Line::styled(left(&look.texts.with("base-more-causes", &values), columns), look.theme.dim));
    }
    lines
}

/// The texts of a cause.
struct CauseCells {
    words: String,
    cards: String,
    money: String,
}

impl CauseCells {
    fn of((cause, tally): &(Cause, Tally), look: &Look) -> Self {
        let words = look.texts.cause(*cause).into_owned();
        let money =
            if tally.money.is_zero() { String::new() } else { text::variance(tally.money, look.language()) };
        Self { words, cards: text::count(tally.cards, look.language()), money }
    }
}

/// How wide bars, words and figures are, and how many cards the widest bar stands for: of variances, and of the rest, which
/// may be on every card and must not hide them.
struct CauseChart {
    bar: usize,
    words: usize,
    cards: usize,
    money: usize,
    most: [u64; 2],
}

impl CauseChart {
    /// The widest bar, and the narrowest.
    const BAR: (usize, usize) = (6, 20);

    /// Figures are never cut; the roubles go as a whole where words and bars need their room.
    fn fitted(cells: &[CauseCells], causes: &[(Cause, Tally)], columns: usize) -> Self {
        let widest = |of: fn(&CauseCells) -> &str| cells.iter().map(|it| width(of(it))).max().unwrap_or(0);
        let (words, cards) = (widest(|it| &it.words), widest(|it| &it.cards));
        let mut money = widest(|it| &it.money);
        let (least, most) = Self::BAR;
        // Pointer, key and a space; one between bar and words, two before a figure.
        let fixed = |money: usize| 4 + cards + 2 + if money > 0 { money + 2 } else { 0 };
        if fixed(money) + least + words.min(16) > columns {
            money = 0;
        }
        let free = columns.saturating_sub(fixed(money));
        let bar = free.saturating_sub(words).clamp(least.min(free), most);
        let words = words.min(free.saturating_sub(bar));
        let most = [true, false].map(|is_variance| {
            let alike = causes.iter().filter(|(cause, _)| cause.is_variance() == is_variance);
            alike.map(|(_, tally)| tally.cards).max().unwrap_or(0).max(1)
        });
        Self { bar, words, cards, money, most }
    }

    fn line(
        &self,
        at: usize,
        (cause, tally): &(Cause, Tally),
        cells: &CauseCells,
        base: &ReconciliationScreen,
        look: &Look,
    ) -> Line<'static> {
        let is_chosen = base.is_chosen(*cause);
        let (pointer, style) = match (base.chosen(), is_chosen) {
            (_, true) => ("›", look.theme.title),
            (Some(_), false) => (" ", look.theme.dim),
            (None, false) => (" ", Style::new()),
        };
        let is_lit = is_chosen || base.chosen().is_none();
        let [of_variances, of_others] = self.most;
        let (cell, most, ink) = if cause.is_variance() {
            ("█", of_variances, if is_lit { look.theme.bad } else { look.theme.dim })
        } else {
            ("░", of_others, look.theme.dim)
        };
        let key = if at < 9 { (at + 1).to_string() } else { " ".to_owned() };
        let length = u128::from(tally.cards) * self.bar as u128 / u128::from(most);
        let bar = cell.repeat(usize::try_from(length).unwrap_or(self.bar).max(1).min(self.bar));
        let mut line = vec![
            Span::styled(format!("{pointer}{key} "), look.theme.key.patch(style)),
            Span::styled(left(&bar, self.bar), ink),
            Span::styled(format!(" {}", left(&cells.words, self.words)), style),
            Span::styled(format!("  {}", right(&cells.cards, self.cards)), style),
        ];
        if self.money > 0 {
            line.push(Span::styled(format!("  {}", right(&cells.money, self.money)), style));
        }
        Line::from(line)
    }
}

/// What is under way, what was written, what limits all of it: the most pressing first.
fn remarks(columns: usize, model: &Model, look: &Look) -> Vec<Line<'static>> {
    let base = &model.screens.reconciliation;
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
            let again = ("again", look.key(Action::Check, model).into());
            (format!("! {}", texts.with("base-outdated", &[again])), theme.warning)
        }
        Note::Failed => {
            let failure = model.screens.reconciliation.found().and_then(|found| found.base.failure.as_ref());
            let why = failure.map(|failure| Shown::new(&failure.message).into_string()).unwrap_or_default();
            (format!("✗ {}", texts.with("base-failed", &[("why", why.into())])), theme.bad)
        }
        Note::OtherSettings => {
            let settings = model
                .screens
                .reconciliation
                .found()
                .map(|found| report::proof::others(&found.base.terms.under));
            let values = [("settings", settings.unwrap_or_default().into())];
            (format!("! {}", texts.with("dash-other-settings", &values)), theme.warning)
        }
        Note::NoTurnovers => {
            let values = [("view", look.key(Action::View, model).into())];
            (format!("! {}", texts.with("base-no-turnovers", &values)), theme.warning)
        }
        Note::Unread(cards) => {
            let values = [("cards", cards.into()), ("view", look.key(Action::View, model).into())];
            (format!("! {}", texts.with("base-unread", &values)), theme.warning)
        }
        Note::Moving(cards) => {
            (format!("! {}", texts.with("base-moving", &[("cards", cards.into())])), theme.warning)
        }
        Note::Untold(cards, sum) => {
            let values = [("cards", cards.into()), ("money", look.money(sum).into())];
            (format!("? {}", texts.with("base-untold", &values)), theme.warning)
        }
        Note::Contradicted => {
            let found = model.screens.reconciliation.found();
            let told = found.map(|found| found.base.summary.contradicted.clone()).unwrap_or_default();
            let part = |(part, cards): (Part, u64)| {
                let values = [("part", texts.named("part", part.name()).into()), ("cards", cards.into())];
                texts.with("base-contradicted-part", &values)
            };
            let parts: Vec<_> = told.into_iter().map(part).collect();
            let values = [("parts", parts.join(", ").into())];
            (format!("! {}", texts.with("base-contradicted", &values)), theme.warning)
        }
        Note::Portal => {
            let found = model.screens.reconciliation.found();
            let told = found.and_then(|found| found.base.summary.portal.as_ref());
            let lines = told.map(|outcome| report::third_column::of_base(outcome, texts)).unwrap_or_default();
            (format!("! {}", lines.join("; ")), theme.warning)
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

/// A card's name, phone, code; 1C's total, the store's, what of 1C's lies before the window; difference, causes.
fn table_row(row: &Comparison, look: &Look) -> TableRow {
    let shown = |text: &str| Shown::new(text).into_string();
    let customer = &row.customer;
    let money = |side: Option<_>| side.map_or_else(dash, |sum| look.money(sum));
    let variance = row.total_variance().map(|sum| text::variance(sum, look.language()));
    // As far as it makes the totals differ.
    let before = row.before_window.filter(|sum| !sum.is_zero());
    let cells = [
        report::reconcile::name(row, look.texts),
        shown(customer.phone.as_deref().unwrap_or(&customer.barcode)),
        shown(&customer.code),
        money(row.total.onec),
        money(row.total.stored),
        before.map(|sum| look.money(-sum)).unwrap_or_default(),
        variance.unwrap_or_else(dash),
        report::reconcile::causes_since(row, look.texts),
    ];
    let cells = cells.map(|cell| (cell, Ink::Plain)).into();
    TableRow { mark: look.verdict(row.verdict), cells, style: Style::new() }
}

/// The difference and its cause come before everything but the name: they are what the list is for.
fn table(rows: &[Option<TableRow>], columns: usize, look: &Look) -> ScreenTable {
    // The list is in the order of what is left without it.
    let is_told =
        |at: usize| at != 5 || rows.iter().flatten().any(|row: &TableRow| !row.cells[at].0.is_empty());
    let column = |(at, (id, most, rank)): (usize, (&'static str, usize, usize))| {
        let it = TableColumn::of(look.texts.get(id).into_owned(), rows, at, most);
        TableColumn {
            title_style: look.theme.dim,
            align: side((3..=6).contains(&at)),
            rank,
            spares_first: rank > 3,
            grows: at == 7,
            width: if is_told(at) { it.width } else { 0 },
            ..it
        }
    };
    let causes = (columns / 3).clamp(12, 34);
    let columns_of = [
        ("column-name", NAME, 0),
        ("column-phone", 18, 3),
        ("column-code", usize::MAX, 7),
        ("column-onec", usize::MAX, 5),
        ("column-stored", usize::MAX, 6),
        ("base-before", usize::MAX, 4),
        ("dash-variance", usize::MAX, 1),
        ("base-causes", causes, 2),
    ];
    let columns_of: Vec<_> = columns_of.into_iter().enumerate().map(column).collect();
    let least = columns_of[0].width.min((columns / 4).clamp(6, 20));
    ScreenTable::fitted(columns_of, columns.saturating_sub(LEAD), least)
}

fn draw_table(frame: &mut Frame<'_>, parts: &BaseParts, model: &Model, look: &Look) {
    let (base, area, texts) = (&model.screens.reconciliation, parts.table, look.texts);
    let Some(total) = base.total() else {
        return put(frame, padded(area), 0, Span::styled(texts.get("detail-loading"), look.theme.dim));
    };
    if total == 0 {
        return put_wrapped(frame, padded(area), 0, &texts.get("base-nobody"));
    }
    let lines = base.top()..base.top().saturating_add(parts.lines()).min(total);
    let rows: Vec<_> = lines.map(|line| base.row(line).map(|row| table_row(row, look))).collect();
    let table = table(&rows, usize::from(area.width), look);
    let (selected, has_heading) = (base.index().checked_sub(base.top()), parts.heading() > 0);
    let seen = SeenRows { rows, selected, style: look.theme.selected, has_heading, query: Query::default() };
    table.draw(frame, area, &seen, look);
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
    let cards = model.screens.reconciliation.found().map(|found| wanted.cards(&found.base.summary));
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
