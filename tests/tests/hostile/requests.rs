//! Methods, paths, queries and headers that make no sense.

use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use serde_json::{Value, json};

use super::{JSON, Target, refused};

const GROUP_VERSION: &str = "/apis/wardle.example.com/v1beta1";
const UNKNOWN_RESOURCE: &str = "the server could not find the requested resource";

#[tokio::test]
async fn names_in_paths() {
    let target = Target::with_a().await;
    let merge = ("content-type", "application/merge-patch+json");
    for (segment, message) in [
        (".", "Name parameter invalid: \".\": may not be '.'"),
        ("..", "Name parameter invalid: \"..\": may not be '..'"),
        ("%2e%2E", "Name parameter invalid: \"..\": may not be '..'"),
        ("a%2Fb", "Name parameter invalid: \"a/b\": may not contain '/'"),
        ("a%25b", "Name parameter invalid: \"a%b\": may not contain '%'"),
        ("%2f%25", "Name parameter invalid: \"/%\": may not contain '/';may not contain '%'"),
        ("a%", "Name parameter invalid: \"a%\": may not contain '%'"),
        ("%zz", "Name parameter invalid: \"%zz\": may not contain '%'"),
        ("%ff", "the path segment \"%ff\" is not UTF-8"),
        ("%c3", "the path segment \"%c3\" is not UTF-8"),
    ] {
        let path = format!("{FLUNDERS}/{segment}");
        target.client.get(&path).await.expect_status(400, "BadRequest", message);
        target.client.delete(&path).await.expect_status(400, "BadRequest", message);
        target.client.put(&path, &flunder("a")).await.expect_status(400, "BadRequest", message);
        target.client.send(Method::PATCH, &path, &[merge], "{}").await.expect_status(400, "BadRequest", message);
        target.client.get(&format!("{path}/status")).await.expect_status(400, "BadRequest", message);
        let path = format!("{GROUP_VERSION}/namespaces/{segment}/flunders");
        let message = message.replace("Name parameter", "Namespace parameter");
        target.client.get(&path).await.expect_status(400, "BadRequest", &message);
        target.client.post(&path, &flunder("b")).await.expect_status(400, "BadRequest", &message);
        target.client.delete(&path).await.expect_status(400, "BadRequest", &message);
    }
    target.is_unharmed().await;
}

#[tokio::test]
async fn names_that_no_object_can_have() {
    let target = Target::with_a().await;
    let long = "a".repeat(300);
    for (segment, quoted) in [
        ("A", "\"A\""),
        (&*long, &*format!("\"{long}\"")),
        ("%00", "\"\\x00\""),
        ("%22", "\"\\\"\""),
        ("a;b", "\"a;b\""),
    ] {
        let path = format!("{FLUNDERS}/{segment}");
        let message = format!("flunders.wardle.example.com {quoted} not found");
        target.client.get(&path).await.expect_status(404, "NotFound", &message);
        target.client.delete(&path).await.expect_status(404, "NotFound", &message);
        let patched = target.client.merge_patch(&path, &json!({})).await;
        patched.expect_status(404, "NotFound", &message);
    }
    target.is_unharmed().await;
}

#[tokio::test]
async fn empty_segments() {
    let target = Target::with_a().await;
    let message = "Namespace parameter required.";
    let path = format!("{GROUP_VERSION}/namespaces//flunders");
    target.client.get(&path).await.expect_status(400, "BadRequest", message);
    target.client.get(&format!("{path}?watch=1")).await.expect_status(400, "BadRequest", message);
    target.client.post(&path, &flunder("b")).await.expect_status(400, "BadRequest", message);
    target.client.delete(&path).await.expect_status(400, "BadRequest", message);
    target.client.delete(&format!("{path}/a")).await.expect_status(400, "BadRequest", message);
    let path = format!("{FLUNDERS}//status");
    target.client.get(&path).await.expect_status(400, "BadRequest", "Name parameter required.");
    for path in ["//flunders", "/watch//flunders", "/namespaces/default//flunders", "/namespaces/default//a/b"] {
        let path = format!("{GROUP_VERSION}{path}");
        target.client.get(&path).await.expect_status(404, "NotFound", UNKNOWN_RESOURCE);
    }
    target.is_unharmed().await;
}

