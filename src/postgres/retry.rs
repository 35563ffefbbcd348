//! A connection that is made again where it breaks.

use std::time::{Duration, Instant};

use tokio_postgres::Client;

use crate::connect::connect;
use crate::error::Trouble;
use crate::{Error, Settings};

/// The way to the database, whatever becomes of one connection.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) settings: Settings,
    client: Option<Client>,
    was_connected: bool,
    frees_names: bool,
}

/// How long something was tried again already.
#[derive(Debug)]
pub(crate) struct Tries {
    /// When it failed first.
    since: Option<Instant>,
    pause: Duration,
    /// How often it failed.
    pub(crate) failed: u32,
}

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Before the first connection nobody waits long for a server that is not there.
const KNOCK: Duration = Duration::from_secs(3);

impl Tries {
    pub(crate) fn new() -> Self {
        Self { since: None, pause: FIRST_PAUSE, failed: 0 }
    }
}

/// Does something again until it is done, or will not be.
macro_rules! retrying {
    ($link:expr, |$tries:ident| $attempt:expr) => {{
        let mut $tries = $crate::retry::Tries::new();
        loop {
            match $attempt.await {
                Ok(done) => break Ok(done),
                Err(trouble) => {
                    if let Err(error) = $link.after(trouble, &mut $tries).await {
                        break Err(error);
                    }
                }
            }
        }
    }};
}
pub(crate) use retrying;

impl Link {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, client: None, was_connected: false, frees_names: false }
    }

    /// The connection, made where there is none.
    pub(crate) async fn client(&mut self) -> Result<&Client, Trouble> {
        let known = self.client.take().filter(|client| !client.is_closed());
        let client = match known {
            Some(client) => client,
            None => connect(&self.settings).await?,
        };
        self.was_connected = true;
        Ok(self.client.insert(client))
    }

    /// The connection with a transaction begun.
    pub(crate) async fn begin(&mut self) -> Result<&Client, Trouble> {
        let frees_names = std::mem::take(&mut self.frees_names);
        let client = self.client().await?;
        client.batch_execute(if frees_names { "begin; deallocate all" } else { "begin" }).await?;
        Ok(client)
    }

    /// Waits before another try, over another connection; tells why there is none.
    pub(crate) async fn after(&mut self, trouble: Trouble, tries: &mut Tries) -> Result<(), Error> {
        self.client = None;
        let why = match trouble {
            Trouble::Lasting(error) => return Err(error),
            Trouble::NameTaken => {
                self.frees_names = true;
                "a statement of another client has the same name".to_owned()
            }
            Trouble::Passing(why) => why,
        };
        let patience = if self.was_connected { self.settings.patience } else { KNOCK };
        let since = *tries.since.get_or_insert_with(Instant::now);
        if since.elapsed() + tries.pause > patience {
            let unreachable = || Error::Unreachable { host: self.settings.host(), why: why.clone() };
            return Err(if self.was_connected { Error::Lost(why.clone()) } else { unreachable() });
        }
        tokio::time::sleep(tries.pause).await;
        tries.pause = (tries.pause * 2).min(LONGEST_PAUSE);
        tries.failed += 1;
        Ok(())
    }
}
