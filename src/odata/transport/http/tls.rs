//! What went wrong with a secure connection, out of the causes of an error.

use std::error::Error as StdError;
use std::io;

use chrono::{DateTime, Utc};
use rustls::{AlertDescription, CertificateError as Bad};

use super::super::super::error::TlsFault;
use super::super::super::foreign::neutral;
use super::super::Certificate;
use super::chain;
use crate::config::Redactor;

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
pub(super) fn fault(error: &rustls::Error, redactor: &Redactor) -> TlsFault {
    use AlertDescription::{HandshakeFailure, InsufficientSecurity, ProtocolVersion};
    match error {
        rustls::Error::InvalidCertificate(bad) => of_certificate(bad, redactor),
        rustls::Error::InvalidMessage(_) => TlsFault::NotTls,
        rustls::Error::AlertReceived(HandshakeFailure | InsufficientSecurity | ProtocolVersion)
        | rustls::Error::PeerIncompatible(_) => TlsFault::OldServer,
        other => TlsFault::Other(neutral(&other.to_string(), redactor)),
    }
}

/// Keys of RSA shorter than this are not believed.
const LEAST_BITS: u32 = 2048;

/// Ways to sign that are not believed, by the identifiers in a certificate.
const WEAK: [(&[u8], &str); 10] = [
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02", "MD2"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "MD5"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", "SHA-1"),
    (b"\x2b\x0e\x03\x02\x1d", "SHA-1"),
    (b"\x2a\x86\x48\xce\x3d\x04\x01", "SHA-1"),
    (b"\x2a\x86\x48\xce\x38\x04\x03", "SHA-1"),
    (b"\x2a\x85\x03\x02\x02\x03", "ГОСТ Р 34.10-2001"),
    (b"\x2a\x85\x03\x07\x01\x01\x03\x02", "ГОСТ Р 34.10-2012"),
    (b"\x2a\x85\x03\x07\x01\x01\x03\x03", "ГОСТ Р 34.10-2012"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "RSASSA-PSS"),
];

/// The name of a way to sign, by its identifier; nothing where nobody knows it.
fn algorithm(identifier: &[u8]) -> String {
    let is_in = |oid: &[u8]| identifier.windows(oid.len()).any(|window| window == oid);
    WEAK.iter().find(|(oid, _)| is_in(oid)).map(|(_, name)| (*name).to_owned()).unwrap_or_default()
}

fn of_certificate(bad: &Bad, redactor: &Redactor) -> TlsFault {
    match bad {
        Bad::UnknownIssuer => TlsFault::UnknownIssuer { issuer: String::new() },
        Bad::Expired | Bad::ExpiredContext { .. } => TlsFault::Expired { until: None },
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => TlsFault::NotYetValid { from: None },
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
            TlsFault::OtherName { names: Vec::new() }
        }
        // The library keeps this one as a foreign error; its name is all there is to go by.
        Bad::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => TlsFault::AuthorityAsServer,
        Bad::UnsupportedSignatureAlgorithmContext { signature_algorithm_id: id, .. }
        | Bad::UnsupportedSignatureAlgorithmForPublicKeyContext { signature_algorithm_id: id, .. } => {
            TlsFault::WeakSignature { algorithm: algorithm(id) }
        }
        // What the library refuses of a short key is the signature made by it.
        Bad::BadSignature => TlsFault::ShortKey { bits: 0 },
        other => TlsFault::Other(neutral(&other.to_string(), redactor)),
    }
}

/// Whether a look at the certificate itself would tell more.
pub(super) fn wants_certificate(fault: &TlsFault) -> bool {
    use TlsFault::{Expired, NotYetValid, OtherName, ShortKey, UnknownIssuer};
    matches!(
        fault,
        UnknownIssuer { .. } | Expired { .. } | NotYetValid { .. } | OtherName { .. } | ShortKey { .. }
    )
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
        (TlsFault::ShortKey { .. }, _) => of_bad_signature(&certificate),
        (TlsFault::OtherName { .. }, _) => TlsFault::OtherName { names: certificate.names },
        (TlsFault::Expired { .. } | TlsFault::NotYetValid { .. }, Some(server)) => {
            TlsFault::ClockDiffers { ours, server }
        }
        (TlsFault::Expired { .. }, None) => TlsFault::Expired { until: Some(certificate.valid_until) },
        (TlsFault::NotYetValid { .. }, None) => TlsFault::NotYetValid { from: Some(certificate.valid_from) },
        (other, _) => other,
    }
}

/// A signature that does not hold: a key is too short, or the certificate is not what it says.
fn of_bad_signature(certificate: &Certificate) -> TlsFault {
    let bits = [certificate.key_bits, certificate.signer_bits].into_iter().flatten().min();
    match bits.filter(|bits| *bits < LEAST_BITS) {
        Some(bits) => TlsFault::ShortKey { bits },
        None => TlsFault::Other(BAD_SIGNATURE.to_owned()),
    }
}

/// What cannot be told better.
const BAD_SIGNATURE: &str = "bad signature";

/// The fault where no second look told more.
pub(super) fn unexplained(fault: TlsFault) -> TlsFault {
    match fault {
        TlsFault::ShortKey { bits: 0 } => TlsFault::Other(BAD_SIGNATURE.to_owned()),
        other => other,
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
            assert_eq!(fault(&rustls::Error::InvalidCertificate(bad), &Redactor::default()), wanted);
        }
    }

    #[test]
    fn a_weak_signature_is_named() {
        for (oid, wanted) in [
            ("06092a864886f70d010105", "SHA-1"),
            ("06092a864886f70d010104", "MD5"),
            ("06072a8648ce3d0401", "SHA-1"),
            ("06082a85030701010302", "ГОСТ Р 34.10-2012"),
            ("06092a864886f70d01010b", ""),
        ] {
            let byte = |at: usize| u8::from_str_radix(&oid[at..at + 2], 16).unwrap();
            let id: Vec<u8> = (0..oid.len()).step_by(2).map(byte).collect();
            assert_eq!(algorithm(&id), wanted, "{oid}");
        }
    }

    #[test]
    fn a_server_that_offers_nothing_in_common_is_old() {
        use rustls::{Error, PeerIncompatible};
        for error in [
            Error::AlertReceived(AlertDescription::HandshakeFailure),
            Error::AlertReceived(AlertDescription::ProtocolVersion),
            Error::AlertReceived(AlertDescription::InsufficientSecurity),
            Error::PeerIncompatible(PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig),
        ] {
            assert_eq!(fault(&error, &Redactor::default()), TlsFault::OldServer, "{error}");
        }
        let other = fault(&Error::AlertReceived(AlertDescription::InternalError), &Redactor::default());
        assert!(matches!(other, TlsFault::Other(_)), "{other}");
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
