//! `sverka service`: the engine as a service of systemd. Shows first what it will do, then asks, then does it; what is
//! not ours stays as it is.

mod error;
mod plan;
mod unit;

use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::process::Command;

use crate::cli::ExitCode;
use crate::cli::args::{Global, ServiceCommand, ServiceOptions, SyncArgs};
use crate::cli::console;
use crate::cli::session::{EarlyEnd, draft, overrides, print, usage};
use crate::config::{self, Config, ConfigDraft, ConfigError, Environment, Places, Sources};
use crate::files::{Place, Refusal, Replace, Wish, is_ending};
use crate::text::{Shown, Texts};
use error::ServiceError;
use plan::{ACCOUNT, MissingParts, PASSWORD, SETTINGS, STORE, ServiceStep};
use unit::{MARK, ServiceOwner, UNIT, is_ours, unit};

/// Where the system's administrator puts units, and where packages do.
const UNITS: &str = "/etc/systemd/system";
const UNITS_OF_PACKAGES: [&str; 3] =
    ["/usr/lib/systemd/system", "/lib/systemd/system", "/usr/local/lib/systemd/system"];
/// Folders that `ProtectHome` and `PrivateTmp` hide from the service.
const HIDDEN: [&str; 5] = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];
/// Columns of what a command complained of.
const LONGEST_COMPLAINT: usize = 300;

pub(super) async fn run(global: &Global, command: ServiceCommand) -> Result<ExitCode, EarlyEnd> {
    let texts = console::texts_of_process();
    let (ServiceCommand::Install(options) | ServiceCommand::Remove(options)) = command;
    let owner = if options.user { ServiceOwner::User } else { ServiceOwner::System };
    if !options.dry_run {
        refuse_impossible(owner).map_err(|error| ended(&error, texts))?;
    }
    let Some(steps) = planned(command, owner, global, texts).await? else { return Ok(ExitCode::Done) };
    if options.dry_run {
        print(&preview(&steps, texts), texts)?;
        return Ok(ExitCode::Done);
    }
    console::tell(&shown(&steps, texts));
    if !is_wanted(options, texts).await.map_err(|error| ended(&error, texts))? {
        console::tell(&texts.get("service-declined"));
        return Ok(ExitCode::Interrupted);
    }
    for step in steps {
        carry_out(step, texts).await?;
    }
    console::tell(&done(command, owner, texts));
    Ok(ExitCode::Done)
}

/// What has to be done; `None` where there is nothing, which is told.
async fn planned(
    command: ServiceCommand,
    owner: ServiceOwner,
    global: &Global,
    texts: Texts,
) -> Result<Option<Vec<ServiceStep>>, EarlyEnd> {
    let place = place(owner, texts)?;
    let is_there = fs::symlink_metadata(&place).is_ok();
    let is_install = matches!(command, ServiceCommand::Install(_));
    let packaged =
        if owner == ServiceOwner::System && (is_install || !is_there) { refuse_packaged() } else { Ok(()) };
    packaged.and_then(|()| refuse_foreign(&place)).map_err(|error| ended(&error, texts))?;
    if is_install {
        return install(owner, &place, global, texts).await.map(Some);
    }
    if !is_there {
        console::tell(&texts.with("service-not-there", &[("path", place.as_path().into())]));
        return Ok(None);
    }
    Ok(Some(plan::removal(owner, &place)))
}

fn ended(error: &ServiceError, texts: Texts) -> EarlyEnd {
    console::problem(&error.problem(texts), texts);
    EarlyEnd(ExitCode::Usage)
}

/// Where the unit lies.
fn place(owner: ServiceOwner, texts: Texts) -> Result<PathBuf, EarlyEnd> {
    if owner == ServiceOwner::System {
        return Ok(Path::new(UNITS).join(UNIT));
    }
    let places = Places::of_platform().map_err(|error| usage(&error, texts))?;
    let folder = places.config.ancestors().nth(2).unwrap_or(Path::new("/"));
    Ok(folder.join("systemd/user").join(UNIT))
}

async fn install(
    owner: ServiceOwner,
    place: &Path,
    global: &Global,
    texts: Texts,
) -> Result<Vec<ServiceStep>, EarlyEnd> {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("/usr/bin/sverka"));
    let is_hidden = HIDDEN.iter().any(|folder| program.starts_with(folder));
    if owner == ServiceOwner::System && is_hidden {
        return Err(ended(&ServiceError::ProgramHidden(program), texts));
    }
    if owner == ServiceOwner::System && global.store.is_some() {
        return Err(ended(&ServiceError::StoreNamed, texts));
    }
    let options = match owner {
        ServiceOwner::System => vec!["--config".into(), SETTINGS.into()],
        ServiceOwner::User => options_of_user(global, texts)?,
    };
    let text = unit(owner, &program, &options);
    let text = text.ok_or_else(|| ended(&ServiceError::ProgramName(program), texts))?;
    Ok(match owner {
        ServiceOwner::System => plan::of_system(place, text, missing(global, texts).await?),
        ServiceOwner::User => plan::of_user(place, text, place.parent().is_some_and(Path::is_dir)),
    })
}

