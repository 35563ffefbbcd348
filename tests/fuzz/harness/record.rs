//! The store's records from any bytes: what can be read is written and read again, unchanged; the rest is
//! refused as damage.

use super::Error;
use super::StoreHolder;
use super::checkpoint::Checkpoint;
use super::codec::{seal, unseal};
use super::generation::{PublishedHead, Run};
use super::record::{
    KeyedRecord, RecorderTypes, card_of, decode_bonus, decode_carried, decode_figures, decode_listed,
    decode_movement, decode_product, decode_unknown, encode_bonus, encode_carried, encode_customer,
    encode_figures, encode_movement, encode_product, encode_unknown,
};
use super::schema::VERSION;
use crate::domain::{CardId, RecorderType};

/// Which record, how long its key is, then key and record.
pub fn record(data: &[u8]) {
    let [kind, key_length, rest @ ..] = data else { return };
    let (key, value) = rest.split_at(usize::from(*key_length).min(rest.len()));
    match kind % 11 {
        0 => row(
            key,
            value,
            |key, value| decode_movement(key, value, &types()),
            |row| encode_movement(row, &mut types()),
        ),
        1 => row(
            key,
            value,
            |key, value| decode_bonus(key, value, &types()),
            |row| encode_bonus(row, &mut types()),
        ),
        2 => row(key, value, decode_listed, encode_customer),
        3 => row(key, value, decode_product, encode_product),
        4 => row(key, value, decode_unknown, encode_unknown),
        5 => bare(value, decode_figures, |figures| encode_figures(CardId::EMPTY, figures)),
        6 => bare(value, decode_carried, |carried| Ok(encode_carried(CardId::EMPTY, carried)?.1)),
        7 => sealed(value, |bytes| PublishedHead::decode(bytes, VERSION), PublishedHead::encode),
        8 => sealed(value, Run::decode, Run::encode),
        9 => sealed(value, Checkpoint::decode, Checkpoint::encode),
        _ => note(value),
    }
    let _ = card_of(key);
}

/// The recorder types a key may name.
fn types() -> RecorderTypes {
    let mut types = RecorderTypes::default();
    for name in ["StandardODATA.Document_A", "StandardODATA.Document_B", ""] {
        types.intern(&RecorderType(name.into())).expect("three fit");
    }
    types
}

fn row<T: PartialEq + std::fmt::Debug>(
    key: &[u8],
    value: &[u8],
    decode: impl Fn(&[u8], &[u8]) -> Result<T, Error>,
    encode: impl Fn(&T) -> Result<KeyedRecord, Error>,
) {
    let row = match decode(key, value) {
        Ok(row) => row,
        Err(error) => return damage(&error),
    };
    let (key, value) = encode(&row).expect("what was read fits");
    assert_eq!(decode(&key, &value).expect("our own record is read"), row, "writing changes a row");
    for end in 0..value.len() {
        assert!(decode(&key, &value[..end]).is_err(), "a row cut at {end} of {} is read", value.len());
    }
}

fn bare<T: PartialEq + std::fmt::Debug>(
    value: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, Error>,
    encode: impl Fn(&T) -> Result<Vec<u8>, Error>,
) {
    row(&[], value, |_, value| decode(value), |record| Ok((Vec::new(), encode(record)?)));
}

/// A record under its seal: read with it, refused without it and with a broken one.
fn sealed<T: PartialEq + std::fmt::Debug>(
    value: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, Error>,
    encode: impl Fn(&T) -> Result<Vec<u8>, Error>,
) {
    if let Err(error) = decode(value) {
        damage(&error);
    }
    let closed = seal(value.to_vec());
    assert_eq!(unseal(&closed).ok(), Some(value), "a seal changes what is under it");
    bare(&closed, &decode, encode);
    let Some(last) = value.len().checked_sub(1) else { return };
    let mut broken = closed;
    broken[usize::from(value[0]).min(last)] ^= 1 << (value[last] % 8);
    assert!(unseal(&broken).is_err(), "a broken seal is taken");
}

fn damage(error: &Error) {
    assert!(matches!(error, Error::Damaged { .. }), "{error} instead of damage");
}

fn note(value: &[u8]) {
    let text = String::from_utf8_lossy(value);
    let Some(holder) = StoreHolder::from_note(&text) else { return };
    assert_eq!(StoreHolder::from_note(&holder.to_note()), Some(holder), "writing changes a note");
}
