use kube::discovery::{Discovery, verbs};
use serde_json::{Value, json};

use super::fixture::{core, get, server};

const V2: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const V2_BETA1: &str = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

/// What kubectl sends.
const KUBECTL: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
                       application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

#[tokio::test]
async fn c3_2_1_c3_2_2_both_documents_name_their_form() {
    let (server, core) = (server(), core());
    for (server, path, names) in [
        (&server, "/apis", json!(["first.example.com", "wardle.example.com"])),
        // kube-rs gives up without a list here.
        (&server, "/api", json!([])),
        (&core, "/apis", json!([])),
        (&core, "/api", json!([null])),
    ] {
        let answer = get(server, path, &[("accept", KUBECTL)]).await;
        assert_eq!((answer.code.as_u16(), answer.header("content-type")), (200, V2));
        let list = answer.json();
        assert_eq!(
            (&list["kind"], &list["apiVersion"]),
            (&json!("APIGroupDiscoveryList"), &json!("apidiscovery.k8s.io/v2"))
        );
        assert_eq!(list["metadata"], json!({}));
        let found: Vec<Value> =
            list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].clone()).collect();
        assert_eq!(Value::from(found), names, "{path}");
    }
}

#[tokio::test]
async fn c3_2_4_v2beta1_has_the_same_payload() {
    let server = server();
    let old = get(&server, "/apis", &[("accept", V2_BETA1)]).await;
    assert_eq!(old.header("content-type"), V2_BETA1);
    let mut old = old.json();
    assert_eq!(old["apiVersion"].take(), "apidiscovery.k8s.io/v2beta1");
    let mut new = get(&server, "/apis", &[("accept", V2)]).await.json();
    new["apiVersion"].take();
    assert_eq!(old, new);
}

#[tokio::test]
async fn c3_2_5_c3_2_7_the_shape_of_a_group() {
    let list = get(&server(), "/apis", &[("accept", V2)]).await.json();
    let all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    let kind = |kind: &str| json!({ "group": "wardle.example.com", "version": "v1alpha1", "kind": kind });
    let beta = json!({ "group": "wardle.example.com", "version": "v1beta1", "kind": "Flunder" });
    let expected = json!({
        "metadata": { "name": "wardle.example.com" },
        "versions": [
            { "version": "v1beta1", "freshness": "Current", "resources": [{
                "resource": "flunders", "responseKind": beta, "scope": "Namespaced", "singularResource": "flunder",
                "verbs": ["get"],
            }] },
            { "version": "v1alpha1", "freshness": "Current", "resources": [
                {
                    "resource": "fischers", "responseKind": kind("Fischer"), "scope": "Cluster",
                    "singularResource": "fischer", "verbs": all,
                },
                {
                    "resource": "flunders", "responseKind": kind("Flunder"), "scope": "Namespaced",
                    "singularResource": "flunder", "verbs": all, "shortNames": ["fl"], "categories": ["all", "wardle"],
                    "subresources": [
                        { "subresource": "proxy", "responseKind": kind("Flunder"), "verbs": ["create", "get"] },
                        {
                            "subresource": "scale", "verbs": ["get", "patch", "update"],
                            "responseKind": { "group": "autoscaling", "version": "v1", "kind": "Scale" },
                        },
                        { "subresource": "status", "responseKind": kind("Flunder"), "verbs": ["get", "patch", "update"] },
                    ],
                },
            ] },
        ],
    });
    assert_eq!(list["items"][1], expected);
}

#[tokio::test]
async fn c3_2_11_an_entity_tag_answers_304() {
    let server = server();
    let first = get(&server, "/apis", &[("accept", V2)]).await;
    let etag = first.header("etag").to_owned();
    assert!(etag.len() == 130 && etag.starts_with('"') && etag == etag.to_uppercase(), "{etag}");
    assert_eq!((first.header("vary"), first.header("cache-control")), ("Accept", "public"));

    for tag in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}")] {
        let again = get(&server, "/apis", &[("accept", V2), ("if-none-match", &tag)]).await;
        assert_eq!((again.code.as_u16(), &*again.body, again.header("etag")), (304, "", &*etag), "{tag}");
    }
    for tag in ["\"x\"", etag.trim_matches('"')] {
        assert_eq!(get(&server, "/apis", &[("accept", V2), ("if-none-match", tag)]).await.code.as_u16(), 200);
    }
    let yaml = V2.replace("json", "yaml");
    let yaml = get(&server, "/apis", &[("accept", &yaml)]).await;
    assert_eq!(yaml.header("etag"), etag);
    assert_eq!(yaml.header("content-type"), V2.replace("json", "yaml"));
}

#[tokio::test]
async fn c3_2_12_profile_is_accepted() {
    let accept = format!("{V2};profile=nopeer");
    assert_eq!(get(&server(), "/apis", &[("accept", &accept)]).await.header("content-type"), V2);
}

#[tokio::test]
async fn c3_2_3_kube_finds_the_same_by_both_ways() {
    for run_aggregated in [false, true] {
        let client = kube::Client::new(server(), "default");
        let discovery = Discovery::new(client);
        let discovery = if run_aggregated {
            discovery.run_aggregated().await
        } else {
            discovery.filter(&["wardle.example.com"]).run().await
        }
        .unwrap();
        let group = discovery.get("wardle.example.com").unwrap();
        assert_eq!(group.preferred_version_or_latest(), "v1beta1");
        let found = group.versioned_resources("v1alpha1");
        let (flunders, capabilities) = found.iter().find(|(resource, _)| resource.plural == "flunders").unwrap();
        assert_eq!((&*flunders.kind, &*flunders.api_version), ("Flunder", "wardle.example.com/v1alpha1"));
        assert!(capabilities.supports_operation(verbs::WATCH));
        let mut below: Vec<&str> = capabilities.subresources.iter().map(|(sub, _)| &*sub.kind).collect();
        below.sort_unstable();
        assert_eq!(below, ["Flunder", "Flunder", "Scale"], "aggregated: {run_aggregated}");
    }
}
