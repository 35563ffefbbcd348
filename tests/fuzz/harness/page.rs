//! Pages, totals and counts as 1C sends them, through the client itself.
//!
//! The first byte says what was asked for, the rest is the body. What the client reads is compared with
//! what an independent reader finds in the same bytes: every row is there, as it must be, or the page is
//! refused, and never for nothing.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use uuid::Uuid;

use super::json::{self, Json};
use super::money::{self, Verdict};
use crate::domain::period::{format_local, parse_local};
use crate::domain::{
    Amount, BonusRow, Card, CardId, Direction, LocalTime, Movement, MovementKey, MovementKind, Owner, Points,
    ProductId, Quantity, RecorderId, RecorderRole, RecorderType, Span, Summand, TotalsByCard,
};
use crate::odata::{
    BoxFuture, Client, ConnectionSettings, Error, Filter, FromRow, HttpReply, HttpRequest, Names, Page,
    PageQuery, PointsRow, Product, RowMark, SalesRow, Set, ThinObject, ThinSale, Top, Transport,
    TransportError,
};

/// A body under the name of what was asked for.
pub fn page(data: &[u8]) {
    let Some((asked, body)) = data.split_first() else { return };
    match asked {
        b's' => register(body, Set::Sales, &SALE, sale, print_sale),
        b't' => register(body, Set::Sales, &SALE[..8], thin_sale, print_thin_sale),
        b'p' => register(body, Set::Points, &BONUS, bonus, print_bonus),
        b'c' => catalog(body, Set::Cards, &CARD, |row: &Card| (row.id.0, row.description.clone())),
        b'o' => catalog(body, Set::Owners, &OWNER, |row: &Owner| (row.id.0, row.version.clone())),
        b'g' => catalog(body, Set::Products, &PRODUCT, |row: &Product| (row.id.0, row.name.clone())),
        b'k' => catalog(body, Set::Owners, &ITEM[..3], |row: &ThinObject| (row.key, row.version.clone())),
        b'T' => turnovers(body),
        b'B' => balances(body),
        b'n' => count(body),
        b'r' => raw(body),
        _ => services(body),
    }
}

// What is asked, and how it is answered.

/// Answers everything with the same reply.
#[derive(Default)]
pub(super) struct Canned(Mutex<HttpReply>);

impl Transport for Canned {
    fn get(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        let reply = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(std::future::ready(Ok(reply)))
    }
}

thread_local! {
    static DESK: (Client, Arc<Canned>) = {
        let settings = ConnectionSettings {
            url: "http://host/base/odata/standard.odata".to_owned(),
            retries: 0,
            ..ConnectionSettings::default()
        };
        let canned = Arc::new(Canned::default());
        (Client::new(&settings, &Names::default(), Arc::clone(&canned) as _, 1), canned)
    };
}

/// Asks a base that answers everything with this reply, in a run of its own, without repeats.
pub(super) fn ask<T, F: Future<Output = T>>(reply: HttpReply, question: impl FnOnce(Client) -> F) -> T {
    DESK.with(|(client, canned)| {
        *canned.0.lock().unwrap_or_else(PoisonError::into_inner) = reply;
        question(client.new_run()).now_or_never().expect("without repeats nothing waits")
    })
}

fn good(body: &[u8]) -> HttpReply {
    HttpReply { status: 200, body: body.to_vec().into(), ..HttpReply::default() }
}

fn fetch<R: FromRow>(body: &[u8], set: Set) -> Result<Page<R>, Error> {
    let query = PageQuery::of(set).top(Top::All);
    let read = ask(good(body), |client| async move { client.page::<R>(&query).await });
    harmless(read)
}

/// What an error says goes to terminals and journals.
fn harmless<T>(read: Result<T, Error>) -> Result<T, Error> {
    if let Err(error) = &read {
        super::assert_harmless("an error", &error.to_string());
    }
    read
}

// What the bytes say, read by somebody else.

/// The body as an independent reader sees it.
enum Sheet {
    /// Nobody can say: too deep, or a key that is cut inside a character.
    Unjudged,
    /// No collection, or one that must be refused.
    Refused,
    /// The rows of the collection.
    Rows(Vec<Json>),
}

