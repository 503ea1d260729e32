//! `CONTRACT.md` says which test shows which number of the contract; this checks it against the tests that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A row of the map: the number, and what stands in its last column.
struct Row {
    number: String,
    tier: String,
    shown_by: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rows() -> Vec<Row> {
    let map = fs::read_to_string(root().join("tests/CONTRACT.md")).expect("tests/CONTRACT.md");
    let rows = map.lines().filter(|line| line.starts_with("| c"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [number, tier, summary, shown_by] = cells[..] else { panic!("four columns: {line}") };
        assert!(!summary.is_empty(), "{line}");
        Row { number: number.to_owned(), tier: tier.to_owned(), shown_by: shown_by.to_owned() }
    })
    .collect()
}

/// The names in backticks that look like tests.
fn named(shown_by: &str) -> impl Iterator<Item = &str> {
    shown_by.split('`').skip(1).step_by(2).filter(|name| is_test_name(name))
}

/// `c4_7_13_...`
fn is_test_name(name: &str) -> bool {
    name.strip_prefix('c').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('_'))
}

/// Every test of the workspace that is named after a number.
fn tests() -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for folder in ["macros/src", "macros/tests", "runtime/src", "runtime/tests", "tests/src", "tests/tests"] {
        visit(&root().join(folder), &mut found);
    }
    found
}

fn visit(path: &Path, found: &mut BTreeMap<String, PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            visit(&entry.expect("an entry").path(), found);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let source = fs::read_to_string(path).expect("a source file");
        for line in source.lines() {
            let line = line.trim_start();
            let Some(rest) = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn ")) else { continue };
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            if is_test_name(name) {
                found.insert(name.to_owned(), path.to_owned());
            }
        }
    }
}

#[test]
fn the_map_names_tests_that_exist() {
    let tests = tests();
    let missing: Vec<String> = rows()
        .iter()
        .flat_map(|row| named(&row.shown_by).map(move |name| format!("{}: {name}", row.number)).collect::<Vec<_>>())
        .filter(|entry| !tests.contains_key(entry.split(": ").nth(1).unwrap_or_default()))
        .collect();
    assert!(missing.is_empty(), "CONTRACT.md names tests that do not exist:\n{}", missing.join("\n"));
}

#[test]
fn every_test_of_a_number_is_in_the_map() {
    let rows = rows();
    let mapped: BTreeSet<&str> = rows.iter().flat_map(|row| named(&row.shown_by)).collect();
    let tests = tests();
    let missing: Vec<String> = tests
        .iter()
        .filter(|(name, _)| !mapped.contains(name.as_str()))
        .map(|(name, path)| format!("{name} ({})", path.display()))
        .collect();
    assert!(missing.is_empty(), "CONTRACT.md lacks these tests:\n{}", missing.join("\n"));
}

#[test]
fn every_number_stands_once_with_a_test_or_a_reason() {
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert!(seen.insert(row.number.clone()), "{} stands twice", row.number);
        assert!(["T1", "T2", "T3"].contains(&row.tier.as_str()), "{}: tier {}", row.number, row.tier);
        let has_test = named(&row.shown_by).next().is_some();
        assert!(has_test || row.shown_by.len() > 20, "{}: neither a test nor a reason", row.number);
    }
}
