//! Standard output and standard error of a command.

use std::io::{self, IsTerminal, Write};

/// Prints a result to standard output.
pub(super) fn print(text: &str) {
    quietly(&mut io::stdout().lock(), text);
}

/// Tells narration and problems on standard error.
pub(super) fn tell(text: &str) {
    quietly(&mut io::stderr().lock(), text);
}

/// Whether somebody watches the narration on a terminal.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Whether results and narration are read on the same terminal.
pub(super) fn is_one_screen() -> bool {
    io::stdout().is_terminal() && io::stderr().is_terminal()
}

/// A reader that went away (`sverka search | head`) is no failure.
fn quietly(out: &mut impl Write, text: &str) {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    // Nobody is left to tell if this fails.
    let _ = write!(out, "{text}{end}").and_then(|()| out.flush());
}