#[tokio::test]
async fn paths_that_lead_nowhere() {
    let target = Target::with_a().await;
    let long = "a/".repeat(10_000);
    for path in ["/", "/.", "/..", "//", "/apis/../etc/passwd", "/%2e%2e/", "/*", "/favicon.ico", &*format!("/{long}")]
    {
        let answer = target.client.get(path).await;
        assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&answer.code), "{path}: {}", answer.text);
    }
    for path in ["/flunders/a/b", "/flunders/a/status/b", "/flunder", "/Flunders", "/proxy/flunders", "/flunders%00"] {
        let path = format!("{GROUP_VERSION}{path}");
        let path = path.replace("/flunders/a/", "/namespaces/default/flunders/a/");
        target.client.get(&path).await.expect_status(404, "NotFound", UNKNOWN_RESOURCE);
        target.client.delete(&path).await.expect_status(404, "NotFound", UNKNOWN_RESOURCE);
    }
    target.is_unharmed().await;
}

#[tokio::test]
async fn odd_methods() {
    let target = Target::with_a().await;
    let message = "the server does not allow this method on the requested resource";
    for method in ["HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "Post", "X", "!#$%&'*+-.^_`|~"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        for path in [FLUNDERS, &*format!("{FLUNDERS}/a"), &*format!("{FLUNDERS}/a/status"), FISCHERS] {
            let answer = target.client.send(method.clone(), path, &[JSON], flunder("a").to_string()).await;
            answer.expect_status(405, "MethodNotAllowed", message);
        }
    }
    let everywhere = format!("{GROUP_VERSION}/flunders");
    target.client.delete(&everywhere).await.expect_status(405, "MethodNotAllowed", message);
    target.client.post(&everywhere, &flunder("b")).await.expect_status(405, "MethodNotAllowed", message);
    target.client.post(&format!("{FLUNDERS}/b"), &flunder("b")).await.expect_status(405, "MethodNotAllowed", message);
    target.client.put(FLUNDERS, &flunder("b")).await.expect_status(405, "MethodNotAllowed", message);
    target.is_unharmed().await;
}

#[tokio::test]
async fn queries_that_cannot_be_read() {
    let target = Target::with_a().await;
    for (query, start) in [
        ("labelSelector=%ff", "unable to parse requirement: <nil>: Invalid value: \"\u{fffd}\": "),
        ("labelSelector=a%00", "unable to parse requirement: <nil>: Invalid value: \"a\\x00\": "),
        ("labelSelector=((", "found '(', expected: !, identifier, or 'end of string'"),
        ("fieldSelector=%ff", "invalid selector: '\u{fffd}'; can't understand '\u{fffd}'"),
        ("fieldSelector=metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"),
        ("limit=99999999999999999999", "strconv.ParseInt: parsing \"99999999999999999999\": value out of range"),
        ("limit=1e3", "strconv.ParseInt: parsing \"1e3\": invalid syntax"),
        ("limit=", "strconv.ParseInt: parsing \"\": invalid syntax"),
        ("watch=1&timeoutSeconds=x", "strconv.ParseInt: parsing \"x\": invalid syntax"),
        ("continue=%ff", "invalid continue token: continue key is not valid: illegal base64 data at input byte 0"),
        ("resourceVersion=%00", "invalid resource version: resourceVersion: Invalid value: \"\\x00\": "),
        ("watch=1&resourceVersion=-1", "invalid resource version: resourceVersion: Invalid value: \"-1\": "),
        ("timeout=%00", "invalid timeout specified in the request URL - time: invalid duration \"\\x00\""),
    ] {
        refused(target.client.get(&format!("{FLUNDERS}?{query}")).await, 400, "BadRequest", start);
        if !query.contains("watch") {
            refused(target.client.delete(&format!("{FLUNDERS}?{query}")).await, 400, "BadRequest", start);
        }
    }
    target.is_unharmed().await;
}

