use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, Stream};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::app::fixture;
use crate::app::reconcile::Order;
use crate::app::{
    By, CustomerDetail, Exported, Failure, Kept, Listed, LiveCheck, Part, Portal, RawFields, ReconcileId,
    ReconcileProgress, Reconciled, Request, SearchReply, Status, Wanted,
};
use crate::domain::CardId;
use crate::sync::event::{Outcome, Progress, Stage, StageState, Summary};

const SIZE: Size = Size { width: 80, height: 24 };

/// An engine over the shop of the tests. It remembers what it was asked.
#[derive(Default)]
struct Shop {
    queries: Mutex<Vec<String>>,
    progress: AtomicUsize,
    saved: Mutex<Vec<(String, String)>>,
    /// Reconciliations and files that heard that they are to end.
    ended: Arc<AtomicUsize>,
}

impl Backend for Shop {
    fn search(&self, request: Request) -> BoxFuture<'static, Result<SearchReply, Failure>> {
        self.queries.lock().expect("queries").push(request.query.clone());
        async move { Ok(fixture::reply(&request)) }.boxed()
    }

    fn open(&self, card: CardId) -> BoxFuture<'static, Result<CustomerDetail, Failure>> {
        async move { Ok(fixture::detail(card)) }.boxed()
    }

    fn check(&self, _card: CardId) -> BoxFuture<'static, Result<LiveCheck, Failure>> {
        async { panic!("a fault of ours") }.boxed()
    }

    fn fields(&self, _card: CardId) -> BoxFuture<'static, Result<RawFields, Failure>> {
        async { Ok(RawFields::default()) }.boxed()
    }

    fn portal(&self, _card: Option<CardId>) -> BoxFuture<'static, Result<Option<Portal>, Failure>> {
        async { Ok(None) }.boxed()
    }

    fn save(&self, name: String, text: String) -> BoxFuture<'static, Result<String, Failure>> {
        self.saved.lock().expect("files").push((name.clone(), text));
        async move { Ok(name) }.boxed()
    }

    fn reconcile(
        &self,
        _: ReconcileId,
        by: By,
        watch: ReconcileWatch,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Result<Reconciled, Failure>> {
        let steps = self.progress.load(Ordering::Relaxed);
        let ended = Arc::clone(&self.ended);
        async move {
            for step in 0..steps {
                let progress = ReconcileProgress { done: step as u64, ..ReconcileProgress::default() };
                watch.progress.send_replace(progress);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            if by == By::Lines {
                cancel.cancelled().await;
                ended.fetch_add(1, Ordering::Relaxed);
            }
            Ok(fixture::reconciled())
        }
        .boxed()
    }

    fn reconciled(
        &self,
        _: ReconcileId,
        wanted: Wanted,
        part: Part,
    ) -> BoxFuture<'static, Result<Listed, Failure>> {
        async move { Ok(fixture::listed(wanted, part)) }.boxed()
    }

    fn export(
        &self,
        _: Order,
        written: watch::Sender<u64>,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Result<Exported, Failure>> {
        let ended = Arc::clone(&self.ended);
        async move {
            written.send_replace(3);
            cancel.cancelled().await;
            ended.fetch_add(1, Ordering::Relaxed);
            Err(fixture::failure())
        }
        .boxed()
    }

    fn sync(
        &self,
        watch: SyncWatch,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Result<Summary, Failure>> {
        let steps = self.progress.load(Ordering::Relaxed);
        async move {
            for step in 0..steps {
                watch.progress.send_modify(|progress| at_work(progress, step as u64));
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            cancel.cancelled().await;
            Ok(fixture::summary(Outcome::Cancelled))
        }
        .boxed()
    }

    fn write_settings(&self) -> BoxFuture<'static, Result<(), Failure>> {
        async { Ok(()) }.boxed()
    }

    fn verify(&self) -> BoxFuture<'static, Result<(), Failure>> {
        async { Ok(()) }.boxed()
    }

    fn keep(&self, _kept: &Kept) {}

    fn status(&self) -> BoxFuture<'static, Status> {
        async { fixture::status() }.boxed()
    }
}

