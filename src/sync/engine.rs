//! One full sync: walks the stages, hands rows to the store, publishes once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use self::delta::DeltaRead;
use self::full::FullRead;
use self::judge::Judge;
use self::ledger::Ledger;
use self::missing_parts::Met;
use self::prover::Prover;
use self::reread_plan::AllRows;
use self::resume::Staged;
use super::bearers::Bearers;
use super::checkpoint::CheckpointNote;
use super::compare::OwnFigures;
use super::control_totals::BaseTotals;
use super::differences::ContradictedCards;
use super::event::{DeltaSummary, Notice, Outcome, Stage, SyncSummary};
use super::recorder_types::Unnamed;
use super::staging_writer::joined;
use super::sync_mode::{self, Plan, SyncMode, WhyFull};
use super::unreadable_rows::ReadTally;
use super::{Error, Observer, Reporter};
use crate::domain::period::{Reckoning, reckoning, whole_second};
use crate::domain::settings::RecorderTypeRows;
use crate::domain::{
    CardFigures, CardId, ControlTotals, DataPart, DoubtfulRows, Finding, LocalTime, Movement, MovementKind,
    NamesTrust, PointsRule, ProductId, ReadUnder, RecorderType, StoredFigures, TypesInUse, Under, Window,
};
use crate::odata::{self, Client, Filter, Measure, Set};
use crate::store::{
    self, Base, Changes, DeltaBasis, Generation, Proof, Publication, Published, Remarks, Run, Settled,
    Snapshot, Store,
};

mod bearers;
mod delta;
mod full;
mod judge;
mod ledger;
mod missing_parts;
mod prover;
mod reread;
mod reread_plan;
mod resume;
mod second_look;

/// Cards kept as a sample by which a base is known again.
const SAMPLE: usize = 20;

/// What one sync is asked to do.
#[derive(Clone, Debug)]
pub struct SyncSettings {
    /// Window of purchases in days; 0 is all history.
    pub days: u32,
    /// Everything, or what changed.
    pub mode: SyncMode,
    /// The last so long a time is read again by every delta, with the future.
    pub recent: Duration,
    /// Everything is read again after so long a time, whatever was asked for.
    pub full_every: Duration,
    /// Cards to read; 0 is all. What is not read is carried over, never removed.
    pub limit: u64,
    /// Requests at once.
    pub in_flight: usize,
    /// Which rule gives the points.
    pub rule: PointsRule,
    /// Take the store over to another base.
    pub accept_base: bool,
    /// Address of the base without credentials.
    pub address: String,
    /// Pause before a second look at a sudden loss.
    pub second_look_after: Duration,
    /// How long a sync that was cut off may be gone on with.
    pub resume_within: Duration,
    /// Cards of which 1C's rows were found to be others since the last sync: a delta reads them again, whatever 1C's sums
    /// say. These may be behind its rows.
    pub doubted: BTreeSet<CardId>,
    /// Tells apart the names and parts of 1C that are read: a sync is gone on with under the same only.
    pub names: u64,
    /// What decides what the figures are made of: kept with the generation.
    pub meaning: crate::domain::Settings,
}

/// One sync, ready to run.
pub struct Job {
    client: Client,
    store: Store,
    settings: SyncSettings,
    started_at: DateTime<Utc>,
    window: Window,
    points_at: LocalTime,
    /// This machine's clock at the start, on the infobase's wall.
    local_now: LocalTime,
    /// Set where the server's clock and ours are days apart.
    clocks: Option<Finding>,
    /// Fields that this base does not have.
    unpublished: Arc<Mutex<BTreeSet<String>>>,
    /// Cards by 1C's own count: the first thing it is asked.
    cards_expected: u64,
    /// 1C answers with no points where the store has some.
    are_points_withheld: bool,
    reporter: Arc<Reporter>,
}

