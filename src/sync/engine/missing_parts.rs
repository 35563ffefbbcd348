//! Parts of 1C's data that can be missing, and whether they were there before: losing one is told.
//!
//! A set that left the composition of the interface, a right that was taken, a field that is gone: each is gone
//! without, so that the rest goes on. The first sync learns what a base has; from then on a part that is told no more
//! is a finding, until it is back, or until the third full sync without it: then it is no loss any more.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Job, PoisonError, ReadFacts};
use crate::domain::{Customer, DataPart, Finding, Movement, MovementKind, RecorderType, StoredFigures};
use crate::odata::{Names, Set};
use crate::store::{Remarks, Snapshot};
use crate::sync::Error;
use crate::sync::bearers;
use crate::sync::sudden_loss;

/// After so many full syncs without it a part is no loss any more.
const FULL_SYNCS: u32 = 3;

/// So many towns or addresses are there for certain; of fewer the last one may be taken back any day.
const FOR_CERTAIN: u64 = 10;

/// Whether each part that was asked for was told, by part and name.
pub(super) type PartsTold = BTreeMap<(DataPart, String), bool>;

/// What walking over the customers showed.
#[derive(Debug, Default)]
pub(super) struct Met {
    names: Names,
    /// Types that are taken for purchases and may carry totals over.
    suspects: BTreeSet<RecorderType>,
    customers: u64,
    cities: u64,
    emails: u64,
    /// Cards whose sums are larger than can be compared.
    oversized: u64,
    example: Option<String>,
    /// Cards whose rows 1C's own totals contradict, and the code of one.
    contradicted: u64,
    contradicted_example: Option<String>,
    /// Types of the documents whose rows are taken for purchases, and whether they carry totals over by their names.
    purchases: HashMap<RecorderType, bool>,
}

impl Met {
    pub(super) fn new(names: Names, suspects: BTreeSet<RecorderType>) -> Self {
        Self { names, suspects, ..Self::default() }
    }

    /// Whether some of these rows are taken for purchases though their documents carry totals over, by their names. A
    /// document may be entered after 1C was asked which types there are: its rows tell.
    pub(super) fn carry_over(&mut self, rows: &[Movement]) -> bool {
        let mut some_do = false;
        for row in rows.iter().filter(|row| row.kind == MovementKind::Purchase) {
            let recorder_type = &row.key.recorder_type;
            if !self.purchases.contains_key(recorder_type) {
                let names = self.names.recorder_names();
                let does = names.may_miss(recorder_type) || self.suspects.contains(recorder_type);
                self.purchases.insert(recorder_type.clone(), does);
            }
            some_do |= self.purchases.get(recorder_type) == Some(&true);
        }
        some_do
    }

    pub(super) fn take(&mut self, customer: &Customer, figures: &StoredFigures) {
        self.customers += 1;
        self.cities += u64::from(customer.city.is_some());
        self.emails += u64::from(customer.email.is_some());
        if !figures.own.is_in_range() {
            self.oversized += 1;
            self.example.get_or_insert_with(|| name_of(customer));
        }
    }

    /// 1C's own totals contradict the rows of this card.
    pub(super) fn contradict(&mut self, customer: &Customer) {
        self.contradicted += 1;
        self.contradicted_example.get_or_insert_with(|| name_of(customer));
    }

    /// Whether there are any; nothing where nobody can tell.
    fn are_told(&self, number: u64) -> Option<bool> {
        match number {
            0 if self.customers >= FOR_CERTAIN => Some(false),
            FOR_CERTAIN.. => Some(true),
            _ => None,
        }
    }
}

/// How a card is found: by its code, else by its key.
fn name_of(customer: &Customer) -> String {
    let code = Some(customer.code.clone()).filter(|code| !code.is_empty());
    code.unwrap_or_else(|| customer.card.to_string())
}

