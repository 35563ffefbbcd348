//! A place something is written to: what lies there is looked at before, and replaced only where that was meant.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use thiserror::Error;

use super::draft::{Draft, folder_of};
use super::ending::is_ending;

/// How long a pipe may be without a reader, or a reader take nothing.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked at meanwhile.
const STEP: Duration = Duration::from_millis(20);
/// Links followed on the way to a file, as the system does it.
const LINKS: usize = 40;
/// Bytes looked at to know a file by its beginning.
const HEAD: u64 = 256;
/// What every store begins with.
const STORE: &[u8] = b"redb\x1a\x0a\xa9\x0d\x0a";

/// Which file lies at a path: another one has another identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    device: u64,
    number: u64,
}

impl Identity {
    /// That of an open file, or of one that was looked at.
    pub fn of(file: &Metadata) -> Self {
        Self { device: file.dev(), number: file.ino() }
    }
}

/// What a file of ours is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A store.
    Store,
    /// What lies beside the store and belongs to it.
    Note,
    /// The settings.
    Settings,
    /// A password, or a certificate.
    Secret,
    /// What the program remembers of itself.
    State,
}

/// A file that nothing is ever written over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// What it is.
    pub what: What,
    /// Where it is, or will be.
    pub path: PathBuf,
}

/// What may be replaced at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// Nothing.
    Nothing,
    /// Whatever is not ours.
    Foreign,
    /// A file that is empty or begins like this.
    BeginsWith(&'static str),
    /// A store: whoever asks looks into it.
    AnotherStore,
}

/// What is asked of a place.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// Where.
    pub path: &'a Path,
    /// What may be replaced there.
    pub replace: Replace,
    /// The rights of a file that is made.
    pub mode: u32,
    /// What nothing is written over.
    pub kept: &'a [KeptFile],
}

/// Why nothing is written there.
#[derive(Debug, Error)]
pub enum Refusal {
    /// It is a file of ours, whatever name leads to it.
    #[error("it is one of sverka's own files")]
    Own(What),
    /// Something is there already.
    #[error("it exists")]
    Exists,
    /// What is there was not written by us.
    #[error("it was not written by sverka")]
    Foreign,
    /// A link that leads to nothing.
    #[error("the link leads nowhere")]
    LinkToNothing,
    /// A disk, a socket: neither a file nor anything to write to.
    #[error("neither a file, a pipe nor a character device")]
    NoFile,
    /// Nobody reads the pipe.
    #[error("nobody reads the pipe")]
    NoReader,
    /// What the system said.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A place that was looked at.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file, links followed.
    path: PathBuf,
    way: WriteWay,
    mode: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WriteWay {
    /// A file is made.
    New,
    /// A file takes the place of this one.
    Over(Identity),
    /// Into what is there: a device, or a file that is open already.
    Into,
    /// Into a pipe.
    IntoPipe,
}

impl Place {
    /// Looks at a place. Nothing is written, and nothing made.
    pub fn find(wish: &Wish<'_>) -> Result<Self, Refusal> {
        let (path, is_open) = follow(wish.path)?;
        let there = match fs::metadata(wish.path) {
            Ok(there) => Some(there),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        for kept in wish.kept {
            if is_same(kept, &path, there.as_ref()) {
                return Err(Refusal::Own(kept.what));
            }
        }
        let way = match &there {
            None if fs::symlink_metadata(wish.path).is_ok() => return Err(Refusal::LinkToNothing),
            None => WriteWay::New,
            Some(there) => way_to(wish, there, is_open)?,
        };
        if way == WriteWay::New && !folder_of(&path).is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        }
        Ok(Self { path, way, mode: wish.mode })
    }

    /// The file, links followed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder a file is made in; `None` where something is written into what is there.
    pub fn folder(&self) -> Option<&Path> {
        matches!(self.way, WriteWay::New | WriteWay::Over(_)).then(|| folder_of(&self.path))
    }

    /// Begins to write there. A pipe is waited for, not for ever.
    pub fn begin(self) -> Result<Writing, Refusal> {
        let out = match self.way {
            WriteWay::New | WriteWay::Over(_) => {
                WriteTarget::Draft(Draft::in_folder(folder_of(&self.path), self.mode)?)
            }
            WriteWay::Into => WriteTarget::There(open_to_write(&self.path, OFlags::APPEND | OFlags::NOCTTY)?),
            WriteWay::IntoPipe => WriteTarget::Pipe(open_pipe(&self.path)?),
        };
        Ok(Writing { place: self, out: BufWriter::new(out) })
    }

    /// Gives a draft its name here.
    pub fn keep(&self, draft: Draft) -> Result<(), Refusal> {
        match self.way {
            WriteWay::Over(looked_at) => match fs::symlink_metadata(&self.path) {
                Ok(there) if Identity::of(&there) != looked_at => Err(Refusal::Exists),
                _ => Ok(draft.replace(&self.path)?),
            },
            _ => draft.keep_new(&self.path).map_err(|(error, _)| error.into()),
        }
    }
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Io(error) => error,
            other => Self::other(other),
        }
    }
}

