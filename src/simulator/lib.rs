//! The built-in simulated 1C:Enterprise: a shop's base behind the standard `OData` interface, on loopback HTTP.
//!
//! It is the demo's source and the peer of every test, so it shares no code with the rest of the crate: a mistake
//! made on both sides would agree with itself. Its parts, each importing only those below it:
//!
//! ```text
//! http                     sockets, and connections that break on purpose
//! service                  one request, one reply: account, faults, address, answer
//! json atom metadata       rows written down
//! virtual_tables query     totals; filter, order, page and count over any table
//! route options filter     what a request means
//! shown                    what of a row is sent
//! published table          books as named columns and rows
//! generate                 the shop invented from a seed, with its traps
//! books                    the ledger: rows, changes, its own sums
//! value errors exchange log faults prng
//! ```

mod atom;
mod books;
mod errors;
mod exchange;
mod faults;
mod filter;
mod generate;
mod http;
mod json;
mod log;
mod metadata;
mod options;
mod prng;
mod published;
mod query;
mod route;
mod service;
mod shown;
mod table;
mod value;
mod virtual_tables;

pub use books::{
    BonusLine, Books, Card, CardEntry, Contact, ContactKind, Document, DocumentKind, Figures, Movement,
    Owner, Posted, Product, RowCounts, SaleLine,
};
pub use exchange::{Delivery, Reply, Request};
pub use faults::{ErrorBody, Fault, FaultError, FaultKind, Faults, Misgiving, Rate, Shape, Treatment, Way};
pub use generate::{Scenario, Trap};
pub use http::Server;
pub use log::RequestLog;
pub use service::Simulator;
