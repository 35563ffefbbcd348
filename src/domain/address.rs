//! The town of a customer, by three rules in turn.

mod town;
mod xml;

use std::ops::RangeInclusive;

use serde_json::Value;

use super::{City, CitySource, phone};

/// What of an owner can tell a town, as 1C sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressEvidence {
    /// `ОсновныеСведения`, split into lines where 1C sends a list, else one text with any line endings.
    pub main_details: Vec<String>,
    /// JSON texts that may hold `Состав → АдресРФ → Улица` (an object or a list of them).
    pub address_json: Vec<String>,
    /// XML texts (`ЗначенияПолей` of contact rows) that may hold the same.
    pub address_xml: Vec<String>,
    /// The address rows of `КонтактнаяИнформация`.
    pub contact_rows: Vec<AddressRow>,
}

/// An address row of `КонтактнаяИнформация`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressRow {
    /// `Город`.
    pub city: String,
    /// `Представление`: the whole address in words.
    pub presentation: String,
    /// `Значение`: JSON text whose `city` or `street` may hold the town.
    pub value: String,
}

/// The town, by the first rule that finds one.
///
/// 1. The third line of the main details, unless it is plainly a phone, an e-mail address or a date.
/// 2. `Состав → АдресРФ → Улица`, or `Город` where that is empty: the shop writes the town into the street.
///    JSON on the owner comes first, then the XML of its contact rows.
/// 3. `Город` of an address row, else the town that its words or its JSON name.
pub fn city(evidence: &AddressEvidence) -> Option<City> {
    let by_rule = |source, name: Option<String>| name.map(|name| City { name, source });
    by_rule(CitySource::MainDetailsLine3, third_line(&evidence.main_details))
        .or_else(|| by_rule(CitySource::AddressStreet, street(evidence)))
        .or_else(|| by_rule(CitySource::ContactInfo, evidence.contact_rows.iter().find_map(contact_town)))
}

fn third_line(main_details: &[String]) -> Option<String> {
    let line = main_details.iter().flat_map(|text| lines(text)).nth(2)?;
    let line = line.trim();
    let is_town = !line.is_empty() && !is_phone(line) && !is_email(line) && !is_date(line);
    is_town.then(|| line.to_owned())
}

/// The lines of a text with any line endings; what ends the last line begins no further one.
fn lines(text: &str) -> Vec<String> {
    const ENDS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
    let text = text.replace("\r\n", "\n");
    text.strip_suffix(ENDS).unwrap_or(&text).split(ENDS).map(str::to_owned).collect()
}

/// Words that announce a phone or a date of birth.
const LABELS: &str = "т тел телефон моб мобильный сот tel phone др д.р дата рождения род дн";

/// A line without the words that say what follows: `тел. 8 978…`, `Дата рождения: 01.02.1990`.
fn unlabelled(line: &str) -> &str {
    let mut rest = line;
    while let Some((word, after)) = rest.split_once([' ', ':', '\u{a0}']) {
        let word = word.trim_end_matches('.').to_lowercase();
        if !word.is_empty() && !LABELS.split(' ').any(|label| label == word) {
            break;
        }
        rest = after;
    }
    rest
}

/// A line that begins with a number of at least seven digits, or is nothing but one of at least five.
fn is_phone(line: &str) -> bool {
    let is_part =
        |c: char| phone::is_digit(c) || c.is_whitespace() || "+-()./\u{2010}\u{2011}\u{2013}".contains(c);
    let line = unlabelled(line);
    let number: String = line.chars().take_while(|c| is_part(*c)).collect();
    match phone::digits(&number).len() {
        0..5 => false,
        5..7 => number.len() == line.len(),
        _ => true,
    }
}

/// A line with a word that has something on both sides of an `@`.
fn is_email(line: &str) -> bool {
    let is_address = |(user, host): (&str, &str)| !user.is_empty() && !host.is_empty();
    line.split_whitespace().any(|word| word.split_once('@').is_some_and(is_address))
}

