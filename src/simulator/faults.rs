//! What can go wrong on purpose, how often, and the draw that decides.
//!
//! A draw depends on the seed, the request and on how many times this very request was seen before; never on what
//! other requests did meanwhile. So a rerun of the same sync meets the same faults, two workers or not, and a retry
//! draws anew.

mod kinds;
mod shape;
mod ways;

use std::collections::BTreeMap;
use std::str::FromStr;

pub use self::kinds::FaultKind;
use self::kinds::Reading;
pub use self::shape::{ErrorBody, Shape};
pub use self::ways::{Misgiving, Treatment, Way};
use super::prng::{mix, mix_bytes};

/// Rates are kept in millionths.
const MILLION: u64 = 1_000_000;

/// Why a `KIND=RATE` could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// There is no `=`.
    #[error("`{0}` is not KIND=RATE")]
    NoRate(String),
    /// Nobody knows this kind.
    #[error("unknown kind of fault `{0}`; known: {known}", known = known_kinds())]
    UnknownKind(String),
    /// Not a plain number with at most six decimals.
    #[error("`{0}` is not a number")]
    NotANumber(String),
    /// A probability above one.
    #[error("the rate of {kind} goes from 0 to 1, not {text}")]
    RateTooHigh {
        /// The kind it was meant for.
        kind: String,
        /// What was written.
        text: String,
    },
    /// Not a shape of a refusal.
    #[error(
        "`{0}` is no shape of a refusal: STATUS/CODE (404/8, 500/-1), or STATUS with one of no-code, text, html, \
         platform, windows-1251, exception, xml, json, empty (504/html); @RATE may follow"
    )]
    NotAShape(String),
}

/// Families of faults that take names.
const WITHOUT_FIELDS: &str = "without-fields";
const WITHOUT_SETS: &str = "without-sets";

impl Fault {
    /// The names of all kinds, in a line.
    pub fn known_kinds() -> String {
        known_kinds()
    }
}

fn known_kinds() -> String {
    let kinds = FaultKind::ALL.iter().map(|kind| kind.name().to_owned());
    let named = [WITHOUT_FIELDS, WITHOUT_SETS].map(str::to_owned);
    kinds.chain(Misgiving::names()).chain(named).collect::<Vec<_>>().join(", ")
}

/// A probability, or a plain number for the kinds that take one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate {
    millionths: u64,
}

impl Rate {
    /// Every time.
    pub const ALWAYS: Self = Self::number(1);
    /// Never.
    pub const NEVER: Self = Self::number(0);

    /// Once in so many times.
    pub const fn one_in(times: u32) -> Self {
        Self { millionths: MILLION / if times == 0 { 1 } else { times as u64 } }
    }

    /// So many times in a hundred.
    pub const fn percent(percent: u32) -> Self {
        Self { millionths: percent as u64 * (MILLION / 100) }
    }

    /// A plain number, such as rows or milliseconds.
    pub const fn number(number: u32) -> Self {
        Self { millionths: number as u64 * MILLION }
    }

    const fn whole(self) -> u64 {
        self.millionths / MILLION
    }
}

impl FromStr for Rate {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let not_a_number = || FaultError::NotANumber(text.to_owned());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > 6 {
            return Err(not_a_number());
        }
        let whole: u32 = whole.parse().map_err(|_| not_a_number())?;
        let fraction: u64 = format!("{fraction:0<6}").parse().map_err(|_| not_a_number())?;
        Ok(Self { millionths: u64::from(whole) * MILLION + fraction })
    }
}

/// One fault, as `KIND=RATE` writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A kind and how often, or how much.
    Kind(FaultKind, Rate),
    /// `refuse-WAY=SHAPE`, `ignore-WAY=RATE`, `short-WAY=RATE`, `empty-WAY=RATE`.
    Way(Misgiving),
    /// `without-fields=NAME,NAME`: the configuration lacks them.
    WithoutFields(Vec<String>),
    /// `without-sets=NAME,NAME`: they are not published.
    WithoutSets(Vec<String>),
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (name, value) = text.split_once('=').ok_or_else(|| FaultError::NoRate(text.to_owned()))?;
        let (name, value) = (name.trim(), value.trim());
        let list = || value.split(',').map(|item| item.trim().to_owned()).collect();
        match name {
            WITHOUT_FIELDS => return Ok(Self::WithoutFields(list())),
            WITHOUT_SETS => return Ok(Self::WithoutSets(list())),
            _ => {}
        }
        let kind: FaultKind = match (name.parse(), Misgiving::read(name, value)) {
            (Ok(kind), _) => kind,
            (Err(_), Some(misgiving)) => return misgiving.map(Self::Way),
            (Err(unknown), None) => return Err(unknown),
        };
        let (kind, rate) = match kind {
            FaultKind::ClockAhead | FaultKind::ClockBehind => clock(kind, value)?,
            _ => (kind, value.parse()?),
        };
        if kind.reading() != Reading::Number && rate > Rate::ALWAYS {
            return Err(FaultError::RateTooHigh { kind: name.to_owned(), text: value.to_owned() });
        }
        Ok(Self::Kind(kind, rate))
    }
}

