//! The portal's figures for programs.

use serde::Serialize;

use super::{money, points};
use crate::domain::third_column::{PortalCause, PortalColumn};

/// What the portal shows of a customer, and why it shows something else.
#[derive(Serialize)]
pub(super) struct PortalFiguresObject {
    opening_balance: Option<String>,
    purchases: Option<String>,
    total: Option<String>,
    points: Option<String>,
    city: Option<String>,
    variance: Option<String>,
    causes: Vec<String>,
}

impl From<&PortalColumn> for PortalFiguresObject {
    fn from(it: &PortalColumn) -> Self {
        let side = &it.side;
        Self {
            opening_balance: side.opening_balance.map(money),
            purchases: side.purchases.map(money),
            total: side.total.map(money),
            points: side.points.map(points),
            city: side.city.clone(),
            variance: it.variance().map(money),
            causes: it.causes().into_iter().map(PortalCause::code).collect(),
        }
    }
}
