//! What every response has in common, and the answers to paths and methods that are not there (contract 4.12).

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::convert::Infallible;

use http::{Method, Request, StatusCode};
use kube::CustomResource;
use rest_resource::server::ApiServer;
use rest_resource::{Context, GetOptions, Getter, ResponseBody, RestResource, Status};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use rest_resource_tests::wardle::v1beta1::Flunder;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::service_fn;

/// Answers with what its objects are named after.
#[derive(Debug, RestResource)]
#[rest(
    group = "wardle.example.com", version = "v1beta1", resource = "flunders", object = Flunder, verbs(get)
)]
struct Failing;

impl Getter for Failing {
    async fn get(&self, cx: &Context, name: &str, _: &GetOptions) -> rest_resource::Result<Flunder> {
        match name {
            "unauthorized" => Err(Status::unauthorized("Unauthorized")),
            "forbidden" => Err(cx.forbidden(name, "no reason")),
            "panic" => panic!("on purpose"),
            _ => Err(cx.not_found(name)),
        }
    }
}

fn failing() -> Client {
    Client::new(ApiServer::builder().install(Failing).prepare().expect("it fits together"))
}

/// Paths of every kind, and the code of GET.
const ANSWERS: [(&str, u16); 9] = [
    (FLUNDERS, 200),
    ("/apis/wardle.example.com/v1beta1/namespaces/default/flunders/a", 404),
    ("/apis/wardle.example.com/v1beta1/namespaces/default/flunders/a/status", 404),
    ("/apis/wardle.example.com/v1beta1/nothing", 404),
    ("/apis/nothing.example.com/v1/things", 404),
    ("/nothing", 404),
    ("/version", 200),
    ("/healthz", 200),
    ("/apis/wardle.example.com/v1beta1/flunders?limit=x", 400),
];

#[tokio::test]
async fn c4_12_1_an_unknown_path_is_404_as_text() {
    let client = Client::wardle();
    for path in [
        "/nothing",
        "/nothing/at/all/here",
        "/ap",
        "/apis/nothing.example.com/v1/things",
        "/apis/nothing.example.com/v1/namespaces/default/things/a",
        "/apis/wardle.example.com/v9/flunders",
        "/api/v1/pods",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = client.send(method, path, &[], "").await;
            assert_eq!((answer.code, &*answer.text), (StatusCode::NOT_FOUND, "404 page not found\n"), "{path}");
            assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
    }
}

#[tokio::test]
async fn c4_12_2_an_unknown_resource_of_a_known_version_is_a_status() {
    let client = Client::wardle();
    let expected = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "NotFound", "code": 404,
        "message": "the server could not find the requested resource", "details": {},
    });
    for path in [
        "/apis/wardle.example.com/v1beta1/nothing",
        "/apis/wardle.example.com/v1beta1/namespaces/default/nothing",
        "/apis/wardle.example.com/v1beta1/namespaces/default/nothing/a",
        "/apis/wardle.example.com/v1beta1/fischers",
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders/a/scale",
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders/a/status/more",
        "/apis/wardle.example.com/v1beta1/flunders/a",
        "/apis/wardle.example.com/v1alpha1/namespaces/default/fischers",
        "/apis/wardle.example.com/v1alpha1/fischers/a/status",
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
        assert_eq!(answer.expect(StatusCode::NOT_FOUND), expected, "{path}");
    }
}

#[tokio::test]
async fn c4_12_3_a_method_that_a_path_does_not_have_is_405() {
    let client = Client::wardle();
    let item = format!("{FLUNDERS}/a");
    let status = format!("{FLUNDERS}/a/status");
    let everywhere = "/apis/wardle.example.com/v1beta1/flunders";
    for (method, path, allow) in [
        (Method::PUT, FLUNDERS, "GET, POST, DELETE"),
        (Method::PATCH, FLUNDERS, "GET, POST, DELETE"),
        (Method::POST, &*item, "GET, PUT, PATCH, DELETE"),
        (Method::DELETE, &*status, "GET, PUT, PATCH"),
        (Method::POST, everywhere, "GET"),
        (Method::DELETE, everywhere, "GET"),
        (Method::OPTIONS, FISCHERS, "GET, POST, DELETE"),
        (Method::TRACE, FISCHERS, "GET, POST, DELETE"),
    ] {
        let answer = client.send(method.clone(), path, &[], "").await;
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
        let message = "the server does not allow this method on the requested resource";
        let status = answer.expect_status(405, "MethodNotAllowed", message);
        assert_eq!(status["metadata"], json!({}));
    }
}

