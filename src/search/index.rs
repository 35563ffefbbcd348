//! The index: every customer's fields, folded, in one arena.
//!
//! ```text
//! record  ⟨phone⟨7978…⟨царькова анна⟨000123⟨79788451364⟪anna@mail.ru⟪симферополь⟨   ⟨ ⟪ = bytes no text has
//! ```
//!
//! Records lie in the order hits are shown in (by name, those marked for deletion last), so that one pass of
//! a substring search over the arena meets them in order, and hits need sorting by class only. The way hits
//! are found is private: a faster one may take its place.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};
use std::ops::Range;
use std::sync::OnceLock;

use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

use super::fold::fold_into;
use super::layout::other_readings;
use super::query::{Query, Word, canonical_phone, looked_at};
use super::words::Words;
use crate::domain::field::SEARCHED;
use crate::domain::{CardId, Customer, CustomerField};

/// Begins every field; no byte of UTF-8.
const FIELD: u8 = 0xff;
/// Begins every record, in front of its phone.
const RECORD: u8 = 0xfe;
/// Begins, instead of [`FIELD`], what nobody is asked for by: a match there is the last.
const ASIDE: u8 = 0xfd;

/// Records looked at one by one before those worth showing are looked for themselves.
const MANY: usize = if cfg!(test) { 4 } else { 50_000 };

/// What is searched of one customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchEntry<'a> {
    card: CardId,
    /// By the order of [`SEARCHED`]; absent ones are empty.
    texts: [Cow<'a, str>; SEARCHED.len()],
    /// Marked for deletion: found last.
    deleted: bool,
}

impl<'a> From<&'a Customer> for SearchEntry<'a> {
    fn from(customer: &'a Customer) -> Self {
        Self {
            card: customer.card,
            texts: SEARCHED.map(|field| customer.text(field)),
            deleted: customer.marked_for_deletion,
        }
    }
}

/// Whether the whole field, typed exactly, names its customer.
fn is_key(field: CustomerField) -> bool {
    matches!(field, CustomerField::Phone | CustomerField::Code | CustomerField::Barcode)
}

/// Whether a field is the customer's own: whoever types a name means no town of that name.
fn is_own(field: CustomerField) -> bool {
    is_key(field) || field == CustomerField::Name
}

/// A field's place among those searched; behind them all where it is not searched.
fn place(field: CustomerField) -> usize {
    SEARCHED.iter().position(|other| *other == field).unwrap_or(SEARCHED.len())
}

/// One customer found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The card.
    pub card: CardId,
    /// The fields a word of the query was found in, in the order of [`SEARCHED`].
    pub matched: Vec<CustomerField>,
}

/// Another text that a query was read as: nobody is found by what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What was asked instead.
    pub text: String,
    /// What is wrong with what was typed.
    pub by: ReadBy,
}

/// What is supposed to be wrong with a query that finds nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReadBy {
    /// The other keyboard layout was on.
    Layout,
    /// The names are written in other letters: `Ivanova`.
    Letters,
    /// A letter of a word is wrong.
    Typo,
}

impl ReadBy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Layout, Self::Letters, Self::Typo];

    /// Its name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Layout => "layout",
            Self::Letters => "letters",
            Self::Typo => "typo",
        }
    }

    /// Whether the same was typed, with other letters on the keys: anything else is a guess.
    pub fn is_certain(self) -> bool {
        self == Self::Layout
    }
}

/// What a query finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// All that match, shown or not.
    pub total: usize,
    /// The first of them, best first.
    pub hits: Vec<Hit>,
    /// Set where the query found nothing as typed.
    pub read_as: Option<Reading>,
}

/// The records a query selects, before anything is made of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Numbers of the records, in the order asked for.
    pub records: Vec<usize>,
    /// How many match and are kept, selected or beyond the limit.
    pub total: usize,
    /// How many match, kept or not.
    pub matching: usize,
    /// Set where the query found nothing as typed.
    pub read_as: Option<Reading>,
    query: Query,
}

