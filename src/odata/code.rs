//! The word for each failure: stable, for programs, and the name of its phrases.

use super::error::{Error, TlsFault, Unreachable};
use super::wire::refusal::pages::Page;

impl Error {
    /// A word for this failure. Of one that was given up, for what was given up.
    pub fn code(&self) -> &'static str {
        let cause = self.cause();
        if let Some(code) = cause.code_of_page() {
            return code;
        }
        match cause {
            Self::Settings(_) => "onec-settings",
            Self::Unauthorized => "onec-unauthorized",
            Self::WindowsLogin { .. } => "onec-windows-login",
            Self::RefusedLater { .. } => "onec-refused-later",
            Self::Rights { .. } => "onec-rights",
            Self::Maintenance { .. } => "onec-maintenance",
            Self::NotPublished { .. } => "onec-not-published",
            Self::NotOffered { .. } => "onec-not-offered",
            Self::TooWide { .. } => "onec-too-wide",
            Self::WrongAddress { .. } => "onec-wrong-address",
            Self::FilterRefused { .. } => "onec-filter-refused",
            Self::BadRequest { .. } => "onec-bad-request",
            Self::AddressTooLong { .. } => "onec-address-too-long",
            Self::AddressRefused { .. } => "onec-address-refused",
            Self::MissingField { .. } => "onec-missing-field",
            Self::Redirected { .. } => "onec-redirected",
            Self::NotOneC { .. } => "onec-not-1c",
            Self::Unreachable { why, .. } => why.code(),
            Self::Tls { fault, .. } => fault.code(),
            Self::NotHttp => "onec-not-http",
            Self::NoCertificates => "onec-no-certificates",
            Self::Timeout { .. } => "onec-timeout",
            Self::Cut => "onec-cut",
            Self::Closed => "onec-closed",
            Self::TooLarge => "onec-too-large",
            Self::Empty => "onec-empty",
            Self::Malformed { .. } => "onec-malformed",
            Self::ServerError { .. } => "onec-server-error",
            Self::UnexpectedStatus { .. } => "onec-unexpected-status",
            Self::Busy { .. } => "onec-busy",
            Self::NoLicence => "onec-no-licence",
            Self::Network(_) => "onec-network",
            Self::GaveUp { last, .. } | Self::BudgetSpent { last } => last.code(),
        }
    }

    /// Whether 1C could not be reached, or had no time: nobody has to do anything but try again.
    pub fn is_passing(&self) -> bool {
        let cause = self.cause();
        if cause.code_of_page().is_some() {
            return false;
        }
        match cause {
            Self::Maintenance { .. }
            | Self::Timeout { .. }
            | Self::Closed
            | Self::Busy { .. }
            | Self::NoLicence
            | Self::Network(_) => true,
            Self::Unreachable { why, .. } => *why != Unreachable::Handshake,
            Self::GaveUp { last, .. } | Self::BudgetSpent { last } => last.is_passing(),
            _ => false,
        }
    }

    /// A word for a failure told by somebody else than 1C's `OData`: whose page it is decides what to do.
    fn code_of_page(&self) -> Option<&'static str> {
        Some(match (self.page(), self) {
            (Some(Page::Platform), _) => "onec-platform-page",
            (Some(Page::Proxy), _) => "onec-proxy-page",
            (Some(Page::SignIn), Self::Redirected { .. }) => "onec-sign-in-redirect",
            (Some(Page::SignIn), _) => "onec-sign-in",
            (Some(Page::WebServer), Self::Rights { .. }) => "onec-forbidden",
            (Some(Page::WebServer), Self::BadRequest { .. } | Self::ServerError { .. }) => "onec-web-server",
            // The web server, or a proxy, waited for 1C in vain.
            (_, Self::Busy { status: 502 | 504, .. }) => "onec-gateway",
            _ => return None,
        })
    }
}

impl Unreachable {
    fn code(self) -> &'static str {
        match self {
            Self::Name => "onec-unreachable-name",
            Self::Refused => "onec-unreachable-refused",
            Self::Timeout => "onec-unreachable-timeout",
            Self::Handshake => "onec-unreachable-handshake",
        }
    }
}

impl TlsFault {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownIssuer { .. } => "onec-tls-unknown-issuer",
            Self::AuthorityAsServer => "onec-tls-authority-as-server",
            Self::Expired { .. } => "onec-tls-expired",
            Self::NotYetValid { .. } => "onec-tls-not-yet-valid",
            Self::ClockDiffers { .. } => "onec-tls-clock-differs",
            Self::OtherName { .. } => "onec-tls-other-name",
            Self::WeakSignature { .. } => "onec-tls-weak-signature",
            Self::ShortKey { .. } => "onec-tls-short-key",
            Self::OldServer => "onec-tls-old-server",
            Self::NotTls => "onec-tls-not-tls",
            Self::Alert { .. } => "onec-tls-alert",
            Self::Certificate(_) => "onec-tls-certificate",
            Self::Misbehaved => "onec-tls-misbehaved",
            Self::Failed => "onec-tls-failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_1c_that_cannot_be_reached_or_has_no_time_is_worth_another_try() {
        let unreachable = |why| Error::Unreachable { host: "1c".into(), why };
        let gave_up = |last| Error::GaveUp { tries: 3, last: Box::new(last) };
        for (error, is_passing) in [
            (unreachable(Unreachable::Refused), true),
            (unreachable(Unreachable::Name), true),
            (unreachable(Unreachable::Handshake), false),
            (Error::Closed, true),
            (gave_up(Error::Closed), true),
            (gave_up(Error::Unauthorized), false),
            (Error::Unauthorized, false),
            (Error::Cut, false),
        ] {
            assert_eq!(error.is_passing(), is_passing, "{}", error.code());
        }
    }
}
