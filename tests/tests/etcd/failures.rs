//! etcd says nothing, or one of several is away.

use std::time::Duration;

use rest_resource::backend::etcd::{ConnectError, EtcdOptions};
use rest_resource::backend::{Backend, Error, Expect};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;

use super::kit::{put, until, watch_now, write};

#[tokio::test]
async fn a_silent_etcd_is_unavailable_and_comes_back() {
    let Some(server) = EtcdServer::start() else { return };
    let etcd = server.options().timeout(Duration::from_millis(300)).connect().await.unwrap();
    put(&etcd, "/registry/a", "x").await;
    let mut watch = watch_now(&etcd, "/registry/").await;
    server.pause();
    let unavailable = |error: Option<Error>| assert!(matches!(error, Some(Error::Unavailable(_))), "{error:?}");
    unavailable(soon(etcd.current_revision()).await.err());
    unavailable(soon(etcd.get("/registry/a")).await.err());
    unavailable(soon(etcd.commit(write("/registry/lost", Expect::Absent, Some("x")))).await.err());
    unavailable(soon(etcd.watch("/registry/", 1)).await.err());
    server.resume();
    while etcd.current_revision().await.is_err() {
        tokio::task::yield_now().await;
    }
    // The write whose answer was lost may have been carried out. The watch tells as much as a read.
    let lost =
        soon(etcd.get("/registry/lost")).await.unwrap().map(|found| ("/registry/lost".to_owned(), found.revision));
    let written = put(&etcd, "/registry/b", "x").await;
    let expected: Vec<_> = lost.into_iter().chain([("/registry/b".to_owned(), written)]).collect();
    assert_eq!(until(&mut watch, written).await, expected);
}

#[tokio::test]
async fn another_endpoint_is_used_where_one_is_away() {
    let Some(server) = EtcdServer::start() else { return };
    let options = EtcdOptions::new(["http://127.0.0.1:1".to_owned(), server.url()]).compaction(None);
    let etcd = soon(options.connect()).await.unwrap();
    let mut watch = watch_now(&etcd, "/registry/").await;
    let written = put(&etcd, "/registry/a", "x").await;
    assert_eq!(until(&mut watch, written).await, [("/registry/a".to_owned(), written)]);
}

#[tokio::test]
async fn nobody_answers() {
    let error = soon(EtcdOptions::new(["http://127.0.0.1:1"]).connect()).await.err().unwrap();
    assert!(matches!(&error, ConnectError::Unreachable(why) if why.contains("http://127.0.0.1:1: ")), "{error}");
}

#[tokio::test]
async fn options_that_make_no_sense_are_refused() {
    let none: [&str; 0] = [];
    for (options, says) in [
        (EtcdOptions::new(none), "there is no endpoint"),
        (EtcdOptions::new(["127.0.0.1:2379"]), "127.0.0.1:2379 begins with neither http:// nor https://"),
        (EtcdOptions::new(["not a URL"]), "an endpoint is not a URL"),
        (EtcdOptions::new(["http://me:secret@etcd"]), "an endpoint has a user in its URL; say it as an option"),
        (EtcdOptions::new(["https://etcd"]), "https://etcd needs a CA file to check its certificate"),
        (
            EtcdOptions::new(["http://etcd"]).ca_file("ca.pem"),
            "http://etcd is not encrypted, but there are certificates for it",
        ),
        (
            EtcdOptions::new(["https://etcd"]).ca_file("/nowhere/ca.pem"),
            "/nowhere/ca.pem: No such file or directory (os error 2)",
        ),
    ] {
        let error = options.connect().await.err();
        assert_eq!(error, Some(ConnectError::Options(says.to_owned())));
    }
}
