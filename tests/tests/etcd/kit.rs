//! What these tests share.

use bytes::Bytes;
use rest_resource::backend::{Backend, Batch, Commit, Etcd, Expect, Watch, Write};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::serving::soon;

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
