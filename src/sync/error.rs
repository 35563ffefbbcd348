//! Why a sync failed, a variant per decision a caller can take.

use thiserror::Error as ThisError;
use tokio::task::JoinError;

use super::event::Subject;
use crate::odata::Set;
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
    /// 1C counts other than it gives, every time the same, in every way it can be asked.
    #[error("1C counts {counted} {what} and gives {received}")]
    CountDiffers {
        /// Which set.
        what: &'static str,
        /// By its count.
        counted: u64,
        /// By its rows.
        received: u64,
    },
    /// 1C's own totals changed in every round of comparing with them.
    #[error("1C changed in every one of {rounds} rounds; the last one differed on {cards} cards")]
    NeverStill {
        /// Rounds made.
        rounds: u32,
        /// Cards on which the last round differed.
        cards: usize,
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
    #[error("1C has no {} where {stored} are stored", subject.name())]
    EmptyAnswer {
        /// Which rows.
        subject: Subject,
        /// How many are stored.
        stored: u64,
    },
    /// Much vanished suddenly, and two looks at it disagree where 1C tells no totals.
    #[error("two looks at a sudden loss disagree: {before} before, {now} now")]
    LooksDiffer {
        /// How much is stored of what vanished.
        before: u64,
        /// How much the second look found.
        now: u64,
    },
    /// So many rows cannot be read that it is no accident of some of them.
    #[error("{rejected} of {rows} rows of {set:?} cannot be read: {field}")]
    Unreadable {
        /// Which set.
        set: Set,
        /// The field that most of them cannot be read for.
        field: String,
        /// How many.
        rejected: u64,
        /// Of so many that were read.
        rows: u64,
        /// What is wrong with them, and with how many: field, reason, rows.
        reasons: Vec<(String, String, u64)>,
        /// The key of one of them.
        example: String,
    },
    /// No row of the register of sales bears a card of the catalog: everybody would be shown to have bought nothing.
    #[error("no row of {name} bears a card, of {rows}")]
    NotByCard {
        /// How 1C calls the register.
        name: String,
        /// Rows that bear something else.
        rows: u64,
    },
    /// The store was published to while it was compared with 1C.
    #[error("the store changed while it was compared")]
    StoreChanged,
    /// Stopped by the user.
    #[error("cancelled")]
    Cancelled,
    /// A task of the sync panicked: a bug of ours.
    #[error("internal failure: {0}")]
    Internal(String),
}

/// What a panic said stays out of it: that may quote a customer. Its place stands in the report of the panic.
impl From<JoinError> for Error {
    fn from(error: JoinError) -> Self {
        Self::Internal(if error.is_panic() { "a task panicked" } else { "a task was stopped" }.into())
    }
}

impl Error {
    /// Whether what was read may itself be to blame: then it is not gone on with.
    pub(super) fn is_doubtful(&self) -> bool {
        !matches!(self, Self::Odata(_) | Self::Store(_) | Self::Cancelled)
    }

    /// A word for the store's record of runs: the same that names this failure in machine-readable output.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Odata(error) => odata_code(error),
            Self::Store(error) => store_code(error),
            Self::ChangedTooFast { .. } => "sync-changed-too-fast",
            Self::CountDiffers { .. } => "sync-count-differs",
            Self::NeverStill { .. } => "sync-never-still",
            Self::AnotherBase { .. } => "sync-another-base",
            Self::EmptyAnswer { .. } => "sync-empty-answer",
            Self::LooksDiffer { .. } => "sync-looks-differ",
            Self::Unreadable { .. } => "sync-unreadable",
            Self::NotByCard { .. } => "sales-not-by-card",
            Self::StoreChanged => "sync-store-changed",
            Self::Cancelled => "sync-cancelled",
            Self::Internal(_) => "sync-internal",
        }
    }
}

