//! `$metadata`: entity types, complex types of rows and results, associations, sets, functions.

use std::fmt::Write as _;

use super::table::{Column, Edm, Table, row_type};
use super::virtual_tables::{self, Schema};

/// The document, for the sets that are published.
pub(super) fn document(tables: &[Box<dyn Table + '_>]) -> String {
    let sets: Vec<&str> = tables.iter().map(|table| table.set()).collect();
    let links: Vec<Link> = tables.iter().flat_map(|table| links(table.as_ref(), &sets)).collect();
    let functions: Vec<Schema> =
        virtual_tables::schemas().into_iter().filter(|schema| sets.contains(&schema.register)).collect();
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <edmx:Edmx Version=\"1.0\" xmlns:edmx=\"http://schemas.microsoft.com/ado/2007/06/edmx\">\n\
         <edmx:DataServices xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\" \
         m:DataServiceVersion=\"3.0\" m:MaxDataServiceVersion=\"3.0\">\n\
         <Schema Namespace=\"StandardODATA\" xmlns=\"http://schemas.microsoft.com/ado/2009/11/edm\">\n",
    );
    for table in tables {
        write_entity(&mut out, table.as_ref(), &links);
    }
    for table in tables {
        write_rows(&mut out, table.as_ref());
    }
    for schema in &functions {
        write_complex(&mut out, &schema.result(), &schema.columns);
    }
    for link in &links {
        link.write(&mut out);
    }
    out.push_str("<EntityContainer Name=\"EnterpriseV8\" m:IsDefaultEntityContainer=\"true\">\n");
    for set in &sets {
        let _ = writeln!(out, "<EntitySet Name=\"{set}\" EntityType=\"StandardODATA.{set}\"/>");
    }
    for link in &links {
        link.write_set(&mut out);
    }
    for schema in &functions {
        write_function(&mut out, schema);
    }
    out.push_str("</EntityContainer>\n</Schema>\n</edmx:DataServices>\n</edmx:Edmx>\n");
    out
}

/// A reference from one published set to another.
struct Link {
    from: &'static str,
    name: &'static str,
    to: &'static str,
}

fn links(table: &dyn Table, sets: &[&str]) -> Vec<Link> {
    let link = |column: usize| {
        let column = table.column(column);
        let to = column.target?.set().filter(|to| sets.contains(to))?;
        Some(Link { from: table.set(), name: column.link()?, to })
    };
    (0..table.width()).filter_map(link).collect()
}

impl Link {
    fn write(&self, out: &mut String) {
        let Self { from, name, to } = self;
        let _ = writeln!(
            out,
            "<Association Name=\"{from}_{name}\">\n\
             <End Role=\"Begin\" Type=\"StandardODATA.{from}\" Multiplicity=\"*\"/>\n\
             <End Role=\"End\" Type=\"StandardODATA.{to}\" Multiplicity=\"0..1\"/>\n</Association>"
        );
    }

    fn write_set(&self, out: &mut String) {
        let Self { from, name, to } = self;
        let _ = writeln!(
            out,
            "<AssociationSet Name=\"{from}_{name}\" Association=\"StandardODATA.{from}_{name}\">\n\
             <End Role=\"Begin\" EntitySet=\"{from}\"/>\n<End Role=\"End\" EntitySet=\"{to}\"/>\n\
             </AssociationSet>"
        );
    }
}

fn columns(table: &dyn Table) -> Vec<Column> {
    (0..table.width()).map(|column| table.column(column)).collect()
}

fn write_entity(out: &mut String, table: &dyn Table, links: &[Link]) {
    let (set, columns) = (table.set(), columns(table));
    let is_open = columns.iter().any(|column| column.edm == Edm::Composite);
    let open = if is_open { " OpenType=\"true\"" } else { "" };
    let _ = writeln!(out, "<EntityType Name=\"{set}\"{open}>\n<Key>");
    for key in columns.iter().filter(|column| column.key) {
        let _ = writeln!(out, "<PropertyRef Name=\"{}\"/>", key.name);
    }
    out.push_str("</Key>\n");
    write_properties(out, set, &columns);
    for link in links.iter().filter(|link| link.from == set) {
        let name = link.name;
        let _ = writeln!(
            out,
            "<NavigationProperty Name=\"{name}\" Relationship=\"StandardODATA.{set}_{name}\" FromRole=\"Begin\" \
             ToRole=\"End\"/>"
        );
    }
    out.push_str("</EntityType>\n");
}

/// The complex types of the rows of a table's sections.
fn write_rows(out: &mut String, table: &dyn Table) {
    for column in 0..table.width() {
        if let Some(rows) = table.section(column) {
            write_complex(out, &row_type(table.set(), table.column(column).name), &columns(rows.as_ref()));
        }
    }
}

fn write_complex(out: &mut String, name: &str, columns: &[Column]) {
    let _ = writeln!(out, "<ComplexType Name=\"{name}\">");
    write_properties(out, name, columns);
    out.push_str("</ComplexType>\n");
}

fn write_properties(out: &mut String, set: &str, columns: &[Column]) {
    for column in columns {
        let is_section = column.edm == Edm::Section;
        let kind = if is_section {
            format!("Collection(StandardODATA.{})", row_type(set, column.name))
        } else {
            column.edm.name().to_owned()
        };
        let nullable = !column.key && !is_section;
        let _ = writeln!(out, "<Property Name=\"{}\" Type=\"{kind}\" Nullable=\"{nullable}\"/>", column.name);
    }
}

fn write_function(out: &mut String, schema: &Schema) {
    let (name, result, register) = (schema.function, schema.result(), schema.register);
    let _ = writeln!(
        out,
        "<FunctionImport Name=\"{name}\" IsBindable=\"true\" IsSideEffecting=\"false\" \
         ReturnType=\"Collection(StandardODATA.{result})\">\n\
         <Parameter Name=\"bindingParameter\" Type=\"StandardODATA.{register}\"/>"
    );
    for parameter in schema.parameters {
        let kind = if parameter.ends_with("Period") { "Edm.DateTime" } else { "Edm.String" };
        let _ = writeln!(out, "<Parameter Name=\"{parameter}\" Type=\"{kind}\"/>");
    }
    out.push_str("</FunctionImport>\n");
}

#[cfg(test)]
mod tests;
