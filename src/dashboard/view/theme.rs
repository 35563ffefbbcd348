//! Styles by meaning. The terminal's own foreground, background and sixteen colours, or no colour at all: these
//! two assume neither a dark screen nor a light one. The third brings a ground of its own.

use ratatui::style::{Color, Modifier, Style};

use crate::config;

/// A style for every meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// What everything lies on: the terminal's own, or a ground of the theme.
    pub base: Style,
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

impl Palette {
    /// The styles of a configured theme.
    pub fn of(theme: config::Theme) -> Self {
        match theme {
            config::Theme::Terminal => Self::terminal(),
            config::Theme::Night => Self::night(),
            config::Theme::Monochrome => Self::monochrome(),
        }
    }

    /// Colours of its own, so it needs a ground of its own, too.
    fn night() -> Self {
        let colour = |red, green, blue| Color::Rgb(red, green, blue);
        let ink = |red, green, blue| Style::new().fg(colour(red, green, blue));
        Self {
            base: ink(201, 209, 217).bg(colour(13, 17, 23)),
            title: ink(240, 246, 252).add_modifier(Modifier::BOLD),
            border: ink(72, 79, 88),
            focused: ink(88, 166, 255),
            selected: Style::new().bg(colour(31, 66, 111)).fg(colour(255, 255, 255)),
            unfocused_selection: Style::new().bg(colour(33, 38, 45)),
            good: ink(86, 211, 100),
            bad: ink(255, 123, 114).add_modifier(Modifier::BOLD),
            warning: ink(227, 179, 65),
            busy: ink(121, 192, 255),
            dim: ink(139, 148, 158),
            key: ink(121, 192, 255).add_modifier(Modifier::BOLD),
            found: ink(255, 214, 102).add_modifier(Modifier::UNDERLINED),
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
            base: Style::new(),
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
