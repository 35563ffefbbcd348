//! Keys and records: how each kind of row lies in its table.
//!
//! Keys are compared byte by byte, so that their order is the logical one: a card's rows lie together, by
//! recorder, its type, then line as a number. A change of anything here is a new [`super::schema::VERSION`].

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::codec::{Decoder, Encoder};
use super::error::damaged;
use super::rows::Carried;
use super::{Error, Lines, ListedCustomer, Origin, StoredProduct, UnknownCard};
use crate::domain::{
    BonusRow, CardFigures, CardId, City, CitySource, ControlTotals, Customer, CustomerField, Direction,
    DoubtfulRows, FieldKind, FieldValue, Movement, MovementKey, MovementKind, OwnerId, PersonalDate,
    PointsFigures, ProductId, RecorderId, RecorderType, StoredFigures, Verdict,
};

/// A key and its record.
pub(super) type KeyedRecord = (Vec<u8>, Vec<u8>);

/// Bytes of a card's or a product's key: what rows are looked up by.
pub(super) const CARD: usize = 16;

/// Where the number of the recorder's type lies in the key of a movement.
pub(super) const TYPE: std::ops::Range<usize> = 32..34;

/// Recorder types by number: a movement's key holds two bytes instead of fifty.
#[derive(Clone, Debug, Default)]
pub(super) struct RecorderTypes {
    by_number: Vec<RecorderType>,
    numbers: HashMap<Arc<str>, u16>,
}

impl RecorderTypes {
    /// The type of this number.
    pub(super) fn get(&self, number: u16) -> Result<&RecorderType, Error> {
        self.by_number.get(usize::from(number)).ok_or_else(|| damaged("a recorder type is not listed"))
    }

    /// The number of this type; a new one is given the next.
    pub(super) fn intern(&mut self, kind: &RecorderType) -> Result<u16, Error> {
        if let Some(number) = self.numbers.get(&kind.0) {
            return Ok(*number);
        }
        let number = u16::try_from(self.by_number.len()).map_err(|_| Error::RecorderTypes)?;
        self.by_number.push(kind.clone());
        self.numbers.insert(kind.0.clone(), number);
        Ok(number)
    }

    pub(super) fn len(&self) -> usize {
        self.by_number.len()
    }

    /// All from the number `first` on.
    pub(super) fn since(&self, first: usize) -> impl Iterator<Item = (u16, &RecorderType)> {
        (0..=u16::MAX).zip(&self.by_number).skip(first)
    }
}

pub(super) fn card_key(card: CardId) -> Vec<u8> {
    card.0.as_bytes().to_vec()
}

pub(super) fn product_key(product: ProductId) -> Vec<u8> {
    product.0.as_bytes().to_vec()
}

/// The card a key begins with.
pub(super) fn card_of(key: &[u8]) -> Result<CardId, Error> {
    Decoder::new(key).uuid().map(CardId)
}

fn movement_key(card: CardId, key: &MovementKey, types: &mut RecorderTypes) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(TYPE.end + 9);
    bytes.extend_from_slice(card.0.as_bytes());
    bytes.extend_from_slice(key.recorder.0.as_bytes());
    bytes.extend_from_slice(&types.intern(&key.recorder_type)?.to_be_bytes());
    push_ordered(&mut bytes, key.line);
    Ok(bytes)
}

fn decode_movement_key(bytes: &[u8], types: &RecorderTypes) -> Result<(CardId, MovementKey), Error> {
    let mut decoder = Decoder::new(bytes);
    let card = CardId(decoder.uuid()?);
    let recorder = RecorderId(decoder.uuid()?);
    let recorder_type = types.get(u16::from_be_bytes(decoder.array()?))?.clone();
    let line = take_ordered(&mut decoder)?;
    decoder.finish()?;
    Ok((card, MovementKey { recorder, recorder_type, line }))
}