/// A word for a failure of 1C or of the way to it.
fn odata_code(error: &odata::Error) -> &'static str {
    use odata::{Error, TlsFault, Unreachable};
    if let Some(code) = page_code(error) {
        return code;
    }
    match error {
        Error::Settings(_) => "onec-settings",
        Error::Unauthorized => "onec-unauthorized",
        Error::RefusedLater { .. } => "onec-refused-later",
        Error::Rights { .. } => "onec-rights",
        Error::Maintenance { .. } => "onec-maintenance",
        Error::NotPublished { .. } => "onec-not-published",
        Error::NotOffered { .. } => "onec-not-offered",
        Error::TooWide { .. } => "onec-too-wide",
        Error::WrongAddress { .. } => "onec-wrong-address",
        Error::FilterRefused { .. } => "onec-filter-refused",
        Error::BadRequest { .. } => "onec-bad-request",
        Error::AddressTooLong { .. } => "onec-address-too-long",
        Error::MissingField { .. } => "onec-missing-field",
        Error::Redirected { .. } => "onec-redirected",
        Error::NotOneC { .. } => "onec-not-1c",
        Error::Unreachable { why: Unreachable::Name, .. } => "onec-unreachable-name",
        Error::Unreachable { why: Unreachable::Refused, .. } => "onec-unreachable-refused",
        Error::Unreachable { why: Unreachable::Timeout, .. } => "onec-unreachable-timeout",
        Error::Unreachable { why: Unreachable::Handshake, .. } => "onec-unreachable-handshake",
        Error::Tls { fault: TlsFault::UnknownIssuer { .. }, .. } => "onec-tls-unknown-issuer",
        Error::Tls { fault: TlsFault::AuthorityAsServer, .. } => "onec-tls-authority-as-server",
        Error::Tls { fault: TlsFault::Expired { .. }, .. } => "onec-tls-expired",
        Error::Tls { fault: TlsFault::NotYetValid { .. }, .. } => "onec-tls-not-yet-valid",
        Error::Tls { fault: TlsFault::ClockDiffers { .. }, .. } => "onec-tls-clock-differs",
        Error::Tls { fault: TlsFault::OtherName { .. }, .. } => "onec-tls-other-name",
        Error::Tls { fault: TlsFault::WeakSignature { .. }, .. } => "onec-tls-weak-signature",
        Error::Tls { fault: TlsFault::ShortKey { .. }, .. } => "onec-tls-short-key",
        Error::Tls { fault: TlsFault::OldServer, .. } => "onec-tls-old-server",
        Error::Tls { fault: TlsFault::NotTls, .. } => "onec-tls-not-tls",
        Error::Tls { fault: TlsFault::Alert { .. }, .. } => "onec-tls-alert",
        Error::Tls { fault: TlsFault::Certificate(_), .. } => "onec-tls-certificate",
        Error::Tls { fault: TlsFault::Misbehaved, .. } => "onec-tls-misbehaved",
        Error::Tls { fault: TlsFault::Failed, .. } => "onec-tls-failed",
        Error::NotHttp => "onec-not-http",
        Error::NoCertificates => "onec-no-certificates",
        Error::Timeout { .. } => "onec-timeout",
        Error::Cut => "onec-cut",
        Error::Closed => "onec-closed",
        Error::TooLarge => "onec-too-large",
        Error::Empty => "onec-empty",
        Error::Malformed { .. } => "onec-malformed",
        Error::ServerError { .. } => "onec-server-error",
        Error::UnexpectedStatus { .. } => "onec-unexpected-status",
        Error::Busy { .. } => "onec-busy",
        Error::Network(_) => "onec-network",
        Error::GaveUp { last, .. } | Error::BudgetSpent { last } => odata_code(last),
    }
}

/// A word for a failure told by somebody else than 1C's `OData`: whose page it is decides what to do.
fn page_code(error: &odata::Error) -> Option<&'static str> {
    use odata::{Error, WebPage};
    let cause = error.cause();
    Some(match (cause.page(), cause) {
        (Some(WebPage::Platform), _) => "onec-platform-page",
        (Some(WebPage::Proxy), _) => "onec-proxy-page",
        (Some(WebPage::SignIn), Error::Redirected { .. }) => "onec-sign-in-redirect",
        (Some(WebPage::SignIn), _) => "onec-sign-in",
        (Some(WebPage::WebServer), Error::Rights { .. }) => "onec-forbidden",
        (Some(WebPage::WebServer), Error::BadRequest { .. } | Error::ServerError { .. }) => "onec-web-server",
        // The web server, or a proxy, waited for 1C in vain.
        (_, Error::Busy { status: 502 | 504, .. }) => "onec-gateway",
        _ => return None,
    })
}

/// A word for a failure of the store.
fn store_code(error: &store::Error) -> &'static str {
    use store::Error;
    match error {
        Error::NotFound => "store-not-found",
        Error::Foreign { .. } => "store-foreign",
        Error::Newer { .. } => "store-newer",
        Error::Damaged { .. } => "store-damaged",
        Error::AlreadyOpen { holder: None } => "store-already-open",
        Error::AlreadyOpen { holder: Some(_) } => "store-already-open-holder",
        Error::Held { holder: None } => "store-held",
        Error::Held { holder: Some(_) } => "store-held-holder",
        Error::LinkToNothing => "store-link-to-nothing",
        Error::Staging => "store-staging",
        Error::ReadOnly => "store-read-only",
        Error::Replaced => "store-replaced",
        Error::Permission(_) => "store-permission",
        Error::Full(_) => "store-full",
        Error::NoRoom { .. } => "store-no-room",
        Error::InUse => "store-in-use",
        Error::Io(_) => "store-io",
        Error::Reopen => "store-reopen",
        Error::Range { .. } => "store-range",
        Error::RecorderTypes => "store-recorder-types",
    }
}
