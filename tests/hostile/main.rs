//! Servers that refuse, forget and lie, and the outcome each of them must have.
//!
//! ```text
//! Case ─▶ OneC (books, rules) ◀─HTTP─▶ sverka: doctor, sync, check ─▶ Seen ─▶ Judge: Must
//! ```
//! The server is independent of the simulated 1C of the program: what both have wrong alike, no test would see. A case
//! is a row of a table: which requests it is about, what is done about them, and what a user must then see. All cases of
//! a group are lived, and those that come out otherwise are told together.
//!
//! `SVERKA_HOSTILE_CASE=words` lives only cases whose name holds the words; `SVERKA_HOSTILE_TRACE=1` adds what was
//! seen, and the last requests.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(unreachable_pub, reason = "nobody imports a test binary")]

/// The server.
mod asked;
mod books;
mod condition;
mod http;
mod onec;
mod refusal;
mod value;
mod ways;

/// A case and how it is judged; the real binary beside a server.
mod case;
mod outside;
mod seen;

/// The tables.
mod groups;
