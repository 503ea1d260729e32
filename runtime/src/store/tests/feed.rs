//! How a cache follows a backend that is replaced, or that tells how far it is only where somebody asks.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch as channel};

use super::*;
use crate::backend::{
    self, Backend, Batch, BoxFuture, Commit, Error, Expect, Memory, Range, RangeReply, Versioned, Watch, Write,
};

/// A memory in whose place another one can be put. A watch that has nothing to tell is silent until somebody has asked
/// for the current revision.
#[derive(Debug)]
struct Backends {
    memory: Mutex<Memory>,
    /// How often it was replaced.
    replaced: channel::Sender<u64>,
    /// The newest revision that anybody was told.
    asked: channel::Sender<u64>,
    /// How many ranges may be read.
    ranges: Semaphore,
}

struct BackendWatch {
    watch: Box<dyn Watch>,
    replaced: channel::Receiver<u64>,
    asked: channel::Receiver<u64>,
    reached: u64,
}

impl Backends {
    fn new() -> Arc<Self> {
        let (replaced, asked) = (channel::Sender::new(0), channel::Sender::new(0));
        let ranges = Semaphore::new(Semaphore::MAX_PERMITS);
        Arc::new(Self { memory: Mutex::default(), replaced, asked, ranges })
    }

    fn memory(&self) -> Memory {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, memory: Memory) {
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = memory;
        self.asked.send_replace(0);
        self.replaced.send_modify(|times| *times += 1);
    }

    fn store(self: &Arc<Self>) -> Store<Thing> {
        Store::new(&StoreOptions::new(Arc::clone(self) as Arc<dyn Backend>))
    }
}

impl Backend for Backends {
    fn current_revision(&self) -> BoxFuture<'_, backend::Result<u64>> {
        Box::pin(async {
            let current = self.memory().current_revision().await?;
            self.asked.send_if_modified(|asked| current > std::mem::replace(asked, current.max(*asked)));
            Ok(current)
        })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, backend::Result<Option<Versioned>>> {
        Box::pin(async { self.memory().get(key).await })
    }

    fn range<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, backend::Result<RangeReply>> {
        Box::pin(async move {
            self.ranges.acquire().await.unwrap().forget();
            self.memory().range(range).await
        })
    }

    fn commit(&self, write: Write) -> BoxFuture<'_, backend::Result<Commit>> {
        Box::pin(async { self.memory().commit(write).await })
    }

    fn watch<'a>(&'a self, prefix: &'a str, after: u64) -> BoxFuture<'a, backend::Result<Box<dyn Watch>>> {
        Box::pin(async move {
            let (replaced, asked) = (self.replaced.subscribe(), self.asked.subscribe());
            let watch = self.memory().watch(prefix, after).await?;
            Ok(Box::new(BackendWatch { watch, replaced, asked, reached: 0 }) as Box<dyn Watch>)
        })
    }

    fn compact(&self, revision: u64) -> BoxFuture<'_, backend::Result<()>> {
        Box::pin(async move { self.memory().compact(revision).await })
    }
}

impl Watch for BackendWatch {
    fn next(&mut self) -> BoxFuture<'_, backend::Result<Batch>> {
        Box::pin(async {
            loop {
                let reached = self.reached;
                tokio::select! {
                    biased;
                    _ = self.replaced.changed() => return Err(Error::Compacted { oldest: 1 }),
                    batch = self.watch.next() => match batch? {
                        batch if batch.changes.is_empty() => self.reached = batch.revision,
                        batch => return Ok(batch),
                    },
                    _ = self.asked.wait_for(|asked| *asked >= reached), if reached > 0 => {
                        self.reached = 0;
                        return Ok(Batch { changes: Vec::new(), revision: reached });
                    }
                }
            }
        })
    }
}

async fn put_aside(backend: &Backends) -> u64 {
    let write = Write { key: "/aside".to_owned(), expect: Expect::Absent, value: Some("x".into()) };
    match backend.commit(write).await.unwrap() {
        Commit::Done(revision) => revision,
        Commit::Conflict(found) => panic!("{found:?}"),
    }
}

/// Another server on the same backend has told its client of a revision at which nothing of this resource has changed.
#[tokio::test]
async fn c6_4_2_an_object_is_read_before_all_others_are() {
    let backends = Backends::new();
    let store = backends.store();
    let created = create(&store, thing("a")).await.unwrap();
    // The cache is never filled.
    backends.ranges.forget_permits(Semaphore::MAX_PERMITS);
    for resource_version in [None, Some(0)] {
        let options = GetOptions { resource_version };
        assert_eq!(revision(&store.get(&cx(), "a", &options).await.unwrap()), revision(&created));
        let missing = store.get(&cx(), "b", &options).await;
        assert_status(missing, 404, "NotFound", "things.test.example.com \"b\" not found");
    }
}

