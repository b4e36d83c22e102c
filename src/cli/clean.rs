//! `buddle clean`.

use std::io::IsTerminal;

use super::{args::CleanArgs, progress::Progress, talk::Talk};
use crate::{
    config::Config,
    dedup::Banding,
    model::{Error, Result},
    pipeline,
    read::SourceInfo,
    report::{Fault, Run},
    write::Target,
};

/// Runs `clean`; the exit code.
pub(super) fn clean(args: &CleanArgs, talk: &Talk) -> Result<u8> {
    let mut config = args.resolve()?;
    piped(&mut config)?;
    if args.dry_run {
        return dry_run(&config, talk);
    }
    let run = Progress::watch(args.machine.progress, talk, |progress, stop| pipeline::clean(&config, progress, stop))?;
    say(&run, talk)
}

/// Without inputs the input is what is piped in.
///
/// # Errors
/// Usage: nothing is.
pub(super) fn piped(config: &mut Config) -> Result<()> {
    if config.inputs.is_empty() {
        if std::io::stdin().is_terminal() {
            return Err(Error::usage("no input").hint("name files or folders, or pipe text in"));
        }
        config.inputs.push("-".into());
    }
    Ok(())
}

/// Says what a run came to; the exit code.
pub(super) fn say(run: &Run, talk: &Talk) -> Result<u8> {
    let code = say_read(&run.problems, (&run.faults, run.counts.quarantined_records()), &run.sources, talk);
    if let Some(left) = &run.left_over {
        talk.note(&format!("the replaced folder could not be deleted: {}", left.display()));
    }
    talk.summary(run)?;
    Ok(code)
}

/// Says what could not be read, the first records one by one, and what each source was; the exit code.
pub(super) fn say_read(problems: &[Error], (faults, unread): (&[Fault], u64), sources: &[(String, SourceInfo)], talk: &Talk) -> u8 {
    for problem in problems {
        talk.warning(problem);
    }
    for fault in faults {
        talk.warning(
            &Error::corrupt(format!("{} ({})", fault.message, fault.cause.code())).at(&fault.source).line(fault.position).hint(fault.cause.hint()),
        );
    }
    let shown = faults.len() as u64;
    if unread > shown {
        talk.note(&format!("{} more records could not be read", unread - shown));
    }
    for (name, info) in sources {
        let found = info.records_format.map_or("not read", |format| format.name());
        talk.detail(&format!("{}: {found}, {} bytes", name.escape_debug(), info.bytes));
    }
    if unread > 0 || !problems.is_empty() { 3 } else { 0 }
}

/// Says what would be read and written.
pub(super) fn dry_run(config: &Config, talk: &Talk) -> Result<u8> {
    let plan = pipeline::plan(config)?;
    let bytes: u64 = plan.sources.iter().filter_map(|(_, size)| *size).sum();
    let streams = plan.sources.iter().filter(|(_, size)| size.is_none()).count();
    talk.note(&format!("would read {} sources, {bytes} bytes as stored, {streams} of them streams, {} times", plan.sources.len(), plan.reads));
    for problem in &plan.problems {
        talk.warning(problem);
    }
    let to = match &plan.target {
        Target::Stdout => "standard output".to_owned(),
        Target::File(path) | Target::Folder(path) => path.display().to_string(),
    };
    talk.note(&format!("would write to {}", to.escape_debug()));
    if let Some(banding) = plan.banding {
        curve(config.near_threshold, banding).iter().for_each(|line| talk.note(line));
    }
    Ok(0)
}

/// Similarities at which the curve is shown.
const SHOWN: [f64; 8] = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

/// Which pairs are compared at all: all of those that are alike enough, nearly, and some of the others in vain.
fn curve(threshold: f64, banding: Banding) -> [String; 3] {
    let row = |of: &dyn Fn(f64) -> String| SHOWN.map(|similarity| format!("{:>7}", of(similarity))).concat();
    let Banding { bands, rows } = banding;
    let head = format!("would compare documents that share one of {bands} bands of {rows} numbers, and remove those alike from {threshold} on");
    let similarity = row(&|similarity| format!("{similarity:.2}"));
    let compared = row(&|similarity| format!("{:.4}", banding.found(similarity)));
    [head, format!("similarity           {similarity}"), format!("chance to be compared{compared}")]
}
