mod base;
mod elsewhere;
mod fields;
mod journal;
mod owner_cards;
mod pages;
mod pointed;
mod sync;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

use super::*;
use crate::config;
use crate::dashboard::app::fixture::{self, feed, settle};
use crate::dashboard::app::{
    Answer, Ask, Code, Column, Effect, Event, Failure, Key, Mods, TaskKind, TaskReport, Views,
};
use crate::domain::{CustomerField, Figure};
use crate::engine::{ReadBy, Reading};
use crate::sync::event::{Outcome, ReadingPace};
use crate::text::Language;

/// Draws a state at its own size.
fn drawn(model: &Model, language: Language) -> Terminal<TestBackend> {
    let backend = TestBackend::new(model.size.width, model.size.height);
    let mut terminal = Terminal::new(backend).expect("a terminal");
    let look = Look::new(language);
    terminal.draw(|frame| draw(frame, model, &look)).expect("a frame");
    terminal
}

/// The screen as text. Hard spaces are shown as spaces, so that a snapshot can be read and compared.
fn screen(model: &Model, language: Language) -> String {
    drawn(model, language).backend().to_string().replace('\u{a0}', " ")
}

/// A failure that says this in every place.
fn hostile_failure(text: &str) -> Failure {
    let text = text.to_owned();
    Failure { code: text.clone(), message: text.clone(), remedy: text, ..Failure::default() }
}

fn press(model: &mut Model, code: Code) {
    let effects = feed(model, Event::Key(Key::plain(code)));
    settle(model, effects);
}

fn press_alt(model: &mut Model, letter: char) {
    press_alt_in(model, letter, Language::Russian);
}

fn press_alt_in(model: &mut Model, letter: char, language: Language) {
    let effects = fixture::alt(model, letter);
    obey(model, effects, language);
}

fn typed(model: &mut Model, text: &str) {
    for c in text.chars() {
        press(model, Code::Char(c));
    }
}

/// Presses a key; what it leads to is answered from the shop, pages are worded in this language.
fn press_in(model: &mut Model, key: Key, language: Language) {
    let effects = feed(model, Event::Key(key));
    obey(model, effects, language);
}

fn obey(model: &mut Model, effects: Vec<Effect>, language: Language) {
    for effect in effects {
        match effect {
            Effect::Word(subject) => {
                let text = words::page(model, &Look::new(language), subject);
                feed(model, Event::Worded(subject, text));
            }
            Effect::Ask(id, Ask::Portal(_)) => {
                let portal = Some(Box::new(fixture::portal()));
                let effects = feed(model, Event::Answered(id, Ok(Answer::Portal(portal))));
                obey(model, effects, language);
            }
            effect => settle(model, vec![effect]),
        }
    }
}

fn typed_in(model: &mut Model, text: &str, language: Language) {
    for c in text.chars() {
        press_in(model, Key::char(c), language);
    }
}

fn first_run(width: u16, height: u16) -> Model {
    fixture::empty(width, height)
}

fn syncing(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    press(&mut model, Code::F(5));
    for notice in fixture::notices() {
        fixture::told(&mut model, TaskReport::Notice(notice));
    }
    for second in 1..=20 {
        let mut progress = crate::sync::event::Progress {
            elapsed: std::time::Duration::from_secs(second * 2),
            pace: Some(ReadingPace::steady(second * 135, std::time::Duration::from_secs(second * 2))),
            ..fixture::progress()
        };
        progress.stages[3].done = second * second * 180;
        fixture::told(&mut model, TaskReport::Sync(Box::new(progress)));
    }
    fixture::told(&mut model, TaskReport::Sync(Box::new(fixture::progress())));
    model
}

fn done(width: u16, height: u16) -> Model {
    let mut model = syncing(width, height);
    let effects = fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    settle(&mut model, effects);
    typed(&mut model, "wfhmrjd");
    press(&mut model, Code::Enter);
    model
}

fn variance(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    let status = crate::dashboard::app::StoreStatus { variances: 1, ..fixture::status() };
    fixture::standing(&mut model, status);
    press(&mut model, Code::Down);
    press(&mut model, Code::Down);
    model
}

fn help(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    press(&mut model, Code::F(1));
    model
}

fn failed(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    press(&mut model, Code::F(5));
    fixture::synced(&mut model, Err(fixture::failure()));
    model
}

