//! `$metadata`: the entity types, their keys and properties, the sets, and the functions of the registers.

use std::fmt::Write as _;

use super::published;
use super::table::{Column, Edm, Table};

/// The functions bound to the sales register, and to the bonus register.
const FUNCTIONS: [(&str, &str, &[&str]); 4] = [
    (published::SALES, "Turnovers", &["StartPeriod", "EndPeriod"]),
    (published::BONUSES, "Balance", &["Period"]),
    (published::BONUSES, "Turnovers", &["StartPeriod", "EndPeriod"]),
    (published::BONUSES, "BalanceAndTurnovers", &["StartPeriod", "EndPeriod"]),
];

/// The document, for the sets that are published.
pub(super) fn document(tables: &[Box<dyn Table + '_>]) -> String {
    let sets: Vec<&str> = tables.iter().map(|table| table.set()).collect();
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <edmx:Edmx Version=\"1.0\" xmlns:edmx=\"http://schemas.microsoft.com/ado/2007/06/edmx\">\n\
         <edmx:DataServices xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\" \
         m:DataServiceVersion=\"3.0\" m:MaxDataServiceVersion=\"3.0\">\n\
         <Schema Namespace=\"StandardODATA\" xmlns=\"http://schemas.microsoft.com/ado/2009/11/edm\">\n",
    );
    for table in tables {
        write_type(&mut out, table.as_ref());
    }
    for (register, function, periods) in functions(&sets) {
        write_function(&mut out, register, function, periods);
    }
    out.push_str("<EntityContainer Name=\"EnterpriseV8\" m:IsDefaultEntityContainer=\"true\">\n");
    for set in &sets {
        let _ = writeln!(out, "<EntitySet Name=\"{set}\" EntityType=\"StandardODATA.{set}\"/>");
    }
    out.push_str("</EntityContainer>\n</Schema>\n</edmx:DataServices>\n</edmx:Edmx>\n");
    out
}

fn functions<'a>(
    sets: &'a [&str],
) -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> + 'a {
    FUNCTIONS.into_iter().filter(|(register, _, _)| sets.contains(register))
}

fn write_type(out: &mut String, table: &dyn Table) {
    let set = table.set();
    let columns: Vec<Column> = (0..table.width()).map(|column| table.column(column)).collect();
    let _ = writeln!(out, "<EntityType Name=\"{set}\">\n<Key>");
    for key in columns.iter().filter(|column| column.key) {
        let _ = writeln!(out, "<PropertyRef Name=\"{}\"/>", key.name);
    }
    out.push_str("</Key>\n");
    for column in &columns {
        let kind = match column.edm {
            Edm::Section => format!("Collection(StandardODATA.{set}_{}_RowType)", column.name),
            edm => edm.name().to_owned(),
        };
        let nullable = !column.key;
        let _ = writeln!(out, "<Property Name=\"{}\" Type=\"{kind}\" Nullable=\"{nullable}\"/>", column.name);
    }
    for link in columns.iter().filter_map(Column::link) {
        let _ = writeln!(
            out,
            "<NavigationProperty Name=\"{link}\" Relationship=\"StandardODATA.{set}_{link}\" FromRole=\"Begin\" \
             ToRole=\"End\"/>"
        );
    }
    out.push_str("</EntityType>\n");
}

fn write_function(out: &mut String, register: &str, function: &str, periods: &[&str]) {
    let _ = writeln!(
        out,
        "<FunctionImport Name=\"{function}\" ReturnType=\"Collection(StandardODATA.{register}_{function})\" \
         IsBindable=\"true\" m:IsAlwaysBindable=\"true\">\n\
         <Parameter Name=\"bindingParameter\" Type=\"Collection(StandardODATA.{register})\"/>"
    );
    for period in periods {
        let _ = writeln!(out, "<Parameter Name=\"{period}\" Type=\"Edm.DateTime\" Nullable=\"true\"/>");
    }
    for text in ["Condition", "Dimensions"] {
        let _ = writeln!(out, "<Parameter Name=\"{text}\" Type=\"Edm.String\" Nullable=\"true\"/>");
    }
    out.push_str("</FunctionImport>\n");
}
