use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use sverka::domain::{Amount, CardId};
use sverka::engine::SyncOptions;
use sverka::store::Proof;
use sverka::sync::event::Outcome;
use sverka::sync::{Error, Finished, SyncMode, Unobserved};
use sverka_simulator::{Books, DocumentKind, FaultKind, Posted, Rate, SaleLine, Scenario, Simulator};
use tokio_util::sync::CancellationToken;

use super::auditor::{self, Span};
use super::disk::Mishap;
use super::runner::case;
use super::wire::{Act, Event, Rates, Weather};
use super::world::{Ending, Setting, World};

fn with(temper: &[FaultKind]) -> Setting {
    let temper = temper.iter().map(|kind| (*kind, Rate::ALWAYS)).collect();
    Setting { temper, ..Setting::plain() }
}

fn at(request: u64, event: Event) -> Weather {
    Weather { events: BTreeMap::from([(request, event)]), ..Weather::default() }
}

fn faults(faults: &[(FaultKind, Rate)]) -> Weather {
    Weather { faults: Rates::from(faults), ..Weather::default() }
}

fn finished(ending: Ending) -> Box<Finished> {
    match ending {
        Ending::Finished(finished) => finished,
        other => panic!("{other:?}"),
    }
}

fn failed(ending: Ending) -> Error {
    let finished = finished(ending);
    assert_eq!(finished.summary.outcome, Outcome::Failed);
    finished.error.unwrap()
}

/// Everything is identical to the books after a quiet sync.
async fn all_is_well(world: &mut World) {
    world.quiet_sync().await;
    world.quiet_sync().await;
    let stored = world.stored().unwrap();
    let inner = world.wire.inner();
    auditor::all_is_identical(&stored, inner.onec.books(), inner.history.last());
}

/// Requests of the second sync of such a shop.
fn requests_of(setting: &Setting) -> u64 {
    let mut requests = 0;
    case(setting.clone(), async |world| {
        world.quiet_sync().await;
        world.quiet_sync().await;
        requests = world.wire.inner().seen.requests;
    });
    requests
}

/// Lets one thing happen at each request of a sync in turn. The world's audits do the rest.
fn at_every_request(setting: &Setting, event: impl Fn(u64) -> Event) {
    for request in 1..=requests_of(setting) {
        case(setting.clone(), async |world| {
            world.quiet_sync().await;
            world.say(&format!("at request {request}"));
            world.sync(at(request, event(request)), None).await;
            all_is_well(world).await;
        });
    }
}

/// A change of the books at each request in turn: with totals to prove by, without them, and without filters.
fn whatever_the_base(act: impl Fn(&mut Books) + Copy + Send + Sync + 'static) {
    let bases: [&[FaultKind]; 3] = [&[], &[FaultKind::VirtualTablesMissing], &[FaultKind::FiltersRefused]];
    for base in bases {
        at_every_request(&with(base), |_| Event::Change(Act::new(act)));
    }
}

fn purchases(books: &Books) -> Vec<Posted<SaleLine>> {
    let is_purchase = |row: &Posted<SaleLine>| row.kind != DocumentKind::OpeningBalances && row.row.active;
    books.sales().filter(is_purchase).collect()
}

#[test]
fn r1_rows_that_change_between_any_two_requests_lose_no_stable_row() {
    for base in [&[][..], &[FaultKind::VirtualTablesMissing], &[FaultKind::FiltersRefused]] {
        for life in [5, 20, 60] {
            case(with(base), async |world| {
                world.quiet_sync().await;
                world.sync(Weather { life, ..Weather::default() }, None).await;
                all_is_well(world).await;
            });
        }
    }
}

#[test]
fn r2_a_row_sent_twice_counts_once() {
    for base in [&[FaultKind::RepeatedRows][..], &[FaultKind::RepeatedRows, FaultKind::FiltersRefused]] {
        case(with(base), async |world| all_is_well(world).await);
    }
}

