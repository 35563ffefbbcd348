//! Replies that come packed. Rows of a register are nine parts repetition: over a slow line that is what they wait for.

use std::io::Read;

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;

use super::super::TransportError;

/// What `Accept-Encoding` says where replies may come packed.
pub(super) const KNOWN: &str = "gzip";
/// The same where they may not.
pub(super) const NONE: &str = "identity";

/// What every gzip stream begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The body of a reply that came packed, by its `Content-Encoding`; `None` where it did not. It is never larger than
/// `cap`, however small it came.
///
/// Some servers name a packing and send the page as it is: that one is left alone.
pub(super) fn unpacked(packing: &str, came: &Bytes, cap: usize) -> Result<Option<Bytes>, TransportError> {
    let packing = packing.trim().to_ascii_lowercase();
    if !matches!(packing.as_str(), "gzip" | "x-gzip") || !came.starts_with(&MAGIC) {
        return Ok(None);
    }
    let mut body = Vec::new();
    let room = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    let read = MultiGzDecoder::new(came.as_ref()).take(room).read_to_end(&mut body);
    if body.len() > cap {
        return Err(TransportError::TooLarge(cap));
    }
    // What ends too early was cut on the way; what is no stream at all is of no more use.
    read.map_err(|_| TransportError::Cut)?;
    Ok(Some(body.into()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn packed(body: &[u8]) -> Bytes {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(body).expect("into memory");
        packer.finish().expect("into memory").into()
    }

    proptest! {
        #[test]
        fn what_was_packed_is_what_it_was(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..3)) {
            let body = parts.concat();
            // Streams one after another are one.
            let came: Bytes = parts.iter().flat_map(|part| packed(part)).collect::<Vec<_>>().into();
            for name in ["gzip", " GZIP ", "x-gzip"] {
                prop_assert_eq!(unpacked(name, &came, body.len()).expect("whole"), Some(body.clone().into()));
            }
        }

        #[test]
        fn what_was_cut_is_a_cut_reply(body in prop::collection::vec(any::<u8>(), 0..300), cut in any::<prop::sample::Index>()) {
            let came = packed(&body);
            let left = 2 + cut.index(came.len() - 2);
            prop_assert_eq!(unpacked("gzip", &came.slice(..left), 1_000), Err(TransportError::Cut));
        }
    }

    #[test]
    fn b2_a_small_reply_does_not_grow_beyond_the_bound() {
        let came = packed(&vec![b' '; 64 << 20]);
        assert!(came.len() < 1 << 20, "{}", came.len());
        assert_eq!(unpacked("gzip", &came, 1 << 20), Err(TransportError::TooLarge(1 << 20)));
        assert_eq!(unpacked("gzip", &packed(b"12345"), 4), Err(TransportError::TooLarge(4)));
    }

    #[test]
    fn what_did_not_come_packed_is_left_alone() {
        let page = Bytes::from_static(b"{\"value\":[]}");
        for name in ["", "identity", "gzip", "br"] {
            assert_eq!(unpacked(name, &page, 100), Ok(None), "{name}");
        }
        assert_eq!(unpacked("gzip", &Bytes::new(), 100), Ok(None), "an empty body has no packing");
        assert_eq!(unpacked("", &packed(b"x"), 100), Ok(None), "nobody said that it is packed");
    }
}
