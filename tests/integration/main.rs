//! Tests through the public interface, against the simulated 1C over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(unreachable_pub, reason = "nobody imports a test binary")]

/// One test binary: a shop with a simulated 1C and an engine over it.
mod support;

/// The brake on sudden losses, and answers that are empty.
mod brake;
/// What a sync may cost.
mod budget;
/// Reading a live customer and naming what differs.
mod check;
/// Clocks that are wrong: the window, the brake, ages.
mod clocks;
/// A delta: what changed, and nothing else, until the store is what a full sync makes.
mod delta;
/// Faults of every kind: exact figures or a clear failure.
mod faults;
/// Fields that configurations of 1C may lack or gain.
mod fields;
/// Cards of one owner: kept, listed together, added up.
mod owners;
/// Proof before publishing: what changes while it is read.
mod proof;
/// Reconciling the whole base: sums, lines, causes, requests.
mod reconcile;
/// Which document is what: what `doctor` and `init` say of the types there are.
mod recorder_types;
/// Documents entered anew under another type.
mod reentered;
/// Ways of asking that a server refuses, in any shape: each costs itself alone.
mod refusals;
/// Going on with a sync that was cut off.
mod resume;
/// Rows in forms, keys and sums that nobody foresaw.
mod rows;
/// Secure connections: each way a certificate or a scheme can be wrong.
mod secure;
/// A full sync: stages, windows, generations, requests.
mod sync;
/// One truth for each card, whatever compared it.
mod truth;
/// What a network and a server can do to a request, on real sockets.
mod wire;

/// The module map at the head of `lib.rs` against the code.
mod architecture;
/// The dashboard's view of the whole base.
mod base;
/// A dashboard beside other processes.
mod beside;
/// The real binary: exit codes, output, files.
mod commands;
/// The real binary where it hurts: killed, without room, over damaged files, beside other processes.
mod crash;
/// Licences, sources and bans of everything the program is built from.
mod dependencies;
/// What the dashboard costs, measured by hand.
mod economy;
/// The engine process: its API, who may, and terminals beside it.
mod engine;
/// The mirror in a real PostgreSQL.
mod mirror;
/// Names of opening balances that do not fit the base.
mod names;
/// The pages of the project: every link leads somewhere, and the first page stays short.
mod pages;
/// The picture of the README, drawn from the demo.
mod picture;
/// Points that 1C contradicts: on every way out.
mod points;
/// The page of promises against the tests that show them.
mod promises;
/// How tangled the code is: numbers that may only fall.
mod ratchet;
/// The dashboard in a real pseudo-terminal: what is seen, and how the terminal is left.
mod terminal;
