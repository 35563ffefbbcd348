//! From earlier versions of the format to this one: all in one transaction, so that a
//! power cut leaves the store as it was or as it shall be. No rows are touched as long as a step can do
//! without: a manifest keeps its digest, and what was published stays what it was.

use redb::{ReadableTable, WriteTransaction};

use super::Error;
use super::error::damaged;
use super::generation::PublishedHead;
use super::schema::{FIRST_VERSION, META, META_CURRENT, META_PREVIOUS, META_VERSION, VERSION};

/// Brings a store of version `from` up to date.
///
/// 1. Version 2 says of a generation what vouches for it.
/// 2. Version 3 says on what a delta may build, and with each customer which objects of 1C it was joined of.
///    What an earlier version wrote says neither, so that the next sync reads everything.
/// 3. Version 4 tags the fields of a customer. Records of earlier versions are read as they are, until a sync writes
///    them anew.
pub(super) fn migrate(write: &WriteTransaction, from: u32) -> Result<(), Error> {
    if !(FIRST_VERSION..VERSION).contains(&from) {
        return Err(damaged("the format's version has no successor"));
    }
    write_heads_anew(write, from)?;
    write.open_table(META)?.insert(META_VERSION, VERSION.to_le_bytes().as_slice())?;
    Ok(())
}

fn write_heads_anew(write: &WriteTransaction, from: u32) -> Result<(), Error> {
    let mut meta = write.open_table(META)?;
    for name in [META_CURRENT, META_PREVIOUS] {
        let head = meta.get(name)?.map(|record| PublishedHead::decode(record.value(), from)).transpose()?;
        if let Some(head) = head {
            meta.insert(name, head.encode()?.as_slice())?;
        }
    }
    Ok(())
}
