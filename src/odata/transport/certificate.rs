//! What a server's certificate says of itself, believed or not.

use std::net::IpAddr;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::UintRef;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::super::foreign::neutral;
use crate::odata::Redactor;

/// Most names of a certificate that are told.
const NAMES: usize = 8;

/// A server's certificate. Its words are foreign, and neutralised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Who issued it.
    pub issuer: String,
    /// The names it is issued to (SAN), as many as are worth telling; a common name is none.
    pub names: Vec<String>,
    /// From when it is valid.
    pub valid_from: DateTime<Utc>,
    /// Until when.
    pub valid_until: DateTime<Utc>,
    /// Bits of its own key, where that is RSA's.
    pub key_bits: Option<u32>,
    /// Bits of the key it is signed by, where that is RSA's.
    pub signer_bits: Option<u32>,
}

/// `rsaEncryption`, and all ways to sign by RSA begin like it.
const RSA: &str = "1.2.840.113549.1.1.";

impl Certificate {
    /// Reads DER; `None` where it is none.
    pub(super) fn read(der: &[u8], redactor: &Redactor) -> Option<Self> {
        let certificate = x509_cert::Certificate::from_der(der).ok()?;
        let stated = certificate.tbs_certificate();
        let names = stated.get_extension::<SubjectAltName>().ok().flatten();
        let names = names.map(|(_, names)| names.0).unwrap_or_default();
        Some(Self {
            issuer: neutral(&stated.issuer().to_string(), redactor),
            names: names.iter().filter_map(|found| name(found, redactor)).take(NAMES).collect(),
            valid_from: moment(stated.validity().not_before.to_system_time()),
            valid_until: moment(stated.validity().not_after.to_system_time()),
            key_bits: rsa_bits(stated.subject_public_key_info()),
            signer_bits: signer_bits(&certificate),
        })
    }

    /// Whether its dates include a moment.
    pub fn is_valid_at(&self, moment: DateTime<Utc>) -> bool {
        (self.valid_from..=self.valid_until).contains(&moment)
    }
}

/// The length of an RSA key: the first number of the sequence the key is.
fn rsa_bits(key: &SubjectPublicKeyInfoOwned) -> Option<u32> {
    if !key.algorithm.oid.to_string().starts_with(RSA) {
        return None;
    }
    let numbers: Vec<UintRef<'_>> = Vec::from_der(key.subject_public_key.raw_bytes()).ok()?;
    let modulus = numbers.first()?.as_bytes();
    let unused = modulus.first()?.leading_zeros();
    Some(u32::try_from(modulus.len()).ok()? * 8 - unused)
}

/// A signature of RSA is as long as the key.
fn signer_bits(certificate: &x509_cert::Certificate) -> Option<u32> {
    let is_rsa = certificate.signature_algorithm().oid.to_string().starts_with(RSA);
    let length = u32::try_from(certificate.signature().raw_bytes().len()).ok()?;
    is_rsa.then_some(length * 8)
}

fn name(name: &GeneralName, redactor: &Redactor) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(neutral(name.as_str(), redactor)),
        GeneralName::IpAddress(bytes) => address(bytes.as_bytes()).map(|address| address.to_string()),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

fn moment(time: SystemTime) -> DateTime<Utc> {
    time.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_tells_its_issuer_its_names_and_its_dates() {
        let mut wanted = rcgen::CertificateParams::new(["1c.example.ru".into(), "10.0.0.1".into()]).unwrap();
        wanted.distinguished_name = rcgen::DistinguishedName::new();
        wanted.distinguished_name.push(rcgen::DnType::CommonName, "Наша\u{1b}[2J контора");
        wanted.not_before = rcgen::date_time_ymd(2020, 1, 2);
        wanted.not_after = rcgen::date_time_ymd(2021, 1, 2);
        let certificate = wanted.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let read = Certificate::read(certificate.der(), &Redactor::default()).unwrap();
        assert!(read.issuer.contains("Наша") && !read.issuer.contains('\u{1b}'), "{}", read.issuer);
        assert_eq!(read.names, ["1c.example.ru", "10.0.0.1"]);
        let at = |year| DateTime::parse_from_rfc3339(&format!("{year}-06-01T00:00:00Z")).unwrap().to_utc();
        assert_eq!([2019, 2020, 2021].map(|year| read.is_valid_at(at(year))), [false, true, false]);
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        for der in [&b""[..], b"\x30\x03\x02\x01\x00", &[0xff; 4096]] {
            assert_eq!(Certificate::read(der, &Redactor::default()), None);
        }
    }
}
