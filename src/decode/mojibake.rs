//! Mojibake: UTF-8 that somebody read in a single-byte encoding, and wrote down as UTF-8. Repaired where it stands.
//!
//! A line is read again in every way at once: each character as it is, or each run of characters that are the bytes of one UTF-8 character
//! in some single-byte encoding as that character. What surprises least ([`Look`]) wins (Viterbi's algorithm), where each change from
//! text as it is to text misread costs [`ENTRY`] bits; so a line that is broken in part is repaired in that part, several misreadings in
//! one line each get their own, and what clean text holds by chance stays. Text misread twice is repaired twice. C1 controls that are left
//! are windows-1252, as the WHATWG standard reads Latin-1. No typography changes: a curly quote that comes out is one that went in.
//!
//! Limits: bytes that somebody lost (U+FFFD, `?`, a space for a NBSP) are U+FFFD in the repaired text, but for `à`; what was read in an encoding of
//! several bytes, or was not UTF-8, is not seen.

use std::borrow::Cow;

use super::{
    charset::Charset,
    mark::{first_mark, marks},
    misreading::{MISREAD_IN, Place, READINGS},
    paths::{ENTRY, ENTRY_AGAIN, ENTRY_BESIDE, Entries, likeliest, lower},
    surprise::Look,
};

/// How often each misreading was repaired: lines, and lines again where they were misread twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    lines: u64,
    by_reading: [u64; READINGS],
    controls: u64,
}

impl Repairs {
    /// Lines that were repaired.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Repairs by the encoding that UTF-8 was misread in. A line misread twice counts twice, and one misread in two encodings for each.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let names = MISREAD_IN.iter().map(|label| Charset::for_label(label).map_or("", Charset::name));
        names.zip(self.by_reading).chain([("ISO-8859-1", self.controls)]).filter(|(_, n)| *n > 0)
    }

    /// Adds `other`.
    pub fn add(&mut self, other: &Repairs) {
        self.lines += other.lines;
        self.controls += other.controls;
        self.by_reading.iter_mut().zip(other.by_reading).for_each(|(sum, n)| *sum += n);
    }
}

/// How often a line is looked at again: more often than anything was misread, since one repair may bring another to light.
const TIMES: usize = 16;

/// A line after its repair.
struct Repaired {
    text: String,
    /// The readings that it took, a bit each, and how often.
    readings: u32,
    times: [u8; READINGS],
    controls: bool,
}

/// One line, repaired; `None` where there is nothing to repair.
fn repair_line(line: &str, mut entries: Entries) -> Option<Repaired> {
    let mut repaired = Repaired { text: String::new(), readings: 0, times: [0; READINGS], controls: false };
    for _ in 0..TIMES {
        let is_repaired = repaired.readings != 0;
        let before = if is_repaired || repaired.controls { &repaired.text } else { line };
        let places: Vec<Place> = before.chars().map(Place::of).collect();
        let marked = marks(&places);
        let mut read = likeliest(&places, marked, &entries);
        if read.readings == 0 {
            // They may be bytes of what is misread, so they come last; but then they may be a part of it.
            let Some(text) = controls(before, is_repaired) else { break };
            repaired.text = text;
            repaired.controls = true;
            continue;
        }
        read = likeliest(&places, marked, &lower(entries, read.readings, ENTRY_AGAIN));
        for (reading, n) in repaired.times.iter_mut().enumerate() {
            *n += u8::from(read.readings >> reading & 1 == 1);
        }
        repaired.readings |= read.readings;
        repaired.text = read.text;
        // What was misread twice was so in the same way, most likely.
        entries = lower(entries, read.readings, ENTRY_BESIDE);
    }
    (repaired.controls || repaired.readings != 0).then_some(repaired)
}

/// C1 controls are windows-1252, as in the WHATWG standard's reading of Latin-1; unless that lacks one of them, or the line has letters that
/// it lacks. A lone NEL is a line end.
fn controls(line: &str, is_repaired: bool) -> Option<String> {
    let is_control = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    let is_sign = |c: char| is_control(c) && (is_repaired || c != '\u{85}');
    let lacks = |c: char| matches!(c, '\u{81}' | '\u{8d}' | '\u{8f}' | '\u{90}' | '\u{9d}') || c > 'ÿ' && Look::of(c).shape.is_letter();
    if !line.chars().any(is_sign) || line.chars().any(lacks) {
        return None;
    }
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) if is_control(c) => out.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0),
            _ => out.push(c),
        }
    }
    Some(out)
}

