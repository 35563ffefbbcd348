use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::*;
use crate::domain::{City, CitySource};
use crate::search::fold::fold;

#[derive(Clone, Debug, Default)]
struct Person {
    phone: String,
    name: String,
    email: String,
    city: String,
    code: String,
    barcode: String,
    deleted: bool,
}

fn person(name: &str, phone: &str, code: &str) -> Person {
    Person { name: name.into(), phone: phone.into(), code: code.into(), ..Person::default() }
}

fn index_of(people: &[Person]) -> Index {
    let customers: Vec<Customer> =
        people.iter().zip(1..).map(|(person, number)| customer(person, number)).collect();
    Index::build(customers.iter().map(SearchEntry::from))
}

fn customer(person: &Person, number: u128) -> Customer {
    let Person { phone, name, email, city, code, barcode, deleted } = person.clone();
    Customer {
        card: CardId(Uuid::from_u128(number)),
        phone: Some(phone),
        name,
        email: Some(email),
        city: Some(City { name: city, source: CitySource::ContactInfo }),
        code,
        barcode,
        marked_for_deletion: deleted,
        ..Customer::default()
    }
}

/// Numbers of the people found, from 1, in order.
fn found(index: &Index, query: &str) -> Vec<u128> {
    index.search(query, 50).hits.iter().map(|hit| hit.card.0.as_u128()).collect()
}

fn shop() -> Vec<Person> {
    vec![
        Person {
            email: "Tsarkova@mail.ru".into(),
            city: "Симферополь".into(),
            barcode: "79788451364".into(),
            ..person("Царькова Анна", "79788451364", "000000042")
        },
        Person { city: "Ялта".into(), ..person("Королёв Пётр", "89781112233", "000000043") },
        person("Анна Царь", "9785556677", "A-17"),
        Person { deleted: true, ..person("Аакова Анна", "79780000000", "000000044") },
        person("", "", "42"),
    ]
}

#[test]
fn what_was_typed_finds_who_was_meant() {
    let index = index_of(&shop());
    for (case, query, expected) in [
        ("everybody by name, the nameless behind, the deleted last", "", &[3, 2, 1, 5, 4][..]),
        ("spaces are no query", "   ", &[3, 2, 1, 5, 4]),
        ("case", "ЦАРЬКОВА", &[1]),
        ("yo", "королев петр", &[2]),
        ("beginning of a field before beginning of a word", "царь", &[1, 3]),
        ("words in any order and field", "симф анна", &[1]),
        ("all words must match", "анна ялта", &[]),
        ("the deleted are last, however well they match", "анна", &[3, 1, 4]),
        ("e-mail", "tsarkova@", &[1]),
        ("phone as typed with 8", "8978845", &[1]),
        ("phone as typed with +7 and punctuation", "+7 (978) 845-13-64", &[1]),
        ("a phone stored with 8", "+7978111", &[2]),
        ("a phone stored without a country code", "8 978 555", &[3]),
        ("middle of a phone", "5513", &[]),
        ("middle of a phone that is there", "4513", &[1]),
        ("exact code first", "42", &[5, 1]),
        ("exact code in letters", "a-17", &[3]),
        ("a word of digits among others", "анна 8978845", &[1]),
        ("regex characters are plain", ".*", &[]),
    ] {
        assert_eq!(found(&index, query), expected, "{case}");
    }
}

fn read_as(hits: &Hits) -> Option<&str> {
    hits.read_as.as_ref().map(|reading| reading.text.as_str())
}

#[test]
fn whoever_is_misspelled_is_proposed_and_said_to_be_a_guess() {
    let index = index_of(&shop());
    for (query, by, text) in [
        ("Korolyov", ReadBy::Letters, "королев"),
        ("цорькова", ReadBy::Typo, "царькова"),
        ("анна цорькова", ReadBy::Typo, "анна царькова"),
    ] {
        let reading = index.search(query, 50).read_as;
        assert_eq!(reading, Some(Reading { text: text.to_owned(), by }), "{query}");
    }
    for query in ["цорьковы", "83", "9788451365", "йцукен"] {
        assert_eq!((index.search(query, 50).total, index.search(query, 50).read_as), (0, None), "{query}");
    }
}

