//! A behaviour of a server, the outcome it must have, and the judge.

use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::Value as Json;
use sverka::config::Config;
use sverka::sync::SyncMode;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::books::{Books, CARD_COUNT, Figures, OPENING, town_of};
use crate::onec::{Clock, OneC, Rule};
use crate::seen::{Desk, Seen, now};

/// Cases lived at the same time.
const AT_ONCE: usize = 4;
/// When a case counts as stuck. Nothing else is decided by time.
const STUCK: Duration = Duration::from_secs(120);
/// Requests no sync of so small a shop may need.
const MOST_REQUESTS: usize = 600;

/// Whether the sync publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    Published,
    Failed,
    Either,
}

/// What becomes of opening balances, purchases and totals. Nothing wrong ever has a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money {
    /// All is stored as in the books, and proven.
    Proven,
    /// All is stored as in the books and proven, but for these customers, who are stored as in the books.
    ProvenBut(&'static [u32]),
    /// The same, and whoever asks 1C for them line by line does not prove them either.
    Doubted(&'static [u32]),
    /// All is stored as in the books, and nothing is proven.
    Unproven,
    /// All is stored as in the books, and nobody bears a variance.
    Right,
    /// All is stored as in the books.
    Kept,
    /// Nothing wrong has a tick.
    Safe,
}

/// What becomes of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// They are stored as in the books.
    Known,
    /// They are unknown, never zero.
    Unknown,
    /// Nothing wrong has a tick.
    Safe,
}

/// Whether the sync tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Nothing,
    Something,
    Whatever,
}

/// The outcome a case must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Must {
    pub ends: Ends,
    pub money: Money,
    pub points: Points,
    pub told: Told,
    /// A server that refuses is refused by doctor exactly where the sync fails; of one that lies, no more is asked than
    /// that doctor is not green where the sync fails.
    pub is_plain: bool,
    /// What is wrong shows only to who reads everything: doctor need not.
    pub is_deep: bool,
    pub most_requests: usize,
    /// The word for why it fails; empty where any will do.
    pub error: &'static str,
}

impl Must {
    /// As with a server that behaves.
    pub const fn be(money: Money, points: Points) -> Self {
        Self {
            ends: Ends::Published,
            money,
            points,
            told: Told::Whatever,
            is_plain: true,
            is_deep: false,
            most_requests: MOST_REQUESTS,
            error: "",
        }
    }

    /// The sync publishes nothing, and doctor says so beforehand.
    pub const fn fail() -> Self {
        Self { ends: Ends::Failed, ..Self::be(Money::Safe, Points::Safe) }
    }

    /// Whatever the sync does, nothing wrong has a tick.
    pub const fn be_safe() -> Self {
        Self { ends: Ends::Either, ..Self::be(Money::Safe, Points::Safe) }.lying()
    }

    /// The same, and says so by this word.
    pub const fn fail_with(error: &'static str) -> Self {
        Self { error, ..Self::fail() }
    }

    pub const fn telling(self, told: Told) -> Self {
        Self { told, ..self }
    }

    pub const fn lying(self) -> Self {
        Self { is_plain: false, ..self }
    }

    /// A lie that no look at a few rows can find out.
    pub const fn deeply(self) -> Self {
        Self { is_deep: true, ..self.lying() }
    }

    /// Whether something a user would have with another server is not there.
    fn lacks_something(self) -> bool {
        self.is_plain && (self.money == Money::Unproven || self.points == Points::Unknown)
    }

    pub const fn within(self, most_requests: usize) -> Self {
        Self { most_requests, ..self }
    }
}

/// A behaviour with its outcome.
pub struct Case {
    pub name: String,
    pub rules: Vec<Rule>,
    pub must: Must,
    pub settings: fn(&mut Config),
    pub books: fn(&mut Books),
    pub clock: Clock,
    /// A sync of a server that behaves comes first; how far the second one reads.
    pub after_a_good_one: Option<SyncMode>,
    /// What is done in 1C between the two.
    pub meanwhile: fn(&mut Books),
}

impl Case {
    pub fn new(name: impl Into<String>, must: Must, rules: Vec<Rule>) -> Self {
        Self {
            name: name.into(),
            rules,
            must,
            settings: |_| (),
            books: |_| (),
            clock: Clock::Right,
            after_a_good_one: None,
            meanwhile: |_| (),
        }
    }

    pub fn with_settings(self, settings: fn(&mut Config)) -> Self {
        Self { settings, ..self }
    }

    pub fn with_books(self, books: fn(&mut Books)) -> Self {
        Self { books, ..self }
    }

    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    pub fn after_a_good_one(self, mode: SyncMode) -> Self {
        Self { after_a_good_one: Some(mode), ..self }
    }

    pub fn meanwhile(self, meanwhile: fn(&mut Books)) -> Self {
        Self { meanwhile, ..self }
    }