fn question(width: u16, height: u16) -> Model {
    let mut model = syncing(width, height);
    press(&mut model, Code::F(8));
    model
}

type Draw = fn(u16, u16, Language) -> Model;
type Scene = (&'static str, Draw);

fn sorted(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    typed(&mut model, "анн");
    press(&mut model, Code::Tab);
    press_alt(&mut model, '4');
    press(&mut model, Code::Down);
    model
}

fn filtered(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    press(&mut model, Code::F(2));
    press(&mut model, Code::Down);
    press(&mut model, Code::Enter);
    model
}

fn stale(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    let status = crate::dashboard::app::StoreStatus {
        stale_after: std::time::Duration::from_secs(60),
        before_window: 271,
        ..fixture::status()
    };
    fixture::standing(&mut model, status);
    model
}

fn in_window(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    fixture::standing(
        &mut model,
        crate::dashboard::app::StoreStatus { before_window: 271, ..fixture::status() },
    );
    for _ in 0..4 {
        press(&mut model, Code::Down);
    }
    model
}

fn connecting(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    press(&mut model, Code::F(5));
    model
}

fn cancelled(width: u16, height: u16) -> Model {
    let mut model = syncing(width, height);
    let effects = fixture::synced(&mut model, Ok(fixture::summary(Outcome::Cancelled)));
    settle(&mut model, effects);
    model
}

fn proving(width: u16, height: u16) -> Model {
    let mut model = syncing(width, height);
    let mut progress = fixture::progress();
    progress.stage = Some(crate::sync::event::Stage::ControlTotals);
    progress.overall = 98;
    for stage in &mut progress.stages[..5] {
        stage.state = crate::sync::event::StageState::Done;
    }
    progress.stages[5].state = crate::sync::event::StageState::Running;
    fixture::told(&mut model, TaskReport::Sync(Box::new(progress)));
    model
}

fn masked(width: u16, height: u16) -> Model {
    let mut model = sorted(width, height);
    press_alt(&mut model, 'p');
    model
}

fn offline(width: u16, height: u16) -> Model {
    let mut model = fixture::loaded(width, height);
    press(&mut model, Code::F(5));
    fixture::synced(&mut model, Err(fixture::failure()));
    press(&mut model, Code::Esc);
    model
}

/// The form of the first start: empty, being tried, refused.
fn no_settings(width: u16, height: u16) -> Model {
    fixture::with_form(width, height)
}

fn refused(width: u16, height: u16) -> Model {
    let mut model = fixture::with_form(width, height);
    for text in ["https://1c.example.ru/trade/odata/standard.odata", "odata.user", "tiger-42"] {
        feed(&mut model, Event::Pasted(text.to_owned()));
        press(&mut model, Code::Down);
    }
    press(&mut model, Code::Enter);
    fixture::end(&mut model, TaskKind::SetUp, Err(fixture::failure()));
    model
}

const SCENES: [Scene; 18] = [
    ("stale", |width, height, _| stale(width, height)),
    ("in_window", |width, height, _| in_window(width, height)),
    ("connecting", |width, height, _| connecting(width, height)),
    ("cancelled", |width, height, _| cancelled(width, height)),
    ("proving", |width, height, _| proving(width, height)),
    ("sorted", |width, height, _| sorted(width, height)),
    ("filtered", |width, height, _| filtered(width, height)),
    ("masked", |width, height, _| masked(width, height)),
    ("offline", |width, height, _| offline(width, height)),
    ("no_settings", |width, height, _| no_settings(width, height)),
    ("refused", |width, height, _| refused(width, height)),
    ("first_run", |width, height, _| first_run(width, height)),
    ("syncing", |width, height, _| syncing(width, height)),
    ("done", |width, height, _| done(width, height)),
    ("variance", |width, height, _| variance(width, height)),
    ("help", |width, height, _| help(width, height)),
    ("failed", |width, height, _| failed(width, height)),
    ("question", |width, height, _| question(width, height)),
];

type Seen = (u16, u16, Language);

/// In which sizes and languages a scene is seen: in the usual two, or in all. That none breaks is another test's.
fn sizes(in_every: bool) -> &'static [Seen] {
    use Language::{English, Russian};
    const SIZES: [Seen; 7] = [
        (80, 24, Russian),
        (140, 40, English),
        (80, 24, English),
        (140, 40, Russian),
        (60, 15, Russian),
        (60, 40, Russian),
        (200, 50, Russian),
    ];
    if in_every { &SIZES } else { &SIZES[..2] }
}

