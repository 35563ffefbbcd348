//! Theme files: colours of the dashboard by what they mean, and how many of them a terminal has.
//!
//! ```toml
//! from = "night"      # what holds where the file names nothing
//! ground = "#1c1b19"
//! good = "bright-green"
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Theme;
use super::error::{ConfigError, SettingOrigin};
use super::keys::most_like;
use super::layer::LayerPlace;
use super::places::Environment;
use super::toml_fault::TomlFault;

/// The folder of theme files, beside the configuration.
const FOLDER: &str = "themes";
/// The key that names the theme to begin with.
const FROM: &str = "from";

/// What a colour of a theme is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThemeRole {
    /// Everything that has no colour of its own.
    Text,
    /// What everything lies on.
    Ground,
    /// Names of panes, the product, sections.
    Title,
    /// The frame of a pane.
    Border,
    /// The frame of the pane that has the keyboard.
    Focused,
    /// The selected line where the keyboard is.
    Selected,
    /// What it lies on.
    SelectedGround,
    /// What the selected line of a pane without the keyboard lies on.
    UnfocusedGround,
    /// Compared and equal.
    Good,
    /// A variance, a failure.
    Bad,
    /// Unusual, not compared, old.
    Warning,
    /// At work.
    Busy,
    /// What matters less.
    Dim,
    /// A key in the footer.
    Key,
    /// What a query found in a text.
    Found,
}

impl ThemeRole {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Text,
        Self::Ground,
        Self::Title,
        Self::Border,
        Self::Focused,
        Self::Selected,
        Self::SelectedGround,
        Self::UnfocusedGround,
        Self::Good,
        Self::Bad,
        Self::Warning,
        Self::Busy,
        Self::Dim,
        Self::Key,
        Self::Found,
    ];

    /// Its name in a theme file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Ground => "ground",
            Self::Title => "title",
            Self::Border => "border",
            Self::Focused => "focused",
            Self::Selected => "selected",
            Self::SelectedGround => "selected_ground",
            Self::UnfocusedGround => "unfocused_ground",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warning => "warning",
            Self::Busy => "busy",
            Self::Dim => "dim",
            Self::Key => "key",
            Self::Found => "found",
        }
    }
}

/// A colour of a theme file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThemeColour {
    /// Red, green, blue.
    Rgb(u8, u8, u8),
    /// One of the terminal's sixteen, by its number.
    Ansi(u8),
    /// The terminal's own text or ground.
    Terminal,
}

/// The names of the sixteen, by their numbers.
const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];
const TERMINAL: &str = "terminal";

impl ThemeColour {
    /// `#rrggbb`, a name, or `terminal`.
    fn parse(text: &str) -> Option<Self> {
        if let Some(digits) = text.strip_prefix('#') {
            let is_whole = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_whole)?;
            let [_, red, green, blue] = number.to_be_bytes();
            return Some(Self::Rgb(red, green, blue));
        }
        if text == TERMINAL {
            return Some(Self::Terminal);
        }
        (0..).zip(NAMES).find(|(_, name)| *name == text).map(|(number, _)| Self::Ansi(number))
    }
}

/// A theme out of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeFile {
    /// The theme whose colours hold where the file names none.
    pub from: Theme,
    /// The colours it names.
    pub colours: BTreeMap<ThemeRole, ThemeColour>,
}

