//! The last sync as the shop's people write it down: was in the portal, is in the portal, 1C, difference.

use super::explain::named;
use super::table::{Align, Table};
use super::{Reader, UNKNOWN, display_name, known, our_time};
use crate::domain::portal::{Portal, Shift, Shifts};
use crate::domain::{Amount, Comparison, Points};
use crate::text::{self, Texts};

/// The last sync in words, for the base and for the customer asked for, whose 1C side is `live`'s where they
/// were checked since. Figures that do not fit beside each other into so many columns stand under each other.
pub fn text(portal: &Portal, live: Option<&Comparison>, reader: Reader, columns: usize) -> String {
    let texts = reader.texts;
    let customer = portal.customer.as_ref().map(|(customer, shifts)| {
        let name = display_name(customer, texts);
        let card = texts.with("dash-card", &[("code", customer.code.as_str().into())]);
        let live = live.filter(|live| live.customer.card == customer.card);
        let shifts = live.map_or(*shifts, |live| beside(shifts, live));
        block(&format!("{name}, {card}"), &shifts, None, texts, columns)
    });
    let base = texts.get("portal-base");
    let base = block(&base, &portal.base, Some(portal.cards), texts, columns);
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
fn beside(shifts: &Shifts, live: &Comparison) -> Shifts {
    Shifts {
        opening_balance: Shift { onec: live.opening_balance.onec, ..shifts.opening_balance },
        purchases: Shift { onec: live.purchases.onec, ..shifts.purchases },
        total: Shift { onec: live.total.onec, ..shifts.total },
        points: Shift { onec: live.points.figure.onec, ..shifts.points },
        earlier: live.earlier_purchases(),
    }
}

/// A title, the sentence of the total, and the figures.
fn block(
    title: &str,
    it: &Shifts,
    cards: Option<(Option<u64>, u64)>,
    texts: Texts,
    columns: usize,
) -> String {
    let total = (it.total, it.total_variance());
    let part = |it: Shift<Amount>| (it, it.variance());
    let mut rows = vec![
        money(&texts.get("row-total"), total, texts),
        money(&texts.get("row-opening-balance"), part(it.opening_balance), texts),
        money(&texts.get("row-purchases"), part(it.purchases), texts),
    ];
    rows.extend(earlier(it).map(|amount| earlier_row(amount, texts)));
    rows.push(points(&texts.get("row-points"), it.points, texts));
    if let Some((before, after)) = cards {
        let count = |number: u64| text::count(number, texts.language());
        let label = texts.get("report-cards").into_owned();
        rows.push([label, known(before.map(count)), count(after), String::new(), String::new()]);
    }
    let wide = side_by_side(&rows, texts);
    let has_room = wide.lines().all(|line| text::width(line) <= columns);
    let figures = if has_room { wide } else { one_by_one(&rows, texts) };
    format!("{title}\n{}\n{figures}", sentence(it, texts))
}

/// What explains that the totals are not the same though nothing differs.
fn earlier(it: &Shifts) -> Option<Amount> {
    it.earlier.filter(|amount| it.total.onec.is_some() && !amount.is_zero())
}

/// «Было в портале 132 694,00 → стало 365 054,00; 1С 365 054,00; расхождение 0,00». Where there was nothing before, that
/// is not told of.
fn sentence(it: &Shifts, texts: Texts) -> String {
    let [_, before, after, onec, variance] = money("", (it.total, it.total_variance()), texts);
    let onec = match earlier(it) {
        Some(amount) => {
            let earlier = text::money(amount, texts.language());
            texts.with("portal-with-earlier", &[("onec", onec.into()), ("earlier", earlier.into())])
        }
        None => onec,
    };
    let values = [
        ("before", before.into()),
        ("after", after.into()),
        ("onec", onec.into()),
        ("variance", variance.into()),
    ];
    texts.with(if it.total.before.is_some() { "portal-sentence" } else { "portal-sentence-first" }, &values)
}

/// A label, before, after, 1C, variance. What there cannot be is empty.
type PortalRow = [String; 5];

fn money(label: &str, (it, variance): (Shift<Amount>, Option<Amount>), texts: Texts) -> PortalRow {
    let shown = |amount: Amount| text::money(amount, texts.language());
    let variance = variance.map(|by| text::variance(by, texts.language()));
    [
        label.to_owned(),
        known(it.before.map(shown)),
        known(it.after.map(shown)),
        known(it.onec.map(shown)),
        known(variance),
    ]
}

/// 1C's purchases before the window: the store keeps none, and they are no variance.
fn earlier_row(amount: Amount, texts: Texts) -> PortalRow {
    let onec = text::money(amount, texts.language());
    [texts.get("row-before-window").into_owned(), String::new(), String::new(), onec, String::new()]
}

fn points(label: &str, it: Shift<Points>, texts: Texts) -> PortalRow {
    let shown = |points: Points| text::points(points, texts.language());
    let variance = it.variance().map(shown);
    [
        label.to_owned(),
        known(it.before.map(shown)),
        known(it.after.map(shown)),
        known(it.onec.map(shown)),
        known(variance),
    ]
}

const COLUMNS: [&str; 4] = ["portal-before", "portal-after", "column-onec", "dash-variance"];

/// The columns of which something is known in some row.
fn told(rows: &[PortalRow]) -> impl Iterator<Item = (usize, &'static str)> {
    let is_told = |column: usize| rows.iter().any(|row| !matches!(row[column].as_str(), "" | UNKNOWN));
    (1..).zip(COLUMNS).filter(move |(column, _)| is_told(*column))
}

fn side_by_side(rows: &[PortalRow], texts: Texts) -> String {
    let told: Vec<_> = told(rows).collect();
    let mut aligns = vec![Align::Right; told.len() + 1];
    aligns[0] = Align::Left;
    let mut table = Table::new(aligns);
    let heads = told.iter().map(|(_, id)| texts.get(id));
    table.row(std::iter::once("".into()).chain(heads));
    for row in rows {
        let figures = told.iter().map(|(column, _)| &row[*column]);
        table.row(std::iter::once(&row[0]).chain(figures));
    }
    table.render(0)
}

fn one_by_one(rows: &[PortalRow], texts: Texts) -> String {
    let told: Vec<_> = told(rows).collect();
    let mut lines = Vec::new();
    for row in rows {
        lines.push(format!("{}\n", row[0]));
        let figures = told.iter().map(|(column, id)| (texts.get(id), &row[*column]));
        lines.extend(figures.filter(|(_, it)| !it.is_empty()).map(|(name, it)| named(&name, it)));
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    const WIDE: usize = 76;

    fn roubles(roubles: i64) -> Amount {
        Amount::from_units(roubles * 100)
    }

    fn shift(before: Option<i64>, after: i64, onec: Option<i64>) -> Shift<Amount> {
        Shift { before: before.map(roubles), after: Some(roubles(after)), onec: onec.map(roubles) }
    }

    fn portal(before: bool) -> Portal {
        let shifts = Shifts {
            opening_balance: shift(before.then_some(0), 232_360, Some(232_360)),
            purchases: shift(before.then_some(132_694), 132_694, Some(132_694)),
            total: shift(before.then_some(132_694), 365_054, Some(365_054)),
            points: Shift { before: None, after: Some(Points::from_units(480_600)), onec: None },
            earlier: Some(Amount::ZERO),
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

    fn told(portal: &Portal, live: Option<&Comparison>, columns: usize) -> String {
        text(portal, live, fixture::reader(crate::text::Language::Russian), columns).replace('\u{a0}', " ")
    }

    #[test]
    fn a_sync_is_told_as_the_shop_writes_it_down() {
        let text = told(&portal(true), None, WIDE);
        let sentence = "Было в портале 132 694,00 → стало 365 054,00; 1С 365 054,00; расхождение 0,00";
        assert!(text.contains(sentence), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_first_sync_has_nothing_before_it() {
        insta::assert_snapshot!(told(&portal(false), None, 40));
    }

    #[test]
    fn a_live_check_is_1cs_side_of_its_customer() {
        let mut live = fixture::reconciled();
        live.total.onec = Some(roubles(365_055));
        let text = told(&portal(true), Some(&live), WIDE);
        assert!(text.contains("1С 365 055,00; расхождение −1,00"), "{text}");
    }

    /// The same as everywhere else: told beside the total, and no variance.
    #[test]
    fn earlier_purchases_explain_the_total_and_are_no_variance() {
        let mut portal = portal(true);
        assert!(!told(&portal, None, WIDE).contains("Раньше"));
        if let Some((_, shifts)) = &mut portal.customer {
            (shifts.total.onec, shifts.earlier) = (Some(roubles(365_154)), Some(roubles(100)));
        }
        let text = told(&portal, None, WIDE);
        let cells = |name| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>()
        };
        assert_eq!(cells("Раньше"), ["Раньше", "100,00"]);
        assert_eq!(cells("Итого"), ["Итого", "132 694,00", "365 054,00", "365 154,00", "0,00"]);
        assert!(text.contains("1С 365 154,00, из них раньше 100,00; расхождение 0,00"), "{text}");
    }

    #[test]
    fn a_block_with_a_wide_sum_leaves_the_others_as_tables() {
        let mut portal = portal(true);
        portal.base.total = shift(Some(123_456_789_012), 123_456_789_012, Some(123_456_789_012));
        let text = told(&portal, None, 76);
        let (customer, base) = text.split_once("Вся база").unwrap();
        assert!(customer.contains("Было       Стало"), "{text}");
        assert!(base.contains("    Было: 123 456 789 012,00\n"), "{text}");
    }
}
