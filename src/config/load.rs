//! From layers to a checked [`Config`].

use std::collections::BTreeSet;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use reqwest::Url;
use secrecy::SecretString;
use secrecy::zeroize::{Zeroize as _, Zeroizing};

use super::error::{ConfigError, Warning};
use super::layers::Layers;
use super::permissions::{is_readable_by_others, is_writable_by_others, program_of};
use super::places::{Environment, Places, language_of, symbols_of, theme_of};
use super::secret::SecretSource;
pub use super::sources::{Overrides, SourceFile, Sources};
use super::table::SETTINGS;
use super::theme::{ThemeFile, colours_of, on_ground};
use super::{Config, Log, Theme, Ui, keys};
use crate::files::read_at_most;
use crate::odata::{ConnectionSettings, Names};
use crate::text::Language;

/// No configuration is larger: ours with all its comments is eight KiB.
const LARGEST_FILE: usize = 1 << 20;

impl Sources {
    /// Reads what the system has: the file asked for (`--config`, else `$SVERKA_CONFIG`), which must exist, else
    /// the one in the platform's folder, which need not; and the environment.
    pub fn find(config: Option<&Path>, overrides: Overrides) -> Result<Self, ConfigError> {
        let environment = Environment::of_process()?;
        let places = Places::of_platform().ok();
        let file = match (config_asked(config, &environment), &places) {
            (Some(path), _) => Some(SourceFile::read(&path)?),
            (None, Some(places)) => match SourceFile::read(&places.config) {
                Err(ConfigError::Unreadable { kind: io::ErrorKind::NotFound, .. }) => None,
                other => Some(other?),
            },
            (None, None) => None,
        };
        Ok(Self { file, environment, overrides, places })
    }
}

impl ConfigDraft {
    /// Settings out of the environment alone, as if there were no file: nothing but what `init` is run with.
    pub fn of_environment() -> Result<Self, ConfigError> {
        let environment = Environment::of_process()?;
        let places = Places::of_platform().ok();
        Config::load(&Sources { file: None, environment, overrides: Overrides::default(), places })
    }

    /// Settings as this text of a file would give them, environment and options above it, before it is written. A
    /// mistake in it is told as one of the form that it was made of.
    pub fn of_form(path: &Path, text: &str, overrides: Overrides) -> Result<Self, ConfigError> {
        let environment = Environment::of_process()?;
        let places = Places::of_platform().ok();
        let (path, text) = (path.to_owned(), text.to_owned());
        let file = SourceFile { path, text, readable_by_others: false, writable_by_others: false };
        let sources = Sources { file: Some(file), environment, overrides, places };
        let mut draft = Config::load(&sources).map_err(ConfigError::of_form)?;
        draft.unbound = draft.unbound.map(ConfigError::of_form);
        Ok(draft)
    }
}

/// Where `init` writes: the file asked for, else the one in the platform's folder.
pub fn config_path(config: Option<&Path>) -> Result<PathBuf, ConfigError> {
    match config_asked(config, &Environment::of_process()?) {
        Some(path) => Ok(path),
        None => Places::of_platform().map(|places| places.config),
    }
}

fn config_asked(option: Option<&Path>, environment: &Environment) -> Option<PathBuf> {
    option.map(Path::to_owned).or_else(|| environment.get("SVERKA_CONFIG").map(Into::into))
}

impl SourceFile {
    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read_text(path)
            .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), kind: error.kind() })?;
        let readable_by_others = is_readable_by_others(path);
        let writable_by_others = is_writable_by_others(path);
        Ok(Self { path: path.to_owned(), text, readable_by_others, writable_by_others })
    }
}

/// It may hold a password.
impl Drop for SourceFile {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

/// The text of a file of settings, whatever it is: a pipe is read as well, and not waited for for ever.
pub fn read_text(path: &Path) -> io::Result<String> {
    let mut bytes = Zeroizing::new(Vec::new());
    read_at_most(path, LARGEST_FILE, &mut bytes)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(text.to_owned())
}

/// Settings without the password: fetching it may need a file or a command.
#[derive(Clone, Debug)]
pub struct ConfigDraft {
    /// The settings; the password in them is empty, and so is whatever [`Self::missing`] names.
    pub config: Config,
    /// The way to the password.
    pub secret: Option<SecretSource>,
    /// Why the password must not be sent, where it was given for another host.
    pub unbound: Option<ConfigError>,
    /// Keys without which 1C cannot be reached, and that are set nowhere.
    pub missing: Vec<&'static str>,
    /// What works and should not stay so.
    pub warnings: Vec<Warning>,
    /// The file that was read.
    pub file: Option<PathBuf>,
}

/// Settings ready for use.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// What works and should not stay so.
    pub warnings: Vec<Warning>,
    /// The file that was read.
    pub file: Option<PathBuf>,
}

