//! A 1C of its own: it answers from the books by the rules of the interface, unless a rule of the case says otherwise.

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{NaiveDateTime, TimeDelta};

use crate::asked::{Asked, Resource};
use crate::books::{Books, CARDS, OWNERS, POINTS, PRODUCTS, SALES, is_active, period};
use crate::condition::Condition;
use crate::http::Reply;
use crate::refusal::odata_error;
use crate::value::{Record, Value};

/// What the case does instead of answering; nothing where it leaves the request alone.
pub type Rule = Box<dyn Fn(&OneC, &Asked) -> Option<Reply> + Send + Sync>;

/// What the header `Date` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The moment the books are of.
    #[default]
    Right,
    /// So much later, or earlier.
    Off(TimeDelta),
    /// It is not there.
    Missing,
    /// These words.
    Words(&'static str),
}

/// The server.
pub struct OneC {
    books: Mutex<Books>,
    clock: Mutex<Clock>,
    rules: Mutex<Vec<Rule>>,
    asked: Mutex<Vec<String>>,
}

/// The offset of the infobase's zone, in hours.
pub const ZONE: i64 = 3;

impl OneC {
    pub fn new(books: Books) -> Self {
        Self {
            books: Mutex::new(books),
            clock: Mutex::default(),
            rules: Mutex::default(),
            asked: Mutex::default(),
        }
    }

    /// The books as they are now.
    pub fn books(&self) -> Books {
        self.books.lock().unwrap().clone()
    }

    /// Somebody works in it.
    pub fn change(&self, change: impl FnOnce(&mut Books)) {
        change(&mut self.books.lock().unwrap());
    }

    /// From now on these rules hold.
    pub fn set_rules(&self, rules: Vec<Rule>) {
        *self.rules.lock().unwrap() = rules;
    }

    /// From now on its clock goes so.
    pub fn set_clock(&self, clock: Clock) {
        *self.clock.lock().unwrap() = clock;
    }

    /// How often it was asked.
    pub fn requests(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// The last requests, in clear.
    pub fn last_asked(&self, most: usize) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked[asked.len().saturating_sub(most)..].to_vec()
    }

    /// Answers a target as sent.
    pub fn answer(&self, target: &str) -> Reply {
        let asked = Asked::read(target);
        self.asked.lock().unwrap().push(asked.clear.clone());
        let by_rule = self.rules.lock().unwrap().iter().find_map(|rule| rule(self, &asked));
        let reply = by_rule.unwrap_or_else(|| self.honest(&asked).reply());
        match *self.clock.lock().unwrap() {
            Clock::Right => reply.with("Date", self.date(TimeDelta::zero())),
            Clock::Off(by) => reply.with("Date", self.date(by)),
            Clock::Missing => reply,
            Clock::Words(words) => reply.with("Date", words),
        }
    }

    fn date(&self, by: TimeDelta) -> String {
        let moment = self.books.lock().unwrap().now - TimeDelta::hours(ZONE) + by;
        moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// The honest answer.
    pub fn honest(&self, asked: &Asked) -> Answer {
        by_books(&self.books.lock().unwrap(), asked)
    }
}

/// The answer by these books.
pub fn by_books(books: &Books, asked: &Asked) -> Answer {
    answer(books, asked).unwrap_or_else(Answer::No)
}

/// An answer before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Rows { rows: Vec<Record>, count: Option<usize> },
    One(Record),
    Count(usize),
    No(No),
}

/// Why 1C says no: status and code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct No(u16, i32);

const NO_SET: No = No(404, 8);
const NO_ITEM: No = No(404, 9);
const NO_FIELD: No = No(400, 6);
const NO_METHOD: No = No(400, 6);
const NO_DIMENSION: No = No(400, 10);
const UNREADABLE: No = No(400, 14);

impl Answer {
    /// The same with every row changed.
    pub fn each(self, change: impl Fn(&mut Record)) -> Self {
        match self {
            Self::Rows { mut rows, count } => {
                rows.iter_mut().for_each(change);
                Self::Rows { rows, count }
            }
            Self::One(mut row) => {
                change(&mut row);
                Self::One(row)
            }
            other => other,
        }
    }

