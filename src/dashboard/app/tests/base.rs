//! The reconciliation of the whole base: one at a time, late answers dropped, a card kept under the cursor.

use super::super::fixture::{self, card, feed, only_asks, press, settle};
use super::super::journal::JournalLine;
use super::super::model::{Message, Passing};
use super::super::*;
use crate::domain::reconcile::Cause;
use crate::domain::{Against, Verdict};
use crate::sync::event::Outcome;

fn letter(model: &mut Model, c: char) -> Vec<Effect> {
    feed(model, Event::Key(Key::char(c)))
}

/// The view, nothing asked yet.
fn opened() -> Model {
    let mut model = fixture::loaded(80, 24);
    assert_eq!(press(&mut model, Code::F(12)), []);
    assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, None));
    model
}

fn found() -> Model {
    let mut model = opened();
    let effects = press(&mut model, Code::Enter);
    settle(&mut model, effects);
    assert_eq!(model.screens.reconciliation.total(), Some(fixture::base_rows().len()));
    model
}

fn selected(model: &Model) -> Option<crate::domain::CardId> {
    model.screens.reconciliation.selected().map(|row| row.customer.card)
}

fn store_changed() -> Failure {
    Failure { kind: FailureKind::StoreChanged, code: "sync-store-changed".to_owned(), ..fixture::failure() }
}

fn reconciled() -> Box<Reconciled> {
    Box::new(fixture::reconciled())
}

#[test]
fn it_asks_1c_for_nothing_and_closes_under_either_layout() {
    for key in ['R', 'К'] {
        let mut model = fixture::loaded(80, 24);
        press(&mut model, Code::Tab);
        assert_eq!(press(&mut model, Code::F(12)), []);
        assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, None));
        assert_eq!(letter(&mut model, key), []);
        assert!(model.is_uncovered(), "a second time closes it");
    }
    let mut model = fixture::loaded(80, 24);
    letter(&mut model, 'К');
    assert!(model.is_uncovered(), "among the customers it is text");
}

#[test]
fn one_at_a_time_and_the_keys_that_start_it() {
    for key in [Key::plain(Code::Enter), Key::char('r'), Key::char('к'), Key::plain(Code::F(4))] {
        let mut model = opened();
        assert_eq!(only_asks(&feed(&mut model, Event::Key(key))), [Ask::Reconcile(By::Sums)]);
        for again in [Code::Enter, Code::F(4), Code::Char('r')] {
            assert_eq!(press(&mut model, again), [], "one runs");
        }
    }
}

#[test]
fn line_by_line_is_chosen_from_the_menu() {
    let mut model = found();
    press(&mut model, Code::F(2));
    press(&mut model, Code::End);
    assert_eq!(only_asks(&press(&mut model, Code::Enter)), [Ask::Reconcile(By::Lines)]);
    assert_eq!(
        (model.screens.shown(), model.overlay),
        (Screen::Reconciliation, None),
        "its progress is seen"
    );
    assert!(model.screens.reconciliation.found().is_some(), "and what was found before");
}

#[test]
fn progress_is_told_step_by_step_and_late_words_are_dropped() {
    let mut model = opened();
    press(&mut model, Code::Enter);
    let progress = |phase, done| ReconcileProgress { phase, done, total: Some(9) };
    for (phase, done) in [(Phase::Sums, 1), (Phase::Sums, 9), (Phase::Comparing, 3)] {
        fixture::told(&mut model, TaskReport::Reconcile(progress(phase, done)));
    }
    let steps = model.screens.reconciliation.run().expect("a run").steps.clone();
    assert_eq!(steps, [progress(Phase::Sums, 9), progress(Phase::Comparing, 3)]);
    let late = Event::Reported(TaskId(99), TaskReport::Reconcile(progress(Phase::Lines, 1)));
    assert_eq!(update(&mut model, fixture::now(), late), [], "nothing to draw");
    assert_eq!(model.screens.reconciliation.run().expect("a run").steps, steps);
}