/// A clock is off by minutes, or by `h`ours, `d`ays or `y`ears; less than nothing ahead is behind.
fn clock(kind: FaultKind, text: &str) -> Result<(FaultKind, Rate), FaultError> {
    const UNITS: [(char, u64); 3] = [('h', 60), ('d', 24 * 60), ('y', 365 * 24 * 60)];
    let (kind, digits) = match (kind, text.strip_prefix('-')) {
        (FaultKind::ClockAhead, Some(digits)) => (FaultKind::ClockBehind, digits),
        (FaultKind::ClockBehind, Some(digits)) => (FaultKind::ClockAhead, digits),
        (kind, _) => (kind, text),
    };
    let found = UNITS.into_iter().find_map(|(unit, minutes)| Some((digits.strip_suffix(unit)?, minutes)));
    let (digits, minutes) = found.unwrap_or((digits, 1));
    let rate: Rate = digits.parse()?;
    Ok((kind, Rate { millionths: rate.millionths.saturating_mul(minutes) }))
}

/// All that is to go wrong; by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    rates: BTreeMap<FaultKind, Rate>,
    ways: BTreeMap<(Treatment, Way), (Option<Shape>, Rate)>,
    without_fields: Vec<String>,
    without_sets: Vec<String>,
}

impl Faults {
    /// The same faults and one more; a kind named twice takes the later rate.
    #[must_use]
    pub fn add(mut self, kind: FaultKind, rate: Rate) -> Self {
        self.rates.insert(kind, rate);
        self
    }

    /// One kind of fault, every time.
    #[must_use]
    pub fn always(kind: FaultKind) -> Self {
        Self::default().add(kind, Rate::ALWAYS)
    }

