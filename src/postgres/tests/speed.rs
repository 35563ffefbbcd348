//! What a mirror costs, measured by hand beside `psql \copy` of the same rows:
//! `cargo test --release -p sverka-postgres --test speed -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, clippy::float_arithmetic, reason = "it tells what it measured")]

mod support;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::rows::{Chance, card, generation, settings};
use support::server::Server;
use sverka_postgres::{Mirror, Published, Publishing, RowSink, Settings};
use uuid::Uuid;

/// Cards in the order of their keys, made as they are given; every so manieth is another in another generation.
#[derive(Clone, Copy)]
struct Shop {
    cards: u64,
    lines: u64,
    generation: u64,
    changed_every: u64,
}

impl Shop {
    fn give(self, mut sink: RowSink) {
        for number in 0..self.cards {
            let is_changed = self.generation > 0 && number % self.changed_every == 0;
            let mut chance = Chance(number * 2 + u64::from(is_changed));
            let key = Uuid::from_u128(u128::from(number) << 90 | 7);
            if sink.card(&card(&mut chance, key, self.lines)).is_err() {
                return;
            }
        }
        let _ = sink.finish();
    }
}

async fn publish(settings: &Settings, id: i64, shop: Shop) -> (Published, Duration) {
    let began = Instant::now();
    let mut mirror = Mirror::new(settings.clone());
    let mut opened = mirror.open(Uuid::from_u128(id.unsigned_abs().into()), "speed".into()).await.unwrap();
    mirror.prepare(&mut opened, false).await.unwrap();
    let publishing = Publishing { generation: generation(id), repair: false };
    let give = |sink| drop(tokio::task::spawn_blocking(move || shop.give(sink)));
    let published = mirror.publish(&opened, &publishing, give).await.unwrap();
    mirror.close(&opened).await;
    (published, began.elapsed())
}

/// The most memory this process has had, MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn psql(server: &Server, database: &str, commands: &[String]) {
    let mut psql = Command::new("psql");
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h"])
        .arg(server.socket())
        .args(["-U", "owner", "-d", database]);
    for command in commands {
        psql.args(["-c", command]);
    }
    assert!(psql.stdin(Stdio::null()).status().unwrap().success());
}

const TABLES: [&str; 3] = ["customer_rows", "movement_rows", "bonus_rows"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures by hand"]
async fn a_million_lines_beside_copy_and_a_hundred_cards_of_a_hundred_thousand() {
    let server = Server::start();
    let (ours, theirs) = (server.database().await, server.database().await);
    let at = |database: &str| {
        let mut settings = settings(&server.address(database, "owner"));
        settings.lease = Duration::from_secs(20);
        settings
    };
    // Ten lines a card, less those of which nothing is known.
    let shop = Shop { cards: 100_000, lines: 10, generation: 0, changed_every: 1_000 };
    let small = Shop { cards: 1_000, ..shop };
    publish(&at(&theirs), 1, Shop { cards: 0, ..shop }).await;
    let warm = server.database().await;
    publish(&at(&warm), 1, small).await;
    let before = peak();
    let (published, took) = publish(&at(&ours), 1, shop).await;
    assert!(published.verified, "{:?}", published.differences);
    println!("the first time: {} rows, {} lines, {took:.2?}", published.rows, published.sums.lines());
    println!("memory: {before} MiB for 1 000 cards, {} MiB for 100 000", peak());

    let folder = tempfile::tempdir().unwrap();
    let file = |table: &str| folder.path().join(table).display().to_string();
    let out = TABLES.map(|table| format!("\\copy sverka.{table} to '{}'", file(table)));
    psql(&server, &ours, &out);
    let began = Instant::now();
    psql(&server, &theirs, &TABLES.map(|table| format!("\\copy sverka.{table} from '{}'", file(table))));
    let copied = began.elapsed();
    println!(
        "psql \\copy of the same rows: {copied:.2?}; ratio {:.2}",
        took.as_secs_f64() / copied.as_secs_f64()
    );

    for id in 2..5 {
        let next = Shop { generation: u64::from(id % 2 == 0), ..shop };
        let (published, took) = publish(&at(&ours), id, next).await;
        assert!(published.verified && published.written == 100, "{published:?}");
        println!("100 changed cards of 100 000: {took:.2?}");
    }
    let client = server.connect(&ours).await;
    let size = "select pg_size_pretty(sum(pg_total_relation_size(c.oid))) from pg_class c join pg_namespace n \
        on n.oid = c.relnamespace where n.nspname = 'sverka' and c.relkind = 'r'";
    println!("on disk: {}", support::rows::lines(&client, size).await.join(""));
}
