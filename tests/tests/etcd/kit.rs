//! What these tests share.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use rest_resource::StoreOptions;
use rest_resource::backend::etcd::EtcdOptions;
use rest_resource::backend::{Backend, Batch, Commit, Etcd, Expect, Watch, Write};
use rest_resource_tests::client::Client;
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;
use rest_resource_tests::things::{self, THINGS, version};
use serde_json::Value;

/// Connects to a server.
pub(crate) async fn connect(server: &EtcdServer) -> Etcd {
    soon(server.options().connect()).await.expect("etcd answers")
}

/// A write.
pub(crate) fn write(key: &str, expect: Expect, value: Option<&str>) -> Write {
    Write { key: key.to_owned(), expect, value: value.map(|value| Bytes::copy_from_slice(value.as_bytes())) }
}

/// Writes a key whatever it is; gives the revision.
pub(crate) async fn put(etcd: &Etcd, key: &str, value: &str) -> u64 {
    let mut expect = Expect::Absent;
    loop {
        match soon(etcd.commit(write(key, expect, Some(value)))).await.expect("etcd answers") {
            Commit::Done(revision) => return revision,
            Commit::Conflict(found) => {
                expect = found.map_or(Expect::Absent, |found| Expect::Revision(found.revision));
            }
        }
    }
}

/// A watch from the present.
pub(crate) async fn watch_now(etcd: &Etcd, prefix: &str) -> Box<dyn Watch> {
    let now = soon(etcd.current_revision()).await.expect("etcd answers");
    soon(etcd.watch(prefix, now)).await.expect("a watch")
}

/// Reads a watch until it has come to a revision; gives the keys that changed, with the revisions.
pub(crate) async fn until(watch: &mut Box<dyn Watch>, revision: u64) -> Vec<(String, u64)> {
    let mut changes = Vec::new();
    let mut told = 0;
    while told < revision {
        let Batch { changes: batch, revision } = soon(watch.next()).await.expect("the watch goes on");
        changes.extend(batch.into_iter().map(|change| (change.key.to_string(), change.revision)));
        told = revision;
    }
    changes
}

/// A server of things of its own on an etcd, as another process would be.
pub(crate) async fn things_on(options: EtcdOptions) -> Client {
    let etcd = soon(options.connect()).await.expect("etcd answers");
    Client::new(things::server(&StoreOptions::new(Arc::new(etcd))))
}

/// The list of things, as soon as there is one.
pub(crate) async fn listed(client: &Client) -> Value {
    soon(async {
        loop {
            let answer = client.get(THINGS).await;
            if answer.code != StatusCode::SERVICE_UNAVAILABLE {
                return answer.expect(StatusCode::OK);
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

/// The type, the name and the resource version of an event.
pub(crate) type Told = (String, String, u64);

/// What an event tells.
pub(crate) fn told(event: &Value) -> Told {
    let object = &event["object"];
    (event["type"].as_str().expect("a type").to_owned(), things::name(object).to_owned(), version(object))
}
