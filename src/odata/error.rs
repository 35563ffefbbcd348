//! What can go wrong with a request, a variant per decision a caller can take.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::set::Set;
use super::wire::refusal::pages::{self, Page};

/// Why 1C could not be asked, or what it refused.
///
/// No variant holds credentials, a query, a body or a row. Texts of foreign origin are neutralised and
/// cut before they come in here.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Error {
    /// The settings cannot make a client: what is wrong with them.
    #[error("the client cannot be built: {0}")]
    Settings(String),
    /// Login or password refused. Nothing more is sent in this run, lest the account be locked.
    #[error("1C refuses the login or password")]
    Unauthorized,
    /// The server asks for a login by Windows and for no other: no password of ours is one.
    #[error("the server wants a login by {offered}")]
    WindowsLogin {
        /// The ways it offers, neutralised.
        offered: String,
    },
    /// The same, of an account whose requests were answered before: the password changed meanwhile, or the server
    /// says so of what this account may not read. Nothing more is sent either.
    #[error("1C refuses the login or password for {what}, and took them before")]
    RefusedLater {
        /// What was asked for.
        what: String,
    },
    /// The account may not read this set, or some of its rows.
    #[error("1C refuses the rights to read {}: {text}", set_name(.set.as_ref()))]
    Rights {
        /// What was asked for.
        set: Option<Set>,
        /// 1C's words.
        text: String,
    },
    /// 1C lets nobody in for now: an update or other works. Come back later.
    #[error("1C is under maintenance: {text}")]
    Maintenance {
        /// 1C's words.
        text: String,
    },
    /// The set or virtual table is not in the `OData` composition of the base.
    #[error("{what} is not published by 1C")]
    NotPublished {
        /// What was asked for.
        set: Option<Set>,
        /// Its name in 1C.
        what: String,
    },
    /// 1C answers, and refuses this alone, in whatever shape: a set, or a virtual table in every form there is.
    #[error("1C does not answer for {what}: {by}")]
    NotOffered {
        /// What was asked for.
        set: Option<Set>,
        /// Its name in 1C.
        what: String,
        /// The refusal.
        by: Box<Self>,
    },
    /// 1C answers for shorter stretches, and refuses this virtual table over so long a one.
    #[error("1C does not answer for {what} over so long a stretch")]
    TooWide {
        /// Its name in 1C.
        what: String,
    },
    /// The web server knows no such publication.
    #[error("no 1C publication at this address (status {status}){}", told(.text))]
    WrongAddress {
        /// HTTP status.
        status: u16,
        /// Title or words of the reply.
        text: String,
    },
    /// 1C refuses the filter, or answers with rows that do not match it: read everything and filter here.
    #[error("1C does not filter {} as asked{}", .set.name(), told(.text))]
    FilterRefused {
        /// What was asked for.
        set: Set,
        /// 1C's words, empty where the rows gave it away.
        text: String,
    },
    /// A request 1C does not understand.
    #[error("1C does not understand the request (status {status}, code {}){}", code_text(.code.as_ref()), told(.text))]
    BadRequest {
        /// HTTP status.
        status: u16,
        /// 1C's code.
        code: Option<i32>,
        /// 1C's words.
        text: String,
    },
    /// The address of a request is longer than common servers take: nothing was sent.
    #[error("the request needs an address of {length} bytes")]
    AddressTooLong {
        /// Bytes.
        length: usize,
    },
    /// The server says of an address that it is too long, whatever its length.
    #[error("the server takes no address of {length} bytes")]
    AddressRefused {
        /// Bytes.
        length: usize,
    },
    /// The server sends us elsewhere: a wrong address, or a login page. Never followed with credentials.
    #[error("the server redirects to {to}")]
    Redirected {
        /// Target without its query.
        to: String,
    },
    /// A web page instead of 1C: a proxy, a captive portal, a login form.
    #[error("this is not 1C but a web page{}", told(.title))]
    NotOneC {
        /// Title of the page.
        title: String,
    },
    /// No connection.
    #[error("cannot reach {host}: {why}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// What failed.
        why: Unreachable,
    },
    /// The secure connection failed.
    #[error("no secure connection to {host}: {fault}")]
    Tls {
        /// Host and port.
        host: String,
        /// What failed.
        fault: TlsFault,
    },
    /// Plain `http` was spoken to a server that does not speak it here: probably it wants `https`.
    #[error("the server does not speak plain http here")]
    NotHttp,
    /// This machine has no certificates of authorities (package `ca-certificates`), and no `ca_file` is set.
    #[error("no certificates of authorities on this machine")]
    NoCertificates,
    /// No byte for too long, or the whole reply took too long.
    #[error("no answer within {} s", .after.as_secs())]
    Timeout {
        /// How long was waited.
        after: Duration,
    },
    /// The connection ended, or the JSON did, before the reply was whole.
    #[error("the reply was cut off")]
    Cut,
    /// The connection was closed before anything of the reply came.
    #[error("the connection was closed before the reply")]
    Closed,
    /// A reply larger than is taken, or than the server can carry (413).
    #[error("the reply is too large")]
    TooLarge,
    /// A reply without content.
    #[error("the reply is empty")]
    Empty,
    /// The reply is no JSON of the expected shape: where, and what is wrong.
    #[error("malformed reply for {}: {what}", set_name(.set.as_ref()))]
    Malformed {
        /// What was asked for.
        set: Option<Set>,
        /// What is wrong, without contents.
        what: String,
    },
    /// No row has this field: the configuration of 1C calls it otherwise (`onec.names`).
    #[error("{} has no field {field}", .set.name())]
    MissingField {
        /// What was asked for.
        set: Set,
        /// The field's name in the settings.
        field: String,
    },
    /// 1C failed inside (500 and its kin).
    #[error("1C failed inside (status {status}){}", told(.text))]
    ServerError {
        /// HTTP status.
        status: u16,
        /// 1C's words.
        text: String,
    },
    /// 1C or the web server before it is busy (408, 406, 429, 502, 503, 504).
    #[error("1C is busy (status {status})")]
    Busy {
        /// HTTP status.
        status: u16,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// Every licence of 1C is taken: somebody has to leave first.
    #[error("1C has no free licence")]
    NoLicence,
    /// A status that fits no read request.
    #[error("unexpected status {status}")]
    UnexpectedStatus {
        /// HTTP status.
        status: u16,
    },
    /// A request failed at every try.
    #[error("gave up after {tries} tries: {last}")]
    GaveUp {
        /// How often it was sent.
        tries: u32,
        /// The last failure.
        last: Box<Self>,
    },
    /// The run used up its repeats, or failed too often in a row.
    #[error("too many failures in this run, the last: {last}")]
    BudgetSpent {
        /// The last failure.
        last: Box<Self>,
    },
    /// Anything else on the way.
    #[error("the connection failed: {0}")]
    Network(String),
}

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error, Serialize, Deserialize)]
pub enum Unreachable {
    /// The name does not resolve.
    #[error("the name does not resolve")]
    Name,
    /// Refused or unreachable.
    #[error("refused")]
    Refused,
    /// Nobody answered in time.
    #[error("no connection in time")]
    Timeout,
    /// The connection was closed while it was being made secure.
    #[error("closed while it was being made secure")]
    Handshake,
}

