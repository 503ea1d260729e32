//! PATCH by strategic merge patches (contract 4.9.17), and what is common to all patches of theirs.

use http::{Method, StatusCode};
use rest_resource::server::{ApiServer, Resource};
use rest_resource::wire::patch::strategic::MergeRule;
use rest_resource::{Store, StoreOptions};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::deployments::{self, DEPLOYMENTS, deployment};
use serde_json::{Value, json};

use super::{MODIFIED, Others, path, resource_version};

/// A deployment in `default`, and where it is.
async fn with_deployment() -> (Client, String, Value) {
    let client = deployments::client();
    let created = client.post(DEPLOYMENTS, &deployment("a")).await.expect(StatusCode::CREATED);
    (client, format!("{DEPLOYMENTS}/a"), created)
}

fn pod(spec: &Value) -> Value {
    json!({"spec": {"template": {"spec": spec}}})
}

#[tokio::test]
async fn c4_9_17_a_strategic_merge_patch() {
    let (client, item, created) = with_deployment().await;
    let patch = pod(&json!({
        "containers": [{"name": "web", "image": "web:2", "env": [{"name": "B", "value": "2"}]}, {"name": "new"}],
        "tolerations": [{"key": "b"}],
    }));
    let patched = client.strategic_patch(&item, &patch).await.expect(StatusCode::OK);
    assert_eq!(
        patched["spec"]["template"]["spec"],
        json!({
            "containers": [
                {
                    "name": "web", "image": "web:2",
                    "env": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}],
                },
                {"name": "new"},
                {"name": "log", "image": "log:1"},
            ],
            "tolerations": [{"key": "b"}],
        })
    );
    assert_ne!(resource_version(&patched), resource_version(&created));
    assert_eq!(client.get(&item).await.expect(StatusCode::OK), patched);
    // What changes nothing writes nothing.
    let again = client.strategic_patch(&item, &patch).await.expect(StatusCode::OK);
    assert_eq!(resource_version(&again), resource_version(&patched));
}

#[tokio::test]
async fn c4_9_17_directives() {
    let (client, item, _) = with_deployment().await;
    let body = json!({
        "metadata": {"labels": {"$patch": "replace", "tier": "front"}},
        "spec": {
            "strategy": {"$retainKeys": ["type"], "type": "Recreate"},
            "template": {"spec": {
                "$setElementOrder/containers": [{"name": "new"}, {"name": "log"}],
                "containers": [{"name": "new"}, {"name": "web", "$patch": "delete"}],
            }},
        },
    });
    let patched = client.strategic_patch(&item, &body).await.expect(StatusCode::OK);
    assert_eq!(patched["metadata"]["labels"], json!({"tier": "front"}));
    assert_eq!(patched["spec"]["strategy"], json!({"type": "Recreate"}));
    let containers = &patched["spec"]["template"]["spec"]["containers"];
    assert_eq!(*containers, json!([{"name": "new"}, {"name": "log", "image": "log:1"}]));
    assert!(!client.get(&item).await.text.contains('$'));
}

#[tokio::test]
async fn c4_9_17_lists_of_metadata_are_merged() {
    let client = Client::wardle();
    let mut object = flunder("a");
    object["metadata"]["finalizers"] = json!(["example.com/a", "example.com/b"]);
    let owner = |uid: &str, name: &str| json!({"apiVersion": "v1", "kind": "Owner", "name": name, "uid": uid});
    object["metadata"]["ownerReferences"] = json!([owner("1", "x"), owner("2", "y")]);
    client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
    let patch = json!({"metadata": {
        "finalizers": ["example.com/c"],
        "$deleteFromPrimitiveList/finalizers": ["example.com/a"],
        "ownerReferences": [{"uid": "1", "name": "z"}, {"uid": "2", "$patch": "delete"}],
    }});
    let patched = client.strategic_patch(&path("a"), &patch).await.expect(StatusCode::OK);
    assert_eq!(patched["metadata"]["finalizers"], json!(["example.com/c", "example.com/b"]));
    assert_eq!(patched["metadata"]["ownerReferences"], json!([owner("1", "z")]));
}

#[tokio::test]
async fn c4_9_17_in_another_version() {
    let client = Client::wardle();
    client.flunder("a").await;
    let other = path("a").replace("v1beta1", "v1alpha1");
    let patch = json!({"spec": {"reference": "b", "referenceType": "Fischer"}});
    client.strategic_patch(&other, &patch).await.expect(StatusCode::OK);
    let stored = client.get(&path("a")).await.expect(StatusCode::OK);
    assert_eq!(stored["spec"]["fischerReference"], "b");
}