#[test]
fn a_run_that_was_stopped_says_nothing_any_more() {
    for key in ['x', 'ч'] {
        let mut model = opened();
        press(&mut model, Code::Enter);
        let run = model.tasks.of(TaskKind::Reconcile).expect("a run");
        assert_eq!(letter(&mut model, key), [Effect::Cancel(run)]);
        assert!(model.screens.reconciliation.run().is_none());
        assert_eq!(feed(&mut model, Event::Answered(run, Ok(Answer::Reconciled(reconciled())))), []);
        assert!(model.screens.reconciliation.found().is_none());
        assert_eq!(only_asks(&press(&mut model, Code::Enter)), [Ask::Reconcile(By::Sums)]);
    }
}

#[test]
fn closing_the_view_leaves_the_run_alone_and_its_end_is_told() {
    let mut model = opened();
    press(&mut model, Code::Enter);
    assert_eq!(press(&mut model, Code::Esc), []);
    assert!(model.is_uncovered() && model.screens.reconciliation.run().is_some());
    let run = model.tasks.of(TaskKind::Reconcile).expect("a run");
    let effects = fixture::end(&mut model, TaskKind::Reconcile, Ok(Answer::Reconciled(reconciled())));
    let Effect::Ask(_, Ask::List { of, wanted: Wanted::All, .. }) = effects[0] else { panic!("{effects:?}") };
    assert_eq!(of, run);
    let summary = fixture::reconciled().summary;
    let told = Passing::Reconciled(summary.cards, summary.variances, summary.unverified);
    assert_eq!(model.message, Some(Message::Passing(told)));
    let line = JournalLine::Reconciled(summary.cards, summary.variances, summary.unverified);
    assert_eq!(model.journal.newest_first().next().map(|entry| &entry.line), Some(&line));
}

#[test]
fn a_run_that_failed_keeps_what_was_found_before() {
    let mut model = found();
    press(&mut model, Code::F(4));
    fixture::end(&mut model, TaskKind::Reconcile, Err(fixture::failure()));
    assert_eq!(model.message, Some(Message::Failed(fixture::failure())));
    assert!(
        model.screens.reconciliation.found().is_some() && model.screens.reconciliation.failed().is_some()
    );
    let mut model = opened();
    press(&mut model, Code::Enter);
    fixture::end(&mut model, TaskKind::Reconcile, Err(Failure::crashed(None)));
    assert!(!model.screens.reconciliation.is_busy(), "a fault of ours ends it, too");
}

#[test]
fn a_part_that_was_overtaken_is_dropped() {
    let mut model = found();
    let first = letter(&mut model, 'f');
    let second = letter(&mut model, 'f');
    let id = |effects: &[Effect]| match effects {
        [Effect::Ask(id, Ask::List { wanted, .. })] => (*id, *wanted),
        other => panic!("{other:?}"),
    };
    let ((first, of_first), (second, of_second)) = (id(&first), id(&second));
    assert_ne!(of_first, of_second);
    let answer =
        |id, wanted| Event::Answered(id, Ok(Answer::Listed(fixture::listed(wanted, ListPart::default()))));
    assert_eq!(update(&mut model, fixture::now(), answer(first, of_first)), []);
    assert_eq!(model.screens.reconciliation.total(), None, "the second is on its way");
    feed(&mut model, answer(second, of_second));
    assert_eq!(model.screens.reconciliation.total(), Some(1));
}

#[test]
fn a_filter_keeps_the_card_under_the_cursor() {
    let mut model = found();
    letter(&mut model, 'j');
    letter(&mut model, 'j');
    assert_eq!(selected(&model), Some(card(3)));
    let mut seen = 0;
    for _ in model.screens.reconciliation.filters() {
        let effects = letter(&mut model, 'f');
        settle(&mut model, effects);
        let wanted = model.screens.reconciliation.wanted();
        let is_among =
            fixture::listed(wanted, ListPart::default()).rows.iter().any(|row| row.customer.card == card(3));
        if !is_among {
            break;
        }
        seen += 1;
        assert_eq!(selected(&model), Some(card(3)), "{wanted:?}");
    }
    assert!(seen > 0);
}

