//! Standard output and standard error of a command.

use std::io::{self, IsTerminal, Write};

/// Prints a result to standard output. A reader that went away (`sverka search | head`) is no failure; a result that
/// is lost on a full disk is one.
pub(super) fn print(text: &str) -> io::Result<()> {
    lasting(write_line(&mut io::stdout().lock(), text))
}

/// What became of a write to standard output.
pub(super) fn lasting(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Tells narration and problems on standard error.
pub(super) fn tell(text: &str) {
    // Nobody is left to tell if this fails.
    let _ = write_line(&mut io::stderr().lock(), text);
}

/// Whether somebody watches the narration on a terminal.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Whether results and narration are read on the same terminal.
pub(super) fn is_one_screen() -> bool {
    io::stdout().is_terminal() && io::stderr().is_terminal()
}

fn write_line(out: &mut impl Write, text: &str) -> io::Result<()> {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    write!(out, "{text}{end}").and_then(|()| out.flush())
}

/// Whether somebody sits at both ends: a terminal to read from and to draw on.
pub(super) fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}
