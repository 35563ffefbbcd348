//! The unit of the service: the text that lies in `src/packaging`, with the program and the options of this machine.

use std::path::{Path, PathBuf};

/// Whose manager runs the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServiceOwner {
    /// The system's, under a user of its own.
    System,
    /// That of whoever asks.
    User,
}

/// What the unit is called.
pub(super) const UNIT: &str = "sverka.service";
/// How a unit of ours begins.
pub(super) const MARK: &str = "# Made by `sverka service install`";

const SYSTEM: &str = include_str!("../../../packaging/sverka.service");
const USER: &str = include_str!("../../../packaging/sverka-user.service");
/// The line that differs from machine to machine.
const START: &str = "ExecStart=";

/// The text of the unit that starts this program with these options. `None` where systemd cannot be told such a name.
pub(super) fn unit(owner: ServiceOwner, program: &Path, options: &[PathBuf]) -> Option<String> {
    let words: Option<Vec<_>> =
        std::iter::once(program).chain(options.iter().map(PathBuf::as_path)).map(word).collect();
    let start = format!("{START}{} engine", words?.join(" "));
    let text = match owner {
        ServiceOwner::System => SYSTEM,
        ServiceOwner::User => USER,
    };
    Some(text.lines().flat_map(|line| [if line.starts_with(START) { &start } else { line }, "\n"]).collect())
}

/// A word of the line that starts a service: systemd expands `%` everywhere and `$` in some places, and ends a word at
/// a space.
fn word(path: &Path) -> Option<String> {
    let text = path.to_str()?.replace('%', "%%");
    let is_strange = |c: char| c.is_control() || matches!(c, '"' | '\'' | '\\' | '$');
    let has_spaces = text.contains(char::is_whitespace);
    (!text.is_empty() && !text.contains(is_strange))
        .then(|| if has_spaces { format!("\"{text}\"") } else { text })
}

/// Whether a unit with this beginning was written by us.
pub(super) fn is_ours(text: &str) -> bool {
    text.starts_with(MARK)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    /// The settings of a unit by section and key, as systemd reads them: an empty value takes back those before it.
    fn settings(text: &str) -> BTreeMap<(&str, &str), Vec<&str>> {
        let (mut section, mut settings) = ("", BTreeMap::<_, Vec<_>>::new());
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = name;
                continue;
            }
            let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("{line:?} is no setting"));
            assert!(key.chars().all(char::is_alphanumeric) && !section.is_empty(), "{line}");
            settings.entry((section, key)).or_default().push(value);
        }
        settings
    }

    fn options(path: &str) -> Vec<PathBuf> {
        vec!["--config".into(), path.into()]
    }

    #[test]
    fn what_is_installed_is_what_the_package_brings() {
        let installed =
            unit(ServiceOwner::System, Path::new("/usr/bin/sverka"), &options("/etc/sverka/config.toml"))
                .unwrap();
        assert_eq!(installed, SYSTEM);
        assert_eq!(unit(ServiceOwner::User, Path::new("/usr/bin/sverka"), &[]).unwrap(), USER);
    }

    #[test]
    fn both_units_are_ours_tell_systemd_how_it_goes_and_may_do_little() {
        let everywhere = [
            ("Type", "notify"),
            ("NotifyAccess", "main"),
            ("WatchdogSec", "60s"),
            ("LimitCORE", "0"),
            ("NoNewPrivileges", "yes"),
            ("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"),
            ("SystemCallFilter", "@system-service"),
            ("UMask", "0077"),
        ];
        let of_its_own_user = [
            ("User", "sverka"),
            ("ProtectSystem", "strict"),
            ("ProtectHome", "yes"),
            ("PrivateTmp", "yes"),
            ("StateDirectory", "sverka"),
            ("LoadCredential", "onec:/etc/sverka/password"),
            ("Environment", "SVERKA_ONEC__PASSWORD_CREDENTIAL=onec"),
            ("CapabilityBoundingSet", ""),
        ];
        for (text, wanted) in [(SYSTEM, &of_its_own_user[..]), (USER, &[])] {
            assert!(is_ours(text));
            let settings = settings(text);
            for (key, value) in everywhere.iter().chain(wanted) {
                assert_eq!(settings[&("Service", *key)].first(), Some(value), "{key}");
            }
            assert_eq!(settings[&("Service", "ExecStart")].len(), 1);
            assert!(settings.contains_key(&("Install", "WantedBy")));
            let sections: Vec<_> = settings.keys().map(|(section, _)| *section).collect();
            assert!(sections.iter().all(|it| ["Unit", "Service", "Install"].contains(it)), "{sections:?}");
        }
        assert_eq!(settings(USER).get(&("Service", "User")), None);
    }

    /// What systemd itself says of the units, where its tool is installed.
    #[test]
    fn systemd_takes_the_units_and_calls_the_service_well_protected() {
        use std::process::Command;

        if Command::new("systemd-analyze").arg("--version").output().is_err() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(UNIT);
        let program = Path::new("/bin/true");
        let told = |arguments: &[&str]| {
            let mut command = Command::new("systemd-analyze");
            let told =
                command.args(arguments).arg(&path).env("XDG_RUNTIME_DIR", folder.path()).output().unwrap();
            let words = [&told.stdout[..], &told.stderr[..]].concat();
            (told.status.success(), String::from_utf8_lossy(&words).into_owned())
        };
        for (owner, whose) in [(ServiceOwner::System, "--system"), (ServiceOwner::User, "--user")] {
            std::fs::write(&path, unit(owner, program, &options("/etc/sverka/config.toml")).unwrap())
                .unwrap();
            let (is_well, words) = told(&["verify", "--man=no", whose]);
            assert!(is_well && words.is_empty(), "{whose}: {words}");
        }
        std::fs::write(&path, unit(ServiceOwner::System, program, &[]).unwrap()).unwrap();
        let (is_well, words) = told(&["security", "--offline=yes", "--no-pager", "--threshold=20"]);
        assert!(is_well || words.contains("unrecognized option"), "an exposure of more than 2.0: {words}");
    }

    #[test]
    fn names_that_systemd_would_read_otherwise_are_quoted_or_refused() {
        let start = |program: &str| {
            let text = unit(ServiceOwner::User, Path::new(program), &[])?;
            text.lines().find_map(|line| line.strip_prefix(START)).map(str::to_owned)
        };
        assert_eq!(start("/opt/sverka-1.2/sverka").as_deref(), Some("/opt/sverka-1.2/sverka engine"));
        assert_eq!(start("/opt/1c tools/sverka").as_deref(), Some("\"/opt/1c tools/sverka\" engine"));
        assert_eq!(start("/opt/50%/сверка").as_deref(), Some("/opt/50%%/сверка engine"));
        for strange in
            ["/opt/$HOME/sverka", "/opt/a\"b", "/opt/a'b", "/opt/a\\b", "/opt/a\nExecStartPre=/bin/sh", ""]
        {
            assert_eq!(start(strange), None, "{strange:?}");
        }
        assert_eq!(unit(ServiceOwner::User, Path::new(OsStr::from_bytes(b"/opt/\xff")), &[]), None);
    }
}