/// Which records are kept of those that match.
type Keeps<'k> = &'k dyn Fn(usize) -> bool;

/// Takes customers one by one.
#[derive(Debug, Default)]
pub struct IndexBuilder {
    arena: Vec<u8>,
    taken: Vec<TakenRecord>,
    folded: String,
}

/// A record as it was taken, and where in the arena it and what it is sorted by lie.
#[derive(Debug)]
struct TakenRecord {
    card: CardId,
    record: Range<usize>,
    name: Range<usize>,
    code: Range<usize>,
    deleted: bool,
}

impl IndexBuilder {
    /// Takes one customer.
    pub fn push(&mut self, entry: &SearchEntry<'_>) {
        let start = self.arena.len();
        let (mut name, mut code) = (0..0, 0..0);
        for (field, text) in SEARCHED.into_iter().zip(&entry.texts) {
            match field {
                CustomerField::Phone => {
                    self.arena.push(RECORD);
                    self.arena.extend_from_slice(canonical_phone(text).as_bytes());
                }
                CustomerField::Name => name = self.push_field(field, text),
                CustomerField::Code => code = self.push_field(field, text),
                _ => {
                    self.push_field(field, text);
                }
            }
        }
        self.arena.push(FIELD);
        let record = start..self.arena.len();
        self.taken.push(TakenRecord { card: entry.card, record, name, code, deleted: entry.deleted });
    }

    fn push_field(&mut self, field: CustomerField, text: &str) -> Range<usize> {
        self.folded.clear();
        fold_into(&mut self.folded, text);
        self.arena.push(if is_own(field) { FIELD } else { ASIDE });
        let start = self.arena.len();
        self.arena.extend_from_slice(self.folded.as_bytes());
        start..self.arena.len()
    }

    /// The index over what was taken.
    pub fn finish(self) -> Index {
        let Self { arena, mut taken, .. } = self;
        let text = |place: &Range<usize>| &arena[place.clone()];
        // Nobody looks for those without a name: they come behind the others.
        let order = |taken: &TakenRecord| {
            let (name, code) = (text(&taken.name), text(&taken.code));
            (taken.deleted, name.is_empty(), name, code, taken.card)
        };
        taken.sort_unstable_by(|a, b| order(a).cmp(&order(b)));

        let mut index = Index {
            live: taken.iter().take_while(|taken| !taken.deleted).count(),
            arena: Vec::with_capacity(arena.len()),
            starts: Vec::with_capacity(taken.len() + 1),
            cards: taken.iter().map(|taken| taken.card).collect(),
            keys: Vec::with_capacity(taken.len()),
            words: OnceLock::new(),
        };
        index.starts.push(0);
        for (number, taken) in (0..).zip(&taken) {
            index.arena.extend_from_slice(text(&taken.record));
            index.starts.push(index.starts[number as usize] + taken.record.len());
            index.add_keys(number);
        }
        index.keys.sort_unstable();
        index.keys.dedup();
        index
    }
}

/// The fields of a record, in the order of [`SEARCHED`].
fn fields(record: &[u8]) -> [&[u8]; SEARCHED.len()] {
    let mut parts = record.get(1..).unwrap_or_default().split(|byte| matches!(*byte, FIELD | ASIDE));
    SEARCHED.map(|_| parts.next().unwrap_or_default())
}

/// All customers, ready to be asked.
#[derive(Debug)]
pub struct Index {
    arena: Vec<u8>,
    /// Where each record starts, and where the last one ends.
    starts: Vec<usize>,
    cards: Vec<CardId>,
    /// How many of the records, the first ones, are not marked for deletion.
    live: usize,
    /// Hashes of phones, codes and bar codes with their records, sorted.
    keys: Vec<(u32, u32)>,
    /// The words of names and towns, gathered when a query first finds nobody.
    words: OnceLock<Words>,
}

/// How well a record matches: the less, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Exact,
    Field,
    Word,
    Anywhere,
    /// In nothing of the customer's own.
    Aside,
}

