//! Why a sync failed, a variant per decision a caller can take.

use thiserror::Error as ThisError;

use crate::{odata, store};

/// Why a sync published nothing. The last generation stays visible in every case.
#[derive(Debug, ThisError)]
pub enum Error {
    /// 1C could not be asked, or refused.
    #[error(transparent)]
    Odata(#[from] odata::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A set changed underneath at every attempt to read it whole.
    #[error("{what} changed at every one of {attempts} attempts to read it")]
    ChangedTooFast {
        /// Which set.
        what: &'static str,
        /// Attempts made.
        attempts: u32,
    },
    /// The address now leads to another base than the store came from.
    #[error("another base: {known} of {asked} sampled cards are known there")]
    AnotherBase {
        /// Sampled cards the base knows.
        known: usize,
        /// Cards sampled.
        asked: usize,
    },
    /// 1C answers with nothing where the store has rows: an empty answer never empties the store.
    #[error("1C has no {what} where {stored} are stored")]
    EmptyAnswer {
        /// Which rows.
        what: &'static str,
        /// How many are stored.
        stored: u64,
    },
    /// Stopped by the user.
    #[error("cancelled")]
    Cancelled,
    /// A task of the sync panicked: a bug of ours.
    #[error("internal failure: {0}")]
    Internal(String),
}

impl Error {
    /// A word for machine-readable output and the store's record of runs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Odata(error) => odata_code(error),
            Self::Store(error) => store_code(error),
            Self::ChangedTooFast { .. } => "changed-too-fast",
            Self::AnotherBase { .. } => "another-base",
            Self::EmptyAnswer { .. } => "empty-answer",
            Self::Cancelled => "cancelled",
            Self::Internal(_) => "internal",
        }
    }
}

/// A word for a failure of 1C or of the way to it.
fn odata_code(error: &odata::Error) -> &'static str {
    use odata::{Error, TlsFault, Unreachable};
    match error {
        Error::Settings(_) => "client-settings",
        Error::Unauthorized => "unauthorized",
        Error::Rights { .. } => "rights",
        Error::Maintenance { .. } => "maintenance",
        Error::NotPublished { .. } => "not-published",
        Error::WrongAddress { .. } => "wrong-address",
        Error::FilterRefused { .. } => "filter-refused",
        Error::BadRequest { .. } | Error::AddressTooLong { .. } | Error::MissingField { .. } => "bad-request",
        Error::Redirected { .. } => "redirected",
        Error::NotOneC { .. } => "not-1c",
        Error::Unreachable { why: Unreachable::Name, .. } => "unreachable-name",
        Error::Unreachable { why: Unreachable::Refused, .. } => "unreachable-refused",
        Error::Unreachable { why: Unreachable::Timeout, .. } => "unreachable-timeout",
        Error::Tls { fault: TlsFault::UnknownIssuer, .. } => "tls-unknown-issuer",
        Error::Tls { fault: TlsFault::AuthorityAsServer, .. } => "tls-authority-as-server",
        Error::Tls { fault: TlsFault::Expired | TlsFault::NotYetValid, .. } => "tls-expired",
        Error::Tls { fault: TlsFault::OtherName { .. }, .. } => "tls-other-name",
        Error::Tls { fault: TlsFault::NotTls, .. } => "tls-not-tls",
        Error::Tls { .. } => "tls-other",
        Error::NoCertificates => "no-certificates",
        Error::Timeout { .. } => "timeout",
        Error::Cut | Error::Closed => "cut",
        Error::TooLarge => "too-large",
        Error::Empty | Error::Malformed { .. } => "malformed",
        Error::ServerError { .. } | Error::UnexpectedStatus { .. } => "server-error",
        Error::Busy { .. } => "busy",
        Error::GaveUp { .. } => "gave-up",
        Error::BudgetSpent { .. } => "budget-spent",
        Error::Network(_) => "network",
    }
}

/// A word for a failure of the store.
fn store_code(error: &store::Error) -> &'static str {
    use store::Error;
    match error {
        Error::NotFound => "store-not-found",
        Error::Foreign { .. } => "store-foreign",
        Error::Newer { .. } => "store-newer",
        Error::Damaged { .. } => "store-damaged",
        Error::AlreadyOpen { .. } | Error::Staging => "store-already-open",
        Error::Permission(_) | Error::ReadOnly => "store-permission",
        Error::Full(_) => "store-full",
        Error::Replaced | Error::Io(_) | Error::Reopen => "store-io",
        Error::Range { .. } | Error::RecorderTypes => "store-range",
    }
}
