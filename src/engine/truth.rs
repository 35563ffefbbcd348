//! One truth for each card: the newest of its comparisons, whoever made it.
//!
//! ```text
//! check, reconcile ──keep──▶ the file beside the store ◀──keep── another process
//!                                     │
//! the sync's own figures ──▶ Truths ◀─┘     for lists, counts, a customer, the status
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Engine, blocking, terms};
use crate::domain::reconcile::latest::{CardChoice, Judgement, KeptCheck, Reach, together};
use crate::domain::reconcile::{Mark, StoredSide, Terms};
use crate::domain::{CardId, Comparison, Part, Settings, StoredFigures, Verdict, fingerprint};
use crate::store::{self, CheckFile, ChecksRemark, Counts, FileStamp, KeptRow, Snapshot};
use crate::sync::Error;

/// Comparisons kept in memory where there is no file to keep them in, at most.
const MOST_MINE: usize = 1_000_000;

/// A comparison of a card, for a line of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ComparedAt {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// How far it reached.
    pub reach: Reach,
}

/// Another comparison that some figures of a card rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlsoCompared {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// How far it reached.
    pub reach: Reach,
    /// The figures.
    pub parts: Vec<Part>,
}

/// What all comparisons of the cards come to.
#[derive(Debug, Default)]
pub(super) struct Truths {
    by_card: HashMap<CardId, CardChoice>,
    /// How many cards of each verdict more, or less, than the sync counted.
    shifts: BTreeMap<u8, i64>,
    /// Cards that differ and that no list shows: 1C has them and the store lacks them, or they are nobody's.
    unlisted: u64,
    newest: Option<DateTime<Utc>>,
}

/// What a card's truth depends on beside its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SeenFrom {
    stamp: u64,
    file: Option<FileStamp>,
    mine: u64,
}

/// The comparisons kept, and what they come to.
#[derive(Debug, Default)]
pub(super) struct Checks {
    /// Those that no file could take.
    mine: Mutex<BTreeMap<(CardId, Reach), KeptCheck>>,
    version: AtomicU64,
    truths: Mutex<Option<(SeenFrom, Arc<Truths>)>>,
    remark: Mutex<Option<ChecksRemark>>,
    /// Whether the file was found to be unusable: that is said once.
    is_told: std::sync::atomic::AtomicBool,
}

impl Truths {
    /// What to say of a card that was compared since its sync, or was not of it.
    pub(super) fn of(&self, card: CardId) -> Option<&CardChoice> {
        self.by_card.get(&card)
    }

    /// All cards it says something of.
    pub(super) fn cards(&self) -> impl Iterator<Item = (&CardId, &CardChoice)> {
        self.by_card.iter()
    }

    /// Cards that differ and that no list shows.
    pub(super) fn unlisted(&self) -> u64 {
        self.unlisted
    }

    /// Cards that were compared beside their sync.
    pub(super) fn len(&self) -> u64 {
        self.by_card.len() as u64
    }

    /// When the last of them was.
    pub(super) fn newest(&self) -> Option<DateTime<Utc>> {
        self.newest
    }

    /// How the cards stand, by the newest comparison of each.
    pub(super) fn counts(&self, counts: Counts) -> Counts {
        let shifted = |count: u64, verdict: Verdict| {
            let shift = self.shifts.get(&(verdict as u8)).copied().unwrap_or_default();
            count.saturating_add_signed(shift)
        };
        Counts {
            reconciled: shifted(counts.reconciled, Verdict::Reconciled),
            before_window: shifted(counts.before_window, Verdict::BeforeWindow),
            variances: shifted(counts.variances, Verdict::Variance),
            unverified: shifted(counts.unverified, Verdict::Unverified),
            ..counts
        }
    }

    fn take(&mut self, card: CardId, figures: Option<&StoredFigures>, choice: CardChoice, terms: &Terms) {
        let Some(figures) = figures else {
            self.unlisted += u64::from(choice.verdict == Verdict::Variance);
            return;
        };
        let (before, now) = (counted(figures.verdict, terms), counted_now(choice.verdict));
        *self.shifts.entry(before as u8).or_default() -= 1;
        *self.shifts.entry(now as u8).or_default() += 1;
        self.by_card.insert(card, choice);
    }
}

