//! The weights that lines are judged by, read from a file.

use std::{path::Path, sync::Arc};

use crate::{
    lines::Weights,
    model::{Error, Result},
};

/// The weights of a file; those that come with buddle where none is named.
///
/// # Errors
/// What cannot be read, and what [`Weights::parse`] refuses, with its path.
pub fn read_weights(path: Option<&Path>) -> Result<Arc<Weights>> {
    let Some(path) = path else { return Ok(Arc::new(Weights::built_in().clone())) };
    let text = std::fs::read_to_string(path).map_err(|e| Error::usage(format!("the weights cannot be read: {e}")).at(path.display()))?;
    Weights::parse(&text).map(Arc::new).map_err(|e| e.at(path.display()))
}
