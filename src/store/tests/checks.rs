//! The comparisons kept beside a store: kept over openings, by whoever comes, and begun anew where they cannot be used.

use std::fs;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use tempfile::TempDir;

use super::files;
use super::support::{amount, card, customer, movement, sync};
use crate::domain::reconcile::latest::{KeptCheck, PartMarks, Reach};
use crate::domain::reconcile::{Compared, Means, WhyNot};
use crate::domain::{City, CitySource, Coverage, Difference, DifferenceKind, Mark, Part, Points, Verdict};
use crate::store::{Access, CheckFile, Store, StoreHolder};

fn place() -> (TempDir, CheckFile, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("sverka.redb");
    (folder, CheckFile::beside(&store), store.with_file_name("sverka.redb.checks"))
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

/// Who writes after all that is compared here.
fn holder() -> StoreHolder {
    StoreHolder { since: at(1 << 20), ..files::holder() }
}

fn check(reach: Reach, minute: i64) -> KeptCheck {
    KeptCheck {
        at: at(minute),
        reach,
        stamp: 7,
        holds: 8,
        side: u128::MAX - 1,
        verdict: Verdict::Variance,
        opening_balance: Some(amount(-1)),
        purchases: None,
        total: Some(amount(36_505_400)),
        before_window: Some(amount(0)),
        variance: Some(amount(-31_000)),
        points: Some(Points::from_units(480_600)),
        balance: None,
        city: Some(Some(City { name: "Ялта".into(), source: CitySource::ContactInfo })),
        coverage: Coverage {
            purchases: Compared::With(Means::Catalog),
            points: Compared::Not(WhyNot::OtherRows),
            ..Coverage::default()
        },
        marks: PartMarks::told(|part| if part == Part::City { Mark::Differs } else { Mark::Explained }),
        differences: vec![Difference::of_figures(DifferenceKind::City, Some("Ялта"), None)],
    }
}

#[test]
fn what_is_kept_is_there_again_whoever_asks() {
    let (_folder, file, path) = place();
    assert_eq!((file.stamp(), file.all().unwrap()), (None, Vec::new()));
    let (rows, sums) = (check(Reach::Rows, 1), check(Reach::Sums, 2));
    let nowhere = KeptCheck { city: Some(None), differences: Vec::new(), ..check(Reach::Rows, 3) };
    let kept = [(card(1), rows.clone()), (card(1), sums.clone()), (card(2), nowhere.clone())];
    assert_eq!(file.keep(&kept, &holder()).unwrap(), None);
    let again = CheckFile::beside(&path.with_file_name("sverka.redb"));
    assert_eq!(again.all().unwrap(), [(card(1), sums.clone()), (card(1), rows.clone()), (card(2), nowhere)]);
    assert_eq!(again.of(card(1)).unwrap(), [sums, rows]);
    assert_eq!(again.of(card(3)).unwrap(), []);
}

#[cfg(unix)]
#[test]
fn d13_only_the_owner_may_read_what_was_compared() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, file, path) = place();
    file.keep(&[(card(1), check(Reach::Rows, 1))], &holder()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn it_is_written_while_a_sync_holds_the_store_and_while_others_read() {
    let (_folder, file, path) = place();
    let store = Store::open(&path.with_file_name("sverka.redb"), Access::Write(holder())).unwrap();
    sync(&store, &[customer(1, "Анна")], &[movement(1, 1, 1, 100)]);
    let before = file.stamp();
    file.keep(&[(card(1), check(Reach::Rows, 1))], &holder()).unwrap();
    assert_ne!(file.stamp(), before);
    assert_eq!(file.of(card(1)).unwrap().len(), 1);
    store.verify().unwrap();
}

/// Four processes keep at once: the newest of each card stays, whoever came first.
#[test]
fn several_writers_wait_for_each_other() {
    for _ in 0..4 {
        let (_folder, file, _path) = place();
        let begin = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let (file, begin) = (file.clone(), &begin);
                scope.spawn(move || {
                    // There is no file: all make one.
                    begin.wait();
                    for round in 0..5 {
                        let minute = i64::from(round * 4 + writer);
                        file.keep(&[(card(1), check(Reach::Rows, minute))], &holder()).unwrap();
                    }
                });
            }
        });
        assert_eq!(file.of(card(1)).unwrap().iter().map(|kept| kept.at).collect::<Vec<_>>(), [at(19)]);
    }
}

/// What was kept while a clock was ahead is no newer than what is kept once it is right, nor does it outlive a sync.
#[test]
fn what_was_kept_ahead_of_the_clock_is_dropped() {
    let (_folder, file, _path) = place();
    let now = StoreHolder { since: at(50), ..holder() };
    for reach in Reach::ALL {
        file.keep(&[(card(1), check(reach, 90)), (card(2), check(reach, 90))], &holder()).unwrap();
    }
    file.keep(&[(card(1), check(Reach::Sums, 40))], &now).unwrap();
    assert_eq!(file.of(card(1)).unwrap().iter().map(|kept| kept.at).collect::<Vec<_>>(), [at(40)]);
    assert_eq!(file.of(card(2)).unwrap().len(), 2, "of others nothing was said");
    file.sift(&now, |_, check| Ok(Some(check))).unwrap();
    let left: Vec<_> = file.all().unwrap().into_iter().map(|(card, kept)| (card, kept.at)).collect();
    assert_eq!(left, [(card(1), at(40))]);
}

