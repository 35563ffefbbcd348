//! Commands of the shell that settings name: what they see of us, and how they end.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use super::error::CommandFault;
use crate::files::ending;

/// Variables that may hold a secret: a command that prints the password needs none of them.
const SECRET_VARIABLES: [&str; 3] =
    ["ONEC_API_TOKEN", "SVERKA_ONEC__PASSWORD", "SVERKA_ONEC__PASSWORD_COMMAND"];

/// Runs a command for somebody who wants to hear of something: facts in its environment, the same as text on its input.
/// What it prints is nobody's. It is killed, with all that it started, where it takes longer than it may.
pub async fn tell_command(
    command: &str,
    facts: &[(String, String)],
    input: &str,
    deadline: Duration,
) -> Result<(), CommandFault> {
    let start = |error: io::Error| CommandFault::Start(error.kind());
    let facts = facts.iter().map(|(name, value)| (name, value));
    let mut child = shell(command).envs(facts).stdin(Stdio::piped()).spawn().map_err(start)?;
    let mut group = CommandGroup::of(&child);
    let told = async {
        if let Some(mut stdin) = child.stdin.take() {
            // Whoever does not read it has the facts in the environment.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        child.wait().await
    };
    let status = unless_ending(told, deadline).await?.map_err(start)?;
    group.release();
    if status.success() { Ok(()) } else { Err(CommandFault::Status(status.code())) }
}

/// What a command does, unless it takes longer than it may, or this process is about to end: neither is waited for.
pub(super) async fn unless_ending<T>(
    doing: impl Future<Output = T>,
    deadline: Duration,
) -> Result<T, CommandFault> {
    tokio::select! {
        biased;
        () = ending() => Err(CommandFault::Ended),
        done = tokio::time::timeout(deadline, doing) => done.map_err(|_| CommandFault::Deadline(deadline.as_secs())),
    }
}

/// The command, with nothing to read from, nothing to write to, and none of our secrets in its environment.
pub(super) fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).kill_on_drop(true);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in SECRET_VARIABLES {
        shell.env_remove(name);
    }
    #[cfg(unix)]
    shell.process_group(0);
    shell
}

/// The processes a command started. Those of one that does not end are killed with it; those it leaves behind
/// by intent, such as an agent that keeps keys, stay.
pub(super) struct CommandGroup {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

#[cfg(unix)]
impl CommandGroup {
    pub(super) fn of(child: &Child) -> Self {
        let leader = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: leader.and_then(rustix::process::Pid::from_raw) }
    }

    pub(super) fn release(&mut self) {
        self.leader = None;
    }
}

#[cfg(unix)]
impl Drop for CommandGroup {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            // Whoever is gone already needs no killing.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(not(unix))]
impl CommandGroup {
    pub(super) fn of(_child: &Child) -> Self {
        Self {}
    }

    pub(super) fn release(&mut self) {}
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn s5_a_command_sees_none_of_our_secrets() {
        let mut shell = shell("env");
        let removed: Vec<_> = shell.as_std().get_envs().filter(|(_, value)| value.is_none()).collect();
        assert_eq!(removed.len(), SECRET_VARIABLES.len());
        let kept =
            shell.env("PATH", "/bin:/usr/bin").stdout(Stdio::piped()).output().await.expect("run").stdout;
        let kept = String::from_utf8_lossy(&kept);
        assert!(SECRET_VARIABLES.iter().all(|name| !kept.contains(name)), "{kept}");
    }

    #[tokio::test]
    async fn a_command_is_told_the_facts_twice() {
        let folder = tempfile::tempdir().expect("a folder");
        let heard = folder.path().join("heard");
        let command = format!("(echo \"$SVERKA_EVENT\"; cat) > '{}'", heard.display());
        let facts = [("SVERKA_EVENT".to_owned(), "failure; rm -rf /".to_owned())];
        let told = tell_command(&command, &facts, "{\"a\":1}", Duration::from_secs(60)).await;
        assert_eq!(told, Ok(()));
        assert_eq!(std::fs::read_to_string(heard).expect("what was heard"), "failure; rm -rf /\n{\"a\":1}");
    }

    #[tokio::test]
    async fn a_command_that_fails_or_does_not_read_is_told_apart() {
        let told = async |command: &str| {
            tell_command(command, &[], &"x".repeat(1 << 20), Duration::from_secs(60)).await
        };
        assert_eq!(told("exit 3").await, Err(CommandFault::Status(Some(3))));
        assert_eq!(told("exec true").await, Ok(()), "a pipe that nobody reads is no fault");
        assert_eq!(told("kill -9 $$").await, Err(CommandFault::Status(None)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_hangs_is_ended() {
        let told = tell_command("exec sleep 1000", &[], "", Duration::from_secs(30)).await;
        assert_eq!(told, Err(CommandFault::Deadline(30)));
    }
}