/// Why there is no secure connection.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TlsFault {
    /// Nobody we know signed the certificate.
    #[error("unknown issuer{}", told(.issuer))]
    UnknownIssuer {
        /// Who did, neutralised; empty where that is not known.
        issuer: String,
    },
    /// A certificate of an authority used as the server's own.
    #[error("an authority's certificate used as the server's own")]
    AuthorityAsServer,
    /// Expired, and the server's clock agrees or says nothing.
    #[error("the certificate has expired{}", dated(.until.as_ref()))]
    Expired {
        /// When, where that is known.
        until: Option<DateTime<Utc>>,
    },
    /// Not valid yet, and the server's clock agrees or says nothing.
    #[error("the certificate is not valid yet{}", dated(.from.as_ref()))]
    NotYetValid {
        /// When it will be, where that is known.
        from: Option<DateTime<Utc>>,
    },
    /// Out of its dates by this machine's clock, and valid by the server's.
    #[error("the certificate is valid by the server's clock ({server}), not by this machine's ({ours})")]
    ClockDiffers {
        /// This machine's clock.
        ours: DateTime<Utc>,
        /// The server's. It comes over a connection nobody vouches for: a hint, no proof.
        server: DateTime<Utc>,
    },
    /// Issued to other names.
    #[error("the certificate is issued to {}", .names.join(", "))]
    OtherName {
        /// The names it is issued to, neutralised; none where it has none but a common name.
        names: Vec<String>,
    },
    /// Signed in a way nobody trusts any more.
    #[error("the certificate is signed in a way nobody trusts{}", told(.algorithm))]
    WeakSignature {
        /// Which.
        algorithm: String,
    },
    /// A key too short to be trusted, of the server or of who issued its certificate.
    #[error("the certificate has a key of {bits} bits")]
    ShortKey {
        /// Bits of it.
        bits: u32,
    },
    /// The server offers no version of TLS, or no way of encryption, that is good enough.
    #[error("the server offers no way of encryption in common")]
    OldServer,
    /// The other side does not speak TLS: probably plain `http`.
    #[error("the server does not speak TLS here")]
    NotTls,
    /// The server ended the connection with an alert.
    #[error("the server ended it with the alert {alert}")]
    Alert {
        /// Its name in RFC 8446 and its number: `internal_error (80)`; the number alone where it has no name.
        alert: String,
    },
    /// The certificate cannot be accepted for another reason.
    #[error("the certificate cannot be accepted: {0}")]
    Certificate(CertificateFlaw),
    /// What came keeps to no rule of TLS: a device between, or a server, is at fault.
    #[error("the server does not keep to the rules of TLS")]
    Misbehaved,
    /// This machine's own side failed.
    #[error("the encryption failed on this machine")]
    Failed,
}

