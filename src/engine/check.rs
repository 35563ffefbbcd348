//! Reconciling customers: each card's rows from 1C now, or the control totals of the last sync.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::reconcile::telling;
use super::truth::{MadeWith, NOBODY};
use super::{Engine, Whom, lookup, terms};
use crate::domain::reconcile::{self, LiveSide, StoredSide, Terms};
use crate::domain::{CardId, Comparison, Customer, Settings, Under, Window, phone};
use crate::odata::{self, Lookup, Sent};
use crate::store::{self, KeptRow, Snapshot};
use crate::sync::{Error, Observer, Reporter, Unobserved, live};

/// Cards one check looks at, at most; a cut is announced.
const MOST_CARDS: usize = 20;

/// What the store is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// 1C's rows, read now.
    Live,
    /// The control totals of the last sync.
    ControlTotals,
}

/// What a check found.
#[derive(Debug, Default)]
pub struct Checked {
    /// A comparison per card.
    pub comparisons: Vec<Comparison>,
    /// Cards that match, those not looked at included.
    pub total: usize,
    /// Why 1C could not be asked: the stored figures then stand alone.
    pub failure: Option<Error>,
    /// The code of why the portal could not be asked.
    pub portal_not_asked: Option<String>,
    /// Codes of cards that bear this phone in the store and another in 1C: it may be somebody else's now.
    pub phone_moved: Vec<String>,
    /// The requests that fetched 1C's side, in the order they were answered.
    pub requests: Vec<Sent>,
}

/// The store's side of a check; nothing of it exists before the first sync.
#[derive(Debug, Default)]
struct Stored {
    terms: Option<Terms>,
    cards: Vec<CardId>,
    total: usize,
    sides: HashMap<CardId, StoredSide>,
    /// When 1C told of them: a card may have been carried over.
    read_at: HashMap<CardId, DateTime<Utc>>,
    /// What comparisons with them are kept under.
    made_with: HashMap<CardId, MadeWith>,
    /// The same of a card the store lacks.
    made_with_nothing: Option<MadeWith>,
}

impl Engine {
    /// Reconciles the customers asked for: those the store has, else those 1C has. Nothing is said of a store
    /// whose rows are not those that were published.
    pub async fn check(&self, whom: &Whom, side: Side) -> Result<Checked, Error> {
        self.check_told(whom, side, Arc::new(Unobserved)).await
    }

    /// The same, telling what has to be tried again.
    pub async fn check_told(
        &self,
        whom: &Whom,
        side: Side,
        observer: Arc<dyn Observer>,
    ) -> Result<Checked, Error> {
        let mut checked = match tokio::join!(self.compared(whom, side, observer), self.verify_store()) {
            (_, Err(Error::Store(error))) if error.is_damage() => return Err(error.into()),
            (checked, _) => checked?,
        };
        checked.portal_not_asked = self.beside_portal(&mut checked.comparisons).await;
        Ok(checked)
    }

    async fn compared(&self, whom: &Whom, side: Side, observer: Arc<dyn Observer>) -> Result<Checked, Error> {
        let stored = self.stored(whom.clone()).await?;
        match side {
            Side::ControlTotals => {
                let terms = stored.terms.clone().ok_or(store::Error::NotFound)?;
                Ok(stored.compared(|side| {
                    let told_at = stored.read_at.get(&side.customer.card).copied();
                    let terms = Terms { compared_at: told_at.or(terms.compared_at), ..terms.clone() };
                    reconcile::against_control_totals(side, &terms)
                }))
            }
            Side::Live => self.check_live(whom, stored, observer).await,
        }
    }

