//! What other processes do to the store, as the screen follows it.

use crate::engine::{OtherWriter, Pulse};

/// What was noticed of them.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    /// What was seen last; `None` until somebody looked.
    pulse: Option<Pulse>,
}

/// What is another than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noticed {
    /// The store was written to.
    Stored,
    /// Comparisons were kept.
    Checked,
    /// Another process began to sync.
    Began,
    /// It ended.
    Ended,
}

impl Elsewhere {
    /// Another process that writes to the store.
    pub fn writer(&self) -> Option<&OtherWriter> {
        self.pulse.as_ref()?.writer.as_ref()
    }

    /// Another process that syncs.
    pub fn sync(&self) -> Option<&OtherWriter> {
        self.writer().filter(|writer| writer.is_sync())
    }

    /// Takes what was seen; `None` where it is what was seen before. Whoever looks for the first time has asked for all
    /// else already.
    pub(super) fn take(&mut self, pulse: Pulse) -> Option<Vec<Noticed>> {
        if self.pulse.as_ref() == Some(&pulse) {
            return None;
        }
        let was_running = self.sync().map(|writer| (writer.pid, writer.since));
        let before = self.pulse.replace(pulse);
        let (now, running) = (self.pulse.as_ref()?, self.sync());
        let is_same = |writer: &OtherWriter| Some((writer.pid, writer.since)) == was_running;
        let noticed = [
            before.as_ref().is_some_and(|before| before.stored != now.stored).then_some(Noticed::Stored),
            before.as_ref().is_some_and(|before| before.checked != now.checked).then_some(Noticed::Checked),
            running.is_some_and(|writer| !is_same(writer)).then_some(Noticed::Began),
            (was_running.is_some() && !running.is_some_and(is_same)).then_some(Noticed::Ended),
        ];
        Some(noticed.into_iter().flatten().collect())
    }
}
