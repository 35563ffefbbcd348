//! The simulated 1C itself: requests in, replies out, no clock and no sockets.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::books::Books;
use super::exchange::{Reply, Request};
use super::faults::Faults;
use super::generate::Scenario;
use super::log::RequestLog;

/// Where the simulated base is published, and where its OData interface is.
pub(super) const BASE_PATH: &str = "/trade/odata/standard.odata";

/// A simulated 1C: the books, the account, the faults and the memory of what was asked.
#[derive(Debug)]
pub struct Simulator {
    books: Books,
    faults: Faults,
    account: (String, String),
    log: RequestLog,
    seed: u64,
    seen: HashMap<u64, u64>,
}

impl Simulator {
    /// The shop of a scenario, without faults, for user `odata.user` with password `demo`.
    pub fn new(scenario: Scenario) -> Self {
        Self {
            books: scenario.books(),
            faults: Faults::default(),
            account: ("odata.user".to_owned(), "demo".to_owned()),
            log: RequestLog::default(),
            seed: scenario.seed,
            seen: HashMap::new(),
        }
    }

    /// The same with faults.
    #[must_use]
    pub fn with_faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// The same with another account.
    #[must_use]
    pub fn with_account(mut self, user: &str, password: &str) -> Self {
        self.account = (user.to_owned(), password.to_owned());
        self
    }

    /// Changes what goes wrong from now on.
    pub fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
    }

    /// What the simulated 1C knows.
    pub const fn books(&self) -> &Books {
        &self.books
    }

    /// What the simulated 1C knows, to be changed under the reader's feet.
    pub const fn books_mut(&mut self) -> &mut Books {
        &mut self.books
    }

    /// What was asked and answered so far.
    pub const fn log(&self) -> &RequestLog {
        &self.log
    }

    /// Answers one request at one moment of 1C's local time. The answer follows from state, request and moment alone.
    pub fn handle(&mut self, request: &Request, now: NaiveDateTime) -> Reply {
        let _ = now;
        self.log.asked(request);
        let reply = Reply::new(501, "text/plain", "");
        self.log.answered(reply.status);
        reply
    }
}
