//! What is published, in a database that others read: which rows of the store go where, and whether they arrived.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sverka_postgres::{
    BonusRow, CardRows, CustomerRow, GenerationRow, Mirror, MovementRow, OnecFigures, Opened, ProductRow,
    Published, Publishing, RowSink, Settings, Sums,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::event::{MirrorGauge, Notice, Outcome, Progress};
use super::{Engine, Error, Finished, Home, Observer, terms};
use crate::config::ConfigError;
use crate::domain::reconcile::{StoredSide, Terms, outline};
use crate::domain::{self, CardId, Direction, Movement, MovementKind, PersonalDate, RecorderRole};
use crate::store::{
    self, Counts, Generation, Lines, MirrorFault, MirrorNote, Snapshot, StoredCard, StoredProduct,
};

/// Why there is no mirror, or not of what is published.
#[derive(Debug)]
pub enum MirrorError {
    /// None is configured.
    NotConfigured,
    /// Its password cannot be had.
    Settings(ConfigError),
    /// The store cannot be read, or holds nothing yet.
    Store(Error),
    /// The database.
    Database(sverka_postgres::Error),
}

impl MirrorError {
    /// Its code, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotConfigured => "mirror-not-configured",
            Self::Settings(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

impl MirrorError {
    fn fault(&self) -> MirrorFault {
        let values = if let Self::Database(error) = self { error.values() } else { Vec::new() };
        MirrorFault::new(self.code(), values)
    }
}

impl From<Error> for MirrorError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<sverka_postgres::Error> for MirrorError {
    fn from(error: sverka_postgres::Error) -> Self {
        Self::Database(error)
    }
}

/// What became of a mirror.
#[derive(Clone, Debug)]
pub struct Mirrored {
    /// The generation it shows.
    pub generation: u64,
    /// When that was read from 1C.
    pub synced_at: DateTime<Utc>,
    /// The host of the database, without login or password.
    pub host: String,
    /// The schema.
    pub schema: String,
    /// Which kind of database it is.
    pub flavour: &'static str,
    /// What was written, and whether the database's own sums agree.
    pub published: Published,
    /// Codes of the cards that differ, the first of them.
    pub differing: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

impl Mirrored {
    /// What is wrong with the mirror, where its sums are not those of the store.
    fn fault(&self) -> Option<MirrorFault> {
        let differs = || MirrorFault::new(Published::DIFFERS, self.published.told(&self.differing));
        (!self.published.verified).then(differs)
    }
}

/// How a mirror stands beside what is published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorStanding {
    /// The generation it shows; `None` where nothing was written there yet.
    pub generation: Option<u64>,
    /// When that was published there.
    pub published_at: Option<DateTime<Utc>>,
    /// Whether the database's own sums were those of the store.
    pub verified: bool,
    /// When it was last tried.
    pub tried_at: Option<DateTime<Utc>>,
    /// By how many generations it is behind.
    pub behind: Option<u64>,
    /// Why it is not what is published, or differs.
    pub fault: Option<MirrorFault>,
}

/// How many cards and products were handed over.
#[derive(Debug, Default)]
struct GivenMirror {
    done: AtomicU64,
    total: AtomicU64,
}

impl GivenMirror {
    fn begin(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    fn gauge(&self) -> MirrorGauge {
        MirrorGauge { done: self.done.load(Ordering::Relaxed), total: self.total.load(Ordering::Relaxed) }
    }
}

/// Between two looks at how far the mirror is.
const LOOK: Duration = Duration::from_millis(250);

/// Passes everything on, and keeps what was told last: the gauge of the mirror is told on top of it.
pub(super) struct Latest {
    observer: Arc<dyn Observer>,
    told: Mutex<Progress>,
}

impl Latest {
    pub(super) fn new(observer: Arc<dyn Observer>) -> Self {
        Self { observer, told: Mutex::default() }
    }

    fn show(&self, gauge: MirrorGauge, elapsed: Duration) {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let progress = Progress { mirror: Some(gauge), ..told.after(elapsed) };
        self.observer.progress(&progress);
    }
}

impl Observer for Latest {
    fn progress(&self, progress: &Progress) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone_from(progress);
        self.observer.progress(progress);
    }

    fn notice(&self, notice: Notice) {
        self.observer.notice(notice);
    }
}

impl Engine {
    /// Brings the mirror to what is published, and notes how that came out. `repair` reads every row of the mirror again, and
    /// takes it over from a later generation.
    pub async fn mirror(&self, repair: bool) -> Result<Mirrored, MirrorError> {
        self.mirror_counted(repair, Arc::default()).await
    }

    async fn mirror_counted(&self, repair: bool, given: Arc<GivenMirror>) -> Result<Mirrored, MirrorError> {
        let mirrored = self.publish_mirror(repair, given).await;
        if !matches!(mirrored, Err(MirrorError::NotConfigured)) {
            self.note_mirror(&mirrored).await;
        }
        mirrored
    }

    async fn publish_mirror(&self, repair: bool, given: Arc<GivenMirror>) -> Result<Mirrored, MirrorError> {
        let began = Instant::now();
        let settings = self.mirror_settings().await?;
        let generation = self.generation_to_mirror().await?;
        let (host, schema) = (settings.host(), settings.schema.clone());
        let mut mirror = Mirror::new(settings);
        let holder = self.home.holder(self.now());
        let mut opened =
            mirror.open(Uuid::from_u128(token(&holder)), format!("{} {}", holder.host, holder.pid)).await?;
        let published = self.publish_to(&mut mirror, &mut opened, &generation, repair, given).await;
        mirror.close(&opened).await;
        let published = published?;
        let differing = self.codes_of(published.differing.0.clone()).await?;
        Ok(Mirrored {
            generation: generation.id,
            synced_at: generation.synced_at,
            host,
            schema,
            flavour: opened.flavour.name(),
            published,
            differing,
            took: began.elapsed(),
        })
    }

    /// Takes the mirror away; `false` where there was none.
    pub async fn drop_mirror(&self) -> Result<bool, MirrorError> {
        let was_there = Mirror::new(self.mirror_settings().await?).drop().await?;
        if let Some(path) = self.home.path().map(Path::to_owned) {
            let _ = tokio::task::spawn_blocking(move || store::note_mirror(&path, None)).await;
        }
        Ok(was_there)
    }

    /// How the mirror stands beside what is published, by what was noted when it was last written to: nobody is asked, so that
    /// nobody is waited for. `None` where there is none.
    pub(super) fn mirror_standing(&self, published: Option<u64>) -> Option<MirrorStanding> {
        let place = self.config.mirror.place()?;
        let noted = self.home.path().and_then(store::noted_mirror);
        let note = noted.filter(|note| note.mirror == place).unwrap_or_default();
        let behind = published.zip(note.generation).map(|(published, shown)| published.saturating_sub(shown));
        let MirrorNote { generation, published_at, verified, tried_at, fault, .. } = note;
        Some(MirrorStanding { generation, published_at, verified, tried_at, behind, fault })
    }

    /// A run that failed leaves the mirror as the one before left it.
    async fn note_mirror(&self, mirrored: &Result<Mirrored, MirrorError>) {
        let Some(path) = self.home.path().map(Path::to_owned) else { return };
        let Some(mirror) = self.config.mirror.place() else { return };
        let now = Some(self.now());
        let new = match mirrored {
            Ok(it) => MirrorNote {
                mirror: mirror.clone(),
                generation: Some(it.generation),
                published_at: now,
                verified: it.published.verified,
                tried_at: now,
                fault: it.fault(),
            },
            Err(error) => MirrorNote {
                mirror: mirror.clone(),
                tried_at: now,
                fault: Some(error.fault()),
                ..MirrorNote::default()
            },
        };
        let is_failed = mirrored.is_err();
        let noting = move || {
            let before = store::noted_mirror(&path).filter(|note| is_failed && note.mirror == mirror);
            let note = match before {
                Some(before) => MirrorNote { tried_at: new.tried_at, fault: new.fault, ..before },
                None => new,
            };
            store::note_mirror(&path, Some(&note));
        };
        let _ = tokio::task::spawn_blocking(noting).await;
    }

    /// After a sync that published, where there is a mirror. What becomes of it changes nothing of the sync.
    pub(super) async fn mirror_after(
        &self,
        ended: &Result<Finished, Error>,
        observer: &Latest,
        cancel: &CancellationToken,
    ) {
        let is_published = ended.as_ref().is_ok_and(|it| it.summary.outcome == Outcome::Published);
        if !is_published || self.config.mirror.database.url.is_none() {
            return;
        }
        let (given, began) = (Arc::<GivenMirror>::default(), Instant::now());
        let mut mirroring = Box::pin(self.mirror_counted(false, Arc::clone(&given)));
        let mut look = tokio::time::interval(LOOK);
        let mirrored = loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => return,
                mirrored = &mut mirroring => break mirrored,
                _ = look.tick() => observer.show(given.gauge(), began.elapsed()),
            }
        };
        observer.notice(match mirrored {
            Ok(it) => match it.fault() {
                Some(fault) => Notice::MirrorDiffers(it.generation, fault),
                None => Notice::Mirrored(it.generation, it.published.written + it.published.removed),
            },
            Err(error) => Notice::MirrorFailed(error.fault()),
        });
    }

