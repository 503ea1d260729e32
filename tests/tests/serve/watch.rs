//! Watches as they travel (contract 4.8.2, 4.8.14).

use http::StatusCode;
use rest_resource_tests::client::FLUNDERS;
use rest_resource_tests::serving::{Raw, next_frame, soon};
use rest_resource_tests::{Client, Serving};
use serde_json::Value;

use super::{WATCH, gates, get, one_of, prepare, wardle};

fn event(line: &[u8]) -> (String, String) {
    assert!(line.ends_with(b"}\n"), "an event is a line");
    let event: Value = serde_json::from_slice(line).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&event["type"]), text(&event["object"]["metadata"]["name"]))
}

fn added(name: &str) -> (String, String) {
    ("ADDED".to_owned(), name.to_owned())
}

/// A watch from a state without objects, so that nothing comes until something happens.
async fn empty_watch(client: &Client) -> String {
    let list = client.get(FLUNDERS).await.expect(StatusCode::OK);
    let version = list["metadata"]["resourceVersion"].as_str().expect("a resource version").to_owned();
    format!("{FLUNDERS}?watch=true&resourceVersion={version}")
}

#[tokio::test]
async fn c4_8_2_each_event_is_sent_when_it_happens() {
    let server = wardle();
    let client = Client::new(server.clone());
    let serving = Serving::start(server).await;
    let path = empty_watch(&client).await;
    let mut raw = Raw::request(&serving, &format!("GET {path}"), "").await;
    let mut http1 = soon(serving.http1().await.send_request(get(&path))).await.expect("a watch").into_body();
    let mut http2 = soon(serving.http2().await.send_request(get(&path))).await.expect("a watch").into_body();
    let head = raw.head().await;
    assert!(head.contains(&"transfer-encoding: chunked".to_owned()), "{head:?}");
    assert!(!raw.has_more(), "the head comes before any event");
    for name in ["a", "b", "c"] {
        client.flunder(name).await;
        assert_eq!(event(raw.chunk().await.expect("an event").as_bytes()), added(name));
        assert_eq!(event(&next_frame(&mut http1).await.expect("an event")), added(name));
        assert_eq!(event(&next_frame(&mut http2).await.expect("an event")), added(name));
    }
    drop((raw, http1, http2));
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_14_a_client_that_leaves_a_watch_frees_it() {
    let (builder, strings) = gates();
    let serving = Serving::start(prepare(builder)).await;
    let mut raw = Raw::request(&serving, &format!("GET {WATCH}"), "").await;
    raw.head().await;
    drop(raw);
    one_of(&strings.left).await;

    // On HTTP/2 the connection stays.
    let mut http2 = serving.http2().await;
    let watch = soon(http2.send_request(get(WATCH))).await.expect("a watch");
    drop(watch);
    one_of(&strings.left).await;
    let next = soon(http2.send_request(get("/version"))).await.expect("a response");
    assert_eq!(next.status(), StatusCode::OK);
    serving.stopped().await;
}
