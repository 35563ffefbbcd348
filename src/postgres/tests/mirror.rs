//! The mirror against a real PostgreSQL: what is shown is what was given, whatever happens on the way.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::sync::Arc;

use support::rows::{Base, Chance, assert_shows, lines, publish, settings};
use support::server::Server;
use sverka_postgres::{Error, Mirror};

#[tokio::test]
async fn what_is_published_is_what_was_given_and_only_changes_are_written() {
    let server = Server::shared();
    let database = server.database().await;
    let settings = settings(&server.address(&database, "owner"));
    let client = server.connect(&database).await;
    let mut chance = Chance(1);
    let mut base = Base::invented(&mut chance, 200, 6);
    let cards = base.cards.len() as u64 + base.products.len() as u64;
    let published = publish(&settings, 1, &Arc::new(base.clone()), false).await.unwrap();
    assert_eq!((published.written, published.removed, published.verified), (cards, 0, true));
    assert_shows(&client, &base).await;

    let again = publish(&settings, 1, &Arc::new(base.clone()), false).await.unwrap();
    assert_eq!((again.written, again.rows, again.verified), (0, 0, true));

    let key = *base.cards.keys().next().unwrap();
    base.cards.insert(key, support::rows::card(&mut chance, key, 3));
    let gone = *base.cards.keys().next_back().unwrap();
    base.cards.remove(&gone);
    let published = publish(&settings, 2, &Arc::new(base.clone()), false).await.unwrap();
    assert_eq!((published.written, published.removed, published.verified), (1, 1, true));
    assert_shows(&client, &base).await;
    let left = "select count(*)::text from sverka.movement_rows where until < 9223372036854775807";
    assert_eq!(lines(&client, left).await, ["0"], "what was replaced is swept");
    let generations = "select concat_ws(' ', id, cards, verified) from sverka.generations order by id";
    let customers = base.customers().len();
    assert_eq!(lines(&client, generations).await.last(), Some(&format!("2 {customers} t")));
}

#[tokio::test]
async fn after_each_of_fifty_generations_every_figure_is_the_stores() {
    let server = Server::shared();
    let database = server.database().await;
    let settings = settings(&server.address(&database, "owner"));
    let client = server.connect(&database).await;
    let mut chance = Chance(2);
    let mut base = Base::invented(&mut chance, 30, 5);
    for generation in 1..=50 {
        let published = publish(&settings, generation, &Arc::new(base.clone()), false).await.unwrap();
        assert!(published.verified, "{generation}: {:?}", published.differences);
        assert_shows(&client, &base).await;
        let changes = chance.below(15);
        base.change(&mut chance, changes);
    }
}

#[tokio::test]
async fn what_was_edited_by_hand_is_told_by_card_and_repaired() {
    let server = Server::shared();
    let database = server.database().await;
    let settings = settings(&server.address(&database, "owner"));
    let client = server.connect(&database).await;
    let base = Arc::new(Base::invented(&mut Chance(3), 50, 4));
    publish(&settings, 1, &base, false).await.unwrap();
    let edited = base.cards.values().find(|card| card.movements.len() > 1).unwrap().key;
    for (edit, is_seen) in [
        ("update sverka.movement_rows set amount = amount + 0.01 where card_key = '{}'", true),
        ("delete from sverka.movement_rows where card_key = '{}'", true),
        ("update sverka.customer_rows set total = total + 1 where card_key = '{}'", true),
        // No sum tells it; every row that is read again does.
        ("update sverka.movement_rows set recorder_type = 'x' where card_key = '{}'", false),
        ("update sverka.movement_rows set until = 1 where card_key = '{}'", true),
        (
            "insert into sverka.movement_rows select '11111111-1111-1111-1111-111111111111', recorder, recorder_type, line, \
          period, kind, amount, quantity, product, since from sverka.movement_rows where card_key = '{}'",
            true,
        ),
    ] {
        client.batch_execute(&edit.replace("{}", &edited.to_string())).await.unwrap();
        let published = publish(&settings, 1, &base, false).await.unwrap();
        assert_eq!(published.verified, !is_seen, "{edit}");
        if is_seen {
            let named = published.differing.0.iter().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(named.len(), 1, "{edit}: {named:?}");
            assert_eq!(named[0] == edited.to_string(), !edit.starts_with("insert"), "{edit}");
            let verified = "select verified::text from sverka.generations";
            assert_eq!(lines(&client, verified).await, ["false"]);
        }
        let repaired = publish(&settings, 1, &base, true).await.unwrap();
        assert!(repaired.verified, "{edit}: {:?}", repaired.differences);
        assert_shows(&client, &base).await;
    }
}

