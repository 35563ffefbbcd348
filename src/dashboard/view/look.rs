//! How things look: the language, the styles, and the marks of states.

use chrono::{DateTime, Utc};
use ratatui::style::Style;
use ratatui::text::Span;

use crate::config::{ColourDepth, Symbols, Theme, ThemeFile};
use crate::dashboard::app::{Action, Code, Key, Model, Now};
use crate::domain::{Amount, LocalTime, Points, Verdict};
use crate::report::progress::stage_name;
use crate::sync::event::{Stage, StageState};
use crate::text::{self, Language, Texts, Value, width};

use super::columns;
use super::theme::Palette;

/// The language, the styles and the symbols of a screen.
#[derive(Clone, Debug)]
pub struct Look {
    /// Phrases.
    pub texts: Texts,
    /// Styles: those of the theme that the state names.
    pub theme: Palette,
    /// Those of the theme out of a file.
    custom: Palette,
    /// How many colours there are.
    colours: ColourDepth,
    /// What frames, bars and marks are drawn with.
    pub symbols: Symbols,
}

impl Look {
    /// The look of a language.
    pub fn new(language: Language) -> Self {
        let theme = Palette::of(crate::config::Theme::default());
        let (symbols, colours) = (Symbols::default(), ColourDepth::default());
        Self { texts: Texts::new(language), theme, custom: theme, colours, symbols }
    }

    /// The same with other symbols.
    #[must_use]
    pub fn with_symbols(self, symbols: Symbols) -> Self {
        Self { symbols, ..self }
    }

    /// The same with a theme out of a file, on a terminal with so many colours.
    #[must_use]
    pub fn with_colours(self, custom: Option<&ThemeFile>, colours: ColourDepth) -> Self {
        Self { custom: custom.map_or(self.custom, Palette::of_file), colours, ..self }
    }

    /// The same in the theme that a state names.
    pub(super) fn of(&self, model: &Model) -> Self {
        let theme = match model.looks.theme {
            Theme::Custom => self.custom,
            theme => Palette::of(theme),
        };
        Self { theme: theme.on(self.colours), ..self.clone() }
    }

    /// The language.
    pub(super) fn language(&self) -> Language {
        self.texts.language()
    }

    /// The first of several wordings that fits; the last one where none does.
    pub(super) fn fitting(
        &self,
        ids: &[&'static str],
        values: &[(&'static str, Value<'_>)],
        columns: usize,
    ) -> String {
        let mut words = String::new();
        for id in ids {
            words = self.texts.with(id, values);
            if width(&words) <= columns {
                break;
            }
        }
        words
    }

    /// A count.
    pub(super) fn count(&self, number: usize) -> String {
        text::count(u64::try_from(number).unwrap_or(u64::MAX), self.language())
    }

    /// Roubles.
    pub(super) fn money(&self, amount: Amount) -> String {
        text::money(amount, self.language())
    }

    /// Points.
    pub(super) fn points(&self, points: Points) -> String {
        text::points(points, self.language())
    }

    /// A day of 1C's.
    pub(super) fn day(&self, time: LocalTime) -> String {
        text::date(time.date(), self.language())
    }

    /// A moment of our own: the time alone where it is today.
    pub(super) fn moment(&self, at: DateTime<Utc>, now: Now) -> String {
        let local = at.with_timezone(now.offset());
        if local.date_naive() == now.date_naive() {
            return local.format("%H:%M:%S").to_string();
        }
        text::instant(at, *now.offset(), self.language())
    }

    /// The same of what is to come, to the minute.
    pub(super) fn hour(&self, at: Now, now: Now) -> String {
        if at.date_naive() == now.date_naive() {
            return at.format("%H:%M").to_string();
        }
        text::instant(at.to_utc(), *now.offset(), self.language())
    }

    /// A key as the keyboard shows it: in the Russian interface a letter with the one that the Russian layout has there,
    /// for some look the same and lie elsewhere.
    pub(super) fn key_name(&self, key: Key) -> String {
        if self.language() == Language::Russian { both_letters(key) } else { key_name(key) }
    }

    /// The key to name for an action, by the keys in force; empty where it has none. Answers are named by keys that are
    /// the same in every language.
    pub(super) fn key(&self, action: Action, model: &Model) -> String {
        model.key_of(action).map(|key| self.key_name(key)).unwrap_or_default()
    }

    /// Mark and style of a verdict.
    pub(super) fn verdict(&self, verdict: Verdict) -> (&'static str, Style) {
        match verdict {
            Verdict::Reconciled => ("✓", self.theme.good),
            Verdict::BeforeWindow => ("‹", self.theme.warning),
            Verdict::Variance => ("✗", self.theme.bad),
            Verdict::Unverified => ("?", self.theme.warning),
            Verdict::UnknownCard => ("!", self.theme.warning),
        }
    }

    /// The same of a comparison that may be old: what was equal then is not called so now.
    pub(super) fn verdict_of(&self, verdict: Verdict, is_old: bool) -> (&'static str, Style) {
        let (mark, style) = self.verdict(verdict);
        let is_equal = matches!(verdict, Verdict::Reconciled | Verdict::BeforeWindow);
        (mark, if is_old && is_equal { self.theme.dim } else { style })
    }

    /// A gauge of so many columns.
    pub(super) fn bar(&self, percent: u8, columns: usize) -> Vec<Span<'static>> {
        let (filled, empty) = columns::bar(percent, columns);
        vec![Span::styled(filled, self.theme.busy), Span::styled(empty, self.theme.dim)]
    }

    /// Mark and style of a stage.
    pub(super) fn stage_mark(&self, state: StageState) -> Span<'static> {
        let (mark, style) = match state {
            StageState::Waiting => ("·", self.theme.dim),
            StageState::Running => ("▶", self.theme.busy),
            StageState::Retrying => ("↻", self.theme.warning),
            StageState::Done => ("✓", self.theme.good),
            StageState::Paused => ("■", self.theme.warning),
            StageState::Failed => ("✗", self.theme.bad),
        };
        Span::styled(mark, style)
    }

    /// A stage's name.
    pub(super) fn stage(&self, stage: Stage) -> String {
        stage_name(stage, self.texts)
    }
}

/// A key with the letters that either layout has there: `q/й`, `Alt+O/Щ`.
pub(super) fn both_letters(key: Key) -> String {
    let name = key_name(key);
    match key.cyrillic() {
        Some(twin) => format!("{name}/{}", twin_name(&key_name(twin))),
        None => name,
    }
}

/// How a key is written on a Latin keyboard.
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

/// The twin without the chord, which stands before the first of the pair.
fn twin_name(name: &str) -> &str {
    name.rsplit_once('+').map_or(name, |(_, letter)| letter)
}
