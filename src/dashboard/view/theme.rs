//! Styles by meaning. The terminal's own foreground, background and sixteen colours, or no colour at all: these
//! two assume neither a dark screen nor a light one. The others bring a ground of their own.

use ratatui::style::{Color, Modifier, Style};

use crate::config::{self, ColourDepth, ThemeColour, ThemeFile, ThemeRole};

mod nearest;

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
            // Without its file a theme is the terminal's own.
            config::Theme::Terminal | config::Theme::Custom => Self::terminal(),
            config::Theme::Night => Self::night(),
            config::Theme::Day => Self::day(),
            config::Theme::Monochrome => Self::monochrome(),
        }
    }

    /// The styles of a theme file over those it begins with.
    pub(super) fn of_file(file: &ThemeFile) -> Self {
        let mut it = Self::of(file.from);
        for (role, colour) in &file.colours {
            it.paint(*role, colour_of(*colour));
        }
        it
    }

    fn paint(&mut self, role: ThemeRole, colour: Color) {
        let ink = match role {
            ThemeRole::Ground => return self.base.bg = Some(colour),
            ThemeRole::UnfocusedGround => return self.unfocused_selection.bg = Some(colour),
            ThemeRole::SelectedGround => {
                self.selected = self.selected.remove_modifier(Modifier::REVERSED).bg(colour);
                return;
            }
            ThemeRole::Selected => &mut self.selected,
            ThemeRole::Text => &mut self.base,
            ThemeRole::Title => &mut self.title,
            ThemeRole::Border => &mut self.border,
            ThemeRole::Focused => &mut self.focused,
            ThemeRole::Good => &mut self.good,
            ThemeRole::Bad => &mut self.bad,
            ThemeRole::Warning => &mut self.warning,
            ThemeRole::Busy => &mut self.busy,
            ThemeRole::Dim => &mut self.dim,
            ThemeRole::Key => &mut self.key,
            ThemeRole::Found => &mut self.found,
        };
        *ink = ink.fg(colour);
    }

    /// The same with the nearest of the colours that a terminal has.
    pub(super) fn on(self, depth: ColourDepth) -> Self {
        if depth == ColourDepth::True {
            return self;
        }
        let on = |style: Style| nearest::style(style, depth);
        Self {
            base: on(self.base),
            title: on(self.title),
            border: on(self.border),
            focused: on(self.focused),
            selected: on(self.selected),
            unfocused_selection: on(self.unfocused_selection),
            good: on(self.good),
            bad: on(self.bad),
            warning: on(self.warning),
            busy: on(self.busy),
            dim: on(self.dim),
            key: on(self.key),
            found: on(self.found),
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

    /// The same on white; every ink has a contrast of 4.5 or more on it.
    fn day() -> Self {
        let colour = |red, green, blue| Color::Rgb(red, green, blue);
        let ink = |red, green, blue| Style::new().fg(colour(red, green, blue));
        Self {
            base: ink(36, 41, 47).bg(colour(255, 255, 255)),
            title: ink(13, 17, 23).add_modifier(Modifier::BOLD),
            border: ink(139, 148, 158),
            focused: ink(9, 105, 218),
            selected: Style::new().bg(colour(9, 105, 218)).fg(colour(255, 255, 255)),
            unfocused_selection: Style::new().bg(colour(221, 230, 240)),
            good: ink(17, 99, 41),
            bad: ink(179, 25, 35).add_modifier(Modifier::BOLD),
            warning: ink(132, 84, 0),
            busy: ink(5, 80, 174),
            dim: ink(87, 96, 106),
            key: ink(5, 80, 174).add_modifier(Modifier::BOLD),
            found: ink(132, 84, 0).add_modifier(Modifier::UNDERLINED),
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

fn colour_of(colour: ThemeColour) -> Color {
    match colour {
        ThemeColour::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
        ThemeColour::Ansi(number) => Color::Indexed(number),
        ThemeColour::Terminal => Color::Reset,
    }
}

#[cfg(test)]
#[expect(clippy::float_arithmetic, reason = "contrast is defined so; no money is near")]
mod tests {
    use super::*;

    /// Relative luminance, as WCAG has it.
    fn luminance(colour: Color) -> f64 {
        let Color::Rgb(red, green, blue) = colour else { panic!("{colour:?} is no colour of its own") };
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn every_ink_can_be_read_on_its_ground() {
        for theme in [config::Theme::Night, config::Theme::Day] {
            let it = Palette::of(theme);
            let base = it.base.bg.expect("a ground");
            let inks = [it.base, it.title, it.good, it.bad, it.warning, it.busy, it.dim, it.key, it.found];
            for ink in inks {
                assert!(contrast(ink.fg.expect("an ink"), base) >= 4.5, "{theme:?}: {ink:?}");
            }
            let selected = it.selected;
            assert!(
                contrast(selected.fg.expect("an ink"), selected.bg.expect("a ground")) >= 4.5,
                "{theme:?}"
            );
        }
    }
}
