//! The next generation when it is complete.

use std::cell::Cell;

use redb::{ReadableTable, ReadableTableMetadata, Table, TableHandle, WriteTransaction};

use super::UnknownCard;
use super::digest::Digest;
use super::error::damaged;
use super::error::{ask, caught_around};
use super::generation::{PublishedHead, ReadRecord};
use super::pass::Passed;
use super::patch::Patch;
use super::record::{RecorderTypes, encode_unknown};
use super::schema::{
    self, META, META_CURRENT, META_PREVIOUS, META_READ_UNDER, META_REMARKS, META_STAGED, RUNS, RUNS_KEPT,
    RowKind, STAGED, VERSION,
};
use super::walk::CountTally;
use super::{Changes, Counts, Error, Generation, Publication, Published, Run, RunOutcome, Staging, snapshot};

/// The next generation, complete: it can be looked at, published or reopened.
#[derive(Debug)]
pub struct Settled {
    staging: Staging,
    counts: Counts,
    changes: Changes,
    rows: [u64; RowKind::ALL.len()],
    digest: Digest,
    figures_digest: Digest,
    lists_digest: Digest,
    /// What changes of the tables that are kept; `None` where all are new.
    patches: Option<Vec<Patch>>,
}

/// What merging found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Merged {
    changes: Changes,
    rows: [u64; RowKind::READ.len()],
    digest: Digest,
    customers_digest: Digest,
    carried_digest: Digest,
}

impl Merged {
    pub(super) fn take(&mut self, kind: RowKind, passed: &Passed) {
        self.rows[kind as usize] = passed.rows;
        match kind {
            RowKind::Customers => {
                self.changes.cards = passed.delta;
                self.customers_digest = passed.digest;
            }
            RowKind::BonusRows => self.changes.bonus_rows = passed.delta,
            RowKind::Movements => {
                self.changes.movements = passed.delta;
                self.changes.removed_amount = passed.removed_amount;
            }
            RowKind::Products | RowKind::Carried | RowKind::Figures | RowKind::Unknown => {}
        }
        let digest =
            if RowKind::SOURCE.contains(&kind) { &mut self.digest } else { &mut self.carried_digest };
        *digest = digest.plus(passed.digest);
    }
}

/// What reckoning the figures found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reckoned {
    pub(super) tally: CountTally,
    pub(super) unknown: u64,
    pub(super) unknown_digest: Digest,
    pub(super) figures_digest: Digest,
}

impl Reckoned {
    /// Puts an unknown card down.
    pub(super) fn put_unknown(
        &mut self,
        card: &UnknownCard,
        table: &mut Table<'_, &'static [u8], &'static [u8]>,
        types: &RecorderTypes,
    ) -> Result<(), Error> {
        let (key, record) = encode_unknown(card)?;
        self.unknown_digest.add(RowKind::Unknown, &key, &record, types)?;
        table.insert(key.as_slice(), record.as_slice())?;
        self.unknown += 1;
        Ok(())
    }
}

impl Settled {
    /// The same, made of the published tables with these changes.
    pub(super) fn in_place(self, patches: Vec<Patch>) -> Self {
        Self { patches: Some(patches), ..self }
    }

    pub(super) fn new(staging: Staging, merged: Merged, reckoned: Reckoned) -> Self {
        let Reckoned { tally: CountTally(counts), unknown, unknown_digest, figures_digest } = reckoned;
        let [customers, movements, bonus_rows, products, carried] = merged.rows;
        // I1: the rows were counted twice, when they were merged and when the cards were walked.
        let walked = [
            counts.cards,
            counts.opening_balances.lines + counts.purchases.lines,
            counts.bonus_rows,
            counts.carried,
        ];
        assert_eq!(walked, [customers, movements, bonus_rows, carried], "cards lost or doubled rows");
        let judged = counts.reconciled + counts.before_window + counts.variances + counts.unverified;
        assert_eq!(judged, counts.cards, "not every card has one verdict");
        Self {
            staging,
            counts: Counts { products, ..counts },
            changes: merged.changes,
            rows: [customers, movements, bonus_rows, products, carried, counts.cards, unknown],
            digest: merged.digest,
            figures_digest: merged.carried_digest.plus(figures_digest).plus(unknown_digest),
            lists_digest: merged.customers_digest.plus(figures_digest),
            patches: None,
        }
    }

    /// What it holds.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Digest of its rows as read from 1C.
    pub fn digest(&self) -> u128 {
        self.digest.0
    }

