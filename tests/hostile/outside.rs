//! The real binary beside a server: settings in a file, commands one after another, exit codes and JSON.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock};

use serde_json::Value as Json;
use sverka::cli::SystemClock;
use sverka::domain::period::local_time;
use sverka::engine::Clock;
use sverka::odata::ConnectionSettings as Reach;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::asked::ROOT;
use crate::books::Books;
use crate::http::Server;
use crate::onec::OneC;

/// Where the servers live: a test waits for the binary without waiting in them.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A machine of its own, with settings that lead to a server of its own.
pub struct Machine {
    pub onec: Arc<OneC>,
    folder: TempDir,
    _server: Server,
}

/// A command that ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Standard output as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.stdout).unwrap_or_default()
    }

    /// All that was said.
    pub fn said(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

impl Machine {
    /// A machine with more settings than the way to 1C: of the section `[onec]`, and of the sections behind it.
    pub fn new(change: fn(&mut Books), settings: &str) -> Self {
        let now = local_time(SystemClock.now(), Reach::default().timezone);
        let mut books = Books::at(now);
        change(&mut books);
        let onec = Arc::new(OneC::new(books));
        let answering = Arc::clone(&onec);
        let server = Server::start(Arc::new(move |target: &str| answering.answer(target)));
        let server = RUNTIME.block_on(server).unwrap();
        let folder = TempDir::new().unwrap();
        let url = format!("http://{}{ROOT}", server.address());
        let config = format!(
            "[onec]\nurl = \"{url}\"\nuser = \"odata.user\"\npassword = \"demo\"\nbackoff = \"1ms\"\npage_size = 25\n{settings}\n"
        );
        let path = folder.path().join("config.toml");
        fs::write(&path, config).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        Self { onec, folder, _server: server }
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let path = |name: &str| self.folder.path().join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_sverka"));
        command.args(["--config", "config.toml", "--store", "sverka.redb"]).args(arguments);
        command.env_clear().current_dir(self.folder.path()).env("LANG", "en_US.UTF-8");
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
        ] {
            command.env(name, path(folder));
        }
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }
}
