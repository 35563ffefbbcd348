//! Who asks, as the others are told of them.

use axum::http::HeaderMap;

use super::door::Comer;

/// Where a terminal of the house says which it is: its name and the number of its process.
const TERMINAL: &str = "sverka-terminal";
/// Letters of that.
const LONGEST: usize = 64;

/// Somebody who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// The same for all that one terminal asks; empty where they do not say who they are.
    pub(super) key: String,
    /// `user@terminal`.
    pub(super) name: String,
}

impl Default for Caller {
    fn default() -> Self {
        Self { key: String::new(), name: "API".to_owned() }
    }
}

impl Caller {
    /// Whose user it is says the system, which terminal they say themselves.
    pub(super) fn of(comer: Comer, headers: &HeaderMap) -> Self {
        let said = headers.get(TERMINAL).and_then(|it| it.to_str().ok()).filter(|it| it.len() <= LONGEST);
        let (Comer::Socket(Some(user)), Some(said)) = (comer, said) else { return Self::default() };
        let (terminal, _) = said.rsplit_once(' ').unwrap_or((said, ""));
        let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let user = name_of(user, &known);
        let name = if terminal.is_empty() { user } else { format!("{user}@{terminal}") };
        Self { key: format!("{name} {said}"), name }
    }
}

/// The name of a user, or the number where it has none here.
fn name_of(user: u32, known: &str) -> String {
    let number = user.to_string();
    let found = known.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)? == number).then(|| name.to_owned())
    });
    found.unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn s9_the_system_says_the_user_and_the_terminal_says_only_its_own_name() {
        let users = "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/bash\nbad\n";
        assert_eq!(name_of(1000, users), "anna");
        assert_eq!(name_of(1001, users), "1001");
        let named = |comer, said: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(TERMINAL, HeaderValue::from_str(said).expect("a header"));
            Caller::of(comer, &headers)
        };
        let user = Comer::Socket(Some(u32::MAX));
        assert_eq!(named(user, "pts/3 77").name, "4294967295@pts/3");
        assert_eq!(named(user, " 77").name, "4294967295", "no terminal");
        assert_ne!(named(user, "pts/3 77").key, named(user, "pts/3 78").key);
        for nobody in [named(Comer::Tcp, "pts/3 77"), named(user, &"x".repeat(LONGEST + 1))] {
            assert_eq!(nobody, Caller::default());
        }
    }
}
