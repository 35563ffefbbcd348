//! Certificates of every kind, made on the spot.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::sign::{CertifiedKey, Signer, SigningKey, SingleCertAndKey};
use tokio_rustls::rustls::{Error, ServerConfig, SignatureAlgorithm, SignatureScheme};

/// An authority of one's own.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    folder: TempDir,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut wanted = CertificateParams::new(Vec::new()).unwrap();
        wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        wanted.distinguished_name = named(name);
        let key = KeyPair::generate().unwrap();
        let pem = wanted.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(wanted, key), pem, folder: TempDir::new().unwrap() }
    }

    /// Its certificate as a file, for `ca_file`.
    pub fn file(&self) -> PathBuf {
        file(&self.folder, &self.pem)
    }

    /// A certificate it issued to these names, and the key of that, as PEM.
    pub fn issue(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let certificate = wanted(names, change).signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    /// A server with a certificate it issued to these names, changed as a test wants it.
    pub fn server(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> TlsAcceptor {
        let wanted = wanted(names, change);
        let key = KeyPair::generate().unwrap();
        let certificate = wanted.signed_by(&key, &self.issuer).unwrap();
        acceptor(certificate.der().clone(), &key)
    }
}

/// A server with a certificate signed by itself, and that certificate as a file.
pub struct SelfSigned {
    pub server: TlsAcceptor,
    pem: String,
    folder: TempDir,
}

impl SelfSigned {
    pub fn new(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = wanted(names, change).self_signed(&key).unwrap();
        let server = acceptor(certificate.der().clone(), &key);
        Self { server, pem: certificate.pem(), folder: TempDir::new().unwrap() }
    }

    pub fn file(&self) -> PathBuf {
        file(&self.folder, &self.pem)
    }
}

/// As `openssl req -x509` makes it unless told otherwise: an authority.
pub fn as_authority(wanted: &mut CertificateParams) {
    wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
}

/// Valid from the first day of one year to the first day of another.
pub fn valid(from: i32, until: i32) -> impl FnOnce(&mut CertificateParams) {
    move |wanted| {
        wanted.not_before = rcgen::date_time_ymd(from, 1, 1);
        wanted.not_after = rcgen::date_time_ymd(until, 1, 1);
    }
}

fn wanted(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut wanted = CertificateParams::new(names).unwrap();
    wanted.distinguished_name = named("server");
    wanted.is_ca = IsCa::ExplicitNoCa;
    change(&mut wanted);
    wanted
}

fn named(name: &str) -> DistinguishedName {
    let mut named = DistinguishedName::new();
    named.push(DnType::CommonName, name);
    named
}

fn acceptor(certificate: CertificateDer<'static>, key: &KeyPair) -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn file(folder: &TempDir, pem: &str) -> PathBuf {
    let path = folder.path().join("certificate.pem");
    std::fs::write(&path, pem).unwrap();
    path
}

/// Certificates that this program's own libraries refuse to make, out of `tests/certificates`: for 127.0.0.1, valid from
/// 2020 to 2120, made by `openssl ca` and their keys thrown away.
pub fn kept(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/certificates").join(format!("{name}.pem"))
}

/// A server that shows one of the certificates of [`kept`]. It has no key and signs nothing right: a client that gets
/// so far as to look at that signature has believed the certificate.
pub fn without_key(certificate: &str) -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_file(kept(certificate)).unwrap()];
    let certified = CertifiedKey::new(chain, Arc::new(Forger));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    TlsAcceptor::from(Arc::new(config))
}

/// Signs with zeros.
#[derive(Debug)]
struct Forger;

impl SigningKey for Forger {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&SignatureScheme::RSA_PSS_SHA256).then(|| Box::new(Self) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

impl Signer for Forger {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(vec![0; 256])
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::RSA_PSS_SHA256
    }
}
