use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, Stream};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::tasks::Tasks;
use super::*;
use crate::dashboard::app::fixture;
use crate::dashboard::app::{
    Answer, By, Effect, Event, Failure, FailureKind, ReconcileProgress, TaskId, TaskKind, TaskReport,
};
use crate::sync::event::{Notice, Outcome, Progress, Stage, StageState};

const SIZE: Size = Size { width: 80, height: 24 };

/// An engine over the shop of the tests. It remembers what it was asked.
#[derive(Default)]
struct Shop {
    queries: Mutex<Vec<String>>,
    progress: AtomicUsize,
    /// Reconciliations and files that heard that they are to end.
    ended: Arc<AtomicUsize>,
}

impl Backend for Shop {
    fn ask(&self, ask: Ask, task: TaskContext) -> BoxFuture<'static, Result<Answer, Failure>> {
        let steps = self.progress.load(Ordering::Relaxed);
        let ended = Arc::clone(&self.ended);
        if let Ask::Search(request) = &ask {
            self.queries.lock().expect("queries").push(request.query.clone());
        }
        async move {
            match &ask {
                Ask::Check(_) => panic!("a fault of ours"),
                Ask::Portal(_) => return Ok(Answer::Portal(None)),
                Ask::WatchSettings => return std::future::pending().await,
                Ask::Reconcile(by) => {
                    for done in 0..steps as u64 {
                        let progress = ReconcileProgress { done, ..ReconcileProgress::default() };
                        task.progress(TaskReport::Reconcile(progress));
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                    if *by == By::Lines {
                        task.cancel.cancelled().await;
                        ended.fetch_add(1, Ordering::Relaxed);
                    }
                }
                Ask::Export(_) => {
                    task.progress(TaskReport::Export(3));
                    task.cancel.cancelled().await;
                    ended.fetch_add(1, Ordering::Relaxed);
                    return Err(fixture::failure());
                }
                Ask::Sync => {
                    for cards in 0..steps as u64 {
                        task.progress(TaskReport::Sync(Box::new(at_work(cards))));
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                    task.cancel.cancelled().await;
                    return Ok(Answer::Synced(Box::new(fixture::summary(Outcome::Cancelled))));
                }
                _ => {}
            }
            Ok(fixture::answer(&ask))
        }
        .boxed()
    }
}

/// So many cards were read.
fn at_work(cards: u64) -> Progress {
    let elapsed = Duration::from_millis(cards);
    let mut progress = Progress { stage: Some(Stage::Cards), elapsed, ..Progress::default() };
    let stage = &mut progress.stages[Stage::Cards as usize];
    (stage.state, stage.done) = (StageState::Running, cards);
    progress
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
        let screen = TerminalScreen::new(self.sent.clone(), SIZE).expect("a screen");
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
async fn running_numbers_are_drawn_once_a_second() {
    let shop = Shop { progress: AtomicUsize::new(3_000), ..Shop::default() };
    let mut session = Session::new(shop);
    let run = tokio::spawn(session.run());
    session.wait(200).await;
    let before = session.sent.frames();
    session.press(KeyCode::F(5));
    session.wait(3_000).await;
    let drawn = session.sent.frames() - before;
    // With those of the key, and of the stage that began.
    assert!((3..=7).contains(&drawn), "{drawn} frames in three seconds");
    session.press(KeyCode::F(8));
    session.press(KeyCode::Char('д'));
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
    assert!(session.sent.screen().contains("Внутренняя ошибка: сверка клиента"), "{}", session.sent.screen());
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
    assert!(session.sent.screen().contains("Сверяю всю базу с 1С"), "{}", session.sent.screen());
    session.wait(200).await;
    assert!(session.sent.screen().contains("Царькова"), "{}", session.sent.screen());
    session.press(KeyCode::Char('Н'));
    session.press(KeyCode::Enter);
    session.wait(200).await;
    assert!(session.sent.screen().contains("Запись в файл: CSV, 3 из"), "{}", session.sent.screen());
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
    session.press(KeyCode::Char('д'));
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

/// Breaks at every question but one.
struct Broken;

impl Backend for Broken {
    fn ask(&self, ask: Ask, _: TaskContext) -> BoxFuture<'static, Result<Answer, Failure>> {
        async move {
            assert_eq!(ask, Ask::Status, "a fault of ours");
            Ok(fixture::answer(&ask))
        }
        .boxed()
    }
}

async fn next(tasks: &mut Tasks) -> Event {
    tasks.next(Instant::now()).await
}

#[tokio::test(start_paused = true)]
async fn p4_i22_a_panic_in_any_kind_of_task_is_a_failure_under_its_number() {
    let mut tasks = Tasks::new(Arc::new(Broken));
    let kinds = TaskKind::ALL.into_iter().filter(|kind| *kind != TaskKind::Status);
    for (number, kind) in (1..).zip(kinds) {
        tasks.obey(Effect::Ask(TaskId(number), fixture::ask(kind)));
        let Event::Answered(id, Err(failure)) = next(&mut tasks).await else { panic!("{kind:?}") };
        assert_eq!((id, failure.kind), (TaskId(number), FailureKind::Crashed), "{kind:?}");
        assert!(!tasks.are_running(), "{kind:?}");
        tasks.obey(Effect::Ask(TaskId(number + 100), Ask::Status));
        let answer = Event::Answered(TaskId(number + 100), Ok(fixture::answer(&Ask::Status)));
        assert_eq!(next(&mut tasks).await, answer, "the others go on");
    }
}

/// Answers once it is given up; a long task says so, all others would never end.
struct Patient;

impl Backend for Patient {
    fn ask(&self, ask: Ask, task: TaskContext) -> BoxFuture<'static, Result<Answer, Failure>> {
        async move {
            if ask.kind().is_long() {
                task.cancel.cancelled().await;
                return Ok(fixture::answer(&ask));
            }
            std::future::pending().await
        }
        .boxed()
    }
}

#[tokio::test(start_paused = true)]
async fn any_kind_of_task_ends_when_it_is_given_up_or_overtaken() {
    let is_overtaken = |by: Effect| async move {
        for kind in TaskKind::ALL {
            if kind == TaskKind::Copy && matches!(by, Effect::Ask(..)) {
                continue;
            }
            let mut tasks = Tasks::new(Arc::new(Patient));
            tasks.obey(Effect::Ask(TaskId(1), fixture::ask(kind)));
            tasks.obey(match &by {
                Effect::Ask(id, _) => Effect::Ask(*id, fixture::ask(kind)),
                other => other.clone(),
            });
            let Event::Answered(TaskId(1), result) = next(&mut tasks).await else { panic!("{kind:?}") };
            assert_eq!(result.is_ok(), kind.is_long(), "{kind:?}: only what is long ends in order");
            // Nobody waits for what is only watched.
            let goes_on = matches!(by, Effect::Ask(..)) && !kind.is_idle();
            assert_eq!(tasks.are_running(), goes_on, "{kind:?}: the new one goes on");
        }
    };
    is_overtaken(Effect::Cancel(TaskId(1))).await;
    is_overtaken(Effect::Ask(TaskId(2), Ask::Status)).await;
}

/// Says much and ends at once.
struct Talker;

impl Backend for Talker {
    fn ask(&self, ask: Ask, task: TaskContext) -> BoxFuture<'static, Result<Answer, Failure>> {
        async move {
            for cards in 0..3 {
                task.notice(Notice::StageDone(Stage::Cards, cards));
                task.progress(TaskReport::Export(cards));
            }
            Ok(fixture::answer(&ask))
        }
        .boxed()
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_task_never_overtakes_what_it_said() {
    let mut tasks = Tasks::new(Arc::new(Talker));
    let id = TaskId(1);
    tasks.obey(Effect::Ask(id, fixture::ask(TaskKind::Export)));
    tokio::task::yield_now().await;
    let mut told = Vec::new();
    while tasks.are_running() {
        told.push(next(&mut tasks).await);
    }
    let notice = |cards| Event::Reported(id, TaskReport::Notice(Notice::StageDone(Stage::Cards, cards)));
    let last = Event::Reported(id, TaskReport::Export(2));
    let end = Event::Answered(id, Ok(fixture::answer(&fixture::ask(TaskKind::Export))));
    assert_eq!(told, [notice(0), notice(1), notice(2), last, end]);
}
