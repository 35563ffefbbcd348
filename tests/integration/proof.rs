use std::sync::Arc;

use sverka::simulator::{DocumentKind, FaultKind, Faults, Rate};
use sverka::sync::Error;
use sverka::sync::event::{Notice, Outcome};

use crate::support::Witness;
use crate::support::changes::*;
use crate::support::office::{Deed, assert_one_of};

/// One of these changes before any request of a sync: what is published was in the books before the change or
/// after it, row by row where sums cannot tell.
async fn at_any_moment(changes: &[Change]) {
    let quiet = small();
    quiet.sync().await;
    let requests = quiet.desk.requests();
    assert!(requests > 40, "{requests}");
    for &(what, change) in changes {
        for at in 1..=requests {
            let office = small();
            let before = office.books();
            office.change_before(at, change);
            let finished = office.try_sync().await;
            let what = format!("{what} before request {at} of {requests}");
            assert_eq!(finished.summary.outcome, Outcome::Published, "{what}: {:?}", finished.error);
            assert_eq!((finished.summary.variances, finished.summary.unverified), (0, 0), "{what}");
            let instants = [office.rows_of(&office.books()), office.rows_of(&before)];
            assert_one_of(&office.published(), &instants, &what);
        }
    }
}

#[tokio::test]
async fn r1_rows_that_come_and_change_while_they_are_read_are_those_of_one_moment() {
    at_any_moment(&[SOLD, MENDED, SWITCHED_OFF]).await;
}

#[tokio::test]
async fn r4_a_row_dated_back_while_it_is_read_is_neither_lost_nor_doubled() {
    at_any_moment(&[DATED_BACK, DATED_BACK_A_LITTLE, OUT_OF_WINDOW, INTO_FUTURE]).await;
}

#[tokio::test]
async fn r5_a_shift_closed_while_it_is_read_is_counted_once() {
    at_any_moment(&[SHIFT_CLOSED]).await;
}

#[tokio::test]
async fn r6_a_document_posted_anew_or_taken_back_is_replaced_as_a_whole() {
    at_any_moment(&[POSTED_ANEW, TAKEN_BACK]).await;
}

#[tokio::test]
async fn r7_a_sale_given_to_another_card_leaves_one_and_reaches_the_other() {
    at_any_moment(&[OTHER_CARD]).await;
}

#[tokio::test]
async fn i3_opening_balances_and_points_are_those_of_one_moment() {
    at_any_moment(&[OPENING_MENDED, OPENING_IN_WINDOW, OPENING_OF_ANOTHER, POINTS_MENDED, POINTS_DUE]).await;
}

/// A row moves on whenever its stretch was just read, so that no sum over the whole window ever changes.
#[tokio::test]
async fn i3_moves_that_keep_every_card_s_sum_are_found_by_the_months() {
    let requests = {
        let quiet = small();
        quiet.sync().await;
        quiet.desk.requests()
    };
    for (one, other) in (1..=requests).flat_map(|one| [(one, one + 1), (one, one + 3), (one, one + 7)]) {
        let office = small();
        // Two sales of one card and one amount, a year's length apart: each takes the other's place.
        office.change(|books| {
            let card = books.card_list()[5].key;
            for period in [day(2025, 4, 10), day(2025, 11, 10)] {
                books.post(DocumentKind::Receipt, period, vec![sale(card, period, 77_700)], Vec::new());
            }
        });
        let mut instants = vec![office.rows_of(&office.books())];
        let moved = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = Arc::clone(&moved);
        office.meddle(move |number, _, onec| {
            let dated = if number == one {
                Some((day(2025, 4, 10), day(2025, 7, 10)))
            } else if number == other {
                Some((day(2025, 11, 10), day(2025, 9, 10)))
            } else {
                None
            };
            if let Some((from, to)) = dated {
                let books = onec.books_mut();
                let row =
                    books.sales().find(|row| row.row.amount == 77_700 && row.row.period == from).unwrap();
                assert!(books.change_sale(row.recorder, row.line, |line| line.period = to));
                seen.lock().unwrap().push(books.clone());
            }
            Deed::Answer
        });
        let finished = office.try_sync().await;
        assert_eq!(finished.summary.outcome, Outcome::Published, "{one}, {other}: {:?}", finished.error);
        instants.extend(moved.lock().unwrap().iter().map(|books| office.rows_of(books)));
        assert_one_of(&office.published(), &instants, &format!("moves before requests {one} and {other}"));
    }
}

/// 1C contradicts itself: its rows stay what they are, and the cards concerned bear a variance.
#[tokio::test]
async fn totals_that_contradict_the_rows_are_published_as_variances() {
    let office = small();
    office.set_faults(Faults::default().add(FaultKind::WrongTotals, Rate::one_in(5)));
    let witness = Arc::new(Witness::default());
    let summary = office.watched_sync(witness.clone()).await.summary;
    assert_eq!(summary.outcome, Outcome::Published);
    assert!(summary.variances > 0 && summary.variances < summary.cards / 2, "{}", summary.variances);
    assert_eq!(office.published(), office.rows_of(&office.books()));
    let told = |notice: &Notice| matches!(notice, Notice::TotalsContradict(cards) if *cards > 0);
    assert!(witness.notices.lock().unwrap().iter().any(told));
}

#[tokio::test]
async fn a_1c_that_never_holds_still_publishes_nothing_and_says_so() {
    let office = small();
    office.sync().await;
    let before = office.published();
    office.meddle(|_, _, onec| {
        change_sale(onec.books_mut(), |line| line.amount += 1);
        Deed::Answer
    });
    let finished = office.try_sync().await;
    let error = finished.error.unwrap();
    assert!(matches!(error, Error::NeverStill { rounds: 12, cards } if cards > 0), "{error}");
    assert_eq!(office.published(), before);
    assert_eq!(finished.summary.generation, Some(1));
    assert!(office.desk.requests() < 500, "{}", office.desk.requests());
}

#[tokio::test]
async fn i13_a_quiet_base_is_proven_with_few_requests() {
    let office = small();
    let summary = office.sync().await.summary;
    assert_eq!((summary.variances, summary.unverified), (0, 0));
    let proof = office.desk.asked().iter().filter(|url| url.contains("/Turnovers(")).count();
    // Twice all time and the window, and once each of thirteen months and the future.
    assert!(proof <= 4 + 15, "{proof} totals");
}

/// Totals of months are asked one after another: two equal answers around all of them leave no moment between.
#[tokio::test]
async fn i7_what_is_confirmed_is_framed_by_two_equal_answers() {
    let office = small();
    office.sync().await;
    let asked = office.desk.asked();
    let is_total = |url: &&String| url.contains("/Turnovers(") || url.contains("/Balance(");
    let totals: Vec<_> = asked.iter().filter(is_total).collect();
    let months = |url: &String| url.contains("EndPeriod") || url.contains("2026-02-05T00:00:00");
    let first = totals.iter().position(|url| months(url)).unwrap();
    let last = totals.iter().rposition(|url| months(url)).unwrap();
    assert!(first > 0 && totals[..first] == totals[last + 1..], "{totals:#?}");
    let thin = asked.iter().rposition(|url| url.contains("_RecordType?")).unwrap();
    let (before, after) = (asked.iter().position(|url| url == totals[0]).unwrap(), asked.len() - first);
    assert!(before < thin && thin < after, "opening balances are confirmed inside the frame");
}
