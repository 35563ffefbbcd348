//! What the terminal shows beside the screen: the window's title, progress in its tab, a bell.

use crate::config::Alert;
use crate::dashboard::view::title::TabProgress;

/// Which signs are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignSettings {
    /// The window's title.
    pub has_title: bool,
    /// Progress in its tab.
    pub has_progress: bool,
    /// How the end of a long sync is told.
    pub alert: Alert,
}

/// The signs shown last.
#[derive(Debug, Default)]
pub(super) struct Signs {
    settings: SignSettings,
    shown: Option<(String, TabProgress)>,
}

impl Signs {
    pub(super) fn new(settings: SignSettings) -> Self {
        Self { settings, shown: None }
    }

    /// The sequence that shows what is new; empty where nothing is.
    pub(super) fn shown(&mut self, title: String, progress: TabProgress) -> String {
        let (before, known) =
            self.shown.take().map_or((None, TabProgress::None), |(title, progress)| (Some(title), progress));
        let is_new = self.settings.has_title && before.as_ref() != Some(&title);
        let title_shown = is_new.then(|| format!("\x1b]2;{title}\x07"));
        let progress_shown = (self.settings.has_progress && known != progress).then(|| tab(progress));
        self.shown = Some((title, progress));
        title_shown.into_iter().chain(progress_shown).collect()
    }

    /// Others may have shown something since.
    pub(super) fn forget(&mut self) {
        self.shown = None;
    }

    /// The sequence that calls for whoever looks elsewhere.
    pub(super) fn call(&self, title: &str) -> String {
        match self.settings.alert {
            Alert::Bell => "\x07".to_owned(),
            // A semicolon would end the words.
            Alert::Notification => format!("\x1b]777;notify;sverka;{}\x07", title.replace(';', ",")),
            Alert::Off => String::new(),
        }
    }
}

/// Progress as `ConEmu` first had it, and others after it.
fn tab(progress: TabProgress) -> String {
    let (state, share) = match progress {
        TabProgress::None => (0, 0),
        TabProgress::Share(share) => (1, share),
        TabProgress::Failed => (2, 100),
        TabProgress::Paused(share) => (4, share),
    };
    format!("\x1b]9;4;{state};{share}\x07")
}

/// Keeps the window's title for when we leave.
pub(super) const KEEP_TITLE: &str = "\x1b[22;2t";
/// Takes the progress away: not every terminal knows what that is.
pub(super) const NO_PROGRESS: &str = "\x1b]9;4;0;0\x07";
/// Gives the title back.
pub(super) const GIVE_TITLE_BACK: &str = "\x1b[23;2t";

/// Whether this terminal is known to show progress, by what it says of itself.
pub fn knows_progress(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name: &&str| variable(name).is_some_and(|value| !value.is_empty());
    let program = variable("TERM_PROGRAM").unwrap_or_default();
    ["WT_SESSION", "ConEmuPID"].iter().any(is_set) || ["ghostty", "WezTerm"].contains(&program.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(has_progress: bool, alert: Alert) -> Signs {
        Signs::new(SignSettings { has_title: true, has_progress, alert })
    }

    #[test]
    fn only_what_is_new_is_sent() {
        let mut signs = signs(true, Alert::Off);
        let mut shown = |title: &str, progress| signs.shown(title.to_owned(), progress);
        assert_eq!(shown("a", TabProgress::None), "\x1b]2;a\x07");
        assert_eq!(shown("a", TabProgress::None), "");
        assert_eq!(shown("a", TabProgress::Share(7)), "\x1b]9;4;1;7\x07");
        assert_eq!(shown("b", TabProgress::Failed), "\x1b]2;b\x07\x1b]9;4;2;100\x07");
        signs.forget();
        assert_eq!(signs.shown("b".into(), TabProgress::None), "\x1b]2;b\x07");
    }

    #[test]
    fn what_is_not_wanted_is_not_sent() {
        let mut signs = Signs::new(SignSettings { alert: Alert::Off, ..SignSettings::default() });
        assert_eq!(signs.shown("a".into(), TabProgress::Share(1)), "");
        assert_eq!(signs.call("a"), "");
    }

    #[test]
    fn a_call_holds_no_more_than_its_words() {
        assert_eq!(signs(false, Alert::Bell).call("a"), "\x07");
        assert_eq!(signs(false, Alert::Notification).call("a;b"), "\x1b]777;notify;sverka;a,b\x07");
    }

    #[test]
    fn terminals_are_known_by_what_they_say() {
        let knows =
            |name: &str, value: &str| knows_progress(|asked| (asked == name).then(|| value.to_owned()));
        assert!(knows("WT_SESSION", "x") && knows("ConEmuPID", "1") && knows("TERM_PROGRAM", "ghostty"));
        assert!(!knows("WT_SESSION", "") && !knows("TERM_PROGRAM", "iTerm.app") && !knows("TERM", "xterm"));
    }
}
