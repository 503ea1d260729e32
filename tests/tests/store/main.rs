//! What a store promises whatever happens, on each backend.

mod crash;
mod disk;
mod encoded;
mod linearizable;
mod model;
mod slow;

use std::path::Path;

use rest_resource_tests::process::serve_if_asked;

/// The name of the test that is a server.
const SERVER: &str = "serve";

#[test]
#[ignore = "it is the server that the other tests run in a process of its own"]
fn serve() {
    serve_if_asked();
}

/// A file as the store of the server.
fn store_in(file: &Path) -> String {
    format!("redb:{}", file.display())
}
