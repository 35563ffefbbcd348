//! A shop for the tests of the dashboard: the same customers, the same day, every time.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use ratatui::layout::Size;
use uuid::Uuid;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::Theme;
use crate::domain::portal::{Shift, Shifts};
use crate::domain::reconcile::latest::Reach;
use crate::domain::reconcile::{PointsComparison, Standing, Terms, TotalVariance};
use crate::domain::{
    Against, Amount, BonusRow, CardId, City, CitySource, Comparison, Coverage, Customer, Difference,
    DifferenceFigure, DifferenceKind, Direction, Figure, LocalTime, Movement, MovementKey, MovementKind,
    OwnerId, Points, PointsRule, ProductId, Quantity, RecorderId, RecorderRole, RecorderType, Verdict,
    Window,
};
use crate::engine::{
    About, Burning, CardTruth, ComparedAt, Flow, MonthSum, OtherCards, RawAnswer, ReadBy, Reading, Set,
};
use crate::odata::{Names, RowFault};
use crate::sync::event::{
    LastRepeat, LinesAndAmount, Notice, Outcome, Progress, ReadingPace, Repeat, Stage, StageProgress,
    StageState, SyncSummary,
};
use crate::sync::recorder_types_seen::{TypeSeen, TypesFound, TypesSeen};
use crate::text::{Language, Texts};

use super::effect::Effect;
use crate::store::StoredProduct;

use super::ask::{Answer, Ask, Failure, FailureKind, LiveCheck, StoreStatus, TaskId, TaskKind, TaskReport};
use super::event::{
    CityCount, Column, CustomerDetail, Event, Keep, ListFilter, ListPart, Listed, Now, Portal, Purchase,
    RawField, RawFields, RecorderSum, Request, Row, SearchReply, Sent, Wanted,
};
use super::first_run::{FirstRun, Step};
use super::key::{Code, Key, Mods};
use super::keymap::Keymap;
use super::looks::Kept;
use super::model::{Model, ModelSettings};
use super::page::{Copied, CopyPlace};
use super::terms::{By, ExportFormat, Exported, FileOrder, Reconciled};
use super::update::update;

/// The moment of every test: 4 February 2026, 14:02:07 in Simferopol.
pub(crate) fn now() -> Now {
    let offset = FixedOffset::east_opt(3 * 3_600).expect("an offset");
    moment(2026, 2, 4).and_utc().with_timezone(&offset) + TimeDelta::seconds(2 * 60 + 7 - 3_600)
}

/// When the generation on the screen was read: five minutes before.
pub(crate) fn synced_at() -> DateTime<Utc> {
    now().with_timezone(&Utc) - TimeDelta::minutes(5)
}

/// Noon of a day.
pub(crate) fn moment(year: i32, month: u32, day: u32) -> LocalTime {
    NaiveDate::from_ymd_opt(year, month, day).and_then(|day| day.and_hms_opt(12, 0, 0)).expect("a day")
}

pub(crate) fn card(number: u128) -> CardId {
    CardId(Uuid::from_u128(number))
}

pub(crate) fn roubles(roubles: i64) -> Amount {
    Amount::from_units(roubles * 100)
}

pub(crate) fn points(points: i64) -> Points {
    Points::from_units(points * 100)
}

pub(crate) fn settings() -> ModelSettings {
    ModelSettings {
        debounce: Duration::from_millis(150),
        every: None,
        quiet: None,
        checks_opened: false,
        first_sync: super::model::FirstSync::Awaited,
        warnings: Vec::new(),
        keys: Keymap::default().worded(|id| Texts::new(Language::Russian).get(id).into_owned()),
        theme: Theme::Terminal,
    }
}

/// The state before anything happened.
pub(crate) fn fresh(width: u16, height: u16) -> Model {
    Model::new(settings(), Size { width, height }, now())
}

/// Before there are settings: the form, empty.
pub(crate) fn with_form(width: u16, height: u16) -> Model {
    let step = Step::Form(Box::default());
    let path = "/home/anna/.config/sverka/config.toml".to_owned();
    let first_run = FirstRun { missing: "onec.url".to_owned(), path, step };
    Model { first_run: Some(first_run), ..fresh(width, height) }
}

/// What the program asked for, drawings left out.
pub(crate) fn feed(model: &mut Model, event: Event) -> Vec<Effect> {
    let effects = update(model, now(), event);
    effects.into_iter().filter(|effect| !matches!(effect, Effect::Draw(_))).collect()
}

pub(crate) fn press(model: &mut Model, code: Code) -> Vec<Effect> {
    feed(model, Event::Key(Key::plain(code)))
}

/// Presses Alt and a letter.
pub(crate) fn alt(model: &mut Model, letter: char) -> Vec<Effect> {
    feed(model, Event::Key(Key { code: Code::Char(letter), mods: Mods::Alt }))
}

