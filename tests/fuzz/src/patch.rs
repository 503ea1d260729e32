//! Patches (contract 4.9.10-4.9.17): the patch, an empty line, and the document that it changes.

use std::sync::LazyLock;

use rest_resource::wire::patch::strategic::{MergeSchema, StrategicMerge};
use rest_resource::wire::patch::{Patch, PatchKind};
use serde_json::{Value, json};

use super::parts::{assert_document, document, split};

static SCHEMA: LazyLock<MergeSchema> = LazyLock::new(|| {
    MergeSchema::new(json!({
        "properties": {
            "crew": {
                "items": {"$ref": "#"}, "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge",
            },
            "tags": {"items": {"type": "string"}, "x-kubernetes-list-type": "set"},
            "papers": {"properties": {"kind": {}}, "x-kubernetes-patch-strategy": "retainKeys"},
            "hull": {"$ref": "#"},
        },
    }))
});

/// A JSON patch gives a document, and the same one each time, or is refused.
pub fn json_patch(data: &[u8]) {
    let (patch, old) = split(data);
    match Patch::parse(PatchKind::Json, patch) {
        Ok((patch, _)) => {
            let old = document(old).unwrap_or_else(|| json!({"spec": {"a": [1, 2]}}));
            match patch.apply(old.clone()) {
                Ok(new) => {
                    assert_document(&new);
                    assert_eq!(patch.apply(old).ok(), Some(new));
                }
                Err(status) => assert_eq!(status.code(), 422),
            }
        }
        Err(status) => assert!([400, 413, 422].contains(&status.code())),
    }
}

/// The function of RFC 7396, word for word.
fn merged(target: Value, patch: &Value) -> Value {
    let Value::Object(fields) = patch else { return patch.clone() };
    let mut target = if let Value::Object(target) = target { target } else { serde_json::Map::new() };
    for (name, value) in fields {
        if value.is_null() {
            target.remove(name);
        } else {
            let old = target.remove(name).unwrap_or_default();
            target.insert(name.clone(), merged(old, value));
        }
    }
    Value::Object(target)
}

/// A merge patch is the function of the RFC, and changes nothing more the second time.
pub fn merge_patch(data: &[u8]) {
    let (patch, old) = split(data);
    match Patch::parse(PatchKind::Merge, patch) {
        Ok((parsed, _)) => {
            let old = document(old).unwrap_or_else(|| json!({"spec": {"a": [1, 2]}}));
            let new = parsed.apply(old.clone()).expect("a merge never fails");
            assert_document(&new);
            assert_eq!(new, merged(old, &document(patch).expect("it was read before")));
            assert_eq!(parsed.apply(new.clone()).ok(), Some(new));
        }
        Err(status) => assert_eq!(status.code(), 400),
    }
}

/// Any other name that begins so is one of a field.
fn is_directive(name: &str) -> bool {
    let of_list = ["$setElementOrder/", "$deleteFromPrimitiveList/"];
    ["$patch", "$retainKeys"].contains(&name) || of_list.iter().any(|start| name.starts_with(start))
}

fn has_directive(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_directive),
        Value::Object(fields) => fields.iter().any(|(name, value)| is_directive(name) || has_directive(value)),
        _ => false,
    }
}

/// A strategic merge gives an object that has none of the directives and is not larger than both together, or is
/// refused with one of its codes.
pub fn strategic_merge(data: &[u8]) {
    let (patch, old) = split(data);
    match StrategicMerge::parse(patch) {
        Ok((parsed, _)) => {
            let old = document(old).unwrap_or_else(|| json!({"crew": [{"name": "a"}], "tags": ["x"]}));
            let most = patch.len() * 6 + old.to_string().len();
            let clean = !has_directive(&old);
            match parsed.apply(old, &SCHEMA) {
                Ok(new) => {
                    assert!(new.is_object());
                    assert_document(&new);
                    assert!(!clean || !has_directive(&new), "{new}");
                    assert!(new.to_string().len() <= most, "{new}");
                }
                Err(status) => assert!([400, 422, 500].contains(&status.code())),
            }
        }
        Err(status) => assert_eq!(status.code(), 400),
    }
}
