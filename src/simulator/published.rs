//! What is published: entity sets by name, registers with virtual tables.

use super::books::{Books, DocumentKind};
use super::table::{self, Table};

/// The register of sales, by recorder; its rows are the same with `_RecordType`.
pub(super) const SALES: &str = "AccumulationRegister_ПродажиПоДисконтнымКартам";
/// The register of bonus points.
pub(super) const BONUSES: &str = "AccumulationRegister_БонусныеБаллы";
pub(super) const OWNERS: &str = "Catalog_Контрагенты";
pub(super) const PRODUCTS: &str = "Catalog_Номенклатура";

/// Every entity set, in the order of the service document.
pub(super) const SETS: [&str; 12] = [
    "Catalog_ДисконтныеКарты",
    OWNERS,
    "Catalog_Контрагенты_КонтактнаяИнформация",
    PRODUCTS,
    "Document_ВводНачальныхОстатков",
    "Document_НачислениеСписаниеБонусныхБаллов",
    "Document_ОтчетОРозничныхПродажах",
    "Document_ЧекККМ",
    BONUSES,
    "AccumulationRegister_БонусныеБаллы_RecordType",
    SALES,
    "AccumulationRegister_ПродажиПоДисконтнымКартам_RecordType",
];

/// The table behind an entity set.
pub(super) fn open<'a>(books: &'a Books, set: &str) -> Option<Box<dyn Table + 'a>> {
    Some(match set {
        "Catalog_ДисконтныеКарты" => table::cards(books),
        OWNERS => table::owners(books),
        "Catalog_Контрагенты_КонтактнаяИнформация" => table::contacts(books),
        PRODUCTS => table::products(books),
        SALES => table::sale_record_sets(books),
        BONUSES => table::bonus_record_sets(books),
        "AccumulationRegister_ПродажиПоДисконтнымКартам_RecordType" => {
            table::sale_rows(books)
        }
        "AccumulationRegister_БонусныеБаллы_RecordType" => table::bonus_rows(books),
        _ => {
            let kind = DocumentKind::of_set(set).filter(|kind| is_kept(books, *kind))?;
            return Some(table::documents(books, kind));
        }
    })
}

/// The sets of documents that are published because the books hold such documents.
pub(super) fn more_documents(books: &Books) -> impl Iterator<Item = &'static str> {
    let more = DocumentKind::ALL.iter().filter(|kind| !DocumentKind::USUAL.contains(kind));
    more.filter(|kind| is_kept(books, **kind)).map(|kind| kind.set())
}

fn is_kept(books: &Books, kind: DocumentKind) -> bool {
    DocumentKind::USUAL.contains(&kind) || books.documents().any(|document| document.kind == kind)
}
