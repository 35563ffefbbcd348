//! What a path below the service root means.

use super::errors::Refusal;

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// The service document.
    Root,
    /// `$metadata`.
    Metadata,
    /// The rows of a set.
    Set(String),
    /// How many rows a set has.
    Count(String),
    /// One row by key, or what one of its links leads to.
    Item { set: String, key: String, link: Option<String> },
    /// A virtual table of a register, or the number of its rows.
    Function { register: String, name: String, arguments: String, counted: bool },
}

impl Route {
    /// Reads a decoded path that begins with a slash or is empty.
    pub(super) fn parse(path: &str) -> Result<Self, Refusal> {
        let path = path.trim_start_matches('/');
        let (set, rest) = split_name(path);
        match (set, rest) {
            ("", "") => Ok(Self::Root),
            ("$metadata", "") => Ok(Self::Metadata),
            (set, "" | "/" | "()") => Ok(Self::Set(set.to_owned())),
            (set, "/$count") => Ok(Self::Count(set.to_owned())),
            (set, rest) => match rest.strip_prefix('/') {
                Some(function) => Self::function(set, function),
                None => Self::item(set, rest),
            },
        }
    }

    fn function(register: &str, text: &str) -> Result<Self, Refusal> {
        let (name, rest) = split_name(text);
        let (arguments, tail) = match rest.strip_prefix('(') {
            // A condition may hold brackets and slashes: the last bracket closes.
            Some(inside) => inside.rsplit_once(')').ok_or_else(Refusal::unknown_method)?,
            None => ("", rest),
        };
        let counted = match tail {
            "" | "/" => false,
            "/$count" => true,
            other => return Err(Refusal::unknown_segment(other.trim_start_matches('/'))),
        };
        let (register, name, arguments) = (register.to_owned(), name.to_owned(), arguments.to_owned());
        Ok(Self::Function { register, name, arguments, counted })
    }

    fn item(set: &str, text: &str) -> Result<Self, Refusal> {
        let inside = text.strip_prefix('(').ok_or_else(|| Refusal::unknown_segment(text))?;
        let (key, tail) = inside.split_once(')').ok_or_else(Refusal::missing_key)?;
        let link = tail.strip_prefix('/').filter(|link| !link.is_empty()).map(str::to_owned);
        if link.is_none() && !tail.trim_end_matches('/').is_empty() {
            return Err(Refusal::unknown_segment(tail));
        }
        Ok(Self::Item { set: set.to_owned(), key: key.to_owned(), link })
    }

    /// The set, or the register, that is asked for.
    pub(super) fn set(&self) -> Option<&str> {
        match self {
            Self::Root | Self::Metadata => None,
            Self::Set(set)
            | Self::Count(set)
            | Self::Item { set, .. }
            | Self::Function { register: set, .. } => Some(set),
        }
    }
}

fn split_name(text: &str) -> (&str, &str) {
    text.split_at(text.find(['/', '(']).unwrap_or(text.len()))
}

/// Splits `Name=value,Name=value` at the names known; values may hold commas and quotes, doubled or not.
pub(super) fn named_arguments<'a>(text: &'a str, names: &[&'a str]) -> Option<Vec<(&'a str, &'a str)>> {
    let begins = |at: usize| {
        names.iter().find(|name| text[at..].strip_prefix(**name).is_some_and(|rest| rest.starts_with('=')))
    };
    let starts_part = |at: usize| text[..at].trim_end().is_empty() || text[..at].trim_end().ends_with(',');
    let places: Vec<(usize, &str)> = text
        .char_indices()
        .filter(|(at, _)| starts_part(*at))
        .filter_map(|(at, _)| begins(at).map(|name| (at, *name)))
        .collect();
    if places.first().map_or(!text.trim().is_empty(), |(at, _)| !text[..*at].trim().is_empty()) {
        return None;
    }
    let ends = places.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    let part = |((at, name), end): (&(usize, &'a str), usize)| {
        let value = text[at + name.len() + 1..end].trim_end();
        (*name, value.strip_suffix(',').unwrap_or(value).trim())
    };
    Some(places.iter().zip(ends).map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read() {
        let set = || "Catalog_X".to_owned();
        let cases = [
            ("", Route::Root),
            ("/", Route::Root),
            ("/$metadata", Route::Metadata),
            ("/Catalog_X", Route::Set(set())),
            ("/Catalog_X()", Route::Set(set())),
            ("/Catalog_X/$count", Route::Count(set())),
            ("/Catalog_X(guid'1')", Route::Item { set: set(), key: "guid'1'".into(), link: None }),
            (
                "/Catalog_X(guid'1')/Owner",
                Route::Item { set: set(), key: "guid'1'".into(), link: Some("Owner".into()) },
            ),
        ];
        for (path, route) in cases {
            assert_eq!(Route::parse(path), Ok(route), "{path}");
        }
    }

    #[test]
    fn a_virtual_table_is_read_in_all_its_spellings() {
        let function = |arguments: &str, counted| {
            let (register, name) = ("R".to_owned(), "Balance".to_owned());
            Ok(Route::Function { register, name, arguments: arguments.to_owned(), counted })
        };
        assert_eq!(Route::parse("/R/Balance"), function("", false));
        assert_eq!(Route::parse("/R/Balance()"), function("", false));
        assert_eq!(Route::parse("/R/Balance(Condition='(a/b)')"), function("Condition='(a/b)'", false));
        assert_eq!(Route::parse("/R/Balance(Period=x)/$count"), function("Period=x", true));
    }

    #[test]
    fn arguments_keep_their_commas_and_quotes() {
        let text =
            "Period=datetime'2025-01-01T00:00:00', Condition='a eq guid''1'' or b in (1,2)',Dimensions='A,B'";
        let expected = vec![
            ("Period", "datetime'2025-01-01T00:00:00'"),
            ("Condition", "'a eq guid''1'' or b in (1,2)'"),
            ("Dimensions", "'A,B'"),
        ];
        assert_eq!(named_arguments(text, &["Period", "Condition", "Dimensions"]), Some(expected));
        assert_eq!(named_arguments("Nonsense=1", &["Period"]), None);
        assert_eq!(named_arguments("", &["Period"]), Some(vec![]));
    }
}
