//! What can be wrong with the settings. No variant holds the value of a secret.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::toml_fault::TomlFault;

/// Where a setting was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingOrigin {
    /// A place in the configuration file; line and column count from 1, the column in characters.
    File {
        /// The file.
        path: PathBuf,
        /// Line.
        line: usize,
        /// Column.
        column: usize,
    },
    /// An environment variable, by its name.
    Variable(String),
    /// An option of the command line, as typed.
    Option(&'static str),
    /// The form of the first start.
    Form,
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::Variable(name) => write!(f, "${name}"),
            Self::Option(name) => f.write_str(name),
            Self::Form => f.write_str("form"),
        }
    }
}

/// What a setting should have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedValue {
    /// Text in quotes.
    Text,
    /// Text that is not empty.
    SomeText,
    /// A whole number between two bounds, both allowed.
    WholeNumber(u64, u64),
    /// `true` or `false`.
    Flag,
    /// A list of texts.
    Words,
    /// A list of texts, none of them empty: an empty one would match everything.
    SomeWords,
    /// A name of 1C: letters, digits and underscores.
    Name,
    /// A section, written `[name]`.
    Section,
    /// A span of time such as `"150ms"` or `"6h30m"`.
    Duration,
    /// The same, longer than nothing.
    SomeDuration,
    /// A time zone of the IANA database; the nearest known one, where one is near.
    Zone(Option<&'static str>),
    /// Hours of the day, such as `"23:00-06:00"`.
    Hours,
    /// One of a few words.
    OneOf(Vec<&'static str>),
    /// A login: not empty, without a colon, which Basic authentication cannot carry.
    User,
    /// A password without control characters.
    Password,
    /// The name of a credential: one part of a path.
    Credential,
    /// An `http://` or `https://` address of a proxy.
    ProxyAddress,
    /// A theme: built in, or the name of a file.
    Theme,
    /// The address and the port of an interface of this machine.
    Listen,
}

impl fmt::Display for ExpectedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text in quotes"),
            Self::SomeText => f.write_str("text that is not empty"),
            Self::WholeNumber(least, most) => write!(f, "a whole number from {least} to {most}"),
            Self::Flag => f.write_str("true or false"),
            Self::Words => f.write_str("a list of texts"),
            Self::SomeWords => f.write_str("a list of texts, none of them empty"),
            Self::Name => f.write_str("a name of 1C: letters, digits and underscores"),
            Self::Section => f.write_str("a section"),
            Self::Duration => f.write_str("a span of time such as \"150ms\" or \"6h30m\""),
            Self::SomeDuration => f.write_str("a span of time longer than nothing, such as \"10s\""),
            Self::Zone(None) => f.write_str("a time zone such as \"Europe/Moscow\""),
            Self::Zone(Some(nearest)) => write!(f, "a time zone; the nearest is \"{nearest}\""),
            Self::Hours => f.write_str("hours of the day such as \"23:00-06:00\""),
            Self::OneOf(words) => write!(f, "one of {}", words.join(", ")),
            Self::User => f.write_str("a login without a colon"),
            Self::Password => f.write_str("a password without control characters"),
            Self::Credential => f.write_str("the name of a credential, without a slash"),
            Self::ProxyAddress => f.write_str("an http or https address of a proxy"),
            Self::Listen => f.write_str("an address and a port, such as \"127.0.0.1:8000\""),
            Self::Theme => f.write_str("auto, a built-in theme or the name of a theme file"),
        }
    }
}

/// What is wrong with the address of 1C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFault {
    /// Not an address at all.
    Syntax,
    /// Neither `http` nor `https`.
    Scheme,
    /// The path does not end in `/odata/standard.odata`.
    Ending,
    /// A query or a fragment follows the path.
    Query,
}

