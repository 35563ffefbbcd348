//! Reading a set by position while it moves: pages that overlap, aligned by key.
//!
//! `$skip` counts rows, so a row deleted in front of the reading position moves one past it unread. Every
//! page therefore begins some rows before the last one ended; a page that shows none of the rows known
//! there has slipped, and the reading starts over.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::event::Notice;
use super::{Error, Reporter, read_spans};
use crate::odata::{Client, Filter, FromRow, Page, PageQuery, RejectedRow, RowMark, Set, Top};

/// Rows read again at the beginning of a page, at most; a quarter of the page where that is less. Where more than so many
/// are deleted in front while one page is read, the reading starts over.
const OVERLAP: u64 = 25;

/// How often a set that changes underneath is read again before giving up.
pub(super) const ATTEMPTS: u32 = 6;

/// Rows and their count that differ so often by the same are no rows that change.
const STEADY: u32 = 3;

/// What is needed to read anything: whom to ask and whom to tell.
#[derive(Clone, Copy)]
pub(super) struct SetReader<'a> {
    pub(super) client: &'a Client,
    pub(super) reporter: &'a Reporter,
}

/// Whether the rows of a pass are progress: a second pass over the same rows is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadingPass {
    /// Rows are counted as done.
    First,
    /// Rows only confirm what is held.
    Confirming,
}

/// Rows of a set, each once, in the order of their keys: what is asked and written next never depends on chance.
#[derive(Debug)]
pub(super) struct Collected<R> {
    /// The good rows by what they are.
    pub(super) rows: BTreeMap<RowMark, R>,
    /// Rows that could not be read.
    pub(super) rejected: BTreeMap<RowMark, RejectedRow>,
    /// Folders and left-out rows: received, of no further use.
    pub(super) dropped: BTreeSet<RowMark>,
}

/// A row whose mark can be told from the row itself.
pub(super) trait Marked: FromRow + PartialEq {
    /// The row's mark, as [`crate::odata::Page::marks`] has it.
    fn mark(&self) -> RowMark;
}

impl<R> Collected<R> {
    pub(super) fn new() -> Self {
        Self { rows: BTreeMap::new(), rejected: BTreeMap::new(), dropped: BTreeSet::new() }
    }

    /// Adds what another query brought.
    pub(super) fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.rejected.extend(other.rejected);
        self.dropped.extend(other.dropped);
    }

    /// Whether 1C sent this row, of whatever use it was.
    pub(super) fn has(&self, mark: &RowMark) -> bool {
        self.rows.contains_key(mark) || self.rejected.contains_key(mark) || self.dropped.contains(mark)
    }

    /// How many rows 1C sent, each counted once: what its own count must equal.
    pub(super) fn received(&self) -> u64 {
        (self.rows.len() + self.rejected.len() + self.dropped.len()) as u64
    }
}

impl SetReader<'_> {
    /// Reads all rows of `query`, or at least `enough` good ones. Not confirmed by a count.
    pub(super) async fn by_skip<R: Marked>(
        &self,
        query: &PageQuery,
        enough: Option<u64>,
        pass: ReadingPass,
    ) -> Result<Collected<R>, Error> {
        for _ in 0..ATTEMPTS {
            let mut collected = Collected::new();
            if self.collect(query, enough, pass, &mut collected).await? {
                return Ok(collected);
            }
            if pass == ReadingPass::First {
                self.reporter.undone(collected.received());
            }
            self.begin_again(query.set, collected.received());
        }
        Err(too_fast(query.set))
    }

    /// Reads all rows of `query` until 1C's count of them, asked right after, agrees.
    pub(super) async fn counted<R: Marked>(&self, query: &PageQuery) -> Result<Collected<R>, Error> {
        let mut steady = Steady::default();
        for _ in 0..ATTEMPTS {
            let collected = self.by_skip(query, None, ReadingPass::First).await?;
            let counted = self.client.count(query.set, &query.filter).await?;
            if counted == collected.received() {
                return Ok(collected);
            }
            self.reporter.undone(collected.received());
            self.begin_again(query.set, collected.received());
            if counted > collected.received() && self.goes_on(query, &collected).await? {
                continue;
            }
            if steady.disagrees(counted, collected.received()) {
                self.disbelieve(query.set, &query.filter, counted, collected.received())?;
                return Box::pin(self.counted(query)).await;
            }
        }
        Err(too_fast(query.set))
    }

    /// Rows and their count differ, every time the same: that is no change. First the count is had otherwise; where
    /// that says the same, the filter is not believed; and where all was asked for, rows are missing.
    pub(super) fn disbelieve(
        &self,
        set: Set,
        filter: &Filter,
        counted: u64,
        received: u64,
    ) -> Result<(), Error> {
        if self.client.counts_plainly(set) {
            self.client.cannot_count(set);
            return Ok(());
        }
        if filter.is_none() {
            return Err(Error::CountDiffers { what: set.name(), counted, received });
        }
        Err(self.client.cannot_filter(set, filter).into())
    }

    /// A set that changed has to be read again, which costs what it cost: that is no waste.
    fn begin_again(&self, set: Set, received: u64) {
        self.changed_underneath(set);
        self.client.plan(read_spans::pages(received, self.client.page_size()));
    }

    /// Says that a set has to be read again.
    pub(super) fn changed_underneath(&self, set: Set) {
        self.reporter.notice(Notice::ChangedUnderneath(set.name().into()));
    }

    /// One pass over the set; `false` where a page slipped or a row came with two contents.
    async fn collect<R: Marked>(
        &self,
        query: &PageQuery,
        enough: Option<u64>,
        pass: ReadingPass,
        collected: &mut Collected<R>,
    ) -> Result<bool, Error> {
        let mut first = None;
        loop {
            if !self.client.reads_by_position(query.set, query.order) {
                match self.collect_at_once(query, pass, collected).await {
                    // What an earlier run had found out was doubted: it is read on after all.
                    Err(_) if self.client.reads_by_position(query.set, query.order) => {}
                    read => return read,
                }
            }
            let seen = collected.received();
            let page_size = self.client.page_size_of::<R>(query.set);
            let overlap = OVERLAP.min(u64::from(page_size) / 4).min(seen);
            let asked = query.clone().skip(seen - overlap).top(Top::Page);
            let page = match self.client.page::<R>(&asked).await {
                // It was found out that there is no reading on.
                Err(_) if !self.client.reads_by_position(query.set, query.order) => continue,
                page => page?,
            };
            let (is_last, received) = (page.is_last(), page.received());
            let is_first = first.get_or_insert_with(|| page.marks.clone()) == &page.marks;
            if asked.skip > 0 && received > 1 && is_first {
                self.client.cannot_skip(query.set);
                continue;
            }
            let steady = collected.take(page);
            let new = collected.received() - seen;
            match pass {
                ReadingPass::First => self.reporter.done(new),
                ReadingPass::Confirming => self.reporter.confirmed(new),
            }
            let slipped = overlap > 0 && new == received;
            if !steady || slipped || (new == 0 && !is_last) {
                return Ok(false);
            }
            let is_last = is_last && !self.is_cut_short(query, collected, received).await?;
            if is_last || enough.is_some_and(|enough| collected.rows.len() as u64 >= enough) {
                return Ok(true);
            }
        }
    }
}

