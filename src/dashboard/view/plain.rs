//! What the screen shows, as lines: told once, when it is new.

use std::collections::BTreeSet;
use std::io::{self, Write};

use chrono::{DateTime, Utc};

use crate::dashboard::app::journal::{Entry, Grade};
use crate::dashboard::app::{CopySubject, Form, Model, StoreStatus};
use crate::domain::CardId;
use crate::report::progress::{LogPace, stage_line};
use crate::text::{self, Shown};

use super::look::Look;
use super::{journal, words};

/// Customers of a list that are told.
const ROWS: usize = 20;

/// Tells what is new.
pub struct PlainTeller<W: Write> {
    out: W,
    look: Look,
    told: u64,
    status: Option<StoreStatus>,
    pace: LogPace,
    was_syncing: bool,
    is_list_expected: bool,
    is_customer_expected: bool,
    checked: BTreeSet<(CardId, DateTime<Utc>)>,
}

impl<W: Write> PlainTeller<W> {
    /// A teller that has not said anything.
    pub fn new(out: W, look: Look) -> Self {
        Self {
            out,
            look,
            told: 0,
            status: None,
            pace: LogPace::default(),
            was_syncing: false,
            is_list_expected: false,
            is_customer_expected: false,
            checked: BTreeSet::new(),
        }
    }

    /// The next list is worth telling.
    pub fn expect_list(&mut self) {
        self.is_list_expected = true;
    }

    /// The next customer is worth telling.
    pub fn expect_customer(&mut self) {
        self.is_customer_expected = true;
    }

    /// Tells what is new since the last time.
    pub fn news(&mut self, model: &Model) -> io::Result<()> {
        self.journal(model)?;
        self.progress(model)?;
        if model.status != self.status {
            let is_first = self.status.is_none();
            self.status.clone_from(&model.status);
            self.standing(model)?;
            if is_first {
                self.commands()?;
            }
        }
        self.checked(model)?;
        if self.is_list_expected && !model.search.is_behind() {
            self.list(model)?;
        }
        self.customer(model)
    }

    /// Tells how the store stands.
    pub fn standing(&mut self, model: &Model) -> io::Result<()> {
        let Some(status) = &model.status else { return self.say("plain-nothing") };
        let texts = self.look.texts;
        let mut parts = vec![Shown::new(&status.base).into_string()];
        if model.is_synced() {
            let id = if model.is_stale() { "status-stale" } else { "status-fresh" };
            parts.push(texts.with(id, &[("age", text::age(model.age(), texts.language()).into())]));
            parts.push(texts.with("status-cards", &[("n", status.cards.into())]));
            parts.push(texts.with("status-variances", &[("n", status.variances.into())]));
            parts.push(texts.with("status-unverified", &[("n", status.unverified.into())]));
            let findings = (!status.findings.is_empty()).then_some(status.findings.len());
            parts.extend(findings.map(|n| texts.with("status-findings", &[("n", n.into())])));
        } else {
            parts.push(texts.get("plain-first-sync").into_owned());
        }
        self.line(&parts.join(" · "))
    }

    /// Names the commands.
    pub fn commands(&mut self) -> io::Result<()> {
        self.say("plain-commands")
    }

    /// The number names nobody.
    pub fn no_such_customer(&mut self) -> io::Result<()> {
        self.say("plain-no-such")
    }

