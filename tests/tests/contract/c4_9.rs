//! PUT and PATCH (contract 4.9).

mod apply;
mod former;
mod patch;
mod put;
mod strategic;

use rest_resource::server::ApiServer;
use rest_resource::{RestResource, Store, StoreOptions, Strategy};
use rest_resource_tests::Client;
use rest_resource_tests::client::FLUNDERS;
use rest_resource_tests::wardle::v1beta1::Flunder;
use serde_json::{Value, json};

const MODIFIED: &str = "the object has been modified; please apply your changes to the latest version and try again";

/// Flunders by another strategy than those of `wardle`.
#[derive(Debug, RestResource)]
#[rest(
    group = "wardle.example.com", version = "v1beta1", resource = "flunders", object = Flunder,
    verbs(create, get, update, patch)
)]
struct Others {
    #[rest(embed)]
    store: Store<Flunder>,
}

fn client(strategy: impl Strategy<Flunder>) -> Client {
    let store = Store::new(&StoreOptions::memory()).strategy(strategy);
    Client::new(ApiServer::builder().install(Others { store }).prepare().expect("it fits together"))
}

/// PUT creates, and needs no resource version.
struct Lenient;

impl Strategy<Flunder> for Lenient {
    fn allow_create_on_update(&self) -> bool {
        true
    }

    fn allow_unconditional_update(&self) -> bool {
        true
    }
}

fn path(name: &str) -> String {
    format!("{FLUNDERS}/{name}")
}

fn labels(object: &mut Value, value: &str) {
    object["metadata"]["labels"] = json!({"app": value});
}

fn resource_version(object: &Value) -> &str {
    object["metadata"]["resourceVersion"].as_str().expect("a resource version")
}