#[test]
fn filters_are_those_that_leave_somebody() {
    let model = found();
    assert_eq!(
        model.screens.reconciliation.filters(),
        [
            Wanted::All,
            Wanted::Verdict(Verdict::Variance),
            Wanted::Verdict(Verdict::Unverified),
            Wanted::Verdict(Verdict::UnknownCard),
            Wanted::Verdict(Verdict::BeforeWindow),
            Wanted::Cause(Cause::MissingOpeningBalance),
            Wanted::Cause(Cause::MissingCard),
            Wanted::Cause(Cause::MissingLines),
            Wanted::Cause(Cause::Points),
            Wanted::Cause(Cause::DoubledSale),
        ]
    );
}

#[test]
fn a_store_that_was_published_to_is_said_and_nothing_more_is_asked_of_it() {
    let asked = |model: &mut Model| {
        let effects = letter(model, 'f');
        let [Effect::Ask(id, Ask::List { .. })] = effects[..] else { panic!("{effects:?}") };
        feed(model, Event::Answered(id, Err(store_changed())));
    };
    let published = |model: &mut Model| {
        fixture::synced(model, Ok(fixture::summary(Outcome::Published)));
    };
    for outdate in [asked as fn(&mut Model), published] {
        let mut model = found();
        outdate(&mut model);
        assert!(model.screens.reconciliation.found().is_some_and(|found| found.is_outdated));
        for key in ['f', 'Y'] {
            assert_eq!(letter(&mut model, key), [], "{key}");
        }
        assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, None));
        assert_eq!(only_asks(&letter(&mut model, 'r')), [Ask::Reconcile(By::Sums)]);
        let effects = fixture::end(&mut model, TaskKind::Reconcile, Ok(Answer::Reconciled(reconciled())));
        settle(&mut model, effects);
        assert!(model.screens.reconciliation.found().is_some_and(|found| !found.is_outdated));
    }
}

#[test]
fn a_part_that_cannot_be_read_is_asked_for_once() {
    let mut model = found();
    let effects = letter(&mut model, 'f');
    let [Effect::Ask(id, Ask::List { .. })] = effects[..] else { panic!("{effects:?}") };
    assert_eq!(feed(&mut model, Event::Answered(id, Err(fixture::failure()))), []);
    assert_eq!(model.message, Some(Message::Failed(fixture::failure())));
    assert_eq!(feed(&mut model, Event::Ticked), [], "not by the clock either");
}

#[test]
fn cards_are_asked_for_around_what_is_seen_and_never_twice() {
    let mut model = opened();
    press(&mut model, Code::Enter);
    let effects = fixture::end(&mut model, TaskKind::Reconcile, Ok(Answer::Reconciled(reconciled())));
    let Effect::Ask(id, Ask::List { .. }) = effects[0] else { panic!("{effects:?}") };
    let row = fixture::base_rows().swap_remove(0);
    let rows: Vec<_> = (0..160).map(|_| row.clone()).collect();
    let part = |from| Listed { from, rows: rows.clone(), total: 1_000_000, at: None, summary: None };
    assert_eq!(feed(&mut model, Event::Answered(id, Ok(Answer::Listed(part(0))))), []);
    let effects = press(&mut model, Code::End);
    let [Effect::Ask(id, Ask::List { part: wanted, .. })] = effects[..] else { panic!("{effects:?}") };
    assert!(wanted.from > 999_000 && wanted.limit < 500, "{wanted:?}");
    assert_eq!(press(&mut model, Code::Up), [], "one question at a time");
    feed(&mut model, Event::Answered(id, Ok(Answer::Listed(part(wanted.from)))));
    assert_eq!(model.screens.reconciliation.index(), 999_998, "the selection stays where it was moved to");
    assert_eq!(feed(&mut model, Event::Ticked), []);
}

