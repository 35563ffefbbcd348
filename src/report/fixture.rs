//! Comparisons that the tests of this module share.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};

use super::Reader;
use crate::domain::reconcile::{PointsComparison, Reason};
use crate::domain::{
    Against, Amount, CardId, City, CitySource, Comparison, Coverage, Customer, Difference, DifferenceFigure,
    DifferenceKind, Figure, LocalTime, Points, PointsRule, RecorderId, RecorderType, Verdict, Window,
};
use crate::text::{Language, Texts};

pub(super) const RUSSIAN: Language = Language::Russian;
pub(super) const ENGLISH: Language = Language::English;

/// Every kind of character that must not reach a terminal, in a name.
pub(super) const HOSTILE: &str =
    "\u{1b}]52;c;eA==\u{7}Ев\0а\r\n\u{9b}31m\u{7f}\u{202e}gnp\u{2066}\u{200b}\u{2028}\u{feff}\"\\";

pub(super) fn reader(language: Language) -> Reader {
    Reader { texts: Texts::new(language), offset: FixedOffset::east_opt(3 * 3_600).unwrap() }
}

pub(super) fn utc(day: u32, hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 2, day, hour, 0, 3).unwrap()
}

pub(super) fn local(year: i32, month: u32, day: u32, hour: u32) -> LocalTime {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(hour, 0, 0).unwrap()
}

pub(super) fn roubles(whole: i64) -> Amount {
    Amount::from_units(whole * 100)
}

pub(super) fn points(whole: i64) -> Points {
    Points::from_units(whole * 100)
}

pub(super) fn both<T: Clone>(value: T) -> Figure<T> {
    Figure { onec: Some(value.clone()), stored: Some(value) }
}

fn card() -> CardId {
    CardId("7a5e1f0c-51c1-11ee-8c1a-00155d01c802".parse().unwrap())
}

fn recorder(last: u8) -> RecorderId {
    RecorderId(format!("0d3c5b1e-88aa-11ee-8c1a-00155d01c8{last:02x}").parse().unwrap())
}

/// The reference customer, in order.
pub(super) fn reconciled() -> Comparison {
    let city = City { name: "Симферополь".into(), source: CitySource::MainDetailsLine3 };
    Comparison {
        customer: Customer {
            card: card(),
            code: "000371".into(),
            barcode: "79788451364".into(),
            phone: Some("79788451364".into()),
            name: "Царькова".into(),
            city: Some(city.clone()),
            ..Customer::default()
        },
        window: Window { days: 365, from: Some(local(2025, 2, 4, 0)) },
        against: Against::Live,
        compared_at: Some(utc(4, 9)),
        synced_at: Some(utc(4, 5)),
        opening_balance: both(roubles(232_360)),
        purchases: both(roubles(132_694)),
        purchase_lines: 14,
        total: both(roubles(365_054)),
        before_window: Some(Amount::ZERO),
        points: PointsComparison {
            figure: both(points(4806)),
            rule: PointsRule::LastRecord,
            last_record: Some(points(4806)),
            register_balance: Some(points(4806)),
            register_balance_onec: Some(points(4806)),
        },
        city: both(Some(city)),
        coverage: Coverage::default(),
        under: Arc::default(),
        differences: Vec::new(),
        verdict: Verdict::Reconciled,
        portal: None,
    }
    .covered()
}

/// Two lines, points and the town differ; a sale is doubled; the rules of points disagree.
pub(super) fn variance() -> Comparison {
    let mut it = reconciled();
    it.purchases.stored = Some(roubles(131_494));
    it.total.stored = Some(roubles(363_854));
    it.points.figure.stored = Some(Points::from_units(480_750));
    it.points.last_record = Some(Points::from_units(480_750));
    it.city.stored = Some(Some(City { name: "Ялта".into(), source: CitySource::ContactInfo }));
    it.differences = vec![
        Difference {
            period: Some(local(2025, 11, 3, 14)),
            recorder: Some(recorder(1)),
            recorder_type: Some(RecorderType("StandardODATA.Document_ЧекККМ".into())),
            line: Some(2),
            ..Difference::of_figures(DifferenceKind::MissingLine, Some(roubles(1_500)), None)
        },
        Difference {
            period: Some(local(2025, 12, 31, 18)),
            recorder: Some(recorder(2)),
            recorder_type: Some(RecorderType("StandardODATA.Document_ЧекККМ".into())),
            line: Some(1),
            reason: Some(Reason::Inactive),
            ..Difference::of_figures(DifferenceKind::ExtraLine, None, Some(roubles(300)))
        },
        Difference {
            period: Some(local(2025, 10, 1, 12)),
            recorder: Some(recorder(3)),
            recorder_type: Some(RecorderType("StandardODATA.Document_ОтчетОРозничныхПродажах".into())),
            line: Some(4),
            ..Difference::of_figures(DifferenceKind::DoubledSale, Some(roubles(980)), Some(roubles(980)))
        },
        own_sum(roubles(365_054), roubles(365_000)),
        Difference::of_figures(DifferenceKind::Points, Some(points(4806)), Some(Points::from_units(480_750))),
        Difference::of_figures(DifferenceKind::City, Some("Симферополь"), Some("Ялта")),
    ];
    it.verdict = Verdict::Variance;
    it.covered()
}

