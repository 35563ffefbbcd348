use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use sverka::domain::Card;
use sverka::odata::{
    Client, ConnectionSettings, Error, Filter, HttpTransport, Names, Page, PageQuery, Set, Stats, Unreachable,
};
use sverka::sync::event::Outcome;
use sverka_simulator::{FaultKind, Faults, Rate};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::support::Shop;
use crate::support::wire::{Act, Asked, Wire, reply, reply_with, settings};

/// When a test counts as stuck. Nothing else is decided by time.
const DEADLINE: Duration = Duration::from_secs(120);

fn client(settings: &ConnectionSettings) -> Client {
    let transport = HttpTransport::new(settings).unwrap();
    Client::new(settings, &Names::default(), Arc::new(transport), 7)
}

async fn page(client: &Client) -> Result<Page<Card>, Error> {
    timeout(DEADLINE, client.page::<Card>(&PageQuery::of(Set::Cards))).await.expect("it ends")
}

/// A page of cards with these codes.
fn cards(codes: &[&str]) -> String {
    let row = |(n, code): (usize, &&str)| {
        format!(r#"{{"Ref_Key":"aaaaaaaa-0000-4000-8000-{n:012}","Code":"{code}"}}"#)
    };
    let rows: Vec<_> = (1..).zip(codes).map(row).collect();
    format!(r#"{{"value":[{}]}}"#, rows.join(","))
}

fn good() -> Act {
    Act::Send(reply("200 OK", cards(&["good"])))
}

fn codes(page: &Page<Card>) -> Vec<&str> {
    page.rows.iter().map(|card| card.code.as_str()).collect()
}

/// Asks for a page where the first request meets this and every later one is answered well.
async fn page_after(first: Act) -> (Result<Page<Card>, Error>, Stats, Vec<Asked>) {
    let wire = Wire::start(move |asked| if asked.number == 0 { first.clone() } else { good() }).await;
    let client = client(&settings(wire.url()));
    (page(&client).await, client.stats(), wire.asked())
}

/// Asks for a page where every request meets this.
async fn page_always(act: Act) -> (Error, usize) {
    let wire = Wire::start(move |_| act.clone()).await;
    let error = page(&client(&settings(wire.url()))).await.unwrap_err();
    (error.cause().clone(), wire.asked().len())
}

/// What became of this body, with status 200.
async fn read(body: impl AsRef<[u8]>) -> Result<Page<Card>, Error> {
    let sent = reply("200 OK", body);
    let wire = Wire::start(move |_| Act::Send(sent.clone())).await;
    let settings = ConnectionSettings { retries: 0, ..settings(wire.url()) };
    page(&client(&settings)).await.map_err(|error| error.cause().clone())
}

/// What is wrong with this body.
async fn malformed(body: impl AsRef<[u8]>) -> String {
    match read(body).await {
        Err(Error::Malformed { set: Some(Set::Cards), what }) => what,
        other => panic!("{other:?}"),
    }
}

fn top(asked: &Asked) -> u32 {
    asked.target().split("$top=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap()
}

// The network.

#[tokio::test]
async fn n1_a_name_that_does_not_resolve_is_asked_once() {
    // Longer than a label may be: no server of names is asked.
    let host = format!("{}.example", "a".repeat(64));
    let client = client(&settings(format!("http://{host}/odata/standard.odata")));
    let error = page(&client).await.unwrap_err();
    assert_eq!(error, Error::Unreachable { host, why: Unreachable::Name });
    assert_eq!(client.stats().requests, 1);
    assert!(error.ends_run());
}

#[tokio::test]
async fn n2_a_refused_connection_is_tried_again_within_its_budget() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = closed.local_addr().unwrap().to_string();
    drop(closed);
    let settings =
        ConnectionSettings { retries: 2, ..settings(format!("http://{host}/odata/standard.odata")) };
    let client = client(&settings);
    let services = timeout(DEADLINE, client.published_sets()).await.unwrap();
    let refused = Error::Unreachable { host, why: Unreachable::Refused };
    assert_eq!(services, Err(Error::GaveUp { tries: 3, last: Box::new(refused) }));
    assert_eq!(client.stats().requests, 3);
}

/// Nobody accepts, and the queue of the listener is full: the handshake never ends.
#[tokio::test]
async fn n3_a_connection_that_hangs_is_given_up() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let waiting: Vec<_> = (0..16).map(|_| tokio::spawn(TcpStream::connect(address))).collect();
    // Each of them has begun once all of them had their turn.
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
    let settings = ConnectionSettings {
        connect_timeout: Duration::from_millis(50),
        retries: 0,
        ..settings(format!("http://{address}/odata/standard.odata"))
    };
    let error = timeout(DEADLINE, client(&settings).published_sets()).await.unwrap().unwrap_err();
    let hung = Error::Unreachable { host: address.to_string(), why: Unreachable::Timeout };
    assert_eq!(error, hung);
    drop((waiting, listener));
}

/// Asks a server that goes silent, by the settings as they come. Time is stopped once the request is there: what
/// is left to happen are timers.
async fn silence(act: Act) -> Error {
    let wire = Wire::start(move |_| act.clone()).await;
    let settings = ConnectionSettings { retries: 0, ..settings(wire.url()) };
    let client = client(&settings);
    let (answer, ()) = tokio::join!(client.published_sets(), async {
        wire.wait_for(1).await;
        tokio::time::pause();
    });
    answer.unwrap_err()
}

/// An update of the library under us must not take our timeouts away either (S8).
#[tokio::test]
async fn n4_s8_a_server_that_never_answers_is_given_up_by_our_own_timeout() {
    let after = ConnectionSettings::default().read_timeout;
    assert_eq!(silence(Act::Silence(Vec::new())).await, Error::Timeout { after });
}

#[tokio::test]
async fn n5_a_silence_inside_the_body_ends_the_request() {
    let begun = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"value\":[".to_vec();
    let after = ConnectionSettings::default().read_timeout;
    assert_eq!(silence(Act::Silence(begun)).await, Error::Timeout { after });
}

/// No silence ever lasts long enough: the deadline of the whole reply does.
#[tokio::test]
async fn n6_a_drip_of_bytes_ends_by_the_deadline() {
    let begun = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".to_vec();
    let drip = Act::Drip(begun, Duration::from_secs(1));
    let after = ConnectionSettings::default().read_timeout * 5;
    assert_eq!(silence(drip).await, Error::Timeout { after });
}

#[tokio::test]
async fn n7_a_body_cut_in_the_middle_is_discarded_and_asked_for_with_fewer_rows() {
    let whole = cards(&["lost", "lost as well"]);
    let half = &whole[..whole.len() / 2];
    let promised = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{half}", whole.len());
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{half}\r\n", half.len());
    let unannounced = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{half}");
    for cut in [promised, chunked, unannounced] {
        let (page, _, asked) = page_after(Act::Send(cut.clone().into_bytes())).await;
        assert_eq!(codes(&page.unwrap()), ["good"], "{cut}");
        assert_eq!(asked.iter().map(top).collect::<Vec<_>>(), [1000, 500], "{cut}");
    }
}

#[tokio::test]
async fn n7_a_reset_in_the_middle_of_the_body_leaves_nothing_of_it() {
    let begun = format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}", cards(&["lost"]));
    let (page, stats, _) = page_after(Act::Reset(begun.into_bytes())).await;
    assert_eq!(codes(&page.unwrap()), ["good"]);
    assert_eq!((stats.requests, stats.retries), (2, 1));
}

