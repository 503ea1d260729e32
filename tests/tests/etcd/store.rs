//! Two servers on one etcd, as their clients see them.

use std::net::Ipv4Addr;
use std::sync::Arc;

use futures::future::join_all;
use http::{Method, StatusCode};
use rest_resource::StoreOptions;
use rest_resource::backend::etcd::EtcdOptions;
use rest_resource::backend::{Backend, Etcd};
use rest_resource_tests::client::{Client, FLUNDERS, flunder};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::relay::Relay;
use rest_resource_tests::serving::soon;
use rest_resource_tests::things::{THINGS, path, thing, value, version};
use rest_resource_tests::wardle;
use serde_json::json;

use super::kit::{connect, listed, put, things_on, told};

/// A server of its own on an etcd, as another process would be.
async fn serve(server: &EtcdServer) -> Client {
    let etcd = soon(server.options().connect()).await.expect("etcd answers");
    let server = wardle::server(&StoreOptions::new(Arc::new(etcd)));
    Client::new(server.prepare().expect("wardle fits together"))
}

#[tokio::test]
async fn what_one_server_has_written_the_other_one_reads() {
    let Some(server) = EtcdServer::start() else { return };
    let servers = [serve(&server).await, serve(&server).await];
    let mut flunder = servers[0].flunder("a").await;
    let path = format!("{FLUNDERS}/a");
    for number in 0..1000_usize {
        let (writer, reader) = (&servers[number % 2], &servers[(number + 1) % 2]);
        flunder["metadata"]["labels"] = json!({"number": number.to_string()});
        let written = writer.put(&path, &flunder).await.expect(StatusCode::OK);
        flunder = reader.get(&path).await.expect(StatusCode::OK);
        assert_eq!(flunder, written);
        if number % 50 == 0 {
            let list = reader.get(FLUNDERS).await.expect(StatusCode::OK);
            assert_eq!(list["items"][0]["metadata"]["labels"], flunder["metadata"]["labels"]);
        }
    }
}

#[tokio::test]
async fn the_events_of_one_server_are_watched_on_the_other_one() {
    let Some(server) = EtcdServer::start() else { return };
    let (one, two) = (serve(&server).await, serve(&server).await);
    let begin = one.flunder("a").await;
    let version = begin["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    let mut watch = two.watch(&format!("{FLUNDERS}?watch=true&resourceVersion={version}")).await;
    one.flunder("b").await;
    two.flunder("c").await;
    one.delete(&format!("{FLUNDERS}/b")).await.expect(StatusCode::OK);
    for (event, name) in [("ADDED", "b"), ("ADDED", "c"), ("DELETED", "b")] {
        assert_eq!(watch.next_name().await, (event.to_owned(), name.to_owned()));
    }
}

#[tokio::test]
async fn a_conflict_is_one_on_the_other_server_too() {
    let Some(server) = EtcdServer::start() else { return };
    let (one, two) = (serve(&server).await, serve(&server).await);
    let mut flunder = one.flunder("a").await;
    let path = format!("{FLUNDERS}/a");
    flunder["metadata"]["labels"] = json!({"by": "one"});
    one.put(&path, &flunder).await.expect(StatusCode::OK);
    flunder["metadata"]["labels"] = json!({"by": "two"});
    let answer = two.put(&path, &flunder).await;
    assert_eq!(answer.expect(StatusCode::CONFLICT)["reason"], "Conflict");
}

#[tokio::test]
async fn an_object_that_etcd_does_not_take_is_413() {
    let Some(server) = EtcdServer::start() else { return };
    let client = serve(&server).await;
    let mut flunder = flunder("large");
    flunder["spec"] = json!({"flunderReference": "x".repeat(2_000_000), "referenceType": "Flunder"});
    let answer = client.post(FLUNDERS, &flunder).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer["reason"], "RequestEntityTooLarge");
    assert!(answer["message"].as_str().unwrap_or_default().contains("too large"), "{answer}");
    assert_eq!(client.get(&format!("{FLUNDERS}/large")).await.code, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_etcd_nothing_is_answered_from_memory() {
    let Some(mut server) = EtcdServer::start() else { return };
    let client = serve(&server).await;
    client.flunder("a").await;
    let path = format!("{FLUNDERS}/a");
    client.get(&path).await.expect(StatusCode::OK);
    server.pause();
    for (method, path) in [(Method::GET, path.as_str()), (Method::GET, FLUNDERS), (Method::DELETE, path.as_str())] {
        let answer = soon(client.send(method, path, &[], "")).await.expect(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer["reason"], "ServiceUnavailable");
    }
    server.resume();
    // The delete may have been carried out, or not.
    loop {
        match client.get(&path).await.code {
            StatusCode::SERVICE_UNAVAILABLE => tokio::task::yield_now().await,
            code => break assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&code), "{code}"),
        }
    }
    server.restart();
    loop {
        match client.post(FLUNDERS, &flunder("b")).await.code {
            StatusCode::SERVICE_UNAVAILABLE => tokio::task::yield_now().await,
            code => break assert_eq!(code, StatusCode::CREATED),
        }
    }
    client.get(&format!("{FLUNDERS}/b")).await.expect(StatusCode::OK);
}

