//! Settings: raw ones from file, environment and options become one checked [`Config`].
//!
//! ```text
//! system --Sources::find--> Sources --Config::load--> Draft --resolve--> Loaded
//!          (reads)                    (pure)                  (reads the secret)
//! ```
//! Defaults < file < `ONEC_*` < `SVERKA_*` < options. Only the outer two steps touch the system.

mod duration;
mod error;
mod example;
mod keys;
mod layer;
mod layers;
mod load;
mod permissions;
mod places;
mod redact;
mod secret;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::SecretString;

use crate::domain::PointsRule;
use crate::domain::packaging::Packaging;

pub use error::{AddressFault, CommandFault, ConfigError, Expected, Origin, Warning};
pub use example::{EXAMPLE, init};
pub use keys::variable;
pub use load::{Draft, Loaded, Overrides, SourceFile, Sources, config_path};
pub use permissions::store_warning;
pub use places::{Environment, Places, crash_report, language_of, symbols_of, theme_of};
pub use redact::{CodePage, Redactor, beginning, is_hidden};
pub use secret::SecretSource;

/// All settings, checked. Every module takes only the part it needs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How to reach 1C.
    pub onec: OneC,
    /// What this configuration of 1C calls things.
    pub names: Names,
    /// What to sync, and when.
    pub sync: Sync,
    /// Which rule gives the points.
    pub points: PointsRule,
    /// Where the store is.
    pub store: PathBuf,
    /// How the program shows itself.
    pub ui: Ui,
    /// Keys that other actions than usual are on.
    pub keys: Vec<KeyWish>,
}

/// Keys for an action of the dashboard. What the names mean is the dashboard's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyWish {
    /// The action's name: the key below `[keys]`.
    pub action: &'static str,
    /// The keys, as written.
    pub keys: Vec<String>,
    /// Where.
    pub at: Origin,
}

/// How to reach 1C. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct OneC {
    /// Service root, ending in `/odata/standard.odata`, without credentials and without a slash at the end.
    pub url: String,
    /// Login; may be Cyrillic.
    pub user: String,
    /// Password.
    pub password: SecretString,
    /// Zone of the infobase: 1C's dates carry none.
    pub timezone: Tz,
    /// Rows per page to begin with.
    pub page_size: u32,
    /// Requests at once.
    pub in_flight: usize,
    /// Time to reach the server.
    pub connect_timeout: Duration,
    /// Longest silence inside a reply.
    pub read_timeout: Duration,
    /// Repeats of one request after the first try.
    pub retries: u32,
    /// Pause before the first repeat; doubles with every further one.
    pub backoff: Duration,
    /// A certificate authority of one's own, PEM.
    pub ca_file: Option<PathBuf>,
    /// Proxy address.
    pub proxy: Option<String>,
    /// Believe any certificate. Never suggested, always visible.
    pub accept_invalid_certificates: bool,
}

/// The defaults; where 1C is and who asks have none and are empty.
impl Default for OneC {
    fn default() -> Self {
        Self {
            url: String::new(),
            user: String::new(),
            password: SecretString::default(),
            timezone: Tz::Europe__Simferopol,
            page_size: 1_000,
            in_flight: 2,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(180),
            retries: 5,
            backoff: Duration::from_millis(500),
            ca_file: None,
            proxy: None,
            accept_invalid_certificates: false,
        }
    }
}

impl OneC {
    /// The server's name and port, where the address has them.
    pub fn host_and_port(&self) -> Option<(String, u16)> {
        let url = reqwest::Url::parse(&self.url).ok()?;
        Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
    }
}

/// Names of sets and fields, as this configuration of 1C has them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Names {
    /// Catalog of discount cards.
    pub cards: String,
    /// Key of the owner in a card.
    pub card_owner: String,
    /// Code of a card.
    pub card_code: String,
    /// Bar code of a card, usually the phone.
    pub card_phone: String,
    /// Catalog of owners.
    pub owners: String,
    /// Full name of an owner.
    pub owner_full_name: String,
    /// Personal name of an owner.
    pub owner_person: String,
    /// Main details of an owner: text of several lines.
    pub owner_details: String,
    /// Structured address of an owner (`Состав`).
    pub owner_address: String,
    /// Phone of an owner as kept for searching.
    pub owner_phone: String,
    /// E-mail of an owner as kept for searching.
    pub owner_email: String,
    /// Contact rows of an owner.
    pub owner_contacts: String,
    /// Catalog of products.
    pub products: String,
    /// Article of a product.
    pub product_article: String,
    /// Register of sales by discount card, without `_RecordType`.
    pub sales: String,
    /// Card of a sale.
    pub sales_card: String,
    /// Product of a sale.
    pub sales_product: String,
    /// Amount of a sale.
    pub sales_amount: String,
    /// Quantity of a sale.
    pub sales_quantity: String,
    /// Register of bonus points, without `_RecordType`.
    pub points: String,
    /// Card of a bonus row.
    pub points_card: String,
    /// Points accrued.
    pub points_accrued: String,
    /// Points to be written off.
    pub points_to_write_off: String,
    /// Parts of recorder types that make a movement an opening balance.
    pub opening_balance: Vec<String>,
    /// Recorder types whose rows are left out.
    pub ignored_recorders: Vec<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            cards: "Catalog_ДисконтныеКарты".into(),
            card_owner: "ВладелецКарты_Key".into(),
            card_code: "Code".into(),
            card_phone: "КодКартыШтрихкод".into(),
            owners: "Catalog_Контрагенты".into(),
            owner_full_name: "НаименованиеПолное".into(),
            owner_person: "ФИО".into(),
            owner_details: "ОсновныеСведения".into(),
            owner_address: "Состав".into(),
            owner_phone: "НомерТелефонаДляПоиска".into(),
            owner_email: "АдресЭПДляПоиска".into(),
            owner_contacts: "КонтактнаяИнформация".into(),
            products: "Catalog_Номенклатура".into(),
            product_article: "Артикул".into(),
            sales: "AccumulationRegister_ПродажиПоДисконтнымКартам".into(),
            sales_card: "ДисконтнаяКарта_Key".into(),
            sales_product: "Номенклатура_Key".into(),
            sales_amount: "Сумма".into(),
            sales_quantity: "Количество".into(),
            points: "AccumulationRegister_БонусныеБаллы".into(),
            points_card: "БонуснаяКарта_Key".into(),
            points_accrued: "Начислено".into(),
            points_to_write_off: "КСписанию".into(),
            opening_balance: vec!["ВводНачальныхОстатков".into()],
            ignored_recorders: Vec::new(),
        }
    }
}

