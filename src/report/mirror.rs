//! The mirror in words.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sverka_postgres::{Error, Published, SumDifference};

use super::table::{Align, Table};
use crate::domain::Amount;
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
    let told = |it: &SumDifference| {
        let values =
            [("what", (&it.what).into()), ("given", (&it.given).into()), ("found", (&it.found).into())];
        texts.with("mirror-sum", &values)
    };
    let sums = it.published.differences.iter().take(3).map(told).collect::<Vec<_>>().join("; ");
    let cards = if it.differing.is_empty() { "—".to_owned() } else { it.differing.join(", ") };
    let values = [("sums", sums.into()), ("cards", cards.into()), ("n", it.published.differing.1.into())];
    texts.problem("mirror-differs", &values)
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
    texts.problem(error.code(), &values(error))
}

fn values(error: &Error) -> Vec<(&'static str, Value<'_>)> {
    match error {
        Error::Unreachable { host, why } | Error::Tls { host, why } => {
            vec![("host", host.into()), ("why", why.into())]
        }
        Error::Address(why) | Error::Rights(why) | Error::Full(why) | Error::Lost(why) => {
            vec![("why", why.into())]
        }
        Error::Busy { holder } => vec![("holder", holder.into())],
        Error::NotOurs { table } => vec![("table", table.into())],
        Error::AnotherBase { address } => vec![("address", address.into())],
        Error::Newer { generation, synced_at } => {
            vec![("generation", generation.to_string().into()), ("at", synced_at.into())]
        }
        Error::Format(found) => vec![("found", found.to_string().into())],
        Error::Altered { table, what } => vec![("table", table.into()), ("what", what.into())],
        Error::Refused { code, message } => vec![("sqlstate", code.into()), ("why", message.into())],
        Error::PasswordInAddress | Error::Login | Error::NoDatabase | Error::Rows => Vec::new(),
    }
}