/// Another server has told its client of a revision at which only keys changed that this one does not follow.
#[tokio::test]
async fn c4_6_2_a_revision_of_keys_that_are_not_followed_is_reached() {
    let Some(server) = EtcdServer::start() else { return };
    let client = things_on(server.options().keys("/registry/")).await;
    client.post(THINGS, &thing("a", 1)).await.expect(StatusCode::CREATED);
    client.get(&path("a")).await.expect(StatusCode::OK);
    let other = connect(&server).await;
    let elsewhere = put(&other, "/other/a", "1").await;
    client.get(&format!("{}?resourceVersion={elsewhere}", path("a"))).await.expect(StatusCode::OK);
    let elsewhere = put(&other, "/other/a", "2").await;
    let list = client.get(&format!("{THINGS}?resourceVersion={elsewhere}")).await.expect(StatusCode::OK);
    assert_eq!(version(&list), elsewhere);
    let elsewhere = put(&other, "/other/a", "3").await;
    let mut watch = client.watch(&format!("{THINGS}?watch=true&resourceVersion={elsewhere}")).await;
    let began = tokio::spawn(async move { watch.next_name().await });
    client.get(&format!("{}?resourceVersion={elsewhere}", path("a"))).await.expect(StatusCode::OK);
    client.post(THINGS, &thing("b", 1)).await.expect(StatusCode::CREATED);
    assert_eq!(soon(began).await.expect("it does not fail"), ("ADDED".to_owned(), "b".to_owned()));
}

/// Writers of two servers count one thing up, while what they leave behind is compacted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c4_8_22_watches_of_two_servers_tell_the_same_over_compactions() {
    let Some(server) = EtcdServer::start() else { return };
    let (clients, etcd) =
        ([things_on(server.options()).await, things_on(server.options()).await], connect(&server).await);
    let created = clients[0].post(THINGS, &thing("a", 0)).await.expect(StatusCode::CREATED);
    let begin = format!("{THINGS}?watch=true&resourceVersion={}", version(&created));
    let mut watches = [clients[0].watch(&begin).await, clients[1].watch(&begin).await];
    // Both have caught up before anything is compacted: a server that has not may find its beginning gone.
    clients[0].post(THINGS, &thing("b", 0)).await.expect(StatusCode::CREATED);
    for watch in &mut watches {
        assert_eq!(soon(watch.next_name()).await, ("ADDED".to_owned(), "b".to_owned()));
    }
    let count = |client: Client, etcd: Etcd| async move {
        for _ in 0..50 {
            let counted = soon(async {
                loop {
                    let mut found = client.get(&path("a")).await.expect(StatusCode::OK);
                    found["spec"]["value"] = json!(value(&found) + 1);
                    let answer = client.put(&path("a"), &found).await;
                    if answer.code != StatusCode::CONFLICT {
                        break answer.expect(StatusCode::OK);
                    }
                }
            });
            let revision = version(&counted.await);
            // Another writer may have compacted more already.
            soon(etcd.compact(revision)).await.expect("etcd answers");
        }
    };
    let writers = clients.iter().map(|client| tokio::spawn(count(client.clone(), etcd.clone())));
    let writers = tokio::spawn(join_all(writers.collect::<Vec<_>>()));
    let mut events = [Vec::new(), Vec::new()];
    for (watch, events) in watches.iter_mut().zip(&mut events) {
        for _ in 0..100 {
            events.push(watch.next().await.expect("the watch goes on"));
        }
    }
    assert!(soon(writers).await.expect("it does not fail").iter().all(Result::is_ok));
    let counts: Vec<u64> = events[0].iter().map(|event| value(&event["object"])).collect();
    assert_eq!(counts, (1..=100).collect::<Vec<_>>());
    assert!(events[0].iter().map(told).is_sorted_by_key(|(_, _, revision)| revision));
    assert_eq!(events[0], events[1]);

    // A server that comes later has not seen what is compacted.
    let last = listed(&clients[0]).await;
    let late = things_on(server.options()).await;
    assert_eq!(listed(&late).await, last);
    let mut watch = late.watch(&begin).await;
    let event = watch.next().await.expect("an event");
    assert_eq!((&event["object"]["code"], &event["object"]["reason"]), (&json!(410), &json!("Expired")));
    assert_eq!(watch.next().await, None);
}

/// What it has not been told is compacted before it can ask again.
#[tokio::test]
async fn c6_4_6_a_server_that_has_missed_changes_ends_its_watches() {
    let Some(server) = EtcdServer::start() else { return };
    let relay = Relay::to(server.address()).await;
    let options = EtcdOptions::new([format!("http://{}", relay.address)]).compaction(None);
    let cut_off = things_on(options).await;
    let (other, etcd) = (things_on(server.options()).await, connect(&server).await);
    let seen = version(&cut_off.post(THINGS, &thing("a", 1)).await.expect(StatusCode::CREATED));
    let mut watch = cut_off.watch(&format!("{THINGS}?watch=true&resourceVersion={}", seen - 1)).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    relay.redirect((Ipv4Addr::LOCALHOST, 1).into());
    other.delete(&path("a")).await.expect(StatusCode::OK);
    let last = version(&other.post(THINGS, &thing("b", 1)).await.expect(StatusCode::CREATED));
    soon(etcd.compact(last)).await.expect("etcd answers");
    relay.redirect(server.address());
    assert_eq!(watch.next().await, None);
    assert_eq!(listed(&cut_off).await, listed(&other).await);
    let event = cut_off.watch(&format!("{THINGS}?watch=true&resourceVersion={seen}")).await.next().await;
    assert_eq!(event.expect("an event")["object"]["code"], 410);
    let mut watch = cut_off.watch(&format!("{THINGS}?watch=true&resourceVersion={last}")).await;
    other.delete(&path("b")).await.expect(StatusCode::OK);
    assert_eq!(watch.next_name().await, ("DELETED".to_owned(), "b".to_owned()));
}
