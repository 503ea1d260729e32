//! Disks that fail: what was acknowledged is there, and of the rest whole writes or nothing.

use std::collections::BTreeMap;

use futures::future::join_all;
use proptest::prelude::*;

use super::disk::Disk;
use super::*;

const KEYS: usize = 4;

/// What a client knows of a key: what it has now, or may have, since a write of it was not acknowledged.
#[derive(Clone, Debug, Default)]
struct Known {
    sure: Option<(String, u64)>,
    maybe: Vec<String>,
}

/// Some rounds of writes at once, each from what the store says; gives what is known in the end.
async fn work(store: &Redb, rounds: usize) -> (BTreeMap<String, Known>, usize) {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    let mut failed = 0;
    for round in 0..rounds {
        let writes = (0..KEYS).map(|key| async move {
            let (name, value) = (format!("key-{key}"), format!("{round} {}", "x".repeat(300 * key)));
            let held = store.get(&name).await;
            let commit = match &held {
                Ok(held) => {
                    let expect = held.as_ref().map_or(Expect::Absent, |held| Expect::Revision(held.revision));
                    store.commit(write(&name, expect, Some(&value))).await
                }
                Err(error) => Err(error.clone()),
            };
            (name, value, held, commit)
        });
        for (name, value, held, commit) in join_all(writes).await {
            let known = known.entry(name).or_default();
            if let Ok(held) = held {
                check(known, held.as_ref());
            }
            match commit {
                Ok(Commit::Done(revision)) => *known = Known { sure: Some((value, revision)), maybe: Vec::new() },
                Ok(Commit::Conflict(held)) => check(known, held.as_ref()),
                Err(Error::Unavailable(_)) => {
                    known.maybe.push(value);
                    failed += 1;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    (known, failed)
}

/// That a key is what is known of it.
fn check(known: &Known, held: Option<&Versioned>) {
    let held = held.map(|held| (String::from_utf8(held.value.to_vec()).unwrap(), held.revision));
    let maybe = held.as_ref().is_some_and(|(value, _)| known.maybe.contains(value));
    assert!(held == known.sure || maybe, "known {known:?}, found {held:?}");
}

/// That a store has what is known, and agrees with itself: the changes make the state.
async fn check_all(store: &Redb, known: &BTreeMap<String, Known>) {
    let mut replayed = BTreeMap::new();
    let mut last = 1;
    for change in told(store, 1).await {
        assert_eq!(change.revision, last + 1);
        last = change.revision;
        replayed.insert(change.key.to_string(), Versioned { value: change.value.unwrap(), revision: last });
    }
    for (name, known) in known {
        let held = store.get(name).await.unwrap();
        check(known, held.as_ref());
        assert_eq!(held.as_ref(), replayed.get(name));
    }
    assert_eq!(store.current_revision().await, Ok(last));
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Wherever a write, a sync or a change of the length fails, once or for some time.
    #[test]
    fn a_failure_anywhere_loses_nothing_that_was_acknowledged(
        good in 0..300_usize, bad in prop_oneof![Just(1_usize), 1..40_usize], power_cut in any::<bool>()
    ) {
        run(async {
            let disk = Disk::default();
            let store = disk.open().unwrap();
            disk.set(|content| (content.good, content.bad) = (Some(good), bad));
            let (known, _) = work(&store, 12).await;
            // The machine stops here: what is read is what another process would find.
            let left = disk.copy(power_cut).open().unwrap();
            check_all(&left, &known).await;

            // The disk is good again, and the store goes on.
            disk.set(|content| content.good = None);
            let _ = store.commit(write("after", Expect::Absent, Some("x"))).await;
            check_all(&store, &known_after(&store, known).await).await;
            let revision = store.current_revision().await.unwrap();
            assert_eq!(put(&store, "again", Expect::Absent, "x").await, revision + 1);
        });
    }
}

/// Whatever became of the writes that were not acknowledged is settled now.
async fn known_after(store: &Redb, known: BTreeMap<String, Known>) -> BTreeMap<String, Known> {
    let mut settled = BTreeMap::new();
    for (name, known) in known {
        let held = store.get(&name).await.unwrap();
        check(&known, held.as_ref());
        let sure = held.map(|held| (String::from_utf8(held.value.to_vec()).unwrap(), held.revision));
        settled.insert(name, Known { sure, maybe: Vec::new() });
    }
    settled
}

#[tokio::test]
async fn a_full_disk_is_read_and_written_again_when_there_is_room() {
    let disk = Disk::default();
    let store = disk.open().unwrap();
    let seen = put(&store, "a", Expect::Absent, &"x".repeat(10_000)).await;
    let mut watch = store.watch("", seen).await.unwrap();
    disk.set(|content| content.room = Some(content.file.len() as u64));
    let big = "y".repeat(1 << 20);
    for _ in 0..3 {
        let error = store.commit(write("b", Expect::Absent, Some(&big))).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        assert_eq!(store.current_revision().await, Ok(seen));
        assert_eq!(store.get("b").await, Ok(None));
        assert_eq!(listed(&store).await[0].1.len(), 10_000);
    }
    assert_eq!(
        store.commit(write("a", Expect::Absent, None)).await.unwrap(),
        Commit::Conflict(store.get("a").await.unwrap())
    );
    disk.set(|content| content.room = None);
    let revision = put(&store, "b", Expect::Absent, &big).await;
    assert_eq!(revision, seen + 1);
    let batch = watch.next().await.unwrap();
    assert_eq!(batch.changes.iter().map(|change| change.revision).collect::<Vec<_>>(), [revision]);
}

#[tokio::test]
async fn all_who_wait_for_a_failed_commit_are_told() {
    let disk = Disk::default();
    let store = disk.open().unwrap();
    let seen = put(&store, "a", Expect::Absent, "x").await;
    disk.set(|content| (content.good, content.bad) = (Some(0), usize::MAX));
    let writes = [("a", Expect::Revision(seen)), ("b", Expect::Absent), ("b", Expect::Absent)];
    let commits = join_all(writes.map(|(key, expect)| store.commit(write(key, expect, Some("y"))))).await;
    for commit in commits {
        // The conflict of the last one would be with what is not written.
        assert!(matches!(commit, Err(Error::Unavailable(_))), "{commit:?}");
    }
    // It is not opened either; the first one who finds it good does that, here a reader.
    assert_eq!(store.current_revision().await, Ok(seen));
    disk.set(|content| content.good = None);
    assert_eq!(listed(&store).await, [("a".to_owned(), "x".to_owned(), seen)]);
    assert_eq!(put(&store, "b", Expect::Absent, "y").await, seen + 1);
}

#[tokio::test]
async fn a_disk_that_cannot_be_read_is_an_error_and_not_the_end() {
    let disk = Disk::default();
    let store = disk.open().unwrap();
    for number in 0..100 {
        put(&store, &number.to_string(), Expect::Absent, &"x".repeat(100_000)).await;
    }
    let all = listed(&store).await;
    disk.set(|content| content.dead = true);
    // More than is in memory.
    let error = store.range(Range::default()).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    disk.set(|content| content.dead = false);
    assert_eq!(listed(&store).await, all);
    put(&store, "more", Expect::Absent, "x").await;
}
