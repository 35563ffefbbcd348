//! Chance without a source of its own: a small generator and a hash, both splitmix64, both the same on every machine.

use uuid::Uuid;

/// Stirs one word into another (the finaliser of splitmix64).
pub(super) const fn mix(state: u64, word: u64) -> u64 {
    let mut mixed = (state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Stirs any number of bytes into a word; the length takes part, so that joined texts differ from split ones.
pub(super) fn mix_bytes(state: u64, bytes: &[u8]) -> u64 {
    let hashed = bytes.chunks(8).fold(state, |hash, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mix(hash, u64::from_le_bytes(word))
    });
    mix(hashed, bytes.len() as u64)
}

/// A stream of numbers that follows from its seed alone.
#[derive(Clone, Debug)]
pub(super) struct Prng {
    state: u64,
}

impl Prng {
    pub(super) const fn new(seed: u64) -> Self {
        Self { state: mix(seed, 0x005e_ed00) }
    }

    /// A stream for one purpose, independent of how much another purpose draws.
    pub(super) fn stream(seed: u64, purpose: &str) -> Self {
        Self::new(mix_bytes(seed, purpose.as_bytes()))
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state, 0)
    }

    /// A number below `bound`; zero when there is nothing below it.
    pub(super) const fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next() % bound }
    }

    /// A number from `low` to `high`, both included.
    pub(super) const fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.below(span))
    }

    /// A place in a list of this length.
    pub(super) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.index(choices.len())]
    }

    /// True once in `times`.
    pub(super) const fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(super) fn guid(&mut self) -> Uuid {
        let bytes = (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes();
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream() {
        let (mut one, mut other) = (Prng::stream(7, "cards"), Prng::stream(7, "cards"));
        assert!((0..100).all(|_| one.next() == other.next()));
        assert_ne!(Prng::stream(7, "cards").next(), Prng::stream(7, "owners").next());
    }

    #[test]
    fn numbers_stay_in_their_bounds() {
        let mut prng = Prng::new(1);
        assert!((0..1000).all(|_| (-3..=4).contains(&prng.between(-3, 4))));
        assert_eq!(prng.below(0), 0);
    }

    #[test]
    fn a_hash_tells_joined_from_split() {
        assert_ne!(mix_bytes(mix_bytes(1, b"ab"), b"c"), mix_bytes(mix_bytes(1, b"a"), b"bc"));
    }
}
