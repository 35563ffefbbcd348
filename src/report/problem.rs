//! Failures of 1C, of the store and of a sync, in the user's words: what happened, to what, what to do next.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::odata::{self, CertificateFlaw, RowFault, Set, TlsFault};
use crate::store::{self, ChecksRemark};
use crate::sync;
use crate::text::{self, Problem, Texts, Value};

type Values<'a> = Vec<(&'static str, Value<'a>)>;

/// What the words need to know beside the failure.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The phrases.
    pub texts: Texts,
    /// Where the store is; `None` where it is nowhere, as in memory.
    pub store: Option<&'a Path>,
}

impl Scene<'_> {
    /// A sync or a check that failed.
    pub fn of_sync(&self, error: &sync::Error) -> Problem {
        match error {
            sync::Error::Odata(error) => self.of_onec(error),
            sync::Error::Store(error) => self.of_store(error),
            own => self.texts.problem(own.code(), &self.values_of_sync(own)),
        }
    }

    fn values_of_sync<'a>(&self, error: &'a sync::Error) -> Values<'a> {
        use sync::Error;
        match error {
            Error::ChangedTooFast { what, attempts } => {
                vec![("what", self.set_by_name(what).into()), ("attempts", (*attempts).into())]
            }
            Error::CountDiffers { what, counted, received } => vec![
                ("what", self.set_by_name(what).into()),
                ("counted", (*counted).into()),
                ("received", (*received).into()),
            ],
            Error::NeverStill { rounds, cards } => {
                vec![("rounds", (*rounds).into()), ("cards", (*cards).into())]
            }
            Error::AnotherBase { known, asked } => {
                vec![("known", (*known).into()), ("asked", (*asked).into())]
            }
            Error::EmptyAnswer { subject, stored } => {
                let what = self.texts.named("loss", subject.name());
                vec![("what", what.into()), ("stored", (*stored).into())]
            }
            Error::OpeningsElsewhere { stored, names, types } => vec![
                ("stored", (*stored).into()),
                ("names", names.join(", ").into()),
                ("types", types.join(", ").into()),
            ],
            Error::LooksDiffer { before, now } => vec![("before", (*before).into()), ("now", (*now).into())],
            Error::Unreadable { set, field, rejected, rows, faults, example } => vec![
                ("set", self.set(Some(*set)).into()),
                ("field", field.into()),
                ("rejected", (*rejected).into()),
                ("rows", (*rows).into()),
                ("reasons", self.faults(faults).into()),
                ("example", example.into()),
            ],
            Error::NotByCard { name, rows } => vec![("name", name.into()), ("rows", (*rows).into())],
            Error::Internal(what) => vec![("what", what.into())],
            Error::Odata(_) | Error::Store(_) | Error::StoreChanged | Error::Cancelled => Vec::new(),
        }
    }

    /// 1C, or the way to it.
    pub fn of_onec(&self, error: &odata::Error) -> Problem {
        let cause = error.cause();
        let mut problem = self.texts.problem(cause.code(), &self.values_of_onec(cause));
        let certificate = match cause {
            odata::Error::Tls { fault, .. } => self.of_certificate(fault),
            _ => None,
        };
        foreign(cause).unwrap_or_default().clone_into(&mut problem.said);
        let said = said(cause).map(|text| self.texts.with("problem-said", &[("text", text.into())]));
        let history = match error {
            odata::Error::GaveUp { tries, .. } => {
                Some(self.texts.with("problem-gave-up", &[("tries", (*tries).into())]))
            }
            odata::Error::BudgetSpent { .. } => Some(self.texts.get("problem-budget-spent").into_owned()),
            _ => None,
        };
        [certificate, said, history].into_iter().flatten().for_each(|words| problem.add(&words));
        problem
    }

    fn values_of_onec<'a>(&self, error: &'a odata::Error) -> Values<'a> {
        use odata::Error;
        let status = |status: u16| ("status", Value::from(status.to_string()));
        match error {
            Error::Settings(what)
            | Error::RefusedLater { what }
            | Error::NotPublished { what, .. }
            | Error::TooWide { what }
            | Error::Network(what) => vec![("what", what.into())],
            Error::NotOffered { what, by, .. } => {
                vec![("what", what.into()), ("by", self.of_onec(by).message.into())]
            }
            Error::Rights { set, .. } => vec![("what", self.set(*set).into())],
            Error::WindowsLogin { offered } => vec![("offered", offered.into())],
            Error::FilterRefused { set, .. } => vec![("what", self.set(Some(*set)).into())],
            Error::WrongAddress { status: code, .. }
            | Error::BadRequest { status: code, .. }
            | Error::ServerError { status: code, .. }
            | Error::Busy { status: code, .. }
            | Error::UnexpectedStatus { status: code } => vec![status(*code)],
            Error::AddressTooLong { length } | Error::AddressRefused { length } => {
                vec![("length", (*length).into())]
            }
            Error::Redirected { to } => vec![("to", to.into()), status(200)],
            Error::NotOneC { .. } => vec![status(200)],
            Error::Unreachable { host, .. } => vec![("host", host.into())],
            Error::Tls { host, fault } => {
                let mut values = self.values_of_fault(fault);
                values.push(("host", host.into()));
                values
            }
            Error::Timeout { after } => vec![("seconds", after.as_secs().into())],
            Error::Malformed { set, what } => vec![("set", self.set(*set).into()), ("what", what.into())],
            Error::MissingField { set, field } => {
                let named = if odata::is_standard_field(field) { "no" } else { "yes" };
                vec![("set", self.set(Some(*set)).into()), ("field", field.into()), ("named", named.into())]
            }
            Error::GaveUp { last, .. } | Error::BudgetSpent { last } => self.values_of_onec(last),
            Error::Unauthorized
            | Error::Maintenance { .. }
            | Error::NotHttp
            | Error::NoCertificates
            | Error::Cut
            | Error::Closed
            | Error::TooLarge
            | Error::NoLicence
            | Error::Empty => Vec::new(),
        }
    }

    fn values_of_fault<'a>(&self, fault: &'a TlsFault) -> Values<'a> {
        match fault {
            TlsFault::ClockDiffers { ours, server } => {
                vec![("ours", minute(ours).into()), ("server", minute(server).into())]
            }
            TlsFault::ShortKey { bits } => vec![("bits", bits.to_string().into())],
            TlsFault::Alert { alert } => vec![("alert", alert.into())],
            TlsFault::Certificate(flaw) => vec![("what", self.flaw(*flaw).into())],
            _ => Vec::new(),
        }
    }

    fn flaw(&self, flaw: CertificateFlaw) -> String {
        let id = match flaw {
            CertificateFlaw::Malformed => "problem-tls-malformed",
            CertificateFlaw::Revoked => "problem-tls-revoked",
            CertificateFlaw::RevocationUnknown => "problem-tls-revocation-unknown",
            CertificateFlaw::CriticalExtension => "problem-tls-critical-extension",
            CertificateFlaw::Purpose => "problem-tls-purpose",
            CertificateFlaw::Signature => "problem-tls-signature",
            CertificateFlaw::Constraints => "problem-tls-constraints",
            CertificateFlaw::Version => "problem-tls-version",
            CertificateFlaw::Unaccepted => "problem-tls-unaccepted",
        };
        self.texts.get(id).into_owned()
    }

    /// What the certificate says of itself, where it is known.
    fn of_certificate(&self, fault: &TlsFault) -> Option<String> {
        let told = |id, name, value: String| Some(self.texts.with(id, &[(name, value.into())]));
        match fault {
            TlsFault::UnknownIssuer { issuer } if !issuer.is_empty() => {
                told("problem-tls-issuer", "issuer", issuer.clone())
            }
            TlsFault::Expired { until: Some(until) } => told("problem-tls-until", "date", minute(until)),
            TlsFault::NotYetValid { from: Some(from) } => told("problem-tls-from", "date", minute(from)),
            TlsFault::OtherName { names } if names.is_empty() => {
                Some(self.texts.get("problem-tls-no-names").into_owned())
            }
            TlsFault::WeakSignature { algorithm } if !algorithm.is_empty() => {
                told("problem-tls-algorithm", "algorithm", algorithm.clone())
            }
            TlsFault::OtherName { names } => told("problem-tls-names", "names", names.join(", ")),
            _ => None,
        }
    }

    /// The store.
    pub fn of_store(&self, error: &store::Error) -> Problem {
        let path = self.store.map(|path| path.display().to_string()).unwrap_or_default();
        let mut values = self.values_of_store(error);
        values.push(("path", path.into()));
        self.texts.problem(error.code(), &values)
    }

    fn values_of_store<'a>(&self, error: &'a store::Error) -> Values<'a> {
        use store::Error;
        match error {
            Error::Damaged { what } => vec![("what", what.into())],
            Error::Io(source) => vec![("what", source.to_string().into())],
            Error::AlreadyOpen { holder: Some(holder) } | Error::Held { holder: Some(holder) } => vec![
                ("pid", holder.told().into()),
                ("host", holder.host.as_str().into()),
                ("since", holder.since.format("%Y-%m-%d %H:%M:%SZ").to_string().into()),
            ],
            Error::NoRoom { needed, free } => vec![
                ("needed", text::bytes(*needed, self.texts.language()).into()),
                ("free", text::bytes(*free, self.texts.language()).into()),
            ],
            Error::Range { card, .. } => vec![("card", card.to_string().into())],
            _ => Vec::new(),
        }
    }

    /// What rows cannot be read for, the most frequent first.
    fn faults(&self, faults: &[(String, RowFault, u64)]) -> String {
        let words = faults.iter().map(|(field, fault, rows)| {
            let why = self.texts.named("unreadable", fault.name());
            let values = [("field", field.into()), ("why", why.into()), ("rows", (*rows).into())];
            self.texts.with("unreadable-reason", &values)
        });
        words.collect::<Vec<_>>().join("; ")
    }

    /// An entity set as users call it.
    fn set(&self, set: Option<Set>) -> String {
        let Some(set) = set else { return self.texts.get("set-service").into_owned() };
        self.texts.named("set", set.name()).into_owned()
    }

    fn set_by_name(&self, name: &str) -> String {
        Set::ALL
            .into_iter()
            .find(|set| set.name() == name)
            .map_or_else(|| name.into(), |set| self.set(Some(set)))
    }
}