/// As which verdict the sync's counts hold a card today: see [`super::Status::counts`].
fn counted(verdict: Verdict, terms: &Terms) -> Verdict {
    match verdict {
        Verdict::Reconciled | Verdict::BeforeWindow if terms.under.is_other() => Verdict::Unverified,
        verdict => counted_now(verdict),
    }
}

fn counted_now(verdict: Verdict) -> Verdict {
    if verdict == Verdict::UnknownCard { Verdict::Unverified } else { verdict }
}

/// Tells a generation and the settings it is looked at under: nothing of it is another while this is the same.
pub(super) fn stamp(snapshot: &Snapshot, terms: &Terms) -> u64 {
    let generation = snapshot.generation().map(|it| (it.id, it.digest, it.figures_digest));
    fingerprint(&(generation, meaning(terms)))
}

/// Tells a card's stored side, whatever generation it is of, and what the settings make of it.
pub(super) fn side(snapshot: &Snapshot, card: CardId, terms: &Terms) -> Result<u128, store::Error> {
    Ok(snapshot.side_digest(card)?.wrapping_add(meaning(terms).into()))
}

fn meaning(terms: &Terms) -> u64 {
    let today = terms.under.today.as_ref();
    let lists = |it: &Settings| fingerprint(&it.recorder_names());
    let today = today.map(|it| (it.address, it.names, &it.named, lists(it)));
    fingerprint(&(terms.window.days, terms.rule, today))
}

/// A card that no store has.
pub(super) const NOBODY: CardId = CardId(uuid::Uuid::max());

/// What of the store a comparison is made with.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MadeWith {
    stamp: u64,
    side: u128,
}

impl MadeWith {
    /// That of a card as a snapshot has it.
    pub(super) fn of(snapshot: &Snapshot, card: CardId, terms: &Terms) -> Result<Self, store::Error> {
        Ok(Self { stamp: stamp(snapshot, terms), side: side(snapshot, card, terms)? })
    }

    /// What is kept of a comparison.
    pub(super) fn kept(self, comparison: &Comparison) -> Option<KeptRow> {
        let kept = KeptCheck::of(comparison, self.stamp, self.side)?;
        Some((comparison.customer.card, kept))
    }
}

/// What is kept of a card and still says something of it, with what each came to.
fn still(
    snapshot: &Snapshot,
    card: CardId,
    kept: Vec<KeptCheck>,
    terms: &Terms,
    stamp: u64,
) -> Result<Vec<(KeptCheck, Judgement)>, store::Error> {
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let generation = snapshot.generation().map(|generation| generation.synced_at);
    let mut found = Vec::with_capacity(kept.len());
    for kept in kept {
        if !applies(snapshot, card, &kept, terms, stamp)? {
            continue;
        }
        let judgement = kept.judgement();
        // Made with this generation, it is later, whatever a clock that was set back says.
        let at = generation.filter(|_| kept.stamp == stamp).map_or(judgement.at, |at| at.max(judgement.at));
        found.push((kept, Judgement { at, ..judgement }));
    }
    Ok(found)
}

fn applies(
    snapshot: &Snapshot,
    card: CardId,
    kept: &KeptCheck,
    terms: &Terms,
    stamp: u64,
) -> Result<bool, store::Error> {
    if kept.stamp == stamp || kept.holds == stamp {
        return Ok(true);
    }
    let read_at = snapshot.read_whole_at(card)?;
    let side = side(snapshot, card, terms)?;
    Ok(kept.applies(stamp, side, read_at))
}

/// One card as all its comparisons tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardTruth {
    /// The comparison to show.
    pub comparison: Comparison,
    /// The other one that some of its figures rest on.
    pub also: Option<AlsoCompared>,
}

impl CardTruth {
    /// When a figure was compared last.
    pub fn compared_at(&self, part: Part) -> Option<DateTime<Utc>> {
        compared_at(&self.comparison, self.also.as_ref(), part)
    }
}

