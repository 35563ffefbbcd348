use std::sync::Arc;
use std::time::Duration;

use sverka::engine::SyncOptions;
use sverka::sync::event::{Notice, Outcome, Progress, Stage};
use sverka::sync::{Error, Finished, Observer};
use sverka_simulator::{BonusLine, Books, DocumentKind, FaultKind, Faults, Movement};
use tokio_util::sync::CancellationToken;

use crate::support::Witness;
use crate::support::changes::*;
use crate::support::office::{Deed, Office, assert_one_of};

/// A shop that takes many requests to read.
fn shop() -> Office {
    let mut office = Office::open(50, 2_400, 4);
    office.config.onec.page_size = 25;
    office
}

/// Stops the sync where a stage begins.
struct StopAt {
    stage: Stage,
    cancel: CancellationToken,
}

impl Observer for StopAt {
    fn progress(&self, _: &Progress) {}

    fn notice(&self, notice: Notice) {
        if notice == Notice::StageStarted(self.stage) {
            self.cancel.cancel();
        }
    }
}

async fn cancelled_at(office: &Office, stage: Stage) -> Finished {
    let cancel = CancellationToken::new();
    let observer = Arc::new(StopAt { stage, cancel: cancel.clone() });
    let finished = office.engine().sync(SyncOptions::default(), observer, &cancel).await.unwrap();
    assert!(cancel.is_cancelled());
    finished
}

async fn stopped_at(office: &Office, stage: Stage) -> Finished {
    let finished = cancelled_at(office, stage).await;
    assert_eq!(finished.summary.outcome, Outcome::Cancelled);
    office.rest();
    finished
}

/// A sync that publishes; whether it went on with an earlier one.
async fn goes_on(office: &Office) -> bool {
    let witness = Arc::new(Witness::default());
    let finished = office.watched_sync(witness.clone()).await;
    assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
    let notices = witness.notices.lock().unwrap();
    notices.iter().any(|notice| matches!(notice, Notice::GoingOn(_)))
}

/// Requests and digest of a sync that nothing stops.
async fn whole() -> (u64, u128) {
    let office = shop();
    office.sync().await;
    (office.desk.requests(), office.digest())
}

#[tokio::test]
async fn i11_a_sync_stopped_after_any_stage_goes_on_with_fewer_requests_and_the_same_rows() {
    let (requests, digest) = whole().await;
    let mut last = requests;
    for stage in [Stage::OpeningBalances, Stage::Purchases, Stage::Points, Stage::ControlTotals] {
        let office = shop();
        stopped_at(&office, stage).await;
        assert!(goes_on(&office).await, "{stage:?}");
        assert_eq!(office.digest(), digest, "{stage:?}");
        let now = office.desk.requests();
        assert!(now <= last, "{stage:?}: {now} requests, {last} before");
        last = now;
    }
    assert!(last * 5 < requests * 3, "{last} of {requests} requests");
}

/// What is said of a publication that cannot be called back is true.
#[tokio::test]
async fn a_sync_cancelled_once_it_publishes_has_published() {
    let office = shop();
    let finished = cancelled_at(&office, Stage::Publishing).await;
    assert_eq!((finished.summary.outcome, finished.summary.generation), (Outcome::Published, Some(1)));
    assert_eq!(office.published(), office.rows_of(&office.books()));
}

#[tokio::test]
async fn i11_wherever_a_sync_is_stopped_and_however_often_the_rows_are_the_same() {
    let (requests, digest) = whole().await;
    for at in (1..=requests).step_by(9) {
        let office = shop();
        assert_eq!(office.stopped_sync(at).await.summary.outcome, Outcome::Cancelled);
        office.stopped_sync(at / 2 + 5).await;
        goes_on(&office).await;
        assert_eq!(office.digest(), digest, "stopped before request {at} of {requests}");
    }
}

