//! The authorities this machine trusts, where the environment would have other ones believed.
//!
//! The TLS library goes by `SSL_CERT_FILE` and `SSL_CERT_DIR` where they are set. Whoever starts the program could so
//! have any server believed, and nobody would see it in the settings: like proxies of the environment, they do not
//! count. Without them the library finds the system's authorities itself.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// What the library would go by.
const VARIABLES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Where systems keep the certificates of authorities in one file.
const BUNDLES: [&str; 9] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/usr/local/etc/ssl/cert.pem",
];

/// Whether the environment names authorities to a library that would believe it.
pub(super) fn is_led_by_environment() -> bool {
    let goes_by_it = cfg!(all(unix, not(target_vendor = "apple")));
    goes_by_it && VARIABLES.iter().any(|name| std::env::var_os(name).is_some())
}

/// The system's authorities, of the first file that has some.
pub(super) fn of_system() -> Vec<reqwest::Certificate> {
    let found = BUNDLES.iter().map(|path| of_file(Path::new(path)));
    found.into_iter().find(|certificates| !certificates.is_empty()).unwrap_or_default()
}

/// Those of a file that can be used: one that cannot costs itself alone.
fn of_file(path: &Path) -> Vec<reqwest::Certificate> {
    let mut pem = Vec::new();
    if super::in_one_go(path, super::LARGEST_CA_FILE, &mut pem).is_err() {
        return Vec::new();
    }
    let usable = |der: &CertificateDer<'static>| RootCertStore::empty().add(der.clone()).is_ok();
    let found = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok).filter(usable);
    found.filter_map(|der| reqwest::Certificate::from_der(&der).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_is_read_but_for_what_is_no_authority() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bundle.pem");
        let mut wanted = rcgen::CertificateParams::new(Vec::new()).unwrap();
        wanted.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let pem = wanted.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().pem();
        let junk = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::fs::write(&path, format!("# words\n{pem}{junk}{pem}")).unwrap();
        assert_eq!(of_file(&path).len(), 2);
        assert_eq!(of_file(&folder.path().join("none")).len(), 0);
    }
}
