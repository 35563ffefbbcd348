//! The real binary in a pseudo-terminal: keys go in, a screen is read, and the terminal's state is looked at.

use std::io::{Read, Write};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread::{self, JoinHandle};

use base64::prelude::{BASE64_STANDARD, Engine};
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal};
use vt100::{Parser, Screen};

use super::binary::{DEADLINE, Machine, SVERKA, steers};

pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const TAB: &str = "\t";
pub const CTRL_C: &str = "\x03";
/// Control and `u`: deletes all that was typed.
pub const BACKSPACE_ALL: &str = "\x15";
pub const CTRL_Z: &str = "\x1a";
const CTRL_L: &str = "\x0c";
pub const F1: &str = "\x1bOP";
pub const DOWN: &str = "\x1b[B";
pub const F3: &str = "\x1bOR";
pub const F4: &str = "\x1bOS";
pub const F5: &str = "\x1b[15~";
pub const F6: &str = "\x1b[17~";
pub const F7: &str = "\x1b[18~";
pub const F8: &str = "\x1b[19~";
pub const F9: &str = "\x1b[20~";
pub const F10: &str = "\x1b[21~";
pub const F12: &str = "\x1b[24~";
pub const F2: &str = "\x1bOQ";
pub const END: &str = "\x1b[F";

/// Alt and a letter.
pub fn alt(letter: &str) -> String {
    format!("{ESC}{letter}")
}

/// The marks of a synchronised update: what every frame begins and ends with.
const FRAME_BEGINS: &[u8] = b"\x1b[?2026h";
const FRAME_ENDS: &[u8] = b"\x1b[?2026l";

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, ..PtySize::default() }
}

/// What the terminal received so far.
struct Seen {
    parser: Parser,
    bytes: Vec<u8>,
    /// Nobody reads any more after the next bytes.
    is_enough: bool,
}

/// The state, and a bell that rings when it changes.
type Shared = Arc<(Mutex<Seen>, Condvar)>;

/// A terminal with the binary in it.
pub struct PseudoTerminal {
    master: Box<dyn MasterPty + Send>,
    /// Held like the shell holds it: the settings of the terminal outlive the program.
    slave: Box<dyn SlavePty + Send>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    shared: Shared,
    reader: JoinHandle<()>,
    settings_before: String,
    /// Dropped after its terminal.
    _machine: Option<Machine>,
}

impl PseudoTerminal {
    /// Starts the binary in a terminal of this size.
    pub fn start(
        machine: &Machine,
        arguments: &[&str],
        (columns, rows): (u16, u16),
        more: &[(&str, &str)],
    ) -> Self {
        Self::start_program(machine, SVERKA, arguments, (columns, rows), more)
    }

    /// Starts another program, which may run the binary.
    pub fn start_program(
        machine: &Machine,
        program: &str,
        arguments: &[&str],
        (columns, rows): (u16, u16),
        more: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.cwd(machine.path(""));
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        for (name, value) in machine.environment() {
            command.env(name, value);
        }
        for (name, value) in more {
            command.env(name, value);
        }
        let seen = Seen { parser: Parser::new(rows, columns, 0), bytes: Vec::new(), is_enough: false };
        let shared: Shared = Arc::new((Mutex::new(seen), Condvar::new()));
        let output = pair.master.try_clone_reader().unwrap();
        let reader = thread::spawn({
            let shared = Arc::clone(&shared);
            move || watch(output, &shared)
        });
        let keyboard = pair.master.take_writer().unwrap();
        let settings_before = settings(pair.master.as_ref());
        let child = pair.slave.spawn_command(command).unwrap();
        let (master, slave) = (pair.master, pair.slave);
        Self { master, slave, keyboard, child, shared, reader, settings_before, _machine: None }
    }

    /// Lets the machine live as long as its terminal.
    pub fn keep(self, machine: Machine) -> Self {
        Self { _machine: Some(machine), ..self }
    }

    /// Presses keys, or pastes, as bytes.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits until the screen is as it should be, between two frames.
    #[track_caller]
    pub fn wait_until(&self, what: &str, accepts: impl Fn(&Screen) -> bool) {
        let is_whole = |bytes: &[u8]| rfind(bytes, FRAME_BEGINS) <= rfind(bytes, FRAME_ENDS);
        self.wait(what, |seen| is_whole(&seen.bytes) && accepts(seen.parser.screen()));
    }

    /// Waits until all of these can be read on the screen.
    #[track_caller]
    pub fn wait_for(&self, words: &[&str]) {
        self.wait_until(&format!("{words:?}"), |screen| {
            let text = readable(screen);
            words.iter().all(|words| text.contains(words))
        });
    }

