//! Who may come in: by the socket whoever the system says they are, by TCP whoever brings a token.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderMap, StatusCode, Uri};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::reply::{Failed, forbidden};
use crate::config::{EngineSettings, SecretSource};
use crate::files::read_at_most;
use crate::text::{Problem, Texts};

/// No file of a token is longer.
const LONGEST: usize = 4096;
/// Fewest letters of a token: 128 bits in base64, and in hexadecimal digits.
const SHORTEST: usize = 22;
const SHORTEST_HEX: usize = 32;
/// Fewest different letters of one: what was typed by hand is no token.
const KINDS: usize = 8;

/// Who stands at the other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comer {
    /// A process of this machine; its user, where the system tells.
    Socket(Option<u32>),
    /// Anybody.
    Tcp,
    /// Anybody, over TLS.
    Tls,
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Right {
    /// Read what is stored.
    Read,
    /// Everything.
    Full,
}

/// Who is let in.
#[derive(Debug)]
pub(super) struct Door {
    full: Option<SecretString>,
    read: Option<SecretString>,
    /// The user of this process.
    own: u32,
    /// Whether the system lets a group in: then it decides who comes as far as here.
    has_group: bool,
    /// Names it answers to; `None`: to any, a proxy stands in front.
    names: Option<Vec<String>>,
}

impl Door {
    /// As the settings want it; a mistake in them is told before anything is opened.
    pub(super) fn by(settings: &EngineSettings, texts: Texts) -> Result<Self, Problem> {
        let full = match (&settings.token_file, &settings.token_credential) {
            (Some(path), _) => Some(token(path, texts)?),
            (None, Some(source)) => Some(token(&place_of(source, texts)?, texts)?),
            (None, None) => None,
        };
        let read = settings.read_token_file.as_deref().map(|path| token(path, texts)).transpose()?;
        if let Some(address) = settings.listen {
            refuse_open(address, settings, texts)?;
            if full.is_none() && read.is_none() {
                return Err(texts.problem("engine-token-missing", &[]));
            }
        }
        let names = ["localhost", "127.0.0.1", "[::1]", "sverka"].map(str::to_owned).to_vec();
        Ok(Self {
            full,
            read,
            own: rustix::process::geteuid().as_raw(),
            has_group: settings.group.is_some(),
            names: (!settings.is_behind_proxy).then_some(names),
        })
    }

    /// One that knows a token, for the fuzzers.
    #[cfg(any(test, fuzzing))]
    pub(super) fn for_fuzzing(token: &str, texts: Texts) -> Self {
        let door = Self::by(&EngineSettings::default(), texts).expect("nothing is asked for");
        Self { full: Some(token.into()), ..door }
    }

    /// What is to be said of who else may look at the files of tokens, and of the private key.
    pub(super) fn warnings(settings: &EngineSettings, texts: Texts) -> Vec<String> {
        let files =
            [&settings.token_file, &settings.read_token_file, &settings.key_file].into_iter().flatten();
        let warnings = files.filter_map(|path| SecretSource::File(path.clone()).warning());
        warnings.map(|warning| texts.warning(&warning)).collect()
    }

    /// The same, which answers to the address it listens at as well.
    pub(super) fn listening_at(mut self, address: Option<SocketAddr>) -> Self {
        let ip = address.map(|address| match address {
            SocketAddr::V4(address) => address.ip().to_string(),
            SocketAddr::V6(address) => format!("[{}]", address.ip()),
        });
        self.names.iter_mut().for_each(|names| names.extend(ip.clone()));
        self
    }

    /// What whoever sends these headers may do. A page of the web that was led here by a name of its own is refused
    /// first: it could speak in the name of the browser's user.
    pub(super) fn right_of(
        &self,
        comer: Comer,
        uri: &Uri,
        headers: &HeaderMap,
        texts: Texts,
    ) -> Result<Right, Failed> {
        if !self.answers_to(comer, uri, headers) {
            return Err(Failed::new(StatusCode::MISDIRECTED_REQUEST, texts.problem("api-host", &[])));
        }
        match comer {
            Comer::Socket(Some(user)) if user == self.own || user == 0 || self.has_group => Ok(Right::Full),
            Comer::Socket(_) => Err(forbidden(texts)),
            Comer::Tcp | Comer::Tls => self
                .by_token(headers)
                .ok_or_else(|| Failed::new(StatusCode::UNAUTHORIZED, texts.problem("api-unauthorized", &[]))),
        }
    }

