use super::*;

const NOT_FOUND: &str = "{\n\"odata.error\": {\n\"code\": \"8\",\n\"message\": {\n\"lang\": \"ru\",\n\
                         \"value\": \"Сущность 'Document_Нет' не найдена\"\n}\n}\n}";
const MAINTENANCE: &str = "\u{feff}{\"#exception\":\"{http://v8.1c.ru/8.2/virtual-resource-system}Exception\",\
    \"exception\":{\"reason\":403,\"descr\":\"HTTP: Forbidden\",\"inner\":{\"descr\":\"Начало сеанса запрещено\",\
    \"inner\":{\"descr\":\"Ведутся технические работы\",\"creationStack\":\"x\"}}}}";
const RIGHTS: &str = r#"{"odata.error":{"code":"20","message":{"lang":"ru","value":"Нет прав"}}}"#;
const PAGE: &str =
    "<!DOCTYPE html><html><head><TITLE>Sign &amp; in\u{1b}[2J</TITLE></head><body>…</body></html>";

fn redactor() -> Redactor {
    Redactor::default()
}

fn asked(redactor: &Redactor) -> Asked<'_> {
    let what = "AccumulationRegister_X";
    Asked { set: Some(Set::Sales), what, length: 77, redactor, content_type: None }
}

fn read(body: &[u8]) -> Option<Said> {
    asked(&redactor()).read(body)
}

fn reply(status: u16, body: &str) -> HttpReply {
    HttpReply { status, body: body.to_owned().into(), ..HttpReply::default() }
}

fn error(status: u16, body: &str) -> Error {
    of_status(&reply(status, body), asked(&redactor()))
}

