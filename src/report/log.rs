//! What happened, written down: in a file of bounded size and, where it is wanted, as JSON lines on standard error.
//!
//! ```text
//! command, dashboard ─▶ LogEntry (no names, no phones, nothing 1C said) ─▶ tracing ─▶ a thread ─▶ files::LogFile
//! ```
//! Nobody who tells something waits for the disk: lines that it does not take in time are dropped.

mod lines;
mod sink;

use chrono::{DateTime, Utc};

use super::Reader;
use super::mirror::fault_words;
use super::problem::Scene;
use super::progress::notice_line;
use crate::config::LogLevel;
use crate::domain::{Finding, Verdict};
use crate::odata;
use crate::sync::event::{Notice, WhyFull};
use crate::text::{Problem, Shown, Texts};

pub use lines::earlier;
pub use sink::{LogSink, LogStart, begin, end, take_trouble};

/// Stands for words that are not written down.
const LEFT_OUT: &str = "…";
/// Digits of a card's code, or of any long number, that may be written down.
const SHOWN: usize = 4;
/// Digits from which on a number may be somebody's: a phone, a card.
const LONG: usize = 9;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// How much it matters.
    pub level: LogLevel,
    /// What happened.
    pub message: String,
    /// The code of a failure; may be empty.
    pub code: String,
    /// What to do next; may be empty.
    pub remedy: String,
    /// The command it happened to; empty until it is written.
    pub run: String,
    /// The process; 0 until it is written.
    pub pid: u32,
}

impl LogEntry {
    /// Something that happened, in words without anything personal but long numbers.
    pub fn new(level: LogLevel, message: &str) -> Self {
        Self {
            at: DateTime::UNIX_EPOCH,
            level,
            message: on_one_line(message),
            code: String::new(),
            remedy: String::new(),
            run: String::new(),
            pid: 0,
        }
    }

    /// The same with what to do next.
    #[must_use]
    pub fn with_remedy(self, remedy: &str) -> Self {
        Self { remedy: on_one_line(remedy), ..self }
    }

    /// A failure: without what 1C itself said of it, which may quote anything.
    pub fn of_problem(level: LogLevel, problem: &Problem) -> Self {
        Self {
            code: problem.code.to_owned(),
            ..Self::new(level, &without(&problem.message, &problem.said)).with_remedy(&problem.remedy)
        }
    }

    /// What a sync told.
    pub fn of_notice(notice: &Notice, reader: Reader) -> Self {
        let (level, texts) = (level_of(notice), reader.texts);
        let line = || notice_line(notice, reader);
        match notice {
            Notice::Found(finding) => Self::of_problem(level, &texts.finding(&unnamed(finding))),
            _ => match problem_of(notice, texts) {
                Some(problem) => {
                    let code = problem.code.to_owned();
                    Self { code, ..Self::new(level, &without(&line(), &problem.said)) }
                }
                None => Self::new(level, &line()),
            },
        }
    }

    /// Writes it down, if the log is begun and this is worth a line.
    pub fn write(&self) {
        sink::write(self);
    }
}

/// How much a notice matters.
pub fn level_of(notice: &Notice) -> LogLevel {
    match notice {
        Notice::StageStarted(_) => LogLevel::Debug,
        Notice::StageDone(..)
        | Notice::Mirrored(..)
        | Notice::Delta(_)
        | Notice::FullInstead(WhyFull::NoBasis | WhyFull::Due) => LogLevel::Info,
        Notice::MirrorDiffers(..) | Notice::MirrorFailed(_) => LogLevel::Error,
        _ => LogLevel::Warn,
    }
}

/// How a check came out, as it may be written down.
pub fn checked(code: &str, verdict: Verdict, texts: Texts) -> String {
    let values = [("code", masked_code(code).into()), ("verdict", texts.verdict(verdict).into())];
    texts.with("log-checked", &values)
}

/// A card's code as it may be written down: its end.
pub fn masked_code(code: &str) -> String {
    let length = code.chars().count();
    let end: String = code.chars().skip(length.saturating_sub(SHOWN)).collect();
    if length > SHOWN { format!("{LEFT_OUT}{end}") } else { LEFT_OUT.to_owned() }
}

/// A text without these words of somebody else's.
pub fn without(text: &str, said: &str) -> String {
    if said.is_empty() { text.to_owned() } else { text.replace(said, LEFT_OUT) }
}

