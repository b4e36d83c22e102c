//! The command line: what was typed becomes a [`Config`](crate::config::Config), errors become messages and exit codes.
//!
//! No algorithm lives here. Standard output carries data only; all talk goes to standard error.

mod args;
mod check;
mod clean;
mod decode;
mod dedup;
mod diff;
mod folder;
mod index;
mod langs;
mod lines;
mod progress;
mod repair;
mod shell;
mod signal;
mod similar;
mod talk;
mod train;

use std::{ffi::OsString, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

use crate::model::Result;

/// Washes scraped text: clean JSON Lines out, a reason for everything that went.
#[derive(Debug, Parser)]
#[command(name = "buddle", version, about, disable_help_subcommand = true, propagate_version = true, arg_required_else_help = true)]
struct Buddle {
    #[command(flatten)]
    talk: talk::TalkArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Clean text files and JSON Lines: what a page repeats and duplicate documents go
    Clean(Box<args::CleanArgs>),
    /// Measure a set, hold it against rules, and say what is out of them: the exit code is 1 where a limit fails
    Check(Box<check::CheckArgs>),
    /// Remove duplicate documents, or mark them: by text, URL, id or any field, and by likeness; text is left alone
    Dedup(Box<dedup::DedupArgs>),
    /// List pairs of documents with their similarity: of a set, of two, or of a set and an index; or the most similar of each
    Similar(Box<similar::SimilarArgs>),
    /// Keep what earlier crawls held, for new ones to be washed against
    #[command(subcommand)]
    Index(index::IndexCommand),
    /// Write the distinct lines of plain text in the order in which they first stand
    Lines(lines::LinesArgs),
    /// Write the text of a file in any encoding, or of a file of several
    Decode(decode::DecodeArgs),
    /// Repair mojibake in lines of text: UTF-8 that was read in another encoding
    Repair(repair::RepairArgs),
    /// Tell the language of each line
    Langs(langs::LangsArgs),
    /// Say why a document or a line of it is gone, or still there
    Explain(folder::ExplainArgs),
    /// Say what differs between two washed folders, or two reports: a new version, other options, other input
    Diff(diff::DiffArgs),
    /// Render a washed folder as one HTML page: what went, why, and what stays
    Report(folder::ReportArgs),
    /// Give back the input's text from a washed folder
    Restore(folder::RestoreArgs),
    /// Check every checksum of a washed folder
    Verify(folder::VerifyArgs),
    /// Fit the weights of the judgement to labelled pages
    Train(train::TrainArgs),
    /// Show the configuration that a run would have
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Write shell completions to standard output
    Completions(shell::CompletionsArgs),
    /// Write the manual page to standard output
    Man(shell::ManArgs),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Write the resolved configuration as TOML to standard output
    Show(Box<args::CleanArgs>),
}

/// Runs the command line; the exit code is DESIGN section 6's.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = match Buddle::try_parse_from(args) {
        Ok(parsed) => parsed,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            // A closed stream is no news to a reader that went away.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let talk = talk::Talk::new(&parsed.talk);
    match dispatch(parsed.command, &talk) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            talk.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(command: Command, talk: &talk::Talk) -> Result<u8> {
    match command {
        Command::Clean(args) => clean::clean(&args, talk),
        Command::Check(args) => check::check(&args, talk),
        Command::Dedup(args) => dedup::dedup(&args, talk),
        Command::Similar(args) => similar::similar(&args, talk),
        Command::Index(command) => index::index(&command, talk),
        Command::Lines(args) => lines::lines(&args, talk),
        Command::Decode(args) => decode::decode_file(&args, talk),
        Command::Repair(args) => repair::repair_lines(&args, talk),
        Command::Langs(args) => langs::langs(&args, talk),
        Command::Explain(args) => folder::explain(&args),
        Command::Diff(args) => diff::diff(&args),
        Command::Report(args) => folder::report_page(&args),
        Command::Restore(args) => folder::restore(&args, talk),
        Command::Verify(args) => folder::verify(&args, talk),
        Command::Train(args) => train::train(&args, talk),
        Command::Config(ConfigCommand::Show(args)) => shell::show_config(&args),
        Command::Completions(args) => shell::completions(&args, &mut Buddle::command()),
        Command::Man(args) => shell::man(&args, Buddle::command()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SETTINGS;

    #[test]
    fn the_command_line_is_sound_and_every_key_has_its_flag() {
        let command = Buddle::command();
        command.clone().debug_assert();
        let clean = command.find_subcommand("clean").expect("clean");
        for (key, _) in SETTINGS.iter().filter(|(key, _)| !matches!(*key, "inputs" | "checks" | "dedup")) {
            assert!(clean.get_arguments().any(|a| a.get_long() == Some(&key.replace('_', "-"))), "{key}");
        }
        let dedup = command.find_subcommand("dedup").expect("dedup");
        let rules = toml::Table::try_from(crate::dedup::DedupRules::default()).expect("a table");
        for key in rules.keys() {
            assert!(dedup.get_arguments().any(|a| a.get_long() == Some(&key.replace('_', "-"))), "{key}");
        }
    }
}
