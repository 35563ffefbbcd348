//! Whatever is killed or cut at whatever moment of publishing: readers see one generation or the next, and the next run ends it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use support::proxy::{Cut, Proxy};
use support::rows::{Base, Chance, assert_shows, publish, settings};
use support::server::{Server, connect};
use tokio_postgres::Client;

/// Of nearly a thousand moments of publishing every fourth is tried with each change of the code; `SVERKA_CUTS_STEP=1` tries
/// them all.
const STEP: usize = 4;

/// All that readers see, in one statement.
const SEEN: &str = "select concat_ws('|', (select count(*) from sverka.customers), (select sum(total) from sverka.customers), \
    (select count(*) from sverka.movements), (select sum(amount) from sverka.movements), \
    (select sum(accrued) from sverka.bonus), (select count(*) from sverka.products))";

/// Looks all the time, over a connection that is made again where the server is killed, and keeps what it has seen.
struct Reader {
    stop: Arc<AtomicBool>,
    seen: tokio::task::JoinHandle<Vec<String>>,
}

impl Reader {
    async fn begin(address: String) -> Self {
        let (stop, looks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&looks));
        let seen = tokio::spawn(async move {
            let mut seen: Vec<String> = Vec::new();
            let mut client = connect(&address).await;
            while !stopped.load(Ordering::SeqCst) {
                match client.query_typed(SEEN, &[]).await {
                    Ok(rows) => {
                        let now: String = rows[0].get(0);
                        if seen.last() != Some(&now) {
                            seen.push(now);
                        }
                        counted.fetch_add(1, Ordering::SeqCst);
                    }
                    Err(error)
                        if error.as_db_error().is_some_and(|it| !it.code().code().starts_with("57")) =>
                    {
                        panic!("{error:?}")
                    }
                    Err(_) => client = connect(&address).await,
                }
                // Others have to get on, too.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            seen
        });
        while looks.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Self { stop, seen }
    }

    /// What it saw, one after another.
    async fn end(self) -> Vec<String> {
        self.stop.store(true, Ordering::SeqCst);
        self.seen.await.unwrap()
    }
}

/// Two generations, the second with cards that came, went and changed.
fn generations(seed: u64) -> [Arc<Base>; 2] {
    let mut chance = Chance(seed);
    let first = Base::invented(&mut chance, 12, 3);
    let mut second = first.clone();
    second.change(&mut chance, 10);
    [first, second].map(Arc::new)
}

async fn seen_now(server: &Server, database: &str) -> String {
    seen_by(&server.connect(database).await).await
}

async fn seen_by(client: &Client) -> String {
    client.query_typed(SEEN, &[]).await.unwrap()[0].get(0)
}

