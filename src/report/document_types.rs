//! Which document is what: the types that write the register of sales, in words.

use super::table::{Align, Table};
use super::{Shape, UNKNOWN};
use crate::config;
use crate::sync::recorder_types_seen::{TypeSeen, TypesFound};
use crate::text::{self, Shown, Texts};

/// Columns that the name of a type of document may take.
const LONGEST_TYPE: usize = 48;

/// The types with what they are taken for, what speaks against the settings' names, and the line that would fit.
pub fn page(found: &TypesFound, texts: Texts, shape: Shape) -> String {
    let remedy = (!found.is_well()).then(|| format!("\n→ {}\n", remedy(found, texts)));
    let title = texts.get("types-title");
    let table = match shape {
        Shape::Wide => table(&found.seen.types, texts),
        Shape::Narrow => blocks(&found.seen.types, texts),
    };
    format!("{title}\n\n{table}\n{}\n{}", verdict(found, texts), remedy.unwrap_or_default())
}

/// Types of document: name, what it is taken for, rows, roubles.
pub(super) fn table(types: &[TypeSeen], texts: Texts) -> String {
    let mut table = Table::new([Align::Left, Align::Left, Align::Right, Align::Right]).cut_at(LONGEST_TYPE);
    for it in types {
        table.row(cells(it, texts));
    }
    table.render(3)
}

/// The same where not all of it fits into a line: the name, and the rest under it.
fn blocks(types: &[TypeSeen], texts: Texts) -> String {
    let block = |it| {
        let [name, role, rows, amount] = cells(it, texts);
        let name = Shown::new(&name);
        format!("{name}\n    {role}\n    {rows} · {amount}\n")
    };
    types.iter().map(block).collect()
}

fn cells(it: &TypeSeen, texts: Texts) -> [String; 4] {
    let language = texts.language();
    let name = it.recorder_type.bare();
    let name = if name.is_empty() { texts.get("doctor-type-nameless") } else { name.into() };
    let rows = it.rows.map_or_else(|| UNKNOWN.into(), |rows| text::count(rows, language));
    let amount = it.amount.map_or_else(|| UNKNOWN.into(), |amount| text::money(amount, language));
    let rows = texts.with("doctor-type-rows", &[("rows", rows.into())]);
    [name.into_owned(), texts.role(it.role).into_owned(), rows, amount]
}

/// What the types of document say of the settings' names.
pub fn verdict(found: &TypesFound, texts: Texts) -> String {
    let findings = found.doubts.findings(found.seen.types.iter().map(|it| &it.recorder_type));
    let mut said: Vec<_> =
        findings.iter().chain(&found.unborne_ignored).map(|finding| texts.finding(finding).message).collect();
    if !found.are_told {
        said.push(texts.get("doctor-types-untold").into_owned());
    }
    match (said.is_empty(), found.seen.types.is_empty()) {
        (false, _) => said.join(" "),
        (true, true) => texts.get("doctor-types-none").into_owned(),
        (true, false) => texts.get("doctor-types-fit").into_owned(),
    }
}

/// What to do about the settings' names: the line to put there.
pub fn remedy(found: &TypesFound, texts: Texts) -> String {
    if let Some(finding) = found.unborne_ignored.as_ref().filter(|_| found.doubts.is_nothing()) {
        return texts.finding(finding).remedy;
    }
    let mut suspects = found.doubts.suspects.iter();
    if suspects.any(|it| !found.proposal.iter().any(|name| name == it.bare())) {
        let findings = found.doubts.findings(found.seen.types.iter().map(|it| &it.recorder_type));
        let remedies = findings.iter().map(|finding| texts.finding(finding).remedy);
        return remedies.collect::<Vec<_>>().join(" ");
    }
    let line = config::opening_balance_line(&found.proposal);
    let key = match (found.doubts.is_nothing(), found.proposal.is_empty()) {
        (true, _) => "doctor-remedy-types-untold",
        (false, false) => "doctor-remedy-types",
        (false, true) => "doctor-remedy-types-none",
    };
    texts.with(key, &[("line", line.into())])
}