impl ConfigDraft {
    /// Fetches the password. An error where something needed to reach 1C is missing.
    pub async fn resolve(mut self) -> Result<Loaded, ConfigError> {
        if let Some(key) = self.missing.first() {
            return Err(ConfigError::Missing { key, file: self.file });
        }
        if let Some(error) = self.unbound.take() {
            return Err(error);
        }
        let missing = || ConfigError::Missing { key: "onec.password", file: self.file.clone() };
        let secret = self.secret.take().ok_or_else(missing)?;
        self.warnings.extend(secret.warning());
        self.config.onec.password = secret.fetch().await?;
        Ok(self.without_onec())
    }

    /// Reads the theme file that the settings name, where they name one.
    pub fn read_theme(&mut self) -> Result<(), ConfigError> {
        let Some(wish) = &self.config.ui.theme_wish else { return Ok(()) };
        let settings = match &self.file {
            Some(path) => path.clone(),
            None => Places::of_platform()?.config,
        };
        self.config.ui.custom = Some(ThemeFile::read(wish, &settings)?);
        Ok(())
    }

    /// For commands that never ask 1C: it may be missing altogether, and the password is not fetched.
    pub fn without_onec(self) -> Loaded {
        Loaded { config: self.config, warnings: self.warnings, file: self.file }
    }
}

impl Config {
    /// Checks and merges all layers. Reads nothing but what it is given.
    pub fn load(sources: &Sources) -> Result<ConfigDraft, ConfigError> {
        let layers = Layers::of(sources)?;
        no_foreign_command(sources, &layers)?;
        let mut config = Self { ui: Ui::of(sources), log: Log::of(sources), ..Self::default() };
        for setting in SETTINGS {
            layers.put(setting, &mut config)?;
        }
        no_field_twice(&config.names)?;
        let databases = [&mut config.mirror.database, &mut config.portal.database];
        for (database, ways) in databases.into_iter().zip(keys::SECRETS_OF_DATABASES) {
            database.keep_one_secret(layers.secret_of_database(ways));
        }
        config.mirror.database.read_variables(&sources.environment);
        config.store = store(config.store, sources)?;
        config.engine.socket = sources.overrides.socket.clone().or(config.engine.socket);
        let needed = SETTINGS.iter().filter(|setting| setting.is_needed()).map(|setting| setting.path);
        let mut missing: Vec<_> = needed.filter(|key| !layers.has(key)).collect();
        let secret = layers.secret()?;
        if secret.is_none() {
            missing.push("onec.password");
        }
        let warnings = warnings(&config, &layers, sources);
        let file = sources.file.as_ref().map(|file| file.path.clone());
        let unbound = layers.unbound();
        Ok(ConfigDraft { config, secret, unbound, missing, warnings, file })
    }

    /// The demo's settings: everything by default but what is handed in. File and environment play no part.
    pub fn demo(url: &str, store: PathBuf, language: Language) -> Self {
        let onec = ConnectionSettings {
            url: url.to_owned(),
            user: "odata.user".to_owned(),
            password: SecretString::from("demo"),
            ..ConnectionSettings::default()
        };
        Self { onec, store, ui: Ui { language, ..Ui::default() }, ..Self::default() }
    }
}

impl Ui {
    /// What environment and platform decide where no setting does.
    fn of(sources: &Sources) -> Self {
        let theme = on_ground(theme_of(&sources.environment), &sources.environment);
        Self {
            language: language_of(&sources.environment),
            theme,
            is_theme_free: theme != Theme::Monochrome,
            colours: colours_of(&sources.environment),
            symbols: symbols_of(&sources.environment),
            state: sources.places.as_ref().map(|places| places.state.clone()),
            ..Self::default()
        }
    }
}

impl Log {
    fn of(sources: &Sources) -> Self {
        Self { file: sources.places.as_ref().map(|places| places.log.clone()), ..Self::default() }
    }
}

