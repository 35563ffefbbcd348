use std::fs;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use chrono_tz::Tz;
use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::super::{example, layer};
use super::*;
use crate::config::{AddressFault, ExpectedValue, SettingOrigin};
use crate::domain::PointsRule;
use crate::odata::Names;

const PATH: &str = "/etc/sverka/config.toml";
const URL: &str = "https://1c.example.ru/base/odata/standard.odata";
/// Enough to reach 1C.
const WHOLE: &str = "[onec]\nurl = \"https://1c.example.ru/base/odata/standard.odata\"\nuser = \"odata.user\"\n\
                     password = \"tiger-42\"\n";

fn sources(file: &str, variables: &[(&str, &str)]) -> Sources {
    Sources {
        file: (!file.is_empty()).then(|| SourceFile {
            path: PATH.into(),
            text: file.to_owned(),
            readable_by_others: false,
            writable_by_others: false,
        }),
        environment: variables.iter().copied().collect(),
        overrides: Overrides::default(),
        places: Some(Places {
            log: "/state/sverka/sverka.log".into(),
            config: "/home/anna/.config/sverka/config.toml".into(),
            store: "/home/anna/.local/share/sverka/sverka.redb".into(),
            state: "/home/anna/.local/state/sverka/state.toml".into(),
        }),
    }
}

fn load(file: &str, variables: &[(&str, &str)]) -> Result<ConfigDraft, ConfigError> {
    Config::load(&sources(file, variables))
}

fn loaded(file: &str, variables: &[(&str, &str)]) -> ConfigDraft {
    load(file, variables).expect("settings that load")
}

fn at(line: usize, column: usize) -> SettingOrigin {
    SettingOrigin::File { path: PATH.into(), line, column }
}

fn given(draft: &ConfigDraft) -> &str {
    match &draft.secret {
        Some(SecretSource::Given(password)) => password.expose_secret(),
        other => panic!("{other:?}"),
    }
}

fn in_onec(line: &str) -> String {
    format!("[onec]\n{line}\n")
}

#[test]
fn without_anything_the_defaults_hold_and_what_is_missing_is_named() {
    let draft = loaded("", &[]);
    assert_eq!(draft.missing, ["onec.url", "onec.user", "onec.password"]);
    assert_eq!(draft.config.names, Names::default());
    assert_eq!((draft.config.sync.days, draft.config.onec.page_size), (365, 1_000));
    assert_eq!(draft.config.store, Path::new("/home/anna/.local/share/sverka/sverka.redb"));
    assert!(draft.warnings.is_empty());
}

#[tokio::test]
async fn settings_that_are_whole_resolve() {
    let resolved = loaded(WHOLE, &[]).resolve().await.expect("whole");
    assert_eq!(resolved.config.onec.url, URL);
    assert_eq!(resolved.config.onec.password.expose_secret(), "tiger-42");
    assert_eq!(resolved.file.as_deref(), Some(Path::new(PATH)));
}

#[tokio::test]
async fn what_1c_needs_is_missed_only_by_those_who_ask_1c() {
    let missing = loaded("[onec]\nuser = \"u\"\n", &[]).resolve().await.expect_err("no address");
    assert_eq!(missing, ConfigError::Missing { key: "onec.url", file: Some(PATH.into()) });
    assert_eq!(loaded("", &[]).without_onec().config.sync.days, 365);
}

#[test]
fn each_layer_beats_the_one_below() {
    let file = "[sync]\ndays = 1\n[onec]\nurl = \"https://file/odata/standard.odata\"\n";
    let portal = ("ONEC_API_URL", "https://portal/odata/standard.odata");
    let ours =
        [portal, ("SVERKA_ONEC__URL", "https://ours/odata/standard.odata"), ("SVERKA_SYNC__DAYS", "2")];
    let cases = [
        (file, &[][..], "https://file/odata/standard.odata", 1),
        (file, &ours[..1], "https://portal/odata/standard.odata", 1),
        (file, &ours[..], "https://ours/odata/standard.odata", 2),
    ];
    for (file, variables, url, days) in cases {
        let config = loaded(file, variables).config;
        assert_eq!((config.onec.url.as_str(), config.sync.days), (url, days));
    }
    let mut all = sources(file, &ours);
    all.overrides =
        Overrides { store: Some("mine.redb".into()), days: Some(3), limit: Some(7), ..Overrides::default() };
    let config = Config::load(&all).expect("settings").config;
    assert_eq!((config.sync.days, config.sync.limit, config.store), (3, 7, PathBuf::from("mine.redb")));
}

