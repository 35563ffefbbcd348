//! A log that several processes append to, and that is bounded: a full file gets a number, the oldest one goes.
//!
//! ```text
//! sverka.log ─▶ sverka.log.1 ─▶ sverka.log.2 ─▶ … ─▶ gone          whoever fills a file turns it over, under its lock
//! ```

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::OFlags;

use super::draft::{folder_of, make_folder};
use super::place::{Identity, KeptFile, Place, Refusal, Replace, Wish};

/// What a log of ours begins with: nothing else is written into, or away. A line of JSON, as the others may be.
const HEAD: &str = "{\"log\":\"sverka\"}";
/// For its owner alone.
const MODE: u32 = 0o600;
/// Looks at the lock while another process writes its line; after that the line is written all the same.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(1);

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogBound {
    /// Bytes of one file.
    pub size: u64,
    /// Files, the one that is written included.
    pub files: u32,
}

/// A log that is written, line by line.
#[derive(Debug)]
pub struct LogFile {
    path: PathBuf,
    file: File,
    bound: LogBound,
}

impl LogFile {
    /// Opens a log, or begins one: for its owner alone, and never over what is not ours.
    pub fn open(path: &Path, bound: LogBound, kept: &[KeptFile]) -> Result<Self, Refusal> {
        make_folder(folder_of(path))?;
        let wish = Wish { path, replace: Replace::BeginsWith(HEAD), mode: MODE, kept };
        let place = Place::find(&wish)?;
        place.folder().ok_or(Refusal::NoFile)?;
        let path = place.path().to_owned();
        Ok(Self { file: opened(&path)?, path, bound })
    }

    /// Adds a line. Another process may have turned the file over meanwhile.
    pub fn append(&mut self, line: &[u8]) -> Result<(), Refusal> {
        let is_locked = self.lock();
        let written = self.append_locked(line, is_locked);
        let _ = self.file.unlock();
        written
    }

    fn append_locked(&mut self, line: &[u8], is_locked: bool) -> Result<(), Refusal> {
        if !self.is_current() {
            self.file = opened(&self.path)?;
        } else if is_locked && self.is_full(line.len())? {
            self.turn_over()?;
            self.file = opened(&self.path)?;
        }
        Ok(self.file.write_all(line)?)
    }

    fn lock(&self) -> bool {
        (0..TRIES).any(|_| {
            let is_locked = self.file.try_lock().is_ok();
            if !is_locked {
                thread::sleep(PAUSE);
            }
            is_locked
        })
    }

    fn is_current(&self) -> bool {
        let there = fs::symlink_metadata(&self.path).map(|there| Identity::of(&there));
        let ours = self.file.metadata().map(|ours| Identity::of(&ours));
        matches!((there, ours), (Ok(there), Ok(ours)) if there == ours)
    }

    fn is_full(&self, more: usize) -> io::Result<bool> {
        let length = self.file.metadata()?.len();
        Ok(length > HEAD.len() as u64 + 1 && length + more as u64 > self.bound.size)
    }

    /// Moves every file one further. The last one goes; what is not ours is in the way.
    fn turn_over(&self) -> Result<(), Refusal> {
        let names: Vec<PathBuf> = (0..self.bound.files).map(|number| numbered(&self.path, number)).collect();
        if names.iter().any(|name| fs::symlink_metadata(name).is_ok() && !is_ours(name)) {
            return Err(Refusal::Foreign);
        }
        for pair in names.windows(2).rev() {
            match fs::rename(&pair[0], &pair[1]) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        match names.as_slice() {
            [only] => Ok(fs::remove_file(only)?),
            _ => Ok(()),
        }
    }
}

/// The name of a file that was turned over so many times.
/// The files of a log that keeps so many: the one that is written, and those that were turned over.
pub fn all_of(path: &Path, files: u32) -> impl Iterator<Item = PathBuf> {
    (0..files.max(1)).map(|number| numbered(path, number))
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = OsString::from(path);
    if number > 0 {
        name.push(format!(".{number}"));
    }
    name.into()
}

fn is_ours(path: &Path) -> bool {
    let is_file = fs::symlink_metadata(path).is_ok_and(|there| there.is_file());
    is_file && File::open(path).is_ok_and(|mut file| begins_like_ours(&mut file))
}

fn begins_like_ours(file: &mut File) -> bool {
    let mut head = [0; HEAD.len()];
    file.read_exact(&mut head).is_ok() && head == HEAD.as_bytes()
}

/// The file there, or a new one with its head. What lies there was looked at; it is looked at again once it is open.
fn opened(path: &Path) -> Result<File, Refusal> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).mode(MODE).custom_flags(flags);
    let mut file = options.open(path)?;
    let there = file.metadata()?;
    if !there.is_file() {
        return Err(Refusal::NoFile);
    }
    if there.len() == 0 {
        file.write_all(format!("{HEAD}\n").as_bytes())?;
    } else if !begins_like_ours(&mut file) {
        return Err(Refusal::Foreign);
    }
    if there.permissions().mode() & 0o777 != MODE {
        file.set_permissions(Permissions::from_mode(MODE))?;
    }
    Ok(file)
}