/// Feeds events that come of the effects: timers run out at once, questions are answered from the shop.
pub(crate) fn settle(model: &mut Model, effects: Vec<Effect>) {
    settle_with(model, effects, answer);
}

/// The same, questions answered in this way.
pub(crate) fn settle_with(model: &mut Model, effects: Vec<Effect>, answer: fn(&Ask) -> Answer) {
    let mut waiting = effects;
    while let Some(effect) = waiting.pop() {
        let event = match effect {
            Effect::Wait(super::Timer::Search(id), _) => Event::Waited(super::Timer::Search(id)),
            Effect::Wait(super::Timer::Open(id), _) => Event::Waited(super::Timer::Open(id)),
            // Keys or other programs start these, and whoever presses them says how they end.
            Effect::Ask(
                _,
                Ask::WatchSettings | Ask::Check(_) | Ask::Sync | Ask::SetUp(_) | Ask::Save { .. },
            ) => continue,
            Effect::Ask(id, ask) => Event::Answered(id, Ok(answer(&ask))),
            _ => continue,
        };
        waiting.extend(feed(model, event));
    }
}

/// What the shop answers.
pub(crate) fn answer(ask: &Ask) -> Answer {
    match ask {
        Ask::Search(request) => Answer::Found(reply(request)),
        Ask::Open(card) => Answer::Opened(Box::new(detail(*card))),
        Ask::Check(card) => Answer::Checked(Box::new(live(*card))),
        Ask::DocumentTypes => Answer::DocumentTypes(Box::new(document_types())),
        Ask::Fields(_) => Answer::Fields(raw_fields()),
        Ask::RawAnswer(_) => Answer::RawAnswer(Box::new(raw_answer())),
        Ask::Portal(_) => Answer::Portal(Some(Box::new(portal()))),
        Ask::Reconcile(by) => Answer::Reconciled(Box::new(Reconciled { by: *by, ..reconciled() })),
        Ask::List { wanted, part, .. } => Answer::Listed(listed(*wanted, *part)),
        Ask::Export(order) => Answer::Exported(exported(order.wanted)),
        Ask::Save { name, text } => {
            let place = CopyPlace::File(name.clone());
            Answer::Copied(Some(Copied { characters: text.chars().count(), place }))
        }
        Ask::Sync | Ask::Follow(_) => Answer::Synced(Box::new(summary(Outcome::Published))),
        Ask::Status => Answer::Status(Box::new(status())),
        Ask::Watch(known) => Answer::Watched(known.clone().unwrap_or_default()),
        Ask::WatchSettings => Answer::Told("Файл настроек изменился: sync.days.".to_owned()),
        Ask::Verify | Ask::SetUp(_) | Ask::Keep(_) | Ask::Engine => Answer::Done,
    }
}

/// Who holds the first card and the seventh in [`of_one_owner`].
const OWNER: OwnerId = OwnerId(Uuid::from_u128(77));

fn is_of_owner(card_: CardId) -> bool {
    [card(1), card(7)].contains(&card_)
}

/// What the shop answers where two of its cards are of one owner.
pub(crate) fn of_one_owner(ask: &Ask) -> Answer {
    let mut answer = answer(ask);
    let own = |customer: &mut Customer| customer.owner = is_of_owner(customer.card).then_some(OWNER);
    match &mut answer {
        Answer::Found(found) => found.rows.iter_mut().for_each(|row| own(&mut row.customer)),
        Answer::Opened(opened) if is_of_owner(opened.comparison.customer.card) => {
            own(&mut opened.comparison.customer);
            let first = opened.comparison.customer.card == card(1);
            let mut other = detail(if first { card(7) } else { card(1) }).comparison;
            own(&mut other.customer);
            if first {
                let both = |amount: i64| Figure { onec: Some(amount), stored: Some(amount) };
                other.opening_balance = both(0).map(roubles);
                (other.purchases, other.total) = (both(44_200).map(roubles), both(44_200).map(roubles));
                other.points.figure = both(581).map(points);
            }
            opened.others = OtherCards { cards: vec![CardTruth { comparison: other, also: None }], count: 1 };
        }
        _ => {}
    }
    answer
}

