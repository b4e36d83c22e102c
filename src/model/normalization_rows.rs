//! Rows of Unicode's normalisation test (`NormalizationTest.txt`, UAX #15 section 11), for the tests of the layers that normalise.
//!
//! Those of the fixture, and the whole file where the data to measure with lies beside the checkout.

/// A row: the source, then its forms NFC, NFD, NFKC and NFKD.
pub(crate) type Row = [String; 5];

/// All rows, and the characters of `@Part1`, which are those that some form changes; empty where the file is not whole.
pub(crate) fn normalization_rows() -> (Vec<Row>, Vec<char>) {
    let fixture = include_str!("../../fixtures/unicode/NormalizationTest.txt");
    let whole = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/unicode/NormalizationTest.txt"));
    let (text, is_whole) = whole.as_deref().map_or((fixture, false), |whole| (whole, true));
    let mut rows = Vec::new();
    let mut singles = Vec::new();
    let mut part = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('@') {
            part = name.split_whitespace().next().expect("a part has a name");
            continue;
        }
        let code = |code: &str| char::from_u32(u32::from_str_radix(code, 16).expect(line)).expect(line);
        let row: Vec<String> = line.split(';').take(5).map(|column| column.split(' ').map(code).collect()).collect();
        let row: Row = row.try_into().expect(line);
        if part == "Part1" && is_whole {
            singles.extend(row[0].chars());
        }
        rows.push(row);
    }
    assert!(rows.len() >= if is_whole { 19_000 } else { 490 }, "{}", rows.len());
    (rows, singles)
}
