//! The generation before the published one, as far as it is kept: the next sync makes room of it.

use std::marker::PhantomData;

use redb::TableError;

use super::{AllFigures, Merge, PublishedHead, Snapshot, card_key, check_version, decode_figures, schema};
use crate::domain::{CardId, StoredFigures};
use crate::store::error::caught;
use crate::store::schema::{META, META_PREVIOUS, RowKind};
use crate::store::{Error, Generation};

impl Snapshot {
    /// The manifest of the generation before; `None` where there was none, or it is gone.
    pub fn generation_before(&self) -> Result<Option<Generation>, Error> {
        caught(|| {
            let version = check_version(&self.read)?;
            let meta = self.read.open_table(META)?;
            let record = meta.get(META_PREVIOUS)?;
            let head = record.map(|record| PublishedHead::decode(record.value(), version)).transpose()?;
            Ok(head.and_then(|head| head.generation))
        })
    }

    /// The figures one card had in the generation before.
    pub fn figures_before(&self, card: CardId) -> Result<Option<StoredFigures>, Error> {
        caught(|| {
            let table = match self.read.open_table(schema::rows(&RowKind::Figures.previous())) {
                Err(TableError::TableDoesNotExist(_)) => return Ok(None),
                table => table?,
            };
            let record = table.get(card_key(card).as_slice())?;
            record.map(|record| decode_figures(record.value())).transpose()
        })
    }

    /// The figures of all cards in the generation before, by key; none where it is not kept.
    pub fn all_figures_before(&self) -> Result<AllFigures<'_>, Error> {
        let kept = self.generation_before()?.map(|_| RowKind::Figures.previous());
        let tables: Vec<String> = kept.into_iter().collect();
        let rows = caught(|| Merge::over(&self.read, &tables))?;
        Ok(AllFigures { rows, snapshot: PhantomData })
    }
}