    /// What publishing it would change.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Back to staging, with all rows kept: some of it has to be read again.
    pub fn reopen(self) -> Staging {
        self.staging
    }

    /// Makes it the current generation, in one transaction, and records its run. The generation before stays
    /// in the file until the next one settles, to be looked at by hand should this one turn out wrong.
    ///
    /// # Panics
    /// Where the tables are not those of the manifest: a mistake of ours, and better no generation than a wrong one.
    pub fn publish(self, publication: Publication) -> Result<Published, Error> {
        let store = self.staging.store().clone();
        store.still_in_place()?;
        let outside = Cell::new(false);
        caught_around(&outside, || {
            let write = store.begin_write()?;
            let generation = self.put_manifest(&write, &publication)?;
            for kind in RowKind::ALL {
                self.put_in_place(&write, kind)?;
            }
            let published = rows_in_place(&write)?;
            ask(&outside, || assert_eq!(published, self.rows, "the tables are not those of the manifest"));
            let is_mixed = write.list_tables()?.any(|table| table.name().starts_with(STAGED));
            ask(&outside, || assert!(!is_mixed, "rows of this generation were left out of it"));
            add_run(&write, &self.run_of(&generation, publication.run))?;
            write.commit()?;
            store.read_back(&generation, self.patches.as_deref())?;
            Ok(Published { generation, changes: self.changes })
        })
    }

    fn put_manifest(&self, write: &WriteTransaction, publication: &Publication) -> Result<Generation, Error> {
        let mut meta = write.open_table(META)?;
        let before = snapshot::head(&meta, VERSION)?;
        let id = before.generation.as_ref().map_or(0, |before| before.id) + 1;
        let generation = Generation {
            id,
            synced_at: publication.synced_at,
            window: publication.window,
            points_at: publication.points_at,
            rule: publication.rule,
            proof: publication.proof,
            basis: publication.basis,
            counts: self.counts,
            digest: self.digest.0,
            figures_digest: self.figures_digest.0,
        };
        let now = PublishedHead {
            generation: Some(generation.clone()),
            base: Some(publication.base.clone()),
            lists: Some(self.lists_digest.0),
        };
        meta.insert(META_PREVIOUS, before.encode()?.as_slice())?;
        meta.insert(META_CURRENT, now.encode()?.as_slice())?;
        meta.insert(META_READ_UNDER, ReadRecord::encode(id, &publication.read_under).as_slice())?;
        meta.insert(META_REMARKS, publication.remarks.clone().encode(id)?.as_slice())?;
        meta.remove(META_STAGED)?;
        Ok(generation)
    }

    fn put_in_place(&self, write: &WriteTransaction, kind: RowKind) -> Result<(), Error> {
        let patch = self.patches.iter().flatten().find(|patch| patch.kind == kind);
        if let Some(patch) = patch {
            patch.apply(write)?;
            return self.staging.drop_segments(kind, write);
        }
        let (current, previous) = (kind.current(), kind.previous());
        let next =
            self.staging.table(kind).ok_or_else(|| damaged("a table that was settled is not there"))?;
        write.rename_table(schema::rows(&current), schema::rows(&previous))?;
        Ok(write.rename_table(schema::rows(next), schema::rows(&current))?)
    }

    fn run_of(&self, generation: &Generation, run: Run) -> Run {
        Run {
            outcome: RunOutcome::Published,
            generation: Some(generation.id),
            cards: self.counts.cards,
            movements: self.counts.opening_balances.lines + self.counts.purchases.lines,
            changes: self.changes.movements,
            variances: self.counts.variances,
            unverified: self.counts.unverified,
            ..run
        }
    }
}

/// How many rows each table of the current generation has (I1).
fn rows_in_place(write: &WriteTransaction) -> Result<[u64; RowKind::ALL.len()], Error> {
    let mut rows = [0; RowKind::ALL.len()];
    for (kind, rows) in RowKind::ALL.into_iter().zip(&mut rows) {
        *rows = write.open_table(schema::rows(&kind.current()))?.len()?;
    }
    Ok(rows)
}

/// Adds a run behind the others, and drops those too old to keep.
pub(super) fn add_run(write: &WriteTransaction, run: &Run) -> Result<(), Error> {
    let mut runs = write.open_table(RUNS)?;
    let last = runs.last()?.map(|(number, _)| number.value());
    runs.insert(last.map_or(0, |last| last + 1), run.encode()?.as_slice())?;
    while runs.len()? > RUNS_KEPT {
        runs.pop_first()?;
    }
    Ok(())
}