/// So many cards were read.
fn at_work(progress: &mut Progress, cards: u64) {
    progress.stage = Some(Stage::Cards);
    let stage = &mut progress.stages[Stage::Cards as usize];
    (stage.state, stage.done) = (StageState::Running, cards);
}

/// What was sent to the terminal, write by write.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<Vec<u8>>>>);

impl Sent {
    fn frames(&self) -> usize {
        self.0.lock().expect("frames").len()
    }

    /// What a terminal would show now.
    fn screen(&self) -> String {
        let mut parser = vt100::Parser::new(SIZE.height, SIZE.width, 0);
        for frame in self.0.lock().expect("frames").iter() {
            parser.process(frame);
        }
        parser.screen().contents()
    }
}

impl io::Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("frames").push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A user at the keyboard, and the dashboard they look at.
struct Session {
    shop: Arc<Shop>,
    sent: Sent,
    keys: mpsc::UnboundedSender<io::Result<Input>>,
    input: Option<mpsc::UnboundedReceiver<io::Result<Input>>>,
}

impl Session {
    fn new(shop: Shop) -> Self {
        let (keys, input) = mpsc::unbounded_channel();
        Self { shop: Arc::new(shop), sent: Sent::default(), keys, input: Some(input) }
    }

    fn press(&self, code: KeyCode) {
        let key = Input::Key(KeyEvent::new(code, KeyModifiers::NONE));
        self.keys.send(Ok(key)).expect("the dashboard listens");
    }

    /// The dashboard, until it ends; then what was under way is wound down.
    fn run(&mut self) -> impl Future<Output = io::Result<Exit>> + use<> {
        let mut keys = self.input.take().expect("one run");
        let input = futures_util::stream::poll_fn(move |context| keys.poll_recv(context));
        let screen = Screen::new(self.sent.clone(), SIZE).expect("a screen");
        let model = Model::new(fixture::settings(), SIZE, fixture::now());
        let look = Look::new(Language::Russian);
        let backend: Arc<dyn Backend> = self.shop.clone();
        let event_loop = EventLoop::new(backend, model, look, screen, Duration::from_millis(100));
        ended(event_loop, input)
    }

