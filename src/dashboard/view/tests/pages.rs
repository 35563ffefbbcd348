use super::super::words;
use super::*;
use crate::dashboard::app::StoreStatus;
use crate::dashboard::app::detail::Section;
use crate::dashboard::app::model::{Message, Passing};
use crate::dashboard::app::page::{Cell, Copied, CopyPlace};
use crate::dashboard::app::{CopySubject, Form, LiveCheck};
use crate::domain::reconcile::{Compared, WhyNot};
use crate::domain::{Amount, Comparison, Difference, DifferenceKind, Part, Points, RecorderType, Verdict};
use crate::engine::RawAnswer;

fn look(language: Language) -> Look {
    Look::new(language)
}

/// The detail of a customer that differs from 1C, checked line by line.
fn checked(width: u16, height: u16) -> Model {
    checked_as(width, height, |_| ())
}

/// The same, after this change of what the check found.
fn checked_as(width: u16, height: u16, change: impl FnOnce(&mut Comparison)) -> Model {
    let mut model = variance(width, height);
    press(&mut model, Code::Enter);
    let effects = feed(&mut model, Event::Key(Key::plain(Code::F(4))));
    let Some(Effect::Ask(id, Ask::Check(card))) = effects.first() else { panic!("{effects:?}") };
    let mut live = LiveCheck { comparison: fixture::detail(*card).comparison, ..fixture::live(*card) };
    change(&mut live.comparison);
    let effects = feed(&mut model, Event::Answered(*id, Ok(Answer::Checked(Box::new(live)))));
    settle(&mut model, effects);
    fixture::standing(&mut model, StoreStatus { variances: 1, ..fixture::status() });
    model.message = None;
    model
}

/// Both may be told of 1C's own sums, where nothing but the figures says which they are.
#[test]
fn a_difference_is_drawn_by_what_its_figures_are() {
    let unexplained = DifferenceKind::Unexplained;
    let money = Difference::of_figures(unexplained, Some(Amount::from_units(480_700)), Some(Amount::ZERO));
    let points = Difference::of_figures(unexplained, Some(Points::from_units(480_800)), Some(Points::ZERO));
    for (width, height, of_money, of_points) in [
        (200, 40, "4 807,00    0,00  −4 807,00", "4 808       0"),
        (130, 40, "1С 4 807,00 · sverka 0,00", "1С 4 808 · sverka 0"),
        (60, 40, " 4 807,00 / 0,00", " 4 808 / 0"),
    ] {
        let differences = vec![money.clone(), points.clone()];
        let model = checked_as(width, height, |it| it.differences = differences);
        let screen = screen(&model, Language::Russian);
        let ends = |figures: &str| {
            screen.lines().any(|line| line.trim_end_matches(['"', '│', ' ']).ends_with(figures))
        };
        assert!(ends(of_money) && ends(of_points), "{screen}");
        assert!(screen.contains("баллы расх"), "{screen}");
    }
}

/// The detail of the reference customer, turned to a section.
fn section(width: u16, height: u16, section: Section) -> Model {
    let mut model = fixture::loaded(width, height);
    press(&mut model, Code::Enter);
    for _ in 0..Section::ALL.len() {
        let room = crate::dashboard::app::layout::Layout::of(&model).detail_parts().room;
        if model.detail.section(room) == section {
            return model;
        }
        press(&mut model, Code::F(7));
    }
    panic!("no such section");
}

fn purchases(width: u16, height: u16, _: Language) -> Model {
    section(width, height, Section::Purchases)
}

fn points(width: u16, height: u16, _: Language) -> Model {
    section(width, height, Section::Bonus)
}

fn documents(width: u16, height: u16, _: Language) -> Model {
    let mut detail = fixture::reference();
    let mut doubled = fixture::detail(fixture::card(3)).comparison.differences.swap_remove(0);
    doubled.kind = DifferenceKind::DoubledSale;
    doubled.recorder_type = Some(RecorderType("StandardODATA.Document_ЧекККМ".into()));
    detail.comparison.differences = vec![doubled];
    let mut model = section(width, height, Section::Documents);
    let effects = fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published)));
    for effect in effects {
        if let Effect::Ask(id, Ask::Open(_)) = effect {
            feed(&mut model, Event::Answered(id, Ok(Answer::Opened(Box::new(detail.clone())))));
        }
    }
    model.message = None;
    model
}

