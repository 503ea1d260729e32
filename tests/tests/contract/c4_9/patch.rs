//! PATCH by JSON patches and merge patches (contract 4.9.8, 4.9.10-4.9.16).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{Method, StatusCode};
use rest_resource::{Context, Result, Strategy};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::wardle::v1beta1::Flunder;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::{Lenient, MODIFIED, client, path, resource_version};

#[tokio::test]
async fn c4_9_8_so_does_a_patch() {
    let client = Client::wardle();
    let mut object = flunder("a");
    object["metadata"]["finalizers"] = json!(["example.com/a"]);
    client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
    client.delete(&path("a")).await.expect(StatusCode::OK);
    let patch = json!([{"op": "test", "path": "/metadata/finalizers/0", "value": "example.com/a"}, {"op": "remove", "path": "/metadata/finalizers/0"}]);
    client.json_patch(&path("a"), &patch).await.expect(StatusCode::OK);
    assert_eq!(client.get(&path("a")).await.code, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn c4_9_10_a_patch_is_json() {
    let client = Client::wardle();
    client.flunder("a").await;
    for kind in ["json-patch", "merge-patch", "strategic-merge-patch"].map(|kind| format!("application/{kind}+json")) {
        for body in ["", "{", "metadata: {}\n"] {
            let refused = client.send(Method::PATCH, &path("a"), &[("content-type", &kind)], body).await;
            refused.expect_status(400, "BadRequest", "invalid JSON patch");
        }
    }
}

#[tokio::test]
async fn c4_9_11_force_is_for_apply_only() {
    let client = Client::wardle();
    client.flunder("a").await;
    let message =
        "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch";
    for force in ["force=true", "force=false"] {
        let target = format!("{}?{force}", path("a"));
        client.merge_patch(&target, &json!({})).await.expect_status(422, "Invalid", message);
        client.json_patch(&target, &json!([])).await.expect_status(422, "Invalid", message);
        client.strategic_patch(&target, &json!({})).await.expect_status(422, "Invalid", message);
    }
}

/// Holds the first two writes back until both have read the object.
struct Race {
    writes: Arc<AtomicUsize>,
    both: Barrier,
}

impl Strategy<Flunder> for Race {
    async fn admit(&self, _: &Context, _: Option<&Flunder>, old: Option<&Flunder>) -> Result<()> {
        if old.is_some() && self.writes.fetch_add(1, Ordering::Relaxed) < 2 {
            self.both.wait().await;
        }
        Ok(())
    }
}

#[tokio::test]
async fn c4_9_12_a_patch_is_applied_again_where_another_write_came_first() {
    let writes = Arc::new(AtomicUsize::new(0));
    let client = client(Race { writes: Arc::clone(&writes), both: Barrier::new(2) });
    client.flunder("a").await;
    let target = path("a");
    let (one, two) = (
        json!({"metadata": {"labels": {"one": "1"}}}),
        json!([{"op": "add", "path": "/spec/referenceType", "value": "Fischer"}]),
    );
    let (one, two) = tokio::join!(client.merge_patch(&target, &one), client.json_patch(&target, &two));
    one.expect(StatusCode::OK);
    two.expect(StatusCode::OK);
    assert_eq!(writes.load(Ordering::Relaxed), 3, "one of them ran twice");
    let stored = client.get(&target).await.expect(StatusCode::OK);
    assert_eq!(
        (&stored["metadata"]["labels"]["one"], &stored["spec"]["referenceType"]),
        (&json!("1"), &json!("Fischer"))
    );
}

#[tokio::test]
async fn c4_9_12_an_apply_is_applied_again_where_another_write_came_first() {
    let writes = Arc::new(AtomicUsize::new(0));
    let client = client(Race { writes: Arc::clone(&writes), both: Barrier::new(2) });
    client.flunder("a").await;
    let by = |manager: &str| format!("{}?fieldManager={manager}", path("a"));
    let labelled = |label: &str| {
        let mut object = flunder("a");
        object["metadata"]["labels"] = json!({label: "x"});
        object
    };
    let (by_one, by_two, one, two) = (by("one"), by("two"), labelled("one"), labelled("two"));
    let (one, two) = tokio::join!(client.apply(&by_one, &one), client.apply(&by_two, &two));
    one.expect(StatusCode::OK);
    two.expect(StatusCode::OK);
    assert_eq!(writes.load(Ordering::Relaxed), 3, "one of them ran twice");
    let stored = client.get(&path("a")).await.expect(StatusCode::OK);
    assert_eq!(stored["metadata"]["labels"], json!({"one": "x", "two": "x"}));
    assert_eq!(stored["metadata"]["managedFields"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn c4_9_12_a_patch_to_a_stale_resource_version_is_409() {
    let client = Client::wardle();
    let old = client.flunder("a").await;
    let fresh = client.merge_patch(&path("a"), &json!({"metadata": {"labels": {"app": "x"}}})).await;
    let fresh = fresh.expect(StatusCode::OK);
    let patch =
        |object: &Value| json!({"metadata": {"resourceVersion": resource_version(object), "labels": {"app": "y"}}});
    let message = format!("Operation cannot be fulfilled on flunders.wardle.example.com \"a\": {MODIFIED}");
    client.merge_patch(&path("a"), &patch(&old)).await.expect_status(409, "Conflict", &message);
    client.merge_patch(&path("a"), &patch(&fresh)).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn c4_9_12_a_patch_cannot_rename_or_move() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let refused = client.merge_patch(&path("a"), &json!({"metadata": {"name": "b"}})).await;
    let message = "the name of the object (b) does not match the name on the URL (a)";
    refused.expect_status(400, "BadRequest", message);
    let refused = client.json_patch(&path("a"), &json!([{"op": "remove", "path": "/metadata/name"}])).await;
    let message = "the name of the object (a based on URL) was undeterminable: name must be provided";
    refused.expect_status(400, "BadRequest", message);
    let refused = client.merge_patch(&path("a"), &json!({"metadata": {"namespace": "elsewhere"}})).await;
    let message = "the namespace of the provided object does not match the namespace sent on the request";
    refused.expect_status(400, "BadRequest", message);
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), created);
}

#[tokio::test]
async fn c4_9_13_a_patch_of_a_missing_object_is_404() {
    let client = Client::wardle();
    let message = "flunders.wardle.example.com \"a\" not found";
    client.merge_patch(&path("a"), &flunder("a")).await.expect_status(404, "NotFound", message);
    client.json_patch(&path("a"), &json!([])).await.expect_status(404, "NotFound", message);
}

#[tokio::test]
async fn c4_9_13_even_where_a_put_would_create_it() {
    let client = client(Lenient);
    let message = "flunders.wardle.example.com \"a\" not found";
    client.merge_patch(&path("a"), &flunder("a")).await.expect_status(404, "NotFound", message);
}

#[tokio::test]
async fn c4_9_14_a_json_patch() {
    let client = Client::wardle();
    client.flunder("a").await;
    let patch = json!([
        {"op": "test", "path": "/metadata/finalizers", "value": null},
        {"op": "add", "path": "/metadata/finalizers", "value": ["example.com/a"]},
        {"op": "add", "path": "/metadata/finalizers/-", "value": "example.com/b"},
        {"op": "add", "path": "/spec/referenceType", "value": "Flunder"},
        {"op": "add", "path": "/spec/flunderReference", "value": "x"},
        {"op": "replace", "path": "/spec/flunderReference", "value": "y"},
    ]);
    let stored = client.json_patch(&path("a"), &patch).await.expect(StatusCode::OK);
    assert_eq!(stored["metadata"]["finalizers"], json!(["example.com/a", "example.com/b"]));
    assert_eq!(stored["spec"], json!({"flunderReference": "y", "referenceType": "Flunder"}));
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), stored);
}

#[tokio::test]
async fn c4_9_14_a_failing_operation_is_422_and_nothing_is_written() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let message = "the server rejected our request due to an error in our request";
    for failing in [
        json!({"op": "test", "path": "/metadata/name", "value": "b"}),
        json!({"op": "remove", "path": "/spec/nothing"}),
        json!({"op": "replace", "path": "/nothing/at/all", "value": 1}),
        json!({"op": "move", "from": "/nothing", "path": "/spec/x"}),
        json!({"op": "copy", "from": "/nothing", "path": "/spec/x"}),
        json!({"op": "add", "path": "no pointer", "value": 1}),
        json!({"op": "increment", "path": "/metadata/generation"}),
    ] {
        let patch = json!([{"op": "add", "path": "/metadata/labels", "value": {"app": "x"}}, failing]);
        let status = client.json_patch(&path("a"), &patch).await.expect_status(422, "Invalid", message);
        assert_eq!(status["details"], Value::Null, "{failing}");
    }
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), created);
}