#[test]
fn every_kind_of_value_can_come_from_the_environment() {
    let config = loaded(
        "",
        &[
            ("SVERKA_ONEC__NAMES__CARDS", "Catalog_Карты"),
            ("SVERKA_ONEC__NAMES__OPENING_BALANCE", "ВводОстатков, Перенос"),
            ("SVERKA_ONEC__ACCEPT_INVALID_CERTIFICATES", "true"),
            ("SVERKA_ONEC__PAGE_SIZE", " 250 "),
            ("SVERKA_ONEC__TIMEZONE", "Asia/Vladivostok"),
            ("SVERKA_SYNC__EVERY", "6h30m"),
            ("SVERKA_POINTS__RULE", "register-balance"),
            ("SVERKA_STORE__PATH", "here/sverka.redb"),
            ("SVERKA_UI__LANGUAGE", "en"),
            ("SVERKA_UI__DEBOUNCE", ""),
        ],
    )
    .config;
    assert_eq!(config.names.cards, "Catalog_Карты");
    assert_eq!(config.names.opening_balance, ["ВводОстатков", "Перенос"]);
    assert!(config.onec.accept_invalid_certificates);
    assert_eq!((config.onec.page_size, config.onec.timezone), (250, Tz::Asia__Vladivostok));
    assert_eq!(config.sync.every, Some(Duration::from_secs(23_400)));
    assert_eq!(config.points, PointsRule::RegisterBalance);
    assert_eq!(config.store, Path::new("here/sverka.redb"));
    assert_eq!(config.ui.language, Language::English);
    assert_eq!(config.ui.debounce, Duration::from_millis(150), "an empty variable is none");
}

#[test]
fn s1_an_unknown_key_is_named_with_the_nearest_and_its_place() {
    let cases = [
        ("a misspelt key", "# счёт\n[sync]\n  dyas = 5\n", "sync.dyas", Some("sync.days"), at(3, 3)),
        ("the first mistake counts", "[sync]\nz = 1\na = 1\n", "sync.z", None, at(2, 1)),
        ("a misspelt section", "\n[onecc]\nurl = \"x\"\n", "onecc", Some("onec"), at(2, 2)),
        ("a key without its section", "url = \"x\"\n", "url", Some("onec.url"), at(1, 1)),
        ("after Cyrillic", "ui = { language = \"ру\", lang = 1 }\n", "ui.lang", None, at(1, 25)),
    ];
    for (name, file, key, nearest, at) in cases {
        let expected = ConfigError::Unknown { key: key.into(), nearest: nearest.map(str::to_owned), at };
        assert_eq!(load(file, &[]).expect_err(name), expected, "{name}");
    }
}

/// The error for a section and one line under it.
fn refused(section: &str, line: &str) -> ConfigError {
    load(&format!("[{section}]\n{line}\n"), &[]).expect_err(line)
}

#[test]
fn s1_a_value_of_the_wrong_type_is_named_with_what_it_should_be() {
    let days = || ExpectedValue::WholeNumber(0, 36_500);
    let cases = [
        ("sync", "days = \"5\"", "sync.days", days(), 8),
        ("sync", "days = 1.5", "sync.days", days(), 8),
        ("sync", "days = 36501", "sync.days", days(), 8),
        ("onec", "in_flight = 17", "onec.in_flight", ExpectedValue::WholeNumber(1, 16), 13),
        ("onec", "retries = -1", "onec.retries", ExpectedValue::WholeNumber(0, 20), 11),
        ("onec", "user = 5", "onec.user", ExpectedValue::Text, 8),
        (
            "onec",
            "accept_invalid_certificates = 1",
            "onec.accept_invalid_certificates",
            ExpectedValue::Flag,
            31,
        ),
        ("sync", "packaging = \"bag\"", "sync.packaging", ExpectedValue::Words, 13),
        ("sync", "packaging = [\"a\", 1]", "sync.packaging", ExpectedValue::Words, 13),
        ("onec", "names = 5", "onec.names", ExpectedValue::Section, 1),
    ];
    for (section, line, key, expected, column) in cases {
        let expected = ConfigError::WrongValue { key: key.into(), expected, at: at(2, column) };
        assert_eq!(refused(section, line), expected);
    }
    let list = load("[[sync]]\ndays = 5\n", &[]).expect_err("a list of sections");
    assert_eq!(list.to_string(), "/etc/sverka/config.toml:1:3: sync should be a section");
}