    /// Waits until one line shows all of these.
    #[track_caller]
    pub fn wait_for_line_with(&self, words: &[&str]) {
        self.wait_until(&format!("a line with {words:?}"), |screen| {
            let text = screen.contents().replace('\u{a0}', " ");
            text.lines().any(|line| words.iter().all(|word| line.contains(word)))
        });
    }

    /// Waits until a program that draws nothing has said this.
    #[track_caller]
    pub fn wait_for_line(&self, words: &str) {
        self.wait(words, |seen| {
            let said = String::from_utf8_lossy(&seen.bytes).replace('\u{a0}', " ");
            said.contains(words)
        });
    }

    /// Waits until this can be read no more.
    #[track_caller]
    pub fn wait_for_no(&self, words: &str) {
        self.wait_until(&format!("no {words:?}"), |screen| !readable(screen).contains(words));
    }

    /// Waits for a text put into the terminal's clipboard by OSC 52, and takes it out of what was received, so
    /// that nothing but frames is left.
    #[track_caller]
    pub fn take_clipboard(&self) -> String {
        self.wait("a copy", |seen| clipboard(&seen.bytes).is_some());
        let mut seen = self.shared.0.lock().unwrap();
        let (at, end, text) = clipboard(&seen.bytes).unwrap();
        seen.bytes.drain(at..end);
        text
    }

    /// How many bytes were received.
    pub fn received(&self) -> usize {
        self.shared.0.lock().unwrap().bytes.len()
    }