#[test]
fn r3_a_row_with_other_contents_on_the_next_page_is_read_again() {
    at_every_request(&with(&[FaultKind::FiltersRefused]), |_| {
        Event::Change(Act::new(|books| {
            for row in purchases(books) {
                books.change_sale(row.recorder, row.line, |line| line.amount += 100);
            }
        }))
    });
}

#[test]
fn r4_a_row_that_moves_between_windows_is_neither_lost_nor_doubled() {
    whatever_the_base(|books| {
        let rows = purchases(books);
        for (row, other) in rows.iter().zip(rows.iter().rev()) {
            books.change_sale(row.recorder, row.line, |line| line.period = other.row.period);
        }
    });
}

#[test]
fn r5_a_shift_that_closes_is_counted_once() {
    whatever_the_base(|books| {
        let receipts: Vec<_> =
            purchases(books).iter().filter(|row| row.kind == DocumentKind::Receipt).cloned().collect();
        let Some(last) = receipts.last() else { return };
        let evening = last.row.period + TimeDelta::hours(6);
        let receipts: Vec<_> = receipts.iter().map(|row| row.recorder).collect();
        books.close_shift(&receipts, evening);
    });
}

#[test]
fn r6_a_document_that_is_posted_again_or_not_at_all_is_replaced_whole() {
    whatever_the_base(|books| {
        let rows = purchases(books);
        for (number, row) in rows.iter().enumerate() {
            match number % 3 {
                0 => _ = books.unpost(row.recorder),
                1 => _ = books.repost(row.recorder, vec![row.row.clone()], Vec::new()),
                _ => {}
            }
        }
    });
}

#[test]
fn r7_a_row_that_goes_to_another_card_is_on_one_of_them() {
    whatever_the_base(|books| {
        let cards = books.card_list();
        for (number, row) in purchases(books).iter().enumerate() {
            let card = cards[number % cards.len()].key;
            books.change_sale(row.recorder, row.line, |line| line.card = card);
        }
    });
}

#[test]
fn r8_inactive_and_future_rows_folders_and_empty_keys_go_by_the_rules() {
    for base in [&[][..], &[FaultKind::FiltersRefused], &[FaultKind::Nulls]] {
        let setting = Setting { customers: 45, lines: 240, page_size: 40, ..with(base) };
        case(setting, async |world| all_is_well(world).await);
    }
}

#[test]
fn r9_a_filter_that_is_ignored_is_noticed_row_by_row() {
    case(with(&[FaultKind::FilterIgnored]), async |world| all_is_well(world).await);
}

#[test]
fn a_delta_follows_the_window_while_months_go_by() {
    let day = Duration::from_secs(86_400);
    for days in [365, 60, 0] {
        case(Setting { days, ..Setting::plain() }, async |world| {
            world.config.sync.full_every = 4_000 * day;
            world.restart().await;
            world.quiet_sync().await;
            for _ in 0..5 {
                tokio::time::sleep(25 * day).await;
                world.wire.with_books("while months go by", |books| {
                    for row in purchases(books).iter().step_by(9) {
                        books.change_sale(row.recorder, row.line, |line| line.amount += 300);
                    }
                    let opening =
                        books.sales().find(|row| row.kind == DocumentKind::OpeningBalances).unwrap();
                    books.change_sale(opening.recorder, opening.line, |line| line.amount += 900);
                });
                let mode = SyncMode::Delta;
                let options = SyncOptions { mode, ..SyncOptions::default() };
                let finished = finished(world.sync_with(Weather::default(), None, options).await);
                assert!(finished.delta.is_some(), "{days} days: {finished:?}");
                world.audit_as_if_read_whole().await;
            }
        });
    }
}

#[test]
fn r10_an_order_that_is_ignored_loses_nothing() {
    for base in [&[FaultKind::OrderIgnored][..], &[FaultKind::OrderIgnored, FaultKind::FiltersRefused]] {
        case(with(base), async |world| all_is_well(world).await);
    }
}