fn sheet(body: &[u8], fields: &[&str]) -> Sheet {
    let Ok(text) = std::str::from_utf8(body) else { return Sheet::Refused };
    if json::is_deep(text) {
        return Sheet::Unjudged;
    }
    let Some(reply) = json::parse(text.trim_start_matches('\u{FEFF}')) else { return Sheet::Refused };
    let collections = reply.all("value");
    let [Json::List(rows)] = collections[..] else { return Sheet::Refused };
    if reply.all("odata.count").len() > 1 {
        return Sheet::Refused;
    }
    let is_cut = |value: &Json| {
        matches!(value, Json::Object(members)
        if members.iter().any(|(key, _)| key.contains('\u{FFFD}')))
    };
    if is_cut(&reply) || rows.iter().any(is_cut) {
        return Sheet::Unjudged;
    }
    let is_row =
        |row: &Json| matches!(row, Json::Object(_)) && fields.iter().all(|field| row.all(field).len() <= 1);
    if rows.iter().all(is_row) { Sheet::Rows(rows.clone()) } else { Sheet::Refused }
}

fn key(value: Option<&Json>) -> Option<Uuid> {
    Uuid::try_parse(value?.text()?).ok()
}

fn reference(value: Option<&Json>) -> Option<Uuid> {
    key(value).filter(|key| !key.is_nil())
}

fn units(value: Option<&Json>, scale: u32) -> Option<i64> {
    match money::verdict(&money::in_json(value?.number()?)?, scale) {
        Verdict::Units(units) => Some(units),
        _ => None,
    }
}

// Registers.

const SALE: [&str; 10] = [
    "Recorder",
    "Recorder_Type",
    "Recorder_Key",
    "LineNumber",
    "Period",
    "Active",
    "ДисконтнаяКарта_Key",
    "Сумма",
    "Количество",
    "Номенклатура_Key",
];
const BONUS: [&str; 10] = [
    "Recorder",
    "Recorder_Type",
    "Recorder_Key",
    "LineNumber",
    "Period",
    "Active",
    "БонуснаяКарта_Key",
    "RecordType",
    "Начислено",
    "КСписанию",
];

/// What every row of a register begins with; a key that cannot be read refuses the page.
struct Head {
    mark: RowMark,
    recorder_type: String,
    card: CardId,
    period: Option<LocalTime>,
    active: Option<bool>,
}

impl Head {
    fn read(row: &Json, card: &str) -> Option<Self> {
        let object = reference(row.get("Recorder")).or_else(|| reference(row.get("Recorder_Key")))?;
        let text = |name| row.get(name).and_then(Json::text);
        Some(Self {
            mark: RowMark::of(&MovementKey {
                recorder: RecorderId(object),
                recorder_type: RecorderType(text("Recorder_Type").unwrap_or_default().into()),
                line: row.get("LineNumber")?.number()?.trim().parse().ok()?,
            }),
            recorder_type: text("Recorder_Type").unwrap_or_default().to_owned(),
            card: CardId(key(row.get(card)).unwrap_or_default()),
            period: text("Period").and_then(|text| parse_local(text).ok()).flatten(),
            // A type with a name longer than any is none, and its row is left out.
            active: text("Active")
                .filter(|_| text("Recorder_Type").unwrap_or_default().len() <= 600)
                .and_then(|text| text.trim().parse().ok()),
        })
    }

    fn key(&self) -> MovementKey {
        MovementKey {
            recorder: RecorderId(self.mark.object),
            recorder_type: RecorderType(self.recorder_type.as_str().into()),
            line: self.mark.line,
        }
    }
}

/// A row, or its mark alone where it must be rejected; `None` where it has no key.
type Reading<R> = Option<(RowMark, Option<R>)>;

fn sale(row: &Json) -> Reading<SalesRow> {
    let head = Head::read(row, "ДисконтнаяКарта_Key")?;
    let is_opening = head.recorder_type.contains("ВводНачальныхОстатков");
    let kind = if is_opening { MovementKind::OpeningBalance } else { MovementKind::Purchase };
    let good = || {
        let movement = Movement {
            card: head.card,
            key: head.key(),
            kind,
            period: head.period?,
            amount: Amount::from_units(units(row.get("Сумма"), 2)?),
            quantity: Quantity::from_units(units(row.get("Количество"), 3).unwrap_or_default()),
            product: reference(row.get("Номенклатура_Key")).map(ProductId),
        };
        Some(SalesRow { movement, active: head.active?, is_ignored: false })
    };
    Some((head.mark, good()))
}

fn thin_sale(row: &Json) -> Reading<ThinSale> {
    let (mark, read) = sale(row)?;
    let thin = |SalesRow { movement, active, .. }| ThinSale {
        role: match movement.kind {
            MovementKind::OpeningBalance => RecorderRole::OpeningBalance,
            MovementKind::Purchase => RecorderRole::Purchase,
        },
        key: movement.key,
        card: movement.card,
        amount: movement.amount,
        period: movement.period,
        active,
    };
    Some((mark, read.map(thin)))
}

