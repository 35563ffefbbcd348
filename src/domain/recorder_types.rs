//! The types of document that write the register of sales, and what the settings take each for.
//!
//! The settings decide which rows are opening balances, and with the same names 1C is asked for them: a wrong name
//! finds nothing on both sides and would prove itself. So the types there are get learned without those names, and
//! the names are held against them.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{Finding, LocalTime, RecorderType};

/// What the rows of a type of document are taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecorderRole {
    /// Totals carried over from the old system.
    OpeningBalance,
    /// Purchases and returns.
    #[default]
    Purchase,
    /// Left out of every figure.
    Ignored,
}

/// What the settings say of types of document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RecorderNames<'a> {
    /// Parts of the names of types that carry opening balances.
    pub opening_balance: &'a [String],
    /// Types that are purchases, whatever they look like: fully or by their bare name.
    pub purchases: &'a [String],
    /// Types to leave out, fully or by their bare name.
    pub ignored: &'a [String],
}

impl RecorderNames<'_> {
    /// Whether a type is named as purchases.
    fn name_as_purchases(self, recorder_type: &str) -> bool {
        self.purchases.iter().any(|named| is_type(recorder_type, named))
    }

    /// Whether a type is taken for purchases because nothing is said of it.
    fn leave_open(self, recorder_type: &str) -> bool {
        let is_purchase = RecorderRole::of(recorder_type, self) == RecorderRole::Purchase;
        is_purchase && !self.name_as_purchases(recorder_type)
    }

    /// Whether rows that are taken for purchases may be opening balances by the name of their document, or because 1C
    /// does not tell its type.
    pub fn may_miss(self, recorder_type: &RecorderType) -> bool {
        may_be_opening_balance(recorder_type) && self.leave_open(&recorder_type.0)
    }
}

impl RecorderRole {
    /// By the settings: types to leave out, then those that are purchases, then parts of the names of types that carry
    /// opening balances; all others are purchases.
    pub fn of(recorder_type: &str, names: RecorderNames<'_>) -> Self {
        if names.ignored.iter().any(|named| is_type(recorder_type, named)) {
            Self::Ignored
        } else if names.name_as_purchases(recorder_type) {
            Self::Purchase
        } else if names.opening_balance.iter().any(|part| bears(recorder_type, part)) {
            Self::OpeningBalance
        } else {
            Self::Purchase
        }
    }
}

/// Whether a type as 1C spells it is the one named, fully or by its bare name. An empty name is none: rows that come
/// without their type are not meant.
fn is_type(recorder_type: &str, named: &str) -> bool {
    !bare(named).is_empty() && bare(recorder_type) == bare(named)
}

/// Whether a type bears a part of a name; an empty part is no name.
fn bears(recorder_type: &str, part: &str) -> bool {
    !part.is_empty() && recorder_type.contains(part)
}

impl RecorderType {
    /// The type without what every type of document begins with.
    pub fn bare(&self) -> &str {
        bare(&self.0)
    }
}

/// A type without what every type of document begins with.
fn bare(recorder_type: &str) -> &str {
    let name = recorder_type.strip_prefix("StandardODATA.").unwrap_or(recorder_type);
    name.strip_prefix("Document_").unwrap_or(name)
}

/// Words in the names of documents that carry totals over: entries of balances, adjustments of registers, folded
/// bases. Source: the recorders of this register in УНФ, Розница, УТ and their kin.
const WORDS_OF_CARRYING_OVER: [&str; 7] = [
    "остатк",
    "корректировкарегистр",
    "корректировказаписейрегистр",
    "свертка",
    "свёртка",
    "перенос",
    "начальн",
];

/// Whether a type of document carries totals over, by its name.
pub fn looks_like_opening_balance(recorder_type: &str) -> bool {
    let name = bare(recorder_type).to_lowercase();
    WORDS_OF_CARRYING_OVER.iter().any(|word| name.contains(word))
}

/// Documents that carry balances over are entered within a month, and never since: everyday ones are not.
pub const WITHIN: TimeDelta = TimeDelta::days(31);

/// Whether documents of a type, whose first row is of `oldest` and of which there is none `WITHIN` later, wrote as those
/// do that carry balances over: once, and not just now. A type that is new this month is not judged yet.
pub fn wrote_once(oldest: LocalTime, has_later: bool, now: LocalTime) -> bool {
    !has_later && now - oldest > WITHIN + WITHIN
}

