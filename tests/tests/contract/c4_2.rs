//! Content negotiation: what a client accepts and what it sends (contract 4.2).

mod forms;
mod gzip;

use http::{Method, StatusCode};
use rest_resource_tests::Client;
use rest_resource_tests::client::{Answer, FLUNDERS, flunder};
use serde_json::{Value, json};

const MERGE: (&str, &str) = ("content-type", "application/merge-patch+json");
const UNKNOWN_BODY: &str = "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml";

/// wardle with the flunder `a`.
async fn with_a() -> (Client, String) {
    let client = Client::wardle();
    client.flunder("a").await;
    (client, format!("{FLUNDERS}/a"))
}

fn yaml(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/yaml", "{}", answer.text);
    assert_eq!(answer.json, Value::Null, "YAML, and not JSON");
    serde_norway::from_str(&answer.text).expect("YAML")
}

#[tokio::test]
async fn c4_2_1_json_is_what_a_client_gets_that_accepts_anything() {
    let (client, item) = with_a().await;
    for accept in ["", "*/*", "application/*", "application/json"] {
        let answer = client.get_as(&item, accept).await;
        assert_eq!(answer.header("content-type"), "application/json", "{accept}");
        assert_eq!(answer.expect(StatusCode::OK)["metadata"]["name"], "a");
    }
    assert_eq!(client.get(&item).await.header("content-type"), "application/json");
}

#[tokio::test]
async fn c4_2_1_yaml_holds_the_same_object() {
    let (client, item) = with_a().await;
    let answer = client.get_as(&item, "application/yaml").await;
    assert_eq!(answer.code, StatusCode::OK);
    assert_eq!(yaml(&answer), client.get(&item).await.json);
    let list = yaml(&client.get_as(FLUNDERS, "application/yaml").await);
    assert_eq!(list, client.get(FLUNDERS).await.json);
}

#[tokio::test]
async fn c4_2_2_the_most_wanted_type_wins() {
    let (client, item) = with_a().await;
    for (accept, expected) in [
        ("application/yaml, application/json", "application/yaml"),
        ("application/yaml;q=0.5, application/json;q=0.1", "application/yaml"),
        ("application/yaml;q=0.1, application/json;q=0.5", "application/json"),
        ("text/html, application/yaml;q=0.9, */*;q=0.8", "application/yaml"),
        ("*/*, application/yaml", "application/yaml"),
        ("text/html, */*;q=0.1", "application/json"),
        ("application/json;q=0, */*", "application/yaml"),
    ] {
        let answer = client.get_as(&item, accept).await;
        assert_eq!((answer.code, answer.header("content-type")), (StatusCode::OK, expected), "{accept}");
    }
}

#[tokio::test]
async fn c4_2_2_several_accept_headers_are_one() {
    let (client, item) = with_a().await;
    let headers = [("accept", "text/html"), ("accept", "application/yaml")];
    yaml(&client.send(Method::GET, &item, &headers, "").await);
}

#[tokio::test]
async fn c4_2_3_parameters_that_are_understood_or_ignored() {
    let (client, item) = with_a().await;
    for parameters in ["sv=v1", "export=1", "profile=x", "charset=utf-8", "unheard=of", "stream=watch"] {
        let answer = client.get_as(&item, &format!("application/json;{parameters}")).await;
        assert_eq!(answer.expect(StatusCode::OK)["kind"], "Flunder", "{parameters}");
    }
    let pretty = client.get_as(&item, "application/json;pretty=1").await;
    assert!(pretty.text.starts_with("{\n  \""), "{}", pretty.text);
}

#[tokio::test]
async fn c4_2_3_a_parameter_that_is_not_allowed_skips_its_clause() {
    let (client, item) = with_a().await;
    for parameters in ["sv=v2", "stream=other", "as=Table", "as=Table;g=g;v=v1", "v=v1", "g=meta.k8s.io"] {
        let accept = format!("application/json;{parameters},application/yaml");
        yaml(&client.get_as(&item, &accept).await);
    }
}

#[tokio::test]
async fn c4_2_4_parameters_that_nothing_can_honour_are_406() {
    let (client, item) = with_a().await;
    let message = "only the following media types are accepted: application/json, application/yaml";
    for accept in ["application/json;as=Nothing;g=g;v=v", "application/yaml;stream=watch", "*/*;sv=v2"] {
        let answer = client.get_as(&item, accept).await;
        assert_eq!(answer.header("content-type"), "application/json", "{accept}");
        answer.expect_status(406, "NotAcceptable", message);
    }
}