/// A page that lost its second half and is valid JSON all the same, without a length to compare with.
#[tokio::test(flavor = "multi_thread")]
async fn n8_a_page_cut_where_json_is_valid_is_noticed_by_the_count() {
    let shop = Shop::open(60, 700, 8).await;
    shop.sync().await;
    let before = shop.stored();
    let shop = shop.with_faults(Faults::always(FaultKind::HalfPages));
    let finished = shop.try_sync().await;
    assert_eq!(finished.summary.outcome, Outcome::Failed);
    assert_eq!(shop.stored(), before);
    let shop = shop.with_faults(Faults::default().add(FaultKind::HalfPages, Rate::one_in(10)));
    shop.sync().await;
    assert!(shop.server.with_simulator(|onec| onec.log().fault(FaultKind::HalfPages)) > 0);
    shop.assert_books_agree();
}

#[tokio::test]
async fn n9_an_idle_connection_closed_under_us_costs_one_repeat_and_no_wait() {
    let wire = Wire::start(|asked| match (asked.connection, asked.number) {
        (0, 0) => Act::SendAndKeep(reply("200 OK", cards(&["first"]))),
        (0, _) => Act::Send(Vec::new()),
        _ => good(),
    })
    .await;
    let patient = ConnectionSettings { backoff: Duration::from_secs(3600), ..settings(wire.url()) };
    let client = client(&patient);
    assert_eq!(codes(&page(&client).await.unwrap()), ["first"]);
    assert_eq!(codes(&page(&client).await.unwrap()), ["good"]);
    let connections: Vec<_> = wire.asked().iter().map(|asked| asked.connection).collect();
    assert_eq!(connections, [0, 0, 1], "the second request met the connection that was just closed");
    assert_eq!((client.stats().requests, client.stats().retries), (3, 1));
}

