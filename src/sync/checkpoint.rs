//! How far a sync has come: the note that lies with its staged rows, so that a sync that was cut off goes on.
//!
//! A note is believed only on the same terms, soon enough, and as far as 1C confirms what it says. In doubt
//! it is dropped: reading again costs minutes, a wrong figure costs trust.

use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::event::Stage;
use crate::domain::{LocalTime, PointsRule, Span, Window};

/// Version of the note. A note of another version is dropped.
const VERSION: u32 = 2;

/// The last so many days are read again in any case, with the future.
const FRESH_DAYS: i64 = 3;

/// Most rows a note names one by one; beyond, a sync is not gone on with.
const MOST_REJECTED: usize = 1_000;

/// What must be the same for a sync to be gone on with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ResumeTerms {
    address: String,
    days: u32,
    from: Option<LocalTime>,
    by_last_record: bool,
    /// Of the names of 1C's sets and fields, and of what is left out.
    names: u64,
    /// The generation that would be replaced.
    after: u64,
}

impl ResumeTerms {
    pub(super) fn new(address: &str, window: Window, rule: PointsRule, names: u64, after: u64) -> Self {
        Self {
            address: address.into(),
            days: window.days,
            from: window.from,
            by_last_record: rule == PointsRule::LastRecord,
            names,
            after,
        }
    }
}

/// How far a sync has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CheckpointNote {
    version: u32,
    terms: ResumeTerms,
    /// When the first attempt began.
    pub(super) began_at: DateTime<Utc>,
    /// Some cards of the base: it is known by these, not by its address.
    pub(super) sample: Vec<u128>,
    /// Cards and owners, once they are read whole.
    pub(super) catalogs: Option<Catalogs>,
    /// Whether opening balances are read.
    pub(super) opening: bool,
    /// Whether the names of products are read.
    pub(super) products: bool,
    /// Stretches of purchases that are read.
    pub(super) purchases: Vec<Done>,
    /// Stretches of bonus rows that are read.
    pub(super) points: Vec<Done>,
    /// Rows that could not be read, by set, object, type of recorder and line.
    pub(super) rejected: Vec<(String, u128, u64, u64)>,
    /// Cards of such rows.
    pub(super) distrusted: Vec<u128>,
    /// How far that is, for whoever looks before it is gone on with.
    #[serde(default)]
    pub(super) reached: Option<LeftOff>,
}

/// Where a sync stands that was stopped on its way and may be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOff {
    /// The stage that was at work.
    pub stage: Stage,
    /// Percent of the whole.
    pub overall: u8,
    /// When what is kept was read.
    pub at: DateTime<Utc>,
}

impl LeftOff {
    /// What a note beside staged rows tells, where it is young enough to be gone on with.
    pub fn of(note: &[u8], now: DateTime<Utc>, within: Duration) -> Option<Self> {
        let note = CheckpointNote::decode(note)?;
        note.reached.filter(|_| note.is_young(now, within))
    }
}

/// The versions of all objects of both catalogs, as the thin passes saw them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Catalogs {
    pub(super) cards: u64,
    pub(super) owners: u64,
}

/// A stretch that was read whole, and how many rows 1C sent for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Done {
    from: Option<LocalTime>,
    to: Option<LocalTime>,
    pub(super) rows: u64,
}

impl Done {
    pub(super) fn new(span: Span, rows: u64) -> Self {
        Self { from: span.from, to: span.to, rows }
    }

    pub(super) fn span(&self) -> Span {
        Span { from: self.from, to: self.to }
    }
}

impl CheckpointNote {
    pub(super) fn new(terms: ResumeTerms, began_at: DateTime<Utc>) -> Self {
        Self {
            version: VERSION,
            terms,
            began_at,
            sample: Vec::new(),
            catalogs: None,
            opening: false,
            products: false,
            purchases: Vec::new(),
            points: Vec::new(),
            rejected: Vec::new(),
            distrusted: Vec::new(),
            reached: None,
        }
    }

