//! What a list of customers may be asked for beside its query: an order, a filter, a part.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::terms;
use super::truth::Truths;
use crate::domain::field::{LISTED, LISTED_BEHIND, SEARCHED};
use crate::domain::reconcile::latest::CardChoice;
use crate::domain::reconcile::{self, Terms, TotalVariance};
use crate::domain::{Amount, CardId, Customer, CustomerField, OwnerId, Settings, StoredFigures, Verdict};
use crate::search::Index;
use crate::search::fold::fold;
use crate::store::{Error, Snapshot};

/// What a list is put in order by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Column {
    /// How well the query matches.
    #[default]
    Match,
    /// A field of the customer.
    Field(CustomerField),
    /// Opening balance + purchases.
    Total,
    /// Points.
    Points,
    /// Store minus 1C.
    Variance,
}

impl Column {
    /// All of them, in the order of the list's columns.
    pub const ALL: [Self; 4 + LISTED.len() + LISTED_BEHIND.len()] = {
        let mut all = [Self::Match; 4 + LISTED.len() + LISTED_BEHIND.len()];
        let figures = [Self::Total, Self::Points, Self::Variance];
        let mut at = 1;
        while at < all.len() {
            let behind = at - 1;
            all[at] = if behind < LISTED.len() {
                Self::Field(LISTED[behind])
            } else if behind < LISTED.len() + figures.len() {
                figures[behind - LISTED.len()]
            } else {
                Self::Field(LISTED_BEHIND[behind - LISTED.len() - figures.len()])
            };
            at += 1;
        }
        all
    };

    /// The column's name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Field(field) => field.name(),
            Self::Total => "total",
            Self::Points => "points",
            Self::Variance => "variance",
        }
    }

    /// The order somebody means who names this column only: of sums the greatest comes first.
    pub fn order(self) -> ListOrder {
        ListOrder { by: self, descending: matches!(self, Self::Total | Self::Points | Self::Variance) }
    }

    fn place(self) -> usize {
        Self::ALL.iter().position(|other| *other == self).unwrap_or_default()
    }
}

/// An order of the list. Cards marked for deletion come last in every one, and so does what is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListOrder {
    /// By what.
    pub by: Column,
    /// The greatest first. Has no meaning for [`Column::Match`]: the best is always first.
    pub descending: bool,
}

/// Which customers the list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Keep {
    /// Everybody.
    #[default]
    All,
    /// Those who differ from 1C.
    Variances,
    /// Those who were compared with nothing.
    Unverified,
    /// Those who have points.
    WithPoints,
}

impl Keep {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::All, Self::Variances, Self::Unverified, Self::WithPoints];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Variances => "variances",
            Self::Unverified => "unverified",
            Self::WithPoints => "with-points",
        }
    }
}

/// Which of the customers found are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFilter {
    /// By what is known of them.
    pub keep: Keep,
    /// Of this town only, in any spelling that folds to the same.
    pub city: Option<String>,
    /// Cards of this owner only, who has several.
    pub owner: Option<OwnerId>,
}

impl ListFilter {
    /// Whether it lets everybody pass.
    pub fn is_open(&self) -> bool {
        self.keep == Keep::All && self.city.is_none() && self.owner.is_none()
    }
}

/// A list asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// As typed.
    pub query: String,
    /// In which order.
    pub order: ListOrder,
    /// Who is left out.
    pub filter: ListFilter,
    /// Which part of it.
    pub part: ListPart,
}

/// A part of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPart {
    /// Position of the first row.
    pub from: usize,
    /// Rows at most; 0 is no limit.
    pub limit: usize,
    /// Where this card is in the list, the part is taken around it instead.
    pub around: Option<CardId>,
}

impl ListPart {
    /// The positions it stands for in a list of `total` rows whose `around` is `at`.
    pub(super) fn positions(self, at: Option<usize>, total: usize) -> std::ops::Range<usize> {
        let limit = if self.limit == 0 { total } else { self.limit };
        let last = total.saturating_sub(limit);
        let from = at.map_or(self.from, |at| at.saturating_sub(limit / 2)).min(last);
        from..total.min(from.saturating_add(limit))
    }
}

