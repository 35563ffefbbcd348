use super::super::detail::{Fields, Section};
use super::super::fixture::{self, alt, card, feed, is_asked, now, only_asks, press, settle};
use super::super::model::{Message, Passing};
use super::super::page::{Cell, Copied, CopyPlace};
use super::super::{
    Answer, Ask, Code, CopySubject, Effect, Event, Focus, Form, Key, Model, Overlay, Screen, Target,
    TaskKind, update,
};
use super::{nobody_found, started_check};
use crate::domain::{CustomerField, Verdict};
use crate::sync::event::Outcome;

/// The shop with the keyboard in the detail of the first customer.
fn in_detail() -> Model {
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Enter);
    assert_eq!(model.focus, Focus::Detail);
    model
}

fn type_char(model: &mut Model, c: char) -> Vec<Effect> {
    feed(model, Event::Key(Key::char(c)))
}

/// What effects copy; they do nothing else.
#[track_caller]
fn only_copies(effects: &[Effect]) -> Vec<(CopySubject, Form, Target)> {
    let copy = |effect: &Effect| match effect {
        Effect::Copy(_, subject, form, target) => (*subject, *form, *target),
        other => panic!("{other:?}"),
    };
    effects.iter().map(copy).collect()
}

#[test]
fn an_explanation_is_worded_shown_scrolled_and_closed() {
    for key in ['e', 'у'] {
        let mut model = in_detail();
        let subject = CopySubject::Explanation(card(1));
        assert_eq!(alt(&mut model, key), [Effect::Word(subject)]);
        feed(&mut model, Event::Worded(subject, Some("строка\n".repeat(60))));
        assert_eq!(model.overlay, Some(Overlay::Page(0)));
        press(&mut model, Code::PageDown);
        press(&mut model, Code::Down);
        assert!(matches!(model.overlay, Some(Overlay::Page(2..))));
        type_char(&mut model, key);
        assert!(model.is_uncovered() && model.page.is_none());
    }
}

#[test]
fn words_of_a_page_that_is_closed_are_dropped() {
    let mut model = in_detail();
    alt(&mut model, 'e');
    press(&mut model, Code::Esc);
    press(&mut model, Code::Enter);
    let late = Event::Worded(CopySubject::Explanation(card(1)), Some("поздно".to_owned()));
    assert_eq!(update(&mut model, now(), late), []);
}

#[test]
fn a_check_rewords_the_explanation_that_is_open() {
    let mut model = in_detail();
    let subject = CopySubject::Explanation(card(1));
    alt(&mut model, 'e');
    feed(&mut model, Event::Worded(subject, Some("до".to_owned())));
    let (id, checked) = started_check(&press(&mut model, Code::F(4)));
    let effects =
        feed(&mut model, Event::Answered(id, Ok(Answer::Checked(Box::new(fixture::live(checked))))));
    assert!(effects.contains(&Effect::Word(subject)), "{effects:?}");
    assert_eq!(model.detail.requests().len(), 2);
}

#[test]
fn a_check_marks_its_customer_in_the_list_until_the_next_sync() {
    let mut model = in_detail();
    let (id, checked) = started_check(&press(&mut model, Code::F(4)));
    let mut live = fixture::live(checked);
    live.comparison.verdict = Verdict::Variance;
    feed(&mut model, Event::Answered(id, Ok(Answer::Checked(Box::new(live)))));
    assert_eq!(model.search.reply().rows[0].verdict, Verdict::Variance);

    // Another search, and coming back to the customer, forget nothing.
    let effects = feed(&mut model, Event::Pasted("царьк".to_owned()));
    settle(&mut model, effects);
    assert_eq!(model.search.reply().rows[0].verdict, Verdict::Variance);
    assert_eq!(model.detail.detail().expect("a customer").comparison.verdict, Verdict::Variance);

    press(&mut model, Code::F(5));
    let effects = fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    settle(&mut model, effects);
    assert_eq!(model.search.reply().rows[0].verdict, Verdict::Reconciled);
}

