//! All sources of settings, one above the other, and their values taken out with the checks each kind needs.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::{TZ_VARIANTS, Tz};
use reqwest::Url;
use secrecy::SecretString;

use super::error::{AddressFault, ConfigError, ExpectedValue, SettingOrigin};
use super::layer::{self, LayerEntry, Raw, SettingsLayer};
use super::secret::{self, SecretSource};
use super::setting::{AUTO, Choice, Setting, Takes};
use super::sources::{Overrides, Sources};
use super::theme::is_theme_name;
use super::{Config, KeyWish, Theme, ThemeWish, duration, keys};
use crate::domain::packaging::Packaging;
use crate::domain::quiet::QuietHours;

/// Where every 1C publishes the standard interface, below the infobase's own address.
const SERVICE: &str = "/odata/standard.odata";

/// Settings that name a command of the shell.
const COMMANDS: [&str; 4] =
    ["onec.password_command", "mirror.password_command", "portal.password_command", "sync.on_event"];

/// All layers, the strongest first.
pub(super) struct Layers {
    stack: Vec<SettingsLayer>,
    home: Option<PathBuf>,
    credentials: Option<PathBuf>,
}

impl Layers {
    pub(super) fn of(sources: &Sources) -> Result<Self, ConfigError> {
        let file = match &sources.file {
            Some(file) => layer::from_file(&file.path, &file.text)?,
            None => SettingsLayer::new(),
        };
        let stack = vec![
            of_options(&sources.overrides)?,
            layer::from_environment(&sources.environment)?,
            layer::from_portal(&sources.environment)?,
            file,
        ];
        let folder = |variable| sources.environment.get(variable).map(PathBuf::from);
        Ok(Self { stack, home: folder("HOME"), credentials: folder("CREDENTIALS_DIRECTORY") })
    }

    /// Puts what the layers say of a setting into its place.
    pub(super) fn put(&self, setting: &Setting, config: &mut Config) -> Result<(), ConfigError> {
        let key = setting.path;
        match setting.takes {
            Takes::Address(of) => put(of(config), self.address(key)?),
            Takes::User(of) => put(of(config), self.user(key)?),
            Takes::Zone(of) => put(of(config), self.zone(key)?),
            Takes::Number(_, _, of) => self.number(key).into_iter().for_each(|it| of(config).put(it)),
            Takes::Flag(of) => put(of(config), self.flag(key)),
            Takes::Duration(of) => put(of(config), self.duration(key)?),
            Takes::SomeDuration(of) => put(of(config), self.some_duration(key)?),
            Takes::Hours(of) => put(of(config), self.hours(key)?.map(Some)),
            Takes::Every(of) => put(of(config), self.some_duration(key)?.map(Some)),
            Takes::Folder(of) => put(of(config), self.path(key)?),
            Takes::File(of) => put(of(config), self.path(key)?.map(Some)),
            Takes::Proxy(of) => put(of(config), self.proxy(key)?.map(Some)),
            Takes::SomeText(of) => put(of(config), self.some_text(key)?.map(Some)),
            Takes::Listen(of) => put(of(config), self.listen(key)?.map(Some)),
            Takes::Credential(of) => put(of(config), self.credential(key)?.map(Some)),
            Takes::Password(of) => put(of(config), self.password(key)?.map(Some)),
            Takes::Name(of) => put(of(config), self.name(key)?),
            Takes::Words(of) => put(of(config), self.words(key)?),
            Takes::Packaging(of) => put(of(config), self.words(key)?.map(Packaging::new)),
            Takes::Choice(choices) => self.choice(key, choices)?.into_iter().for_each(|it| it(config)),
            Takes::Colours => self.theme(key, config)?,
            Takes::Keys(_) => config.keys.extend(self.key_wish(key)?),
            // It is fetched later, and kept apart.
            Takes::Secret => {}
        }
        Ok(())
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    fn entry(&self, key: &str) -> Option<&LayerEntry> {
        self.stack.iter().find_map(|layer| layer.get(key))
    }

    fn text(&self, key: &str) -> Option<(&str, &SettingOrigin)> {
        self.entry(key).and_then(LayerEntry::text)
    }

    /// The text of a key as `read` understands it.
    fn read<T>(
        &self,
        key: &str,
        expected: ExpectedValue,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Some((text, origin)) = self.text(key) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| wrong(key, expected, origin))
    }

    /// The table of keys has checked the range already.
    fn number(&self, key: &str) -> Option<u64> {
        match self.entry(key)?.value {
            Raw::Number(number) => Some(number),
            _ => None,
        }
    }

