//! `sverka simulate`: the simulated 1C on its own, for trying any client.

use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::cli::console;
use crate::cli::demo::{Invented, Shopkeeper};
use crate::cli::serving;
use crate::cli::session::{EarlyEnd, print};
use crate::cli::{ExitCode, args};
use crate::text::Shown;
use sverka_simulator::{Fault, Faults};

/// What a client needs to know, in one line.
#[derive(Serialize)]
struct Listening<'a> {
    url: String,
    user: &'a str,
    password: &'a str,
    seed: u64,
    now: String,
}

pub(super) async fn run(
    options: args::Simulate,
    interrupted: &CancellationToken,
) -> Result<ExitCode, EarlyEnd> {
    let faults = faults(&options.faults)?;
    let invented = Invented {
        shop: options.shop,
        lines: options.lines,
        today: options.now,
        faults,
        latency: Duration::from_millis(options.latency),
    };
    let shop = Shopkeeper::open(invented, options.port).await.map_err(|error| wrong(&error))?;
    let listening = Listening {
        url: shop.server.url(),
        user: "odata.user",
        password: "demo",
        seed: options.shop.seed,
        now: shop.today.to_string(),
    };
    let line = serde_json::to_string(&listening).map_err(|error| wrong(&error))?;
    let texts = console::texts_of_process();
    print(&line, texts)?;
    if console::is_watched() && console::is_one_place() {
        console::tell(&texts.get("simulate-next"));
    }
    serving::until_interrupted(&listening.url, interrupted, texts).await;
    Ok(ExitCode::Done)
}

fn faults(asked: &[String]) -> Result<Faults, EarlyEnd> {
    asked.iter().try_fold(Faults::default(), |faults, text| {
        Ok(faults.with(Fault::from_str(text).map_err(|_| no_such_fault(text))?))
    })
}

fn no_such_fault(written: &str) -> EarlyEnd {
    let texts = console::texts_of_process();
    let words = texts
        .with("usage-no-such-fault", &[("written", written.into()), ("kinds", Fault::known_kinds().into())]);
    console::tell(&texts.with("usage-mistake", &[("what", words.into())]));
    EarlyEnd(ExitCode::Usage)
}

fn wrong(error: &dyn std::fmt::Display) -> EarlyEnd {
    // It may quote an argument.
    console::tell(Shown::new(&error.to_string()).as_str());
    EarlyEnd(ExitCode::Usage)
}