impl Names {
    /// The names of sets and fields that are not the usual ones, by their key.
    pub fn unusual(&self) -> BTreeMap<String, String> {
        let usual = Self::default();
        let mut unusual = BTreeMap::new();
        macro_rules! take {
            ($($name:ident)*) => {
                // A name that is added has to be told of, or left out on purpose.
                let Self { $($name,)* opening_balance: _, ignored_recorders: _ } = self;
                $(if *$name != usual.$name {
                    unusual.insert(stringify!($name).to_owned(), $name.clone());
                })*
            };
        }
        take! {
            cards card_owner card_code card_phone
            owners owner_full_name owner_person owner_details owner_address owner_phone owner_email owner_contacts
            products product_article
            sales sales_card sales_product sales_amount sales_quantity
            points points_card points_accrued points_to_write_off
        }
        unusual
    }
}

/// What to sync, and when.
#[derive(Clone, Debug)]
pub struct Sync {
    /// Window of purchases in days; 0 is all history.
    pub days: u32,
    /// Cards to read; 0 is all.
    pub limit: u64,
    /// How often the dashboard syncs by itself; `None`: only when asked.
    pub every: Option<Duration>,
    /// Everything is read again after so long a time, though deltas were asked for.
    pub full_every: Duration,
    /// The last so long a time is read again by every delta, with the future.
    pub recent: Duration,
    /// How long a sync that was cut off may be taken up again.
    pub resume_within: Duration,
    /// Age at which stored figures are called stale.
    pub stale_after: Duration,
    /// Pause before the second look at a sudden loss.
    pub second_look_after: Duration,
    /// Words that make a product packaging.
    pub packaging: Packaging,
}

/// The words that make a product packaging unless configured otherwise.
const PACKAGING: [&str; 16] = [
    "мешочек",
    "мешок",
    "пакет",
    "салфетка",
    "коробка",
    "упаковка",
    "конверт",
    "футляр",
    "чехол",
    "обертка",
    "bag",
    "box",
    "pack",
    "wrap",
    "case",
    "pouch",
];

impl Default for Sync {
    fn default() -> Self {
        Self {
            days: 365,
            limit: 0,
            every: None,
            full_every: Duration::from_secs(7 * 86_400),
            recent: Duration::from_secs(3 * 86_400),
            resume_within: Duration::from_secs(6 * 3_600),
            stale_after: Duration::from_secs(86_400),
            second_look_after: Duration::from_secs(30),
            packaging: Packaging::new(PACKAGING),
        }
    }
}

/// The language of what users see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Russian.
    #[default]
    Russian,
    /// English.
    English,
}

/// The colours of the dashboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// The terminal's own colours.
    #[default]
    Terminal,
    /// Its own colours on its own dark background, in 24 bits.
    Night,
    /// No colours, modifiers only.
    Monochrome,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Terminal, Self::Night, Self::Monochrome];

    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Night => "night",
            Self::Monochrome => "monochrome",
        }
    }
}

/// What frames, marks and bars are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Symbols {
    /// Lines, blocks and marks of Unicode.
    #[default]
    Unicode,
    /// ASCII alone, for terminals that have nothing else.
    Ascii,
}

/// How the program shows itself.
#[derive(Clone, Debug)]
pub struct Ui {
    /// Language, already decided.
    pub language: Language,
    /// Pause after the last letter before a search starts.
    pub debounce: Duration,
    /// Colours, already decided (`NO_COLOR` included).
    pub theme: Theme,
    /// Nobody decided the colours: what was last chosen on the screen may.
    pub is_theme_free: bool,
    /// Frames, marks and bars, already decided.
    pub symbols: Symbols,
    /// Where the dashboard keeps its small state; `None` where nothing is kept.
    pub state: Option<PathBuf>,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            language: Language::default(),
            debounce: Duration::from_millis(150),
            theme: Theme::default(),
            is_theme_free: false,
            symbols: Symbols::default(),
            state: None,
        }
    }
}