#[tokio::test]
async fn c4_2_5_a_type_that_no_route_has_is_406() {
    let (client, item) = with_a().await;
    let message = "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml";
    for accept in ["text/html", "application/vnd.kubernetes.protobuf", "nonsense"] {
        client.get_as(&item, accept).await.expect_status(406, "NotAcceptable", message);
        client.send(Method::DELETE, &item, &[("accept", accept)], "").await.expect_status(
            406,
            "NotAcceptable",
            message,
        );
        let body = flunder("b").to_string();
        client.send(Method::POST, FLUNDERS, &[("accept", accept)], body).await.expect_status(
            406,
            "NotAcceptable",
            message,
        );
    }
    let names = client.get(FLUNDERS).await.json["items"].as_array().map(Vec::len);
    assert_eq!(names, Some(1), "nothing was created or deleted");
}

#[tokio::test]
async fn c4_2_5_a_write_without_a_body_is_415_instead() {
    let (client, item) = with_a().await;
    let message = "415: Unsupported Media Type\n\nAvailable representations: application/json, application/yaml";
    for (method, path, kind) in [
        (Method::POST, FLUNDERS, "application/json"),
        (Method::PUT, &*item, "application/json"),
        (Method::PATCH, &*item, MERGE.1),
    ] {
        let headers = [("accept", "text/html"), ("content-type", kind)];
        client.send(method, path, &headers, "").await.expect_status(415, "UnsupportedMediaType", message);
    }
    // A type that could be answered, in a form that cannot, is the handler's to refuse.
    let message = "only the following media types are accepted: application/json, application/yaml";
    let headers = [("accept", "application/json;sv=v2")];
    client.send(Method::POST, FLUNDERS, &headers, "").await.expect_status(406, "NotAcceptable", message);
}

