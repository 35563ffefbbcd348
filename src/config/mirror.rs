//! Where what was synced is mirrored: a database of PostgreSQL's kind.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};
use sverka_postgres::{Flavour, Settings};

use super::error::ConfigError;
use super::places::Environment;
use super::secret::SecretSource;

/// What `libpq` goes by, too, where the address leaves something open.
const VARIABLES: [&str; 7] =
    ["PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGSSLMODE", "PGSSLROOTCERT"];

/// Where what was synced is mirrored, and how to get there.
#[derive(Clone, Debug, Default)]
pub struct MirrorSettings {
    /// The address of the database; `None`: there is no mirror.
    pub url: Option<String>,
    /// A credential of systemd with the password.
    pub password_credential: Option<SecretSource>,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
    /// A command that prints the password.
    pub password_command: Option<String>,
    /// The password itself.
    pub password: Option<SecretString>,
    /// The schema, where it is not the usual one.
    pub schema: Option<String>,
    /// Which kind of database it is.
    pub flavour: Flavour,
    /// The role that may read it, where it is not the usual one.
    pub reader: Option<String>,
    /// What `libpq`'s variables say.
    variables: BTreeMap<&'static str, SecretString>,
}

impl MirrorSettings {
    pub(super) fn read_variables(&mut self, environment: &Environment) {
        let set = VARIABLES.into_iter().filter_map(|name| Some((name, environment.get(name)?)));
        self.variables = set.map(|(name, value)| (name, value.to_owned().into())).collect();
    }

    /// Fetches the password, and checks the address. `None` where there is no mirror.
    pub async fn resolve(&self) -> Result<Option<Result<Settings, sverka_postgres::Error>>, ConfigError> {
        let Some(url) = &self.url else { return Ok(None) };
        let password = match self.source() {
            Some((key, source)) => Some(source.fetch().await.map_err(|error| of_key(error, key))?),
            None => None,
        };
        let variable = |name: &str| self.variables.get(name).map(|value| value.expose_secret().to_owned());
        Ok(Some(Settings::of(url, password.as_ref(), variable).map(|settings| self.fill_in(settings))))
    }

    fn fill_in(&self, mut settings: Settings) -> Settings {
        settings.flavour = self.flavour;
        if let Some(schema) = &self.schema {
            settings.schema.clone_from(schema);
        }
        if let Some(reader) = &self.reader {
            settings.reader.clone_from(reader);
        }
        settings
    }

    /// The first way to the password that is set, with its key.
    fn source(&self) -> Option<(&'static str, SecretSource)> {
        let credential = || Some(("mirror.password_credential", self.password_credential.clone()?));
        let file = || Some(("mirror.password_file", SecretSource::File(self.password_file.clone()?)));
        let command = || {
            let command = self.password_command.clone()?;
            Some(("mirror.password_command", SecretSource::Command(command.into())))
        };
        let given = || Some(("mirror.password", SecretSource::Given(self.password.clone()?)));
        credential().or_else(file).or_else(command).or_else(given)
    }
}

/// The same failure of this password, not of 1C's.
fn of_key(error: ConfigError, key: &'static str) -> ConfigError {
    match error {
        ConfigError::SecretUnusable { .. } => ConfigError::SecretUnusable { key },
        other => other,
    }
}
