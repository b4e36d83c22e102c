//! The words of a line that say something about its language, in the writing of most of its letters.
//!
//! Small letters, a space on either side of each word, at most [`MOST`] codes: lines that are longer are cut, since no answer gets better by
//! more. Addresses, numbers, code and markup are left out: a run of characters without space goes as a whole if it holds their signs.

use std::{fmt, str::Chars};

use super::writing::{Glyph, Writing};

/// Codes that are looked at in lines that are not easy: no answer gets better by more.
pub const MOST: usize = 256;

/// Codes after which an answer that is sure already is not asked about again.
pub const FIRST: usize = 160;

/// The code between words.
pub const SPACE: u16 = b' ' as u16;

/// Room for a word that crosses the limit.
const ROOM: usize = MOST + 32;

const WRITINGS: usize = 34;

type Letters = [u16; WRITINGS];

/// The words of a line.
#[derive(Clone, Debug)]
pub struct Words {
    codes: [u16; ROOM],
    len: usize,
    /// Letters by writing, and a bit for each writing with letters.
    letters: Letters,
    writings: u64,
    writing: Writing,
    is_cut: bool,
    /// Where the run of characters without space begins, and the letters before it.
    run: usize,
    run_letters: Letters,
    run_writings: u64,
    signs: Signs,
}

/// What a run of characters without space holds.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    /// What its characters are, all together.
    parts: u32,
    /// What the last is.
    last: u32,
    /// Letters of Latin.
    latin: bool,
    /// A dot between a word and a small letter, as in `example.com`, but not in `z.B.` nor where a space is missing (`end.Next`).
    inner_dot: bool,
    colon_slash: bool,
    /// Letters of the last word.
    word: usize,
}

impl Signs {
    /// Is it no word: an address, a number, code or markup?
    #[inline(always)]
    fn is_no_word(self) -> bool {
        self.parts & Glyph::SIGN != 0 || self.latin && (self.parts & Glyph::DIGIT != 0 || self.inner_dot || self.colon_slash)
    }
}

impl Words {
    /// No words yet.
    pub fn new() -> Words {
        Words {
            codes: [SPACE; ROOM],
            len: 1,
            letters: [0; WRITINGS],
            writings: 0,
            writing: Writing::Other,
            is_cut: false,
            run: 1,
            run_letters: [0; WRITINGS],
            run_writings: 0,
            signs: Signs::default(),
        }
    }

    /// The words of a line; `None` where no word of two letters or more says anything.
    pub fn of(line: &str) -> Option<Words> {
        let mut words = Words::new();
        words.read(line, MOST).then_some(words)
    }

    /// Reads a line instead of the one before, at most so many codes and a word of it; whether a word of two letters or more says anything.
    pub fn read(&mut self, line: &str, most: usize) -> bool {
        let most = most.min(MOST);
        self.read_all(line, most, None);
        let Some(writing) = self.main_writing() else { return false };
        if !self.writings.is_power_of_two() {
            self.read_all(line, most, Some(writing as usize));
        }
        self.writing = writing;
        true
    }

    /// What most letters are written in.
    pub fn writing(&self) -> Writing {
        self.writing
    }

    /// Small letters by their codes, a space before each word and behind the last.
    pub fn codes(&self) -> &[u16] {
        self.codes.get(..self.len).unwrap_or_default()
    }

    /// Does the line go on behind them?
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    fn read_all(&mut self, line: &str, most: usize, only: Option<usize>) {
        (self.len, self.run, self.is_cut, self.signs) = (1, 1, false, Signs::default());
        (self.letters, self.run_letters, self.writings, self.run_writings) = ([0; WRITINGS], [0; WRITINGS], 0, 0);
        let mut chars = line.chars();
        let mut next = chars.next();
        while let Some(c) = next {
            let glyph = Glyph::of(c);
            if glyph.is(Glyph::LETTER) {
                next = self.read_word(glyph, c, &mut chars, only);
            } else {
                self.read_between(glyph);
                next = chars.next();
            }
            if self.run >= most {
                self.is_cut = next.is_some();
                return;
            }
        }
        self.end_run();
    }

    /// What is no letter, nor inside a word.
    #[inline(always)]
    fn read_between(&mut self, glyph: Glyph) {
        if glyph.is(Glyph::SPACE) {
            self.end_run();
        } else if !glyph.is(Glyph::NOTHING) {
            self.signs.colon_slash |= glyph.is(Glyph::SLASH) && self.signs.last == Glyph::COLON;
            self.signs.parts |= glyph.part();
            self.signs.last = glyph.part();
        }
    }

    /// Reads a word from its first letter on; the character behind it.
    #[inline(always)]
    fn read_word(&mut self, first: Glyph, c: char, chars: &mut Chars<'_>, only: Option<usize>) -> Option<char> {
        let writing = first.writing();
        // Where no space parts words, signs beside them are no part of them.
        let is_apart = Writing::ALL.get(writing).is_some_and(|writing| writing.is_without_spaces());
        if is_apart {
            self.end_run();
        }
        self.signs.inner_dot |= self.signs.last == Glyph::DOT && self.signs.word > 1 && c.is_ascii_lowercase();
        self.signs.latin |= writing == Writing::Latin as usize;
        let start = self.len;
        let mut letters = 1;
        self.push(first.code());
        let next = loop {
            let Some(c) = chars.next() else { break None };
            let glyph = Glyph::of(c);
            if is_apart && self.len == ROOM - 1 {
                break Some(c);
            }
            if glyph.is_letter_like(first) {
                letters += 1;
            } else if glyph.is(Glyph::NOTHING) {
                continue;
            } else if !glyph.is(Glyph::JOINER) {
                break Some(c);
            }
            self.push(glyph.code());
        };
        self.end_word(start, letters, writing, only);
        if is_apart {
            self.end_run();
        }
        next
    }

