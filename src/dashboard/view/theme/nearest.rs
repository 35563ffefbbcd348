//! The nearest of the colours that a terminal has, where it has no 24 bits.

use ratatui::style::{Color, Style};

use crate::config::ColourDepth;

/// Levels of the cube of 6 × 6 × 6 colours.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
/// Number of the cube's first colour, and of the first grey behind it.
const CUBE: u8 = 16;
const GREYS: u8 = 232;
/// The sixteen as xterm has them; others are near.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// The style with the nearest colours. Ink that would vanish in its ground is black or white.
pub(super) fn style(style: Style, depth: ColourDepth) -> Style {
    let near = |colour: Option<Color>| colour.map(|colour| nearest(colour, depth));
    let (ink, ground) = (near(style.fg), near(style.bg));
    let is_lost = ink.is_some() && ink == ground && style.fg != style.bg;
    let ink = if is_lost { style.bg.map(ink_on) } else { ink };
    Style { fg: ink, bg: ground, ..style }
}

fn nearest(colour: Color, depth: ColourDepth) -> Color {
    let Color::Rgb(red, green, blue) = colour else { return colour };
    let known: Vec<_> = match depth {
        ColourDepth::True => return colour,
        ColourDepth::Indexed => indexed().collect(),
        ColourDepth::Basic => (0..).zip(SIXTEEN).collect(),
    };
    let far = |(_, other): &(u8, (u8, u8, u8))| distance((red, green, blue), *other);
    known.into_iter().min_by_key(far).map_or(colour, |(number, _)| Color::Indexed(number))
}

/// The cube and the greys: the first sixteen of the 256 are whatever the user made them.
fn indexed() -> impl Iterator<Item = (u8, (u8, u8, u8))> {
    let level = |at: u8| LEVELS[usize::from(at)];
    let cube = (CUBE..GREYS).map(move |number| {
        let at = number - CUBE;
        (number, (level(at / 36), level(at / 6 % 6), level(at % 6)))
    });
    let grey = |number: u8| {
        let part = 8 + 10 * (number - GREYS);
        (number, (part, part, part))
    };
    cube.chain((GREYS..=u8::MAX).map(grey))
}

/// By what eyes see: green counts most.
fn distance(one: (u8, u8, u8), other: (u8, u8, u8)) -> u32 {
    let square = |one: u8, other: u8| u32::from(one.abs_diff(other)).pow(2);
    2 * square(one.0, other.0) + 4 * square(one.1, other.1) + 3 * square(one.2, other.2)
}

/// Black on what is light, white on what is dark.
fn ink_on(ground: Color) -> Color {
    let Color::Rgb(red, green, blue) = ground else { return Color::Reset };
    let light = 2 * u32::from(red) + 5 * u32::from(green) + u32::from(blue);
    Color::Indexed(if light > 8 * 128 { 0 } else { 15 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_colour_becomes_the_nearest_there_is() {
        for (colour, of_256, of_16) in [
            ((0, 0, 0), 16, 0),
            ((255, 255, 255), 231, 15),
            ((95, 135, 175), 67, 8),
            ((13, 17, 23), 233, 0),
            ((250, 5, 5), 196, 9),
            ((128, 128, 128), 244, 8),
        ] {
            let (red, green, blue) = colour;
            let near = |depth| nearest(Color::Rgb(red, green, blue), depth);
            assert_eq!(near(ColourDepth::Indexed), Color::Indexed(of_256), "{colour:?}");
            assert_eq!(near(ColourDepth::Basic), Color::Indexed(of_16), "{colour:?}");
            assert_eq!(near(ColourDepth::True), Color::Rgb(red, green, blue));
        }
        assert_eq!(nearest(Color::Cyan, ColourDepth::Basic), Color::Cyan, "the terminal's own stays");
    }

    proptest! {
        #[test]
        fn ink_never_vanishes_in_its_ground(ink: (u8, u8, u8), ground: (u8, u8, u8)) {
            prop_assume!(ink != ground);
            let rgb = |(red, green, blue)| Color::Rgb(red, green, blue);
            for depth in [ColourDepth::True, ColourDepth::Indexed, ColourDepth::Basic] {
                let shown = style(Style::new().fg(rgb(ink)).bg(rgb(ground)), depth);
                prop_assert_ne!(shown.fg, shown.bg);
            }
        }
    }
}