/// Why a certificate cannot be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum CertificateFlaw {
    /// Damaged, or not encoded by the standard.
    #[error("it is damaged or not encoded by the standard")]
    Malformed,
    /// Revoked by its issuer.
    #[error("it is revoked")]
    Revoked,
    /// Nobody can tell whether it is revoked.
    #[error("whether it is revoked cannot be told")]
    RevocationUnknown,
    /// Something in it must be understood and is not.
    #[error("it has a critical extension that is not known here")]
    CriticalExtension,
    /// Issued for something else than a server.
    #[error("it is not issued for a server")]
    Purpose,
    /// Its signature does not hold.
    #[error("its signature does not hold")]
    Signature,
    /// Its issuer was not allowed to issue it.
    #[error("it is beyond what its issuer may issue")]
    Constraints,
    /// Not of version 3 of X.509.
    #[error("its version of X.509 is outdated")]
    Version,
    /// Anything else.
    #[error("it does not pass the check")]
    Unaccepted,
}

impl Error {
    /// The failure itself, out of "gave up" and "too many failures".
    pub fn cause(&self) -> &Self {
        match self {
            Self::GaveUp { last, .. } | Self::BudgetSpent { last } => last.cause(),
            other => other,
        }
    }

    /// Whether the same request cannot succeed without somebody changing something.
    pub fn is_permanent(&self) -> bool {
        !matches!(
            self.cause(),
            Self::Maintenance { .. }
                | Self::Unreachable { .. }
                | Self::Timeout { .. }
                | Self::Cut
                | Self::Closed
                | Self::TooLarge
                | Self::Empty
                | Self::Malformed { .. }
                | Self::NotOneC { .. }
                | Self::NotHttp
                | Self::ServerError { .. }
                | Self::Busy { .. }
                | Self::NoLicence
                | Self::UnexpectedStatus { .. }
                | Self::Network(_)
        )
    }

    /// Whether 1C itself refuses, so that it will another day.
    pub(super) fn is_lasting(&self) -> bool {
        self.is_permanent() && !matches!(self.cause(), Self::Redirected { .. } | Self::WrongAddress { .. })
    }

    /// Whose page came with the failure, where that is certain.
    pub fn page(&self) -> Option<Page> {
        match self.cause() {
            Self::NotOneC { title } if pages::of_title(title).is_none() => {
                pages::is_sign_in(title).then_some(Page::SignIn)
            }
            Self::Redirected { to } => pages::leads_to_sign_in(to).then_some(Page::SignIn),
            // A proxy wants to know who asks.
            Self::BadRequest { status: 407, .. } => Some(Page::Proxy),
            Self::Rights { text, .. }
            | Self::WrongAddress { text, .. }
            | Self::BadRequest { text, .. }
            | Self::ServerError { text, .. }
            | Self::NotOneC { title: text } => pages::of_title(text),
            _ => None,
        }
    }

    /// Whether login or password were refused.
    pub fn is_refused_credentials(&self) -> bool {
        matches!(self.cause(), Self::Unauthorized | Self::WindowsLogin { .. } | Self::RefusedLater { .. })
    }

    /// Whether a set or virtual table is not published: other sets may go on.
    pub fn is_not_published(&self) -> bool {
        matches!(self.cause(), Self::NotPublished { .. })
    }

