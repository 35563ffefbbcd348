//! Asking otherwise at once: what the words of a refusal name is left out, and remembered. Where they name nothing,
//! [`doubt`](super::doubt) finds out.

use std::time::Duration;

use super::super::address::{Dialect, select};
use super::super::capability::Capability;
use super::super::error::Error;
use super::super::foreign::names_word;
use super::super::rows::decode::{Layout, Need, RowField};
use super::jobs::RequestKind;
use super::{Client, Measure};

impl Client {
    /// Whether the request may be sent again otherwise: with what was just learned, or what another request learned
    /// meanwhile.
    pub(super) fn adapted<J: RequestKind>(&self, job: &J, used: &Dialect, error: &Error, sent: u32) -> bool {
        let (Some(concerned), Some(layout)) = (job.set(), job.layout()) else { return false };
        if !error.is_refusal() || used.unselective {
            return false;
        }
        let Some(named) = named(layout, used, error.said()) else { return false };
        if self.dialect(Some(concerned)) != *used {
            return true;
        }
        if job.asks_of(&named.name, used) {
            return false;
        }
        let (what, measure) = match named.need {
            Need::SharedKey if !used.sole_recorder => (Capability::SharedKey, Measure::SoleRecorder),
            Need::Wanted | Need::Rare => (Capability::Field(named.name.clone()), without_field(named)),
            _ => return false,
        };
        self.run.forgo(concerned, what, error.said(), false);
        self.tell(Some(concerned), sent, error, measure, Duration::ZERO);
        true
    }
}

/// Rare fields belong to other configurations: nobody misses them here.
pub(super) fn without_field(field: &RowField) -> Measure {
    if field.need == Need::Rare {
        Measure::OtherForm
    } else {
        Measure::WithoutFields(vec![field.name.clone()])
    }
}

/// The field asked for that these words name.
fn named<'a>(layout: &'a Layout, used: &Dialect, text: &str) -> Option<&'a RowField> {
    let selected = select(layout, used);
    let is_selected = |field: &&RowField| selected.split(',').any(|name| name == field.name);
    layout.fields().iter().filter(is_selected).find(|field| names_word(text, &field.name))
}
