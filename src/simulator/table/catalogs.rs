//! Layouts of the catalogs and of the documents' headers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveTime;
use uuid::Uuid;

use super::super::books::{
    Books, Card, Contact, ContactKind, Document, DocumentKind, Owner, Product, server_order,
};
use super::super::value::{Decimal, Value, empty_date};
use super::{Edm, Field, Layout, Rows, Table, Target, View};

/// `DataVersion`: the number of writes after the first, in eight bytes.
fn data_version<'a>(version: u32) -> Value<'a> {
    Value::text(STANDARD.encode((u64::from(version) << 32).to_be_bytes()))
}

fn nil<'a, R>(_: &'a Books, _: &'a R) -> Value<'a> {
    Value::Guid(Uuid::nil())
}

fn blank<'a, R>(_: &'a Books, _: &'a R) -> Value<'a> {
    Value::text("")
}

fn no<'a, R>(_: &'a Books, _: &'a R) -> Value<'a> {
    Value::Bool(false)
}

fn never<'a, R>(_: &'a Books, _: &'a R) -> Value<'a> {
    Value::Date(empty_date())
}

pub(super) const CARDS_SET: &str = "Catalog_ДисконтныеКарты";
pub(super) const OWNERS_SET: &str = "Catalog_Контрагенты";
pub(super) const PRODUCTS_SET: &str = "Catalog_Номенклатура";

pub(super) const CARDS: Layout<Card> = Layout {
    order: &[0],
    fields: &[
        Field::key("Ref_Key", Edm::Guid, |_, card| Value::Guid(card.key)),
        Field::new("DataVersion", Edm::Text, |_, card| data_version(card.version)),
        Field::new("DeletionMark", Edm::Bool, |_, card| Value::Bool(card.deletion_mark)),
        Field::link("Owner_Key", Target::Elsewhere, |_, card| Value::Guid(card.kind)),
        Field::new("Code", Edm::Text, |_, card| Value::text(&card.code)),
        Field::new("Description", Edm::Text, |_, card| Value::text(&card.description)),
        Field::link("ВладелецКарты_Key", Target::Owners, |_, card| Value::Guid(card.owner)),
        Field::new("КартаНедействительна", Edm::Bool, |_, card| {
            Value::Bool(card.invalid)
        }),
        Field::new("КодКартыМагнитный", Edm::Text, blank),
        Field::new("КодКартыШтрихкод", Edm::Text, |_, card| Value::text(&card.phone)),
        Field::new("Комментарий", Edm::Unlimited, |_, card| Value::text(&card.comment)),
        Field::new("Predefined", Edm::Bool, no),
        Field::new("PredefinedDataName", Edm::Text, blank),
    ],
};

