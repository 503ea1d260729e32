//! A backend in one file of this machine, durable: what a server keeps that is its own database.
//!
//! Choose it for one server process with state of its own; [`Memory`](super::Memory) for what need not outlive the
//! process, and etcd where several server processes share their objects. It needs a file system with locks, and room
//! for the objects and [`history`](RedbOptions::history) of their last changes.
//!
//! - A commit is answered when it is on the disk. Writers that wait at the same time share one transaction and its
//!   sync; nobody is made to wait in order that more may share.
//! - A kill at any instant leaves what was answered, and of the rest whole commits or nothing. Opening again takes no
//!   longer than after a clean end.
//! - One process has the file open. Another is refused ([`OpenError::InUse`]).
//! - When the disk fails or is full, writes are answered with [`Error::Unavailable`], reads go on as far as the disk
//!   gives them, and writes go on when it takes them again. A write that was answered so may, if the very last step
//!   failed, be stored nevertheless: then everybody sees it, at a revision of its own.
//!
//! ```
//! use rest_resource::backend::{Backend, Commit, Expect, Redb, Write};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let path = std::env::temp_dir().join(format!("rest-resource-doc-{}.redb", std::process::id()));
//! let store = Redb::open(&path)?;
//! let write = Write { key: "/colours/red".into(), expect: Expect::Absent, value: Some("#f00".into()) };
//! assert_eq!(store.commit(write).await?, Commit::Done(2));
//! store.close().await;
//!
//! let store = Redb::open(&path)?;
//! assert_eq!(store.get("/colours/red").await?.unwrap().value, "#f00");
//! # std::fs::remove_file(&path)?;
//! # Ok(())
//! # }
//! ```

mod open;
mod read;
mod state;
mod tables;
#[cfg(test)]
mod tests;
mod watch;
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{mpsc, oneshot, watch as progress};

pub use open::{OpenError, RedbOptions};
use read::Trouble;
use state::State;
use watch::RedbWatch;
use writer::{Job, Message};

use super::{Backend, BoxFuture, Commit, Error, Range, RangeReply, Result, Versioned, Watch, Write};

/// How many changes are kept, if not said otherwise.
pub const DEFAULT_HISTORY: usize = 8192;

/// A durable store in one file; the module says what it promises.
///
/// Cloning gives another handle on the same store. It is closed when the last handle is dropped, or by
/// [`close`](Self::close).
#[derive(Clone)]
pub struct Redb {
    sender: mpsc::Sender<Message>,
    shared: Arc<Shared>,
}

/// What the handles, the watches and the writer have in common.
struct Shared {
    /// The writer alone changes it, and waits for no disk while it has locked it.
    state: RwLock<State>,
    /// The revision of the last commit; `None` when the store is closed.
    progress: progress::Sender<Option<u64>>,
    /// To the writer, without keeping the store open.
    sender: mpsc::WeakSender<Message>,
}

impl Redb {
    /// Opens the file, or makes a new one, with the default options.
    ///
    /// It blocks for as long as reading the keys takes; that is before a server begins to serve.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        RedbOptions::new().open(path)
    }

    /// Closes the file, after the writes that wait already; gives when it is closed. All handles and watches answer
    /// [`Error::Unavailable`] from then on.
    pub async fn close(&self) {
        let (answer, closed) = oneshot::channel();
        if self.sender.send(Message::Close(answer)).await.is_ok() {
            // An error is as good: the writer has ended.
            let _ = closed.await;
        }
    }
}

impl Backend for Redb {
    fn current_revision(&self) -> BoxFuture<'_, Result<u64>> {
        let revision = *self.shared.progress.borrow();
        Box::pin(std::future::ready(revision.ok_or_else(closed)))
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Versioned>>> {
        Box::pin(async move { self.shared.healed(|| self.shared.get(key)).await })
    }

    fn range<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, Result<RangeReply>> {
        Box::pin(async move {
            if (1..=read::SHORT).contains(&range.limit) {
                return self.shared.healed(|| self.shared.range(range)).await;
            }
            let (prefix, start) = (range.prefix.to_owned(), range.start.map(ToOwned::to_owned));
            let Range { limit, revision, .. } = range;
            let read = move |shared: &Shared| {
                shared.range(Range { prefix: &prefix, start: start.as_deref(), limit, revision })
            };
            self.shared.healed_offloaded(Arc::new(read)).await
        })
    }

    fn count<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, Result<usize>> {
        Box::pin(async move { self.shared.count(range).map_err(Error::from) })
    }

    fn commit(&self, write: Write) -> BoxFuture<'_, Result<Commit>> {
        Box::pin(async move { self.ask(|answer| Message::Commit(Job { write, answer })).await })
    }

    fn watch<'a>(&'a self, prefix: &'a str, after: u64) -> BoxFuture<'a, Result<Box<dyn Watch>>> {
        let held = self.shared.check_open().and_then(|()| self.shared.read(|state| state.check_held(after)));
        Box::pin(std::future::ready(
            held.map(|()| Box::new(RedbWatch::new(&self.shared, prefix, after)) as Box<dyn Watch>),
        ))
    }

    fn compact(&self, revision: u64) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move { self.ask(|answer| Message::Compact(revision, answer)).await })
    }
}

impl Redb {
    async fn ask<T>(&self, message: impl FnOnce(oneshot::Sender<Result<T>>) -> Message) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        self.sender.send(message(answer)).await.map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }
}

impl Shared {
    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, write: impl FnOnce(&mut State) -> T) -> T {
        write(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is read, where the disk has failed a second time after the file was opened anew.
    async fn healed<T>(&self, read: impl Fn() -> Result<T, Trouble>) -> Result<T> {
        match read() {
            Ok(value) => Ok(value),
            Err(trouble) => {
                self.heal(trouble).await?;
                read().map_err(Error::from)
            }
        }
    }

    /// The same on a thread that may wait for the disk.
    async fn healed_offloaded<T, F>(self: &Arc<Self>, read: Arc<F>) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&Self) -> Result<T, Trouble> + Send + Sync + 'static,
    {
        match self.offload(&read).await {
            Ok(value) => Ok(value),
            Err(trouble) => {
                self.heal(trouble).await?;
                self.offload(&read).await.map_err(Error::from)
            }
        }
    }

    async fn offload<T, F>(self: &Arc<Self>, read: &Arc<F>) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: Fn(&Self) -> Result<T, Trouble> + Send + Sync + 'static,
    {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return read(self) };
        let (shared, read) = (Arc::clone(self), Arc::clone(read));
        let done = runtime.spawn_blocking(move || read(&shared)).await;
        done.unwrap_or_else(|error| Err(Error::Unavailable(error.to_string()).into()))
    }

    /// Has the file opened anew if that is the trouble; else the trouble is the answer.
    async fn heal(&self, trouble: Trouble) -> Result<()> {
        let Trouble::Storage { generation, .. } = &trouble else { return Err(trouble.into()) };
        let (answer, healed) = oneshot::channel();
        let sender = self.sender.upgrade().ok_or_else(closed)?;
        sender.send(Message::Heal(*generation, answer)).await.map_err(|_| closed())?;
        healed.await.unwrap_or_else(|_| Err(closed()))
    }
}

fn closed() -> Error {
    Error::Unavailable("the store is closed".to_owned())
}

impl fmt::Debug for Redb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redb").field("revision", &*self.shared.progress.borrow()).finish_non_exhaustive()
    }
}
