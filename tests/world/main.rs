//! Whole worlds from seeds: the real engine and the real store, between a simulated 1C, a network, a disk and
//! clocks that misbehave, on one thread and in virtual time.
//!
//! ```text
//! SVERKA_WORLDS=10000 SVERKA_FIRST_SEED=1 cargo test --release --test world every_world
//! ```
//! A seed is a whole world: what goes wrong in it, and when, follows from the seed alone, so that a world that
//! failed is lived again by its seed and read in its trace.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::float_arithmetic, reason = "none of this is money")]
#![allow(unreachable_pub, reason = "nobody imports a test binary")]

mod auditor;
mod chance;
mod clock;
mod disk;
mod history;
mod life;
mod oracle;
mod proven;
mod runner;
mod secrets;
mod tally;
mod trace;
mod wire;
#[allow(clippy::module_inception, reason = "the world of this binary")]
mod world;

/// Worlds of one fault each.
mod cases;

use runner::{Outcome, lived, worlds};

/// Worlds of the small programme, which runs with every change of the code.
const WORLDS: u64 = 240;
/// Worlds from which on every kind of fault must have fired.
const ENOUGH: u64 = 200;

#[test]
fn every_world_keeps_every_promise() {
    let report = worlds(WORLDS);
    assert!(report.failures.is_empty(), "{}", report.failures.join("\n\n"));
    if report.worlds >= ENOUGH {
        let silent = report.tally.silent(report.worlds);
        assert!(silent.is_empty(), "these faults never fired: {silent:?}\n{:#?}", report.tally.counts());
    }
}

#[test]
fn the_same_seed_is_the_same_world() {
    for seed in 1..=12 {
        let hash = |outcome: Outcome| outcome.trace.hash();
        let (one, other) = (lived(seed), lived(seed));
        let first_difference = one.trace.lines().into_iter().zip(other.trace.lines()).find(|(a, b)| a != b);
        assert_eq!(first_difference, None, "seed {seed}");
        assert_eq!(hash(one), hash(other), "seed {seed}: the disk was used otherwise");
    }
}
