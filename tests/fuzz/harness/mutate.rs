//! Mutations from a seed: bytes, tokens, numbers, and pieces of other inputs.

/// A small generator of random numbers, the same on every machine (`SplitMix64`).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        from.get(self.below(from.len()))
    }

    /// A stretch of `length` places, oftener short than long.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let most = if self.below(3) == 0 { length - start } else { (length - start).min(8) };
        start..start + self.below(most + 1)
    }
}

/// The longest input made: longer ones only take longer.
const LONGEST: usize = 4096;

/// Numbers as a server may print them: at the bounds of types, in every spelling, next to kopecks, no numbers.
const NUMBERS: [&str; 36] = [
    "0",
    "-0",
    "1",
    "-1",
    "0.1",
    "0.01",
    "0.005",
    "0.10",
    "1499.5",
    "-1499.50",
    "1e2",
    "1E+2",
    "12345e-2",
    "1e-3",
    "0.30000000000000004",
    "132693.99999999999",
    "92233720368547758.07",
    "92233720368547758.08",
    "-92233720368547758.08",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e17",
    "1e999999999999",
    "1e-999999999999",
    "79228162514264337593543950335",
    "12345678901234567890",
    "00012.50",
    "1.",
    ".5",
    "1e",
    "-",
    "1,5",
    "NaN",
    "٣",
];

/// One to six changes of an input.
pub(super) fn mutated(random: &mut Random, input: &[u8], corpus: &[Vec<u8>], tokens: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(6) {
        change(random, &mut bytes, corpus, tokens);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn change(random: &mut Random, bytes: &mut Vec<u8>, corpus: &[Vec<u8>], tokens: &[Vec<u8>]) {
    match random.below(11) {
        0 => flip(random, bytes),
        1 => {
            let at = random.below(bytes.len() + 1);
            bytes.insert(at, random.byte());
        }
        2 => {
            let stretch = random.stretch(bytes.len());
            bytes.drain(stretch);
        }
        3 => {
            let end = random.below(bytes.len() + 1);
            bytes.truncate(end);
        }
        4 => {
            let copied = bytes[random.stretch(bytes.len())].to_vec();
            insert(random, bytes, &copied);
        }
        5 => {
            let other = random.pick(corpus).cloned().unwrap_or_default();
            let piece = other[random.stretch(other.len())].to_vec();
            replace(random, bytes, &piece);
        }
        6 => renumber(random, bytes),
        7 => {
            let (one, other) = (random.below(bytes.len()), random.below(bytes.len()));
            if one < bytes.len() && other < bytes.len() {
                bytes.swap(one, other);
            }
        }
        8 => {
            let character =
                char::from_u32(u32::try_from(random.below(0x3000)).unwrap_or(0)).unwrap_or('\u{FEFF}');
            insert(random, bytes, character.to_string().as_bytes());
        }
        _ => {
            let token = random.pick(tokens).cloned().unwrap_or_default();
            if random.below(2) == 0 { insert(random, bytes, &token) } else { replace(random, bytes, &token) }
        }
    }
}

fn flip(random: &mut Random, bytes: &mut [u8]) {
    let (at, bit) = (random.below(bytes.len()), random.below(8));
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << bit;
    }
}

fn insert(random: &mut Random, bytes: &mut Vec<u8>, piece: &[u8]) {
    let at = random.below(bytes.len() + 1);
    bytes.splice(at..at, piece.iter().copied());
}

fn replace(random: &mut Random, bytes: &mut Vec<u8>, piece: &[u8]) {
    let stretch = random.stretch(bytes.len());
    bytes.splice(stretch, piece.iter().copied());
}

/// Puts another number in the place of one.
fn renumber(random: &mut Random, bytes: &mut Vec<u8>) {
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
    let from = random.below(bytes.len() + 1);
    let Some(start) = bytes.iter().skip(from).position(u8::is_ascii_digit).map(|at| from + at) else {
        return;
    };
    let end = bytes.iter().skip(start).position(|byte| !is_part(byte)).map_or(bytes.len(), |at| start + at);
    let number = if random.below(4) == 0 {
        made_up(random)
    } else {
        random.pick(&NUMBERS).copied().unwrap_or_default().to_owned()
    };
    bytes.splice(start..end, number.into_bytes());
}

/// A lexeme of up to twelve digits, with a point or an exponent anywhere.
pub(super) fn made_up(random: &mut Random) -> String {
    let digits = 1 + random.below(12);
    let mut number: String = (0..digits).map(|_| char::from(b'0' + random.byte() % 10)).collect();
    if random.below(2) == 0 {
        number.insert(random.below(number.len()), '.');
    }
    if random.below(4) == 0 {
        number.push('e');
        number.push_str(&(random.below(40).cast_signed() - 20).to_string());
    }
    number
}
