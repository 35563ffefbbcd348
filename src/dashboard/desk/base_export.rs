//! Writing a reconciled base: the command and the dashboard hand out the same.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use crate::domain::reconcile::Standing;
use crate::engine::Engine;
use crate::engine::reconcile::Reconciliation;
use crate::report::Reader;
use crate::report::export::{Export, Format};
use crate::report::reconcile::{Head, Written};
use crate::sync::Error;

/// Writes the cards that are wanted, the worst first. What a format has to put aside while it is written lies in
/// the folder `work`. `tell` hears how many are written, and ends it early where it
/// says so: what was written then is not whole. Gives back where all went.
pub async fn write<W: Write + Send + 'static>(
    engine: &Engine,
    of: &Arc<Reconciliation>,
    wanted: impl Fn(&Standing) -> bool + Send + 'static,
    format: Format,
    reader: Reader,
    (out, work): (W, &Path),
    tell: impl Fn(u64) -> ControlFlow<()> + Send + 'static,
) -> Result<io::Result<(W, Written)>, Error> {
    let rows = of.order.iter().filter(|standing| wanted(standing)).count() as u64;
    let export = match Export::begin(out, format, head(of, rows), reader, work) {
        Ok(export) => export,
        Err(error) => return Ok(Err(error)),
    };
    let begun = Sink { export, outcome: Ok(()), rows: 0 };
    let handed = engine.each_reconciled(Arc::clone(of), wanted, begun, move |sink, card| {
        sink.outcome = sink.export.row(card);
        sink.rows += 1;
        if sink.outcome.is_err() { ControlFlow::Break(()) } else { tell(sink.rows) }
    });
    let Sink { export, outcome, .. } = handed.await?;
    Ok(match outcome {
        Ok(()) => tokio::task::block_in_place(|| export.finish()),
        Err(error) => Err(error),
    })
}

/// Where the cards go.
struct Sink<W: Write> {
    export: Export<W>,
    outcome: io::Result<()>,
    rows: u64,
}

/// What a reconciliation comes to, of which so many rows are handed out.
pub fn head(it: &Reconciliation, rows: u64) -> Head {
    Head {
        summary: it.summary.clone(),
        terms: it.terms.clone(),
        is_live: it.is_live,
        knows_turnovers: it.knows_turnovers,
        has_failed: it.failure.is_some(),
        unread: it.unread,
        moving: it.moving,
        rows,
    }
}
