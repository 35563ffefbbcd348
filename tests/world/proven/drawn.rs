//! What a case is made of: settings that are right, wrong, mis-spelled or partial, and servers that behave, lie, refuse
//! or forget.

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, TimeDelta};
use sverka_simulator::{
    Books, DocumentKind, Fault, FaultKind, Faults, Misgiving, Rate, Shape, Treatment, Way,
};
use uuid::Uuid;

use super::truth::{CARRY_OVER, NEUTRAL, Names};
use super::witness::Liars;
use crate::chance::Chance;

/// What settings may say of opening balances.
const OPENING: &[&[&str]] = &[
    &["ВводНачальныхОстатков"],
    &["StandardODATA.Document_ВводНачальныхОстатков"],
    &["Ввод"],
    &["Остатков"],
    &["НачальныхОстатков", "КорректировкаРегистров"],
    &["ВводНачальныхОстатков", "ВводОстатков"],
    &["ВводНачальныхОстатков", "Перенос"],
    &[],
    &[""],
    &["вводначальныхостатков"],
    &["ВводНачальныхОстаков"],
    &["ВводНачальныxОстатков"],
    &[" ВводНачальныхОстатков"],
    &["ВводОстатковПоНакопительнымСкидкам"],
    &["КорректировкаРегистров"],
    &["ПереносДанных"],
    &["Отчет"],
];

/// What settings may leave out.
const IGNORED: &[&[&str]] = &[
    &["ОтчетОРозничныхПродажах"],
    &["StandardODATA.Document_ОтчетОРозничныхПродажах"],
    &["Document_ЧекККМ"],
    &["ЧекККМ", "ЧекККМВозврат"],
    &["Чек"],
    &["чекккм"],
    &["ОтчетОРозничныхПродаж"],
    &["ВводНачальныхОстатков"],
    &["КорректировкаРегистров"],
    &["ВводОстатков"],
    &[""],
];

pub fn names(chance: &mut Chance) -> Names {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
    let opening = if chance.one_in(3) { OPENING[0] } else { chance.pick(OPENING).unwrap() };
    let ignored = if chance.percent(70) { &[] } else { *chance.pick(IGNORED).unwrap() };
    Names { opening_balance: words(opening), ignored: words(ignored) }
}

/// Kinds of faults that a base has, or has not, for ever.
const ODDITIES: &[FaultKind] = &[
    FaultKind::FiltersRefused,
    FaultKind::FiltersRejected,
    FaultKind::FilterIgnored,
    FaultKind::PlusIgnored,
    FaultKind::OrderIgnored,
    FaultKind::KeyOrderRefused,
    FaultKind::TopIgnored,
    FaultKind::CountRefused,
    FaultKind::InlinecountUnlimited,
    FaultKind::VirtualTablesMissing,
    FaultKind::OwnersMissing,
    FaultKind::ProductsMissing,
    FaultKind::PointsMissing,
    FaultKind::FieldsMissing,
    FaultKind::UntypedRows,
    FaultKind::DatesWithOffset,
    FaultKind::DecimalComma,
    FaultKind::RecorderKey,
    FaultKind::Nulls,
    FaultKind::NumbersAsStrings,
    FaultKind::ExponentNumbers,
    FaultKind::LongNumbers,
    FaultKind::PointsByOwner,
];

/// Kinds of faults that strike now and then.
const PASSING: &[FaultKind] = &[
    FaultKind::Status500,
    FaultKind::Status502,
    FaultKind::Status503,
    FaultKind::CutBody,
    FaultKind::Close,
    FaultKind::Html200,
    FaultKind::Error200,
    FaultKind::EmptyBody,
    FaultKind::RightsRefused,
    FaultKind::RepeatedRows,
    FaultKind::MissingRows,
    FaultKind::BrokenRows,
    FaultKind::WrongCount,
    FaultKind::WrongTotals,
    FaultKind::EmptyPages,
    FaultKind::HalfPages,
    FaultKind::DuplicateKeys,
    FaultKind::ShiftingRows,
    FaultKind::ReenteredOpenings,
    FaultKind::OpeningCorrections,
    FaultKind::TwinRows,
    FaultKind::DoubledSales,
    FaultKind::FutureRows,
];

