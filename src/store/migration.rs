//! From earlier versions of the format to this one: a step per version, all in one transaction, so that a
//! power cut leaves the store as it was or as it shall be. No rows are touched as long as a step can do
//! without: a manifest keeps its digest, and what was published stays what it was.

use redb::{ReadableTable, WriteTransaction};

use super::Error;
use super::codec::damaged;
use super::generation::Head;
use super::schema::{META, META_CURRENT, META_PREVIOUS, META_VERSION, VERSION};

/// Brings a store of version `from` up to date.
pub(super) fn migrate(write: &WriteTransaction, from: u32) -> Result<(), Error> {
    for version in from..VERSION {
        match version {
            1 => say_what_vouches(write)?,
            _ => return Err(damaged("the format's version has no successor")),
        }
    }
    write.open_table(META)?.insert(META_VERSION, VERSION.to_le_bytes().as_slice())?;
    Ok(())
}

/// Version 2 says of a generation what vouches for it.
fn say_what_vouches(write: &WriteTransaction) -> Result<(), Error> {
    let mut meta = write.open_table(META)?;
    for name in [META_CURRENT, META_PREVIOUS] {
        let head = meta.get(name)?.map(|record| Head::decode(record.value(), 1)).transpose()?;
        if let Some(head) = head {
            meta.insert(name, head.encode()?.as_slice())?;
        }
    }
    Ok(())
}
