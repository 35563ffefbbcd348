use std::collections::BTreeSet;

use super::super::generate::Scenario;
use super::super::published;
use super::document;

/// The document of a base with one document beyond the usual kinds.
fn whole() -> String {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 2, 4).expect("a date");
    let books = Scenario::new(60, 7, today).books();
    let tables: Vec<_> = published::SETS.iter().filter_map(|set| published::open(&books, set)).collect();
    document(&tables)
}

/// The values of an attribute of every element of this name.
fn values(xml: &str, element: &str, attribute: &str) -> Vec<String> {
    let opening = format!("<{element} ");
    let tags = xml.split(&opening).skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag);
    let wanted = format!("{attribute}=\"");
    let value = |tag: &str| {
        let (before, rest) = tag.split_once(&wanted)?;
        let is_whole_name = before.is_empty() || before.ends_with(' ');
        rest.split_once('"').filter(|_| is_whole_name).map(|(value, _)| value.to_owned())
    };
    tags.filter_map(value).collect()
}

fn set_of(values: Vec<String>) -> BTreeSet<String> {
    let count = values.len();
    let set: BTreeSet<String> = values.into_iter().collect();
    assert_eq!(set.len(), count, "a name declared twice");
    set
}

/// Our own name inside `Collection(…)`; none for the types of `OData`.
fn own_name(kind: &str) -> Option<&str> {
    let inner = kind.strip_prefix("Collection(").map_or(kind, |rest| rest.trim_end_matches(')'));
    inner.strip_prefix("StandardODATA.").or_else(|| {
        assert!(inner.starts_with("Edm."), "{kind} is no type");
        None
    })
}

#[test]
fn every_type_that_is_mentioned_is_declared() {
    let xml = whole();
    let entities = set_of(values(&xml, "EntityType", "Name"));
    let complex = set_of(values(&xml, "ComplexType", "Name"));
    assert!(entities.is_disjoint(&complex));
    for element in ["Property", "Parameter", "End", "FunctionImport", "EntitySet"] {
        for attribute in ["Type", "ReturnType", "EntityType"] {
            for kind in values(&xml, element, attribute) {
                if let Some(name) = own_name(&kind) {
                    assert!(entities.contains(name) || complex.contains(name), "{element} of type {kind}");
                }
            }
        }
    }
    assert!(complex.contains("AccumulationRegister_БонусныеБаллы_BalanceAndTurnover"));
    assert!(complex.contains("AccumulationRegister_ПродажиПоДисконтнымКартам_RowType"));
    assert!(complex.contains("Catalog_Контрагенты_КонтактнаяИнформация_RowType"));
}

#[test]
fn every_relationship_has_its_association_and_both_sets() {
    let xml = whole();
    let associations = set_of(values(&xml, "Association", "Name"));
    let sets = set_of(values(&xml, "EntitySet", "Name"));
    let relationships = values(&xml, "NavigationProperty", "Relationship");
    assert!(!relationships.is_empty());
    for relationship in relationships {
        assert!(associations.contains(own_name(&relationship).expect("ours")), "{relationship}");
    }
    assert_eq!(set_of(values(&xml, "AssociationSet", "Name")), associations);
    for set in values(&xml, "End", "EntitySet") {
        assert!(sets.contains(&set), "{set}");
    }
}

#[test]
fn every_element_is_closed_and_every_key_is_a_property() {
    let xml = whole();
    let mut open = Vec::new();
    for tag in xml.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('?') || tag.ends_with('/') {
            continue;
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "closed in order");
        } else {
            open.push(name);
        }
    }
    assert!(open.is_empty());
    for entity in xml.split("<EntityType ").skip(1).filter_map(|rest| rest.split_once("</EntityType>")) {
        let properties = set_of(values(entity.0, "Property", "Name"));
        let keys = set_of(values(entity.0, "PropertyRef", "Name"));
        assert!(!keys.is_empty() && keys.is_subset(&properties), "{}", entity.0);
    }
}
