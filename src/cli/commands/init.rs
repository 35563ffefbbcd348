//! `sverka init`: writes the settings, and offers the line that names the opening balances of this base.

use std::time::Duration;

use crate::cli::ExitCode;
use crate::cli::args::Global;
use crate::cli::console;
use crate::cli::session::{EarlyEnd, Session, usage};
use crate::config::Names;
use crate::config::{self, Config, ConfigDraft};
use crate::domain::recorder_types::RecorderNames;
use crate::domain::{NamesTrust, TypesInUse};
use crate::engine::Engine;
use crate::text::Texts;

/// Longest wait for 1C in all: whoever begins has time, not patience.
const ASKING: Duration = Duration::from_secs(20);
/// Longest wait for a connection, and for one reply.
const CONNECTING: Duration = Duration::from_secs(3);
const READING: Duration = Duration::from_secs(10);

/// What became of the line that names the opening balances.
pub(super) enum Offer {
    /// The way to 1C is not known yet.
    NotAsked,
    /// 1C did not tell its types of document.
    Untold,
    /// The register has no rows yet.
    Empty,
    /// The usual name fits.
    Usual,
    /// These names do.
    Names(Vec<String>),
    /// These documents may carry balances over: people have to say whether they do.
    Suspects(Vec<String>),
}

pub(super) async fn run(global: &Global) -> Result<ExitCode, EarlyEnd> {
    let texts = console::texts_of_process();
    let path = config::config_path(global.config.as_deref()).map_err(|error| usage(&error, texts))?;
    config::refuse_existing(&path).map_err(|error| usage(&error, texts))?;
    let offer = offer(global).await;
    let mut config = Config::default();
    offer.write_into(&mut config);
    config::init(&path, config).map_err(|error| usage(&error, texts))?;
    console::tell(&texts.with("config-written", &[("path", path.display().to_string().into())]));
    console::tell(&told(&offer, texts));
    Ok(ExitCode::Done)
}

/// Asks 1C for its types of document, where the environment says how.
async fn offer(global: &Global) -> Offer {
    let Ok(mut draft) = ConfigDraft::of_environment() else { return Offer::NotAsked };
    hurry(&mut draft.config);
    // What fits is held against the usual names: those of the file.
    let usual = Names::default().opening_balance;
    draft.config.names.opening_balance.clone_from(&usual);
    let Ok(loaded) = draft.resolve().await else { return Offer::NotAsked };
    let Ok(session) = Session::over(loaded.config, global) else { return Offer::Untold };
    asked(&session.engine, &usual).await
}

/// Nobody waits for a 1C that does not answer.
pub(super) fn hurry(config: &mut Config) {
    let onec = &mut config.onec;
    (onec.connect_timeout, onec.read_timeout, onec.retries) = (CONNECTING, READING, 0);
}

/// Asks 1C for its types of document, and holds these names against them.
pub(super) async fn asked(engine: &Engine, usual: &[String]) -> Offer {
    match tokio::time::timeout(ASKING, engine.types_of_sales()).await {
        Ok(Ok(types)) => of_types(&types, usual),
        Ok(Err(_)) | Err(_) => Offer::Untold,
    }
}

impl Offer {
    /// Puts the names that fit into these settings.
    pub(super) fn write_into(&self, config: &mut Config) {
        if let Self::Names(names) = self {
            config.names.opening_balance.clone_from(names);
        }
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_usual(&self) -> bool {
        matches!(self, Self::Usual)
    }
}

fn of_types(types: &TypesInUse, usual: &[String]) -> Offer {
    if types.types.is_empty() && types.is_complete {
        return Offer::Empty;
    }
    if !types.is_complete || types.has_nameless() {
        return Offer::Untold;
    }
    let names = RecorderNames { opening_balance: usual, ..RecorderNames::default() };
    let suspects: Vec<_> = types.suspects().map(|it| it.bare().to_owned()).collect();
    match (types.trust(names), types.proposal()) {
        (NamesTrust::Trusted, _) => Offer::Usual,
        (_, Some(proposal)) if suspects.iter().all(|it| proposal.contains(it)) => Offer::Names(proposal),
        (_, None) if suspects.is_empty() => Offer::Names(Vec::new()),
        _ => Offer::Suspects(suspects),
    }
}

pub(super) fn told(offer: &Offer, texts: Texts) -> String {
    match offer {
        Offer::NotAsked => texts.get("init-opening-not-asked").into_owned(),
        Offer::Untold => texts.get("init-opening-untold").into_owned(),
        Offer::Empty => texts.get("init-opening-empty").into_owned(),
        Offer::Usual => {
            let line = config::opening_balance_line(&Names::default().opening_balance);
            texts.with("init-opening-usual", &[("line", line.into())])
        }
        Offer::Names(names) => {
            let key = if names.is_empty() { "init-opening-none" } else { "init-opening-written" };
            texts.with(key, &[("line", config::opening_balance_line(names).into())])
        }
        Offer::Suspects(types) => texts.with("init-opening-suspects", &[("types", types.join(", ").into())]),
    }
}
