//! `sverka completions`: what a shell needs to complete commands, options and their values, out of the definition of the
//! commands.

use clap_complete::Shell;

use crate::cli::ExitCode;
use crate::cli::args::{self, Completions, ShellArg};
use crate::cli::console;
use crate::cli::session::{EarlyEnd, print};
use crate::text::Texts;

pub(super) fn run(options: Completions) -> Result<ExitCode, EarlyEnd> {
    let texts = console::texts_of_process();
    print(&script(options.shell, texts), texts)?;
    Ok(ExitCode::Done)
}

fn script(shell: ShellArg, texts: Texts) -> String {
    let shell = match shell {
        ShellArg::Bash => Shell::Bash,
        ShellArg::Zsh => Shell::Zsh,
        ShellArg::Fish => Shell::Fish,
    };
    let mut command = args::command(texts);
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use clap::{CommandFactory as _, ValueEnum as _};

    use super::*;
    use crate::text::Language;

    fn names(command: &clap::Command, all: &mut Vec<String>) {
        for sub in command.get_subcommands() {
            all.push(sub.get_name().to_owned());
            names(sub, all);
        }
        all.extend(command.get_arguments().filter_map(|it| Some(it.get_long()?.to_owned())));
    }

    #[test]
    fn every_command_and_every_option_is_completed_in_every_shell_and_language() {
        let mut all = Vec::new();
        names(&args::Cli::command(), &mut all);
        assert!(all.len() > 40, "{all:?}");
        for shell in ShellArg::value_variants() {
            for language in [Language::Russian, Language::English] {
                let script = script(*shell, Texts::new(language));
                for name in &all {
                    assert!(script.contains(name.as_str()), "{shell:?}: {name}");
                }
                let is_russian = script.contains("Сверить одного клиента");
                assert_eq!(
                    is_russian,
                    language == Language::Russian && *shell != ShellArg::Bash,
                    "{shell:?}"
                );
            }
        }
    }

    /// What each shell itself says of its script; a shell that is not installed says nothing.
    #[test]
    fn the_shells_read_their_scripts() {
        use std::io::Write as _;
        for (shell, program) in [(ShellArg::Bash, "bash"), (ShellArg::Zsh, "zsh"), (ShellArg::Fish, "fish")] {
            let mut command = Command::new(program);
            command.args(["-n", "/dev/stdin"]).stdin(Stdio::piped()).stderr(Stdio::piped());
            let Ok(mut child) = command.spawn() else { continue };
            let script = script(shell, Texts::new(Language::Russian));
            child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
            let read = child.wait_with_output().unwrap();
            assert!(read.status.success(), "{program}: {}", String::from_utf8_lossy(&read.stderr));
        }
    }

    #[test]
    fn bash_completes_commands_options_and_values() {
        let completed = |line: &str| {
            let words: Vec<_> = line.split(' ').collect();
            let (current, previous) = (words.last().unwrap(), words[words.len() - 2]);
            let ask = format!(
                "{}\nCOMP_WORDS=('{}' '{current}'); COMP_CWORD={}; _sverka sverka '{current}' '{previous}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
                script(ShellArg::Bash, Texts::new(Language::English)),
                words[..words.len() - 1].join("' '"),
                words.len() - 1,
            );
            let told = Command::new("bash").args(["--norc", "-c", &ask]).output().unwrap();
            String::from_utf8(told.stdout).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
        };
        if Command::new("bash").arg("--version").output().is_err() {
            return;
        }
        assert_eq!(completed("sverka rec"), ["reconcile"]);
        assert_eq!(completed("sverka store b"), ["backup"]);
        assert_eq!(completed("sverka reconcile --format c"), ["csv"]);
        assert_eq!(completed("sverka sync --acc"), ["--accept-base"]);
        assert_eq!(completed("sverka completions z"), ["zsh"]);
        assert_eq!(completed("sverka service install --dry"), ["--dry-run"]);
    }
}
