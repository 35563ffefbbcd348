//! Settings that do not fit the base, through the real binary: what a setting decides on both sides proves nothing, and
//! whoever asks is told.

use std::thread;

use crate::books::{Books, OPENING, TRANSFER, card_key, period, recorder_type, who};
use crate::case::{Points, hundredths};
use crate::http::Reply;
use crate::onec::Rule;
use crate::outside::{Machine, Run};
use crate::refusal::Refusal;
use crate::value::{Record, Value};
use crate::ways::{
    BY_TYPE, EVERYTHING, SALE_ROWS, SERVICES, TURNOVERS, alters, knows_only, lies, refuses, sends,
};

/// What everybody relies on: exit codes of the commands, in the order they are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Codes {
    doctor: i32,
    sync: i32,
    strict: i32,
    check: i32,
    reconcile: i32,
}

const WELL: Codes = Codes { doctor: 0, sync: 0, strict: 0, check: 0, reconcile: 0 };
/// The settings name what is not there: the sync says so, and whoever asks for a verdict is told.
const FOUND_OUT: Codes = Codes { doctor: 0, sync: 0, strict: 1, check: 1, reconcile: 1 };
/// The same where a name is borne by no document: doctor fails it before anything is synced.
const UNBORNE: Codes = Codes { doctor: 1, ..FOUND_OUT };
/// The settings do not lead to what a sync needs.
const NO_SYNC: Codes = Codes { doctor: 1, sync: 3, strict: 1, check: 3, reconcile: 4 };

/// Settings beside a base.
struct Setting {
    name: String,
    settings: String,
    books: fn(&mut Books),
    rules: fn() -> Vec<Rule>,
    codes: Codes,
    /// Words the sync says.
    says: &'static [&'static str],
    /// Whether a type of documents stands for opening balances.
    is_opening: fn(&str) -> bool,
    /// Whether a type of documents is left out.
    is_ignored: fn(&str) -> bool,
    points: Points,
}

impl Setting {
    fn new(name: &str, settings: &str, codes: Codes) -> Self {
        Self {
            name: name.to_owned(),
            settings: settings.to_owned(),
            books: |_| (),
            rules: Vec::new,
            codes,
            says: &[],
            is_opening: |kind| kind == OPENING,
            is_ignored: |_| false,
            points: Points::Known,
        }
    }
}

/// Names for opening balances that no document of the base bears: in other letter case, misspelt, of another
/// configuration, in another alphabet, with a space.
const WRONG_OPENINGS: [&str; 7] = [
    "[\"вводначальныхостатков\"]",
    "[\"ВводНачальныхОстатко_\"]",
    "[\"КорректировкаРегистров\", \"ПереносДанных\"]",
    "[\"VvodNachalnykhOstatkov\"]",
    "[\"BводНачальныхОстатков\"]",
    "[\"StandardODATA.Document_ВводОстатков\"]",
    "[\" ВводНачальныхОстатков\"]",
];

fn wrong_openings() -> Vec<Setting> {
    let wrong = |names: &str, more: &str| Setting {
        says: &["ВводНачальныхОстатков"],
        ..Setting::new(
            &format!("opening balances called {names} {more}"),
            &format!("[onec.names]\nopening_balance = {names}\n{more}"),
            UNBORNE,
        )
    };
    let all_history = [0, 5].map(|at| wrong(WRONG_OPENINGS[at], "[sync]\ndays = 0"));
    WRONG_OPENINGS.into_iter().map(|names| wrong(names, "")).chain(all_history).collect()
}