/// Follows the links of a path, also of one that does not exist yet. Says whether they lead through what a process
/// has open.
fn follow(path: &Path) -> Result<(PathBuf, bool), Refusal> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        if path.as_os_str() == "/dev/stdout" || path.as_os_str() == "/dev/stderr" || is_open_file(&path) {
            return Ok((path, true));
        }
        match fs::read_link(&path) {
            Ok(to) => path = folder_of(&path).join(to),
            Err(_) => return Ok((path, false)),
        }
    }
    Err(Refusal::LinkToNothing)
}

fn is_open_file(path: &Path) -> bool {
    let is_folder = path.file_name().is_none();
    let folder = (!is_folder).then(|| fs::canonicalize(folder_of(path)).ok()).flatten();
    folder.is_some_and(|folder| folder.starts_with("/proc") && folder.ends_with("fd"))
}

/// Whether this is a file to be kept: by its identity, or by its name where it is yet to be made.
fn is_same(kept: &KeptFile, path: &Path, there: Option<&Metadata>) -> bool {
    match (fs::metadata(&kept.path), there) {
        (Ok(kept), Some(there)) => Identity::of(&kept) == Identity::of(there),
        (Err(_), None) => {
            let whole = |path: &Path| {
                let path = follow(path).map_or_else(|_| path.to_owned(), |(path, _)| path);
                Some((fs::canonicalize(folder_of(&path)).ok()?, path.file_name()?.to_owned()))
            };
            let place = whole(path);
            place.is_some() && place == whole(&kept.path)
        }
        _ => false,
    }
}

fn way_to(wish: &Wish<'_>, there: &Metadata, is_open: bool) -> Result<WriteWay, Refusal> {
    let kind = there.file_type();
    if kind.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
    }
    if kind.is_char_device() {
        return Ok(WriteWay::Into);
    }
    if kind.is_fifo() {
        return Ok(WriteWay::IntoPipe);
    }
    if !kind.is_file() {
        return Err(Refusal::NoFile);
    }
    let mut head = Vec::new();
    // What may not be read is somebody else's; an open file may be open for writing only.
    match open_to_read(wish.path).and_then(|file| file.take(HEAD).read_to_end(&mut head)) {
        Err(error) if !is_open => return Err(error.into()),
        _ => {}
    }
    let is_meant = match wish.replace {
        Replace::AnotherStore => true,
        Replace::Nothing => !is_open,
        Replace::Foreign | Replace::BeginsWith(_) => false,
    };
    if head.starts_with(STORE) && !is_meant {
        return Err(Refusal::Own(What::Store));
    }
    if is_open {
        return Ok(WriteWay::Into);
    }
    match wish.replace {
        Replace::Nothing => Err(Refusal::Exists),
        Replace::BeginsWith(begin) if !head.is_empty() && !head.starts_with(begin.as_bytes()) => {
            Err(Refusal::Foreign)
        }
        _ => Ok(WriteWay::Over(Identity::of(there))),
    }
}

fn open_to_read(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(flags(OFlags::NONBLOCK)).open(path)
}

fn open_to_write(path: &Path, with: OFlags) -> io::Result<File> {
    OpenOptions::new().write(true).custom_flags(flags(with)).open(path)
}

fn flags(flags: OFlags) -> i32 {
    i32::try_from(flags.bits()).unwrap_or_default()
}

/// A pipe that nobody reads cannot be opened: it is tried for a while.
fn open_pipe(path: &Path) -> Result<File, Refusal> {
    let nobody = rustix::io::Errno::NXIO.raw_os_error();
    let mut waited = Duration::ZERO;
    loop {
        match open_to_write(path, OFlags::NONBLOCK) {
            Err(error) if error.raw_os_error() == Some(nobody) => {
                if waited >= PATIENCE || is_ending() {
                    return Err(Refusal::NoReader);
                }
                thread::sleep(STEP);
                waited += STEP;
            }
            opened => return Ok(opened?),
        }
    }
}

/// What is being written.
#[derive(Debug)]
pub struct Writing {
    place: Place,
    out: BufWriter<WriteTarget>,
}

#[derive(Debug)]
enum WriteTarget {
    Draft(Draft),
    There(File),
    Pipe(File),
}

impl Writing {
    /// All is written: a file gets its name, and what was there before is gone only now.
    pub fn finish(mut self) -> Result<(), Refusal> {
        self.out.flush()?;
        let out = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        match out {
            WriteTarget::Draft(draft) => self.place.keep(draft),
            WriteTarget::There(_) | WriteTarget::Pipe(_) => Ok(()),
        }
    }
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Write for WriteTarget {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Draft(draft) => draft.file().write(bytes),
            Self::There(file) => file.write(bytes),
            Self::Pipe(file) => write_to_pipe(file, bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Waits while the pipe is full, as long as its reader takes something now and then.
fn write_to_pipe(file: &mut File, bytes: &[u8]) -> io::Result<usize> {
    let mut waited = Duration::ZERO;
    loop {
        match file.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            written => return written,
        }
        if waited >= PATIENCE || is_ending() {
            return Err(Refusal::NoReader.into());
        }
        let step = Timespec { tv_sec: 0, tv_nsec: STEP.subsec_nanos().into() };
        match poll(&mut [PollFd::from_borrowed_fd(file.as_fd(), PollFlags::OUT)], Some(&step)) {
            Ok(0) => waited += STEP,
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
