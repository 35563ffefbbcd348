//! The tables and views of a mirror, and how they come about.

use std::fmt::Write as _;

use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::error::Trouble;
use crate::settings::quoted;
use crate::{Error, Flavour, Settings};

/// The version of the schema. A later one is migrated to, never back.
pub(crate) const FORMAT: i32 = 1;

/// What `until` is of a row that stands: no version comes after it.
pub(crate) const FOR_EVER: i64 = i64::MAX;

/// A column: its name, its type, and what it is.
type Column = (&'static str, &'static str, &'static str);

/// A table of rows with versions.
#[derive(Debug)]
pub(crate) struct Table {
    /// Tells its rows from those of other tables in digests.
    pub(crate) tag: u8,
    pub(crate) name: &'static str,
    /// The view that shows what is current of it.
    pub(crate) view: &'static str,
    about: &'static str,
    /// In the order in which rows are written; the first is the key of the card, or of the product.
    pub(crate) columns: &'static [Column],
    /// What makes a row one, the first column first.
    key: &'static [&'static str],
    /// Whether its rows stand for others, whose digest they have.
    pub(crate) is_head: bool,
    indexes: &'static [(&'static str, &'static str)],
}

const MONEY: &str = "numeric(15,2)";

pub(crate) static CUSTOMERS: Table = Table {
    tag: 1,
    name: "customer_rows",
    view: "customers",
    about: "Customers: a card with what its owner says, and its figures",
    columns: &[
        ("card_key", "uuid", "Key of the discount card in 1C"),
        ("known", "boolean", "False for a card that rows name and the catalog lacks: no view shows it"),
        ("code", "text", "Code of the card"),
        ("phone", "text", "Phone, digits only"),
        ("name", "text", "Name; empty where 1C has none"),
        ("city", "text", "Town"),
        ("email", "text", "E-mail"),
        ("barcode", "text", "Bar code of the card"),
        ("city_source", "text", "The rule that found the town"),
        ("birthday", "date", "Birthday of the owner"),
        ("marked_for_deletion", "boolean", "Marked for deletion in 1C"),
        ("invalid_card", "boolean", "Called invalid in 1C"),
        ("owner", "uuid", "Key of the owner in 1C"),
        ("opening_balance", MONEY, "Roubles carried over from the old system"),
        ("purchases", MONEY, "Roubles of the purchases kept"),
        ("total", MONEY, "Opening balance and purchases, roubles"),
        ("purchase_lines", "bigint", "Lines of the purchases kept"),
        ("points", MONEY, "Bonus points by the rule of the settings; null where they are not known"),
        ("points_balance", MONEY, "Bonus points by the balance of the register"),
        (
            "verdict",
            "text",
            "How the card came out beside 1C: reconciled, before-window, variance, unverified",
        ),
        ("onec_opening_balance", MONEY, "What 1C itself says of the opening balance"),
        ("onec_purchases", MONEY, "What 1C itself says of the purchases"),
        ("onec_total", MONEY, "What 1C itself says of the total"),
        ("onec_points", MONEY, "What 1C itself says of the points"),
    ],
    key: &["card_key", "since"],
    is_head: true,
    indexes: &[("customer_phone", "phone"), ("customer_code", "code")],
};

pub(crate) static MOVEMENTS: Table = Table {
    tag: 2,
    name: "movement_rows",
    view: "movements",
    about: "Rows of the register of sales by discount card",
    columns: &[
        ("card_key", "uuid", "Key of the discount card in 1C"),
        ("recorder", "uuid", "Key of the document that wrote it"),
        ("recorder_type", "text", "Type of that document"),
        ("line", "bigint", "Line of its record set"),
        ("period", "timestamp", "When, by the clock of the infobase"),
        ("kind", "text", "opening-balance or purchase"),
        ("amount", MONEY, "Roubles; negative for returns"),
        ("quantity", "numeric(15,3)", "How much of the product"),
        ("product", "uuid", "Key of the product"),
    ],
    key: &["card_key", "recorder", "recorder_type", "line", "since"],
    is_head: false,
    indexes: &[("movement_period", "card_key, period")],
};