/// Why a command that should print the password did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandFault {
    /// It could not be started.
    Start(io::ErrorKind),
    /// It did not end in time; seconds allowed.
    Deadline(u64),
    /// It ended with this status; `None`: by a signal.
    Status(Option<i32>),
    /// It was ended with this process: somebody stopped it.
    Ended,
}

/// Why the settings cannot be used. A caller shows it and ends with exit code 2.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// The file asked for cannot be read.
    #[error("cannot read {}: {kind}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        kind: io::ErrorKind,
    },
    /// The file is not TOML.
    #[error("{at}: {fault:?}")]
    Syntax {
        /// Where the parser stopped.
        at: SettingOrigin,
        /// What is wrong there.
        fault: TomlFault,
    },
    /// A key nobody knows.
    #[error("{at}: unknown key {key}{}", Nearest(nearest.as_deref()))]
    Unknown {
        /// The key as written, with its sections.
        key: String,
        /// The known key most like it, written the same way.
        nearest: Option<String>,
        /// Where.
        at: SettingOrigin,
    },
    /// A value of the wrong type, out of range, or not among those allowed.
    #[error("{at}: {key} should be {expected}")]
    WrongValue {
        /// The key with its sections.
        key: String,
        /// What it should be.
        expected: ExpectedValue,
        /// Where.
        at: SettingOrigin,
    },
    /// The address of 1C cannot be used.
    #[error("{at}: {key} is not the address of an OData service ({fault:?})")]
    Address {
        /// The key with its sections.
        key: &'static str,
        /// What is wrong.
        fault: AddressFault,
        /// Where.
        at: SettingOrigin,
    },
    /// An address carries a login or a password.
    #[error("{at}: {key} must not contain credentials")]
    AddressWithCredentials {
        /// The key with its sections.
        key: &'static str,
        /// Where.
        at: SettingOrigin,
    },
    /// Two ways to the same secret in one layer.
    #[error("{first_at}: {first} and {second} both give the password")]
    SecretTwice {
        /// One key.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// Where the first is.
        first_at: SettingOrigin,
        /// Where the second is.
        second_at: SettingOrigin,
    },
    /// Two settings name one field of 1C: one of them would be taken for the other.
    #[error("{first} and {second} both name {name}")]
    FieldTwice {
        /// One key.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// The field.
        name: String,
    },
    /// A setting names what 1C keeps for another: figures of the one would be taken for figures of the other.
    #[error("{first} names {name}, which is for {second}")]
    FieldOfAnother {
        /// The key.
        first: &'static str,
        /// The key of what it is for.
        second: &'static str,
        /// The set or field.
        name: String,
    },
    /// `ONEC_API_TOKEN` is not base64 of `user:password` in UTF-8.
    #[error("{at}: not base64 of user:password in UTF-8")]
    Token {
        /// Where.
        at: SettingOrigin,
    },
    /// A variable that matters is not UTF-8.
    #[error("${variable} is not UTF-8")]
    NotUnicode {
        /// Its name.
        variable: String,
    },
    /// A theme file has a colour for something there is not.
    #[error("{at}: no role is called {role}{}", Nearest(*nearest))]
    NoRole {
        /// As written.
        role: String,
        /// The role most like it.
        nearest: Option<&'static str>,
        /// Where.
        at: SettingOrigin,
    },
    /// A theme file names no colour.
    #[error("{at}: {role} is no colour{}", Nearest(*nearest))]
    NoColour {
        /// Whose colour.
        role: &'static str,
        /// The name most like it.
        nearest: Option<&'static str>,
        /// Where.
        at: SettingOrigin,
    },
    /// A theme file begins with a theme there is not.
    #[error("{at}: there is no theme {name}")]
    NoTheme {
        /// As written.
        name: String,
        /// Where.
        at: SettingOrigin,
    },
    /// The settings name a theme that is neither built in nor a file.
    #[error("{at}: there is no {}", path.display())]
    NoThemeFile {
        /// Where the file would be.
        path: PathBuf,
        /// Where it is named.
        at: SettingOrigin,
    },
    /// No key is called so.
    #[error("{at}: {key}: there is no key {written}")]
    NoKey {
        /// The setting with its section.
        key: String,
        /// The key as written.
        written: String,
        /// Where.
        at: SettingOrigin,
    },
    /// A key would mean two things.
    #[error("{at}: {key}: {written} is taken by {other}")]
    KeyTaken {
        /// The setting with its section.
        key: String,
        /// The key as it is shown.
        written: String,
        /// The setting of the other action; empty where the key cannot be given away.
        other: String,
        /// Where.
        at: SettingOrigin,
    },
    /// The password would go to another host than the one it was given for.
    #[error("{secret_at}: {secret} was not given for {host}, which {key} names ({at})")]
    ForeignHost {
        /// The key that leads to the password.
        secret: &'static str,
        /// Where it stands.
        secret_at: Box<SettingOrigin>,
        /// The key that names the host: the address of 1C, or the proxy.
        key: &'static str,
        /// Scheme, name and port.
        host: String,
        /// Where.
        at: Box<SettingOrigin>,
    },
    /// The file names a command, and others may change it.
    #[error("{} names a command and can be changed by others", path.display())]
    WritableByOthers {
        /// The file.
        path: PathBuf,
        /// The key of the command.
        key: &'static str,
    },
    /// Something 1C cannot be reached without is given nowhere.
    #[error("{key} is not set")]
    Missing {
        /// The key with its sections.
        key: &'static str,
        /// The file that was read; `None` where there is none.
        file: Option<PathBuf>,
    },
    /// The file with the password cannot be read.
    #[error("cannot read the password from {}: {kind}", path.display())]
    SecretUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        kind: io::ErrorKind,
    },
    /// The command that should print the password failed.
    #[error("onec.password_command failed: {fault:?}")]
    SecretCommand {
        /// How.
        fault: CommandFault,
        /// What it wrote to its standard error: foreign text, to be shown neutralised only.
        stderr: String,
    },
    /// systemd handed the program no credential of this name.
    #[error("no credential {name}")]
    NoCredential {
        /// The name.
        name: String,
    },
    /// What was read as a password cannot be one: empty, not UTF-8, too long, or with control characters.
    #[error("{key} gave no usable password")]
    SecretUnusable {
        /// The key that led to it.
        key: &'static str,
    },
    /// The platform does not tell where configuration and data belong.
    #[error("no home folder")]
    NoHome,
    /// `init` never overwrites.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// `init` could not write.
    #[error("cannot write {}: {kind}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        kind: io::ErrorKind,
    },
}

