//! Refusals in every shape that a fault may want.

use super::super::exchange::Reply;
use super::super::faults::{ErrorBody, Shape};
use super::{Refusal, html_page, json_error, json_string, xml_error};

const JSON: &str = "application/json;charset=utf-8";

/// A refusal of this shape that says so.
pub(super) fn reply(shape: Shape, message: &str) -> Reply {
    let Shape { status, body } = shape;
    let odata = |code: Option<i32>| {
        Reply::new(status, JSON, json_error(code, message)).with_header("DataServiceVersion", "3.0")
    };
    match body {
        ErrorBody::Code(code) => odata(Some(code)),
        ErrorBody::NoCode => odata(None),
        ErrorBody::Text => Reply::new(status, "text/plain;charset=utf-8", message.to_owned()),
        ErrorBody::Html => html_page(status, web_server_title(status)),
        ErrorBody::Platform => platform_page(status, message),
        ErrorBody::Windows1251 => {
            let page = format!("<html><head><title>Ошибка</title></head><body>{message}</body></html>");
            Reply::new(status, "text/html; charset=windows-1251", windows_1251(&page))
        }
        ErrorBody::Exception => Reply::new(status, JSON, exception(status, message)),
        ErrorBody::Xml => Reply::new(status, "application/xml;charset=utf-8", xml_error(14, message)),
        ErrorBody::ForeignJson => {
            Reply::new(status, JSON, format!("{{\"error\": {}}}", json_string(message)))
        }
        ErrorBody::Empty => Reply::new(status, "text/plain", ""),
    }
}

/// What a refused way of asking is told by default.
pub(super) fn message_of(shape: Shape, what: &str) -> String {
    match shape.body {
        ErrorBody::Code(8) => Refusal::unknown_set(what).message,
        ErrorBody::Code(9) => Refusal::unknown_instance(what).message,
        ErrorBody::Code(6) => Refusal::unknown_segment(what).message,
        ErrorBody::Code(14) => Refusal::bad_option(what).message,
        ErrorBody::Code(20) => Refusal::no_rights().message,
        ErrorBody::Code(-1) => Refusal::forbidden_in_where().message,
        ErrorBody::Code(0) => Refusal::not_implemented(what).message,
        _ => format!("Запрос не может быть выполнен: {what}"),
    }
}

const fn web_server_title(status: u16) -> &'static str {
    match status {
        200..=299 => "Вход в систему",
        401 => "401 - Unauthorized",
        403 => "403 - Forbidden: Access is denied.",
        404 => "404 - File or directory not found.",
        502 => "502 - Web server received an invalid response.",
        504 => "504 Gateway Time-out",
        400..=499 => "Bad Request",
        _ => "500 - Internal server error.",
    }
}

fn platform_page(status: u16, message: &str) -> Reply {
    let body = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>1C:Enterprise 8 application error</title></head>\
         <body><h1>1C:Enterprise 8 application error:</h1><p>{}</p></body></html>",
        super::super::atom::escape(message)
    );
    Reply::new(status, "text/html; charset=utf-8", body)
}

fn exception(status: u16, message: &str) -> String {
    let descr = json_string(message);
    format!(
        "\u{feff}{{\n\"#exception\": \"{{http://v8.1c.ru/8.2/virtual-resource-system}}Exception\",\n\
         \"exception\": {{\n\"reason\": {status},\n\"descr\": {descr},\n\
         \"inner\": {{\n\"descr\": {descr},\n\"creationStack\": \"\",\n\"data\": \"77u/\"\n}}\n}}\n}}"
    )
}

/// Cyrillic letters and ASCII as windows-1251 has them; question marks for the rest.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        'А'..='я' => u8::try_from(u32::from(c) - u32::from('А') + 0xc0).unwrap_or(b'?'),
        'Ё' => 0xa8,
        'ё' => 0xb8,
        c if c.is_ascii() => u8::try_from(u32::from(c)).unwrap_or(b'?'),
        _ => b'?',
    };
    text.chars().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_comes_with_its_status_and_its_body() {
        for shape in Shape::SEEN {
            let reply = reply(*shape, "Нет \"такого\"");
            assert_eq!(reply.status, shape.status);
            let json: Result<serde_json::Value, _> =
                serde_json::from_str(reply.text().trim_start_matches('\u{feff}'));
            let code =
                json.as_ref().ok().and_then(|json| json["odata.error"]["code"].as_str().map(str::to_owned));
            match shape.body {
                ErrorBody::Code(expected) => assert_eq!(code, Some(expected.to_string()), "{shape}"),
                ErrorBody::NoCode | ErrorBody::Exception | ErrorBody::ForeignJson => {
                    assert!(json.is_ok() && code.is_none(), "{shape}");
                }
                _ => assert!(json.is_err(), "{shape}"),
            }
        }
    }

    #[test]
    fn cyrillic_is_written_in_one_byte_a_letter() {
        assert_eq!(windows_1251("Аяё—a"), [0xc0, 0xff, 0xb8, b'?', b'a']);
    }
}
