//! What cannot be installed (contract 2.1.2, 2.3), and what is switched off.

use std::future::ready;

use http::StatusCode;
use rest_resource::server::{ApiGroup, ApiServer, ApiServerBuilder, InstallErrors, Resource};
use rest_resource::wire::table::PrinterColumn;
use rest_resource::{Context, GetOptions, Getter, ResourceInfo, RestResource, Result, Scope, Store, StoreOptions};
use rest_resource_tests::{Client, wardle};
use serde_json::{Value, json};

use crate::probe::{Probe, probe};

/// A resource that is described at run time.
fn described(info: ResourceInfo) -> Resource {
    let store = Store::for_resource(&StoreOptions::memory(), &info);
    Resource::unstructured(info, &[], store)
}

fn info(resource: &'static str) -> ResourceInfo {
    ResourceInfo::new("test.example.com", "v1", resource, "Thing", Scope::Cluster)
}

fn below(resource: &'static str, subresource: &'static str) -> ResourceInfo {
    ResourceInfo { subresource: Some(subresource.into()), ..info(resource) }
}

fn errors(resources: impl IntoIterator<Item = Resource>) -> Vec<String> {
    let builder = resources.into_iter().fold(ApiServer::builder(), ApiServerBuilder::install);
    let InstallErrors(errors) = builder.prepare().expect_err("this cannot be installed");
    errors.into_iter().map(|error| format!("{}: {}", error.resource, error.message)).collect()
}

#[test]
fn c2_1_2_a_path_has_one_or_two_segments_in_lower_case() {
    let found =
        errors([described(info("Things")), described(info("a/b/c")), described(info("")), described(info("watch"))]);
    assert_eq!(
        found,
        [
            "test.example.com/v1/: a resource and a subresource have names of their own, not \"\"",
            "test.example.com/v1/Things: resource names must be lowercase only, not \"Things\"",
            "test.example.com/v1/a/b/c: api_installer allows only one or two segment paths \
             (resource or resource/subresource)",
            "test.example.com/v1/watch: a resource cannot be called \"watch\": below are the deprecated watches",
        ]
    );
}

#[test]
fn c2_3_1_a_subresource_needs_its_parent() {
    let found = errors([described(below("things", "status"))]);
    assert_eq!(found, ["test.example.com/v1/things/status: missing parent storage: \"things\""]);
}

#[test]
fn c2_3_9_a_subresource_is_where_its_parent_is() {
    let namespaced = ResourceInfo { scope: Scope::Namespaced, ..below("things", "status") };
    let found = errors([described(info("things")), described(namespaced)]);
    let message = "Error: Parent things (scope: Cluster) and subresource status (scope: Namespaced) scope do not match";
    assert_eq!(found, [format!("test.example.com/v1/things/status: {message}")]);
}

#[test]
fn c2_3_10_a_version_has_a_name() {
    let found = errors([described(ResourceInfo { version: "".into(), ..info("things") })]);
    assert_eq!(
        found,
        ["test.example.com//things: cannot register handler with an empty version for \"test.example.com\""]
    );
}

/// The type says v1, the attribute v2.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v2", resource = "probes", object = Probe, cluster)]
struct OtherVersion;

impl Getter for OtherVersion {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        ready(Ok(probe(name, ""))).await
    }
}

#[test]
fn c2_3_8_every_error_is_reported_at_once() {
    let broken = [PrinterColumn::new("Broken", ".spec[")];
    let things = info("things");
    let store = Store::for_resource(&StoreOptions::memory(), &things);
    let error = ApiServer::builder()
        .install(described(info("twice")))
        .install(described(info("twice")))
        .install(described(below("lost", "status")))
        .install(OtherVersion)
        .install(Resource::unstructured(things, &broken, store))
        .group(ApiGroup::new("test.example.com").versions(["v1", "v7"]))
        .disable("test.example.com/v1/typo")
        .prepare()
        .expect_err("nothing of this can be installed");
    let mut lines: Vec<String> = error.to_string().lines().map(ToOwned::to_owned).collect();
    lines.sort();
    assert_eq!(lines.len(), 6, "{lines:#?}");
    for (line, expected) in lines.iter().zip([
        "`test.example.com/v1/typo` names no installed version or resource",
        "error in registering resource: test.example.com/probes, the object's type says",
        "error in registering resource: test.example.com/v1/lost/status, missing parent storage: \"lost\"",
        "error in registering resource: test.example.com/v1/things, ",
        "error in registering resource: test.example.com/v1/twice, the resource is installed twice",
        "group \"test.example.com\" has no resource in its version `v7`",
    ]) {
        assert!(line.starts_with(expected), "{line}");
    }
}

