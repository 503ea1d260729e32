//! What a store asks its backend for (contract 6.1, 6.4).

use std::sync::atomic::{AtomicUsize, Ordering};

use http::StatusCode;
use rest_resource::backend::Backend;
use rest_resource_tests::things::{self, THINGS, path, thing, version};
use rest_resource_tests::{Client, wardle};
use serde_json::{Value, json};

use crate::spy::Spy;

async fn create(client: &Client, names: impl IntoIterator<Item = String>) {
    for name in names {
        client.post(THINGS, &thing(&name, 1)).await.expect(StatusCode::CREATED);
    }
}

async fn list(client: &Client, query: &str) -> Value {
    client.get(&format!("{THINGS}?{query}")).await.expect(StatusCode::OK)
}

#[tokio::test]
async fn c6_1_4_objects_are_stored_as_json_of_one_version() {
    let (spy, options) = Spy::options();
    let client = Client::new(wardle::server(&options).prepare().expect("wardle fits together"));
    for version in ["v1alpha1", "v1beta1"] {
        let body = json!({
            "apiVersion": format!("wardle.example.com/{version}"), "kind": "Flunder", "metadata": {"name": version},
            "spec": {},
        });
        let flunders = format!("/apis/wardle.example.com/{version}/namespaces/default/flunders");
        client.post(&flunders, &body).await.expect(StatusCode::CREATED);
        let key = format!("/registry/wardle.example.com/flunders/default/{version}");
        let stored = spy.memory.get(&key).await.expect("memory answers").expect("it is stored");
        let stored: Value = serde_json::from_slice(&stored.value).expect("JSON");
        assert_eq!(
            (&stored["apiVersion"], &stored["kind"], &stored["metadata"]["name"]),
            (&json!("wardle.example.com/v1beta1"), &json!("Flunder"), &json!(version))
        );
    }
}

fn counted(count: &AtomicUsize) -> usize {
    count.load(Ordering::SeqCst)
}

#[tokio::test]
async fn c6_4_1_one_watch_of_the_backend_serves_all_reads_and_watches() {
    let (spy, options) = Spy::options();
    let client = Client::new(things::server(&options));
    create(&client, (0..1200).map(|number| format!("t{number:04}"))).await;
    let begin = version(&list(&client, "limit=1").await);
    // What was before the last 900 writes is read, and those are told.
    assert_eq!((counted(&spy.watches), counted(&spy.ranges), counted(&spy.objects)), (1, 1, 300));

    let mut watches = Vec::new();
    for number in 0..20 {
        let start = if number % 2 == 0 { "" } else { &format!("&resourceVersion={begin}") };
        watches.push(client.watch(&format!("{THINGS}?watch=true&fieldSelector=metadata.name%3Dnew{start}")).await);
    }
    create(&client, ["new".to_owned()]).await;
    for watch in &mut watches {
        assert_eq!(watch.next().await.expect("an event")["type"], "ADDED");
    }
    for query in ["", "limit=10", "resourceVersion=0", "labelSelector=a", &format!("resourceVersion={begin}&limit=5")] {
        list(&client, query).await;
    }
    client.get(&path("new")).await.expect(StatusCode::OK);
    assert_eq!((counted(&spy.watches), counted(&spy.ranges)), (1, 1));
}

/// The clock is paused: it goes on when nothing else does.
#[tokio::test(start_paused = true)]
async fn c6_4_2_a_read_waits_for_the_cache_and_not_for_ever() {
    let (spy, options) = Spy::options();
    let client = Client::new(things::server(&options));
    create(&client, ["a".to_owned()]).await;
    spy.silent.store(true, Ordering::SeqCst);
    let begin = tokio::time::Instant::now();
    // The cache is filled with what was before, and hears no more.
    let message = "the watch cache has not caught up with the storage, please try again";
    for path in [THINGS, &path("a")] {
        client.get(path).await.expect_status(503, "ServiceUnavailable", message);
    }
    assert_eq!(begin.elapsed().as_secs(), 6);
    assert_eq!(list(&client, "resourceVersion=0").await["metadata"]["resourceVersion"], "1");
}

#[tokio::test]
async fn c6_4_3_a_page_that_only_the_backend_remembers_reads_no_more_than_itself() {
    let (spy, options) = Spy::options();
    let client = Client::new(things::server(&options.watch_history(1)));
    create(&client, (0..100).map(|number| format!("t{number:04}"))).await;
    let mut page = list(&client, "limit=10").await;
    create(&client, ["u".to_owned(), "v".to_owned()]).await;
    list(&client, "limit=1").await;
    let mut seen = 10;
    while let Some(token) = page["metadata"]["continue"].as_str() {
        let before = counted(&spy.objects);
        page = list(&client, &format!("limit=10&continue={token}")).await;
        seen += page["items"].as_array().expect("items").len();
        assert!(counted(&spy.objects) - before <= 11, "one more tells that there are more");
    }
    assert_eq!(seen, 100);
}