/// The last lines of a log, the oldest first: at most so many, out of at most so many bytes. Nothing where there is no log
/// of ours.
pub fn last_lines(path: &Path, most: usize, bytes: u64) -> Vec<String> {
    let mut lines = tail(path, bytes);
    if lines.len() < most {
        lines.splice(0..0, tail(&numbered(path, 1), bytes));
    }
    lines.drain(..lines.len().saturating_sub(most));
    lines
}

fn tail(path: &Path, bytes: u64) -> Vec<String> {
    read_tail(path, bytes).unwrap_or_default()
}

fn read_tail(path: &Path, bytes: u64) -> io::Result<Vec<String>> {
    if !is_ours(path) {
        return Ok(Vec::new());
    }
    let mut file = File::open(path)?;
    let from = file.metadata()?.len().saturating_sub(bytes);
    file.seek(SeekFrom::Start(from))?;
    let mut read = Vec::new();
    file.take(bytes).read_to_end(&mut read)?;
    let text = String::from_utf8_lossy(&read);
    // The first line is the head, or begins before what was read.
    Ok(text.lines().skip(1).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: LogBound = LogBound { size: 100, files: 3 };

    fn lines(path: &Path) -> Vec<String> {
        tail(path, 10_000)
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_full_log_gets_a_number_and_the_oldest_goes() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state").join("sverka.log");
        let mut log = LogFile::open(&path, BOUND, &[]).unwrap();
        for number in 0..40 {
            log.append(format!("line {number:20}\n").as_bytes()).unwrap();
        }
        let names = [0, 1, 2].map(|number| numbered(&path, number));
        assert_eq!(fs::read_dir(home.path().join("state")).unwrap().count(), 3);
        for name in &names {
            assert!(fs::metadata(name).unwrap().len() <= BOUND.size);
            assert_eq!(mode(name), MODE);
        }
        assert!(lines(&names[0]).last().unwrap().ends_with(" 39"));
        let all: Vec<String> = names.iter().rev().flat_map(|name| lines(name)).collect();
        let numbers: Vec<u32> = all.iter().map(|line| line[5..].trim().parse().unwrap()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{numbers:?}");
        assert_eq!(last_lines(&path, 4, 10_000), all[all.len() - 4..]);
        assert_eq!(last_lines(&path, 1, 10_000), all[all.len() - 1..]);
    }

    #[test]
    fn one_file_alone_is_bounded_too() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("sverka.log");
        let mut log = LogFile::open(&path, LogBound { files: 1, ..BOUND }, &[]).unwrap();
        for _ in 0..20 {
            log.append(b"a line of some length\n").unwrap();
        }
        assert!(fs::metadata(&path).unwrap().len() <= BOUND.size);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_processes_write_one_log_and_lose_no_line() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("sverka.log");
        let bound = LogBound { size: 400, files: 100 };
        let write = |who: &'static str| {
            let mut log = LogFile::open(&path, bound, &[]).unwrap();
            thread::spawn(move || {
                for number in 0..50 {
                    log.append(format!("{who} {number}\n").as_bytes()).unwrap();
                }
            })
        };
        for thread in [write("a"), write("b")] {
            thread.join().unwrap();
        }
        let all: Vec<String> = (0..100).rev().flat_map(|number| lines(&numbered(&path, number))).collect();
        for who in ["a", "b"] {
            let own: Vec<_> = all.iter().filter(|line| line.starts_with(who)).collect();
            assert_eq!(own.len(), 50, "{own:?}");
        }
    }

    #[test]
    fn what_is_not_ours_is_neither_written_into_nor_away() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("sverka.log");
        let foreign = "my diary\n";
        fs::write(&path, foreign).unwrap();
        assert!(matches!(LogFile::open(&path, BOUND, &[]), Err(Refusal::Foreign)));
        assert_eq!(fs::read_to_string(&path).unwrap(), foreign);
        assert_eq!(last_lines(&path, 9, 999), Vec::<String>::new());
        fs::remove_file(&path).unwrap();
        let kept = [KeptFile { what: super::super::What::Settings, path: path.clone() }];
        assert!(matches!(LogFile::open(&path, BOUND, &kept), Err(Refusal::Own(_))));
        fs::write(numbered(&path, 1), foreign).unwrap();
        let mut log = LogFile::open(&path, BOUND, &[]).unwrap();
        assert!((0..20).any(|_| log.append(b"a line of some length\n").is_err()));
        assert_eq!(fs::read_to_string(numbered(&path, 1)).unwrap(), foreign);
        assert!(fs::metadata(&path).unwrap().len() <= BOUND.size, "bounded all the same");
    }

    #[test]
    fn a_log_that_others_may_read_is_shut() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("sverka.log");
        fs::write(&path, format!("{HEAD}\n")).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        LogFile::open(&path, BOUND, &[]).unwrap().append(b"line\n").unwrap();
        assert_eq!(mode(&path), MODE);
    }
}
