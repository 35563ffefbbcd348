//! Fields that not every customer has: in the list, below the name, behind the mask.

use chrono::NaiveDate;

use super::*;
use crate::dashboard::app::page::Cell;
use crate::dashboard::app::{Column, CopySubject, Form, Timer};
use crate::domain::{Customer, CustomerField, PersonalDate};

/// The first customer has a birthday, the fourth an invalid card; the eighth is marked for deletion.
fn change(customer: &mut Customer) {
    if customer.card == fixture::card(1) {
        customer.birthday = NaiveDate::from_ymd_opt(1985, 3, 5).map(PersonalDate::Known);
    }
    customer.invalid_card = customer.card == fixture::card(4);
}

/// Feeds an event and what comes of it.
fn answered(model: &mut Model, event: Event) {
    let effects = feed(model, event);
    settled(model, effects);
}

/// Feeds what comes of effects, questions answered with these customers.
fn settled(model: &mut Model, mut effects: Vec<Effect>) {
    while let Some(effect) = effects.pop() {
        let event = match effect {
            Effect::Wait(timer @ (Timer::Search(_) | Timer::Open(_)), _) => Event::Waited(timer),
            // Nobody changes the settings.
            Effect::Ask(_, Ask::WatchSettings) => continue,
            Effect::Ask(id, ask) => {
                let mut answer = fixture::answer(&ask);
                match &mut answer {
                    Answer::Found(found) => found.rows.iter_mut().for_each(|row| change(&mut row.customer)),
                    Answer::Opened(detail) => change(&mut detail.comparison.customer),
                    _ => {}
                }
                Event::Answered(id, Ok(answer))
            }
            _ => continue,
        };
        effects.extend(feed(model, event));
    }
}

fn with_fields(width: u16, height: u16) -> Model {
    let mut model = fixture::fresh(width, height);
    answered(&mut model, Event::Started);
    model
}

#[test]
fn a_birthday_stands_in_the_list_below_the_name_and_among_what_is_copied() {
    let model = with_fields(360, 50);
    for (language, heading, day) in
        [(Language::Russian, "День рождения", "05.03.1985"), (Language::English, "Birthday", "1985-03-05")]
    {
        let screen = screen(&model, language);
        assert!(screen.contains(heading), "{screen}");
        assert!(screen.contains(&format!("{} {day}", heading.to_lowercase())), "{screen}");
        assert_eq!(screen.matches(day).count(), 2, "{screen}");
        let cell = Cell::Field(CustomerField::Birthday);
        let subject = CopySubject::Cell(fixture::card(1), cell);
        let copied = words::copy(&model, &Look::new(language), subject, Form::Text).expect("a copy");
        assert_eq!(copied.text, day);
    }
    let mut narrow = with_fields(140, 40);
    let column = Column::Field(CustomerField::Birthday);
    let effects = narrow.search.sort_by(column);
    settled(&mut narrow, effects);
    let sorted = super::screen(&narrow, Language::Russian);
    assert!(sorted.contains("День рождения↑") && sorted.contains("05.03.1985"), "{sorted}");
    let without = super::screen(&fixture::loaded(300, 50), Language::Russian);
    assert!(!without.contains("День рождения"), "nobody has one: {without}");
}

#[test]
fn the_mask_hides_a_birthday_and_keeps_its_shape() {
    let mut model = with_fields(360, 50);
    model.looks.is_masked = true;
    let screen = screen(&model, Language::Russian);
    assert!(!screen.contains("1985") && !screen.contains("05.03"), "{screen}");
    assert_eq!(screen.matches("••.••.••••").count(), 2, "{screen}");
    let subject = CopySubject::Customer(fixture::card(1));
    for form in [Form::Text, Form::Json] {
        let copied = words::copy(&model, &Look::new(Language::Russian), subject, form).expect("a copy");
        assert!(!copied.text.contains("1985") && copied.text.contains("••"), "{copied:?}");
    }
}

#[test]
fn an_invalid_card_is_shown_as_one_marked_for_deletion_is() {
    let model = with_fields(220, 50);
    let terminal = drawn(&model, Language::Russian);
    let buffer = terminal.backend().buffer();
    let style_of = |name: &str| {
        let line = |y: u16| -> String { (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect() };
        let y = (0..buffer.area.height).find(|y| line(*y).contains(name)).expect("a line");
        let x = (0..buffer.area.width).find(|x| buffer[(*x, y)].symbol() == &name[..2]).expect("its letter");
        buffer[(x, y)].style()
    };
    assert_eq!(style_of("Васильева"), style_of("Йоргенсен"));
    assert_ne!(style_of("Васильева"), style_of("Бондаренко"));
    let mut model = model;
    for _ in 0..3 {
        answered(&mut model, Event::Key(Key::plain(Code::Down)));
    }
    let shown = screen(&model, Language::Russian);
    assert!(shown.contains("карта недействительна"), "{shown}");
}
