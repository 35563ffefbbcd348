//! Ways of asking, and what a server does about one of them.

use std::sync::OnceLock;

use crate::asked::{Asked, Resource};
use crate::books::{Books, CARDS, OWNERS, POINTS, PRODUCTS, SALES};
use crate::condition::{Condition, Operator};
use crate::http::Reply;
use crate::onec::{Answer, OneC, Rule, by_books};
use crate::refusal::Refusal;
use crate::value::{Record, Value};

/// A way of asking: some of the requests.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub name: &'static str,
    pub is: fn(&Asked) -> bool,
}

macro_rules! ways {
    ($($(#[$doc:meta])* $constant:ident $name:literal = $is:expr;)*) => {
        $($(#[$doc])* pub const $constant: Way = Way { name: $name, is: $is };)*
    };
}

ways! {
    TURNOVERS "Turnovers" = |it| it.is_table(SALES, "Turnovers");
    ENDLESS_TURNOVERS "Turnovers without a period" = |it| (TURNOVERS.is)(it) && !has_period(it);
    TURNOVERS_OF_PERIOD "Turnovers of a period" = |it| (TURNOVERS.is)(it) && has_period(it);
    BALANCE "Balance" = |it| it.is_table(POINTS, "Balance");
    BALANCE_AT "Balance at a moment" = |it| (BALANCE.is)(it) && it.argument("Period").is_some();
    BALANCE_OF_ALL "Balance without a moment" = |it| (BALANCE.is)(it) && it.argument("Period").is_none();
    POINTS_TURNOVERS "Turnovers of points" = |it| it.is_table(POINTS, "Turnovers");
    TABLES "virtual tables" = Asked::is_any_table;
    DIMENSIONS "Dimensions" = |it| it.argument("Dimensions").is_some();
    CONDITION "Condition" = |it| it.argument("Condition").is_some();
    SELECT "$select" = |it| it.option("$select").is_some();
    BARE "odata=nometadata" = |it| it.option("$format").is_some_and(|format| format.contains("nometadata"));
    ORDER "$orderby" = |it| it.option("$orderby").is_some();
    SKIP "$skip" = |it| it.option("$skip").is_some();
    TOP "$top" = |it| it.option("$top").is_some();
    FEW "$top of a few" = |it| it.option("$top").and_then(|top| top.parse::<u32>().ok()).is_some_and(|top| top <= 20);
    FEW_SALES "$top of a few sales" = |it| (FEW.is)(it) && (SALE_ROWS.is)(it);
    FEW_POINTS "$top of a few points" = |it| (FEW.is)(it) && (POINT_ROWS.is)(it);
    FEW_CARDS "$top of a few cards" = |it| (FEW.is)(it) && (CARD_SET.is)(it);
    INLINE_COUNT "$inlinecount" = |it| it.option("$inlinecount").is_some();
    COUNT "/$count" = |it| matches!(it.resource, Resource::Count(_));
    ANY_COUNT "/$count and $inlinecount" = |it| (COUNT.is)(it) || (INLINE_COUNT.is)(it);
    FILTER "$filter" = |it| it.filter.is_some();
    BY_PERIOD "filter by period" = |it| it.filters_by("Period");
    BY_CARD "filter by card" = |it| it.filters_by("ДисконтнаяКарта_Key") || it.filters_by("БонуснаяКарта_Key");
    BY_KEY "filter by key" = |it| it.filters_by("Ref_Key");
    BY_TYPE "filter by type of recorder" = |it| it.filters_by("Recorder_Type");
    BY_TYPE_ITSELF "filter by equality of the type of recorder" = |it| it.filter.as_ref().is_some_and(compares_type);
    BY_PART_OF_TYPE "filter by a part of the type of recorder" = |it| (BY_TYPE.is)(it) && !(BY_TYPE_ITSELF.is)(it);
    BY_ACTIVE "filter by Active" = |it| it.filters_by("Active");
    ITEM "an item by its key" = |it| matches!(it.resource, Resource::Item(..));
    CARD_SET "cards" = |it| it.of() == CARDS;
    OWNER_SET "owners" = |it| it.of() == OWNERS;
    PRODUCT_SET "products" = |it| it.of() == PRODUCTS;
    POINT_SET "points" = |it| it.of() == POINTS;
    POINT_ROWS "rows of points" = |it| (POINT_SET.is)(it) && !it.is_any_table();
    SALE_ROWS "rows of sales" = |it| it.of() == SALES && !it.is_any_table();
    SERVICES "the list of what is published" = |it| it.resource == Resource::Services;
    EVERYTHING "everything" = |_| true;
    SEVERAL "filter with or" = |it| it.clear.contains(" or ");
    LONGER_THAN_1000 "an address of more than 1000 bytes" = |it| it.length > 1000;
    LONGER_THAN_700 "an address of more than 700 bytes" = |it| it.length > 700;
    FULL_NAME "the field НаименованиеПолное" = |it| it.selected().contains(&"НаименованиеПолное");
    DETAILS "the field ОсновныеСведения" = |it| it.selected().contains(&"ОсновныеСведения");
    EMAIL "the field АдресЭПДляПоиска" = |it| it.selected().contains(&"АдресЭПДляПоиска");
    CONTACTS "the field КонтактнаяИнформация" = |it| it.selected().contains(&"КонтактнаяИнформация");
    ARTICLE "the field Артикул" = |it| it.selected().contains(&"Артикул");
    QUANTITY "the field Количество" = |it| it.selected().contains(&"Количество");
    VERSION "the field DataVersion" = |it| it.selected().contains(&"DataVersion");
}

fn has_period(asked: &Asked) -> bool {
    asked.argument("StartPeriod").is_some() || asked.argument("EndPeriod").is_some()
}

fn compares_type(condition: &Condition) -> bool {
    match condition {
        Condition::And(one, other) | Condition::Or(one, other) => compares_type(one) || compares_type(other),
        Condition::Not(inner) => compares_type(inner),
        Condition::Compared(field, Operator::Equal, _) => field == "Recorder_Type",
        _ => false,
    }
}

/// Refuses this way of asking.
pub fn refuses(way: Way, refusal: Refusal) -> Rule {
    sends(way, move |_, _| refusal.reply())
}

/// Sends this instead.
pub fn sends(way: Way, reply: impl Fn(&OneC, &Asked) -> Reply + Send + Sync + 'static) -> Rule {
    Box::new(move |onec, asked| (way.is)(asked).then(|| reply(onec, asked)))
}

/// Answers as if something else had been asked.
pub fn hears(way: Way, otherwise: fn(Asked) -> Asked) -> Rule {
    sends(way, move |onec, asked| onec.honest(&otherwise(asked.clone())).reply())
}

/// Answers, and changes the answer.
pub fn alters(way: Way, change: fn(Answer) -> Answer) -> Rule {
    sends(way, move |onec, asked| change(onec.honest(asked)).reply())
}

/// Answers from books that were tampered with.
pub fn lies(way: Way, tamper: impl Fn(&mut Books) + Send + Sync + 'static) -> Rule {
    // Tampered with once, when they are first asked for: nobody works in them any more.
    let tampered = OnceLock::new();
    sends(way, move |onec, asked| {
        let books = tampered.get_or_init(|| {
            let mut books = onec.books();
            tamper(&mut books);
            books
        });
        by_books(books, asked).reply()
    })
}

/// Of the rows that are meant it knows only these.
pub fn knows_only(way: Way, admits: fn(&Record) -> bool) -> Rule {
    sends(way, move |onec, asked| onec.honest(&asked.clone().and(Condition::Only(admits))).reply())
}

/// Every other row or item, told by its key.
pub fn is_even(record: &Record) -> bool {
    let key = if record.get("Recorder").is_some() { record.key("Recorder") } else { record.key("Ref_Key") };
    let line = match record.get("LineNumber") {
        Some(Value::Whole(line)) => u128::from(*line),
        _ => 0,
    };
    (key.as_u128() + line).is_multiple_of(2)
}

/// None.
pub fn is_none(_: &Record) -> bool {
    false
}
