//! What went wrong with a secure connection, out of the causes of an error.

use std::error::Error as StdError;
use std::io;

use chrono::{DateTime, Utc};
use rustls::{AlertDescription, CertificateError as Bad};

use super::super::super::error::{CertificateFlaw, TlsFault};
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

/// What it means for whoever set the server up, as far as the complaint alone tells. The library's own words, which
/// are names out of its code, reach nobody.
pub(super) fn fault(error: &rustls::Error) -> TlsFault {
    use AlertDescription::{HandshakeFailure, InsufficientSecurity, ProtocolVersion};
    use rustls::Error;
    match error {
        Error::InvalidCertificate(bad) => of_certificate(bad),
        Error::InvalidMessage(_) => TlsFault::NotTls,
        Error::AlertReceived(HandshakeFailure | InsufficientSecurity | ProtocolVersion)
        | Error::PeerIncompatible(_) => TlsFault::OldServer,
        Error::AlertReceived(alert) => TlsFault::Alert { alert: alert_name(u8::from(*alert)) },
        Error::InvalidCertRevocationList(_) => TlsFault::Certificate(CertificateFlaw::RevocationUnknown),
        Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. }
        | Error::InvalidEncryptedClientHello(_)
        | Error::NoCertificatesPresented
        | Error::DecryptError
        | Error::PeerMisbehaved(_)
        | Error::PeerSentOversizedRecord
        | Error::NoApplicationProtocol => TlsFault::Misbehaved,
        _ => TlsFault::Failed,
    }
}

/// The names of alerts in RFC 8446, and in its forerunners.
const ALERTS: [(u8, &str); 35] = [
    (0, "close_notify"),
    (10, "unexpected_message"),
    (20, "bad_record_mac"),
    (21, "decryption_failed"),
    (22, "record_overflow"),
    (30, "decompression_failure"),
    (40, "handshake_failure"),
    (41, "no_certificate"),
    (42, "bad_certificate"),
    (43, "unsupported_certificate"),
    (44, "certificate_revoked"),
    (45, "certificate_expired"),
    (46, "certificate_unknown"),
    (47, "illegal_parameter"),
    (48, "unknown_ca"),
    (49, "access_denied"),
    (50, "decode_error"),
    (51, "decrypt_error"),
    (60, "export_restriction"),
    (70, "protocol_version"),
    (71, "insufficient_security"),
    (80, "internal_error"),
    (86, "inappropriate_fallback"),
    (90, "user_canceled"),
    (100, "no_renegotiation"),
    (109, "missing_extension"),
    (110, "unsupported_extension"),
    (111, "certificate_unobtainable"),
    (112, "unrecognized_name"),
    (113, "bad_certificate_status_response"),
    (114, "bad_certificate_hash_value"),
    (115, "unknown_psk_identity"),
    (116, "certificate_required"),
    (120, "no_application_protocol"),
    (121, "ech_required"),
];

/// `internal_error (80)`, or the number alone where nobody gave it a name.
fn alert_name(number: u8) -> String {
    match ALERTS.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => format!("{name} ({number})"),
        None => number.to_string(),
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

fn of_certificate(bad: &Bad) -> TlsFault {
    match bad {
        Bad::UnknownIssuer => TlsFault::UnknownIssuer { issuer: String::new() },
        Bad::Expired | Bad::ExpiredContext { .. } => TlsFault::Expired { until: None },
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => TlsFault::NotYetValid { from: None },
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
            TlsFault::OtherName { names: Vec::new() }
        }
        Bad::UnsupportedSignatureAlgorithmContext { signature_algorithm_id: id, .. }
        | Bad::UnsupportedSignatureAlgorithmForPublicKeyContext { signature_algorithm_id: id, .. } => {
            TlsFault::WeakSignature { algorithm: algorithm(id) }
        }
        #[expect(deprecated, reason = "the library still gives it")]
        Bad::UnsupportedSignatureAlgorithm => TlsFault::WeakSignature { algorithm: String::new() },
        // What the library refuses of a short key is the signature made by it.
        Bad::BadSignature => TlsFault::ShortKey { bits: 0 },
        Bad::BadEncoding => TlsFault::Certificate(CertificateFlaw::Malformed),
        Bad::Revoked => TlsFault::Certificate(CertificateFlaw::Revoked),
        Bad::UnknownRevocationStatus
        | Bad::ExpiredRevocationList
        | Bad::ExpiredRevocationListContext { .. }
        | Bad::InvalidOcspResponse => TlsFault::Certificate(CertificateFlaw::RevocationUnknown),
        Bad::UnhandledCriticalExtension => TlsFault::Certificate(CertificateFlaw::CriticalExtension),
        Bad::InvalidPurpose | Bad::InvalidPurposeContext { .. } => {
            TlsFault::Certificate(CertificateFlaw::Purpose)
        }
        // The library keeps these as foreign errors; their names are all there is to go by.
        Bad::Other(other) => of_name(&other.to_string()),
        _ => TlsFault::Certificate(CertificateFlaw::Unaccepted),
    }
}

