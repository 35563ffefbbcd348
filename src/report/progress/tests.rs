use std::sync::{Arc, Mutex};

use indicatif::TermLike;

use super::super::fixture::{self, ENGLISH, HOSTILE, RUSSIAN};
use super::*;
use crate::odata::{self, RowFault};
use crate::sync::event::{LastRepeat, ReadingPace};

fn at(stage: Stage, gauge: StageProgress, overall: u8) -> Progress {
    let mut progress = Progress { stage: Some(stage), overall, ..Progress::default() };
    progress.stages[stage as usize] = gauge;
    progress.elapsed = gauge.elapsed;
    progress
}

fn running(done: u64, total: Option<u64>, seconds: u64) -> StageProgress {
    let elapsed = Duration::from_secs(seconds);
    StageProgress { state: StageState::Running, done, total, elapsed, ..StageProgress::default() }
}

fn busy() -> Progress {
    let gauge = StageProgress { retries: 2, rejected: 1, ..running(4_000, Some(10_000), 4) };
    let mut progress = at(Stage::Purchases, gauge, 67);
    progress.stages[Stage::Points as usize].total = Some(0);
    progress.pace = Some(ReadingPace::steady(1_000, gauge.elapsed));
    progress
}

fn shown(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_stage_at_work_in_a_line() {
    let cases = [
        ("nothing known", Progress::default(), "Preparing"),
        (
            "no count yet",
            at(Stage::Cards, running(500, None, 1), 12),
            "Cards and owners · 500 rows · 1\u{a0}s elapsed",
        ),
        ("nothing done yet", at(Stage::Points, running(0, Some(620), 0), 90), "Points · 0 of 620"),
        (
            "everything",
            busy(),
            "Purchases · 4,000 of 10,000 · 1,000 rows/s · 4\u{a0}s elapsed · ~10\u{a0}s left · retries 2 · not read 1",
        ),
    ];
    for (name, progress, line) in cases {
        assert_eq!(stage_line(&progress, Texts::new(ENGLISH)), line, "{name}");
    }
}

/// Times are those of whoever reads, and a request is named by its set.
#[test]
fn a_notice_tells_local_time_and_the_set_that_was_asked() {
    let russian = |notice: &Notice| notice_line(notice, fixture::reader(RUSSIAN)).replace('\u{a0}', " ");
    let going_on = Notice::GoingOn("2026-02-04T22:30:00Z".parse().unwrap());
    assert!(russian(&going_on).contains("(начата 05.02.2026 01:30)"), "{}", russian(&going_on));
    let error = odata::Error::Busy { status: 503, retry_after: None };
    let repeat = Repeat { number: 2, of: 5, wait: Duration::from_secs(4) };
    let retrying = Notice::Retrying(Stage::Purchases, repeat, error, "AccumulationRegister_Продажи".into());
    assert!(russian(&retrying).starts_with("Покупки (Продажи), повтор 2 из 5"), "{}", russian(&retrying));
    let delta = crate::sync::event::DeltaSummary {
        full_at: "2026-02-04T22:30:00Z".parse().unwrap(),
        listed: 0,
        cards: 0,
        rows: 0,
        turned: 0,
        is_blind: false,
    };
    assert!(!delta_line(&delta, fixture::reader(ENGLISH)).contains("UTC"));
    for stage in Stage::ALL {
        let done = russian(&Notice::StageDone(stage, 0));
        assert!(!done.contains("готово") && !done.is_empty(), "{done}");
    }
}

/// A silent 1C is named with what it was asked and when that is given up; slow rows are not called silence.
#[test]
fn a_silent_1c_is_told_with_what_it_was_asked() {
    let mute = |stage, heard, seconds| {
        let gauge = running(0, None, seconds);
        Progress {
            heard: Duration::from_secs(heard),
            patience: Duration::from_secs(180),
            ..at(stage, gauge, 5)
        }
    };
    let told = |progress: &Progress, language| {
        silence(progress, Texts::new(language)).map(|[words, _]| words.replace('\u{a0}', " "))
    };
    let russian = |stage, heard, seconds| told(&mute(stage, heard, seconds), RUSSIAN);
    assert_eq!(
        russian(Stage::Points, 0, 24).as_deref(),
        Some("1С молчит 24 с (запрос: баллы), ждём до 3 мин")
    );
    assert_eq!(russian(Stage::Points, 20, 24), None);
    assert_eq!(russian(Stage::Publishing, 0, 24), None, "nothing is asked then");
    assert_eq!(
        told(&mute(Stage::ControlTotals, 4, 24), ENGLISH).as_deref(),
        Some("1C silent for 20 s (asked for totals), gives up after 3 min")
    );
    let line = stage_line(&mute(Stage::Preparing, 0, 9), Texts::new(RUSSIAN));
    assert!(line.contains("1С молчит 9"), "{line}");
    let slow = Progress { elapsed: Duration::from_secs(9), heard: Duration::from_secs(4), ..busy() };
    assert_eq!(told(&slow, RUSSIAN), None, "pages take as long as they did");
    let rowless = Progress { elapsed: Duration::from_secs(30), heard: Duration::from_secs(29), ..busy() };
    assert_eq!(told(&rowless, RUSSIAN).as_deref(), Some("новых строк от 1С нет 26 с"));
}

/// What is waited for is told with the last cause, and comes nearer.
#[test]
fn a_repeat_is_told_with_its_cause_and_its_time() {
    let error = odata::Error::Busy { status: 503, retry_after: None };
    let repeat = Repeat { number: 3, of: 8, wait: Duration::from_secs(4) };
    let mut progress = busy();
    progress.stages[Stage::Purchases as usize].state = StageState::Retrying;
    let last = LastRepeat { repeat, at: Duration::from_millis(3_500), error: error.clone() };
    progress.last_repeat = Some(Box::new(last));
    let told = |after| {
        let progress = progress.clone().after(Duration::from_millis(after));
        pending_repeat(&progress, Texts::new(RUSSIAN)).unwrap().replace('\u{a0}', " ")
    };
    assert_eq!(told(0), "повтор 3 из 8 через 4 с: 1С занята (ответ 503).");
    assert_eq!(told(2_600), "повтор 3 из 8 через 1 с: 1С занята (ответ 503).");
    assert_eq!(told(6_000), "повтор 3 из 8: 1С занята (ответ 503).");
    // Silent since it was sent: what failed before is over.
    assert_eq!(told(52_000), "повтор 3 из 8 отправлен, 1С не отвечает 48 с");
    let notice = notice_line(
        &Notice::Retrying(Stage::Purchases, repeat, error, String::new()),
        fixture::reader(RUSSIAN),
    );
    assert_eq!(notice.replace('\u{a0}', " "), "Покупки, повтор 3 из 8 через 4 с: 1С занята (ответ 503).");
    assert!(stage_line(&progress, Texts::new(RUSSIAN)).contains("повтор 3 из 8"));
    progress.stages[Stage::Purchases as usize].state = StageState::Running;
    assert_eq!(pending_repeat(&progress, Texts::new(RUSSIAN)), None);
}

#[test]
fn what_is_foretold_is_told_no_finer_than_it_is_known() {
    let cases = [(0, 5), (1, 5), (12, 15), (60, 60), (61, 70), (599, 600), (601, 660), (7_201, 7_500)];
    for (seconds, told) in cases {
        assert_eq!(coarse(Duration::from_secs(seconds)), Duration::from_secs(told), "{seconds}");
    }
}

#[test]
fn a_log_gets_a_line_every_five_seconds_or_ten_percent() {
    let mut pace = LogPace::default();
    let steps = [
        ("the very beginning", 0, 0, false),
        ("too little of both", 4, 9, false),
        ("ten percent", 4, 10, true),
        ("the same again", 4, 10, false),
        ("four seconds on", 8, 11, false),
        ("five seconds on", 9, 11, true),
        ("the clock of a resumed run starts anew", 0, 12, false),
        ("a leap", 9, 60, true),
    ];
    for (name, seconds, overall, due) in steps {
        let progress = at(Stage::Cards, running(1, None, seconds), overall);
        assert_eq!(pace.is_due(&progress), due, "{name}");
    }
}

#[test]
fn a_log_tells_notices_and_progress_in_lines() {
    let mut out = Vec::new();
    let mut narrator = Narrator::lines(&mut out, fixture::reader(RUSSIAN));
    narrator.notice(&Notice::StageStarted(Stage::Purchases)).unwrap();
    narrator.progress(&busy()).unwrap();
    narrator.progress(&busy()).unwrap();
    narrator.notice(&Notice::StageDone(Stage::Purchases, 6_641)).unwrap();
    let expected = "Покупки…\n\
        67_% · Покупки · 4_000 из 10_000 · 1_000 строк/с · прошло 4_с · осталось ~10_с · повторов 2 · не прочитано 1\n\
        Покупки: прочитана 6_641 строка\n";
    assert_eq!(shown(&out).replace('\u{a0}', "_"), expected);
}

/// A terminal that a test can read.
#[derive(Clone)]
struct Screen(Arc<Mutex<vt100::Parser>>);

impl Screen {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(vt100::Parser::new(4, 80, 0))))
    }

    fn lines(&self) -> Vec<String> {
        let terminal = self.0.lock().unwrap();
        let rows = terminal.screen().rows(0, 80).map(|row| row.trim_end().to_owned());
        rows.filter(|row| !row.is_empty()).collect()
    }

    fn send(&self, text: &str) {
        self.0.lock().unwrap().process(text.as_bytes());
    }

    /// Moves the cursor; no steps are no sequence, for a terminal reads none as one.
    fn step(&self, steps: usize, direction: char) {
        if steps > 0 {
            self.send(&format!("\u{1b}[{steps}{direction}"));
        }
    }
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Screen")
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        80
    }
    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.step(n, 'A');
        Ok(())
    }
    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.step(n, 'B');
        Ok(())
    }
    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.step(n, 'C');
        Ok(())
    }
    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.step(n, 'D');
        Ok(())
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.send(&format!("{text}\r\n"));
        Ok(())
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        self.send(text);
        Ok(())
    }
    fn clear_line(&self) -> io::Result<()> {
        self.send("\r\u{1b}[2K");
        Ok(())
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_bar_shows_the_stage_and_notices_above_it() {
    let screen = Screen::new();
    let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
    let mut narrator = Narrator::<Vec<u8>>::bar(target, fixture::reader(ENGLISH));
    narrator.progress(&busy()).unwrap();
    narrator.notice(&Notice::StageStarted(Stage::Points)).unwrap();
    narrator.notice(&Notice::NotPublished("Balance".into())).unwrap();
    let lines = screen.lines();
    let [notice, bar] = &lines[..] else { panic!("{lines:?}") };
    assert!(notice.contains(" Balance: "), "{lines:?}");
    assert!(bar.contains("  67 % "), "{lines:?}");
    assert!(bar.contains(" · 4,000 of 10,000 · 1,000 rows/s"), "{lines:?}");
    narrator.finish();
    assert_eq!(screen.lines(), lines[..1], "the bar is gone, the notice stays");
}

#[test]
fn programs_get_a_line_for_every_change_and_no_other() {
    let mut out = Vec::new();
    let mut lines = JsonLines::new(&mut out);
    let steps = [
        at(Stage::Cards, running(1, Some(1_000), 1), 10),
        at(Stage::Cards, running(2, Some(1_000), 2), 10),
        at(Stage::Cards, running(10, Some(1_000), 3), 10),
        at(Stage::Cards, running(11, Some(1_000), 3), 11),
        at(Stage::OpeningBalances, running(0, None, 3), 42),
    ];
    for step in &steps {
        lines.progress(step).unwrap();
    }
    let done: Vec<_> = shown(&out)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["done"].as_u64().unwrap())
        .collect();
    assert_eq!(done, [1, 10, 11, 0], "the second changed no percent");
}

#[test]
fn a_reader_that_went_away_is_an_error_not_a_panic() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = JsonLines::new(Closed).progress(&busy()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    assert!(Narrator::lines(Closed, fixture::reader(ENGLISH)).progress(&busy()).is_err());
}

#[test]
fn u6_what_1c_says_in_a_notice_is_harmless() {
    let text = || HOSTILE.to_owned();
    let notices = [
        Notice::Retrying(
            Stage::Cards,
            Repeat::default(),
            odata::Error::ServerError { status: 500, text: text() },
            text(),
        ),
        Notice::Rejected { set: text(), key: text(), field: text(), fault: RowFault::NotWhole },
        Notice::FilterRefused(text()),
        Notice::NotPublished(text()),
        Notice::GoneWithout(odata::Error::NotPublished { set: None, what: text() }),
        Notice::NewAddress(text()),
        Notice::ChangedUnderneath(text()),
    ];
    for language in [RUSSIAN, ENGLISH] {
        for notice in &notices {
            let line = notice_line(notice, fixture::reader(language));
            fixture::assert_harmless(&line);
            assert!(!line.contains('\n'), "{line}");
        }
    }
}
