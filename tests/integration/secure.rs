use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use rcgen::{CertificateParams, SanType};
use sverka::odata::{
    CertificateFlaw, Client, ConnectionSettings, Error, HttpTransport, Names, TlsFault, Unreachable,
};
use sverka::report::problem::Scene;
use sverka::sync::event::{Notice, Outcome};
use sverka::text::{Language, Texts};
use sverka_simulator::{FaultKind, Faults, Rate};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::binary::{Machine, RUNTIME};
use crate::support::certificates::{Authority, SelfSigned, as_authority, kept, valid, without_key};
use crate::support::pseudo_terminal::{F6, F8, PseudoTerminal};
use crate::support::wire::{Act, Wire, reply_with, settings};
use crate::support::{Shop, Witness, today};

const SERVICES: &str = r#"{"value":[{"name":"Catalog_A","url":"Catalog_A"}]}"#;
const HERE: &[&str] = &["127.0.0.1"];

fn as_made(_: &mut CertificateParams) {}

/// A secure server whose clock says this.
async fn server(tls: TlsAcceptor, date: &'static str) -> Wire {
    Wire::secure(tls, move |_| Act::Send(reply_with("200 OK", &[&format!("Date: {date}")], SERVICES))).await
}

/// Its clock, where the clock does not matter.
const ANY_DATE: &str = "Thu, 01 Jan 2026 00:00:00 GMT";

/// Asks a server, trusting this file: what went wrong, and how many tries were made.
async fn fault(wire: &Wire, ca_file: Option<PathBuf>) -> (TlsFault, u64) {
    let settings = ConnectionSettings { ca_file, ..settings(wire.url()) };
    let client = client(&settings);
    match client.published_sets().await.unwrap_err() {
        Error::Tls { host, fault } => {
            assert_eq!(host, wire.address().to_string());
            (fault, client.stats().requests)
        }
        other => panic!("{other}"),
    }
}

fn client(settings: &ConnectionSettings) -> Client {
    let transport = HttpTransport::new(settings).unwrap();
    Client::new(settings, &Names::default(), Arc::new(transport), 7)
}

#[tokio::test]
async fn t1_an_unknown_issuer_is_named_and_never_asked_again() {
    let (ours, theirs) = (Authority::new("Наша контора"), Authority::new("Чужая контора"));
    let wire = server(theirs.server(HERE, as_made), ANY_DATE).await;
    let (fault, requests) = fault(&wire, Some(ours.file())).await;
    assert!(
        matches!(&fault, TlsFault::UnknownIssuer { issuer } if issuer.contains("Чужая контора")),
        "{fault}"
    );
    assert_eq!(requests, 1);
    let looks: Vec<_> = wire.asked();
    assert_eq!(looks.len(), 1, "the one look at the certificate");
    assert_eq!(looks[0].header("authorization"), None, "a stranger gets no password");

    let settings = ConnectionSettings { ca_file: Some(theirs.file()), ..settings(wire.url()) };
    let client = client(&settings);
    assert_eq!(client.published_sets().await.unwrap(), ["Catalog_A"], "the remedy works");
    assert!(client.certificate().unwrap().issuer.contains("Чужая контора"));
}

/// What `openssl req -x509` makes, handed over as the root: the remedy is another certificate, not another setting.
#[tokio::test]
async fn t2_an_authoritys_certificate_as_the_servers_own_has_words_of_its_own() {
    let made = SelfSigned::new(HERE, as_authority);
    let wire = server(made.server.clone(), ANY_DATE).await;
    assert_eq!(fault(&wire, Some(made.file())).await, (TlsFault::AuthorityAsServer, 1));

    let remedied = SelfSigned::new(HERE, as_made);
    let wire = server(remedied.server.clone(), ANY_DATE).await;
    let settings = ConnectionSettings { ca_file: Some(remedied.file()), ..settings(wire.url()) };
    assert_eq!(client(&settings).published_sets().await.unwrap(), ["Catalog_A"]);
}