fn odata(code: &str) -> String {
    format!(r#"{{"odata.error":{{"code":"{code}","message":{{"lang":"ru","value":"слова"}}}}}}"#)
}

#[test]
fn every_shape_of_refusal_is_read() {
    for (name, body, shape, code, text) in [
        ("pretty JSON", NOT_FOUND, Shape::OData, Some(8), "Сущность 'Document_Нет' не найдена"),
        (
            "a number for a code",
            r#"{"odata.error":{"code":9,"message":"bare"}}"#,
            Shape::OData,
            Some(9),
            "bare",
        ),
        ("the innermost of an exception", MAINTENANCE, Shape::Exception, None, "Ведутся технические работы"),
        (
            "XML",
            "<?xml version=\"1.0\"?><m:error xmlns:m=\"http://x\"><m:code>9</m:code><m:message xml:lang=\"ru\">a &lt;b&gt;</m:message></m:error>",
            Shape::OData,
            Some(9),
            "a <b>",
        ),
        ("a web page by its title", PAGE, Shape::Page, None, "Sign & in [2J"),
        (
            "a web page without a title",
            "<html><body><h1>502</h1><p>Bad</p></body></html>",
            Shape::Page,
            None,
            "502 Bad",
        ),
    ] {
        let said = read(body.as_bytes()).unwrap();
        assert_eq!((said.shape, said.code, said.text.as_str()), (shape, code, text), "{name}");
    }
    for (name, body) in [
        ("rows", r#"{"value":[]}"#),
        ("rows in XML", "<?xml?><feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>"),
        ("nothing", ""),
        ("words", "No."),
        ("broken JSON", r#"{"odata.error":"#),
    ] {
        assert_eq!(read(body.as_bytes()), None, "{name}");
    }
}

#[test]
fn h2_h3_h4_h13_a_status_and_its_words_decide() {
    let text = || "слова".to_owned();
    let set = Some(Set::Sales);
    for (status, body, wanted) in [
        (401, "", Error::Unauthorized),
        (401, PAGE, Error::Unauthorized),
        (401, RIGHTS, Error::Rights { set, text: "Нет прав".into() }),
        (403, MAINTENANCE, Error::Maintenance { text: "Ведутся технические работы".into() }),
        (403, &odata("20"), Error::Rights { set, text: text() }),
        (403, "no", Error::Rights { set, text: "no".into() }),
        (404, NOT_FOUND, Error::NotPublished { set, what: "AccumulationRegister_X".into() }),
        (404, &odata("9"), Error::BadRequest { status: 404, code: Some(9), text: text() }),
        (404, PAGE, Error::WrongAddress { status: 404, text: "Sign & in [2J".into() }),
        (400, &odata("14"), Error::BadRequest { status: 400, code: Some(14), text: text() }),
        (400, "", Error::BadRequest { status: 400, code: None, text: String::new() }),
        (405, &odata("19"), Error::BadRequest { status: 405, code: Some(19), text: text() }),
        (406, "", Error::Busy { status: 406, retry_after: None }),
        (406, &odata("3"), Error::BadRequest { status: 406, code: Some(3), text: text() }),
        (413, "", Error::TooLarge),
        (408, "", Error::Busy { status: 408, retry_after: None }),
        (503, PAGE, Error::Busy { status: 503, retry_after: None }),
        (500, &odata("-1"), Error::ServerError { status: 500, text: text() }),
        (501, &odata("0"), Error::BadRequest { status: 501, code: Some(0), text: text() }),
        (204, "", Error::UnexpectedStatus { status: 204 }),
        (206, "{}", Error::UnexpectedStatus { status: 206 }),
    ] {
        assert_eq!(error(status, body), wanted, "{status}");
    }
}

#[test]
fn h5_a_404_is_told_apart_by_its_shape() {
    let page = |title: &str| format!("<html><head><title>{title}</title></head><body>IIS</body></html>");
    for (status, body, wanted) in [
        (404, page("404.15 - Query string too long"), Error::AddressRefused { length: 77 }),
        (404, page("404.14 - URL too long"), Error::AddressRefused { length: 77 }),
        (414, String::new(), Error::AddressRefused { length: 77 }),
        (404, page("404 - Not Found"), Error::WrongAddress { status: 404, text: "404 - Not Found".into() }),
        (404, String::new(), Error::WrongAddress { status: 404, text: String::new() }),
        (
            404,
            NOT_FOUND.into(),
            Error::NotPublished { set: Some(Set::Sales), what: "AccumulationRegister_X".into() },
        ),
    ] {
        assert_eq!(error(status, &body), wanted, "{body}");
    }
}

/// 1C's answer where nobody has to do anything but wait, in whatever shape it comes.
#[test]
fn h7_a_base_without_a_free_licence_is_one_that_is_waited_for() {
    let words = "Не обнаружено свободной лицензии!";
    let bodies = [
        words.to_owned(),
        format!(
            "<html><head><title>1C:Enterprise 8 application error</title></head><body>{words}</body></html>"
        ),
        format!("<html><body><h2>1C:Enterprise 8 application error:</h2>{words}</body></html>"),
        odata("-1").replace("слова", words),
        format!(r##"{{"#exception":"x","exception":{{"descr":"HTTP","inner":{{"descr":"{words}"}}}}}}"##),
    ];
    for body in &bodies {
        for status in [400, 403, 406, 500, 503] {
            assert_eq!(error(status, body), Error::NoLicence, "{status} {body}");
        }
    }
    assert!(
        !Error::NoLicence.is_permanent() && Error::NoLicence.is_passing() && !Error::NoLicence.ends_run()
    );
    let missing = "Не найдена лицензия. Не обнаружен ключ защиты программы!";
    assert!(matches!(error(500, missing), Error::ServerError { .. }), "none at all does not pass by itself");
}

/// The platform's pages have one title for everything: what happened stands below it.
#[test]
fn h12_the_platforms_own_page_keeps_what_it_says() {
    let title = "1C:Enterprise 8 application error";
    let words = "Соединение с сервером 1С:Предприятия не установлено";
    for page in [
        format!(
            "<html><head><title>{title}</title></head><body><h2>{title}:</h2><p>{words}</p></body></html>"
        ),
        format!("<html><head><title>{title}:</title></head><body class=\"x\">\r\n {words}\r\n</body></html>"),
        format!("<html><head><title>{title}</title><pre>{words}</pre></html>"),
    ] {
        let text = format!("{title}: {words}");
        assert_eq!(error(500, &page), Error::ServerError { status: 500, text: text.clone() }, "{page}");
        assert_eq!(error(404, &page), Error::WrongAddress { status: 404, text: text.clone() }, "{page}");
        assert_eq!(pages::of_title(&text), Some(pages::Page::Platform));
    }
    let barred = format!(
        "<html><title>{title}</title><body>Начало сеанса с информационной базой запрещено.</body></html>"
    );
    assert!(matches!(error(500, &barred), Error::Maintenance { .. }));
}

#[test]
fn h1_a_server_that_takes_logins_by_windows_alone_says_so() {
    let wanted = |challenges: &[&str]| {
        let challenges = challenges.iter().map(|&it| it.to_owned()).collect();
        of_status(&HttpReply { challenges, ..reply(401, PAGE) }, asked(&redactor()))
    };
    for (challenges, offered) in [
        (&["NTLM"][..], Some("NTLM")),
        (&["Negotiate", "NTLM"], Some("Negotiate, NTLM")),
        (&["negotiate TlRMTVNTUAAC"], Some("negotiate")),
        (&["Negotiate", "NTLM", "Basic realm=\"1C\""], None),
        (&["Basic realm=\"1C:Enterprise 8.3\""], None),
        (&["Bearer"], None),
        (&[], None),
    ] {
        let wanted = wanted(challenges);
        let expected =
            offered.map_or(Error::Unauthorized, |it| Error::WindowsLogin { offered: it.to_owned() });
        assert_eq!(wanted, expected, "{challenges:?}");
        assert!(wanted.is_refused_credentials() && wanted.ends_run());
    }
}

#[test]
fn t5_a_web_server_that_wants_https_says_so() {
    let nginx = "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>";
    let apache = "<html><head><title>400 Bad Request</title></head><body><p>Reason: You're speaking plain HTTP \
                  to an SSL-enabled server port.</p></body></html>";
    assert_eq!([nginx, apache].map(|page| error(400, page)), [Error::NotHttp, Error::NotHttp]);
}

#[test]
fn h12_a_refusal_with_status_200_is_one() {
    let redactor = redactor();
    let asked = asked(&redactor);
    let malformed = || Error::Malformed { set: None, what: "no collection".into() };
    let of = |body: &str| of_body(malformed(), body.as_bytes(), asked);
    assert!(matches!(of(PAGE), Error::NotOneC { title } if title == "Sign & in [2J"));
    let crash = of("<html><title>1C:Enterprise 8 application error</title></html>");
    assert!(matches!(crash, Error::ServerError { status: 200, .. }));
    assert!(matches!(of(NOT_FOUND), Error::NotPublished { .. }));
    assert!(matches!(of(RIGHTS), Error::Rights { .. }));
    assert!(matches!(of(MAINTENANCE), Error::Maintenance { .. }));
    assert!(matches!(of(&odata("-1")), Error::ServerError { status: 200, .. }));
    assert!(matches!(of(&odata("6")), Error::BadRequest { status: 200, code: Some(6), .. }));
    assert_eq!(of("words"), malformed());
}

#[test]
fn h11_a_redirect_is_told_without_its_query() {
    for (location, wanted) in [
        ("https://login.example.ru/in?ticket=secret#x", "https://login.example.ru/in"),
        ("https://user:pass@host/in", "https://host/in"),
        ("/in?next=secret", "/in"),
        ("//user:pass@host?x", "//host"),
        (r"https:\\user:pass@host\in", r"https:\\host\in"),
        ("https:/user:pass@host/in", "https:/host/in"),
        ("https:user:pass@host", "host"),
        ("", ""),
    ] {
        let moved = HttpReply { location: Some(location.to_owned()), ..reply(302, "") };
        assert_eq!(
            of_status(&moved, asked(&redactor())),
            Error::Redirected { to: wanted.into() },
            "{location}"
        );
    }
}

#[test]
fn h8_patience_is_read_from_the_headers() {
    let busy = HttpReply { retry_after: Some("7".into()), ..reply(429, "") };
    let wanted = Some(std::time::Duration::from_secs(7));
    assert_eq!(of_status(&busy, asked(&redactor())), Error::Busy { status: 429, retry_after: wanted });
}

#[test]
fn foreign_words_come_short_and_harmless() {
    let body = odata(&format!("14\",\"x\":\"{}", "ж".repeat(5000)));
    assert!(read(body.as_bytes()).is_some_and(|said| said.text.chars().count() <= 301));
    let long = format!("<title>{}</title>", "a\u{202e}".repeat(5000));
    let said = read(long.as_bytes()).unwrap();
    assert!(said.text.chars().count() <= 301 && !said.text.contains('\u{202e}'));
}

/// A page as its maker writes it, and whose it is.
#[test]
fn h4_a_page_is_told_by_its_maker() {
    use pages::Page::{Platform, Proxy, SignIn, WebServer};
    let page = |title: &str, body: &str| {
        format!("<html><head><title>{title}</title></head><body>{body}</body></html>")
    };
    let platform = "1C:Enterprise 8 application error";
    let russian = "Ошибка 1С:Предприятия 8";
    for (status, body, wanted) in [
        (404, page(platform, "<h1>Не обнаружен сервис</h1>"), Some(Platform)),
        (404, page(russian, ""), Some(Platform)),
        (500, page(platform, "Apache/2.4"), Some(Platform)),
        (400, page("Ошибка 1C:Предприятия 8", ""), Some(Platform)),
        (403, page(platform, ""), Some(Platform)),
        (200, page(russian, ""), Some(Platform)),
        (404, page("404 Not Found", "<hr><center>nginx/1.18.0</center>"), Some(WebServer)),
        (
            404,
            page("404 Not Found", "<address>Apache/2.4.6 (CentOS) Server at h Port 80</address>"),
            Some(WebServer),
        ),
        (404, page("IIS 10.0 Detailed Error - 404.0", "<p>Microsoft-IIS</p>"), Some(WebServer)),
        (403, page("403 Forbidden", "<center>nginx</center>"), Some(WebServer)),
        (500, page("500 Internal Server Error", "<address>Apache</address>"), Some(WebServer)),
        (403, page("ERROR: The requested URL could not be retrieved", "(squid/5.7)"), Some(Proxy)),
        (200, page("ERROR: Доступ запрещён", "Generated by proxy (squid)"), Some(Proxy)),
        (403, page("Attention Required! | Cloudflare", ""), Some(Proxy)),
        (403, page("Just a moment...", "<script>window.__cf_chl_opt</script>"), Some(Proxy)),
        (407, String::new(), Some(Proxy)),
        (200, page("Вход в систему", ""), Some(SignIn)),
        (200, page("Sign in to your account", ""), Some(SignIn)),
        (404, page("404 - Not Found", ""), None),
        (404, NOT_FOUND.into(), None),
        (401, RIGHTS.into(), None),
        (403, MAINTENANCE.into(), None),
        (500, odata("-1"), None),
    ] {
        let error = if status == 200 {
            of_body(Error::Cut, body.as_bytes(), asked(&redactor()))
        } else {
            error(status, &body)
        };
        assert_eq!(error.page(), wanted, "{status} {body}: {error}");
    }
    assert!(
        matches!(error(404, &page(platform, "")), Error::WrongAddress { .. }),
        "what follows stays as it was"
    );
}

#[test]
fn h11_a_redirect_to_a_form_is_told_from_another_address() {
    for (location, is_form) in [
        ("https://login.example.ru/", true),
        ("/trade/login", true),
        ("/Account/LogOn?ReturnUrl=%2f", true),
        ("https://host/auth/realms/x", true),
        ("/trade/e1cib/start", true),
        ("/trade/ru_RU/", true),
        ("https://host/openid/e1cib/oid2rp?x=y", true),
        ("https://host/adfs/ls/", true),
        ("https://host/trade/odata/standard.odata/", false),
        ("https://host/catalog/authors", false),
        ("", false),
    ] {
        let moved = HttpReply { location: Some(location.to_owned()), ..reply(302, "") };
        let told = of_status(&moved, asked(&redactor()));
        assert_eq!(told.page() == Some(pages::Page::SignIn), is_form, "{location}: {told}");
    }
}

/// The byte of windows-1251: Russian letters follow one another there as in Unicode.
fn in_windows_1251(letter: char) -> u8 {
    u8::try_from(u32::from(letter) - if letter > '\u{40f}' { 0x350 } else { 0 }).unwrap()
}

#[test]
fn pages_of_other_encodings_are_read() {
    let title = "Ошибка 1С:Предприятия 8";
    let html = format!("<html><title>{title}</title></html>");
    let russian: Vec<u8> = html.chars().map(in_windows_1251).collect();
    let wide: Vec<u8> = html.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, body, content_type) in [
        ("by the header", russian.clone(), Some("text/html; charset=windows-1251")),
        ("by its letters", russian, None),
        ("UTF-16", wide, Some("text/html; charset=utf-16")),
    ] {
        let reply = HttpReply { status: 404, body: body.into(), ..HttpReply::default() };
        let redactor = redactor();
        let error = of_status(&reply, Asked { content_type, ..asked(&redactor) });
        assert_eq!(error, Error::WrongAddress { status: 404, text: title.into() }, "{name}");
    }
}

/// A guard on the way is neither a busy 1C nor a right that somebody lacks; and 1C that lets nobody in says so in any shape.
#[test]
fn guards_and_closed_doors_are_told_for_what_they_are() {
    let page = |title: &str, words: &str| {
        format!("<html><head><title>{title}</title></head><body>{words}</body></html>").into_bytes()
    };
    let barred = "Начало сеанса с информационной базой запрещено.";
    let redactor = redactor();
    let of = |status, body: Vec<u8>| {
        of_status(&HttpReply { status, body: body.into(), ..HttpReply::default() }, asked(&redactor))
    };
    for (status, body) in [
        (406, page("Not Acceptable!", "This error was generated by Mod_Security.")),
        (403, page("Just a moment...", "")),
        (
            403,
            page(
                "Request Rejected",
                "The requested URL was rejected. Please consult with your administrator.",
            ),
        ),
    ] {
        assert_eq!(of(status, body).page(), Some(pages::Page::Proxy), "{status}");
    }
    assert!(matches!(of(406, Vec::new()), Error::Busy { .. }));
    let narrow = barred.chars().map(in_windows_1251).collect();
    for (status, body) in [(500, barred.as_bytes().to_vec()), (500, narrow), (400, page(barred, ""))] {
        assert!(matches!(of(status, body), Error::Maintenance { .. }), "{status}");
    }
}

/// What is asked of the service does not belong into the settings.
#[test]
fn a_redirect_is_told_as_the_address_of_a_publication() {
    let redactor = redactor();
    let location = Some("https://1c.example.ru/trade/odata/standard.odata/Catalog_%D0%9A?$top=1".to_owned());
    let error = of_status(&HttpReply { status: 301, location, ..HttpReply::default() }, asked(&redactor));
    let to = "https://1c.example.ru/trade/odata/standard.odata".to_owned();
    assert_eq!(error, Error::Redirected { to });
}

/// Whatever shape the refusal has, and wherever in it the secret stands.
#[test]
fn s5_no_refusal_repeats_a_secret() {
    let secret = "Zq7vXw9KdЖRm4";
    let settings =
        crate::odata::ConnectionSettings { user: "u".into(), password: secret.into(), ..Default::default() };
    let redactor = Redactor::of(&settings);
    let json = |text: &str| serde_json::to_string(text).unwrap();
    for body in [
        format!(r#"{{"odata.error":{{"code":"6","message":{{"value":{}}}}}}}"#, json(secret)),
        format!(r##"{{"#exception":1,"exception":{{"descr":{}}}}}"##, json(secret)),
        format!("<title>{secret}</title>"),
        format!("<m:error><m:code>8</m:code><m:message>{secret}</m:message></m:error>"),
        format!("{}{secret}", "x".repeat(290)),
        secret.into(),
        format!("<html><body><p>{secret}</p></body></html>"),
    ] {
        for status in [200, 302, 400, 401, 403, 404, 405, 406, 407, 409, 500, 501, 505] {
            let location = Some(format!("https://{secret}.host/{secret}?{secret}"));
            let reply = HttpReply { status, location, body: body.clone().into(), ..HttpReply::default() };
            let error = match status {
                200 => of_body(Error::Cut, &reply.body, asked(&redactor)),
                _ => of_status(&reply, asked(&redactor)),
            };
            assert!(!format!("{error} {error:?}").contains("Zq7v"), "{status}: {error}");
        }
    }
}