/// How a sync ended; the error tells why it published nothing.
#[derive(Debug)]
pub struct Finished {
    /// What it did.
    pub summary: SyncSummary,
    /// Why it failed, where it failed.
    pub error: Option<Error>,
    /// What was read of it, where what was published before was built on.
    pub delta: Option<DeltaSummary>,
}

/// What the stages read besides rows.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing found, whatever the others are")]
struct ReadFacts {
    cards: BTreeSet<CardId>,
    products: HashSet<ProductId>,
    distrusted: HashMap<CardId, DoubtfulRows>,
    rejected: HashSet<(Set, odata::RowMark)>,
    /// How many rows could not be read, by what they are taken for.
    unread: UnreadRows,
    /// How many rows could be read and could not.
    read: BTreeMap<Set, ReadTally>,
    control: BaseTotals,
    /// Types of the documents that write the register of sales, as far as they were met.
    types: BTreeSet<RecorderType>,
    /// Those that wrote purchases lately.
    recent_types: BTreeSet<RecorderType>,
    /// Those taken for purchases of which all was written within a month, long ago.
    types_once: BTreeSet<RecorderType>,
    /// Those of rows that came along and lie before the window, with the periods of the first and the last.
    older_types: BTreeMap<RecorderType, (LocalTime, LocalTime)>,
    /// The same of all rows that count, where they came all at once.
    spans_of_types: BTreeMap<RecorderType, (LocalTime, LocalTime)>,
    /// Whether 1C said that there are no others.
    are_types_told: bool,
    /// What confirms the rows.
    proof: Proof,
    /// Cards whose rows 1C's own sums contradict, however often they are read.
    contradicted: ContradictedCards,
    /// What cards come to by what is staged, where most of it was published before.
    own: Option<OwnFigures>,
    /// Cards whose opening balances may be among what is taken for purchases, where rows are not read anew.
    unnamed: Unnamed,
    /// Period of the latest purchase that is not of the future.
    latest: Option<LocalTime>,
    /// Period of the latest row of sales, whatever the clocks say.
    newest: Option<LocalTime>,
    /// Stretches of an earlier attempt were not read again.
    is_taken_over: bool,
    /// Bonus rows were read; else those of the generation before are kept, and points are unknown.
    has_points: bool,
    /// What a delta read, and what the next one builds on.
    delta: Option<DeltaSummary>,
    basis: Option<DeltaBasis>,
    /// Whether rows bear cards of the catalog.
    bearers: Bearers,
    /// The register of points is not kept by card.
    points_are_unknown: bool,
    /// Whether 1C told the parts that it was asked for and that may be missing.
    told: missing_parts::PartsTold,
    /// Names of sets and fields that 1C does not know, of what is gone without.
    unknown_names: BTreeSet<String>,
    /// Parts that are missing, and were before.
    absent: BTreeSet<(DataPart, String)>,
    /// Cards read that name an owner, and those among them whose owner no catalog has.
    owners_named: u64,
    owners_unlisted: u64,
    /// What somebody should mend.
    findings: Vec<Finding>,
    /// A delta that cannot tell what 1C has.
    needs_full: Option<WhyFull>,
}

/// Rows that could not be read, by what their documents make them.
#[derive(Clone, Copy, Debug, Default)]
struct UnreadRows {
    opening_balances: u64,
    purchases: u64,
    points: u64,
}

impl ReadFacts {
    /// A row of this set could not be read: what its card comes to there is not known.
    fn distrust(&mut self, card: Option<CardId>, set: Set) {
        let of = DoubtfulRows { sales: set != Set::Points, points: set != Set::Sales };
        if let Some(card) = card {
            let known = self.distrusted.entry(card).or_default();
            *known = known.and(of);
        }
    }

    /// Whether rows of an earlier attempt were believed for the sake of totals that 1C then did not tell.
    fn is_taken_on_trust(&self) -> bool {
        self.is_taken_over && !(self.control.knows_turnovers() && self.control.knows_balances())
    }