/// When a figure of a card was compared last.
pub(super) fn compared_at(
    comparison: &Comparison,
    also: Option<&AlsoCompared>,
    part: Part,
) -> Option<DateTime<Utc>> {
    let also = also.filter(|also| also.parts.contains(&part));
    also.map(|also| also.at).or(comparison.compared_at)
}

/// What to show of a stored card beside the comparison of its sync.
pub(super) fn of_card(
    snapshot: &Snapshot,
    stored: &StoredSide,
    by_sync: Comparison,
    kept: Vec<KeptCheck>,
    terms: &Terms,
) -> Result<CardTruth, store::Error> {
    let card = stored.customer.card;
    let kept = still(snapshot, card, kept, terms, stamp(snapshot, terms))?;
    let at = by_sync.compared_at.unwrap_or_default();
    let own = Judgement::of_sync(&stored.figures, terms, at);
    let judgements = || kept.iter().map(|(_, judgement)| judgement).chain([&own]);
    let Some(choice) = CardChoice::among(judgements()).filter(|_| !kept.is_empty()) else {
        return Ok(CardTruth { comparison: by_sync, also: None });
    };
    let newest = |reach| {
        let of_reach = kept.iter().filter(|(kept, _)| kept.reach == reach);
        of_reach.reduce(|a, b| if b.1.is_newer_than(&a.1) { b } else { a })
    };
    let rows = newest(Reach::Rows).map(|(kept, _)| kept.beside(stored, terms));
    let sums = match newest(Reach::Sums) {
        Some((kept, judgement)) if judgement.is_newer_than(&own) => kept.beside(stored, terms),
        _ => by_sync,
    };
    let also = choice.also_at.map(|at| {
        let reach = if choice.by == Reach::Sums { Reach::Rows } else { Reach::Sums };
        AlsoCompared { at, reach, parts: choice.also().collect() }
    });
    let comparison = together(&choice, sums, rows);
    Ok(CardTruth { comparison, also })
}

/// Cards whose rows a delta read again, as rows had shown them to differ before it began.
#[derive(Debug, Default)]
pub(super) struct ReadAgain {
    pub(super) cards: BTreeSet<CardId>,
    pub(super) since: DateTime<Utc>,
}

impl ReadAgain {
    /// Whether what differed is over: what the store holds of it now is what was read. Towns and the card itself were not.
    fn ends(&self, card: CardId, kept: &KeptCheck) -> bool {
        let is_of_rows =
            [Part::City, Part::Card].into_iter().all(|part| kept.marks.get(part) != Mark::Differs);
        kept.verdict == Verdict::Variance && kept.at < self.since && is_of_rows && self.cards.contains(&card)
    }
}

impl Checks {
    /// Forgets what rows that were read again have ended.
    fn forget(&self, read_again: &ReadAgain) {
        let mut mine = self.mine.lock().unwrap_or_else(PoisonError::into_inner);
        let before = mine.len();
        mine.retain(|(card, _), kept| !read_again.ends(*card, kept));
        if mine.len() < before {
            self.version.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// What all that is kept comes to, beside a snapshot.
    pub(super) fn truths(
        &self,
        file: Option<&CheckFile>,
        snapshot: &Snapshot,
        terms: &Terms,
    ) -> Result<Arc<Truths>, store::Error> {
        let stamp = stamp(snapshot, terms);
        let version = self.version.load(Ordering::Acquire);
        let seen = SeenFrom { stamp, file: file.and_then(CheckFile::stamp), mine: version };
        let mut latest = self.truths.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, truths)) = latest.as_ref().filter(|(known, _)| *known == seen) {
            return Ok(Arc::clone(truths));
        }
        let mut by_card: BTreeMap<CardId, Vec<KeptCheck>> = BTreeMap::new();
        for (card, kept) in self.all(file) {
            by_card.entry(card).or_default().push(kept);
        }
        let mut truths = Truths::default();
        for (card, kept) in by_card {
            let kept = still(snapshot, card, kept, terms, stamp)?;
            let figures = snapshot.figures(card)?;
            let at = snapshot.read_at(card)?.unwrap_or_default();
            let own = figures.as_ref().map(|figures| Judgement::of_sync(figures, terms, at));
            let newest = kept.iter().map(|(kept, _)| kept.at).max();
            let judgements = kept.iter().map(|(_, judgement)| judgement).chain(&own);
            if let Some(choice) = CardChoice::among(judgements).filter(|_| newest.is_some()) {
                truths.take(card, figures.as_ref(), choice, terms);
                truths.newest = truths.newest.max(newest);
            }
        }
        let truths = Arc::new(truths);
        *latest = Some((seen, Arc::clone(&truths)));
        Ok(truths)
    }

