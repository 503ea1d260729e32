//! HTTP/1.1 and HTTP/2 (contract 7.4.1).

use std::collections::BTreeMap;

use http::{Method, StatusCode, Version};
use rest_resource_tests::Serving;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::serving::{soon, text};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{GATES, WATCH, gates, get, one_of, prepare, request, wardle};

#[tokio::test]
async fn c7_4_1_http1_and_http2_on_one_port() {
    let serving = Serving::start(wardle()).await;
    let create = request(Method::POST, FLUNDERS, flunder("a").to_string());
    let created = soon(serving.http1().await.send_request(create)).await.expect("a response");
    assert_eq!((created.status(), created.version()), (StatusCode::CREATED, Version::HTTP_11));
    let created = text(created.into_body()).await;

    let got = soon(serving.http2().await.send_request(get(&format!("{FLUNDERS}/a")))).await.expect("a response");
    assert_eq!((got.status(), got.version()), (StatusCode::OK, Version::HTTP_2));
    assert_eq!(text(got.into_body()).await, created);
    serving.stopped().await;
}

#[tokio::test]
async fn c7_4_1_an_http1_connection_carries_one_request_after_the_other() {
    let serving = Serving::start(wardle()).await;
    let mut http1 = serving.http1().await;
    for (request, code) in [
        (request(Method::POST, FLUNDERS, flunder("a").to_string()), 201),
        (get(&format!("{FLUNDERS}/a")), 200),
        (request(Method::POST, "/nothing", "a body that nobody reads"), 404),
        (request(Method::PUT, &format!("{FLUNDERS}/a"), "{"), 400),
        (get("/version"), 200),
    ] {
        soon(http1.ready()).await.expect("the connection is still open");
        let response = soon(http1.send_request(request)).await.expect("a response");
        assert_eq!(response.status().as_u16(), code);
        text(response.into_body()).await;
    }
    drop(http1);
    serving.stopped().await;
}

#[tokio::test]
async fn c7_4_1_an_http2_connection_carries_requests_side_by_side() {
    let (builder, strings) = gates();
    let serving = Serving::start(prepare(builder)).await;
    let mut http2 = serving.http2().await;
    let watch = soon(http2.send_request(get(WATCH))).await.expect("a watch");
    let slow = tokio::spawn(http2.send_request(get(&format!("{GATES}/a"))));
    one_of(&strings.begun).await;
    let fast = soon(http2.send_request(get("/version"))).await.expect("a response");
    assert_eq!(fast.status(), StatusCode::OK);
    assert!(!slow.is_finished());
    strings.open.add_permits(1);
    let slow = soon(slow).await.expect("no panic").expect("a response");
    assert_eq!((slow.status(), watch.status()), (StatusCode::OK, StatusCode::OK));
    drop((watch, slow, fast));
    serving.stopped().await;
}

/// The first frame of the server is its settings, each a number and its value.
#[tokio::test]
async fn c7_4_1_http2_says_its_limits() {
    let serving = Serving::start(wardle()).await;
    let mut connection = serving.connect().await;
    connection.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.expect("the server takes it");
    let mut head = [0; 9];
    soon(connection.read_exact(&mut head)).await.expect("a frame");
    assert_eq!(head[3], 4, "SETTINGS");
    let mut settings = vec![0; usize::from(head[2])];
    soon(connection.read_exact(&mut settings)).await.expect("the settings");
    let settings: BTreeMap<u16, u32> = settings
        .chunks_exact(6)
        .map(|setting| {
            let value = [setting[2], setting[3], setting[4], setting[5]];
            (u16::from_be_bytes([setting[0], setting[1]]), u32::from_be_bytes(value))
        })
        .collect();
    let (streams, window, head_size) = (settings[&3], settings[&4], settings[&6]);
    assert_eq!((streams, window, head_size), (1000, 256 * 1024, 1024 * 1024));
    drop(connection);
    serving.stopped().await;
}

/// A selector or a token may be long; a head that has no end is not read to it.
#[tokio::test]
async fn c7_4_1_heads_are_bounded() {
    let serving = Serving::start(wardle()).await;
    let with_header = |size: usize| {
        let mut request = get("/version");
        let value = http::HeaderValue::from_str(&"x".repeat(size)).expect("a value");
        request.headers_mut().insert("x-long", value);
        request
    };
    for (size, code) in [(200 * 1024, StatusCode::OK), (1_100_000, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)] {
        for response in [
            soon(serving.http1().await.send_request(with_header(size))).await,
            soon(serving.http2().await.send_request(with_header(size))).await,
        ] {
            assert_eq!(response.expect("a response").status(), code);
        }
    }
    serving.stopped().await;
}