#[tokio::test]
async fn t3_an_expired_certificate_is_told_from_a_clock_that_is_wrong() {
    let authority = Authority::new("Контора");
    let dates = |fault: &TlsFault| format!("{fault:?}");
    for ((from, until), date, wanted) in [
        ((2001, 2002), "Thu, 01 Jan 2026 00:00:00 GMT", "Expired { until: Some(2002-01-01T00:00:00Z) }"),
        ((2101, 2102), "Thu, 01 Jan 2026 00:00:00 GMT", "NotYetValid { from: Some(2101-01-01T00:00:00Z) }"),
        ((2001, 2002), "no date", "Expired { until: Some(2002-01-01T00:00:00Z) }"),
        ((2001, 2002), "Sun, 01 Jul 2001 00:00:00 GMT", "ClockDiffers"),
        ((2101, 2102), "Fri, 01 Jul 2101 00:00:00 GMT", "ClockDiffers"),
    ] {
        let wire = server(authority.server(HERE, valid(from, until)), date).await;
        let (fault, requests) = fault(&wire, Some(authority.file())).await;
        assert!(dates(&fault).starts_with(wanted), "{date}: {fault:?}");
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn t4_a_certificate_for_other_names_tells_them() {
    let authority = Authority::new("Контора");
    let common_name_only = |wanted: &mut CertificateParams| wanted.subject_alt_names.clear();
    let other_names = |wanted: &mut CertificateParams| {
        wanted.subject_alt_names = vec![
            SanType::DnsName("1c.example.ru".try_into().unwrap()),
            SanType::IpAddress("10.0.0.7".parse().unwrap()),
        ];
    };
    let wire = server(authority.server(HERE, other_names), ANY_DATE).await;
    let names = vec!["1c.example.ru".to_owned(), "10.0.0.7".to_owned()];
    assert_eq!(fault(&wire, Some(authority.file())).await, (TlsFault::OtherName { names }, 1));
    let wire = server(authority.server(HERE, common_name_only), ANY_DATE).await;
    assert_eq!(fault(&wire, Some(authority.file())).await.0, TlsFault::OtherName { names: Vec::new() });
}

#[tokio::test]
async fn t5_the_wrong_scheme_is_told_both_ways() {
    let authority = Authority::new("Контора");
    let plain = Wire::start(|_| Act::Send(reply_with("200 OK", &[], SERVICES))).await;
    let as_secure = ConnectionSettings {
        ca_file: Some(authority.file()),
        ..settings(plain.url().replace("http://", "https://"))
    };
    let error = client(&as_secure).published_sets().await.unwrap_err();
    assert!(matches!(error, Error::Tls { fault: TlsFault::NotTls, .. }), "{error}");

    let secure = server(authority.server(HERE, as_made), ANY_DATE).await;
    let as_plain = settings(secure.url().replace("https://", "http://"));
    let error = client(&as_plain).published_sets().await.unwrap_err();
    assert_eq!(error.cause(), &Error::NotHttp);

    let page = "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>";
    let nginx = Wire::start(move |_| Act::Send(reply_with("400 Bad Request", &[], page))).await;
    let error = client(&settings(nginx.url())).published_sets().await.unwrap_err();
    assert_eq!((error.cause(), nginx.asked().len()), (&Error::NotHttp, 3));
}

#[tokio::test]
async fn t8_a_weak_signature_and_a_short_key_are_told_as_that() {
    let short = TlsFault::ShortKey { bits: 1024 };
    for (certificate, authority, wanted) in [
        ("server-sha1", "authority-2048", TlsFault::WeakSignature { algorithm: "SHA-1".into() }),
        ("server-by-1024", "authority-1024", short.clone()),
        ("server-1024", "authority-2048", short),
        // Nothing is wrong with this one but that the server has not the key to it.
        ("server", "authority-2048", TlsFault::Certificate(CertificateFlaw::Signature)),
    ] {
        let wire = server(without_key(certificate), ANY_DATE).await;
        let (fault, requests) = fault(&wire, Some(kept(authority))).await;
        assert_eq!((fault, requests), (wanted, 1), "{certificate}");
        assert!(wire.asked().iter().all(|asked| asked.header("authorization").is_none()), "{certificate}");
    }
}

/// A server that takes the first message of TLS, answers it with these bytes whatever it says, and closes.
async fn answering(reply: impl Fn(usize) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/trade/odata/standard.odata", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 5];
            stream.read_exact(&mut head).await.unwrap();
            let mut hello = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
            stream.read_exact(&mut hello).await.unwrap();
            stream.write_all(&reply(number)).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    url
}

/// A fatal alert of TLS 1.0, as an old server sends it.
fn alert(number: u8) -> Vec<u8> {
    vec![0x15, 3, 1, 0, 2, 2, number]
}

async fn refused(url: String) -> Error {
    let settings = ConnectionSettings { ca_file: Some(kept("authority-2048")), retries: 0, ..settings(url) };
    client(&settings).published_sets().await.unwrap_err().cause().clone()
}

#[tokio::test]
async fn t8_a_server_of_yesterday_is_told_as_one() {
    let is_tls =
        |error: &Error, wanted: &TlsFault| matches!(error, Error::Tls { fault, .. } if fault == wanted);
    for number in [0x28, 0x46, 0x47] {
        let error = refused(answering(move |_| alert(number)).await).await;
        assert!(is_tls(&error, &TlsFault::OldServer), "{number}: {error}");
    }
    // Its first message, of TLS 1.0 with a cipher of CBC.
    let hello = [&[0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1][..], &[7; 32], &[0, 0xc0, 0x13, 0]].concat();
    let error = refused(answering(move |_| hello.clone()).await).await;
    assert!(is_tls(&error, &TlsFault::OldServer), "{error}");
    let pages =
        [&b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..], b"220 mail ESMTP\r\n", &[0xff; 64]];
    for page in pages {
        let error = refused(answering(move |_| page.to_vec()).await).await;
        assert!(is_tls(&error, &TlsFault::NotTls), "{error}");
    }
    // So IIS ends what it has no way in common with: the words name that, too.
    let error = refused(answering(|_| Vec::new()).await).await;
    assert!(matches!(error, Error::Unreachable { why: Unreachable::Handshake, .. }), "{error}");
    for language in [Language::Russian, Language::English] {
        let problem = Scene { texts: Texts::new(language), store: None }.of_onec(&error);
        assert!(problem.remedy.contains("Windows Server 2012 R2"), "{}", problem.remedy);
    }
}

/// Whether a name out of the library's code, or its punctuation, is in the words.
fn is_debug(words: &str) -> bool {
    let is_camel = |word: &str| {
        let letters: Vec<char> = word.chars().collect();
        word != "serverAuth"
            && letters.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase())
    };
    let is_call = |word: &str| word.find('(').is_some_and(|at| at > 0);
    words.contains(['{', '}', '[', '"'])
        || words.split([' ', '(', ')', ',']).any(is_camel)
        || words.split(' ').any(is_call)
}