/// A town, and how many cards belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CityCount {
    /// As the first of them spells it.
    pub name: String,
    /// Cards.
    pub cards: usize,
}

/// What lists are sorted and filtered by: a line for every record of the index of the same generation.
#[derive(Debug, Default)]
pub(super) struct SortSheet {
    lines: Vec<SortLine>,
    cities: Arc<[CityCount]>,
    terms: Option<Terms>,
    /// Records by their card.
    by_card: Arc<Vec<(CardId, u32)>>,
    /// Records of owners who have several cards, in the order of the index for each.
    by_owner: Arc<Vec<(OwnerId, u32)>>,
    /// What the listed fields that the index does not hold are sorted by.
    places: Arc<Vec<(usize, CustomerField, i64)>>,
    /// The places of all records in the order of each column, made when first asked for.
    ranks: [OnceLock<Arc<Vec<u32>>>; Column::ALL.len()],
    /// What was compared beside the syncs.
    truths: Option<Arc<Truths>>,
}

/// The figures of one record in their smallest units.
#[derive(Clone, Copy, Debug, Default)]
struct SortLine {
    total: Option<i64>,
    /// As 1C has it, where that is known; else as it is stored.
    total_shown: Option<i64>,
    points: Option<i64>,
    /// The size of what the total differs by beside earlier purchases.
    variance: Option<i64>,
    verdict: Verdict,
    city: Option<u32>,
}

/// What is not known has no place.
const NOWHERE: u32 = u32::MAX;

impl SortSheet {
    /// The sheet of an index over the customers of this snapshot, with what was gathered of them.
    pub(super) fn of(
        snapshot: &Snapshot,
        index: &Index,
        gathered: Gathered,
        today: &Settings,
    ) -> Result<Self, Error> {
        let mut by_card: Vec<_> = (0..).zip(index.cards()).map(|(record, card)| (*card, record)).collect();
        by_card.sort_unstable();
        let by_card = Arc::new(by_card);
        let mut sheet = Self { lines: vec![SortLine::default(); index.len()], by_card, ..Self::default() };
        sheet.terms = terms::terms_of(snapshot, today)?;
        if let Some(terms) = &sheet.terms {
            for figures in snapshot.all_figures()? {
                let (card, figures) = figures?;
                if let Some(record) = sheet.record(card) {
                    sheet.lines[record] = SortLine::of(&figures, terms);
                }
            }
        }
        let Gathered { towns, places, owners } = gathered;
        sheet.by_owner = Arc::new(sheet.of_several_cards(owners));
        let record = |(card, field, place)| Some((sheet.record(card)?, field, place));
        sheet.places = Arc::new(places.into_iter().filter_map(record).collect());
        sheet.take_towns(index, towns);
        Ok(sheet)
    }

    /// The records of owners who have several cards.
    fn of_several_cards(&self, owners: Vec<(OwnerId, CardId)>) -> Vec<(OwnerId, u32)> {
        let record = |card| self.record(card).and_then(|record| u32::try_from(record).ok());
        let mut records: Vec<_> =
            owners.into_iter().filter_map(|(owner, card)| Some((owner, record(card)?))).collect();
        records.sort_unstable();
        let several = records.chunk_by(|one, other| one.0 == other.0).filter(|cards| cards.len() > 1);
        several.flatten().copied().collect()
    }

    fn take_towns(&mut self, index: &Index, towns: HashMap<String, CityCount>) {
        let mut towns: Vec<_> = towns.into_iter().collect();
        towns.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (record, line) in self.lines.iter_mut().enumerate() {
            let folded = index.field(record, CustomerField::City);
            let place = towns.binary_search_by(|(town, _)| town.as_bytes().cmp(folded));
            line.city = place.ok().and_then(|place| u32::try_from(place).ok());
        }
        self.cities = towns.into_iter().map(|(_, town)| town).collect();
    }

