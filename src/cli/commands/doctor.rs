//! `sverka doctor`: checks everything a sync needs and names the remedy for what fails.

use std::io;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::cli::ExitCode;
use crate::cli::args::{self, Global};
use crate::cli::attach::Attached;
use crate::cli::console;
use crate::cli::place::holder_of;
use crate::cli::session::{self, EarlyEnd, Session, draft, output_lost, print};
use crate::config::{ConfigDraft, ConfigError, Loaded, LogLevel, SecretSource};
use crate::domain::period::{Reckoning, reckoning};
use crate::engine::Learned;
use crate::engine::MirrorError;
use crate::engine::TypeSeen;
use crate::engine::doctor::{self, Check, CheckOutcome, CheckResult, Fact, NamedOtherwise};
use crate::report::log::LogEntry;
use crate::report::mirror;
use crate::report::{CheckStatus, DoctorCheck, document_types, json, progress, summary};
use crate::text::{self, Problem, Texts};

/// The setting that the second check is of.
const PASSWORD: &str = "onec.password";

pub(super) async fn run(global: &Global) -> Result<ExitCode, EarlyEnd> {
    let draft = draft(global, &args::SyncArgs::default())?;
    let texts = Texts::new(draft.config.ui.language);
    session::begin_log(&draft.config, &session::kept(&draft));
    let told = Told::new(global.json, texts);
    told.tell(config_check(&draft, texts));
    let secret = secret_detail(draft.secret.as_ref(), texts);
    match draft.resolve().await {
        Ok(loaded) => {
            told.tell(check(Check::Secret, CheckStatus::Ok, secret, texts));
            for warning in warnings(&loaded, texts) {
                told.tell(warning);
            }
            if let Some(words) = session::of_store(&loaded.config, texts) {
                told.tell(check(Check::Store, CheckStatus::Warning, words, texts));
            }
            let session = Session::over(loaded.config, global)?;
            let engine = Attached::look(session.engine.config(), texts, global).await;
            let holder = || (!global.no_engine).then(|| holder_of(&session.engine.config().store)).flatten();
            let lock = session.engine.lock().await;
            let lock = lock.map(|lock| summary::lock_words(&lock, session.reader()));
            match (engine, holder()) {
                (Some(engine), _) => {
                    let words = summary::engine_words(&engine.engine, session.reader());
                    told.tell(engine_check([Some(words), lock], texts));
                }
                (None, Some(pid)) => told.tell(silent_engine(pid, texts)),
                (None, None) if lock.is_some() => told.tell(engine_check([None, lock], texts)),
                (None, None) => {}
            }
            Box::pin(session.engine.doctor(&mut |finding| told.tell(worded(&session, finding)))).await;
        }
        // It is told already, at the settings.
        Err(ConfigError::Missing { key, .. }) if key != PASSWORD => told.tell(skipped(Check::Secret, texts)),
        Err(error) => told.tell(failed(Check::Secret, texts.config_error(&error), texts)),
    }
    if let Some(error) = told.lost.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(output_lost(&error, texts));
    }
    let checks = told.checks.into_inner().unwrap_or_else(PoisonError::into_inner);
    print(&if global.json { json::doctor(&checks) } else { summary::diagnosis(&checks, texts) }, texts)?;
    let has_failed = checks.iter().any(|check| check.status == CheckStatus::Failed);
    Ok(if has_failed { ExitCode::Difference } else { ExitCode::Done })
}

/// What was told so far: in words as it comes, as one value at the end.
struct Told {
    checks: Mutex<Vec<DoctorCheck>>,
    /// Why a line could not be written.
    lost: Mutex<Option<io::Error>>,
    is_json: bool,
    width: usize,
    texts: Texts,
}

impl Told {
    fn new(is_json: bool, texts: Texts) -> Self {
        let titles = Check::ALL.iter().map(|what| check(*what, CheckStatus::Ok, String::new(), texts).title);
        let width = titles.map(|title| title.chars().count()).max().unwrap_or_default();
        Self { checks: Mutex::default(), lost: Mutex::default(), is_json, width, texts }
    }

    fn tell(&self, check: DoctorCheck) {
        if !self.is_json {
            let written = console::print(&summary::doctor_line(&check, self.width, self.texts));
            let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
            *lost = lost.take().or(written.err());
        }
        self.checks.lock().unwrap_or_else(PoisonError::into_inner).push(check);
    }
}

