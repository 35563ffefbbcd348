//! Life in the shop going on while it is read: every way in which 1C's rows come, go and change.

use chrono::{Days, NaiveDateTime, NaiveTime, TimeDelta};
use sverka_simulator::{BonusLine, Books, Card, DocumentKind, Movement, Posted, SaleLine};
use uuid::Uuid;

use super::chance::Chance;

/// Makes changes, drawn by chance.
#[derive(Clone, Debug)]
pub struct Life {
    chance: Chance,
    /// A row that will be what it was: a change and its exact reversal.
    owed: Option<(Uuid, u32, SaleLine)>,
    /// Keys that the registers name may be the reference customer's: nobody is spared here.
    window_from: NaiveDateTime,
}

type Change = fn(&mut Life, &mut Books, NaiveDateTime) -> Option<()>;

/// The ways of life, each as likely as the others.
const CHANGES: &[(&str, Change)] = &[
    ("life/sell", |life, books, now| life.sell(books, now)),
    ("life/back-date-sale", |life, books, now| {
        let days = life.chance.between(1, 400);
        life.sell(books, now - TimeDelta::days(days))
    }),
    ("life/edit-amount", |life, books, _| {
        let delta = life.chance.between(1, 90_000) - 45_000;
        life.edit_sale(books, |line| line.amount += delta)
    }),
    ("life/re-date", |life, books, _| {
        let seconds = life.chance.between(-90 * 86_400, 90 * 86_400);
        life.edit_sale(books, |line| line.period += TimeDelta::seconds(seconds))
    }),
    ("life/move-over-window-edge", |life, books, _| {
        let edge = life.window_from + TimeDelta::seconds(life.chance.between(-1, 0));
        life.edit_sale(books, |line| line.period = edge)
    }),
    ("life/re-attribute", |life, books, _| {
        let card = life.card(books)?;
        life.edit_sale(books, |line| line.card = card.key)
    }),
    ("life/close-shift", |life, books, now| life.close_shift(books, now)),
    ("life/unpost", |life, books, _| {
        let recorder = life.sale(books)?.recorder;
        books.unpost(recorder).then_some(())
    }),
    ("life/repost", |life, books, _| life.repost(books)),
    ("life/switch-active", |life, books, _| life.edit_sale(books, |line| line.active = !line.active)),
    ("life/delete-row", |life, books, _| {
        let row = life.sale(books)?;
        books.delete_sale(row.recorder, row.line).then_some(())
    }),
    ("life/swap-periods", |life, books, _| life.swap_periods(books)),
    ("life/transfer", |life, books, _| life.transfer(books)),
    ("life/edit-product", |life, books, _| {
        let quantity = life.chance.between(1, 5) * 1000;
        let product = life.sale(books)?.row.product;
        life.edit_sale(books, |line| (line.product, line.quantity) = (product, quantity))
    }),
    ("life/add-card", |life, books, _| {
        let pattern = life.card(books)?;
        let key = books.new_key();
        let code = format!("{:09}", 500_000_000 + life.chance.below(400_000_000));
        books.add_card(Card { key, code, version: 0, ..pattern });
        Some(())
    }),
    ("life/remove-card", |life, books, _| {
        let card = life.card(books)?;
        let enough = books.card_list().len() > 2;
        (enough && books.remove_card(card.key)).then_some(())
    }),
    ("life/edit-card", |life, books, _| {
        let card = life.card(books)?.key;
        let phone = format!("7978{:07}", life.chance.below(10_000_000));
        books.change_card(card, |card| card.phone = phone).then_some(())
    }),
    ("life/edit-owner", |life, books, _| {
        let owner = life.card(books)?.owner;
        let name = format!("Иванова Ольга {}", life.chance.below(1000));
        books.change_owner(owner, |owner| owner.name = name).then_some(())
    }),
    ("life/rename-product", |life, books, _| {
        let product = life.sale(books)?.row.product;
        let name = format!("Кольцо {}", life.chance.below(1000));
        books.change_product(product, |product| product.name = name).then_some(())
    }),
    ("life/accrue", |life, books, now| life.accrue(books, now)),
    ("life/edit-bonus", |life, books, _| {
        let delta = life.chance.between(1, 5_000) * 100;
        let row = life.bonus(books)?;
        books.change_bonus(row.recorder, row.line, |line| line.to_burn += delta).then_some(())
    }),
    ("life/delete-bonus", |life, books, _| {
        let row = life.bonus(books)?;
        books.delete_bonus(row.recorder, row.line).then_some(())
    }),
    ("life/edit-opening", |life, books, _| {
        let delta = life.chance.between(1, 9_000_000);
        let row = life.opening(books)?;
        books.change_sale(row.recorder, row.line, |line| line.amount += delta).then_some(())
    }),
    ("life/re-date-opening", |life, books, now| {
        let days = life.chance.between(0, 900);
        let row = life.opening(books)?;
        books
            .change_sale(row.recorder, row.line, |line| line.period = now - TimeDelta::days(days))
            .then_some(())
    }),
    ("life/add-opening", |life, books, now| {
        let card = life.card(books)?;
        let period = now - TimeDelta::days(life.chance.between(0, 900));
        let amount = life.chance.between(1, 9_000_000);
        let line = SaleLine { product: Uuid::nil(), ..sale(&card, Uuid::nil(), period, amount) };
        books.post(DocumentKind::OpeningBalances, period, vec![line], Vec::new());
        Some(())
    }),
    ("life/change-and-back", |life, books, _| life.owe(books)),
    ("life/re-enter", |life, books, _| {
        let row = if life.chance.one_in(2) { life.opening(books)? } else { life.sale(books)? };
        // Without any opening balance left a sync is refused, and rightly so.
        let is_other = |it: &Posted<SaleLine>| {
            it.kind == DocumentKind::OpeningBalances && it.row.active && it.recorder != row.recorder
        };
        let kind = *life.chance.pick(REENTERED_AS)?;
        let are_left = books.sales().any(|it| is_other(&it));
        if are_left { books.reenter(row.recorder, kind).map(|_| ()) } else { None }
    }),
];

