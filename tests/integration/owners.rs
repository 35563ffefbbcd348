//! Cards of one owner: whose they are is kept, they are listed together, and what they come to is the sum of all.

use std::fs;

use serde_json::Value;
use sverka::domain::reconcile::CardsTogether;
use sverka::domain::{Amount, CardId, Mark, OwnerId, Points};
use sverka::engine::{Detail, ListFilter, Request, Side, Whom};
use sverka::sync::SyncMode;
use sverka_simulator::Trap;
use uuid::Uuid;

use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;
use crate::support::office::Office;

/// Customers enough for two cards of one owner and a card of nobody.
const CUSTOMERS: usize = 30;

fn trap(office: &Office, trap: Trap) -> CardId {
    CardId(office.books().trap(trap).unwrap())
}

async fn opened(office: &Office, card: CardId) -> Detail {
    office.engine().detail(card).await.unwrap().unwrap()
}

/// The other cards of the owner, as a customer's detail tells them.
async fn others(office: &Office, card: CardId) -> Vec<CardId> {
    let others = opened(office, card).await.others;
    assert_eq!(others.count, others.cards.len());
    let mut cards: Vec<_> = others.cards.iter().map(|other| other.comparison.customer.card).collect();
    cards.sort_unstable();
    cards
}

/// What 1C's books say of cards: the totals of all time, and the points.
fn booked(office: &Office, cards: &[CardId]) -> (Amount, Points) {
    let (books, now) = (office.books(), crate::support::local_now());
    let of = |card: &CardId| books.figures(card.0, now, now);
    let total = cards.iter().map(of).map(|it| it.opening + it.purchases_in_window + it.before_window).sum();
    (
        Amount::from_units(total),
        Points::from_units(cards.iter().map(of).map(|it| it.points_last_record).sum()),
    )
}

#[tokio::test]
async fn cards_of_one_owner_stand_together_and_are_ticked_once_all_are_compared() {
    let office = Office::open(CUSTOMERS, 300, 1);
    office.sync().await;
    let pair = [trap(&office, Trap::SeveralCards), trap(&office, Trap::SeveralCardsTwin)];
    for (card, other) in [(pair[0], pair[1]), (pair[1], pair[0])] {
        assert_eq!(others(&office, card).await, [other]);
    }
    let together = opened(&office, pair[0]).await.together().unwrap();
    let (total, points) = booked(&office, &pair);
    assert_eq!((together.cards, together.total, together.points), (2, Some(total), Some(points)));
    assert_eq!((together.total_mark, together.points_mark), (Mark::Equal, Mark::Uncompared));

    let engine = office.engine();
    let check = async |card| {
        engine.check(&Whom::Key(card), Side::Live).await.unwrap();
        engine.detail(pair[0]).await.unwrap().unwrap().together().unwrap()
    };
    assert_eq!(check(pair[0]).await.points_mark, Mark::Uncompared, "one of two");
    let expected = CardsTogether { points_mark: Mark::Equal, ..together };
    assert_eq!(check(pair[1]).await, expected);
}

#[tokio::test]
async fn a_list_is_narrowed_to_the_cards_of_an_owner() {
    let office = Office::open(CUSTOMERS, 300, 1);
    office.sync().await;
    let pair = [trap(&office, Trap::SeveralCards), trap(&office, Trap::SeveralCardsTwin)];
    let owner = opened(&office, pair[0]).await.comparison.customer.owner;
    assert_eq!(owner, Some(OwnerId(office.books().card(pair[0].0).unwrap().owner)));
    let list = async |query: &str, owner| {
        let filter = ListFilter { owner, ..ListFilter::default() };
        let request = Request { query: query.to_owned(), filter, ..Request::default() };
        office.engine().list(request).await.unwrap()
    };
    let found = list("", owner).await;
    let mut cards: Vec<_> = found.rows.iter().map(|row| row.customer.card).collect();
    cards.sort_unstable();
    let mut expected = pair.to_vec();
    expected.sort_unstable();
    assert_eq!((cards, found.total, found.matching), (expected, 2, CUSTOMERS));
    assert_eq!(list("царьков", owner).await.total, 0);
    assert_eq!(list("", Some(OwnerId(Uuid::nil()))).await.total, 0, "nobody's cards are no one's");
}

