//! The portal's figures for programs.

use serde::Serialize;

use super::{CheckObject, money, points, print};
use crate::domain::Comparison;
use crate::domain::third_column::{PortalCause, PortalSide, PortalTruth};

#[derive(Serialize)]
struct PortalFiguresObject {
    opening_balance: Option<String>,
    purchases: Option<String>,
    total: Option<String>,
    points: Option<String>,
    city: Option<String>,
    variance: Option<String>,
    causes: Vec<String>,
}

#[derive(Serialize)]
struct CheckBesidePortalObject<'a> {
    #[serde(flatten)]
    check: CheckObject<'a>,
    portal: PortalFiguresObject,
}

/// `check --json` where a portal is configured: the same objects, each with what the portal shows.
pub fn check_beside_portal(comparisons: &[Comparison], columns: &[(PortalSide, PortalTruth)]) -> String {
    let all = comparisons.iter().zip(columns).map(|(it, (side, truth))| CheckBesidePortalObject {
        check: it.into(),
        portal: PortalFiguresObject {
            opening_balance: side.opening_balance.map(money),
            purchases: side.purchases.map(money),
            total: side.total.map(money),
            points: side.points.map(points),
            city: side.city.clone(),
            variance: side.variance(truth).map(money),
            causes: side.causes(truth).into_iter().map(PortalCause::code).collect(),
        },
    });
    print(&all.collect::<Vec<_>>())
}
