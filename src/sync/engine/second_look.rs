//! A sudden loss is published only after a second look, and an empty answer never without 1C's own word.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::{Job, ProvenBase, ReadFacts, Start};
use crate::domain::{Finding, LocalTime, Movement, MovementKind, Window};
use crate::store::{self, Changes, Counts, Generation, Lines, Settled, Snapshot};
use crate::sync::Error;
use crate::sync::event::Notice;
use crate::sync::position_reader::SetReader;
use crate::sync::sudden_loss::{self, Between, ComparableCounts, Loss, Subject};

/// What vanished suddenly between two generations.
#[derive(Debug, Default)]
pub(super) struct Vanished {
    pub(super) losses: Vec<Loss>,
    /// What to mend where purchases left a window that went on while the sales of 1C did not.
    jump: Option<Finding>,
}

impl Job {
    /// What vanished suddenly since the last generation.
    pub(super) async fn losses(&self, look: &ProvenBase) -> Result<Vanished, Error> {
        let Some(before) = self.current().await? else { return Ok(Vanished::default()) };
        let now = standing(look.settled.counts());
        let mut earlier = standing(&before.counts);
        let mut between = Between { touched: touched(look.settled.changes()), beyond: 0 };
        let mut jumped_since = None;
        if now.purchases.lines < earlier.purchases.lines || now.purchases.amount < earlier.purchases.amount {
            let latest = look.facts.latest;
            let history = self.history(&before, latest).await?;
            let by_clock = self.started_at - before.synced_at;
            let passed = sudden_loss::passed(by_clock, history.latest, latest);
            let kept = history.of_window(sudden_loss::ordinary_window(before.window, self.window, passed));
            (earlier.purchases, between.beyond) = (kept.purchases, kept.beyond);
            jumped_since = history.latest.filter(|_| passed < by_clock);
        }
        // What cannot be read is not gone.
        let (unread, mut there) = (look.facts.unread, now);
        there.opening_balances.lines += unread.opening_balances;
        there.purchases.lines += unread.purchases;
        there.bonus_rows += unread.points;
        let losses = sudden_loss::losses(&earlier, &there, between);
        let of_purchases = losses.iter().find(|loss| loss.subject == Subject::Purchases);
        let jump = jumped_since.zip(of_purchases).map(|(latest, loss)| Finding::WindowJumped {
            latest,
            lost: loss.before.saturating_sub(loss.now),
        });
        Ok(Vanished { losses, jump })
    }

    /// Looks a second time, after a pause: what was only gone for a moment is back then.
    pub(super) async fn look_again(
        &mut self,
        first: ProvenBase,
        losses: &[Loss],
    ) -> Result<ProvenBase, Error> {
        let seen = first.settled.digest();
        drop(first);
        let pause = self.settings.second_look_after;
        for loss in losses {
            self.reporter.notice(Notice::SuddenLoss(*loss, pause));
        }
        tokio::time::sleep(pause).await;
        let (mut second, mut vanished) = self.look_anew().await?;
        if self.withhold_points(&vanished.losses, &second) {
            drop(second);
            (second, vanished) = self.look_anew().await?;
        }
        let Vanished { losses, jump } = vanished;
        let Some(first_loss) = losses.first() else { return Ok(second) };
        self.refuse_emptiness(&losses, &second).await?;
        if !second.facts.agree_with_totals() && second.settled.digest() != seen {
            return Err(Error::LooksDiffer { before: first_loss.before, now: first_loss.now });
        }
        second.facts.findings.extend(jump);
        for loss in losses {
            self.reporter.notice(Notice::LossTaken(loss));
        }
        Ok(second)
    }

    /// Reads all of it once more; and what vanished by that.
    async fn look_anew(&mut self) -> Result<(ProvenBase, Vanished), Error> {
        let staged = self.staged(Start::Anew).await?;
        self.ask_first().await?;
        let look = self.look(staged).await?;
        let vanished = self.losses(&look).await?;
        Ok((look, vanished))
    }

    /// Whether all points are gone by 1C's own balance as well: that is what a right that was taken looks like, too. They
    /// are not read then: those of the generation before stay, and are unknown.
    fn withhold_points(&mut self, losses: &[Loss], look: &ProvenBase) -> bool {
        let are_gone = losses.iter().any(|loss| loss.is_total() && loss.subject == Subject::Points);
        self.are_points_withheld |= are_gone && look.facts.control.has_no_points();
        self.are_points_withheld
    }

    /// An empty answer alone never empties the store: what vanished altogether must have vanished from 1C's own
    /// sums as well, or, by all types of document there are, from the register.
    async fn refuse_emptiness(&self, losses: &[Loss], look: &ProvenBase) -> Result<(), Error> {
        let ProvenBase { settled, facts } = look;
        let is_of_openings = |loss: &Loss| loss.is_total() && loss.subject == Subject::OpeningBalances;
        let has_no_opening_balances = losses.iter().any(is_of_openings)
            && self.has_no_opening_balances(facts)
            && !self.do_sums_hold_them(facts).await?;
        let is_confirmed = |subject| {
            is_confirmed(subject, settled, facts)
                || (subject == Subject::OpeningBalances && has_no_opening_balances)
        };
        match losses.iter().find(|loss| loss.is_total() && !is_confirmed(loss.subject)) {
            Some(loss) if is_of_openings(loss) && self.are_openings_elsewhere(facts).await? => {
                Err(self.openings_elsewhere(loss, facts))
            }
            Some(loss) => Err(Error::EmptyAnswer { subject: loss.subject, stored: loss.before }),
            None => Ok(()),
        }
    }

