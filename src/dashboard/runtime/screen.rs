//! Frames to the terminal: each one whole, in one write, between the marks of a synchronised update.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

/// The terminal's screen, drawn on.
pub(super) struct TerminalScreen<W: Write> {
    terminal: Terminal<CrosstermBackend<Outlet<W>>>,
    gate: Arc<Gate>,
    /// What the terminal shows; `None` where that is not known.
    shown: Option<Buffer>,
}

impl<W: Write> TerminalScreen<W> {
    /// A screen of this size; nothing is written yet.
    pub(super) fn new(out: W, size: Size) -> io::Result<Self> {
        let gate = Arc::new(Gate::default());
        let buffer = Vec::with_capacity(64 * 1024);
        let outlet = Outlet { buffer, last: Vec::new(), out, gate: Arc::clone(&gate) };
        // A fixed viewport: the size comes with an event, and no frame asks the terminal for it.
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::from(size)) };
        let terminal = Terminal::with_options(CrosstermBackend::new(outlet), options)?;
        Ok(Self { terminal, gate, shown: None })
    }

    /// Draws one frame. Nothing is sent where it looks like the one before.
    pub(super) fn draw(&mut self, frame: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let (mut shown, gate) = (self.shown.take(), Arc::clone(&self.gate));
        self.whole(|terminal| {
            let drawn = terminal.draw(frame)?;
            let is_same = shown.as_ref() == Some(drawn.buffer);
            gate.is_same.store(is_same, Ordering::Relaxed);
            if !is_same {
                shown = Some(drawn.buffer.clone());
            }
            Ok(())
        })?;
        self.shown = shown;
        Ok(())
    }

    /// Takes a new size; the next frame is drawn from nothing.
    pub(super) fn resize(&mut self, size: Size) -> io::Result<()> {
        self.shown = None;
        self.whole(|terminal| terminal.resize(Rect::from(size)))
    }

    /// Forgets what the terminal shows; the next frame is drawn from nothing.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        // `Terminal::clear` would ask the terminal where the cursor is, and the answer goes to whoever reads
        // the keys: taking the same size clears without a question.
        self.shown = None;
        let area = self.terminal.get_frame().area();
        self.whole(|terminal| terminal.resize(area))
    }

    /// Sends a sequence that draws nothing.
    pub(super) fn send(&mut self, sequence: &str) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        backend.write_all(sequence.as_bytes())?;
        io::Write::flush(backend)
    }

    /// Gathers all that is written and sends it in one piece. Nothing is sent where drawing fails or panics.
    fn whole(
        &mut self,
        write: impl FnOnce(&mut Terminal<CrosstermBackend<Outlet<W>>>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.gate.is_held.store(true, Ordering::Relaxed);
        self.gate.is_same.store(false, Ordering::Relaxed);
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        write(&mut self.terminal)?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.gate.is_held.store(false, Ordering::Relaxed);
        io::Write::flush(self.terminal.backend_mut())
    }
}

impl<W: Write> Drop for TerminalScreen<W> {
    /// ratatui shows the cursor when it goes and tells standard error where that fails: a panic where the window is gone.
    /// Whoever restores the terminal shows it.
    fn drop(&mut self) {
        self.gate.is_held.store(true, Ordering::Relaxed);
    }
}

/// Whether bytes may go out.
#[derive(Default)]
struct Gate {
    /// The frame is not whole yet.
    is_held: AtomicBool,
    /// Its cells are those of the frame before.
    is_same: AtomicBool,
}

/// Gathers bytes until they may go out: ratatui flushes in the middle of a frame.
struct Outlet<W: Write> {
    buffer: Vec<u8>,
    /// The bytes sent last.
    last: Vec<u8>,
    out: W,
    gate: Arc<Gate>,
}

/// Length of the mark that every frame begins with.
const BEGINNING: usize = "\x1b[?2026h".len();

impl<W: Write> Outlet<W> {
    /// Whether the bytes would change nothing: no cell, and what follows the cells, the cursor above all, is
    /// what followed them before.
    fn is_idle(&self) -> bool {
        let behind = self.buffer.get(BEGINNING..);
        self.gate.is_same.load(Ordering::Relaxed) && behind.is_some_and(|bytes| self.last.ends_with(bytes))
    }
}

impl<W: Write> Write for Outlet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gate.is_held.load(Ordering::Relaxed) {
            return Ok(());
        }
        if self.is_idle() {
            self.buffer.clear();
            return Ok(());
        }
        std::mem::swap(&mut self.buffer, &mut self.last);
        self.buffer.clear();
        self.out.write_all(&self.last)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Remembers every write as it came.
    #[derive(Clone, Default)]
    struct Writes(Arc<Mutex<Vec<Vec<u8>>>>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("writes").push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_frame_like_the_one_before_sends_nothing() {
        let writes = Writes::default();
        let mut screen =
            TerminalScreen::new(writes.clone(), Size { width: 80, height: 24 }).expect("a screen");
        let mut draw = |text: &'static str, cursor: Option<u16>| {
            let drawn = screen.draw(|frame| {
                frame.render_widget(text, frame.area());
                if let Some(x) = cursor {
                    frame.set_cursor_position((x, 0));
                }
            });
            drawn.expect("a frame");
            writes.0.lock().expect("writes").len()
        };
        let counts = [
            draw("привет", None),
            draw("привет", None),
            draw("привет", Some(3)),
            draw("привет", Some(3)),
            draw("привет", Some(4)),
            draw("пока", Some(4)),
            draw("пока", Some(4)),
        ];
        assert_eq!(counts, [1, 1, 2, 2, 3, 4, 4]);
    }

    #[test]
    fn a_frame_is_one_write_between_the_marks_of_an_update() {
        let writes = Writes::default();
        let mut screen =
            TerminalScreen::new(writes.clone(), Size { width: 80, height: 24 }).expect("a screen");
        screen.draw(|frame| frame.render_widget("привет", frame.area())).expect("a frame");
        let writes = writes.0.lock().expect("writes");
        let [frame] = &writes[..] else { panic!("{} writes", writes.len()) };
        assert!(frame.starts_with(b"\x1b[?2026h"));
        assert!(frame.ends_with(b"\x1b[?2026l"));
        assert!(String::from_utf8_lossy(frame).contains("привет"));
    }
}