    /// The same with its rows taken as a whole and changed.
    pub fn rows(self, change: impl FnOnce(Vec<Record>) -> Vec<Record>) -> Self {
        match self {
            Self::Rows { rows, count } => Self::Rows { rows: change(rows), count },
            other => other,
        }
    }

    /// As it is sent.
    pub fn reply(self) -> Reply {
        const JSON: &str = "application/json;charset=utf-8";
        match self {
            Self::Rows { rows, count } => {
                let count = count.map(|count| format!("\"odata.count\":\"{count}\",")).unwrap_or_default();
                let rows: Vec<_> = rows.iter().map(Record::json).collect();
                let rows = rows.join(",\n");
                Reply::new(
                    200,
                    JSON,
                    &format!("{{\"odata.metadata\":\"$metadata\",{count}\"value\":[{rows}]}}"),
                )
            }
            Self::One(row) => {
                let json = row.json();
                Reply::new(200, JSON, &json.replacen('{', "{\"odata.metadata\":\"$metadata/@Element\",", 1))
            }
            Self::Count(count) => Reply::new(200, "text/plain", &count.to_string()),
            Self::No(No(status, code)) => Reply::new(status, JSON, &odata_error(Some(code), "Не найдено")),
        }
    }
}

/// What is published, by the name of its set.
fn set<'a>(books: &'a Books, name: &str) -> Result<&'a [Record], No> {
    match name {
        CARDS => Ok(&books.cards),
        OWNERS => Ok(&books.owners),
        PRODUCTS => Ok(&books.products),
        _ if name.strip_suffix("_RecordType") == Some(SALES) => Ok(&books.sales),
        _ if name.strip_suffix("_RecordType") == Some(POINTS) => Ok(&books.points),
        _ => Err(NO_SET),
    }
}

fn answer(books: &Books, asked: &Asked) -> Result<Answer, No> {
    if asked.is_unreadable {
        return Err(UNREADABLE);
    }
    match &asked.resource {
        Resource::Services => Ok(services()),
        Resource::Rows(name) => page(set(books, name)?, asked),
        Resource::Count(name) => Ok(Answer::Count(filtered(set(books, name)?, asked)?.len())),
        Resource::Item(name, key) => {
            let item = set(books, name)?.iter().find(|item| item.key("Ref_Key") == *key).ok_or(NO_ITEM)?;
            Ok(Answer::One(selected(item, asked, set(books, name)?)?))
        }
        Resource::Table { register, table, arguments } => {
            let rows = virtual_table(books, register, table, arguments)?;
            page(&rows, asked)
        }
        Resource::Unknown => Err(NO_SET),
    }
}

fn services() -> Answer {
    let registers =
        [SALES, POINTS].into_iter().flat_map(|name| [name.to_owned(), format!("{name}_RecordType")]);
    let names = [CARDS, OWNERS, PRODUCTS].into_iter().map(str::to_owned).chain(registers);
    let rows = names.map(|name| {
        let text = Value::Text(name);
        Record::default().with("name", text.clone()).with("url", text)
    });
    Answer::Rows { rows: rows.collect(), count: None }
}

/// Whether every row of a set has a field, or would have.
fn knows(rows: &[Record], field: &str) -> bool {
    rows.is_empty() || rows.iter().any(|row| row.get(field).is_some())
}

fn filtered<'a>(rows: &'a [Record], asked: &Asked) -> Result<Vec<&'a Record>, No> {
    let Some(filter) = &asked.filter else { return Ok(rows.iter().collect()) };
    if filter.fields().into_iter().any(|field| !knows(rows, field)) {
        return Err(NO_FIELD);
    }
    Ok(rows.iter().filter(|row| filter.admits(row)).collect())
}