    async fn check_live(
        &self,
        whom: &Whom,
        stored: Stored,
        observer: Arc<dyn Observer>,
    ) -> Result<Checked, Error> {
        let terms = Terms {
            compared_at: Some(self.clock.now()),
            ..stored.terms.clone().unwrap_or_else(|| self.terms())
        };
        let requests = Arc::new(Mutex::new(Vec::new()));
        let reporter = Arc::new(Reporter::new(observer));
        let ask = || self.live(whom, &stored, &terms, (&requests, Arc::clone(&reporter)));
        let mut live = ask().await;
        // What was sold between its rows and its sums makes 1C contradict itself until it is asked once more.
        let contradicts_itself =
            |live| stored.beside(live, &terms).comparisons.iter().any(Comparison::has_own_sum_apart);
        if live.as_ref().is_ok_and(contradicts_itself) {
            live = ask().await.or(live);
        }
        match live {
            Ok(live) => {
                let requests = std::mem::take(&mut *requests.lock().unwrap_or_else(PoisonError::into_inner));
                let checked = stored.beside(&live, &terms);
                self.keep_checks(stored.kept(&checked.comparisons)).await;
                Ok(Checked { requests, phone_moved: stored.phone_moved(whom, &live), ..checked })
            }
            Err(error) if stored.sides.is_empty() => Err(error),
            Err(error) => {
                let alone = Terms { compared_at: None, ..terms };
                let checked = stored.compared(|side| reconcile::against_nothing(side, &alone));
                Ok(Checked { failure: Some(error), ..checked })
            }
        }
    }

    async fn live(
        &self,
        whom: &Whom,
        stored: &Stored,
        terms: &Terms,
        (requests, reporter): (&Arc<Mutex<Vec<Sent>>>, Arc<Reporter>),
    ) -> Result<HashMap<CardId, LiveSide>, Error> {
        let patient = self.client_of_today(&terms.under).with_patience(self.config.onec.patience);
        let client = telling(self.informed(&patient).await, Arc::clone(&reporter)).with_recorder({
            let requests = Arc::clone(requests);
            move |sent| requests.lock().unwrap_or_else(PoisonError::into_inner).push(sent)
        });
        let mut cards = stored.cards.clone();
        if cards.is_empty() {
            cards = found_in_onec(&client, &reporter, whom).await?;
            cards.truncate(MOST_CARDS);
        }
        let at = terms.points_at.unwrap_or_else(|| self.local(self.clock.now()));
        let on = live::LiveTerms { window: terms.window, points_at: at };
        let mut sides = live::read(&client, &reporter, &cards, on).await?;
        let is_gone = |card: &CardId| sides.get(card).is_none_or(|side| !side.is_listed);
        if !stored.cards.is_empty() && stored.cards.iter().all(is_gone) {
            // Beside another base every customer looks deleted.
            if let Some(error) = self.another_base(&client).await {
                return Err(error);
            }
        }
        if stored.cards.is_empty() {
            sides.retain(|_, side| side.is_listed && is_meant(whom, &side.customer));
        }
        Ok(sides)
    }

    async fn stored(&self, whom: Whom) -> Result<Stored, Error> {
        let index = match self.index().await {
            Err(Error::Store(store::Error::NotFound)) => return Ok(Stored::default()),
            other => other?.index,
        };
        let today = self.meaning();
        self.read(move |snapshot| {
            let (cards, total) = lookup::cards(snapshot, &index, &whom, MOST_CARDS)?;
            Stored::of(snapshot, cards, total, &today)
        })
        .await
    }

    /// Terms for a customer who is in no generation yet.
    fn terms(&self) -> Terms {
        let now = self.clock.now();
        let local = self.local(now);
        Terms {
            window: Window::ending(local.date(), self.config.sync.days),
            points_at: Some(local),
            rule: self.config.points,
            synced_at: None,
            compared_at: Some(now),
            under: Arc::new(Under::of(None, &self.meaning())),
            is_moment_doubtful: false,
        }
    }
}

impl Stored {
    fn of(
        snapshot: &Snapshot,
        cards: Vec<CardId>,
        total: usize,
        today: &Settings,
    ) -> Result<Self, store::Error> {
        let terms = terms::terms_of(snapshot, today)?;
        let mut stored = Self { cards, total, ..Self::default() };
        for card in &stored.cards {
            stored.read_at.extend(snapshot.read_at(*card)?.map(|at| (*card, at)));
            stored.sides.extend(snapshot.stored_side(*card)?.map(|side| (*card, side)));
            if let Some(terms) = &terms {
                stored.made_with.insert(*card, MadeWith::of(snapshot, *card, terms)?);
            }
        }
        let nobody = |terms| MadeWith::of(snapshot, NOBODY, terms);
        stored.made_with_nothing = terms.as_ref().map(nobody).transpose()?;
        Ok(Self { terms, ..stored })
    }

