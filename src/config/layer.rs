//! One source of settings, read into known keys with the place each was found.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::zeroize::{Zeroize, Zeroizing};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, SettingOrigin};
use super::keys;
use super::places::Environment;
use super::setting::{Setting, SettingKind};
use super::toml_fault::TomlFault;

/// A value of the right type. No `Debug`: it may be a password.
pub(super) enum Raw {
    Text(String),
    Number(u64),
    Flag(bool),
    Words(Vec<String>),
}

/// A text may be a password.
impl Drop for Raw {
    fn drop(&mut self) {
        if let Self::Text(text) = self {
            text.zeroize();
        }
    }
}

pub(super) struct LayerEntry {
    pub(super) value: Raw,
    pub(super) origin: SettingOrigin,
}

impl LayerEntry {
    pub(super) fn text(&self) -> Option<(&str, &SettingOrigin)> {
        match &self.value {
            Raw::Text(text) => Some((text, &self.origin)),
            _ => None,
        }
    }
}

/// The settings of one source, by the path of their key.
pub(super) type SettingsLayer = BTreeMap<&'static str, LayerEntry>;

/// Reads the file: TOML, known keys only, types checked.
pub(super) fn from_file(path: &Path, text: &str) -> Result<SettingsLayer, ConfigError> {
    let place = LayerPlace::new(path, text);
    let document = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        at: place.origin(error.span().map_or(0, |span| span.start)),
        fault: TomlFault::of(error.message()),
    })?;
    let mut layer = SettingsLayer::new();
    place.read_table("", document.get_ref(), &mut layer)?;
    one_secret(&layer)?;
    Ok(layer)
}

/// A file, to tell places in it.
pub(super) struct LayerPlace<'a> {
    path: PathBuf,
    text: &'a str,
}

impl<'a> LayerPlace<'a> {
    /// Of this text of a file.
    pub(super) fn new(path: &Path, text: &'a str) -> Self {
        Self { path: path.to_owned(), text }
    }
}

impl LayerPlace<'_> {
    fn read_table(
        &self,
        section: &str,
        table: &DeTable<'_>,
        layer: &mut SettingsLayer,
    ) -> Result<(), ConfigError> {
        // In the order of the file, so that the first mistake in it is the one reported.
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in entries {
            let path = match section {
                "" => name.get_ref().to_string(),
                _ => format!("{section}.{}", name.get_ref()),
            };
            if let Some(key) = keys::find(&path) {
                let value = self.read_value(key, value)?;
                layer.insert(key.path, value);
            } else {
                self.read_section(path, name.span().start, value, layer)?;
            }
        }
        Ok(())
    }

    fn read_section(
        &self,
        path: String,
        at: usize,
        value: &Spanned<DeValue<'_>>,
        layer: &mut SettingsLayer,
    ) -> Result<(), ConfigError> {
        let known = keys::is_section(&path);
        match value.get_ref() {
            DeValue::Table(table) if known => self.read_table(&path, table, layer),
            _ if known => {
                let expected = super::ExpectedValue::Section;
                Err(ConfigError::WrongValue { key: path, expected, at: self.origin(at) })
            }
            other => {
                let nearest =
                    if other.is_table() { keys::nearest_section(&path) } else { keys::nearest(&path) };
                let nearest = nearest.map(str::to_owned);
                Err(ConfigError::Unknown { key: path, nearest, at: self.origin(at) })
            }
        }
    }

    fn read_value(&self, key: &Setting, value: &Spanned<DeValue<'_>>) -> Result<LayerEntry, ConfigError> {
        let origin = self.origin(value.span().start);
        let kind = key.kind();
        let raw = match (kind, value.get_ref()) {
            (SettingKind::Text, DeValue::String(text)) => Some(Raw::Text(text.to_string())),
            (SettingKind::Number { .. }, DeValue::Integer(number)) => {
                u64::from_str_radix(number.as_str(), number.radix()).ok().and_then(|n| allowed(kind, n))
            }
            (SettingKind::Flag, DeValue::Boolean(flag)) => Some(Raw::Flag(*flag)),
            (SettingKind::Words, DeValue::Array(list)) => list
                .iter()
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .map(Raw::Words),
            _ => None,
        };
        entry(key, raw, origin)
    }

    /// The place of a byte.
    pub(super) fn origin(&self, offset: usize) -> SettingOrigin {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        SettingOrigin::File { path: self.path.clone(), line, column }
    }
}

