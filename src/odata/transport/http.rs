//! The real thing, over reqwest.

use super::super::error::Error;
use super::{BoxFuture, HttpReply, HttpRequest, Transport, TransportError};
use crate::config::OneC;

/// Requests over HTTP or HTTPS with Basic authentication.
#[derive(Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
}

impl HttpTransport {
    /// A transport by the settings; reads the `ca_file`.
    pub fn new(settings: &OneC) -> Result<Self, Error> {
        todo!("{settings:?}")
    }
}

impl Transport for HttpTransport {
    fn get(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        todo!("{} {:?}", request.url, self.client)
    }
}
