//! Settings: raw ones from file, environment and options become one checked [`Config`].
//!
//! ```text
//! system --Sources::find--> Sources --Config::load--> Draft --resolve--> Loaded
//!          (reads)                    (pure)                  (reads the secret)
//! ```
//! Defaults < file < `ONEC_*` < `SVERKA_*` < options. Only the outer two steps touch the system.

mod command;
mod duration;
mod error;
mod example;
mod fingerprint;
mod keys;
mod layer;
mod layers;
mod load;
mod mirror;
mod permissions;
mod places;
mod secret;
mod setting;
mod sources;
mod table;
mod theme;
mod toml_fault;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::PointsRule;
use crate::domain::packaging::Packaging;
use crate::domain::quiet::QuietHours;
pub use crate::odata::{ConnectionSettings, Names};
use crate::text::Language;

pub use command::tell_command;
pub use error::{AddressFault, CommandFault, ConfigError, ExpectedValue, SettingOrigin, Warning};
pub use example::{example, init, opening_balance_line, refuse_existing, written};
pub use fingerprint::SettingsPrint;
pub use keys::{usual_keys, variable};
pub use load::{ConfigDraft, Loaded, Overrides, SourceFile, Sources, config_path, read_text};
pub use mirror::{DatabaseSettings, MirrorSettings, PortalSettings};
pub use permissions::store_warning;
pub use places::{Environment, Places, crash_report, language_of, symbols_of, theme_of};
pub use secret::SecretSource;
pub use theme::{
    ColourDepth, ThemeColour, ThemeFile, ThemeRole, ThemeWish, colours_of, on_ground, theme_files,
};
pub use toml_fault::TomlFault;

/// All settings, checked. Every module takes only the part it needs. By default, those of nobody: without an address.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// How to reach 1C.
    pub onec: ConnectionSettings,
    /// What this configuration of 1C calls things.
    pub names: Names,
    /// What to sync, and when.
    pub sync: Sync,
    /// Which rule gives the points.
    pub points: PointsRule,
    /// Where the store is.
    pub store: PathBuf,
    /// How the program shows itself.
    pub ui: Ui,
    /// What is written down of what happens.
    pub log: Log,
    /// Who may reach the engine, and where.
    pub engine: EngineSettings,
    /// Where what was synced is mirrored.
    pub mirror: MirrorSettings,
    /// What the shop's portal shows.
    pub portal: PortalSettings,
    /// Keys that other actions than usual are on.
    pub keys: Vec<KeyWish>,
}

/// Keys for an action of the dashboard. What the names mean is the dashboard's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyWish {
    /// The action's name: the key below `[keys]`.
    pub action: &'static str,
    /// The keys, as written.
    pub keys: Vec<String>,
    /// Where.
    pub at: SettingOrigin,
}

/// What to sync, and when.
#[derive(Clone, Debug)]
pub struct Sync {
    /// Window of purchases in days; 0 is all history.
    pub days: u32,
    /// Cards to read; 0 is all.
    pub limit: u64,
    /// How often the dashboard syncs by itself; `None`: only when asked.
    pub every: Option<Duration>,
    /// Hours in which none begins by itself.
    pub quiet: Option<QuietHours>,
    /// How much later at most one begins, at random.
    pub jitter: Duration,
    /// Everything is read again after so long a time, though deltas were asked for.
    pub full_every: Duration,
    /// The last so long a time is read again by every delta, with the future.
    pub recent: Duration,
    /// How long a sync that was cut off may be taken up again.
    pub resume_within: Duration,
    /// Age at which stored figures are called stale.
    pub stale_after: Duration,
    /// Pause before the second look at a sudden loss.
    pub second_look_after: Duration,
    /// A command of the shell for whoever wants to hear of failed syncs, of variances and of old data.
    pub on_event: Option<String>,
    /// Words that make a product packaging.
    pub packaging: Packaging,
}

/// The words that make a product packaging unless configured otherwise.
const PACKAGING: [&str; 16] = [
    "мешочек",
    "мешок",
    "пакет",
    "салфетка",
    "коробка",
    "упаковка",
    "конверт",
    "футляр",
    "чехол",
    "обертка",
    "bag",
    "box",
    "pack",
    "wrap",
    "case",
    "pouch",
];

impl Default for Sync {
    fn default() -> Self {
        Self {
            days: 365,
            limit: 0,
            every: None,
            quiet: None,
            jitter: Duration::ZERO,
            full_every: Duration::from_secs(7 * 86_400),
            recent: Duration::from_secs(3 * 86_400),
            resume_within: Duration::from_secs(6 * 3_600),
            stale_after: Duration::from_secs(86_400),
            second_look_after: Duration::from_secs(30),
            on_event: None,
            packaging: Packaging::new(PACKAGING),
        }
    }
}

