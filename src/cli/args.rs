//! Arguments of every command. Wrong usage ends the program with code 2.
//!
//! What users read of them stands in the phrase files: a new command is `command-NAME` there, a new option
//! `option-COMMAND-NAME`, what it takes `value-NAME`. The comments here are for whoever reads the code.

mod help;
mod mistake;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::domain::Amount;
use crate::engine::reconcile::WORST;

#[cfg(test)]
pub(crate) use help::names;
pub use help::{command, read};
pub use mistake::words as mistake_words;

/// Sync a shop's customers from 1C:Enterprise and prove that what is stored equals what 1C says.
///
/// Without a command: the dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(name = "sverka", version, disable_help_subcommand = true)]
pub struct Cli {
    /// Options that go with every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do; the dashboard where absent.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The words of the command this process runs, without options and whatever they are given: that may be a customer.
pub fn words_of_process() -> String {
    let mut at = Cli::command();
    let mut words = vec![at.get_name().to_owned()];
    for argument in std::env::args_os().skip(1) {
        let found = argument.to_str().and_then(|argument| at.find_subcommand(argument)).cloned();
        if let Some(found) = found {
            words.push(found.get_name().to_owned());
            at = found;
        }
    }
    words.join(" ")
}

const EVERYWHERE: &str = "Options of every command";
const DASHBOARD: &str = "Options of the dashboard and the demo";

/// What the settings `log.level` and `log.format` take.
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "off"];
const FORMATS: [&str; 2] = ["text", "json"];

/// Options that go with every command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct Global {
    /// Configuration file
    #[arg(long, global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    pub config: Option<PathBuf>,
    /// Store file
    #[arg(long, global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    pub store: Option<PathBuf>,
    /// Print lines instead of drawing: for logs, screen readers and dumb terminals
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub plain: bool,
    /// Print JSON on standard output; narration stays on standard error
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
    /// What is worth a line of the log
    #[arg(long, global = true, value_name = "LEVEL", value_parser = LEVELS, help_heading = EVERYWHERE)]
    pub log_level: Option<String>,
    /// How a line of the log is written; with JSON a command tells what happens on standard error in the same way
    #[arg(long, global = true, value_name = "FORMAT", value_parser = FORMATS, help_heading = EVERYWHERE)]
    pub log_format: Option<String>,
    /// Work alone, whether an engine of the store runs or not
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub no_engine: bool,
    /// Draw the dashboard with ASCII alone
    #[arg(long, global = true, help_heading = DASHBOARD)]
    pub ascii: bool,
    /// Draw running numbers every two seconds at most, for slow lines
    #[arg(long, global = true, help_heading = DASHBOARD)]
    pub low_bandwidth: bool,
}

/// The commands.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Show the dashboard over a simulated 1C: no configuration, no network
    Demo(Demo),
    /// Read everything from 1C and publish it as a new generation
    Sync(SyncArgs),
    /// Compare one customer with 1C, line by line
    Check(CheckArgs),
    /// Compare every customer with 1C: by its own sums, then the lines of those that differ
    Reconcile(Reconcile),
    /// Find customers in the store
    Search(Search),
    /// Tell how fresh the store is and what it holds
    Status(StatusArgs),
    /// Bring the mirror in PostgreSQL to what is published
    Mirror(MirrorArgs),
    /// Look after the store: check it, or give back the room it does not need
    #[command(subcommand)]
    Store(StoreCommand),
    /// Check all that a sync needs, and name the remedy for what fails
    Doctor,
    /// Own the sync of the store, and answer terminals, scripts and the portal
    Engine(EngineArgs),
    /// Run the simulated 1C on its own, for trying any client
    Simulate(Simulate),
    /// Write a commented configuration; never overwrites
    Init,
    /// Run the engine as a service of systemd, or take the service away
    #[command(subcommand)]
    Service(ServiceCommand),
    /// Print what a shell needs to complete commands and options
    Completions(Completions),
    /// Print the page of the manual, or write those of all commands
    Man(Man),
}

/// `sverka demo`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Demo {
    /// The shop to invent.
    #[command(flatten)]
    pub shop: Shop,
    /// Sync without a screen, check the reference customer, and end
    #[arg(long)]
    pub headless: bool,
}

/// The shop the simulated 1C invents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub struct Shop {
    /// Customers of the invented shop
    #[arg(long, value_name = "N", default_value_t = CUSTOMERS)]
    pub customers: u32,
    /// Seed the shop is invented from
    #[arg(long, value_name = "S", default_value_t = SEED)]
    pub seed: u64,
}

