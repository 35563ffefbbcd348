//! What is told outside the screen: the title of the window, and the progress in its tab.

use crate::dashboard::app::Model;
use crate::dashboard::app::sync::State;
use crate::text::Shown;

use super::header;
use super::look::Look;

/// Columns of a title.
const LONGEST: usize = 80;

/// How far a sync is, as tabs and task bars show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TabProgress {
    /// Nothing to show.
    #[default]
    None,
    /// Hundredths of it.
    Share(u8),
    /// The last one failed.
    Failed,
    /// It is being stopped, so far.
    Paused(u8),
}

/// How things stand, of which base.
pub fn title(model: &Model, look: &Look) -> String {
    let (mark, word, _) = header::state(model, look, 0);
    let base = model.status.as_ref().map(|status| status.base.as_str()).unwrap_or_default();
    let parts = [format!("{mark} {word}"), base.to_owned(), "sverka".to_owned()];
    let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Shown::new(&told.join(" · ")).truncated(LONGEST).into_string()
}

/// How far the sync is.
pub fn progress(model: &Model) -> TabProgress {
    let share = model.sync.progress.overall.min(100);
    match model.sync.state {
        State::Running => TabProgress::Share(share),
        State::Stopping => TabProgress::Paused(share),
        State::Idle if header::has_failed(model) => TabProgress::Failed,
        State::Idle => TabProgress::None,
    }
}
