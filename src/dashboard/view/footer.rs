//! The last lines: what is to be said, and the keys.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::footer::{FooterKey, Stay, causes_drawn, footer};
use crate::dashboard::app::model::{Message, Passing};
use crate::dashboard::app::page::wrapped;
use crate::dashboard::app::{Action, Copied, CopyPlace, CopySubject, Failure, Key, Model};
use crate::domain::{Mark, Part, Verdict};
use crate::text::Shown;

use super::columns::width;
use super::journal::{failed_elsewhere, written_words};
use super::look::Look;
use super::put;

/// Draws the keys that act here, the most useful first, as many as fit, each whole. The way out is never left out.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let spans = entries(area, model, look).into_iter().flat_map(|(_, key)| {
        let gap = Span::raw(" ");
        std::iter::once(gap.clone()).chain(key.spans).chain(std::iter::once(gap))
    });
    put(frame, area, 0, spans.collect::<Line<'_>>());
}

/// The key that is named at a place.
pub(super) fn key_at(area: Rect, at: Position, model: &Model, look: &Look) -> Option<Key> {
    let mut end = usize::from(area.x);
    let entry = entries(area, model, look).into_iter().find(|(_, key)| {
        end += key.width() + 2;
        usize::from(at.x) < end
    });
    entry.map(|(key, _)| key)
}

fn entries<'a>(area: Rect, model: &Model, look: &Look) -> Vec<(Key, Line<'a>)> {
    let entry = |it: FooterKey| {
        let (key, line) = entry(it, model, look)?;
        Some((it.stays, key, line))
    };
    fitted(footer(model).into_iter().filter_map(entry).collect(), usize::from(area.width))
}

/// The ways out, the last first, then the way to all keys, then the others by their rank, each where it still fits; in
/// their order.
fn fitted(keys: Vec<(Stay, Key, Line<'_>)>, columns: usize) -> Vec<(Key, Line<'_>)> {
    let mut free = columns;
    let mut fits = vec![false; keys.len()];
    let of = |stay| -> Vec<usize> { (0..keys.len()).filter(|at| keys[*at].0 == stay).collect() };
    let (ways_out, others) = (of(Stay::WayOut), [of(Stay::AllKeys), of(Stay::No)].concat());
    for at in ways_out.into_iter().rev().chain(others) {
        let width = keys[at].2.width() + 2;
        // The first of all is the way out: it is there, be it cut.
        fits[at] = width <= free || !fits.contains(&true);
        free = if fits[at] { free.saturating_sub(width) } else { free };
    }
    keys.into_iter().zip(fits).filter(|(_, fits)| *fits).map(|((_, key, line), _)| (key, line)).collect()
}

/// A key with its word; nothing where the settings took all its keys away.
fn entry<'a>(it: FooterKey, model: &Model, look: &Look) -> Option<(Key, Line<'a>)> {
    let key = model.key_of(it.action)?;
    let name = match it.action {
        // The keys of all causes there are.
        Action::Cause(_) => match causes_drawn(model).min(9) {
            0 | 1 => look.key_name(key),
            last => format!("{}–{last}", look.key_name(key)),
        },
        _ => look.key_name(key),
    };
    let word = Span::raw(look.texts.get(it.word));
    Some((key, Line::from(vec![Span::styled(name, look.theme.key), Span::raw(" "), word])))
}

/// Draws what is to be said, on as many lines as it needs; in less room its end gives way to what to do about it.
pub(super) fn draw_message(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let padded = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    match &model.message {
        None => {}
        Some(Message::Failed(failure)) => draw_failure(frame, padded, failure, look),
        Some(Message::Passing(passing)) => {
            let (line, style) = passing_line(passing, usize::from(padded.width), model, look);
            put_lines(frame, padded, &Shown::new(&line), style);
        }
    }
}

fn draw_failure(frame: &mut Frame<'_>, area: Rect, failure: &Failure, look: &Look) {
    let columns = usize::from(area.width);
    let code = format!(" [{}]", Shown::new(&failure.code));
    let away = look.texts.get("dash-message-away").into_owned();
    let remedy = Shown::new(&failure.remedy);
    let remedy = if remedy.is_empty() { String::new() } else { format!("→ {remedy}  ") };
    let rest = wrapped(&format!("{remedy}{away}"), columns).len().min(usize::from(area.height / 2 + 1));
    let rest = if area.height < 2 { 0 } else { u16::try_from(rest).unwrap_or(1).min(area.height - 1) };
    let (above, below) = (area.height - rest, Rect { y: area.bottom() - rest, height: rest, ..area });
    let above = Rect { height: above, ..area };
    let room = columns * usize::from(above.height.max(1));
    let message = Shown::new(&failure.message).truncated(room.saturating_sub(2 + width(&code)));
    put_lines(frame, above, &Shown::new(&format!("✗ {message}{code}")), look.theme.bad);
    let remedy = Shown::new(remedy.trim_end())
        .truncated((columns * usize::from(rest)).saturating_sub(2 + width(&away)));
    let text = if remedy.is_empty() { away.clone() } else { format!("{remedy}  {away}") };
    put_lines(frame, below, &Shown::new(&text), Style::new());
}