#[tokio::test]
async fn t8_every_alert_is_told_in_plain_words() {
    assert!(["received fatal alert: InternalError", "Unknown(99)", "Some(80)"].into_iter().all(is_debug));
    let url = answering(|number| alert(u8::try_from(number + 1).unwrap_or_default())).await;
    let settings = ConnectionSettings { ca_file: Some(kept("authority-2048")), retries: 0, ..settings(url) };
    let client = client(&settings);
    for number in 1..=u8::MAX {
        let error = client.published_sets().await.unwrap_err();
        assert!(matches!(error, Error::Tls { .. }), "{number}: {error:?}");
        let mut told = vec![error.to_string()];
        for language in [Language::Russian, Language::English] {
            let problem = Scene { texts: Texts::new(language), store: None }.of_onec(&error);
            assert!(problem.message.contains(&number.to_string()) || problem.code == "onec-tls-old-server");
            told.extend([problem.message, problem.remedy]);
        }
        for words in told {
            assert!(!is_debug(&words), "{number}: {words}");
        }
    }
}

/// A machine whose 1C is behind a certificate that nobody signed but itself.
fn machine_behind(made: &SelfSigned, more: &str) -> (Machine, Wire) {
    let machine = Machine::with_onec();
    let behind = machine.onec_url();
    let _entered = RUNTIME.enter();
    let wire = RUNTIME.block_on(Wire::before(&behind, Some(made.server.clone()), |_| Act::Forward));
    machine.configure_at(&wire.url(), more);
    (machine, wire)
}

#[test]
fn t6_believing_any_certificate_takes_the_explicit_key_and_is_marked_for_ever() {
    let made = SelfSigned::new(&["elsewhere"], as_authority);
    let (machine, _wire) = machine_behind(&made, "accept_invalid_certificates = true\n");
    let run = machine.sverka(["sync"]).in_english().run().ends_with(0);
    run.tells("The server's certificate is not checked");
    let mark = Texts::new(Language::Russian).get("insecure-mark").into_owned();
    let mut terminal = PseudoTerminal::start(&machine, &[], (140, 40), &[]);
    terminal.wait_for(&["Найдено: 30", &mark]);
    terminal.press(F6);
    terminal.wait_for(&["не проверяется", &mark]);
    terminal.press(F6);
    terminal.wait_for(&["Найдено: 30", &mark]);
    terminal.press(F8);
    terminal.end().well(0);
    let doctor = machine.run(["doctor", "--json"]).ends_with(0);
    let checks = doctor.json();
    let certificate = checks.as_array().unwrap().iter().find(|check| check["check"] == "certificate");
    assert_eq!(certificate.unwrap()["status"], "warning");
}

