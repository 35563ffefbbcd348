//! Looking at a database without changing anything: whether what is wanted of it can be had.

use std::time::Duration;

use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::error::Trouble;
use crate::reading::{begin, wrapped};
use crate::retry::{Link, retrying};
use crate::schema::{flavour_of, tables_there};
use crate::{Error, Flavour, Settings};

/// What is known of the database of a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// What the database calls itself, with its version.
    pub version: String,
    /// Which kind it is.
    pub flavour: Flavour,
    /// The generation the mirror shows, and whether its sums were those of the store; `None` where there is no mirror yet.
    pub shown: Option<(i64, bool)>,
}

/// Looks whether a mirror can be published to.
///
/// # Errors
/// Where it cannot be reached, where a right is missing, and where the schema holds something else.
pub async fn examine(settings: &Settings) -> Result<Examined, Error> {
    let mut link = Link::new(settings.clone());
    let link = &mut link;
    retrying!(link, |tries| try_examine(link))
}

async fn try_examine(link: &mut Link) -> Result<Examined, Trouble> {
    let settings = link.settings.clone();
    let client = link.client().await?;
    let rows = client.query_typed("select version()", &[]).await?;
    let version: String = rows.first().map(|row| row.get(0)).unwrap_or_default();
    let version = version.split([',', '(']).next().unwrap_or_default().trim().to_owned();
    let flavour = flavour_of(client, &settings).await?;
    rights(client, &settings).await?;
    let there = tables_there(client, &settings).await?;
    let is_ours = there.iter().any(|table| table == "mirror");
    if let Some(table) = there.first().filter(|_| !is_ours) {
        return Err(Error::NotOurs { table: format!("{}.{table}", settings.schema) }.into());
    }
    let is_filled = there.iter().any(|table| table == "generations");
    let shown = if is_ours && is_filled { shown(client, &settings).await? } else { None };
    Ok(Examined { version, flavour, shown })
}

async fn rights(client: &Client, settings: &Settings) -> Result<(), Trouble> {
    let sql = "select has_schema_privilege(nspname, 'create') from pg_namespace where nspname = $1";
    let rows = client.query_typed(sql, &[(&settings.schema, Type::TEXT)]).await?;
    if let Some(row) = rows.first() {
        return if row.get(0) { Ok(()) } else { Err(lacking(&format!("schema {}", settings.schema))) };
    }
    let sql = "select has_database_privilege(current_database(), 'create')";
    let rows = client.query_typed(sql, &[]).await?;
    let may: bool = rows.first().is_some_and(|row| row.get(0));
    if may { Ok(()) } else { Err(lacking("database")) }
}

fn lacking(on: &str) -> Trouble {
    Error::Rights(format!("create on {on}")).into()
}

async fn shown(client: &Client, settings: &Settings) -> Result<Option<(i64, bool)>, Trouble> {
    let schema = settings.quoted_schema();
    let sql = format!(
        "select m.generation, coalesce(g.verified, false) from {schema}.mirror m \
         left join {schema}.generations g on g.id = m.generation where m.id = 1 and m.generation is not null"
    );
    let rows = client.query_typed(&sql, &[]).await?;
    Ok(rows.first().map(|row| (row.get(0), row.get(1))))
}

/// Asks each query for one row, in a transaction that may not write. Tells whether the login might write elsewhere.
///
/// # Errors
/// Where the database cannot be reached, and where a query fails or has fewer than two columns: its number, too.
pub async fn probe(
    settings: &Settings,
    queries: &[&str],
    timeout: Duration,
) -> Result<bool, (Option<usize>, Error)> {
    let mut link = Link::new(settings.clone());
    let link = &mut link;
    let may_write = retrying!(link, |tries| try_may_write(link)).map_err(|error| (None, error))?;
    for (number, query) in queries.iter().enumerate() {
        retrying!(link, |tries| try_query(link, query, timeout)).map_err(|error| (Some(number), error))?;
    }
    Ok(may_write)
}

async fn try_may_write(link: &mut Link) -> Result<bool, Trouble> {
    let sql = "select exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace \
               where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') \
               and has_table_privilege(c.oid, 'insert, update, delete'))";
    let rows = link.client().await?.query_typed(sql, &[]).await?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

async fn try_query(link: &mut Link, query: &str, timeout: Duration) -> Result<(), Trouble> {
    let client = link.client().await?;
    client.batch_execute(&begin(timeout)).await?;
    let asked = client.query_typed(&format!("{} limit 1", wrapped(query)), &[]).await;
    client.batch_execute("rollback").await?;
    asked?;
    Ok(())
}
