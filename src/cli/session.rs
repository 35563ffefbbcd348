//! What every command starts from: settings, phrases, the engine.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::ExitCode;
use super::args::{self, Global};
use super::clock::{SystemClock, reader};
use super::console;
use crate::config::{
    self, Config, ConfigDraft, ConfigError, Overrides, SecretSource, Sources, Symbols, Warning,
};
use crate::dashboard::keys::keymap;
use crate::engine::Error;
use crate::engine::notes_of;
use crate::engine::{BoxFuture, HttpReply, HttpRequest, HttpTransport, Transport, TransportError};
use crate::engine::{Engine, Home};
use crate::engine::{MirrorStanding, Status};
use crate::files::{KeptFile, What, all_of, is_ending, read_at_most};
use crate::report::Reader;
use crate::report::log;
use crate::report::problem::Scene;
use crate::report::{CheckedStatus, MirrorStatus, PublishedStatus, RunningStatus, StatusReport};
use crate::text::{Language, Problem, Texts};

/// A command ends early: it was told why already.
pub(super) struct EarlyEnd(pub(super) ExitCode);

/// The way to the engine, with the words to tell of it.
pub(super) struct Session {
    pub(super) engine: Arc<Engine>,
    pub(super) texts: Texts,
    pub(super) json: bool,
    /// Whether lines are wanted where a bar could be drawn.
    pub(super) plain: bool,
    /// What is to be said of the settings, in words.
    pub(super) warnings: Vec<String>,
    /// The file that settings were read from, where a dashboard may watch it.
    pub(super) settings_file: Option<PathBuf>,
    /// Files nothing is ever written over.
    pub(super) kept: Vec<KeptFile>,
}

impl Session {
    /// How the store stands, as it is told.
    pub(super) fn status_report(&self, status: Status) -> StatusReport {
        let store = self.engine.config().store.clone();
        let counts = status.counts().unwrap_or_default();
        let checked = CheckedStatus {
            cards: status.checked.cards,
            newest: status.checked.newest,
            age: status.checked.newest.and_then(|at| self.engine.age(at)),
            unlisted: status.checked.unlisted,
        };
        let under = status.under;
        let published = status.generation.map(|generation| PublishedStatus {
            generation: generation.id,
            synced_at: generation.synced_at,
            carried: generation.counts.carried,
            oldest_read_at: status.oldest_read_at.unwrap_or(generation.synced_at),
            age: status.age,
            stale: status.is_stale,
            proof: generation.proof,
            full_at: generation.basis.map(|basis| basis.full_at),
            deltas: generation.basis.map_or(0, |basis| basis.deltas),
            cards: generation.counts.cards,
            movements: generation.counts.opening_balances.lines + generation.counts.purchases.lines,
            variances: counts.variances,
            unverified: counts.unverified,
            findings: status.findings.len() as u64,
        });
        let running = status.writer.map(|writer| RunningStatus {
            stage: writer.progress.map(|it| it.stage),
            overall: writer.progress.map(|it| it.overall),
        });
        let left_off = status.left_off.filter(|_| running.is_none());
        let (findings, last_syncs) = (status.findings, status.runs);
        StatusReport {
            store,
            published,
            findings,
            left_off,
            running,
            last_syncs,
            under,
            checked,
            engine: None,
            mirror: status.mirror.map(mirror_status),
            lock: None,
        }
    }

    /// A session that may ask 1C: everything needed must be set.
    pub(super) async fn with_onec(global: &Global, sync: &args::SyncArgs) -> Result<Self, EarlyEnd> {
        Self::resolved(draft(global, sync)?, global).await
    }

    /// A session of the engine.
    pub(super) async fn of_engine(global: &Global, engine: &args::EngineArgs) -> Result<Self, EarlyEnd> {
        let asked = Overrides {
            socket: engine.socket.clone(),
            listen: engine.listen.clone(),
            ..overrides(global, &args::SyncArgs::default())
        };
        Self::resolved(draft_by(global, asked)?, global).await
    }

    async fn resolved(draft: ConfigDraft, global: &Global) -> Result<Self, EarlyEnd> {
        let texts = Texts::new(draft.config.ui.language);
        let kept = kept(&draft);
        begin_log(&draft.config, &kept);
        let loaded = draft.resolve().await.map_err(|error| usage(&error, texts))?;
        let warnings: Vec<_> = loaded.warnings.iter().map(|warning| texts.warning(warning)).collect();
        let warnings: Vec<_> = warnings.into_iter().chain(of_store(&loaded.config, texts)).collect();
        for warning in &warnings {
            console::warn(warning);
        }
        let warnings = warnings.into_iter().chain(tell_log_trouble()).collect();
        let settings_file = loaded.file.clone();
        Ok(Self { warnings, settings_file, kept, ..Self::over(loaded.config, global)? })
    }

