//! The dashboard as a command: how it shows itself, and how it is left.

use std::sync::Arc;
use std::time::Duration;

use super::ExitCode;
use super::args::Global;
use super::clock::{SystemClock, offset_at};
use super::console;
use super::remote::RemoteDesk;
use super::session::{EarlyEnd, Session, usage};
use super::signals::is_hung_up;
use crate::config::{Config, Symbols};
use crate::dashboard::app::journal::EARLIER;
use crate::dashboard::app::{self, FirstRun, FirstSync, Kept};
use crate::dashboard::desk::{Desk, DeskSetting, SetUp, SettingsWatch, memory};
use crate::dashboard::keys::keymap;
use crate::dashboard::runtime::{self, Backend, Exit};
use crate::engine::Clock;
use crate::report::log;
use crate::text::Texts;

/// Least time between two frames of running numbers: on this machine, and over a slow line.
const LOCAL_FRAME: Duration = Duration::from_millis(100);
const REMOTE_FRAME: Duration = Duration::from_millis(250);

/// How the dashboard shows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// On the whole screen.
    Screen,
    /// In lines.
    Lines,
}

impl Face {
    /// Lines where they are asked for.
    pub(super) fn of(is_plain: bool) -> Self {
        if is_plain { Self::Lines } else { Self::Screen }
    }
}

/// Over a slow line.
const SLOW_FRAME: Duration = Duration::from_secs(2);

/// What kind of dashboard is shown.
#[derive(Clone, Debug)]
pub(super) struct Show {
    is_demo: bool,
    face: Face,
    is_line_slow: bool,
    first_sync: FirstSync,
    first_run: Option<FirstRun>,
    set_up: Option<Arc<dyn SetUp>>,
    global: Global,
}

impl Show {
    /// Over the settings.
    pub(super) fn usual(global: &Global) -> Self {
        Self {
            is_demo: false,
            face: Face::of(global.plain),
            is_line_slow: global.low_bandwidth,
            first_sync: FirstSync::Awaited,
            first_run: None,
            set_up: None,
            global: global.clone(),
        }
    }

    /// Over the demo, whose first sync starts by itself.
    pub(super) fn demo(global: &Global) -> Self {
        Self { is_demo: true, first_sync: FirstSync::Begun, ..Self::usual(global) }
    }

    /// Before there are settings; who makes them.
    pub(super) fn first_run(global: &Global, first_run: FirstRun, set_up: Arc<dyn SetUp>) -> Self {
        Self { first_run: Some(first_run), set_up: Some(set_up), ..Self::usual(global) }
    }

    /// Over settings that were made just now.
    pub(super) fn begun(global: &Global) -> Self {
        Self { first_sync: FirstSync::Offered, ..Self::usual(global) }
    }
}

/// How the user left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// For the shell, with this code.
    For(ExitCode),
    /// For the demo.
    ForDemo,
    /// For the dashboard over settings that were made.
    ForSettings,
}

impl Left {
    /// The code for the shell, from where nobody leaves for the demo.
    pub(super) fn code(self) -> ExitCode {
        match self {
            Self::For(code) => code,
            Self::ForDemo | Self::ForSettings => ExitCode::Done,
        }
    }
}