    pub(super) async fn mirror_settings(&self) -> Result<Settings, MirrorError> {
        let settings = self.config.mirror.resolve().await.map_err(MirrorError::Settings)?;
        Ok(settings.ok_or(MirrorError::NotConfigured)??)
    }

    async fn generation_to_mirror(&self) -> Result<Generation, Error> {
        self.read(|snapshot| snapshot.generation().cloned().ok_or(store::Error::NotFound)).await
    }

    async fn publish_to(
        &self,
        mirror: &mut Mirror,
        opened: &mut Opened,
        generation: &Generation,
        repair: bool,
        given: Arc<GivenMirror>,
    ) -> Result<Published, MirrorError> {
        self.refuse_another_base(opened).await?;
        if let Some((there, synced_at)) = opened.generation
            && synced_at.timestamp_micros() > generation.synced_at.timestamp_micros()
            && !repair
        {
            let synced_at = synced_at.to_rfc3339();
            return Err(sverka_postgres::Error::Newer { generation: there, synced_at }.into());
        }
        mirror.prepare(opened, repair).await?;
        let publishing = Publishing { generation: self.row_of(generation).await?, repair };
        let (home, id) = (self.home.clone(), generation.id);
        given.begin(generation.counts.cards + generation.counts.products);
        let give = move |sink| {
            let (home, given) = (home.clone(), Arc::clone(&given));
            // Whatever ends it early is told by rows that end early.
            drop(tokio::task::spawn_blocking(move || give(&home, id, sink, &given)));
        };
        Ok(mirror.publish(opened, &publishing, give).await?)
    }

