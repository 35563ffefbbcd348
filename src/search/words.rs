//! The words customers are known by, and which of them was meant by one that nobody bears: written in other letters
//! (`Ivanova` for Иванова), or with one letter wrong.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

/// Letters a word must have before it is taken for a misspelled one: a shorter one is near to too many.
const LEAST_MISSPELLED: usize = 4;
/// Letters a word must have before it is taken for one written in other letters.
const LEAST_SPELLED: usize = 3;

/// All words of some texts, folded, with how many texts have each.
#[derive(Debug, Default)]
pub(super) struct Words {
    words: Vec<KnownWord>,
}

#[derive(Debug)]
struct KnownWord {
    letters: Vec<char>,
    /// As [`sound`] has it.
    sound: String,
    texts: usize,
}

impl Words {
    /// The words of these texts, which are folded.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for word in texts.flat_map(words_of) {
            *counts.entry(word).or_default() += 1;
        }
        let known = |(word, texts): (&str, usize)| KnownWord {
            letters: word.chars().collect(),
            sound: sound(word),
            texts,
        };
        Self { words: counts.into_iter().map(known).collect() }
    }

    /// What of a known word reads like this one; the one most texts have where several do.
    pub(super) fn spelled(&self, word: &str) -> Option<String> {
        if !is_of_letters(word, LEAST_SPELLED) {
            return None;
        }
        let wanted = sound(word);
        // "qqqq" reads like any word with a к.
        if wanted.chars().count() < LEAST_SPELLED {
            return None;
        }
        let alike = self.words.iter().filter(|known| known.sound.starts_with(&wanted));
        most(alike.map(|known| (known.as_spelled(&wanted), known.texts)))
    }

    /// What of a known word is one letter away from this one: another, one more, one less, two changed round.
    pub(super) fn misspelled(&self, word: &str) -> Option<String> {
        if !is_of_letters(word, LEAST_MISSPELLED) {
            return None;
        }
        let typed: Vec<char> = word.chars().collect();
        let near = self.words.iter().filter_map(|known| Some((meant(&typed, &known.letters)?, known.texts)));
        most(near).map(|letters| letters.iter().collect())
    }
}

impl KnownWord {
    /// The least of its beginning that reads so.
    fn as_spelled(&self, wanted: &str) -> String {
        let beginning = |length: usize| self.letters[..length].iter().collect::<String>();
        let read_so = (1..=self.letters.len()).map(beginning).find(|text| sound(text) == wanted);
        read_so.unwrap_or_else(|| beginning(self.letters.len()))
    }
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

fn is_of_letters(word: &str, least: usize) -> bool {
    word.chars().all(char::is_alphabetic) && word.chars().count() >= least
}

/// What most texts have; of equals the first in order, so that the same base always answers the same.
fn most<T: Ord + Hash + Clone>(found: impl Iterator<Item = (T, usize)>) -> Option<T> {
    let mut texts: HashMap<T, usize> = HashMap::new();
    for (what, count) in found {
        *texts.entry(what).or_default() += count;
    }
    let best = texts.into_iter().max_by(|(a, more), (b, less)| more.cmp(less).then_with(|| b.cmp(a)));
    best.map(|(what, _)| what)
}

/// The beginning of a word that was meant by what was typed, at most one letter wrong.
fn meant<'w>(typed: &[char], word: &'w [char]) -> Option<&'w [char]> {
    let same = typed.iter().zip(word).take_while(|(a, b)| a == b).count();
    let goes_on = |typed_from: usize, word_from: usize| {
        let rest = typed.get(typed_from..)?;
        word.get(word_from..)?.starts_with(rest).then(|| &word[..word_from + rest.len()])
    };
    let is_turned = || {
        let (one, other) = (typed.get(same..same + 2)?, word.get(same..same + 2)?);
        (one[0] == other[1] && one[1] == other[0]).then_some(same + 2)
    };
    goes_on(same, same)
        .or_else(|| goes_on(same + 1, same + 1))
        .or_else(|| goes_on(same, same + 1))
        .or_else(|| is_turned().and_then(|next| goes_on(next, next)))
        .or_else(|| goes_on(same + 1, same))
}

