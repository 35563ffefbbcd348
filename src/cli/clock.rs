//! The one place that looks at the system's clock.

use chrono::{DateTime, FixedOffset, Local, Offset, Utc};

use crate::engine::Clock;
use crate::report::Reader;
use crate::text::Texts;

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the clock itself")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The reader's offset from UTC at a moment.
pub(super) fn offset_at(moment: DateTime<Utc>) -> FixedOffset {
    moment.with_timezone(&Local).offset().fix()
}

/// Whoever reads these words here and now.
pub(super) fn reader(texts: Texts) -> Reader {
    Reader { texts, offset: offset_at(SystemClock.now()) }
}
