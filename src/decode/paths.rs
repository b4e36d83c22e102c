//! Ways to read a line that may be misread in part, and the one that surprises least (Viterbi's algorithm over readings and places).

use super::{
    mark::{gain, neighbour},
    misreading::{Place, READINGS, begun, sequence},
    surprise::{Look, meeting},
};

/// Bits that it costs to say that from here on text is misread: in a text that is not so elsewhere, in another line, in the same line.
pub(super) const ENTRY: u32 = 20;
pub(super) const ENTRY_BESIDE: u32 = 10;
pub(super) const ENTRY_AGAIN: u32 = 4;
/// Bits that it costs to say that what may be misread is not, in the midst of what is.
const EXIT: u32 = 16;

/// A way to read the line up to some place.
#[derive(Clone, Copy)]
struct Path {
    bits: u32,
    /// The character it ends with.
    last: Look,
    /// The reading before the last step; the step's length and character.
    from: u8,
    length: u8,
    c: char,
}

const NO_PATH: Path = Path { bits: u32::MAX, last: Look::EDGE, from: 0, length: 0, c: '\0' };

/// Longer pieces of a line are read apart, so that memory has a bound.
const PIECE: usize = 4096;

/// What it costs to enter each reading.
pub(super) type Entries = [u32; READINGS];

/// Entries where these readings are known to be needed; a bit each.
pub(super) fn lower(mut entries: Entries, known: u32, to: u32) -> Entries {
    for (reading, entry) in entries.iter_mut().enumerate() {
        if known >> reading & 1 == 1 {
            *entry = to.min(*entry);
        }
    }
    entries
}

/// A line as it is read.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub text: String,
    /// The readings that it takes, a bit each.
    pub readings: u32,
    /// What speaks for them: each character that was misread, once in each reading, with the bits that it saves.
    evidence: Vec<(usize, char, u32)>,
}

/// The likeliest way to read a line, in readings that are `marked`.
///
/// What speaks for a reading must outweigh its entry by characters that differ: the same chance may strike a line many times.
pub(super) fn likeliest(places: &[Place], mut marked: u32, entries: &Entries) -> Read {
    loop {
        let mut read = in_pieces(places, marked, entries);
        read.evidence.sort_unstable();
        read.evidence.dedup_by_key(|(reading, c, _)| (*reading, *c));
        let mut weak = read.readings;
        for (reading, entry) in entries.iter().enumerate() {
            let bits: u32 = read.evidence.iter().filter(|(of, ..)| *of == reading).map(|(.., bits)| bits).sum();
            if bits > *entry {
                weak &= !(1 << reading);
            }
        }
        if weak == 0 {
            return read;
        }
        marked &= !weak;
    }
}

/// The same, piece by piece.
fn in_pieces(places: &[Place], marked: u32, entries: &Entries) -> Read {
    let mut read = Read::default();
    let mut rest = places;
    while !rest.is_empty() {
        let space = rest.iter().skip(PIECE / 2).take(PIECE / 2).position(|place| place.c == ' ');
        let (piece, more) = rest.split_at_checked(space.map_or(PIECE, |space| PIECE / 2 + space)).unwrap_or((rest, &[]));
        read_piece(piece, marked, entries, &mut read);
        rest = more;
    }
    read
}

fn read_piece(places: &[Place], marked: u32, entries: &Entries, read: &mut Read) {
    let readings: Vec<usize> = (0..READINGS).filter(|reading| marked & 1 << reading != 0).collect();
    let states = readings.len() + 1;
    let mut paths = vec![NO_PATH; (places.len() + 7) * states];
    if let Some(start) = paths.first_mut() {
        start.bits = 0;
    }
    let offer = |paths: &mut Vec<Path>, at: usize, state: usize, path: Path| {
        if let Some(best) = paths.get_mut(at * states + state).filter(|best| path.bits < best.bits) {
            *best = path;
        }
    };
    for (at, place) in places.iter().enumerate() {
        for state in 0..states {
            let Some(path) = paths.get(at * states + state).copied().filter(|path| path.bits < u32::MAX) else { continue };
            let step = |bits: u32, look: Look, length: u8, c: char| Path {
                bits: path.bits.saturating_add(bits).saturating_add(look.after(path.last)),
                last: look,
                from: state as u8,
                length,
                c,
            };
            if place.c.is_ascii() {
                offer(&mut paths, at + 1, state, step(0, place.look, 1, place.c));
                continue;
            }
            let here = places.get(at..).unwrap_or_default();
            let within = state.checked_sub(1).and_then(|state| readings.get(state));
            let exit = if within.is_some_and(|reading| sequence(here, *reading).is_some()) { EXIT } else { 0 };
            offer(&mut paths, at + 1, 0, step(exit, place.look, 1, place.c));
            let begun = begun(here);
            for (reading, to) in readings.iter().zip(1..).filter(|(reading, _)| begun >> **reading & 1 == 1) {
                if let Some(found) = sequence(here, *reading) {
                    let entry = if to == state { 0 } else { entries.get(*reading).copied().unwrap_or(ENTRY) };
                    // What lost bytes is no evidence by itself.
                    let entry = if found.lost > 0 && entry == ENTRY { u32::MAX / 2 } else { entry };
                    offer(&mut paths, at + usize::from(found.length), to, step(entry + found.lost, Look::of(found.c), found.length, found.c));
                }
            }
        }
    }
    let mut at = places.len();
    let mut state = (0..states)
        .min_by_key(|state| paths.get(at * states + state).map_or(u32::MAX, |path| path.bits.saturating_add(meeting(path.last, Look::EDGE))))
        .unwrap_or(0);
    let mut text: Vec<char> = Vec::with_capacity(at);
    while let Some(path) = paths.get(at * states + state).filter(|path| at > 0 && path.length > 0) {
        at = at.saturating_sub(usize::from(path.length));
        let here = places.get(at..).unwrap_or_default();
        // The word `à`, whose second byte was taken for the space after it; but `às` is one word.
        let is_plural = || matches!(here, [_, _, s, end, ..] if s.c == 's' && end.c == ' ');
        if path.c == 'à' && path.length == 2 && here.get(1).is_some_and(|place| place.c == ' ') && !is_plural() {
            text.push(' ');
        }
        text.push(path.c);
        if let Some(reading) = state.checked_sub(1).and_then(|reading| readings.get(reading)).filter(|_| path.length > 1) {
            read.readings |= 1 << reading;
            let before = neighbour(at.checked_sub(1).and_then(|before| places.get(before)));
            let bits = sequence(here, *reading).map_or(0, |found| gain(here, before, found));
            read.evidence.push((*reading, path.c, bits));
        }
        state = usize::from(path.from);
    }
    read.text.extend(text.iter().rev());
}