#[test]
fn a_card_is_opened_left_and_followed_to_its_customer() {
    let mut model = found();
    letter(&mut model, 'j');
    letter(&mut model, 'j');
    let subject = CopySubject::Reconciled(card(3));
    assert_eq!(press(&mut model, Code::Enter), [Effect::Word(subject)]);
    feed(&mut model, Event::Worded(subject, Some("почему".to_owned())));
    assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, Some(Overlay::Page(0))));
    let copy = letter(&mut model, 'J');
    let task = model.tasks.of(TaskKind::Copy).expect("a copy");
    assert_eq!(copy, [Effect::Copy(task, subject, Form::Json, Target::Clipboard)]);
    press(&mut model, Code::Esc);
    assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, None));
    assert_eq!(selected(&model), Some(card(3)));
    press(&mut model, Code::Enter);
    let effects = press(&mut model, Code::Enter);
    settle(&mut model, effects);
    assert!(model.focus == Focus::Detail && model.is_uncovered());
    assert_eq!(model.search.selected_card(), Some(card(3)));
    let shown = &model.detail.detail().expect("the customer").comparison;
    assert_eq!((shown.customer.card, shown.against), (card(3), Against::Live), "as the base was compared");
    press(&mut model, Code::F(12));
    assert_eq!(selected(&model), Some(card(3)), "the same line");
}

#[test]
fn a_card_the_store_lacks_opens_nobody() {
    let mut model = found();
    letter(&mut model, 'j');
    let missing = selected(&model).expect("a card");
    assert_eq!(missing, card(2));
    press(&mut model, Code::Enter);
    press(&mut model, Code::Enter);
    assert_eq!(model.message, Some(Message::Passing(Passing::NobodyStored)));
    assert_eq!(model.screens.shown(), Screen::Reconciliation);
}

#[test]
fn files_are_offered_of_what_is_shown_and_of_all() {
    let mut model = found();
    assert_eq!(letter(&mut model, 'Y'), []);
    assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, Some(Overlay::Export(0))));
    let orders = model.screens.reconciliation.orders();
    let of = |wanted| orders.iter().filter(move |order| order.wanted == wanted).map(|order| order.format);
    assert!(
        of(Wanted::All).eq(ExportFormat::ALL) && of(Wanted::Verdict(Verdict::Variance)).eq(ExportFormat::ALL)
    );
    press(&mut model, Code::Down);
    let of = model.screens.reconciliation.found().expect("a base").id;
    let order = FileOrder { of, format: ExportFormat::CsvBom, wanted: Wanted::All };
    assert_eq!(only_asks(&press(&mut model, Code::Enter)), [Ask::Export(order)]);
    assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, None));
    assert_eq!(letter(&mut model, 'Y'), [], "one file at a time");
    fixture::told(&mut model, TaskReport::Export(3));
    feed(&mut model, Event::Reported(TaskId(99), TaskReport::Export(7)));
    assert_eq!(model.screens.reconciliation.writing().map(|writing| writing.done), Some(3));
    let file = fixture::exported(Wanted::All);
    fixture::end(&mut model, TaskKind::Export, Ok(Answer::Exported(file.clone())));
    assert_eq!(model.message, Some(Message::Passing(Passing::Exported)));
    let lines: Vec<_> = model.journal.newest_first().take(2).map(|entry| entry.line.clone()).collect();
    assert_eq!(lines, [JournalLine::Exported(file.clone()), JournalLine::Filed(file.path.clone())]);
    assert_eq!(model.screens.reconciliation.file(), Some(&file), "said until something else is written");
}

