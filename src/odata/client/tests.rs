use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::Instant;

use super::super::capability::VirtualTable;
use super::super::query::{Lookup, OpeningForm, Order};
use super::super::rows::SalesRow;
use super::super::transport::BoxFuture;
use super::*;
use crate::domain::{OwnerId, Span};

const CANARY: &str = "hunter2-canary";

/// Answers from a queue; the last answer is given again and again. Keeps what was asked.
#[derive(Default)]
struct Script {
    replies: Mutex<VecDeque<Result<HttpReply, TransportError>>>,
    asked: Mutex<Vec<String>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    /// What is refused, and how; everything else is answered from the queue.
    refuses: Option<(Refused, Result<HttpReply, TransportError>)>,
}

type Refused = Box<dyn Fn(&str) -> bool + Send + Sync>;

impl Script {
    fn of(replies: impl IntoIterator<Item = Result<HttpReply, TransportError>>) -> Arc<Self> {
        Arc::new(Self { replies: Mutex::new(replies.into_iter().collect()), ..Self::default() })
    }

    /// Refuses some requests, by their decoded addresses, and answers all others alike.
    fn refusing(
        refuses: impl Fn(&str) -> bool + Send + Sync + 'static,
        how: Result<HttpReply, TransportError>,
        answer: Result<HttpReply, TransportError>,
    ) -> Arc<Self> {
        let replies = Mutex::new([answer].into());
        Arc::new(Self { replies, refuses: Some((Box::new(refuses), how)), ..Self::default() })
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn sent(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn next(&self) -> Result<HttpReply, TransportError> {
        let mut replies = self.replies.lock().unwrap();
        if replies.len() > 1 { replies.pop_front().unwrap() } else { replies.front().cloned().unwrap() }
    }
}

impl Transport for Script {
    fn get(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(request.url.clone());
            let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_at_once.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(1)).await;
            self.at_once.fetch_sub(1, Ordering::SeqCst);
            match &self.refuses {
                Some((refuses, how)) if refuses(&decoded(&request.url)) => how.clone(),
                _ => self.next(),
            }
        })
    }
}

fn decoded(url: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = url.bytes();
    while let Some(byte) = rest.next() {
        let hex = |byte: Option<u8>| char::from(byte.unwrap()).to_digit(16).unwrap();
        bytes.push(if byte == b'%' {
            u8::try_from(hex(rest.next()) * 16 + hex(rest.next())).unwrap()
        } else {
            byte
        });
    }
    String::from_utf8(bytes).unwrap()
}

fn settings() -> ConnectionSettings {
    ConnectionSettings {
        url: "http://host/base/odata/standard.odata".into(),
        user: "odata.user".into(),
        password: CANARY.to_owned().into(),
        timezone: chrono_tz::Europe::Simferopol,
        page_size: 1000,
        in_flight: 2,
        connect_timeout: Duration::from_secs(10),
        read_timeout: Duration::from_secs(180),
        patience: Duration::from_secs(10),
        retries: 5,
        backoff: Duration::from_secs(1),
        ca_file: None,
        proxy: None,
        accept_invalid_certificates: false,
    }
}

fn client(script: &Arc<Script>) -> Client {
    Client::new(&settings(), &Names::default(), Arc::clone(script) as Arc<dyn Transport>, 7)
}

#[expect(clippy::unnecessary_wraps, reason = "a script holds results")]
fn reply(status: u16, body: impl Into<String>) -> Result<HttpReply, TransportError> {
    Ok(HttpReply { status, body: body.into().into(), ..HttpReply::default() })
}