    /// A mirror of another base is one of which half of the cards it is known by are not stored.
    async fn refuse_another_base(&self, opened: &Opened) -> Result<(), MirrorError> {
        let (sample, asked) = (opened.sample.clone(), opened.sample.len());
        let known = self.read(move |snapshot| {
            let known = sample.iter().map(|card| snapshot.customer(CardId(*card)));
            known.filter_map(Result::transpose).try_fold(0_usize, |count, card| card.map(|_| count + 1))
        });
        if known.await? * 2 < asked {
            let address = opened.address.clone().unwrap_or_default();
            return Err(sverka_postgres::Error::AnotherBase { address }.into());
        }
        Ok(())
    }

    async fn row_of(&self, generation: &Generation) -> Result<GenerationRow, Error> {
        let base = self.read(|snapshot| Ok(snapshot.base().cloned().unwrap_or_default())).await?;
        Ok(GenerationRow {
            id: i64::try_from(generation.id).unwrap_or(i64::MAX),
            synced_at: generation.synced_at,
            digest: format!("{:032x}{:032x}", generation.digest, generation.figures_digest),
            proof: generation.proof.name(),
            address: base.address,
            sample: base.sample.iter().map(|card| card.0).collect(),
            timezone: self.config.onec.timezone.name().to_owned(),
        })
    }

    async fn codes_of(&self, cards: Vec<Uuid>) -> Result<Vec<String>, Error> {
        self.read(move |snapshot| {
            let code = |card: &Uuid| {
                let customer = snapshot.customer(CardId(*card))?;
                Ok(customer.map_or_else(|| card.to_string(), |customer| customer.code))
            };
            cards.iter().map(code).collect()
        })
        .await
    }
}

/// Tells one run from all others: two of one machine, and of two.
fn token(holder: &store::StoreHolder) -> u128 {
    use std::hash::{BuildHasher as _, RandomState};
    let (chance, more) = (RandomState::new(), RandomState::new());
    let half = |state: &RandomState| u128::from(state.hash_one((&holder.host, holder.pid)));
    half(&chance) << 64 | half(&more)
}

/// Gives all rows of a generation; ends early where it is not published any more, or is not what its manifest says.
fn give(home: &Home, id: u64, mut sink: RowSink, count: &GivenMirror) {
    let given = || -> Result<(), store::Error> {
        let snapshot = home.reader()?.snapshot()?;
        let Some(generation) = snapshot.generation().filter(|it| it.id == id) else { return Ok(()) };
        let terms = terms::terms(generation);
        give_rows(&snapshot, generation, &terms, &mut sink, count)?;
        if is_as_manifest(sink.sums(), &generation.counts) {
            // Nobody waits for it where this fails.
            let _ = sink.finish();
        }
        Ok(())
    };
    // A store that fails is told by whoever asks it next.
    let _ = given();
}