/// The sizes of a telephone, seen in one file.
const SMALL: [(u16, u16); 3] = [(40, 10), (30, 6), (20, 5)];

fn tag(language: Language) -> &'static str {
    if language == Language::Russian { "ru" } else { "en" }
}

/// All scenes, by the file they are set in, and those of them that are seen in every size: they have most to lose.
const FILES: [(&str, &[Scene], &[&str]); 3] = [
    ("", &SCENES, &["syncing", "variance", "help"]),
    ("base__", &base::SCENES, &["found"]),
    ("pages__", &pages::SCENES, &["explanation"]),
];

fn every_scene() -> impl Iterator<Item = &'static Scene> {
    FILES.into_iter().flat_map(|(_, scenes, _)| scenes)
}

#[test]
fn a_hidden_column_is_not_drawn_unless_the_list_is_sorted_by_it() {
    let mut model = fixture::loaded(140, 40);
    let hidden = [Column::Field(CustomerField::City), Column::Points];
    model.views = Views::kept(hidden, []);
    let head = |model: &Model| {
        let screen = screen(model, Language::English);
        screen
            .lines()
            .find(|line| line.contains("Customer  ") && line.contains("Phone"))
            .expect("a heading")
            .to_owned()
    };
    assert!(!head(&model).contains("City") && !head(&model).contains("Points"), "{}", head(&model));
    model.search.sort(Column::Points.order());
    assert!(head(&model).contains("Points"), "{}", head(&model));
}

#[test]
fn screens_in_both_languages_and_sizes() {
    for (file, scenes, in_every_size) in FILES {
        for (name, scene) in scenes {
            for (width, height, language) in sizes(in_every_size.contains(name)).iter().copied() {
                let screen = screen(&scene(width, height, language), language);
                insta::assert_snapshot!(format!("{file}{name}_{width}x{height}_{}", tag(language)), screen);
            }
            if in_every_size.contains(name) {
                let small = SMALL.map(|(width, height)| {
                    screen(&scene(width, height, Language::Russian), Language::Russian)
                });
                insta::assert_snapshot!(format!("{file}{name}_small_ru"), small.join("\n"));
            }
        }
    }
}

#[test]
fn u2_no_size_breaks_a_screen() {
    for (_, scene) in every_scene() {
        let mut model = scene(80, 24, Language::Russian);
        for width in [0, 1, 2, 3, 5, 7, 10, 14, 20, 24, 30, 39, 46, 60, 79, 90, 200] {
            for height in [0, 1, 2, 3, 5, 7, 9, 10, 14, 20, 24, 30, 39, 46, 60, 79, 90, 200] {
                let effects = feed(&mut model, Event::Resized(Size { width, height }));
                obey(&mut model, effects, Language::Russian);
                drawn(&model, Language::Russian);
            }
        }
    }
}

/// How long an edit that moves no sum may take to show is told by a sync in its summary; the screen says when all was read.
#[test]
fn after_a_delta_the_last_full_sync_is_told() {
    let mut model = done(140, 24);
    let told = "полная 13:";
    assert!(!screen(&model, Language::Russian).contains(told), "all was read");
    fixture::standing(&mut model, crate::dashboard::app::StoreStatus { deltas: 3, ..fixture::status() });
    assert!(screen(&model, Language::Russian).contains(told));
    model.sync.last = None;
    assert!(self::screen(&model, Language::Russian).contains(told), "from the session before");
}

#[test]
fn sums_and_codes_are_never_cut() {
    let model = variance(80, 24);
    for width in 22..200 {
        let mut model = model.clone();
        feed(&mut model, Event::Resized(ratatui::layout::Size { width, height: 40 }));
        press(&mut model, Code::Enter);
        let screen = screen(&model, Language::Russian);
        for sum in ["133 894,00", "132 694,00", "−1 200,00", "366 254,00"] {
            assert!(width < 40 || screen.contains(sum), "{sum} at {width} columns:\n{screen}");
        }
        let is_cut = |word: &str| {
            word.ends_with('…') && word.contains(|c: char| c.is_ascii_digit()) && word.contains(',')
        };
        assert!(!screen.split_whitespace().any(is_cut), "{screen}");
    }
}

