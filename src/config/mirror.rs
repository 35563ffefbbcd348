//! Databases of PostgreSQL's kind: where what was synced is mirrored, and where the portal keeps what it shows.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sverka_postgres::{Flavour, Settings};

use super::error::ConfigError;
use super::places::Environment;
use super::secret::SecretSource;

/// What `libpq` goes by, too, where the address leaves something open.
const VARIABLES: [&str; 7] =
    ["PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGSSLMODE", "PGSSLROOTCERT"];

/// A database, and how to get there.
#[derive(Clone, Debug, Default)]
pub struct DatabaseSettings {
    /// Its address; `None`: there is none.
    pub url: Option<String>,
    /// A credential of systemd with the password.
    pub password_credential: Option<SecretSource>,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
    /// A command that prints the password.
    pub password_command: Option<String>,
    /// The password itself.
    pub password: Option<SecretString>,
    /// What `libpq`'s variables say.
    variables: BTreeMap<&'static str, SecretString>,
}

/// Where what was synced is mirrored.
#[derive(Clone, Debug, Default)]
pub struct MirrorSettings {
    /// The database.
    pub database: DatabaseSettings,
    /// The schema, where it is not the usual one.
    pub schema: Option<String>,
    /// Which kind of database it is.
    pub flavour: Flavour,
    /// The role that may read it, where it is not the usual one.
    pub reader: Option<String>,
}

/// What the shop's portal shows, and how to ask for it. Each query has two columns: by what the customer is known, and the figure.
#[derive(Clone, Debug, Default)]
pub struct PortalSettings {
    /// The database.
    pub database: DatabaseSettings,
    /// The query of totals, where it is not the usual one; so with the others.
    pub total: Option<String>,
    /// Of purchases.
    pub purchases: Option<String>,
    /// Of opening balances.
    pub opening_balance: Option<String>,
    /// Of points.
    pub points: Option<String>,
    /// Of towns.
    pub city: Option<String>,
}

impl PortalSettings {
    /// How long one query may take.
    pub const TIMEOUT: Duration = Duration::from_secs(30);

    /// The query of totals, roubles. The usual ones are those of the portal that counts in kopecks.
    pub fn total(&self) -> &str {
        let usual = "select discount_card_id_1c, total_spent::numeric / 100 from users where discount_card_id_1c is not null";
        self.total.as_deref().unwrap_or(usual)
    }

    /// The query of purchases, roubles.
    pub fn purchases(&self) -> &str {
        let usual = "select u.discount_card_id_1c, sum(h.total_amount)::numeric / 100 from purchase_history h \
                     join users u on u.id = h.user_id group by u.discount_card_id_1c";
        self.purchases.as_deref().unwrap_or(usual)
    }

    /// The query of opening balances, roubles; empty: the portal has no place for them.
    pub fn opening_balance(&self) -> &str {
        self.opening_balance.as_deref().unwrap_or_default()
    }

    /// The query of points.
    pub fn points(&self) -> &str {
        let usual =
            "select discount_card_id_1c, loyalty_points from users where discount_card_id_1c is not null";
        self.points.as_deref().unwrap_or(usual)
    }

    /// The query of towns.
    pub fn city(&self) -> &str {
        let usual = "select discount_card_id_1c, city from users where discount_card_id_1c is not null";
        self.city.as_deref().unwrap_or(usual)
    }
}

impl DatabaseSettings {
    pub(super) fn read_variables(&mut self, environment: &Environment) {
        let set = VARIABLES.into_iter().filter_map(|name| Some((name, environment.get(name)?)));
        self.variables = set.map(|(name, value)| (name, value.to_owned().into())).collect();
    }

    /// Fetches the password, and checks the address. `None` where there is none. `section` is where it is set.
    pub async fn resolve(
        &self,
        section: &str,
    ) -> Result<Option<Result<Settings, sverka_postgres::Error>>, ConfigError> {
        let Some(url) = &self.url else { return Ok(None) };
        let password = match self.source() {
            Some(source) => Some(source.fetch().await.map_err(|error| of_section(error, section))?),
            None => None,
        };
        let variable = |name: &str| self.variables.get(name).map(|value| value.expose_secret().to_owned());
        Ok(Some(Settings::of(url, password.as_ref(), variable)))
    }

    /// A way to the password replaces those of weaker layers altogether.
    pub(super) fn keep_one_secret(&mut self, key: Option<&str>) {
        let name = key.and_then(|key| key.split_once('.')).map(|(_, name)| name);
        if name != Some("password_credential") {
            self.password_credential = None;
        }
        if name != Some("password_file") {
            self.password_file = None;
        }
        if name != Some("password_command") {
            self.password_command = None;
        }
        if name != Some("password") {
            self.password = None;
        }
    }

    fn without_password(&self) -> Option<Result<Settings, sverka_postgres::Error>> {
        let url = self.url.as_ref()?;
        let variable = |name: &str| self.variables.get(name).map(|value| value.expose_secret().to_owned());
        Some(Settings::of(url, None, variable))
    }

    /// The way to the password.
    fn source(&self) -> Option<SecretSource> {
        let file = || Some(SecretSource::File(self.password_file.clone()?));
        let command = || Some(SecretSource::Command(self.password_command.clone()?.into()));
        let given = || Some(SecretSource::Given(self.password.clone()?));
        self.password_credential.clone().or_else(file).or_else(command).or_else(given)
    }
}

impl MirrorSettings {
    /// Which mirror it is, by its address alone; `None` where there is none.
    pub fn place(&self) -> Option<String> {
        let settings = self.database.without_password()?;
        Some(settings.map_or_else(|_| String::new(), |settings| self.fill_in(settings).place()))
    }

    /// Where the mirror is; `None` where there is none.
    pub async fn resolve(&self) -> Result<Option<Result<Settings, sverka_postgres::Error>>, ConfigError> {
        let settings = self.database.resolve("mirror").await?;
        Ok(settings.map(|settings| settings.map(|settings| self.fill_in(settings))))
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
}

/// The same failure of this password, not of 1C's.
fn of_section(error: ConfigError, section: &str) -> ConfigError {
    match error {
        ConfigError::SecretUnusable { .. } if section == "portal" => {
            ConfigError::SecretUnusable { key: "portal.password" }
        }
        ConfigError::SecretUnusable { .. } => ConfigError::SecretUnusable { key: "mirror.password" },
        other => other,
    }
}
