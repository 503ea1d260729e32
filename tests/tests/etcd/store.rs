//! Two servers on one etcd, as their clients see them.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use rest_resource::StoreOptions;
use rest_resource_tests::client::{Client, FLUNDERS, flunder};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;
use rest_resource_tests::wardle;
use serde_json::json;

/// A server of its own on an etcd, as another process would be.
async fn serve(server: &EtcdServer) -> Client {
    let etcd = soon(server.options().timeout(Duration::from_millis(500)).connect()).await.expect("etcd answers");
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