#[test]
fn r11_more_rows_than_asked_for_are_taken_and_fewer_are_read_again() {
    case(with(&[FaultKind::TopIgnored]), async |world| all_is_well(world).await);
    case(Setting::plain(), async |world| {
        world.sync(faults(&[(FaultKind::MissingRows, Rate::percent(20))]), None).await;
        all_is_well(world).await;
    });
}

#[test]
fn r12_empty_answers_where_there_were_rows_empty_nothing() {
    for base in [&[][..], &[FaultKind::VirtualTablesMissing]] {
        case(with(base), async |world| {
            world.quiet_sync().await;
            let empty = faults(&[(FaultKind::EmptyPages, Rate::ALWAYS)]);
            failed(world.sync(empty, None).await);
            world.audit_unchanged();
        });
    }
}

fn lose_most(books: &mut Books) {
    let receipts: Vec<_> = purchases(books).iter().map(|row| row.recorder).collect();
    for receipt in receipts.into_iter().skip(20) {
        books.unpost(receipt);
    }
}

/// Windows, and lines enough in each that most of them is a loss.
const WINDOWS: [(u32, usize); 3] = [(0, 400), (365, 400), (30, 2_000)];

#[test]
fn r13_a_sudden_loss_is_looked_at_twice_before_it_is_believed() {
    let bases = [&[][..], &[FaultKind::VirtualTablesMissing]];
    for (base, (days, lines)) in bases.into_iter().flat_map(|base| WINDOWS.map(|window| (base, window))) {
        let setting = Setting { customers: 45, lines, days, page_size: 100, ..with(base) };
        case(setting, async |world| {
            world.quiet_sync().await;
            world.wire.with_books("most of it", lose_most);
            let summary = world.quiet_sync().await.summary;
            assert!(summary.removed >= 50, "{} rows", summary.removed);
            assert!(summary.elapsed >= world.config.sync.second_look_after, "a second look after a pause");
            all_is_well(world).await;
        });
    }
}

#[test]
fn r13_a_loss_that_is_back_at_the_second_look_is_never_published() {
    for (days, lines) in WINDOWS {
        let setting = Setting { customers: 45, lines, days, page_size: 100, ..Setting::plain() };
        case(setting, async |world| {
            world.quiet_sync().await;
            world.quiet_sync().await;
            let whole = world.wire.inner().onec.books().clone();
            world.wire.with_books("most of it", lose_most);
            let requests = world.wire.inner().seen.requests;
            let back = at(requests + 3, Event::Change(Act::new(move |books| *books = whole.clone())));
            let summary = finished(world.sync(back, None).await).summary;
            assert_eq!((summary.outcome, summary.removed), (Outcome::Published, 0));
            all_is_well(world).await;
        });
    }
}

#[test]
fn r14_a_field_that_is_called_otherwise_fails_by_its_name() {
    case(Setting::plain(), async |world| {
        world.quiet_sync().await;
        let usual = world.config.clone();
        world.config.names.sales_amount = "Выручка".into();
        world.restart().await;
        let error = failed(world.sync(Weather::default(), None).await);
        assert!(error.to_string().contains("Выручка"), "{error}");
        world.config = usual;
        world.restart().await;
        all_is_well(world).await;
    });
}

#[test]
fn r15_another_base_behind_the_address_is_refused_until_it_is_accepted() {
    case(Setting::plain(), async |world| {
        world.quiet_sync().await;
        let books = world.wire.inner().onec.books().clone();
        let other = Scenario::new(9, 77, world.clock.onec().date()).with_lines(40);
        let other = Simulator::new(other).books().clone();
        world.wire.with_books("another base", |books| *books = other);
        let error = failed(world.sync(Weather::default(), None).await);
        assert!(matches!(error, Error::AnotherBase { known: 0, .. }), "{error}");
        let accepted = SyncOptions { accept_base: true, ..SyncOptions::default() };
        let taken_over = finished(world.sync_with(Weather::default(), None, accepted).await);
        assert_eq!(taken_over.summary.outcome, Outcome::Published);
        all_is_well(world).await;
        world.wire.with_books("the base again", |now| *now = books);
        failed(world.sync(Weather::default(), None).await);
    });
}