    /// What is kept of one card.
    pub(super) fn of(&self, file: Option<&CheckFile>, card: CardId) -> Vec<KeptCheck> {
        let mut kept = file.map(|file| self.heard(file.of(card))).unwrap_or_default();
        let mine = self.mine.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(Reach::ALL.into_iter().filter_map(|reach| mine.get(&(card, reach)).cloned()));
        kept
    }

    /// Keeps comparisons in the file; in memory where it takes none.
    pub(super) fn keep(&self, file: Option<&CheckFile>, holder: &store::StoreHolder, rows: Vec<KeptRow>) {
        if rows.is_empty() {
            return;
        }
        match file.map(|file| file.keep(&rows, holder)) {
            Some(Ok(None)) => {}
            Some(Ok(Some(aside))) => self.remark(ChecksRemark::SetAside(aside)),
            Some(Err(error)) => {
                self.remark_once(error);
                self.remember(rows);
            }
            None => self.remember(rows),
        }
    }

    fn remember(&self, rows: Vec<KeptRow>) {
        let mut mine = self.mine.lock().unwrap_or_else(PoisonError::into_inner);
        if mine.len().saturating_add(rows.len()) > MOST_MINE {
            mine.clear();
        }
        for (card, check) in rows {
            let known = mine.get(&(card, check.reach));
            if known.is_none_or(|known| check.is_newer_than(known)) {
                mine.insert((card, check.reach), check);
            }
        }
        self.version.fetch_add(1, Ordering::Release);
    }

    fn all(&self, file: Option<&CheckFile>) -> Vec<KeptRow> {
        let mut all = file.map(|file| self.heard(file.all())).unwrap_or_default();
        let mine = self.mine.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(mine.iter().map(|((card, _), kept)| (*card, kept.clone())));
        all
    }

    /// What a file that can be read says; nothing of one that cannot, which is remarked.
    fn heard<T: Default>(&self, read: Result<T, store::Error>) -> T {
        read.unwrap_or_else(|error| {
            self.remark_once(error);
            T::default()
        })
    }

    fn remark(&self, remark: ChecksRemark) {
        *self.remark.lock().unwrap_or_else(PoisonError::into_inner) = Some(remark);
    }

    fn remark_once(&self, error: store::Error) {
        if !self.is_told.swap(true, Ordering::AcqRel) {
            self.remark(ChecksRemark::Unusable(error));
        }
    }
}

/// Comparisons kept at once.
const BATCH: usize = 20_000;

/// Where comparisons are kept by whoever makes many of them.
#[derive(Clone, Debug)]
pub(super) struct Keeping {
    checks: Arc<Checks>,
    file: Option<CheckFile>,
    holder: store::StoreHolder,
}

/// Keeps comparisons with one snapshot, so many at once.
pub(super) struct Keeper<'a> {
    keeping: &'a Keeping,
    snapshot: &'a Snapshot,
    terms: &'a Terms,
    stamp: u64,
    rows: Vec<KeptRow>,
    failed: Option<store::Error>,
}

impl Keeping {
    /// Keeps what is compared with a snapshot.
    pub(super) fn of<'a>(&'a self, snapshot: &'a Snapshot, terms: &'a Terms) -> Keeper<'a> {
        Keeper {
            keeping: self,
            snapshot,
            terms,
            stamp: stamp(snapshot, terms),
            rows: Vec::new(),
            failed: None,
        }
    }
}