/// A number that sorts by its bytes: how many they are, then the bytes, the greatest first.
fn push_ordered(bytes: &mut Vec<u8>, number: u64) {
    let all = number.to_be_bytes();
    let skipped = all.iter().take_while(|byte| **byte == 0).count();
    let used = &all[skipped..];
    bytes.extend(u8::try_from(used.len()));
    bytes.extend_from_slice(used);
}

fn take_ordered(decoder: &mut Decoder<'_>) -> Result<u64, Error> {
    let count = decoder.byte()?;
    if count > 8 {
        return Err(damaged("a line number is too long"));
    }
    let mut number = 0;
    for _ in 0..count {
        number = number << 8 | u64::from(decoder.byte()?);
    }
    Ok(number)
}

pub(super) fn encode_movement(movement: &Movement, types: &mut RecorderTypes) -> Result<KeyedRecord, Error> {
    let key = movement_key(movement.card, &movement.key, types)?;
    let value = Encoder::default()
        .byte(match movement.kind {
            MovementKind::OpeningBalance => 0,
            MovementKind::Purchase => 1,
        })
        .local_time(movement.period)
        .amount(movement.amount)
        .quantity(movement.quantity)
        .option(movement.product, |encoder, product| encoder.uuid(product.0))
        .finish(movement.card)?;
    Ok((key, value))
}

pub(super) fn decode_movement(key: &[u8], value: &[u8], types: &RecorderTypes) -> Result<Movement, Error> {
    let (card, key) = decode_movement_key(key, types)?;
    let mut decoder = Decoder::new(value);
    let kind = match decoder.byte()? {
        0 => MovementKind::OpeningBalance,
        1 => MovementKind::Purchase,
        _ => return Err(damaged("a movement of no known kind")),
    };
    let movement = Movement {
        card,
        key,
        kind,
        period: decoder.local_time()?,
        amount: decoder.amount()?,
        quantity: decoder.quantity()?,
        product: decoder.option(Decoder::uuid)?.map(ProductId),
    };
    decoder.finish()?;
    Ok(movement)
}

pub(super) fn encode_bonus(row: &BonusRow, types: &mut RecorderTypes) -> Result<KeyedRecord, Error> {
    let key = movement_key(row.card, &row.key, types)?;
    let value = Encoder::default()
        .byte(match row.direction {
            Direction::Receipt => 0,
            Direction::Expense => 1,
        })
        .local_time(row.period)
        .points(row.accrued)
        .points(row.to_write_off)
        .finish(row.card)?;
    Ok((key, value))
}

pub(super) fn decode_bonus(key: &[u8], value: &[u8], types: &RecorderTypes) -> Result<BonusRow, Error> {
    let (card, key) = decode_movement_key(key, types)?;
    let mut decoder = Decoder::new(value);
    let direction = match decoder.byte()? {
        0 => Direction::Receipt,
        1 => Direction::Expense,
        _ => return Err(damaged("a bonus row of no known direction")),
    };
    let row = BonusRow {
        card,
        key,
        direction,
        period: decoder.local_time()?,
        accrued: decoder.points()?,
        to_write_off: decoder.points()?,
    };
    decoder.finish()?;
    Ok(row)
}

/// Begins the record of a customer whose fields are tagged. A record of version 3 or earlier begins with a flag.
const TAGGED: u8 = 2;

/// The tag of where a customer comes from; fields have their numbers, which are greater.
const ORIGIN: u8 = 0;

