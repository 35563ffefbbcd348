//! Under which settings a generation was read: what its figures mean.
//!
//! A name of 1C's set or field, or a part of a recorder type, decides which rows a figure is made of. Where today's
//! settings are others, what the last sync proved is a figure of the same name and another meaning.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::recorder_types::{RecorderNames, looks_like_opening_balance};
use super::{Finding, NamesInDoubt, NamesTrust, PointsRule, RecorderRole, RecorderType, TypesInUse};

/// Settings that decide what the figures of a customer are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Tells the address of the base; 0 where it was not kept.
    pub address: u64,
    /// Tells apart all names of sets and fields, with the parts of recorder types.
    pub names: u64,
    /// Names of sets and fields that are not the usual ones, by their key in the configuration.
    pub named: BTreeMap<String, String>,
    /// Parts of recorder types that make a row an opening balance.
    pub opening_balance: Vec<String>,
    /// Recorder types that are purchases, whatever they look like.
    pub purchase_recorders: Vec<String>,
    /// Recorder types whose rows are left out.
    pub ignored_recorders: Vec<String>,
    /// Days of the window; 0 is all history.
    pub days: u32,
    /// The rule of points.
    pub points_rule: PointsRule,
}

/// One of those settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Setting {
    /// The address of the base.
    Address,
    /// Names of sets and fields.
    Names,
    /// What makes a row an opening balance.
    OpeningBalance,
    /// What is a purchase, whatever it looks like.
    PurchaseRecorders,
    /// What is left out.
    IgnoredRecorders,
    /// The window.
    Window,
    /// The rule of points.
    PointsRule,
}

impl Setting {
    /// Its name in machine-readable output: the key in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "onec.url",
            Self::Names => "onec.names",
            Self::OpeningBalance => "onec.names.opening_balance",
            Self::PurchaseRecorders => "onec.names.purchase_recorders",
            Self::IgnoredRecorders => "onec.names.ignored_recorders",
            Self::Window => "sync.days",
            Self::PointsRule => "points.rule",
        }
    }

    /// Whether a figure of the same name means other rows once this is another. Window and rule are shown with every
    /// figure and taken from the generation itself; names are not.
    pub fn changes_meaning(self) -> bool {
        matches!(
            self,
            Self::Address
                | Self::Names
                | Self::OpeningBalance
                | Self::PurchaseRecorders
                | Self::IgnoredRecorders
        )
    }
}

impl Settings {
    /// What they say of types of document.
    pub fn recorder_names(&self) -> RecorderNames<'_> {
        RecorderNames {
            opening_balance: &self.opening_balance,
            purchases: &self.purchase_recorders,
            ignored: &self.ignored_recorders,
        }
    }

    /// What of these settings is another than `today`. The order of lists does not matter.
    pub fn other_than(&self, today: &Self) -> Vec<Setting> {
        let mut others = Vec::new();
        let mut tell = |setting, is_other: bool| others.extend(is_other.then_some(setting));
        let opening = is_other_set(&self.opening_balance, &today.opening_balance);
        let purchases = is_other_set(&self.purchase_recorders, &today.purchase_recorders);
        let ignored = is_other_set(&self.ignored_recorders, &today.ignored_recorders);
        // The digest is of all of them: where no list explains that it is another, the names do.
        let is_explained = self.opening_balance != today.opening_balance
            || self.purchase_recorders != today.purchase_recorders
            || self.ignored_recorders != today.ignored_recorders;
        let is_known = self.address != 0 && today.address != 0;
        tell(Setting::Address, is_known && self.address != today.address);
        tell(Setting::Names, self.named != today.named || (self.names != today.names && !is_explained));
        tell(Setting::OpeningBalance, opening);
        tell(Setting::PurchaseRecorders, purchases);
        tell(Setting::IgnoredRecorders, ignored);
        tell(Setting::Window, self.days != today.days);
        tell(Setting::PointsRule, self.points_rule != today.points_rule);
        others
    }
}

