//! Writing what changes beside what is shown: nobody sees it until the switch.

use bytes::Bytes;
use futures_util::{SinkExt as _, pin_mut};
use tokio_postgres::Client;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::Error;
use crate::binary::{HEADER, TRAILER};
use crate::error::Trouble;
use crate::lease::Lease;
use crate::retry::{Link, retrying};
use crate::rows::Entity;
use crate::schema::{FOR_EVER, Family, TABLES, Table};

/// Rows, and keys, that are written in one transaction.
const MOST_ROWS: u64 = 40_000;
const MOST_KEYS: usize = 20_000;

/// What is written in one transaction.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Keys whose rows are new.
    written: Vec<Uuid>,
    /// Keys whose rows are shown no more.
    replaced: Vec<Uuid>,
    /// The new rows of each table of the family.
    rows: Vec<Vec<u8>>,
    count: u64,
}

impl Batch {
    pub(crate) fn add(&mut self, entity: &Entity, replaces: bool) {
        self.written.push(entity.key);
        if replaces {
            self.replaced.push(entity.key);
        }
        self.rows.resize_with(entity.rows.len(), || HEADER.to_vec());
        for (all, own) in self.rows.iter_mut().zip(&entity.rows) {
            all.extend_from_slice(own);
        }
        self.count += entity.count;
    }

    pub(crate) fn remove(&mut self, key: Uuid) {
        self.replaced.push(key);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.count >= MOST_ROWS || self.written.len().max(self.replaced.len()) >= MOST_KEYS
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.written.is_empty() && self.replaced.is_empty()
    }
}

/// Writes batches of one version.
#[derive(Debug)]
pub(crate) struct Stager {
    pub(crate) lease: Lease,
    pub(crate) version: i64,
    /// Rows that were written.
    pub(crate) rows: u64,
    /// Whether anything was.
    pub(crate) has_staged: bool,
}

/// A batch as it is sent, as often as it takes.
struct Sent {
    family: Family,
    written: Vec<Uuid>,
    replaced: Vec<Uuid>,
    rows: Vec<Bytes>,
}

impl Stager {
    /// Writes a batch in one transaction.
    pub(crate) async fn stage(&mut self, link: &mut Link, family: Family, batch: Batch) -> Result<(), Error> {
        let empty = HEADER.len();
        let Batch { written, replaced, rows, count } = batch;
        let rows = rows.into_iter().map(|mut rows| {
            if rows.len() > empty {
                rows.extend_from_slice(&TRAILER);
            } else {
                rows.clear();
            }
            Bytes::from(rows)
        });
        let sent = Sent { family, written, replaced, rows: rows.collect() };
        let stager = &*self;
        retrying!(link, |tries| stager.try_stage(link, &sent, tries.failed > 0))?;
        self.rows += count;
        self.has_staged = true;
        Ok(())
    }

    /// Another try cannot know whether the one before it was committed.
    async fn try_stage(&self, link: &mut Link, sent: &Sent, again: bool) -> Result<(), Trouble> {
        let schema = link.settings.quoted_schema();
        let client = link.begin().await?;
        self.lease.renew(client).await?;
        let version = self.version;
        let under_way = format!("update {schema}.mirror set staging = {version} where id = 1");
        client.execute_typed(&under_way, &[]).await?;
        for table in sent.family {
            let (name, key) = (table.name, table.key_column());
            if again {
                let sql = format!("delete from {schema}.{name} where {key} = any($1) and since = {version}");
                client.execute_typed(&sql, &[(&sent.written, Type::UUID_ARRAY)]).await?;
            }
            if !sent.replaced.is_empty() {
                let sql = format!(
                    "update {schema}.{name} set until = {version} \
                     where {key} = any($1) and until = {FOR_EVER} and since < {version}"
                );
                client.execute_typed(&sql, &[(&sent.replaced, Type::UUID_ARRAY)]).await?;
            }
        }
        for (table, rows) in sent.family.iter().zip(&sent.rows) {
            copy(client, &schema, table, rows).await?;
        }
        Ok(client.batch_execute("commit").await?)
    }
}

