//! What is personal is hidden here, value by value.

use std::sync::Arc;

use tui_input::Input;

use super::event::{CityCount, Row};
use crate::domain::third_column::PortalCause;
use crate::domain::{Comparison, DifferenceFigure};

/// Hides what a comparison tells of a customer: sums and documents stay.
pub(super) fn hide_comparison(comparison: &mut Comparison, hidden: fn(&str) -> String) {
    let differs = comparison.city_differs() == Some(true);
    let Comparison { customer, city, differences, portal, .. } = comparison;
    customer.hide(hidden);
    if let Some(column) = portal {
        let differs = column.causes().contains(&PortalCause::City);
        for city in [&mut column.side.city, &mut column.truth.city].into_iter().flatten() {
            *city = hidden(city);
        }
        if let (true, Some(city)) = (differs, &mut column.side.city) {
            city.push('•');
        }
    }
    for city in [&mut city.onec, &mut city.stored].into_iter().flatten().flatten() {
        city.name = hidden(&city.name);
    }
    for difference in differences {
        if let DifferenceFigure::Town(towns) = &mut difference.figure {
            *towns = towns.clone().map(|town| hidden(&town));
        }
    }
    // Towns that differ must not become the same dots.
    if let (true, Some(Some(city))) = (differs, &mut comparison.city.stored) {
        city.name.push('•');
    }
}

/// Hides what a row tells.
pub(super) fn hide_row(row: &mut Row, hidden: fn(&str) -> String) {
    row.customer.hide(hidden);
}

/// Hides what was typed; the cursor stays where it is.
pub(super) fn hide_input(input: &Input, hidden: fn(&str) -> String) -> Input {
    Input::new(hidden(input.value())).with_cursor(input.cursor())
}

/// Hides the towns.
pub(super) fn hide_cities(cities: &[CityCount], hidden: fn(&str) -> String) -> Arc<[CityCount]> {
    cities.iter().map(|city| CityCount { name: hidden(&city.name), cards: city.cards }).collect()
}