    /// A session for commands that ask the store alone: nothing about 1C needs to be set.
    pub(super) fn with_store(global: &Global) -> Result<Self, EarlyEnd> {
        let draft = draft(global, &args::SyncArgs::default())?;
        let kept = kept(&draft);
        begin_log(&draft.config, &kept);
        let loaded = draft.without_onec();
        let texts = Texts::new(loaded.config.ui.language);
        let is_of_files = |warning: &&Warning| matches!(warning, Warning::WritableByOthers { .. });
        let of_files = loaded.warnings.iter().filter(is_of_files).map(|warning| texts.warning(warning));
        of_files.chain(of_store(&loaded.config, texts)).for_each(|warning| console::warn(&warning));
        tell_log_trouble();
        Ok(Self { kept, ..Self::of(loaded.config, Arc::new(NoWay), global) })
    }

    /// A session before there are settings: of no shop, and without a log.
    pub(super) fn before_settings(global: &Global) -> Result<Self, EarlyEnd> {
        let config = draft(global, &args::SyncArgs::default())?.without_onec().config;
        Ok(Self::of(config, Arc::new(NoWay), global))
    }

    /// A session by settings that were checked.
    pub(super) fn over(config: Config, global: &Global) -> Result<Self, EarlyEnd> {
        let texts = Texts::new(config.ui.language);
        let transport = HttpTransport::reading(&config.onec, read_at_most).map_err(|error| {
            if is_ending() {
                return EarlyEnd(ExitCode::Interrupted);
            }
            let problem = Scene { texts, store: None }.of_onec(&error);
            console::problem(&problem, texts);
            EarlyEnd(ExitCode::OneC)
        })?;
        Ok(Self::of(config, Arc::new(transport), global))
    }

    fn of(config: Config, transport: Arc<dyn Transport>, global: &Global) -> Self {
        let texts = Texts::new(config.ui.language);
        let kept = kept_of(&config);
        let home = Home::file(&config.store).told_as(args::words_of_process());
        let engine = Engine::new(config, Arc::new(SystemClock), transport, home);
        Self {
            engine: Arc::new(engine),
            texts,
            json: global.json,
            plain: global.plain,
            settings_file: None,
            warnings: Vec::new(),
            kept,
        }
    }

    /// The same session with output for people.
    pub(super) fn for_people(&self) -> Self {
        Self {
            engine: Arc::clone(&self.engine),
            texts: self.texts,
            json: false,
            plain: self.plain,
            settings_file: self.settings_file.clone(),
            warnings: self.warnings.clone(),
            kept: self.kept.clone(),
        }
    }

    /// Tells what is to be said of the comparisons kept beside the store.
    pub(super) fn tell_remark(&self) {
        if let Some(remark) = self.engine.take_remark() {
            console::tell(&self.texts.checks_remark(&remark));
        }
    }

    /// Prints a result; one that is lost ends the command.
    pub(super) fn print(&self, text: &str) -> Result<(), EarlyEnd> {
        print(text, self.texts)
    }

    /// Who reads.
    pub(super) fn reader(&self) -> Reader {
        reader(self.texts)
    }

    /// A failure in words.
    pub(super) fn problem(&self, error: &Error) -> Problem {
        Scene { texts: self.texts, store: Some(&self.engine.config().store) }.of_sync(error)
    }

    /// Tells a failure that ends the command.
    pub(super) fn ended_by(&self, error: &Error) -> EarlyEnd {
        console::problem(&self.problem(error), self.texts);
        EarlyEnd(exit_code(error))
    }
}

fn mirror_status(it: MirrorStanding) -> MirrorStatus {
    let MirrorStanding { generation, published_at, verified, behind, fault, .. } = it;
    MirrorStatus { generation, published_at, verified, behind, fault }
}

/// Prints a result; one that is lost ends the command.
pub(super) fn print(text: &str, texts: Texts) -> Result<(), EarlyEnd> {
    console::print(text).map_err(|error| output_lost(&error, texts))
}

/// Tells that the result could not be written.
pub(super) fn output_lost(error: &io::Error, texts: Texts) -> EarlyEnd {
    console::problem(&texts.no_output(error), texts);
    EarlyEnd(ExitCode::Usage)
}

