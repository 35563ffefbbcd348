//! The last sync as the shop's people write it down: was in the portal, is in the portal, 1C, difference.

use super::explain::named;
use super::table::{Align, Table};
use super::{Reader, Shape, UNKNOWN, display_name, known, our_time};
use crate::domain::portal::{Portal, Shift, Shifts};
use crate::domain::{Amount, Comparison, Points};
use crate::text::{self, Texts};

/// The last sync in words, for the base and for the customer asked for, whose 1C side is `live`'s where they
/// were checked since.
pub fn text(portal: &Portal, live: Option<&Comparison>, reader: Reader, shape: Shape) -> String {
    let texts = reader.texts;
    let customer = portal.customer.as_ref().map(|(customer, shifts)| {
        let name = display_name(customer, texts);
        let card = texts.with("dash-card", &[("code", customer.code.as_str().into())]);
        let live = live.filter(|live| live.customer.card == customer.card);
        let shifts = live.map_or(*shifts, |live| beside(*shifts, live));
        block(&format!("{name}, {card}"), &shifts, None, texts, shape)
    });
    let base = texts.get("portal-base");
    let base = block(&base, &portal.base, Some(portal.cards), texts, shape);
    let unknown = (portal.without_sums > 0)
        .then(|| format!("{}\n", texts.with("portal-without-sums", &[("n", portal.without_sums.into())])));
    let sections = [Some(when(portal, reader)), customer, Some(base), unknown];
    sections.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Before the first sync.
pub fn nothing(texts: Texts) -> String {
    format!("{}\n", texts.get("portal-nothing"))
}

fn when(portal: &Portal, reader: Reader) -> String {
    let texts = reader.texts;
    let after = texts.with("portal-after-at", &[("at", our_time(portal.after_at, reader).into())]);
    let before = match portal.before_at {
        Some(at) => texts.with("portal-before-at", &[("at", our_time(at, reader).into())]),
        None => texts.get("portal-no-before").into_owned(),
    };
    format!("{after}\n{before}\n")
}

/// The same with 1C's side as it was read line by line.
fn beside(shifts: Shifts, live: &Comparison) -> Shifts {
    Shifts {
        opening_balance: Shift { onec: live.opening_balance.onec, ..shifts.opening_balance },
        purchases: Shift { onec: live.purchases.onec, ..shifts.purchases },
        total: Shift { onec: live.total.onec, ..shifts.total },
        points: Shift { onec: live.points.figure.onec, ..shifts.points },
    }
}

/// A title, the sentence of the total, and the figures.
fn block(title: &str, it: &Shifts, cards: Option<(Option<u64>, u64)>, texts: Texts, shape: Shape) -> String {
    let mut rows = vec![
        money(&texts.get("row-total"), it.total, texts),
        money(&texts.get("row-opening-balance"), it.opening_balance, texts),
        money(&texts.get("row-purchases"), it.purchases, texts),
    ];
    rows.extend(it.before_window().map(|amount| before_window(amount, texts)));
    rows.push(points(&texts.get("row-points"), it.points, texts));
    if let Some((before, after)) = cards {
        let count = |number: u64| text::count(number, texts.language());
        let label = texts.get("report-cards").into_owned();
        rows.push([label, known(before.map(count)), count(after), UNKNOWN.to_owned(), UNKNOWN.to_owned()]);
    }
    let figures = match shape {
        Shape::Wide => side_by_side(&rows, texts),
        Shape::Narrow => one_by_one(&rows, texts),
    };
    format!("{title}\n{}\n{figures}", sentence(it, texts))
}

/// «Было в портале 132 694,00 → стало 365 054,00; 1С 365 054,00; расхождение 0,00».
fn sentence(it: &Shifts, texts: Texts) -> String {
    let [_, before, after, onec, variance] = money("", it.total, texts);
    let values = [
        ("before", before.into()),
        ("after", after.into()),
        ("onec", onec.into()),
        ("variance", variance.into()),
    ];
    texts.with("portal-sentence", &values)
}

type PortalRow = [String; 5];

fn money(label: &str, it: Shift<Amount>, texts: Texts) -> PortalRow {
    let shown = |amount: Amount| text::money(amount, texts.language());
    let variance = it.variance().map(|by| text::variance(by, texts.language()));
    [
        label.to_owned(),
        known(it.before.map(shown)),
        shown(it.after),
        known(it.onec.map(shown)),
        known(variance),
    ]
}

/// What explains the difference of a total whose parts are equal.
fn before_window(amount: Amount, texts: Texts) -> PortalRow {
    let unknown = || UNKNOWN.to_owned();
    let [onec, variance] = [text::money(amount, texts.language()), text::variance(-amount, texts.language())];
    [texts.get("row-before-window").into_owned(), unknown(), unknown(), onec, variance]
}

fn points(label: &str, it: Shift<Points>, texts: Texts) -> PortalRow {
    let shown = |points: Points| text::points(points, texts.language());
    let variance = it.variance().map(shown);
    [
        label.to_owned(),
        known(it.before.map(shown)),
        shown(it.after),
        known(it.onec.map(shown)),
        known(variance),
    ]
}

const COLUMNS: [&str; 4] = ["portal-before", "portal-after", "column-onec", "dash-variance"];

fn side_by_side(rows: &[PortalRow], texts: Texts) -> String {
    let mut table = Table::new([Align::Left, Align::Right, Align::Right, Align::Right, Align::Right]);
    let heads = COLUMNS.map(|id| texts.get(id));
    table.row(["", &heads[0], &heads[1], &heads[2], &heads[3]]);
    for row in rows {
        table.row(row);
    }
    table.render(0)
}

fn one_by_one(rows: &[PortalRow], texts: Texts) -> String {
    let mut lines = Vec::new();
    for [label, figures @ ..] in rows {
        lines.push(format!("{label}\n"));
        lines.extend(COLUMNS.into_iter().zip(figures).map(|(id, figure)| named(&texts.get(id), figure)));
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn roubles(roubles: i64) -> Amount {
        Amount::from_units(roubles * 100)
    }

    fn shift(before: Option<i64>, after: i64, onec: Option<i64>) -> Shift<Amount> {
        Shift { before: before.map(roubles), after: roubles(after), onec: onec.map(roubles) }
    }

    fn portal(before: bool) -> Portal {
        let shifts = Shifts {
            opening_balance: shift(before.then_some(0), 232_360, Some(232_360)),
            purchases: shift(before.then_some(132_694), 132_694, Some(132_694)),
            total: shift(before.then_some(132_694), 365_054, Some(365_054)),
            points: Shift { before: None, after: Points::from_units(480_600), onec: None },
        };
        let customer = fixture::reconciled().customer;
        let at = fixture::reconciled().synced_at.unwrap();
        Portal {
            before_at: before.then_some(at),
            after_at: at,
            cards: (before.then_some(310), 312),
            without_sums: 2,
            base: Shifts { total: shift(before.then_some(7), 9, None), ..shifts },
            customer: Some((customer, shifts)),
        }
    }

    fn told(portal: &Portal, live: Option<&Comparison>, shape: Shape) -> String {
        text(portal, live, fixture::reader(crate::text::Language::Russian), shape).replace('\u{a0}', " ")
    }

    #[test]
    fn a_sync_is_told_as_the_shop_writes_it_down() {
        let text = told(&portal(true), None, Shape::Wide);
        let sentence = "Было в портале 132 694,00 → стало 365 054,00; 1С 365 054,00; расхождение 0,00";
        assert!(text.contains(sentence), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_first_sync_has_nothing_before_it() {
        insta::assert_snapshot!(told(&portal(false), None, Shape::Narrow));
    }

    #[test]
    fn a_live_check_is_1cs_side_of_its_customer() {
        let mut live = fixture::reconciled();
        live.total.onec = Some(roubles(365_055));
        let text = told(&portal(true), Some(&live), Shape::Wide);
        assert!(text.contains("1С 365 055,00; расхождение −1,00"), "{text}");
    }

    #[test]
    fn purchases_before_the_window_explain_the_total() {
        let mut portal = portal(true);
        assert!(!told(&portal, None, Shape::Wide).contains("Раньше"));
        if let Some((_, shifts)) = &mut portal.customer {
            shifts.total.onec = Some(roubles(365_154));
        }
        let text = told(&portal, None, Shape::Wide);
        let line = text.lines().find(|line| line.starts_with("Раньше")).unwrap_or_default();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["Раньше", "—", "—", "100,00", "−100,00"]);
    }
}