/// Who may reach the engine, and where.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// Its socket; `None`: beside the store, called like it.
    pub socket: Option<PathBuf>,
    /// Whether a dashboard starts one where none runs.
    pub is_on_demand: bool,
    /// How long such a one goes on that nobody needs.
    pub linger: Duration,
    /// Where it listens for TCP; `None`: nowhere.
    pub listen: Option<SocketAddr>,
    /// The file of the token that may do everything.
    pub token_file: Option<PathBuf>,
    /// The same as a credential of systemd.
    pub token_credential: Option<SecretSource>,
    /// The file of the token that may only read.
    pub read_token_file: Option<PathBuf>,
    /// Whose members may use the socket beside its owner.
    pub group: Option<String>,
    /// Its certificate for TLS by TCP, with those of the authorities behind it, in PEM.
    pub certificate_file: Option<PathBuf>,
    /// The private key of that, in PEM.
    pub key_file: Option<PathBuf>,
    /// Whether a proxy in front of it brings TLS.
    pub is_behind_proxy: bool,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            socket: None,
            is_on_demand: true,
            linger: Duration::from_secs(10),
            listen: None,
            token_file: None,
            token_credential: None,
            read_token_file: None,
            group: None,
            certificate_file: None,
            key_file: None,
            is_behind_proxy: false,
        }
    }
}

/// What is written down of what happens, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The file; `None` where there is nowhere to put it.
    pub file: Option<PathBuf>,
    /// What is worth a line.
    pub level: LogLevel,
    /// How lines are written.
    pub format: LogFormat,
    /// MiB of one file; a full one gets a number.
    pub size: u32,
    /// Files kept, the one that is written included.
    pub files: u32,
}

impl Default for Log {
    fn default() -> Self {
        Self { file: None, level: LogLevel::default(), format: LogFormat::default(), size: 5, files: 4 }
    }
}

/// How much something has to matter to be written down: each takes in what stands before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing is.
    Off,
    /// Somebody has to act.
    Error,
    /// Unusual, and dealt with.
    Warn,
    /// Good to know.
    #[default]
    Info,
    /// How it goes, step by step.
    Debug,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: an object a line.
    Json,
}

/// The colours of the dashboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Theme {
    /// The terminal's own colours.
    #[default]
    Terminal,
    /// Its own colours on its own dark background, in 24 bits.
    Night,
    /// Its own colours on its own light background, in 24 bits.
    Day,
    /// No colours, modifiers only.
    Monochrome,
    /// The colours of a theme file, which the settings name.
    Custom,
}

impl Theme {
    /// Those that need no file.
    pub const BUILT_IN: [Self; 4] = [Self::Terminal, Self::Night, Self::Day, Self::Monochrome];
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Terminal, Self::Night, Self::Day, Self::Monochrome, Self::Custom];

    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Night => "night",
            Self::Day => "day",
            Self::Monochrome => "monochrome",
            Self::Custom => "custom",
        }
    }
}

/// What frames, marks and bars are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Symbols {
    /// Lines, blocks and marks of Unicode.
    #[default]
    Unicode,
    /// ASCII alone, for terminals that have nothing else.
    Ascii,
}

/// How the program shows itself.
#[derive(Clone, Debug)]
pub struct Ui {
    /// Language, already decided.
    pub language: Language,
    /// Pause after the last letter before a search starts.
    pub debounce: Duration,
    /// Whether whoever is opened is compared with 1C by itself.
    pub checks_opened: bool,
    /// Colours, already decided (`NO_COLOR` included).
    pub theme: Theme,
    /// The theme file that the settings name.
    pub theme_wish: Option<ThemeWish>,
    /// What it says.
    pub custom: Option<ThemeFile>,
    /// How many colours the terminal has.
    pub colours: ColourDepth,
    /// Nobody decided the colours: what was last chosen on the screen may.
    pub is_theme_free: bool,
    /// Frames, marks and bars, already decided.
    pub symbols: Symbols,
    /// Whether the window's title tells how things stand.
    pub has_title: bool,
    /// Whether the task bar shows the progress of a sync; `None`: where the terminal is known to.
    pub has_progress: Option<bool>,
    /// How the end of a long sync is told.
    pub alert: Alert,
    /// Least time between two frames that show running numbers; `None`: by what kind of line it is.
    pub frame_interval: Option<Duration>,
    /// Where the dashboard keeps its small state; `None` where nothing is kept.
    pub state: Option<PathBuf>,
}

/// How a terminal calls for whoever looks elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alert {
    /// It rings.
    #[default]
    Bell,
    /// It shows a notification (OSC 777).
    Notification,
    /// Not at all.
    Off,
}

impl Ui {
    /// The settings say which colours; where `NO_COLOR` says none, there are none.
    fn decide(&mut self, theme: Theme) {
        if self.is_theme_free {
            (self.theme, self.is_theme_free) = (theme, false);
        }
    }
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            language: Language::default(),
            debounce: Duration::from_millis(150),
            checks_opened: true,
            theme: Theme::default(),
            theme_wish: None,
            custom: None,
            colours: ColourDepth::default(),
            is_theme_free: false,
            symbols: Symbols::default(),
            has_title: true,
            has_progress: None,
            alert: Alert::default(),
            frame_interval: None,
            state: None,
        }
    }
}