/// A question of each kind.
pub(crate) fn ask(kind: TaskKind) -> Ask {
    let of = TaskId(1);
    match kind {
        TaskKind::Search => Ask::Search(request("анна")),
        TaskKind::Open => Ask::Open(card(1)),
        TaskKind::Check => Ask::Check(card(1)),
        TaskKind::Fields => Ask::Fields(card(1)),
        TaskKind::RawAnswer => Ask::RawAnswer(live(card(1)).requests.swap_remove(0)),
        TaskKind::DocumentTypes => Ask::DocumentTypes,
        TaskKind::Portal => Ask::Portal(Some(card(1))),
        TaskKind::Reconcile => Ask::Reconcile(By::Sums),
        TaskKind::List => Ask::List { of, wanted: Wanted::All, part: ListPart::default() },
        TaskKind::Export => Ask::Export(FileOrder { of, format: ExportFormat::Csv, wanted: Wanted::All }),
        TaskKind::Copy => Ask::Save { name: "карта.txt".to_owned(), text: "Анна".to_owned() },
        TaskKind::Sync => Ask::Sync,
        TaskKind::Status => Ask::Status,
        TaskKind::Watch => Ask::Watch(None),
        TaskKind::WatchSettings => Ask::WatchSettings,
        TaskKind::Verify => Ask::Verify,
        TaskKind::SetUp => Ask::SetUp(super::SetUpWish {
            url: "http://127.0.0.1/base/odata/standard.odata".to_owned(),
            user: "odata.user".to_owned(),
            password: super::terms::TypedPassword::new("tiger-42"),
        }),
        TaskKind::Keep => Ask::Keep(Kept::default()),
        TaskKind::Engine => Ask::Engine,
    }
}

/// The same after a journey to another process.
#[track_caller]
pub(crate) fn carried<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) -> T {
    let text = serde_json::to_string(value).unwrap_or_else(|error| panic!("{value:?}: {error}"));
    let arrived = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(value, &arrived, "{text}");
    arrived
}

/// The questions that effects ask; they do nothing else.
#[track_caller]
pub(crate) fn only_asks(effects: &[Effect]) -> Vec<Ask> {
    let ask = |effect: &Effect| match effect {
        Effect::Ask(_, ask) => ask.clone(),
        other => panic!("{other:?}"),
    };
    effects.iter().map(ask).collect()
}

/// Whether this is among what effects ask.
pub(crate) fn is_asked(effects: &[Effect], wanted: &Ask) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Ask(_, ask) if ask == wanted))
}

/// The number of a task that is waited for; where none of its kind is, one begins.
fn task(model: &mut Model, kind: TaskKind) -> TaskId {
    model.tasks.of(kind).unwrap_or_else(|| model.tasks.open(kind))
}

/// A task of this kind ends.
pub(crate) fn end(model: &mut Model, kind: TaskKind, result: Result<Answer, Failure>) -> Vec<Effect> {
    let id = task(model, kind);
    feed(model, Event::Answered(id, result))
}

/// The sync ends.
pub(crate) fn synced(model: &mut Model, result: Result<SyncSummary, Failure>) -> Vec<Effect> {
    end(model, TaskKind::Sync, result.map(|summary| Answer::Synced(Box::new(summary))))
}

/// The store was asked how it stands.
pub(crate) fn standing(model: &mut Model, status: StoreStatus) -> Vec<Effect> {
    end(model, TaskKind::Status, Ok(Answer::Status(Box::new(status))))
}

/// A long task tells something; a line for the journal is of whichever runs.
pub(crate) fn told(model: &mut Model, report: TaskReport) -> Vec<Effect> {
    let kind = match report {
        TaskReport::Export(_) => TaskKind::Export,
        TaskReport::Reconcile(_) => TaskKind::Reconcile,
        TaskReport::Notice(_)
            if model.tasks.of(TaskKind::Sync).is_none() && model.screens.reconciliation.run().is_some() =>
        {
            TaskKind::Reconcile
        }
        TaskReport::Sync(_) | TaskReport::Notice(_) => TaskKind::Sync,
        TaskReport::SetUp(_) => TaskKind::SetUp,
        TaskReport::House(_) => TaskKind::Watch,
    };
    let id = task(model, kind);
    feed(model, Event::Reported(id, report))
}

/// A dashboard over the shop, everything loaded.
pub(crate) fn loaded(width: u16, height: u16) -> Model {
    let mut model = fresh(width, height);
    let effects = feed(&mut model, Event::Started);
    settle(&mut model, effects);
    model
}

/// A dashboard over a store that was never synced.
pub(crate) fn empty(width: u16, height: u16) -> Model {
    let mut model = fresh(width, height);
    for effect in feed(&mut model, Event::Started) {
        let Effect::Ask(id, ask) = effect else { continue };
        let answer = match ask {
            Ask::Search(_) => Answer::Found(SearchReply::default()),
            Ask::Status => Answer::Status(Box::new(empty_status())),
            _ => continue,
        };
        feed(&mut model, Event::Answered(id, Ok(answer)));
    }
    model
}

