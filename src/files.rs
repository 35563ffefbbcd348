//! Files that are written: whole or not at all, and never over what is not ours to replace. And files that are read: whole
//! or not at all, whatever lies there.
//!
//! ```text
//! Place::find ──> Place::begin ──> Writing (rows, lines…) ──> Writing::finish
//!    looks, and refuses       │         └─ a draft without a name, or one of ours that the next run removes
//!                             └─ into a device, a pipe or an open file: nothing is replaced there
//! ```

mod draft;
mod ending;
mod failure;
mod log_file;
mod place;
mod read;

pub use draft::{Draft, folder_of, make_folder, sweep};
pub use ending::{end_waits, ending, is_ending};
pub use failure::{caught, is_expected};
pub use log_file::{LogBound, LogFile, all_of, last_lines};
pub use place::{Identity, KeptFile, Place, Refusal, Replace, What, Wish, Writing};
pub use read::read_at_most;
