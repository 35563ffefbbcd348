//! Standard output and standard error of a command.

use std::io::{self, IsTerminal, Write};

/// Where a command writes. A reader that went away (`sverka search | head`) is no failure.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Console;

impl Console {
    /// Results: standard output.
    pub(super) fn print(self, text: &str) {
        quietly(&mut io::stdout().lock(), text);
    }

    /// Narration and problems: standard error.
    pub(super) fn tell(self, text: &str) {
        quietly(&mut io::stderr().lock(), text);
    }

    /// Whether somebody watches the narration on a terminal.
    pub(super) fn is_watched(self) -> bool {
        io::stderr().is_terminal()
    }
}

fn quietly(out: &mut impl Write, text: &str) {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    // Nobody is left to tell if this fails.
    let _ = write!(out, "{text}{end}").and_then(|()| out.flush());
}
