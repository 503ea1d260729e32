//! Behind the address is another store than before: an older state of the same one, as after a backup was restored, or
//! another cluster. Its revisions mean something else, so clients of before have to list again.

use std::collections::BTreeMap;

use http::StatusCode;
use rest_resource::backend::etcd::EtcdOptions;
use rest_resource_tests::client::{Client, Watch};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::relay::Relay;
use rest_resource_tests::things::{self, THINGS, path, thing, value, version};
use serde_json::{Value, json};

use super::kit::{listed, things_on};

/// Creates these, and gives the resource version of the last one.
async fn create(client: &Client, names: impl IntoIterator<Item = String>) -> u64 {
    let mut last = 0;
    for name in names {
        last = version(&client.post(THINGS, &thing(&name, 1)).await.expect(StatusCode::CREATED));
    }
    last
}

fn numbered(name: &str, count: u64) -> impl Iterator<Item = String> {
    (0..count).map(move |number| format!("{name}-{number}"))
}

async fn watch_after(client: &Client, revision: u64) -> Watch {
    client.watch(&format!("{THINGS}?watch=true&allowWatchBookmarks=true&resourceVersion={revision}")).await
}

/// The error that a watch begins, and ends, with.
async fn refused(client: &Client, revision: u64) -> Value {
    let mut watch = watch_after(client, revision).await;
    let event = watch.next().await.expect("an event");
    assert_eq!((&event["type"], watch.next().await), (&json!("ERROR"), None));
    event["object"].clone()
}

/// Names and values of what is listed, and its resource version.
async fn state(client: &Client) -> (BTreeMap<String, u64>, u64) {
    let list = listed(client).await;
    let items = list["items"].as_array().expect("items").iter();
    (items.map(|item| (things::name(item).to_owned(), value(item))).collect(), version(&list))
}

#[tokio::test]
async fn c4_8_14_an_older_store_ends_the_watches() {
    let Some(mut server) = EtcdServer::start() else { return };
    let client = things_on(server.options()).await;
    let seen = create(&client, numbered("before", 20)).await;
    let mut watches = [watch_after(&client, seen).await, watch_after(&client, seen - 10).await];
    for _ in 0..10 {
        watches[1].next().await.expect("an event");
    }
    let last = create(&client, ["last".to_owned()]).await;
    for watch in &mut watches {
        assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "last".to_owned()));
    }

    server.restart_empty();
    for mut watch in watches {
        assert_eq!(watch.next().await, None, "nothing is told that is not so");
    }
    let (found, revision) = state(&client).await;
    assert!(found.is_empty() && revision < seen, "{found:?} at {revision}");
    assert_eq!(client.get(&path("last")).await.code, StatusCode::NOT_FOUND);

    // Whoever comes back from before is sent to list again.
    let too_large = format!("Too large resource version: {last}, current: {revision}");
    let status = refused(&client, last).await;
    assert_eq!((&status["code"], &status["message"]), (&json!(504), &json!(format!("Timeout: {too_large}"))));
    assert_eq!(status["details"]["causes"][0]["reason"], "ResourceVersionTooLarge");
    let late = client.get(&format!("{THINGS}?resourceVersion={last}")).await;
    assert_eq!(late.expect(StatusCode::GATEWAY_TIMEOUT)["details"]["causes"][0]["reason"], "ResourceVersionTooLarge");

    // Whoever lists again misses nothing.
    let mut watch = watch_after(&client, revision).await;
    create(&client, ["after".to_owned()]).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "after".to_owned()));
}

#[tokio::test]
async fn c4_8_14_another_store_that_is_not_older_ends_the_watches() {
    let Some(one) = EtcdServer::start() else { return };
    let Some(other) = EtcdServer::start() else { return };
    let relay = Relay::to(one.address()).await;
    let options = EtcdOptions::new([format!("http://{}", relay.address)]);
    let client = things_on(options.compaction(None)).await;
    let seen = create(&client, numbered("one", 5)).await;
    let others = things_on(other.options()).await;
    let ahead = create(&others, numbered("other", 20)).await;
    assert!(ahead > seen);
    let mut watch = watch_after(&client, seen - 1).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "one-4".to_owned()));

    relay.redirect(other.address());
    assert_eq!(watch.next().await, None, "nothing is told that is not so");
    assert_eq!(state(&client).await, (numbered("other", 20).map(|name| (name, 1)).collect(), ahead));
    assert_eq!(client.get(&path("one-4")).await.code, StatusCode::NOT_FOUND);
    // What happened there between the two revisions is no history of what the client knows.
    let status = refused(&client, seen).await;
    assert_eq!((&status["code"], &status["reason"]), (&json!(410), &json!("Expired")), "{status}");

    let mut watch = watch_after(&client, ahead).await;
    create(&client, ["after".to_owned()]).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "after".to_owned()));
}
