//! What the simulator was asked and what it answered: the witness of every test.

use std::collections::{BTreeMap, VecDeque};

use super::exchange::Request;
use super::faults::{FaultKind, Treatment, Way};

/// So many request lines are kept, the latest ones.
const KEPT_LINES: usize = 10_000;

/// Counts of everything that was asked, answered and broken on purpose.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    total: u64,
    methods: BTreeMap<String, u64>,
    statuses: BTreeMap<u16, u64>,
    faults: BTreeMap<FaultKind, u64>,
    treated: BTreeMap<(Treatment, Way), u64>,
    sets: BTreeMap<String, u64>,
    lines: VecDeque<String>,
}

impl RequestLog {
    /// All requests, refused ones included.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Requests of one method.
    pub fn method(&self, method: &str) -> u64 {
        self.methods.get(method).copied().unwrap_or_default()
    }

    /// Requests by method.
    pub const fn methods(&self) -> &BTreeMap<String, u64> {
        &self.methods
    }

    /// Replies of one status (a reply that never left counts by the status it would have had).
    pub fn status(&self, status: u16) -> u64 {
        self.statuses.get(&status).copied().unwrap_or_default()
    }

    /// Replies by status.
    pub const fn statuses(&self) -> &BTreeMap<u16, u64> {
        &self.statuses
    }

    /// How often one kind of fault fired.
    pub fn fault(&self, kind: FaultKind) -> u64 {
        self.faults.get(&kind).copied().unwrap_or_default()
    }

    /// How often each kind of fault fired.
    pub const fn faults(&self) -> &BTreeMap<FaultKind, u64> {
        &self.faults
    }

    /// How often a way of asking was treated so.
    pub fn treated(&self, treatment: Treatment, way: Way) -> u64 {
        self.treated.get(&(treatment, way)).copied().unwrap_or_default()
    }

    /// Requests for one entity set, whatever they wanted of it.
    pub fn set(&self, name: &str) -> u64 {
        self.sets.get(name).copied().unwrap_or_default()
    }

    /// Requests by entity set.
    pub const fn sets(&self) -> &BTreeMap<String, u64> {
        &self.sets
    }

    /// The latest request lines (`GET /path?query`, as received), the oldest first; at most ten thousand.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    pub(super) fn asked(&mut self, request: &Request) {
        self.total += 1;
        *self.methods.entry(request.method.clone()).or_default() += 1;
        if self.lines.len() == KEPT_LINES {
            self.lines.pop_front();
        }
        let mark = if request.query.is_empty() { "" } else { "?" };
        self.lines.push_back(format!("{} {}{mark}{}", request.method, request.path, request.query));
    }

    pub(super) fn answered(&mut self, status: u16) {
        *self.statuses.entry(status).or_default() += 1;
    }

    pub(super) fn fired(&mut self, kind: FaultKind) {
        *self.faults.entry(kind).or_default() += 1;
    }

    pub(super) fn treats(&mut self, treatment: Treatment, way: Way) {
        *self.treated.entry((treatment, way)).or_default() += 1;
    }

    pub(super) fn touched(&mut self, set: &str) {
        *self.sets.entry(set.to_owned()).or_default() += 1;
    }
}