fn page(all: &[Record], asked: &Asked) -> Result<Answer, No> {
    let mut rows = filtered(all, asked)?;
    let count = (asked.option("$inlinecount") == Some("allpages")).then_some(rows.len());
    order(&mut rows, asked.option("$orderby").unwrap_or_default())?;
    let number =
        |option| asked.option(option).map(|text| text.parse::<usize>().map_err(|_| UNREADABLE)).transpose();
    let (skip, top) = (number("$skip")?.unwrap_or(0), number("$top")?.unwrap_or(usize::MAX));
    let rows = rows.into_iter().skip(skip).take(top);
    let rows = rows.map(|row| selected(row, asked, all)).collect::<Result<_, _>>()?;
    Ok(Answer::Rows { rows, count })
}

fn order(rows: &mut [&Record], by: &str) -> Result<(), No> {
    if by.is_empty() {
        rows.sort_by_key(|row| period(row));
        return Ok(());
    }
    let by: Vec<_> = by
        .split(',')
        .map(|part| match part.trim().split_once(' ') {
            Some((field, direction)) => (field, direction == "desc"),
            None => (part.trim(), false),
        })
        .collect();
    if by.iter().any(|(field, _)| !rows.is_empty() && rows.iter().all(|row| row.get(field).is_none())) {
        return Err(NO_FIELD);
    }
    rows.sort_by(|one, other| {
        let compared = by.iter().map(|(field, is_desc)| {
            let ordering = one.get(field).zip(other.get(field)).and_then(|(one, other)| one.compare(other));
            let ordering = ordering.unwrap_or(std::cmp::Ordering::Equal);
            if *is_desc { ordering.reverse() } else { ordering }
        });
        compared.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    Ok(())
}

fn selected(row: &Record, asked: &Asked, of: &[Record]) -> Result<Record, No> {
    let names = asked.selected();
    if names.is_empty() || names.contains(&"*") {
        return Ok(row.clone());
    }
    if names.iter().any(|name| !knows(of, name)) {
        return Err(NO_FIELD);
    }
    Ok(Record(row.0.iter().filter(|(name, _)| names.contains(&&**name)).cloned().collect()))
}

/// What a register adds up, by what.
struct Register {
    dimensions: &'static [&'static str],
    resources: &'static [&'static str],
    has_balance: bool,
}

const SALES_REGISTER: Register = Register {
    dimensions: &["ДисконтнаяКарта_Key", "ВладелецКарты_Key", "Номенклатура_Key"],
    resources: &["Количество", "Сумма", "Скидка"],
    has_balance: false,
};
const POINTS_REGISTER: Register = Register {
    dimensions: &["БонуснаяКарта_Key", "Партнер_Key"],
    resources: &["Начислено", "КСписанию"],
    has_balance: true,
};

fn virtual_table(
    books: &Books,
    register: &str,
    table: &str,
    arguments: &BTreeMap<String, String>,
) -> Result<Vec<Record>, No> {
    let (rows, register) = match register {
        SALES => (&books.sales, SALES_REGISTER),
        POINTS => (&books.points, POINTS_REGISTER),
        _ => return Err(NO_SET),
    };
    let moment = |name: &str| arguments.get(name).map(|text| time(text)).transpose();
    let is_in: Box<dyn Fn(NaiveDateTime) -> bool> = match table {
        "Balance" if register.has_balance => {
            let before = moment("Period")?;
            Box::new(move |period| before.is_none_or(|before| period < before))
        }
        "Turnovers" => {
            let (from, to) = (moment("StartPeriod")?, moment("EndPeriod")?);
            Box::new(move |period| from.is_none_or(|from| period >= from) && to.is_none_or(|to| period <= to))
        }
        _ => return Err(NO_METHOD),
    };
    let condition = arguments.get("Condition").map(|text| Condition::read(text)).transpose();
    let condition = condition.map_err(|_| UNREADABLE)?;
    let meant = rows.iter().filter(|row| {
        is_active(row)
            && is_in(period(row))
            && condition.as_ref().is_none_or(|condition| condition.admits(row))
    });
    let by = dimensions(&register, arguments.get("Dimensions").map(String::as_str))?;
    Ok(added_up(meant, &register, &by, if table == "Balance" { "Balance" } else { "Turnover" }))
}

