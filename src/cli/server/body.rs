//! The body of a request.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::reply::{Failed, unclear};
use crate::text::Texts;

/// Bytes of a body.
const LARGEST: usize = 64 << 10;
/// How long a body may take.
const LONGEST: Duration = Duration::from_secs(10);

/// The JSON of a body that is neither too long nor too slow; what it is by default where there is none.
pub(super) async fn body_of<T: DeserializeOwned>(body: Body, texts: Texts) -> Result<Option<T>, Failed> {
    let read = timeout(LONGEST, Limited::new(body, LARGEST).collect()).await;
    let Ok(read) = read else {
        return Err(Failed::new(StatusCode::REQUEST_TIMEOUT, texts.problem("api-too-slow", &[])));
    };
    let bytes = match read {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Err(Failed::new(StatusCode::PAYLOAD_TOO_LARGE, texts.problem("api-too-large", &[])));
        }
        Err(_) => return Err(unclear("body", texts)),
    };
    if bytes.is_empty() {
        return Ok(None);
    }
    // What serde says quotes what was sent: it is for whoever sent it.
    serde_json::from_slice(&bytes).map(Some).map_err(|error| unclear(&error.to_string(), texts))
}