#[tokio::test]
async fn n10_a_captive_page_is_told_by_its_title_and_asked_three_times() {
    let page = "<!DOCTYPE html><html><head><title>Гостевой \u{1b}[2J\u{202e}Wi-Fi</title></head></html>";
    let (error, requests) =
        page_always(Act::Send(reply_with("200 OK", &["Content-Type: text/html"], page))).await;
    assert_eq!(error, Error::NotOneC { title: "Гостевой [2JWi-Fi".into() });
    // The page, the set plainly, the list of sets: whether anything answers.
    assert_eq!(requests, 3 * 3);
}

#[tokio::test]
async fn n11_a_late_answer_is_nobodys() {
    let late = reply("200 OK", cards(&["late"]));
    let wire = Wire::start(move |asked| match asked.number {
        0 => Act::SendAfter(2, late.clone()),
        _ => good(),
    })
    .await;
    let soon = Duration::from_millis(100);
    let settings = ConnectionSettings { connect_timeout: soon, read_timeout: soon, ..settings(wire.url()) };
    assert_eq!(codes(&page(&client(&settings)).await.unwrap()), ["good"]);
}

// Statuses.

#[tokio::test(flavor = "multi_thread")]
async fn h1_after_refused_credentials_a_sync_sends_nothing_more() {
    let shop = Shop::open(60, 700, 1).await;
    shop.sync().await;
    let before = shop.stored();
    let (mut shop, wire) = through(shop, |asked| match asked.number {
        0..=3 => Act::Forward,
        _ => Act::Send(reply("401 Unauthorized", "")),
    })
    .await;
    shop.config.onec.in_flight = 4;
    let finished = shop.try_sync().await;
    assert!(
        matches!(finished.error, Some(sverka::sync::Error::Odata(error)) if error.is_refused_credentials())
    );
    let requests = wire.asked().len();
    assert!((5..=8).contains(&requests), "{requests}: only what was under way");
    assert_eq!(shop.stored(), before);
}

/// The same shop, asked through a server that does what the rule says.
async fn through(mut shop: Shop, rule: impl Fn(&Asked) -> Act + Send + Sync + 'static) -> (Shop, Wire) {
    let wire = Wire::before(&shop.server.url(), None, rule).await;
    shop.config.onec.url = wire.url();
    (shop, wire)
}

/// The register of points, percent-encoded.
const POINTS: &str = "%D0%91%D0%BE%D0%BD%D1%83%D1%81%D0%BD%D1%8B%D0%B5%D0%91%D0%B0%D0%BB%D0%BB%D1%8B";

