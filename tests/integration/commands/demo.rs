use serde_json::json;

use super::{assert_reference, only};
use crate::support::binary::Machine;

const RUSSIAN: &str = "\
[ИТОГИ] ОБЩАЯ СУММА ПОКУПОК:
   Начальный ввод (перенос): 232,360.00 руб
   Покупки за год: 132,694.00 руб
   ИТОГО: 365,054.00 руб ✅

[ИТОГИ] КОЛИЧЕСТВО БАЛЛОВ:
   Бонусные баллы: 4806 баллов ✅

[ИТОГИ] ГОРОД:
   Город: Симферополь ✅
";

const ENGLISH: &str = "\
[TOTALS] PURCHASES:
   Opening balance (carried over): 232,360.00 RUB
   Purchases in the last year: 132,694.00 RUB
   TOTAL: 365,054.00 RUB ✅

[TOTALS] BONUS POINTS:
   Points: 4806 ✅

[TOTALS] CITY:
   City: Симферополь ✅
";

#[test]
fn the_demo_prints_the_block_the_shop_knows() {
    let machine = Machine::bare();
    let run = machine.run(["demo", "--headless"]).ends_with(0).prints(RUSSIAN);
    run.tells("записана версия данных 1");
}

#[test]
fn the_demo_speaks_english_where_the_locale_does() {
    for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        let demo = Machine::bare().sverka(["demo", "--headless"]).env(variable, "en_GB.UTF-8").run();
        demo.ends_with(0).prints(ENGLISH).tells("data version 1 is written");
    }
}

#[test]
fn the_demo_in_json_has_the_exact_figures() {
    let run = Machine::bare().run(["demo", "--headless", "--json"]).ends_with(0);
    let found = run.json();
    let object = only(&found);
    assert_reference(object, "live");
    assert_eq!(object["card"]["name"], "Царькова Марина Викторовна");
    assert_eq!(object["card"]["city_source"], "main-details-line-3");
    assert_eq!((&object["points"]["onec"], &object["points"]["variance"]), (&json!("4806"), &json!("0")));
}

/// A client for plain `http://` that looked for the system's certificates would not start in a bare container.
#[test]
fn the_demo_needs_no_certificates() {
    let machine = Machine::bare();
    let none = machine.path("home");
    let demo = machine.sverka(["demo", "--headless"]);
    demo.env("SSL_CERT_FILE", none.join("none.pem"))
        .env("SSL_CERT_DIR", none)
        .run()
        .ends_with(0)
        .prints(RUSSIAN);
}

#[test]
fn the_demo_ignores_settings_and_environment() {
    let machine = Machine::bare();
    machine.write_config("this is [no TOML");
    let demo = machine
        .sverka(["demo", "--headless"])
        .env("SVERKA_CONFIG", "/does/not/exist.toml")
        .env("SVERKA_ONEC__URL", "no address")
        .env("SVERKA_SYNC__DAYS", "many")
        .env("SVERKA_UI__LANGUAGE", "klingon")
        .env("ONEC_API_TOKEN", "no base64!");
    demo.run().ends_with(0).prints(RUSSIAN);
}

#[test]
fn the_demo_leaves_nothing_behind() {
    let machine = Machine::bare();
    machine.run(["demo", "--headless"]).ends_with(0);
    assert_eq!(machine.files(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn other_seeds_and_sizes_have_the_same_reference_customer() {
    for arguments in [["--customers", "1"], ["--seed", "99"]] {
        let run = Machine::bare().run([&["demo", "--headless"], &arguments[..]].concat());
        run.ends_with(0).prints(RUSSIAN);
    }
}

/// Whoever names a file of settings sees what it makes of the screen; the shop stays the demo's.
#[test]
fn the_demo_takes_colours_and_keys_from_a_file_that_is_named() {
    let machine = Machine::bare();
    machine.write_config("[ui]\ntheme = \"amber\"\n");
    let path = machine.config();
    let name = path.to_str().unwrap();
    let asked = || machine.sverka(["demo", "--headless", "--config", name]);
    asked().run().ends_with(2).tells("amber");
    let themes = path.parent().unwrap().join("themes");
    std::fs::create_dir_all(&themes).unwrap();
    std::fs::write(themes.join("amber.toml"), "good = \"#b8cc52\"\n").unwrap();
    asked().run().ends_with(0);
}
