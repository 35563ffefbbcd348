//! The selected customer: who, 1C beside the store, the verdict in words, and the section chosen.

use ratatui::Frame;
use ratatui::layout::{Alignment, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use crate::dashboard::app::detail::{CheckState, CheckedFor, Content, Room, Section};
use crate::dashboard::app::layout::Layout;
use crate::dashboard::app::model::{Focus, Model};
use crate::dashboard::app::{Action, CustomerDetail};
use crate::domain::field::{DETAILED, TOLD};
use crate::domain::period::age;
use crate::domain::reconcile::latest::Reach;
use crate::domain::{Against, CardId, Comparison, CustomerField, Mark, Part, Verdict};
use crate::engine::AlsoCompared;
use crate::report::{progress, proof};
use crate::sync::event::Notice;
use crate::text::{self, Shown};

use super::columns::{Parts, width};
use super::look::Look;
use super::table::position;
use super::{block, figures, has_focus, owner_cards, pane, put, sections};

/// Draws the pane.
pub(super) fn draw(frame: &mut Frame<'_>, layout: &Layout, model: &Model, look: &Look) {
    if layout.detail.is_empty() {
        return;
    }
    let late = late(model, look);
    let title = match &late {
        Some(words) => Span::styled(format!(" {words} "), look.theme.warning),
        None => Span::styled(format!(" {} ", look.texts.get("pane-detail")), look.theme.title),
    };
    let has_keys = has_focus(model, Focus::Detail);
    let place = place(layout, model, look).unwrap_or_default().alignment(Alignment::Right);
    let has_lines = !layout.lines.is_empty();
    let of_customer = block(title, has_keys && !has_lines, look);
    let of_customer = if has_lines { of_customer } else { of_customer.title_bottom(place.clone()) };
    let area = pane(frame, layout, layout.detail, of_customer);
    if has_lines {
        let title = Span::styled(format!(" {} ", look.texts.get("pane-lines")), look.theme.title);
        pane(frame, layout, layout.lines, block(title, has_keys, look).title_bottom(place));
    }
    match model.detail.content() {
        // Where nobody is listed there is nobody to select; the list says what to do.
        Content::Nothing if model.search.reply().rows.is_empty() => {}
        Content::Nothing => put(frame, area, 1, hint("detail-nothing", area, look)),
        Content::Loading => put(frame, area, 1, hint("detail-loading", area, look)),
        Content::Failed(failure) => {
            let message = Shown::new(&failure.message).truncated(usize::from(area.width).saturating_sub(2));
            put(frame, area, 1, Span::styled(format!("✗ {message}"), look.theme.bad));
            put(frame, area, 2, Shown::new(&failure.remedy).truncated(usize::from(area.width)).into_string());
        }
        Content::Open(detail) => draw_open(frame, layout, detail, model, look),
    }
    if late.is_some() {
        for area in [layout.inside(layout.detail), layout.inside(layout.lines)] {
            let area = area.intersection(frame.area());
            frame.buffer_mut().set_style(area, look.theme.dim);
        }
    }
}

/// Which lines of the section are seen, where not all of them are.
fn place(layout: &Layout, model: &Model, look: &Look) -> Option<Line<'static>> {
    model.detail.detail()?;
    let (section, (_, list)) =
        (model.detail.section(layout.detail_parts().room), layout.detail_list(&model.detail));
    let (lines, height) = (model.detail.lines(section), usize::from(list.height));
    let is_shown = height > 0 && lines > height;
    is_shown.then(|| Line::from(format!(" {} ", position(model.detail.top(), height, lines, look))))
}

/// Whom the list points at, where the figures here are still another customer's.
fn late(model: &Model, look: &Look) -> Option<String> {
    let (row, shown) = (model.search.selected()?, model.detail.card()?);
    let name = Shown::new(&row.customer.name).truncated(36).into_string();
    let name = if name.is_empty() { Shown::new(&row.customer.code).into_string() } else { name };
    (row.customer.card != shown).then(|| look.texts.with("detail-reading", &[("who", name.into())]))
}

