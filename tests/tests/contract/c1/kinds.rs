//! Scope, names and Kinds (contract 1.3-1.8, 1.25, 1.26).

use std::future::ready;

use http::StatusCode;
use k8s_openapi::api::autoscaling::v1::Scale;
use rest_resource::server::ApiServer;
use rest_resource::{
    Admit, Change, Context, CreateOptions, Created, Creater, GetOptions, Getter, GroupVersionAcceptor, RestResource,
    Result, UpdateOptions, Updater,
};
use rest_resource_tests::Client;
use rest_resource_tests::client::FLUNDERS;
use serde_json::{Value, json};

use crate::probe::{PROBES, Probe, probe, probe_json, serve};

async fn resources(client: &Client, version: &str) -> Vec<Value> {
    let list = client.get(&format!("/apis/{version}")).await.expect(StatusCode::OK);
    list["resources"].as_array().cloned().unwrap_or_default()
}

async fn resource(client: &Client, version: &str, name: &str) -> Value {
    resources(client, version).await.into_iter().find(|entry| entry["name"] == name).unwrap_or_default()
}

#[tokio::test]
async fn c1_3_the_scope_of_a_resource_is_where_its_objects_are() {
    let client = Client::wardle();
    client.flunder("a").await;
    client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    client.get(&format!("{FLUNDERS}/a/status")).await.expect(StatusCode::OK);
    client.get("/apis/wardle.example.com/v1beta1/flunders/a").await.expect(StatusCode::NOT_FOUND);
    client.get("/apis/wardle.example.com/v1beta1/flunders/a/status").await.expect(StatusCode::NOT_FOUND);
    client.get("/apis/wardle.example.com/v1alpha1/fischers").await.expect(StatusCode::OK);
    client.get("/apis/wardle.example.com/v1alpha1/namespaces/default/fischers").await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn c1_3_a_subresource_has_the_scope_of_its_parent() {
    let client = Client::wardle();
    let scopes: Vec<(Value, Value)> = resources(&client, "wardle.example.com/v1alpha1")
        .await
        .into_iter()
        .map(|entry| (entry["name"].clone(), entry["namespaced"].clone()))
        .collect();
    let expected = [("fischers", false), ("flunders", true), ("flunders/status", true)];
    assert_eq!(scopes, expected.map(|(name, namespaced)| (json!(name), json!(namespaced))));
}

/// Knows every probe.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Probes;

impl Getter for Probes {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        ready(Ok(probe(name, ""))).await
    }
}

/// How many they are.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes/scale", object = Scale, parent_kind = "Probe", cluster)]
struct ProbeScale;

impl Getter for ProbeScale {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Scale> {
        let mut scale = Scale::default();
        scale.metadata.name = Some(name.to_owned());
        ready(Ok(scale)).await
    }
}

impl Updater for ProbeScale {
    async fn update(
        &self,
        _: &Context,
        _: &str,
        change: &Change<Scale>,
        _: &UpdateOptions,
    ) -> Result<(Scale, Created)> {
        Ok((change.apply(None).await?, Created(false)))
    }
}

fn scaled() -> Client {
    let server = ApiServer::builder().install(Probes).install(ProbeScale).prepare();
    Client::new(server.expect("a resource and its subresource"))
}

#[tokio::test]
async fn c1_5_objects_of_another_group_are_named_as_they_are() {
    let client = scaled();
    let scale = client.get(&format!("{PROBES}/a/scale")).await.expect(StatusCode::OK);
    assert_eq!((&scale["apiVersion"], &scale["kind"]), (&json!("autoscaling/v1"), &json!("Scale")));
    let entry = resource(&client, "test.example.com/v1", "probes/scale").await;
    assert_eq!(
        (&entry["group"], &entry["version"], &entry["kind"]),
        (&json!("autoscaling"), &json!("v1"), &json!("Scale"))
    );
    let own = resource(&client, "test.example.com/v1", "probes").await;
    assert_eq!((own.get("group"), own.get("version")), (None, None));
}

