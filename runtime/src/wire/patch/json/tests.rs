use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::wire::patch::{Patch, PatchKind};

fn patch(document: Value, operations: &Value) -> Result<Value> {
    Patch::parse(PatchKind::Json, operations.to_string().as_bytes())?.0.apply(document)
}

fn assert_rejected(result: Result<Value>) {
    let status = result.unwrap_err();
    assert_eq!((status.code(), status.reason()), (422, "Invalid"));
    assert_eq!(status.message(), "the server rejected our request due to an error in our request");
}

#[test]
fn c4_9_14_the_operations_of_rfc_6902() {
    for (document, operations, result) in [
        (json!({}), json!([{"op": "add", "path": "/a", "value": 1}]), json!({"a": 1})),
        (json!({"a": [1, 3]}), json!([{"op": "add", "path": "/a/1", "value": 2}]), json!({"a": [1, 2, 3]})),
        (json!({"a": []}), json!([{"op": "add", "path": "/a/-", "value": 2}]), json!({"a": [2]})),
        (json!({"a/b~": 1}), json!([{"op": "remove", "path": "/a~1b~0"}]), json!({})),
        (json!({"a": 1}), json!([{"op": "replace", "path": "/a", "value": null}]), json!({"a": null})),
        (json!({"a": {"b": 1}}), json!([{"op": "move", "from": "/a/b", "path": "/c"}]), json!({"a": {}, "c": 1})),
        (json!({"a": 1}), json!([{"op": "copy", "from": "/a", "path": "/b"}]), json!({"a": 1, "b": 1})),
        (json!({"a": [1]}), json!([{"op": "test", "path": "/a", "value": [1]}]), json!({"a": [1]})),
        (json!({"a": 1}), json!([{"op": "replace", "path": "", "value": {"b": 2}}]), json!({"b": 2})),
        (json!({"a": 1}), json!([]), json!({"a": 1})),
    ] {
        assert_eq!(patch(document, &operations).unwrap(), result, "{operations}");
    }
}

#[test]
fn c4_9_14_a_failing_operation() {
    for operation in [
        json!({"op": "remove", "path": "/b"}),
        json!({"op": "replace", "path": "/b", "value": 1}),
        json!({"op": "add", "path": "/b/c", "value": 1}),
        json!({"op": "test", "path": "/a", "value": 2}),
        json!({"op": "test", "path": "/b", "value": 2}),
        json!({"op": "test", "path": "/b/c", "value": null}),
        json!({"op": "copy", "from": "/b", "path": "/c"}),
        json!({"op": "move", "from": "/b", "path": "/c/d/e"}),
        json!({"op": "add", "path": "a", "value": 1}),
        json!({"op": "add", "path": "/~2", "value": 1}),
        json!({"op": "add", "value": 1}),
        json!({"op": "copy", "path": "/b"}),
        json!({"op": "frob", "path": "/a"}),
        json!({"path": "/a"}),
    ] {
        assert_rejected(patch(json!({"a": 1}), &json!([operation])));
    }
}

#[test]
fn c4_9_14_undecodable() {
    for body in ["{}", "null", "[1]", r#"[{"op":1}]"#, r#"[{"op":"add","path":["a"]}]"#] {
        let status = Patch::parse(PatchKind::Json, body.as_bytes()).unwrap_err();
        assert_eq!((status.code(), status.reason()), (400, "BadRequest"), "{body}");
        assert!(status.message().starts_with("error decoding patch: "), "{}", status.message());
    }
}

#[test]
fn c4_9_14_an_absent_field_equals_null() {
    let first_finalizer = json!([
        {"op": "test", "path": "/metadata/finalizers", "value": null},
        {"op": "add", "path": "/metadata/finalizers", "value": ["a"]},
    ]);
    let patched = json!({"metadata": {"finalizers": ["a"]}});
    assert_eq!(patch(json!({"metadata": {}}), &first_finalizer).unwrap(), patched);
    assert_rejected(patch(patched, &first_finalizer));
}

