//! Where the password comes from, and the one place that fetches it.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::command::{CommandGroup, shell, unless_ending};
use super::error::{CommandFault, ConfigError, Warning};
use super::permissions::{is_readable_by_others, is_writable_by_others};
use crate::files::read_at_most;
use crate::odata::{Redactor, beginning};

/// How long a command may think about the password.
const DEADLINE: Duration = Duration::from_secs(10);
/// No password is longer, no message of a command worth more.
const LONGEST: usize = 64 * 1024;
/// A way to the password.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// It was given as it is.
    Given(SecretString),
    /// The contents of a file, line ends at its end not included.
    File(PathBuf),
    /// What a command of the shell prints, line ends at its end not included. The command may hold secrets too.
    Command(SecretString),
    /// What systemd hands to the service under this name (`LoadCredential=`), and the folder it does so in
    /// (`$CREDENTIALS_DIRECTORY`); `None` outside a service.
    Credential(String, Option<PathBuf>),
}

impl SecretSource {
    /// The key that leads here.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Given(_) => "onec.password",
            Self::File(_) => "onec.password_file",
            Self::Command(_) => "onec.password_command",
            Self::Credential(..) => "onec.password_credential",
        }
    }

    /// Fetches the password: reads the file, or runs the command for at most ten seconds.
    pub async fn fetch(&self) -> Result<SecretString, ConfigError> {
        let bytes = match self {
            Self::Given(password) => return Ok(password.clone()),
            Self::File(path) => read_file(path).await?,
            Self::Command(command) => run(command.expose_secret(), DEADLINE).await?,
            Self::Credential(name, folder) => read_credential(name, folder.as_deref()).await?,
        };
        usable(&bytes).ok_or(ConfigError::SecretUnusable { key: self.key() })
    }

    /// What is to be said about how the secret is kept.
    pub fn warning(&self) -> Option<Warning> {
        match self {
            Self::File(path) => {
                let is_readable = is_readable_by_others(path);
                let readable = is_readable.then(|| Warning::ReadableByOthers { path: path.clone() });
                let is_writable = || is_writable_by_others(path);
                readable.or_else(|| is_writable().then(|| Warning::WritableByOthers { path: path.clone() }))
            }
            Self::Given(_) | Self::Command(_) | Self::Credential(..) => None,
        }
    }
}

/// Whether a password can be sent: Basic authentication carries no control characters.
pub(super) fn is_sendable(password: &str) -> bool {
    !password.chars().any(char::is_control)
}

/// A password without the newline that `echo` and editors leave behind it.
pub(super) fn without_line_end(password: &str) -> &str {
    password.trim_end_matches(['\r', '\n'])
}

/// Whether systemd would take it for the name of a credential: one part of a path.
pub(super) fn is_credential(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', '\0'])
}

async fn read_credential(name: &str, folder: Option<&Path>) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    let missing = || ConfigError::NoCredential { name: name.to_owned() };
    let folder = folder.ok_or_else(missing)?;
    read_file(&folder.join(name)).await.map_err(|error| match error {
        ConfigError::SecretUnreadable { kind: io::ErrorKind::NotFound, .. } => missing(),
        other => other,
    })
}

async fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    let unreadable =
        |error: io::Error| ConfigError::SecretUnreadable { path: path.to_owned(), kind: error.kind() };
    let place = path.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
        match read_at_most(&place, LONGEST, &mut bytes) {
            Ok(()) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Ok(None),
            Err(error) => Err(error),
        }
    });
    let read = read.await.map_err(|_| unreadable(io::ErrorKind::Other.into()))?.map_err(unreadable)?;
    read.ok_or(ConfigError::SecretUnusable { key: "onec.password_file" })
}

/// As much as is taken and a byte more. The buffer never grows, so that no copy of it stays behind.
async fn read_some(source: impl AsyncRead + Unpin) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    source.take(LONGEST as u64 + 1).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

