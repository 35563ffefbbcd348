//! What proves each figure of a customer, in words: with what it was compared and when, or why not, and under which
//! settings.

use super::{Reader, our_time};
use crate::domain::reconcile::{Compared, WhyNot};
use crate::domain::{Against, Comparison, Part, Settings, Under};
use crate::text::{Shown, Texts};

/// The proof of one comparison, a line for all figures that share it, ended.
///
/// ```text
/// Чем подтверждено:
///   начальный ввод: повторное чтение начального ввода, 04.02.2026 08:00:03
///   баллы, город: не сверено — в итогах 1С этого нет
/// ```
pub(super) fn words(it: &Comparison, reader: Reader) -> String {
    let texts = reader.texts;
    let mut lines = vec![texts.get("proof-title").into_owned()];
    for (compared, parts) in shared(it) {
        let names: Vec<_> = parts.into_iter().map(|part| texts.part(part)).collect();
        let figures = ("figures", names.join(", ").into());
        let line = match compared {
            Compared::With(means) => {
                let at = it.compared_at.or(it.synced_at).map(|at| our_time(at, reader)).unwrap_or_default();
                texts.with(
                    "proof-compared",
                    &[figures, ("means", texts.means(means).into()), ("at", at.into())],
                )
            }
            Compared::Not(why) => {
                texts.with("proof-uncompared", &[figures, ("why", why_not(why, it.against, texts).into())])
            }
        };
        lines.push(format!("  {line}"));
    }
    lines.extend(settings(&it.under, texts).into_iter().map(|line| format!("  {line}")));
    lines.join("\n") + "\n"
}

/// The figures in their order, those together that were compared with the same.
fn shared(it: &Comparison) -> Vec<(Compared, Vec<Part>)> {
    let mut shared: Vec<(Compared, Vec<Part>)> = Vec::new();
    for part in Part::ALL {
        let compared = it.coverage.of(part);
        match shared.iter_mut().find(|(other, _)| *other == compared) {
            Some((_, parts)) => parts.push(part),
            None => shared.push((compared, vec![part])),
        }
    }
    shared
}

/// Why a figure was compared with nothing: where 1C was asked for everything and did not answer, that is why.
pub(super) fn why_not(why_not: WhyNot, against: Against, texts: Texts) -> String {
    match (why_not, against) {
        (WhyNot::NotAsked, Against::None) => texts.get("why-not-no-answer"),
        _ => texts.why_not(why_not),
    }
    .into_owned()
}

/// The settings that decide what the figures are made of, and where those of today are others.
fn settings(under: &Under, texts: Texts) -> Vec<String> {
    let mut lines: Vec<String> =
        under.settings().map(|it| of_settings(it, texts)).into_iter().flatten().collect();
    if !under.others.is_empty() {
        lines.push(texts.with("proof-others", &[("settings", others(under).into())]));
    }
    if under.read.as_ref().is_some_and(|read| read.is_mixed) {
        lines.push(texts.get("proof-mixed").into_owned());
    }
    lines
}

fn of_settings(it: &Settings, texts: Texts) -> Vec<String> {
    let list = |words: &[String]| {
        if words.is_empty() { texts.get("proof-none").into_owned() } else { words.join(", ") }
    };
    let values =
        [("opening", list(&it.opening_balance).into()), ("ignored", list(&it.ignored_recorders).into())];
    let mut lines = vec![texts.with("proof-settings", &values)];
    if !it.named.is_empty() {
        let names: Vec<_> = it.named.iter().map(|(key, name)| format!("{key} = {name}")).collect();
        lines.push(texts.with("proof-names", &[("names", names.join(", ").into())]));
    }
    lines.into_iter().map(|line| Shown::new(&line).into_string()).collect()
}

/// The keys of the settings that are others today.
pub fn others(under: &Under) -> String {
    let names: Vec<_> = under.others.iter().map(|setting| setting.name()).collect();
    if names.is_empty() { "limit".to_owned() } else { names.join(", ") }
}
