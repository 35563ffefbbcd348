//! The words of a `$filter`.

use super::super::errors::Refusal;
use super::bad_filter;

/// One word, sign or literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Comma,
    /// What stands between a lambda's variable and its condition.
    Colon,
    /// The sign before something that is no number.
    Minus,
    /// A name, a path, an operator or a function.
    Word(String),
    /// Digits, unread.
    Number(String),
    /// A quoted string without its quotes.
    Text(String),
    /// A literal such as `guid'…'`: what stands before the quotes, and inside.
    Typed(String, String),
}

/// Splits a filter; the `+` and other signs of arithmetic have no place in it.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut rest = text.trim_start();
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (token, left) = match first {
            '(' => (Token::Open, &rest[1..]),
            ')' => (Token::Close, &rest[1..]),
            ',' => (Token::Comma, &rest[1..]),
            ':' => (Token::Colon, &rest[1..]),
            '\'' => quoted(rest).map(|(inside, left)| (Token::Text(inside), left))?,
            '-' if !rest[1..].starts_with(|next: char| next.is_ascii_digit()) => (Token::Minus, &rest[1..]),
            '-' | '0'..='9' => number(rest)?,
            _ => word(rest)?,
        };
        tokens.push(token);
        rest = left.trim_start();
    }
    Ok(tokens)
}

/// The inside of a string at the start of the text, two quotes meaning one, and what follows.
fn quoted(text: &str) -> Result<(String, &str), Refusal> {
    let mut inside = String::new();
    let mut rest = text.strip_prefix('\'').ok_or_else(bad_filter)?;
    loop {
        let (part, left) = rest.split_once('\'').ok_or_else(bad_filter)?;
        inside.push_str(part);
        let Some(more) = left.strip_prefix('\'') else { return Ok((inside, left)) };
        inside.push('\'');
        rest = more;
    }
}

/// A number; a bare date is none.
fn number(text: &str) -> Result<(Token, &str), Refusal> {
    let end = text[1..].find(|c: char| !c.is_alphanumeric() && c != '.').map_or(text.len(), |at| at + 1);
    let (digits, left) = text.split_at(end);
    if left.starts_with(['-', ':']) {
        Err(bad_filter())
    } else {
        Ok((Token::Number(digits.to_owned()), left))
    }
}

fn word(text: &str) -> Result<(Token, &str), Refusal> {
    let end =
        text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '/' | '.')).unwrap_or(text.len());
    let (word, left) = text.split_at(end);
    if word.is_empty() {
        return Err(bad_filter());
    }
    if left.starts_with('\'') {
        let (inside, left) = quoted(left)?;
        return Ok((Token::Typed(word.to_owned(), inside), left));
    }
    Ok((Token::Word(word.to_owned()), left))
}
