//! Roubles, points and quantities: decimals from the bytes on the wire to the screen, never floats.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

use rust_decimal::Decimal;
use thiserror::Error;

/// Why a number as 1C printed it cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Not a number at all.
    #[error("not a number")]
    Syntax,
    /// A number that is not whole at the smallest unit (a kopeck for money).
    #[error("not whole at {0} decimal places")]
    Fraction(u32),
    /// Too large to be kept exactly.
    #[error("out of range")]
    Range,
}

/// A sum in roubles, whole kopecks, negative for returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

/// Bonus points, to a hundredth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(Decimal);

/// A quantity of goods, to a thousandth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(Decimal);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// Kopecks.
    pub const SCALE: u32 = 2;
}

impl Points {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// Hundredths.
    pub const SCALE: u32 = 2;
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// Thousandths.
    pub const SCALE: u32 = 3;
}

/// Money always shows its kopecks: `232360.00`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

macro_rules! number {
    ($name:ident) => {
        impl $name {
            /// Reads the number as 1C printed it: with or without fraction and exponent.
            pub fn parse(lexeme: &str) -> Result<Self, NumberError> {
                parse_lexeme(lexeme, Self::SCALE).map(Self)
            }

            /// The number in its smallest unit, for the store.
            pub fn to_units(self) -> Result<i64, NumberError> {
                to_units(self.0, Self::SCALE)
            }

            /// The number from its smallest unit.
            pub fn from_units(units: i64) -> Self {
                Self(Decimal::new(units, Self::SCALE))
            }

            /// The bare decimal.
            pub fn decimal(self) -> Decimal {
                self.0
            }

            /// Whether it is nothing.
            pub fn is_zero(self) -> bool {
                self.0.is_zero()
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(rows: I) -> Self {
                rows.fold(Self::ZERO, Add::add)
            }
        }
    };
}

number!(Amount);
number!(Points);
number!(Quantity);

/// Points and quantities show no idle zeros: `4806`, `1.5`.
macro_rules! plain_display {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.normalize())
            }
        }
    };
}

plain_display!(Points);
plain_display!(Quantity);

fn to_units(number: Decimal, scale: u32) -> Result<i64, NumberError> {
    let unit = Decimal::from(10_u32.pow(scale));
    let units = number.checked_mul(unit).ok_or(NumberError::Range)?;
    i64::try_from(units).map_err(|_| NumberError::Range)
}

fn parse_lexeme(lexeme: &str, scale: u32) -> Result<Decimal, NumberError> {
    todo!("{lexeme} {scale}")
}
