//! From layers to a checked [`Config`].

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::{TZ_VARIANTS, Tz};
use reqwest::Url;
use secrecy::SecretString;

use super::error::{AddressFault, ConfigError, Expected, Origin, Warning};
use super::layer::{self, Entry, Layer, Raw};
use super::places::{Environment, Places, language_of, theme_of};
use super::secret::{self, SecretSource};
use super::{Config, Language, Names, OneC, Sync, Theme, Ui, duration, keys};
use crate::domain::PointsRule;
use crate::domain::packaging::Packaging;

/// Where every 1C publishes the standard interface, below the infobase's own address.
const SERVICE: &str = "/odata/standard.odata";

/// All that settings are made of, already read.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The configuration file, where there is one.
    pub file: Option<SourceFile>,
    /// The environment.
    pub environment: Environment,
    /// What the command line says.
    pub overrides: Overrides,
    /// The platform's folders; `None` where there is no home, which matters only if the store is placed nowhere.
    pub places: Option<Places>,
}

/// A configuration file as read.
#[derive(Clone)]
pub struct SourceFile {
    /// Where it is; relative paths in it start from its folder.
    pub path: PathBuf,
    /// Its contents, which may hold a password.
    pub text: String,
}

impl std::fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceFile").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What options of the command line replace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--store`.
    pub store: Option<PathBuf>,
    /// `--days`.
    pub days: Option<u32>,
    /// `--limit`.
    pub limit: Option<u64>,
}

impl Sources {
    /// Reads what the system has: the file asked for (`--config`, else `$SVERKA_CONFIG`), which must exist, else
    /// the one in the platform's folder, which need not; and the environment.
    pub fn find(config: Option<&Path>, overrides: Overrides) -> Result<Self, ConfigError> {
        let environment = Environment::of_process()?;
        let places = Places::of_platform().ok();
        let asked = config.map(Path::to_owned).or_else(|| environment.get("SVERKA_CONFIG").map(Into::into));
        let file = match (&asked, &places) {
            (Some(path), _) => Some(SourceFile::read(path)?),
            (None, Some(places)) => match SourceFile::read(&places.config) {
                Err(ConfigError::Unreadable { kind: std::io::ErrorKind::NotFound, .. }) => None,
                other => Some(other?),
            },
            (None, None) => None,
        };
        Ok(Self { file, environment, overrides, places })
    }
}

impl SourceFile {
    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), kind: error.kind() })?;
        Ok(Self { path: path.to_owned(), text })
    }
}

/// Settings without the password: fetching it may need a file or a command.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The settings; the password in them is empty, and so is whatever [`Self::missing`] names.
    pub config: Config,
    /// The way to the password.
    pub secret: Option<SecretSource>,
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

impl Draft {
    /// Fetches the password. An error where something needed to reach 1C is missing.
    pub async fn resolve(mut self) -> Result<Loaded, ConfigError> {
        if let Some(key) = self.missing.first() {
            return Err(ConfigError::Missing { key });
        }
        let secret = self.secret.take().ok_or(ConfigError::Missing { key: "onec.password" })?;
        self.warnings.extend(secret.warning());
        self.config.onec.password = secret.fetch().await?;
        Ok(self.without_onec())
    }

    /// For commands that never ask 1C: it may be missing altogether, and the password is not fetched.
    pub fn without_onec(self) -> Loaded {
        Loaded { config: self.config, warnings: self.warnings, file: self.file }
    }
}

impl Config {
    /// Checks and merges all layers. Reads nothing but what it is given, except who may read the file.
    pub fn load(sources: &Sources) -> Result<Draft, ConfigError> {
        let layers = Layers::of(sources)?;
        let mut missing = Vec::new();
        let onec = onec(&layers, &mut missing)?;
        let secret = layers.secret()?;
        if secret.is_none() {
            missing.push("onec.password");
        }
        let config = Self {
            names: names(&layers)?,
            sync: sync(&layers)?,
            points: layers.choice("points.rule", &RULES)?.unwrap_or_default(),
            store: store(&layers, sources)?,
            ui: ui(&layers, &sources.environment)?,
            onec,
        };
        let warnings = warnings(&config, &layers, sources);
        let file = sources.file.as_ref().map(|file| file.path.clone());
        Ok(Draft { config, secret, missing, warnings, file })
    }

