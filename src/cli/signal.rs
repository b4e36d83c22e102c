//! SIGINT and SIGTERM ask the run to stop; temporary files go, and the exit code is 130 or 143. A second one ends it at once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize},
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use crate::model::Result;

/// A flag that will hold the number of the signal that arrived.
pub(super) fn stop_flag() -> Result<Arc<AtomicUsize>> {
    let stop = Arc::new(AtomicUsize::new(0));
    for (signal, number) in [(SIGINT, 2), (SIGTERM, 15)] {
        let again = Arc::new(AtomicBool::new(false));
        // In this order: the first signal arms the shutdown that the second one meets.
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))?;
        flag::register(signal, again)?;
        flag::register_usize(signal, Arc::clone(&stop), number)?;
    }
    Ok(stop)
}
