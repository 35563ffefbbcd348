//! What stands in the database: its sums as it tells them itself, the digests it keeps, and all of its rows read again.

use std::collections::{BTreeMap, VecDeque};
use std::error::Error as StdError;

use chrono::{DateTime, Datelike as _, NaiveDateTime};
use futures_util::{TryStreamExt as _, pin_mut};
use rust_decimal::Decimal;
use tokio_postgres::types::{FromSql, Type};
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::binary::Fields;
use crate::error::Trouble;
use crate::retry::{Link, retrying};
use crate::schema::{Family, Table};
use crate::sums::FIGURES;
use crate::{Error, Sums};

/// A value as the server sent it.
struct RawValue<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for RawValue<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn raw(row: &Row, at: usize) -> Option<&[u8]> {
    row.try_get::<_, RawValue<'_>>(at).ok().and_then(|value| value.0)
}

/// Where digests come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Those that are kept with the rows.
    Kept,
    /// Those of the rows as they are.
    Rows,
}

/// The keys that are shown, in order, each with its digest.
#[derive(Debug)]
pub(crate) struct Heads {
    family: Family,
    look: Look,
    shown: i64,
    /// The first key that was not read yet; `None` where all were.
    next: Option<Uuid>,
    page: VecDeque<(Uuid, Option<u128>)>,
}

/// What was read at once, and its last key where there may be more.
type Page = (VecDeque<(Uuid, Option<u128>)>, Option<Uuid>);

/// Keys that are read at once.
const KEPT_PAGE: i64 = 10_000;
const ROWS_PAGE: i64 = 2_000;

impl Heads {
    pub(crate) fn new(family: Family, look: Look, shown: i64) -> Self {
        // Before the first version nothing is shown.
        let next = (shown > 0).then(Uuid::nil);
        Self { family, look, shown, next, page: VecDeque::new() }
    }

    /// Takes the next one that is not behind a key.
    pub(crate) async fn up_to(
        &mut self,
        link: &mut Link,
        key: Uuid,
    ) -> Result<Option<(Uuid, Option<u128>)>, Error> {
        while self.page.is_empty() && self.next.is_some() {
            self.read(link).await?;
        }
        let is_there = self.page.front().is_some_and(|(first, _)| *first <= key);
        Ok(if is_there { self.page.pop_front() } else { None })
    }

    async fn read(&mut self, link: &mut Link) -> Result<(), Error> {
        let Some(from) = self.next else { return Ok(()) };
        let (page, last) = match self.look {
            Look::Kept => retrying!(link, |tries| self.try_kept(link, from))?,
            Look::Rows => retrying!(link, |tries| self.try_rows(link, from))?,
        };
        self.page = page;
        self.next = last.and_then(|last| last.as_u128().checked_add(1)).map(Uuid::from_u128);
        Ok(())
    }

    fn of_version(&self) -> String {
        format!("since <= {0} and until > {0}", self.shown)
    }

    fn head(&self) -> Option<&'static Table> {
        self.family.first().copied()
    }

    async fn try_kept(&self, link: &mut Link, from: Uuid) -> Result<Page, Trouble> {
        let schema = link.settings.quoted_schema();
        let Some(head) = self.head() else { return Ok((VecDeque::new(), None)) };
        let (key, shown) = (head.key_column(), self.of_version());
        let sql = format!(
            "select {key}, digest from {schema}.{} where {key} >= $1 and {shown} order by {key} limit {KEPT_PAGE}",
            head.name
        );
        let rows = link.client().await?.query_typed(&sql, &[(&from, Type::UUID)]).await?;
        let page: VecDeque<_> = rows
            .iter()
            .filter_map(|row| {
                let digest = raw(row, 1).and_then(|digest| digest.try_into().ok()).map(u128::from_be_bytes);
                Some((key_of(row)?, digest))
            })
            .collect();
        let is_full = i64::try_from(rows.len()).is_ok_and(|rows| rows == KEPT_PAGE);
        let last = page.back().map(|(key, _)| *key).filter(|_| is_full);
        Ok((page, last))
    }

    /// All rows from a key on, as many as make a page.
    async fn try_rows(&self, link: &mut Link, from: Uuid) -> Result<Page, Trouble> {
        let schema = link.settings.quoted_schema();
        let shown = self.of_version();
        let client = link.client().await?;
        let Some(head) = self.head() else { return Ok((VecDeque::new(), None)) };
        let key = head.key_column();
        let sql = format!(
            "select {key} from {schema}.{} where {key} >= $1 and {shown} order by {key} offset {} limit 1",
            head.name,
            ROWS_PAGE - 1
        );
        let rows = client.query_typed(&sql, &[(&from, Type::UUID)]).await?;
        let last = rows.first().and_then(key_of);
        let to = last.unwrap_or(Uuid::max());
        let mut digests = BTreeMap::new();
        for table in self.family {
            let own = table.own();
            let sql = format!(
                "select {own} from {schema}.{} where {key} >= $1 and {key} <= $2 and {shown}",
                table.name
            );
            add_digests(client, &sql, (from, to), table, &mut digests).await?;
        }
        Ok((digests.into_iter().map(|(key, digest)| (key, Some(digest))).collect(), last))
    }
}

