//! sverka: the program.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use sverka::cli::{self, args::Cli};

/// How long a task that blocks may still take when the program ends.
const PATIENCE: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    cli::forbid_core_dumps();
    cli::watch_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(told) => return cli::not_run(&told),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return cli::cannot_start(&error),
    };
    let code = runtime.block_on(cli::run(cli));
    // Killing a transaction is harmless, waiting for it is not: the user wants the shell back.
    runtime.shutdown_timeout(PATIENCE);
    code.into()
}
