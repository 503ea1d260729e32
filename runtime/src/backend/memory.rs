//! A backend in memory, for tests, caches, and what need not outlive the process.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use tokio::sync::watch;

use super::{
    Backend, Batch, BoxFuture, Change, Commit, Error, Expect, Range, RangeReply, Result, Versioned, Watch, Write,
};

/// How many changes are kept, if not said otherwise.
pub const DEFAULT_HISTORY: usize = 8192;

/// The most bytes of their keys and values.
pub const HISTORY_BYTES: usize = 32 << 20;

/// The most changes of one [`Batch`], so that a watch never holds the lock for long.
const BATCH: usize = 512;

/// Keys and values in memory, with the history of the last changes.
///
/// It forgets a change when `history` newer ones have been made, or some that have [`HISTORY_BYTES`] together with it;
/// memory is bounded by what is stored and those. Cloning gives another handle on the same data.
#[derive(Clone)]
pub struct Memory {
    shared: Arc<Shared>,
}

struct Shared {
    state: RwLock<State>,
    history: usize,
    /// The current revision; every read asks for it, without a lock.
    at: AtomicU64,
    /// The same, for who waits.
    revision: watch::Sender<u64>,
}

/// No code of others runs while it is locked, so that it is never left half-changed.
struct State {
    revision: u64,
    /// The oldest revision that can be read. The log has all changes behind it.
    oldest: u64,
    /// The versions of each key, by revision. The first one is the only one that may be at or before `oldest`.
    keys: BTreeMap<Arc<str>, Vec<Version>>,
    /// One change a revision, without gaps.
    log: VecDeque<Change>,
    /// The bytes of the log.
    bytes: usize,
}

struct Version {
    revision: u64,
    value: Option<Bytes>,
}

impl Memory {
    /// An empty store that keeps the last 8192 changes, as far as [`HISTORY_BYTES`] go.
    pub fn new() -> Self {
        Self::with_history(DEFAULT_HISTORY)
    }

    /// An empty store that keeps the last `history` changes, as far as [`HISTORY_BYTES`] go.
    pub fn with_history(history: usize) -> Self {
        let state = State { revision: 1, oldest: 1, keys: BTreeMap::new(), log: VecDeque::new(), bytes: 0 };
        Self {
            shared: Arc::new(Shared {
                state: RwLock::new(state),
                history: history.max(1),
                at: AtomicU64::new(1),
                revision: watch::Sender::new(1),
            }),
        }
    }

    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.shared.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, write: impl FnOnce(&mut State) -> T) -> T {
        write(&mut self.shared.state.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Backend for Memory {
    fn current_revision(&self) -> BoxFuture<'_, Result<u64>> {
        ready(Ok(self.shared.at.load(Ordering::Acquire)))
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Versioned>>> {
        ready(Ok(self.read(|state| state.keys.get(key).and_then(|versions| newest(versions)))))
    }

    fn range<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, Result<RangeReply>> {
        ready(self.read(|state| state.range(range)))
    }

    fn count<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, Result<usize>> {
        ready(self.read(|state| state.count(range)))
    }

    fn commit(&self, write: Write) -> BoxFuture<'_, Result<Commit>> {
        ready(Ok(self.write(|state| {
            let commit = state.commit(write, self.shared.history);
            if matches!(commit, Commit::Done(_)) {
                // Under the lock, so that the revisions are told in their order.
                self.shared.at.store(state.revision, Ordering::Release);
                self.shared.revision.send_replace(state.revision);
            }
            commit
        })))
    }

    fn watch<'a>(&'a self, prefix: &'a str, after: u64) -> BoxFuture<'a, Result<Box<dyn Watch>>> {
        let held = self.read(|state| state.check_held(after));
        ready(held.map(|()| {
            let (memory, revision) = (self.clone(), self.shared.revision.subscribe());
            Box::new(MemoryWatch { memory, revision, prefix: prefix.to_owned(), after }) as Box<dyn Watch>
        }))
    }

    fn compact(&self, revision: u64) -> BoxFuture<'_, Result<()>> {
        ready(self.write(|state| {
            if revision > state.revision {
                return Err(Error::Future { current: state.revision });
            }
            while state.oldest < revision {
                state.forget_one();
            }
            Ok(())
        }))
    }
}

impl State {
    fn check_held(&self, revision: u64) -> Result<()> {
        if revision > self.revision {
            return Err(Error::Future { current: self.revision });
        }
        if revision < self.oldest {
            return Err(Error::Compacted { oldest: self.oldest });
        }
        Ok(())
    }

