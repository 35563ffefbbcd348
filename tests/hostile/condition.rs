//! `$filter` and `Condition`: read, taken apart, held against a record.

use std::cmp::Ordering;

use chrono::NaiveDateTime;
use uuid::Uuid;

use crate::value::{Record, Value};

/// A condition on a record.
#[derive(Clone, Debug)]
pub enum Condition {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    /// A field beside a literal.
    Compared(String, Operator, Literal),
    /// A text beside a part of it.
    Part(String, Place, String),
    /// The type of a composite field.
    IsOf(String, String),
    /// What a server adds of its own accord.
    Only(fn(&Record) -> bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    Unequal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// Where in a text a part is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Anywhere,
    Start,
    End,
}

#[derive(Clone, Debug)]
pub enum Literal {
    Plain(Value),
    /// `cast(guid'…','Document_…')`.
    Cast(Uuid, String),
}

/// Why a condition cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl Condition {
    /// Reads a condition as 1C would.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let mut reader = Reader { tokens: tokens(text)?, at: 0 };
        let condition = reader.any()?;
        if reader.at == reader.tokens.len() { Ok(condition) } else { Err(Unreadable) }
    }

    /// The same and one more condition.
    pub fn and(self, other: Self) -> Self {
        Self::And(Box::new(self), Box::new(other))
    }

    /// The fields it speaks of.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::And(one, other) | Self::Or(one, other) => [one.fields(), other.fields()].concat(),
            Self::Not(inner) => inner.fields(),
            Self::Compared(field, ..) | Self::Part(field, ..) | Self::IsOf(field, _) => vec![field],
            Self::Only(_) => Vec::new(),
        }
    }

    /// Whether it speaks of a field.
    pub fn names(&self, field: &str) -> bool {
        self.fields().contains(&field)
    }

    /// What is left of it where everything said of a field is passed over.
    pub fn without(self, field: &str) -> Option<Self> {
        match self {
            Self::And(one, other) => match (one.without(field), other.without(field)) {
                (Some(one), Some(other)) => Some(one.and(other)),
                (one, other) => one.or(other),
            },
            other => (!other.names(field)).then_some(other),
        }
    }

    /// Whether a record meets it.
    pub fn admits(&self, record: &Record) -> bool {
        match self {
            Self::And(one, other) => one.admits(record) && other.admits(record),
            Self::Or(one, other) => one.admits(record) || other.admits(record),
            Self::Not(inner) => !inner.admits(record),
            Self::Compared(field, operator, literal) => compared(record, field, *operator, literal),
            Self::Part(field, place, part) => match record.get(field) {
                Some(Value::Text(text)) => match place {
                    Place::Anywhere => text.contains(part.as_str()),
                    Place::Start => text.starts_with(part.as_str()),
                    Place::End => text.ends_with(part.as_str()),
                },
                _ => false,
            },
            Self::IsOf(field, kind) => type_of(record, field) == kind,
            Self::Only(admits) => admits(record),
        }
    }
}

/// The type of a composite field, without 1C's prefix.
fn type_of<'a>(record: &'a Record, field: &str) -> &'a str {
    match record.twin(field) {
        Some(Value::Text(kind)) => kind.strip_prefix("StandardODATA.").unwrap_or(kind),
        _ => "",
    }
}

fn compared(record: &Record, field: &str, operator: Operator, literal: &Literal) -> bool {
    let is_composite = record.twin(field).is_some();
    let ordering = match (record.get(field), literal) {
        // A composite field beside a bare reference equals nothing, without an error.
        (Some(Value::Key(_)), Literal::Plain(_)) if is_composite => None,
        (Some(Value::Key(key)), Literal::Cast(other, kind)) => {
            let is_it = key == other && type_of(record, field) == kind;
            is_it.then_some(Ordering::Equal)
        }
        (Some(value), Literal::Plain(other)) => value.compare(other),
        _ => None,
    };
    match operator {
        Operator::Equal => ordering == Some(Ordering::Equal),
        Operator::Unequal => ordering != Some(Ordering::Equal),
        Operator::Greater => ordering == Some(Ordering::Greater),
        Operator::GreaterOrEqual => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        Operator::Less => ordering == Some(Ordering::Less),
        Operator::LessOrEqual => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Open,
    Close,
    Comma,
}

fn tokens(text: &str) -> Result<Vec<Token>, Unreadable> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (token, length) = match c {
            ' ' => (None, 1),
            '(' => (Some(Token::Open), 1),
            ')' => (Some(Token::Close), 1),
            ',' => (Some(Token::Comma), 1),
            '\'' => {
                let (words, length) = quoted(rest)?;
                (Some(Token::Quoted(words)), length)
            }
            _ => {
                let length = rest.find([' ', '(', ')', ',', '\'']).unwrap_or(rest.len());
                (Some(Token::Word(rest[..length].to_owned())), length)
            }
        };
        tokens.extend(token);
        rest = &rest[length..];
    }
    Ok(tokens)
}

