//! etcd ends and comes back, or is silent for a while, below a watch that goes on and writers that do not give up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use http::StatusCode;
use rest_resource_tests::client::Client;
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;
use rest_resource_tests::things::{self, THINGS, path, thing, value, version};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::kit::{listed, things_on, told};

const WRITERS: usize = 4;

/// What one writer does to the one thing of all.
#[derive(Debug, Default)]
struct Progress {
    ends: AtomicBool,
    /// How often a request was not answered.
    unanswered: AtomicU64,
}

/// Counts up a thing, from what it reads, until it is told to end; gives the values and versions that were answered.
async fn count(client: Client, progress: Arc<Progress>, answers: Arc<Semaphore>) -> BTreeMap<u64, u64> {
    let mut answered = BTreeMap::new();
    while !progress.ends.load(Ordering::Relaxed) {
        let found = client.get(&path("counter")).await;
        if found.code != StatusCode::OK {
            assert_eq!(found.code, StatusCode::SERVICE_UNAVAILABLE, "{}", found.text);
            progress.unanswered.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            continue;
        }
        let mut counter = found.json;
        let next = value(&counter) + 1;
        counter["spec"]["value"] = json!(next);
        let answer = client.put(&path("counter"), &counter).await;
        match answer.code {
            StatusCode::OK => {
                assert_eq!(answered.insert(next, version(&answer.json)), None, "counted twice");
                answers.add_permits(1);
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                progress.unanswered.fetch_add(1, Ordering::Relaxed);
            }
            code => assert_eq!(code, StatusCode::CONFLICT, "{}", answer.text),
        }
    }
    answered
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c4_8_22_a_watch_goes_on_over_outages_of_etcd() {
    let Some(mut server) = EtcdServer::start() else { return };
    let clients = [things_on(server.options()).await, things_on(server.options()).await];
    let created = clients[0].post(THINGS, &thing("counter", 0)).await.expect(StatusCode::CREATED);
    let mut watches = Vec::new();
    for client in &clients {
        let after = format!("{THINGS}?watch=true&resourceVersion={}", version(&created));
        watches.push(client.watch(&after).await);
    }
    let (progress, answers) = (Arc::new(Progress::default()), Arc::new(Semaphore::new(0)));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(count(clients[writer % 2].clone(), Arc::clone(&progress), Arc::clone(&answers))))
        .collect();
    for round in 0..4 {
        soon(answers.acquire_many(30)).await.expect("answers").forget();
        if round % 2 == 0 {
            server.restart();
        } else {
            server.pause();
            let before = progress.unanswered.load(Ordering::Relaxed);
            soon(async {
                while progress.unanswered.load(Ordering::Relaxed) == before {
                    tokio::task::yield_now().await;
                }
            })
            .await;
            server.resume();
        }
    }
    soon(answers.acquire_many(30)).await.expect("answers").forget();
    progress.ends.store(true, Ordering::Relaxed);
    let mut answered = BTreeMap::new();
    for writer in writers {
        for (value, revision) in soon(writer).await.expect("a writer does not fail") {
            assert_eq!(answered.insert(value, revision), None, "{value} was counted twice");
        }
    }

    let last = listed(&clients[0]).await["items"][0].clone();
    for watch in &mut watches {
        let mut events: Vec<Value> = Vec::new();
        while events.last().is_none_or(|event| event["object"] != last) {
            events.push(watch.next().await.expect("an event"));
        }
        // Each count once, in order, whether it was answered or not.
        let values: Vec<u64> = events.iter().map(|event| value(&event["object"])).collect();
        assert_eq!(values, (1..=value(&last)).collect::<Vec<_>>());
        assert!(events.iter().map(told).is_sorted_by_key(|(_, _, revision)| revision));
        let versions: BTreeMap<u64, u64> =
            events.iter().map(|event| (value(&event["object"]), version(&event["object"]))).collect();
        for (value, revision) in &answered {
            assert_eq!(versions.get(value), Some(revision), "what was answered was written");
        }
    }
    assert_eq!(things::name(&last), "counter");
}
