//! What went wrong with a secure connection, out of the causes of an error.

use std::error::Error as StdError;
use std::io;

use chrono::{DateTime, Utc};
use rustls::CertificateError as Bad;

use super::super::super::error::TlsFault;
use super::super::super::foreign::neutral;
use super::super::Certificate;
use super::chain;

/// The complaint of the TLS library among the causes. It travels inside one `io::Error` or several, which
/// do not count what they hold among their causes.
pub(super) fn find<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    chain(error).find_map(unwrapped)
}

fn unwrapped<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    match cause.downcast_ref::<io::Error>() {
        Some(wrapper) => wrapper.get_ref().and_then(|inside| unwrapped(inside)),
        None => cause.downcast_ref(),
    }
}

/// What it means for whoever set the server up, as far as the complaint alone tells.
pub(super) fn fault(error: &rustls::Error) -> TlsFault {
    match error {
        rustls::Error::InvalidCertificate(bad) => of_certificate(bad),
        rustls::Error::InvalidMessage(_) => TlsFault::NotTls,
        other => TlsFault::Other(neutral(&other.to_string())),
    }
}

fn of_certificate(bad: &Bad) -> TlsFault {
    match bad {
        Bad::UnknownIssuer => TlsFault::UnknownIssuer { issuer: String::new() },
        Bad::Expired | Bad::ExpiredContext { .. } => TlsFault::Expired { until: None },
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => TlsFault::NotYetValid { from: None },
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
            TlsFault::OtherName { names: Vec::new() }
        }
        // The library keeps this one as a foreign error; its name is all there is to go by.
        Bad::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => TlsFault::AuthorityAsServer,
        other => TlsFault::Other(neutral(&other.to_string())),
    }
}

/// Whether a look at the certificate itself would tell more.
pub(super) fn wants_certificate(fault: &TlsFault) -> bool {
    use TlsFault::{Expired, NotYetValid, OtherName, UnknownIssuer};
    matches!(fault, UnknownIssuer { .. } | Expired { .. } | NotYetValid { .. } | OtherName { .. })
}

/// The same fault with what the certificate and the server's clock say of it.
pub(super) fn explained(
    fault: TlsFault,
    certificate: Certificate,
    server: Option<DateTime<Utc>>,
    ours: DateTime<Utc>,
) -> TlsFault {
    let is_valid_there = server.filter(|&server| certificate.is_valid_at(server));
    match (fault, is_valid_there) {
        (TlsFault::UnknownIssuer { .. }, _) => TlsFault::UnknownIssuer { issuer: certificate.issuer },
        (TlsFault::OtherName { .. }, _) => TlsFault::OtherName { names: certificate.names },
        (TlsFault::Expired { .. } | TlsFault::NotYetValid { .. }, Some(server)) => {
            TlsFault::ClockDiffers { ours, server }
        }
        (TlsFault::Expired { .. }, None) => TlsFault::Expired { until: Some(certificate.valid_until) },
        (TlsFault::NotYetValid { .. }, None) => TlsFault::NotYetValid { from: Some(certificate.valid_from) },
        (other, _) => other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn each_fault_of_a_certificate_is_told_apart() {
        let foreign = rustls::OtherError(Arc::new(io::Error::other("CaUsedAsEndEntity")));
        for (bad, wanted) in [
            (Bad::UnknownIssuer, TlsFault::UnknownIssuer { issuer: String::new() }),
            (Bad::Expired, TlsFault::Expired { until: None }),
            (Bad::NotValidYet, TlsFault::NotYetValid { from: None }),
            (Bad::NotValidForName, TlsFault::OtherName { names: Vec::new() }),
            (Bad::Other(foreign), TlsFault::AuthorityAsServer),
        ] {
            assert_eq!(fault(&rustls::Error::InvalidCertificate(bad)), wanted);
        }
    }

    #[test]
    fn the_complaint_is_found_inside_an_io_error() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] io::Error);
        let outer = Outer(io::Error::other(io::Error::other(rustls::Error::DecryptError)));
        assert_eq!(find(&outer), Some(&rustls::Error::DecryptError));
        assert_eq!(find(&Outer(io::Error::other("plain"))), None);
    }
}
