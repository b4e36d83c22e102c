//! A stream whose writer may take its time: to wait for it ends when the run is to stop.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read},
    os::{fd::AsFd, unix::fs::OpenOptionsExt},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::OFlags,
    io::Errno,
};

/// How long it is waited before the flag is looked at again.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Flags that end the wait for a stream when one is no longer 0: a signal came, or nobody wants what would come.
pub type WaitFlags<'s> = [&'s AtomicUsize; 2];

/// A stream that is read until a flag is no longer 0.
#[derive(Debug)]
pub(super) struct Waiting<'s> {
    from: File,
    stop: WaitFlags<'s>,
}

impl<'s> Waiting<'s> {
    /// The stream behind what is open already.
    pub(super) fn of(from: impl AsFd, stop: WaitFlags<'s>) -> io::Result<Waiting<'s>> {
        Ok(Waiting { from: File::from(from.as_fd().try_clone_to_owned()?), stop })
    }

    /// A pipe with a name, whether or not someone writes into it already.
    pub(super) fn open(path: &Path, stop: WaitFlags<'s>) -> io::Result<Waiting<'s>> {
        // Else the call itself would wait for a writer.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        Ok(Waiting { from: OpenOptions::new().read(true).custom_flags(flags).open(path)?, stop })
    }
}

impl Read for Waiting<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.stop.iter().any(|flag| flag.load(Ordering::Relaxed) != 0) {
                return Err(io::Error::other("the run was told to stop"));
            }
            let there = poll(&mut [PollFd::new(&self.from, PollFlags::IN)], Some(&LOOK));
            match there {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => match self.from.read(into) {
                    Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                    read => return read,
                },
                Err(e) => return Err(e.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_is_there_is_read_until_the_flag_is_set() {
        let (from, mut to) = io::pipe().unwrap();
        let (stop, other) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut waiting = Waiting::of(from, [&other, &stop]).unwrap();
        let mut into = [0; 9];
        to.write_all(b"abc").unwrap();
        assert_eq!(waiting.read(&mut into).unwrap(), 3);
        std::thread::scope(|threads| {
            let reader = threads.spawn(|| waiting.read(&mut into).map_err(|e| e.to_string()));
            std::thread::sleep(std::time::Duration::from_millis(150));
            stop.store(15, Ordering::Relaxed);
            assert_eq!(reader.join().unwrap(), Err("the run was told to stop".into()));
        });
        stop.store(0, Ordering::Relaxed);
        drop(to);
        assert_eq!(waiting.read(&mut into).unwrap(), 0);
    }
}
