//! Replies that come packed, and replies that say so.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::case::{Case, Money, Must, Points, Told, all_come_out};
use crate::http::Reply;
use crate::ways::{EVERYTHING, sends};

const PROVEN: Must = Must::be(Money::Proven, Points::Known).telling(Told::Nothing);

/// More than a page may grow to.
const BOMB: usize = 96 << 20;

pub(super) fn cases() -> Vec<Case> {
    let packed = |name: &str, must: Must, change: fn(Reply) -> Reply| {
        let rule = sends(EVERYTHING, move |onec, asked| change(onec.honest(asked).reply()));
        Case::new(format!("replies {name}"), must, vec![rule])
    };
    vec![
        packed("that are packed", PROVEN, gzip),
        packed("in two streams", PROVEN, |reply| {
            let (one, other) = reply.body.split_at(reply.body.len() / 2);
            let body = [zipped(one), zipped(other)].concat();
            Reply { body, ..reply.clone() }.with("Content-Encoding", "x-gzip")
        }),
        packed("that are called packed and are not", PROVEN, |reply| reply.with("Content-Encoding", "gzip")),
        packed("that are called plain by name", PROVEN, |reply| reply.with("Content-Encoding", "identity")),
        packed("that are packed and do not say so", Must::fail(), |reply| Reply {
            body: zipped(&reply.body),
            ..reply
        }),
        packed("packed and cut in the middle", Must::fail(), |reply| {
            let mut reply = gzip(reply);
            reply.body.truncate(reply.body.len() / 2);
            reply
        }),
        packed("packed, with a byte turned over", Must::fail(), |reply| {
            let mut reply = gzip(reply);
            let middle = reply.body.len() / 2;
            reply.body[middle] ^= 0xff;
            reply
        }),
        packed("that grow beyond all bounds", Must::fail(), |reply| {
            let body = [reply.body.as_slice(), &vec![b' '; BOMB]].concat();
            gzip(Reply { body, ..reply })
        }),
    ]
}

fn gzip(reply: Reply) -> Reply {
    Reply { body: zipped(&reply.body), ..reply }.with("Content-Encoding", "gzip")
}

fn zipped(body: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(body).unwrap();
    packer.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packed_replies_are_read_and_never_grow_beyond_the_bound() {
    all_come_out(cases()).await;
}