    /// The demo's settings: everything by default but what is handed in. File and environment play no part.
    pub fn demo(url: &str, store: PathBuf, language: Language) -> Self {
        Self {
            onec: OneC { url: url.to_owned(), ..OneC::default() }.with_login("odata.user", "demo"),
            names: Names::default(),
            sync: Sync::default(),
            points: PointsRule::default(),
            store,
            ui: Ui { language, ..Ui::default() },
        }
    }
}

const RULES: [(&str, PointsRule); 2] =
    [("last-record", PointsRule::LastRecord), ("register-balance", PointsRule::RegisterBalance)];
const LANGUAGES: [(&str, Option<Language>); 3] =
    [("auto", None), ("ru", Some(Language::Russian)), ("en", Some(Language::English))];
const THEMES: [(&str, Option<Theme>); 3] =
    [("auto", None), ("terminal", Some(Theme::Terminal)), ("monochrome", Some(Theme::Monochrome))];

impl OneC {
    fn with_login(self, user: &str, password: &str) -> Self {
        Self { user: user.to_owned(), password: SecretString::from(password), ..self }
    }
}

/// The defaults; where 1C is and who asks have none and are empty.
impl Default for OneC {
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
            retries: 5,
            backoff: Duration::from_millis(500),
            ca_file: None,
            proxy: None,
            accept_invalid_certificates: false,
        }
    }
}

/// The words that make a product packaging unless configured otherwise.
const PACKAGING: [&str; 16] = [
    "мешочек",
    "мешок",
    "пакет",
    "салфетка",
    "коробка",
    "упаковка",
    "конверт",
    "футляр",
    "чехол",
    "обертка",
    "bag",
    "box",
    "pack",
    "wrap",
    "case",
    "pouch",
];

impl Default for Sync {
    fn default() -> Self {
        Self {
            days: 365,
            limit: 0,
            every: None,
            resume_within: Duration::from_secs(6 * 3_600),
            stale_after: Duration::from_secs(86_400),
            second_look_after: Duration::from_secs(30),
            packaging: Packaging::new(PACKAGING),
        }
    }
}

impl Default for Ui {
    fn default() -> Self {
        Self { language: Language::default(), debounce: Duration::from_millis(150), theme: Theme::default() }
    }
}

/// `--store` comes as a path, which need not be text; else the setting, else the platform's folder.
fn store(layers: &Layers, sources: &Sources) -> Result<PathBuf, ConfigError> {
    let configured = layers.path("store.path")?;
    let asked = sources.overrides.store.clone().or(configured);
    asked.or_else(|| sources.places.as_ref().map(|places| places.store.clone())).ok_or(ConfigError::NoHome)
}

fn onec(layers: &Layers, missing: &mut Vec<&'static str>) -> Result<OneC, ConfigError> {
    let default = OneC::default();
    let mut needed = |key, value: Option<String>| {
        if value.is_none() {
            missing.push(key);
        }
        value.unwrap_or_default()
    };
    Ok(OneC {
        url: needed("onec.url", layers.address("onec.url")?),
        user: needed("onec.user", layers.user("onec.user")?),
        password: default.password,
        timezone: layers.zone("onec.timezone")?.unwrap_or(default.timezone),
        page_size: layers.number("onec.page_size").unwrap_or(default.page_size),
        in_flight: layers.number("onec.in_flight").unwrap_or(default.in_flight),
        connect_timeout: layers.some_duration("onec.connect_timeout")?.unwrap_or(default.connect_timeout),
        read_timeout: layers.some_duration("onec.read_timeout")?.unwrap_or(default.read_timeout),
        retries: layers.number("onec.retries").unwrap_or(default.retries),
        backoff: layers.duration("onec.backoff")?.unwrap_or(default.backoff),
        ca_file: layers.path("onec.ca_file")?,
        proxy: layers.proxy("onec.proxy")?,
        accept_invalid_certificates: layers.flag("onec.accept_invalid_certificates"),
    })
}