/// One line of text, its end cut off; empty, endless or binary output is no password.
fn usable(bytes: &[u8]) -> Option<SecretString> {
    if bytes.len() > LONGEST {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let password = without_line_end(text.trim_start_matches('\u{FEFF}'));
    (!password.is_empty() && is_sendable(password)).then(|| SecretString::from(password))
}

async fn run(command: &str, deadline: Duration) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    let failed = |fault| ConfigError::SecretCommand { fault, stderr: String::new() };
    let start = |error: io::Error| failed(CommandFault::Start(error.kind()));
    let mut child = shell(command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(start)?;
    let mut group = CommandGroup::of(&child);
    let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(failed(CommandFault::Start(io::ErrorKind::BrokenPipe)));
    };
    let all = async { tokio::try_join!(read_some(out), read_some(err), child.wait()) };
    let all = unless_ending(all, deadline).await.map_err(failed)?;
    let (out, err, status) = all.map_err(start)?;
    group.release();
    // Of too much output the rest is not read, which may end the command by a signal: not a failure of its own.
    if status.success() || out.len() > LONGEST {
        return Ok(out);
    }
    Err(ConfigError::SecretCommand {
        fault: CommandFault::Status(status.code()),
        stderr: complaint(command, &out, &err),
    })
}

/// Most bytes of a complaint that are looked at.
const LONGEST_COMPLAINT: usize = 4096;
/// Fewest characters of a word of the command that may be a secret in it.
const LEAST_WORD: usize = 6;

/// What the command complained of, unless it repeats what it printed: that may be the password. What it printed in
/// other encodings, and what may be a secret in the command itself, is masked.
fn complaint(command: &str, out: &[u8], err: &[u8]) -> String {
    let (out, err) = (String::from_utf8_lossy(out), String::from_utf8_lossy(err));
    let printed = || out.lines().map(str::trim).filter(|line| !line.is_empty());
    if printed().any(|line| err.contains(line)) {
        return String::new();
    }
    let words = command.split(|c: char| c.is_whitespace() || "'\"=;|&()<>`$".contains(c));
    let redactor = Redactor::knowing(printed().take(8).chain(words.filter(|word| may_be_secret(word))));
    redactor.masked(beginning(&err, LONGEST_COMPLAINT).trim())
}