/// What a document may be entered anew as: the sums and periods stay, and what they are taken for may not.
const REENTERED_AS: &[DocumentKind] = &[
    DocumentKind::OpeningBalances,
    DocumentKind::Receipt,
    DocumentKind::RetailReport,
    DocumentKind::SalesInvoice,
    DocumentKind::RegisterCorrection,
];

/// One piece of a product.
fn sale(card: &Card, product: Uuid, period: NaiveDateTime, amount: i64) -> SaleLine {
    let (key, owner) = (card.key, card.owner);
    SaleLine { period, active: true, card: key, owner, product, quantity: 1000, amount, discount: 0 }
}

/// A card with a row of every kind.
pub fn add_something(books: &mut Books, now: NaiveDateTime) {
    let key = books.new_key();
    let card = Card { key, code: "000777777".into(), phone: "79780007777".into(), ..Card::default() };
    books.add_card(card.clone());
    let line = sale(&card, Uuid::nil(), now, 77_700);
    let accrued = BonusLine {
        period: now,
        active: true,
        movement: Movement::Receipt,
        card: key,
        accrued: 700,
        to_burn: 0,
        first_accrued: now,
    };
    books.post(DocumentKind::OpeningBalances, now, vec![line.clone()], Vec::new());
    books.post(DocumentKind::Receipt, now, vec![line], vec![accrued]);
}

impl Life {
    pub fn new(chance: Chance, window_from: NaiveDateTime) -> Self {
        Self { chance, owed: None, window_from }
    }