#[test]
fn r15_another_base_in_the_middle_of_a_sync_is_not_mixed_in() {
    let setting = Setting::plain();
    let other = Scenario::new(9, 77, setting.began_at.date()).with_lines(40);
    let other = Simulator::new(other).books().clone();
    at_every_request_without_the_end(&setting, |_| {
        let other = other.clone();
        Event::Change(Act::new(move |books| *books = other.clone()))
    });
}

/// The same without a last look: the base is not the one it was.
fn at_every_request_without_the_end(setting: &Setting, event: impl Fn(u64) -> Event) {
    for request in 1..=requests_of(setting) {
        case(setting.clone(), async |world| {
            world.quiet_sync().await;
            world.say(&format!("at request {request}"));
            world.sync(at(request, event(request)), None).await;
        });
    }
}

#[test]
fn r16_a_base_restored_from_a_backup_is_followed_back() {
    case(Setting::plain(), async |world| {
        world.quiet_sync().await;
        let backup = world.wire.inner().onec.books().clone();
        world.sync(Weather { life: 60, ..Weather::default() }, None).await;
        world.quiet_sync().await;
        world.wire.with_books("the backup", |books| *books = backup);
        all_is_well(world).await;
    });
}

#[test]
fn n2_n4_n5_n7_h7_h8_h9_every_passing_fault_at_every_request_is_survived() {
    for kind in ["way/refused", "way/connect-timeout", "way/closed", "way/lost-reply", "way/drip"] {
        let setting = Setting { customers: 3, lines: 20, ..Setting::plain() };
        at_every_request(&setting, |_| Event::Way(kind));
    }
}

#[test]
fn n8_a_page_cut_where_its_json_is_valid_is_noticed() {
    for base in [&[][..], &[FaultKind::VirtualTablesMissing], &[FaultKind::FiltersRefused]] {
        at_every_request(&with(base), |_| Event::Way("way/cut-on-valid-json"));
    }
}

#[test]
fn n11_answers_out_of_order_change_nothing() {
    let digest = |in_flight: usize, bad_way: u64| {
        let mut digest = 0;
        case(Setting { in_flight, lines: 240, ..Setting::plain() }, async |world| {
            let late = Weather { bad_way, ..Weather::default() };
            world.wire.inner().only_late = true;
            finished(world.sync(late, None).await);
            digest = world.stored().unwrap().generation.digest;
        });
        digest
    };
    let in_order = digest(1, 0);
    assert_eq!(digest(4, 100), in_order);
    assert_eq!(digest(8, 50), in_order);
}

#[test]
fn n12_k1_clocks_that_jump_while_a_sync_runs_change_no_figure() {
    for ahead in [3 * 86_400, 7_200, -7_200, -3 * 86_400] {
        case(Setting::plain(), async |world| {
            world.quiet_sync().await;
            let ending = finished(world.sync(at(9, Event::SetClock(ahead)), None).await);
            assert_eq!(ending.summary.outcome, Outcome::Published);
            assert!(ending.summary.elapsed < Duration::from_secs(600), "durations are the monotonic clock's");
            let status = world.engine().status().await.unwrap();
            let most = Duration::from_secs(u64::try_from(ahead.max(0)).unwrap() + 3_600);
            assert!(status.age.is_none_or(|age| age <= most), "an age is never negative");
            assert_eq!(
                (status.age.is_none(), status.is_stale),
                (ahead < 0, !(0..=86_400).contains(&ahead)),
                "{ahead}"
            );
            all_is_well(world).await;
        });
    }
}