/// How a folded word reads, whatever letters it is written in: spellings of one name that differ by a rule of
/// transliteration (GOST, passports, by ear) read alike.
fn sound(word: &str) -> String {
    let latin: String = word.chars().filter(|c| !"ьъ'".contains(*c)).map(latin).collect();
    let alike = ALIKE.iter().fold(latin, |text, (from, to)| text.replace(from, to));
    let mut letters: Vec<char> = alike.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

/// Spellings of one sound, the longer ones first.
const ALIKE: [(&str, &str); 14] = [
    ("shch", "sh"),
    ("sch", "sh"),
    ("kh", "h"),
    ("ph", "f"),
    ("ck", "k"),
    ("tz", "ts"),
    ("x", "ks"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("io", "e"),
    ("ie", "e"),
    ("q", "k"),
    ("ii", "i"),
];

fn latin(c: char) -> Cow<'static, str> {
    let letters = match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'й' | 'ы' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' | 'щ' => "sh",
        'ю' => "iu",
        'я' => "ia",
        other => return Cow::Owned(other.to_string()),
    };
    Cow::Borrowed(letters)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 8] = [
        "иванова анна петровна",
        "иванова мария",
        "королев артем",
        "щукина юлия",
        "хохлов дмитрий сергеевич",
        "ivanov john",
        "жукова ксения",
        "симферополь",
    ];

    fn words() -> Words {
        Words::of(NAMES.into_iter())
    }

    #[test]
    fn a_name_in_other_letters_is_the_name() {
        for (typed, meant) in [
            ("ivanova", "иванова"),
            ("ivan", "иван"),
            ("korolyov", "королев"),
            ("koroliov", "королев"),
            ("korolev", "королев"),
            ("shchukina", "щукина"),
            ("yulia", "юлия"),
            ("iuliia", "юлия"),
            ("khokhlov", "хохлов"),
            ("dmitry", "дмитри"),
            ("dmitriy", "дмитри"),
            ("kseniya", "ксения"),
            ("xenia", "ксения"),
            ("zhukova", "жукова"),
            ("simferopol", "симферопол"),
            ("джон", "джон"),
            ("qqqq", "qqqq"),
        ] {
            let read = words().spelled(typed);
            assert_eq!(read.as_deref().unwrap_or(typed), meant, "{typed}");
        }
    }

    #[test]
    fn one_wrong_letter_is_mended_and_two_are_not() {
        for (typed, meant) in [
            ("ивонова", Some("иванова")),
            ("иваова", Some("иванова")),
            ("иваннова", Some("иванова")),
            ("ивнаова", Some("иванова")),
            ("ывано", Some("ивано")),
            ("петрвна", Some("петровна")),
            ("ивонава", None),
            ("ивн", None),
            ("97884", None),
            ("иван1", None),
        ] {
            assert_eq!(words().misspelled(typed).as_deref(), meant, "{typed}");
        }
    }

    #[test]
    fn of_several_the_one_most_bear_is_meant() {
        let words = Words::of(["марина", "марина", "карина"].into_iter());
        assert_eq!(words.misspelled("парина").as_deref(), Some("марина"));
        let even = Words::of(["марина", "карина"].into_iter());
        assert_eq!(even.misspelled("парина").as_deref(), Some("карина"), "always the same");
    }

    proptest! {
        #[test]
        fn whatever_is_meant_is_one_letter_away(typed in "[абв]{4,8}", word in "[абв]{1,10}") {
            let (typed, word): (Vec<char>, Vec<char>) = (typed.chars().collect(), word.chars().collect());
            let near = (0..=word.len()).any(|length| distance(&typed, &word[..length]) <= 1);
            let found = meant(&typed, &word);
            prop_assert_eq!(found.is_some(), near);
            prop_assert!(found.is_none_or(|beginning| distance(&typed, beginning) <= 1));
        }

        #[test]
        fn a_sound_reads_as_itself(word in "[а-яa-z]{0,12}") {
            let once = sound(&word);
            prop_assert_eq!(sound(&once).len() <= once.len(), true);
        }
    }

    /// Letters to change, add, leave out or turn round, counted the long way.
    fn distance(a: &[char], b: &[char]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let changed = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let turned = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    let turned = if turned { table[i - 2][j - 2] + 1 } else { usize::MAX };
                    changed.min(turned).min(table[i - 1][j] + 1).min(table[i][j - 1] + 1)
                };
            }
        }
        table[a.len()][b.len()]
    }
}