#[tokio::test]
async fn c4_2_6_a_body_is_json_where_nothing_else_is_said() {
    let client = Client::wardle();
    let kinds = ["", "application/json", "application/json; charset=utf-8", "Application/JSON"];
    for (number, kind) in kinds.into_iter().enumerate() {
        let body = flunder(&format!("a{number}")).to_string();
        client.send(Method::POST, FLUNDERS, &[("content-type", kind)], body).await.expect(StatusCode::CREATED);
    }
    client.send(Method::POST, FLUNDERS, &[], flunder("b").to_string()).await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn c4_2_6_a_body_in_yaml() {
    let client = Client::wardle();
    let body = "apiVersion: wardle.example.com/v1beta1\nkind: Flunder\nmetadata: {name: a}\nspec:\n  referenceType: Flunder\n  flunderReference: b\n";
    let headers = [("content-type", "application/yaml; charset=utf-8")];
    let created = client.send(Method::POST, FLUNDERS, &headers, body).await.expect(StatusCode::CREATED);
    assert_eq!(created["spec"], json!({"referenceType": "Flunder", "flunderReference": "b"}));
    let version = created["metadata"]["resourceVersion"].as_str().unwrap();
    let body = body.replace("name: a", &format!("name: a, resourceVersion: '{version}'")).replace(": b", ": c");
    let changed = client.send(Method::PUT, &format!("{FLUNDERS}/a"), &headers, body).await.expect(StatusCode::OK);
    assert_eq!(changed["spec"]["flunderReference"], "c");
}

#[tokio::test]
async fn c4_2_6_an_unknown_body_format_is_415() {
    let (client, item) = with_a().await;
    let body = client.get(&item).await.text;
    for kind in ["text/plain", "application/vnd.kubernetes.protobuf", "application/cbor", ";"] {
        let headers = [("content-type", kind)];
        for (method, path) in [(Method::POST, FLUNDERS), (Method::PUT, &*item), (Method::DELETE, &*item)] {
            let answer = client.send(method, path, &headers, body.clone()).await;
            answer.expect_status(415, "UnsupportedMediaType", UNKNOWN_BODY);
        }
    }
}

#[tokio::test]
async fn c4_2_7_a_patch_type_that_is_not_served_is_415() {
    let (client, item) = with_a().await;
    let body = r#"{"metadata":{"labels":{"a":"b"}}}"#;
    for kind in ["application/json", "application/merge-patch+yaml", "application/yaml", ""] {
        let headers = [("content-type", kind), ("accept", "text/html")];
        for headers in [&headers[..1], &headers[..]] {
            let answer = client.send(Method::PATCH, &item, headers, body).await;
            let message = "the body of the request was in an unknown format - accepted media types include: \
                           application/json-patch+json, application/merge-patch+json, \
                           application/strategic-merge-patch+json, application/apply-patch+yaml";
            answer.expect_status(415, "UnsupportedMediaType", message);
        }
    }
    let headers = [("content-type", "application/merge-patch+json; charset=utf-8")];
    let patched = client.send(Method::PATCH, &item, &headers, body).await.expect(StatusCode::OK);
    assert_eq!(patched["metadata"]["labels"], json!({"a": "b"}));
}

#[tokio::test]
async fn c4_2_15_indented_for_people() {
    let (client, item) = with_a().await;
    let compact = client.get(&item).await;
    let indented = serde_json::to_string_pretty(&compact.json).unwrap();
    for query in ["pretty=true", "pretty=1", "pretty=t", "pretty=TRUE"] {
        let pretty = client.get(&format!("{item}?{query}")).await;
        assert_eq!(pretty.json, compact.json, "{query}");
        assert_eq!(pretty.text.lines().count(), indented.lines().count(), "{query}: {}", pretty.text);
        assert!(pretty.text.contains("\n  \"metadata\": {\n    \""), "{}", pretty.text);
    }
    for agent in ["curl/8.5.0", "Wget/1.21", "Mozilla/5.0 (X11; Linux)"] {
        let pretty = client.send(Method::GET, &item, &[("user-agent", agent)], "").await;
        assert!(pretty.text.starts_with("{\n  \""), "{agent}: {}", pretty.text);
        let compact = client.send(Method::GET, &format!("{item}?pretty=false"), &[("user-agent", agent)], "").await;
        assert!(compact.text.starts_with("{\""), "{agent}: {}", compact.text);
    }
    let error = client.get(&format!("{FLUNDERS}/gone?pretty=1")).await;
    assert!(error.text.starts_with("{\n  \"kind\": \"Status\","), "{}", error.text);
    let list = client.get(&format!("{FLUNDERS}?pretty=1")).await;
    assert!(list.text.starts_with("{\n  \""), "{}", list.text);
}

#[tokio::test]
async fn c4_2_15_events_are_never_indented() {
    let (client, _) = with_a().await;
    // Each event is one line, or the test client could not read it.
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true&pretty=true")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
}

#[tokio::test]
async fn c4_2_16_compact_json_ends_with_a_line_end() {
    let (client, item) = with_a().await;
    for path in [&*item, FLUNDERS, "/apis/wardle.example.com/v1beta1/gone"] {
        let text = client.get(path).await.text;
        assert!(text.ends_with("}\n") && text.lines().count() == 1, "{text}");
        let text = client.get(&format!("{path}?pretty=1")).await.text;
        assert!(text.ends_with("\n}"), "{text}");
    }
}

#[tokio::test]
async fn c4_2_17_protobuf_is_passed_over_where_json_will_do() {
    let (client, item) = with_a().await;
    for accept in ["application/vnd.kubernetes.protobuf,application/json", "application/vnd.kubernetes.protobuf, */*"] {
        assert_eq!(client.get_as(&item, accept).await.expect(StatusCode::OK)["kind"], "Flunder");
        let mut watch = client.watch_as(&format!("{FLUNDERS}?watch=1"), accept).await;
        assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    }
}

#[tokio::test]
async fn c4_2_18_cbor_is_refused_so_that_clients_fall_back() {
    let (client, item) = with_a().await;
    assert_eq!(client.get_as(&item, "application/cbor").await.code, StatusCode::NOT_ACCEPTABLE);
    let headers = [("content-type", "application/cbor")];
    let answer = client.send(Method::POST, FLUNDERS, &headers, "\u{a0}").await;
    answer.expect_status(415, "UnsupportedMediaType", UNKNOWN_BODY);
    let accept = "application/cbor, application/json;q=0.9";
    assert_eq!(client.get_as(&item, accept).await.expect(StatusCode::OK)["kind"], "Flunder");
}

#[tokio::test]
async fn c4_2_19_an_error_in_no_acceptable_form_is_indented_json() {
    let (client, item) = with_a().await;
    let answer = client.get_as(&item, "text/html").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.text.starts_with("{\n  \"kind\": \"Status\","), "{}", answer.text);
}

#[tokio::test]
async fn c4_2_1_errors_are_in_the_format_that_is_wanted() {
    let client = Client::wardle();
    let answer = client.get_as(&format!("{FLUNDERS}/gone"), "application/yaml").await;
    assert_eq!(answer.code, StatusCode::NOT_FOUND);
    let status = yaml(&answer);
    assert_eq!((&status["kind"], &status["reason"]), (&json!("Status"), &json!("NotFound")));
}

#[tokio::test]
async fn c4_2_1_c4_2_15_c4_2_16_so_is_a_method_that_a_document_does_not_have() {
    let client = Client::wardle();
    for path in ["/apis", "/apis/wardle.example.com/v1beta1", "/openapi/v2", "/version", "/"] {
        let send = async |name: &str, value: &str| client.send(Method::POST, path, &[(name, value)], "").await;
        let answer = send("accept", "application/yaml").await;
        assert_eq!((answer.code, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET"), "{path}");
        assert_eq!(yaml(&answer)["reason"], "MethodNotAllowed", "{path}");
        let answer = send("user-agent", "curl/8.5.0").await;
        assert!(answer.text.starts_with("{\n  \"kind\": \"Status\","), "{path}: {}", answer.text);
        let answer = send("accept", "application/json").await;
        assert!(answer.text.starts_with("{\"kind\":\"Status\",") && answer.text.ends_with("}\n"), "{}", answer.text);
    }
}
