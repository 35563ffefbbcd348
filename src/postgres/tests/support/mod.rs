//! A real PostgreSQL of the tests' own, rows to publish, and a proxy that cuts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(dead_code, reason = "not every test needs everything")]
#![allow(unreachable_pub, missing_docs, reason = "nobody imports a test")]

pub mod proxy;
pub mod rows;
pub mod server;
