//! What a sync found out about the base or about itself that somebody should mend: kept with the generation it
//! published, shown as long as syncs find it.
//!
//! A finding is plain values. Its words, with what to do about it, are phrases `error-CODE` and `remedy-CODE`;
//! for programs it is an object of `kind`, which is its code, and the values below.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use super::LocalTime;

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Finding {
    /// This machine's clock and the server's are further apart than a day: the window goes by the earlier.
    ClocksDiffer {
        /// This machine's.
        ours: DateTime<Utc>,
        /// The server's, by its `Date` header.
        server: DateTime<Utc>,
    },
    /// By the clocks so much time has passed since the sync before that purchases left the window in bulk, and no sale came
    /// with it: the clocks may be wrong together.
    WindowJumped {
        /// The latest sale there is.
        latest: LocalTime,
        /// Purchases that left.
        lost: u64,
    },
    /// A part of 1C's data that was there before is told no more.
    PartLost {
        /// Which part.
        part: DataPart,
        /// How 1C calls it.
        name: String,
        /// Full syncs that missed it, the first one included.
        syncs: u32,
    },
    /// No key of a register is a card of the catalog: the register is not kept by card.
    NotByCard {
        /// Which register.
        part: DataPart,
        /// How 1C calls it.
        name: String,
        /// Rows, or sums, that name nobody of the catalog.
        rows: u64,
    },
    /// Many of the cards that sales name are in no catalog.
    CardsUnlisted {
        /// How many.
        cards: u64,
        /// Of how many.
        of: u64,
    },
    /// Many of the owners that cards name are in no catalog.
    OwnersUnlisted {
        /// Cards that name one.
        cards: u64,
        /// Of how many that name any.
        of: u64,
    },
    /// Cards whose sums are larger than can be compared: they are unverified.
    OutOfRange {
        /// How many.
        cards: u64,
        /// The code of one of them.
        example: String,
    },
    /// Cards whose rows 1C's own totals contradict, though they were read again and again.
    TotalsContradict {
        /// How many.
        cards: u64,
        /// The code of one of them.
        example: String,
    },
    /// Names of opening balances that no document of this base bears.
    OpeningNamesUnborne {
        /// The names, as the settings have them.
        names: Vec<String>,
        /// The types of document there are.
        types: Vec<String>,
    },
    /// Names of opening balances whose documents the settings leave out.
    OpeningNamesLeftOut {
        /// The names, as the settings have them.
        names: Vec<String>,
    },
    /// Types of document taken for opening balances by a part of their name that fits documents of every day.
    OpeningNamesTooBroad {
        /// The types.
        types: Vec<String>,
    },
    /// Names of documents to leave out that no document of this base bears.
    IgnoredNamesUnborne {
        /// The names, as the settings have them.
        names: Vec<String>,
        /// The types of document there are.
        types: Vec<String>,
    },
    /// Settings that name fields 1C does not have: nothing is read from them.
    FieldsUnborne {
        /// The settings, as `key = "name"`.
        settings: Vec<String>,
    },
    /// 1C does not tell the type of document of some rows: whether one bears these names is not known.
    TypesUntold {
        /// The names, as the settings have them.
        names: Vec<String>,
    },
    /// Types of document that carry totals over, by their names, and that the settings take for purchases.
    OpeningTypesUnnamed {
        /// The types.
        types: Vec<String>,
    },
    /// What a newer version found, and this one has no words for.
    #[serde(other)]
    Other,
}

/// A part of 1C's data that can be there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataPart {
    /// Rows of the register of sales.
    Sales,
    /// Rows of the register of points.
    Points,
    /// Names of products.
    Products,
    /// 1C's own sums of the sales.
    SalesTotals,
    /// 1C's own balances of points.
    PointsTotals,
    /// Towns of customers.
    Cities,
    /// E-mail addresses of customers.
    Emails,
    /// A field that something is read from.
    Field,
}

impl Finding {
    /// Stable name, for programs and for its words.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ClocksDiffer { .. } => "clocks-differ",
            Self::WindowJumped { .. } => "window-jumped",
            Self::PartLost { .. } => "part-lost",
            Self::NotByCard { .. } => "not-by-card",
            Self::CardsUnlisted { .. } => "cards-unlisted",
            Self::OwnersUnlisted { .. } => "owners-unlisted",
            Self::TotalsContradict { .. } => "totals-contradict",
            Self::OutOfRange { .. } => "out-of-range",
            Self::OpeningNamesUnborne { .. } => "opening-names-unborne",
            Self::OpeningNamesLeftOut { .. } => "opening-names-left-out",
            Self::OpeningNamesTooBroad { .. } => "opening-names-too-broad",
            Self::IgnoredNamesUnborne { .. } => "ignored-names-unborne",
            Self::FieldsUnborne { .. } => "fields-unborne",
            Self::TypesUntold { .. } => "types-untold",
            Self::OpeningTypesUnnamed { .. } => "opening-types-unnamed",
            Self::Other => "other",
        }
    }
}

/// Reads a list of findings. One that this version cannot read is still one.
pub fn lenient<'de, D: Deserializer<'de>>(list: D) -> Result<Vec<Finding>, D::Error> {
    let list = Vec::<serde_json::Value>::deserialize(list)?;
    Ok(list.into_iter().map(|it| serde_json::from_value(it).unwrap_or(Finding::Other)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    struct Kept(#[serde(deserialize_with = "lenient")] Vec<Finding>);

    fn any() -> Vec<Finding> {
        let at = |text: &str| text.parse().unwrap();
        let name = || "AccumulationRegister_X".to_owned();
        vec![
            Finding::ClocksDiffer { ours: at("2026-02-04T12:00:00Z"), server: at("2028-02-04T12:00:00Z") },
            Finding::WindowJumped { latest: at("2026-02-04T12:00:00Z").naive_utc(), lost: 1_649 },
            Finding::PartLost { part: DataPart::Points, name: name(), syncs: 2 },
            Finding::NotByCard { part: DataPart::Sales, name: name(), rows: 40 },
            Finding::OutOfRange { cards: 1, example: "000371".into() },
            Finding::TotalsContradict { cards: 1, example: "000371".into() },
            Finding::OpeningNamesUnborne { names: vec!["Ввод".into()], types: vec![name()] },
            Finding::OpeningNamesLeftOut { names: vec!["Ввод".into()] },
            Finding::OpeningNamesTooBroad { types: vec![name()] },
            Finding::IgnoredNamesUnborne { names: vec!["ЧекККМ".into()], types: vec![name()] },
            Finding::FieldsUnborne { settings: vec!["owner_phone = \"X\"".into()] },
            Finding::TypesUntold { names: vec!["Ввод".into()] },
            Finding::OpeningTypesUnnamed { types: vec![name()] },
            Finding::Other,
        ]
    }

    #[test]
    fn findings_come_back_as_they_were_and_bear_their_code() {
        let kept = Kept(any());
        let json = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<Kept>(&json).unwrap(), kept);
        for finding in any() {
            let value = serde_json::to_value(&finding).unwrap();
            assert_eq!(value["kind"], finding.code());
        }
    }

    #[test]
    fn what_a_newer_version_found_is_still_a_finding() {
        for json in [
            r#"[{"kind":"of-tomorrow","of":1}]"#,
            r#"[{"kind":"part-lost","part":"of-tomorrow","name":"X","syncs":1}]"#,
            r#"[{"kind":"part-lost"}]"#,
            "[7]",
        ] {
            assert_eq!(serde_json::from_str::<Kept>(json).unwrap(), Kept(vec![Finding::Other]), "{json}");
        }
    }
}
