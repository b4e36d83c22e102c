//! JUnit XML, for the test views of CI systems: a suite for the set and each group of files, a test for each rule; files with findings are
//! suites of their own. Warnings are output of a test that passes, since JUnit has none.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Checked, location, said, subject, value};
use crate::{
    check::{Finding, Measure, Scope},
    model::{Error, Result},
};

/// The report.
///
/// # Errors
/// None but those of the XML writer.
pub(super) fn junit(checked: &Checked) -> Result<Vec<u8>> {
    let mut report = Report::new("buddle check");
    let shown = checked.shown();
    for (group, sums) in &checked.groups {
        if sums.sources == 0 && group.files.is_some() {
            continue;
        }
        let scope = group.files.clone().map_or(Scope::Set, Scope::Files);
        let mut suite = TestSuite::new(match &scope {
            Scope::Files(pattern) => format!("files {pattern}"),
            _ => "all files".to_owned(),
        });
        for measure in Measure::ALL.iter().filter(|measure| group.limits(**measure).any()) {
            let finding = shown.iter().map(|(finding, _)| *finding).find(|finding| finding.measure == *measure && finding.scope == scope);
            if finding.is_some() || checked.value(sums, *measure).is_some() {
                suite.add_test_case(case(checked, *measure, finding));
            }
        }
        report.add_test_suite(suite);
    }
    let mut files: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for (finding, _) in &shown {
        let Scope::File(name) = &finding.scope else { continue };
        match files.iter_mut().find(|(file, _)| file == name) {
            Some((_, findings)) => findings.push(finding),
            None => files.push((name, vec![finding])),
        }
    }
    for (name, findings) in files {
        let mut suite = TestSuite::new(name);
        suite.add_test_cases(findings.into_iter().map(|finding| case(checked, finding.measure, Some(finding))));
        report.add_test_suite(suite);
    }
    let mut bytes = Vec::new();
    report.serialize(&mut bytes).map_err(|e| Error::conservation(format!("a report cannot be written: {e}")))?;
    Ok(without_skipped(bytes))
}

/// Jenkins' schemas know no `skipped` of all suites together.
fn without_skipped(mut bytes: Vec<u8>) -> Vec<u8> {
    const SKIPPED: &[u8] = b" skipped=\"0\"";
    let head = memchr::memmem::find(&bytes, b"<testsuite ").unwrap_or(bytes.len());
    if let Some(at) = bytes.get(..head).and_then(|head| memchr::memmem::find(head, SKIPPED)) {
        bytes.drain(at..at + SKIPPED.len());
    }
    bytes
}

fn case(checked: &Checked, measure: Measure, finding: Option<&Finding>) -> TestCase {
    let mut status = TestCaseStatus::success();
    let text = finding.map(|finding| in_words(checked, finding));
    if let (Some(finding), Some(text)) = (finding.filter(|finding| finding.fails()), &text) {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(measure.name()).set_message(value::broken(finding)).set_description(text.as_str());
    }
    let mut case = TestCase::new(measure.name(), status);
    // What fails has the text in its failure.
    if let Some(text) = text.filter(|_| !finding.is_some_and(Finding::fails)) {
        case.set_system_out(text);
    }
    case
}

fn in_words(checked: &Checked, finding: &Finding) -> String {
    let mut text = format!("{}\n{}\n", subject(finding), value::broken(finding));
    for place in &finding.places {
        text.push_str(&format!("{}: {}\n", location(checked, place), said(place)));
    }
    text.push_str(&format!("hint: {}\n", finding.measure.hint()));
    text
}
