//! The mirror for programs.

use serde::Serialize;

use super::{JsonSeconds, our_time, print};
use crate::report::mirror::MirrorReport;

#[derive(Serialize)]
struct MirrorObject<'a> {
    host: &'a str,
    schema: &'a str,
    flavour: &'a str,
    generation: u64,
    synced_at: String,
    cards: u64,
    lines: u64,
    amount: String,
    written: u64,
    removed: u64,
    rows: u64,
    verified: bool,
    differences: Vec<MirrorSumObject<'a>>,
    differing: &'a [String],
    differing_count: u64,
    seconds: JsonSeconds,
}

#[derive(Serialize)]
struct MirrorSumObject<'a> {
    what: &'a str,
    given: &'a str,
    found: &'a str,
}

/// `mirror --json`.
pub fn mirrored(it: &MirrorReport<'_>) -> String {
    let (published, sums) = (it.published, &it.published.sums);
    let differences = published.differences.iter();
    let differences = differences
        .map(|it| MirrorSumObject { what: &it.what, given: &it.given, found: &it.found })
        .collect();
    print(&MirrorObject {
        host: it.host,
        schema: it.schema,
        flavour: it.flavour,
        generation: it.generation,
        synced_at: our_time(it.synced_at),
        cards: sums.cards,
        lines: sums.lines(),
        amount: format!("{:.2}", sums.amount()),
        written: published.written,
        removed: published.removed,
        rows: published.rows,
        verified: published.verified,
        differences,
        differing: it.differing,
        differing_count: published.differing.1,
        seconds: JsonSeconds(it.took),
    })
}

/// `mirror --drop --json`.
pub fn mirror_dropped(was_there: bool) -> String {
    #[derive(Serialize)]
    struct DroppedObject {
        dropped: bool,
    }
    print(&DroppedObject { dropped: was_there })
}
