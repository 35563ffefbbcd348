//! sverka
