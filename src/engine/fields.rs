//! One customer's fields as 1C has them now: read when asked for, kept nowhere.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Engine;
use crate::domain::CardId;
pub use crate::odata::RawField;
use crate::odata::{Client, Set};
use crate::sync::Error;

/// The fields this program reads of a card and of its owner. Identity documents are not among them: every
/// request names its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawFields {
    /// Of the card.
    pub card: Vec<RawField>,
    /// Of the owner; empty where the card has none.
    pub owner: Vec<RawField>,
}

impl Engine {
    /// Asks 1C for the fields of a card and its owner; `None` where 1C has no such card.
    pub async fn raw_fields(&self, card: CardId) -> Result<Option<RawFields>, Error> {
        let client = self.informed(&self.client).await;
        let Some(card) = client.raw_fields(Set::Cards, card.0).await? else { return Ok(None) };
        let owner = owner(&card, &self.config.names.card_owner);
        let owner = owner_fields(&client, owner).await?.unwrap_or_default();
        Ok(Some(RawFields { card, owner }))
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