/// Publishes the second generation over a proxy that cuts, and then again without; readers see the one before or this.
async fn cut_at(
    server: &Server,
    (database, client): (&str, &Client),
    at: (u64, Cut),
    is_killed: bool,
    bases: &[Arc<Base>; 2],
) -> bool {
    let direct = settings(&server.address(database, "owner"));
    let id = at.0.cast_signed();
    let before = seen_by(client).await;
    let reader = Reader::begin(server.address(database, "owner")).await;
    let proxy = Proxy::new(server.socket(), at.0, at.1);
    let over_proxy = settings(&proxy.address(database));
    let was_cut = if is_killed {
        // The process is gone, with all it knew.
        tokio::select! {
            published = publish(&over_proxy, id, &bases[1], false) => { published.unwrap(); false }
            () = proxy.reached() => true,
        }
    } else {
        // It goes on by itself over another connection.
        let published = publish(&over_proxy, id, &bases[1], false).await;
        assert!(published.as_ref().is_ok_and(|it| it.verified), "{at:?}: {published:?}");
        proxy.passed() >= at.0
    };
    if is_killed {
        let published = publish(&direct, id, &bases[1], false).await.unwrap();
        assert!(published.verified, "{at:?}: {:?}", published.differences);
    }
    assert_shows(client, &bases[1]).await;
    let after = seen_by(client).await;
    let seen = reader.end().await;
    assert!(seen.iter().all(|it| *it == before || *it == after), "{at:?} {is_killed}: {seen:?}");
    assert!(seen.len() <= 2, "{at:?} {is_killed}: back and forth: {seen:?}");
    was_cut
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_see_one_generation_or_the_next_wherever_a_publication_is_cut_or_killed() {
    let server = Server::shared();
    let mut cuts = 0;
    let step = env::var("SVERKA_CUTS_STEP").map_or(STEP, |step| step.parse().unwrap());
    let kinds = [(Cut::Before, false), (Cut::After, false), (Cut::Before, true), (Cut::After, true)];
    let mut lanes = Vec::new();
    for (lane, (cut, is_killed)) in kinds.into_iter().enumerate() {
        let database = server.database().await;
        lanes.push(tokio::spawn(async move {
            let mut cuts = 0;
            let mut bases = generations(lane as u64 + 1);
            let settings = settings(&server.address(&database, "owner"));
            publish(&settings, 0, &bases[0], false).await.unwrap();
            let client = server.connect(&database).await;
            for at in (1 + lane as u64 % step as u64..).step_by(step) {
                if !cut_at(server, (&database, &client), (at, cut), is_killed, &bases).await {
                    return cuts;
                }
                cuts += 1;
                // There and back.
                bases.swap(0, 1);
                assert!(at < 500, "{lane}: it never ends");
            }
            cuts
        }));
    }
    for lane in lanes {
        cuts += lane.await.unwrap();
    }
    assert!(cuts >= 200, "only {cuts} points");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conflicts_of_transactions_are_tried_again() {
    let server = Server::shared();
    let database = server.database().await;
    let client = server.connect(&database).await;
    let settings = settings(&server.address(&database, "owner"));
    let bases = generations(7);
    publish(&settings, 1, &bases[0], false).await.unwrap();
    // A sequence is not taken back with its transaction: each fifth statement fails.
    client
        .batch_execute(
            "create sequence public.turns; create function public.conflict() returns trigger language plpgsql as \
             $$ begin if nextval('public.turns') % 5 = 0 then raise exception 'conflict' using errcode = '40001'; \
             end if; return null; end $$;",
        )
        .await
        .unwrap();
    for table in ["mirror", "customer_rows", "movement_rows", "generations"] {
        let sql = format!(
            "create trigger conflict after insert or update or delete on sverka.{table} for each statement \
             execute function public.conflict()"
        );
        client.batch_execute(&sql).await.unwrap();
        assert!(publish(&settings, 2, &bases[1], false).await.unwrap().verified, "{table}");
        assert_shows(&client, &bases[1]).await;
        client.batch_execute(&format!("drop trigger conflict on sverka.{table}")).await.unwrap();
        publish(&settings, 3, &bases[0], false).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_comes_back_with_one_generation() {
    let mut server = Server::start();
    let database = server.database().await;
    let settings = settings(&server.address(&database, "owner"));
    let mut chance = Chance(9);
    let mut base = Base::invented(&mut chance, 300, 10);
    let client = server.connect(&database).await;
    publish(&settings, 1, &Arc::new(base.clone()), false).await.unwrap();
    drop(client);
    for (round, wait) in [5, 20, 50, 100].into_iter().enumerate() {
        let before = seen_now(&server, &database).await;
        base.change(&mut chance, 200);
        let (next, of) = (Arc::new(base.clone()), settings.clone());
        let id = i64::try_from(round).unwrap() + 2;
        let publishing = tokio::spawn(async move { publish(&of, id, &next, false).await });
        tokio::time::sleep(Duration::from_millis(wait)).await;
        tokio::task::block_in_place(|| server.kill_and_begin());
        // It goes on by itself once the server is there again, or says that the connection broke.
        let ended = publishing.await.unwrap();
        let there = seen_now(&server, &database).await;
        let next = Arc::new(base.clone());
        assert!(publish(&settings, id, &next, false).await.unwrap().verified, "{ended:?}");
        assert!(there == before || there == seen_now(&server, &database).await, "{wait}");
        assert_shows(&server.connect(&database).await, &next).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_that_publish_at_once_take_turns() {
    let server = Server::shared();
    let database = server.database().await;
    let mut settings = settings(&server.address(&database, "owner"));
    settings.lease = Duration::from_secs(5);
    let bases = generations(11);
    let both = bases.clone().map(|base| {
        let settings = settings.clone();
        tokio::spawn(async move { publish(&settings, 1, &base, false).await })
    });
    let [one, other] = both;
    assert!(one.await.unwrap().unwrap().verified && other.await.unwrap().unwrap().verified);
    let seen = seen_now(server, &database).await;
    publish(&settings, 2, &bases[0], false).await.unwrap();
    let first = seen_now(server, &database).await;
    publish(&settings, 3, &bases[1], false).await.unwrap();
    assert!([first, seen_now(server, &database).await].contains(&seen), "neither of the two is there whole");
}