fn right_openings() -> Vec<Setting> {
    let named = |name: &str, names: &str, codes: Codes| {
        Setting::new(name, &format!("[onec.names]\nopening_balance = {names}"), codes)
    };
    vec![
        Setting::new("the settings fit", "", WELL),
        named("by their full name", "[\"StandardODATA.Document_ВводНачальныхОстатков\"]", WELL),
        named("by a part of their name", "[\"НачальныхОстатков\"]", WELL),
        Setting {
            books: some_transferred,
            is_opening: |kind| kind == OPENING || kind == TRANSFER,
            ..named("two kinds, both named", "[\"ВводНачальныхОстатков\", \"ПереносДанных\"]", WELL)
        },
        Setting {
            books: some_transferred,
            says: &["ПереносДанных"],
            ..Setting::new("two kinds, one named", "", FOUND_OUT)
        },
        Setting {
            rules: || vec![alters(SALE_ROWS, |it| it.each(|row| row.remove("Recorder_Type")))],
            ..Setting::new("rows without the type of their document", "", FOUND_OUT)
        },
        Setting {
            rules: || vec![refuses(BY_TYPE, Refusal::Code(400, Some(14)))],
            ..Setting::new("filters by type refused", "", WELL)
        },
        Setting {
            rules: || vec![knows_only(BY_TYPE, |_| false)],
            ..Setting::new("filters by type find nothing", "", WELL)
        },
    ]
}

/// Some opening balances were carried over by documents of another kind.
fn some_transferred(books: &mut Books) {
    let is_meant = |row: &&mut Record| {
        recorder_type(row) == OPENING && row.key("ДисконтнаяКарта_Key") >= card_key(who::GLEB)
    };
    let meant = books.sales.iter_mut().filter(is_meant);
    meant.for_each(|row| row.set("Recorder_Type", Value::Text(TRANSFER.into())));
}

fn ignored_recorders() -> Vec<Setting> {
    vec![
        Setting {
            is_ignored: |kind| kind.ends_with("ЧекККМ"),
            // Receipts write points as well: they are what 1C has, or nobody knows.
            points: Points::Safe,
            ..Setting::new("receipts left out", "[onec.names]\nignored_recorders = [\"ЧекККМ\"]", WELL)
        },
        Setting {
            is_ignored: |kind| kind.ends_with("ОтчетОРозничныхПродажах"),
            ..Setting::new(
                "reports left out",
                "[onec.names]\nignored_recorders = [\"Document_ОтчетОРозничныхПродажах\"]",
                WELL,
            )
        },
        Setting {
            is_ignored: |kind| kind.ends_with("ОтчетОРозничныхПродажах"),
            ..Setting::new(
                "reports left out, of all history",
                "[onec.names]\nignored_recorders = [\"ОтчетОРозничныхПродажах\"]\n[sync]\ndays = 0",
                WELL,
            )
        },
        Setting {
            is_ignored: |kind| kind.ends_with("ОтчетОРозничныхПродажах"),
            // In the window: what sums lack before it may be older returns, and is told as such.
            rules: || vec![lies(TURNOVERS, |books| books.sell_lately(who::MARINA, 1))],
            ..Setting::new(
                "reports left out, and sums that lie",
                "[onec.names]\nignored_recorders = [\"ОтчетОРозничныхПродажах\"]",
                // The customer checked is not lied about.
                Codes { strict: 1, reconcile: 1, ..WELL },
            )
        },
    ]
}

/// A setting that names a field there is none of is for somebody to mend, for as long as it stands.
const TOLD: Codes = Codes { strict: 1, ..WELL };

