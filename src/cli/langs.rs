//! `buddle langs`: lines in, the language of each out, for pipes.

use std::{
    fs::File,
    io::{Read, Write},
    path::PathBuf,
};

use clap::{Args, ValueHint};

use super::talk::Talk;
use crate::{
    config::LangidEngine,
    langid::{Builtin, LanguageIdentifier},
    model::{Error, Lang, Result},
    pipeline::{Answers, line_languages},
};

/// Arguments of `langs`.
///
/// Lines end in LF and nothing else; for each one line is written: the likeliest language's tag, a tab, and its probability. `zxx` is a line
/// in no language, `und` one in a writing of which the engine knows no language.
#[derive(Debug, Args)]
pub(super) struct LangsArgs {
    /// The file; - (the default) for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath, default_value = "-")]
    file: PathBuf,
    /// Say und for what is less probable
    #[arg(long, value_name = "P", value_parser = probability)]
    min_probability: Option<u16>,
    /// The engine
    #[arg(long, value_name = "builtin|whatlang|fasttext:FILE")]
    langid: Option<LangidEngine>,
    /// The language that the text is mostly in: lines that may be in it, and are not surely in another, are
    #[arg(long, value_name = "TAG")]
    mostly: Option<String>,
    /// Choose among these languages only
    #[arg(long, value_name = "TAG,…", value_delimiter = ',')]
    languages: Vec<String>,
    /// Write JSON objects: {"lang":"en","probability":0.998}
    #[arg(long)]
    json: bool,
    /// Write the languages that the engine knows with what was measured of each: lines, percent of them told rightly, percent of those under 20 characters
    #[arg(long, conflicts_with_all = ["json", "min_probability", "mostly"])]
    list: bool,
    /// Worker threads; 0: one for each core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

fn probability(text: &str) -> std::result::Result<u16, String> {
    match text.parse::<f64>() {
        // Thousandths of at most one.
        Ok(p) if (0.0..=1.0).contains(&p) => Ok((p * 1000.0).round() as u16),
        _ => Err("a probability is a number from 0 to 1".to_owned()),
    }
}

/// Runs `langs`; the exit code.
pub(super) fn langs(args: &LangsArgs, talk: &Talk) -> Result<u8> {
    let engine = engine(args)?;
    if args.list {
        return list(engine.as_ref(), matches!(args.langid, None | Some(LangidEngine::Builtin)));
    }
    let name = args.file.display();
    let mut input: Box<dyn Read> = if args.file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(&args.file).map_err(|e| Error::from(e).at(&name))?)
    };
    let mostly = args.mostly.as_deref().map(|tag| known(tag, engine.as_ref())).transpose()?;
    if mostly.is_some() && !engine.weighs_text() {
        return Err(Error::usage("--mostly needs the engine `builtin`").hint("leave out --langid"));
    }
    let answers = Answers { json: args.json, least: args.min_probability.unwrap_or(0), mostly };
    let broken = line_languages(&mut input, &name, &mut std::io::stdout().lock(), engine.as_ref(), answers, args.threads)?;
    if broken > 0 {
        let error = Error::corrupt(format!("{broken} lines are not UTF-8; what could be read of them was"));
        talk.warning(&error.at(&name).hint("buddle decode reads any encoding"));
        return Ok(3);
    }
    Ok(0)
}

fn engine(args: &LangsArgs) -> Result<Box<dyn LanguageIdentifier>> {
    if args.languages.is_empty() {
        let none = || Error::usage("`--langid none` tells no languages").hint("leave it out, or name another engine");
        return args.langid.clone().unwrap_or_default().open()?.ok_or_else(none);
    }
    if args.langid.as_ref().is_some_and(|engine| *engine != LangidEngine::Builtin) {
        return Err(Error::usage("--languages needs the engine `builtin`").hint("leave out --langid"));
    }
    let all = Builtin::default();
    let languages = args.languages.iter().map(|tag| known(tag, &all)).collect::<Result<Vec<_>>>()?;
    Ok(Box::new(Builtin::among(languages)))
}

/// The language with this tag, which the engine must know.
fn known(tag: &str, engine: &dyn LanguageIdentifier) -> Result<Lang> {
    let known = engine.languages();
    let unknown = || Error::usage(format!("`{}` is no language that is known", tag.escape_debug())).hint("buddle langs --list writes those that are");
    Lang::parse(tag).filter(|lang| known.is_empty() || known.contains(lang)).ok_or_else(unknown)
}

/// What was measured of each language of the engine `builtin`, by `tools/langid/accuracy.py`: tag, lines, percent told rightly, in all and of fewer than
/// 20 characters.
static MEASURED: &str = include_str!("../langid/accuracy.tsv");

/// Writes the languages that an engine knows, and what was measured of each.
fn list(engine: &dyn LanguageIdentifier, is_builtin: bool) -> Result<u8> {
    if engine.languages().is_empty() {
        return Err(Error::usage("this engine does not say which languages it knows").hint("leave out --list"));
    }
    let measured = |lang: &Lang| MEASURED.lines().find_map(|row| row.strip_prefix(lang.as_str())?.strip_prefix('\t')).filter(|_| is_builtin);
    let text: String = engine.languages().iter().map(|lang| format!("{lang}\t{}\n", measured(lang).unwrap_or("0\t-\t-"))).collect();
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::from(e).at("standard output")),
        _ => Ok(0),
    }
}
