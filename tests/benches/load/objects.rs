//! What is written: objects of about 1 KiB.

use std::sync::Arc;

use bytes::Bytes;

use super::client::{Asked, Make};

pub(crate) const FLUNDERS: &str = "/apis/wardle.example.com/v1beta1/namespaces/default/flunders";
pub(crate) const FISCHERS: &str = "/apis/wardle.example.com/v1alpha1/fischers";

/// One of ten has the label that is selected.
pub(crate) fn flunder(name: &str, number: u64, sent: u128) -> Bytes {
    let tier = if number.is_multiple_of(10) { "front" } else { "back" };
    let filler = "x".repeat(620);
    Bytes::from(format!(
        r#"{{"apiVersion":"wardle.example.com/v1beta1","kind":"Flunder","metadata":{{"name":"{name}{number}","labels":{{"app":"load","tier":"{tier}"}},"annotations":{{"sent":"{sent}","filler":"{filler}"}}}},"spec":{{"flunderReference":"other","referenceType":"Flunder"}}}}"#
    ))
}

pub(crate) fn fischer(number: u64) -> Bytes {
    let filler = "x".repeat(720);
    Bytes::from(format!(
        r#"{{"apiVersion":"wardle.example.com/v1alpha1","kind":"Fischer","metadata":{{"name":"n{number}","annotations":{{"filler":"{filler}"}}}},"disallowedFlunders":[]}}"#
    ))
}

/// Creates flunders.
pub(crate) fn create(collection: &str, name: &'static str) -> Make {
    let collection = collection.to_owned();
    Arc::new(move |number| Asked::post(collection.as_str(), flunder(name, number, 0)))
}

/// Patches the first `of` flunders in turn.
pub(crate) fn merge_patch(name: &'static str, of: u64) -> Make {
    Arc::new(move |number| {
        let body = format!(r#"{{"metadata":{{"annotations":{{"patched":"{number}"}}}}}}"#);
        Asked::merge_patch(format!("{FLUNDERS}/{name}{}", number % of), body)
    })
}

/// Applies the first `of` flunders in turn, each time with another annotation.
pub(crate) fn apply(name: &'static str, of: u64) -> Make {
    Arc::new(move |number| {
        let target = number % of;
        Asked::apply(&format!("{FLUNDERS}/{name}{target}"), flunder(name, target, number.into()))
    })
}