pub(crate) static BONUS: Table = Table {
    tag: 3,
    name: "bonus_rows",
    view: "bonus",
    about: "Rows of the register of bonus points",
    columns: &[
        ("card_key", "uuid", "Key of the discount card in 1C"),
        ("recorder", "uuid", "Key of the document that wrote it"),
        ("recorder_type", "text", "Type of that document"),
        ("line", "bigint", "Line of its record set"),
        ("period", "timestamp", "When, by the clock of the infobase; scheduled burns lie ahead"),
        ("direction", "text", "receipt adds, expense takes away"),
        ("accrued", MONEY, "Points accrued"),
        ("to_write_off", MONEY, "Points to be written off"),
    ],
    key: &["card_key", "recorder", "recorder_type", "line", "since"],
    is_head: false,
    indexes: &[],
};

pub(crate) static PRODUCTS: Table = Table {
    tag: 4,
    name: "product_rows",
    view: "products",
    about: "Products that movements name",
    columns: &[
        ("product", "uuid", "Key of the product in 1C"),
        ("name", "text", "Name"),
        ("article", "text", "Article"),
    ],
    key: &["product", "since"],
    is_head: true,
    indexes: &[],
};

/// What is written together: the table whose rows stand for an entity, and those of its other rows.
pub(crate) type Family = &'static [&'static Table];
pub(crate) static CARD_FAMILY: [&Table; 3] = [&CUSTOMERS, &MOVEMENTS, &BONUS];
pub(crate) static PRODUCT_FAMILY: [&Table; 1] = [&PRODUCTS];
pub(crate) static TABLES: [&Table; 4] = [&CUSTOMERS, &MOVEMENTS, &BONUS, &PRODUCTS];

/// Views over the tables, besides one for each of them.
const MORE_VIEWS: [&str; 3] = ["verdicts", "users", "purchase_history"];

const SINCE: Column = ("since", "bigint", "The first version that shows the row");
const UNTIL: Column = ("until", "bigint", "The version that shows it no more");
const DIGEST: Column = ("digest", "bytea", "Digest of all rows of this key");

const MIRROR: [Column; 13] = [
    ("id", "smallint", "Always 1"),
    ("format", "integer", "Version of this schema"),
    ("version", "bigint", "The version that is shown"),
    ("staging", "bigint", "The version that is being written"),
    ("generation", "bigint", "Number of the generation that is shown"),
    ("digest", "text", "Digest of that generation"),
    ("synced_at", "timestamptz", "When it was read from 1C"),
    ("address", "text", "Address of the base"),
    ("sample", "text", "Some of its cards: the base is known by these"),
    ("timezone", "text", "Zone of the clock of the infobase"),
    ("holder", "text", "Who publishes, or did last"),
    ("lease", "uuid", "The right to publish"),
    ("lease_until", "timestamptz", "How long it is held unless renewed"),
];

const GENERATIONS: [Column; 16] = [
    ("id", "bigint", "Number of the generation in the store"),
    ("published_at", "timestamptz", "When it was published here"),
    ("synced_at", "timestamptz", "When it was read from 1C"),
    ("version", "bigint", "The version of the mirror that shows it"),
    ("cards", "bigint", "Cards"),
    ("lines", "bigint", "Lines of movements"),
    ("amount", "numeric(19,2)", "Roubles of movements"),
    ("opening_lines", "bigint", "Lines of opening balances"),
    ("opening_amount", "numeric(19,2)", "Roubles of opening balances"),
    ("purchase_lines", "bigint", "Lines of purchases"),
    ("purchase_amount", "numeric(19,2)", "Roubles of purchases"),
    ("bonus_lines", "bigint", "Lines of bonus points"),
    ("products", "bigint", "Products"),
    ("digest", "text", "Digest of its rows as read from 1C, and of its figures"),
    ("proof", "text", "What vouches for it: confirmed by 1C's own totals, or unconfirmed"),
    ("verified", "boolean", "Whether the sums of this database were equal to those of the store"),
];

impl Table {
    /// The columns that are written, those of versions included.
    pub(crate) fn written(&self) -> String {
        let own = self.columns.iter().map(|(name, ..)| *name);
        own.chain(["since"]).chain(self.is_head.then_some("digest")).collect::<Vec<_>>().join(", ")
    }

    /// The columns of a row without those of versions.
    pub(crate) fn own(&self) -> String {
        self.columns.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The name of the column of the key.
    pub(crate) fn key_column(&self) -> &'static str {
        self.key.first().copied().unwrap_or_default()
    }