    /// Whether 1C's own totals contradict the rows of most who bought: then what lies before the window, which no row
    /// was read of, may be anything.
    fn are_rows_doubtful(&self) -> bool {
        self.contradicted.sales.len() * 2 > self.control.buyers()
    }

    /// Whether 1C's own totals confirm every row that is compared with them.
    fn agree_with_totals(&self) -> bool {
        self.control.knows_turnovers() && self.contradicted.is_empty()
    }
}

/// Where the reading starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// Where an earlier attempt was cut off, if there is one to go on with.
    WhereItWasCutOff,
    Anew,
}

/// The whole base, read and proven, as it would be published.
#[derive(Debug)]
struct ProvenBase {
    settled: Settled,
    facts: ReadFacts,
}

impl Job {
    /// Prepares a sync. `now` is taken once: midnight may pass while it runs. `local_now` is the same
    /// moment on the infobase's wall clock.
    pub fn new(
        client: &Client,
        store: Store,
        settings: SyncSettings,
        now: DateTime<Utc>,
        local_now: LocalTime,
        observer: Arc<dyn Observer>,
    ) -> Self {
        let client = client.new_run();
        let metered = client.clone();
        let meter = move || {
            let stats = metered.stats();
            (stats.requests, stats.bytes)
        };
        let reporter = Arc::new(Reporter::new(observer).metered(meter).patient(client.patience()));
        let troubles = Arc::clone(&reporter);
        let unpublished = Arc::new(Mutex::default());
        let fields = Arc::clone(&unpublished);
        let client = client.with_observer(move |trouble| tell(&troubles, &fields, trouble));
        let window = Window::ending(local_now.date(), settings.days);
        Self {
            client,
            store,
            settings,
            started_at: now,
            window,
            points_at: whole_second(local_now),
            local_now,
            clocks: None,
            unpublished,
            cards_expected: 0,
            are_points_withheld: false,
            reporter,
        }
    }

