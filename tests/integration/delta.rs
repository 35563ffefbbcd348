use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{Datelike, NaiveDateTime, NaiveTime, TimeDelta};
use proptest::prelude::*;
use proptest::sample::Index;
use sverka::store::{Counts, Proof};
use sverka::sync::event::{DeltaSummary, Notice, Outcome, WhyFull};
use sverka::sync::{Finished, SyncMode};
use sverka_simulator::{
    BonusLine, Books, Card, DocumentKind, FaultKind, Faults, Movement, Posted, Rate, SaleLine,
};
use uuid::Uuid;

use crate::support::changes::{day, sale, small};
use crate::support::office::Office;
use crate::support::proven::assert_nothing_false_is_proven;
use crate::support::{Witness, local_now};

/// Everything a store holds, comparable: the digests of its tables, and their counts.
fn tables(office: &Office) -> (Counts, u128, u128) {
    let generation = office.store.snapshot().unwrap().generation().unwrap().clone();
    (generation.counts, generation.digest, generation.figures_digest)
}

/// The same books, read whole into an empty store.
async fn read_whole(office: &Office) -> Office {
    let mut whole = Office::open(2, 10, 1);
    whole.config = office.config.clone();
    let books = office.books();
    whole.change(|other| *other = books);
    whole.sync().await;
    whole
}

/// The store after a delta is, table by table, what a full sync makes of the same books.
async fn assert_whole(office: &Office, what: &str) {
    let whole = read_whole(office).await;
    assert!(office.published() == whole.published(), "{what}: rows differ from those of a full sync");
    assert_eq!(tables(office), tables(&whole), "{what}");
}

/// The same of what was read from 1C: figures say what they were compared with.
async fn assert_rows_whole(office: &Office, what: &str) {
    let whole = read_whole(office).await;
    assert!(office.published() == whole.published(), "{what}: rows differ from those of a full sync");
    assert_eq!(office.digest(), whole.digest(), "{what}");
}

/// A delta, or the full sync that a sudden loss calls for.
async fn delta_unless_much_is_gone(office: &Office) {
    let witness = Arc::new(Witness::default());
    let finished = office.watched(SyncMode::Delta, Arc::clone(&witness) as _).await;
    assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
    let notices = witness.notices.lock().unwrap();
    let is_loss = |notice: &Notice| matches!(notice, Notice::FullInstead(WhyFull::SuddenLoss));
    assert!(finished.delta.is_some() || notices.iter().any(is_loss), "{notices:?}");
}

/// A delta that was not made a full sync on the way.
async fn delta(office: &Office) -> DeltaSummary {
    let finished = office.sync_as(SyncMode::Delta).await;
    finished.delta.expect("nothing calls for a full sync")
}

/// A delta that has to be a full sync.
async fn full_instead(office: &Office) -> (Finished, WhyFull) {
    let witness = Arc::new(Witness::default());
    let finished = office.watched(SyncMode::Delta, Arc::clone(&witness) as _).await;
    assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
    assert_eq!(finished.delta, None);
    let notices = witness.notices.lock().unwrap();
    let why = notices.iter().find_map(|notice| match notice {
        Notice::FullInstead(why) => Some(*why),
        _ => None,
    });
    (finished, why.expect("it is told why"))
}

/// What happens in a shop and moves a sum, or is recent, or is a catalog's.
#[derive(Clone, Debug)]
enum Deed {
    Sell { card: Index, days: i64, amount: i64 },
    Amount { row: Index, by: i64 },
    Pieces { row: Index, by: i64 },
    Give { row: Index, card: Index },
    Date { row: Index, days: i64 },
    Switch(Index),
    Delete(Index),
    Unpost(Index),
    Repost(Index),
    CloseShiftOfToday(Index),
    CloseShiftLate(Index),
    OtherProductToday { row: Index, product: Index },
    Carry { card: Index, days: i64, amount: i64 },
    MendCarried { row: Index, by: i64 },
    CarryTo { row: Index, card: Index },
    Uncarry(Index),
    Accrue { card: Index, days: i64, points: i64 },
    Burn { row: Index, by: i64 },
    DateBonus { row: Index, days: i64 },
    DeleteBonus(Index),
    AddCard(Index),
    RemoveCard(Index),
    Phone { card: Index, number: u32 },
    Rename { card: Index, number: u32 },
    Reenter { row: Index, kind: Index },
}

/// Types a document is entered anew under: opening balances, what looks like them, and sales.
const KINDS: [DocumentKind; 5] = [
    DocumentKind::OpeningBalances,
    DocumentKind::RegisterCorrection,
    DocumentKind::Receipt,
    DocumentKind::RetailReport,
    DocumentKind::SalesCorrection,
];

