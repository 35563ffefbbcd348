//! The real binary where it hurts. Whatever happens to it, the store holds one whole generation, the program says
//! what happened and what to do, and the next run goes on.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what was drawn, and what this machine cannot do"
)]

/// Disks that are full, read-only, closed to us, or changed beneath.
mod disk;
/// Files in the store's place that are no store, or one no more.
mod files;
/// `kill -9` at moments drawn from a seed.
mod kills;
/// What is left of commands that are killed while they write.
mod leftovers;
/// Holders of locks that do not let go.
mod locks;
/// What the memory holds, left nowhere.
mod memory;
/// Mistakes of our own: what is shown, and what is left for those who mend them.
mod panics;
/// Other processes: signals, holders, readers.
mod processes;
/// Terminals that are left, lost, dumb or flooded.
mod terminals;

use sverka::store::{Access, Store};

use crate::support::binary::Machine;
use crate::support::{audited_figures, stored_figures};

/// The published generation is whole, is this one, and has the figures of 1C's books as they are now.
#[track_caller]
fn assert_published(machine: &Machine, id: u64) {
    let store = Store::open(&machine.store(), Access::Read).unwrap();
    store.verify().unwrap();
    let snapshot = store.snapshot().unwrap();
    let generation = snapshot.generation().unwrap();
    assert_eq!(generation.id, id);
    let (from, points_at) = (generation.window.from.unwrap(), generation.points_at.unwrap());
    let audited = machine.onec(|onec| audited_figures(onec.books(), from, points_at));
    assert_eq!(stored_figures(&snapshot), audited);
}
