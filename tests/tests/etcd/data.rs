//! What is read and watched is what was written.

use bytes::Bytes;
use futures::future::join_all;
use rest_resource::backend::{Backend, Commit, Error, Expect, Range, Write};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;

use super::kit::{connect, put, until, watch_now, write};

#[tokio::test]
async fn c6_2_1_writers_of_two_clients_lose_no_update() {
    let Some(server) = EtcdServer::start() else { return };
    let clients = [connect(&server).await, connect(&server).await];
    put(&clients[0], "/registry/counter", "0").await;
    let increments = (0..8).map(|writer| {
        let etcd = &clients[writer % 2];
        async move {
            for _ in 0..25 {
                loop {
                    let found = soon(etcd.get("/registry/counter")).await.unwrap().unwrap();
                    let count: u32 = std::str::from_utf8(&found.value).unwrap().parse().unwrap();
                    let next = (count + 1).to_string();
                    let write = write("/registry/counter", Expect::Revision(found.revision), Some(&next));
                    if let Commit::Done(_) = soon(etcd.commit(write)).await.unwrap() {
                        break;
                    }
                }
            }
        }
    });
    join_all(increments).await;
    assert_eq!(clients[1].get("/registry/counter").await.unwrap().unwrap().value, "200");
}

#[tokio::test]
async fn a_range_is_larger_than_one_answer_may_be() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    let value = Bytes::from(vec![b'x'; 1_400_000]);
    for number in 0..60 {
        let key = format!("/registry/large/{number:03}");
        let write = Write { key, expect: Expect::Absent, value: Some(value.clone()) };
        assert!(matches!(soon(etcd.commit(write)).await, Ok(Commit::Done(_))));
    }
    let range = Range { prefix: "/registry/large/", ..Range::default() };
    let reply = soon(etcd.range(range)).await.unwrap();
    assert_eq!((reply.items.len(), reply.more), (60, false));
    assert!(reply.items.iter().all(|(_, found)| found.value == value));
}

#[tokio::test]
async fn a_value_is_too_large() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    // Refused by etcd, and by what reads its messages.
    for size in [1_700_000, 5_000_000] {
        let value = Some(Bytes::from(vec![b'x'; size]));
        let write = Write { key: "/registry/large".to_owned(), expect: Expect::Absent, value };
        let error = soon(etcd.commit(write)).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge(_)), "{size}: {error}");
    }
    assert_eq!(etcd.get("/registry/large").await, Ok(None));
}

/// It reads from etcd what is no longer in memory.
#[tokio::test]
async fn a_watch_that_is_far_behind_misses_nothing() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    let part = server.options().keys("/registry/a").connect().await.unwrap();
    let mut watches = [watch_now(&etcd, "/registry/a/").await, watch_now(&part, "/registry/a/").await];
    let writers = (0..64).map(|writer| {
        let etcd = &etcd;
        async move {
            let mut told = Vec::new();
            for number in 0..200 {
                let group = if number % 4 == 0 { "b" } else { "a" };
                let key = format!("/registry/{group}/{writer}-{number}");
                let revision = put(etcd, &key, "x").await;
                told.extend((group == "a").then_some((key, revision)));
            }
            told
        }
    });
    let mut written: Vec<_> = join_all(writers).await.into_iter().flatten().collect();
    written.sort_by_key(|(_, revision)| *revision);
    // Each asks for itself, so that its own watch comes there.
    let last = soon(etcd.current_revision()).await.unwrap();
    assert_eq!(soon(part.current_revision()).await, Ok(last));
    for watch in &mut watches {
        assert_eq!(until(watch, last).await, written);
    }
}

#[tokio::test]
async fn a_watch_of_other_keys_is_refused() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = server.options().keys("/registry/").connect().await.unwrap();
    let error = soon(etcd.watch("/other/", 1)).await.err();
    assert_eq!(error, Some(Error::Unavailable("etcd: the keys /other/ are not followed".to_owned())));
}

/// What others write beside the prefix is not told, and lets the watch progress all the same.
#[tokio::test]
async fn a_part_of_the_keys_is_followed() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = server.options().keys("/registry/").connect().await.unwrap();
    let other = connect(&server).await;
    let mut watch = watch_now(&etcd, "/registry/").await;
    let mut expected = Vec::new();
    for number in 0..50 {
        let key = format!("/registry/{number}");
        expected.push((key.clone(), put(&other, &key, "x").await));
        put(&other, &format!("/other/{number}"), "x").await;
    }
    let last = soon(etcd.current_revision()).await.unwrap();
    assert_eq!(until(&mut watch, last).await, expected);
}
