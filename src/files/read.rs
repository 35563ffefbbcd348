//! A file that is read whole, or given up: whatever lies there, nobody waits for it for ever, and it does not fill the
//! memory.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;

use super::ending::is_ending;

/// How long a pipe may have no writer, or its writer say nothing.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked at meanwhile.
const STEP: Duration = Duration::from_millis(20);
/// Bytes taken at once.
const PORTION: usize = 16 << 10;

/// Reads a file, a pipe or a device to its end into `bytes`, which does not grow where it has room for `most` bytes and
/// one more. A file that is longer is too large; a pipe that nobody writes to for ten seconds, or until this process is
/// about to end, has run out of time.
pub fn read_at_most(path: &Path, most: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
    read_patiently(path, most, bytes, PATIENCE)
}

fn read_patiently(path: &Path, most: usize, bytes: &mut Vec<u8>, patience: Duration) -> io::Result<()> {
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits()).unwrap_or_default();
    let mut file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    loop {
        wait_for_more(&file, patience)?;
        let before = bytes.len();
        let wanted = (most + 1).saturating_sub(before).min(PORTION);
        bytes.resize(before + wanted, 0);
        let read = bytes.get_mut(before..).map_or(Ok(0), |room| file.read(room));
        bytes.truncate(before + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => return Ok(()),
            Ok(_) if bytes.len() > most => return Err(io::ErrorKind::FileTooLarge.into()),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Waits until there is something to read, or the writer has gone. A pipe that nobody has opened to write says nothing.
fn wait_for_more(file: &File, patience: Duration) -> io::Result<()> {
    let mut waited = Duration::ZERO;
    let step = Timespec { tv_sec: 0, tv_nsec: STEP.subsec_nanos().into() };
    while !is_ending() && waited < patience {
        match poll(&mut [PollFd::from_borrowed_fd(file.as_fd(), PollFlags::IN)], Some(&step)) {
            Ok(0) => waited += STEP,
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const SOON: Duration = Duration::from_millis(60);

    fn read(path: &Path, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(most + 1);
        read_patiently(path, most, &mut bytes, SOON)?;
        assert_eq!(bytes.capacity(), most + 1, "the buffer never grows");
        Ok(bytes)
    }

    fn pipe_in(folder: &Path) -> std::path::PathBuf {
        let path = folder.join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR)
            .unwrap();
        path
    }

    #[test]
    fn a_file_is_read_to_its_end_and_no_further_than_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for length in [0, 1, PORTION - 1, PORTION, 3 * PORTION + 7] {
            std::fs::write(&path, vec![b'x'; length]).unwrap();
            assert_eq!(read(&path, length).unwrap().len(), length);
            if length > 0 {
                let error = read(&path, length - 1).unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
            }
        }
        assert_eq!(read(Path::new("/dev/zero"), 70_000).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(read(Path::new("/dev/null"), 9).unwrap(), b"");
        assert_eq!(read(&folder.path().join("none"), 9).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn p2_a_pipe_that_nobody_writes_to_is_not_waited_for_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = pipe_in(folder.path());
        assert_eq!(read(&path, 9).unwrap_err().kind(), io::ErrorKind::TimedOut);
        let _held = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        assert_eq!(read(&path, 9).unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    /// `<(…)`: what is written in parts is read whole, and the writer may be gone before it is.
    #[test]
    fn a_pipe_is_read_until_its_writer_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = pipe_in(folder.path());
        let (to, text) = (path.clone(), vec![b'y'; 200_000]);
        let writer = std::thread::spawn(move || {
            let mut pipe = OpenOptions::new().write(true).open(to).unwrap();
            text.chunks(70_000).for_each(|part| pipe.write_all(part).unwrap());
        });
        let mut bytes = Vec::new();
        read_patiently(&path, 1 << 20, &mut bytes, PATIENCE).unwrap();
        writer.join().unwrap();
        assert_eq!(bytes.len(), 200_000);

        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(b"gone").unwrap();
        drop(writer);
        let name = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
        assert_eq!(read(Path::new(&name), 9).unwrap(), b"gone");
    }
}