#[test]
fn a_value_that_cannot_be_meant_is_refused() {
    let rules = || ExpectedValue::OneOf(vec!["last-record", "register-balance"]);
    let cases = [
        ("sync", "packaging = [\" \"]", "sync.packaging", ExpectedValue::SomeWords),
        ("sync", "every = \"4\"", "sync.every", ExpectedValue::SomeDuration),
        ("onec", "backoff = \"1 s\"", "onec.backoff", ExpectedValue::Duration),
        ("onec", "read_timeout = \"0s\"", "onec.read_timeout", ExpectedValue::SomeDuration),
        ("points", "rule = \"best\"", "points.rule", rules()),
        (
            "onec",
            "timezone = \"Simferopol\"",
            "onec.timezone",
            ExpectedValue::Zone(Some("Europe/Simferopol")),
        ),
        ("onec", "timezone = \"Europe/Moskow\"", "onec.timezone", ExpectedValue::Zone(Some("Europe/Moscow"))),
        ("onec", "timezone = \"МСК\"", "onec.timezone", ExpectedValue::Zone(None)),
        ("onec.names", "cards = \"a b\"", "onec.names.cards", ExpectedValue::Name),
        ("onec", "user = \"a:b\"", "onec.user", ExpectedValue::User),
        ("onec", "password = \"a\\nb\"", "onec.password", ExpectedValue::Password),
        ("onec", "password_command = \" \"", "onec.password_command", ExpectedValue::SomeText),
        ("onec", "password_credential = \"../onec\"", "onec.password_credential", ExpectedValue::Credential),
        ("onec", "proxy = \"proxy:3128\"", "onec.proxy", ExpectedValue::ProxyAddress),
        ("store", "path = \"\"", "store.path", ExpectedValue::SomeText),
    ];
    for (section, line, key, expected) in cases {
        let column = line.find('=').expect("a key") + 3;
        let expected = ConfigError::WrongValue { key: key.into(), expected, at: at(2, column) };
        assert_eq!(refused(section, line), expected);
    }
}

#[test]
fn a_file_that_is_no_toml_is_told_where() {
    let error = load("[onec]\nurl = \"x\"\nuser = odata\n", &[]).expect_err("no quotes");
    assert!(matches!(&error, ConfigError::Syntax { at: SettingOrigin::File { line: 3, .. }, .. }), "{error}");
    let error = load("[sync]\ndays = 1\ndays = 2\n", &[]).expect_err("twice");
    assert!(
        matches!(&error, ConfigError::Syntax { at: SettingOrigin::File { line: 3, column: 1, .. }, .. }),
        "{error}"
    );
}

#[test]
fn a_mistake_in_the_environment_is_named_by_its_variable() {
    let error = load("", &[("SVERKA_ONEC__ULR", "x")]).expect_err("misspelt");
    assert_eq!(
        error.to_string(),
        "$SVERKA_ONEC__ULR: unknown key SVERKA_ONEC__ULR, did you mean SVERKA_ONEC__URL?"
    );
    let error = load("", &[("SVERKA_SYNC__DAYS", "many")]).expect_err("no number");
    assert_eq!(error.to_string(), "$SVERKA_SYNC__DAYS: sync.days should be a whole number from 0 to 36500");
    let mut options = sources("", &[]);
    options.overrides.days = Some(40_000);
    let error = Config::load(&options).expect_err("too many");
    assert_eq!(error.to_string(), "--days: sync.days should be a whole number from 0 to 36500");
}

#[test]
fn one_underscore_is_warned_of_and_strangers_are_left_alone() {
    let draft = loaded("", &[("SVERKA_ONEC_URL", "x"), ("SVERKA_CONFIG", PATH), ("SVERKAUFT__X", "y")]);
    let nearest = Some("SVERKA_ONEC__URL".to_owned());
    assert_eq!(draft.warnings, [Warning::UnknownVariable { variable: "SVERKA_ONEC_URL".into(), nearest }]);
}

