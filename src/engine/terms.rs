//! The terms that what is published is compared by.

use std::sync::Arc;

use crate::domain::Finding;
use crate::domain::reconcile::Terms;
use crate::domain::settings::{Setting, Settings, Under};
use crate::store::{Error, Generation, Snapshot};

/// The settings that what is published was read under, beside those of today. Where an earlier version did not keep
/// them, the names it read tell at least whether they were others.
pub(super) fn under(snapshot: &Snapshot, today: &Settings) -> Result<Under, Error> {
    let under = Under::of(snapshot.read_under()?, today);
    let names = snapshot.generation().and_then(|it| it.basis).map(|basis| basis.names);
    let is_another = under.read.is_none() && names.is_some_and(|names| names != today.names);
    Ok(if is_another { Under { others: vec![Setting::Names], ..under } } else { under })
}

/// The terms of what is published, under the settings of today; `None` before the first sync.
pub(super) fn terms_of(snapshot: &Snapshot, today: &Settings) -> Result<Option<Terms>, Error> {
    let Some(generation) = snapshot.generation() else { return Ok(None) };
    let is_moment_doubtful =
        snapshot.remarks().findings.iter().any(|it| matches!(it, Finding::ClocksDiffer { .. }));
    let under = Arc::new(under(snapshot, today)?);
    Ok(Some(Terms { under, is_moment_doubtful, ..terms(generation) }))
}

/// The terms of a published generation, whatever the settings are today.
pub(super) fn terms(generation: &Generation) -> Terms {
    Terms {
        window: generation.window,
        points_at: generation.points_at,
        rule: generation.rule,
        synced_at: Some(generation.synced_at),
        compared_at: Some(generation.synced_at),
        under: Arc::default(),
        is_moment_doubtful: false,
    }
}
