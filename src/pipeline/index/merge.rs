//! Two indexes of documents made one: the documents of the first, then those of the second, streaming.
//!
//! What both know the first answers for. Documents of the second that were made against the first (`clean --index`) point into it; into any other
//! index they point no more.

use std::path::Path;

use super::{
    documents::{BEFORE, DOCUMENTS, DocumentIndex, MOST_DOCUMENTS, Params, SHINGLES, tag},
    writer::IdWriter,
};
use crate::{
    model::{Error, Result},
    pipeline::{StopFlag, check_stop},
    read::{PagedFile, Stream},
    write::{PagedWriter, Written},
};

/// Writes the index of both into a folder.
///
/// # Errors
/// Indexes that were made in other ways; damaged ones; the operating system's.
pub fn merge_documents(first: &DocumentIndex, second: &DocumentIndex, folder: &Path, stop: &StopFlag) -> Result<Vec<(&'static str, Written)>> {
    let (a, b) = (first.params, second.params);
    if (a.banding, a.shingle, first.has_shingles()) != (b.banding, b.shingle, second.has_shingles()) {
        let how = |params: Params| match params.banding {
            Some(banding) => format!("{} bands of {} and shingles {}", banding.bands, banding.rows, String::from(params.shingle)),
            None => "no signatures".to_owned(),
        };
        let what = format!("the indexes were made in two ways: with {}, and with {}", how(a), how(b));
        return Err(Error::usage(what).hint("wash both with the same --near, --near-threshold and --shingle"));
    }
    if a.documents + b.documents > MOST_DOCUMENTS {
        return Err(Error::usage(format!("an index has room for {MOST_DOCUMENTS} documents")));
    }
    let [(one, one_shingles), (two, two_shingles)] = [first.files(), second.files()];
    let mut params = Params { documents: a.documents + b.documents, ..a };
    let mut out = PagedWriter::create(&folder.join("documents.idx"), DOCUMENTS)?;
    let moved = |number: u32| match number & BEFORE {
        0 => u32::try_from(u64::from(number) + a.documents).ok(),
        _ => Some(number & !BEFORE).filter(|number| b.before == first.identity() && u64::from(*number) < a.documents),
    };
    for tag in [tag::KEYS, tag::RESIDUES] {
        out.begin(tag);
        merge_keys(&mut out, one.stream(one.section(tag)), two.stream(two.section(tag)), &moved, stop)?;
    }
    out.begin(tag::IDS);
    let mut writer = IdWriter::default();
    for file in [one, two] {
        let mut ids = file.stream(file.section(tag::IDS));
        while let Some(len) = ids.take::<4>()? {
            let id = ids.bytes(u32::from_le_bytes(len) as usize)?;
            writer.push(&id, &mut out)?;
        }
    }
    if writer.number != a.documents + b.documents {
        return Err(Error::corrupt("an index has other ids than documents").at(two.path().display()));
    }
    writer.finish(&mut out)?;
    out.begin(tag::SIGNATURES);
    for file in [one, two] {
        copy(&mut out, file, tag::SIGNATURES, stop)?;
    }
    let mut files = Vec::new();
    if let (Some(one), Some(two)) = (one_shingles, two_shingles) {
        let mut out = PagedWriter::create(&folder.join("shingles.idx"), SHINGLES)?;
        out.begin(tag::SHINGLES);
        for file in [one, two] {
            copy(&mut out, file, tag::SHINGLES, stop)?;
        }
        out.begin(tag::SHINGLE_PLACES);
        let mut start = 0;
        for (file, is_last) in [(one, false), (two, true)] {
            let mut places = file.stream(file.section(tag::SHINGLE_PLACES));
            while let Some(place) = places.take()? {
                // The end of the first is where the second begins.
                if is_last || !places.is_at_end() {
                    out.write(&(start + u64::from_le_bytes(place)).to_le_bytes())?;
                }
            }
            start = file.section(tag::SHINGLES).len;
        }
        let (written, identity) = out.finish()?;
        params.shingles = identity;
        files.push(("shingles.idx", written));
    }
    out.begin(tag::PARAMS);
    out.write(&params.to_bytes())?;
    files.push(("documents.idx", out.finish()?.0));
    Ok(files)
}

fn merge_keys(out: &mut PagedWriter, mut one: Stream<'_>, mut two: Stream<'_>, moved: &dyn Fn(u32) -> Option<u32>, stop: &StopFlag) -> Result<()> {
    let entry = |stream: &mut Stream<'_>| {
        let Some(key) = stream.take::<16>()? else { return Ok::<_, Error>(None) };
        let number = stream.take::<4>()?.map_or(0, u32::from_le_bytes);
        Ok(Some((u128::from_le_bytes(key), number)))
    };
    let (mut a, mut b) = (entry(&mut one)?, entry(&mut two)?);
    while let Some((key, number)) = [a, b].into_iter().flatten().min_by_key(|(key, _)| *key) {
        check_stop(stop)?;
        let of_first = a.is_some_and(|(other, _)| other == key);
        let number = if of_first { Some(number).filter(|number| number & BEFORE == 0) } else { moved(number) };
        if let Some(number) = number {
            out.write(&key.to_le_bytes())?;
            out.write(&number.to_le_bytes())?;
        }
        if b.is_some_and(|(other, _)| other == key) {
            b = entry(&mut two)?;
        }
        if of_first {
            a = entry(&mut one)?;
        }
    }
    Ok(())
}

fn copy(out: &mut PagedWriter, file: &PagedFile, tag: u32, stop: &StopFlag) -> Result<()> {
    let section = file.section(tag);
    let mut stream = file.stream(section);
    let mut buffer = vec![0; 64 << 10];
    let mut left = section.len;
    while left > 0 {
        check_stop(stop)?;
        let len = left.min(buffer.len() as u64) as usize;
        let piece = buffer.get_mut(..len).unwrap_or_default();
        stream.fill(piece)?;
        out.write(piece)?;
        left -= len as u64;
    }
    Ok(())
}