    /// The same faults, and one as `KIND=RATE` writes it.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Self {
        match fault {
            Fault::Kind(kind, rate) => return self.add(kind, rate),
            Fault::Way(Misgiving { way, treatment, shape, rate }) => {
                self.ways.insert((treatment, way), (shape, rate));
            }
            Fault::WithoutFields(names) => self.without_fields.extend(names),
            Fault::WithoutSets(names) => self.without_sets.extend(names),
        }
        self
    }

    /// The same faults, and a way of asking that is always refused in this shape.
    #[must_use]
    pub fn refuse(self, way: Way, shape: Shape) -> Self {
        let (treatment, shape, rate) = (Treatment::Refuse, Some(shape), Rate::ALWAYS);
        self.with(Fault::Way(Misgiving { way, treatment, shape, rate }))
    }

    /// The same faults, and a way of asking that is treated so. A refusal without a shape is 400 with code 14.
    #[must_use]
    pub fn treat(self, treatment: Treatment, way: Way, rate: Rate) -> Self {
        let shape = (treatment == Treatment::Refuse).then_some(Shape::code(400, 14));
        self.with(Fault::Way(Misgiving { way, treatment, shape, rate }))
    }

    /// The same faults, in a base whose configuration lacks a field.
    #[must_use]
    pub fn without_field(self, name: &str) -> Self {
        self.with(Fault::WithoutFields(vec![name.to_owned()]))
    }

    /// The same faults, in a base that does not publish a set.
    #[must_use]
    pub fn without_set(self, name: &str) -> Self {
        self.with(Fault::WithoutSets(vec![name.to_owned()]))
    }

    /// A bad day: every fourth request fails in one of ten passing ways, pages over 250 rows are cut, and one page in
    /// ten repeats a row. Nothing stalls, so that a test need not wait for a timeout.
    pub fn moderate() -> Self {
        const PASSING: [FaultKind; 10] = [
            FaultKind::Status500,
            FaultKind::Status502,
            FaultKind::Status503,
            FaultKind::Status504,
            FaultKind::Status429,
            FaultKind::CutBody,
            FaultKind::Close,
            FaultKind::Html200,
            FaultKind::Error200,
            FaultKind::EmptyBody,
        ];
        let quarter = PASSING.iter().fold(Self::default(), |all, kind| all.add(*kind, Rate::one_in(40)));
        quarter.add(FaultKind::PageLimit, Rate::number(250)).add(FaultKind::RepeatedRows, Rate::one_in(10))
    }

    /// True when nothing is to go wrong.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The faults of the books among these that were not set so before.
    pub(super) fn of_books_beyond(&self, before: &Self) -> Self {
        let is_new = |(kind, rate): &(&FaultKind, &Rate)| {
            kind.reading() == Reading::Books && before.rates.get(kind) != Some(rate)
        };
        let rates = self.rates.iter().filter(is_new).map(|(kind, rate)| (*kind, *rate)).collect();
        Self { rates, ..Self::default() }
    }

    /// How often a way is treated so, and in what shape it is refused; none where never.
    pub(super) fn treatment(&self, treatment: Treatment, way: Way) -> Option<(Option<Shape>, Rate)> {
        self.ways.get(&(treatment, way)).copied()
    }

    /// Whether a way is treated so on this draw.
    pub(super) fn treats(&self, treatment: Treatment, way: Way, draw: Draw) -> bool {
        let purpose = WAYS + (treatment as u64) * 1000 + way as u64;
        let rate = self.treatment(treatment, way).map_or(Rate::NEVER, |(_, rate)| rate);
        draw.word(purpose) % MILLION < rate.millionths
    }

    pub(super) fn lacks_field(&self, name: &str) -> bool {
        self.without_fields.iter().any(|field| field == name)
    }

    pub(super) fn lacks_set(&self, name: &str) -> bool {
        self.without_sets.iter().any(|set| set == name)
    }

    pub(super) fn rate(&self, kind: FaultKind) -> Rate {
        self.rates.get(&kind).copied().unwrap_or(Rate::NEVER)
    }

    /// The plain number of a kind that takes one.
    pub(super) fn number(&self, kind: FaultKind) -> Option<u64> {
        self.rates.get(&kind).map(|rate| rate.whole())
    }

    /// The one transient fault that hits this request, if any. Rates add up; where they exceed one, they share it.
    pub(super) fn transient(&self, draw: Draw) -> Option<FaultKind> {
        let transient = || self.rates.iter().filter(|(kind, _)| kind.reading() == Reading::Transient);
        let sum: u64 = transient().map(|(_, rate)| rate.millionths).sum();
        let mut drawn = draw.word(TRANSIENT) % sum.max(MILLION);
        for (kind, rate) in transient() {
            if drawn < rate.millionths {
                return Some(*kind);
            }
            drawn -= rate.millionths;
        }
        None
    }

    /// Whether a fault of this kind fires on this draw.
    pub(super) fn fires(&self, kind: FaultKind, draw: Draw) -> bool {
        draw.strikes(kind, self.rate(kind))
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        faults.into_iter().fold(Self::default(), Self::with)
    }
}

/// The purpose of the one draw shared by all transient kinds.
const TRANSIENT: u64 = u64::MAX;

/// The first purpose of the draws about ways of asking: beyond those of all kinds.
const WAYS: u64 = 1_000_000;

/// What chance says about one request, one row, one card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Draw {
    base: u64,
}

impl Draw {
    /// The draw of the `nth` time this target was asked for.
    pub(super) fn of_request(seed: u64, path: &str, query: &str, nth: u64) -> Self {
        let request = mix_bytes(mix_bytes(seed, path.as_bytes()), query.as_bytes());
        Self { base: mix(request, nth) }
    }

    /// A draw that depends on a thing (a card, a row) and on no request.
    pub(super) fn of_thing(seed: u64, thing: &[u8]) -> Self {
        Self { base: mix_bytes(seed, thing) }
    }

    /// A number for one purpose.
    pub(super) const fn word(self, purpose: u64) -> u64 {
        mix(self.base, purpose)
    }

    /// Whether something of this kind, happening so often, happens on this draw.
    pub(super) const fn strikes(self, kind: FaultKind, rate: Rate) -> bool {
        self.word(kind as u64) % MILLION < rate.millionths
    }