/// Those among them that a base has in its books from the beginning.
const OF_BOOKS: &[FaultKind] =
    &[FaultKind::OpeningCorrections, FaultKind::TwinRows, FaultKind::DoubledSales, FaultKind::FutureRows];

/// Fields a base may lack.
const FIELDS: &[&str] =
    &["Active", "LineNumber", "Recorder_Type", "Recorder", "Period", "RecordType", "Code"];
/// Sets a base may not publish.
const SETS: &[&str] = &[
    "AccumulationRegister_БонусныеБаллы_RecordType",
    "AccumulationRegister_БонусныеБаллы",
    "AccumulationRegister_ПродажиПоДисконтнымКартам",
    "Catalog_Контрагенты",
    "Catalog_Номенклатура",
    "Document_ВводНачальныхОстатков",
];

/// The greatest error of a clock: ten years of minutes.
const DECADE: u64 = 10 * 365 * 24 * 60;

/// How many of a base's faults are drawn, at most.
const MOST: u64 = 3;

/// Faults of a base, how they are written, and which witnesses they leave.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    pub faults: Faults,
    pub words: String,
    pub liars: Liars,
}

/// Up to three faults.
pub fn faults(chance: &mut Chance) -> Drawn {
    faults_of(chance, |_| true)
}

/// Up to three of the faults that are a server's manner: the same question has the same answer whenever it is asked, and
/// whoever asks. What strikes now and then meets one run and spares the next, and tells nothing of either.
pub fn manners(chance: &mut Chance) -> Drawn {
    faults_of(chance, |fault| match fault {
        Fault::Kind(kind, _) => !PASSING.contains(kind) || OF_BOOKS.contains(kind),
        // A part of the rows that is left out is always the same part.
        Fault::Way(it) => it.treatment == Treatment::Shorten || it.rate == Rate::ALWAYS,
        Fault::WithoutFields(_) | Fault::WithoutSets(_) => true,
    })
}

fn faults_of(chance: &mut Chance, is_wanted: impl Fn(&Fault) -> bool) -> Drawn {
    let (mut drawn, mut words) = (Drawn::default(), Vec::new());
    for _ in 0..chance.below(MOST + 1) {
        let (fault, word) = fault(chance);
        if is_wanted(&fault) {
            drawn.liars = drawn.liars | Liars::of(&fault);
            drawn.faults = drawn.faults.with(fault);
            words.push(word);
        }
    }
    Drawn { words: words.join(", "), ..drawn }
}

