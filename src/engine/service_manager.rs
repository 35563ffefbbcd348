//! What whoever runs this process as a service hears of it: systemd's protocol of notification, `sd_notify(3)`, which
//! other managers of services and of containers speak as well.
//!
//! ```text
//! ServiceManager::of_process ─> ready ─> beat (as often as the watchdog wants, while the service serves) ─> stopping
//! ```
//! Each message is a datagram to the socket that `$NOTIFY_SOCKET` names. Where it names none, nobody listens: everything
//! succeeds and nothing is sent. Sending never waits.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use tokio::time::MissedTickBehavior;

/// Characters of a status: what `systemctl status` shows in one line.
const LONGEST_STATUS: usize = 200;
/// The watchdog is not told more often than this, whatever it asks for.
const SHORTEST_BEAT: Duration = Duration::from_millis(10);

/// Whoever runs this process as a service, where somebody does.
#[derive(Debug, Default)]
pub struct ServiceManager {
    /// Where it listens, and the socket to send from.
    way: Option<(SocketAddr, UnixDatagram)>,
    /// How long this process may be silent before it counts as stuck.
    watchdog: Option<Duration>,
}

impl ServiceManager {
    /// The one that the environment of this process names. An error where it names a socket that cannot be meant.
    pub fn of_process() -> io::Result<Self> {
        Self::named_by(|name| std::env::var_os(name), std::process::id())
    }

    fn named_by(variable: impl Fn(&str) -> Option<OsString>, own_pid: u32) -> io::Result<Self> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let Some(socket) = variable("NOTIFY_SOCKET") else { return Ok(Self::default()) };
        let address = address(&socket)?;
        let sender = UnixDatagram::unbound()?;
        sender.set_nonblocking(true)?;
        let number = |name: &str| variable(name)?.to_str()?.parse::<u64>().ok();
        // The environment is handed on to children: the watchdog of the parent is not theirs.
        let is_meant = variable("WATCHDOG_PID").is_none() || number("WATCHDOG_PID") == Some(own_pid.into());
        let watchdog = number("WATCHDOG_USEC").filter(|micros| is_meant && *micros > 0);
        Ok(Self { way: Some((address, sender)), watchdog: watchdog.map(Duration::from_micros) })
    }

    /// Whether anybody listens.
    pub fn is_there(&self) -> bool {
        self.way.is_some()
    }

    /// The service serves, and this is what it does. Until then its start is waited for.
    pub fn ready(&self, status: &str) -> io::Result<()> {
        self.send(&format!("READY=1\nSTATUS={}", one_line(status)))
    }

    /// What the service does now, in one line for people. It is shown to every user of the machine.
    pub fn status(&self, status: &str) -> io::Result<()> {
        self.send(&format!("STATUS={}", one_line(status)))
    }

    /// The service ends by its own will, or because it was asked to.
    pub fn stopping(&self) -> io::Result<()> {
        self.send("STOPPING=1")
    }

    /// The service is alive. [`Self::beat`] says so as often as it has to be said.
    pub fn alive(&self) -> io::Result<()> {
        self.send("WATCHDOG=1")
    }

    /// Says that the service is alive, twice as often as the watchdog wants, for as long as this is polled: beside
    /// what would stop when the service is stuck. Never ends.
    pub async fn beat(&self) {
        let Some(silence) = self.watchdog else { return std::future::pending().await };
        let mut beats = tokio::time::interval((silence / 2).max(SHORTEST_BEAT));
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beats.tick().await;
            // A beat that is lost is followed by another before anybody misses it.
            let _ = self.alive();
        }
    }

    fn send(&self, state: &str) -> io::Result<()> {
        let Some((address, sender)) = &self.way else { return Ok(()) };
        sender.send_to_addr(state.as_bytes(), address).map(drop)
    }
}

