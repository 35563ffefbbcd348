//! A tolerant reader of 1C's contact XML: one place in it, whatever surrounds it.
//!
//! Not a general XML reader: it knows no document type and checks no names, because a text that is
//! not well-formed is simply an address that cannot be read. It keeps no tree and does not recurse.

use std::borrow::Cow;

/// Deeper texts are no addresses.
const MAX_DEPTH: usize = 32;

/// One step through the text.
#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Open { name: &'a str, attributes: &'a str, is_empty: bool },
    Close,
    Text(Cow<'a, str>),
}

/// The text, trimmed and not empty, of a field of an element that is or is typed `owner`.
///
/// The field is a child element or an attribute of the owner; name spaces are read over.
pub(super) fn field_of(xml: &str, owner: &str, field: &str) -> Option<String> {
    let mut path: Vec<Element<'_>> = Vec::new();
    let mut found = String::new();
    for token in (Tokens { rest: xml }) {
        match token {
            Token::Open { name, attributes, is_empty } => {
                let is_owner =
                    name == owner || attribute(attributes, "type").is_some_and(|of| local(&of) == owner);
                let value = attribute(attributes, field).filter(|value| is_owner && !value.trim().is_empty());
                if let Some(value) = value {
                    return Some(value.trim().to_owned());
                }
                if !is_empty {
                    path.push(Element { name, is_owner });
                }
            }
            Token::Text(text) if is_field(&path, field) => found.push_str(&text),
            Token::Text(_) => {}
            Token::Close if is_field(&path, field) && !found.trim().is_empty() => {
                return Some(found.trim().to_owned());
            }
            Token::Close => {
                path.pop();
            }
        }
        if path.len() > MAX_DEPTH {
            return None;
        }
    }
    None
}

/// An element that is open where the reader stands.
struct Element<'a> {
    name: &'a str,
    is_owner: bool,
}

/// Whether the innermost element is the field of an owner.
fn is_field(path: &[Element<'_>], field: &str) -> bool {
    matches!(path, [.., parent, child] if parent.is_owner && child.name == field)
}

fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    let mut attributes = Attributes { rest: attributes };
    attributes.find_map(|(name, value)| (name == wanted).then_some(value))
}

/// A name without its name space.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The tokens of a text; ends where the text is no XML.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    /// What stands before `end`, which is read over.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let (before, after) = self.rest.split_once(end)?;
        self.rest = after;
        Some(before)
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let end = end_of_tag(self.rest)?;
        let (tag, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.strip_prefix('>')?;
        if tag.starts_with('/') {
            return Some(Token::Close);
        }
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        Some(Token::Open { name: local(name), attributes, is_empty })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if !self.rest.starts_with('<') {
                let text = self.rest.split('<').next().filter(|text| !text.is_empty())?;
                self.rest = self.rest.get(text.len()..)?;
                return Some(Token::Text(unescaped(text)));
            }
            self.rest = self.rest.get(1..)?;
            if let Some(rest) = self.rest.strip_prefix("![CDATA[") {
                self.rest = rest;
                return self.until("]]>").map(|text| Token::Text(text.into()));
            } else if self.rest.starts_with("!--") {
                self.until("-->")?;
            } else if self.rest.starts_with(['!', '?']) {
                self.until(">")?;
            } else {
                return self.tag();
            }
        }
    }
}

/// Where a tag's `>` stands: the first one outside quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(at, c)| {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
        None
    })
}