/// What the user's service has to be told beside the usual: other settings, another store.
fn options_of_user(global: &Global, texts: Texts) -> Result<Vec<PathBuf>, EarlyEnd> {
    let draft = of_files_alone(global, texts)?;
    complete(&draft, |_| true, texts)?;
    let usual = Places::of_platform().ok().map(|places| places.config);
    let settings = draft.file.filter(|file| Some(file) != usual.as_ref());
    let told = [("--config", settings), ("--store", global.store.clone())];
    let told = told.into_iter().filter_map(|(option, path)| Some([option.into(), whole(path?)]));
    Ok(told.flatten().collect())
}

fn whole(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// The settings as a service finds them: it sees nothing of the environment of whoever installs it.
fn of_files_alone(global: &Global, texts: Texts) -> Result<ConfigDraft, EarlyEnd> {
    let sources = Sources::find(global.config.as_deref(), overrides(global, &SyncArgs::default()));
    let sources = sources.map(|found| Sources { environment: Environment::default(), ..found });
    let draft = sources.and_then(|sources| Config::load(&sources));
    draft.map_err(|error| usage(&error, texts))
}

/// An error where something is missing that matters.
fn complete(draft: &ConfigDraft, matters: impl Fn(&str) -> bool, texts: Texts) -> Result<(), EarlyEnd> {
    match draft.missing.iter().find(|key| matters(key)) {
        Some(key) => Err(usage(&ConfigError::Missing { key, file: draft.file.clone() }, texts)),
        None => Ok(()),
    }
}

/// What has to be made for the system's service. Its settings are those in `/etc`, or else those of whoever installs it.
async fn missing(global: &Global, texts: Texts) -> Result<MissingParts, EarlyEnd> {
    let is_there = |path: &str| fs::symlink_metadata(path).is_ok();
    let account = !succeeds(&["id", "-u", ACCOUNT]).await;
    let folder = !Path::new(SETTINGS).parent().is_some_and(Path::is_dir);
    let (has_settings, has_password) = (is_there(SETTINGS), is_there(PASSWORD));
    let global = if has_settings {
        Global { config: Some(SETTINGS.into()), ..global.clone() }
    } else {
        global.clone()
    };
    if has_settings && has_password {
        complete(&of_files_alone(&global, texts)?, |key| key != "onec.password", texts)?;
        return Ok(MissingParts { account, folder, settings: None, password: None });
    }
    let draft = draft(&global, &SyncArgs::default())?;
    let mut config = draft.resolve().await.map_err(|error| usage(&error, texts))?.config;
    let password = format!("{}\n", config.onec.password.expose_secret());
    let settings = (!has_settings).then(|| settings_of_service(&mut config));
    let password = (!has_password).then(|| SecretString::from(password));
    Ok(MissingParts { account, folder, settings, password })
}

/// These settings with the places of the service: its store, its log, its password.
fn settings_of_service(config: &mut Config) -> SecretString {
    config.onec.password = SecretString::default();
    config.store = STORE.into();
    config.log.file = None;
    let text = config::written(config);
    let password = format!("password_file = \"{PASSWORD}\"");
    SecretString::from(text.replacen(&format!("# {password}"), &password, 1))
}

fn refuse_packaged() -> Result<(), ServiceError> {
    let places = UNITS_OF_PACKAGES.iter().map(|folder| Path::new(folder).join(UNIT));
    places.into_iter().find(|place| place.exists()).map_or(Ok(()), |place| Err(ServiceError::Packaged(place)))
}

/// Looks at what lies at the place of the unit.
fn refuse_foreign(place: &Path) -> Result<(), ServiceError> {
    let Ok(there) = fs::symlink_metadata(place) else { return Ok(()) };
    if there.is_symlink() && fs::read_link(place).is_ok_and(|to| to == Path::new("/dev/null")) {
        return Err(ServiceError::Masked(place.to_owned()));
    }
    let is_ours = there.is_file() && config::read_text(place).is_ok_and(|text| is_ours(&text));
    if is_ours { Ok(()) } else { Err(ServiceError::Foreign(place.to_owned())) }
}

/// Says what stands in the way on this machine.
fn refuse_impossible(owner: ServiceOwner) -> Result<(), ServiceError> {
    if owner == ServiceOwner::User {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").filter(|folder| !folder.is_empty());
        let has_manager = runtime.is_some_and(|folder| Path::new(&folder).join("systemd").is_dir());
        return if has_manager { Ok(()) } else { Err(ServiceError::NoUserManager) };
    }
    // As sd_booted(3) looks.
    if !Path::new("/run/systemd/system").is_dir() {
        return Err(ServiceError::NoSystemd);
    }
    let is_root = rustix::process::geteuid().is_root();
    if is_root { Ok(()) } else { Err(ServiceError::NoRights) }
}

fn shown(steps: &[ServiceStep], texts: Texts) -> String {
    let title = texts.get("service-plan").into_owned();
    std::iter::once(title).chain(steps.iter().map(|step| line(step, texts))).collect::<Vec<_>>().join("\n")
}

fn line(step: &ServiceStep, texts: Texts) -> String {
    match step {
        ServiceStep::Run(words) => texts.with("service-step-run", &[("command", words.join(" ").into())]),
        ServiceStep::Write { path, mode, .. } => {
            let mode = format!("{mode:04o}");
            texts.with("service-step-write", &[("path", path.as_path().into()), ("mode", mode.into())])
        }
        ServiceStep::WriteUnit { path, .. } => {
            texts.with("service-step-unit", &[("path", path.as_path().into())])
        }
        ServiceStep::DeleteUnit(path) => {
            texts.with("service-step-delete", &[("path", path.as_path().into())])
        }
    }
}

/// The steps, and the unit itself.
fn preview(steps: &[ServiceStep], texts: Texts) -> String {
    let units = steps.iter().filter_map(|step| match step {
        ServiceStep::WriteUnit { text, .. } => Some(format!("\n{text}")),
        _ => None,
    });
    std::iter::once(shown(steps, texts)).chain(units).collect::<Vec<_>>().join("\n")
}

/// Asks whoever sits there.
async fn is_wanted(options: ServiceOptions, texts: Texts) -> Result<bool, ServiceError> {
    if options.yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() {
        return Err(ServiceError::Unconfirmed);
    }
    console::tell(&texts.get("service-question"));
    let answer = tokio::task::spawn_blocking(answer).await.unwrap_or_default();
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "д" | "да"))
}