/// Two names of which none may stand for what the other does.
struct Apart {
    first: (&'static str, fn(&Names) -> &String),
    second: (&'static str, fn(&Names) -> &String),
}

/// What would make a figure of another, on both sides alike, so that it agrees with itself.
const APART: [Apart; 7] = [
    Apart {
        first: ("onec.names.sales_amount", |it| &it.sales_amount),
        second: ("onec.names.sales_quantity", |it| &it.sales_quantity),
    },
    Apart {
        first: ("onec.names.sales_card", |it| &it.sales_card),
        second: ("onec.names.sales_product", |it| &it.sales_product),
    },
    Apart {
        first: ("onec.names.points_accrued", |it| &it.points_accrued),
        second: ("onec.names.points_to_write_off", |it| &it.points_to_write_off),
    },
    Apart { first: ("onec.names.sales", |it| &it.sales), second: ("onec.names.points", |it| &it.points) },
    Apart { first: ("onec.names.cards", |it| &it.cards), second: ("onec.names.owners", |it| &it.owners) },
    Apart { first: ("onec.names.cards", |it| &it.cards), second: ("onec.names.products", |it| &it.products) },
    Apart {
        first: ("onec.names.owners", |it| &it.owners),
        second: ("onec.names.products", |it| &it.products),
    },
];

/// One set or field of 1C taken for two would make a figure of another; two that are exchanged as well.
fn no_field_twice(names: &Names) -> Result<(), ConfigError> {
    let usual = Names::default();
    for Apart { first: (first, name_of), second: (second, other_of) } in APART {
        let (name, other) = (name_of(names), other_of(names));
        if name == other {
            return Err(ConfigError::FieldTwice { first, second, name: name.clone() });
        }
        if name == other_of(&usual) {
            return Err(ConfigError::FieldOfAnother { first, second, name: name.clone() });
        }
        if other == name_of(&usual) {
            let (first, second, name) = (second, first, other.clone());
            return Err(ConfigError::FieldOfAnother { first, second, name });
        }
    }
    Ok(())
}

/// `--store` comes as a path, which need not be text; else the setting, else the platform's folder.
fn store(configured: PathBuf, sources: &Sources) -> Result<PathBuf, ConfigError> {
    let configured = Some(configured).filter(|path| !path.as_os_str().is_empty());
    let asked = sources.overrides.store.clone().or(configured);
    asked.or_else(|| sources.places.as_ref().map(|places| places.store.clone())).ok_or(ConfigError::NoHome)
}

fn warnings(config: &Config, layers: &Layers, sources: &Sources) -> Vec<Warning> {
    let mut warnings = Vec::new();
    warnings.extend(plain_http(&config.onec.url).map(|host| Warning::PlainHttp { host }));
    if config.onec.accept_invalid_certificates {
        warnings.push(Warning::AnyCertificate);
    }
    if let Some(file) = &sources.file
        && file.readable_by_others
        && layers.file_holds_password()
    {
        warnings.push(Warning::ReadableByOthers { path: file.path.clone() });
    }
    let databases = [&config.mirror.database, &config.portal.database];
    let open =
        databases.iter().filter_map(|it| it.password_file.clone()).filter(|path| is_readable_by_others(path));
    warnings.extend(open.map(|path| Warning::ReadableByOthers { path }));
    let files = sources.file.iter().filter(|file| file.writable_by_others).map(|file| file.path.clone());
    let trusted = config.onec.ca_file.iter().filter(|path| is_writable_by_others(path)).cloned();
    warnings.extend(files.chain(trusted).map(|path| Warning::WritableByOthers { path }));
    warnings.extend(ignored_variables(&config.onec, &sources.environment));
    warnings.extend(unknown_variables(&sources.environment));
    warnings
}

/// Whoever may change the file, or the program that its command starts, could have anything run.
fn no_foreign_command(sources: &Sources, layers: &Layers) -> Result<(), ConfigError> {
    let file = sources.file.as_ref().filter(|file| file.writable_by_others);
    let of_file = file.map(|file| file.path.clone()).zip(layers.command_of_file());
    let open_program = |command: &str| program_of(command).filter(|path| is_writable_by_others(path));
    let of_program =
        || layers.commands().find_map(|(key, command)| open_program(command).map(|path| (path, key)));
    match of_file.or_else(of_program) {
        Some((path, key)) => Err(ConfigError::WritableByOthers { path, key }),
        None => Ok(()),
    }
}

/// What other programs go by and this one does not: proxies and authorities come from the settings alone.
fn ignored_variables(onec: &ConnectionSettings, environment: &Environment) -> Vec<Warning> {
    let Some(url) = Url::parse(&onec.url).ok() else { return Vec::new() };
    let is_secure = url.scheme() == "https";
    let certificates: &[&str] = if is_secure { &["SSL_CERT_FILE", "SSL_CERT_DIR"] } else { &[] };
    let proxies: &[&str] = match (is_secure, plain_http(&onec.url)) {
        _ if onec.proxy.is_some() => &[],
        (true, _) => &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        (false, Some(_)) => &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
        (false, None) => &[],
    };
    let set = |names: &[&str], key: &'static str| -> Vec<Warning> {
        let set = names.iter().filter(|name| environment.get(name).is_some());
        set.map(|name| Warning::IgnoredVariable { variable: (*name).to_owned(), key }).collect()
    };
    [set(certificates, "onec.ca_file"), set(proxies, "onec.proxy")].concat()
}

/// The host the password would travel to in clear, unless it is this machine.
fn plain_http(url: &str) -> Option<String> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "http")?;
    let host = url.host_str()?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    (!is_here).then(|| host.to_owned())
}

/// `SVERKA_ONEC_URL` with one underscore is an easy slip; others' variables may well begin like ours.
fn unknown_variables(environment: &Environment) -> impl Iterator<Item = Warning> {
    environment
        .iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("SVERKA_") && *name != "SVERKA_CONFIG" && !name.contains("__"))
        .map(|name| {
            let known: BTreeSet<_> = SETTINGS.iter().map(|setting| keys::variable(setting.path)).collect();
            let nearest = keys::most_like(name, known.iter().map(String::as_str)).map(str::to_owned);
            Warning::UnknownVariable { variable: name.to_owned(), nearest }
        })
}

#[cfg(test)]
mod tests;
