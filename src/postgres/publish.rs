//! Publishing a generation: what changed is staged, shown by one switch, and proven.

use chrono::{DateTime, SecondsFormat, Utc};
use rust_decimal::Decimal;
use tokio::sync::mpsc;
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::error::Trouble;
use crate::lease::Lease;
use crate::retry::{Link, retrying};
use crate::rows::{Entity, Handed};
use crate::schema::{self, CARD_FAMILY, Family, PRODUCT_FAMILY, TABLES};
use crate::staging::{Batch, Stager, sweep, take_back};
use crate::verify::{Heads, Look, sums};
use crate::{Error, Flavour, Portion, RowSink, Settings, SumDifference, Sums};

/// A mirror of one store.
#[derive(Debug)]
pub struct Mirror {
    link: Link,
}

/// What is said of a generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenerationRow {
    /// Its number in the store.
    pub id: i64,
    /// When it was read from 1C.
    pub synced_at: DateTime<Utc>,
    /// Its digest.
    pub digest: String,
    /// What vouches for it.
    pub proof: &'static str,
    /// Address of the base.
    pub address: String,
    /// Some of its cards.
    pub sample: Vec<Uuid>,
    /// Zone of the clock of the infobase.
    pub timezone: String,
}

/// A mirror that may be published to, as it stands.
#[derive(Clone, Debug)]
pub struct Opened {
    lease: Lease,
    shown: i64,
    is_staging: bool,
    format: i32,
    /// Which kind of database it is.
    pub flavour: Flavour,
    /// Address of the base it is of; `None` of a new one.
    pub address: Option<String>,
    /// Some cards of that base.
    pub sample: Vec<Uuid>,
    /// The generation it shows, and when that was read from 1C.
    pub generation: Option<(i64, DateTime<Utc>)>,
}

/// How to publish.
#[derive(Clone, Debug)]
pub struct Publishing {
    /// The generation.
    pub generation: GenerationRow,
    /// Whether every row of the mirror is read again and mended, instead of believing the digests it keeps.
    pub repair: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Cards and products whose rows were written.
    pub written: u64,
    /// Cards and products that were taken away.
    pub removed: u64,
    /// Rows that were written.
    pub rows: u64,
    /// What all rows come to.
    pub sums: Sums,
    /// Whether the database's own sums are the same.
    pub verified: bool,
    /// Those that are not.
    pub differences: Vec<SumDifference>,
    /// Cards whose rows are not what was given: the first of them, and how many there are.
    pub differing: (Vec<Uuid>, u64),
}

impl Published {
    /// The code of sums that are not the same.
    pub const DIFFERS: &str = "mirror-differs";

    /// What is to be said where they are not, by name; the cards are named by these codes.
    pub fn told(&self, codes: &[String]) -> Vec<(&'static str, String)> {
        let sum = |it: &SumDifference| format!("{}: {} ≠ {}", it.what, it.found, it.given);
        let sums = self.differences.iter().take(3).map(sum).collect::<Vec<_>>().join("; ");
        let cards = if codes.is_empty() { "—".to_owned() } else { codes.join(", ") };
        vec![("sums", sums), ("cards", cards), ("n", self.differing.1.to_string())]
    }
}

/// Cards that are named where they differ.
const NAMED: usize = 20;
/// Rows after which the database is told to look at its tables anew.
const ANALYSED: u64 = 20_000;
/// Portions that wait.
const WAITING: usize = 4;

impl Mirror {
    /// A mirror at these settings. Nothing is asked yet.
    pub fn new(settings: Settings) -> Self {
        Self { link: Link::new(settings) }
    }

    pub(crate) fn link(&mut self) -> &mut Link {
        &mut self.link
    }

    /// Takes the right to publish, and tells how the mirror stands. Makes its schema where there is none.
    pub async fn open(&mut self, token: Uuid, holder: String) -> Result<Opened, Error> {
        let link = &mut self.link;
        retrying!(link, |tries| try_found(link))?;
        let lease = Lease::take(link, token, holder).await?;
        retrying!(link, |tries| try_state(link, &lease))
    }

