//! Progress on standard error while a run goes on: bytes, documents, rate, time left. Only on a terminal, or when asked.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{
    signal,
    talk::{Talk, When},
};
use crate::{
    model::Result,
    pipeline::{Observer, StopFlag},
};

/// Shows how far a run is.
pub(super) struct Progress<'t> {
    talk: &'t Talk,
    shown: bool,
    bar: Mutex<ProgressBar>,
    documents: AtomicU64,
}

impl<'t> Progress<'t> {
    /// Does work that shows how far it is and ends at a signal.
    pub(super) fn watch<R>(when: When, talk: &'t Talk, work: impl FnOnce(&Progress<'t>, &StopFlag) -> Result<R>) -> Result<R> {
        let progress = Progress::new(when, talk);
        let stop = signal::stop_flag()?;
        let done = work(&progress, &stop);
        progress.finish();
        done
    }

    fn new(when: When, talk: &'t Talk) -> Progress<'t> {
        let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
        let shown = talk.is_text() && !talk.is_quiet() && (when == When::Always || when == When::Auto && terminal);
        Progress { talk, shown, bar: Mutex::new(ProgressBar::hidden()), documents: AtomicU64::new(0) }
    }

    /// Takes the bar away.
    fn finish(&self) {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner).finish_and_clear();
    }
}

impl Observer for Progress<'_> {
    fn stage(&self, name: &'static str, bytes: Option<u64>) {
        self.talk.detail(name);
        if !self.shown {
            return;
        }
        let bar = ProgressBar::with_draw_target(bytes, ProgressDrawTarget::stderr());
        let template = if bytes.is_some() {
            "{prefix:9} {bytes}/{total_bytes} {msg} {bytes_per_sec} {eta} left"
        } else {
            "{prefix:9} {bytes} {msg} {bytes_per_sec}"
        };
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(name);
        self.documents.store(0, Ordering::Relaxed);
        let mut current = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        current.finish_and_clear();
        *current = bar;
    }

    fn advance(&self, bytes: u64, documents: u64) {
        if !self.shown {
            return;
        }
        let documents = self.documents.fetch_add(documents, Ordering::Relaxed) + documents;
        let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.inc(bytes);
        bar.set_message(format!("{documents} documents"));
    }
}
