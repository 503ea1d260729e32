//! A backend on etcd, for more than one server on the same objects.
//!
//! Keys are as the stores give them, `/registry/<group>/<resource>/...` (contract 6.1.1), and a revision is a revision of
//! etcd. A write is one transaction that compares the revision of its key (contract 6.2.1). If its answer is lost, it
//! may have been written, and the error is [`Error::Unavailable`]: it is not tried again, since a second attempt would
//! meet the first one and take it for somebody else's.
//!
//! # Why what is read is recent, and what is watched is complete
//!
//! A consistent read asks for the current revision, and waits until the watch has come there. Two things must hold.
//!
//! **The revision is recent.** It comes from a linearizable read, so it is at least that of every commit that anybody
//! has been told of before the question was sent. One question serves all callers who came before it was sent; who comes
//! later waits for the next one. So reads cost etcd one small request a round trip, however many they are, and no write.
//!
//! **A watch that says it is at a revision has told everything up to it.** etcd sends the events of one watch in the
//! order of their revisions, and those of one revision together (or in marked fragments, which are put together here).
//! But a watch of a part of the keys says nothing while others change. etcd can be asked how far it is, but before
//! 3.4.25 and 3.5.8 the answer may overtake events, and a read that believed it would miss them. No read can stand in
//! for it: a range that finds nothing newer proves nothing of a key that was written and deleted again in between.
//!
//! So by default *one watch sees all keys* for all resources. Every revision of etcd but the first is a change of at
//! least one key. Hence an event at revision R, or a later one, is the proof that all up to R have been told, in every
//! version of etcd, with no request at all: the event that the read waits for is already on its way. It costs nothing
//! more than a watch for each resource where etcd is there for these servers alone; each event is sent once to each
//! server.
//!
//! Where an etcd is shared with others, or the user may not read all keys, [`EtcdOptions::keys`] says which part to
//! follow. Then, if the server's version can be relied on, it is asked for its progress, but only when somebody waits
//! for a revision that the watch has not reached; one answer serves all. Where it cannot, all keys are followed.
//!
//! # What is kept, and what happens when a connection is lost
//!
//! The last 8,192 changes and at most 16 MiB of them are kept in memory: a watch is a place among them. One that is
//! slower, or begins earlier, gets what it lacks by a watch of etcd of its own. So a watch ends with
//! [`Error::Compacted`] only if etcd has compacted what it lacks.
//!
//! A lost connection is made again, and the watch goes on behind the last revision that was told whole: nothing is
//! missing, and nothing is told twice. Before and after a resumed watch begins, it is checked that its first revision is
//! still held, because etcd leaves out what is compacted exactly there. An etcd that comes back as another cluster, or at
//! an older revision, was restored from a backup: its watches end, and their readers read everything again. A watch ends
//! for nothing else, since the next one of its reader would not know that.
//!
//! Meanwhile requests fail with [`Error::Unavailable`]. Each ends within the [`timeout`](EtcdOptions::timeout), also
//! where etcd takes it and says nothing. No read is answered from what may be old.

mod assembler;
mod cluster;
mod compactor;
mod error;
mod freshness;
mod hub;
mod kv;
mod log;
mod options;
mod stream;
#[cfg(test)]
mod tests;
mod version;
mod watch;

use std::fmt;
use std::sync::Arc;

use tokio::task::AbortHandle;

pub use options::{ConnectError, EtcdOptions};

use self::cluster::Cluster;
use self::error::Failure;
use self::freshness::Freshness;
use self::hub::Shared;
use self::watch::EtcdWatch;
use super::{Backend, BoxFuture, Commit, Error, Range, RangeReply, Result, Versioned, Watch, Write};

/// How many revisions before the connection are read again, so that watches of before this process go on. etcd tells a
/// thousand of them at once, and more only after a pause.
const HISTORY: u64 = 900;

/// Keys and values in etcd. Cloning gives another handle on the same connections, which end with the last one.
///
/// It lives on the runtime that it was connected on.
#[derive(Clone)]
pub struct Etcd {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    freshness: Arc<Freshness>,
    tasks: Vec<AbortHandle>,
}

impl Etcd {
    /// Connects without TLS and user, with the defaults of [`EtcdOptions`].
    pub async fn connect<E: Into<String>>(
        endpoints: impl IntoIterator<Item = E>,
    ) -> std::result::Result<Self, ConnectError> {
        EtcdOptions::new(endpoints).connect().await
    }

    async fn open(options: EtcdOptions) -> std::result::Result<Self, ConnectError> {
        let cluster = Cluster::new(&options)?;
        let position = cluster.position(None).await.map_err(ConnectError::from)?;
        cluster.set_id(position.cluster);
        let history = position.revision.saturating_sub(HISTORY).max(1);
        let oldest = match cluster.position(Some(history)).await {
            Ok(_) => history,
            Err(Failure::Compacted) => cluster.oldest(history).await.min(position.revision),
            Err(failure) => return Err(failure.into()),
        };
        let shared = Arc::new(Shared::new(cluster, oldest));
        let mut tasks = vec![tokio::spawn(hub::run(Arc::clone(&shared))).abort_handle()];
        if let Some(interval) = options.compaction {
            tasks.push(tokio::spawn(compactor::run(Arc::clone(&shared), interval)).abort_handle());
        }
        Ok(Self { inner: Arc::new(Inner { shared, freshness: Arc::default(), tasks }) })
    }

    async fn begin(&self, prefix: &str, after: u64) -> Result<Box<dyn Watch>> {
        let shared = &self.inner.shared;
        if !prefix.starts_with(shared.cluster.keys()) {
            return Err(Error::Unavailable(format!("etcd: the keys {prefix} are not followed")));
        }
        // Before the look at etcd: if that is replaced afterwards, the watch must see it.
        let watch = EtcdWatch::new(Arc::clone(shared), prefix, after);
        shared.cluster.check_held(after).await?;
        shared.want(after);
        Ok(Box::new(watch))
    }
}

impl Backend for Etcd {
    fn current_revision(&self) -> BoxFuture<'_, Result<u64>> {
        let shared = Arc::clone(&self.inner.shared);
        Box::pin(self.inner.freshness.ask(move || Box::pin(freshness::current(Arc::clone(&shared)))))
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Versioned>>> {
        Box::pin(self.inner.shared.cluster.get(key))
    }

    fn range<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, Result<RangeReply>> {
        Box::pin(self.inner.shared.cluster.range(range))
    }

    fn count<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, Result<usize>> {
        Box::pin(self.inner.shared.cluster.count(range))
    }

    fn commit(&self, write: Write) -> BoxFuture<'_, Result<Commit>> {
        Box::pin(self.inner.shared.cluster.commit(write))
    }

    fn watch<'a>(&'a self, prefix: &'a str, after: u64) -> BoxFuture<'a, Result<Box<dyn Watch>>> {
        Box::pin(self.begin(prefix, after))
    }

    fn compact(&self, revision: u64) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.inner.shared.cluster.compact_to(revision))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl From<Failure> for ConnectError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(why) | Failure::OldToken(why) => Self::Refused(why),
            Failure::Options(why) => Self::Options(why),
            Failure::Endpoint(why) => Self::Unreachable(why),
            failure => Self::Unreachable(failure.into_error().to_string()),
        }
    }
}

impl fmt::Debug for Etcd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Etcd").field("reached", &self.inner.shared.log.reached()).finish_non_exhaustive()
    }
}
