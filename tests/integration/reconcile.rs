use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use sverka::domain::reconcile::{Cause, Compared, WhyNot};
use sverka::domain::{Against, Amount, CardId, Comparison, Verdict};
use sverka::engine::reconcile::{Options, Progress, Reconciliation, Unwatched, Wanted, Watcher};
use sverka::engine::{Engine, ListPart, Whom};
use sverka::sync::Error;
use sverka::sync::event::Notice;
use sverka_simulator::{
    Books, Card, DocumentKind, FaultKind, Faults, Posted, Rate, SaleLine, Trap, Treatment, Way,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::office::{Deed, Office};
use crate::support::{Shop, local_now};

/// What the rows of a page may take beside what every reconciliation asks.
const PAGE: u64 = 1_000;

async fn try_reconcile(shop: &Shop, options: Options) -> Result<Reconciliation, Error> {
    shop.engine().reconcile(options, Arc::new(Unwatched), &CancellationToken::new()).await
}

/// A part of all cards.
async fn part(engine: &Engine, of: &Arc<Reconciliation>, part: ListPart) -> Result<Vec<Comparison>, Error> {
    let listed = engine.reconciled_part(Arc::clone(of), Wanted::All, part).await?;
    Ok(listed.rows)
}

async fn reconcile(shop: &Shop) -> (Arc<Reconciliation>, Vec<Comparison>) {
    reconcile_by(shop, Options::default()).await
}

async fn reconcile_by(shop: &Shop, options: Options) -> (Arc<Reconciliation>, Vec<Comparison>) {
    let reconciled = Arc::new(try_reconcile(shop, options).await.unwrap());
    let rows = part(&shop.engine(), &reconciled, ListPart::default()).await.unwrap();
    assert_eq!(rows.len(), reconciled.order.len());
    (reconciled, rows)
}

fn live() -> Options {
    Options { live: true, ..Options::default() }
}

fn requests(shop: &Shop) -> u64 {
    shop.server.with_simulator(|onec| onec.log().total())
}

fn causes(rows: &[Comparison], card: CardId) -> BTreeSet<Cause> {
    let of = rows.iter().find(|row| row.customer.card == card);
    of.unwrap_or_else(|| panic!("no line of {card}")).causes().into_keys().collect()
}

fn plant(shop: &Shop, change: impl FnOnce(&mut Books)) {
    shop.server.with_simulator(|onec| change(onec.books_mut()));
}

/// A purchase of the reference customer.
fn purchase(books: &Books) -> Posted<SaleLine> {
    let is_hers = |sale: &Posted<SaleLine>| {
        sale.row.card == books.reference() && sale.kind != DocumentKind::OpeningBalances
    };
    books.sales().find(is_hers).unwrap()
}

fn reference(shop: &Shop) -> CardId {
    shop.server.with_simulator(|onec| CardId(onec.books().reference()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_base_is_reconciled_in_a_few_requests_whatever_its_history() {
    let mut asked = Vec::new();
    for lines in [3_000, 9_000] {
        let shop = Shop::open(300, lines, 41).await;
        shop.sync().await;
        let before = requests(&shop);
        let (reconciled, rows) = reconcile(&shop).await;
        let opening =
            rows.iter().filter(|row| row.opening_balance.stored != Some(Amount::ZERO)).count() as u64;
        let took = requests(&shop) - before;
        assert_eq!(reconciled.requests, took);
        assert!(took <= 20 + opening.div_ceil(PAGE), "{took} requests");
        asked.push(took);
        let summary = &reconciled.summary;
        assert_eq!((summary.variances, summary.unverified, summary.absolute_variance), (0, 0, Amount::ZERO));
        assert_eq!(summary.reconciled + summary.before_window + summary.unknown_cards, summary.cards);
        assert!(summary.reconciled > 10 && reconciled.unread == 0 && reconciled.knows_turnovers);
        assert_eq!(summary.total.variance(), summary.earlier_purchases().map(|sum| -sum));
        assert_eq!(summary.total_variance(), Some(Amount::ZERO));
    }
    assert_eq!(asked[0], asked[1], "three times the history, as many requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_of_both_sides_are_those_of_the_books() {
    let shop = Shop::open(60, 600, 42).await;
    shop.sync().await;
    let (reconciled, rows) = reconcile(&shop).await;
    let turnover: i64 = shop.server.with_simulator(|onec| {
        onec.books().sales().filter(|sale| sale.row.active).map(|sale| sale.row.amount).sum()
    });
    assert_eq!(reconciled.summary.total.onec(), Some(Amount::from_units(turnover)));
    let stored: Amount = rows.iter().filter_map(|row| row.total.stored).sum();
    assert_eq!(reconciled.summary.total.stored(), stored);
    let keys: BTreeSet<_> = rows.iter().map(|row| row.customer.card).collect();
    assert_eq!(keys.len(), rows.len(), "each card once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_opening_balances_is_found_out_in_one_go() {
    for parts in [Vec::new(), vec!["НетТакогоДокумента".to_owned()]] {
        let mut shop = Shop::open(60, 600, 43).await;
        let right = std::mem::replace(&mut shop.config.names.opening_balance, parts);
        shop.sync().await;
        // Settings that name nothing are found out even while they stand.
        if !shop.config.names.opening_balance.is_empty() {
            shop.config.names.opening_balance = right;
        }
        let hit: BTreeSet<CardId> = shop.server.with_simulator(|onec| {
            let opening = onec.books().sales().filter(|sale| sale.kind == DocumentKind::OpeningBalances);
            opening.filter(|sale| sale.row.active).map(|sale| CardId(sale.row.card)).collect()
        });
        assert!(hit.len() > 10);
        for worst in [1_000, 0] {
            let (reconciled, rows) = reconcile_by(&shop, Options { worst, ..Options::default() }).await;
            let found: BTreeSet<_> = rows
                .iter()
                .filter(|row| row.causes().contains_key(&Cause::MissingOpeningBalance))
                .map(|row| row.customer.card)
                .collect();
            assert_eq!(found, hit);
            assert_eq!(reconciled.summary.causes[&Cause::MissingOpeningBalance].cards, hit.len() as u64);
            let of_hit = rows.iter().filter(|row| hit.contains(&row.customer.card));
            for row in of_hit {
                assert_eq!(row.verdict, Verdict::Variance);
                let lines = row.differences.iter().filter(|of| Cause::of(of) == Cause::MissingOpeningBalance);
                assert!(lines.clone().count() > 0 && lines.clone().all(|of| of.line.is_some()), "{row:?}");
                assert!(!row.causes().contains_key(&Cause::Unexplained), "{row:?}");
            }
        }
        let check = shop.check(Whom::Key(reference(&shop))).await;
        assert!(check.comparisons[0].causes().contains_key(&Cause::MissingOpeningBalance));
    }
}

/// What is planted: how, and on which card.
pub type Plant = fn(&mut Books) -> Uuid;

fn missing_line(books: &mut Books) -> Uuid {
    let row = purchase(books).row;
    books.post(
        DocumentKind::Receipt,
        row.period,
        vec![SaleLine { amount: 12_345, ..row.clone() }],
        Vec::new(),
    );
    row.card
}

fn gone_line(books: &mut Books) -> Uuid {
    let sale = purchase(books);
    assert!(books.delete_sale(sale.recorder, sale.line));
    sale.row.card
}

fn inactive_line(books: &mut Books) -> Uuid {
    let sale = purchase(books);
    assert!(books.change_sale(sale.recorder, sale.line, |row| row.active = false));
    sale.row.card
}

pub fn changed_line(books: &mut Books) -> Uuid {
    let sale = purchase(books);
    assert!(books.change_sale(sale.recorder, sale.line, |row| row.amount += 1));
    sale.row.card
}

fn missing_opening_balance(books: &mut Books) -> Uuid {
    let row = SaleLine { amount: 500_000, ..purchase(books).row };
    let period = row.period - TimeDelta::days(900);
    let card = row.card;
    books.post(DocumentKind::OpeningBalances, period, vec![SaleLine { period, ..row }], Vec::new());
    card
}

fn before_window(books: &mut Books) -> Uuid {
    let row = purchase(books).row;
    let period = row.period - TimeDelta::days(900);
    let card = row.card;
    books.post(DocumentKind::Receipt, period, vec![SaleLine { period, ..row }], Vec::new());
    card
}

fn unknown_card(books: &mut Books) -> Uuid {
    let card = books.new_key();
    let row = SaleLine { card, ..purchase(books).row };
    books.post(DocumentKind::Receipt, row.period, vec![row], Vec::new());
    card
}

fn empty_card(books: &mut Books) -> Uuid {
    let row = SaleLine { card: Uuid::nil(), ..purchase(books).row };
    books.post(DocumentKind::Receipt, row.period, vec![row], Vec::new());
    Uuid::nil()
}

fn missing_card(books: &mut Books) -> Uuid {
    let key = books.new_key();
    let twin = books.card(books.reference()).unwrap().clone();
    books.add_card(Card { key, code: "000999999".into(), ..twin });
    let row = SaleLine { card: key, ..purchase(books).row };
    books.post(DocumentKind::Receipt, row.period, vec![row], Vec::new());
    key
}

fn missing_card_without_rows(books: &mut Books) -> Uuid {
    let key = books.new_key();
    let twin = books.card(books.reference()).unwrap().clone();
    books.add_card(Card { key, ..twin });
    key
}

fn extra_card(books: &mut Books) -> Uuid {
    let key = books.reference();
    assert!(books.remove_card(key));
    key
}

fn points(books: &mut Books) -> Uuid {
    let card = books.reference();
    let last = books.bonuses().filter(|bonus| bonus.row.card == card).last().unwrap();
    assert!(books.change_bonus(last.recorder, last.line, |row| row.to_burn += 100));
    card
}

pub fn city(books: &mut Books) -> Uuid {
    let card = books.reference();
    let owner = books.card(card).unwrap().owner;
    books.change_owner(owner, |owner| {
        owner.main_details = owner.main_details.replace("Симферополь", "Севастополь");
    });
    card
}

pub const PLANTS: [(&str, Plant, Cause, Verdict); 12] = [
    ("a line that came", missing_line, Cause::MissingLines, Verdict::Variance),
    ("a line that went", gone_line, Cause::GoneLines, Verdict::Variance),
    ("a line switched off", inactive_line, Cause::InactiveLines, Verdict::Variance),
    ("another amount", changed_line, Cause::ChangedLines, Verdict::Variance),
    (
        "an opening balance that came",
        missing_opening_balance,
        Cause::MissingOpeningBalance,
        Verdict::Variance,
    ),
    ("a purchase before the window", before_window, Cause::BeforeWindow, Verdict::BeforeWindow),
    ("rows of an unknown card", unknown_card, Cause::UnknownCard, Verdict::Variance),
    ("rows without a card", empty_card, Cause::UnknownCard, Verdict::Variance),
    ("a card that came", missing_card, Cause::MissingCard, Verdict::Variance),
    ("a card without rows that came", missing_card_without_rows, Cause::MissingCard, Verdict::Variance),
    ("a card that went", extra_card, Cause::ExtraCard, Verdict::Variance),
    ("points that changed", points, Cause::Points, Verdict::Variance),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_cause_is_named_by_sums_and_line_by_line() {
    for (what, change, cause, verdict) in PLANTS {
        let shop = Shop::open(60, 600, 44).await;
        shop.sync().await;
        let mut card = Uuid::nil();
        plant(&shop, |books| card = change(books));
        let card = CardId(card);
        for options in [Options::default(), live()] {
            let (reconciled, rows) = reconcile_by(&shop, options).await;
            assert!(causes(&rows, card).contains(&cause), "{what}: {:?}", causes(&rows, card));
            let row = rows.iter().find(|row| row.customer.card == card).unwrap();
            assert_eq!(row.verdict, verdict, "{what}: {row:?}");
            assert!(!row.causes().contains_key(&Cause::Unexplained), "{what}: {row:?}");
            if verdict == Verdict::Variance {
                assert_eq!(reconciled.summary.variances, 1, "{what}: and nothing else differs");
                assert_eq!(rows[0].customer.card, card, "{what}: the worst comes first");
                assert_eq!(row.against, Against::Live, "{what}: its rows were read");
            }
        }
        if !matches!(cause, Cause::UnknownCard) {
            let checked = shop.check(Whom::Key(card)).await;
            let checked = checked.comparisons[0].causes();
            assert!(checked.contains_key(&cause), "{what}: check says {checked:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_town_that_changed_is_found_line_by_line_only() {
    let shop = Shop::open(60, 600, 45).await;
    shop.sync().await;
    plant(&shop, |books| _ = city(books));
    let card = reference(&shop);
    let (by_sums, rows) = reconcile(&shop).await;
    assert_eq!(by_sums.summary.variances, 0);
    let row = rows.iter().find(|row| row.customer.card == card).unwrap();
    assert_eq!((row.city.onec.as_ref(), row.city_differs()), (None, None), "unknown, never equal");
    let (by_rows, rows) = reconcile_by(&shop, live()).await;
    assert_eq!(by_rows.summary.variances, 1);
    assert_eq!(causes(&rows, card), [Cause::City].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubled_sale_is_a_warning_on_its_line() {
    let shop = Shop::open(60, 600, 46).await;
    shop.sync().await;
    let card = shop.server.with_simulator(|onec| CardId(onec.books().trap(Trap::DoubledSale).unwrap()));
    for options in [Options::default(), live()] {
        let (reconciled, rows) = reconcile_by(&shop, options).await;
        assert!(causes(&rows, card).contains(&Cause::DoubledSale));
        assert_eq!(reconciled.summary.variances, 0);
        assert!(reconciled.summary.causes[&Cause::DoubledSale].cards >= 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn line_by_line_equals_by_sums_on_a_quiet_base() {
    let shop = Shop::open(60, 600, 47).await;
    shop.sync().await;
    let (by_sums, _) = reconcile(&shop).await;
    let (by_rows, rows) = reconcile_by(&shop, live()).await;
    assert!(by_rows.is_live && rows.iter().all(|row| row.against == Against::Live));
    assert_eq!(by_rows.summary.total, by_sums.summary.total);
    // By sums, opening balances beside older purchases are compared with nothing.
    let (openings, by_sums_alone) = (by_rows.summary.opening_balance, by_sums.summary.opening_balance);
    assert_eq!(by_sums_alone.stored(), openings.stored());
    assert_eq!((by_sums_alone.variance(), openings.variance()), (None, Some(Amount::ZERO)));
    assert_eq!(by_rows.summary.reconciled, by_sums.summary.reconciled);
    let row = rows.iter().find(|row| row.customer.card == reference(&shop)).unwrap();
    assert!(row.points.figure.agrees() && row.city_differs() == Some(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_worst_are_read_and_it_is_said_how_many_are_not() {
    let shop = Shop::open(60, 600, 48).await;
    shop.sync().await;
    plant(&shop, |books| {
        let mut seen = BTreeSet::new();
        let from = local_now() - TimeDelta::days(300);
        let is_kept = |sale: &Posted<SaleLine>| {
            sale.kind != DocumentKind::OpeningBalances && sale.row.active && sale.row.period > from
        };
        let sales: Vec<_> = books.sales().filter(is_kept).collect();
        let firsts = sales.into_iter().filter(|sale| seen.insert(sale.row.card) && !sale.row.card.is_nil());
        for (more, sale) in (1_i64..).zip(firsts.take(5)) {
            assert!(books.change_sale(sale.recorder, sale.line, |row| row.amount += more * 10_000_000));
        }
    });
    let (reconciled, rows) = reconcile_by(&shop, Options { worst: 2, ..Options::default() }).await;
    assert_eq!((reconciled.summary.variances, reconciled.unread), (5, 3));
    let sums: Vec<_> = rows.iter().take(5).map(|row| row.money_variance().unwrap().to_string()).collect();
    assert_eq!(sums, ["-500000.00", "-400000.00", "-300000.00", "-200000.00", "-100000.00"]);
    assert_eq!(reconciled.summary.absolute_variance.to_string(), "1500000.00");
    let against: Vec<_> = rows.iter().take(5).map(|row| row.against).collect();
    assert_eq!(against[..3], [Against::Live, Against::Live, Against::ControlTotals]);
    assert!(rows[2].causes().contains_key(&Cause::Unexplained));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_virtual_tables_no_total_is_called_equal() {
    let shop = Shop::open(60, 600, 49).await;
    shop.sync().await;
    let shop = shop.with_faults(Faults::always(FaultKind::VirtualTablesMissing));
    let (reconciled, rows) = reconcile(&shop).await;
    assert!(!reconciled.knows_turnovers && reconciled.failure.is_none());
    assert_eq!((reconciled.summary.reconciled, reconciled.summary.variances), (0, 0));
    assert!(rows.iter().all(|row| row.verdict == Verdict::Unverified && row.total.onec.is_none()));
    let (by_rows, _) = reconcile_by(&shop, live()).await;
    assert_eq!(by_rows.summary.unverified, 0, "line by line needs no tables");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_1c_cannot_filter_what_is_known_is_said() {
    let shop = Shop::open(60, 600, 50).await;
    shop.sync().await;
    let shop = shop.with_faults(Faults::always(FaultKind::FiltersRefused));
    let (reconciled, rows) = reconcile(&shop).await;
    assert!(reconciled.failure.is_none() && reconciled.summary.variances == 0);
    let is_older = |row: &Comparison| row.coverage.opening_balance == Compared::Not(WhyNot::OlderRows);
    let as_stored =
        |row: &Comparison| row.opening_balance.onec == row.opening_balance.stored.filter(|_| !is_older(row));
    assert!(rows.iter().any(|row| !is_older(row)));
    assert!(rows.iter().all(as_stored), "everything is read, and what the settings set apart picked here");
}

/// A filter that leaves rows out would have 1C lack opening balances which are there.
#[tokio::test(flavor = "multi_thread")]
async fn where_a_filter_by_type_leaves_rows_out_the_register_is_read_whole() {
    for (seed, percent) in [(52, 30), (53, 90), (54, 100)] {
        let shop = Shop::open(60, 600, seed).await;
        shop.sync().await;
        let (whole, rows) = reconcile(&shop).await;
        let shop = shop.with_faults(Faults::default().treat(
            Treatment::Shorten,
            Way::FilterType,
            Rate::percent(percent),
        ));
        let (shortened, rows_of_it) = reconcile(&shop).await;
        assert!(shortened.failure.is_none() && shortened.summary.variances == 0, "{percent} %");
        assert_eq!(shortened.summary.opening_balance, whole.summary.opening_balance, "{percent} %");
        let openings = |rows: &[Comparison]| rows.iter().map(|row| row.opening_balance).collect::<Vec<_>>();
        assert_eq!(openings(&rows_of_it), openings(&rows), "{percent} %");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_1c_the_stored_figures_stand_alone() {
    let shop = Shop::open(60, 600, 51).await;
    shop.sync().await;
    let engine = shop.engine();
    drop(shop.server);
    for options in [Options::default(), live()] {
        let cancel = CancellationToken::new();
        let reconciled = engine.reconcile(options, Arc::new(Unwatched), &cancel).await.unwrap();
        assert!(reconciled.failure.is_some());
        let summary = &reconciled.summary;
        assert_eq!((summary.unverified, summary.reconciled), (summary.cards, 0));
        let reconciled = Arc::new(reconciled);
        let rows = part(&engine, &reconciled, ListPart { limit: 5, ..ListPart::default() }).await.unwrap();
        assert!(rows.iter().all(|row| row.against == Against::None && row.compared_at.is_none()));
    }
}

#[tokio::test]
async fn what_1c_fails_at_half_way_leaves_what_it_told_before() {
    let office = Office::open(40, 400, 52);
    office.sync().await;
    office.change(|books| _ = changed_line(books));
    office.meddle(|_, address, _| if address.contains("Key eq guid") { Deed::Refuse } else { Deed::Answer });
    let cancel = CancellationToken::new();
    for options in [Options::default(), live()] {
        let reconciled = office.engine().reconcile(options, Arc::new(Unwatched), &cancel).await.unwrap();
        assert!(reconciled.failure.is_some(), "{options:?}");
        if options.live {
            assert_eq!(reconciled.summary.reconciled, 0, "nothing is equal that was not read");
        } else {
            assert_eq!((reconciled.summary.variances, reconciled.unread), (1, 1));
        }
    }
}

#[tokio::test]
async fn a_sale_while_1c_is_asked_is_no_purchase_before_the_window() {
    for at in 1..12 {
        let office = Office::open(40, 400, 53);
        office.sync().await;
        office.change_before(at, |books| _ = missing_line(books));
        let cancel = CancellationToken::new();
        let options = Options { worst: 0, ..Options::default() };
        let reconciled = office.engine().reconcile(options, Arc::new(Unwatched), &cancel).await.unwrap();
        let card = CardId(office.books().reference());
        let standing = reconciled.order.iter().find(|standing| standing.card == card).unwrap();
        assert_ne!(standing.verdict, Verdict::BeforeWindow, "a sale before request {at}");
        assert_eq!(standing.is_suspect, standing.verdict != Verdict::Reconciled, "before request {at}");
    }
}

#[tokio::test]
async fn a_cancelled_reconciliation_ends_at_once() {
    let office = Office::open(40, 400, 54);
    office.sync().await;
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    office.meddle(move |number, _, _| {
        if number == 3 {
            stop.cancel();
            return Deed::Hang;
        }
        Deed::Answer
    });
    let ended = office.engine().reconcile(Options::default(), Arc::new(Unwatched), &cancel).await;
    assert!(matches!(ended, Err(Error::Cancelled)));
}

#[tokio::test]
async fn a_base_that_is_another_is_refused() {
    let office = Office::open(40, 400, 55);
    office.sync().await;
    let other = Office::open(40, 400, 56).books();
    office.change(|books| *books = other);
    let cancel = CancellationToken::new();
    let ended = office.engine().reconcile(Options::default(), Arc::new(Unwatched), &cancel).await;
    assert!(matches!(ended, Err(Error::AnotherBase { known: 0, .. })), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_synced_since_is_not_listed() {
    let shop = Shop::open(60, 600, 57).await;
    let before = try_reconcile(&shop, Options::default()).await;
    assert!(matches!(before, Err(Error::Store(sverka::store::Error::NotFound))), "nothing is stored yet");
    shop.sync().await;
    let (reconciled, _) = reconcile(&shop).await;
    plant(&shop, |books| _ = changed_line(books));
    shop.sync().await;
    let rows = part(&shop.engine(), &reconciled, ListPart::default()).await;
    assert!(matches!(rows, Err(Error::StoreChanged)));
}

#[tokio::test(flavor = "multi_thread")]
async fn any_part_of_any_filter_is_that_part_of_the_whole() {
    let shop = Shop::open(60, 600, 59).await;
    shop.sync().await;
    plant(&shop, |books| _ = (changed_line(books), empty_card(books)));
    let (reconciled, rows) = reconcile(&shop).await;
    let summary = &reconciled.summary;
    let verdicts = [
        Verdict::Variance,
        Verdict::Unverified,
        Verdict::UnknownCard,
        Verdict::BeforeWindow,
        Verdict::Reconciled,
    ];
    let filters = [Wanted::All].into_iter().chain(verdicts.map(Wanted::Verdict));
    for wanted in filters.chain(Cause::ALL.map(Wanted::Cause)) {
        let is_wanted = |row: &&Comparison| match wanted {
            Wanted::All => true,
            Wanted::Verdict(verdict) => row.verdict == verdict,
            Wanted::Cause(cause) => row.causes().contains_key(&cause),
        };
        let expected: Vec<_> = rows.iter().filter(is_wanted).cloned().collect();
        assert_eq!(wanted.cards(summary), expected.len() as u64, "{wanted:?}");
        for (place, card) in expected.iter().map(|row| row.customer.card).enumerate() {
            let part = ListPart { from: 0, limit: 7, around: Some(card) };
            let listed = shop.engine().reconciled_part(Arc::clone(&reconciled), wanted, part).await.unwrap();
            assert_eq!((listed.at, listed.total), (Some(place), expected.len()));
            assert_eq!(listed.rows[..], expected[listed.from..][..listed.rows.len()]);
            assert!(listed.rows.iter().any(|row| row.customer.card == card));
        }
    }
}

#[derive(Default)]
struct Witness {
    progress: Mutex<Vec<Progress>>,
}

impl Watcher for Witness {
    fn progress(&self, progress: Progress) {
        self.progress.lock().unwrap().push(progress);
    }

    fn notice(&self, notice: Notice) {
        panic!("{notice:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_tells_every_part_and_how_much_of_it_is_done() {
    use sverka::engine::reconcile::Phase;
    let shop = Shop::open(60, 600, 58).await;
    shop.sync().await;
    plant(&shop, |books| _ = changed_line(books));
    let witness = Arc::new(Witness::default());
    let engine = shop.engine();
    let cancel = CancellationToken::new();
    engine.reconcile(Options::default(), Arc::clone(&witness) as _, &cancel).await.unwrap();
    let told = witness.progress.lock().unwrap().clone();
    let mut phases: Vec<_> = told.iter().map(|progress| progress.phase).collect();
    phases.dedup();
    assert_eq!(
        phases,
        [Phase::Sums, Phase::OpeningBalances, Phase::Sums, Phase::Cards, Phase::Comparing, Phase::Lines]
    );
    assert_eq!(told.last(), Some(&Progress { phase: Phase::Lines, done: 1, total: Some(1) }));
    assert!(told.iter().all(|it| it.total.is_none_or(|total| it.done <= total)), "{told:?}");
}