fn is_other_set(one: &[String], other: &[String]) -> bool {
    let sorted = |words: &[String]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.dedup();
        words
    };
    sorted(one) != sorted(other)
}

/// A type of document that writes the register of sales.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecorderTypeRows {
    /// The type, as received.
    pub recorder_type: RecorderType,
    /// Rows 1C counted of it; `None` where it was not asked to. Earlier versions kept that as nothing.
    #[serde(default, deserialize_with = "counted")]
    pub rows: Option<u64>,
    /// What they are taken for.
    #[serde(default)]
    pub role: RecorderRole,
    /// Whether all of them were written within a month, long ago.
    #[serde(default)]
    pub wrote_once: bool,
}

fn counted<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(Option::deserialize(deserializer)?.filter(|rows| *rows > 0))
}

/// Which of 1C's own answers a generation was compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Its turnovers.
    pub turnovers: bool,
    /// Its opening balances, a second time.
    pub opening: bool,
    /// Its balances of points.
    pub balances: bool,
}

/// How a generation was read. Kept with it; what an earlier version did not keep is missing here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadUnder {
    /// The settings.
    pub settings: Settings,
    /// Some cards were carried over from a generation that was read under other settings.
    pub is_mixed: bool,
    /// Types of documents that write the register of sales, as 1C has them; none where they were not asked for.
    pub recorder_types: Vec<RecorderTypeRows>,
    /// Whether 1C said that there are no other types.
    pub are_types_complete: bool,
    /// What 1C answered; `None` where that was not kept.
    pub asked: Option<Asked>,
}

impl ReadUnder {
    /// The types of document it met, by what `settings` take them for.
    pub fn types_in_use(&self, settings: &Settings) -> TypesInUse {
        let types = self.recorder_types.iter().map(|it| &it.recorder_type);
        let once = self.recorder_types.iter().filter(|it| it.wrote_once);
        let once = once.map(|it| it.recorder_type.clone()).collect();
        let types = TypesInUse::of(types, &once, settings.recorder_names());
        TypesInUse { is_complete: self.are_types_complete, ..types }
    }
}

/// The settings of a generation beside those of today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Under {
    /// How the generation was read; `None` where nothing tells.
    pub read: Option<ReadUnder>,
    /// The settings of today; `None` where nobody asked for them.
    pub today: Option<Settings>,
    /// What of the generation's is another today.
    pub others: Vec<Setting>,
    /// How far today's names of opening balances can be trusted, by the types of document there are.
    pub trust: NamesTrust,
    /// What speaks against them.
    pub doubts: NamesInDoubt,
}

impl Under {
    /// A generation read so, beside the settings of today.
    pub fn of(read: Option<ReadUnder>, today: &Settings) -> Self {
        let others = read.as_ref().map(|read| read.settings.other_than(today)).unwrap_or_default();
        let types = read.as_ref().map(|read| read.types_in_use(today)).unwrap_or_default();
        let trust = types.trust(today.recorder_names());
        let doubts = types.doubts(today.recorder_names());
        Self { read, today: Some(today.clone()), others, trust, doubts }
    }

    /// Whether the settings of today leave out the rows of some documents.
    pub fn leaves_out(&self) -> bool {
        self.today.as_ref().is_some_and(|today| !today.ignored_recorders.is_empty())
    }

    /// The same beside types of document that were told since: names are held against these too.
    #[must_use]
    pub fn with_types(mut self, told: &TypesInUse) -> Self {
        let Some(today) = self.today.clone() else { return self };
        let Some(read) = &mut self.read else {
            let trust = told.trust(today.recorder_names());
            let doubts = told.doubts(today.recorder_names());
            return Self { trust, doubts, ..self };
        };
        for it in &told.types {
            if read.recorder_types.iter().all(|known| known.recorder_type != it.recorder_type) {
                let (recorder_type, role) = (it.recorder_type.clone(), it.role);
                let wrote_once = it.is_suspect;
                read.recorder_types.push(RecorderTypeRows { recorder_type, rows: None, role, wrote_once });
            }
        }
        read.are_types_complete = told.is_complete;
        let of_all = Self::of(self.read, &today);
        if told.is_complete { of_all.by_types_there_are(told, &today) } else { of_all }
    }

