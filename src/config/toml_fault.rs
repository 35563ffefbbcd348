//! What a file that is not TOML has, told by the words of the parser: it has no codes for its mistakes.

/// A mistake in the writing of TOML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TomlFault {
    /// A setting or a section that is there already.
    Duplicate,
    /// A bracket without its other half.
    Unclosed,
    /// A section under a name that has a value.
    Extended,
    /// No value, or a text without quotes: the parser does not tell one from the other.
    Unquoted,
    /// A quote without its other half, or a wrong escape.
    Quote,
    /// No `=` between name and value, or one too many.
    Equals,
    /// No value.
    ValueMissing,
    /// No comma between values, or one too many.
    Comma,
    /// A wrong name.
    Key,
    /// A number.
    Number,
    /// A date or a time.
    Date,
    /// Something else that is no value.
    Value,
    /// More than the line should have.
    Extra,
    /// A character that may not stand here.
    Character,
    /// Whatever a later parser finds.
    Other,
}

/// What the parser says, and what is meant. The first that fits counts.
const SAID: [(&str, TomlFault); 35] = {
    use TomlFault as F;
    [
        ("duplicate key", F::Duplicate),
        ("cannot extend", F::Extended),
        ("unclosed", F::Unclosed),
        ("string values must be quoted", F::Unquoted),
        // The word it begins like: `text` is taken for `true`.
        ("boolean", F::Unquoted),
        ("unquoted key", F::Key),
        ("quote", F::Quote),
        ("string", F::Quote),
        ("escape", F::Quote),
        ("unicode", F::Quote),
        ("value with no key", F::Key),
        ("key with no value", F::Equals),
        ("assignment", F::Equals),
        ("`=` in array", F::Comma),
        ("extra `=`", F::Equals),
        ("comma", F::Comma),
        ("missing value for key", F::Equals),
        ("missing value", F::ValueMissing),
        ("content between comment", F::Character),
        ("comment", F::Character),
        ("carriage return", F::Character),
        ("unexpected key or value", F::Extra),
        ("unexpected content", F::Extra),
        ("date", F::Date),
        ("time", F::Date),
        ("number", F::Number),
        ("numeric", F::Number),
        ("integer", F::Number),
        ("float", F::Number),
        ("radix", F::Number),
        ("leading zero", F::Number),
        ("digit", F::Number),
        ("sign", F::Number),
        ("key", F::Key),
        ("value", F::Value),
    ]
};

impl TomlFault {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Duplicate,
        Self::Unclosed,
        Self::Extended,
        Self::Unquoted,
        Self::Quote,
        Self::Equals,
        Self::ValueMissing,
        Self::Comma,
        Self::Key,
        Self::Number,
        Self::Date,
        Self::Value,
        Self::Extra,
        Self::Character,
        Self::Other,
    ];

    /// By the parser's words.
    pub(super) fn of(message: &str) -> Self {
        // What it expected instead would mislead: it names every sign that could have followed.
        let said = message.split(", expected").next().unwrap_or(message);
        SAID.iter().find(|(words, _)| said.contains(words)).map_or(Self::Other, |(_, fault)| *fault)
    }

    /// The name its phrase is called after.
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Unclosed => "unclosed",
            Self::Extended => "extended",
            Self::Unquoted => "unquoted",
            Self::Quote => "quote",
            Self::Equals => "equals",
            Self::ValueMissing => "value-missing",
            Self::Comma => "comma",
            Self::Key => "key",
            Self::Number => "number",
            Self::Date => "date",
            Self::Value => "value",
            Self::Extra => "extra",
            Self::Character => "character",
            Self::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    #[test]
    fn every_mistake_of_the_writing_is_known_by_the_words_of_the_parser() {
        use TomlFault as F;
        let cases = [
            ("a = 1\na = 2", F::Duplicate),
            ("[a]\n[a]", F::Duplicate),
            ("[a", F::Unclosed),
            ("[[a]", F::Unclosed),
            ("a = [1, 2", F::Unclosed),
            ("a = { b = 1", F::Unclosed),
            ("a = 1\na.b = 2", F::Extended),
            ("a = text", F::Unquoted),
            ("a = \"text", F::Quote),
            ("a = 'text", F::Quote),
            ("a = \"C:\\Users\"", F::Quote),
            ("a", F::Equals),
            ("a 1", F::Equals),
            ("a = ", F::Unquoted),
            ("a = [1 2]", F::Unquoted),
            ("a = [\"x\" \"y\"]", F::Comma),
            ("a = [\"x\"\nb = 2", F::Comma),
            ("a = [1,,2]", F::Comma),
            ("= 1", F::Key),
            ("a b = 1", F::Equals),
            ("a = 0123", F::Number),
            ("a = 1__0", F::Number),
            ("a = 2026-13-01", F::Date),
            ("a = 2026-02-30T99:00:00Z", F::Date),
            ("a = \"x\" y", F::Extra),
            ("a = 1 2", F::Unquoted),
            ("a = 10s", F::Unquoted),
            ("a = нет", F::Unquoted),
            ("a = 1,", F::Extra),
            ("a = nan1", F::Number),
            ("имя = 1", F::Key),
            ("a = \"\"\"x", F::Quote),
            ("# \u{1}", F::Character),
        ];
        for (text, fault) in cases {
            let said = DeTable::parse(text).unwrap_err();
            assert_eq!(TomlFault::of(said.message()), fault, "{text:?}: {}", said.message());
        }
        assert_eq!(TomlFault::of("something new"), F::Other);
    }
}