pub(crate) fn status() -> StoreStatus {
    StoreStatus {
        mirror: None,
        base: "Демо".to_owned(),
        address: "http://127.0.0.1:4410/demo/odata/standard.odata".to_owned(),
        generation: Some(7),
        synced_at: Some(synced_at()),
        oldest_read_at: Some(synced_at()),
        full_at: Some(synced_at()),
        deltas: 0,
        days: 365,
        cards: 312,
        movements: 6_790,
        variances: 0,
        before_window: 0,
        unverified: 0,
        unlisted: 0,
        left_off: None,
        last_run: None,
        runs: Vec::new(),
        remark: None,
        findings: Vec::new(),
        stale_after: Duration::from_secs(86_400),
    }
}

/// The store before the first sync.
pub(crate) fn empty_status() -> StoreStatus {
    StoreStatus {
        generation: None,
        synced_at: None,
        oldest_read_at: None,
        cards: 0,
        movements: 0,
        ..status()
    }
}

pub(crate) fn failure() -> Failure {
    Failure {
        kind: FailureKind::Passing,
        code: "onec-busy".to_owned(),
        message: "1С занята (ответ 503).".to_owned(),
        remedy: "Повторите позже или уменьшите onec.in_flight.".to_owned(),
        said: String::new(),
    }
}

/// The cards of the shop beside 1C, the worst first: every verdict, several causes, rows of nobody.
pub(crate) fn base_rows() -> Vec<Comparison> {
    let of = |index: usize| Comparison { customer: customer(index), ..detail(card(1)).comparison };
    let line = detail(card(3)).comparison.differences.swap_remove(0);
    let told = |kind, onec: Option<i64>, stored: Option<i64>| {
        let figure = DifferenceFigure::Money(Figure { onec, stored }.map(roubles));
        Difference { kind, figure, ..line.clone() }
    };
    let opening = Difference {
        period: Some(moment(2023, 6, 30)),
        recorder_type: Some(RecorderType(Arc::from("StandardODATA.Document_ВводНачальныхОстатков"))),
        line: Some(1),
        ..told(DifferenceKind::MissingOpeningBalance, Some(232_360), None)
    };
    let mut lost = Comparison { differences: vec![opening], verdict: Verdict::Variance, ..of(0) };
    lost.opening_balance.stored = Some(Amount::ZERO);
    lost.total.stored = Some(roubles(132_694));
    let only_in_onec = Comparison {
        differences: vec![Difference {
            period: None,
            recorder: None,
            recorder_type: None,
            line: None,
            ..told(DifferenceKind::MissingCard, Some(12_400), None)
        }],
        verdict: Verdict::Variance,
        total: Figure { onec: Some(roubles(12_400)), stored: None },
        ..of(1)
    };
    let mut changed = detail(card(3)).comparison;
    changed.differences.push(told(DifferenceKind::DoubledSale, None, Some(980)));
    let mut nobody = Comparison {
        customer: Customer { card: card(99), ..Customer::default() },
        differences: vec![told(DifferenceKind::UnknownCard, None, Some(700))],
        verdict: Verdict::UnknownCard,
        ..of(0)
    };
    nobody.total = Figure { onec: Some(roubles(700)), stored: Some(roubles(700)) };
    let mut rows =
        vec![lost, only_in_onec, changed, detail(card(4)).comparison, detail(card(5)).comparison, nobody];
    rows[4].differences = vec![Difference {
        period: None,
        recorder: None,
        recorder_type: None,
        line: None,
        ..told(DifferenceKind::BeforeWindow, Some(5_000), None)
    }];
    rows.extend((5..NAMES.len()).map(of));
    rows.into_iter().map(Comparison::covered).collect()
}

/// The base of the shop, reconciled a second ago.
pub(crate) fn reconciled() -> Reconciled {
    let mut base = crate::domain::reconcile::Summary::default();
    base.extend(&base_rows());
    let compared_at = Some(now().with_timezone(&Utc) - TimeDelta::seconds(1));
    Reconciled {
        summary: base,
        terms: Terms {
            window: Window { days: 365, from: Some(moment(2025, 2, 4)) },
            points_at: Some(moment(2026, 2, 4)),
            rule: PointsRule::LastRecord,
            synced_at: Some(synced_at()),
            compared_at,
            under: Arc::default(),
            is_moment_doubtful: false,
        },
        by: By::Sums,
        knows_turnovers: true,
        unread: 0,
        moving: 0,
        requests: 11,
        failure: None,
    }
}

fn is_wanted(wanted: Wanted, row: &Comparison) -> bool {
    wanted.has(&Standing::of(row))
}

/// A part of the cards of the base.
pub(crate) fn listed(wanted: Wanted, part: ListPart) -> Listed {
    let rows: Vec<_> = base_rows().into_iter().filter(|row| is_wanted(wanted, row)).collect();
    let at = part.around.and_then(|card| rows.iter().position(|row| row.customer.card == card));
    Listed { from: 0, total: rows.len(), rows, at, summary: None }
}

