//! What is drawn and has a name does what its name says when it is clicked.

use ratatui::layout::Position;

use super::*;
use crate::dashboard::app::detail::Section;
use crate::dashboard::app::footer::footer;
use crate::dashboard::app::{Chosen, Column};
use crate::domain::CustomerField;

/// The rows of a screen, which is told between quotes.
fn rows_of(drawn: &str) -> impl Iterator<Item = &str> {
    drawn.lines().map(|line| line.trim_matches('"'))
}

/// Where a word is drawn for the first time.
fn place_of(word: &str, drawn: &str) -> Position {
    let lines = (0..).zip(rows_of(drawn));
    let mut found = lines.filter_map(|(y, line)| {
        let before = line.find(word).map(|at| line[..at].chars().count())?;
        Some(Position { x: u16::try_from(before).unwrap(), y })
    });
    found.next().unwrap_or_else(|| panic!("no {word} in\n{drawn}"))
}

fn clicked(model: &Model, at: Position) -> Option<Chosen> {
    chosen(model, &Look::new(Language::Russian), at)
}

#[test]
fn heads_of_columns_sort_and_names_of_sections_show_them() {
    let model = fixture::loaded(140, 40);
    let drawn = screen(&model, Language::Russian);
    let field = |field| Chosen::Column(Column::Field(field));
    for (word, expected) in [
        ("Телефон ", field(CustomerField::Phone)),
        ("Город  ", field(CustomerField::City)),
        ("Итого│", Chosen::Column(Column::Total)),
        ("Баллы 2", Chosen::Section(Section::Bonus)),
        ("Документы 2", Chosen::Section(Section::Documents)),
        ("Поля 1С", Chosen::Section(Section::Fields)),
    ] {
        assert_eq!(clicked(&model, place_of(word, &drawn)), Some(expected), "{word}");
    }
    let somebody = place_of("Абдулаева", &drawn);
    assert_eq!(clicked(&model, somebody), None, "a click on a line selects it");
}

#[test]
fn where_names_of_sections_have_no_room_arrows_turn_them() {
    let mut model = fixture::loaded(40, 24);
    press(&mut model, Code::Enter);
    let drawn = screen(&model, Language::Russian);
    let shown = model.detail.section(Layout::of(&model).detail_parts().room);
    for (arrow, step) in [("‹ ", Section::ALL.len() - 1), (" ›", 1)] {
        let expected = Section::ALL[(shown as usize + step) % Section::ALL.len()];
        let place = place_of(arrow, &drawn);
        assert_eq!(clicked(&model, place), Some(Chosen::Section(expected)), "{arrow}");
    }
}

#[test]
fn every_key_of_the_footer_is_under_its_name() {
    for (width, codes) in
        [(140, &[][..]), (80, &[]), (140, &[Code::F(6)]), (80, &[Code::F(12)]), (80, &[Code::F(1)])]
    {
        let mut model = fixture::loaded(width, 30);
        for code in codes {
            press(&mut model, *code);
        }
        let drawn = screen(&model, Language::Russian);
        let row = rows_of(&drawn).last().unwrap();
        let keys: Vec<_> = footer(&model).iter().filter_map(|it| model.key_of(it.action)).collect();
        let mut named = Vec::new();
        for x in 0..width {
            let Some(Chosen::Key(key)) = clicked(&model, Position { x, y: 29 }) else { continue };
            assert!(keys.contains(&key), "{codes:?}: {key}");
            if !named.contains(&key) {
                let from: String = row.chars().skip(usize::from(x)).collect();
                assert!(
                    from.trim_start().starts_with(&key.to_string()),
                    "{codes:?}: {key} is not at {x}: {row}"
                );
                named.push(key);
            }
        }
        assert!(named.len() >= 3, "{codes:?}: {row}");
    }
}

#[test]
fn what_lies_over_the_customers_hides_their_names_from_the_mouse() {
    let mut model = fixture::loaded(140, 40);
    let head = place_of("Телефон ", &screen(&model, Language::Russian));
    press(&mut model, Code::F(1));
    assert_eq!(clicked(&model, head), None);
}

#[test]
fn what_is_clicked_by_its_name_is_done() {
    let mut model = fixture::loaded(140, 40);
    feed(&mut model, Event::Chosen(Chosen::Column(Column::Total)));
    assert_eq!(model.search.order().by, Column::Total);
    feed(&mut model, Event::Chosen(Chosen::Section(Section::Documents)));
    assert_eq!(model.detail.section(Layout::of(&model).detail_parts().room), Section::Documents);
    feed(&mut model, Event::Chosen(Chosen::Key(Key::plain(Code::F(1)))));
    assert!(!model.is_uncovered());
}
