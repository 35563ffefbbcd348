use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::super::books::{Figures, Posted};
use super::*;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

/// The shop, the first moment of the window, and noon of the day.
fn shop(customers: usize, seed: u64, today: NaiveDate) -> (Books, NaiveDateTime, NaiveDateTime) {
    let from = today.checked_sub_days(Days::new(365)).expect("a date").and_time(NaiveTime::MIN);
    (Scenario::new(customers, seed, today).books(), from, today.and_hms_opt(12, 0, 0).expect("noon"))
}

fn figures(trap: Trap) -> Figures {
    let (books, from, now) = shop(60, 7, date(2026, 2, 4));
    books.figures(books.trap(trap).expect("the trap"), from, now)
}

fn sales_of(books: &Books, card: Uuid) -> Vec<Posted<SaleLine>> {
    books.sales().filter(|posted| posted.row.card == card).collect()
}

#[test]
fn the_reference_customer_has_her_figures_on_any_day() {
    let days = [date(2026, 2, 4), date(2024, 2, 29), date(2025, 3, 1), date(2024, 12, 31), date(2027, 7, 1)];
    let sizes = [(1, 1), (2, 9), (60, 7)];
    for today in days {
        for (customers, seed) in sizes {
            let (books, from, now) = shop(customers, seed, today);
            let expected = Figures {
                opening: 23_236_000,
                purchases_in_window: 13_269_400,
                before_window: 0,
                purchase_lines: 14,
                points_last_record: 480_600,
                points_balance: 480_600,
            };
            assert_eq!(
                books.figures(books.reference(), from, now),
                expected,
                "{today}, {customers} customers"
            );
        }
    }
}

#[test]
fn the_reference_customer_is_who_she_is() {
    let (books, _, _) = shop(1, 3, date(2026, 2, 4));
    let card = books.card(books.reference()).expect("her card");
    assert_eq!(card.phone, "79788451364");
    let owner = books.owner(card.owner).expect("herself");
    assert!(owner.name.starts_with("Царькова "));
    assert_eq!(owner.main_details.lines().nth(2), Some("Симферополь"));
    let opening =
        sales_of(&books, card.key).into_iter().find(|row| row.kind == DocumentKind::OpeningBalances);
    assert_eq!(opening.map(|posted| posted.row.period.date()), Some(date(2023, 6, 30)));
}

#[test]
fn the_same_seed_makes_the_same_shop() {
    let today = date(2026, 2, 4);
    let rows = |seed| shop(50, seed, today).0.sales().collect::<Vec<_>>();
    assert_eq!(rows(1), rows(1));
    assert_ne!(rows(1), rows(2));
}

#[test]
fn a_shop_has_the_size_asked_for() {
    for (customers, lines) in [(40, 400), (100, 1_000), (100, 3_000), (200, 500)] {
        let counts = Scenario::new(customers, 1, date(2026, 2, 4)).with_lines(lines).books().counts();
        assert_eq!((counts.cards, counts.sales), (customers, lines));
    }
}

#[test]
fn phones_and_codes_are_unique_but_for_the_trap() {
    let (books, _, _) = shop(5_000, 1, date(2026, 2, 4));
    let cards = books.card_list();
    let phones: BTreeSet<&str> = cards.iter().map(|card| card.phone.as_str()).collect();
    let codes: BTreeSet<&str> = cards.iter().map(|card| card.code.as_str()).collect();
    assert_eq!((codes.len(), phones.len()), (5_000, 4_999));
}

#[test]
fn about_half_of_the_cards_have_an_opening_balance_and_many_share_a_second() {
    let (books, _, _) = shop(2_000, 1, date(2026, 2, 4));
    let openings: Vec<_> = books.sales().filter(|row| row.kind == DocumentKind::OpeningBalances).collect();
    assert!((800..1_200).contains(&openings.len()), "{}", openings.len());
    let first = &openings[0];
    assert!(openings.iter().filter(|row| row.row.period == first.row.period).count() > 100);
    let document = books.document(first.recorder).expect("its document");
    assert!(document.date - first.row.period > TimeDelta::days(365));
}

#[test]
fn a_shop_holds_what_shops_hold() {
    let (books, _, now) = shop(2_000, 1, date(2026, 2, 4));
    let sales: Vec<_> = books.sales().collect();
    let share = |holds: &dyn Fn(&Posted<SaleLine>) -> bool| {
        sales.iter().filter(|row| holds(row)).count() * 100 / sales.len()
    };
    assert!((1..5).contains(&share(&|row| row.row.amount < 0)), "returns");
    assert!((8..20).contains(&share(&|row| row.row.amount > 0 && row.row.amount < 5_000)), "packaging");
    assert!(share(&|row| row.row.amount % 100 != 0) > 5, "odd kopecks");
    assert!(share(&|row| row.kind == DocumentKind::Receipt) > 10, "receipts");
    assert!(share(&|row| row.kind == DocumentKind::RetailReport) > 30, "reports");
    let bonuses: Vec<_> = books.bonuses().collect();
    assert!((15..35).contains(&(bonuses.len() * 100 / sales.len())), "bonus rows");
    assert!(bonuses.iter().any(|row| row.row.period > now), "scheduled burns");
    assert!(bonuses.iter().any(|row| row.row.movement == Movement::Expense), "expenses");
    assert!(sales.iter().all(|row| row.row.period <= now));
}