/// A file of the base.
pub(crate) fn exported(wanted: Wanted) -> Exported {
    let rows: Vec<_> = base_rows().into_iter().filter(|row| is_wanted(wanted, row)).collect();
    Exported {
        path: "/home/anna/.local/share/sverka/copies/reconcile-20260204-140207.csv".to_owned(),
        rows: rows.len() as u64,
        onec: rows.iter().map(|row| row.total.onec).sum(),
        stored: rows.iter().filter_map(|row| row.total.stored).sum(),
    }
}

const NAMES: [(&str, &str, &str, i64, Verdict); 8] = [
    ("Царькова Анна Сергеевна", "79788451364", "Симферополь", 365_054, Verdict::Reconciled),
    ("Абдулаева Зера", "79787001122", "Бахчисарай", 12_400, Verdict::Reconciled),
    ("Бондаренко Ольга Владимировна-Петренко", "79780003344", "Севастополь", 1_204_113, Verdict::Variance),
    ("Васильева Мария", "79781112233", "Ялта", 0, Verdict::Unverified),
    ("Гончар Ирина", "", "", 7_990, Verdict::BeforeWindow),
    ("", "79782223344", "Керчь", 3_300, Verdict::Reconciled),
    ("Ёлкина Надежда", "79783334455", "Красноперекопск", 44_200, Verdict::Reconciled),
    ("Йоргенсен Анна", "79784445566", "Судак", 950, Verdict::Reconciled),
];

pub(crate) fn customer(index: usize) -> Customer {
    let (name, phone, city, ..) = NAMES[index];
    Customer {
        card: card(index as u128 + 1),
        code: format!("{:06}", 371 + index * 811),
        barcode: phone.to_owned(),
        phone: (!phone.is_empty()).then(|| phone.to_owned()),
        name: name.to_owned(),
        email: (index == 0).then(|| "tsarkova@example.ru".to_owned()),
        city: (!city.is_empty()).then(|| city_of(city)),
        marked_for_deletion: index == 7,
        ..Customer::default()
    }
}

fn city_of(name: &str) -> City {
    City { name: name.to_owned(), source: CitySource::MainDetailsLine3 }
}

pub(crate) fn rows() -> Vec<Row> {
    let row = |(index, (.., total, verdict)): (usize, &(&str, &str, &str, i64, Verdict))| Row {
        customer: customer(index),
        total: Some(roubles(*total)),
        points: Some(points(total / 76)),
        variance: match verdict {
            Verdict::Reconciled => Some(TotalVariance::default()),
            Verdict::Variance => Some(TotalVariance::without_earlier(roubles(-1_200))),
            Verdict::BeforeWindow => Some(TotalVariance { all: roubles(-5_000), earlier: roubles(5_000) }),
            Verdict::Unverified | Verdict::UnknownCard => None,
        },
        verdict: *verdict,
        compared: Some(ComparedAt { at: synced_at(), reach: Reach::Sums }),
        matched: Vec::new(),
    };
    NAMES.iter().enumerate().map(row).collect()
}

/// A request for everything a query finds.
pub(crate) fn request(query: &str) -> Request {
    Request { query: query.to_owned(), ..Request::default() }
}

/// Who has all words of the query in the name or the phone; a query in the wrong layout is read right.
pub(crate) fn reply(request: &Request) -> SearchReply {
    let query = request.query.as_str();
    let (read, read_as) =
        if query == "wfhmrjd" { ("царьков", Some("царьков")) } else { (query, None) };
    let found = |row: &Row| {
        let customer = &row.customer;
        customer.name.to_lowercase().contains(read) || customer.barcode.contains(read)
    };
    let mut rows: Vec<Row> = rows().into_iter().filter(found).collect();
    let matching = rows.len();
    rows.retain(|row| passes(row, &request.filter));
    if request.order.by == Column::Total {
        rows.sort_by_key(Row::total_shown);
        if request.order.descending {
            rows.reverse();
        }
    }
    let around = request.part.around;
    SearchReply {
        at: around.and_then(|card| rows.iter().position(|row| row.customer.card == card)),
        total: rows.len(),
        matching,
        rows,
        took: Duration::from_micros(420),
        read_as: read_as.map(|text| Reading { text: text.to_owned(), by: ReadBy::Layout }),
        cities: cities(),
        ..SearchReply::default()
    }
}

