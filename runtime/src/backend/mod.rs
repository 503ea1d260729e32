//! What keeps the bytes: a small key-value store with one revision for all keys. It knows no objects.
//!
//! # The contract of a backend
//!
//! - A backend has one revision, at least 1, for all its keys (contract 6.1.2). Each commit that changes something
//!   raises it by at least one and is the only one at its revision; commits are seen in that order by everybody.
//! - A commit compares and writes as one step ([`Backend::commit`]). When its future is ready, the write is as durable
//!   as the backend promises, and every read that begins afterwards sees it. A future that is dropped before may or may
//!   not have written.
//! - Reads at a revision give what was true then. A backend keeps some history; what is older is
//!   [`Error::Compacted`], for ever.
//! - A watch gives every change behind its revision once, in the order of the revisions, or ends with an error.
//! - No reader or watcher makes a writer wait, and what is kept for them is bounded.
//!
//! Keys are compared by their bytes. Values mean nothing to a backend.
//!
//! The feature `conformance` has all this as cases that the author of a backend runs in a test.

#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "etcd")]
pub mod etcd;
#[cfg(feature = "memory")]
pub mod memory;
#[cfg(feature = "redb")]
pub mod redb;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

#[cfg(feature = "redb")]
pub use self::redb::Redb;
#[cfg(feature = "etcd")]
pub use etcd::Etcd;
#[cfg(feature = "memory")]
pub use memory::Memory;

/// A future on the heap, so that a backend can be a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The result of what a backend does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A revisioned key-value store; the module says what it must keep to.
pub trait Backend: fmt::Debug + Send + Sync + 'static {
    /// The revision of the last commit. Whoever has been told of a commit gets at least its revision, also from
    /// another process on the same data.
    fn current_revision(&self) -> BoxFuture<'_, Result<u64>>;

    /// The value of a key in the most recent state.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Versioned>>>;

    /// The keys that begin with a prefix, in order, all in one state.
    fn range<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, Result<RangeReply>>;

    /// How many keys a range has, whatever its limit. By default they are read in parts; a backend that has an index
    /// knows it without the values.
    fn count<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, Result<usize>> {
        Box::pin(count_in_parts(self, range))
    }

    /// Writes one key if it is as expected; else says how it is instead.
    fn commit(&self, write: Write) -> BoxFuture<'_, Result<Commit>>;

    /// The changes behind the revision `after` of the keys that begin with `prefix`.
    ///
    /// [`Error::Compacted`] if some of them are no longer held, [`Error::Future`] if `after` has not been reached.
    fn watch<'a>(&'a self, prefix: &'a str, after: u64) -> BoxFuture<'a, Result<Box<dyn Watch>>>;

    /// Forgets the states before `revision`; reads at it are still answered. More than the current revision is
    /// [`Error::Future`].
    fn compact(&self, revision: u64) -> BoxFuture<'_, Result<()>>;
}

/// How many keys are read at once to be counted.
const PART: usize = 500;

async fn count_in_parts<B: Backend + ?Sized>(backend: &B, range: Range<'_>) -> Result<usize> {
    let (mut count, mut start, mut revision) = (0, None::<String>, range.revision);
    loop {
        let part = Range { start: start.as_deref().or(range.start), limit: PART, revision, ..range };
        let reply = backend.range(part).await?;
        count += reply.items.len();
        revision = Some(reply.revision);
        match reply.items.last() {
            // No key is between this one and the same with a zero behind it.
            Some((last, _)) if reply.more => start = Some(format!("{last}\0")),
            _ => return Ok(count),
        }
    }
}

/// A watch that has begun.
pub trait Watch: Send + 'static {
    /// Waits for the next changes, or for the news that there are none.
    ///
    /// It is ready in good time after the backend's revision has risen, also if no key of the watch has changed: how
    /// far a watch has come must show without a change. Dropping the future loses nothing. An error is the end;
    /// [`Error::Compacted`] says that changes were missed, or that the backend is not the one that it was when the watch
    /// began, such as after a backup was restored.
    fn next(&mut self) -> BoxFuture<'_, Result<Batch>>;
}

/// What a watch has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The changes since the last batch, in the order of their revisions; there may be none.
    pub changes: Vec<Change>,
    /// All changes up to this revision have been told.
    pub revision: u64,
}

/// One change of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key.
    pub key: Arc<str>,
    /// The revision of the commit.
    pub revision: u64,
    /// The new value; `None` if the key was deleted.
    pub value: Option<Bytes>,
}

/// A value, and the revision of the commit that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned {
    /// The value.
    pub value: Bytes,
    /// The revision of the commit.
    pub revision: u64,
}

/// Which keys to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Range<'a> {
    /// What the keys begin with.
    pub prefix: &'a str,
    /// The first key, if it is not the prefix; itself begins with the prefix.
    pub start: Option<&'a str>,
    /// The most keys; 0 is no limit.
    pub limit: usize,
    /// The state to read; `None` is the most recent. [`Error::Compacted`] and [`Error::Future`] say that it is not held.
    pub revision: Option<u64>,
}

/// The keys of a [`Range`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeReply {
    /// The keys, in order, and their values.
    pub items: Vec<(Arc<str>, Versioned)>,
    /// The revision of the state: the one asked for, or the current one.
    pub revision: u64,
    /// Whether the limit cut something off.
    pub more: bool,
}

/// A write of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The key.
    pub key: String,
    /// What the key must be.
    pub expect: Expect,
    /// The new value; `None` deletes the key.
    pub value: Option<Bytes>,
}

/// What a key must be for a [`Write`] to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It is not there.
    Absent,
    /// It was last written at this revision.
    Revision(u64),
}

/// What became of a [`Write`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commit {
    /// It is written, at this revision.
    Done(u64),
    /// The key is not as expected, but so; nothing is written.
    Conflict(Option<Versioned>),
}

/// What can go wrong in a backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The revision is no longer held; the oldest that is.
    Compacted {
        /// The oldest revision that can be read.
        oldest: u64,
    },
    /// The revision has not been reached.
    Future {
        /// The current revision.
        current: u64,
    },
    /// The backend cannot answer now; trying again may help.
    Unavailable(String),
    /// The backend takes no value of this size; trying again does not help. Nothing is written.
    TooLarge(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compacted { oldest } => write!(f, "the revision is compacted, the oldest is {oldest}"),
            Self::Future { current } => write!(f, "the revision is not reached, the current one is {current}"),
            Self::Unavailable(why) => write!(f, "the storage is unavailable: {why}"),
            Self::TooLarge(why) => write!(f, "the object is too large to be stored: {why}"),
        }
    }
}

impl std::error::Error for Error {}
