//! The contract of a backend, kept by the one in memory.

use proptest::prelude::*;

use super::*;

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

async fn put(memory: &Memory, key: &str, expect: Expect, value: &str) -> Commit {
    let value = Some(Bytes::copy_from_slice(value.as_bytes()));
    memory.commit(Write { key: key.to_owned(), expect, value }).await.unwrap()
}

async fn delete(memory: &Memory, key: &str, revision: u64) -> Commit {
    memory.commit(Write { key: key.to_owned(), expect: Expect::Revision(revision), value: None }).await.unwrap()
}

fn versioned(value: &str, revision: u64) -> Versioned {
    Versioned { value: Bytes::copy_from_slice(value.as_bytes()), revision }
}

#[test]
fn c6_2_1_commits_compare_the_revision_of_the_key() {
    run(async {
        let memory = Memory::new();
        assert_eq!(memory.current_revision().await, Ok(1));
        assert_eq!(put(&memory, "a", Expect::Revision(1), "x").await, Commit::Conflict(None));
        assert_eq!(put(&memory, "a", Expect::Absent, "x").await, Commit::Done(2));
        assert_eq!(put(&memory, "a", Expect::Absent, "y").await, Commit::Conflict(Some(versioned("x", 2))));
        assert_eq!(put(&memory, "a", Expect::Revision(2), "y").await, Commit::Done(3));
        assert_eq!(delete(&memory, "a", 2).await, Commit::Conflict(Some(versioned("y", 3))));
        assert_eq!(delete(&memory, "a", 3).await, Commit::Done(4));
        assert_eq!(memory.get("a").await, Ok(None));
    });
}

#[test]
fn c6_3_2_what_is_compacted_is_not_answered() {
    run(async {
        let memory = Memory::with_history(2);
        for (key, revision) in [("a", 2), ("b", 3), ("c", 4), ("d", 5)] {
            assert_eq!(put(&memory, key, Expect::Absent, "x").await, Commit::Done(revision));
        }
        let at = |revision| Range { revision: Some(revision), ..Range::default() };
        assert_eq!(memory.range(at(2)).await.unwrap_err(), Error::Compacted { oldest: 3 });
        assert_eq!(memory.range(at(3)).await.unwrap().items.len(), 2);
        assert_eq!(memory.range(at(6)).await.unwrap_err(), Error::Future { current: 5 });
        assert!(matches!(memory.watch("", 2).await, Err(Error::Compacted { oldest: 3 })));
        assert_eq!(memory.compact(6).await, Err(Error::Future { current: 5 }));
        memory.compact(5).await.unwrap();
        assert_eq!(memory.range(at(4)).await.unwrap_err(), Error::Compacted { oldest: 5 });
        assert_eq!(memory.range(at(5)).await.unwrap().items.len(), 4);
    });
}

#[test]
fn c6_3_1_deleted_keys_leave_nothing_behind() {
    run(async {
        let memory = Memory::with_history(1);
        for round in 0..10 {
            assert_eq!(put(&memory, "a", Expect::Absent, "x").await, Commit::Done(2 * round + 2));
            assert_eq!(delete(&memory, "a", 2 * round + 2).await, Commit::Done(2 * round + 3));
            assert!(memory.read(|state| state.keys.values().map(Vec::len).sum::<usize>()) <= 2);
        }
        memory.compact(21).await.unwrap();
        assert_eq!(memory.read(|state| (state.keys.len(), state.log.len())), (0, 0));
    });
}

#[test]
fn a_watch_that_falls_behind_is_told_so() {
    run(async {
        let memory = Memory::with_history(1);
        let mut watch = memory.watch("", 1).await.unwrap();
        put(&memory, "a", Expect::Absent, "x").await;
        put(&memory, "b", Expect::Absent, "x").await;
        assert_eq!(watch.next().await.unwrap_err(), Error::Compacted { oldest: 2 });
    });
}

proptest! {
    /// Reads at every revision, in pages, and the batches of watches are what a list of all states says.
    #[test]
    fn c6_2_histories_agree_with_a_model(
        ops in proptest::collection::vec((0..6_usize, any::<bool>()), 1..60), history in 1..80_usize, limit in 0..3_usize
    ) {
        const KEYS: [&str; 6] = ["/a/1", "/a/2", "/a/20", "/b/1", "/b/2", "/ab"];
        run(async {
            let memory = Memory::with_history(history);
            let mut states: Vec<BTreeMap<&str, Versioned>> = vec![BTreeMap::new()];
            for (key, keep) in ops {
                let key = KEYS[key];
                let mut state = states.last().unwrap().clone();
                let revision = states.len() as u64 + 1;
                let expect = state.get(key).map_or(Expect::Absent, |held| Expect::Revision(held.revision));
                if expect == Expect::Absent || keep {
                    let text = revision.to_string();
                    assert_eq!(put(&memory, key, expect, &text).await, Commit::Done(revision));
                    state.insert(key, versioned(&text, revision));
                } else {
                    assert_eq!(delete(&memory, key, state[key].revision).await, Commit::Done(revision));
                    state.remove(key);
                }
                states.push(state);
            }
            let current = states.len() as u64;
            let oldest = current.saturating_sub(history as u64).max(1);
            for (revision, state) in (1..).zip(&states) {
                let expected: Vec<_> = state.iter().filter(|(key, _)| key.starts_with("/a/")).collect();
                let (mut start, mut read) = (None::<String>, Vec::new());
                loop {
                    let range = Range { prefix: "/a/", start: start.as_deref(), limit, revision: Some(revision) };
                    let reply = match memory.range(range).await {
                        Ok(reply) => reply,
                        Err(error) => {
                            assert_eq!((error, revision < oldest), (Error::Compacted { oldest }, true));
                            break;
                        }
                    };
                    read.extend(reply.items);
                    if !reply.more {
                        let read: Vec<_> = read.iter().map(|(key, value)| (&**key, value)).collect();
                        let expected: Vec<_> = expected.iter().map(|(key, value)| (**key, *value)).collect();
                        assert_eq!(read, expected);
                        break;
                    }
                    start = read.last().map(|(key, _)| format!("{key}\0"));
                }
                let Ok(mut watch) = memory.watch("/a/", revision).await else {
                    assert!(revision < oldest);
                    continue;
                };
                let mut replayed = state.clone();
                let mut told = revision;
                while told < current {
                    let batch = watch.next().await.unwrap();
                    for change in batch.changes {
                        let key = KEYS.iter().find(|key| **key == &*change.key).unwrap();
                        assert!(told < change.revision);
                        told = change.revision;
                        match change.value {
                            Some(value) => replayed.insert(key, Versioned { value, revision: told }),
                            None => replayed.remove(key),
                        };
                    }
                    told = batch.revision;
                }
                let (end, replayed) = (states.last().unwrap().iter(), replayed.iter());
                let below = |(key, _): &(&&str, &Versioned)| key.starts_with("/a/");
                assert!(end.filter(below).eq(replayed.filter(below)));
            }
        });
    }
}