fn refusal(status: u16, code: &str, text: &str) -> Result<HttpReply, TransportError> {
    reply(
        status,
        format!(r#"{{"odata.error":{{"code":"{code}","message":{{"lang":"ru","value":"{text}"}}}}}}"#),
    )
}

fn sales(rows: u32) -> Result<HttpReply, TransportError> {
    let row = |line| {
        format!(
            r#"{{"Recorder":"cccccccc-0000-4000-8000-000000000001","Recorder_Type":"T","LineNumber":"{line}",
            "Period":"2025-03-05T21:00:07","Active":true,"Сумма":5,
            "ДисконтнаяКарта_Key":"aaaaaaaa-0000-4000-8000-000000000001"}}"#
        )
    };
    let rows: Vec<_> = (1..=rows).map(row).collect();
    reply(200, format!(r#"{{"value":[{}]}}"#, rows.join(",")))
}

fn ok() -> Result<HttpReply, TransportError> {
    sales(1)
}

fn query() -> PageQuery {
    PageQuery::of(Set::Sales).order(Order::Period)
}

async fn page(client: &Client) -> Result<Page<SalesRow>, Error> {
    client.page::<SalesRow>(&query()).await
}

fn top_in(url: &str) -> u32 {
    let rest = url.split("$top=").nth(1).unwrap();
    rest.split('&').next().unwrap().parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_page_is_asked_for_and_read() {
    let script = Script::of([ok()]);
    let client = client(&script);
    let page = client.page::<SalesRow>(&query().skip(7).filter(Filter::none().active())).await.unwrap();
    assert_eq!((page.rows.len(), page.asked, page.in_order), (1, Some(1000), true));
    let asked = script.asked();
    let url = &asked[0];
    assert!(url.starts_with("http://host/base/odata/standard.odata/AccumulationRegister_"), "{url}");
    assert!(
        url.contains(
            "_RecordType?$format=json&$filter=Active%20eq%20true&$orderby=Period,Recorder,LineNumber"
        )
    );
    assert!(url.contains("&$skip=7&$top=1000&$select=Recorder,Recorder_Type,LineNumber,Period,Active,"));
    assert!(!url.contains('+'));
    let stats = client.stats();
    assert_eq!((stats.requests, stats.retries, stats.bytes), (1, 0, page.bytes));
}

#[tokio::test(start_paused = true)]
async fn n2_n4_h8_what_may_pass_is_repeated_with_growing_pauses() {
    let failures = [
        Err(TransportError::Refused),
        reply(503, "<title>down</title>"),
        reply(200, ""),
        reply(200, "{\"value\":[x]}"),
        Err(TransportError::Silent(Duration::from_secs(180))),
    ];
    let script = Script::of(failures.into_iter().chain([ok()]));
    let begin = Instant::now();
    let told = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&told);
    let client = client(&script).with_observer(move |trouble| observed.lock().unwrap().push(trouble.clone()));
    page(&client).await.unwrap();
    let spent = begin.elapsed();
    assert!(spent >= Duration::from_millis(15_500) && spent <= Duration::from_millis(31_010), "{spent:?}");
    let told = told.lock().unwrap();
    assert_eq!(told.iter().map(|trouble| trouble.attempt).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(told.iter().all(|trouble| trouble.measure == Measure::Retry && trouble.set == Some(Set::Sales)));
    assert_eq!(client.stats().retries, 5);
}

/// Answers nothing, ever.
struct Mute;

impl Transport for Mute {
    fn get(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_waits_no_longer_however_much_is_asked() {
    let patience = Duration::from_secs(10);
    let client = Client::new(&settings(), &Names::default(), Arc::new(Mute), 7).with_patience(patience);
    let begin = Instant::now();
    for _ in 0..5 {
        assert!(matches!(client.published_sets().await, Err(Error::Timeout { .. })));
    }
    // All of it on the first, and a tenth on each other.
    assert_eq!(begin.elapsed(), patience + 4 * (patience / 10));
}

#[tokio::test(start_paused = true)]
async fn h14_one_request_ends_after_its_tries() {
    let script = Script::of([reply(503, "")]);
    let error = client(&script).published_sets().await.unwrap_err();
    let last = Box::new(Error::Busy { status: 503, retry_after: None });
    assert_eq!(error, Error::GaveUp { tries: 6, last });
    assert!(!error.is_permanent());
    assert_eq!(script.sent(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_used_up_its_tries_is_asked_for_with_fewer_rows() {
    let mut replies: Vec<_> = (0..6).map(|_| reply(503, "")).collect();
    replies.push(ok());
    let script = Script::of(replies);
    page(&client(&script)).await.unwrap();
    let asked = script.asked();
    assert_eq!(top_in(&asked[6]), top_in(&asked[5]) / 2);
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_is_sent_once_and_two_simpler_questions_tell_that_nothing_will() {
    for (answer, wanted) in [
        (refusal(400, "14", "x"), Error::BadRequest { status: 400, code: Some(14), text: "x".into() }),
        (refusal(401, "20", "x"), Error::Rights { set: Some(Set::Sales), text: "x".into() }),
        (refusal(403, "20", "x"), Error::Rights { set: Some(Set::Sales), text: "x".into() }),
        (reply(404, "<title>x</title>"), Error::WrongAddress { status: 404, text: "x".into() }),
        (Err(TransportError::Name), Error::Unreachable { host: "host".into(), why: Unreachable::Name }),
    ] {
        let script = Script::of([answer]);
        assert_eq!(page(&client(&script)).await.unwrap_err(), wanted);
        // Of what 1C does not understand, the number of rows may be it.
        let questions = match wanted {
            Error::Unreachable { .. } => 1,
            Error::BadRequest { .. } => 4,
            _ => 3,
        };
        assert_eq!(script.sent(), questions, "{wanted}");
    }
}

#[tokio::test(start_paused = true)]
async fn h4_a_set_not_published_is_named_as_administrators_know_it() {
    let script = Script::of([refusal(404, "8", "x")]);
    let error = page(&client(&script)).await.unwrap_err();
    let what = "AccumulationRegister_ПродажиПоДисконтнымКартам".to_owned();
    assert_eq!(error, Error::NotPublished { set: Some(Set::Sales), what });
    assert!(error.is_not_published() && !error.ends_run());
}

#[tokio::test(start_paused = true)]
async fn h1_after_refused_credentials_nothing_more_is_sent() {
    let script = Script::of([reply(401, ""), ok()]);
    let client = client(&script);
    for _ in 0..3 {
        let error = page(&client).await.unwrap_err();
        assert!(error.is_refused_credentials() && error.ends_run());
    }
    assert_eq!(client.count(Set::Cards, &Filter::none()).await, Err(Error::Unauthorized));
    assert_eq!(script.sent(), 1);
    page(&client.new_run()).await.unwrap();
}

/// Who was let in before, and is not now for what was answered then: the password was changed.
#[tokio::test(start_paused = true)]
async fn h1_a_refusal_after_answers_names_what_was_asked_for_and_ends_the_run_as_well() {
    let script = Script::of([reply(200, "7"), reply(401, ""), reply(401, ""), ok()]);
    let client = client(&script);
    assert_eq!(client.count(Set::Cards, &Filter::none()).await, Ok(7));
    for _ in 0..2 {
        let error = page(&client).await.unwrap_err();
        assert!(matches!(&error, Error::RefusedLater { what } if what.contains("Продажи")), "{error:?}");
        assert!(error.is_refused_credentials() && error.ends_run());
    }
    assert_eq!(script.sent(), 3, "one more question, and it is one that was answered");
    assert_eq!(script.asked()[2], script.asked()[0]);
}

/// Who was let in before may be barred from one set: that set alone is gone without, and nobody else waits or ends.
#[tokio::test(start_paused = true)]
async fn h1_a_set_that_is_refused_alone_costs_itself_alone() {
    let is_of_points = |url: &str| url.contains("БонусныеБаллы");
    let script =
        Script::refusing(is_of_points, reply(401, "<html><title>No</title></html>"), reply(200, "7"));
    let client = client(&script);
    let all = Filter::none();
    let points = || client.count(Set::Points, &all);
    assert_eq!(client.count(Set::Cards, &Filter::none()).await, Ok(7));
    let (one, other) = tokio::join!(points(), points());
    for refused in [one, other] {
        let error = refused.unwrap_err();
        assert!(error.is_rights() && error.is_gone_without() && !error.ends_run(), "{error:?}");
    }
    assert_eq!(client.count(Set::Cards, &Filter::none()).await, Ok(7));
    let asked = script.asked();
    for pair in asked.windows(3).filter(|three| is_of_points(&decoded(&three[0]))) {
        let follows = pair[1..].iter().any(|url| !is_of_points(&decoded(url)));
        assert!(follows, "a login that is refused is followed by one that is not: {asked:?}");
    }
}

/// Nobody can tell: then nothing more is sent.
#[tokio::test(start_paused = true)]
async fn h1_a_refusal_that_cannot_be_looked_into_ends_the_run() {
    let script = Script::of([
        reply(200, "7"),
        reply(401, ""),
        reply(503, ""),
        Err(TransportError::Closed),
        reply(200, "<html>"),
    ]);
    let client = client(&script);
    assert_eq!(client.count(Set::Cards, &Filter::none()).await, Ok(7));
    for _ in 0..2 {
        assert!(client.count(Set::Points, &Filter::none()).await.unwrap_err().is_refused_credentials());
    }
    assert_eq!(script.sent(), 5);
}

/// Keys are put into shorter addresses until the server takes them.
#[tokio::test(start_paused = true)]
async fn h5_where_the_server_takes_shorter_addresses_fewer_keys_go_into_one() {
    let keys: Vec<_> = (1..=45).map(Uuid::from_u128).collect();
    for status in [414, 404] {
        let page =
            if status == 404 { "<title>404.15 - Not Found</title>" } else { "<title>Too large</title>" };
        let is_too_long = |url: &str| url.matches("Ref_Key eq").count() > 6;
        let script = Script::refusing(is_too_long, reply(status, page), reply(200, r#"{"value":[]}"#));
        let client = client(&script);
        client.by_keys::<ThinObject>(Set::Cards, &keys).await.unwrap();
        let asked: Vec<_> =
            script.asked().iter().map(|url| decoded(url).matches("Ref_Key eq").count()).collect();
        let answered: usize = asked.iter().filter(|keys| (2..=6).contains(*keys)).sum();
        assert_eq!(answered, keys.len(), "{asked:?}");
        assert!(asked.iter().filter(|keys| **keys > 6).count() <= 2, "{asked:?}");
        assert!(!client.learned().iter().any(|it| matches!(it.what, Capability::Filter(_))));
    }
}

#[tokio::test(start_paused = true)]
async fn h1_requests_waiting_for_their_turn_stay_unsent_after_refused_credentials() {
    let script = Script::of([reply(401, "")]);
    let client = client(&script);
    let pages = (0..8).map(|_| page(&client));
    let ends = futures_util::future::join_all(pages).await;
    assert!(ends.iter().all(|end| end.as_ref().is_err_and(Error::is_refused_credentials)));
    assert_eq!(script.sent(), 2, "only those in flight");
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_at_once_than_allowed() {
    let script = Script::of([ok()]);
    let client = client(&script);
    let other = client.new_run();
    let pages = (0..10).map(|n| page(if n % 2 == 0 { &client } else { &other }));
    futures_util::future::join_all(pages).await.into_iter().for_each(|page| {
        page.unwrap();
    });
    assert_eq!(script.most_at_once.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn h7_without_a_free_session_fewer_requests_go_at_once() {
    let mut settings = settings();
    settings.in_flight = 4;
    let script = Script::of([reply(406, ""), reply(406, ""), ok()]);
    let client = Client::new(&settings, &Names::default(), Arc::clone(&script) as Arc<dyn Transport>, 7);
    let at_once = async |client: &Client| {
        script.most_at_once.store(0, Ordering::SeqCst);
        futures_util::future::join_all((0..12).map(|_| page(client))).await.into_iter().for_each(|page| {
            page.unwrap();
        });
        script.most_at_once.load(Ordering::SeqCst)
    };
    assert_eq!(at_once(&client).await, 4, "until 1C complained");
    assert_eq!(at_once(&client).await, 2, "two fewer for two complaints");
    assert_eq!(at_once(&client.new_run()).await, 4, "another run finds 1C at leisure");
    let none = Script::of([reply(406, "")]);
    let client = Client::new(&settings, &Names::default(), Arc::clone(&none) as Arc<dyn Transport>, 7);
    assert!(page(&client).await.is_err(), "the last turn is never given up");
}

#[tokio::test(start_paused = true)]
async fn k2_the_servers_clock_is_known_from_its_replies() {
    let at = |date: &str| Ok(HttpReply { status: 503, date: Some(date.into()), ..HttpReply::default() });
    let script = Script::of([at("Sun, 06 Nov 1994 08:49:37 GMT"), at("yesterday"), ok()]);
    let client = client(&script);
    assert_eq!(client.server_time(), None);
    page(&client).await.unwrap();
    let told = chrono::DateTime::parse_from_rfc3339("1994-11-06T08:49:37Z").unwrap();
    let later = client.server_time().unwrap() - told.to_utc();
    // Two pauses of the repeats passed since.
    assert!((1..=4).contains(&later.num_seconds()), "{later}");
}

#[tokio::test(start_paused = true)]
async fn waiting_takes_no_turn() {
    let mut settings = settings();
    settings.in_flight = 1;
    let script = Script::of([reply(503, ""), ok()]);
    let client = Client::new(&settings, &Names::default(), Arc::clone(&script) as Arc<dyn Transport>, 7);
    let begin = Instant::now();
    let (first, second) = tokio::join!(page(&client), async {
        page(&client).await.unwrap();
        begin.elapsed()
    });
    first.unwrap();
    assert!(second < Duration::from_millis(100), "{second:?}");
}

#[tokio::test(start_paused = true)]
async fn h8_the_server_says_how_long_to_wait() {
    let busy = HttpReply { status: 429, retry_after: Some("42".into()), ..HttpReply::default() };
    let script = Script::of([Ok(busy), ok()]);
    let begin = Instant::now();
    page(&client(&script)).await.unwrap();
    assert_eq!(begin.elapsed().as_secs(), 42);
}

#[tokio::test(start_paused = true)]
async fn h3_maintenance_is_waited_out_and_told() {
    let body = "\u{feff}{\"#exception\":\"x\",\"exception\":{\"descr\":\"a\",\"inner\":{\"descr\":\"Технические работы\"}}}";
    let script = Script::of([reply(403, body), reply(403, body), ok()]);
    let begin = Instant::now();
    page(&client(&script)).await.unwrap();
    assert!(begin.elapsed() >= Duration::from_secs(15 + 30));
    let script = Script::of([reply(403, body)]);
    let error = page(&client(&script)).await.unwrap_err();
    assert_eq!(error.cause(), &Error::Maintenance { text: "Технические работы".into() });
}

#[tokio::test(start_paused = true)]
async fn n9_an_idle_connection_closed_under_us_costs_nothing() {
    let script = Script::of([Err(TransportError::Closed), ok()]);
    let begin = Instant::now();
    let client = client(&script);
    page(&client).await.unwrap();
    assert!(begin.elapsed() < Duration::from_millis(10));
    assert_eq!((client.stats().requests, client.stats().retries), (2, 1));
    let script = Script::of([Err(TransportError::Closed)]);
    assert_eq!(
        super::tests::client(&script).published_sets().await.unwrap_err(),
        Error::GaveUp { tries: 7, last: Box::new(Error::Closed) }
    );
}

#[tokio::test(start_paused = true)]
async fn h14_ten_failures_in_a_row_end_the_run() {
    let script = Script::of([reply(503, "")]);
    let client = client(&script);
    client.plan(1000);
    assert!(matches!(client.published_sets().await, Err(Error::GaveUp { tries: 6, .. })));
    let error = page(&client).await.unwrap_err();
    assert!(matches!(error, Error::BudgetSpent { .. }) && error.ends_run());
    assert_eq!(script.sent(), 10);
    assert!(page(&client).await.is_err());
    assert_eq!(script.sent(), 10, "nothing more is sent");
}

#[tokio::test(start_paused = true)]
async fn h10_filters_a_server_fails_at_do_not_end_the_run() {
    let script = Script::refusing(|url| url.contains("$filter"), refusal(500, "-1", "x"), ok());
    let client = client(&script);
    let filtered = query().filter(Filter::none().set_apart(OpeningForm::Equals));
    for _ in 0..5 {
        assert!(client.page::<SalesRow>(&filtered).await.unwrap_err().is_filter_refused());
    }
    assert_eq!(
        script.sent(),
        3 + 1 + 3,
        "tried alone, and a kind of filter that was refused is not sent again"
    );
    page(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn h14_the_budget_of_a_run_is_fifty_and_what_was_planned() {
    for (planned, repeats) in [(0, 50), (7, 57)] {
        let script = Script::of((0..200).flat_map(|_| [reply(503, ""), ok()]));
        let client = client(&script);
        client.plan(planned);
        let mut good = 0;
        let error = loop {
            match page(&client).await {
                Ok(_) => good += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, Error::BudgetSpent { .. }));
        assert_eq!(good, repeats);
        assert_eq!(client.stats().retries, repeats);
    }
}

#[tokio::test(start_paused = true)]
async fn n7_b1_a_cut_page_is_asked_for_with_fewer_rows() {
    let cut = reply(200, r#"{"value":[{"Recorder":"ccc"#);
    let script = Script::of([cut.clone(), Err(TransportError::Cut), reply(413, ""), ok()]);
    let client = client(&script);
    let page = page(&client).await.unwrap();
    assert_eq!(page.asked, Some(125));
    assert_eq!(script.asked().iter().map(|url| top_in(url)).collect::<Vec<_>>(), [1000, 500, 250, 125]);
    assert_eq!(client.page_size(), 125);
}

#[tokio::test(start_paused = true)]
async fn n4_a_silent_page_is_asked_for_with_fewer_rows_the_second_time() {
    let silent = Err(TransportError::Silent(Duration::from_secs(180)));
    let script = Script::of([silent.clone(), silent, reply(504, ""), ok()]);
    page(&client(&script)).await.unwrap();
    assert_eq!(script.asked().iter().map(|url| top_in(url)).collect::<Vec<_>>(), [1000, 1000, 500, 250]);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_the_least_size_ends_like_any_other() {
    let script = Script::of([Err(TransportError::Cut)]);
    let client = client(&script);
    assert!(page(&client).await.is_err());
    let asked: Vec<_> = script.asked().iter().map(|url| top_in(url)).collect();
    assert_eq!(asked[..7], [1000, 500, 250, 125, 62, 31, 25]);
    assert!(asked.len() <= 12, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn full_pages_make_the_size_grow_back() {
    let full: Vec<_> = (0..40).map(|_| sales(10)).collect();
    let mut settings = settings();
    settings.page_size = 60;
    let script =
        Script::of([Err(TransportError::Cut)].into_iter().chain((0..20).map(|_| sales(30))).chain(full));
    let client = Client::new(&settings, &Names::default(), Arc::clone(&script) as Arc<dyn Transport>, 7);
    let mut sizes = Vec::new();
    for _ in 0..18 {
        sizes.push(page(&client).await.unwrap().asked.unwrap());
    }
    assert_eq!(sizes[..16], [30; 16]);
    assert_eq!(sizes[16..], [60; 2]);
}

#[tokio::test(start_paused = true)]
async fn one_row_more_says_whether_there_are_more() {
    let script = Script::of([ok()]);
    let client = client(&script);
    let page = client.page::<SalesRow>(&query().top(Top::PageAndOne)).await.unwrap();
    assert_eq!(page.asked, Some(1001));
    assert!(page.is_last());
    let exact = client.page::<SalesRow>(&query().top(Top::Rows(1))).await.unwrap();
    assert!(!exact.is_last());
    client.page::<SalesRow>(&query().top(Top::All)).await.unwrap();
    assert!(!script.asked()[2].contains("$top"));
}

#[tokio::test(start_paused = true)]
async fn h6_a_field_1c_does_not_have_is_left_out_and_remembered() {
    let refused = refusal(400, "6", "Сегмент пути Количество не найден!");
    let script = Script::of([refused, ok()]);
    let told = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&told);
    let client =
        client(&script).with_observer(move |trouble| observed.lock().unwrap().push(trouble.measure.clone()));
    page(&client).await.unwrap();
    page(&client).await.unwrap();
    let asked = script.asked();
    let quantity = "%D0%9A%D0%BE%D0%BB%D0%B8%D1%87%D0%B5%D1%81%D1%82%D0%B2%D0%BE";
    assert_eq!(asked.iter().map(|url| url.contains(quantity)).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(*told.lock().unwrap(), [Measure::WithoutFields(vec!["Количество".into()])]);
}

#[tokio::test(start_paused = true)]
async fn h6_where_1c_names_no_field_it_is_found_and_the_others_stay() {
    let lacks = |url: &str| url.contains("Количество") && url.contains("$select");
    let script = Script::refusing(lacks, refusal(400, "6", "Неверный адрес"), ok());
    let client = client(&script);
    page(&client).await.unwrap();
    let sent = script.sent();
    assert!(sent <= 10, "{sent}");
    page(&client).await.unwrap();
    let last = decoded(&script.asked()[sent]);
    assert!(last.contains("$select=Recorder,") && last.contains("Сумма") && !lacks(&last), "{last}");
    page(&client.new_run()).await.unwrap();
    assert!(lacks(&decoded(&script.asked()[sent + 1])), "the next run asks afresh");
}

#[tokio::test(start_paused = true)]
async fn a_register_of_one_kind_of_document_is_learned() {
    let row = r#"{"Recorder_Key":"cccccccc-0000-4000-8000-000000000001","LineNumber":"1","Period":"2025-03-05T21:00:07",
        "Active":true,"Сумма":5,"ДисконтнаяКарта_Key":"aaaaaaaa-0000-4000-8000-000000000001"}"#;
    let rows = reply(200, format!(r#"{{"value":[{row}]}}"#));
    let lacks = |url: &str| url.contains("Recorder,");
    let script = Script::refusing(lacks, refusal(400, "6", "?"), rows);
    let client = client(&script);
    page(&client).await.unwrap();
    let sent = script.sent();
    page(&client).await.unwrap();
    let last = &script.asked()[sent];
    assert!(
        last.contains("Period,Recorder_Key,LineNumber") && last.contains("$select=Recorder_Key,LineNumber"),
        "{last}"
    );
}

#[tokio::test(start_paused = true)]
async fn h6_an_unanswerable_request_does_not_go_round_for_ever() {
    let script = Script::of([refusal(400, "6", "?")]);
    let error = page(&client(&script)).await.unwrap_err();
    assert!(matches!(error.cause(), Error::BadRequest { code: Some(6), .. }));
    // The page, the set plainly, the set without `$top`, and another set.
    assert_eq!(script.sent(), 4);
}

#[tokio::test(start_paused = true)]
async fn h10_a_refused_filter_is_told_as_that() {
    let filtered = query().filter(Filter::none().active().set_apart(OpeningForm::Equals));
    for (answer, tries) in [(refusal(400, "14", "x"), 1), (refusal(500, "-1", "x"), 3)] {
        let script = Script::refusing(|url| url.contains("Recorder_Type eq"), answer.clone(), ok());
        let error = client(&script).page::<SalesRow>(&filtered).await.unwrap_err();
        assert_eq!(error, Error::FilterRefused { set: Set::Sales, text: "x".into() });
        // The page, the set plainly, the filter alone, and without what counts.
        assert_eq!(script.sent(), tries + 1 + tries + tries);
        let ill = Script::of([answer]);
        let error = client(&ill).page::<SalesRow>(&filtered).await.unwrap_err();
        assert!(!error.is_filter_refused(), "a server that answers nothing refuses no filter");
    }
    let script = Script::of([ok()]);
    let error = client(&script).page::<SalesRow>(&filtered).await.unwrap_err();
    assert!(error.is_filter_refused(), "rows that do not match");
    assert_eq!(script.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn n10_a_web_page_is_asked_three_times_and_named() {
    let script = Script::of([reply(200, "<html><title>Гостевой Wi-Fi</title></html>")]);
    let error = page(&client(&script)).await.unwrap_err();
    assert_eq!(error.cause(), &Error::NotOneC { title: "Гостевой Wi-Fi".into() });
    assert_eq!(script.sent(), 9, "the page, the set, another set");
}

#[tokio::test(start_paused = true)]
async fn rows_are_counted_in_either_form() {
    let script = Script::of([reply(200, "\u{feff}1234\r\n")]);
    let filter = Filter::none().active();
    assert_eq!(client(&script).count(Set::Sales, &filter).await, Ok(1234));
    assert!(script.asked()[0].ends_with("_RecordType/$count?$filter=Active%20eq%20true"));

    let inline = reply(200, r#"{"odata.count":"77","value":[]}"#);
    let script =
        Script::refusing(|url| url.contains("/$count"), refusal(400, "6", "Метод не найден"), inline);
    let client = client(&script);
    assert_eq!(client.count(Set::Sales, &filter).await, Ok(77));
    let sent = script.sent();
    assert_eq!(client.count(Set::Sales, &Filter::none()).await, Ok(77));
    let asked = script.asked();
    assert_eq!(asked.len(), sent + 1, "remembered");
    assert!(
        asked[sent].contains("$top=1&") && asked[sent].ends_with("$inlinecount=allpages"),
        "{}",
        asked[sent]
    );
}

#[tokio::test(start_paused = true)]
async fn keys_are_asked_for_in_batches_that_fit_an_address() {
    let script = Script::of([reply(200, r#"{"value":[]}"#)]);
    let client = client(&script);
    let keys: Vec<_> = (1..=45).map(Uuid::from_u128).collect();
    let room = client.room::<Owner>(&PageQuery::of(Set::Owners).top(Top::All));
    assert!((8..=MAX_KEYS).contains(&room), "{room}");
    client.by_keys::<Owner>(Set::Owners, &keys).await.unwrap();
    let asked = script.asked();
    let (by_filter, alone): (Vec<_>, Vec<_>) = asked.iter().partition(|url| url.contains("$filter="));
    assert_eq!(by_filter.len(), 45_usize.div_ceil(room));
    assert_eq!(alone.len(), 1, "none was found: one that is there is looked for, and no more");
    assert!(asked.iter().all(|url| url.len() <= LONGEST));
    let cards = client.room::<SalesRow>(&query().filter(Filter::none().active()));
    assert!((5..MAX_KEYS).contains(&cards), "Cyrillic names leave room for fewer: {cards}");
}

#[tokio::test(start_paused = true)]
async fn where_keys_cannot_be_filtered_items_are_read_one_by_one() {
    let card = |n: u128| reply(200, format!(r#"{{"Ref_Key":"{}","Code":"{n}"}}"#, Uuid::from_u128(n)));
    let plain = reply(200, r#"{"value":[]}"#);
    let refused = refusal(400, "14", "x");
    let script = Script::of([refused.clone(), plain, refused, card(1), refusal(404, "9", "нет"), card(3)]);
    let client = client(&script);
    let keys: Vec<_> = (1..=3).map(Uuid::from_u128).collect();
    let page = client.by_keys::<Card>(Set::Cards, &keys).await.unwrap();
    assert_eq!(page.rows.iter().map(|card| card.code.as_str()).collect::<Vec<_>>(), ["1", "3"]);
    assert!(script.asked()[3].contains("(guid%2700000000-0000-0000-0000-000000000001%27)?$format=json"));
}

#[tokio::test(start_paused = true)]
async fn where_items_are_refused_as_well_the_catalog_is_read_for_them() {
    let refuses = |url: &str| url.contains("$filter") || url.contains("(guid'");
    let row = |n: u128| format!(r#"{{"Ref_Key":"{}","Code":"{n}"}}"#, Uuid::from_u128(n));
    let all = reply(200, format!(r#"{{"value":[{},{},{}]}}"#, row(1), row(2), row(3)));
    let script = Script::refusing(refuses, reply(404, "<html><title>404</title></html>"), all);
    let client = client(&script);
    let page = client.by_keys::<Card>(Set::Cards, &[Uuid::from_u128(2)]).await.unwrap();
    assert_eq!(page.rows.iter().map(|card| card.code.as_str()).collect::<Vec<_>>(), ["2"]);
    let known = client.by_key::<Card>(Set::Cards, Uuid::from_u128(3)).await.unwrap().unwrap();
    assert_eq!(known.code, "3");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_repeat_is_still_that_refusal() {
    let script = Script::of([reply(503, ""), refusal(404, "9", "нет")]);
    let found = client(&script).by_key::<Card>(Set::Cards, Uuid::from_u128(1)).await;
    assert_eq!((found, script.sent()), (Ok(None), 2));
}

#[tokio::test(start_paused = true)]
async fn another_item_than_the_one_asked_for_is_refused() {
    let script = Script::of([reply(200, format!(r#"{{"Ref_Key":"{}"}}"#, Uuid::from_u128(2)))]);
    assert!(client(&script).by_key::<Card>(Set::Cards, Uuid::from_u128(1)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn raw_fields_always_name_what_they_ask_for() {
    let item = reply(
        200,
        format!(
            r#"{{"Ref_Key":"{}","ФИО":"x\ny","IsFolder":false,"Лишнее":1,"Состав":{{"a":1}}}}"#,
            Uuid::from_u128(1)
        ),
    );
    let script = Script::of([refusal(400, "6", "Сегмент пути Email не найден!"), item]);
    let fields = client(&script).raw_fields(Set::Owners, Uuid::from_u128(1)).await.unwrap().unwrap();
    let of = |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.value.as_str());
    assert_eq!(
        (of("ФИО"), of("IsFolder"), of("Состав"), of("Лишнее")),
        (Some("x\ny"), Some("false"), Some(r#"{"a":1}"#), None)
    );
    let selects = |url: &str| url.contains("$select");
    let script = Script::refusing(selects, refusal(400, "6", "?"), ok());
    assert!(client(&script).raw_fields(Set::Owners, Uuid::from_u128(1)).await.is_err());
    let of_items = || script.asked().into_iter().filter(|url| url.contains("(guid"));
    assert!(of_items().count() > 0 && of_items().all(|url| url.contains("$select")));
}

#[tokio::test(start_paused = true)]
async fn a_recorder_hears_of_answered_requests_without_their_host() {
    let script = Script::of([reply(503, ""), reply(200, r#"{"value":[]}"#)]);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let recorded = client(&script).with_recorder({
        let heard = Arc::clone(&heard);
        move |sent| heard.lock().unwrap().push(sent)
    });
    recorded.turnovers(Span::ALL, Some(CardId(Uuid::from_u128(1)))).await.unwrap();
    let heard = heard.lock().unwrap();
    let [sent] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!((sent.set, sent.about, sent.rows), (Some(Set::Sales), About::Totals, 0));
    let asked = script.asked();
    assert!(sent.address.starts_with('/') && asked[1].ends_with(&sent.address), "{sent:?}");
    assert!(!sent.address.contains("://"));
    assert!(recorded.new_run().recorder.is_none());
}

#[tokio::test(start_paused = true)]
async fn turnovers_come_by_card() {
    let rows = r#"{"value":[{"ДисконтнаяКарта_Key":"aaaaaaaa-0000-4000-8000-000000000001","СуммаTurnover":10.10},
        {"ДисконтнаяКарта_Key":"aaaaaaaa-0000-4000-8000-000000000002","СуммаTurnover":"-5"},
        {"ДисконтнаяКарта_Key":"aaaaaaaa-0000-4000-8000-000000000001","СуммаTurnover":0.2}]}"#;
    let script = Script::of([reply(200, rows)]);
    let from = crate::domain::period::parse_local("2025-02-04T00:00:00").unwrap();
    let totals = client(&script).turnovers(Span { from, to: None }, None).await.unwrap();
    assert_eq!(
        totals.sums().iter().map(|(_, turnover)| turnover.main.to_string()).collect::<Vec<_>>(),
        ["10.30", "-5.00"]
    );
    let url = &script.asked()[0];
    assert!(url.contains("/Turnovers(StartPeriod=datetime%272025-02-04T00:00:00%27,Dimensions=%27"), "{url}");
    assert!(!url.contains("_RecordType") && !url.contains("_Key"), "{url}");
}

#[tokio::test(start_paused = true)]
async fn z6_the_end_of_a_stretch_of_turnovers_is_its_last_second() {
    let script = Script::of([reply(200, r#"{"value":[]}"#)]);
    let moment = |text| crate::domain::period::parse_local(text).unwrap().unwrap();
    let span = Span::between(moment("2025-02-01T00:00:00"), moment("2025-03-01T00:00:00"));
    client(&script).turnovers(span, None).await.unwrap();
    let url = &script.asked()[0];
    let bounds = "StartPeriod=datetime%272025-02-01T00:00:00%27,EndPeriod=datetime%272025-02-28T23:59:59%27";
    assert!(url.contains(bounds), "{url}");
}

#[tokio::test(start_paused = true)]
async fn balances_are_accrued_less_what_is_to_be_written_off() {
    let rows = r#"{"value":[{"БонуснаяКарта_Key":"aaaaaaaa-0000-4000-8000-000000000001","НачисленоBalance":160,"КСписаниюBalance":100.5}]}"#;
    let script = Script::of([reply(200, rows)]);
    let at = crate::domain::period::parse_local("2025-02-04T00:00:00").unwrap().unwrap();
    let card = CardId(Uuid::from_u128(1));
    let balances = client(&script).balances(at, Some(card)).await.unwrap();
    assert_eq!(balances.sums()[0].1.main.to_string(), "59.5");
    let url = &script.asked()[0];
    assert!(url.contains("Balance(Period=datetime%27"), "{url}");
    assert!(
        url.contains("_Key%20eq%20guid%27%2700000000-0000-0000-0000-000000000001%27%27%27,Dimensions="),
        "{url}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_control_total_that_cannot_be_read_is_unknown_not_zero() {
    let row = |card: u128, sum: &str| {
        format!(r#"{{"ДисконтнаяКарта_Key":"{}","СуммаTurnover":{sum}}}"#, Uuid::from_u128(card))
    };
    let rows = [row(1, "5"), row(2, "0.001"), row(3, "1"), row(3, "null"), row(2, "7")];
    let script = Script::of([reply(200, format!(r#"{{"value":[{}]}}"#, rows.join(",")))]);
    let totals = client(&script).turnovers(Span::ALL, None).await.unwrap();
    let card = |n| CardId(Uuid::from_u128(n));
    assert_eq!(totals.cards().collect::<Vec<_>>(), [card(1)]);
    assert!(totals.unreadable().iter().eq(&[card(2), card(3)]));
}

#[tokio::test(start_paused = true)]
async fn a_control_total_by_another_name_is_told() {
    let script = Script::of([reply(200, r#"{"value":[{"ДисконтнаяКарта_Key":"x"}]}"#)]);
    let error = client(&script).turnovers(Span::ALL, None).await.unwrap_err();
    assert_eq!(error, Error::MissingField { set: Set::Sales, field: "СуммаTurnover".into() });
}

#[tokio::test(start_paused = true)]
async fn a_virtual_table_that_is_not_there_is_named() {
    for (answer, requests) in
        [(refusal(400, "6", "Метод не найден"), 9), (refusal(404, "8", "Сущность не найдена"), 1)]
    {
        let script = Script::refusing(|url| url.contains("/Turnovers"), answer, ok());
        let client = client(&script);
        for _ in 0..2 {
            let error = client.turnovers(Span::ALL, None).await.unwrap_err();
            assert!(error.is_gone_without(), "{error}");
            assert!(error.to_string().contains("/Turnovers"), "{error}");
            assert!(script.sent() <= requests.max(2), "{} of {requests}", script.sent());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_dimension_may_want_its_suffix_or_no_name() {
    for (refused, last) in [("Карта'", "_Key'"), ("Dimensions", "Turnovers()")] {
        let rows = reply(200, r#"{"value":[]}"#);
        let script = Script::refusing(move |url| url.contains(refused), refusal(400, "21", "?"), rows);
        let client = client(&script);
        client.turnovers(Span::ALL, None).await.unwrap();
        let sent = script.sent();
        client.turnovers(Span::ALL, None).await.unwrap();
        let asked: Vec<_> = script.asked().iter().map(|url| decoded(url)).collect();
        assert_eq!(asked.len(), sent + 1, "remembered");
        assert!(asked[sent].contains(last), "{}", asked[sent]);
    }
}

#[tokio::test(start_paused = true)]
async fn published_sets_are_listed() {
    let body = r#"{"value":[{"name":"Catalog_A","url":"Catalog_A"},{"name":"Catalog_B"}]}"#;
    let script = Script::of([reply(200, body), reply(200, r#"{"value":[]}"#)]);
    let client = client(&script);
    assert_eq!(client.published_sets().await.unwrap(), ["Catalog_A", "Catalog_B"]);
    assert!(client.published_sets().await.unwrap().is_empty());
    assert_eq!(script.asked()[0], "http://host/base/odata/standard.odata/?$format=json");
}

#[tokio::test(start_paused = true)]
async fn s5_s6_secrets_and_customers_stay_out_of_words() {
    let script = Script::of([reply(401, "")]);
    let client = client(&script);
    let lookup = Filter::none().looking_for(Lookup::Phone("79788451364".into()));
    let query = PageQuery::of(Set::Cards).filter(lookup);
    let error = client.page::<Card>(&query).await.unwrap_err();
    let words = format!("{client:?} {error} {error:?} {query:?} {:?}", settings());
    assert!(!words.contains(CANARY) && !words.contains("9788451364"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_filter_can_be_applied_here() {
    let script = Script::of([sales(3)]);
    let client = client(&script);
    let page = page(&client).await.unwrap();
    let card = page.rows[0].movement.card;
    let ours = Filter::none().active().of_cards([card]);
    let others = Filter::none().of_cards([CardId(Uuid::from_u128(9))]);
    assert!(page.rows.iter().all(|row| client.matches(&ours, row) && !client.matches(&others, row)));
    let owned = Card { owner: Some(OwnerId(Uuid::from_u128(1))), ..Card::default() };
    let by_owner = |n| Filter::none().looking_for(Lookup::Owner(OwnerId(Uuid::from_u128(n))));
    assert!(client.matches(&by_owner(1), &owned) && !client.matches(&by_owner(2), &owned));
}

/// The shapes of a refusal, whatever is refused: every status, code and body that servers were seen to answer with.
fn shapes() -> Vec<Result<HttpReply, TransportError>> {
    let exception = "{\"#exception\":\"x\",\"exception\":{\"descr\":\"a\"}}";
    let xml = "<m:error xmlns:m=\"x\"><m:code>14</m:code><m:message>x</m:message></m:error>";
    let mut shapes = Vec::new();
    for status in [400, 403, 404, 405, 406, 409, 410, 418, 422, 500, 501, 502, 503, 504, 200] {
        shapes.extend([
            refusal(status, "14", "x"),
            refusal(status, "-1", "x"),
            refusal(status, "", "x"),
            refusal(status, "10", "x"),
            reply(status, "<html><title>1C:Enterprise 8 application error</title></html>"),
            reply(status, xml),
            reply(status, exception),
        ]);
    }
    for status in [400, 404, 500, 501] {
        shapes.extend([
            reply(status, ""),
            reply(status, "no"),
            refusal(status, "6", "x"),
            refusal(status, "8", "x"),
        ]);
    }
    shapes.extend([refusal(401, "20", "x"), reply(302, ""), Err(TransportError::Closed)]);
    shapes
}

#[tokio::test(start_paused = true)]
async fn h6_h10_h12_a_way_of_asking_refused_in_any_shape_is_gone_without() {
    let known = r#"{"odata.count":"1","value":[{"Recorder":"cccccccc-0000-4000-8000-000000000001","Recorder_Type":"T",
        "LineNumber":"1","Period":"2025-03-05T21:00:07","Active":true,"Сумма":5,
        "ДисконтнаяКарта_Key":"aaaaaaaa-0000-4000-8000-000000000001"}]}"#;
    let parts = ["Количество", "$select", "$orderby", "Active eq true", "/$count", "$inlinecount"];
    for (nth, how) in shapes().into_iter().enumerate() {
        for part in parts {
            let refuses =
                move |url: &str| url.contains(part) || (part == "$inlinecount" && url.contains("/$count"));
            let script = Script::refusing(refuses, how.clone(), reply(200, known));
            let client = client(&script);
            let query = query().filter(Filter::none().active());
            let named = format!("shape {nth} {how:?}, {part}");
            client.published_sets().await.expect("a server that answers");
            let page = client.page::<SalesRow>(&query).await.expect(&named);
            assert_eq!((page.rows.len(), page.in_order), (1, part != "$orderby"), "{part}");
            // A count in the form of a page is no count, so it is had otherwise.
            let counted = client.count(Set::Sales, &query.filter).await.expect(&named);
            assert_eq!(counted, 1, "{part}");
            let sent = script.sent();
            client.page::<SalesRow>(&query).await.expect(&named);
            client.count(Set::Sales, &query.filter).await.expect(&named);
            assert_eq!(script.sent(), sent + 2, "{part}: what was learned costs nothing more");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn h10_a_virtual_table_refused_in_any_shape_is_gone_without_or_had_in_parts() {
    let today = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000);
    for (nth, how) in shapes().into_iter().enumerate() {
        let refuses = |url: &str| url.contains("/Turnovers");
        let script = Script::refusing(refuses, how.clone(), ok());
        let without = client(&script);
        without.published_sets().await.expect("a server that answers");
        let error = without.turnovers(Span::ALL, None).await.unwrap_err();
        assert!(error.is_gone_without(), "shape {nth} {how:?}: {error}");
        let whole = |url: &str| url.contains("/Turnovers(Dimensions");
        let script = Script::refusing(whole, how.clone(), reply(200, r#"{"value":[]}"#));
        let client = client(&script);
        client.remember(None, today);
        client.published_sets().await.expect("a server that answers");
        match client.turnovers(Span::ALL, None).await {
            Err(error) if error.is_too_wide() => assert!(client.is_too_wide(VirtualTable::Sales, Span::ALL)),
            Err(error) => assert!(error.is_gone_without(), "shape {nth} {how:?}: {error}"),
            Ok(_) => panic!("refused"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_learned_is_kept_with_the_base_and_forgotten_with_it() {
    let refuses = |url: &str| url.contains("$orderby");
    let at = |day: i64| DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000 + day);
    let named = |name: &str| sales(1).map(|reply| HttpReply { platform: Some(name.to_owned()), ..reply });
    let script = Script::refusing(refuses, refusal(400, "14", "x"), named("IIS"));
    let first = client(&script);
    first.remember(None, at(0));
    page(&first).await.unwrap();
    let kept = first.lessons().unwrap();
    let next = first.new_run();
    next.remember(Some(&kept), at(1));
    let sent = script.sent();
    next.try_again().await.unwrap();
    page(&next).await.unwrap();
    assert_eq!((script.sent(), next.lessons()), (sent + 1, None), "from the first request on");
    let late = first.new_run();
    late.remember(Some(&kept), at(8));
    late.try_again().await.unwrap();
    page(&late).await.unwrap();
    assert!(script.sent() <= sent + 1 + 4, "tried again, and refused again");
    assert!(!late.reads_by_position(Set::Sales, Order::Period));
    let kept = late.lessons().unwrap();
    let other = Script::of([named("nginx")]);
    let changed = client(&other);
    changed.remember(Some(&kept), at(9));
    page(&changed).await.unwrap();
    assert!(changed.reads_by_position(Set::Sales, Order::Period), "another platform may have learned");
    let mut settings = settings();
    settings.url = "http://other/base/odata/standard.odata".into();
    let elsewhere = Client::new(&settings, &Names::default(), Arc::clone(&other) as Arc<dyn Transport>, 7);
    elsewhere.remember(Some(&kept), at(9));
    assert!(elsewhere.learned().is_empty());
}

/// A request that was sent before, under this path below the service root.
fn sent_before(path: &str) -> Sent {
    let address = format!("{}{path}", path_of(settings().url.trim_end_matches('/')));
    Sent { set: Some(Set::Sales), about: About::Rows, address, rows: 1 }
}

#[tokio::test(start_paused = true)]
async fn a_request_is_sent_again_as_it_was_and_its_answer_told_as_it_came() {
    let body = "\u{feff}{\"value\":[\r\n{\"Имя\":\"А\u{1b}[2Jнна\",\"Нет\":null}]}";
    let script = Script::of([reply(200, r#"{"value":[]}"#), reply(200, body)]);
    let client = client(&script);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let recorded = client.clone().with_recorder({
        let heard = Arc::clone(&heard);
        move |sent| heard.lock().unwrap().push(sent)
    });
    recorded.turnovers(Span::ALL, Some(CardId(Uuid::from_u128(1)))).await.unwrap();
    let sent = heard.lock().unwrap()[0].clone();
    let answer = client.raw_answer(&sent).await.unwrap();
    let asked = script.asked();
    assert_eq!(asked[0], asked[1]);
    let text = body.trim_start_matches('\u{feff}');
    assert_eq!(answer, RawAnswer { bytes: body.len() as u64, text: text.to_owned(), is_cut: false });
    assert!(!format!("{answer:?}").contains("value"), "its text is customers' data");
}

#[tokio::test(start_paused = true)]
async fn of_a_long_answer_the_beginning_is_told_and_no_character_is_broken() {
    let body = "я".repeat(40_000);
    let answer = client(&Script::of([reply(200, &body)])).raw_answer(&sent_before("/X")).await.unwrap();
    assert_eq!((answer.bytes, answer.text.len(), answer.is_cut), (80_000, 32 << 10, true));
    let exact = "a".repeat(32 << 10);
    let answer = client(&Script::of([reply(200, &exact)])).raw_answer(&sent_before("/X")).await.unwrap();
    assert!(!answer.is_cut && answer.text == exact);
}

#[tokio::test(start_paused = true)]
async fn s5_an_answer_told_as_it_came_repeats_no_secret() {
    let pair = format!("odata.user:{CANARY}");
    let token = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, pair);
    for body in [
        format!("{{\"echo\":\"{CANARY}\"}}"),
        format!("Authorization: Basic {token}"),
        format!("{}{CANARY}", "x".repeat((32 << 10) - 9)),
    ] {
        let answer = client(&Script::of([reply(200, &body)])).raw_answer(&sent_before("/X")).await.unwrap();
        let has_secret = answer.text.contains("hunter2") || answer.text.contains(&token);
        assert!(!has_secret && answer.text.contains("•••"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_a_request_that_is_sent_again_is_told_and_nothing_is_learned_of_it() {
    let script = Script::of([refusal(400, "6", "Сегмент пути Сумма не найден!"), ok()]);
    let client = client(&script);
    let told = client.raw_answer(&sent_before("/X?$select=%D0%A1")).await.unwrap_err();
    assert!(told.is_refusal(), "{told:?}");
    assert_eq!((script.sent(), client.run.memory().learned.len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_address_of_another_base_is_asked_for_nothing() {
    let script = Script::of([reply(200, "{}")]);
    for address in ["/other/odata/standard.odata/X", "http://elsewhere/", "", "/x+y"] {
        let sent = Sent { address: address.to_owned(), ..sent_before("/X") };
        client(&script).raw_answer(&sent).await.unwrap();
    }
    let root = settings().url.trim_end_matches('/').to_owned();
    assert!(script.asked().iter().all(|url| *url == format!("{root}/")), "{:?}", script.asked());
}

/// Names of documents are 1C's, up to eighty letters: so many are asked for at once as an address holds.
#[tokio::test(start_paused = true)]
async fn types_of_any_length_fit_into_one_address() {
    for letters in [6, 42, 80] {
        let script = Script::of([reply(200, r#"{"value":[]}"#)]);
        let client = client(&script);
        let name = |number: usize| format!("StandardODATA.Document_{number:02}{}", "Ж".repeat(letters - 2));
        let types: Vec<_> = (0..30).map(|number| RecorderType(name(number).into())).collect();
        let room = client.room_for_types(&types);
        assert!(room >= 2 && room < types.len(), "{letters}: {room}");
        let filter = Filter::none().active().of_other_types(&types[..room]);
        let query = PageQuery::of(Set::Sales).filter(filter).order(Order::Period);
        client.page::<ThinSale>(&query).await.unwrap();
        assert!(script.asked().iter().all(|url| url.len() <= LONGEST), "{letters}");
    }
}