    /// What is kept of comparisons.
    fn kept(&self, comparisons: &[Comparison]) -> Vec<KeptRow> {
        let kept = |comparison: &Comparison| {
            let card = comparison.customer.card;
            let made_with = self.made_with.get(&card).copied().or(self.made_with_nothing)?;
            made_with.kept(comparison)
        };
        comparisons.iter().filter_map(kept).collect()
    }

    /// Cards found by a phone that 1C does not know them by any more.
    fn phone_moved(&self, whom: &Whom, live: &HashMap<CardId, LiveSide>) -> Vec<String> {
        let has_moved = |card: &&CardId| {
            let stored = self.sides.get(*card).is_some_and(|side| is_meant(whom, &side.customer));
            // Where the owner was not read, nobody knows which phones they have.
            let told = live.get(*card).filter(|side| side.is_listed && side.knows_town);
            stored && told.is_some_and(|side| !is_meant(whom, &side.customer))
        };
        let code = |card: &CardId| self.sides.get(card).map(|side| side.customer.code.clone());
        self.cards.iter().filter(has_moved).filter_map(code).collect()
    }

    fn compared(&self, compare: impl Fn(&StoredSide) -> Comparison) -> Checked {
        let sides = self.cards.iter().filter_map(|card| self.sides.get(card));
        Checked { comparisons: sides.map(compare).collect(), total: self.total, ..Checked::default() }
    }

    /// Every card of either side, the store's in its order, then those only 1C has.
    fn beside(&self, live: &HashMap<CardId, LiveSide>, terms: &Terms) -> Checked {
        let mut cards = self.cards.clone();
        let mut others: Vec<_> = live.keys().copied().filter(|card| !cards.contains(card)).collect();
        others.sort_unstable();
        cards.extend(others);
        let compare = |card: &CardId| reconcile::against_live(self.sides.get(card), live.get(card), terms);
        let comparisons: Vec<_> = cards.iter().filter_map(compare).collect();
        Checked { total: self.total.max(comparisons.len()), comparisons, ..Checked::default() }
    }
}

/// Cards that 1C has under this phone or code. A query in words is the store's alone: 1C would search all
/// names for it, and note it in its logs.
async fn found_in_onec(
    client: &odata::Client,
    reporter: &Reporter,
    whom: &Whom,
) -> Result<Vec<CardId>, Error> {
    let lookup = match whom {
        Whom::Key(card) => return Ok(vec![*card]),
        Whom::Phone(wanted) => Lookup::Phone(tail(wanted)),
        Whom::Card(code) => Lookup::Code(code.trim().to_owned()),
        Whom::Query(query) if is_phone(query) => Lookup::Phone(tail(query)),
        Whom::Query(_) => return Ok(Vec::new()),
    };
    live::find(client, reporter, lookup).await
}

/// Whether a card found in 1C by a fragment is the one asked for.
fn is_meant(whom: &Whom, customer: &Customer) -> bool {
    match whom {
        Whom::Phone(wanted) | Whom::Query(wanted) => {
            let phones = [customer.phone.as_deref().unwrap_or_default(), &customer.barcode];
            phones.into_iter().any(|phone| phone::same_phone(phone, &phone::digits(wanted)))
        }
        Whom::Card(_) | Whom::Key(_) => true,
    }
}

/// What all notations of one phone share.
fn tail(wanted: &str) -> String {
    let digits = phone::digits(wanted);
    phone::national(&digits).unwrap_or(&digits).to_owned()
}

fn is_phone(query: &str) -> bool {
    phone::national(&phone::digits(query)).is_some()
        && query.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c))
}