impl Index {
    /// An index over these customers.
    pub fn build<'a>(entries: impl IntoIterator<Item = SearchEntry<'a>>) -> Self {
        let mut builder = IndexBuilder::default();
        entries.into_iter().for_each(|entry| builder.push(&entry));
        builder.finish()
    }

    /// How many customers it holds.
    pub fn len(&self) -> usize {
        self.cards.len()
    }

    /// Whether it holds nobody.
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// The cards of all records, in their order: by name, those marked for deletion last.
    pub fn cards(&self) -> &[CardId] {
        &self.cards
    }

    /// Whether a record is marked for deletion.
    pub fn is_deleted(&self, record: usize) -> bool {
        record >= self.live
    }

    /// A field of a record, folded; empty where it has none.
    pub fn field(&self, record: usize, field: CustomerField) -> &[u8] {
        fields(self.record(record)).get(place(field)).copied().unwrap_or_default()
    }

    /// The customers that match, best first, at most `limit` of them. A query that finds nobody is read in the other
    /// keyboard layout, then in other letters, then with a letter put right.
    pub fn search(&self, query: &str, limit: usize) -> Hits {
        let selection = self.best(query, limit, &|_| true);
        let hits = self.hits(&selection.records, &selection);
        Hits { total: selection.total, hits, read_as: selection.read_as }
    }

    /// The records that match and are kept, best first, at most `limit` of them; read as [`Self::search`] does.
    pub fn best(&self, query: &str, limit: usize, keeps: Keeps<'_>) -> Selection {
        self.read(query, |query| self.ask(query, limit, keeps))
    }

    /// All records that match and are kept, in the order of the index; read as [`Self::search`] does.
    pub fn all(&self, query: &str, keeps: Keeps<'_>) -> Selection {
        self.read(query, |query| {
            let terms: Vec<Term<'_>> = query.words().iter().map(Term::new).collect();
            let mut selection = Selection::default();
            let everybody = terms.is_empty().then_some(0..self.len()).into_iter().flatten();
            for record in self.candidates(&terms).chain(everybody) {
                selection.matching += 1;
                if keeps(record) {
                    selection.records.push(record);
                }
            }
            selection.total = selection.records.len();
            selection
        })
    }

    /// Some records of a selection as hits.
    pub fn hits(&self, records: &[usize], selection: &Selection) -> Vec<Hit> {
        let terms: Vec<Term<'_>> = selection.query.words().iter().map(Term::new).collect();
        records.iter().map(|record| self.hit(*record, &terms)).collect()
    }

    fn ask(&self, query: &Query, limit: usize, keeps: Keeps<'_>) -> Selection {
        let terms: Vec<Term<'_>> = query.words().iter().map(Term::new).collect();
        if terms.is_empty() {
            let records: Vec<usize> = (0..self.len()).filter(|record| keeps(*record)).collect();
            let total = records.len();
            let records = records.into_iter().take(limit).collect();
            return Selection { records, total, matching: self.len(), ..Selection::default() };
        }
        let exact = self.exact(query.words());
        let mut opened = None;
        let mut best = Best::new(limit);
        let (mut matching, mut total) = (0, 0);
        for record in self.candidates(&terms) {
            matching += 1;
            if !keeps(record) {
                continue;
            }
            total += 1;
            let deleted = record >= self.live;
            if total == MANY && best.has_room(deleted, Class::Field) {
                opened = self.opened(&terms, limit, record, keeps);
            }
            if exact.binary_search(&record).is_ok() {
                best.take(record, deleted, Class::Exact);
            } else if opened.as_ref().is_some_and(|opened| opened.binary_search(&record).is_ok()) {
                best.take(record, deleted, Class::Field);
            } else if best.has_room(deleted, if opened.is_some() { Class::Word } else { Class::Field }) {
                best.take(record, deleted, self.class(record, &terms));
            }
        }
        Selection { records: best.into_records().collect(), total, matching, ..Selection::default() }
    }

    /// The records from this one on of which a field begins with the only term, in order, as far as they can
    /// be shown. Once these are known, most of the others need no second look.
    fn opened(&self, terms: &[Term<'_>], limit: usize, first: usize, keeps: Keeps<'_>) -> Option<Vec<usize>> {
        let [term] = terms else { return None };
        let openings = term.openings();
        let (mut live, mut deleted) = (0, 0);
        let kept = Occurrences::from(self, &openings, first).filter(|record| keeps(*record));
        let records = kept.take_while(|record| {
            let count = if *record < self.live { &mut live } else { &mut deleted };
            *count += 1;
            live <= limit && deleted <= limit
        });
        Some(records.collect())
    }

    /// The records in which all terms occur, in order.
    fn candidates<'t>(&'t self, terms: &'t [Term<'t>]) -> impl Iterator<Item = usize> + 't {
        let rarest = terms.iter().enumerate().max_by_key(|(_, term)| term.word.text.len());
        let (rarest, others) = rarest.map_or((None, 0), |(number, term)| (Some(term), number));
        let records = rarest.into_iter().flat_map(|term| Occurrences::from(self, &term.needles, 0));
        records.filter(move |record| {
            let record = self.record(*record);
            let occurs = |term: &Term<'_>| term.needles.iter().any(|needle| needle.find(record).is_some());
            terms.iter().enumerate().all(|(number, term)| number == others || occurs(term))
        })
    }

    /// Asks for a query as typed, and where that finds nobody, for what else may have been meant. What a filter leaves
    /// out was found all the same.
    fn read(&self, typed: &str, ask: impl Fn(&Query) -> Selection) -> Selection {
        let read = |text: &str| {
            let query = Query::new(text);
            Selection { query: query.clone(), ..ask(&query) }
        };
        let as_typed = read(typed);
        if as_typed.matching > 0 {
            return as_typed;
        }
        let readings =
            self.other_readings(typed, &as_typed.query).map(|reading| (read(&reading.text), reading));
        let found = readings.into_iter().find(|(selection, _)| selection.matching > 0);
        found.map_or(as_typed, |(selection, reading)| Selection { read_as: Some(reading), ..selection })
    }

    /// What else may have been meant, the likeliest first; each is found out only when it is asked for.
    fn other_readings<'q>(&'q self, typed: &'q str, query: &'q Query) -> impl Iterator<Item = Reading> + 'q {
        let in_layout = other_readings(looked_at(typed)).map(|text| (text, ReadBy::Layout));
        let guess = move |by| std::iter::once_with(move || Some((self.guess(query, by)?, by))).flatten();
        let guesses = guess(ReadBy::Letters).chain(guess(ReadBy::Typo));
        in_layout.chain(guesses).map(|(text, by)| Reading { text, by })
    }

    /// The query with its words put right; `None` where that changes none of them.
    fn guess(&self, query: &Query, by: ReadBy) -> Option<String> {
        let known = self.words.get_or_init(|| self.gathered_words());
        let mended = query.words().iter().map(|word| match by {
            ReadBy::Layout => None,
            ReadBy::Letters => known.spelled(&word.text),
            ReadBy::Typo => known.misspelled(&word.text).filter(|_| !self.occurs(word)),
        });
        let mended: Vec<Option<String>> = mended.collect();
        let words = query.words().iter().zip(&mended);
        let text = words.map(|(word, mended)| mended.as_deref().unwrap_or(&word.text)).collect::<Vec<_>>();
        mended.iter().any(Option::is_some).then(|| looked_at(&text.join(" ")).to_owned())
    }

    fn occurs(&self, word: &Word) -> bool {
        self.candidates(&[Term::new(word)]).next().is_some()
    }

    fn gathered_words(&self) -> Words {
        let named = [CustomerField::Name, CustomerField::City];
        let texts = (0..self.len()).flat_map(|record| named.map(|field| self.field(record, field)));
        Words::of(texts.map(|text| std::str::from_utf8(text).unwrap_or_default()))
    }

    fn record(&self, number: usize) -> &[u8] {
        let bounds = self.starts.get(number).zip(self.starts.get(number + 1));
        bounds.and_then(|(start, end)| self.arena.get(*start..*end)).unwrap_or_default()
    }

    /// The class of the term that matches worst, each by its best match among the customer's own fields; terms that match
    /// elsewhere only tell nothing beside others. Exact ones are told before.
    fn class(&self, record: usize, terms: &[Term<'_>]) -> Class {
        let record = self.record(record);
        let own = record.split(|byte| *byte == ASIDE).next().unwrap_or_default();
        terms.iter().filter_map(|term| term.class(own)).max().unwrap_or(Class::Aside)
    }

    fn hit(&self, record: usize, terms: &[Term<'_>]) -> Hit {
        let bytes = self.record(record);
        // A needle that begins with a mark must find it: each field is looked at with the byte before it.
        let mut start = 0;
        let mut matched = Vec::new();
        for (field, text) in SEARCHED.into_iter().zip(fields(bytes)) {
            let end = start + 1 + text.len();
            let part = bytes.get(start..end).unwrap_or_default();
            if terms.iter().any(|term| term.needles.iter().any(|needle| needle.find(part).is_some())) {
                matched.push(field);
            }
            start = end;
        }
        Hit { card: self.cards[record], matched }
    }

    fn add_keys(&mut self, number: u32) {
        let start = self.starts[number as usize];
        let texts = fields(&self.arena[start..]);
        let keys = SEARCHED.into_iter().zip(texts).filter(|(field, text)| is_key(*field) && !text.is_empty());
        self.keys.extend(keys.map(|(_, text)| (hash(text), number)));
    }

    /// The records that have the whole query as phone, code or bar code, in order.
    fn exact(&self, words: &[Word]) -> Vec<usize> {
        let [word] = words else { return Vec::new() };
        let phone = word.digits.as_deref().map(canonical_phone);
        let wanted = [Some(&word.text), word.digits.as_ref(), phone.as_ref()];
        let mut found: Vec<_> =
            wanted.into_iter().flatten().flat_map(|key| self.with_key(key.as_bytes())).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn with_key<'k>(&'k self, key: &'k [u8]) -> impl Iterator<Item = usize> + 'k {
        let hash = hash(key);
        let first = self.keys.partition_point(|(other, _)| *other < hash);
        let same = self.keys[first..].iter().take_while(move |(other, _)| *other == hash);
        same.map(|(_, record)| *record as usize).filter(move |record| {
            let texts = fields(self.record(*record));
            SEARCHED.into_iter().zip(texts).any(|(field, text)| is_key(field) && text == key)
        })
    }
}

fn hash(text: &[u8]) -> u32 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text);
    let [a, b, c, d, ..] = hasher.finish().to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// A word ready to be looked for.
struct Term<'q> {
    word: &'q Word,
    /// Any of these is a match.
    needles: Vec<Finder<'static>>,
}