#[test]
fn a_file_that_was_stopped_or_failed_is_none() {
    let mut model = found();
    letter(&mut model, 'Y');
    press(&mut model, Code::Enter);
    let file = model.tasks.of(TaskKind::Export).expect("a file");
    assert_eq!(letter(&mut model, 'x'), [Effect::Cancel(file)]);
    let whole = Ok(Answer::Exported(fixture::exported(Wanted::All)));
    assert_eq!(feed(&mut model, Event::Answered(file, whole)), []);
    assert!(
        model.screens.reconciliation.file().is_none() && model.message.is_some(),
        "what ended after all is not told"
    );
    letter(&mut model, 'Y');
    press(&mut model, Code::Enter);
    fixture::end(&mut model, TaskKind::Export, Err(store_changed()));
    assert!(model.screens.reconciliation.found().is_some_and(|found| found.is_outdated));
}

#[test]
fn leaving_asks_while_the_base_is_at_work() {
    let mut model = opened();
    press(&mut model, Code::Enter);
    assert_eq!(press(&mut model, Code::F(8)), []);
    let asked = Some(Overlay::Ask(Question::QuitBase));
    assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, asked));
    letter(&mut model, 'n');
    assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, None));
    press(&mut model, Code::F(8));
    assert_eq!(letter(&mut model, 'д'), [Effect::Quit]);
}

#[test]
fn what_is_about_the_list_underneath_means_nothing_here() {
    let mut model = found();
    for key in ['s', 'S', '0', '9', 'c', 'C', 'l', 'h'] {
        assert_eq!(letter(&mut model, key), [], "{key}");
        assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, None), "{key}");
    }
    assert_eq!(letter(&mut model, '/'), []);
    assert!(model.focus == Focus::Search && model.is_uncovered(), "the way to the search stays open");
}

/// A key, and a click, list the cards of a cause and say so; once more, or Esc, all are listed again.
#[test]
fn a_cause_is_chosen_from_the_chart_and_let_go_again() {
    let causes = found().screens.reconciliation.causes();
    assert!(causes.len() >= 4, "{causes:?}");
    for (place, (cause, _)) in (0_u16..).zip(&causes) {
        let click = |model: &mut Model| {
            let chart = model.screens.reconciliation.parts(Layout::of(model).room).causes;
            let at = ratatui::layout::Position { x: chart.x + 3, y: chart.y + place };
            feed(model, Event::Pointed(Pointer { at, act: Point::Click }))
        };
        let digit = char::from_digit(u32::from(place) + 1, 10).expect("a digit");
        let key = |model: &mut Model| letter(model, digit);
        let leave = |model: &mut Model| press(model, Code::Esc);
        let base = found();
        let has_bar = usize::from(place) < base.screens.reconciliation.parts(Layout::of(&base).room).bars;
        let by_hand: &dyn Fn(&mut Model) -> Vec<Effect> = if has_bar { &click } else { &key };
        for [choose, drop] in [[&key as &dyn Fn(&mut Model) -> _, &key], [by_hand, &leave], [&key, &leave]] {
            let mut model = found();
            let effects = choose(&mut model);
            assert_eq!(only_asks(&effects).len(), 1, "{cause:?}");
            settle(&mut model, effects);
            let base = &model.screens.reconciliation;
            assert_eq!((base.chosen(), base.wanted() == Wanted::All), (Some(*cause), false));
            let cards = base.wanted().cards(&fixture::reconciled().summary);
            assert_eq!(base.total().map(|total| total as u64), Some(cards));
            let effects = drop(&mut model);
            settle(&mut model, effects);
            assert_eq!(model.screens.reconciliation.wanted(), Wanted::All);
            assert_eq!((model.screens.shown(), model.overlay), (Screen::Reconciliation, None));
        }
    }
    let mut model = found();
    press(&mut model, Code::Esc);
    assert!(model.is_uncovered(), "with nothing chosen Esc leaves");
}