    /// As it is stored; nothing where it would be too long to be of use.
    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        let is_short = self.rejected.len() <= MOST_REJECTED && self.distrusted.len() <= MOST_REJECTED;
        is_short.then(|| serde_json::to_vec(self).ok()).flatten()
    }

    /// A note that this version understands.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|note: &Self| note.version == VERSION)
    }

    /// Whether a sync on these terms may go on from it. Clocks are set back: an attempt of the future is none.
    pub(super) fn is_fit(&self, terms: &ResumeTerms, now: DateTime<Utc>, within: Duration) -> bool {
        self.terms == *terms && self.is_young(now, within)
    }

    fn is_young(&self, now: DateTime<Utc>, within: Duration) -> bool {
        (now - self.began_at).to_std().is_ok_and(|age| age < within)
    }
}

/// The stretches worth confirming: joined within a month, so that each costs one count, and without the last
/// days and the future, which are read again in any case.
pub(super) fn believable(done: &[Done], now: LocalTime) -> Vec<Done> {
    let fresh = now - TimeDelta::days(FRESH_DAYS);
    let mut old: Vec<Done> =
        done.iter().filter(|done| done.to.is_some_and(|to| to <= fresh)).copied().collect();
    old.sort_unstable_by_key(|done| done.from);
    let mut joined: Vec<Done> = Vec::new();
    for next in old {
        match joined.last_mut() {
            Some(last) if last.to == next.from && month(last.from) == month(next.from) => {
                last.to = next.to;
                last.rows += next.rows;
            }
            _ => joined.push(next),
        }
    }
    joined
}

/// What is left of the stretches planned when these are done.
pub(super) fn without(planned: &[Span], done: &[Span]) -> Vec<Span> {
    let mut left = planned.to_vec();
    for done in done {
        left = left.into_iter().flat_map(|span| cut(span, *done)).collect();
    }
    left
}

/// What lies in `span` before and after `done`.
fn cut(span: Span, done: Span) -> impl Iterator<Item = Span> {
    let before =
        done.from.map(|edge| Span { from: span.from, to: Some(span.to.map_or(edge, |to| to.min(edge))) });
    let after =
        done.to.map(|edge| Span { from: Some(span.from.map_or(edge, |from| from.max(edge))), to: span.to });
    [before, after].into_iter().flatten().filter(|part| match (part.from, part.to) {
        (Some(from), Some(to)) => from < to,
        _ => true,
    })
}