    /// Tells the customers found.
    pub fn list(&mut self, model: &Model) -> io::Result<()> {
        if !std::mem::take(&mut self.is_list_expected) {
            return Ok(());
        }
        let texts = self.look.texts;
        let reply = model.search.reply();
        let mut found = texts.with("search-found", &[("n", reply.total.into())]);
        if let Some(read_as) = &reply.read_as {
            let query = [("query", read_as.text.as_str().into())];
            let read_as = texts.named_with("read-by", read_as.by.name(), &query);
            found = format!("{found}, {read_as}");
        }
        self.line(&found)?;
        for (number, row) in (1_usize..).zip(reply.rows.iter().take(ROWS)) {
            let customer = &row.customer;
            let name = match customer.name.as_str() {
                "" => texts.get("detail-name-none").into_owned(),
                name => Shown::new(name).into_string(),
            };
            let shown = |text: &str| Some(Shown::new(text).into_string()).filter(|text| !text.is_empty());
            let parts = [
                Some(texts.with("plain-row", &[("n", number.into()), ("name", name.into())])),
                shown(customer.phone.as_deref().unwrap_or(&customer.barcode)),
                customer.city.as_ref().and_then(|city| shown(&city.name)),
                row.total_shown()
                    .map(|sum| texts.with("plain-total", &[("sum", self.look.money(sum).into())])),
                row.points.map(|it| texts.with("plain-points", &[("n", self.look.points(it).into())])),
                Some(texts.verdict(row.verdict).into_owned()),
            ];
            self.line(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))?;
        }
        match reply.total.saturating_sub(ROWS) {
            0 => Ok(()),
            more => {
                let more = texts.with("plain-more", &[("n", more.into())]);
                self.line(&more)
            }
        }
    }

    /// Tells the customer asked for, once they are read.
    pub fn customer(&mut self, model: &Model) -> io::Result<()> {
        let selected = model.search.selected_card();
        let Some(card) = model.detail.card().filter(|card| selected == Some(*card)) else { return Ok(()) };
        if !std::mem::take(&mut self.is_customer_expected) {
            return Ok(());
        }
        let told = words::copy(model, &self.look, CopySubject::Customer(card), Form::Text);
        self.page(told.as_ref().map(|told| told.text.as_str()))
    }

    /// Tells a page.
    pub fn page(&mut self, text: Option<&str>) -> io::Result<()> {
        match text {
            Some(text) => self.line(text.trim_end()),
            None => self.say("plain-nothing"),
        }
    }

    fn journal(&mut self, model: &Model) -> io::Result<()> {
        let new = model.journal.pushed().saturating_sub(self.told);
        self.told = model.journal.pushed();
        let new = usize::try_from(new).unwrap_or(usize::MAX).min(model.journal.len());
        let mut entries: Vec<&Entry> = model.journal.newest_first().take(new).collect();
        entries.reverse();
        entries.into_iter().try_for_each(|entry| self.entry(entry))
    }

    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        let mark = match entry.line.grade() {
            Grade::Plain => "",
            Grade::Warning => "! ",
            Grade::Error => "✗ ",
        };
        let words = Shown::new(&journal::words(&entry.line, *entry.at.offset(), &self.look)).into_string();
        self.line(&format!("{} {mark}{words}", entry.at.format("%H:%M:%S")))?;
        match &entry.line {
            crate::dashboard::app::journal::JournalLine::Failed(failure) if !failure.remedy.is_empty() => {
                let remedy =
                    self.look.texts.with("report-remedy", &[("remedy", failure.remedy.as_str().into())]);
                self.line(&Shown::new(&remedy).into_string())
            }
            _ => Ok(()),
        }
    }

    /// Where a running sync stands, now and then.
    fn progress(&mut self, model: &Model) -> io::Result<()> {
        let is_syncing = model.sync.is_running();
        if is_syncing && !self.was_syncing {
            self.pace = LogPace::default();
        }
        self.was_syncing = is_syncing;
        let progress = &model.sync.progress;
        if !is_syncing || !self.pace.is_due(progress) {
            return Ok(());
        }
        let overall = text::percent(progress.overall, self.look.texts.language());
        let stage = stage_line(progress, self.look.texts);
        self.line(&format!("{overall} · {stage}"))
    }

    /// A customer was checked line by line: their figures are told once.
    fn checked(&mut self, model: &Model) -> io::Result<()> {
        let Some(detail) = model.detail.detail() else { return Ok(()) };
        let comparison = &detail.comparison;
        let card = comparison.customer.card;
        let checked = comparison.compared_at.filter(|_| model.detail.live_verdict(card).is_some());
        if !checked.is_some_and(|at| self.checked.insert((card, at))) {
            return Ok(());
        }
        let told = words::copy(model, &self.look, CopySubject::Customer(card), Form::Text);
        self.page(told.as_ref().map(|told| told.text.as_str()))
    }

    fn say(&mut self, id: &'static str) -> io::Result<()> {
        let words = self.look.texts.get(id);
        self.line(&words)
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{line}")?;
        self.out.flush()
    }
}
