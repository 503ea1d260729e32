//! Paths that are not the server's own, and installing while it runs (contract 7.2).

use std::convert::Infallible;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Collected, Full};
use rest_resource::StoreOptions;
use rest_resource::server::{ApiServer, RequestBody};
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::{Client, wardle};
use serde_json::json;
use tower::service_fn;

use crate::probe::ConfigMaps;

/// Says what it was asked.
async fn echo(request: Request<RequestBody>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let text = format!("{} {} {}", parts.method, parts.uri, String::from_utf8_lossy(&body));
    let response = Response::builder().status(StatusCode::IM_A_TEAPOT).header("x-echo", "yes");
    Ok(response.body(Full::from(text)).expect("a response"))
}

fn delegating() -> Client {
    let server = wardle::server(&StoreOptions::memory()).delegate(service_fn(echo)).prepare();
    Client::new(server.expect("wardle fits together"))
}

#[tokio::test]
async fn c7_2_1_unknown_paths_are_delegated_as_they_came() {
    let client = delegating();
    for (method, path) in [
        (Method::GET, "/"),
        (Method::POST, "/other/path?a=b"),
        (Method::GET, "/api"),
        (Method::GET, "/api/v1/pods"),
        (Method::PUT, "/apis/other.example.com/v1/things/a"),
        (Method::GET, "/openapi/v4"),
    ] {
        let answer = client.send(method.clone(), path, &[], "body").await;
        assert_eq!((answer.code, answer.text), (StatusCode::IM_A_TEAPOT, format!("{method} {path} body")));
        assert_eq!(answer.headers["x-echo"], "yes");
    }
}

#[tokio::test]
async fn c7_2_1_installed_paths_are_not_delegated() {
    let client = delegating();
    client.flunder("a").await;
    for (path, code) in [
        (FLUNDERS, 200),
        ("/apis", 200),
        ("/version", 200),
        ("/healthz", 200),
        ("/openapi/v3", 200),
        ("/apis/wardle.example.com/v1beta1", 200),
        ("/apis/wardle.example.com/v1beta1/things", 404),
    ] {
        let answer = client.get(path).await;
        assert_eq!((answer.code.as_u16(), answer.headers.get("x-echo")), (code, None), "{path}");
    }
}

#[tokio::test]
async fn c7_2_1_what_is_disabled_is_delegated() {
    let server = wardle::server(&StoreOptions::memory())
        .disable("wardle.example.com/v1alpha1")
        .delegate(service_fn(echo))
        .prepare()
        .expect("wardle fits together");
    let answer = Client::new(server).get("/apis/wardle.example.com/v1alpha1/fischers").await;
    assert_eq!(answer.code, StatusCode::IM_A_TEAPOT);
}

#[tokio::test]
async fn c7_2_1_a_delegate_that_fails_is_a_bad_gateway() {
    let failing = |_: Request<RequestBody>| async { Err::<Response<Full<Bytes>>, _>("the secret reason") };
    let server = ApiServer::builder().delegate(service_fn(failing)).prepare().expect("nothing to fit together");
    let answer = Client::new(server).get("/other").await;
    assert_eq!((answer.code, &*answer.text), (StatusCode::BAD_GATEWAY, "bad gateway\n"));
}

#[tokio::test]
async fn c7_2_1_a_server_can_be_the_delegate_of_another() {
    let inner = wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together");
    let outer = ApiServer::builder().delegate(inner).prepare().expect("nothing to fit together");
    let client = Client::new(outer);
    client.post(FLUNDERS, &flunder("a")).await.expect(StatusCode::CREATED);
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    assert_eq!(client.get("/apis").await.expect(StatusCode::OK)["groups"], json!([]));
}

/// Each server tells of itself: an outer one does not know what the inner one needs.
#[tokio::test]
async fn c7_2_1_health_and_discovery_are_each_servers_own() {
    let inner = wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together");
    let outer = ApiServer::builder().delegate(inner.clone()).prepare().expect("nothing to fit together");
    let client = Client::new(outer);
    inner.shutdown().await;
    assert_eq!(Client::new(inner).get("/readyz").await.code, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(client.get("/readyz").await.code, StatusCode::OK);
    let group = client.get("/apis/wardle.example.com").await.expect(StatusCode::OK);
    assert_eq!(group["name"], "wardle.example.com", "the inner server answers for its own groups");
}

/// The core group is installed as the others are, and discovery shows each while it is there.
#[tokio::test]
async fn c7_2_2_groups_come_and_go() {
    let client = Client::wardle();
    assert_eq!(client.get("/api").await.code, StatusCode::NOT_FOUND);
    client.server.install(ConfigMaps::new()).expect("it fits beside wardle");
    assert_eq!(client.get("/api").await.expect(StatusCode::OK)["versions"], json!(["v1"]));
    assert_eq!(client.server.remove("", "configmaps").await, Ok(true));
    assert_eq!(client.get("/api").await.code, StatusCode::NOT_FOUND);
}