impl Job {
    /// Adds what walking over the customers showed, and tells what was there before and is told no more.
    pub(super) async fn take_met(&self, met: Met, facts: &mut ReadFacts) -> Result<(), Error> {
        facts.types.extend(met.purchases.iter().filter(|(_, does)| **does).map(|(it, _)| it.clone()));
        if let Some(example) = met.example.clone() {
            facts.findings.push(Finding::OutOfRange { cards: met.oversized, example });
        }
        if let Some(example) = met.contradicted_example.clone() {
            facts.findings.push(Finding::TotalsContradict { cards: met.contradicted, example });
        }
        if facts.delta.is_none() && bearers::are_many(facts.owners_unlisted, facts.owners_named) {
            let (cards, of) = (facts.owners_unlisted, facts.owners_named);
            facts.findings.push(Finding::OwnersUnlisted { cards, of });
        }
        let owners = self.client.name_of(Set::Owners);
        for (part, number) in [(DataPart::Cities, met.cities), (DataPart::Emails, met.emails)] {
            facts.told.extend(met.are_told(number).map(|is_told| ((part, owners.clone()), is_told)));
        }
        let sales = format!("{}/Turnovers", self.client.name_of(Set::Sales));
        facts.told.insert((DataPart::SalesTotals, sales), facts.control.knows_turnovers());
        let points = self.client.name_of(Set::Points);
        facts.told.insert((DataPart::Points, points.clone()), facts.has_points);
        if facts.has_points {
            let balances = format!("{points}/Balance");
            facts.told.insert((DataPart::PointsTotals, balances), facts.control.knows_balances());
        }
        let unpublished = self.unpublished.lock().unwrap_or_else(PoisonError::into_inner).clone();
        facts.told.extend(unpublished.into_iter().map(|field| ((DataPart::Field, field), false)));
        let read = |snapshot: &Snapshot| {
            let had_points = snapshot.generation().is_some_and(|it| it.points_at.is_some());
            Ok((snapshot.generation().map(|_| snapshot.remarks().clone()), had_points))
        };
        let (before, had_points) = self.published(read).await?;
        let before = before.map(|remarks| learnt(remarks, had_points, &facts.told));
        let (lost, absent) = missing(before.as_ref(), &facts.told, facts.delta.is_none());
        facts.findings.extend(lost);
        facts.absent = absent;
        // A delta reads the owners of what changed alone.
        let stays = before.iter().flat_map(|remarks| &remarks.findings).filter(|it| match it {
            Finding::OwnersUnlisted { .. } => facts.delta.is_some(),
            Finding::WindowJumped { latest, .. } => {
                sudden_loss::is_quiet_since(*latest, facts.latest, self.points_at)
            }
            _ => false,
        });
        let stays: Vec<_> = stays.cloned().collect();
        facts.findings.extend(stays);
        Ok(())
    }
}

/// What is known of a generation of an earlier version, which kept no such record: whether it had points.
fn learnt(remarks: Remarks, had_points: bool, told: &PartsTold) -> Remarks {
    let absent = || {
        let missing = told.iter().filter(|(_, is_told)| !**is_told).map(|(part, _)| part.clone());
        missing.filter(|(part, _)| !(had_points && *part == DataPart::Points)).collect()
    };
    Remarks { absent: Some(remarks.absent.clone().unwrap_or_else(absent)), ..remarks }
}

/// The parts lost since the generation before, and those that are missing without being a loss.
fn missing(
    before: Option<&Remarks>,
    told: &PartsTold,
    is_full: bool,
) -> (Vec<Finding>, BTreeSet<(DataPart, String)>) {
    let missing_now = told.iter().filter(|(_, is_told)| !**is_told).map(|(part, _)| part.clone());
    let Some(before) = before else { return (Vec::new(), missing_now.collect()) };
    let mut lost = lost_before(before);
    let mut absent = before.absent.clone().unwrap_or_default();
    // A field that every reading of its set asks for is back where a full sync was not refused it.
    let is_back = |part: &(DataPart, String)| match told.get(part) {
        Some(is_told) => *is_told,
        None if part.0 == DataPart::Field => is_full,
        // The settings call it otherwise by now.
        None => told.iter().any(|((other, _), is_told)| *other == part.0 && *is_told),
    };
    lost.retain(|part, _| !is_back(part));
    absent.retain(|part| !is_back(part));
    for part in missing_now.filter(|part| !absent.contains(part)) {
        let syncs = lost.entry(part).or_default();
        *syncs += u32::from(is_full || *syncs == 0);
    }
    let (over, lost): (BTreeMap<_, _>, BTreeMap<_, _>) =
        lost.into_iter().partition(|(_, syncs)| *syncs > FULL_SYNCS);
    absent.extend(over.into_keys());
    let lost = lost.into_iter().map(|((part, name), syncs)| Finding::PartLost { part, name, syncs });
    (lost.collect(), absent)
}

