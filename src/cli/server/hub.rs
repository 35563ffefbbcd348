//! What everybody who is attached hears: events with numbers, kept for those who come back, and the journal.
//!
//! Nobody is waited for. The queue is bounded and of all together; whoever is too slow for it has missed something, and is
//! told how things stand instead.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::cli::clock::SystemClock;
use crate::engine::Clock;
use crate::report::json::api;
use crate::report::log::LogEntry;

/// Events that are kept for whoever comes back, and that may wait for a slow one.
const KEPT: usize = 256;
/// Lines of the journal that are kept.
const LINES: usize = 1_000;

/// An event.
#[derive(Debug)]
pub(super) struct HubEvent {
    /// Its number in the life of this engine.
    pub(super) number: u64,
    /// Its name.
    pub(super) kind: &'static str,
    /// JSON on one line.
    pub(super) data: String,
}

/// Where events and lines of the journal come together.
#[derive(Debug)]
pub(super) struct Hub {
    /// When this engine began: numbers of another one mean other events.
    life: i64,
    events: broadcast::Sender<Arc<HubEvent>>,
    kept: Mutex<HubMemory>,
    viewers: Arc<AtomicU64>,
    /// Set when the engine ends: then streams end as well.
    pub(super) over: CancellationToken,
}

#[derive(Debug, Default)]
struct HubMemory {
    last: u64,
    events: VecDeque<Arc<HubEvent>>,
    lines: VecDeque<LogEntry>,
}

/// What somebody hears who attached.
#[derive(Debug)]
pub(super) struct Hearing {
    /// What they missed, where it is still known; `None` where they have to be told how things stand.
    pub(super) missed: Option<Vec<Arc<HubEvent>>>,
    /// What is to come.
    pub(super) events: broadcast::Receiver<Arc<HubEvent>>,
    _viewer: Viewer,
}

/// Somebody who is attached, as long as this lives.
#[derive(Debug)]
pub(super) struct Viewer(Arc<AtomicU64>);

impl Drop for Viewer {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Hub {
    /// Nothing happened yet.
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        Self {
            life: now.timestamp_micros(),
            events: broadcast::channel(KEPT).0,
            kept: Mutex::default(),
            viewers: Arc::default(),
            over: CancellationToken::new(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, HubMemory> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells an event to everybody who is attached.
    pub(super) fn publish(&self, kind: &'static str, data: String) {
        let mut kept = self.kept();
        kept.last += 1;
        let event = Arc::new(HubEvent { number: kept.last, kind, data });
        kept.events.push_back(Arc::clone(&event));
        if kept.events.len() > KEPT {
            kept.events.pop_front();
        }
        // Nobody listens: nothing to be told.
        let _ = self.events.send(event);
    }

    /// Writes a line into the log and the journal, and tells it.
    pub(super) fn note(&self, entry: &LogEntry) {
        entry.write();
        self.keep(entry);
    }

    /// The same of a line that is written down already.
    pub(super) fn keep(&self, entry: &LogEntry) {
        let (at, pid) = (SystemClock.now(), std::process::id());
        let entry = LogEntry { at, pid, run: "sverka engine".to_owned(), ..entry.clone() };
        let told = api::entry(&entry);
        {
            let mut kept = self.kept();
            kept.lines.push_back(entry);
            if kept.lines.len() > LINES {
                kept.lines.pop_front();
            }
        }
        self.publish("notice", told);
    }

    /// Lines of the journal, the oldest first.
    pub(super) fn lines(&self) -> Vec<LogEntry> {
        self.kept().lines.iter().cloned().collect()
    }

    /// Attaches somebody who heard everything up to an event, where they say so.
    pub(super) fn hear(&self, last_id: Option<&str>) -> Hearing {
        let kept = self.kept();
        let events = self.events.subscribe();
        let missed = last_id.and_then(|id| self.number_of(id)).and_then(|number| kept.since(number));
        drop(kept);
        Hearing { missed, events, _viewer: self.viewer() }
    }

    /// Counts somebody who is attached otherwise.
    pub(super) fn viewer(&self) -> Viewer {
        self.viewers.fetch_add(1, Ordering::Relaxed);
        Viewer(Arc::clone(&self.viewers))
    }

    /// How many are attached.
    pub(super) fn viewers(&self) -> u64 {
        self.viewers.load(Ordering::Relaxed)
    }

    /// The number of the last event.
    pub(super) fn last(&self) -> u64 {
        self.kept().last
    }

    /// An event's number as it is told to viewers.
    pub(super) fn id(&self, number: u64) -> String {
        format!("{:x}-{number}", self.life)
    }

    fn number_of(&self, id: &str) -> Option<u64> {
        let (life, number) = id.split_once('-')?;
        (i64::from_str_radix(life, 16).ok()? == self.life).then(|| number.parse().ok())?
    }
}

impl HubMemory {
    /// What happened after an event, if nothing of it is forgotten.
    fn since(&self, number: u64) -> Option<Vec<Arc<HubEvent>>> {
        let oldest = self.events.front().map_or(self.last + 1, |event| event.number);
        (number <= self.last && number + 1 >= oldest)
            .then(|| self.events.iter().filter(|event| event.number > number).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hub(events: usize) -> Hub {
        let hub = Hub::new(DateTime::from_timestamp_micros(1_000_000).expect("a moment"));
        (0..events).for_each(|number| hub.publish("sync", number.to_string()));
        hub
    }

    fn missed(hub: &Hub, id: &str) -> Option<Vec<u64>> {
        let missed = hub.hear(Some(id)).missed;
        missed.map(|events| events.iter().map(|event| event.number).collect())
    }

    #[test]
    fn who_comes_back_hears_what_they_missed_or_how_things_stand() {
        let little = hub(3);
        assert_eq!(missed(&little, &little.id(1)), Some(vec![2, 3]));
        assert_eq!(missed(&little, &little.id(3)), Some(vec![]));
        assert_eq!(missed(&hub(0), &hub(0).id(0)), Some(vec![]));
        for id in ["", "1", "f4240-", "f4240-4", "zz-1", "f4241-1", "f4240-99999999999999999999"] {
            assert_eq!(missed(&little, id), None, "{id}");
        }
        assert!(little.hear(None).missed.is_none(), "who is new is told how things stand");
        let much = hub(KEPT + 5);
        assert_eq!(missed(&much, &much.id(4)), None, "forgotten");
        assert_eq!(missed(&much, &much.id(5)).map(|events| events.len()), Some(KEPT));
    }

    #[test]
    fn who_is_too_slow_costs_nobody_anything() {
        let hub = hub(0);
        let mut slow = hub.hear(None);
        assert_eq!(hub.viewers(), 1);
        (0..KEPT * 3).for_each(|number| hub.publish("sync", number.to_string()));
        assert!(matches!(slow.events.try_recv(), Err(broadcast::error::TryRecvError::Lagged(_))));
        assert_eq!(hub.kept().events.len(), KEPT);
        drop(slow);
        assert_eq!(hub.viewers(), 0);
    }
}
