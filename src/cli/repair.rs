//! `buddle repair`: lines in, the same lines without mojibake out, for pipes.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::PathBuf,
};

use clap::{Args, ValueHint};
use serde_json::value::RawValue;

use super::talk::Talk;
use crate::{
    decode::{Repairs, repair},
    model::{Error, Result},
};

/// Arguments of `repair`.
///
/// Lines end in LF and nothing else, and are written as they end. A line that is not UTF-8, and one that needs no repair, passes byte for byte.
#[derive(Debug, Args)]
pub(super) struct RepairArgs {
    /// The file; - (the default) for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, default_value = "-")]
    file: PathBuf,
    /// Lines are JSON objects, whose "text" is repaired; all else in them stays
    #[arg(long)]
    jsonl: bool,
    /// File for what was repaired (JSON): lines, by the encoding that they were misread in
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    report: Option<PathBuf>,
}

/// Runs `repair`; the exit code.
pub(super) fn repair_lines(args: &RepairArgs, talk: &Talk) -> Result<u8> {
    let name = args.file.display();
    let input: Box<dyn Read> = if args.file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(&args.file).map_err(|e| Error::from(e).at(&name))?)
    };
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut repairs = Repairs::default();
    let (mut line, mut number, mut broken) = (Vec::new(), 0_u64, 0_u64);
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(|e| Error::from(e).at(&name))? == 0 {
            break;
        }
        number += 1;
        let written = match std::str::from_utf8(&line) {
            Ok(text) if args.jsonl => match repair_object(text, &mut repairs) {
                Ok(repaired) => out.write_all(repaired.as_bytes()),
                Err(error) => {
                    talk.warning(&Error::corrupt(error.to_string()).at(format_args!("{name}:{number}")));
                    broken += 1;
                    out.write_all(&line)
                }
            },
            Ok(text) => out.write_all(repair(text, &mut repairs).as_bytes()),
            Err(error) => {
                let place = error.valid_up_to() + 1;
                talk.warning(
                    &Error::corrupt(format!("byte {place} is not UTF-8"))
                        .at(format_args!("{name}:{number}"))
                        .hint("buddle decode reads any encoding"),
                );
                broken += 1;
                out.write_all(&line)
            }
        };
        match written {
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(0),
            written => written.map_err(|e| Error::from(e).at("standard output"))?,
        }
    }
    match out.flush() {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => return Err(Error::from(e).at("standard output")),
        _ => {}
    }
    if let Some(path) = &args.report {
        let by: serde_json::Map<_, _> = repairs.iter().map(|(name, n)| (name.to_owned(), n.into())).collect();
        let found = serde_json::json!({ "lines": number, "repaired": repairs.lines(), "misread_in": by, "broken": broken });
        std::fs::write(path, format!("{found:#}\n")).map_err(|e| Error::from(e).at(path.display()))?;
    }
    Ok(if broken == 0 { 0 } else { 3 })
}

/// The part of an object that is repaired.
#[derive(serde::Deserialize)]
struct Object<'a> {
    #[serde(borrow, default)]
    text: Option<&'a RawValue>,
}

/// A JSON object whose `text` is repaired, if that is a string; all else stays byte for byte.
fn repair_object<'a>(line: &'a str, repairs: &mut Repairs) -> serde_json::Result<Cow<'a, str>> {
    let value = line.trim_ascii();
    if value.is_empty() {
        return Ok(Cow::Borrowed(line));
    }
    if !value.starts_with('{') {
        return Err(serde::de::Error::custom("no JSON object"));
    }
    let object: Object<'_> = serde_json::from_str(value)?;
    let Some(raw) = object.text.map(RawValue::get).filter(|raw| raw.starts_with('"')) else { return Ok(Cow::Borrowed(line)) };
    let text: String = serde_json::from_str(raw)?;
    let Cow::Owned(repaired) = repair(&text, repairs) else { return Ok(Cow::Borrowed(line)) };
    // The value is a part of the line.
    let start = raw.as_ptr().addr() - line.as_ptr().addr();
    let (head, tail) = (line.get(..start).unwrap_or_default(), line.get(start + raw.len()..).unwrap_or_default());
    Ok(Cow::Owned(format!("{head}{}{tail}", serde_json::to_string(&repaired)?)))
}