fn fields(width: u16, height: u16, language: Language) -> Model {
    let mut model = section(width, height, Section::Fields);
    press_in(&mut model, Key::plain(Code::Enter), language);
    model
}

fn fields_not_asked(width: u16, height: u16, _: Language) -> Model {
    section(width, height, Section::Fields)
}

fn explanation(width: u16, height: u16, language: Language) -> Model {
    let mut model = checked(width, height);
    press_alt_in(&mut model, 'e', language);
    model
}

fn portal(width: u16, height: u16, language: Language) -> Model {
    let mut model = fixture::loaded(width, height);
    press_in(&mut model, Key::plain(Code::F(9)), language);
    model
}

fn pick(width: u16, height: u16, language: Language) -> Model {
    let mut model = fixture::loaded(width, height);
    press(&mut model, Code::Enter);
    press_alt_in(&mut model, 'd', language);
    typed_in(&mut model, "j", language);
    model
}

fn line(width: u16, height: u16, language: Language) -> Model {
    let mut model = section(width, height, Section::Purchases);
    press_in(&mut model, Key::plain(Code::Enter), language);
    model
}

fn copied(width: u16, height: u16, _: Language) -> Model {
    let mut model = fixture::loaded(width, height);
    press(&mut model, Code::Enter);
    let copied = Copied { characters: 1_214, place: CopyPlace::Terminal };
    fixture::end(&mut model, TaskKind::Copy, Ok(Answer::Copied(Some(copied))));
    model
}

pub(super) const SCENES: [Scene; 10] = [
    ("purchases", purchases),
    ("points", points),
    ("documents", documents),
    ("fields", fields),
    ("fields_not_asked", fields_not_asked),
    ("explanation", explanation),
    ("portal", portal),
    ("pick", pick),
    ("line", line),
    ("copied", copied),
];

#[test]
fn no_sum_on_a_page_is_cut_or_broken() {
    let pages: [(Draw, [&str; 3]); 2] = [
        (explanation, ["133 894,00", "132 694,00", "−1 200,00"]),
        (portal, ["132 694,00", "365 054,00", "36 505 400,00"]),
    ];
    for width in 40..160 {
        for (scene, sums) in pages {
            let model = scene(width, 24, Language::Russian);
            let page = model.page.as_ref().unwrap_or(model.screens.before_after.words());
            let layout = crate::dashboard::app::layout::Layout::of(&model);
            let lines = page.lines(usize::from(layout.page(page.subject).width));
            for sum in sums {
                let is_whole = |line: &&str| line.replace('\u{a0}', " ").contains(sum);
                assert!(lines.iter().any(is_whole), "{sum} at {width} columns: {lines:#?}");
            }
        }
    }
}

#[test]
fn a_name_longer_than_a_line_is_read_in_full() {
    let name =
        "Кольцо обручальное с бриллиантами и сапфирами, белое золото 585 пробы, коллекция «Северное сияние»";
    let mut model = fixture::loaded(80, 24);
    press(&mut model, Code::Enter);
    let mut detail = fixture::reference();
    detail.purchases[0].product.as_mut().expect("a product").name = name.to_owned();
    for effect in fixture::synced(&mut model, Ok(fixture::summary(Outcome::Published))) {
        if let Effect::Ask(id, Ask::Open(_)) = effect {
            feed(&mut model, Event::Answered(id, Ok(Answer::Opened(Box::new(detail.clone())))));
        }
    }
    assert!(!screen(&model, Language::Russian).contains("Северное сияние"));
    press_in(&mut model, Key::plain(Code::Enter), Language::Russian);
    let shown = screen(&model, Language::Russian);
    assert!(shown.contains("Северное") && shown.contains("сияние»"), "{shown}");
}

