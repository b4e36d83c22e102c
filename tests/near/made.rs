//! Made texts in several languages, their near and covered copies, and the naive twin that tells them.

use std::{collections::BTreeSet, fmt::Write, sync::LazyLock};

use serde_json::{Value, json};

/// Numbers that are the same in every run (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }
}

/// Words, what stands between them, and the stop.
type Language = (&'static str, &'static str, &'static str);

pub const LANGUAGES: [Language; 7] = [
    (
        "river stone garden winter letter market bridge silver morning story window village captain paper forest doctor island shadow \
         music kitchen horse engine teacher summer candle mountain writes carries follows remembers opens builds quietly often under behind",
        " ",
        ".",
    ),
    (
        "река камень сад зима письмо рынок мост серебро утро рассказ окно деревня капитан бумага лес врач остров тень музыка кухня лошадь \
         учитель лето свеча гора пишет несёт помнит открывает строит тихо часто под вчера ещё",
        " ",
        ".",
    ),
    (
        "نهر حجر حديقة شتاء رسالة سوق جسر فضة صباح قصة نافذة قرية ورق غابة طبيب جزيرة ظل موسيقى مطبخ حصان معلم صيف شمعة جبل يكتب يحمل يتذكر \
         يفتح يبني غالبا تحت خلف",
        " ",
        ".",
    ),
    (
        "नदी पत्थर बगीचा सर्दी चिट्ठी बाज़ार पुल चाँदी सुबह कहानी खिड़की गाँव काग़ज़ जंगल वैद्य द्वीप छाया संगीत रसोई घोड़ा शिक्षक गर्मी मोमबत्ती पहाड़ लिखता \
         उठाता खोलता बनाता अक्सर नीचे पीछे",
        " ",
        "।",
    ),
    (
        "河流 石头 花园 冬天 书信 市场 桥梁 白银 早晨 故事 窗户 村庄 船长 纸张 森林 医生 岛屿 影子 音乐 厨房 马匹 机器 老师 夏天 蜡烛 高山 写着 带来 记得 \
         打开 建造 安静 常常 下面 后面 昨天",
        "",
        "。",
    ),
    (
        "川原 石垣 庭園 冬空 手紙 市場 大橋 銀色 朝日 物語 窓辺 村里 船長 紙片 森林 医者 島影 音楽 台所 馬車 機械 先生 夏草 蝋燭 高山 書いた 運んだ 思い出す \
         開けた 建てた しずかに たびたび うしろ きのう",
        "",
        "。",
    ),
    (
        "แม่น้ำ ก้อนหิน สวนดอกไม้ ฤดูหนาว จดหมาย ตลาด สะพาน เงิน ยามเช้า เรื่องเล่า หน้าต่าง หมู่บ้าน กัปตัน กระดาษ ป่าไม้ หมอ เกาะ เงา ดนตรี ห้องครัว ม้า \
         ครู ฤดูร้อน เทียน ภูเขา เขียน ถือ จำได้ เปิด สร้าง เงียบ บ่อย ข้างใต้ ข้างหลัง",
        "",
        " ",
    ),
];

/// A text: lines of sentences of words.
#[derive(Clone)]
pub struct Made {
    language: usize,
    lines: Vec<Vec<&'static str>>,
}

impl Made {
    pub fn new(dice: &mut Dice, language: usize, lines: usize, words: usize) -> Made {
        let line = |dice: &mut Dice| (0..words).map(|_| word(dice, language)).collect();
        Made { language, lines: (0..lines).map(|_| line(dice)).collect() }
    }

    /// With so many words changed.
    pub fn changed(&self, dice: &mut Dice, words: usize) -> Made {
        let mut made = self.clone();
        for _ in 0..words {
            let line = dice.below(made.lines.len());
            let at = dice.below(made.lines[line].len());
            made.lines[line][at] = word(dice, self.language);
        }
        made
    }

    /// With lines of its own behind.
    pub fn longer(&self, dice: &mut Dice, lines: usize) -> Made {
        let more = Made::new(dice, self.language, lines, self.lines[0].len());
        Made { lines: [self.lines.clone(), more.lines].concat(), ..*self }
    }

    /// The last lines left out.
    pub fn shorter(&self, lines: usize) -> Made {
        let left = self.lines.len() - lines;
        Made { lines: self.lines[..left].to_vec(), ..*self }
    }

    pub fn text(&self) -> String {
        let (_, between, stop) = LANGUAGES[self.language];
        let line = |words: &Vec<&str>| {
            let sentences = words.chunks(11).map(|sentence| format!("{}{stop}", sentence.join(between)));
            sentences.collect::<Vec<_>>().join(between).trim_end().to_owned()
        };
        self.lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn word(dice: &mut Dice, language: usize) -> &'static str {
    static WORDS: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| LANGUAGES.map(|(words, ..)| words.split_whitespace().collect()).to_vec());
    let words = &WORDS[language];
    words[dice.below(words.len())]
}

/// So many originals in all languages, each with a near copy or more, or a covered one, or none, in any order.
pub fn texts(seed: u64, originals: usize, lines: usize, words: usize) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let mut all = Vec::new();
    for n in 0..originals {
        let made = Made::new(&mut dice, n % LANGUAGES.len(), lines, words);
        match n % 6 {
            0 => all.extend((1..4).map(|times| made.changed(&mut dice, times * lines / 2))),
            1 => all.push(made.longer(&mut dice, lines * 2)),
            2 => all.extend([made.longer(&mut dice, 1), made.shorter(1)]),
            3 => all.push(made.clone()),
            _ => {}
        }
        all.push(made);
    }
    for at in (1..all.len()).rev() {
        // Copies stand within some hundreds of documents of one another.
        all.swap(at, at - dice.below(at.min(400) + 1));
    }
    all.iter().map(Made::text).collect()
}

/// As JSON Lines, numbered from 0.
pub fn jsonl<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    texts.into_iter().enumerate().fold(String::new(), |mut out, (n, text)| {
        writeln!(out, "{}", json!({"id": n, "text": text.as_ref()})).unwrap();
        out
    })
}

/// The number of a row or of the document that it names: its place in the input, from 0.
pub fn place(row: &Value) -> usize {
    row["position"].as_u64().unwrap() as usize - 1
}

/// Shingles as strings, said anew: runs of letters, marks and digits in lower case, five in a row; a character of Han, kana (five) or Thai (ten) is one alone.
pub fn shingles(text: &str) -> BTreeSet<Vec<String>> {
    let is_thai = |c: char| ('\u{e01}'..='\u{e4e}').contains(&c);
    let is_wide = |c: char| ('\u{3041}'..='\u{30ff}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c);
    let is_mark = |c: char| ['\u{93c}', '\u{94d}'].contains(&c);
    let (mut tokens, mut thai, mut open) = (Vec::<String>::new(), 0, false);
    for c in text.chars().flat_map(char::to_lowercase) {
        let alone = is_thai(c) || is_wide(c);
        let part = c.is_alphanumeric() || is_mark(c);
        match tokens.last_mut().filter(|_| open && part && !alone) {
            Some(word) => word.push(c),
            None if alone || part => tokens.push(c.to_string()),
            None => {}
        }
        open = part && !alone;
        thai += usize::from(is_thai(c));
    }
    let size = if thai * 2 > tokens.len() { 10 } else { 5 };
    tokens.windows(size).map(<[String]>::to_vec).collect()
}

/// Common shingles, and those of either.
pub fn likeness(a: &BTreeSet<Vec<String>>, b: &BTreeSet<Vec<String>>) -> (usize, usize) {
    let common = a.intersection(b).count();
    (common, a.len() + b.len() - common)
}
