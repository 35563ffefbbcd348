//! The file of settings, watched while the dashboard runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::config::{self, ConfigError, SettingsPrint};
use crate::text::Texts;

/// Between two looks at it.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The file that settings were read from, and what it said last.
#[derive(Clone, Debug)]
pub struct SettingsWatch {
    path: PathBuf,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Known {
    changed_at: Option<SystemTime>,
    says: SettingsPrint,
}

impl SettingsWatch {
    /// Watches a file from what it says now.
    pub fn new(path: PathBuf) -> Self {
        let known = Known { changed_at: changed_at(&path), says: read(&path).unwrap_or_default() };
        Self { path, known: Arc::new(Mutex::new(known)) }
    }

    /// Waits until the file says something else than before, and tells that in words.
    pub(super) async fn changed(&self, texts: Texts) -> String {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let watch = self.clone();
            let looked = tokio::task::spawn_blocking(move || watch.look(texts)).await;
            if let Ok(Some(words)) = looked {
                return words;
            }
        }
    }

    /// Looks once.
    fn look(&self, texts: Texts) -> Option<String> {
        let now = changed_at(&self.path);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if now.is_none() || known.changed_at == now {
            return None;
        }
        known.changed_at = now;
        match read(&self.path) {
            Ok(says) => {
                let changed = known.says.changed(&says);
                known.says = says;
                let keys = [("keys", changed.join(", ").into())];
                (!changed.is_empty()).then(|| texts.with("settings-changed", &keys))
            }
            Err(error) => {
                let problem = texts.config_error(&error);
                Some(format!("{} {}", problem.message, problem.remedy))
            }
        }
    }
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|file| file.modified()).ok()
}

fn read(path: &Path) -> Result<SettingsPrint, ConfigError> {
    // What cannot be read at the moment says what it said before. A pipe is read once: nobody writes to it again.
    if !path.is_file() {
        return SettingsPrint::of(path, "");
    }
    let text = config::read_text(path).unwrap_or_default();
    SettingsPrint::of(path, &text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn written(path: &Path, text: &str, second: u64) {
        std::fs::write(path, text).expect("written");
        let file = std::fs::File::options().write(true).open(path).expect("the file");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(second)).expect("its time");
    }

    #[test]
    fn a_change_is_told_once_and_a_fault_in_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        written(&path, "[sync]\ndays = 30\n[onec]\npassword = \"tiger-42\"\n", 1);
        let watch = SettingsWatch::new(path.clone());
        let look = || watch.look(Texts::new(Language::Russian));
        assert_eq!(look(), None);
        written(&path, "[sync]\ndays = 30\n[onec]\npassword = \"tiger-43\"\n[ui]\ntheme = \"day\"\n", 2);
        let told = look().expect("a change");
        assert!(told.contains("onec.password, ui.theme") && !told.contains("tiger"), "{told}");
        assert_eq!(look(), None, "told once");
        written(
            &path,
            "# only a remark\n[sync]\ndays = 30\n[onec]\npassword = \"tiger-43\"\n[ui]\ntheme = \"day\"\n",
            3,
        );
        assert_eq!(look(), None, "nothing else is said");
        written(&path, "[sync\n", 4);
        assert!(look().is_some_and(|told| told.contains("config.toml")));
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(look(), None);
    }
}