#[tokio::test]
async fn c4_9_14_an_undecodable_json_patch_is_400() {
    let client = Client::wardle();
    client.flunder("a").await;
    for patch in [json!({"op": "test"}), json!("test"), json!([1]), json!([{"op": 1}])] {
        let status = client.json_patch(&path("a"), &patch).await.expect(StatusCode::BAD_REQUEST);
        assert_eq!((&status["kind"], &status["reason"]), (&json!("Status"), &json!("BadRequest")), "{patch}");
    }
}

#[tokio::test]
async fn c4_9_15_a_merge_patch() {
    let client = Client::wardle();
    let mut object = flunder("a");
    object["metadata"]["labels"] = json!({"keep": "1", "change": "1", "drop": "1"});
    object["metadata"]["finalizers"] = json!(["example.com/a", "example.com/b"]);
    object["spec"] = json!({"referenceType": "Flunder", "flunderReference": "x"});
    client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
    let patch = json!({
        "metadata": {"labels": {"change": "2", "drop": null, "absent": null, "new": "1"}, "finalizers": ["example.com/c"]},
        "spec": {"flunderReference": "y"},
    });
    let stored = client.merge_patch(&path("a"), &patch).await.expect(StatusCode::OK);
    assert_eq!(stored["metadata"]["labels"], json!({"keep": "1", "change": "2", "new": "1"}));
    assert_eq!(stored["metadata"]["finalizers"], json!(["example.com/c"]));
    assert_eq!(stored["spec"], json!({"referenceType": "Flunder", "flunderReference": "y"}));
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), stored);
}

