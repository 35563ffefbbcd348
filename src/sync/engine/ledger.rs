//! What one sync has read and staged so far, and how it asks for more: what a full read, a delta's read and the proof
//! of both have in common.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use tokio::time::Instant;

use super::reread_plan::RereadTerms;
use super::{Job, ReadFacts};
use crate::domain::{
    BonusRow, Card, CardId, Customer, DataPart, LocalTime, Movement, MovementKind, Owner, OwnerId, ProductId,
    RecorderRole, RecorderType, Span, Window,
};
use crate::odata::{
    self, Filter, Order, PageQuery, PointsRow, Product, RowMark, SalesRow, Set, ThinSale, Top,
};
use crate::store::{self, Generation, ListedCustomer, Origin, Snapshot};
use crate::sync::Error;
use crate::sync::base_identity::refuse_another_base;
use crate::sync::checkpoint::{Catalogs, CheckpointNote, Done, without};
use crate::sync::event::{Notice, Stage};
use crate::sync::period_reader::{RegisterRow, RowSink};
use crate::sync::position_reader::{Collected, Marked, SetReader};
use crate::sync::read_spans::{self, ReadingWay, StretchTerms};
use crate::sync::recorder_types::SetApart;
use crate::sync::reporter::StageWork;
use crate::sync::staging_handle::StagingHandle;
use crate::sync::staging_writer::Batch;

/// Cards up to which the registers are asked by card; beyond, reading by period is fewer requests.
const FEW_CARDS: usize = 200;

/// What is staged, what was found out on the way, and how this 1C wants to be asked.
pub(super) struct Ledger<'a> {
    pub(super) job: &'a Job,
    pub(super) reading: SetReader<'a>,
    pub(super) staging: StagingHandle,
    pub(super) facts: ReadFacts,
    pub(super) expected: ExpectedRows,
    /// Requests planned for all of that.
    planned: u64,
    /// 1C cannot filter the register of sales: it is read whole and filtered here.
    pub(super) filters_sales_here: bool,
    /// How what the settings set apart is asked for here, once that is known.
    pub(super) set_apart: Option<SetApart>,
    /// Products whose names were asked for.
    pub(super) products_read: HashSet<ProductId>,
    /// How far the reading has come: what another sync can go on from.
    pub(super) note: CheckpointNote,
    /// When that was last made to last.
    pub(super) noted_at: Instant,
    /// Taken over from a sync that was cut off.
    pub(super) taken: TakenUp,
    /// Which rows of a stretch are taken.
    takes: StretchRows,
    /// Rows of stretches that were taken.
    pub(super) stretched: u64,
    /// Rows of sales that were read card by card.
    pub(super) read_by_card: u64,
}

/// Which rows of a stretch are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StretchRows {
    /// Purchases: opening balances are read for themselves, all of them.
    Purchases,
    /// Both kinds, for both are built on.
    Sales,
}

/// What of an earlier attempt is believed.
#[derive(Debug, Default)]
pub(super) struct TakenUp {
    pub(super) catalogs: Option<Catalogs>,
    pub(super) opening: bool,
    /// Stretches of purchases that are not read again.
    pub(super) purchases: Vec<Span>,
    /// Stretches of bonus rows that are not read again.
    pub(super) points: Vec<Span>,
}