fn odata_error(code: i32, text: &str) -> String {
    format!(r#"{{"odata.error":{{"code":"{code}","message":{{"lang":"ru","value":"{text}"}}}}}}"#)
}

#[tokio::test(flavor = "multi_thread")]
async fn h2_points_that_may_not_be_read_are_unknown_and_never_zero() {
    let mut shop = Shop::open(60, 700, 2).await;
    shop.sync().await;
    let before = shop.stored();
    for (status, body) in
        [("401 Unauthorized", odata_error(20, "Нарушение прав доступа!")), ("403 Forbidden", String::new())]
    {
        let refusal = reply(status, body);
        let (asking, _wire) = through(shop, move |asked| {
            if asked.target().contains(POINTS) { Act::Send(refusal.clone()) } else { Act::Forward }
        })
        .await;
        shop = asking;
        shop.sync().await;
        assert_eq!(shop.stored(), before, "{status}");
        assert_eq!(shop.snapshot().generation().unwrap().points_at, None, "{status}");
    }
}

#[tokio::test]
async fn h3_maintenance_is_told_in_its_innermost_words() {
    let body = "\u{feff}{\"#exception\":\"x\",\"exception\":{\"descr\":\"HTTP: Forbidden\",\"inner\":{\"descr\":\
                \"Ведутся технические работы\"}}}";
    let (error, requests) = page_always(Act::Send(reply("403 Forbidden", body))).await;
    assert_eq!(error, Error::Maintenance { text: "Ведутся технические работы".into() });
    // Six tries, and no smaller page: a base that is closed is closed for any. So are the
    // set plainly and the list of sets: some minutes of maintenance are waited for.
    assert_eq!(requests, 3 * 6);
}

#[tokio::test]
async fn h5_an_address_too_long_for_common_servers_is_not_sent() {
    let wire = Wire::start(|_| good()).await;
    let root = wire.url().replace("/trade/", &format!("/{}/", "t".repeat(1_950)));
    let client = client(&settings(root));
    let error = page(&client).await.unwrap_err();
    assert!(matches!(error, Error::AddressTooLong { length: 2_001.. }), "{error}");
    assert_eq!(wire.asked().len(), 0);
}

#[tokio::test]
async fn h5_a_404_is_told_apart_by_its_shape() {
    let iis = "<html><head><title>404.15 - Query string too long</title></head></html>";
    let nowhere = "<html><head><title>404 - Not Found</title></head></html>";
    let (error, requests) = page_always(Act::Send(reply("404 Not Found", iis))).await;
    // What a server calls too long is asked in plainer ways, as whatever else it refuses.
    assert!(matches!(error, Error::AddressRefused { .. }) && requests == 4, "{error}, {requests} requests");
    let (error, requests) = page_always(Act::Send(reply("404 Not Found", nowhere))).await;
    assert!(matches!(error, Error::WrongAddress { status: 404, .. }) && requests == 3, "{error}");
    let (error, requests) = page_always(Act::Send(reply("404 Not Found", odata_error(8, "нет")))).await;
    assert!(error.is_not_published() && requests == 3, "{error}");
}

#[tokio::test]
async fn h7_a_session_offered_is_never_taken_so_none_goes_stale() {
    let wire = Wire::start(|asked| match asked.number {
        0 => {
            let offered = ["Set-Cookie: ibsession=canary; path=/", "Content-Type: application/json"];
            Act::SendAndKeep(reply_with("200 OK", &offered, cards(&["first"])))
        }
        1 => Act::Send(reply("406 Not Acceptable", "")),
        _ => good(),
    })
    .await;
    let client = client(&settings(wire.url()));
    assert_eq!(codes(&page(&client).await.unwrap()), ["first"]);
    assert_eq!(codes(&page(&client).await.unwrap()), ["good"], "no free session: tried again");
    for asked in wire.asked() {
        assert_eq!((asked.header("cookie"), asked.header("ibsession")), (None, None));
    }
}

#[tokio::test]
async fn h8_a_busy_server_is_tried_again_as_it_asks() {
    for status in ["408 Request Timeout", "429 Too Many", "502 Bad", "503 Unavailable", "504 Gateway Timeout"]
    {
        for patience in [
            "Retry-After: 0",
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT",
            "X: y",
        ] {
            let busy = reply_with(status, &[patience], "<html><title>busy</title></html>");
            let (page, stats, _) = page_after(Act::Send(busy)).await;
            assert_eq!(codes(&page.unwrap()), ["good"], "{status}");
            assert_eq!((stats.requests, stats.retries), (2, 1));
        }
    }
}

#[tokio::test]
async fn h9_an_error_inside_1c_is_tried_three_times() {
    let body = odata_error(-1, "Ошибка блокировки данных");
    let (error, requests) = page_always(Act::Send(reply("500 Internal Server Error", body))).await;
    assert_eq!(error, Error::ServerError { status: 500, text: "Ошибка блокировки данных".into() });
    assert_eq!(requests, 3 * 3, "three times each: the page, the set plainly, the list of sets");
}

#[tokio::test]
async fn h11_a_redirect_is_told_and_never_followed_with_credentials_or_without() {
    let other = Wire::start(|_| good()).await;
    let target = format!("http://user:canary@{}/login?ticket=canary#canary", other.address());
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let moved = reply_with(status, &[&format!("Location: {target}")], "");
        let (error, requests) = page_always(Act::Send(moved)).await;
        assert_eq!(error, Error::Redirected { to: format!("http://{}/login", other.address()) });
        assert_eq!(requests, 3, "{status}");
    }
    assert_eq!(other.asked().len(), 0);
}

