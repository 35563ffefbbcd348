//! From the words of a `$filter` to its meaning.

use uuid::Uuid;

use super::super::errors::Refusal;
use super::super::table::{Table, find_column};
use super::super::value::{Decimal, Value, parse_date};
use super::arithmetic::Operation;
use super::functions::Function;
use super::lexer::Token;
use super::{Class, Comparison, Expr, Path, bad_filter};

/// Deeper nesting than this is taken for an attack on the stack.
const DEEPEST: usize = 40;

/// Reads tokens by the grammar above.
pub(super) struct Parser<'t> {
    table: &'t dyn Table,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// What the rows of a section are called inside a lambda.
    variable: Option<String>,
}

impl<'t> Parser<'t> {
    pub(super) const fn new(table: &'t dyn Table, tokens: Vec<Token>) -> Self {
        Self { table, tokens, at: 0, depth: 0, variable: None }
    }

    /// All there is.
    pub(super) fn whole(mut self) -> Result<Expr, Refusal> {
        let expr = self.or()?;
        if self.at < self.tokens.len() { Err(bad_filter()) } else { Ok(expr) }
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes(&mut self, wanted: &Token) -> bool {
        let found = self.tokens.get(self.at) == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.takes(&Token::Word(word.to_owned()))
    }

    fn or(&mut self) -> Result<Expr, Refusal> {
        let mut parts = vec![self.and()?];
        while self.takes_word("or") {
            parts.push(self.and()?);
        }
        joined(parts, Expr::Or)
    }

    fn and(&mut self) -> Result<Expr, Refusal> {
        let mut parts = vec![self.not()?];
        while self.takes_word("and") {
            parts.push(self.not()?);
        }
        joined(parts, Expr::And)
    }

    fn not(&mut self) -> Result<Expr, Refusal> {
        let mut negated = false;
        let mut negations = 0;
        while self.takes_word("not") {
            negated = !negated;
            negations += 1;
        }
        let expr = self.compare()?;
        if negations > 0 && expr.class() != Class::Bool {
            return Err(bad_filter());
        }
        Ok(if negated { Expr::Not(Box::new(expr)) } else { expr })
    }

    fn compare(&mut self) -> Result<Expr, Refusal> {
        let one = self.sum()?;
        let comparison = match self.tokens.get(self.at) {
            Some(Token::Word(word)) => Comparison::of_word(word),
            _ => None,
        };
        let Some(comparison) = comparison else { return Ok(one) };
        self.at += 1;
        let other = self.sum()?;
        if !one.class().compares_with(other.class()) {
            return Err(Refusal::incomparable());
        }
        Ok(Expr::Compare(comparison, Box::new(one), Box::new(other)))
    }

    fn sum(&mut self) -> Result<Expr, Refusal> {
        let mut sum = self.term()?;
        while let Some(operation) = self.takes_operation(Operation::of_sum) {
            sum = calculated(operation, sum, self.term()?)?;
        }
        Ok(sum)
    }

    fn term(&mut self) -> Result<Expr, Refusal> {
        let mut term = self.operand()?;
        while let Some(operation) = self.takes_operation(Operation::of_term) {
            term = calculated(operation, term, self.operand()?)?;
        }
        Ok(term)
    }

    fn takes_operation(&mut self, of_word: impl Fn(&str) -> Option<Operation>) -> Option<Operation> {
        let Some(Token::Word(word)) = self.tokens.get(self.at) else { return None };
        let operation = of_word(word)?;
        self.at += 1;
        Some(operation)
    }

    /// Brackets and functions nest through here, and only so deep.
    fn operand(&mut self) -> Result<Expr, Refusal> {
        self.depth += 1;
        let operand = if self.depth > DEEPEST { Err(bad_filter()) } else { self.unbounded_operand() };
        self.depth -= 1;
        operand
    }

    fn unbounded_operand(&mut self) -> Result<Expr, Refusal> {
        match self.next().ok_or_else(bad_filter)? {
            Token::Open => self.group(),
            Token::Text(text) => Ok(Expr::Literal(Value::text(text))),
            Token::Number(text) => number(&text),
            Token::Typed(kind, text) => typed(&kind, &text),
            Token::Word(word) if word == "true" || word == "false" => {
                Ok(Expr::Literal(Value::Bool(word == "true")))
            }
            Token::Minus => {
                let zero = Expr::Literal(Value::Whole(0));
                calculated(Operation::Sub, zero, self.operand()?)
            }
            Token::Word(word) if self.tokens.get(self.at) == Some(&Token::Open) => {
                match word.rsplit_once('/') {
                    Some((section, "any")) => self.lambda(section, false),
                    Some((section, "all")) => self.lambda(section, true),
                    _ => self.function(&word),
                }
            }
            Token::Word(word) => self.field(&word),
            Token::Close | Token::Comma | Token::Colon => Err(bad_filter()),
        }
    }

    fn group(&mut self) -> Result<Expr, Refusal> {
        let inner = self.or()?;
        if self.takes(&Token::Close) { Ok(inner) } else { Err(bad_filter()) }
    }

    /// A field; inside a lambda one of the section's rows, called by the variable.
    fn field(&self, word: &str) -> Result<Expr, Refusal> {
        let name = match &self.variable {
            None => word,
            Some(variable) => {
                let name = word.strip_prefix(variable.as_str()).and_then(|rest| rest.strip_prefix('/'));
                name.ok_or_else(|| Refusal::unknown_function("any"))?
            }
        };
        Path::parse(self.table, name).map(Expr::Field)
    }

    fn lambda(&mut self, section: &str, every: bool) -> Result<Expr, Refusal> {
        let unknown = || Refusal::unknown_segment(section);
        let column = find_column(self.table, section).ok_or_else(unknown)?;
        let rows = self.table.section(column).ok_or_else(|| Refusal::unknown_function("any"))?;
        self.at += 1;
        if !every && self.takes(&Token::Close) {
            return Ok(Expr::Lambda { section: column, every, condition: None });
        }
        let Some(Token::Word(variable)) = self.next() else { return Err(bad_filter()) };
        if !self.takes(&Token::Colon) {
            return Err(bad_filter());
        }
        let tokens = std::mem::take(&mut self.tokens);
        let (at, depth) = (self.at, self.depth);
        let mut inside = Parser { table: rows.as_ref(), tokens, at, depth, variable: Some(variable) };
        let condition = inside.or();
        let (tokens, at) = (inside.tokens, inside.at);
        (self.tokens, self.at) = (tokens, at);
        let condition = condition?;
        if !self.takes(&Token::Close) || condition.class() != Class::Bool {
            return Err(bad_filter());
        }
        Ok(Expr::Lambda { section: column, every, condition: Some(Box::new(condition)) })
    }

    fn function(&mut self, word: &str) -> Result<Expr, Refusal> {
        let function = Function::of_word(word).ok_or_else(|| Refusal::unknown_function(word))?;
        self.at += 1;
        let mut arguments = vec![self.or()?];
        while self.takes(&Token::Comma) {
            arguments.push(self.or()?);
        }
        if !self.takes(&Token::Close) {
            return Err(bad_filter());
        }
        if let Some(plain) = of_plain_type(function, &mut arguments) {
            return Ok(plain);
        }
        let (wanted, needed) = function.takes();
        if arguments.len() < needed || arguments.len() > wanted.len() {
            return Err(Refusal::unknown_function(word));
        }
        // A bad type of an argument is an internal error to 1C, not a bad request.
        let fits = arguments.iter().zip(wanted).all(|(argument, class)| argument.class().serves_as(*class));
        if fits { Ok(Expr::Call(function, arguments)) } else { Err(Refusal::incomparable()) }
    }
}

/// `cast` and `isof` of a plain type: what a value is, is known before any row is read.
fn of_plain_type(function: Function, arguments: &mut Vec<Expr>) -> Option<Expr> {
    let [value, Expr::Literal(Value::Text(name))] = arguments.as_slice() else { return None };
    let class = Class::of_edm(name)?;
    if value.class() == Class::Composite {
        return None;
    }
    let is_so = value.class().serves_as(class);
    match function {
        Function::IsOf => Some(Expr::Literal(Value::Bool(is_so))),
        Function::Cast if is_so => Some(arguments.swap_remove(0)),
        _ => None,
    }
}

fn calculated(operation: Operation, one: Expr, other: Expr) -> Result<Expr, Refusal> {
    if one.class() != Class::Number || other.class() != Class::Number {
        return Err(Refusal::incomparable());
    }
    Ok(Expr::Calculate(operation, Box::new(one), Box::new(other)))
}

/// One part stands for itself; several must all be conditions.
fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Result<Expr, Refusal> {
    if parts.len() == 1 {
        return parts.pop().ok_or_else(bad_filter);
    }
    let conditions = parts.iter().all(|part| part.class() == Class::Bool);
    if conditions { Ok(join(parts)) } else { Err(bad_filter()) }
}

fn number(text: &str) -> Result<Expr, Refusal> {
    let number = Decimal::parse(text).ok_or_else(|| Refusal::bad_literal(text, "Edm.Double"))?;
    Ok(Expr::Literal(Value::Number(number)))
}

fn typed(kind: &str, text: &str) -> Result<Expr, Refusal> {
    let value = match kind {
        "guid" => {
            // Only the usual spelling: the parser would take others that 1C does not know.
            let key = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
            Value::Guid(key.ok_or_else(|| Refusal::bad_literal(text, "Edm.Guid"))?)
        }
        "datetime" => {
            Value::Date(parse_date(text).ok_or_else(|| Refusal::bad_literal(text, "Edm.DateTime"))?)
        }
        _ => return Err(bad_filter()),
    };
    Ok(Expr::Literal(value))
}
