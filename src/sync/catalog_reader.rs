//! Reading a catalog whole: by position with overlap, then a thin second pass over keys and versions.
//!
//! Two passes that agree hold the catalog as it was at a moment between them. Where they disagree, only
//! the objects concerned are fetched again.

use std::collections::HashSet;

use uuid::Uuid;

use super::Error;
use super::position_reader::{ATTEMPTS, Collected, Marked, ReadingPass, SetReader, too_fast};
use crate::domain::{Card, Owner, fingerprint};
use crate::odata::{Order, PageQuery, Product, RowMark, Set, ThinObject};

pub(super) trait CatalogItem: Marked {
    /// `DataVersion`, good for equality only.
    fn version(&self) -> &str;
}

macro_rules! item {
    ($name:ident, $key:ident $($inner:tt)*) => {
        impl Marked for $name {
            fn mark(&self) -> RowMark {
                RowMark::of_item(self.$key $($inner)*)
            }
        }

        impl CatalogItem for $name {
            fn version(&self) -> &str {
                &self.version
            }
        }
    };
}

item!(Card, id.0);
item!(Owner, id.0);
item!(Product, id.0);
item!(ThinObject, key);

impl SetReader<'_> {
    /// Reads a catalog whole, and tells the versions of all its objects as one number.
    pub(super) async fn catalog<R: CatalogItem>(&self, set: Set) -> Result<(Collected<R>, u64), Error> {
        let query = PageQuery::of(set).order(Order::Key);
        let mut held = self.by_skip::<R>(&query, None, ReadingPass::First).await?;
        for _ in 0..ATTEMPTS {
            let now = self.by_skip::<ThinObject>(&query, None, ReadingPass::Confirming).await?;
            let stale = held.forget_what_differs(&now);
            if stale.is_empty() {
                return Ok((held, versions(&now)));
            }
            self.changed_underneath(set);
            held.take(self.client.by_keys::<R>(set, &stale).await?);
        }
        Err(too_fast(set))
    }

    /// The keys and versions of all objects of a catalog.
    pub(super) async fn thin(&self, set: Set) -> Result<Collected<ThinObject>, Error> {
        self.by_skip::<ThinObject>(&PageQuery::of(set).order(Order::Key), None, ReadingPass::First).await
    }

    /// The versions of all objects of a catalog just now.
    pub(super) async fn versions(&self, set: Set) -> Result<u64, Error> {
        let query = PageQuery::of(set).order(Order::Key);
        Ok(versions(&self.by_skip::<ThinObject>(&query, None, ReadingPass::Confirming).await?))
    }

    /// Reads at least the first `limit` items of a catalog, in the order of their keys.
    pub(super) async fn first<R: CatalogItem>(&self, set: Set, limit: u64) -> Result<Collected<R>, Error> {
        self.by_skip(&PageQuery::of(set).order(Order::Key), Some(limit), ReadingPass::First).await
    }

    pub(super) async fn items<R: CatalogItem>(&self, set: Set, keys: &[Uuid]) -> Result<Collected<R>, Error> {
        let mut held = Collected::new();
        held.take(self.client.by_keys::<R>(set, keys).await?);
        self.reporter.done(held.received());
        Ok(held)
    }
}

fn versions(now: &Collected<ThinObject>) -> u64 {
    let mut versions: Vec<_> = now.rows.values().map(|thin| (thin.key, &thin.version)).collect();
    versions.sort_unstable();
    let mut dropped: Vec<_> = now.dropped.iter().chain(now.rejected.keys()).collect();
    dropped.sort_unstable();
    fingerprint(&(versions, dropped))
}

impl<R: CatalogItem> Collected<R> {
    /// Drops what the thin pass shows to be gone or changed; returns the keys to fetch again, one for
    /// every difference: fetching a key that is gone does no harm.
    fn forget_what_differs(&mut self, now: &Collected<ThinObject>) -> Vec<Uuid> {
        let mut differs: HashSet<RowMark> = HashSet::new();
        let gone = |mark: &RowMark| !now.has(mark);
        differs.extend(
            self.rows.keys().chain(self.rejected.keys()).chain(&self.dropped).filter(|mark| gone(mark)),
        );
        differs.extend(now.rows.values().filter(|thin| !self.agrees(thin)).map(Marked::mark));
        self.rows.retain(|mark, _| !differs.contains(mark));
        self.rejected.retain(|mark, _| !differs.contains(mark));
        self.dropped.retain(|mark| !differs.contains(mark));
        differs.into_iter().map(|mark| mark.object).collect()
    }

    fn agrees(&self, thin: &ThinObject) -> bool {
        let mark = thin.mark();
        match self.rows.get(&mark) {
            Some(row) => row.version() == thin.version(),
            None => self.has(&mark),
        }
    }
}
