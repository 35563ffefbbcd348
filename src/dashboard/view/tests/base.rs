//! The reconciliation of the whole base, as it is drawn.

use super::super::words;
use super::*;
use crate::dashboard::app::{Listed, Phase, ReconcileProgress, Reconciled, StoreStatus, Wanted};
use crate::domain::{Comparison, Figure};

fn invitation(width: u16, height: u16, language: Language) -> Model {
    let mut model = fixture::loaded(width, height);
    press_in(&mut model, Key::plain(Code::F(12)), language);
    model
}

fn running(width: u16, height: u16, language: Language) -> Model {
    let mut model = invitation(width, height, language);
    feed(&mut model, Event::Key(Key::plain(Code::Enter)));
    let steps = [(Phase::Sums, 312, None), (Phase::OpeningBalances, 1_204, Some(4_800))];
    for (phase, done, total) in steps {
        fixture::told(&mut model, TaskReport::Reconcile(ReconcileProgress { phase, done, total }));
    }
    model
}

fn retrying(width: u16, height: u16, language: Language) -> Model {
    let mut model = running(width, height, language);
    for notice in fixture::notices() {
        if matches!(notice, crate::sync::event::Notice::Retrying(..)) {
            fixture::told(&mut model, TaskReport::Notice(notice));
        }
    }
    model
}

fn found(width: u16, height: u16, language: Language) -> Model {
    let mut model = invitation(width, height, language);
    press_in(&mut model, Key::plain(Code::Enter), language);
    // What was compared counts in how the store stands.
    let variances = fixture::reconciled().summary.variances;
    fixture::standing(&mut model, StoreStatus { variances, ..fixture::status() });
    model.message = None;
    model
}

fn filtered(width: u16, height: u16, language: Language) -> Model {
    let mut model = found(width, height, language);
    typed_in(&mut model, "jjfff", language);
    model
}

fn drilled(width: u16, height: u16, language: Language) -> Model {
    let mut model = found(width, height, language);
    typed_in(&mut model, "jj", language);
    press_in(&mut model, Key::plain(Code::Enter), language);
    model
}

fn menu(width: u16, height: u16, language: Language) -> Model {
    let mut model = found(width, height, language);
    press_in(&mut model, Key::plain(Code::F(2)), language);
    model
}

fn files(width: u16, height: u16, language: Language) -> Model {
    let mut model = found(width, height, language);
    typed_in(&mut model, "Yjj", language);
    model
}

fn writing(width: u16, height: u16, language: Language) -> Model {
    let mut model = found(width, height, language);
    typed_in(&mut model, "Yjj", language);
    feed(&mut model, Event::Key(Key::plain(Code::Enter)));
    fixture::told(&mut model, TaskReport::Export(4));
    model
}

fn written(width: u16, height: u16, language: Language) -> Model {
    let mut model = files(width, height, language);
    press_in(&mut model, Key::plain(Code::Enter), language);
    model
}

/// Everything that limits a result at once.
fn limited(width: u16, height: u16, language: Language) -> Model {
    let mut model = invitation(width, height, language);
    feed(&mut model, Event::Key(Key::plain(Code::Enter)));
    let mut base =
        Reconciled { unread: 3, moving: 2, failure: Some(fixture::failure()), ..fixture::reconciled() };
    base.summary.total.uncompared = fixture::roubles(44_200);
    let effects = fixture::end(&mut model, TaskKind::Reconcile, Ok(Answer::Reconciled(Box::new(base))));
    obey(&mut model, effects, language);
    let effects = fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    obey(&mut model, effects, language);
    model.message = None;
    model
}

fn failed_at_once(width: u16, height: u16, language: Language) -> Model {
    let mut model = invitation(width, height, language);
    feed(&mut model, Event::Key(Key::plain(Code::Enter)));
    fixture::end(&mut model, TaskKind::Reconcile, Err(fixture::failure()));
    model
}

fn hidden(width: u16, height: u16, language: Language) -> Model {
    let mut model = drilled(width, height, language);
    press_alt_in(&mut model, 'p', language);
    model
}

pub(super) const SCENES: [Scene; 13] = [
    ("retrying", retrying),
    ("invitation", invitation),
    ("running", running),
    ("found", found),
    ("filtered", filtered),
    ("drilled", drilled),
    ("menu", menu),
    ("files", files),
    ("writing", writing),
    ("written", written),
    ("limited", limited),
    ("failed", failed_at_once),
    ("hidden", hidden),
];