fn passes(row: &Row, filter: &ListFilter) -> bool {
    let is_kept = match filter.keep {
        Keep::All => true,
        Keep::Variances => row.verdict == Verdict::Variance,
        Keep::Unverified => row.verdict == Verdict::Unverified,
        Keep::WithPoints => row.points.is_some_and(|points| !points.is_zero()),
    };
    let city = row.customer.city.as_ref().map(|city| &city.name);
    let is_of_owner = filter.owner.is_none() || is_of_owner(row.customer.card);
    is_kept && is_of_owner && filter.city.as_ref().is_none_or(|wanted| city == Some(wanted))
}

fn cities() -> Arc<[CityCount]> {
    let mut names: Vec<&str> =
        NAMES.iter().map(|(_, _, city, ..)| *city).filter(|city| !city.is_empty()).collect();
    names.sort_unstable();
    names.into_iter().map(|name| CityCount { name: name.to_owned(), cards: 1 }).collect()
}

/// What the shop knows of a card: the second of the list but one differs from 1C.
pub(crate) fn detail(card: CardId) -> CustomerDetail {
    let index = usize::try_from(card.0.as_u128() - 1).unwrap_or(0).min(NAMES.len() - 1);
    let mut detail = reference();
    detail.comparison.customer = customer(index);
    detail.comparison.verdict = NAMES[index].4;
    match NAMES[index].4 {
        Verdict::Variance => vary(&mut detail.comparison),
        Verdict::BeforeWindow => {
            detail.comparison.before_window = Some(roubles(5_000));
            detail.comparison.total.onec = Some(roubles(370_054));
        }
        Verdict::Unverified => compare_with_nothing(&mut detail.comparison),
        Verdict::Reconciled | Verdict::UnknownCard => {}
    }
    detail.comparison = detail.comparison.covered();
    detail
}

fn vary(comparison: &mut Comparison) {
    comparison.purchases.onec = Some(roubles(133_894));
    comparison.total.onec = Some(roubles(366_254));
    comparison.points.figure.onec = Some(points(4_800));
    comparison.points.register_balance = Some(points(5_295));
    comparison.city.onec = Some(Some(city_of("Севастополь")));
    comparison.city.stored = Some(Some(city_of("Симферополь")));
    comparison.against = Against::Live;
    comparison.compared_at = Some(now().with_timezone(&Utc) - TimeDelta::seconds(2));
    let (recorder, recorder_type) = (Some(RecorderId(Uuid::from_u128(9))), Some(check()));
    comparison.differences = vec![
        Difference {
            period: Some(moment(2025, 11, 12)),
            recorder,
            recorder_type: recorder_type.clone(),
            line: Some(2),
            ..Difference::of_figures(DifferenceKind::MissingLine, Some(roubles(1_200)), None)
        },
        Difference {
            recorder,
            recorder_type,
            ..Difference::of_figures(DifferenceKind::Points, Some(points(4_800)), Some(points(4_806)))
        },
    ];
}

fn compare_with_nothing(comparison: &mut Comparison) {
    comparison.against = Against::None;
    for figure in [&mut comparison.opening_balance, &mut comparison.purchases, &mut comparison.total] {
        figure.onec = None;
    }
    comparison.points.figure.onec = None;
    comparison.city.onec = None;
}

fn check() -> RecorderType {
    RecorderType(Arc::from("StandardODATA.Document_ЧекККМ"))
}

fn movement(line: u64, at: LocalTime, roubles_: i64, kind: MovementKind) -> Movement {
    Movement {
        card: card(1),
        key: MovementKey { recorder: RecorderId(Uuid::from_u128(9)), recorder_type: check(), line },
        kind,
        period: at,
        amount: roubles(roubles_),
        quantity: Quantity::from_units(1_000),
        product: Some(ProductId(Uuid::from_u128(5))),
    }
}

fn purchase(line: u64, at: LocalTime, roubles: i64, product: &str, is_packaging: bool) -> Purchase {
    let movement = movement(line, at, roubles, MovementKind::Purchase);
    let product = StoredProduct { name: product.to_owned(), ..StoredProduct::default() };
    Purchase { movement, product: Some(product), is_packaging }
}

