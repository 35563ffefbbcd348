//! Whether a base is the one that the store came from: known by a sample of its keys, not by its address.

use super::Error;
use crate::domain::Card;
use crate::odata::{Client, Set};
use crate::store::Base;

/// Fails where half of the cards by which the base is known are not there.
pub async fn refuse_another_base(client: &Client, base: &Base) -> Result<(), Error> {
    let keys: Vec<_> = base.sample.iter().map(|card| card.0).collect();
    let known = client.by_keys::<Card>(Set::Cards, &keys).await?.rows.len();
    if known * 2 < keys.len() { Err(Error::AnotherBase { known, asked: keys.len() }) } else { Ok(()) }
}
