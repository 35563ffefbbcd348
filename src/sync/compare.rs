//! What is staged beside 1C's sums, card by card, in one pass over the staging.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::bearers::Bearers;
use super::control_totals::{BaseTotals, OfStretch, ToldTable};
use super::differences::{ComparedCards, Differing, Hints, StagedDifferences, Stretch};
use super::duplicate_keys;
use super::position_reader::Marked;
use super::proof_spans::tomorrow;
use super::sums_by_month::SumsByMonth;
use crate::domain::recorder_types::WITHIN;
use crate::domain::{
    BonusRow, CardFigures, CardId, LocalTime, Movement, MovementKind, PointsBalance, ProductId, RecorderRole,
    RecorderType, Span, Summand, Total, TotalsByCard, Turnover, Window,
};
use crate::odata::{RowMark, ThinSale};
use crate::store::{self, CardRows, Staging};

/// What the whole staging is compared with.
#[derive(Clone, Debug)]
pub(super) struct StagingQuestion {
    pub(super) control: BaseTotals,
    /// What the settings set apart, as it was read a second time; `None` where it was not.
    pub(super) apart: Option<SetApartRows>,
    pub(super) window: Window,
    pub(super) points_at: LocalTime,
    pub(super) scope: Arc<ComparedCards>,
    /// Whether what each card comes to is wanted.
    pub(super) wants_figures: bool,
}

/// What the settings set apart, thinly: opening balances, and rows that are left out of every figure.
#[derive(Clone, Debug, Default)]
pub(super) struct SetApartRows {
    pub(super) rows: Arc<Vec<ThinSale>>,
    /// Rows of the thin reading that could not be read, with their cards where those could: they confirm and
    /// contradict nothing.
    pub(super) unreadable: Arc<HashMap<RowMark, Option<CardId>>>,
    /// Types of the documents that wrote the rows that count. Where 1C does not filter, purchases are read with the
    /// rest, and theirs are here too: those before the window are met nowhere else.
    pub(super) types: Arc<BTreeSet<RecorderType>>,
    /// All rows of the reading.
    pub(super) received: u64,
}

/// What is staged, and where it differs from what 1C tells.
#[derive(Clone, Debug, Default)]
pub(super) struct SeenStaging {
    pub(super) found: StagedDifferences,
    pub(super) types: BTreeSet<RecorderType>,
    /// Those that wrote purchases lately.
    pub(super) recent: BTreeSet<RecorderType>,
    pub(super) bearers: Bearers,
    pub(super) oldest: Option<LocalTime>,
    /// Period of the latest.
    pub(super) newest: Option<LocalTime>,
    pub(super) oldest_points: Option<LocalTime>,
    /// Period of the latest purchase that is not of the future.
    pub(super) latest: Option<LocalTime>,
    /// All cards together.
    pub(super) by_month: ByMonth,
    /// Of the purchases.
    pub(super) products: HashSet<ProductId>,
    /// What the cards of the catalog come to, where that was wanted.
    pub(super) own: Option<OwnFigures>,
}

impl SeenStaging {
    /// Takes the type of a document that wrote a row: whether the row is a purchase, and whether one of late.
    fn take_type(&mut self, recorder_type: &RecorderType, (is_purchase, is_recent): (bool, bool)) {
        if let Some(own) = self.own.as_mut().filter(|_| is_purchase) {
            own.purchases_by.insert(recorder_type.clone());
        }
        if is_recent {
            self.recent.insert(recorder_type.clone());
        }
        self.types.insert(recorder_type.clone());
    }
}

/// Types met so far, known by where their names lie: rows of one type share one, and there are few.
#[derive(Debug, Default)]
struct TypesMet(Vec<(RecorderType, (bool, bool))>);

impl TypesMet {
    fn is_new(&mut self, recorder_type: &RecorderType, of: (bool, bool)) -> bool {
        let is_same = |(known, how): &(RecorderType, (bool, bool))| {
            *how == of && Arc::ptr_eq(&known.0, &recorder_type.0)
        };
        let is_new = !self.0.iter().any(is_same);
        if is_new {
            self.0.push((recorder_type.clone(), of));
        }
        is_new
    }
}

