//! One customer's fields as 1C has them now, and how 1C answers a request: read when asked for, kept nowhere.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Engine;
use crate::domain::CardId;
pub use crate::odata::RawField;
use crate::odata::{Client, RawAnswer, Sent, Set};
use crate::sync::Error;

/// The fields this program reads of a card and of its owner. Identity documents are not among them: every
/// request names its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawFields {
    /// Of the card.
    pub card: Vec<RawField>,
    /// Of the owner; empty where the card has none.
    pub owner: Vec<RawField>,
    /// The requests that read them: the card's first.
    pub requests: Vec<Sent>,
}

impl RawFields {
    /// The request that read the fields of the card, or of the owner.
    pub fn request(&self, set: Set) -> Option<&Sent> {
        self.requests.iter().find(|sent| sent.set == Some(set))
    }
}

impl Engine {
    /// Asks 1C for the fields of a card and its owner; `None` where 1C has no such card.
    pub async fn raw_fields(&self, card: CardId) -> Result<Option<RawFields>, Error> {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let client = self.informed(&self.client).await.with_recorder({
            let requests = Arc::clone(&requests);
            // Of one set the last is the one that was answered with its fields.
            move |sent: Sent| {
                let mut requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
                requests.retain(|other: &Sent| other.set != sent.set);
                requests.push(sent);
            }
        });
        let Some(card) = client.raw_fields(Set::Cards, card.0).await? else { return Ok(None) };
        let owner = owner(&card, &self.config.names.card_owner);
        let owner = owner_fields(&client, owner).await?.unwrap_or_default();
        let requests = std::mem::take(&mut *requests.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Some(RawFields { card, owner, requests }))
    }

    /// Sends a request once more and tells how 1C answers it.
    pub async fn raw_answer(&self, sent: &Sent) -> Result<RawAnswer, Error> {
        let patient = self.client.with_patience(self.config.onec.patience);
        Ok(self.informed(&patient).await.raw_answer(sent).await?)
    }
}

async fn owner_fields(client: &Client, owner: Option<Uuid>) -> Result<Option<Vec<RawField>>, Error> {
    match owner {
        Some(owner) => Ok(client.raw_fields(Set::Owners, owner).await?),
        None => Ok(None),
    }
}

/// The key in the field that names the owner; an empty reference names nobody.
fn owner(fields: &[RawField], name: &str) -> Option<Uuid> {
    let field = fields.iter().find(|field| field.name == name)?;
    Uuid::parse_str(&field.value).ok().filter(|key| !key.is_nil())
}