/// Attributes that a folder lacks in real life are empty here.
pub(super) const OWNERS: Layout<Owner> = Layout {
    order: &[0],
    fields: &[
        Field::key("Ref_Key", Edm::Guid, |_, owner| Value::Guid(owner.key)),
        Field::new("DataVersion", Edm::Text, |_, owner| data_version(owner.version)),
        Field::new("DeletionMark", Edm::Bool, |_, owner| Value::Bool(owner.deletion_mark)),
        Field::link("Parent_Key", Target::Owners, |_, owner| Value::Guid(owner.parent)),
        Field::new("IsFolder", Edm::Bool, |_, owner| Value::Bool(owner.folder)),
        Field::new("Code", Edm::Text, |_, owner| Value::text(&owner.code)),
        Field::new("Description", Edm::Text, |_, owner| Value::text(&owner.name)),
        Field::new("НаименованиеПолное", Edm::Text, |_, owner| Value::text(&owner.name)),
        Field::new("ФИО", Edm::Text, |_, owner| person(owner, &owner.name)),
        Field::new("ВидКонтрагента", Edm::Text, |_, owner| person(owner, "ФизическоеЛицо")),
        Field::new("ЮридическоеФизическоеЛицо", Edm::Text, |_, owner| {
            person(owner, "ФизическоеЛицо")
        }),
        Field::new("Пол", Edm::Text, |_, owner| Value::text(owner.sex)),
        Field::new("ДатаРождения", Edm::Date, |_, owner| birthday(owner)),
        Field::new("ДатаСоздания", Edm::Date, |_, owner| created(owner)),
        Field::new("Покупатель", Edm::Bool, |_, owner| Value::Bool(!owner.folder)),
        Field::new("Поставщик", Edm::Bool, no),
        Field::new("ПрочиеОтношения", Edm::Bool, no),
        Field::new("Недействителен", Edm::Bool, no),
        Field::new("Самозанятый", Edm::Bool, no),
        Field::new("НомерТелефонаДляПоиска", Edm::Text, |_, owner| {
            Value::text(&owner.phone)
        }),
        Field::new("АдресЭПДляПоиска", Edm::Text, |_, owner| Value::text(&owner.email)),
        Field::new("ОсновныеСведения", Edm::Unlimited, |_, owner| {
            Value::text(&owner.main_details)
        }),
        Field::new("ОсновныеСведенияАктуализированы", Edm::Bool, |_, owner| Value::Bool(!owner.folder)),
        Field::new("Комментарий", Edm::Unlimited, blank),
        Field::new("ИНН", Edm::Text, blank),
        Field::new("КПП", Edm::Text, blank),
        Field::new("КодПоОКПО", Edm::Text, blank),
        Field::new("РегистрационныйНомер", Edm::Text, blank),
        Field::new("ДокументУдостоверяющийЛичность", Edm::Text, |_, owner| {
            Value::text(&owner.identity_document)
        }),
        Field::link("ГруппаДоступа_Key", Target::Elsewhere, nil),
        Field::link("Ответственный_Key", Target::Elsewhere, nil),
        Field::link("ГоловнойКонтрагент_Key", Target::Owners, |_, owner| {
            Value::Guid(owner.key)
        }),
        Field::link("КонтактноеЛицо_Key", Target::Elsewhere, nil),
        Field::link("БанковскийСчетПоУмолчанию_Key", Target::Elsewhere, nil),
        Field::link("ВалютаРасчетовПоУмолчанию_Key", Target::Elsewhere, nil),
        Field::link("ИсточникПривлеченияПокупателя_Key", Target::Elsewhere, nil),
        Field::link("СтранаРегистрации_Key", Target::Elsewhere, nil),
        Field::new("Состав", Edm::Unlimited, |_, owner| address_json(owner)),
        Field::new("КонтактнаяИнформация", Edm::Section, |books, owner| {
            section(books, Rows::All(&owner.contacts))
        }),
        Field::new("ДополнительныеРеквизиты", Edm::Section, |books, _| {
            section(books, Rows::All(&[]))
        }),
        Field::new("Predefined", Edm::Bool, no),
        Field::new("PredefinedDataName", Edm::Text, blank),
    ],
};

fn person<'a>(owner: &'a Owner, text: &'a str) -> Value<'a> {
    Value::text(if owner.folder { "" } else { text })
}

fn birthday(owner: &Owner) -> Value<'_> {
    Value::Date(if owner.folder { empty_date() } else { owner.born.and_time(NaiveTime::MIN) })
}

fn created(owner: &Owner) -> Value<'_> {
    Value::Date(if owner.folder { empty_date() } else { owner.created })
}

fn address_json(owner: &Owner) -> Value<'_> {
    if owner.address_json.is_empty() { Value::text("") } else { Value::Json(&owner.address_json) }
}

const CONTACTS_SET: &str = "Catalog_Контрагенты_КонтактнаяИнформация";

fn section<'a>(books: &'a Books, rows: Rows<'a, Contact>) -> Value<'a> {
    Value::Rows(Box::new(View { books, set: CONTACTS_SET, layout: &CONTACTS, rows }))
}

const CONTACTS: Layout<Contact> = Layout {
    order: &[0, 1],
    fields: &[
        Field::key("Ref_Key", Edm::Guid, |_, contact| Value::Guid(contact.owner)),
        Field::key("LineNumber", Edm::Int64, |_, contact| Value::Whole(i64::from(contact.line))),
        Field::new("Тип", Edm::Text, |_, contact| Value::text(contact_type(contact.kind))),
        Field::new("Вид_Key", Edm::Guid, |_, contact| Value::Guid(contact_purpose(contact.kind))),
        Field::new("Представление", Edm::Text, |_, contact| Value::text(&contact.presentation)),
        Field::new("ЗначенияПолей", Edm::Unlimited, |_, contact| fields_xml(contact)),
        Field::new("Страна", Edm::Text, |_, contact| only(contact, ContactKind::Address, "РОССИЯ")),
        Field::new("Регион", Edm::Text, blank),
        Field::new("Город", Edm::Text, |_, contact| Value::text(&contact.city)),
        Field::new("АдресЭП", Edm::Text, |_, contact| {
            only(contact, ContactKind::Email, &contact.presentation)
        }),
        Field::new("ДоменноеИмяСервера", Edm::Text, |_, contact| mail_domain(contact)),
        Field::new("НомерТелефона", Edm::Text, |_, contact| {
            only(contact, ContactKind::Phone, &contact.presentation)
        }),
        Field::new("НомерТелефонаБезКодов", Edm::Text, |_, contact| {
            only(contact, ContactKind::Phone, &contact.presentation)
        }),
        Field::new("Значение", Edm::Unlimited, |_, contact| value_json(contact)),
        Field::new("ДействуетС", Edm::Date, never),
        Field::new("ОбратныйНомерТелефона", Edm::Text, |_, contact| {
            reversed_phone(contact)
        }),
    ],
};

