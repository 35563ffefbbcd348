//! Notices that the machine slept: whatever was connected before is connected no more, though nobody says so.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// Clocks that drift apart by more between two looks were stopped, or set.
const JUMP: Duration = Duration::from_secs(60);
/// How often a request under way looks. Not part of any deadline: those go by the steady clock alone.
pub(super) const LOOK: Duration = Duration::from_secs(5);

/// Compares the steady clock, which stands still while the machine sleeps, with the wall clock, which does not.
pub(super) struct Vigil {
    wall: Box<dyn Fn() -> SystemTime + Send + Sync>,
    seen: Mutex<Seen>,
}

#[derive(Clone, Copy)]
struct Seen {
    steady: Instant,
    wall: SystemTime,
    jumps: u64,
}

impl Vigil {
    pub(super) fn new(wall: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        let seen = Seen { steady: Instant::now(), wall: wall(), jumps: 0 };
        Self { wall: Box::new(wall), seen: Mutex::new(seen) }
    }

    pub(super) fn now(&self) -> SystemTime {
        (self.wall)()
    }

    /// How often the clocks parted so far.
    pub(super) fn jumps(&self) -> u64 {
        let (steady, wall) = (Instant::now(), self.now());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let jumps = seen.jumps + u64::from(parted(steady.duration_since(seen.steady), seen.wall, wall));
        *seen = Seen { steady, wall, jumps };
        jumps
    }
}

/// Whether the wall clock went from `before` to `after` in another time than the steady clock told.
fn parted(steady: Duration, before: SystemTime, after: SystemTime) -> bool {
    match after.duration_since(before) {
        Ok(passed) => passed.abs_diff(steady) > JUMP,
        Err(back) => back.duration() + steady > JUMP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n12_a_sleep_is_clocks_that_part() {
        let begin = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let seconds = Duration::from_secs;
        for (name, steady, wall, parts) in [
            ("an hour on both", 3_600, begin + seconds(3_600), false),
            ("a little correction", 10, begin + seconds(60), false),
            ("an hour asleep", 10, begin + seconds(3_610), true),
            ("set forward a minute and a bit", 0, begin + seconds(61), true),
            ("set back an hour", 10, begin - seconds(3_600), true),
            ("set back a little", 1, begin - seconds(30), false),
        ] {
            assert_eq!(parted(seconds(steady), begin, wall), parts, "{name}");
        }
    }
}
