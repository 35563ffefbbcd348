//! Reading a register by stretches of period, each in one request where it fits a page.
//!
//! One request is one statement in 1C, so a stretch cannot be torn by what is posted meanwhile; a page
//! made of `$skip` can. A stretch that does not fit is cut where its last complete moment ends, or halved, and read
//! on from there. Neighbours are confirmed by one count, and each by its own where that differs.

use std::collections::VecDeque;

use chrono::TimeDelta;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::Error;
use super::position_reader::{ATTEMPTS, Collected, Marked, SetReader, Steady, too_fast};
use crate::domain::LocalTime;
use crate::domain::period::{Span, whole_second};
use crate::odata::{Filter, Order, Page, PageQuery, PointsRow, RowMark, SalesRow, Set, Top};

pub(super) trait RegisterRow: Marked {
    /// The moment it counts at.
    fn period(&self) -> LocalTime;
}

impl Marked for SalesRow {
    fn mark(&self) -> RowMark {
        RowMark::of(&self.movement.key)
    }
}

impl RegisterRow for SalesRow {
    fn period(&self) -> LocalTime {
        self.movement.period
    }
}

impl Marked for PointsRow {
    fn mark(&self) -> RowMark {
        RowMark::of(&self.row.key)
    }
}

impl RegisterRow for PointsRow {
    fn period(&self) -> LocalTime {
        self.row.period
    }
}

/// Takes what was read, stretch by stretch.
pub(super) trait RowSink<R> {
    /// Takes the rows of a stretch that is complete and counted.
    async fn take(&mut self, span: Span, rows: Collected<R>) -> Result<(), Error>;
}

/// Pages of neighbouring stretches that one count confirms.
const COUNTED_TOGETHER: usize = 8;

/// Stretches that are complete and counted, and what is left to read.
struct ReadStep<R> {
    complete: Vec<(Span, Collected<R>)>,
    rest: Vec<ToRead>,
}

/// A stretch that is to be read.
#[derive(Clone, Copy)]
struct ToRead {
    span: Span,
    /// Counted on its own: together with its neighbours it did not add up.
    is_alone: bool,
}

/// What one request brought of a stretch: the part that is complete, if any, and what is left.
struct ReadPage<R> {
    complete: Option<PagePart<R>>,
    rest: Vec<Span>,
}

/// A complete stretch that is not counted yet.
struct PagePart<R> {
    span: Span,
    rows: Collected<R>,
    /// No row came with two contents.
    is_steady: bool,
}

/// Where an overfull stretch is divided.
#[derive(Debug, PartialEq, Eq)]
enum Division {
    /// Everything before this moment has arrived.
    CompleteBefore(LocalTime),
    /// Nothing can be kept; both sides of this moment are read on their own.
    At(LocalTime),
    /// A single moment holds more than a page.
    None,
}