    /// Lives the case; what is wrong with the outcome.
    async fn live(self) -> Vec<String> {
        let mut books = Books::at(now());
        (self.books)(&mut books);
        let desk = Desk::open(OneC::new(books), self.settings).await;
        if self.after_a_good_one.is_some() {
            desk.begin().await;
            desk.onec.change(self.meanwhile);
        }
        desk.onec.set_rules(self.rules);
        desk.onec.set_clock(self.clock);
        let seen = desk.look(self.after_a_good_one.unwrap_or(SyncMode::Full)).await;
        let mut complaints = Judge { must: self.must, books: &desk.onec.books(), seen: &seen }.complaints();
        if !complaints.is_empty() && std::env::var_os("SVERKA_HOSTILE_TRACE").is_some() {
            complaints.push(format!("{seen:#?}\n{}", desk.onec.last_asked(40).join("\n")));
        }
        complaints
    }
}

/// Lives all cases of a group; panics with those that came out otherwise than they must.
pub async fn all_come_out(cases: Vec<Case>) {
    let wanted = std::env::var("SVERKA_HOSTILE_CASE").unwrap_or_default();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut living = JoinSet::new();
    let mut names = Vec::new();
    for case in cases.into_iter().filter(|case| case.name.contains(&wanted)) {
        let (room, number) = (Arc::clone(&room), names.len());
        names.push(case.name.clone());
        living.spawn(async move {
            let _turn = room.acquire().await;
            // A task of its own: a panic is this case's alone.
            let lived = tokio::spawn(tokio::time::timeout(STUCK, case.live())).await;
            let complaints = match lived {
                Ok(Ok(complaints)) => complaints,
                Ok(Err(_)) => vec!["does not end".to_owned()],
                Err(error) => vec![format!("panics: {error}")],
            };
            (number, complaints)
        });
    }
    let mut failed: Vec<_> =
        living.join_all().await.into_iter().filter(|(_, complaints)| !complaints.is_empty()).collect();
    failed.sort_unstable();
    let count = (failed.len(), names.len());
    let failed = failed
        .into_iter()
        .map(|(number, complaints)| format!("{}:\n    {}", names[number], complaints.join("\n    ")));
    let failed: Vec<_> = failed.collect();
    assert!(failed.is_empty(), "{} of {} cases came out otherwise:\n{}", count.0, count.1, failed.join("\n"));
}

/// Holds what was seen against what must be.
struct Judge<'a> {
    must: Must,
    books: &'a Books,
    seen: &'a Seen,
}

