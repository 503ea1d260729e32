//! HTTP/1.1 and HTTP/2 (contract 7.4.1).

use http::{Method, StatusCode, Version};
use rest_resource_tests::Serving;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::serving::{soon, text};

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
