//! The outputs of a run: the clean documents' sink, and the folder (or `removed_to`) with what went and the reports.

use std::path::{Path, PathBuf};

use super::{
    clock::StageClock,
    index::{OWN_LINES, write_line_index},
};
use crate::{
    config::{Config, RemovedLog},
    lines::{Weights, index::LineIndex},
    model::{Error, Result},
    report::{self, Run},
    write::{AtomicFile, AtomicFolder, Compression, Frame, OutputFile, Series, Sink, Target, Written, write_small},
};

/// Where a frame belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Clean documents.
    Data,
    /// What went from documents, and documents that went.
    Documents,
    /// Texts that went.
    Lines,
    /// Records that could not be read.
    Quarantine,
}

/// How the frames of each destination are compressed.
#[derive(Clone, Copy, Debug)]
pub struct Compressions {
    data: Compression,
    documents: Option<Compression>,
    lines: Option<Compression>,
    quarantine: Option<Compression>,
}

impl Compressions {
    /// The compression of a destination; `None` where it is not written.
    pub fn of(&self, destination: Destination) -> Option<Compression> {
        match destination {
            Destination::Data => Some(self.data),
            Destination::Documents => self.documents,
            Destination::Lines => self.lines,
            Destination::Quarantine => self.quarantine,
        }
    }
}

/// Everything that a run writes.
#[derive(Debug)]
pub struct Outputs {
    data: Sink,
    /// The folder of the target, or `removed_to`.
    folder: Option<AtomicFolder>,
    documents: Option<Series>,
    lines: Option<Series>,
    quarantine: Option<Series>,
    report: Option<AtomicFile>,
    index: Vec<OutputFile>,
}

impl Outputs {
    /// Opens the outputs before anything is read, so that a bad name fails at once.
    pub fn create(config: &Config, target: &Target) -> Result<Outputs> {
        let folder = match target {
            Target::Folder(path) => {
                if let Some(other) = &config.removed_to {
                    let error = Error::usage("`removed_to` is for outputs that are no folder").at(other.display());
                    return Err(error.hint("the folder of --output holds the removed log already"));
                }
                Some(AtomicFolder::create(path, config.overwrite)?)
            }
            _ => config.removed_to.as_deref().map(|path| AtomicFolder::create(path, config.overwrite)).transpose()?,
        };
        let data = match (target, &folder) {
            (Target::Folder(_), Some(folder)) => Sink::Parts(Series::new(folder.path().join("data"), "part", config.compression, "data")),
            (Target::File(path), _) => Sink::file(path)?,
            _ => Sink::stdout(Compression::None),
        };
        let series = |dir: &str, stem: &str| folder.as_ref().map(|f| Series::new(f.path().join(dir), stem, config.compression, dir));
        let logged = config.removed != RemovedLog::None;
        Ok(Outputs {
            data,
            documents: logged.then(|| series("removed", "documents")).flatten(),
            lines: logged.then(|| series("removed", "lines")).flatten(),
            quarantine: series("quarantine", "part"),
            report: config.report.as_deref().map(AtomicFile::create).transpose()?,
            folder,
            index: Vec::new(),
        })
    }

    /// Does what went stay anywhere?
    pub fn keeps_removed(&self) -> bool {
        self.folder.is_some()
    }

    /// How the frames must be compressed.
    pub fn compressions(&self) -> Compressions {
        Compressions {
            data: self.data.compression(),
            documents: self.documents.as_ref().map(Series::compression),
            lines: self.lines.as_ref().map(Series::compression),
            quarantine: self.quarantine.as_ref().map(Series::compression),
        }
    }

    /// Writes a frame, packed already.
    ///
    /// # Errors
    /// The operating system's; `ClosedPipe` where the reader of standard output went away.
    pub fn write(&mut self, destination: Destination, frame: &Frame) -> Result<()> {
        let series = match destination {
            Destination::Data => {
                self.data.write_frame(frame)?;
                return if frame.ends_part { self.data.next_part() } else { Ok(()) };
            }
            Destination::Documents => &mut self.documents,
            Destination::Lines => &mut self.lines,
            Destination::Quarantine => &mut self.quarantine,
        };
        if let Some(series) = series {
            series.write_frame(frame)?;
            if frame.ends_part {
                series.next_part()?;
            }
        }
        Ok(())
    }

    /// Writes the line index and the weights that judged by it, where there is a folder for it.
    ///
    /// # Errors
    /// The operating system's.
    pub fn write_index(
        &mut self,
        (index, own): (&LineIndex, Option<&LineIndex>),
        weights: &Weights,
        documents: impl FnOnce(&Path) -> Result<Vec<(&'static str, Written)>>,
    ) -> Result<()> {
        if let Some(folder) = &self.folder {
            let dir = folder.path().join("index");
            std::fs::create_dir(&dir).map_err(|e| Error::from(e).at(dir.display()))?;
            let mut files = vec![write_small(&dir, "weights.json", weights.to_text().as_bytes())?];
            let lines = [("lines.idx", Some(index)), (OWN_LINES, own)].into_iter().filter_map(|(name, index)| Some((name, index?)));
            let lines = lines.map(|(name, index)| Ok((name, write_line_index(&dir.join(name), index)?))).collect::<Result<Vec<_>>>()?;
            let written = lines.into_iter().chain(documents(&dir)?);
            files.extend(written.map(|(path, Written { bytes, sha256 })| OutputFile { path: path.to_owned(), rows: 0, bytes, sha256 }));
            files.sort_by(|a, b| a.path.cmp(&b.path));
            self.index = files.into_iter().map(|file| OutputFile { path: format!("index/{}", file.path), ..file }).collect();
        }
        Ok(())
    }

    /// Writes the reports (`spilled` are bytes that went to temporary files, `languages` CPU seconds that those of lines took) and gives everything its final name; a folder left over from an overwrite is named.
    pub fn finish(self, config: &Config, run: &Run, clock: StageClock, spilled: u64, languages: f64) -> Result<Option<PathBuf>> {
        let in_folder = matches!(self.data, Sink::Parts(_));
        let mut files: Vec<OutputFile> = Vec::new();
        let data = self.data.finish()?;
        if in_folder {
            files.extend(data);
        }
        for series in [self.documents, self.lines, self.quarantine].into_iter().flatten() {
            files.extend(series.finish()?);
        }
        let report_json = report::json(run)?;
        if let Some(mut file) = self.report {
            std::io::Write::write_all(&mut file, &report_json)?;
            file.finish()?;
        }
        let Some(folder) = self.folder else { return Ok(None) };
        let dir = folder.path();
        files.extend(self.index);
        files.push(write_small(dir, "report.json", &report_json)?);
        let input_bytes = run.sources.iter().map(|(_, info)| info.bytes).sum();
        write_small(dir, "run.json", &report::machine_json(config.threads, input_bytes, spilled, languages, &clock.stages())?)?;
        write_small(dir, "config.toml", config.to_toml()?.as_bytes())?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        write_small(dir, "manifest.json", &report::manifest_json(config.digest(), run, &files)?)?;
        folder.finish()
    }
}
