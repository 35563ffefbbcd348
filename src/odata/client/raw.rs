//! A request sent again for the sake of its reply: the text as it came, for whoever looks into how 1C answers.

use serde::{Deserialize, Serialize};

use super::super::address::{Address, Dialect};
use super::super::error::Error;
use super::super::foreign::charset;
use super::super::query::Set;
use super::super::wire::trimmed;
use super::jobs::{Bounds, COUNT, PAGE, RequestKind, known_as};
use super::{About, Client, Sent, SharedBase, path_of};
use crate::odata::{Names, beginning};

/// Most bytes of a reply that are kept: some fifty rows.
const KEPT: usize = 32 << 10;

/// The text of a reply, or its beginning. It is foreign: control characters are still in it, secrets are not.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawAnswer {
    /// Bytes of the whole reply.
    pub bytes: u64,
    /// Its text, at most 32 KiB of it.
    pub text: String,
    /// Whether there is more of it.
    pub is_cut: bool,
}

/// Shows the sizes only: the text is customers' data.
impl std::fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawAnswer")
            .field("bytes", &self.bytes)
            .field("is_cut", &self.is_cut)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// What is answered to a request that was sent before, when it is sent once more. Nothing is learned of it.
    pub async fn raw_answer(&self, sent: &Sent) -> Result<RawAnswer, Error> {
        let answer = self.without_repeats().ask(&SameAgain { sent }).await?;
        // The secrets of a reply that is cut are masked up to the very end.
        Ok(RawAnswer { text: self.base.redactor.masked(&answer.text), ..answer })
    }
}

/// A request that was sent before.
struct SameAgain<'a> {
    sent: &'a Sent,
}

impl RequestKind for SameAgain<'_> {
    type Output = RawAnswer;

    /// Of no set: whatever comes of it says nothing of the ways to ask for one.
    fn set(&self) -> Option<Set> {
        None
    }

    fn what(&self, names: &Names) -> String {
        self.sent.set.map(|set| known_as(set, names)).unwrap_or_default()
    }

    /// An address of another base would be no request that was sent before: then nothing but the names of the sets is asked
    /// for.
    fn address(&self, base: &SharedBase, _: &Dialect, _: Option<u32>) -> Address {
        let below = self.sent.address.strip_prefix(path_of(&base.root)).unwrap_or_default();
        Address::again(&base.root, if below.starts_with('/') && !below.contains('+') { below } else { "/" })
    }

    fn bounds(&self) -> Bounds {
        if self.sent.about == About::Count { COUNT } else { PAGE }
    }

    fn read(&self, body: &[u8], _: &Names, _: Option<u32>) -> Result<(RawAnswer, u64), Error> {
        let text = charset::text(body, None);
        let (whole, bytes) = (trimmed(&text), body.len() as u64);
        let kept = beginning(whole, KEPT);
        let is_cut = kept.len() < whole.len();
        Ok((RawAnswer { bytes, text: kept.to_owned(), is_cut }, 0))
    }

    fn is_doubtful(&self) -> bool {
        false
    }
}