#[test]
fn h1_nothing_is_asked_after_credentials_are_refused() {
    let setting = Setting { in_flight: 4, ..Setting::plain() };
    for request in 1..=requests_of(&setting) {
        case(setting.clone(), async |world| {
            world.quiet_sync().await;
            let error = failed(world.sync(at(request, Event::Credentials), None).await);
            assert!(matches!(&error, Error::Odata(error) if error.is_refused_credentials()), "{error}");
            all_is_well(world).await;
        });
    }
}

#[test]
fn h3_maintenance_of_some_minutes_is_waited_for() {
    case(Setting::plain(), async |world| {
        world.quiet_sync().await;
        let ending = finished(world.sync(at(12, Event::Maintenance(300)), None).await);
        assert_eq!(ending.summary.outcome, Outcome::Published, "{:?}", ending.error);
        assert!(ending.summary.elapsed > Duration::from_secs(300));
    });
}

#[test]
fn h4_points_that_are_published_no_longer_are_unknown_and_kept() {
    case(Setting { customers: 12, lines: 120, ..Setting::plain() }, async |world| {
        world.quiet_sync().await;
        let before = world.stored().unwrap();
        assert!(!before.bonuses.is_empty());
        finished(world.sync(at(1, Event::Drift(FaultKind::PointsMissing)), None).await);
        let after = world.stored().unwrap();
        assert_eq!(after.bonuses, before.bonuses);
        assert_eq!(after.generation.points_at, None);
    });
}

#[test]
fn h6_fields_and_methods_that_go_away_in_the_middle_are_done_without() {
    for kind in [FaultKind::FieldsMissing, FaultKind::CountRefused, FaultKind::FiltersRefused] {
        at_every_request(&Setting::plain(), |_| Event::Drift(kind));
    }
}

#[test]
fn h14_a_storm_of_failures_ends_soon() {
    for kind in [FaultKind::Status503, FaultKind::CutBody, FaultKind::Stall, FaultKind::Html200] {
        case(Setting::plain(), async |world| {
            world.quiet_sync().await;
            failed(world.sync(faults(&[(kind, Rate::ALWAYS)]), None).await);
            let requests = world.wire.inner().seen.requests;
            assert!(requests <= 12, "{requests} requests into a storm of {kind}");
        });
    }
}

#[test]
fn z5_midnight_passes_while_a_sync_runs() {
    let began_at = Setting::plain().began_at.date().and_hms_opt(23, 59, 59).unwrap();
    case(Setting { began_at, ..Setting::plain() }, async |world| {
        let first_day = world.clock.onec().date();
        world.quiet_sync().await;
        assert!(world.clock.onec().date() > first_day, "midnight has passed");
        let generation = world.stored().unwrap().generation;
        let from = (first_day - TimeDelta::days(365)).and_hms_opt(0, 0, 0).unwrap();
        assert_eq!(generation.window.from, Some(from), "the day a sync began on counts to its end");
        assert_eq!(generation.points_at.map(|at| at.date()), Some(first_day));
        all_is_well(world).await;
    });
}

#[test]
fn z6_rows_on_both_edges_of_the_window_and_in_the_future_are_where_they_belong() {
    for days in [1, 30, 365] {
        case(Setting { days, ..Setting::plain() }, async |world| {
            let from = world.clock.onec().date() - TimeDelta::days(days.into());
            let edge = from.and_hms_opt(0, 0, 0).unwrap();
            let far = world.clock.onec() + TimeDelta::days(500);
            let periods = [edge - TimeDelta::seconds(1), edge, edge + TimeDelta::seconds(1), far];
            world.wire.with_books("rows on the edges", |books| {
                for (row, period) in purchases(books).into_iter().zip(periods.into_iter().cycle()) {
                    books.change_sale(row.recorder, row.line, |line| line.period = period);
                }
            });
            all_is_well(world).await;
            assert_eq!(world.stored().unwrap().generation.proof, Proof::Confirmed);
        });
    }
}

