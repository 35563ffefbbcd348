//! The real thing, over reqwest.

use std::error::Error as StdError;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, DATE,
    HeaderMap, HeaderName, HeaderValue, LOCATION, PRAGMA, RETRY_AFTER, SERVER, WWW_AUTHENTICATE,
};
use reqwest::tls::TlsInfo;
use reqwest::{ClientBuilder, Proxy, redirect};
use secrecy::ExposeSecret as _;
use secrecy::zeroize::Zeroizing;
use tokio::time::timeout;

use self::vigil::{LOOK, Vigil};
use super::super::error::{Error, TlsFault};
use super::super::foreign::neutral;
use super::{BoxFuture, Certificate, HttpReply, HttpRequest, Transport, TransportError};
use crate::odata::{ConnectionSettings, Redactor};

mod packing;
mod roots;
mod tls;
mod vigil;

/// Idle connections are dropped before servers drop them (IIS and Apache wait five seconds or more):
/// a request on a connection that is just being closed fails.
const IDLE: Duration = Duration::from_secs(4);

/// No file of certificates is larger: all authorities of a system are a few hundred KiB.
const LARGEST_CA_FILE: usize = 8 << 20;

/// Reads a file of at most so many bytes.
type ReadFile = fn(&Path, usize, &mut Vec<u8>) -> io::Result<()>;

/// Requests over HTTP or HTTPS, with Basic authentication sent at once and redirects not followed.
pub struct HttpTransport {
    settings: ConnectionSettings,
    read: ReadFile,
    pool: Mutex<Pool>,
    vigil: Vigil,
    redactor: Redactor,
    /// The certificate of the last reply, in DER.
    certificate: Mutex<Option<Vec<u8>>>,
    /// Whether a reply came packed that could not be unpacked: no other is asked for.
    wants_plain: AtomicBool,
}

/// The connections, and how often the machine had slept when they were begun.
struct Pool {
    client: reqwest::Client,
    jumps: u64,
}

/// Shows nothing: the client holds the credentials.
impl std::fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

impl HttpTransport {
    /// A transport by the settings; reads the `ca_file` in the library's way. Plain `http` asks nothing of this
    /// machine's certificates.
    pub fn new(settings: &ConnectionSettings) -> Result<Self, Error> {
        Self::reading(settings, in_one_go)
    }

    /// The same, reading the `ca_file` so: what lies there may be a pipe that nobody writes to.
    #[expect(clippy::disallowed_methods, reason = "a jump of the computer's own clock is what is looked for")]
    pub fn reading(settings: &ConnectionSettings, read: ReadFile) -> Result<Self, Error> {
        Self::with_wall_clock(settings, read, SystemTime::now)
    }

    fn with_wall_clock(
        settings: &ConnectionSettings,
        read: ReadFile,
        wall: impl Fn() -> SystemTime + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        // Fails only where a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = client(settings, read)?;
        Ok(Self {
            settings: settings.clone(),
            read,
            pool: Mutex::new(Pool { client, jumps: 0 }),
            vigil: Vigil::new(wall),
            redactor: Redactor::of(settings),
            certificate: Mutex::default(),
            wants_plain: AtomicBool::new(false),
        })
    }

    /// The client of the moment: connections from before a sleep are never used again.
    fn client(&self) -> reqwest::Client {
        let jumps = self.vigil.jumps();
        let mut pool = lock(&self.pool);
        if pool.jumps != jumps
            // What was read well once and cannot be now (a `ca_file` being replaced) is no reason to stop.
            && let Ok(client) = client(&self.settings, self.read)
        {
            *pool = Pool { client, jumps };
        }
        pool.client.clone()
    }

    /// Ends when the machine has slept since the call.
    async fn woken(&self) {
        let before = self.vigil.jumps();
        while self.vigil.jumps() == before {
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn fetch(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let packings = if self.wants_plain.load(Ordering::Relaxed) { packing::NONE } else { packing::KNOWN };
        let sending = self.client().get(&request.url).header(ACCEPT, request.accept);
        let sending = sending.header(ACCEPT_ENCODING, packings).send();
        let patience = self.settings.connect_timeout.saturating_add(request.silence);
        let mut response = match timeout(patience, sending).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.before_reply(&error).await),
            Err(_) => return Err(TransportError::Silent(request.silence)),
        };
        self.note_certificate(&response);
        let came = body(&mut response, &request).await?;
        let header = |name: HeaderName| header(&response, &name);
        let packing = header(CONTENT_ENCODING).unwrap_or_default();
        let (body, packed) = match packing::unpacked(&packing, &came, request.body_cap) {
            Ok(None) => (came, None),
            Ok(Some(body)) => (body, Some(came.len())),
            Err(error) => {
                self.wants_plain.store(true, Ordering::Relaxed);
                return Err(error);
            }
        };
        Ok(HttpReply {
            status: response.status().as_u16(),
            retry_after: header(RETRY_AFTER),
            location: header(LOCATION),
            date: header(DATE),
            age: header(AGE),
            platform: platform(&response),
            challenges: challenges(&response),
            content_type: header(CONTENT_TYPE),
            body,
            packed,
        })
    }