/// How many fields have a value, the objects of 1C among them, which tell the owner as well, then a tag and a value of known length for each, in the order of the tags: a field
/// more is no other format.
pub(super) fn encode_customer(listed: &ListedCustomer) -> Result<KeyedRecord, Error> {
    let ListedCustomer { customer, origin } = listed;
    let card = customer.card;
    let origin = origin.iter().map(|origin| (ORIGIN, encode_origin(origin)));
    let values = CustomerField::ALL.iter().filter_map(|field| Some((*field, customer.get(*field)?)));
    // What the screen hides is never stored.
    let values = values.filter(|(_, value)| *value != FieldValue::Date(PersonalDate::Hidden));
    let values = values.map(|(field, value)| (field.number(), encode_value(&value)));
    let tagged: Vec<(u8, Encoder)> = origin.chain(values).collect();
    let mut encoder = Encoder::default();
    encoder.byte(TAGGED).unsigned(tagged.len() as u64);
    for (tag, mut value) in tagged {
        encoder.byte(tag).blob(&value.finish(card)?);
    }
    Ok((card_key(card), encoder.finish(card)?))
}

fn encode_value(value: &FieldValue<'_>) -> Encoder {
    let mut encoder = Encoder::default();
    match value {
        FieldValue::Text(text) => encoder.bytes(text.as_bytes()),
        FieldValue::Town(source, name) => encoder.byte(city_source_code(*source)).bytes(name.as_bytes()),
        FieldValue::Date(PersonalDate::Known(day)) => encoder.signed(day.num_days_from_ce().into()),
        FieldValue::Date(PersonalDate::Hidden) | FieldValue::Flag => &mut encoder,
    };
    encoder
}

fn decode_value<'a>(kind: FieldKind, decoder: &mut Decoder<'a>) -> Result<FieldValue<'a>, Error> {
    Ok(match kind {
        FieldKind::Text => FieldValue::Text(decoder.rest()?.into()),
        FieldKind::Town => FieldValue::Town(decode_city_source(decoder)?, decoder.rest()?.into()),
        FieldKind::Date => {
            let day = i32::try_from(decoder.signed()?).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
            FieldValue::Date(PersonalDate::Known(day.ok_or_else(|| damaged("a day is out of range"))?))
        }
        FieldKind::Flag => FieldValue::Flag,
    })
}

pub(super) fn decode_customer(key: &[u8], value: &[u8]) -> Result<Customer, Error> {
    decode_listed(key, value).map(|listed| listed.customer)
}

pub(super) fn decode_listed(key: &[u8], value: &[u8]) -> Result<ListedCustomer, Error> {
    let card = decode_key(key).map(CardId)?;
    let mut decoder = Decoder::new(value);
    if decoder.byte()? != TAGGED {
        return decode_untagged(card, Decoder::new(value));
    }
    let mut customer = Customer { card, ..Customer::default() };
    let mut origin = None;
    let mut last = None;
    for _ in 0..decoder.unsigned()? {
        let (tag, mut value) = (decoder.byte()?, Decoder::new(decoder.blob()?));
        if last.replace(tag).is_some_and(|last| last >= tag) {
            return Err(damaged("fields out of order"));
        }
        match CustomerField::of_number(tag) {
            Some(field) => customer.set(field, decode_value(field.kind(), &mut value)?),
            None if tag == ORIGIN => {
                let known: &Origin = origin.insert(decode_origin(&mut value)?);
                customer.owner = known.holder();
            }
            // A field of a later version: whoever knows it reads it again.
            None => continue,
        }
        value.finish()?;
    }
    decoder.finish()?;
    Ok(ListedCustomer { customer, origin })
}

/// Whether two records of a customer say the same, be they of different versions of the format.
pub(super) fn is_same_customer(key: &[u8], one: &[u8], other: &[u8]) -> Result<bool, Error> {
    Ok(one == other || decode_listed(key, one)? == decode_listed(key, other)?)
}

