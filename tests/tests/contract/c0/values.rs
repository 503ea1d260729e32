//! Metadata, times and lists (contract 0.11-0.13, 0.16).

use std::collections::BTreeSet;

use http::StatusCode;
use rest_resource::{Context, GetOptions, Getter, RestResource, Result};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use serde_json::{Value, json};

use crate::probe::{Leases, PROBES, Probe, probe, serve};

const LEASES: &str = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

/// `2026-07-24T12:00:00Z`
fn is_time(value: &Value) -> bool {
    let form = "0000-00-00T00:00:00Z";
    value.as_str().is_some_and(|text| {
        text.len() == form.len()
            && text.chars().zip(form.chars()).all(|(c, form)| if form == '0' { c.is_ascii_digit() } else { c == form })
    })
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().into_iter().flat_map(|fields| fields.keys()).map(String::as_str).collect()
}

#[tokio::test]
async fn c0_11_times_are_utc_seconds() {
    let client = Client::wardle();
    let mut body = flunder("a");
    body["metadata"]["finalizers"] = json!(["example.com/stay"]);
    let created = client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
    assert!(is_time(&created["metadata"]["creationTimestamp"]), "{created}");
    let deleted = client.delete(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    assert!(is_time(&deleted["metadata"]["deletionTimestamp"]), "{deleted}");
}

#[tokio::test]
async fn c0_11_a_time_of_null_is_no_time() {
    let client = Client::wardle();
    let mut body = flunder("a");
    body["metadata"]["creationTimestamp"] = Value::Null;
    let created = client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
    assert!(is_time(&created["metadata"]["creationTimestamp"]), "{created}");
    body["metadata"]["resourceVersion"] = created["metadata"]["resourceVersion"].clone();
    let updated = client.put(&format!("{FLUNDERS}/a"), &body).await.expect(StatusCode::OK);
    assert_eq!(updated["metadata"]["creationTimestamp"], created["metadata"]["creationTimestamp"]);
}

/// Serves one object that was made just now and never created.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Computed;

impl Getter for Computed {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        std::future::ready(Ok(probe(name, "here"))).await
    }
}

#[tokio::test]
async fn c0_11_no_time_is_left_out() {
    let object = serve(Computed).get(&format!("{PROBES}/a")).await.expect(StatusCode::OK);
    assert_eq!(object["metadata"], json!({"name": "a"}));
}

#[tokio::test]
async fn c0_11_c0_16_micro_times_have_six_digits() {
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "a"},
        "spec": {"holderIdentity": "me", "renewTime": "2026-07-24T14:00:00.5+02:00"},
    });
    let created = serve(Leases::new()).post(LEASES, &lease).await.expect(StatusCode::CREATED);
    assert_eq!(created["spec"]["renewTime"], "2026-07-24T12:00:00.500000Z");
}

#[tokio::test]
async fn c0_16_the_same_time_in_another_form_is_no_change() {
    let client = serve(Leases::new());
    let mut lease = json!({
        "metadata": {"name": "a"}, "spec": {"renewTime": "2026-07-24T12:00:00.000000Z"},
    });
    let created = client.post(LEASES, &lease).await.expect(StatusCode::CREATED);
    lease["spec"]["renewTime"] = "2026-07-24T14:00:00+02:00".into();
    lease["metadata"]["resourceVersion"] = created["metadata"]["resourceVersion"].clone();
    let updated = client.put(&format!("{LEASES}/a"), &lease).await.expect(StatusCode::OK);
    assert_eq!(updated["metadata"]["resourceVersion"], created["metadata"]["resourceVersion"]);
}

#[tokio::test]
async fn c0_12_names_of_an_objects_metadata() {
    let client = Client::wardle();
    let owner = client.flunder("owner").await;
    let body = json!({
        "apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder", "spec": {},
        "metadata": {
            "generateName": "a-", "labels": {"l": "1"}, "annotations": {"a": "1"}, "finalizers": ["example.com/stay"],
            "ownerReferences": [{
                "apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder", "name": "owner",
                "uid": owner["metadata"]["uid"],
            }],
        },
    });
    let created = client.post(FLUNDERS, &body).await.expect(StatusCode::CREATED);
    let mut expected = BTreeSet::from([
        "name",
        "generateName",
        "namespace",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "labels",
        "annotations",
        "ownerReferences",
        "finalizers",
    ]);
    let mut found = keys(&created["metadata"]);
    // Whether there are any depends on the client's manager.
    found.remove("managedFields");
    assert_eq!(found, expected);
    let name = created["metadata"]["name"].as_str().expect("a name");
    client.delete(&format!("{FLUNDERS}/{name}")).await.expect(StatusCode::OK);
    let deleted = client.get(&format!("{FLUNDERS}/{name}")).await.expect(StatusCode::OK);
    expected.extend(["deletionTimestamp", "deletionGracePeriodSeconds"]);
    let mut found = keys(&deleted["metadata"]);
    found.remove("managedFields");
    assert_eq!(found, expected);
    for text in ["uid", "resourceVersion", "namespace"] {
        assert!(deleted["metadata"][text].is_string(), "{text} of {deleted}");
    }
    for number in ["generation", "deletionGracePeriodSeconds"] {
        assert!(deleted["metadata"][number].is_i64(), "{number} of {deleted}");
    }
}

#[tokio::test]
async fn c0_12_names_of_a_lists_metadata() {
    let client = Client::wardle();
    client.flunder("a").await;
    client.flunder("b").await;
    let page = client.get(&format!("{FLUNDERS}?limit=1")).await.expect(StatusCode::OK);
    assert_eq!(keys(&page["metadata"]), BTreeSet::from(["resourceVersion", "continue", "remainingItemCount"]));
    assert_eq!(page["metadata"]["remainingItemCount"], 1);
    let all = client.get(FLUNDERS).await.expect(StatusCode::OK);
    assert_eq!(keys(&all["metadata"]), BTreeSet::from(["resourceVersion"]));
}

#[tokio::test]
async fn c0_13_an_empty_list_has_no_items_but_the_field() {
    let client = Client::wardle();
    for path in [FLUNDERS, FISCHERS, "/apis/wardle.example.com/v1alpha1/flunders"] {
        let list = client.get(path).await.expect(StatusCode::OK);
        assert_eq!(list["items"], json!([]), "{path}");
    }
    let deleted = client.delete(FLUNDERS).await.expect(StatusCode::OK);
    assert_eq!(deleted["items"], json!([]));
}

#[tokio::test]
async fn c0_13_items_say_what_they_are() {
    let client = Client::wardle();
    client.flunder("a").await;
    for version in ["v1alpha1", "v1beta1"] {
        let list = client.get(&format!("/apis/wardle.example.com/{version}/flunders")).await.expect(StatusCode::OK);
        assert_eq!((&list["kind"], &list["items"][0]["kind"]), (&json!("FlunderList"), &json!("Flunder")));
        let api_version = json!(format!("wardle.example.com/{version}"));
        assert_eq!((&list["apiVersion"], &list["items"][0]["apiVersion"]), (&api_version, &api_version));
    }
}
