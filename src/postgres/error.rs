//! Why something could not be done with the database, a variant per decision somebody can take.

use std::error::Error as _;

use thiserror::Error as ThisError;
use tokio_postgres::error::SqlState;

/// Why. Nothing in it quotes a row or a secret.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum Error {
    /// The address cannot be read, or asks for what is not offered.
    #[error("the address of the database: {0}")]
    Address(String),
    /// The address has a password in it, where it would be shown.
    #[error("a password in the address")]
    PasswordInAddress,
    /// Nobody answers there.
    #[error("{host} cannot be reached: {why}")]
    Unreachable {
        /// Where.
        host: String,
        /// What the system says.
        why: String,
    },
    /// The connection cannot be made secure.
    #[error("no secure connection to {host}: {why}")]
    Tls {
        /// To whom.
        host: String,
        /// What the library says.
        why: String,
    },
    /// The login was refused.
    #[error("the login was refused")]
    Login,
    /// There is no such database.
    #[error("no such database")]
    NoDatabase,
    /// The login may not do it.
    #[error("no right: {0}")]
    Rights(String),
    /// The database has no room.
    #[error("no room: {0}")]
    Full(String),
    /// The connection broke again and again.
    #[error("the connection broke: {0}")]
    Lost(String),
    /// Another process publishes.
    #[error("{holder} publishes")]
    Busy {
        /// Who.
        holder: String,
    },
    /// The schema holds something, and it is no mirror.
    #[error("{table} is there, and no mirror")]
    NotOurs {
        /// What is there.
        table: String,
    },
    /// The mirror is of another base.
    #[error("the mirror is of another base: {address}")]
    AnotherBase {
        /// Its address.
        address: String,
    },
    /// The mirror has a later generation than the one to be published.
    #[error("generation {generation} of {synced_at} is there")]
    Newer {
        /// Its number.
        generation: i64,
        /// When it was read from 1C, RFC 3339.
        synced_at: String,
    },
    /// A later version of this program made the schema.
    #[error("schema of version {0}")]
    Format(i32),
    /// A table is not as it was made.
    #[error("{table} was altered: {what}")]
    Altered {
        /// Which.
        table: String,
        /// The column that is missing or of another type.
        what: String,
    },
    /// The database refused for a reason of its own.
    #[error("refused: {code} {message}")]
    Refused {
        /// SQLSTATE.
        code: String,
        /// Its message.
        message: String,
    },
    /// Whoever gives the rows stopped before the last.
    #[error("the rows ended early")]
    Rows,
}

impl Error {
    /// The codes there are.
    pub const CODES: [&str; 17] = [
        "mirror-address",
        "mirror-password-in-address",
        "mirror-unreachable",
        "mirror-tls",
        "mirror-login",
        "mirror-no-database",
        "mirror-rights",
        "mirror-full",
        "mirror-lost",
        "mirror-busy",
        "mirror-not-ours",
        "mirror-another-base",
        "mirror-newer",
        "mirror-format",
        "mirror-altered",
        "mirror-refused",
        "mirror-rows",
    ];

    /// Whether the address itself is wrong.
    pub fn is_of_settings(&self) -> bool {
        matches!(self, Self::Address(_) | Self::PasswordInAddress)
    }

    /// What its words say, by name.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unreachable { host, why } | Self::Tls { host, why } => {
                vec![("host", host.clone()), ("why", why.clone())]
            }
            Self::Address(why) | Self::Rights(why) | Self::Full(why) | Self::Lost(why) => {
                vec![("why", why.clone())]
            }
            Self::Busy { holder } => vec![("holder", holder.clone())],
            Self::NotOurs { table } => vec![("table", table.clone())],
            Self::AnotherBase { address } => vec![("address", address.clone())],
            Self::Newer { generation, synced_at } => {
                vec![("generation", generation.to_string()), ("at", synced_at.clone())]
            }
            Self::Format(found) => vec![("found", found.to_string())],
            Self::Altered { table, what } => vec![("table", table.clone()), ("what", what.clone())],
            Self::Refused { code, message } => vec![("sqlstate", code.clone()), ("why", message.clone())],
            Self::PasswordInAddress | Self::Login | Self::NoDatabase | Self::Rows => Vec::new(),
        }
    }

    /// Its code, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address(_) => "mirror-address",
            Self::PasswordInAddress => "mirror-password-in-address",
            Self::Unreachable { .. } => "mirror-unreachable",
            Self::Tls { .. } => "mirror-tls",
            Self::Login => "mirror-login",
            Self::NoDatabase => "mirror-no-database",
            Self::Rights(_) => "mirror-rights",
            Self::Full(_) => "mirror-full",
            Self::Lost(_) => "mirror-lost",
            Self::Busy { .. } => "mirror-busy",
            Self::NotOurs { .. } => "mirror-not-ours",
            Self::AnotherBase { .. } => "mirror-another-base",
            Self::Newer { .. } => "mirror-newer",
            Self::Format(_) => "mirror-format",
            Self::Altered { .. } => "mirror-altered",
            Self::Refused { .. } => "mirror-refused",
            Self::Rows => "mirror-rows",
        }
    }
}

/// What is to be made of an answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The same may do well on another try, over the same connection or a new one.
    Passing(String),
    /// A prepared statement of somebody else stands in the way: a pool shares its connections.
    NameTaken,
    /// It will not.
    Lasting(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Lasting(error)
    }
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            return Self::Passing(words_of(&error));
        };
        let (code, message) = (db.code(), db.message().to_owned());
        if *code == SqlState::DUPLICATE_PSTATEMENT || *code == SqlState::INVALID_SQL_STATEMENT_NAME {
            return Self::NameTaken;
        }
        if is_passing(code) {
            return Self::Passing(message);
        }
        Self::Lasting(lasting(code, message))
    }
}

/// What a failure that no server answered is about.
pub(crate) fn words_of(error: &tokio_postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Conflicts of transactions, a server that stops or starts, a connection that broke.
fn is_passing(code: &SqlState) -> bool {
    let of_server = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::LOCK_NOT_AVAILABLE,
    ];
    of_server.contains(code) || code.code().starts_with("08") || code.code().starts_with("40")
}

pub(crate) fn lasting(code: &SqlState, message: String) -> Error {
    match code.code() {
        "28000" | "28P01" => Error::Login,
        "3D000" => Error::NoDatabase,
        "42501" => Error::Rights(message),
        "53100" | "53200" | "53000" => Error::Full(message),
        code => Error::Refused { code: code.to_owned(), message },
    }
}