    fn all_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().chain([&SINCE, &UNTIL]).chain(self.is_head.then_some(&DIGEST))
    }

    fn create(&self, schema: &str, flavour: Flavour) -> String {
        let default = |name: &str| {
            if name == "until" { format!(" not null default {FOR_EVER}") } else { String::new() }
        };
        let columns: Vec<_> =
            self.all_columns().map(|(name, kind, _)| format!("{name} {kind}{}", default(name))).collect();
        // Its first column is spread by hash unless told otherwise, and cards are read in their order.
        let order = if flavour == Flavour::Yugabyte { " asc" } else { "" };
        let key: Vec<_> = self.key.iter().map(|name| format!("{name}{order}")).collect();
        let (name, columns, key) = (self.name, columns.join(", "), key.join(", "));
        format!("create table if not exists {schema}.{name} ({columns}, primary key ({key}))")
    }

    fn create_indexes(&self, schema: &str) -> impl Iterator<Item = String> {
        let (name, key) = (self.name, self.key_column());
        let index = move |index: &str, columns: &str, only: &str| {
            format!("create index if not exists {index} on {schema}.{name} ({columns}){only}")
        };
        let replaced = index(&format!("{name}_replaced"), key, &format!(" where until < {FOR_EVER}"));
        self.indexes.iter().map(move |(name, columns)| index(name, columns, "")).chain([replaced])
    }

    fn create_view(&self, schema: &str) -> String {
        let shown = self.columns.iter().map(|(name, ..)| *name).filter(|name| *name != "known");
        let shown: Vec<_> = shown.map(|name| format!("r.{name}")).collect();
        let known = if self.tag == CUSTOMERS.tag { " and r.known" } else { "" };
        let (view, table, shown) = (self.view, self.name, shown.join(", "));
        let current = format!("(select m.version from {schema}.mirror m where m.id = 1)");
        format!(
            "create or replace view {schema}.{view} as select {shown} from {schema}.{table} r \
             where r.since <= {current} and r.until > {current}{known}"
        )
    }
}

fn create_plain(schema: &str, name: &str, columns: &[Column]) -> String {
    let columns: Vec<_> = columns.iter().map(|(name, kind, _)| format!("{name} {kind}")).collect();
    format!("create table if not exists {schema}.{name} ({}, primary key (id))", columns.join(", "))
}

fn more_views(schema: &str) -> [String; 3] {
    [
        format!(
            "create or replace view {schema}.verdicts as select card_key, code, verdict, \
             opening_balance, onec_opening_balance, purchases, onec_purchases, total, onec_total, \
             total - onec_total as variance, points, onec_points from {schema}.customers"
        ),
        format!(
            "create or replace view {schema}.users as select c.card_key as id, c.email, c.phone, \
             c.code as discount_card_number, c.owner::text as customer_id_1c, \
             c.card_key::text as discount_card_id_1c, c.name as full_name, c.city, c.birthday as birth_date, \
             round(coalesce(c.points, 0))::bigint as loyalty_points, c.purchase_lines as total_purchases, \
             (c.total * 100)::bigint as total_spent, true as is_customer, \
             (select m.synced_at from {schema}.mirror m where m.id = 1) as synced_at from {schema}.customers c"
        ),
        format!(
            "create or replace view {schema}.purchase_history as select \
             md5(v.recorder::text || v.recorder_type || v.line::text)::uuid as id, v.card_key as user_id, \
             v.period at time zone (select m.timezone from {schema}.mirror m where m.id = 1) as purchase_date, \
             v.recorder::text as document_id_1c, v.product::text as product_id_1c, p.article as product_article, \
             p.name as product_name, v.quantity, (v.amount * 100)::bigint as total_amount \
             from {schema}.movements v left join {schema}.products p on p.product = v.product \
             where v.kind = 'purchase'"
        ),
    ]
}

/// Everything that makes the schema, the table `mirror` not included.
fn statements(schema: &str, flavour: Flavour) -> Vec<String> {
    let mut all = vec![create_plain(schema, "generations", &GENERATIONS)];
    for table in TABLES {
        all.push(table.create(schema, flavour));
        all.extend(table.create_indexes(schema));
    }
    if flavour == Flavour::Citus {
        all.extend(distributed(schema));
    }
    all
}

/// Views show what the tables have, so they can be made anew whenever one is missing.
fn views(schema: &str) -> Vec<String> {
    TABLES.iter().map(|table| table.create_view(schema)).chain(more_views(schema)).collect()
}

