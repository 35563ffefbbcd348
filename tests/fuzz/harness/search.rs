//! What is typed, against what 1C calls its customers.

use crate::domain::{CardId, City, CitySource, Customer};
use crate::search::fold::fold;
use crate::search::query::matches;
use crate::search::{Index, Query, SearchEntry};
use uuid::Uuid;

/// The longest query that is looked at, in characters.
const LONGEST: usize = 256;

/// The first line is the query, every other one a customer: fields between bars.
pub fn search(data: &[u8]) {
    let text = super::text(data);
    let (query, shop) = text.split_once('\n').unwrap_or((&text, ""));
    for line in text.lines() {
        assert_eq!(fold(&fold(line)), fold(line), "folding twice changes more");
    }
    let asked = Query::new(query);
    for line in shop.lines() {
        marked(line, &asked);
    }
    let people: Vec<[&str; 6]> = shop.lines().take(32).map(fields).collect();
    answered(query, &asked, &people);
}

fn fields(line: &str) -> [&str; 6] {
    let mut parts = line.split('|');
    [(); 6].map(|()| parts.next().unwrap_or_default())
}

/// What is marked lies on the bounds of characters, in order, apart.
fn marked(text: &str, query: &Query) {
    let ranges = matches(text, query);
    for range in &ranges {
        assert!(range.start < range.end, "nothing is marked");
        assert!(text.get(range.clone()).is_some(), "a mark cuts a character");
    }
    assert!(ranges.windows(2).all(|pair| pair[0].end < pair[1].start), "marks overlap");
    assert!(!query.is_empty() || ranges.is_empty(), "nothing asked marks something");
}

fn customer([phone, name, email, city, code, barcode]: [&str; 6], number: u128) -> Customer {
    Customer {
        card: CardId(Uuid::from_u128(number)),
        phone: Some(phone.into()),
        name: name.into(),
        email: Some(email.into()),
        city: Some(City { name: city.into(), source: CitySource::ContactInfo }),
        code: code.into(),
        barcode: barcode.into(),
        marked_for_deletion: number.is_multiple_of(5),
        ..Customer::default()
    }
}

/// The index finds nobody twice, nobody it does not hold, and says how many there are.
fn answered(query: &str, asked: &Query, people: &[[&str; 6]]) {
    let customers: Vec<Customer> =
        people.iter().zip(1..).map(|(texts, number)| customer(*texts, number)).collect();
    let index = Index::build(customers.iter().map(SearchEntry::from));
    let all = index.search(query, people.len());
    assert_eq!(all.hits.len(), all.total, "some are counted and not shown");
    let mut cards: Vec<_> = all.hits.iter().map(|hit| hit.card).collect();
    let few = index.search(query, 3);
    assert_eq!(
        (few.total, &few.hits[..]),
        (all.total, &all.hits[..few.hits.len()]),
        "a limit changes the order"
    );
    cards.sort_unstable();
    cards.dedup();
    assert_eq!(cards.len(), all.total, "somebody is found twice");
    if asked.is_empty() {
        assert_eq!(all.total, people.len(), "nobody asked for is everybody");
    }
    if let Some(reading) = &all.read_as {
        assert!(reading.text.chars().count() <= LONGEST, "a reading longer than the query that is looked at");
        assert_eq!(
            index.search(&reading.text, people.len()).total,
            all.total,
            "a reading finds others than itself"
        );
    } else if !asked.is_empty() {
        literally(query, people, &cards);
    }
}

/// A query of one word without a phone's characters finds whose fields hold it, and nobody else.
fn literally(query: &str, people: &[[&str; 6]], found: &[CardId]) {
    let mut words = query.split_whitespace();
    let (Some(word), None) = (words.next(), words.next()) else { return };
    if word.chars().count() > LONGEST || word.contains(|c: char| c.is_ascii_digit()) {
        return;
    }
    let word = fold(word);
    let holds = |person: &&[&str; 6]| {
        // A phone is digits only: it is not folded.
        person
            .iter()
            .enumerate()
            .any(|(at, field)| if at == 0 { field.contains(&word) } else { fold(field).contains(&word) })
    };
    assert_eq!(people.iter().filter(holds).count(), found.len(), "not those are found who have the word");
}