    /// The same with what was compared beside the syncs.
    pub(super) fn by(&self, truths: Arc<Truths>) -> Self {
        let mut lines = self.lines.clone();
        for (card, choice) in truths.cards() {
            if let Some(line) = self.record(*card).and_then(|record| lines.get_mut(record)) {
                line.verdict = choice.verdict;
                line.differ(choice.variance);
            }
        }
        let mut ranks = self.ranks.clone();
        for column in [Column::Total, Column::Variance] {
            ranks[column.place()] = OnceLock::new();
        }
        Self {
            lines,
            cities: Arc::clone(&self.cities),
            terms: self.terms.clone(),
            by_card: Arc::clone(&self.by_card),
            by_owner: Arc::clone(&self.by_owner),
            places: Arc::clone(&self.places),
            ranks,
            truths: Some(truths),
        }
    }

    /// Whether it was made with these.
    pub(super) fn is_by(&self, truths: &Arc<Truths>) -> bool {
        self.truths.as_ref().is_some_and(|own| Arc::ptr_eq(own, truths))
    }

    /// What to say of a card that was compared beside its sync.
    pub(super) fn choice(&self, card: CardId) -> Option<&CardChoice> {
        self.truths.as_ref()?.of(card)
    }

    /// The terms of the generation; `None` before the first sync.
    pub(super) fn terms(&self) -> Option<&Terms> {
        self.terms.as_ref()
    }

    /// All towns, by name.
    pub(super) fn cities(&self) -> Arc<[CityCount]> {
        Arc::clone(&self.cities)
    }

    /// The record of a card.
    pub(super) fn record(&self, card: CardId) -> Option<usize> {
        let place = self.by_card.binary_search_by_key(&card, |(card, _)| *card).ok()?;
        Some(self.by_card[place].1 as usize)
    }

    /// The records of an owner's cards, in the order of the index; none where there are not several.
    pub(super) fn records_of(&self, owner: OwnerId) -> impl Iterator<Item = usize> {
        let first = self.by_owner.partition_point(|(other, _)| *other < owner);
        let from_first = self.by_owner.get(first..).unwrap_or_default().iter();
        from_first.take_while(move |(other, _)| *other == owner).map(|(_, record)| *record as usize)
    }

    /// What tells whether a record passes a filter.
    pub(super) fn keeps(&self, filter: &ListFilter) -> impl Fn(usize) -> bool {
        let city = filter.city.as_deref().map(|city| {
            let wanted = fold(city);
            let place = self.cities.iter().position(|city| fold(&city.name) == wanted);
            place.and_then(|place| u32::try_from(place).ok())
        });
        let keep = filter.keep;
        let of_owner = filter.owner.map(|owner| self.records_of(owner).collect::<Vec<_>>());
        move |record| {
            let Some(line) = self.lines.get(record) else { return false };
            let is_kept = match keep {
                Keep::All => true,
                Keep::Variances => line.verdict == Verdict::Variance,
                Keep::Unverified => line.verdict == Verdict::Unverified,
                Keep::WithPoints => line.points.is_some_and(|points| points != 0),
            };
            let is_of_owner = |records: &Vec<usize>| records.binary_search(&record).is_ok();
            is_kept
                && of_owner.as_ref().is_none_or(is_of_owner)
                && city.is_none_or(|city| city.is_some() && line.city == city)
        }
    }

    /// Puts records, which come in the order of the index, into another.
    pub(super) fn sort(&self, records: &mut [usize], order: ListOrder, index: &Index) {
        let ranks = self.ranks[order.by.place()].get_or_init(|| Arc::new(self.ranked(order.by, index)));
        // The sort is stable: equals stay by name.
        records.sort_by_key(|record| {
            let rank = ranks.get(*record).copied().unwrap_or(NOWHERE);
            let turned = if order.descending { NOWHERE - 1 - rank.min(NOWHERE - 1) } else { rank };
            (index.is_deleted(*record), rank == NOWHERE, turned)
        });
    }