/// A record as version 3 or an earlier one wrote it: every field in its place.
fn decode_untagged(card: CardId, mut decoder: Decoder<'_>) -> Result<ListedCustomer, Error> {
    let marked_for_deletion = decoder.flag()?;
    let mut customer = Customer {
        card,
        code: decoder.text()?.into(),
        barcode: decoder.text()?.into(),
        name: decoder.text()?.into(),
        phone: decoder.option(Decoder::text)?.map(Into::into),
        email: decoder.option(Decoder::text)?.map(Into::into),
        city: decoder.option(decode_city)?,
        marked_for_deletion,
        ..Customer::default()
    };
    // Before version 3 nobody kept where a customer came from.
    let origin = if decoder.is_empty() { None } else { Some(decode_origin(&mut decoder)?) };
    customer.owner = origin.as_ref().and_then(Origin::holder);
    decoder.finish()?;
    Ok(ListedCustomer { customer, origin })
}

fn encode_origin(origin: &Origin) -> Encoder {
    let Origin { card_version, owner, owner_version } = origin;
    let mut encoder = Encoder::default();
    encoder
        .text(card_version)
        .option(*owner, |encoder, owner| encoder.uuid(owner.0))
        .option(owner_version.as_deref(), Encoder::text);
    encoder
}

fn decode_origin(decoder: &mut Decoder<'_>) -> Result<Origin, Error> {
    Ok(Origin {
        card_version: decoder.text()?.into(),
        owner: decoder.option(Decoder::uuid)?.map(OwnerId),
        owner_version: decoder.option(Decoder::text)?.map(Into::into),
    })
}

fn decode_key(key: &[u8]) -> Result<Uuid, Error> {
    let mut decoder = Decoder::new(key);
    let uuid = decoder.uuid()?;
    decoder.finish()?;
    Ok(uuid)
}

fn decode_city(decoder: &mut Decoder<'_>) -> Result<City, Error> {
    Ok(City { source: decode_city_source(decoder)?, name: decoder.text()?.into() })
}

pub(super) fn decode_city_source(decoder: &mut Decoder<'_>) -> Result<CitySource, Error> {
    match decoder.byte()? {
        0 => Ok(CitySource::MainDetailsLine3),
        1 => Ok(CitySource::AddressStreet),
        2 => Ok(CitySource::ContactInfo),
        _ => Err(damaged("a town found by no known rule")),
    }
}

pub(super) fn city_source_code(source: CitySource) -> u8 {
    match source {
        CitySource::MainDetailsLine3 => 0,
        CitySource::AddressStreet => 1,
        CitySource::ContactInfo => 2,
    }
}

pub(super) fn encode_product(product: &StoredProduct) -> Result<KeyedRecord, Error> {
    let value = Encoder::default().text(&product.name).text(&product.article).finish(CardId::EMPTY)?;
    Ok((product_key(product.id), value))
}

pub(super) fn decode_product(key: &[u8], value: &[u8]) -> Result<StoredProduct, Error> {
    let mut decoder = Decoder::new(value);
    let id = decode_key(key).map(ProductId)?;
    let product = StoredProduct { id, name: decoder.text()?.into(), article: decoder.text()?.into() };
    decoder.finish()?;
    Ok(product)
}

pub(super) fn encode_figures(card: CardId, figures: &StoredFigures) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::default();
    push_figures(&mut encoder, figures);
    encoder.finish(card)
}

pub(super) fn decode_figures(value: &[u8]) -> Result<StoredFigures, Error> {
    let mut decoder = Decoder::new(value);
    let figures = take_figures(&mut decoder)?;
    decoder.finish()?;
    Ok(figures)
}

fn push_figures(encoder: &mut Encoder, figures: &StoredFigures) {
    let StoredFigures { own, control, verdict, .. } = figures;
    encoder
        .byte(verdict_code(*verdict))
        .byte(doubts_code(figures))
        .sum(own.opening_balance)
        .sum(own.opening_in_window)
        .sum(own.purchases)
        .unsigned(own.purchase_lines)
        .sum_of_points(own.points.last_record)
        .sum_of_points(own.points.register_balance)
        .option(control.turnover_all, Encoder::sum)
        .option(control.turnover_window, Encoder::sum)
        .option(control.opening_balance, Encoder::sum)
        .option(control.opening_before_window, Encoder::sum)
        .option(control.register_balance, Encoder::sum_of_points);
}

