//! Which ways of asking a request makes use of, and what the faults do about them.

use chrono::NaiveDateTime;

use super::super::errors::Refusal;
use super::super::faults::{FaultKind, Shape, Treatment, Way};
use super::super::filter::{self, Expr};
use super::super::options::Options;
use super::super::published;
use super::super::route::Route;
use super::super::table::Table;
use super::super::virtual_tables::{self, Call};
use super::answer::Answering;

/// Turnovers over more days than this are long where no fault says otherwise.
const LONG: u64 = 366;

/// The options, and the ways they are.
const OPTIONS: [(&str, Way); 8] = [
    ("$select", Way::Select),
    ("$expand", Way::Expand),
    ("$orderby", Way::OrderBy),
    ("$skip", Way::Skip),
    ("$top", Way::Top),
    ("$inlinecount", Way::InlineCount),
    ("$filter", Way::Filter),
    ("Condition", Way::TablesCondition),
];

/// The words of a filter, and the ways they make it.
const WORDS: [(&str, Way); 10] = [
    ("Period", Way::FilterPeriod),
    ("ДисконтнаяКарта_Key", Way::FilterCard),
    ("БонуснаяКарта_Key", Way::FilterCard),
    ("Ref_Key", Way::FilterKey),
    ("Recorder", Way::FilterRecorder),
    ("Recorder_Type", Way::FilterType),
    ("isof", Way::FilterType),
    ("Active", Way::FilterActive),
    ("or", Way::FilterOr),
    ("not", Way::FilterNot),
];

/// The ways a `$filter`, or a part of one, is.
pub(super) fn ways_of_filter(text: &str) -> Vec<Way> {
    ways_of_words(&filter::words(text))
}

/// The ways one condition of a filter is.
pub(super) fn ways_of_part(part: &Expr, table: &dyn Table) -> Vec<Way> {
    let mut words = Vec::new();
    part.each_word(table, &mut |word| words.push(word.to_owned()));
    ways_of_words(&words)
}

fn ways_of_words(words: &[String]) -> Vec<Way> {
    let mut ways: Vec<Way> = WORDS
        .iter()
        .filter(|(word, _)| words.iter().any(|known| known == word))
        .map(|(_, way)| *way)
        .collect();
    ways.dedup();
    ways
}

/// The way of asking for a set.
pub(super) fn way_of_set(set: &str) -> Option<Way> {
    let of = [
        ("Catalog_ДисконтныеКарты", Way::Cards),
        (published::OWNERS, Way::Owners),
        (published::PRODUCTS, Way::Products),
        (published::SALES, Way::Sales),
        (published::BONUSES, Way::Points),
        ("Document_", Way::Documents),
    ];
    of.into_iter().find(|(prefix, _)| set.starts_with(prefix)).map(|(_, way)| way)
}

/// All ways a request is asked in.
fn ways(route: &Route, options: &Options, table_days: u64, now: NaiveDateTime) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    ways.extend(route.set().and_then(way_of_set));
    match route {
        Route::Root => ways.push(Way::Root),
        Route::Metadata => ways.push(Way::Metadata),
        Route::Count(_) => ways.push(Way::Count),
        Route::Item { .. } => ways.push(Way::Item),
        Route::Function { register, name, arguments, counted } => {
            let call = Call { register, name, arguments, options };
            ways.extend(counted.then_some(Way::Count));
            ways.extend(ways_of_table(&call, table_days, now));
        }
        Route::Set(_) => {}
    }
    if route.set().is_some_and(|set| set == published::SALES || set == published::BONUSES)
        && !matches!(route, Route::Function { .. })
    {
        ways.push(Way::RecordSets);
    }
    let is_bare = options.get("$format").is_some_and(|format| format.contains("odata=nometadata"));
    ways.extend(is_bare.then_some(Way::NoMetadata));
    ways.extend(OPTIONS.iter().filter(|(name, _)| options.get(name).is_some()).map(|(_, way)| *way));
    ways.extend(options.get("$filter").map(ways_of_filter).unwrap_or_default());
    ways
}

pub(super) fn ways_of_table(call: &Call<'_>, table_days: u64, now: NaiveDateTime) -> Vec<Way> {
    let mut ways = vec![Way::Tables];
    match call.register {
        published::SALES => ways.push(Way::TablesSales),
        published::BONUSES => ways.push(Way::TablesPoints),
        _ => {}
    }
    match call.name {
        "Turnovers" => ways.push(Way::Turnovers),
        "Balance" => ways.push(Way::Balance),
        "BalanceAndTurnovers" => ways.push(Way::BalanceAndTurnovers),
        _ => {}
    }
    let Some(asked) = virtual_tables::asked(call) else { return ways };
    ways.extend(asked.dimensions.then_some(Way::TablesDimensions));
    ways.extend(asked.condition.then_some(Way::TablesCondition));
    let is_of_base = !asked.dimensions && call.options.get("$select").is_some_and(|it| !it.contains("_Key"));
    ways.extend(is_of_base.then_some(Way::TablesBase));
    ways.push(if asked.period { Way::TablesPeriod } else { Way::TablesUnbounded });
    // Balances are kept ready, and so are the turnovers of one card.
    let days = asked.days(now).is_none_or(|days| days.unsigned_abs() > table_days);
    ways.extend((days && !asked.condition && call.name != "Balance").then_some(Way::TablesLong));
    ways
}

impl Answering<'_> {
    /// Refuses what the faults do not let through, whichever of its ways that is.
    pub(super) fn check_ways(&mut self, route: &Route) -> Result<(), Refusal> {
        let table_days = self.faults.number(FaultKind::TableDays);
        let ways = ways(route, self.options, table_days.unwrap_or(LONG), self.now);
        for way in ways.iter().copied() {
            if self.treats(Treatment::Refuse, way) {
                return Err(self.refusal(way, route.set().unwrap_or_default()));
            }
        }
        if table_days.is_some() && ways.contains(&Way::TablesLong) {
            self.log.fired(FaultKind::TableDays);
            let html = super::super::faults::ErrorBody::Html;
            return Err(Refusal::shaped(Shape::of(504, html), "Turnovers"));
        }
        Ok(())
    }

    /// The refusal of a way, in the shape it has.
    pub(super) fn refusal(&self, way: Way, set: &str) -> Refusal {
        let option = OPTIONS.iter().find(|(_, known)| *known == way).map(|(name, _)| *name);
        let what = match way {
            Way::Count => "$count",
            Way::NoMetadata => "$format",
            way if way >= Way::Filter => "$filter",
            _ => option.unwrap_or(set),
        };
        let shape = self.faults.treatment(Treatment::Refuse, way).and_then(|(shape, _)| shape);
        Refusal::shaped(shape.unwrap_or(Shape::code(400, 14)), what)
    }

    /// Whether a way is treated so this time.
    pub(super) fn treats(&mut self, treatment: Treatment, way: Way) -> bool {
        let treats = self.faults.treats(treatment, way, self.draw);
        if treats {
            self.log.treats(treatment, way);
        }
        treats
    }

    /// Whether a way is forgotten this time.
    pub(super) fn ignores(&mut self, way: Way) -> bool {
        self.treats(Treatment::Ignore, way)
    }
}
