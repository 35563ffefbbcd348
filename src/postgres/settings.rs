//! Where the database is, and how to reach it.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::config::{Host, SslMode};

use crate::Error;

/// Which of its kind the database is, where the SQL differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flavour {
    /// As the database says of itself.
    #[default]
    Auto,
    /// PostgreSQL itself.
    Postgres,
    /// `CockroachDB`.
    Cockroach,
    /// `YugabyteDB`.
    Yugabyte,
    /// PostgreSQL with Citus: tables are distributed by the key of the card.
    Citus,
}

impl Flavour {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Postgres => "postgres",
            Self::Cockroach => "cockroach",
            Self::Yugabyte => "yugabyte",
            Self::Citus => "citus",
        }
    }
}

/// Whether the connection is made secure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// The certificate is one of a known authority and names the host.
    VerifyFull,
    /// In clear.
    Off,
}

/// Where the database is, and how to reach it.
#[derive(Clone, Debug)]
pub struct Settings {
    config: tokio_postgres::Config,
    /// Whether the connection is made secure.
    pub tls: TlsMode,
    /// Certificates of authorities, PEM; the system's where there are none.
    pub authorities: Option<PathBuf>,
    /// The schema of the mirror.
    pub schema: String,
    /// Which kind of database it is.
    pub flavour: Flavour,
    /// A role that may read the mirror, where it exists.
    pub reader: String,
    /// How long a process that says nothing is believed to publish still.
    pub lease: Duration,
    /// How long a connection that breaks is tried again.
    pub patience: Duration,
}

/// Where PostgreSQL keeps its socket.
const SOCKETS: &str = "/var/run/postgresql";
const CONNECT: Duration = Duration::from_secs(10);

impl Settings {
    /// Reads an address, a URL or `libpq`'s pairs; what it leaves open is taken from `libpq`'s variables.
    pub fn of(
        address: &str,
        password: Option<&SecretString>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        let (bare, mut options) = without_tls(address);
        let syntax = |error: tokio_postgres::Error| Error::Address(crate::error::words_of(&error));
        let mut config: tokio_postgres::Config = bare.parse().map_err(syntax)?;
        if config.get_password().is_some() {
            return Err(Error::PasswordInAddress);
        }
        fill_in(&mut config, &variable)?;
        if let Some(password) =
            password.map(|it| it.expose_secret().to_owned()).or_else(|| variable("PGPASSWORD"))
        {
            config.password(password);
        }
        options.mode = options.mode.or_else(|| variable("PGSSLMODE"));
        options.authorities = options.authorities.or_else(|| variable("PGSSLROOTCERT"));
        let tls = tls_of(options.mode.as_deref(), is_here(&config))?;
        config.ssl_mode(if tls == TlsMode::Off { SslMode::Disable } else { SslMode::Require });
        config.connect_timeout(CONNECT).application_name("sverka");
        Ok(Self {
            config,
            tls,
            authorities: options.authorities.map(PathBuf::from),
            schema: "sverka".to_owned(),
            flavour: Flavour::Auto,
            reader: "sverka_reader".to_owned(),
            lease: Duration::from_secs(20),
            patience: Duration::from_secs(30),
        })
    }

    pub(crate) fn config(&self) -> &tokio_postgres::Config {
        &self.config
    }

    /// The host, without login or password.
    pub fn host(&self) -> String {
        match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            Some(Host::Unix(path)) => path.display().to_string(),
            None => String::new(),
        }
    }

    /// Where the mirror is, so that another one is told from it: host, database and schema.
    pub fn place(&self) -> String {
        format!("{} {} {}", self.host(), self.config.get_dbname().unwrap_or_default(), self.schema)
    }

    /// The schema, as SQL has it.
    pub(crate) fn quoted_schema(&self) -> String {
        quoted(&self.schema)
    }
}

/// A name as SQL has it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What the address says of TLS.
#[derive(Default)]
struct TlsOptions {
    mode: Option<String>,
    authorities: Option<String>,
}