#[test]
fn c4_3_2_at_most_10000_operations() {
    let operations = |n| Value::from(vec![json!({"op": "test", "path": "/a", "value": 1}); n]);
    assert!(patch(json!({"a": 1}), &operations(10_000)).is_ok());
    let status = patch(json!({"a": 1}), &operations(10_001)).unwrap_err();
    assert_eq!((status.code(), status.reason()), (413, "RequestEntityTooLarge"));
    assert_eq!(
        status.message(),
        "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001"
    );
}

#[test]
fn c4_3_2_copies_are_bounded() {
    let copies =
        |n: usize| -> Value { (0..n).map(|i| json!({"op": "copy", "from": "/a", "path": format!("/b{i}")})).collect() };
    // With its quotes, a third of the limit.
    let document = json!({"a": "x".repeat((1 << 20) - 2)});
    assert!(patch(document.clone(), &copies(3)).is_ok());
    assert_rejected(patch(document, &copies(4)));

    let doubling = Value::from(vec![json!({"op": "copy", "from": "/a", "path": "/a/-"}); 64]);
    assert_rejected(patch(json!({"a": [1]}), &doubling));
}

#[test]
fn c4_3_2_depth_is_bounded() {
    let nest = |op: &str, n: usize| -> Value {
        (0..n)
            .flat_map(|_| {
                [
                    json!({"op": "add", "path": "/b", "value": {}}),
                    json!({"op": op, "from": "/a", "path": "/b/a"}),
                    json!({"op": "move", "from": "/b", "path": "/a"}),
                ]
            })
            .collect()
    };
    for op in ["copy", "move"] {
        // Two levels of the document are there already.
        assert!(patch(json!({"a": {}}), &nest(op, MAX_DEPTH - 2)).is_ok());
        assert_rejected(patch(json!({"a": {}}), &nest(op, 9000 / 3)));
    }
    let value = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let add = |path: String| json!({"op": "add", "path": path, "value": value});
    assert_rejected(patch(json!({}), &json!([add("/a".to_owned()), add(format!("/a{}", "/0".repeat(99)))])));
}

#[test]
fn c4_3_2_work_is_bounded() {
    let document = json!({"a": vec![0; 1_000_000]});
    let insert = Value::from(vec![json!({"op": "add", "path": "/a/0", "value": 1}); 1000]);
    assert_rejected(patch(document.clone(), &insert));
    let rotate = Value::from(vec![json!({"op": "move", "from": "/a/0", "path": "/a/-"}); 1000]);
    assert_rejected(patch(document, &rotate));
}

fn any_operation() -> impl Strategy<Value = Value> {
    let path = || prop_oneof!["(/([ab]|[0-2]|-|~1)){0,3}", "[/~ab0]{0,4}"];
    let op = prop_oneof!["add", "remove", "replace", "move", "copy", "test", "[a-z]?"];
    let value = prop_oneof![Just(json!(null)), Just(json!({"a": [1]})), Just(json!([{"b": 0}, 2])), Just(json!(1))];
    (op, path(), path(), value)
        .prop_map(|(op, from, path, value)| json!({"op": op, "from": from, "path": path, "value": value}))
}

proptest! {
    #[test]
    fn c4_9_14_operations_never_panic_and_stay_in_bounds(operations in proptest::collection::vec(any_operation(), 0..40)) {
        let document = json!({"a": {"a": [1, {"b": 2}], "b": {}}, "b": [[], {}]});
        match patch(document, &Value::from(operations)) {
            Ok(patched) => {
                prop_assert!(within(&patched, MAX_DEPTH));
                prop_assert!(patched.to_string().len() < 2 * MAX_COPIED_BYTES);
            }
            Err(status) => prop_assert_eq!(status.code(), 422),
        }
    }

    #[test]
    fn c4_9_10_any_text_gives_a_patch_or_an_error(body in "\\[?\\{?[\\[\\]{},:\"/ab-]{0,40}") {
        for kind in [PatchKind::Json, PatchKind::Merge] {
            if let Err(status) = Patch::parse(kind, body.as_bytes()) {
                prop_assert!([400, 422].contains(&status.code()));
            }
        }
    }
}
