//! What can be wrong with the settings, in words.

use std::io;
use std::path::Path;

use crate::config::{self, CommandFault, ConfigError, ExpectedValue, SettingOrigin, Warning};
use crate::files::{Refusal, What};
use crate::text::{Problem, Shown, Texts, Value};

/// Columns of what a command complained of: enough for a sentence, too few for a page.
const LONGEST_COMPLAINT: usize = 300;

type Values<'a> = Vec<(&'static str, Value<'a>)>;

impl Texts {
    /// What is wrong with the settings, and what to do.
    pub fn config_error(self, error: &ConfigError) -> Problem {
        let mut problem = self.problem(error.code(), &self.values(error));
        if let ConfigError::SecretCommand { stderr, .. } = error
            && !stderr.is_empty()
        {
            let complaint = Shown::new(stderr).truncated(LONGEST_COMPLAINT);
            problem.add(&self.with("problem-complaint", &[("text", complaint.into())]));
        }
        problem
    }

    /// What works and should not stay as it is.
    pub fn warning(self, warning: &Warning) -> String {
        let values: Values<'_> = match warning {
            Warning::PlainHttp { host } => vec![("host", host.into())],
            Warning::AnyCertificate => Vec::new(),
            Warning::ReadableByOthers { path }
            | Warning::WritableByOthers { path }
            | Warning::StoreOpen { path }
            | Warning::StoreFolderOpen { path } => vec![("path", path.as_path().into())],
            Warning::IgnoredVariable { variable, key } => {
                vec![("name", variable.into()), ("key", (*key).into())]
            }
            Warning::UnknownVariable { variable, nearest } => {
                let nearest = nearest.as_deref().unwrap_or_default();
                vec![("name", variable.into()), ("nearest", nearest.into())]
            }
        };
        self.with(warning.code(), &values)
    }

    fn values(self, error: &ConfigError) -> Values<'_> {
        use ConfigError as E;
        match error {
            E::Unreadable { path, kind }
            | E::SecretUnreadable { path, kind }
            | E::Unwritable { path, kind } => {
                vec![("path", path.as_path().into()), ("why", self.system(*kind).into())]
            }
            E::ForeignHost { secret, secret_at, key, host, at } => vec![
                ("secret", (*secret).into()),
                ("secret-at", self.place(secret_at).into()),
                ("key", (*key).into()),
                ("host", host.into()),
                ("at", self.place(at).into()),
            ],
            E::WritableByOthers { path, key } => {
                vec![("path", path.as_path().into()), ("key", (*key).into())]
            }
            E::Exists { path } => vec![("path", path.as_path().into())],
            E::Syntax { at, fault } => {
                vec![("at", self.place(at).into()), ("message", self.named("toml", fault.name()).into())]
            }
            E::Unknown { key, nearest, at } => vec![
                ("key", key.into()),
                ("nearest", nearest.as_deref().unwrap_or_default().into()),
                ("at", self.place(at).into()),
            ],
            E::WrongValue { key, expected, at } => vec![
                ("key", key.into()),
                ("expected", self.expected(expected, key).into()),
                ("at", self.place_of_value(at).into()),
            ],
            E::Address { key, at, .. } | E::AddressWithCredentials { key, at } => {
                vec![("key", (*key).into()), ("at", self.place_of_value(at).into())]
            }
            E::SecretTwice { first, second, first_at, second_at } => vec![
                ("first", (*first).into()),
                ("second", (*second).into()),
                ("first-at", self.place(first_at).into()),
                ("second-at", self.place(second_at).into()),
            ],
            E::FieldTwice { first, second, name } | E::FieldOfAnother { first, second, name } => {
                vec![("first", (*first).into()), ("second", (*second).into()), ("name", name.into())]
            }
            E::NoRole { role, nearest, at } => vec![
                ("role", role.into()),
                ("nearest", nearest.unwrap_or_default().into()),
                ("at", self.place(at).into()),
            ],
            E::NoColour { role, nearest, at } => vec![
                ("role", (*role).into()),
                ("nearest", nearest.unwrap_or_default().into()),
                ("at", self.place(at).into()),
            ],
            E::NoTheme { name, at } => vec![("name", name.into()), ("at", self.place(at).into())],
            E::NoThemeFile { path, at } => {
                vec![("path", path.as_path().into()), ("at", self.place(at).into())]
            }
            E::NoKey { key, written, at } => {
                vec![("key", key.into()), ("written", written.into()), ("at", self.place(at).into())]
            }
            E::KeyTaken { key, written, other, at } => vec![
                ("key", key.into()),
                ("written", written.into()),
                ("other", other.into()),
                ("at", self.place(at).into()),
            ],
            E::Token { at } => vec![("at", self.place(at).into())],
            E::NotUnicode { variable } => vec![("name", variable.into())],
            E::Missing { key, file } => vec![
                ("key", (*key).into()),
                ("variable", config::variable(key).into()),
                ("path", file.as_deref().map_or_else(|| "none".into(), Value::from)),
            ],
            E::NoCredential { name } => vec![("name", name.into())],
            E::SecretUnusable { key } => vec![("key", (*key).into())],
            E::SecretCommand { fault, .. } => self.of_command(fault),
            E::NoHome => Vec::new(),
        }
    }

    fn of_command(self, fault: &CommandFault) -> Values<'_> {
        match fault {
            CommandFault::Start(kind) => vec![("why", self.system(*kind).into())],
            CommandFault::Deadline(seconds) => vec![("seconds", (*seconds).into())],
            CommandFault::Ended => Vec::new(),
            CommandFault::Status(status) => {
                vec![("status", status.map_or_else(String::new, |status| status.to_string()).into())]
            }
        }
    }

    /// Where it stands; a name of its own for the form, where whoever is told sees the field and knows no key.
    fn place_of_value(self, origin: &SettingOrigin) -> String {
        if *origin == SettingOrigin::Form { "form".to_owned() } else { self.place(origin) }
    }

    fn place(self, origin: &SettingOrigin) -> String {
        match origin {
            SettingOrigin::File { path, line, column } => self.with(
                "place-file",
                &[
                    ("path", path.as_path().into()),
                    ("line", line.to_string().into()),
                    ("column", column.to_string().into()),
                ],
            ),
            SettingOrigin::Variable(name) => self.with("place-variable", &[("name", name.into())]),
            SettingOrigin::Option(name) => self.with("place-option", &[("name", (*name).into())]),
            SettingOrigin::Form => self.get("place-form").into_owned(),
        }
    }

    fn expected(self, expected: &ExpectedValue, key: &str) -> String {
        let id = match expected {
            ExpectedValue::Text => "expected-text",
            ExpectedValue::SomeText => "expected-some-text",
            ExpectedValue::WholeNumber(_, u64::MAX) => "expected-number-from",
            ExpectedValue::WholeNumber(..) => "expected-number",
            ExpectedValue::Flag => "expected-flag",
            ExpectedValue::Words => "expected-words",
            ExpectedValue::SomeWords => "expected-some-words",
            ExpectedValue::Name => "expected-name",
            ExpectedValue::Section => "expected-section",
            ExpectedValue::Theme => "expected-theme",
            ExpectedValue::Duration => "expected-duration",
            ExpectedValue::SomeDuration => "expected-some-duration",
            ExpectedValue::Zone(None) => "expected-zone",
            ExpectedValue::Zone(Some(_)) => "expected-zone-nearest",
            ExpectedValue::Hours => "expected-hours",
            ExpectedValue::OneOf(_) => "expected-one-of",
            ExpectedValue::User => "expected-user",
            ExpectedValue::Password => "expected-password",
            ExpectedValue::Credential => "expected-credential",
            ExpectedValue::ProxyAddress => "expected-proxy",
            ExpectedValue::Listen => "expected-listen",
        };
        let values: Values<'_> = match expected {
            ExpectedValue::WholeNumber(least, most) => {
                vec![("least", (*least).into()), ("most", (*most).into())]
            }
            ExpectedValue::Zone(Some(nearest)) => vec![("nearest", (*nearest).into())],
            ExpectedValue::OneOf(words) => vec![("words", words.join(", ").into())],
            _ => vec![("key", key.into())],
        };
        self.with(id, &values)
    }

    /// A file that cannot be written.
    pub fn unwritable(self, path: &Path, error: &io::Error) -> Problem {
        if let Some(refusal) = error.get_ref().and_then(|error| error.downcast_ref()) {
            return self.refused(path, refusal);
        }
        let path = ("path", path.into());
        match error.kind() {
            io::ErrorKind::AlreadyExists => self.problem("export-exists", &[path]),
            _ => self.problem("export-unwritable", &[path, ("why", self.writing(error).into())]),
        }
    }

    /// A place nothing is written to.
    pub fn refused(self, path: &Path, refusal: &Refusal) -> Problem {
        let place = ("path", path.into());
        match refusal {
            Refusal::Own(what) => {
                let what = self.get(match what {
                    What::Store => "own-store",
                    What::Note => "own-note",
                    What::Settings => "own-settings",
                    What::Secret => "own-secret",
                    What::State => "own-state",
                });
                self.problem("place-own", &[place, ("what", what.as_ref().into())])
            }
            Refusal::Exists => self.problem("export-exists", &[place]),
            Refusal::Foreign => self.problem("place-foreign", &[place]),
            Refusal::LinkToNothing => self.problem("place-link", &[place]),
            Refusal::NoFile => self.problem("place-no-file", &[place]),
            Refusal::NoReader => self.problem("place-no-reader", &[place]),
            Refusal::Io(error) => self.unwritable(path, error),
        }
    }

    /// Why the log cannot be written, with what to do about it.
    pub fn log_unwritable(self, path: &Path, refusal: &Refusal) -> String {
        let why = match refusal {
            Refusal::Io(error) => self.writing(error),
            other => self.refused(path, other).message,
        };
        let problem = self.problem("log-unwritable", &[("path", path.into()), ("why", why.into())]);
        format!("{}. {}", problem.message.trim_end_matches('.'), problem.remedy)
    }

    /// What the system says to somebody who writes.
    pub fn writing(self, error: &io::Error) -> String {
        match error.kind() {
            io::ErrorKind::FileTooLarge => self.get("system-file-limit").into_owned(),
            kind => self.system(kind),
        }
    }

    /// Standard output that cannot be written.
    pub fn no_output(self, error: &io::Error) -> Problem {
        self.problem("export-output", &[("why", self.writing(error).into())])
    }

    /// What the system says of a file.
    pub fn system(self, kind: io::ErrorKind) -> String {
        let id = match kind {
            io::ErrorKind::NotFound => "system-not-found",
            io::ErrorKind::PermissionDenied => "system-permission",
            io::ErrorKind::IsADirectory => "system-folder",
            io::ErrorKind::NotADirectory => "system-not-folder",
            io::ErrorKind::InvalidData => "system-not-text",
            io::ErrorKind::StorageFull => "system-full",
            io::ErrorKind::QuotaExceeded => "system-quota",
            io::ErrorKind::BrokenPipe => "system-no-reader",
            io::ErrorKind::FileTooLarge => "system-too-large",
            io::ErrorKind::ReadOnlyFilesystem => "system-read-only",
            _ => "system-other",
        };
        self.with(id, &[("kind", kind.to_string().into())])
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::config::{AddressFault, TomlFault};
    use crate::text::Language;

    fn file(line: usize) -> SettingOrigin {
        SettingOrigin::File { path: PathBuf::from("/etc/sverka.toml"), line, column: 5 }
    }

    #[test]
    fn an_error_says_what_happened_where_and_what_to_do() {
        let unknown = ConfigError::Unknown {
            key: "sync.dyas".into(),
            nearest: Some("sync.days".into()),
            at: file(1_204),
        };
        let zone = ConfigError::WrongValue {
            key: "onec.timezone".into(),
            expected: ExpectedValue::Zone(Some("Europe/Simferopol")),
            at: SettingOrigin::Variable("SVERKA_ONEC__TIMEZONE".into()),
        };
        let of_form = ConfigError::Address {
            key: "onec.url",
            at: SettingOrigin::Form,
            fault: crate::config::AddressFault::Syntax,
        };
        let no_address = ConfigError::Missing { key: "onec.url", file: Some("/etc/sverka.toml".into()) };
        let cases = [
            (
                &unknown,
                Language::Russian,
                "Неизвестная настройка sync.dyas: /etc/sverka.toml, строка 1204, столбец 5.",
                "Возможно, имелась в виду sync.days.",
            ),
            (
                &unknown,
                Language::English,
                "Unknown setting sync.dyas: /etc/sverka.toml, line 1204, column 5.",
                "Did you mean sync.days?",
            ),
            (
                &of_form,
                Language::Russian,
                "Это не адрес службы OData.",
                "Впишите адрес целиком, от http:// или https:// до /odata/standard.odata, например https://1c.example.ru/base/odata/standard.odata.",
            ),
            (
                &no_address,
                Language::English,
                "It is not set how to reach 1C: onec.url is missing.",
                "Set onec.url in /etc/sverka.toml, or set the variable SVERKA_ONEC__URL. `sverka demo` shows the program without 1C.",
            ),
            (
                &zone,
                Language::Russian,
                "Неверное значение onec.timezone: переменная SVERKA_ONEC__TIMEZONE.",
                "Укажите: часовой пояс; возможно, имелся в виду \"Europe/Simferopol\".",
            ),
        ];
        for (error, language, message, remedy) in cases {
            let problem = Texts::new(language).config_error(error);
            assert_eq!((problem.message.as_str(), problem.remedy.as_str()), (message, remedy));
        }
    }

    #[test]
    fn what_a_command_complained_of_is_quoted_harmlessly() {
        let error = ConfigError::SecretCommand {
            fault: CommandFault::Status(Some(2)),
            stderr: "no \u{1b}[31mkey".into(),
        };
        let problem = Texts::new(Language::English).config_error(&error);
        assert_eq!(problem.message, "The command onec.password_command failed (2). It said: “no ␛[31mkey”.");
    }

    /// One error of every kind that is worded apart.
    fn every_error() -> Vec<ConfigError> {
        let (path, kind, at) = (PathBuf::from("x"), io::ErrorKind::NotFound, file(1));
        let key = "onec.url";
        let mut all = vec![
            ConfigError::Unreadable { path: path.clone(), kind },
            ConfigError::Syntax { at: at.clone(), fault: TomlFault::Unquoted },
            ConfigError::Unknown { key: "k".into(), nearest: None, at: at.clone() },
            ConfigError::AddressWithCredentials { key, at: at.clone() },
            ConfigError::SecretTwice { first: key, second: key, first_at: at.clone(), second_at: at.clone() },
            ConfigError::FieldTwice { first: key, second: key, name: "n".into() },
            ConfigError::FieldOfAnother { first: key, second: key, name: "n".into() },
            ConfigError::Token { at: at.clone() },
            ConfigError::NotUnicode { variable: "V".into() },
            ConfigError::Missing { key, file: None },
            ConfigError::Missing { key: "onec.password", file: Some(path.clone()) },
            ConfigError::SecretUnreadable { path: path.clone(), kind },
            ConfigError::NoCredential { name: "onec".into() },
            ConfigError::WritableByOthers { path: path.clone(), key },
            ConfigError::ForeignHost {
                secret: key,
                secret_at: Box::new(at.clone()),
                key,
                host: "http://h".into(),
                at: Box::new(at.clone()),
            },
            ConfigError::SecretUnusable { key },
            ConfigError::NoHome,
            ConfigError::Exists { path: path.clone() },
            ConfigError::Unwritable { path, kind },
        ];
        let faults = [AddressFault::Syntax, AddressFault::Scheme, AddressFault::Ending, AddressFault::Query];
        all.extend(faults.map(|fault| ConfigError::Address { key, fault, at: at.clone() }));
        let faults = [
            CommandFault::Start(kind),
            CommandFault::Deadline(10),
            CommandFault::Status(Some(1)),
            CommandFault::Status(None),
            CommandFault::Ended,
        ];
        all.extend(faults.map(|fault| ConfigError::SecretCommand { fault, stderr: String::new() }));
        let expected = [
            ExpectedValue::Text,
            ExpectedValue::SomeText,
            ExpectedValue::WholeNumber(0, 5),
            ExpectedValue::WholeNumber(0, u64::MAX),
            ExpectedValue::Flag,
            ExpectedValue::Words,
            ExpectedValue::SomeWords,
            ExpectedValue::Name,
            ExpectedValue::Section,
            ExpectedValue::Duration,
            ExpectedValue::SomeDuration,
            ExpectedValue::Zone(None),
            ExpectedValue::Hours,
            ExpectedValue::Zone(Some("UTC")),
            ExpectedValue::OneOf(vec!["a", "b"]),
            ExpectedValue::User,
            ExpectedValue::Password,
            ExpectedValue::Credential,
            ExpectedValue::ProxyAddress,
            ExpectedValue::Listen,
        ];
        all.extend(expected.map(|expected| ConfigError::WrongValue {
            key: "k".into(),
            expected,
            at: at.clone(),
        }));
        all
    }

    #[test]
    fn every_error_has_its_words_in_both_languages() {
        for error in every_error() {
            for language in [Language::Russian, Language::English] {
                // A phrase that lacks a value, or a missing one, fails an assertion on the way.
                let problem = Texts::new(language).config_error(&error);
                assert!(!problem.message.contains('{') && !problem.remedy.contains('{'), "{problem:?}");
            }
        }
    }

    #[test]
    fn every_warning_has_its_words() {
        let warnings = [
            Warning::PlainHttp { host: "1c.example.ru".into() },
            Warning::AnyCertificate,
            Warning::ReadableByOthers { path: "x".into() },
            Warning::WritableByOthers { path: "x".into() },
            Warning::StoreOpen { path: "x".into() },
            Warning::StoreFolderOpen { path: "x".into() },
            Warning::IgnoredVariable { variable: "HTTPS_PROXY".into(), key: "onec.proxy" },
            Warning::UnknownVariable { variable: "SVERKA_X".into(), nearest: None },
            Warning::UnknownVariable { variable: "SVERKA_X".into(), nearest: Some("SVERKA_Y".into()) },
        ];
        for warning in warnings {
            assert!(Texts::new(Language::Russian).warning(&warning).ends_with('.'));
            assert!(Texts::new(Language::English).warning(&warning).ends_with(['.', '?', '0']));
        }
    }
}
