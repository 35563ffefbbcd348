//! The dashboard over the engine.

use tokio_util::sync::CancellationToken;

use super::ExitCode;
use super::session::{Ended, Session};

/// Runs the dashboard.
pub(super) async fn run(_: &Session, _: bool, _: &CancellationToken) -> Result<ExitCode, Ended> {
    Ok(ExitCode::Done)
}
