//! A set with a file for each measure of `check`, in which just that is at fault, and its twin in which nothing is.

use serde_json::{Value, json};

/// Records of a file.
const RECORDS: usize = 30;

/// A file with a fault.
pub struct Fault {
    /// The measure.
    pub measure: &'static str,
    /// What else it must show.
    pub beside: &'static [&'static str],
    /// Its name.
    pub name: String,
    /// Its lines.
    pub lines: Vec<Vec<u8>>,
    /// Lines of the file where it is at fault; none where it is so all over.
    pub places: Vec<u64>,
}

const SUBJECTS: [&str; 8] =
    ["The harbour", "A narrow street", "The old library", "Our neighbour", "The river", "A quiet village", "The orchestra", "The market"];
const VERBS: [&str; 7] = [
    "had changed little since",
    "was busy again after",
    "remembered well",
    "looked different during",
    "told much about",
    "kept its shape through",
    "grew slowly before",
];
const OBJECTS: [&str; 9] = [
    "the long winter of that year",
    "the great storm",
    "the first days of summer",
    "the war",
    "the harvest",
    "the visit of the king",
    "the flood in spring",
    "the feast",
    "the new railway",
];

/// A sentence that no other number has.
fn sentence(n: usize) -> String {
    let (subject, verb, object) = (SUBJECTS[n % 8], VERBS[n / 8 % 7], OBJECTS[n / 56 % 9]);
    format!("{subject} {verb} {object}, and house {} of the row was the only one that still stood open to visitors.", n + 1)
}

/// The text of a record: two paragraphs.
pub fn prose(file: usize, record: usize) -> String {
    let n = (file * RECORDS + record) * 2;
    format!("{}\n{}", sentence(n), sentence(n + 1))
}

/// A record without fault.
pub fn record(file: usize, record: usize) -> Value {
    json!({"id": format!("{file}-{record}"), "url": format!("https://site{file}.example/pages/{record}"), "text": prose(file, record)})
}

fn with(mut record: Value, field: &str, value: Value) -> Value {
    record[field] = value;
    record
}

fn with_text(value: Value, change: impl Fn(&str) -> String) -> Value {
    let text = change(value["text"].as_str().unwrap());
    with(value, "text", text.into())
}

fn without(mut record: Value, field: &str) -> Value {
    record.as_object_mut().unwrap().remove(field);
    record
}

