//! The first settings, out of the form of the dashboard: tried as `doctor` tries them, written as `init` writes them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;

use super::init;
use crate::cli::args::{Global, SyncArgs};
use crate::cli::session::{engine_over, overrides};
use crate::config::{self, Config, ConfigDraft, ConfigError, Names};
use crate::dashboard::app::{SetUpStep, SetUpWish, TaskReport};
use crate::dashboard::desk::SetUp;
use crate::dashboard::runtime::TaskContext;
use crate::engine::{BoxFuture, Error};
use crate::report::problem::Scene;
use crate::text::{Problem, Texts};

/// Makes the settings, and keeps what is to be told of them.
#[derive(Debug)]
pub(super) struct FirstSettings {
    global: Global,
    path: PathBuf,
    texts: Texts,
    told: Mutex<Option<String>>,
}

impl FirstSettings {
    /// Settings that are to lie here.
    pub(super) fn at(path: PathBuf, global: &Global, texts: Texts) -> Self {
        Self { global: global.clone(), path, texts, told: Mutex::default() }
    }

    /// What is to be told of the opening balances, where the usual names do not fit.
    pub(super) fn take_told(&self) -> Option<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn make(&self, wish: &SetUpWish, task: &TaskContext) -> Result<(), Problem> {
        let mut config = of_form(wish);
        let tried = self.tried(&mut config).await.map_err(|error| self.texts.config_error(&error))?;
        let engine = engine_over(tried, &self.global).map_err(|error| self.problem(&error))?;
        engine.enter().await.map_err(|error| self.problem(&error))?;
        task.progress(TaskReport::SetUp(SetUpStep::Types));
        let offer = init::asked(&engine, &config.names.opening_balance).await;
        offer.write_into(&mut config);
        config::init(&self.path, config).map_err(|error| self.texts.config_error(&error))?;
        let told = (!offer.is_usual()).then(|| init::told(&offer, self.texts));
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = told;
        Ok(())
    }

    /// The settings as they would be in force, environment and options above them.
    async fn tried(&self, config: &mut Config) -> Result<Config, ConfigError> {
        let text = config::written(config);
        let options = overrides(&self.global, &SyncArgs::default());
        let mut draft = ConfigDraft::of_form(&self.path, &text, options)?;
        init::hurry(&mut draft.config);
        draft.config.names.opening_balance = Names::default().opening_balance;
        draft.resolve().await.map(|loaded| loaded.config)
    }

    fn problem(&self, error: &Error) -> Problem {
        Scene { texts: self.texts, store: None }.of_sync(error)
    }
}

impl SetUp for FirstSettings {
    fn set_up(
        self: Arc<Self>,
        wish: SetUpWish,
        task: TaskContext,
    ) -> BoxFuture<'static, Result<(), Problem>> {
        Box::pin(async move { self.make(&wish, &task).await })
    }
}

/// What the form says, and the defaults.
fn of_form(wish: &SetUpWish) -> Config {
    let mut config = Config::default();
    let onec = &mut config.onec;
    (onec.url, onec.user) = (wish.url.clone(), wish.user.clone());
    onec.password = SecretString::from(wish.password.expose());
    config
}
