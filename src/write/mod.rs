//! Where a run's bytes go: atomic files and folders, numbered parts, the removed log, the quarantine.
//!
//! Layer 2: it knows the vocabulary and nothing of rules or passes. Final names appear only whole: everything
//! is written under a hidden name, synced and renamed. Bytes depend on the rows alone, never on how they were
//! handed over. Nothing here starts a thread; [`Compression::compress`] is pure so that others may.

mod atomic;
mod compression;
mod digest;
mod folder;
mod frame;
mod guard;
mod paged;
mod part;
mod place;
mod quarantine;
mod removed;
mod sink;
mod target;

pub use atomic::AtomicFile;
pub use compression::Compression;
pub use digest::Written;
pub use folder::AtomicFolder;
pub use frame::{FRAME_BYTES, Frame, FrameBuilder, json_row};
pub use paged::PagedWriter;
pub use part::{OutputFile, Series, write_small};
pub use quarantine::{QuarantineRow, quarantine_row};
pub use removed::{KeptDocument, KeptLine, RemovedDocument, RemovedEntry, RemovedFromDocument, RemovedLineAt, RemovedLineText};
pub use sink::Sink;
pub use target::Target;
