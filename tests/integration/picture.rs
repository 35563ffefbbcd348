//! The picture of the README, drawn from a real run of the demo. To draw it anew:
//!
//! ```sh
//! cargo test --test integration the_picture_of_the_readme -- --ignored
//! ```

use std::fmt::Write;

use vt100::{Cell, Color, Screen};

use crate::support::binary::Machine;
use crate::support::pseudo_terminal::{F8, PseudoTerminal, TAB};

/// Columns and lines of the terminal.
const SIZE: (u16, u16) = (100, 30);
/// Pixels of a cell.
const CELL: (usize, usize) = (9, 18);
/// Pixels around the screen.
const MARGIN: usize = 12;
/// The colours of the terminal: its ground and ink, then the sixteen.
const GROUND: &str = "#0d1117";
const INK: &str = "#c9d1d9";
const PALETTE: [&str; 16] = [
    "#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4", "#6e7681",
    "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#f0f6fc",
];

#[test]
#[ignore = "writes docs/screen.svg"]
fn the_picture_of_the_readme() {
    let machine = Machine::bare();
    let mut terminal = PseudoTerminal::start(&machine, &["demo"], SIZE, &[]);
    terminal.wait_for(&["Готово за", "Найдено: 300"]);
    terminal.press("марина");
    terminal.wait_for(&["Поиск: марина", "Царькова Марина"]);
    terminal.press(TAB);
    terminal.wait_for(&["Сравнено с 1С построчно"]);
    let picture = terminal.screen(svg);
    terminal.press(F8);
    terminal.end().well(0);
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/screen.svg"), picture).unwrap();
}

/// How a cell looks: ink, ground, bold, dim.
type Style = (String, Option<String>, bool, bool);

fn svg(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let (width, height) = (usize::from(columns) * CELL.0, usize::from(rows) * CELL.1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <title>sverka demo</title>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{GROUND}\"/>\n",
        width + 2 * MARGIN,
        height + 2 * MARGIN,
    );
    for row in 0..rows {
        for (column, style, text) in runs(screen, row, columns) {
            draw(&mut svg, (usize::from(column), usize::from(row)), &style, &text);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// The cells of a row, those of one style together.
fn runs(screen: &Screen, row: u16, columns: u16) -> Vec<(u16, Style, String)> {
    let mut runs: Vec<(u16, Style, String)> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else {
            continue;
        };
        let style = style(cell);
        let text = if cell.has_contents() { cell.contents() } else { " " };
        match runs.last_mut() {
            Some((_, last, said)) if *last == style => said.push_str(text),
            _ => runs.push((column, style, text.to_owned())),
        }
    }
    runs
}

fn style(cell: &Cell) -> Style {
    let (mut ink, mut ground) = (colour(cell.fgcolor()), colour(cell.bgcolor()));
    if cell.inverse() {
        (ink, ground) = (Some(ground.unwrap_or(GROUND.into())), Some(ink.unwrap_or(INK.into())));
    }
    (ink.unwrap_or(INK.into()), ground, cell.bold(), cell.dim())
}

fn colour(colour: Color) -> Option<String> {
    match colour {
        Color::Default => None,
        Color::Idx(index) => PALETTE.get(usize::from(index)).map(|colour| (*colour).to_owned()),
        Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
    }
}

fn draw(svg: &mut String, (column, row): (usize, usize), (ink, ground, bold, dim): &Style, text: &str) {
    let (x, y) = (MARGIN + column * CELL.0, MARGIN + row * CELL.1);
    let across = |text: &str| text.chars().count() * CELL.0;
    let width = across(text);
    if let Some(ground) = ground {
        let (_, height) = CELL;
        writeln!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>")
            .unwrap();
    }
    if text.trim().is_empty() {
        return;
    }
    // Spaces at the ends are collapsed by some viewers, and nothing is seen of them.
    let (said, x) = (text.trim(), x + across(text) - across(text.trim_start()));
    let width = across(said);
    let weight = if *bold { " font-weight=\"bold\"" } else { "" };
    let opacity = if *dim { " opacity=\"0.6\"" } else { "" };
    let said = said.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\u{a0}', " ");
    writeln!(
        svg,
        "<text x=\"{x}\" y=\"{}\" fill=\"{ink}\"{weight}{opacity} textLength=\"{width}\" \
         xml:space=\"preserve\">{said}</text>",
        y + 14,
    )
    .unwrap();
}