#[test]
fn fields_are_asked_for_once_and_gone_with_their_customer() {
    let mut model = in_detail();
    for _ in 0..3 {
        press(&mut model, Code::F(7));
    }
    assert_eq!(only_asks(&press(&mut model, Code::Enter)), [Ask::Fields(card(1))]);
    assert_eq!(press(&mut model, Code::Enter), [], "one request is under way");
    fixture::end(&mut model, TaskKind::Fields, Ok(Answer::Fields(fixture::raw_fields())));
    assert!(matches!(model.detail.fields(), Fields::Known(_)));
    press(&mut model, Code::Down);
    let line = CopySubject::Line(card(1), Section::Fields, 1);
    assert_eq!(press(&mut model, Code::Enter), [Effect::Word(line)]);

    // What was read on demand goes nowhere.
    feed(&mut model, Event::Worded(line, Some("79788451364".to_owned())));
    for key in ['y', 'J', 'Y'] {
        let effects = type_char(&mut model, key);
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Copy(..))), "{key}: {effects:?}");
    }
    press(&mut model, Code::Esc);
    press(&mut model, Code::BackTab);
    let effects = press(&mut model, Code::Down);
    settle(&mut model, effects);
    assert_eq!(model.detail.fields(), &Fields::NotAsked);
}

#[test]
fn late_fields_of_another_customer_are_dropped() {
    let mut model = in_detail();
    for _ in 0..3 {
        press(&mut model, Code::F(7));
    }
    press(&mut model, Code::Enter);
    let asked = model.tasks.of(TaskKind::Fields).expect("a question");
    press(&mut model, Code::BackTab);
    let effects = press(&mut model, Code::Down);
    settle(&mut model, effects);
    let late = Event::Answered(asked, Ok(Answer::Fields(fixture::raw_fields())));
    assert_eq!(update(&mut model, now(), late), []);
}

#[test]
fn a_line_with_the_cursor_opens_in_full() {
    let mut model = in_detail();
    press(&mut model, Code::Down);
    let subject = CopySubject::Line(card(1), Section::Purchases, 1);
    assert_eq!(press(&mut model, Code::Enter), [Effect::Word(subject)]);
    press(&mut model, Code::Enter);
    assert!(model.is_uncovered());
}

#[test]
fn copies_go_where_they_were_sent_and_the_same_may_go_to_a_file() {
    let mut model = in_detail();
    let customer = CopySubject::Customer(card(1));
    assert_eq!(only_copies(&alt(&mut model, 'n')), [(customer, Form::Json, Target::Clipboard)]);
    let copied = Copied { characters: 12, place: CopyPlace::Terminal };
    fixture::end(&mut model, TaskKind::Copy, Ok(Answer::Copied(Some(copied))));
    assert!(matches!(model.message, Some(Message::Passing(Passing::Copied(_)))));
    assert_eq!(only_copies(&alt(&mut model, 'w')), [(customer, Form::Json, Target::File)]);

    // Once the message is gone the key means what is shown.
    model.message = None;
    assert_eq!(only_copies(&alt(&mut model, 'ц')), [(customer, Form::Text, Target::File)]);
}

#[test]
fn one_figure_can_be_chosen_and_copied() {
    let mut model = in_detail();
    alt(&mut model, 'd');
    press(&mut model, Code::Down);
    press(&mut model, Code::Down);
    let code = CopySubject::Cell(card(1), Cell::Field(CustomerField::Code));
    assert_eq!(only_copies(&press(&mut model, Code::Enter)), [(code, Form::Text, Target::Clipboard)]);
    assert!(model.is_uncovered());
}

#[test]
fn with_nobody_shown_there_is_nothing_to_copy() {
    let mut model = fixture::fresh(80, 24);
    press(&mut model, Code::Tab);
    for key in ['y', 'w', 'n', 'd'] {
        model.message = None;
        let effects = alt(&mut model, key);
        nobody_found(&mut model, &effects);
        assert_eq!(model.message, Some(Message::Passing(Passing::NothingToCopy)), "{key}");
    }
}

