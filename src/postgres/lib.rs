//! A mirror in PostgreSQL: rows of customers, published as one whole and proven there.
//!
//! Knows the database and nothing of redb, 1C or files of settings: it is given plain rows, in the order of their keys, and
//! where to put them.
//!
//! # How a version becomes visible
//! Every row carries the versions it is of: `since` and, once it is replaced, `until`. The one row of the table `mirror` says
//! which version is shown, and every view goes by it.
//!
//! ```text
//! stage    rows that are new are written with since = next; rows that are gone get until = next: nobody sees either
//! switch   mirror.version = next: one row, one short transaction, and every reader sees the next version
//! sweep    rows that no version shows any more are deleted, in parts
//! ```
//! So there is no long transaction over a bulk load, no definition changes while somebody reads, and a statement sees one version
//! or the other. What a publication that was cut off left is told by `since` and `until` alone, and taken back by the next.
//!
//! # Who may write
//! One at a time: who holds the lease in the row of `mirror`. Each transaction begins by renewing it, so that whoever lost it
//! writes nothing more. No session state is relied on: statements have no names, and a pool that gives every transaction
//! another connection does.

mod binary;
mod connect;
mod drop;
mod error;
mod examine;
mod lease;
mod publish;
mod reading;
mod retry;
mod rows;
mod schema;
mod settings;
mod staging;
mod sums;
mod verify;

pub use error::Error;
pub use examine::{Examined, examine, probe};
pub use publish::{GenerationRow, Mirror, Opened, Published, Publishing};
pub use reading::ask;
pub use rows::{
    BonusRow, CardRows, Closed, CustomerRow, MovementRow, OnecFigures, Portion, ProductRow, RowSink,
};
pub use settings::{Flavour, Settings, TlsMode};
pub use sums::{SumDifference, Sums};