fn month(moment: Option<LocalTime>) -> Option<(i32, u32)> {
    moment.map(|moment| (moment.year(), moment.month()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::period::parse_local;

    fn time(text: &str) -> LocalTime {
        parse_local(text).unwrap().unwrap()
    }

    fn at(second: i64) -> LocalTime {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap().naive_utc()
    }

    fn note() -> CheckpointNote {
        let window = Window { days: 365, from: Some(time("2025-02-04T00:00:00")) };
        let terms = ResumeTerms::new("http://onec/base", window, PointsRule::LastRecord, 7, 3);
        CheckpointNote::new(terms, "2026-02-04T12:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_note_comes_back_as_it_was() {
        let note = CheckpointNote {
            sample: vec![1, u128::MAX],
            catalogs: Some(Catalogs { cards: u64::MAX, owners: 0 }),
            opening: true,
            purchases: vec![Done::new(Span::between(at(0), at(5)), 12), Done::new(Span::ALL, 0)],
            rejected: vec![("sales".into(), 9, u64::MAX, 2)],
            ..note()
        };
        assert_eq!(CheckpointNote::decode(&note.encode().unwrap()), Some(note));
    }

    /// A program from before says nothing of it, and what is too old is not gone on with.
    #[test]
    fn how_far_a_sync_came_is_told_while_it_may_be_gone_on_with() {
        let at = "2026-02-04T12:40:00Z".parse().unwrap();
        let reached = Some(LeftOff { stage: Stage::Purchases, overall: 64, at });
        let (within, hour) = (Duration::from_secs(3_600), chrono::TimeDelta::hours(1));
        let encoded = |note: CheckpointNote| note.encode().unwrap();
        let told = |note: &[u8], now| LeftOff::of(note, now, within);
        let left = encoded(CheckpointNote { reached, ..note() });
        assert_eq!(told(&left, at), reached);
        assert_eq!(told(&left, at + hour), None);
        assert_eq!(told(&encoded(note()), at), None);
        let before = String::from_utf8(encoded(note())).unwrap().replace(r#","reached":null"#, "");
        assert_eq!(CheckpointNote::decode(before.as_bytes()), Some(note()));
    }

    #[test]
    fn a_note_of_another_version_or_none_at_all_is_dropped() {
        let other = CheckpointNote { version: VERSION + 1, ..note() };
        assert_eq!(CheckpointNote::decode(&other.encode().unwrap()), None);
        assert_eq!(CheckpointNote::decode(b"{}"), None);
        assert_eq!(CheckpointNote::decode(&[0xff, 0]), None);
    }

    #[test]
    fn a_note_is_fit_on_the_same_terms_and_soon_enough() {
        let note = note();
        let within = Duration::from_secs(3_600);
        let at = |text: &str| text.parse().unwrap();
        assert!(note.is_fit(&note.terms, at("2026-02-04T12:59:59Z"), within));
        assert!(!note.is_fit(&note.terms, at("2026-02-04T13:00:00Z"), within), "too old");
        assert!(!note.is_fit(&note.terms, at("2026-02-04T11:59:59Z"), within), "of the future");
        assert!(!note.is_fit(&note.terms, at("2026-02-04T12:00:00Z"), Duration::ZERO), "not wanted");
        let others = [
            ResumeTerms { address: "http://other".into(), ..note.terms.clone() },
            ResumeTerms { days: 30, ..note.terms.clone() },
            ResumeTerms { from: None, ..note.terms.clone() },
            ResumeTerms { by_last_record: false, ..note.terms.clone() },
            ResumeTerms { names: 8, ..note.terms.clone() },
            ResumeTerms { after: 4, ..note.terms.clone() },
        ];
        for other in others {
            assert!(!note.is_fit(&other, at("2026-02-04T12:00:01Z"), within), "{other:?}");
        }
    }

    #[test]
    fn stretches_of_a_month_are_confirmed_by_one_count_and_the_last_days_not_at_all() {
        let now = time("2026-02-04T15:30:00");
        let done = |from: &str, to: &str, rows| Done::new(Span::between(time(from), time(to)), rows);
        let stretches = [
            done("2025-12-10T00:00:00", "2025-12-20T00:00:00", 2),
            done("2025-12-01T00:00:00", "2025-12-10T00:00:00", 1),
            done("2025-12-20T00:00:00", "2026-01-05T00:00:00", 3),
            done("2026-01-05T00:00:00", "2026-01-20T00:00:00", 4),
            done("2026-01-25T00:00:00", "2026-01-31T00:00:00", 5),
            done("2026-01-31T00:00:00", "2026-02-03T00:00:00", 6),
            Done::new(Span::since(time("2026-02-03T00:00:00")), 7),
        ];
        let believed = [
            done("2025-12-01T00:00:00", "2026-01-05T00:00:00", 6),
            done("2026-01-05T00:00:00", "2026-01-20T00:00:00", 4),
            done("2026-01-25T00:00:00", "2026-01-31T00:00:00", 5),
        ];
        assert_eq!(believable(&stretches, now), believed);
    }

    #[test]
    fn the_last_days_begin_where_a_stretch_may_still_end() {
        let now = time("2026-02-04T15:30:00");
        let fresh = now - TimeDelta::days(FRESH_DAYS);
        let until = |to| Done::new(Span::between(time("2026-01-25T00:00:00"), to), 1);
        assert_eq!(believable(&[until(fresh)], now), [until(fresh)]);
        assert_eq!(believable(&[until(fresh + TimeDelta::seconds(1))], now), []);
    }

    fn any_span() -> impl Strategy<Value = Span> {
        (proptest::option::of(0_i64..50), proptest::option::of(0_i64..50)).prop_map(|(from, to)| {
            let (from, to) = match (from, to) {
                (Some(from), Some(to)) => (Some(from.min(to)), Some(from.max(to) + 1)),
                other => other,
            };
            Span { from: from.map(at), to: to.map(at) }
        })
    }

    proptest! {
        #[test]
        fn what_is_left_and_what_is_done_are_the_plan_and_nothing_twice(
            planned in any_span(), done in proptest::collection::vec(any_span(), 0..6),
        ) {
            let left = without(&[planned], &done);
            for probe in (-2..55).map(at) {
                let is_left = left.iter().filter(|span| span.contains(probe)).count();
                let is_done = done.iter().any(|span| span.contains(probe));
                prop_assert_eq!(is_left, usize::from(planned.contains(probe) && !is_done));
            }
        }

        #[test]
        fn no_bytes_make_a_note_panic(bytes: Vec<u8>) {
            let _ = CheckpointNote::decode(&bytes);
        }
    }
}