#[test]
fn an_address_is_the_service_root_and_nothing_else() {
    let fault = |fault| Err(ConfigError::Address { key: "onec.url", fault, at: at(2, 7) });
    let cases = [
        (URL, Ok(URL)),
        ("https://1c.example.ru/base/odata/standard.odata/", Ok(URL)),
        (" http://localhost:8080/odata/standard.odata ", Ok("http://localhost:8080/odata/standard.odata")),
        ("https://1c/Base/OData/Standard.OData", Ok("https://1c/Base/OData/Standard.OData")),
        ("1c.example.ru/odata/standard.odata", fault(AddressFault::Syntax)),
        ("", fault(AddressFault::Syntax)),
        ("https:///odata/standard.odata?x", fault(AddressFault::Query)),
        ("ftp://1c/odata/standard.odata", fault(AddressFault::Scheme)),
        ("https://1c/base", fault(AddressFault::Ending)),
        ("https://1c/base/odata/standard.odata/Catalog_X", fault(AddressFault::Ending)),
        ("https://1c/odata/standard.odata?$format=json", fault(AddressFault::Query)),
        ("https://1c/odata/standard.odata#x", fault(AddressFault::Query)),
    ];
    for (url, expected) in cases {
        let loaded = load(&in_onec(&format!("url = \"{url}\"")), &[]);
        assert_eq!(loaded.map(|draft| draft.config.onec.url), expected.map(str::to_owned), "{url}");
    }
}

#[test]
fn s2_credentials_in_an_address_are_refused_and_never_echoed() {
    let refused = |key| ConfigError::AddressWithCredentials { key, at: at(2, key.len() - "onec.".len() + 4) };
    for url in
        ["http://odata.user:tiger-42@1c/odata/standard.odata", "http://tiger-42@1c/odata/standard.odata"]
    {
        let error = load(&in_onec(&format!("url = \"{url}\"")), &[]).expect_err("credentials");
        assert_eq!(error, refused("onec.url"));
        let error = load(&in_onec(&format!("proxy = \"{url}\"")), &[]).expect_err("credentials");
        assert_eq!(error, refused("onec.proxy"));
    }
    let cut =
        load(&in_onec("url = \"http://u:tiger#42@1c/odata/standard.odata\""), &[]).expect_err("no port");
    assert!(!format!("{cut} {cut:?}").contains("tiger"));
}

#[test]
fn s1_two_ways_to_the_password_in_one_layer_are_refused() {
    let file = in_onec("password_command = \"x\"\npassword_file = \"y\"");
    let expected = ConfigError::SecretTwice {
        first: "onec.password_file",
        second: "onec.password_command",
        first_at: at(3, 17),
        second_at: at(2, 20),
    };
    assert_eq!(load(&file, &[]).expect_err("twice"), expected);
    let twice = [("SVERKA_ONEC__PASSWORD", "tiger-42"), ("SVERKA_ONEC__PASSWORD_FILE", "y")];
    let error = load("", &twice).expect_err("twice");
    assert!(matches!(error, ConfigError::SecretTwice { .. }));
    assert!(!format!("{error} {error:?}").contains("tiger"));
}

#[test]
fn two_names_of_one_field_are_refused() {
    let twice = |first, second, name: &str| ConfigError::FieldTwice { first, second, name: name.into() };
    let of_another =
        |first, second, name: &str| ConfigError::FieldOfAnother { first, second, name: name.into() };
    let names = |lines: &str| load(&format!("[onec.names]\n{lines}\n"), &[]);
    for (lines, error) in [
        (
            "sales_amount = \"Количество\"",
            twice("onec.names.sales_amount", "onec.names.sales_quantity", "Количество"),
        ),
        (
            "sales_product = \"ДисконтнаяКарта_Key\"",
            twice("onec.names.sales_card", "onec.names.sales_product", "ДисконтнаяКарта_Key"),
        ),
        (
            "points_accrued = \"КСписанию\"",
            twice("onec.names.points_accrued", "onec.names.points_to_write_off", "КСписанию"),
        ),
        (
            "sales_amount = \"Количество\"\nsales_quantity = \"Сумма\"",
            of_another("onec.names.sales_amount", "onec.names.sales_quantity", "Количество"),
        ),
        (
            "points_accrued = \"Баллы\"\npoints_to_write_off = \"Начислено\"",
            of_another("onec.names.points_to_write_off", "onec.names.points_accrued", "Начислено"),
        ),
        (
            "owners = \"Catalog_ДисконтныеКарты\"",
            twice("onec.names.cards", "onec.names.owners", "Catalog_ДисконтныеКарты"),
        ),
    ] {
        assert_eq!(names(lines).expect_err(lines), error);
    }
    // A customer's name and a person's may well be one field.
    names("owner_person = \"НаименованиеПолное\"").expect("no figure is made of it");
}

