//! Servers that behave, each in its own way: the outcome all others are held against.

use sverka::config::Config;
use sverka::sync::SyncMode;

use crate::case::{Case, Money, Must, Points, Told, all_come_out};

const PROVEN: Must = Must::be(Money::Proven, Points::Known).telling(Told::Nothing);

pub(super) fn cases() -> Vec<Case> {
    let with =
        |name: &str, settings: fn(&mut Config)| Case::new(name, PROVEN, Vec::new()).with_settings(settings);
    vec![
        Case::new("a server that behaves", PROVEN, Vec::new()),
        with("one request at a time", |config| config.onec.in_flight = 1),
        with("pages of seven rows", |config| config.onec.page_size = 7),
        with("pages larger than the base", |config| config.onec.page_size = 1_000),
        with("all history", |config| config.sync.days = 0),
        with("a window of ten days", |config| config.sync.days = 10),
        Case::new("a full sync after another", PROVEN, Vec::new()).after_a_good_one(SyncMode::Full),
        Case::new("a delta after a full sync", PROVEN, Vec::new()).after_a_good_one(SyncMode::Delta),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_behaves_is_read_and_proven() {
    all_come_out(cases()).await;
}
