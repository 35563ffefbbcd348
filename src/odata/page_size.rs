//! How many rows to ask for at once.

/// The page size of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSize {
    now: u32,
}

impl PageSize {
    /// Rows to ask for now.
    pub fn now(&self) -> u32 {
        self.now
    }
}