fn config_check(draft: &ConfigDraft, texts: Texts) -> DoctorCheck {
    if let Some(key) = draft.missing.iter().find(|key| **key != PASSWORD) {
        let missing = ConfigError::Missing { key, file: draft.file.clone() };
        return failed(Check::Config, texts.config_error(&missing), texts);
    }
    let detail = match &draft.file {
        Some(path) => texts.with("doctor-config-file", &[("path", path.display().to_string().into())]),
        None => texts.get("doctor-config-no-file").into_owned(),
    };
    check(Check::Config, CheckStatus::Ok, detail, texts)
}

/// A process has the place of the engine and does not answer.
fn silent_engine(pid: u32, texts: Texts) -> DoctorCheck {
    let pid = [("pid", pid.to_string().into())];
    DoctorCheck {
        check: "engine",
        title: texts.get("doctor-engine").into_owned(),
        status: CheckStatus::Warning,
        detail: texts.with("engine-silent", &pid),
        remedy: Some(texts.with("engine-silent-remedy", &pid)),
        code: None,
        types: None,
    }
}

/// The engine at work, and who writes to the store.
fn engine_check(parts: [Option<String>; 2], texts: Texts) -> DoctorCheck {
    DoctorCheck {
        check: "engine",
        title: texts.get("doctor-engine").into_owned(),
        status: CheckStatus::Ok,
        detail: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
        remedy: None,
        code: None,
        types: None,
    }
}

fn secret_detail(secret: Option<&SecretSource>, texts: Texts) -> String {
    match secret {
        Some(SecretSource::File(path)) => {
            texts.with("doctor-secret-file", &[("path", path.display().to_string().into())])
        }
        Some(SecretSource::Command(_)) => texts.get("doctor-secret-command").into_owned(),
        Some(SecretSource::Credential(name, _)) => {
            texts.with("doctor-secret-credential", &[("name", name.into())])
        }
        Some(SecretSource::Given(_)) | None => texts.get("doctor-secret-given").into_owned(),
    }
}

fn warnings(loaded: &Loaded, texts: Texts) -> Vec<DoctorCheck> {
    let worded = |warning| check(Check::Config, CheckStatus::Warning, texts.warning(warning), texts);
    loaded.warnings.iter().map(worded).collect()
}

fn worded(session: &Session, finding: CheckResult) -> DoctorCheck {
    let texts = session.texts;
    let CheckResult { check: what, outcome } = finding;
    let types = types_of(&outcome);
    let found = match outcome {
        CheckOutcome::Ok(found) => check(what, CheckStatus::Ok, fact(&found, texts), texts),
        CheckOutcome::Warning(found) => {
            let remedy = remedy(&found, texts);
            DoctorCheck { remedy, ..check(what, CheckStatus::Warning, fact(&found, texts), texts) }
        }
        CheckOutcome::Missing(found) => {
            let remedy = remedy(&found, texts);
            DoctorCheck { remedy, ..check(what, CheckStatus::Failed, fact(&found, texts), texts) }
        }
        CheckOutcome::Failed(error) => failed(what, session.problem(&error), texts),
        CheckOutcome::Refused(error) => failed(what, refused(session, &error), texts),
        CheckOutcome::Skipped => skipped(what, texts),
    };
    DoctorCheck { types, ..found }
}

/// Why a database beside 1C is of no use.
fn refused(session: &Session, error: &MirrorError) -> Problem {
    let texts = session.texts;
    match error {
        MirrorError::Database(error) => mirror::problem(error, texts),
        MirrorError::Settings(error) => texts.config_error(error),
        MirrorError::Store(error) => session.problem(error),
        MirrorError::NotConfigured => mirror::not_configured(texts),
    }
}

/// The types of document, where the check is of these.
fn types_of(outcome: &CheckOutcome) -> Option<Vec<TypeSeen>> {
    let (CheckOutcome::Ok(found) | CheckOutcome::Warning(found) | CheckOutcome::Missing(found)) = outcome
    else {
        return None;
    };
    let Fact::RecorderTypes(found) = found else { return None };
    Some(found.seen.types.clone())
}

fn skipped(what: Check, texts: Texts) -> DoctorCheck {
    check(what, CheckStatus::Warning, texts.get("doctor-skipped").into_owned(), texts)
}

fn failed(what: Check, problem: Problem, texts: Texts) -> DoctorCheck {
    LogEntry::of_problem(LogLevel::Error, &problem).write();
    let (remedy, code) = (Some(problem.remedy), Some(problem.code));
    DoctorCheck { remedy, code, ..check(what, CheckStatus::Failed, problem.message, texts) }
}

