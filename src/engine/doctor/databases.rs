//! The databases beside 1C and the store: where the mirror is, and the portal's.

use std::time::Duration;

use super::super::Engine;
use super::super::mirror::MirrorError;
use super::{Check, CheckOutcome, CheckResult, Fact, finding};

/// How long one query of the portal may take here.
const TIMEOUT: Duration = Duration::from_secs(10);

impl Engine {
    /// Of the mirror and of the portal, where there are any.
    pub(super) async fn databases(&self) -> Vec<CheckResult> {
        let mirror = match self.mirror_settings().await {
            Err(MirrorError::NotConfigured) => None,
            Err(error) => Some(CheckOutcome::Refused(error)),
            Ok(settings) => Some(self.mirror_found(&settings).await),
        };
        let portal = self.portal_found().await;
        let mirror = mirror.map(|it| finding(Check::Mirror, it));
        mirror.into_iter().chain(portal.map(|it| finding(Check::Portal, it))).collect()
    }

    async fn mirror_found(&self, settings: &sverka_postgres::Settings) -> CheckOutcome {
        let found = match sverka_postgres::examine(settings).await {
            Ok(found) => found,
            Err(error) => return CheckOutcome::Refused(error.into()),
        };
        let flavour = found.flavour.name();
        match found.shown {
            Some((generation, false)) => {
                CheckOutcome::Warning(Fact::MirrorUnverified(found.version, generation.unsigned_abs()))
            }
            shown => {
                let shown = shown.map(|(generation, _)| generation.unsigned_abs());
                CheckOutcome::Ok(Fact::MirrorFound(found.version, flavour, shown))
            }
        }
    }

    async fn portal_found(&self) -> Option<CheckOutcome> {
        let portal = &self.config.portal;
        let settings = match portal.database.resolve("portal").await {
            Err(error) => return Some(CheckOutcome::Refused(MirrorError::Settings(error))),
            Ok(settings) => settings?,
        };
        let settings = match settings {
            Err(error) => return Some(CheckOutcome::Refused(error.into())),
            Ok(settings) => settings,
        };
        let queries = portal.queries();
        let texts: Vec<&str> = queries.iter().map(|(_, text)| text.as_str()).collect();
        Some(match sverka_postgres::probe(&settings, &texts, TIMEOUT).await {
            Ok(false) => CheckOutcome::Ok(Fact::PortalAnswers(queries.len())),
            Ok(true) => CheckOutcome::Warning(Fact::PortalMayWrite(queries.len())),
            Err((None, error)) => CheckOutcome::Refused(error.into()),
            Err((Some(number), error)) => {
                let key = queries.get(number).map(|(figure, _)| figure.key()).unwrap_or_default();
                CheckOutcome::Missing(Fact::PortalQuery(key, error.to_string()))
            }
        })
    }
}
