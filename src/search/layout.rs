//! What was typed in the wrong keyboard layout.

/// The keys of a Russian keyboard and of an American one, in the same order.
const RUSSIAN: &str = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ";
const AMERICAN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~";

/// The other readings of a text: as if the other layout had been on. None where the keys do not differ.
pub fn other_readings(text: &str) -> impl Iterator<Item = String> {
    [(AMERICAN, RUSSIAN), (RUSSIAN, AMERICAN)]
        .into_iter()
        .map(move |(typed, meant)| reread(text, typed, meant))
        .filter(move |reading| reading != text)
}

fn reread(text: &str, typed: &str, meant: &str) -> String {
    let key = |c: char| typed.chars().zip(meant.chars()).find(|(key, _)| *key == c);
    text.chars().map(|c| key(c).map_or(c, |(_, meant)| meant)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_layouts_name_the_same_keys() {
        assert_eq!(RUSSIAN.chars().count(), AMERICAN.chars().count());
    }

    #[test]
    fn a_text_is_read_in_the_other_layout() {
        for (typed, meant) in [
            ("wfhmrjd", "царьков"),
            ("WFHMRJDF", "ЦАРЬКОВА"),
            ("фттф", "anna"),
            ("cbvathjgjkm", "симферополь"),
            (";erjd", "жуков"),
        ] {
            assert!(other_readings(typed).any(|reading| reading == meant), "{typed}");
        }
        assert_eq!(other_readings("978 845").count(), 0);
    }
}