#[tokio::test]
async fn i11_a_sync_that_failed_on_the_way_goes_on_as_well() {
    let (requests, digest) = whole().await;
    let office = shop();
    office.meddle(move |number, _, _| if number < requests / 2 { Deed::Answer } else { Deed::Refuse });
    assert_eq!(office.try_sync().await.summary.outcome, Outcome::Failed);
    office.rest();
    assert!(goes_on(&office).await);
    assert_eq!(office.digest(), digest);
}

/// Inside a stage a checkpoint is made when some seconds have passed.
#[tokio::test(start_paused = true)]
async fn i11_a_long_stage_is_gone_on_with_from_its_middle() {
    let (requests, digest) = whole().await;
    let office = shop();
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let mut purchases = 0;
    office.meddle(move |_, url, _| {
        purchases += u32::from(url.contains("Period ge") && url.contains("ПродажиПоДисконтнымКартам"));
        if purchases < 45 {
            return Deed::Later(Duration::from_secs(2));
        }
        stop.cancel();
        Deed::Hang
    });
    let finished =
        office.engine().sync(SyncOptions::default(), Arc::new(Witness::default()), &cancel).await.unwrap();
    assert_eq!(finished.summary.outcome, Outcome::Cancelled);
    office.rest();
    assert!(goes_on(&office).await);
    assert_eq!(office.digest(), digest);
    assert!(office.desk.requests() < requests - 20, "{} of {requests}", office.desk.requests());
}

#[tokio::test]
async fn i3_what_changed_while_a_sync_lay_still_is_read_again() {
    let changes = [
        SOLD,
        MENDED,
        SWITCHED_OFF,
        DATED_BACK,
        DATED_BACK_A_LITTLE,
        OUT_OF_WINDOW,
        INTO_FUTURE,
        SHIFT_CLOSED,
        POSTED_ANEW,
        TAKEN_BACK,
        OTHER_CARD,
        OPENING_MENDED,
        OPENING_IN_WINDOW,
        OPENING_OF_ANOTHER,
        POINTS_MENDED,
        POINTS_DUE,
    ];
    for (what, change) in changes {
        let office = shop();
        stopped_at(&office, Stage::ControlTotals).await;
        office.change(change);
        let finished = office.sync().await;
        assert_eq!((finished.summary.variances, finished.summary.unverified), (0, 0), "{what}");
        assert_one_of(&office.published(), &[office.rows_of(&office.books())], what);
    }
}

/// Two moves that leave all counts and the sums of every card as they were, but not those of the months.
#[tokio::test]
async fn i3_moves_between_months_are_noticed_in_what_was_taken_over() {
    let office = shop();
    let card = office.books().card_list()[5].key;
    let sell = |books: &mut sverka_simulator::Books, period| {
        books.post(
            sverka_simulator::DocumentKind::Receipt,
            period,
            vec![sale(card, period, 77_700)],
            Vec::new(),
        );
    };
    office.change(|books| {
        sell(books, day(2025, 5, 10));
        sell(books, day(2025, 9, 10));
    });
    let other = office.books().card_list()[6].key;
    office.change(|books| {
        for period in [day(2025, 5, 11), day(2025, 9, 11)] {
            let line = vec![sale(other, period, 100)];
            books.post(sverka_simulator::DocumentKind::Receipt, period, line, Vec::new());
        }
    });
    stopped_at(&office, Stage::ControlTotals).await;
    office.change(|books| {
        let mut date = |amount, from, to| {
            let row = books.sales().find(|row| row.row.amount == amount && row.row.period == from).unwrap();
            assert!(books.change_sale(row.recorder, row.line, |line| line.period = to));
        };
        date(77_700, day(2025, 5, 10), day(2025, 9, 12));
        date(100, day(2025, 9, 11), day(2025, 5, 12));
    });
    assert!(goes_on(&office).await);
    assert_eq!(office.published(), office.rows_of(&office.books()));
}

