use std::fs;

use serde_json::Value;
use sverka::store::{Access, Store};

use super::kills::{Chance, of_environment};
use crate::support::REFERENCE_PHONE;
use crate::support::binary::Machine;
use crate::support::{Audited, stored_figures};

/// Damages where nobody asks for more.
const DAMAGES: u64 = 60;

/// A page of redb's file.
const PAGE: usize = 4096;

fn index(chance: &mut Chance, end: usize) -> usize {
    usize::try_from(chance.below(end as u64)).unwrap()
}

/// What a disk does to a file behind everybody's back, and its name.
fn damage(bytes: &mut [u8], chance: &mut Chance) -> &'static str {
    let pages = bytes.len() / PAGE;
    let (one, other) = (index(chance, pages) * PAGE, index(chance, pages) * PAGE);
    match chance.below(4) {
        0 => {
            let bit = index(chance, bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            "a bit flipped"
        }
        1 => {
            bytes[one..one + 512].fill_with(|| u8::try_from(chance.below(256)).unwrap());
            "garbage in a sector"
        }
        2 => {
            bytes[one..one + PAGE].fill(0);
            "a page zeroed"
        }
        _ => {
            let page = bytes[one..one + PAGE].to_vec();
            bytes.copy_within(other..other + PAGE, one);
            bytes[other..other + PAGE].copy_from_slice(&page);
            "two pages swapped"
        }
    }
}

/// redb serves a byte that changed on the disk as it is. Whatever changed: no figure is shown as equal to 1C's that is
/// not, and what calls itself whole is what was published.
#[test]
fn d6_of_a_file_that_rotted_no_wrong_figure_is_called_right() {
    let machine = Machine::synced();
    let whole = fs::read(machine.store()).unwrap();
    let figures = || -> Option<_> {
        let store = Store::open(&machine.store(), Access::Read).ok()?;
        store.verify().ok()?;
        let stored: std::collections::HashMap<_, Audited> = stored_figures(&store.snapshot().unwrap());
        Some(stored)
    };
    let published = figures().unwrap();
    let check = ["check", "--offline", "--phone", REFERENCE_PHONE, "--json"];
    let right = machine.run(check).ends_with(0).json();
    let mut noticed = 0;
    let first = of_environment("SVERKA_FIRST_SEED", 1);
    for seed in first..first + of_environment("SVERKA_KILLS", DAMAGES) {
        let mut chance = Chance::new(seed);
        let mut bytes = whole.clone();
        let what = damage(&mut bytes, &mut chance);
        let is_changed = bytes != whole;
        fs::write(machine.store(), &bytes).unwrap();
        let run = machine.run(check);
        let named = format!("SVERKA_FIRST_SEED={seed}: {what}: {run:?}");
        assert!(!run.stderr.contains("panicked at"), "{named}");
        match run.code {
            Some(0) => assert_eq!(run.json()[0]["total"], right[0]["total"], "{named}"),
            code => {
                assert!(matches!(code, Some(1 | 4)) && is_changed, "{named}");
                noticed += 1;
            }
        }
        if run.code == Some(1) {
            assert_ne!(run.json()[0]["verdict"], Value::from("reconciled"), "{named}");
        }
        if let Some(stored) = figures() {
            assert_eq!(stored, published, "{named}");
        }
    }
    println!("{noticed} noticed by a check of one customer");
}