fn hint(id: &'static str, area: Rect, look: &Look) -> Span<'static> {
    let text = Shown::new(&look.texts.get(id)).truncated(usize::from(area.width).saturating_sub(1));
    Span::styled(format!(" {text}"), look.theme.dim)
}

fn draw_open(frame: &mut Frame<'_>, layout: &Layout, detail: &CustomerDetail, model: &Model, look: &Look) {
    let parts = layout.detail_parts();
    let section = model.detail.section(parts.room);
    draw_customer(frame, parts.customer, detail, model, look);
    owner_cards::draw(frame, parts.owner, detail, model, look);
    put(frame, parts.tabs, 0, tabs(section, model, look, usize::from(parts.tabs.width)));
    let shows_figures = parts.room == Room::Tall || section == Section::Comparison;
    if shows_figures {
        let is_old = |part| model.is_old(detail.compared_at(part));
        if parts.room == Room::Tall && section != Section::Comparison {
            figures::draw_summary(frame, parts.figures, detail, is_old, look);
        } else {
            figures::draw(frame, parts.figures, &detail.comparison, is_old, look);
        }
        draw_verdict(frame, parts.verdict, detail, model, look);
        if !parts.table.is_empty() {
            figures::draw(frame, parts.table, &detail.comparison, is_old, look);
        }
    }
    if parts.room == Room::Tall || section != Section::Comparison {
        sections::draw(frame, layout, section, detail, model, look);
    }
}

/// The verdict's mark and the name; then phone, card, e-mail.
fn draw_customer(frame: &mut Frame<'_>, area: Rect, detail: &CustomerDetail, model: &Model, look: &Look) {
    let (comparison, columns) = (&detail.comparison, usize::from(area.width));
    let customer = &comparison.customer;
    let (mark, style) = look.verdict_of(comparison.verdict, model.is_old(comparison.compared_at));
    let name = if customer.name.is_empty() {
        look.texts.get("detail-name-none").into_owned()
    } else {
        Shown::new(&customer.name).into_string()
    };
    let mut first = Parts::default();
    let name = Shown::new(&name).truncated(columns.saturating_sub(2)).into_string();
    first.push_spans(vec![Span::styled(mark, style), Span::raw(" "), Span::styled(name, look.theme.title)]);
    for flag in customer.flags() {
        first.push(look.texts.get(flag.word()), look.theme.warning);
    }
    if area.height == 1 && detail.others.count > 0 {
        first.push(owner_cards::count(detail, look), look.theme.dim);
    }
    let mut second = Parts::default();
    for field in DETAILED {
        let style = if TOLD.contains(&field) { Style::new() } else { look.theme.dim };
        if let Some(words) = look.texts.field_in_line(customer, field) {
            second.push(words, style);
        }
    }
    if area.height > 1 {
        put(frame, area, 0, first.fitted(columns, 2));
        put(frame, area, 1, second.fitted(columns, 3));
    } else {
        first.push(look.texts.field(customer, CustomerField::Phone).unwrap_or_default(), Style::new());
        put(frame, area, 0, first.fitted(columns, 2));
    }
}

/// Names of the sections, with their counts where these fit; the one shown in brackets.
fn tabs(section: Section, model: &Model, look: &Look, columns: usize) -> Line<'static> {
    if let Some(sought) = model.detail.sought() {
        return sought_line(&sought.text, model, look, columns);
    }
    let counted = tab_line(section, look, |name| goods(name, model));
    if counted.width() <= columns {
        return counted;
    }
    let plain = tab_line(section, look, |_| 0);
    if plain.width() <= columns { plain } else { narrow_tabs(section, look) }
}

/// The section whose name is at a place; where only one is named, the next one, or the one before by its arrow.
pub(super) fn section_at(layout: &Layout, at: Position, model: &Model, look: &Look) -> Option<Section> {
    let parts = layout.detail_parts();
    if !parts.tabs.contains(at) || model.detail.sought().is_some() || model.detail.detail().is_none() {
        return None;
    }
    let section = model.detail.section(parts.room);
    let line = tabs(section, model, look, usize::from(parts.tabs.width));
    let x = usize::from(at.x - parts.tabs.x);
    if line.spans.len() != Section::ALL.len() {
        let step = if x == 0 { Section::ALL.len() - 1 } else { 1 };
        let next = Section::ALL.into_iter().cycle().nth(section as usize + step);
        return next.filter(|_| x < line.width());
    }
    let mut end = 0;
    let mut ends = line.spans.iter().map(|span| {
        end += span.width();
        end
    });
    ends.position(|end| x < end).map(|at| Section::ALL[at])
}

/// What is looked for among the purchases, and how many have it.
fn sought_line(text: &str, model: &Model, look: &Look, columns: usize) -> Line<'static> {
    let of = model.detail.detail().map_or(0, |detail| detail.purchases.len());
    let values = [("n", look.count(model.detail.purchases().len()).into()), ("of", look.count(of).into())];
    let count = look.texts.with("search-kept", &values);
    let word = look.texts.get(section_word(Section::Purchases));
    let room = columns.saturating_sub(width(&word) + width(&count) + 5);
    let typed = Shown::new(text).truncated(room);
    Line::from(vec![
        Span::styled(format!("{word}: {typed}▏"), look.theme.title),
        Span::styled(format!("  {count}"), look.theme.dim),
    ])
}

