//! The command line: what may be asked of the program and what its exit codes say.

mod acts;
pub mod args;
mod attach;
mod clock;
mod commands;
mod console;
mod core_dump;
mod dashboard;
mod demo;
mod house;
mod metrics;
mod narration;
mod on_demand;
mod panics;
mod place;
mod remote;
pub(crate) mod server;
mod serving;
mod session;
mod signals;

use std::io::Write as _;
use std::process;
use std::time::Duration;

use clap::error::ErrorKind;

use crate::text::Texts;

pub use clock::SystemClock;
pub use panics::watch as watch_panics;

/// How long a task that blocks may still take when the program ends.
const PATIENCE: Duration = Duration::from_secs(2);

/// The program, from its arguments to its exit code. It is here and not beside `main`, so that all it waits for is
/// compiled once.
pub fn main() -> process::ExitCode {
    core_dump::forbid();
    panics::watch();
    let texts = console::texts_of_process();
    let cli = match args::read(std::env::args_os(), texts) {
        Ok(cli) => cli,
        Err(told) => return not_run(&told, texts),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return cannot_start(&error),
    };
    let code = runtime.block_on(commands::run(cli));
    // Killing a transaction is harmless, waiting for it is not: the user wants the shell back.
    runtime.shutdown_timeout(PATIENCE);
    code.into()
}

/// The program cannot even begin: says why.
fn cannot_start(error: &std::io::Error) -> process::ExitCode {
    console::tell(&error.to_string());
    ExitCode::Usage.into()
}

/// Nothing is run: help or the version was asked for, or what was asked for is not understood.
fn not_run(told: &clap::Error, texts: Texts) -> process::ExitCode {
    let is_mistake = told.use_stderr();
    if is_mistake && told.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        console::tell(&args::mistake_words(told, texts));
        return ExitCode::Usage.into();
    }
    let printed = told.print().and_then(|()| std::io::stdout().flush());
    let code = match console::lasting(printed) {
        Err(error) if !is_mistake => session::output_lost(&error, texts).0,
        _ if is_mistake => ExitCode::Usage,
        _ => ExitCode::Done,
    };
    code.into()
}

/// How a command ended, told to whoever started it. From good to bad: the worst of several counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExitCode {
    /// Done as asked, whatever a summary counts.
    #[default]
    Done = 0,
    /// Done, and a check found a variance, `doctor` a failure, or the customer was found nowhere.
    Difference = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// 1C unreachable or refusing, or the sync failed; the store keeps its last generation.
    OneC = 3,
    /// The store cannot be used, or holds no generation where one is needed.
    Store = 4,
    /// Stopped by a signal.
    Interrupted = 130,
}

impl ExitCode {
    /// The code of a command that did two things.
    #[must_use]
    pub fn worst_of(self, other: Self) -> Self {
        self.max(other)
    }

    /// The code of a number that another process of this program told.
    #[must_use]
    pub fn of_number(number: u8) -> Self {
        let all = [Self::Done, Self::Difference, Self::Usage, Self::OneC, Self::Store, Self::Interrupted];
        all.into_iter().find(|code| code.number() == number).unwrap_or(Self::OneC)
    }

    /// The number the shell sees.
    pub fn number(self) -> u8 {
        self as u8
    }
}

impl FromIterator<ExitCode> for ExitCode {
    fn from_iter<I: IntoIterator<Item = ExitCode>>(codes: I) -> Self {
        codes.into_iter().fold(ExitCode::Done, ExitCode::worst_of)
    }
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode;

    #[test]
    fn the_numbers_are_the_contract() {
        let numbers = [
            (ExitCode::Done, 0),
            (ExitCode::Difference, 1),
            (ExitCode::Usage, 2),
            (ExitCode::OneC, 3),
            (ExitCode::Store, 4),
            (ExitCode::Interrupted, 130),
        ];
        for (code, number) in numbers {
            assert_eq!(code.number(), number, "{code:?}");
        }
    }

    #[test]
    fn the_worst_of_several_counts() {
        let cases: [(&str, &[ExitCode], ExitCode); 4] = [
            ("nothing done is done", &[], ExitCode::Done),
            ("one variance among equals", &[ExitCode::Done, ExitCode::Difference], ExitCode::Difference),
            ("the order does not matter", &[ExitCode::OneC, ExitCode::Difference], ExitCode::OneC),
            ("a signal beats everything", &[ExitCode::Interrupted, ExitCode::Store], ExitCode::Interrupted),
        ];
        for (name, codes, worst) in cases {
            assert_eq!(codes.iter().copied().collect::<ExitCode>(), worst, "{name}");
        }
    }
}
