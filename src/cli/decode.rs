//! `buddle decode`: one file's text, for pipes.

use std::{
    io::{Read, Write},
    path::PathBuf,
};

use clap::{Args, ValueHint};

use super::talk::Talk;
use crate::{
    config::Config,
    decode::{Charset, Decision, Normalizer, StepCounts, decode},
    model::{Error, Result},
};

/// Arguments of `decode`.
#[derive(Debug, Args)]
pub(super) struct DecodeArgs {
    /// The file; - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// The encoding that is declared outside of the file, as by an HTTP header; wrong bytes overrule it
    #[arg(long, value_name = "NAME", env = "DECLARED_CHARSET")]
    declared: Option<String>,
    /// Normalise the text as `clean` does
    #[arg(long)]
    normalize: bool,
    /// File for what was found (JSON): the encoding, and by what evidence
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    report: Option<PathBuf>,
}

/// Runs `decode`; the exit code.
pub(super) fn decode_file(args: &DecodeArgs, talk: &Talk) -> Result<u8> {
    let name = args.file.display();
    let mut bytes = Vec::new();
    if args.file.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(|e| Error::from(e).at(&name))?;
    } else {
        bytes = std::fs::read(&args.file).map_err(|e| Error::from(e).at(&name))?;
    }
    let declared = args.declared.as_deref().filter(|label| !label.is_empty());
    if let Some(label) = declared.filter(|label| Charset::for_label(label).is_none()) {
        talk.warning(&Error::usage(format!("{label:?} is no encoding")).at(&name));
    }
    let decoded = match decode(&bytes, declared) {
        Ok(decoded) => decoded,
        Err(cause) => {
            if let Some(report) = &args.report {
                write_report(report, &serde_json::json!({ "encoding": null, "cause": cause.code() }))?;
            }
            talk.error(&Error::corrupt("the bytes are no text").at(&name));
            return Ok(3);
        }
    };
    let mut counts = StepCounts::default();
    let normalizer = Normalizer::new(Config::default().steps()?);
    let (mut text, mut repairs) = (std::borrow::Cow::Borrowed(&*decoded.text), None);
    if args.normalize {
        let mut normalized = normalizer.normalize(&decoded.text, &mut counts);
        repairs = normalized.repairs();
        text = normalized.text;
    }
    if let Some(report) = &args.report {
        let Decision { charset, evidence, .. } = decoded.decision;
        let normalized: serde_json::Map<_, _> = counts.iter().filter(|(_, n)| *n > 0).map(|(step, n)| (step.name().to_owned(), n.into())).collect();
        let repaired: serde_json::Map<_, _> =
            repairs.iter().flat_map(|repairs| repairs.iter()).map(|(name, n)| (name.to_owned(), n.into())).collect();
        let found = serde_json::json!({
            "encoding": decoded.decision.name(), "encoding_by": evidence.code(), "charset": charset.name(), "parts": decoded.decision.parts(&bytes), "replaced": decoded.replaced, "normalized": normalized, "repaired": repaired,
        });
        write_report(report, &found)?;
    }
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::from(e).at("standard output")),
        _ => Ok(0),
    }
}

fn write_report(path: &std::path::Path, report: &serde_json::Value) -> Result<()> {
    std::fs::write(path, format!("{report:#}\n")).map_err(|e| Error::from(e).at(path.display()))
}