/// 1C has purchases that are older than the window.
pub(super) fn before_window() -> Comparison {
    let mut it = reconciled();
    it.window.days = 21;
    it.window.from = Some(local(2026, 1, 14, 0));
    it.before_window = Some(Amount::from_units(1_250_050));
    it.total.onec = it.total.onec.map(|total| total + Amount::from_units(1_250_050));
    let before = Amount::from_units(1_250_050);
    it.differences = vec![Difference::of_figures(DifferenceKind::BeforeWindow, Some(before), None)];
    it.verdict = Verdict::BeforeWindow;
    it.covered()
}

/// Compared with the control totals of the last sync: points and town stay uncompared.
pub(super) fn offline() -> Comparison {
    let mut it = reconciled();
    it.against = Against::ControlTotals;
    it.compared_at = None;
    it.points.figure.onec = None;
    it.city.onec = None;
    it.covered()
}

/// 1C did not answer.
pub(super) fn unreachable() -> Comparison {
    let mut it = offline();
    it.against = Against::None;
    it.opening_balance.onec = None;
    it.purchases.onec = None;
    it.total.onec = None;
    it.before_window = None;
    it.points.register_balance_onec = None;
    it.verdict = Verdict::Unverified;
    it.covered()
}

/// The card appeared in 1C after the last sync: the store has nothing there.
pub(super) fn missing_card() -> Comparison {
    let mut it = reconciled();
    it.opening_balance.stored = Some(Amount::ZERO);
    it.purchases.stored = Some(Amount::ZERO);
    it.purchase_lines = 0;
    it.total.stored = Some(Amount::ZERO);
    it.points.figure.stored = Some(Points::ZERO);
    it.points.last_record = Some(Points::ZERO);
    it.points.register_balance = Some(Points::ZERO);
    it.city.stored = None;
    it.differences = vec![Difference::of_figures(DifferenceKind::MissingCard, Some(roubles(365_054)), None)];
    it.verdict = Verdict::Variance;
    it.covered()
}

/// 1C was asked before anything was ever stored.
pub(super) fn empty_store() -> Comparison {
    let mut it = reconciled();
    it.synced_at = None;
    it.opening_balance.stored = None;
    it.purchases.stored = None;
    it.purchase_lines = 0;
    it.total.stored = None;
    it.points.figure.stored = None;
    it.points.last_record = None;
    it.points.register_balance = None;
    it.city.stored = None;
    it.verdict = Verdict::Unverified;
    it.covered()
}

/// Foreign text everywhere it can stand.
pub(super) fn hostile() -> Comparison {
    let mut it = variance();
    let city = City { name: HOSTILE.into(), source: CitySource::AddressStreet };
    it.customer = hostile_customer();
    it.city.onec = Some(Some(city));
    for difference in &mut it.differences {
        if difference.recorder_type.is_some() {
            difference.recorder_type = Some(RecorderType(HOSTILE.into()));
        }
        if let DifferenceFigure::Town(towns) = &mut difference.figure {
            *towns = towns.clone().map(|_| HOSTILE.to_owned());
        }
    }
    it.covered()
}

pub(super) fn hostile_customer() -> Customer {
    let text = HOSTILE.to_owned();
    Customer {
        card: card(),
        code: text.clone(),
        barcode: text.clone(),
        phone: Some(text.clone()),
        name: text.clone(),
        email: Some(text.clone()),
        city: Some(City { name: text, source: CitySource::AddressStreet }),
        marked_for_deletion: true,
        ..Customer::default()
    }
}

/// A sum of 1C's own that is not what its rows add up to.
pub(super) fn own_sum<T>(sum: T, rows: T) -> Difference
where
    DifferenceFigure: From<Figure<T>>,
{
    let told = Difference::of_figures(DifferenceKind::Unexplained, Some(sum), Some(rows));
    Difference { reason: Some(Reason::OwnSum), ..told }
}

/// Holds output to what a terminal may get: no control but the line feed, nothing invisible, no direction control.
/// Joiners are let through: emoji are made with them, and they move nothing.
pub(super) fn assert_harmless(output: &str) {
    let is_invisible = |c| matches!(c, '\u{200b}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let turns = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}');
    let steers = |c: char| c != '\n' && (c.is_control() || is_invisible(c) || turns(c));
    let found: Vec<_> = output.chars().filter(|c| steers(*c)).collect();
    assert!(found.is_empty(), "{found:?} in {output:?}");
}
