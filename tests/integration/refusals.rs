use std::sync::Arc;

use sverka::engine::doctor::{Check, CheckOutcome as Diagnosis, CheckResult, Fact};
use sverka::sync::event::{Notice, Outcome};
use sverka_simulator::{ErrorBody, FaultKind, Faults, Rate, Shape, Treatment, Way};

use crate::support::{Shop, Witness};

/// Ways of asking that a sync can do without, whatever of it is refused.
const DISPENSABLE: [Way; 22] = [
    Way::Products,
    Way::Points,
    Way::Item,
    Way::Tables,
    Way::TablesSales,
    Way::Turnovers,
    Way::Balance,
    Way::TablesDimensions,
    Way::TablesCondition,
    Way::TablesPeriod,
    Way::TablesUnbounded,
    Way::TablesLong,
    Way::TablesBase,
    Way::NoMetadata,
    Way::Select,
    Way::OrderBy,
    Way::Skip,
    Way::InlineCount,
    Way::Count,
    Way::Filter,
    Way::FilterPeriod,
    Way::FilterKey,
];

async fn small(seed: u64) -> Shop {
    let mut shop = Shop::open(16, 160, seed).await;
    shop.config.onec.retries = 2;
    // Pages that a set does not fit, so that it is read on.
    shop.config.onec.page_size = 40;
    shop
}

/// A sync at these faults publishes exact figures; points alone may be unknown.
#[expect(clippy::print_stdout, reason = "shown where a test fails")]
async fn publishes(faults: Faults, what: &str) -> (Shop, u64) {
    let shop = small(11).await.with_faults(faults);
    let witness = Arc::new(Witness::default());
    let finished = shop.watched_sync(Arc::clone(&witness)).await;
    assert_eq!(finished.summary.outcome, Outcome::Published, "{what}: {:?}", finished.error);
    if finished.summary.unverified > 0 {
        println!("{what}: {:?}", witness.notices.lock().unwrap());
    }
    let (mut stored, mut audited) = (shop.stored(), shop.audited());
    if shop.snapshot().generation().unwrap().points_at.is_none() {
        for figures in stored.values_mut().chain(audited.values_mut()) {
            (figures.last_record, figures.balance) = Default::default();
        }
    }
    assert_eq!(stored, audited, "{what}");
    (shop, finished.summary.unverified)
}