#[tokio::test]
async fn c2_3_what_cannot_be_installed_changes_nothing() {
    let client = Client::wardle();
    let before = client.server.routes().to_string();
    let error = client.server.install(described(below("lost", "status"))).expect_err("it has no parent");
    assert_eq!(error.0.len(), 1);
    assert_eq!(client.server.routes().to_string(), before);
    client.get("/apis/test.example.com/v1").await.expect(StatusCode::NOT_FOUND);
    client.get("/readyz").await.expect(StatusCode::OK);
}

fn switched(change: impl FnOnce(ApiServerBuilder) -> ApiServerBuilder) -> Client {
    Client::new(change(wardle::server(&StoreOptions::memory())).prepare().expect("the names are those of resources"))
}

async fn names(client: &Client, version: &str) -> Vec<Value> {
    let list = client.get(&format!("/apis/wardle.example.com/{version}")).await.expect(StatusCode::OK);
    list["resources"].as_array().into_iter().flatten().map(|entry| entry["name"].clone()).collect()
}

#[tokio::test]
async fn c2_3_11_a_version_without_resources_is_not_there() {
    let client = switched(|builder| builder.disable("wardle.example.com/v1alpha1"));
    client.get("/apis/wardle.example.com/v1alpha1").await.expect(StatusCode::NOT_FOUND);
    client.get("/apis/wardle.example.com/v1alpha1/fischers").await.expect(StatusCode::NOT_FOUND);
    let group = client.get("/apis/wardle.example.com").await.expect(StatusCode::OK);
    let beta = json!({"groupVersion": "wardle.example.com/v1beta1", "version": "v1beta1"});
    assert_eq!((&group["versions"], &group["preferredVersion"]), (&json!([beta]), &beta));
    let index = client.get("/openapi/v3").await.expect(StatusCode::OK);
    let keys: Vec<_> = index["paths"].as_object().into_iter().flat_map(|paths| paths.keys()).collect();
    assert!(!keys.iter().any(|key| key.contains("v1alpha1")), "{keys:?}");
    assert!(!client.server.routes().to_string().contains("v1alpha1"));
    client.flunder("a").await;
}

#[tokio::test]
async fn a_disabled_resource_is_gone_from_routes_discovery_and_documentation() {
    let client = switched(|builder| builder.disable("wardle.example.com/v1alpha1/flunders"));
    let path = "/apis/wardle.example.com/v1alpha1/flunders";
    let message = "the server could not find the requested resource";
    client.get(path).await.expect_status(404, "NotFound", message);
    assert!(client.server.routes().iter().all(|(_, route, _)| !route.contains("v1alpha1/flunders")));
    assert_eq!(names(&client, "v1alpha1").await, ["fischers"]);
    assert_eq!(names(&client, "v1beta1").await, ["flunders", "flunders/status"]);
    let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    let list = client.get_as("/apis", accept).await.expect(StatusCode::OK);
    let resources = &list["items"][0]["versions"][1]["resources"];
    assert_eq!(
        (&list["items"][0]["versions"][1]["version"], &resources[0]["resource"]),
        (&json!("v1alpha1"), &json!("fischers"))
    );
    assert_eq!(resources.as_array().map(Vec::len), Some(1));
    let document = client.get("/openapi/v3/apis/wardle.example.com/v1alpha1").await.expect(StatusCode::OK);
    let documented: Vec<_> = document["paths"].as_object().into_iter().flat_map(|paths| paths.keys()).collect();
    assert!(!documented.is_empty() && documented.iter().all(|path| path.contains("/fischers")), "{documented:?}");
    let old = client.get("/openapi/v2").await.expect(StatusCode::OK).to_string();
    assert!(!old.contains("v1alpha1/namespaces/{namespace}/flunders"));
}

#[tokio::test]
async fn a_subresource_can_be_disabled_on_its_own() {
    let client = switched(|builder| builder.disable("wardle.example.com/v1beta1/flunders/status"));
    assert_eq!(names(&client, "v1beta1").await, ["flunders"]);
    client.flunder("a").await;
    client
        .get("/apis/wardle.example.com/v1beta1/namespaces/default/flunders/a/status")
        .await
        .expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn enable_takes_back_a_part_of_what_was_disabled() {
    let client = switched(|builder| {
        builder.disable("wardle.example.com/v1alpha1").enable("wardle.example.com/v1alpha1/fischers")
    });
    assert_eq!(names(&client, "v1alpha1").await, ["fischers"]);
    client.get("/apis/wardle.example.com/v1alpha1/fischers").await.expect(StatusCode::OK);
    client.get("/apis/wardle.example.com/v1alpha1/flunders").await.expect(StatusCode::NOT_FOUND);
}