    /// Runs to the end: published, failed or cancelled. The last generation stays unless it published.
    pub async fn run(mut self, cancel: &CancellationToken) -> Finished {
        let reporter = Arc::clone(&self.reporter);
        let ready = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Error::Cancelled),
            ready = Box::pin(self.ready()) => ready,
            never = reporter.listen() => match never {},
        };
        // From here on it is too late to cancel: a publication that has begun cannot be called back, and what is
        // said of it must be true.
        self.keep_lessons().await;
        let result = match ready {
            // Work that never had to wait did not notice.
            Ok(_) if cancel.is_cancelled() => Err(Error::Cancelled),
            Ok(look) => Box::pin(self.publish(look)).await,
            Err(error) => Err(error),
        };
        match result {
            Ok((published, facts)) => {
                self.reporter.published();
                let summary = self.summary(Outcome::Published, Some(&published), &facts);
                Finished { summary, error: None, delta: facts.delta }
            }
            Err(error) => self.failed(error).await,
        }
    }

    /// Decides by which clock the window and the balance of points go, once the server's first reply told its own.
    fn heed_server_clock(&mut self) {
        let elapsed = TimeDelta::from_std(self.reporter.elapsed()).unwrap_or_default();
        let (ours, server) = (self.started_at + elapsed, self.client.server_time());
        let reckoning = reckoning(ours, server);
        let now = match reckoning {
            Reckoning::Ours => ours,
            Reckoning::Servers(now) | Reckoning::Earlier(now) => now,
        };
        let local = self.local_now.checked_add_signed(now - ours).unwrap_or(self.local_now);
        self.window = Window::ending(local.date(), self.settings.days);
        self.points_at = whole_second(local);
        self.clocks = None;
        match (reckoning, server) {
            (Reckoning::Servers(server), _) => self.reporter.notice(Notice::ClocksDiffer(ours, server)),
            (Reckoning::Earlier(_), Some(server)) => {
                self.clocks = Some(Finding::ClocksDiffer { ours, server });
            }
            _ => {}
        }
    }

    /// The present, where two clocks are days apart: as late as the rows say, and no later than the later of them.
    fn present(&self, newest: Option<LocalTime>) -> LocalTime {
        let Some(Finding::ClocksDiffer { ours, server }) = &self.clocks else { return self.points_at };
        let later = self.points_at.checked_add_signed((*server - *ours).abs()).unwrap_or(self.points_at);
        newest.unwrap_or(self.points_at).clamp(self.points_at, later)
    }

    /// Types of document that were there when the generation before was read, and that nobody need ask for again.
    async fn types_before(&self) -> Result<Vec<RecorderType>, Error> {
        let before = self.published(Snapshot::read_under).await?.unwrap_or_default();
        let types: Vec<_> = before.recorder_types.into_iter().map(|it| it.recorder_type).collect();
        Ok(self.client.types_in_use(&types, &BTreeSet::new()).everyday().cloned().collect())
    }

    /// What somebody should mend.
    fn findings(&self, facts: &ReadFacts) -> Vec<Finding> {
        let unlisted = facts.bearers.sales.unlisted();
        let found = self.clocks.iter().chain(&facts.findings).cloned();
        found.chain(unlisted).chain(self.findings_of_names(facts)).collect()
    }

    /// What speaks against the names of opening balances, and of what is left out.
    fn findings_of_names(&self, facts: &ReadFacts) -> Vec<Finding> {
        let (types, names) = (self.types_in_use(facts), self.client.names());
        let mut findings = types.doubts(names.recorder_names()).findings(facts.types.iter());
        findings.extend(types.unborne_ignored(&names.ignored_recorders));
        findings.extend(self.unborne_fields(facts));
        findings
    }

    /// Sets and fields that the settings call otherwise than is usual, and that 1C does not have: told by every sync.
    fn unborne_fields(&self, facts: &ReadFacts) -> Option<Finding> {
        let learned = self.client.learned();
        let is_missing = |name: &str| {
            facts.unknown_names.contains(name)
                || learned
                    .iter()
                    .any(|it| matches!(&it.what, odata::Capability::Field(field) if field == name))
        };
        let unusual = self.client.names().unusual().into_iter().filter(|(_, name)| is_missing(name));
        let settings: Vec<_> = unusual.map(|(key, name)| format!("{key} = \"{name}\"")).collect();
        (!settings.is_empty()).then_some(Finding::FieldsUnborne { settings })
    }

    /// The types of document that were met, by what the settings take them for.
    fn types_in_use(&self, facts: &ReadFacts) -> TypesInUse {
        let types = self.client.types_in_use(&facts.types, &facts.types_once);
        TypesInUse { is_complete: facts.are_types_told, ..types }
    }

    /// How far the settings' names tell these types apart.
    fn trust(&self, facts: &ReadFacts) -> NamesTrust {
        self.types_in_use(facts).trust(self.client.names().recorder_names())
    }

    fn type_rows(&self, recorder_type: &RecorderType, facts: &ReadFacts) -> RecorderTypeRows {
        let role = self.client.names().role_of(&recorder_type.0);
        let wrote_once = facts.types_once.contains(recorder_type);
        RecorderTypeRows { recorder_type: recorder_type.clone(), rows: None, role, wrote_once }
    }

    async fn failed(&self, error: Error) -> Finished {
        let outcome = if matches!(error, Error::Cancelled) { Outcome::Cancelled } else { Outcome::Failed };
        if outcome == Outcome::Cancelled {
            self.reporter.pause();
        } else {
            self.reporter.fail();
        }
        if error.is_doubtful() {
            self.drop_staged().await;
        }
        let run = Run { error: Some(error.code().into()), ..self.run_record(outcome, &ReadFacts::default()) };
        let store = self.store.clone();
        // The failure itself is told in any case; a store that cannot take the record says so next time.
        let _ = tokio::task::spawn_blocking(move || store.record_run(&run)).await;
        let mut summary = self.summary(outcome, None, &ReadFacts::default());
        summary.generation = self.current().await.ok().flatten().map(|generation| generation.id);
        Finished { summary, error: Some(error), delta: None }
    }

    /// Reads, proves and looks twice where that is called for: what may be published.
    async fn ready(&mut self) -> Result<ProvenBase, Error> {
        self.remember_lessons().await;
        if self.settings.mode == SyncMode::Delta {
            match self.delta().await? {
                Ok(look) => return Ok(look),
                Err(why) => {
                    self.reporter.notice(Notice::FullInstead(why));
                    self.verified().await?;
                }
            }
        }
        let staged = self.staged(Start::WhereItWasCutOff).await?;
        self.ask_first().await?;
        self.heed_server_clock();
        let mut look = self.look(staged).await?;
        if look.facts.is_taken_on_trust() {
            drop(look);
            let anew = self.staged(Start::Anew).await?;
            look = self.look(anew).await?;
        }
        let losses = self.losses(&look).await?.losses;
        if !losses.is_empty() {
            look = Box::pin(self.look_again(look, &losses)).await?;
        }
        Ok(look)
    }

    /// Reads all of what is published again: nothing is compared with rows that changed on the disk.
    async fn verified(&self) -> Result<(), Error> {
        let store = self.store.clone();
        joined(tokio::task::spawn_blocking(move || store.verify()).await).map(drop)
    }

    /// What a delta may publish, or why everything has to be read.
    async fn delta(&mut self) -> Result<Result<ProvenBase, WhyFull>, Error> {
        if let Err(why) = self.basis().await? {
            return Ok(Err(why));
        }
        let staging = self.in_turn(Store::stage_over_current).await?;
        self.ask_first().await?;
        self.heed_server_clock();
        // The window may have moved with the clock.
        let basis = match self.basis().await? {
            Ok(basis) => basis,
            Err(why) => return Ok(Err(why)),
        };
        let note = CheckpointNote::new(self.note_terms().await?, self.started_at);
        let mut ledger = Ledger::new(self, staging, note).over_published();
        let read = read_delta(&mut ledger, basis).await;
        let (mut facts, staging) = match finished(ledger, read).await {
            Err(error) if delta::is_beyond_a_delta(&error) => return Ok(Err(WhyFull::FiltersRefused)),
            read => read?,
        };
        if let Some(why) = facts.needs_full {
            return Ok(Err(why));
        }
        let settled = self.settle(staging, &mut facts).await?;
        let look = ProvenBase { settled, facts };
        let is_sudden = !self.losses(&look).await?.losses.is_empty();
        Ok(if is_sudden { Err(WhyFull::SuddenLoss) } else { Ok(look) })
    }

    /// What a delta can build on, or why it cannot.
    async fn basis(&self) -> Result<Result<DeltaBasis, WhyFull>, Error> {
        let published = self.current().await?;
        let plan = Plan {
            now: self.started_at,
            window: self.window,
            names: self.settings.names,
            limit: self.settings.limit,
            accepts_base: self.settings.accept_base,
            full_every: self.settings.full_every,
        };
        Ok(sync_mode::basis(published.as_ref(), &plan))
    }

    async fn publish(&self, look: ProvenBase) -> Result<(Published, ReadFacts), Error> {
        self.reporter.begin(Stage::Publishing);
        let ProvenBase { settled, facts } = look;
        self.keep_what_was_not_read(settled.changes(), &facts);
        let mut publication = self.publication(&facts);
        publication.read_under.is_mixed = self.is_mixed().await?;
        for finding in self.findings(&facts) {
            self.reporter.notice(Notice::Found(finding));
        }
        let published = joined(tokio::task::spawn_blocking(move || settled.publish(publication)).await)?;
        self.reporter.end();
        Ok((published, facts))
    }

    /// Whether cards are carried over that were read under settings that meant something else.
    async fn is_mixed(&self) -> Result<bool, Error> {
        if self.settings.limit == 0 {
            return Ok(false);
        }
        let read = self.published(Snapshot::read_under).await?;
        Ok(Under::of(read, &self.settings.meaning).is_other())
    }

    /// Nothing is removed that was not looked at.
    fn keep_what_was_not_read(&self, changes: &Changes, facts: &ReadFacts) {
        assert!(
            self.settings.limit == 0 || changes.cards.removed == 0,
            "a part of the cards removes no card"
        );
        assert!(facts.has_points || changes.bonus_rows.removed == 0, "bonus rows not read remove none");
    }

    /// The first question of all. Its answer tells the server's clock as well.
    async fn ask_first(&mut self) -> Result<(), Error> {
        self.reporter.begin(Stage::Preparing);
        self.cards_expected = self.client.count(Set::Cards, &Filter::none()).await?;
        let is_odd = matches!(reckoning(self.started_at, self.client.server_time()), Reckoning::Earlier(_));
        if is_odd {
            // It may have come out of a cache that does not say so.
            self.cards_expected = self.client.count(Set::Cards, &Filter::none()).await?;
        }
        Ok(self.client.try_again().await?)
    }

    /// Asks as this base is known to want it. What cannot be read is found out again.
    async fn remember_lessons(&self) {
        let store = self.store.clone();
        let kept = tokio::task::spawn_blocking(move || store.lessons().ok().flatten());
        self.client.remember(kept.await.ok().flatten().as_deref(), self.started_at);
    }

    /// Keeps what was learned of the base. What cannot be kept is found out again.
    async fn keep_lessons(&self) {
        let Some(lessons) = self.client.lessons() else { return };
        let store = self.store.clone();
        let _ = tokio::task::spawn_blocking(move || store.keep_lessons(&lessons)).await;
    }

    /// Reads and proves the whole base, and computes its figures.
    async fn look(&self, start: Staged) -> Result<ProvenBase, Error> {
        let mut ledger = self.ledger(start).await?;
        let read = read_all(&mut ledger).await;
        let (mut facts, staging) = finished(ledger, read).await?;
        let settled = self.settle(staging, &mut facts).await?;
        Ok(ProvenBase { settled, facts })
    }

    /// Computes every card's figures and verdict from its staged rows.
    async fn settle(&self, mut staging: store::Staging, facts: &mut ReadFacts) -> Result<Settled, Error> {
        let is_partial = self.settings.limit > 0;
        let read = if is_partial { facts.cards.clone() } else { BTreeSet::new() };
        let (from, at) = (self.window.from, self.points_at);
        let former = if is_partial { self.current().await? } else { None };
        let former = former.map(|generation| generation.window.from);
        let (is_delta, store) = (facts.delta.is_some(), self.store.clone());
        let judge = Judge::new(self, facts);
        let names = self.client.names().clone();
        let suspects: BTreeSet<RecorderType> = self.types_in_use(facts).suspects().cloned().collect();
        let may_carry_over = |it: &RecorderType| names.recorder_names().may_miss(it) || suspects.contains(it);
        // Where documents of purchases may carry balances over, it is told by the rows of a card.
        let own = facts.own.take().filter(|own| !own.purchases_by.iter().any(may_carry_over));
        let task = tokio::task::spawn_blocking(move || {
            if is_partial {
                staging.carry_over(|card| !read.contains(&card))?;
                // Of cards that were carried over no more is kept than of those that were read.
                let has_left = |it: &Movement| {
                    it.kind == MovementKind::Purchase && from.is_some_and(|from| it.period < from)
                };
                staging.remove_movements(has_left)?;
            }
            let mut met = Met::new(names, suspects);
            if let Some(own) = own
                && staging.changes_little()?
            {
                let settled = staging.settle_in_place(|customer| {
                    let own = own.of(customer.card);
                    assert!(own.is_some(), "a card was not looked at");
                    judge.figures(&mut met, customer, own.unwrap_or_default(), false)
                })?;
                return Ok((settled, met));
            }
            if is_delta {
                // What is carried over is what was published.
                store.verify()?;
            }
            let settled = staging.settle(|customer, rows| {
                let own = CardFigures::of(&rows.movements, &rows.bonus, from, at);
                if let Some(carried) = rows.carried {
                    let was_of_this_window = former == Some(from);
                    let figures = carried_over(&carried.figures, own, was_of_this_window).map_or(
                        carried.figures,
                        |(own, control)| {
                            let unreadable = carried.figures.unreadable;
                            StoredFigures::trusting(judge.trust, own, control, judge.rule, unreadable)
                                .contradicted(carried.figures.contradicted)
                        },
                    );
                    met.take(customer, &figures);
                    return figures;
                }
                let has_carried_over = met.carry_over(&rows.movements);
                judge.figures(&mut met, customer, own, has_carried_over)
            })?;
            Ok::<_, store::Error>((settled, met))
        });
        let (settled, met) = joined(task.await)?;
        self.take_met(met, facts).await?;
        Ok(settled)
    }

    /// The number of the current generation; 0 before the first.
    async fn generation(&self) -> Result<u64, Error> {
        Ok(self.current().await?.map_or(0, |generation| generation.id))
    }

    async fn current(&self) -> Result<Option<Generation>, Error> {
        self.published(|snapshot| Ok(snapshot.generation().cloned())).await
    }

    async fn base(&self) -> Result<Option<Base>, Error> {
        self.published(|snapshot| Ok(snapshot.base().cloned())).await
    }

    /// Reads what is published, where blocking is allowed.
    async fn published<R: Send + 'static>(
        &self,
        read: impl FnOnce(&Snapshot) -> Result<R, store::Error> + Send + 'static,
    ) -> Result<R, Error> {
        let store = self.store.clone();
        joined(tokio::task::spawn_blocking(move || read(&store.snapshot()?)).await)
    }

    fn publication(&self, facts: &ReadFacts) -> Publication {
        let sample = sample_of(&facts.cards);
        Publication {
            synced_at: self.started_at,
            window: self.window,
            points_at: (facts.has_points && !facts.points_are_unknown).then_some(self.points_at),
            rule: self.settings.rule,
            proof: facts.proof,
            basis: self.basis_of(facts),
            base: Base { address: self.settings.address.clone(), sample },
            read_under: ReadUnder {
                settings: self.settings.meaning.clone(),
                recorder_types: facts.types.iter().map(|it| self.type_rows(it, facts)).collect(),
                are_types_complete: facts.are_types_told,
                asked: Some(facts.control.asked()),
                ..ReadUnder::default()
            },
            remarks: Remarks { findings: self.findings(facts), absent: Some(facts.absent.clone()) },
            run: self.run_record(Outcome::Published, facts),
        }
    }

    /// What the next delta may build on.
    fn basis_of(&self, facts: &ReadFacts) -> Option<DeltaBasis> {
        let full = || DeltaBasis { full_at: self.started_at, deltas: 0, names: self.settings.names };
        let is_whole = self.settings.limit == 0;
        facts.basis.or_else(|| is_whole.then(full))
    }

    fn run_record(&self, outcome: Outcome, facts: &ReadFacts) -> Run {
        let stats = self.client.stats();
        Run {
            started_at: self.started_at,
            took: self.reporter.elapsed(),
            outcome,
            generation: None,
            cards: 0,
            movements: 0,
            changes: store::Delta::default(),
            variances: 0,
            unverified: 0,
            rejected: facts.rejected.len() as u64,
            requests: stats.requests,
            retries: stats.retries,
            bytes: stats.bytes,
            error: None,
        }
    }

    fn summary(&self, outcome: Outcome, published: Option<&Published>, facts: &ReadFacts) -> SyncSummary {
        let stats = self.client.stats();
        let progress = self.reporter.progress();
        let counts = published.map(|published| published.generation.counts).unwrap_or_default();
        let changes = published.map(|published| published.changes.movements).unwrap_or_default();
        SyncSummary {
            outcome,
            generation: published.map(|published| published.generation.id),
            cards: counts.cards,
            opening_balances: counts.opening_balances,
            purchases: counts.purchases,
            points_lines: facts.has_points.then_some(counts.bonus_rows),
            created: changes.created,
            changed: changes.changed,
            removed: changes.removed,
            skipped: facts.rejected.len() as u64,
            retries: stats.retries,
            requests: stats.requests,
            bytes: stats.bytes,
            stages: progress.stages.map(|stage| stage.elapsed),
            elapsed: self.reporter.elapsed(),
            variances: counts.variances,
            before_window: counts.before_window,
            unverified: counts.unverified,
            is_partial: self.settings.limit > 0,
            findings: self.findings(facts),
        }
    }
}

