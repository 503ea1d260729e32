//! The contract of a backend, kept by etcd.

use std::sync::Arc;

use rest_resource::backend::conformance::{Subject, check};
use rest_resource_tests::etcd::EtcdServer;

use super::kit::connect;

#[tokio::test]
async fn one_client_keeps_the_contract() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = Arc::new(connect(&server).await);
    check(async || Subject::new(etcd.clone())).await.unwrap();
}

#[tokio::test]
async fn two_clients_keep_the_contract() {
    let Some(server) = EtcdServer::start() else { return };
    let (one, two) = (Arc::new(connect(&server).await), Arc::new(connect(&server).await));
    check(async || Subject::new(one.clone()).with_handle(two.clone())).await.unwrap();
}

/// With an etcd that tells its progress this is the other way to know how far a watch is.
#[tokio::test]
async fn clients_that_follow_a_part_of_the_keys_keep_the_contract() {
    let Some(server) = EtcdServer::start() else { return };
    let connect = || async { Arc::new(server.options().keys("/conformance").connect().await.unwrap()) };
    let (one, two) = (connect().await, connect().await);
    check(async || Subject::new(one.clone()).with_handle(two.clone())).await.unwrap();
}