const fn contact_type(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Address => "Адрес",
        ContactKind::Phone => "Телефон",
        ContactKind::Email => "АдресЭлектроннойПочты",
    }
}

const fn contact_purpose(kind: ContactKind) -> Uuid {
    Uuid::from_u128(0xeeee_eeee_0000_4000_8000_0000_0000_0001 + kind as u128)
}

fn only<'a>(contact: &Contact, kind: ContactKind, text: &'a str) -> Value<'a> {
    Value::text(if contact.kind == kind { text } else { "" })
}

fn mail_domain(contact: &Contact) -> Value<'_> {
    let domain = contact.presentation.split_once('@').map_or("", |(_, domain)| domain);
    only(contact, ContactKind::Email, domain)
}

fn reversed_phone(contact: &Contact) -> Value<'_> {
    match contact.kind {
        ContactKind::Phone => Value::text(contact.presentation.chars().rev().collect::<String>()),
        ContactKind::Address | ContactKind::Email => Value::text(""),
    }
}

fn fields_xml(contact: &Contact) -> Value<'_> {
    if !contact.fields_xml.is_empty() {
        return Value::text(&contact.fields_xml);
    }
    let shown = contact.presentation.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    Value::text(format!(
        "<КонтактнаяИнформация xmlns=\"http://www.v8.1c.ru/ssl/contactinfo\" Представление=\"{shown}\"/>"
    ))
}

fn value_json(contact: &Contact) -> Value<'_> {
    let shown = serde_json::Value::from(contact.presentation.as_str());
    let kind = contact_type(contact.kind);
    let address = match contact.kind {
        ContactKind::Address => {
            ",\n\"country\": \"РОССИЯ\",\n\"addressType\": \"ВСвободнойФорме\",\n\"street\": \"\""
        }
        ContactKind::Phone | ContactKind::Email => "",
    };
    Value::text(format!("{{\n\"version\": 4,\n\"value\": {shown},\n\"type\": \"{kind}\"{address}\n}}"))
}

pub(super) const PRODUCTS: Layout<Product> = Layout {
    order: &[0],
    fields: &[
        Field::key("Ref_Key", Edm::Guid, |_, product| Value::Guid(product.key)),
        Field::new("DataVersion", Edm::Text, |_, product| data_version(product.version)),
        Field::new("DeletionMark", Edm::Bool, |_, product| Value::Bool(product.deletion_mark)),
        Field::link("Parent_Key", Target::Products, |_, product| Value::Guid(product.parent)),
        Field::new("IsFolder", Edm::Bool, |_, product| Value::Bool(product.folder)),
        Field::new("Code", Edm::Text, |_, product| Value::text(&product.code)),
        Field::new("Description", Edm::Text, |_, product| Value::text(&product.name)),
        Field::new("Артикул", Edm::Text, |_, product| Value::text(&product.article)),
        Field::new("НаименованиеПолное", Edm::Unlimited, |_, product| {
            Value::text(&product.name)
        }),
        Field::new("ТипНоменклатуры", Edm::Text, |_, product| {
            Value::text(if product.folder { "" } else { "Запас" })
        }),
        Field::new("Штрихкод", Edm::Text, blank),
        Field::link("КатегорияНоменклатуры_Key", Target::Elsewhere, nil),
        Field::link("ЕдиницаИзмерения_Key", Target::Elsewhere, nil),
        Field::new("Недействителен", Edm::Bool, no),
        Field::new("ДатаИзменения", Edm::Date, never),
        Field::new("СрокГодности", Edm::Int64, |_, _| Value::Whole(0)),
        Field::new("Predefined", Edm::Bool, no),
        Field::new("PredefinedDataName", Edm::Text, blank),
    ],
};

