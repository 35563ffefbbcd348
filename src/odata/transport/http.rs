//! The real thing, over reqwest.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Certificate, ClientBuilder, Proxy, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;

use super::super::error::Error;
use super::super::foreign::neutral;
use super::{BoxFuture, HttpReply, HttpRequest, Transport, TransportError};
use crate::config::OneC;

mod tls;

/// Idle connections are dropped before servers drop them (IIS and Apache wait five seconds or more):
/// a request on a connection that is just being closed fails.
const IDLE: Duration = Duration::from_secs(4);

/// Requests over HTTP or HTTPS, with Basic authentication sent at once and redirects not followed.
pub struct HttpTransport {
    client: reqwest::Client,
    connect_timeout: Duration,
}

/// Shows nothing: the client holds the credentials.
impl std::fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

impl HttpTransport {
    /// A transport by the settings; reads the `ca_file`. Plain `http` asks nothing of this machine's
    /// certificates.
    pub fn new(settings: &OneC) -> Result<Self, Error> {
        // Fails only where a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, credentials(settings)?);
        let builder = ClientBuilder::new()
            .default_headers(headers)
            .http1_only()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_idle_timeout(IDLE)
            .connect_timeout(settings.connect_timeout)
            .dns_resolver(Arc::new(SystemNames));
        let builder = with_proxy(builder, settings)?;
        let client = with_certificates(builder, settings)?.build().map_err(|error| of_builder(&error))?;
        Ok(Self { client, connect_timeout: settings.connect_timeout })
    }

    async fn fetch(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let sending = self.client.get(&request.url).header(ACCEPT, request.accept).send();
        let patience = self.connect_timeout.saturating_add(request.silence);
        let mut response = match timeout(patience, sending).await {
            Ok(sent) => sent.map_err(|error| before_reply(&error))?,
            Err(_) => return Err(TransportError::Silent(request.silence)),
        };
        let body = body(&mut response, &request).await?;
        let header = |name: HeaderName| {
            response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Ok(HttpReply {
            status: response.status().as_u16(),
            retry_after: header(RETRY_AFTER),
            location: header(LOCATION),
            date: header(DATE),
            body,
        })
    }
}

impl Transport for HttpTransport {
    fn get(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            let deadline = request.deadline;
            timeout(deadline, self.fetch(request)).await.unwrap_or(Err(TransportError::Deadline(deadline)))
        })
    }
}

/// The body, whole: a silence or an excess ends it.
async fn body(response: &mut reqwest::Response, request: &HttpRequest) -> Result<Bytes, TransportError> {
    let too_large = TransportError::TooLarge(request.body_cap);
    let promised = response.content_length().unwrap_or(0);
    if promised > request.body_cap as u64 {
        return Err(too_large);
    }
    let mut body = BytesMut::with_capacity(usize::try_from(promised).unwrap_or(0));
    loop {
        let chunk = match timeout(request.silence, response.chunk()).await {
            // Whatever ends a body early, reqwest calls a fault of decoding: the reply was cut.
            Ok(chunk) => chunk.map_err(|_| TransportError::Cut)?,
            Err(_) => return Err(TransportError::Silent(request.silence)),
        };
        let Some(chunk) = chunk else { return Ok(body.freeze()) };
        if body.len() + chunk.len() > request.body_cap {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
}

/// 1C wants its credentials in UTF-8, at once: it does not always ask for them.
fn credentials(settings: &OneC) -> Result<HeaderValue, Error> {
    let pair = SecretString::from(format!("{}:{}", settings.user, settings.password.expose_secret()));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair.expose_secret())))
        .map_err(|_| Error::Settings("the credentials make no header".into()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The proxy of the settings, and no other: none from the environment.
fn with_proxy(builder: ClientBuilder, settings: &OneC) -> Result<ClientBuilder, Error> {
    let Some(address) = &settings.proxy else { return Ok(builder.no_proxy()) };
    // The address may hold credentials of the proxy: it stays out of the message.
    let proxy =
        Proxy::all(address).map_err(|_| Error::Settings("the proxy's address cannot be used".into()))?;
    Ok(builder.no_proxy().proxy(proxy))
}

fn with_certificates(builder: ClientBuilder, settings: &OneC) -> Result<ClientBuilder, Error> {
    let is_secure = |address: &str| address.to_ascii_lowercase().starts_with("https://");
    let secure = is_secure(&settings.url) || settings.proxy.as_deref().is_some_and(is_secure);
    if !secure {
        // Certificates are loaded when a client is built, not when it needs them: none are needed here.
        return Ok(builder.tls_certs_only([]));
    }
    let builder = match &settings.ca_file {
        Some(path) => builder.tls_certs_merge(authorities(path)?),
        None => builder,
    };
    Ok(builder.tls_danger_accept_invalid_certs(settings.accept_invalid_certificates))
}

fn authorities(path: &std::path::Path) -> Result<Vec<Certificate>, Error> {
    let unusable = |why: &str| Error::Settings(format!("ca_file {}: {why}", path.display()));
    let pem = std::fs::read(path).map_err(|error| unusable(&error.kind().to_string()))?;
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|_| unusable("no certificates in PEM"))?;
    if certificates.is_empty() { Err(unusable("no certificates in PEM")) } else { Ok(certificates) }
}

/// A client fails to build where no certificates of authorities are found; anything else is a setting.
fn of_builder(error: &reqwest::Error) -> Error {
    match tls::find(error) {
        Some(rustls::Error::General(_)) => Error::NoCertificates,
        Some(other) => Error::Settings(neutral(&other.to_string())),
        None => {
            Error::Settings(chain(error).last().map(|cause| neutral(&cause.to_string())).unwrap_or_default())
        }
    }
}

/// Why nothing of a reply came.
fn before_reply(error: &reqwest::Error) -> TransportError {
    if chain(error).any(<dyn StdError>::is::<NameNotFound>) {
        return TransportError::Name;
    }
    if let Some(fault) = tls::find(error) {
        return TransportError::Tls(tls::fault(fault));
    }
    if error.is_connect() {
        return if error.is_timeout() { TransportError::ConnectTimeout } else { TransportError::Refused };
    }
    if closed_under_us(error) {
        return TransportError::Closed;
    }
    // The innermost cause knows no address.
    TransportError::Other(chain(error).last().map(|cause| neutral(&cause.to_string())).unwrap_or_default())
}

fn closed_under_us(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| {
        let by_http = cause
            .downcast_ref::<hyper::Error>()
            .is_some_and(|error| error.is_incomplete_message() || error.is_canceled() || error.is_closed());
        by_http || cause.downcast_ref::<io::Error>().is_some_and(|error| is_reset(error.kind()))
    })
}

fn is_reset(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// The causes of an error, without the outermost, whose text holds the address.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

/// The system's names, told apart from other failures by a type.
struct SystemNames;

/// A name that does not resolve.
#[derive(Debug, thiserror::Error)]
#[error("the name does not resolve")]
struct NameNotFound;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| NameNotFound)?;
            let found: Vec<_> = found.collect();
            if found.is_empty() {
                return Err(NameNotFound.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
