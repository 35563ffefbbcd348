//! The other cards of the customer's owner: each in a few words, and what all of them come to.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::dashboard::app::{Action, CustomerDetail, Model};
use crate::domain::Part;
use crate::domain::reconcile::CardsTogether;
use crate::engine::CardTruth;
use crate::text::Shown;

use super::columns::Parts;
use super::figures::{dash, mark_of};
use super::look::Look;
use super::put;

/// Which other cards there are, and below it the sum of all.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, detail: &CustomerDetail, model: &Model, look: &Look) {
    let columns = usize::from(area.width);
    if area.is_empty() {
        return;
    }
    let mut parts = Parts::default();
    parts.push(count(detail, look), look.theme.dim);
    for other in &detail.others.cards {
        parts.push_spans(card(other, model, look));
    }
    put(frame, area, 0, parts.fitted(columns, 2));
    if let Some(together) = detail.together() {
        put(frame, area, 1, sum(&together, detail, model, look).fitted(columns, 2));
    }
}

/// How many other cards there are.
pub(super) fn count(detail: &CustomerDetail, look: &Look) -> String {
    look.texts.with("owner-cards-others", &[("n", detail.others.count.into())])
}

/// A card by its number: its mark, total and points.
fn card(other: &CardTruth, model: &Model, look: &Look) -> Vec<Span<'static>> {
    let it = &other.comparison;
    let (mark, style) = look.verdict_of(it.verdict, model.is_old(it.compared_at));
    let total = it.total_of_all_time().map_or_else(dash, |total| look.money(total));
    let points = it.points_shown().map_or_else(dash, |points| look.points(points));
    let code = Shown::new(&it.customer.code);
    vec![Span::styled(mark, style), Span::raw(format!(" {code} {total} · {points}"))]
}

/// What all cards of the owner come to; the key that lists them.
fn sum(together: &CardsTogether, detail: &CustomerDetail, model: &Model, look: &Look) -> Parts<'static> {
    let is_old = |part| model.is_old(detail.together_compared_at(part));
    let total = together.total.map_or_else(dash, |total| format!("{} ₽", look.money(total)));
    let points = together.points.map_or_else(dash, |points| look.points(points));
    let points = look.texts.with("owner-cards-points", &[("points", points.into())]);
    let mut parts = Parts::default();
    parts.push(look.texts.with("owner-cards-sum", &[("n", together.cards.into())]), look.theme.dim);
    for (part, mark, figure) in
        [(Part::Total, together.total_mark, total), (Part::Points, together.points_mark, points)]
    {
        let mark = mark_of(mark, is_old(part), look);
        parts.push_spans(vec![mark, Span::raw(" "), Span::styled(figure, look.theme.title)]);
    }
    let key = look.key(Action::OwnerCards, model);
    if !key.is_empty() {
        parts.push(look.texts.with("owner-cards-key", &[("key", key.into())]), look.theme.dim);
    }
    parts
}
