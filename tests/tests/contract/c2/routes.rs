//! The routes of `wardle`, and how paths lead to them (contract 2.1, 2.2, 2.5).

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use rest_resource::server::{ApiServer, Resource};
use rest_resource::{ResourceInfo, Scope, Store, StoreOptions};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use serde_json::json;

use crate::probe::{config_map, with_core};

/// `GET /apis/...`, sorted.
fn routes(server: &ApiServer, prefix: &str) -> BTreeSet<String> {
    let table = server.routes();
    let routes = table.iter().filter(|(_, path, _)| path.starts_with(prefix));
    routes.map(|(method, path, _)| format!("{method} {path}")).collect()
}

fn expected(prefix: &str, routes: &[&str]) -> BTreeSet<String> {
    routes
        .iter()
        .map(|route| {
            let (method, path) = route.split_once(' ').expect("a method and a path");
            format!("{method} {prefix}/{path}")
        })
        .collect()
}

const BETA: &str = "/apis/wardle.example.com/v1beta1";

#[tokio::test]
async fn c2_1_1_the_core_group_and_the_others_have_their_prefixes() {
    let client = with_core();
    config_map(&client, "a").await;
    client.get("/api/v1/namespaces/default/configmaps/a").await.expect(StatusCode::OK);
    client.flunder("a").await;
    client.get(&format!("{BETA}/namespaces/default/flunders/a")).await.expect(StatusCode::OK);
    for path in ["/apis/v1/namespaces/default/configmaps/a", "/api/wardle.example.com/v1beta1/flunders"] {
        client.get(path).await.expect(StatusCode::NOT_FOUND);
    }
}

#[test]
fn c2_1_1_resources_are_installed_in_the_order_of_their_paths() {
    let client = with_core();
    let table = client.server.routes();
    let mut resources: Vec<String> = table
        .iter()
        .map(|(_, path, _)| path.replace("/watch", "").replace("/namespaces/{namespace}", ""))
        .map(|path| path.replace("/{name}", ""))
        .collect();
    resources.dedup();
    assert_eq!(
        resources,
        [
            "/api/v1/configmaps",
            "/apis/wardle.example.com/v1alpha1/fischers",
            "/apis/wardle.example.com/v1alpha1/flunders",
            "/apis/wardle.example.com/v1alpha1/flunders/status",
            "/apis/wardle.example.com/v1beta1/flunders",
            "/apis/wardle.example.com/v1beta1/flunders/status",
        ]
    );
}

#[test]
fn c2_2_1_c2_2_2_routes_of_a_namespaced_resource() {
    let all = expected(
        BETA,
        &[
            "GET namespaces/{namespace}/flunders",
            "POST namespaces/{namespace}/flunders",
            "DELETE namespaces/{namespace}/flunders",
            "GET watch/namespaces/{namespace}/flunders",
            "GET namespaces/{namespace}/flunders/{name}",
            "PUT namespaces/{namespace}/flunders/{name}",
            "PATCH namespaces/{namespace}/flunders/{name}",
            "DELETE namespaces/{namespace}/flunders/{name}",
            "GET watch/namespaces/{namespace}/flunders/{name}",
            "GET flunders",
            "GET watch/flunders",
            "GET namespaces/{namespace}/flunders/{name}/status",
            "PUT namespaces/{namespace}/flunders/{name}/status",
            "PATCH namespaces/{namespace}/flunders/{name}/status",
        ],
    );
    assert_eq!(routes(&Client::wardle().server, BETA), all);
}

/// The table of a description that is made at run time, against the one of the derive.
#[test]
fn c2_2_a_described_resource_has_the_routes_of_a_derived_one() {
    for (version, resource, kind, scope) in
        [("v1beta1", "flunders", "Flunder", Scope::Namespaced), ("v1alpha1", "fischers", "Fischer", Scope::Cluster)]
    {
        let info = ResourceInfo::new("wardle.example.com", version, resource, kind, scope);
        let store = Store::for_resource(&StoreOptions::memory(), &info);
        let described = ApiServer::builder().install(Resource::unstructured(info, &[], store)).prepare();
        let (described, derived) = (described.expect("one resource").routes(), Client::wardle().server.routes());
        let described: Vec<_> = described.iter().collect();
        let derived: Vec<_> = derived
            .iter()
            .filter(|(_, path, _)| path.contains(version) && path.contains(resource) && !path.ends_with("/status"))
            .collect();
        assert_eq!(described, derived);
    }
}

