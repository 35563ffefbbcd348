//! What a server says instead of rows: any status, any body, any header.

use uuid::Uuid;

use super::page::ask;
use crate::domain::Card;
use crate::odata::{Error, HttpReply, Set};

/// Statuses worth trying, by the first byte.
const STATUSES: [u16; 24] = [
    200, 400, 401, 403, 404, 406, 500, 501, 502, 503, 504, 429, 408, 413, 414, 301, 302, 307, 204, 206, 100,
    405, 505, 599,
];

/// The longest text of a server's that is kept, its sign of a cut included.
const LONGEST: usize = 301;

/// A status, a line for the headers, and a body.
pub fn refusal(data: &[u8]) {
    let Some((status, rest)) = data.split_first() else { return };
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let (line, body) = rest.split_at(end);
    let header = Some(super::text(line)).filter(|line| !line.is_empty());
    let reply = HttpReply {
        status: STATUSES[usize::from(*status) % STATUSES.len()],
        retry_after: header.clone(),
        age: header.clone(),
        date: header.clone(),
        location: header.clone(),
        platform: header.clone(),
        content_type: header.clone(),
        challenges: header.clone().into_iter().collect(),
        body: body.get(1..).unwrap_or_default().to_vec().into(),
        packed: None,
    };
    let status = reply.status;
    let read =
        ask(reply, |client| async move { client.by_key::<Card>(Set::Cards, Uuid::from_u128(1)).await });
    let error = match read {
        Err(error) => error,
        Ok(Some(_)) => return assert_eq!(status, 200, "an item"),
        // 1C's own words that there is no such item, whatever the status.
        Ok(None) => {
            return assert!(status == 200 || (400..506).contains(&status), "{status} says there is none");
        }
    };
    super::assert_harmless("an error", &error.to_string());
    for text in texts(error.cause()) {
        super::assert_harmless("the words of a refusal", text);
        assert!(text.chars().count() <= LONGEST, "{} characters of a refusal", text.chars().count());
    }
    if let Error::Redirected { to } = error.cause() {
        assert!(!to.contains(['?', '#']), "a redirect shows its query");
        assert!(!to.contains('@'), "a redirect shows credentials");
    }
    if let Error::Busy { retry_after: Some(wait), .. } = error.cause() {
        assert!(wait.as_secs() <= 300, "a server may not make us wait {wait:?}");
    }
}

fn texts(error: &Error) -> Vec<&str> {
    match error {
        Error::Rights { text, .. }
        | Error::Maintenance { text }
        | Error::WrongAddress { text, .. }
        | Error::FilterRefused { text, .. }
        | Error::BadRequest { text, .. }
        | Error::ServerError { text, .. } => vec![text],
        Error::NotOneC { title } => vec![title],
        Error::Redirected { to } => vec![to],
        Error::Malformed { what, .. } => vec![what],
        _ => Vec::new(),
    }
}
