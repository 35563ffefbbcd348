//! `sverka mirror`: what is published, in PostgreSQL.

use crate::cli::ExitCode;
use crate::cli::args::{Global, MirrorArgs};
use crate::cli::console;
use crate::cli::session::{EarlyEnd, Session, usage};
use crate::engine::{MirrorError, Mirrored};
use crate::report::json;
use crate::report::mirror::{self, MirrorReport};

pub(super) async fn run(global: &Global, options: MirrorArgs) -> Result<ExitCode, EarlyEnd> {
    let session = Session::with_store(global)?;
    if options.drop {
        let dropped = session.engine.drop_mirror().await.map_err(|error| ended_by(&session, &error))?;
        session.print(&if session.json {
            json::mirror_dropped(dropped)
        } else {
            mirror::dropped(dropped, session.texts)
        })?;
        return Ok(ExitCode::Done);
    }
    let mirrored = session.engine.mirror(options.repair).await.map_err(|error| ended_by(&session, &error))?;
    let report = report_of(&mirrored);
    session.print(&if session.json {
        json::mirrored(&report)
    } else {
        mirror::text(&report, session.texts)
    })?;
    if mirrored.published.verified {
        return Ok(ExitCode::Done);
    }
    console::problem(&mirror::differs(&report, session.texts), session.texts);
    Ok(ExitCode::Difference)
}

fn ended_by(session: &Session, error: &MirrorError) -> EarlyEnd {
    let texts = session.texts;
    let (problem, code) = match error {
        MirrorError::Store(error) => return session.ended_by(error),
        MirrorError::Settings(error) => return usage(error, texts),
        MirrorError::NotConfigured => (mirror::not_configured(texts), ExitCode::Usage),
        MirrorError::Database(error) if error.is_of_settings() => {
            (mirror::problem(error, texts), ExitCode::Usage)
        }
        MirrorError::Database(error) => (mirror::problem(error, texts), ExitCode::OneC),
    };
    console::problem(&problem, texts);
    EarlyEnd(code)
}

fn report_of(it: &Mirrored) -> MirrorReport<'_> {
    MirrorReport {
        generation: it.generation,
        synced_at: it.synced_at,
        host: &it.host,
        schema: &it.schema,
        flavour: it.flavour,
        published: &it.published,
        differing: &it.differing,
        took: it.took,
    }
}
