//! How often every kind of fault fired: one that never fires proves nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sverka_simulator::FaultKind;

/// Every kind of fault of the world's own, beside those of the simulated 1C.
pub const OWN_KINDS: &[&str] = &[
    // The way to 1C.
    "way/refused",
    "way/connect-timeout",
    "way/name",
    "way/closed",
    "way/lost-reply",
    "way/cut-on-valid-json",
    "way/cut-without-length",
    "way/late",
    "way/drip",
    "way/too-large",
    "way/dead-for-minutes",
    // 1C as a whole.
    "base/maintenance-for-minutes",
    "base/credentials-changed",
    "base/another-base",
    "base/schema-drift",
    "base/virtual-tables-vanish",
    "base/mass-deletion",
    // Life in the shop while it is read.
    "life/sell",
    "life/back-date-sale",
    "life/edit-amount",
    "life/re-date",
    "life/move-over-window-edge",
    "life/re-attribute",
    "life/close-shift",
    "life/unpost",
    "life/repost",
    "life/switch-active",
    "life/delete-row",
    "life/swap-periods",
    "life/transfer",
    "life/edit-product",
    "life/add-card",
    "life/remove-card",
    "life/edit-card",
    "life/edit-owner",
    "life/rename-product",
    "life/accrue",
    "life/edit-bonus",
    "life/delete-bonus",
    "life/edit-opening",
    "life/re-date-opening",
    "life/add-opening",
    "life/change-and-back",
    "life/re-enter",
    // The disk.
    "disk/full",
    "disk/full-once",
    "disk/failing",
    "disk/failing-once",
    "disk/power-cut",
    // The process.
    "process/killed-at-request",
    "process/killed-at-disk",
    "process/cancelled",
    "process/restarted",
    // What a sync builds on.
    "sync/delta",
    // The clock.
    "clock/forward",
    "clock/back",
    "clock/midnight",
];

/// No address of ours has a plus sign in it for 1C to ignore (I13).
const IMPOSSIBLE: [&str; 1] = ["plus-ignored"];

/// Kinds that make other figures of the books than the auditor reckons: they are drawn where nothing is promised but
/// that what is shown as proven is true, or have a test of their own.
const ELSEWHERE: [&str; 11] = [
    "doubled-sales",
    "future-rows",
    "huge-sums",
    "opening-corrections",
    "points-by-owner",
    "points-leave",
    "recorder-key",
    "reentered-openings",
    "table-days",
    "twin-rows",
    "untyped-rows",
];

/// Kinds that meet the one request they concern too seldom for the small programme.
const RARE: [&str; 2] = ["inlinecount-unlimited", "owners-missing"];

/// Worlds from which on these have to fire as well.
const MANY: u64 = 5_000;

/// Counts by kind. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<&'static str, u64>>>);

impl Tally {
    /// Counts one of [`OWN_KINDS`].
    pub fn fired(&self, kind: &'static str) {
        assert!(OWN_KINDS.contains(&kind), "{kind} is not listed");
        self.add(kind, 1);
    }

    /// Counts what the simulated 1C did by itself.
    pub fn simulated(&self, kind: FaultKind, times: u64) {
        self.add(kind.name(), times);
    }

    /// Counts anything else worth knowing.
    pub fn add(&self, kind: &'static str, times: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default() += times;
    }

    pub fn merge(&self, other: &Self) {
        let other = other.counts();
        for (kind, times) in other {
            self.add(kind, times);
        }
    }

    pub fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The kinds that never fired in so many worlds, where they have to.
    pub fn silent(&self, worlds: u64) -> Vec<&'static str> {
        let counts = self.counts();
        let excused = |kind: &str| {
            let is_rare = worlds < MANY && RARE.contains(&kind);
            is_rare || IMPOSSIBLE.contains(&kind) || ELSEWHERE.contains(&kind)
        };
        let known = OWN_KINDS.iter().copied().chain(FaultKind::ALL.iter().map(|kind| kind.name()));
        known.filter(|kind| counts.get(kind).is_none_or(|times| *times == 0) && !excused(kind)).collect()
    }
}
