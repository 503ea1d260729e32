//! The contract of a backend, kept by the one in a file; and what is its own: the file, and disks that fail.

mod disk;
mod faults;
mod file;
mod group;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use futures::future::join_all;

use self::disk::Disk;
use super::*;
use crate::backend::conformance::{self, Subject};
use crate::backend::{Change, Expect};

/// A folder that is removed with its files.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("rest-resource-redb-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("store.redb")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn write(key: &str, expect: Expect, value: Option<&str>) -> Write {
    Write { key: key.to_owned(), expect, value: value.map(|value| Bytes::copy_from_slice(value.as_bytes())) }
}

async fn put(store: &Redb, key: &str, expect: Expect, value: &str) -> u64 {
    match store.commit(write(key, expect, Some(value))).await.unwrap() {
        Commit::Done(revision) => revision,
        Commit::Conflict(held) => panic!("{key} is {held:?}"),
    }
}

async fn listed(store: &Redb) -> Vec<(String, String, u64)> {
    let items = store.range(Range::default()).await.unwrap().items;
    let text = |value: &Bytes| String::from_utf8(value.to_vec()).unwrap();
    items.into_iter().map(|(key, held)| (key.to_string(), text(&held.value), held.revision)).collect()
}

/// The changes behind a revision, up to the current one.
async fn told(store: &Redb, after: u64) -> Vec<Change> {
    let current = store.current_revision().await.unwrap();
    let mut watch = store.watch("", after).await.unwrap();
    let (mut changes, mut told) = (Vec::new(), after);
    while told < current {
        let batch = watch.next().await.unwrap();
        changes.extend(batch.changes);
        told = batch.revision;
    }
    changes
}

#[tokio::test]
async fn keeps_the_contract() {
    let folder = Folder::new();
    let open = async || {
        let _ = std::fs::remove_file(folder.file());
        let store = Redb::open(folder.file()).unwrap();
        Subject::new(Arc::new(store.clone())).with_handle(Arc::new(store))
    };
    conformance::check(open).await.unwrap();
}

#[tokio::test]
async fn keeps_the_contract_with_a_short_history() {
    let history = usize::try_from(conformance::HISTORY).unwrap();
    for seed in 0..10 {
        let store = Disk::default().open_with(RedbOptions::new().history(history)).unwrap();
        conformance::random_history(&Subject::new(Arc::new(store)), seed).await.unwrap();
    }
}

/// The same from the disk: nothing is in memory after opening.
#[tokio::test]
async fn a_watch_that_is_behind_the_memory_is_told_from_the_disk() {
    let disk = Disk::default();
    let store = disk.open().unwrap();
    // More than one read of the disk, and more than one batch of it.
    let names: Vec<_> = (0..4000).map(|number| format!("{}/{number}", ["a", "a", "b"][number % 3])).collect();
    join_all(names.iter().map(|name| put(&store, name, Expect::Absent, name))).await;
    let changes = told(&store, 1).await;
    assert_eq!(changes.len(), names.len());
    store.close().await;
    let store = disk.open().unwrap();
    assert_eq!(told(&store, 1).await, changes);
    let mut watch = store.watch("a/", 1).await.unwrap();
    let (mut told, mut last) = (Vec::new(), 1);
    while last < 4001 {
        let batch = watch.next().await.unwrap();
        told.extend(batch.changes);
        last = batch.revision;
    }
    let below: Vec<_> = changes.into_iter().filter(|change| change.key.starts_with("a/")).collect();
    assert_eq!(told, below);
}

#[tokio::test]
async fn what_is_forgotten_leaves_the_file() {
    let disk = Disk::default();
    let store = disk.open_with(RedbOptions::new().history(10)).unwrap();
    let mut seen = put(&store, "a", Expect::Absent, "x").await;
    let value = "x".repeat(4096);
    let mut sizes = Vec::new();
    for _ in 0..3 {
        for _ in 0..150 {
            seen = put(&store, "a", Expect::Revision(seen), &value).await;
        }
        sizes.push(disk.ask(|content| content.file.len()));
    }
    assert!(sizes[2] < 2 * sizes[0], "{sizes:?}");
    assert!(store.shared.read(|state| state.gone.len() + state.keys.len()) < 400);
    let deleted = store.commit(write("a", Expect::Revision(seen), None)).await.unwrap();
    store.compact(seen + 1).await.unwrap();
    assert_eq!((deleted, store.shared.read(|state| state.keys.len())), (Commit::Done(seen + 1), 0));
}