/// The reference customer.
pub(crate) fn reference() -> CustomerDetail {
    let equal = |amount: i64| Figure { onec: Some(roubles(amount)), stored: Some(roubles(amount)) };
    let town = Some(Some(city_of("Симферополь")));
    let figure = Figure { onec: Some(points(4_806)), stored: Some(points(4_806)) };
    let mut purchases = vec![
        purchase(1, moment(2026, 1, 30), 48_900, "Кольцо «Аврора» 585, фианит", false),
        purchase(2, moment(2026, 1, 30), 0, "Мешочек бархатный", true),
        purchase(1, moment(2025, 11, 12), 86_994, "Серьги с сапфиром", false),
        purchase(2, moment(2025, 11, 12), -3_200, "Цепь якорная, возврат", false),
    ];
    purchases[3].movement.quantity = Quantity::from_units(-1_000);
    purchases.push(Purchase {
        movement: movement(1, moment(2023, 6, 30), 232_360, MovementKind::OpeningBalance),
        product: None,
        is_packaging: false,
    });
    CustomerDetail {
        comparison: Comparison {
            customer: customer(0),
            window: Window { days: 365, from: Some(moment(2025, 2, 4)) },
            against: Against::ControlTotals,
            compared_at: Some(synced_at()),
            synced_at: Some(synced_at()),
            opening_balance: equal(232_360),
            purchases: equal(132_694),
            purchase_lines: 4,
            total: equal(365_054),
            before_window: Some(Amount::ZERO),
            points: PointsComparison {
                figure,
                rule: PointsRule::LastRecord,
                last_record: figure.stored,
                register_balance: figure.stored,
                register_balance_onec: figure.stored,
            },
            city: Figure { onec: town.clone(), stored: town },
            coverage: Coverage::default(),
            under: Arc::default(),
            differences: Vec::new(),
            verdict: Verdict::Reconciled,
            portal: None,
        }
        .covered(),
        also: None,
        purchases,
        bonus: vec![bonus(moment(2026, 1, 30), 489, 4_806), bonus(moment(2025, 11, 12), 837, 4_317)],
        recorders: vec![
            RecorderSum {
                recorder_type: check(),
                kind: MovementKind::Purchase,
                lines: 4,
                amount: roubles(132_694),
            },
            RecorderSum {
                recorder_type: RecorderType(Arc::from("StandardODATA.Document_ВводНачальныхОстатков")),
                kind: MovementKind::OpeningBalance,
                lines: 1,
                amount: roubles(232_360),
            },
        ],
        months: months(),
        flow: Flow { accrued: points(9_306), spent: points(4_500) },
        burning: vec![
            Burning { date: moment(2026, 11, 12).date(), points: points(837) },
            Burning { date: moment(2027, 1, 30).date(), points: points(489) },
        ],
        others: OtherCards::default(),
        as_of: moment(2026, 2, 4),
    }
}

fn months() -> Vec<MonthSum> {
    let sums = [(2025, 11, 83_794), (2025, 12, 0), (2026, 1, 48_900)];
    sums.map(|(year, month, amount)| MonthSum { year, month, amount: roubles(amount) }).to_vec()
}

/// Fields of the reference customer, as 1C would send them.
pub(crate) fn raw_fields() -> RawFields {
    let field = |name: &str, value: &str| RawField { name: name.to_owned(), value: value.to_owned() };
    RawFields {
        card: vec![field("Code", "000371"), field("КодКартыШтрихкод", "79788451364")],
        owner: vec![field(
            "ОсновныеСведения",
            "Царькова Анна Сергеевна\r\n+7 978 845-13-64\r\nСимферополь, улица Севастопольская, дом 41, квартира 12",
        )],
        requests: vec![
            sent(Set::Cards, About::Rows, "Catalog_X(guid%27a%27)?$format=json", 1),
            sent(Set::Owners, About::Rows, "Catalog_Y(guid%27b%27)?$format=json", 1),
        ],
    }
}

fn sent(set: Set, about: About, path: &str, rows: u64) -> Sent {
    Sent { set: Some(set), about, address: format!("/demo/odata/standard.odata/{path}"), rows }
}

/// What 1C answers to a request, one line and a row of it.
pub(crate) fn raw_answer() -> RawAnswer {
    let text =
        "{\"value\":[\r\n{\"Period\":\"2026-01-30T12:00:00\",\"Сумма\":48900,\"Комментарий\":\"Анна\"}]}";
    RawAnswer { bytes: text.len() as u64, text: text.to_owned(), is_cut: false }
}

/// The last sync of the shop: it brought the opening balances.
/// The documents of a shop whose customers were moved.
pub(crate) fn document_types() -> TypesFound {
    let seen = |name: &str, role, rows, amount| TypeSeen {
        recorder_type: RecorderType(format!("StandardODATA.Document_{name}").into()),
        role,
        rows,
        amount,
        wrote_once: false,
    };
    let types = vec![
        seen("ВводНачальныхОстатков", RecorderRole::OpeningBalance, Some(312), Some(roubles(24_184_345))),
        seen("ОтчётОРозничныхПродажах", RecorderRole::Purchase, Some(48_201), None),
        seen("ЧекККМ", RecorderRole::Ignored, None, None),
    ];
    TypesFound::of(TypesSeen { types, is_complete: true }, &Names::default())
}