/// What the cards of the catalog come to by what is staged.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnFigures {
    /// By key.
    figures: Vec<(CardId, CardFigures)>,
    /// Types of the documents whose rows are taken for purchases.
    pub(super) purchases_by: BTreeSet<RecorderType>,
}

impl OwnFigures {
    /// What a card comes to; `None` where the catalog does not have it.
    pub(super) fn of(&self, card: CardId) -> Option<CardFigures> {
        let place = self.figures.binary_search_by_key(&card, |(card, _)| *card).ok()?;
        self.figures.get(place).map(|(_, own)| *own)
    }

    fn take(&mut self, card: CardId, rows: &CardRows, question: &StagingQuestion) {
        let own = CardFigures::of(&rows.movements, &rows.bonus, question.window.from, question.points_at);
        self.figures.push((card, own));
    }
}

/// What is staged of all cards together, by month.
#[derive(Clone, Debug, Default)]
pub(super) struct ByMonth {
    pub(super) sales: SumsByMonth<Turnover>,
    pub(super) points: SumsByMonth<PointsBalance>,
}

pub(super) fn whole(staging: &mut Staging, question: &StagingQuestion) -> Result<SeenStaging, store::Error> {
    let StagingQuestion { control, window, points_at, scope, .. } = question;
    let net = |table| match &question.apart {
        Some(apart) => OfStretch::without_ignored(table, &apart.rows, window.span()),
        None => table,
    };
    let mut sales = Beside::new(control.turnover_window.clone().map(net), scope);
    let mut balance = Beside::new(control.balance.clone(), scope);
    let mut balance_of_all = Beside::new(control.balance_of_all.clone(), scope);
    let mut opening = question.apart.as_ref().map(|thin| OpeningBeside::new(thin, scope));
    let mut keys = duplicate_keys::MetKeys::default();
    let mut types_met = TypesMet::default();
    let mut seen = SeenStaging {
        by_month: ByMonth::new(window.from, tomorrow(*points_at)),
        own: question.wants_figures.then(OwnFigures::default),
        ..SeenStaging::default()
    };
    staging.visit(|card, customer, rows| {
        seen.bearers.sales.add(card, customer.is_some(), rows.movements.len());
        seen.bearers.points.add(card, customer.is_some(), rows.bonus.len());
        let periods = || rows.movements.iter().map(|movement| movement.period);
        seen.oldest = periods().chain(seen.oldest).min();
        seen.newest = periods().chain(seen.newest).max();
        let first = rows.bonus.iter().map(|row| row.period).min();
        seen.oldest_points = [seen.oldest_points, first].into_iter().flatten().min();
        let purchases = rows.movements.iter().filter(|movement| movement.kind == MovementKind::Purchase);
        seen.products.extend(purchases.filter_map(|movement| movement.product));
        for movement in &rows.movements {
            let is_purchase = movement.kind == MovementKind::Purchase;
            let is_recent = is_purchase && movement.period + WITHIN > *points_at;
            if types_met.is_new(&movement.key.recorder_type, (is_purchase, is_recent)) {
                seen.take_type(&movement.key.recorder_type, (is_purchase, is_recent));
            }
        }
        let purchases = rows.movements.iter().filter(|movement| movement.kind == MovementKind::Purchase);
        let past = purchases.map(|movement| movement.period).filter(|period| period <= points_at);
        seen.latest = seen.latest.max(past.max());
        seen.by_month.add(rows);
        if let Some(own) = seen.own.as_mut().filter(|_| customer.is_some()) {
            own.take(card, rows, question);
        }
        let in_window = || rows.movements.iter().filter(|movement| window.contains(movement.period));
        let side = in_window().map(|movement| movement.quantity).sum();
        sales.card(card, Turnover { main: in_window().map(|movement| movement.amount).sum(), side });
        let due = || rows.bonus.iter().filter(|row| row.period <= *points_at);
        balance.card(card, points_of(due()));
        balance_of_all.card(card, points_of(rows.bonus.iter()));
        if let Some(opening) = &mut opening {
            opening.card(card, &rows.movements);
        }
        if scope.is_read(card) {
            keys.take(rows);
        }
    })?;
    let twice = keys.finish(staging, scope)?;
    let (sales, pieces) = sales.finish();
    let ((due, accrued_due), (all, accrued)) = (balance.finish(), balance_of_all.finish());
    let hints = Hints { sales: pieces, points: Differing::default() };
    let opening_differs = opening.map(OpeningBeside::finish).unwrap_or_default();
    let opening_differs = opening_differs.and(Differing::of(&twice.openings));
    // Points of the last record are to be written off: rows that are left out may leave every balance what it is.
    let points = due.and(all).and(accrued_due).and(accrued).and(Differing::of(&twice.points));
    let stretches = twice.stretches().collect();
    seen.found = StagedDifferences { sales, opening: opening_differs, points, stretches, hints };
    Ok(seen)
}

