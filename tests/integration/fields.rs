//! Fields of a customer that configurations of 1C may lack or gain: the birthday, and whether the card is invalid.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use sverka::domain::{CardId, Customer, CustomerField};
use sverka::sync::SyncMode;
use sverka_simulator::Books;
use uuid::Uuid;

use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;
use crate::support::office::Office;

/// Customers enough for every kind: told, untold, without an owner, invalid.
const CUSTOMERS: usize = 60;

fn stored(office: &Office) -> Vec<Customer> {
    office.store.snapshot().unwrap().customers().unwrap().collect::<Result<_, _>>().unwrap()
}

fn birthday(customer: &Customer) -> Option<String> {
    customer.get(CustomerField::Birthday).map(|day| day.plain().into_owned())
}

/// What the books say of a card: its owner's birthday, and whether it is invalid.
fn told(books: &Books, card: Uuid) -> (Option<String>, bool) {
    let card = books.card(card).unwrap();
    let born = books.owner(card.owner).map(|owner| owner.born.to_string());
    (born.filter(|born| born != "0001-01-01"), card.invalid)
}

fn assert_told(office: &Office) {
    let books = office.books();
    for customer in stored(office) {
        let as_stored = (birthday(&customer), customer.invalid_card);
        assert_eq!(as_stored, told(&books, customer.card.0), "{}", customer.code);
    }
}

/// The customers without what was asked for under a name that 1C does not have.
fn without_new_fields(office: &Office) -> BTreeMap<CardId, Customer> {
    let bare = |it: Customer| (it.card, Customer { birthday: None, invalid_card: false, ..it });
    stored(office).into_iter().map(bare).collect()
}

#[tokio::test]
async fn birthdays_and_invalid_cards_are_what_1c_has() {
    let office = Office::open(CUSTOMERS, 100, 1);
    office.sync().await;
    assert_told(&office);
    let customers = stored(&office);
    let with = |is_meant: fn(&Customer) -> bool| customers.iter().filter(|it| is_meant(it)).count();
    assert!(with(|it| it.birthday.is_some()) > 10 && with(|it| it.birthday.is_none()) > 10);
    assert!(with(|it| it.invalid_card) > 0 && with(|it| it.invalid_card) < 10);
}

#[tokio::test]
async fn a_field_that_1c_does_not_know_costs_that_field_alone() {
    let office = Office::open(CUSTOMERS, 100, 1);
    office.sync().await;
    let whole = (without_new_fields(&office), office.published(), office.desk.requests());
    for (birthday_name, invalid_name) in [("НетТакого", ""), ("", "НетТакого"), ("НетТакого", "НетИТакого")]
    {
        let mut poorer = Office::open(CUSTOMERS, 100, 1);
        let names = &mut poorer.config.names;
        for (name, place) in
            [(birthday_name, &mut names.owner_birthday), (invalid_name, &mut names.card_invalid)]
        {
            if !name.is_empty() {
                name.clone_into(place);
            }
        }
        poorer.sync().await;
        assert!((without_new_fields(&poorer), poorer.published()) == (whole.0.clone(), whole.1.clone()));
        assert!(poorer.desk.requests() <= whole.2 + 4, "{} for {}", poorer.desk.requests(), whole.2);
        for customer in stored(&poorer) {
            let (born, invalid) = told(&poorer.books(), customer.card.0);
            let born = born.filter(|_| birthday_name.is_empty());
            let invalid = invalid && invalid_name.is_empty();
            assert_eq!((birthday(&customer), customer.invalid_card), (born, invalid));
        }
    }
}

/// An owner that did not change is not read by a delta: what was read without a field is no basis of one.
#[tokio::test]
async fn a_delta_over_what_was_read_without_a_field_reads_everything_once() {
    let mut office = Office::open(CUSTOMERS, 100, 1);
    office.config.names.owner_birthday = "НетТакого".into();
    office.sync().await;
    assert!(stored(&office).iter().all(|customer| customer.birthday.is_none()));
    office.config.names.owner_birthday = "ДатаРождения".into();
    assert!(office.sync_as(SyncMode::Delta).await.delta.is_none(), "everything is read");
    assert_told(&office);
    assert!(office.sync_as(SyncMode::Delta).await.delta.is_some(), "once");
    assert_told(&office);
}

