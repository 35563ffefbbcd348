//! In what shape a refusal comes: any status with any of the bodies that 1C, its platform and the servers before it send.

use std::fmt;
use std::str::FromStr;

use super::FaultError;

/// What the body of a refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorBody {
    /// `odata.error` with this code.
    Code(i32),
    /// `odata.error` without a code.
    NoCode,
    /// Plain text.
    Text,
    /// A page of the web server.
    Html,
    /// The platform's own page, "1C:Enterprise 8 application error".
    Platform,
    /// A page in windows-1251, as its header says.
    Windows1251,
    /// JSON of the platform, `#exception`, after a byte order mark.
    Exception,
    /// `m:error`, whatever was asked for.
    Xml,
    /// JSON of somebody else: an object without `odata.error` and without `value`.
    ForeignJson,
    /// Nothing.
    Empty,
}

/// The bodies that are written as a word.
const WORDS: [(&str, ErrorBody); 9] = [
    ("no-code", ErrorBody::NoCode),
    ("text", ErrorBody::Text),
    ("html", ErrorBody::Html),
    ("platform", ErrorBody::Platform),
    ("windows-1251", ErrorBody::Windows1251),
    ("exception", ErrorBody::Exception),
    ("xml", ErrorBody::Xml),
    ("json", ErrorBody::ForeignJson),
    ("empty", ErrorBody::Empty),
];

/// A status and a body, written `404/8`, `500/-1`, `504/html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    /// The HTTP status; an error with 200 is one as well.
    pub status: u16,
    /// What comes with it.
    pub body: ErrorBody,
}

impl Shape {
    /// The shapes that real servers were seen to refuse a way of asking in, for tests that try each.
    pub const SEEN: &[Self] = &[
        Self::code(404, 8),
        Self::code(404, 6),
        Self::code(404, 9),
        Self::code(404, 10),
        Self::of(404, ErrorBody::Html),
        Self::of(404, ErrorBody::Text),
        Self::of(404, ErrorBody::Platform),
        Self::code(400, 6),
        Self::code(400, 8),
        Self::code(400, 10),
        Self::code(400, 14),
        Self::of(400, ErrorBody::NoCode),
        Self::of(400, ErrorBody::Empty),
        Self::code(401, 20),
        Self::of(403, ErrorBody::Text),
        Self::of(403, ErrorBody::Exception),
        Self::code(406, 3),
        Self::code(500, -1),
        Self::code(500, 6),
        Self::of(500, ErrorBody::Platform),
        Self::of(500, ErrorBody::Windows1251),
        Self::of(500, ErrorBody::Exception),
        Self::code(501, 0),
        Self::of(502, ErrorBody::Html),
        Self::of(504, ErrorBody::Html),
        Self::of(200, ErrorBody::Html),
        Self::code(200, 6),
    ];

    /// An `odata.error` with this code.
    pub const fn code(status: u16, code: i32) -> Self {
        Self { status, body: ErrorBody::Code(code) }
    }

    /// A status with such a body.
    pub const fn of(status: u16, body: ErrorBody) -> Self {
        Self { status, body }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = WORDS.iter().find(|(_, body)| *body == self.body).map(|(word, _)| *word);
        match (self.body, word) {
            (ErrorBody::Code(code), _) => write!(f, "{}/{code}", self.status),
            (_, word) => write!(f, "{}/{}", self.status, word.unwrap_or_default()),
        }
    }
}

impl FromStr for Shape {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let unreadable = || FaultError::NotAShape(text.to_owned());
        let (status, body) = text.split_once('/').ok_or_else(unreadable)?;
        let status = status.parse().ok().filter(|status| (200..=599).contains(status));
        let word = WORDS.iter().find(|(word, _)| *word == body).map(|(_, body)| *body);
        let body = word.or_else(|| body.parse().ok().map(ErrorBody::Code));
        status.zip(body).map(|(status, body)| Self { status, body }).ok_or_else(unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_written_as_it_is_read() {
        for shape in Shape::SEEN {
            assert_eq!(shape.to_string().parse(), Ok(*shape));
        }
        for (word, body) in WORDS {
            assert_eq!(format!("503/{word}").parse(), Ok(Shape::of(503, body)));
        }
        for bad in ["404", "404/", "/8", "99/8", "600/8", "404/page", "404/8/8"] {
            assert_eq!(bad.parse::<Shape>(), Err(FaultError::NotAShape(bad.into())), "{bad}");
        }
    }
}