/// Names without name spaces, and unescaped values.
struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.rest.split_once('=')?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, rest) = rest.get(1..)?.split_once(quote)?;
        self.rest = rest;
        Some((local(name.trim()), unescaped(value)))
    }
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split('&');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        // An ampersand that begins no escape stands for itself.
        let escape = part.split_once(';').and_then(|(entity, rest)| Some((character(entity)?, rest)));
        let (c, rest) = escape.unwrap_or(('&', part));
        plain.push(c);
        plain.push_str(rest);
    }
    Cow::Owned(plain)
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn street(xml: &str) -> Option<String> {
        field_of(xml, "АдресРФ", "Улица")
    }

    fn check(xml: &str, expected: Option<&str>) {
        assert_eq!(street(xml).as_deref(), expected, "{xml}");
    }

    #[test]
    fn what_stands_in_a_field_is_no_field_and_depth_has_a_bound() {
        check("<АдресРФ><Улица>Лен<b>x</b>ина</Улица></АдресРФ>", Some("Ленина"));
        // Two elements are the owner and its field.
        for (depth, expected) in [(MAX_DEPTH - 2, Some("Ленина")), (MAX_DEPTH - 1, None)] {
            let (open, close) = ("<a>".repeat(depth), "</a>".repeat(depth));
            check(&format!("{open}<АдресРФ><Улица>Ленина</Улица></АдресРФ>{close}"), expected);
        }
    }

    #[test]
    fn the_street_is_found_in_every_shape_of_contact_xml() {
        for xml in [
            r#"<?xml version="1.0" encoding="UTF-8"?>
            <КонтактнаяИнформация xmlns="http://www.v8.1c.ru/ssl/contactinfo" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" Представление="РОССИЯ">
              <Состав xsi:type="Адрес" Страна="РОССИЯ">
                <Состав xsi:type="АдресРФ">
                  <СубъектРФ>Крым Респ</СубъектРФ><Округ/><Город>Ялта г</Город>
                  <Улица>Симферополь</Улица>
                  <ДопАдрЭл ТипАдрЭл="10100000" Значение="295000"/>
                </Состав>
              </Состав>
            </КонтактнаяИнформация>"#,
            "<Состав><АдресРФ><Улица>Симферополь</Улица></АдресРФ></Состав>",
            r#"<Состав><АдресРФ Улица="Симферополь"/></Состав>"#,
            "<ci:АдресРФ Город = 'Ялта' ci:Улица = 'Симферополь' ></ci:АдресРФ>",
            "<a:Состав b:type='c:АдресРФ'><a:Улица> Симферополь </a:Улица></a:Состав>",
            "<АдресРФ><!-- <Улица>Ялта</Улица> --><Улица><![CDATA[Симферополь]]></Улица></АдресРФ>",
            "<АдресРФ><Улица>&#1057;имфер&#x43E;поль</Улица></АдресРФ>",
            "<АдресРФ/><АдресРФ><Улица>Симферополь</Улица></АдресРФ>",
            "<АдресРФ><Состав xsi:type='АдресРФ'><Улица>Симферополь</Улица></Состав></АдресРФ>",
            "<АдресРФ Имя='a>b'><Улица>Симферополь</Улица>",
            "\u{feff}<АдресРФ><Район><Улица>Ялта</Улица></Район><Улица>Симферополь</Улица></АдресРФ>",
        ] {
            check(xml, Some("Симферополь"));
        }
    }

    #[test]
    fn an_empty_field_is_not_found() {
        check("<АдресРФ><Город>Ялта</Город><Улица/></АдресРФ>", None);
        check("<АдресРФ Улица=' '><Город>Ялта</Город><Улица>  </Улица></АдресРФ>", None);
        check("<АдресРФ Улица=''><Улица></Улица><Улица>Ялта</Улица></АдресРФ>", Some("Ялта"));
    }

    #[test]
    fn nothing_is_found_where_there_is_no_such_address() {
        for xml in [
            "",
            "Симферополь",
            "<КонтактнаяИнформация><Состав xsi:type='НомерТелефона' Номер='8451364'/></КонтактнаяИнформация>",
            "<Состав><Улица>Симферополь</Улица></Состав>",
            "<АдресРФ><Район><Улица>Симферополь</Улица></Район></АдресРФ>",
            "<АдресРФ></АдресРФ><Улица>Симферополь</Улица>",
            "<АдресРФ><Улица",
            "<АдресРФ Улица='Симферополь",
            "<",
            "<>",
        ] {
            check(xml, None);
        }
    }

    #[test]
    fn a_text_too_deep_for_an_address_is_given_up() {
        let nested = |depth: usize| {
            let address = "<АдресРФ><Улица>Ялта</Улица></АдресРФ>";
            format!("{}{address}{}", "<a>".repeat(depth), "</a>".repeat(depth))
        };
        check(&nested(20), Some("Ялта"));
        check(&nested(100_000), None);
    }

    #[test]
    fn characters_come_out_of_their_escapes() {
        assert_eq!(unescaped("a&amp;b&lt;c&gt;&quot;&apos;&#65;&#x42;"), "a&b<c>\"'AB");
        assert_eq!(unescaped("R&D; &nbsp; &#xFFFFFFFF; &"), "R&D; &nbsp; &#xFFFFFFFF; &");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(xml in "([<>/='\"&;!?\\[\\]-]|АдресРФ|Улица|CDATA|:| |a|type){0,60}") {
            let _ = street(&xml);
        }

        #[test]
        fn any_street_survives_its_escapes(name in "[^\\p{C}]{1,20}") {
            let escaped = name.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;");
            prop_assert_eq!(street(&format!("<АдресРФ><Улица>{escaped}</Улица></АдресРФ>")).unwrap_or_default(), name.trim());
            prop_assert_eq!(street(&format!("<АдресРФ Улица='{escaped}'/>")).unwrap_or_default(), name.trim());
        }
    }
}