fn reenter(books: &mut Books, row: Index, kind: Index) -> Option<()> {
    let row = pick(&books.sales().collect::<Vec<_>>(), row)?;
    // Where no document bears the name any more, the name itself is in doubt.
    let is_last = || carried(books).iter().all(|other| other.recorder == row.recorder);
    if row.kind == DocumentKind::OpeningBalances && is_last() {
        return None;
    }
    books.reenter(row.recorder, *kind.get(&KINDS)).map(drop)
}

/// Far enough to be another month, whatever the month.
fn far() -> impl Strategy<Value = i64> {
    prop_oneof![-300_i64..-35, 35_i64..200]
}

fn deed() -> impl Strategy<Value = Deed> {
    let place = any::<Index>;
    let part = prop_oneof![-9_000_i64..-1, 1_i64..9_000];
    let part = part.boxed();
    prop_oneof![
        (place(), -500_i64..60, 1_i64..900_000).prop_map(|(card, days, amount)| Deed::Sell {
            card,
            days,
            amount
        }),
        (place(), part.clone()).prop_map(|(row, by)| Deed::Amount { row, by }),
        (place(), 1_i64..5).prop_map(|(row, by)| Deed::Pieces { row, by }),
        (place(), place()).prop_map(|(row, card)| Deed::Give { row, card }),
        (place(), far()).prop_map(|(row, days)| Deed::Date { row, days }),
        place().prop_map(Deed::Switch),
        place().prop_map(Deed::Delete),
        place().prop_map(Deed::Unpost),
        place().prop_map(Deed::Repost),
        place().prop_map(Deed::CloseShiftOfToday),
        place().prop_map(Deed::CloseShiftLate),
        (place(), place()).prop_map(|(row, product)| Deed::OtherProductToday { row, product }),
        (place(), -3_000_i64..0, 1_i64..9_000_000).prop_map(|(card, days, amount)| Deed::Carry {
            card,
            days,
            amount
        }),
        (place(), part.clone()).prop_map(|(row, by)| Deed::MendCarried { row, by }),
        (place(), place()).prop_map(|(row, card)| Deed::CarryTo { row, card }),
        place().prop_map(Deed::Uncarry),
        (place(), -300_i64..300, 1_i64..500).prop_map(|(card, days, points)| Deed::Accrue {
            card,
            days,
            points
        }),
        (place(), part).prop_map(|(row, by)| Deed::Burn { row, by }),
        (place(), far()).prop_map(|(row, days)| Deed::DateBonus { row, days }),
        place().prop_map(Deed::DeleteBonus),
        place().prop_map(Deed::AddCard),
        place().prop_map(Deed::RemoveCard),
        (place(), 0_u32..1_000).prop_map(|(card, number)| Deed::Phone { card, number }),
        (place(), 0_u32..1_000).prop_map(|(card, number)| Deed::Rename { card, number }),
        (place(), place()).prop_map(|(row, kind)| Deed::Reenter { row, kind }),
    ]
}

fn pick<T: Clone>(rows: &[T], place: Index) -> Option<T> {
    (!rows.is_empty()).then(|| rows[place.index(rows.len())].clone())
}

fn sales(books: &Books) -> Vec<Posted<SaleLine>> {
    books.sales().filter(|row| row.kind != DocumentKind::OpeningBalances).collect()
}

fn carried(books: &Books) -> Vec<Posted<SaleLine>> {
    books.sales().filter(|row| row.kind == DocumentKind::OpeningBalances).collect()
}

fn cards(books: &Books) -> Vec<Uuid> {
    books.card_list().into_iter().map(|card| card.key).collect()
}

fn today(books: &Books) -> Vec<Posted<SaleLine>> {
    let recent = local_now() - TimeDelta::days(2);
    sales(books).into_iter().filter(|row| row.row.period >= recent).collect()
}

fn bonus(card: Uuid, period: chrono::NaiveDateTime, points: i64) -> BonusLine {
    let movement = Movement::Receipt;
    BonusLine {
        period,
        active: true,
        movement,
        card,
        accrued: points * 100,
        to_burn: 0,
        first_accrued: period,
    }
}

