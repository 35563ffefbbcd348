//! From a query to the address of a request, by hand: 1C takes `+` for a plus, never for a space.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use super::capability::{Capability, Dimensions, Learned};
use super::error::Error;
use super::layout::{Layout, Need};
use super::names::full_type;
use super::query::{Conditions, Filter, Lookup, OpeningForm, Order, Set, TypeCondition};
use crate::domain::{LocalTime, RecorderType};
use crate::odata::Names;

/// Longest address that common servers take: IIS stops at 2 048 bytes of query.
pub(super) const LONGEST: usize = 2_000;

/// An address being built: its text is percent-encoded from the first byte.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address(String);

impl Address {
    /// An item or function below the service root.
    pub(super) fn of(root: &str, path: &str) -> Self {
        let mut text = String::with_capacity(512);
        text.push_str(root);
        text.push('/');
        encode(path, &mut text);
        Self(text)
    }

    /// An address that was sent before: what stood below the service root, encoded already.
    pub(super) fn again(root: &str, below: &str) -> Self {
        Self(format!("{root}{below}"))
    }

    /// The same with `$top`, where this base knows it.
    pub(super) fn with_top(self, top: Option<u32>, dialect: &Dialect) -> Self {
        let top = top.filter(|_| !dialect.topless).map(|top| top.to_string());
        Self::with(self, "$top", &top.unwrap_or_default())
    }

    /// The same with an option: its name with `$` where it has one.
    pub(super) fn with(mut self, option: &str, value: &str) -> Self {
        if value.is_empty() {
            return self;
        }
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        self.0.push_str(option);
        self.0.push('=');
        encode(value, &mut self.0);
        self
    }

    /// Bytes as sent.
    pub(super) fn length(&self) -> usize {
        self.0.len()
    }

    /// The text to send, unless it is too long for common servers.
    pub(super) fn checked(self) -> Result<String, Error> {
        let length = self.length();
        if length > LONGEST { Err(Error::AddressTooLong { length }) } else { Ok(self.0) }
    }
}

/// What stays bare beside letters and digits: what 1C's own examples leave bare. The quote is encoded because the
/// sending library would do it anyway, and the length must be told truly.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b'=')
    .remove(b':')
    .remove(b'/')
    .remove(b'*');

fn encode(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, ENCODED));
}

/// How one set wants to be asked, by what was learned of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing learned, whatever the others are")]
pub(super) struct Dialect {
    /// Fields this base does not have.
    pub(super) without: Vec<String>,
    /// Whether fields are not named at all.
    pub(super) unselective: bool,
    /// Whether rows come with what describes them.
    pub(super) described: bool,
    /// Whether one kind of document writes the register, so that its key is `Recorder_Key`.
    pub(super) sole_recorder: bool,
    /// Orders that are not offered.
    pub(super) unordered: Vec<Order>,
    /// Whether the first rows cannot be left out.
    pub(super) skipless: bool,
    /// Whether it cannot be said how many rows are wanted: all that match come.
    pub(super) topless: bool,
    /// Whether `Active` cannot be filtered by.
    pub(super) active_here: bool,
    /// Whether items cannot be had by key.
    pub(super) itemless: bool,
    /// How it is counted.
    pub(super) counting: Counting,
    /// How a virtual table's dimension is named.
    pub(super) dimensions: Dimensions,
    /// Kinds of filter that are not offered.
    pub(super) refused: Vec<Conditions>,
}

/// How rows are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counting {
    /// By `/$count`.
    #[default]
    Plainly,
    /// Beside a row.
    Inline,
    /// By reading them.
    Reading,
}

impl Dialect {
    /// The dialect of a set.
    pub(super) fn of(set: Set, learned: &[Learned]) -> Self {
        let mut dialect = Self::default();
        for learned in learned.iter().filter(|learned| learned.set == set) {
            dialect.take(&learned.what);
        }
        let is_forgone = |what: &Capability| learned.iter().any(|it| it.set == set && it.what == *what);
        dialect.counting = match (is_forgone(&Capability::Count), is_forgone(&Capability::InlineCount)) {
            (false, _) => Counting::Plainly,
            (true, false) => Counting::Inline,
            (true, true) => Counting::Reading,
        };
        dialect
    }

