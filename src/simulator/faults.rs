//! What can go wrong on purpose, how often, and the draw that decides.
//!
//! A draw depends on the seed, the request and on how many times this very request was seen before; never on what
//! other requests did meanwhile. So a rerun of the same sync meets the same faults, two workers or not, and a retry
//! draws anew.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::prng::{mix, mix_bytes};

/// Rates are kept in millionths.
const MILLION: u64 = 1_000_000;

/// What the number behind a kind of fault means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// The probability of answering a request in this way instead of properly; at most one such fault hits a request.
    Transient,
    /// The probability of the change being made to a request or a row that is answered otherwise.
    Chance,
    /// A plain number.
    Number,
}

macro_rules! fault_kinds {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $reading:ident;)+) => {
        /// A way for the simulated 1C to misbehave.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FaultKind { $($(#[$doc])+ $variant,)+ }

        impl FaultKind {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name as an option or a test writes it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            const fn reading(self) -> Reading {
                match self { $(Self::$variant => Reading::$reading,)+ }
            }
        }
    };
}

fault_kinds! {
    /// 500 with code -1: a lock conflict that a retry survives.
    Status500 = "status-500", Transient;
    /// 502, a page of the web server.
    Status502 = "status-502", Transient;
    /// 503, a page of the web server, some with `Retry-After`.
    Status503 = "status-503", Transient;
    /// 504, a page of the web server.
    Status504 = "status-504", Transient;
    /// 429 with `Retry-After`.
    Status429 = "status-429", Transient;
    /// 408.
    Status408 = "status-408", Transient;
    /// The body breaks off in the middle and the connection is closed.
    CutBody = "cut-body", Transient;
    /// The body breaks off in the middle and the connection is held.
    StallBody = "stall-body", Transient;
    /// Nothing is answered and the connection is held.
    Stall = "stall", Transient;
    /// Nothing is answered and the connection is closed.
    Close = "close", Transient;
    /// 200 with an HTML page.
    Html200 = "html-200", Transient;
    /// 200 with an `odata.error`.
    Error200 = "error-200", Transient;
    /// 200 with nothing in it.
    EmptyBody = "empty-body", Transient;
    /// 403 with the exception of a base closed for maintenance.
    Maintenance = "maintenance", Transient;
    /// 401 with code 20: rights are missing, the password is good.
    RightsRefused = "rights-refused", Transient;
    /// 302 to a login page on another host.
    Redirect = "redirect", Transient;
    /// The body comes a byte at a time, and never to its end within a client's patience.
    DripBody = "drip-body", Transient;
    /// The body never ends: spaces after what should be all of it.
    EndlessBody = "endless-body", Transient;
    /// A byte in the middle of the body is no UTF-8.
    InvalidUtf8 = "invalid-utf8", Transient;
    /// 200 with brackets in a hundred thousand brackets.
    DeepNesting = "deep-nesting", Transient;
    /// 406 without words: no free session.
    NoSession = "no-session", Transient;
    /// Every request changes the books a little before it is answered: cards and documents come, go and change.
    ShiftingRows = "shifting-rows", Chance;
    /// One row of the page is sent twice (of an entity set, as in the next three).
    RepeatedRows = "repeated-rows", Chance;
    /// One row of the page is left out, while the count tells the truth.
    MissingRows = "missing-rows", Chance;
    /// One row of the page carries an amount nobody can read (`Сумма`, `Начислено`).
    BrokenRows = "broken-rows", Chance;
    /// The count says one more than there is.
    WrongCount = "wrong-count", Chance;
    /// Virtual tables answer one rouble too much for so large a part of the cards.
    WrongTotals = "wrong-totals", Chance;
    /// An empty page where there are rows.
    EmptyPages = "empty-pages", Chance;
    /// The second half of a page is lost, the connection closed, no length promised, and what came is valid JSON.
    HalfPages = "half-pages", Chance;
    /// The first row of a page names its first field twice.
    DuplicateKeys = "duplicate-keys", Chance;
    /// 500 for a request with `$filter`.
    FiltersRefused = "filters-refused", Chance;
    /// 400 with code 14 for a request with `$filter`.
    FiltersRejected = "filters-rejected", Chance;
    /// `$filter` is read, and forgotten.
    FilterIgnored = "filter-ignored", Chance;
    /// A `$filter` with `+` for a space is forgotten, instead of being refused.
    PlusIgnored = "plus-ignored", Chance;
    /// `$orderby` is read, and the rows come the other way round.
    OrderIgnored = "order-ignored", Chance;
    /// 400 with code 14 for `$orderby=Ref_Key`, and 500 for a comparison of `Ref_Key` other than `eq`.
    KeyOrderRefused = "key-order-refused", Chance;
    /// `$top` is forgotten.
    TopIgnored = "top-ignored", Chance;
    /// 400 with code 6 for `/$count`.
    CountRefused = "count-refused", Chance;
    /// `$inlinecount=allpages` switches `$top` and `$skip` off, as the vendor's text has it.
    InlinecountUnlimited = "inlinecount-unlimited", Chance;
    /// Virtual tables are not published: 404 with code 8.
    VirtualTablesMissing = "virtual-tables-missing", Chance;
    /// `Catalog_Контрагенты` is not published.
    OwnersMissing = "owners-missing", Chance;
    /// `Catalog_Номенклатура` is not published.
    ProductsMissing = "products-missing", Chance;
    /// The register of bonus points is not published.
    PointsMissing = "points-missing", Chance;
    /// The configuration lacks the fields `Состав`, `АдресЭПДляПоиска` and `Скидка`: 400 with code 6 in `$select`.
    FieldsMissing = "fields-missing", Chance;
    /// The body begins with U+FEFF.
    Bom = "bom", Chance;
    /// What is empty (a text, a GUID, a date) comes as `null`.
    Nulls = "nulls", Chance;
    /// Numbers come as strings.
    NumbersAsStrings = "numbers-as-strings", Chance;
    /// Numbers come with an exponent.
    ExponentNumbers = "exponent-numbers", Chance;
    /// Numbers come with all seventeen digits of a Double.
    LongNumbers = "long-numbers", Chance;
    /// The fields of a row come in any order.
    RandomFieldOrder = "random-field-order", Chance;
    /// Rows carry fields nobody has heard of.
    UnknownFields = "unknown-fields", Chance;
    /// A page of more rows than this is cut in the middle; virtual tables are not paged and arrive whole.
    PageLimit = "page-limit", Number;
    /// Every reply waits so many milliseconds.
    Slow = "slow", Number;
    /// The web server's clock, told in `Date`, runs so many minutes ahead of 1C's.
    ClockAhead = "clock-ahead", Number;
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

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
        kind: FaultKind,
        /// What was written.
        text: String,
    },
}

