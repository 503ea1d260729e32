//! DELETE and DELETECOLLECTION (contract 4.10).

mod collection;
mod delete;
mod options;

use http::StatusCode;
use rest_resource::server::ApiServer;
use rest_resource::{Context, Object, RestResource, Result, Store, StoreOptions, Strategy};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::wardle::v1beta1::Flunder;
use serde_json::{Value, json};

/// Flunders by another strategy than those of `wardle`.
#[derive(Debug, RestResource)]
#[rest(
    group = "wardle.example.com", version = "v1beta1", resource = "flunders", object = Flunder,
    verbs(list, create, delete_collection, get, update, patch, delete, watch)
)]
struct Others {
    #[rest(embed)]
    store: Store<Flunder>,
}

fn client(options: &StoreOptions, strategy: impl Strategy<Flunder>) -> Client {
    let store = Store::new(options).strategy(strategy);
    Client::new(ApiServer::builder().install(Others { store }).prepare().expect("it fits together"))
}

fn path(name: &str) -> String {
    format!("{FLUNDERS}/{name}")
}

/// A flunder that stays when it is deleted.
async fn held(client: &Client, name: &str) -> Value {
    let mut object = flunder(name);
    object["metadata"]["finalizers"] = json!(["example.com/held"]);
    client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED)
}

async fn is_there(client: &Client, name: &str) -> bool {
    client.get(&path(name)).await.code == StatusCode::OK
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The names in a list.
fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("items").iter().map(|item| text(&item["metadata"]["name"])).collect()
}

/// Flunders with the label `keep` are not to be deleted.
struct Keeping;

impl Strategy<Flunder> for Keeping {
    async fn admit(&self, cx: &Context, new: Option<&Flunder>, old: Option<&Flunder>) -> Result<()> {
        match (new, old) {
            (None, Some(old)) if old.meta().labels.as_ref().is_some_and(|labels| labels.contains_key("keep")) => {
                Err(cx.forbidden(old.meta().name.as_deref().unwrap_or_default(), "it is to be kept"))
            }
            _ => Ok(()),
        }
    }
}

async fn kept(client: &Client, name: &str) {
    let mut object = flunder(name);
    object["metadata"]["labels"] = json!({"keep": "yes"});
    client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
}