#[test]
fn foreign_text_on_a_page_cannot_steer_the_terminal() {
    for text in HOSTILE {
        let mut model = hostile(text);
        press(&mut model, Code::Enter);
        let chords = ['e', 'd'].map(|letter| Key { code: Code::Char(letter), mods: Mods::Alt });
        for key in chords.into_iter().chain([Key::plain(Code::F(9))]) {
            press_in(&mut model, key, Language::Russian);
            assert_eq!(stray_control(&sent(&model)), None, "{text:?} after {key:?}");
            press(&mut model, Code::Esc);
        }
        for subject in [CopySubject::Customer(fixture::card(1)), CopySubject::Explanation(fixture::card(1))] {
            for form in [Form::Text, Form::Json] {
                let copy = words::copy(&model, &look(Language::Russian), subject, form).expect("a copy");
                let forbidden = copy.text.chars().find(|c| *c != '\n' && is_forbidden(*c));
                assert_eq!(forbidden, None, "{text:?}: {copy:?}");
                assert!(copy.name.chars().all(|c| c.is_alphanumeric() || "-.".contains(c)), "{copy:?}");
            }
        }
    }
}

#[test]
fn copies_are_what_commands_print_and_fields_are_no_part_of_them() {
    let model = fields(80, 24, Language::Russian);
    let card = fixture::card(1);
    let copy = |subject, form| words::copy(&model, &look(Language::Russian), subject, form).expect("a copy");
    let text = copy(CopySubject::Customer(card), Form::Text);
    assert!(text.text.contains("ИТОГО: 365,054.00 руб ✅"), "{text:?}");
    assert_eq!(text.name, "customer-000371.txt");
    let json = copy(CopySubject::Customer(card), Form::Json);
    let value: serde_json::Value = serde_json::from_str(&json.text).expect("JSON");
    assert_eq!(value[0]["total"]["stored"], "365054.00");
    assert_eq!(json.name, "customer-000371.json");
    for copy in [text, json] {
        assert!(!copy.text.contains("Севастопольская"), "an address is a field of 1C's alone");
    }
    let cells = Cell::of(&model.detail.detail().expect("a customer").comparison);
    let cell = |cell| copy(CopySubject::Cell(card, cell), Form::Text).text;
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    assert_eq!(
        cells,
        [
            "79788451364",
            "Царькова Анна Сергеевна",
            "000371",
            "tsarkova@example.ru",
            "Симферополь",
            "365054,00",
            "4806",
            "0,00"
        ]
    );
}

/// The explanation's request, and how 1C answers it.
fn answered(text: &str) -> Model {
    let mut model = checked(140, 40);
    press_alt_in(&mut model, 'e', Language::Russian);
    let effects = feed(&mut model, Event::Key(Key::char('a')));
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Ask(id, Ask::RawAnswer(_)) => Some(*id),
        _ => None,
    });
    obey(&mut model, vec![Effect::Word(CopySubject::RawAnswer)], Language::Russian);
    let shown = screen(&model, Language::Russian);
    assert!(shown.contains("Ответ 1С как есть") && shown.contains("1С отвечает"), "{shown}");
    let answer = RawAnswer { bytes: 48_112, text: text.to_owned(), is_cut: true };
    let answer = Ok(Answer::RawAnswer(Box::new(answer)));
    let effects = feed(&mut model, Event::Answered(asked.expect("a question"), answer));
    obey(&mut model, effects, Language::Russian);
    model
}

#[test]
fn how_1c_answers_stands_below_its_request_wrapped_and_whole() {
    let long = format!("{{\"value\":[\r\n{}]}}", "{\"Сумма\":48900},".repeat(40));
    let model = answered(&long);
    let shown = screen(&model, Language::Russian);
    assert!(shown.contains("GET /demo/odata/standard.odata/AccumulationRegister_Продажи"), "{shown}");
    assert!(shown.contains("первые 854 из 48 112 байт"), "{shown}");
    assert!(shown.contains("{\"value\":[") && shown.contains("]}"), "{shown}");
    assert!(shown.contains("y/н — копировать") && !shown.contains("JSON"), "{shown}");
    let copy = words::copy(&model, &look(Language::Russian), CopySubject::RawAnswer, Form::Text);
    let copy = copy.expect("a copy");
    assert_eq!(copy.name, "answer-of-1c.txt");
    assert_eq!(copy.text.matches("{\"Сумма\":48900}").count(), 40, "{}", copy.text);
}

