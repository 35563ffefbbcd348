//! The town that an address names in words: `Республика Крым, г Симферополь, ул Ленина, д 5`.

/// What stands before or after the name of a city.
const CITY: &str = "г гор город";

/// What stands before or after the name of a smaller place.
const SETTLEMENT: &str = "пгт пос поселок посёлок п рп с село дер деревня д ст-ца станица х хутор аул кп";

/// Where a street begins: what follows names no town any more.
const STREET: &str = "ул улица пр пр-т пр-кт просп проспект пер переулок пл площадь наб набережная ш шоссе б-р бул \
    бульвар проезд пр-д мкр мкр-н микрорайон туп тупик аллея тер дом квартал";

/// What belongs to the names of regions and to parts of houses.
const OTHER: &str = "респ республика обл область край р-н район округ ао го мо с/п с/с федерация кв квартира корп \
    стр оф";

/// Names that stand alone and are no towns.
const NO_TOWNS: &str = "россия рф крым";

/// The name in a field of its own, which 1C fills as `Симферополь г`.
pub(super) fn of_field(text: &str) -> Option<String> {
    let text = text.trim();
    let name = marked(&words(text), CITY).unwrap_or_else(|| text.to_owned());
    (!name.is_empty()).then_some(name)
}

/// The town among the parts of an address: one marked as a city, else one marked as a smaller place,
/// else the first part before any street that is nothing but a name.
pub(super) fn named_in(address: &str) -> Option<String> {
    let parts: Vec<Vec<String>> = address.split([',', ';', '\n', '\r']).map(words).collect();
    let by_marker = |markers| parts.iter().find_map(|part| marked(part, markers));
    let unmarked = || {
        let mut before_street =
            parts.iter().take_while(|part| !part.iter().any(|word| is_one_of(word, STREET)));
        before_street.find(|part| is_plain_name(part)).map(|part| part.join(" "))
    };
    by_marker(CITY).or_else(|| by_marker(SETTLEMENT)).or_else(unmarked)
}

/// The words of a part; a point ends a word, as in `г.Симферополь`.
fn words(part: &str) -> Vec<String> {
    let part = part.trim().trim_end_matches('.').replace('.', ". ");
    part.split_whitespace().map(str::to_owned).collect()
}

/// The name that follows a marker, else the name before it.
fn marked(words: &[String], markers: &str) -> Option<String> {
    let at = words.iter().position(|word| is_one_of(word, markers))?;
    let (before, after) = (words.get(..at)?, words.get(at + 1..)?);
    let following: Vec<&str> = after.iter().map(String::as_str).take_while(|word| is_name(word)).collect();
    let is_certain = |name: &[&str]| markers == CITY || name.first().is_some_and(|word| is_capitalised(word));
    if !following.is_empty() && is_certain(&following) {
        return Some(following.join(" "));
    }
    let mut preceding: Vec<&str> =
        before.iter().rev().map(String::as_str).take_while(|word| is_name(word)).collect();
    preceding.reverse();
    (!preceding.is_empty() && is_certain(&preceding)).then(|| preceding.join(" "))
}

/// A part of up to three words, all of them a name's, that is no country or region of one word.
fn is_plain_name(words: &[String]) -> bool {
    let [first, rest @ ..] = words else { return false };
    let is_town = !rest.is_empty() || !is_one_of(first, NO_TOWNS);
    is_town && rest.len() < 3 && is_capitalised(first) && words.iter().all(|word| is_name(word))
}

/// A word that may be part of a name: letters, no abbreviation, no marker of any kind.
fn is_name(word: &str) -> bool {
    let is_marker = [CITY, SETTLEMENT, STREET, OTHER].iter().any(|markers| is_one_of(word, markers));
    let is_spelt = word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
    is_spelt && !is_marker && word.chars().any(char::is_alphabetic)
}

/// Whether a word, in any case and with or without a point, is among those of a list.
fn is_one_of(word: &str, list: &str) -> bool {
    let word = word.trim_end_matches('.').to_lowercase();
    list.split(' ').any(|listed| listed == word)
}

fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: Option<&str>) {
        assert_eq!(named_in(address).as_deref(), expected, "{address}");
    }

    #[test]
    fn a_plain_name_is_capitalised_and_no_country() {
        for (name, is_plain) in [
            (&["Ялта"][..], true),
            (&["Старый", "Крым"], true),
            (&["Крым", "Новый"], true),
            (&["Крым"], false),
            (&["ялта"], false),
            (&["старый", "Крым"], false),
            (&["Раз", "Два", "Три", "Четыре"], false),
            (&[], false),
        ] {
            let words: Vec<String> = name.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(is_plain_name(&words), is_plain, "{name:?}");
        }
    }

    #[test]
    fn a_city_is_named_before_or_after_its_mark() {
        for address in [
            "295000, Республика Крым, г. Симферополь, ул. Ленина, д. 5",
            "Республика Крым, г Симферополь, ул Ленина, д 5, кв 7",
            "Симферополь г, Ленина ул, дом № 5",
            "РОССИЯ, 295000, Крым Респ, Симферополь г, Мирное с, Ленина ул",
            "г.Симферополь",
            "город Симферополь.",
            "гор. Симферополь ул. 8 Марта 5",
            "Респ. Крым г Симферополь ул Ленина 5",
            "с. Мирное, г. Симферополь",
        ] {
            check(address, Some("Симферополь"));
        }
        check("г. симферополь", Some("симферополь"));
        check("Ростов-на-Дону г, Пушкинская ул", Some("Ростов-на-Дону"));
        check("г Старый Крым, ул Ленина", Some("Старый Крым"));
        check("Нижний Новгород г", Some("Нижний Новгород"));
    }

    #[test]
    fn a_smaller_place_is_named_where_no_city_is() {
        check("Крым Респ, Симферопольский р-н, Гвардейское пгт, Ленина ул", Some("Гвардейское"));
        check("Республика Крым, пгт. Гвардейское", Some("Гвардейское"));
        check("р-н Бахчисарайский, с. Верхоречье, ул. Ленина, д. 5", Some("Верхоречье"));
        check("пос. Научный", Some("Научный"));
        check("д.Ивановка, д. 5", Some("Ивановка"));
    }

    #[test]
    fn a_part_without_any_mark_may_be_the_town() {
        check("Симферополь", Some("Симферополь"));
        check("Россия, Крым, Симферополь, ул. Ленина 5", Some("Симферополь"));
        check("295000, Российская Федерация, Ялта", Some("Ялта"));
    }

    #[test]
    fn where_no_town_is_named_none_is_found() {
        for address in [
            "",
            ", ,",
            "295000",
            "ул. Ленина, д. 5, кв. 7",
            "Ленина ул, дом № 5, Подъезд",
            "Крым Респ",
            "самовывоз с магазина",
            "г.",
            "2020 г.",
            "г.о. 5",
        ] {
            check(address, None);
        }
    }

    #[test]
    fn a_field_of_its_own_loses_only_the_mark_of_a_city() {
        for (field, expected) in [
            ("Симферополь г", Some("Симферополь")),
            ("г. Симферополь", Some("Симферополь")),
            (" Ялта ", Some("Ялта")),
            ("Гвардейское пгт", Some("Гвардейское пгт")),
            ("Посёлок 2-й", Some("Посёлок 2-й")),
            (" ", None),
        ] {
            assert_eq!(of_field(field).as_deref(), expected, "{field}");
        }
    }
}