    /// Where all types are told: a name that only documents bore that are gone finds nothing.
    fn by_types_there_are(mut self, told: &TypesInUse, today: &Settings) -> Self {
        let names = today.recorder_names();
        let NamesInDoubt { unborne, untold, left_out, .. } = told.doubts(names);
        self.trust = self.trust.max(told.trust(names));
        self.doubts = NamesInDoubt { unborne, untold, left_out, ..self.doubts };
        self
    }

    /// Whether what its sync proved means something else today.
    pub fn is_other(&self) -> bool {
        let is_mixed = self.read.as_ref().is_some_and(|read| read.is_mixed);
        is_mixed || self.others.iter().any(|setting| setting.changes_meaning())
    }

    /// Whether rows that are taken for purchases may be opening balances, by the type of their document: under the settings
    /// of the generation, or under those of today.
    pub fn may_miss(&self, recorder_type: &RecorderType) -> bool {
        let read = self.read.as_ref().map(|read| &read.settings);
        let mut known =
            [read, self.today.as_ref()].into_iter().flatten().map(Settings::recorder_names).peekable();
        let is_unknown = known.peek().is_none() && RecorderNames::default().may_miss(recorder_type);
        is_unknown
            || known.any(|names| names.may_miss(recorder_type))
            || self.doubts.suspects.contains(recorder_type)
    }

    /// Whether nothing but that it wrote once, long ago, makes rows of this type of document opening balances: no setting
    /// says so, nor does its name.
    pub fn guesses(&self, recorder_type: &RecorderType) -> bool {
        self.doubts.suspects.contains(recorder_type) && !looks_like_opening_balance(&recorder_type.0)
    }

    /// Types of document that nobody need ask 1C for again.
    pub fn everyday_types(&self) -> Vec<RecorderType> {
        let (Some(read), Some(today)) = (&self.read, &self.today) else { return Vec::new() };
        read.types_in_use(today).everyday().cloned().collect()
    }

    /// The settings that a comparison with 1C just now is made under.
    pub fn settings(&self) -> Option<&Settings> {
        self.read.as_ref().map(|read| &read.settings).or(self.today.as_ref())
    }

    /// What speaks against the names of opening balances, for whoever is to mend it.
    pub fn findings(&self) -> Vec<Finding> {
        let types = self.read.iter().flat_map(|read| &read.recorder_types).map(|it| &it.recorder_type);
        self.doubts.findings(types)
    }

