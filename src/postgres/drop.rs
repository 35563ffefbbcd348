//! Taking a mirror away.

use crate::error::Trouble;
use crate::retry::{Link, retrying};
use crate::schema::{drop_statements, tables_there};
use crate::{Error, Mirror};

impl Mirror {
    /// Takes away what sverka made: views, tables, and the schema where nothing else is in it. What others made upon them
    /// stays, and keeps them. `false` where there was no mirror.
    pub async fn drop(&mut self) -> Result<bool, Error> {
        let link = self.link();
        retrying!(link, |tries| try_drop(link))
    }
}

async fn try_drop(link: &mut Link) -> Result<bool, Trouble> {
    let (settings, schema) = (link.settings.clone(), link.settings.quoted_schema());
    let client = link.begin().await?;
    let there = tables_there(client, &settings).await?;
    if !there.iter().any(|table| table == "mirror") {
        client.batch_execute("rollback").await?;
        return match there.first() {
            Some(table) => Err(Error::NotOurs { table: format!("{}.{table}", settings.schema) }.into()),
            None => Ok(false),
        };
    }
    for statement in drop_statements(&schema, true) {
        client.batch_execute(&statement).await?;
    }
    client.batch_execute("commit").await?;
    Ok(true)
}
