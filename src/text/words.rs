//! Words for the types of `domain`.

use std::borrow::Cow;

use super::Texts;
use crate::domain::reconcile::Reason;
use crate::domain::{CitySource, DifferenceKind, PointsRule, Verdict};

impl Texts {
    /// A verdict in a word or two.
    pub fn verdict(self, verdict: Verdict) -> Cow<'static, str> {
        self.get(match verdict {
            Verdict::Reconciled => "verdict-reconciled",
            Verdict::BeforeWindow => "verdict-before-window",
            Verdict::Variance => "verdict-variance",
            Verdict::Unverified => "verdict-unverified",
        })
    }

    /// What kind of thing differs.
    pub fn difference(self, kind: DifferenceKind) -> Cow<'static, str> {
        self.get(match kind {
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
            DifferenceKind::Unexplained => "difference-unexplained",
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
            let words: BTreeSet<_> = kinds.map(|kind| Texts::new(language).difference(kind)).into();
            assert_eq!(words.len(), kinds.len());
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