/// Repairs each line that is broken; adds what was done to `repairs`. What one line was misread in is likelier in the others.
pub fn repair<'a>(text: &'a str, repairs: &mut Repairs) -> Cow<'a, str> {
    if first_mark(text, 0).is_none() {
        return Cow::Borrowed(text);
    }
    let entries = [ENTRY; READINGS];
    let (first, found, known) = repair_lines(text, &entries);
    let (repaired, found, _) = if known == 0 { (first, found, known) } else { repair_lines(text, &lower(entries, known, ENTRY_BESIDE)) };
    repairs.add(&found);
    repaired.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The text with its lines repaired, if any was; what was done; all readings that it took.
fn repair_lines(text: &str, entries: &Entries) -> (Option<String>, Repairs, u32) {
    let mut out: Option<String> = None;
    let mut repairs = Repairs::default();
    let mut readings = 0;
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.len();
        let repaired = first_mark(line, 0).and_then(|_| repair_line(line, *entries));
        if let Some(repaired) = &repaired {
            repairs.lines += 1;
            repairs.controls += u64::from(repaired.controls);
            repairs.by_reading.iter_mut().zip(repaired.times).for_each(|(sum, n)| *sum += u64::from(n));
            readings |= repaired.readings;
        }
        match (&mut out, repaired) {
            (None, None) => {}
            (Some(out), repaired) => out.push_str(repaired.as_ref().map_or(line, |repaired| &repaired.text)),
            (None, Some(repaired)) => out = Some(text.get(..start).unwrap_or_default().to_owned() + &repaired.text),
        }
        if let Some(out) = &mut out
            && end < text.len()
        {
            out.push('\n');
        }
        start = end + 1;
    }
    (out, repairs, readings)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As software does that takes UTF-8 for this encoding; U+FFFD where that has nothing.
    fn misread(text: &str, label: &str) -> String {
        let half = Charset::for_label(label).and_then(Charset::upper_half).expect(label);
        text.bytes().map(|b| half.get(usize::from(b).wrapping_sub(128)).copied().unwrap_or(char::from(b))).collect()
    }

    fn repaired(text: &str) -> (String, Vec<(&'static str, u64)>) {
        let mut repairs = Repairs::default();
        let text = repair(text, &mut repairs).into_owned();
        (text, repairs.iter().collect())
    }

    /// Lines of many languages, as a reader expects them.
    const CLEAN: [&str; 26] = [
        "Le développement a été salué par l’assemblée générale, où il fut présenté à l’hôtel.",
        "Zażółć gęślą jaźń, mówi się, że każdy człowiek jest wolny i równy",
        "Příliš žluťoučký kůň úpěl ďábelské ódy",
        "Größe und Maße ändern sich; „so ist es“, sagte er – und schwieg…",
        "Генеральный секретарь встретился с партийным руководством провинции",
        "Він народився в Києві; Рік і місяць — «від» Італії до Сіднея",
        "Гёте, Сёмка и Дёрн; №5 — 10° «Ёлка»",
        "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι, Β΄ τόμος",
        "כל בני אדם נולדו בני חורין ושווים בערכם",
        "يولد جميع الناس أحرارا متساوين في الكرامة",
        "มนุษย์ทั้งหลายเกิดมามีอิสระ",
        "सभी मनुष्यों को गौरव और अधिकारों",
        "人人生而自由，在尊严和权利上一律平等……“好”——他说",
        "すべての人間は、生れながらにして自由であり「そう」…",
        "모든 인간은 태어날 때부터 자유로우며",
        "Tất cả mọi người sinh ra đều được tự do",
        "São Paulo, MANHÃ, “ARTESÃ” e NICIODATĂ™",
        "AHÅ™, the new sofa",
        "a radius of 10 Å—12 Å—15 Å—",
        "C O N C L U S Ã O; There are a lot of Ã’s; HÅØYA ER BLÅØYD; 4288×…; 2012—∞",
        "¡Hola! ¿Qué tal? ESSE CARA AI QUEM É¿ NESTLÉ® «là»",
        "┌──┬──┐ │ a│ b│ ├──┼──┤ └─┐ ╔══╗ ═╗ ░▒▓",
        "“×” and ‘+’ ±5 % § 3 ¶ © 2020 ½ µm ²",
        "emoji 😀👍🏽 and arrows → ⇒ ⌘",
        "voilà\u{a0}»\u{a0}; c’est ça\u{a0}! l’été…»",
        "İstanbul’da, ığdır; Þórður ðað; naïve Åland Ærø",
    ];

    #[test]
    fn clean_lines_are_borrowed() {
        for line in CLEAN {
            let mut repairs = Repairs::default();
            assert!(matches!(repair(line, &mut repairs), Cow::Borrowed(_)), "{line}: {}", repaired(line).0);
            assert_eq!(repairs, Repairs::default());
        }
    }

    #[test]
    fn each_misreading_is_undone_and_named() {
        for (reading, label) in MISREAD_IN.into_iter().enumerate() {
            let name = Charset::for_label(label).map(Charset::name).unwrap();
            // Not every pair of two letters of the rarer ones is a mark.
            for line in CLEAN.iter().take(if reading < 5 { 15 } else { 7 }) {
                let broken = misread(line, label);
                if broken.contains('\u{fffd}') {
                    continue;
                }
                let (text, by) = repaired(&broken);
                assert_eq!(text, *line, "{label}");
                assert!(by.iter().all(|(_, n)| *n == 1), "{label}: {by:?}");
                if line.len() > 80 {
                    assert!(by.iter().any(|(by, _)| *by == name || name == "windows-1254" || name == "ISO-8859-2"), "{label}: {by:?}");
                }
            }
        }
        let line = CLEAN[0];
        let twice = misread(&misread(line, "windows-1252"), "windows-1252");
        assert_eq!(repaired(&twice), (line.into(), vec![("windows-1252", 2)]));
    }

    #[test]
    fn a_part_of_a_line_and_some_lines_of_a_text() {
        let (one, two) = (CLEAN[0], CLEAN[3]);
        let mixed = format!("{one} {}\n{two}\n\n{}", misread(two, "windows-1252"), misread(two, "macintosh"));
        assert_eq!(repaired(&mixed), (format!("{one} {two}\n{two}\n\n{two}"), vec![("windows-1252", 1), ("macintosh", 1)]));
        // A weak mark alone, and beside a line that is surely misread.
        let weak = misread("Mülayimlik", "windows-1250");
        assert_eq!(repaired(&weak).0, weak);
        assert_eq!(repaired(&format!("{}\n{weak}", misread(one, "windows-1250"))).0, format!("{one}\nMülayimlik"));
    }

    #[test]
    fn what_was_lost_on_the_way() {
        for (broken, fixed) in [
            (
                "TroisiÃ¨me Ã©dition pour ce festival qui persiste et signe Ã s'Ã©loigner",
                "Troisième édition pour ce festival qui persiste et signe à s'éloigner",
            ),
            ("com especial atenÃ§Ã£o Ã s crianÃ§as", "com especial atenção às crianças"),
            ("â€œlossy decodingâ€\u{fffd}", "“lossy decoding\u{fffd}"),
            ("à¸ à¸²à¸©à¸²à¹„à¸—à¸¢", "ภาษาไทย"),
            ("hihi â\u{98}ºí\u{a0}½í¸\u{98}", "hihi ☺😘"),
        ] {
            assert_eq!(repaired(broken).0, fixed);
        }
    }

    #[test]
    fn controls_of_latin_1() {
        for (text, fixed) in [
            ("\u{84}Handwerk\u{93} und l\u{92}\u{e9}t\u{e9}", "„Handwerk“ und l’été"),
            ("a line\u{85}and another", "a line\u{85}and another"),
            ("so\u{85} it\u{92}s", "so… it’s"),
            // Windows-1252 has none of these.
            ("应用\u{8b}序", "应用\u{8b}序"),
            ("\u{81}\u{92}", "\u{81}\u{92}"),
        ] {
            assert_eq!(repaired(text).0, fixed);
        }
    }

    #[test]
    fn a_long_line_is_read_in_pieces() {
        let line = CLEAN[0].repeat(200);
        assert_eq!(repaired(&misread(&line, "windows-1251")).0, line);
        let unbroken = "é".repeat(10_000);
        assert_eq!(repaired(&misread(&unbroken, "ibm437")).0, unbroken);
    }

    proptest! {
        #[test]
        fn repair_is_idempotent_and_leaves_ascii_alone(text in "(Ã|Â|â|€|™|©|Ð|Ñ|¾|\u{80}|\u{85}|\u{92}|\u{99}|é|ж|Р|С|ѕ|√|├|║|í|\u{a0}|½|¸|\u{98}| |a|B|\\?|\u{fffd}|\n|ď|ż|˝){0,40}") {
            let (once, _) = repaired(&text);
            let (twice, by) = repaired(&once);
            prop_assert_eq!(&twice, &once);
            prop_assert_eq!(by, vec![]);
            prop_assert_eq!(once.matches('\n').count(), text.matches('\n').count());
        }
    }
}