#[test]
fn a_password_of_a_higher_layer_replaces_any_way_below() {
    let file = in_onec("password_command = \"x\"");
    assert_eq!(given(&loaded(&file, &[("SVERKA_ONEC__PASSWORD", "lion\n")])), "lion");
    let token = BASE64_STANDARD.encode("anna:lion");
    assert_eq!(given(&loaded(&file, &[("ONEC_API_TOKEN", &token)])), "lion");
    let both = [("ONEC_API_TOKEN", token.as_str()), ("SVERKA_ONEC__PASSWORD_FILE", "/run/onec")];
    let draft = loaded(&file, &both);
    assert!(matches!(&draft.secret, Some(SecretSource::File(path)) if path == Path::new("/run/onec")));
    assert_eq!(draft.config.onec.user, "anna", "only the password was replaced");
}

#[test]
fn a_credential_is_looked_for_where_systemd_puts_it() {
    let file = in_onec("password_credential = \"onec\"");
    let secret = |variables: &[(&str, &str)]| loaded(&file, variables).secret;
    let folder = [("CREDENTIALS_DIRECTORY", "/run/credentials/sverka.service")];
    assert!(matches!(secret(&folder), Some(SecretSource::Credential(name, Some(folder)))
        if name == "onec" && folder == Path::new("/run/credentials/sverka.service")));
    assert!(matches!(secret(&[]), Some(SecretSource::Credential(_, None))), "told when it is fetched");
    let twice = in_onec("password_credential = \"onec\"\npassword_file = \"x\"");
    assert!(matches!(load(&twice, &[]), Err(ConfigError::SecretTwice { .. })));
}

#[test]
fn s2_the_portals_token_is_understood_in_every_form() {
    let encoded = BASE64_STANDARD.encode("Анна:па:роль");
    let cases = [
        ("bare", encoded.clone()),
        ("with the scheme", format!("Basic {encoded}")),
        ("in another case, with spaces", format!(" basic   {encoded}\n")),
        ("without padding", encoded.trim_end_matches('=').to_owned()),
        ("with a newline inside", BASE64_STANDARD.encode("Анна:па:роль\n")),
    ];
    for (name, token) in cases {
        let draft = loaded("", &[("ONEC_API_TOKEN", &token)]);
        assert_eq!((draft.config.onec.user.as_str(), given(&draft)), ("Анна", "па:роль"), "{name}");
    }
    let refused = [
        ("no base64", "tiger-42!".to_owned()),
        ("no colon", BASE64_STANDARD.encode("tiger-42")),
        ("no UTF-8", BASE64_STANDARD.encode(b"\xc0nna:tiger-42")),
        ("another scheme", format!("Bearer {encoded}")),
    ];
    for (name, token) in refused {
        let error = load("", &[("ONEC_API_TOKEN", &token)]).expect_err(name);
        assert_eq!(
            error,
            ConfigError::Token { at: SettingOrigin::Variable("ONEC_API_TOKEN".into()) },
            "{name}"
        );
    }
    let no_user = load("", &[("ONEC_API_TOKEN", &BASE64_STANDARD.encode(":tiger-42"))]).expect_err("no user");
    assert!(matches!(&no_user, ConfigError::WrongValue { expected: ExpectedValue::User, .. }), "{no_user:?}");
}

#[test]
fn paths_in_the_file_start_from_its_folder() {
    let file = "[store]\npath = \"data/sverka.redb\"\n[onec]\nca_file = \"~/ca.pem\"\npassword_file = \"/run/onec\"\n";
    let draft = loaded(file, &[("HOME", "/home/anna")]);
    assert_eq!(draft.config.store, Path::new("/etc/sverka/data/sverka.redb"));
    assert_eq!(draft.config.onec.ca_file.as_deref(), Some(Path::new("/home/anna/ca.pem")));
    assert!(matches!(&draft.secret, Some(SecretSource::File(path)) if path == Path::new("/run/onec")));
}

#[test]
fn without_a_home_the_store_must_be_placed() {
    let mut homeless = sources("", &[]);
    homeless.places = None;
    assert_eq!(Config::load(&homeless).expect_err("no place"), ConfigError::NoHome);
    homeless.overrides.store = Some("here.redb".into());
    assert_eq!(Config::load(&homeless).expect("placed").config.store, Path::new("here.redb"));
}