/// `--metrics` of the commands that cron runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct MetricsOption {
    /// Leave figures for Prometheus' textfile collector in this file, replaced as a whole
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<PathBuf>,
}

/// What clap says where nothing is asked for.
impl Default for Shop {
    fn default() -> Self {
        Self { customers: CUSTOMERS, seed: SEED }
    }
}

const CUSTOMERS: u32 = 300;
const SEED: u64 = 1;

/// `sverka sync`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct SyncArgs {
    /// Days of purchases to keep; 0 keeps all history
    #[arg(long, value_name = "N")]
    pub days: Option<u32>,
    /// Cards to read; 0 reads all
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Read only what changed, by 1C's own totals; everything all the same as often as the settings say
    #[arg(long, conflicts_with = "limit")]
    pub delta: bool,
    /// Where to leave figures for monitoring.
    #[command(flatten)]
    pub metrics: MetricsOption,
    /// Accept that the store came from another base
    #[arg(long)]
    pub accept_base: bool,
    /// Set a store that is damaged or written by a newer version aside, and read everything anew
    #[arg(long)]
    pub rebuild: bool,
}

/// `sverka engine`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct EngineArgs {
    /// Listen for TCP as well, at this address and port
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Where its socket is; beside the store where absent
    #[arg(long, value_name = "FILE")]
    pub socket: Option<PathBuf>,
    /// In a session of its own, and only as long as it is needed: as a dashboard starts it
    #[arg(long)]
    pub on_demand: bool,
}

/// `sverka check`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(group = ArgGroup::new("customer").required(true))]
pub struct CheckArgs {
    /// Phone, in any notation; the last ten digits are compared
    #[arg(long, value_name = "P", group = "customer", value_parser = NonEmptyStringValueParser::new())]
    phone: Option<String>,
    /// Code of the card, or its bar code
    #[arg(long, value_name = "CODE", group = "customer", value_parser = NonEmptyStringValueParser::new())]
    card: Option<String>,
    /// Whatever search finds
    #[arg(value_name = "QUERY", group = "customer", value_parser = NonEmptyStringValueParser::new())]
    query: Vec<String>,
    /// Compare with the control totals of the last sync instead of asking 1C now
    #[arg(long)]
    pub offline: bool,
}

/// Whom to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The cards of a phone, as typed.
    Phone(String),
    /// The card of a code, else of a bar code.
    Card(String),
    /// What search finds.
    Query(String),
}

impl Cli {
    /// Whether a screen is drawn, so that nothing else may be written there.
    pub fn is_drawn(&self) -> bool {
        match &self.command {
            None => true,
            Some(Command::Demo(demo)) => !demo.headless,
            Some(_) => false,
        }
    }

    /// Whether what happens is told in JSON on standard error.
    pub fn tells_json(&self) -> bool {
        self.global.log_format.as_deref() == Some("json") && !self.is_drawn()
    }
}

impl CheckArgs {
    /// Whom to check: clap lets exactly one of the three pass.
    pub fn whom(&self) -> Whom {
        match (&self.phone, &self.card) {
            (Some(phone), _) => Whom::Phone(phone.clone()),
            (None, Some(card)) => Whom::Card(card.clone()),
            (None, None) => Whom::Query(self.query.join(" ")),
        }
    }
}

/// `sverka reconcile`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Reconcile {
    /// List only customers with a variance; with --strict also those it counts
    #[arg(long)]
    pub only_variances: bool,
    /// How to write it; by the ending of the file where absent, else a table
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatArg>,
    /// Write to a file, for its owner only; never over another one
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite the file
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Begin CSV with a byte order mark, which Excel needs
    #[arg(long)]
    pub bom: bool,
    /// Compare every customer line by line: a request or more for every few
    #[arg(long)]
    pub live: bool,
    /// Read the lines of so many of the worst customers
    #[arg(long, value_name = "N", default_value_t = WORST)]
    pub worst: usize,
    /// Exit with 1 where purchases lie before the window or something could not be verified, too
    #[arg(long)]
    pub strict: bool,
    /// Exit with 1 only where the variances, without their signs, come to more than so many roubles
    #[arg(long, value_name = "SUM", value_parser = sum)]
    pub fail_over: Option<Amount>,
    /// Where to leave figures for monitoring.
    #[command(flatten)]
    pub metrics: MetricsOption,
}

