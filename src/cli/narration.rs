//! Tells a running sync to whoever started the command, without ever holding the sync up.

use std::io::{self, Stderr, Stdout, stderr, stdout};
use std::time::Duration;

use indicatif::ProgressDrawTarget;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, block_in_place};
use tokio::time::{Instant, interval};

use super::console;
use super::session::Session;
use crate::cli::clock;
use crate::engine::Observer;
use crate::engine::event::{Notice, Progress};
use crate::report::log::LogEntry;
use crate::report::progress::{JsonLines, Narrator};
use crate::text::Texts;

/// Notices waiting to be told; more are dropped rather than waited for.
const WAITING: usize = 1024;

/// Between two looks at the clock while nothing happens.
const BEAT: Duration = Duration::from_secs(1);

/// The sync's end of the narration.
pub(super) struct Narration {
    progress: watch::Sender<Progress>,
    notices: mpsc::Sender<Notice>,
}

impl Narration {
    /// Starts telling; the task ends when the narration is dropped.
    pub(super) fn start(session: &Session) -> (Self, JoinHandle<io::Result<()>>) {
        let (progress, latest) = watch::channel(Progress::default());
        let (notices, incoming) = mpsc::channel(WAITING);
        let lines = session.json.then(|| JsonLines::new(stdout()));
        let teller = Teller { texts: session.texts, narrator: narrator(session), lines, written: Ok(()) };
        (Self { progress, notices }, tokio::spawn(teller.run(latest, incoming)))
    }
}

impl Observer for Narration {
    fn progress(&self, progress: &Progress) {
        self.progress.send_replace(progress.clone());
    }

    fn notice(&self, notice: Notice) {
        let _ = self.notices.try_send(notice);
    }
}

/// A bar where somebody watches and does not prefer lines; nothing where the log tells it all.
fn narrator(session: &Session) -> Option<Narrator<Stderr>> {
    (!console::tells_json()).then(|| narrator_of(session))
}

fn narrator_of(session: &Session) -> Narrator<Stderr> {
    if console::is_watched() && !session.plain {
        Narrator::bar(ProgressDrawTarget::stderr(), session.reader())
    } else {
        Narrator::lines(stderr(), session.reader())
    }
}

struct Teller {
    texts: Texts,
    narrator: Option<Narrator<Stderr>>,
    lines: Option<JsonLines<Stdout>>,
    /// The first failure to write lines.
    written: io::Result<()>,
}

impl Teller {
    async fn run(
        mut self,
        mut latest: watch::Receiver<Progress>,
        mut notices: mpsc::Receiver<Notice>,
    ) -> io::Result<()> {
        let mut beat = interval(BEAT);
        let mut told_at = Instant::now();
        loop {
            tokio::select! {
                notice = notices.recv() => match notice {
                    Some(notice) => self.notice(&notice),
                    None => break,
                },
                changed = latest.changed() => match changed {
                    Ok(()) => {
                        let progress = latest.borrow_and_update().clone();
                        told_at = Instant::now();
                        self.tell(&progress);
                    }
                    Err(_) => break,
                },
                _ = beat.tick() => {
                    let progress = latest.borrow().clone().after(told_at.elapsed());
                    self.narrate(&progress);
                }
            }
        }
        while let Ok(notice) = notices.try_recv() {
            self.notice(&notice);
        }
        self.tell(&latest.borrow().clone());
        self.narrator.iter_mut().for_each(|it| it.finish());
        self.written
    }

    /// A reader that went away is no reason to stop syncing, nor is one that reads nothing for a while: writing may
    /// block, and on a machine with one core this thread would be the only one that syncs.
    fn tell(&mut self, progress: &Progress) {
        block_in_place(|| {
            self.narrator.iter_mut().for_each(|it| drop(it.progress(progress)));
            if let Some(lines) = &mut self.lines {
                let written = console::lasting(lines.progress(progress));
                if self.written.is_ok() {
                    self.written = written;
                }
            }
        });
    }

    /// Tells people how time goes by while nothing new is told.
    fn narrate(&mut self, progress: &Progress) {
        block_in_place(|| self.narrator.iter_mut().for_each(|it| drop(it.progress(progress))));
    }

    fn notice(&mut self, notice: &Notice) {
        LogEntry::of_notice(notice, clock::reader(self.texts)).write();
        block_in_place(|| self.narrator.iter_mut().for_each(|it| drop(it.notice(notice))));
    }
}