/// The files of these settings that nothing is ever written over.
pub(super) fn kept(draft: &ConfigDraft) -> Vec<KeptFile> {
    let mut kept = kept_of(&draft.config);
    kept.extend(draft.file.iter().map(|path| KeptFile { what: What::Settings, path: path.clone() }));
    kept.extend(config::config_path(None).ok().map(|path| KeptFile { what: What::Settings, path }));
    let themes = draft.file.as_deref().map(config::theme_files).unwrap_or_default();
    kept.extend(themes.into_iter().map(|path| KeptFile { what: What::Settings, path }));
    let secret = match &draft.secret {
        Some(SecretSource::File(path)) => Some(path.clone()),
        Some(SecretSource::Credential(name, Some(folder))) => Some(folder.join(name)),
        _ => None,
    };
    kept.extend(secret.map(|path| KeptFile { what: What::Secret, path }));
    kept
}

fn kept_of(config: &Config) -> Vec<KeptFile> {
    let store = KeptFile { what: What::Store, path: config.store.clone() };
    let notes = notes_of(&config.store).into_iter().map(|path| KeptFile { what: What::Note, path });
    let databases = [&config.mirror.database, &config.portal.database];
    let passwords = databases.into_iter().filter_map(|it| it.password_file.clone());
    let tokens = [&config.engine.token_file, &config.engine.read_token_file].into_iter().flatten().cloned();
    let authority = config.onec.ca_file.clone().into_iter().chain(passwords).chain(tokens);
    let authority = authority.map(|path| KeptFile { what: What::Secret, path });
    let log = config.log.file.iter().flat_map(|path| all_of(path, config.log.files));
    let state = config.ui.state.clone().into_iter().chain(config::crash_report()).chain(log);
    let state = state.map(|path| KeptFile { what: What::State, path });
    std::iter::once(store).chain(notes).chain(authority).chain(state).collect()
}

/// Begins the log that the settings want.
pub(super) fn begin_log(config: &Config, kept: &[KeptFile]) {
    let own: Vec<PathBuf> = config.log.file.iter().flat_map(|path| all_of(path, config.log.files)).collect();
    let is_log = |it: &&KeptFile| it.what == What::State && own.contains(&it.path);
    let kept: Vec<KeptFile> = kept.iter().filter(|it| !is_log(it)).cloned().collect();
    console::begin_log(&config.log, &config.store, &kept, Texts::new(config.ui.language));
}

/// There is no log: what happens is of no shop, or of one that is not set up yet.
pub(super) fn begin_no_log() {
    begin_log(&Config::default(), &[]);
}

/// Tells why the log cannot be written, where that is so and not told yet.
pub(super) fn tell_log_trouble() -> Option<String> {
    log::take_trouble().inspect(|words| console::warn(words))
}

/// What is to be said of who else may open the store.
pub(super) fn of_store(config: &Config, texts: Texts) -> Option<String> {
    config::store_warning(&config.store).map(|warning| texts.warning(&warning))
}

/// The transport of commands that never ask 1C: they need no address, no password and no certificates.
struct NoWay;

impl Transport for NoWay {
    fn get(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(std::future::ready(Err(TransportError::Other("this command does not ask 1C".into()))))
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

/// What these options replace.
pub(super) fn overrides(global: &Global, sync: &args::SyncArgs) -> Overrides {
    Overrides {
        store: global.store.clone(),
        days: sync.days,
        limit: sync.limit,
        log_level: global.log_level.clone(),
        log_format: global.log_format.clone(),
        ..Overrides::default()
    }
}

/// An engine over settings that were checked.
pub(super) fn engine_over(config: Config, global: &Global) -> Result<Arc<Engine>, Error> {
    let transport = HttpTransport::new(&config.onec)?;
    Ok(Session::of(config, Arc::new(transport), global).engine)
}

/// Reads the settings, without the password.
pub(super) fn draft(global: &Global, sync: &args::SyncArgs) -> Result<ConfigDraft, EarlyEnd> {
    draft_by(global, overrides(global, sync))
}

fn draft_by(global: &Global, asked: Overrides) -> Result<ConfigDraft, EarlyEnd> {
    let sources = Sources::find(global.config.as_deref(), asked)
        .map_err(|error| usage(&error, Texts::new(Language::default())))?;
    let texts = Texts::new(crate::config::language_of(&sources.environment));
    let mut draft = Config::load(&sources).map_err(|error| usage(&error, texts))?;
    // Whatever the command: a mistake in the settings is told at once, not when the dashboard is opened.
    draft.read_theme().map_err(|error| usage(&error, texts))?;
    keymap(&draft.config.keys).map_err(|error| usage(&error, texts))?;
    if global.ascii {
        draft.config.ui.symbols = Symbols::Ascii;
    }
    Ok(draft)
}

/// Tells a mistake in the settings. What could not be read because somebody stopped us is none.
pub(super) fn usage(error: &ConfigError, texts: Texts) -> EarlyEnd {
    if is_ending() {
        return EarlyEnd(ExitCode::Interrupted);
    }
    console::problem(&texts.config_error(error), texts);
    EarlyEnd(ExitCode::Usage)
}
