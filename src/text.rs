//! What users read: phrases in Russian and English, numbers and dates as shown, foreign text made harmless.
//!
//! # Adding a phrase
//! 1. Put it under the heading of its part in `text/ru.ftl` *and* `text/en.ftl`, with the same `{ $names }`.
//! 2. Ask for it by a literal: `texts.get("search-nothing")`, or `texts.with("search-found", &[("n", n.into())])`.
//!    The phrase of a value that has a name is called after it, `FAMILY-NAME`: [`Texts::named`].
//! 3. Plurals live in the `.ftl` files (`[one]`, `[few]`, `*[many]`), never in code.
//! 4. A problem is a pair, `error-CODE` and `remedy-CODE`, asked for by [`Texts::problem`].
//!
//! Tests compare the two languages, format every phrase, and look every id up in the source both ways: an id
//! without a phrase and a phrase that nobody asks for both fail.

mod finding;
mod language;
mod number;
mod problem;
mod shown;
mod words;

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use language::Language;
pub use number::{
    age, block_money, bytes, count, date, day, duration, instant, local_time, money, percent, points,
    quantity, short_date, short_money, variance,
};
pub use problem::Problem;
pub use shown::{Shown, escape_json, width};

type Bundle = FluentBundle<FluentResource>;

static RUSSIAN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Russian));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::English));

/// The phrases of one language. Costs nothing to copy.
#[derive(Clone, Copy)]
pub struct Texts {
    language: Language,
    bundle: &'static Bundle,
}

/// What is put into a phrase: a number, which chooses the plural, or text, which is made harmless on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A count, shown with its thousands apart.
    Number(u64),
    /// Words, or a figure already formatted.
    Text(Cow<'a, str>),
}

impl Texts {
    /// The phrases of `language`.
    pub fn new(language: Language) -> Self {
        let bundle = match language {
            Language::Russian => &RUSSIAN,
            Language::English => &ENGLISH,
        };
        Self { language, bundle }
    }

    /// The language of these phrases.
    pub fn language(self) -> Language {
        self.language
    }

    /// A phrase that takes no values.
    pub fn get(self, id: &str) -> Cow<'static, str> {
        self.format(id, None)
    }

    /// A phrase with its values.
    pub fn with(self, id: &str, values: &[(&'static str, Value<'_>)]) -> String {
        self.format(id, Some(&arguments(values))).into_owned()
    }

    /// Whether there is such a phrase: for tests of tables that lead to phrases.
    pub fn has(self, id: &str) -> bool {
        self.bundle.has_message(id)
    }

    /// An id without a phrase cannot ship, the tests see to it; shown as it is, it would at least say where.
    fn format(self, id: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        debug_assert!(pattern.is_some(), "no phrase for {id}");
        let Some(pattern) = pattern else { return Cow::Owned(id.to_owned()) };
        let mut errors = Vec::new();
        let phrase = match arguments {
            None => self.bundle.format_pattern(pattern, None, &mut errors),
            Some(arguments) => {
                Cow::Owned(self.bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned())
            }
        };
        debug_assert!(errors.is_empty(), "phrase {id}: {errors:?}");
        phrase
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Texts").field(&self.language).finish()
    }
}

fn bundle(language: Language) -> Bundle {
    let (tag, source) = match language {
        Language::Russian => ("ru-RU", include_str!("text/ru.ftl")),
        Language::English => ("en-US", include_str!("text/en.ftl")),
    };
    // What the parser could save is used; a test proves that it saves everything.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    let locale: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // The marks would stand between our words and a terminal that shows them as boxes.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::Russian => |value, _| grouped(value, Language::Russian),
        Language::English => |value, _| grouped(value, Language::English),
    }));
    bundle.add_resource_overriding(resource);
    bundle
}

/// Numbers inside phrases look like all other numbers of the language.
fn grouped(value: &FluentValue<'_>, language: Language) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    Some(number::group_text(&number.as_string(), language))
}

fn arguments<'a>(values: &'a [(&'static str, Value<'_>)]) -> FluentArgs<'a> {
    values
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Number(number) => FluentValue::from(*number),
                Value::Text(text) => FluentValue::from(Shown::new(text).into_string()),
            };
            (*name, value)
        })
        .collect()
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Path> for Value<'a> {
    fn from(path: &'a Path) -> Self {
        Self::Text(path.to_string_lossy())
    }
}

impl<'a> From<&'a Shown> for Value<'a> {
    fn from(text: &'a Shown) -> Self {
        Self::Text(Cow::Borrowed(text.as_str()))
    }
}

impl From<Shown> for Value<'_> {
    fn from(text: Shown) -> Self {
        Self::Text(Cow::Owned(text.into_string()))
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests;
