//! Libraries that panic where the disk refuses.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught and told as a failure of the disk: it is no mistake of ours.
pub fn is_expected() -> bool {
    EXPECTED.get()
}

/// Runs what a library does to files of its own. Where it panics because the disk refuses, that is the failure.
pub fn caught<T>(work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let before = EXPECTED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(before);
    done.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        Err(words.or_else(|| panic.downcast_ref::<&str>().copied()).map_or_else(unknown, reason))
    })
}

/// What the disk said, as far as the words of the panic repeat it.
fn reason(words: &str) -> io::Error {
    let number = words.split_once("Os { code: ").and_then(|(_, rest)| rest.split(',').next()?.parse().ok());
    number.map_or_else(unknown, io::Error::from_raw_os_error)
}

fn unknown() -> io::Error {
    io::Error::other("a library gave up writing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_over_a_full_disk_is_the_disks_failure() {
        let full = io::Error::from(rustix::io::Errno::NOSPC);
        let told = caught(|| -> io::Result<()> {
            assert!(is_expected());
            panic!("written: {:?}", io::Error::from(rustix::io::Errno::NOSPC))
        });
        assert_eq!(told.unwrap_err().kind(), full.kind());
        assert!(!is_expected(), "the next panic is one of ours");
        let told = caught(|| -> io::Result<()> { panic!("words") });
        assert_eq!(told.unwrap_err().kind(), io::ErrorKind::Other);
        assert_eq!(caught(|| Ok(7)).unwrap(), 7);
    }
}
