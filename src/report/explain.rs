//! Why a customer differs: from the total down to the first line that does, and the request that fetched it.

use percent_encoding::percent_decode_str;

use super::check::{
    EXPLAINED, Facts, Ids, REMARK, city_row, compared, conclusion, earlier, entry, is_line, is_listed,
    money_row, points_row,
};
use super::table::{Align, Table};
use super::{Reader, Shape, proof, reconcile};
use crate::domain::reconcile::{Cause, Reason};
use crate::domain::{
    Against, Amount, Comparison, Difference, DifferenceFigure, DifferenceKind, Figure, Mark, Part, Verdict,
};
use crate::odata::{About, RawAnswer, Sent, Set};
use crate::text::{self, Shown, Texts};

const EQUAL: &str = "✓";
const DIFFERS: &str = "✗";
const UNCOMPARED: &str = "?";

/// A comparison, and what its 1C side rests on.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    /// Both sides.
    pub comparison: &'a Comparison,
    /// The requests that fetched 1C's side line by line; none where sums were compared.
    pub requests: &'a [Sent],
    /// The product of the first line that differs, where it is known.
    pub product: Option<&'a str>,
    /// Root of the service that was asked, without credentials; empty where it is not known.
    pub root: &'a str,
}

impl<'a> Explanation<'a> {
    /// The first thing that differs: of lines the earliest, else whatever is told first.
    pub fn first(&self) -> Option<&'a Difference> {
        let told = || self.comparison.differences.iter().filter(|it| is_listed(it.kind));
        told().filter(|it| is_line(it.kind)).min_by_key(|it| it.period).or_else(|| told().next())
    }

    /// The requests that are told: those that fetched the first difference; all where nothing differs. The first of them is
    /// the one that can be sent again.
    pub fn told(&self) -> Vec<&'a Sent> {
        let of_first = self.requests_of_first();
        if of_first.is_empty() { self.requests.iter().collect() } else { of_first }
    }

    fn requests_of_first(&self) -> Vec<&'a Sent> {
        self.first().map(|first| self.requests_of(first)).unwrap_or_default()
    }

    /// The requests that fetched what a difference rests on.
    fn requests_of(&self, difference: &Difference) -> Vec<&'a Sent> {
        let set = match (difference.kind, &difference.figure) {
            (DifferenceKind::MissingCard | DifferenceKind::ExtraCard, _) => Set::Cards,
            (_, DifferenceFigure::Money(_)) => Set::Sales,
            (_, DifferenceFigure::Points(_)) => Set::Points,
            (_, DifferenceFigure::Town(_)) => Set::Owners,
        };
        let about: &[_] = match (difference.kind, difference.reason) {
            (DifferenceKind::Unexplained, Some(Reason::OwnSum | Reason::Unreadable)) => {
                &[About::Totals, About::Rows]
            }
            (DifferenceKind::Unexplained | DifferenceKind::BeforeWindow, _) => &[About::Totals],
            _ => &[About::Rows],
        };
        let is_it = |sent: &&Sent| sent.set == Some(set) && about.contains(&sent.about);
        self.requests.iter().filter(is_it).collect()
    }
}

/// The explanation in words, several lines, ended.
pub fn text(it: &Explanation<'_>, facts: &Facts<'_>, reader: Reader, shape: Shape) -> String {
    let sections = [
        header(it.comparison, reader),
        figures(it.comparison, reader.texts, shape),
        first(it, facts.ids, reader.texts),
        others(it, facts.ids, reader.texts),
        requests(it, reader.texts),
        proof::words(it.comparison, reader),
        conclusion(it.comparison, facts, reader.texts),
    ];
    let sections: Vec<_> = sections.into_iter().filter(|section| !section.is_empty()).collect();
    sections.join("\n")
}

