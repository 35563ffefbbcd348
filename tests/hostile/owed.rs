//! Behaviours the program does not answer as it must yet: each is a debt, named, and none is hidden. A case named here
//! is lived like all others and may come out either way; whoever pays a debt takes its line out.
//! `SVERKA_HOSTILE_OWED=1` holds every case to what it must be.

/// Names of cases, or their beginnings.
const OWED: &[&str] = &[
    "$filter finds half",
    "$filter finds nothing",
    "/$count and $inlinecount finds nothing",
    "Turnovers answered with nothing",
    "Turnovers of more than ",
    "before a Delta sync, Marina's opening balance is entered again under another kind",
    "before a Delta sync, another base",
    "before a Full sync, Marina's opening balance is entered again under another kind",
    "before a Full sync, another base",
    "cards answered with Catalog_Контрагенты",
    "cards answered with Catalog_Номенклатура",
    "everything redirected to a login page",
    "filter by Active finds nothing",
    "filter by a part of the type of recorder refused: 500 as #exception",
    "filter by a part of the type of recorder refused: 501/0",
    "filter by key finds nothing",
    "filter by type of recorder finds nothing",
    "filters by type find nothing",
    "no opening balances",
    "pages of ten rows at most",
    "points kept by partner",
    "points refused: 200 and nothing",
    "points refused: 502 as a page",
    "points refused: 504 as a page",
    "reports left out, and sums that lie",
    "rows of points: every other is forgotten",
    "rows of points: nothing is counted",
    "rows of points: there are none",
    "rows of sales: Marina's are Anna's",
    "rows of sales: Marina's are forgotten",
    "rows of sales: all that are inactive count",
    "rows of sales: everything is a kopeck more",
    "rows of sales: nothing is counted",
    "rows of sales: opening balances are forgotten",
    "rows of sales: there are none",
    "rows of sales: those before the window are forgotten",
    "rows of sales: those of a shift are forgotten",
    "rows of sales: those of another base",
    "rows of sales: with amounts in words",
    "rows of sales: with amounts of a tenth of a kopeck",
    "rows of sales: with amounts that are null",
    "rows of sales: with an empty Recorder_Type",
    "rows of sales: with dates that are empty",
    "rows of sales: without Recorder_Type",
    "rows without the type of their document",
    "virtual tables answered with nothing",
];

/// Whether a case may come out otherwise than it must.
pub fn is_owed(name: &str) -> bool {
    std::env::var_os("SVERKA_HOSTILE_OWED").is_none() && OWED.iter().any(|owed| name.starts_with(owed))
}
