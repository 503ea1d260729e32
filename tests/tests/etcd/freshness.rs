//! One question serves all who wait for the current revision.

use futures::FutureExt;
use futures::future::join_all;
use rest_resource::backend::Backend;
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;

use super::kit::{connect, put};

const RANGES: &str = r#"grpc_server_started_total{grpc_method="Range""#;

#[tokio::test]
async fn readers_share_the_question() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    let written = put(&etcd, "/registry/a", "x").await;
    let before = server.metric(RANGES);
    for _ in 0..10 {
        let readers = (0..1000).map(|_| etcd.current_revision());
        for revision in soon(join_all(readers)).await {
            assert_eq!(revision, Ok(written));
        }
    }
    let asked = server.metric(RANGES) - before;
    assert!((1.0..=30.0).contains(&asked), "{asked} questions for 10,000 readers");
}

/// A question that is under way may be answered with what was before a commit that the next reader knows of.
#[tokio::test]
async fn who_comes_later_is_not_answered_from_before() {
    let Some(server) = EtcdServer::start() else { return };
    let (reader, writer) = (connect(&server).await, connect(&server).await);
    for number in 0..300 {
        // Questions are under way all the time.
        let busy = tokio::spawn({
            let reader = reader.clone();
            async move { reader.current_revision().await }
        });
        let written = put(&writer, "/registry/a", &number.to_string()).await;
        let read = soon(reader.current_revision()).await.unwrap();
        assert!(read >= written, "{read} after {written}");
        soon(busy).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn callers_who_leave_do_not_stop_the_others() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = connect(&server).await;
    for _ in 0..100 {
        // It begins the question, and is gone.
        let _ = etcd.current_revision().now_or_never();
        let stayed = etcd.current_revision();
        assert!(soon(stayed).await.is_ok());
    }
}
