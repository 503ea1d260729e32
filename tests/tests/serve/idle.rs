//! Connections that nobody uses (contract 7.4.1).
//!
//! The clock stands still, and runs ahead to the next timer where nothing else is left to do: what the server would wait
//! for is over at once, and a server that waits for nothing fails the test.

use std::time::Duration;

use http::StatusCode;
use rest_resource_tests::Serving;
use rest_resource_tests::serving::{Raw, soon, text};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, advance, pause, resume, timeout};

use super::tls::Tls;
use super::{FLOOD, GATES, HUGE, WATCH, gates, get, one_of, prepare, wardle};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

/// Waits until the server closes the connection, and says how long it took by the clock that is paused.
async fn closed(mut connection: impl AsyncRead + Unpin) -> Duration {
    let begun = Instant::now();
    pause();
    let read = timeout(Duration::from_hours(2), connection.read_to_end(&mut Vec::new())).await;
    let took = begun.elapsed();
    resume();
    // However it is closed: a server that has not read all may reset the connection.
    drop(read.expect("the server closes the connection"));
    took
}

/// Lets time go by, in steps that leave clients the time to answer pings.
async fn pass(serving: &Serving, seconds: u64) {
    for _ in 0..seconds / 10 {
        pause();
        advance(Duration::from_secs(10)).await;
        resume();
        for _ in 0..2 {
            soon(serving.http1().await.send_request(get("/version"))).await.expect("a response");
        }
    }
}

#[tokio::test]
async fn c7_4_1_who_never_sends_a_request_is_left() {
    let serving = Serving::start(wardle()).await;
    let sent: [&[u8]; 6] = [
        b"",
        b"PRI * HTT",
        PREFACE,
        &[PREFACE, SETTINGS].concat(),
        b"GET /version HTT",
        b"GET /version HTTP/1.1\r\nhost: localhost\r\nx-header: y",
    ];
    for sent in sent {
        let mut connection = serving.connect().await;
        connection.write_all(sent).await.expect("the server takes it");
        closed(connection).await;
    }
    serving.stopped().await;
}

#[tokio::test]
async fn c7_4_1_who_sends_nothing_over_tls_is_left() {
    let tls = Tls::new();
    let serving = tls.serve(wardle()).await;
    closed(serving.connect().await).await;
    for protocol in ["h2", "http/1.1"] {
        closed(tls.connect(&serving, &[protocol]).await.expect("TLS")).await;
    }
    serving.stopped().await;
}

#[tokio::test]
async fn c7_4_1_an_idle_connection_is_closed_after_a_while() {
    let serving = Serving::start(wardle()).await;
    let mut http1 = Raw::request(&serving, "GET /version", "").await;
    http1.head().await;
    assert!(closed(http1.into_inner()).await > Duration::from_mins(1), "it may be used again for a while");

    let mut http2 = serving.http2().await;
    let answered = soon(http2.send_request(get("/version"))).await.expect("a response");
    text(answered.into_body()).await;
    pass(&serving, 60).await;
    assert!(!http2.is_closed(), "it may be used again for a while");
    pass(&serving, 40).await;
    soon(async { while http2.ready().await.is_ok() {} }).await;
    serving.stopped().await;
}

#[tokio::test]
async fn c7_4_1_a_watch_is_not_idle() {
    let (builder, strings) = gates();
    let serving = Serving::start(prepare(builder)).await;
    let mut http1 = Raw::request(&serving, &format!("GET {WATCH}"), "").await;
    http1.head().await;
    let mut http2 = serving.http2().await;
    let watch = soon(http2.send_request(get(WATCH))).await.expect("a watch");
    pass(&serving, 200).await;
    assert_eq!(strings.left.available_permits(), 0, "both are held");
    let other = soon(http2.send_request(get("/version"))).await.expect("the connection is still there");
    assert_eq!(other.status(), StatusCode::OK);
    drop((http1, http2, watch, other));
    one_of(&strings.left).await;
    one_of(&strings.left).await;
    serving.stopped().await;
}

#[tokio::test]
async fn c7_4_1_who_does_not_read_what_it_has_asked_for_is_left() {
    let (builder, strings) = gates();
    let serving = Serving::start(prepare(builder)).await;
    let mut http1 = Raw::request(&serving, &format!("GET {FLOOD}"), "").await;
    http1.head().await;
    let mut http2 = serving.http2().await;
    let flood = soon(http2.send_request(get(FLOOD))).await.expect("a watch");
    let mut huge = serving.connect().await;
    let request = format!("GET {GATES}/huge HTTP/1.1\r\nhost: localhost\r\n\r\n");
    huge.write_all(request.as_bytes()).await.expect("the server takes it");
    pass(&serving, 200).await;
    assert_eq!(strings.left.available_permits(), 0, "they may read on after a while");
    pass(&serving, 400).await;
    one_of(&strings.left).await;
    one_of(&strings.left).await;
    let mut read = Vec::new();
    // However it is closed.
    let _ = soon(huge.read_to_end(&mut read)).await;
    assert!(read.len() < HUGE, "all was sent");
    drop((http1, http2, flood));
    serving.stopped().await;
}

/// The peer's kernel is still there, and takes what is sent; but nobody answers.
#[tokio::test]
async fn c7_4_1_an_http2_peer_that_is_dead_is_left() {
    let (builder, strings) = gates();
    let serving = Serving::start(prepare(builder)).await;
    let mut connection = serving.connect().await;
    // GET, http, and the path without compression: indexes 2, 6 and 4 of the static table.
    let mut head = vec![0x82, 0x86, 0x04, u8::try_from(WATCH.len()).expect("a short path")];
    head.extend_from_slice(WATCH.as_bytes());
    let size = u8::try_from(head.len()).expect("a short head");
    let headers = [&[0, 0, size, 1, 0x05, 0, 0, 0, 1], &*head].concat();
    connection.write_all(&[PREFACE, SETTINGS, &headers].concat()).await.expect("the server takes it");
    let mut frame = [0];
    soon(connection.read_exact(&mut frame)).await.expect("the server answers");
    closed(connection).await;
    one_of(&strings.left).await;
    serving.stopped().await;
}
