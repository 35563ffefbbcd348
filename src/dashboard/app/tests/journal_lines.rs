use super::*;
use crate::config::LogLevel;
use crate::dashboard::app::journal::{Journal, JournalLine};
use crate::dashboard::app::{CopySubject, Form, Overlay, Target};
use crate::report::log::LogEntry;

/// Three lines of three grades, worded, and the journal open.
fn open() -> Model {
    let mut model = fixture::loaded(80, 24);
    model.journal = Journal::default();
    model.journal.push(now(), JournalLine::SyncStarted);
    model.journal.push(now(), JournalLine::Warned(String::new()));
    model.journal.push(now(), JournalLine::Failed(fixture::failure()));
    for (number, words) in
        [(0, "Синхронизация началась"), (1, "Адрес без шифрования"), (2, "1С занята [onec-busy]")]
    {
        model.journal.word(number, words);
    }
    press(&mut model, Code::F(6));
    model
}

fn listed(model: &Model) -> Vec<u64> {
    model.journal.listed().map(|entry| entry.number).collect()
}

fn typed(model: &mut Model, text: &str) {
    for c in text.chars() {
        press(model, Code::Char(c));
    }
}

#[test]
fn letters_narrow_the_journal_under_either_layout() {
    for (text, lines) in [
        ("", vec![2, 1, 0]),
        ("шифр", vec![1]),
        ("ibah", vec![1]),
        ("BUSY занята", vec![2]),
        ("nothing", vec![]),
    ] {
        let mut model = open();
        typed(&mut model, text);
        assert_eq!(listed(&model), lines, "{text}");
        text.chars().for_each(|_| _ = press(&mut model, Code::Backspace));
        assert_eq!(listed(&model), [2, 1, 0]);
    }
}

#[test]
fn one_key_leaves_warnings_and_errors_then_errors_then_all() {
    let mut model = open();
    let before = model.search.filter().clone();
    for lines in [&[2, 1][..], &[2], &[2, 1, 0]] {
        fixture::alt(&mut model, 'f');
        assert_eq!(listed(&model), lines);
    }
    assert_eq!(model.search.filter(), &before, "the list behind it is nobody's business");
}

#[test]
fn enter_opens_a_line_and_esc_leads_back_to_it_and_out() {
    let mut model = open();
    press(&mut model, Code::Down);
    let effects = press(&mut model, Code::Enter);
    assert!(effects.contains(&Effect::Word(CopySubject::Entry(1))), "{effects:?}");
    assert_eq!(model.overlay, Some(Overlay::Page(0)));
    press(&mut model, Code::Esc);
    assert_eq!((model.overlay, model.journal.chosen()), (Some(Overlay::Journal), 1));
    press(&mut model, Code::Enter);
    press(&mut model, Code::Enter);
    assert_eq!(model.overlay, Some(Overlay::Journal), "Enter leads back as well");
    press(&mut model, Code::Esc);
    assert_eq!(model.overlay, None);
}

#[test]
fn the_line_chosen_stays_the_same_while_others_come() {
    let mut model = open();
    press(&mut model, Code::Down);
    model.journal.push(now(), JournalLine::StoreVerified);
    assert_eq!((model.journal.chosen(), listed(&model)[2]), (2, 1));
    press(&mut model, Code::Up);
    press(&mut model, Code::Up);
    assert_eq!(model.journal.chosen(), 0);
    model.journal.push(now(), JournalLine::StoreVerified);
    assert_eq!(model.journal.chosen(), 0, "who looks at the newest line goes on looking at the newest");
}

#[test]
fn the_list_and_the_line_that_is_open_are_copied() {
    let mut model = open();
    let copied = |effects: &[Effect]| match effects {
        [Effect::Copy(_, subject, form, target), ..] => Some((*subject, *form, *target)),
        _ => None,
    };
    let effects = fixture::alt(&mut model, 'y');
    assert_eq!(copied(&effects), Some((CopySubject::Journal, Form::Text, Target::Clipboard)));
    press(&mut model, Code::Enter);
    feed(&mut model, Event::Worded(CopySubject::Entry(2), Some("слова".into())));
    let effects = fixture::alt(&mut model, 'y');
    assert_eq!(copied(&effects), Some((CopySubject::Entry(2), Form::Text, Target::Clipboard)));
}

#[test]
fn the_journal_begins_with_earlier_runs_which_are_nobodys_news() {
    let mut model = open();
    let pushed = model.journal.pushed();
    let entry = LogEntry { code: "onec-busy".into(), ..LogEntry::new(LogLevel::Error, "1С занята") };
    model = model.after(vec![entry.clone(), entry]);
    assert_eq!(listed(&model), [4, 3, 2, 1, 0]);
    assert_eq!((model.journal.pushed(), model.journal.unseen_errors()), (pushed, 0));
    typed(&mut model, "занята");
    assert_eq!(listed(&model), [4, 1, 0], "they are searched as well");
    model.journal.push(now(), JournalLine::StoreVerified);
    assert_eq!(model.journal.newest_first().next().map(|entry| entry.number), Some(5));
}