#[test]
fn an_answer_of_1c_cannot_steer_the_terminal_and_is_dots_behind_the_mask() {
    for text in HOSTILE {
        let mut model = answered(text);
        assert_eq!(stray_control(&sent(&model)), None, "{text:?}");
        let copy = words::copy(&model, &look(Language::Russian), CopySubject::RawAnswer, Form::Text);
        let forbidden = copy.expect("a copy").text.chars().find(|c| *c != '\n' && is_forbidden(*c));
        assert_eq!(forbidden, None, "{text:?}");
        model.looks.is_masked = true;
        let page = words::page(&model, &look(Language::Russian), CopySubject::RawAnswer).expect("a page");
        assert!(!page.contains("нна") && !page.contains('東'), "{page}");
    }
}

#[test]
fn a_field_in_full_says_how_it_was_asked_for() {
    let mut model = fields(100, 40, Language::Russian);
    press_in(&mut model, Key::plain(Code::Enter), Language::Russian);
    let shown = screen(&model, Language::Russian);
    assert!(shown.contains("Строка целиком") && shown.contains("GET /demo/odata"), "{shown}");
    assert!(shown.contains("curl -u LOGIN 'http://127.0.0.1:4410/demo/odata"), "{shown}");
    assert!(shown.contains("ответ 1С как есть"), "{shown}");
}

/// What a check came to is said, and what it was about stays in sight.
#[test]
fn what_is_said_covers_nothing_of_a_small_screen() {
    for (width, height) in [(60, 15), (40, 10), (80, 15)] {
        let mut model = checked(width, height);
        let before = screen(&model, Language::Russian);
        model.message =
            Some(Message::Passing(Passing::Checked("Царькова Марина".to_owned(), Verdict::Variance)));
        let after = screen(&model, Language::Russian);
        assert!(after.contains("расхождение"), "{after}");
        let panes = |screen: &str| screen.lines().skip(2).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(panes(&after), panes(&before), "{width}x{height}");
    }
}

/// A name is cut, and not what is said of it.
#[test]
fn a_long_name_leaves_room_for_its_verdict() {
    let mut model = checked(40, 12);
    let who = "Константинопольская Александра Вячеславовна".to_owned();
    model.message = Some(Message::Passing(Passing::Checked(who, Verdict::BeforeWindow)));
    let screen = screen(&model, Language::Russian);
    assert!(screen.contains("…: есть более ранние покупки"), "{screen}");
}

#[test]
fn what_was_not_compared_stands_beside_what_agrees() {
    for (width, words) in [
        (80, "✓ Суммы сходятся; не сверено: баллы, город"),
        (140, "✓ Сходится с 1С до копейки; не сверено: баллы, город"),
    ] {
        let mut model = fixture::loaded(width, 30);
        typed(&mut model, "8451364");
        let mut detail = model.detail.detail().expect("a customer").clone();
        let comparison = &mut detail.comparison;
        (comparison.points.figure.onec, comparison.city.onec) = (None, None);
        model.detail.opened(Ok(Box::new(detail)));
        let open = screen(&model, Language::Russian);
        assert!(open.contains(words), "{open}");
    }
}