impl ThemeFile {
    /// Reads the text of a file. A mistake is told with its line.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let place = LayerPlace::new(path, text);
        let document = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
            at: place.origin(error.span().map_or(0, |span| span.start)),
            fault: TomlFault::of(error.message()),
        })?;
        let mut entries: Vec<_> = document.get_ref().iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let mut theme = Self::default();
        for (name, value) in entries {
            theme.take(name, value, &place)?;
        }
        Ok(theme)
    }

    fn take(
        &mut self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        place: &LayerPlace<'_>,
    ) -> Result<(), ConfigError> {
        let (key, text) = (name.get_ref().as_ref(), value.get_ref().as_str().unwrap_or_default());
        let at = || place.origin(value.span().start);
        if key == FROM {
            let of_name = Theme::BUILT_IN.into_iter().find(|theme| theme.name() == text);
            self.from = of_name.ok_or_else(|| ConfigError::NoTheme { name: text.to_owned(), at: at() })?;
            return Ok(());
        }
        let Some(role) = ThemeRole::ALL.into_iter().find(|role| role.name() == key) else {
            let nearest = most_like(key, ThemeRole::ALL.into_iter().map(ThemeRole::name));
            let at = place.origin(name.span().start);
            return Err(ConfigError::NoRole { role: key.to_owned(), nearest, at });
        };
        let colour = ThemeColour::parse(text).ok_or_else(|| {
            let nearest = most_like(text, NAMES.into_iter().chain([TERMINAL]));
            ConfigError::NoColour { role: role.name(), nearest, at: at() }
        })?;
        self.colours.insert(role, colour);
        Ok(())
    }
}

/// A theme file that the settings name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeWish {
    /// Its name, without folder and ending.
    pub name: String,
    /// Where it is named.
    pub at: SettingOrigin,
}

/// Whether this can be the name of a theme file: one part of a path, and none that hides.
pub(super) fn is_theme_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

fn folder_beside(settings: &Path) -> PathBuf {
    settings.parent().unwrap_or(Path::new("")).join(FOLDER)
}

/// The theme files beside these settings.
pub fn theme_files(settings: &Path) -> Vec<PathBuf> {
    let there = fs::read_dir(folder_beside(settings)).into_iter().flatten().filter_map(Result::ok);
    there.map(|file| file.path()).filter(|path| path.extension().is_some_and(|it| it == "toml")).collect()
}

impl ThemeFile {
    /// Reads the file that a setting names, out of the folder of themes beside the settings.
    pub(super) fn read(wish: &ThemeWish, settings: &Path) -> Result<Self, ConfigError> {
        let path = folder_beside(settings).join(format!("{}.toml", wish.name));
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ConfigError::NoThemeFile { path: path.clone(), at: wish.at.clone() },
            kind => ConfigError::Unreadable { path: path.clone(), kind },
        })?;
        Self::parse(&path, &text)
    }
}

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColourDepth {
    /// 24 bits.
    #[default]
    True,
    /// 256.
    Indexed,
    /// Sixteen.
    Basic,
}

/// By `COLORTERM`, which terminals with 24 bits set; else by the name of the terminal.
pub fn colours_of(environment: &Environment) -> ColourDepth {
    let is_true = matches!(environment.get("COLORTERM"), Some("truecolor" | "24bit"));
    match environment.get("TERM").unwrap_or_default() {
        _ if is_true => ColourDepth::True,
        name if name.ends_with("-direct") => ColourDepth::True,
        name if name.contains("256color") => ColourDepth::Indexed,
        _ => ColourDepth::Basic,
    }
}

/// The same theme; the terminal's own gives way to that of a light ground, where the terminal says that it has one and has
/// the colours.
pub fn on_ground(theme: Theme, environment: &Environment) -> Theme {
    let has_colours = colours_of(environment) != ColourDepth::Basic;
    let is_free = theme == Theme::Terminal && has_colours;
    if is_free && is_light(environment) { Theme::Day } else { theme }
}

