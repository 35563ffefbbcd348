//! One admitted request: from a path and options to rows, from rows to a body.

use chrono::NaiveDateTime;
use uuid::Uuid;

use super::super::atom;
use super::super::books::{Books, DocumentKind};
use super::super::errors::Refusal;
use super::super::exchange::{Delivery, Reply};
use super::super::faults::{Draw, FaultKind, Faults, Treatment, Way};
use super::super::filter::{Comparison, Expr, Path};
use super::super::json::{self, Liberties, Sheet};
use super::super::log::RequestLog;
use super::super::metadata;
use super::super::options::{Metadata, Options, Representation};
use super::super::published;
use super::super::query::{self, Page, Query};
use super::super::route::{Route, named_arguments};
use super::super::shown::{self, Shown, Unserved};
use super::super::table::{Edm, Lens, Table, Target, address};
use super::super::value::{Decimal, Value};
use super::super::virtual_tables::{self, Call, Tampering};
use super::asked::{way_of_set, ways_of_filter, ways_of_part, ways_of_table};

/// All that an answer may depend on.
pub(super) struct Answering<'a> {
    pub(super) books: &'a Books,
    pub(super) faults: &'a Faults,
    pub(super) seed: u64,
    pub(super) draw: Draw,
    pub(super) now: NaiveDateTime,
    pub(super) log: &'a mut RequestLog,
    pub(super) options: &'a Options,
    pub(super) representation: Representation,
    /// The address of the service root as the client sees it.
    pub(super) root: String,
}

impl<'a> Answering<'a> {
    pub(super) fn answer(mut self, path: &str) -> Result<Reply, Refusal> {
        let route = Route::parse(path)?;
        self.options.check_names()?;
        if let Some(set) = route.set() {
            self.log.touched(set);
            self.check_published(set)?;
        }
        self.check_ways(&route)?;
        match route {
            Route::Root => Ok(self.service_document()),
            Route::Metadata => {
                let tables: Result<Vec<_>, Refusal> =
                    self.published().into_iter().map(|set| self.open(set)).collect();
                let document = metadata::document(&tables?);
                Ok(Reply::new(200, "application/xml;charset=utf-8", document)
                    .with_header("DataServiceVersion", "3.0"))
            }
            Route::Count(set) if !self.ignores(Way::Count) => {
                let table = self.open(&set)?;
                self.count(table.as_ref())
            }
            Route::Set(set) | Route::Count(set) => {
                let table = self.open(&set)?;
                self.rows(table.as_ref())
            }
            Route::Item { set, key, link } => self.item(&set, &key, link.as_deref()),
            Route::Function { register, name, arguments, counted } => {
                self.virtual_table(&register, &name, &arguments, counted)
            }
        }
    }

    fn fires(&mut self, kind: FaultKind) -> bool {
        let fires = self.faults.fires(kind, self.draw);
        if fires {
            self.log.fired(kind);
        }
        fires
    }

    fn check_published(&mut self, set: &str) -> Result<(), Refusal> {
        let switch = switch_of(set);
        let hidden = switch.is_some_and(|kind| self.fires(kind)) || self.has_left(set);
        if hidden { Err(Refusal::unknown_set(set)) } else { Ok(()) }
    }

    /// Whether a set is out of the composition, or went out of it in the meantime.
    fn has_left(&self, set: &str) -> bool {
        let points_leave = || self.faults.number(FaultKind::PointsLeave);
        self.faults.lacks_set(set)
            || (set.starts_with(published::BONUSES) && points_leave().is_some_and(|at| self.log.total() > at))
    }

