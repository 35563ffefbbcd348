//! How 1C refuses: the JSON, XML, exception and HTML shapes of an error.

mod shaped;

use super::exchange::Reply;
use super::faults::Shape;
use super::options::Representation;

/// An error of the `OData` service itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: i32,
    pub(super) message: String,
    /// The shape a fault wants it in.
    shape: Option<Shape>,
}

impl Refusal {
    fn new(status: u16, code: i32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), shape: None }
    }

    /// A refusal that a fault makes, in its shape.
    pub(super) fn shaped(shape: Shape, what: &str) -> Self {
        let message = shaped::message_of(shape, what);
        Self { status: shape.status, code: -1, message, shape: Some(shape) }
    }

    pub(super) fn unknown_option(name: &str) -> Self {
        Self::new(400, 0, format!("The {name} parameter is not supported"))
    }

    pub(super) fn not_implemented(what: &str) -> Self {
        Self::new(501, 0, format!("Не поддерживается: {what}"))
    }

    pub(super) fn bad_literal(text: &str, edm: &str) -> Self {
        Self::new(400, 1, format!("Не удалось разобрать строку '{text}' как значение типа {edm}!"))
    }

    pub(super) fn unknown_segment(name: &str) -> Self {
        Self::new(400, 6, format!("Сегмент пути {name} не найден!"))
    }

    pub(super) fn unknown_method() -> Self {
        Self::new(400, 6, "Метод не найден")
    }

    pub(super) fn missing_key() -> Self {
        Self::new(400, 7, "Не указан элемент ключа сущности")
    }

    pub(super) fn unknown_set(name: &str) -> Self {
        Self::new(404, 8, format!("Сущность '{name}' не найдена"))
    }

    pub(super) fn unknown_instance(address: &str) -> Self {
        Self::new(404, 9, format!("Экземпляр сущности \"{address}\" не найден"))
    }

    pub(super) fn bad_option(name: &str) -> Self {
        Self::new(400, 14, format!("Ошибка при разборе опции запроса {name}"))
    }

    pub(super) fn forbidden_method() -> Self {
        Self::new(405, 19, "Использование метода HTTP запрещено")
    }

    pub(super) fn no_rights() -> Self {
        Self::new(401, 20, "Нарушение прав доступа!")
    }

    pub(super) fn unknown_function(name: &str) -> Self {
        Self::new(400, 21, format!("Функция {name} не реализована"))
    }

    pub(super) fn internal(details: &str) -> Self {
        Self::new(
            500,
            -1,
            format!("Произошла внутренняя ошибка OData сервиса. Дополнительные сведения: {details}"),
        )
    }

    /// What a query with `+` for a space comes to, among others.
    pub(super) fn forbidden_in_where() -> Self {
        Self::internal("Операция не разрешена в предложении \"ГДЕ\"")
    }

    pub(super) fn incomparable() -> Self {
        Self::internal(
            "Неверные параметры в операции сравнения. Нельзя сравнивать поля неограниченной длины и поля \
             несовместимых типов",
        )
    }

    pub(super) fn locked() -> Self {
        Self::internal("Ошибка блокировки данных. Превышено время ожидания предоставления блокировки")
    }

    /// The error as the body of a reply, in the representation asked for.
    pub(super) fn reply(&self, representation: Representation) -> Reply {
        if let Some(shape) = self.shape {
            return shaped::reply(shape, &self.message);
        }
        match representation {
            Representation::Json(_) => Reply::new(
                self.status,
                "application/json;charset=utf-8",
                json_error(Some(self.code), &self.message),
            ),
            Representation::Atom => {
                Reply::new(self.status, "application/xml;charset=utf-8", xml_error(self.code, &self.message))
            }
        }
        .with_header("DataServiceVersion", "3.0")
    }
}

fn json_string(text: &str) -> serde_json::Value {
    serde_json::Value::from(text)
}

fn json_error(code: Option<i32>, message: &str) -> String {
    let code = code.map(|code| format!("\"code\": \"{code}\",\n")).unwrap_or_default();
    let message = json_string(message);
    format!(
        "{{\n\"odata.error\": {{\n{code}\"message\": {{\n\"lang\": \"ru\",\n\"value\": {message}\n}}\n}}\n}}"
    )
}

fn xml_error(code: i32, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<m:error \
         xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\"><m:code>{code}</m:code>\
         <m:message>{}</m:message></m:error>",
        super::atom::escape(message)
    )
}

/// A page of the web server in front of 1C.
pub(super) fn html_page(status: u16, title: &str) -> Reply {
    let body = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body><h1>{title}</h1>\
         <hr>Microsoft-IIS/10.0</body></html>\n"
    );
    Reply::new(status, "text/html; charset=utf-8", body)
}

/// Nobody said who they are, or nobody believes them.
pub(super) fn unauthorized() -> Reply {
    html_page(401, "401 - Unauthorized: Access is denied due to invalid credentials.")
        .with_header("WWW-Authenticate", "Basic realm=\"1C:Enterprise 8.3\"")
}

/// The base is closed for maintenance: 403 in a shape of its own, with a byte order mark.
pub(super) fn maintenance(path: &str) -> Reply {
    let descr = serde_json::Value::from(format!(
        "HTTP: Forbidden\nОшибка при выполнении запроса GET к ресурсу {path}:"
    ));
    let body = format!(
        "\u{feff}{{\n\"#exception\": \"{{http://v8.1c.ru/8.2/virtual-resource-system}}Exception\",\n\
         \"exception\": {{\n\"reason\": 403,\n\"descr\": {descr},\n\
         \"inner\": {{\n\"descr\": \"Начало сеанса с информационной базой запрещено.\\nВедутся технические работы\",\n\
         \"inner\": {{\n\"descr\": \"Ведутся технические работы\",\n\"creationStack\": \"\",\n\"data\": \"77u/\"\n}}\n}}\n}}\n}}"
    );
    Reply::new(403, "application/json;charset=utf-8", body)
}

#[cfg(test)]
mod tests {
    use super::super::options::Metadata;
    use super::*;

    const JSON: Representation = Representation::Json(Metadata::Minimal);

    #[test]
    fn a_json_error_has_the_vendors_shape() {
        let reply = Refusal::unknown_set("Document_Нет").reply(JSON);
        let expected = "{\n\"odata.error\": {\n\"code\": \"8\",\n\"message\": {\n\"lang\": \"ru\",\n\
                        \"value\": \"Сущность 'Document_Нет' не найдена\"\n}\n}\n}";
        assert_eq!((reply.status, reply.text().as_str()), (404, expected));
    }

    #[test]
    fn an_xml_error_is_escaped() {
        let reply = Refusal::unknown_segment("<x>").reply(Representation::Atom);
        assert!(
            reply
                .text()
                .contains("<m:code>6</m:code><m:message>Сегмент пути &lt;x&gt; не найден!</m:message>")
        );
    }

    #[test]
    fn maintenance_is_json_after_a_byte_order_mark() {
        let text = maintenance("/trade").text();
        let json: serde_json::Value =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("JSON");
        assert_eq!(json["exception"]["inner"]["inner"]["descr"], "Ведутся технические работы");
    }
}
