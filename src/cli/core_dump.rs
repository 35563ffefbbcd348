//! No image of the memory is left behind, whatever ends the program: it holds the password and customers.

/// Forbids core dumps, and on Linux that other processes of the same user read this one's memory. What the system
/// refuses it refuses for reasons of its own: nothing is lost but this protection.
#[cfg(unix)]
pub(super) fn forbid() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Elsewhere nothing is dumped unless somebody asks for it.
#[cfg(not(unix))]
pub(super) fn forbid() {}