/// The dimensions a table is grouped by: those named, without `_Key`, or all.
fn dimensions(register: &Register, named: Option<&str>) -> Result<Vec<&'static str>, No> {
    let Some(named) = named else { return Ok(register.dimensions.to_vec()) };
    let of = |name: &str| {
        let known = register.dimensions.iter().find(|known| known.strip_suffix("_Key") == Some(name.trim()));
        known.copied().ok_or(NO_DIMENSION)
    };
    named.split(',').map(of).collect()
}

fn added_up<'a>(
    rows: impl Iterator<Item = &'a Record>,
    register: &Register,
    by: &[&'static str],
    part: &str,
) -> Vec<Record> {
    let mut sums: BTreeMap<Vec<uuid::Uuid>, BTreeMap<&str, i64>> = BTreeMap::new();
    for row in rows {
        let sign = if row.get("RecordType") == Some(&Value::Text("Expense".into())) { -1 } else { 1 };
        let group = sums.entry(by.iter().map(|field| row.key(field)).collect()).or_default();
        for resource in register.resources {
            *group.entry(resource).or_default() += sign * row.hundredths(resource);
        }
    }
    let of = |(keys, sums): (Vec<uuid::Uuid>, BTreeMap<&str, i64>)| {
        let mut row = Record::default();
        for (field, key) in by.iter().zip(keys) {
            row.set(*field, Value::Key(key));
        }
        for (resource, sum) in sums {
            row.set(format!("{resource}{part}"), Value::Hundredths(sum));
        }
        row
    };
    sums.into_iter().filter(|(_, sums)| sums.values().any(|sum| *sum != 0)).map(of).collect()
}

