//! Asking a database that is somebody else's for figures: it is read, and nothing else.

use std::time::Duration;

use futures_util::{TryStreamExt as _, pin_mut};
use tokio_postgres::types::Type;

use crate::connect::connect;
use crate::error::Trouble;
use crate::retry::{Link, retrying};
use crate::{Error, Settings};

/// What is told of one key: its number among the queries, the key, the value.
type Told = (usize, String, Option<String>);

/// Asks each query, of two columns, for the keys given, or for all of them; `each` hears of every row as it comes. One connection, one
/// transaction that reads one moment and may not write, and a bound to each statement.
pub async fn ask(
    settings: &Settings,
    queries: &[&str],
    keys: Option<&[String]>,
    timeout: Duration,
    mut each: impl FnMut(usize, String, Option<String>) + Send,
) -> Result<(), Error> {
    match keys {
        // Few rows: they are told once all are there, so that another try tells none of them twice.
        Some(keys) => {
            let mut link = Link::new(settings.clone());
            let link = &mut link;
            let told = retrying!(link, |tries| few(link, queries, keys, timeout))?;
            for (query, key, value) in told {
                each(query, key, value);
            }
            Ok(())
        }
        None => all(settings, queries, timeout, &mut each).await.map_err(|trouble| match trouble {
            Trouble::Lasting(error) => error,
            Trouble::Passing(why) => Error::Unreachable { host: settings.host(), why },
            Trouble::NameTaken => Error::Lost(String::new()),
        }),
    }
}

async fn few(
    link: &mut Link,
    queries: &[&str],
    keys: &[String],
    timeout: Duration,
) -> Result<Vec<Told>, Trouble> {
    let client = link.client().await?;
    client.batch_execute(&begin(timeout)).await?;
    let mut told = Vec::new();
    for (number, query) in queries.iter().enumerate() {
        let sql = format!("{} where q.k::text = any($1)", wrapped(query));
        for row in client.query_typed(&sql, &[(&keys, Type::TEXT_ARRAY)]).await? {
            told.extend(row.get::<_, Option<String>>(0).map(|key| (number, key, row.get(1))));
        }
    }
    client.batch_execute("commit").await?;
    Ok(told)
}

async fn all(
    settings: &Settings,
    queries: &[&str],
    timeout: Duration,
    each: &mut (impl FnMut(usize, String, Option<String>) + Send),
) -> Result<(), Trouble> {
    let client = connect(settings).await?;
    client.batch_execute(&begin(timeout)).await?;
    for (number, query) in queries.iter().enumerate() {
        let rows = client.query_typed_raw(&wrapped(query), std::iter::empty::<(i32, Type)>()).await?;
        pin_mut!(rows);
        while let Some(row) = rows.try_next().await? {
            if let Some(key) = row.get::<_, Option<String>>(0) {
                each(number, key, row.get(1));
            }
        }
    }
    Ok(client.batch_execute("commit").await?)
}

pub(crate) fn begin(timeout: Duration) -> String {
    let bound = timeout.as_millis();
    format!("begin isolation level repeatable read read only; set local statement_timeout = {bound}")
}

pub(crate) fn wrapped(query: &str) -> String {
    let query = query.trim().trim_end_matches(';');
    format!("select q.k::text, q.v::text from ({query}) as q(k, v)")
}