#[tokio::test]
async fn c4_9_17_mistakes() {
    let (client, item, created) = with_deployment().await;
    let mut with_lists = pod(&json!({"containers": [{"name": "web", "args": [["a"]]}]}));
    with_lists["metadata"] = json!({"finalizers": [["a"]]});
    for (patch, code, reason, message) in [
        (json!({"$retainKeys": 1}), 400, "BadRequest", "invalid patch format of retainKeys"),
        (json!({"$setElementOrder": []}), 400, "BadRequest", "invalid patch format of setElementOrder list"),
        (json!({"$deleteFromPrimitiveList/a": 1}), 400, "BadRequest", "invalid patch format of primitive list"),
        (
            json!({"spec": {"$retainKeys": ["selector"], "replicas": 1}}),
            422,
            "Invalid",
            "patch content doesn't match retainKeys list",
        ),
        (json!({"$patch": "frob"}), 500, "", "unknown patch type: $patch is replace, delete or merge"),
        (
            pod(&json!({"containers": [{"image": "web:2"}]})),
            500,
            "",
            "an item of a list does not contain declared merge key: name",
        ),
    ] {
        let status = client.strategic_patch(&item, &patch).await.json;
        assert_eq!(status["code"], code, "{status}");
        assert_eq!(status["reason"].as_str().unwrap_or_default(), reason, "{status}");
        assert_eq!(status["message"], message);
    }
    let finalizers = json!({"metadata": {"finalizers": ["example.com/a"]}});
    client.strategic_patch(&item, &finalizers).await.expect(StatusCode::OK);
    let lists = client.strategic_patch(&item, &with_lists).await;
    lists.expect_status(422, "Invalid", "lists of lists are not supported");
    let left = client.get(&item).await.expect(StatusCode::OK);
    assert_eq!(left["spec"], created["spec"]);
}

#[tokio::test]
async fn c4_9_16_a_strategic_merge_that_is_not_of_its_type() {
    let client = Client::wardle();
    client.flunder("a").await;
    let status = client.strategic_patch(&path("a"), &json!({"spec": {"flunderReference": 7}})).await;
    let status = status.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let message = status["message"].as_str().expect("a message");
    assert!(message.starts_with(" \"\" is invalid: patch: Invalid value: \"{"), "{message}");
}

#[tokio::test]
async fn c4_9_13_a_strategic_merge_of_what_is_not_there_is_404() {
    let client = Client::wardle();
    let status = client.strategic_patch(&path("none"), &json!({})).await;
    status.expect_status(404, "NotFound", "flunders.wardle.example.com \"none\" not found");
}

#[tokio::test]
async fn c4_9_12_a_strategic_merge_to_a_stale_resource_version_is_409() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let label = |value: &str| json!({"metadata": {"labels": {"a": value}}});
    client.strategic_patch(&path("a"), &label("b")).await.expect(StatusCode::OK);
    let mut stale = label("c");
    stale["metadata"]["resourceVersion"] = created["metadata"]["resourceVersion"].clone();
    let status = client.strategic_patch(&path("a"), &stale).await.expect(StatusCode::CONFLICT);
    assert!(status["message"].as_str().is_some_and(|message| message.ends_with(MODIFIED)), "{status}");
    let moved = client.strategic_patch(&path("a"), &json!({"metadata": {"name": "b"}})).await;
    assert_eq!(moved.code, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn c4_4_4_strict_looks_into_a_strategic_merge() {
    let client = Client::wardle();
    client.flunder("a").await;
    let kind = [("content-type", "application/strategic-merge-patch+json")];
    let body = r#"{"spec":{"unknown":1},"metadata":{"labels":{"a":"b","a":"c"}}}"#;
    let strict = format!("{}?fieldValidation=Strict", path("a"));
    let refused = client.send(Method::PATCH, &strict, &kind, body).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let message = refused["message"].as_str().expect("a message");
    let end = "strict decoding error: duplicate field \"metadata.labels.a\", unknown field \"spec.unknown\"";
    assert!(message.ends_with(end), "{message}");
}

#[tokio::test]
async fn c4_9_17_rules_of_ones_own() {
    let store = Store::new(&StoreOptions::memory());
    let rules = [MergeRule::replaced("FlunderSpec", "spec"), MergeRule::replaced("Flunder", "spec")];
    let resource = Resource::from(Others { store }).merge_rules(rules);
    let client = Client::new(ApiServer::builder().install(resource).prepare().expect("it fits together"));
    let mut object = flunder("a");
    object["spec"] = json!({"flunderReference": "b", "referenceType": "Flunder"});
    client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
    let patched = client.strategic_patch(&path("a"), &json!({"spec": {"flunderReference": "c"}})).await;
    assert_eq!(patched.expect(StatusCode::OK)["spec"], json!({"flunderReference": "c"}));
}
