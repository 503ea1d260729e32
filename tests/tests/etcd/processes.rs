//! Servers on an etcd come and go, and their clients go on at another one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::StatusCode;
use rest_resource_tests::client::Client;
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::process::ServerProcess;
use rest_resource_tests::serving::soon;
use rest_resource_tests::things::{THINGS, path, thing, version};
use serde_json::json;
use tokio::sync::Semaphore;

use super::SERVER;
use super::kit::{listed, things_on, told};

/// What a watch must tell: the type, the name, and the resource version where the answer to the client says it.
type Written = (String, String, Option<u64>);

/// Creates, changes and deletes things, until it is told to end.
async fn write(client: Client, ends: Arc<AtomicBool>, answers: Arc<Semaphore>) -> Vec<Written> {
    let mut written = Vec::new();
    for number in 0_u64.. {
        let name = format!("thing-{number}");
        let created = client.post(THINGS, &thing(&name, number)).await.expect(StatusCode::CREATED);
        written.push(("ADDED".to_owned(), name.clone(), Some(version(&created))));
        let change = json!({"spec": {"value": number + 1}});
        let changed = client.merge_patch(&path(&name), &change).await.expect(StatusCode::OK);
        written.push(("MODIFIED".to_owned(), name.clone(), Some(version(&changed))));
        if number % 2 == 0 {
            client.delete(&path(&name)).await.expect(StatusCode::OK);
            written.push(("DELETED".to_owned(), name, None));
        }
        answers.add_permits(1);
        if ends.load(Ordering::Relaxed) {
            break;
        }
    }
    written
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c4_8_22_watches_go_on_over_the_restarts_of_a_server() {
    let Some(server) = EtcdServer::start() else { return };
    let client = things_on(server.options()).await;
    let mut seen = version(&listed(&client).await);
    let (ends, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(Semaphore::new(0)));
    let writes = tokio::spawn(write(client.clone(), Arc::clone(&ends), Arc::clone(&answers)));
    let mut all = Vec::new();
    for _ in 0..4 {
        let mut process = ServerProcess::start(SERVER, &format!("etcd:{}", server.url()));
        let watch = process.connect().await.watch(format!("{THINGS}?watch=true&resourceVersion={seen}"));
        let watch = tokio::spawn(watch);
        soon(answers.acquire_many(30)).await.expect("answers").forget();
        process.kill();
        all.extend(soon(watch).await.expect("a watch does not fail").iter().map(told));
        seen = all.last().map_or(seen, |(_, _, revision)| *revision);
    }
    ends.store(true, Ordering::Relaxed);
    let written = soon(writes).await.expect("the writer does not fail");
    let mut watch = client.watch(&format!("{THINGS}?watch=true&resourceVersion={seen}")).await;
    while all.len() < written.len() {
        all.push(told(&watch.next().await.expect("an event")));
    }
    assert!(all.is_sorted_by_key(|(_, _, revision)| revision));
    let all = all.into_iter().map(|(kind, name, revision)| {
        let revision = (kind != "DELETED").then_some(revision);
        (kind, name, revision)
    });
    assert_eq!(all.collect::<Vec<Written>>(), written);
}