    /// The sets that no fault hides from this request.
    fn published(&self) -> Vec<&'static str> {
        let is_shown = |set: &&str| {
            !switch_of(set).is_some_and(|kind| self.faults.fires(kind, self.draw)) && !self.has_left(set)
        };
        let sets = published::SETS.into_iter().chain(published::more_documents(self.books));
        sets.filter(is_shown).collect()
    }

    /// The table behind a set, as the faults let it be seen.
    fn open(&mut self, set: &str) -> Result<Box<dyn Table + 'a>, Refusal> {
        let table = published::open(self.books, set).ok_or_else(|| Refusal::unknown_set(set))?;
        let has = |is_meant: &dyn Fn(&str) -> bool| has_column(table.as_ref(), is_meant);
        let lacks = has(&|name| self.faults.lacks_field(name));
        let has_hideable = has(&|name| HIDEABLE.contains(&name));
        let has_recorders = has(&|name| name == "Recorder");
        let misses = has_hideable && self.fires(FaultKind::FieldsMissing);
        let one_type = has_recorders && self.fires(FaultKind::RecorderKey);
        let ways = self.ways_to_rows(set);
        let thins = self.thins(&ways);
        if !lacks && !misses && !one_type && thins.is_none() {
            return Ok(table);
        }
        let mut lens = Lens::new(table);
        lens.hide(|name| self.faults.lacks_field(name) || (misses && HIDEABLE.contains(&name)));
        if one_type {
            lens.with_one_type_of_recorder();
        }
        if let Some(thins) = thins {
            lens.keep_rows(|table, row| !thins.hides(self, address(table, row).as_bytes()));
        }
        Ok(Box::new(lens))
    }

    /// The ways of asking for rows of a set that this request uses.
    fn ways_to_rows(&self, set: &str) -> Vec<Way> {
        let filter = self.options.get("$filter");
        let ways = filter.map(ways_of_filter).unwrap_or_default();
        way_of_set(set).into_iter().chain(filter.map(|_| Way::Filter)).chain(ways).collect()
    }

    /// Which rows are not shown to this request; none where all are.
    fn thins(&mut self, ways: &[Way]) -> Option<Thinned> {
        let empties = ways.iter().any(|way| self.treats(Treatment::Empty, *way));
        let shortens = |way: &Way| self.faults.treatment(Treatment::Shorten, *way).is_some();
        let shortened: Vec<Way> = ways.iter().copied().filter(shortens).collect();
        for way in &shortened {
            self.log.treats(Treatment::Shorten, *way);
        }
        (empties || !shortened.is_empty()).then_some(Thinned { empties, shortened })
    }

    fn service_document(&self) -> Reply {
        let sets = self.published();
        match self.representation {
            Representation::Json(level) => json_reply(json::service(&self.root, level, &sets)),
            Representation::Atom => {
                Reply::new(200, "application/xml;charset=utf-8", atom::service(&self.root, &sets))
            }
        }
    }

    fn rows(&mut self, table: &dyn Table) -> Result<Reply, Refusal> {
        let query = self.query(table)?;
        let shown = self.shown(table)?;
        let mut page = query::run(table, &query);
        let total = page.total;
        let is_halved = page.rows.len() > 1 && self.fires(FaultKind::HalfPages);
        if is_halved {
            page.rows.truncate(page.rows.len() / 2);
        }
        let rows = self.tampered(page);
        let mut reply = self.page(table, &rows, &shown, total);
        if is_halved {
            reply.delivery = Delivery::Unannounced;
        }
        Ok(self.limited(reply, rows.len()))
    }

    /// The rows of a virtual table: one statement computes them, so none is lost, doubled or cut off.
    fn totals(&mut self, table: &dyn Table) -> Result<Reply, Refusal> {
        let query = self.query(table)?;
        let shown = self.shown(table)?;
        let page = query::run(table, &query);
        Ok(self.page(table, &page.rows, &shown, page.total))
    }

    fn count(&mut self, table: &dyn Table) -> Result<Reply, Refusal> {
        if self.fires(FaultKind::CountRefused) {
            return Err(Refusal::unknown_segment("$count"));
        }
        let filter = self.filter(table)?;
        let extra = usize::from(self.fires(FaultKind::WrongCount));
        let number = query::count(table, filter.as_ref()) + extra;
        Ok(Reply::new(200, "text/plain;charset=utf-8", number.to_string())
            .with_header("DataServiceVersion", "3.0"))
    }

    fn item(&mut self, set: &str, key: &str, link: Option<&str>) -> Result<Reply, Refusal> {
        let table = self.open(set)?;
        let row = find_row(table.as_ref(), key)?;
        let Some(link) = link else { return self.entity(table.as_ref(), row) };
        let leads = |column: &usize| table.column(*column).link() == Some(link);
        let column = (0..table.width()).find(leads).ok_or_else(|| Refusal::unknown_segment(link))?;
        let target = table.column(column).target.and_then(Target::set);
        let (Some(set), Value::Guid(key)) = (target, table.value(row, column)) else {
            return Err(Refusal::unknown_segment(link));
        };
        let linked = self.open(set)?;
        let row = find_row(linked.as_ref(), &format!("guid'{key}'"))?;
        self.entity(linked.as_ref(), row)
    }

    fn entity(&mut self, table: &dyn Table, row: usize) -> Result<Reply, Refusal> {
        if self.options.get("$expand").is_some() {
            return Err(Refusal::not_implemented("$expand"));
        }
        let shown = self.shown(table)?;
        Ok(match self.representation {
            Representation::Json(level) => {
                let rows = [row];
                let sheet = self.sheet(table, &rows, &shown, level);
                json_reply(json::single(&sheet, row))
            }
            Representation::Atom => {
                let entry = atom::entry(table, row, &shown, &self.root);
                Reply::new(200, "application/atom+xml;type=entry;charset=utf-8", entry)
                    .with_header("DataServiceVersion", "3.0")
            }
        })
    }

    fn virtual_table(
        &mut self,
        register: &str,
        name: &str,
        arguments: &str,
        counted: bool,
    ) -> Result<Reply, Refusal> {
        if self.fires(FaultKind::VirtualTablesMissing) {
            return Err(Refusal::unknown_set(&format!("{register}_{name}")));
        }
        if self.options.has_plus("Condition") {
            return Err(Refusal::forbidden_in_where());
        }
        let call = Call { register, name, arguments, options: self.options };
        let forgotten = self.forgotten_parameters();
        let tampering = Tampering { faults: self.faults, seed: self.seed, forgotten };
        let mut totals = virtual_tables::compute(self.books, &call, &tampering)?;
        if let Some(thins) = self.thins(&ways_of_table(&call, u64::MAX, self.now)) {
            totals.keep(|keys| !thins.hides(self, keys));
        }
        if totals.tampered() {
            self.log.fired(FaultKind::WrongTotals);
        }
        if counted { self.count(&totals) } else { self.totals(&totals) }
    }

    /// The parameters of a virtual table that are read and forgotten.
    fn forgotten_parameters(&mut self) -> Vec<&'static str> {
        let mut forgotten = Vec::new();
        forgotten.extend(self.ignores(Way::TablesCondition).then_some("Condition"));
        forgotten.extend(self.ignores(Way::TablesDimensions).then_some("Dimensions"));
        if self.ignores(Way::TablesPeriod) {
            forgotten.extend(["Period", "StartPeriod", "EndPeriod"]);
        }
        forgotten
    }

    fn query(&mut self, table: &dyn Table) -> Result<Query, Refusal> {
        let counted = self.options.wants_count()? && !self.ignores(Way::InlineCount);
        let unlimited = counted && self.fires(FaultKind::InlinecountUnlimited);
        let mut query = Query {
            filter: self.filter(table)?,
            order: self.order(table)?,
            skip: self.options.rows("$skip")?.unwrap_or_default(),
            top: self.options.rows("$top")?,
            counted,
        };
        if unlimited || (query.skip > 0 && self.ignores(Way::Skip)) {
            query.skip = 0;
        }
        if query.top.is_some() && self.ignores(Way::Top) {
            query.top = None;
        }
        if unlimited || (query.top.is_some() && self.fires(FaultKind::TopIgnored)) {
            query.top = None;
        }
        Ok(query)
    }

    fn filter(&mut self, table: &dyn Table) -> Result<Option<Expr>, Refusal> {
        let options = self.options;
        let Some(text) = options.get("$filter") else { return Ok(None) };
        if options.has_plus("$filter") {
            return if self.fires(FaultKind::PlusIgnored) {
                Ok(None)
            } else {
                Err(Refusal::forbidden_in_where())
            };
        }
        if self.fires(FaultKind::FiltersRefused) {
            return Err(Refusal::forbidden_in_where());
        }
        if self.fires(FaultKind::FiltersRejected) {
            return Err(Refusal::bad_option("$filter"));
        }
        let filter = Expr::parse(text, table)?;
        if filter.ranges_over_keys(table) && self.fires(FaultKind::KeyOrderRefused) {
            return Err(Refusal::incomparable());
        }
        if self.fires(FaultKind::FilterIgnored) || self.ignores(Way::Filter) {
            return Ok(None);
        }
        Ok(self.less_forgotten(table, filter))
    }

    /// What is left of a filter whose conditions of some kinds are forgotten.
    fn less_forgotten(&mut self, table: &dyn Table, filter: Expr) -> Option<Expr> {
        let parts = match filter {
            Expr::And(parts) => parts,
            only => vec![only],
        };
        let mut is_kept = |part: &Expr| !ways_of_part(part, table).into_iter().any(|way| self.ignores(way));
        let mut kept: Vec<Expr> = parts.into_iter().filter(|part| is_kept(part)).collect();
        if kept.len() > 1 { Some(Expr::And(kept)) } else { kept.pop() }
    }

    fn order(&mut self, table: &dyn Table) -> Result<Vec<(Path, query::Direction)>, Refusal> {
        let options = self.options;
        let Some(text) = options.get("$orderby") else { return Ok(Vec::new()) };
        if (0..table.width()).any(|column| table.column(column).name == "RecordSet") {
            // Record sets come in an order of their own, whatever is asked: so a client measured on a real base.
            return Ok(Vec::new());
        }
        let mut order = query::parse_order(text, table)?;
        if self.ignores(Way::OrderBy) {
            return Ok(Vec::new());
        }
        let by_key = order.iter().any(|(path, _)| table.column(path.column).name == "Ref_Key");
        if by_key && self.fires(FaultKind::KeyOrderRefused) {
            return Err(Refusal::bad_option("$orderby"));
        }
        if self.fires(FaultKind::OrderIgnored) {
            query::turn_around(&mut order);
        }
        Ok(order)
    }

    /// What `$select` and `$expand` want of a row.
    fn shown(&mut self, table: &dyn Table) -> Result<Vec<Shown>, Refusal> {
        let options = self.options;
        let select = options.get("$select").filter(|_| !self.ignores(Way::Select));
        let expand = options.get("$expand").filter(|_| !self.ignores(Way::Expand));
        shown::resolve(table, select, expand).map_err(|unserved| match unserved {
            Unserved::UnknownField(name) => self.unknown_field(&name),
            Unserved::Refused(refusal) => refusal,
        })
    }

    /// How a field of `$select` that nobody knows is refused.
    fn unknown_field(&mut self, name: &str) -> Refusal {
        if self.treats(Treatment::Refuse, Way::Field) {
            self.refusal(Way::Field, name)
        } else {
            Refusal::unknown_segment(name)
        }
    }

    /// The rows that are sent of a page.
    fn tampered(&mut self, page: Page) -> Vec<usize> {
        let mut rows = page.rows;
        if !rows.is_empty() && self.fires(FaultKind::EmptyPages) {
            rows.clear();
        }
        let place = |kind| self.draw.index(kind, rows.len());
        let (repeated, missing) = (place(FaultKind::RepeatedRows), place(FaultKind::MissingRows));
        if let Some(repeated) = repeated.filter(|_| self.fires(FaultKind::RepeatedRows)) {
            rows.insert(repeated, rows[repeated]);
        }
        if let Some(missing) = missing.filter(|_| self.fires(FaultKind::MissingRows)) {
            rows.remove(missing);
        }
        rows
    }

    fn page(&mut self, table: &dyn Table, rows: &[usize], shown: &[Shown], total: Option<usize>) -> Reply {
        match self.representation {
            Representation::Json(level) => {
                let sheet = self.sheet(table, rows, shown, level);
                json_reply(json::collection(&sheet, total))
            }
            Representation::Atom => {
                let feed = atom::feed(table, rows, shown, &self.root, total);
                Reply::new(200, "application/atom+xml;type=feed;charset=utf-8", feed)
                    .with_header("DataServiceVersion", "3.0")
            }
        }
    }

    fn sheet<'s>(
        &'s mut self,
        table: &'s dyn Table,
        rows: &'s [usize],
        shown: &'s [Shown],
        metadata: Metadata,
    ) -> Sheet<'s> {
        let liberties = Liberties::drawn(self.faults, self.seed, self.draw, rows.len());
        for kind in Liberties::KINDS {
            self.fires(kind);
        }
        Sheet { table, rows, shown, metadata, root: &self.root, liberties }
    }

    /// Cuts a page of more rows than the server carries.
    fn limited(&mut self, mut reply: Reply, rows: usize) -> Reply {
        let limit = self.faults.number(FaultKind::PageLimit).and_then(|limit| usize::try_from(limit).ok());
        if limit.is_some_and(|limit| rows > limit) {
            self.log.fired(FaultKind::PageLimit);
            reply.delivery = Delivery::CutAfter(reply.body.len() / 2);
        }
        reply
    }
}

