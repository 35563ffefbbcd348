use proptest::prelude::*;

use super::super::error::TlsFault;
use super::*;

const POLICY: Policy =
    Policy { retries: 5, backoff: Duration::from_secs(1), is_probe: false, patience: Duration::MAX };

fn timeout() -> Error {
    Error::Timeout { after: Duration::from_secs(180) }
}

fn busy(status: u16) -> Error {
    Error::Busy { status, retry_after: None }
}

fn text() -> String {
    String::new()
}

/// How often a request is sent in all when it always fails like this.
fn sent(error: &Error) -> u32 {
    let mut history = RequestHistory::default();
    let mut sent = 0;
    loop {
        sent += 1;
        history.failed(error);
        match next(error, &history, POLICY, 7) {
            Next::End | Next::Otherwise(_) => return sent,
            Next::Again => history.forgive(),
            Next::Wait(_) | Next::Shrink(_) => {}
        }
    }
}

/// A request that failed so often in this way.
fn after(tries: usize, error: &Error) -> RequestHistory {
    let mut history = RequestHistory::default();
    (0..tries).for_each(|_| history.failed(error));
    history
}

#[test]
fn h9_each_failure_has_its_number_of_tries() {
    for (error, wanted) in [
        (Error::Unauthorized, 1),
        (Error::Rights { set: None, text: text() }, 1),
        (Error::NotPublished { set: None, what: text() }, 1),
        (Error::WrongAddress { status: 404, text: text() }, 1),
        (Error::BadRequest { status: 400, code: Some(14), text: text() }, 1),
        (Error::Redirected { to: text() }, 1),
        (Error::NoCertificates, 1),
        (Error::Tls { host: text(), fault: TlsFault::Expired { until: None } }, 1),
        (Error::Unreachable { host: text(), why: Unreachable::Name }, 1),
        (Error::NotOneC { title: text() }, 3),
        (Error::NotHttp, 3),
        (Error::ServerError { status: 500, text: text() }, 3),
        (Error::Unreachable { host: text(), why: Unreachable::Refused }, 6),
        (Error::Unreachable { host: text(), why: Unreachable::Timeout }, 6),
        (timeout(), 6),
        (Error::Cut, 6),
        (Error::Empty, 6),
        (Error::Malformed { set: None, what: text() }, 6),
        (Error::Maintenance { text: text() }, 6),
        (busy(408), 6),
        (busy(429), 6),
        (busy(503), 6),
        (Error::Closed, 7),
    ] {
        assert_eq!(sent(&error), wanted, "{error}");
    }
}

#[test]
fn failures_of_other_kinds_do_not_use_up_the_tries_of_a_web_page() {
    let page = Error::NotOneC { title: text() };
    let mut history = after(3, &busy(503));
    history.failed(&page);
    assert!(matches!(next(&page, &history, POLICY, 7), Next::Wait(_)));
}

#[test]
fn pauses_double_up_to_a_minute() {
    let pause = |tries| match next(&busy(503), &after(tries, &busy(503)), Policy { retries: 99, ..POLICY }, 0)
    {
        Next::Wait(pause) => pause.as_millis(),
        other => panic!("{other:?}"),
    };
    assert_eq!([1, 2, 3, 6, 7, 50].map(pause), [500, 1000, 2000, 16_000, 30_000, 30_000]);
}

/// Whoever waits for an answer is told after ten seconds what stands in its way, not after all repeats.
#[test]
fn who_is_waited_for_by_somebody_is_given_up_in_time() {
    let hurried = Policy { patience: Duration::from_secs(10), ..POLICY };
    let error = busy(503);
    let after = |seconds| RequestHistory { spent: Duration::from_secs(seconds), ..after(2, &error) };
    assert!(matches!(next(&error, &after(3), hurried, 0), Next::Wait(_)));
    assert_eq!(next(&error, &after(9), hurried, 0), Next::End, "the pause would outlast it");
    assert!(matches!(next(&error, &after(9), POLICY, 0), Next::Wait(_)), "a sync has the night");
}

#[test]
fn h8_the_server_may_ask_for_patience_but_not_for_ever() {
    for (asked, given) in [(7, 7), (299, 299), (100_000, 300)] {
        let error = Error::Busy { status: 429, retry_after: Some(Duration::from_secs(asked)) };
        assert_eq!(next(&error, &after(1, &error), POLICY, 99), Next::Wait(Duration::from_secs(given)));
    }
}

#[test]
fn h3_maintenance_is_waited_out_slowly() {
    let error = Error::Maintenance { text: text() };
    assert_eq!(next(&error, &after(1, &error), POLICY, 0), Next::Wait(Duration::from_secs(15)));
}

#[test]
fn h8_retry_after_is_seconds_or_a_date() {
    let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
    for (value, wanted) in [
        ("120", Some(120)),
        (" 5 ", Some(5)),
        ("99999", Some(300)),
        ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
        ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
        ("Mon, 06 Nov 1995 08:00:00 GMT", Some(300)),
        ("-3", None),
        ("soon", None),
    ] {
        assert_eq!(retry_after(value, date), wanted.map(Duration::from_secs), "{value}");
    }
    assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:07 GMT", None), None, "no clock to compare with");
}

#[test]
fn pages_shrink_where_size_may_be_the_reason() {
    let after = |error: &Error, times| {
        let mut history = RequestHistory { free_taken: true, ..RequestHistory::default() };
        (0..times).for_each(|_| history.failed(error));
        matches!(next(error, &history, POLICY, 0), Next::Shrink(_))
    };
    assert!(after(&Error::Cut, 1));
    assert!(after(&Error::TooLarge, 1));
    assert!(!after(&timeout(), 1), "the first request after idle hours may be slow");
    assert!(after(&timeout(), 2));
    assert!(!after(&busy(504), 1));
    assert!(after(&busy(504), 2));
    assert!(!after(&busy(503), 5));
    assert!(!after(&Error::Empty, 5));
}

proptest! {
    #[test]
    fn a_pause_lies_in_the_upper_half_of_what_the_doubling_gives(tries in 1_usize..5, jitter: u64) {
        let Next::Wait(pause) = next(&busy(503), &after(tries, &busy(503)), POLICY, jitter) else {
            return Err(TestCaseError::fail("a wait was due"));
        };
        let full = Duration::from_secs(1 << (tries - 1));
        prop_assert!(pause >= full / 2 && pause <= full);
    }
}

#[test]
fn a_way_that_fails_alike_is_given_up_soon_and_a_server_that_is_ill_is_not() {
    let probe = POLICY.of_probe();
    let tries_of = |errors: &[Error]| {
        let mut history = RequestHistory::default();
        errors.iter().position(|error| {
            history.failed(error);
            matches!(next(error, &history, probe, 0), Next::Otherwise(_) | Next::End)
        })
    };
    let steady = vec![busy(504); 9];
    assert_eq!(tries_of(&steady), Some(2));
    let mixed: Vec<_> = (0..9).map(|n| if n % 2 == 0 { busy(504) } else { Error::Cut }).collect();
    assert_eq!(tries_of(&mixed), Some(5));
    let closed = vec![Error::Maintenance { text: String::new() }; 9];
    assert_eq!(tries_of(&closed), Some(5));
}
