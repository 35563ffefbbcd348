//! 1C's own sums, in whatever form it gives them.
//!
//! ```text
//! refused ──▶ a day of it ──answered──▶ of one card: the condition is refused; else the stretch is too wide
//!                │ refused in every spelling of its dimension
//!                └──▶ the register plainly ──answered──▶ the table is not offered
//!                                          └──refused───▶ the server is ill: the failure itself
//! ```

use super::super::capability::{Capability, Dimensions, VirtualTable, Width};
use super::super::error::Error;
use super::Client;
use super::doubt::REQUESTS_OF_PROBE;
use super::jobs::{RequestKind, TableFigure, TableRequest};
use crate::domain::period::Span;
use crate::domain::{CardId, LocalTime, PointsBalance, TotalsByCard, Turnover};

/// Most times a table is asked for: each time something is learned, or the end is near.
const MOST_FORMS: u32 = 6;

impl Client {
    /// 1C's own sums of sales by card over a stretch of periods; one request where 1C answers at once.
    pub async fn turnovers(&self, span: Span, card: Option<CardId>) -> Result<TotalsByCard<Turnover>, Error> {
        self.table(&TableRequest::turnovers(span, card)).await
    }

    /// 1C's own balances of points by card before the moment `at`, or by all rows there are; one request.
    pub async fn balances(
        &self,
        at: impl Into<Option<LocalTime>>,
        card: Option<CardId>,
    ) -> Result<TotalsByCard<PointsBalance>, Error> {
        self.table(&TableRequest::balances(at.into(), card)).await
    }

    /// 1C's own sums of bonus rows by card over a stretch of periods; one request.
    pub async fn points_turnovers(&self, span: Span) -> Result<TotalsByCard<PointsBalance>, Error> {
        self.table(&TableRequest::points_turnovers(span)).await
    }

    /// 1C's own sums of sales over a stretch of periods, all cards together; one request and one row. `None` where it
    /// does not add them up so.
    pub async fn turnovers_of_base(&self, span: Span) -> Result<Option<TotalsByCard<Turnover>>, Error> {
        self.sums_of_base(&TableRequest::turnovers(span, None).of_base()).await
    }

    /// The same of bonus rows.
    pub async fn points_turnovers_of_base(
        &self,
        span: Span,
    ) -> Result<Option<TotalsByCard<PointsBalance>>, Error> {
        self.sums_of_base(&TableRequest::points_turnovers(span).of_base()).await
    }