#[tokio::test]
async fn a_birthday_and_a_card_that_change_are_in_the_next_delta() {
    let office = Office::open(CUSTOMERS, 100, 1);
    office.sync().await;
    let books = office.books();
    let card =
        stored(&office).into_iter().find(|it| it.birthday.is_some() && !it.invalid_card).unwrap().card.0;
    let owner = books.card(card).unwrap().owner;
    office.change(|books| {
        assert!(books.change_owner(owner, |owner| owner.born = "1999-12-31".parse().unwrap()));
        assert!(books.change_card(card, |card| card.invalid = true));
    });
    assert!(office.sync_as(SyncMode::Delta).await.delta.is_some());
    assert_told(&office);
    assert_eq!(told(&office.books(), card), (Some("1999-12-31".into()), true));
    office.change(|books| {
        assert!(books.change_owner(owner, |owner| owner.born = "0001-01-01".parse().unwrap()));
        assert!(books.change_card(card, |card| card.invalid = false));
    });
    assert!(office.sync_as(SyncMode::Delta).await.delta.is_some());
    assert_told(&office);
    assert_eq!(told(&office.books(), card), (None, false));
}

#[test]
fn birthday_and_invalid_card_leave_by_every_way_out() {
    let machine = Machine::with_customers(CUSTOMERS);
    machine.run(["sync"]).ends_with(0);
    let found = machine.run(["search", "", "--limit", "100", "--json"]).ends_with(0).json();
    let cards = found["cards"].as_array().unwrap();
    for card in cards {
        let key = card["key"].as_str().unwrap().parse().unwrap();
        let (born, invalid) = machine.onec(|onec| told(onec.books(), key));
        assert_eq!((&card["birthday"], &card["invalid_card"]), (&json!(born), &json!(invalid)));
        assert!(card["marked_for_deletion"].is_boolean());
    }
    let invalid = cards.iter().find(|card| card["invalid_card"] == true).unwrap();
    let reference = cards.iter().find(|card| card["phone"] == REFERENCE_PHONE).unwrap();
    let born = reference["birthday"].as_str().unwrap();
    let [year, month, day] = born.split('-').collect::<Vec<_>>()[..] else { panic!("{born}") };

    let text = machine.run(["check", "--phone", REFERENCE_PHONE]).ends_with(0).stdout;
    assert!(text.contains(&format!("День рождения  {day}.{month}.{year}")), "{text}");
    let english = machine.sverka(["check", "--phone", REFERENCE_PHONE]).in_english().run().stdout;
    assert!(english.contains("Birthday") && english.contains(born), "{english}");
    let code = invalid["code"].as_str().unwrap();
    machine.run(["search", code]).prints("(карта недействительна)");

    let csv = machine.run(["reconcile", "--format", "csv"]).stdout;
    let mut lines = csv.lines();
    let heading = lines.next().unwrap();
    let begins = "verdict,key,code,phone,name,city,email,birthday,marked_for_deletion,invalid_card,against,";
    assert!(heading.contains(begins), "{heading}");
    let of = |card: &Value| lines.clone().find(|line| line.contains(card["key"].as_str().unwrap())).unwrap();
    assert!(of(reference).contains(&format!(",{born},false,false,")), "{}", of(reference));
    assert!(of(invalid).contains(",false,true,"), "{}", of(invalid));
}

#[test]
fn a_store_without_these_fields_has_them_after_the_next_delta() {
    let machine = Machine::with_customers(5);
    fs::create_dir_all(machine.store().parent().unwrap()).unwrap();
    fs::write(machine.store(), include_bytes!("../stores/version-3.redb")).unwrap();
    let born = || {
        let cards = machine.run(["search", REFERENCE_PHONE, "--json"]).ends_with(0).json();
        assert_eq!(cards["cards"][0]["name"], "Царькова Марина Викторовна");
        cards["cards"][0]["birthday"].clone()
    };
    assert_eq!(born(), Value::Null);
    machine.run(["sync", "--delta"]).ends_with(0);
    let key = machine.run(["search", REFERENCE_PHONE, "--json"]).json()["cards"][0]["key"].clone();
    let (expected, _) = machine.onec(|onec| told(onec.books(), key.as_str().unwrap().parse().unwrap()));
    assert_eq!(born(), json!(expected.unwrap()));
}