fn names(layers: &Layers) -> Result<Names, ConfigError> {
    let d = Names::default();
    let name = |key, default| layers.name(key).map(|name| name.unwrap_or(default));
    Ok(Names {
        cards: name("onec.names.cards", d.cards)?,
        card_owner: name("onec.names.card_owner", d.card_owner)?,
        card_code: name("onec.names.card_code", d.card_code)?,
        card_phone: name("onec.names.card_phone", d.card_phone)?,
        owners: name("onec.names.owners", d.owners)?,
        owner_full_name: name("onec.names.owner_full_name", d.owner_full_name)?,
        owner_person: name("onec.names.owner_person", d.owner_person)?,
        owner_details: name("onec.names.owner_details", d.owner_details)?,
        owner_address: name("onec.names.owner_address", d.owner_address)?,
        owner_phone: name("onec.names.owner_phone", d.owner_phone)?,
        owner_email: name("onec.names.owner_email", d.owner_email)?,
        owner_contacts: name("onec.names.owner_contacts", d.owner_contacts)?,
        products: name("onec.names.products", d.products)?,
        product_article: name("onec.names.product_article", d.product_article)?,
        sales: name("onec.names.sales", d.sales)?,
        sales_card: name("onec.names.sales_card", d.sales_card)?,
        sales_product: name("onec.names.sales_product", d.sales_product)?,
        sales_amount: name("onec.names.sales_amount", d.sales_amount)?,
        sales_quantity: name("onec.names.sales_quantity", d.sales_quantity)?,
        points: name("onec.names.points", d.points)?,
        points_card: name("onec.names.points_card", d.points_card)?,
        points_accrued: name("onec.names.points_accrued", d.points_accrued)?,
        points_to_write_off: name("onec.names.points_to_write_off", d.points_to_write_off)?,
        opening_balance: layers.words("onec.names.opening_balance")?.unwrap_or(d.opening_balance),
        ignored_recorders: layers.words("onec.names.ignored_recorders")?.unwrap_or(d.ignored_recorders),
    })
}

fn sync(layers: &Layers) -> Result<Sync, ConfigError> {
    let default = Sync::default();
    Ok(Sync {
        days: layers.number("sync.days").unwrap_or(default.days),
        limit: layers.number("sync.limit").unwrap_or(default.limit),
        every: layers.some_duration("sync.every")?,
        resume_within: layers.duration("sync.resume_within")?.unwrap_or(default.resume_within),
        stale_after: layers.some_duration("sync.stale_after")?.unwrap_or(default.stale_after),
        second_look_after: layers.duration("sync.second_look_after")?.unwrap_or(default.second_look_after),
        packaging: layers.words("sync.packaging")?.map_or(default.packaging, Packaging::new),
    })
}

fn ui(layers: &Layers, environment: &Environment) -> Result<Ui, ConfigError> {
    let language = layers.choice("ui.language", &LANGUAGES)?.flatten();
    let theme = layers.choice("ui.theme", &THEMES)?.flatten();
    Ok(Ui {
        language: language.unwrap_or_else(|| language_of(environment)),
        debounce: layers.duration("ui.debounce")?.unwrap_or(Ui::default().debounce),
        theme: theme.unwrap_or_else(|| theme_of(environment)),
    })
}

