//! Reading what is published.

mod before;

use std::collections::HashMap;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use redb::{ReadTransaction, ReadableTable, ReadableTableMetadata, TableHandle};
use xxhash_rust::xxh3::xxh3_128;

use super::codec::Encoder;
use super::digest::Digest;
use super::error::caught;
use super::error::damaged;
use super::generation::{PublishedHead, ReadRecord};
use super::pass::{ComparePass, Passed};
use super::patch::Patch;
use super::record::{
    RecorderTypes, card_key, card_of, decode_bonus, decode_carried, decode_customer, decode_figures,
    decode_listed, decode_movement, decode_product, decode_unknown, doubts_code, product_key,
};
use super::schema::{self, META, META_CURRENT, META_PREVIOUS, META_READ_UNDER, RECORDER_TYPES, RowKind};
use super::segment::{Merge, StoredRow};
use super::walk::{CountTally, Walk, WalkedCard};
use super::{
    Base, Error, Generation, Origin, Remarks, Store, StoredProduct, UnknownCard, Verified, check_version,
};
use crate::domain::reconcile::StoredSide;
use crate::domain::{
    BonusRow, CardId, Customer, Movement, ProductId, ReadUnder, RecorderType, StoredFigures,
};

/// One generation as it was published, whatever is published meanwhile.
///
/// It holds a read transaction, and while one is held no page that a writer frees can be used again: the
/// file grows with every commit. Take it for one query and drop it. It cannot be sent to another thread, so
/// that no task keeps it across an await.
pub struct Snapshot {
    read: ReadTransaction,
    head: PublishedHead,
    remarks: Remarks,
    types: RecorderTypes,
    /// The transaction reads nothing more once the store is closed.
    _store: Store,
    not_send: PhantomData<*const ()>,
}

impl Snapshot {
    pub(super) fn new(store: Store) -> Result<Self, Error> {
        caught(|| {
            let read = store.begin_read()?;
            let version = check_version(&read)?;
            let meta = read.open_table(META)?;
            let head = head(&meta, version)?;
            let remarks = Remarks::read(&meta, head.generation.as_ref().map(|it| it.id))?;
            let types = recorder_types(&read)?;
            Ok(Self { read, head, remarks, types, _store: store, not_send: PhantomData })
        })
    }

    /// The manifest; `None` before the first sync.
    pub fn generation(&self) -> Option<&Generation> {
        self.head.generation.as_ref()
    }

    /// The base the store came from; `None` before the first sync.
    pub fn base(&self) -> Option<&Base> {
        self.head.base.as_ref()
    }

    /// How the generation was read; `None` where nothing tells: a version before this one wrote it.
    pub fn read_under(&self) -> Result<Option<ReadUnder>, Error> {
        caught(|| {
            let Some(generation) = self.generation() else { return Ok(None) };
            let meta = self.read.open_table(META)?;
            let record = meta.get(META_READ_UNDER)?;
            let read = record.map(|record| ReadRecord::decode(record.value(), generation.id)).transpose()?;
            Ok(read.flatten())
        })
    }

    /// What the sync that published it found out beside.
    pub fn remarks(&self) -> &Remarks {
        &self.remarks
    }

    /// One customer.
    pub fn customer(&self, card: CardId) -> Result<Option<Customer>, Error> {
        self.get(RowKind::Customers, &card_key(card), |record| decode_customer(&card_key(card), record))
    }