#[test]
fn no_sum_of_the_base_is_cut() {
    let mut model = found(80, 24, Language::Russian);
    for width in 20..200 {
        feed(&mut model, Event::Resized(Size { width, height: 30 }));
        let screen = screen(&model, Language::Russian);
        let is_cut = |word: &str| word.ends_with('…') && word.contains(',') && word.starts_with('−');
        assert!(!screen.split_whitespace().any(is_cut), "{width} columns:\n{screen}");
        assert!(width < 30 || screen.contains("−232 360,00"), "{width} columns:\n{screen}");
        assert!(width < 80 || screen.contains("79788451364"), "{width} columns:\n{screen}");
    }
}

#[test]
fn behind_the_mask_the_base_says_nothing_personal() {
    for scene in [found as Draw, drilled] {
        let mut model = scene(140, 40, Language::Russian);
        press_alt(&mut model, 'p');
        let screen = screen(&model, Language::Russian);
        for personal in ["Царьк", "Бондаренко", "7978", "Симферополь", "Севастополь", "000371", "001993"]
        {
            assert!(!screen.contains(personal), "{personal}:\n{screen}");
        }
        assert!(screen.contains("1 200,00"), "{screen}");
        let subject = crate::dashboard::app::CopySubject::Reconciled(fixture::card(3));
        for form in [crate::dashboard::app::Form::Text, crate::dashboard::app::Form::Json] {
            let copy = words::copy(&model, &Look::new(Language::Russian), subject, form).expect("a copy");
            assert!(!copy.text.contains("Бондаренко") && !copy.text.contains("7978"), "{copy:?}");
        }
    }
}

#[test]
fn u5_foreign_text_in_the_base_cannot_steer_the_terminal() {
    for text in HOSTILE {
        let mut model = found(140, 40, Language::Russian);
        let spoiled = |row: Comparison| {
            let mut row = row;
            row.customer.name = text.to_owned();
            row.customer.code = text.to_owned();
            row.customer.phone = Some(text.to_owned());
            for difference in &mut row.differences {
                difference.figure = Figure { onec: Some(text), stored: Some(text) }.into();
                difference.recorder_type = Some(crate::domain::RecorderType(text.into()));
            }
            row
        };
        let all = fixture::listed(Wanted::All, crate::dashboard::app::ListPart::default());
        let rows = all.rows.into_iter().map(spoiled).collect();
        let list = |effects: &[Effect]| {
            effects.iter().find_map(|effect| match effect {
                Effect::Ask(id, Ask::List { .. }) => Some(*id),
                _ => None,
            })
        };
        let effects = feed(&mut model, Event::Key(Key::char('f')));
        let id = list(&effects).expect("a question");
        feed(&mut model, Event::Answered(id, Ok(Answer::Listed(Listed { rows, ..all }))));
        let message = hostile_failure(text);
        for keys in ["", "j"] {
            typed_in(&mut model, keys, Language::Russian);
            assert_eq!(stray_control(&sent(&model)), None, "{text:?}");
            press_in(&mut model, Key::plain(Code::Enter), Language::Russian);
            assert_eq!(stray_control(&sent(&model)), None, "{text:?} on a page");
            press_in(&mut model, Key::plain(Code::Esc), Language::Russian);
        }
        press_in(&mut model, Key::char('Y'), Language::Russian);
        let effects = feed(&mut model, Event::Key(Key::plain(Code::Enter)));
        let Some(Effect::Ask(id, Ask::Export(_))) = effects.first() else { panic!("{effects:?}") };
        let file =
            crate::dashboard::app::Exported { path: text.to_owned(), ..fixture::exported(Wanted::All) };
        feed(&mut model, Event::Answered(*id, Ok(Answer::Exported(file))));
        assert_eq!(stray_control(&sent(&model)), None, "{text:?} in a path");
        let effects = feed(&mut model, Event::Key(Key::char('r')));
        let Some(Effect::Ask(id, Ask::Reconcile(_))) = effects.first() else { panic!("{effects:?}") };
        feed(&mut model, Event::Answered(*id, Err(message)));
        assert_eq!(stray_control(&sent(&model)), None, "{text:?} in a failure");
    }
}

/// Dots are on the screen; a file holds the data, and says so before it is written.
#[test]
fn the_choice_of_a_file_says_what_it_will_hold() {
    let mut model = files(80, 24, Language::Russian);
    let words = "в файле будут имена и телефоны";
    assert!(screen(&model, Language::Russian).contains(words));
    press_alt(&mut model, 'p');
    let masked = screen(&model, Language::Russian);
    assert!(masked.contains("Точки только на экране") && masked.contains(words), "{masked}");
}