impl Deed {
    /// Does it; nothing where there is nothing to do it to.
    #[expect(clippy::too_many_lines, reason = "a line for each thing that happens")]
    fn act(&self, books: &mut Books) -> Option<()> {
        let change = |books: &mut Books, row: Posted<SaleLine>, change: &dyn Fn(&mut SaleLine)| {
            books.change_sale(row.recorder, row.line, change).then_some(())
        };
        match *self {
            Self::Sell { card, days, amount } => {
                let card = pick(&cards(books), card)?;
                let product = sales(books).first()?.row.product;
                let line = SaleLine { product, ..sale(card, local_now() + TimeDelta::days(days), amount) };
                books.post(DocumentKind::Receipt, line.period, vec![line.clone(), line], Vec::new());
            }
            Self::Amount { row, by } => {
                let row = pick(&sales(books), row)?;
                change(books, row, &|line| line.amount += by)?;
            }
            Self::Pieces { row, by } => {
                let row = pick(&sales(books), row)?;
                change(books, row, &|line| line.quantity += by * 1_000)?;
            }
            Self::Give { row, card } => {
                let (row, card) = (pick(&sales(books), row)?, pick(&cards(books), card)?);
                change(books, row, &|line| line.card = card)?;
            }
            Self::Date { row, days } => {
                let row = pick(&sales(books), row)?;
                change(books, row, &|line| line.period += TimeDelta::days(days))?;
            }
            Self::Switch(row) => {
                let row = pick(&sales(books), row)?;
                change(books, row, &|line| line.active = !line.active)?;
            }
            Self::Delete(row) => {
                let row = pick(&sales(books), row)?;
                books.delete_sale(row.recorder, row.line).then_some(())?;
            }
            Self::Unpost(row) => {
                let row = pick(&sales(books), row)?;
                books.unpost(row.recorder).then_some(())?;
            }
            Self::Repost(row) => {
                let row = pick(&sales(books), row)?;
                let lines = sales(books).into_iter().filter(|other| other.recorder == row.recorder);
                let dearer = |line: SaleLine| SaleLine { amount: line.amount + 700, ..line };
                let lines = lines.map(|row| dearer(row.row)).collect();
                books.repost(row.recorder, lines, Vec::new()).then_some(())?;
            }
            Self::CloseShiftOfToday(row) => {
                let row = pick(&today(books), row)?;
                books.close_shift(&[row.recorder], local_now());
            }
            Self::CloseShiftLate(row) => {
                let old =
                    sales(books).into_iter().filter(|row| row.row.period < local_now() - TimeDelta::days(40));
                let row = pick(&old.collect::<Vec<_>>(), row)?;
                books.close_shift(&[row.recorder], local_now());
            }
            Self::OtherProductToday { row, product } => {
                let (row, product) = (pick(&today(books), row)?, pick(&sales(books), product)?.row.product);
                change(books, row, &|line| line.product = product)?;
            }
            Self::Carry { card, days, amount } => {
                let line = sale(pick(&cards(books), card)?, local_now() + TimeDelta::days(days), amount);
                books.post(DocumentKind::OpeningBalances, line.period, vec![line], Vec::new());
            }
            Self::MendCarried { row, by } => {
                let row = pick(&carried(books), row)?;
                change(books, row, &|line| line.amount += by)?;
            }
            Self::CarryTo { row, card } => {
                let (row, card) = (pick(&carried(books), row)?, pick(&cards(books), card)?);
                change(books, row, &|line| line.card = card)?;
            }
            Self::Uncarry(row) => {
                let carried = carried(books);
                let row = pick(&carried, row)?;
                // Where no document bears the name any more, the name itself is in doubt, and nothing is emptied.
                carried.iter().any(|other| other.recorder != row.recorder).then_some(())?;
                books.unpost(row.recorder).then_some(())?;
            }
            Self::Accrue { card, days, points } => {
                let line = bonus(pick(&cards(books), card)?, local_now() + TimeDelta::days(days), points);
                books.post(DocumentKind::PointsAdjustment, line.period, Vec::new(), vec![line]);
            }
            Self::Burn { row, by } => {
                let row = pick(&books.bonuses().collect::<Vec<_>>(), row)?;
                books.change_bonus(row.recorder, row.line, |line| line.to_burn += by).then_some(())?;
            }
            Self::DateBonus { row, days } => {
                let row = pick(&books.bonuses().collect::<Vec<_>>(), row)?;
                let dated =
                    books.change_bonus(row.recorder, row.line, |line| line.period += TimeDelta::days(days));
                dated.then_some(())?;
            }
            Self::DeleteBonus(row) => {
                let row = pick(&books.bonuses().collect::<Vec<_>>(), row)?;
                books.delete_bonus(row.recorder, row.line).then_some(())?;
            }
            Self::AddCard(card) => {
                let pattern = books.card(pick(&cards(books), card)?)?.clone();
                let key = books.new_key();
                books.add_card(Card { key, code: key.to_string(), version: 0, ..pattern });
            }
            Self::RemoveCard(card) => {
                let card = pick(&cards(books), card)?;
                books.remove_card(card).then_some(())?;
            }
            Self::Reenter { row, kind } => reenter(books, row, kind)?,
            Self::Phone { card, number } => {
                let card = pick(&cards(books), card)?;
                books.change_card(card, |card| card.phone = format!("7978{number:07}")).then_some(())?;
            }
            Self::Rename { card, number } => {
                let owner = books.card(pick(&cards(books), card)?)?.owner;
                books
                    .change_owner(owner, |owner| owner.name = format!("Иванова Ольга {number}"))
                    .then_some(())?;
            }
        }
        Some(())
    }
}