#[test]
fn t6_t7_what_endangers_the_password_is_warned_of() {
    let with = |url: &str| loaded(&in_onec(&format!("url = \"{url}/odata/standard.odata\"")), &[]).warnings;
    assert_eq!(with("http://1c.example.ru"), [Warning::PlainHttp { host: "1c.example.ru".into() }]);
    assert_eq!(with("http://192.168.0.5:8080"), [Warning::PlainHttp { host: "192.168.0.5".into() }]);
    for here in ["http://localhost:80", "http://127.0.0.1:8080", "http://[::1]", "https://1c.example.ru"] {
        assert_eq!(with(here), [], "{here}");
    }
    let unchecked = loaded(&in_onec("accept_invalid_certificates = true"), &[]).warnings;
    assert_eq!(unchecked, [Warning::AnyCertificate]);
}

#[cfg(unix)]
#[test]
fn s4_a_file_with_a_password_open_to_everybody_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    for (text, mode, warned) in [(WHOLE, 0o644, true), (WHOLE, 0o600, false), ("[sync]\n", 0o644, false)] {
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("set");
        let mut sources = sources("", &[]);
        sources.file = Some(SourceFile::read(&path).expect("read"));
        let warnings = Config::load(&sources).expect("settings").warnings;
        let expected = warned.then(|| Warning::ReadableByOthers { path: path.clone() });
        assert_eq!(warnings, Vec::from_iter(expected), "{mode:o}");
    }
}

#[test]
fn s1_a_file_without_end_is_not_read_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    for (length, wanted) in [(LARGEST_FILE, true), (LARGEST_FILE + 1, false)] {
        fs::write(&path, "#".repeat(length)).expect("written");
        assert_eq!(SourceFile::read(&path).is_ok(), wanted, "{length}");
    }
    let endless = SourceFile::read(Path::new("/dev/zero")).expect_err("no end");
    assert!(matches!(endless, ConfigError::Unreadable { kind: io::ErrorKind::FileTooLarge, .. }));
}

#[test]
fn language_and_theme_are_decided_here() {
    let ui = |file: &str, variables: &[(&str, &str)]| {
        let ui = loaded(file, variables).config.ui;
        (ui.language, ui.theme)
    };
    assert_eq!(ui("", &[]), (Language::Russian, Theme::Terminal));
    let environment = [("LANG", "en_US.UTF-8"), ("NO_COLOR", "1")];
    assert_eq!(ui("", &environment), (Language::English, Theme::Monochrome));
    let file = "[ui]\nlanguage = \"ru\"\ntheme = \"terminal\"\n";
    assert_eq!(ui(file, &[("LANG", "en_US.UTF-8")]), (Language::Russian, Theme::Terminal));
    for theme in ["terminal", "night", "amber"] {
        let file = format!("[ui]\nlanguage = \"ru\"\ntheme = \"{theme}\"\n");
        assert_eq!(ui(&file, &environment), (Language::Russian, Theme::Monochrome), "NO_COLOR wins");
    }
    assert_eq!(ui("[ui]\ntheme = \"amber\"\n", &[]).1, Theme::Custom);
}

#[test]
fn the_demo_has_a_configuration_of_its_own() {
    let demo = Config::demo(
        "http://127.0.0.1:4000/odata/standard.odata",
        "/tmp/demo.redb".into(),
        Language::English,
    );
    assert_eq!(demo.onec.url, "http://127.0.0.1:4000/odata/standard.odata");
    assert_eq!((demo.onec.user.as_str(), demo.onec.password.expose_secret()), ("odata.user", "demo"));
    assert_eq!((demo.sync.days, demo.ui.language), (365, Language::English));
}

#[test]
fn s5_no_debug_output_holds_a_password() {
    let sources =
        sources(WHOLE, &[("SVERKA_ONEC__PASSWORD_COMMAND", "echo tiger-42"), ("ONEC_API_TOKEN", "")]);
    let draft = Config::load(&sources).expect("settings");
    assert!(!format!("{sources:?} {draft:?}").contains("tiger"));
}