fn lost_before(before: &Remarks) -> BTreeMap<(DataPart, String), u32> {
    let lost = before.findings.iter().filter_map(|finding| match finding {
        Finding::PartLost { part, name, syncs } => Some(((*part, name.clone()), *syncs)),
        _ => None,
    });
    lost.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(part: DataPart) -> (DataPart, String) {
        (part, "X".to_owned())
    }

    fn told(parts: &[(DataPart, bool)]) -> PartsTold {
        parts.iter().map(|(it, is_told)| (part(*it), *is_told)).collect()
    }

    /// Syncs one after another, a full one where marked so; how many full syncs each part is said to be lost for.
    fn story(syncs: &[(bool, &[(DataPart, bool)])]) -> Vec<Vec<(DataPart, u32)>> {
        let mut before: Option<Remarks> = None;
        let mut story = Vec::new();
        for (is_full, parts) in syncs {
            let (findings, absent) = missing(before.as_ref(), &told(parts), *is_full);
            let remarks = Remarks { findings, absent: Some(absent) };
            story.push(lost_before(&remarks).into_iter().map(|((part, _), syncs)| (part, syncs)).collect());
            before = Some(remarks);
        }
        story
    }

    #[test]
    fn what_a_base_never_had_is_no_loss() {
        let without: &[_] = &[(DataPart::Points, false), (DataPart::SalesTotals, false)];
        assert_eq!(story(&[(true, without), (false, without), (true, without)]), [vec![], vec![], vec![]]);
    }

    #[test]
    fn what_is_lost_is_told_until_it_is_back() {
        let (has, lost): (&[_], &[_]) = (&[(DataPart::Points, true)], &[(DataPart::Points, false)]);
        let told =
            story(&[(true, has), (false, lost), (false, lost), (true, lost), (true, has), (true, lost)]);
        let of = |syncs| vec![(DataPart::Points, syncs)];
        assert_eq!(told, [vec![], of(1), of(1), of(2), vec![], of(1)]);
    }

    #[test]
    fn the_third_full_sync_without_it_is_the_last_that_tells() {
        let (has, lost): (&[_], &[_]) = (&[(DataPart::Points, true)], &[(DataPart::Points, false)]);
        let full = |parts| (true, parts);
        let told = story(&[
            full(has),
            full(lost),
            full(lost),
            full(lost),
            full(lost),
            full(lost),
            full(has),
            full(lost),
        ]);
        let of = |syncs| vec![(DataPart::Points, syncs)];
        assert_eq!(told, [vec![], of(1), of(2), of(3), vec![], vec![], vec![], of(1)]);
    }

    #[test]
    fn what_was_not_asked_for_is_as_it_was() {
        let (has, lost, unasked): (&[_], &[_], &[_]) =
            (&[(DataPart::Products, true)], &[(DataPart::Products, false)], &[]);
        let told = story(&[(true, has), (false, lost), (false, unasked), (true, unasked), (true, has)]);
        let of = |syncs| vec![(DataPart::Products, syncs)];
        assert_eq!(told, [vec![], of(1), of(1), of(1), vec![]]);
        let field: &[_] = &[(DataPart::Field, false)];
        let told = story(&[(true, unasked), (true, field), (false, unasked), (true, unasked)]);
        let of = |syncs| vec![(DataPart::Field, syncs)];
        assert_eq!(told, [vec![], of(1), of(1), vec![]], "a delta need not ask for a field");
    }

    #[test]
    fn a_store_of_an_earlier_version_is_known_to_have_had_points() {
        let told = told(&[(DataPart::Points, false), (DataPart::SalesTotals, false)]);
        let lost =
            |had_points| missing(Some(&learnt(Remarks::default(), had_points, &told)), &told, true).0.len();
        assert_eq!((lost(true), lost(false)), (1, 0));
    }

    #[test]
    fn of_a_store_of_an_earlier_version_only_what_is_not_told_is_missing() {
        let told =
            told(&[(DataPart::Points, true), (DataPart::Products, false), (DataPart::SalesTotals, true)]);
        let learnt = learnt(Remarks::default(), false, &told);
        assert_eq!(learnt.absent, Some(BTreeSet::from([part(DataPart::Products)])));
    }
}
