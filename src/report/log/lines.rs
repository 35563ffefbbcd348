//! Lines of a log read back: what earlier runs left.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{LogEntry, sink};
use crate::config::LogLevel;
use crate::files::last_lines;

/// Bytes of a file looked at: some thousand lines.
const BYTES: u64 = 256 << 10;

/// What other processes wrote down last of this one's store, the oldest first, at most so much. A line that cannot be read
/// is left out, and so is what happened to another store: one log is of all stores of its user.
pub fn earlier(path: &Path, most: usize) -> Vec<LogEntry> {
    let (own, store) = (std::process::id(), sink::store());
    let is_of_store = |of: &str| of.is_empty() || of == store;
    let lines = last_lines(path, most * 2, BYTES).into_iter().filter_map(|line| read(&line));
    let entries = lines.filter(|(of, entry)| entry.pid != own && is_of_store(of));
    let mut entries: Vec<LogEntry> = entries.map(|(_, entry)| entry).collect();
    entries.drain(..entries.len().saturating_sub(most));
    entries
}

/// A line as the log has it, in either format.
#[derive(Deserialize)]
struct LogLine {
    timestamp: DateTime<Utc>,
    level: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    remedy: String,
    /// Empty in lines of earlier versions.
    #[serde(default)]
    store: String,
    #[serde(default)]
    run: String,
    #[serde(default)]
    pid: u32,
}

/// The store that a line is of, and its entry.
fn read(line: &str) -> Option<(String, LogEntry)> {
    let line = if line.starts_with('{') { serde_json::from_str(line).ok()? } else { of_text(line)? };
    let LogLine { timestamp, level, message, code, remedy, store, run, pid } = line;
    let level = match level.as_str() {
        "ERROR" => LogLevel::Error,
        "WARN" => LogLevel::Warn,
        "INFO" => LogLevel::Info,
        "DEBUG" => LogLevel::Debug,
        _ => return None,
    };
    Some((store, LogEntry { at: timestamp, level, message, code, remedy, run, pid }))
}

fn of_text(line: &str) -> Option<LogLine> {
    let (timestamp, rest) = line.split_once(' ')?;
    let (level, mut rest) = rest.trim_start().split_once(' ')?;
    // From the end: what happened may say anything.
    let (before, pid) = rest.rsplit_once(" pid=")?;
    rest = before;
    let mut take = |name: &str| {
        let found = rest.rsplit_once(&format!(" {name}=\""));
        let found = found.and_then(|(before, value)| Some((before, value.strip_suffix('"')?)));
        let Some((before, value)) = found else { return String::new() };
        rest = before;
        value.replace("\\\"", "\"").replace("\\\\", "\\")
    };
    let [run, store, remedy, code] = ["run", "store", "remedy", "code"].map(&mut take);
    let message = rest.to_owned();
    let (timestamp, pid) = (timestamp.parse().ok()?, pid.parse().ok()?);
    Some(LogLine { timestamp, level: level.to_owned(), message, code, remedy, store, run, pid })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tracing_subscriber::Registry;
    use tracing_subscriber::layer::SubscriberExt;

    use super::super::sink::{file_layer, tag};
    use super::*;
    use crate::config::LogFormat;

    fn written(entry: &LogEntry, format: LogFormat) -> String {
        let (lines, waiting) = mpsc::sync_channel(8);
        let subscriber = Registry::default().with(file_layer(lines, format, || DateTime::UNIX_EPOCH));
        tracing::subscriber::with_default(subscriber, || entry.write());
        String::from_utf8(waiting.recv().unwrap().unwrap()).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_in_either_format() {
        for format in [LogFormat::Text, LogFormat::Json] {
            for (code, remedy) in [("", ""), ("onec-empty", "Проверьте \"адрес\" \\ имя"), ("x", "")]
            {
                for level in [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug] {
                    let entry = LogEntry {
                        code: code.into(),
                        remedy: remedy.into(),
                        ..LogEntry::new(level, "1С «занята», code=7: 503 [повтор]")
                    };
                    let line = written(&entry, format);
                    assert!(line.ends_with('\n') && line.matches('\n').count() == 1, "{line}");
                    let (_, read) = read(line.trim_end()).unwrap();
                    assert_eq!(read.pid, std::process::id());
                    assert_eq!(LogEntry { at: entry.at, pid: 0, ..read }, entry, "{line}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_line_of_ours_is_left_out() {
        for line in ["", "hello", "{\"log\":\"sverka\"}", "{}", "2026-11-30T05:43:10Z LOUD x run=\"\" pid=1"]
        {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn of_the_log_of_several_stores_the_lines_of_another_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let line = |message: &str, store: &str| {
            format!("2026-11-30T05:43:10Z  INFO {message}{store} run=\"sverka sync\" pid=1\n")
        };
        let other = format!(" store=\"{}\"", tag(Path::new("/data/other.redb")));
        let head = "{\"log\":\"sverka\"}\n".to_owned();
        let lines = [head, line("of an earlier version", ""), line("of another", &other)].concat();
        std::fs::write(&path, lines).unwrap();
        let told: Vec<_> = earlier(&path, 9).into_iter().map(|entry| entry.message).collect();
        assert_eq!(told, ["of an earlier version"]);
        assert_ne!(tag(Path::new("/data/other.redb")), tag(Path::new("/data/sverka.redb")));
    }
}
