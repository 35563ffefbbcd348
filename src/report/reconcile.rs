//! A reconciled base in words: what it comes to, a line per card, why they differ, what to do.

use serde::{Deserialize, Serialize};

use super::check::{EXPLAINED, Ids, REMARK, earlier, entry, place};
use super::table::{Align, Table, fixed};
use super::{Reader, display_name, known, our_time, proof, third_column};
use crate::domain::reconcile::{Cause, Reason, Sides, SumOfCards, Summary, Terms};
use crate::domain::{Amount, Comparison, DifferenceKind, Verdict};
use crate::text::{self, Shown, Texts};

/// Lines that are told of one card; a cut is announced.
const MOST_LINES: usize = 10;

/// What is told before the first card.
#[derive(Clone, Debug)]
pub struct Head {
    /// What all cards come to.
    pub summary: Summary,
    /// When and how they were compared.
    pub terms: Terms,
    /// Whether every card was compared line by line.
    pub is_live: bool,
    /// 1C told its turnovers.
    pub knows_turnovers: bool,
    /// 1C did not answer to the end.
    pub has_failed: bool,
    /// Cards with a variance whose rows were not read.
    pub unread: u64,
    /// Cards that were sold to meanwhile.
    pub moving: u64,
    /// Cards that follow.
    pub rows: u64,
}

impl Head {
    /// Whether a portal was asked.
    pub fn has_portal(&self) -> bool {
        self.summary.portal.as_ref().is_some_and(|outcome| outcome.shown().is_some())
    }
}

/// What was handed out: to be held against what arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Cards.
    pub rows: u64,
    /// Σ of 1C's totals.
    pub onec: SumOfCards,
    /// Σ of the store's.
    pub stored: Amount,
}

impl Written {
    /// Counts a card.
    pub fn add(&mut self, card: &Comparison) {
        self.rows += 1;
        self.onec.add(card.total.onec);
        self.stored += card.total.stored.unwrap_or_default();
    }
}

/// The summary, several lines, ended; and the columns' names, where any card follows.
pub fn head(head: &Head, reader: Reader) -> String {
    let texts = reader.texts;
    let mut sections = vec![format!("{}\n{}\n", title(head, reader), counts(&head.summary, texts))];
    sections.push(sums(head, texts));
    let notes = notes(head, texts);
    if !notes.is_empty() {
        sections.push(notes);
    }
    if head.rows > 0 {
        sections.push(columns(texts));
    }
    sections.join("\n")
}

fn title(head: &Head, reader: Reader) -> String {
    let texts = reader.texts;
    let at = head.terms.compared_at.map(|time| our_time(time, reader));
    let synced = head.terms.synced_at.map(|time| our_time(time, reader)).unwrap_or_default();
    let at = ("time", at.unwrap_or_default().into());
    let how = if head.is_live {
        texts.with("report-base-live", &[at])
    } else if head.has_failed && head.summary.is_of_nothing() {
        texts.get("report-base-nothing").into_owned()
    } else {
        texts.with("report-base-totals", &[at])
    };
    format!("{how}\n{}", texts.with("report-base-synced", &[("time", synced.into())]))
}

fn counts(it: &Summary, texts: Texts) -> String {
    let values = [
        ("cards", it.cards.into()),
        ("reconciled", it.reconciled.into()),
        ("variances", it.variances.into()),
        ("before", it.before_window.into()),
        ("unverified", it.unverified.into()),
    ];
    let counts = texts.with("report-base-cards", &values);
    if it.unknown_cards == 0 {
        return counts;
    }
    let unknown = texts.with("report-base-unknown-cards", &[("cards", it.unknown_cards.into())]);
    format!("{counts} · {unknown}")
}