/// Lines of words, the last one cut where there is no room for more.
fn put_lines(frame: &mut Frame<'_>, area: Rect, text: &Shown, style: Style) {
    let lines = wrapped(text.as_str(), usize::from(area.width));
    for row in 0..area.height {
        let at = usize::from(row);
        let rest = lines.get(at..).unwrap_or_default();
        let words =
            if row + 1 == area.height { rest.join(" ") } else { rest.iter().take(1).copied().collect() };
        let words = Shown::new(words.trim()).truncated(usize::from(area.width)).into_string();
        put(frame, area, row, Span::styled(words, style));
    }
}

fn passing_line(passing: &Passing, columns: usize, model: &Model, look: &Look) -> (String, Style) {
    let texts = look.texts;
    match passing {
        Passing::Published(cards, variances) => {
            let values = [("cards", (*cards).into()), ("variances", (*variances).into())];
            let line = texts.with("passing-published", &values);
            let (mark, style) =
                look.verdict(if *variances > 0 { Verdict::Variance } else { Verdict::Reconciled });
            (format!("{mark} {line}"), style)
        }
        Passing::EngineCame => (format!("◆ {}", texts.get("journal-engine-came")), look.theme.good),
        Passing::SyncElsewhere => (format!("▶ {}", texts.get("passing-sync-elsewhere")), look.theme.busy),
        Passing::PublishedElsewhere(cards, variances) => {
            let values = [("cards", (*cards).into()), ("variances", (*variances).into())];
            let line = texts.with("journal-published-elsewhere", &values);
            let (mark, style) =
                look.verdict(if *variances > 0 { Verdict::Variance } else { Verdict::Reconciled });
            (format!("{mark} {line}"), style)
        }
        Passing::CancelledElsewhere => {
            (format!("■ {}", texts.get("journal-cancelled-elsewhere")), look.theme.warning)
        }
        Passing::FailedElsewhere(code) => (format!("✗ {}", failed_elsewhere(code, look)), look.theme.bad),
        Passing::Cancelled => (format!("■ {}", texts.get("passing-cancelled")), look.theme.warning),
        Passing::Checked(who, verdict) => {
            let (mark, style) = look.verdict(*verdict);
            let verdict = look.texts.verdict(*verdict);
            // A long name is cut, and not how it came out.
            let room = columns.saturating_sub(width(&verdict) + 4).max(8);
            let who = Shown::new(who).truncated(room).into_string();
            let values = [("who", who.into()), ("verdict", verdict.into())];
            (format!("{mark} {}", texts.with("passing-checked", &values)), style)
        }
        Passing::Copied(copied) => {
            let line = copied_line(copied, columns, model, look);
            match reserve(model, look) {
                Some(reserve) => (format!("{reserve} {line}"), look.theme.warning),
                None => (named(line, columns, model), look.theme.good),
            }
        }
        Passing::Reconciled(cards, variances, unverified) => {
            let values = [
                ("cards", (*cards).into()),
                ("variances", (*variances).into()),
                ("unverified", (*unverified).into()),
            ];
            let (mark, style) = look.verdict(match (*variances, *unverified) {
                (1.., _) => Verdict::Variance,
                (0, 1..) => Verdict::Unverified,
                (0, 0) => Verdict::Reconciled,
            });
            (format!("{mark} {}", texts.with("passing-reconciled", &values)), style)
        }
        Passing::Exported => {
            let words = model.screens.reconciliation.file().map(|file| written_words(file, look));
            (format!("✓ {}", words.unwrap_or_default()), look.theme.good)
        }
        Passing::NobodyStored => (texts.get("passing-nobody-stored").into_owned(), look.theme.warning),
        Passing::NoOtherCards => (texts.get("passing-no-other-cards").into_owned(), look.theme.warning),
        Passing::NoRequest => {
            let values = [("check", look.key(Action::Check, model).into())];
            (texts.with("passing-no-request", &values), look.theme.warning)
        }
        Passing::NoFields => {
            let values = [("open", look.key(Action::Open, model).into())];
            (texts.with("passing-no-fields", &values), look.theme.warning)
        }
        Passing::NothingToCopy => (texts.get("passing-nothing-to-copy").into_owned(), look.theme.warning),
        Passing::NothingToWrite => (texts.get("passing-nothing-to-write").into_owned(), look.theme.warning),
        Passing::NoJson => {
            let values = [("copy", look.key(Action::Copy, model).into())];
            (texts.with("passing-no-json", &values), look.theme.warning)
        }
        Passing::Settings(words) => (format!("! {words}"), look.theme.warning),
        Passing::Theme(theme) => {
            let theme = texts.named("theme", theme.name());
            (texts.with("passing-theme", &[("theme", theme.into())]), Style::new())
        }
        Passing::Mouse(true) => (texts.get("passing-mouse-on").into_owned(), Style::new()),
        Passing::Mouse(false) => (texts.get("passing-mouse-off").into_owned(), Style::new()),
        Passing::NothingToCheck => (texts.get("passing-nothing-to-check").into_owned(), look.theme.warning),
    }
}

