//! The ways of asking that a base may not offer, each with its plain fallback, and what was learned of them.
//!
//! | way of asking | simplest probe | where it is not offered | lost |
//! | --- | --- | --- | --- |
//! | [`Select`](Capability::Select) | `$select` of the key | fields are not named, rows come whole | bytes |
//! | [`Field`](Capability::Field) | `$select` of that field | the row is read without it | that field |
//! | [`SharedKey`](Capability::SharedKey) | `$select=Recorder` | the key is spelled `Recorder_Key` | the type of document |
//! | [`NoMetadata`](Capability::NoMetadata) | `odata=nometadata`, one row | rows come with what describes them | bytes |
//! | [`Order`](Capability::Order) | `$orderby`, one row | by period halved, or whole in one request | memory |
//! | [`Skip`](Capability::Skip) | `$skip=1`, one row | whole in one request | memory |
//! | [`Top`](Capability::Top) | the set without it | whole in one request | memory |
//! | [`Active`](Capability::Active) | `$filter=Active eq true` | inactive rows are left out here | bytes |
//! | [`Filter`](Capability::Filter) | the filter alone, one row | all is read and filtered here | time |
//! | [`Item`](Capability::Item) | one item by key | the catalog is read whole | time |
//! | [`Count`](Capability::Count) | `/$count` of the set | `$inlinecount` beside a row | nothing |
//! | [`InlineCount`](Capability::InlineCount) | `$inlinecount`, one row | rows are read and counted | time |
//! | [`Dimensions`](Capability::Dimensions) | the table of one day | the other spelling, then without | bytes |
//! | [`Condition`](Capability::Condition) | the table of nobody | the whole table, the card picked here | time |
//! | [`Period`](Capability::Period) | the table of one day | what needs a period is not compared | that proof |
//! | [`AllTime`](Capability::AllTime) | none: it was asked | rows of the future are in no balance | that proof |
//! | [`Width`](Capability::Width) | the table of one day | year, quarter, month, half a month, added up | time |
//! | [`BaseSums`](Capability::BaseSums) | none: it was asked | sums by card, of every month | bytes |
//! | [`VirtualTable`](Capability::Table) | the table of one day | nothing is compared with it: `unverified` | the proof |

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::query::{Conditions, Order, Set};
use crate::domain::LocalTime;
use crate::domain::period::Span;

/// A way of asking 1C.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Capability {
    /// Naming the fields wanted.
    Select,
    /// A field by this name.
    Field(String),
    /// The key of a register that several kinds of document write.
    SharedKey,
    /// Rows without what describes them: the links of every reference.
    NoMetadata,
    /// Rows in this order.
    Order(Order),
    /// Leaving out the first rows.
    Skip,
    /// So many rows and no more.
    Top,
    /// Active rows alone.
    Active,
    /// This kind of filter.
    Filter(Conditions),
    /// One item by its key.
    Item,
    /// A count by `/$count`.
    Count,
    /// A count beside a row.
    InlineCount,
    /// A virtual table by dimensions spelled so.
    Dimensions(Dimensions),
    /// A virtual table of one card.
    Condition,
    /// A virtual table of a stretch, or at a moment.
    Period,
    /// A balance of all rows there are, at no moment.
    AllTime,
    /// A virtual table over so long a stretch.
    Width(Width),
    /// A virtual table of the whole base in one row.
    BaseSums(VirtualTable),
    /// A virtual table at all.
    Table(VirtualTable),
}

impl Capability {
    /// Our own word for it, for machine-readable output and for the names of phrases.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Field(_) => "field",
            Self::SharedKey => "shared-key",
            Self::NoMetadata => "no-metadata",
            Self::Order(_) => "order",
            Self::Skip => "skip",
            Self::Top => "top",
            Self::Active => "active",
            Self::Filter(_) => "filter",
            Self::Item => "item",
            Self::Count => "count",
            Self::InlineCount => "inline-count",
            Self::Dimensions(_) => "dimensions",
            Self::Condition => "condition",
            Self::Period => "period",
            Self::AllTime => "all-time",
            Self::Width(_) => "width",
            Self::BaseSums(_) => "base-sums",
            Self::Table(_) => "table",
        }
    }

    /// What of it is meant, where there are several: a field, a kind of filter, a table.
    pub fn detail(&self) -> String {
        match self {
            Self::Field(name) => name.clone(),
            Self::Filter(conditions) => conditions.words(),
            Self::Table(table) | Self::BaseSums(table) => table.name().to_owned(),
            _ => String::new(),
        }
    }

    /// Whether a base without it leaves something unproven.
    pub fn is_proof(&self) -> bool {
        matches!(self, Self::Period | Self::AllTime | Self::Table(_))
    }

    /// Whether a base without it is merely spelled otherwise, and nothing is lost.
    pub fn is_spelling(&self) -> bool {
        matches!(self, Self::SharedKey | Self::Dimensions(_) | Self::Count)
    }
}

/// How a virtual table's dimension is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Dimensions {
    /// Without `_Key`: the vendor's way.
    #[default]
    Plain,
    /// With `_Key`.
    ByKey,
    /// Not at all: 1C groups by all there are, and the rows are added up here.
    Unnamed,
}

