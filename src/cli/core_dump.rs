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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit, set_dumpable_behavior};

    use super::*;

    /// Where a program is handed every core, the limit alone keeps none back.
    #[test]
    fn s5_neither_a_core_nor_another_process_gets_the_memory() {
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::Dumpable);
        forbid();
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        // The other tests live in this process, too.
        set_dumpable_behavior(DumpableBehavior::Dumpable).unwrap();
    }
}
