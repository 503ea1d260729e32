//! The graceful shutdown (contract 7.3.4, 7.3.5).

use std::sync::atomic::Ordering;
use std::time::Duration;

use http::StatusCode;
use rest_resource_tests::serving::{Raw, next_frame, soon, text};
use rest_resource_tests::{Client, Serving};
use serde_json::Value;
use tokio::net::TcpStream;

use super::{GATES, WATCH, gates, get, one_of, prepare, wardle};

#[tokio::test]
async fn c7_3_5_the_shutdown_ends_watches_cleanly() {
    let (builder, strings) = gates();
    let mut serving = Serving::start(prepare(builder)).await;
    let mut raw = Raw::request(&serving, &format!("GET {WATCH}"), "").await;
    raw.head().await;
    let mut http2 = soon(serving.http2().await.send_request(get(WATCH))).await.expect("a watch").into_body();
    serving.stop();
    assert_eq!(raw.chunk().await, None);
    assert!(raw.is_closed().await);
    assert_eq!(next_frame(&mut http2).await, None);
    serving.stopped().await;
    one_of(&strings.left).await;
}

#[tokio::test]
async fn c7_3_4_the_shutdown_waits_for_running_requests() {
    let (builder, strings) = gates();
    let server = prepare(builder);
    let mut serving = Serving::start(server.clone()).await;
    let mut watch = Raw::request(&serving, &format!("GET {WATCH}"), "").await;
    watch.head().await;
    let (mut http1, mut http2) = (serving.http1().await, serving.http2().await);
    let path = format!("{GATES}/a");
    let (http1, http2) = (tokio::spawn(http1.send_request(get(&path))), tokio::spawn(http2.send_request(get(&path))));
    one_of(&strings.begun).await;
    one_of(&strings.begun).await;

    serving.stop();
    assert_eq!(watch.chunk().await, None, "the shutdown has begun");
    TcpStream::connect(serving.address).await.expect_err("nobody listens any more");
    let client = Client::new(server);
    assert_eq!(client.get("/readyz").await.code, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(client.get("/livez").await.code, StatusCode::OK);
    assert_eq!(strings.destroyed.load(Ordering::Relaxed), 0, "the storage is still needed");

    assert!(!http1.is_finished() && !http2.is_finished());
    strings.open.add_permits(2);
    for running in [http1, http2] {
        let response = soon(running).await.expect("no panic").expect("a response");
        assert_eq!(response.status(), StatusCode::OK);
        let gate: Value = serde_json::from_str(&text(response.into_body()).await).expect("JSON");
        assert_eq!(gate["metadata"]["name"], "a");
    }
    serving.stopped().await;
    assert_eq!(strings.destroyed.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn c7_3_4_what_is_not_done_in_time_is_cut_off() {
    let (builder, strings) = gates();
    let mut serving = Serving::start(prepare(builder.drain_timeout(Duration::from_millis(1)))).await;
    let (mut http1, mut http2) = (serving.http1().await, serving.http2().await);
    let path = format!("{GATES}/a");
    let (http1, http2) = (tokio::spawn(http1.send_request(get(&path))), tokio::spawn(http2.send_request(get(&path))));
    one_of(&strings.begun).await;
    one_of(&strings.begun).await;
    serving.stop();
    soon(http1).await.expect("no panic").expect_err("the request is not answered");
    soon(http2).await.expect("no panic").expect_err("the request is not answered");
    serving.stopped().await;
    assert_eq!(strings.destroyed.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn c7_3_4_the_shutdown_does_not_wait_for_idle_connections() {
    let serving = Serving::start(wardle()).await;
    let silent = serving.connect().await;
    let (mut http1, mut http2) = (serving.http1().await, serving.http2().await);
    for answered in [http1.send_request(get("/version")).await, http2.send_request(get("/version")).await] {
        text(answered.expect("a response").into_body()).await;
    }
    serving.stopped().await;
    drop((silent, http1, http2));
}

#[tokio::test]
async fn c7_3_4_after_the_shutdown_no_watch_begins() {
    let (builder, _) = gates();
    let server = prepare(builder);
    server.shutdown().await;
    let mut watch = Client::new(server).watch(WATCH).await;
    assert_eq!(watch.next().await, None);
}