/// Reads everything, and proves it.
async fn read_all(ledger: &mut Ledger<'_>) -> Result<(), Error> {
    FullRead::new(ledger).read().await?;
    Prover::new(ledger, AllRows).prove().await?;
    Ok(())
}

/// Reads what changed since the generation that is built on, and proves the whole.
async fn read_delta(ledger: &mut Ledger<'_>, basis: DeltaBasis) -> Result<(), Error> {
    let (done, rows) = DeltaRead::new(ledger, basis).await?.read().await?;
    let rows = Prover::new(ledger, rows).prove().await?;
    ledger.facts.delta = Some(DeltaSummary {
        cards: rows.read_again(),
        rows: ledger.read_by_card,
        turned: ledger.stretched,
        ..done
    });
    ledger.facts.basis = Some(DeltaBasis { deltas: basis.deltas.saturating_add(1), ..basis });
    Ok(())
}

/// What was read. What the store said is told before what followed from it.
async fn finished(ledger: Ledger<'_>, read: Result<(), Error>) -> Result<(ReadFacts, store::Staging), Error> {
    let finished = ledger.finish().await;
    if let Err(error @ Error::Store(_)) = read {
        return Err(error);
    }
    let finished = finished?;
    read?;
    Ok(finished)
}

/// Cards by which a base is known again, spread over all.
fn sample_of(cards: &BTreeSet<CardId>) -> Vec<CardId> {
    let step = cards.len().div_ceil(SAMPLE).max(1);
    cards.iter().copied().step_by(step).take(SAMPLE).collect()
}