impl<'q> Term<'q> {
    fn new(word: &'q Word) -> Self {
        let mut needles = vec![word.text.clone().into_bytes()];
        needles.extend(word.digits.clone().map(String::into_bytes));
        needles.extend(word.beginning().map(|digits| [&[RECORD], digits.as_bytes()].concat()));
        needles.dedup();
        Self { word, needles: needles.iter().map(|needle| Finder::new(needle).into_owned()).collect() }
    }

    /// What finds the fields that begin with it: [`Class::Field`] said in bytes.
    fn openings(&self) -> Vec<Finder<'static>> {
        let fronts: &[&[u8]] = match self.word.digits {
            Some(_) => &[&[FIELD], &[RECORD], &[RECORD, b'7']],
            None => &[&[FIELD]],
        };
        let marked = |needle: &&Finder<'_>| needle.needle().first() == Some(&RECORD);
        let (marked, plain): (Vec<_>, Vec<_>) = self.needles.iter().partition(marked);
        let opened =
            plain.iter().flat_map(|needle| fronts.iter().map(|front| [front, needle.needle()].concat()));
        let marked = marked.iter().map(|needle| needle.needle().to_vec());
        opened.chain(marked).map(|needle| Finder::new(&needle).into_owned()).collect()
    }

    /// The class of its best match in these fields of a record; `None` where it matches nowhere in them.
    fn class(&self, fields: &[u8]) -> Option<Class> {
        let places = self.needles.iter().flat_map(|needle| needle.find_iter(fields));
        places.map(|place| class_at(fields, place)).min()
    }
}

