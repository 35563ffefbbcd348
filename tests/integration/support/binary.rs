//! The real binary on a machine of its own: a home, settings, and the simulated 1C to ask.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::Duration;

use chrono::NaiveDateTime;
use rustix::process::{Pid, Signal};
use serde_json::Value;
use sverka::cli::SystemClock;
use sverka::domain::period::local_time;
use sverka::engine::Clock;
use sverka::odata::ConnectionSettings;
use sverka::store::{Access, Store};
use sverka_simulator::{Faults, Scenario, Server, Simulator};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::timeout;

/// When a run counts as stuck. Nothing else is decided by time.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// The binary.
pub const SVERKA: &str = env!("CARGO_BIN_EXE_sverka");

/// Where the simulated 1C of every machine and the pipes of every run live.
pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Every trap but the one that moves at midnight: the binary goes by the real clock.
const CUSTOMERS: usize = 30;
const LINES: usize = 300;

/// Who asks.
pub const USER: &str = "odata.user";

/// The infobase's wall clock, which goes with the binary's.
fn wall_clock() -> NaiveDateTime {
    local_time(SystemClock.now(), ConnectionSettings::default().timezone)
}

/// A machine with a home of its own.
pub struct Machine {
    folder: TempDir,
    onec: Option<Server>,
    password: String,
}

impl Machine {
    /// Nothing is set and nothing can be asked.
    pub fn bare() -> Self {
        let folder = TempDir::new().unwrap();
        for name in ["home", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder, onec: None, password: "demo".into() }
    }

    /// Changes a letter of a text wherever the store has it: redb reads it as it is. The file as it is then.
    pub fn let_rot(&self, text: &str) -> Vec<u8> {
        let mut bytes = fs::read(self.store()).unwrap();
        let text = text.as_bytes();
        let places: Vec<_> =
            (0..bytes.len() - text.len()).filter(|at| bytes[*at..].starts_with(text)).collect();
        assert!(!places.is_empty());
        for place in places {
            bytes[place + 1] ^= 1;
        }
        fs::write(self.store(), &bytes).unwrap();
        bytes
    }

    /// A 1C with the reference customer and the traps, and settings that lead to it.
    pub fn with_onec() -> Self {
        Self::over(Scenario::new(CUSTOMERS, 1, wall_clock().date()).with_lines(LINES))
    }

    /// The same with so many customers.
    pub fn with_customers(customers: usize) -> Self {
        Self::over(Scenario::new(customers, 1, wall_clock().date()))
    }

    /// The same with so many customers and sales lines.
    pub fn with_shop(customers: usize, lines: usize) -> Self {
        Self::over(Scenario::new(customers, 1, wall_clock().date()).with_lines(lines))
    }

    /// The 1C of another shop.
    pub fn with_another_base() -> Self {
        Self::over(Scenario::new(CUSTOMERS, 2, wall_clock().date()))
    }

    fn over(scenario: Scenario) -> Self {
        let server = RUNTIME.block_on(Server::start(Simulator::new(scenario), 0, wall_clock)).unwrap();
        let mut machine = Self::bare();
        machine.onec = Some(server);
        machine.configure("");
        machine
    }

    /// A machine whose first sync is done.
    pub fn synced() -> Self {
        let machine = Self::with_onec();
        machine.run(["sync"]).ends_with(0);
        machine
    }

    /// The password the settings give from now on.
    pub fn set_password(&mut self, password: &str) {
        password.clone_into(&mut self.password);
        self.configure("");
    }

    /// Makes 1C take this password and no other.
    pub fn accept_password(&self, password: &str) {
        let scenario = Scenario::new(CUSTOMERS, 1, wall_clock().date()).with_lines(LINES);
        self.onec(|onec| *onec = Simulator::new(scenario).with_account(USER, password));
    }

    /// Writes the settings: the way to 1C, and more.
    pub fn configure(&self, more: &str) {
        self.configure_at(&self.onec_url(), more);
    }

    /// The address of 1C.
    pub fn onec_url(&self) -> String {
        self.onec.as_ref().unwrap().url()
    }

    /// Writes the settings: another way to 1C, and more.
    pub fn configure_at(&self, url: &str, more: &str) {
        let password = Value::from(self.password.as_str());
        let settings = format!(
            "[onec]\nurl = \"{url}\"\nuser = \"{USER}\"\npassword = {password}\nbackoff = \"1ms\"\n{more}"
        );
        self.write_config(&settings);
    }

