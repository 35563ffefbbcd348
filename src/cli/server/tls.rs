//! TLS at the engine's port: its certificate and the key of that out of files, read anew when they change.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{InconsistentKeys, ServerConfig};
use secrecy::zeroize::Zeroizing;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, sink};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use x509_cert::der::Decode as _;

use super::hub::Hub;
use crate::config::{EngineSettings, LogLevel};
use crate::files::read_at_most;
use crate::report::json::api;
use crate::report::log::LogEntry;
use crate::text::{Problem, Texts};

/// No file of a certificate with all that is behind it, and none of a key, is longer.
const LONGEST: usize = 256 << 10;
/// The first byte of whatever begins to speak TLS.
const HANDSHAKE: u8 = 22;
/// As much as is heard out of whoever speaks something else.
const OTHER_SPEECH: u64 = 16 << 10;

/// What is shown at the port.
#[derive(Debug)]
pub(super) struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    texts: Texts,
    shown: Mutex<CertificatePair>,
}

/// The certificate of the moment, and how its files stood when they were last looked at.
#[derive(Debug)]
struct CertificatePair {
    stamp: Stamp,
    config: Arc<ServerConfig>,
    leaf: CertificateDer<'static>,
}

/// Another value for files that were changed, or replaced.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl Tls {
    /// As the settings want it, where they do.
    pub(super) fn by(settings: &EngineSettings, texts: Texts) -> Result<Option<Self>, Problem> {
        let (certificate, key) = match (&settings.certificate_file, &settings.key_file) {
            (None, None) => return Ok(None),
            (Some(certificate), Some(key)) => (certificate.clone(), key.clone()),
            _ => return Err(texts.problem("engine-tls-half", &[])),
        };
        let shown = shown(&certificate, &key, texts)?;
        Ok(Some(Self { certificate, key, texts, shown: Mutex::new(shown) }))
    }

    /// What is to be said of a certificate that nobody believes at this moment: whoever calls hears it, the sync does not care.
    pub(super) fn warning(&self, now: DateTime<Utc>) -> Option<String> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let certificate = x509_cert::Certificate::from_der(&shown.leaf).ok()?;
        let validity = certificate.tbs_certificate().validity();
        let from: DateTime<Utc> = validity.not_before.to_system_time().into();
        let until: DateTime<Utc> = validity.not_after.to_system_time().into();
        let path = ("path", self.certificate.as_path().into());
        let told = |date: DateTime<Utc>| date.format("%Y-%m-%d %H:%M UTC").to_string();
        if now < from {
            return Some(self.texts.with("engine-certificate-early", &[path, ("date", told(from).into())]));
        }
        (now > until)
            .then(|| self.texts.with("engine-certificate-expired", &[path, ("date", told(until).into())]))
    }

    /// Agrees with whoever came. Who speaks plain HTTP is told so.
    pub(super) async fn secured(&self, mut stream: TcpStream, hub: &Hub) -> io::Result<TlsStream<TcpStream>> {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first == [HANDSHAKE] {
            return TlsAcceptor::from(self.config(hub)).accept(stream).await;
        }
        let body = api::problem(&self.texts.problem("api-tls", &[]), 400);
        let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nConnection: close";
        let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // What is not read would have the system take back what was answered.
        tokio::io::copy(&mut stream.take(OTHER_SPEECH), &mut sink()).await?;
        Err(io::ErrorKind::InvalidData.into())
    }

    /// The certificate of the moment. Where its files changed they are read anew; where they cannot be used, or only one of them
    /// was replaced so far, the one from before is shown.
    fn config(&self, hub: &Hub) -> Arc<ServerConfig> {
        let mut known = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp_of(&self.certificate, &self.key);
        if stamp == known.stamp {
            return Arc::clone(&known.config);
        }
        known.stamp = stamp;
        let told = match shown(&self.certificate, &self.key, self.texts) {
            Ok(now) if now.leaf == known.leaf => None,
            Ok(now) => {
                *known = now;
                let path = ("path", self.certificate.as_path().into());
                let words = self.texts.with("engine-certificate-renewed", &[path]);
                Some(LogEntry::new(LogLevel::Info, &words))
            }
            Err(problem) => Some(LogEntry::of_problem(LogLevel::Warn, &problem)),
        };
        let config = Arc::clone(&known.config);
        drop(known);
        if let Some(entry) = &told {
            hub.note(entry);
        }
        config
    }
}

fn stamp_of(certificate: &Path, key: &Path) -> Stamp {
    [certificate, key].map(|path| {
        let found = fs::metadata(path).ok()?;
        Some((found.modified().ok()?, found.len()))
    })
}

/// Reads both files.
fn shown(certificate: &Path, key: &Path, texts: Texts) -> Result<CertificatePair, Problem> {
    let of_certificate = |why: String| fault("engine-certificate", certificate, why, texts);
    let of_key = |why: String| fault("engine-key", key, why, texts);
    let stamp = stamp_of(certificate, key);
    let chain = read(certificate).map_err(|error| of_certificate(texts.system(error.kind())))?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&chain).filter_map(Result::ok).collect();
    let Some(leaf) = chain.first().cloned() else {
        return Err(of_certificate(texts.get("engine-certificate-none").into_owned()));
    };
    let bytes = read(key).map_err(|error| of_key(texts.system(error.kind())))?;
    let Ok(private) = PrivateKeyDer::from_pem_slice(&bytes) else {
        let is_locked = memchr::memmem::find(&bytes, b"ENCRYPTED").is_some();
        let words = if is_locked { texts.get("engine-key-locked") } else { texts.get("engine-key-none") };
        return Err(of_key(words.into_owned()));
    };
    let signer = ring::sign::any_supported_type(&private);
    let signer = signer.map_err(|_| of_key(texts.get("engine-key-none").into_owned()))?;
    let certified = CertifiedKey::new(chain, signer);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => {}
        Err(rustls::Error::InconsistentKeys(_)) => {
            return Err(of_key(texts.get("engine-key-other").into_owned()));
        }
        Err(_) => return Err(of_certificate(texts.get("engine-certificate-none").into_owned())),
    }
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| of_certificate(error.to_string()))?;
    let mut config =
        config.with_no_client_auth().with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(CertificatePair { stamp, config: Arc::new(config), leaf })
}

fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    read_at_most(path, LONGEST, &mut bytes)?;
    Ok(bytes)
}

fn fault(code: &'static str, path: &Path, why: String, texts: Texts) -> Problem {
    texts.problem(code, &[("path", path.into()), ("why", why.into())])
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;
    use crate::text::Language;

    struct Files {
        folder: tempfile::TempDir,
        settings: EngineSettings,
    }

    impl Files {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let path = |name: &str| Some(folder.path().join(name));
            let settings = EngineSettings {
                certificate_file: path("a.pem"),
                key_file: path("a.key"),
                ..EngineSettings::default()
            };
            let files = Self { folder, settings };
            files.renew();
            files
        }

        /// Another certificate, and its key.
        fn renew(&self) {
            let key = KeyPair::generate().expect("a key");
            let mut wanted = CertificateParams::new(["localhost".to_owned()]).expect("wanted");
            wanted.not_before = rcgen::date_time_ymd(2020, 1, 2);
            wanted.not_after = rcgen::date_time_ymd(2030, 1, 2);
            self.write("a.pem", &wanted.self_signed(&key).expect("signed").pem());
            self.write("a.key", &key.serialize_pem());
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.folder.path().join(name), text).expect("written");
        }

        fn read(&self) -> Result<Tls, Problem> {
            let tls = Tls::by(&self.settings, Texts::new(Language::English))?;
            Ok(tls.expect("there are files"))
        }
    }

    #[test]
    fn s9_what_is_no_certificate_or_not_its_key_is_told_and_the_key_is_not() {
        let files = Files::new();
        let well = files.read().expect("both fit");
        let secret = fs::read_to_string(files.settings.key_file.as_ref().expect("named")).expect("read");
        let lines: Vec<&str> = secret.lines().filter(|line| line.len() > 40).collect();
        let silent = |told: &str| assert!(lines.iter().all(|line| !told.contains(line)), "{told}");
        silent(&format!("{well:?}"));
        let locked = secret.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        let other = KeyPair::generate().expect("a key").serialize_pem();
        let half = &secret[..secret.len() / 2];
        for (name, text, code, why) in [
            ("a.key", "", "engine-key", "no private key"),
            ("a.key", half, "engine-key", "no private key"),
            ("a.key", locked.as_str(), "engine-key", "passphrase"),
            ("a.key", other.as_str(), "engine-key", "does not belong"),
            ("a.pem", "", "engine-certificate", "no certificate"),
            ("a.pem", secret.as_str(), "engine-certificate", "no certificate"),
            (
                "a.pem",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "engine-certificate",
                "no cert",
            ),
        ] {
            let before = fs::read_to_string(files.folder.path().join(name)).expect("read");
            files.write(name, text);
            let problem = files.read().expect_err("it is at fault");
            assert_eq!(problem.code, code, "{problem:?}");
            assert!(problem.message.contains(why), "{why}: {problem:?}");
            silent(&format!("{problem:?}"));
            files.write(name, &before);
        }
        fs::remove_file(files.folder.path().join("a.pem")).expect("removed");
        assert_eq!(files.read().expect_err("gone").code, "engine-certificate");
        let half = EngineSettings { key_file: None, ..files.settings.clone() };
        let told = Tls::by(&half, Texts::new(Language::English)).expect_err("one of two");
        assert_eq!(told.code, "engine-tls-half");
    }

    #[test]
    fn s9_a_certificate_outside_its_dates_is_warned_of() {
        let tls = Files::new().read().expect("both fit");
        let at = |day: &str| tls.warning(day.parse().expect("a moment")).unwrap_or_default();
        assert!(at("2020-01-01T23:00:00Z").contains("2020-01-02"), "not yet");
        assert_eq!(at("2025-01-01T00:00:00Z"), "");
        assert!(at("2030-01-02T00:00:01Z").contains("2030-01-02"), "no more");
    }

    #[test]
    fn s9_a_renewed_certificate_is_shown_and_a_broken_one_is_not() {
        let files = Files::new();
        let (tls, hub) = (files.read().expect("both fit"), Hub::new(DateTime::UNIX_EPOCH));
        let first = tls.config(&hub);
        assert!(Arc::ptr_eq(&first, &tls.config(&hub)), "nothing changed");
        let certificate = fs::read_to_string(files.folder.path().join("a.pem")).expect("read");
        files.write("a.pem", "half written");
        assert!(Arc::ptr_eq(&first, &tls.config(&hub)), "the one from before");
        assert!(hub.lines()[0].message.contains("no certificate"), "{:?}", hub.lines());
        files.write("a.pem", &certificate);
        files.renew();
        // Of files that change within one tick of the clock of the file system the length decides; another name makes it another.
        files.write("a.key", &(fs::read_to_string(files.folder.path().join("a.key")).expect("read") + "\n"));
        assert!(!Arc::ptr_eq(&first, &tls.config(&hub)), "another one");
        assert_eq!(hub.lines().len(), 2, "{:?}", hub.lines());
    }
}