impl Dimensions {
    /// From the best to the plainest.
    pub(super) const ALL: [Self; 3] = [Self::Plain, Self::ByKey, Self::Unnamed];
}

/// A virtual table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum VirtualTable {
    /// `Turnovers` of sales.
    Sales,
    /// `Balance` of points.
    Balance,
    /// `Turnovers` of points.
    Points,
}

impl VirtualTable {
    /// Its register.
    pub fn set(self) -> Set {
        match self {
            Self::Sales => Set::Sales,
            Self::Balance | Self::Points => Set::Points,
        }
    }

    /// Its name in 1C.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sales | Self::Points => "Turnovers",
            Self::Balance => "Balance",
        }
    }
}

/// How long a stretch is that a table is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Width {
    /// Too short to be divided.
    Day,
    /// Up to half a month.
    HalfMonth,
    /// Up to a month.
    Month,
    /// Up to a quarter.
    Quarter,
    /// Up to a year.
    Year,
    /// More, or all there is.
    All,
}

/// Nobody has rows in 1C from before that day; what should be there all the same is asked for as one.
const DAWN: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");
/// Nobody enters documents for later: who does is not asked for sums month by month.
const FURTHEST: Months = Months::new(36);
/// Where no clock is known: years behind it are one stretch.
const DUSK: NaiveDate = NaiveDate::from_ymd_opt(2100, 1, 1).expect("a date");

impl Width {
    /// The width of a stretch; what lies before the dawn or after `today` holds next to nothing. One without an end is
    /// as wide as any: some servers answer for none of these, however late they begin.
    pub fn of(span: Span, today: Option<LocalTime>) -> Self {
        let Some(to) = span.to else { return Self::All };
        let from = span.from.unwrap_or(LocalTime::MIN).max(DAWN.into());
        let to = to.min(horizon(today));
        match (to - from).num_days() {
            i64::MIN..=1 => Self::Day,
            2..=16 => Self::HalfMonth,
            17..=31 => Self::Month,
            32..=92 => Self::Quarter,
            93..=366 => Self::Year,
            _ => Self::All,
        }
    }
}

/// The midnight behind which there is only what is to come.
pub fn horizon(today: Option<LocalTime>) -> LocalTime {
    today.map_or_else(|| DUSK.into(), |today| LocalTime::from(today.date()) + TimeDelta::days(3))
}

/// The stretches that a stretch too wide is divided into, in order; together they are exactly it. Nothing where it
/// is not divided further: thousands of questions for one sum are no way to it. `oldest` only spares empty years.
pub fn narrower(span: Span, oldest: Option<LocalTime>, today: Option<LocalTime>) -> Option<Vec<Span>> {
    let Some(to) = span.to else { return with_an_end(span, today) };
    let step = match Width::of(span, today) {
        Width::Day | Width::HalfMonth => return None,
        Width::Month => return halves(span, to, today),
        Width::Quarter => 1,
        Width::Year => 3,
        Width::All => 12,
    };
    // Where 1C gives no order, what it called the oldest may lie behind.
    let oldest = oldest.filter(|oldest| *oldest < to);
    let first = span.from.or(oldest).map_or(DAWN, |from| from.date()).max(DAWN);
    let end = to.min(horizon(today));
    let mut edge = aligned(first, step)?;
    let mut parts = Vec::new();
    let mut from = span.from;
    loop {
        let moment = LocalTime::from(edge);
        // What is left has begun, and holds what is to come as well.
        if moment >= end {
            break;
        }
        if from.is_none_or(|from| from < moment) {
            parts.push(Span { from, to: Some(moment) });
            from = Some(moment);
        }
        edge = edge.checked_add_months(Months::new(step))?;
    }
    parts.push(Span { from, to: span.to });
    (parts.len() > 1).then_some(parts)
}

/// Of a stretch without an end what has come, and what is to come; of the latter a month.
fn with_an_end(span: Span, today: Option<LocalTime>) -> Option<Vec<Span>> {
    let edge = match span.from {
        Some(from) if from >= horizon(today) => {
            let is_near = from < horizon(today).checked_add_months(FURTHEST)?;
            is_near.then(|| from.checked_add_months(Months::new(1)))??
        }
        _ => horizon(today),
    };
    Some(vec![Span { to: Some(edge), ..span }, Span::since(edge)])
}

/// The first day of the calendar's step that holds this day.
fn aligned(day: NaiveDate, step: u32) -> Option<NaiveDate> {
    let month = day.month0() / step * step;
    NaiveDate::from_ymd_opt(day.year(), month + 1, 1)
}

fn halves(span: Span, to: LocalTime, today: Option<LocalTime>) -> Option<Vec<Span>> {
    let from = span.from.unwrap_or_else(|| DAWN.into()).max(DAWN.into());
    let middle: LocalTime = (from + (to.min(horizon(today)) - from) / 2).date().into();
    let is_inside = span.from.is_none_or(|from| from < middle) && middle < to;
    is_inside.then(|| vec![Span { to: Some(middle), ..span }, Span { from: Some(middle), ..span }])
}