fn sums(head: &Head, texts: Texts) -> String {
    let it = &head.summary;
    let mut table = Table::new([Align::Left, Align::Right, Align::Right, Align::Right]);
    table.row(["", &texts.get("column-onec"), &texts.get("column-stored"), &texts.get("column-variance")]);
    let mut row = |title: &str, sides: Sides, variance: Option<Amount>| {
        let money = |amount| text::money(amount, texts.language());
        let variance = known(variance.map(|by| text::variance(by, texts.language())));
        let onec = known(sides.onec().map(money));
        table.row([title, &onec, &money(sides.stored()), &variance]);
    };
    row(&texts.get("report-opening-balances"), it.opening_balance, it.opening_balance.variance());
    row(&texts.get("row-purchases"), it.purchases, it.purchases.variance());
    // Earlier purchases are told below, and are no variance.
    row(&texts.get("row-total"), it.total, it.total_variance());
    if let Some(sum) = it.earlier_purchases().filter(|sum| !sum.is_zero()) {
        let before = text::money(sum, texts.language());
        table.row([&*earlier(head.terms.window.from, texts), &before, "", ""]);
    }
    table.render(0)
}

/// What limits what was said above.
fn notes(head: &Head, texts: Texts) -> String {
    let it = &head.summary;
    let mut notes = Vec::new();
    if !head.terms.under.others.is_empty() {
        let settings = proof::others(&head.terms.under);
        notes.push(texts.with("report-base-other-settings", &[("settings", settings.into())]));
    }
    if it.variances > 0 {
        let sum = text::money(it.absolute_variance, texts.language());
        notes.push(texts.with("report-base-absolute", &[("money", sum.into())]));
    }
    if it.total.uncompared != Amount::ZERO {
        let sum = text::money(it.total.uncompared, texts.language());
        notes.push(texts.with("report-base-uncompared", &[("money", sum.into())]));
    }
    if !it.opening_balance.uncompared.is_zero() {
        let sum = text::money(it.opening_balance.uncompared, texts.language());
        notes.push(texts.with("report-base-opening-uncompared", &[("money", sum.into())]));
    }
    if !head.knows_turnovers && !head.has_failed {
        notes.push(texts.get("report-base-no-turnovers").into_owned());
    }
    if head.moving > 0 {
        notes.push(texts.with("report-base-moving", &[("cards", head.moving.into())]));
    }
    if let Some(outcome) = &it.portal {
        notes.extend(third_column::of_base(outcome, texts));
    }
    if head.unread > 0 {
        notes.push(texts.with("report-base-unread", &[("cards", head.unread.into())]));
    }
    ended(&notes)
}

/// Columns of fixed width: a million rows are not measured before the first is shown. 80 in all.
const WIDTHS: [(usize, Align); 6] = [
    (2, Align::Left),
    (20, Align::Left),
    (11, Align::Left),
    (13, Align::Right),
    (13, Align::Right),
    (13, Align::Right),
];

fn columns(texts: Texts) -> String {
    let names = [
        "".into(),
        texts.get("column-name"),
        texts.get("column-phone"),
        texts.get("column-onec"),
        texts.get("column-stored"),
        texts.get("column-variance"),
    ];
    fixed(&WIDTHS, names)
}

/// One card: a line, and below it what differs.
pub fn row(it: &Comparison, texts: Texts) -> String {
    let money = |side: Option<Amount>| side.map(|amount| text::money(amount, texts.language()));
    let variance = it.total_variance().map(|amount| text::variance(amount, texts.language()));
    let phone = it.customer.phone.as_deref().unwrap_or(&it.customer.code);
    let cells = [
        mark(it.verdict).to_owned(),
        if is_unknown(it) { texts.get("report-base-unknown").into_owned() } else { name(it, texts) },
        phone.to_owned(),
        known(money(it.total.onec)),
        known(money(it.total.stored)),
        known(variance),
    ];
    format!("{}{}", fixed(&WIDTHS, cells), details(it, texts))
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reconciled => "✅",
        Verdict::Variance => "❌",
        Verdict::BeforeWindow => EXPLAINED,
        Verdict::Unverified => "▫",
        Verdict::UnknownCard => REMARK,
    }
}

/// A card that no catalog has is named by its key.
pub fn name(it: &Comparison, texts: Texts) -> String {
    let customer = &it.customer;
    if customer.card.is_empty() {
        texts.get("report-base-empty-card").into_owned()
    } else if is_unknown(it) {
        texts.with("report-base-unknown-card", &[("key", customer.card.to_string().into())])
    } else {
        display_name(customer, texts)
    }
}

