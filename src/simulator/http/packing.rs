//! Replies packed for who asks for it, as Apache and IIS in front of 1C do.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::exchange::{Delivery, Reply, Request};

/// Bodies below this are as good as they are.
const LEAST: usize = 1_024;

pub(super) fn is_asked_for(request: &Request) -> bool {
    let wanted = request.header("Accept-Encoding").unwrap_or_default();
    wanted.split(',').any(|name| name.split(';').next().is_some_and(|name| name.trim() == "gzip"))
}

/// The reply, packed where it is long and arrives whole: what breaks on its way breaks where it was to.
pub(super) fn packed(reply: Reply) -> Reply {
    let is_whole = matches!(reply.delivery, Delivery::Whole | Delivery::Slow(_));
    if !is_whole || reply.body.len() < LEAST {
        return reply;
    }
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing into memory does not fail.
    match packer.write_all(&reply.body).and_then(|()| packer.finish()) {
        Ok(body) => Reply { body: body.into(), ..reply }.with_header("Content-Encoding", "gzip"),
        Err(_) => reply,
    }
}