#[tokio::test]
async fn values_that_options_do_not_have() {
    let target = Target::with_a().await;
    for (query, kind) in [
        ("resourceVersionMatch=x", "ListOptions"),
        ("resourceVersion=0&resourceVersionMatch=Exact", "ListOptions"),
        ("sendInitialEvents=true", "ListOptions"),
        ("watch=1&resourceVersion=1&resourceVersionMatch=Exact", "ListOptions"),
    ] {
        let answer = target.client.get(&format!("{FLUNDERS}?{query}")).await;
        refused(answer, 422, "Invalid", &format!("{kind}.meta.k8s.io \"\" is invalid: "));
    }
    for query in ["propagationPolicy=x", "dryRun=x", "orphanDependents=true&propagationPolicy=Orphan"] {
        let answer = target.client.delete(&format!("{FLUNDERS}/a?{query}")).await;
        refused(answer, 422, "Invalid", "DeleteOptions.meta.k8s.io \"\" is invalid: ");
    }
    let answer = target.client.merge_patch(&format!("{FLUNDERS}/a?force=true"), &json!({})).await;
    refused(answer, 422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: force: ");
    target.is_unharmed().await;
}

#[tokio::test]
async fn queries_that_mean_nothing() {
    let target = Target::with_a().await;
    let many = "a=b&".repeat(10_000);
    for query in ["%ff=%ff", "a=%", "&&&&", "=", "===", "a;b=c", "dryRun", "unheard=of", "\u{e9}=\u{e9}", &*many] {
        let list = target.client.get(&format!("{FLUNDERS}?{query}")).await.expect(StatusCode::OK);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{query}");
    }
    target.is_unharmed().await;
}

#[tokio::test]
async fn absurd_headers() {
    let target = Target::with_a().await;
    let clauses = vec!["a/b;q=0.1;x=\"\\\"\""; 5_000].join(",");
    let values: [Vec<u8>; 9] = [
        Vec::new(),
        b"\xff\xfe".to_vec(),
        vec![b'a'; 60_000],
        vec![b','; 60_000],
        vec![b'"'; 60_000],
        b"application/json;".repeat(3_000),
        clauses.into_bytes(),
        b";;;=;=\"".to_vec(),
        "äöü/€;q=∞".as_bytes().to_vec(),
    ];
    for name in [
        "accept",
        "accept-encoding",
        "user-agent",
        "audit-id",
        "authorization",
        "content-length",
        "expect",
        "if-none-match",
        "transfer-encoding",
        "host",
        "x-unheard-of",
        "cookie",
        "warning",
        "te",
    ] {
        for value in &values {
            let request = Request::get(format!("{FLUNDERS}/a")).header(name, value.as_slice());
            let response = target.client.open(request.body(Full::default()).unwrap()).await;
            let code = response.status();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            let json: Value = serde_json::from_slice(&body).unwrap();
            match code.as_u16() {
                200 => assert_eq!(json["metadata"]["name"], "a"),
                406 if name == "accept" => assert_eq!(json["reason"], "NotAcceptable"),
                other => panic!("{name}: {other}"),
            }
        }
    }
    for value in &values[1..] {
        let request = Request::post(FLUNDERS).header("content-type", value.as_slice());
        let response = target.client.open(request.body(Full::from(flunder("b").to_string())).unwrap()).await;
        // A JSON type with thousands of parameters is a JSON type.
        let is_json = value.starts_with(b"application/json;");
        assert_eq!(response.status().as_u16(), if is_json { 201 } else { 415 }, "{value:?}");
        if is_json {
            target.client.delete(&format!("{FLUNDERS}/b")).await.expect(StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn thousands_of_headers() {
    let target = Target::with_a().await;
    let mut request = Request::get(format!("{FLUNDERS}/a"));
    let headers = request.headers_mut().unwrap();
    for number in 0..5_000 {
        let name = HeaderName::try_from(format!("x-{number}")).unwrap();
        headers.append(name, HeaderValue::from_static("x"));
        headers.append("accept", HeaderValue::from_static("text/x, application/json"));
    }
    let response = target.client.open(request.body(Full::default()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK);
    target.is_unharmed().await;
}
