//! What a client is told of a patch that cannot be applied.

use serde_json::{Value, json};

use super::{fleet, try_merge};
use crate::wire::patch::strategic::StrategicMerge;

#[track_caller]
fn refused(old: Value, patch: &Value) -> (u16, String) {
    let status = try_merge(old, patch).unwrap_err();
    let reason = match status.code() {
        400 => "BadRequest",
        422 => "Invalid",
        _ => "",
    };
    assert_eq!(status.reason(), reason, "{patch}");
    (status.code(), status.message().to_owned())
}

#[test]
fn c4_9_10_no_json() {
    for body in ["", "{", "{}}", "nul"] {
        let status = StrategicMerge::parse(body.as_bytes()).unwrap_err();
        assert_eq!((status.code(), status.reason(), status.message()), (400, "BadRequest", "invalid JSON patch"));
    }
}

#[test]
fn c4_9_17_a_patch_is_an_object() {
    for body in ["[]", "null", "1", "\"a\""] {
        let status = StrategicMerge::parse(body.as_bytes()).unwrap_err();
        assert_eq!(status.code(), 400);
        assert!(status.message().starts_with("error decoding patch: invalid type: "), "{}", status.message());
    }
}

#[test]
fn c4_4_4_keys_that_stand_twice() {
    let (_, problems) = StrategicMerge::parse(br#"{"hull":{"a":1,"a":2}}"#).unwrap();
    assert_eq!(problems, ["duplicate field \"hull.a\""]);
}

#[test]
fn c4_9_17_directives_in_a_bad_format() {
    for (patch, what) in [
        (json!({"$deleteFromPrimitiveList": [1]}), "primitive list"),
        (json!({"$deleteFromPrimitiveLists/tags": [1]}), "primitive list"),
        (json!({"$deleteFromPrimitiveList/tags": 1}), "primitive list"),
        (json!({"$deleteFromPrimitiveList/tags": null}), "primitive list"),
        (json!({"$deleteFromPrimitiveList/tags": [{}]}), "primitive list"),
        (json!({"$setElementOrder": []}), "setElementOrder list"),
        (json!({"$setElementOrder/tags": {}}), "setElementOrder list"),
        (json!({"$setElementOrder/tags": null}), "setElementOrder list"),
        (json!({"$retainKeys": "name"}), "retainKeys"),
        (json!({"$retainKeys": [1]}), "retainKeys"),
        (json!({"$retainKeys": null}), "retainKeys"),
        (json!({"hull": {"$retainKeys": {}}}), "retainKeys"),
    ] {
        let message = format!("invalid patch format of {what}");
        assert_eq!(refused(json!({"tags": [1]}), &patch), (400, message), "{patch}");
    }
}

#[test]
fn c4_9_17_lists_of_lists() {
    let expected = (422, "lists of lists are not supported".to_owned());
    assert_eq!(refused(json!({"tags": []}), &json!({"tags": [[1]]})), expected);
    assert_eq!(refused(json!({"tags": [[1]]}), &json!({"tags": [1]})), expected);
    assert_eq!(refused(json!({"ids": [[1]]}), &json!({"$deleteFromPrimitiveList/ids": [1]})), expected);
}

#[test]
fn c4_9_17_other_mistakes_are_500() {
    let crew = || json!({"crew": [{"name": "a"}], "tags": [{"name": "a"}]});
    let key = "an item of a list does not contain declared merge key: name";
    for (patch, message) in [
        (json!({"$patch": "frob"}), "unknown patch type: $patch is replace, delete or merge"),
        (json!({"hull": {"$patch": null}}), "unknown patch type: $patch is replace, delete or merge"),
        (json!({"crew": [{"rank": 1}]}), key),
        (json!({"crew": [{"name": null}]}), key),
        (json!({"crew": [{"$patch": "delete"}]}), key),
        (json!({"$setElementOrder/crew": [{}]}), key),
        (json!({"crew": [1]}), "list element types are not identical"),
        (json!({"tags": [1]}), "list element types are not identical"),
        (json!({"tags": [{"name": "b"}]}), "cannot merge lists without merge key for tags"),
    ] {
        assert_eq!(refused(crew(), &patch), (500, message.to_owned()), "{patch}");
    }
    // An item of the server has no key.
    assert_eq!(refused(json!({"crew": [{"rank": 1}]}), &json!({"crew": [{"name": "a"}]})), (500, key.to_owned()));
}

#[test]
fn c4_9_17_what_is_patched_is_an_object() {
    let (patch, _) = StrategicMerge::parse(b"{}").unwrap();
    let status = patch.apply(json!([]), &fleet()).unwrap_err();
    assert_eq!((status.code(), status.message()), (400, "invalid JSON document"));
}
