//! Where the password comes from, and the one place that fetches it.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

use super::error::{CommandFault, ConfigError, Warning};

/// How long a command may think about the password.
const DEADLINE: Duration = Duration::from_secs(10);
/// No password is longer, no message of a command worth more.
const LONGEST: u64 = 64 * 1024;

/// A way to the password.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// It was given as it is.
    Given(SecretString),
    /// The contents of a file, line ends at its end not included.
    File(PathBuf),
    /// What a command of the shell prints, line ends at its end not included. The command may hold secrets too.
    Command(SecretString),
}

impl SecretSource {
    /// The key that leads here.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Given(_) => "onec.password",
            Self::File(_) => "onec.password_file",
            Self::Command(_) => "onec.password_command",
        }
    }

    /// Fetches the password: reads the file, or runs the command for at most ten seconds.
    pub async fn fetch(&self) -> Result<SecretString, ConfigError> {
        let bytes = match self {
            Self::Given(password) => return Ok(password.clone()),
            Self::File(path) => read_file(path).await?,
            Self::Command(command) => run(command.expose_secret(), DEADLINE).await?,
        };
        usable(bytes).ok_or(ConfigError::SecretUnusable { key: self.key() })
    }

    /// What is to be said about how the secret is kept.
    pub(super) fn warning(&self) -> Option<Warning> {
        match self {
            Self::File(path) => {
                is_readable_by_others(path).then(|| Warning::ReadableByOthers { path: path.clone() })
            }
            Self::Given(_) | Self::Command(_) => None,
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

/// Whether every user of the machine can read a file.
#[cfg(unix)]
pub(super) fn is_readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o004 != 0)
}

/// Other systems keep files of a user's folder private by themselves.
#[cfg(not(unix))]
pub(super) fn is_readable_by_others(_path: &Path) -> bool {
    false
}

async fn read_file(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let unreadable =
        |error: io::Error| ConfigError::SecretUnreadable { path: path.to_owned(), kind: error.kind() };
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    read_some(file).await.map_err(unreadable)
}

async fn read_some(source: impl AsyncRead + Unpin) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(LONGEST + 1).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

fn is_too_long(bytes: &[u8]) -> bool {
    u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST)
}

/// One line of text, its end cut off; empty, endless or binary output is no password.
fn usable(bytes: Vec<u8>) -> Option<SecretString> {
    if is_too_long(&bytes) {
        return None;
    }
    let text = String::from_utf8(bytes).ok()?;
    let password = without_line_end(text.trim_start_matches('\u{FEFF}'));
    (!password.is_empty() && is_sendable(password)).then(|| SecretString::from(password))
}

async fn run(command: &str, deadline: Duration) -> Result<Vec<u8>, ConfigError> {
    let failed = |fault| ConfigError::SecretCommand { fault, stderr: String::new() };
    let start = |error: io::Error| failed(CommandFault::Start(error.kind()));
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(start)?;
    let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(failed(CommandFault::Start(io::ErrorKind::BrokenPipe)));
    };
    let all = async { tokio::try_join!(read_some(out), read_some(err), child.wait()) };
    let (out, err, status) = tokio::time::timeout(deadline, all)
        .await
        .map_err(|_| failed(CommandFault::Deadline(deadline.as_secs())))?
        .map_err(start)?;
    // Of too much output the rest is not read, which may end the command by a signal: not a failure of its own.
    if status.success() || is_too_long(&out) {
        return Ok(out);
    }
    Err(ConfigError::SecretCommand {
        fault: CommandFault::Status(status.code()),
        stderr: complaint(&out, &err),
    })
}

/// What the command complained of, unless it repeats what it printed: that may be the password.
fn complaint(out: &[u8], err: &[u8]) -> String {
    let (out, err) = (String::from_utf8_lossy(out), String::from_utf8_lossy(err));
    let printed = out.lines().map(str::trim).filter(|line| !line.is_empty());
    if printed.into_iter().any(|line| err.contains(line)) { String::new() } else { err.trim().to_owned() }
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
    async fn a_command_that_fails_tells_its_complaint_and_not_its_output() {
        let failed = |code, stderr: &str| {
            Err(ConfigError::SecretCommand { fault: CommandFault::Status(Some(code)), stderr: stderr.into() })
        };
        assert_eq!(printed("echo tiger-42; echo 'no key' >&2; exit 3").await, failed(3, "no key"));
        assert_eq!(printed("echo tiger-42; echo 'got tiger-42' >&2; exit 1").await, failed(1, ""));
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_hangs_is_given_up() {
        let expected =
            ConfigError::SecretCommand { fault: CommandFault::Deadline(10), stderr: String::new() };
        assert_eq!(printed("exec sleep 1000").await, Err(expected));
    }

    #[tokio::test]
    async fn junk_is_no_password() {
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

        let missing = SecretSource::File(folder.path().join("absent"));
        let error = missing.fetch().await.expect_err("absent");
        assert!(matches!(error, ConfigError::SecretUnreadable { kind: io::ErrorKind::NotFound, .. }));
    }

    #[test]
    fn a_file_open_to_everybody_is_warned_of() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        std::fs::write(&path, "тигр").expect("written");
        for (mode, warned) in [(0o600, false), (0o640, false), (0o644, true)] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("set");
            assert_eq!(SecretSource::File(path.clone()).warning().is_some(), warned, "{mode:o}");
        }
    }

    #[test]
    fn a_way_to_the_password_shows_nothing_of_it() {
        let sources = [SecretSource::Given("tiger-42".into()), SecretSource::Command("echo tiger-42".into())];
        for source in sources {
            assert!(!format!("{source:?}").contains("tiger"));
        }
    }
}