/// Whoever tells a customer the figures of a card that differs has to know it.
#[test]
fn an_answer_of_a_card_that_differs_is_copied_with_a_reserve() {
    for (change, words) in [(true, Some("✗ Карта расходится с 1С: проверьте ответ.")), (false, None)]
    {
        let mut model = checked_as(140, 40, |it| {
            if !change {
                it.verdict = Verdict::Reconciled;
            }
        });
        press_alt(&mut model, 'o');
        let copied = Copied { characters: 96, place: CopyPlace::Terminal };
        model.message = Some(Message::Passing(Passing::Copied(copied)));
        let screen = screen(&model, Language::Russian);
        assert!(screen.contains("Скопировано"), "{screen}");
        assert_eq!(screen.contains("проверьте ответ"), words.is_some(), "{screen}");
        assert!(words.is_none_or(|words| screen.contains(words)), "{screen}");
    }
}

/// Points that were compared with nothing are told as stored: who tells them has to know it, and whose they are.
#[test]
fn an_answer_with_points_that_were_not_compared_says_so() {
    for is_compared in [false, true] {
        let mut model = checked_as(140, 40, |it| {
            (it.verdict, it.differences) = (Verdict::Reconciled, Vec::new());
            if !is_compared {
                it.coverage.tell(Part::Points, Compared::Not(WhyNot::RowsAlone));
            }
        });
        let name = model.detail.detail().expect("a customer").comparison.customer.name.clone();
        press_alt(&mut model, 'o');
        let copied = Copied { characters: 96, place: CopyPlace::Terminal };
        model.message = Some(Message::Passing(Passing::Copied(copied)));
        let screen = screen(&model, Language::Russian);
        assert_eq!(screen.contains("? Баллы с 1С не сверены."), !is_compared, "{screen}");
        assert_eq!(
            screen.lines().any(|line| line.contains("Скопировано") && line.contains(&name)),
            is_compared
        );
    }
}

#[test]
fn a_palette_that_finds_nothing_says_so() {
    let mut model = fixture::loaded(80, 24);
    feed(&mut model, Event::Key(Key::ctrl('k')));
    typed(&mut model, "жжж");
    let screen = screen(&model, Language::Russian);
    assert!(screen.contains("Ничего с такими словами нет."), "{screen}");
}

/// The dashboard names keys, not options of a command.
#[test]
fn what_to_do_next_is_told_by_its_key() {
    for language in [Language::Russian, Language::English] {
        let mut model = variance(80, 24);
        press(&mut model, Code::Enter);
        press_alt_in(&mut model, 'e', language);
        let page = model.page.as_ref().and_then(|page| page.text.clone()).expect("words");
        assert!(page.contains("F4") && !page.contains("--offline"), "{page}");
    }
}

#[test]
fn points_that_burn_in_another_year_are_told_with_it() {
    for (year, words) in [(2026, "до 21.08"), (2027, "до 21.08.27")] {
        let mut model = fixture::loaded(80, 24);
        typed(&mut model, "8451364");
        let mut detail = model.detail.detail().expect("a customer").clone();
        detail.as_of = fixture::moment(2026, 2, 4);
        let date = chrono::NaiveDate::from_ymd_opt(year, 8, 21).expect("a day");
        detail.burning = vec![crate::domain::bonus::Burning { date, points: fixture::points(4_806) }];
        model.detail.opened(Ok(Box::new(detail)));
        let screen = screen(&model, Language::Russian);
        let line = screen.lines().find(|line| line.contains("Баллы   ")).unwrap_or_default();
        assert!(line.contains(&format!("{words} ")) || line.contains(&format!("{words}│")), "{screen}");
    }
}

/// A line that goes on where the screen ends says so.
#[test]
fn a_line_of_the_help_that_is_cut_says_so() {
    for width in [40, 60, 80] {
        let model = help(width, 24);
        let screen = screen(&model, Language::Russian);
        let whole = screen.lines().filter(|line| line.contains("от итога до первой"));
        for line in whole {
            assert!(line.contains("строки") || line.contains('…'), "{width}: {screen}");
        }
        assert!(width > 60 || screen.contains('…'), "{screen}");
    }
}

