//! Failures of 1C, of the store and of a sync, in the user's words: what happened, to what, what to do next.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::odata::{self, CertificateFlaw, Set, TlsFault, Unreachable};
use crate::store;
use crate::sync;
use crate::text::{self, Problem, Texts, Value};

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
        let problem = |code, values: &[(&'static str, Value<'_>)]| self.texts.problem(code, values);
        match error {
            sync::Error::Odata(error) => self.of_onec(error),
            sync::Error::Store(error) => self.of_store(error),
            sync::Error::ChangedTooFast { what, attempts } => problem(
                "sync-changed-too-fast",
                &[("what", self.set_by_name(what).into()), ("attempts", u64::from(*attempts).into())],
            ),
            sync::Error::CountDiffers { what, counted, received } => problem(
                "sync-count-differs",
                &[
                    ("what", self.set_by_name(what).into()),
                    ("counted", (*counted).into()),
                    ("received", (*received).into()),
                ],
            ),
            sync::Error::NeverStill { rounds, cards } => problem(
                "sync-never-still",
                &[("rounds", u64::from(*rounds).into()), ("cards", (*cards).into())],
            ),
            sync::Error::AnotherBase { known, asked } => {
                problem("sync-another-base", &[("known", (*known).into()), ("asked", (*asked).into())])
            }
            sync::Error::EmptyAnswer { subject, stored } => {
                let what = super::progress::subject_name(*subject, self.texts);
                problem("sync-empty-answer", &[("what", what.into()), ("stored", (*stored).into())])
            }
            sync::Error::LooksDiffer { before, now } => {
                problem("sync-looks-differ", &[("before", (*before).into()), ("now", (*now).into())])
            }
            sync::Error::Unreadable { set, field, rejected, rows, reasons, example } => {
                let values = [
                    ("set", self.set(Some(*set)).into()),
                    ("field", field.as_str().into()),
                    ("rejected", (*rejected).into()),
                    ("rows", (*rows).into()),
                    ("reasons", self.reasons(reasons).into()),
                    ("example", example.as_str().into()),
                ];
                problem("sync-unreadable", &values)
            }
            sync::Error::NotByCard { name, rows } => {
                problem("sales-not-by-card", &[("name", name.as_str().into()), ("rows", (*rows).into())])
            }
            sync::Error::StoreChanged => problem("sync-store-changed", &[]),
            sync::Error::Cancelled => problem("sync-cancelled", &[]),
            sync::Error::Internal(what) => problem("sync-internal", &[("what", what.as_str().into())]),
        }
    }

    /// 1C, or the way to it.
    pub fn of_onec(&self, error: &odata::Error) -> Problem {
        let mut problem = self.of_cause(error.cause());
        let history = match error {
            odata::Error::GaveUp { tries, .. } => {
                Some(self.texts.with("problem-gave-up", &[("tries", u64::from(*tries).into())]))
            }
            odata::Error::BudgetSpent { .. } => Some(self.texts.get("problem-budget-spent").into_owned()),
            _ => None,
        };
        let said = said(error.cause()).map(|text| self.texts.with("problem-said", &[("text", text.into())]));
        said.into_iter().chain(history).for_each(|words| problem.add(&words));
        problem
    }

    fn of_cause(&self, error: &odata::Error) -> Problem {
        use odata::Error;
        let problem = |code, values: &[(&'static str, Value<'_>)]| self.texts.problem(code, values);
        let status = |status: u16| Value::from(status.to_string());
        if let Some(problem) = self.of_page(error) {
            return problem;
        }
        match error {
            Error::Settings(what) => problem("onec-settings", &[("what", what.as_str().into())]),
            Error::Unauthorized => problem("onec-unauthorized", &[]),
            Error::RefusedLater { what } => problem("onec-refused-later", &[("what", what.as_str().into())]),
            Error::Rights { set, .. } => problem("onec-rights", &[("what", self.set(*set).into())]),
            Error::Maintenance { .. } => problem("onec-maintenance", &[]),
            Error::NotPublished { what, .. } => {
                problem("onec-not-published", &[("what", what.as_str().into())])
            }
            Error::NotOffered { what, by, .. } => {
                let by = self.of_onec(by).message;
                problem("onec-not-offered", &[("what", what.as_str().into()), ("by", by.into())])
            }
            Error::TooWide { what } => problem("onec-too-wide", &[("what", what.as_str().into())]),
            Error::WrongAddress { status: code, .. } => {
                problem("onec-wrong-address", &[("status", status(*code))])
            }
            Error::FilterRefused { set, .. } => {
                problem("onec-filter-refused", &[("what", self.set(Some(*set)).into())])
            }
            Error::BadRequest { status: code, .. } => {
                problem("onec-bad-request", &[("status", status(*code))])
            }
            Error::AddressTooLong { length } => {
                problem("onec-address-too-long", &[("length", (*length).into())])
            }
            Error::Redirected { to } => problem("onec-redirected", &[("to", to.as_str().into())]),
            Error::NotOneC { .. } => problem("onec-not-1c", &[]),
            Error::Unreachable { host, why } => self.unreachable(host, *why),
            Error::Tls { host, fault } => self.tls(host, fault),
            Error::NotHttp => problem("onec-not-http", &[]),
            Error::NoCertificates => problem("onec-no-certificates", &[]),
            Error::Timeout { after } => problem("onec-timeout", &[("seconds", after.as_secs().into())]),
            Error::Cut => problem("onec-cut", &[]),
            Error::Closed => problem("onec-closed", &[]),
            Error::TooLarge => problem("onec-too-large", &[]),
            Error::Empty => problem("onec-empty", &[]),
            Error::Malformed { set, what } => {
                problem("onec-malformed", &[("set", self.set(*set).into()), ("what", what.as_str().into())])
            }
            Error::MissingField { set, field } => problem(
                "onec-missing-field",
                &[("set", self.set(Some(*set)).into()), ("field", field.as_str().into())],
            ),
            Error::ServerError { status: code, .. } => {
                problem("onec-server-error", &[("status", status(*code))])
            }
            Error::Busy { status: code, .. } => problem("onec-busy", &[("status", status(*code))]),
            Error::UnexpectedStatus { status: code } => {
                problem("onec-unexpected-status", &[("status", status(*code))])
            }
            Error::Network(what) => problem("onec-network", &[("what", what.as_str().into())]),
            Error::GaveUp { last, .. } | Error::BudgetSpent { last } => self.of_cause(last),
        }
    }

    /// A failure told by somebody else than 1C's `OData`: whose page it is decides what to do.
    fn of_page(&self, error: &odata::Error) -> Option<Problem> {
        use crate::odata::WebPage;
        use odata::Error;
        let status = match error {
            Error::Rights { .. } => 403,
            Error::WrongAddress { status, .. }
            | Error::BadRequest { status, .. }
            | Error::ServerError { status, .. }
            | Error::Busy { status, .. } => *status,
            _ => 200,
        };
        let told = |code| self.texts.problem(code, &[("status", status.to_string().into())]);
        Some(match (error.page(), error) {
            (Some(WebPage::Platform), _) => told("onec-platform-page"),
            (Some(WebPage::Proxy), _) => told("onec-proxy-page"),
            (Some(WebPage::SignIn), Error::Redirected { to }) => {
                self.texts.problem("onec-sign-in-redirect", &[("to", to.as_str().into())])
            }
            (Some(WebPage::SignIn), _) => self.texts.problem("onec-sign-in", &[]),
            (Some(WebPage::WebServer), Error::Rights { .. }) => told("onec-forbidden"),
            (Some(WebPage::WebServer), Error::BadRequest { .. } | Error::ServerError { .. }) => {
                told("onec-web-server")
            }
            (_, Error::Busy { status: 502 | 504, .. }) => told("onec-gateway"),
            _ => return None,
        })
    }

    fn unreachable(&self, host: &str, why: Unreachable) -> Problem {
        let code = match why {
            Unreachable::Name => "onec-unreachable-name",
            Unreachable::Refused => "onec-unreachable-refused",
            Unreachable::Timeout => "onec-unreachable-timeout",
            Unreachable::Handshake => "onec-unreachable-handshake",
        };
        self.texts.problem(code, &[("host", host.into())])
    }

    fn tls(&self, host: &str, fault: &TlsFault) -> Problem {
        let problem = |code| self.texts.problem(code, &[("host", host.into())]);
        let mut problem = match fault {
            TlsFault::UnknownIssuer { .. } => problem("onec-tls-unknown-issuer"),
            TlsFault::AuthorityAsServer => problem("onec-tls-authority-as-server"),
            TlsFault::Expired { .. } => problem("onec-tls-expired"),
            TlsFault::NotYetValid { .. } => problem("onec-tls-not-yet-valid"),
            TlsFault::ClockDiffers { ours, server } => self.texts.problem(
                "onec-tls-clock-differs",
                &[("host", host.into()), ("ours", minute(ours).into()), ("server", minute(server).into())],
            ),
            TlsFault::WeakSignature { .. } => problem("onec-tls-weak-signature"),
            TlsFault::ShortKey { bits } => self
                .texts
                .problem("onec-tls-short-key", &[("host", host.into()), ("bits", bits.to_string().into())]),
            TlsFault::OldServer => problem("onec-tls-old-server"),
            TlsFault::NotTls => problem("onec-tls-not-tls"),
            TlsFault::OtherName { .. } => problem("onec-tls-other-name"),
            TlsFault::Alert { alert } => self
                .texts
                .problem("onec-tls-alert", &[("host", host.into()), ("alert", alert.as_str().into())]),
            TlsFault::Certificate(flaw) => self
                .texts
                .problem("onec-tls-certificate", &[("host", host.into()), ("what", self.flaw(*flaw).into())]),
            TlsFault::Misbehaved => problem("onec-tls-misbehaved"),
            TlsFault::Failed => problem("onec-tls-failed"),
        };
        self.of_certificate(fault).into_iter().for_each(|words| problem.add(&words));
        problem
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
        use store::Error;
        let path = self.store.map(|path| path.display().to_string()).unwrap_or_default();
        let problem = |code| self.texts.problem(code, &[("path", path.as_str().into())]);
        let told = |code, what: String| {
            self.texts.problem(code, &[("path", path.as_str().into()), ("what", what.into())])
        };
        let held = |code, holder: &store::StoreHolder| {
            self.texts.problem(
                code,
                &[
                    ("path", path.as_str().into()),
                    ("pid", holder.told().into()),
                    ("host", holder.host.as_str().into()),
                    ("since", holder.since.format("%Y-%m-%d %H:%M:%SZ").to_string().into()),
                ],
            )
        };
        match error {
            Error::NotFound => problem("store-not-found"),
            Error::Foreign { .. } => problem("store-foreign"),
            Error::Newer { .. } => problem("store-newer"),
            Error::Damaged { what } => told("store-damaged", what.clone()),
            Error::AlreadyOpen { holder: None } => problem("store-already-open"),
            Error::AlreadyOpen { holder: Some(holder) } => held("store-already-open-holder", holder),
            Error::Held { holder: None } => problem("store-held"),
            Error::Held { holder: Some(holder) } => held("store-held-holder", holder),
            Error::LinkToNothing => problem("store-link-to-nothing"),
            Error::Staging => problem("store-staging"),
            Error::ReadOnly => problem("store-read-only"),
            Error::Replaced => problem("store-replaced"),
            Error::Permission(_) => problem("store-permission"),
            Error::Full(_) => problem("store-full"),
            Error::NoRoom { needed, free } => self.texts.problem(
                "store-no-room",
                &[
                    ("path", path.as_str().into()),
                    ("needed", text::bytes(*needed, self.texts.language()).into()),
                    ("free", text::bytes(*free, self.texts.language()).into()),
                ],
            ),
            Error::InUse => problem("store-in-use"),
            Error::Io(source) => told("store-io", source.to_string()),
            Error::Reopen => problem("store-reopen"),
            Error::Range { card, .. } => {
                self.texts.problem("store-range", &[("card", card.to_string().into())])
            }
            Error::RecorderTypes => problem("store-recorder-types"),
        }
    }

    /// What rows cannot be read for, the most frequent first.
    fn reasons(&self, reasons: &[(String, String, u64)]) -> String {
        let words = reasons.iter().map(|(field, reason, rows)| {
            let why = self.texts.get(match reason.as_str() {
                reason if reason.contains("missing") => "unreadable-missing",
                reason if reason.contains("not whole") => "unreadable-number",
                reason if reason.contains("neither") => "unreadable-direction",
                _ => "unreadable-value",
            });
            let values = [("field", field.into()), ("why", why.into()), ("rows", (*rows).into())];
            self.texts.with("unreadable-reason", &values)
        });
        words.collect::<Vec<_>>().join("; ")
    }

    /// An entity set as users call it.
    fn set(&self, set: Option<Set>) -> String {
        let Some(set) = set else { return self.texts.get("set-service").into_owned() };
        self.texts
            .get(match set {
                Set::Cards => "set-cards",
                Set::Owners => "set-owners",
                Set::Products => "set-products",
                Set::Sales => "set-sales",
                Set::Points => "set-points",
            })
            .into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CardId;
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
            E::Rights { set: None, text: text() },
            E::Maintenance { text: text() },
            E::NotPublished { set: None, what: text() },
            E::NotOffered { set: Some(Set::Points), what: text(), by: Box::new(E::Empty) },
            E::TooWide { what: text() },
            E::WrongAddress { status: 404, text: text() },
            E::FilterRefused { set: Set::Sales, text: text() },
            E::BadRequest { status: 400, code: None, text: text() },
            E::AddressTooLong { length: 9_000 },
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
            sync::Error::LooksDiffer { before: 100, now: 10 },
            sync::Error::Unreadable {
                set: Set::Sales,
                field: "Period".into(),
                rejected: 40,
                rows: 50,
                reasons: vec![("Period".into(), "Period cannot be read".into(), 40)],
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
