//! Words for the types of `domain`.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{Shown, Texts, date, money, points};
use crate::domain::reconcile::{Cause, Means, Part, Reason, WhyNot};
use crate::domain::{
    CitySource, Customer, CustomerField, Difference, DifferenceFigure, DifferenceKind, FieldKind, FieldValue,
    Figure, PersonalDate, PointsRule, RecorderRole, Verdict,
};

impl Texts {
    /// A verdict in a word or two.
    pub fn verdict(self, verdict: Verdict) -> Cow<'static, str> {
        self.get(match verdict {
            Verdict::Reconciled => "verdict-reconciled",
            Verdict::BeforeWindow => "verdict-before-window",
            Verdict::Variance => "verdict-variance",
            Verdict::Unverified => "verdict-unverified",
            Verdict::UnknownCard => "verdict-unknown-card",
        })
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

    /// What the rows of a type of document are taken for.
    pub fn role(self, role: RecorderRole) -> Cow<'static, str> {
        self.get(match role {
            RecorderRole::OpeningBalance => "role-opening-balance",
            RecorderRole::Purchase => "role-purchase",
            RecorderRole::Ignored => "role-ignored",
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
        self.get(match it.kind {
            DifferenceKind::MissingOpeningBalance => "difference-missing-opening-balance",
            DifferenceKind::MissingLine => "difference-missing-line",
            DifferenceKind::ExtraLine => "difference-extra-line",
            DifferenceKind::ChangedLine => "difference-changed-line",
            DifferenceKind::BeforeWindow => "difference-before-window",
            DifferenceKind::MissingCard => "difference-missing-card",
            DifferenceKind::ExtraCard => "difference-extra-card",
            DifferenceKind::DoubledSale => "difference-doubled-sale",
            DifferenceKind::City => "difference-city",
            DifferenceKind::Points => "difference-points",
            DifferenceKind::UnknownCard => "difference-unknown-card",
            DifferenceKind::Unexplained if matches!(it.figure, DifferenceFigure::Points(_)) => {
                "difference-unexplained-points"
            }
            DifferenceKind::Unexplained => "difference-unexplained",
        })
    }

    /// What a figure was compared with.
    pub fn means(self, means: Means) -> Cow<'static, str> {
        self.get(match means {
            Means::Rows => "means-rows",
            Means::Turnovers => "means-turnovers",
            Means::TurnoversOfWindow => "means-turnovers-window",
            Means::Balance => "means-balance",
            Means::OpeningSet => "means-opening-set",
            Means::Catalog => "means-catalog",
        })
    }