/// What is to be known before a customer is told the answer that was copied.
fn reserve(model: &Model, look: &Look) -> Option<String> {
    let CopySubject::Answer(card) = model.copied?.subject else { return None };
    let comparison = &model.detail.detail()?.comparison;
    let id = match comparison.verdict {
        _ if comparison.customer.card != card => return None,
        Verdict::Variance => "passing-answer-differs",
        Verdict::Unverified => "passing-answer-unverified",
        // They are told as they are stored.
        _ if comparison.points_shown().is_some() && comparison.mark(Part::Points) == Mark::Uncompared => {
            let (mark, _) = look.verdict(Verdict::Unverified);
            return Some(format!("{mark} {}", look.texts.get("passing-answer-points")));
        }
        _ => return None,
    };
    let (mark, _) = look.verdict(comparison.verdict);
    Some(format!("{mark} {}", look.texts.get(id)))
}

/// The same with whose answer it is, where there is room for it.
fn named(line: String, columns: usize, model: &Model) -> String {
    let Some(CopySubject::Answer(card)) = model.copied.map(|copied| copied.subject) else { return line };
    let customer = model.detail.detail().map(|detail| &detail.comparison.customer);
    let Some(customer) = customer.filter(|customer| customer.card == card) else { return line };
    let name = Shown::new(&customer.name).into_string();
    if name.is_empty() || width(&line) + width(&name) + 3 > columns {
        line
    } else {
        format!("{line} · {name}")
    }
}

/// How much was copied, where to, and what to do if it did not arrive.
fn copied_line(copied: &Copied, columns: usize, model: &Model, look: &Look) -> String {
    let save = ("save", look.key(Action::Save, model).into());
    let n = ("n", copied.characters.into());
    let line = match &copied.place {
        // The way it goes, and what to do if it does not arrive, is said once.
        CopyPlace::Terminal | CopyPlace::Tmux if model.copies > 1 => {
            look.texts.with("passing-copied-again", &[n])
        }
        CopyPlace::Terminal => look.texts.with("passing-copied-terminal", &[n, save]),
        CopyPlace::Tmux => look.texts.with("passing-copied-tmux", &[n, save]),
        CopyPlace::File(path) => {
            let told = |path: &str| {
                let values = [("n", copied.characters.into()), ("path", path.into())];
                look.texts.with("passing-copied-file", &values)
            };
            let whole = told(path);
            // Where the way to the file does not fit its name does: the folder is that of the store.
            match path.rsplit_once('/') {
                Some((_, name)) if width(&whole) + 2 > columns => told(&format!("…/{name}")),
                _ => whole,
            }
        }
    };
    format!("✓ {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footer_is_cut_at_whole_keys_and_the_way_out_stays() {
        let keys = || {
            [
                ("F4 Сверить", Stay::No),
                ("Alt+O/Щ Ответ", Stay::No),
                ("F5 Синхр", Stay::No),
                ("F8 Выход", Stay::WayOut),
                ("F1 Всё", Stay::AllKeys),
            ]
            .map(|(key, stay)| (stay, Key::char('x'), Line::from(key)))
            .to_vec()
        };
        let shown = |columns: usize| -> Vec<String> {
            fitted(keys(), columns).iter().map(|(_, line)| line.to_string()).collect()
        };
        for columns in 0..80 {
            let shown = shown(columns);
            assert!(shown.iter().any(|key| key == "F8 Выход"), "{columns} columns");
            assert_eq!(shown.last().is_some_and(|key| key == "F1 Всё"), columns >= 18, "{columns} columns");
            let used: usize = shown.iter().map(|key| width(key) + 2).sum();
            assert!(used <= columns || shown.len() == 1, "{columns} columns: {shown:?}");
            let order: Vec<_> = keys().iter().map(|(_, _, key)| key.to_string()).collect();
            let places: Vec<_> =
                shown.iter().map(|key| order.iter().position(|other| other == key)).collect();
            assert!(places.is_sorted(), "{shown:?}");
        }
        assert_eq!(
            shown(42),
            ["F4 Сверить", "F5 Синхр", "F8 Выход", "F1 Всё"],
            "what is too long leaves room"
        );
    }
}