#[test]
fn without_colours_no_cell_has_one_and_the_selection_is_still_seen() {
    let mut model = fixture::loaded(80, 24);
    model.looks.theme = config::Theme::Monochrome;
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
    let look = Look::new(Language::Russian);
    terminal.draw(|frame| draw(frame, &model, &look)).expect("a frame");
    let cells = terminal.backend().buffer().content();
    let colours = [ratatui::style::Color::Reset];
    assert!(cells.iter().all(|cell| colours.contains(&cell.fg) && colours.contains(&cell.bg)));
    assert!(cells.iter().any(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED)));
}

#[test]
fn a_masked_screen_shows_nothing_personal_and_every_sum() {
    let screen = screen(&masked(140, 40), Language::Russian);
    for personal in ["Царьк", "Анна", "Поиск: анн", "7978", "Симферополь", "tsarkova", "000371"]
    {
        assert!(!screen.contains(personal), "{personal}:\n{screen}");
    }
    assert!(screen.contains("365 054,00"), "{screen}");
}

/// What is not in the terminal's own style: where it begins, how it looks, what it says.
fn styled(model: &Model) -> String {
    let terminal = drawn(model, Language::Russian);
    let buffer = terminal.backend().buffer();
    let mut lines = Vec::new();
    for y in 0..buffer.area.height {
        let mut run: Option<(u16, ratatui::style::Style, String)> = None;
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            match &mut run {
                Some((_, style, text)) if *style == cell.style() => text.push_str(cell.symbol()),
                _ => {
                    lines
                        .extend(run.replace((x, cell.style(), cell.symbol().to_owned())).map(|run| (y, run)));
                }
            }
        }
        lines.extend(run.map(|run| (y, run)));
    }
    let is_own = |style: &ratatui::style::Style| *style == ratatui::buffer::Cell::default().style();
    let line = |(y, (x, style, text)): (u16, (u16, ratatui::style::Style, String))| {
        let text = text.replace('\u{a0}', " ");
        let (colour, ground) = (style.fg.unwrap_or_default(), style.bg.unwrap_or_default());
        let ground =
            if ground == ratatui::style::Color::Reset { String::new() } else { format!(" on {ground}") };
        format!("{y:>2}:{x:<3} {colour}{ground} {:?} {:?}", style.add_modifier, text.trim())
    };
    let lines = lines.into_iter().filter(|(_, (_, style, text))| !is_own(style) && !text.trim().is_empty());
    lines.map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn styles_with_colours_and_without() {
    for (name, scene) in
        [("done", done as fn(u16, u16) -> Model), ("variance", variance), ("syncing", syncing)]
    {
        let styles = config::Theme::BUILT_IN.map(|theme| {
            let mut model = scene(80, 24);
            model.looks.theme = theme;
            format!("{theme:?}\n{}", styled(&model))
        });
        insta::assert_snapshot!(format!("styles_{name}"), styles.join("\n"));
    }
}

#[test]
fn ascii_is_enough_for_every_scene_and_no_colour_is_needed() {
    for (name, scene) in every_scene() {
        let mut model = scene(80, 24, Language::English);
        model.looks.theme = config::Theme::Monochrome;
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
        let look = Look::new(Language::English).with_symbols(config::Symbols::Ascii);
        terminal.draw(|frame| draw(frame, &model, &look)).expect("a frame");
        let cells = terminal.backend().buffer().content();
        let symbols = cells.iter().flat_map(|cell| cell.symbol().chars());
        let foreign: Vec<char> = symbols.filter(|c| !c.is_ascii() && !c.is_alphabetic()).collect();
        assert!(foreign.is_empty(), "{name}: {foreign:?}");
        let colours = [ratatui::style::Color::Reset];
        assert!(cells.iter().all(|cell| colours.contains(&cell.fg) && colours.contains(&cell.bg)), "{name}");
    }
}

#[test]
fn night_and_day_have_their_own_ground_everywhere() {
    for (name, scene) in every_scene() {
        let mut model = scene(80, 24, Language::Russian);
        for theme in [config::Theme::Night, config::Theme::Day] {
            model.looks.theme = theme;
            let terminal = drawn(&model, Language::Russian);
            let cells = terminal.backend().buffer().content();
            let bare = cells.iter().filter(|cell| cell.bg == ratatui::style::Color::Reset).count();
            assert_eq!(bare, 0, "{name}, {theme:?}");
        }
    }
}