    /// Brings the schema to this version.
    ///
    /// # Errors
    /// Where a table was altered, unless it is to be repaired: then all tables are made anew, and nothing is shown until
    /// they are filled.
    pub async fn prepare(&mut self, opened: &mut Opened, repair: bool) -> Result<(), Error> {
        let link = &mut self.link;
        let prepared = retrying!(link, |tries| try_migrate(link, opened.format, opened.flavour));
        match prepared {
            Err(Error::Altered { .. }) if repair => {
                retrying!(link, |tries| try_begin_anew(link, &opened.lease))?;
                retrying!(link, |tries| try_migrate(link, 0, opened.flavour))?;
                (opened.shown, opened.is_staging, opened.generation) = (0, false, None);
                Ok(())
            }
            prepared => prepared,
        }
    }

    /// Gives the right to publish back.
    pub async fn close(&mut self, opened: &Opened) {
        opened.lease.give_back(&mut self.link).await;
    }

    /// Publishes what `open` gives into the sink it is handed, on a thread of its own: all cards by key, then all products.
    /// It is asked a second time where the database's sums are not those of the rows.
    pub async fn publish(
        &mut self,
        opened: &Opened,
        publishing: &Publishing,
        open: impl Fn(RowSink) + Send + Sync,
    ) -> Result<Published, Error> {
        let link = &mut self.link;
        if opened.is_staging || publishing.repair {
            take_back(link, &opened.lease, opened.shown).await?;
        }
        let version = opened.shown + 1;
        let stager = Stager { lease: opened.lease.clone(), version, rows: 0, has_staged: false };
        let look = if publishing.repair { Look::Rows } else { Look::Kept };
        let mut pass = Pass { stager: Some(stager), ..Pass::new(opened.shown, look) };
        let given = pass.run(link, open_rows(&open, version)).await?;
        let (has_staged, rows) = pass.stager.as_ref().map_or((false, 0), |it| (it.has_staged, it.rows));
        let shown = if has_staged { version } else { opened.shown };
        let row = Row { publishing, sums: &given, shown };
        retrying!(link, |tries| row.try_switch(link, &opened.lease))?;
        sweep(link, &opened.lease, shown).await?;
        if rows > ANALYSED {
            analyse(link).await;
        }
        let mut published = Published {
            written: pass.written,
            removed: pass.removed,
            rows,
            differences: given.differences(&sums(link).await?),
            ..Published::default()
        };
        published.verified = published.differences.is_empty();
        if !published.verified {
            let mut audit = Pass::new(shown, Look::Rows);
            audit.run(link, open_rows(&open, version)).await?;
            published.differing = (audit.differing, audit.written + audit.removed);
        }
        retrying!(link, |tries| row.try_note(link, &opened.lease, published.verified))?;
        published.sums = given;
        Ok(published)
    }
}

fn open_rows(open: &(impl Fn(RowSink) + Send + Sync), version: i64) -> mpsc::Receiver<Portion> {
    let (sender, receiver) = mpsc::channel(WAITING);
    open(RowSink::new(sender, version));
    receiver
}

async fn try_found(link: &mut Link) -> Result<(), Trouble> {
    let settings = link.settings.clone();
    schema::found(link.client().await?, &settings).await.map_err(made_by_another)
}

async fn try_migrate(link: &mut Link, format: i32, flavour: Flavour) -> Result<(), Trouble> {
    let settings = link.settings.clone();
    schema::migrate(link.client().await?, &settings, format, flavour).await.map_err(made_by_another)
}

/// Two that begin at once make the same; whoever comes second finds it there on the next try.
fn made_by_another(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Lasting(Error::Refused { code, message })
            if matches!(code.as_str(), "23505" | "42P06" | "42P07" | "42710" | "XX000") =>
        {
            Trouble::Passing(message)
        }
        trouble => trouble,
    }
}

async fn try_begin_anew(link: &mut Link, lease: &Lease) -> Result<(), Trouble> {
    let schema = link.settings.quoted_schema();
    let client = link.begin().await?;
    lease.renew(client).await?;
    for statement in schema::drop_statements(&schema, false) {
        client.batch_execute(&statement).await?;
    }
    let sql = format!(
        "update {schema}.mirror set format = 0, version = 0, staging = null, generation = null, digest = null, \
         synced_at = null where id = 1"
    );
    client.execute_typed(&sql, &[]).await?;
    Ok(client.batch_execute("commit").await?)
}

