//! The right to publish: held by one at a time, renewed with every transaction, lost where it is not.

use std::time::{Duration, Instant};

use tokio_postgres::Client;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::Error;
use crate::error::Trouble;
use crate::retry::{Link, retrying};

/// Longest pause between two looks whether another has finished.
const LOOK: Duration = Duration::from_millis(200);

/// The right to publish.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    pub(crate) token: Uuid,
    holder: String,
    span: String,
    mirror: String,
}

impl Lease {
    /// Takes the lease. Of another one it waits as long as one lasts: whoever was killed renews it no more.
    pub(crate) async fn take(link: &mut Link, token: Uuid, holder: String) -> Result<Self, Error> {
        let mirror = format!("{}.mirror", link.settings.quoted_schema());
        let lasts = link.settings.lease;
        let span = format!("interval '{} milliseconds'", lasts.as_millis());
        let lease = Self { token, holder, span, mirror };
        let (began, look) = (Instant::now(), (lasts / 4).min(LOOK));
        loop {
            let other = retrying!(link, |tries| lease.try_take(link))?;
            match other {
                None => return Ok(lease),
                Some(holder) if began.elapsed() > lasts + look * 2 => return Err(Error::Busy { holder }),
                Some(_) => tokio::time::sleep(look).await,
            }
        }
    }

    /// Who has it, where it is not to be had.
    async fn try_take(&self, link: &mut Link) -> Result<Option<String>, Trouble> {
        let client = link.client().await?;
        let take = format!(
            "update {} set lease = $1, holder = $2, lease_until = now() + {} \
             where id = 1 and (lease is null or lease = $1 or lease_until < now())",
            self.mirror, self.span
        );
        let taken =
            client.execute_typed(&take, &[(&self.token, Type::UUID), (&self.holder, Type::TEXT)]).await?;
        if taken == 1 {
            return Ok(None);
        }
        let who = format!("select coalesce(holder, '') from {} where id = 1", self.mirror);
        let rows = client.query_typed(&who, &[]).await?;
        Ok(Some(rows.first().map(|row| row.get(0)).unwrap_or_default()))
    }

    /// Renews it at the beginning of a transaction, so that whoever has lost it writes nothing in it.
    pub(crate) async fn renew(&self, client: &Client) -> Result<(), Trouble> {
        let renew = format!(
            "update {} set lease_until = now() + {} where id = 1 and lease = $1",
            self.mirror, self.span
        );
        match client.execute_typed(&renew, &[(&self.token, Type::UUID)]).await? {
            1 => Ok(()),
            _ => Err(Error::Busy { holder: String::new() }.into()),
        }
    }

    /// Gives it back; where that fails, it ends by itself.
    pub(crate) async fn give_back(&self, link: &mut Link) {
        let sql = format!(
            "update {} set lease = null, lease_until = null where id = 1 and lease = $1",
            self.mirror
        );
        if let Ok(client) = link.client().await {
            let _ = client.execute_typed(&sql, &[(&self.token, Type::UUID)]).await;
        }
    }
}
