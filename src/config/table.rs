//! The table of settings: a row each, which says all there is to say. What the file, the environment and options may
//! contain, how it is checked, the defaults, the example that `init` writes and the page of settings come from here.

use super::setting::Setting;
use super::setting::Takes::{
    Address, Choice, Colours, Credential, Duration, Every, File, Flag, Folder, Hours, Keys, Listen, Name,
    Number, Packaging, Password, Proxy, Secret, SomeDuration, SomeText, User, Words, Zone,
};
use super::{Alert, LogFormat, LogLevel, Symbols};
use sverka_postgres::Flavour;

use crate::domain::PointsRule;
use crate::text::Language;

/// Rows as the example shows them: what a setting does, its key, what it takes, and what is shown where nothing is set.
macro_rules! settings {
    ($($(#[doc = $about:literal])* $path:literal: $takes:expr $(, shown $shown:literal)?;)*) => {
        &[$(Setting { path: $path, takes: $takes, about: concat!($($about, "\n"),*), shown: concat!($($shown)?) }),*]
    };
}

/// Every setting there is.
pub(super) static SETTINGS: &[Setting] = settings! {
    /// The service root of the infobase. No login or password in here: they have keys of their own.
    "onec.url": Address(|c| &mut c.onec.url), shown "https://1c.example.ru/base/odata/standard.odata";

    /// A user of 1C with 1C:Enterprise authentication and the right to use the standard OData interface.
    /// Reading is all sverka ever does.
    "onec.user": User(|c| &mut c.onec.user), shown "odata.user";

    /// The password, by one of four ways. It goes only to the host it was given for: an address from the environment
    /// needs a password from there, too. A file that other users can change may not name a command.
    /// The ways: a credential of systemd (the service needs LoadCredential=onec:FILE), a file, a command that prints
    /// it (ten seconds at most, without asking anything), or the password itself, in which case this file must be
    /// readable by you alone.
    "onec.password_credential": Secret, shown "onec";
    "onec.password_file": Secret, shown "/etc/sverka/password";
    "onec.password_command": Secret, shown "secret-tool lookup service sverka";
    "onec.password": Secret, shown "…";

    /// The zone the infobase lives in: 1C's dates carry none.
    "onec.timezone": Zone(|c| &mut c.onec.timezone);

    /// Rows asked for at once: from 1 000 on twice as many lines of registers, and ten times as many of which a few fields
    /// are read. Shrinks by itself where 1C cuts pages short, and grows back.
    "onec.page_size": Number(1, 100_000, |c| &mut c.onec.page_size);

    /// Requests at the same time. Sessions of 1C are scarce: two is polite.
    "onec.in_flight": Number(1, 16, |c| &mut c.onec.in_flight);

    /// How long to wait for a connection, and how long a reply may be silent.
    "onec.connect_timeout": SomeDuration(|c| &mut c.onec.connect_timeout);
    "onec.read_timeout": SomeDuration(|c| &mut c.onec.read_timeout);

    /// How long a check of a customer goes on trying a 1C that does not answer: somebody waits for it. A sync does not
    /// hurry: it goes by the repeats below.
    "onec.patience": SomeDuration(|c| &mut c.onec.patience);

    /// Repeats of one request after the first try, and the pause before the first of them; it doubles each time.
    "onec.retries": Number(0, 20, |c| &mut c.onec.retries);
    "onec.backoff": Duration(|c| &mut c.onec.backoff);

    /// A certificate authority of your own, PEM.
    "onec.ca_file": File(|c| &mut c.onec.ca_file), shown "/etc/ssl/company-ca.pem";

    /// A proxy, without login or password.
    "onec.proxy": Proxy(|c| &mut c.onec.proxy), shown "http://proxy.example.ru:3128";

    /// Believes any certificate, so that anybody on the way can read the password. The screen says so all the time.
    "onec.accept_invalid_certificates": Flag(|c| &mut c.onec.accept_invalid_certificates);

    /// Discount cards: the catalog and its fields.
    "onec.names.cards": Name(|c| &mut c.names.cards);
    "onec.names.card_owner": Name(|c| &mut c.names.card_owner);
    "onec.names.card_code": Name(|c| &mut c.names.card_code);
    "onec.names.card_phone": Name(|c| &mut c.names.card_phone);
    "onec.names.card_invalid": Name(|c| &mut c.names.card_invalid);

    /// Their owners: the catalog and its fields.
    "onec.names.owners": Name(|c| &mut c.names.owners);
    "onec.names.owner_full_name": Name(|c| &mut c.names.owner_full_name);
    "onec.names.owner_person": Name(|c| &mut c.names.owner_person);
    "onec.names.owner_details": Name(|c| &mut c.names.owner_details);
    "onec.names.owner_address": Name(|c| &mut c.names.owner_address);
    "onec.names.owner_phone": Name(|c| &mut c.names.owner_phone);
    "onec.names.owner_email": Name(|c| &mut c.names.owner_email);
    "onec.names.owner_contacts": Name(|c| &mut c.names.owner_contacts);
    "onec.names.owner_birthday": Name(|c| &mut c.names.owner_birthday);

    /// Products.
    "onec.names.products": Name(|c| &mut c.names.products);
    "onec.names.product_article": Name(|c| &mut c.names.product_article);

    /// The register of sales by discount card, without `_RecordType`.
    "onec.names.sales": Name(|c| &mut c.names.sales);
    "onec.names.sales_card": Name(|c| &mut c.names.sales_card);
    "onec.names.sales_product": Name(|c| &mut c.names.sales_product);
    "onec.names.sales_amount": Name(|c| &mut c.names.sales_amount);
    "onec.names.sales_quantity": Name(|c| &mut c.names.sales_quantity);

    /// The register of bonus points, without `_RecordType`.
    "onec.names.points": Name(|c| &mut c.names.points);
    "onec.names.points_card": Name(|c| &mut c.names.points_card);
    "onec.names.points_accrued": Name(|c| &mut c.names.points_accrued);
    "onec.names.points_to_write_off": Name(|c| &mut c.names.points_to_write_off);

    /// A movement is an opening balance where the type of its document contains one of these, letter case and all.
    /// Which documents write the sales of your base, and the line that fits it, `sverka doctor` tells. No balances
    /// carried over: [].
    "onec.names.opening_balance": Words(|c| &mut c.names.opening_balance);

    /// Types of documents that are purchases, whatever they look like: a document that has written no sales for long looks
    /// like one that carried balances over.
    "onec.names.purchase_recorders": Words(|c| &mut c.names.purchase_recorders);

    /// Types of documents to leave out, where two of them carry the same sale.
    "onec.names.ignored_recorders": Words(|c| &mut c.names.ignored_recorders);

    // A century is more history than any shop has, and keeps the window inside the calendar.
    /// Purchases to keep: the last so many days; 0 keeps all history.
    "sync.days": Number(0, 36_500, |c| &mut c.sync.days);

    /// Cards to read; 0 reads all. A limit never removes what it did not read.
    "sync.limit": Number(0, u64::MAX, |c| &mut c.sync.limit);

    /// How often the engine, or the dashboard where none runs, syncs by itself; not set: only when asked.
    "sync.every": Every(|c| &mut c.sync.every), shown "4h";

    /// Hours in which no sync begins by itself, by 1C's clock; not set: there are none. What begins later is begun at their
    /// end; whoever asks for a sync gets it at any hour.
    "sync.quiet": Hours(|c| &mut c.sync.quiet), shown "23:00-06:00";

    /// How much later at most a sync of the engine begins by itself, at random: so that several stores do not ask one 1C all
    /// at once.
    "sync.jitter": Duration(|c| &mut c.sync.jitter);

    /// How often a delta is a full sync all the same. A delta (`sync --delta`, and what the dashboard does by itself)
    /// reads what changed; everything is read again after so long a time, "0s": always.
    "sync.full_every": Duration(|c| &mut c.sync.full_every);

    /// What a delta reads again whatever 1C's totals say: the last so long a time, with the future.
    "sync.recent": Duration(|c| &mut c.sync.recent);

    /// How long a sync that was cut off may be taken up again; what it had read is confirmed first. "0s": it always
    /// begins anew.
    "sync.resume_within": Duration(|c| &mut c.sync.resume_within);

    /// Data older than this are called stale.
    "sync.stale_after": SomeDuration(|c| &mut c.sync.stale_after);

    /// Pause before a second look where a fifth and at least fifty of anything suddenly vanished from 1C.
    "sync.second_look_after": Duration(|c| &mut c.sync.second_look_after);

    /// A command of the shell that is run after a sync that failed (`failure`), that found cards which differ from 1C
    /// (`variance`), or that failed while the data are older than they may be (`stale`). The event and its facts are in
    /// its environment (SVERKA_EVENT, SVERKA_CODE…) and on its input as JSON, see docs/operations.md. It has half a
    /// minute, and what it does changes nothing of the sync. A file that other users can change may not name it.
    "sync.on_event": SomeText(|c| &mut c.sync.on_event), shown "mail -s \"sverka: $SVERKA_EVENT\" admin@example.ru";

    /// A product whose name contains one of these words is packaging: left out of lists and counts, never of sums.
    "sync.packaging": Packaging(|c| &mut c.sync.packaging);

    /// Which figure is the customer's points: that of the last record, as the shop's portal has it
    /// ("last-record"), or the balance of the register, as 1C's own screen has it ("register-balance").
    "points.rule": Choice(&[
        ("last-record", |c| c.points = PointsRule::LastRecord),
        ("register-balance", |c| c.points = PointsRule::RegisterBalance),
    ]);

    /// Where the data are kept; not set: sverka/sverka.redb in the platform's data folder.
    "store.path": Folder(|c| &mut c.store), shown "~/.local/share/sverka/sverka.redb";

    /// The language: "ru", "en", or "auto": English where the locale begins with `en`, else Russian.
    "ui.language": Choice(&[
        ("auto", |_| {}),
        ("ru", |c| c.ui.language = Language::Russian),
        ("en", |c| c.ui.language = Language::English),
    ]);

    /// Pause after the last letter before a search starts.
    "ui.debounce": Duration(|c| &mut c.ui.debounce);

    /// Whether the dashboard compares whoever is opened with 1C by itself: points and town are known without a key. At
    /// most one at a time and twenty a minute, never while a sync runs, and quietly.
    "ui.check_opened": Flag(|c| &mut c.ui.checks_opened);

    /// The colours: "terminal" (the terminal's own), "night" and "day" (24-bit colours on a dark ground or a
    /// light one), "monochrome", the name of a file in the folder themes beside this one, or "auto": what was last chosen
    /// on the screen. Where NO_COLOR is set there are none.
    "ui.theme": Colours;

    /// Whether the title of the terminal's window tells how things stand: ✓, ✗, or how far a sync is.
    "ui.title": Flag(|c| &mut c.ui.has_title);

    /// Whether the terminal shows the progress of a sync in its tab or the task bar (OSC 9;4): "on", "off", or "auto": in
    /// terminals that are known to.
    "ui.progress": Choice(&[
        ("auto", |c| c.ui.has_progress = None),
        ("on", |c| c.ui.has_progress = Some(true)),
        ("off", |c| c.ui.has_progress = Some(false)),
    ]);

    /// How the end of a sync that took longer than a minute is told: "bell", "notification" (OSC 777), or "off".
    "ui.alert": Choice(&[
        ("bell", |c| c.ui.alert = Alert::Bell),
        ("notification", |c| c.ui.alert = Alert::Notification),
        ("off", |c| c.ui.alert = Alert::Off),
    ]);

    /// Frames, marks and bars: "unicode", "ascii", or "auto": ASCII where the locale is not UTF-8, and on the console.
    "ui.symbols": Choice(&[
        ("auto", |_| {}),
        ("unicode", |c| c.ui.symbols = Symbols::Unicode),
        ("ascii", |c| c.ui.symbols = Symbols::Ascii),
    ]);

    /// Least time between two frames that show running numbers, for narrow lines; not set: 0.1 seconds, 0.25 over SSH,
    /// two seconds with `--low-bandwidth`. What is typed is shown at once all the same.
    "ui.frame_interval": Every(|c| &mut c.ui.frame_interval), shown "2s";

    /// Where it is written down what happens, for its owner alone; not set: sverka/sverka.log in the platform's folder
    /// of states. Nothing personal and no secret is in it.
    "log.file": File(|c| &mut c.log.file), shown "~/.local/state/sverka/sverka.log";

    /// What is worth a line: "error", "warn", "info", "debug", or "off": nothing is written.
    "log.level": Choice(&[
        ("info", |c| c.log.level = LogLevel::Info),
        ("error", |c| c.log.level = LogLevel::Error),
        ("warn", |c| c.log.level = LogLevel::Warn),
        ("debug", |c| c.log.level = LogLevel::Debug),
        ("off", |c| c.log.level = LogLevel::Off),
    ]);

    /// How a line is written: "text", or "json": an object a line.
    "log.format": Choice(&[
        ("text", |c| c.log.format = LogFormat::Text),
        ("json", |c| c.log.format = LogFormat::Json),
    ]);

    /// Size of one file in MiB; a full one becomes sverka.log.1, the one before it sverka.log.2, and so on.
    "log.size": Number(1, 1_000, |c| &mut c.log.size);

    /// Files kept, the one that is written included.
    "log.files": Number(1, 100, |c| &mut c.log.files);

    /// Where the engine (`sverka engine`) is reached on this machine: a socket for its owner alone; not set: beside the
    /// store, called like it, with the ending sock. A path of at most 100 characters.
    "engine.socket": File(|c| &mut c.engine.socket), shown "/run/sverka/sverka.sock";

    /// Whether the dashboard starts an engine where none runs, so that a sync does not end with the terminal; and how long
    /// that one goes on when nobody watches, nothing runs and nothing is scheduled.
    "engine.on_demand": Flag(|c| &mut c.engine.is_on_demand);
    "engine.linger": Duration(|c| &mut c.engine.linger);

    /// Where it listens for TCP; not set: nowhere. It needs a token then. An address that other machines can reach is
    /// refused without TLS: a certificate of its own, or a proxy in front of it.
    "engine.listen": Listen(|c| &mut c.engine.listen), shown "127.0.0.1:8000";

    /// The token that whoever comes by TCP has to bring: a file with one line of at least 128 random bits
    /// (`openssl rand -hex 32`), or a credential of systemd (LoadCredential=sverka-token:FILE).
    "engine.token_file": File(|c| &mut c.engine.token_file), shown "/etc/sverka/token";
    "engine.token_credential": Credential(|c| &mut c.engine.token_credential), shown "sverka-token";

    /// A second token, which may only read what is stored.
    "engine.read_token_file": File(|c| &mut c.engine.read_token_file), shown "/etc/sverka/read-token";

    /// TLS at that address: a certificate for the name it is called by, behind it those of the authorities in between, and
    /// its private key, as PEM. They are read anew when they change. Where they are set nothing else is spoken there.
    "engine.certificate_file": File(|c| &mut c.engine.certificate_file), shown "/etc/sverka/engine.pem";
    "engine.key_file": File(|c| &mut c.engine.key_file), shown "/etc/sverka/engine.key";

    /// A group of users who may use the socket as its owner does.
    "engine.group": SomeText(|c| &mut c.engine.group), shown "sverka";

    /// Whether a proxy that brings TLS stands in front of it: then it may listen on any address, and answers to any name.
    "engine.behind_proxy": Flag(|c| &mut c.engine.is_behind_proxy);

    /// A database of PostgreSQL's kind that every sync is mirrored into; not set: there is no mirror. A URL or libpq's
    /// pairs, without a password; what it leaves open libpq's variables say (PGHOST, PGUSER…). Anything but this machine is
    /// reached with verified certificates unless sslmode says otherwise; see docs/mirror.md.
    "mirror.url": SomeText(|c| &mut c.mirror.database.url), shown "postgres://sverka@db.example.ru/portal";

    /// Its password, by the ways of 1C's.
    "mirror.password_credential": Credential(|c| &mut c.mirror.database.password_credential), shown "mirror";
    "mirror.password_file": File(|c| &mut c.mirror.database.password_file), shown "/etc/sverka/mirror-password";
    "mirror.password_command": SomeText(|c| &mut c.mirror.database.password_command), shown "secret-tool lookup service sverka-mirror";
    "mirror.password": Password(|c| &mut c.mirror.database.password), shown "…";

    /// The schema of the mirror; not set: sverka.
    "mirror.schema": SomeText(|c| &mut c.mirror.schema), shown "sverka";

    /// Which kind of database it is: "postgres", "cockroach", "yugabyte", "citus", or "auto": as it says itself.
    "mirror.flavour": Choice(&[
        ("auto", |c| c.mirror.flavour = Flavour::Auto),
        ("postgres", |c| c.mirror.flavour = Flavour::Postgres),
        ("cockroach", |c| c.mirror.flavour = Flavour::Cockroach),
        ("yugabyte", |c| c.mirror.flavour = Flavour::Yugabyte),
        ("citus", |c| c.mirror.flavour = Flavour::Citus),
    ]);

    /// A role that may read what the mirror shows, where the database has it; not set: sverka_reader.
    "mirror.reader": SomeText(|c| &mut c.mirror.reader), shown "sverka_reader";

    /// The database of the shop's portal: `check` asks it what it shows of the customer, as a third column beside 1C and
    /// sverka; not set: it is not asked. It is only read. Libpq's variables say nothing of it.
    "portal.url": SomeText(|c| &mut c.portal.database.url), shown "postgres://reader@db.example.ru/portal";

    /// Its password, by the ways of 1C's.
    "portal.password_credential": Credential(|c| &mut c.portal.database.password_credential), shown "portal";
    "portal.password_file": File(|c| &mut c.portal.database.password_file), shown "/etc/sverka/portal-password";
    "portal.password_command": SomeText(|c| &mut c.portal.database.password_command), shown "secret-tool lookup service portal";
    "portal.password": Password(|c| &mut c.portal.database.password), shown "…";

    /// A query for each figure, of two columns: by what the portal knows the customer (key, code or bar code of the card,
    /// or phone), and the figure: roubles, points, or the town. Not set: those of a portal with `users` and
    /// `purchase_history` in kopecks, without opening balances.
    "portal.total": SomeText(|c| &mut c.portal.total), shown "select phone, total from customers";
    "portal.purchases": SomeText(|c| &mut c.portal.purchases), shown "select phone, purchases from customers";
    "portal.opening_balance": SomeText(|c| &mut c.portal.opening_balance), shown "select phone, carried_over from customers";
    "portal.points": SomeText(|c| &mut c.portal.points), shown "select phone, points from customers";
    "portal.city": SomeText(|c| &mut c.portal.city), shown "select phone, city from customers";

    "keys.help": Keys(&["F1", "?", ","]);
    "keys.palette": Keys(&["Ctrl+K", ":"]);
    "keys.find": Keys(&["F3", "/", "."]);
    "keys.recent": Keys(&["Ctrl+R"]);
    "keys.find_line": Keys(&["Ctrl+F"]);
    "keys.older_query": Keys(&["Alt+Up", "Ctrl+P"]);
    "keys.newer_query": Keys(&["Alt+Down", "Ctrl+N"]);
    "keys.view": Keys(&["F2", "v"]);
    "keys.filter": Keys(&["Alt+F", "f"]);
    "keys.city": Keys(&["Alt+C", "c"]);
    "keys.owner_cards": Keys(&["Alt+L"]);
    "keys.sort": Keys(&["Alt+S", "s"]);
    "keys.turn_round": Keys(&["Alt+R", "S"]);
    "keys.check": Keys(&["F4", "r"]);
    "keys.explain": Keys(&["Alt+E", "e"]);
    "keys.raw_answer": Keys(&["Alt+A", "a"]);
    "keys.portal": Keys(&["F9", "b"]);
    "keys.answer": Keys(&["Alt+O", "Alt+J"]);
    "keys.copy": Keys(&["Alt+Y", "y"]);
    "keys.copy_json": Keys(&["Alt+N", "J"]);
    "keys.save": Keys(&["Alt+W", "Y"]);
    "keys.pick": Keys(&["Alt+D", "C"]);
    "keys.sync": Keys(&["F5"]);
    "keys.cancel": Keys(&["Alt+X", "x"]);
    "keys.reconcile": Keys(&["F12", "R"]);
    "keys.document_types": Keys(&["Alt+V"]);
    "keys.engine": Keys(&["Alt+G"]);
    "keys.journal": Keys(&["F6", "L"]);
    "keys.section": Keys(&["F7", "Right", "l"]);
    "keys.previous_section": Keys(&["Left", "h"]);
    "keys.quit": Keys(&["F8", "F10", "q"]);
    "keys.next_pane": Keys(&["Tab"]);
    "keys.previous_pane": Keys(&["Shift+Tab"]);
    "keys.up": Keys(&["Up", "k"]);
    "keys.down": Keys(&["Down", "j"]);
    "keys.page_up": Keys(&["PgUp"]);
    "keys.page_down": Keys(&["PgDn"]);
    "keys.first": Keys(&["Home", "g"]);
    "keys.last": Keys(&["End", "G"]);
    "keys.open": Keys(&["Enter", "Space"]);
    "keys.back": Keys(&["Esc"]);
    "keys.redraw": Keys(&["Ctrl+L"]);
    "keys.suspend": Keys(&["Ctrl+Z"]);
    "keys.mask": Keys(&["Alt+P", "p"]);
    "keys.theme": Keys(&["Alt+T", "t"]);
    "keys.mouse": Keys(&["Alt+M", "m"]);
};

/// Every section, outer ones first, with what is said of it before its first setting.
pub(super) const SECTIONS: [(&str, &str); 11] = [
    ("onec", ""),
    (
        "onec.names",
        "What your configuration of 1C calls things. `sverka doctor` tells which names it does not find.\n\
         A sync cannot do without cards, owners and sales, nor, in the registers that are published, without the card\n\
         and the amounts. Any other set or field that is not there is a value that is not there.",
    ),
    ("sync", ""),
    ("points", ""),
    ("store", ""),
    ("ui", ""),
    ("log", ""),
    ("engine", ""),
    ("mirror", ""),
    ("portal", ""),
    (
        "keys",
        "Keys of the dashboard, for whoever wants others: the keys named here replace all those an action has. Letters\n\
         go by the place of their key, so \"q\" is \"й\" under the Russian layout; on their own they are commands only in\n\
         what lies over the customers: elsewhere they begin a search. Written so: \"F8\", \"Alt+E\", \"q\", \"G\", \"Ctrl+L\",\n\
         \"Alt+Up\", \"Shift+Tab\", \"Space\", \"PgDn\". A key that two actions would have is refused. Ctrl+C always ends\n\
         the program.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odata::Names;

    #[test]
    fn every_name_of_1c_can_be_set() {
        for key in Names::keys() {
            let path = format!("onec.names.{key}");
            assert!(SETTINGS.iter().any(|setting| setting.path == path), "{path}");
        }
    }
}