/// A quoted text at the beginning, its quotes undoubled; and how many bytes it took.
pub fn quoted(text: &str) -> Result<(String, usize), Unreadable> {
    let mut words = String::new();
    let mut rest = text.strip_prefix('\'').ok_or(Unreadable)?;
    loop {
        let end = rest.find('\'').ok_or(Unreadable)?;
        words.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(more) => {
                words.push('\'');
                rest = more;
            }
            None => return Ok((words, text.len() - rest.len())),
        }
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Result<Token, Unreadable> {
        let token = self.peek().cloned().ok_or(Unreadable)?;
        self.at += 1;
        Ok(token)
    }

    fn takes(&mut self, token: &Token) -> bool {
        let is_there = self.peek() == Some(token);
        self.at += usize::from(is_there);
        is_there
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.takes(&Token::Word(word.to_owned()))
    }

    fn expect(&mut self, token: &Token) -> Result<(), Unreadable> {
        if self.takes(token) { Ok(()) } else { Err(Unreadable) }
    }

    fn any(&mut self) -> Result<Condition, Unreadable> {
        let mut condition = self.all()?;
        while self.takes_word("or") {
            condition = Condition::Or(Box::new(condition), Box::new(self.all()?));
        }
        Ok(condition)
    }

    fn all(&mut self) -> Result<Condition, Unreadable> {
        let mut condition = self.one()?;
        while self.takes_word("and") {
            condition = condition.and(self.one()?);
        }
        Ok(condition)
    }

    fn one(&mut self) -> Result<Condition, Unreadable> {
        if self.takes_word("not") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        if self.takes(&Token::Open) {
            let inner = self.any()?;
            self.expect(&Token::Close)?;
            return Ok(inner);
        }
        let Token::Word(word) = self.next()? else { return Err(Unreadable) };
        if self.takes(&Token::Open) { self.function(&word) } else { self.comparison(word) }
    }

    fn function(&mut self, name: &str) -> Result<Condition, Unreadable> {
        let first = self.next()?;
        self.expect(&Token::Comma)?;
        let second = self.next()?;
        self.expect(&Token::Close)?;
        let part = |place, field, part| Condition::Part(field, place, part);
        let condition = match (name, first, second) {
            ("substringof", Token::Quoted(text), Token::Word(field)) => part(Place::Anywhere, field, text),
            ("startswith", Token::Word(field), Token::Quoted(text)) => part(Place::Start, field, text),
            ("endswith", Token::Word(field), Token::Quoted(text)) => part(Place::End, field, text),
            ("isof", Token::Word(field), Token::Quoted(kind)) => Condition::IsOf(field, kind),
            _ => return Err(Unreadable),
        };
        if !self.takes_word("eq") {
            return Ok(condition);
        }
        match self.next()? {
            Token::Word(word) if word == "true" => Ok(condition),
            Token::Word(word) if word == "false" => Ok(Condition::Not(Box::new(condition))),
            _ => Err(Unreadable),
        }
    }

    fn comparison(&mut self, field: String) -> Result<Condition, Unreadable> {
        let Token::Word(operator) = self.next()? else { return Err(Unreadable) };
        let operator = match operator.as_str() {
            "eq" => Operator::Equal,
            "ne" => Operator::Unequal,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            _ => return Err(Unreadable),
        };
        Ok(Condition::Compared(field, operator, self.literal()?))
    }

    fn literal(&mut self) -> Result<Literal, Unreadable> {
        let word = match self.next()? {
            Token::Quoted(text) => return Ok(Literal::Plain(Value::Text(text))),
            Token::Word(word) => word,
            _ => return Err(Unreadable),
        };
        let value = match word.as_str() {
            "true" => Value::Flag(true),
            "false" => Value::Flag(false),
            "guid" => Value::Key(self.guid()?),
            "datetime" => Value::Time(self.time()?),
            "cast" => return self.cast(),
            number => Value::Hundredths(number.parse::<i64>().map_err(|_| Unreadable)?.saturating_mul(100)),
        };
        Ok(Literal::Plain(value))
    }

    fn cast(&mut self) -> Result<Literal, Unreadable> {
        self.expect(&Token::Open)?;
        if !self.takes_word("guid") {
            return Err(Unreadable);
        }
        let key = self.guid()?;
        self.expect(&Token::Comma)?;
        let Token::Quoted(kind) = self.next()? else { return Err(Unreadable) };
        self.expect(&Token::Close)?;
        Ok(Literal::Cast(key, kind))
    }

    fn guid(&mut self) -> Result<Uuid, Unreadable> {
        let Token::Quoted(text) = self.next()? else { return Err(Unreadable) };
        text.parse().map_err(|_| Unreadable)
    }

    fn time(&mut self) -> Result<NaiveDateTime, Unreadable> {
        let Token::Quoted(text) = self.next()? else { return Err(Unreadable) };
        NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S").map_err(|_| Unreadable)
    }
}