    /// All customers, by key.
    pub fn customers(&self) -> Result<Customers<'_>, Error> {
        self.all(RowKind::Customers).map(|rows| Customers { rows, snapshot: PhantomData })
    }

    /// The objects of 1C that all customers were joined of, by the key of the card.
    pub fn origins(&self) -> Result<Vec<(CardId, Option<Origin>)>, Error> {
        caught(|| {
            let mut rows = self.all(RowKind::Customers)?;
            let mut origins = Vec::new();
            while let Some(row) = rows.next()? {
                let listed = decode_listed(row.key(), row.record())?;
                origins.push((listed.customer.card, listed.origin));
            }
            Ok(origins)
        })
    }

    /// The figures of one card.
    pub fn figures(&self, card: CardId) -> Result<Option<StoredFigures>, Error> {
        self.get(RowKind::Figures, &card_key(card), decode_figures)
    }

    /// The figures of all cards, by key.
    pub fn all_figures(&self) -> Result<AllFigures<'_>, Error> {
        self.all(RowKind::Figures).map(|rows| AllFigures { rows, snapshot: PhantomData })
    }

    /// The movements of a card, known or not, by key.
    pub fn movements(&self, card: CardId) -> Result<Vec<Movement>, Error> {
        self.of_card(RowKind::Movements, card, decode_movement)
    }

    /// The bonus rows of a card, known or not, by key.
    pub fn bonus_rows(&self, card: CardId) -> Result<Vec<BonusRow>, Error> {
        self.of_card(RowKind::BonusRows, card, decode_bonus)
    }

    /// One card with all that is compared; `None` where the card is not stored.
    pub fn stored_side(&self, card: CardId) -> Result<Option<StoredSide>, Error> {
        let (Some(customer), Some(figures)) = (self.customer(card)?, self.figures(card)?) else {
            return Ok(None);
        };
        let (movements, bonus) = (self.movements(card)?, self.bonus_rows(card)?);
        Ok(Some(StoredSide { customer, movements, bonus, figures }))
    }

    /// Walks over all cards by key, unknown ones among them, each with all that is compared. Ends early where
    /// `each` says so. Takes the memory of one card's rows.
    pub fn each_card(&self, mut each: impl FnMut(StoredCard) -> ControlFlow<()>) -> Result<(), Error> {
        caught(|| {
            let mut walk = Walk::over(&self.read, |kind| vec![kind.current()], &self.types)?;
            let mut figures = self.all_figures()?.peekable();
            while let Some(WalkedCard { card, customer, rows }) = walk.next()? {
                let (movements, bonus) = (rows.movements, rows.bonus);
                let own = figures.next_if(|row| !matches!(row, Ok((other, _)) if *other != card));
                let stored = match (customer, own.transpose()?) {
                    (Some(customer), Some((_, figures))) => {
                        StoredCard::Known(Box::new(StoredSide { customer, movements, bonus, figures }))
                    }
                    (None, None) => StoredCard::Unknown { card, movements, bonus },
                    _ => return Err(damaged("a customer and its figures do not stand together")),
                };
                if each(stored).is_break() {
                    return Ok(());
                }
            }
            Ok(())
        })
    }

    /// Those of the products asked for that are known.
    pub fn products(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, StoredProduct>, Error> {
        let product = |id: &ProductId| {
            let key = product_key(*id);
            self.get(RowKind::Products, &key, |record| decode_product(&key, record))
        };
        let known = ids.iter().filter_map(|id| product(id).transpose());
        known.map(|product| product.map(|product| (product.id, product))).collect()
    }

    /// All products, by key. Ends early where `each` says so.
    pub fn each_product(&self, mut each: impl FnMut(StoredProduct) -> ControlFlow<()>) -> Result<(), Error> {
        let mut rows = self.all(RowKind::Products)?;
        caught(|| {
            while let Some(row) = rows.next()? {
                if each(decode_product(row.key(), row.record())?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// When a card's rows were read from 1C: earlier than the generation where it was carried over.
    pub fn read_at(&self, card: CardId) -> Result<Option<DateTime<Utc>>, Error> {
        let synced_at = self.generation().map(|generation| generation.synced_at);
        Ok(self.carried_at(card)?.or(synced_at))
    }

    /// When a card's rows were read that was carried over: never later than what carried it, whatever a clock said that was
    /// set back since.
    fn carried_at(&self, card: CardId) -> Result<Option<DateTime<Utc>>, Error> {
        let synced_at = self.generation().map(|generation| generation.synced_at);
        let carried = self.get(RowKind::Carried, &card_key(card), decode_carried)?;
        Ok(carried.map(|carried| synced_at.map_or(carried.read_at, |at| at.min(carried.read_at))))
    }

    /// When the rows were read that were read longest ago: earlier than the generation where cards were carried over;
    /// `None` before the first sync.
    pub fn oldest_read_at(&self) -> Result<Option<DateTime<Utc>>, Error> {
        let Some(generation) = self.generation() else { return Ok(None) };
        let mut oldest = generation.synced_at;
        if generation.counts.carried > 0 {
            let mut rows = self.all(RowKind::Carried)?;
            caught(|| {
                while let Some(row) = rows.next()? {
                    oldest = oldest.min(decode_carried(row.record())?.read_at);
                }
                Ok(())
            })?;
        }
        Ok(Some(oldest))
    }

    /// Since when a card's rows are known to be what 1C had, all of them: a delta reads those that moved a sum, and others
    /// by and by.
    pub fn read_whole_at(&self, card: CardId) -> Result<Option<DateTime<Utc>>, Error> {
        let generation = self.generation();
        let full = || generation.map(|it| it.basis.map_or(it.synced_at, |basis| basis.full_at));
        Ok(self.carried_at(card)?.or_else(full))
    }

    /// Tells a card's stored side, of whatever generation it is: its rows, what they add up to, and its town. Whatever
    /// else is said of the customer is compared with nothing.
    pub fn side_digest(&self, card: CardId) -> Result<u128, Error> {
        caught(|| {
            let mut digest = Digest::default();
            for kind in [RowKind::Movements, RowKind::BonusRows] {
                let mut rows = Merge::starting_at(&self.read, &kind.current(), card.0.as_bytes())?;
                while let Some(row) = rows.next()? {
                    if card_of(row.key())? != card {
                        break;
                    }
                    digest.add(kind, row.key(), row.record(), &self.types)?;
                }
            }
            let (customer, figures) = (self.customer(card)?, self.figures(card)?);
            let side = side_record(card, customer.as_ref(), figures.as_ref())?;
            Ok(digest.0.wrapping_add(xxh3_128(&side)))
        })
    }

    /// Cards that movements name and the catalog lacks, by key.
    pub fn unknown_cards(&self) -> Result<Vec<UnknownCard>, Error> {
        caught(|| {
            let mut rows = self.all(RowKind::Unknown)?;
            let mut unknown = Vec::new();
            while let Some(row) = rows.next()? {
                unknown.push(decode_unknown(row.key(), row.record())?);
            }
            Ok(unknown)
        })
    }

    /// Reads every row again and compares with the manifest (I1), and sees that the generations stand in
    /// order, each with its tables (I2).
    pub(super) fn verify(&self) -> Result<Verified, Error> {
        let (reckoned, verified) = caught(|| {
            self.examine_generations()?;
            self.read_under()?;
            self.reckon()
        })?;
        let told = self.generation().map(|it| (it.counts, it.digest, it.figures_digest)).unwrap_or_default();
        if reckoned == told { Ok(verified) } else { Err(damaged("the rows are not those of the manifest")) }
    }

    /// Looks whether what a publication wrote is there: each row that was written, all figures, and all customers, with
    /// as many rows of each kind as the manifest says.
    pub(super) fn verify_patches(&self, patches: &[Patch]) -> Result<(), Error> {
        let Some(generation) = self.generation() else { return Err(damaged("nothing is published")) };
        caught(|| {
            self.examine_generations()?;
            self.read_under()?;
            self.verify_lists()?;
            let digests =
                [RowKind::Carried, RowKind::Figures, RowKind::Unknown].map(|kind| self.digest(kind));
            let mut found = Digest::default();
            for digest in digests {
                found = found.plus(digest?.digest);
            }
            if found.0 != generation.figures_digest || self.counted()? != expected(generation) {
                return Err(damaged("the rows are not those of the manifest"));
            }
            for patch in patches {
                let table = self.read.open_table(schema::rows(&patch.kind.current()))?;
                for (key, record) in &patch.rows {
                    if table.get(key.as_slice())?.as_ref().map(redb::AccessGuard::value) != record.as_deref()
                    {
                        return Err(damaged("a row is not what was written"));
                    }
                }
            }
            Ok(())
        })
    }

    /// How many rows of 1C's there are, by kind.
    fn counted(&self) -> Result<[u64; RowKind::SOURCE.len()], Error> {
        let mut rows = [0; RowKind::SOURCE.len()];
        for (kind, rows) in RowKind::SOURCE.into_iter().zip(&mut rows) {
            *rows = self.read.open_table(schema::rows(&kind.current()))?.len()?;
        }
        Ok(rows)
    }

    /// Compares what lists show, customers and their figures, with the manifest: a list is drawn up of rows
    /// that were published, or not at all. [`Store::verify`] looks at every row.
    pub fn verify_lists(&self) -> Result<(), Error> {
        let Some(told) = self.head.lists else { return Ok(()) };
        let digest = |kind| ComparePass { kind, read: &self.read, types: &self.types }.digest();
        let found = caught(|| Ok(digest(RowKind::Customers)?.plus(digest(RowKind::Figures)?)))?;
        if found.0 == told { Ok(()) } else { Err(damaged("the customers are not those of the manifest")) }
    }

    fn examine_generations(&self) -> Result<(), Error> {
        let meta = self.read.open_table(META)?;
        let version = check_version(&self.read)?;
        let before = meta
            .get(META_PREVIOUS)?
            .map(|record| PublishedHead::decode(record.value(), version))
            .transpose()?;
        let number = |head: &PublishedHead| head.generation.as_ref().map_or(0, |generation| generation.id);
        if before.as_ref().is_some_and(|before| number(before) >= number(&self.head)) {
            return Err(damaged("the generations are out of order"));
        }
        let names: Vec<_> = self.read.list_tables()?.map(|table| table.name().to_owned()).collect();
        let kept = RowKind::ALL.into_iter().filter(|kind| names.contains(&kind.previous())).count();
        let expected = if before.is_some() { RowKind::ALL.len() } else { 0 };
        if kept == expected { Ok(()) } else { Err(damaged("the generation before is not whole")) }
    }

    fn reckon(&self) -> Result<((super::Counts, u128, u128), Verified), Error> {
        let mut walk = Walk::over(&self.read, |kind| vec![kind.current()], &self.types)?;
        let mut tally = CountTally::default();
        while let Some(card) = walk.next()? {
            tally.card(&card);
        }
        for figures in self.all_figures()? {
            tally.figures(&figures?.1);
        }
        let mut verified = Verified::default();
        let (mut source, mut reckoned) = (Digest::default(), Digest::default());
        for kind in RowKind::ALL {
            let passed = self.digest(kind)?;
            verified.rows += passed.rows;
            verified.bytes += passed.bytes;
            if kind == RowKind::Products {
                tally.0.products = passed.rows;
            }
            let digest = if RowKind::SOURCE.contains(&kind) { &mut source } else { &mut reckoned };
            *digest = digest.plus(passed.digest);
        }
        Ok(((tally.0, source.0, reckoned.0), verified))
    }

    fn digest(&self, kind: RowKind) -> Result<Passed, Error> {
        ComparePass { kind, read: &self.read, types: &self.types }.verify()
    }

    fn get<T>(
        &self,
        kind: RowKind,
        key: &[u8],
        decode: impl FnOnce(&[u8]) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        caught(|| {
            let table = self.read.open_table(schema::rows(&kind.current()))?;
            let record = table.get(key)?;
            record.map(|record| decode(record.value())).transpose()
        })
    }

    fn all(&self, kind: RowKind) -> Result<Merge, Error> {
        caught(|| Merge::over(&self.read, &[kind.current()]))
    }

    fn of_card<T>(
        &self,
        kind: RowKind,
        card: CardId,
        decode: impl Fn(&[u8], &[u8], &RecorderTypes) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        caught(|| {
            let mut rows = Merge::starting_at(&self.read, &kind.current(), card.0.as_bytes())?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                if card_of(row.key())? != card {
                    break;
                }
                found.push(decode(row.key(), row.record(), &self.types)?);
            }
            Ok(found)
        })
    }
}

/// A card as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredCard {
    /// One of the catalog.
    Known(Box<StoredSide>),
    /// Rows of a card that no catalog has, or of the empty one.
    Unknown {
        /// Its key.
        card: CardId,
        /// Its movements, by key.
        movements: Vec<Movement>,
        /// Its bonus rows, by key.
        bonus: Vec<BonusRow>,
    },
}

impl StoredCard {
    /// Its bonus rows, by key.
    pub fn bonus(&self) -> &[BonusRow] {
        match self {
            Self::Known(side) => &side.bonus,
            Self::Unknown { bonus, .. } => bonus,
        }
    }

    /// Its key.
    pub fn card(&self) -> CardId {
        match self {
            Self::Known(side) => side.customer.card,
            Self::Unknown { card, .. } => *card,
        }
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("generation", &self.head.generation).finish_non_exhaustive()
    }
}

/// All customers, by key.
pub struct Customers<'a> {
    rows: Merge,
    snapshot: PhantomData<&'a Snapshot>,
}

impl Iterator for Customers<'_> {
    type Item = Result<Customer, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        next(&mut self.rows, |row| decode_customer(row.key(), row.record()))
    }
}

