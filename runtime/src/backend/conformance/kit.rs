//! What the cases do often, with failures that say what was expected.

use std::fmt::Debug;
use std::sync::Arc;

use bytes::Bytes;

use super::{Failure, Outcome, PATIENCE, Subject};
use crate::backend::{self, Backend, Change, Commit, Error, Expect, Range, RangeReply, Versioned, Watch, Write};

/// A case at work on a backend.
#[derive(Clone, Debug)]
pub(super) struct Kit {
    pub(super) case: &'static str,
    subject: Subject,
}

impl Kit {
    pub(super) fn new(case: &'static str, subject: &Subject) -> Self {
        Self { case, subject: subject.clone() }
    }

    pub(super) fn failure(&self, what: impl Into<String>) -> Failure {
        Failure { case: self.case, what: what.into() }
    }

    pub(super) fn ensure(&self, holds: bool, what: impl FnOnce() -> String) -> Outcome {
        if holds { Ok(()) } else { Err(self.failure(what())) }
    }

    pub(super) fn equal<T: PartialEq + Debug>(&self, what: &str, is: &T, expected: &T) -> Outcome {
        self.ensure(is == expected, || format!("{what}: expected {expected:?}, found {is:?}"))
    }

    pub(super) fn key(&self, rest: &str) -> String {
        self.subject.key(rest)
    }

    /// How many handles there are.
    pub(super) fn handles(&self) -> usize {
        self.subject.handles.len()
    }

    /// The same case, where the first handle is another one.
    pub(super) fn with_first(&self, number: usize) -> Self {
        let mut kit = self.clone();
        let handles = kit.handles();
        kit.subject.handles.rotate_left(number % handles);
        kit
    }

    pub(super) fn backend(&self) -> &Arc<dyn Backend> {
        self.subject.handle(0)
    }

    /// What comes in time.
    pub(super) async fn soon<T>(&self, what: &str, future: impl Future<Output = T>) -> Result<T, Failure> {
        tokio::time::timeout(PATIENCE, future)
            .await
            .map_err(|_| self.failure(format!("{what}: no answer within {PATIENCE:?}")))
    }

    /// What comes in time and is no error.
    pub(super) async fn good<T>(
        &self,
        what: &str,
        future: impl Future<Output = backend::Result<T>>,
    ) -> Result<T, Failure> {
        self.soon(what, future).await?.map_err(|error| self.failure(format!("{what}: {error}")))
    }

    pub(super) async fn revision(&self) -> Result<u64, Failure> {
        self.good("current_revision", self.backend().current_revision()).await
    }

    pub(super) async fn commit(&self, key: &str, expect: Expect, value: Option<Bytes>) -> Result<Commit, Failure> {
        let write = Write { key: self.key(key), expect, value };
        self.good(&format!("commit of {key} with {expect:?}"), self.backend().commit(write)).await
    }

    /// A commit that must succeed; gives its revision.
    pub(super) async fn done(&self, key: &str, expect: Expect, value: Option<Bytes>) -> Result<u64, Failure> {
        match self.commit(key, expect, value).await? {
            Commit::Done(revision) => Ok(revision),
            Commit::Conflict(held) => {
                Err(self.failure(format!("commit of {key} with {expect:?}: expected it done, found {held:?}")))
            }
        }
    }

    pub(super) async fn create(&self, key: &str, value: &str) -> Result<u64, Failure> {
        self.done(key, Expect::Absent, Some(bytes(value))).await
    }

    pub(super) async fn update(&self, key: &str, seen: u64, value: &str) -> Result<u64, Failure> {
        self.done(key, Expect::Revision(seen), Some(bytes(value))).await
    }

    pub(super) async fn delete(&self, key: &str, seen: u64) -> Result<u64, Failure> {
        self.done(key, Expect::Revision(seen), None).await
    }

    /// What every handle must say of a key.
    pub(super) async fn holds(&self, key: &str, expected: Option<Versioned>) -> Outcome {
        for handle in &self.subject.handles {
            let is = self.good(&format!("get of {key}"), handle.get(&self.key(key))).await?;
            self.equal(&format!("get of {key}"), &is, &expected)?;
        }
        Ok(())
    }

    pub(super) async fn range(&self, range: Range<'_>) -> Result<RangeReply, Failure> {
        self.good(&format!("range of {range:?}"), self.backend().range(range)).await
    }

    pub(super) async fn count(&self, range: Range<'_>) -> Result<usize, Failure> {
        self.good(&format!("count of {range:?}"), self.backend().count(range)).await
    }