/// What happens in a shop and moves no sum of a card or a month.
#[derive(Clone, Debug)]
enum Quietly {
    Product { row: Index, product: Index },
    Minute { row: Index, by: i64 },
    Renumber(Index),
    CloseShift(Index),
    RenameProduct { row: Index, number: u32 },
    DateCarried { row: Index, days: i64 },
    MinuteOfBonus { row: Index, by: i64 },
    Reenter { row: Index, kind: Index },
}

fn quietly() -> impl Strategy<Value = Quietly> {
    let place = any::<Index>;
    prop_oneof![
        (place(), place()).prop_map(|(row, product)| Quietly::Product { row, product }),
        (place(), 1_i64..40_000).prop_map(|(row, by)| Quietly::Minute { row, by }),
        place().prop_map(Quietly::Renumber),
        place().prop_map(Quietly::CloseShift),
        (place(), 0_u32..1_000).prop_map(|(row, number)| Quietly::RenameProduct { row, number }),
        (place(), 1_i64..400).prop_map(|(row, days)| Quietly::DateCarried { row, days }),
        (place(), 1_i64..40_000).prop_map(|(row, by)| Quietly::MinuteOfBonus { row, by }),
        (place(), place()).prop_map(|(row, kind)| Quietly::Reenter { row, kind }),
    ]
}

/// Another second of the same month.
fn in_month(period: chrono::NaiveDateTime, by: i64) -> chrono::NaiveDateTime {
    let later = period + TimeDelta::seconds(by);
    if later.month() == period.month() { later } else { period - TimeDelta::seconds(by) }
}

impl Quietly {
    fn act(&self, books: &mut Books) -> Option<()> {
        match *self {
            Self::Product { row, product } => {
                let (row, product) = (pick(&sales(books), row)?, pick(&sales(books), product)?.row.product);
                books.change_sale(row.recorder, row.line, |line| line.product = product).then_some(())
            }
            Self::Minute { row, by } => {
                let row = pick(&sales(books), row)?;
                let dated =
                    books.change_sale(row.recorder, row.line, |line| line.period = in_month(line.period, by));
                dated.then_some(())
            }
            Self::Renumber(row) => {
                let row = pick(&sales(books), row)?;
                let lines = sales(books).into_iter().filter(|other| other.recorder == row.recorder);
                let mut lines: Vec<_> = lines.map(|row| row.row).collect();
                lines.reverse();
                let bonuses = books.bonuses().filter(|other| other.recorder == row.recorder);
                let bonuses = bonuses.map(|row| row.row).collect();
                books.repost(row.recorder, lines, bonuses).then_some(())
            }
            Self::CloseShift(row) => {
                let row = pick(&sales(books), row)?;
                let evening = row.row.period.date().and_time(NaiveTime::from_hms_opt(21, 0, 0)?);
                books.close_shift(&[row.recorder], evening);
                Some(())
            }
            Self::RenameProduct { row, number } => {
                let product = pick(&sales(books), row)?.row.product;
                books
                    .change_product(product, |product| product.name = format!("Кольцо {number}"))
                    .then_some(())
            }
            Self::DateCarried { row, days } => {
                let old = carried(books).into_iter().filter(|row| row.row.period < day(2025, 1, 1));
                let row = pick(&old.collect::<Vec<_>>(), row)?;
                let dated =
                    books.change_sale(row.recorder, row.line, |line| line.period -= TimeDelta::days(days));
                dated.then_some(())
            }
            Self::Reenter { row, kind } => reenter(books, row, kind),
            Self::MinuteOfBonus { row, by } => {
                let row = pick(&books.bonuses().collect::<Vec<_>>(), row)?;
                let dated = books
                    .change_bonus(row.recorder, row.line, |line| line.period = in_month(line.period, by));
                dated.then_some(())
            }
        }
    }
}

/// The rows of a card in a month, and what they come to by 1C's sums.
#[derive(Default, PartialEq)]
struct Cell {
    rows: Vec<(Uuid, u32, NaiveDateTime, Uuid)>,
    sums: [i64; 2],
}

