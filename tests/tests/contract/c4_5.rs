//! Create (contract 4.5).

mod bodies;
mod named;

use http::{Method, StatusCode};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");
/// The characters that generated names end with.
const SUFFIX: &str = "bcdfghjklmnpqrstvwxz2456789";

#[tokio::test]
async fn c4_5_1_the_first_mistake_of_many_is_told() {
    let client = Client::wardle();
    let bad_options = format!("{FLUNDERS}?dryRun=x");
    let bad_name = bad_options.replace("default", "a%25b");
    let bad_accept = ("accept", "application/json;sv=v2");
    let bad_type = ("content-type", "text/plain");
    let large = " ".repeat(3 * 1024 * 1024 + 1);
    let send = |path: &str, headers: &[(&str, &str)], body: &str| {
        let (client, path, body) = (client.clone(), path.to_owned(), body.to_owned());
        let headers: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
            let answer = client.send(Method::POST, &path, &headers, body).await;
            (answer.code.as_u16(), answer.json["message"].as_str().unwrap_or_default().to_owned())
        }
    };
    let (code, message) = send(&bad_name, &[bad_accept, bad_type], &large).await;
    assert_eq!((code, &*message), (400, "Namespace parameter invalid: \"a%b\": may not contain '%'"));
    let (code, message) = send(&bad_options, &[bad_accept, bad_type], &large).await;
    assert_eq!(code, 406, "{message}");
    let (code, message) = send(&bad_options, &[bad_type], &large).await;
    assert_eq!(code, 415, "{message}");
    let (code, message) = send(&bad_options, &[JSON], &large).await;
    assert_eq!(code, 413, "{message}");
    let (code, message) = send(&bad_options, &[JSON], "{").await;
    assert_eq!(code, 422, "{message}");
    let (code, message) = send(FLUNDERS, &[JSON], "{").await;
    assert!(code == 400 && message.contains("json parse error"), "{message}");
    let wrong_version = r#"{"apiVersion":"wardle.example.com/v1","kind":"Flunder","metadata":{"namespace":"x"}}"#;
    let (_, message) = send(FLUNDERS, &[JSON], wrong_version).await;
    assert!(message.starts_with("the API version in the data"), "{message}");
    let wrong_namespace = r#"{"metadata":{"namespace":"x"},"spec":{"referenceType":"Flunder"}}"#;
    let (_, message) = send(FLUNDERS, &[JSON], wrong_namespace).await;
    assert!(message.starts_with("the namespace of the provided object"), "{message}");
    let invalid = r#"{"metadata":{"name":"a"},"spec":{"referenceType":"Flunder"}}"#;
    let (code, message) = send(FLUNDERS, &[JSON], invalid).await;
    assert_eq!(code, 422, "{message}");
}