    /// Whether the account lacks rights: the figures concerned are unverified, not zero.
    pub fn is_rights(&self) -> bool {
        matches!(self.cause(), Self::Rights { .. })
    }

    /// Whether 1C refuses this set or virtual table in any way, and answers otherwise: what is optional is gone without.
    pub fn is_gone_without(&self) -> bool {
        let is_refused = match self.cause() {
            Self::NotOffered { .. } | Self::TooWide { .. } => true,
            // Of what can be gone without, a field it cannot do without is the whole of it.
            Self::MissingField { set, .. } => matches!(set, Set::Products | Set::Points),
            _ => false,
        };
        is_refused || self.is_not_published() || self.is_rights()
    }

    /// The name that 1C does not know: of a set, or of a field that its rows do not have.
    pub fn unknown_name(&self) -> Option<&str> {
        match self.cause() {
            Self::NotPublished { what: name, .. } | Self::MissingField { field: name, .. } => Some(name),
            _ => None,
        }
    }

    /// The set or virtual table that is gone without, as 1C names it.
    pub fn refused_name(&self) -> Option<&str> {
        match self.cause() {
            Self::NotPublished { what, .. } | Self::NotOffered { what, .. } | Self::TooWide { what } => {
                Some(what)
            }
            _ => None,
        }
    }

    /// Whether a virtual table wants to be asked for by shorter stretches.
    pub fn is_too_wide(&self) -> bool {
        matches!(self, Self::TooWide { .. })
    }

    /// Whether it may be the way of asking that is refused, in whatever shape: the same may be had otherwise. Nothing
    /// is to be had where there is no way to the server, or no entry.
    pub(crate) fn is_refusal(&self) -> bool {
        !matches!(self, Self::BudgetSpent { .. })
            && !matches!(
                self.cause(),
                Self::Settings(_)
                    | Self::Unauthorized
                    | Self::WindowsLogin { .. }
                    | Self::RefusedLater { .. }
                    | Self::FilterRefused { .. }
                    | Self::NotOffered { .. }
                    | Self::TooWide { .. }
                    | Self::AddressTooLong { .. }
                    | Self::MissingField { .. }
                    | Self::Unreachable { .. }
                    | Self::Tls { .. }
                    | Self::NotHttp
                    | Self::NoCertificates
            )
    }

    /// What 1C said of it, neutralised.
    pub fn said(&self) -> &str {
        match self.cause() {
            Self::Rights { text, .. }
            | Self::Maintenance { text }
            | Self::WrongAddress { text, .. }
            | Self::FilterRefused { text, .. }
            | Self::BadRequest { text, .. }
            | Self::ServerError { text, .. } => text,
            Self::NotOneC { title } => title,
            Self::NotOffered { by, .. } => by.said(),
            _ => "",
        }
    }

    /// Whether the server takes shorter addresses: fewer keys in one.
    pub fn is_address_refused(&self) -> bool {
        matches!(self.cause(), Self::AddressRefused { .. })
    }

    /// Whether another way of asking for the same may be answered.
    pub(super) fn is_for_the_way(&self) -> bool {
        self.is_refusal() || matches!(self, Self::NotOffered { .. })
    }

    /// Whether reading unfiltered and filtering here is the way on.
    pub fn is_filter_refused(&self) -> bool {
        matches!(self.cause(), Self::FilterRefused { .. })
    }

    /// Whether the whole run is over: nothing else will succeed either.
    pub fn ends_run(&self) -> bool {
        matches!(self, Self::BudgetSpent { .. })
            || matches!(
                self.cause(),
                Self::Settings(_)
                    | Self::Unauthorized
                    | Self::WindowsLogin { .. }
                    | Self::RefusedLater { .. }
                    | Self::Maintenance { .. }
                    | Self::WrongAddress { .. }
                    | Self::Redirected { .. }
                    | Self::NotOneC { .. }
                    | Self::Unreachable { .. }
                    | Self::Tls { .. }
                    | Self::NotHttp
                    | Self::NoCertificates
            )
    }
}

fn set_name(set: Option<&Set>) -> &'static str {
    set.map_or("the service", |set| set.name())
}

fn code_text(code: Option<&i32>) -> String {
    code.map_or_else(|| "none".into(), i32::to_string)
}

/// A foreign text after a colon, or nothing.
fn told(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

/// A moment after a colon, or nothing.
fn dated(moment: Option<&DateTime<Utc>>) -> String {
    moment.map_or_else(String::new, |moment| format!(": {moment}"))
}