/// The first columns of every document: six of them.
macro_rules! header_fields {
    ($($more:expr),* $(,)?) => { &[
        Field::key("Ref_Key", Edm::Guid, |_, document| Value::Guid(document.key)),
        Field::new("DataVersion", Edm::Text, |_, document| data_version(document.version)),
        Field::new("DeletionMark", Edm::Bool, |_, document| Value::Bool(document.deletion_mark)),
        Field::new("Number", Edm::Text, |_, document| number(document)),
        Field::new("Date", Edm::Date, |_, document| Value::Date(document.date)),
        Field::new("Posted", Edm::Bool, |_, document| Value::Bool(document.posted)),
        $($more,)*
        Field::new("Комментарий", Edm::Unlimited, blank),
    ] };
}

/// By `Date`, then by key.
const BY_DATE: &[usize] = &[4, 0];

const PLAIN_DOCUMENTS: Layout<Document> = Layout { order: BY_DATE, fields: header_fields!() };

const REPORTS: Layout<Document> = Layout {
    order: BY_DATE,
    fields: header_fields!(
        Field::new("СуммаДокумента", Edm::Double, |_, document| Value::Number(
            Decimal::kopecks(document.amount)
        )),
        Field::link("КассаККМ_Key", Target::Elsewhere, nil),
    ),
};

const RECEIPTS: Layout<Document> = Layout {
    order: BY_DATE,
    fields: header_fields!(
        Field::new("СуммаДокумента", Edm::Double, |_, document| Value::Number(
            Decimal::kopecks(document.amount)
        )),
        Field::link("Заказ_Key", Target::Elsewhere, nil),
        Field::link("Контрагент_Key", Target::Owners, |books, document| {
            Value::Guid(books.card(document.card).map_or(Uuid::nil(), |card| card.owner))
        }),
        Field::link("КассаККМ_Key", Target::Elsewhere, nil),
        Field::new("НомерЧекаККМ", Edm::Int64, |_, document| Value::Whole(i64::from(
            document.number
        ))),
        Field::new("ФормаОплаты", Edm::Text, |_, _| Value::text("Наличные")),
        Field::link("ДисконтнаяКарта_Key", Target::Cards, |_, document| Value::Guid(
            document.card
        )),
    ),
};

/// Letters, a dash and six digits.
fn number(document: &Document) -> Value<'_> {
    Value::text(format!("НФНФ-{:06}", document.number))
}

/// `Catalog_ДисконтныеКарты`.
pub(in super::super) fn cards(books: &Books) -> Box<dyn Table + '_> {
    let rows = Rows::All(books.cards.items());
    Box::new(View { books, set: CARDS_SET, layout: &CARDS, rows })
}

/// `Catalog_Контрагенты`.
pub(in super::super) fn owners(books: &Books) -> Box<dyn Table + '_> {
    let rows = Rows::All(books.owners.items());
    Box::new(View { books, set: OWNERS_SET, layout: &OWNERS, rows })
}

/// The contact details of all counterparties as a set of their own.
pub(in super::super) fn contacts(books: &Books) -> Box<dyn Table + '_> {
    let rows = books.owners.items().iter().flat_map(|owner| &owner.contacts).collect();
    Box::new(View { books, set: CONTACTS_SET, layout: &CONTACTS, rows: Rows::Picked(rows) })
}

/// `Catalog_Номенклатура`.
pub(in super::super) fn products(books: &Books) -> Box<dyn Table + '_> {
    let rows = Rows::All(books.products.items());
    Box::new(View { books, set: PRODUCTS_SET, layout: &PRODUCTS, rows })
}

/// The documents of one kind, oldest first.
pub(in super::super) fn documents(books: &Books, kind: DocumentKind) -> Box<dyn Table + '_> {
    let mut rows: Vec<&Document> = books.documents().filter(|document| document.kind == kind).collect();
    rows.sort_by_key(|document| (document.date, server_order(document.key)));
    Box::new(View { books, set: kind.set(), layout: layout_of(kind), rows: Rows::Picked(rows) })
}

/// The columns of the documents of one kind.
pub(super) const fn layout_of(kind: DocumentKind) -> &'static Layout<Document> {
    match kind {
        DocumentKind::RetailReport => &REPORTS,
        DocumentKind::Receipt => &RECEIPTS,
        _ => &PLAIN_DOCUMENTS,
    }
}

/// A section without rows, for its columns.
pub(super) fn no_contacts(books: &Books) -> Box<dyn Table + '_> {
    Box::new(View { books, set: CONTACTS_SET, layout: &CONTACTS, rows: Rows::Picked(Vec::new()) })
}
