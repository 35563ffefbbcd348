//! What went wrong with a secure connection, out of the causes of an error.

use std::error::Error as StdError;
use std::io;

use rustls::CertificateError as Bad;

use super::super::super::error::TlsFault;
use super::super::super::foreign::neutral;
use super::chain;

/// Most names of a certificate that are told.
const NAMES: usize = 8;

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

/// What it means for whoever set the server up.
pub(super) fn fault(error: &rustls::Error) -> TlsFault {
    match error {
        rustls::Error::InvalidCertificate(bad) => of_certificate(bad),
        rustls::Error::InvalidMessage(_) => TlsFault::NotTls,
        other => TlsFault::Other(neutral(&other.to_string())),
    }
}

fn of_certificate(bad: &Bad) -> TlsFault {
    match bad {
        Bad::UnknownIssuer => TlsFault::UnknownIssuer,
        Bad::Expired | Bad::ExpiredContext { .. } => TlsFault::Expired,
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => TlsFault::NotYetValid,
        Bad::NotValidForName => TlsFault::OtherName { names: Vec::new() },
        Bad::NotValidForNameContext { presented, .. } => {
            TlsFault::OtherName { names: presented.iter().take(NAMES).map(|name| neutral(name)).collect() }
        }
        // The library keeps this one as a foreign error; its name is all there is to go by.
        Bad::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => TlsFault::AuthorityAsServer,
        other => TlsFault::Other(neutral(&other.to_string())),
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
            (Bad::UnknownIssuer, TlsFault::UnknownIssuer),
            (Bad::Expired, TlsFault::Expired),
            (Bad::NotValidYet, TlsFault::NotYetValid),
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