#[tokio::test]
async fn c2_2_1_below_a_namespace_are_its_own_objects() {
    let client = Client::wardle();
    client.flunder("a").await;
    let other = FLUNDERS.replace("default", "other");
    client.post(&other, &flunder("b")).await.expect(StatusCode::CREATED);
    for (path, names) in [(FLUNDERS, vec!["a"]), (&*other, vec!["b"]), (&format!("{BETA}/flunders"), vec!["a", "b"])] {
        let list = client.get(path).await.expect(StatusCode::OK);
        let found: Vec<_> =
            list["items"].as_array().into_iter().flatten().map(|item| &item["metadata"]["name"]).collect();
        assert_eq!(found, names, "{path}");
    }
    client.get(&format!("{other}/a")).await.expect(StatusCode::NOT_FOUND);
    for (path, name) in [("watch/namespaces/other/flunders", "b"), ("watch/namespaces/default/flunders/a", "a")] {
        let mut watch = client.watch(&format!("{BETA}/{path}")).await;
        assert_eq!(watch.next_name().await, ("ADDED".to_owned(), name.to_owned()), "{path}");
    }
    let mut watch = client.watch(&format!("{BETA}/watch/flunders")).await;
    assert_eq!((watch.next_name().await.1, watch.next_name().await.1), ("a".to_owned(), "b".to_owned()));
}

#[tokio::test]
async fn c2_2_2_over_all_namespaces_one_can_only_read() {
    let client = Client::wardle();
    client.flunder("a").await;
    let everywhere = format!("{BETA}/flunders");
    let message = "the server does not allow this method on the requested resource";
    for method in [Method::DELETE, Method::POST, Method::PUT, Method::PATCH] {
        let body = flunder("b").to_string();
        let answer = client.send(method, &everywhere, &[("content-type", "application/json")], body).await;
        assert_eq!(answer.header("allow"), "GET");
        answer.expect_status(405, "MethodNotAllowed", message);
    }
    client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    client.get(&format!("{FLUNDERS}/b")).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn c2_2_4_a_watch_is_a_list_with_a_parameter() {
    let client = Client::wardle();
    client.flunder("a").await;
    assert_eq!(client.get(FLUNDERS).await.expect(StatusCode::OK)["kind"], "FlunderList");
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
}

#[tokio::test]
async fn c2_2_5_a_trailing_slash_makes_no_difference() {
    let client = Client::wardle();
    let created = client.post(&format!("{FLUNDERS}/"), &flunder("a")).await.expect(StatusCode::CREATED);
    assert_eq!(client.get(&format!("{FLUNDERS}/a/")).await.expect(StatusCode::OK), created);
    assert_eq!(client.get(&format!("{FLUNDERS}/")).await.expect(StatusCode::OK)["items"], json!([created]));
    assert_eq!(client.get(&format!("{FLUNDERS}/a/status/")).await.expect(StatusCode::OK), created);
}

#[tokio::test]
async fn c2_2_6_head_and_options_are_not_routed() {
    let client = Client::wardle();
    client.flunder("a").await;
    for method in [Method::HEAD, Method::OPTIONS] {
        for path in [FLUNDERS, &format!("{FLUNDERS}/a"), FISCHERS] {
            let answer = client.send(method.clone(), path, &[], "").await;
            assert_eq!(answer.code, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn c2_5_2_a_body_without_a_type_is_json() {
    let client = Client::wardle();
    let answer = client.send(Method::POST, FLUNDERS, &[], flunder("a").to_string()).await;
    let object = answer.expect(StatusCode::CREATED);
    client.send(Method::PUT, &format!("{FLUNDERS}/a"), &[], object.to_string()).await.expect(StatusCode::OK);
    client.send(Method::DELETE, &format!("{FLUNDERS}/a"), &[], "{}").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn c2_5_3_a_patch_says_which_it_is() {
    let client = Client::wardle();
    client.flunder("a").await;
    let item = format!("{FLUNDERS}/a");
    client.json_patch(&item, &json!([])).await.expect(StatusCode::OK);
    client.merge_patch(&item, &json!({})).await.expect(StatusCode::OK);
    for content_type in ["application/json", "application/yaml", "*/*", "application/merge-patch+yaml"] {
        let answer = client.send(Method::PATCH, &item, &[("content-type", content_type)], "{}").await;
        assert_eq!(answer.code, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        assert_eq!(answer.json["reason"], "UnsupportedMediaType", "{content_type}");
        let message = answer.json["message"].as_str().unwrap_or_default();
        for accepted in ["application/json-patch+json", "application/strategic-merge-patch+json"] {
            assert!(message.contains(accepted), "{message}");
        }
    }
    client.send(Method::PATCH, &item, &[], "{}").await.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
