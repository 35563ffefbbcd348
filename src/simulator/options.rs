//! The query string: options of `OData`, parameters of virtual tables, and what representation is wanted.

use super::errors::Refusal;
use super::exchange::Request;

/// The longest query the web server lets through.
pub(super) const LONGEST_QUERY: usize = 2048;

/// How much beside the data a JSON reply carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metadata {
    /// `nometadata`: nothing.
    None,
    /// `minimalmetadata`, the default: the address of the metadata and links.
    Minimal,
    /// `fullmetadata`: types and addresses as well.
    Full,
}

/// How a reply is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Representation {
    Json(Metadata),
    Atom,
}

impl Representation {
    /// What `$format` asks for, else what `Accept` does, else Atom.
    pub(super) fn wanted(options: &Options, request: &Request) -> Self {
        let format = options.get("$format").or_else(|| request.header("accept")).unwrap_or_default();
        let format = format.to_ascii_lowercase();
        if !format.starts_with("json") && !format.contains("application/json") {
            Self::Atom
        } else if format.contains("odata=nometadata") {
            Self::Json(Metadata::None)
        } else if format.contains("odata=fullmetadata") {
            Self::Json(Metadata::Full)
        } else {
            Self::Json(Metadata::Minimal)
        }
    }
}

/// One option as it came, and decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Given {
    name: String,
    raw: String,
    value: String,
}

/// The options of one request. A name given twice counts as it was given last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    given: Vec<Given>,
}

/// The options 1C knows.
const KNOWN: [&str; 9] =
    ["$format", "$top", "$skip", "$orderby", "$filter", "$select", "$inlinecount", "$allowedOnly", "$expand"];

impl Options {
    /// Splits and decodes a raw query. A `+` stays what it is: 1C does not read it as a space.
    pub(super) fn parse(query: &str) -> Result<Self, Refusal> {
        let parts = query.split('&').filter(|part| !part.is_empty());
        let given: Result<Vec<Given>, Refusal> = parts
            .map(|part| {
                let (name, raw) = part.split_once('=').unwrap_or((part, ""));
                let value = percent_decode(raw).ok_or_else(|| Refusal::bad_option(name))?;
                let name = percent_decode(name).ok_or_else(|| Refusal::bad_option(name))?;
                Ok(Given { name, raw: raw.to_owned(), value })
            })
            .collect();
        Ok(Self { given: given? })
    }

    /// Refuses options beginning with `$` that nobody knows.
    pub(super) fn check_names(&self) -> Result<(), Refusal> {
        let unknown = |given: &&Given| given.name.starts_with('$') && !KNOWN.contains(&given.name.as_str());
        if let Some(given) = self.given.iter().find(unknown) {
            return Err(Refusal::unknown_option(&given.name));
        }
        Ok(())
    }

    fn find(&self, name: &str) -> Option<&Given> {
        self.given.iter().rev().find(|given| given.name == name)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.find(name).map(|given| given.value.as_str())
    }

    /// True when an option came with a `+` in it, which 1C takes for an arithmetic one.
    pub(super) fn has_plus(&self, name: &str) -> bool {
        self.find(name).is_some_and(|given| given.raw.contains('+'))
    }

    /// A number of rows; none where the option is absent.
    pub(super) fn rows(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let read = |text: &str| text.parse().map_err(|_| Refusal::bad_option(name));
        self.get(name).map(read).transpose()
    }

    pub(super) fn wants_count(&self) -> Result<bool, Refusal> {
        match self.get("$inlinecount") {
            None | Some("none") => Ok(false),
            Some("allpages") => Ok(true),
            Some(_) => Err(Refusal::bad_option("$inlinecount")),
        }
    }
}

/// Decodes `%XX` as UTF-8; none where it is not.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'%' {
            let digits = text.get(at + 1..at + 3)?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            decoded.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded_and_plus_stays() {
        let options =
            Options::parse("%24filter=a%20eq%20%27%D0%AF%27&$orderby=Date+desc&$top=5").expect("options");
        assert_eq!(options.get("$filter"), Some("a eq 'Я'"));
        assert_eq!(options.get("$orderby"), Some("Date+desc"));
        assert!(options.has_plus("$orderby") && !options.has_plus("$filter"));
        assert_eq!(options.rows("$top"), Ok(Some(5)));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let code = |query: &str| {
            let options = Options::parse(query);
            options
                .and_then(|options| options.check_names().and(options.rows("$top")))
                .map_err(|refusal| refusal.code)
        };
        assert_eq!(code("$expan=x"), Err(0));
        assert_eq!(code("$expand=x"), Ok(None));
        assert_eq!(code("$top=-1"), Err(14));
        assert_eq!(code("$filter=%zz"), Err(14));
        assert_eq!(code("$filter=%D0"), Err(14));
        assert_eq!(code("allowedOnly=true&anything=1"), Ok(None));
    }

    #[test]
    fn json_is_sent_only_to_those_who_ask() {
        let wanted = |query: &str, accept: &str| {
            let options = Options::parse(query).expect("options");
            Representation::wanted(&options, &Request::get("/").with_header("Accept", accept))
        };
        assert_eq!(wanted("", "*/*"), Representation::Atom);
        assert_eq!(wanted("", "application/json"), Representation::Json(Metadata::Minimal));
        assert_eq!(wanted("$format=json", "text/html"), Representation::Json(Metadata::Minimal));
        assert_eq!(
            wanted("$format=application/json;odata=nometadata", ""),
            Representation::Json(Metadata::None)
        );
        assert_eq!(wanted("$format=atom", "application/json"), Representation::Atom);
    }
}
