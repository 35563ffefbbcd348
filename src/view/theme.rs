//! Styles by meaning. The terminal's own foreground, background and sixteen colours, or no colour at all:
//! nothing here assumes a dark screen or a light one.

use ratatui::style::{Color, Modifier, Style};

use crate::config;

/// A style for every meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Names of panes, the product, sections.
    pub title: Style,
    /// Border of a pane.
    pub border: Style,
    /// Border of the pane that has the keyboard.
    pub focused: Style,
    /// The selected line where the keyboard is.
    pub selected: Style,
    /// The selected line of a pane without the keyboard.
    pub unfocused_selection: Style,
    /// Compared and equal.
    pub good: Style,
    /// A variance, a failure.
    pub bad: Style,
    /// Unusual, not compared, old.
    pub warning: Style,
    /// At work.
    pub busy: Style,
    /// What matters less.
    pub dim: Style,
    /// A key in the footer.
    pub key: Style,
    /// What a query found in a text.
    pub found: Style,
}

impl Theme {
    /// The styles of a configured theme.
    pub fn of(theme: config::Theme) -> Self {
        match theme {
            config::Theme::Terminal => Self::terminal(),
            config::Theme::Monochrome => Self::monochrome(),
        }
    }

    fn terminal() -> Self {
        let plain = Self::monochrome();
        Self {
            focused: plain.focused.fg(Color::Cyan),
            good: plain.good.fg(Color::Green),
            bad: plain.bad.fg(Color::Red),
            warning: plain.warning.fg(Color::Yellow),
            busy: plain.busy.fg(Color::Cyan),
            ..plain
        }
    }

    fn monochrome() -> Self {
        let with = |modifier| Style::new().add_modifier(modifier);
        Self {
            title: with(Modifier::BOLD),
            border: with(Modifier::DIM),
            focused: with(Modifier::BOLD),
            selected: with(Modifier::REVERSED),
            unfocused_selection: with(Modifier::BOLD),
            good: Style::new(),
            bad: with(Modifier::BOLD),
            warning: Style::new(),
            busy: Style::new(),
            dim: with(Modifier::DIM),
            key: with(Modifier::BOLD),
            found: with(Modifier::BOLD | Modifier::UNDERLINED),
        }
    }
}