/// What is typed; nothing where the program is asked to end meanwhile.
fn answer() -> String {
    let mut answer = String::new();
    let step = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
    while !is_ending() {
        let stdin = io::stdin();
        match poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&step)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            _ => {
                // Without an answer nothing is done.
                let _ = stdin.lock().read_line(&mut answer);
                break;
            }
        }
    }
    answer
}

async fn carry_out(step: ServiceStep, texts: Texts) -> Result<(), EarlyEnd> {
    let refused = |path: &Path, refusal: &Refusal| {
        console::problem(&texts.refused(path, refusal), texts);
        EarlyEnd(ExitCode::Usage)
    };
    match step {
        ServiceStep::Run(words) => run_command(&words).await.map_err(|error| ended(&error, texts)),
        ServiceStep::Write { path, text, mode } => write(&path, text.expose_secret(), mode, Replace::Nothing)
            .map_err(|refusal| refused(&path, &refusal)),
        ServiceStep::WriteUnit { path, text } => {
            write(&path, &text, 0o644, Replace::BeginsWith(MARK)).map_err(|refusal| refused(&path, &refusal))
        }
        ServiceStep::DeleteUnit(path) => {
            fs::remove_file(&path).map_err(|error| refused(&path, &Refusal::Io(error)))
        }
    }
}

fn write(path: &Path, text: &str, mode: u32, replace: Replace) -> Result<(), Refusal> {
    let mut out = Place::find(&Wish { path, replace, mode, kept: &[] })?.begin()?;
    out.write_all(text.as_bytes())?;
    out.finish()
}

async fn run_command(words: &[String]) -> Result<(), ServiceError> {
    let failed = |why: String| ServiceError::Command { command: words.join(" "), why };
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    let ran = Command::new(program).args(arguments).output().await;
    let ran = ran.map_err(|error| failed(error.to_string()))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    let said = Shown::new(said.trim()).truncated(LONGEST_COMPLAINT).to_string();
    Err(failed(if said.is_empty() { ran.status.to_string() } else { said }))
}

async fn succeeds(words: &[&str]) -> bool {
    let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    run_command(&words).await.is_ok()
}

fn done(command: ServiceCommand, owner: ServiceOwner, texts: Texts) -> String {
    match (command, owner) {
        (ServiceCommand::Install(_), ServiceOwner::System) => texts.get("service-installed"),
        (ServiceCommand::Install(_), ServiceOwner::User) => texts.get("service-installed-user"),
        (ServiceCommand::Remove(_), ServiceOwner::System) => texts.get("service-removed"),
        (ServiceCommand::Remove(_), ServiceOwner::User) => texts.get("service-removed-user"),
    }
    .into_owned()
}