/// The section shown, between arrows that lead to the others.
fn narrow_tabs(section: Section, look: &Look) -> Line<'static> {
    let word = look.texts.get(section_word(section));
    let at = format!("{}/{}", section as usize + 1, Section::ALL.len());
    Line::from(vec![
        Span::styled("‹ ", look.theme.dim),
        Span::styled(word, look.theme.title),
        Span::styled(format!(" {at} ›"), look.theme.dim),
    ])
}

/// The word for a section.
fn section_word(section: Section) -> &'static str {
    match section {
        Section::Comparison => "section-comparison",
        Section::Purchases => "section-purchases",
        Section::Bonus => "section-bonus",
        Section::Documents => "section-documents",
        Section::Fields => "section-fields",
    }
}

fn tab_line(section: Section, look: &Look, count: impl Fn(Section) -> usize) -> Line<'static> {
    let tab = |name: Section| {
        let word = look.texts.get(section_word(name));
        let label = match count(name) {
            0 => word.into_owned(),
            count => format!("{word} {}", look.count(count)),
        };
        if name == section {
            Span::styled(format!("[{label}]"), look.theme.title)
        } else {
            Span::styled(format!(" {label} "), look.theme.dim)
        }
    };
    Section::ALL.into_iter().map(tab).collect()
}

/// Lines of a section, packaging not counted among the goods.
fn goods(section: Section, model: &Model) -> usize {
    match (section, model.detail.detail()) {
        (Section::Purchases, Some(detail)) => detail.purchases.iter().filter(|row| !row.is_packaging).count(),
        _ => model.detail.lines(section),
    }
}

fn draw_verdict(frame: &mut Frame<'_>, area: Rect, detail: &CustomerDetail, model: &Model, look: &Look) {
    let (comparison, columns) = (&detail.comparison, usize::from(area.width));
    let is_old = model.is_old(comparison.compared_at);
    let (mark, style) = look.verdict_of(comparison.verdict, is_old);
    let words = verdict_words(comparison, is_old, model, look);
    let words = with_reserve(words, comparison, columns.saturating_sub(2), look);
    let words = Shown::new(&words).truncated(columns.saturating_sub(2));
    put(frame, area, 0, Span::styled(format!("{mark} {words}"), style));
    let (basis, style) = with_portal(basis(detail, model, look), comparison, look);
    let below = Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
    if below.height > 1 {
        let words = Paragraph::new(Shown::new(&basis).into_string()).style(style).wrap(Wrap { trim: true });
        frame.render_widget(words, below.intersection(frame.area()));
    } else {
        put(frame, below, 0, Span::styled(Shown::new(&basis).truncated(columns).into_string(), style));
    }
}

/// The verdict in words, with what differs.
fn verdict_words(comparison: &Comparison, is_old: bool, model: &Model, look: &Look) -> String {
    let texts = look.texts;
    match comparison.verdict {
        Verdict::Reconciled if is_old => texts.get("dash-was-reconciled").into_owned(),
        Verdict::Reconciled => texts.get("dash-reconciled").into_owned(),
        Verdict::BeforeWindow => {
            let sum = comparison.before_window.map(|sum| look.money(sum)).unwrap_or_default();
            texts.with("dash-before-window-words", &[("sum", sum.into())])
        }
        Verdict::Unverified => {
            texts.with("dash-not-compared", &[("check", look.key(Action::Check, model).into())])
        }
        Verdict::UnknownCard => texts.get("report-verdict-unknown-card").into_owned(),
        Verdict::Variance => {
            texts.with("dash-differs", &[("what", differing(comparison, look).join(", ").into())])
        }
    }
}

/// Where all that was compared is equal, what was not compared stands beside it; in little room instead of the sum.
fn with_reserve(words: String, comparison: &Comparison, columns: usize, look: &Look) -> String {
    if !matches!(comparison.verdict, Verdict::Reconciled | Verdict::BeforeWindow) {
        return words;
    }
    let parts = [
        (Part::Points, "dash-points-lower", comparison.points.figure.stored.is_some()),
        (Part::City, "dash-city-lower", true),
    ];
    let open = parts
        .into_iter()
        .filter(|(part, _, is_known)| *is_known && comparison.mark(*part) == Mark::Uncompared);
    let open: Vec<_> = open.map(|(_, id, _)| look.texts.get(id).into_owned()).collect();
    if open.is_empty() {
        return words;
    }
    let values = [("words", words.into()), ("parts", open.join(", ").into())];
    look.fitting(&["dash-with-reserve", "dash-sums-with-reserve"], &values, columns)
}

/// Which figures differ, in the order of the table; where none of them does, why it is a variance all the same.
fn differing(comparison: &Comparison, look: &Look) -> Vec<String> {
    let figures = differing_figures(comparison, look);
    if !figures.is_empty() {
        return figures;
    }
    comparison.causes().into_keys().map(|cause| look.texts.cause(cause).into_owned()).collect()
}

