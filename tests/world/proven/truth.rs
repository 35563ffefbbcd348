//! What the books say of a card, whatever a client makes of it: reckoned from their rows by the names of documents
//! alone, and sharing nothing with the programme.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta};
use sverka_simulator::{BonusLine, Books, DocumentKind, Owner, Posted, SaleLine};
use uuid::Uuid;

/// Settings that say what a figure is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub opening_balance: Vec<String>,
    pub ignored: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Opening,
    Purchase,
    LeftOut,
}

impl Names {
    /// A document carries totals over by what it is, whatever the settings say, or because they say so; one of a neutral
    /// name where its kind wrote once.
    fn role(&self, kind: DocumentKind, wrote_once: bool) -> Role {
        let bare = |name: &str| name.trim_start_matches("StandardODATA.").replacen("Document_", "", 1);
        let is_left_out = self.ignored.iter().any(|name| bare(name) == bare(kind.type_name()));
        let is_named =
            self.opening_balance.iter().any(|part| !part.is_empty() && kind.type_name().contains(part));
        match () {
            () if is_left_out => Role::LeftOut,
            () if is_named || CARRY_OVER.contains(&kind) => Role::Opening,
            () if kind == NEUTRAL && wrote_once => Role::Opening,
            () => Role::Purchase,
        }
    }
}

/// The documents that carry totals over.
pub const CARRY_OVER: [DocumentKind; 5] = [
    DocumentKind::OpeningBalances,
    DocumentKind::RegisterCorrection,
    DocumentKind::DiscountOpening,
    DocumentKind::StockOpening,
    DocumentKind::RecordCorrection,
];

/// Documents of a name that tells nothing: whether they carry totals over, only when they were written tells.
pub const NEUTRAL: DocumentKind = DocumentKind::ManualEntry;

/// Within so many days whoever carries totals over enters them all.
const ONCE: TimeDelta = TimeDelta::days(31);

/// The books at one instant.
#[derive(Debug, PartialEq, Eq)]
pub struct Instant {
    /// Every card of the catalog, with its owner.
    owners: BTreeMap<Uuid, Uuid>,
    /// All that owners say of where they live, by card.
    homes: BTreeMap<Uuid, String>,
    sales: Vec<Posted<SaleLine>>,
    bonuses: Vec<Posted<BonusLine>>,
    /// Whether all rows of the neutral kind lie within a month, long ago.
    wrote_once: bool,
}

/// What a card comes to: kopecks, and hundredths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    pub opening: i128,
    pub purchases: i128,
    pub before: i128,
    pub last_record: i128,
    pub balance: i128,
    /// What all rows come to, accrued and to be written off.
    pub of_all: [i128; 2],
}

impl Truth {
    pub const fn total(&self) -> i128 {
        self.opening + self.purchases + self.before
    }
}

impl Instant {
    /// The books at `now`: documents that are new are not judged yet.
    pub fn of(books: &Books, now: NaiveDateTime) -> Self {
        let home = |owner: &Owner| {
            let contacts = owner.contacts.iter().flat_map(|it| [&it.presentation, &it.city, &it.fields_xml]);
            let texts = contacts.chain([&owner.main_details, &owner.address_json]);
            texts.map(String::as_str).collect::<Vec<_>>().join("\n")
        };
        let of_owner = |owner: Uuid| books.owner(owner).map(home).unwrap_or_default();
        let sales: Vec<_> = books.sales().filter(|sale| sale.row.active).collect();
        let neutral = || sales.iter().filter(|sale| sale.kind == NEUTRAL).map(|sale| sale.row.period);
        let span = neutral().min().zip(neutral().max());
        Self {
            wrote_once: span.is_some_and(|(first, last)| last - first < ONCE && now - first > ONCE + ONCE),
            homes: books.card_list().into_iter().map(|card| (card.key, of_owner(card.owner))).collect(),
            owners: books.card_list().into_iter().map(|card| (card.key, card.owner)).collect(),
            sales,
            bonuses: books.bonuses().filter(|bonus| bonus.row.active).collect(),
        }
    }

    pub fn has_card(&self, card: Uuid) -> bool {
        self.owners.contains_key(&card)
    }

    /// Whether a card's owner says that they live there, or where nothing was found, nowhere by the rule of the third line.
    pub fn tells_town(&self, card: Uuid, town: Option<&str>) -> bool {
        let home = self.homes.get(&card).map(String::as_str).unwrap_or_default();
        town.map_or_else(|| !home.contains("\nГород "), |town| !town.is_empty() && home.contains(town))
    }

    /// What a card comes to, purchases from one moment on, points at another.
    pub fn truth(&self, card: Uuid, names: &Names, from: Option<NaiveDateTime>, at: NaiveDateTime) -> Truth {
        let mut truth = Truth::default();
        for sale in self.sales.iter().filter(|sale| sale.row.card == card) {
            let amount = i128::from(sale.row.amount);
            match names.role(sale.kind, self.wrote_once) {
                Role::LeftOut => {}
                Role::Opening => truth.opening += amount,
                Role::Purchase if from.is_some_and(|from| sale.row.period < from) => truth.before += amount,
                Role::Purchase => truth.purchases += amount,
            }
        }
        // Where points are kept by owners, those are the points of the owner's card. A register with rows of cards, be
        // they gone from the catalog, is kept by card: rows of anybody else in it are rows of unknown cards.
        let is_owner = |key: &Uuid| self.owners.values().any(|owner| owner == key);
        let is_by_card = self.bonuses.iter().any(|row| !is_owner(&row.row.card));
        let owner = self.owners.get(&card).filter(|owner| !owner.is_nil() && !is_by_card);
        let is_own = |row: &&Posted<BonusLine>| row.row.card == card || Some(&row.row.card) == owner;
        let own: Vec<_> = self.bonuses.iter().filter(is_own).collect();
        let last = own.iter().max_by_key(|bonus| (bonus.row.period, bonus.recorder, bonus.line));
        truth.last_record = last.map_or(0, |bonus| bonus.row.to_burn.into());
        let due = own.iter().filter(|bonus| bonus.row.period <= at).map(|bonus| &bonus.row);
        truth.of_all = [|row: &BonusLine| row.accrued, |row: &BonusLine| row.to_burn]
            .map(|of| own.iter().map(|bonus| i128::from(bonus.row.movement.sign() * of(&bonus.row))).sum());
        truth.balance = due.map(|row| i128::from(row.movement.sign() * (row.accrued - row.to_burn))).sum();
        truth
    }
}
