//! Whose page it is that came instead of rows: told where it is certain, by the title and the marks of its maker.

/// Whose page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// 1C's platform: it was reached, and this publication does not answer for `OData`, or crashed.
    Platform,
    /// The web server before 1C: nginx, Apache, IIS.
    WebServer,
    /// A proxy or a guard on the way.
    Proxy,
    /// A form to sign in by.
    SignIn,
}

/// A title that is longer does not get its maker behind it.
const LONGEST_TITLE: usize = 300;

/// What the platform's own pages are called.
const PLATFORM: [&str; 4] = [
    "1c:enterprise 8 application error",
    "1c:enterprise. application error",
    "ошибка 1c:предприятия",
    "1c:предприятие 8. ошибка",
];

/// What makers leave in their pages, in small letters; their names; what they are.
const MARKS: [(&str, &str, Page); 23] = [
    ("squid", "Squid", Page::Proxy),
    ("cloudflare", "Cloudflare", Page::Proxy),
    ("cf-error", "Cloudflare", Page::Proxy),
    ("__cf_chl", "Cloudflare", Page::Proxy),
    ("just a moment", "Cloudflare", Page::Proxy),
    ("mod_security", "ModSecurity", Page::Proxy),
    ("modsecurity", "ModSecurity", Page::Proxy),
    ("requested url was rejected", "BIG-IP", Page::Proxy),
    ("incapsula", "Imperva", Page::Proxy),
    ("sucuri", "Sucuri", Page::Proxy),
    ("ddos-guard", "DDoS-Guard", Page::Proxy),
    ("qrator", "Qrator", Page::Proxy),
    ("fortigate", "FortiGate", Page::Proxy),
    ("fortinet", "FortiGate", Page::Proxy),
    ("usergate", "UserGate", Page::Proxy),
    ("kerio control", "Kerio Control", Page::Proxy),
    ("mikrotik", "MikroTik", Page::Proxy),
    ("haproxy", "HAProxy", Page::Proxy),
    ("nginx", "nginx", Page::WebServer),
    ("openresty", "nginx", Page::WebServer),
    ("apache", "Apache", Page::WebServer),
    ("internet information services", "IIS", Page::WebServer),
    ("microsoft-iis", "IIS", Page::WebServer),
];

/// Titles of forms to sign in by, in small letters.
const SIGN_IN: [&str; 10] = [
    "sign in",
    "sign-in",
    "log in",
    "login",
    "logon",
    "вход",
    "войти",
    "войдите",
    "авторизац",
    "аутентификац",
];

/// Parts of an address that lead to a form to sign in by.
const SIGN_IN_PATHS: [&str; 16] = [
    "login",
    "logon",
    "signin",
    "sign-in",
    "sign_in",
    "auth",
    "authorize",
    "oauth",
    "oauth2",
    "openid",
    "sso",
    "saml",
    "saml2",
    "adfs",
    "cas",
    "e1cib",
];

/// The mark of a page's maker, where one is certain: a page is looked at whole, its words alone are kept.
pub(super) fn maker(page: &str) -> Option<&'static str> {
    let page = page.to_lowercase();
    MARKS.iter().find(|(mark, ..)| page.contains(mark)).map(|(_, name, _)| *name)
}

/// The title of a page with its maker behind it, where there is room.
pub(super) fn marked(title: &str, maker: Option<&str>) -> String {
    let maker = maker.filter(|maker| title.chars().count() + maker.len() + 3 < LONGEST_TITLE);
    maker.map_or_else(|| title.to_owned(), |maker| format!("{title} ({maker})"))
}

/// Whose page has this title, with its maker behind it.
pub(in crate::odata) fn of_title(title: &str) -> Option<Page> {
    // The letter of «1С» is as often the Latin one.
    let lower = title.to_lowercase().replace("1с", "1c");
    if PLATFORM.iter().any(|known| lower.starts_with(known)) {
        return Some(Page::Platform);
    }
    let by_maker = MARKS.iter().find(|(_, name, _)| title.ends_with(&format!("({name})")));
    by_maker.map(|(.., page)| *page)
}

/// Whether a page's title is that of a form to sign in by.
pub(in crate::odata) fn is_sign_in(title: &str) -> bool {
    let lower = title.to_lowercase();
    SIGN_IN.iter().any(|known| lower.contains(known))
}

/// Whether an address leads to a form to sign in by, or into 1C's web client, which is one.
pub(in crate::odata) fn leads_to_sign_in(address: &str) -> bool {
    let lower = address.to_lowercase();
    let path = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let is_part = |part: &str| {
        let name = part.split(['.', ':', ';']).next().unwrap_or_default();
        SIGN_IN_PATHS.contains(&name) || is_language(name)
    };
    path.split(['/', '\\']).any(is_part)
}

/// 1C's web client puts a language into its address.
fn is_language(part: &str) -> bool {
    matches!(part, "ru_ru" | "en_us" | "uk_ua" | "kk_kz" | "be_by")
}