/// The clean twin: a file of each, without faults.
pub fn clean(files: usize) -> Vec<(String, Vec<u8>)> {
    (0..files).map(|file| (format!("file{file}.jsonl"), lines(&(0..RECORDS).map(|n| bytes(&record(file, n))).collect::<Vec<_>>()))).collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// Lines to a file.
pub fn lines(lines: &[Vec<u8>]) -> Vec<u8> {
    lines.iter().flat_map(|line| line.iter().copied().chain([b'\n'])).collect()
}

/// German for one of the records.
const GERMAN: &str = "Der Hafen hatte sich seit dem langen Winter kaum verändert, und nur ein einziges Haus der Reihe stand noch für Besucher offen, die aus der Stadt kamen";

/// Every fault.
pub fn faults() -> Vec<Fault> {
    let mut all: Vec<Fault> = Vec::new();
    let mut add = |measure: &'static str, beside: &'static [&'static str], at: &[usize], change: &dyn Fn(usize, Value) -> Vec<u8>| {
        let file = all.len();
        let lines = (0..RECORDS).map(|n| if at.contains(&n) { change(n, record(file, n)) } else { bytes(&record(file, n)) }).collect();
        let places = at.iter().map(|n| *n as u64 + 1).collect();
        all.push(Fault { measure, beside, name: format!("file{file}.jsonl"), lines, places });
    };
    let every: Vec<usize> = (0..RECORDS).collect();
    let third: Vec<usize> = (0..RECORDS).step_by(3).collect();
    add("unreadable_ratio", &[], &[4], &|_, _| b"{\"id\": 4, \"text\": \"cut".to_vec());
    add("text_missing_ratio", &["unreadable_ratio"], &[5], &|_, value| bytes(&without(value, "text")));
    add("text_not_string_ratio", &["unreadable_ratio"], &[6], &|_, value| bytes(&with(value, "text", json!(["a list"]))));
    add("empty_text_ratio", &[], &[7], &|_, value| bytes(&with(value, "text", json!(" \n"))));
    add("missing_field_ratio", &[], &[8], &|_, value| bytes(&without(value, "url")));
    add("rare_field_ratio", &[], &[9, 11], &|_, value| bytes(&with(value, "comment", json!("by hand"))));
    add("empty_field_ratio", &[], &every, &|_, value| bytes(&with(value, "author", Value::Null)));
    add("mixed_type_fields", &[], &[10], &|_, value| bytes(&with(value, "url", json!(10))));
    add("changed_type_fields", &[], &every, &|n, value| bytes(&with(value, "id", json!(100 + n))));
    add("duplicate_id_ratio", &[], &[11, 12], &|_, value| bytes(&with(value, "id", json!("9-3"))));
    add("exact_duplicate_ratio", &[], &[13, 14], &|n, value| {
        let file = value["url"].as_str().unwrap().split('/').nth(2).unwrap()[4..].split('.').next().unwrap().parse().unwrap();
        bytes(&with_text(value, |_| prose(file, n - 10)))
    });
    add("furniture_line_ratio", &["furniture_char_ratio", "repeated_line_ratio", "repeated_char_ratio"], &every, &|_, value| {
        bytes(&with_text(value, |text| {
            format!(
                "Home and main page\nLatest news of the town\nAbout the society\nContact the editors\nSearch all pages\n{text}\nPrivacy policy\nTerms of use\nAll rights reserved"
            )
        }))
    });
    add("document_furniture_ratio", &[], &[2, 3], &|_, value| {
        bytes(&with_text(value, |text| {
            format!("{}\nAdvertisement\n{text}\nAdvertisement\n{}\nAdvertisement\n{}", sentence(90_000), sentence(90_001), sentence(90_002))
        }))
    });
    add("repeated_prose_ratio", &[], &third, &|_, value| {
        bytes(&with_text(value, |text| {
            format!(
                "{text}\nThis article was written for the yearbook of the society, which was founded by readers of this page and lives of what they give each year."
            )
        }))
    });
    add("foreign_caption_ratio", &[], &[15, 16, 17], &|_, value| {
        bytes(&with_text(value, |text| text.replacen('\n', "\nГенеральный секретарь встретился с партийным руководством провинции\n", 1)))
    });
    add("unexpected_language_document_ratio", &["unexpected_language_line_ratio"], &third, &|n, value| {
        bytes(&with_text(value, |_| {
            format!("{GERMAN}, {n} an der Zahl.\nSie blieben bis zum {}. Tag des Monats und fuhren dann wieder nach Hause zurück.", n + 1)
        }))
    });
    // Runes: no language is known that has them.
    add("unknown_language_ratio", &[], &third, &|n, value| {
        let rune = |i: usize| char::from_u32(0x16A0 + ((n * 31 + i * i * 7 + i) % 60) as u32).unwrap();
        bytes(&with_text(value, |_| (0..160).map(|i| if i % 6 == 5 { ' ' } else { rune(i) }).collect()))
    });
    add("replacement_character_ratio", &[], &[18], &|_, value| bytes(&with_text(value, |text| text.replacen("the", "th\u{fffd}", 1))));
    add("mojibake_ratio", &[], &[19], &|_, value| {
        bytes(&with_text(value, |text| format!("{text}\nLe dÃ©veloppement du cafÃ© a Ã©tÃ© saluÃ© par lâ€™assemblÃ©e.")))
    });
    add("control_character_ratio", &[], &[20], &|_, value| bytes(&with_text(value, |text| text.replacen(' ', "\u{8} ", 1))));
    add("not_nfc_ratio", &[], &[21], &|_, value| bytes(&with_text(value, |text| format!("{text} The cafe\u{301} was closed."))));
    add("exotic_space_ratio", &[], &[22], &|_, value| bytes(&with_text(value, |text| text.replacen(' ', "\u{a0}", 1))));
    add("zero_width_ratio", &[], &[23], &|_, value| bytes(&with_text(value, |text| text.replacen("the", "t\u{200b}he", 1))));
    add("bidi_control_ratio", &[], &[24], &|_, value| bytes(&with_text(value, |text| text.replacen(' ', " \u{202e}", 1))));
    add("tiny_document_ratio", &[], &third, &|n, value| bytes(&with_text(value, |_| format!("House {n} was closed."))));
    add("huge_document_ratio", &[], &[25], &|_, value| {
        bytes(&with_text(value, |_| (0..12_000).map(|n| sentence(n + 100_000)).collect::<Vec<_>>().join("\n")))
    });
    add("cut_line_ratio", &[], &[26, 27], &|_, value| {
        bytes(&with_text(value, |text| text.replace("stood open", "stood o-\npen").replace("visitors", "visi-\ntors")))
    });
    add("symbol_line_ratio", &[], &third, &|_, value| bytes(&with_text(value, |text| text.replacen('\n', "\n----------\n", 1))));
    all
}