fn check(what: Check, status: CheckStatus, detail: String, texts: Texts) -> DoctorCheck {
    let (name, title) = match what {
        Check::Config => ("config", texts.get("doctor-config")),
        Check::Secret => ("secret", texts.get("doctor-secret")),
        Check::Name => ("name", texts.get("doctor-name")),
        Check::Certificate => ("certificate", texts.get("doctor-certificate")),
        Check::Connection => ("connection", texts.get("doctor-connection")),
        Check::Credentials => ("credentials", texts.get("doctor-credentials")),
        Check::Sets => ("sets", texts.get("doctor-sets")),
        Check::Fields => ("fields", texts.get("doctor-fields")),
        Check::Ways => ("ways", texts.get("doctor-ways")),
        Check::VirtualTables => ("virtual-tables", texts.get("doctor-virtual-tables")),
        Check::RecorderTypes => ("recorder-types", texts.get("doctor-recorder-types")),
        Check::Clock => ("clock", texts.get("doctor-clock")),
        Check::TimeZone => ("timezone", texts.get("doctor-timezone")),
        Check::Store => ("store", texts.get("doctor-store")),
        Check::Lock => ("lock", texts.get("doctor-lock")),
        Check::Mirror => ("mirror", texts.get("mirror-status")),
        Check::Portal => ("portal", texts.get("doctor-portal")),
    };
    DoctorCheck {
        check: name,
        title: title.into_owned(),
        status,
        detail,
        remedy: None,
        code: None,
        types: None,
    }
}

fn fact(fact: &Fact, texts: Texts) -> String {
    let language = texts.language();
    let names = |names: &[String]| names.join(", ");
    match fact {
        Fact::Addresses(host, addresses) => {
            texts.with("doctor-name-found", &[("host", host.into()), ("addresses", names(addresses).into())])
        }
        Fact::Certificate(issuer, until) => texts
            .with("doctor-certificate-found", &[("issuer", issuer.into()), ("until", moment(until).into())]),
        Fact::CertificateEnds(issuer, until) => texts
            .with("doctor-certificate-ends", &[("issuer", issuer.into()), ("until", moment(until).into())]),
        Fact::CertificateUnchecked => texts.get("warning-any-certificate").into_owned(),
        Fact::Answered(took) => {
            texts.with("doctor-connection-took", &[("time", text::duration(*took, language).into())])
        }
        Fact::Accepted(user) => texts.with("doctor-credentials-accepted", &[("user", user.into())]),
        Fact::SetsFound(found) => {
            texts.with("doctor-sets-found", &[("found", (*found).into()), ("total", (*found).into())])
        }
        Fact::SetsMissing(missing) => texts.with("doctor-sets-missing", &[("names", names(missing).into())]),
        Fact::FieldsFound => texts.get("doctor-fields-found").into_owned(),
        Fact::FieldsMissing(missing) => {
            texts.with("doctor-fields-missing", &[("names", names(missing).into())])
        }
        Fact::UsualBeside(settings) => beside(settings, texts),
        Fact::WaysOffered => texts.get("doctor-ways-offered").into_owned(),
        Fact::WaysMissing(missing) => {
            let way = |it: &Learned| format!("{}: {}", it.set.name(), progress::way(&it.what, texts));
            missing.iter().map(way).collect::<Vec<_>>().join("; ")
        }
        Fact::GoneWithout(why) => {
            texts.with("doctor-gone-without", &[("why", progress::what_happened(why, texts).into())])
        }
        Fact::TablesPublished => texts.get("doctor-virtual-tables-found").into_owned(),
        Fact::TablesMissing(missing) => {
            texts.with("doctor-virtual-tables-missing", &[("names", names(missing).into())])
        }
        Fact::RecorderTypes(found) => document_types::verdict(found, texts),
        Fact::ClocksAgree(server) => texts.with("doctor-clock-agrees", &[("server", moment(server).into())]),
        Fact::ClocksDiffer(ours, server) => texts.with(
            "doctor-clock-differs",
            &[("ours", moment(ours).into()), ("server", moment(server).into())],
        ),
        Fact::ClockUnknown => texts.get("doctor-clock-unknown").into_owned(),
        Fact::LocalTime(zone, time, version) => texts.with(
            "doctor-timezone-now",
            &[
                ("zone", zone.into()),
                ("time", text::local_time(*time, language).into()),
                ("version", (*version).into()),
            ],
        ),
        Fact::StoreFound(path, bytes, generation) => texts.with(
            "doctor-store-found",
            &[
                ("path", path.display().to_string().into()),
                ("bytes", text::bytes(*bytes, language).into()),
                ("generation", (*generation).into()),
            ],
        ),
        Fact::NoStore(path) => {
            texts.with("doctor-store-none", &[("path", path.display().to_string().into())])
        }
        Fact::StoreOnNetwork(path, kind) => texts.with(
            "doctor-store-network",
            &[("path", path.display().to_string().into()), ("kind", (*kind).into())],
        ),
        Fact::LockFree => texts.get("doctor-lock-free").into_owned(),
        Fact::LockHeld(holder) => texts.with(
            "doctor-lock-held",
            &[
                ("pid", holder.told().into()),
                ("host", (&holder.host).into()),
                ("since", holder.since.format("%Y-%m-%d %H:%M:%SZ").to_string().into()),
            ],
        ),
        fact => of_databases(fact, texts),
    }
}