    /// A place in a list for one purpose; none in an empty one.
    pub(super) fn index(self, purpose: FaultKind, length: usize) -> Option<usize> {
        usize::try_from(mix(self.word(purpose as u64), 1).checked_rem(length as u64)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fired(faults: &Faults, kind: FaultKind, requests: u64) -> usize {
        (0..requests).filter(|n| faults.fires(kind, Draw::of_request(1, "/Set", &n.to_string(), 0))).count()
    }

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in FaultKind::ALL {
            assert_eq!(kind.name().parse(), Ok(*kind));
        }
    }

    #[test]
    fn a_pair_is_read() {
        let read = |text: &str| text.parse::<Fault>();
        assert_eq!(read("cut-body=0.25"), Ok(Fault::Kind(FaultKind::CutBody, Rate::one_in(4))));
        assert_eq!(read("page-limit=250"), Ok(Fault::Kind(FaultKind::PageLimit, Rate::number(250))));
        assert_eq!(read("bom=1"), Ok(Fault::Kind(FaultKind::Bom, Rate::ALWAYS)));
    }

    #[test]
    fn a_clock_is_off_by_minutes_hours_days_or_years_to_either_side() {
        let read = |text: &str| text.parse::<Fault>();
        let (ahead, behind) = (FaultKind::ClockAhead, FaultKind::ClockBehind);
        assert_eq!(read("clock-ahead=90"), Ok(Fault::Kind(ahead, Rate::number(90))));
        assert_eq!(read("clock-ahead=-2h"), Ok(Fault::Kind(behind, Rate::number(120))));
        assert_eq!(read("clock-behind=10y"), Ok(Fault::Kind(behind, Rate::number(10 * 365 * 24 * 60))));
        assert_eq!(read("clock-behind=-3d"), Ok(Fault::Kind(ahead, Rate::number(3 * 24 * 60))));
        assert!(read("clock-ahead=--1").is_err() && read("clock-ahead=y").is_err());
    }

    #[test]
    fn families_are_read_beside_kinds() {
        let read = |text: &str| text.parse::<Fault>();
        let refusal = Faults::default().refuse(Way::Select, Shape::code(400, 14));
        assert_eq!(read("refuse-select=400/14").map(|fault| Faults::default().with(fault)), Ok(refusal));
        let names = vec!["Скидка".to_owned(), "Active".to_owned()];
        assert_eq!(read("without-fields=Скидка, Active"), Ok(Fault::WithoutFields(names)));
        assert!(matches!(read("refuse-select=always"), Err(FaultError::NotAShape(_))));
        let unknown = read("refuse-everything=404/8").map_err(|error| error.to_string()).unwrap_err();
        assert!(unknown.contains("refuse-tables-long, ") && unknown.contains("ignore-skip, "), "{unknown}");
    }

    #[test]
    fn a_bad_pair_is_refused_with_its_reason() {
        let refused = |text: &str| text.parse::<Fault>().map_err(|error| error.to_string()).unwrap_err();
        assert_eq!(refused("bom"), "`bom` is not KIND=RATE");
        assert!(refused("bomb=1").starts_with("unknown kind of fault `bomb`; known: status-500, status-502"));
        assert_eq!(refused("bom=often"), "`often` is not a number");
        assert_eq!(refused("bom=-1"), "`-1` is not a number");
        assert_eq!(refused("bom=1.5"), "the rate of bom goes from 0 to 1, not 1.5");
    }

    #[test]
    fn a_rate_is_kept_in_the_long_run() {
        let faults = Faults::default().add(FaultKind::Bom, Rate::one_in(4));
        assert!((2300..2700).contains(&fired(&faults, FaultKind::Bom, 10_000)));
        assert_eq!(fired(&Faults::always(FaultKind::Bom), FaultKind::Bom, 1000), 1000);
        assert_eq!(fired(&Faults::default(), FaultKind::Bom, 1000), 0);
    }

    #[test]
    fn a_moderate_day_fails_every_fourth_request() {
        let faults = Faults::moderate();
        let draws = (0..10_000).map(|n| Draw::of_request(1, "/Set", "", n));
        let failed = draws.filter(|draw| faults.transient(*draw).is_some()).count();
        assert!((2300..2700).contains(&failed), "{failed}");
    }

    #[test]
    fn rates_beyond_one_share_it() {
        let faults = Faults::always(FaultKind::Close).add(FaultKind::Stall, Rate::ALWAYS);
        let drawn = |n| faults.transient(Draw::of_request(1, "/Set", "", n));
        assert!((0..100).all(|n| drawn(n).is_some()));
        assert!((0..100).any(|n| drawn(n) == Some(FaultKind::Stall)));
        assert!((0..100).any(|n| drawn(n) == Some(FaultKind::Close)));
    }

    #[test]
    fn the_same_request_draws_anew_each_time_it_is_seen() {
        let words: Vec<u64> = (0..3).map(|nth| Draw::of_request(1, "/Set", "$top=1", nth).word(0)).collect();
        assert!(words[0] != words[1] && words[1] != words[2]);
        assert_eq!(words[1], Draw::of_request(1, "/Set", "$top=1", 1).word(0));
    }
}