/// Whether these are rows of a card that has a key and nothing else.
fn is_unknown(it: &Comparison) -> bool {
    let is_remarked = it.differences.iter().any(|of| of.kind == DifferenceKind::UnknownCard);
    is_remarked && !it.customer.card.is_empty()
}

fn details(it: &Comparison, texts: Texts) -> String {
    let lines = it.differences.iter().map(|difference| match difference.kind {
        // Its line in the table says it all.
        DifferenceKind::BeforeWindow if it.verdict == Verdict::BeforeWindow => String::new(),
        DifferenceKind::DoubledSale => {
            let place = place(difference, Ids::Short, texts);
            format!("  {}\n    {place}\n", texts.difference(difference))
        }
        _ => entry(difference, Ids::Short, texts),
    });
    // Its key is all there is of an unknown card: too long for its column, it comes first below.
    let key = if is_unknown(it) { format!("     {}\n", name(it, texts)) } else { String::new() };
    let shown: String = lines.take(MOST_LINES).map(|line| indent(&line)).collect();
    let more = it.differences.len().saturating_sub(MOST_LINES);
    if more == 0 {
        return key + &shown;
    }
    format!("{key}{shown}     {}\n", texts.with("report-base-more", &[("more", more.into())]))
}

/// Each line ended.
fn ended(lines: &[String]) -> String {
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn indent(lines: &str) -> String {
    ended(&lines.lines().map(|line| format!("   {line}")).collect::<Vec<_>>())
}

/// What to do about every cause that was found, the worst first.
pub fn remedies(summary: &Summary, texts: Texts) -> String {
    if summary.causes.is_empty() {
        return String::new();
    }
    let mut lines = vec![texts.get("report-base-what-to-do").into_owned()];
    for (cause, tally) in &summary.causes {
        let cause_words = texts.cause(*cause);
        let values = [("cause", cause_words.into()), ("cards", tally.cards.into())];
        lines.push(format!("• {} {}", texts.with("report-base-cause", &values), texts.cause_remedy(*cause)));
    }
    ended(&lines)
}

/// What was handed out, in a line.
pub fn written(it: &Written, path: Option<&std::path::Path>, texts: Texts) -> String {
    let onec = known(it.onec.of_all().map(|sum| text::money(sum, texts.language())));
    let values = [
        ("rows", it.rows.into()),
        ("onec", onec.into()),
        ("stored", text::money(it.stored, texts.language()).into()),
    ];
    let sums = texts.with("report-base-written", &values);
    match path {
        Some(path) => format!("{} {sums}", texts.with("report-base-file", &[("path", path.into())])),
        None => sums,
    }
}

/// The causes of one card in words, with how often each was found.
pub fn causes(it: &Comparison, texts: Texts) -> String {
    let causes = it.causes().into_iter();
    causes.map(|(cause, times)| counted(&texts.cause(cause), times)).collect::<Vec<_>>().join("; ")
}

/// Why one card differs, and since when.
pub fn causes_since(it: &Comparison, texts: Texts) -> String {
    let causes = causes(it, texts);
    let Some(since) = it.since() else { return causes };
    let date = text::date(since.date(), texts.language());
    texts.with("report-base-since", &[("date", date.into()), ("causes", causes.into())])
}

/// What to do about them.
pub(super) fn remedy(it: &Comparison, texts: Texts) -> String {
    let causes: Vec<Cause> = it.causes().into_keys().collect();
    causes.into_iter().map(|cause| texts.cause_remedy(cause).into_owned()).collect::<Vec<_>>().join(" ")
}

fn counted(words: &str, times: u64) -> String {
    if times > 1 { format!("{words} ×{times}") } else { words.to_owned() }
}

/// What more can be said of a difference, in words.
pub(super) fn reason(reason: Option<Reason>, texts: Texts) -> String {
    reason.map(|reason| texts.reason(reason).into_owned()).unwrap_or_default()
}

/// A text as a cell: harmless to whoever shows it.
pub(super) fn cell(text: &str) -> String {
    Shown::new(text).into_string()
}

#[cfg(test)]
mod tests;