    fn note_certificate(&self, response: &reqwest::Response) {
        if let Some(der) = certificate_of(response) {
            let mut known = lock(&self.certificate);
            if known.as_deref() != Some(der) {
                *known = Some(der.to_owned());
            }
        }
    }

    /// Why nothing of a reply came.
    async fn before_reply(&self, error: &reqwest::Error) -> TransportError {
        match before_reply(error, &self.redactor) {
            TransportError::Tls(fault) if tls::wants_certificate(&fault) => {
                TransportError::Tls(self.explained(fault).await)
            }
            other => other,
        }
    }

    /// The fault with what the certificate says of itself, where a second look brings it.
    async fn explained(&self, fault: TlsFault) -> TlsFault {
        let patience = self.settings.connect_timeout.saturating_mul(2);
        let Ok(Some((certificate, date))) = timeout(patience, self.look()).await else {
            return tls::unexplained(fault);
        };
        tls::explained(fault, certificate, date, self.vigil.now().into())
    }

    /// The certificate and the clock of whoever answers, asked without credentials and believing anything:
    /// good for words to the user, for nothing else.
    async fn look(&self) -> Option<(Certificate, Option<DateTime<Utc>>)> {
        let builder = bare(&self.settings).tls_certs_only([]).tls_danger_accept_invalid_certs(true);
        let client = with_proxy(builder, &self.settings).ok()?.build().ok()?;
        let response = client.get(&self.settings.url).send().await.ok()?;
        let date = header(&response, &DATE).and_then(|date| DateTime::parse_from_rfc2822(&date).ok());
        Some((Certificate::read(certificate_of(&response)?, &self.redactor)?, date.map(|date| date.to_utc())))
    }
}

/// A lock whose value is whole between any two statements: a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The logins a server takes: a header for each of them, or one for several.
fn challenges(response: &reqwest::Response) -> Vec<String> {
    let values = response.headers().get_all(WWW_AUTHENTICATE);
    values.iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

/// What the server calls itself.
fn platform(response: &reqwest::Response) -> Option<String> {
    let names = [SERVER, HeaderName::from_static("x-powered-by")];
    let known: Vec<_> = names.into_iter().filter_map(|name| header(response, &name)).collect();
    (!known.is_empty()).then(|| known.join(" "))
}

fn header(response: &reqwest::Response, name: &HeaderName) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn certificate_of(response: &reqwest::Response) -> Option<&[u8]> {
    response.extensions().get::<TlsInfo>()?.peer_certificate()
}

fn client(settings: &ConnectionSettings, read: ReadFile) -> Result<reqwest::Client, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, credentials(settings)?);
    // What a proxy kept proves nothing of what 1C has now.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    let builder = with_proxy(bare(settings).default_headers(headers), settings)?;
    with_certificates(builder, settings, read)?
        .build()
        .map_err(|error| of_builder(&error, &Redactor::of(settings)))
}

/// What all our clients have in common. Nothing is left to the library's defaults that could hurt: an update
/// may change them.
fn bare(settings: &ConnectionSettings) -> ClientBuilder {
    ClientBuilder::new()
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .pool_idle_timeout(IDLE)
        .connect_timeout(settings.connect_timeout)
        .tls_info(true)
        .dns_resolver(Arc::new(SystemNames))
}