fn names() -> Vec<Setting> {
    let unknown_points =
        |name, settings| Setting { points: Points::Unknown, ..Setting::new(name, settings, WELL) };
    vec![
        Setting {
            // That nobody's points are known any more is for somebody to attend to.
            codes: Codes { strict: 1, ..WELL },
            ..unknown_points("points kept by partner", "[onec.names]\npoints_card = \"Партнер_Key\"")
        },
        Setting {
            codes: TOLD,
            ..unknown_points(
                "a register of points that is not there",
                "[onec.names]\npoints = \"AccumulationRegister_Баллы\"",
            )
        },
        Setting::new(
            "a catalog of products that is not there",
            "[onec.names]\nproducts = \"Catalog_Товары\"",
            TOLD,
        ),
        Setting::new("an article that is not there", "[onec.names]\nproduct_article = \"Артикль\"", TOLD),
        Setting::new("a full name that is not there", "[onec.names]\nowner_full_name = \"ПолноеИмя\"", TOLD),
        Setting::new("contacts that are not there", "[onec.names]\nowner_contacts = \"Контакты\"", TOLD),
        Setting::new("a quantity that is not there", "[onec.names]\nsales_quantity = \"Штук\"", TOLD),
        Setting::new(
            "a product of sales that is not there",
            "[onec.names]\nsales_product = \"Товар_Key\"",
            TOLD,
        ),
        Setting::new(
            "a catalog of cards that is not there",
            "[onec.names]\ncards = \"Catalog_Карты\"",
            NO_SYNC,
        ),
        Setting::new(
            "a catalog of owners that is not there",
            "[onec.names]\nowners = \"Catalog_Партнеры\"",
            NO_SYNC,
        ),
        Setting::new(
            "a register of sales that is not there",
            "[onec.names]\nsales = \"AccumulationRegister_Продажи\"",
            NO_SYNC,
        ),
        Setting::new("an amount that is not there", "[onec.names]\nsales_amount = \"Суммма\"", NO_SYNC),
        Setting::new(
            "a card of sales that is not there",
            "[onec.names]\nsales_card = \"Карта_Key\"",
            NO_SYNC,
        ),
        Setting {
            rules: || vec![refuses(SERVICES, Refusal::Page(404))],
            ..Setting::new("no list of what is published", "", WELL)
        },
    ]
}

/// What lies before the window is another matter: it calls for attention by itself.
pub(super) fn without_what_is_before_the_window(books: &mut Books) {
    let from = books.window_from();
    books.sales.retain(|row| recorder_type(row) == OPENING || period(row) >= from);
}

/// What is wrong with how it came out.
fn complaints(setting: &Setting) -> Vec<String> {
    let machine = Machine::new(without_what_is_before_the_window, &setting.settings);
    machine.onec.change(setting.books);
    machine.onec.set_rules((setting.rules)());
    let card = format!("{:09}", who::GLEB);
    let [doctor, sync, strict, check, reconcile] =
        [&["doctor"][..], &["sync"], &["status", "--strict"], &["check", "--card", &card], &["reconcile"]]
            .map(|arguments| machine.run(arguments));
    let codes = [&doctor, &sync, &strict, &check, &reconcile].map(|run: &Run| run.code.unwrap_or(-1));
    let Codes { doctor, sync: synced, strict, check, reconcile } = setting.codes;
    let mut complaints = Vec::new();
    for ((command, code), must) in ["doctor", "sync", "status --strict", "check", "reconcile"]
        .into_iter()
        .zip(codes)
        .zip([doctor, synced, strict, check, reconcile])
    {
        if code != must {
            complaints.push(format!("{command} ends with {code} and not {must}"));
        }
    }
    let unsaid = setting.says.iter().filter(|words| !sync.said().contains(**words));
    complaints.extend(unsaid.map(|words| format!("the sync does not say {words}")));
    for number in [who::MARINA, who::VERA, who::GLEB] {
        complaints.extend(ticks(setting, &machine, number));
    }
    if !complaints.is_empty() && std::env::var_os("SVERKA_HOSTILE_TRACE").is_some() {
        complaints.push(machine.run(&["check", "--json", "--offline", "--card", &card]).said());
        complaints.push(machine.run(&["check", "--json", "--card", &card]).said());
        complaints.push(machine.run(&["status", "--json", "--strict"]).said());
        complaints.push(machine.onec.last_asked(60).join("\n"));
    }
    complaints
}