/// The example with every key that is not set by default switched on, one way to the password at a time.
fn example_with_everything(secret: &str) -> String {
    let mut lines = Vec::new();
    for line in example().lines() {
        let key = line.strip_prefix("# ").filter(|rest| {
            let name = rest.split(" = ").next().unwrap_or_default();
            rest.contains(" = ") && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        });
        match key {
            Some(key) if key.starts_with("password") && !key.starts_with(&format!("{secret} =")) => {}
            other => lines.push(other.unwrap_or(line).to_owned()),
        }
    }
    lines.join("\n")
}

#[test]
fn the_example_shows_every_key_and_no_other() {
    let mut shown = BTreeSet::new();
    for secret in ["password", "password_file", "password_command", "password_credential"] {
        let text = example_with_everything(secret);
        shown.extend(layer::from_file(Path::new(PATH), &text).expect("an example that loads").into_keys());
        Config::load(&sources(&text, &[])).expect("an example of allowed values");
    }
    let known: BTreeSet<_> = SETTINGS.iter().map(|setting| setting.path).collect();
    assert_eq!(shown, known);
}

#[test]
fn the_example_says_the_defaults() {
    let example = loaded(&example(), &[]);
    // An address and a login that are nobody's are commented out.
    assert_eq!(example.missing, ["onec.url", "onec.user", "onec.password"]);
    assert!(example.warnings.is_empty());
    let plain = loaded("", &[]);
    let without_login = |draft: &ConfigDraft| {
        let onec =
            ConnectionSettings { url: String::new(), user: String::new(), ..draft.config.onec.clone() };
        format!("{:?}", Config { onec, ..draft.config.clone() })
    };
    assert_eq!(without_login(&example), without_login(&plain));
}

/// A whole file with a few characters changed somewhere.
fn mutated() -> impl Strategy<Value = String> {
    let text = example_with_everything("password").replace("\"…\"", "\"tiger-42\"");
    let length = text.chars().count();
    let piece = prop_oneof![Just(String::new()), "[a-z_=\\[\\]\"'#.\n 0-9-]{1,4}", ".{1,3}"];
    prop::collection::vec((0..length, 0_usize..4, piece), 1..4).prop_map(move |changes| {
        let mut characters: Vec<char> = text.chars().collect();
        for (at, removed, piece) in changes {
            let at = at.min(characters.len());
            let end = (at + removed).min(characters.len());
            characters.splice(at..end, piece.chars());
        }
        characters.into_iter().collect()
    })
}

proptest! {
    #[test]
    fn s1_a_broken_file_never_panics_and_never_tells_the_password(text in mutated()) {
        if let Err(error) = load(&text, &[]) {
            prop_assert!(!format!("{error} {error:?}").contains("tiger-42"), "{}", error);
        }
    }

    #[test]
    fn s2_a_broken_token_never_panics_and_is_never_told(token in "[A-Za-z0-9+/= :]{0,40}") {
        if let Err(error) = load("", &[("ONEC_API_TOKEN", &token)]) {
            let told = format!("{error} {error:?}");
            prop_assert!(token.trim().len() < 6 || !told.contains(token.trim()), "{}", told);
        }
    }
}

/// A name, the file, the environment, and the key that names a foreign host.
type Layered<'a> = (&'a str, String, Vec<(&'a str, &'a str)>, Option<&'a str>);