/// Whether a table, or a section of it, has such a column.
fn has_column(table: &dyn Table, is_meant: &dyn Fn(&str) -> bool) -> bool {
    (0..table.width()).any(|column| {
        is_meant(table.column(column).name)
            || table.section(column).is_some_and(|rows| has_column(rows.as_ref(), is_meant))
    })
}

fn json_reply(body: String) -> Reply {
    Reply::new(200, "application/json;charset=utf-8", body).with_header("DataServiceVersion", "3.0")
}

/// The rows that are not shown.
struct Thinned {
    empties: bool,
    shortened: Vec<Way>,
}

impl Thinned {
    /// Whether a row, told by its key, is not shown.
    fn hides(&self, answering: &Answering<'_>, key: &[u8]) -> bool {
        let draw = Draw::of_thing(answering.seed, key);
        self.empties
            || self.shortened.iter().any(|way| answering.faults.treats(Treatment::Shorten, *way, draw))
    }
}

/// Fields that not every configuration has.
const HIDEABLE: [&str; 3] = ["Состав", "АдресЭПДляПоиска", "Скидка"];

/// The fault that hides a set.
fn switch_of(set: &str) -> Option<FaultKind> {
    if set.starts_with(published::OWNERS) {
        Some(FaultKind::OwnersMissing)
    } else if set == published::PRODUCTS {
        Some(FaultKind::ProductsMissing)
    } else if set.starts_with(published::BONUSES) {
        Some(FaultKind::PointsMissing)
    } else {
        None
    }
}