/// The same of all rows of a type, by the periods of the first and the last.
pub fn wrote_all_once((oldest, newest): (LocalTime, LocalTime), now: LocalTime) -> bool {
    wrote_once(oldest, newest >= oldest + WITHIN, now)
}

/// Whether rows may be opening balances by the type of their document: by its name, or because 1C does not tell it.
fn may_be_opening_balance(recorder_type: &RecorderType) -> bool {
    recorder_type.0.is_empty() || looks_like_opening_balance(&recorder_type.0)
}

/// A type of document in the register of sales.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeInUse {
    /// The type as 1C spells it; empty where 1C does not tell it.
    pub recorder_type: RecorderType,
    /// What its rows are taken for.
    pub role: RecorderRole,
    /// Whether they are taken for purchases and may be opening balances: the name says so, or when they were written, and
    /// the settings do not say otherwise.
    pub is_suspect: bool,
}

/// The types of document in the register of sales.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypesInUse {
    /// By name.
    pub types: Vec<TypeInUse>,
    /// Whether 1C said that there are no others.
    pub is_complete: bool,
}

/// What speaks against the settings' names of opening balances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamesInDoubt {
    /// Names that no document of this base bears.
    pub unborne: Vec<String>,
    /// Names that none bears whose type 1C tells: rows come without.
    #[serde(default)]
    pub untold: Vec<String>,
    /// Names that only documents bear which the settings leave out as well.
    pub left_out: Vec<String>,
    /// Types taken for opening balances by a part of their name alone, which says nothing of carrying totals over:
    /// documents of every day would count as opening balances, on both sides alike.
    pub caught: Vec<RecorderType>,
    /// Types taken for purchases that may carry totals over: by their names, or because all was written within a month.
    pub suspects: Vec<RecorderType>,
}

impl NamesInDoubt {
    /// The same as findings; `types` are all there are.
    pub fn findings<'a>(&self, types: impl Iterator<Item = &'a RecorderType>) -> Vec<Finding> {
        let texts = |types: &mut dyn Iterator<Item = &RecorderType>| {
            types.map(|it| bare(&it.0).to_owned()).collect::<Vec<_>>()
        };
        let unborne = (!self.unborne.is_empty()).then(|| Finding::OpeningNamesUnborne {
            names: self.unborne.clone(),
            types: texts(&mut { types }),
        });
        let untold = (!self.untold.is_empty()).then(|| Finding::TypesUntold { names: self.untold.clone() });
        let left_out = (!self.left_out.is_empty())
            .then(|| Finding::OpeningNamesLeftOut { names: self.left_out.clone() });
        let caught = (!self.caught.is_empty())
            .then(|| Finding::OpeningNamesTooBroad { types: texts(&mut self.caught.iter()) });
        let unnamed = (!self.suspects.is_empty())
            .then(|| Finding::OpeningTypesUnnamed { types: texts(&mut self.suspects.iter()) });
        unborne.into_iter().chain(untold).chain(left_out).chain(caught).chain(unnamed).collect()
    }

    /// Whether a name finds no opening balance.
    fn find_nothing(&self) -> bool {
        !self.unborne.is_empty() || !self.left_out.is_empty()
    }

    /// Whether a name finds no opening balance, or more than those.
    pub fn are_wrong(&self) -> bool {
        self.find_nothing() || !self.untold.is_empty() || !self.caught.is_empty()
    }

    /// Whether nothing speaks against them.
    pub fn is_nothing(&self) -> bool {
        !self.are_wrong() && self.suspects.is_empty()
    }
}

/// How far the settings' names of opening balances can be trusted to tell them from purchases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NamesTrust {
    /// Every name is borne by a document of this base, and no other type looks like an opening balance.
    #[default]
    Trusted,
    /// 1C does not tell which types there are.
    Untold,
    /// Another type looks like one.
    Suspected,
    /// A name is borne by none whose type 1C tells, and rows come without.
    Typeless,
    /// A name is borne by documents of every day as well.
    TooBroad,
    /// A name is borne by none, or by none that is not left out.
    Unborne,
    /// Some types are to be left out, and rows come without the type of their document: which rows make the total is
    /// not known.
    Nameless,
}