#[test]
fn p9_a_sync_cancelled_at_any_request_changes_nothing() {
    at_every_request(&Setting::plain(), |_| Event::Cancel);
}

#[test]
fn p9_a_sync_dropped_after_any_number_of_steps_changes_nothing() {
    let setting = Setting { customers: 3, lines: 20, ..Setting::plain() };
    let asked_in_all = requests_of(&setting);
    let (mut steps, mut ended) = (0, false);
    while !ended {
        steps += 1;
        case(setting.clone(), async |world| {
            world.quiet_sync().await;
            let (from, asked) = (world.state(), world.wire.inner().seen.requests);
            ended = is_ended_after(world, steps).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
            if !ended {
                // Dropped after its last answer, it may have published: how many steps that takes is chance.
                let published = world.audit_dropped(from);
                let asked = world.wire.inner().seen.requests - asked;
                assert!(
                    !published || asked == asked_in_all,
                    "published after {asked} of {asked_in_all} requests"
                );
                all_is_well(world).await;
            }
        });
    }
    assert!(steps > 30, "{steps} steps");
}

/// Lets a sync go on for so many steps, and drops it; whether it had ended by then.
async fn is_ended_after(world: &World, mut steps: u32) -> bool {
    let (cancel, observer) = (CancellationToken::new(), Arc::new(Unobserved));
    let mut sync = Box::pin(world.engine().sync(SyncOptions::default(), observer, &cancel));
    let ended = std::future::poll_fn(|context| {
        if steps == 0 {
            return std::task::Poll::Ready(None);
        }
        steps -= 1;
        sync.as_mut().poll(context).map(Some)
    });
    ended.await.is_some()
}

#[test]
fn i3_what_was_staged_long_ago_is_confirmed_by_month_as_well() {
    // Two old rows of one card exchange their months while nobody reads: every count and every sum by card
    // stays what it was.
    let setting = Setting { days: 0, lines: 160, ..Setting::plain() };
    case(setting, async |world| {
        world.quiet_sync().await;
        world.quiet_sync().await;
        let last = world.wire.inner().seen.requests;
        world.sync(at(last - 2, Event::Kill), None).await;
        world.wire.with_books("two rows exchange their months", |books| {
            let mut rows = purchases(books);
            rows.sort_by_key(|row| (row.row.card, row.row.period));
            let far = |pair: &&[Posted<SaleLine>]| {
                let [one, other] = pair else { return false };
                one.row.card == other.row.card
                    && one.row.amount != other.row.amount
                    && (other.row.period - one.row.period).num_days() > 40
            };
            let pairs: Vec<_> = rows.windows(2).filter(far).map(<[_]>::to_vec).collect();
            assert!(!pairs.is_empty());
            for pair in pairs.iter().step_by(2) {
                let (one, other) = (&pair[0], &pair[1]);
                books.change_sale(one.recorder, one.line, |line| line.period = other.row.period);
                books.change_sale(other.recorder, other.line, |line| line.period = one.row.period);
            }
        });
        world.quiet_sync().await;
        assert_eq!(world.stored().unwrap().generation.proof, Proof::Confirmed);
        all_is_well(world).await;
    });
}

