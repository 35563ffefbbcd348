//! What systemd is told of a service of `Type=notify`: that it is ready, that it is alive, that it ends.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

/// The engine answers.
pub(super) fn ready() {
    tell("READY=1");
}

/// It is about to end.
pub(super) fn stopping() {
    tell("STOPPING=1");
}

/// Tells as often as the watchdog wants to hear it that this process still has turns to give.
pub(super) async fn alive() {
    let Some(pause) = pause() else { return };
    loop {
        tokio::time::sleep(pause).await;
        tell("WATCHDOG=1");
    }
}

/// Half of what the watchdog waits for.
fn pause() -> Option<Duration> {
    let micros: u64 = std::env::var("WATCHDOG_USEC").ok()?.parse().ok()?;
    let is_ours = std::env::var("WATCHDOG_PID").is_ok_and(|pid| pid == std::process::id().to_string());
    (is_ours && micros > 1).then(|| Duration::from_micros(micros / 2))
}

/// Nobody hears it outside a service; where systemd does not, that is no reason to end.
fn tell(words: &str) {
    let Some(place) = std::env::var_os("NOTIFY_SOCKET") else { return };
    let Ok(socket) = UnixDatagram::unbound() else { return };
    let _ = socket.send_to_addr_of(&place, words);
}

/// A name in the file system, or an abstract one, which begins with `@`.
trait SendTo {
    fn send_to_addr_of(&self, place: &std::ffi::OsStr, words: &str) -> std::io::Result<usize>;
}

impl SendTo for UnixDatagram {
    fn send_to_addr_of(&self, place: &std::ffi::OsStr, words: &str) -> std::io::Result<usize> {
        #[cfg(target_os = "linux")]
        if let Some(name) = place.to_str().and_then(|place| place.strip_prefix('@')) {
            use std::os::linux::net::SocketAddrExt as _;
            let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
            return self.send_to_addr(words.as_bytes(), &address);
        }
        self.send_to(words.as_bytes(), place)
    }
}