fn bonus(row: &Json) -> Reading<PointsRow> {
    let head = Head::read(row, "БонуснаяКарта_Key")?;
    let points = |name| units(row.get(name), 2).map(Points::from_units);
    let good = || {
        let direction = match row.get("RecordType")?.text()? {
            "Receipt" => Direction::Receipt,
            "Expense" => Direction::Expense,
            _ => return None,
        };
        let row = BonusRow {
            card: head.card,
            key: head.key(),
            period: head.period?,
            direction,
            accrued: points("Начислено")?,
            to_write_off: points("КСписанию")?,
        };
        Some(PointsRow { row, active: head.active? })
    };
    Some((head.mark, good()))
}

/// A row as 1C would print it, beside its key and its amounts in units.
type Print<R> = fn(&R) -> (String, i64);

fn print_movement(key: &MovementKey, period: LocalTime, active: bool, rest: &str) -> String {
    let recorder_type = serde_json::to_string(&*key.recorder_type.0).expect("a text is JSON");
    format!(
        r#"{{"Recorder":"{}","Recorder_Type":{recorder_type},"LineNumber":"{}","Period":"{}","Active":{active},{rest}}}"#,
        key.recorder.0,
        key.line,
        format_local(period),
    )
}

fn print_sale(SalesRow { movement, active, .. }: &SalesRow) -> (String, i64) {
    let Movement { card, key, period, amount, quantity, product, .. } = movement;
    let rest = format!(
        r#""ДисконтнаяКарта_Key":"{}","Сумма":{amount},"Количество":"{quantity}","Номенклатура_Key":"{}""#,
        card.0,
        product.map_or(Uuid::nil(), |product| product.0),
    );
    let units = amount.to_units().expect("a row's amount is in range");
    (print_movement(key, *period, *active, &rest), units)
}

