//! A secret that must turn up nowhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::chance::Chance;

/// So many letters of a secret in a row are too many.
const PIECE: usize = 6;

/// The password of a world, with every form it may leak in.
#[derive(Clone)]
pub struct Canary {
    password: String,
    pieces: Vec<String>,
}

impl Canary {
    /// A password whose letters occur together nowhere else.
    pub fn drawn(chance: &mut Chance) -> Self {
        let mut letter = || char::from(b'A' + u8::try_from(chance.below(26)).unwrap());
        let password: String = (0..18).map(|_| letter()).collect();
        let encoded = STANDARD.encode(format!("odata.user:{password}"));
        // What stands before the colon is no secret.
        let secret_part = &encoded["odata.user:".len() * 4 / 3 + 2..];
        let of = |text: &str| -> Vec<String> {
            let letters: Vec<char> = text.chars().collect();
            letters.windows(PIECE).map(|piece| piece.iter().collect()).collect()
        };
        let pieces = [of(&password), of(secret_part.trim_end_matches('='))].concat();
        Self { password, pieces }
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    /// Panics where a text holds the secret or a part of it. (I14)
    pub fn is_not_in(&self, text: &str) {
        self.is_not_in_bytes(text.as_bytes());
    }

    pub fn is_not_in_bytes(&self, bytes: &[u8]) {
        for piece in &self.pieces {
            assert!(memchr::memmem::find(bytes, piece.as_bytes()).is_none(), "I14: the secret leaks");
        }
    }
}