    /// The names and values below a prefix in a state.
    pub(super) async fn listed(&self, prefix: &str, at: Option<u64>) -> Result<Vec<(String, Versioned)>, Failure> {
        let prefix = self.key(prefix);
        let reply = self.range(Range { prefix: &prefix, revision: at, ..Range::default() }).await?;
        self.ensure(!reply.more, || "a range without a limit says that there is more".to_owned())?;
        Ok(self.names(reply))
    }

    pub(super) fn names(&self, reply: RangeReply) -> Vec<(String, Versioned)> {
        reply.items.into_iter().map(|(key, value)| (self.name(&key), value)).collect()
    }

    /// A key without what all keys of the case begin with; whole if it is none of them.
    fn name(&self, key: &str) -> String {
        let root = self.key("");
        key.strip_prefix(&root).unwrap_or(key).to_owned()
    }

    pub(super) async fn follow(&self, prefix: &str, after: u64) -> Result<Follower, Failure> {
        let prefix = self.key(prefix);
        let watch = self.good(&format!("watch after {after}"), self.backend().watch(&prefix, after)).await?;
        Ok(Follower { kit: self.clone(), watch, prefix, told: after })
    }

    /// That the answer is the one error that is expected; gives its revision.
    pub(super) fn compacted<T: Debug>(&self, what: &str, answer: backend::Result<T>) -> Result<u64, Failure> {
        match answer {
            Err(Error::Compacted { oldest }) => Ok(oldest),
            answer => Err(self.failure(format!("{what}: expected that it is compacted, found {answer:?}"))),
        }
    }

    /// That the answer is the one error that is expected; gives its revision.
    pub(super) fn future<T: Debug>(&self, what: &str, answer: backend::Result<T>) -> Result<u64, Failure> {
        match answer {
            Err(Error::Future { current }) => Ok(current),
            answer => Err(self.failure(format!("{what}: expected that it is not reached, found {answer:?}"))),
        }
    }
}

pub(super) fn bytes(value: &str) -> Bytes {
    Bytes::copy_from_slice(value.as_bytes())
}

pub(super) fn versioned(value: &str, revision: u64) -> Versioned {
    Versioned { value: bytes(value), revision }
}

/// A watch whose batches are checked as they come.
pub(super) struct Follower {
    kit: Kit,
    watch: Box<dyn Watch>,
    prefix: String,
    told: u64,
}

/// What a watch told of one change: the name of the key, the revision, the value.
pub(super) type Told = (String, u64, Option<Bytes>);

impl Follower {
    /// The changes up to a revision, which must come in time.
    pub(super) async fn until(&mut self, revision: u64) -> Result<Vec<Told>, Failure> {
        let mut changes = Vec::new();
        while self.told < revision {
            changes.extend(self.next().await?);
        }
        Ok(changes)
    }

    async fn next(&mut self) -> Result<Vec<Told>, Failure> {
        let what = format!("next of a watch that has told all up to {}", self.told);
        let batch = self.kit.good(&what, self.watch.next()).await?;
        self.take(batch.changes, batch.revision)
    }

    /// What one poll gives, after which the wait is dropped.
    pub(super) async fn glance(&mut self) -> Result<Vec<Told>, Failure> {
        match tokio::time::timeout(std::time::Duration::ZERO, self.watch.next()).await {
            Err(_) => Ok(Vec::new()),
            Ok(Ok(batch)) => self.take(batch.changes, batch.revision),
            Ok(Err(error)) => Err(self.kit.failure(format!("next of a watch: {error}"))),
        }
    }

    /// The next answer, whatever it is.
    pub(super) async fn answer(&mut self) -> Result<backend::Result<Vec<Told>>, Failure> {
        match self.kit.soon("next of a watch", self.watch.next()).await? {
            Ok(batch) => self.take(batch.changes, batch.revision).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    /// How far the watch has come.
    pub(super) fn told(&self) -> u64 {
        self.told
    }

    fn take(&mut self, changes: Vec<Change>, revision: u64) -> Result<Vec<Told>, Failure> {
        let kit = &self.kit;
        let mut last = self.told;
        for change in &changes {
            kit.ensure(change.revision > last, || {
                format!("a watch told revision {} of {} behind {last}", change.revision, change.key)
            })?;
            kit.ensure(change.key.starts_with(&self.prefix), || {
                format!("a watch of {} told of {}", self.prefix, change.key)
            })?;
            last = change.revision;
        }
        kit.ensure(revision >= last, || format!("a batch goes up to {revision}, but has told of {last}"))?;
        self.told = revision;
        Ok(changes.into_iter().map(|change| (kit.name(&change.key), change.revision, change.value)).collect())
    }
}
