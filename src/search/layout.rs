//! What was typed in the wrong keyboard layout: the one table of where the keys of two keyboards lie.

/// The keys of a Russian keyboard and of an American one, in the same order.
const RUSSIAN: &str = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ";
const AMERICAN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~";

/// What an American keyboard writes where a Russian one writes `c`.
pub fn american(c: char) -> Option<char> {
    twin(c, RUSSIAN, AMERICAN)
}

/// What a Russian keyboard writes where an American one writes `c`.
pub fn russian(c: char) -> Option<char> {
    twin(c, AMERICAN, RUSSIAN)
}

fn twin(c: char, typed: &str, meant: &str) -> Option<char> {
    typed.chars().zip(meant.chars()).find(|(key, _)| *key == c).map(|(_, meant)| meant)
}

/// The other readings of a text: as if the other layout had been on. None where the keys do not differ.
pub fn other_readings(text: &str) -> impl Iterator<Item = String> {
    let reread =
        |other: fn(char) -> Option<char>| text.chars().map(|c| other(c).unwrap_or(c)).collect::<String>();
    [reread(russian), reread(american)].into_iter().filter(move |reading| reading != text)
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
