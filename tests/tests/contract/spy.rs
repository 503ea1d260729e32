//! A backend that is looked at, and in the way of whoever asks it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rest_resource::StoreOptions;
use rest_resource::backend::{
    self, Backend, Batch, BoxFuture, Commit, Memory, Range, RangeReply, Versioned, Watch, Write,
};

/// A backend in memory.
#[derive(Debug, Default)]
pub(crate) struct Spy {
    pub(crate) memory: Memory,
    /// Whether nothing can be read.
    pub(crate) fails: AtomicBool,
    /// Whether no watch has anything to tell.
    pub(crate) silent: Arc<AtomicBool>,
    /// How many ranges and watches there were, and how many objects the ranges had.
    pub(crate) ranges: AtomicUsize,
    pub(crate) watches: AtomicUsize,
    pub(crate) objects: AtomicUsize,
}

/// A watch that may be silent.
struct SpyWatch(Box<dyn Watch>, Arc<AtomicBool>);

impl Spy {
    /// Stores on a new one.
    pub(crate) fn options() -> (Arc<Self>, StoreOptions) {
        let spy = Arc::new(Self::default());
        (Arc::clone(&spy), StoreOptions::new(spy))
    }

    fn check(&self) -> backend::Result<()> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(backend::Error::Unavailable("the secret reason".to_owned()));
        }
        Ok(())
    }
}

impl Watch for SpyWatch {
    fn next(&mut self) -> BoxFuture<'_, backend::Result<Batch>> {
        if self.1.load(Ordering::SeqCst) { Box::pin(std::future::pending()) } else { self.0.next() }
    }
}

impl Backend for Spy {
    fn current_revision(&self) -> BoxFuture<'_, backend::Result<u64>> {
        Box::pin(async { self.check().and(self.memory.current_revision().await) })
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, backend::Result<Option<Versioned>>> {
        Box::pin(async { self.check().and(self.memory.get(key).await) })
    }

    fn range<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, backend::Result<RangeReply>> {
        Box::pin(async move {
            let reply = self.check().and(self.memory.range(range).await)?;
            self.ranges.fetch_add(1, Ordering::SeqCst);
            self.objects.fetch_add(reply.items.len(), Ordering::SeqCst);
            Ok(reply)
        })
    }

    fn count<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, backend::Result<usize>> {
        self.memory.count(range)
    }

    fn commit(&self, write: Write) -> BoxFuture<'_, backend::Result<Commit>> {
        self.memory.commit(write)
    }

    fn watch<'a>(&'a self, prefix: &'a str, after: u64) -> BoxFuture<'a, backend::Result<Box<dyn Watch>>> {
        Box::pin(async move {
            let watch = self.memory.watch(prefix, after).await?;
            self.watches.fetch_add(1, Ordering::SeqCst);
            Ok(Box::new(SpyWatch(watch, Arc::clone(&self.silent))) as Box<dyn Watch>)
        })
    }

    fn compact(&self, revision: u64) -> BoxFuture<'_, backend::Result<()>> {
        self.memory.compact(revision)
    }
}