/// Whether a word of a command may be a secret: long enough, no name of a file, no option, and not letters alone.
fn may_be_secret(word: &str) -> bool {
    let is_mixed = word.chars().any(|c| !c.is_alphabetic()) && word.chars().any(char::is_alphabetic);
    word.chars().count() >= LEAST_WORD && is_mixed && !word.starts_with(['-', '/', '.', '~'])
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    async fn printed(command: &str) -> Result<String, ConfigError> {
        let source = SecretSource::Command(command.into());
        source.fetch().await.map(|password| password.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn a_command_prints_the_password() {
        assert_eq!(printed("printf 'тигр 42\\n'").await.as_deref(), Ok("тигр 42"));
        assert_eq!(printed("printf 'a b \\r\\n\\n'").await.as_deref(), Ok("a b "), "spaces belong to it");
    }

    #[tokio::test]
    async fn s3_a_command_that_fails_tells_its_complaint_and_not_its_output() {
        let failed = |code, stderr: &str| ConfigError::SecretCommand {
            fault: CommandFault::Status(Some(code)),
            stderr: stderr.into(),
        };
        assert_eq!(printed("echo tiger-42; echo 'no key' >&2; exit 3").await, Err(failed(3, "no key")));
        assert_eq!(printed("echo tiger-42; echo 'got tiger-42' >&2; exit 1").await, Err(failed(1, "")));
        // In base64, and as a word of the command.
        assert_eq!(printed("echo tiger-42; echo dGlnZXItNDI= >&2; exit 1").await, Err(failed(1, "•••=")));
        assert_eq!(printed("set -x; false tiger-42-x").await, Err(failed(1, "+ false •••")));
    }

    #[tokio::test(start_paused = true)]
    async fn s3_a_command_that_hangs_is_given_up() {
        let expected =
            ConfigError::SecretCommand { fault: CommandFault::Deadline(10), stderr: String::new() };
        assert_eq!(printed("exec sleep 1000").await, Err(expected));
    }

    #[tokio::test]
    async fn s3_what_a_hanging_command_started_is_killed_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        // The grandchild holds the pipe open as long as it lives.
        let grandchild = "(exec > pipe; echo begun; exec sleep 1000)";
        let command = format!("cd '{}' && mkfifo pipe && {grandchild} & wait", folder.path().display());
        let hanging = tokio::spawn(async move { run(&command, Duration::from_secs(600)).await });
        while !pipe.exists() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let mut reader = tokio::fs::File::open(&pipe).await.expect("a reader");
        let mut begun = [0; 6];
        reader.read_exact(&mut begun).await.expect("the grandchild writes");
        hanging.abort();
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(60), reader.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "the grandchild lives on");
    }

    #[tokio::test]
    async fn s3_junk_is_no_password() {
        let junk = [
            "true",
            "printf '\\n'",
            "printf '\\377'",
            "printf 'a\\nb\\n'",
            "printf 'a\\0b'",
            "head -c 70000 /dev/zero | tr '\\0' x",
            "yes",
        ];
        for command in junk {
            let expected = ConfigError::SecretUnusable { key: "onec.password_command" };
            assert_eq!(printed(command).await, Err(expected), "{command}");
        }
    }

    #[tokio::test]
    async fn a_file_gives_the_password_without_its_newline() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        std::fs::write(&path, "\u{feff}тигр\r\n").expect("written");
        let source = SecretSource::File(path.clone());
        assert_eq!(source.fetch().await.expect("read").expose_secret(), "тигр");

        std::fs::write(folder.path().join("long"), vec![b'x'; LONGEST + 1]).expect("written");
        let long = SecretSource::File(folder.path().join("long")).fetch().await.expect_err("too long");
        assert_eq!(long, ConfigError::SecretUnusable { key: "onec.password_file" });
        let missing = SecretSource::File(folder.path().join("absent"));
        let error = missing.fetch().await.expect_err("absent");
        assert!(matches!(error, ConfigError::SecretUnreadable { kind: io::ErrorKind::NotFound, .. }));
    }

    #[tokio::test]
    async fn s2_a_credential_of_the_service_is_read_by_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("onec"), "тигр\n").expect("written");
        let of = |name: &str, folder: Option<&Path>| {
            SecretSource::Credential(name.to_owned(), folder.map(Path::to_owned))
        };
        let password = of("onec", Some(folder.path())).fetch().await.expect("a credential");
        assert_eq!(password.expose_secret(), "тигр");
        for (name, folder) in [("other", Some(folder.path())), ("onec", None)] {
            let error = of(name, folder).fetch().await.expect_err("none");
            assert_eq!(error, ConfigError::NoCredential { name: name.to_owned() });
        }
        for (name, wanted) in [("onec", true), ("", false), ("..", false), ("a/b", false), ("/etc", false)] {
            assert_eq!(is_credential(name), wanted, "{name}");
        }
    }

    #[test]
    fn s4_a_file_open_to_everybody_is_warned_of() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        std::fs::write(&path, "тигр").expect("written");
        for (mode, warned) in [(0o600, false), (0o640, false), (0o644, true)] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("set");
            assert_eq!(SecretSource::File(path.clone()).warning().is_some(), warned, "{mode:o}");
        }
    }

    #[test]
    fn s5_a_way_to_the_password_shows_nothing_of_it() {
        let sources = [SecretSource::Given("tiger-42".into()), SecretSource::Command("echo tiger-42".into())];
        for source in sources {
            assert!(!format!("{source:?}").contains("tiger"));
        }
    }
}