impl SetReader<'_> {
    /// Reads the rows of `filter` in all `spans`, `in_flight` requests at once, in no particular order.
    pub(super) async fn spans<R: RegisterRow>(
        &self,
        set: Set,
        filter: &Filter,
        spans: Vec<Span>,
        in_flight: usize,
        sink: &mut impl RowSink<R>,
    ) -> Result<(), Error> {
        let mut queue: VecDeque<_> = spans.into_iter().map(|span| ToRead { span, is_alone: false }).collect();
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < in_flight.max(1)
                && let Some(next) = queue.pop_front()
            {
                running.push(self.step::<R>(set, filter, next));
            }
            let Some(step) = running.next().await else { return Ok(()) };
            let step = step?;
            // What is left of a stretch goes first: the gauge then grows from the oldest row on.
            step.rest.into_iter().rev().for_each(|next| queue.push_front(next));
            for (span, rows) in step.complete {
                sink.take(span, rows).await?;
            }
        }
    }

    /// Reads a whole register and leaves filtering to us, where 1C cannot filter.
    pub(super) async fn unfiltered<R: RegisterRow>(&self, set: Set) -> Result<Collected<R>, Error> {
        self.counted(&PageQuery::of(set).order(Order::Period)).await
    }

    async fn step<R: RegisterRow>(
        &self,
        set: Set,
        filter: &Filter,
        next: ToRead,
    ) -> Result<ReadStep<R>, Error> {
        if next.is_alone {
            self.alone(set, filter, next.span).await
        } else {
            self.walk(set, filter, next.span).await
        }
    }

    /// Reads a stretch page after page, each from where the one before was complete, and counts them together.
    async fn walk<R: RegisterRow>(
        &self,
        set: Set,
        filter: &Filter,
        span: Span,
    ) -> Result<ReadStep<R>, Error> {
        let mut left = VecDeque::from([span]);
        let mut parts = Vec::new();
        while parts.len() < COUNTED_TOGETHER
            && let Some(span) = left.pop_front()
        {
            let page = self.read_page::<R>(set, filter, span).await?;
            page.rest.into_iter().rev().for_each(|span| left.push_front(span));
            if let Some(part) = page.complete {
                self.reporter.done(part.rows.received());
                parts.push(part);
            }
        }
        let mut step = self.counted_together(set, filter, parts).await?;
        step.rest.extend(left.into_iter().map(|span| ToRead { span, is_alone: false }));
        Ok(step)
    }

    /// Confirms neighbouring stretches by one count; where it differs, each by its own, and those that differ are to be
    /// read again.
    async fn counted_together<R: RegisterRow>(
        &self,
        set: Set,
        filter: &Filter,
        parts: Vec<PagePart<R>>,
    ) -> Result<ReadStep<R>, Error> {
        let is_counted = async |span: Span, rows: u64| {
            let within = filter.clone().within(span);
            // What was counted for the plan is as good as what would be counted now, where it is the same.
            let is_as_planned = self.client.take_count(set, &within) == Some(rows);
            Ok::<_, Error>(is_as_planned || self.client.count(set, &within).await? == rows)
        };
        let received = parts.iter().map(|part| part.rows.received()).sum();
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            return Ok(ReadStep { complete: Vec::new(), rest: Vec::new() });
        };
        let whole = Span { from: first.span.from, to: last.span.to };
        let are_steady = parts.iter().all(|part| part.is_steady);
        if are_steady && is_counted(whole, received).await? {
            let complete = parts.into_iter().map(|part| (part.span, part.rows)).collect();
            return Ok(ReadStep { complete, rest: Vec::new() });
        }
        let mut step = ReadStep { complete: Vec::new(), rest: Vec::new() };
        let are_several = parts.len() > 1;
        for part in parts {
            let received = part.rows.received();
            if are_several && part.is_steady && is_counted(part.span, received).await? {
                step.complete.push((part.span, part.rows));
            } else {
                self.reporter.undone(received);
                step.rest.push(ToRead { span: part.span, is_alone: true });
            }
        }
        Ok(step)
    }

    /// Reads a stretch, or its beginning, until its own count agrees.
    async fn alone<R: RegisterRow>(
        &self,
        set: Set,
        filter: &Filter,
        span: Span,
    ) -> Result<ReadStep<R>, Error> {
        let mut steady_difference = Steady::default();
        for _ in 0..ATTEMPTS {
            let ReadPage { complete, rest } = self.read_page::<R>(set, filter, span).await?;
            let (is_all, rest) =
                (rest.is_empty(), rest.into_iter().map(|span| ToRead { span, is_alone: true }).collect());
            let Some(PagePart { span: complete, rows, is_steady }) = complete else {
                return Ok(ReadStep { complete: Vec::new(), rest });
            };
            let within = filter.clone().within(complete);
            let (counted, received) = (self.client.count(set, &within).await?, rows.received());
            if is_steady && counted == received {
                self.reporter.done(received);
                return Ok(ReadStep { complete: vec![(complete, rows)], rest });
            }
            self.changed_underneath(set);
            if is_all && counted > received && self.goes_on(&by_period(set, filter, span), &rows).await? {
                continue;
            }
            if is_steady && steady_difference.disagrees(counted, received) {
                self.disbelieve(set, &within, counted, received)?;
                return Box::pin(self.alone(set, filter, span)).await;
            }
        }
        Err(too_fast(set))
    }

    /// One request for a stretch: all of it, or what of it is complete.
    async fn read_page<R: RegisterRow>(
        &self,
        set: Set,
        filter: &Filter,
        span: Span,
    ) -> Result<ReadPage<R>, Error> {
        let query = by_period(set, filter, span);
        let page = self.client.page::<R>(&query.clone().top(Top::PageAndOne)).await?;
        let mut rows = Collected::new();
        if page.is_last() {
            let is_steady = rows.take(page);
            return Ok(ReadPage { complete: Some(PagePart { span, rows, is_steady }), rest: Vec::new() });
        }
        match division(&page, span) {
            // The normal path of a moment that holds more than a page, as mass posting at midnight makes it.
            Division::None => {
                let rows = self.counted(&query.order(Order::Key)).await?;
                self.reporter.undone(rows.received());
                Ok(ReadPage { complete: Some(PagePart { span, rows, is_steady: true }), rest: Vec::new() })
            }
            Division::At(moment) => Ok(ReadPage { complete: None, rest: parts(span, moment).into() }),
            Division::CompleteBefore(moment) => {
                let [before, after] = parts(span, moment);
                let mut of_part = page.rows.into_iter().filter(|row| before.contains(row.period()));
                let is_steady = of_part.all(|row| rows.insert(row));
                Ok(ReadPage { complete: Some(PagePart { span: before, rows, is_steady }), rest: vec![after] })
            }
        }
    }
}

fn by_period(set: Set, filter: &Filter, span: Span) -> PageQuery {
    PageQuery::of(set).filter(filter.clone().within(span)).order(Order::Period)
}

/// Where to divide a stretch of which `page` holds only a part.
fn division<R: RegisterRow>(page: &Page<R>, span: Span) -> Division {
    let Some((first, last)) = bounds(page) else { return Division::None };
    // Rows that could not be read carry no period here, so a part of the page cannot be counted: read it again.
    let countable = page.rejected.is_empty();
    if page.in_order && first < last {
        return if countable { Division::CompleteBefore(last) } else { Division::At(last) };
    }
    if page.in_order {
        return alone(first, span);
    }
    let middle = first + (last - first) / 2;
    let second = TimeDelta::seconds(1);
    [whole_second(middle), first + second, last]
        .into_iter()
        .find(|moment| divides(span, *moment))
        .map_or(Division::None, Division::At)
}

/// Sets a moment that fills a whole page apart from what surrounds it.
fn alone(moment: LocalTime, span: Span) -> Division {
    let after = moment + TimeDelta::seconds(1);
    [moment, after].into_iter().find(|edge| divides(span, *edge)).map_or(Division::None, Division::At)
}

fn bounds<R: RegisterRow>(page: &Page<R>) -> Option<(LocalTime, LocalTime)> {
    let periods = || page.rows.iter().map(RegisterRow::period);
    Some((periods().min()?, periods().max()?))
}

/// Whether both sides of `moment` inside `span` can hold rows.
fn divides(span: Span, moment: LocalTime) -> bool {
    span.from.is_none_or(|from| from < moment) && span.to.is_none_or(|to| moment < to)
}

fn parts(span: Span, moment: LocalTime) -> [Span; 2] {
    [Span { from: span.from, to: Some(moment) }, Span { from: Some(moment), to: span.to }]
}