/// Rows by 1C's own counts, taken before anything is read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ExpectedRows {
    pub(super) cards: u64,
    pub(super) owners: u64,
    pub(super) opening: u64,
    pub(super) purchases: u64,
    pub(super) points: u64,
    /// All products, once they were counted.
    products: Option<u64>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(job: &'a Job, staging: store::Staging, note: CheckpointNote) -> Self {
        let reading = SetReader { client: &job.client, reporter: &job.reporter };
        Self {
            job,
            reading,
            staging: StagingHandle::new(staging),
            facts: ReadFacts::default(),
            expected: ExpectedRows::default(),
            planned: 0,
            filters_sales_here: false,
            set_apart: None,
            products_read: HashSet::new(),
            note,
            noted_at: Instant::now(),
            taken: TakenUp::default(),
            takes: StretchRows::Purchases,
            stretched: 0,
            read_by_card: 0,
        }
    }

    pub(super) async fn finish(self) -> Result<(ReadFacts, store::Staging), Error> {
        Ok((self.facts, self.staging.finish().await?))
    }

    /// The same, building on what is published: stretches bring both kinds of sales, and nobody goes on from it.
    pub(super) fn over_published(self) -> Self {
        Self { takes: StretchRows::Sales, ..self }
    }

    pub(super) fn builds_on_published(&self) -> bool {
        self.takes == StretchRows::Sales
    }

    pub(super) fn way(&self) -> ReadingWay {
        if self.reads_by_card() {
            ReadingWay::ByCard
        } else if self.filters_sales_here {
            ReadingWay::Whole
        } else {
            ReadingWay::ByPeriod
        }
    }

    /// Asks whether this is the base the store came from, and how much there is.
    pub(super) async fn prepare(&mut self) -> Result<(), Error> {
        self.refuse_another_base().await?;
        self.expected = ExpectedRows {
            cards: self.job.cards_expected,
            owners: self.reading.client.count(Set::Owners, &Filter::none()).await?,
            opening: self.opening_expected().await?,
            purchases: self.rows_believed::<SalesRow>(Set::Sales, &purchases_filter(self.job.window)).await?,
            points: self.points_expected().await?,
            products: None,
        };
        self.plan_anew();
        Ok(())
    }

    /// Refuses to go on with a base most of which could not be read; `counts` are the rows that were built on.
    pub(super) fn refuse_unreadable(&self, counts: store::Counts) -> Result<(), Error> {
        for (set, tally) in &self.facts.read {
            let stored = match set {
                Set::Sales => counts.opening_balances.lines + counts.purchases.lines,
                Set::Points => counts.bonus_rows,
                Set::Cards | Set::Owners | Set::Products => 0,
            };
            tally.refuse_many(*set, stored)?;
        }
        Ok(())
    }

    /// What reading cards and owners takes at most, counted before it begins.
    pub(super) fn work_of_cards(&self) -> StageWork {
        let ExpectedRows { cards, owners, .. } = self.expected;
        let limit = self.job.settings.limit;
        if limit > 0 {
            let page = u64::from(self.reading.client.page_size()).max(1);
            let cards = limit.div_ceil(page).saturating_mul(page).min(cards);
            return StageWork { rows: cards, to_confirm: 0 }
                + self.work_of::<Owner>(Set::Owners, limit, owners);
        }
        StageWork { rows: cards, to_confirm: cards } + self.work_of::<Owner>(Set::Owners, cards, owners)
    }

    /// What fetching so many objects of a catalog takes at most: each by its key, or all of them and their keys again.
    /// The fewer there are, the less it takes.
    fn work_of<R: odata::FromRow>(&self, set: Set, needed: u64, all: u64) -> StageWork {
        let needed = needed.min(all);
        let is_by_key = usize::try_from(needed).is_ok_and(|it| self.is_cheaper_by_key::<R>(set, it, all));
        let (rows, to_confirm) = if is_by_key { (needed, 0) } else { (all, all) };
        StageWork { rows, to_confirm }
    }

    /// Tells what the stages of a full read will read, before the first of them begins.
    pub(super) async fn plan_stages(&mut self) -> Result<(), Error> {
        let reporter = &self.job.reporter;
        reporter.plan(Stage::Cards, self.work_of_cards());
        if self.job.settings.limit > 0 {
            // The rows of some cards are not counted.
            return Ok(());
        }
        let ExpectedRows { opening, purchases, points, .. } = self.expected;
        let rows = |rows| StageWork { rows, to_confirm: 0 };
        reporter.plan(Stage::OpeningBalances, rows(opening));
        let products = self.work_of_products(purchases).await?;
        self.job.reporter.plan(Stage::Purchases, rows(purchases) + products);
        self.job.reporter.plan(Stage::Points, rows(points));
        Ok(())
    }

    /// What the names of the products of so many purchases take at most.
    pub(super) async fn work_of_products(&mut self, purchases: u64) -> Result<StageWork, Error> {
        if self.note.products || purchases == 0 {
            return Ok(StageWork::default());
        }
        match self.products_in_all().await {
            Ok(all) => Ok(self.work_of::<Product>(Set::Products, purchases, all)),
            // It is said where they are asked for.
            Err(Error::Odata(error)) if error.is_gone_without() => Ok(StageWork::default()),
            Err(error) => Err(error),
        }
    }

    /// 1C's count of all products, asked once.
    async fn products_in_all(&mut self) -> Result<u64, Error> {
        if let Some(all) = self.expected.products {
            return Ok(all);
        }
        let all = self.reading.client.count(Set::Products, &Filter::none()).await?;
        self.expected.products = Some(all);
        Ok(all)
    }

    pub(super) async fn read_cards(&mut self) -> Result<(), Error> {
        let limit = self.job.settings.limit;
        let (cards, versions) = if limit > 0 {
            (self.reading.first::<Card>(Set::Cards, limit).await?, None)
        } else {
            let (cards, versions) = self.reading.catalog::<Card>(Set::Cards).await?;
            (cards, Some(versions))
        };
        let mut cards: Vec<Card> = self.good(Set::Cards, cards);
        cards.sort_unstable_by_key(|card| card.id);
        cards.truncate(if limit > 0 { usize::try_from(limit).unwrap_or(usize::MAX) } else { usize::MAX });
        self.facts.cards = cards.iter().map(|card| card.id).collect();
        let versions_of_owners = self.put_cards(cards).await?;
        let both = versions.zip(versions_of_owners);
        self.note.catalogs = both.map(|(cards, owners)| Catalogs { cards, owners });
        Ok(())
    }

    /// Joins cards with their owners, which are read for it. The versions of all owners, where all were read.
    pub(super) async fn put_cards(&mut self, cards: Vec<Card>) -> Result<Option<u64>, Error> {
        let (owners, versions) = self.owners(&cards).await?;
        for owner in cards.iter().filter_map(|card| card.owner).filter(|owner| !owner.is_empty()) {
            self.facts.owners_named += 1;
            self.facts.owners_unlisted += u64::from(!owners.contains_key(&owner));
        }
        let customers = cards.into_iter().map(|card| {
            let owner = card.owner.and_then(|owner| owners.get(&owner));
            let customer = Customer::join(&card, owner);
            let origin = Origin {
                card_version: card.version,
                owner: card.owner,
                owner_version: owner.map(|owner| owner.version.clone()),
            };
            ListedCustomer { customer, origin: Some(origin) }
        });
        self.staging.put(Batch::Customers(customers.collect())).await;
        Ok(versions)
    }

    /// The rest goes on without it, and it is told.
    fn go_without(&mut self, why: odata::Error) {
        self.facts.unknown_names.extend(why.unknown_name().map(str::to_owned));
        self.job.reporter.notice(Notice::GoneWithout(why));
    }

    /// Points are unknown: bonus rows of the generation before stay.
    pub(super) async fn go_without_points(&mut self, why: odata::Error) -> Result<(), Error> {
        self.go_without(why);
        self.facts.has_points = false;
        self.forget_stretches(Set::Points);
        self.staging.put(Batch::ForgetBonusRows).await;
        self.keep_points().await
    }

    /// The base is known by a sample of its keys, not by its address.
    async fn refuse_another_base(&self) -> Result<(), Error> {
        let Some(base) = self.job.base().await? else { return Ok(()) };
        if self.job.settings.accept_base || base.sample.is_empty() {
            return Ok(());
        }
        refuse_another_base(self.reading.client, &base).await?;
        if base.address != self.job.settings.address {
            self.job.reporter.notice(Notice::NewAddress(self.job.settings.address.clone()));
        }
        Ok(())
    }

    /// 1C's count of the rows that match, or of all rows where it cannot filter.
    async fn rows_expected(&self, set: Set, filter: &Filter) -> Result<u64, Error> {
        match self.reading.client.count(set, filter).await {
            Err(error) if error.is_filter_refused() => {
                Ok(self.reading.client.count(set, &Filter::none()).await?)
            }
            other => Ok(other?),
        }
    }

    /// The same; where it finds nothing in a register that is not empty, it must find a row that is there.
    async fn rows_believed<R: RegisterRow>(&self, set: Set, filter: &Filter) -> Result<u64, Error> {
        let (client, counted) = (self.reading.client, self.rows_expected(set, filter).await?);
        if counted > 0 || client.finds::<R>(set, filter).await? {
            return Ok(counted);
        }
        self.rows_expected(set, filter).await
    }

    /// 1C's count of bonus rows. Without points the rest goes on: they are unknown then, never zero.
    async fn points_expected(&mut self) -> Result<u64, Error> {
        match self.rows_believed::<PointsRow>(Set::Points, &asked_of(Set::Points)).await {
            Err(Error::Odata(error)) if error.is_gone_without() => {
                self.go_without(error);
                Ok(0)
            }
            Ok(0) if self.are_points_withheld().await? => Ok(0),
            counted => {
                self.facts.has_points = true;
                counted
            }
        }
    }

    /// Whether no points means that 1C does not tell them: found out by this sync, or by the one before.
    async fn are_points_withheld(&self) -> Result<bool, Error> {
        let before = self.job.current().await?;
        let were_unknown = |it: Generation| it.counts.bonus_rows > 0 && it.points_at.is_none();
        Ok(self.job.are_points_withheld || before.is_some_and(were_unknown))
    }

    /// Nothing is removed that was not looked at: bonus rows of the generation before stay.
    pub(super) async fn keep_points(&self) -> Result<(), Error> {
        let stored = |snapshot: &Snapshot| {
            let known = snapshot.customers()?.map(|customer| customer.map(|customer| customer.card));
            let unknown = snapshot.unknown_cards()?.into_iter().map(|unknown| Ok(unknown.card));
            let rows = known.chain(unknown).map(|card| snapshot.bonus_rows(card?));
            rows.collect::<Result<Vec<_>, store::Error>>()
        };
        let rows = self.job.published(stored).await?.concat();
        self.staging.put(Batch::BonusRows(rows)).await;
        Ok(())
    }

    /// The owners of these cards; and the versions of all owners, where all were read.
    async fn owners(&mut self, cards: &[Card]) -> Result<(HashMap<OwnerId, Owner>, Option<u64>), Error> {
        let needed: BTreeSet<_> = cards.iter().filter_map(|card| card.owner).map(|owner| owner.0).collect();
        let needed: Vec<_> = needed.into_iter().collect();
        let by_key = self.is_cheaper_by_key::<Owner>(Set::Owners, needed.len(), self.expected.owners);
        let (owners, versions) = if by_key {
            self.job.reporter.no_more_than(StageWork { rows: needed.len() as u64, to_confirm: 0 });
            (self.reading.items::<Owner>(Set::Owners, &needed).await?, None)
        } else {
            let rest = StageWork { rows: self.expected.owners, to_confirm: self.expected.owners };
            self.job.reporter.no_more_than(rest);
            let (owners, versions) = self.reading.catalog::<Owner>(Set::Owners).await?;
            (owners, Some(versions))
        };
        let owners = self.good(Set::Owners, owners).into_iter().map(|owner| (owner.id, owner)).collect();
        Ok((owners, versions))
    }

    /// Fetches the names of the products met, in bulk or by key, whichever is fewer requests. Names are
    /// no figures: a catalog that is not published is said and gone without.
    pub(super) async fn products(&mut self) -> Result<(), Error> {
        let new: HashSet<_> = self.facts.products.difference(&self.products_read).copied().collect();
        let mut needed: Vec<_> = new.iter().map(|product| product.0).collect();
        // What is asked never depends on chance.
        needed.sort_unstable();
        if needed.is_empty() {
            self.job.reporter.no_more_than(StageWork::default());
            return Ok(());
        }
        self.products_read.extend(&new);
        let products = match self.fetch_products(&needed).await {
            Err(Error::Odata(error)) if error.is_gone_without() => {
                self.go_without(error);
                self.tell_products(false);
                return Ok(());
            }
            other => other?,
        };
        self.tell_products(true);
        let products =
            self.good(Set::Products, products).into_iter().filter(|product| new.contains(&product.id));
        let products = products.map(|product| store::StoredProduct {
            id: product.id,
            name: product.name,
            article: product.article.unwrap_or_default(),
        });
        self.staging.put(Batch::Products(products.collect())).await;
        Ok(())
    }

    fn tell_products(&mut self, are_told: bool) {
        let name = self.reading.client.name_of(Set::Products);
        self.facts.told.insert((DataPart::Products, name), are_told);
    }

    async fn fetch_products(&mut self, needed: &[uuid::Uuid]) -> Result<Collected<Product>, Error> {
        let all = self.products_in_all().await?;
        let work = self.work_of::<Product>(Set::Products, needed.len() as u64, all);
        self.job.reporter.no_more_than(work);
        if self.is_cheaper_by_key::<Product>(Set::Products, needed.len(), all) {
            return self.reading.items::<Product>(Set::Products, needed).await;
        }
        Ok(self.reading.catalog::<Product>(Set::Products).await?.0)
    }

    /// Whether fetching by key takes fewer requests than both passes over the whole catalog.
    pub(super) fn is_cheaper_by_key<R: odata::FromRow>(&self, set: Set, needed: usize, all: u64) -> bool {
        let client = self.reading.client;
        let room = client.room::<R>(&PageQuery::of(set)).max(1);
        let pages_of = |rows: u32| all.div_ceil(u64::from(rows).max(1));
        let pages = pages_of(client.page_size()) + pages_of(client.page_size_of::<odata::ThinObject>(set));
        (needed.div_ceil(room) as u64) < pages
    }

    /// The query that finds what the settings set apart: by type, by a part of the type, or everything; `None` where
    /// they set nothing apart.
    pub(super) async fn set_apart_query(&mut self) -> Result<Option<PageQuery>, Error> {
        if self.set_apart.is_none() {
            self.opening_expected().await?;
        }
        Ok(match &self.set_apart {
            Some(SetApart::Asked(query)) => Some(query.clone()),
            Some(SetApart::Nothing) | None => None,
        })
    }

    /// Asks for what the settings set apart by these types from now on.
    pub(super) fn ask_for_types(&mut self, types: Vec<RecorderType>) {
        let filter = active().of_types(types);
        self.set_apart = Some(SetApart::Asked(PageQuery::of(Set::Sales).filter(filter).order(Order::Key)));
    }

    /// How many rows the settings set apart, by 1C's count; it tells how they are asked for as well.
    async fn opening_expected(&mut self) -> Result<u64, Error> {
        let (asked, rows) = if let Some(told) = self.reading.set_apart().await? {
            told
        } else {
            let everything = self.everything();
            (SetApart::Asked(everything), self.reading.client.count(Set::Sales, &Filter::none()).await?)
        };
        self.set_apart = Some(asked);
        Ok(rows)
    }

    /// Leaves filtering to us from now on.
    pub(super) fn read_everything(&mut self) {
        self.set_apart = Some(SetApart::Asked(self.everything()));
        self.forget_stretches(Set::Sales);
    }

    /// The query for a 1C that cannot filter: filtering is left to us.
    pub(super) fn everything(&mut self) -> PageQuery {
        self.filters_sales_here = true;
        self.job.reporter.notice(Notice::FilterRefused(Set::Sales.name().into()));
        PageQuery::of(Set::Sales).order(Order::Period)
    }

    pub(super) async fn points_by_period(&mut self) -> Result<(), Error> {
        let oldest = self.oldest::<PointsRow>(Set::Points).await?;
        let until = read_spans::horizon(self.job.points_at);
        let terms = self.stretch_terms(Set::Points);
        let spans = read_spans::spans(None, oldest, until, self.expected.points, terms);
        let spans = without(&spans, &self.taken.points);
        match self.stretches::<PointsRow>(Set::Points, spans).await {
            Err(Error::Odata(error)) if error.is_filter_refused() => {
                self.job.reporter.notice(Notice::FilterRefused(Set::Points.name().into()));
                self.forget_stretches(Set::Points);
                self.job.reporter.begin_again();
                self.staging.put(Batch::ForgetBonusRows).await;
                let all = self.reading.unfiltered::<PointsRow>(Set::Points).await?;
                let rows = self.good(Set::Points, all);
                self.put_points(rows).await;
                Ok(())
            }
            Ok(()) if self.are_points_short().await? => {
                let by_period = asked_of(Set::Points).within(Span::since(self.job.points_at));
                self.reading.client.cannot_filter(Set::Points, &by_period);
                Box::pin(self.points_by_period()).await
            }
            other => other,
        }
    }

    /// Whether stretches brought fewer rows than 1C counted without any filter, before they were read and after: a
    /// filter that leaves rows out counts as few, and agrees with itself.
    async fn are_points_short(&self) -> Result<bool, Error> {
        let (read, before): (u64, _) =
            (self.note.points.iter().map(|done| done.rows).sum(), self.expected.points);
        if read >= before {
            return Ok(false);
        }
        Ok(read < self.rows_expected(Set::Points, &asked_of(Set::Points)).await?)
    }

    /// Rows of a register that a page holds.
    pub(super) fn page_of_lines(&self, register: Set) -> u32 {
        self.reading.client.page_size_of::<SalesRow>(register)
    }

    /// How a register is cut into stretches here.
    pub(super) fn stretch_terms(&self, register: Set) -> StretchTerms {
        let client = &self.reading.client;
        StretchTerms {
            page_size: self.page_of_lines(register),
            in_flight: self.job.settings.in_flight,
            is_ordered: client.reads_by_position(register, Order::Period),
        }
    }

    pub(super) async fn stretches<R: RegisterRow>(&mut self, set: Set, spans: Vec<Span>) -> Result<(), Error>
    where
        Self: RowSink<R>,
    {
        let reading = self.reading;
        let in_flight = self.job.settings.in_flight;
        reading.spans(set, &asked_of(set), spans, in_flight, self).await
    }

    /// The period of the oldest row, for planning alone: nothing is lost where it is wrong.
    pub(super) async fn oldest<R: RegisterRow>(&self, set: Set) -> Result<Option<LocalTime>, Error> {
        let query = PageQuery::of(set).filter(asked_of(set)).order(Order::Period).top(Top::Rows(1));
        match self.reading.client.page::<R>(&query).await {
            Err(error) if error.is_filter_refused() => Ok(None),
            page => Ok(page?.rows.first().map(RegisterRow::period)),
        }
    }

    pub(super) async fn of_cards<R: RegisterRow>(
        &mut self,
        set: Set,
        filter: &Filter,
    ) -> Result<Vec<R>, Error> {
        let rows = self.collect_of_cards::<R>(set, filter).await?;
        Ok(self.good(set, rows))
    }

    pub(super) async fn collect_of_cards<R: Marked>(
        &self,
        set: Set,
        filter: &Filter,
    ) -> Result<Collected<R>, Error> {
        let cards: Vec<CardId> = self.facts.cards.iter().copied().collect();
        match self.of_these_cards(set, filter, &cards).await {
            Err(Error::Odata(error)) if error.is_filter_refused() => {
                let all = PageQuery::of(set).order(Order::Period);
                let mut all: Collected<R> = self.reading.counted(&all).await?;
                let filter = filter.clone().of_cards(cards);
                all.rows.retain(|_, row| self.reading.client.matches(&filter, row));
                Ok(all)
            }
            rows => rows,
        }
    }

    pub(super) async fn of_these_cards<R: Marked>(
        &self,
        set: Set,
        filter: &Filter,
        cards: &[CardId],
    ) -> Result<Collected<R>, Error> {
        let query = PageQuery::of(set).filter(filter.clone()).order(Order::Period);
        let client = self.reading.client;
        let mut collected = Collected::new();
        let mut left = cards;
        while !left.is_empty() {
            let (batch, others) = left.split_at(client.room::<R>(&query).clamp(1, left.len()));
            let of_batch = query.clone().filter(filter.clone().of_cards(batch));
            match self.reading.counted::<R>(&of_batch).await {
                Err(Error::Odata(error)) if client.takes_fewer::<R>(&error, batch.len(), &query) => {}
                rows => {
                    collected.extend(rows?);
                    left = others;
                }
            }
        }
        Ok(collected)
    }

    /// The good rows; the bad ones are counted, told and distrusted with their card.
    pub(super) fn good<R>(&mut self, set: Set, collected: Collected<R>) -> Vec<R> {
        self.facts.read.entry(set).or_default().add_good(collected.rows.len() as u64);
        for (mark, row) in collected.rejected {
            if self.facts.rejected.insert((set, mark)) {
                self.facts.read.entry(set).or_default().reject(&row);
                self.facts.distrust(row.card, set);
                self.count_unread(set, row.recorder_type.as_ref());
                self.job.reporter.rejected(set.name().into(), row);
            }
        }
        collected.rows.into_values().collect()
    }

    /// What cannot be read is there all the same.
    fn count_unread(&mut self, set: Set, recorder_type: Option<&RecorderType>) {
        let names = self.job.client.names().recorder_names();
        let role = recorder_type.map(|it| RecorderRole::of(&it.0, names));
        let unread = &mut self.facts.unread;
        match (set, role) {
            (Set::Points, _) => unread.points += 1,
            (Set::Sales, Some(RecorderRole::OpeningBalance)) => unread.opening_balances += 1,
            (Set::Sales, Some(RecorderRole::Purchase)) => unread.purchases += 1,
            _ => {}
        }
    }

    /// Sales of both kinds, where both are read at once.
    pub(super) async fn put_sales(&mut self, rows: Vec<SalesRow>) {
        let (opening, purchases) =
            rows.into_iter().partition(|row| row.movement.kind == MovementKind::OpeningBalance);
        self.put_opening(opening).await;
        self.put_purchases(purchases).await;
    }

    pub(super) async fn put_opening(&mut self, rows: Vec<SalesRow>) {
        let kept = rows
            .into_iter()
            .filter(|row| is_kept(row, MovementKind::OpeningBalance) && self.is_read(row.movement.card));
        self.staging.put(Batch::Movements(kept.map(|row| row.movement).collect())).await;
    }

    pub(super) async fn put_purchases(&mut self, rows: Vec<SalesRow>) {
        let window = self.job.window;
        if self.way() == ReadingWay::Whole {
            self.facts.spans_of_types = BTreeMap::new();
            widen(&mut self.facts.spans_of_types, &rows, |_| true);
        }
        // Rows that are not kept may be all there are of a type.
        widen(&mut self.facts.older_types, &rows, |period| !window.contains(period));
        let kept =
            |row: &SalesRow| is_kept(row, MovementKind::Purchase) && window.contains(row.movement.period);
        let movements: Vec<_> = rows
            .into_iter()
            .filter(|row| kept(row) && self.is_read(row.movement.card))
            .map(|row| row.movement)
            .collect();
        self.facts.products.extend(movements.iter().filter_map(|movement| movement.product));
        self.staging.put(Batch::Movements(movements)).await;
    }

    pub(super) async fn put_points(&mut self, rows: Vec<PointsRow>) {
        let rows = rows.into_iter().filter(|row| row.active && self.is_read(row.row.card)).map(|row| row.row);
        let rows: Vec<BonusRow> = rows.collect();
        self.staging.put(Batch::BonusRows(rows)).await;
    }

    /// Whether a card's rows are taken: all but those a limit leaves unread.
    fn is_read(&self, card: CardId) -> bool {
        self.job.settings.limit == 0 || self.facts.cards.contains(&card)
    }

    fn reads_by_card(&self) -> bool {
        self.job.settings.limit > 0 && self.facts.cards.len() <= FEW_CARDS
    }

    /// Plans what the whole reading takes at the page size of the moment, beyond what was planned for it: pages
    /// that 1C cuts are more of them.
    pub(super) fn plan_anew(&mut self) {
        let needed = self.expected.requests(self.job.client.page_size());
        self.job.client.plan(needed.saturating_sub(self.planned));
        self.planned = self.planned.max(needed);
    }

    /// What a plan of what is read again depends on.
    pub(super) fn reread_terms(&self) -> RereadTerms {
        let page_size = self.page_of_lines(Set::Sales);
        let ExpectedRows { purchases, opening, .. } = self.expected;
        RereadTerms { way: self.way(), page_size, purchases, opening }
    }

    /// Pages that so many rows take.
    pub(super) fn pages(&self, rows: u64) -> u64 {
        read_spans::pages(rows, self.reading.client.page_size())
    }

    pub(super) fn end(&self) {
        self.job.reporter.end();
    }

    /// A thread that failed to write ends the reading; its own error is told when it is joined.
    fn refuse_dead_writer(&self) -> Result<(), Error> {
        if self.staging.has_failed() {
            Err(Error::Internal("the store stopped taking rows".into()))
        } else {
            Ok(())
        }
    }
}

