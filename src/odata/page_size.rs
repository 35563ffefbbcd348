//! How many rows to ask for at once: less when the server cannot carry a page, more again with care.

/// Fewest rows worth a request. A server that cannot carry this many fails otherwise than by size.
const FLOOR: u32 = 25;
/// Full pages in a row after which a doubling is tried.
const GROW_AFTER: u32 = 4;
/// Full pages in a row after which a size that failed is tried again; doubles each time it fails.
const PATIENCE: u32 = 16;
/// Patience has an end, so that a long run may recover from a bad hour.
const MOST_PATIENCE: u32 = 1024;

/// Pages of fewer rows than this are asked for as they are set, whatever the rows: whoever sets so few has a server that
/// carries no more.
const ROOMY: u32 = 1_000;

/// How much a row of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// An item of a catalog with its sections.
    Whole,
    /// A row of a register: a dozen short fields.
    Line,
    /// A key and a few short fields.
    Thin,
}

impl Weight {
    /// So many rows of it are asked for in the place of one whole.
    fn rows(self) -> u32 {
        match self {
            Self::Whole => 1,
            Self::Line => 2,
            Self::Thin => 10,
        }
    }
}

/// The page sizes of a run, learned apart: a server may carry many thin rows and few whole ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageSizes {
    whole: PageSize,
    line: PageSize,
    thin: PageSize,
}

impl PageSizes {
    /// The sizes to begin with: whole rows as configured, and several times as many of those that are less.
    pub(super) fn new(configured: u32) -> Self {
        let of = |weight: Weight| {
            let times = if configured < ROOMY { 1 } else { weight.rows() };
            PageSize::new(configured.saturating_mul(times))
        };
        Self { whole: of(Weight::Whole), line: of(Weight::Line), thin: of(Weight::Thin) }
    }

    /// Of rows of this weight.
    pub(super) fn of(&mut self, weight: Weight) -> &mut PageSize {
        match weight {
            Weight::Whole => &mut self.whole,
            Weight::Line => &mut self.line,
            Weight::Thin => &mut self.thin,
        }
    }

    /// However many are asked for, no page holds more than this, of whatever rows.
    pub(super) fn cap(&mut self, rows: u64) {
        for size in [&mut self.whole, &mut self.line, &mut self.thin] {
            size.cap(rows);
        }
    }
}

/// The page size of a run: begins as configured, halves on failure, doubles after good full pages, and
/// waits ever longer before it tries a size that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSize {
    now: u32,
    most: u32,
    failed: Option<u32>,
    good: u32,
    patience: u32,
}

impl PageSize {
    /// The size to begin with, and never to pass; at least one row.
    pub fn new(configured: u32) -> Self {
        let most = configured.max(1);
        Self { now: most, most, failed: None, good: 0, patience: PATIENCE }
    }

    /// Rows to ask for now.
    pub fn now(&self) -> u32 {
        self.now
    }

    /// A page of this size failed. Whether there is a smaller one to ask for.
    pub fn shrink(&mut self, asked: u32) -> bool {
        let floor = FLOOR.min(self.most);
        if asked <= floor {
            return false;
        }
        if asked > self.now {
            // Another request of the same run has seen to it.
            return true;
        }
        if self.failed.is_some_and(|failed| asked >= failed) {
            self.patience = (self.patience * 2).min(MOST_PATIENCE);
        }
        self.failed = Some(self.failed.map_or(asked, |failed| failed.min(asked)));
        self.now = (asked / 2).max(floor);
        self.good = 0;
        true
    }

    /// However many are asked for, no page holds more than this. One fewer is asked for: a row beyond a page says that
    /// there are more.
    pub fn cap(&mut self, rows: u64) {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        self.most = self.most.min(rows.saturating_sub(1).max(1));
        self.now = self.now.min(self.most);
        self.good = 0;
    }

    /// A page came whole with so many rows.
    pub fn received(&mut self, rows: u64) {
        if rows < u64::from(self.now) || self.now == self.most {
            return;
        }
        self.good += 1;
        let next = self.now.saturating_mul(2).min(self.most);
        let again = self.failed.is_some_and(|failed| next >= failed);
        let wanted = if again { self.patience } else { GROW_AFTER };
        if self.good >= wanted {
            self.now = next;
            self.good = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn full_pages(size: &mut PageSize, pages: u32) {
        for _ in 0..pages {
            size.received(u64::from(size.now()));
        }
    }

    #[test]
    fn it_halves_down_to_the_floor() {
        let mut size = PageSize::new(1000);
        let mut seen = vec![size.now()];
        while size.shrink(size.now()) {
            seen.push(size.now());
        }
        assert_eq!(seen, [1000, 500, 250, 125, 62, 31, 25]);
    }

    #[test]
    fn a_size_below_the_floor_is_left_alone() {
        let mut size = PageSize::new(10);
        assert!(!size.shrink(10));
        assert_eq!(size.now(), 10);
        assert_eq!(PageSize::new(0).now(), 1);
    }

    #[test]
    fn what_no_page_holds_is_never_asked_for_again() {
        let mut size = PageSize::new(1000);
        size.cap(100);
        full_pages(&mut size, 5 * PATIENCE);
        assert_eq!(size.now(), 99);
        size.cap(500);
        assert_eq!(size.now(), 99);
        size.cap(0);
        assert_eq!(size.now(), 1);
    }

    #[test]
    fn two_requests_that_failed_together_halve_once() {
        let mut size = PageSize::new(1000);
        assert!(size.shrink(1000));
        assert!(size.shrink(1000), "the second may try the new size");
        assert_eq!(size.now(), 500);
    }

    #[test]
    fn a_size_that_failed_is_tried_ever_later() {
        let mut size = PageSize::new(1000);
        size.shrink(1000);
        full_pages(&mut size, PATIENCE - 1);
        assert_eq!(size.now(), 500);
        full_pages(&mut size, 1);
        assert_eq!(size.now(), 1000);
        size.shrink(1000);
        full_pages(&mut size, 2 * PATIENCE - 1);
        assert_eq!(size.now(), 500);
        full_pages(&mut size, 1);
        assert_eq!(size.now(), 1000);
    }

    #[test]
    fn below_the_size_that_failed_it_grows_soon() {
        let mut size = PageSize::new(1000);
        size.shrink(1000);
        size.shrink(500);
        size.failed = Some(1000);
        full_pages(&mut size, GROW_AFTER);
        assert_eq!(size.now(), 500);
    }

    #[test]
    fn short_pages_prove_nothing() {
        let mut size = PageSize::new(1000);
        size.shrink(1000);
        for _ in 0..10_000 {
            size.received(499);
        }
        assert_eq!(size.now(), 500);
    }

    proptest! {
        #[test]
        fn it_stays_between_floor_and_most(most in 1_u32..100_000, steps in prop::collection::vec(any::<bool>(), 0..300)) {
            let mut size = PageSize::new(most);
            for failed in steps {
                let before = size.now();
                if failed {
                    let can = size.shrink(before);
                    prop_assert_eq!(can, size.now() < before, "a shrink is told truly");
                } else {
                    full_pages(&mut size, 1);
                    prop_assert!(size.now() >= before, "a good page never shrinks");
                }
                prop_assert!(size.now() <= most && size.now() >= FLOOR.min(most));
            }
        }
    }
}