    /// The place of every record in the order of a column; equal ones share it.
    fn ranked(&self, column: Column, index: &Index) -> Vec<u32> {
        let text = |field| move |record| Some(index.field(record, field)).filter(|text| !text.is_empty());
        let figure = |of: fn(&SortLine) -> Option<i64>| move |record: usize| of(&self.lines[record]);
        match column {
            Column::Match => ranks(index.len(), text(CustomerField::Name)),
            Column::Field(field) if SEARCHED.contains(&field) => ranks(index.len(), text(field)),
            Column::Field(field) => {
                let of_field = self.places.iter().filter(|(_, other, _)| *other == field);
                let places: HashMap<_, _> = of_field.map(|(record, _, place)| (*record, *place)).collect();
                ranks(index.len(), |record| places.get(&record).copied())
            }
            Column::Total => ranks(index.len(), figure(|line| line.total_shown)),
            Column::Points => ranks(index.len(), figure(|line| line.points)),
            // Of variances the size counts, not the side: one that is missing is as bad as one too many.
            Column::Variance => ranks(index.len(), figure(|line| line.variance)),
        }
    }
}

/// The place of each of `len` records by its value; what has none has no place.
fn ranks<T: Ord>(len: usize, value: impl Fn(usize) -> Option<T>) -> Vec<u32> {
    let mut valued: Vec<_> =
        (0..len).filter_map(|record| value(record).map(|value| (value, record))).collect();
    valued.sort_unstable();
    let mut ranks = vec![NOWHERE; len];
    let mut rank = 0;
    for (place, (value, record)) in valued.iter().enumerate() {
        if place > 0 && valued[place - 1].0 != *value {
            rank += 1;
        }
        ranks[*record] = rank;
    }
    ranks
}

impl SortLine {
    /// Takes what the total was found to differ by.
    fn differ(&mut self, variance: Option<TotalVariance>) {
        let units = |amount: Amount| amount.to_units().ok();
        let all = variance.and_then(|variance| units(variance.all)).unwrap_or_default();
        self.total_shown = self.total.map(|total| total.saturating_sub(all));
        self.variance = variance.and_then(|it| units(it.beside_earlier())).map(i64::saturating_abs);
    }

    fn of(figures: &StoredFigures, terms: &Terms) -> Self {
        let points = terms.points_at.and_then(|_| figures.points(terms.rule));
        let mut line = Self {
            total: figures.own.total().to_units().ok(),
            points: points.and_then(|points| points.to_units().ok()),
            verdict: reconcile::standing_verdict(figures, terms),
            ..Self::default()
        };
        line.differ(reconcile::standing_variance(figures, terms));
        line
    }
}

/// What walking over all customers gathers beside the index.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Towns as they are counted, by their folded names.
    towns: HashMap<String, CityCount>,
    /// What the listed fields that the index does not hold are sorted by.
    places: Vec<(CardId, CustomerField, i64)>,
    /// Whose each card is.
    owners: Vec<(OwnerId, CardId)>,
}

impl Gathered {
    /// Takes one customer.
    pub(super) fn take(&mut self, customer: &Customer) {
        for field in LISTED.into_iter().chain(LISTED_BEHIND).filter(|field| !SEARCHED.contains(field)) {
            let place = customer.get(field).and_then(|value| value.place());
            self.places.extend(place.map(|place| (customer.card, field, place)));
        }
        self.owners.extend(customer.owner.map(|owner| (owner, customer.card)));
        let Some(city) = customer.city.as_ref().filter(|city| !city.name.is_empty()) else { return };
        let count = || CityCount { name: city.name.clone(), cards: 0 };
        self.towns.entry(fold(&city.name)).or_insert_with(count).cards += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_taken_around_its_card_and_inside_the_list() {
        let part = |from, limit| ListPart { from, limit, around: None };
        for (case, part, at, total, expected) in [
            ("the beginning", part(0, 10), None, 100, 0..10),
            ("without a limit", part(0, 0), None, 7, 0..7),
            ("the end", part(95, 10), None, 100, 90..100),
            ("a short list", part(50, 10), None, 4, 0..4),
            ("nothing", part(0, 10), None, 0, 0..0),
            ("around a card", part(0, 10), Some(50), 100, 45..55),
            ("around one of the first", part(0, 10), Some(2), 100, 0..10),
            ("around one of the last", part(0, 10), Some(99), 100, 90..100),
        ] {
            assert_eq!(part.positions(at, total), expected, "{case}");
        }
    }

    #[test]
    fn equals_share_a_place_and_what_is_unknown_has_none() {
        let values = [Some(7), None, Some(3), Some(7)];
        assert_eq!(ranks(4, |record| values[record]), [1, NOWHERE, 0, 1]);
    }
}