/// Nothing leads there by itself: the remedies named are others.
#[test]
fn t6_without_the_key_a_bad_certificate_stops_everything() {
    let made = SelfSigned::new(HERE, as_made);
    let (machine, wire) = machine_behind(&made, "");
    let run = machine.sverka(["sync"]).in_english().run().ends_with(3);
    run.tells("unknown authority").tells("Issued by: CN=server").tells("onec.ca_file").tells("CA:FALSE");
    let run = machine.sverka(["doctor"]).in_english().run().ends_with(1);
    run.prints("Server certificate").prints("Issued by: CN=server").prints("onec.ca_file");
    assert!(wire.asked().iter().all(|asked| asked.header("authorization").is_none()));
    let (machine, _wire) = machine_behind(&made, &format!("ca_file = {:?}\n", made.file()));
    machine.sverka(["doctor"]).in_english().run().ends_with(0).prints("issued by CN=server");
}

#[test]
fn t7_a_password_in_the_clear_is_warned_of_everywhere() {
    let machine = Machine::with_onec();
    // An address for documentation: nobody is there.
    let settings = "connect_timeout = \"10ms\"\nretries = 0\n";
    machine.configure_at("http://192.0.2.1/odata/standard.odata", settings);
    let clear = "travel to 192.0.2.1 unencrypted";
    machine.sverka(["sync"]).in_english().run().ends_with(3).tells(clear);
    machine.sverka(["doctor"]).in_english().run().ends_with(1).prints(clear);
    let mut terminal = PseudoTerminal::start(&machine, &[], (140, 40), &[("LANG", "en_US.UTF-8")]);
    terminal.press(F6);
    terminal.wait_for(&[clear]);
    terminal.press(F8);
    terminal.end().well(0);
    let here = Machine::with_onec();
    let run = here.sverka(["sync"]).in_english().run().ends_with(0);
    assert!(!run.stderr.contains("unencrypted"), "{}", run.stderr);
}

// Clocks.

#[test]
fn k2_a_clock_that_differs_from_the_servers_is_told_by_doctor() {
    for (minutes, status) in [(0, "ok"), (9, "ok"), (12, "warning"), (60 * 24 * 30, "warning")] {
        let machine = Machine::with_onec();
        machine.break_onec(Faults::default().add(FaultKind::ClockAhead, Rate::number(minutes)));
        let checks = machine.run(["doctor", "--json"]).ends_with(0).json();
        let clock = checks.as_array().unwrap().iter().find(|check| check["check"] == "clock").unwrap();
        assert_eq!(clock["status"], status, "{minutes}: {clock}");
        assert_eq!(clock["remedy"].is_string(), status == "warning");
    }
}

/// Windows go by whole days of the infobase: whoever computes them by another day than the server's loses or doubles
/// one. A server that is off by more than a day is not believed: see `clocks`.
#[tokio::test(flavor = "multi_thread")]
async fn k2_where_the_clocks_differ_by_hours_the_window_goes_by_the_servers() {
    let day = TimeDelta::days(1);
    let first_day = today() - TimeDelta::days(365);
    for (minutes, shift, told) in [(0, 0, 0), (9, 0, 0), (60 * 20, 1, 1), (60 * 24 * 30, 0, 0)] {
        let faults = Faults::default().add(FaultKind::ClockAhead, Rate::number(minutes));
        let shop = Shop::open(60, 700, 1).await.with_faults(faults);
        let witness = Arc::new(Witness::default());
        let finished = shop.watched_sync(Arc::clone(&witness)).await;
        assert_eq!(finished.summary.outcome, Outcome::Published, "{:?}", finished.error);
        let window = shop.snapshot().generation().unwrap().window;
        assert_eq!(window.from.unwrap().date(), first_day + day * shift, "{minutes}");
        let notices = witness.notices.lock().unwrap();
        let clocks = notices.iter().filter(|notice| matches!(notice, Notice::ClocksDiffer(..)));
        assert_eq!(clocks.count(), told, "{minutes}");
    }
}

#[test]
fn z3_doctor_tells_which_law_of_time_it_knows() {
    let run = Machine::with_onec().sverka(["doctor"]).in_english().run().ends_with(0);
    run.prints(&format!("time zone database {}", chrono_tz::IANA_TZDB_VERSION));
}
