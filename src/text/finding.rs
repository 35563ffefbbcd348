//! Words for what a sync found out, with what to do about it.

use chrono::{DateTime, Utc};

use super::{Problem, Texts, Value};
use crate::domain::finding::Finding;

impl Texts {
    /// A finding in words: what was found, and what to do about it.
    pub fn finding(self, finding: &Finding) -> Problem {
        let list = |names: &[String]| Value::from(names.join(", "));
        let values = match finding {
            Finding::ClocksDiffer { ours, server } => {
                vec![("ours", moment(*ours)), ("server", moment(*server))]
            }
            Finding::WindowJumped { latest, lost } => {
                vec![("date", super::date(latest.date(), self.language()).into()), ("lost", (*lost).into())]
            }
            Finding::PartLost { part, name, syncs } => {
                vec![
                    ("what", self.lost_part(*part).into()),
                    ("name", name.into()),
                    ("syncs", (*syncs).into()),
                ]
            }
            Finding::NotByCard { name, rows, .. } => vec![("name", name.into()), ("rows", (*rows).into())],
            Finding::CardsUnlisted { cards, of } | Finding::OwnersUnlisted { cards, of } => {
                vec![("cards", (*cards).into()), ("of", (*of).into())]
            }
            Finding::OutOfRange { cards, example } | Finding::TotalsContradict { cards, example } => {
                vec![("cards", (*cards).into()), ("example", example.into())]
            }
            Finding::OpeningNamesUnborne { names, types } | Finding::IgnoredNamesUnborne { names, types } => {
                vec![("names", list(names)), ("types", list(types))]
            }
            Finding::FieldsUnborne { settings } => vec![("settings", list(settings))],
            Finding::OpeningNamesLeftOut { names } | Finding::TypesUntold { names } => {
                vec![("names", list(names))]
            }
            Finding::OpeningNamesTooBroad { types } | Finding::OpeningTypesUnnamed { types } => {
                vec![("types", list(types)), ("setting", quoted(types).into())]
            }
            Finding::Other => Vec::new(),
        };
        self.problem(finding.code(), &values)
    }
}

/// Names as a list of the configuration has them.
fn quoted(names: &[String]) -> String {
    names.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ")
}

fn moment(moment: DateTime<Utc>) -> Value<'static> {
    moment.format("%Y-%m-%d %H:%MZ").to_string().into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::finding::DataPart;
    use crate::text::Language;

    #[test]
    fn every_finding_says_what_was_found_and_what_to_do_in_words_of_its_own() {
        let at = |text: &str| text.parse().unwrap();
        let name = || "AccumulationRegister_X".to_owned();
        let found = [
            Finding::ClocksDiffer { ours: at("2026-02-04T12:00:00Z"), server: at("2028-02-04T12:00:00Z") },
            Finding::WindowJumped { latest: at("2026-02-04T12:00:00Z").naive_utc(), lost: 1_649 },
            Finding::TypesUntold { names: vec![name()] },
            Finding::PartLost { part: DataPart::Points, name: name(), syncs: 2 },
            Finding::PartLost { part: DataPart::SalesTotals, name: name(), syncs: 2 },
            Finding::NotByCard { part: DataPart::Points, name: name(), rows: 40 },
            Finding::OutOfRange { cards: 1, example: "000371".into() },
            Finding::CardsUnlisted { cards: 12, of: 40 },
            Finding::OwnersUnlisted { cards: 12, of: 40 },
            Finding::TotalsContradict { cards: 1, example: "000371".into() },
            Finding::OpeningNamesUnborne { names: vec![name()], types: vec![name()] },
            Finding::OpeningNamesLeftOut { names: vec![name()] },
            Finding::OpeningNamesTooBroad { types: vec![name()] },
            Finding::IgnoredNamesUnborne { names: vec![name()], types: vec![name()] },
            Finding::OpeningTypesUnnamed { types: vec![name()] },
            Finding::FieldsUnborne { settings: vec![name()] },
            Finding::Other,
        ];
        for language in [Language::Russian, Language::English] {
            let words: Vec<_> = found.iter().map(|it| Texts::new(language).finding(it)).collect();
            let messages: BTreeSet<_> = words.iter().map(|it| it.message.as_str()).collect();
            assert_eq!(messages.len(), found.len(), "{messages:?}");
            assert!(words.iter().all(|it| !it.remedy.is_empty()));
        }
        let clocks = Texts::new(Language::English).finding(&found[0]).message;
        assert!(clocks.contains("2026-02-04 12:00Z here, 2028-02-04 12:00Z on the server"), "{clocks}");
    }
}