/// A line that begins with a date: `01.02.1990`, `1990-02-01T00:00:00`, `1 января 1990`.
fn is_date(line: &str) -> bool {
    let line = unlabelled(line).to_lowercase();
    let mut words = line.split([' ', '\u{a0}', ',']);
    let first = words.next().unwrap_or_default();
    let (date, _time) = first.split_once('t').unwrap_or((first, ""));
    is_numeric_date(date) || (is_number(first, 1..=2) && words.next().is_some_and(is_month))
}

fn is_numeric_date(word: &str) -> bool {
    let parts: Vec<&str> = word.trim_end_matches(['г', '.']).split(['.', '-', '/']).collect();
    match parts[..] {
        [day, month, year] if is_number(day, 1..=2) => is_number(month, 1..=2) && is_number(year, 2..=4),
        [year, month, day] => is_number(year, 4..=4) && is_number(month, 1..=2) && is_number(day, 1..=2),
        _ => false,
    }
}

fn is_number(text: &str, length: RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word in lower case begins as the name of a month does, in Russian or English.
fn is_month(word: &str) -> bool {
    const MONTHS: &str = "янв фев мар апр май мая июн июл авг сен окт ноя дек jan feb mar apr may jun jul aug sep oct nov \
    dec";
    MONTHS.split(' ').any(|month| word.starts_with(month))
}

fn street(evidence: &AddressEvidence) -> Option<String> {
    let by_json =
        || evidence.address_json.iter().find_map(|text| street_of_json(&serde_json::from_str(text).ok()?));
    let by_xml = |text: &String| {
        let field = |name| xml::field_of(text, "АдресРФ", name);
        field("Улица").or_else(|| town::of_field(&field("Город")?))
    };
    by_json().or_else(|| evidence.address_xml.iter().find_map(by_xml))
}

/// Follows `Состав → АдресРФ → Улица` from wherever on that path the JSON begins.
fn street_of_json(value: &Value) -> Option<String> {
    let value = first_item(value);
    if let Some(text) = value.as_str() {
        // A JSON text within JSON, one layer of it: an object inside has no text at this place.
        let inner: Value = serde_json::from_str(text).ok()?;
        return if inner.is_string() { None } else { street_of_json(&inner) };
    }
    let composition = value.get("Состав").map_or(value, first_item);
    let address = first_item(composition.get("АдресРФ")?);
    text_field(address, "Улица").or_else(|| town::of_field(&text_field(address, "Город")?))
}

/// The value itself, or the first item of a list.
fn first_item(value: &Value) -> &Value {
    value.get(0).unwrap_or(value)
}

fn text_field(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn contact_town(row: &AddressRow) -> Option<String> {
    town::of_field(&row.city)
        .or_else(|| town::named_in(&row.presentation))
        .or_else(|| town_of_value(&row.value))
}

/// The town in the JSON of an address row: its city, its settlement, a street that is none, its whole text.
fn town_of_value(json: &str) -> Option<String> {
    let value: Value = serde_json::from_str(json).ok()?;
    let field = |name| text_field(&value, name);
    let street = || field("street").filter(|_| field("streetType").is_none());
    town::of_field(&field("city").unwrap_or_default())
        .or_else(|| town::of_field(&field("settlement")?))
        .or_else(|| town::named_in(&street()?))
        .or_else(|| town::named_in(&field("value")?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn evidence(details: &[&str]) -> AddressEvidence {
        AddressEvidence {
            main_details: details.iter().map(|&line| line.to_owned()).collect(),
            ..Default::default()
        }
    }

    #[test]
    fn what_is_no_address_is_told_by_its_whole_form() {
        for (what, line, wanted) in [
            (is_email as fn(&str) -> bool, "ivan@mail.ru", true),
            (is_email, "@mail.ru", false),
            (is_email, "ivan@", false),
            (is_phone, "12345", true),
            (is_phone, "12345 дом", false),
            (is_phone, "тел.:  8978451", true),
            (is_date, "01.02.1990", true),
            (is_date, "1990-02-01T00:00:00", true),
            (is_date, "199-02-01", false),
            (is_date, "1990-02-1а", false),
            (is_date, "1990-02-011", false),
            (is_date, "1 января", true),
            (is_date, "1 дом", false),
        ] {
            assert_eq!(what(line), wanted, "{line}");
        }
        assert_eq!(unlabelled("тел.:  8978"), "8978");
    }

    fn by_json(json: &str) -> AddressEvidence {
        AddressEvidence { address_json: vec![json.to_owned()], ..Default::default() }
    }

    fn by_xml(xml: &str) -> AddressEvidence {
        AddressEvidence { address_xml: vec![xml.to_owned()], ..Default::default() }
    }

    fn by_row(city: &str, presentation: &str, value: &str) -> AddressEvidence {
        let [city, presentation, value] = [city, presentation, value].map(str::to_owned);
        AddressEvidence { contact_rows: vec![AddressRow { city, presentation, value }], ..Default::default() }
    }

    fn check(evidence: &AddressEvidence, source: CitySource, name: &str) {
        assert_eq!(city(evidence), Some(City { name: name.to_owned(), source }), "{evidence:?}");
    }

    #[test]
    fn the_third_line_is_the_town_whatever_ends_the_lines() {
        for details in [
            &["Царькова Анна\n+7 978 845-13-64\nСимферополь"][..],
            &["Царькова Анна\r\n+7 978 845-13-64\r\n  Симферополь \r\nещё"],
            &["Царькова Анна\r+7 978 845-13-64\rСимферополь\r"],
            &["Царькова Анна\u{2028}+7 978 845-13-64\u{2028}Симферополь"],
            &["\n\nСимферополь"],
            &["\r\n\r\nСимферополь"],
            &["Царькова Анна", "+7 978 845-13-64", "Симферополь"],
            &["Царькова Анна\r\n", "", "Симферополь\n", "Ялта"],
        ] {
            check(&evidence(details), CitySource::MainDetailsLine3, "Симферополь");
        }
        check(
            &evidence(&["а\nб\nг. Ялта, ул. 8 Марта, 5"]),
            CitySource::MainDetailsLine3,
            "г. Ялта, ул. 8 Марта, 5",
        );
    }

    #[test]
    fn fewer_than_three_lines_tell_nothing() {
        for details in
            [&[][..], &[""], &["Царькова\nСимферополь"], &["Царькова\nСимферополь\n"], &["а\nб\n \nЯлта"]]
        {
            assert_eq!(city(&evidence(details)), None, "{details:?}");
        }
    }

    #[test]
    fn a_third_line_that_is_plainly_a_phone_a_mail_or_a_date_is_no_town() {
        for line in [
            "8 (978) 845-13-64",
            "+79788451364",
            "тел. 8 978 845 13 64",
            "Телефон: +7 978 845-13-64 (мама)",
            "54-13-64",
            "a@b.ru",
            "E-mail: anna@example.ru",
            "01.02.1990",
            "1.2.90",
            "01/02/1990 г.",
            "01.02.1990г.",
            "01.02.1990 0:00:00",
            "1990-02-01",
            "1990-02-01T00:00:00",
            "1 января 1990",
            "1 мая",
            "12 Oct 1990",
            "Дата рождения: 01.02.1990",
            "д.р. 1 марта 1990 г.",
        ] {
            let mut evidence = evidence(&["Царькова", "Анна", line]);
            assert_eq!(city(&evidence), None, "{line}");
            evidence.contact_rows = by_row("Ялта", "", "").contact_rows;
            check(&evidence, CitySource::ContactInfo, "Ялта");
        }
    }

    #[test]
    fn a_third_line_that_merely_holds_digits_may_be_a_town() {
        for line in [
            "Симферополь 295000",
            "Ялта-2",
            "1-е Мая",
            "пгт. Гвардейское",
            "Тельманово",
            "@",
            "Керчь @",
            "Мартовка",
        ] {
            check(&evidence(&["а", "б", line]), CitySource::MainDetailsLine3, line);
        }
    }

    #[test]
    fn the_street_of_the_address_holds_the_town() {
        for json in [
            r#"{"Состав":{"АдресРФ":{"Улица":" Симферополь ","Город":"Ялта"}}}"#,
            r#"{"АдресРФ":{"Улица":"Симферополь"}}"#,
            r#"[{"АдресРФ":{"Улица":"Симферополь"}},{"АдресРФ":{"Улица":"Ялта"}}]"#,
            r#"{"Состав":[{"АдресРФ":[{"Улица":"Симферополь"}]}]}"#,
            r#"{"АдресРФ":{"Улица":"","Город":"Симферополь г"}}"#,
            r#"{"АдресРФ":{"Улица":null,"Город":"Симферополь"}}"#,
            r#""{\"АдресРФ\":{\"Улица\":\"Симферополь\"}}""#,
        ] {
            check(&by_json(json), CitySource::AddressStreet, "Симферополь");
        }
        for xml in [
            "<Состав xsi:type='АдресРФ'><Город>Ялта г</Город><Улица>Симферополь</Улица></Состав>",
            "<Состав xsi:type='АдресРФ'><Город>Симферополь г</Город><Улица/></Состав>",
        ] {
            check(&by_xml(xml), CitySource::AddressStreet, "Симферополь");
        }
    }

    #[test]
    fn json_that_holds_no_such_address_tells_nothing() {
        for json in [
            "",
            "{",
            "null",
            "[]",
            "{}",
            "5",
            r#""text""#,
            r#"{"Улица":"Ялта"}"#,
            r#"{"АдресРФ":"Ялта"}"#,
            r#"{"АдресРФ":{"Улица":5}}"#,
        ] {
            assert_eq!(city(&by_json(json)), None, "{json}");
        }
        assert_eq!(city(&by_json(&"[".repeat(100_000))), None, "too deep");
    }

    #[test]
    fn json_on_the_owner_comes_before_the_xml_of_its_rows() {
        let mut evidence = by_json(r#"{"АдресРФ":{"Город":"Ялта"}}"#);
        evidence.address_xml = by_xml("<АдресРФ><Улица>Керчь</Улица></АдресРФ>").address_xml;
        check(&evidence, CitySource::AddressStreet, "Ялта");
    }

    #[test]
    fn an_address_row_tells_the_town_by_field_then_words_then_json() {
        check(&by_row(" Симферополь г ", "г. Ялта", ""), CitySource::ContactInfo, "Симферополь");
        check(&by_row("", "Респ Крым, г Ялта", r#"{"city":"Керчь"}"#), CitySource::ContactInfo, "Ялта");
        for json in [
            "{\n\"version\": 4,\n\"city\": \"Керчь\",\n\"cityType\": \"г\"\n}",
            r#"{"city":"","settlement":"Керчь","street":"Ленина"}"#,
            r#"{"street":"Керчь","streetType":""}"#,
            r#"{"street":"г. Керчь"}"#,
            r#"{"street":"Ленина","streetType":"ул","value":"Крым Респ, Керчь г, Ленина ул"}"#,
            r#"{"street":"ул. Ленина 5","value":"298300, г. Керчь, ул. Ленина 5"}"#,
        ] {
            check(&by_row("", "", json), CitySource::ContactInfo, "Керчь");
        }
        for json in ["", "[]", "Керчь", r#"{"city":5}"#, r#"{"street":"ул. Ленина"}"#] {
            assert_eq!(city(&by_row("", "", json)), None, "{json}");
        }
    }

    #[test]
    fn the_first_address_row_with_a_town_counts() {
        let mut evidence = by_row("", "ул. Ленина, 5", "");
        evidence.contact_rows.extend(by_row("Ялта", "", "").contact_rows);
        evidence.contact_rows.extend(by_row("Керчь", "", "").contact_rows);
        check(&evidence, CitySource::ContactInfo, "Ялта");
    }

    proptest! {
        #[test]
        fn a_town_that_is_found_has_a_name_without_idle_space(
            lines in prop::collection::vec("[\\PC\r\n]{0,20}", 0..4),
            text in "\\PC{0,30}",
        ) {
            let mut evidence = by_row(&text, &text, &text);
            evidence.main_details = lines;
            evidence.address_json = vec![text.clone()];
            evidence.address_xml = vec![text];
            if let Some(city) = city(&evidence) {
                prop_assert!(!city.name.is_empty());
                prop_assert_eq!(city.name.trim(), &city.name);
            }
        }
    }
}
