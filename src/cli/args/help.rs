//! The command line in the user's language: help, and the names that stand in the line of usage.

use std::borrow::Cow;

use clap::builder::{Resettable, Str, StyledStr, Styles};
use clap::{Arg, ArgAction, Command, CommandFactory as _, FromArgMatches as _};

use super::{Cli, DASHBOARD, EVERYWHERE};
use crate::text::Texts;

/// The program itself among the commands.
const PROGRAM: &str = "sverka";

/// What clap writes of its own accord for options in the line of usage, and the word before it.
const OPTIONS: &str = "[OPTIONS]";
const USAGE: &str = "Usage: ";

/// Reads a command line; help and names are worded by `texts`.
pub fn read<I>(words: I, texts: Texts) -> Result<Cli, clap::Error>
where
    I: IntoIterator,
    I::Item: Into<std::ffi::OsString> + Clone,
{
    let mut command = command(texts);
    let mut matches = command.try_get_matches_from_mut(words)?;
    Cli::from_arg_matches_mut(&mut matches)
}

/// The definition of all commands with their words.
pub fn command(texts: Texts) -> Command {
    let root = Cli::command();
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help(texts.named("option", "version").into_owned());
    let root =
        root.disable_version_flag(true).arg(version).after_help(texts.get("usage-exit-codes").into_owned());
    let mut root = worded(root, PROGRAM, texts);
    root.build();
    with_usage(root, texts)
}

/// The words of a command; `path` is what it is called by: the program's own name for the program, and left out else.
fn worded(command: Command, path: &str, texts: Texts) -> Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help(texts.named("option", "help").into_owned());
    let is_root = path == PROGRAM;
    let mut command = command
        .about(texts.named("command", path).into_owned())
        .long_about(Resettable::Reset)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help)
        .help_template(template(texts));
    if let Some(heading) = lasting(texts.get("usage-commands")) {
        command = command.subcommand_help_heading(heading);
    }
    if let Some(name) = lasting(texts.get("usage-command-name")) {
        command = command.subcommand_value_name(name);
    }
    command.mut_args(|arg| option(arg, if is_root { "" } else { path }, texts)).mut_subcommands(|sub| {
        let path = if is_root { sub.get_name().to_owned() } else { format!("{path} {}", sub.get_name()) };
        worded(sub, &path, texts)
    })
}

/// The words of an option or an argument: what it does, what it takes, what it is where absent.
fn option(arg: Arg, path: &str, texts: Texts) -> Arg {
    let is_own = matches!(arg.get_id().as_str(), "help" | "version");
    let mut help = match arg.get_help() {
        Some(help) if is_own => help.to_string(),
        _ => texts.named("option", &option_name(&arg, path)).into_owned(),
    };
    for remark in remarks(&arg, texts) {
        help = format!("{help} {remark}");
    }
    let heading = match arg.get_help_heading() {
        Some(EVERYWHERE) => "usage-everywhere",
        Some(DASHBOARD) => "usage-dashboard",
        _ if arg.is_positional() => "usage-arguments",
        _ => "usage-options",
    };
    let takes_value = arg.get_action().takes_values();
    let names: Option<Vec<Str>> = arg.get_value_names().filter(|_| takes_value).map(|names| {
        names.iter().map(|name| value_name(name, texts).map_or_else(|| name.clone(), Str::from)).collect()
    });
    let arg = arg.help(help).long_help(Resettable::Reset).help_heading(lasting(texts.get(heading)));
    let arg = if takes_value { arg.hide_default_value(true).hide_possible_values(true) } else { arg };
    match names {
        Some(names) => arg.value_names(names),
        None => arg,
    }
}

/// What the phrase of an option is called after.
fn option_name(arg: &Arg, path: &str) -> String {
    format!("{path} {}", arg.get_id()).trim_start().to_owned()
}

/// What clap would add in English.
fn remarks(arg: &Arg, texts: Texts) -> Vec<String> {
    if !arg.get_action().takes_values() {
        return Vec::new();
    }
    let choices: Vec<_> = arg.get_possible_values().iter().map(|it| it.get_name().to_owned()).collect();
    let value = arg.get_default_values().iter().map(|it| it.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let choices =
        (!choices.is_empty()).then(|| texts.with("usage-choices", &[("values", choices.join(", ").into())]));
    let default =
        (!value.is_empty()).then(|| texts.with("usage-default", &[("value", value.as_str().into())]));
    choices.into_iter().chain(default).collect()
}

/// What a value is called in help.
fn value_name(name: &str, texts: Texts) -> Option<&'static str> {
    lasting(texts.named("value", &value_word(name)))
}

fn value_word(name: &str) -> String {
    name.to_lowercase().replace('=', " ")
}

/// The page of help, as clap's own is.
fn template(texts: Texts) -> StyledStr {
    let header = *Styles::styled().get_header();
    let usage = texts.get("usage-heading");
    StyledStr::from(format!(
        "{{about-with-newline}}\n{header}{usage}{header:#} {{usage}}\n\n{{all-args}}{{after-help}}"
    ))
}

/// The line of usage is made once all names are known: clap has one word of it from nowhere.
fn with_usage(mut command: Command, texts: Texts) -> Command {
    let usage = command.render_usage().to_string();
    let options = format!("[{}]", texts.get("usage-options-name"));
    let usage = usage.trim_start_matches(USAGE).trim_end().replace(OPTIONS, &options);
    command.override_usage(usage).mut_subcommands(|sub| with_usage(sub, texts))
}

/// A phrase without values is part of the program: names and headings that clap keeps need that.
#[expect(clippy::needless_pass_by_value, reason = "its borrowed half is what is asked for")]
fn lasting(phrase: Cow<'static, str>) -> Option<&'static str> {
    match phrase {
        Cow::Borrowed(phrase) => Some(phrase),
        Cow::Owned(_) => None,
    }
}

/// What phrases of the families `command`, `option` and `value` are called after.
#[cfg(test)]
pub(crate) fn names() -> [Vec<String>; 3] {
    fn walk(command: &Command, path: &str, names: &mut [std::collections::BTreeSet<String>; 3]) {
        let is_root = path.is_empty();
        names[0].insert(if is_root { command.get_name().to_owned() } else { path.to_owned() });
        for arg in command.get_arguments() {
            names[1].insert(option_name(arg, path));
            let values = arg.get_value_names().filter(|_| arg.get_action().takes_values());
            names[2].extend(values.unwrap_or_default().iter().map(|name| value_word(name)));
        }
        for sub in command.get_subcommands() {
            walk(sub, format!("{path} {}", sub.get_name()).trim_start(), names);
        }
    }
    let mut names: [std::collections::BTreeSet<String>; 3] = Default::default();
    walk(&Cli::command(), "", &mut names);
    names[1].extend(["help".to_owned(), "version".to_owned()]);
    names.map(|names| names.into_iter().collect())
}
