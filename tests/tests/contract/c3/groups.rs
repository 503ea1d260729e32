//! Unaggregated discovery (contract 3.1).

use http::{Method, StatusCode};
use rest_resource_tests::{Answer, Client};
use serde_json::{Value, json};

use crate::probe::with_core;

const GROUP: &str = "/apis/wardle.example.com";
const DISCOVERY: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

async fn get_of_host(client: &Client, path: &str) -> Answer {
    client.send(Method::GET, path, &[("host", "api.example.com:443")], "").await
}

fn addresses() -> Value {
    json!([{"clientCIDR": "0.0.0.0/0", "serverAddress": "api.example.com:443"}])
}

fn version(name: &str) -> Value {
    json!({"groupVersion": format!("wardle.example.com/{name}"), "version": name})
}

#[tokio::test]
async fn c3_1_1_versions_of_the_core_group() {
    let answer = get_of_host(&with_core(), "/api").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(
        answer.expect(StatusCode::OK),
        json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses()})
    );
}

#[tokio::test]
async fn c3_1_1_without_a_core_group_there_are_none() {
    let answer = Client::wardle().get("/api").await;
    assert_eq!((answer.code, &*answer.text), (StatusCode::NOT_FOUND, "404 page not found\n"));
}

#[tokio::test]
async fn c3_1_2_groups() {
    let list = get_of_host(&with_core(), "/apis").await.expect(StatusCode::OK);
    assert_eq!(
        list,
        json!({"kind": "APIGroupList", "groups": [{
            "name": "wardle.example.com",
            "versions": [version("v1beta1"), version("v1alpha1")],
            "preferredVersion": version("v1beta1"),
            "serverAddressByClientCIDRs": addresses(),
        }]})
    );
}

#[tokio::test]
async fn c3_1_3_a_group() {
    let group = get_of_host(&Client::wardle(), GROUP).await.expect(StatusCode::OK);
    assert_eq!(
        group,
        json!({
            "kind": "APIGroup", "apiVersion": "v1", "name": "wardle.example.com",
            "versions": [version("v1beta1"), version("v1alpha1")],
            "preferredVersion": version("v1beta1"),
        })
    );
}

#[tokio::test]
async fn c3_1_4_resources_of_a_named_group() {
    for name in ["v1alpha1", "v1beta1"] {
        let list = Client::wardle().get(&format!("{GROUP}/{name}")).await.expect(StatusCode::OK);
        assert_eq!((&list["kind"], &list["apiVersion"]), (&json!("APIResourceList"), &json!("v1")));
        assert_eq!(list["groupVersion"], format!("wardle.example.com/{name}"));
        assert_eq!(list["resources"][0]["name"], if name == "v1alpha1" { "fischers" } else { "flunders" });
    }
}

#[tokio::test]
async fn c3_1_4_resources_of_the_core_group_have_no_api_version() {
    let list = with_core().get("/api/v1").await.expect(StatusCode::OK);
    assert_eq!((&list["kind"], list.get("apiVersion")), (&json!("APIResourceList"), None));
    assert_eq!((&list["groupVersion"], &list["resources"][0]["name"]), (&json!("v1"), &json!("configmaps")));
}

#[tokio::test]
async fn c3_1_5_a_slash_at_the_end_makes_no_difference() {
    let client = with_core();
    for path in ["/api", "/api/v1", "/apis", GROUP, "/apis/wardle.example.com/v1beta1"] {
        let (plain, slash) = (client.get(path).await, client.get(&format!("{path}/")).await);
        assert_eq!((plain.code, &plain.text), (StatusCode::OK, &slash.text), "{path}");
    }
}

#[tokio::test]
async fn c3_1_6_clauses_with_another_form_are_skipped() {
    let client = with_core();
    let table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    for (path, kind) in
        [("/api/v1", "APIResourceList"), (GROUP, "APIGroup"), ("/apis/wardle.example.com/v1beta1", "APIResourceList")]
    {
        for form in [table, DISCOVERY] {
            let answer = client.get_as(path, &format!("{form},application/json")).await;
            assert_eq!(answer.header("content-type"), "application/json", "{path}");
            assert_eq!(answer.expect(StatusCode::OK)["kind"], kind, "{path}");
            let answer = client.get_as(path, form).await;
            assert_eq!((answer.code.as_u16(), &answer.json["reason"]), (406, &json!("NotAcceptable")), "{path}");
        }
    }
    let answer = client.get_as("/apis", &format!("{table},application/json")).await;
    assert_eq!(answer.expect(StatusCode::OK)["kind"], "APIGroupList");
}

#[tokio::test]
async fn c3_1_6_discovery_is_there_as_yaml_too() {
    let answer = Client::wardle().get_as(GROUP, "application/yaml").await;
    assert_eq!((answer.code, answer.header("content-type")), (StatusCode::OK, "application/yaml"));
    assert!(answer.text.contains("\nkind: APIGroup\n"), "{}", answer.text);
}

#[tokio::test]
async fn c3_1_7_unknown_groups_and_versions_are_404_as_text() {
    let client = Client::wardle();
    for path in ["/api/v1", "/apis/other.example.com", "/apis/other.example.com/v1", "/apis/wardle.example.com/v7"] {
        let answer = client.get(path).await;
        assert_eq!((answer.code, &*answer.text), (StatusCode::NOT_FOUND, "404 page not found\n"), "{path}");
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    }
}

#[tokio::test]
async fn c3_1_8_these_fields_are_always_there() {
    let list = Client::wardle().get("/apis/wardle.example.com/v1alpha1").await.expect(StatusCode::OK);
    let resources = list["resources"].as_array().expect("resources");
    assert_eq!(resources.len(), 3);
    for entry in resources {
        for text in ["name", "singularName", "kind"] {
            assert!(entry[text].is_string(), "{text} of {entry}");
        }
        assert!(entry["namespaced"].is_boolean() && entry["verbs"].is_array(), "{entry}");
    }
}
