//! CONNECT: plain HTTP, and upgraded connections (contract 4.11).

use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use http::{Method as HttpMethod, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use rest_resource::{ConnectRequest, Connecter, Context, Method, Response, ResponseBody, RestResource, Result};
use rest_resource_tests::serving::{Raw, soon, text};
use rest_resource_tests::{Client, Serving};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::sync::Notify;

use super::{Options, SUBPATHS, THINGS, Thing, builder, client, get, server};

/// `things/attach`: shouts back what it hears on an upgraded connection.
#[derive(Debug, RestResource)]
#[rest(group = "verbs.example.com", version = "v1", resource = "things/attach", object = Thing, verbs(connect))]
pub(crate) struct Attachments {
    pub(crate) ended: Arc<Notify>,
}

/// Tells that a session has ended, in whatever way.
struct Tell(Arc<Notify>);

impl Drop for Tell {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Connecter for Attachments {
    type Options = Options;
    const METHODS: &'static [Method] = &[Method::Get, Method::Post];

    async fn connect(&self, cx: &Context, name: &str, options: &Options, request: ConnectRequest) -> Result<Response> {
        if name == "missing" {
            return Err(cx.not_found(name));
        }
        let greeting = format!("{name} {:?} {:?}\n", options.command, request.subpath);
        let ended = Tell(Arc::clone(&self.ended));
        request.upgrade("shout", move |connection| async move {
            let _ended = ended;
            let (reader, mut writer) = tokio::io::split(connection);
            let mut lines = BufReader::new(reader).lines();
            let mut sent = writer.write_all(greeting.as_bytes()).await;
            while let (Ok(()), Ok(Some(line))) = (&sent, lines.next_line().await) {
                sent = writer.write_all(format!("{}\n", line.to_uppercase()).as_bytes()).await;
            }
            drop(writer.write_all(b"bye\n").await);
            drop(writer.shutdown().await);
        })
    }
}

/// `things/proxy`: says what it has got, and then sends the body back as it comes.
#[derive(Debug, RestResource)]
#[rest(group = "verbs.example.com", version = "v1", resource = "things/proxy", object = Thing, verbs(connect))]
pub(crate) struct Proxies {
    pub(crate) gate: Arc<Notify>,
}

impl Connecter for Proxies {
    type Options = Options;
    const METHODS: &'static [Method] = &[Method::Get, Method::Post, Method::Put, Method::Delete];
    const SUBPATH: bool = true;

    async fn connect(&self, cx: &Context, name: &str, options: &Options, request: ConnectRequest) -> Result<Response> {
        if name == "slow" {
            self.gate.notified().await;
        }
        let head = json!([request.parts.method.as_str(), cx.namespace(), name, request.subpath, options]);
        let head = stream::iter([Ok(Bytes::from(format!("{head}\n")))]);
        let echo = request.body.into_data_stream().map_err(std::io::Error::other);
        let mut response = Response::new(ResponseBody::stream(head.chain(echo)));
        *response.status_mut() = StatusCode::IM_A_TEAPOT;
        response.headers_mut().insert("x-proxied", "yes".parse().expect("a header"));
        Ok(response)
    }
}

#[tokio::test]
async fn c4_11_1_a_dry_run_cannot_be_connected() {
    let client = client();
    for dry_run in ["dryRun=All", "dryRun=", "dryRun"] {
        for target in ["attach", "proxy", "proxy/x"] {
            let refused = client.get(&format!("{THINGS}/a/{target}?{dry_run}")).await;
            refused.expect_status(400, "BadRequest", "dryRun is not supported");
        }
    }
}

#[tokio::test]
async fn c4_11_1_the_subpath_of_a_connect() {
    let client = client();
    for (below, subpath) in SUBPATHS {
        for method in [HttpMethod::GET, HttpMethod::POST, HttpMethod::PUT, HttpMethod::DELETE] {
            let answer = client.send(method.clone(), &format!("{THINGS}/a/proxy{below}"), &[], "").await;
            let got: Value = serde_json::from_str(answer.text.trim_end()).expect("JSON");
            assert_eq!((&got[0], &got[3]), (&json!(method.as_str()), &json!(subpath)), "{below}");
            assert_eq!((&got[1], &got[2]), (&json!("ns"), &json!("a")));
        }
    }
    let message = "the server does not allow this method on the requested resource";
    let refused = client.send(HttpMethod::PATCH, &format!("{THINGS}/a/proxy/x"), &[], "").await;
    assert_eq!(refused.header("allow"), "GET, POST, PUT, DELETE");
    refused.expect_status(405, "MethodNotAllowed", message);
}

#[tokio::test]
async fn c4_11_1_options_of_the_storages_own() {
    let client = client();
    let answer = client.get(&format!("{THINGS}/a/proxy/x?command=sh&command=-c&tailLines=5")).await;
    let got: Value = serde_json::from_str(answer.text.trim_end()).expect("JSON");
    assert_eq!((&got[4]["command"], &got[4]["tailLines"]), (&json!(["sh", "-c"]), &json!(5)));
    assert_eq!(client.get(&format!("{THINGS}/a/proxy/x?tailLines=x")).await.code, StatusCode::BAD_REQUEST);
}

/// A request timeout of nothing at all ends every request that has to wait, but no connection.
#[tokio::test]
async fn c4_11_1_a_connection_has_no_deadline() {
    let (builder, strings) = builder();
    let client = Client::new(builder.request_timeout(std::time::Duration::ZERO).prepare().expect("it fits together"));
    let (slow, connection) = (format!("{THINGS}/slow"), format!("{THINGS}/slow/proxy"));
    let after_the_timeout = async {
        assert_eq!(client.get(&slow).await.code, StatusCode::GATEWAY_TIMEOUT);
        strings.gate.notify_one();
    };
    let (answer, ()) = tokio::join!(client.get(&connection), after_the_timeout);
    assert_eq!(answer.code, StatusCode::IM_A_TEAPOT);
}

#[tokio::test]
async fn c4_11_2_the_storage_answers_as_it_likes() {
    let client = client();
    let headers = [("content-type", "image/png"), ("accept", "image/png"), ("audit-id", "my-id")];
    let answer = client.send(HttpMethod::POST, &format!("{THINGS}/a/proxy"), &headers, "body").await;
    assert_eq!((answer.code, answer.header("x-proxied")), (StatusCode::IM_A_TEAPOT, "yes"));
    assert_eq!(answer.header("audit-id"), "my-id");
    assert_eq!(answer.text.lines().nth(1), Some("body"));
    let message = "things.verbs.example.com \"missing\" not found";
    client.get(&format!("{THINGS}/missing/attach")).await.expect_status(404, "NotFound", message);
}

#[tokio::test]
async fn c4_11_2_plain_http_streams_both_ways() {
    let (server, _) = server();
    let serving = Serving::start(server).await;
    let mut raw = Raw::request(&serving, &format!("POST {THINGS}/a/proxy"), "transfer-encoding: chunked\r\n").await;
    assert_eq!(raw.head().await[0], "http/1.1 418 i'm a teapot");
    assert!(raw.chunk().await.expect("what the storage has got").starts_with("[\"POST\",\"ns\",\"a\""));
    for said in ["one\n", "two\n"] {
        raw.send(&format!("{:x}\r\n{said}\r\n", said.len())).await;
        assert_eq!(raw.chunk().await.as_deref(), Some(said), "it comes back before the request has ended");
    }
    raw.send("0\r\n\r\n").await;
    assert_eq!(raw.chunk().await, None);
    serving.stopped().await;
}

fn upgrade(path: &str) -> Request<Full<Bytes>> {
    let request = Request::post(path).header("host", "localhost").header("connection", "keep-alive, Upgrade");
    request.header("upgrade", "SHOUT").body(Full::default()).expect("a request")
}

/// An upgraded connection, greeted.
async fn upgraded(serving: &Serving) -> BufReader<TokioIo<hyper::upgrade::Upgraded>> {
    let mut http1 = serving.http1().await;
    let request = upgrade(&format!("{THINGS}/a/attach?command=sh"));
    let response = soon(http1.send_request(request)).await.expect("a response");
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(
        (&response.headers()["connection"], &response.headers()["upgrade"]),
        (&"Upgrade".parse().expect("a header"), &"shout".parse().expect("a header"))
    );
    let connection = soon(hyper::upgrade::on(response)).await.expect("an upgraded connection");
    let mut connection = BufReader::new(TokioIo::new(connection));
    assert_eq!(read_line(&mut connection).await, "a [\"sh\"] None\n");
    connection
}

async fn read_line(connection: &mut BufReader<TokioIo<hyper::upgrade::Upgraded>>) -> String {
    let mut line = String::new();
    soon(connection.read_line(&mut line)).await.expect("a line");
    line
}

#[tokio::test]
async fn c4_11_2_an_upgraded_connection_has_bytes_both_ways() {
    let (server, strings) = server();
    let serving = Serving::start(server).await;
    let mut connection = upgraded(&serving).await;
    for (said, heard) in [("hello\n", "HELLO\n"), ("again\n", "AGAIN\n")] {
        connection.get_mut().write_all(said.as_bytes()).await.expect("the line is sent");
        assert_eq!(read_line(&mut connection).await, heard);
    }
    connection.get_mut().shutdown().await.expect("the client's side is closed");
    let mut rest = String::new();
    soon(connection.read_to_string(&mut rest)).await.expect("the rest");
    assert_eq!(rest, "bye\n", "the storage may speak after the client has ended");
    soon(strings.ended.notified()).await;
    serving.stopped().await;
}

#[tokio::test]
async fn c4_11_2_an_upgraded_connection_ends_with_the_server() {
    let (server, strings) = server();
    let mut serving = Serving::start(server).await;
    let mut connection = upgraded(&serving).await;
    serving.stop();
    soon(strings.ended.notified()).await;
    assert_eq!(read_line(&mut connection).await, "", "the connection is closed");
    serving.stopped().await;
}

#[tokio::test]
async fn c4_11_2_an_upgraded_connection_ends_with_its_resource() {
    let (server, strings) = server();
    let serving = Serving::start(server.clone()).await;
    let mut connection = upgraded(&serving).await;
    assert!(server.remove("verbs.example.com", "things/attach").await.expect("nothing needs it"));
    soon(strings.ended.notified()).await;
    assert_eq!(read_line(&mut connection).await, "", "the connection is closed");
    serving.stopped().await;
}

#[tokio::test]
async fn c4_11_2_what_is_no_upgrade_is_400() {
    let (server, _) = server();
    let target = format!("{THINGS}/a/attach");
    let client = Client::new(server.clone());
    let message = "an upgrade to shout is required";
    for headers in [
        &[][..],
        &[("upgrade", "shout")],
        &[("connection", "upgrade")],
        &[("connection", "upgrade"), ("upgrade", "websocket")],
        &[("connection", "close"), ("upgrade", "shout")],
    ] {
        let refused = client.send(HttpMethod::GET, &target, headers, "").await;
        refused.expect_status(400, "BadRequest", message);
    }
    // Without a socket there is nothing to upgrade, whatever the client asks for.
    let refused = client.send(HttpMethod::GET, &target, &[("connection", "Upgrade"), ("upgrade", "shout")], "").await;
    refused.expect_status(400, "BadRequest", "this connection cannot be upgraded to shout");

    let serving = Serving::start(server).await;
    let response = soon(serving.http1().await.send_request(get(&target))).await.expect("a response");
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(text(response.into_body()).await.contains(message));
    serving.stopped().await;
}
