//! The cases of other tools.
