//! A JSON reader of the fuzzers' own, for judging the client's: numbers stay as written, keys as often
//! as they come.

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    /// `null`, `true`, `false`: the word.
    Word(&'static str),
    /// A number, as written.
    Number(String),
    /// A string. Half a surrogate pair is the replacement mark.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object: every key, in order.
    Object(Vec<(String, Self)>),
}

/// Deeper than this nothing is judged: the reader calls itself.
const DEEPEST: usize = 200;

/// Whether a text nests deeper than is judged. Brackets inside strings count as well: in doubt it does.
pub(super) fn is_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth >= DEEPEST
    })
}

/// Reads a whole text; `None` where it is no JSON.
pub(super) fn parse(text: &str) -> Option<Json> {
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.space();
    reader.rest.is_empty().then_some(value)
}

impl Json {
    /// The values of a key, in order.
    pub(super) fn all(&self, key: &str) -> Vec<&Self> {
        let Self::Object(members) = self else { return Vec::new() };
        members.iter().filter(|(name, _)| name == key).map(|(_, value)| value).collect()
    }

    /// The value of a key, unless `null`.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.all(key).first().copied().filter(|value| **value != Self::Word("null"))
    }

    /// A text, or a number or flag as written.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            Self::Word(word) => Some(word),
            Self::List(_) | Self::Object(_) => None,
        }
    }

    /// What may hold a number: a number, or a text that is not blank.
    pub(super) fn number(&self) -> Option<&str> {
        match self {
            Self::Number(text) => Some(text),
            Self::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.space();
        match self.rest.as_bytes().first()? {
            _ if depth > DEEPEST => None,
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => self.string().map(Json::Text),
            b'-' | b'0'..=b'9' => self.number(),
            _ => {
                let word = ["null", "true", "false"].into_iter().find(|word| self.rest.starts_with(word))?;
                self.take(word)?;
                Some(Json::Word(word))
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.take("{")?;
        let mut members = Vec::new();
        self.space();
        if self.take("}").is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.space();
            let key = self.string()?;
            self.space();
            self.take(":")?;
            members.push((key, self.value(depth + 1)?));
            self.space();
            if self.take(",").is_none() {
                self.take("}")?;
                return Some(Json::Object(members));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Json> {
        self.take("[")?;
        let mut items = Vec::new();
        self.space();
        if self.take("]").is_some() {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take(",").is_none() {
                self.take("]")?;
                return Some(Json::List(items));
            }
        }
    }

    fn number(&mut self) -> Option<Json> {
        let end = self.rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
        let (number, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let digits = number.strip_prefix('-').unwrap_or(number);
        let whole = digits.split(['.', 'e', 'E']).next()?;
        let has_idle_zero = whole.len() > 1 && whole.starts_with('0');
        if has_idle_zero || super::money::verdict(number, 0) == super::money::Verdict::NoNumber {
            return None;
        }
        self.rest = rest;
        Some(Json::Number(number.to_owned()))
    }

    fn string(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut units: Vec<u16> = Vec::new();
        loop {
            let c = self.rest.chars().next()?;
            self.rest = self.rest.get(c.len_utf8()..)?;
            match c {
                '"' => return Some(String::from_utf16_lossy(&units)),
                '\\' => units.push(self.escape()?),
                '\0'..='\u{1F}' => return None,
                _ => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
    }

    fn escape(&mut self) -> Option<u16> {
        let sign = self.rest.chars().next()?;
        self.rest = self.rest.get(sign.len_utf8()..)?;
        let plain = match sign {
            '"' | '\\' | '/' => sign,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{C}',
            'u' => {
                let (hex, rest) = self.rest.split_at_checked(4)?;
                let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
                self.rest = rest;
                return u16::from_str_radix(hex, 16).ok().filter(|_| is_hex);
            }
            _ => return None,
        };
        u16::try_from(u32::from(plain)).ok()
    }
}