#[tokio::test]
async fn h12_a_reply_with_status_200_is_taken_for_what_it_says() {
    for (body, wanted) in [
        (odata_error(8, "нет"), "Catalog_ДисконтныеКарты is not published by 1C"),
        (odata_error(20, "нельзя"), "1C refuses the rights to read cards: нельзя"),
        (odata_error(-1, "упал"), "1C failed inside (status 200): упал"),
        ("<html><title>Вход</title></html>".into(), "this is not 1C but a web page: Вход"),
        (String::new(), "the reply is empty"),
    ] {
        assert_eq!(read(&body).await.unwrap_err().to_string(), wanted, "{body}");
    }
}

#[tokio::test]
async fn h13_a_status_that_fits_no_page_discards_it() {
    for (status, code) in
        [("204 No Content", 204), ("206 Partial Content", 206), ("205 Reset", 205), ("201 Created", 201)]
    {
        let (page, _, asked) = page_after(Act::Send(reply(status, cards(&["lost"])))).await;
        assert_eq!(codes(&page.unwrap()), ["good"], "{status}");
        assert_eq!(asked.len(), 2, "{status}");
        let (error, _) = page_always(Act::Send(reply(status, ""))).await;
        assert_eq!(error, Error::UnexpectedStatus { status: code });
    }
    let early =
        [b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".to_vec(), reply("200 OK", cards(&["good"]))];
    let (page, ..) = page_after(Act::Send(early.concat())).await;
    assert_eq!(codes(&page.unwrap()), ["good"], "hints before the reply are none");
}

#[tokio::test(flavor = "multi_thread")]
async fn h14_i13_no_storm_of_requests_hits_a_server_that_is_down() {
    let shop = Shop::open(60, 700, 14).await;
    shop.sync().await;
    let before = shop.stored();
    let (shop, wire) = through(shop, |_| Act::Send(reply("503 Service Unavailable", ""))).await;
    let finished = shop.try_sync().await;
    assert_eq!(finished.summary.outcome, Outcome::Failed);
    // The first question six times, then, three times each, whether the set or anything answers.
    assert!(wire.asked().len() <= 6 + 3 + 3, "{}", wire.asked().len());
    assert_eq!(shop.stored(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn i13_a_sync_sends_get_to_the_base_configured_in_addresses_that_are_safe() {
    let (shop, wire) = through(Shop::open(60, 700, 13).await, |_| Act::Forward).await;
    shop.sync().await;
    for asked in wire.asked() {
        assert!(asked.head.starts_with("GET /trade/odata/standard.odata/"), "{}", asked.head);
        assert!(asked.target().len() <= 2_000 && !asked.target().contains('+'), "{}", asked.head);
        assert_eq!(asked.header("host"), Some(wire.address().to_string().as_str()));
        let said = ["referer", "cookie", "accept-encoding"].map(|name| asked.header(name));
        assert_eq!(said, [None, None, Some("gzip")], "{}", asked.head);
    }
}

// Bodies.

#[tokio::test]
async fn b1_truncated_json_of_the_promised_length_is_asked_for_with_fewer_rows() {
    let whole = cards(&["lost"]);
    let (page, _, asked) = page_after(Act::Send(reply("200 OK", &whole[..whole.len() - 3]))).await;
    assert_eq!(codes(&page.unwrap()), ["good"]);
    assert_eq!(asked.iter().map(top).collect::<Vec<_>>(), [1000, 500]);
}

#[tokio::test]
async fn b2_a_body_without_end_is_left_at_its_cap() {
    let endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n7".to_vec();
    let promised = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec();
    for act in [Act::Endless(endless), Act::Silence(promised)] {
        let wire = Wire::start(move |_| act.clone()).await;
        let client = client(&ConnectionSettings { retries: 0, ..settings(wire.url()) });
        let count = timeout(DEADLINE, client.count(Set::Cards, &Filter::none())).await.unwrap();
        assert_eq!(count, Err(Error::TooLarge));
        assert!(client.stats().bytes == 0, "nothing of it is kept");
    }
}

/// What a small reply may grow to is bounded as what comes plainly is.
#[tokio::test]
async fn b2_a_packed_body_is_left_at_its_cap() {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![b' '; 96 << 20]).unwrap();
    let bomb = packer.finish().unwrap();
    let wire =
        Wire::start(move |_| Act::Send(reply_with("200 OK", &["Content-Encoding: gzip"], &bomb))).await;
    let client = client(&ConnectionSettings { retries: 0, ..settings(wire.url()) });
    let count = timeout(DEADLINE, client.count(Set::Cards, &Filter::none())).await.unwrap();
    assert_eq!(count, Err(Error::TooLarge));
    assert!(client.stats().bytes == 0, "nothing of it is kept");
}

/// A reply that says that it is packed, and is not what it says.
#[tokio::test]
async fn b2_what_cannot_be_unpacked_is_a_reply_that_was_cut() {
    let packed =
        reply_with("200 OK", &["Content-Encoding: gzip"], b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff");
    let wire = Wire::start(move |_| Act::Send(packed.clone())).await;
    let error = page(&client(&settings(wire.url()))).await.unwrap_err();
    assert_eq!(error.cause().code(), "onec-cut", "{error:?}");
    let asked = wire.asked();
    let wanted: Vec<_> = asked.iter().map(|asked| asked.header("accept-encoding")).collect();
    assert_eq!(wanted.first(), Some(&Some("gzip")));
    assert!(wanted.len() > 1 && wanted[1..].iter().all(|it| *it == Some("identity")), "{wanted:?}");
}

#[tokio::test]
async fn b3_a_mark_and_spaces_around_the_json_are_nothing_and_other_bytes_are_an_error() {
    let body = cards(&["good"]);
    for body in [format!("\u{feff}{body}"), format!("\r\n  {body}\r\n\t ")] {
        assert_eq!(codes(&read(body).await.unwrap()), ["good"]);
    }
    for body in [format!("{body}x"), format!("{body}{body}"), format!("{body}\u{0}")] {
        assert!(malformed(body).await.starts_with("no JSON at line 1 column "));
    }
}

#[tokio::test]
async fn b4_text_that_is_none_refuses_the_page_and_names_the_place() {
    let at = |marker: &str, bytes: &[u8]| {
        let body = cards(&["здесь"]);
        let place = body.find(marker).unwrap();
        ([&body.as_bytes()[..place], bytes, &body.as_bytes()[place..]].concat(), place)
    };
    let (body, place) = at("здесь", b"\xff");
    assert_eq!(malformed(body).await, format!("invalid UTF-8 at byte {place}"));
    let (body, place) = at("здесь", b"\xed\xa0\x80");
    assert_eq!(malformed(body).await, format!("invalid UTF-8 at byte {place}"), "half a pair, as bytes");
    for raw in [b"\0", b"\n", b"\x1b"] {
        let (body, _) = at("здесь", raw);
        assert!(malformed(body).await.starts_with("no JSON at line "), "{raw:?}");
    }
    let (body, _) = at("здесь", br"\ud83d");
    assert_eq!(codes(&read(body).await.unwrap()), ["\u{fffd}здесь"], "a name cut in half costs no page");
}

#[tokio::test]
async fn b5_depth_and_length_are_bounded() {
    let deep = |brackets: usize| format!("{}{}", "[".repeat(brackets), "]".repeat(brackets));
    let row = |field: &str| cards(&["good"]).replace("{\"Ref_Key\"", &format!("{{{field},\"Ref_Key\""));
    // What is not read is skipped without a stack of its own.
    assert_eq!(codes(&read(row(&format!("\"x\":{}", deep(100_000)))).await.unwrap()), ["good"]);
    assert!(malformed(format!("{{\"value\":{}}}", deep(100_000))).await.starts_with("JSON of another shape"));
    // An error's own words are read into a tree: only so deep.
    let error = format!("{{\"odata.error\":{{\"code\":\"8\",\"message\":{}}}}}", deep(100_000));
    assert_eq!(malformed(error).await, "no collection in the reply");
    let nested = format!(
        "{{\"#exception\":1,\"exception\":{}1{}}}",
        "{\"inner\":".repeat(100_000),
        "}".repeat(100_000)
    );
    assert_eq!(malformed(nested).await, "no collection in the reply");
    // What nobody reads may be as long as it likes; what is kept is cut, and says by how much.
    let long = row(&format!("\"x\":\"{}\",\"y\":{}", "ж".repeat(1 << 20), "9".repeat(1 << 20)));
    assert_eq!(codes(&read(long).await.unwrap()), ["good"]);
    let named = row(&format!("\"Description\":\"{}\"", "ж".repeat(1 << 20)));
    let page = read(named).await.unwrap();
    assert_eq!(page.rows[0].description, "ж".repeat(1_000) + "…(+1047576)");
    let coded = cards(&[&"9".repeat(1 << 20)]);
    assert_eq!(codes(&read(coded).await.unwrap()), ["9".repeat(150) + "…(+1048426)"]);
}

#[tokio::test]
async fn b6_a_key_given_twice_refuses_the_page() {
    let row = r#"{"Ref_Key":"aaaaaaaa-0000-4000-8000-000000000001","Code":"1","Code":"2"}"#;
    assert_eq!(malformed(format!(r#"{{"value":[{row}]}}"#)).await, "a row has Code twice");
    assert_eq!(malformed(r#"{"value":[],"value":[]}"#).await, "two collections in one reply");
    let counts = r#"{"odata.count":"1","odata.count":"2","value":[]}"#;
    assert_eq!(malformed(counts).await, "two counts in one reply");
}

#[tokio::test]
async fn b7_b8_what_a_card_can_do_without_may_be_missing_and_its_key_may_not() {
    let key = r#""Ref_Key":"aaaaaaaa-0000-4000-8000-000000000001""#;
    let bare = format!(r#"{{"value":[{{{key},"Code":null,"Description":null,"НовоеПоле":{{"x":[1]}}}}]}}"#);
    assert_eq!(codes(&read(bare).await.unwrap()), [""]);
    for row in [r#"{"Code":"1"}"#, r#"{"Ref_Key":null,"Code":"1"}"#, r#"{"Ref_Key":"x","Code":"1"}"#] {
        assert_eq!(malformed(format!(r#"{{"value":[{{{key}}},{row}]}}"#)).await, "row 2 has no key", "{row}");
    }
}

#[tokio::test]
async fn b10_content_decides_and_not_what_it_is_called() {
    for kind in ["Content-Type: text/html", "Content-Type: application/xml", "X: y"] {
        let sent = reply_with("200 OK", &[kind], cards(&["good"]));
        let (page, ..) = page_after(Act::Send(sent)).await;
        assert_eq!(codes(&page.unwrap()), ["good"], "{kind}");
    }
    assert!(matches!(read("<html><title>x</title></html>").await, Err(Error::NotOneC { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn b11_a_count_that_lies_is_found_out_and_never_believed() {
    let shop = Shop::open(60, 700, 11).await;
    shop.sync().await;
    let shop = shop.with_faults(Faults::always(FaultKind::WrongCount));
    // Where one form of counting lies every time by the same, another is believed that agrees with the rows.
    shop.sync().await;
    shop.assert_books_agree();
    let shop = shop.with_faults(Faults::default().add(FaultKind::WrongCount, Rate::one_in(8)));
    shop.sync().await;
    shop.assert_books_agree();
}

/// What cannot be asked for in smaller pieces fails the sync, and what is stored stays.
#[tokio::test(flavor = "multi_thread")]
async fn b2_bodies_without_end_end_in_figures_that_are_right_or_in_none() {
    let shop = Shop::open(60, 700, 10).await;
    shop.sync().await;
    let before = shop.stored();
    let shop = shop.with_faults(Faults::default().add(FaultKind::EndlessBody, Rate::one_in(10)));
    match shop.try_sync().await.summary.outcome {
        Outcome::Published => shop.assert_books_agree(),
        _ => assert_eq!(shop.stored(), before),
    }
    assert!(shop.server.with_simulator(|onec| onec.log().fault(FaultKind::EndlessBody)) > 0);
}

/// The simulated 1C's own ways to break a reply, one request in ten each.
#[tokio::test(flavor = "multi_thread")]
async fn b4_b5_b6_h7_bodies_that_break_now_and_then_cost_repeats_and_no_figure() {
    let faults =
        [FaultKind::InvalidUtf8, FaultKind::DeepNesting, FaultKind::NoSession, FaultKind::DuplicateKeys];
    for kind in faults {
        let shop = Shop::open(60, 700, 10).await.with_faults(Faults::default().add(kind, Rate::one_in(10)));
        shop.sync().await;
        assert!(shop.server.with_simulator(|onec| onec.log().fault(kind)) > 0, "{kind} never fired");
        shop.assert_books_agree();
    }
}