impl Transport for HttpTransport {
    fn get(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            let deadline = request.deadline;
            tokio::select! {
                biased;
                reply = timeout(deadline, self.fetch(request)) => {
                    reply.unwrap_or(Err(TransportError::Deadline(deadline)))
                }
                // Repeated at once on a new connection, like any other that closed under us.
                () = self.woken() => Err(TransportError::Closed),
            }
        })
    }

    fn certificate(&self) -> Option<Certificate> {
        let known = lock(&self.certificate);
        known.as_deref().and_then(|der| Certificate::read(der, &self.redactor))
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

/// 1C wants its credentials in UTF-8, at once: it does not always ask for them. Every buffer they pass through
/// here is wiped, the header's own with the client that holds it.
fn credentials(settings: &ConnectionSettings) -> Result<HeaderValue, Error> {
    let pair = Zeroizing::new(format!("{}:{}", settings.user, settings.password.expose_secret()));
    let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    let header = Zeroizing::new(["Basic ".as_bytes(), encoded.as_bytes()].concat());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(header))
        .map_err(|_| Error::Settings("the credentials make no header".into()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The proxy of the settings, and no other: none from the environment.
fn with_proxy(builder: ClientBuilder, settings: &ConnectionSettings) -> Result<ClientBuilder, Error> {
    let Some(address) = &settings.proxy else { return Ok(builder.no_proxy()) };
    // The address may hold credentials of the proxy: it stays out of the message.
    let proxy =
        Proxy::all(address).map_err(|_| Error::Settings("the proxy's address cannot be used".into()))?;
    Ok(builder.no_proxy().proxy(proxy))
}

fn with_certificates(
    builder: ClientBuilder,
    settings: &ConnectionSettings,
    read: ReadFile,
) -> Result<ClientBuilder, Error> {
    let is_secure = |address: &str| address.to_ascii_lowercase().starts_with("https://");
    let secure = is_secure(&settings.url) || settings.proxy.as_deref().is_some_and(is_secure);
    if !secure {
        // Certificates are loaded when a client is built, not when it needs them: none are needed here.
        return Ok(builder.tls_certs_only([]));
    }
    let own =
        settings.ca_file.as_deref().map(|path| authorities(path, read)).transpose()?.unwrap_or_default();
    let builder = if roots::is_led_by_environment() {
        believing(builder, own, roots::of_system())?
    } else if own.is_empty() {
        builder
    } else {
        builder.tls_certs_merge(own)
    };
    Ok(builder.tls_danger_accept_invalid_certs(settings.accept_invalid_certificates))
}

/// A client that believes these authorities, and no others.
fn believing(
    builder: ClientBuilder,
    own: Vec<reqwest::Certificate>,
    system: Vec<reqwest::Certificate>,
) -> Result<ClientBuilder, Error> {
    let all = [own, system].concat();
    if all.is_empty() { Err(Error::NoCertificates) } else { Ok(builder.tls_certs_only(all)) }
}

fn authorities(path: &Path, read: ReadFile) -> Result<Vec<reqwest::Certificate>, Error> {
    let unusable = |why: &str| Error::Settings(format!("ca_file {}: {why}", path.display()));
    let mut pem = Vec::new();
    read(path, LARGEST_CA_FILE, &mut pem).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => unusable("too large"),
        kind => unusable(&kind.to_string()),
    })?;
    let certificates =
        reqwest::Certificate::from_pem_bundle(&pem).map_err(|_| unusable("no certificates in PEM"))?;
    if certificates.is_empty() { Err(unusable("no certificates in PEM")) } else { Ok(certificates) }
}

fn in_one_go(path: &Path, most: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
    std::fs::File::open(path)?.take(most as u64 + 1).read_to_end(bytes)?;
    if bytes.len() > most { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
}

/// A client fails to build where no certificates of authorities are found; anything else is a setting.
fn of_builder(error: &reqwest::Error, redactor: &Redactor) -> Error {
    match tls::find(error) {
        Some(rustls::Error::General(_)) => Error::NoCertificates,
        Some(other) => Error::Settings(tls::fault(other).to_string()),
        None => Error::Settings(innermost(error, redactor)),
    }
}

/// The same, as far as the error alone tells.
fn before_reply(error: &reqwest::Error, redactor: &Redactor) -> TransportError {
    if chain(error).any(<dyn StdError>::is::<NameNotFound>) {
        return TransportError::Name;
    }
    if let Some(fault) = tls::find(error) {
        return TransportError::Tls(tls::fault(fault));
    }
    if error.is_connect() && was_closed(error) {
        return TransportError::Handshake;
    }
    if error.is_connect() {
        return if error.is_timeout() { TransportError::ConnectTimeout } else { TransportError::Refused };
    }
    if closed_under_us(error) {
        return TransportError::Closed;
    }
    if is_no_http(error) {
        return TransportError::NotHttp;
    }
    TransportError::Other(innermost(error, redactor))
}

fn closed_under_us(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| {
        let by_http = cause
            .downcast_ref::<hyper::Error>()
            .is_some_and(|error| error.is_incomplete_message() || error.is_canceled() || error.is_closed());
        by_http || is_reset(cause)
    })
}

/// Whether a connection that was there ended: on the way to a reply, while it was being made secure.
fn was_closed(error: &reqwest::Error) -> bool {
    chain(error).any(is_reset)
}

/// The innermost cause, which knows no address.
fn innermost(error: &reqwest::Error, redactor: &Redactor) -> String {
    chain(error).last().map(|cause| neutral(&cause.to_string(), redactor)).unwrap_or_default()
}

/// A head too long is HTTP still.
fn is_no_http(error: &reqwest::Error) -> bool {
    let of_hyper = chain(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
    of_hyper.is_some_and(|error| error.is_parse() && !error.is_parse_too_large())
}

/// The kind may be told by an error inside another, which does not count it among its causes.
fn is_reset(cause: &(dyn StdError + 'static)) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let Some(error) = cause.downcast_ref::<io::Error>() else { return false };
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
        || error.get_ref().is_some_and(|inside| is_reset(inside))
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
