//! Every shape in which a server in front of 1C, the platform, or the interface itself says no.

use crate::http::Reply;

const JSON: &str = "application/json;charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
const XML: &str = "application/xml;charset=utf-8";

/// How a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `odata.error` with a status and a code; no code where it is `None`.
    Code(u16, Option<i32>),
    /// A web page.
    Page(u16),
    /// The platform's own page about a crash.
    PlatformPage(u16),
    /// Words, and nothing around them.
    Words(u16),
    /// The platform's `#exception`.
    Exception(u16),
    /// `m:error` in XML.
    Xml(u16, i32),
    /// `odata.error` behind a byte order mark.
    Marked(u16, i32),
    /// A status without a body.
    Nothing(u16),
    /// IIS about an address that is too long: it says "not found".
    IisTooLong,
}

impl Refusal {
    /// The shapes that say nothing of who asks: none of them is about a password, maintenance, or a server that is ill
    /// as a whole.
    pub const ALL: [Self; 37] = [
        Self::Code(404, Some(8)),
        Self::Code(404, Some(6)),
        Self::Code(404, Some(9)),
        Self::Code(404, Some(10)),
        Self::Code(404, None),
        Self::Page(404),
        Self::Words(404),
        Self::PlatformPage(404),
        Self::Code(400, Some(6)),
        Self::Code(400, Some(8)),
        Self::Code(400, Some(10)),
        Self::Code(400, Some(14)),
        Self::Code(400, None),
        Self::Page(400),
        Self::Words(400),
        Self::Code(401, Some(20)),
        Self::Code(403, Some(20)),
        Self::Words(403),
        Self::Code(405, Some(19)),
        Self::Code(500, Some(-1)),
        Self::Code(500, Some(6)),
        Self::Page(500),
        Self::Nothing(500),
        Self::PlatformPage(500),
        Self::Exception(500),
        Self::Code(501, Some(0)),
        Self::Words(501),
        Self::Page(502),
        Self::Page(504),
        Self::Code(200, Some(8)),
        Self::Page(200),
        Self::Nothing(200),
        Self::Xml(400, 6),
        Self::Marked(404, 8),
        Self::Page(414),
        Self::Page(401),
        Self::Code(401, None),
    ];

    /// Shapes that are easily taken for what they are not, a limit of ours or a wrong password: every way is refused in
    /// each of them.
    pub const MISTAKEN: [Self; 3] = [Self::Page(414), Self::Page(401), Self::Code(401, None)];

    /// Its name in the name of a case.
    pub fn name(self) -> String {
        let coded = |code: Option<i32>| code.map_or_else(|| "no code".to_owned(), |code| code.to_string());
        match self {
            Self::Code(status, code) => format!("{status}/{}", coded(code)),
            Self::Page(status) => format!("{status} as a page"),
            Self::PlatformPage(status) => format!("{status} as the platform's page"),
            Self::Words(status) => format!("{status} in words"),
            Self::Exception(status) => format!("{status} as #exception"),
            Self::Xml(status, code) => format!("{status}/{code} in XML"),
            Self::Marked(status, code) => format!("{status}/{code} behind a mark"),
            Self::Nothing(status) => format!("{status} and nothing"),
            Self::IisTooLong => "404.15 of IIS".to_owned(),
        }
    }

    /// The reply.
    pub fn reply(self) -> Reply {
        match self {
            Self::Code(status, code) => Reply::new(status, JSON, &odata_error(code, "Запрос отклонен")),
            Self::Page(status) => Reply::new(status, HTML, PAGE),
            Self::PlatformPage(status) => Reply::new(status, HTML, PLATFORM_PAGE),
            Self::Words(status) => Reply::new(status, PLAIN, "The request is not served here"),
            Self::Exception(status) => Reply::new(status, JSON, EXCEPTION),
            Self::Xml(status, code) => Reply::new(status, XML, &xml_error(code)),
            Self::Marked(status, code) => {
                Reply::new(status, JSON, &format!("\u{feff}{}", odata_error(Some(code), "Запрос отклонен")))
            }
            Self::Nothing(status) => Reply::new(status, PLAIN, ""),
            Self::IisTooLong => Reply::new(404, HTML, IIS_TOO_LONG),
        }
    }
}

/// The interface's own error, printed as 1C prints it.
pub fn odata_error(code: Option<i32>, words: &str) -> String {
    let code = code.map(|code| format!("\"code\": \"{code}\",\n")).unwrap_or_default();
    format!(
        "{{\n\"odata.error\": {{\n{code}\"message\": {{\n\"lang\": \"ru\",\n\"value\": \"{words}\"\n}}\n}}\n}}"
    )
}

fn xml_error(code: i32) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><m:error xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\">\
         <m:code>{code}</m:code><m:message xml:lang=\"ru\">Запрос отклонен</m:message></m:error>"
    )
}

const PAGE: &str = "<!DOCTYPE html><html><head><title>The page cannot be displayed</title></head><body><h1>Sorry</h1></body></html>";
const IIS_TOO_LONG: &str = "<html><head><title>IIS 10.0 Detailed Error - 404.15 - Not Found</title></head>\
     <body><h3>HTTP Error 404.15 - Not Found</h3><p>The query string is too long.</p></body></html>";
const PLATFORM_PAGE: &str = "<html><head><title>1C:Enterprise 8 application error</title></head>\
     <body><h2>1C:Enterprise 8 application error:</h2><p>Service is unavailable</p></body></html>";
const EXCEPTION: &str = r##"{"#exception":"{http://v8.1c.ru/8.2/virtual-resource-system}Exception","exception":{"reason":500,"descr":"HTTP: Internal Server Error\nОшибка при выполнении запроса GET к ресурсу","inner":{"descr":"Внутренняя ошибка обработки запроса"}}}"##;