#[test]
fn the_wrong_layout_is_tried_where_nothing_is_found_and_told() {
    let index = index_of(&shop());
    let hits = index.search("wfhmrjd", 50);
    assert_eq!((hits.total, read_as(&hits)), (1, Some("царьков")));
    assert_eq!(index.search("ефклщмф", 50).read_as, None);
    assert_eq!(read_as(&index.search("еыфклщмф", 50)), Some("tsarkova"));
    assert_eq!(index.search("tsarkova", 50).read_as, None);
}

#[test]
fn hits_tell_the_fields_that_matched() {
    let index = index_of(&shop());
    let matched = |query: &str| index.search(query, 1).hits[0].matched.clone();
    assert_eq!(matched("царькова симф"), [CustomerField::Name, CustomerField::City]);
    assert_eq!(matched("79788451364"), [CustomerField::Phone, CustomerField::Barcode]);
    assert_eq!(matched("8978845"), [CustomerField::Phone]);
    assert_eq!(matched(""), []);
}

/// Whoever types a name, a number, a card means a person, not all who live in a town of that name.
#[test]
fn a_match_in_the_name_comes_before_one_in_the_town() {
    let of_town = |name: &str, city: &str| Person { city: city.into(), ..person(name, "", "") };
    let mail = Person { email: "kerch@mail.ru".into(), ..person("Абрамова Ева", "", "") };
    let people = [
        of_town("Абрамова Анна", "Керчь"),
        of_town("Яковлева Керчана", "Ялта"),
        of_town("Уманская-Керченко Ия", "Ялта"),
        person("Якерчук Ян", "", ""),
        mail,
    ];
    let index = index_of(&people);
    assert_eq!(found(&index, "керч"), [3, 2, 4, 1]);
    assert_eq!(found(&index, "kerch"), [5]);
    // A town beside a name leaves the order of the names as it is.
    assert_eq!(found(&index, "ялта керч"), [3, 2]);
}

#[test]
fn a_cut_list_counts_all() {
    let people: Vec<_> = (0..200).map(|number| person(&format!("Анна {number:03}"), "", "")).collect();
    let hits = index_of(&people).search("анна", 10);
    assert_eq!((hits.total, hits.hits.len()), (200, 10));
}

#[test]
fn an_exact_code_is_found_behind_any_number_of_others() {
    let mut people: Vec<_> = (0..200).map(|number| person(&format!("77 {number:03}"), "", "")).collect();
    people.push(person("Яна", "", "77"));
    assert_eq!(found(&index_of(&people), "77")[0], 201);
}

/// The rules of the design, said again as plainly as possible.
fn naive(people: &[Person], query: &str) -> Vec<u128> {
    let query = Query::new(query);
    let fields = |person: &Person| {
        let text = [&person.name, &person.email, &person.city, &person.code, &person.barcode];
        let mut fields = vec![canonical_phone(&person.phone)];
        fields.extend(text.map(|text| fold(text)));
        fields
    };
    // The phone, the name, the code, the bar code.
    let is_own = |field: usize| matches!(field, 0 | 1 | 4 | 5);
    let class = |person: &Person, word: &Word| {
        let fields = fields(person);
        let mut wanted = vec![word.text.clone()];
        wanted.extend(word.digits.clone());
        let keys = [&fields[0], &fields[4], &fields[5]];
        let phone = word.digits.as_deref().map(canonical_phone);
        let is_key = |key: &String| !key.is_empty() && (wanted.contains(key) || phone.as_ref() == Some(key));
        let is_exact = query.words().len() == 1 && keys.into_iter().any(is_key);
        let mut best = None;
        for (number, field) in fields.iter().enumerate() {
            for wanted in &wanted {
                for (at, _) in
                    field.char_indices().filter(|(at, _)| field[*at..].starts_with(wanted.as_str()))
                {
                    let begins = at == 0 || (number == 0 && at == 1 && field.starts_with('7'));
                    let in_word = field[..at].chars().next_back().is_some_and(char::is_alphanumeric);
                    let class = if !is_own(number) {
                        4
                    } else if begins {
                        1
                    } else if in_word {
                        3
                    } else {
                        2
                    };
                    best = Some(best.map_or(class, |best: i32| best.min(class)));
                }
            }
        }
        if word.beginning().is_some_and(|beginning| fields[0].starts_with(&beginning)) {
            best = Some(best.map_or(1, |best| best.min(1)));
        }
        best.map(|best| if is_exact { 0 } else { best })
    };
    let mut hits: Vec<_> = (1..)
        .zip(people)
        .filter_map(|(number, person)| {
            let classes: Option<Vec<_>> = query.words().iter().map(|word| class(person, word)).collect();
            let own = classes?.into_iter().filter(|class| *class < 4).max();
            let worst = own.unwrap_or(4);
            let fields = fields(person);
            let by_name = (fields[1].is_empty(), fields[1].clone(), fields[4].clone());
            Some((person.deleted, worst, by_name, number))
        })
        .collect();
    hits.sort();
    hits.into_iter().map(|(.., number)| number).collect()
}

