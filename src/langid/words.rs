//! The words of a line that say something about its language, in the writing of most of its letters.
//!
//! Small letters, a space on either side of each word, at most [`MOST`] codes: lines that are longer are cut, since no answer gets better by
//! more. Addresses, numbers, code and markup are left out: a run of characters without space goes as a whole if it holds their signs.

use std::fmt;

use super::{
    ascii::take_small_letters,
    writing::{Glyph, Writing},
};

/// Codes that are looked at in lines that are not easy: no answer gets better by more.
pub const MOST: usize = 256;

/// Codes after which an answer that is sure already is not asked about again.
pub const FIRST: usize = 64;

/// Places where the rest of a line is looked at, and characters there.
const PROBES: usize = 3;
const PROBED: usize = 8;

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
    /// Where words end: at their spaces.
    ends: [u16; ROOM / 2],
    count: usize,
    /// Letters by writing, and a bit for each writing with letters.
    letters: Letters,
    writings: u64,
    writing: Writing,
    /// Bytes of the line that were read.
    read: usize,
    is_cut: bool,
    /// Where the run of characters without space begins, and the words and letters before it.
    run: usize,
    run_count: usize,
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
            ends: [0; ROOM / 2],
            count: 0,
            letters: [0; WRITINGS],
            writings: 0,
            writing: Writing::Other,
            read: 0,
            is_cut: false,
            run: 1,
            run_count: 0,
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
            // Of what was read; it may go on otherwise.
            let is_cut = self.is_cut;
            self.read_all(line.get(..self.read).unwrap_or(line), most, Some(writing as usize));
            self.is_cut |= is_cut;
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

    /// The codes of each word, its spaces among them.
    pub fn iter(&self) -> impl Iterator<Item = &[u16]> {
        let mut start = 0;
        self.ends.get(..self.count).unwrap_or_default().iter().filter_map(move |end| {
            let end = usize::from(*end);
            self.codes.get(std::mem::replace(&mut start, end)..=end)
        })
    }

    /// Does the line go on behind them?
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Are letters that follow what was read in its writing, wherever one looks? A line may begin with a name, or with what a page says everywhere.
    pub fn goes_on_alike(&self, line: &str) -> bool {
        let rest = line.get(self.read..).unwrap_or_default();
        (1..=PROBES).all(|n| {
            let at = (0..=rest.len() / (PROBES + 1) * n).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(0);
            let glyphs = rest.get(at..).unwrap_or_default().chars().take(PROBED).map(Glyph::of);
            glyphs.filter(|glyph| glyph.is(Glyph::LETTER)).all(|glyph| glyph.writing() == self.writing as usize)
        })
    }

    fn read_all(&mut self, line: &str, most: usize, only: Option<usize>) {
        (self.len, self.run, self.is_cut, self.signs) = (1, 1, false, Signs::default());
        (self.count, self.run_count) = (0, 0);
        (self.letters, self.run_letters, self.writings, self.run_writings) = ([0; WRITINGS], [0; WRITINGS], 0, 0);
        let line = line.as_bytes();
        let mut at = self.read_plain(line, 0, most, only);
        while let Some((glyph, next)) = Glyph::at(line, at)
            && self.run < most
        {
            if glyph.is(Glyph::LETTER) {
                at = self.read_word(glyph, line, at, next, only);
            } else {
                self.read_between(glyph);
                at = if glyph.is(Glyph::SPACE) { self.read_plain(line, next, most, only) } else { next };
            }
        }
        self.read = at;
        if self.run < most {
            self.end_run();
        } else {
            self.is_cut = at < line.len();
        }
    }

    /// Reads what most lines are made of, from the beginning of a run on: words of letters of one writing and a space behind each, or a sign that means
    /// nothing and a space, or the end. Where something else begins.
    #[inline(always)]
    fn read_plain(&mut self, line: &[u8], mut at: usize, most: usize, only: Option<usize>) -> usize {
        let (mut len, mut writings) = (self.len, self.writings);
        while len < most {
            let (first, next) = match line.get(at) {
                Some(byte) if byte.is_ascii_alphabetic() => (Glyph::LATIN, at),
                _ => match Glyph::at(line, at) {
                    Some((glyph, next)) if glyph.is(Glyph::LETTER) && APART >> glyph.writing() & 1 == 0 => (glyph, next),
                    Some((glyph, next)) if glyph.is(Glyph::SPACE) || glyph.part() == 0 => {
                        at = next;
                        continue;
                    }
                    _ => break,
                },
            };
            let writing = first.writing();
            let start = if next == at { len } else { self.push(len, first.code()) };
            let (end, letters, behind) = self.read_letters(first, line, start, next);
            let Some(next_run) = end_of_run(line, behind) else { break };
            let letters = letters + usize::from(next != at);
            let (Some(place), Some(word)) = (self.codes.get_mut(end), self.ends.get_mut(self.count)) else { break };
            let (Some(all), Some(before)) = (self.letters.get_mut(writing), self.run_letters.get_mut(writing)) else { break };
            at = next_run;
            if only.is_some_and(|only| only != writing) {
                continue;
            }
            (*place, *word) = (SPACE, end as u16);
            len = end + 1;
            self.count += 1;
            if letters > 1 || writing == Writing::Hangul as usize {
                // No more than there is room for.
                *all = all.saturating_add(letters as u16);
                *before = *all;
            }
            writings |= 1 << writing;
        }
        (self.len, self.run, self.writings, self.run_writings, self.run_count) = (len, len, writings, writings, self.count);
        at
    }

    /// Reads letters of the writing that the first is of, as many as there is room for: where the next code goes, how many letters they are, and where
    /// they end.
    #[inline(always)]
    fn read_letters(&mut self, first: Glyph, line: &[u8], start: usize, next: usize) -> (usize, usize, usize) {
        let is_latin = first.writing() == Writing::Latin as usize;
        let (mut len, mut letters, mut at) = (start, 0, next);
        loop {
            if is_latin {
                let room = self.codes.get_mut(len..ROOM - 1).unwrap_or_default();
                let taken = take_small_letters(room, line.get(at..).unwrap_or_default());
                (len, letters, at) = (len + taken, letters + taken, at + taken);
                if line.get(at).is_none_or(u8::is_ascii) {
                    return (len, letters, at);
                }
            }
            match Glyph::at(line, at) {
                Some((glyph, next)) if glyph.is_letter_like(first) && len < ROOM - 1 => {
                    (len, letters, at) = (self.push(len, glyph.code()), letters + 1, next);
                }
                _ => return (len, letters, at),
            }
        }
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

    /// Reads the word whose first letter is in the line at `at`, and goes on at `next`; where the word ends.
    #[inline(always)]
    fn read_word(&mut self, first: Glyph, line: &[u8], at: usize, next: usize, only: Option<usize>) -> usize {
        let writing = first.writing();
        // Where no space parts words, signs beside them are no part of them.
        let is_apart = APART >> writing & 1 != 0;
        if is_apart {
            self.end_run();
        }
        self.signs.inner_dot |= self.signs.last == Glyph::DOT && self.signs.word > 1 && line.get(at).is_some_and(u8::is_ascii_lowercase);
        self.signs.latin |= writing == Writing::Latin as usize;
        let start = self.len;
        let behind_first = self.push(start, first.code());
        let (mut len, mut letters, mut at) = self.read_letters(first, line, behind_first, next);
        letters += 1;
        while let Some((glyph, next)) = Glyph::at(line, at)
            && !(is_apart && len == ROOM - 1)
        {
            if glyph.is_letter_like(first) {
                letters += 1;
            } else if glyph.is(Glyph::NOTHING) {
                at = next;
                continue;
            } else if !glyph.is(Glyph::JOINER) {
                break;
            }
            len = self.push(len, glyph.code());
            at = next;
        }
        self.len = len;
        self.end_word(start, letters, writing, only);
        if is_apart {
            self.end_run();
        }
        at
    }

    /// Writes a code, and where the next goes. Past the room nothing is written: such a word is cut.
    #[inline(always)]
    fn push(&mut self, len: usize, code: u16) -> usize {
        match self.codes.get_mut(len) {
            Some(place) if len < ROOM - 1 => {
                *place = code;
                len + 1
            }
            _ => len,
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
        if let (Some(place), Some(end)) = (self.codes.get_mut(self.len), self.ends.get_mut(self.count)) {
            (*place, *end) = (SPACE, self.len as u16);
            self.len += 1;
            self.count += 1;
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
            (self.len, self.count) = (self.run, self.run_count);
            (self.letters, self.writings) = (self.run_letters, self.run_writings);
        } else {
            (self.run, self.run_count) = (self.len, self.count);
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

/// A bit for each writing without spaces between words.
const APART: u64 = {
    let (mut bits, mut rest) = (0, Writing::ALL);
    while let [writing, after @ ..] = rest {
        bits |= (writing.is_without_spaces() as u64) << *writing as u64;
        rest = after;
    }
    bits
};

/// Where the next run of characters without space begins, if behind a word nothing but a sign that means nothing belongs to its run.
#[inline(always)]
fn end_of_run(line: &[u8], at: usize) -> Option<usize> {
    match line.get(at..)? {
        [] => Some(at),
        [b' ', ..] => Some(at + 1),
        [b',' | b'.' | b';' | b':' | b'!' | b'?' | b')' | b'"'] => Some(at + 1),
        [b',' | b'.' | b';' | b':' | b'!' | b'?' | b')' | b'"', b' ', ..] => Some(at + 2),
        _ => {
            let (glyph, next) = Glyph::at(line, at)?;
            glyph.is(Glyph::SPACE).then_some(next)
        }
    }
}

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
            assert_is_naive(line);
        }
    }

    /// What a line is cut to, by the naive twin.
    enum Token {
        /// Its writing, its codes, its letters, and whether it begins with a small letter of ASCII.
        Word(usize, Vec<u16>, usize, bool),
        Sign(u32),
        Space,
    }

    fn tokens(line: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let first = Glyph::of(c);
            if !first.is(Glyph::LETTER) {
                if first.is(Glyph::SPACE) {
                    tokens.push(Token::Space);
                } else if !first.is(Glyph::NOTHING) {
                    tokens.push(Token::Sign(first.part()));
                }
                continue;
            }
            let (mut codes, mut letters) = (vec![first.code()], 1);
            while let Some(glyph) = chars.peek().map(|c| Glyph::of(*c)) {
                if glyph.is_letter_like(first) || glyph.is(Glyph::JOINER) {
                    letters += usize::from(glyph.is(Glyph::LETTER));
                    codes.push(glyph.code());
                } else if !glyph.is(Glyph::NOTHING) {
                    break;
                }
                chars.next();
            }
            while codes.last() == Some(&APOSTROPHE) {
                codes.pop();
            }
            let word = Token::Word(first.writing(), codes, letters, c.is_ascii_lowercase());
            if Writing::ALL[first.writing()].is_without_spaces() {
                tokens.extend([Token::Space, word, Token::Space]);
            } else {
                tokens.push(word);
            }
        }
        tokens
    }

    /// Is a run of tokens without space no word?
    fn is_no_word(run: &[Token]) -> bool {
        let has_sign = |part: u32| run.iter().any(|token| matches!(token, Token::Sign(sign) if *sign == part));
        let has_latin = run.iter().any(|token| matches!(token, Token::Word(0, ..)));
        let colon_slash = run.windows(2).any(|two| matches!(two, [Token::Sign(Glyph::COLON), Token::Sign(Glyph::SLASH)]));
        let inner_dot = (0..run.len().saturating_sub(1)).any(|dot| {
            let word = run[..dot].iter().rev().find_map(|token| if let Token::Word(_, _, letters, _) = token { Some(*letters) } else { None });
            matches!(&run[dot..dot + 2], [Token::Sign(Glyph::DOT), Token::Word(.., true)]) && word.is_some_and(|letters| letters > 1)
        });
        has_sign(Glyph::SIGN) || has_latin && (has_sign(Glyph::DIGIT) || colon_slash || inner_dot)
    }

    /// The naive twin: all tokens, all runs, all words, and then what is wanted of them.
    fn naive(line: &str) -> Option<(Vec<u16>, Writing)> {
        let tokens = tokens(line);
        let runs = tokens.split(|token| matches!(token, Token::Space)).filter(|run| !is_no_word(run));
        let words: Vec<_> = runs
            .flatten()
            .filter_map(|token| if let Token::Word(writing, codes, letters, _) = token { Some((*writing, codes, *letters)) } else { None })
            .collect();
        let weight = |wanted: usize| -> usize {
            let said = words.iter().filter(|(writing, _, letters)| {
                *writing == wanted && (*letters > 1 || [Writing::Han as usize, Writing::Hangul as usize].contains(writing))
            });
            said.map(|(.., letters)| letters).sum::<usize>() * if wanted == Writing::Han as usize { 3 } else { 1 }
        };
        let main = (0..WRITINGS).max_by_key(|writing| (weight(*writing), std::cmp::Reverse(*writing)))?;
        if (0..WRITINGS).map(weight).sum::<usize>() < 2 {
            return None;
        }
        let mut all = vec![SPACE];
        for (_, codes, _) in words.iter().filter(|(writing, ..)| *writing == main) {
            all.extend_from_slice(codes);
            all.push(SPACE);
        }
        Some((all, Writing::ALL[main]))
    }

    fn assert_is_naive(line: &str) {
        let found = Words::of(line).map(|words| (words.codes().to_vec(), words.writing()));
        assert_eq!(found, naive(line), "{line:?}");
        if let Some(words) = Words::of(line) {
            let by_spaces = words.codes().split(|code| *code == SPACE).filter(|word| !word.is_empty());
            assert!(words.iter().map(|word| &word[1..word.len() - 1]).eq(by_spaces), "{line:?}");
        }
    }

    #[test]
    fn words_are_those_of_the_naive_twin() {
        let parts: Vec<&str> =
            "a|Z|é|É|word|LONGERWORD|Ünïcödé|слово|Я|字|漢字|かな|ข้อ|한글|한|नमस्ते|שָלום|سلام|'|’|-|.|,|. |, |: |://|/|\u{a0}| | |  |1|42|@|#|$|(|)|\"|«|»|。|،|\u{301}|\u{200c}|\u{ad}|…|😀|\u{20000}|ﬁ|Ａ|_"
                .split('|')
                .collect();
        let mut state = 1_u64;
        for n in 0..40_000 {
            let mut line = String::new();
            for _ in 0..1 + n % 14 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                line.push_str(parts[(state >> 33) as usize % parts.len()]);
            }
            assert_is_naive(&line);
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
