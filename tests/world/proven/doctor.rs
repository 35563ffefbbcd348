//! What the doctor passes a sync publishes, and what a sync goes without the doctor has named: over the same settings
//! and servers, a store that is empty, and faults that are the server's manner.
//!
//! ```text
//! SVERKA_DOCTOR=10000 SVERKA_FIRST_SEED=1 cargo test --release --test world h10_what_doctor_passes
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sverka::config::Config;
use sverka::engine::SyncOptions;
use sverka::engine::doctor::{CheckOutcome as Diagnosis, CheckResult, Fact};
use sverka::odata::{self, Capability};
use sverka::sync::Finished;
use sverka::sync::event::{Notice, Outcome};
use sverka::text::Language;
use tokio_util::sync::CancellationToken;

use super::desk::ROOT;
use super::{Case, Drawn, Tally, add, drawn};
use crate::runner;
use crate::world::Witness;

/// Cases of the small programme.
const CASES: u64 = 200;
/// Of so many cases on, enough of every kind must have been seen.
const ENOUGH: u64 = 150;

/// How the cases came out: a suite of one kind shows nothing.
#[derive(Debug, Default)]
struct Seen {
    /// All is well.
    green: AtomicU64,
    /// A sync works, with less.
    degraded: AtomicU64,
    /// A sync does not work.
    red: AtomicU64,
    /// The same, and a sync published all the same: names that no document bears do not hinder it.
    red_and_published: AtomicU64,
    /// What was gone without, over all syncs, and named before.
    named: AtomicU64,
}

impl Case<'_> {
    /// Names that are right for most: a doctor who sees none of the base's is right to be red.
    fn draw_manners(&mut self) -> String {
        if self.chance.percent(70) {
            self.config.names = Config::demo(ROOT, "/nowhere/sverka.redb".into(), Language::English).names;
        }
        let Drawn { faults, words, .. } = drawn::manners(&mut self.chance);
        self.say(&format!("FAULTS {words}"));
        self.desk.inner().onec.set_faults(faults);
        words
    }

    async fn diagnosed(&mut self, seen: &Seen) {
        let words = self.draw_manners();
        let mut findings = Vec::new();
        self.engine().doctor(&mut |finding| findings.push(finding)).await;
        for finding in findings.iter().filter(|finding| !is_ok(finding)) {
            self.say(&format!("DOCTOR {finding:?}"));
        }
        let witness = Arc::new(Witness::default());
        let observer = Arc::clone(&witness);
        let synced = self.engine().sync(SyncOptions::default(), observer, &CancellationToken::new()).await;
        let finished = synced.unwrap_or_else(|error| panic!("no sync: {error}"));
        let notices = witness.notices.lock().unwrap().clone();
        let (summary, error) = (&finished.summary, &finished.error);
        self.say(&format!(
            "SYNC {:?} {error:?}, {} of {} cards unverified; {notices:?}",
            summary.outcome, summary.unverified, summary.cards
        ));
        let is_published = summary.outcome == Outcome::Published;
        if findings.iter().any(is_red) {
            add(if is_published { &seen.red_and_published } else { &seen.red });
            return;
        }
        assert!(is_published, "green, and no sync: {error:?}");
        let is_degraded = findings.iter().any(|finding| !is_ok(finding));
        add(if is_degraded { &seen.degraded } else { &seen.green });
        let named = Named::of(&findings);
        // Who answers with a part of what there is contradicts itself, and only sometimes: that is for the proof to find.
        let is_honest = !["short-", "empty-"].iter().any(|word| words.contains(word));
        for notice in notices.iter().filter(|_| is_honest) {
            assert_ne!(named.knows(notice), Some(false), "the doctor did not name {notice:?}");
            if named.knows(notice).is_some() {
                add(&seen.named);
            }
        }
        assert!(
            is_degraded || !is_honest || is_proven(&finished, &notices),
            "all green, and unverified: {finished:?}"
        );
    }
}

fn is_ok(finding: &CheckResult) -> bool {
    matches!(finding.outcome, Diagnosis::Ok(_))
}

