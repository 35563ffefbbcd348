//! What everybody who is attached hears: events with numbers, kept for those who come back, and the journal.
//!
//! Nobody is waited for. The queue is bounded and of all together; whoever is too slow for it has missed something, and is
//! told how things stand instead.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::cli::clock::SystemClock;
use crate::engine::Clock;
use crate::report::json::api;
use crate::report::log::LogEntry;

use super::caller::Caller;

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
    viewers: Arc<Viewers>,
    /// Set when it ends because nobody needs it.
    pub(super) is_idle: AtomicBool,
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

/// All who are attached.
#[derive(Debug)]
struct Viewers {
    here: Mutex<(u64, BTreeMap<u64, Caller>)>,
    /// Another number whenever somebody comes or goes, or a sync is another than before.
    stirred: watch::Sender<u64>,
}

impl Viewers {
    fn here(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Caller>)> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stir(&self) {
        self.stirred.send_modify(|stirred| *stirred += 1);
    }
}

/// Somebody who is attached, as long as this lives.
#[derive(Debug)]
pub(super) struct Viewer(Arc<Viewers>, u64);

impl Drop for Viewer {
    fn drop(&mut self) {
        self.0.here().1.remove(&self.1);
        self.0.stir();
    }
}

impl Hub {
    /// Nothing happened yet.
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        Self {
            life: now.timestamp_micros(),
            events: broadcast::channel(KEPT).0,
            kept: Mutex::default(),
            viewers: Arc::new(Viewers { here: Mutex::default(), stirred: watch::channel(0).0 }),
            is_idle: AtomicBool::new(false),
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
        drop(kept);
        if kind == "sync" {
            self.stir();
        }
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
    pub(super) fn hear(&self, last_id: Option<&str>, caller: Caller) -> Hearing {
        let kept = self.kept();
        let events = self.events.subscribe();
        let missed = last_id.and_then(|id| self.number_of(id)).and_then(|number| kept.since(number));
        drop(kept);
        Hearing { missed, events, _viewer: self.viewer(caller) }
    }

    /// Counts somebody who is attached otherwise.
    pub(super) fn viewer(&self, caller: Caller) -> Viewer {
        let mut here = self.viewers.here();
        here.0 += 1;
        let number = here.0;
        here.1.insert(number, caller);
        drop(here);
        self.viewers.stir();
        Viewer(Arc::clone(&self.viewers), number)
    }

    /// Who is attached, in the order they came: whoever has several ways in at once is one.
    pub(super) fn viewers(&self) -> Vec<String> {
        let here = self.viewers.here();
        let mut known = BTreeSet::new();
        let different = here.1.values().filter(|caller| caller.key.is_empty() || known.insert(&caller.key));
        different.map(|caller| caller.name.clone()).collect()
    }

    /// Hears that somebody came or went, or that a sync is another than before.
    pub(super) fn stirs(&self) -> watch::Receiver<u64> {
        self.viewers.stirred.subscribe()
    }

    /// Something happened that decides whether the engine is needed.
    pub(super) fn stir(&self) {
        self.viewers.stir();
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
        let missed = hub.hear(Some(id), Caller::default()).missed;
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
        assert!(little.hear(None, Caller::default()).missed.is_none(), "who is new is told how things stand");
        let much = hub(KEPT + 5);
        assert_eq!(missed(&much, &much.id(4)), None, "forgotten");
        assert_eq!(missed(&much, &much.id(5)).map(|events| events.len()), Some(KEPT));
    }

    #[test]
    fn who_is_too_slow_costs_nobody_anything() {
        let hub = hub(0);
        let mut slow = hub.hear(None, Caller::default());
        assert_eq!(hub.viewers().len(), 1);
        (0..KEPT * 3).for_each(|number| hub.publish("sync", number.to_string()));
        assert!(matches!(slow.events.try_recv(), Err(broadcast::error::TryRecvError::Lagged(_))));
        assert_eq!(hub.kept().events.len(), KEPT);
        drop(slow);
        assert_eq!(hub.viewers().len(), 0);
    }

    #[test]
    fn who_has_several_ways_in_is_one_viewer() {
        let hub = hub(0);
        let anna = || Caller { key: "1000 pts/1 7".to_owned(), name: "anna@pts/1".to_owned() };
        let mut stirs = hub.stirs();
        let first = hub.viewer(anna());
        assert!(stirs.has_changed().expect("it is there"));
        stirs.borrow_and_update();
        let (second, nameless) =
            (hub.viewer(anna()), [hub.viewer(Caller::default()), hub.viewer(Caller::default())]);
        assert_eq!(hub.viewers(), ["anna@pts/1", "API", "API"]);
        drop((first, nameless));
        assert_eq!(hub.viewers(), ["anna@pts/1"]);
        drop(second);
        assert!(hub.viewers().is_empty() && stirs.has_changed().expect("it is there"));
    }
}
