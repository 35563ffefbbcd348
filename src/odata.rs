//! The `OData` client, in 1C's dialect: requests out, rows and errors in.
//!
//! ```text
//!           PageQuery                                    Page<R>: rows, rejected rows, counts
//!               │                                                    ▲
//!  client: ── address ──▶ Transport ──▶ reply ──▶ refusal? ──▶ wire: decode ──▶ validate
//!               ▲                                    │
//!               └── retry: wait, ask for less, ask otherwise ◀── Error
//! ```
//! A [`Client`] belongs to one run: it holds the run's budget of repeats, its page size, and what it
//! learned of the base. Only `GET` exists: a [`Transport`] knows nothing else.

mod address;
mod capability;
mod client;
mod code;
mod connection;
mod error;
mod foreign;
mod layout;
mod names;
mod page_size;
mod query;
mod redact;
mod retry;
mod rows;
mod set;
mod transport;
mod wire;

pub use capability::{Capability, Learned, VirtualTable, Width, horizon, narrower};
pub use client::{About, Client, Measure, RawAnswer, Sent, Stats, Trouble};
pub use connection::ConnectionSettings;
pub use error::{CertificateFlaw, Error, TlsFault, Unreachable};
pub use names::{Names, OneUsual, is_standard_field};
pub use page_size::PageSize;
pub use query::{Conditions, Filter, Lookup, MAX_KEYS, OpeningForm, Order, PageQuery, Set, Top};
pub use redact::{CodePage, Redactor, beginning, is_hidden};
pub use rows::{
    FromRow, Page, PointsRow, Product, RawField, RejectedRow, RowFault, RowMark, SalesRow, ThinObject,
    ThinSale,
};
pub use transport::{
    BoxFuture, Certificate, HttpReply, HttpRequest, HttpTransport, Transport, TransportError,
};
pub use wire::refusal::pages::Page as WebPage;