/// What a card that was carried over comes to by the window and the moment of today, where that is something else than
/// before: its rows are at hand, 1C's sums of this window and its balance of this moment are not.
fn carried_over(
    carried: &StoredFigures,
    own: CardFigures,
    was_of_this_window: bool,
) -> Option<(CardFigures, ControlTotals)> {
    let mut control = carried.control;
    if !was_of_this_window {
        // Nor is it known then how much of 1C's total lies before this one.
        (control.turnover_all, control.turnover_window) = (None, None);
        control.opening_before_window = None;
    }
    let has_same_balance = own.points.register_balance == carried.own.points.register_balance;
    if !has_same_balance {
        control.register_balance = None;
    }
    (!was_of_this_window || !has_same_balance).then_some((own, control))
}

fn tell(reporter: &Reporter, unpublished: &Mutex<BTreeSet<String>>, trouble: &odata::Trouble) {
    match &trouble.measure {
        Measure::Retry | Measure::Shrink(_) => reporter.retrying(trouble),
        Measure::WithoutFields(fields) => {
            let set = trouble.set.map_or("", Set::name);
            for field in fields.iter().map(|field| format!("{set}.{field}")) {
                unpublished.lock().unwrap_or_else(PoisonError::into_inner).insert(field.clone());
                reporter.notice(Notice::NotPublished(field));
            }
        }
        Measure::Without(what) => {
            let set = trouble.set.map_or("", Set::name).to_owned();
            reporter.notice(Notice::Otherwise(set, what.clone()));
        }
        // Another way to the same rows: nothing is lost, nobody needs to know.
        Measure::SoleRecorder | Measure::OtherForm => {}
    }
}
