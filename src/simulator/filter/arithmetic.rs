//! `add`, `sub`, `mul` and `div` of decimal numbers.

use super::super::value::{Decimal, Value};

/// So many decimals are kept of a quotient or a product.
const DECIMALS: u32 = 8;

/// What is done with two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Operation {
    Add,
    Sub,
    Mul,
    Div,
}

impl Operation {
    pub(super) fn of_sum(word: &str) -> Option<Self> {
        match word {
            "add" => Some(Self::Add),
            "sub" => Some(Self::Sub),
            _ => None,
        }
    }

    pub(super) fn of_term(word: &str) -> Option<Self> {
        match word {
            "mul" => Some(Self::Mul),
            "div" => Some(Self::Div),
            _ => None,
        }
    }

    /// The result; nothing where there is none, as in dividing by zero.
    pub(super) fn apply(self, one: &Value<'_>, other: &Value<'_>) -> Value<'static> {
        let number = one.units(DECIMALS).zip(other.units(DECIMALS)).and_then(|(one, other)| match self {
            Self::Add => one.checked_add(other),
            Self::Sub => one.checked_sub(other),
            Self::Mul => one.checked_mul(other).map(|product| product / 10_i128.pow(DECIMALS)),
            Self::Div => one.checked_mul(10_i128.pow(DECIMALS)).and_then(|one| one.checked_div(other)),
        });
        number.map_or(Value::Null, |units| Value::Number(Decimal { units, scale: DECIMALS }))
    }
}