#[test]
fn the_mouse_selects_and_scrolls_cards() {
    let mut model = found();
    let parts = model.screens.reconciliation.parts(Layout::of(&model).room);
    let at = |y| ratatui::layout::Position { x: 5, y };
    let first = parts.table.y + parts.heading();
    feed(&mut model, Event::Pointed(Pointer { at: at(first + 2), act: Point::Click }));
    assert_eq!(selected(&model), Some(card(3)));
    feed(&mut model, Event::Pointed(Pointer { at: at(first - 1), act: Point::Click }));
    assert_eq!(selected(&model), Some(card(3)), "the heading is no card");
    feed(&mut model, Event::Pointed(Pointer { at: at(first), act: Point::WheelDown }));
    assert_eq!(model.screens.reconciliation.index(), 5);
}

#[test]
fn under_something_else_no_key_reaches_the_list_of_customers() {
    let mut model = found();
    let (order, filter) = (model.search.order(), model.search.filter().clone());
    for over in [Code::F(1), Code::F(2), Code::F(6)] {
        press(&mut model, over);
        assert!(model.overlay.is_some());
        for key in ['s', 'S', '4', 'f', 'c', 'l', 'h'] {
            assert_eq!(letter(&mut model, key), [], "{key} under {over:?}");
        }
        press(&mut model, Code::Esc);
    }
    assert_eq!((model.search.order(), model.search.filter()), (order, &filter));
}

/// What a check finds of a card is what its line says, and what all of them come to.
#[test]
fn a_card_that_is_compared_once_more_is_asked_for_again() {
    let mut model = found();
    press(&mut model, Code::Esc);
    let asked = press(&mut model, Code::F(4));
    assert!(only_asks(&asked).iter().any(|ask| matches!(ask, Ask::Check(_))), "{asked:?}");
    let card = model.detail.card().expect("a customer");
    let effects =
        fixture::end(&mut model, TaskKind::Check, Ok(Answer::Checked(Box::new(fixture::live(card)))));
    let lists = |effects: &[Effect]| {
        let is_list = |effect: &&Effect| matches!(effect, Effect::Ask(_, Ask::List { .. }));
        effects.iter().filter(is_list).count()
    };
    assert_eq!(lists(&effects), 1, "{effects:?}");
    let mut summary = fixture::reconciled().summary;
    summary.variances += 5;
    let listed =
        Listed { summary: Some(Box::new(summary)), ..fixture::listed(Wanted::All, ListPart::default()) };
    fixture::end(&mut model, TaskKind::List, Ok(Answer::Listed(listed)));
    let told = &model.screens.reconciliation.found().expect("a base").base.summary;
    assert_eq!(told.variances, fixture::reconciled().summary.variances + 5);
}

#[test]
fn where_nothing_is_stored_nothing_is_asked_and_nothing_fails() {
    let mut model = fixture::fresh(80, 24);
    feed(&mut model, Event::Started);
    fixture::standing(&mut model, StoreStatus::default());
    press(&mut model, Code::F(12));
    for code in [Code::Enter, Code::F(4)] {
        assert_eq!(press(&mut model, code), []);
    }
    assert_eq!(model.journal.unseen_errors(), 0);
    press(&mut model, Code::F(2));
    assert!(!choices::choices(&model).iter().any(|it| matches!(it, choices::Choice::Reconcile(_))));
}

#[test]
fn a_file_of_nobody_is_not_offered() {
    let mut model = opened();
    press(&mut model, Code::Enter);
    let mut base = reconciled();
    base.summary = crate::domain::reconcile::Summary::default();
    fixture::end(&mut model, TaskKind::Reconcile, Ok(Answer::Reconciled(base)));
    letter(&mut model, 'Y');
    assert_eq!((model.overlay, &model.message), (None, &Some(Message::Passing(Passing::NothingToWrite))));
    let model = found();
    let orders = model.screens.reconciliation.orders();
    let summary = &model.screens.reconciliation.found().expect("a base").base.summary;
    assert!(!orders.is_empty() && orders.iter().all(|order| order.wanted.cards(summary) > 0));
}