impl TlsOptions {
    /// Takes an option that the library does not know as we do; what is left is for the library.
    fn take(&mut self, option: &str) -> bool {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = Some(value.to_owned());
        match name {
            "sslmode" => self.mode = value,
            "sslrootcert" => self.authorities = value,
            _ => return false,
        }
        true
    }
}

fn without_tls(address: &str) -> (String, TlsOptions) {
    let mut options = TlsOptions::default();
    let is_url = address.starts_with("postgres://") || address.starts_with("postgresql://");
    let bare = match address.split_once('?') {
        Some((before, query)) if is_url => {
            let left: Vec<_> = query.split('&').filter(|option| !options.take(option)).collect();
            if left.is_empty() { before.to_owned() } else { format!("{before}?{}", left.join("&")) }
        }
        _ if is_url => address.to_owned(),
        _ => {
            let left: Vec<_> = address.split_whitespace().filter(|option| !options.take(option)).collect();
            left.join(" ")
        }
    };
    (bare, options)
}

fn fill_in(
    config: &mut tokio_postgres::Config,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<(), Error> {
    if config.get_hosts().is_empty() {
        let found = if Path::new(SOCKETS).is_dir() { SOCKETS } else { "localhost" };
        config.host(variable("PGHOST").unwrap_or_else(|| found.to_owned()));
    }
    if config.get_ports().is_empty()
        && let Some(port) = variable("PGPORT")
    {
        config.port(port.parse().map_err(|_| Error::Address(format!("PGPORT={port}")))?);
    }
    if config.get_user().is_none()
        && let Some(user) = variable("PGUSER")
    {
        config.user(user);
    }
    if config.get_dbname().is_none()
        && let Some(name) = variable("PGDATABASE")
    {
        config.dbname(name);
    }
    Ok(())
}

/// Whether all hosts are this machine.
fn is_here(config: &tokio_postgres::Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    })
}

fn tls_of(asked: Option<&str>, is_here: bool) -> Result<TlsMode, Error> {
    match asked {
        Some("disable") => Ok(TlsMode::Off),
        Some("verify-full") => Ok(TlsMode::VerifyFull),
        None => Ok(if is_here { TlsMode::Off } else { TlsMode::VerifyFull }),
        Some(other) => Err(Error::Address(format!("sslmode={other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str, variables: &[(&str, &str)]) -> Result<Settings, Error> {
        let variable = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::of(address, None, variable)
    }

    #[test]
    fn whatever_is_not_this_machine_is_reached_securely() {
        for (address, expected) in [
            ("postgres://u@db.example.ru/portal", TlsMode::VerifyFull),
            ("host=db.example.ru dbname=portal", TlsMode::VerifyFull),
            ("postgres://u@db.example.ru/portal?sslmode=disable", TlsMode::Off),
            ("postgres://u@localhost/portal", TlsMode::Off),
            ("postgres://u@127.0.0.1/portal?sslmode=verify-full", TlsMode::VerifyFull),
            ("host=/run/postgresql", TlsMode::Off),
        ] {
            assert_eq!(of(address, &[]).map(|it| it.tls), Ok(expected), "{address}");
        }
        for address in ["postgres://db/x?sslmode=prefer", "host=db sslmode=require", "postgres://db:port/x"] {
            assert!(matches!(of(address, &[]), Err(Error::Address(_))), "{address}");
        }
        assert_eq!(of("postgres://u:tiger@db/x", &[]).err(), Some(Error::PasswordInAddress));
    }

    #[test]
    fn what_the_address_leaves_open_libpqs_variables_say() {
        let variables = [
            ("PGHOST", "db.example.ru"),
            ("PGUSER", "sverka"),
            ("PGDATABASE", "portal"),
            ("PGPASSWORD", "tiger"),
            ("PGSSLROOTCERT", "/etc/ca.pem"),
        ];
        let settings = of("postgres://", &variables).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((settings.host().as_str(), settings.tls), ("db.example.ru", TlsMode::VerifyFull));
        assert_eq!(settings.authorities.as_deref(), Some(Path::new("/etc/ca.pem")));
        assert_eq!(settings.config().get_dbname(), Some("portal"));
        assert!(!format!("{settings:?}").contains("tiger"));
    }
}
