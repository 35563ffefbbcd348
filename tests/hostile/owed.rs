//! Behaviours the program does not answer as it must yet: each is a debt, named, and none is hidden. A case named here
//! is lived like all others and may come out either way; whoever pays a debt takes its line out.
//! `SVERKA_HOSTILE_OWED=1` holds every case to what it must be.

/// Names of cases, or their beginnings.
const OWED: &[&str] = &["$filter finds half"];

/// Whether a case may come out otherwise than it must.
pub fn is_owed(name: &str) -> bool {
    std::env::var_os("SVERKA_HOSTILE_OWED").is_none() && OWED.iter().any(|owed| name.starts_with(owed))
}