/// Which layer gives the address, the password, the proxy; whether the password may be sent.
#[test]
fn s2_a_password_goes_only_to_the_host_it_was_given_for() {
    const THEIRS: &str = "http://elsewhere.example.ru/base/odata/standard.odata";
    let token = BASE64_STANDARD.encode("odata.user:tiger-42");
    let file = |url: &str, rest: &str| {
        let url = if url.is_empty() { String::new() } else { format!("url = \"{url}\"\n") };
        format!("[onec]\n{url}user = \"u\"\n{rest}\n")
    };
    let given = "password = \"tiger-42\"";
    let host = |text: &str| URL.replace("https://1c.example.ru", text);
    let (plain, port, other_path, upper) = (
        host("http://1c.example.ru"),
        host("https://1c.example.ru:444"),
        URL.replace("/base/", "/other/"),
        host("HTTPS://1C.EXAMPLE.RU:443"),
    );
    let command = "password_command = \"cat x\"";
    let cases: Vec<Layered<'_>> = vec![
        ("all in the file", file(URL, given), vec![], None),
        ("another host", file(URL, given), vec![("SVERKA_ONEC__URL", THEIRS)], Some("onec.url")),
        ("the portal's host", file(URL, given), vec![("ONEC_API_URL", THEIRS)], Some("onec.url")),
        ("a command of the file", file(URL, command), vec![("SVERKA_ONEC__URL", THEIRS)], Some("onec.url")),
        ("no address below", file("", given), vec![("SVERKA_ONEC__URL", URL)], Some("onec.url")),
        ("another path", file(URL, given), vec![("SVERKA_ONEC__URL", &other_path)], None),
        ("the same, written otherwise", file(URL, given), vec![("SVERKA_ONEC__URL", &upper)], None),
        ("without encryption", file(URL, given), vec![("SVERKA_ONEC__URL", &plain)], Some("onec.url")),
        ("another port", file(URL, given), vec![("SVERKA_ONEC__URL", &port)], Some("onec.url")),
        (
            "both in the environment",
            file(URL, given),
            vec![("SVERKA_ONEC__URL", THEIRS), ("SVERKA_ONEC__PASSWORD", "x")],
            None,
        ),
        ("the password above", file(URL, given), vec![("SVERKA_ONEC__PASSWORD", "x")], None),
        (
            "both the portal's",
            file(URL, given),
            vec![("ONEC_API_URL", THEIRS), ("ONEC_API_TOKEN", &token)],
            None,
        ),
        (
            "the portal's token, another host above",
            file(URL, given),
            vec![("SVERKA_ONEC__URL", THEIRS), ("ONEC_API_TOKEN", &token)],
            Some("onec.url"),
        ),
        (
            "the portal's token for the host of the file",
            file(URL, given),
            vec![("SVERKA_ONEC__URL", &other_path), ("ONEC_API_TOKEN", &token)],
            None,
        ),
        (
            "a proxy that reads along",
            file(&plain, given),
            vec![("SVERKA_ONEC__PROXY", "http://proxy:3128")],
            Some("onec.proxy"),
        ),
        ("a proxy that cannot", file(URL, given), vec![("SVERKA_ONEC__PROXY", "http://proxy:3128")], None),
    ];
    for (name, file, variables, wanted) in cases {
        let draft = loaded(&file, &variables);
        let told = draft.unbound.as_ref().map(|error| match error {
            ConfigError::ForeignHost { key, .. } => *key,
            other => panic!("{name}: {other}"),
        });
        assert_eq!(told, wanted, "{name}");
        assert!(!format!("{:?}", draft.unbound).contains("tiger"), "{name}");
    }
}

#[test]
fn s2_what_the_environment_says_of_proxies_and_authorities_is_told_and_does_not_count() {
    let told = |file: &str, variables: &[(&str, &str)]| -> Vec<String> {
        let of = |warning: Warning| match warning {
            Warning::IgnoredVariable { variable, .. } => Some(variable),
            _ => None,
        };
        loaded(file, variables).warnings.into_iter().filter_map(of).collect()
    };
    let set = [("SSL_CERT_FILE", "/x"), ("https_proxy", "http://p"), ("HTTP_PROXY", "http://p")];
    assert_eq!(told(WHOLE, &set), ["SSL_CERT_FILE", "https_proxy"]);
    assert_eq!(told(&WHOLE.replace("https:", "http:"), &set), ["HTTP_PROXY"]);
    assert_eq!(told(&WHOLE.replace("https://1c.example.ru", "http://127.0.0.1:8080"), &set), [""; 0]);
    assert_eq!(told(&format!("{WHOLE}proxy = \"http://own:3128\"\n"), &set), ["SSL_CERT_FILE"]);
    assert_eq!(loaded(WHOLE, &set).config.onec.proxy, None);
}

#[test]
fn s4_a_file_others_may_change_names_no_command() {
    let read = |text: &str| {
        let mut sources = sources(text, &[]);
        sources.file = sources.file.map(|mut file| {
            file.writable_by_others = true;
            file
        });
        Config::load(&sources)
    };
    let command = WHOLE.replace("password = \"tiger-42\"", "password_command = \"cat x\"");
    let error = read(&command).expect_err("refused");
    assert_eq!(error, ConfigError::WritableByOthers { path: PATH.into(), key: "onec.password_command" });
    let warning = Warning::WritableByOthers { path: PATH.into() };
    assert!(read(WHOLE).expect("read").warnings.contains(&warning));
    assert!(!loaded(&command, &[]).warnings.contains(&warning));
}
