//! The JavaScript client `@kubernetes/client-node`, unmodified, on `wardle`.

use std::time::Duration;

use http::StatusCode;
use rest_resource::StoreOptions;
use rest_resource::server::ApiServerBuilder;
use rest_resource_tests::client::FLUNDERS;
use rest_resource_tests::relay::Relay;
use rest_resource_tests::script::{Script, watches_from};
use rest_resource_tests::{Client, Serving, wardle};
use serde_json::json;

/// A `wardle` on a port of its own, and a client of it in this process.
async fn serve(builder: ApiServerBuilder) -> (Serving, Client) {
    let client = Client::new(builder.prepare().expect("wardle fits together"));
    (Serving::start(client.server.clone()).await, client)
}

async fn wardle() -> (Serving, Client) {
    serve(wardle::server(&StoreOptions::memory())).await
}

#[tokio::test]
async fn custom_objects() {
    let (serving, _) = wardle().await;
    let Some(mut script) = Script::javascript("custom_objects.mjs", &[], serving.address) else { return };
    script
        .says(&[
            "created a 1",
            "again 409 AlreadyExists flunders.wardle.example.com \"a\" already exists",
            "dry run b me",
            "got true",
            "missing 404 NotFound flunders.wardle.example.com \"x\" not found",
            "listed a b c d",
            "of the cluster a b c d",
            "selected b d",
            "in pages a b c | 1 | d",
            "merged b 2",
            "patched c",
            "not patched 422 Invalid the server rejected our request due to an error in our request",
            "replaced {} 4",
            "stale 409 Conflict Operation cannot be fulfilled on flunders.wardle.example.com \"a\": the object has been \
             modified",
            "status patched Seen 4",
            "status replaced Ready",
            "other uid 409 Conflict Operation cannot be fulfilled on Flunder.wardle.example.com \"a\"",
            "deleted Success true",
            "collection b d",
            "left c",
        ])
        .await;
    script.ends().await;
}

#[tokio::test]
async fn objects_of_any_kind() {
    let (serving, _) = wardle().await;
    let Some(mut script) = Script::javascript("objects.mjs", &[], serving.address) else { return };
    script
        .says(&[
            "created a x",
            "read true true",
            "listed a",
            "replaced yes",
            "strategic example.com/a",
            "strategic example.com/b,example.com/a",
            "merge example.com/c",
            "json 400 BadRequest error decoding patch",
            "forced y",
            "conflict 409 Conflict Apply failed with 1 conflict: conflict with \"one\": .spec.flunderReference",
            "applied z",
            "deleted Success",
            "gone 404 NotFound flunders.wardle.example.com \"a\" not found",
            "of the cluster f",
        ])
        .await;
    script.ends().await;
}

#[tokio::test]
async fn an_informer_goes_on_where_its_connection_broke() {
    let (serving, client) = wardle().await;
    let relay = Relay::to(serving.address).await;
    client.flunder("a").await;
    let Some(mut script) = Script::javascript("informer.mjs", &[], relay.address) else { return };
    script.says(&["watches from the beginning", "lists", "add a"]).await;
    client.flunder("b").await;
    script.says(&["add b"]).await;
    let labels = json!({"metadata": {"labels": {"x": "y"}}});
    let a = client.merge_patch(&format!("{FLUNDERS}/a"), &labels).await.expect(StatusCode::OK);
    script.says(&["update a"]).await;
    relay.break_off();
    script.says(&["broken", &watches_from(&a)]).await;
    client.delete(&format!("{FLUNDERS}/b")).await.expect(StatusCode::OK);
    client.flunder("last").await;
    script.says(&["delete b", "add last", "holds a last"]).await;
    script.ends().await;
}

#[tokio::test]
async fn an_informer_goes_on_where_the_server_ended_the_watch() {
    // It ends after one or two of these, as the client says nothing.
    let builder = wardle::server(&StoreOptions::memory()).min_request_timeout(Duration::from_secs(1));
    let (serving, client) = serve(builder).await;
    let a = client.flunder("a").await;
    let Some(mut script) = Script::javascript("informer.mjs", &[], serving.address) else { return };
    let watches = watches_from(&a);
    script.says(&["watches from the beginning", "lists", "add a", &watches, &watches]).await;
    client.flunder("last").await;
    // It may have ended once more before that.
    while script.line().await != "add last" {}
    script.says(&["holds a last"]).await;
    script.ends().await;
}

#[tokio::test]
async fn an_informer_that_comes_too_late_lists_again() {
    let (serving, client) = serve(wardle::server(&StoreOptions::memory().watch_history(2))).await;
    client.flunder("a").await;
    let Some(mut script) = Script::javascript("informer.mjs", &[], serving.address) else { return };
    script.says(&["watches from the beginning", "lists", "add a"]).await;
    let pause = client.flunder("pause").await;
    script.says(&["add pause", "pauses"]).await;
    client.delete(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    for name in ["b", "c", "last"] {
        client.flunder(name).await;
    }
    script.go_on().await;
    script.says(&[&watches_from(&pause), "watches from the beginning", "lists"]).await;
    script.says(&["delete a", "add b", "add c", "add last", "holds b c last pause"]).await;
    script.ends().await;
}