fn known_kinds() -> String {
    FaultKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

impl FromStr for FaultKind {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let known = Self::ALL.iter().find(|kind| kind.name() == text);
        known.copied().ok_or_else(|| FaultError::UnknownKind(text.to_owned()))
    }
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

/// One kind of fault with its rate, as `KIND=RATE` writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// How often, or how much.
    pub rate: Rate,
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (kind, rate_text) = text.split_once('=').ok_or_else(|| FaultError::NoRate(text.to_owned()))?;
        let kind: FaultKind = kind.trim().parse()?;
        let rate: Rate = rate_text.trim().parse()?;
        if kind.reading() != Reading::Number && rate > Rate::ALWAYS {
            return Err(FaultError::RateTooHigh { kind, text: rate_text.trim().to_owned() });
        }
        Ok(Self { kind, rate })
    }
}

/// All that is to go wrong; by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    rates: BTreeMap<FaultKind, Rate>,
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
        self.rates.is_empty()
    }

    fn rate(&self, kind: FaultKind) -> Rate {
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
        draw.word(kind as u64) % MILLION < self.rate(kind).millionths
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        faults.into_iter().fold(Self::default(), |all, fault| all.add(fault.kind, fault.rate))
    }
}

/// The purpose of the one draw shared by all transient kinds.
const TRANSIENT: u64 = u64::MAX;

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
        assert_eq!(read("cut-body=0.25"), Ok(Fault { kind: FaultKind::CutBody, rate: Rate::one_in(4) }));
        assert_eq!(read("page-limit=250"), Ok(Fault { kind: FaultKind::PageLimit, rate: Rate::number(250) }));
        assert_eq!(read("bom=1"), Ok(Fault { kind: FaultKind::Bom, rate: Rate::ALWAYS }));
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