/// The figures of all cards, by key.
pub struct AllFigures<'a> {
    rows: Merge,
    snapshot: PhantomData<&'a Snapshot>,
}

impl Iterator for AllFigures<'_> {
    type Item = Result<(CardId, StoredFigures), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        next(&mut self.rows, |row| Ok((card_of(row.key())?, decode_figures(row.record())?)))
    }
}

fn next<T>(
    rows: &mut Merge,
    decode: impl FnOnce(&StoredRow) -> Result<T, Error>,
) -> Option<Result<T, Error>> {
    caught(|| rows.next()?.as_ref().map(decode).transpose()).transpose()
}

/// What is compared of a card beside its rows.
fn side_record(
    card: CardId,
    customer: Option<&Customer>,
    figures: Option<&StoredFigures>,
) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::default();
    encoder.option(customer, |encoder, customer| {
        encoder.option(customer.city.as_ref(), |encoder, city| encoder.text(&city.name))
    });
    encoder.option(figures, |encoder, figures| {
        let own = &figures.own;
        encoder
            .byte(doubts_code(figures))
            .sum(own.opening_balance)
            .sum(own.purchases)
            .unsigned(own.purchase_lines)
            .sum_of_points(own.points.last_record)
            .sum_of_points(own.points.register_balance)
    });
    encoder.finish(card)
}

/// How many rows of 1C's a generation has, by kind.
fn expected(generation: &Generation) -> [u64; RowKind::SOURCE.len()] {
    let counts = &generation.counts;
    let movements = counts.opening_balances.lines + counts.purchases.lines;
    [counts.cards, movements, counts.bonus_rows, counts.products]
}

/// What the store says is published.
pub(super) fn head(
    meta: &impl ReadableTable<&'static str, &'static [u8]>,
    version: u32,
) -> Result<PublishedHead, Error> {
    let record = meta.get(META_CURRENT)?.ok_or_else(|| damaged("it does not say what is published"))?;
    PublishedHead::decode(record.value(), version)
}

/// All recorder types by their numbers.
pub(super) fn recorder_types(read: &ReadTransaction) -> Result<RecorderTypes, Error> {
    let mut types = RecorderTypes::default();
    for entry in read.open_table(RECORDER_TYPES)?.iter()? {
        let (number, text) = entry?;
        if types.intern(&RecorderType(text.value().into()))? != number.value() {
            return Err(damaged("recorder types are not listed in order"));
        }
    }
    Ok(types)
}
