//! Which document is what: the types that write the register of sales, with their rows and sums, learned without the
//! settings' names and held against them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::position_reader::{ReadingPass, SetReader};
use super::recorder_types::{MOST_ROWS, SetApart, TypesTold};
use super::{Error, Reporter};
use crate::domain::recorder_types::{RecorderNames, wrote_all_once};
use crate::domain::{Amount, Finding, LocalTime, NamesInDoubt, RecorderRole, RecorderType, TypesInUse};
use crate::odata::{self, Client, Filter, Names, Order, PageQuery, Set, ThinSale, Top};

/// So often rows are counted where people sell meanwhile.
const COUNTS: u32 = 2;

/// A type of document with what it wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeSeen {
    /// The type as 1C spells it; empty where 1C does not tell it.
    pub recorder_type: RecorderType,
    /// What the settings take it for.
    pub role: RecorderRole,
    /// Its active rows, where 1C counts them.
    pub rows: Option<u64>,
    /// What they come to, roubles; `None` where that takes more reading than it is worth.
    pub amount: Option<Amount>,
    /// Whether they are taken for purchases, and all were written within a month, long ago.
    #[serde(default)]
    pub wrote_once: bool,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypesSeen {
    /// By name.
    pub types: Vec<TypeSeen>,
    /// Whether 1C said, with its counts, that there are no others.
    pub is_complete: bool,
}

impl TypesSeen {
    /// The types alone, by what these settings take them for.
    pub fn in_use(&self, names: RecorderNames<'_>) -> TypesInUse {
        let types = self.types.iter().map(|it| &it.recorder_type);
        let once = self.types.iter().filter(|it| it.wrote_once).map(|it| it.recorder_type.clone()).collect();
        TypesInUse { is_complete: self.is_complete, ..TypesInUse::of(types, &once, names) }
    }
}

/// Types of document, and what the settings' names make of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypesFound {
    /// The types.
    pub seen: TypesSeen,
    /// What speaks against the names of opening balances.
    pub doubts: NamesInDoubt,
    /// The names that fit, where types look like opening balances; none where no type does.
    pub proposal: Vec<String>,
    /// Names of documents to leave out that none bears.
    pub unborne_ignored: Option<Finding>,
    /// Whether 1C tells the types of all rows.
    pub are_told: bool,
}

impl TypesFound {
    /// The types seen, held against these names.
    pub fn of(seen: TypesSeen, names: &Names) -> Self {
        let in_use = seen.in_use(names.recorder_names());
        let are_told = seen.is_complete && !in_use.has_nameless();
        let doubts = in_use.doubts(names.recorder_names());
        // A list that is not complete may lack who bears a name.
        let unsaid = || NamesInDoubt { unborne: Vec::new(), untold: Vec::new(), ..doubts.clone() };
        let doubts = if are_told { doubts } else { unsaid() };
        let proposal = in_use.proposal().unwrap_or_default();
        let unborne_ignored = in_use.unborne_ignored(&names.ignored_recorders);
        Self { seen, doubts, proposal, unborne_ignored, are_told }
    }

    /// Whether nothing speaks against the settings' names.
    pub fn is_well(&self) -> bool {
        self.are_told && self.doubts.is_nothing() && self.unborne_ignored.is_none()
    }
}

/// Looks at the types there are: as a sync learns them, counted, and summed where that is cheap. `total` is what 1C's
/// own turnovers come to over all time, `now` the infobase's time.
pub async fn look(
    client: &Client,
    reporter: &Reporter,
    total: Option<Amount>,
    now: LocalTime,
) -> Result<TypesSeen, Error> {
    let reading = SetReader { client, reporter };
    let TypesTold { types, is_complete } = reading.types_beyond(BTreeSet::new(), MOST_ROWS).await?;
    let counted = Counted::of(&reading, &types).await;
    let is_complete = is_complete && counted.are_all() && !types.iter().any(|it| it.0.is_empty());
    if !is_complete && let Some(seen) = reading.types_of_all_rows(now).await {
        return Ok(seen);
    }
    let mut seen = TypesSeen { types: Vec::new(), is_complete };
    let once = reading.types_once(&types, now).await?;
    let in_use = client.types_in_use(&types, &once).types.into_iter();
    seen.types = in_use
        .map(|it| TypeSeen {
            rows: counted.rows.get(&it.recorder_type).copied(),
            wrote_once: once.contains(&it.recorder_type),
            recorder_type: it.recorder_type,
            role: it.role,
            amount: None,
        })
        .collect();
    reading.sum_up(&mut seen, total).await;
    Ok(seen)
}