/// The row of a key as a path writes it: `guid'…'`, or `Name=value` for every part.
fn find_row(table: &dyn Table, key: &str) -> Result<usize, Refusal> {
    let columns: Vec<usize> = (0..table.width()).filter(|column| table.column(*column).key).collect();
    let parts = key_parts(table, &columns, key)?;
    let conditions: Result<Vec<Expr>, Refusal> =
        columns.iter().map(|column| key_condition(table, *column, &parts)).collect();
    let query = Query { filter: Some(Expr::And(conditions?)), top: Some(1), ..Query::default() };
    let found = query::run(table, &query).rows.first().copied();
    found.ok_or_else(|| Refusal::unknown_instance(&format!("{}({key})", table.set())))
}

/// Names and values of a key, the values without quotes.
fn key_parts<'k>(
    table: &dyn Table,
    columns: &[usize],
    key: &'k str,
) -> Result<Vec<(&'static str, &'k str)>, Refusal> {
    let names: Vec<&'static str> = columns.iter().map(|column| table.column(*column).name).collect();
    let parts = match (names.as_slice(), key.contains('=')) {
        ([only], false) => vec![(*only, key.trim())],
        _ => split_parts(key, &names)?,
    };
    let bare = |text: &'k str| {
        let text = text.strip_prefix("guid").unwrap_or(text);
        text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(text)
    };
    Ok(parts.into_iter().map(|(name, text)| (name, bare(text))).collect())
}