    /// Sums that only spare asking for those by card: whatever is refused is asked for by card then, which finds out
    /// what of it is not offered.
    async fn sums_of_base<T: TableFigure>(
        &self,
        job: &TableRequest<T>,
    ) -> Result<Option<TotalsByCard<T>>, Error> {
        let (set, what) = (job.table.set(), Capability::BaseSums(job.table));
        if self.run.forgone(set, &what).is_some() || self.refuse_table_again(job).is_err() {
            return Ok(None);
        }
        match self.ask(job).await {
            Ok(sums) => Ok(Some(sums)),
            Err(error) if error.is_refusal() => {
                // One without an end may be all that is refused.
                if job.span().is_some_and(|span| span.to.is_some()) {
                    self.forgo(set, what, &error);
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether a table that was asked for a stretch, or a moment, and answered as for all time heeds what it is asked: of
    /// a day before any row it tells nothing. Where it does not, it is asked for no period any more.
    pub async fn heeds_period(&self, table: VirtualTable) -> Result<bool, Error> {
        let tells_something = match table {
            VirtualTable::Sales => self.tells_of_a_day(&TableRequest::turnovers(Span::ALL, None)).await?,
            VirtualTable::Balance => self.tells_of_a_day(&TableRequest::balances(None, None)).await?,
            VirtualTable::Points => self.tells_of_a_day(&TableRequest::points_turnovers(Span::ALL)).await?,
        };
        if tells_something {
            self.forgo(table.set(), Capability::Period, &Error::Empty);
        }
        Ok(!tells_something)
    }

    async fn tells_of_a_day<T: TableFigure>(&self, job: &TableRequest<T>) -> Result<bool, Error> {
        Ok(self.probed(&job.of_a_day()).await?.is_some_and(|table| !table.is_empty()))
    }

    /// Whether a stretch is known to be too wide for this table.
    pub fn is_too_wide(&self, table: VirtualTable, span: Span) -> bool {
        let width = Width::of(span, self.today());
        let of = |it: &Capability| matches!(it, Capability::Width(known) if *known <= width);
        let memory = self.run.memory();
        memory.learned.iter().any(|it| it.set == table.set() && of(&it.what))
    }

    /// This day in 1C, give or take one.
    pub fn today(&self) -> Option<LocalTime> {
        let ours = self.run.memory().now;
        self.server_time().or(ours).map(|now| now.naive_utc())
    }

    async fn table<T: TableFigure>(&self, job: &TableRequest<T>) -> Result<TotalsByCard<T>, Error> {
        let (table, set) = (job.table, job.table.set());
        let mut last = None;
        for _ in 0..MOST_FORMS {
            self.refuse_table_again(job)?;
            let dialect = self.dialect(Some(set));
            let error = match self.ask(job).await {
                Err(error) if error.is_refusal() && !is_plain(&error) => error,
                answer => {
                    if let (Ok(_), Some(width)) = (&answer, self.width_of(job)) {
                        self.run.answered_stretch(table, width);
                    }
                    return answer;
                }
            };
            if self.dialect(Some(set)) == dialect {
                self.doubt_table(job, &error).await?;
            }
            last = Some(error);
        }
        Err(self.table_not_offered(job, last.unwrap_or(Error::Empty)))
    }

    /// What was refused in this run, or in one before, is not asked for again.
    fn refuse_table_again<T: TableFigure>(&self, job: &TableRequest<T>) -> Result<(), Error> {
        let set = job.table.set();
        let needed = [
            (true, Capability::Table(job.table)),
            (!job.is_boundless(), Capability::Period),
            (is_of_all_time(job), Capability::AllTime),
        ];
        let mut needed = needed.into_iter().filter(|(is_needed, _)| *is_needed);
        if let Some(text) = needed.find_map(|(_, what)| self.run.forgone(set, &what)) {
            return Err(self.table_not_offered(job, Error::BadRequest { status: 0, code: None, text }));
        }
        if job.card.is_some()
            && let Some(text) = self.run.forgone(set, &Capability::Condition)
        {
            return Err(Error::FilterRefused { set, text });
        }
        Ok(())
    }

    fn table_not_offered<T: TableFigure>(&self, job: &TableRequest<T>, by: Error) -> Error {
        let what = job.what(&self.base.names);
        Error::NotOffered { set: Some(job.table.set()), what, by: Box::new(by) }
    }

    /// Finds out what of a table is refused; well where it may be asked for again.
    async fn doubt_table<T: TableFigure>(&self, job: &TableRequest<T>, error: &Error) -> Result<(), Error> {
        let set = job.table.set();
        if self.table_answers(&job.of_a_day()).await? {
            return Err(self.too_much(job, error));
        }
        if self.doubt_bareness(set, error).await? {
            return Ok(());
        }
        let before = self.dialect(Some(set)).dimensions;
        let plainer = Dimensions::ALL.into_iter().skip_while(|form| *form != before).skip(1);
        for form in plainer {
            let is_offered = self.table_answers(&job.of_a_day().spelled(form)).await?
                || (job.is_boundless() && self.table_answers(&job.boundless().spelled(form)).await?);
            if is_offered {
                self.forgo_dimensions(job, form, error);
                return Ok(());
            }
        }
        if !job.is_boundless() && self.table_answers(&job.boundless()).await? {
            self.forgo(set, Capability::Period, error);
            return Err(self.table_not_offered(job, error.clone()));
        }
        match self.answers(set).await {
            Ok(_) => {
                self.forgo(set, Capability::Table(job.table), error);
                Err(self.table_not_offered(job, error.clone()))
            }
            // A register that is gone takes its tables with it.
            Err(gone) if gone.is_gone_without() => Err(self.table_not_offered(job, error.clone())),
            Err(worse) => Err(worse),
        }
    }

    /// The table is offered, and this of it is not.
    fn too_much<T: TableFigure>(&self, job: &TableRequest<T>, error: &Error) -> Error {
        let set = job.table.set();
        if job.card.is_some() {
            self.forgo(set, Capability::Condition, error);
            return Error::FilterRefused { set, text: error.said().to_owned() };
        }
        if let Some(width) = self.width_of(job).filter(|width| *width > Width::Day) {
            if !self.run.has_answered_stretch(job.table, width) {
                self.forgo(set, Capability::Width(width), error);
            }
            return Error::TooWide { what: job.what(&self.base.names) };
        }
        if is_of_all_time(job) {
            self.forgo(set, Capability::AllTime, error);
        }
        self.table_not_offered(job, error.clone())
    }

    /// How long a stretch of all cards is asked for.
    fn width_of<T: TableFigure>(&self, job: &TableRequest<T>) -> Option<Width> {
        let span = job.span().filter(|_| job.card.is_none());
        span.map(|span| Width::of(span, self.today()))
    }

    fn forgo_dimensions<T: TableFigure>(&self, job: &TableRequest<T>, offered: Dimensions, error: &Error) {
        for form in Dimensions::ALL.into_iter().take_while(|form| *form != offered) {
            self.forgo(job.table.set(), Capability::Dimensions(form), error);
        }
    }

    async fn table_answers<T: TableFigure>(&self, job: &TableRequest<T>) -> Result<bool, Error> {
        Ok(self.probed(job).await?.is_some())
    }

    /// What a table answers; `None` where it is refused.
    async fn probed<T: TableFigure>(&self, job: &TableRequest<T>) -> Result<Option<TotalsByCard<T>>, Error> {
        self.plan(REQUESTS_OF_PROBE);
        match self.ask(job).await {
            Ok(table) => Ok(Some(table)),
            Err(error) if error.is_refusal() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether it is a balance of all cards at no moment.
fn is_of_all_time<T: TableFigure>(job: &TableRequest<T>) -> bool {
    job.span().is_none() && job.card.is_none() && job.is_boundless()
}

/// A refusal that leaves nothing to find out: the table is not published, or not for this account.
fn is_plain(error: &Error) -> bool {
    error.is_not_published() || error.is_rights()
}