#[tokio::test]
async fn c4_9_15_a_merge_patch_in_another_version() {
    let client = Client::wardle();
    client.flunder("a").await;
    let alpha = "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders/a";
    let patch = json!({"spec": {"reference": "x", "referenceType": "Fischer"}});
    let patched = client.merge_patch(alpha, &patch).await.expect(StatusCode::OK);
    assert_eq!(
        (&patched["apiVersion"], &patched["spec"]["reference"]),
        (&json!("wardle.example.com/v1alpha1"), &json!("x"))
    );
    let stored = client.get(&path("a")).await.expect(StatusCode::OK);
    assert_eq!(stored["spec"], json!({"fischerReference": "x", "referenceType": "Fischer"}));
}

#[tokio::test]
async fn c4_9_15_an_undecodable_merge_patch_is_400() {
    let client = Client::wardle();
    client.flunder("a").await;
    for patch in [json!([]), json!("x"), json!(1), Value::Null] {
        let status = client.merge_patch(&path("a"), &patch).await.expect(StatusCode::BAD_REQUEST);
        assert_eq!((&status["kind"], &status["reason"]), (&json!("Status"), &json!("BadRequest")), "{patch}");
    }
}

#[tokio::test]
async fn c4_9_16_a_result_that_is_not_of_its_type_is_422() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let target = path("a");
    for answer in [
        client.merge_patch(&target, &json!({"spec": {"flunderReference": 7}})).await,
        client.json_patch(&target, &json!([{"op": "replace", "path": "/spec", "value": "x"}])).await,
    ] {
        let status = answer.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(status["reason"], "Invalid");
        let message = status["message"].as_str().expect("a message");
        assert!(message.starts_with(" \"\" is invalid: patch: Invalid value: \"{"), "{message}");
    }
    assert_eq!(client.get(&target).await.expect(StatusCode::OK), created);
}

#[tokio::test]
async fn c4_9_16_a_result_that_says_it_is_something_else_is_422() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let target = path("a");
    let replace = |path: &str, value: Value| json!([{"op": "replace", "path": path, "value": value}]);
    let no_kind = "no kind \"Pod\" is registered for version \"wardle.example.com/v1beta1\"";
    let no_object = "couldn't get version/kind; json parse error: cannot unmarshal number into an object";
    let no_text =
        "couldn't get version/kind; json parse error: cannot unmarshal number into field .kind of type string";
    for (answer, error) in [
        (client.merge_patch(&target, &json!({"kind": "Pod"})).await, no_kind),
        (client.strategic_patch(&target, &json!({"kind": "Pod"})).await, no_kind),
        (client.json_patch(&target, &replace("/kind", json!("Pod"))).await, no_kind),
        (client.json_patch(&target, &replace("/kind", json!(1))).await, no_text),
        (client.json_patch(&target, &replace("", json!(1))).await, no_object),
        (client.merge_patch(&target, &json!({"apiVersion": "a/b/c"})).await, "unexpected GroupVersion string: a/b/c"),
        (
            client.merge_patch(&target, &json!({"apiVersion": "other.example.com/v1"})).await,
            "the API version in the data (other.example.com/v1) does not match the expected API version \
             (wardle.example.com/v1beta1)",
        ),
    ] {
        let status = answer.expect(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(status["reason"], "Invalid");
        let message = status["message"].as_str().expect("a message");
        assert!(message.starts_with(" \"\" is invalid: patch: Invalid value: \""), "{message}");
        assert!(message.ends_with(&format!("\": {error}")), "{message}");
    }
    assert_eq!(client.get(&target).await.expect(StatusCode::OK), created);
}