/// What somebody could do about what a notice tells, where there is a code for it.
pub fn problem_of(notice: &Notice, texts: Texts) -> Option<Problem> {
    match notice {
        Notice::Found(finding) => Some(texts.finding(finding)),
        Notice::Retrying(_, _, error, _) | Notice::GoneWithout(error) => Some(of_onec(error, texts)),
        Notice::MirrorDiffers(_, fault) | Notice::MirrorFailed(fault) => Some(fault_words(fault, texts)),
        _ => None,
    }
}

fn of_onec(error: &odata::Error, texts: Texts) -> Problem {
    Scene { texts, store: None }.of_onec(error)
}

/// The same without a card's code.
fn unnamed(finding: &Finding) -> Finding {
    match finding {
        Finding::OutOfRange { cards, example } => {
            Finding::OutOfRange { cards: *cards, example: masked_code(example) }
        }
        Finding::TotalsContradict { cards, example } => {
            Finding::TotalsContradict { cards: *cards, example: masked_code(example) }
        }
        other => other.clone(),
    }
}

/// Lines as one, harmless, with long numbers and addresses of mail shortened: whatever they are, nobody's is written down.
fn on_one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let words = lines.join(" · ");
    let masked: Vec<String> = words.split(' ').map(masked_word).collect();
    Shown::new(&masked.join(" ")).into_string()
}

fn masked_word(word: &str) -> String {
    if word.contains('@') {
        return LEFT_OUT.to_owned();
    }
    let mut masked = String::new();
    let mut rest = word;
    while let Some(at) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, from) = rest.split_at(at);
        let length = from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len());
        let (token, after) = from.split_at(length);
        let is_number = token.bytes().all(|byte| byte.is_ascii_digit());
        // The parts of a GUID may be digits alone.
        let is_part = before.ends_with('-') || after.starts_with('-');
        let token =
            if is_number && length >= LONG && !is_part { masked_code(token) } else { token.to_owned() };
        masked = masked + before + &token;
        rest = after;
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::event::{Repeat, Stage};
    use crate::text::Language;

    fn texts() -> Texts {
        Texts::new(Language::Russian)
    }

    fn reader() -> Reader {
        super::super::fixture::reader(Language::Russian)
    }

    #[test]
    fn of_a_code_the_end_is_written_down() {
        for (code, shown) in [("000000006", "…0006"), ("79788451364", "…1364"), ("1234", "…"), ("", "…")]
        {
            assert_eq!(masked_code(code), shown);
        }
    }

    #[test]
    fn long_numbers_and_mail_are_shortened_wherever_they_stand() {
        let cases = [
            ("карта 000000006, тел. 79788451364.", "карта …0006, тел. …1364."),
            ("код='2000000000015'", "код='…0015'"),
            ("пишите на anna@example.ru сегодня", "пишите на … сегодня"),
            ("строк 200000, порт 18077", "строк 200000, порт 18077"),
            ("5c5a3bb2-0001-11ee-8f2c-000000000006", "5c5a3bb2-0001-11ee-8f2c-000000000006"),
            ("один\n  два\n", "один · два"),
        ];
        for (text, shown) in cases {
            assert_eq!(on_one_line(text), shown);
        }
    }

    #[test]
    fn what_1c_said_is_not_written_down_and_its_code_is() {
        let text = "нет карты Царьковой".to_owned();
        let error = odata::Error::ServerError { status: 500, text: text.clone() };
        let gave_up = odata::Error::GaveUp { tries: 3, last: Box::new(error.clone()) };
        let not_offered =
            odata::Error::NotOffered {
                set: None, what: "Остатки".into(), by: Box::new(error.clone())
            };
        for error in [error.clone(), gave_up, not_offered] {
            let entry = LogEntry::of_problem(LogLevel::Error, &of_onec(&error, texts()));
            assert!(!entry.message.contains("Царьков") && entry.message.contains("500"), "{}", entry.message);
            let notice = LogEntry::of_notice(
                &Notice::Retrying(Stage::Cards, Repeat::default(), error, String::new()),
                reader(),
            );
            assert!(!notice.message.contains("Царьков"), "{}", notice.message);
            assert_eq!((notice.level, notice.code.is_empty()), (LogLevel::Warn, false));
        }
        let finding = Notice::Found(Finding::OutOfRange { cards: 1, example: "000371".into() });
        let found = LogEntry::of_notice(&finding, reader());
        assert!(found.message.contains("…0371") && !found.message.contains("000371"), "{}", found.message);
        assert_eq!(found.code, "out-of-range");
    }
}
