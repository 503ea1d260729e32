//! One question to etcd for all who want to know the current revision.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::error::Failure;
use super::hub::Shared;
use crate::backend::{BoxFuture, Error, Result};

type Waiting = Vec<oneshot::Sender<Result<u64>>>;

/// Who waits for the current revision.
///
/// Who comes while a question is under way waits for the next one: that one may have been answered before a commit that
/// the newcomer knows of. But where it fails it fails for the newcomer too, who has waited for etcd as long as it was
/// silent. There is one question at a time, and it ends in time; what waits is bounded by the requests that are served.
#[derive(Default)]
pub(super) struct Freshness {
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    asking: bool,
    waiting: Waiting,
}

impl Freshness {
    fn queue<T>(&self, change: impl FnOnce(&mut Queue) -> T) -> T {
        change(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What `question` gives, asked after the call.
    pub(super) async fn ask<Q>(self: &Arc<Self>, question: Q) -> Result<u64>
    where
        Q: Fn() -> BoxFuture<'static, Result<u64>> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let begin = self.queue(|queue| {
            queue.waiting.push(tell);
            !std::mem::replace(&mut queue.asking, true)
        });
        if begin {
            // A task of its own: the caller may be dropped, and others wait.
            tokio::spawn(Asking { freshness: Arc::clone(self), done: false }.run(question));
        }
        told.await.unwrap_or_else(|_| Err(Error::Unavailable("the client is closed".to_owned())))
    }
}

/// The one that asks.
struct Asking {
    freshness: Arc<Freshness>,
    done: bool,
}

impl Asking {
    async fn run(mut self, question: impl Fn() -> BoxFuture<'static, Result<u64>>) {
        loop {
            let mut waiting = self.freshness.queue(|queue| {
                let waiting = std::mem::take(&mut queue.waiting);
                queue.asking = !waiting.is_empty();
                waiting
            });
            if waiting.is_empty() {
                self.done = true;
                return;
            }
            let revision = question().await;
            if revision.is_err() {
                waiting.extend(self.freshness.queue(|queue| std::mem::take(&mut queue.waiting)));
            }
            for tell in waiting {
                // Who has gone does not care.
                let _ = tell.send(revision.clone());
            }
        }
    }
}

impl Drop for Asking {
    /// Where the runtime ends in the middle, those who wait are told so by the end of their channel, and the next caller
    /// begins anew.
    fn drop(&mut self) {
        if !self.done {
            self.freshness.queue(|queue| *queue = Queue::default());
        }
    }
}

/// The revision of the last commit that was told to anybody before the call, or a later one.
pub(super) async fn current(shared: Arc<Shared>) -> Result<u64> {
    let told = shared.newest();
    let id = shared.cluster.id();
    let current = shared.cluster.position(None).await.map_err(Failure::into_error)?;
    if current.cluster != id || current.revision < told {
        // What was told before would pass for recent until the hub has seen it.
        shared.look_again();
        return Err(Error::Unavailable("etcd: it is another store than before, or an older state of it".to_owned()));
    }
    shared.want(current.revision);
    Ok(current.revision)
}