fn give_rows(
    snapshot: &Snapshot,
    generation: &Generation,
    terms: &Terms,
    sink: &mut RowSink,
    count: &GivenMirror,
) -> Result<(), store::Error> {
    let going_on = |given: Result<(), sverka_postgres::Closed>| match given {
        Ok(()) => {
            count.done.fetch_add(1, Ordering::Relaxed);
            ControlFlow::Continue(())
        }
        Err(_) => ControlFlow::Break(()),
    };
    snapshot.each_card(|card| going_on(sink.card(&rows_of(card, generation, terms))))?;
    snapshot.each_product(|product| going_on(sink.product(&product_of(product))))
}

/// Whether the rows come to what the manifest vouches for.
fn is_as_manifest(sums: &Sums, counts: &Counts) -> bool {
    let lines = |lines: &Lines| (lines.lines, lines.amount.decimal());
    sums.cards == counts.cards
        && sums.of_kind(kind(MovementKind::OpeningBalance)) == lines(&counts.opening_balances)
        && sums.of_kind(kind(MovementKind::Purchase)) == lines(&counts.purchases)
        && sums.bonus_lines() == counts.bonus_rows
        && sums.products == counts.products
}

/// A movement is named as documents that write such are.
fn kind(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::OpeningBalance => RecorderRole::OpeningBalance.name(),
        MovementKind::Purchase => RecorderRole::Purchase.name(),
    }
}

fn rows_of(card: StoredCard, generation: &Generation, terms: &Terms) -> CardRows {
    let (key, customer, movements, bonus) = match card {
        StoredCard::Known(side) => {
            let customer = customer_of(&side, generation, terms);
            (side.customer.card, Some(customer), side.movements, side.bonus)
        }
        StoredCard::Unknown { card, movements, bonus } => (card, None, movements, bonus),
    };
    CardRows {
        key: key.0,
        customer,
        movements: movements.iter().map(movement_of).collect(),
        bonus: bonus.iter().map(bonus_of).collect(),
    }
}

fn customer_of(side: &StoredSide, generation: &Generation, terms: &Terms) -> CustomerRow {
    let StoredSide { customer: it, figures, .. } = side;
    let own = &figures.own;
    let onec = outline(figures, terms);
    let points = generation.points_at.filter(|_| !figures.unreadable.points).map(|_| own.points);
    CustomerRow {
        code: it.code.clone(),
        barcode: it.barcode.clone(),
        phone: it.phone.clone(),
        name: it.name.clone(),
        city: it.city.as_ref().map(|city| city.name.clone()),
        city_source: it.city.as_ref().map(|city| city.source.name().to_owned()),
        email: it.email.clone(),
        birthday: match it.birthday {
            Some(PersonalDate::Known(day)) => Some(day),
            Some(PersonalDate::Hidden) | None => None,
        },
        marked_for_deletion: it.marked_for_deletion,
        invalid_card: it.invalid_card,
        owner: it.owner.map(|owner| owner.0),
        opening_balance: own.opening_balance.decimal(),
        purchases: own.purchases.decimal(),
        total: own.total().decimal(),
        purchase_lines: i64::try_from(own.purchase_lines).unwrap_or(i64::MAX),
        points: points.map(|points| points.by(generation.rule).decimal()),
        points_balance: points.map(|points| points.register_balance.decimal()),
        verdict: figures.verdict.name().to_owned(),
        onec: OnecFigures {
            opening_balance: onec.opening_balance.onec.map(domain::Amount::decimal),
            purchases: onec.purchases.onec.map(domain::Amount::decimal),
            total: onec.total.onec.map(domain::Amount::decimal),
            points: onec.points.onec.map(domain::Points::decimal),
        },
    }
}

fn movement_of(it: &Movement) -> MovementRow {
    MovementRow {
        recorder: it.key.recorder.0,
        recorder_type: it.key.recorder_type.to_string(),
        line: i64::try_from(it.key.line).unwrap_or(i64::MAX),
        period: it.period,
        kind: kind(it.kind),
        amount: it.amount.decimal(),
        quantity: it.quantity.decimal(),
        product: it.product.map(|product| product.0),
    }
}

fn bonus_of(it: &domain::BonusRow) -> BonusRow {
    BonusRow {
        recorder: it.key.recorder.0,
        recorder_type: it.key.recorder_type.to_string(),
        line: i64::try_from(it.key.line).unwrap_or(i64::MAX),
        period: it.period,
        direction: match it.direction {
            Direction::Receipt => "receipt",
            Direction::Expense => "expense",
        },
        accrued: it.accrued.decimal(),
        to_write_off: it.to_write_off.decimal(),
    }
}

fn product_of(it: StoredProduct) -> ProductRow {
    let article = Some(it.article).filter(|article| !article.is_empty());
    ProductRow { key: it.id.0, name: it.name, article }
}