    /// Writes the settings as they stand here, for the owner only.
    pub fn write_config(&self, text: &str) {
        let path = self.config();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Where the platform has the settings.
    pub fn config(&self) -> PathBuf {
        self.path("config/sverka/config.toml")
    }

    /// Where the platform has the store.
    pub fn store(&self) -> PathBuf {
        self.path("data/sverka/sverka.redb")
    }

    /// Where temporary files go.
    pub fn temporary(&self) -> PathBuf {
        self.path("tmp")
    }

    /// A path on this machine.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Looks at the simulated 1C, or changes it.
    pub fn onec<R>(&self, act: impl FnOnce(&mut Simulator) -> R) -> R {
        self.onec.as_ref().unwrap().with_simulator(act)
    }

    /// What goes wrong in 1C from now on.
    pub fn break_onec(&self, faults: Faults) {
        self.onec(|onec| onec.set_faults(faults));
    }

    /// Waits until 1C was asked so often.
    pub fn wait_for_requests(&self, total: u64) {
        let asked = async {
            while self.onec(|onec| onec.log().total()) < total {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        RUNTIME.block_on(async { timeout(DEADLINE, asked).await }).expect("1C is asked");
    }

    /// Waits until there is a file of this name.
    pub fn wait_for_file(&self, name: &str) {
        let there = async {
            while !self.path(name).exists() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        RUNTIME.block_on(async { timeout(DEADLINE, there).await }).expect("the file appears");
    }

    /// Waits until somebody reads this pipe; whoever writes to it may be silent.
    pub fn writer_of(pipe: &Path) -> fs::File {
        let nonblocking = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap();
        let opened = async {
            loop {
                match fs::OpenOptions::new().write(true).custom_flags(nonblocking).open(pipe) {
                    Ok(writer) => return writer,
                    Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
                }
            }
        };
        RUNTIME.block_on(async { timeout(DEADLINE, opened).await }).expect("the pipe is read")
    }

    /// Waits until this generation is published.
    pub fn wait_for_generation(&self, id: u64) {
        let published = async {
            while !matches!(Store::open(&self.store(), Access::Read).and_then(|store| store.snapshot()),
                Ok(snapshot) if snapshot.generation().is_some_and(|generation| generation.id == id))
            {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        RUNTIME.block_on(async { timeout(DEADLINE, published).await }).expect("the generation is published");
    }

    /// Takes 1C off the network.
    pub fn stop_onec(&mut self) {
        self.onec = None;
    }

    /// The environment of every run: nothing of whoever runs the tests.
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let path = std::env::var_os("PATH").unwrap_or_default().into();
        vec![
            ("PATH", path),
            ("HOME", self.path("home")),
            ("XDG_CONFIG_HOME", self.path("config")),
            ("XDG_DATA_HOME", self.path("data")),
            ("XDG_STATE_HOME", self.path("state")),
            ("XDG_CACHE_HOME", self.path("cache")),
            ("TMPDIR", self.temporary()),
            // The pause before the second look is held by a test of its own.
            ("SVERKA_SYNC__SECOND_LOOK_AFTER", "1ms".into()),
            // Who wants an engine starts one: none outlives a test.
            ("SVERKA_ENGINE__ON_DEMAND", "false".into()),
        ]
    }

    /// The binary, about to be run.
    pub fn sverka<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Invocation {
        self.program(SVERKA, arguments)
    }

    /// Another program on this machine, which may run the binary.
    pub fn program<A: AsRef<OsStr>>(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Invocation {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(self.environment()).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        Invocation(command)
    }

    /// The binary run by a line of the shell, which names it `"$@"`.
    pub fn shell(&self, line: &str, arguments: &[&str]) -> Invocation {
        self.program("sh", [&["-c", line, "sh", SVERKA], arguments].concat())
    }

    /// Runs the binary to its end.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Run {
        self.sverka(arguments).run()
    }

    /// All files of this machine but the settings.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        collect_files(self.folder.path(), &mut files);
        files.retain(|file| *file != self.config());
        files
    }
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect_files(&path, files) } else { files.push(path) }
    }
}

/// The binary, about to be run.
pub struct Invocation(Command);

impl Invocation {
    /// With a variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// In English.
    pub fn in_english(self) -> Self {
        self.env("LANG", "en_US.UTF-8")
    }

    /// With this standard output.
    pub fn stdout(mut self, to: impl Into<Stdio>) -> Self {
        self.0.stdout(to);
        self
    }

    /// With this standard input.
    pub fn stdin(mut self, from: impl Into<Stdio>) -> Self {
        self.0.stdin(from);
        self
    }

    /// With this standard error.
    pub fn stderr(mut self, to: impl Into<Stdio>) -> Self {
        self.0.stderr(to);
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Run {
        self.start().end()
    }

    /// Starts it.
    pub fn start(mut self) -> Running {
        let what = format!("{:?}", self.0.as_std());
        let _entered = RUNTIME.enter();
        let mut child = self.0.spawn().unwrap();
        // The command itself may hold the other end of a pipe.
        drop(self.0);
        let stdout = child.stdout.take().map(collected);
        let stderr = child.stderr.take().map(collected);
        Running { what, child, stdout, stderr }
    }
}

/// All that came out of a pipe so far; closed with the pipe.
type Collected = watch::Receiver<Vec<u8>>;

fn collected(mut pipe: impl AsyncRead + Unpin + Send + 'static) -> Collected {
    let (sender, receiver) = watch::channel(Vec::new());
    RUNTIME.spawn(async move {
        let mut chunk = [0; 8192];
        while let Ok(length @ 1..) = pipe.read(&mut chunk).await {
            sender.send_modify(|all| all.extend(&chunk[..length]));
        }
    });
    receiver
}

/// A run under way. It is killed when dropped.
pub struct Running {
    what: String,
    child: Child,
    stdout: Option<Collected>,
    stderr: Option<Collected>,
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.pid().try_into().unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Waits until standard error says this.
    pub fn wait_for_words(&mut self, words: &str) {
        let said = wait_for(self.stderr.as_mut().unwrap(), |text| text.contains(words));
        assert!(said.is_some(), "{} never said {words:?}", self.what);
    }

    /// The same of standard output.
    pub fn wait_for_output(&mut self, words: &str) {
        let said = wait_for(self.stdout.as_mut().unwrap(), |text| text.contains(words));
        assert!(said.is_some(), "{} never printed {words:?}", self.what);
    }

    /// What standard error said so far.
    pub fn told(&self) -> String {
        String::from_utf8_lossy(&self.stderr.as_ref().unwrap().borrow()).into_owned()
    }

    /// Waits for the first line of standard output.
    pub fn wait_for_line(&mut self) -> String {
        let text = wait_for(self.stdout.as_mut().unwrap(), |text| text.contains('\n'));
        text.unwrap_or_else(|| panic!("{} printed no line", self.what)).lines().next().unwrap().to_owned()
    }

    /// Whether it ended already.
    pub fn has_ended(&mut self) -> bool {
        let _entered = RUNTIME.enter();
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for its end.
    pub fn end(mut self) -> Run {
        let ended = RUNTIME.block_on(async { timeout(DEADLINE, self.child.wait()).await });
        let status = ended.unwrap_or_else(|_| panic!("{} does not end", self.what)).unwrap();
        Run {
            what: self.what,
            code: status.code(),
            dumped_core: status.core_dumped(),
            stdout: text(drained(self.stdout)),
            stderr: text(drained(self.stderr)),
        }
    }
}

fn wait_for(pipe: &mut Collected, accepts: impl Fn(&str) -> bool) -> Option<String> {
    let read = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
    let waiting = async { pipe.wait_for(|bytes| accepts(&read(bytes))).await.ok().map(|bytes| read(&bytes)) };
    RUNTIME.block_on(async { timeout(DEADLINE, waiting).await }).ok().flatten()
}

fn drained(pipe: Option<Collected>) -> Vec<u8> {
    let Some(mut pipe) = pipe else { return Vec::new() };
    RUNTIME.block_on(async { while pipe.changed().await.is_ok() {} });
    pipe.borrow().clone()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("output is UTF-8")
}

/// A run that ended.
#[derive(Debug)]
pub struct Run {
    what: String,
    pub code: Option<i32>,
    /// Whether the system made an image of its memory, whatever became of that.
    pub dumped_core: bool,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// It must have ended with this code.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        let Self { what, stdout, stderr, .. } = &self;
        assert_eq!(self.code, Some(code), "{what}\nstdout:\n{stdout}\nstderr:\n{stderr}");
        self
    }

    /// Standard output must hold this.
    #[track_caller]
    pub fn prints(self, words: &str) -> Self {
        assert!(self.stdout.contains(words), "no {words:?} in\n{}", self.stdout);
        self
    }

    /// Standard error must hold this.
    #[track_caller]
    pub fn tells(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "no {words:?} in\n{}", self.stderr);
        self
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// Standard output as JSON lines.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// Nothing of it may steer a terminal.
    #[track_caller]
    pub fn is_harmless(&self) {
        for text in [&self.stdout, &self.stderr] {
            if let Some(c) = text.chars().find(|c| *c != '\n' && steers(*c)) {
                panic!("{c:?} in the output of {}:\n{text:?}", self.what);
            }
        }
    }
}

/// Control characters, direction controls, marks and line ends that no foreign text may bring to a terminal.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{2028}' | '\u{2029}' | '\u{feff}')
}