impl TypesInUse {
    /// The types met, each with what the settings take it for; of those in `once` all rows were written within a month,
    /// long ago.
    pub fn of<'a>(
        types: impl IntoIterator<Item = &'a RecorderType>,
        once: &BTreeSet<RecorderType>,
        names: RecorderNames<'_>,
    ) -> Self {
        let in_use = |recorder_type: &RecorderType| {
            let name = &recorder_type.0;
            let looks_so = looks_like_opening_balance(name) || once.contains(recorder_type);
            TypeInUse {
                recorder_type: recorder_type.clone(),
                role: RecorderRole::of(name, names),
                is_suspect: looks_so && names.leave_open(name),
            }
        };
        Self { types: types.into_iter().map(in_use).collect(), is_complete: false }
    }

    /// How far names of opening balances, and of what is left out, can be trusted.
    pub fn trust(&self, names: RecorderNames<'_>) -> NamesTrust {
        let doubts = self.doubts(names);
        let is_untold = !self.is_complete && !self.types.is_empty();
        if (self.has_nameless() || is_untold) && !names.ignored.is_empty() {
            NamesTrust::Nameless
        } else if doubts.find_nothing() {
            NamesTrust::Unborne
        } else if !doubts.untold.is_empty() {
            NamesTrust::Typeless
        } else if doubts.are_wrong() {
            NamesTrust::TooBroad
        } else if !doubts.suspects.is_empty() {
            NamesTrust::Suspected
        } else if is_untold {
            NamesTrust::Untold
        } else {
            NamesTrust::Trusted
        }
    }

    /// The types that are no purchases.
    pub fn set_apart(&self) -> Vec<RecorderType> {
        let is_apart = |it: &&TypeInUse| it.role != RecorderRole::Purchase;
        self.types.iter().filter(is_apart).map(|it| it.recorder_type.clone()).collect()
    }

    /// What speaks against these names of opening balances. An empty register speaks against none.
    pub fn doubts(&self, names: RecorderNames<'_>) -> NamesInDoubt {
        let opening_balance = names.opening_balance;
        if self.types.is_empty() {
            return NamesInDoubt::default();
        }
        let is_borne = |part: &str| self.types.iter().any(|it| bears(&it.recorder_type.0, part));
        let is_kept = |part: &str| {
            let mut kept = self.types.iter().filter(|it| it.role != RecorderRole::Ignored);
            kept.any(|it| bears(&it.recorder_type.0, part))
        };
        let names: BTreeSet<&String> =
            opening_balance.iter().filter(|part| !part.is_empty() && !is_kept(part)).collect();
        let (left_out, unborne) = names.into_iter().cloned().partition(|part| is_borne(part));
        // A name may be borne by what 1C does not tell.
        let (untold, unborne) =
            if self.has_nameless() { (unborne, Vec::new()) } else { (Vec::new(), unborne) };
        NamesInDoubt {
            unborne,
            untold,
            left_out,
            caught: self.caught(opening_balance).cloned().collect(),
            suspects: self.suspects().cloned().collect(),
        }
    }

    /// Names of types to leave out that none of those there are bears: mis-spelled, or without a document yet. An empty
    /// register speaks against none, and a list that is not complete, or has rows without a type, may lack them.
    pub fn unborne_ignored(&self, ignored: &[String]) -> Option<Finding> {
        if self.types.is_empty() || !self.is_complete || self.has_nameless() {
            return None;
        }
        let is_borne = |named: &str| self.types.iter().any(|it| is_type(&it.recorder_type.0, named));
        let names: BTreeSet<&String> = ignored.iter().filter(|named| !is_borne(named)).collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let types = || self.types.iter().map(|it| it.recorder_type.bare().to_owned()).collect();
        (!names.is_empty()).then(|| Finding::IgnoredNamesUnborne { names, types: types() })
    }

    /// Types that nobody need ask 1C for again: purchases of every day. What is set apart is read every time, and what
    /// may be an opening balance is asked for until it is gone.
    pub fn everyday(&self) -> impl Iterator<Item = &RecorderType> {
        let is_everyday = |it: &&TypeInUse| {
            it.role == RecorderRole::Purchase && !it.is_suspect && !it.recorder_type.0.is_empty()
        };
        self.types.iter().filter(is_everyday).map(|it| &it.recorder_type)
    }

    /// Types taken for purchases that may be opening balances.
    pub fn suspects(&self) -> impl Iterator<Item = &RecorderType> {
        self.types.iter().filter(|it| it.is_suspect).map(|it| &it.recorder_type)
    }

    /// Types taken for opening balances that neither look like them nor are named in full.
    fn caught(&self, opening_balance: &[String]) -> impl Iterator<Item = &RecorderType> {
        let is_meant = |recorder_type: &RecorderType| {
            looks_like_opening_balance(&recorder_type.0)
                || opening_balance.iter().any(|named| is_type(&recorder_type.0, named))
        };
        self.of_role(RecorderRole::OpeningBalance).filter(move |it| !is_meant(it))
    }

    /// The types that are taken for this.
    pub fn of_role(&self, role: RecorderRole) -> impl Iterator<Item = &RecorderType> {
        self.types.iter().filter(move |it| it.role == role).map(|it| &it.recorder_type)
    }

    /// Whether some rows come without the type of their document.
    pub fn has_nameless(&self) -> bool {
        self.types.iter().any(|it| it.recorder_type.0.is_empty())
    }

    /// A line for the settings that names every type that is an opening balance by them, or looks like one by its name;
    /// `None` where there is none. Of what only wrote once, people have to say what it is.
    pub fn proposal(&self) -> Option<Vec<String>> {
        let is_opening = |it: &&TypeInUse| {
            it.role == RecorderRole::OpeningBalance
                || (it.is_suspect && looks_like_opening_balance(&it.recorder_type.0))
        };
        let openings = self.types.iter().filter(is_opening);
        let names: Vec<_> = openings.map(|it| it.recorder_type.bare().to_owned()).collect();
        (!names.is_empty()).then_some(names)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const OPENING: &str = "StandardODATA.Document_ВводНачальныхОстатков";
    const RECEIPT: &str = "StandardODATA.Document_ЧекККМ";

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn in_use(types: &[&str], opening: &[&str], ignored: &[&str]) -> TypesInUse {
        named(types, &[], opening, &[], ignored)
    }

    fn named(
        types: &[&str],
        once: &[&str],
        opening: &[&str],
        purchases: &[&str],
        ignored: &[&str],
    ) -> TypesInUse {
        let of = |name: &&str| RecorderType(Arc::from(*name));
        let (met, once): (Vec<_>, BTreeSet<_>) =
            (types.iter().map(of).collect(), once.iter().map(of).collect());
        let lists = [opening, purchases, ignored].map(strings);
        let [opening_balance, purchases, ignored] = &lists;
        let names = RecorderNames { opening_balance, purchases, ignored };
        TypesInUse { is_complete: true, ..TypesInUse::of(&met, &once, names) }
    }

    /// The same lists as the settings have them.
    fn opening<'a>(opening_balance: &'a [String], ignored: &'a [String]) -> RecorderNames<'a> {
        RecorderNames { opening_balance, ignored, ..RecorderNames::default() }
    }

    #[test]
    fn a_part_of_a_name_that_fits_documents_of_every_day_is_too_broad() {
        for (names, caught) in [
            (&["Чек"][..], &[RECEIPT][..]),
            (&["ЧекККМ"], &[]),
            (&["Ввод"], &[]),
            (&["Ввод", "Чек"], &[RECEIPT]),
            (&["Ввод", "ЧекККМ"], &[]),
        ] {
            let names = strings(names);
            let types =
                in_use(&[OPENING, RECEIPT], &names.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
            let found: Vec<_> = types.doubts(opening(&names, &[])).caught;
            assert_eq!(found.iter().map(|it| &*it.0).collect::<Vec<_>>(), caught, "{names:?}");
        }
    }

    #[test]
    fn the_settings_say_what_a_type_is_taken_for() {
        use RecorderRole::{Ignored, OpeningBalance, Purchase};
        for (name, opening, ignored, role) in [
            (OPENING, &["ВводНачальныхОстатков"][..], &[][..], OpeningBalance),
            (OPENING, &["вводначальныхостатков"], &[], Purchase),
            (OPENING, &[""], &[], Purchase),
            (OPENING, &["Ввод"], &["ВводНачальныхОстатков"], Ignored),
            ("", &[], &["", "Document_"], Purchase),
            (RECEIPT, &["Ввод"], &["ЧекККМ"], Ignored),
            (RECEIPT, &["Ввод"], &["Document_ЧекККМ"], Ignored),
            (RECEIPT, &["Ввод"], &[RECEIPT], Ignored),
            (RECEIPT, &["Ввод"], &["Чек"], Purchase),
            ("", &["Ввод"], &[], Purchase),
        ] {
            assert_eq!(
                RecorderRole::of(name, self::opening(&strings(opening), &strings(ignored))),
                role,
                "{name} {opening:?}"
            );
        }
    }

    #[test]
    fn a_name_that_no_document_bears_is_in_doubt() {
        let types = [OPENING, RECEIPT];
        for (names, unborne) in [
            (&["ВводНачальныхОстатков"][..], &[][..]),
            (&["Ввод"], &[]),
            (&[], &[]),
            (&["вводначальныхостатков"], &["вводначальныхостатков"]),
            (&["ВводНачальныхОстатков", "ПереносДанных"], &["ПереносДанных"]),
            (&["ВводОстатковПоНакопительнымСкидкам"], &["ВводОстатковПоНакопительнымСкидкам"]),
        ] {
            let doubts = in_use(&types, names, &[]).doubts(opening(&strings(names), &[]));
            assert_eq!(doubts.unborne, strings(unborne), "{names:?}");
        }
        assert!(
            TypesInUse::default().doubts(opening(&strings(&["X"]), &[])).is_nothing(),
            "an empty register proves nothing"
        );
    }

    #[test]
    fn names_are_trusted_as_far_as_the_types_are_known() {
        let names = ["ВводНачальныхОстатков"];
        let some = |types: &[&str]| TypesInUse { is_complete: false, ..in_use(types, &names, &[]) };
        for (types, trust) in [
            (in_use(&[OPENING, RECEIPT], &names, &[]), NamesTrust::Trusted),
            (some(&[OPENING, RECEIPT]), NamesTrust::Untold),
            (some(&[]), NamesTrust::Trusted),
            (in_use(&[OPENING, RECEIPT], &names, &names), NamesTrust::Unborne),
            (in_use(&[OPENING, "Document_ПереносДанных"], &names, &[]), NamesTrust::Suspected),
            (in_use(&[RECEIPT, "Document_ПереносДанных"], &names, &[]), NamesTrust::Unborne),
        ] {
            assert_eq!(types.trust(opening(&strings(&names), &[])), trust, "{types:?}");
            let is_nothing = types.doubts(opening(&strings(&names), &[])).is_nothing();
            assert_eq!(is_nothing, trust < NamesTrust::Suspected, "{types:?}");
        }
    }

    #[test]
    fn what_is_left_out_is_not_known_where_the_types_are_not() {
        let names = ["ВводНачальныхОстатков"];
        for (types, is_complete, ignored, trust) in [
            (&[OPENING, RECEIPT][..], false, &["ЧекККМ"][..], NamesTrust::Nameless),
            (&[OPENING, RECEIPT], false, &[], NamesTrust::Untold),
            (&[OPENING, RECEIPT], true, &["ЧекККМ"], NamesTrust::Trusted),
            (&[OPENING, ""], true, &["ЧекККМ"], NamesTrust::Nameless),
        ] {
            let types = TypesInUse { is_complete, ..in_use(types, &names, ignored) };
            assert_eq!(types.trust(opening(&strings(&names), &strings(ignored))), trust, "{types:?}");
        }
    }

    #[test]
    fn a_type_that_carries_totals_over_and_is_not_named_is_suspected() {
        let names = ["ВводНачальныхОстатков"];
        for (name, is_suspect) in [
            ("StandardODATA.Document_КорректировкаРегистров", true),
            ("StandardODATA.Document_КорректировкаЗаписейРегистров", true),
            ("StandardODATA.Document_ВводОстатковПоНакопительнымСкидкам", true),
            ("StandardODATA.Document_УдалитьСверткаИзУправляющейСистемы", true),
            ("StandardODATA.Document_ПереносДанных", true),
            ("StandardODATA.Document_КорректировкаРеализации", false),
            (RECEIPT, false),
        ] {
            let doubts = in_use(&[OPENING, name], &names, &[]).doubts(opening(&strings(&names), &[]));
            assert_eq!(!doubts.suspects.is_empty(), is_suspect, "{name}");
        }
        let ignored = in_use(&["Document_ПереносДанных"], &[], &["ПереносДанных"]);
        assert!(ignored.doubts(RecorderNames::default()).is_nothing(), "what is left out is no purchase");
    }

    #[test]
    fn the_proposal_names_every_type_that_carries_totals_over() {
        let other = "StandardODATA.Document_КорректировкаРегистров";
        let types = in_use(&[OPENING, other, RECEIPT], &[], &[]);
        assert_eq!(types.proposal(), Some(strings(&["ВводНачальныхОстатков", "КорректировкаРегистров"])));
        assert_eq!(in_use(&[RECEIPT], &[], &[]).proposal(), None);
        let named = in_use(&[RECEIPT, other], &["ЧекККМ"], &[]);
        assert_eq!(
            named.proposal(),
            Some(strings(&["ЧекККМ", "КорректировкаРегистров"])),
            "what is named stays"
        );
    }

    #[test]
    fn a_name_catches_a_type_that_neither_looks_like_a_balance_nor_is_named_in_full() {
        const ORDER: &str = "StandardODATA.Document_ВводЗаказа";
        for (names, caught) in [(&["Ввод"][..], &[ORDER][..]), (&["Ввод", "ВводЗаказа"], &[])]
        {
            let doubts = in_use(&[OPENING, ORDER, RECEIPT], names, &[]).doubts(opening(&strings(names), &[]));
            let found: Vec<_> = doubts.caught.iter().map(|it| it.0.as_ref()).collect();
            assert_eq!(found, caught, "{names:?}");
        }
    }

    #[test]
    fn a_type_that_wrote_once_long_ago_is_suspected_whatever_it_is_called() {
        const LOAD: &str = "StandardODATA.Document_ЗагрузкаСальдо";
        let suspects = |once: &[&str], opening: &[&str], purchases: &[&str], ignored: &[&str]| {
            let types = named(&[OPENING, LOAD, RECEIPT], once, opening, purchases, ignored);
            types.suspects().map(|it| it.bare().to_owned()).collect::<Vec<_>>()
        };
        let usual = ["ВводНачальныхОстатков"];
        assert_eq!(suspects(&[], &usual, &[], &[]), [""; 0]);
        assert_eq!(suspects(&[LOAD], &usual, &[], &[]), ["ЗагрузкаСальдо"]);
        assert_eq!(suspects(&[LOAD], &usual, &["ЗагрузкаСальдо"], &[]), [""; 0], "they said what it is");
        assert_eq!(suspects(&[LOAD], &usual, &[], &["ЗагрузкаСальдо"]), [""; 0]);
        assert_eq!(suspects(&[LOAD], &["ВводНачальныхОстатков", "ЗагрузкаСальдо"], &[], &[]), [""; 0]);
        assert_eq!(suspects(&[], &[], &["ВводНачальныхОстатков"], &[]), [""; 0], "whatever it looks like");
        let types = named(&[OPENING, LOAD, RECEIPT], &[LOAD], &usual, &[], &[]);
        assert_eq!(types.proposal(), Some(strings(&usual)), "nobody knows what it is");
        assert_eq!(types.everyday().map(RecorderType::bare).collect::<Vec<_>>(), ["ЧекККМ"]);
    }

    #[test]
    fn what_is_named_as_purchases_is_no_opening_balance_by_a_part_of_its_name() {
        let lists = [strings(&["Ввод"]), strings(&["ВводЗаказа"])];
        let [opening_balance, purchases] = &lists;
        let names = RecorderNames { opening_balance, purchases, ignored: &[] };
        assert_eq!(RecorderRole::of("StandardODATA.Document_ВводЗаказа", names), RecorderRole::Purchase);
        assert_eq!(RecorderRole::of(OPENING, names), RecorderRole::OpeningBalance);
    }

    #[test]
    fn a_month_of_rows_and_silence_since_is_once() {
        let day = |day: i64| chrono::DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::days(day);
        for (oldest, has_later, now, once) in
            [(0, false, 63, true), (0, false, 62, false), (0, true, 400, false), (390, false, 400, false)]
        {
            assert_eq!(wrote_once(day(oldest), has_later, day(now)), once, "{oldest} {has_later} {now}");
        }
    }
}