/// Asks for what the settings set apart, for types beyond those met, and for the rows of several, as a sync does: what 1C
/// does not filter by is learned on the way.
pub async fn ask(client: &Client, reporter: &Reporter, met: BTreeSet<RecorderType>) -> Result<(), Error> {
    let reading = SetReader { client, reporter };
    if let Some((SetApart::Asked(query), _)) = reading.set_apart().await? {
        tolerant(client.page::<ThinSale>(&query.top(Top::PageAndOne)).await)?;
    }
    let known = reading.types_beyond(met, MOST_ROWS).await?.types;
    let known: Vec<_> = known.into_iter().filter(|it| !it.0.is_empty()).collect();
    let known = reading.in_one_address(&known);
    if known.is_empty() {
        return Ok(());
    }
    tolerant(client.count(Set::Sales, &Filter::none().active().of_types(known)).await)
}

/// A filter that is refused is known now, and no failure.
fn tolerant<T>(answer: Result<T, odata::Error>) -> Result<(), Error> {
    match answer {
        Err(error) if !error.is_filter_refused() => Err(error.into()),
        _ => Ok(()),
    }
}

/// The types there are and nothing else. `now` is the infobase's time.
pub async fn names(client: &Client, reporter: &Reporter, now: LocalTime) -> Result<TypesInUse, Error> {
    let reading = SetReader { client, reporter };
    let TypesTold { types, is_complete } = reading.types_beyond(BTreeSet::new(), MOST_ROWS).await?;
    let counted = Counted::of(&reading, &types).await;
    let once = reading.types_once(&types, now).await?;
    Ok(TypesInUse { is_complete: is_complete && counted.are_all(), ..client.types_in_use(&types, &once) })
}

/// Which types wrote all of these rows of theirs within a month, long before `now`.
fn written_once<'a>(rows: impl Iterator<Item = &'a ThinSale>, now: LocalTime) -> BTreeSet<RecorderType> {
    let mut spans: BTreeMap<&RecorderType, (LocalTime, LocalTime)> = BTreeMap::new();
    for row in rows.filter(|row| row.active) {
        let (oldest, newest) = spans.entry(&row.key.recorder_type).or_insert((row.period, row.period));
        (*oldest, *newest) = (row.period.min(*oldest), row.period.max(*newest));
    }
    spans.into_iter().filter(|(_, span)| wrote_all_once(*span, now)).map(|(it, _)| it.clone()).collect()
}

/// Active rows by type, and all of them.
#[derive(Debug, Default)]
struct Counted {
    rows: BTreeMap<RecorderType, u64>,
    all: Option<u64>,
}

impl Counted {
    /// 1C's counts, once more where they do not add up; none where they cannot be believed.
    async fn of(reading: &SetReader<'_>, types: &BTreeSet<RecorderType>) -> Self {
        let mut counted = Self::default();
        for _ in 0..COUNTS {
            let mut again = Self::default();
            for recorder_type in types.iter().filter(|it| !it.0.is_empty()) {
                let filter = Filter::none().active().of_types([recorder_type.clone()]);
                let Ok(rows) = reading.client.count(Set::Sales, &filter).await else { return counted };
                again.rows.insert(recorder_type.clone(), rows);
            }
            again.all = reading.client.count(Set::Sales, &Filter::none().active()).await.ok();
            counted = again;
            if counted.are_all() {
                return counted;
            }
        }
        // A count of everything, whatever was asked for.
        if types.len() > 1 && counted.rows.values().all(|rows| Some(*rows) == counted.all) {
            counted.rows.clear();
        }
        counted
    }

    /// Whether the types have all rows there are between them.
    fn are_all(&self) -> bool {
        self.all == Some(self.rows.values().sum())
    }
}

