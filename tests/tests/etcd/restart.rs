//! etcd ends and comes back.

use rest_resource::backend::{Backend, Error, Range};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;

use super::kit::{connect, put, until, watch_now, write};

#[tokio::test]
async fn a_watch_goes_on_over_restarts() {
    let Some(mut server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    let mut watch = watch_now(&etcd, "/registry/").await;
    let mut written = Vec::new();
    let mut told = Vec::new();
    for round in 0..4 {
        for number in 0..20 {
            let key = format!("/registry/{round}-{number}");
            written.push((key.clone(), put(&etcd, &key, "x").await));
        }
        if round == 2 {
            // Nothing is left for after the restart.
            told.extend(until(&mut watch, written[written.len() - 1].1).await);
        }
        server.restart();
        // The first requests may find the old connection.
        while etcd.current_revision().await.is_err() {
            tokio::task::yield_now().await;
        }
    }
    let last = put(&etcd, "/registry/last", "x").await;
    written.push(("/registry/last".to_owned(), last));
    told.extend(until(&mut watch, last).await);
    assert_eq!(told, written);
}

#[tokio::test]
async fn requests_fail_while_it_is_away() {
    let Some(mut server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    put(&etcd, "/registry/a", "x").await;
    server.kill();
    let unavailable = |error: Option<Error>| assert!(matches!(error, Some(Error::Unavailable(_))), "{error:?}");
    unavailable(soon(etcd.current_revision()).await.err());
    unavailable(soon(etcd.get("/registry/a")).await.err());
    unavailable(soon(etcd.range(Range::default())).await.err());
    unavailable(soon(etcd.watch("/registry/", 1)).await.err());
    unavailable(soon(etcd.compact(1)).await.err());
    let absent = rest_resource::backend::Expect::Absent;
    unavailable(soon(etcd.commit(write("/registry/b", absent, Some("x")))).await.err());
    server.restart();
    while etcd.current_revision().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(soon(etcd.get("/registry/a")).await.unwrap().unwrap().value, "x");
}

/// As after a backup of earlier was restored: its revisions mean something else.
#[tokio::test]
async fn an_etcd_that_is_another_one_ends_the_watches() {
    let Some(mut server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    for number in 0..10 {
        put(&etcd, "/registry/a", &number.to_string()).await;
    }
    let mut watch = watch_now(&etcd, "/registry/").await;
    server.restart_empty();
    let error = loop {
        match soon(watch.next()).await {
            Ok(batch) => assert_eq!(batch.changes, []),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Compacted { .. }), "{error}");
    // From now on it is like any other.
    while etcd.current_revision().await.is_err() {
        tokio::task::yield_now().await;
    }
    let mut watch = watch_now(&etcd, "/registry/").await;
    let written = put(&etcd, "/registry/b", "x").await;
    assert_eq!(until(&mut watch, written).await, [("/registry/b".to_owned(), written)]);
}