#[test]
fn a_file_that_is_damaged_or_foreign_is_put_aside_and_begun_anew() {
    let kept = [(card(1), check(Reach::Rows, 1))];
    let (_folder, file, path) = place();
    file.keep(&kept, &holder()).unwrap();
    let whole = fs::read(&path).unwrap();
    let mut rotten = whole.clone();
    let middle = rotten.len() / 2;
    rotten[middle..].fill(0xa5);
    let another = {
        let other = path.with_file_name("other.redb");
        drop(redb::Database::create(&other).unwrap());
        fs::read(other).unwrap()
    };
    let cases: [(&str, &[u8]); 6] = [
        ("empty", b""),
        ("a text", b"not ours"),
        ("cut short", &whole[..whole.len() / 3]),
        ("rotten", &rotten),
        ("another program's", &another),
        ("only a beginning", &whole[..64]),
    ];
    for (case, bytes) in cases {
        fs::write(&path, bytes).unwrap();
        assert!(file.all().is_err(), "{case}");
        let aside = file.keep(&kept, &holder()).unwrap().unwrap_or_else(|| panic!("{case}: nothing said"));
        assert!(fs::read(&aside).unwrap() == bytes, "{case}: it is kept as it was");
        assert_eq!(file.all().unwrap(), kept, "{case}");
        assert_eq!(file.keep(&kept, &holder()).unwrap(), None, "{case}: said once");
    }
}

#[test]
fn what_says_nothing_any_more_is_dropped() {
    let (_folder, file, _path) = place();
    assert_eq!(file.sift(&holder(), |_, _| unreachable!("nothing is kept")).unwrap(), None);
    let kept: Vec<_> = (1..=4).map(|number| (card(number), check(Reach::Rows, 1))).collect();
    file.keep(&kept, &holder()).unwrap();
    let still = |of, kept: KeptCheck| Ok((of != card(2)).then_some(KeptCheck { holds: 9, ..kept }));
    file.sift(&holder(), still).unwrap();
    let left = file.all().unwrap();
    assert_eq!(
        left.iter().map(|(card, kept)| (*card, kept.holds)).collect::<Vec<_>>(),
        [(card(1), 9), (card(3), 9), (card(4), 9)]
    );
}

#[test]
fn of_a_card_with_thousands_of_differences_some_are_kept() {
    let (_folder, file, _path) = place();
    let one = Difference::of_figures(DifferenceKind::MissingLine, Some(amount(100)), None);
    let many = KeptCheck { differences: vec![one; 5_000], ..check(Reach::Rows, 1) };
    file.keep(&[(card(1), many)], &holder()).unwrap();
    let left = file.of(card(1)).unwrap().remove(0).differences.len();
    assert!((1..5_000).contains(&left), "{left}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_newest_stays_in_whatever_order_they_come(
        minutes in prop::collection::vec((0_i64..9, prop::bool::ANY), 1..6)
    ) {
        let (_folder, file, _path) = place();
        let reach = |rows| if rows { Reach::Rows } else { Reach::Sums };
        for (minute, rows) in &minutes {
            file.keep(&[(card(1), check(reach(*rows), *minute))], &holder()).unwrap();
        }
        for wanted in Reach::ALL {
            let newest = minutes.iter().filter(|(_, rows)| reach(*rows) == wanted).map(|(minute, _)| at(*minute)).max();
            let kept = file.of(card(1)).unwrap().into_iter().find(|kept| kept.reach == wanted);
            prop_assert_eq!(kept.map(|kept| kept.at), newest);
        }
    }
}

#[test]
fn a_stored_side_is_told_by_its_rows_whatever_generation_it_is_of() {
    let (_folder, _file, path) = place();
    let store = Store::open(&path.with_file_name("sverka.redb"), Access::Write(holder())).unwrap();
    let side = |number| store.snapshot().unwrap().side_digest(card(number)).unwrap();
    sync(
        &store,
        &[customer(1, "Анна"), customer(2, "Зера")],
        &[movement(1, 1, 1, 100), movement(2, 1, 2, 100)],
    );
    let (first, second, nobody) = (side(1), side(2), side(9));
    assert_ne!(first, second);
    sync(
        &store,
        &[customer(1, "Анна Петрова"), customer(2, "Зера")],
        &[movement(1, 1, 1, 100), movement(2, 1, 2, 101)],
    );
    assert_eq!(side(1), first, "a name is compared with nothing");
    assert_ne!(side(2), second, "a row is another");
    assert_eq!(side(9), nobody);
    assert_ne!(side(1), nobody);
}
