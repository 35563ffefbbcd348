//! The mirror by the real binary: a sync fills a real PostgreSQL, `sverka mirror` proves it, repairs it, takes it away.

#[path = "../../src/postgres/tests/support/server.rs"]
#[allow(dead_code, reason = "not every test needs everything")]
mod server;

#[path = "../../src/postgres/tests/support/proxy.rs"]
mod proxy;

use proxy::{Cut, Proxy};
use rustix::process::Signal;
use server::Server;

use crate::support::REFERENCE_PHONE;
use crate::support::binary::{Machine, RUNTIME};
use crate::support::certificates::Authority;

/// A shop whose settings name a mirror, and the database of it.
struct Mirrored {
    machine: Machine,
    database: String,
}

impl Mirrored {
    fn new() -> Self {
        let server = Server::shared();
        let database = RUNTIME.block_on(server.database());
        let machine = Machine::with_onec();
        let mirrored = Self { machine, database };
        mirrored.configure("");
        mirrored
    }

    fn configure(&self, more: &str) {
        let address = Server::shared().address(&self.database, "owner");
        self.machine.configure(&format!("[mirror]\nurl = \"{address}\"\n{more}"));
    }

    /// What the database prints for a query of one column.
    fn ask(&self, sql: &str) -> Vec<String> {
        RUNTIME.block_on(async {
            let client = Server::shared().connect(&self.database).await;
            client.query_typed(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
        })
    }

    fn change(&self, sql: &str) {
        RUNTIME.block_on(async {
            let client = Server::shared().connect(&self.database).await;
            client.batch_execute(sql).await.unwrap();
        });
    }
}

const REFERENCE: &str = "select concat_ws(' ', opening_balance, purchases, total, points, city, verdict) \
    from sverka.customers where phone = '79788451364'";

#[test]
fn a_sync_fills_the_mirror_and_the_portal_reads_what_1c_says() {
    let shop = Mirrored::new();
    shop.machine.run(["sync"]).ends_with(0).tells("Зеркало");
    assert_eq!(shop.ask(REFERENCE), ["232360.00 132694.00 365054.00 4806.00 Симферополь reconciled"]);
    // The portal counts in kopecks.
    let portal = format!(
        "select concat_ws(' ', total_spent, loyalty_points, city) from sverka.users where phone = '{REFERENCE_PHONE}'"
    );
    assert_eq!(shop.ask(&portal), ["36505400 4806 Симферополь"]);
    let bought = format!(
        "select sum(h.total_amount)::text from sverka.purchase_history h join sverka.users u on u.id = h.user_id \
         where u.phone = '{REFERENCE_PHONE}'"
    );
    assert_eq!(shop.ask(&bought), ["13269400"]);
    let status = shop.machine.run(["status", "--json"]).ends_with(0).json();
    let told = shop.machine.run(["mirror", "--json"]).ends_with(0).json();
    assert_eq!(told["verified"], true);
    assert_eq!((&told["cards"], &told["lines"]), (&status["cards"], &status["movements"]));
    assert_eq!((&told["written"], &told["generation"]), (&0.into(), &status["generation"]));
    let generations = "select concat_ws(' ', id, cards, lines, verified) from sverka.generations";
    let expected = format!("{} {} {} t", told["generation"], told["cards"], told["lines"]);
    assert_eq!(shop.ask(generations), [expected]);
}

#[test]
fn a_mirror_edited_by_hand_is_told_by_card_and_repaired_and_taken_away() {
    let shop = Mirrored::new();
    shop.machine.run(["sync"]).ends_with(0);
    shop.change(
        "update sverka.movement_rows set amount = amount - 232360 where kind = 'opening-balance' \
         and card_key = (select card_key from sverka.customers where phone = '79788451364')",
    );
    let code = shop.ask("select code from sverka.customers where phone = '79788451364'").remove(0);
    let run = shop.machine.run(["mirror"]);
    run.ends_with(1).tells("mirror-differs").tells(&code).tells("sverka mirror --repair");
    shop.machine.run(["mirror", "--repair"]).ends_with(0).prints("сходится");
    let run = shop.machine.sverka(["mirror", "--json"]).in_english().run();
    assert_eq!(run.ends_with(0).json()["verified"], true);
    assert_eq!(shop.machine.run(["mirror", "--drop", "--json"]).ends_with(0).json()["dropped"], true);
    shop.machine.run(["mirror", "--drop"]).ends_with(0).prints("нет");
}

#[test]
fn what_is_wrong_with_a_mirror_is_told_with_its_code_and_changes_nothing_of_a_sync() {
    let shop = Mirrored::new();
    shop.machine.run(["mirror"]).ends_with(4);
    let address = Server::shared().address("absent", "owner");
    shop.machine.configure(&format!("[mirror]\nurl = \"{address}\"\n"));
    shop.machine.run(["sync"]).ends_with(0).tells("mirror-no-database");
    shop.machine.run(["mirror"]).ends_with(3).tells("mirror-no-database");
    shop.machine.configure("[mirror]\nurl = \"postgres://u:tiger-42@localhost/x\"\n");
    let run = shop.machine.run(["mirror"]).ends_with(2).tells("mirror-password-in-address");
    assert!(!run.stderr.contains("tiger-42"));
    shop.machine.configure("");
    shop.machine.run(["mirror"]).ends_with(2).tells("mirror-not-configured");
    // Another shop's mirror is left alone.
    shop.configure("");
    shop.machine.run(["mirror"]).ends_with(0);
    let before = shop.ask(REFERENCE);
    let other = Machine::with_another_base();
    let address = Server::shared().address(&shop.database, "owner");
    other.configure(&format!("[mirror]\nurl = \"{address}\"\n"));
    other.run(["sync"]).ends_with(0).tells("mirror-another-base");
    other.run(["mirror", "--repair"]).ends_with(3).tells("mirror-another-base");
    assert_eq!(shop.ask(REFERENCE), before);
}

/// The tables of the portal, as far as they matter, and the reference customer as it shows her: without what was carried over.
const PORTAL: &str = "create table users (id uuid primary key, phone text, full_name text, city text, \
    loyalty_points integer, total_purchases integer, total_spent bigint, is_customer boolean, \
    discount_card_number text, customer_id_1c text, discount_card_id_1c text, synced_at timestamptz); \
    create table purchase_history (id uuid primary key, user_id uuid, total_amount bigint); \
    insert into users select card_key, phone, name, city, points, purchase_lines, purchases * 100, true, code, null, \
    card_key::text from sverka.customers where phone = '79788451364'; \
    insert into purchase_history select id, user_id, total_amount from sverka.purchase_history";

/// Whoever reconciles the whole base sees the portal in words, by card, in tables and in figures to watch.
fn the_base_stands_beside_it(machine: &Machine) {
    let words = machine.run(["reconcile"]).ends_with(0).stdout.replace('\u{a0}', " ");
    assert!(words.contains("Портал: нет начального ввода — 1 карта, −232 360,00"), "{words}");
    let cards = machine.run(["reconcile", "--json"]).ends_with(0).json();
    let cards = cards.as_array().unwrap();
    let code = |card: &serde_json::Value| card["portal"]["causes"][0].as_str().map(str::to_owned);
    let of = |wanted: &str| cards.iter().filter(|card| code(card).as_deref() == Some(wanted)).count();
    assert_eq!(of("portal-missing-opening-balance"), 1);
    assert_eq!(of("portal-missing-customer"), cards.len() - 1);
    let table = machine.run(["reconcile", "--format", "csv", "--metrics", "portal.prom"]).ends_with(0).stdout;
    assert!(table.lines().next().unwrap().ends_with(",portal_city,portal_causes"), "{table}");
    let row = table.lines().find(|line| line.contains(REFERENCE_PHONE)).unwrap();
    let tail = ",132694.00,-232360.00,4806,Симферополь,portal-missing-opening-balance";
    assert!(row.ends_with(tail), "{row}");
    let metrics = std::fs::read_to_string(machine.path("portal.prom")).unwrap();
    let told = "sverka_reconcile_portal_cause_cards{cause=\"missing-opening-balance\"} 1";
    assert!(metrics.contains(told), "{metrics}");
    machine.run(["reconcile", "--format", "xlsx", "--output", "portal.xlsx"]).ends_with(0);
}

#[test]
fn a_portal_that_forgot_opening_balances_stands_beside_1c_until_the_mirror_is_merged() {
    let shop = Mirrored::new();
    let address = Server::shared().address(&shop.database, "owner");
    shop.configure(&format!("[portal]\nurl = \"{address}\"\n"));
    shop.machine.run(["sync"]).ends_with(0);
    shop.change(PORTAL);
    let check = ["check", "--phone", REFERENCE_PHONE];
    let told = shop.machine.run(check).ends_with(0).stdout.replace('\u{a0}', " ");
    let row = told.lines().rfind(|line| line.contains("Итого")).unwrap();
    let cells: Vec<_> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(cells, ["Итого", "365 054,00", "365 054,00", "132 694,00", "−232 360,00"], "{told}");
    assert!(told.contains("portal-missing-opening-balance"), "{told}");
    let json = shop.machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(0).json();
    let portal = &json[0]["portal"];
    assert_eq!((&portal["total"], &portal["purchases"]), (&"132694.00".into(), &"132694.00".into()));
    assert_eq!(portal["variance"], "-232360.00");
    assert_eq!(portal["causes"], serde_json::json!(["portal-missing-opening-balance"]));
    the_base_stands_beside_it(&shop.machine);
    // As the page says.
    let page = include_str!("../../docs/mirror.md");
    let merge = page.split("```sql\n").find(|block| block.starts_with("merge into")).unwrap();
    shop.change(merge.split("```").next().unwrap());
    let told = shop.machine.run(check).ends_with(0).stdout.replace('\u{a0}', " ");
    assert!(told.contains("Портал показывает то же"), "{told}");
    let json = shop.machine.run(["check", "--phone", REFERENCE_PHONE, "--json"]).ends_with(0).json();
    assert_eq!(json[0]["portal"]["variance"], "0.00");
    // It is read, and nothing else.
    let write = "delete from users returning discount_card_id_1c, total_spent";
    shop.configure(&format!(
        "[portal]\nurl = \"{address}\"\ntotal = \"with gone as ({write}) select * from gone\"\n"
    ));
    shop.machine.run(check).ends_with(0).tells("mirror-refused");
    assert_ne!(shop.ask("select count(*)::text from users"), ["0"]);
}

/// Killed at any message to the database, the real binary leaves readers what they see, and the next run ends it.
#[test]
fn the_real_binary_killed_at_any_message_leaves_one_generation() {
    const SEEN: &str = "select concat_ws('|', (select count(*) from sverka.customers), (select sum(total) from sverka.customers), \
        (select count(*) from sverka.movements), (select sum(amount) from sverka.movements), (select sum(accrued) from sverka.bonus))";
    let shop = Mirrored::new();
    shop.machine.run(["sync"]).ends_with(0);
    let (before, socket) = (shop.ask(SEEN), Server::shared().socket());
    let mut killed = 0;
    for at in (1..).step_by(5) {
        // Every card is written anew: its kept digest says nothing.
        shop.change("update sverka.customer_rows set digest = null");
        let _runtime = RUNTIME.enter();
        let proxy = Proxy::new(socket, at, if at % 2 == 0 { Cut::Before } else { Cut::After });
        let address = proxy.address(&shop.database);
        shop.machine.configure(&format!("[mirror]\nurl = \"{address}\"\n"));
        let mut running = shop.machine.sverka(["mirror"]).start();
        let is_reached = RUNTIME.block_on(async {
            loop {
                tokio::select! {
                    () = proxy.reached() => return true,
                    () = tokio::time::sleep(std::time::Duration::from_millis(20)) => {}
                }
                if running.has_ended() {
                    return proxy.passed() >= at;
                }
            }
        });
        if !running.has_ended() {
            running.signal(Signal::KILL);
        }
        running.end();
        assert_eq!(shop.ask(SEEN), before, "{at}");
        if !is_reached {
            break;
        }
        killed += 1;
        shop.configure("");
        // Nobody waits for the lease of the dead here: it has run out.
        shop.change("update sverka.mirror set lease_until = now() - interval '1 second'");
        assert_eq!(shop.machine.run(["mirror", "--json"]).ends_with(0).json()["verified"], true, "{at}");
        assert_eq!(shop.ask(SEEN), before, "{at}");
    }
    assert!(killed >= 5, "only {killed} points");
}

/// Over TLS a certificate has to be one of the authority that is named, and to name the host.
#[test]
fn a_mirror_over_tls_is_believed_by_its_certificate_alone() {
    let authority = Authority::new("Shop");
    let (certificate, key) = authority.issue(&["localhost"], |_| ());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = format!(
        "-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on -c ssl_cert_file=../server.crt -c ssl_key_file=../server.key"
    );
    let server = Server::start_with(&[("server.crt", &certificate), ("server.key", &key)], &options);
    let machine = Machine::with_onec();
    machine.run(["sync"]).ends_with(0);
    let try_at = |host: &str, authority: &str| {
        let url =
            format!("postgres://owner@{host}:{port}/postgres?sslmode=verify-full&sslrootcert={authority}");
        machine.configure(&format!("[mirror]\nurl = \"{url}\"\n"));
        machine.run(["mirror"])
    };
    let known = authority.file().display().to_string();
    try_at("localhost", &known).ends_with(0).prints("сходится");
    let other = Authority::new("Another").file();
    try_at("localhost", &other.display().to_string()).ends_with(3).tells("mirror-tls").tells("localhost");
    try_at("localhost", "/absent.pem").ends_with(3).tells("mirror-tls").tells("sslrootcert");
    try_at("127.0.0.1", &known).ends_with(3).tells("mirror-tls").tells("127.0.0.1");
    drop(server);
    // A server without it is not gone to in clear.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let _plain = Server::start_with(&[], &format!("-c listen_addresses=127.0.0.1 -c port={port}"));
    let url = format!("postgres://owner@localhost:{port}/postgres?sslmode=verify-full&sslrootcert={known}");
    machine.configure(&format!("[mirror]\nurl = \"{url}\"\n"));
    machine.run(["mirror"]).ends_with(3).tells("mirror-tls");
}

/// How the mirror stands is told by `status` without asking it, by figures to watch, and by `doctor`, which asks.
#[test]
fn how_the_mirror_stands_is_told_wherever_the_state_is() {
    let shop = Mirrored::new();
    let status = || shop.machine.run(["status", "--json"]).ends_with(0).json();
    let metrics = || std::fs::read_to_string(shop.machine.path("sverka.prom")).unwrap();
    shop.machine.run(["sync", "--metrics", "sverka.prom"]).ends_with(0);
    let told = status();
    let mirror = &told["mirror"];
    assert_eq!((&mirror["state"], &mirror["generation"]), (&"current".into(), &told["generation"]));
    assert_eq!(
        (&mirror["verified"], &mirror["behind"], &mirror["error"]),
        (&true.into(), &0.into(), &().into())
    );
    assert!(metrics().contains("sverka_mirror_current 1\n"), "{}", metrics());
    shop.machine.run(["status", "--strict"]).prints("сверено");
    let doctor = || shop.machine.run(["doctor", "--json"]).json();
    let of = |checks: &serde_json::Value, name: &str| {
        checks.as_array().unwrap().iter().find(|check| check["check"] == name).cloned().unwrap_or_default()
    };
    assert_eq!(of(&doctor(), "mirror")["status"], "ok");
    assert_eq!(of(&doctor(), "portal"), serde_json::Value::Null);
    // It is gone while the next sync publishes: the note says so, and nobody waits.
    let away = "host=/absent dbname=x user=owner";
    shop.machine.configure(&format!("[mirror]\nurl = \"{away}\"\n"));
    assert_eq!(status()["mirror"]["state"], "never", "another mirror");
    shop.configure("");
    shop.change("alter table sverka.movement_rows rename column quantity to amount_of");
    shop.machine.run(["sync", "--metrics", "sverka.prom"]).ends_with(0).tells("mirror-altered");
    let told = status();
    assert_eq!(
        (&told["mirror"]["state"], &told["mirror"]["error"]),
        (&"failed".into(), &"mirror-altered".into())
    );
    assert_eq!(told["mirror"]["behind"], 1);
    assert!(told["attention"].as_array().unwrap().contains(&"mirror".into()));
    assert!(metrics().contains("sverka_mirror_behind_generations 1\n"), "{}", metrics());
    shop.machine
        .run(["status", "--strict"])
        .ends_with(1)
        .prints("mirror-altered")
        .prints("sverka mirror --repair");
    shop.machine.run(["mirror", "--repair"]).ends_with(0);
    assert_eq!(status()["mirror"]["state"], "current");
    // The portal: reachable, read, two columns.
    let address = Server::shared().address(&shop.database, "owner");
    let portal = |total: &str| {
        shop.configure(&format!("[portal]\nurl = \"{address}\"\n{total}"));
        of(&doctor(), "portal")
    };
    shop.change(PORTAL);
    let found = portal("");
    assert_eq!(found["status"], "warning", "an owner may write: {found}");
    let found = portal("total = \"select phone from users\"\n");
    assert_eq!(found["status"], "failed");
    assert!(found["detail"].as_str().unwrap().contains("portal.total"), "{found}");
    shop.machine.run(["mirror", "--drop"]).ends_with(0);
    assert_eq!(status()["mirror"]["state"], "never");
}

/// A portal that never answers does not hold up whoever ends the command.
#[test]
fn a_reconciliation_that_waits_for_the_portal_ends_when_it_is_told_to() {
    let shop = Mirrored::new();
    shop.machine.run(["sync"]).ends_with(0);
    let address = Server::shared().address(&shop.database, "owner");
    let sleeping = "select 'x', pg_sleep(25)::text";
    shop.configure(&format!("[portal]\nurl = \"{address}\"\ntotal = \"{sleeping}\"\n"));
    let began = std::time::Instant::now();
    let running = shop.machine.sverka(["reconcile"]).start();
    let asked = "select count(*)::text from pg_stat_activity where datname = current_database() and query like '%pg_sleep(25)%' \
        and query not like '%pg_stat_activity%'";
    while shop.ask(asked) == ["0"] {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    running.signal(Signal::INT);
    running.end().ends_with(130);
    assert!(began.elapsed() < std::time::Duration::from_secs(25), "it waited for the portal");
}
