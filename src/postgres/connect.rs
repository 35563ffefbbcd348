//! The way to the database.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres::{Client, NoTls};

use crate::error::{Trouble, lasting, words_of};
use crate::{Error, Settings, TlsMode};

/// Where systems keep the certificates of authorities in one file. What the environment names does not count.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Connects. The connection ends with the client.
pub(crate) async fn connect(settings: &Settings) -> Result<Client, Trouble> {
    let config = settings.config();
    match settings.tls {
        TlsMode::Off => {
            let (client, connection) =
                config.connect(NoTls).await.map_err(|error| failed(settings, &error))?;
            // Whatever ends it is told to whoever waits for an answer.
            tokio::spawn(connection);
            Ok(client)
        }
        TlsMode::VerifyFull => {
            let tls = Tls(Arc::new(client_config(settings)?));
            let (client, connection) = config.connect(tls).await.map_err(|error| failed(settings, &error))?;
            tokio::spawn(connection);
            Ok(client)
        }
    }
}

fn failed(settings: &Settings, error: &tokio_postgres::Error) -> Trouble {
    let host = settings.host();
    match error.as_db_error() {
        Some(db) => match lasting(db.code(), db.message().to_owned()) {
            Error::Refused { code, message } if code.starts_with("57P") || code == "53300" => {
                Trouble::Passing(message)
            }
            error => Trouble::Lasting(error),
        },
        None if is_of_tls(error) => Trouble::Lasting(Error::Tls { host, why: words_of(error) }),
        None => Trouble::Passing(words_of(error)),
    }
}

/// Whether the failure is one of TLS: a certificate refused, or a server that offers none.
fn is_of_tls(error: &tokio_postgres::Error) -> bool {
    let words = error.to_string();
    words.contains("TLS")
}

fn client_config(settings: &Settings) -> Result<ClientConfig, Error> {
    let refused = |why: String| Error::Tls { host: settings.host(), why };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(error.to_string()))?;
    let roots = match &settings.authorities {
        Some(path) => of_file(path),
        None => BUNDLES
            .iter()
            .map(|path| of_file(Path::new(path)))
            .find(|it| !it.is_empty())
            .unwrap_or_else(RootCertStore::empty),
    };
    if roots.is_empty() {
        return Err(refused("no certificates of authorities".to_owned()));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn of_file(path: &Path) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).into_iter().flatten().flatten() {
        // One that cannot be used costs itself alone.
        let _ = roots.add(certificate);
    }
    roots
}

#[derive(Clone)]
struct Tls(Arc<ClientConfig>);

struct TlsTo {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl<S> MakeTlsConnect<S> for Tls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Secure<S>;
    type TlsConnect = TlsTo;
    type Error = rustls::pki_types::InvalidDnsNameError;

    fn make_tls_connect(&mut self, domain: &str) -> Result<TlsTo, Self::Error> {
        let name = ServerName::try_from(domain.to_owned())?;
        Ok(TlsTo { config: Arc::clone(&self.0), name })
    }
}

impl<S> TlsConnect<S> for TlsTo
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Secure<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Secure<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let connector = tokio_rustls::TlsConnector::from(self.config);
            connector.connect(self.name, stream).await.map(|stream| Secure(Box::new(stream)))
        })
    }
}

/// A connection made secure.
struct Secure<S>(Box<tokio_rustls::client::TlsStream<S>>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Secure<S> {
    /// The host is known by its certificate: binding would add nothing here.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Secure<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Secure<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_shutdown(context)
    }
}
