//! Aggregated discovery (contract 3.2).

use http::StatusCode;
use rest_resource_tests::Client;
use serde_json::{Value, json};

use crate::probe::with_core;

const V2: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// What kubectl sends.
const KUBECTL: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
                       application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

#[tokio::test]
async fn c3_2_1_named_groups_and_the_core_group_each_have_their_list() {
    let client = with_core();
    for (path, name) in [("/apis", json!({"name": "wardle.example.com"})), ("/api", json!({}))] {
        let list = client.get_as(path, KUBECTL).await.expect(StatusCode::OK);
        assert_eq!(list["kind"], "APIGroupDiscoveryList");
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{path}");
        assert_eq!(list["items"][0]["metadata"], name);
    }
}

#[tokio::test]
async fn c3_2_1_parameters_stand_in_any_order() {
    let client = Client::wardle();
    for accept in [
        "application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io",
        "application/json; v=v2; g=apidiscovery.k8s.io; as=APIGroupDiscoveryList",
        "application/yaml;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList,application/json;as=APIGroupDiscoveryList;g=apidiscovery.k8s.io;v=v2",
    ] {
        let list = client.get_as("/apis", accept).await.expect(StatusCode::OK);
        assert_eq!(list["kind"], "APIGroupDiscoveryList", "{accept}");
    }
}

#[tokio::test]
async fn c3_2_2_the_content_type_says_which_form_it_is() {
    let client = with_core();
    for path in ["/apis", "/api"] {
        assert_eq!(client.get_as(path, KUBECTL).await.header("content-type"), V2);
        assert_eq!(client.get_as(path, "application/json").await.header("content-type"), "application/json");
        assert_eq!(client.get(path).await.header("content-type"), "application/json");
    }
}

/// kube-rs gives up where one of the two is missing.
#[tokio::test]
async fn c3_2_3_without_a_core_group_its_list_is_empty() {
    let answer = Client::wardle().get_as("/api", KUBECTL).await;
    assert_eq!(answer.header("content-type"), V2);
    assert_eq!(answer.expect(StatusCode::OK)["items"], json!([]));
}

#[tokio::test]
async fn c3_2_5_the_shape_of_wardle() {
    let list = Client::wardle().get_as("/apis", V2).await.expect(StatusCode::OK);
    let all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    let kind = |version: &str, kind: &str| json!({"group": "wardle.example.com", "version": version, "kind": kind});
    let flunders = |version: &str| {
        json!({
            "resource": "flunders", "responseKind": kind(version, "Flunder"), "scope": "Namespaced",
            "singularResource": "flunder", "verbs": all, "shortNames": ["fl"], "categories": ["all"],
            "subresources": [{
                "subresource": "status", "responseKind": kind(version, "Flunder"),
                "verbs": ["get", "patch", "update"],
            }],
        })
    };
    let fischers = json!({
        "resource": "fischers", "responseKind": kind("v1alpha1", "Fischer"), "scope": "Cluster",
        "singularResource": "fischer", "verbs": all,
    });
    assert_eq!(
        list,
        json!({
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {},
            "items": [{"metadata": {"name": "wardle.example.com"}, "versions": [
                {"version": "v1beta1", "freshness": "Current", "resources": [flunders("v1beta1")]},
                {"version": "v1alpha1", "freshness": "Current", "resources": [fischers, flunders("v1alpha1")]},
            ]}],
        })
    );
}

#[tokio::test]
async fn c3_2_9_groups_are_ordered_by_priority_and_name() {
    use rest_resource::server::{ApiGroup, ApiServer, Resource};
    use rest_resource::{ResourceInfo, Scope, Store, StoreOptions};

    let things = |group: &'static str, version: &'static str| {
        let info = ResourceInfo::new(group, version, "things", "Thing", Scope::Cluster);
        let store = Store::for_resource(&StoreOptions::memory(), &info);
        Resource::unstructured(info, &[], store)
    };
    let server = ApiServer::builder()
        .install(things("b.example.com", "v1"))
        .install(things("a.example.com", "v1alpha1"))
        .install(things("a.example.com", "v1beta2"))
        .group(ApiGroup::new("c.example.com").priority(2000).install(things("c.example.com", "v1")))
        .prepare()
        .expect("different groups");
    let client = Client::new(server);
    let aggregated = client.get_as("/apis", V2).await.expect(StatusCode::OK);
    let plain = client.get("/apis").await.expect(StatusCode::OK);
    let names = |list: &Value, items: &str, name: &str| -> Vec<Value> {
        list[items].as_array().into_iter().flatten().filter_map(|item| item.pointer(name).cloned()).collect()
    };
    let expected = ["c.example.com", "a.example.com", "b.example.com"];
    assert_eq!(names(&aggregated, "items", "/metadata/name"), expected);
    assert_eq!(names(&plain, "groups", "/name"), expected);
    assert_eq!(plain["groups"][1]["preferredVersion"]["version"], "v1beta2");
}

#[tokio::test]
async fn c3_2_11_who_has_the_document_is_told_so() {
    let client = Client::wardle();
    let first = client.get_as("/apis", KUBECTL).await;
    let etag = first.header("etag").to_owned();
    assert_eq!((first.header("vary"), first.header("cache-control")), ("Accept", "public"));
    let request = |etag: String| {
        let client = client.clone();
        async move { client.send(http::Method::GET, "/apis", &[("accept", KUBECTL), ("if-none-match", &etag)], "").await }
    };
    let again = request(etag.clone()).await;
    assert_eq!((again.code, &*again.text), (StatusCode::NOT_MODIFIED, ""));
    let other = request("\"0\"".to_owned()).await;
    assert_eq!((other.code, &other.text), (StatusCode::OK, &first.text));
}
