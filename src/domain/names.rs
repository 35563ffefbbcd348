//! The stable names of the domain's words: for programs, and for the phrases that are named after them.

use super::reconcile::Reason;
use super::third_column::PortalCause;
use super::{Against, CitySource, DataPart, DifferenceKind, PointsRule, RecorderRole, Verdict};

macro_rules! names {
    ($($type:ident { $($variant:ident => $name:literal,)* })*) => {$(
        impl $type {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its stable name: for programs, and for the phrases named after it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    )*};
}

names! {
    Against {
        Live => "live",
        ControlTotals => "control-totals",
        None => "none",
    }
    Verdict {
        Reconciled => "reconciled",
        BeforeWindow => "before-window",
        Variance => "variance",
        Unverified => "unverified",
        UnknownCard => "unknown-card",
    }
    RecorderRole {
        OpeningBalance => "opening-balance",
        Purchase => "purchase",
        Ignored => "ignored",
    }
    CitySource {
        MainDetailsLine3 => "main-details-line-3",
        AddressStreet => "address-street",
        ContactInfo => "contact-info",
    }
    PointsRule {
        LastRecord => "last-record",
        RegisterBalance => "register-balance",
    }
    DifferenceKind {
        MissingOpeningBalance => "missing-opening-balance",
        MissingLine => "missing-line",
        ExtraLine => "extra-line",
        ChangedLine => "changed-line",
        BeforeWindow => "before-window",
        MissingCard => "missing-card",
        ExtraCard => "extra-card",
        DoubledSale => "doubled-sale",
        City => "city",
        Points => "points",
        UnknownCard => "unknown-card",
        Unexplained => "unexplained",
    }
    Reason {
        Gone => "gone",
        Inactive => "inactive",
        Amount => "amount",
        Period => "period",
        Product => "product",
        Kind => "kind",
        OwnSum => "own-sum",
        Unnamed => "unnamed",
        Unreadable => "unreadable",
    }
    PortalCause {
        MissingCustomer => "missing-customer",
        Doubled => "doubled",
        MissingOpeningBalance => "missing-opening-balance",
        Lag => "lag",
        Total => "total",
        Points => "points",
        City => "city",
    }
    DataPart {
        Sales => "sales",
        Points => "points",
        Products => "products",
        SalesTotals => "sales-totals",
        PointsTotals => "points-totals",
        Cities => "cities",
        Emails => "emails",
        Field => "field",
    }
}
