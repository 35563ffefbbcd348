//! What a setting is: where it goes, what it takes, how it is shown.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::SecretString;

use super::error::ExpectedValue;
use super::secret::SecretSource;
use super::{Config, duration};
use crate::domain::packaging::Packaging;
use crate::domain::quiet::QuietHours;

/// A row of the table of settings: everything that is to be said of one.
pub(super) struct Setting {
    /// Its key with the sections it stands in.
    pub(super) path: &'static str,
    /// What it takes, and the place of its value. What stands there before anything is read is the default.
    pub(super) takes: Takes,
    /// What it does, in lines. The example has them all, the page of settings the first sentence. A row without any
    /// belongs to the one before it.
    pub(super) about: &'static str,
    /// What the example shows where nothing is set by default.
    pub(super) shown: &'static str,
}

/// The place of a value.
type Place<T> = fn(&mut Config) -> &mut T;

/// A word, and what it does to the settings.
pub(super) type Choice = (&'static str, fn(&mut Config));

/// What a setting takes, with the place of its value.
pub(super) enum Takes {
    /// The address of 1C. Nothing works without.
    Address(Place<String>),
    /// A login. Nothing works without.
    User(Place<String>),
    /// A way to the password.
    Secret,
    Zone(Place<Tz>),
    /// A whole number between two bounds, both allowed.
    Number(u64, u64, fn(&mut Config) -> &mut dyn Whole),
    Flag(Place<bool>),
    Duration(Place<Duration>),
    /// Longer than nothing.
    SomeDuration(Place<Duration>),
    /// Longer than nothing, where it is set.
    Every(Place<Option<Duration>>),
    /// Hours of the day.
    Hours(Place<Option<QuietHours>>),
    Folder(Place<PathBuf>),
    File(Place<Option<PathBuf>>),
    Proxy(Place<Option<String>>),
    /// Text that is not empty, where it is set: a command of the shell, the name of a group.
    SomeText(Place<Option<String>>),
    /// The address and the port of an interface of this machine.
    Listen(Place<Option<SocketAddr>>),
    /// The name of a credential of systemd.
    Credential(Place<Option<SecretSource>>),
    /// A password as it is: shown nowhere.
    Password(Place<Option<SecretString>>),
    /// A name of 1C.
    Name(Place<String>),
    Words(Place<Vec<String>>),
    Packaging(Place<Packaging>),
    /// One of some words; the first is the default.
    Choice(&'static [Choice]),
    /// A theme: one of those built in, or a file's name.
    Colours,
    /// Keys for an action of the dashboard; these are the usual ones.
    Keys(&'static [&'static str]),
}

/// What leaves a choice to the program.
pub(super) const AUTO: &str = "auto";

/// A whole number of any width.
pub(super) trait Whole {
    /// The table's bounds keep it inside the width.
    fn put(&mut self, number: u64);
    fn number(&self) -> u64;
}

impl<N: Copy + TryFrom<u64> + TryInto<u64>> Whole for N {
    fn put(&mut self, number: u64) {
        if let Ok(number) = N::try_from(number) {
            *self = number;
        }
    }

    fn number(&self) -> u64 {
        (*self).try_into().unwrap_or(u64::MAX)
    }
}

/// What a value is written as, before it is looked at more closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SettingKind {
    Text,
    Number { least: u64, most: u64 },
    Flag,
    Words,
}

impl SettingKind {
    /// Whether this takes numbers and allows this one.
    pub(super) fn allows(self, number: u64) -> bool {
        matches!(self, Self::Number { least, most } if (least..=most).contains(&number))
    }

    pub(super) fn expected(self) -> ExpectedValue {
        match self {
            Self::Text => ExpectedValue::Text,
            Self::Number { least, most } => ExpectedValue::WholeNumber(least, most),
            Self::Flag => ExpectedValue::Flag,
            Self::Words => ExpectedValue::Words,
        }
    }
}

impl Setting {
    pub(super) fn kind(&self) -> SettingKind {
        match self.takes {
            Takes::Number(least, most, _) => SettingKind::Number { least, most },
            Takes::Flag(_) => SettingKind::Flag,
            Takes::Words(_) | Takes::Packaging(_) | Takes::Keys(_) => SettingKind::Words,
            _ => SettingKind::Text,
        }
    }

    /// Whether 1C cannot be asked without it.
    pub(super) fn is_needed(&self) -> bool {
        matches!(self.takes, Takes::Address(_) | Takes::User(_))
    }

    /// The sections it stands in, and its own name.
    pub(super) fn section_and_name(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once('.').unwrap_or(("", self.path))
    }

    /// Its value in these settings as the file has it; `None` where nothing is set.
    pub(super) fn value(&self, config: &mut Config) -> Option<String> {
        let text = |text: &str| (!text.is_empty()).then(|| quoted(text));
        let span = |span: Duration| Some(quoted(&duration::shown(span)));
        match self.takes {
            Takes::Address(of) | Takes::User(of) | Takes::Name(of) => text(of(config)),
            Takes::Proxy(of) | Takes::SomeText(of) => of(config).as_deref().and_then(text),
            Takes::Listen(of) => of(config).map(|address| quoted(&address.to_string())),
            Takes::Credential(of) => match of(config) {
                Some(SecretSource::Credential(name, _)) => text(name),
                _ => None,
            },
            Takes::Folder(of) => text(&of(config).to_string_lossy()),
            Takes::File(of) => of(config).as_ref().and_then(|path| text(&path.to_string_lossy())),
            Takes::Zone(of) => text(of(config).name()),
            Takes::Number(_, _, of) => Some(of(config).number().to_string()),
            Takes::Flag(of) => Some(of(config).to_string()),
            Takes::Duration(of) | Takes::SomeDuration(of) => span(*of(config)),
            Takes::Every(of) => of(config).and_then(span),
            Takes::Hours(of) => of(config).map(|hours| quoted(&hours.to_string())),
            Takes::Words(of) => Some(list(of(config))),
            Takes::Packaging(of) => Some(list(of(config).words())),
            Takes::Choice(choices) => choices.first().and_then(|(word, _)| text(word)),
            Takes::Colours => Some(quoted(AUTO)),
            Takes::Keys(_) | Takes::Secret | Takes::Password(_) => None,
        }
    }

    /// What the example shows of it where nothing is set.
    pub(super) fn sample(&self) -> String {
        match self.takes {
            Takes::Keys(keys) => list(keys),
            _ => quoted(self.shown),
        }
    }
}

/// Words as the file has them.
pub(super) fn list<S: AsRef<str>>(words: &[S]) -> String {
    let words: Vec<_> = words.iter().map(|word| quoted(word.as_ref())).collect();
    format!("[{}]", words.join(", "))
}

/// Text between quotes, as TOML wants it: some of it came from 1C.
pub(super) fn quoted(text: &str) -> String {
    let escape = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter.is_control() => format!("\\u{:04X}", u32::from(letter)),
        letter => letter.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}