/// Runs the dashboard until the user leaves.
pub(super) async fn run(session: &Session, show: Show) -> Result<Left, EarlyEnd> {
    if show.face == Face::Screen && std::env::var_os("TERM").is_some_and(|kind| kind == "dumb") {
        console::problem(&session.texts.problem("terminal-dumb", &[]), session.texts);
        return Err(EarlyEnd(ExitCode::Usage));
    }
    let config = session.engine.config();
    let keys = keymap(&config.keys).map_err(|error| usage(&error, session.texts))?;
    let kept = config.ui.state.as_deref().map(memory::load).unwrap_or_default();
    // Colours that the settings or NO_COLOR decide are not what was chosen on the screen.
    let kept = if config.ui.is_theme_free { kept } else { Kept { theme: None, ..kept } };
    let settings = runtime::DashboardSettings {
        language: config.ui.language,
        frame_interval: config.ui.frame_interval.unwrap_or_else(|| frame_interval(&show)),
        symbols: config.ui.symbols,
        custom: config.ui.custom.clone(),
        colours: config.ui.colours,
        in_tmux: std::env::var_os("TMUX").is_some_and(|value| !value.is_empty()),
        signs: signs(config),
        app: app::ModelSettings {
            debounce: config.ui.debounce,
            every: config.sync.every,
            quiet: config.sync.quiet.map(|hours| (hours, config.onec.timezone)),
            checks_opened: config.ui.checks_opened,
            first_sync: show.first_sync,
            warnings: session.warnings.clone(),
            keys: keys.worded(|id| session.texts.get(id).into_owned()),
            theme: config.ui.theme,
        },
        kept,
        earlier: config.log.file.as_deref().map(|path| log::earlier(path, EARLIER)).unwrap_or_default(),
        first_run: show.first_run.clone(),
    };
    let setting = DeskSetting {
        is_demo: show.is_demo,
        bases: 1,
        set_up: show.set_up.clone(),
        settings: session.settings_file.clone().map(SettingsWatch::new),
        offset_at,
    };
    let desk = Desk::new(Arc::clone(&session.engine), session.texts, setting);
    let now = || {
        let now = SystemClock.now();
        now.with_timezone(&offset_at(now))
    };
    let remote = RemoteDesk::new(desk.clone(), Arc::clone(&session.engine), session.texts, &show.global);
    // The demo lives in this process, and before there are settings there is nothing to own.
    let is_alone = show.is_demo || show.first_run.is_some() || show.global.no_engine;
    let backend: Arc<dyn Backend> = if is_alone { Arc::new(desk) } else { Arc::new(remote.clone()) };
    let exit = match show.face {
        Face::Screen => runtime::run(backend, settings, now).await,
        Face::Lines => runtime::run_plain(backend, settings, now, std::io::stdout()).await,
    };
    if remote.leaves_sync() && !is_hung_up() {
        console::tell(&session.texts.get("engine-sync-goes-on"));
    }
    match exit {
        Ok(Exit::Quit) => Ok(Left::For(ExitCode::Done)),
        Ok(Exit::Demo) => Ok(Left::ForDemo),
        Ok(Exit::BegunAnew) => Ok(Left::ForSettings),
        Ok(Exit::Interrupted) => Ok(Left::For(ExitCode::Interrupted)),
        Err(error) => Err(no_screen(&error, session.texts)),
    }
}

/// Signs are words of UTF-8: where the screen does without, so do they.
fn signs(config: &Config) -> runtime::SignSettings {
    let knows_progress = || runtime::knows_progress(|name| std::env::var(name).ok());
    runtime::SignSettings {
        has_title: config.ui.has_title && config.ui.symbols == Symbols::Unicode,
        has_progress: config.ui.has_progress.unwrap_or_else(knows_progress),
        alert: config.ui.alert,
    }
}

fn frame_interval(show: &Show) -> Duration {
    let is_remote = ["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| std::env::var_os(name).is_some());
    match (show.is_line_slow, is_remote) {
        (true, _) => SLOW_FRAME,
        (false, true) => REMOTE_FRAME,
        (false, false) => LOCAL_FRAME,
    }
}

fn no_screen(error: &runtime::Error, texts: Texts) -> EarlyEnd {
    let problem = match error {
        runtime::Error::NotATerminal => texts.problem("not-a-terminal", &[]),
        runtime::Error::Terminal(error) => {
            texts.problem("terminal-failed", &[("what", error.to_string().into())])
        }
    };
    console::problem(&problem, texts);
    EarlyEnd(ExitCode::Usage)
}
