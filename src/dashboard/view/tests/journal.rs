use super::*;
use crate::dashboard::app::{CopySubject, Form, Overlay};
use crate::report::log::LogEntry;
use crate::sync::event::{Notice, Stage};

/// What an earlier run left: a line of an hour ago, and one of the day before.
fn earlier() -> Vec<LogEntry> {
    let of = |hours: i64, entry: LogEntry| LogEntry {
        at: fixture::now().to_utc() - chrono::TimeDelta::hours(hours),
        run: "sverka sync".into(),
        pid: 4321,
        ..entry
    };
    let refused = LogEntry {
        code: "onec-unreachable-refused".into(),
        ..LogEntry::new(config::LogLevel::Error, "Сервер 127.0.0.1:18077 не принимает соединение.")
    };
    let refused = refused.with_remedy("Проверьте, что веб-сервер 1С запущен.");
    vec![of(24, refused), of(1, LogEntry::new(config::LogLevel::Info, "Карта …0006: сходится"))]
}

/// A sync that had to try again and failed, after an earlier run.
fn journal(width: u16, height: u16, language: Language) -> Model {
    let mut model = fixture::loaded(width, height).after(earlier());
    press(&mut model, Code::F(5));
    for notice in fixture::notices() {
        fixture::told(&mut model, TaskReport::Notice(notice));
    }
    let trouble = crate::odata::Error::ServerError { status: 503, text: "нет лицензий".into() };
    let repeat = crate::sync::event::Repeat { number: 3, ..fixture::repeat() };
    fixture::told(
        &mut model,
        TaskReport::Notice(Notice::Retrying(
            Stage::Purchases,
            repeat,
            trouble,
            "AccumulationRegister_Продажи".to_owned(),
        )),
    );
    fixture::synced(&mut model, Err(fixture::failure()));
    Recorder::after(&model).record(&mut model, &Look::new(language));
    press(&mut model, Code::F(6));
    model
}

fn opened(mut model: Model, language: Language, lines: usize) -> Model {
    (0..lines).for_each(|_| press(&mut model, Code::Down));
    press_in(&mut model, Key::plain(Code::Enter), language);
    model
}

#[test]
fn the_journal_and_a_line_of_it_in_full() {
    let mut screens = Vec::new();
    for (width, height, language) in
        [(80, 24, Language::Russian), (140, 40, Language::English), (40, 10, Language::Russian)]
    {
        let list = journal(width, height, language);
        screens.push(screen(&list, language));
        // The failure; the last repeat with its cause; what an earlier run left.
        for lines in [0, 1, 9] {
            screens.push(screen(&opened(list.clone(), language, lines), language));
        }
    }
    insta::assert_snapshot!("journal", screens.join("\n"));
}

#[test]
fn a_line_is_read_in_full_to_its_last_word_on_a_small_screen() {
    let mut model = opened(journal(40, 10, Language::Russian), Language::Russian, 9);
    let mut seen = String::new();
    for _ in 0..10 {
        seen += &screen(&model, Language::Russian);
        press(&mut model, Code::Down);
    }
    for word in ["18077", "соединение", "веб-сервер", "docs/errors.md", "4321"] {
        assert!(seen.contains(word), "{word}: {seen}");
    }
}

#[test]
fn what_is_copied_is_what_is_shown() {
    let look = Look::new(Language::Russian);
    let mut model = journal(80, 24, Language::Russian);
    typed(&mut model, "лицензий");
    let list = words::copy(&model, &look, CopySubject::Journal, Form::Text).expect("a line").text;
    assert_eq!(list.lines().count(), 1, "{list}");
    let model = opened(model, Language::Russian, 0);
    let Some(CopySubject::Entry(number)) = model.page.as_ref().map(|page| page.subject) else { panic!() };
    let entry = words::copy(&model, &look, CopySubject::Entry(number), Form::Text).expect("words").text;
    for word in ["предупреждение", "нет лицензий", "Покупки", "повтор 3 из 5", "docs/errors.md#onec-"]
    {
        assert!(entry.contains(word), "{word}: {entry}");
    }
}

#[test]
fn nothing_is_found_and_it_says_so() {
    let mut model = journal(80, 24, Language::Russian);
    typed(&mut model, "zzz");
    let screen = screen(&model, Language::Russian);
    assert!(screen.contains("Ничего не подходит.") && screen.contains("zzz▏"), "{screen}");
    press(&mut model, Code::Enter);
    assert_eq!(model.overlay, Some(Overlay::Journal));
}