async fn try_state(link: &mut Link, lease: &Lease) -> Result<Opened, Trouble> {
    let (settings, schema) = (link.settings.clone(), link.settings.quoted_schema());
    let client = link.client().await?;
    let sql = format!(
        "select format, version, staging, address, sample, generation, \
         (extract(epoch from synced_at) * 1000000)::bigint from {schema}.mirror where id = 1"
    );
    let rows = client.query_typed(&sql, &[]).await?;
    let Some(row) = rows.first() else {
        let table = format!("{}.mirror", settings.schema);
        return Err(Error::NotOurs { table }.into());
    };
    let sample: Option<String> = row.get(4);
    let micros: Option<i64> = row.get(6);
    let synced_at = micros.and_then(DateTime::from_timestamp_micros);
    let format: i32 = row.get(0);
    if format > schema::FORMAT {
        return Err(Error::Format(format).into());
    }
    Ok(Opened {
        lease: lease.clone(),
        format,
        shown: row.get(1),
        is_staging: row.get::<_, Option<i64>>(2).is_some(),
        flavour: schema::flavour_of(client, &settings).await?,
        address: row.get(3),
        sample: sample.iter().flat_map(|all| all.split(',')).filter_map(|key| key.parse().ok()).collect(),
        generation: row.get::<_, Option<i64>>(5).zip(synced_at),
    })
}

async fn analyse(link: &mut Link) {
    let schema = link.settings.quoted_schema();
    let Ok(client) = link.client().await else { return };
    for table in TABLES {
        // It plans better with it, and answers the same without.
        let _ = client.batch_execute(&format!("analyze {schema}.{}", table.name)).await;
    }
}

/// Rows as they are given, beside what is shown.
struct Pass {
    stager: Option<Stager>,
    heads: [Heads; 2],
    /// The family it is at: cards, then products.
    at: usize,
    batch: Batch,
    written: u64,
    removed: u64,
    differing: Vec<Uuid>,
}

impl Pass {
    fn new(shown: i64, look: Look) -> Self {
        let heads = [&CARD_FAMILY[..], &PRODUCT_FAMILY[..]].map(|family| Heads::new(family, look, shown));
        Self {
            stager: None,
            heads,
            at: 0,
            batch: Batch::default(),
            written: 0,
            removed: 0,
            differing: Vec::new(),
        }
    }

    async fn run(&mut self, link: &mut Link, mut rows: mpsc::Receiver<Portion>) -> Result<Sums, Error> {
        loop {
            match rows.recv().await.ok_or(Error::Rows)?.0 {
                Handed::Cards(cards) => self.take(link, &cards).await?,
                Handed::Products(products) => {
                    self.cards_end(link).await?;
                    self.take(link, &products).await?;
                }
                Handed::End(sums) => {
                    self.cards_end(link).await?;
                    self.end(link).await?;
                    return Ok(*sums);
                }
            }
        }
    }

    /// Behind the last card products begin.
    async fn cards_end(&mut self, link: &mut Link) -> Result<(), Error> {
        if self.at == 0 {
            self.end(link).await?;
            self.at = 1;
        }
        Ok(())
    }

    async fn take(&mut self, link: &mut Link, entities: &[Entity]) -> Result<(), Error> {
        for entity in entities {
            let mut known = None;
            while let Some((key, digest)) = self.heads[self.at].up_to(link, entity.key).await? {
                if key == entity.key {
                    known = Some(digest);
                    break;
                }
                self.gone(key);
            }
            if known != Some(Some(entity.digest)) {
                self.written += 1;
                self.name(entity.key);
                self.batch.add(entity, known.is_some());
            }
            if self.batch.is_full() {
                self.flush(link).await?;
            }
        }
        Ok(())
    }

    /// What comes behind the last one given is not there any more.
    async fn end(&mut self, link: &mut Link) -> Result<(), Error> {
        while let Some((key, _)) = self.heads[self.at].up_to(link, Uuid::max()).await? {
            self.gone(key);
            if self.batch.is_full() {
                self.flush(link).await?;
            }
        }
        self.flush(link).await
    }

    fn gone(&mut self, key: Uuid) {
        self.removed += 1;
        self.name(key);
        self.batch.remove(key);
    }

    fn name(&mut self, key: Uuid) {
        if self.differing.len() < NAMED {
            self.differing.push(key);
        }
    }

    async fn flush(&mut self, link: &mut Link) -> Result<(), Error> {
        let batch = std::mem::take(&mut self.batch);
        let family: Family = if self.at == 0 { &CARD_FAMILY } else { &PRODUCT_FAMILY };
        match &mut self.stager {
            Some(stager) if !batch.is_empty() => stager.stage(link, family, batch).await,
            _ => Ok(()),
        }
    }
}

