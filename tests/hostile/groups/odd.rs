//! Books that are odd, told by a server that does not lie.

use uuid::Uuid;

use crate::books::{Books, OPENING, RECEIPT, REPORT, TRANSFER, card_key, recorder_type, who};
use crate::case::{Case, Money, Must, Points, Told, all_come_out};
use crate::value::{Record, Value};

pub(super) fn cases() -> Vec<Case> {
    let odd =
        |name: &str, must: Must, books: fn(&mut Books)| Case::new(name, must, Vec::new()).with_books(books);
    let honest = Must::be(Money::Proven, Points::Known);
    let but_dina = Must { money: Money::ProvenBut(&[who::DINA]), ..honest }.lying();
    let unborne = Must { money: Money::Kept, ..honest }.lying().telling(Told::Something);
    vec![
        odd("two rows equal in all but the type of their document", honest, |books| {
            let twins: Vec<_> =
                books.sales.iter().filter(|row| recorder_type(row) == RECEIPT).cloned().collect();
            books
                .sales
                .extend(twins.into_iter().map(|row| row.with("Recorder_Type", Value::Text(REPORT.into()))));
        }),
        odd("an opening balance and a receipt of one document and line", honest, |books| {
            let twins: Vec<_> =
                books.sales.iter().filter(|row| recorder_type(row) == OPENING).cloned().collect();
            books
                .sales
                .extend(twins.into_iter().map(|row| row.with("Recorder_Type", Value::Text(RECEIPT.into()))));
        }),
        odd("opening balances alone", honest, |books| {
            books.sales.retain(|row| recorder_type(row) == OPENING);
        }),
        odd("nothing but opening balances", honest, |books| {
            books.sales.iter_mut().for_each(|row| row.set("Recorder_Type", Value::Text(OPENING.into())));
        }),
        odd("no opening balances", honest, without_openings)
            .with_settings(|config| config.names.opening_balance.clear()),
        // The name the settings give to them is borne by no document: that may be a slip, and proves nothing.
        odd("no opening balances, and a name for them", unborne, without_openings),
        odd("no points", honest, |books| books.points.clear()),
        odd("no products", honest, |books| books.products.clear()),
        odd("rows of the empty card", honest, |books| {
            books.sell_lately(who::MARINA, 5_000);
            if let Some(row) = books.sales.last_mut() {
                row.set("ДисконтнаяКарта_Key", Value::Key(Uuid::nil()));
            }
        }),
        odd("a thousand rows of one second", Must { most_requests: 1_500, ..honest }, |books| {
            for number in 0..1_000_u128 {
                books.sell_lately(who::DINA, 101);
                if let Some(row) = books.sales.last_mut() {
                    row.set("Recorder", Value::Key(Uuid::from_u128(0xbeef_0000 + number)));
                }
            }
        }),
        odd("one row that cannot be added up", but_dina, |books| {
            books.sell_lately(who::DINA, 0);
            if let Some(row) = books.sales.last_mut() {
                row.set("Сумма", Value::Raw("1e30".into()));
            }
        }),
        odd("one row without a date", Must::be(Money::Right, Points::Known), |books| {
            books.sell_lately(who::DINA, 5_000);
            if let Some(row) = books.sales.last_mut() {
                row.set("Period", Value::Raw("\"0001-01-01T00:00:00\"".into()));
            }
        }),
        odd("opening balances by two kinds of documents", Must::be(Money::Safe, Points::Known), |books| {
            let split = |row: &&mut Record| {
                recorder_type(row) == OPENING && row.key("ДисконтнаяКарта_Key") > card_key(20)
            };
            books
                .sales
                .iter_mut()
                .filter(split)
                .for_each(|row| row.set("Recorder_Type", Value::Text(TRANSFER.into())));
        }),
    ]
}

fn without_openings(books: &mut Books) {
    books.sales.retain(|row| recorder_type(row) != OPENING);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_books_are_read_as_they_are() {
    all_come_out(cases()).await;
}
