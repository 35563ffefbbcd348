//! Refused by 401 after having been let in: whether the account is, or what was asked for alone.
//!
//! ```text
//! 401 ──nothing answered yet──▶ login or password: not one more request
//!   │ other requests wait
//!   └──▶ what was answered before, once more ──answered──▶ no right to this alone: other sets and ways go on
//!                                            └──refused───▶ login or password, taken before: not one more request
//! ```

use super::super::address::Dialect;
use super::super::error::Error;
use super::super::query::{Filter, Set};
use super::super::transport::HttpRequest;
use super::super::wire::refusal::Asked;
use super::Client;
use super::jobs::{Count, RequestKind as _};

/// Times the way to the server may fail while that is found out. None of them is a refused login.
const MOST_LOOKS: u32 = 3;

impl Client {
    /// What a refused login means, of whoever may have been let in before. Nothing is sent while that is found out, and
    /// nothing after it where the account is refused: it would be locked.
    pub(super) async fn in_its_time(
        &self,
        error: Error,
        text: String,
        asked: Asked<'_>,
        of: Refused<'_>,
    ) -> Error {
        if !error.is_refused_credentials() || !self.run.has_answered() {
            return error;
        }
        let _others_wait = self.run.hold_others().await;
        if let Err(over) = self.run.check() {
            return over;
        }
        if self.is_let_in(asked.set, of.url).await {
            // Of a table it may be the form it was asked for in.
            let by_form = Error::BadRequest { status: 401, code: None, text: text.clone() };
            return if of.is_table { by_form } else { Error::Rights { set: asked.set, text } };
        }
        let error = match error {
            Error::Unauthorized => Error::RefusedLater { what: asked.what.to_owned() },
            other => other,
        };
        self.run.credentials_refused(&error);
        error
    }

    /// Whether what was answered before is answered still. Where nobody can tell, it is not.
    async fn is_let_in(&self, refused: Option<Set>, url: &str) -> bool {
        let known = self.run.answered_before(refused, url).or_else(|| self.plainest(url));
        let Some(known) = known else { return false };
        for look in 1..=MOST_LOOKS {
            self.run.plan(1);
            self.run.sent();
            match self.base.transport.get(known.clone()).await {
                Ok(reply) if reply.status == 200 => return self.is_answer(&reply.body),
                Ok(reply) if matches!(reply.status, 401 | 403) => return false,
                _ if look < MOST_LOOKS => tokio::time::sleep(self.base.policy.backoff).await,
                _ => {}
            }
        }
        false
    }

    /// The plainest question of a set that every base has, where nothing but the list of sets was answered: that may be
    /// open to anybody. It is one more refused login at most.
    fn plainest(&self, url: &str) -> Option<HttpRequest> {
        let all = Filter::none();
        let count = Count::new(&self.base.names, Set::Cards, &all);
        let address = count.address(&self.base, &Dialect::default(), None).checked().ok()?;
        (address != url).then(|| self.request(address, count.bounds()))
    }

    /// Whether a body may be 1C's rows or its count: a page is neither, nor is a refusal.
    fn is_answer(&self, body: &[u8]) -> bool {
        let redactor = &self.base.redactor;
        let asked = Asked { set: None, what: "", length: 0, redactor, content_type: None };
        !body.is_empty() && asked.read(body).is_none()
    }
}

/// The request that was refused.
#[derive(Clone, Copy)]
pub(super) struct Refused<'a> {
    pub(super) url: &'a str,
    /// Whether it asks for a virtual table.
    pub(super) is_table: bool,
}

/// A request that was answered well, and how large the answer was.
#[derive(Clone)]
pub(super) struct Answered {
    pub(super) set: Set,
    pub(super) request: HttpRequest,
    pub(super) bytes: usize,
}

/// Shows what of, not what was asked: a filter may name somebody.
impl std::fmt::Debug for Answered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answered").field("set", &self.set).finish_non_exhaustive()
    }
}