/// A complaint about a certificate by its name in the library.
fn of_name(name: &str) -> TlsFault {
    let is_any = |names: &[&str]| names.iter().any(|known| name.contains(known));
    if is_any(&["CaUsedAsEndEntity"]) {
        return TlsFault::AuthorityAsServer;
    }
    TlsFault::Certificate(if is_any(&["UnsupportedCertVersion"]) {
        CertificateFlaw::Version
    } else if is_any(&["NameConstraint", "NetworkMask", "PathLen", "EndEntityUsedAsCa"]) {
        CertificateFlaw::Constraints
    } else if is_any(&["Malformed", "Invalid", "Mismatch", "EmptyEku"]) {
        CertificateFlaw::Malformed
    } else {
        CertificateFlaw::Unaccepted
    })
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
        None => TlsFault::Certificate(CertificateFlaw::Signature),
    }
}

/// The fault where no second look told more.
pub(super) fn unexplained(fault: TlsFault) -> TlsFault {
    match fault {
        TlsFault::ShortKey { bits: 0 } => TlsFault::Certificate(CertificateFlaw::Signature),
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
            assert_eq!(fault(&rustls::Error::InvalidCertificate(bad)), wanted);
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
            assert_eq!(fault(&error), TlsFault::OldServer, "{error}");
        }
    }

    /// A name out of the library's code, or its punctuation.
    fn is_debug(words: &str) -> bool {
        let characters: Vec<char> = words.chars().collect();
        let is_camel = |three: &[char]| {
            three[0].is_ascii_uppercase() && three[1].is_ascii_lowercase() && three[2].is_ascii_lowercase()
        };
        let camel = |word: &str| {
            let word: Vec<char> = word.chars().collect();
            let humps = word.windows(3).filter(|three| is_camel(three)).count();
            humps > 1 || word.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase())
        };
        let calls = characters.windows(2).any(|two| two[0].is_ascii_alphanumeric() && two[1] == '(');
        calls || words.contains(['{', '}', '[', '"']) || words.split(' ').any(camel)
    }

    fn of_every_kind() -> Vec<rustls::Error> {
        use rustls::pki_types::UnixTime;
        use rustls::{
            CertRevocationListError, ContentType, EncryptedClientHelloError, Error, HandshakeType,
            InconsistentKeys, InvalidMessage, OtherError, PeerIncompatible, PeerMisbehaved,
        };
        let (time, foreign) =
            (UnixTime::now(), || OtherError(Arc::new(io::Error::other("SomethingElse { a: 1 }"))));
        let bad = [
            Bad::BadEncoding,
            Bad::Revoked,
            Bad::UnhandledCriticalExtension,
            Bad::UnknownRevocationStatus,
            Bad::ExpiredRevocationList,
            Bad::ExpiredRevocationListContext { time, next_update: time },
            Bad::ExpiredContext { time, not_after: time },
            Bad::NotValidYetContext { time, not_before: time },
            Bad::BadSignature,
            Bad::InvalidPurpose,
            Bad::InvalidPurposeContext {
                required: rustls::ExtendedKeyPurpose::ServerAuth,
                presented: vec![rustls::ExtendedKeyPurpose::ClientAuth],
            },
            Bad::InvalidOcspResponse,
            Bad::ApplicationVerificationFailure,
            Bad::UnsupportedSignatureAlgorithmContext {
                signature_algorithm_id: vec![1, 2],
                supported_algorithms: Vec::new(),
            },
            Bad::UnsupportedSignatureAlgorithmForPublicKeyContext {
                signature_algorithm_id: vec![1, 2],
                public_key_algorithm_id: vec![3],
            },
            Bad::Other(foreign()),
        ];
        let names = FOREIGN.iter().map(|(name, _)| Bad::Other(OtherError(Arc::new(io::Error::other(*name)))));
        let alerts = (0..=u8::MAX).map(|number| Error::AlertReceived(AlertDescription::from(number)));
        let others = [
            Error::InappropriateMessage {
                expect_types: vec![ContentType::Handshake],
                got_type: ContentType::ApplicationData,
            },
            Error::InappropriateHandshakeMessage {
                expect_types: vec![HandshakeType::ServerHello],
                got_type: HandshakeType::Finished,
            },
            Error::InvalidEncryptedClientHello(EncryptedClientHelloError::NoCompatibleConfig),
            Error::InvalidMessage(InvalidMessage::MessageTooLarge),
            Error::NoCertificatesPresented,
            Error::UnsupportedNameType,
            Error::DecryptError,
            Error::EncryptError,
            Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon),
            Error::PeerMisbehaved(PeerMisbehaved::IllegalTlsInnerPlaintext),
            Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedCipherSuite),
            Error::InvalidCertRevocationList(CertRevocationListError::BadSignature),
            Error::General("Some(Thing)".into()),
            Error::FailedToGetCurrentTime,
            Error::FailedToGetRandomBytes,
            Error::HandshakeNotComplete,
            Error::PeerSentOversizedRecord,
            Error::NoApplicationProtocol,
            Error::BadMaxFragmentSize,
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch),
            Error::Other(foreign()),
        ];
        bad.into_iter().chain(names).map(Error::InvalidCertificate).chain(alerts).chain(others).collect()
    }

    /// Complaints of the library that it keeps as foreign errors, by their names.
    const FOREIGN: &[(&str, TlsFault)] = &[
        ("CaUsedAsEndEntity", TlsFault::AuthorityAsServer),
        ("UnsupportedCertVersion", TlsFault::Certificate(CertificateFlaw::Version)),
        ("NameConstraintViolation", TlsFault::Certificate(CertificateFlaw::Constraints)),
        ("PathLenConstraintViolated", TlsFault::Certificate(CertificateFlaw::Constraints)),
        ("EndEntityUsedAsCa", TlsFault::Certificate(CertificateFlaw::Constraints)),
        ("InvalidNetworkMaskConstraint", TlsFault::Certificate(CertificateFlaw::Constraints)),
        ("MalformedExtensions", TlsFault::Certificate(CertificateFlaw::Malformed)),
        ("InvalidSerialNumber", TlsFault::Certificate(CertificateFlaw::Malformed)),
        ("SignatureAlgorithmMismatch", TlsFault::Certificate(CertificateFlaw::Malformed)),
        ("EmptyEkuExtension", TlsFault::Certificate(CertificateFlaw::Malformed)),
        ("MaximumPathDepthExceeded", TlsFault::Certificate(CertificateFlaw::Unaccepted)),
    ];

    #[test]
    fn t8_no_complaint_of_the_library_is_told_in_the_names_of_its_code() {
        assert!(is_debug("AlertReceived") && is_debug("got Some(x)") && !is_debug("internal_error (80)"));
        for error in of_every_kind() {
            for told in [fault(&error), unexplained(fault(&error))] {
                assert!(!is_debug(&told.to_string()), "{error:?}: {told}");
            }
        }
        for (name, wanted) in FOREIGN {
            assert_eq!(of_name(name), *wanted, "{name}");
        }
    }

    #[test]
    fn t8_an_alert_is_told_by_its_name_and_number() {
        for (alert, wanted) in [
            (AlertDescription::InternalError, "internal_error (80)"),
            (AlertDescription::UnrecognisedName, "unrecognized_name (112)"),
            (AlertDescription::from(99), "99"),
        ] {
            let told = fault(&rustls::Error::AlertReceived(alert));
            assert_eq!(told, TlsFault::Alert { alert: wanted.into() });
        }
        // What the library has a name for has one here.
        for number in 0..=u8::MAX {
            let is_known = format!("{:?}", AlertDescription::from(number)).chars().all(char::is_alphabetic);
            assert_eq!(ALERTS.iter().any(|(known, _)| *known == number), is_known, "{number}");
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
