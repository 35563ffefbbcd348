//! The portal beside 1C and sverka.

use super::table::{Align, Table};
use super::{Reader, known};
use crate::domain::third_column::{PortalCause, PortalColumn, PortalOutcome};
use crate::domain::{Amount, Comparison, Figure, Points};
use crate::text::{self, Texts};

/// 1C, sverka, the portal, and what the portal lacks; then why. Nothing where no portal was asked.
pub fn text(it: &Comparison, reader: Reader) -> String {
    let Some(column) = &it.portal else { return String::new() };
    let PortalColumn { side, truth } = &**column;
    let texts = reader.texts;
    let mut table = Table::new([Align::Left, Align::Right, Align::Right, Align::Right, Align::Right]);
    let heads = ["column-onec", "column-stored", "column-portal", "dash-variance"].map(|id| texts.get(id));
    table.row(std::iter::once("".into()).chain(heads));
    let money = [
        ("row-opening-balance", it.opening_balance, side.opening_balance, truth.opening_balance),
        ("row-purchases", it.purchases, side.purchases, truth.purchases),
        ("row-total", it.total, side.total, truth.total),
    ];
    for (label, figure, portal, truth) in money {
        table.row(money_row(&texts.get(label), figure, portal, truth, texts));
    }
    table.row(points_row(it.points.figure, side.points, truth.points, texts));
    let town = |city: Option<&crate::domain::City>| known(city.map(|city| city.name.clone()));
    let (onec, stored) =
        (it.city.onec.as_ref().and_then(Option::as_ref), it.city.stored.as_ref().and_then(Option::as_ref));
    let city = [
        texts.get("row-city").into_owned(),
        town(onec),
        town(stored),
        known(side.city.clone()),
        String::new(),
    ];
    table.row(city);
    let causes = column.causes();
    let why = if causes.is_empty() {
        format!("✅ {}\n", texts.get("portal-agrees"))
    } else {
        let lines = causes.into_iter().map(|cause| format!("❌ {}\n", cause_words(cause, texts)));
        lines.collect::<Vec<_>>().concat()
    };
    format!("\n{}\n{}{why}", texts.get("portal-beside"), table.render(2))
}

fn money_row(
    label: &str,
    figure: Figure<Amount>,
    portal: Option<Amount>,
    truth: Option<Amount>,
    texts: Texts,
) -> [String; 5] {
    let language = texts.language();
    let shown = |amount: Amount| text::money(amount, language);
    let by = portal.zip(truth).map(|(portal, truth)| text::variance(portal - truth, language));
    [
        label.to_owned(),
        known(figure.onec.map(shown)),
        known(figure.stored.map(shown)),
        known(portal.map(shown)),
        known(by),
    ]
}

fn points_row(
    figure: Figure<Points>,
    portal: Option<Points>,
    truth: Option<Points>,
    texts: Texts,
) -> [String; 5] {
    let shown = |points: Points| text::points(points, texts.language());
    [
        texts.get("row-points").into_owned(),
        known(figure.onec.map(shown)),
        known(figure.stored.map(shown)),
        known(portal.map(shown)),
        known(portal.zip(truth).map(|(portal, truth)| shown(portal - truth))),
    ]
}

/// Why, and what to do.
fn cause_words(cause: PortalCause, texts: Texts) -> String {
    texts.named("portal-cause", cause.name()).into_owned()
}

/// Why the portal stands beside nothing.
pub fn not_asked(code: &str, texts: Texts) -> String {
    texts.with("portal-not-asked", &[("code", code.into())])
}

/// The portal beside the whole base: how many it shows as it should, and why not the others.
pub fn of_base(outcome: &PortalOutcome, texts: Texts) -> Vec<String> {
    let it = match outcome {
        PortalOutcome::NotAsked(code) => return vec![not_asked(code, texts)],
        PortalOutcome::Shown(it) => it,
    };
    let values = [("equal", it.equal.into()), ("cards", it.cards.into())];
    let mut lines = vec![texts.with("portal-base-equal", &values)];
    lines.extend(it.causes.iter().map(|(cause, tally)| {
        let money = text::variance(tally.variance, texts.language());
        let values = [
            ("cause", texts.named("portal-cause-short", cause.name()).into()),
            ("cards", tally.cards.into()),
            ("money", money.into()),
        ];
        texts.with(
            if tally.variance.is_zero() { "portal-base-cause" } else { "portal-base-cause-money" },
            &values,
        )
    }));
    lines
}

/// Its causes, by their codes, for tables.
pub fn codes(column: &PortalColumn) -> String {
    let codes: Vec<_> = column.causes().into_iter().map(PortalCause::code).collect();
    codes.join("; ")
}