#[test]
fn the_last_sync_is_read_when_asked_for_and_again_when_another_ends() {
    let mut model = in_detail();
    assert_eq!(only_asks(&press(&mut model, Code::F(9))), [Ask::Portal(Some(card(1)))]);
    let first = model.tasks.of(TaskKind::Portal).expect("a question");
    let loaded = || Ok(Answer::Portal(Some(Box::new(fixture::portal()))));
    assert_eq!(feed(&mut model, Event::Answered(first, loaded())), [Effect::Word(CopySubject::Portal)]);
    feed(&mut model, Event::Worded(CopySubject::Portal, Some("было".to_owned())));
    press(&mut model, Code::F(5));
    let effects = fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    assert!(is_asked(&effects, &Ask::Portal(Some(card(1)))), "{effects:?}");
    let late = update(&mut model, now(), Event::Answered(first, loaded()));
    assert_eq!(late, [], "an older look is dropped");
    press(&mut model, Code::F(9));
    assert!(model.is_uncovered());
}

/// The last sync, before and after, over what a state shows.
fn with_before_after(mut model: Model) -> Model {
    let effects = press(&mut model, Code::F(9));
    settle(&mut model, effects);
    feed(&mut model, Event::Worded(CopySubject::Portal, Some("было\n".repeat(60))));
    assert_eq!((model.screens.shown(), model.overlay), (Screen::BeforeAfter, None));
    model
}

#[test]
fn before_and_after_has_keys_of_its_own() {
    let mut model = with_before_after(in_detail());
    let (before, section) = (model.search.order(), model.detail.chosen());
    for key in ['s', 'S', '4', 'f', 'c', 'l', 'h'] {
        assert_eq!(type_char(&mut model, key), [], "{key} is about what nobody sees");
    }
    assert_eq!((model.search.order(), model.detail.chosen()), (before, section));
    assert_eq!(
        only_copies(&type_char(&mut model, 'y')),
        [(CopySubject::Portal, Form::Text, Target::Clipboard)]
    );
    assert_eq!(
        only_copies(&type_char(&mut model, 'J')),
        [(CopySubject::Portal, Form::Json, Target::Clipboard)]
    );
    press(&mut model, Code::PageDown);
    assert!(model.screens.before_after.top() > 1);
    for (over, key) in [(Overlay::Help(0), 1), (Overlay::Journal, 6)] {
        press(&mut model, Code::F(key));
        assert_eq!((model.screens.shown(), model.overlay), (Screen::BeforeAfter, Some(over)));
        press(&mut model, Code::Esc);
    }
    for leave in [Code::Enter, Code::Esc, Code::F(9), Code::Char('b')] {
        let mut model = model.clone();
        press(&mut model, leave);
        assert!(model.is_uncovered() && model.focus == Focus::Detail, "{leave:?}");
    }
}

#[test]
fn before_and_after_is_left_for_the_screen_it_was_opened_over() {
    let mut model = in_detail();
    press(&mut model, Code::F(12));
    for leave in [Code::Enter, Code::Esc, Code::F(9)] {
        let mut model = with_before_after(model.clone());
        press(&mut model, leave);
        assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, None), "{leave:?}");
        press(&mut model, Code::Esc);
        assert!(model.is_uncovered(), "{leave:?}");
    }
    let mut model = with_before_after(model);
    press(&mut model, Code::F(12));
    press(&mut model, Code::Esc);
    assert!(model.is_uncovered(), "no circle of screens");
}

#[test]
fn a_command_is_found_by_what_is_typed() {
    use super::super::key::Mods;
    let ctrl_k = Key { code: Code::Char('k'), mods: Mods::Ctrl };
    let typed = |model: &mut Model, text: &str| {
        for c in text.chars() {
            press(model, Code::Char(c));
        }
    };
    for (way, text) in [(ctrl_k, "остан"), (Key::char(':'), "ОСТАН"), (ctrl_k, "jcnfy"), (ctrl_k, "alt+x")]
    {
        let mut model = fixture::loaded(80, 24);
        press(&mut model, Code::F(5));
        feed(&mut model, Event::Key(way));
        let all = super::super::footer::commands(&model).len();
        typed(&mut model, text);
        assert!((1..all).contains(&super::super::footer::commands(&model).len()), "{text}");
        press(&mut model, Code::Enter);
        assert!(matches!(model.overlay, Some(Overlay::Ask(_))), "{text}: {:?}", model.overlay);
        assert_eq!(model.search.input().value(), "");
    }
    // `q` is text there; a search of the help begins with a slash, and Esc leaves it.
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::F(1));
    press(&mut model, Code::Char('/'));
    typed(&mut model, "q");
    assert_eq!(model.typed.as_deref(), Some("q"));
    press(&mut model, Code::Backspace);
    assert_eq!(model.typed.as_deref(), Some(""));
    press(&mut model, Code::Esc);
    assert!(model.is_uncovered());
    press(&mut model, Code::F(1));
    press(&mut model, Code::Char('q'));
    assert!(model.is_uncovered(), "letters are commands where nothing is typed");
}