/// A moment as certificates have it: in UTC, to the minute.
fn minute(moment: &DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%MZ").to_string()
}

/// What the other side said of its own failure, already neutralised.
fn said(error: &odata::Error) -> Option<&str> {
    use odata::Error;
    let text = match error {
        Error::Rights { text, .. }
        | Error::Maintenance { text }
        | Error::WrongAddress { text, .. }
        | Error::FilterRefused { text, .. }
        | Error::BadRequest { text, .. }
        | Error::ServerError { text, .. } => text,
        Error::NotOneC { title } => title,
        _ => return None,
    };
    Some(text.as_str()).filter(|text| !text.is_empty())
}

/// The same, of whatever it came with.
fn foreign(error: &odata::Error) -> Option<&str> {
    match error {
        odata::Error::NotOffered { by, .. } => foreign(by.cause()),
        error => said(error),
    }
}

/// A problem in words: what happened, what to do.
pub fn problem(problem: &Problem, texts: Texts) -> String {
    let message = texts
        .with("report-problem", &[("message", (&problem.message).into()), ("code", problem.code.into())]);
    let remedy = texts.with("report-remedy", &[("remedy", (&problem.remedy).into())]);
    format!("{message}\n{remedy}\n")
}

impl Texts {
    /// What is to be said once of the comparisons kept beside the store.
    pub fn checks_remark(self, remark: &ChecksRemark) -> String {
        match remark {
            ChecksRemark::SetAside(path) => self.with("checks-set-aside", &[("path", path.as_path().into())]),
            ChecksRemark::Unusable(error) => {
                let why = Scene { texts: self, store: None }.of_store(error).message;
                self.with("checks-unusable", &[("why", why.trim_end_matches('.').into())])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CardId;
    use crate::odata::Unreachable;
    use crate::store::StoreHolder;
    use crate::sync::event::Subject;
    use crate::text::Language;

    fn of_onec() -> Vec<odata::Error> {
        use odata::Error as E;
        let text = || "words".to_owned();
        let tls = |fault| E::Tls { host: text(), fault };
        let unreachable = |why| E::Unreachable { host: text(), why };
        vec![
            E::Settings(text()),
            E::Unauthorized,
            E::WindowsLogin { offered: text() },
            E::NoLicence,
            E::Rights { set: None, text: text() },
            E::Maintenance { text: text() },
            E::NotPublished { set: None, what: text() },
            E::NotOffered { set: Some(Set::Points), what: text(), by: Box::new(E::Empty) },
            E::TooWide { what: text() },
            E::WrongAddress { status: 404, text: text() },
            E::FilterRefused { set: Set::Sales, text: text() },
            E::BadRequest { status: 400, code: None, text: text() },
            E::AddressTooLong { length: 9_000 },
            E::AddressRefused { length: 137 },
            E::Redirected { to: text() },
            E::NotOneC { title: text() },
            unreachable(Unreachable::Name),
            unreachable(Unreachable::Refused),
            unreachable(Unreachable::Timeout),
            unreachable(Unreachable::Handshake),
            E::WrongAddress { status: 404, text: "1C:Enterprise 8 application error".into() },
            E::NotOneC { title: "ERROR: Access Denied (Squid)".into() },
            E::NotOneC { title: "Вход в личный кабинет".into() },
            E::Redirected { to: "https://host/login".into() },
            E::Rights { set: None, text: "403 Forbidden (nginx)".into() },
            E::ServerError { status: 500, text: "500 (Apache)".into() },
            E::Busy { status: 504, retry_after: None },
            tls(TlsFault::UnknownIssuer { issuer: text() }),
            tls(TlsFault::AuthorityAsServer),
            tls(TlsFault::Expired { until: None }),
            tls(TlsFault::NotYetValid { from: Some(DateTime::UNIX_EPOCH) }),
            tls(TlsFault::ClockDiffers { ours: DateTime::UNIX_EPOCH, server: DateTime::UNIX_EPOCH }),
            tls(TlsFault::OtherName { names: Vec::new() }),
            tls(TlsFault::OtherName { names: vec![text()] }),
            tls(TlsFault::NotTls),
            tls(TlsFault::WeakSignature { algorithm: "SHA-1".into() }),
            tls(TlsFault::ShortKey { bits: 1024 }),
            tls(TlsFault::OldServer),
            tls(TlsFault::WeakSignature { algorithm: String::new() }),
            tls(TlsFault::Alert { alert: "internal_error (80)".into() }),
            tls(TlsFault::Certificate(CertificateFlaw::Malformed)),
            tls(TlsFault::Certificate(CertificateFlaw::Revoked)),
            tls(TlsFault::Certificate(CertificateFlaw::RevocationUnknown)),
            tls(TlsFault::Certificate(CertificateFlaw::CriticalExtension)),
            tls(TlsFault::Certificate(CertificateFlaw::Purpose)),
            tls(TlsFault::Certificate(CertificateFlaw::Signature)),
            tls(TlsFault::Certificate(CertificateFlaw::Constraints)),
            tls(TlsFault::Certificate(CertificateFlaw::Version)),
            tls(TlsFault::Certificate(CertificateFlaw::Unaccepted)),
            tls(TlsFault::Misbehaved),
            tls(TlsFault::Failed),
            E::NotHttp,
            E::NoCertificates,
            E::Timeout { after: std::time::Duration::from_secs(1) },
            E::Cut,
            E::Closed,
            E::TooLarge,
            E::Empty,
            E::Malformed { set: None, what: text() },
            E::MissingField { set: Set::Sales, field: text() },
            E::ServerError { status: 500, text: text() },
            E::Busy { status: 503, retry_after: None },
            E::UnexpectedStatus { status: 418 },
            E::GaveUp { tries: 3, last: Box::new(E::Cut) },
            E::BudgetSpent { last: Box::new(E::GaveUp { tries: 3, last: Box::new(E::Closed) }) },
            E::Network(text()),
        ]
    }

    fn of_store() -> Vec<store::Error> {
        use store::Error as E;
        let io = || std::io::Error::other("words");
        let since = DateTime::<Utc>::UNIX_EPOCH;
        let holder = StoreHolder { pid: 1, host: "till".into(), since, command: "sverka sync".into() };
        vec![
            E::NotFound,
            E::Foreign { what: "words" },
            E::Newer { found: 2, known: 1 },
            E::Damaged { what: "words".into() },
            E::AlreadyOpen { holder: None },
            E::AlreadyOpen { holder: Some(holder.clone()) },
            E::Held { holder: None },
            E::Held { holder: Some(holder) },
            E::LinkToNothing,
            E::Staging,
            E::ReadOnly,
            E::Replaced,
            E::Permission(io()),
            E::Full(io()),
            E::NoRoom { needed: 2, free: 1 },
            E::InUse,
            E::Io(io()),
            E::Reopen,
            E::Range { what: "words", card: CardId::EMPTY },
            E::RecorderTypes,
        ]
    }

    #[test]
    fn t6_no_words_suggest_to_believe_any_certificate() {
        let scenes = [Language::Russian, Language::English]
            .map(|language| Scene { texts: Texts::new(language), store: None });
        for error in of_onec() {
            for problem in scenes.map(|scene| scene.of_onec(&error)) {
                let words = format!("{} {}", problem.message, problem.remedy);
                assert!(!words.contains("accept_invalid"), "{words}");
            }
        }
    }

    #[test]
    fn the_record_of_a_run_and_the_report_name_a_failure_alike() {
        let own = vec![
            sync::Error::ChangedTooFast { what: "words", attempts: 3 },
            sync::Error::CountDiffers { what: "words", counted: 3, received: 2 },
            sync::Error::NeverStill { rounds: 12, cards: 3 },
            sync::Error::AnotherBase { known: 0, asked: 5 },
            sync::Error::EmptyAnswer { subject: Subject::Cards, stored: 1 },
            sync::Error::OpeningsElsewhere {
                stored: 1,
                names: vec!["ВводНачальныхОстатков".into()],
                types: vec!["ЧекККМ".into()],
            },
            sync::Error::LooksDiffer { before: 100, now: 10 },
            sync::Error::Unreadable {
                set: Set::Sales,
                field: "Period".into(),
                rejected: 40,
                rows: 50,
                faults: vec![("Period".into(), RowFault::NoPeriod, 40)],
                example: "a key line 3".into(),
            },
            sync::Error::NotByCard { name: "AccumulationRegister_X".into(), rows: 40 },
            sync::Error::Cancelled,
            sync::Error::Internal("words".into()),
        ];
        let of_onec = of_onec().into_iter().map(sync::Error::from);
        let of_store = of_store().into_iter().map(sync::Error::from);
        let scene = Scene { texts: Texts::new(Language::English), store: None };
        for error in own.into_iter().chain(of_onec).chain(of_store) {
            assert_eq!(scene.of_sync(&error).code, error.code(), "{error}");
        }
    }
}
