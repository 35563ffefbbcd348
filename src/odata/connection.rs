//! How 1C is reached: what the client is made of.

use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::SecretString;

/// How to reach 1C. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct ConnectionSettings {
    /// Service root, ending in `/odata/standard.odata`, without credentials and without a slash at the end.
    pub url: String,
    /// Login; may be Cyrillic.
    pub user: String,
    /// Password.
    pub password: SecretString,
    /// Zone of the infobase: 1C's dates carry none.
    pub timezone: Tz,
    /// Rows per page to begin with.
    pub page_size: u32,
    /// Requests at once.
    pub in_flight: usize,
    /// Time to reach the server.
    pub connect_timeout: Duration,
    /// Longest silence inside a reply.
    pub read_timeout: Duration,
    /// How long a request is tried that somebody waits for, as of a check.
    pub patience: Duration,
    /// Repeats of one request after the first try.
    pub retries: u32,
    /// Pause before the first repeat; doubles with every further one.
    pub backoff: Duration,
    /// A certificate authority of one's own, PEM.
    pub ca_file: Option<PathBuf>,
    /// Proxy address.
    pub proxy: Option<String>,
    /// Believe any certificate. Never suggested, always visible.
    pub accept_invalid_certificates: bool,
}

/// The defaults; where 1C is and who asks have none and are empty.
impl Default for ConnectionSettings {
    fn default() -> Self {
        Self {
            url: String::new(),
            user: String::new(),
            password: SecretString::default(),
            timezone: Tz::Europe__Simferopol,
            page_size: 1_000,
            in_flight: 2,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(180),
            patience: Duration::from_secs(10),
            retries: 5,
            backoff: Duration::from_millis(500),
            ca_file: None,
            proxy: None,
            accept_invalid_certificates: false,
        }
    }
}

impl ConnectionSettings {
    /// The server's name and port, where the address has them.
    pub fn host_and_port(&self) -> Option<(String, u16)> {
        let url = reqwest::Url::parse(&self.url).ok()?;
        Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
    }
}
