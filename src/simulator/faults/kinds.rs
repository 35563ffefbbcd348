//! The kinds of faults that take a number: how often they strike, or how much.

use std::fmt;
use std::str::FromStr;

use super::FaultError;

/// What the number behind a kind of fault means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// The probability of answering a request in this way instead of properly; at most one such fault hits a request.
    Transient,
    /// The probability of the change being made to a request or a row that is answered otherwise.
    Chance,
    /// A plain number.
    Number,
    /// How large a part of the books is otherwise from the moment the fault is set.
    Books,
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

            pub(super) const fn reading(self) -> Reading {
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
    /// A row comes without `Recorder_Type`.
    UntypedRows = "untyped-rows", Chance;
    /// Dates carry the zone: `2025-03-01T14:05:09+03:00`.
    DatesWithOffset = "dates-with-offset", Chance;
    /// Numbers are texts with a decimal comma.
    DecimalComma = "decimal-comma", Chance;
    /// Registers are keyed by `Recorder_Key` and have no `Recorder_Type`, as if one type of document recorded.
    RecorderKey = "recorder-key", Chance;
    /// The web server's clock runs so many minutes behind 1C's.
    ClockBehind = "clock-behind", Number;
    /// Turnovers over more days than this, and of all cards, last longer than the proxy waits: 504.
    TableDays = "table-days", Number;
    /// The points register leaves the composition after so many requests: 404 with code 8.
    PointsLeave = "points-leave", Number;
    /// A document of opening balances is entered anew under another type before a request is answered: the same sums
    /// and periods, another recorder.
    ReenteredOpenings = "reentered-openings", Chance;
    /// So large a part of the opening documents was entered as `Document_КорректировкаРегистров` from the start.
    OpeningCorrections = "opening-corrections", Books;
    /// The points register is kept by the owner and not by the card: the dimension holds owners' keys.
    PointsByOwner = "points-by-owner", Books;
    /// So large a part of the receipts has a twin in the register: a return of the same GUID, with equal rows.
    TwinRows = "twin-rows", Books;
    /// So large a part of the receipts is repeated by a report of the shift.
    DoubledSales = "doubled-sales", Books;
    /// So many cards have sales whose sum no client's number holds.
    HugeSums = "huge-sums", Books;
    /// So large a part of the receipts is dated some years into the future.
    FutureRows = "future-rows", Books;
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FaultKind {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let known = Self::ALL.iter().find(|kind| kind.name() == text);
        known.copied().ok_or_else(|| FaultError::UnknownKind(text.to_owned()))
    }
}