#[tokio::test]
async fn c1_5_objects_of_another_group_are_read_as_they_are() {
    let client = scaled();
    let mut body = json!({
        "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "a"}, "spec": {"replicas": 3},
    });
    let scale = client.put(&format!("{PROBES}/a/scale"), &body).await.expect(StatusCode::OK);
    assert_eq!((&scale["apiVersion"], &scale["spec"]["replicas"]), (&json!("autoscaling/v1"), &json!(3)));
    body["apiVersion"] = "test.example.com/v1".into();
    let message = "the API version in the data (test.example.com/v1) does not match the expected API version \
                   (autoscaling/v1)";
    client.put(&format!("{PROBES}/a/scale"), &body).await.expect_status(400, "BadRequest", message);
}

/// Takes bodies of any version of its group.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Lenient;

impl Creater for Lenient {
    async fn create(&self, _: &Context, object: Probe, _: &Admit<Probe>, _: &CreateOptions) -> Result<Probe> {
        ready(Ok(object)).await
    }
}

impl GroupVersionAcceptor for Lenient {
    fn accepts_group_version(&self, group: &str, _: &str) -> bool {
        group == "test.example.com"
    }
}

#[tokio::test]
async fn c1_6_other_versions_of_a_body_are_taken_if_the_storage_does() {
    let client = serve(Lenient);
    let mut body = probe_json("a");
    body["apiVersion"] = "test.example.com/v1beta7".into();
    let created = client.post(PROBES, &body).await.expect(StatusCode::CREATED);
    assert_eq!(created["apiVersion"], "test.example.com/v1");
    body["apiVersion"] = "other.example.com/v1".into();
    let message = "the API version in the data (other.example.com/v1) does not match the expected API version \
                   (test.example.com/v1)";
    client.post(PROBES, &body).await.expect_status(400, "BadRequest", message);
}

#[tokio::test]
async fn c1_7_c1_8_names_in_discovery() {
    let client = Client::wardle();
    let flunders = resource(&client, "wardle.example.com/v1beta1", "flunders").await;
    assert_eq!(
        (&flunders["shortNames"], &flunders["categories"], &flunders["singularName"]),
        (&json!(["fl"]), &json!(["all"]), &json!("flunder"))
    );
    let status = resource(&client, "wardle.example.com/v1beta1", "flunders/status").await;
    assert_eq!(status["singularName"], "");
    let fischers = resource(&client, "wardle.example.com/v1alpha1", "fischers").await;
    assert_eq!((fischers.get("shortNames"), fischers.get("categories")), (None, None));
}

#[tokio::test]
async fn c1_25_the_hash_is_of_the_stored_version_in_every_version() {
    let client = Client::wardle();
    let stored = resource(&client, "wardle.example.com/v1beta1", "flunders").await["storageVersionHash"].clone();
    let served = resource(&client, "wardle.example.com/v1alpha1", "flunders").await["storageVersionHash"].clone();
    assert!(stored.is_string() && stored == served, "{stored} {served}");
}

/// The type says v1.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v2", resource = "probes", object = Probe, cluster)]
struct OtherVersion;

impl Getter for OtherVersion {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        ready(Ok(probe(name, ""))).await
    }
}

#[tokio::test]
async fn c1_26_the_kind_is_that_of_the_type() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    assert_eq!(created["kind"], "Flunder");
    assert_eq!(resource(&client, "wardle.example.com/v1beta1", "flunders").await["kind"], "Flunder");
}

#[test]
fn c1_26_a_type_of_another_version_cannot_be_installed() {
    let errors = ApiServer::builder().install(OtherVersion).prepare().expect_err("the versions differ").0;
    let messages: Vec<&str> = errors.iter().map(|error| &*error.message).collect();
    assert_eq!(
        messages,
        ["the object's type says test.example.com/v1 Probe, the resource says test.example.com/v2 Probe"]
    );
}