    fn take(&mut self, what: &Capability) {
        match what {
            Capability::Select => self.unselective = true,
            Capability::Field(name) => self.without.push(name.clone()),
            Capability::NoMetadata => self.described = true,
            Capability::SharedKey => self.sole_recorder = true,
            Capability::Order(order) => self.unordered.push(*order),
            Capability::Skip => self.skipless = true,
            Capability::Top => self.topless = true,
            Capability::Active => self.active_here = true,
            Capability::Filter(conditions) => self.refused.push(*conditions),
            Capability::Item => self.itemless = true,
            Capability::Dimensions(Dimensions::Plain) => {
                self.dimensions =
                    if self.dimensions == Dimensions::Plain { Dimensions::ByKey } else { self.dimensions };
            }
            Capability::Dimensions(_) => self.dimensions = Dimensions::Unnamed,
            // Of counting both ways tell at once; of tables the client knows.
            Capability::Count
            | Capability::InlineCount
            | Capability::Condition
            | Capability::Period
            | Capability::AllTime
            | Capability::Width(_)
            | Capability::BaseSums(_)
            | Capability::Table(_) => {}
        }
    }

    /// Whether reading by position may be believed in this order: rows that come in any order, or always from the
    /// first one on, are not told apart.
    pub(super) fn has_positions(&self, order: Order) -> bool {
        !self.skipless && !self.topless && !self.unordered.contains(&order)
    }
}

/// The name of a set in the address.
pub(super) fn set_path(set: Set, names: &Names) -> String {
    match set {
        Set::Cards => names.cards.clone(),
        Set::Owners => names.owners.clone(),
        Set::Products => names.products.clone(),
        Set::Sales => format!("{}_RecordType", names.sales),
        Set::Points => format!("{}_RecordType", names.points),
    }
}

/// `$select`: the fields a row reads, as far as this base has them. Empty where fields are not named.
pub(super) fn select(layout: &Layout, dialect: &Dialect) -> String {
    if dialect.unselective {
        return String::new();
    }
    let spelled = |need: Need| match need {
        Need::SharedKey => !dialect.sole_recorder,
        Need::SoleKey => dialect.sole_recorder,
        _ => true,
    };
    let asked =
        layout.fields().iter().filter(|field| spelled(field.need) && !dialect.without.contains(&field.name));
    asked.map(|field| field.name.as_str()).collect::<Vec<_>>().join(",")
}

/// `$orderby`: always a total order, or none.
pub(super) fn order_text(order: Order, set: Set, dialect: &Dialect) -> &'static str {
    match (order, set.is_register(), dialect.sole_recorder) {
        (Order::None, ..) => "",
        (_, false, _) => "Ref_Key",
        (Order::Key, true, false) => "Recorder,LineNumber",
        (Order::Key, true, true) => "Recorder_Key,LineNumber",
        (Order::Period, true, false) => "Period,Recorder,LineNumber",
        (Order::Period, true, true) => "Period,Recorder_Key,LineNumber",
    }
}

/// `$filter`; empty where all is asked for.
pub(super) fn filter_text(filter: &Filter, set: Set, names: &Names) -> String {
    let mut conditions = Vec::new();
    if filter.active_only {
        conditions.push("Active eq true".to_owned());
    }
    if filter.without_folders {
        conditions.push("IsFolder eq false".to_owned());
    }
    if let Some(span) = filter.span {
        conditions.extend(span.from.map(|from| format!("Period ge {}", moment(from))));
        conditions.extend(span.to.map(|to| format!("Period lt {}", moment(to))));
    }
    conditions.extend(filter.types.as_ref().map(|types| of_types(types, names)).filter(|it| !it.is_empty()));
    if let Some((recorder, recorder_type)) = &filter.recorder {
        conditions.push(recorded_by(recorder.0, recorder_type));
    }
    if !filter.cards.is_empty() {
        let field = names.card_of(set);
        conditions.push(any(filter.cards.iter().map(|card| equals(field, card.0))));
    }
    if !filter.keys.is_empty() {
        conditions.push(any(filter.keys.iter().map(|key| equals("Ref_Key", *key))));
    }
    if let Some(lookup) = &filter.lookup {
        conditions.push(looked_for(lookup, set, names));
    }
    conditions.join(" and ")
}