/// How well a match at this place of a record is.
fn class_at(record: &[u8], place: usize) -> Class {
    match record.get(..place).unwrap_or_default() {
        // A phone begins where its country code does, and for those who leave that out, behind it.
        [] | [.., FIELD | RECORD] | [RECORD, b'7'] => Class::Field,
        before if ends_in_word(before) => Class::Anywhere,
        _ => Class::Word,
    }
}

/// Whether the last letter of these bytes is one that words are made of.
fn ends_in_word(bytes: &[u8]) -> bool {
    if let Some(last) = bytes.last().filter(|byte| byte.is_ascii()) {
        return last.is_ascii_alphanumeric();
    }
    let start = bytes.iter().rposition(|byte| byte & 0xc0 != 0x80).unwrap_or_default();
    let last = std::str::from_utf8(&bytes[start..]).ok().and_then(|letter| letter.chars().next());
    last.is_some_and(char::is_alphanumeric)
}

/// The records in which any of some needles occurs, in order.
struct Occurrences<'i> {
    index: &'i Index,
    needles: Vec<(&'i Finder<'static>, Option<usize>)>,
    /// The record to go on from.
    record: usize,
}

impl<'i> Occurrences<'i> {
    fn from(index: &'i Index, needles: &'i [Finder<'static>], record: usize) -> Self {
        let start = index.starts[record];
        let place = |needle: &Finder<'_>| needle.find(&index.arena[start..]).map(|place| place + start);
        Self { index, needles: needles.iter().map(|needle| (needle, place(needle))).collect(), record }
    }
}

impl Iterator for Occurrences<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let place = self.needles.iter().filter_map(|(_, place)| *place).min()?;
        let found = self.record + record_of(&self.index.starts[self.record..], place);
        let end = self.index.starts[found + 1];
        for (needle, place) in &mut self.needles {
            if place.is_some_and(|place| place < end) {
                *place = needle.find(&self.index.arena[end..]).map(|place| place + end);
            }
        }
        self.record = found + 1;
        Some(found)
    }
}