fn time(text: &str) -> Result<NaiveDateTime, No> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").map_err(|_| UNREADABLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::{CARD_COUNT, OPENING, card_key};
    use crate::seen::now;

    /// Asks for something, in clear, below the service root.
    fn ask(books: &Books, target: &str) -> Answer {
        by_books(books, &Asked::read(&format!("{}/{}", crate::asked::ROOT, target.replace(' ', "%20"))))
    }

    fn rows(books: &Books, target: &str) -> Vec<Record> {
        match ask(books, target) {
            Answer::Rows { rows, .. } => rows,
            other => panic!("{target}: {other:?}"),
        }
    }

    fn sum(rows: &[Record], field: &str) -> i64 {
        rows.iter().map(|row| row.hundredths(field)).sum()
    }

    #[test]
    fn its_sums_are_those_of_the_books_however_the_periods_are_cut() {
        let books = Books::at(now());
        let table = |arguments: &str| rows(&books, &format!("{SALES}/Turnovers({arguments})"));
        let truth: i64 = (0..CARD_COUNT)
            .map(|number| books.figures(number, NaiveDateTime::MIN, |kind| kind == OPENING).total)
            .sum();
        let of_all = table("Dimensions='ДисконтнаяКарта'");
        assert_eq!(sum(&of_all, "СуммаTurnover"), truth);
        assert_eq!(sum(&table(""), "СуммаTurnover"), truth);
        let before = table("EndPeriod=datetime'2025-02-03T23:59:59',Dimensions='ДисконтнаяКарта'");
        let since = table("StartPeriod=datetime'2025-02-04T00:00:00',Dimensions='ДисконтнаяКарта'");
        assert_eq!(sum(&before, "СуммаTurnover") + sum(&since, "СуммаTurnover"), truth);
        assert!(!before.is_empty() && before.len() < of_all.len());
        let card = card_key(2);
        for quotes in ["'", "''"] {
            let condition = format!("Condition='ДисконтнаяКарта_Key eq guid{quotes}{card}{quotes}'");
            // A quote that is not doubled ends the argument: 1C's own example, which this client does not send.
            let of_one = ask(&books, &format!("{SALES}/Turnovers({condition},Dimensions='ДисконтнаяКарта')"));
            match of_one {
                Answer::Rows { rows, .. } => assert_eq!(sum(&rows, "СуммаTurnover"), 179_044),
                other => assert_eq!((quotes, other), ("'", Answer::No(UNREADABLE))),
            }
        }
    }

    #[test]
    fn its_pages_are_all_rows_once() {
        let books = Books::at(now());
        let set = format!("{SALES}_RecordType");
        for order in ["", "&$orderby=Period,Recorder,LineNumber", "&$orderby=Recorder,LineNumber desc"] {
            let all = rows(&books, &format!("{set}?$format=json{order}"));
            assert_eq!(all.len(), books.sales.len());
            let paged: Vec<_> = (0..all.len())
                .step_by(25)
                .flat_map(|skip| rows(&books, &format!("{set}?$top=25&$skip={skip}{order}")))
                .collect();
            assert_eq!(paged, all, "{order}");
        }
        let counted = ask(&books, &format!("{set}?$top=1&$inlinecount=allpages"));
        assert!(
            matches!(counted, Answer::Rows { count: Some(count), ref rows } if count == books.sales.len() && rows.len() == 1)
        );
    }

    #[test]
    fn its_conditions_hold_what_they_say() {
        let books = Books::at(now());
        let all = books.sales.len();
        let opening = books.sales.iter().filter(|row| crate::books::recorder_type(row) == OPENING).count();
        let marina = books.sales.iter().filter(|row| row.key("ДисконтнаяКарта_Key") == card_key(2)).count();
        let recorder = books.sales[0].key("Recorder");
        let cases = [
            ("Active eq true", all - 1),
            ("not (Active eq true)", 1),
            ("Recorder_Type eq 'StandardODATA.Document_ВводНачальныхОстатков'", opening),
            ("Recorder_Type ne 'StandardODATA.Document_ВводНачальныхОстатков'", all - opening),
            ("substringof('ВводНачальныхОстатков',Recorder_Type)", opening),
            ("substringof('ВводНачальныхОстатков',Recorder_Type) eq false", all - opening),
            ("isof(Recorder,'Document_ВводНачальныхОстатков') and Active eq true", opening),
            (&format!("ДисконтнаяКарта_Key eq guid'{}'", card_key(2)), marina),
            (
                &format!(
                    "(ДисконтнаяКарта_Key eq guid'{0}' or ДисконтнаяКарта_Key eq guid'{0}')",
                    card_key(2)
                ),
                marina,
            ),
            (&format!("Recorder eq guid'{recorder}'"), 0),
            (&format!("Recorder eq cast(guid'{recorder}','Document_ЧекККМ')"), 0),
            ("Period ge datetime'2025-02-04T00:00:00' and Period lt datetime'2025-02-04T00:00:00'", 0),
        ];
        for (filter, count) in cases {
            let asked = ask(&books, &format!("{SALES}_RecordType/$count?$filter={filter}"));
            assert_eq!(asked, Answer::Count(count), "{filter}");
        }
        let later = "Period ge datetime'2025-02-04T00:00:00'";
        let earlier = "Period lt datetime'2025-02-04T00:00:00'";
        let counted = [later, earlier]
            .map(|filter| rows(&books, &format!("{SALES}_RecordType?$filter={filter}")).len());
        assert_eq!(counted.iter().sum::<usize>(), all);
        assert!(counted.iter().all(|count| *count > 0));
    }

    #[test]
    fn it_refuses_what_it_does_not_know() {
        let books = Books::at(now());
        let cases = [
            ("Catalog_Нет", NO_SET),
            ("Catalog_Номенклатура(guid'00000000-0000-0000-0000-000000000001')", NO_ITEM),
            ("Catalog_Номенклатура?$select=Ref_Key,Нет", NO_FIELD),
            ("Catalog_Номенклатура?$orderby=Нет", NO_FIELD),
            ("Catalog_Номенклатура?$filter=Нет eq 1", NO_FIELD),
            ("Catalog_Номенклатура?$filter=Description eq 'x", UNREADABLE),
            ("Catalog_Номенклатура?$filter=IsFolder+eq+false", UNREADABLE),
            ("AccumulationRegister_ПродажиПоДисконтнымКартам/Balance()", NO_METHOD),
            ("AccumulationRegister_БонусныеБаллы/Balance(Dimensions='БонуснаяКарта_Key')", NO_DIMENSION),
        ];
        for (target, no) in cases {
            assert_eq!(ask(&books, target), Answer::No(no), "{target}");
        }
    }
}