    /// Processor time of the program so far, in the kernel's ticks: hundredths of a second.
    pub fn processor_ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        // User and system time are the twelfth and thirteenth numbers after the name in brackets.
        let numbers = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2);
        numbers.map(|number| number.parse::<u64>().unwrap()).sum()
    }

    /// How many frames were drawn.
    pub fn frames(&self) -> usize {
        frames(&self.shared.0.lock().unwrap().bytes)
    }

    /// Waits for more frames than this.
    #[track_caller]
    pub fn wait_for_frame_after(&self, drawn: usize) {
        self.wait("another frame", |seen| frames(&seen.bytes) > drawn);
    }

    #[track_caller]
    fn wait(&self, what: &str, accepts: impl Fn(&Seen) -> bool) {
        let (state, bell) = &*self.shared;
        let seen = state.lock().unwrap();
        let (seen, waited) = bell.wait_timeout_while(seen, DEADLINE, |seen| !accepts(seen)).unwrap();
        assert!(!waited.timed_out(), "waited for {what}, saw\n{}", seen.parser.screen().contents());
    }

    /// Looks at the screen as it is.
    pub fn screen<R>(&self, look: impl FnOnce(&Screen) -> R) -> R {
        look(self.shared.0.lock().unwrap().parser.screen())
    }

    /// Makes the window another size and waits for it to be drawn anew.
    pub fn resize(&self, columns: u16, rows: u16) {
        let drawn = self.frames();
        self.make_room(columns, rows);
        self.master.resize(size(columns, rows)).unwrap();
        self.wait_for_frame_after(drawn);
    }

    /// The same, and goes on at once.
    pub fn resize_without_waiting(&self, columns: u16, rows: u16) {
        self.make_room(columns, rows);
        self.master.resize(size(columns, rows)).unwrap();
    }

    /// Gives the terminal the settings a shell would give it.
    pub fn make_sane(&self) {
        let device = self.master.tty_name().unwrap();
        let ran = Command::new("stty").arg("-F").arg(device).arg("sane").status().unwrap();
        assert!(ran.success());
    }

    /// Waits until this was written, on whatever screen.
    #[track_caller]
    pub fn wait_for_output(&self, words: &str) {
        self.wait(words, |seen| rfind(&seen.bytes, words.as_bytes()).is_some());
    }

    /// The emulator only grows: what was drawn for a larger window may still be on its way, and the emulator
    /// does not survive what lies outside it.
    fn make_room(&self, columns: u16, rows: u16) {
        let mut seen = self.shared.0.lock().unwrap();
        let (had_rows, had_columns) = seen.parser.screen().size();
        seen.parser.screen_mut().set_size(rows.max(had_rows), columns.max(had_columns));
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.pid().try_into().unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Sends a signal to the program that a shell in this terminal runs.
    pub fn signal_child(&self, signal: Signal) {
        let children = format!("/proc/{0}/task/{0}/children", self.pid());
        let child = std::fs::read_to_string(children).unwrap().trim().parse().unwrap();
        rustix::process::kill_process(Pid::from_raw(child).unwrap(), signal).unwrap();
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Waits for the end of the program, and looks at what it left.
    pub fn end(self) -> Ended {
        let pid = self.pid();
        let status = ended(self.child);
        let settings_after = settings(self.master.as_ref());
        // Only now may the reader see the end of the output.
        drop(self.slave);
        self.reader.join().unwrap();
        let seen = self.shared.0.lock().unwrap();
        Ended {
            code: (status.signal().is_none()).then(|| status.exit_code()),
            bytes: seen.bytes.clone(),
            size: seen.parser.screen().size(),
            is_alternate: seen.parser.screen().alternate_screen(),
            is_cursor_hidden: seen.parser.screen().hide_cursor(),
            is_paste_marked: seen.parser.screen().bracketed_paste(),
            settings: (self.settings_before, settings_after),
            left_over: session(pid),
        }
    }

    /// Closes the window: the terminal is gone, as when a connection breaks. The exit code, if it ended by itself.
    pub fn close_window(mut self) -> Option<u32> {
        self.shared.0.lock().unwrap().is_enough = true;
        // The reader holds the window open until something more is drawn.
        self.press(CTRL_L);
        self.reader.join().unwrap();
        drop((self.keyboard, self.slave, self.master));
        let status = ended(self.child);
        status.signal().is_none().then(|| status.exit_code())
    }
}

fn watch(mut output: Box<dyn Read + Send>, shared: &Shared) {
    let (state, bell) = &**shared;
    let mut chunk = [0; 8192];
    let mut unshown = Vec::new();
    while let Ok(length @ 1..) = output.read(&mut chunk) {
        let mut seen = state.lock().unwrap();
        seen.bytes.extend(&chunk[..length]);
        // A character that came in two pieces would take the one after it with it: vte loses that.
        unshown.extend(&chunk[..length]);
        let rest = unshown.split_off(whole_characters(&unshown));
        seen.parser.process(&unshown);
        unshown = rest;
        bell.notify_all();
        if seen.is_enough {
            return;
        }
    }
}

/// How many of these bytes are whole characters, or no characters at all.
fn whole_characters(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let starts = (tail..bytes.len()).rev().find(|at| bytes[*at] & 0xc0 != 0x80);
    let length = |first: u8| match first {
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
        _ => 1,
    };
    starts.filter(|at| at + length(bytes[*at]) > bytes.len()).unwrap_or(bytes.len())
}

#[test]
fn a_character_that_comes_in_two_pieces_waits_for_its_end() {
    let text = "нет в справочнике — ✓ \u{1f600}!";
    for end in 0..text.len() {
        let whole = whole_characters(&text.as_bytes()[..end]);
        assert!(text.is_char_boundary(whole) && end - whole < 4, "{end}");
        assert!(!text.is_char_boundary(end) || whole == end, "{end}");
    }
    assert_eq!(whole_characters(b"\xff\x80\x80\x80\x80"), 5, "what is no text is not waited for");
}

/// Where the first whole copy by OSC 52 begins and ends, and what it holds.
fn clipboard(bytes: &[u8]) -> Option<(usize, usize, String)> {
    const BEGIN: &[u8] = b"\x1b]52;c;";
    const END: &[u8] = b"\x1b\\";
    let find = |from: usize, part: &[u8]| {
        bytes.get(from..)?.windows(part.len()).position(|window| window == part).map(|at| from + at)
    };
    let at = find(0, BEGIN)?;
    let end = find(at, END)?;
    let text = BASE64_STANDARD.decode(&bytes[at + BEGIN.len()..end]).unwrap();
    Some((at, end + END.len(), String::from_utf8(text).unwrap()))
}

fn frames(bytes: &[u8]) -> usize {
    bytes.windows(FRAME_ENDS.len()).filter(|window| *window == FRAME_ENDS).count()
}

fn rfind(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).rposition(|window| window == part)
}

fn readable(screen: &Screen) -> String {
    screen.contents().replace('\u{a0}', " ")
}

fn settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("a terminal has settings"))
}

fn ended(mut child: Box<dyn Child + Send + Sync>) -> ExitStatus {
    let mut killer = child.clone_killer();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait().unwrap()));
    receiver.recv_timeout(DEADLINE).unwrap_or_else(|_| {
        killer.kill().unwrap();
        panic!("the program does not end");
    })
}

/// Processes of a session that are still there.
fn session(leader: u32) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = entries.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    // The name in brackets may hold anything; the session is the fourth number after it.
    let is_ours = |stat: &String| {
        let fields = stat.rsplit(')').next().unwrap_or_default();
        fields.split_whitespace().nth(3) == Some(leader.to_string().as_str())
    };
    stats.filter(is_ours).collect()
}

/// What the program left behind.
pub struct Ended {
    /// None where a signal killed it.
    code: Option<u32>,
    pub bytes: Vec<u8>,
    /// Rows and columns.
    size: (u16, u16),
    is_alternate: bool,
    is_cursor_hidden: bool,
    is_paste_marked: bool,
    settings: (String, String),
    left_over: Vec<String>,
}

