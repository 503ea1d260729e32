//! GET with options and subpaths of the storage's own, and streams (contract 1.12, 1.23, 4.6.5).

use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::{HeaderValue, StatusCode};
use rest_resource::{Context, GetterWithOptions, Reply, ResourceStream, RestResource, Result, Status};
use rest_resource_tests::serving::{next_frame, soon};
use rest_resource_tests::{Client, Serving};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::{Options, SUBPATHS, THINGS, Thing, client, get, got, report, server};

/// `things/log`: an object or a stream, by options and a subpath.
#[derive(Debug, RestResource)]
#[rest(group = "verbs.example.com", version = "v1", resource = "things/log", object = Thing, verbs(get_with_options))]
pub(crate) struct Logs {
    pub(crate) gate: Arc<Notify>,
}

impl GetterWithOptions for Logs {
    type Options = Options;
    const SUBPATH: bool = true;

    async fn get_with_options(
        &self,
        cx: &Context,
        name: &str,
        options: &Options,
        subpath: Option<&str>,
    ) -> Result<Reply<Thing>> {
        let gate = Arc::clone(&self.gate);
        let lines = stream::iter([Bytes::from("one\n")]).chain(stream::once(async move {
            gate.notified().await;
            Bytes::from("two\n")
        }));
        let stream = |content_type: &str| {
            Reply::Stream(ResourceStream { content_type: content_type.to_owned(), stream: Box::pin(lines.map(Ok)) })
        };
        Ok(match name {
            "missing" => return Err(cx.not_found(name)),
            "text" => stream("text/plain"),
            "bytes" => stream(""),
            "status" => Reply::Status(Status::success()),
            _ => Reply::Object(report(name, &json!([options, subpath]))),
        })
    }
}

/// `things/summary`: options, but no subpath.
#[derive(Debug, RestResource)]
#[rest(
    group = "verbs.example.com", version = "v1", resource = "things/summary", object = Thing, verbs(get_with_options)
)]
pub(crate) struct Summaries;

impl GetterWithOptions for Summaries {
    type Options = Options;

    async fn get_with_options(
        &self,
        _: &Context,
        name: &str,
        options: &Options,
        subpath: Option<&str>,
    ) -> Result<Reply<Thing>> {
        Ok(Reply::Object(report(name, &json!([options, subpath]))))
    }
}

#[tokio::test]
async fn c1_12_options_of_every_type() {
    let client = client();
    let query = "follow&tailLines=5&ratio=0.5&container=c&command=sh&command=-c&unknown=1";
    for subresource in ["log", "summary"] {
        let answer = client.get(&format!("{THINGS}/a/{subresource}?{query}")).await.expect(StatusCode::OK);
        let options = json!({"follow": true, "tailLines": 5, "ratio": 0.5, "container": "c", "command": ["sh", "-c"]});
        assert_eq!(got(&answer), json!([options, null]));
        let answer = client.get(&format!("{THINGS}/a/{subresource}?follow=false")).await.expect(StatusCode::OK);
        let options = json!({"follow": false, "tailLines": null, "ratio": null, "container": null, "command": []});
        assert_eq!(got(&answer), json!([options, null]));
        for bad in ["tailLines=x", "tailLines=", "ratio=x"] {
            let refused = client.get(&format!("{THINGS}/a/{subresource}?{bad}")).await;
            let status = refused.expect(StatusCode::BAD_REQUEST);
            assert_eq!((&status["kind"], &status["reason"]), (&json!("Status"), &json!("BadRequest")), "{bad}");
        }
    }
    let message = "things.verbs.example.com \"missing\" not found";
    client.get(&format!("{THINGS}/missing/log")).await.expect_status(404, "NotFound", message);
}

#[tokio::test]
async fn c4_6_5_the_subpath_of_a_get() {
    let client = client();
    for (below, subpath) in SUBPATHS {
        let answer = client.get(&format!("{THINGS}/a/log{below}")).await.expect(StatusCode::OK);
        assert_eq!(got(&answer)[1], json!(subpath), "{below}");
    }
}

#[tokio::test]
async fn c4_6_5_without_a_subpath_there_is_nothing_below() {
    let client = client();
    let answer = client.get(&format!("{THINGS}/a/summary/")).await.expect(StatusCode::OK);
    assert_eq!(got(&answer)[1], Value::Null);
    let message = "the server could not find the requested resource";
    client.get(&format!("{THINGS}/a/summary/x")).await.expect_status(404, "NotFound", message);
}

#[tokio::test]
async fn c1_23_a_stream_arrives_as_it_is_written() {
    let (server, strings) = server();
    let serving = Serving::start(server).await;
    let mut http1 = serving.http1().await;
    for (name, content_type) in [("text", "text/plain"), ("bytes", "application/octet-stream")] {
        let response = soon(http1.send_request(get(&format!("{THINGS}/{name}/log")))).await.expect("a response");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], content_type);
        let mut body = response.into_body();
        assert_eq!(next_frame(&mut body).await.expect("the first line"), "one\n");
        strings.gate.notify_one();
        assert_eq!(next_frame(&mut body).await.expect("the second line"), "two\n");
        assert_eq!(next_frame(&mut body).await, None);
    }
    serving.stopped().await;
}

#[tokio::test]
async fn c1_23_a_stream_over_a_websocket_is_bytes_or_base64() {
    let (server, strings) = server();
    let serving = Serving::start(server).await;
    for (protocol, lines) in [
        (None, ["one\n", "two\n"].map(Message::binary)),
        (Some("binary.k8s.io"), ["one\n", "two\n"].map(Message::binary)),
        (Some("base64.binary.k8s.io"), ["b25lCg==", "dHdvCg=="].map(Message::text)),
    ] {
        let mut request = format!("ws://localhost{THINGS}/text/log").into_client_request().expect("a request");
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(protocol));
        }
        let opened = soon(client_async(request, serving.connect().await)).await;
        let (mut socket, response) = opened.expect("a WebSocket");
        assert_eq!(response.headers()["content-type"], "text/plain");
        let [one, two] = lines;
        assert_eq!(soon(socket.next()).await.expect("a message").expect("the first line"), one);
        strings.gate.notify_one();
        assert_eq!(soon(socket.next()).await.expect("a message").expect("the second line"), two);
        assert!(matches!(soon(socket.next()).await, Some(Ok(Message::Close(Some(_))))), "the end is told");
    }
    serving.stopped().await;
}

#[tokio::test]
async fn c1_23_a_stream_is_not_transformed() {
    let (server, strings) = server();
    strings.gate.notify_one();
    let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    let answer = Client::new(server).get_as(&format!("{THINGS}/text/log"), accept).await;
    assert_eq!((answer.header("content-type"), &*answer.text), ("text/plain", "one\ntwo\n"));
}

#[tokio::test]
async fn c1_12_a_status_instead_of_an_object() {
    let answer = client().get(&format!("{THINGS}/status/log")).await.expect(StatusCode::OK);
    assert_eq!((&answer["kind"], &answer["status"]), (&json!("Status"), &json!("Success")));
}