prop_compose! {
    fn people()(people in prop::collection::vec(
        ("[78]?[0-9]{0,10}", "[а-вёйА-Вa-b7 -]{0,6}", "[a-b@.7]{0,4}", "[а-б]{0,3}", "[0-9a-]{0,3}", "[0-9]{0,11}", prop::bool::weighted(0.1)),
        0..30,
    )) -> Vec<Person> {
        people.into_iter().map(|(phone, name, email, city, code, barcode, deleted)| Person {
            phone: phone.chars().filter(char::is_ascii_digit).collect(),
            name, email, city, code, barcode, deleted,
        }).collect()
    }
}

proptest! {
    #[test]
    fn the_index_answers_as_the_plain_rules_do(
        people in people(),
        query in "[а-вё ]{0,3}|[0-9]{1,3}|[78]9[0-9]{0,9}|\\+?[78] ?[(-]?9[0-9]|[а-вa-b] [0-9]",
        limit in 0..12_usize,
    ) {
        let expected = naive(&people, &query);
        let hits = index_of(&people).search(&query, limit);
        if hits.read_as.is_none() {
            let cards: Vec<_> = hits.hits.iter().map(|hit| hit.card.0.as_u128()).collect();
            prop_assert_eq!(hits.total, expected.len());
            prop_assert_eq!(&cards[..], &expected[..limit.min(expected.len())]);
        } else {
            prop_assert!(expected.is_empty());
        }
    }

    #[test]
    fn every_part_of_a_field_finds_its_customer(
        people in people().prop_filter("somebody", |people| !people.is_empty()),
        who: prop::sample::Index,
        field in 0..6_usize,
        from: prop::sample::Index,
        length in 1..6_usize,
    ) {
        let number = who.index(people.len());
        let person = &people[number];
        let field = [&person.phone, &person.name, &person.email, &person.city, &person.code, &person.barcode][field];
        let letters: Vec<char> = field.chars().collect();
        prop_assume!(!letters.is_empty());
        let part: String = letters.into_iter().skip(from.index(field.chars().count())).take(length).collect();
        let index = index_of(&people);
        for query in [part.clone(), part.to_uppercase(), part.nfd().collect(), part.replace('ё', "е")] {
            let hits = index.search(&query, people.len());
            prop_assert!(hits.hits.iter().any(|hit| hit.card.0.as_u128() == number as u128 + 1), "{}", query);
            prop_assert_eq!(hits.total, hits.hits.len());
        }
    }

    #[test]
    fn no_query_panics(people in people(), query: String, limit in 0..5_usize) {
        let hits = index_of(&people).search(&query, limit);
        prop_assert!(hits.hits.len() <= limit && hits.total >= hits.hits.len());
    }
}

#[test]
fn u7_a_megabyte_of_query_is_cut_before_it_is_read_in_another_layout() {
    let index = index_of(&[person(&"ж".repeat(300), "", "")]);
    let hits = index.search(&";".repeat(1 << 20), 50);
    assert_eq!((hits.total, hits.read_as.map(|reading| reading.text.chars().count())), (1, Some(256)));
    // Every character under sixteen marks: what is looked at stays bounded.
    let stacked = format!("и{}", "\u{301}".repeat(16)).repeat(1 << 16);
    assert_eq!(index.search(&stacked, 50).total, 0);
}

proptest! {
    #[test]
    fn u7_no_query_panics_or_loses_count(
        query in prop_oneof![any::<String>(), "[.*+?()\\[\\]{}^$|\\\\]{0,20}", "[a-z;'\\[\\]а-яё 0-9+()-]{0,12}"],
        limit in 0_usize..9,
    ) {
        let index = index_of(&shop());
        let hits = index.search(&query, limit);
        prop_assert_eq!(hits.hits.len(), hits.total.min(limit));
    }
}
