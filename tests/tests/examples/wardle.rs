//! What `wardle` promises beside the contract: two versions over one, defaults, validation, names that are not allowed.

use http::StatusCode;
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS};
use serde_json::{Value, json};

const ALPHA: &str = "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders";

fn alpha(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "wardle.example.com/v1alpha1", "kind": "Flunder", "metadata": {"name": name}, "spec": spec})
}

fn beta(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder", "metadata": {"name": name}, "spec": spec})
}

/// The messages of the causes, with their fields.
fn causes(status: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let causes = status["details"]["causes"].as_array().cloned().unwrap_or_default();
    causes.iter().map(|cause| (text(&cause["field"]), text(&cause["message"]))).collect()
}

#[tokio::test]
async fn a_reference_is_to_a_flunder_by_default() {
    let client = Client::wardle();
    let created = client.post(ALPHA, &alpha("a", &json!({"reference": "b"}))).await.expect(StatusCode::CREATED);
    assert_eq!(created["apiVersion"], "wardle.example.com/v1alpha1");
    assert_eq!(created["spec"], json!({"reference": "b", "referenceType": "Flunder"}));
    let stored = client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    assert_eq!(stored["apiVersion"], "wardle.example.com/v1beta1");
    assert_eq!(stored["spec"], json!({"flunderReference": "b", "referenceType": "Flunder"}));
    let none = client.post(ALPHA, &alpha("c", &json!({}))).await.expect(StatusCode::CREATED);
    assert_eq!(none["spec"], json!({}));
}

#[tokio::test]
async fn each_version_reads_what_the_other_wrote() {
    let client = Client::wardle();
    let spec = json!({"fischerReference": "f", "referenceType": "Fischer"});
    client.post(FLUNDERS, &beta("a", &spec)).await.expect(StatusCode::CREATED);
    let old = client.get(&format!("{ALPHA}/a")).await.expect(StatusCode::OK);
    assert_eq!(old["spec"], json!({"reference": "f", "referenceType": "Fischer"}));
    let list = client.get(ALPHA).await.expect(StatusCode::OK);
    assert_eq!((&list["apiVersion"], &list["items"][0]), (&json!("wardle.example.com/v1alpha1"), &old));
    let mut watch = client.watch(&format!("{ALPHA}?watch=true&resourceVersion=0")).await;
    assert_eq!(watch.next().await.expect("the flunder")["object"], old);
    // The patch is of the version that the request names.
    let patched = client.merge_patch(&format!("{ALPHA}/a"), &json!({"spec": {"reference": "g"}})).await;
    assert_eq!(patched.expect(StatusCode::OK)["spec"]["reference"], "g");
    assert_eq!(watch.next().await.expect("the change")["object"]["spec"]["reference"], "g");
    let stored = client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    assert_eq!(stored["spec"]["fischerReference"], "g");
}

#[tokio::test]
async fn references_are_validated_against_their_type_by_the_names_of_v1beta1() {
    let client = Client::wardle();
    let both = json!({"flunderReference": "a", "fischerReference": "b", "referenceType": "Flunder"});
    let cases = [
        (FLUNDERS, beta("x", &both), "spec.fischerReference", "cannot be set with flunderReference at the same time"),
        (
            FLUNDERS,
            beta("x", &json!({"flunderReference": "a", "referenceType": "Fischer"})),
            "spec.flunderReference",
            "cannot be set if referenceType is not Flunder",
        ),
        (
            FLUNDERS,
            beta("x", &json!({"fischerReference": "a"})),
            "spec.fischerReference",
            "cannot be set if referenceType is not Fischer",
        ),
        (
            ALPHA,
            alpha("x", &json!({"referenceType": "Fischer"})),
            "spec.fischerReference",
            "cannot be empty if referenceType is Fischer",
        ),
        (
            ALPHA,
            alpha("x", &json!({"referenceType": "Flunder"})),
            "spec.flunderReference",
            "cannot be empty if referenceType is Flunder",
        ),
    ];
    for (collection, body, field, text) in cases {
        let status = client.post(collection, &body).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let [(path, message)] = &causes(&status)[..] else { panic!("one cause: {status}") };
        assert_eq!(path, field, "{body}");
        assert!(message.ends_with(text), "{message}");
    }
    assert_eq!(client.get(FLUNDERS).await.expect(StatusCode::OK)["items"], json!([]));
}

#[tokio::test]
async fn the_status_is_written_by_its_subresource_alone_in_either_version() {
    let client = Client::wardle();
    let mut flunder = beta("a", &json!({}));
    flunder["status"] = json!({"phase": "Sent"});
    let created = client.post(FLUNDERS, &flunder).await.expect(StatusCode::CREATED);
    assert_eq!(created["status"], Value::Null);
    let patch = json!({"status": {"phase": "Ready"}, "spec": {"reference": "ignored"}});
    let patched = client.merge_patch(&format!("{ALPHA}/a/status"), &patch).await.expect(StatusCode::OK);
    assert_eq!((&patched["status"]["phase"], &patched["spec"]), (&json!("Ready"), &json!({})));
    let mut changed = client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    assert_eq!(changed["status"]["phase"], "Ready");
    assert_eq!(changed["metadata"]["generation"], created["metadata"]["generation"]);
    changed["status"]["phase"] = json!("Lost");
    let kept = client.put(&format!("{FLUNDERS}/a"), &changed).await.expect(StatusCode::OK);
    assert_eq!(kept["status"]["phase"], "Ready");
}

#[tokio::test]
async fn a_name_that_a_fischer_disallows_may_not_be_used_in_any_version() {
    let client = Client::wardle();
    let fischer = json!({"metadata": {"name": "f"}, "disallowedFlunders": ["bad"]});
    client.post(FISCHERS, &fischer).await.expect(StatusCode::CREATED);
    let message = "flunders.wardle.example.com \"bad\" is forbidden: this name may not be used, please change the \
                   resource name";
    for (collection, body) in [(FLUNDERS, beta("bad", &json!({}))), (ALPHA, alpha("bad", &json!({})))] {
        client.post(collection, &body).await.expect_status(403, "Forbidden", message);
    }
    client.flunder("good").await;
    client.delete(&format!("{FISCHERS}/f")).await.expect(StatusCode::OK);
    client.flunder("bad").await;
}
