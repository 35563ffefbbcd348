//! Foreign text on its way to a screen and into JSON.

use unicode_width::UnicodeWidthStr;

use crate::text::{Shown, escape_json};

/// Any bytes as a name of 1C's: neutralised, cut, escaped.
pub fn shown(data: &[u8]) {
    let (width, rest) = data.split_first().map_or((0, data), |(width, rest)| (usize::from(*width), rest));
    let text = super::text(rest);
    let shown = Shown::new(&text);
    hold_to_the_rule(shown.as_str());
    assert_eq!(Shown::new(shown.as_str()), shown, "neutralising twice changes more");
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        assert_eq!(shown.as_str(), text, "plain text does not stay");
    }
    cut(&shown, width);
    escaped(&text);
}

fn hold_to_the_rule(text: &str) {
    super::assert_harmless("a neutralised text", text);
    let characters: Vec<char> = text.chars().collect();
    for (at, c) in characters.iter().enumerate() {
        let is_joiner = matches!(c, '\u{200C}' | '\u{200D}');
        let beside = [at.checked_sub(1), at.checked_add(1)].map(|at| at.and_then(|at| characters.get(at)));
        let joins = beside.iter().all(|c| c.is_some_and(|c| *c >= '\u{2190}'));
        assert!(!is_joiner || joins, "a joiner joins nothing");
    }
    let no_width = |c: &char| c.to_string().width() == 0;
    assert!(characters.windows(5).all(|five| !five.iter().all(no_width)), "marks pile up");
}

fn cut(shown: &Shown, width: usize) {
    let cut = shown.truncated(width);
    assert!(cut.width() <= width, "a cut of {width} takes {}", cut.width());
    hold_to_the_rule(cut.as_str());
    if shown.width() <= width {
        assert_eq!(cut, *shown, "what fits is cut");
    } else if width > 0 {
        let kept = cut.as_str().strip_suffix('…').expect("a cut ends in its sign");
        assert!(shown.as_str().starts_with(kept), "a cut is no beginning");
    }
}

fn escaped(text: &str) {
    let json = serde_json::to_string(text).expect("a text is JSON");
    let escaped = escape_json(&json);
    super::assert_harmless("escaped JSON", &escaped);
    assert_eq!(
        serde_json::from_str::<String>(&escaped).ok().as_deref(),
        Some(text),
        "escaping changes a value"
    );
}
