//! Patches that want too much.

use std::fmt::Write;

use http::Method;
use rest_resource_tests::client::FLUNDERS;
use serde_json::{Value, json};

use super::{Target, refused};

const REJECTED: &str = "the server rejected our request due to an error in our request";

/// Sends a JSON patch that is refused.
async fn rejected(patch: &Value) {
    let target = Target::with_a().await;
    let answer = target.client.json_patch(&format!("{FLUNDERS}/a"), patch).await;
    answer.expect_status(422, "Invalid", REJECTED);
    target.is_unharmed().await;
}

#[tokio::test]
async fn a_copy_of_copies() {
    let start = json!({"op": "add", "path": "/metadata/annotations", "value": {"a": "x".repeat(1000)}});
    let doubling = |n| json!({"op": "copy", "from": "/metadata", "path": format!("/metadata/x{n}")});
    rejected(&std::iter::once(start).chain((0..64).map(doubling)).collect()).await;
}

#[tokio::test]
async fn a_document_that_grows_deeper() {
    let deeper = |_| {
        [
            json!({"op": "add", "path": "/b", "value": {}}),
            json!({"op": "move", "from": "/spec", "path": "/b/a"}),
            json!({"op": "move", "from": "/b", "path": "/spec"}),
        ]
    };
    rejected(&(0..3000).flat_map(deeper).collect()).await;
}

#[tokio::test]
async fn items_that_are_shifted_over_and_over() {
    let numbers = json!({"op": "add", "path": "/spec/x", "value": vec![0; 500_000]});
    let rotate = json!({"op": "move", "from": "/spec/x/0", "path": "/spec/x/-"});
    rejected(&std::iter::once(numbers).chain(vec![rotate; 5000]).collect()).await;
}

#[tokio::test]
async fn operations_that_are_none() {
    for operation in [
        json!({}),
        json!({"op": "burn", "path": "/"}),
        json!({"op": "add"}),
        json!({"op": "add", "path": "no slash", "value": 1}),
        json!({"op": "add", "path": "/a~2", "value": 1}),
        json!({"op": "move", "path": "/spec"}),
        json!({"op": "move", "from": "/metadata", "path": "/metadata/name"}),
        json!({"op": "remove", "path": "/metadata/gone"}),
        json!({"op": "replace", "path": "/spec/x/18446744073709551616", "value": 1}),
        json!({"op": "test", "path": "/kind", "value": "Fischer"}),
        json!({"op": "copy", "from": "/x".repeat(10_000), "path": "/spec/x"}),
    ] {
        rejected(&json!([operation])).await;
    }
}

#[tokio::test]
async fn bodies_that_are_no_patch() {
    let target = Target::with_a().await;
    let path = format!("{FLUNDERS}/a");
    for kind in ["json-patch", "merge-patch", "strategic-merge-patch"].map(|kind| format!("application/{kind}+json")) {
        for body in [&b""[..], b"{", b"\xff", b"\0", b"[1", &b"[".repeat(10_000), &b"{\"a\":".repeat(10_000)] {
            let answer = target.client.send(Method::PATCH, &path, &[("content-type", &kind)], body.to_vec()).await;
            answer.expect_status(400, "BadRequest", "invalid JSON patch");
        }
    }
    for body in [json!({}), json!(1), json!("text"), json!([1]), json!([[{}]])] {
        refused(target.client.json_patch(&path, &body).await, 400, "BadRequest", "error decoding patch: ");
    }
    for body in [json!([]), json!(1), json!("text"), json!([{}])] {
        refused(target.client.merge_patch(&path, &body).await, 400, "BadRequest", "error decoding patch: ");
        refused(target.client.strategic_patch(&path, &body).await, 400, "BadRequest", "error decoding patch: ");
    }
    target.is_unharmed().await;
}

#[tokio::test]
async fn merge_patches_of_what_is_not_the_clients() {
    let target = Target::with_a().await;
    let path = format!("{FLUNDERS}/a");
    for (patch, code, reason) in [
        (json!({"metadata": {"name": "b"}}), 400, "BadRequest"),
        (json!({"metadata": {"name": null}}), 400, "BadRequest"),
        (json!({"metadata": {"namespace": "b"}}), 400, "BadRequest"),
        (json!({"metadata": null}), 400, "BadRequest"),
        (json!({"kind": "Fischer"}), 422, "Invalid"),
        (json!({"apiVersion": "v1"}), 422, "Invalid"),
        (json!({"spec": null}), 422, "Invalid"),
        (json!({"spec": [[]]}), 422, "Invalid"),
        (json!({"metadata": {"labels": 1}}), 422, "Invalid"),
        (json!({"metadata": {"labels": {"/": "\0"}}}), 422, "Invalid"),
        (json!({"metadata": {"resourceVersion": "999999"}}), 409, "Conflict"),
        (json!({"metadata": {"resourceVersion": "x"}}), 400, "BadRequest"),
    ] {
        for answer in
            [target.client.merge_patch(&path, &patch).await, target.client.strategic_patch(&path, &patch).await]
        {
            let told = (answer.code.as_u16(), &answer.json["reason"]);
            assert_eq!(told, (code, &json!(reason)), "{patch}: {}", answer.text);
        }
    }
    target.is_unharmed().await;
}

#[tokio::test]
async fn a_merge_patch_as_deep_as_allowed() {
    let target = Target::with_a().await;
    let mut body = String::new();
    for _ in 0..126 {
        let _ = write!(body, "{{\"spec\":");
    }
    body.push_str("{}");
    body.push_str(&"}".repeat(126));
    let path = format!("{FLUNDERS}/a?fieldValidation=Strict");
    let headers = [("content-type", "application/merge-patch+json")];
    let answer = target.client.send(Method::PATCH, &path, &headers, body).await;
    let rest = refused(answer, 422, "Invalid", " \"\" is invalid: patch: Invalid value: ");
    assert!(rest.ends_with(": strict decoding error: unknown field \"spec.spec\""), "{rest}");
    target.is_unharmed().await;
}
