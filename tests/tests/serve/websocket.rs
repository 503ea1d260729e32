//! Watches over a WebSocket (contract 4.8.17).

use futures::{SinkExt, StreamExt};
use http::header::{HeaderName, HeaderValue};
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::serving::{soon, text};
use rest_resource_tests::{Client, Serving};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::{GATES, WATCH, gates, one_of, prepare, wardle};

type Socket = WebSocketStream<TcpStream>;

const PROTOCOL: &str = "sec-websocket-protocol";

async fn ask(
    serving: &Serving,
    path: &str,
    headers: &[(&'static str, &'static str)],
) -> Result<(Socket, Response), Error> {
    let mut request = format!("ws://localhost{path}").into_client_request().expect("a request");
    for (name, value) in headers {
        request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    soon(client_async(request, serving.connect().await)).await
}

async fn open(serving: &Serving, path: &str) -> Socket {
    ask(serving, path, &[]).await.expect("a WebSocket").0
}

async fn message(socket: &mut Socket) -> Message {
    soon(socket.next()).await.expect("a message").expect("the connection lives")
}

async fn event(socket: &mut Socket) -> Value {
    let Message::Text(event) = message(socket).await else { panic!("a text") };
    serde_json::from_str(event.as_str()).expect("one event")
}

/// Type and name of the next event.
async fn name(socket: &mut Socket) -> String {
    let event = event(socket).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("{} {}", text(&event["type"]), text(&event["object"]["metadata"]["name"]))
}

/// The code with which the server closes; then nothing more comes.
async fn closed(socket: &mut Socket) -> CloseCode {
    let Message::Close(Some(frame)) = message(socket).await else { panic!("an end with a reason") };
    assert!(soon(socket.next()).await.is_none(), "the server closes the connection");
    frame.code
}

#[tokio::test]
async fn c4_8_17_an_event_is_a_message() {
    let client = Client::new(wardle());
    let serving = Serving::start(client.server.clone()).await;
    client.flunder("a").await;
    let path = format!("{FLUNDERS}?watch=true&resourceVersion=0");
    let (mut socket, response) = ask(&serving, &path, &[]).await.expect("a WebSocket");
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(response.headers().contains_key("audit-id") && !response.headers().contains_key(PROTOCOL));
    assert_eq!(name(&mut socket).await, "ADDED a");
    client.flunder("b").await;
    client.merge_patch(&format!("{FLUNDERS}/a"), &serde_json::json!({"metadata": {"labels": {"a": "b"}}})).await;
    client.delete(&format!("{FLUNDERS}/b")).await;
    for expected in ["ADDED b", "MODIFIED a", "DELETED b"] {
        assert_eq!(name(&mut socket).await, expected);
    }
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_bookmarks_and_tables_are_messages_too() {
    let client = Client::new(wardle());
    let serving = Serving::start(client.server.clone()).await;
    client.flunder("a").await;
    let initial = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    let path = format!("{FLUNDERS}?{initial}");
    let table = ("accept", "application/json;as=Table;g=meta.k8s.io;v=v1");
    let mut plain = open(&serving, &path).await;
    let (mut tables, _) = ask(&serving, &path, &[table]).await.expect("a WebSocket");
    assert_eq!(name(&mut plain).await, "ADDED a");
    let bookmark = event(&mut plain).await;
    assert_eq!(bookmark["type"], "BOOKMARK");
    assert_eq!(bookmark["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
    let row = event(&mut tables).await;
    assert_eq!((&row["type"], &row["object"]["kind"]), (&"ADDED".into(), &"Table".into()));
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_what_the_client_says_is_dropped_and_pings_are_answered() {
    let client = Client::new(wardle());
    let serving = Serving::start(client.server.clone()).await;
    let mut socket = open(&serving, &format!("{FLUNDERS}?watch=true")).await;
    for said in [Message::text("hello"), Message::binary(vec![0, 159]), Message::Pong("x".into())] {
        soon(socket.send(said)).await.expect("it is sent");
    }
    soon(socket.send(Message::Ping("are you there".into()))).await.expect("it is sent");
    assert_eq!(message(&mut socket).await, Message::Pong("are you there".into()));
    client.flunder("a").await;
    assert_eq!(name(&mut socket).await, "ADDED a");
    soon(socket.send(Message::binary(vec![0; 65 * 1024]))).await.expect("it is sent");
    assert_eq!(closed(&mut socket).await, CloseCode::Size, "nothing is that long");
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_the_client_ends_the_watch() {
    let (builder, strings) = gates();
    let serving = Serving::start(prepare(builder)).await;
    let mut socket = open(&serving, WATCH).await;
    soon(socket.close(None)).await.expect("the end is sent");
    one_of(&strings.left).await;
    assert!(matches!(message(&mut socket).await, Message::Close(_)), "the end is answered");
    assert!(soon(socket.next()).await.is_none(), "and the connection closed");
    drop(open(&serving, WATCH).await);
    one_of(&strings.left).await;
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_the_end_of_the_watch_closes_the_connection() {
    let (builder, strings) = gates();
    let server = prepare(builder);
    let mut serving = Serving::start(server.clone()).await;
    let mut ended = open(&serving, &format!("{WATCH}&timeoutSeconds=1")).await;
    assert_eq!(closed(&mut ended).await, CloseCode::Normal);
    one_of(&strings.left).await;
    let mut stopped = open(&serving, WATCH).await;
    serving.stop();
    assert_eq!(closed(&mut stopped).await, CloseCode::Away);
    one_of(&strings.left).await;
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_a_removed_resource_closes_the_connection() {
    let (builder, _strings) = gates();
    let server = prepare(builder);
    let serving = Serving::start(server.clone()).await;
    let mut removed = open(&serving, WATCH).await;
    assert!(server.remove("serve.example.com", "gates").await.expect("nothing needs it"));
    assert_eq!(closed(&mut removed).await, CloseCode::Away);
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_a_slow_client_misses_nothing_and_delays_nobody() {
    const COUNT: usize = 300;
    let client = Client::new(wardle());
    let serving = Serving::start(client.server.clone()).await;
    let path = format!("{FLUNDERS}?watch=true");
    let mut slow = open(&serving, &path).await;
    let mut quick = open(&serving, &path).await;
    // More than the sockets hold.
    let long = "x".repeat(64 * 1024);
    for number in 0..COUNT {
        let mut object = flunder(&format!("f{number}"));
        object["metadata"]["annotations"] = serde_json::json!({"long": long});
        client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
        assert_eq!(name(&mut quick).await, format!("ADDED f{number}"));
    }
    // It is cut if it was too far behind, but gets all before that, in order.
    let mut seen = 0;
    while let Some(Ok(Message::Text(event))) = soon(slow.next()).await {
        let event: Value = serde_json::from_str(event.as_str()).expect("one event");
        if event["type"] == "ERROR" {
            break;
        }
        assert_eq!(event["object"]["metadata"]["name"], format!("f{seen}"));
        seen += 1;
        if seen == COUNT {
            break;
        }
    }
    assert!(seen > 0);
    client.flunder("last").await;
    assert_eq!(name(&mut quick).await, "ADDED last");
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_the_subprotocol_with_the_token_is_not_answered() {
    let serving = Serving::start(wardle()).await;
    let path = format!("{FLUNDERS}?watch=true");
    for (offered, answered) in [
        ("base64url.bearer.authorization.k8s.io.c2VjcmV0, v1.watch", "v1.watch"),
        ("v1.watch, base64url.bearer.authorization.k8s.io.c2VjcmV0", "v1.watch"),
        ("one, two", "one"),
    ] {
        let (_, response) = ask(&serving, &path, &[(PROTOCOL, offered)]).await.expect("a WebSocket");
        assert_eq!(response.headers()[PROTOCOL], answered, "{offered}");
    }
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_a_bad_handshake_is_400() {
    let serving = Serving::start(wardle()).await;
    let path = format!("{FLUNDERS}?watch=true");
    let good = [
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let version = "Sec-WebSocket-Version must be 13";
    let key = "Sec-WebSocket-Key must be 16 bytes in base64";
    let token = "a subprotocol must be offered beside the one with the token";
    for (changed, value, message) in [
        ("sec-websocket-version", "", version),
        ("sec-websocket-version", "8", version),
        ("sec-websocket-key", "", key),
        ("sec-websocket-key", "dGhlIHNhbXBsZQ==", key),
        ("sec-websocket-key", "not base64, really not..", key),
        (PROTOCOL, "base64url.bearer.authorization.k8s.io.c2VjcmV0", token),
    ] {
        let mut request = Request::builder().method(Method::GET).uri(&path).header("host", "localhost");
        for (name, good) in good.iter().filter(|(name, _)| *name != changed) {
            request = request.header(*name, *good);
        }
        if !value.is_empty() {
            request = request.header(changed, value);
        }
        let request = request.body(Full::default()).expect("a request");
        let response = soon(serving.http1().await.send_request(request)).await.expect("a response");
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{changed}: {value}");
        let body = text(response.into_body()).await;
        assert!(body.contains(message) && body.contains("\"kind\":\"Status\""), "{body}");
    }
    // Without a socket there is nothing to upgrade.
    let refused = Client::new(wardle()).send(Method::GET, &path, &good, "").await;
    refused.expect_status(400, "BadRequest", "this connection cannot be upgraded to websocket");
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_a_page_of_another_site_is_refused() {
    let serving = Serving::start(wardle()).await;
    let path = format!("{FLUNDERS}?watch=true");
    for origin in ["http://localhost", "https://LOCALHOST"] {
        ask(&serving, &path, &[("origin", origin)]).await.expect("a WebSocket");
    }
    for origin in ["http://example.com", "http://localhost:81", "null", ""] {
        let Err(Error::Http(response)) = ask(&serving, &path, &[("origin", origin)]).await else {
            panic!("no WebSocket: {origin}")
        };
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{origin}");
    }
    serving.stopped().await;
}

#[tokio::test]
async fn c4_8_17_what_cannot_be_watched_is_answered_as_without_a_websocket() {
    let (builder, _strings) = gates();
    let serving = Serving::start(prepare(builder)).await;
    let yaml = [("accept", "application/yaml")];
    for (path, headers, code) in [
        (format!("{WATCH}&labelSelector=!!"), &[][..], 400),
        (WATCH.to_owned(), &yaml[..], 406),
        (format!("{GATES}s?watch=true"), &[], 404),
    ] {
        let Err(Error::Http(response)) = ask(&serving, &path, headers).await else { panic!("no WebSocket: {path}") };
        assert_eq!(response.status().as_u16(), code, "{path}");
    }
    serving.stopped().await;
}