#[tokio::test]
async fn c4_12_6_a_panic_is_the_end_of_one_request() {
    let client = failing();
    let answer = client.get(&format!("{FLUNDERS}/panic")).await;
    let text = "This request caused apiserver to panic. Look in the logs for details.";
    assert_eq!((answer.code, &*answer.text), (StatusCode::INTERNAL_SERVER_ERROR, text));
    assert!(!answer.header("audit-id").is_empty());
    assert_eq!(client.get(&format!("{FLUNDERS}/a")).await.code, StatusCode::NOT_FOUND);
}

/// Its schema cannot be made.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Unspeakable {}

impl JsonSchema for Unspeakable {
    fn schema_name() -> Cow<'static, str> {
        "Unspeakable".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        panic!("on purpose")
    }
}

#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "test.example.com", version = "v1", kind = "Odd")]
struct OddSpec {
    unspeakable: Unspeakable,
}

#[derive(Debug, RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "odds", object = Odd, verbs(get))]
struct Odds;

impl Getter for Odds {
    async fn get(&self, cx: &Context, name: &str, _: &GetOptions) -> rest_resource::Result<Odd> {
        Err(cx.not_found(name))
    }
}

fn panicking() -> Result<http::Response<ResponseBody>, Infallible> {
    panic!("on purpose")
}

/// A panic of what is not a handler: the schema of an object, and the service that unknown paths are delegated to.
#[tokio::test]
async fn c4_12_6_a_panic_of_a_document_or_of_the_delegate_is_answered() {
    let delegate = service_fn(|_| async { panicking() });
    let server = ApiServer::builder().install(Odds).delegate(delegate).prepare().expect("it fits together");
    let client = Client::new(server);
    for path in ["/openapi/v3/apis/test.example.com/v1", "/openapi/v2", "/nothing"] {
        let answer = client.send(Method::GET, path, &[("Audit-ID", "my-id")], "").await;
        let text = "This request caused apiserver to panic. Look in the logs for details.";
        assert_eq!((answer.code, &*answer.text), (StatusCode::INTERNAL_SERVER_ERROR, text), "{path}");
        assert_eq!(answer.header("audit-id"), "my-id", "{path}");
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8", "{path}");
    }
    assert_eq!(client.get("/apis/test.example.com/v1").await.code, StatusCode::OK);
}

#[tokio::test]
async fn c4_12_7_every_response_has_an_audit_id_of_its_own() {
    let client = Client::wardle();
    let mut ids = BTreeSet::new();
    for (path, code) in ANSWERS {
        let answer = client.get(path).await;
        assert_eq!(answer.code.as_u16(), code, "{path}");
        let id = answer.header("audit-id").to_owned();
        let hyphens: Vec<usize> = id.match_indices('-').map(|(at, _)| at).collect();
        assert_eq!((id.len(), &*hyphens), (36, &[8, 13, 18, 23][..]), "{path}: {id} is a UUID");
        assert!(ids.insert(id), "{path}: the id is fresh");
    }
}

#[tokio::test]
async fn c4_12_7_the_clients_audit_id_is_sent_back() {
    let client = Client::wardle();
    for (path, _) in ANSWERS {
        let answer = client.send(Method::GET, path, &[("Audit-ID", "my-id")], "").await;
        assert_eq!(answer.header("audit-id"), "my-id", "{path}");
    }
}

#[tokio::test]
async fn c4_12_7_nothing_is_cached_and_every_body_has_a_type() {
    let client = Client::wardle();
    for (path, _) in ANSWERS {
        let answer = client.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-cache, private", "{path}");
        assert!(!answer.header("content-type").is_empty(), "{path}");
    }
    let watch = client.watch(&format!("{FLUNDERS}?watch=true")).await;
    assert_eq!(watch.headers["cache-control"], "no-cache, private");
    assert!(watch.headers.contains_key("audit-id"));
}

