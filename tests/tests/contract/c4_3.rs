//! Body limits and timeouts (contract 4.3).

mod narrow;

use std::future::pending;
use std::time::Duration;

use http::{Method, StatusCode};
use kube::CustomResource;
use rest_resource::server::{ApiServer, ApiServerBuilder};
use rest_resource::{
    Admit, Change, CollectionDeleter, Context, CreateOptions, Created, Creater, DeleteOptions, Deleted, GetOptions,
    Getter, GracefulDeleter, List, ListOptions, Lister, RestResource, Result, StoreOptions, UpdateOptions, Updater,
};
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::{Client, wardle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::Instant;

const JSON: (&str, &str) = ("content-type", "application/json");
const MAX_BODY: usize = 3_145_728;
const TOO_LARGE: &str = "Request entity too large: limit is 3145728";

/// The text with spaces behind it, `size` bytes in all.
fn padded(text: &str, size: usize) -> String {
    format!("{text}{}", " ".repeat(size - text.len()))
}

#[tokio::test]
async fn c4_3_1_a_body_of_three_mebibytes_is_taken() {
    let client = Client::wardle();
    let body = padded(&flunder("a").to_string(), MAX_BODY);
    client.send(Method::POST, FLUNDERS, &[JSON], body).await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn c4_3_1_a_longer_body_is_413_for_every_verb() {
    let client = Client::wardle();
    client.flunder("a").await;
    let item = format!("{FLUNDERS}/a");
    let merge = ("content-type", "application/merge-patch+json");
    for (method, path, header, body) in [
        (Method::POST, FLUNDERS, JSON, flunder("b").to_string()),
        (Method::PUT, &*item, JSON, client.get(&item).await.text),
        (Method::PATCH, &*item, merge, r#"{"metadata":{"labels":{"a":"b"}}}"#.to_owned()),
        (Method::DELETE, &*item, JSON, "{}".to_owned()),
        (Method::DELETE, FLUNDERS, JSON, "{}".to_owned()),
    ] {
        let answer = client.send(method, path, &[header], padded(&body, MAX_BODY + 1)).await;
        answer.expect_status(413, "RequestEntityTooLarge", TOO_LARGE);
    }
    let left = client.get(FLUNDERS).await.json;
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(left["items"][0]["metadata"].get("labels"), None);
}

#[tokio::test]
async fn c4_3_1_the_limit_is_the_servers() {
    let client = |limit| {
        let builder = wardle::server(&StoreOptions::memory()).max_request_body_bytes(limit);
        Client::new(builder.prepare().unwrap())
    };
    let body = padded(&flunder("a").to_string(), MAX_BODY + 1);
    client(0).send(Method::POST, FLUNDERS, &[JSON], body).await.expect(StatusCode::CREATED);
    let message = "Request entity too large: limit is 10";
    client(10).post(FLUNDERS, &flunder("a")).await.expect_status(413, "RequestEntityTooLarge", message);
}

#[tokio::test]
async fn c4_3_2_a_json_patch_has_at_most_10000_operations() {
    let client = Client::wardle();
    client.flunder("a").await;
    let item = format!("{FLUNDERS}/a");
    let operations = |n| Value::from(vec![json!({"op": "test", "path": "/kind", "value": "Flunder"}); n]);
    client.json_patch(&item, &operations(10_000)).await.expect(StatusCode::OK);
    client.json_patch(&item, &operations(10_001)).await.expect_status(
        413,
        "RequestEntityTooLarge",
        "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001",
    );
}

#[tokio::test]
async fn c4_3_2_a_json_patch_cannot_copy_without_end() {
    let client = Client::wardle();
    let mut body = flunder("a");
    body["metadata"]["annotations"] = json!({"a": "x".repeat(1 << 17)});
    client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
    let copies: Value = (0..30).map(|n| json!({"op": "copy", "from": "/metadata", "path": format!("/x{n}")})).collect();
    client.json_patch(&format!("{FLUNDERS}/a"), &copies).await.expect_status(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
    );
}

#[tokio::test]
async fn c4_3_4_a_timeout_is_a_duration() {
    let client = Client::wardle();
    client.flunder("a").await;
    let item = format!("{FLUNDERS}/a");
    for timeout in ["30s", "1m30s", "500ms", "100h", "0", ""] {
        client.get(&format!("{item}?timeout={timeout}")).await.expect(StatusCode::OK);
    }
    for (timeout, error) in [
        ("30", "time: missing unit in duration \\\"30\\\""),
        ("x", "time: invalid duration \\\"x\\\""),
        ("3y", "time: unknown unit \\\"y\\\" in duration \\\"3y\\\""),
    ] {
        let message = format!("invalid timeout specified in the request URL - {}", error.replace('\\', ""));
        let query = format!("?timeout={timeout}");
        client.get(&format!("{item}{query}")).await.expect_status(400, "BadRequest", &message);
        client.get(&format!("{FLUNDERS}{query}")).await.expect_status(400, "BadRequest", &message);
        let path = format!("{FLUNDERS}{query}");
        client.post(&path, &flunder("b")).await.expect_status(400, "BadRequest", &message);
        client.delete(&format!("{item}{query}")).await.expect_status(400, "BadRequest", &message);
    }
    assert_eq!(client.get(FLUNDERS).await.json["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn c4_3_4_a_watch_has_no_timeout() {
    let client = Client::wardle();
    client.flunder("a").await;
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=1&timeout=30")).await;
    assert_eq!(watch.next_name().await.1, "a");
}

#[tokio::test]
async fn c4_3_4_no_limit_is_too_long_for_the_clock() {
    let server = wardle::server(&StoreOptions::memory())
        .request_timeout(Duration::MAX)
        .min_request_timeout(Duration::MAX)
        .drain_timeout(Duration::MAX);
    let client = Client::new(server.prepare().expect("wardle fits together"));
    client.flunder("a").await;
    client.get(&format!("{FLUNDERS}/a?timeout=2562047h")).await.expect(StatusCode::OK);
    client.get(FLUNDERS).await.expect(StatusCode::OK);
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=1")).await;
    assert_eq!(watch.next_name().await.1, "a");
    client.server.shutdown().await;
}

/// An object that nobody ever gets.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "slow.example.com", version = "v1", kind = "Sloth")]
struct SlothSpec {}

/// A storage that never answers.
#[derive(Debug, RestResource)]
#[rest(
    group = "slow.example.com", version = "v1", resource = "sloths", object = Sloth, cluster,
    verbs(list, create, delete_collection, get, update, patch, delete)
)]
struct Sloths;

impl Getter for Sloths {
    async fn get(&self, _: &Context, _: &str, _: &GetOptions) -> Result<Sloth> {
        pending().await
    }
}

impl Lister for Sloths {
    async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<Sloth>> {
        pending().await
    }
}

impl Creater for Sloths {
    async fn create(&self, _: &Context, _: Sloth, _: &Admit<Sloth>, _: &CreateOptions) -> Result<Sloth> {
        pending().await
    }
}

impl Updater for Sloths {
    async fn update(&self, _: &Context, _: &str, _: &Change<Sloth>, _: &UpdateOptions) -> Result<(Sloth, Created)> {
        pending().await
    }
}

impl GracefulDeleter for Sloths {
    async fn delete(
        &self,
        _: &Context,
        _: &str,
        _: &Admit<Sloth>,
        _: &DeleteOptions,
    ) -> Result<(Deleted<Sloth>, bool)> {
        pending().await
    }
}

impl CollectionDeleter for Sloths {
    async fn delete_collection(
        &self,
        _: &Context,
        _: &Admit<Sloth>,
        _: &DeleteOptions,
        _: &ListOptions,
    ) -> Result<List<Sloth>> {
        pending().await
    }
}

const SLOTHS: &str = "/apis/slow.example.com/v1/sloths";
const WRITE_TIMEOUT: &str = "Timeout: request did not complete within requested timeout - context deadline exceeded";
const TIMEOUT: &str = "Timeout: request did not complete within the allotted timeout";

fn sloths(configure: impl FnOnce(ApiServerBuilder) -> ApiServerBuilder) -> Client {
    Client::new(configure(ApiServer::builder().install(Sloths)).prepare().unwrap())
}

/// Sends a request that is not answered, and gives the seconds of the (paused) clock after which the server gave up.
async fn seconds(client: &Client, method: Method, path: &str, message: &str) -> u64 {
    let sloth = json!({"metadata": {"name": "a"}, "spec": {}}).to_string();
    let (kind, body) = match method {
        Method::PATCH => ("application/merge-patch+json", "{}".to_owned()),
        Method::POST | Method::PUT => ("application/json", sloth),
        _ => ("", String::new()),
    };
    let uri = http::Request::builder().method(method).uri(path).header("content-type", kind);
    let start = Instant::now();
    let (parts, body) = client.open(uri.body(body.into()).unwrap()).await.into_parts();
    let passed = start.elapsed();
    let body = http_body_util::BodyExt::collect(body).await.unwrap().to_bytes();
    let json = serde_json::from_slice(&body).unwrap();
    let text = String::from_utf8_lossy(&body).into_owned();
    let answer = rest_resource_tests::Answer { code: parts.status, headers: parts.headers, text, json };
    answer.expect_status(504, "Timeout", message);
    // The clock of the runtime goes on by whole milliseconds only.
    (passed + Duration::from_millis(500)).as_secs()
}

#[tokio::test(start_paused = true)]
async fn c4_3_3_a_write_may_take_34_seconds() {
    let client = sloths(|builder| builder);
    let item = format!("{SLOTHS}/a");
    for (method, path) in
        [(Method::POST, SLOTHS), (Method::PUT, &*item), (Method::PATCH, &*item), (Method::DELETE, &*item)]
    {
        assert_eq!(seconds(&client, method, path, WRITE_TIMEOUT).await, 34, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn c4_3_3_a_write_ends_with_the_timeout_that_was_asked_for() {
    let client = sloths(|builder| builder);
    let path = format!("{SLOTHS}?timeout=10s");
    assert_eq!(seconds(&client, Method::POST, &path, WRITE_TIMEOUT).await, 10);
    let path = format!("{SLOTHS}?timeout=50s");
    assert_eq!(seconds(&client, Method::POST, &path, WRITE_TIMEOUT).await, 34);
}

#[tokio::test(start_paused = true)]
async fn c4_3_5_a_request_may_take_a_minute() {
    let client = sloths(|builder| builder);
    assert_eq!(seconds(&client, Method::GET, &format!("{SLOTHS}/a"), TIMEOUT).await, 60);
    assert_eq!(seconds(&client, Method::GET, SLOTHS, TIMEOUT).await, 60);
    assert_eq!(seconds(&client, Method::DELETE, SLOTHS, TIMEOUT).await, 60);
}

#[tokio::test(start_paused = true)]
async fn c4_3_4_a_timeout_shortens_and_never_lengthens() {
    let client = sloths(|builder| builder.request_timeout(Duration::from_secs(20)));
    for (query, expected) in [("", 20), ("?timeout=5s", 5), ("?timeout=1h", 20), ("?timeout=0", 20)] {
        let path = format!("{SLOTHS}/a{query}");
        assert_eq!(seconds(&client, Method::GET, &path, TIMEOUT).await, expected, "{query}");
    }
    // The write's own limit is the smaller of both.
    assert_eq!(seconds(&client, Method::POST, SLOTHS, WRITE_TIMEOUT).await, 20);
}