    fn flag(&self, key: &str) -> Option<bool> {
        match self.entry(key)?.value {
            Raw::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    fn words(&self, key: &str) -> Result<Option<Vec<String>>, ConfigError> {
        let Some(LayerEntry { value: Raw::Words(words), origin }) = self.entry(key) else { return Ok(None) };
        if words.iter().any(|word| word.trim().is_empty()) {
            return Err(wrong(key, ExpectedValue::SomeWords, origin));
        }
        Ok(Some(words.clone()))
    }

    fn key_wish(&self, key: &'static str) -> Result<Option<KeyWish>, ConfigError> {
        let (Some(keys), Some(entry)) = (self.words(key)?, self.entry(key)) else { return Ok(None) };
        let action = key.strip_prefix("keys.").unwrap_or(key);
        Ok(Some(KeyWish { action, keys, at: entry.origin.clone() }))
    }

    fn choice(&self, key: &str, choices: &[Choice]) -> Result<Option<fn(&mut Config)>, ConfigError> {
        let words = || ExpectedValue::OneOf(choices.iter().map(|(word, _)| *word).collect());
        let Some((text, origin)) = self.text(key) else { return Ok(None) };
        let chosen = choices.iter().find(|(word, _)| *word == text.trim());
        chosen.map(|(_, choose)| Some(*choose)).ok_or_else(|| wrong(key, words(), origin))
    }

    /// A theme that is built in, else the name of a file, which is read later.
    fn theme(&self, key: &str, config: &mut Config) -> Result<(), ConfigError> {
        let Some((text, origin)) = self.text(key) else { return Ok(()) };
        let name = text.trim();
        if name == AUTO {
            return Ok(());
        }
        let built_in = Theme::BUILT_IN.into_iter().find(|theme| theme.name() == name);
        if built_in.is_none() && !is_theme_name(name) {
            return Err(wrong(key, ExpectedValue::Theme, origin));
        }
        if built_in.is_none() {
            config.ui.theme_wish = Some(ThemeWish { name: name.to_owned(), at: origin.clone() });
        }
        config.ui.decide(built_in.unwrap_or(Theme::Custom));
        Ok(())
    }

    fn duration(&self, key: &str) -> Result<Option<Duration>, ConfigError> {
        self.read(key, ExpectedValue::Duration, duration::parse)
    }

    fn some_duration(&self, key: &str) -> Result<Option<Duration>, ConfigError> {
        self.read(key, ExpectedValue::SomeDuration, |text| {
            duration::parse(text).filter(|span| !span.is_zero())
        })
    }

    fn hours(&self, key: &str) -> Result<Option<QuietHours>, ConfigError> {
        self.read(key, ExpectedValue::Hours, |text| text.parse().ok())
    }

    fn zone(&self, key: &str) -> Result<Option<Tz>, ConfigError> {
        let nearest = self.text(key).and_then(|(text, _)| nearest_zone(text));
        self.read(key, ExpectedValue::Zone(nearest), |text| text.trim().parse().ok())
    }

    fn user(&self, key: &str) -> Result<Option<String>, ConfigError> {
        self.read(key, ExpectedValue::User, |text| {
            let fits = !text.is_empty() && !text.contains(':') && secret::is_sendable(text);
            fits.then(|| text.to_owned())
        })
    }

    fn name(&self, key: &str) -> Result<Option<String>, ConfigError> {
        self.read(key, ExpectedValue::Name, |text| {
            let fits = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
            fits.then(|| text.to_owned())
        })
    }

    /// A path; in the file it starts from the file's folder, and `~/` is the user's own.
    fn path(&self, key: &str) -> Result<Option<PathBuf>, ConfigError> {
        let Some((text, origin)) = self.text(key) else { return Ok(None) };
        if text.is_empty() {
            return Err(wrong(key, ExpectedValue::SomeText, origin));
        }
        Ok(Some(match (text.strip_prefix("~/"), &self.home, origin) {
            (Some(rest), Some(home), _) => home.join(rest),
            (_, _, SettingOrigin::File { path, .. }) => path.parent().unwrap_or(Path::new("")).join(text),
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

    /// The name of a credential, with the folder that systemd put it in.
    fn credential(&self, key: &'static str) -> Result<Option<SecretSource>, ConfigError> {
        let name = self.read(key, ExpectedValue::Credential, |text| {
            let name = text.trim();
            secret::is_credential(name).then(|| name.to_owned())
        })?;
        Ok(name.map(|name| SecretSource::Credential(name, self.credentials.clone())))
    }

    fn listen(&self, key: &str) -> Result<Option<SocketAddr>, ConfigError> {
        self.read(key, ExpectedValue::Listen, |text| text.trim().parse().ok())
    }

    fn some_text(&self, key: &'static str) -> Result<Option<String>, ConfigError> {
        self.read(key, ExpectedValue::SomeText, |text| (!text.trim().is_empty()).then(|| text.to_owned()))
    }

    fn proxy(&self, key: &'static str) -> Result<Option<String>, ConfigError> {
        let Some((text, origin)) = self.text(key) else { return Ok(None) };
        let url = Url::parse(text.trim())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| wrong(key, ExpectedValue::ProxyAddress, origin))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ConfigError::AddressWithCredentials { key, at: origin.clone() });
        }
        Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The way to the password, of the strongest layer that has one: it replaces those below altogether.
    pub(super) fn secret(&self) -> Result<Option<SecretSource>, ConfigError> {
        let Some(key) = self.stack.iter().find_map(secret_of) else { return Ok(None) };
        Ok(match key {
            "onec.password_file" => self.path(key)?.map(SecretSource::File),
            "onec.password_command" => {
                self.some_text(key)?.map(|command| SecretSource::Command(command.into()))
            }
            "onec.password_credential" => self.credential(key)?,
            _ => self.password(key)?.map(SecretSource::Given),
        })
    }

    /// The way to the password of a database, of the strongest layer that has one.
    pub(super) fn secret_of_database(&self, ways: [&'static str; 4]) -> Option<&'static str> {
        self.stack.iter().find_map(|layer| ways.into_iter().find(|key| layer.contains_key(key)))
    }

    fn password(&self, key: &str) -> Result<Option<SecretString>, ConfigError> {
        self.read(key, ExpectedValue::Password, |text| {
            let password = secret::without_line_end(text);
            secret::is_sendable(password).then(|| password.into())
        })
    }

    /// Why the password must not be sent. It belongs to the host it was given for: the one that its own layer, or the
    /// next one below, names. A stronger layer may name another only together with another password; a proxy that
    /// would read it is such a host.
    pub(super) fn unbound(&self) -> Option<ConfigError> {
        let giving = self.stack.iter().position(|layer| secret_of(layer).is_some())?;
        let secret = secret_of(self.stack.get(giving)?)?;
        let secret_at = &self.stack.get(giving)?.get(secret)?.origin;
        let is_plain = self.origin_of("onec.url", 0).is_some_and(|url| url.starts_with("http:"));
        let sees_password = |key: &str| key == "onec.url" || is_plain;
        ["onec.url", "onec.proxy"].into_iter().find_map(|key| {
            let named = self.stack.iter().position(|layer| layer.contains_key(key))?;
            let host = self.origin_of(key, 0)?;
            let is_bound = named >= giving || self.origin_of(key, giving).as_ref() == Some(&host);
            let at = &self.stack.get(named)?.get(key)?.origin;
            (!is_bound && sees_password(key)).then(|| ConfigError::ForeignHost {
                secret,
                secret_at: Box::new(secret_at.clone()),
                key,
                host,
                at: Box::new(at.clone()),
            })
        })
    }

    /// Scheme, name and port of an address, as the layers from this one down have it.
    fn origin_of(&self, key: &str, from: usize) -> Option<String> {
        let (text, _) = self.stack.get(from..)?.iter().find_map(|layer| layer.get(key))?.text()?;
        Some(Url::parse(text.trim()).ok()?.origin().ascii_serialization())
    }

    /// The first setting of the file that names a command which would be run.
    pub(super) fn command_of_file(&self) -> Option<&'static str> {
        let file = self.stack.last()?;
        COMMANDS.into_iter().find(|key| file.contains_key(key))
    }

    /// Every setting that names a command to be run, with that command.
    pub(super) fn commands(&self) -> impl Iterator<Item = (&'static str, &str)> {
        COMMANDS.into_iter().filter_map(|key| self.text(key).map(|(command, _)| (key, command)))
    }

    pub(super) fn file_holds_password(&self) -> bool {
        self.stack.last().is_some_and(|file| {
            ["onec.password", "mirror.password", "portal.password"].iter().any(|key| file.contains_key(key))
        })
    }
}

fn secret_of(layer: &SettingsLayer) -> Option<&'static str> {
    keys::secrets().find(|key| layer.contains_key(key))
}

fn put<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn of_options(overrides: &Overrides) -> Result<SettingsLayer, ConfigError> {
    let mut layer = SettingsLayer::new();
    let numbers =
        [("sync.days", "--days", overrides.days.map(u64::from)), ("sync.limit", "--limit", overrides.limit)];
    for (path, option, number) in numbers {
        let (Some(number), Some(key)) = (number, keys::find(path)) else { continue };
        let entry = layer::from_number(key, number, SettingOrigin::Option(option))?;
        layer.insert(key.path, entry);
    }
    let words = [
        ("log.level", "--log-level", &overrides.log_level),
        ("log.format", "--log-format", &overrides.log_format),
        ("engine.listen", "--listen", &overrides.listen),
    ];
    for (path, option, word) in words {
        let (Some(word), Some(key)) = (word, keys::find(path)) else { continue };
        let (value, origin) = (Raw::Text(word.clone()), SettingOrigin::Option(option));
        layer.insert(key.path, LayerEntry { value, origin });
    }
    Ok(layer)
}

fn wrong(key: &str, expected: ExpectedValue, at: &SettingOrigin) -> ConfigError {
    ConfigError::WrongValue { key: key.to_owned(), expected, at: at.clone() }
}

/// The zone a person most likely meant: the same town anywhere, else the nearest spelling.
fn nearest_zone(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    let town = |name: &str| name.rsplit('/').next().map(str::to_lowercase);
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    names().find(|name| town(name) == town(&text)).or_else(|| keys::most_like(&text, names()))
}
