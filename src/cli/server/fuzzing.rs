//! A connection of any bytes, for the fuzzers: what comes by TCP gets nowhere without a token.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request};
use axum::response::IntoResponse;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio_util::sync::CancellationToken;

use super::body::body_of;
use super::connection::converse;
use super::door::{Comer, Door};
use super::reply::{Reply, json, unclear};
use super::routes::{CheckQuery, CustomersQuery};
use crate::cli::house::SyncWish;
use crate::dashboard::app::Ask;
use crate::text::{Language, Texts};

/// The token of the engine that is asked.
const TOKEN: &str = "8f1c0d5b7a39e2465f90b1d2c3a4e5f6";
/// More than any answer here takes.
const MOST: usize = 1 << 20;

/// Sends the bytes to the engine's side of a connection: it answers in HTTP or not at all, ends in time, and says that all
/// is well only to who brought the token.
///
/// # Panics
///
/// Where it does not.
pub fn request(data: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let answer = runtime.expect("a runtime").block_on(answered(data));
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1."), "no answer of HTTP: {answer:?}");
    let is_well = answer.lines().any(|line| line.starts_with("HTTP/1.") && line.contains(" 200 "));
    let knows = String::from_utf8_lossy(data).contains(TOKEN);
    assert!(!is_well || knows, "nobody brought a token: {answer:?}");
}

async fn answered(data: &[u8]) -> Vec<u8> {
    let (ours, mut theirs) = duplex(MOST);
    let texts = Texts::new(Language::English);
    let door = Arc::new(Door::for_fuzzing(TOKEN, texts));
    let app = Router::new().fallback(move |request: Request| {
        let door = Arc::clone(&door);
        async move {
            match door.right_of(Comer::Tcp, request.uri(), request.headers(), texts) {
                Ok(_) => understood(request, texts).await.into_response(),
                Err(failed) => failed.into_response(),
            }
        }
    });
    let talk = tokio::spawn(converse(ours, Comer::Tcp, app, CancellationToken::new()));
    let mut answer = Vec::new();
    // It may be closed before all is sent.
    let _ = theirs.write_all(data).await;
    let _ = theirs.shutdown().await;
    let _ = theirs.read_to_end(&mut answer).await;
    talk.await.expect("it ends in order");
    answer
}

/// Reads what routes read of a request.
async fn understood(request: Request, texts: Texts) -> Reply {
    let uri = request.uri().clone();
    let _ = Query::<SyncWish>::try_from_uri(&uri);
    if let Ok(Query(query)) = Query::<CustomersQuery>::try_from_uri(&uri) {
        query.request(texts)?;
    }
    if let Ok(Query(query)) = Query::<CheckQuery>::try_from_uri(&uri) {
        let _ = query.whom(texts);
    }
    let body: Body = request.into_body();
    let ask: Ask = body_of(body, texts).await?.ok_or_else(|| unclear("body", texts))?;
    Ok(json(format!("{:?}", ask.kind())))
}