    async fn wait(&self, millis: u64) {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
}

async fn ended(
    mut event_loop: EventLoop<Sent>,
    input: impl Stream<Item = io::Result<Input>> + Unpin,
) -> io::Result<Exit> {
    let started = Instant::now();
    let now = move || fixture::now() + started.elapsed();
    let exit = event_loop.run(input, Signals::new()?, now).await;
    event_loop.wind_down().await;
    exit
}

#[tokio::test(start_paused = true)]
async fn the_first_frame_needs_nothing_and_the_shop_follows() {
    let mut session = Session::new(Shop::default());
    let run = tokio::spawn(session.run());
    session.wait(50).await;
    assert!(session.sent.screen().contains("Царькова Анна"), "{}", session.sent.screen());
    session.press(KeyCode::F(8));
    assert_eq!(run.await.expect("an end").expect("an exit"), Exit::Quit);
}

#[tokio::test(start_paused = true)]
async fn a_word_typed_quickly_is_searched_once() {
    let mut session = Session::new(Shop::default());
    let run = tokio::spawn(session.run());
    for letter in "ялта".chars() {
        session.press(KeyCode::Char(letter));
        session.wait(60).await;
    }
    session.wait(500).await;
    session.press(KeyCode::F(8));
    run.await.expect("an end").expect("an exit");
    assert_eq!(*session.shop.queries.lock().expect("queries"), ["", "ялта"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_drawn_while_nothing_changes() {
    let mut session = Session::new(Shop::default());
    let run = tokio::spawn(session.run());
    session.wait(1_000).await;
    let before = session.sent.frames();
    session.wait(55_000).await;
    assert_eq!(session.sent.frames(), before);
    session.wait(60_000).await;
    assert_eq!(session.sent.frames(), before + 1, "ages grow by the minute");
    session.press(KeyCode::F(8));
    run.await.expect("an end").expect("an exit");
}

#[tokio::test(start_paused = true)]
async fn running_numbers_are_drawn_no_faster_than_the_interval() {
    let shop = Shop { progress: AtomicUsize::new(1_000), ..Shop::default() };
    let mut session = Session::new(shop);
    let run = tokio::spawn(session.run());
    session.wait(200).await;
    let before = session.sent.frames();
    session.press(KeyCode::F(5));
    session.wait(1_000).await;
    let drawn = session.sent.frames() - before;
    assert!((8..=13).contains(&drawn), "{drawn} frames in a second");
    session.press(KeyCode::F(8));
    session.press(KeyCode::Char('н'));
    run.await.expect("an end").expect("an exit");
}

#[tokio::test(start_paused = true)]
async fn p4_i22_a_task_that_panics_is_told_and_the_dashboard_goes_on() {
    let mut session = Session::new(Shop::default());
    let run = tokio::spawn(session.run());
    session.wait(200).await;
    session.press(KeyCode::F(4));
    session.wait(200).await;
    session.press(KeyCode::F(6));
    session.wait(200).await;
    assert!(session.sent.screen().contains("Внутренняя ошибка: проверка"), "{}", session.sent.screen());
    session.press(KeyCode::F(8));
    assert_eq!(run.await.expect("an end").expect("an exit"), Exit::Quit);
}

#[tokio::test(start_paused = true)]
async fn a_running_sync_is_asked_to_stop_and_waited_for() {
    let mut session = Session::new(Shop::default());
    let run = tokio::spawn(session.run());
    session.press(KeyCode::F(5));
    session.wait(200).await;
    session.press(KeyCode::F(8));
    session.wait(200).await;
    assert!(session.sent.screen().contains("Выйти?"), "{}", session.sent.screen());
    session.press(KeyCode::Char('y'));
    let started = tokio::time::Instant::now();
    run.await.expect("an end").expect("an exit");
    assert!(started.elapsed() < Duration::from_secs(1), "the sync heard of it");
}

#[tokio::test(start_paused = true)]
async fn a_base_is_reconciled_listed_and_written_until_it_is_stopped() {
    let shop = Shop { progress: AtomicUsize::new(50), ..Shop::default() };
    let ended = Arc::clone(&shop.ended);
    let mut session = Session::new(shop);
    let run = tokio::spawn(session.run());
    session.press(KeyCode::F(12));
    session.press(KeyCode::Enter);
    session.wait(30).await;
    assert!(session.sent.screen().contains("Сверяю базу с 1С"), "{}", session.sent.screen());
    session.wait(200).await;
    assert!(session.sent.screen().contains("Царькова"), "{}", session.sent.screen());
    session.press(KeyCode::Char('Н'));
    session.press(KeyCode::Enter);
    session.wait(200).await;
    assert!(session.sent.screen().contains("Пишу файл: CSV, 3 из"), "{}", session.sent.screen());
    session.press(KeyCode::Char('ч'));
    session.wait(200).await;
    assert_eq!(ended.load(Ordering::Relaxed), 1, "the file heard of it");
    assert!(!session.sent.screen().contains("Пишу"), "{}", session.sent.screen());
    // Line by line, from the menu; whoever leaves is asked.
    session.press(KeyCode::F(2));
    session.press(KeyCode::End);
    session.press(KeyCode::Enter);
    session.wait(200).await;
    session.press(KeyCode::F(8));
    session.wait(200).await;
    assert!(session.sent.screen().contains("прервётся"), "{}", session.sent.screen());
    session.press(KeyCode::Char('н'));
    assert_eq!(run.await.expect("an end").expect("an exit"), Exit::Quit);
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_vanishes_ends_the_dashboard() {
    let mut session = Session::new(Shop::default());
    let run = tokio::spawn(session.run());
    drop(session);
    assert_eq!(run.await.expect("an end").expect("an exit"), Exit::Interrupted);

    let mut session = Session::new(Shop::default());
    let run = tokio::spawn(session.run());
    session.keys.send(Err(io::ErrorKind::BrokenPipe.into())).expect("the dashboard listens");
    assert!(run.await.expect("an end").is_err());
}
