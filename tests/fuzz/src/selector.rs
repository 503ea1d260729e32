//! Selectors (contract 4.7.13, 4.7.14).

use std::collections::BTreeMap;

use rest_resource::wire::selector::{FieldSelector, LabelSelector};

use super::parts::{split, text};

/// What is selected and what it is selected from: lines of `key=value`.
fn values(data: &[u8]) -> BTreeMap<String, String> {
    let pairs = text(data).lines().filter_map(|line| line.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// A label selector is read again from what it prints, and selects the same.
pub fn label_selector(data: &[u8]) {
    let (selector, labels) = split(data);
    let labels = values(labels);
    match LabelSelector::parse(text(selector)) {
        Ok(selector) => {
            let printed = selector.to_string();
            let again = LabelSelector::parse(&printed).expect("what is printed is a selector");
            assert_eq!((again.to_string(), again.is_empty()), (printed, selector.is_empty()));
            assert_eq!(again.matches(&labels), selector.matches(&labels));
            assert!(!selector.is_empty() || selector.matches(&labels));
        }
        Err(status) => assert_eq!(status.code(), 400),
    }
}

/// A field selector is read again from what it prints, and selects the same.
pub fn field_selector(data: &[u8]) {
    let (selector, fields) = split(data);
    let fields = values(fields);
    match FieldSelector::parse(text(selector)) {
        Ok(selector) => {
            let again = FieldSelector::parse(&selector.to_string()).expect("what is printed is a selector");
            assert_eq!(again, selector);
            let selected = selector.matches(|field| fields.get(field));
            for term in selector.terms() {
                let exact = selector.exact(&term.field);
                let value = fields.get(&term.field).map_or("", String::as_str);
                assert!(!selected || exact.is_none_or(|exact| exact == value));
            }
        }
        Err(status) => assert_eq!(status.code(), 400),
    }
}
