//! A flow diagram: one amount on the left parts into several on the right, as ribbons of their width.
//!
//! Drawn twice, for wide and for narrow pages (the style sheet shows one), since text in an SVG shrinks with it. The page has a
//! table with the same numbers beside it. Lengths are integers, in tenths of the drawing's unit.

use std::fmt::Write;

use askama::Template;

use super::figures::{number, percent};

/// What a whole parts into.
#[derive(Clone, Debug, Template)]
#[template(path = "flow.html", config = "src/report/html/askama.toml")]
pub struct Flow {
    title: String,
    /// All of it in words, for who cannot see it.
    description: String,
    drawings: Vec<Drawing>,
}

/// A part of the whole.
#[derive(Clone, Debug)]
pub struct Part {
    /// At most some 30 characters.
    pub label: String,
    /// How much of the whole it is.
    pub amount: u64,
    /// Is it what is left in the end, rather than what went?
    pub stays: bool,
}

#[derive(Clone, Debug)]
struct Drawing {
    class: &'static str,
    width: u64,
    height: String,
    whole: Node,
    parts: Vec<Node>,
}

#[derive(Clone, Debug)]
struct Node {
    stays: bool,
    label: String,
    amount: String,
    /// The ribbon that leads to it; none for the whole.
    ribbon: String,
    x: String,
    y: String,
    width: u64,
    height: String,
    text_x: String,
    label_y: String,
    amount_y: String,
}

/// Where things stand in a drawing, in its units.
struct Layout {
    class: &'static str,
    width: u64,
    /// Of a bar.
    bar: u64,
    /// Left edge of the bars on the right.
    right: u64,
    /// Height of the whole's bar.
    whole: u64,
}

const LAYOUTS: [Layout; 2] =
    [Layout { class: "wide", width: 760, bar: 14, right: 420, whole: 300 }, Layout { class: "narrow", width: 340, bar: 10, right: 84, whole: 260 }];
/// Room for the label of the whole, in tenths.
const HEAD: u64 = 520;
/// Least distance from the top of one part to the next: two lines of text; and space between parts.
const PITCH: u64 = 420;
const GAP: u64 = 90;

impl Flow {
    /// The flow of `whole` into its parts, in this order; `unit` is what is counted.
    pub fn new(title: impl Into<String>, whole: (&str, u64), unit: &str, parts: &[Part]) -> Flow {
        let said = |part: &Part| format!("{}: {} ({})", part.label, number(part.amount), percent(part.amount, whole.1));
        let parts: Vec<&Part> = parts.iter().filter(|part| part.amount > 0).collect();
        let description = format!("{}: {} {unit}. {}.", whole.0, number(whole.1), parts.iter().map(|part| said(part)).collect::<Vec<_>>().join("; "));
        Flow { title: title.into(), description, drawings: LAYOUTS.iter().map(|layout| layout.draw(whole, unit, &parts)).collect() }
    }
}

impl Layout {
    fn draw(&self, whole: (&str, u64), unit: &str, parts: &[&Part]) -> Drawing {
        let thickness = |amount: u64| (u128::from(amount) * u128::from(self.whole * 10) / u128::from(whole.1.max(1))) as u64;
        let heights: Vec<u64> = parts.iter().map(|part| thickness(part.amount)).collect();
        let extent: u64 = heights.iter().map(|h| (*h + GAP).max(PITCH)).sum();
        let tall = extent.max(self.whole * 10);
        let top = HEAD;
        let (mut left_y, mut right_y) = (top, HEAD);
        let mut nodes = Vec::new();
        for (part, height) in parts.iter().zip(heights) {
            let shown = height.max(10);
            nodes.push(Node {
                stays: part.stays,
                label: part.label.clone(),
                amount: format!("{} · {}", number(part.amount), percent(part.amount, whole.1)),
                ribbon: self.ribbon(left_y, right_y, shown),
                x: tenths(self.right * 10),
                y: tenths(right_y),
                width: self.bar,
                height: tenths(shown),
                text_x: tenths((self.right + self.bar) * 10 + 100),
                label_y: tenths(right_y + 130),
                amount_y: tenths(right_y + 310),
            });
            left_y += height;
            right_y += (height + GAP).max(PITCH);
        }
        Drawing {
            class: self.class,
            width: self.width,
            height: tenths(HEAD + tall + 40),
            whole: Node {
                stays: true,
                label: whole.0.to_owned(),
                amount: format!("{} {unit}", number(whole.1)),
                ribbon: String::new(),
                x: "0".into(),
                y: tenths(top),
                width: self.bar,
                height: tenths(self.whole * 10),
                text_x: "0".into(),
                label_y: tenths(top.saturating_sub(300)),
                amount_y: tenths(top.saturating_sub(110)),
            },
            parts: nodes,
        }
    }

    /// The outline of a ribbon of this height between two bars.
    fn ribbon(&self, left_y: u64, right_y: u64, height: u64) -> String {
        let (from, to) = (self.bar * 10, self.right * 10);
        let middle = tenths(from.midpoint(to));
        let (x0, x1) = (tenths(from), tenths(to));
        let mut path = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            path,
            "M{x0} {a}C{middle} {a} {middle} {b} {x1} {b}V{c}C{middle} {c} {middle} {d} {x0} {d}Z",
            a = tenths(left_y),
            b = tenths(right_y),
            c = tenths(right_y + height),
            d = tenths(left_y + height),
        );
        path
    }
}

fn tenths(n: u64) -> String {
    if n.is_multiple_of(10) { (n / 10).to_string() } else { format!("{}.{}", n / 10, n % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_of_nothing_and_of_the_largest_numbers() {
        assert!(Flow::new("t", ("In", 0), "lines", &[]).render().unwrap().contains("In"));
        let parts = [
            Part { label: "Stays".into(), amount: u64::MAX - 1, stays: true },
            Part { label: "<Goes>".into(), amount: 1, stays: false },
            Part { label: "None".into(), amount: 0, stays: false },
        ];
        let html = Flow::new("t", ("In", u64::MAX), "lines", &parts).render().unwrap();
        assert!(html.contains("&lt;Goes&gt;: 1 (&lt; 0.1 %)") && !html.contains("None") && !html.contains("<Goes>"), "{html}");
    }
}