fn fault(chance: &mut Chance) -> (Fault, String) {
    let kind = |kind: FaultKind, rate, word: String| (Fault::Kind(kind, rate), format!("{kind}={word}"));
    match chance.below(12) {
        0..=3 => {
            let (way, shape) = (*chance.pick(Way::ALL).unwrap(), *chance.pick(Shape::SEEN).unwrap());
            let misgiving =
                Misgiving { way, treatment: Treatment::Refuse, shape: Some(shape), rate: Rate::ALWAYS };
            (Fault::Way(misgiving), format!("{misgiving}={shape}"))
        }
        4..=6 => {
            let treatments = [Treatment::Ignore, Treatment::Shorten, Treatment::Empty];
            let treatment = *chance.pick(&treatments).unwrap();
            let ways: Vec<Way> = Way::ALL.iter().copied().filter(|way| way.takes(treatment)).collect();
            let way = *chance.pick(&ways).unwrap();
            let percent = *chance.pick(&[100, 100, 50, 20]).unwrap();
            let misgiving = Misgiving { way, treatment, shape: None, rate: Rate::percent(percent) };
            (Fault::Way(misgiving), format!("{misgiving}=0.{percent:02}"))
        }
        7 | 8 => kind(*chance.pick(ODDITIES).unwrap(), Rate::ALWAYS, "1".into()),
        9 => {
            let percent = u32::try_from(chance.between(2, 40)).unwrap();
            kind(*chance.pick(PASSING).unwrap(), Rate::percent(percent), format!("0.{percent:02}"))
        }
        10 => {
            let minutes = u32::try_from(chance.below(DECADE)).unwrap() >> chance.below(20);
            let clock = *chance.pick(&[FaultKind::ClockAhead, FaultKind::ClockBehind]).unwrap();
            kind(clock, Rate::number(minutes), minutes.to_string())
        }
        _ if chance.one_in(2) => {
            let field = (*chance.pick(FIELDS).unwrap()).to_owned();
            (Fault::WithoutFields(vec![field.clone()]), format!("without-fields={field}"))
        }
        _ => {
            let set = (*chance.pick(SETS).unwrap()).to_owned();
            (Fault::WithoutSets(vec![set.clone()]), format!("without-sets={set}"))
        }
    }
}

/// Seconds by which this machine's clock is ahead of 1C's, or behind it: up to ten years.
pub fn ahead(chance: &mut Chance) -> i64 {
    let most = i64::try_from(DECADE).unwrap() * 60;
    chance.between(-most, most) >> chance.below(28)
}

/// Somebody carried totals over by documents whose name does not tell it: some of those there are, or all, within a month.
pub fn carry_over_by_hand(chance: &mut Chance, books: &mut Books, now: NaiveDateTime) -> usize {
    let (percent, from) =
        (*chance.pick(&[30, 70, 100]).unwrap(), now - TimeDelta::days(chance.between(100, 900)));
    let openings: BTreeSet<Uuid> =
        books.sales().filter(|sale| CARRY_OVER.contains(&sale.kind)).map(|sale| sale.recorder).collect();
    let chosen: Vec<Uuid> = openings.into_iter().filter(|_| chance.percent(percent)).collect();
    for opening in &chosen {
        let Some(entry) = books.reenter(*opening, NEUTRAL) else { continue };
        let rows: Vec<_> =
            books.sales().filter(|sale| sale.recorder == entry).map(|sale| sale.line).collect();
        for line in rows {
            let period = from + TimeDelta::days(chance.between(0, 20));
            books.change_sale(entry, line, |row| row.period = period);
        }
    }
    chosen.len()
}

/// Somebody enters a document again under another type, or totals by a document of another kind.
pub fn reenter(chance: &mut Chance, books: &mut Books, now: NaiveDateTime) -> Option<String> {
    const SALES: [DocumentKind; 5] = [
        DocumentKind::SalesInvoice,
        DocumentKind::RetailReport,
        DocumentKind::WorkCompletion,
        DocumentKind::CustomerOrder,
        DocumentKind::SalesCorrection,
    ];
    let is_opening = chance.percent(70);
    let mut documents: Vec<Uuid> = books
        .sales()
        .filter(|sale| CARRY_OVER.contains(&sale.kind) == is_opening)
        .map(|sale| sale.recorder)
        .collect();
    documents.dedup();
    let document = *chance.pick(&documents)?;
    let others: &[DocumentKind] = if is_opening == chance.one_in(8) { &SALES } else { &CARRY_OVER };
    let kind = *chance.pick(others).unwrap();
    if chance.one_in(4) {
        let line = books.sales().find(|sale| sale.recorder == document)?.row;
        let period = now - TimeDelta::days(chance.between(0, 900));
        books.post(kind, period, vec![sverka_simulator::SaleLine { period, ..line }], Vec::new());
        return Some(format!("rows are entered once more as {}", kind.set()));
    }
    books.reenter(document, kind)?;
    Some(format!("a document is entered anew as {}", kind.set()))
}
