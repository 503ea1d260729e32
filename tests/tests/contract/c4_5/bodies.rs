//! Bodies that are not what the path says (contract 4.5.4-4.5.8).

use http::{Method, StatusCode};
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use rest_resource_tests::{Answer, Client};
use serde_json::{Value, json};

use super::JSON;

const OLD_FLUNDERS: &str = "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders";

async fn post(client: &Client, body: &str) -> Answer {
    client.send(Method::POST, FLUNDERS, &[JSON], body.to_owned()).await
}

#[tokio::test]
async fn c4_5_4_a_body_that_is_not_of_its_type() {
    let client = Client::wardle();
    for (body, error) in [
        (r#"{"spec":{"referenceType":7}}"#, "spec.referenceType: "),
        (r#"{"spec":[]}"#, "spec: "),
        (r#"{"metadata":{"name":{}},"spec":{}}"#, "metadata.name: "),
        (r#"{"metadata":{"labels":["a"]},"spec":{}}"#, "metadata.labels: "),
        (r#"{"metadata":{"creationTimestamp":"yesterday"},"spec":{}}"#, "metadata.creationTimestamp: "),
        (r#"{"metadata":{"generation":1e30},"spec":{}}"#, "metadata.generation: "),
        (r"{}", "missing field"),
    ] {
        let answer = post(&client, body).await;
        let message = answer.json["message"].as_str().unwrap_or_default().to_owned();
        answer.expect_status(400, "BadRequest", &message);
        let start = "Flunder in version \"v1beta1\" cannot be handled as a Flunder: ";
        let told = message.strip_prefix(start).unwrap_or_else(|| panic!("{body}: {message}"));
        assert!(told.starts_with(error), "{body}: {told}");
    }
}

#[tokio::test]
async fn c4_5_4_a_body_that_is_not_even_an_object() {
    let client = Client::wardle();
    let long = format!("{{\"kind\": {}}}", " ".repeat(100));
    for (body, summary) in [
        ("", "<empty>"),
        ("{", "{"),
        ("[1]", "5b315d"),
        (&*long, "{\"kind\":                       ..."),
        ("\u{0}", "00"),
        ("\"text\"", "227465787422"),
    ] {
        let answer = post(&client, body).await;
        let message = answer.json["message"].as_str().unwrap_or_default().to_owned();
        answer.expect_status(400, "BadRequest", &message);
        assert!(message.starts_with("the object provided is unrecognized (must be of type Flunder): "), "{message}");
        assert!(message.ends_with(&format!(" ({summary})")), "{body:?}: {message}");
    }
}

#[tokio::test]
async fn c4_5_5_another_kind() {
    let client = Client::wardle();
    let body = r#"{"apiVersion":"wardle.example.com/v1beta1","kind":"Fischer","metadata":{"name":"a"}}"#;
    post(&client, body).await.expect_status(
        400,
        "BadRequest",
        "Fischer in version \"v1beta1\" cannot be handled as a Flunder: \
         no kind \"Fischer\" is registered for version \"wardle.example.com/v1beta1\"",
    );
    let body = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#;
    post(&client, body).await.expect_status(
        400,
        "BadRequest",
        "Pod in version \"v1\" cannot be handled as a Flunder: no kind \"Pod\" is registered for version \"v1\"",
    );
}

#[tokio::test]
async fn c4_5_6_malformed_json_is_400() {
    let client = Client::wardle();
    for body in ["{\"metadata\":", "{}}", "{'a':1}", "{\"a\":01}", "nul"] {
        let answer = post(&client, body).await;
        let message = answer.json["message"].as_str().unwrap_or_default().to_owned();
        answer.expect_status(400, "BadRequest", &message);
        let start = "the object provided is unrecognized (must be of type Flunder): \
                     couldn't get version/kind; json parse error: ";
        assert!(message.starts_with(start), "{message}");
    }
}

#[tokio::test]
async fn c4_5_7_another_version() {
    let client = Client::wardle();
    for version in ["v1alpha1", "v1"] {
        let mut body = flunder("a");
        body["apiVersion"] = json!(format!("wardle.example.com/{version}"));
        client.post(FLUNDERS, &body).await.expect_status(
            400,
            "BadRequest",
            &format!(
                "the API version in the data (wardle.example.com/{version}) does not match \
                 the expected API version (wardle.example.com/v1beta1)"
            ),
        );
    }
    let mut body = flunder("a");
    body["apiVersion"] = json!("wardle.example.com/v1alpha1");
    let created = client.post(OLD_FLUNDERS, &body).await.expect(StatusCode::CREATED);
    assert_eq!(created["apiVersion"], "wardle.example.com/v1alpha1");
    assert_eq!(
        client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK)["apiVersion"],
        "wardle.example.com/v1beta1"
    );
}

#[tokio::test]
async fn c4_5_8_the_namespace_is_that_of_the_path() {
    let client = Client::wardle();
    for (name, namespace) in [("a", json!("default")), ("b", json!("")), ("c", Value::Null)] {
        let mut body = flunder(name);
        body["metadata"]["namespace"] = namespace;
        let created = client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
        assert_eq!(created["metadata"]["namespace"], "default");
    }
    let mut body = flunder("d");
    body["metadata"]["namespace"] = json!("other");
    let message = "the namespace of the provided object does not match the namespace sent on the request";
    client.post(FLUNDERS, &body).await.expect_status(400, "BadRequest", message);
    let fischer = json!({"metadata": {"name": "f", "namespace": "default"}});
    let created = client.post(FISCHERS, &fischer).await.expect(StatusCode::CREATED);
    assert_eq!(created["metadata"].get("namespace"), None);
}