fn take_figures(decoder: &mut Decoder<'_>) -> Result<StoredFigures, Error> {
    let verdict = decode_verdict(decoder)?;
    let (unreadable, contradicted) = decode_doubts(decoder)?;
    let own = CardFigures {
        opening_balance: decoder.sum()?,
        opening_in_window: decoder.sum()?,
        purchases: decoder.sum()?,
        purchase_lines: decoder.unsigned()?,
        points: PointsFigures {
            last_record: decoder.sum_of_points()?,
            register_balance: decoder.sum_of_points()?,
        },
    };
    let control = ControlTotals {
        turnover_all: decoder.option(Decoder::sum)?,
        turnover_window: decoder.option(Decoder::sum)?,
        opening_balance: decoder.option(Decoder::sum)?,
        opening_before_window: decoder.option(Decoder::sum)?,
        register_balance: decoder.option(Decoder::sum_of_points)?,
    };
    Ok(StoredFigures { own, control, verdict, unreadable, contradicted })
}

/// A row could not be read; 1C's sums contradict the sales; or the points. The first bit was all there was once. Of rows
/// that could not be read, the last two bits tell whether all are of sales, or of points.
const DOUBTS: [u8; 5] = [1, 2, 4, 8, 16];

/// What keeps the figures of a card from being trusted.
pub(super) fn doubts_code(figures: &StoredFigures) -> u8 {
    let (unreadable, contradicted) = (figures.unreadable, figures.contradicted);
    let doubts = [
        unreadable.any(),
        contradicted.sales,
        contradicted.points,
        unreadable.sales && !unreadable.points,
        unreadable.points && !unreadable.sales,
    ];
    DOUBTS.iter().zip(doubts).filter(|(_, is_there)| *is_there).map(|(bit, _)| bit).sum()
}

/// The rows that could not be read, and those that 1C contradicts.
fn decode_doubts(decoder: &mut Decoder<'_>) -> Result<(DoubtfulRows, DoubtfulRows), Error> {
    let byte = decoder.byte()?;
    if byte > DOUBTS.iter().sum() {
        return Err(damaged("no known doubts of a card"));
    }
    let [is_unreadable, sales, points, only_sales, only_points] = DOUBTS.map(|bit| byte & bit != 0);
    let unreadable =
        DoubtfulRows { sales: is_unreadable && !only_points, points: is_unreadable && !only_sales };
    Ok((unreadable, DoubtfulRows { sales, points }))
}

pub(super) fn verdict_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Reconciled => 0,
        Verdict::BeforeWindow => 1,
        Verdict::Variance => 2,
        Verdict::Unverified => 3,
        // Only cards of the catalog have figures.
        Verdict::UnknownCard => 4,
    }
}

pub(super) fn decode_verdict(decoder: &mut Decoder<'_>) -> Result<Verdict, Error> {
    match decoder.byte()? {
        0 => Ok(Verdict::Reconciled),
        1 => Ok(Verdict::BeforeWindow),
        2 => Ok(Verdict::Variance),
        3 => Ok(Verdict::Unverified),
        4 => Ok(Verdict::UnknownCard),
        _ => Err(damaged("no known verdict")),
    }
}

pub(super) fn encode_carried(card: CardId, carried: &Carried) -> Result<KeyedRecord, Error> {
    let mut encoder = Encoder::default();
    encoder.moment(carried.read_at);
    push_figures(&mut encoder, &carried.figures);
    Ok((card_key(card), encoder.finish(card)?))
}

pub(super) fn decode_carried(value: &[u8]) -> Result<Carried, Error> {
    let mut decoder = Decoder::new(value);
    let carried = Carried { read_at: decoder.moment()?, figures: take_figures(&mut decoder)? };
    decoder.finish()?;
    Ok(carried)
}