/// A way of asking that a base does not offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// Of which set.
    pub set: Set,
    /// Which way.
    pub what: Capability,
    /// When that was last seen; `None` where no clock was handed in.
    pub since: Option<DateTime<Utc>>,
    /// 1C's words, neutralised.
    pub said: String,
    /// Whether a failure taught it that may pass: a bad hour teaches the same as a base that cannot.
    #[serde(default)]
    pub is_fleeting: bool,
}

/// Version of what is kept. Another is forgotten.
const VERSION: u32 = 1;

/// What was learned of a base, as it is kept with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lessons {
    version: u32,
    /// Address of the base.
    address: String,
    /// Of the names in the settings: fields and sets go by them.
    names: u64,
    /// What the server called itself.
    pub(super) platform: String,
    pub(super) learned: Vec<Learned>,
}

impl Lessons {
    pub(super) fn new(address: &str, names: u64, platform: String, learned: Vec<Learned>) -> Self {
        Self { version: VERSION, address: address.to_owned(), names, platform, learned }
    }

    /// What was kept of this base by these names; nothing where it was kept of another.
    pub(super) fn decode(bytes: &[u8], address: &str, names: u64) -> Self {
        let kept: Option<Self> = serde_json::from_slice(bytes).ok();
        let fits = |it: &Self| it.version == VERSION && it.address == address && it.names == names;
        kept.filter(fits).unwrap_or_default()
    }

    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(self).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(days: i64) -> LocalTime {
        LocalTime::from(DAWN) + TimeDelta::days(days)
    }

    #[test]
    fn all_history_is_asked_for_by_years_then_quarters_then_months_then_halves() {
        let today = Some(day(9 * 365));
        let with_an_end = narrower(Span::ALL, Some(day(5 * 365)), today).unwrap();
        let [past, future] = with_an_end[..] else { panic!("{with_an_end:?}") };
        assert_eq!((past.from, past.to, future.to), (None, future.from, None));
        assert!(today < past.to && past.to <= today.map(|today| today + TimeDelta::days(3)));
        let years = narrower(past, Some(day(5 * 365)), today).unwrap();
        assert_eq!((years.first().unwrap().from, years.last().unwrap().to), (None, past.to));
        assert!(years.len() <= 8, "{years:?}");
        let year = years[1];
        assert_eq!(Width::of(year, today), Width::Year);
        let quarters = narrower(year, None, today).unwrap();
        assert_eq!(quarters.len(), 4);
        let months = narrower(quarters[0], None, today).unwrap();
        assert_eq!(months.len(), 3);
        assert_eq!(narrower(months[0], None, today).unwrap().len(), 2);
    }

    #[test]
    fn what_is_to_come_is_asked_for_month_by_month_for_a_while() {
        let today = Some(day(9 * 365));
        let mut rest = narrower(Span::ALL, None, today).unwrap()[1];
        let mut months = 0;
        while let Some(parts) = narrower(rest, None, today) {
            assert_eq!(Width::of(parts[0], Some(parts[0].to.unwrap())), Width::Month);
            (rest, months) = (parts[1], months + 1);
        }
        assert_eq!(months, 36);
    }

    proptest! {
        #[test]
        fn the_parts_of_a_stretch_are_exactly_it(
            from in proptest::option::of(-500_i64..9000),
            length in proptest::option::of(1_i64..4000),
            oldest in proptest::option::of(-9000_i64..9000),
            today in proptest::option::of(0_i64..12_000),
        ) {
            let start = from.unwrap_or(0);
            let span = Span { from: from.map(day), to: length.map(|length| day(start + length)) };
            if let Some(parts) = narrower(span, oldest.map(day), today.map(day)) {
                prop_assert!(parts.len() > 1);
                prop_assert_eq!((parts[0].from, parts[parts.len() - 1].to), (span.from, span.to));
                for pair in parts.windows(2) {
                    prop_assert_eq!(pair[0].to, pair[1].from);
                    prop_assert!(pair[0].from.is_none_or(|from| pair[0].to.is_some_and(|to| from < to)));
                }
            }
        }

        #[test]
        fn a_wrong_oldest_row_hinders_no_division(to in 800_i64..9000, oldest in proptest::option::of(0_i64..12_000)) {
            let span = Span { from: None, to: Some(day(to)) };
            prop_assert!(narrower(span, oldest.map(day), Some(day(12_000))).is_some());
        }

        #[test]
        fn dividing_ends(today in 1_i64..12_000, oldest in 0_i64..12_000) {
            let (today, oldest) = (Some(day(today)), Some(day(oldest)));
            let mut queue = vec![Span::ALL];
            let mut steps = 0;
            while let Some(span) = queue.pop() {
                steps += 1;
                prop_assert!(steps < 200_000);
                let wide = Width::of(span, today);
                for part in narrower(span, oldest, today).into_iter().flatten() {
                    if Width::of(part, today) >= Width::Quarter { queue.push(part); }
                    prop_assert!(Width::of(part, today) <= wide);
                }
            }
        }
    }
}