#[test]
fn which_document_is_what_is_asked_for_and_shown() {
    for key in ['v', 'м'] {
        let mut model = fixture::loaded(80, 24);
        let effects = alt(&mut model, key);
        let asked = only_asks(&effects[1..]);
        assert_eq!(
            (effects.first(), &asked[..]),
            (Some(&Effect::Word(CopySubject::DocumentTypes)), &[Ask::DocumentTypes][..])
        );
        let answer = Answer::DocumentTypes(Box::new(fixture::document_types()));
        let effects = fixture::end(&mut model, TaskKind::DocumentTypes, Ok(answer));
        assert!(effects.is_empty(), "nothing is worded before the first words came");
        feed(&mut model, Event::Worded(CopySubject::DocumentTypes, Some("спрашиваю".to_owned())));
        press(&mut model, Code::Esc);
        assert!(model.is_uncovered() && model.page.is_none() || model.overlay.is_none());
    }
}

/// The first customer, checked line by line a moment ago.
fn checked_in_detail() -> Model {
    let mut model = in_detail();
    let (id, checked) = started_check(&press(&mut model, Code::F(4)));
    let live = Answer::Checked(Box::new(fixture::live(checked)));
    let effects = feed(&mut model, Event::Answered(id, Ok(live)));
    settle(&mut model, effects);
    model
}

/// What a key asks 1C; it words the page as well.
#[track_caller]
fn asked_by(effects: &[Effect]) -> Ask {
    assert_eq!(effects.first(), Some(&Effect::Word(CopySubject::RawAnswer)));
    let asked = only_asks(&effects[1..]);
    let [ask] = &asked[..] else { panic!("{asked:?}") };
    ask.clone()
}

#[test]
fn how_1c_answers_is_asked_when_a_key_says_so_and_leads_back_to_the_explanation() {
    for key in ['a', 'ф'] {
        let mut model = checked_in_detail();
        let subject = CopySubject::Explanation(card(1));
        assert_eq!(alt(&mut model, 'e'), [Effect::Word(subject)], "an explanation asks nothing");
        feed(&mut model, Event::Worded(subject, Some("разбор".to_owned())));
        let first = fixture::live(card(1)).requests.swap_remove(0);
        assert_eq!(asked_by(&type_char(&mut model, key)), Ask::RawAnswer(first));
        feed(&mut model, Event::Worded(CopySubject::RawAnswer, Some("отвечает".to_owned())));
        let answer = Ok(fixture::answer(&fixture::ask(TaskKind::RawAnswer)));
        let effects = fixture::end(&mut model, TaskKind::RawAnswer, answer);
        assert_eq!(effects, [Effect::Word(CopySubject::RawAnswer)], "worded anew");
        let copied = only_copies(&type_char(&mut model, 'y'));
        assert_eq!(copied, [(CopySubject::RawAnswer, Form::Text, Target::Clipboard)]);
        for leave in [Code::Esc, Code::Enter, Code::Char('q'), Code::Char(key)] {
            let mut model = model.clone();
            assert_eq!(press(&mut model, leave), [Effect::Word(subject)], "{leave:?}");
            assert_eq!(model.page.as_ref().map(|page| page.subject), Some(subject), "{leave:?}");
            press(&mut model, Code::Esc);
            assert!(model.is_uncovered() && model.focus == Focus::Detail, "{leave:?}");
        }
    }
}