pub(super) fn encode_unknown(unknown: &UnknownCard) -> Result<KeyedRecord, Error> {
    let mut encoder = Encoder::default();
    push_lines(&mut encoder, unknown.opening_balances);
    push_lines(&mut encoder, unknown.purchases);
    encoder.unsigned(unknown.bonus_rows);
    Ok((card_key(unknown.card), encoder.finish(unknown.card)?))
}

pub(super) fn decode_unknown(key: &[u8], value: &[u8]) -> Result<UnknownCard, Error> {
    let mut decoder = Decoder::new(value);
    let unknown = UnknownCard {
        card: decode_key(key).map(CardId)?,
        opening_balances: take_lines(&mut decoder)?,
        purchases: take_lines(&mut decoder)?,
        bonus_rows: decoder.unsigned()?,
    };
    decoder.finish()?;
    Ok(unknown)
}

pub(super) fn push_lines(encoder: &mut Encoder, lines: Lines) {
    encoder.unsigned(lines.lines).sum(lines.amount);
}

pub(super) fn take_lines(decoder: &mut Decoder<'_>) -> Result<Lines, Error> {
    Ok(Lines { lines: decoder.unsigned()?, amount: decoder.sum()? })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{Amount, LocalTime, Points, Quantity};

    fn time() -> impl Strategy<Value = LocalTime> {
        (-62_135_596_800_i64..253_402_300_800)
            .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap().naive_utc())
    }

    fn uuid() -> impl Strategy<Value = Uuid> {
        prop_oneof![(0..4_u128).prop_map(Uuid::from_u128), any::<u128>().prop_map(Uuid::from_u128)]
    }

    prop_compose! {
        fn key()(recorder in uuid(), kind in "[а-в]{1,2}", line in prop_oneof![0..300_u64, any::<u64>()]) -> MovementKey {
            MovementKey { recorder: RecorderId(recorder), recorder_type: RecorderType(kind.into()), line }
        }
    }

    prop_compose! {
        fn movement()(
            card in uuid(), key in key(), opening: bool, period in time(), amount: i64, quantity: i64,
            product in prop::option::of(uuid()),
        ) -> Movement {
            let kind = if opening { MovementKind::OpeningBalance } else { MovementKind::Purchase };
            Movement {
                card: CardId(card), key, kind, period, amount: Amount::from_units(amount),
                quantity: Quantity::from_units(quantity), product: product.map(ProductId),
            }
        }
    }

    prop_compose! {
        fn bonus_row()(card in uuid(), key in key(), period in time(), receipt: bool, accrued: i64, to_write_off: i64) -> BonusRow {
            BonusRow {
                card: CardId(card), key, period, accrued: Points::from_units(accrued),
                to_write_off: Points::from_units(to_write_off),
                direction: if receipt { Direction::Receipt } else { Direction::Expense },
            }
        }
    }

    prop_compose! {
        /// Any value, or none, in every field there is.
        fn customer()(
            card in uuid(),
            values in prop::collection::vec((any::<bool>(), any::<String>(), 0..3_u8), CustomerField::ALL.len()),
        ) -> Customer {
            let mut customer = Customer { card: CardId(card), ..Customer::default() };
            for (field, (is_there, text, number)) in CustomerField::ALL.iter().zip(values) {
                let value = match field.kind() {
                    FieldKind::Text => FieldValue::Text(text.into()),
                    FieldKind::Town => {
                        FieldValue::Town(decode_city_source(&mut Decoder::new(&[number])).unwrap(), text.into())
                    }
                    FieldKind::Date => {
                        let day = NaiveDate::from_num_days_from_ce_opt(700_000 + i32::from(number));
                        FieldValue::Date(PersonalDate::Known(day.unwrap()))
                    }
                    FieldKind::Flag => FieldValue::Flag,
                };
                if is_there {
                    customer.set(*field, value);
                }
            }
            customer
        }
    }

    prop_compose! {
        fn listed()(
            customer in customer(), card_version: String, owner in prop::option::of(uuid()),
            owner_version: Option<String>, has_origin: bool,
        ) -> ListedCustomer {
            let origin = Origin { card_version, owner: owner.map(OwnerId), owner_version };
            let origin = has_origin.then_some(origin);
            let owner = origin.as_ref().and_then(Origin::holder);
            ListedCustomer { customer: Customer { owner, ..customer }, origin }
        }
    }

    /// What version 3 wrote of a customer.
    fn encode_untagged(ListedCustomer { customer, origin }: &ListedCustomer) -> Vec<u8> {
        let mut encoder = Encoder::default();
        encoder
            .byte(customer.marked_for_deletion.into())
            .text(&customer.code)
            .text(&customer.barcode)
            .text(&customer.name)
            .option(customer.phone.as_deref(), Encoder::text)
            .option(customer.email.as_deref(), Encoder::text)
            .option(customer.city.as_ref(), |encoder, city| {
                encoder.byte(city_source_code(city.source)).text(&city.name)
            });
        let origin = origin.as_ref().map(|origin| encode_origin(origin).finish(CardId::EMPTY).unwrap());
        encoder.bytes(&origin.unwrap_or_default()).finish(CardId::EMPTY).unwrap()
    }

    prop_compose! {
        fn stored_figures()(
            own: [i64; 5], purchase_lines: u64, control: [Option<i64>; 5], verdict in 0..4_usize,
            unreadable: [bool; 2], sales: bool, points_too: bool,
        ) -> StoredFigures {
            let verdicts = [Verdict::Reconciled, Verdict::BeforeWindow, Verdict::Variance, Verdict::Unverified];
            let [opening, in_window, purchases, last, balance] = own;
            let [all, window, again, before, points] = control;
            StoredFigures {
                own: CardFigures {
                    opening_balance: Amount::from_units(opening),
                    opening_in_window: Amount::from_units(in_window),
                    purchases: Amount::from_units(purchases),
                    purchase_lines,
                    points: PointsFigures {
                        last_record: Points::from_units(last),
                        register_balance: Points::from_units(balance),
                    },
                },
                control: ControlTotals {
                    turnover_all: all.map(Amount::from_units),
                    turnover_window: window.map(Amount::from_units),
                    opening_balance: again.map(Amount::from_units),
                    opening_before_window: before.map(Amount::from_units),
                    register_balance: points.map(Points::from_units),
                },
                verdict: verdicts[verdict],
                unreadable: DoubtfulRows { sales: unreadable[0], points: unreadable[1] },
                contradicted: DoubtfulRows { sales, points: points_too },
            }
        }
    }

    proptest! {
        #[test]
        fn a_movement_comes_back_as_it_was(movement in movement()) {
            let mut types = RecorderTypes::default();
            let (key, value) = encode_movement(&movement, &mut types).unwrap();
            prop_assert_eq!(decode_movement(&key, &value, &types).unwrap(), movement);
        }

        #[test]
        fn a_bonus_row_comes_back_as_it_was(row in bonus_row()) {
            let mut types = RecorderTypes::default();
            let (key, value) = encode_bonus(&row, &mut types).unwrap();
            prop_assert_eq!(decode_bonus(&key, &value, &types).unwrap(), row);
        }

        #[test]
        fn a_customer_comes_back_as_it_was(listed in listed()) {
            let (key, value) = encode_customer(&listed).unwrap();
            prop_assert_eq!(decode_customer(&key, &value).unwrap(), listed.customer.clone());
            prop_assert_eq!(decode_listed(&key, &value).unwrap(), listed);
        }

        #[test]
        fn whose_a_card_is_comes_of_its_origin_and_an_empty_key_is_nobodys(mut listed in listed(), owner in uuid()) {
            for owner in [owner, Uuid::nil()] {
                let origin = listed.origin.get_or_insert_default();
                origin.owner = Some(OwnerId(owner));
                let (key, value) = encode_customer(&listed).unwrap();
                let expected = (!owner.is_nil()).then_some(OwnerId(owner));
                for record in [value, encode_untagged(&listed)] {
                    prop_assert_eq!(decode_customer(&key, &record).unwrap().owner, expected);
                }
            }
        }

        #[test]
        fn d8_a_customer_of_version_3_says_what_it_said_and_is_no_other(mut listed in listed()) {
            let (key, _) = encode_customer(&listed).unwrap();
            let old = encode_untagged(&listed);
            // Those were all the fields there were.
            for field in CustomerField::ALL.iter().filter(|field| field.number() > 7) {
                prop_assert!(decode_listed(&key, &old).unwrap().customer.get(*field).is_none());
            }
            listed = decode_listed(&key, &old).unwrap();
            let tagged = encode_customer(&listed).unwrap().1;
            prop_assert_eq!(encode_untagged(&listed), old.clone());
            prop_assert!(is_same_customer(&key, &old, &tagged).unwrap());
            listed.customer.name.push('!');
            prop_assert!(!is_same_customer(&key, &old, &encode_customer(&listed).unwrap().1).unwrap());
        }

        #[test]
        fn a_field_of_a_later_version_is_passed_over(listed in listed(), tag in 128_u8.., value: Vec<u8>) {
            let (key, record) = encode_customer(&listed).unwrap();
            let with = |tag: u8| {
                let more = Encoder::default().byte(tag).blob(&value).finish(CardId::EMPTY).unwrap();
                [&[TAGGED, record[1] + 1], &record[2..], &more].concat()
            };
            prop_assert_eq!(decode_listed(&key, &with(tag)).unwrap(), listed.clone());
            let has_any = record[1] > 0;
            prop_assert!(!has_any || decode_listed(&key, &with(ORIGIN)).is_err(), "a tag out of order");
        }

        #[test]
        fn figures_come_back_as_they_were(figures in stored_figures(), read_at in time()) {
            let carried = Carried { read_at: read_at.and_utc(), figures };
            prop_assert_eq!(decode_figures(&encode_figures(CardId::EMPTY, &figures).unwrap()).unwrap(), figures);
            prop_assert_eq!(decode_carried(&encode_carried(CardId::EMPTY, &carried).unwrap().1).unwrap(), carried);
        }

        #[test]
        fn keys_lie_in_the_order_of_what_they_name(one in movement(), other in movement()) {
            let mut types = RecorderTypes::default();
            let mut key = |row: &Movement| encode_movement(row, &mut types).unwrap().0;
            let keys = key(&one).cmp(&key(&other));
            let mut number = |row: &Movement| types.intern(&row.key.recorder_type).unwrap();
            let (one_type, other_type) = (number(&one), number(&other));
            let order = |row: &Movement, number: u16| (row.card, row.key.recorder, number, row.key.line);
            prop_assert_eq!(keys, order(&one, one_type).cmp(&order(&other, other_type)));
        }

        #[test]
        fn no_bytes_make_reading_panic(key: Vec<u8>, value: Vec<u8>, real in movement(), cut: prop::sample::Index) {
            let mut types = RecorderTypes::default();
            let (real_key, real_value) = encode_movement(&real, &mut types).unwrap();
            let cut = cut.index(real_value.len());
            prop_assert!(decode_movement(&real_key, &real_value[..cut], &types).is_err());
            for key in [&key, &real_key] {
                let _ = decode_movement(key, &value, &types);
                let _ = decode_bonus(key, &value, &types);
                let _ = decode_customer(key, &value);
                let _ = decode_product(key, &value);
                let _ = decode_unknown(key, &value);
            }
            let _ = (decode_figures(&value), decode_carried(&value));
        }
    }
}