/// What 1C has more of is said before what sverka has: without it two sums that differ are told as none.
#[test]
fn earlier_purchases_are_told_beside_the_total_of_a_narrow_screen() {
    for (width, has_stored) in [(80, false), (100, true)] {
        let mut model = found(width, 20, Language::Russian);
        let mut base = fixture::reconciled();
        let mut row = fixture::base_rows().remove(0);
        row.verdict = crate::domain::Verdict::BeforeWindow;
        row.total =
            Figure { onec: Some(fixture::roubles(83_685_651)), stored: Some(fixture::roubles(56_395_573)) };
        row.before_window = Some(fixture::roubles(27_290_078));
        base.summary = crate::domain::reconcile::Summary::default();
        base.summary.add(&row);
        feed(&mut model, Event::Key(Key::plain(Code::F(4))));
        fixture::end(&mut model, TaskKind::Reconcile, Ok(Answer::Reconciled(Box::new(base))));
        let screen = screen(&model, Language::Russian);
        let line = screen.lines().find(|line| line.contains("Итого: расхождение 0,00")).expect("a line");
        assert!(line.contains("1С 83 685 651,00  из них раньше 27 290 078,00"), "{screen}");
        assert_eq!(line.contains("sverka 56 395 573,00"), has_stored, "{screen}");
    }
}

/// Where 1C's own totals are wrong the base has none: it is said of how many cards, and which totals.
#[test]
fn totals_of_1c_that_contradict_themselves_are_told_in_words() {
    use crate::domain::{Part, reconcile::Summary};
    let mut base = fixture::reconciled();
    base.summary.contradicted = [(Part::Purchases, 2), (Part::Points, 1)].into();
    assert!(base.summary != Summary::default() && base.summary.total.onec().is_none());
    for (width, height) in [(80, 24), (140, 40)] {
        let mut model = invitation(width, height, Language::Russian);
        feed(&mut model, Event::Key(Key::plain(Code::Enter)));
        let answer = Answer::Reconciled(Box::new(base.clone()));
        fixture::end(&mut model, TaskKind::Reconcile, Ok(answer));
        let seen = screen(&model, Language::Russian).replace('\u{a0}', " ");
        let which = "! Итоги 1С не равны суммам её строк: покупки (карт: 2), баллы (карт: 1)";
        assert!(seen.contains(which), "{seen}");
        assert!(seen.contains("? Нет верного итога 1С по 1 карте: не с чем сравнить"), "{seen}");
    }
}

/// What the portal shows of the whole base, where it is not what 1C says.
#[test]
fn a_portal_that_shows_something_else_is_told_of_the_whole_base() {
    use crate::domain::third_column::{PortalCause, PortalOutcome, PortalSummary, PortalTally};
    let lacking = PortalTally { cards: 12, variance: fixture::roubles(-232_360) };
    let causes = [(PortalCause::MissingOpeningBalance, lacking)].into();
    let shown = |causes, equal| PortalOutcome::Shown(PortalSummary { cards: 300, equal, causes });
    for (outcome, words) in [
        (shown(causes, 288), Some("нет начального ввода — 12 карт, −232 360,00")),
        (shown([].into(), 300), None),
        (
            PortalOutcome::NotAsked("mirror-unreachable".into()),
            Some("Портал не ответил (mirror-unreachable)"),
        ),
    ] {
        let mut base = fixture::reconciled();
        base.summary.portal = Some(outcome);
        let mut model = invitation(200, 50, Language::Russian);
        feed(&mut model, Event::Key(Key::plain(Code::Enter)));
        fixture::end(&mut model, TaskKind::Reconcile, Ok(Answer::Reconciled(Box::new(base))));
        let seen = screen(&model, Language::Russian).replace('\u{a0}', " ");
        assert_eq!(seen.contains("Портал"), words.is_some(), "{seen}");
        assert!(words.is_none_or(|words| seen.contains(words)), "{seen}");
    }
}

/// A digit lists the cards of a cause: named where its bar is seen.
#[test]
fn the_footer_names_the_causes_that_are_drawn() {
    for (width, height) in [(60, 15), (60, 40), (80, 24), (140, 40), (40, 20)] {
        let model = found(width, height, Language::Russian);
        let screen = screen(&model, Language::Russian);
        let is_drawn = screen.lines().any(|line| line.contains(" 1 █") || line.contains(" 1 ░"));
        assert_eq!(screen.contains("Причина"), is_drawn, "{width}x{height}:\n{screen}");
    }
}
