//! What is read of bodies, queries and paths (contract 0.14, 0.15, 0.17, 0.18).

use http::{Method, StatusCode};
use rest_resource::server::Resource;
use rest_resource::{ResourceInfo, Scope, Store, StoreOptions};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FLUNDERS, flunder};
use serde_json::{Value, json};

use crate::probe::serve;

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn c0_14_names_of_fields_are_case_sensitive() {
    let client = Client::wardle();
    let mut body = flunder("a");
    body["spec"] = json!({"FlunderReference": "b"});
    let answer = client.post(FLUNDERS, &body).await;
    assert_eq!(answer.header("warning"), "299 - \"unknown field \\\"spec.FlunderReference\\\"\"");
    assert_eq!(answer.expect(StatusCode::CREATED)["spec"], json!({}));
}

#[tokio::test]
async fn c0_14_integers_keep_all_their_digits() {
    let client = Client::wardle();
    let mut object = client.flunder("a").await;
    for number in [9_007_199_254_740_993_i64, i64::MAX, i64::MIN] {
        object["status"] = json!({"observedGeneration": number});
        object = client.put(&format!("{FLUNDERS}/a/status"), &object).await.expect(StatusCode::OK);
        assert_eq!(object["status"]["observedGeneration"], number);
    }
}

#[tokio::test]
async fn c0_14_only_the_strict_decoder_sees_duplicate_and_unknown_fields() {
    let client = Client::wardle();
    let body = r#"{"metadata":{"name":"a"},"spec":{"x":1,"referenceType":"Cat","referenceType":null}}"#;
    let quiet =
        client.send(Method::POST, &format!("{FLUNDERS}?fieldValidation=Ignore&dryRun=All"), &[JSON], body).await;
    assert!(!quiet.headers.contains_key("warning"), "{:?}", quiet.headers);
    quiet.expect(StatusCode::CREATED);
    let strict = client.send(Method::POST, &format!("{FLUNDERS}?fieldValidation=Strict"), &[JSON], body).await;
    let message = "Flunder in version \"v1beta1\" cannot be handled as a Flunder: strict decoding error: \
                   duplicate field \"spec.referenceType\", unknown field \"spec.x\"";
    strict.expect_status(400, "BadRequest", message);
}

#[tokio::test]
async fn c0_15_a_body_need_not_say_what_it_is() {
    let client = Client::wardle();
    let created = client.post(FLUNDERS, &json!({"metadata": {"name": "a"}, "spec": {}})).await;
    let mut object = created.expect(StatusCode::CREATED);
    assert_eq!((&object["apiVersion"], &object["kind"]), (&json!("wardle.example.com/v1beta1"), &json!("Flunder")));
    object.as_object_mut().expect("an object").retain(|key, _| key != "apiVersion" && key != "kind");
    client.put(&format!("{FLUNDERS}/a"), &object).await.expect(StatusCode::OK);
    client.delete_with(&format!("{FLUNDERS}/a"), &json!({})).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn c0_15_an_unstructured_body_says_its_kind() {
    let info = ResourceInfo::new("test.example.com", "v1", "anythings", "Anything", Scope::Cluster);
    let store = Store::for_resource(&StoreOptions::memory(), &info);
    let client = serve(Resource::unstructured(info, &[], store));
    let body = r#"{"metadata": {"name": "a"}}"#;
    let answer = client.send(Method::POST, "/apis/test.example.com/v1/anythings", &[JSON], body).await;
    let message = "the object provided is unrecognized (must be of type Anything): \
                   Object 'Kind' is missing in '{\"metadata\": {\"name\": \"a\"}}' ({\"metadata\": {\"name\": \"a\"}})";
    answer.expect_status(400, "BadRequest", message);
}

#[tokio::test]
async fn c0_17_the_first_value_wins_and_unknown_parameters_are_ignored() {
    let client = Client::wardle();
    client.flunder("a").await;
    client.flunder("b").await;
    let list = client.get(&format!("{FLUNDERS}?sauce=tartar&limit=1&limit=2")).await.expect(StatusCode::OK);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn c0_17_booleans_are_false_only_if_absent_0_or_false() {
    let client = Client::wardle();
    for no in ["watch=0", "watch=false", "watch=FALSE", "watched=true"] {
        let list = client.get(&format!("{FLUNDERS}?{no}")).await.expect(StatusCode::OK);
        assert_eq!(list["kind"], "FlunderList", "{no}");
    }
    client.flunder("a").await;
    for yes in ["watch", "watch=", "watch=1", "watch=True", "watch=yes"] {
        let mut watch = client.watch(&format!("{FLUNDERS}?{yes}")).await;
        assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()), "{yes}");
    }
}

#[tokio::test]
async fn c0_17_bad_integers_are_refused_with_the_text_of_go() {
    let answer = Client::wardle().get(&format!("{FLUNDERS}?limit=ten")).await;
    answer.expect_status(400, "BadRequest", "strconv.ParseInt: parsing \"ten\": invalid syntax");
}

#[tokio::test]
async fn c0_17_dry_run_is_a_list() {
    let client = Client::wardle();
    let answer = client.post(&format!("{FLUNDERS}?dryRun=All&dryRun=All"), &flunder("a")).await;
    answer.expect(StatusCode::CREATED);
    client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::NOT_FOUND);
    let answer = client.post(&format!("{FLUNDERS}?dryRun=All&dryRun=Some"), &flunder("a")).await;
    answer.expect(StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn c0_18_a_name_is_one_segment_of_a_path() {
    let client = Client::wardle();
    for (name, text) in [
        ("%2E", "may not be '.'"),
        ("%2E%2E", "may not be '..'"),
        ("a%2Fb", "may not contain '/'"),
        ("a%25b", "may not contain '%'"),
    ] {
        for path in [format!("{FLUNDERS}/{name}"), FLUNDERS.replace("default", name)] {
            let answer = client.get(&path).await;
            assert_eq!((answer.code.as_u16(), &answer.json["reason"]), (400, &Value::from("BadRequest")), "{path}");
            let message = answer.json["message"].as_str().unwrap_or_default();
            assert!(message.ends_with(text), "{path}: {message}");
        }
    }
}