impl Judge<'_> {
    fn complaints(&self) -> Vec<String> {
        let mut complaints = self.ending();
        complaints.extend(self.doctor());
        let shown = self.seen.stored.iter().map(|(number, shown)| ("stored", *number, shown));
        let live = self.seen.live.iter().map(|(number, (shown, _))| ("live", *number, shown));
        for (side, number, shown) in shown.chain(live) {
            let of_card = self.card(side, number, shown);
            complaints
                .extend(of_card.into_iter().map(|complaint| format!("card {number} {side}: {complaint}")));
        }
        complaints.extend(self.failures_of_live_checks());
        // A table that is wrong is wrong of everybody: a few say enough.
        let more = complaints.len().saturating_sub(6);
        complaints.truncate(6);
        complaints.extend((more > 0).then(|| format!("… and {more} more")));
        complaints
    }

    fn ending(&self) -> Vec<String> {
        let Seen { published, error, told, requests, stored, .. } = self.seen;
        let mut complaints = Vec::new();
        let said = error.as_deref().unwrap_or_default();
        match (self.must.ends, published) {
            (Ends::Published, false) => complaints.push(format!("not published: {said}")),
            (Ends::Failed, true) => complaints.push("published".to_owned()),
            _ => {}
        }
        if !published && !said.starts_with(self.must.error) {
            complaints.push(format!("fails by {said} and not by {}", self.must.error));
        }
        if !published && said.starts_with("sync-internal") {
            complaints.push(format!("fails for a reason of its own: {said}"));
        }
        if *published && stored.len() != CARD_COUNT as usize && self.must.money != Money::Safe {
            complaints.push(format!("{} cards are stored", stored.len()));
        }
        match self.must.told {
            Told::Nothing if !told.is_empty() => complaints.push(format!("told {told:?}")),
            Told::Something if *published && told.is_empty() => complaints.push("nothing is told".to_owned()),
            _ => {}
        }
        if *requests > self.must.most_requests {
            complaints.push(format!("{requests} requests"));
        }
        complaints
    }

    fn doctor(&self) -> Option<String> {
        let failed = &self.seen.doctor.failed;
        match (failed.is_empty(), self.seen.published) {
            (true, false) if !self.must.is_deep => Some("doctor is green".to_owned()),
            (false, true) if self.must.is_plain => Some(format!("doctor fails: {failed:?}")),
            (true, true) if self.must.lacks_something() && self.seen.doctor.warned.is_empty() => {
                Some("doctor has nothing to say".to_owned())
            }
            _ => None,
        }
    }

    fn failures_of_live_checks(&self) -> Option<String> {
        let must_succeed = matches!(self.must.money, Money::Proven | Money::Unproven | Money::Right);
        let failed =
            || self.seen.live.iter().find_map(|(number, (_, failure))| Some((number, failure.as_ref()?)));
        let (number, failure) = failed().filter(|_| must_succeed)?;
        Some(format!("card {number} live: {failure}"))
    }

    /// What is wrong with what is shown of a card.
    fn card(&self, side: &str, number: u32, shown: &Json) -> Vec<String> {
        let from = shown["window"]["from"].as_str().and_then(|text| text.parse().ok());
        let from = from.unwrap_or(NaiveDateTime::MIN);
        let truth = self.books.figures(number, from, |kind| kind == OPENING);
        let mut complaints = ticks(&truth, shown);
        complaints.extend(tick_at_town(number, shown));
        // Within a day either clock may be gone by.
        let days = shown["window"]["days"].as_i64().unwrap_or_default();
        let latest = NaiveDateTime::from(self.books.now.date() - TimeDelta::days(days - 1));
        if days > 0 && from > latest {
            complaints.push(format!("the window begins {from}"));
        }
        complaints.extend(self.money(side, number, &truth, shown));
        complaints.extend(self.points(&truth, shown));
        let name = shown["card"]["name"].as_str();
        let has_owner = number != 36;
        if has_owner && self.must.money != Money::Safe && name != Some(&name_of(number)) {
            complaints.push(format!("is called {name:?}"));
        }
        complaints
    }

    fn money(&self, side: &str, number: u32, truth: &Figures, shown: &Json) -> Vec<String> {
        if self.must.money == Money::Safe {
            return Vec::new();
        }
        let mut complaints = Vec::new();
        let total = truth.opening + truth.purchases;
        for (figure, right) in
            [("opening_balance", truth.opening), ("purchases", truth.purchases), ("total", total)]
        {
            let stored = hundredths(&shown[figure]["stored"]);
            if stored != Some(right) {
                complaints.push(format!("{figure} is {stored:?} and not {right}"));
            }
        }
        let verdict = shown["verdict"].as_str().unwrap_or_default();
        let proven = if total == truth.total { "reconciled" } else { "before-window" };
        let is_lied_about = match self.must.money {
            Money::ProvenBut(others) | Money::Doubted(others) => others.contains(&number),
            _ => false,
        };
        let is_right = match self.must.money {
            Money::ProvenBut(_) if is_lied_about => side == "live" || verdict != proven,
            Money::Doubted(_) if is_lied_about => verdict == "unverified",
            Money::Proven | Money::ProvenBut(_) | Money::Doubted(_) => verdict == proven,
            Money::Unproven if side == "stored" => verdict == "unverified",
            Money::Unproven | Money::Right => verdict == proven || verdict == "unverified",
            Money::Kept | Money::Safe => true,
        };
        if !is_right {
            complaints.push(format!("the verdict is {verdict} where {proven} is the truth"));
        }
        complaints
    }

    fn points(&self, truth: &Figures, shown: &Json) -> Option<String> {
        let stored = hundredths(&shown["points"]["stored"]);
        let must = match self.must.points {
            Points::Known => Some(truth.points),
            Points::Unknown => None,
            Points::Safe => return None,
        };
        (stored != must).then(|| format!("points are {stored:?} and not {must:?}"))
    }
}

/// A wrong town with a tick: where no field told one, there is none to agree.
fn tick_at_town(number: u32, shown: &Json) -> Option<String> {
    let is_ticked = shown["proof"]["city"]["compared"] == Json::Bool(true)
        && shown["city"]["variance"] == Json::Bool(false);
    let town = town_of(number).map_or(Json::Null, Json::from);
    let stored = &shown["city"]["stored"];
    (is_ticked && *stored != town).then(|| format!("✓ at the town {stored} where the books have {town}"))
}

/// Wrong figures with a tick, and wrong figures that a verdict vouches for.
fn ticks(truth: &Figures, shown: &Json) -> Vec<String> {
    let figures = [
        ("opening_balance", truth.opening),
        ("purchases", truth.purchases),
        ("total", truth.total),
        ("points", truth.points),
    ];
    let mut complaints = Vec::new();
    for (figure, right) in figures {
        let (onec, stored) = (hundredths(&shown[figure]["onec"]), hundredths(&shown[figure]["stored"]));
        if onec.is_some() && onec == stored && stored != Some(right) {
            complaints.push(format!("✓ at {figure} of {stored:?} where the books have {right}"));
        }
    }
    let verdict = shown["verdict"].as_str().unwrap_or_default();
    if verdict == "reconciled" || verdict == "before-window" {
        for (figure, right) in [("opening_balance", truth.opening), ("purchases", truth.purchases)] {
            if hundredths(&shown[figure]["stored"]) != Some(right) {
                complaints.push(format!("{verdict}, though {figure} is not {right}"));
            }
        }
    }
    if verdict == "reconciled" && truth.opening + truth.purchases != truth.total {
        complaints.push("reconciled, though there are purchases before the window".to_owned());
    }
    complaints
}

/// A figure of the machine-readable output, in hundredths.
pub fn hundredths(figure: &Json) -> Option<i64> {
    let text = figure.as_str()?;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<2}").parse().ok()
}

fn name_of(number: u32) -> String {
    Books::name(if number == 38 { 37 } else { number })
}