    /// Whether a name given to opening balances is borne by no document of this base, or by documents of every day:
    /// which rows they are is not known then.
    pub fn are_names_in_doubt(&self) -> bool {
        self.doubts.are_wrong()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_no_other_setting() {
        let twice = Settings { opening_balance: words(&["Перенос", "Перенос"]), ..settings() };
        let once = Settings { opening_balance: words(&["Перенос"]), ..settings() };
        assert_eq!(twice.other_than(&once), []);
    }

    #[test]
    fn documents_that_are_named_as_purchases_are_a_setting_that_changes_meaning() {
        let others = Settings { purchase_recorders: words(&["ЧекККМ"]), ..settings() };
        assert_eq!(others.other_than(&settings()), [Setting::PurchaseRecorders]);
        assert_eq!(settings().other_than(&others), [Setting::PurchaseRecorders]);
        assert!(Setting::PurchaseRecorders.changes_meaning());
    }

    /// Earlier versions kept that nobody had counted as nothing.
    #[test]
    fn rows_that_were_kept_as_nothing_were_not_counted() {
        let read = |rows: &str| {
            let json = format!(r#"{{"recorder_type":"X","rows":{rows}}}"#);
            serde_json::from_str::<RecorderTypeRows>(&json).unwrap().rows
        };
        assert_eq!([read("0"), read("1"), read("null")], [None, Some(1), None]);
    }

    fn words(of: &[&str]) -> Vec<String> {
        of.iter().map(|word| (*word).to_owned()).collect()
    }

    fn settings() -> Settings {
        Settings {
            address: 3,
            names: 7,
            named: BTreeMap::from([("sales_amount".into(), "СуммаПродажи".into())]),
            opening_balance: words(&["ВводНачальныхОстатков", "Перенос"]),
            purchase_recorders: Vec::new(),
            ignored_recorders: words(&["ОтчетОРозничныхПродажах"]),
            days: 365,
            points_rule: PointsRule::LastRecord,
        }
    }

    #[test]
    fn a_setting_that_is_another_is_named_and_only_names_change_what_a_figure_means() {
        type Case = (&'static str, fn(&mut Settings), &'static [Setting], bool);
        let cases: [Case; 10] = [
            ("nothing", |_| {}, &[], false),
            ("another base", |it| it.address = 4, &[Setting::Address], true),
            ("an address that was not kept", |it| it.address = 0, &[], false),
            ("the order of a list", |it| it.opening_balance.reverse(), &[], false),
            ("a field", |it| it.named.clear(), &[Setting::Names], true),
            ("a name this version does not list", |it| it.names = 8, &[Setting::Names], true),
            (
                "letter case of an opening balance",
                |it| (it.names, it.opening_balance) = (8, words(&["вводначальныхостатков", "Перенос"])),
                &[Setting::OpeningBalance],
                true,
            ),
            (
                "one type less is ignored",
                |it| (it.names, it.ignored_recorders) = (8, Vec::new()),
                &[Setting::IgnoredRecorders],
                true,
            ),
            ("the window", |it| it.days = 0, &[Setting::Window], false),
            ("the rule", |it| it.points_rule = PointsRule::RegisterBalance, &[Setting::PointsRule], false),
        ];
        for (what, change, others, is_other) in cases {
            let mut today = settings();
            change(&mut today);
            let read = ReadUnder { settings: settings(), ..ReadUnder::default() };
            let under = Under::of(Some(read), &today);
            assert_eq!((under.others.as_slice(), under.is_other()), (others, is_other), "{what}");
        }
    }

    #[test]
    fn of_an_unknown_reading_nothing_is_another_and_a_mixed_one_always_is() {
        let unknown = Under::of(None, &settings());
        assert_eq!((unknown.is_other(), unknown.others), (false, vec![]));
        let mixed = ReadUnder { settings: settings(), is_mixed: true, ..ReadUnder::default() };
        assert!(Under::of(Some(mixed), &settings()).is_other());
    }

    #[test]
    fn what_a_later_version_keeps_does_not_hinder_and_what_an_earlier_one_did_not_is_missing() {
        let read: ReadUnder =
            serde_json::from_str(r#"{"settings":{"days":30,"later":[1]},"later":{"a":null}}"#).unwrap();
        assert_eq!((read.settings.days, read.recorder_types.len(), read.asked), (30, 0, None));
        let kept = ReadUnder {
            settings: settings(),
            recorder_types: vec![RecorderTypeRows {
                recorder_type: RecorderType("StandardODATA.Document_ЧекККМ".into()),
                rows: Some(12),
                role: RecorderRole::OpeningBalance,
                wrote_once: true,
            }],
            asked: Some(Asked { turnovers: true, ..Asked::default() }),
            ..ReadUnder::default()
        };
        let json = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<ReadUnder>(&json).unwrap(), kept);
        let uncounted: ReadUnder = serde_json::from_str(&json.replace("\"rows\":12", "\"rows\":0")).unwrap();
        assert_eq!(uncounted.recorder_types[0].rows, None, "kept as nothing where it was not counted");
    }
}
