//! PostgreSQL in a temporary folder, on a socket, gone with the test process however that ends.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A server; one for all tests of a process, or one of a test that kills it.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    keeper: Child,
}

/// Waits for its input to end, which is when the test process does, and takes server and folder away.
const KEEPER: &str = r#"
bin=$1 folder=$2 options=$3
begin() { "$bin/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c max_connections=200 -c max_wal_size=4GB -c shared_buffers=64MB $options \
    >>"$folder/log" 2>&1 </dev/null & }
"$bin/initdb" -D "$folder/data" -U owner -A trust -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1 || exit 1
begin
echo begun
while read -r word; do begin; echo begun; done
kill -QUIT $(head -1 "$folder/data/postmaster.pid") 2>/dev/null
wait
rm -rf "$folder" 2>/dev/null
"#;

/// Nobody in particular: the server refuses to run as root.
const NOBODY: u32 = 65_534;

impl Server {
    /// The one of this process.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// One of its own.
    pub fn start() -> Self {
        Self::start_with(&[], "")
    }

    /// One of its own, with files of these names beside its data, and these options.
    pub fn start_with(files: &[(&str, &str)], options: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("sverka-pg-").tempdir().unwrap().keep();
        let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
        for (name, text) in files {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            // A key that others may read is refused.
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            if is_root {
                chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        let command = if is_root {
            chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        Self::kept_by(command, folder, options)
    }

    /// One of its own that has so many kilobytes for what lies in its folder `small`: a disk of its own, in a namespace of its own.
    pub fn start_with_small_disk(kilobytes: u32) -> Self {
        let folder = tempfile::Builder::new().prefix("sverka-pg-").tempdir().unwrap().keep();
        fs::create_dir(folder.join("small")).unwrap();
        let line = format!(
            "folder=$(pwd); mount -t tmpfs -o size={kilobytes}k,mode=700 none \"$folder/small\" && \
             {{ unshare -U --map-user={NOBODY} --map-group={NOBODY} sh \"$@\"; umount \"$folder/small\"; rm -rf \"$folder\"; }}"
        );
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", &line, "sh"]);
        Self::kept_by(command, folder, "")
    }

    fn kept_by(mut command: Command, folder: PathBuf, options: &str) -> Self {
        command.args(["-c", KEEPER, "keeper"]).arg(binaries()).arg(&folder).arg(options).current_dir(&folder);
        let keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut server = Self { folder, keeper };
        server.await_begun();
        server
    }

    fn await_begun(&mut self) {
        let mut word = [0; 6];
        let read = self.keeper.stdout.as_mut().unwrap().read_exact(&mut word);
        let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(read.is_ok(), "PostgreSQL does not begin: {}", log());
        let since = Instant::now();
        let ready = || {
            let lines = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
            lines.lines().nth(7).is_some_and(|word| word.trim() == "ready")
        };
        while !ready() {
            assert!(since.elapsed() < Duration::from_secs(60), "PostgreSQL is not ready: {}", log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it as it stands, and begins it again.
    pub fn kill_and_begin(&mut self) {
        use std::io::Write as _;
        let pid = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap().to_owned();
        // The processes of its connections end by themselves when it is gone.
        assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
        std::thread::sleep(Duration::from_millis(300));
        let _ = fs::remove_file(self.folder.join("data/postmaster.pid"));
        self.keeper.stdin.as_mut().unwrap().write_all(b"begin\n").unwrap();
        self.await_begun();
    }

    /// The folder of its socket.
    pub fn socket(&self) -> &Path {
        &self.folder
    }

    /// The address of one of its databases, for a role.
    pub fn address(&self, database: &str, role: &str) -> String {
        format!("host={} dbname={database} user={role}", self.folder.display())
    }

    /// A connection to a database.
    pub async fn connect(&self, database: &str) -> tokio_postgres::Client {
        connect(&self.address(database, "owner")).await
    }

    /// A database of its own for one test.
    pub async fn database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let client = self.connect("postgres").await;
        client.batch_execute(&format!("create database {name}")).await.unwrap();
        name
    }
}

/// Connects, trying until a server that begins is there.
pub async fn connect(address: &str) -> tokio_postgres::Client {
    let since = Instant::now();
    loop {
        match tokio_postgres::connect(address, tokio_postgres::NoTls).await {
            Ok((client, connection)) => {
                tokio::spawn(connection);
                return client;
            }
            Err(error) if since.elapsed() > Duration::from_secs(20) => panic!("{error:?}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// The folder of `postgres` and `initdb`.
fn binaries() -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<_> = installed.map(|version| version.path().join("bin")).collect();
    installed.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = installed.into_iter().rev().chain(std::env::split_paths(&path));
    let is_whole = |folder: &PathBuf| ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file());
    all.into_iter().find(is_whole).expect("PostgreSQL is not installed: apt-get install postgresql")
}
