//! Sets a sync can do without cost themselves alone; without the others it fails, and doctor says so beforehand.

use super::{refused, refused_at_first, refused_so};
use crate::case::{Case, Ends, Money, Must, Points, Told, all_come_out};
use crate::onec::Rule;
use crate::refusal::Refusal;
use crate::ways::{
    CARD_SET, EVERYTHING, OWNER_SET, POINT_ROWS, POINT_SET, PRODUCT_SET, SALE_ROWS, SERVICES, Way, alters,
    sends,
};

const WITHOUT_POINTS: Must = Must::be(Money::Proven, Points::Unknown).telling(Told::Something);
const WITHOUT_NAMES: Must = Must::be(Money::Proven, Points::Known).telling(Told::Something);
const PROVEN: Must = Must::be(Money::Proven, Points::Known);

pub(super) fn cases() -> Vec<Case> {
    [optional(), needed(), needed_fields(), empty_fields()].into_iter().flatten().collect()
}

fn optional() -> Vec<Case> {
    let parts = [
        refused(POINT_SET, 0, Refusal::ALL.len(), WITHOUT_POINTS),
        refused(POINT_ROWS, 6, 8, WITHOUT_POINTS),
        refused(PRODUCT_SET, 20, 14, WITHOUT_NAMES),
        refused_at_first(SERVICES, 15, 4, PROVEN),
    ];
    parts.into_iter().flatten().collect()
}

fn needed() -> Vec<Case> {
    let parts = [
        refused(CARD_SET, 0, 6, Must::fail()),
        refused(OWNER_SET, 8, 6, Must::fail()),
        refused(SALE_ROWS, 16, 6, Must::fail()),
    ];
    let everything = [
        (Refusal::Code(404, Some(8)), "onec-not-published"),
        (Refusal::Page(404), "onec-wrong-address"),
        (Refusal::PlatformPage(404), ""),
        (Refusal::Code(400, Some(6)), ""),
        (Refusal::Code(401, Some(20)), "onec-rights"),
        (Refusal::Exception(403), "onec-maintenance"),
        (Refusal::Code(500, Some(-1)), "onec-server-error"),
        (Refusal::Page(200), "onec-not-1c"),
        (Refusal::Nothing(200), "onec-empty"),
        (Refusal::Page(503), "onec-busy"),
    ];
    let everything = everything.map(|(shape, error)| refused_so(EVERYTHING, shape, Must::fail_with(error)));
    let by_itself = [
        Case::new(
            "everything refused: the password",
            Must::fail_with("onec-unauthorized"),
            vec![sends(EVERYTHING, |_, _| {
                Refusal::Nothing(401).reply().with("WWW-Authenticate", "Basic realm=\"1C:Enterprise 8.3\"")
            })],
        ),
        Case::new(
            "everything redirected to a login page",
            Must::fail_with("onec-sign-in-redirect"),
            vec![sends(EVERYTHING, |_, _| {
                Refusal::Nothing(302).reply().with("Location", "https://login.example.ru/?next=/trade")
            })],
        ),
    ];
    parts.into_iter().flatten().chain(everything).chain(by_itself).collect()
}

/// Registers without a field that counts: what is not there is told by doctor and by the sync alike.
fn needed_fields() -> Vec<Case> {
    let without = |way: Way, field: &'static str, must: Must| {
        Case::new(format!("{} without {field}", way.name), must, vec![lacks(way, field)])
    };
    let either = Must { ends: Ends::Either, ..Must::be(Money::Proven, Points::Unknown) };
    vec![
        without(SALE_ROWS, "ДисконтнаяКарта_Key", Must::fail()),
        without(SALE_ROWS, "Сумма", Must::fail()),
        without(SALE_ROWS, "Period", Must::fail()),
        without(POINT_SET, "БонуснаяКарта_Key", either),
        without(POINT_SET, "КСписанию", either),
        without(POINT_SET, "Начислено", either),
        without(POINT_SET, "RecordType", either),
    ]
}

/// Fields that come empty.
fn empty_fields() -> Vec<Case> {
    let case = |field: &'static str, of: Way, change: fn(crate::onec::Answer) -> crate::onec::Answer| {
        Case::new(format!("{} where {field} is null", of.name), PROVEN, vec![alters(of, change)])
    };
    vec![
        case("Артикул", PRODUCT_SET, |it| it.each(|row| row.set("Артикул", null()))),
        case("Description", PRODUCT_SET, |it| it.each(|row| row.set("Description", null()))),
        case("АдресЭПДляПоиска", OWNER_SET, |it| {
            it.each(|row| row.set("АдресЭПДляПоиска", null()))
        }),
        case("КонтактнаяИнформация", OWNER_SET, |it| {
            it.each(|row| row.set("КонтактнаяИнформация", null()))
        }),
        case("Количество", SALE_ROWS, |it| it.each(|row| row.set("Количество", null()))),
    ]
}

/// The set has no such field: whoever names it is refused, and no row bears it.
fn lacks(way: Way, field: &'static str) -> Rule {
    sends(way, move |onec, asked| {
        let is_named = asked.selected().contains(&field) || asked.filters_by(field);
        if is_named {
            Refusal::Code(400, Some(6)).reply()
        } else {
            onec.honest(asked).each(|row| row.remove(field)).reply()
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sets_a_sync_can_do_without_cost_themselves_alone() {
    all_come_out(optional()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sets_a_sync_cannot_do_without_end_it_and_doctor_says_so() {
    all_come_out(needed()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_a_register_cannot_do_without_are_told_alike_by_doctor_and_sync() {
    all_come_out(needed_fields()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_that_come_empty_are_values_that_are_not_there() {
    all_come_out(empty_fields()).await;
}

fn null() -> crate::value::Value {
    crate::value::Value::Raw("null".into())
}
