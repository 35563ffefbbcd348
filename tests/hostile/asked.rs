//! A request as it came: what of, under which options.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::condition::{Condition, Unreadable, quoted};

/// What stands before the name of anything that is asked for.
pub const ROOT: &str = "/trade/odata/standard.odata";

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The list of what is published.
    Services,
    /// Rows of a set.
    Rows(String),
    /// How many rows of a set there are.
    Count(String),
    /// One item of a catalog.
    Item(String, Uuid),
    /// A virtual table of a register: its name and arguments.
    Table { register: String, table: String, arguments: BTreeMap<String, String> },
    /// Anything else.
    Unknown,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query in clear.
    pub clear: String,
    /// Bytes as sent.
    pub length: usize,
    pub resource: Resource,
    /// The options but the filter, with their `$`.
    pub options: BTreeMap<String, String>,
    pub filter: Option<Condition>,
    /// Something in it cannot be read.
    pub is_unreadable: bool,
}

impl Asked {
    /// Reads a target as sent.
    pub fn read(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = in_clear(path);
        let mut options: BTreeMap<_, _> = query
            .split('&')
            .filter_map(|option| option.split_once('='))
            .map(|(name, value)| (in_clear(name), in_clear(value)))
            .collect();
        let filter = options.remove("$filter").map(|text| Condition::read(&text)).transpose();
        let resource = resource(path.strip_prefix(ROOT).unwrap_or_default());
        let is_unreadable = filter.is_err() || resource.is_err() || query.contains('+');
        Self {
            clear: in_clear(target),
            length: target.len(),
            resource: resource.unwrap_or(Resource::Unknown),
            options,
            filter: filter.ok().flatten(),
            is_unreadable,
        }
    }

    /// The set or register it is about.
    pub fn of(&self) -> &str {
        match &self.resource {
            Resource::Rows(set) | Resource::Count(set) | Resource::Item(set, _) => {
                set.trim_end_matches("_RecordType")
            }
            Resource::Table { register, .. } => register,
            Resource::Services | Resource::Unknown => "",
        }
    }

    /// Whether it asks for this virtual table of this register.
    pub fn is_table(&self, of: &str, name: &str) -> bool {
        matches!(&self.resource, Resource::Table { register, table, .. } if register == of && table == name)
    }

    /// Whether it asks for any virtual table.
    pub fn is_any_table(&self) -> bool {
        matches!(self.resource, Resource::Table { .. })
    }

    /// An argument of a virtual table.
    pub fn argument(&self, name: &str) -> Option<&str> {
        match &self.resource {
            Resource::Table { arguments, .. } => arguments.get(name).map(String::as_str),
            _ => None,
        }
    }

    /// An option.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    /// Whether the filter speaks of a field.
    pub fn filters_by(&self, field: &str) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.names(field))
    }

    /// The names in `$select`.
    pub fn selected(&self) -> Vec<&str> {
        self.option("$select").map(|names| names.split(',').map(str::trim).collect()).unwrap_or_default()
    }

    /// The same without an option.
    pub fn without(mut self, option: &str) -> Self {
        self.options.remove(option);
        self
    }

    /// The same with an option.
    pub fn with(mut self, option: &str, value: &str) -> Self {
        self.options.insert(option.to_owned(), value.to_owned());
        self
    }

    /// The same without an argument of its table.
    pub fn without_argument(mut self, name: &str) -> Self {
        if let Resource::Table { arguments, .. } = &mut self.resource {
            arguments.remove(name);
        }
        self
    }

    /// The same without whatever its filter says of a field.
    pub fn without_condition(mut self, field: &str) -> Self {
        self.filter = self.filter.and_then(|filter| filter.without(field));
        self
    }

    /// The same with one more condition.
    pub fn and(mut self, condition: Condition) -> Self {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
        self
    }
}

fn resource(path: &str) -> Result<Resource, Unreadable> {
    let path = path.trim_matches('/');
    if path.is_empty() {
        return Ok(Resource::Services);
    }
    if let Some(set) = path.strip_suffix("/$count") {
        return Ok(Resource::Count(set.to_owned()));
    }
    let (name, arguments) = match path.split_once('(') {
        None => (path, ""),
        Some((name, rest)) => (name, rest.strip_suffix(')').ok_or(Unreadable)?),
    };
    if let Some((register, table)) = name.split_once('/') {
        let (register, table) = (register.to_owned(), table.to_owned());
        return Ok(Resource::Table { register, table, arguments: read_arguments(arguments)? });
    }
    if arguments.is_empty() {
        return Ok(Resource::Rows(name.to_owned()));
    }
    let key = arguments.strip_prefix("guid'").and_then(|key| key.strip_suffix('\'')).ok_or(Unreadable)?;
    Ok(Resource::Item(name.to_owned(), key.parse().map_err(|_| Unreadable)?))
}

/// `Period=datetime'…',Condition='…'`: names with their values, quotes taken off.
fn read_arguments(text: &str) -> Result<BTreeMap<String, String>, Unreadable> {
    let mut arguments = BTreeMap::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, value) = rest.split_once('=').ok_or(Unreadable)?;
        let value = value.strip_prefix("datetime").unwrap_or(value);
        let (words, length) = quoted(value)?;
        arguments.insert(name.trim().to_owned(), words);
        rest = value[length..].trim_start_matches(',');
    }
    Ok(arguments)
}

/// A text without its percent signs.
fn in_clear(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%').then(|| after.get(..2)).flatten();
        let code = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