/// A moment as exactly as the database keeps it: it would round what is finer.
fn micros(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The generation as the mirror has it.
struct Row<'a> {
    publishing: &'a Publishing,
    sums: &'a Sums,
    shown: i64,
}

impl Row<'_> {
    /// Shows the version: one row is changed, in one short transaction.
    async fn try_switch(&self, link: &mut Link, lease: &Lease) -> Result<(), Trouble> {
        let schema = link.settings.quoted_schema();
        let client = link.begin().await?;
        lease.renew(client).await?;
        self.put_mirror(client, &schema).await?;
        self.put_generation(client, &schema).await?;
        Ok(client.batch_execute("commit").await?)
    }

    async fn put_mirror(&self, client: &Client, schema: &str) -> Result<(), Trouble> {
        let it = &self.publishing.generation;
        let sql = format!(
            "update {schema}.mirror set version = $1, staging = null, generation = $2, digest = $3, \
             synced_at = $4::text::timestamptz, address = $5, sample = $6, timezone = $7 where id = 1"
        );
        let sample: Vec<_> = it.sample.iter().map(ToString::to_string).collect();
        let (sample, synced_at) = (sample.join(","), micros(it.synced_at));
        let values: [(&(dyn ToSql + Sync), Type); 7] = [
            (&self.shown, Type::INT8),
            (&it.id, Type::INT8),
            (&it.digest, Type::TEXT),
            (&synced_at, Type::TEXT),
            (&it.address, Type::TEXT),
            (&sample, Type::TEXT),
            (&it.timezone, Type::TEXT),
        ];
        client.execute_typed(&sql, &values).await?;
        Ok(())
    }

    async fn put_generation(&self, client: &Client, schema: &str) -> Result<(), Trouble> {
        let (it, sums) = (&self.publishing.generation, self.sums);
        let (opening, purchases) = (sums.of_kind("opening-balance"), sums.of_kind("purchase"));
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let numbers =
            [sums.cards, sums.lines(), opening.0, purchases.0, sums.bonus_lines(), sums.products].map(whole);
        let amounts = [sums.amount(), opening.1, purchases.1].map(|sum: Decimal| sum.to_string());
        let synced_at = micros(it.synced_at);
        let sql = format!(
            "insert into {schema}.generations (id, published_at, synced_at, version, cards, lines, opening_lines, \
             purchase_lines, bonus_lines, products, amount, opening_amount, purchase_amount, digest, proof, verified) \
             values ($1, now(), $2::text::timestamptz, $3, $4, $5, $6, $7, $8, $9, $10::text::numeric, \
             $11::text::numeric, $12::text::numeric, $13, $14, false) on conflict (id) do update set \
             published_at = excluded.published_at, synced_at = excluded.synced_at, version = excluded.version, \
             cards = excluded.cards, lines = excluded.lines, opening_lines = excluded.opening_lines, \
             purchase_lines = excluded.purchase_lines, bonus_lines = excluded.bonus_lines, \
             products = excluded.products, amount = excluded.amount, opening_amount = excluded.opening_amount, \
             purchase_amount = excluded.purchase_amount, digest = excluded.digest, proof = excluded.proof, \
             verified = false"
        );
        let mut values: Vec<(&(dyn ToSql + Sync), Type)> =
            vec![(&it.id, Type::INT8), (&synced_at, Type::TEXT), (&self.shown, Type::INT8)];
        values.extend(numbers.iter().map(|it| (it as &(dyn ToSql + Sync), Type::INT8)));
        values.extend(amounts.iter().map(|it| (it as &(dyn ToSql + Sync), Type::TEXT)));
        values.extend([(&it.digest as &(dyn ToSql + Sync), Type::TEXT), (&it.proof, Type::TEXT)]);
        client.execute_typed(&sql, &values).await?;
        Ok(())
    }

    /// Notes whether it was proven.
    async fn try_note(&self, link: &mut Link, lease: &Lease, verified: bool) -> Result<(), Trouble> {
        let schema = link.settings.quoted_schema();
        let client = link.begin().await?;
        lease.renew(client).await?;
        let sql = format!("update {schema}.generations set verified = $2 where id = $1");
        let id = self.publishing.generation.id;
        client.execute_typed(&sql, &[(&id, Type::INT8), (&verified, Type::BOOL)]).await?;
        Ok(client.batch_execute("commit").await?)
    }
}
