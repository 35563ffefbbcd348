//! A database that refuses: a right, or room, at every step of publishing. Readers keep what they have, the refusal is named, and
//! the next run ends it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "what could not be tested is told")]

mod support;

use std::process::Command;
use std::sync::Arc;

use support::rows::{Base, Chance, assert_shows, lines, publish, settings};
use support::server::Server;
use sverka_postgres::{Error, Examined, Flavour, examine, probe};

/// Each of the tables that a publication writes to, in the order in which it comes to them.
const WRITTEN: [&str; 6] =
    ["mirror", "customer_rows", "movement_rows", "bonus_rows", "product_rows", "generations"];

/// Refuses at the n-th statement that writes to a table, from then on.
const REFUSING: &str = "create table public.refusal (at integer, code text); \
    insert into public.refusal values (0, '42501'); \
    create sequence public.statements; \
    create function public.refuse() returns trigger language plpgsql security definer as $$ \
    declare it public.refusal; begin select * into it from public.refusal; \
    if it.at > 0 and nextval('public.statements') >= it.at then raise exception 'refused' using errcode = it.code; \
    end if; return null; end $$;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_at_any_statement_is_named_and_mended_by_the_next_run() {
    let server = Server::shared();
    let database = server.database().await;
    let client = server.connect(&database).await;
    let settings = settings(&server.address(&database, "owner"));
    let mut chance = Chance(21);
    let mut base = Base::invented(&mut chance, 20, 3);
    publish(&settings, 1, &Arc::new(base.clone()), false).await.unwrap();
    client.batch_execute(REFUSING).await.unwrap();
    for table in WRITTEN {
        let sql = format!(
            "create trigger refuse after insert or update or delete on sverka.{table} for each statement \
             execute function public.refuse()"
        );
        client.batch_execute(&sql).await.unwrap();
    }
    let (mut shown, mut id, mut refused) = (Arc::new(base.clone()), 1, 0);
    for code in ["42501", "53100"] {
        for at in 1.. {
            id += 1;
            base.change(&mut chance, 8);
            let next = Arc::new(base.clone());
            let begin = format!(
                "update public.refusal set at = {at}, code = '{code}'; select setval('public.statements', 1, false)"
            );
            client.batch_execute(&begin).await.unwrap();
            let published = publish(&settings, id, &next, false).await;
            client.batch_execute("update public.refusal set at = 0").await.unwrap();
            match published {
                Err(Error::Rights(_)) => assert_eq!(code, "42501"),
                Err(Error::Full(_)) => assert_eq!(code, "53100"),
                Ok(published) => {
                    assert!(published.verified && refused > 0, "{code} {at}: {published:?}");
                    shown = next;
                    break;
                }
                Err(error) => panic!("{code} {at}: {error}"),
            }
            refused += 1;
            // One generation or the next, whole: the refusal may have come behind the switch.
            let customers = lines(&client, support::rows::CUSTOMERS).await;
            let seen = if customers == next.customers() { &next } else { &shown };
            assert_shows(&client, seen).await;
            assert!(publish(&settings, id, &next, false).await.unwrap().verified, "{code} {at}");
            assert_shows(&client, &next).await;
            shown = next;
        }
    }
    assert!(refused >= 20, "only {refused}");
    assert_shows(&client, &shown).await;
}

/// As `tests/integration/crash/disk.rs`: a machine that checks changes must have it.
fn can_mount() -> bool {
    let probe = "unshare -rm mount -t tmpfs none /tmp";
    let can = Command::new("sh").args(["-c", probe]).output().is_ok_and(|run| run.status.success());
    assert!(
        can || std::env::var_os("CI").is_none(),
        "this machine mounts nothing for us: allow user namespaces"
    );
    if !can {
        eprintln!("This machine mounts nothing for us: a full tablespace was not tried.");
    }
    can
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_tablespace_leaves_readers_what_they_have_until_there_is_room() {
    if !can_mount() {
        return;
    }
    let server = Server::start_with_small_disk(16_000);
    let admin = server.connect("postgres").await;
    let place = server.socket().join("small");
    admin.batch_execute(&format!("create tablespace small location '{}'", place.display())).await.unwrap();
    admin.batch_execute("create database crowded tablespace small").await.unwrap();
    let client = server.connect("crowded").await;
    let settings = settings(&server.address("crowded", "owner"));
    let small = Arc::new(Base::invented(&mut Chance(31), 20, 3));
    let large = Arc::new(Base::invented(&mut Chance(32), 2_000, 3));
    publish(&settings, 1, &small, false).await.unwrap();
    // All that is left but some hundred kilobytes.
    client
        .batch_execute(
            "create table public.ballast (it text); alter table public.ballast alter it set storage external",
        )
        .await
        .unwrap();
    while client.execute("insert into public.ballast select repeat('x', 100000)", &[]).await.is_ok() {}
    let refused = publish(&settings, 2, &large, false).await;
    assert!(matches!(refused, Err(Error::Full(_))), "{refused:?}");
    assert_shows(&client, &small).await;
    client.batch_execute("drop table public.ballast").await.unwrap();
    let published = publish(&settings, 2, &large, false).await.unwrap();
    assert!(published.verified);
    assert_shows(&client, &large).await;
}

#[tokio::test]
async fn what_is_wrong_with_a_database_is_found_without_changing_it() {
    let server = Server::shared();
    let database = server.database().await;
    let owner = settings(&server.address(&database, "owner"));
    let client = server.connect(&database).await;
    let found = examine(&owner).await.unwrap();
    assert!(found.version.starts_with("PostgreSQL "), "{found:?}");
    assert_eq!((found.flavour, found.shown), (Flavour::Postgres, None));
    assert_eq!(
        lines(&client, "select nspname::text from pg_namespace where nspname = 'sverka'").await.len(),
        0
    );
    publish(&owner, 7, &Arc::new(Base::invented(&mut Chance(5), 5, 2)), false).await.unwrap();
    assert!(matches!(examine(&owner).await, Ok(Examined { shown: Some((7, true)), .. })));
    client.batch_execute("update sverka.generations set verified = false").await.unwrap();
    assert!(matches!(examine(&owner).await, Ok(Examined { shown: Some((7, false)), .. })));
    let guest = format!("guest_of_{database}");
    client.batch_execute(&format!("create role {guest} login; create table public.shown (k text, v numeric); grant select on public.shown to {guest}")).await.unwrap();
    let guest = settings(&server.address(&database, &guest));
    assert!(matches!(examine(&guest).await, Err(Error::Rights(_))));
    // A portal: its login may read, or write as well; a query has two columns, or fails.
    let second = std::time::Duration::from_secs(5);
    let good = "select k, v from public.shown;";
    assert_eq!(probe(&guest, &[good], second).await, Ok(false));
    assert_eq!(probe(&owner, &[good], second).await, Ok(true));
    for bad in [
        "select k from public.shown",
        "select k, v from public.missing",
        "delete from public.shown returning k, v",
    ] {
        let refused = probe(&guest, &[good, bad], second).await;
        assert!(matches!(refused, Err((Some(1), Error::Refused { .. }))), "{bad}: {refused:?}");
    }
}