    fn range(&self, range: Range<'_>) -> Result<RangeReply> {
        let revision = range.revision.unwrap_or(self.revision);
        self.check_held(revision)?;
        let mut reply = RangeReply { items: Vec::new(), revision, more: false };
        for (key, versioned) in self.keys(range, revision) {
            if range.limit > 0 && reply.items.len() == range.limit {
                reply.more = true;
                break;
            }
            reply.items.push((Arc::clone(key), versioned));
        }
        Ok(reply)
    }

    fn count(&self, range: Range<'_>) -> Result<usize> {
        let revision = range.revision.unwrap_or(self.revision);
        self.check_held(revision)?;
        Ok(self.keys(range, revision).count())
    }

    /// The keys of a range in a state that is held.
    fn keys(&self, range: Range<'_>, revision: u64) -> impl Iterator<Item = (&Arc<str>, Versioned)> {
        let start = range.start.unwrap_or(range.prefix).max(range.prefix);
        let keys = self.keys.range::<str, _>((Bound::Included(start), Bound::Unbounded));
        let keys = keys.take_while(move |(key, _)| key.starts_with(range.prefix));
        keys.filter_map(move |(key, versions)| {
            let behind = versions.partition_point(|version| version.revision <= revision);
            Some((key, newest(&versions[..behind])?))
        })
    }

    fn commit(&mut self, write: Write, history: usize) -> Commit {
        let previous = self.keys.get(write.key.as_str()).and_then(|versions| newest(versions));
        let expected = match (&previous, write.expect) {
            (None, Expect::Absent) => true,
            (Some(previous), Expect::Revision(revision)) => previous.revision == revision,
            _ => false,
        };
        if !expected {
            return Commit::Conflict(previous);
        }
        if previous.is_none() && write.value.is_none() {
            return Commit::Done(self.revision);
        }
        self.revision += 1;
        let revision = self.revision;
        let key: Arc<str> = match self.keys.get_key_value(write.key.as_str()) {
            Some((key, _)) => Arc::clone(key),
            None => write.key.into(),
        };
        self.keys.entry(Arc::clone(&key)).or_default().push(Version { revision, value: write.value.clone() });
        let change = Change { key, revision, value: write.value };
        self.bytes += size(&change);
        self.log.push_back(change);
        // Who watches gets the last change, whatever its size.
        while self.log.len() > history || (self.bytes > HISTORY_BYTES && self.log.len() > 1) {
            self.forget_one();
        }
        Commit::Done(revision)
    }

    /// Makes the state at the oldest change of the log the oldest that can be read.
    fn forget_one(&mut self) {
        let Some(change) = self.log.pop_front() else { return };
        self.bytes -= size(&change);
        self.oldest = change.revision;
        let Some(versions) = self.keys.get_mut(&change.key) else { return };
        let behind = versions.partition_point(|version| version.revision <= change.revision);
        let deleted = behind > 0 && versions[behind - 1].value.is_none();
        versions.drain(..if deleted { behind } else { behind.saturating_sub(1) });
        if versions.is_empty() {
            self.keys.remove(&change.key);
        }
    }

    /// The changes behind `after`, as far as one batch goes.
    fn changes(&self, prefix: &str, after: u64) -> Result<Batch> {
        self.check_held(after)?;
        let behind = self.log.partition_point(|change| change.revision <= after);
        let mut batch = Batch { changes: Vec::new(), revision: self.revision };
        for change in self.log.iter().skip(behind).filter(|change| change.key.starts_with(prefix)) {
            if batch.changes.len() == BATCH {
                batch.revision = batch.changes.last().map_or(after, |change| change.revision);
                break;
            }
            batch.changes.push(change.clone());
        }
        Ok(batch)
    }
}

fn size(change: &Change) -> usize {
    change.key.len() + change.value.as_ref().map_or(0, Bytes::len)
}

fn newest(versions: &[Version]) -> Option<Versioned> {
    let version = versions.last()?;
    Some(Versioned { value: version.value.clone()?, revision: version.revision })
}

fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, T> {
    Box::pin(std::future::ready(value))
}

/// A watch is a place in the log: it keeps nothing, and ends if the log goes past it.
struct MemoryWatch {
    memory: Memory,
    revision: watch::Receiver<u64>,
    prefix: String,
    after: u64,
}

impl Watch for MemoryWatch {
    fn next(&mut self) -> BoxFuture<'_, Result<Batch>> {
        Box::pin(async move {
            let after = self.after;
            if self.revision.wait_for(|revision| *revision > after).await.is_err() {
                return Err(Error::Unavailable("the store is closed".to_owned()));
            }
            let batch = self.memory.read(|state| state.changes(&self.prefix, after))?;
            self.after = batch.revision;
            Ok(batch)
        })
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("history", &self.shared.history).finish_non_exhaustive()
    }
}
