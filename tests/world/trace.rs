//! What happened in a world, in order: to be read when it failed, and hashed to prove that it repeats.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::chance::{mix, mix_text};

/// The record of a world. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Trace(Arc<Mutex<Record>>);

#[derive(Debug, Default)]
struct Record {
    lines: Vec<String>,
    hash: u64,
}

impl Trace {
    /// Adds a line, with the virtual time it happened at.
    pub fn line(&self, at: std::time::Duration, line: &str) {
        let mut record = self.record();
        let line = format!("{:>10} ms  {line}", at.as_millis());
        record.hash = mix_text(record.hash, &line);
        record.lines.push(line);
    }

    /// Takes something into the hash that would be too much to read.
    pub fn stir(&self, word: u64) {
        let mut record = self.record();
        record.hash = mix(record.hash, word);
    }

    pub fn hash(&self) -> u64 {
        self.record().hash
    }

    /// The last lines, as text.
    pub fn tail(&self, lines: usize) -> String {
        let record = self.record();
        let from = record.lines.len().saturating_sub(lines);
        record.lines[from..].join("\n")
    }

    pub fn lines(&self) -> Vec<String> {
        self.record().lines.clone()
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
