//! What every command starts from: settings, phrases, the engine.

use std::path::Path;
use std::sync::Arc;

use super::args::{self, Global};
use super::clock::{SystemClock, offset_at};
use super::console::Console;
use super::ExitCode;
use crate::config::{Config, ConfigError, Draft, Loaded, Overrides, Sources};
use crate::engine::{Clock, Engine, Home};
use crate::odata::HttpTransport;
use crate::report::problem::Scene;
use crate::report::{Reader, summary};
use crate::store;
use crate::sync::Error;
use crate::text::{Language, Problem, Texts};

/// A command ends early: it was told why already.
pub(super) struct Ended(pub(super) ExitCode);

/// The way to the engine, with the words to tell of it.
pub(super) struct Session {
    pub(super) engine: Arc<Engine>,
    pub(super) texts: Texts,
    pub(super) json: bool,
}

impl Session {
    /// A session that may ask 1C: everything needed must be set.
    pub(super) async fn with_onec(global: &Global, sync: &args::Sync) -> Result<Self, Ended> {
        let draft = draft(global, sync)?;
        let texts = Texts::new(draft.config.ui.language);
        let loaded = draft.resolve().await.map_err(|error| usage(&error, texts))?;
        Self::of(&loaded, global.json)
    }

    /// A session for commands that ask the store alone: nothing about 1C needs to be set.
    pub(super) fn with_store(global: &Global) -> Result<Self, Ended> {
        let loaded = draft(global, &args::Sync::default())?.without_onec();
        Self::of(&loaded, global.json)
    }

    fn of(loaded: &Loaded, json: bool) -> Result<Self, Ended> {
        let texts = Texts::new(loaded.config.ui.language);
        for warning in &loaded.warnings {
            Console.tell(&texts.warning(warning));
        }
        Self::over(loaded.config.clone(), json)
    }

    /// A session by settings made elsewhere.
    pub(super) fn over(config: Config, json: bool) -> Result<Self, Ended> {
        let texts = Texts::new(config.ui.language);
        let home = Home::file(&config.store);
        let transport = HttpTransport::new(&config.onec).map_err(|error| {
            let problem = Scene { texts, store: None }.of_onec(&error);
            Console.tell(&summary::problem(&problem, texts));
            Ended(ExitCode::OneC)
        })?;
        let engine = Engine::new(config, Arc::new(SystemClock), Arc::new(transport), home);
        Ok(Self { engine: Arc::new(engine), texts, json })
    }

    /// Who reads.
    pub(super) fn reader(&self) -> Reader {
        Reader { texts: self.texts, offset: offset_at(SystemClock.now()) }
    }

    /// A failure in words.
    pub(super) fn problem(&self, error: &Error) -> Problem {
        Scene { texts: self.texts, store: Some(self.store()) }.of_sync(error)
    }

    /// Tells a failure that ends the command.
    pub(super) fn ended_by(&self, error: &Error) -> Ended {
        Console.tell(&summary::problem(&self.problem(error), self.texts));
        Ended(exit_code(error))
    }

    fn store(&self) -> &Path {
        &self.engine.config().store
    }
}

/// What a failure says to the shell.
pub(super) fn exit_code(error: &Error) -> ExitCode {
    match error {
        Error::Store(_) => ExitCode::Store,
        Error::Cancelled => ExitCode::Interrupted,
        _ => ExitCode::OneC,
    }
}

/// Whether the store holds nothing yet.
pub(super) fn is_before_first_sync(error: &Error) -> bool {
    matches!(error, Error::Store(store::Error::NotFound))
}

/// Reads the settings, without the password.
pub(super) fn draft(global: &Global, sync: &args::Sync) -> Result<Draft, Ended> {
    let overrides = Overrides { store: global.store.clone(), days: sync.days, limit: sync.limit };
    let sources = Sources::find(global.config.as_deref(), overrides)
        .map_err(|error| usage(&error, Texts::new(Language::default())))?;
    let texts = Texts::new(crate::config::language_of(&sources.environment));
    Config::load(&sources).map_err(|error| usage(&error, texts))
}

/// Tells a mistake in the settings.
pub(super) fn usage(error: &ConfigError, texts: Texts) -> Ended {
    Console.tell(&summary::problem(&texts.config_error(error), texts));
    Ended(ExitCode::Usage)
}
