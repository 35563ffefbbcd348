use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sverka::sync::SyncMode;
use sverka_simulator::{Faults, Shape, Treatment, Way};

use crate::support::office::{Deed, Office};

fn reference() -> Office {
    Office::open(45, 420, 1)
}

async fn requests(office: &Office, mode: SyncMode) -> u64 {
    office.rest();
    let summary = office.sync_as(mode).await.summary;
    assert_eq!(summary.requests, office.desk.requests());
    summary.requests
}

/// To the request: who makes a sync ask more changes a number here, and says why.
#[tokio::test]
async fn i13_a_base_that_behaves_is_asked_exactly_so_often() {
    use SyncMode::{Delta, Full};
    let whole = reference();
    let of_a_year = requests(&whole, Full).await;
    let again = requests(&whole, Full).await;
    let unchanged = requests(&whole, Delta).await;
    whole.change(|books| {
        let sale = books.sales().last().unwrap();
        assert!(books.change_sale(sale.recorder, sale.line, |line| line.amount += 100));
    });
    let one_sale = requests(&whole, Delta).await;
    let mut everything = reference();
    everything.config.sync.days = 0;
    let of_all_time = requests(&everything, Full).await;
    let mut paged = reference();
    paged.config.onec.page_size = 100;
    let in_pages = requests(&paged, Full).await;
    let spent = [of_a_year, again, unchanged, one_sale, of_all_time, in_pages];
    assert_eq!(
        spent,
        [48, 46, 91, 91, 50, 56],
        "a year, again, a delta, a delta with a sale, all time, in pages of 100"
    );
}

/// What a sync costs: requests, rows received, and bytes of their bodies as they are written.
async fn costs(office: &Office, mode: SyncMode) -> (u64, u64, u64) {
    office.rest();
    let before = office.desk.rows_where(|_| true);
    let summary = office.sync_as(mode).await.summary;
    (summary.requests, office.desk.rows_where(|_| true) - before, summary.bytes)
}

/// To the byte: these numbers do not drift with the machine. `docs/performance.md` has those of a large base.
#[tokio::test]
async fn i13_a_sync_and_a_delta_at_rest_cost_exactly_so_many_requests_rows_and_bytes() {
    let mut office = Office::open(1_200, 12_000, 3);
    office.config.sync.days = 0;
    let full = costs(&office, SyncMode::Full).await;
    let at_rest = costs(&office, SyncMode::Delta).await;
    assert_eq!(
        (full, at_rest),
        ((61, 28_455, 10_451_425), (116, 9_533, 1_574_292)),
        "a full sync, a delta at rest"
    );
}

/// Rows of sales that stretches are read by, and how often they were asked for and counted.
async fn asked_of_stretches(office: &Office) -> (u64, u64) {
    let (pages, counts) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (of_pages, of_counts) = (Arc::clone(&pages), Arc::clone(&counts));
    office.meddle(move |_, url, _| {
        let is_stretch = url.contains("ПродажиПоДисконтнымКартам_RecordType") && url.contains("Period ge");
        let counted = if url.contains("/$count") { &of_counts } else { &of_pages };
        counted.fetch_add(u64::from(is_stretch), Ordering::Relaxed);
        Deed::Answer
    });
    office.sync().await;
    (pages.load(Ordering::Relaxed), counts.load(Ordering::Relaxed))
}

/// A stretch is read on from where a page was complete, and eight pages are counted together: little is asked for twice.
#[tokio::test]
async fn i13_a_register_takes_hardly_more_requests_than_it_has_pages() {
    let mut office = Office::open(60, 6_000, 3);
    office.config.sync.days = 0;
    office.config.onec.page_size = 100;
    office.config.onec.in_flight = 4;
    let (pages, counts) = asked_of_stretches(&office).await;
    let least = office.books().sales().filter(|sale| sale.row.active).count() as u64 / 100;
    assert!(least > 50 && pages * 4 <= least * 5, "{pages} requests of {least} pages");
    assert!(counts * 4 <= pages, "{counts} counts of {pages} pages");
}

/// Ways of asking that a sync does without.
const REFUSED: [Way; 22] = [
    Way::Select,
    Way::OrderBy,
    Way::Skip,
    Way::Count,
    Way::InlineCount,
    Way::Item,
    Way::Filter,
    Way::FilterPeriod,
    Way::FilterKey,
    Way::FilterCard,
    Way::FilterType,
    Way::FilterActive,
    Way::FilterOr,
    Way::Tables,
    Way::TablesSales,
    Way::Turnovers,
    Way::Balance,
    Way::TablesPeriod,
    Way::TablesUnbounded,
    Way::TablesDimensions,
    Way::TablesBase,
    Way::NoMetadata,
];

/// What is refused is known from then on: a run asks for it three times at most, and the next asks for no more.
#[tokio::test]
async fn h10_what_was_learned_costs_three_requests_a_run_at_most() {
    let mut spent = BTreeMap::new();
    for (nth, way) in REFUSED.into_iter().enumerate() {
        let office = reference();
        let shape = Shape::SEEN[nth * 7 % Shape::SEEN.len()];
        office.set_faults(Faults::default().refuse(way, shape));
        let what = format!("{} {shape}", way.name());
        let refused = || office.desk.onec.lock().unwrap().log().treated(Treatment::Refuse, way);
        // The first run meets an empty store, the second knows the base: each asks something of its own.
        requests(&office, SyncMode::Full).await;
        requests(&office, SyncMode::Full).await;
        let learned = refused();
        let third = requests(&office, SyncMode::Full).await;
        let in_vain = refused() - learned;
        let fourth = requests(&office, SyncMode::Full).await;
        assert!(in_vain <= 3 && refused() - learned - in_vain <= 3, "{what}: {in_vain}");
        assert!(third.abs_diff(fourth) <= 3, "{what}: {third} requests, then {fourth}");
        spent.insert(what, (learned, in_vain));
    }
    let met = spent.values().filter(|(learned, _)| *learned > 0).count();
    assert!(met >= 15, "{spent:?}");
}
