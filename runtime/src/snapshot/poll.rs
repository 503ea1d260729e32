//! Calling the function: one call at a time, shared by all who came before it began.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::builder::SnapshotBuilder;
use super::diff::{State, Volatile};
use super::log::Log;
use crate::object::Object;
use crate::verb::BoxFuture;
use crate::wire::status::{Result, Status};

/// The user's function.
pub(super) type Read<T> = Box<dyn Fn() -> BoxFuture<'static, Result<Vec<T>>> + Send + Sync>;

pub(super) struct Poller<T> {
    read: Read<T>,
    volatile: Option<Volatile<T>>,
    interval: Duration,
    pub(super) bookmarks: Duration,
    start: u64,
    log: Mutex<Log<T>>,
    /// How many calls have begun.
    begun: AtomicU64,
    last: tokio::sync::Mutex<Last<T>>,
    changes: watch::Sender<u64>,
    watched: Mutex<Weak<Watched>>,
}

/// The last call that ended.
struct Last<T> {
    /// Which one it was, counted from 1.
    number: u64,
    outcome: Result<Arc<State<T>>>,
}

/// Held by each watch: while there is one, the function is called regularly.
#[derive(Debug)]
pub(super) struct Watched(AbortHandle);

impl<T: Object> Poller<T> {
    pub(super) fn new(builder: SnapshotBuilder<T>) -> Self {
        let SnapshotBuilder { read, volatile, interval, bookmarks, history, start } = builder;
        Self {
            read,
            volatile,
            interval,
            bookmarks,
            start,
            log: Mutex::new(Log::new(start, history)),
            begun: AtomicU64::new(0),
            last: tokio::sync::Mutex::new(Last { number: 0, outcome: Err(Status::internal_error("never called")) }),
            changes: watch::channel(start).0,
            watched: Mutex::default(),
        }
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log<T>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The revision of the last change.
    pub(super) fn revision(&self) -> u64 {
        self.log().revision()
    }

    /// Hears of each new revision.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The state, not older than this call.
    pub(super) async fn refresh(self: &Arc<Self>) -> Result<Arc<State<T>>> {
        let begun = self.begun.load(Ordering::SeqCst);
        let mut last = self.last.lock().await;
        // What another one began meanwhile is fresh enough, a call that was under way before is not.
        if last.number <= begun {
            let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
            // Set together, after the await: whoever gives up in the middle leaves no wrong answer behind.
            let outcome = self.poll().await;
            *last = Last { number, outcome };
        }
        last.outcome.clone()
    }

    async fn poll(self: &Arc<Self>) -> Result<Arc<State<T>>> {
        let objects = (self.read)().await?;
        let poller = Arc::clone(self);
        off_the_runtime(move || poller.commit(objects)).await
    }

    fn commit(&self, objects: Vec<T>) -> Result<Arc<State<T>>> {
        // Not under the lock while objects are compared and encoded: only the one call at a time gets here.
        let current = self.log().current();
        let volatile = self.volatile.as_ref();
        let (state, events) = match current {
            None => (State::first(objects, volatile, self.start)?, Vec::new()),
            Some(current) => current.next(objects, volatile)?,
        };
        let (state, changed) = (Arc::new(state), !events.is_empty());
        self.log().commit(Arc::clone(&state), events);
        if changed {
            self.changes.send_replace(state.revision);
        }
        Ok(state)
    }

    /// Calls the function regularly for as long as what is returned is held by somebody.
    pub(super) fn watched(self: &Arc<Self>) -> Arc<Watched> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        // A task whose runtime is gone does not count.
        if let Some(watched) = watched.upgrade().filter(|watched| !watched.0.is_finished()) {
            return watched;
        }
        let poller = Arc::clone(self);
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(poller.interval).await;
                if let Err(error) = poller.refresh().await {
                    tracing::warn!(%error, "a watched collection could not be read");
                }
            }
        });
        let new = Arc::new(Watched(task.abort_handle()));
        *watched = Arc::downgrade(&new);
        new
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// On a thread for work that blocks or takes long; a panic there is an error here.
pub(super) async fn off_the_runtime<R: Send + 'static>(work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
    tokio::task::spawn_blocking(work).await.map_err(Status::internal_error)?
}