async fn add_digests(
    client: &Client,
    sql: &str,
    (from, to): (Uuid, Uuid),
    table: &Table,
    digests: &mut BTreeMap<Uuid, u128>,
) -> Result<(), Trouble> {
    let rows = client.query_typed_raw(sql, [(&from, Type::UUID), (&to, Type::UUID)]).await?;
    pin_mut!(rows);
    while let Some(row) = rows.try_next().await? {
        let Some(key) = key_of(&row) else { continue };
        let mut fields = Fields::default();
        for at in 0..row.len() {
            fields.raw(raw(&row, at));
        }
        let digest = digests.entry(key).or_default();
        *digest = digest.wrapping_add(fields.digest(table.tag));
    }
    Ok(())
}

fn key_of(row: &Row) -> Option<Uuid> {
    raw(row, 0).and_then(|bytes| Uuid::from_slice(bytes).ok())
}

/// Asks the database for its own sums of what everybody sees.
pub(crate) async fn sums(link: &mut Link) -> Result<Sums, Error> {
    retrying!(link, |tries| try_sums(link))
}

async fn try_sums(link: &mut Link) -> Result<Sums, Trouble> {
    let schema = link.settings.quoted_schema();
    let client = link.client().await?;
    let mut sums = Sums::default();
    let figures: Vec<_> = FIGURES.iter().map(|name| format!("coalesce(sum({name}), 0)::text")).collect();
    let sql = format!("select count(*), {} from {schema}.customers", figures.join(", "));
    for row in client.query_typed(&sql, &[]).await? {
        sums.cards = count(&row, 0);
        if sums.cards > 0 {
            let figures = FIGURES.into_iter().enumerate().map(|(at, name)| (name, decimal(&row, at + 1)));
            sums.customers = figures.collect();
        }
    }
    let sql = format!("select verdict, count(*) from {schema}.customers group by verdict");
    for row in client.query_typed(&sql, &[]).await? {
        sums.verdicts.insert(row.get::<_, Option<String>>(0).unwrap_or_default(), count(&row, 1));
    }
    let sql = format!("select count(*) from {schema}.products");
    for row in client.query_typed(&sql, &[]).await? {
        sums.products = count(&row, 0);
    }
    let sql = format!(
        "select kind, date_trunc('month', period), count(*), sum(amount)::text from {schema}.movements group by 1, 2"
    );
    for row in client.query_typed(&sql, &[]).await? {
        let (year, month) = month(&row, 1);
        let kind = row.get::<_, Option<String>>(0).unwrap_or_default();
        sums.movements.insert((kind, year, month), (count(&row, 2), decimal(&row, 3)));
    }
    let sql = format!(
        "select date_trunc('month', period), count(*), sum(accrued)::text, sum(to_write_off)::text \
         from {schema}.bonus group by 1"
    );
    for row in client.query_typed(&sql, &[]).await? {
        sums.bonus.insert(month(&row, 0), (count(&row, 1), decimal(&row, 2), decimal(&row, 3)));
    }
    Ok(sums)
}

fn count(row: &Row, at: usize) -> u64 {
    u64::try_from(row.get::<_, i64>(at)).unwrap_or(0)
}

fn decimal(row: &Row, at: usize) -> Decimal {
    let text: Option<&str> = row.get(at);
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn month(row: &Row, at: usize) -> (i32, u32) {
    let micros = raw(row, at).and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
    let moment = micros.and_then(moment_of).unwrap_or_default();
    (moment.year(), moment.month())
}

/// The moment so many microseconds after the beginning of 2000.
fn moment_of(micros: i64) -> Option<NaiveDateTime> {
    let epoch = 946_684_800_000_000_i64;
    Some(DateTime::from_timestamp_micros(micros.checked_add(epoch)?)?.naive_utc())
}