/// Why a card of a reconciled base is not simply equal, in words: the figures, then cause by cause what differs on
/// both sides, down to the line, and what to do about it.
pub fn causes(it: &Comparison, facts: &Facts<'_>, reader: Reader, shape: Shape) -> String {
    let texts = reader.texts;
    let of_causes: Vec<_> =
        it.causes().into_keys().map(|cause| of_cause(it, cause, facts.ids, texts)).collect();
    let figures = vec![figures(it, texts, shape)];
    // One below the other the figures take a screen of their own: there the causes come before them.
    let body = match shape {
        Shape::Wide => [figures, of_causes],
        Shape::Narrow => [of_causes, figures],
    };
    let mut sections = vec![header(it, reader)];
    sections.extend(body.concat());
    let verdict = conclusion(it, facts, texts);
    // Behind its causes a variance needs no remedy of a general kind.
    let is_said = it.verdict == Verdict::Variance;
    sections.push(if is_said {
        format!("{}\n", verdict.lines().next().unwrap_or_default())
    } else {
        verdict
    });
    sections.join("\n")
}

fn of_cause(it: &Comparison, cause: Cause, ids: Ids, texts: Texts) -> String {
    let entries = it.differences.iter().filter(|difference| Cause::of(difference) == cause);
    let count = entries.clone().count();
    let mark = match cause {
        _ if entries.clone().any(|difference| difference.kind.is_variance()) => DIFFERS,
        Cause::BeforeWindow => EXPLAINED,
        _ => REMARK,
    };
    let title = if count > 1 { format!(" ×{count}") } else { String::new() };
    let lines: String = entries.map(|difference| entry(difference, ids, texts)).collect();
    format!("{mark} {}{title}\n{lines}→ {}\n", texts.cause(cause), texts.cause_remedy(cause))
}

fn header(it: &Comparison, reader: Reader) -> String {
    let texts = reader.texts;
    let customer = &it.customer;
    let card = texts.with("dash-card", &[("code", customer.code.as_str().into())]);
    let phone = customer.phone.as_deref().unwrap_or(&customer.barcode);
    let phone = Shown::new(phone);
    let name = reconcile::name(it, texts);
    let who = [card.as_str(), phone.as_str()].into_iter().filter(|part| !part.is_empty());
    let against = texts.with("explain-compared", &[("against", compared(it, reader).into())]);
    format!("{name}\n{}\n{against}\n", who.collect::<Vec<_>>().join(" · "))
}

/// From the total down to its parts, then what is no money.
fn figures(it: &Comparison, texts: Texts, shape: Shape) -> String {
    let mark = |part| match it.mark(part) {
        Mark::Equal => EQUAL,
        Mark::Differs => DIFFERS,
        Mark::Explained => EXPLAINED,
        Mark::Uncompared => UNCOMPARED,
    };
    let opening = money_row(&texts.get("row-opening-balance"), it.opening_balance, texts);
    let mut rows = vec![
        (mark(Part::Total), money_row(&texts.get("row-total"), it.total, texts)),
        (mark(Part::OpeningBalance), opening),
        (mark(Part::Purchases), money_row(&texts.get("row-purchases"), it.purchases, texts)),
    ];
    if let Some(before) = it.before_window.filter(|sum| !sum.is_zero()) {
        let figure = Figure { onec: Some(before), stored: Some(Amount::ZERO) };
        rows.push((EXPLAINED, money_row(&earlier(it.window.from, texts), figure, texts)));
    }
    rows.push((mark(Part::Points), points_row(it.points.figure, texts)));
    rows.push((mark(Part::City), city_row(it, texts)));
    match shape {
        Shape::Wide => side_by_side(&rows, texts),
        Shape::Narrow => one_by_one(&rows, texts),
    }
}