/// Rows of a card lie on one node of Citus; what every query asks lies on all.
fn distributed(schema: &str) -> impl Iterator<Item = String> {
    let cards = CARD_FAMILY.iter().map(move |table| {
        let name = format!("{schema}.{}", table.name).replace('\'', "''");
        format!("select create_distributed_table('{name}', 'card_key')")
    });
    let everywhere = ["mirror", "generations", PRODUCTS.name].into_iter().map(move |name| {
        format!("select create_reference_table('{}')", format!("{schema}.{name}").replace('\'', "''"))
    });
    everywhere.chain(cards)
}

fn comments(schema: &str) -> String {
    let mut all = String::new();
    let mut table = |kind: &str, name: &str, about: &str, columns: &mut dyn Iterator<Item = &Column>| {
        let quoted = |text: &str| text.replace('\'', "''");
        let _ = writeln!(all, "comment on {kind} {schema}.{name} is '{}';", quoted(about));
        for (column, _, about) in columns {
            let _ = writeln!(all, "comment on column {schema}.{name}.{column} is '{}';", quoted(about));
        }
    };
    table(
        "table",
        "mirror",
        "What sverka keeps of this mirror; its one row says which version is shown",
        &mut MIRROR.iter(),
    );
    table("table", "generations", "Generations that were published here", &mut GENERATIONS.iter());
    for it in TABLES {
        table(
            "table",
            it.name,
            &format!("{}, of all versions: read the view {}", it.about, it.view),
            &mut it.all_columns(),
        );
        let shown = it.columns.iter().filter(|(name, ..)| *name != "known");
        table("view", it.view, &format!("{}; the current version", it.about), &mut shown.into_iter());
    }
    all
}