#[test]
fn i8_a_row_that_went_to_another_card_while_a_sync_lay_still_is_on_one_of_them() {
    // An old row and a fresh one of another card exchange their cards and periods: every count and every sum
    // stays what it was, and the fresh days are read again.
    let setting = Setting { lines: 160, ..Setting::plain() };
    case(setting, async |world| {
        let (old, fresh) =
            (world.clock.onec() - TimeDelta::days(250), world.clock.onec() - TimeDelta::hours(5));
        let mut pair = Vec::new();
        world.wire.with_books("two rows of two cards are equal but for their periods", |books| {
            let rows = purchases(books);
            let other = rows.iter().find(|row| row.row.card != rows[0].row.card).unwrap();
            for (row, period) in [(&rows[0], old), (other, fresh)] {
                books
                    .change_sale(row.recorder, row.line, |line| (line.period, line.amount) = (period, 1_000));
                pair.push((row.recorder, row.line, row.row.card, period));
            }
        });
        world.quiet_sync().await;
        world.quiet_sync().await;
        let last = world.wire.inner().seen.requests;
        world.sync(at(last - 2, Event::Kill), None).await;
        world.wire.with_books("they exchange their cards and periods", |books| {
            let [(one, one_line, ..), (other, other_line, ..)] = pair[..] else { unreachable!() };
            for (recorder, line, (.., card, period)) in
                [(one, one_line, pair[1]), (other, other_line, pair[0])]
            {
                books.change_sale(recorder, line, |line| (line.card, line.period) = (card, period));
            }
        });
        world.quiet_sync().await;
        assert_eq!(world.stored().unwrap().generation.proof, Proof::Confirmed);
        all_is_well(world).await;
    });
}

#[test]
fn i12_what_was_staged_long_ago_is_not_believed_once_the_totals_are_gone() {
    let setting = Setting { lines: 160, ..Setting::plain() };
    let mut last = 0;
    case(setting.clone(), async |world| {
        world.quiet_sync().await;
        world.quiet_sync().await;
        last = world.wire.inner().seen.requests;
    });
    for request in last / 2..last + 10 {
        case(setting.clone(), async |world| {
            world.quiet_sync().await;
            world.sync(at(last - 2, Event::Kill), None).await;
            world.wire.with_books("other rows, as many as before", |books| {
                for row in purchases(books) {
                    books.change_sale(row.recorder, row.line, |line| line.amount += 5);
                }
            });
            let now = world.state();
            world.sync(at(request, Event::Drift(FaultKind::VirtualTablesMissing)), None).await;
            let stored = world.stored().unwrap();
            let inner = world.wire.inner();
            if stored.generation.id == 2 {
                auditor::rows_are_the_books(
                    &stored,
                    &inner.history,
                    Span { from: now, to: now, rows_from: now },
                );
            }
        });
    }
}

/// Operations of the disk that a second sync of the plain shop needs.
fn operations() -> u64 {
    let mut operations = 0;
    case(Setting::plain(), async |world| {
        world.quiet_sync().await;
        let before = world.disk().operations();
        world.quiet_sync().await;
        operations = world.disk().operations() - before;
    });
    operations
}

fn at_every_operation(mishaps: &[Mishap]) {
    for operation in 1..=operations() {
        for mishap in mishaps {
            case(Setting::plain(), async |world| {
                world.quiet_sync().await;
                world.sync(Weather { life: 10, ..Weather::default() }, Some((operation, *mishap))).await;
                all_is_well(world).await;
            });
        }
    }
}

#[test]
fn d1_no_space_at_any_operation_of_a_sync_keeps_the_last_generation() {
    at_every_operation(&[Mishap::Full { lasting: false }, Mishap::Full { lasting: true }]);
}

#[test]
fn d2_a_failure_of_any_operation_of_a_sync_keeps_the_last_generation() {
    at_every_operation(&[Mishap::Failing { lasting: false }, Mishap::Failing { lasting: true }]);
}

#[test]
fn d3_i4_a_death_at_any_operation_of_a_sync_keeps_what_was_acknowledged() {
    at_every_operation(&[Mishap::Dead, Mishap::Dead]);
}

#[test]
fn d5_a_second_death_while_the_store_is_opened_again_keeps_it_too() {
    for first in (1..=operations()).step_by(7) {
        for second in [1, 2, 3, 5, 8, 13, 21] {
            case(Setting::plain(), async |world| {
                world.quiet_sync().await;
                world.die_twice(first, second).await;
                all_is_well(world).await;
            });
        }
    }
}

