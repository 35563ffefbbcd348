//! Ways of asking, and what a server may do about one of them: refuse it, forget it, answer with less or with nothing.

use std::fmt;
use std::str::FromStr;

use super::{FaultError, Rate, Shape};

/// What is done about a way of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Treatment {
    /// It is refused, in some shape.
    Refuse,
    /// It is read, and forgotten.
    Ignore,
    /// It is answered without so large a part of the rows, in pages and in counts alike, always the same ones.
    Shorten,
    /// It is answered with no rows, and a count of zero.
    Empty,
}

impl Treatment {
    /// Every treatment, with the word before the way it is done to.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Refuse, "refuse"),
        (Self::Ignore, "ignore"),
        (Self::Shorten, "short"),
        (Self::Empty, "empty"),
    ];

    const fn word(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Which treatments suit a way of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suits {
    /// Nothing but a refusal.
    Refusal,
    /// A refusal, or forgetting it.
    Option,
    /// All four: it is a condition.
    Condition,
    /// All but forgetting it: it asks for rows.
    Rows,
}

macro_rules! ways {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $suits:ident;)+) => {
        /// A way of asking that a server may not offer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Way { $($(#[$doc])+ $variant,)+ }

        impl Way {
            /// Every way there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name, as it stands behind `refuse-`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            const fn suits(self) -> Suits {
                match self { $(Self::$variant => Suits::$suits,)+ }
            }
        }
    };
}

ways! {
    /// The service document.
    Root = "root", Refusal;
    /// `$metadata`.
    Metadata = "metadata", Refusal;
    /// The catalog of cards.
    Cards = "cards", Rows;
    /// The counterparties and their contacts.
    Owners = "owners", Rows;
    /// The products.
    Products = "products", Rows;
    /// The sales register; its virtual tables are only refused with it.
    Sales = "sales", Rows;
    /// The points register; its virtual tables are only refused with it.
    Points = "points", Rows;
    /// Any of the documents' sets.
    Documents = "documents", Rows;
    /// The registers by recorder.
    RecordSets = "record-sets", Rows;
    /// One item by its key.
    Item = "item", Refusal;
    /// Any virtual table.
    Tables = "tables", Rows;
    /// Virtual tables of the sales register.
    TablesSales = "tables-sales", Rows;
    /// Virtual tables of the points register.
    TablesPoints = "tables-points", Rows;
    /// `Turnovers`.
    Turnovers = "turnovers", Rows;
    /// `Balance`.
    Balance = "balance", Rows;
    /// `BalanceAndTurnovers`.
    BalanceAndTurnovers = "balance-and-turnovers", Rows;
    /// A virtual table with `Dimensions`.
    TablesDimensions = "tables-dimensions", Option;
    /// A virtual table with `Condition`.
    TablesCondition = "tables-condition", Condition;
    /// A virtual table with a period.
    TablesPeriod = "tables-period", Condition;
    /// A virtual table without any period.
    TablesUnbounded = "tables-unbounded", Rows;
    /// Turnovers over more days than `table-days` (366 where that is not given), and of all cards.
    TablesLong = "tables-long", Rows;
    /// A virtual table of all cards in one row: no `Dimensions`, and a `$select` without the card.
    TablesBase = "tables-base", Refusal;
    /// `$format` with `odata=nometadata`.
    NoMetadata = "no-metadata", Refusal;
    /// `$select`.
    Select = "select", Option;
    /// A field in `$select` that is unknown. What makes fields unknown: `fields-missing`, `without-fields`.
    Field = "field", Refusal;
    /// `$expand`.
    Expand = "expand", Option;
    /// `$orderby`.
    OrderBy = "orderby", Option;
    /// `$skip`.
    Skip = "skip", Option;
    /// `$top`.
    Top = "top", Option;
    /// `$inlinecount`.
    InlineCount = "inlinecount", Option;
    /// `/$count`; forgotten, the rows are sent.
    Count = "count", Option;
    /// `$filter`, whatever it says.
    Filter = "filter", Condition;
    /// A `$filter` by `Period`.
    FilterPeriod = "filter-period", Condition;
    /// A `$filter` by the card of a register's row.
    FilterCard = "filter-card", Condition;
    /// A `$filter` by `Ref_Key`.
    FilterKey = "filter-key", Condition;
    /// A `$filter` by `Recorder`.
    FilterRecorder = "filter-recorder", Condition;
    /// A `$filter` by `Recorder_Type`, or with `isof`.
    FilterType = "filter-type", Condition;
    /// A `$filter` by `Active`.
    FilterActive = "filter-active", Condition;
    /// A `$filter` with `or`.
    FilterOr = "filter-or", Condition;
    /// A `$filter` with `not`.
    FilterNot = "filter-not", Condition;
}

