//! Comma-separated values: a row per card, numbers with a point, texts that no spreadsheet runs.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Writer, WriterBuilder};

use super::super::json;
use crate::domain::field::EXPORTED;
use crate::domain::reconcile::Compared;
use crate::domain::third_column::PortalColumn;
use crate::domain::{
    Amount, City, Comparison, Customer, CustomerField, FieldKind, FieldValue, Figure, Part, Points,
};
use crate::report::reconcile::cell;
use crate::report::third_column;

/// The columns before the fields of a customer and behind them, in order. Names are a contract.
const BEFORE: [&str; 2] = ["verdict", "key"];
const BEHIND: [&str; 26] = [
    "against",
    "compared_at",
    "synced_at",
    "opening_balance_onec",
    "opening_balance_stored",
    "opening_balance_variance",
    "purchases_onec",
    "purchases_stored",
    "purchases_variance",
    "purchase_lines",
    "total_onec",
    "total_stored",
    "total_variance",
    "before_window_onec",
    "points_onec",
    "points_stored",
    "points_variance",
    "points_rule",
    "points_register_balance",
    "points_register_balance_onec",
    "city_onec",
    "city_stored",
    "differences",
    "causes",
    "since",
    "proof",
];

/// The columns behind all others where a portal was asked.
const PORTAL: [&str; 5] =
    ["portal_total", "portal_variance", "portal_points", "portal_city", "portal_causes"];

/// What the disk said, where it was the disk.
fn failed(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Rows being written.
pub(super) struct Rows<W: Write> {
    writer: Writer<W>,
    has_portal: bool,
}

impl<W: Write> Rows<W> {
    pub(super) fn begin(mut out: W, bom: bool, has_portal: bool) -> io::Result<Self> {
        if bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut writer = WriterBuilder::new().from_writer(out);
        let columns = BEFORE.into_iter().chain(EXPORTED.map(CustomerField::name)).chain(BEHIND);
        let portal = PORTAL.into_iter().filter(|_| has_portal);
        writer.write_record(columns.chain(portal)).map_err(failed)?;
        Ok(Self { writer, has_portal })
    }

    pub(super) fn row(&mut self, card: &Comparison) -> io::Result<()> {
        let before = [card.verdict.name().into(), card.customer.card.to_string().into()];
        let record =
            before.into_iter().chain(EXPORTED.map(|it| field(&card.customer, it))).chain(behind(card));
        let portal = self.has_portal.then(|| portal(card.portal.as_deref()));
        let record: Vec<Cow<'_, str>> = record.chain(portal.into_iter().flatten()).collect();
        self.writer.write_record(record.iter().map(|cell| cell.as_bytes())).map_err(failed)
    }

    pub(super) fn finish(self) -> io::Result<W> {
        self.writer
            .into_inner()
            .map_err(|error| io::Error::new(error.error().kind(), error.error().to_string()))
    }
}

fn field(customer: &Customer, field: CustomerField) -> Cow<'static, str> {
    let value = customer.get(field);
    match field.kind() {
        FieldKind::Flag => if value.is_some() { "true" } else { "false" }.into(),
        FieldKind::Text | FieldKind::Town | FieldKind::Date => {
            text(value.as_ref().map(FieldValue::plain).as_deref())
        }
    }
}

fn behind(it: &Comparison) -> [Cow<'static, str>; BEHIND.len()] {
    let city =
        |side: &Option<Option<City>>| text(side.iter().flatten().map(|city| city.name.as_str()).next());
    let moment = |time: Option<chrono::DateTime<chrono::Utc>>| own(time.map(json::our_time));
    let [opening_onec, opening_stored, opening_variance] = money(it.opening_balance);
    let [purchases_onec, purchases_stored, purchases_variance] = money(it.purchases);
    let [total_onec, total_stored, total_variance] = money(it.total);
    let [points_onec, points_stored, points_variance] = points(it.points.figure);
    let causes: Vec<_> =
        it.causes().into_iter().map(|(cause, times)| format!("{}:{times}", cause.name())).collect();
    [
        it.against.name().into(),
        moment(it.compared_at),
        moment(it.synced_at),
        opening_onec,
        opening_stored,
        opening_variance,
        purchases_onec,
        purchases_stored,
        purchases_variance,
        it.purchase_lines.to_string().into(),
        total_onec,
        total_stored,
        total_variance,
        own(it.before_window.map(json::money)),
        points_onec,
        points_stored,
        points_variance,
        it.points.rule.name().into(),
        own(it.points.register_balance.map(json::points)),
        own(it.points.register_balance_onec.map(json::points)),
        city(&it.city.onec),
        city(&it.city.stored),
        it.differences.len().to_string().into(),
        causes.join("; ").into(),
        own(it.since().map(json::onec_time)),
        proof(it).into(),
    ]
}

fn portal(column: Option<&PortalColumn>) -> [Cow<'static, str>; PORTAL.len()] {
    let side = column.map(|it| &it.side);
    [
        own(side.and_then(|it| it.total).map(json::money)),
        own(column.and_then(PortalColumn::variance).map(json::money)),
        own(side.and_then(|it| it.points).map(json::points)),
        text(side.and_then(|it| it.city.as_deref())),
        column.map(third_column::codes).unwrap_or_default().into(),
    ]
}

/// With what each figure was compared, or why not.
fn proof(it: &Comparison) -> String {
    let of = |part: Part| match it.coverage.of(part) {
        Compared::With(means) => format!("{}:{}", part.name(), means.name()),
        Compared::Not(why_not) => format!("{}:not:{}", part.name(), why_not.name()),
    };
    Part::ALL.map(of).join("; ")
}

fn money(figure: Figure<Amount>) -> [Cow<'static, str>; 3] {
    [figure.onec, figure.stored, figure.variance()].map(|side| own(side.map(json::money)))
}

fn points(figure: Figure<Points>) -> [Cow<'static, str>; 3] {
    [figure.onec, figure.stored, figure.variance()].map(|side| own(side.map(json::points)))
}

/// A figure of our own, which may well begin with a minus; empty where it is not known.
fn own(figure: Option<String>) -> Cow<'static, str> {
    figure.unwrap_or_default().into()
}

/// Foreign text: harmless to a terminal and to a spreadsheet.
fn text(foreign: Option<&str>) -> Cow<'static, str> {
    guarded(&cell(foreign.unwrap_or_default())).into()
}

/// Spreadsheets run a cell that begins like a formula, spaces before it or not; an apostrophe makes it a text. Where
/// the list separator is a semicolon, as it is in Russian, what follows one inside a text begins a cell too.
pub(super) fn guarded(text: &str) -> String {
    // The wide forms are taken for the narrow ones by spreadsheets set to East Asian languages.
    let runs = |c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    let guard = |part: &str| if part.trim_start().starts_with(runs) { "'" } else { "" };
    text.split(';').map(|part| format!("{}{part}", guard(part))).collect::<Vec<_>>().join(";")
}
