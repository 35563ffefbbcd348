//! Handing words over to whoever sits at the terminal, who may be at the other end of SSH.
//!
//! The terminal takes them by OSC 52 and never says whether it did. Inside tmux, tmux is asked: it keeps them
//! in a buffer of its own and passes them on. Both have bounds; what is longer goes into a file.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Bytes of text that terminals take in one piece: some stop at 100 000 bytes of a sequence, and base64
/// makes four of three.
pub(super) const MOST: usize = 74_000;

/// How long tmux may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The sequence that puts a text into the terminal's clipboard.
pub(super) fn sequence(text: &str) -> String {
    let mut sequence = String::new();
    // Writing to a string cannot fail.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut sequence);
    sequence
}

/// Puts a text into tmux's buffer and, through it, into the terminal's clipboard.
pub(super) async fn into_tmux(text: &str) -> io::Result<()> {
    let tmux = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    tokio::time::timeout(PATIENCE, fed(tmux, text)).await?
}

async fn fed(mut tmux: tokio::process::Child, text: &str) -> io::Result<()> {
    if let Some(mut input) = tmux.stdin.take() {
        input.write_all(text.as_bytes()).await?;
        input.shutdown().await?;
    }
    let status = tmux.wait().await?;
    if status.success() { Ok(()) } else { Err(io::Error::other("tmux refused")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_one_sequence_for_the_clipboard() {
        assert_eq!(sequence("привет"), "\x1b]52;c;0L/RgNC40LLQtdGC\x1b\\");
    }
}