#[test]
fn how_a_copy_travels_is_said_once() {
    let mut model = copied(80, 24, Language::Russian);
    let again = |model: &mut Model| {
        press_alt(model, 'y');
        let copied = Copied { characters: 7, place: CopyPlace::Terminal };
        fixture::end(model, TaskKind::Copy, Ok(Answer::Copied(Some(copied))));
    };
    assert!(screen(&model, Language::Russian).contains("OSC 52"));
    again(&mut model);
    let second = screen(&model, Language::Russian);
    assert!(second.contains("✓ Скопировано, знаков: 7") && !second.contains("OSC 52"), "{second}");
}

#[test]
fn document_types_fit_the_page_they_stand_on() {
    let words = |width| {
        let mut model = fixture::loaded(width, 40);
        press_alt(&mut model, 'v');
        model.document_types = Some(Ok(Box::new(fixture::document_types())));
        let page = words::page(&model, &look(Language::Russian), CopySubject::DocumentTypes);
        page.expect("words").replace('\u{a0}', " ")
    };
    let narrow = words(80);
    let block = "ВводНачальныхОстатков\n    начальный ввод\n    записей: 312 · 24 184 345,00\n";
    assert!(narrow.contains(block), "{narrow}");
    let wide = words(140);
    assert!(wide.contains("   ВводНачальныхОстатков    начальный ввод"), "{wide}");
}

/// What to do next stands at the end of what is said: at 80 columns nothing of it is cut.
#[test]
fn nothing_that_is_said_loses_its_end() {
    use crate::dashboard::app::model::Passing;
    let terminal = |place| Passing::Copied(Copied { characters: 12_345, place });
    let passing = vec![
        terminal(CopyPlace::Tmux),
        terminal(CopyPlace::Terminal),
        terminal(CopyPlace::File("/home/anna/.local/share/sverka/copies/customer-000000001-20260204.txt".to_owned())),
        Passing::Published(300_000, 12_345),
        Passing::SyncElsewhere,
        Passing::EngineCame,
        Passing::PublishedElsewhere(300_000, 12_345),
        Passing::CancelledElsewhere,
        Passing::FailedElsewhere("onec-unreachable-refused".to_owned()),
        Passing::Cancelled,
        Passing::NothingToCheck,
        Passing::NoOtherCards,
        Passing::NoRequest,
        Passing::NoFields,
        Passing::NothingToCopy,
        Passing::NothingToWrite,
        Passing::NoJson,
        Passing::NobodyStored,
        Passing::Reconciled(300_000, 12_345, 1_234),
        Passing::Mouse(true),
        Passing::Mouse(false),
        Passing::Settings(
            "Файл настроек изменился: onec.url, onec.page_size, sync.every. Новые значения подействуют после перезапуска sverka."
                .to_owned(),
        ),
    ];
    for said in passing {
        for language in [Language::Russian, Language::English] {
            let mut model = fixture::loaded(80, 24);
            model.copies = 1;
            model.message = Some(Message::Passing(said.clone()));
            let seen = screen(&model, language);
            let lines: Vec<&str> = seen.lines().collect();
            let bottom = lines[lines.len() - 3..].join("\n");
            let cut = bottom
                .lines()
                .filter(|line| !line.contains('└'))
                .any(|line| line.trim_end_matches(['"', ' ']).ends_with('…'));
            assert!(!cut, "{said:?}: {bottom}");
        }
    }
    let failure = Failure {
        code: "onec-unreachable-refused".to_owned(),
        message: "Сервер 127.0.0.1:18077 не принимает соединение: никто не слушает этот порт, или его закрыл межсетевой экран.".to_owned(),
        remedy: "Проверьте, что веб-сервер 1С запущен, а порт указан верно и открыт; затем повторите сверку клавишей F4.".to_owned(),
        ..fixture::failure()
    };
    for (width, height) in [(80, 24), (60, 40), (140, 40)] {
        let mut model = fixture::loaded(width, height);
        model.message = Some(Message::Failed(failure.clone()));
        let seen = screen(&model, Language::Russian).replace(['"', '\n'], " ");
        let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            "межсетевой экран. [onec-unreachable-refused]",
            "затем повторите сверку клавишей F4. Esc — убрать",
        ] {
            assert!(seen.contains(part), "{part} at {width}: {seen}");
        }
    }
}
