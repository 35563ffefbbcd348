//! Worlds of one fault each.