impl Ended {
    /// It ended with this code, the terminal is as it was, and got nothing but frames.
    #[track_caller]
    pub fn well(self, code: u32) -> Self {
        for (on, off) in [
            ("\x1b[?1049h", "\x1b[?1049l"),
            ("\x1b[?25l", "\x1b[?25h"),
            ("\x1b[?1004h", "\x1b[?1004l"),
            ("\x1b[?2004h", "\x1b[?2004l"),
        ] {
            let (on, off) = (rfind(&self.bytes, on.as_bytes()), rfind(&self.bytes, off.as_bytes()));
            assert!(on.is_some() && on < off, "{off:?} comes last");
        }
        // Where signs cannot be written the title is left alone.
        let title = ["\x1b[22;2t", "\x1b[23;2t"].map(|sequence| rfind(&self.bytes, sequence.as_bytes()));
        assert!(title[0] <= title[1] && title[0].is_some() == title[1].is_some(), "the title is given back");
        self.plainly(code)
    }

    /// The same of a command without a screen of its own.
    #[track_caller]
    pub fn plainly(self, code: u32) -> Self {
        // The kernel echoes a letter of two bytes byte by byte: what the program writes meanwhile may come between.
        let said = String::from_utf8_lossy(&self.bytes).into_owned();
        assert_eq!(self.code, Some(code), "{said}");
        assert_eq!(self.settings.0, self.settings.1, "settings of the terminal");
        assert!(!self.is_alternate, "the alternate screen was left");
        assert!(!self.is_cursor_hidden, "the cursor is shown");
        assert!(!self.is_paste_marked, "pastes are not marked any more");
        assert_eq!(self.left_over, Vec::<String>::new(), "processes left over");
        let unexpected: Vec<_> = pieces(&said).filter(|piece| !is_expected(piece)).collect();
        assert_eq!(unexpected, Vec::<&str>::new());
        self
    }

    /// The screen as it was after every frame.
    pub fn screens(&self) -> Vec<String> {
        let mut parser = Parser::new(self.size.0, self.size.1, 0);
        let mut screens = Vec::new();
        let mut rest = self.bytes.as_slice();
        while !rest.is_empty() {
            let frame = rest.windows(FRAME_ENDS.len()).position(|window| window == FRAME_ENDS);
            let (frame, after) = rest.split_at(frame.map_or(rest.len(), |at| at + FRAME_ENDS.len()));
            parser.process(frame);
            screens.push(parser.screen().contents());
            rest = after;
        }
        screens
    }

    /// The sequences that choose a colour.
    pub fn colours(&self) -> Vec<String> {
        let said = String::from_utf8_lossy(&self.bytes);
        let attributes = pieces(&said).filter_map(|piece| piece.strip_prefix("\x1b[")?.strip_suffix('m'));
        // 39, 49 and 59 go back to the terminal's own.
        let is_colour =
            |number: &str| matches!(number.parse(), Ok(30..=107)) && !matches!(number, "39" | "49" | "59");
        attributes.filter(|attributes| attributes.split(';').any(is_colour)).map(str::to_owned).collect()
    }
}

/// Output as characters, control sequences (`ESC [ … letter`) and titles (`ESC ] … BEL`), each a piece.
fn pieces(said: &str) -> impl Iterator<Item = &str> {
    let mut rest = said;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = match (rest.strip_prefix("\x1b["), rest.strip_prefix("\x1b]")) {
            (Some(sequence), _) => {
                3 + sequence.find(|c: char| ('@'..='~').contains(&c)).unwrap_or(sequence.len())
            }
            (_, Some(title)) => 3 + title.find('\x07').unwrap_or(title.len()),
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length.min(rest.len()));
        rest = after;
        Some(piece)
    })
}

/// What a frame, a bar and a line of text are made of.
fn is_expected(piece: &&str) -> bool {
    const MODES: [&str; 7] = ["?25", "?1000", "?1004", "?1006", "?1049", "?2004", "?2026"];
    if let Some(title) = piece.strip_prefix("\x1b]2;").and_then(|title| title.strip_suffix('\x07')) {
        return !title.contains(steers);
    }
    let Some(sequence) = piece.strip_prefix("\x1b[") else {
        return piece.chars().all(|c| matches!(c, '\r' | '\n') || !steers(c));
    };
    let (parameters, last) = sequence.split_at(sequence.len().saturating_sub(1));
    match last {
        "t" => matches!(parameters, "22;2" | "23;2"),
        "h" | "l" => MODES.contains(&parameters),
        "m" | "H" | "J" | "K" | "A" | "B" => parameters.chars().all(|c| c.is_ascii_digit() || c == ';'),
        _ => false,
    }
}
