//! Servers from their first request to their last.

use http::StatusCode;
use rest_resource::server::ApiServer;
use rest_resource::{Store, StoreOptions};
use rest_resource_tests::client::{FISCHERS, FLUNDERS};
use rest_resource_tests::wardle::Fischers;
use rest_resource_tests::{Client, wardle};
use serde_json::json;

#[tokio::test]
async fn watches_end_when_the_server_shuts_down() {
    let client = Client::wardle();
    client.flunder("a").await;
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    client.server.shutdown().await;
    assert_eq!(watch.next().await, None);
}

#[test]
fn every_mistake_of_a_server_is_one_line() {
    let error = wardle::server(&StoreOptions::memory())
        .disable("wardle.example.com/v1alpha1/flunder")
        .enable("wardle.example.com/v2")
        .disable("wardle.example.com")
        .prepare()
        .expect_err("none of these is installed");
    assert_eq!(
        error.to_string(),
        "`wardle.example.com/v1alpha1/flunder` names no installed version or resource\n\
         `wardle.example.com/v2` names no installed version or resource\n\
         `wardle.example.com` names no installed version or resource"
    );
}

#[tokio::test]
async fn storages_are_built_from_the_store_of_the_server() {
    let options = StoreOptions::memory();
    let build = |options: &StoreOptions| Fischers { store: Store::new(options) };
    let first = ApiServer::builder().store(&options).install_with(build).prepare().expect("it fits together");
    let second = ApiServer::builder().install_with(build).store(&options).prepare().expect("it fits together");
    let fischer = json!({"metadata": {"name": "f"}});
    Client::new(first).post(FISCHERS, &fischer).await.expect(StatusCode::CREATED);
    Client::new(second).get(&format!("{FISCHERS}/f")).await.expect(StatusCode::OK);
}

#[test]
fn a_server_without_a_store_has_nothing_to_build_storages_from() {
    let error = ApiServer::builder()
        .install_with(|options| Fischers { store: Store::new(options) })
        .disable("wardle.example.com/v2")
        .prepare()
        .expect_err("there is no store");
    assert_eq!(
        error.to_string(),
        "a resource is built from a store, and the server has none\n\
         `wardle.example.com/v2` names no installed version or resource"
    );
}
