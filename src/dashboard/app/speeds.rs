//! How fast a sync has read, from its first second to the last, in no more figures than a screen is wide.

/// Figures kept; as many again are joined by twos, so that a run of any length is kept whole.
const MOST: usize = 240;

/// Rows a second over a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speeds {
    figures: Vec<u64>,
    /// Seconds that a figure stands for.
    seconds: u64,
    /// Of the figure that is not whole yet: rows, and seconds.
    open: (u64, u64),
    peak: u64,
}

impl Default for Speeds {
    fn default() -> Self {
        Self { figures: Vec::new(), seconds: 1, open: (0, 0), peak: 0 }
    }
}

impl Speeds {
    /// So many rows a second, for so many seconds.
    pub fn push(&mut self, rate: u64, seconds: u64) {
        self.peak = self.peak.max(rate);
        // Of a night in which nothing happened a part is enough.
        let mut rest = seconds.min(self.seconds.saturating_mul(MOST as u64));
        while rest > 0 {
            let (rows, open) = self.open;
            let taken = rest.min(self.seconds.saturating_sub(open).max(1));
            rest -= taken;
            self.open = (rows.saturating_add(rate.saturating_mul(taken)), open.saturating_add(taken));
            self.close();
        }
    }

    /// Keeps the figure that is whole, and joins them all where they are too many.
    fn close(&mut self) {
        if self.open.1 >= self.seconds {
            self.figures.push(self.open.0 / self.open.1);
            self.open = (0, 0);
        }
        if self.figures.len() >= MOST {
            self.figures = joined(&self.figures, 2);
            self.seconds = self.seconds.saturating_mul(2);
        }
    }

    /// The highest rate so far.
    pub fn peak(&self) -> u64 {
        self.peak
    }

    /// The run in at most so many figures, which only become more until they have to be joined.
    pub fn over_run(&self, columns: usize) -> Vec<u64> {
        let by = self.figures.len().div_ceil(columns.max(1)).next_power_of_two();
        joined(&self.figures, by)
    }
}

/// The mean of every so many figures; the last ones, should they be fewer, are not told yet.
fn joined(figures: &[u64], by: usize) -> Vec<u64> {
    let mean =
        |some: &[u64]| some.iter().fold(0, |sum: u64, it| sum.saturating_add(*it)) / some.len().max(1) as u64;
    figures.chunks_exact(by.max(1)).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_any_length_is_shown_whole() {
        let mut speeds = Speeds::default();
        for seconds in [1, 59, 600, 7_200] {
            speeds.push(seconds, seconds);
            for columns in [1, 7, 40, 200] {
                let shown = speeds.over_run(columns);
                assert!(shown.len() <= columns, "{} in {columns}", shown.len());
                assert!(columns < 7 || seconds < 59 || !shown.is_empty());
            }
        }
        assert_eq!(speeds.peak(), 7_200);
        let shown = speeds.over_run(60);
        assert!(
            shown.windows(2).all(|pair| pair[0] <= pair[1]),
            "the beginning stays at the left: {shown:?}"
        );
    }

    #[test]
    fn no_leap_of_a_clock_takes_long_to_note() {
        let mut speeds = Speeds::default();
        for _ in 0..2_000 {
            speeds.push(u64::MAX, u64::MAX);
        }
        assert!(speeds.over_run(80).len() <= 80);
    }

    #[test]
    fn one_more_second_adds_a_figure_and_moves_none() {
        let mut speeds = Speeds::default();
        let mut before = Vec::new();
        for second in 0..40 {
            speeds.push(second * 10, 1);
            let shown = speeds.over_run(60);
            assert_eq!(shown[..before.len()], before[..]);
            before = shown;
        }
        assert_eq!(before.len(), 40);
    }
}
