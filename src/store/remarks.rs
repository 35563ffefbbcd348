//! What is kept of a sync beside the rows it published.

use std::collections::BTreeSet;

use redb::ReadableTable;
use serde::{Deserialize, Deserializer, Serialize};

use super::Error;
use super::codec::{seal, unseal};
use super::error::damaged;
use super::schema::META_REMARKS;
use crate::domain::finding::{DataPart, Finding, lenient};

/// What a sync found out beside rows and figures. Kept as JSON: fields may come without a new version of the format.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remarks {
    /// What somebody should mend.
    #[serde(deserialize_with = "lenient")]
    pub findings: Vec<Finding>,
    /// Parts of 1C's data that are missing and are no loss, by part and name; `None` where nobody looked.
    #[serde(deserialize_with = "lenient_parts")]
    pub absent: Option<BTreeSet<(DataPart, String)>>,
}

/// Parts that this version does not know are none of its business.
fn lenient_parts<'de, D: Deserializer<'de>>(
    parts: D,
) -> Result<Option<BTreeSet<(DataPart, String)>>, D::Error> {
    let parts = Option::<Vec<serde_json::Value>>::deserialize(parts)?;
    Ok(parts.map(|parts| parts.into_iter().filter_map(|it| serde_json::from_value(it).ok()).collect()))
}

/// The record: remarks belong to one generation, and a version that writes none leaves those of an earlier one.
#[derive(Deserialize, Serialize)]
struct Record {
    generation: u64,
    remarks: Remarks,
}

impl Remarks {
    pub(super) fn encode(self, generation: u64) -> Result<Vec<u8>, Error> {
        let record = Record { generation, remarks: self };
        serde_json::to_vec(&record).map(seal).map_err(|_| damaged("remarks cannot be written"))
    }

    /// What is kept of this generation; nothing where nothing is.
    pub(super) fn read(
        meta: &impl ReadableTable<&'static str, &'static [u8]>,
        generation: Option<u64>,
    ) -> Result<Self, Error> {
        let Some(record) = meta.get(META_REMARKS)? else { return Ok(Self::default()) };
        let record: Record = serde_json::from_slice(unseal(record.value())?)
            .map_err(|_| damaged("what was remarked cannot be read"))?;
        let is_of_it = generation == Some(record.generation);
        Ok(if is_of_it { record.remarks } else { Self::default() })
    }
}