impl RowSink<SalesRow> for Ledger<'_> {
    async fn take(&mut self, span: Span, rows: Collected<SalesRow>) -> Result<(), Error> {
        self.note.purchases.push(Done::new(span, rows.received()));
        self.stretched += rows.received();
        let rows = self.good(Set::Sales, rows);
        match self.takes {
            StretchRows::Sales => self.put_sales(rows).await,
            StretchRows::Purchases => self.put_purchases(rows).await,
        }
        self.refuse_dead_writer()?;
        self.checkpoint_in_time().await
    }
}

impl RowSink<PointsRow> for Ledger<'_> {
    async fn take(&mut self, span: Span, rows: Collected<PointsRow>) -> Result<(), Error> {
        self.note.points.push(Done::new(span, rows.received()));
        self.stretched += rows.received();
        let rows = self.good(Set::Points, rows);
        self.put_points(rows).await;
        self.refuse_dead_writer()?;
        self.checkpoint_in_time().await
    }
}

impl Marked for ThinSale {
    fn mark(&self) -> RowMark {
        RowMark::of(&self.key)
    }
}

impl ExpectedRows {
    /// Requests all this will take: what the budget of repeats grows with.
    fn requests(self, page_size: u32) -> u64 {
        let pages = |rows| read_spans::pages(rows, page_size);
        let catalogs = 3 * (pages(self.cards) + pages(self.owners));
        let registers =
            read_spans::requests(self.purchases, page_size) + read_spans::requests(self.points, page_size);
        catalogs + 3 * pages(self.opening) + registers + 20
    }
}

