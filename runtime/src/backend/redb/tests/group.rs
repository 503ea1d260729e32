//! Writers that wait at the same time share a transaction.

use futures::future::join_all;

use super::disk::Disk;
use super::*;

#[tokio::test]
async fn writes_that_wait_share_one_sync() {
    let disk = Disk::default();
    let store = disk.open().unwrap();
    // What one commit takes by itself.
    let before = disk.ask(|content| content.syncs);
    put(&store, "first", Expect::Absent, "x").await;
    let alone = disk.ask(|content| content.syncs) - before;

    disk.set(|content| content.held = true);
    let other = store.clone();
    let held = tokio::spawn(async move { put(&other, "held", Expect::Absent, "x").await });
    let waits = disk.clone();
    tokio::task::spawn_blocking(move || waits.wait_for_sync()).await.unwrap();
    let before = disk.ask(|content| content.syncs);
    let names: Vec<_> = (0..64).map(|number| format!("key-{number}")).collect();
    let mut writes = Box::pin(join_all(names.iter().map(|name| put(&store, name, Expect::Absent, "x"))));
    // One poll puts them all into the queue.
    assert!(futures::poll!(&mut writes).is_pending());
    disk.set(|content| content.held = false);

    let mut revisions = writes.await;
    revisions.push(held.await.unwrap());
    revisions.sort_unstable();
    assert_eq!(revisions, (3..68).collect::<Vec<_>>());
    let syncs = disk.ask(|content| content.syncs) - before;
    // One commit for the first and one for all others, and perhaps the file grew.
    assert!((1..=2 * alone + 2).contains(&syncs), "{syncs} syncs, one commit takes {alone}");
}

#[tokio::test]
async fn writes_of_one_group_see_each_other() {
    let disk = Disk::default();
    let store = disk.open().unwrap();
    disk.set(|content| content.held = true);
    let writes = [
        ("a", Expect::Absent, Some("1")),
        ("a", Expect::Absent, Some("2")),
        ("a", Expect::Revision(2), Some("3")),
        ("a", Expect::Revision(2), None),
        ("a", Expect::Revision(3), None),
        ("a", Expect::Revision(3), Some("4")),
        ("b", Expect::Absent, None),
        ("a", Expect::Absent, Some("5")),
    ];
    let commits = writes.map(|(key, expect, value)| store.commit(write(key, expect, value)));
    let mut commits = Box::pin(join_all(commits));
    assert!(futures::poll!(&mut commits).is_pending());
    disk.set(|content| content.held = false);
    let held = |value: &'static str, revision| Some(Versioned { value: value.into(), revision });
    let expected = [
        Commit::Done(2),
        Commit::Conflict(held("1", 2)),
        Commit::Done(3),
        Commit::Conflict(held("3", 3)),
        Commit::Done(4),
        Commit::Conflict(None),
        Commit::Done(4),
        Commit::Done(5),
    ];
    assert_eq!(commits.await, expected.map(Ok));
    assert_eq!(listed(&store).await, [("a".to_owned(), "5".to_owned(), 5)]);
    assert_eq!(told(&store, 1).await.iter().map(|change| change.revision).collect::<Vec<_>>(), [2, 3, 4, 5]);
}

#[tokio::test]
async fn readers_do_not_wait_for_a_commit() {
    let disk = Disk::default();
    let store = disk.open().unwrap();
    put(&store, "a", Expect::Absent, "x").await;
    let mut watch = store.watch("", 1).await.unwrap();
    disk.set(|content| content.held = true);
    let other = store.clone();
    let held = tokio::spawn(async move { put(&other, "b", Expect::Absent, "x").await });
    let waits = disk.clone();
    tokio::task::spawn_blocking(move || waits.wait_for_sync()).await.unwrap();
    assert_eq!(store.current_revision().await, Ok(2));
    assert_eq!(store.get("a").await.unwrap().unwrap().revision, 2);
    assert_eq!(listed(&store).await.len(), 1);
    assert_eq!(watch.next().await.unwrap().revision, 2);
    disk.set(|content| content.held = false);
    assert_eq!(held.await.unwrap(), 3);
    assert_eq!(watch.next().await.unwrap().revision, 3);
}