/// Those that are old enough not to be read by every delta.
fn cells(books: &Books) -> BTreeMap<(&'static str, Uuid, i32, u32), Cell> {
    let mut cells = BTreeMap::<_, Cell>::new();
    let recent = local_now() - TimeDelta::days(4);
    let mut put = |register, card, period: NaiveDateTime, row, sums: [i64; 2]| {
        if period >= recent {
            return;
        }
        let cell = cells.entry((register, card, period.year(), period.month())).or_default();
        cell.rows.push(row);
        cell.sums = [cell.sums[0] + sums[0], cell.sums[1] + sums[1]];
    };
    for row in books.sales().filter(|row| row.row.active) {
        let line = &row.row;
        let key = (row.recorder, row.line, line.period, line.product);
        put("sales", line.card, line.period, key, [line.amount, line.quantity]);
    }
    for row in books.bonuses().filter(|row| row.row.active) {
        let (line, sign) = (&row.row, row.row.movement.sign());
        let key = (row.recorder, row.line, line.period, Uuid::nil());
        put(
            "points",
            line.card,
            line.period,
            key,
            [sign * (line.accrued - line.to_burn), sign * line.accrued],
        );
    }
    cells
}

/// Whether rows of a card changed in some month and its sums there did not.
fn cancels_out(before: &Books, after: &Books) -> bool {
    let (before, after) = (cells(before), cells(after));
    let none = Cell::default();
    before.keys().chain(after.keys()).any(|key| {
        let [before, after] = [&before, &after].map(|cells| cells.get(key).unwrap_or(&none));
        before.rows != after.rows && before.sums == after.sums
    })
}