#[test]
fn what_was_found_is_marked_by_the_folding_that_found_it() {
    let model = sorted(140, 40);
    let terminal = drawn(&model, Language::Russian);
    let underlined =
        |cell: &&ratatui::buffer::Cell| cell.modifier.contains(ratatui::style::Modifier::UNDERLINED);
    let marked: String = terminal
        .backend()
        .buffer()
        .content()
        .iter()
        .filter(underlined)
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(marked, "АннАнн");
}

/// What must not reach a terminal: controls, overrides of direction, invisible characters.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

const HOSTILE: [&str; 6] = [
    "\u{1b}]52;c;cm0gLXJm\u{7}Анна",
    "\u{1b}[2J\u{9b}31mАнна\r\nBob",
    "\u{202e}аннА\u{2066}\u{200b}\u{feff}",
    "А\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}нна",
    "\u{2028}Анна\u{2029}\u{7f}\u{0}",
    "東京東京東京東京東京東京東京東京東京",
];

/// A shop whose every foreign text is hostile.
fn hostile(text: &str) -> Model {
    let mut model = fixture::fresh(140, 40);
    let mut reply = fixture::reply(&fixture::request(""));
    for row in &mut reply.rows {
        row.customer.name = text.to_owned();
        row.customer.code = text.to_owned();
        row.customer.phone = Some(text.to_owned());
        row.customer.city.as_mut().into_iter().for_each(|city| city.name = text.to_owned());
    }
    reply.read_as = Some(Reading { text: text.to_owned(), by: ReadBy::Typo });
    let mut detail = fixture::detail(fixture::card(3));
    detail.comparison.customer = reply.rows[0].customer.clone();
    detail.comparison.customer.email = Some(text.to_owned());
    let towns = Figure { onec: Some(text), stored: Some(text) };
    detail.comparison.differences[0].figure = towns.into();
    detail.purchases[0].product.as_mut().unwrap().name = text.to_owned();
    detail.recorders[0].recorder_type = crate::domain::RecorderType(text.into());
    let failure = hostile_failure(text);
    let status = crate::dashboard::app::StoreStatus {
        base: text.to_owned(),
        address: text.to_owned(),
        ..fixture::status()
    };
    feed(&mut model, Event::Started);
    fixture::standing(&mut model, status);
    for effect in fixture::end(&mut model, TaskKind::Search, Ok(Answer::Found(reply))) {
        if let Effect::Wait(timer, _) = effect {
            feed(&mut model, Event::Waited(timer));
        }
    }
    fixture::end(&mut model, TaskKind::Open, Ok(Answer::Opened(Box::new(detail))));
    fixture::synced(&mut model, Err(failure));
    feed(&mut model, Event::Pasted(text.to_owned()));
    model
}

#[test]
fn u5_foreign_text_cannot_steer_the_terminal() {
    for text in HOSTILE {
        let mut model = hostile(text);
        for section in 0..crate::dashboard::app::detail::Section::ALL.len() {
            let terminal = drawn(&model, Language::Russian);
            let symbols = terminal.backend().buffer().content().iter().map(ratatui::buffer::Cell::symbol);
            let forbidden = symbols.flat_map(str::chars).find(|c| is_forbidden(*c));
            assert_eq!(forbidden, None, "{text:?} in section {section}");
            let sent = sent(&model);
            assert_eq!(stray_control(&sent), None, "{text:?} in section {section}: {sent:?}");
            press(&mut model, Code::F(7));
        }
    }
}

/// What a real backend sends for a state.
fn sent(model: &Model) -> String {
    let mut bytes = Vec::new();
    let options = ratatui::TerminalOptions { viewport: ratatui::Viewport::Fixed(Rect::from(model.size)) };
    let backend = ratatui::backend::CrosstermBackend::new(&mut bytes);
    let mut terminal = Terminal::with_options(backend, options).expect("a terminal");
    let look = Look::new(Language::Russian);
    terminal.draw(|frame| draw(frame, model, &look)).expect("a frame");
    drop(terminal);
    String::from_utf8(bytes).expect("text")
}