#[tokio::test]
async fn c4_5_1_validation_comes_before_admission() {
    let client = Client::wardle();
    let fischer = json!({"metadata": {"name": "f"}, "disallowedFlunders": ["bad"]});
    client.post(FISCHERS, &fischer).await.expect(StatusCode::CREATED);
    let mut body = flunder("bad");
    body["spec"] = json!({"referenceType": "Flunder"});
    assert_eq!(client.post(FLUNDERS, &body).await.code, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(client.post(FLUNDERS, &flunder("bad")).await.code, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn c4_5_2_success_is_201_with_the_stored_object() {
    let client = Client::wardle();
    let answer = client.post(FLUNDERS, &flunder("a")).await;
    assert_eq!(answer.header("content-type"), "application/json");
    let created = answer.expect(StatusCode::CREATED);
    let metadata = &created["metadata"];
    for field in ["uid", "creationTimestamp", "resourceVersion"] {
        assert!(metadata[field].is_string(), "{field}: {metadata}");
    }
    let expected = ("wardle.example.com/v1beta1", "Flunder", "a", "default");
    let fields = [&created["apiVersion"], &created["kind"], &metadata["name"], &metadata["namespace"]];
    assert_eq!(fields, [expected.0, expected.1, expected.2, expected.3]);
    assert_eq!(client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK), created);
}

#[tokio::test]
async fn c4_5_2_a_body_without_api_version_and_kind_is_taken() {
    let client = Client::wardle();
    let created =
        client.post(FLUNDERS, &json!({"metadata": {"name": "a"}, "spec": {}})).await.expect(StatusCode::CREATED);
    assert_eq!((&created["apiVersion"], &created["kind"]), (&json!("wardle.example.com/v1beta1"), &json!("Flunder")));
}

#[tokio::test]
async fn c4_5_10_what_only_the_server_sets_is_wiped() {
    let client = Client::wardle();
    let mut body = flunder("a");
    let mine = json!({
        "name": "a", "uid": "mine", "creationTimestamp": "1999-12-31T23:59:59Z",
        "deletionTimestamp": "1999-12-31T23:59:59Z", "deletionGracePeriodSeconds": 7, "selfLink": "/mine",
    });
    body["metadata"] = mine.clone();
    let created = client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
    let metadata = &created["metadata"];
    for field in ["uid", "creationTimestamp"] {
        assert!(metadata[field].is_string() && metadata[field] != mine[field], "{field}: {metadata}");
    }
    for field in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] {
        assert_eq!(metadata.get(field), None, "{field}");
    }
}

#[tokio::test]
async fn c4_5_10_a_resource_version_is_400_and_stores_nothing() {
    let client = Client::wardle();
    let mut body = flunder("a");
    body["metadata"]["resourceVersion"] = json!("1");
    let message = "resourceVersion should not be set on objects to be created";
    client.post(FLUNDERS, &body).await.expect_status(400, "BadRequest", message);
    body["metadata"]["resourceVersion"] = json!("x");
    assert_eq!(client.post(FLUNDERS, &body).await.code, StatusCode::BAD_REQUEST);
    assert_eq!(client.get(FLUNDERS).await.json["items"], json!([]));
    for (name, none) in [("a", ""), ("b", "0")] {
        let mut body = flunder(name);
        body["metadata"]["resourceVersion"] = json!(none);
        client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
    }
}

#[tokio::test]
async fn c4_5_11_an_existing_name_is_409_already_exists() {
    let client = Client::wardle();
    let mut body = flunder("a");
    body["metadata"]["finalizers"] = json!(["example.com/stays"]);
    client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
    let message = "flunders.wardle.example.com \"a\" already exists";
    let status = client.post(FLUNDERS, &body).await.expect_status(409, "AlreadyExists", message);
    assert_eq!(status["details"], json!({"name": "a", "group": "wardle.example.com", "kind": "flunders"}));
    client.delete(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    let message = format!("object is being deleted: {message}");
    client.post(FLUNDERS, &body).await.expect_status(409, "AlreadyExists", &message);
}

#[tokio::test]
async fn c4_5_12_a_name_is_generated() {
    let client = Client::wardle();
    let long = "x".repeat(70);
    for (base, kept) in [("a-", "a-"), ("a", "a"), (&*long, &long[..58])] {
        let body = json!({"metadata": {"generateName": base}, "spec": {}});
        let created = client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
        let name = created["metadata"]["name"].as_str().unwrap();
        let suffix = name.strip_prefix(kept).unwrap_or_else(|| panic!("{name} begins with {kept}"));
        assert!(suffix.len() == 5 && suffix.chars().all(|c| SUFFIX.contains(c)), "{name}");
        assert_eq!(created["metadata"]["generateName"], base);
    }
}

#[tokio::test]
async fn c4_5_12_a_name_of_ones_own_goes_first() {
    let client = Client::wardle();
    let body = json!({"metadata": {"name": "a", "generateName": "b-"}, "spec": {}});
    assert_eq!(client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED)["metadata"]["name"], "a");
    let answer = client.post(FLUNDERS, &body).await;
    assert_eq!(answer.header("retry-after"), "1");
    let status = answer.expect_status(
        409,
        "AlreadyExists",
        "flunders.wardle.example.com \"a\" already exists, \
         the server was not able to generate a unique name for the object",
    );
    assert_eq!(status["details"]["retryAfterSeconds"], 1);
}

#[tokio::test]
async fn c4_5_13_without_a_name_it_is_422() {
    let client = Client::wardle();
    for metadata in [Value::Null, json!({}), json!({"name": ""}), json!({"name": "", "generateName": ""})] {
        let status = client.post(FLUNDERS, &json!({"metadata": metadata, "spec": {}})).await.expect_status(
            422,
            "Invalid",
            "Flunder.wardle.example.com \"\" is invalid: metadata.name: Required value: \
             name or generateName is required",
        );
        let cause = json!({
            "reason": "FieldValueRequired", "field": "metadata.name",
            "message": "Required value: name or generateName is required",
        });
        assert_eq!(status["details"]["causes"], json!([cause]));
    }
}

#[tokio::test]
async fn c4_5_14_generation_1_and_no_status() {
    let client = Client::wardle();
    let mut body = flunder("a");
    body["status"] = json!({"phase": "mine"});
    body["metadata"]["generation"] = json!(7);
    let created = client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
    assert_eq!(created["metadata"]["generation"], 1);
    assert_eq!(created.get("status"), None);
}