fn looked_for(lookup: &Lookup, set: Set, names: &Names) -> String {
    match lookup {
        Lookup::Phone(digits) => {
            let field = if set == Set::Owners { &names.owner_phone } else { &names.card_phone };
            format!("substringof({},{field})", quoted(digits))
        }
        Lookup::Code(code) => {
            let code = quoted(code);
            any([format!("{} eq {code}", names.card_code), format!("{} eq {code}", names.card_phone)]
                .into_iter())
        }
        Lookup::Owner(owner) => equals(&names.card_owner, owner.0),
    }
}

fn of_types(types: &TypeCondition, names: &Names) -> String {
    let compared = |with: &str, kind: &str| format!("Recorder_Type {with} {}", quoted(kind));
    match types {
        TypeCondition::SetApart(form) => {
            let opening =
                names.opening_balance.iter().filter(|part| !part.is_empty()).map(|part| match form {
                    OpeningForm::Equals => compared("eq", &full_type(part)),
                    OpeningForm::Contains => format!("substringof({},Recorder_Type)", quoted(part)),
                });
            let ignored = names.ignored_recorders.iter().map(|kind| compared("eq", &full_type(kind)));
            any(opening.chain(ignored))
        }
        TypeCondition::AnyOf(types) => any(types.iter().map(|kind| compared("eq", &kind.0))),
        TypeCondition::NoneOf(types) => {
            types.iter().map(|kind| compared("ne", &kind.0)).collect::<Vec<_>>().join(" and ")
        }
    }
}

/// A composite recorder wants `cast`: compared with a bare key it matches nothing, without an error.
fn recorded_by(recorder: Uuid, recorder_type: &RecorderType) -> String {
    let bare = recorder_type.0.strip_prefix("StandardODATA.").unwrap_or(&recorder_type.0);
    if bare.is_empty() {
        return equals("Recorder_Key", recorder);
    }
    format!("Recorder eq cast(guid'{recorder}',{})", quoted(bare))
}

fn equals(field: &str, key: Uuid) -> String {
    format!("{field} eq guid'{key}'")
}

fn any(conditions: impl Iterator<Item = String>) -> String {
    let conditions: Vec<_> = conditions.collect();
    match conditions.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        several => format!("({})", several.join(" or ")),
    }
}

/// A moment as a literal.
pub(super) fn moment(time: LocalTime) -> String {
    format!("datetime'{}'", time.format("%Y-%m-%dT%H:%M:%S"))
}

/// A text as a literal.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A call of a virtual table, its arguments in parentheses and in the order of the vendor's examples.
pub(super) fn virtual_table(register: &str, table: &str, arguments: &[(&str, String)]) -> String {
    let arguments: Vec<_> = arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{register}/{table}({})", arguments.join(","))
}

/// A condition on one dimension as an argument: its own quotes are doubled inside the outer ones.
pub(super) fn condition(field: &str, key: Uuid) -> String {
    quoted(&equals(field, key))
}

/// The name of a dimension: its field without `_Key`, unless this base wants it with; nothing where it wants none.
pub(super) fn dimension<'a>(field: &'a str, dialect: &Dialect) -> Option<&'a str> {
    match dialect.dimensions {
        Dimensions::Plain => Some(field.strip_suffix("_Key").unwrap_or(field)),
        Dimensions::ByKey => Some(field),
        Dimensions::Unnamed => None,
    }
}

#[cfg(test)]
mod tests;