    /// Past the room nothing is written: such a word is cut.
    #[inline(always)]
    fn push(&mut self, code: u16) {
        if let Some(place) = self.codes.get_mut(self.len)
            && self.len < ROOM - 1
        {
            *place = code;
            self.len += 1;
        }
    }

    #[inline(always)]
    fn end_word(&mut self, start: usize, letters: usize, writing: usize, only: Option<usize>) {
        (self.signs.word, self.signs.last) = (letters, Glyph::LETTER);
        if only.is_some_and(|only| only != writing) {
            self.len = start;
            return;
        }
        while self.codes.get(self.len - 1) == Some(&APOSTROPHE) {
            self.len -= 1;
        }
        if let Some(place) = self.codes.get_mut(self.len) {
            *place = SPACE;
            self.len += 1;
        }
        // One letter is a name of something, in any language, but for what is a syllable or a word.
        if letters > 1 || writing == Writing::Han as usize || writing == Writing::Hangul as usize {
            let Some(all) = self.letters.get_mut(writing) else { return };
            *all = all.saturating_add(u16::try_from(letters).unwrap_or(u16::MAX));
        }
        self.writings |= 1 << writing;
    }

    #[inline(always)]
    fn end_run(&mut self) {
        if self.signs.is_no_word() {
            self.len = self.run;
            (self.letters, self.writings) = (self.run_letters, self.run_writings);
        } else {
            self.run = self.len;
            (self.run_letters, self.run_writings) = (self.letters, self.writings);
        }
        self.signs = Signs::default();
    }

    /// The writing of most letters; a sign of Han is worth three letters. `None` without words of two letters.
    fn main_writing(&self) -> Option<Writing> {
        let weight = |n: usize| self.letters.get(n).map_or(0, |letters| u32::from(*letters) * if n == Writing::Han as usize { 3 } else { 1 });
        if self.writings.is_power_of_two() {
            let only = self.writings.trailing_zeros() as usize;
            return Writing::ALL.get(only).copied().filter(|_| weight(only) > 1);
        }
        let most = (0..WRITINGS).max_by_key(|n| (weight(*n), std::cmp::Reverse(*n)))?;
        let all: u32 = (0..WRITINGS).map(weight).sum();
        Writing::ALL.get(most).copied().filter(|_| all > 1)
    }
}

const APOSTROPHE: u16 = b'\'' as u16;

impl Default for Words {
    fn default() -> Words {
        Words::new()
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Characters beyond 16 bits are lost.
        f.write_str(String::from_utf16_lossy(self.codes()).trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Option<String> {
        Words::of(line).map(|words| String::from_utf16_lossy(words.codes()))
    }

    #[test]
    fn words_of_lines() {
        for (line, expected) in [
            ("Hello, World!", Some(" hello world ")),
            ("L’homme d'État rock 'n' roll'", Some(" l'homme d'état rock n roll ")),
            ("ＨＥＬＬＯ\u{a0}ÉTÉ", Some(" hello été ")),
            ("see https://example.org/a/b or mail a.b@example.org now", Some(" see or mail now ")),
            ("version v1.2 of libfoo-2.so is out, see index.html and www.example.com", Some(" version of is out see and ")),
            ("<p class=\"x\">Text</p> foo_bar() x=1 **bold**", Some(" bold ")),
            ("1 234,50 €", None),
            ("x", None),
            ("字", Some(" 字 ")),
            ("새 탭", Some(" 새 탭 ")),
            ("Привет Linux и всем", Some(" привет и всем ")),
            ("end of it.Next one, z.B. am U.S. border", Some(" end of it next one z b am u s border ")),
            ("pro\u{ad}gram", Some(" program ")),
            ("", None),
            ("Calc では「$Sheet1.$B$3」です14%以上", Some(" では です 以上 ")),
            ("«$x» — слово50% и всё", Some(" и всё ")),
        ] {
            assert_eq!(words(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn long_lines_are_cut() {
        for line in
            ["word ".repeat(1000), "a".repeat(100_000), "字".repeat(5000), "a\u{301}".repeat(5000), "'a".repeat(4000), "\u{e000}".repeat(4000)]
        {
            let len = Words::of(&line).map_or(0, |words| words.codes().len());
            assert!(len <= ROOM);
        }
    }

    #[test]
    fn a_line_is_cut_where_it_need_not_be_read_on() {
        let mut words = Words::new();
        for line in ["word ".repeat(1000), "漢字、".repeat(1000), "漢字".repeat(1000), "ข้อความ".repeat(1000)] {
            assert!(words.read(&line, FIRST) && words.is_cut() && words.codes().len() >= FIRST, "{line}");
        }
        for line in ["word ".repeat(10), "漢字、".repeat(10)] {
            assert!(words.read(&line, FIRST) && !words.is_cut(), "{line}");
        }
    }
}