async fn copy(client: &Client, schema: &str, table: &Table, rows: &Bytes) -> Result<(), Trouble> {
    if rows.is_empty() {
        return Ok(());
    }
    let (name, columns) = (table.name, table.written());
    let sql = format!("copy {schema}.{name} ({columns}) from stdin with (format binary)");
    let sink = client.copy_in::<_, Bytes>(sql.as_str()).await?;
    pin_mut!(sink);
    sink.send(rows.clone()).await?;
    sink.finish().await?;
    Ok(())
}

/// Rows that one statement looks at or deletes.
const SLICE: i64 = 200_000;

/// The keys in so many slices, each with its first and its last.
fn slices(rows: i64) -> impl Iterator<Item = (Uuid, Uuid)> {
    let count = u128::try_from(rows / SLICE + 1).unwrap_or(1).min(4_096);
    let width = u128::MAX / count;
    (0..count).map(move |at| {
        let last = if at + 1 == count { u128::MAX } else { (at + 1) * width - 1 };
        (Uuid::from_u128(at * width), Uuid::from_u128(last))
    })
}

/// Takes back what a publication left that was cut off before its switch.
pub(crate) async fn take_back(link: &mut Link, lease: &Lease, shown: i64) -> Result<(), Error> {
    for table in TABLES {
        let schema = link.settings.quoted_schema();
        let (name, key) = (table.name, table.key_column());
        let sql = format!("select count(*) from {schema}.{name}");
        let rows = retrying!(link, |tries| count(link, &sql))?;
        for slice in slices(rows) {
            let of_slice = format!("{key} >= $1 and {key} <= $2");
            let delete = format!("delete from {schema}.{name} where {of_slice} and since > {shown}");
            let show = format!(
                "update {schema}.{name} set until = {FOR_EVER} \
                 where {of_slice} and until > {shown} and until < {FOR_EVER}"
            );
            for sql in [delete, show] {
                retrying!(link, |tries| change(link, lease, &sql, slice))?;
            }
        }
    }
    let schema = link.settings.quoted_schema();
    let done = format!("update {schema}.mirror set staging = null where id = 1 and $1 <= $2");
    let any = (Uuid::nil(), Uuid::max());
    retrying!(link, |tries| change(link, lease, &done, any))
}

/// Deletes rows that no version shows any more.
pub(crate) async fn sweep(link: &mut Link, lease: &Lease, shown: i64) -> Result<(), Error> {
    for table in TABLES {
        let schema = link.settings.quoted_schema();
        let (name, key) = (table.name, table.key_column());
        let gone = format!("until <= {shown} and until < {FOR_EVER}");
        let sql = format!("select count(*) from {schema}.{name} where {gone}");
        let rows = retrying!(link, |tries| count(link, &sql))?;
        if rows == 0 {
            continue;
        }
        for slice in slices(rows) {
            let sql = format!("delete from {schema}.{name} where {key} >= $1 and {key} <= $2 and {gone}");
            retrying!(link, |tries| change(link, lease, &sql, slice))?;
        }
    }
    Ok(())
}

async fn count(link: &mut Link, sql: &str) -> Result<i64, Trouble> {
    let rows = link.client().await?.query_typed(sql, &[]).await?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}

async fn change(
    link: &mut Link,
    lease: &Lease,
    sql: &str,
    (first, last): (Uuid, Uuid),
) -> Result<(), Trouble> {
    let client = link.begin().await?;
    lease.renew(client).await?;
    client.execute_typed(sql, &[(&first, Type::UUID), (&last, Type::UUID)]).await?;
    Ok(client.batch_execute("commit").await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_have_every_key_once() {
        for rows in [0, 1, SLICE, 3 * SLICE, i64::MAX] {
            let all: Vec<_> = slices(rows).collect();
            assert_eq!(all.first().map(|it| it.0), Some(Uuid::nil()));
            assert_eq!(all.last().map(|it| it.1), Some(Uuid::max()));
            assert!(all.windows(2).all(|pair| pair[0].1.as_u128() + 1 == pair[1].0.as_u128()), "{rows}");
        }
    }
}