/// An absolute path, or an abstract name, which begins with `@`.
fn address(socket: &OsStr) -> io::Result<SocketAddr> {
    match socket.as_bytes() {
        [b'@', name @ ..] => abstract_address(name),
        [b'/', ..] => SocketAddr::from_pathname(socket),
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

#[cfg(target_os = "linux")]
fn abstract_address(name: &[u8]) -> io::Result<SocketAddr> {
    use std::os::linux::net::SocketAddrExt as _;
    SocketAddr::from_abstract_name(name)
}

#[cfg(not(target_os = "linux"))]
fn abstract_address(_: &[u8]) -> io::Result<SocketAddr> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A line of its own would be another message.
fn one_line(status: &str) -> String {
    status.chars().take(LONGEST_STATUS).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use std::os::linux::net::SocketAddrExt as _;
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    const PID: u32 = 4321;

    fn manager(variables: &[(&str, &OsStr)]) -> io::Result<ServiceManager> {
        let value =
            |name: &str| variables.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).into());
        ServiceManager::named_by(value, PID)
    }

    /// A manager that listens at a path, and what it would put into the environment.
    fn listening(folder: &Path) -> (UnixDatagram, OsString) {
        let path = folder.join("notify");
        let listener = UnixDatagram::bind(&path).unwrap();
        listener.set_nonblocking(true).unwrap();
        (listener, path.into_os_string())
    }

    /// What came since the last look.
    fn heard(listener: &UnixDatagram) -> Vec<String> {
        let mut buffer = [0; 4096];
        let mut heard = Vec::new();
        while let Ok(length) = listener.recv(&mut buffer) {
            heard.push(String::from_utf8(buffer[..length].to_vec()).unwrap());
        }
        heard
    }

    #[test]
    fn a_service_says_that_it_is_ready_what_it_does_that_it_lives_and_that_it_stops() {
        let folder = tempfile::tempdir().unwrap();
        let (listener, path) = listening(folder.path());
        let manager = manager(&[("NOTIFY_SOCKET", &path)]).unwrap();
        assert!(manager.is_there());
        manager.ready("слушает").unwrap();
        manager.status("Покупки: 40 %\nREADY=0").unwrap();
        manager.alive().unwrap();
        manager.stopping().unwrap();
        let told = ["READY=1\nSTATUS=слушает", "STATUS=Покупки: 40 % READY=0", "WATCHDOG=1", "STOPPING=1"];
        assert_eq!(heard(&listener), told);
    }

    #[test]
    fn a_name_without_a_file_is_a_socket_too() {
        let name = format!("sverka-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let listener = UnixDatagram::bind_addr(&address).unwrap();
        listener.set_nonblocking(true).unwrap();
        manager(&[("NOTIFY_SOCKET", OsStr::new(&format!("@{name}")))]).unwrap().stopping().unwrap();
        assert_eq!(heard(&listener), ["STOPPING=1"]);
    }

    #[tokio::test]
    async fn where_nobody_listens_nothing_is_sent_and_nothing_fails() {
        for variables in [&[][..], &[("NOTIFY_SOCKET", OsStr::new("")), ("WATCHDOG_USEC", OsStr::new("1"))]] {
            let manager = manager(variables).unwrap();
            assert!(!manager.is_there());
            manager.ready("").unwrap();
            manager.stopping().unwrap();
            let beat = tokio::time::timeout(Duration::from_millis(20), manager.beat()).await;
            assert!(beat.is_err(), "it never ends");
        }
    }

    #[test]
    fn a_socket_that_cannot_be_meant_is_an_error_and_one_that_is_gone_is_told() {
        for socket in ["notify", "vsock:2:1234", "@"] {
            let found = manager(&[("NOTIFY_SOCKET", OsStr::new(socket))]);
            let is_refused = found.is_err() || found.unwrap().ready("").is_err();
            assert!(is_refused, "{socket}");
        }
        let long = format!("/{}", "x".repeat(200));
        assert!(manager(&[("NOTIFY_SOCKET", OsStr::new(&long))]).is_err());
        let folder = tempfile::tempdir().unwrap();
        let gone = folder.path().join("gone");
        let manager = manager(&[("NOTIFY_SOCKET", gone.as_os_str())]).unwrap();
        assert_eq!(manager.ready("").unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn the_watchdog_is_told_by_the_process_that_it_watches_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (_listener, path) = listening(folder.path());
        let watchdog = |usec: &str, pid: Option<&str>| {
            let mut variables =
                vec![("NOTIFY_SOCKET", path.as_os_str()), ("WATCHDOG_USEC", OsStr::new(usec))];
            variables.extend(pid.map(|pid| ("WATCHDOG_PID", OsStr::new(pid))));
            manager(&variables).unwrap().watchdog
        };
        let minute = Some(Duration::from_secs(60));
        assert_eq!(watchdog("60000000", None), minute);
        assert_eq!(watchdog("60000000", Some("4321")), minute);
        for (usec, pid) in
            [("60000000", Some("1")), ("60000000", Some("x")), ("0", None), ("-5", None), ("soon", None)]
        {
            assert_eq!(watchdog(usec, pid), None, "{usec} {pid:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_says_that_it_lives_twice_as_often_as_the_watchdog_wants() {
        let folder = tempfile::tempdir().unwrap();
        let (listener, path) = listening(folder.path());
        let usec = OsStr::new("4000000");
        let manager = manager(&[("NOTIFY_SOCKET", &path), ("WATCHDOG_USEC", usec)]).unwrap();
        let _ = tokio::time::timeout(Duration::from_secs(9), manager.beat()).await;
        assert_eq!(heard(&listener), ["WATCHDOG=1"; 5], "at 0, 2, 4, 6 and 8 seconds");
    }

    /// Nobody takes the datagrams: the queue of the socket is full after a few.
    #[test]
    fn a_manager_that_does_not_listen_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let (_listener, path) = listening(folder.path());
        let manager = manager(&[("NOTIFY_SOCKET", &path)]).unwrap();
        let refused = (0..10_000).find_map(|_| manager.alive().err()).unwrap();
        assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
    }

    proptest! {
        #[test]
        fn a_status_is_one_line_of_bounded_length(status in ".*\n?.{0,700}") {
            let line = one_line(&status);
            prop_assert!(!line.contains(char::is_control) && line.chars().count() <= LONGEST_STATUS);
        }

        #[test]
        fn no_environment_breaks_it(
            socket in proptest::collection::vec(any::<u8>(), 0..120),
            usec in ".*",
            pid in ".*",
        ) {
            let socket = OsStr::from_bytes(&socket).to_owned();
            let found = manager(&[
                ("NOTIFY_SOCKET", &socket),
                ("WATCHDOG_USEC", OsStr::new(&usec)),
                ("WATCHDOG_PID", OsStr::new(&pid)),
            ]);
            if let Ok(manager) = found {
                prop_assert_ne!(manager.is_there(), socket.is_empty());
            }
        }
    }
}