/// The first control character outside the sequences that drawing is made of: moves, styles, the cursor.
fn stray_control(sent: &str) -> Option<char> {
    let mut rest = sent;
    while let Some(at) = rest.find(is_forbidden) {
        let Some(sequence) = rest[at..].strip_prefix("\u{1b}[") else { return rest[at..].chars().next() };
        let end = sequence.find(|c: char| !(c.is_ascii_digit() || matches!(c, ';' | '?' | ':')));
        match end.and_then(|end| sequence[end..].chars().next()) {
            Some('H' | 'm' | 'h' | 'l') => rest = sequence,
            other => return other,
        }
    }
    None
}

/// Where the frames of panes stand on a screen: every cell with an upright line.
fn uprights(cell: impl Fn(u16, u16) -> String, Size { width, height }: Size) -> Vec<(u16, u16)> {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    places.filter(|(x, y)| cell(*x, *y) == "│").collect()
}

/// The same as a terminal shows it that was sent the bytes of a real backend.
fn uprights_in_a_terminal(model: &Model) -> Vec<(u16, u16)> {
    let Size { width, height } = model.size;
    let mut parser = vt100::Parser::new(height, width, 0);
    // The emulator leaves out the replacement mark, which a terminal shows.
    parser.process(sent(model).replace('\u{fffd}', "?").as_bytes());
    let cell = |x, y| parser.screen().cell(y, x).map(|cell| cell.contents().to_owned()).unwrap_or_default();
    uprights(cell, model.size)
}

#[test]
fn u5_no_name_moves_a_column() {
    let plain = hostile("Анна");
    let expected = uprights_in_a_terminal(&plain);
    assert!(expected.len() > 100, "the frames stand");
    let wide = [
        "日本語日本語日本語日本語日本語",
        "👩\u{200d}🔧👩\u{200d}🔧 и\u{306}и\u{306}",
        "\u{115f}\u{1160}\u{3164}a",
        // Narrower as a whole than cluster by cluster.
        "🔧👩aa🔧🔧\u{200d}👩\u{fe0f}\u{1161}👩🔧",
        "لا إله",
    ];
    for text in HOSTILE.into_iter().chain(wide) {
        let model = hostile(text);
        assert_eq!(uprights_in_a_terminal(&model), expected, "{text:?}");
    }
}

/// Foreign text of every kind.
fn foreign() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\u{0}-\u{9f}\u{200b}-\u{206f}\u{300}-\u{310}\u{feff}a]{0,30}",
        "[\u{4e00}-\u{4eff}👩🔧\u{200d}\u{fe0f}\u{1100}-\u{11ff}]{0,30}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn u2_any_state_fits_any_size(
        scene in 0..SCENES.len(),
        width in prop_oneof![4 => 0_u16..300, 1 => any::<u16>()],
        height in prop_oneof![4 => 0_u16..100, 1 => any::<u16>()],
        text in foreign(),
    ) {
        // As high as a buffer of a bearable size allows: the layout itself must not care.
        let highest = u16::try_from(40_000 / u32::from(width.max(1))).unwrap_or(u16::MAX);
        let size = Size { width, height: height.min(highest) };
        for mut model in [SCENES[scene].1(80, 24, Language::Russian), hostile(&text)] {
            feed(&mut model, Event::Resized(size));
            let terminal = drawn(&model, Language::English);
            let symbols = terminal.backend().buffer().content().iter().map(ratatui::buffer::Cell::symbol);
            prop_assert_eq!(symbols.flat_map(str::chars).find(|c| is_forbidden(*c)), None);
        }
    }

    #[test]
    fn u5_no_foreign_text_reaches_a_terminal_as_it_is(text in foreign()) {
        let model = hostile(&text);
        prop_assert_eq!(stray_control(&sent(&model)), None);
        // A message about somebody of a long name takes another line from the panes below.
        let (found, expected) = (uprights_in_a_terminal(&model), uprights_in_a_terminal(&hostile("Анна")));
        let lowest = |of: &[(u16, u16)]| of.iter().map(|(_, y)| *y).max().unwrap_or_default();
        let last = lowest(&found).min(lowest(&expected));
        prop_assert!(last + 3 > lowest(&expected));
        let down_to = |of: &[(u16, u16)]| of.iter().copied().filter(|(_, y)| *y <= last).collect::<Vec<_>>();
        prop_assert_eq!(down_to(&found), down_to(&expected));
    }
}
