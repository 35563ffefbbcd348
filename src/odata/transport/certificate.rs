//! What a server's certificate says of itself, believed or not.

use std::net::IpAddr;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::super::foreign::neutral;

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
}

impl Certificate {
    /// Reads DER; `None` where it is none.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let certificate = x509_cert::Certificate::from_der(der).ok()?;
        let stated = certificate.tbs_certificate();
        let names = stated.get_extension::<SubjectAltName>().ok().flatten();
        let names = names.map(|(_, names)| names.0).unwrap_or_default();
        Some(Self {
            issuer: neutral(&stated.issuer().to_string()),
            names: names.iter().filter_map(name).take(NAMES).collect(),
            valid_from: moment(stated.validity().not_before.to_system_time()),
            valid_until: moment(stated.validity().not_after.to_system_time()),
        })
    }

    /// Whether its dates include a moment.
    pub fn is_valid_at(&self, moment: DateTime<Utc>) -> bool {
        (self.valid_from..=self.valid_until).contains(&moment)
    }
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(neutral(name.as_str())),
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
        let read = Certificate::read(certificate.der()).unwrap();
        assert!(read.issuer.contains("Наша") && !read.issuer.contains('\u{1b}'), "{}", read.issuer);
        assert_eq!(read.names, ["1c.example.ru", "10.0.0.1"]);
        let at = |year| DateTime::parse_from_rfc3339(&format!("{year}-06-01T00:00:00Z")).unwrap().to_utc();
        assert_eq!([2019, 2020, 2021].map(|year| read.is_valid_at(at(year))), [false, true, false]);
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        for der in [&b""[..], b"\x30\x03\x02\x01\x00", &[0xff; 4096]] {
            assert_eq!(Certificate::read(der), None);
        }
    }
}