#[tokio::test]
async fn a_table_that_was_altered_is_told_and_made_anew() {
    let server = Server::shared();
    let database = server.database().await;
    let settings = settings(&server.address(&database, "owner"));
    let client = server.connect(&database).await;
    let base = Arc::new(Base::invented(&mut Chance(4), 20, 4));
    publish(&settings, 1, &base, false).await.unwrap();
    client.batch_execute("drop view sverka.bonus").await.unwrap();
    publish(&settings, 1, &base, false).await.unwrap();
    assert_shows(&client, &base).await;
    for alter in [
        "alter table sverka.bonus_rows drop column accrued cascade",
        "drop table sverka.movement_rows cascade",
        "drop view sverka.bonus; alter table sverka.bonus_rows alter column accrued type text",
    ] {
        client.batch_execute(alter).await.unwrap();
        let error = publish(&settings, 1, &base, false).await.unwrap_err();
        assert_eq!(error.code(), "mirror-altered", "{alter}: {error}");
        assert!(publish(&settings, 1, &base, true).await.unwrap().verified, "{alter}");
        assert_shows(&client, &base).await;
    }
}

#[tokio::test]
async fn a_schema_that_is_not_ours_is_left_alone_and_a_mirror_is_dropped_whole() {
    let server = Server::shared();
    let database = server.database().await;
    let settings = settings(&server.address(&database, "owner"));
    let client = server.connect(&database).await;
    client.batch_execute("create schema sverka; create table sverka.users (id int)").await.unwrap();
    let base = Arc::new(Base::invented(&mut Chance(5), 5, 2));
    let not_ours = Error::NotOurs { table: "sverka.users".into() };
    assert_eq!(publish(&settings, 1, &base, true).await.unwrap_err(), not_ours);
    assert_eq!(Mirror::new(settings.clone()).drop().await, Err(not_ours));
    client.batch_execute("drop table sverka.users").await.unwrap();
    publish(&settings, 1, &base, false).await.unwrap();
    // What others made upon it keeps it.
    client.batch_execute("create view public.ours as select * from sverka.customers").await.unwrap();
    assert_eq!(Mirror::new(settings.clone()).drop().await.unwrap_err().code(), "mirror-refused");
    assert_shows(&client, &base).await;
    client.batch_execute("drop view public.ours").await.unwrap();
    assert_eq!(Mirror::new(settings.clone()).drop().await, Ok(true));
    let schemas = "select schema_name::text from information_schema.schemata where schema_name = 'sverka'";
    assert!(lines(&client, schemas).await.is_empty());
    assert_eq!(Mirror::new(settings).drop().await, Ok(false));
}

#[tokio::test]
async fn refusals_have_a_name() {
    let server = Server::shared();
    let database = server.database().await;
    let client = server.connect(&database).await;
    client.batch_execute("create role guest login; create role sverka_reader").await.unwrap();
    let base = Arc::new(Base::invented(&mut Chance(6), 5, 2));
    let code =
        async |address: String| publish(&settings(&address), 1, &base, false).await.unwrap_err().code();
    assert_eq!(code(server.address(&database, "guest")).await, "mirror-rights");
    assert_eq!(code(server.address("absent", "owner")).await, "mirror-no-database");
    assert_eq!(code(server.address(&database, "stranger")).await, "mirror-login");
    assert_eq!(code(format!("host=/tmp/none dbname={database} user=owner")).await, "mirror-unreachable");
    // The readers' role may read what is shown, and nothing else.
    publish(&settings(&server.address(&database, "owner")), 1, &base, false).await.unwrap();
    client
        .batch_execute("set role sverka_reader; select * from sverka.users; select * from sverka.generations")
        .await
        .unwrap();
    assert!(client.batch_execute("select * from sverka.customer_rows").await.is_err());
    client.batch_execute("reset role").await.unwrap();
    // Of a disk that is full nothing is shown, and the next run goes on.
    let full = "create function no_room() returns trigger language plpgsql as \
        $$ begin raise exception 'no space left' using errcode = '53100'; end $$; \
        create trigger no_room before insert on sverka.bonus_rows execute function no_room()";
    client.batch_execute(full).await.unwrap();
    let next = Arc::new(Base::invented(&mut Chance(7), 50, 2));
    let address = server.address(&database, "owner");
    assert_eq!(publish(&settings(&address), 2, &next, false).await.unwrap_err().code(), "mirror-full");
    assert_shows(&client, &base).await;
    client.batch_execute("drop trigger no_room on sverka.bonus_rows").await.unwrap();
    assert!(publish(&settings(&address), 2, &next, false).await.unwrap().verified);
    assert_shows(&client, &next).await;
}
