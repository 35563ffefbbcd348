//! What installing and removing the service does, step by step: it is shown before, and is done in this order.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::unit::{ServiceOwner, UNIT};

/// The settings of the service, which the administrator may read and change.
pub(super) const SETTINGS: &str = "/etc/sverka/config.toml";
/// The password of 1C, which systemd reads as root.
pub(super) const PASSWORD: &str = "/etc/sverka/password";
/// The store of the service.
pub(super) const STORE: &str = "/var/lib/sverka/sverka.redb";
const SETTINGS_FOLDER: &str = "/etc/sverka";
const STATE_FOLDER: &str = "/var/lib/sverka";
/// The user that the service runs under, and the group.
pub(super) const ACCOUNT: &str = "sverka";

/// One thing that is done.
#[derive(Debug)]
pub(super) enum ServiceStep {
    /// A command is run.
    Run(Vec<String>),
    /// A file is written that is not there yet.
    Write {
        /// Where.
        path: PathBuf,
        /// What, which may be a password.
        text: SecretString,
        /// Who may read it.
        mode: u32,
    },
    /// The unit is written, over an earlier one of ours.
    WriteUnit {
        /// Where.
        path: PathBuf,
        /// What.
        text: String,
    },
    /// The unit is deleted.
    DeleteUnit(PathBuf),
}

/// What is missing on the machine for the service of the system.
#[derive(Debug, Default)]
pub(super) struct MissingParts {
    /// The user it runs under.
    pub(super) account: bool,
    /// The folder of the settings.
    pub(super) folder: bool,
    /// The settings; these are written.
    pub(super) settings: Option<SecretString>,
    /// The password; this is written.
    pub(super) password: Option<SecretString>,
}

/// The service of the system, under a user of its own.
pub(super) fn of_system(place: &Path, text: String, missing: MissingParts) -> Vec<ServiceStep> {
    let account = missing.account.then(|| {
        let options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"];
        run(["useradd"].iter().chain(&options).chain(&["--home-dir", STATE_FOLDER, ACCOUNT]).copied())
    });
    let folder = missing.folder.then(|| run(["mkdir", "-m", "0755", SETTINGS_FOLDER]));
    let write = |path: &str, mode, text| ServiceStep::Write { path: path.into(), text, mode };
    let settings = missing.settings.map(|text| write(SETTINGS, 0o640, text));
    let password = missing.password.map(|text| write(PASSWORD, 0o600, text));
    let mut steps: Vec<_> = [account, folder, settings, password].into_iter().flatten().collect();
    steps.push(run(["chgrp", ACCOUNT, SETTINGS]));
    steps.push(run(["chmod", "0640", SETTINGS]));
    steps.push(ServiceStep::WriteUnit { path: place.to_owned(), text });
    steps.extend(start(ServiceOwner::System));
    steps
}

/// The service of a user, with the user's own settings and store.
pub(super) fn of_user(place: &Path, text: String, has_folder: bool) -> Vec<ServiceStep> {
    let folder = place.parent().filter(|_| !has_folder);
    let mut steps: Vec<_> =
        folder.map(|folder| run(["mkdir", "-p", &folder.display().to_string()])).into_iter().collect();
    steps.push(ServiceStep::WriteUnit { path: place.to_owned(), text });
    steps.extend(start(ServiceOwner::User));
    // It goes on when the user logs out, and begins when the machine does.
    steps.push(run(["loginctl", "enable-linger"]));
    steps
}

fn start(owner: ServiceOwner) -> [ServiceStep; 3] {
    let of_unit = |act: &'static str| systemctl(owner, [act, UNIT]);
    [systemctl(owner, ["daemon-reload"]), of_unit("enable"), of_unit("restart")]
}

/// Takes the service away; settings, password, store and user stay.
pub(super) fn removal(owner: ServiceOwner, place: &Path) -> Vec<ServiceStep> {
    vec![
        systemctl(owner, ["disable", "--now", UNIT]),
        ServiceStep::DeleteUnit(place.to_owned()),
        systemctl(owner, ["daemon-reload"]),
    ]
}

fn systemctl<'a>(owner: ServiceOwner, words: impl IntoIterator<Item = &'a str>) -> ServiceStep {
    let whose = (owner == ServiceOwner::User).then_some("--user");
    run(["systemctl"].into_iter().chain(whose).chain(words))
}

fn run<'a>(words: impl IntoIterator<Item = &'a str>) -> ServiceStep {
    ServiceStep::Run(words.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &str = "/etc/systemd/system/sverka.service";

    fn shown(steps: &[ServiceStep]) -> Vec<String> {
        let of = |step: &ServiceStep| match step {
            ServiceStep::Run(words) => words.join(" "),
            ServiceStep::Write { path, mode, .. } => format!("write {} {mode:o}", path.display()),
            ServiceStep::WriteUnit { path, .. } => format!("unit {}", path.display()),
            ServiceStep::DeleteUnit(path) => format!("delete {}", path.display()),
        };
        steps.iter().map(of).collect()
    }

    #[test]
    fn on_a_bare_machine_all_is_made_in_the_order_in_which_it_is_needed() {
        let missing = MissingParts {
            account: true,
            folder: true,
            settings: Some("[onec]".into()),
            password: Some("tiger-42".into()),
        };
        let steps = of_system(Path::new(PLACE), "unit".into(), missing);
        assert_eq!(
            shown(&steps),
            [
                "useradd --system --user-group --no-create-home --shell /usr/sbin/nologin --home-dir /var/lib/sverka sverka",
                "mkdir -m 0755 /etc/sverka",
                "write /etc/sverka/config.toml 640",
                "write /etc/sverka/password 600",
                "chgrp sverka /etc/sverka/config.toml",
                "chmod 0640 /etc/sverka/config.toml",
                "unit /etc/systemd/system/sverka.service",
                "systemctl daemon-reload",
                "systemctl enable sverka.service",
                "systemctl restart sverka.service",
            ]
        );
        assert!(!format!("{steps:?}").contains("tiger"));
    }

    #[test]
    fn what_is_there_is_left_as_it_is() {
        let steps = shown(&of_system(Path::new(PLACE), "unit".into(), MissingParts::default()));
        assert!(
            !steps.iter().any(|step| ["useradd", "mkdir", "write"].iter().any(|it| step.starts_with(it))),
            "{steps:?}"
        );
    }

    #[test]
    fn the_users_service_touches_nothing_outside_the_users_folder() {
        let place = Path::new("/home/anna/.config/systemd/user/sverka.service");
        let expected = [
            "mkdir -p /home/anna/.config/systemd/user",
            "unit /home/anna/.config/systemd/user/sverka.service",
            "systemctl --user daemon-reload",
            "systemctl --user enable sverka.service",
            "systemctl --user restart sverka.service",
            "loginctl enable-linger",
        ];
        assert_eq!(shown(&of_user(place, "unit".into(), false)), expected);
        assert_eq!(shown(&of_user(place, "unit".into(), true)), expected[1..]);
    }

    #[test]
    fn a_removal_stops_the_service_before_its_unit_goes() {
        assert_eq!(
            shown(&removal(ServiceOwner::System, Path::new(PLACE))),
            [
                "systemctl disable --now sverka.service",
                "delete /etc/systemd/system/sverka.service",
                "systemctl daemon-reload",
            ]
        );
    }
}
