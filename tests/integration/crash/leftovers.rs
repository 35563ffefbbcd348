//! What commands leave that are killed while they write.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use super::kills::{Chance, kill, life_of, of_environment};
use crate::support::binary::Machine;

/// Kills of each command where nobody asks for more.
const KILLS: u64 = 8;

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn is_unfinished(name: &str) -> bool {
    let kind = Path::new(name).extension().unwrap_or_default();
    (name.starts_with(".sverka-") && kind == "part") || kind == "tmp"
}

/// Every command that writes a file, with the folder it writes in and the names that belong there.
fn commands(machine: &Machine) -> Vec<(Vec<String>, PathBuf)> {
    let path = |name: &str| machine.path(name).display().to_string();
    let of = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    vec![
        (of(&["reconcile", "--force", "-o", &path("csv/base.csv")]), machine.path("csv")),
        (of(&["reconcile", "--force", "-o", &path("xlsx/base.xlsx")]), machine.path("xlsx")),
        (of(&["sync", "--delta", "--metrics", &path("metrics/sverka.prom")]), machine.path("metrics")),
        (of(&["store", "backup", "--force", &path("copies/copy.redb")]), machine.path("copies")),
        (of(&["store", "restore", &path("copy.redb")]), machine.path("data/sverka")),
    ]
}

#[test]
fn d15_whatever_is_killed_leaves_nothing_or_what_the_next_run_removes() {
    let machine = Machine::synced();
    machine.run(["store", "backup", machine.path("copy.redb").to_str().unwrap()]).ends_with(0);
    for (command, folder) in commands(&machine) {
        let command: Vec<_> = command.iter().map(String::as_str).collect();
        fs::create_dir_all(&folder).unwrap();
        let life = life_of(&machine, &command);
        let before = names(&folder);
        let (mut killed, first) = (0, of_environment("SVERKA_FIRST_SEED", 1));
        for seed in first..first + of_environment("SVERKA_KILLS", KILLS) {
            let mut chance = Chance::new(seed);
            let victim = machine.sverka(&command).start();
            thread::sleep(chance.time_below(life));
            killed += u64::from(kill(victim));
            for name in names(&folder) {
                let is_known =
                    before.contains(&name) || name.contains(".aside-") || name == "sverka.lock.txt";
                assert!(is_known || is_unfinished(&name), "{command:?}, seed {seed}: {name}");
            }
        }
        // What the kill of a process in the very moment leaves, laid by hand: the moment is short.
        fs::write(folder.join(".sverka-4000001-7.part"), "half a file with customers").unwrap();
        machine.run(&command).ends_with(0);
        let left: Vec<_> = names(&folder).into_iter().filter(|name| is_unfinished(name)).collect();
        assert!(left.is_empty(), "{command:?}: {left:?}");
        println!("{command:?}: {killed} killed within {life:?}");
    }
    assert!(names(&machine.temporary()).is_empty(), "nothing lies among temporary files");
    machine.run(["store", "check"]).ends_with(0);
}

#[test]
fn d15_settings_are_written_whole_or_not_at_all() {
    let machine = Machine::bare();
    let folder = machine.path("config/sverka");
    for seed in 0..KILLS {
        let victim = machine.sverka(["init"]).start();
        thread::sleep(Chance::new(seed).time_below(std::time::Duration::from_millis(8)));
        kill(victim);
        for name in names(&folder) {
            assert!(name == "config.toml" || is_unfinished(&name), "{name}");
        }
        if let Ok(text) = fs::read_to_string(machine.config()) {
            assert_eq!(text, sverka::config::example());
            fs::remove_file(machine.config()).unwrap();
        }
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(".sverka-4000001-7.part"), "half").unwrap();
    machine.run(["init"]).ends_with(0);
    assert_eq!(names(&folder), ["config.toml"]);
}
