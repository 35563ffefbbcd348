//! Reading a register by stretches of period, each in one request where it fits a page.
//!
//! One request is one statement in 1C, so a stretch cannot be torn by what is posted meanwhile; a page
//! made of `$skip` can. A stretch that does not fit is cut where its last complete moment ends, or halved.

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

/// What one request brought: a complete stretch, and what is left of the one asked for.
struct ReadStep<R> {
    complete: Option<(Span, Collected<R>)>,
    rest: Vec<Span>,
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
        let mut queue = VecDeque::from(spans);
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < in_flight.max(1)
                && let Some(span) = queue.pop_front()
            {
                running.push(self.step::<R>(set, filter, span));
            }
            let Some(step) = running.next().await else { return Ok(()) };
            let step = step?;
            // What is left of a stretch goes first: the gauge then grows from the oldest row on.
            step.rest.into_iter().rev().for_each(|span| queue.push_front(span));
            if let Some((span, rows)) = step.complete {
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
        span: Span,
    ) -> Result<ReadStep<R>, Error> {
        let mut steady_difference = Steady::default();
        for _ in 0..ATTEMPTS {
            let query = PageQuery::of(set).filter(filter.clone().within(span)).order(Order::Period);
            let page = self.client.page::<R>(&query.clone().top(Top::PageAndOne)).await?;
            let (complete, rest) = if page.is_last() {
                (span, Vec::new())
            } else {
                match division(&page, span) {
                    Division::None => return self.by_position(query, span).await,
                    Division::At(moment) => return Ok(ReadStep::divided(span, moment)),
                    Division::CompleteBefore(moment) => {
                        let [before, after] = parts(span, moment);
                        (before, vec![after])
                    }
                }
            };
            let mut rows = Collected::new();
            let steady = if rest.is_empty() {
                rows.take(page)
            } else {
                page.rows
                    .into_iter()
                    .filter(|row| complete.contains(row.period()))
                    .all(|row| rows.insert(row))
            };
            let counted = self.client.count(set, &filter.clone().within(complete)).await?;
            if steady && counted == rows.received() {
                self.reporter.done(rows.received());
                return Ok(ReadStep { complete: Some((complete, rows)), rest });
            }
            self.changed_underneath(set);
            let is_short = rest.is_empty() && counted > rows.received();
            if is_short && self.goes_on(&query, &rows).await? {
                continue;
            }
            if steady && steady_difference.disagrees(counted, rows.received()) {
                self.disbelieve(set, &filter.clone().within(complete), counted, rows.received())?;
                return Box::pin(self.step(set, filter, span)).await;
            }
        }
        Err(too_fast(set))
    }

    /// The normal path of a moment that holds more than a page, as mass posting at midnight makes it.
    async fn by_position<R: RegisterRow>(&self, query: PageQuery, span: Span) -> Result<ReadStep<R>, Error> {
        let rows = self.counted(&query.order(Order::Key)).await?;
        Ok(ReadStep { complete: Some((span, rows)), rest: Vec::new() })
    }
}

impl<R> ReadStep<R> {
    fn divided(span: Span, moment: LocalTime) -> Self {
        Self { complete: None, rest: parts(span, moment).into() }
    }
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