fn in_runtime<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// So many histories, or as many times more as `SVERKA_HISTORIES` says.
fn cases(usual: u32) -> ProptestConfig {
    let times = std::env::var("SVERKA_HISTORIES").map_or(1, |times| times.parse().expect("a number"));
    ProptestConfig { cases: usual * times, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn after_a_delta_the_store_is_what_a_full_sync_makes(
        histories in prop::collection::vec(prop::collection::vec(deed(), 1..12), 1..4),
        days in prop_oneof![4 => Just(365_u32), 1 => Just(0), 1 => Just(60)],
        seed in 1_u64..1_000,
    ) {
        in_runtime(async {
            let mut office = Office::open(45, 420, seed);
            office.config.sync.days = days;
            office.sync().await;
            for history in &histories {
                let before = office.books();
                office.change(|books| history.iter().for_each(|deed| _ = deed.act(books)));
                if cancels_out(&before, &office.books()) {
                    // Deeds that took each other back are the other property's; what is proven is true all the same.
                    delta_unless_much_is_gone(&office).await;
                    assert_nothing_false_is_proven(&office, &format!("{histories:?}")).await;
                    return;
                }
                delta_unless_much_is_gone(&office).await;
                assert_nothing_false_is_proven(&office, &format!("{histories:?}")).await;
                assert_whole(&office, &format!("{histories:?}")).await;
            }
        });
    }
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn what_moves_no_sum_arrives_within_the_bound(
        history in prop::collection::vec(quietly(), 1..12),
        moving in prop::collection::vec(deed(), 0..4),
        days in prop_oneof![Just(365_u32), Just(0)],
        seed in 1_u64..1_000,
    ) {
        in_runtime(async {
            let mut office = Office::open(45, 420, seed);
            office.config.sync.days = days;
            office.sync().await;
            office.change(|books| history.iter().for_each(|deed| _ = deed.act(books)));
            office.change(|books| moving.iter().for_each(|deed| _ = deed.act(books)));
            for number in 0..DeltaSummary::BOUND {
                delta_unless_much_is_gone(&office).await;
                if number == 0 {
                    assert_nothing_false_is_proven(&office, &format!("{history:?}, {moving:?}")).await;
                }
            }
            assert_whole(&office, &format!("{history:?}, {moving:?}")).await;
        });
    }
}

#[tokio::test]
async fn a_delta_of_a_base_that_stands_still_reads_the_last_days_and_changes_nothing() {
    let office = small();
    office.sync().await;
    let before = tables(&office);
    for number in 1..=3 {
        let finished = office.sync_as(SyncMode::Delta).await;
        let summary = &finished.summary;
        assert_eq!((summary.created, summary.changed, summary.removed), (0, 0, 0));
        let done = finished.delta.unwrap();
        assert_eq!((done.listed, done.cards, done.rows, done.is_blind), (0, 0, 0, false));
        assert_eq!(tables(&office), before);
        let generation = office.store.snapshot().unwrap().generation().unwrap().clone();
        assert_eq!(generation.proof, Proof::Confirmed);
        let basis = generation.basis.unwrap();
        assert_eq!((basis.deltas, basis.full_at), (number, done.full_at));
    }
    office.sync().await;
    let basis = office.store.snapshot().unwrap().generation().unwrap().basis.unwrap();
    assert_eq!(basis.deltas, 0);
}

#[tokio::test]
async fn ten_changed_cards_among_thousands_cost_less_than_a_hundredth_of_the_rows() {
    ten_changed_cards(3_000, 18_000).await;
}

/// `cargo test --release --test integration ten_changed_cards_among_a_hundred -- --ignored --nocapture`
#[tokio::test]
#[ignore = "takes minutes without optimisation"]
async fn ten_changed_cards_among_a_hundred_thousand_cost_less_than_a_hundredth_of_the_rows() {
    ten_changed_cards(100_000, 1_000_000).await;
}

/// What a delta reads beside the thin pass over the catalogs, the totals, the last days and the part of history whose
/// turn it is.
#[expect(clippy::print_stdout, reason = "a measurement shows what it measured")]
async fn ten_changed_cards(customers: usize, lines: usize) {
    let office = Office::open(customers, lines, 3);
    let all = office.sync().await.summary;
    let all = 2 * all.cards + all.opening_balances.lines + all.purchases.lines + all.points_lines.unwrap();
    office.change(|books| {
        let mut met = HashSet::new();
        // Sales before the window are nobody's figures: no row is read again for them.
        let stretch = local_now() - TimeDelta::days(360)..local_now() - TimeDelta::days(30);
        let rows = sales(books).into_iter().filter(|row| stretch.contains(&row.row.period));
        let ten: Vec<_> = rows.filter(|row| row.row.active && met.insert(row.row.card)).take(10).collect();
        for (number, row) in ten.iter().enumerate() {
            match number % 3 {
                0 => _ = books.change_sale(row.recorder, row.line, |line| line.amount += 5_000),
                1 => _ = books.delete_sale(row.recorder, row.line),
                _ => _ = books.change_card(row.row.card, |card| card.phone = "79781234567".into()),
            }
        }
    });
    office.rest();
    let done = delta(&office).await;
    let read = office.desk.rows_where(|address| address.contains("_Key eq guid"));
    assert!(done.cards > 0 && done.listed == 3, "{done:?}");
    println!("{read} rows of {all} in {} requests: {done:?}", office.desk.requests());
    assert!(read < all / 100, "{read} rows of {all}");
    assert!(customers > 3_000 || office.desk.requests() < 200, "{} requests", office.desk.requests());
    assert_whole(&office, "ten cards").await;
}

#[tokio::test]
async fn everything_is_read_where_a_delta_has_nothing_to_build_on_or_its_time_has_come() {
    let mut office = small();
    assert_eq!(full_instead(&office).await.1, WhyFull::NoBasis);
    delta(&office).await;
    office.config.sync.full_every = Duration::ZERO;
    assert_eq!(full_instead(&office).await.1, WhyFull::Due);
    office.config.sync.full_every = Duration::from_secs(60);
    office.config.sync.days = 200;
    assert_eq!(full_instead(&office).await.1, WhyFull::OtherTerms);
    office.config.names.opening_balance = vec!["ВводНачальныхОстатков".into(), "Остатки".into()];
    assert_eq!(full_instead(&office).await.1, WhyFull::OtherTerms);
    office.config.sync.limit = 20;
    assert_eq!(full_instead(&office).await.1, WhyFull::Limit);
    office.config.sync.limit = 0;
    assert_eq!(full_instead(&office).await.1, WhyFull::NoBasis, "a part is no basis");
    delta(&office).await;
}

#[tokio::test]
async fn a_base_that_does_not_filter_is_read_whole() {
    let office = small();
    office.sync().await;
    office.set_faults(Faults::always(FaultKind::FiltersRefused));
    assert_eq!(full_instead(&office).await.1, WhyFull::FiltersRefused);
    office.set_faults(Faults::default());
    delta(&office).await;
    assert_whole(&office, "filters again").await;
}

#[tokio::test]
async fn a_sudden_loss_is_looked_at_by_a_full_sync() {
    let office = small();
    office.sync().await;
    office.change(|books| {
        for row in sales(books).into_iter().step_by(2) {
            books.unpost(row.recorder);
        }
    });
    let (finished, why) = full_instead(&office).await;
    assert_eq!(why, WhyFull::SuddenLoss);
    assert!(finished.summary.removed > 50);
    assert_whole(&office, "a loss").await;
}

/// Totals that contradict the rows call for a full sync once; what that could not explain either is known then.
#[tokio::test]
async fn a_difference_that_a_delta_cannot_explain_calls_for_a_full_sync_once() {
    let office = small();
    office.sync().await;
    office.set_faults(Faults::default().add(FaultKind::WrongTotals, Rate::percent(10)));
    let (finished, why) = full_instead(&office).await;
    assert!(matches!(why, WhyFull::Unexplained(cards) if cards > 0), "{why:?}");
    assert!(finished.summary.variances > 0);
    let again = office.sync_as(SyncMode::Delta).await;
    assert!(again.delta.is_some(), "it is known by now");
    assert_eq!(again.summary.variances, finished.summary.variances);
    let generation = office.store.snapshot().unwrap().generation().unwrap().clone();
    assert_eq!(generation.proof, Proof::Unconfirmed);
}

#[tokio::test]
async fn without_totals_the_last_weeks_are_read_again_and_it_is_told() {
    let office = small();
    office.set_faults(Faults::always(FaultKind::VirtualTablesMissing));
    office.sync().await;
    let of_last_weeks = |books: &Books| {
        let from = local_now() - TimeDelta::days(30);
        sales(books).into_iter().find(|row| row.row.active && row.row.period >= from).unwrap()
    };
    let old = |books: &Books| {
        let (from, to) = (local_now() - TimeDelta::days(300), local_now() - TimeDelta::days(60));
        sales(books)
            .into_iter()
            .find(|row| row.row.active && row.row.period >= from && row.row.period < to)
            .unwrap()
    };
    office.change(|books| {
        let row = of_last_weeks(books);
        assert!(books.change_sale(row.recorder, row.line, |line| line.amount += 4_200));
        let row = carried(books)[0].clone();
        assert!(books.change_sale(row.recorder, row.line, |line| line.amount += 77_000));
    });
    let witness = Arc::new(Witness::default());
    let finished = office.watched(SyncMode::Delta, Arc::clone(&witness) as _).await;
    assert!(finished.delta.unwrap().is_blind);
    assert_eq!(finished.summary.unverified, finished.summary.cards);
    assert!(witness.notices.lock().unwrap().iter().any(|notice| matches!(notice, Notice::DeltaIsBlind(_))));
    assert_rows_whole(&office, "the last weeks and opening balances").await;
    office.change(|books| {
        let row = old(books);
        assert!(books.change_sale(row.recorder, row.line, |line| line.amount += 4_200));
    });
    for _ in 0..DeltaSummary::BOUND {
        delta(&office).await;
    }
    assert_rows_whole(&office, "within the bound").await;
}

/// A change before any request of a delta: what is published has the sums of one moment.
#[tokio::test]
async fn i3_what_changes_while_a_delta_reads_is_that_of_one_moment() {
    use crate::support::changes::{
        DATED_BACK, MENDED, OPENING_MENDED, OTHER_CARD, OUT_OF_WINDOW, POINTS_MENDED, SOLD, TAKEN_BACK,
    };
    use crate::support::office::assert_one_of;
    let quiet = small();
    quiet.sync().await;
    quiet.rest();
    delta(&quiet).await;
    let requests = quiet.desk.requests();
    for (what, change) in
        [SOLD, MENDED, DATED_BACK, OUT_OF_WINDOW, OTHER_CARD, TAKEN_BACK, OPENING_MENDED, POINTS_MENDED]
    {
        for at in (1..=requests).step_by(7) {
            let office = small();
            office.sync().await;
            let before = office.books();
            office.change_before(at, change);
            let finished = office.sync_as(SyncMode::Delta).await;
            let what = format!("{what} before request {at} of {requests}");
            assert_eq!((finished.summary.variances, finished.summary.unverified), (0, 0), "{what}");
            let instants = [office.rows_of(&office.books()), office.rows_of(&before)];
            assert_one_of(&office.published(), &instants, &what);
        }
    }
}

#[tokio::test]
async fn a_delta_that_fails_leaves_what_is_published() {
    let office = small();
    office.sync().await;
    let before = tables(&office);
    office.change(|books| {
        let row = sales(books)[5].clone();
        books.unpost(row.recorder);
    });
    office.set_faults(Faults::always(FaultKind::Status503));
    let finished = office.watched(SyncMode::Delta, Arc::new(Witness::default())).await;
    assert_eq!(finished.summary.outcome, Outcome::Failed);
    assert_eq!(tables(&office), before);
    office.set_faults(Faults::default());
    delta(&office).await;
    assert_whole(&office, "after a failure").await;
}

/// Two active sales of different cards, long ago, in the same month of the window.
fn two_of_a_month(books: &Books) -> [Posted<SaleLine>; 2] {
    let (from, to) = (local_now() - TimeDelta::days(330), local_now() - TimeDelta::days(60));
    let month = |row: &Posted<SaleLine>| (row.row.period.year(), row.row.period.month());
    let old: Vec<_> = sales(books)
        .into_iter()
        .filter(|row| row.row.active && row.row.period >= from && row.row.period < to)
        .collect();
    let pair = old.iter().find_map(|one| {
        let is_other = |row: &&Posted<SaleLine>| month(row) == month(one) && row.row.card != one.row.card;
        Some([one.clone(), old.iter().find(is_other)?.clone()])
    });
    pair.expect("a month with two buyers")
}

/// What leaves the sums of the whole base what they are, in every month, shows in the sums by card.
#[tokio::test]
async fn what_moves_no_sum_of_the_base_is_seen_by_card_at_once() {
    type Change = fn(&mut Books, [Posted<SaleLine>; 2]);
    let changes: [(&str, Change); 4] = [
        ("a sale moved to another card within a month", |books, [one, other]| {
            assert!(books.change_sale(one.recorder, one.line, |line| line.card = other.row.card));
        }),
        ("equal and opposite changes of two cards within a month", |books, [one, other]| {
            assert!(books.change_sale(one.recorder, one.line, |line| line.amount += 50_000));
            assert!(books.change_sale(other.recorder, other.line, |line| line.amount -= 50_000));
        }),
        ("a piece more of one card, and a piece less of another", |books, [one, other]| {
            assert!(books.change_sale(one.recorder, one.line, |line| line.quantity += 1_000));
            assert!(books.change_sale(other.recorder, other.line, |line| line.quantity -= 1_000));
        }),
        ("a sale that went to another month", |books, [one, _]| {
            assert!(books.change_sale(one.recorder, one.line, |line| line.period -= TimeDelta::days(31)));
        }),
    ];
    for (what, change) in changes {
        let office = small();
        office.sync().await;
        office.change(|books| {
            let pair = two_of_a_month(books);
            change(books, pair);
        });
        let done = delta(&office).await;
        assert!(done.cards > 0, "{what}");
        assert_whole(&office, what).await;
    }
}

/// Two cards that trade months, by the same sum and as many pieces, move neither a sum of the base nor one over all
/// time: that is seen when its turn comes.
#[tokio::test]
async fn two_cards_that_trade_months_are_seen_within_the_bound() {
    let office = small();
    office.change(|books| {
        let [one, other] = two_of_a_month(books);
        let (amount, quantity) = (one.row.amount, one.row.quantity);
        assert!(books.change_sale(other.recorder, other.line, |line| {
            (line.amount, line.quantity) = (amount, quantity);
            line.period = one.row.period - TimeDelta::days(45);
        }));
    });
    office.sync().await;
    office.change(|books| {
        let all = sales(books);
        let (from, to) = (local_now() - TimeDelta::days(400), local_now() - TimeDelta::days(60));
        let is_old =
            |row: &&Posted<SaleLine>| row.row.active && row.row.period >= from && row.row.period < to;
        let same =
            |one: &SaleLine, other: &SaleLine| (one.amount, one.quantity) == (other.amount, other.quantity);
        let pair = all.iter().filter(is_old).find_map(|one| {
            let is_partner = |row: &&Posted<SaleLine>| {
                same(&row.row, &one.row)
                    && row.row.card != one.row.card
                    && row.row.period + TimeDelta::days(45) == one.row.period
            };
            Some((one.clone(), all.iter().filter(is_old).find(is_partner)?.clone()))
        });
        let (one, other) = pair.expect("those of before");
        assert!(books.change_sale(one.recorder, one.line, |line| line.period = other.row.period));
        assert!(books.change_sale(other.recorder, other.line, |line| line.period = one.row.period));
    });
    for _ in 0..DeltaSummary::BOUND {
        delta(&office).await;
    }
    assert_whole(&office, "traded").await;
}

/// Counts that do not drift: what a delta of a base at rest asks, and what comes over the wire.
#[tokio::test]
async fn a_delta_at_rest_asks_for_the_sums_of_the_base_and_no_card_s_by_month() {
    let mut office = Office::open(600, 6_000, 4);
    office.config.sync.days = 0;
    office.sync().await;
    office.rest();
    let finished = office.sync_as(SyncMode::Delta).await;
    assert!(finished.delta.is_some());
    let (requests, bytes) = (finished.summary.requests, finished.summary.bytes);
    assert!(requests <= 185 && bytes <= 1_200_000, "{requests} requests, {bytes} bytes");
}