    /// Over TLS the client has held the name against the certificate already, and no page of the web was led here by a name
    /// that is not in it.
    fn answers_to(&self, comer: Comer, uri: &Uri, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let Some(names) = self.names.as_ref().filter(|_| comer != Comer::Tls) else { return true };
        let is_known = |host: &str| {
            let name = without_port(host);
            names.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        host.to_str().is_ok_and(is_known) && uri.authority().is_none_or(|it| is_known(it.as_str()))
    }

    /// Both tokens are compared, and every letter of them: the time it takes tells nothing.
    fn by_token(&self, headers: &HeaderMap) -> Option<Right> {
        let brought = headers.get(AUTHORIZATION)?.as_bytes();
        let (scheme, brought) = brought.split_at_checked(7)?;
        let brought = scheme.eq_ignore_ascii_case(b"bearer ").then_some(brought)?;
        let is_it = |token: &Option<SecretString>| {
            token.as_ref().is_some_and(|token| bool::from(token.expose_secret().as_bytes().ct_eq(brought)))
        };
        match (is_it(&self.full), is_it(&self.read)) {
            (true, _) => Some(Right::Full),
            (false, true) => Some(Right::Read),
            (false, false) => None,
        }
    }
}

/// The name in front of a port.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whoever else could reach it would see tokens and customers on the way.
fn refuse_open(address: SocketAddr, settings: &EngineSettings, texts: Texts) -> Result<(), Problem> {
    let is_encrypted = settings.certificate_file.is_some() || settings.is_behind_proxy;
    if address.ip().is_loopback() || is_encrypted {
        return Ok(());
    }
    Err(texts.problem("engine-open", &[("address", address.to_string().into())]))
}

/// Where systemd put a credential.
fn place_of(source: &SecretSource, texts: Texts) -> Result<PathBuf, Problem> {
    match source {
        SecretSource::Credential(name, Some(folder)) => Ok(folder.join(name)),
        SecretSource::Credential(name, None) => {
            Err(texts.problem("config-no-credential", &[("name", name.into())]))
        }
        _ => Err(texts.problem("engine-token-missing", &[])),
    }
}

fn token(path: &Path, texts: Texts) -> Result<SecretString, Problem> {
    let place = ("path", path.into());
    let mut bytes = secrecy::zeroize::Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    read_at_most(path, LONGEST, &mut bytes).map_err(|error| {
        let why = texts.system(error.kind());
        texts.problem("engine-token", &[place.clone(), ("why", why.into())])
    })?;
    let token = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    if is_strong(token) { Ok(token.into()) } else { Err(texts.problem("engine-token-weak", &[place])) }
}

/// Whether a token may hold 128 bits: letters that headers carry, enough of them, and not the same ones over and over.
fn is_strong(token: &str) -> bool {
    let is_hex = token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let kinds: std::collections::BTreeSet<u8> = token.bytes().collect();
    let shortest = if is_hex { SHORTEST_HEX } else { SHORTEST };
    token.bytes().all(|byte| byte.is_ascii_graphic()) && token.len() >= shortest && kinds.len() >= KINDS
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;
    use crate::text::Language;

    const FULL: &str = "0123456789abcdef0123456789abcdef";
    const READ: &str = "fedcba9876543210fedcba9876543210";

    fn door() -> Door {
        let settings = EngineSettings::default();
        let door = Door::by(&settings, Texts::new(Language::English)).expect("a door");
        Door { full: Some(FULL.into()), read: Some(READ.into()), ..door }
    }

    fn right(door: &Door, comer: Comer, host: &str, authorization: &str) -> Result<Right, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_str(host).expect("a name"));
        headers.insert(AUTHORIZATION, HeaderValue::from_str(authorization).expect("a header"));
        let right = door.right_of(comer, &Uri::from_static("/"), &headers, Texts::new(Language::English));
        right.map_err(|failed| failed.status.as_u16())
    }

    #[test]
    fn s9_by_tcp_a_token_decides_and_nothing_less() {
        let door = door();
        let by = |authorization: &str| right(&door, Comer::Tcp, "localhost:8000", authorization);
        assert_eq!(by(&format!("Bearer {FULL}")), Ok(Right::Full));
        assert_eq!(by(&format!("bearer {READ}")), Ok(Right::Read));
        let mut wrong =
            vec![String::new(), "Bearer".into(), "Bearer ".into(), FULL.into(), format!("Basic {FULL}")];
        wrong.extend((0..FULL.len()).map(|end| format!("Bearer {}", &FULL[..end])));
        wrong.extend([format!("Bearer {FULL} "), format!("Bearer  {FULL}"), format!("Bearer {FULL}0")]);
        for authorization in wrong {
            assert_eq!(by(&authorization), Err(401), "{authorization}");
        }
        let told = format!("{door:?}");
        assert!(!told.contains(FULL) && !told.contains(READ), "{told}");
    }

    #[test]
    fn s9_by_the_socket_the_system_says_who_comes() {
        let mut door = door();
        let by = |door: &Door, user| right(door, Comer::Socket(user), "localhost", "");
        for user in [door.own, 0] {
            assert_eq!(by(&door, Some(user)), Ok(Right::Full));
        }
        for user in [Some(door.own + 1), None] {
            assert_eq!(by(&door, user), Err(403), "{user:?}");
        }
        door.has_group = true;
        assert_eq!(
            by(&door, Some(door.own + 1)),
            Ok(Right::Full),
            "the rights of the file let them come here"
        );
        assert_eq!(by(&door, None), Err(403));
    }

    #[test]
    fn s9_a_name_of_somebody_elses_is_not_answered_to() {
        let door = door();
        let host = |host: &str| right(&door, Comer::Socket(Some(door.own)), host, "");
        for known in ["localhost", "LOCALHOST:80", "127.0.0.1:8000", "[::1]:8000", "sverka"] {
            assert_eq!(host(known), Ok(Right::Full), "{known}");
        }
        for foreign in
            ["", "example.com", "localhost.example.com", "127.0.0.1.nip.io:8000", "::1", "localhost:80:80"]
        {
            assert_eq!(host(foreign), Err(421), "{foreign}");
        }
        let by_tls = right(&door, Comer::Tls, "sverka.example.com:8443", &format!("Bearer {FULL}"));
        assert_eq!(by_tls, Ok(Right::Full), "the certificate has named it");
        let listening = door.listening_at("192.168.7.1:8000".parse().ok());
        assert_eq!(right(&listening, Comer::Socket(Some(0)), "192.168.7.1:8000", ""), Ok(Right::Full));
    }

    #[test]
    fn s9_what_is_no_token_is_refused() {
        for strong in [FULL, "kJ8s_0Qm-2LpXz9Rt5VwAb"] {
            assert!(is_strong(strong), "{strong}");
        }
        for weak in [
            "",
            "secret",
            "0123456789abcdef",
            &"a".repeat(64),
            "0101010101010101010101010101010101",
            "пароль пароль пароль пароль",
        ] {
            assert!(!is_strong(weak), "{weak}");
        }
    }

    #[test]
    fn s9_an_address_that_others_reach_needs_tls_or_a_proxy() {
        let refused = |listen: &str, is_behind_proxy, certificate: Option<&str>| {
            let (listen, certificate_file) = (listen.parse().ok(), certificate.map(PathBuf::from));
            let settings =
                EngineSettings { listen, certificate_file, is_behind_proxy, ..EngineSettings::default() };
            Door::by(&settings, Texts::new(Language::English)).map(drop).expect_err("no token").code
        };
        for open in ["0.0.0.0:80", "192.168.7.1:80", "[::]:80"] {
            assert_eq!(refused(open, false, None), "engine-open");
            assert_eq!(refused(open, true, None), "engine-token-missing");
            assert_eq!(refused(open, false, Some("a.pem")), "engine-token-missing");
        }
        assert_eq!(refused("127.0.0.1:80", false, None), "engine-token-missing");
    }
}