pub(crate) fn portal() -> Portal {
    let shift = |before: i64, after: i64| Shift {
        before: Some(roubles(before)),
        after: Some(roubles(after)),
        onec: Some(roubles(after)),
    };
    let shifts = |times: i64| Shifts {
        opening_balance: shift(0, 232_360 * times),
        purchases: shift(132_694 * times, 132_694 * times),
        total: shift(132_694 * times, 365_054 * times),
        points: Shift { before: Some(points(4_317)), after: Some(points(4_806)), onec: None },
        earlier: Some(Amount::ZERO),
    };
    Portal {
        before_at: Some(synced_at() - TimeDelta::days(1)),
        after_at: synced_at(),
        cards: (Some(310), 312),
        without_sums: 0,
        base: shifts(100),
        customer: Some((customer(0), shifts(1))),
    }
}

/// What a live check of a card finds: what the store has, read by two requests.
pub(crate) fn live(card: CardId) -> LiveCheck {
    let mut comparison = detail(card).comparison;
    comparison.against = Against::Live;
    comparison.compared_at = Some(now().with_timezone(&Utc));
    let sales = "AccumulationRegister_%D0%9F%D1%80%D0%BE%D0%B4%D0%B0%D0%B6%D0%B8_RecordType?$format=json";
    let requests = vec![
        sent(Set::Sales, About::Rows, sales, 14),
        sent(Set::Sales, About::Totals, "AccumulationRegister_X/Turnovers", 1),
    ];
    LiveCheck { comparison, requests }
}

fn bonus(at: LocalTime, accrued: i64, to_write_off: i64) -> BonusRow {
    BonusRow {
        card: card(1),
        key: movement(1, at, 0, MovementKind::Purchase).key,
        period: at,
        direction: Direction::Receipt,
        accrued: points(accrued),
        to_write_off: points(to_write_off),
    }
}

/// A sync in the middle of the purchases.
pub(crate) fn progress() -> Progress {
    let stage = |state, done, total, seconds| StageProgress {
        state,
        done,
        total,
        elapsed: Duration::from_secs(seconds),
        ..StageProgress::default()
    };
    let done = |rows, seconds| stage(StageState::Done, rows, Some(rows), seconds);
    let mut progress = Progress {
        stage: Some(Stage::Purchases),
        overall: 73,
        requests: 118,
        bytes: 41_700_000,
        elapsed: Duration::from_secs(43),
        pace: Some(ReadingPace::steady(2_704, Duration::from_secs(43))),
        ..Progress::default()
    };
    progress.stages[Stage::Points as usize].total = Some(41_050);
    progress.stages[Stage::Preparing as usize] = done(6, 1);
    progress.stages[Stage::Cards as usize] = done(624, 4);
    progress.stages[Stage::OpeningBalances as usize] = done(150, 2);
    progress.stages[Stage::Purchases as usize] =
        StageProgress { retries: 2, rejected: 1, ..stage(StageState::Running, 80_112, Some(128_904), 19) };
    progress
}

/// How a request of it is repeated.
pub(crate) fn repeat() -> Repeat {
    Repeat { number: 2, of: 5, wait: Duration::from_secs(4) }
}

/// The same sync while it waits to send a request again.
pub(crate) fn retrying() -> Progress {
    let mut progress = progress();
    progress.stages[Stage::Purchases as usize].state = StageState::Retrying;
    let error = crate::odata::Error::Busy { status: 503, retry_after: None };
    progress.last_repeat =
        Some(Box::new(LastRepeat { repeat: repeat(), at: Duration::from_secs(42), error }));
    progress
}

/// How that sync ended.
pub(crate) fn summary(outcome: Outcome) -> SyncSummary {
    SyncSummary {
        outcome,
        generation: Some(8),
        cards: 312,
        opening_balances: LinesAndAmount { lines: 150, amount: roubles(8_400_000) },
        purchases: LinesAndAmount { lines: 6_640, amount: roubles(31_000_000) },
        points_lines: Some(620),
        created: 41,
        changed: 2,
        removed: 1,
        skipped: 0,
        retries: 2,
        requests: 121,
        bytes: 41_900_000,
        stages: [Duration::from_secs(9); 7],
        elapsed: Duration::from_secs(64),
        variances: 0,
        before_window: 0,
        unverified: 0,
        is_partial: false,
        findings: Vec::new(),
    }
}

/// Notices of that sync.
pub(crate) fn notices() -> Vec<Notice> {
    vec![
        Notice::StageDone(Stage::Cards, 312),
        Notice::StageStarted(Stage::Purchases),
        Notice::Retrying(
            Stage::Purchases,
            repeat(),
            crate::odata::Error::Cut,
            "AccumulationRegister_Продажи".to_owned(),
        ),
        Notice::Rejected {
            set: "AccumulationRegister_X".to_owned(),
            key: "9/1".to_owned(),
            field: "amount".to_owned(),
            fault: RowFault::NotWhole,
        },
    ]
}
