//! Large responses are compressed for clients that accept gzip (contract 4.2.16).

use std::io::Read;

use flate2::read::GzDecoder;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::serving::soon;
use rest_resource_tests::{Client, Serving, deployments};
use serde_json::{Value, json};

/// A flunder of so many bytes, and a few more.
fn large(name: &str, bytes: usize) -> Value {
    let mut object = flunder(name);
    object["metadata"]["annotations"] = json!({"text": "all work and no play ".repeat(bytes / 21)});
    object
}

/// wardle with 300 flunders of more than 4 KiB: more than two of the pieces that a list is sent in.
async fn with_many() -> Client {
    let client = Client::wardle();
    for number in 0..300 {
        client.post(FLUNDERS, &large(&format!("f{number}"), 4096)).await.expect(StatusCode::CREATED);
    }
    client
}

fn get(path: &str, headers: &[(&str, &str)]) -> Request<Full<bytes::Bytes>> {
    let mut request = Request::get(format!("http://localhost{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Full::default()).expect("a request")
}

async fn bytes_of(client: &Client, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let (parts, body) = client.open(get(path, headers)).await.into_parts();
    let bytes = soon(body.collect()).await.expect("the response is whole").to_bytes();
    (parts.status, parts.headers, bytes.into())
}

fn unpacked(headers: &HeaderMap, bytes: &[u8]) -> Vec<u8> {
    assert_eq!(headers["content-encoding"], "gzip");
    assert!(headers.get_all("vary").iter().any(|value| value == "Accept-Encoding"), "{headers:?}");
    assert!(!headers.contains_key("content-length"), "{headers:?}");
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).expect("one whole gzip member");
    plain
}

/// A table of which the ages are taken, which go on between two requests. They are the last cells.
fn without_ages(table: &[u8]) -> Value {
    let mut table: Value = serde_json::from_slice(table).expect("a table");
    assert_eq!(
        table["columnDefinitions"].as_array().and_then(|columns| columns.last()).expect("columns")["name"],
        "Age"
    );
    for row in table["rows"].as_array_mut().expect("rows") {
        row["cells"].as_array_mut().and_then(Vec::pop).expect("an age");
    }
    table
}

#[tokio::test]
async fn c4_2_16_a_large_list_is_compressed_in_every_form() {
    let client = with_many().await;
    for accept in [
        "application/json",
        "application/json;pretty=1",
        "application/yaml",
        "application/json;as=Table;g=meta.k8s.io;v=v1",
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
    ] {
        let path = format!("{FLUNDERS}?includeObject=Object");
        let (code, plain_headers, plain) = bytes_of(&client, &path, &[("accept", accept)]).await;
        assert_eq!((code, plain_headers.get("content-encoding")), (StatusCode::OK, None), "{accept}");
        assert_eq!(plain_headers["vary"], "Accept-Encoding", "caches tell the two forms apart");
        let accepts = [("accept", accept), ("accept-encoding", "gzip")];
        let (code, headers, packed) = bytes_of(&client, &path, &accepts).await;
        assert_eq!(code, StatusCode::OK);
        assert_eq!(headers["content-type"], plain_headers["content-type"]);
        assert!(packed.len() * 4 < plain.len(), "{} of {}", packed.len(), plain.len());
        let unpacked = unpacked(&headers, &packed);
        if accept.contains("as=Table") {
            assert!(without_ages(&unpacked) == without_ages(&plain), "the same rows");
        } else {
            assert!(unpacked == plain, "the same bytes as {accept}");
        }
    }
}

#[tokio::test]
async fn c4_2_16_gzip_is_for_who_accepts_it() {
    let client = with_many().await;
    for coding in ["identity", "br, deflate", "gzip;q=0", "*"] {
        let (_, headers, plain) = bytes_of(&client, FLUNDERS, &[("accept-encoding", coding)]).await;
        assert_eq!(headers.get("content-encoding"), None, "{coding}");
        assert!(plain.starts_with(b"{"), "{coding}");
    }
    let (_, headers, packed) = bytes_of(&client, FLUNDERS, &[("accept-encoding", "br, gzip;q=0.5")]).await;
    assert!(unpacked(&headers, &packed).starts_with(b"{"));
}

#[tokio::test]
async fn c4_2_16_what_is_small_is_not_compressed() {
    let client = Client::wardle();
    client.post(FLUNDERS, &large("small", 100 * 1024)).await.expect(StatusCode::CREATED);
    let gzip = [("accept-encoding", "gzip")];
    for path in [FLUNDERS.to_owned(), format!("{FLUNDERS}/small"), "/apis".to_owned(), format!("{FLUNDERS}/none")] {
        let (_, headers, plain) = bytes_of(&client, &path, &gzip).await;
        assert_eq!((headers.get("content-encoding"), headers.get("vary")), (None, None), "{path}");
        assert!(plain.starts_with(b"{"), "{path}");
    }
}

#[tokio::test]
async fn c4_2_16_a_large_object_is_compressed_whatever_the_verb() {
    let client = Client::wardle();
    let item = format!("{FLUNDERS}/large");
    let sent = large("large", 200 * 1024).to_string();
    let headers = [("accept-encoding", "gzip"), ("content-type", "application/json")];
    let mut request = Request::builder().method(Method::POST).uri(FLUNDERS);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let (parts, body) = client.open(request.body(Full::from(sent)).expect("a request")).await.into_parts();
    let packed = soon(body.collect()).await.expect("the response is whole").to_bytes();
    assert_eq!(parts.status, StatusCode::CREATED);
    let created = unpacked(&parts.headers, &packed);
    let (_, headers, packed) = bytes_of(&client, &item, &headers[..1]).await;
    assert!(unpacked(&headers, &packed) == created);
    let (_, _, plain) = bytes_of(&client, &item, &[]).await;
    assert!(plain == created);
}

#[tokio::test]
async fn c4_2_16_a_watch_is_not_compressed() {
    let client = with_many().await;
    let path = format!("{FLUNDERS}?watch=true&resourceVersion=0");
    let response = client.open(get(&path, &[("accept-encoding", "gzip")])).await;
    assert_eq!(response.headers().get("content-encoding"), None);
    let frame = soon(response.into_body().frame()).await.expect("an event").expect("the watch goes on");
    assert!(frame.into_data().expect("an event").starts_with(b"{\"type\":\"ADDED\""));
}

#[tokio::test]
async fn c4_2_16_compressed_lists_travel_whole_over_both_protocols() {
    let client = with_many().await;
    let (_, _, plain) = bytes_of(&client, FLUNDERS, &[]).await;
    let serving = Serving::start(client.server.clone()).await;
    let request = || get(FLUNDERS, &[("accept-encoding", "gzip")]);
    let old = soon(serving.http1().await.send_request(request())).await.expect("a response");
    let new = soon(serving.http2().await.send_request(request())).await.expect("a response");
    for response in [old, new] {
        let (parts, body) = response.into_parts();
        let packed = soon(body.collect()).await.expect("the response is whole").to_bytes();
        assert!(unpacked(&parts.headers, &packed) == plain, "{:?}", parts.version);
    }
    serving.stopped().await;
}

#[tokio::test]
async fn c3_5_1_a_large_document_is_compressed_and_has_another_tag() {
    let client = Client::new(deployments::server());
    let path = "/openapi/v2";
    let (_, plain_headers, plain) = bytes_of(&client, path, &[]).await;
    let (_, headers, packed) = bytes_of(&client, path, &[("accept-encoding", "gzip")]).await;
    assert!(unpacked(&headers, &packed) == plain);
    let (strong, weak) = (&plain_headers["etag"], &headers["etag"]);
    let (strong, weak) = (strong.to_str().expect("text"), weak.to_str().expect("text"));
    assert_eq!(weak, format!("W/{strong}"));
    for tag in [strong, weak] {
        let again = [("accept-encoding", "gzip"), ("if-none-match", tag)];
        let (code, _, nothing) = bytes_of(&client, path, &again).await;
        assert_eq!((code, nothing.len()), (StatusCode::NOT_MODIFIED, 0), "{tag}");
    }
}