    /// Why a figure was compared with nothing.
    pub fn why_not(self, why_not: WhyNot) -> Cow<'static, str> {
        self.get(match why_not {
            WhyNot::NotAsked => "why-not-not-asked",
            WhyNot::NotPublished => "why-not-not-published",
            WhyNot::FilterRefused => "why-not-filter-refused",
            WhyNot::UnreadableRow => "why-not-unreadable-row",
            WhyNot::NamesInDoubt => "why-not-names-in-doubt",
            WhyNot::PointsUnknown => "why-not-points-unknown",
            WhyNot::Moving => "why-not-moving",
            WhyNot::RowsAlone => "why-not-rows-alone",
            WhyNot::NothingStored => "why-not-nothing-stored",
            WhyNot::NoCard => "why-not-no-card",
            WhyNot::OtherSettings => "why-not-other-settings",
            WhyNot::OlderRows => "why-not-older-rows",
            WhyNot::OpeningBeyondSums => "why-not-opening-beyond-sums",
            WhyNot::OwnSum => "why-not-own-sum",
            WhyNot::OtherRows => "why-not-other-rows",
        })
    }

    /// A figure, in a word or two.
    pub fn part(self, part: Part) -> Cow<'static, str> {
        self.get(match part {
            Part::OpeningBalance => "part-opening-balance",
            Part::Purchases => "part-purchases",
            Part::Total => "part-total",
            Part::Points => "part-points",
            Part::City => "part-city",
            Part::Card => "part-card",
        })
    }

    /// What more can be said of a difference.
    pub fn reason(self, reason: Reason) -> Cow<'static, str> {
        self.get(match reason {
            Reason::Gone => "reason-gone",
            Reason::Inactive => "reason-inactive",
            Reason::Amount => "reason-amount",
            Reason::Period => "reason-period",
            Reason::Product => "reason-product",
            Reason::Kind => "reason-kind",
            Reason::OwnSum => "reason-own-sum",
            Reason::Unnamed => "reason-unnamed",
        })
    }

    /// Why a card is not simply equal.
    pub fn cause(self, cause: Cause) -> Cow<'static, str> {
        self.get(match cause {
            Cause::MissingOpeningBalance => "cause-missing-opening-balance",
            Cause::MissingCard => "cause-missing-card",
            Cause::ExtraCard => "cause-extra-card",
            Cause::MissingLines => "cause-missing-lines",
            Cause::GoneLines => "cause-gone-lines",
            Cause::InactiveLines => "cause-inactive-lines",
            Cause::ChangedLines => "cause-changed-lines",
            Cause::OwnSum => "cause-own-sum",
            Cause::Unexplained => "cause-unexplained",
            Cause::Points => "cause-points",
            Cause::City => "cause-city",
            Cause::BeforeWindow => "cause-before-window",
            Cause::UnknownCard => "cause-unknown-card",
            Cause::DoubledSale => "cause-doubled-sale",
        })
    }

    /// What to do about it, in a sentence.
    pub fn cause_remedy(self, cause: Cause) -> Cow<'static, str> {
        self.get(match cause {
            Cause::MissingOpeningBalance => "cause-remedy-missing-opening-balance",
            Cause::MissingCard => "cause-remedy-missing-card",
            Cause::ExtraCard => "cause-remedy-extra-card",
            Cause::MissingLines => "cause-remedy-missing-lines",
            Cause::GoneLines => "cause-remedy-gone-lines",
            Cause::InactiveLines => "cause-remedy-inactive-lines",
            Cause::ChangedLines => "cause-remedy-changed-lines",
            Cause::OwnSum => "cause-remedy-own-sum",
            Cause::Unexplained => "cause-remedy-unexplained",
            Cause::Points => "cause-remedy-points",
            Cause::City => "cause-remedy-city",
            Cause::BeforeWindow => "cause-remedy-before-window",
            Cause::UnknownCard => "cause-remedy-unknown-card",
            Cause::DoubledSale => "cause-remedy-doubled-sale",
        })
    }

    /// Which rule gives the points.
    pub fn points_rule(self, rule: PointsRule) -> Cow<'static, str> {
        self.get(match rule {
            PointsRule::LastRecord => "points-rule-last-record",
            PointsRule::RegisterBalance => "points-rule-register-balance",
        })
    }

    /// Where a town was found.
    pub fn city_source(self, source: CitySource) -> Cow<'static, str> {
        self.get(match source {
            CitySource::MainDetailsLine3 => "city-source-main-details",
            CitySource::AddressStreet => "city-source-address",
            CitySource::ContactInfo => "city-source-contact",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{Amount, Points};
    use crate::text::Language;

    #[test]
    fn every_kind_of_difference_has_words_of_its_own() {
        use DifferenceKind as Kind;
        let kinds = [
            Kind::MissingOpeningBalance,
            Kind::MissingLine,
            Kind::ExtraLine,
            Kind::ChangedLine,
            Kind::BeforeWindow,
            Kind::MissingCard,
            Kind::ExtraCard,
            Kind::DoubledSale,
            Kind::City,
            Kind::Points,
            Kind::UnknownCard,
            Kind::Unexplained,
        ];
        for language in [Language::Russian, Language::English] {
            let texts = Texts::new(language);
            let money = Amount::ZERO;
            let of = |kind| texts.difference(&Difference::of_figures(kind, Some(money), None));
            let points = Difference::of_figures(Kind::Unexplained, Some(Points::ZERO), None);
            let words: BTreeSet<_> = kinds.map(of).into_iter().chain([texts.difference(&points)]).collect();
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
        assert_eq!(texts.verdict(Verdict::BeforeWindow), "есть покупки до окна");
        assert_eq!(texts.reason(Reason::Inactive), "в 1С строка больше не активна");
        assert_eq!(texts.points_rule(PointsRule::RegisterBalance), "по остатку регистра");
        assert_eq!(texts.city_source(CitySource::AddressStreet), "из адреса");
    }
}