type ExplainRow = (&'static str, [String; 4]);

fn side_by_side(rows: &[ExplainRow], texts: Texts) -> String {
    let mut table =
        Table::new([Align::Left, Align::Left, Align::Right, Align::Right, Align::Right]).cut_at(80);
    let heads = [texts.get("column-onec"), texts.get("column-stored"), texts.get("dash-variance")];
    table.row(["", "", &heads[0], &heads[1], &heads[2]]);
    for (mark, [label, onec, stored, variance]) in rows {
        table.row([*mark, label, onec, stored, variance]);
    }
    table.render(0)
}

fn one_by_one(rows: &[ExplainRow], texts: Texts) -> String {
    let mut lines = Vec::new();
    for (mark, [label, onec, stored, variance]) in rows {
        lines.push(format!("{mark} {label}\n"));
        let figures = [("column-onec", onec), ("column-stored", stored), ("dash-variance", variance)];
        lines.extend(figures.map(|(name, figure)| named(&texts.get(name), figure)));
    }
    lines.concat()
}

/// A figure below the label it belongs to.
pub(super) fn named(name: &str, figure: &str) -> String {
    format!("    {name}: {}\n", Shown::new(figure))
}

fn first(it: &Explanation<'_>, ids: Ids, texts: Texts) -> String {
    let Some(difference) = it.first() else { return String::new() };
    let product = it.product.map(|name| texts.with("explain-product", &[("name", name.into())]));
    let product = product.map(|line| format!("    {line}\n")).unwrap_or_default();
    format!("{}\n{}{product}", texts.get("explain-first"), entry(difference, ids, texts))
}

/// What differs besides.
fn others(it: &Explanation<'_>, ids: Ids, texts: Texts) -> String {
    let first = it.first();
    let told = it.comparison.differences.iter().filter(|difference| is_listed(difference.kind));
    let others = told.filter(|difference| !first.is_some_and(|first| std::ptr::eq(first, *difference)));
    let entries: String = others.map(|difference| entry(difference, ids, texts)).collect();
    if entries.is_empty() { entries } else { format!("{}\n{entries}", texts.get("explain-others")) }
}

/// The requests that fetched the first difference; all where nothing differs.
fn requests(it: &Explanation<'_>, texts: Texts) -> String {
    if it.requests.is_empty() {
        let id = match it.comparison.against {
            Against::Live => "explain-read-before",
            Against::ControlTotals | Against::None => "explain-no-requests",
        };
        return format!("{}\n", texts.get(id));
    }
    let (title, told) =
        (if it.requests_of_first().is_empty() { "explain-requests" } else { "explain-request" }, it.told());
    let again = told.first().map(|sent| again(sent, it.root, texts)).unwrap_or_default();
    let lines: String = told.into_iter().map(|sent| request(sent, texts)).collect();
    format!("{}\n{lines}{again}", texts.get(title))
}

/// How to send a request again without this program; empty where the host is not known.
pub fn again(sent: &Sent, root: &str, texts: Texts) -> String {
    let line = curl(root, &sent.address);
    line.map(|line| format!("{}\n  {line}\n", texts.get("explain-again"))).unwrap_or_default()
}

/// A request, and how 1C answers it now: the text as it came, made harmless line by line.
pub fn raw_answer(sent: &Sent, answer: &RawAnswer, texts: Texts) -> String {
    let count = |bytes| text::count(bytes, texts.language());
    let size = [
        ("bytes", count(answer.bytes).into()),
        ("shown", count(u64::try_from(answer.text.len()).unwrap_or(u64::MAX)).into()),
    ];
    let title = texts.with(if answer.is_cut { "raw-answer-cut" } else { "raw-answer-whole" }, &size);
    let body: Vec<_> = answer.text.lines().map(|line| Shown::new(line).into_string()).collect();
    format!("{}{title}\n\n{}\n", get(sent), body.join("\n"))
}

/// A request as people read it: decoded.
pub fn get(sent: &Sent) -> String {
    let address = percent_decode_str(&sent.address).decode_utf8_lossy();
    format!("  GET {}\n", Shown::new(&address))
}

/// The command that asks the same again, ready for a shell: it asks for the password. `None` where the host is not known.
fn curl(root: &str, address: &str) -> Option<String> {
    let (scheme, rest) = root.split_once("://")?;
    let host = rest.split('/').next()?;
    // Nothing between the quotes ends them.
    let address = address.replace('\'', "%27");
    let host = host.replace('\'', "%27");
    Some(format!("curl -u LOGIN '{scheme}://{host}{address}'"))
}

/// A request as people read it: decoded, with what it brought.
fn request(sent: &Sent, texts: Texts) -> String {
    let rows = texts.with("explain-rows", &[("n", sent.rows.into())]);
    format!("{}    {rows}\n", get(sent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Points;
    use crate::report::fixture;

    const ROOT: &str = "https://1c.example.ru:8443/base/odata/standard.odata";

    #[test]
    fn a_request_can_be_repeated_in_a_shell() {
        let address = "/base/odata/standard.odata/X?$filter=Ref%20eq%20guid'a'&b=$(reboot)";
        let line = curl(ROOT, address).unwrap();
        assert_eq!(
            line,
            "curl -u LOGIN 'https://1c.example.ru:8443/base/odata/standard.odata/X?$filter=Ref%20eq%20guid%27a%27&b=$(reboot)'"
        );
        assert_eq!(line.matches('\'').count(), 2);
        assert_eq!(curl("", address), None);
    }

    fn sent(set: Set, about: About, address: &str) -> Sent {
        Sent { set: Some(set), about, address: address.to_owned(), rows: 3 }
    }

    fn requests() -> Vec<Sent> {
        vec![
            sent(Set::Cards, About::Rows, "/base/odata/standard.odata/Catalog_X?$filter=a"),
            sent(
                Set::Sales,
                About::Rows,
                "/base/odata/standard.odata/%D0%9F%D1%80_RecordType?$filter=b%20eq%20c",
            ),
            sent(Set::Sales, About::Totals, "/base/odata/standard.odata/Turnovers"),
        ]
    }

    fn told(comparison: &Comparison, requests: &[Sent], shape: Shape) -> String {
        let it = Explanation { comparison, requests, product: Some("Кольцо"), root: ROOT };
        text(&it, &Facts::default(), fixture::reader(crate::text::Language::Russian), shape)
            .replace('\u{a0}', " ")
    }

    #[test]
    fn a_variance_leads_to_its_first_line_and_the_request_that_read_it() {
        let comparison = fixture::variance();
        let text = told(&comparison, &requests(), Shape::Wide);
        insta::assert_snapshot!(text);
        assert!(text.contains("GET /base/odata/standard.odata/Пр_RecordType?$filter=b eq c"));
        assert!(!text.contains("Catalog_X"), "only what fetched the difference is shown");
    }

    #[test]
    fn an_own_sum_rests_on_the_sums_and_the_rows_of_its_own_register() {
        let mut requests = requests();
        requests.push(sent(Set::Points, About::Rows, "/base/odata/standard.odata/Points_RecordType"));
        requests.push(sent(Set::Points, About::Totals, "/base/odata/standard.odata/Points/Balance"));
        for (difference, about_points) in [
            (fixture::own_sum(Points::from_units(480_600), Points::ZERO), true),
            (fixture::own_sum(Amount::from_units(480_600), Amount::ZERO), false),
        ] {
            let comparison = Comparison { differences: vec![difference], ..fixture::variance() };
            let it = Explanation { comparison: &comparison, requests: &requests, product: None, root: ROOT };
            let of_first: Vec<_> =
                it.requests_of(it.first().unwrap()).into_iter().map(|sent| (sent.set, sent.about)).collect();
            let set = Some(if about_points { Set::Points } else { Set::Sales });
            assert_eq!(of_first, [(set, About::Rows), (set, About::Totals)]);
            let text = told(&comparison, &requests, Shape::Wide);
            assert_eq!(text.contains("Points/Balance"), about_points, "{text}");
            assert_eq!(text.contains("Turnovers"), !about_points, "{text}");
        }
    }

    #[test]
    fn without_requests_it_says_how_to_get_them() {
        let text = told(&fixture::variance(), &[], Shape::Narrow);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_object_holds_the_request_as_sent() {
        let comparison = fixture::variance();
        let it = Explanation { comparison: &comparison, requests: &requests(), product: None, root: "" };
        let json: serde_json::Value = serde_json::from_str(&crate::report::json::explain(&it)).unwrap();
        assert_eq!(json["verdict"], "variance");
        assert_eq!(json["requests"][1]["method"], "GET");
        assert!(json["requests"][1]["address"].as_str().unwrap().contains("%D0%9F"));
        assert_eq!(json["first_difference"]["line"], json["differences"][0]["line"]);
    }
}