#[test]
fn how_1c_answers_for_fields_is_shown_and_copied_nowhere() {
    let mut model = in_detail();
    for _ in 0..3 {
        press(&mut model, Code::F(7));
    }
    assert_eq!(alt(&mut model, 'a').len(), 1, "no field was read yet");
    assert_eq!(model.message, Some(Message::Passing(Passing::NoFields)), "and Enter reads them");
    let effects = press(&mut model, Code::Enter);
    settle(&mut model, effects);
    for (line, request) in [(0, 0), (2, 1)] {
        let mut model = model.clone();
        (0..line).for_each(|_| drop(press(&mut model, Code::Down)));
        let sent = fixture::raw_fields().requests.swap_remove(request);
        assert_eq!(asked_by(&alt(&mut model, 'a')), Ask::RawAnswer(sent));
        feed(&mut model, Event::Worded(CopySubject::RawAnswer, Some("отвечает".to_owned())));
        for key in ['y', 'Y'] {
            let effects = type_char(&mut model, key);
            assert!(!effects.iter().any(|effect| matches!(effect, Effect::Copy(..))), "{key}: {effects:?}");
        }
        press(&mut model, Code::Esc);
        assert!(model.is_uncovered(), "where it was asked for on no page it leads to none");
    }
    let line = CopySubject::Line(card(1), Section::Fields, 0);
    assert_eq!(press(&mut model, Code::Enter), [Effect::Word(line)]);
    asked_by(&type_char(&mut model, 'a'));
    assert_eq!(press(&mut model, Code::Esc), [Effect::Word(line)]);
}

#[test]
fn where_sums_were_compared_there_is_no_request_to_ask_about() {
    let mut model = in_detail();
    for open in [None, Some('e')] {
        if let Some(key) = open {
            alt(&mut model, key);
        }
        model.message = None;
        let effects = alt(&mut model, 'a');
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Ask(..))), "{effects:?}");
        assert_eq!(model.message, Some(Message::Passing(Passing::NoRequest)));
    }
}

#[test]
fn an_answer_of_1c_is_gone_with_its_customer() {
    let mut model = checked_in_detail();
    alt(&mut model, 'a');
    let asked = model.tasks.of(TaskKind::RawAnswer).expect("a question");
    press(&mut model, Code::Esc);
    press(&mut model, Code::BackTab);
    let effects = press(&mut model, Code::Down);
    settle(&mut model, effects);
    assert_eq!(model.raw, None);
    let late = Event::Answered(asked, Ok(fixture::answer(&fixture::ask(TaskKind::RawAnswer))));
    assert_eq!(update(&mut model, now(), late), []);
}

/// What is words and nothing else is copied as words, and says so where JSON is asked for.
#[test]
fn where_there_is_no_json_none_is_copied() {
    let line = {
        let mut model = in_detail();
        let effects = press(&mut model, Code::Enter);
        settle(&mut model, effects.clone());
        let Some(Effect::Word(subject)) = effects.first() else { panic!("{effects:?}") };
        feed(&mut model, Event::Worded(*subject, Some("строка".to_owned())));
        model
    };
    let types = {
        let mut model = in_detail();
        let effects = alt(&mut model, 'v');
        settle(&mut model, effects);
        feed(&mut model, Event::Worded(CopySubject::DocumentTypes, Some("типы".to_owned())));
        model
    };
    let entry = {
        let mut model = in_detail();
        press(&mut model, Code::F(4));
        press(&mut model, Code::F(6));
        let effects = press(&mut model, Code::Enter);
        let Some(Effect::Word(subject)) = effects.first() else { panic!("{effects:?}") };
        feed(&mut model, Event::Worded(*subject, Some("запись".to_owned())));
        model
    };
    let has_none = |mut model: Model| {
        let subject = model.page.as_ref().map(|page| page.subject);
        assert!(
            !super::super::footer::footer(&model)
                .iter()
                .any(|key| key.action == super::super::Action::CopyJson)
        );
        type_char(&mut model, 'J');
        assert_eq!(model.message, Some(Message::Passing(Passing::NoJson)), "{subject:?}");
        assert!(!only_copies(&type_char(&mut model, 'y')).is_empty(), "{subject:?}");
    };
    has_none(line);
    has_none(types);
    has_none(entry);
}