/// No sum tells of a row that adds nothing: only the count does, and what is read again replaces what was staged.
#[tokio::test]
async fn i3_rows_that_add_nothing_come_and_go_while_a_sync_lies_still() {
    let given_away = |books: &mut Books| {
        let (card, period) = (books.card_list()[7].key, day(2025, 6, 20));
        let movement = Movement::Receipt;
        let (accrued, to_burn, first_accrued) = (0, 0, period);
        let bonus = BonusLine { period, active: true, movement, card, accrued, to_burn, first_accrued };
        books.post(DocumentKind::Receipt, period, vec![sale(card, period, 0)], vec![bonus])
    };
    let office = shop();
    stopped_at(&office, Stage::ControlTotals).await;
    office.change(|books| {
        given_away(books);
    });
    assert!(goes_on(&office).await);
    assert_eq!(office.published(), office.rows_of(&office.books()), "one came");

    let office = shop();
    let mut receipt = None;
    office.change(|books| receipt = Some(given_away(books)));
    stopped_at(&office, Stage::ControlTotals).await;
    office.change(|books| assert!(books.unpost(receipt.unwrap())));
    assert!(goes_on(&office).await);
    assert_eq!(office.published(), office.rows_of(&office.books()), "one went");
}

#[tokio::test]
async fn a_catalog_that_changed_meanwhile_is_read_again() {
    let office = shop();
    stopped_at(&office, Stage::Points).await;
    let gone = office.books().card_list()[8].key;
    office.change(|books| assert!(books.remove_card(gone)));
    assert!(goes_on(&office).await);
    let snapshot = office.store.snapshot().unwrap();
    assert!(snapshot.customer(sverka::domain::CardId(gone)).unwrap().is_none());
    assert_eq!(snapshot.generation().unwrap().counts.cards, office.books().card_list().len() as u64);
}

#[tokio::test]
async fn a_sync_on_other_terms_begins_anew() {
    let (.., digest) = whole().await;
    let mut office = shop();
    stopped_at(&office, Stage::Points).await;
    office.config.sync.days = 300;
    assert!(!goes_on(&office).await, "another window");

    let mut office = shop();
    stopped_at(&office, Stage::Points).await;
    office.config.names.ignored_recorders.push("Document_Никакой".into());
    assert!(!goes_on(&office).await, "other names");

    let mut office = shop();
    office.config.sync.resume_within = Duration::ZERO;
    stopped_at(&office, Stage::Points).await;
    office.config.sync.resume_within = Duration::from_secs(60);
    assert!(!goes_on(&office).await, "nothing was kept to go on with");

    let mut office = shop();
    stopped_at(&office, Stage::Points).await;
    office.config.sync.resume_within = Duration::ZERO;
    assert!(!goes_on(&office).await, "too late");
    assert_eq!(office.digest(), digest);

    let mut office = shop();
    office.config.sync.limit = 10;
    stopped_at(&office, Stage::Points).await;
    office.config.sync.limit = 0;
    assert!(!goes_on(&office).await, "only a part was read");
    assert_eq!(office.digest(), digest);

    let (office, other) = (shop(), Office::open(50, 2_400, 5));
    stopped_at(&office, Stage::Points).await;
    std::mem::swap(&mut *office.desk.onec.lock().unwrap(), &mut *other.desk.onec.lock().unwrap());
    assert!(!goes_on(&office).await, "another base");
}

#[tokio::test]
async fn without_totals_nothing_is_gone_on_with() {
    let office = shop();
    stopped_at(&office, Stage::Points).await;
    office.set_faults(Faults::always(FaultKind::VirtualTablesMissing));
    assert!(!goes_on(&office).await);
}

#[tokio::test]
async fn an_attempt_that_went_in_circles_is_not_gone_on_with() {
    let office = shop();
    office.meddle(|_, _, onec| {
        change_sale(onec.books_mut(), |line| line.amount += 1);
        Deed::Answer
    });
    let error = office.try_sync().await.error.unwrap();
    assert!(matches!(error, Error::NeverStill { .. }), "{error}");
    office.rest();
    assert!(!goes_on(&office).await);
}