impl ConfigError {
    /// The same of a file that is not there yet: what it says was typed into a form.
    pub(super) fn of_form(mut self) -> Self {
        let at = match &mut self {
            Self::WrongValue { at, .. }
            | Self::Address { at, .. }
            | Self::AddressWithCredentials { at, .. } => at,
            Self::ForeignHost { secret_at, .. } => &mut **secret_at,
            _ => return self,
        };
        if matches!(at, SettingOrigin::File { .. }) {
            *at = SettingOrigin::Form;
        }
        self
    }

    /// A word for this mistake: stable, for programs, and the name of its phrases.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "config-unreadable",
            Self::Syntax { .. } => "config-syntax",
            Self::Unknown { nearest: None, .. } => "config-unknown-key",
            Self::Unknown { nearest: Some(_), .. } => "config-unknown-key-nearest",
            Self::WrongValue { .. } => "config-wrong-value",
            Self::Address { fault: AddressFault::Syntax, .. } => "config-address",
            Self::Address { fault: AddressFault::Scheme, .. } => "config-address-scheme",
            Self::Address { fault: AddressFault::Ending, .. } => "config-address-ending",
            Self::Address { fault: AddressFault::Query, .. } => "config-address-query",
            Self::AddressWithCredentials { .. } => "config-address-credentials",
            Self::SecretTwice { .. } => "config-secret-twice",
            Self::FieldTwice { .. } => "config-field-twice",
            Self::FieldOfAnother { .. } => "config-field-of-another",
            Self::Token { .. } => "config-token",
            Self::NotUnicode { .. } => "config-not-unicode",
            Self::NoRole { nearest: None, .. } => "config-theme-role",
            Self::NoRole { .. } => "config-theme-role-nearest",
            Self::NoColour { nearest: None, .. } => "config-theme-colour",
            Self::NoColour { .. } => "config-theme-colour-nearest",
            Self::NoTheme { .. } => "config-theme-from",
            Self::NoThemeFile { .. } => "config-theme-missing",
            Self::NoKey { .. } => "config-no-key",
            Self::KeyTaken { other, .. } if other.is_empty() => "config-key-reserved",
            Self::KeyTaken { .. } => "config-key-taken",
            Self::Missing { key: "onec.password", .. } => "config-missing-password",
            Self::Missing { .. } => "config-missing",
            Self::SecretUnreadable { .. } => "config-secret-unreadable",
            Self::SecretCommand { fault: CommandFault::Start(_), .. } => "config-secret-command-start",
            Self::SecretCommand { fault: CommandFault::Deadline(_), .. } => "config-secret-command-deadline",
            Self::SecretCommand { fault: CommandFault::Status(None) | CommandFault::Ended, .. } => {
                "config-secret-command-signal"
            }
            Self::SecretCommand { fault: CommandFault::Status(Some(_)), .. } => {
                "config-secret-command-status"
            }
            Self::NoCredential { .. } => "config-no-credential",
            Self::ForeignHost { .. } => "config-foreign-host",
            Self::WritableByOthers { .. } => "config-writable-by-others",
            Self::SecretUnusable { .. } => "config-secret-unusable",
            Self::NoHome => "config-no-home",
            Self::Exists { .. } => "config-exists",
            Self::Unwritable { .. } => "config-unwritable",
        }
    }
}