#[tokio::test(flavor = "multi_thread")]
async fn h6_h10_h12_whatever_a_sync_can_do_without_may_be_refused_in_any_shape() {
    let each = DISPENSABLE.iter().enumerate().flat_map(|(nth, way)| {
        // Every shape meets some way, and every way some shapes.
        (0..3).map(move |more| (*way, Shape::SEEN[(nth * 3 + more * 11) % Shape::SEEN.len()]))
    });
    for (way, shape) in each {
        publishes(Faults::default().refuse(way, shape), &format!("refuse-{}={shape}", way.name())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn h10_turnovers_that_outlast_a_proxy_are_added_up_from_shorter_stretches() {
    for (days, shape) in [
        (366, Shape::of(504, ErrorBody::Html)),
        (92, Shape::of(504, ErrorBody::Html)),
        (31, Shape::of(502, ErrorBody::Html)),
        (16, Shape::code(500, -1)),
    ] {
        let faults =
            Faults::default().refuse(Way::TablesLong, shape).add(FaultKind::TableDays, Rate::number(days));
        let (shop, unverified) = publishes(faults, &format!("{days} days")).await;
        assert_eq!(unverified, 0, "{days} days: the sums of parts confirm as well");
        assert!(shop.try_sync().await.error.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn h10_what_is_learned_is_used_from_the_next_runs_first_request() {
    for way in
        [Way::Select, Way::OrderBy, Way::Skip, Way::Count, Way::Tables, Way::FilterPeriod, Way::TablesLong]
    {
        let (shop, _) =
            publishes(Faults::default().refuse(way, Shape::of(500, ErrorBody::Text)), way.name()).await;
        let second = shop.sync().await.summary;
        let third = shop.sync().await.summary;
        assert!(
            second.requests.abs_diff(third.requests) <= 3,
            "{}: {} {}",
            way.name(),
            second.requests,
            third.requests
        );
        assert_eq!(second.retries, 0, "{}: nothing that is known to fail is tried", way.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn h10_a_required_set_that_is_refused_is_named_and_no_wrong_address() {
    for way in [Way::Cards, Way::Owners, Way::Sales] {
        for shape in
            [Shape::of(404, ErrorBody::Html), Shape::code(400, 8), Shape::of(500, ErrorBody::Platform)]
        {
            let shop = small(11).await.with_faults(Faults::default().refuse(way, shape));
            let finished = shop.try_sync().await;
            let error = finished.error.unwrap_or_else(|| panic!("{} {shape}: published", way.name()));
            assert_eq!(error.code(), "onec-not-offered", "{} {shape}: {error}", way.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_answers_are_held_to_what_was_asked() {
    use Treatment::{Empty, Ignore};
    for (treatment, way) in [
        (Ignore, Way::Skip),
        (Ignore, Way::OrderBy),
        (Ignore, Way::Select),
        (Ignore, Way::InlineCount),
        (Ignore, Way::Count),
        (Ignore, Way::Filter),
        (Ignore, Way::FilterPeriod),
        (Ignore, Way::FilterActive),
        (Ignore, Way::TablesDimensions),
        (Empty, Way::FilterPeriod),
    ] {
        let what = format!("{treatment:?} {}", way.name());
        let mut shop = Shop::open(40, 400, 11).await;
        shop.config.onec.page_size = 25;
        let shop = shop.with_faults(Faults::default().treat(treatment, way, Rate::ALWAYS));
        let witness = Arc::new(Witness::default());
        let finished = shop.watched_sync(Arc::clone(&witness)).await;
        assert_eq!(finished.summary.outcome, Outcome::Published, "{what}: {:?}", finished.error);
        shop.assert_books_agree();
        if way == Way::Skip {
            let notices = witness.notices.lock().unwrap();
            let is_told = |it: &Notice| matches!(it, Notice::Otherwise(_, sverka::odata::Capability::Skip));
            assert!(notices.iter().any(is_told), "{what}: {notices:?}");
        }
    }
}

async fn diagnosis(shop: &Shop) -> Vec<CheckResult> {
    let mut findings = Vec::new();
    shop.engine().doctor(&mut |finding| findings.push(finding)).await;
    findings
}

#[tokio::test(flavor = "multi_thread")]
async fn h10_doctor_names_what_is_not_offered_and_asks_in_the_order_of_a_sync() {
    let shop = small(11).await;
    let findings = diagnosis(&shop).await;
    let checks: Vec<_> = findings.iter().map(|finding| finding.check).collect();
    let of = |wanted: Check| checks.iter().position(|check| *check == wanted).unwrap();
    assert!(of(Check::Sets) < of(Check::Fields) && of(Check::Fields) < of(Check::Ways));
    assert!(of(Check::Ways) < of(Check::VirtualTables));
    assert!(findings.iter().all(|finding| matches!(finding.outcome, Diagnosis::Ok(_))), "{findings:?}");
    let shop = shop.with_faults(Faults::default().refuse(Way::OrderBy, Shape::code(400, 14)));
    let findings = diagnosis(&shop).await;
    let ways = findings.iter().find(|finding| finding.check == Check::Ways).unwrap();
    assert!(matches!(ways.outcome, Diagnosis::Warning(_)), "{ways:?}");
}

/// Whatever a delta is refused of the sums of the whole base, doctor is refused as well.
#[tokio::test(flavor = "multi_thread")]
async fn h10_doctor_asks_for_the_sums_of_the_whole_base_as_a_delta_does() {
    for (nth, shape) in Shape::SEEN.iter().enumerate().step_by(5) {
        let faults = Faults::default().refuse(Way::TablesBase, *shape);
        let shop = small(11 + nth as u64).await.with_faults(faults);
        let findings = diagnosis(&shop).await;
        let told = findings.iter().find_map(|finding| match &finding.outcome {
            Diagnosis::Warning(Fact::WaysMissing(ways)) if finding.check == Check::VirtualTables => {
                Some(ways)
            }
            _ => None,
        });
        let told: Vec<_> = told.unwrap_or_else(|| panic!("{shape}: {findings:?}")).iter().collect();
        assert_eq!(told.len(), 2, "{shape}: of sales, and of points: {told:?}");
        assert!(told.iter().all(|it| it.what.name() == "base-sums"), "{shape}: {told:?}");
    }
}
