use std::os::fd::AsRawFd;
use std::os::unix::fs::{PermissionsExt, symlink};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::*;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn pipe(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        path
    }
}

fn wish<'a>(path: &'a Path, replace: Replace, kept: &'a [KeptFile]) -> Wish<'a> {
    Wish { path, replace, mode: 0o600, kept }
}

fn write(path: &Path, replace: Replace, kept: &[KeptFile]) -> Result<(), Refusal> {
    let mut writing = Place::find(&wish(path, replace, kept))?.begin()?;
    writing.write_all(b"# HELP sverka_new\n")?;
    writing.finish()
}

const METRICS: Replace = Replace::BeginsWith("# HELP sverka_");

#[test]
fn no_file_of_ours_is_written_over_whatever_name_leads_to_it() {
    let folder = Folder::new();
    let settings = folder.file("config.toml", "# HELP sverka_settings");
    symlink(&settings, folder.path("link")).unwrap();
    symlink("link", folder.path("link of a link")).unwrap();
    fs::hard_link(&settings, folder.path("twin")).unwrap();
    fs::create_dir(folder.path("sub")).unwrap();
    let open = File::open(&settings).unwrap();
    let by_number = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
    symlink(&by_number, folder.path("link to what is open")).unwrap();
    // What is yet to be made is known by its name.
    let coming = folder.path("coming.redb");
    let kept = [
        KeptFile { what: What::Settings, path: settings.clone() },
        KeptFile { what: What::Store, path: coming.clone() },
    ];
    let names = ["config.toml", "link", "link of a link", "twin", "sub/../config.toml"];
    let mut ways: Vec<_> = names.iter().map(|name| folder.path(name)).collect();
    ways.extend([by_number, folder.path("link to what is open"), coming, folder.path("sub/../coming.redb")]);
    for path in ways {
        for replace in [Replace::Foreign, METRICS, Replace::Nothing, Replace::AnotherStore] {
            let refused = write(&path, replace, &kept).unwrap_err();
            assert!(matches!(refused, Refusal::Own(_)), "{path:?} {replace:?}: {refused:?}");
        }
    }
    assert_eq!(fs::read_to_string(settings).unwrap(), "# HELP sverka_settings");
}

#[test]
fn a_file_is_replaced_only_where_that_was_meant() {
    let folder = Folder::new();
    let foreign = folder.file("notes.txt", "# HELP other_metric");
    let ours = folder.file("ours.prom", "# HELP sverka_old");
    let empty = folder.file("empty", "");
    let store = folder.file("other.redb", "redb\u{1a}\n");
    fs::write(&store, b"redb\x1a\x0a\xa9\x0d\x0a and pages").unwrap();
    assert!(matches!(write(&foreign, METRICS, &[]), Err(Refusal::Foreign)));
    assert!(matches!(write(&foreign, Replace::Nothing, &[]), Err(Refusal::Exists)));
    assert!(matches!(write(&store, Replace::Foreign, &[]), Err(Refusal::Own(What::Store))));
    for (path, replace) in [(&ours, METRICS), (&empty, METRICS), (&foreign, Replace::Foreign)] {
        write(path, replace, &[]).unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), "# HELP sverka_new\n");
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    write(&folder.path("new"), METRICS, &[]).unwrap();
    assert!(matches!(write(&folder.path("no/where"), METRICS, &[]), Err(Refusal::Io(_))));
    assert!(matches!(write(folder.0.path(), Replace::Foreign, &[]), Err(Refusal::Io(_))));
}

#[test]
fn a_link_is_kept_and_the_file_it_leads_to_replaced() {
    let folder = Folder::new();
    fs::create_dir(folder.path("there")).unwrap();
    let file = folder.file("there/base.csv", "old");
    let link = folder.path("link.csv");
    symlink("there/base.csv", &link).unwrap();
    write(&link, Replace::Foreign, &[]).unwrap();
    assert_eq!(fs::read_link(&link).unwrap(), Path::new("there/base.csv"));
    assert_eq!(fs::read_to_string(file).unwrap(), "# HELP sverka_new\n");
    let dangling = folder.path("dangling");
    symlink("no/such/file", &dangling).unwrap();
    assert!(matches!(write(&dangling, Replace::Foreign, &[]), Err(Refusal::LinkToNothing)));
    symlink("round", folder.path("round")).unwrap();
    assert!(write(&folder.path("round"), Replace::Foreign, &[]).is_err());
}

#[test]
fn devices_pipes_and_open_files_are_written_into_and_stay_what_they_are() {
    let folder = Folder::new();
    write(Path::new("/dev/null"), Replace::Nothing, &[]).unwrap();
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let full = write(Path::new("/dev/full"), Replace::Nothing, &[]).unwrap_err();
    assert!(matches!(full, Refusal::Io(error) if error.kind() == io::ErrorKind::StorageFull));
    let pipe = folder.pipe("pipe");
    let reading = thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    write(&pipe, METRICS, &[]).unwrap();
    assert_eq!(reading.join().unwrap(), "# HELP sverka_new\n");
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    let log = folder.file("log", "before\n");
    let open = OpenOptions::new().append(true).open(&log).unwrap();
    let by_number = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
    write(&by_number, Replace::Nothing, &[]).unwrap();
    assert_eq!(fs::read_to_string(&log).unwrap(), "before\n# HELP sverka_new\n");
}

#[test]
fn a_file_that_came_into_the_place_meanwhile_stays() {
    let folder = Folder::new();
    for (name, replace) in [("new", Replace::Nothing), ("old", Replace::Foreign)] {
        let path = folder.path(name);
        if replace == Replace::Foreign {
            fs::write(&path, "old").unwrap();
        }
        let mut writing = Place::find(&wish(&path, replace, &[])).unwrap().begin().unwrap();
        writing.write_all(b"ours").unwrap();
        let other = folder.file("other", "somebody else's");
        fs::rename(other, &path).unwrap();
        writing.finish().unwrap_err();
        assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's");
    }
}
