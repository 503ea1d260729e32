//! Versions that are to go (contract 2.7.5).

use http::{HeaderMap, StatusCode};
use rest_resource::server::{ApiServer, InstallErrors, Resource};
use rest_resource::{Store, StoreOptions};
use rest_resource_tests::Client;
use rest_resource_tests::wardle::Flunders;

const OLD: &str = "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders";
const NEW: &str = "/apis/wardle.example.com/v1beta1/namespaces/default/flunders";

fn flunders() -> Resource {
    Flunders { store: Store::new(&StoreOptions::memory()) }.into()
}

fn served(resource: Resource) -> Client {
    Client::new(ApiServer::builder().install(resource).prepare().expect("it fits together"))
}

fn warnings(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all("warning").iter().filter_map(|value| value.to_str().ok()).collect()
}

#[tokio::test]
async fn c2_7_5_a_deprecated_version_warns() {
    let client = served(flunders().deprecate("v1alpha1", None));
    let expected = ["299 - \"wardle.example.com/v1alpha1 Flunder is deprecated\""];
    let list = client.get(OLD).await;
    assert_eq!(warnings(&list.headers), expected);
    list.expect(StatusCode::OK);
    let missing = client.get(&format!("{OLD}/a")).await;
    assert_eq!(warnings(&missing.headers), expected);
    missing.expect(StatusCode::NOT_FOUND);
    let watch = client.watch(&format!("{OLD}?watch=true")).await;
    assert_eq!(warnings(&watch.headers), expected);
    let new = client.get(NEW).await;
    assert!(warnings(&new.headers).is_empty());
    new.expect(StatusCode::OK);

    let own = served(flunders().deprecate("v1alpha1", Some("flunders of v1alpha1 end in spring")));
    assert_eq!(warnings(&own.get(OLD).await.headers), ["299 - \"flunders of v1alpha1 end in spring\""]);
}

#[test]
fn c2_7_5_only_a_version_that_is_there_can_be_deprecated() {
    let refused = ApiServer::builder().install(flunders().deprecate("v7", None)).prepare();
    let InstallErrors(errors) = refused.expect_err("this cannot be installed");
    let errors: Vec<String> =
        errors.into_iter().map(|error| format!("{}: {}", error.resource, error.message)).collect();
    assert_eq!(errors, ["wardle.example.com/flunders: there is no version v7 to deprecate"]);
}
