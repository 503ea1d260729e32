//! What a server does with paths that are not its own, and with its life, beside the contract.

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
async fn unknown_paths_are_delegated_as_they_came() {
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
async fn installed_paths_are_not_delegated() {
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
async fn what_is_disabled_is_delegated() {
    let server = wardle::server(&StoreOptions::memory())
        .disable("wardle.example.com/v1alpha1")
        .delegate(service_fn(echo))
        .prepare()
        .expect("wardle fits together");
    let answer = Client::new(server).get("/apis/wardle.example.com/v1alpha1/fischers").await;
    assert_eq!(answer.code, StatusCode::IM_A_TEAPOT);
}

#[tokio::test]
async fn a_delegate_that_fails_is_a_bad_gateway() {
    let failing = |_: Request<RequestBody>| async { Err::<Response<Full<Bytes>>, _>("the secret reason") };
    let server = ApiServer::builder().delegate(service_fn(failing)).prepare().expect("nothing to fit together");
    let answer = Client::new(server).get("/other").await;
    assert_eq!((answer.code, &*answer.text), (StatusCode::BAD_GATEWAY, "bad gateway\n"));
}

#[tokio::test]
async fn a_server_can_be_the_delegate_of_another() {
    let inner = wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together");
    let outer = ApiServer::builder().delegate(inner).prepare().expect("nothing to fit together");
    let client = Client::new(outer);
    client.post(FLUNDERS, &flunder("a")).await.expect(StatusCode::CREATED);
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    assert_eq!(client.get("/apis").await.expect(StatusCode::OK)["groups"], json!([]));
}

#[tokio::test]
async fn watches_end_when_the_server_shuts_down() {
    let client = Client::wardle();
    client.flunder("a").await;
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    client.server.shutdown().await;
    assert_eq!(watch.next().await, None);
}

#[test]
fn every_mistake_of_a_server_is_one_line() {
    let error = wardle::server(&StoreOptions::memory())
        .disable("wardle.example.com/v1alpha1/flunder")
        .enable("wardle.example.com/v2")
        .disable("wardle.example.com")
        .prepare()
        .expect_err("none of these is installed");
    assert_eq!(
        error.to_string(),
        "`wardle.example.com/v1alpha1/flunder` names no installed version or resource\n\
         `wardle.example.com/v2` names no installed version or resource\n\
         `wardle.example.com` names no installed version or resource"
    );
}
