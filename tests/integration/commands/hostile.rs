use serde_json::Value;
use sverka_simulator::Trap;

use super::{code_of, only};
use crate::support::binary::Machine;

/// What the card's owner is called in 1C, and the town of the details, exactly.
fn hostile(machine: &Machine, trap: Trap) -> (String, String) {
    machine.onec(|onec| {
        let books = onec.books();
        let card = books.card(books.trap(trap).unwrap()).unwrap();
        let owner = books.owner(card.owner).unwrap();
        (owner.name.clone(), owner.main_details.lines().nth(2).unwrap().to_owned())
    })
}

#[test]
fn u6_foreign_text_cannot_steer_a_terminal() {
    let machine = Machine::synced();
    for trap in [Trap::ControlCharactersInName, Trap::ControlCharactersInCity] {
        let code = code_of(&machine, trap);
        for json in [&[][..], &["--json"]] {
            let commands: [&[&str]; 4] = [
                &["search", &code],
                &["check", "--card", &code],
                &["check", "--card", &code, "--offline"],
                &["search", "", "--limit", "0"],
            ];
            for command in commands {
                let run = machine.run([command, json].concat()).ends_with(0);
                assert!(run.stdout.contains(&code), "{command:?}");
                run.is_harmless();
            }
        }
    }
}

#[test]
fn u6_foreign_text_in_json_is_what_1c_said() {
    let machine = Machine::synced();
    let code = code_of(&machine, Trap::ControlCharactersInName);
    let (name, _) = hostile(&machine, Trap::ControlCharactersInName);
    assert!(name.contains('\u{1b}') && name.contains('\u{202e}') && name.contains('\u{9b}'));
    let found = machine.run(["search", &code, "--json"]).ends_with(0).json();
    assert_eq!(only(&found["cards"])["name"], name);
    let checked = machine.run(["check", "--card", &code, "--json"]).ends_with(0).json();
    assert_eq!(only(&checked)["card"]["name"], name);

    let code = code_of(&machine, Trap::ControlCharactersInCity);
    let (_, town) = hostile(&machine, Trap::ControlCharactersInCity);
    assert!(town.contains('\u{1b}'));
    let checked = machine.run(["check", "--card", &code, "--json"]).ends_with(0).json();
    let object = only(&checked);
    assert_eq!(object["card"]["city"], town);
    assert_eq!(
        (&object["city"]["onec"], &object["city"]["variance"]),
        (&Value::from(town), &Value::from(false))
    );
}

/// A name found by a fragment of a hostile query is no way in either, nor is a path or a setting.
#[test]
fn u6_what_the_user_typed_is_not_sent_back_raw() {
    let machine = Machine::synced();
    let bad = "нет\u{1b}[31m\u{202e}\u{9b}такого";
    for json in [&[][..], &["--json"]] {
        machine.run([&["search", bad], json].concat()).ends_with(0).is_harmless();
        machine.run([&["check", bad], json].concat()).ends_with(1).is_harmless();
        machine.run([&["--store", bad, "status"], json].concat()).ends_with(0).is_harmless();
        machine.run([&["--store", bad, "search", "a"], json].concat()).ends_with(4).is_harmless();
        machine.run([&["--config", bad, "status"], json].concat()).ends_with(2).is_harmless();
        machine
            .run([&["simulate", "--fault", &format!("{bad}=1")], json].concat())
            .ends_with(2)
            .is_harmless();
    }
    machine.write_config(&format!(
        "[onec]\n\"{}\" = 1\n",
        bad.replace('\u{1b}', "\\u001b").replace('\u{9b}', "\\u009b")
    ));
    machine.run(["status"]).ends_with(2).is_harmless();
}

/// Warnings of a sync quote what 1C sent.
#[test]
fn u6_a_sync_over_hostile_text_says_nothing_raw() {
    let machine = Machine::with_onec();
    machine.run(["sync"]).ends_with(0).is_harmless();
    machine.run(["sync", "--json"]).ends_with(0).is_harmless();
}
