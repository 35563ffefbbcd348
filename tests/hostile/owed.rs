//! Behaviours the program does not answer as it must yet: each is a debt, named, and none is hidden. A case named here
//! is lived like all others and may come out either way; whoever pays a debt takes its line out.
//! `SVERKA_HOSTILE_OWED=1` holds every case to what it must be.

/// Names of cases, or their beginnings.
const OWED: &[&str] = &[
    "$filter finds half",
    "rows of points: every other is forgotten",
    "rows of points: there are none",
    "rows of sales: Marina's are Anna's",
    "rows of sales: Marina's are forgotten",
    "rows of sales: all that are inactive count",
    "rows of sales: everything is a kopeck more",
    "rows of sales: opening balances are forgotten",
    "rows of sales: there are none",
    "rows of sales: those before the window are forgotten",
    "rows of sales: those of a shift are forgotten",
    "rows of sales: those of another base",
    "rows of sales: with an empty Recorder_Type",
    "rows of sales: without Recorder_Type",
    "rows without the type of their document",
];

/// Whether a case may come out otherwise than it must.
pub fn is_owed(name: &str) -> bool {
    std::env::var_os("SVERKA_HOSTILE_OWED").is_none() && OWED.iter().any(|owed| name.starts_with(owed))
}