impl ByMonth {
    fn new(window_from: Option<LocalTime>, tomorrow: LocalTime) -> Self {
        let (sales, points) = (SumsByMonth::new(window_from, tomorrow), SumsByMonth::new(None, tomorrow));
        Self { sales, points }
    }

    fn add(&mut self, rows: &CardRows) {
        Turnover::of_rows(rows).for_each(|(period, sum)| self.sales.add(period, sum));
        PointsBalance::of_rows(rows).for_each(|(period, sum)| self.points.add(period, sum));
    }
}

fn points_of<'a>(rows: impl Iterator<Item = &'a BonusRow>) -> PointsBalance {
    let mut sum = PointsBalance::default();
    rows.for_each(|row| sum += PointsBalance { main: row.change(), side: row.accrual() });
    sum
}

/// A stretch with 1C's table of it.
pub(super) type ToldStretch<T> = (Span, Arc<TotalsByCard<T>>);

/// Compares what is staged of stretches, in the order of time, with 1C's turnovers of them.
pub(super) fn stretches<M: Summand, S: Summand>(
    staging: &mut Staging,
    tables: &[ToldStretch<Total<M, S>>],
    scope: &ComparedCards,
) -> Result<Vec<Stretch>, store::Error>
where
    Total<M, S>: OfStretch,
{
    let mut stretches = Stretches::new(tables, scope);
    staging.visit(|card, _, rows| stretches.card(card, Total::<M, S>::of_rows(rows)))?;
    Ok(stretches.finish())
}

/// Stretches in the order of time, each beside its table.
struct Stretches<'a, M, S> {
    parts: Vec<ComparedPart<'a, M, S>>,
}

struct ComparedPart<'a, M, S> {
    span: Span,
    rows: u64,
    beside: Beside<'a, M, S>,
    /// Of the card at hand.
    sum: Total<M, S>,
}

impl<'a, M: Summand, S: Summand> Stretches<'a, M, S> {
    fn new(tables: &[ToldStretch<Total<M, S>>], scope: &'a ComparedCards) -> Self {
        let part = |(span, table): &ToldStretch<Total<M, S>>| ComparedPart {
            span: *span,
            rows: 0,
            beside: Beside::new(Some(Arc::clone(table)), scope),
            sum: Total::default(),
        };
        Self { parts: tables.iter().map(part).collect() }
    }

    fn card(&mut self, card: CardId, figures: impl Iterator<Item = (LocalTime, Total<M, S>)>) {
        for (period, figure) in figures {
            let after = self.parts.partition_point(|part| part.span.from.is_none_or(|from| from <= period));
            let part = after.checked_sub(1).and_then(|place| self.parts.get_mut(place));
            if let Some(part) = part.filter(|part| part.span.contains(period)) {
                part.rows += 1;
                part.sum += figure;
            }
        }
        for part in &mut self.parts {
            part.beside.card(card, std::mem::take(&mut part.sum));
        }
    }

    fn finish(self) -> Vec<Stretch> {
        let finished = self.parts.into_iter().map(|ComparedPart { span, rows, beside, .. }| {
            let (differing, hints) = beside.finish();
            Stretch { span, rows, differing, hints }
        });
        finished.collect()
    }
}

/// One of 1C's tables, walked in step with cards that come by key. Its figures are what a card is judged by, and
/// beside that what only tells that its rows changed.
struct Beside<'a, M, S> {
    /// Nothing is compared where there is none.
    table: ToldTable<Total<M, S>>,
    next: usize,
    scope: &'a ComparedCards,
    differing: Differing,
    hints: Differing,
    /// Whether anything was staged that comes to something.
    has_main: bool,
    /// Whether any row has such a side figure: where none has, its field is not published.
    has_side: bool,
}

