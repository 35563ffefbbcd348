//! Frames to the terminal: each one whole, in one write, between the marks of a synchronised update.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

/// The terminal's screen, drawn on.
pub(super) struct Screen<W: Write> {
    terminal: Terminal<CrosstermBackend<Outlet<W>>>,
    hold: Arc<AtomicBool>,
}

impl<W: Write> Screen<W> {
    /// A screen of this size; nothing is written yet.
    pub(super) fn new(out: W, size: Size) -> io::Result<Self> {
        let hold = Arc::new(AtomicBool::new(false));
        let outlet = Outlet { buffer: Vec::with_capacity(64 * 1024), out, hold: Arc::clone(&hold) };
        // A fixed viewport: the size comes with an event, and no frame asks the terminal for it.
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::from(size)) };
        Ok(Self { terminal: Terminal::with_options(CrosstermBackend::new(outlet), options)?, hold })
    }

    /// Draws one frame.
    pub(super) fn draw(&mut self, frame: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.whole(|terminal| terminal.draw(frame).map(|_| ()))
    }

    /// Takes a new size; the next frame is drawn from nothing.
    pub(super) fn resize(&mut self, size: Size) -> io::Result<()> {
        self.whole(|terminal| terminal.resize(Rect::from(size)))
    }

    /// Forgets what the terminal shows; the next frame is drawn from nothing.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        // `Terminal::clear` would ask the terminal where the cursor is, and the answer goes to whoever reads
        // the keys: taking the same size clears without a question.
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
        self.hold.store(true, Ordering::Relaxed);
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        write(&mut self.terminal)?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.hold.store(false, Ordering::Relaxed);
        io::Write::flush(self.terminal.backend_mut())
    }
}

/// Gathers bytes until they may go out: ratatui flushes in the middle of a frame.
struct Outlet<W: Write> {
    buffer: Vec<u8>,
    out: W,
    hold: Arc<AtomicBool>,
}

impl<W: Write> Write for Outlet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.hold.load(Ordering::Relaxed) {
            return Ok(());
        }
        let sent = self.out.write_all(&self.buffer);
        self.buffer.clear();
        sent?;
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
    fn a_frame_is_one_write_between_the_marks_of_an_update() {
        let writes = Writes::default();
        let mut screen = Screen::new(writes.clone(), Size { width: 80, height: 24 }).expect("a screen");
        screen.draw(|frame| frame.render_widget("привет", frame.area())).expect("a frame");
        let writes = writes.0.lock().expect("writes");
        let [frame] = &writes[..] else { panic!("{} writes", writes.len()) };
        assert!(frame.starts_with(b"\x1b[?2026h"));
        assert!(frame.ends_with(b"\x1b[?2026l"));
        assert!(String::from_utf8_lossy(frame).contains("привет"));
    }
}
