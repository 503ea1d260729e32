//! The verbs that `wardle` does not have, each on a storage of its own that keeps nothing in a `Store`.

mod connect;
mod read;
mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use kube::CustomResource;
use rest_resource::server::{ApiServer, ApiServerBuilder};
use rest_resource_tests::Client;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Notify;

use self::connect::{Attachments, Proxies};
use self::read::{Logs, Summaries};
use self::watch::Things;

/// A thing with a size.
#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "verbs.example.com", version = "v1", kind = "Thing", namespaced)]
pub struct ThingSpec {
    #[serde(default)]
    size: i64,
}

fn thing(name: &str, size: i64) -> Thing {
    Thing::new(name, ThingSpec { size })
}

/// A thing that says what its storage has got.
fn report(name: &str, what: &Value) -> Thing {
    let mut thing = thing(name, 0);
    thing.metadata.annotations = Some(BTreeMap::from([("got".to_owned(), what.to_string())]));
    thing
}

/// What a storage has got, out of its report.
fn got(answer: &Value) -> Value {
    serde_json::from_str(answer["metadata"]["annotations"]["got"].as_str().expect("a report")).expect("JSON")
}

/// What a client may ask of a log or a proxy.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    follow: bool,
    tail_lines: Option<i64>,
    ratio: Option<f64>,
    container: Option<String>,
    command: Vec<String>,
}

const THINGS: &str = "/apis/verbs.example.com/v1/namespaces/ns/things";

/// What a test holds of the storages.
struct Strings {
    gate: Arc<Notify>,
    ended: Arc<Notify>,
}

fn builder() -> (ApiServerBuilder, Strings) {
    let (gate, ended) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let builder = ApiServer::builder()
        .install(Things { gate: Arc::clone(&gate) })
        .install(Logs { gate: Arc::clone(&gate) })
        .install(Summaries)
        .install(Attachments { ended: Arc::clone(&ended) })
        .install(Proxies { gate: Arc::clone(&gate) });
    (builder, Strings { gate, ended })
}

fn server() -> (ApiServer, Strings) {
    let (builder, strings) = builder();
    (builder.prepare().expect("it fits together"), strings)
}

fn client() -> Client {
    Client::new(server().0)
}

fn get(path: &str) -> Request<Full<Bytes>> {
    Request::get(path).header("host", "localhost").body(Full::default()).expect("a request")
}

/// Paths below a subresource, and the subpath that its storage sees.
const SUBPATHS: [(&str, Option<&str>); 7] = [
    ("", None),
    ("/", Some("/")),
    ("/x", Some("/x")),
    ("/x/", Some("/x/")),
    ("/x/y.html", Some("/x/y.html")),
    ("/x/y/", Some("/x/y/")),
    ("/x?follow=true", Some("/x")),
];