/// What is in the schema that should be a mirror.
pub(crate) async fn tables_there(client: &Client, settings: &Settings) -> Result<Vec<String>, Trouble> {
    let sql = "select table_name::text from information_schema.tables where table_schema = $1";
    let rows = client.query_typed(sql, &[(&settings.schema, Type::TEXT)]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Which kind of database it is, as it says itself.
pub(crate) async fn flavour_of(client: &Client, settings: &Settings) -> Result<Flavour, Trouble> {
    if settings.flavour != Flavour::Auto {
        return Ok(settings.flavour);
    }
    let rows = client.query_typed("select version()", &[]).await?;
    let version: String = rows.first().map(|row| row.get(0)).unwrap_or_default();
    if version.contains("CockroachDB") {
        return Ok(Flavour::Cockroach);
    }
    if version.contains("-YB-") {
        return Ok(Flavour::Yugabyte);
    }
    let citus = client.query_typed("select 1 from pg_extension where extname = 'citus'", &[]).await?;
    Ok(if citus.is_empty() { Flavour::Postgres } else { Flavour::Citus })
}

/// Makes the schema and the table by which a mirror is known. Refuses a schema that holds something else.
pub(crate) async fn found(client: &Client, settings: &Settings) -> Result<(), Trouble> {
    let schema = settings.quoted_schema();
    let there = tables_there(client, settings).await?;
    if there.iter().any(|table| table == "mirror") {
        return Ok(());
    }
    if let Some(table) = there.first() {
        return Err(Error::NotOurs { table: format!("{}.{table}", settings.schema) }.into());
    }
    let exists = "select 1 from information_schema.schemata where schema_name = $1";
    if client.query_typed(exists, &[(&settings.schema, Type::TEXT)]).await?.is_empty() {
        client.batch_execute(&format!("create schema if not exists {schema}")).await?;
    }
    client.batch_execute(&create_plain(&schema, "mirror", &MIRROR)).await?;
    let begin = format!(
        "insert into {schema}.mirror (id, format, version) values (1, 0, 0) on conflict (id) do nothing"
    );
    client.execute_typed(&begin, &[]).await?;
    Ok(())
}

/// Brings the schema to the version of this program. Each statement can be run again where it was cut off.
pub(crate) async fn migrate(
    client: &Client,
    settings: &Settings,
    format: i32,
    flavour: Flavour,
) -> Result<(), Trouble> {
    let schema = settings.quoted_schema();
    if format > FORMAT {
        return Err(Error::Format(format).into());
    }
    if format < 1 {
        for statement in statements(&schema, flavour) {
            client.batch_execute(&statement).await?;
        }
    }
    unaltered(client, settings).await?;
    let there = tables_there(client, settings).await?;
    let wanted = TABLES.iter().map(|table| table.view).chain(MORE_VIEWS);
    let is_whole = wanted.into_iter().all(|view| there.iter().any(|name| name == view));
    if format < FORMAT || !is_whole {
        for statement in views(&schema) {
            client.batch_execute(&statement).await?;
        }
        client.batch_execute(&comments(&schema)).await?;
        search_by_parts(client, &schema).await?;
        let done = format!("update {schema}.mirror set format = {FORMAT} where id = 1");
        client.execute_typed(&done, &[]).await?;
    }
    grant(client, settings).await
}

/// Names and phones are found by any part where the extension for it is there.
async fn search_by_parts(client: &Client, schema: &str) -> Result<(), Trouble> {
    let sql = "select n.nspname::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace \
               where e.extname = 'pg_trgm'";
    let rows = client.query_typed(sql, &[]).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let (of, name) = (quoted(row.get(0)), CUSTOMERS.name);
    for column in ["name", "phone"] {
        let index = format!(
            "create index if not exists customer_{column}_parts on {schema}.{name} using gin ({column} {of}.gin_trgm_ops)"
        );
        client.batch_execute(&index).await?;
    }
    Ok(())
}

/// Lets the readers' role read, where there is such a role and it may not yet.
async fn grant(client: &Client, settings: &Settings) -> Result<(), Trouble> {
    let (schema, reader) = (settings.quoted_schema(), quoted(&settings.reader));
    let sql = "select has_schema_privilege(rolname, $2, 'usage') from pg_roles where rolname = $1";
    let rows =
        client.query_typed(sql, &[(&settings.reader, Type::TEXT), (&settings.schema, Type::TEXT)]).await?;
    let may: Option<bool> = rows.first().map(|row| row.get(0));
    if may != Some(false) {
        return Ok(());
    }
    let views = TABLES.iter().map(|table| table.view).chain(MORE_VIEWS).chain(["generations"]);
    let views: Vec<_> = views.map(|view| format!("{schema}.{view}")).collect();
    let sql = format!(
        "grant usage on schema {schema} to {reader}; grant select on {} to {reader};",
        views.join(", ")
    );
    Ok(client.batch_execute(&sql).await?)
}

/// Looks whether every column is there, and of its type.
async fn unaltered(client: &Client, settings: &Settings) -> Result<(), Trouble> {
    let sql = "select table_name::text, column_name::text, data_type::text from information_schema.columns \
               where table_schema = $1";
    let rows = client.query_typed(sql, &[(&settings.schema, Type::TEXT)]).await?;
    let there: Vec<(String, String, String)> =
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    let of =
        |table: &'static str, columns: Vec<&'static Column>| columns.into_iter().map(move |it| (table, it));
    let rows = TABLES.iter().flat_map(|table| of(table.name, table.all_columns().collect()));
    for (table, (name, kind, _)) in rows.chain(of("generations", GENERATIONS.iter().collect())) {
        let found = there.iter().find(|(of, column, _)| of == table && column == name);
        let is_kept = found.is_some_and(|(.., found)| is_type(found, kind));
        if !is_kept {
            let table = format!("{}.{table}", settings.schema);
            return Err(Error::Altered { table, what: (*name).to_owned() }.into());
        }
    }
    Ok(())
}

/// Whether the catalog's word for a type means it.
fn is_type(found: &str, wanted: &str) -> bool {
    let wanted = wanted.split('(').next().unwrap_or(wanted);
    match wanted {
        "timestamp" => found == "timestamp without time zone",
        "timestamptz" => found == "timestamp with time zone",
        wanted => found == wanted,
    }
}

/// Takes the tables and views away, so that they are made anew.
pub(crate) fn drop_statements(schema: &str, all: bool) -> Vec<String> {
    let views = ["purchase_history", "users", "verdicts"].into_iter();
    let views = views.chain(TABLES.iter().map(|table| table.view));
    let mut statements: Vec<_> = views.map(|view| format!("drop view if exists {schema}.{view}")).collect();
    let tables = TABLES.iter().map(|table| table.name).chain(["generations"]).chain(all.then_some("mirror"));
    statements.extend(tables.map(|table| format!("drop table if exists {schema}.{table}")));
    if all {
        statements.push(format!("drop schema if exists {schema}"));
    }
    statements
}
