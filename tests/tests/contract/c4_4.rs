//! Field validation, warnings, field managers and dry runs (contract 4.4).

mod dry_run;
mod owners;

use http::{Method, StatusCode};
use rest_resource_tests::Client;
use rest_resource_tests::client::{Answer, FLUNDERS, flunder};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");
const MERGE: (&str, &str) = ("content-type", "application/merge-patch+json");

/// The values of the header `Warning`.
fn warnings(answer: &Answer) -> Vec<String> {
    let values = answer.headers.get_all("warning").iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

/// A flunder with two fields that its type does not have.
fn odd(name: &str) -> Value {
    let mut body = flunder(name);
    body["spec"] = json!({"foo": 1});
    body["bar"] = json!({"x": 1});
    body
}

/// The same with a key that stands twice.
fn twice(name: &str) -> String {
    format!(r#"{{"metadata":{{"name":"{name}","name":"{name}"}},"spec":{{"foo":{{}}}}}}"#)
}

async fn items(client: &Client) -> Value {
    client.get(FLUNDERS).await.expect(StatusCode::OK)["items"].take()
}

#[tokio::test]
async fn c4_4_1_ignore_drops_in_silence() {
    let client = Client::wardle();
    let answer = client.post(&format!("{FLUNDERS}?fieldValidation=Ignore"), &odd("a")).await;
    assert!(warnings(&answer).is_empty());
    let created = answer.expect(StatusCode::CREATED);
    assert_eq!((created.get("bar"), created["spec"].get("foo")), (None, None));
}

#[tokio::test]
async fn c4_4_1_nothing_is_the_same_as_warn() {
    let client = Client::wardle();
    for (query, name) in [("", "a"), ("?fieldValidation=", "b"), ("?fieldValidation=Warn", "c")] {
        let answer = client.post(&format!("{FLUNDERS}{query}"), &odd(name)).await;
        assert_eq!(warnings(&answer).len(), 2, "{query}");
        answer.expect(StatusCode::CREATED);
    }
}

#[tokio::test]
async fn c4_4_1_another_value_is_422_on_the_options() {
    let client = Client::wardle();
    let stored = client.flunder("a").await;
    let item = format!("{FLUNDERS}/a");
    let message = |kind: &str| {
        format!(
            "{kind}.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"x\": \
             supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""
        )
    };
    let query = "?fieldValidation=x";
    let post = client.post(&format!("{FLUNDERS}{query}"), &flunder("b")).await;
    let status = post.expect_status(422, "Invalid", &message("CreateOptions"));
    assert_eq!(
        status["details"],
        json!({
            "group": "meta.k8s.io", "kind": "CreateOptions",
            "causes": [{
                "reason": "FieldValueNotSupported", "field": "fieldValidation",
                "message": "Unsupported value: \"x\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"",
            }],
        })
    );
    let put = client.put(&format!("{item}{query}"), &stored).await;
    put.expect_status(422, "Invalid", &message("UpdateOptions"));
    let patch = client.merge_patch(&format!("{item}{query}"), &json!({})).await;
    patch.expect_status(422, "Invalid", &message("PatchOptions"));
    assert_eq!(items(&client).await, json!([stored]));
}

#[tokio::test]
async fn c4_4_2_a_warning_for_each_problem() {
    let client = Client::wardle();
    let answer = client.send(Method::POST, FLUNDERS, &[JSON], twice("a")).await;
    assert_eq!(
        warnings(&answer),
        [r#"299 - "duplicate field \"metadata.name\"""#, r#"299 - "unknown field \"spec.foo\"""#]
    );
    let mut stored = answer.expect(StatusCode::CREATED);
    stored["spec"]["foo"] = json!([{"x": 1}]);
    stored["metadata"]["labels2"] = json!({});
    let answer = client.put(&format!("{FLUNDERS}/a"), &stored).await;
    let mut told = warnings(&answer);
    told.sort();
    assert_eq!(told, [r#"299 - "unknown field \"metadata.labels2\"""#, r#"299 - "unknown field \"spec.foo\"""#]);
    answer.expect(StatusCode::OK);
}

#[tokio::test]
async fn c4_4_2_patches_warn_too() {
    let client = Client::wardle();
    client.flunder("a").await;
    let item = format!("{FLUNDERS}/a");
    let answer = client.merge_patch(&item, &json!({"spec": {"foo": 1}})).await;
    assert_eq!(warnings(&answer), [r#"299 - "unknown field \"spec.foo\"""#]);
    answer.expect(StatusCode::OK);
    let answer = client.send(Method::PATCH, &item, &[MERGE], r#"{"spec":{},"spec":{}}"#).await;
    assert_eq!(warnings(&answer), [r#"299 - "duplicate field \"spec\"""#]);
    let patch = json!([{"op": "test", "path": "/kind", "value": "Flunder", "extra": 1}]);
    let answer = client.json_patch(&item, &patch).await;
    assert_eq!(warnings(&answer), [r#"299 - "json patch unknown field \"[0].extra\"""#]);
}

#[tokio::test]
async fn c4_4_2_yaml_is_looked_at_as_json_is() {
    let client = Client::wardle();
    let body = "metadata: {name: a}\nspec: {foo: 1}\nspec: {foo: 2}\n";
    let answer = client.send(Method::POST, FLUNDERS, &[("content-type", "application/yaml")], body).await;
    assert_eq!(warnings(&answer), [r#"299 - "duplicate field \"spec\"""#, r#"299 - "unknown field \"spec.foo\"""#]);
    answer.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn c4_4_3_strict_refuses_a_create() {
    let client = Client::wardle();
    let path = format!("{FLUNDERS}?fieldValidation=Strict");
    client.send(Method::POST, &path, &[JSON], twice("a")).await.expect_status(
        400,
        "BadRequest",
        "Flunder in version \"v1beta1\" cannot be handled as a Flunder: strict decoding error: \
         duplicate field \"metadata.name\", unknown field \"spec.foo\"",
    );
    let mut body = flunder("a");
    body["spec"]["foo"] = json!(1);
    body["spec"]["referenceTypo"] = json!(1);
    client.post(&path, &body).await.expect_status(
        400,
        "BadRequest",
        "Flunder in version \"v1beta1\" cannot be handled as a Flunder: strict decoding error: \
         unknown field \"spec.foo\", unknown field \"spec.referenceTypo\"",
    );
    assert_eq!(items(&client).await, json!([]));
    client.post(&path, &flunder("a")).await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn c4_4_3_strict_refuses_an_update() {
    let client = Client::wardle();
    let stored = client.flunder("a").await;
    let path = format!("{FLUNDERS}/a?fieldValidation=Strict");
    let mut body = stored.clone();
    body["spec"]["foo"] = json!(1);
    body["metadata"]["labels"] = json!({"a": "b"});
    client.put(&path, &body).await.expect_status(
        400,
        "BadRequest",
        "Flunder in version \"v1beta1\" cannot be handled as a Flunder: strict decoding error: \
         unknown field \"spec.foo\"",
    );
    assert_eq!(items(&client).await, json!([stored]));
}

#[tokio::test]
async fn c4_4_3_fields_that_every_object_has_are_known() {
    let client = Client::wardle();
    let body = json!({
        "apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder", "status": {"phase": "x"}, "spec": {},
        "metadata": {
            "name": "a", "generateName": "a", "namespace": "default", "selfLink": "/x", "uid": "u", "generation": 7,
            "creationTimestamp": null, "deletionTimestamp": "2026-07-24T12:00:00Z", "deletionGracePeriodSeconds": 1,
            "labels": {"a": "b"}, "annotations": {"a": "b"}, "finalizers": [], "ownerReferences": [],
            "managedFields": [],
        },
    });
    let answer = client.post(&format!("{FLUNDERS}?fieldValidation=Strict"), &body).await;
    assert!(warnings(&answer).is_empty());
    answer.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn c4_4_4_strict_refuses_what_a_patch_makes() {
    let client = Client::wardle();
    let stored = client.flunder("a").await;
    let path = format!("{FLUNDERS}/a?fieldValidation=Strict");
    let answer = client.merge_patch(&path, &json!({"spec": {"foo": 1}})).await;
    let message = answer.json["message"].as_str().unwrap_or_default().to_owned();
    let status = answer.expect_status(422, "Invalid", &message);
    assert!(message.starts_with(" \"\" is invalid: patch: Invalid value: \"{"), "{message}");
    assert!(message.ends_with("}\": strict decoding error: unknown field \"spec.foo\""), "{message}");
    assert_eq!(status["details"].get("kind"), None);
    assert_eq!(status["details"]["causes"][0]["field"], "patch");

    let labels = json!([{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}, "extra": 1}]);
    let answer = client.json_patch(&path, &labels).await;
    let message = answer.json["message"].as_str().unwrap_or_default().to_owned();
    answer.expect_status(422, "Invalid", &message);
    assert!(message.ends_with(": strict decoding error: json patch unknown field \"[0].extra\""), "{message}");
    assert_eq!(items(&client).await, json!([stored]));
}

#[tokio::test]
async fn c4_4_6_a_warning_says_each_text_once() {
    let client = Client::wardle();
    let body = r#"{"metadata":{"name":"a"},"spec":{"foo":1,"foo":2,"foo":3}}"#;
    let answer = client.send(Method::POST, FLUNDERS, &[JSON], body).await;
    assert_eq!(warnings(&answer), [r#"299 - "duplicate field \"spec.foo\"""#, r#"299 - "unknown field \"spec.foo\"""#]);
}

#[tokio::test]
async fn c4_4_6_many_warnings_are_cut() {
    let client = Client::wardle();
    let mut body = flunder("a");
    for number in 0..90 {
        body["spec"][format!("{number:03}{}", "x".repeat(400))] = json!(1);
    }
    let told = warnings(&client.post(FLUNDERS, &body).await);
    assert_eq!(told.len(), 4096 / 256);
    for value in told {
        // Quotes within the text are escaped, and it is cut before.
        assert!(value.starts_with(r#"299 - "unknown field \"spec."#) && value.len() < 280, "{value}");
    }
}

#[tokio::test]
async fn c4_4_7_a_field_manager_is_short_and_printable() {
    let client = Client::wardle();
    let stored = client.flunder("a").await;
    let item = format!("{FLUNDERS}/a");
    let too_long = "fieldManager: Too long: may not be more than 128 bytes";
    let bell = "fieldManager: Invalid value: \"\\a\": invalid character U+0007 (at position 0)";
    let long = "a".repeat(129);
    for (manager, error) in [(&*long, too_long), ("%07", bell)] {
        let query = format!("?fieldManager={manager}");
        let message = |kind: &str| format!("{kind}.meta.k8s.io \"\" is invalid: {error}");
        let post = client.post(&format!("{FLUNDERS}{query}"), &flunder("b")).await;
        post.expect_status(422, "Invalid", &message("CreateOptions"));
        let put = client.put(&format!("{item}{query}"), &stored).await;
        put.expect_status(422, "Invalid", &message("UpdateOptions"));
        let patch = client.merge_patch(&format!("{item}{query}"), &json!({})).await;
        patch.expect_status(422, "Invalid", &message("PatchOptions"));
    }
    let query = format!("?fieldManager={}", "a".repeat(128));
    client.post(&format!("{FLUNDERS}{query}"), &flunder("b")).await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn c4_4_7_no_user_agent_is_too_odd_for_a_default_manager() {
    let client = Client::wardle();
    let long = "a".repeat(1000);
    for (number, agent) in [&*long, "", "/", "ä/1", "\t"].into_iter().enumerate() {
        let body = flunder(&format!("a{number}")).to_string();
        let headers = [JSON, ("user-agent", agent)];
        client.send(Method::POST, FLUNDERS, &headers, body).await.expect(StatusCode::CREATED);
    }
}

#[tokio::test]
async fn c4_4_7_the_default_manager_is_the_printable_part_of_the_user_agents_name() {
    let client = Client::wardle();
    let long = format!("{}ä{}", "a".repeat(127), "b".repeat(9));
    for (number, (agent, manager)) in [
        ("me/1.0 (linux) b/2", "me"),
        ("me", "me"),
        ("me/1.0 (Jürgen's)", "me"),
        ("Jürgen/1.0", "Jürgen"),
        ("a\tb\u{ad}c/1", "abc"),
        (&*long, &*"a".repeat(127)),
    ]
    .into_iter()
    .enumerate()
    {
        let body = flunder(&format!("a{number}")).to_string();
        let headers = [JSON, ("user-agent", agent)];
        let created = client.send(Method::POST, FLUNDERS, &headers, body).await.expect(StatusCode::CREATED);
        assert_eq!(created["metadata"]["managedFields"][0]["manager"], manager, "{agent:?}");
    }
}

#[tokio::test]
async fn c4_4_1_every_wrong_option_is_told_at_once() {
    let client = Client::wardle();
    let query = "?fieldValidation=x&dryRun=y&fieldManager=%07";
    client.post(&format!("{FLUNDERS}{query}"), &flunder("a")).await.expect_status(
        422,
        "Invalid",
        "CreateOptions.meta.k8s.io \"\" is invalid: [\
         fieldManager: Invalid value: \"\\a\": invalid character U+0007 (at position 0), \
         dryRun: Unsupported value: [\"y\"]: supported values: \"All\", \
         fieldValidation: Unsupported value: \"x\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"]",
    );
}