#[tokio::test]
async fn whose_a_card_is_follows_1c_in_the_next_delta() {
    let office = Office::open(CUSTOMERS, 300, 1);
    office.sync().await;
    let pair = [trap(&office, Trap::SeveralCards), trap(&office, Trap::SeveralCardsTwin)];
    let (reference, nobodys) = (CardId(office.books().reference()), trap(&office, Trap::NoOwner));
    assert_eq!(others(&office, reference).await, []);
    assert_eq!(others(&office, nobodys).await, [], "cards without an owner are not one person's");

    // A third card for the same owner, and the first one is nobody's any more.
    let owner = office.books().card(pair[0].0).unwrap().owner;
    office.change(|books| {
        assert!(books.change_card(nobodys.0, |card| card.owner = owner));
        assert!(books.change_card(pair[0].0, |card| card.owner = Uuid::nil()));
    });
    assert!(office.sync_as(SyncMode::Delta).await.delta.is_some());
    assert_eq!(others(&office, nobodys).await, [pair[1]]);
    assert_eq!(others(&office, pair[0]).await, []);
    assert_eq!(opened(&office, pair[0]).await.comparison.customer.owner, None);

    office.change(|books| assert!(books.change_card(pair[0].0, |card| card.owner = owner)));
    assert!(office.sync_as(SyncMode::Delta).await.delta.is_some());
    let mut expected = vec![pair[0], pair[1]];
    expected.sort_unstable();
    assert_eq!(others(&office, nobodys).await, expected);
    assert_eq!(opened(&office, nobodys).await.together().unwrap().cards, 3);
}

/// A shop's catch-all counterparty is nobody whose purchases are added up.
#[tokio::test]
async fn an_owner_of_very_many_cards_is_counted_and_not_added_up() {
    let office = Office::open(60, 300, 1);
    let reference = office.books().reference();
    office.change(|books| {
        let owner = books.card(reference).unwrap().owner;
        let cards: Vec<_> = books.card_list().iter().map(|card| card.key).collect();
        for card in cards {
            assert!(books.change_card(card, |card| card.owner = owner));
        }
    });
    office.sync().await;
    let detail = opened(&office, CardId(reference)).await;
    assert_eq!((detail.others.count, detail.others.cards.len(), detail.together()), (59, 20, None));
}

fn owner_of(machine: &Machine, phone: &str) -> Value {
    machine.run(["search", phone, "--json"]).ends_with(0).json()["cards"][0]["owner"].clone()
}

#[test]
fn an_old_store_opens_and_knows_owners_after_the_next_sync_at_the_latest() {
    // A record of version 2 does not say whose a card is; one of version 3 does.
    let stores: [(&[u8], bool); 2] = [
        (include_bytes!("../stores/version-2.redb"), false),
        (include_bytes!("../stores/version-3.redb"), true),
    ];
    for (store, is_known) in stores {
        let machine = Machine::with_customers(5);
        fs::create_dir_all(machine.store().parent().unwrap()).unwrap();
        fs::write(machine.store(), store).unwrap();
        assert_eq!(owner_of(&machine, REFERENCE_PHONE).is_string(), is_known);
        machine.run(["sync", "--delta"]).ends_with(0);
        let expected = machine.onec(|onec| onec.books().card(onec.books().reference()).unwrap().owner);
        assert_eq!(owner_of(&machine, REFERENCE_PHONE), expected.to_string());
    }
}

#[test]
fn programs_are_told_whose_a_card_is() {
    let machine = Machine::with_customers(CUSTOMERS);
    machine.run(["sync"]).ends_with(0);
    let found = machine.run(["search", "", "--limit", "100", "--json"]).ends_with(0).json();
    for card in found["cards"].as_array().unwrap() {
        let key = card["key"].as_str().unwrap().parse().unwrap();
        let owner = machine.onec(|onec| onec.books().card(key).unwrap().owner);
        let expected = (!owner.is_nil()).then(|| owner.to_string());
        assert_eq!(card["owner"].as_str(), expected.as_deref(), "{card}");
    }
    for side in [&["--offline"][..], &[]] {
        let arguments = [&["check", "--phone", REFERENCE_PHONE, "--json"], side].concat();
        let checked = machine.run(&arguments).json();
        assert_eq!(checked[0]["card"]["owner"], owner_of(&machine, REFERENCE_PHONE), "{side:?}");
    }
}
