//! The `buddle` command: a thin shell round [`buddle::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    buddle::cli::run(std::env::args_os())
}
