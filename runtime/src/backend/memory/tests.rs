//! The contract of a backend, kept by the one in memory; what is its own is where it forgets.

use super::*;
use crate::backend::conformance::{self, Subject};

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

fn subject(memory: &Memory) -> Subject {
    Subject::new(Arc::new(memory.clone())).with_handle(Arc::new(memory.clone()))
}

#[tokio::test]
async fn keeps_the_contract() {
    conformance::check(async || subject(&Memory::new())).await.unwrap();
    conformance::check(async || subject(&Memory::with_history(200))).await.unwrap();
}

#[tokio::test]
async fn c6_2_1_commits_compare_the_revision_of_the_key() {
    conformance::commits_compare(&subject(&Memory::new())).await.unwrap();
}

#[tokio::test]
async fn c6_2_histories_agree_with_a_model() {
    for seed in 0..20 {
        conformance::random_history(&subject(&Memory::with_history(200)), seed).await.unwrap();
    }
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
fn c6_3_2_of_large_values_few_are_remembered() {
    run(async {
        let memory = Memory::new();
        let value = Bytes::from(vec![b'x'; 3 << 20]);
        let mut expect = Expect::Absent;
        for revision in 2..52 {
            let write = Write { key: "a".to_owned(), expect, value: Some(value.clone()) };
            assert_eq!(memory.commit(write).await.unwrap(), Commit::Done(revision));
            expect = Expect::Revision(revision);
        }
        let at = |revision| Range { revision: Some(revision), ..Range::default() };
        // Ten of them have 30 MiB, and what was before the first one is known too.
        assert_eq!(memory.range(at(40)).await.unwrap_err(), Error::Compacted { oldest: 41 });
        assert_eq!(memory.range(at(41)).await.unwrap().items[0].1.revision, 41);
        assert_eq!(memory.read(|state| (state.log.len(), state.keys["a"].len())), (10, 11));

        let whole = Bytes::from(vec![b'x'; HISTORY_BYTES]);
        let write = Write { key: "b".to_owned(), expect: Expect::Absent, value: Some(whole) };
        assert_eq!(memory.commit(write).await.unwrap(), Commit::Done(52));
        let mut watch = memory.watch("", 51).await.unwrap();
        assert_eq!(watch.next().await.unwrap().revision, 52);
        put(&memory, "c", Expect::Absent, "x").await;
        assert_eq!(watch.next().await.unwrap().changes.len(), 1);
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
