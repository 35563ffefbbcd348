//! `sverka man`: pages of the manual, out of the definition of the commands, in the language of help.

use std::io::{self, Write as _};
use std::path::Path;

use clap::Command;

use crate::cli::ExitCode;
use crate::cli::args;
use crate::cli::console;
use crate::cli::session::{EarlyEnd, print};
use crate::files::{Place, Refusal, Replace, Wish};
use crate::text::Texts;

/// What every page begins with: its encoding, for `man`; and whose it is, for whoever writes it again.
const MARK: &str = ".\\\" -*- coding: utf-8 -*- made by `sverka man`\n";
/// Commands of users.
const SECTION: &str = "1";

pub(super) fn run(options: &args::Man) -> Result<ExitCode, EarlyEnd> {
    let texts = console::texts_of_process();
    let program = args::command(texts);
    match &options.folder {
        None => print(&page(&program, texts), texts)?,
        Some(folder) => {
            let pages = pages(&program, texts);
            for (name, page) in &pages {
                let path = folder.join(name);
                write(&path, page).map_err(|refusal| {
                    console::problem(&texts.refused(&path, &refusal), texts);
                    EarlyEnd(ExitCode::Usage)
                })?;
            }
            let folder = folder.display().to_string();
            let told = [("n", pages.len().into()), ("path", folder.into())];
            console::tell(&texts.with("man-written", &told));
        }
    }
    Ok(ExitCode::Done)
}

/// Writes a page over an earlier one of ours and nothing else.
fn write(path: &Path, page: &str) -> Result<(), Refusal> {
    let replace = Replace::BeginsWith(MARK);
    let mut out = Place::find(&Wish { path, replace, mode: 0o644, kept: &[] })?.begin()?;
    out.write_all(page.as_bytes())?;
    out.finish()
}

/// The pages of a command and of all below it, by their names.
fn pages(command: &Command, texts: Texts) -> Vec<(String, String)> {
    let name = format!("{}.{SECTION}", command.get_display_name().unwrap_or(command.get_name()));
    let below = command.get_subcommands().flat_map(|sub| pages(sub, texts));
    std::iter::once((name, page(command, texts))).chain(below).collect()
}

fn page(command: &Command, texts: Texts) -> String {
    let source = concat!("sverka ", env!("CARGO_PKG_VERSION"));
    let page = clap_mangen::Man::new(command.clone())
        .section(SECTION)
        .source(source)
        .manual(texts.get("man-manual").into_owned());
    let mut written = Vec::new();
    // Nothing fails to be written into memory.
    let _: io::Result<()> = page.render(&mut written);
    let written = String::from_utf8_lossy(&written);
    let lines = written.lines().map(|line| heading(line, texts).unwrap_or_else(|| line.to_owned()));
    MARK.chars().chain(lines.flat_map(|line| (line + "\n").chars().collect::<Vec<_>>())).collect()
}

/// A heading that the maker of pages has in English alone.
fn heading(line: &str, texts: Texts) -> Option<String> {
    let words = match line.strip_prefix(".SH ")? {
        "NAME" => texts.get("man-name"),
        "SYNOPSIS" => texts.get("man-synopsis"),
        "DESCRIPTION" => texts.get("man-description"),
        "EXTRA" => texts.get("man-exit-codes"),
        "VERSION" => texts.get("man-version"),
        _ => return None,
    };
    Some(format!(".SH \"{words}\""))
}

#[cfg(test)]
mod tests {
    use std::process::{Command as Program, Stdio};

    use super::*;
    use crate::text::Language;

    fn all(language: Language) -> Vec<(String, String)> {
        let texts = Texts::new(language);
        pages(&args::command(texts), texts)
    }

    #[test]
    fn every_command_has_its_page_in_both_languages() {
        let names: Vec<_> = all(Language::Russian).into_iter().map(|(name, _)| name).collect();
        for name in
            ["sverka.1", "sverka-sync.1", "sverka-store-backup.1", "sverka-service-install.1", "sverka-man.1"]
        {
            assert!(names.iter().any(|it| it == name), "{name} in {names:?}");
        }
        let is_russian = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
        for (name, page) in all(Language::Russian) {
            assert!(page.starts_with(MARK) && page.contains("\n.SH \"ИМЯ\"\n"), "{name}");
            let english =
                page.lines().find(|line| line.starts_with(".SH") && !line.contains("1С") && line.is_ascii());
            assert_eq!(english, None, "{name}");
        }
        for (name, page) in all(Language::English) {
            assert!(page.contains("\n.SH \"NAME\"\n") && !is_russian(&page), "{name}");
        }
        let (_, page) = all(Language::English).swap_remove(0);
        for part in [
            "\\-\\-config",
            "sverka\\-store(1)",
            ".SH \"EXIT CODES\"",
            concat!("sverka ", env!("CARGO_PKG_VERSION")),
        ] {
            assert!(page.contains(part), "{part} in\n{page}");
        }
    }

    /// What groff says of the pages, where it is installed.
    #[test]
    fn the_pages_are_set_without_a_complaint() {
        for language in [Language::Russian, Language::English] {
            let mut groff = Program::new("groff");
            groff.args(["-k", "-man", "-Tutf8", "-ww"]).stdin(Stdio::piped());
            let Ok(mut groff) = groff.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() else { return };
            let pages: String = all(language).into_iter().map(|(_, page)| page).collect();
            let mut stdin = groff.stdin.take().unwrap();
            let writer = std::thread::spawn(move || stdin.write_all(pages.as_bytes()));
            let set = groff.wait_with_output().unwrap();
            writer.join().unwrap().unwrap();
            assert_eq!(String::from_utf8_lossy(&set.stderr), "");
            let text = String::from_utf8_lossy(&set.stdout);
            assert!(text.contains("sverka") && text.lines().count() > 200, "{text}");
        }
    }
}