/// Reads `SVERKA_SECTION__KEY`. Lists are separated by commas.
pub(super) fn from_environment(environment: &Environment) -> Result<SettingsLayer, ConfigError> {
    let mut layer = SettingsLayer::new();
    for (variable, value) in environment.iter() {
        let Some(name) = variable.strip_prefix("SVERKA_").filter(|name| name.contains("__")) else {
            continue;
        };
        let at = SettingOrigin::Variable(variable.to_owned());
        let path = name.to_lowercase().replace("__", ".");
        let Some(key) = keys::find(&path) else {
            let nearest = keys::nearest(&path).map(keys::variable);
            return Err(ConfigError::Unknown { key: variable.to_owned(), nearest, at });
        };
        layer.insert(key.path, from_text(key, value, at)?);
    }
    one_secret(&layer)?;
    Ok(layer)
}

fn from_text(key: &Setting, value: &str, origin: SettingOrigin) -> Result<LayerEntry, ConfigError> {
    let kind = key.kind();
    let raw = match kind {
        SettingKind::Text => Some(Raw::Text(value.to_owned())),
        SettingKind::Number { .. } => value.trim().parse().ok().and_then(|number| allowed(kind, number)),
        SettingKind::Flag => value.trim().parse().ok().map(Raw::Flag),
        SettingKind::Words => Some(Raw::Words(
            value.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        )),
    };
    entry(key, raw, origin)
}

/// A number from the command line.
pub(super) fn from_number(
    key: &Setting,
    number: u64,
    origin: SettingOrigin,
) -> Result<LayerEntry, ConfigError> {
    entry(key, allowed(key.kind(), number), origin)
}

fn allowed(kind: SettingKind, number: u64) -> Option<Raw> {
    kind.allows(number).then_some(Raw::Number(number))
}

fn entry(key: &Setting, raw: Option<Raw>, origin: SettingOrigin) -> Result<LayerEntry, ConfigError> {
    match raw {
        Some(value) => Ok(LayerEntry { value, origin }),
        None => Err(ConfigError::WrongValue {
            key: key.path.to_owned(),
            expected: key.kind().expected(),
            at: origin,
        }),
    }
}

/// Reads the variables of the shop's portal: `ONEC_API_URL` and `ONEC_API_TOKEN`.
pub(super) fn from_portal(environment: &Environment) -> Result<SettingsLayer, ConfigError> {
    let mut layer = SettingsLayer::new();
    let mut put = |key, variable: &str, value: String| {
        let origin = SettingOrigin::Variable(variable.to_owned());
        layer.insert(key, LayerEntry { value: Raw::Text(value), origin });
    };
    if let Some(url) = environment.get("ONEC_API_URL") {
        put("onec.url", "ONEC_API_URL", url.to_owned());
    }
    if let Some(token) = environment.get("ONEC_API_TOKEN") {
        let at = SettingOrigin::Variable("ONEC_API_TOKEN".to_owned());
        let (user, password) = credentials(token).ok_or(ConfigError::Token { at })?;
        put("onec.user", "ONEC_API_TOKEN", user);
        put("onec.password", "ONEC_API_TOKEN", password);
    }
    Ok(layer)
}

/// Login and password of a Basic token, with or without the word `Basic`.
fn credentials(token: &str) -> Option<(String, String)> {
    let padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let token = token.trim();
    let encoded = match token.split_once(char::is_whitespace) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("basic") => rest.trim(),
        _ => token,
    };
    let bytes = GeneralPurpose::new(&alphabet::STANDARD, padding).decode(encoded).ok()?;
    let bytes = Zeroizing::new(bytes);
    let (user, password) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// Two ways to the password in one layer leave open which one is meant.
fn one_secret(layer: &SettingsLayer) -> Result<(), ConfigError> {
    let of_onec: Vec<_> = keys::secrets().collect();
    let of_databases = keys::SECRETS_OF_DATABASES.iter().map(|ways| ways.to_vec());
    of_databases.chain([of_onec]).try_for_each(|ways| one_of(&ways, layer))
}

fn one_of(ways: &[&'static str], layer: &SettingsLayer) -> Result<(), ConfigError> {
    let mut given = ways.iter().filter_map(|key| layer.get(*key).map(|entry| (*key, entry)));
    match (given.next(), given.next()) {
        (Some((first, one)), Some((second, other))) => Err(ConfigError::SecretTwice {
            first,
            second,
            first_at: one.origin.clone(),
            second_at: other.origin.clone(),
        }),
        _ => Ok(()),
    }
}