fn print_thin_sale(ThinSale { key, card, amount, period, active, .. }: &ThinSale) -> (String, i64) {
    let rest = format!(r#""ДисконтнаяКарта_Key":"{}","Сумма":"{amount}""#, card.0);
    let units = amount.to_units().expect("a row's amount is in range");
    (print_movement(key, *period, *active, &rest), units)
}

fn print_bonus(PointsRow { row, active }: &PointsRow) -> (String, i64) {
    let direction = match row.direction {
        Direction::Receipt => "Receipt",
        Direction::Expense => "Expense",
    };
    let rest = format!(
        r#""БонуснаяКарта_Key":"{}","RecordType":"{direction}","Начислено":{},"КСписанию":"{}""#,
        row.card.0, row.accrued, row.to_write_off,
    );
    let units = row.accrued.to_units().expect("a row's points are in range");
    (print_movement(&row.key, row.period, *active, &rest), units)
}

fn register<R: FromRow + PartialEq + Debug>(
    body: &[u8],
    set: Set,
    fields: &[&str],
    read: fn(&Json) -> Reading<R>,
    print: Print<R>,
) {
    let page = fetch::<R>(body, set);
    let rows = match sheet(body, fields) {
        Sheet::Unjudged => return,
        Sheet::Refused => return assert!(page.is_err(), "what is no page was read as one"),
        Sheet::Rows(rows) => rows,
    };
    let readings: Option<Vec<_>> = rows.iter().map(read).collect();
    let vital = fields.iter().filter(|field| !NOT_VITAL.contains(field));
    let is_whole =
        rows.is_empty() || { vital }.all(|field| rows.iter().any(|row| !row.all(field).is_empty()));
    let (Some(readings), true) = (readings, is_whole) else {
        return assert!(page.is_err(), "a page without its keys or its vital fields was taken");
    };
    let page = page.expect("nothing is wrong with this page");
    let marks: Vec<_> = readings.iter().map(|(mark, _)| *mark).collect();
    let rejected: Vec<_> = readings.iter().filter(|(_, row)| row.is_none()).map(|(mark, _)| *mark).collect();
    assert_eq!(page.marks, marks, "rows were lost, doubled or moved");
    assert_eq!(page.rejected.iter().map(|row| row.mark).collect::<Vec<_>>(), rejected, "rejected");
    assert_eq!(page.rows, readings.into_iter().filter_map(|(_, row)| row).collect::<Vec<_>>(), "rows");
    sums(&page.rows, print);
    print_and_read_again(&page.rows, set, fields, print);
}

/// Fields a page may be without in all its rows.
const NOT_VITAL: [&str; 6] =
    ["Recorder", "Recorder_Type", "Recorder_Key", "LineNumber", "Количество", "Номенклатура_Key"];

/// A sum is the same in any order, and exact.
fn sums<R>(rows: &[R], print: Print<R>) {
    let units: Vec<i64> = rows.iter().map(|row| print(row).1).collect();
    let exact: i128 = units.iter().copied().map(i128::from).sum();
    let amounts = || units.iter().copied().map(Amount::from_units);
    let (forth, back): (Amount, Amount) = (amounts().sum(), amounts().rev().sum());
    let mut sorted = units.clone();
    sorted.sort_unstable();
    assert_eq!((forth, forth), (back, sorted.into_iter().map(Amount::from_units).sum()), "order counts");
    assert_eq!(forth.to_units().ok(), i64::try_from(exact).ok(), "a sum is not exact");
}

/// What was read, printed as 1C prints and read again, is the same.
fn print_and_read_again<R: FromRow + PartialEq + Debug>(
    rows: &[R],
    set: Set,
    fields: &[&str],
    print: Print<R>,
) {
    if rows.is_empty() {
        return;
    }
    let printed: Vec<_> = rows.iter().map(|row| print(row).0).collect();
    let body = format!(r#"{{"value":[{}]}}"#, printed.join(","));
    let again = fetch::<R>(body.as_bytes(), set).expect("our own page is read");
    assert_eq!(again.rows, rows, "printing and reading again changes a row of {fields:?}");
}

// Catalogs.

const ITEM: [&str; 4] = ["Ref_Key", "DataVersion", "IsFolder", "Description"];
const CARD: [&str; 9] = [
    "Ref_Key",
    "DataVersion",
    "IsFolder",
    "Description",
    "DeletionMark",
    "ВладелецКарты_Key",
    "Code",
    "КодКартыШтрихкод",
    "КартаНедействительна",
];
const PRODUCT: [&str; 5] = ["Ref_Key", "DataVersion", "IsFolder", "Description", "Артикул"];
const OWNER: [&str; 14] = [
    "Ref_Key",
    "DataVersion",
    "IsFolder",
    "Description",
    "НаименованиеПолное",
    "ФИО",
    "ОсновныеСведения",
    "Состав",
    "НомерТелефонаДляПоиска",
    "АдресЭПДляПоиска",
    "КонтактнаяИнформация",
    "Email",
    "ЭлектроннаяПочта",
    "ДатаРождения",
];

/// `tell` says which item a row is, and one of its texts.
fn catalog<R: FromRow + Debug>(body: &[u8], set: Set, fields: &[&str], tell: fn(&R) -> (Uuid, String)) {
    let page = fetch::<R>(body, set);
    let rows = match sheet(body, fields) {
        Sheet::Unjudged => return,
        Sheet::Refused => return assert!(page.is_err(), "what is no page was read as one"),
        Sheet::Rows(rows) => rows,
    };
    let keys: Option<Vec<Uuid>> = rows.iter().map(|row| reference(row.get("Ref_Key"))).collect();
    let Some(keys) = keys else { return assert!(page.is_err(), "an item without its key was taken") };
    let page = page.expect("nothing is wrong with this page");
    assert_eq!(page.marks.iter().map(|mark| mark.object).collect::<Vec<_>>(), keys, "items were lost");
    let is_folder = |row: &&Json| row.get("IsFolder").and_then(Json::text).map(str::trim) == Some("true");
    let (folders, items): (Vec<_>, Vec<_>) = rows.iter().partition(is_folder);
    assert_eq!(page.folders, folders.len() as u64, "folders");
    let text = |row: &Json, name| taken(row.get(name).and_then(Json::text).unwrap_or_default(), name);
    let told_by = if set == Set::Owners { "DataVersion" } else { "Description" };
    let expected: Vec<_> = items
        .iter()
        .map(|row| (reference(row.get("Ref_Key")).unwrap_or_default(), text(row, told_by)))
        .collect();
    assert_eq!(page.rows.iter().map(tell).collect::<Vec<_>>(), expected, "items");
}

/// A text as far as it is taken: a long one is cut, and a long version known by its digest.
fn taken(text: &str, name: &str) -> String {
    let letters: Vec<_> = text.chars().collect();
    match letters.get(..1_000) {
        _ if name == "DataVersion" && text.len() > 150 => {
            format!("xxh3:{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
        }
        Some(begin) if name != "DataVersion" && letters.len() > 1_000 => {
            format!("{}…(+{})", begin.iter().collect::<String>(), letters.len() - 1_000)
        }
        _ => text.to_owned(),
    }
}

// Virtual tables.

fn turnovers(body: &[u8]) {
    let read = harmless(ask(good(body), |client| async move { client.turnovers(Span::ALL, None).await }));
    table(
        body,
        ["ДисконтнаяКарта_Key", "СуммаTurnover"],
        read,
        |it| it.main.to_units(),
        |row| units(row.get("СуммаTurnover"), 2).map(i128::from),
    );
}

fn balances(body: &[u8]) {
    let read =
        harmless(ask(good(body), |client| async move { client.balances(LocalTime::default(), None).await }));
    let points = |row: &Json, name| units(row.get(name), 2).map(i128::from);
    table(
        body,
        ["БонуснаяКарта_Key", "НачисленоBalance", "КСписаниюBalance"],
        read,
        |it| it.main.to_units(),
        |row| Some(points(row, "НачисленоBalance")? - points(row, "КСписаниюBalance")?),
    );
}

fn table<const N: usize, T: Summand>(
    body: &[u8],
    fields: [&str; N],
    read: Result<TotalsByCard<T>, Error>,
    to_units: fn(T) -> Result<i64, crate::domain::NumberError>,
    figure: impl Fn(&Json) -> Option<i128>,
) {
    let rows = match sheet(body, &fields) {
        Sheet::Unjudged => return,
        Sheet::Refused => return assert!(read.is_err(), "what is no table was read as one"),
        Sheet::Rows(rows) => rows,
    };
    let is_whole = rows.iter().all(|row| fields.iter().all(|field| !row.all(field).is_empty()));
    if !is_whole {
        return assert!(read.is_err(), "a table without its fields was taken");
    }
    let totals = read.expect("nothing is wrong with this table");
    let mut expected: BTreeMap<Uuid, Option<i128>> = BTreeMap::new();
    for row in &rows {
        let sum = expected.entry(key(row.get(fields[0])).unwrap_or_default()).or_insert(Some(0));
        *sum = sum.zip(figure(row)).map(|(sum, figure)| sum + figure);
    }
    for card in totals.cards().chain(totals.unreadable().iter().copied()) {
        assert!(expected.contains_key(&card.0), "a figure nobody sent");
    }
    for (card, sum) in expected {
        let (card, figure) = (CardId(card), totals.of(CardId(card)));
        assert_eq!(
            figure.is_some(),
            sum.is_some(),
            "a figure that can be read is not, or the other way round"
        );
        let Some((figure, sum)) = figure.zip(sum) else { continue };
        assert!(totals.mentions(card), "figures were lost");
        assert_eq!(to_units(figure).ok(), i64::try_from(sum).ok(), "a figure of 1C's is not exact");
    }
}

// The rest.

fn count(body: &[u8]) {
    let read =
        harmless(ask(good(body), |client| async move { client.count(Set::Sales, &Filter::none()).await }));
    let Ok(count) = read else { return };
    let text = std::str::from_utf8(body).expect("a count is text").trim_start_matches('\u{FEFF}').trim();
    let bare = text.trim_matches('"').parse().ok();
    let inline = || json::parse(text)?.get("odata.count")?.number()?.trim().parse().ok();
    // Where neither form tells, rows are read and counted.
    let by_reading = || match json::parse(text)?.all("value")[..] {
        [Json::List(rows)] => u64::try_from(rows.len()).ok(),
        _ => None,
    };
    let counted = bare.or_else(inline).or_else(by_reading);
    assert!(counted == Some(count) || json::is_deep(text), "{count} was counted by nobody");
}

fn services(body: &[u8]) {
    let read = harmless(ask(good(body), |client| async move { client.published_sets().await }));
    let Sheet::Rows(rows) = sheet(body, &["name", "url"]) else { return };
    let sets = read.expect("nothing is wrong with this list");
    let named = |row: &&Json| {
        ["url", "name"]
            .iter()
            .any(|name| row.get(name).and_then(Json::text).is_some_and(|text| !text.trim().is_empty()))
    };
    assert_eq!(sets.len(), rows.iter().filter(named).count(), "sets were lost");
}

fn raw(body: &[u8]) {
    let key = Uuid::from_u128(1);
    let read = harmless(ask(good(body), |client| async move { client.raw_fields(Set::Owners, key).await }));
    let Ok(Some(fields)) = read else { return };
    assert!(fields.len() <= OWNER.len() && fields.iter().all(|field| OWNER.contains(&field.name.as_str())));
}
