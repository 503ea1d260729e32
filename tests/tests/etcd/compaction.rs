//! History is forgotten (contract 6.3.1, 6.3.2).

use std::time::Duration;

use rest_resource::backend::{Backend, Error, Range};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;

use super::kit::{connect, put, until, watch_now};

fn at(revision: u64) -> Range<'static> {
    Range { prefix: "/registry/", revision: Some(revision), ..Range::default() }
}

#[tokio::test]
async fn c6_3_2_etcd_tells_the_oldest_revision() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    let mut last = 0;
    for number in 0..20 {
        last = put(&etcd, "/registry/a", &number.to_string()).await;
    }
    soon(etcd.compact(last - 5)).await.unwrap();
    let compacted = Error::Compacted { oldest: last - 5 };
    for client in [etcd, connect(&server).await] {
        assert_eq!(soon(client.range(at(last - 10))).await.unwrap_err(), compacted);
        assert_eq!(soon(client.watch("/registry/", last - 6)).await.err(), Some(compacted.clone()));
        assert_eq!(soon(client.range(at(last - 5))).await.unwrap().revision, last - 5);
        let mut watch = soon(client.watch("/registry/", last - 5)).await.unwrap();
        assert_eq!(until(&mut watch, last).await.len(), 5);
        // Again does no harm.
        soon(client.compact(last - 5)).await.unwrap();
        assert_eq!(soon(client.compact(last + 1)).await, Err(Error::Future { current: last }));
    }
}

/// The watch has told everything, so nothing of it is compacted.
#[tokio::test]
async fn a_watch_outlives_compactions() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    let mut watch = watch_now(&etcd, "/registry/").await;
    let (mut written, mut told) = (Vec::new(), Vec::new());
    for number in 0..100 {
        let key = format!("/registry/{number}");
        let revision = put(&etcd, &key, "x").await;
        written.push((key, revision));
        told.extend(until(&mut watch, revision).await);
        soon(etcd.compact(revision)).await.unwrap();
    }
    assert_eq!(told, written);
}

/// Each of two servers would compact once an interval; together they do it as often as one.
#[tokio::test]
async fn c6_3_1_servers_compact_in_turn() {
    let Some(server) = EtcdServer::start() else { return };
    let often = Duration::from_millis(200);
    let first = put(&connect(&server).await, "/registry/a", "x").await;
    let options = || server.options().compaction(Some(often));
    let (one, two) = (options().connect().await.unwrap(), options().connect().await.unwrap());
    let key = "compact_rev_key";
    let mut watch = soon(one.watch(key, first)).await.unwrap();
    // The turns of six rounds, as they come.
    let mut turns = Vec::new();
    while turns.len() < 6 {
        turns.extend(soon(watch.next()).await.unwrap().changes);
    }
    // Each turn compacts what was current one turn before; the first one only begins.
    let said: Vec<u64> = turns
        .iter()
        .map(|change| std::str::from_utf8(change.value.as_deref().unwrap()).unwrap().parse().unwrap())
        .collect();
    assert_eq!(said[0], 0);
    assert!(said.windows(2).all(|pair| pair[0] < pair[1]), "{said:?}");
    assert!(said.iter().zip(&turns).all(|(said, turn)| *said < turn.revision), "{said:?}");
    loop {
        match soon(two.range(at(first))).await {
            Ok(_) => tokio::task::yield_now().await,
            Err(error) => {
                assert!(matches!(error, Error::Compacted { oldest } if oldest > first), "{error}");
                break;
            }
        }
    }
    // What is there is there.
    assert_eq!(soon(two.get("/registry/a")).await.unwrap().unwrap().revision, first);
}
