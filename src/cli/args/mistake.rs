//! What is wrong with a command line, in the user's language.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Command};

use super::{LONGEST_LATENCY, help};
use crate::text::{Shown, Texts, Value};

/// Says what could not be understood, what is like it, and how the command is used.
pub fn words(error: &clap::Error, texts: Texts) -> String {
    let mut lines = vec![texts.with("usage-mistake", &[("what", what(error, texts).into())])];
    let hints = hints(error, texts);
    lines.extend(hints.iter().map(|hint| texts.with("usage-hint", &[("hint", hint.into())])));
    if let Some(usage) = text(error, ContextKind::Usage) {
        let usage = usage.trim_start_matches("Usage:").trim().to_owned();
        let program: Vec<_> =
            usage.split(' ').take_while(|word| !word.starts_with(['[', '<', '-'])).collect();
        lines.push(String::new());
        lines.push(format!("{} {usage}", texts.get("usage-heading")));
        lines.push(texts.with("usage-more", &[("command", program.join(" ").into())]));
    }
    lines.join("\n")
}

fn what(error: &clap::Error, texts: Texts) -> String {
    let argument = || shown(error, ContextKind::InvalidArg);
    let value = || shown(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::ArgumentConflict => conflict(error, texts),
        ErrorKind::InvalidValue if value().is_empty() => {
            texts.with("usage-no-value", &[("argument", argument().into())])
        }
        ErrorKind::InvalidValue => {
            let values = shown(error, ContextKind::ValidValue);
            let told =
                [("value", value().into()), ("argument", argument().into()), ("values", values.into())];
            texts.with("usage-wrong-choice", &told)
        }
        ErrorKind::ValueValidation => {
            let expected = expected(&argument(), texts);
            let told =
                [("value", value().into()), ("argument", argument().into()), ("expected", expected.into())];
            texts.with("usage-wrong-value", &told)
        }
        ErrorKind::InvalidSubcommand => {
            let command = shown(error, ContextKind::InvalidSubcommand);
            texts.with("usage-no-such-command", &[("command", command.into())])
        }
        ErrorKind::MissingRequiredArgument => {
            texts.with("usage-missing", &[("arguments", argument().into())])
        }
        ErrorKind::UnknownArgument | ErrorKind::TooManyValues => {
            texts.with("usage-no-such-argument", &[("argument", argument().into())])
        }
        ErrorKind::InvalidUtf8 => texts.get("usage-not-unicode").into_owned(),
        _ => texts.get("usage-other").into_owned(),
    }
}

fn conflict(error: &clap::Error, texts: Texts) -> String {
    let argument = shown(error, ContextKind::InvalidArg);
    let other = shown(error, ContextKind::PriorArg);
    if argument == other {
        return texts.with("usage-twice", &[("argument", argument.into())]);
    }
    texts.with("usage-together", &[("argument", argument.into()), ("other", other.into())])
}

/// What is like the words that were not understood.
fn hints(error: &clap::Error, texts: Texts) -> Vec<String> {
    let similar = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let similar = similar.into_iter().map(|kind| shown(error, kind)).filter(|words| !words.is_empty());
    let similar = similar.map(|words| texts.with("usage-similar", &[("words", words.into())]));
    let tips = match error.get(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(tips)) => tips.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    similar.chain(tips.iter().filter_map(|tip| hint(tip, error, texts))).collect()
}

/// A tip of clap's, which it has as a sentence only: that an option is one of a command, or looks like one.
fn hint(tip: &str, error: &clap::Error, texts: Texts) -> Option<String> {
    if let Some(words) = tip.strip_prefix('\'').and_then(|tip| tip.strip_suffix("' exists")) {
        return Some(texts.with("usage-similar", &[("words", words.into())]));
    }
    tip.contains(" as a value").then(|| {
        let argument = shown(error, ContextKind::InvalidArg);
        texts.with("usage-as-value", &[("argument", argument.into())])
    })
}

/// What an argument takes, by its own definition: `argument` is how it stands in the line of usage.
fn expected(argument: &str, texts: Texts) -> String {
    let number = |most: u64| {
        let bounds: [(&'static str, Value<'_>); 2] = [("least", 0_u64.into()), ("most", most.into())];
        texts.with("expected-number", &bounds)
    };
    let command = help::command(texts);
    match id_of(&command, argument).as_deref() {
        Some("fail_over") => texts.get("usage-expected-sum").into_owned(),
        Some("now") => texts.get("usage-expected-date").into_owned(),
        Some("faults") => texts.get("usage-expected-fault").into_owned(),
        Some("port") => number(u16::MAX.into()),
        Some("latency") => number(LONGEST_LATENCY),
        Some("days" | "customers") => number(u32::MAX.into()),
        _ => texts.with("expected-number-from", &[("least", 0_u64.into())]),
    }
}

/// The argument that stands so in the line of usage.
fn id_of(command: &Command, argument: &str) -> Option<String> {
    let own = command.get_arguments().filter(|arg| !matches!(arg.get_action(), ArgAction::Help));
    let found = own.into_iter().find(|arg| arg.to_string() == argument).map(|arg| arg.get_id().to_string());
    found.or_else(|| command.get_subcommands().find_map(|sub| id_of(sub, argument)))
}

/// A part of the mistake, harmless: it may quote what was typed.
fn shown(error: &clap::Error, kind: ContextKind) -> String {
    text(error, kind).map(|text| Shown::new(&text).into_string()).unwrap_or_default()
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::StyledStrs(texts) => {
            Some(texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}