impl SetReader<'_> {
    /// Those taken for purchases that wrote all within a month, long ago.
    async fn types_once(
        &self,
        types: &BTreeSet<RecorderType>,
        now: LocalTime,
    ) -> Result<BTreeSet<RecorderType>, Error> {
        let types = self.client.types_in_use(types, &BTreeSet::new());
        self.types_that_wrote_once(types.everyday().cloned(), now).await
    }

    /// The types out of all rows, where these are few: they tell what 1C cannot be asked for.
    async fn types_of_all_rows(&self, now: LocalTime) -> Option<TypesSeen> {
        let all = self.client.count(Set::Sales, &Filter::none()).await.ok()?;
        if all > MOST_ROWS {
            return None;
        }
        let rows = self.counted::<ThinSale>(&PageQuery::of(Set::Sales).order(Order::Key)).await.ok()?;
        let mut sums: BTreeMap<RecorderType, (u64, Vec<Amount>)> = BTreeMap::new();
        let once = written_once(rows.rows.values(), now);
        for row in rows.rows.into_values().filter(|row| row.active) {
            let (counted, amounts) = sums.entry(row.key.recorder_type).or_default();
            *counted += 1;
            amounts.push(row.amount);
        }
        let is_readable = rows.rejected.is_empty();
        let types = self.client.types_in_use(sums.keys(), &once).types.into_iter().map(|it| {
            let (rows, amounts) = sums.remove(&it.recorder_type).unwrap_or_default();
            let amount = is_readable.then(|| amounts.into_iter().sum());
            let wrote_once = once.contains(&it.recorder_type) && it.role == RecorderRole::Purchase;
            TypeSeen { recorder_type: it.recorder_type, role: it.role, rows: Some(rows), amount, wrote_once }
        });
        Some(TypesSeen { types: types.collect(), is_complete: is_readable })
    }

    /// Adds what rows come to: thinly read, the fewest first, and what remains of 1C's own total where that is of one
    /// type.
    async fn sum_up(&self, seen: &mut TypesSeen, total: Option<Amount>) {
        let mut wanted: Vec<(bool, u64, RecorderType)> = seen
            .types
            .iter()
            .filter_map(|it| Some((it.role == RecorderRole::Purchase, it.rows?, it.recorder_type.clone())))
            .filter(|(.., recorder_type)| !recorder_type.0.is_empty())
            .collect();
        wanted.sort_unstable();
        let remaining = total.filter(|_| seen.is_complete).and_then(|_| wanted.last().cloned());
        let mut room = MOST_ROWS;
        let fitting: Vec<_> = wanted
            .into_iter()
            .filter(|(_, _, recorder_type)| remaining.as_ref().is_none_or(|(.., last)| last != recorder_type))
            .filter(|(_, rows, _)| room.checked_sub(*rows).map(|left| room = left).is_some())
            .map(|(.., recorder_type)| recorder_type)
            .collect();
        for types in self.by_address(&fitting) {
            self.sum_of(types, seen).await;
        }
        let (Some((.., last)), Some(total)) = (remaining, total) else { return };
        let others = seen.types.iter().filter(|it| it.recorder_type != last);
        let Some(others) = others.map(|it| it.amount).collect::<Option<Vec<_>>>() else { return };
        let rest = total - others.into_iter().sum();
        seen.types.iter_mut().filter(|it| it.recorder_type == last).for_each(|it| it.amount = Some(rest));
    }

    /// What the rows of these types come to; left unknown where they cannot be read.
    async fn sum_of(&self, types: &[RecorderType], seen: &mut TypesSeen) {
        let filter = Filter::none().active().of_types(types);
        let query = PageQuery::of(Set::Sales).filter(filter).order(Order::Key);
        let Ok(rows) = self.by_skip::<ThinSale>(&query, None, ReadingPass::Confirming).await else { return };
        if !rows.rejected.is_empty() {
            return;
        }
        for it in seen.types.iter_mut().filter(|it| types.contains(&it.recorder_type)) {
            let of_type = rows.rows.values().filter(|row| row.key.recorder_type == it.recorder_type);
            // Where not all came that were counted, no sum of them is the type's.
            if of_type.clone().count() as u64 == it.rows.unwrap_or_default() {
                it.amount = Some(of_type.map(|row| row.amount).sum());
            }
        }
    }
}