struct Nearest<'a>(Option<&'a str>);

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |nearest| write!(f, ", did you mean {nearest}?"))
    }
}

/// Something that works and should not stay as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Plain http to a host that is not this machine: the password travels in clear.
    PlainHttp {
        /// The host.
        host: String,
    },
    /// Any certificate is believed.
    AnyCertificate,
    /// A file with a secret can be read by every user of the machine.
    ReadableByOthers {
        /// The file.
        path: PathBuf,
    },
    /// A file that is believed can be changed by others than its owner.
    WritableByOthers {
        /// The file.
        path: PathBuf,
    },
    /// Others may read or write the store, which holds personal data.
    StoreOpen {
        /// The file.
        path: PathBuf,
    },
    /// Others may put another store in the place of this one.
    StoreFolderOpen {
        /// The folder.
        path: PathBuf,
    },
    /// A variable other programs go by, and this one does not.
    IgnoredVariable {
        /// Its name.
        variable: String,
        /// The setting that counts instead.
        key: &'static str,
    },
    /// A variable that looks like ours and is not: it was not used.
    UnknownVariable {
        /// Its name.
        variable: String,
        /// The known one most like it.
        nearest: Option<String>,
    },
}

impl Warning {
    /// A word for it: the name of its phrase.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PlainHttp { .. } => "warning-plain-http",
            Self::AnyCertificate => "warning-any-certificate",
            Self::ReadableByOthers { .. } => "warning-readable-by-others",
            Self::WritableByOthers { .. } => "warning-writable-by-others",
            Self::StoreOpen { .. } => "warning-store-open",
            Self::StoreFolderOpen { .. } => "warning-store-folder-open",
            Self::IgnoredVariable { .. } => "warning-ignored-variable",
            Self::UnknownVariable { nearest: None, .. } => "warning-unknown-variable",
            Self::UnknownVariable { nearest: Some(_), .. } => "warning-unknown-variable-nearest",
        }
    }
}