/// `sverka mirror`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub struct MirrorArgs {
    /// Read every row of the mirror again and mend what differs
    #[arg(long)]
    pub repair: bool,
    /// Take the mirror away
    #[arg(long, conflicts_with = "repair")]
    pub drop: bool,
}

/// `sverka status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub struct StatusArgs {
    /// Exit with 1 where something calls for attention: nothing synced, stale, the last sync failed, variances
    #[arg(long)]
    pub strict: bool,
}

/// How a base is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// For people
    Table,
    /// A row per customer
    Csv,
    /// An array of the objects of `check --json`
    Json,
    /// A workbook
    Xlsx,
}

impl Reconcile {
    /// How to write: as asked for, else as the name of the file says, else as a table. `None` where two formats are
    /// asked for.
    pub fn format(&self, json: bool) -> Option<FormatArg> {
        let ending = self.output.as_deref().and_then(|path| path.extension()?.to_str());
        let by_name = ending.and_then(|ending| FormatArg::from_str(ending, true).ok());
        match (self.format, json) {
            (Some(FormatArg::Json) | None, true) => Some(FormatArg::Json),
            (Some(_), true) => None,
            (format, false) => Some(format.or(by_name).unwrap_or(FormatArg::Table)),
        }
    }
}

/// A mistake is worded where it is told: `mistake` knows what each option takes.
fn sum(text: &str) -> Result<Amount, &'static str> {
    match Amount::parse(text) {
        Ok(sum) if sum >= Amount::ZERO => Ok(sum),
        _ => Err("expected a sum such as 100 or 99.50"),
    }
}

/// `sverka search`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Search {
    /// Words that must all occur, in any field; an empty one finds everybody
    #[arg(value_name = "QUERY", required = true)]
    words: Vec<String>,
    /// Customers to show; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
}

impl Search {
    /// The words as one query.
    pub fn query(&self) -> String {
        self.words.join(" ")
    }
}

/// `sverka store`.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum StoreCommand {
    /// Read the whole store again and compare it with what was published
    Check,
    /// Give back the room the file does not need; nobody may read or write meanwhile
    Compact,
    /// Copy what is published into a file, also while a sync runs, and read the copy again
    Backup {
        /// The file, for its owner only
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Replace an earlier copy
        #[arg(long)]
        force: bool,
    },
    /// Put a copy made by `backup` in the place of the store, which is set aside; the next sync reads everything
    Restore {
        /// The copy
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// `sverka service`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum ServiceCommand {
    /// Write the unit, enable and start it
    Install(ServiceOptions),
    /// Stop the service and delete its unit; settings and store stay
    Remove(ServiceOptions),
}

/// What both of `sverka service` take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Args)]
pub struct ServiceOptions {
    /// Under the user's own manager, with the user's settings and store
    #[arg(long)]
    pub user: bool,
    /// Do it without asking
    #[arg(long)]
    pub yes: bool,
    /// Only show what would be done
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
}

/// `sverka completions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: ShellArg,
}

/// A shell that completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShellArg {
    /// GNU bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
}

/// `sverka man`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Man {
    /// Folder for the pages of all commands; the page of the program alone is printed where absent
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// A line on which an answer takes more than a minute is broken, not slow.
const LONGEST_LATENCY: u64 = 60_000;

/// `sverka simulate`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Simulate {
    /// Loopback port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// The shop to invent.
    #[command(flatten)]
    pub shop: Shop,
    /// Sales lines of the invented shop, at least; what the customers make by themselves where absent
    #[arg(long, value_name = "N")]
    pub lines: Option<u64>,
    /// The simulated clock's date, YYYY-MM-DD; today where absent
    #[arg(long, value_name = "DATE")]
    pub now: Option<NaiveDate>,
    /// Milliseconds that every answer waits
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=LONGEST_LATENCY))]
    pub latency: u64,
    /// What goes wrong, and how often
    #[arg(long = "fault", value_name = "KIND=RATE", value_parser = fault)]
    pub faults: Vec<String>,
}

/// Only the form is looked at here: which kinds there are is the simulator's to say.
fn fault(text: &str) -> Result<String, &'static str> {
    match text.split_once('=') {
        Some((kind, rate)) if !kind.is_empty() && !rate.is_empty() => Ok(text.to_owned()),
        _ => Err("expected KIND=RATE"),
    }
}

#[cfg(test)]
mod tests;
