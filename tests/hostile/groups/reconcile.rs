//! `reconcile` and `check` beside servers that refuse the ways a comparison is asked for: they read everything
//! themselves and say what differs, or that it does not.

use super::settings::without_what_is_before_the_window;
use crate::books::{Books, OPENING, RECEIPT, card_key, recorder_type, who};
use crate::onec::Rule;
use crate::outside::Machine;
use crate::refusal::Refusal;
use crate::value::Value;
use crate::ways::{
    BY_CARD, BY_KEY, BY_TYPE, FILTER, ORDER, SELECT, TURNOVERS, Way, hears, knows_only, refuses,
};

use Deed::{AnotherOpeningBalance, Nothing, OneMoreSale, OtherSales};

/// What was done in 1C since the sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Nothing,
    AnotherOpeningBalance,
    OneMoreSale,
    OtherSales,
}

impl Deed {
    const ALL: [Self; 4] = [Nothing, AnotherOpeningBalance, OneMoreSale, OtherSales];

    fn is_done(self, books: &mut Books) {
        match self {
            Nothing => {}
            AnotherOpeningBalance => raise(books, self.customer(), OPENING),
            OneMoreSale => books.sell_lately(self.customer(), 12_345),
            OtherSales => raise(books, self.customer(), RECEIPT),
        }
    }

    /// The customer concerned.
    fn customer(self) -> u32 {
        if self == AnotherOpeningBalance { who::MARINA } else { who::ANNA }
    }

    /// How a comparison ends.
    fn code(self) -> i32 {
        i32::from(self != Nothing)
    }
}

fn raise(books: &mut Books, number: u32, kind: &str) {
    let is_meant = |row: &&mut crate::value::Record| {
        row.key("ДисконтнаяКарта_Key") == card_key(number) && recorder_type(row) == kind
    };
    for row in books.sales.iter_mut().filter(is_meant) {
        let amount = row.hundredths("Сумма");
        row.set("Сумма", Value::Hundredths(amount + 500));
    }
}

/// What the server does from the comparison on.
fn refusals() -> Vec<(String, Rule)> {
    let refused =
        |way: Way, shape: Refusal| (format!("{} refused: {}", way.name, shape.name()), refuses(way, shape));
    vec![
        refused(BY_TYPE, Refusal::Code(400, Some(14))),
        refused(BY_TYPE, Refusal::Page(500)),
        refused(BY_CARD, Refusal::Code(400, Some(10))),
        refused(BY_CARD, Refusal::Code(501, Some(0))),
        refused(BY_KEY, Refusal::Code(500, Some(-1))),
        refused(FILTER, Refusal::Code(400, Some(14))),
        refused(FILTER, Refusal::Words(404)),
        refused(ORDER, Refusal::Code(400, None)),
        refused(SELECT, Refusal::Code(400, Some(14))),
        ("$filter passed over".into(), hears(FILTER, |it| crate::asked::Asked { filter: None, ..it })),
        ("filter by type passed over".into(), hears(BY_TYPE, |it| it.without_condition("Recorder_Type"))),
        ("filter by type finds nothing".into(), knows_only(BY_TYPE, |_| false)),
    ]
}

/// A comparison of the base, and of the customer concerned.
fn complaints(deed: Deed, (name, rule): (String, Rule), options: &[&str]) -> Vec<String> {
    let machine = Machine::new(without_what_is_before_the_window, "");
    let synced = machine.run(&["sync"]);
    machine.onec.change(|books| deed.is_done(books));
    machine.onec.set_rules(vec![rule]);
    let reconciled = machine.run(&[&["reconcile"], options].concat());
    let checked = machine.run(&["check", "--card", &format!("{:09}", deed.customer())]);
    let reconcile = ["reconcile", options.first().unwrap_or(&"")].join(" ");
    [("sync", synced, 0), (&reconcile, reconciled, deed.code()), ("check", checked, deed.code())]
        .into_iter()
        .filter(|(_, run, code)| run.code != Some(*code))
        .map(|(command, run, code)| {
            let said =
                run.stderr.lines().find(|line| line.starts_with("Error")).unwrap_or_default().to_owned();
            format!("{name}, {deed:?}: {command} ends with {:?} and not {code}: {said}", run.code)
        })
        .collect()
}

#[test]
fn a_comparison_that_cannot_filter_reads_everything_and_says_what_differs() {
    let mut failed = Vec::new();
    for (number, refusal) in refusals().into_iter().enumerate() {
        let options: &[&str] = if number % 3 == 2 { &["--live"] } else { &[] };
        // The kinds of deed by turns, so that each meets every kind of refusal in some case.
        failed.extend(complaints(Deed::ALL[number % 4], refusal, options));
    }
    for (deed, way) in [
        (AnotherOpeningBalance, BY_TYPE),
        (OtherSales, BY_CARD),
        (OneMoreSale, FILTER),
        (Nothing, FILTER),
        (AnotherOpeningBalance, TURNOVERS),
    ] {
        let refusal = (format!("{} refused: 405/19", way.name), refuses(way, Refusal::Code(405, Some(19))));
        failed.extend(complaints(deed, refusal, &[]));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
