//! Whether to ask again, how long to wait before, and when to stop: a pure function the client obeys.

use std::mem::{Discriminant, discriminant};
use std::time::Duration;

use super::error::{Error, Unreachable};

/// Longest pause between tries of our own choosing.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);
/// Longest pause a server can impose on us, and the longest between looks at a base under maintenance.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// A base under maintenance is looked at so many times less often than a failing one.
const MAINTENANCE_PATIENCE: u32 = 30;
/// Tries of a request that fails inside 1C: it may be a lock or a restart, but a bad comparison stays bad.
const TRIES_OF_SERVER_ERROR: u32 = 3;
/// Tries of a request that meets a web page or no HTTP: a proxy may hiccup, a login form will not go away.
const TRIES_OF_WEB_PAGE: u32 = 3;
/// Repeats of a question that only tries a way of asking.
const REPEATS_OF_PROBE: u32 = 2;
/// So much of the patience of whoever waits each question has after all of it is gone.
const LAST_OF_PATIENCE: u32 = 10;
/// Failures of one page in a row after which it is asked for with fewer rows, where its size may be why.
const SILENCES_BEFORE_SHRINKING: u32 = 2;

/// The settings of the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    /// Repeats after the first try.
    pub(super) retries: u32,
    /// Pause before the first repeat.
    pub(super) backoff: Duration,
    /// Whether the question only tries a way of asking.
    pub(super) is_probe: bool,
    /// How long the requests of a run may fail before they are given up, however many repeats are left: somebody waits.
    pub(super) patience: Duration,
}

impl Policy {
    /// The rule for a question that only tries a way of asking: whoever gets no answer goes without.
    pub(super) fn of_probe(self) -> Self {
        Self { is_probe: true, ..self }
    }

    /// How long an answer is waited for once so much of the patience is gone. When all of it is, each question has a little
    /// left: one part of 1C that is silent does not cost the others.
    pub(super) fn left_after(self, spent: Duration) -> Duration {
        self.patience.saturating_sub(spent).max(self.patience / LAST_OF_PATIENCE)
    }

    /// Repeats after a failure. A way that is not offered fails alike each time; a base under maintenance is waited for,
    /// and a server that fails now like this and now like that is ill.
    fn repeats(self, error: &Error, history: &RequestHistory) -> u32 {
        let is_steady = history.of_kind(error) == history.tries();
        if self.is_probe && is_steady && !matches!(error, Error::Maintenance { .. }) {
            self.retries.min(REPEATS_OF_PROBE)
        } else {
            self.retries
        }
    }
}

/// What has happened to one request so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RequestHistory {
    /// How every try failed that counts.
    failures: Vec<Discriminant<Error>>,
    /// Failures in a row that a smaller page may cure.
    heavy: u32,
    /// Whether the free repeat was taken.
    free_taken: bool,
    /// How long requests of the run that failed were waited for, and paused after.
    pub(super) spent: Duration,
}

impl RequestHistory {
    pub(super) fn failed(&mut self, error: &Error) {
        self.failures.push(discriminant(error));
        self.heavy = if is_heavy(error) { self.heavy + 1 } else { 0 };
    }

    /// Takes the last failure back: repeating it is free, once.
    pub(super) fn forgive(&mut self) {
        self.failures.pop();
        self.free_taken = true;
    }

    /// Begins anew: a smaller page is another request.
    pub(super) fn restart(&mut self) {
        self.failures.clear();
    }

    /// Whether the last failures were all such as less to carry may cure.
    pub(super) fn is_heavy(&self) -> bool {
        self.heavy >= SILENCES_BEFORE_SHRINKING
    }

    fn tries(&self) -> u32 {
        u32::try_from(self.failures.len()).unwrap_or(u32::MAX)
    }

    fn of_kind(&self, error: &Error) -> u32 {
        let kind = discriminant(error);
        u32::try_from(self.failures.iter().filter(|failure| **failure == kind).count()).unwrap_or(u32::MAX)
    }
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The same again at once, free of charge.
    Again,
    /// The same again after this pause.
    Wait(Duration),
    /// Fewer rows after this pause; the same where there are none fewer.
    Shrink(Duration),
    /// All tries of this request are used up: after this pause another one, for fewer rows, or none.
    Otherwise(Duration),
    End,
}

