//! Merge patch, RFC 7396 (contract 4.9.15).

use serde_json::{Map, Value};

use crate::wire::decode::typed::from_value;
use crate::wire::status::{Result, Status};

/// RFC 7396 lets any value replace the document; what is patched here is an object, so the patch is one too.
pub(super) fn decode(value: &Value) -> Result<Value> {
    match from_value::<Map<String, Value>>(value) {
        Ok((fields, _)) => Ok(Value::Object(fields)),
        Err(error) => Err(Status::bad_request(format!("error decoding patch: {error}"))),
    }
}

/// The result is as deep as the deeper of the two, both of which the parser has bounded.
pub(super) fn apply(patch: &Value, mut document: Value) -> Value {
    json_patch::merge(&mut document, patch);
    document
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::wire::patch::{Patch, PatchKind};

    #[test]
    fn c4_9_15_rfc_7396_appendix() {
        for (document, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            assert_eq!(apply(&patch, document.clone()), result, "{document} by {patch}");
        }
    }

    #[test]
    fn c4_9_15_a_merge_patch_is_an_object() {
        for body in ["[]", "null", "1", "\"a\""] {
            let status = Patch::parse(PatchKind::Merge, body.as_bytes()).unwrap_err();
            assert_eq!(status.code(), 400);
            assert!(status.message().starts_with("error decoding patch: invalid type: "), "{}", status.message());
        }
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), (0..4).prop_map(Value::from)];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[abc]", inner, 0..4).prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    /// The function of RFC 7396, section 2.
    fn rfc(target: &Value, patch: &Value) -> Value {
        let Value::Object(patch) = patch else { return patch.clone() };
        let mut target = target.as_object().cloned().unwrap_or_default();
        for (name, value) in patch {
            let old = target.remove(name).unwrap_or(Value::Null);
            if !value.is_null() {
                target.insert(name.clone(), rfc(&old, value));
            }
        }
        Value::Object(target)
    }

    proptest! {
        #[test]
        fn c4_9_15_merging_is_the_function_of_the_rfc(target in document(), patch in document()) {
            prop_assert_eq!(apply(&patch, target.clone()), rfc(&target, &patch));
        }

        #[test]
        fn c4_9_15_merging_twice_is_merging_once(target in document(), patch in document()) {
            let once = apply(&patch, target);
            prop_assert_eq!(apply(&patch, once.clone()), once);
        }
    }
}