fn warnings(config: &Config, layers: &Layers, sources: &Sources) -> Vec<Warning> {
    let mut warnings = Vec::new();
    warnings.extend(plain_http(&config.onec.url).map(|host| Warning::PlainHttp { host }));
    if config.onec.accept_invalid_certificates {
        warnings.push(Warning::AnyCertificate);
    }
    if let Some(file) = sources.file.as_ref().filter(|_| layers.file_holds_password()) {
        warnings.extend(secret::readable_by_others(&file.path));
    }
    warnings.extend(unknown_variables(&sources.environment));
    warnings
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
            let known: BTreeSet<_> = keys::KEYS.iter().map(|key| keys::variable(key.path)).collect();
            let nearest = keys::most_like(name, known.iter().map(String::as_str)).map(str::to_owned);
            Warning::UnknownVariable { variable: name.to_owned(), nearest }
        })
}

/// All layers, the strongest first.
struct Layers {
    stack: Vec<Layer>,
    home: Option<PathBuf>,
}

impl Layers {
    fn of(sources: &Sources) -> Result<Self, ConfigError> {
        let file = match &sources.file {
            Some(file) => layer::from_file(&file.path, &file.text)?,
            None => Layer::new(),
        };
        let stack = vec![
            of_options(&sources.overrides)?,
            layer::from_environment(&sources.environment)?,
            layer::from_portal(&sources.environment)?,
            file,
        ];
        Ok(Self { stack, home: sources.environment.get("HOME").map(PathBuf::from) })
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        self.stack.iter().find_map(|layer| layer.get(key))
    }

    fn text(&self, key: &str) -> Option<(&str, &Origin)> {
        self.entry(key).and_then(Entry::text)
    }

