//! Starting an engine for a terminal, in a session of its own: it outlives the terminal, and ends by itself.

use std::io;
use std::process::{ExitStatus, Stdio};

use tokio::process::Command;
use tokio::task::JoinHandle;

use super::args::Global;

/// The engine that was started, until it ends.
pub(super) type Started = JoinHandle<io::Result<ExitStatus>>;

/// Starts one for the store of these options. What it has to say is in the log.
pub(super) fn start(global: &Global) -> io::Result<Started> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["engine", "--on-demand"]);
    let files = [("--config", &global.config), ("--store", &global.store)];
    for (option, file) in files {
        if let Some(file) = file {
            command.arg(option).arg(file);
        }
    }
    for (option, word) in [("--log-level", &global.log_level), ("--log-format", &global.log_format)] {
        if let Some(word) = word {
            command.arg(option).arg(word);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    Ok(tokio::spawn(async move { child.wait().await }))
}
