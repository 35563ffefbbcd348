//! Files of a reconciled base: the same bytes that `sverka reconcile -o` writes. A file is made whole before the first byte of
//! it leaves.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH};
use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use futures_util::stream;
use tokio::io::AsyncReadExt;

use super::reply::{Failed, Reply, of_kind};
use super::served::Served;
use crate::dashboard::app::ExportFormat;
use crate::dashboard::desk::{base_export, format_of};
use crate::domain::reconcile::Standing;
use crate::engine::reconcile::Reconciliation;
use crate::files::folder_of;
use crate::report::Reader;
use crate::report::reconcile::Written;

/// Bytes of a file that are sent at once.
const CHUNK: usize = 64 << 10;

/// What came of the whole of it, for sverka's own terminals.
const WRITTEN: &str = "sverka-written";

/// A file of the cards that are wanted, for this reader.
pub(super) async fn file_of(
    served: &Served,
    of: &Arc<Reconciliation>,
    wanted: impl Fn(&Standing) -> bool + Send + 'static,
    format: ExportFormat,
    reader: Reader,
) -> Reply {
    let engine = &served.session.engine;
    let folder = folder_of(&engine.config().store).to_owned();
    let refused = |error: io::Error| {
        let why = ("why", reader.texts.writing(&error).into());
        let values = [("path", folder.as_path().into()), why];
        Failed::new(StatusCode::INSUFFICIENT_STORAGE, reader.texts.problem("copy-unwritable", &values))
    };
    let file = tempfile::tempfile_in(&folder).map_err(refused)?;
    let out = BufWriter::new(file.try_clone().map_err(refused)?);
    let (written_as, ending) = format_of(format);
    let tell = |_| ControlFlow::Continue(());
    let done = base_export::write(engine, of, wanted, written_as, reader, (out, &folder), tell).await;
    let (mut out, written) = done.map_err(|error| served.failed(&error, reader.texts))?.map_err(refused)?;
    out.flush().map_err(refused)?;
    sent(file, kind_of(format), ending, &written).map_err(refused)
}

fn kind_of(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv | ExportFormat::CsvBom => "text/csv; charset=utf-8",
        ExportFormat::Json => "application/json",
        ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ExportFormat::Table => "text/plain; charset=utf-8",
    }
}

fn sent(
    mut file: File,
    kind: &'static str,
    ending: &str,
    written: &Written,
) -> io::Result<axum::response::Response> {
    file.rewind()?;
    let length = file.metadata()?.len();
    let file = tokio::fs::File::from_std(file);
    let body = Body::from_stream(stream::unfold(file, |mut file| async move {
        let mut chunk = vec![0; CHUNK];
        match file.read(&mut chunk).await {
            Ok(0) => None,
            Ok(read) => {
                chunk.truncate(read);
                Some((Ok(Bytes::from(chunk)), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    }));
    let mut response = of_kind(StatusCode::OK, kind, body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    let name = format!("attachment; filename=\"reconcile.{ending}\"");
    let words = [(CONTENT_DISPOSITION.as_str(), name), (WRITTEN, serde_json::to_string(written)?)];
    for (header, value) in words {
        headers.insert(header, HeaderValue::from_str(&value).map_err(io::Error::other)?);
    }
    Ok(response)
}
