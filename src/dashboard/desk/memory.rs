//! The small state of the dashboard in its file. The settings are never rewritten.

use std::io::{self, Write};
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::config::Theme;
use crate::dashboard::app::detail::Section;
use crate::dashboard::app::{Column, Keep, Kept, ListOrder, SavedView, Views};
use crate::files::{Place, Replace, Wish, folder_of, make_folder, read_at_most};

/// What the file begins with: no other one is replaced.
const HEAD: &str = "# What the dashboard of sverka looked like when it was left. The program writes this.";

/// No file of it is larger.
const LARGEST: usize = 64 << 10;

/// What was kept. A file that is not there or makes no sense keeps nothing: it is worth no error.
pub fn load(path: &Path) -> Kept {
    let mut bytes = Vec::new();
    let read_whole = read_at_most(path, LARGEST, &mut bytes);
    read_whole.ok().and_then(|()| String::from_utf8(bytes).ok()).map(|text| read(&text)).unwrap_or_default()
}

fn read(text: &str) -> Kept {
    let Ok(document) = DeTable::parse(text) else { return Kept::default() };
    let table = document.get_ref();
    let value = |name| value_of(table, name);
    let text = |name| value(name).and_then(DeValue::as_str);
    let flag = |name| matches!(value(name), Some(DeValue::Boolean(true)));
    let section = |name: &str| Section::ALL.into_iter().find(|section| section.name() == name);
    let theme = |name: &str| Theme::BUILT_IN.into_iter().find(|theme| theme.name() == name);
    let names = |name| value(name).and_then(DeValue::as_array).into_iter().flatten();
    let hidden = names("hidden").filter_map(|it| it.get_ref().as_str()).filter_map(column);
    let views = names("views").filter_map(|it| it.get_ref().as_table()).map(view);
    Kept {
        theme: text("theme").and_then(theme),
        order: ListOrder {
            by: text("sort").and_then(column).unwrap_or_default(),
            descending: flag("descending"),
        },
        has_mouse: flag("mouse"),
        section: text("section").and_then(section),
        views: Views::kept(hidden, views),
    }
}

fn value_of<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Option<&'t DeValue<'i>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value.get_ref())
}

fn column(name: &str) -> Option<Column> {
    Column::ALL.into_iter().find(|column| column.name() == name)
}

/// A saved view. What it is not understood in is as in a list nobody changed.
fn view(table: &DeTable<'_>) -> SavedView {
    let value = |name| value_of(table, name);
    let text = |name| value(name).and_then(DeValue::as_str);
    let keep = |name: &str| Keep::ALL.into_iter().find(|keep| keep.name() == name);
    SavedView {
        order: ListOrder {
            by: text("sort").and_then(column).unwrap_or_default(),
            descending: matches!(value("descending"), Some(DeValue::Boolean(true))),
        },
        keep: text("show").and_then(keep).unwrap_or_default(),
        city: text("town").map(str::to_owned),
    }
}

fn written(kept: &Kept) -> String {
    let theme = kept.theme.map(|theme| format!("theme = \"{}\"\n", theme.name())).unwrap_or_default();
    let section =
        kept.section.map(|section| format!("section = \"{}\"\n", section.name())).unwrap_or_default();
    let ListOrder { by, descending } = kept.order;
    let hidden: Vec<_> = kept.views.hidden().map(Column::name).collect();
    let hidden = if hidden.is_empty() { String::new() } else { format!("hidden = {hidden:?}\n") };
    let views: String = kept.views.saved().iter().filter_map(written_view).collect();
    format!(
        "{HEAD}\n{theme}{section}sort = \"{}\"\ndescending = {descending}\nmouse = {}\n{hidden}{views}",
        by.name(),
        kept.has_mouse
    )
}

/// A town of characters that no town has is not worth a way to write it.
fn written_view(view: &SavedView) -> Option<String> {
    let ListOrder { by, descending } = view.order;
    let town = match &view.city {
        Some(city) if city.chars().any(char::is_control) => return None,
        Some(city) => format!("town = \"{}\"\n", city.replace('\\', "\\\\").replace('"', "\\\"")),
        None => String::new(),
    };
    let (show, sort) = (view.keep.name(), by.name());
    Some(format!("[[views]]\nshow = \"{show}\"\nsort = \"{sort}\"\ndescending = {descending}\n{town}"))
}

/// Keeps the state, whole or not at all, for the owner's eyes only.
pub fn keep(path: &Path, kept: &Kept) -> io::Result<()> {
    make_folder(folder_of(path))?;
    let wish = Wish { path, replace: Replace::BeginsWith(HEAD), mode: 0o600, kept: &[] };
    let mut file = Place::find(&wish)?.begin()?;
    file.write_all(written(kept).as_bytes())?;
    Ok(file.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        for by in Column::ALL {
            for theme in [None, Some(Theme::Night), Some(Theme::Monochrome)] {
                for section in Section::ALL.map(Some).into_iter().chain([None]) {
                    let order = ListOrder { by, descending: true };
                    let views = Views::kept([by], [SavedView { order, ..SavedView::default() }]);
                    let kept = Kept { theme, order, has_mouse: true, section, views };
                    assert_eq!(read(&written(&kept)), kept);
                }
            }
        }
    }

    #[test]
    fn views_come_back_whatever_their_town_is_called() {
        let town =
            |city: &str| SavedView { city: Some(city.into()), keep: Keep::Variances, ..Default::default() };
        let views = Views::kept([], ["Симферополь", "a \"b\" \\ c", "#]"].map(town));
        let kept = Kept { views, ..Kept::default() };
        assert_eq!(read(&written(&kept)), kept);
        let strange = Kept { views: Views::kept([], [town("a\u{7f}b")]), ..Kept::default() };
        assert_eq!(read(&written(&strange)), Kept::default());
    }

    #[test]
    fn a_file_that_makes_no_sense_keeps_nothing() {
        for text in ["", "sort = 7", "sort = \"shoe size\"", "\u{0}", "[theme]"] {
            assert_eq!(read(text), Kept::default(), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_the_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sverka").join("state.toml");
        let kept = Kept { has_mouse: true, ..Kept::default() };
        for _ in 0..2 {
            keep(&path, &kept).expect("kept");
        }
        assert_eq!(load(&path), kept);
        let mode = |path: &Path| std::fs::metadata(path).expect("exists").permissions().mode() & 0o777;
        assert_eq!((mode(path.parent().expect("a folder")), mode(&path)), (0o700, 0o600));
    }
}