impl SetReader<'_> {
    /// Whether rows go on behind the last page, by their count where there is one: then no page holds more than that one did, however
    /// many rows are asked for.
    async fn is_cut_short<R: Marked>(
        &self,
        query: &PageQuery,
        read: &Collected<R>,
        received: u64,
    ) -> Result<bool, Error> {
        let counted = self.client.last_count(query.set, &query.filter);
        let is_short = received > 0 && counted.is_some_and(|counted| read.received() < counted);
        Ok(is_short && self.is_followed(query, read, received).await?)
    }

    /// Whether rows that were counted and did not come are behind those that came: then all of these were one page, and
    /// none holds more.
    pub(super) async fn goes_on<R: Marked>(
        &self,
        query: &PageQuery,
        read: &Collected<R>,
    ) -> Result<bool, Error> {
        let received = read.received();
        let is_one_page = received > 0 && received <= u64::from(self.client.page_size_of::<R>(query.set));
        Ok(is_one_page && self.is_followed(query, read, received).await?)
    }

    /// Whether there is a row behind those that were read: then the last page, of so many, was as long as pages are.
    async fn is_followed<R: Marked>(
        &self,
        query: &PageQuery,
        read: &Collected<R>,
        page: u64,
    ) -> Result<bool, Error> {
        if !self.client.reads_by_position(query.set, query.order) {
            return Ok(false);
        }
        let next = query.clone().skip(read.received()).top(Top::Rows(1));
        let is_followed = match self.client.page::<R>(&next).await {
            Err(_) if !self.client.reads_by_position(query.set, query.order) => false,
            next => next?.marks.first().is_some_and(|mark| !read.has(mark)),
        };
        if is_followed {
            self.client.pages_hold(page);
        }
        Ok(is_followed)
    }

    /// All there is in one request: one statement of 1C, so nothing moves in it.
    async fn collect_at_once<R: Marked>(
        &self,
        query: &PageQuery,
        pass: ReadingPass,
        collected: &mut Collected<R>,
    ) -> Result<bool, Error> {
        if pass == ReadingPass::First {
            self.reporter.undone(collected.received());
        }
        *collected = Collected::new();
        let all = self.client.page::<R>(&query.clone().top(Top::All)).await?;
        let steady = collected.take(all);
        match pass {
            ReadingPass::First => self.reporter.done(collected.received()),
            ReadingPass::Confirming => self.reporter.confirmed(collected.received()),
        }
        Ok(steady)
    }
}

/// Rows that differ from their count, and how often in a row by the same.
#[derive(Debug, Default)]
pub(super) struct Steady {
    last: Option<(u64, u64)>,
    times: u32,
}

impl Steady {
    /// Whether this was so three times in a row.
    pub(super) fn disagrees(&mut self, counted: u64, received: u64) -> bool {
        let now = Some((counted, received));
        self.times = if self.last == now { self.times + 1 } else { 1 };
        self.last = now;
        self.times >= STEADY
    }
}

impl<R: Marked> Collected<R> {
    /// Takes a page in; `false` where a row known already came with other contents.
    pub(super) fn take(&mut self, page: Page<R>) -> bool {
        let mut steady = true;
        for row in page.rows {
            steady &= self.insert(row);
        }
        self.rejected.extend(page.rejected.into_iter().map(|row| (row.mark, row)));
        let (rows, rejected) = (&self.rows, &self.rejected);
        let is_dropped = |mark: &RowMark| !rows.contains_key(mark) && !rejected.contains_key(mark);
        self.dropped.extend(page.marks.into_iter().filter(is_dropped));
        steady
    }

    /// Takes a row in; the later contents win. `false` where they differ from those known.
    pub(super) fn insert(&mut self, row: R) -> bool {
        match self.rows.entry(row.mark()) {
            Entry::Occupied(mut known) => std::mem::replace(known.get_mut(), row) == *known.get(),
            Entry::Vacant(place) => {
                place.insert(row);
                true
            }
        }
    }
}

/// The end of patience with a set that never holds still.
pub(super) fn too_fast(set: Set) -> Error {
    Error::ChangedTooFast { what: set.name(), attempts: ATTEMPTS }
}