/// Widens the spans of types of document by the rows that count and lie at such a moment.
fn widen(
    spans: &mut BTreeMap<RecorderType, (LocalTime, LocalTime)>,
    rows: &[SalesRow],
    is_wanted: impl Fn(LocalTime) -> bool,
) {
    for Movement { key, period, .. } in rows.iter().filter(|row| row.active).map(|row| &row.movement) {
        if is_wanted(*period) {
            match spans.get_mut(&key.recorder_type) {
                Some((oldest, newest)) => (*oldest, *newest) = (*period.min(oldest), *period.max(newest)),
                None => _ = spans.insert(key.recorder_type.clone(), (*period, *period)),
            }
        }
    }
}

/// Whether a row counts as one of this kind.
fn is_kept(row: &SalesRow, kind: MovementKind) -> bool {
    row.active && !row.is_ignored && row.movement.kind == kind
}

/// What rows of a register are asked by. Bonus rows come with those that do not count: their number is the register's
/// own then, and no filter of ours has a say in it.
pub(super) fn asked_of(register: Set) -> Filter {
    if register == Set::Points { Filter::none() } else { active() }
}

pub(super) fn active() -> Filter {
    Filter::none().active()
}

fn purchases_filter(window: Window) -> Filter {
    match window.from {
        Some(_) => active().within(Span { from: window.from, to: None }),
        None => active(),
    }
}