#[test]
fn d12_i10_the_file_is_flat_over_syncs_without_changes() {
    case(Setting::plain(), async |world| {
        for _ in 0..4 {
            world.quiet_sync().await;
        }
        let size = world.disk().len();
        for _ in 0..60 {
            let summary = world.quiet_sync().await.summary;
            assert_eq!((summary.created, summary.changed, summary.removed), (0, 0, 0));
            assert!(world.disk().len() <= size, "from {size} to {}", world.disk().len());
        }
    });
}

#[test]
fn i11_neither_page_size_nor_workers_nor_their_order_change_the_digest() {
    let mut digests = Vec::new();
    for (page_size, in_flight) in [(3, 1), (7, 4), (25, 2), (60, 1), (1_000, 8)] {
        case(Setting { page_size, in_flight, lines: 160, ..Setting::plain() }, async |world| {
            world.quiet_sync().await;
            digests.push(world.stored().unwrap().generation.digest);
        });
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
}

// The auditor itself: each of these is a lie that it must see.

/// A published generation with something altered, shown to the auditor.
fn altered(alter: impl FnOnce(&mut auditor::Stored)) {
    case(Setting::plain(), async |world| {
        world.quiet_sync().await;
        let mut stored = world.stored().unwrap();
        let now = world.state();
        let span = Span { from: now, to: now, rows_from: now };
        alter(&mut stored);
        let inner = world.wire.inner();
        auditor::figures_are_those_of_the_rows(&stored);
        auditor::verified_is_true_of_one_instant(&stored, &inner.history, span);
        auditor::rows_are_the_books(&stored, &inner.history, span);
    });
}

#[test]
#[should_panic(expected = "I6")]
fn i6_the_auditor_sees_a_row_altered_after_it_was_published() {
    altered(|stored| stored.movements.values_mut().next().unwrap().amount += Amount::from_units(1));
}

#[test]
#[should_panic(expected = "I3")]
fn i3_the_auditor_sees_a_row_moved_to_another_month() {
    altered(|stored| {
        let row = stored.movements.values_mut().last().unwrap();
        row.period -= TimeDelta::days(40);
    });
}

#[test]
#[should_panic(expected = "I8")]
fn i8_the_auditor_sees_a_row_with_another_product() {
    altered(|stored| {
        let row = stored.movements.values_mut().find(|row| row.product.is_some()).unwrap();
        row.product = None;
    });
}

#[test]
#[should_panic(expected = "I8")]
fn i8_the_auditor_sees_a_lie_that_no_client_can_see() {
    // A server that hides a row from its pages and from its counts, and has no totals to betray it.
    case(with(&[FaultKind::VirtualTablesMissing]), async |world| {
        let mut hidden = Simulator::new(Scenario::new(12, 1, world.clock.onec().date()).with_lines(80))
            .with_account("odata.user", world.canary.password());
        let row = purchases(hidden.books()).pop().unwrap();
        assert!(hidden.books_mut().delete_sale(row.recorder, row.line));
        {
            let mut inner = world.wire.inner();
            inner.other = Some(hidden);
            inner.is_other = true;
        }
        world.sync(Weather::default(), None).await;
    });
}

#[test]
#[should_panic(expected = "I1")]
fn i1_d6_the_auditor_sees_a_byte_that_changed_on_the_disk() {
    case(Setting::plain(), async |world| {
        world.quiet_sync().await;
        let stored = world.stored().unwrap();
        let card: CardId = *stored.customers.keys().next().unwrap();
        let name = stored.customers[&card].name.clone();
        let mut bytes = world.disk().bytes();
        let places: Vec<_> = memchr::memmem::find_iter(&bytes, name.as_bytes()).collect();
        assert!(!places.is_empty());
        for place in places {
            bytes[place + 1] ^= 1;
        }
        world.start(bytes);
        world.stored();
    });
}

#[test]
#[should_panic(expected = "I14")]
fn i14_the_auditor_sees_a_secret_that_leaks() {
    case(Setting::plain(), async |world| {
        let piece = &world.canary.password()[5..12];
        world.canary.is_not_in(&format!("1C said {piece}"));
    });
}