impl Way {
    /// Whether such a treatment of it means anything.
    pub const fn takes(self, treatment: Treatment) -> bool {
        match (self.suits(), treatment) {
            (_, Treatment::Refuse)
            | (Suits::Option | Suits::Condition, Treatment::Ignore)
            | (Suits::Condition | Suits::Rows, Treatment::Shorten | Treatment::Empty) => true,
            (Suits::Refusal | Suits::Option | Suits::Rows, _) => false,
        }
    }
}

/// What is done about a way of asking, how often, and (where it is refused) in what shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misgiving {
    /// Which way.
    pub way: Way,
    /// What is done about it.
    pub treatment: Treatment,
    /// The shape of a refusal.
    pub shape: Option<Shape>,
    /// How often; for `short-…` how large a part of the rows.
    pub rate: Rate,
}

impl fmt::Display for Misgiving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.treatment.word(), self.way.name())
    }
}

impl Misgiving {
    /// The name of a treatment of a way.
    pub(super) fn name(treatment: Treatment, way: Way) -> String {
        format!("{}-{}", treatment.word(), way.name())
    }

    /// What `refuse-select=400/14@0.5` means; none where the name before `=` is not of this family.
    pub(super) fn read(name: &str, value: &str) -> Option<Result<Self, FaultError>> {
        let (word, way) = name.split_once('-')?;
        let treatment = Treatment::ALL.into_iter().find(|(_, known)| *known == word)?.0;
        let way = *Way::ALL.iter().find(|known| known.name() == way && known.takes(treatment))?;
        Some(match treatment {
            Treatment::Refuse => refusal(way, value),
            _ => probability(name, value).map(|rate| Self { way, treatment, shape: None, rate }),
        })
    }

    /// Every name there is of this family.
    pub(super) fn names() -> impl Iterator<Item = String> {
        let of = |(treatment, _): (Treatment, &'static str)| {
            let ways = Way::ALL.iter().filter(move |way| way.takes(treatment));
            ways.map(move |way| Self::name(treatment, *way))
        };
        Treatment::ALL.into_iter().flat_map(of)
    }
}

fn refusal(way: Way, value: &str) -> Result<Misgiving, FaultError> {
    let (shape, rate) = value.split_once('@').unwrap_or((value, "1"));
    let (shape, rate) = (Shape::from_str(shape.trim())?, probability(way.name(), rate)?);
    Ok(Misgiving { way, treatment: Treatment::Refuse, shape: Some(shape), rate })
}

fn probability(name: &str, value: &str) -> Result<Rate, FaultError> {
    let rate: Rate = value.trim().parse()?;
    if rate > Rate::ALWAYS {
        return Err(FaultError::RateTooHigh { kind: name.to_owned(), text: value.trim().to_owned() });
    }
    Ok(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Option<Result<Misgiving, FaultError>> {
        Misgiving::read(name, value)
    }

    const fn misgiving(way: Way, treatment: Treatment, shape: Option<Shape>, rate: Rate) -> Misgiving {
        Misgiving { way, treatment, shape, rate }
    }

    #[test]
    fn a_refusal_has_a_shape_and_may_have_a_rate() {
        let shape = Some(Shape::code(404, 8));
        let always = misgiving(Way::Tables, Treatment::Refuse, shape, Rate::ALWAYS);
        assert_eq!(read("refuse-tables", "404/8"), Some(Ok(always)));
        let half = misgiving(Way::Tables, Treatment::Refuse, shape, Rate::percent(50));
        assert_eq!(read("refuse-tables", "404/8@0.5"), Some(Ok(half)));
        assert!(matches!(read("refuse-tables", "1"), Some(Err(FaultError::NotAShape(_)))));
        assert!(matches!(read("refuse-tables", "404/8@2"), Some(Err(FaultError::RateTooHigh { .. }))));
    }

    #[test]
    fn a_silence_has_a_rate() {
        assert_eq!(
            read("short-filter-period", "0.25"),
            Some(Ok(misgiving(Way::FilterPeriod, Treatment::Shorten, None, Rate::percent(25))))
        );
        for nonsense in ["ignore-cards", "short-select", "empty-field", "refuse-nothing", "cut-body", "bom"] {
            assert_eq!(read(nonsense, "1"), None, "{nonsense}");
        }
    }

    #[test]
    fn every_name_is_read_back() {
        for name in Misgiving::names() {
            let value = if name.starts_with("refuse") { "500/-1" } else { "1" };
            let known = Misgiving::read(&name, value).expect("a known name").expect("a good value");
            assert_eq!(known.to_string(), name);
        }
    }
}