/// Whether `COLORFGBG` names a light ground: its last number, one of the terminal's sixteen. It comes with the session,
/// over ssh as well where it is let through, and costs nothing to ask.
fn is_light(environment: &Environment) -> bool {
    let colours = environment.get("COLORFGBG").unwrap_or_default();
    let ground = colours.rsplit(';').next().and_then(|number| number.parse().ok());
    matches!(ground, Some(7 | 9..=15_u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ThemeFile, ConfigError> {
        ThemeFile::parse(Path::new("themes/amber.toml"), text)
    }

    fn at(line: usize, column: usize) -> SettingOrigin {
        SettingOrigin::File { path: "themes/amber.toml".into(), line, column }
    }

    #[test]
    fn a_light_ground_is_known_by_what_the_terminal_says_of_it() {
        let theme = |ground, term| {
            on_ground(Theme::Terminal, &[("COLORFGBG", ground), ("TERM", term)].into_iter().collect())
        };
        for (ground, is_light) in [
            ("0;15", true),
            ("0;default;15", true),
            ("0;7", true),
            ("15;0", false),
            ("7;8", false),
            ("12;4", false),
            ("0;default", false),
            ("", false),
            ("x;300", false),
        ] {
            let expected = if is_light { Theme::Day } else { Theme::Terminal };
            assert_eq!(theme(ground, "xterm-256color"), expected, "{ground}");
            assert_eq!(theme(ground, "linux"), Theme::Terminal, "of sixteen colours its own are best");
        }
        let light = [("COLORFGBG", "0;15"), ("TERM", "xterm-256color")];
        assert_eq!(on_ground(Theme::Monochrome, &light.into_iter().collect()), Theme::Monochrome);
    }

    #[test]
    fn roles_take_colours_by_number_and_by_name() {
        let read =
            parse("from = \"day\"\nground = \"#1c1B19\"\ngood = \"bright-green\"\ntext = \"terminal\"\n");
        let colours = [
            (ThemeRole::Ground, ThemeColour::Rgb(0x1c, 0x1b, 0x19)),
            (ThemeRole::Good, ThemeColour::Ansi(10)),
            (ThemeRole::Text, ThemeColour::Terminal),
        ];
        assert_eq!(read, Ok(ThemeFile { from: Theme::Day, colours: colours.into() }));
        for role in ThemeRole::ALL {
            let read = parse(&format!("{} = \"red\"", role.name())).expect("a theme");
            assert_eq!(read.colours, [(role, ThemeColour::Ansi(1))].into());
        }
    }

    #[test]
    fn a_mistake_in_a_theme_is_told_with_its_line_and_what_is_near() {
        let role = |nearest, at| ConfigError::NoRole { role: "grond".into(), nearest, at };
        assert_eq!(parse("text = \"red\"\ngrond = \"red\""), Err(role(Some("ground"), at(2, 1))));
        for (colour, nearest) in [
            ("#12345", None),
            ("#12345g", None),
            ("#é1234", None),
            ("#+12345", None),
            ("gren", Some("green")),
            ("", None),
        ] {
            let error = ConfigError::NoColour { role: "good", nearest, at: at(2, 8) };
            assert_eq!(parse(&format!("\ngood = \"{colour}\"")), Err(error), "{colour}");
        }
        assert!(matches!(parse("good = 7"), Err(ConfigError::NoColour { role: "good", .. })));
        let from = ConfigError::NoTheme { name: "nacht".into(), at: at(1, 8) };
        assert_eq!(parse("from = \"nacht\""), Err(from));
        assert!(matches!(parse("good = \n"), Err(ConfigError::Syntax { .. })));
    }

    /// The page says every role, and its example is a theme.
    #[test]
    fn the_example_of_the_page_loads_and_the_page_names_every_role() {
        let page = include_str!("../../docs/dashboard.md");
        let example =
            page.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
        let read = parse(example).expect("a theme");
        assert_eq!((read.from, read.colours.len()), (Theme::Night, 11));
        for role in ThemeRole::ALL {
            assert!(page.contains(&format!("`{}`", role.name())), "{role:?}");
        }
    }

    #[test]
    fn a_terminal_says_how_many_colours_it_has() {
        for (variables, expected) in [
            (&[("COLORTERM", "truecolor"), ("TERM", "xterm")][..], ColourDepth::True),
            (&[("COLORTERM", "24bit")], ColourDepth::True),
            (&[("COLORTERM", "yes"), ("TERM", "screen-256color")], ColourDepth::Indexed),
            (&[("TERM", "xterm-direct")], ColourDepth::True),
            (&[("TERM", "linux")], ColourDepth::Basic),
            (&[], ColourDepth::Basic),
        ] {
            assert_eq!(colours_of(&variables.iter().copied().collect()), expected, "{variables:?}");
        }
    }

    #[test]
    fn a_name_of_a_theme_leads_out_of_no_folder() {
        for (name, fits) in
            [("amber", true), ("Янтарь-2_x", true), ("../x", false), (".x", false), ("", false)]
        {
            assert_eq!(is_theme_name(name), fits, "{name}");
        }
    }
}