impl<'a, M: Summand, S: Summand> Beside<'a, M, S> {
    fn new(table: ToldTable<Total<M, S>>, scope: &'a ComparedCards) -> Self {
        let (differing, hints) = Default::default();
        Self { table, next: 0, scope, differing, hints, has_main: false, has_side: false }
    }

    /// The next card by key, with its own sums.
    fn card(&mut self, card: CardId, own: Total<M, S>) {
        let Some(table) = self.table.clone() else { return };
        let sums = table.sums().get(self.next..).unwrap_or_default();
        let before = sums.partition_point(|(other, _)| *other < card);
        self.missed(&table, sums.get(..before).unwrap_or_default());
        let onec = sums.get(before).filter(|(other, _)| *other == card).map(|(_, sum)| *sum);
        self.next += before + usize::from(onec.is_some());
        self.has_main |= own.main != M::default();
        self.has_side |= own.side != S::default();
        self.compare(&table, card, own, onec.unwrap_or_default());
    }

    /// Cards of which nothing is staged.
    fn missed(&mut self, table: &TotalsByCard<Total<M, S>>, sums: &[(CardId, Total<M, S>)]) {
        for (card, sum) in sums {
            self.compare(table, *card, Total::default(), *sum);
        }
    }

    fn compare(
        &mut self,
        table: &TotalsByCard<Total<M, S>>,
        card: CardId,
        own: Total<M, S>,
        onec: Total<M, S>,
    ) {
        if !table.is_readable(card) || !self.scope.holds(card) {
            return;
        }
        if own.main != onec.main {
            self.differing.add(card, (own.main, onec.main));
        }
        if table.is_sided() && own.side != onec.side {
            self.hints.add(card, (own.side, onec.side));
        }
    }

    /// The cards that differ, and those that differ in their side figure.
    fn finish(mut self) -> (Differing, Differing) {
        if let Some(table) = self.table.clone() {
            self.missed(&table, table.sums().get(self.next..).unwrap_or_default());
        }
        // Rows of which none has a side figure come without its field: where there are no rows, none was left out.
        let is_side_told = self.has_side || !self.has_main;
        (self.differing, if is_side_told { self.hints } else { Differing::default() })
    }
}

/// The opening balances staged beside those of the thin reading.
struct OpeningBeside<'a> {
    /// Those of the thin reading that are not met yet.
    waiting: HashMap<RowMark, &'a ThinSale>,
    unreadable: &'a HashMap<RowMark, Option<CardId>>,
    scope: &'a ComparedCards,
    differing: Differing,
}

impl<'a> OpeningBeside<'a> {
    fn new(thin: &'a SetApartRows, scope: &'a ComparedCards) -> Self {
        let is_wanted = |row: &&ThinSale| row.active && row.role == RecorderRole::OpeningBalance;
        let opening = thin.rows.iter().filter(is_wanted).filter(|row| scope.holds(row.card));
        Self {
            waiting: opening.map(|row| (row.mark(), row)).collect(),
            unreadable: &thin.unreadable,
            scope,
            differing: Differing::default(),
        }
    }

    fn card(&mut self, card: CardId, movements: &[Movement]) {
        if !self.scope.holds(card) {
            return;
        }
        for own in movements.iter().filter(|movement| movement.kind == MovementKind::OpeningBalance) {
            let mark = RowMark::of(&own.key);
            let thin = self.waiting.remove(&mark);
            if !thin.is_some_and(|thin| is_same(own, thin)) && !self.unreadable.contains_key(&mark) {
                self.differing.add(card, (mark, own.amount, own.period));
            }
        }
    }

    /// Those left over are not staged. They come in no order, and tell the same in any.
    fn finish(mut self) -> Differing {
        let mut missing: Vec<_> = self.waiting.into_values().collect();
        missing.sort_unstable_by_key(|row| (row.card, row.mark()));
        let mut other = Differing::default();
        for row in missing {
            other.add(row.card, (row.mark(), row.amount, row.period));
        }
        self.differing = self.differing.and(other);
        self.differing
    }
}

fn is_same(own: &Movement, thin: &ThinSale) -> bool {
    (own.card, own.amount, own.period) == (thin.card, thin.amount, thin.period) && own.key == thin.key
}
