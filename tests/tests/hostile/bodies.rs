//! Bodies that are no object, or too much of one.

use std::fmt::Write;

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::{Method, Request, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use rest_resource_tests::client::FLUNDERS;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{JSON, Target, YAML, refused};

const NOT_AN_OBJECT: &str = "the object provided is unrecognized (must be of type Flunder): ";
const NOT_JSON: &str = "the object provided is unrecognized (must be of type Flunder): \
                        couldn't get version/kind; json parse error: ";
const NOT_A_FLUNDER: &str = "Flunder in version \"v1beta1\" cannot be handled as a Flunder: ";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or \
                         '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used \
                         for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

fn nested(open: &str, close: &str, depth: usize) -> String {
    format!("{}{}", open.repeat(depth), close.repeat(depth))
}

/// Posts a body, updates by it and deletes with it; nothing comes of it.
async fn refused_everywhere(header: (&str, &str), body: impl Into<Bytes>, start: &str, rest: &str) {
    let target = Target::with_a().await;
    let body = body.into();
    let item = format!("{FLUNDERS}/a");
    for (method, path) in [(Method::POST, FLUNDERS), (Method::PUT, &*item)] {
        let answer = target.client.send(method.clone(), path, &[header], body.clone()).await;
        assert_eq!(refused(answer, 400, "BadRequest", start), rest, "{method}");
    }
    let answer = target.client.send(Method::DELETE, &item, &[header], body).await;
    refused(answer, 400, "BadRequest", "DeleteOptions in the body cannot be read: ");
    target.is_unharmed().await;
}

#[tokio::test]
async fn malformed_json() {
    for (body, error) in [
        ("{\"metadata\":{\"name\":", "EOF while parsing a value at line 1 column 20 ({\"metadata\":{\"name\":)"),
        ("{\"a\":1,}", "trailing comma at line 1 column 8 ({\"a\":1,})"),
        ("{} {}", "trailing characters at line 1 column 4 ({} {})"),
        ("\u{feff}{}", "expected value at line 1 column 1 (efbbbf7b7d)"),
        ("\0", "expected value at line 1 column 1 (00)"),
        (
            "{\"a\":\"\0\"}",
            "control character (\\u0000-\\u001F) found while parsing a string at line 1 column 7 ({\"a\":\"\0\"})",
        ),
        ("{\"a\":\"\\ud800\"}", "unexpected end of hex escape at line 1 column 13 ({\"a\":\"\\ud800\"})"),
    ] {
        refused_everywhere(JSON, body, NOT_JSON, error).await;
    }
}

#[tokio::test]
async fn invalid_utf_8() {
    let error = "invalid unicode code point at line 1 column 22 ({\"metadata\":{\"name\":\"\u{fffd}\"}})";
    refused_everywhere(JSON, &b"{\"metadata\":{\"name\":\"\xff\"}}"[..], NOT_JSON, error).await;
    let error = "the document is not valid UTF-8 (6e616d653a20ff)";
    refused_everywhere(YAML, &b"name: \xff"[..], NOT_JSON, error).await;
    let error = "expected value at line 1 column 1 (fffe7b)";
    refused_everywhere(JSON, &b"\xff\xfe{"[..], NOT_JSON, error).await;
}

#[tokio::test]
async fn json_ten_thousand_deep() {
    let lists = nested("[", "]", 10_000);
    let error = format!("recursion limit exceeded at line 1 column 128 ({} ...)", "5b".repeat(30));
    refused_everywhere(JSON, lists.clone(), NOT_JSON, &error).await;
    refused_everywhere(YAML, lists, NOT_JSON, &error).await;
    let objects = format!("{{\"spec\":{}1{}}}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let error = "recursion limit exceeded at line 1 column 639 ({\"spec\":{\"a\":{\"a\":{\"a\":{\"a\":{\" ...)";
    refused_everywhere(JSON, objects, NOT_JSON, error).await;
    refused_everywhere(
        JSON,
        "[".repeat(3_000_000),
        NOT_JSON,
        &format!("recursion limit exceeded at line 1 column 128 ({} ...)", "5b".repeat(30)),
    )
    .await;
}

#[tokio::test]
async fn yaml_ten_thousand_deep() {
    let error = format!("recursion limit exceeded at line 1 column 257 ({} ...)", "2d20".repeat(15));
    refused_everywhere(YAML, "- ".repeat(10_000), NOT_JSON, &error).await;
    let target = Target::empty().await;
    let maps: Vec<String> = (0..1_500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let answer = target.client.send(Method::POST, FLUNDERS, &[YAML], maps.concat()).await;
    let rest = refused(answer, 400, "BadRequest", NOT_JSON);
    assert!(rest.starts_with("a.a.a.") || rest.contains("recursion limit exceeded"), "{rest}");
    target.is_unharmed().await;
}

#[tokio::test]
async fn yaml_alias_bombs() {
    let mut laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(",");
        let _ = writeln!(laughs, "a{level}: &a{level} [{aliases}]");
    }
    let target = Target::empty().await;
    let answer = target.client.send(Method::POST, FLUNDERS, &[YAML], laughs).await;
    let rest = refused(answer, 400, "BadRequest", NOT_JSON);
    assert!(rest.contains("aliases expand the document beyond what was sent"), "{rest}");
    target.is_unharmed().await;
    let error = "recursion limit exceeded at line 1 column 4 (613a202661205b2a615d)";
    refused_everywhere(YAML, "a: &a [*a]", NOT_JSON, error).await;
}

#[tokio::test]
async fn yaml_of_several_documents() {
    let error =
        "deserializing from YAML containing more than one document is not supported (613a20620a2d2d2d0a633a2064)";
    refused_everywhere(YAML, "a: b\n---\nc: d", NOT_JSON, error).await;
}

#[tokio::test]
async fn duplicate_keys() {
    let target = Target::empty().await;
    let path = format!("{FLUNDERS}?fieldValidation=Strict");
    let body = r#"{"kind":"Flunder","kind":"Flunder","metadata":{"name":"a","name":"b"},"spec":{}}"#;
    target.client.send(Method::POST, &path, &[JSON], body).await.expect_status(
        400,
        "BadRequest",
        &format!("{NOT_A_FLUNDER}strict decoding error: duplicate field \"kind\", duplicate field \"metadata.name\""),
    );
    // A million times the same key: one problem.
    let body = format!("{{\"metadata\":{{\"name\":\"a\"}},\"spec\":{{}}{}}}", ",\"spec\":{}".repeat(200_000));
    let error = format!("{NOT_A_FLUNDER}strict decoding error: duplicate field \"spec\"");
    target.client.send(Method::POST, &path, &[JSON], body).await.expect_status(400, "BadRequest", &error);
    target.is_unharmed().await;
}

#[tokio::test]
async fn huge_numbers() {
    let target = Target::empty().await;
    for (spec, column) in [("1e999".to_owned(), 42), ("9".repeat(1000), 1037), ("-".to_owned() + &"9".repeat(400), 438)]
    {
        let body = format!(r#"{{"metadata":{{"name":"a"}},"spec":{{"x":{spec}}}}}"#);
        let error = format!(
            "{NOT_JSON}number out of range at line 1 column {column} ({{\"metadata\":{{\"name\":\"a\"}},\"spec ...)"
        );
        target.client.send(Method::POST, FLUNDERS, &[JSON], body).await.expect_status(400, "BadRequest", &error);
    }
    let body = r#"{"metadata":{"name":"a","generation":99999999999999999999},"spec":{}}"#;
    let error = format!("{NOT_A_FLUNDER}metadata.generation: invalid type: floating point `1e+20`, expected i64");
    target.client.send(Method::POST, FLUNDERS, &[JSON], body).await.expect_status(400, "BadRequest", &error);
    let body = r#"{"metadata":{"name":"a","resourceVersion":"99999999999999999999"},"spec":{}}"#;
    let answer = target.client.send(Method::POST, FLUNDERS, &[JSON], body).await;
    answer.expect_status(400, "BadRequest", "invalid resource version: \"99999999999999999999\"");
    target.is_unharmed().await;
}

#[tokio::test]
async fn the_wrong_kind_or_version() {
    let target = Target::empty().await;
    for (api_version, kind, message) in [
        (
            json!("v1"),
            json!("Secret"),
            "Secret in version \"v1\" cannot be handled as a Flunder: \
             no kind \"Secret\" is registered for version \"v1\"",
        ),
        (
            json!("wardle.example.com/v9"),
            json!("Flunder"),
            "the API version in the data (wardle.example.com/v9) does not match the expected API version \
             (wardle.example.com/v1beta1)",
        ),
        (
            json!("a/b/c"),
            json!("Flunder"),
            "the object provided is unrecognized (must be of type Flunder): unexpected GroupVersion string: a/b/c \
             ({\"apiVersion\":\"a/b/c\",\"kind\":\" ...)",
        ),
        (
            json!(["v1"]),
            json!("Flunder"),
            "the object provided is unrecognized (must be of type Flunder): couldn't get version/kind; \
             json parse error: cannot unmarshal array into field .apiVersion of type string \
             ({\"apiVersion\":[\"v1\"],\"kind\":\"F ...)",
        ),
        (
            Value::Null,
            json!("\n\u{7}"),
            "\n\u{7} in version \"v1beta1\" cannot be handled as a Flunder: \
             no kind \"\\n\\a\" is registered for version \"wardle.example.com/v1beta1\"",
        ),
    ] {
        let body = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, "spec": {}});
        target.client.post(FLUNDERS, &body).await.expect_status(400, "BadRequest", message);
    }
    let long = "x".repeat(1 << 20);
    let answer = target.client.post(FLUNDERS, &json!({"kind": long})).await;
    assert!(answer.text.len() < 8192, "what a client sends does not come back at length");
    target.is_unharmed().await;
}

#[tokio::test]
async fn bad_names() {
    let target = Target::empty().await;
    let long = "a".repeat(300);
    let too_long = "must be no more than 253 characters";
    for (name, quoted, wrong) in [
        (".", "\".\"", vec!["may not be '.'"]),
        ("..", "\"..\"", vec!["may not be '..'"]),
        ("a/b", "\"a/b\"", vec!["may not contain '/'"]),
        ("a%b", "\"a%b\"", vec!["may not contain '%'"]),
        ("a/%", "\"a/%\"", vec!["may not contain '/'", "may not contain '%'"]),
        ("A", "\"A\"", vec![SUBDOMAIN]),
        ("a\0", "\"a\\x00\"", vec![SUBDOMAIN]),
        ("ä", "\"ä\"", vec![SUBDOMAIN]),
        ("\"", "\"\\\"\"", vec![SUBDOMAIN]),
        (&*long, &*format!("\"{long}\""), vec![too_long]),
    ] {
        let errors: Vec<String> =
            wrong.iter().map(|wrong| format!("metadata.name: Invalid value: {quoted}: {wrong}")).collect();
        let errors = if errors.len() == 1 { errors.concat() } else { format!("[{}]", errors.join(", ")) };
        let message = format!("Flunder.wardle.example.com {quoted} is invalid: {errors}");
        let body = json!({"metadata": {"name": name}, "spec": {}});
        target.client.post(FLUNDERS, &body).await.expect_status(422, "Invalid", &message);
    }
    for name in [json!(["a"]), json!({"a": "a"}), json!(1), json!(true)] {
        let answer = target.client.post(FLUNDERS, &json!({"metadata": {"name": name}, "spec": {}})).await;
        refused(answer, 400, "BadRequest", &format!("{NOT_A_FLUNDER}metadata.name: "));
    }
    target.is_unharmed().await;
}

#[tokio::test]
async fn four_mebibytes() {
    let target = Target::with_a().await;
    let item = format!("{FLUNDERS}/a");
    let message = "Request entity too large: limit is 3145728";
    let merge = ("content-type", "application/merge-patch+json");
    for (method, path, header) in [
        (Method::POST, FLUNDERS, JSON),
        (Method::POST, FLUNDERS, YAML),
        (Method::PUT, &*item, JSON),
        (Method::PATCH, &*item, merge),
        (Method::DELETE, &*item, JSON),
        (Method::DELETE, FLUNDERS, JSON),
    ] {
        for byte in [b'a', b'{', b'\n'] {
            let body = vec![byte; 4 << 20];
            let answer = target.client.send(method.clone(), path, &[header], body).await;
            answer.expect_status(413, "RequestEntityTooLarge", message);
        }
    }
    target.is_unharmed().await;
}

/// Sends a body as it comes.
async fn post_stream(
    target: &Target,
    frames: impl futures::Stream<Item = std::io::Result<Frame<Bytes>>> + Send + 'static,
) -> (StatusCode, Value) {
    let request = Request::post(FLUNDERS).header(JSON.0, JSON.1).body(StreamBody::new(Box::pin(frames))).unwrap();
    let (parts, body) = target.client.server.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn a_body_without_end() {
    let target = Target::empty().await;
    let spaces = Bytes::from(vec![b' '; 64 << 10]);
    let (code, status) = post_stream(&target, stream::repeat_with(move || Ok(Frame::data(spaces.clone())))).await;
    assert_eq!((code.as_u16(), &status["reason"]), (413, &json!("RequestEntityTooLarge")));
    target.is_unharmed().await;
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    let target = Target::empty().await;
    let whole = Frame::data(Bytes::from_static(br#"{"metadata":{"name":"a"},"spec":{}}"#));
    let frames = stream::iter([Ok(whole), Err(std::io::Error::other("reset"))]);
    let (code, status) = post_stream(&target, frames).await;
    assert_eq!((code.as_u16(), &status["message"]), (400, &json!("the body could not be read: reset")));
    target.is_unharmed().await;
}

/// The clock is paused: the 34 seconds that a write has pass at once.
#[tokio::test(start_paused = true)]
async fn a_body_that_never_comes() {
    let target = Target::empty().await;
    let begin = stream::iter([Ok(Frame::data(Bytes::from_static(b"{")))]);
    let (code, status) = post_stream(&target, begin.chain(stream::pending())).await;
    assert_eq!((code.as_u16(), &status["reason"]), (504, &json!("Timeout")));
    target.is_unharmed().await;
}

#[tokio::test]
async fn a_body_of_empty_frames_and_trailers() {
    let target = Target::empty().await;
    let empty = stream::iter((0..1000).map(|_| Ok(Frame::data(Bytes::new()))));
    let trailers = stream::iter([Ok(Frame::trailers(http::HeaderMap::new()))]);
    let (code, status) = post_stream(&target, empty.chain(trailers)).await;
    let message = status["message"].as_str().unwrap_or_default();
    assert!(code == StatusCode::BAD_REQUEST && message.starts_with(NOT_AN_OBJECT), "{message}");
    assert!(message.ends_with(" (<empty>)"), "{message}");
    target.is_unharmed().await;
}