#[test]
fn every_trap_is_set_where_there_are_forty_customers() {
    let (books, _, _) = shop(40, 1, date(2026, 2, 4));
    let cards: BTreeSet<Uuid> = Trap::ALL.iter().filter_map(|trap| books.trap(*trap)).collect();
    assert_eq!(cards.len(), Trap::ALL.len(), "each has a card of its own");
    assert!(!cards.contains(&books.reference()));
    let (few, _, _) = shop(5, 1, date(2026, 2, 4));
    assert_eq!(Trap::ALL.iter().filter(|trap| few.trap(**trap).is_some()).count(), 4);
}

#[test]
fn traps_of_sales_snap() {
    assert_eq!(figures(Trap::EqualLines).purchases_in_window, 199_800);
    assert_eq!(figures(Trap::Return).purchases_in_window, 120_000);
    assert_eq!(
        (figures(Trap::OldPurchase).before_window, figures(Trap::OldPurchase).purchases_in_window),
        (777_700, 33_300)
    );
    assert_eq!(figures(Trap::InactiveRows).purchases_in_window, 150_000);
    assert_eq!(figures(Trap::DoubledSale).purchases_in_window, 760_000);
    assert_eq!(figures(Trap::UnknownCard).purchases_in_window, 1_234_500);
    assert_eq!(figures(Trap::EmptyCard).purchases_in_window, 543_200);
    assert_eq!(figures(Trap::LargeAmount).purchases_in_window, 987_654_321);
    assert_eq!(figures(Trap::TwoOpeningBalances).opening, 749_950);
    assert_eq!(
        (figures(Trap::WindowEdge).before_window, figures(Trap::WindowEdge).purchases_in_window),
        (200_200, 100_100)
    );
}

#[test]
fn traps_of_points_snap() {
    let points = |trap| (figures(trap).points_last_record, figures(trap).points_balance);
    assert_eq!(points(Trap::InactiveRows), (7_500, 7_500));
    assert_eq!(points(Trap::FutureBonus), (11_000, 0));
    assert_eq!(points(Trap::NegativeAccrual), (30_000, 20_000));
    assert_eq!(points(Trap::SpentAsExpense), (6_000, 6_000));
    assert_eq!(points(Trap::SpentAsReceipt), (6_000, 6_000));
}

#[test]
fn traps_of_cards_snap() {
    let (books, _, _) = shop(60, 7, date(2026, 2, 4));
    let card = |trap| books.card(books.trap(trap).expect("the trap")).expect("its card");
    assert!(card(Trap::NoPhone).phone.is_empty());
    assert!(card(Trap::NoOwner).owner.is_nil());
    assert_eq!(card(Trap::SharedPhone).phone, card(Trap::SharedPhoneTwin).phone);
    assert_eq!(card(Trap::SeveralCards).owner, card(Trap::SeveralCardsTwin).owner);
    assert!(card(Trap::DeletedCard).deletion_mark);
    assert!(books.card(books.trap(Trap::UnknownCard).expect("a key")).is_none());
}

#[test]
fn towns_hide_where_they_should() {
    let (books, _, _) = shop(60, 7, date(2026, 2, 4));
    let owner = |trap| {
        let card = books.card(books.trap(trap).expect("the trap")).expect("its card");
        books.owner(card.owner).expect("its owner")
    };
    assert!(owner(Trap::CityAfterCrLf).main_details.contains("\r\n  Ялта "));
    assert!(owner(Trap::CityAfterCr).main_details.ends_with("\rАлушта"));
    assert!(owner(Trap::CityInJsonStreet).address_json.contains("Керчь"));
    assert!(
        owner(Trap::CityInXmlStreet)
            .contacts
            .iter()
            .any(|contact| contact.fields_xml.contains("<Улица>Судак"))
    );
    assert!(owner(Trap::CityInContact).contacts.iter().any(|contact| contact.city == "Саки"));
    let presentation = &owner(Trap::CityInPresentation).contacts;
    assert!(
        presentation
            .iter()
            .any(|contact| contact.city.is_empty() && contact.presentation.contains("Бахчисарай"))
    );
    assert!(owner(Trap::CityNowhere).main_details.is_empty());
}