#[tokio::test]
async fn c4_12_8_unauthorized() {
    let answer = failing().get(&format!("{FLUNDERS}/unauthorized")).await;
    assert!(!answer.headers.contains_key("www-authenticate"));
    answer.expect_status(401, "Unauthorized", "Unauthorized");
}

#[tokio::test]
async fn c4_12_9_forbidden() {
    let message = "flunders.wardle.example.com \"forbidden\" is forbidden: no reason";
    let status = failing().get(&format!("{FLUNDERS}/forbidden")).await.expect_status(403, "Forbidden", message);
    assert_eq!(status["details"], json!({"name": "forbidden", "group": "wardle.example.com", "kind": "flunders"}));
}

#[tokio::test]
async fn c4_12_9_a_write_that_is_not_admitted() {
    let client = Client::wardle();
    let fischer = json!({"metadata": {"name": "f"}, "disallowedFlunders": ["bad"]});
    client.post(FISCHERS, &fischer).await.expect(StatusCode::CREATED);
    let message =
        "flunders.wardle.example.com \"bad\" is forbidden: this name may not be used, please change the resource name";
    client.post(FLUNDERS, &flunder("bad")).await.expect_status(403, "Forbidden", message);
    assert_eq!(client.get(&format!("{FLUNDERS}/bad")).await.code, StatusCode::NOT_FOUND);
}

/// What no client means to send is answered as a mistake of the client, never as one of the server.
#[tokio::test]
async fn c10_4_2_no_request_causes_a_5xx() {
    let client = Client::wardle();
    client.flunder("a").await;
    let paths = [
        "/",
        "//",
        "/apis",
        "/apis/",
        "/apis//",
        "/apis///",
        "/api/v1/watch",
        "/apis/wardle.example.com/v1beta1/watch",
        "/apis/wardle.example.com/v1beta1/namespaces",
        "/apis/wardle.example.com/v1beta1/namespaces//flunders",
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders/%2F",
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders/%FF",
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders/..",
        "/apis/wardle.example.com/v1beta1/namespaces/%2E%2E/flunders/a",
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders/a/",
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders//a",
    ];
    let queries = [
        "",
        "?",
        "?&&=&%=%zz",
        "?resourceVersion=x",
        "?resourceVersion=-1",
        "?limit=x",
        "?limit=-1",
        "?continue=x",
        "?labelSelector=((",
        "?fieldSelector=a",
        "?timeout=30",
        "?timeoutSeconds=x",
        "?dryRun=x",
        "?fieldValidation=x",
        "?gracePeriodSeconds=x",
        "?resourceVersion=99999999999999999999999999",
        "?pretty=x",
        "?includeObject=x",
        "?watch=x&resourceVersion=x",
    ];
    let bodies = [
        "",
        "{",
        "null",
        "[]",
        "\"\"",
        "0",
        "{}",
        "\u{0}",
        r#"{"kind":1}"#,
        r#"{"metadata":{"name":"..","resourceVersion":"x"}}"#,
    ];
    for path in paths.iter().copied().chain([
        FLUNDERS,
        FISCHERS,
        "/apis/wardle.example.com/v1beta1/namespaces/default/flunders/a/status",
    ]) {
        for method in
            [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS]
        {
            for query in queries {
                let request = Request::builder().method(method.clone()).uri(format!("{path}{query}"));
                let Ok(request) = request.body(http_body_util::Full::default()) else { continue };
                let code = client.open(request).await.status();
                assert!(code.as_u16() < 500, "{code} for {method} {path}{query}");
            }
            for body in bodies {
                for content_type in [
                    "application/json",
                    "application/yaml",
                    "application/json-patch+json",
                    "application/merge-patch+json",
                    "x",
                ] {
                    let answer = client.send(method.clone(), path, &[("content-type", content_type)], body).await;
                    assert!(
                        answer.code.as_u16() < 500,
                        "{} for {method} {path} with {body} as {content_type}",
                        answer.code
                    );
                    let is_status = answer.json["kind"] == "Status" && answer.json["status"] == "Failure";
                    assert!(!is_status || answer.json["reason"] != Value::Null, "{}", answer.text);
                }
            }
        }
    }
}
