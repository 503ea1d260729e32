//! Random requests, thousands of them, at one server.

mod requests;

use std::time::Duration;

use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rest_resource_tests::Client;
use rest_resource_tests::client::FLUNDERS;
use serde_json::Value;

use self::requests::{Sent, aimed, wild};

/// Whether it is a mistake of the client that is 500 all the same: of an apply (contract 4.9.20), of a strategic merge
/// (contract 4.9.17).
fn is_demanded(text: &str) -> bool {
    const TEXTS: [&str; 6] = [
        "failed to create typed patch object (",
        "unknown patch type: ",
        "does not contain declared merge key: ",
        "cannot merge lists without merge key for ",
        "list element types are not identical",
        "The order in patch list doesn't match ",
    ];
    TEXTS.iter().any(|demanded| text.contains(demanded))
}

/// Sends it, and checks the answer. What a watch sends within two hours (of a paused clock) is read.
async fn send(client: &Client, sent: &Sent) {
    let mut request = Request::builder().method(sent.method.clone()).uri(&sent.uri);
    for (name, value) in &sent.headers {
        let Ok(value) = HeaderValue::from_bytes(value) else { continue };
        request = request.header(*name, value);
    }
    let Ok(request) = request.body(Full::from(sent.body.clone())) else { return };
    let (parts, mut body) = client.open(request).await.into_parts();
    let mut bytes = Vec::new();
    let read = async {
        while let Some(frame) = body.frame().await {
            bytes.extend_from_slice(frame.expect("the response is whole").data_ref().expect("no trailers"));
        }
    };
    let _ = tokio::time::timeout(Duration::from_hours(2), read).await;

    let code = parts.status;
    let text = String::from_utf8_lossy(&bytes);
    let demanded = code == StatusCode::INTERNAL_SERVER_ERROR && sent.method == Method::PATCH && is_demanded(&text);
    assert!(code.as_u16() < 500 || code == StatusCode::GATEWAY_TIMEOUT || demanded, "{sent:?}: {code}: {text}");
    assert!(parts.headers.contains_key("audit-id") && parts.headers.contains_key("cache-control"), "{sent:?}");
    let content_type = parts.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let values: Vec<Value> = match content_type.split(';').next().unwrap_or_default() {
        "application/json" => {
            serde_json::Deserializer::from_slice(&bytes).into_iter().collect::<Result<_, _>>().unwrap()
        }
        "application/yaml" => std::vec![serde_norway::from_slice(&bytes).expect("YAML")],
        _ if code.is_success() || code.is_redirection() => return,
        "text/plain" => {
            assert!(!text.is_empty(), "{sent:?}");
            return;
        }
        other => panic!("{sent:?}: {code} {other}: {text}"),
    };
    for value in &values {
        let is_status = value["kind"] == "Status" && value["apiVersion"] == "v1" && value["metadata"].is_object();
        if !code.is_success() {
            let filled = |key: &str| value[key].as_str().is_some_and(|text| !text.is_empty());
            let is_failure = value["status"] == "Failure" && value["code"] == code.as_u16();
            // What is demanded to be 500 has no reason.
            let has_reason = demanded || filled("reason");
            assert!(is_status && is_failure && has_reason && filled("message"), "{sent:?}: {text}");
        }
    }
    assert!(code.is_success() || values.len() == 1, "{sent:?}: {text}");
}

/// Still well, and nothing that is stored has a name it cannot be reached by.
async fn is_healthy(client: &Client) {
    assert_eq!(client.get("/readyz").await.text, "ok");
    let list = client.get(&FLUNDERS.replace("/namespaces/default", "")).await.expect(StatusCode::OK);
    for object in list["items"].as_array().expect("a list has items") {
        let metadata = &object["metadata"];
        let (Some(namespace), Some(name)) = (metadata["namespace"].as_str(), metadata["name"].as_str()) else {
            panic!("an object without a name: {object}");
        };
        let path = format!("/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}");
        assert_eq!(client.get(&path).await.expect(StatusCode::OK), *object);
    }
}

#[test]
fn random_requests_are_answered() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let client = Client::wardle();
    let mut runner = TestRunner::new(Config { cases: 1000, failure_persistence: None, ..Config::default() });
    let requests = vec(prop_oneof![3 => aimed(), 2 => wild()], 1..8);
    runner
        .run(&requests, |requests| {
            runtime.block_on(async {
                for request in &requests {
                    send(&client, request).await;
                }
                is_healthy(&client).await;
            });
            Ok(())
        })
        .unwrap();
}
