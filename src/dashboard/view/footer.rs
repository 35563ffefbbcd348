//! The last lines: what is to be said, and the keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::dashboard::app::keymap::{Bound, Context};
use crate::dashboard::app::model::{Message, Passing};
use crate::dashboard::app::{Action, Code, Copied, CopyPlace, Failure, Key, Model, Screen};
use crate::domain::Verdict;
use crate::text::Shown;

use super::columns::{Parts, width};
use super::journal::{failed_elsewhere, written_words};
use super::look::Look;
use super::put;

/// The keys that are left out first where not all fit.
const DROPPED: [Action; 8] = [
    Action::NextSection,
    Action::Journal,
    Action::Show(Screen::Reconciliation),
    Action::View,
    Action::Copy,
    Action::Explain,
    Action::Find,
    Action::Check,
];

/// All there is to do while nobody is listed yet.
const OF_FIRST_SYNC: [Action; 4] = [Action::Help, Action::Sync, Action::Journal, Action::Quit];

/// Draws the keys that matter most. The way out is never left out.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    // Behind a question stands what it was asked over.
    let context = match model.context() {
        Context::Question => Context::Customers,
        context => context,
    };
    let is_alone = model.is_first_sync() && model.is_uncovered();
    let here =
        |bound: &&Bound| bound.scope.holds(context) && (!is_alone || OF_FIRST_SYNC.contains(&bound.action));
    let bounds = model.settings.keys.bindings().iter().filter(here);
    let mut keys: Vec<(Action, Line<'_>)> = bounds
        .filter_map(|bound| Some((bound.action, key(bound, word(bound, model)?, (model, context), look))))
        .collect();
    let columns = usize::from(area.width);
    while keys.len() > 1 && keys.iter().map(|(_, key)| key.width() + 2).sum::<usize>() > columns {
        let least = DROPPED.iter().find_map(|action| keys.iter().position(|(of, _)| of == action));
        keys.remove(least.unwrap_or(keys.len() - 2));
    }
    let spans = keys.into_iter().flat_map(|(_, key)| {
        let gap = Span::raw(" ");
        std::iter::once(gap.clone()).chain(key.spans).chain(std::iter::once(gap))
    });
    put(frame, area, 0, spans.collect::<Line<'_>>());
}

/// The footer's word of a binding. While a sync runs its key stops it.
fn word(binding: &Bound, model: &Model) -> Option<&'static str> {
    match binding.footer {
        Some(_) if binding.action == Action::Sync && model.sync.is_running() => Some("key-stop"),
        word => word,
    }
}

fn key<'a>(
    binding: &Bound,
    word: &'static str,
    (model, context): (&Model, Context),
    look: &Look,
) -> Line<'a> {
    let shown = model.settings.keys.shown(binding.action, context);
    let name = shown.map_or_else(String::new, key_name);
    Line::from(vec![Span::styled(name, look.theme.key), Span::raw(" "), Span::raw(look.texts.get(word))])
}

/// How a key is written on a keyboard.
pub(super) fn key_name(key: Key) -> String {
    let arrow = match key.code {
        Code::Up => "↑",
        Code::Down => "↓",
        Code::Left => "←",
        Code::Right => "→",
        _ => return key.to_string(),
    };
    format!("{}{arrow}", key.mods)
}

/// Draws what is to be said.
pub(super) fn draw_message(frame: &mut Frame<'_>, area: Rect, model: &Model, look: &Look) {
    let padded = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
    match &model.message {
        None => {}
        Some(Message::Failed(failure)) => draw_failure(frame, padded, failure, look),
        Some(Message::Passing(passing)) => {
            let (line, style) = passing_line(passing, usize::from(padded.width), model, look);
            let line = Shown::new(&line).truncated(usize::from(padded.width)).into_string();
            put(frame, padded, 0, Span::styled(line, style));
        }
    }
}

fn draw_failure(frame: &mut Frame<'_>, area: Rect, failure: &Failure, look: &Look) {
    let columns = usize::from(area.width);
    let code = format!(" [{}]", Shown::new(&failure.code));
    let message = Shown::new(&failure.message).truncated(columns.saturating_sub(2 + width(&code)));
    let line = vec![Span::styled(format!("✗ {message}"), look.theme.bad), Span::styled(code, look.theme.dim)];
    put(frame, area, 0, Line::from(line));
    let away = look.texts.get("dash-message-away").into_owned();
    let remedy = Shown::new(&failure.remedy).truncated(columns.saturating_sub(4 + width(&away)));
    let mut parts = Parts::default();
    if !remedy.is_empty() {
        parts.push(format!("→ {remedy}"), Style::new());
    }
    parts.push(away, look.theme.dim);
    put(frame, area, 1, parts.fitted(columns, 2));
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
            let values = [("who", who.as_str().into()), ("verdict", look.texts.verdict(*verdict).into())];
            (format!("{mark} {}", texts.with("passing-checked", &values)), style)
        }
        Passing::Copied(copied) => (copied_line(copied, columns, model, look), look.theme.good),
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
            (format!("{mark} {}", texts.with("journal-reconciled", &values)), style)
        }
        Passing::Exported => {
            let words = model.screens.reconciliation.file().map(|file| written_words(file, look));
            (format!("✓ {}", words.unwrap_or_default()), look.theme.good)
        }
        Passing::NobodyStored => (texts.get("passing-nobody-stored").into_owned(), look.theme.warning),
        Passing::NoOtherCards => (texts.get("passing-no-other-cards").into_owned(), look.theme.warning),
        Passing::NoRequest => {
            let values = [("check", model.key(Action::Check).into())];
            (texts.with("passing-no-request", &values), look.theme.warning)
        }
        Passing::NothingToCopy => (texts.get("passing-nothing-to-copy").into_owned(), look.theme.warning),
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

/// How much was copied, where to, and what to do if it did not arrive.
fn copied_line(copied: &Copied, columns: usize, model: &Model, look: &Look) -> String {
    let save = ("save", model.key(Action::Save).into());
    let n = ("n", copied.characters.into());
    let line = match &copied.place {
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
