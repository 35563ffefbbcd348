//! What support staff tell a customer on the phone, in a sentence.

use crate::domain::bonus::Burning;
use crate::domain::{Comparison, Points};
use crate::report::check::plural;
use crate::text::{self, Shown, Texts};

/// The points the customer has and when the next of them burn, and the purchases of all time: each as 1C has it, else as
/// it is stored; what is unknown is left out. `None` where neither is known.
pub fn answer(comparison: &Comparison, burning: &[Burning], texts: Texts) -> Option<String> {
    let language = texts.language();
    let points = comparison.points_shown().map(|points| of_points(points, burning, texts));
    // Of what was bought before the window nothing is said to a customer where it is not known.
    let is_whole = comparison.total.onec.is_some() || comparison.earlier_purchases().is_some();
    let total = comparison.total_of_all_time().filter(|_| is_whole).map(|total| {
        let sum = text::short_money(total, language);
        texts.with("answer-total", &[("sum", sum.into())])
    });
    let parts: Vec<String> = points.into_iter().chain(total).collect();
    if parts.is_empty() {
        return None;
    }
    let told = parts.join("; ");
    Some(match address(&comparison.customer.name) {
        Some(name) => texts.with("answer-by-name", &[("name", name.into()), ("told", told.into())]),
        None => texts.with("answer-unnamed", &[("told", told.into())]),
    })
}

/// The points, and how many of them burn next.
fn of_points(points: Points, burning: &[Burning], texts: Texts) -> String {
    let language = texts.language();
    let counted =
        |points: Points| [("points", text::points(points, language).into()), ("n", plural(points).into())];
    let have = texts.with("answer-points", &counted(points));
    let next = burning.iter().filter(|burn| burn.points > Points::ZERO).min_by_key(|burn| burn.date);
    let Some(burn) = next else { return have };
    let [burnt, number] = counted(burn.points);
    let date = ("date", text::date(burn.date, language).into());
    if burn.points == points {
        return format!("{have}, {}", texts.with("answer-burning-all", &[number, date]));
    }
    format!("{have}, {}", texts.with("answer-burning", &[burnt, number, date]))
}

/// How somebody is spoken to: by first name and patronymic where the name has three words, else as it stands.
fn address(name: &str) -> Option<String> {
    let shown = Shown::new(name).into_string();
    let words: Vec<&str> = shown.split_whitespace().collect();
    match words[..] {
        [] => None,
        [_, first, patronymic] => Some(format!("{first} {patronymic}")),
        _ => Some(words.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::{Amount, Figure};
    use crate::report::fixture::{self, both, points, roubles};
    use crate::text::Language;

    fn customer() -> Comparison {
        let mut it = fixture::reconciled();
        it.customer.name = "Царькова Марина Викторовна".to_owned();
        it.total = both(roubles(365_054));
        it.points.figure = both(points(4_806));
        it
    }

    fn burning(number: i64) -> Vec<Burning> {
        let date = NaiveDate::from_ymd_opt(2027, 8, 21).expect("a day");
        vec![Burning { date, points: points(number) }]
    }

    fn told(it: &Comparison, burning: &[Burning], language: Language) -> Option<String> {
        answer(it, burning, Texts::new(language)).map(|told| told.replace('\u{a0}', " "))
    }

    #[test]
    fn a_customer_is_answered_in_a_sentence() {
        let said = |number| told(&customer(), &burning(number), Language::Russian);
        let whole =
            "Марина Викторовна, у вас 4 806 баллов, 1 200 из них сгорят 21.08.2027; покупок на 365 054 ₽.";
        assert_eq!(said(1_200).as_deref(), Some(whole));
        assert!(said(1).is_some_and(|told| told.contains("1 из них сгорит 21.08.2027")));
        assert!(
            said(4_806).is_some_and(|told| told.contains("у вас 4 806 баллов, все они сгорят 21.08.2027"))
        );
        let english = told(&customer(), &[], Language::English);
        assert_eq!(
            english.as_deref(),
            Some("Марина Викторовна, you have 4,806 points; purchases of 365,054 RUB.")
        );
    }

    #[test]
    fn what_is_unknown_is_left_out_and_kopecks_are_not() {
        let mut it = customer();
        it.points.figure = Figure { onec: None, stored: None };
        it.total = Figure { onec: None, stored: Some(Amount::from_units(13_269_450)) };
        it.before_window = Some(Amount::from_units(100));
        it.customer.name = "ООО Ромашка".to_owned();
        let said = told(&it, &burning(5), Language::Russian);
        assert_eq!(
            said.as_deref(),
            Some("ООО Ромашка, у вас покупок на 132 695,50 ₽."),
            "with what lies before the window"
        );
        it.total = Figure { onec: None, stored: None };
        assert_eq!(told(&it, &[], Language::Russian), None);
    }
}
