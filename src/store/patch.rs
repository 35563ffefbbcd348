//! What of a published table changes, where the rest of it stays.

use redb::WriteTransaction;

use super::Error;
use super::schema::{self, RowKind};

/// What changes of a published table.
#[derive(Debug)]
pub(super) struct Patch {
    pub(super) kind: RowKind,
    /// Keys with their records from now on; none for a row that goes.
    pub(super) rows: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Patch {
    /// Writes it into the published table.
    pub(super) fn apply(&self, write: &WriteTransaction) -> Result<(), Error> {
        let mut table = write.open_table(schema::rows(&self.kind.current()))?;
        for (key, record) in &self.rows {
            match record {
                Some(record) => drop(table.insert(key.as_slice(), record.as_slice())?),
                None => drop(table.remove(key.as_slice())?),
            }
        }
        // The rows of the generation before are no more; that it has tables for them is the format's.
        write.open_table(schema::rows(&self.kind.previous()))?;
        Ok(())
    }
}