/// Wrong figures with a tick, in what `check` says of a customer.
fn ticks(setting: &Setting, machine: &Machine, number: u32) -> Vec<String> {
    let card = format!("{number:09}");
    let mut complaints = Vec::new();
    for arguments in
        [&["check", "--json", "--card", &card][..], &["check", "--json", "--offline", "--card", &card]]
    {
        let shown = machine.run(arguments).json();
        let Some(shown) = shown.get(0) else { continue };
        let mut books = machine.onec.books();
        books.sales.retain(|row| !(setting.is_ignored)(recorder_type(row)));
        let from = shown["window"]["from"].as_str().and_then(|text| text.parse().ok());
        let truth = books.figures(number, from.unwrap_or(chrono::NaiveDateTime::MIN), setting.is_opening);
        let side = if arguments.contains(&"--offline") { "offline" } else { "live" };
        for (figure, right) in
            [("opening_balance", truth.opening), ("purchases", truth.purchases), ("total", truth.total)]
        {
            let (onec, stored) = (hundredths(&shown[figure]["onec"]), hundredths(&shown[figure]["stored"]));
            if onec.is_some() && onec == stored && stored != Some(right) {
                complaints
                    .push(format!("card {number} {side}: ✓ at {figure} of {stored:?} where 1C has {right}"));
            }
        }
        let points = hundredths(&shown["points"]["stored"]);
        let is_right = match setting.points {
            Points::Known => points == Some(truth.points),
            Points::Unknown => points.is_none(),
            Points::Safe => points.is_none_or(|points| points == truth.points),
        };
        if setting.codes.sync == 0 && !is_right {
            complaints
                .push(format!("card {number} {side}: points are {points:?} where 1C has {}", truth.points));
        }
    }
    complaints
}

/// Runs all settings, two at a time.
fn all_come_out(settings: &[Setting]) {
    let half = settings.len() / 2;
    let (one, other) = settings.split_at(half);
    let wanted = std::env::var("SVERKA_HOSTILE_CASE").unwrap_or_default();
    let lived = |settings: &[Setting]| -> Vec<String> {
        let settings = settings.iter().filter(|setting| setting.name.contains(&wanted));
        let lived = settings.map(|setting| (&setting.name, complaints(setting)));
        lived
            .filter(|(_, complaints)| !complaints.is_empty())
            .map(|(name, complaints)| format!("{name}:\n    {}", complaints.join("\n    ")))
            .collect()
    };
    let failed = thread::scope(|scope| {
        let one = scope.spawn(|| lived(one));
        let other = lived(other);
        [one.join().unwrap(), other].concat()
    });
    assert!(
        failed.is_empty(),
        "{} of {} came out otherwise:\n{}",
        failed.len(),
        settings.len(),
        failed.join("\n")
    );
}

#[test]
fn names_of_opening_balances_that_fit_nothing_are_found_out() {
    all_come_out(&wrong_openings());
}

#[test]
fn names_of_opening_balances_that_fit_are_held_against_the_documents_there_are() {
    all_come_out(&right_openings());
}

#[test]
fn documents_that_are_left_out_are_left_out_of_both_sides() {
    all_come_out(&ignored_recorders());
}

#[test]
fn names_that_are_not_there_cost_what_they_name() {
    all_come_out(&names());
}

/// Pages of web servers as they come in Russia: their words arrive as words.
#[test]
fn pages_in_windows_1251_are_read() {
    let page = |kind: &'static str, head: &'static str| {
        sends(EVERYTHING, move |_, _| {
            let title = b"\xCE\xF8\xE8\xE1\xEA\xE0"; // «Ошибка»
            let body =
                [head.as_bytes(), b"<title>", title, b"</title></head><body>", title, b"</body></html>"]
                    .concat();
            Reply { body, ..Reply::new(500, kind, "") }
        })
    };
    let cases = [
        ("by its header", page("text/html; charset=windows-1251", "<html><head>")),
        ("by its own word", page("text/html", "<html><head><meta charset=\"windows-1251\">")),
        ("by its bytes", page("text/html", "<html><head>")),
    ];
    for (name, rule) in cases {
        let machine = Machine::new(|_| (), "");
        machine.onec.set_rules(vec![rule]);
        let run = machine.run(&["sync"]);
        assert_eq!(run.code, Some(3), "{name}: {}", run.said());
        assert!(!run.said().contains('\u{fffd}'), "{name}: {}", run.said());
        assert!(run.said().contains("Ошибка"), "{name}: {}", run.said());
    }
}