/// Which of the records that start here holds this place. Near ones are found soonest: hits often lie close.
fn record_of(starts: &[usize], place: usize) -> usize {
    let mut reach = 1;
    while starts.get(reach).is_some_and(|start| *start <= place) {
        reach *= 2;
    }
    let near = &starts[reach / 2..starts.len().min(reach + 1)];
    reach / 2 + near.partition_point(|start| *start <= place) - 1
}

/// The best records met so far: by deletion, then class, then the order they are met in.
struct Best {
    limit: usize,
    buckets: [Vec<usize>; 10],
}

impl Best {
    fn new(limit: usize) -> Self {
        Self { limit, buckets: Default::default() }
    }

    /// Whether a record worse than all of `class` and better could still be shown.
    fn has_room(&self, deleted: bool, class: Class) -> bool {
        let before = &self.buckets[..=Self::bucket(deleted, class)];
        before.iter().map(Vec::len).sum::<usize>() < self.limit
    }

    fn take(&mut self, record: usize, deleted: bool, class: Class) {
        let bucket = &mut self.buckets[Self::bucket(deleted, class)];
        if bucket.len() < self.limit {
            bucket.push(record);
        }
    }

    fn bucket(deleted: bool, class: Class) -> usize {
        usize::from(deleted) * 5 + class as usize
    }

    fn into_records(self) -> impl Iterator<Item = usize> {
        self.buckets.into_iter().flatten().take(self.limit)
    }
}

#[cfg(test)]
mod tests;