#[tokio::test(start_paused = true)]
async fn c4_6_2_a_revision_that_came_from_elsewhere_is_reached() {
    for kind in 0..3 {
        let backend = Backends::new();
        let store = backend.store();
        create(&store, thing("a")).await.unwrap();
        get(&store, "a").await.unwrap();
        let elsewhere = put_aside(&backend).await;
        match kind {
            0 => {
                let options = GetOptions { resource_version: Some(elsewhere) };
                store.get(&cx(), "a", &options).await.unwrap();
            }
            1 => assert_eq!(names(&store, &cx(), &from(elsewhere)).await, ["a"]),
            _ => {
                let waits = waiting(&store, elsewhere).await;
                create(&store, thing("b")).await.unwrap();
                assert_eq!(waits.await.unwrap(), event("ADDED", "b", elsewhere + 1));
            }
        }
    }
}

/// A store with a thing, and its backend.
async fn with_things(names: &[&str]) -> (Arc<Backends>, Store<Thing>) {
    let backend = Backends::new();
    let store = backend.store();
    for name in names {
        create(&store, thing(name)).await.unwrap();
    }
    names_of(&store).await;
    (backend, store)
}

/// A watch that waits for what comes behind a revision.
async fn waiting(store: &Store<Thing>, after: u64) -> tokio::task::JoinHandle<Seen> {
    let mut stream = watch(store, &cx(), from(after)).await;
    let waits = tokio::spawn(async move { next(&mut stream).await });
    // The clock stands still, and goes on when there is nothing else to do.
    tokio::time::sleep(Duration::from_mins(1)).await;
    waits
}

async fn names_of(store: &Store<Thing>) -> Vec<String> {
    names(store, &cx(), &ListOptions::default()).await
}

#[tokio::test(start_paused = true)]
async fn c6_4_6_an_older_backend_ends_the_watches() {
    let (backend, store) = with_things(&["a", "b", "c"]).await;
    let (other, _) = with_things(&["a"]).await;
    // One that waits, and one that is not read.
    let waits = waiting(&store, 4).await;
    let mut stream = watch(&store, &cx(), from(2)).await;
    assert_eq!(next(&mut stream).await, event("ADDED", "b", 3));
    assert_eq!(next(&mut stream).await, event("ADDED", "c", 4));
    backend.replace(other.memory());
    assert_eq!(next(&mut stream).await, Seen::End);
    assert_eq!(waits.await.unwrap(), Seen::End);
    assert_eq!(names_of(&store).await, ["a"]);
    let message = "Timeout: Too large resource version: 4, current: 2";
    assert_eq!(next(&mut watch(&store, &cx(), from(4)).await).await, Seen::Error(504, message.to_owned()));
    create(&store, thing("d")).await.unwrap();
    assert_eq!(next(&mut watch(&store, &cx(), from(2)).await).await, event("ADDED", "d", 3));
}

#[tokio::test(start_paused = true)]
async fn c6_4_6_another_backend_that_is_not_older_ends_the_watches() {
    let (backend, store) = with_things(&["a", "b"]).await;
    let (other, _) = with_things(&["x", "y", "z"]).await;
    let waits = waiting(&store, 3).await;
    backend.replace(other.memory());
    assert_eq!(waits.await.unwrap(), Seen::End);
    assert_eq!(names_of(&store).await, ["x", "y", "z"]);
    // What happened there is no history of what its clients know.
    let message = "too old resource version: 3 (4)";
    assert_eq!(next(&mut watch(&store, &cx(), from(3)).await).await, Seen::Error(410, message.to_owned()));
}

/// Not even what may be old is answered from what is known to be gone.
#[tokio::test(start_paused = true)]
async fn c6_4_6_reads_wait_while_everything_is_read_again() {
    let (backend, store) = with_things(&["a"]).await;
    let (other, _) = with_things(&["x", "y"]).await;
    let waits = waiting(&store, 2).await;
    backend.ranges.forget_permits(Semaphore::MAX_PERMITS);
    backend.replace(other.memory());
    assert_eq!(waits.await.unwrap(), Seen::End);
    let message = "the watch cache has not caught up with the storage, please try again";
    for options in [ListOptions::default(), from(0)] {
        let listed = store.list(&cx(), &options).await;
        assert_status(listed.map(|list| list.items.len()), 503, "ServiceUnavailable", message);
    }
    backend.ranges.add_permits(Semaphore::MAX_PERMITS);
    assert_eq!(names(&store, &cx(), &from(0)).await, ["x", "y"]);
}