fn differing_figures(comparison: &Comparison, look: &Look) -> Vec<String> {
    [
        ("dash-opening-lower", Part::OpeningBalance),
        ("dash-purchases-lower", Part::Purchases),
        ("dash-total-lower", Part::Total),
        ("dash-points-lower", Part::Points),
        ("dash-city-lower", Part::City),
    ]
    .into_iter()
    .filter(|(_, part)| comparison.mark(*part) == Mark::Differs)
    .map(|(id, _)| look.texts.get(id).into_owned())
    .collect()
}

/// The check of a customer that is under way or failed.
pub(super) fn check_line(card: CardId, model: &Model, look: &Look) -> Option<(String, Style)> {
    let texts = look.texts;
    match model.detail.check() {
        CheckState::Running(checked, _, CheckedFor::Nobody) if *checked == card => {
            Some((format!("▶ {}", texts.get("check-running-quietly")), look.theme.dim))
        }
        CheckState::Running(checked, since, CheckedFor::Someone) if *checked == card => {
            let elapsed = model.now.signed_duration_since(since).to_std().unwrap_or_default();
            let time = text::duration(std::time::Duration::from_secs(elapsed.as_secs()), look.language());
            let words = match model.detail.trial() {
                Some(Notice::Retrying(_, repeat, why, _)) => {
                    let why = progress::what_happened(why, texts);
                    let values =
                        [("time", time.into()), ("attempt", repeat.number.into()), ("why", why.into())];
                    texts.with("check-trying", &values)
                }
                _ => texts.with("check-running", &[("time", time.into())]),
            };
            Some((format!("▶ {words}"), look.theme.busy))
        }
        CheckState::Failed(checked, _) if *checked == card => {
            let words = texts.with("dash-check-failed", &[("check", look.key(Action::Check, model).into())]);
            Some((format!("✗ {words}"), look.theme.bad))
        }
        _ => None,
    }
}

/// What the verdict rests on, or the check that is under way.
fn basis(detail: &CustomerDetail, model: &Model, look: &Look) -> (String, Style) {
    let (comparison, texts) = (&detail.comparison, look.texts);
    if let Some(check) = check_line(comparison.customer.card, model, look) {
        return check;
    }
    if comparison.against != Against::Live && comparison.under.is_other() {
        let settings = proof::others(&comparison.under);
        let words = texts.with("dash-other-settings", &[("settings", settings.into())]);
        return (words, look.theme.warning);
    }
    let aged = |at| text::age(age(model.now.to_utc(), at), look.language());
    let age = comparison.compared_at.or(comparison.synced_at).map(aged).unwrap_or_default();
    let against = match comparison.against {
        Against::Live => texts.with("against-live", &[("age", age.into())]),
        Against::ControlTotals => format!("{}, {age}", texts.get("against-control-totals")),
        Against::None => return (texts.get("against-none").into_owned(), look.theme.dim),
    };
    let compared = texts.with("dash-compared", &[("against", against.into())]);
    let also = detail.also.as_ref().map(|also| also_words(also, &aged(also.at), look));
    (also.map_or(compared.clone(), |also| format!("{compared}; {also}")), look.theme.dim)
}

/// What the portal shows stands before it where that is something else, and behind it where it is the same.
fn with_portal((basis, style): (String, Style), comparison: &Comparison, look: &Look) -> (String, Style) {
    let Some(column) = &comparison.portal else { return (basis, style) };
    let causes = column.causes();
    if causes.is_empty() {
        return (format!("{basis}; {}", look.texts.get("dash-portal-equal")), style);
    }
    let why = causes.into_iter().map(|cause| look.texts.named("portal-cause-short", cause.name()));
    let total = column.side.total.map_or_else(figures::dash, |total| look.money(total));
    let values = [("total", total.into()), ("why", why.collect::<Vec<_>>().join(", ").into())];
    (format!("{}. {basis}", look.texts.with("dash-portal", &values)), look.theme.warning)
}

/// What rests on another comparison, and how old that is.
fn also_words(also: &AlsoCompared, age: &str, look: &Look) -> String {
    let words = [(Part::Points, "dash-points-lower"), (Part::City, "dash-city-lower")];
    let parts = words.into_iter().filter(|(part, _)| also.parts.contains(part));
    let parts: Vec<_> = parts.map(|(_, id)| look.texts.get(id).into_owned()).collect();
    let parts =
        if parts.is_empty() { look.texts.get("dash-also-rest").into_owned() } else { parts.join(", ") };
    let id = if also.reach == Reach::Rows { "dash-also-rows" } else { "dash-also-sums" };
    look.texts.with(id, &[("parts", parts.into()), ("age", age.to_owned().into())])
}