fn is_red(finding: &CheckResult) -> bool {
    matches!(finding.outcome, Diagnosis::Failed(_) | Diagnosis::Missing(_))
}

/// Whether all figures were compared, but those of rows that nobody can read or that 1C's own sums contradict.
fn is_proven(finished: &Finished, notices: &[Notice]) -> bool {
    let is_of_rows = |notice: &Notice| {
        matches!(notice, Notice::Rejected { .. } | Notice::TotalsContradict(_) | Notice::Found(_))
    };
    finished.summary.unverified == 0 || notices.iter().any(is_of_rows)
}

/// What the doctor says is missing.
#[derive(Debug, Default)]
struct Named {
    ways: Vec<(String, Capability)>,
    /// Tables as `register/table`, sets and fields as `set.field`.
    names: Vec<String>,
    gone: Vec<odata::Error>,
}

impl Named {
    fn of(findings: &[CheckResult]) -> Self {
        let mut all = Self::default();
        for finding in findings {
            match &finding.outcome {
                Diagnosis::Warning(Fact::WaysMissing(ways)) => {
                    all.ways.extend(ways.iter().map(|it| (it.set.name().to_owned(), it.what.clone())));
                }
                Diagnosis::Warning(
                    Fact::TablesMissing(names) | Fact::FieldsMissing(names) | Fact::SetsMissing(names),
                ) => all.names.extend(names.iter().cloned()),
                Diagnosis::Warning(Fact::GoneWithout(error)) => all.gone.push(error.clone()),
                _ => {}
            }
        }
        all
    }

    /// Whether it was named; nothing where nothing is lost.
    fn knows(&self, notice: &Notice) -> Option<bool> {
        let knows_way = |set: &str, is: &dyn Fn(&Capability) -> bool| {
            self.ways.iter().any(|(of, what)| of == set && is(what))
        };
        Some(match notice {
            Notice::Otherwise(_, what) if what.is_spelling() => return None,
            Notice::Otherwise(_, Capability::Table(_)) => self.has_no_table(),
            // A stretch that is too wide stands for the wider ones.
            Notice::Otherwise(set, Capability::Width(_)) => {
                knows_way(set, &|what| matches!(what, Capability::Width(_)))
            }
            Notice::Otherwise(set, what) => knows_way(set, &|known| known == what),
            Notice::NotPublished(field) => self.names.contains(field),
            Notice::FilterRefused(set) => {
                knows_way(set, &|what| matches!(what, Capability::Filter(_) | Capability::Active))
            }
            Notice::GoneWithout(error) => self.knows_gone(error),
            _ => return None,
        })
    }

    /// Whether a set or a table that is gone without was named: by itself, in a list, or with its set.
    fn knows_gone(&self, error: &odata::Error) -> bool {
        let what = match error.cause() {
            odata::Error::NotPublished { what, .. }
            | odata::Error::NotOffered { what, .. }
            | odata::Error::TooWide { what } => what.clone(),
            other => other.to_string(),
        };
        let is_of_it = |name: &String| what.contains(name.split('/').next().unwrap_or(name));
        self.gone.iter().any(|gone| gone.cause() == error.cause() || gone.to_string().contains(&what))
            || self.names.iter().any(|name| what.contains(name) || name.contains(&what) || is_of_it(name))
    }

    fn has_no_table(&self) -> bool {
        self.names.iter().any(|name| name.contains('/'))
    }
}

#[test]
fn h10_what_doctor_passes_a_sync_publishes() {
    let (seen, tally) = (Seen::default(), Tally::default());
    let cases = runner::cases("SVERKA_DOCTOR", CASES, "h10_what_doctor_passes", |seed, trace| {
        runner::in_virtual_time(async { Case::drawn(seed, trace, &tally).diagnosed(&seen).await });
    });
    if cases >= ENOUGH {
        seen.assert_enough(cases);
    }
}

impl Seen {
    fn assert_enough(&self, cases: u64) {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        for count in [&self.green, &self.degraded, &self.red, &self.named] {
            assert!(of(count) * 20 > cases, "{self:?}");
        }
    }
}
