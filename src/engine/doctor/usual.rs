//! Settings that name something else although what is usually meant is there too.
//!
//! A field that is named wrongly, and exists, proves itself: its rows and 1C's sums of it agree. That the usual one
//! stands beside it is the only thing that speaks against it.

use super::{is_published, row_of};
use crate::odata::{Capability, Client, OneUsual};

/// A setting whose usual name 1C knows as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedOtherwise {
    /// The key of the setting.
    pub key: String,
    /// What it names.
    pub named: String,
    /// What is usual, and there too.
    pub usual: String,
}

/// Asks for everything that is named otherwise under its usual name: a request or two for each.
pub(super) async fn beside(client: &Client, published: &[String]) -> Vec<NamedOtherwise> {
    let mut beside = Vec::new();
    for it in client.names().with_one_usual() {
        let is_there = if it.is_of_set { is_published(published, &it.usual) } else { has(client, &it).await };
        if is_there {
            beside.push(NamedOtherwise { key: it.key, named: it.named, usual: it.usual });
        }
    }
    beside
}

/// Whether a set has the usual field. Where 1C refuses in any way, it is not known to.
async fn has(client: &Client, it: &OneUsual) -> bool {
    let client = client.new_run().with_names(it.names.clone());
    let is_answered = row_of(&client, it.set).await.is_ok();
    let is_lack = |what: &Capability| matches!(what, Capability::Field(field) if *field == it.usual);
    is_answered && !client.learned().iter().any(|learned| is_lack(&learned.what))
}