fn of_databases(fact: &Fact, texts: Texts) -> String {
    match fact {
        Fact::MirrorFound(version, flavour, generation) => {
            let id = if generation.is_some() { "doctor-mirror-found" } else { "doctor-mirror-empty" };
            let generation = generation.unwrap_or_default();
            let values = [
                ("version", version.into()),
                ("flavour", (*flavour).into()),
                ("generation", generation.into()),
            ];
            texts.with(id, &values)
        }
        Fact::MirrorUnverified(version, generation) => {
            let values = [("version", version.into()), ("generation", (*generation).into())];
            texts.with("doctor-mirror-unverified", &values)
        }
        Fact::PortalAnswers(queries) | Fact::PortalMayWrite(queries) => {
            let id = if matches!(fact, Fact::PortalAnswers(_)) {
                "doctor-portal-answers"
            } else {
                "doctor-portal-may-write"
            };
            texts.with(id, &[("n", (*queries).into())])
        }
        Fact::PortalQuery(key, why) => {
            texts.with("doctor-portal-query", &[("key", (*key).into()), ("why", why.into())])
        }
        _ => String::new(),
    }
}

fn beside(settings: &[NamedOtherwise], texts: Texts) -> String {
    let told = |it: &NamedOtherwise| {
        let values =
            [("key", (&it.key).into()), ("named", (&it.named).into()), ("usual", (&it.usual).into())];
        texts.with("doctor-usual-beside", &values)
    };
    settings.iter().map(told).collect::<Vec<_>>().join("; ")
}

fn moment(moment: &DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M:%SZ").to_string()
}

fn remedy(found: &Fact, texts: Texts) -> Option<String> {
    match found {
        Fact::SetsMissing(_) | Fact::TablesMissing(_) => {
            Some(texts.get("doctor-remedy-publish").into_owned())
        }
        Fact::WaysMissing(ways) if ways.iter().any(|it| it.what.is_proof()) => {
            Some(texts.get("doctor-remedy-ways-of-proof").into_owned())
        }
        Fact::WaysMissing(_) => Some(texts.get("doctor-remedy-ways").into_owned()),
        Fact::GoneWithout(_) => Some(texts.get("doctor-remedy-publish").into_owned()),
        Fact::RecorderTypes(found) => Some(document_types::remedy(found, texts)),
        Fact::FieldsMissing(missing) => {
            let has_setting = missing.iter().any(|name| doctor::has_setting(name));
            let id = if has_setting { "doctor-remedy-names" } else { "doctor-remedy-publish" };
            Some(texts.get(id).into_owned())
        }
        Fact::UsualBeside(_) => Some(texts.get("doctor-remedy-usual-beside").into_owned()),
        Fact::StoreOnNetwork(..) => Some(texts.get("doctor-remedy-network").into_owned()),
        Fact::CertificateEnds(..) => Some(texts.get("doctor-remedy-certificate").into_owned()),
        Fact::CertificateUnchecked => Some(texts.get("doctor-remedy-unchecked").into_owned()),
        Fact::ClocksDiffer(ours, server) => {
            let remedy = match reckoning(*ours, Some(*server)) {
                Reckoning::Earlier(_) => texts.get("doctor-remedy-clock-days"),
                Reckoning::Ours | Reckoning::Servers(_) => texts.get("doctor-remedy-clock"),
            };
            Some(remedy.into_owned())
        }
        Fact::MirrorUnverified(..) => Some(texts.get("doctor-remedy-mirror-unverified").into_owned()),
        Fact::PortalMayWrite(_) => Some(texts.get("doctor-remedy-portal-may-write").into_owned()),
        Fact::PortalQuery(..) => Some(texts.get("doctor-remedy-portal-query").into_owned()),
        Fact::LockHeld(_) => Some(texts.get("doctor-remedy-lock").into_owned()),
        _ => None,
    }
}
