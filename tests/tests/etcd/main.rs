//! The backend on etcd, against a real one.

mod auth;
mod compaction;
mod conformance;
mod data;
mod failures;
mod freshness;
mod kit;
mod outages;
mod processes;
mod replaced;
mod restart;
mod space;
mod store;
mod tls;

use rest_resource_tests::process::serve_if_asked;

/// The name of the test that is a server.
const SERVER: &str = "serve";

#[test]
#[ignore = "it is the server that the other tests run in a process of its own"]
fn serve() {
    serve_if_asked();
}
