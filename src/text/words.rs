//! Words for the types of `domain`.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{Shown, Texts, Value, date, money, points};
use crate::domain::reconcile::{Cause, Means, Part, Reason, WhyNot};
use crate::domain::{
    CitySource, Customer, CustomerField, DataPart, Difference, DifferenceFigure, DifferenceKind, FieldKind,
    FieldValue, Figure, PersonalDate, PointsRule, RecorderRole, Verdict,
};

/// Words for values with a name: the phrase is the family with the name.
macro_rules! named {
    ($($(#[$doc:meta])* $word:ident($type:ty): $family:literal;)*) => {
        impl Texts {$(
            $(#[$doc])*
            pub fn $word(self, it: $type) -> Cow<'static, str> {
                self.named($family, it.name())
            }
        )*}
    };
}

named! {
    /// A verdict in a word or two.
    verdict(Verdict): "verdict";
    /// What the rows of a type of document are taken for.
    role(RecorderRole): "role";
    /// What a figure was compared with.
    means(Means): "means";
    /// Why a figure was compared with nothing.
    why_not(WhyNot): "why-not";
    /// A figure, in a word or two.
    part(Part): "part";
    /// What more can be said of a difference.
    reason(Reason): "reason";
    /// Why a card is not simply equal.
    cause(Cause): "cause";
    /// What to do about it, in a sentence.
    cause_remedy(Cause): "cause-remedy";
    /// Which rule gives the points.
    points_rule(PointsRule): "points-rule";
    /// Where a town was found.
    city_source(CitySource): "city-source";
    /// A part of 1C's data that a sync found to be gone.
    lost_part(DataPart): "lost";
}

impl Texts {
    /// The phrase of a value by its name; in the names of phrases all words have hyphens between them.
    pub fn named(self, family: &'static str, name: &str) -> Cow<'static, str> {
        self.get(&named_id(family, name))
    }

    /// The same for a phrase that takes values.
    pub fn named_with(
        self,
        family: &'static str,
        name: &str,
        values: &[(&'static str, Value<'_>)],
    ) -> String {
        self.with(&named_id(family, name), values)
    }

    /// The value of a field, harmless: as it is, or for a flag what it says.
    pub fn value(self, field: CustomerField, value: &FieldValue<'_>) -> String {
        match value {
            FieldValue::Text(text) | FieldValue::Town(_, text) => Shown::new(text).into_string(),
            FieldValue::Date(PersonalDate::Known(day)) => date(*day, self.language()),
            FieldValue::Date(PersonalDate::Hidden) => {
                date(NaiveDate::default(), self.language()).replace(|c: char| c.is_ascii_digit(), "•")
            }
            FieldValue::Flag => self.get(field.word()).into_owned(),
        }
    }

    /// A field's value as people see it, harmless; `None` where it has none.
    pub fn field(self, customer: &Customer, field: CustomerField) -> Option<String> {
        customer.shown(field).map(|value| self.value(field, &value))
    }

    /// The same in a line among others, where it must say what it is.
    pub fn field_in_line(self, customer: &Customer, field: CustomerField) -> Option<String> {
        let value = self.field(customer, field)?;
        Some(match field {
            CustomerField::Code => self.with("dash-card", &[("code", value.as_str().into())]),
            _ if field.kind() == FieldKind::Date => {
                format!("{} {value}", self.get(field.word()).to_lowercase())
            }
            _ => value,
        })
    }

    /// Both sides of what differs: sums with their kopecks, points, or towns.
    pub fn sides(self, figure: &DifferenceFigure) -> Figure<String> {
        match figure {
            DifferenceFigure::Money(figure) => figure.map(|amount| money(amount, self.language())),
            DifferenceFigure::Points(figure) => figure.map(|figure| points(figure, self.language())),
            DifferenceFigure::Town(towns) => towns.clone().map(|town| Shown::new(&town).into_string()),
        }
    }

    /// What kind of thing differs.
    pub fn difference(self, it: &Difference) -> Cow<'static, str> {
        match (it.kind, &it.figure) {
            (DifferenceKind::Unexplained, DifferenceFigure::Points(_)) => {
                self.get("difference-unexplained-points")
            }
            _ => self.named("difference", it.kind.name()),
        }
    }
}

/// The id of the phrase of a value of this name.
pub(super) fn named_id(family: &str, name: &str) -> String {
    format!("{family}-{}", name.replace(['_', ' '], "-"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{Amount, Points};
    use crate::text::Language;

    #[test]
    fn every_kind_of_difference_has_words_of_its_own() {
        let kinds = DifferenceKind::ALL;
        for language in [Language::Russian, Language::English] {
            let texts = Texts::new(language);
            let money = Amount::ZERO;
            let of = |kind| texts.difference(&Difference::of_figures(kind, Some(money), None));
            let points = Difference::of_figures(DifferenceKind::Unexplained, Some(Points::ZERO), None);
            let words: BTreeSet<_> =
                kinds.iter().copied().map(of).chain([texts.difference(&points)]).collect();
            assert_eq!(words.len(), kinds.len() + 1);
        }
    }

    #[test]
    fn every_cause_has_words_and_a_remedy_of_its_own() {
        for language in [Language::Russian, Language::English] {
            let texts = Texts::new(language);
            let words: BTreeSet<_> = Cause::ALL.map(|cause| texts.cause(cause)).into();
            assert_eq!(words.len(), Cause::ALL.len());
            assert!(Cause::ALL.iter().all(|cause| !texts.cause_remedy(*cause).is_empty()));
        }
    }

    #[test]
    fn the_words_of_the_domain_are_the_users_own() {
        let texts = Texts::new(Language::Russian);
        assert_eq!(texts.verdict(Verdict::BeforeWindow), "есть более ранние покупки");
        assert_eq!(texts.reason(Reason::Inactive), "в 1С строка больше не активна");
        assert_eq!(texts.points_rule(PointsRule::RegisterBalance), "по остатку регистра");
        assert_eq!(texts.city_source(CitySource::AddressStreet), "из адреса");
    }
}
