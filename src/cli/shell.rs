//! What the shell and the reader of manuals want: `config show`, `completions`, `man`.

use std::io::Write;

use clap::{Args, Command};
use clap_complete::Shell;

use super::args::CleanArgs;
use crate::model::{Error, Result};

/// Flags of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Flags of `man`.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command to describe (none: all of buddle)
    command: Option<String>,
}

/// Writes the resolved configuration.
pub(super) fn show_config(args: &CleanArgs) -> Result<u8> {
    std::io::stdout().write_all(args.resolve()?.to_toml()?.as_bytes())?;
    Ok(0)
}

/// Writes completions.
pub(super) fn completions(args: &CompletionsArgs, command: &mut Command) -> Result<u8> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, command, "buddle", &mut out);
    std::io::stdout().write_all(&out)?;
    Ok(0)
}

/// Writes a manual page.
pub(super) fn man(args: &ManArgs, mut command: Command) -> Result<u8> {
    command.build();
    let page = match &args.command {
        None => command,
        Some(name) => {
            let found = command.find_subcommand(name).cloned();
            found.ok_or_else(|| Error::usage(format!("there is no command `{}`", name.escape_debug())).hint("`buddle --help` lists them"))?
        }
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(page).render(&mut out)?;
    std::io::stdout().write_all(&out)?;
    Ok(0)
}
