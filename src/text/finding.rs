//! Words for what a sync found out, with what to do about it.

use chrono::{DateTime, Utc};

use super::{Problem, Texts, Value};
use crate::domain::finding::{DataPart, Finding};

impl Texts {
    /// A finding in words: what was found, and what to do about it.
    pub fn finding(self, finding: &Finding) -> Problem {
        match finding {
            Finding::ClocksDiffer { ours, server } => {
                self.problem("clocks-differ", &[("ours", moment(*ours)), ("server", moment(*server))])
            }
            Finding::PartLost { part, name, syncs } => {
                let values =
                    [("what", self.lost_part(*part)), ("name", name.into()), ("syncs", (*syncs).into())];
                self.problem("part-lost", &values)
            }
            Finding::NotByCard { name, rows, .. } => {
                self.problem("not-by-card", &[("name", name.into()), ("rows", (*rows).into())])
            }
            Finding::OutOfRange { cards, example } => {
                self.problem("out-of-range", &[("cards", (*cards).into()), ("example", example.into())])
            }
            Finding::OpeningNamesUnborne { names, types } => {
                let values = [("names", names.join(", ").into()), ("types", types.join(", ").into())];
                self.problem("opening-names-unborne", &values)
            }
            Finding::OpeningNamesLeftOut { names } => {
                self.problem("opening-names-left-out", &[("names", names.join(", ").into())])
            }
            Finding::OpeningNamesTooBroad { types } => {
                let values = [("types", types.join(", ").into()), ("setting", quoted(types).into())];
                self.problem("opening-names-too-broad", &values)
            }
            Finding::IgnoredNamesUnborne { names, types } => {
                let values = [("names", names.join(", ").into()), ("types", types.join(", ").into())];
                self.problem("ignored-names-unborne", &values)
            }
            Finding::OpeningTypesUnnamed { types } => {
                let values = [("types", types.join(", ").into()), ("setting", quoted(types).into())];
                self.problem("opening-types-unnamed", &values)
            }
            Finding::Other => self.problem("other-finding", &[]),
        }
    }

    fn lost_part(self, part: DataPart) -> Value<'static> {
        let words = match part {
            DataPart::Sales => self.get("lost-sales"),
            DataPart::Points => self.get("lost-points"),
            DataPart::Products => self.get("lost-products"),
            DataPart::SalesTotals => self.get("lost-sales-totals"),
            DataPart::PointsTotals => self.get("lost-points-totals"),
            DataPart::Cities => self.get("lost-cities"),
            DataPart::Emails => self.get("lost-emails"),
            DataPart::Field => self.get("lost-field"),
        };
        words.into()
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
    use crate::text::Language;

    #[test]
    fn every_finding_says_what_was_found_and_what_to_do_in_words_of_its_own() {
        let at = |text: &str| text.parse().unwrap();
        let name = || "AccumulationRegister_X".to_owned();
        let found = [
            Finding::ClocksDiffer { ours: at("2026-02-04T12:00:00Z"), server: at("2028-02-04T12:00:00Z") },
            Finding::PartLost { part: DataPart::Points, name: name(), syncs: 2 },
            Finding::PartLost { part: DataPart::SalesTotals, name: name(), syncs: 2 },
            Finding::NotByCard { part: DataPart::Points, name: name(), rows: 40 },
            Finding::OutOfRange { cards: 1, example: "000371".into() },
            Finding::OpeningNamesUnborne { names: vec![name()], types: vec![name()] },
            Finding::OpeningNamesLeftOut { names: vec![name()] },
            Finding::OpeningNamesTooBroad { types: vec![name()] },
            Finding::IgnoredNamesUnborne { names: vec![name()], types: vec![name()] },
            Finding::OpeningTypesUnnamed { types: vec![name()] },
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