    /// Makes one change; says which.
    pub fn go_on(&mut self, books: &mut Books, now: NaiveDateTime) -> Option<&'static str> {
        if let Some((recorder, line, before)) = self.owed.take() {
            books.change_sale(recorder, line, |row| *row = before);
            return Some("life/change-and-back");
        }
        let (kind, change) = *self.chance.pick(CHANGES)?;
        change(self, books, now).map(|()| kind)
    }

    /// Loses so many percent of all documents and cards at once; says how many.
    pub fn lose(&mut self, books: &mut Books, percent: u64) -> usize {
        let recorders: Vec<Uuid> = books.documents().map(|document| document.key).collect();
        let cards: Vec<Uuid> = books.card_list().into_iter().map(|card| card.key).collect();
        let gone = recorders.into_iter().filter(|key| self.chance.percent(percent) && books.unpost(*key));
        let mut lost = gone.count();
        let kept = 2;
        for card in cards.into_iter().skip(kept) {
            if self.chance.percent(percent / 2) {
                lost += usize::from(books.remove_card(card));
            }
        }
        lost
    }

    fn card(&mut self, books: &Books) -> Option<Card> {
        let cards = books.card_list();
        books.card(self.chance.pick(&cards)?.key).cloned()
    }

    fn sale(&mut self, books: &Books) -> Option<Posted<SaleLine>> {
        let count = books.counts().sales;
        books.sales().nth(self.chance.index(count))
    }

    fn bonus(&mut self, books: &Books) -> Option<Posted<BonusLine>> {
        let count = books.counts().bonuses;
        books.bonuses().nth(self.chance.index(count))
    }

    fn opening(&mut self, books: &Books) -> Option<Posted<SaleLine>> {
        let rows: Vec<_> = books.sales().filter(|row| row.kind == DocumentKind::OpeningBalances).collect();
        self.chance.pick(&rows).cloned()
    }

    fn edit_sale(&mut self, books: &mut Books, edit: impl FnOnce(&mut SaleLine)) -> Option<()> {
        let row = self.sale(books)?;
        books.change_sale(row.recorder, row.line, edit).then_some(())
    }

    fn sell(&mut self, books: &mut Books, period: NaiveDateTime) -> Option<()> {
        let card = self.card(books)?;
        let product = self.sale(books).map_or(Uuid::nil(), |row| row.row.product);
        let lines = 1 + self.chance.below(3);
        let lines = (0..lines).map(|_| sale(&card, product, period, self.chance.between(-50_000, 900_000)));
        let lines = lines.collect();
        books.post(DocumentKind::Receipt, period, lines, Vec::new());
        Some(())
    }

    /// Receipts of some day move into the report of that evening, with the same sums.
    fn close_shift(&mut self, books: &mut Books, now: NaiveDateTime) -> Option<()> {
        let receipts: Vec<Posted<SaleLine>> =
            books.sales().filter(|row| row.kind == DocumentKind::Receipt).collect();
        let mut chosen: Vec<Uuid> =
            (0..4).filter_map(|_| self.chance.pick(&receipts)).map(|row| row.recorder).collect();
        chosen.sort_unstable();
        chosen.dedup();
        let day = receipts.iter().find(|row| chosen.contains(&row.recorder))?.row.period.date();
        let evening = day.and_time(NaiveTime::from_hms_opt(21, 0, 0)?);
        books.close_shift(&chosen, if self.chance.one_in(2) { evening } else { now });
        Some(())
    }

    fn repost(&mut self, books: &mut Books) -> Option<()> {
        let row = self.sale(books)?;
        let mut lines: Vec<SaleLine> =
            books.sales().filter(|other| other.recorder == row.recorder).map(|other| other.row).collect();
        lines.rotate_left(1);
        lines[0].amount += 1_000;
        books.repost(row.recorder, lines, Vec::new()).then_some(())
    }

    /// Two rows of one card.
    fn pair(&mut self, books: &Books) -> Option<[Posted<SaleLine>; 2]> {
        let one = self.sale(books)?;
        let same = |row: &Posted<SaleLine>| {
            row.row.card == one.row.card && (row.recorder, row.line) != (one.recorder, one.line)
        };
        let others: Vec<_> = books.sales().filter(same).collect();
        let other = self.chance.pick(&others)?.clone();
        Some([one, other])
    }

    /// Two rows of one card become equal in amount and exchange their periods: every sum by card stays.
    fn swap_periods(&mut self, books: &mut Books) -> Option<()> {
        let [one, other] = self.pair(books)?;
        books.change_sale(one.recorder, one.line, |line| line.period = other.row.period);
        books.change_sale(other.recorder, other.line, |line| line.period = one.row.period).then_some(())
    }

    /// Money moves from one row of a card to another of the same card.
    fn transfer(&mut self, books: &mut Books) -> Option<()> {
        let [one, other] = self.pair(books)?;
        let amount = self.chance.between(1, 50_000);
        books.change_sale(one.recorder, one.line, |line| line.amount -= amount);
        books.change_sale(other.recorder, other.line, |line| line.amount += amount).then_some(())
    }

    fn accrue(&mut self, books: &mut Books, now: NaiveDateTime) -> Option<()> {
        let card = self.card(books)?.key;
        let period = now + TimeDelta::days(self.chance.between(-30, 10));
        let points = self.chance.between(1, 500) * 100;
        let accrued = BonusLine {
            period,
            active: true,
            movement: Movement::Receipt,
            card,
            accrued: points,
            to_burn: 0,
            first_accrued: period,
        };
        let burns = period.date().checked_add_days(Days::new(365))?.and_time(NaiveTime::MIN);
        let burn = BonusLine { period: burns, accrued: 0, to_burn: points, ..accrued.clone() };
        books.post(DocumentKind::PointsAdjustment, period, Vec::new(), vec![accrued, burn]);
        Some(())
    }

    /// Changes a row, which the next change will set back.
    fn owe(&mut self, books: &mut Books) -> Option<()> {
        let row = self.sale(books)?;
        self.owed = Some((row.recorder, row.line, row.row.clone()));
        let days = self.chance.between(1, 60);
        books
            .change_sale(row.recorder, row.line, |line| {
                line.period -= TimeDelta::days(days);
                line.amount += 77_700;
            })
            .then_some(())
    }
}