/// Decides what follows the failure that `history` ends with. `jitter` is any number: it spreads the pauses of many clients.
pub(super) fn next(error: &Error, history: &RequestHistory, policy: Policy, jitter: u64) -> Next {
    if matches!(error, Error::Closed) && !history.free_taken {
        return Next::Again;
    }
    let all = policy.repeats(error, history).saturating_add(1);
    if history.of_kind(error) >= allowed_tries(error) {
        return Next::End;
    }
    let pause = pause(error, history.tries(), policy, jitter);
    if history.spent.saturating_add(pause) >= policy.patience {
        return Next::End;
    }
    if history.tries() >= all {
        // A base that is closed is closed for pages of every size.
        let is_closed = matches!(error, Error::Maintenance { .. });
        return if is_closed { Next::End } else { Next::Otherwise(pause) };
    }
    if wants_fewer_rows(error, history) { Next::Shrink(pause) } else { Next::Wait(pause) }
}

/// Which repeat follows the failure that `history` ends with, and how many there are at most, should it go on like this.
pub(super) fn repeat(error: &Error, history: &RequestHistory, policy: Policy) -> (u32, u32) {
    let number = history.tries().max(1);
    let of = policy.repeats(error, history).min(allowed_tries(error).saturating_sub(1));
    (number, of.max(number))
}

/// Tries that may fail in this way.
fn allowed_tries(error: &Error) -> u32 {
    match error {
        Error::Unreachable { why: Unreachable::Name, .. } => 1,
        Error::ServerError { .. } => TRIES_OF_SERVER_ERROR,
        Error::NotOneC { .. } | Error::NotHttp => TRIES_OF_WEB_PAGE,
        error if error.is_permanent() => 1,
        _ => u32::MAX,
    }
}

/// Whether the failure is one of size, or may be one for all we know.
fn is_heavy(error: &Error) -> bool {
    matches!(error, Error::Cut | Error::TooLarge | Error::Timeout { .. } | Error::Busy { status: 504, .. })
}

fn wants_fewer_rows(error: &Error, history: &RequestHistory) -> bool {
    match error {
        Error::Cut | Error::TooLarge => true,
        _ => history.is_heavy(),
    }
}

fn pause(error: &Error, tries: u32, policy: Policy, jitter: u64) -> Duration {
    match error {
        Error::Busy { retry_after: Some(wait), .. } => (*wait).min(LONGEST_WAIT),
        Error::Maintenance { .. } => {
            let first = policy.backoff.saturating_mul(MAINTENANCE_PATIENCE);
            spread(doubled(first, tries).min(LONGEST_WAIT), jitter)
        }
        _ => spread(doubled(policy.backoff, tries).min(LONGEST_BACKOFF), jitter),
    }
}

fn doubled(first: Duration, tries: u32) -> Duration {
    first.saturating_mul(1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX))
}

/// Somewhere in the upper half of the pause: never all clients at once, never at once.
fn spread(pause: Duration, jitter: u64) -> Duration {
    let half = pause / 2;
    let millis = u64::try_from(half.as_millis()).unwrap_or(u64::MAX);
    half + Duration::from_millis(jitter % millis.saturating_add(1))
}

/// A small generator for jitter: nothing secret hangs on it (`SplitMix64`, an algorithm in the public domain).
#[derive(Clone, Debug)]
pub(super) struct Jitter(u64);

impl Jitter {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The pause `Retry-After` asks for: seconds, or a date, which is compared with the server's own `Date`.
pub(super) fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
    }
    let until = chrono::DateTime::parse_from_rfc2822(value.trim()).ok()?;
    let now = chrono::DateTime::parse_from_rfc2822(date?.trim()).ok()?;
    Some((until - now).to_std().unwrap_or_default().min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests;