    /// Whether all rows there are, are of documents that are known, and that carry nothing over by the settings.
    async fn are_openings_elsewhere(&self, facts: &ReadFacts) -> Result<bool, Error> {
        let reading = SetReader { client: &self.client, reporter: &self.reporter };
        Ok(facts.are_types_told && reading.are_all_of(&facts.types).await? == Some(true))
    }

    fn openings_elsewhere(&self, loss: &Loss, facts: &ReadFacts) -> Error {
        Error::OpeningsElsewhere {
            stored: loss.before,
            names: self.client.names().opening_balance.clone(),
            types: facts.types.iter().map(|it| it.bare().to_owned()).collect(),
        }
    }

    /// Whether 1C told all types of document there are, and none of them is an opening balance or looks like one.
    fn has_no_opening_balances(&self, facts: &ReadFacts) -> bool {
        let types = self.types_in_use(facts);
        facts.rejected.is_empty() && types.is_complete && types.proposal().is_none()
    }

    /// Whether 1C's own sums are what they were with the opening balances that are gone, and no document is there that
    /// was not: then its rows leave out what it still has.
    async fn do_sums_hold_them(&self, facts: &ReadFacts) -> Result<bool, Error> {
        let (control, types) = (facts.control.clone(), facts.types.clone());
        let look = move |snapshot: &Snapshot| {
            let before = snapshot.read_under()?.unwrap_or_default().recorder_types;
            if types.iter().any(|it| !before.iter().any(|known| known.recorder_type == *it)) {
                return Ok(false);
            }
            let (mut held, mut gone) = (0_u64, 0_u64);
            for customer in snapshot.customers()? {
                let card = customer?.card;
                let Some(stored) = snapshot.figures(card)? else { continue };
                if stored.own.opening_balance.is_zero() {
                    continue;
                }
                let (before, now) = (stored.control.turnover_all, control.of(card).turnover_all);
                *if before.is_some() && before == now { &mut held } else { &mut gone } += 1;
            }
            Ok(held > gone)
        };
        self.published(look).await
    }

    /// The purchases of the last generation. `latest` is the latest one now.
    async fn history(
        &self,
        before: &Generation,
        latest: Option<LocalTime>,
    ) -> Result<PurchaseHistory, Error> {
        let now = self.points_at;
        // What lay in the future then tells nothing of when it was read.
        let then = before.points_at.unwrap_or_else(|| before.synced_at.naive_utc() + TimeDelta::days(1));
        // Receipts of a day may move to a report of its morning.
        let end = latest.map(|latest| latest + TimeDelta::days(1));
        let of = move |history: &mut PurchaseHistory, movement: &Movement| {
            if movement.kind == MovementKind::Purchase {
                let is_past = movement.period <= now;
                let day = history.by_day.entry(movement.period.date()).or_default();
                day.purchases.lines += 1;
                day.purchases.amount += movement.amount;
                day.beyond += u64::from(is_past && end.is_none_or(|end| movement.period > end));
                history.latest = history.latest.max((movement.period <= then).then_some(movement.period));
            }
        };
        self.published(move |snapshot| history_of(snapshot, of)).await
    }
}

/// Purchases of the last generation.
#[derive(Debug, Default)]
struct PurchaseHistory {
    by_day: BTreeMap<NaiveDate, PurchasesOfDay>,
    /// The latest that was not of the future.
    latest: Option<LocalTime>,
}

#[derive(Clone, Copy, Debug, Default)]
struct PurchasesOfDay {
    purchases: Lines,
    /// How many of them lie beyond the latest one now.
    beyond: u64,
}

impl PurchaseHistory {
    /// Those of a window, which begins with a day.
    fn of_window(&self, window: Window) -> PurchasesOfDay {
        let mut sum = PurchasesOfDay::default();
        for (_, day) in self.by_day.iter().filter(|(day, _)| window.contains(LocalTime::from(**day))) {
            sum.purchases.lines += day.purchases.lines;
            sum.purchases.amount += day.purchases.amount;
            sum.beyond += day.beyond;
        }
        sum
    }
}

fn history_of(
    snapshot: &Snapshot,
    take: impl Fn(&mut PurchaseHistory, &Movement),
) -> Result<PurchaseHistory, store::Error> {
    let mut history = PurchaseHistory::default();
    let mut cards = Vec::new();
    for customer in snapshot.customers()? {
        cards.push(customer?.card);
    }
    cards.extend(snapshot.unknown_cards()?.iter().map(|unknown| unknown.card));
    for card in cards {
        snapshot.movements(card)?.iter().for_each(|movement| take(&mut history, movement));
    }
    Ok(history)
}

fn standing(counts: &Counts) -> ComparableCounts {
    ComparableCounts {
        cards: counts.cards,
        opening_balances: counts.opening_balances,
        purchases: counts.purchases,
        bonus_rows: counts.bonus_rows,
    }
}

fn touched(changes: &Changes) -> u64 {
    changes.movements.removed + changes.movements.changed
}

/// Whether 1C's own sums say that nothing is left.
fn is_confirmed(subject: Subject, settled: &Settled, facts: &ReadFacts) -> bool {
    let proven = facts.agree_with_totals() && facts.rejected.is_empty() && settled.counts().variances == 0;
    let no_points = !facts.has_points || facts.control.has_no_points();
    match subject {
        Subject::Cards => proven && facts.control.has_no_turnovers() && no_points,
        Subject::Points => facts.control.has_no_points(),
        Subject::Purchases => proven || facts.control.has_none_in_window(),
        Subject::OpeningBalances | Subject::Money | Subject::LatestPurchases => proven,
    }
}
