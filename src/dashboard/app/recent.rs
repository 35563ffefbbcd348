//! Whom somebody looked at last. It stays in memory: who called is personal data.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::event::Now;
use crate::domain::Customer;

/// Customers kept: a shift's callers who may call again.
const KEPT: usize = 10;
/// How long somebody is looked at who is meant, and not only passed by.
const LOOKED_AT: TimeDelta = TimeDelta::seconds(2);

/// The customers, the last one first, and whoever is on the screen since when.
#[derive(Clone, Debug, Default)]
pub struct RecentCustomers {
    seen: VecDeque<Customer>,
    shown: Option<(Customer, Now)>,
}

impl RecentCustomers {
    /// This customer is on the screen, or nobody whom somebody looked for.
    pub(super) fn show(&mut self, customer: Option<&Customer>, now: Now) {
        let card = |customer: &Customer| customer.card;
        if self.shown.as_ref().map(|(shown, _)| card(shown)) == customer.map(card) {
            return;
        }
        if let Some((customer, _)) = self.shown.take().filter(|(_, since)| now - since >= LOOKED_AT) {
            self.keep(customer);
        }
        self.shown = customer.map(|customer| (customer.clone(), now));
    }

    /// Something was asked for about whoever is on the screen.
    pub(super) fn mean(&mut self) {
        if let Some((customer, _)) = &self.shown {
            self.keep(customer.clone());
        }
    }

    fn keep(&mut self, customer: Customer) {
        self.seen.retain(|seen| seen.card != customer.card);
        self.seen.push_front(customer);
        self.seen.truncate(KEPT);
    }

    /// The last one first; whoever is on the screen is not among those one goes back to.
    pub fn others(&self) -> impl Iterator<Item = &Customer> {
        let shown = self.shown.as_ref().map(|(customer, _)| customer.card);
        self.seen.iter().filter(move |customer| Some(customer.card) != shown)
    }

    /// Hides what is personal, for a picture of the screen.
    pub(super) fn hide(&mut self, hidden: fn(&str) -> String) {
        self.seen.iter_mut().for_each(|customer| customer.hide(hidden));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::app::fixture;

    fn codes(recent: &RecentCustomers) -> Vec<&str> {
        recent.others().map(|customer| customer.code.as_str()).collect()
    }

    fn customer(number: usize) -> Customer {
        let mut customer = fixture::rows().remove(0).customer;
        customer.code = number.to_string();
        customer.card = fixture::card(number as u128);
        customer
    }

    #[test]
    fn who_was_looked_at_is_kept_and_who_was_passed_by_is_not() {
        let (mut recent, start) = (RecentCustomers::default(), fixture::now());
        let at = |seconds| start + TimeDelta::seconds(seconds);
        recent.show(Some(&customer(1)), at(0));
        recent.show(Some(&customer(1)), at(3));
        recent.show(Some(&customer(2)), at(4));
        recent.show(Some(&customer(3)), at(5));
        recent.show(None, at(8));
        assert_eq!(codes(&recent), ["3", "1"], "two is gone after a second");
        recent.show(Some(&customer(1)), at(9));
        assert_eq!(codes(&recent), ["3"], "nobody goes back to whom they look at");
        recent.show(Some(&customer(4)), at(10));
        recent.mean();
        recent.show(None, at(10));
        assert_eq!(codes(&recent), ["4", "3", "1"], "a command means somebody at once");
    }

    #[test]
    fn only_so_many_are_kept() {
        let (mut recent, start) = (RecentCustomers::default(), fixture::now());
        for number in 0..30 {
            recent.show(Some(&customer(number)), start);
            recent.mean();
        }
        recent.show(None, start);
        assert_eq!(recent.others().count(), KEPT);
        assert_eq!(recent.others().next().map(|it| it.code.as_str()), Some("29"));
    }
}
