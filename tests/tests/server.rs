//! What a server does beside the contract.

use rest_resource::StoreOptions;
use rest_resource_tests::client::FLUNDERS;
use rest_resource_tests::{Client, wardle};

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
