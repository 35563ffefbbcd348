use std::sync::Arc;

use chrono::NaiveDateTime;
use sverka::domain::{CardId, StoredFigures, Verdict};
use sverka::store::Proof;
use sverka::sync::Error;
use sverka::sync::event::{Notice, Outcome};
use sverka_simulator::{DocumentKind, FaultKind, Faults, Rate, Treatment, Way};

use crate::support::changes::*;
use crate::support::office::{Deed, Office, assert_one_of};
use crate::support::{Witness, audited_figures, local_now, stored_figures};

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
            assert_eq!(office.proof(), Proof::Confirmed, "{what}");
            let instants = [office.rows_of(&office.books()), office.rows_of(&before)];
            assert_one_of(&office.published(), &instants, &what);
        }
    }
}

#[tokio::test]
async fn r1_rows_that_come_and_change_while_they_are_read_are_those_of_one_moment() {
    at_any_moment(&[SOLD, SOLD_TO_A_STRANGER, MENDED, SWITCHED_OFF]).await;
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

/// Cards go from the first page before the second is read. Those that stay are not lost on the way: none is
/// fetched by its key afterwards, as one is that the second pass over the catalog finds missing.
#[tokio::test]
async fn cards_that_go_between_two_pages_take_no_other_with_them() {
    // While some rows of the page before are met again the reading goes on; where none is, it starts over.
    for gone in [1, 4, 12] {
        let mut office = Office::open(75, 200, 1);
        office.config.onec.page_size = 20;
        let mut going: Vec<_> = office.books().card_list().into_iter().map(|card| card.key).collect();
        let staying = going.split_off(gone);
        let is_of_cards = |url: &str| url.contains("Catalog_ДисконтныеКарты?");
        office.meddle(move |_, url, onec| {
            if is_of_cards(url) && url.contains("$skip=") {
                for card in going.drain(..) {
                    assert!(onec.books_mut().remove_card(card));
                }
            }
            Deed::Answer
        });
        assert_eq!(office.sync().await.summary.cards, staying.len() as u64, "{gone} gone");
        let asked = office.desk.asked();
        let by_key = asked.iter().filter(|url| is_of_cards(url) && url.contains("Ref_Key eq"));
        let is_lost = |url: &String| staying.iter().any(|card| url.contains(&card.to_string()));
        assert_eq!(by_key.filter(|url| is_lost(url)).count(), 0, "{gone} gone");
    }
}

#[tokio::test]
async fn a_card_that_changes_between_two_pages_is_fetched_again() {
    let mut office = Office::open(75, 200, 1);
    office.config.onec.page_size = 20;
    let card = office.books().card_list()[3].key;
    office.meddle(move |_, url, onec| {
        if url.contains("Catalog_ДисконтныеКарты?") && url.contains("$skip=") {
            assert!(onec.books_mut().change_card(card, |card| card.code = "mended".into()));
        }
        Deed::Answer
    });
    assert_eq!(office.sync().await.summary.cards, 75);
    let stored = office.store.snapshot().unwrap().customer(CardId(card)).unwrap();
    assert_eq!(stored.unwrap().code, "mended");
}

#[tokio::test]
async fn r7_a_sale_given_to_another_card_leaves_one_and_reaches_the_other() {
    at_any_moment(&[OTHER_CARD]).await;
}

#[tokio::test]
async fn i3_opening_balances_and_points_are_those_of_one_moment() {
    at_any_moment(&[OPENING_MENDED, OPENING_IN_WINDOW, OPENING_OF_ANOTHER]).await;
    at_any_moment(&[POINTS_MENDED, POINTS_GONE, POINTS_OF_ANOTHER]).await;
    at_any_moment(&[POINTS_DUE, POINTS_DUE_LATER_MENDED]).await;
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

/// The month in which a stretch of sales begins that is read.
fn month_read(url: &str) -> Option<&str> {
    let (_, query) = url.split_once("ПродажиПоДисконтнымКартам_RecordType?")?;
    query.split_once("Period ge datetime'")?.1.get(..7)
}

/// Two sales of one card and one amount never stood where they are staged at the same time: one had left before the
/// other came. While the months are told one after another, each of the two is back for its own month.
#[tokio::test]
async fn i3_months_that_agree_one_by_one_are_not_believed_where_the_second_answer_differs() {
    let mut office = small();
    office.config.onec.in_flight = 1;
    let (early, left) = (day(2025, 3, 10), day(2025, 5, 10));
    let (reached, late) = (day(2025, 9, 10), day(2025, 12, 10));
    let mut receipts = Vec::new();
    office.change(|books| {
        let card = books.card_list()[5].key;
        for period in [left, late] {
            let lines = vec![sale(card, period, 77_700)];
            receipts.push(books.post(DocumentKind::Receipt, period, lines, Vec::new()));
        }
    });
    let mut steps = 0;
    office.meddle(move |_, url, onec| {
        let is_told = |month| url.contains(&format!("/Turnovers(StartPeriod=datetime'{month}"));
        let stand = match steps {
            0 if month_read(url).is_some_and(|month| ("2025-06".."2025-09").contains(&month)) => {
                [Some(early), Some(reached)]
            }
            1 if is_told("2025-03") => [Some(left), None],
            2 if is_told("2025-06") => [None, Some(reached)],
            _ => return Deed::Answer,
        };
        steps += 1;
        for (receipt, period) in receipts.iter().zip(stand) {
            let changed = onec.books_mut().change_sale(*receipt, 1, |line| {
                line.active = period.is_some();
                line.period = period.unwrap_or(line.period);
            });
            assert!(changed);
        }
        Deed::Answer
    });
    let finished = office.sync().await;
    assert_eq!((finished.summary.variances, finished.summary.unverified), (0, 0));
    assert_eq!(office.published(), office.rows_of(&office.books()));
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
    assert_eq!(office.proof(), Proof::Unconfirmed);
    let told = |notice: &Notice| matches!(notice, Notice::TotalsContradict(cards) if *cards > 0);
    assert!(witness.notices.lock().unwrap().iter().any(told));
}

/// Without totals and filters nothing but 1C's own count tells that a page left a row out.
#[tokio::test]
async fn rows_that_a_page_left_out_are_counted_where_there_are_no_totals() {
    let mut office = small();
    office.config.onec.in_flight = 1;
    let always = [FaultKind::VirtualTablesMissing, FaultKind::FiltersRefused];
    let faults = always.into_iter().fold(Faults::default(), |faults, kind| faults.add(kind, Rate::ALWAYS));
    office.set_faults(faults.add(FaultKind::MissingRows, Rate::one_in(9)));
    let witness = Arc::new(Witness::default());
    let finished = office.watched_sync(witness.clone()).await;
    assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
    assert_eq!(office.published(), office.rows_of(&office.books()));
    let read_again = Notice::ChangedUnderneath("sales".into());
    assert!(witness.notices.lock().unwrap().contains(&read_again), "the case needs rows left out");
}

/// A row that cannot be read may be lacking in the rows, or in what confirms them: either way nothing else suffers.
#[tokio::test]
async fn a_row_that_cannot_be_read_costs_its_card_the_proof_and_no_other() {
    let mut office = small();
    office.config.onec.in_flight = 1;
    office.set_faults(Faults::default().add(FaultKind::BrokenRows, Rate::one_in(4)));
    let summary = office.sync().await.summary;
    assert!(summary.skipped > 0, "the case needs such rows");
    let snapshot = office.store.snapshot().unwrap();
    let from = snapshot.generation().unwrap().window.from.unwrap();
    let (stored, audited) = (stored_figures(&snapshot), audited_figures(&office.books(), from, local_now()));
    let mut concerned = 0;
    for row in snapshot.all_figures().unwrap() {
        let (card, StoredFigures { verdict, unreadable, .. }) = row.unwrap();
        if unreadable.any() {
            concerned += 1;
            let is_open = matches!(verdict, Verdict::Unverified | Verdict::Variance);
            assert!(is_open || !unreadable.sales, "card {card}: {verdict:?}");
        } else {
            assert_eq!(stored.get(&card), audited.get(&card), "card {card}");
            assert_ne!(verdict, Verdict::Variance, "card {card}");
        }
    }
    assert!(0 < concerned && concerned < summary.cards, "{concerned}");
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
    // One row of a type not met yet is no part of what is confirmed.
    let is_thin = |url: &String| url.contains("_RecordType?") && !url.split('&').any(|part| part == "$top=1");
    let thin = asked.iter().rposition(is_thin).unwrap();
    let before = asked.iter().position(|url| url == totals[0]).unwrap();
    let after = asked.iter().rposition(|url| url == totals[last + 1]).unwrap();
    assert!(before < thin && thin < after, "opening balances are confirmed inside the frame");
}

/// A filter by type that finds less than there is hides opening balances, and no sum tells them from older purchases.
#[tokio::test]
async fn opening_balances_that_a_filter_by_type_leaves_out_are_found() {
    for (days, percent) in [(365, 30), (365, 80), (0, 30), (60, 50)] {
        let mut office = Office::open(40, 400, 3);
        office.config.sync.days = days;
        office.set_faults(Faults::default().treat(
            Treatment::Shorten,
            Way::FilterType,
            Rate::percent(percent),
        ));
        office.sync().await;
        let snapshot = office.store.snapshot().unwrap();
        let from = snapshot.generation().unwrap().window.from;
        let audited = audited_figures(&office.books(), from.unwrap_or(NaiveDateTime::MIN), local_now());
        assert_eq!(stored_figures(&snapshot), audited, "{days} days, {percent} %");
    }
}