fn split_parts<'k>(key: &'k str, names: &[&'static str]) -> Result<Vec<(&'static str, &'k str)>, Refusal> {
    let given = named_arguments(key, names).ok_or_else(Refusal::missing_key)?;
    let part = |name: &&'static str| {
        let found = given.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| (*name, *value)).ok_or_else(Refusal::missing_key)
    };
    names.iter().map(part).collect()
}

fn key_condition(table: &dyn Table, column: usize, parts: &[(&str, &str)]) -> Result<Expr, Refusal> {
    let described = table.column(column);
    let part = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    let text = part(described.name).ok_or_else(Refusal::missing_key)?;
    let guid = || Uuid::try_parse(text).map_err(|_| Refusal::bad_literal(text, "Edm.Guid"));
    let value = match described.edm {
        Edm::Composite => {
            let kind =
                part("Recorder_Type").and_then(DocumentKind::of_set).ok_or_else(Refusal::missing_key)?;
            Value::Reference(kind, guid()?)
        }
        Edm::Guid => Value::Guid(guid()?),
        Edm::Int64 => {
            Value::Number(Decimal::parse(text).ok_or_else(|| Refusal::bad_literal(text, "Edm.Int64"))?)
        }
        _ => Value::text(text.to_owned()),
    };
    let field = Path::parse(table, described.name)?;
    Ok(Expr::Compare(Comparison::Eq, Box::new(Expr::Field(field)), Box::new(Expr::Literal(value))))
}
