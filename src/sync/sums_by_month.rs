//! What is staged of all cards together, by month: what 1C's sums of the whole base are held against.

use std::collections::BTreeMap;

use super::proof_spans::start_of_month;
use crate::domain::{LocalTime, Span, Summand};

/// Sums by the first moment of each part of the calendar that a proof divides time into: months, from the window's
/// first moment on, and all that is to come as one.
#[derive(Clone, Debug, Default)]
pub(super) struct SumsByMonth<T> {
    window_from: Option<LocalTime>,
    tomorrow: LocalTime,
    sums: BTreeMap<LocalTime, T>,
}

impl<T: Summand> SumsByMonth<T> {
    /// Nothing so far. `tomorrow` is where what is to come begins.
    pub(super) fn new(window_from: Option<LocalTime>, tomorrow: LocalTime) -> Self {
        Self { window_from, tomorrow, sums: BTreeMap::new() }
    }

    /// Adds a row; one before the window is of none of its months.
    pub(super) fn add(&mut self, period: LocalTime, figure: T) {
        if self.window_from.is_none_or(|from| period >= from) {
            *self.sums.entry(self.first_of(period)).or_default() += figure;
        }
    }

    /// What lies in a stretch of [`super::proof_spans::months`].
    pub(super) fn within(&self, span: Span) -> T {
        let inside = self.sums.iter().filter(|(first, _)| span.contains(**first));
        inside.fold(T::default(), |mut sum, (_, more)| {
            sum += *more;
            sum
        })
    }

    fn first_of(&self, period: LocalTime) -> LocalTime {
        if period >= self.tomorrow {
            return self.tomorrow;
        }
        let month = start_of_month(period).unwrap_or(period);
        self.window_from.map_or(month, |from| from.max(month))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::proof_spans::{months, tomorrow};
    use super::*;

    fn any_time() -> impl Strategy<Value = LocalTime> {
        // Of three years.
        (1_700_000_000_i64..1_795_000_000)
            .prop_map(|second| chrono::DateTime::from_timestamp(second, 0).unwrap().naive_utc())
    }

    proptest! {
        #[test]
        fn each_stretch_of_a_proof_has_the_sum_of_its_rows(
            rows in prop::collection::vec((any_time(), 1_i64..1_000), 0..40),
            from in prop::option::of(any_time()), now in any_time(),
        ) {
            let from = from.filter(|from| *from < tomorrow(now));
            let mut sums = SumsByMonth::new(from, tomorrow(now));
            for (period, sum) in &rows {
                sums.add(*period, *sum);
            }
            let oldest = rows.iter().map(|(period, _)| *period).min();
            for span in months(from, oldest, now) {
                let of_rows: i64 = rows.iter().filter(|(period, _)| span.contains(*period)).map(|(_, sum)| sum).sum();
                prop_assert_eq!(sums.within(span), of_rows, "{:?}", span);
            }
        }
    }
}
