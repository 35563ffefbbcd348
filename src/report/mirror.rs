//! The mirror in words.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sverka_postgres::{Error, Published};

use super::table::{Align, Table};
use crate::domain::Amount;
use crate::store::MirrorFault;
use crate::text::{self, Problem, Texts, Value};

/// What became of a mirror.
#[derive(Clone, Copy, Debug)]
pub struct MirrorReport<'a> {
    /// The generation it shows.
    pub generation: u64,
    /// When that was read from 1C.
    pub synced_at: DateTime<Utc>,
    /// The host of the database.
    pub host: &'a str,
    /// The schema.
    pub schema: &'a str,
    /// Which kind of database it is.
    pub flavour: &'a str,
    /// What was written, and what the database says of itself.
    pub published: &'a Published,
    /// Codes of the cards that differ, the first of them.
    pub differing: &'a [String],
    /// How long it took.
    pub took: Duration,
}

/// The code of a mirror whose sums are not those of the store.
pub(super) const DIFFERS: &str = Published::DIFFERS;
/// What the words of a fault may say.
const NAMES: [&str; 13] = [
    "host",
    "why",
    "holder",
    "table",
    "address",
    "generation",
    "at",
    "found",
    "what",
    "sqlstate",
    "sums",
    "cards",
    "n",
];

/// What is there now, what was written, and whether it is proven.
pub fn text(it: &MirrorReport<'_>, texts: Texts) -> String {
    let language = texts.language();
    let count = |number: u64| text::count(number, language);
    let (published, sums) = (it.published, &it.published.sums);
    let money = |units: i128| Amount::from_wide_units(units).map(|sum| text::money(sum, language));
    let mut amount = sums.amount();
    amount.rescale(Amount::SCALE);
    let mut table = Table::new([Align::Left, Align::Left]);
    table.row([texts.get("mirror-place").as_ref(), &format!("{} · {} · {}", it.host, it.schema, it.flavour)]);
    table.row([texts.get("report-status-generation").as_ref(), &count(it.generation)]);
    table.row([texts.get("report-cards").as_ref(), &count(sums.cards)]);
    table.row([texts.get("mirror-lines").as_ref(), &count(sums.lines())]);
    table.row([texts.get("mirror-amount").as_ref(), &money(amount.mantissa()).unwrap_or_default()]);
    table.row([texts.get("mirror-written").as_ref(), &count(published.written)]);
    table.row([texts.get("mirror-removed").as_ref(), &count(published.removed)]);
    table.row([texts.get("store-check-took").as_ref(), &text::duration(it.took, language)]);
    let proof = if published.verified { "mirror-verified" } else { "mirror-not-verified" };
    format!("{}\n{}\n", table.render(0), texts.get(proof))
}

/// That the database says other sums than the store.
pub fn differs(it: &MirrorReport<'_>, texts: Texts) -> Problem {
    fault_words(&MirrorFault::new(DIFFERS, it.published.told(it.differing)), texts)
}

/// What became of taking a mirror away.
pub fn dropped(was_there: bool, texts: Texts) -> String {
    format!("{}\n", texts.get(if was_there { "mirror-dropped" } else { "mirror-none-to-drop" }))
}

/// That no mirror is configured.
pub fn not_configured(texts: Texts) -> Problem {
    texts.problem("mirror-not-configured", &[])
}

/// Why there is no mirror of what is published.
pub fn problem(error: &Error, texts: Texts) -> Problem {
    fault_words(&MirrorFault::new(error.code(), error.values()), texts)
}

/// Why the mirror is not what is published, as it was noted.
pub fn fault_words(fault: &MirrorFault, texts: Texts) -> Problem {
    let known = Error::CODES.into_iter().chain([DIFFERS]).find(|code| *code == fault.code);
    let Some(code) = known else {
        return texts.problem("mirror-failed", &[("code", (&fault.code).into())]);
    };
    let names = NAMES.into_iter().filter_map(|name| {
        let (_, value) = fault.values.iter().find(|(known, _)| known == name)?;
        Some((name, value.into()))
    });
    let values: Vec<(&'static str, Value<'_>)> = names.collect();
    let said = fault.values.iter().find(|(name, _)| name == "why" && code == "mirror-refused");
    Problem { said: said.map(|(_, why)| why.clone()).unwrap_or_default(), ..texts.problem(code, &values) }
}
