//! Server-side apply, and who owns which field after any write (contract 4.9.18-4.9.27, 4.5.15).

mod body;
mod conflict;
mod ownership;
mod status;
mod storages;
mod versions;

use http::StatusCode;
use rest_resource_tests::Client;
use serde_json::{Value, json};

use super::path;

/// A flunder, as somebody applies it.
fn configuration(spec: Value) -> Value {
    let mut configuration = rest_resource_tests::client::flunder("a");
    configuration["spec"] = spec;
    configuration
}

/// Applies this spec to `a`.
async fn apply(client: &Client, manager: &str, spec: Value) -> rest_resource_tests::Answer {
    client.apply(&format!("{}?fieldManager={manager}", path("a")), &configuration(spec)).await
}

/// Applies this spec to `a`, which is there.
async fn applied(client: &Client, manager: &str, spec: Value) -> Value {
    apply(client, manager, spec).await.expect(StatusCode::OK)
}

/// `manager operation apiVersion` of each entry, with the subresource where there is one. They are sorted, because their own
/// order is that of the seconds in which they came.
fn managers(object: &Value) -> Vec<String> {
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let entries = object["metadata"]["managedFields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let name = |entry: &Value| {
        let parts = ["manager", "operation", "apiVersion", "subresource"].map(|name| text(entry, name));
        parts.join(" ").trim_end().replace("wardle.example.com/", "")
    };
    let mut managers: Vec<String> = entries.iter().map(name).collect();
    managers.sort();
    managers
}

/// What a manager owns; null if it owns nothing.
fn owned(object: &Value, manager: &str) -> Value {
    let entries = object["metadata"]["managedFields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let entry = entries.iter().find(|entry| entry["manager"] == manager);
    entry.map(|entry| entry["fieldsV1"].clone()).unwrap_or_default()
}

fn fischers(name: &str) -> Value {
    json!({"fischerReference": name, "referenceType": "Fischer"})
}