    /// The text of a key as `read` understands it.
    fn read<T>(
        &self,
        key: &str,
        expected: Expected,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Some((text, origin)) = self.text(key) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| wrong(key, expected, origin))
    }

    /// The table of keys has checked the range already.
    fn number<N: TryFrom<u64>>(&self, key: &str) -> Option<N> {
        match self.entry(key)?.value {
            Raw::Number(number) => N::try_from(number).ok(),
            _ => None,
        }
    }

    fn flag(&self, key: &str) -> bool {
        matches!(self.entry(key), Some(Entry { value: Raw::Flag(true), .. }))
    }

    fn words(&self, key: &str) -> Result<Option<Vec<String>>, ConfigError> {
        let Some(Entry { value: Raw::Words(words), origin }) = self.entry(key) else { return Ok(None) };
        if words.iter().any(|word| word.trim().is_empty()) {
            return Err(wrong(key, Expected::SomeWords, origin));
        }
        Ok(Some(words.clone()))
    }

    fn choice<T: Copy>(&self, key: &str, choices: &[(&'static str, T)]) -> Result<Option<T>, ConfigError> {
        let words = || Expected::OneOf(choices.iter().map(|(word, _)| *word).collect());
        let Some((text, origin)) = self.text(key) else { return Ok(None) };
        let chosen = choices.iter().find(|(word, _)| *word == text.trim());
        chosen.map(|(_, choice)| Some(*choice)).ok_or_else(|| wrong(key, words(), origin))
    }

    fn duration(&self, key: &str) -> Result<Option<Duration>, ConfigError> {
        self.read(key, Expected::Duration, duration::parse)
    }

    fn some_duration(&self, key: &str) -> Result<Option<Duration>, ConfigError> {
        self.read(key, Expected::SomeDuration, |text| duration::parse(text).filter(|span| !span.is_zero()))
    }

    fn zone(&self, key: &str) -> Result<Option<Tz>, ConfigError> {
        let nearest = self.text(key).and_then(|(text, _)| nearest_zone(text));
        self.read(key, Expected::Zone(nearest), |text| text.trim().parse().ok())
    }

    fn user(&self, key: &str) -> Result<Option<String>, ConfigError> {
        self.read(key, Expected::User, |text| {
            let fits = !text.is_empty() && !text.contains(':') && secret::is_sendable(text);
            fits.then(|| text.to_owned())
        })
    }

    fn name(&self, key: &str) -> Result<Option<String>, ConfigError> {
        self.read(key, Expected::Name, |text| {
            let fits = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
            fits.then(|| text.to_owned())
        })
    }

    /// A path; in the file it starts from the file's folder, and `~/` is the user's own.
    fn path(&self, key: &str) -> Result<Option<PathBuf>, ConfigError> {
        let Some((text, origin)) = self.text(key) else { return Ok(None) };
        if text.is_empty() {
            return Err(wrong(key, Expected::SomeText, origin));
        }
        Ok(Some(match (text.strip_prefix("~/"), &self.home, origin) {
            (Some(rest), Some(home), _) => home.join(rest),
            (_, _, Origin::File { path, .. }) => path.parent().unwrap_or(Path::new("")).join(text),
            _ => PathBuf::from(text),
        }))
    }

    /// The address of 1C without a slash at its end.
    fn address(&self, key: &'static str) -> Result<Option<String>, ConfigError> {
        let Some((text, origin)) = self.text(key) else { return Ok(None) };
        let fault = |fault| ConfigError::Address { key, fault, at: origin.clone() };
        let url = Url::parse(text.trim()).map_err(|_| fault(AddressFault::Syntax))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ConfigError::AddressWithCredentials { key, at: origin.clone() });
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(fault(AddressFault::Scheme));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(fault(AddressFault::Query));
        }
        let address = url.as_str().trim_end_matches('/');
        // IIS does not care about case, and its administrators do not either.
        let is_service = address.to_lowercase().ends_with(SERVICE);
        is_service.then(|| Some(address.to_owned())).ok_or_else(|| fault(AddressFault::Ending))
    }

    fn proxy(&self, key: &'static str) -> Result<Option<String>, ConfigError> {
        let Some((text, origin)) = self.text(key) else { return Ok(None) };
        let url = Url::parse(text.trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| wrong(key, Expected::ProxyAddress, origin))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ConfigError::AddressWithCredentials { key, at: origin.clone() });
        }
        Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The way to the password, of the strongest layer that has one: it replaces those below altogether.
    fn secret(&self) -> Result<Option<SecretSource>, ConfigError> {
        let Some(key) = self.stack.iter().find_map(secret_of) else { return Ok(None) };
        Ok(match key {
            "onec.password_file" => self.path(key)?.map(SecretSource::File),
            "onec.password_command" => self
                .read(key, Expected::SomeText, |text| (!text.trim().is_empty()).then(|| text.into()))?
                .map(SecretSource::Command),
            _ => self
                .read(key, Expected::Password, |text| secret::is_sendable(text).then(|| text.into()))?
                .map(SecretSource::Given),
        })
    }

    fn file_holds_password(&self) -> bool {
        self.stack.last().is_some_and(|file| file.contains_key("onec.password"))
    }
}

fn secret_of(layer: &Layer) -> Option<&'static str> {
    keys::SECRETS.into_iter().find(|key| layer.contains_key(key))
}

fn of_options(overrides: &Overrides) -> Result<Layer, ConfigError> {
    let mut layer = Layer::new();
    let numbers =
        [("sync.days", "--days", overrides.days.map(u64::from)), ("sync.limit", "--limit", overrides.limit)];
    for (path, option, number) in numbers {
        let (Some(number), Some(key)) = (number, keys::find(path)) else { continue };
        let entry = layer::from_number(key, number, Origin::Option(option))?;
        layer.insert(key.path, entry);
    }
    Ok(layer)
}

fn wrong(key: &str, expected: Expected, at: &Origin) -> ConfigError {
    ConfigError::WrongValue { key: key.to_owned(), expected, at: at.clone() }
}

/// The zone a person most likely meant: the same town anywhere, else the nearest spelling.
fn nearest_zone(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    let town = |name: &str| name.rsplit('/').next().map(str::to_lowercase);
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    names().find(|name| town(name) == town(&text)).or_else(|| keys::most_like(&text, names()))
}

#[cfg(test)]
mod tests;