impl Keeper<'_> {
    /// Keeps a comparison.
    pub(super) fn keep(&mut self, comparison: &Comparison) {
        if Reach::of(comparison.against).is_none() {
            return;
        }
        match side(self.snapshot, comparison.customer.card, self.terms) {
            Ok(side) => self.rows.extend(MadeWith { stamp: self.stamp, side }.kept(comparison)),
            Err(error) => self.failed = Some(error),
        }
        if self.rows.len() >= BATCH {
            self.flush();
        }
    }

    /// Keeps the last of them; tells where the store could not be read.
    pub(super) fn finish(mut self) -> Result<(), store::Error> {
        self.flush();
        self.failed.map_or(Ok(()), Err)
    }

    fn flush(&mut self) {
        let Keeping { checks, file, holder } = self.keeping;
        checks.keep(file.as_ref(), holder, std::mem::take(&mut self.rows));
    }
}

/// So many cards that were shown to differ are read one by one by a delta; a base of which more do is one for a full sync.
const MOST_READ_AGAIN: usize = 1_000;

impl Engine {
    /// For whoever makes many comparisons where blocking is allowed.
    pub(super) fn keeping(&self) -> Keeping {
        let (checks, file) = (Arc::clone(&self.checks), self.check_file());
        Keeping { checks, file, holder: self.home.holder(self.now()) }
    }

    /// What is to be said of the file of comparisons; nothing the next time.
    pub fn take_remark(&self) -> Option<ChecksRemark> {
        self.checks.remark.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Where comparisons are kept.
    pub(super) fn check_file(&self) -> Option<CheckFile> {
        self.home.path().map(CheckFile::beside)
    }

    /// Keeps what was compared. Nobody waits long for it, and nothing fails by it.
    pub(super) async fn keep_checks(&self, rows: Vec<KeptRow>) {
        let (file, holder) = (self.check_file(), self.home.holder(self.now()));
        let checks = Arc::clone(&self.checks);
        let kept = blocking(move || {
            checks.keep(file.as_ref(), &holder, rows);
            Ok(())
        });
        // Only a task that broke could say otherwise.
        let _ = kept.await;
    }

    /// Cards that rows of 1C have shown to differ, since they were read. What cannot be told is none: a sync goes by what
    /// it asks.
    pub(super) async fn shown_by_rows_to_differ(&self) -> BTreeSet<CardId> {
        let (today, checks, file) = (self.meaning(), Arc::clone(&self.checks), self.check_file());
        let cards = self.read(move |snapshot| {
            let Some(terms) = terms::terms_of(snapshot, &today)? else { return Ok(BTreeSet::new()) };
            let truths = checks.truths(file.as_ref(), snapshot, &terms)?;
            let differs = |it: &CardChoice| it.verdict == Verdict::Variance && it.by == Reach::Rows;
            let cards = truths.cards().filter(|(_, choice)| differs(choice)).map(|(card, _)| *card);
            Ok(cards.take(MOST_READ_AGAIN).collect())
        });
        cards.await.unwrap_or_default()
    }

    /// After a sync: drops what says nothing any more, and notes what still does, so that nobody has to find out again.
    pub(super) async fn sift_checks(&self, read_again: ReadAgain) {
        self.checks.forget(&read_again);
        let Some(file) = self.check_file().filter(|file| file.stamp().is_some()) else { return };
        let (home, today, checks) = (self.home.clone(), self.meaning(), Arc::clone(&self.checks));
        let holder = self.home.holder(self.now());
        let sifted: Result<(), Error> = blocking(move || {
            let snapshot = home.reader()?.snapshot()?;
            let Some(terms) = terms::terms_of(&snapshot, &today)? else { return Ok(()) };
            let stamp = stamp(&snapshot, &terms);
            let sifted = file.sift(&holder, |card, kept| {
                let applies =
                    applies(&snapshot, card, &kept, &terms, stamp)? && !read_again.ends(card, &kept);
                Ok(applies.then_some(KeptCheck { holds: stamp, ..kept }))
            });
            match sifted {
                Ok(Some(aside)) => checks.remark(ChecksRemark::SetAside(aside)),
                Ok(None) => {}
                Err(error) => checks.remark_once(error),
            }
            Ok(())
        })
        .await;
        let _ = sifted;
    }
}
