//! Where a selection moves, and which lines are shown then.

use std::ops::Range;

use crate::engine::ListPart;

/// A move of the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectionStep {
    /// So many lines up.
    Up(usize),
    /// So many lines down.
    Down(usize),
    /// To the first line.
    First,
    /// To the last line.
    Last,
}

impl SelectionStep {
    /// Where it leads from `index` among `len` lines.
    pub fn from(self, index: usize, len: usize) -> usize {
        let last = len.saturating_sub(1);
        match self {
            Self::Up(lines) => index.saturating_sub(lines),
            Self::Down(lines) => index.saturating_add(lines).min(last),
            Self::First => 0,
            Self::Last => last,
        }
    }
}

/// The part of a list to ask for where the rows at hand come to an end before `margin` lines round those seen; `None`
/// where they do not. `window` rows are asked for, or more where more are seen.
pub(super) fn part_beyond(
    (top, height, total): (usize, usize, usize),
    at_hand: Range<usize>,
    (window, margin): (usize, usize),
) -> Option<ListPart> {
    let end = top.saturating_add(height + margin).min(total);
    if top.saturating_sub(margin) >= at_hand.start && end <= at_hand.end {
        return None;
    }
    let limit = window.max(height + 2 * margin);
    let from = top.saturating_add(height / 2).saturating_sub(limit / 2);
    Some(ListPart { from, limit, around: None })
}

/// The one after, and after the last the first.
pub(super) fn turned<T: Copy + PartialEq>(all: &[T], one: T) -> T {
    let place = all.iter().position(|other| *other == one).map_or(0, |place| place + 1);
    all.get(place).or(all.first()).copied().unwrap_or(one)
}

/// The first of `height` lines to show so that `index` is among them, moving as little as possible.
pub fn scrolled(top: usize, index: usize, height: usize, len: usize) -> usize {
    let height = height.max(1);
    let lowest = (index + 1).saturating_sub(height);
    top.clamp(lowest, index.max(lowest)).min(len.saturating_sub(height))
}
