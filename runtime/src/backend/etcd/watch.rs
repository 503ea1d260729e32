//! A watch: a place in the log, and a watch of etcd of its own where it is too slow for that.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::hub::Shared;
use super::log::{Found, Reached};
use super::stream::{Purpose, Stream};
use crate::backend::{Batch, BoxFuture, Error, Result, Watch};

/// How long it waits before it tries again to catch up.
const RETRY: Duration = Duration::from_millis(100);

/// It ends only where changes are lost. If it ended for less, its reader would begin another one, which does not know
/// that the store has been replaced in between.
pub(super) struct EtcdWatch {
    shared: Arc<Shared>,
    reached: watch::Receiver<Reached>,
    prefix: String,
    /// What it has told.
    place: Reached,
    catching_up: Option<CatchingUp>,
}

/// What the log has forgotten, from etcd.
struct CatchingUp {
    stream: Stream,
    /// From here on the log has it.
    until: watch::Sender<u64>,
    wanted: watch::Receiver<u64>,
}

impl EtcdWatch {
    pub(super) fn new(shared: Arc<Shared>, prefix: &str, after: u64) -> Self {
        let reached = shared.log.subscribe();
        let place = Reached { revision: after, ..*reached.borrow() };
        Self { shared, reached, prefix: prefix.to_owned(), place, catching_up: None }
    }

    async fn tell(&mut self) -> Result<Batch> {
        loop {
            let error = match self.try_tell().await {
                Err(error @ (Error::Future { .. } | Error::Unavailable(_))) => error,
                told => return told,
            };
            self.catching_up = None;
            if let Error::Future { .. } = error {
                self.shared.look_again();
            }
            tracing::warn!(%error, "a watch that is behind cannot read etcd, trying again");
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn try_tell(&mut self) -> Result<Batch> {
        loop {
            let place = self.place;
            let batch = if let Some(catching_up) = &mut self.catching_up {
                catching_up.next(&self.shared, &self.prefix).await?
            } else {
                // An error is the end of the client, which this holds.
                let _ = self.reached.wait_for(|now| now.epoch != place.epoch || now.revision > place.revision).await;
                match self.shared.log.after(place, &self.prefix) {
                    Found::Batch(batch) => batch,
                    Found::Replaced(revision) => return Err(Error::Compacted { oldest: revision }),
                    Found::Behind(oldest) => {
                        self.catching_up = Some(CatchingUp::open(&self.shared, place.revision, oldest).await?);
                        continue;
                    }
                }
            };
            self.place.revision = batch.revision;
            if self.catching_up.as_ref().is_some_and(|catching_up| batch.revision >= *catching_up.until.borrow()) {
                self.catching_up = None;
            }
            return Ok(batch);
        }
    }
}

impl CatchingUp {
    async fn open(shared: &Shared, after: u64, until: u64) -> Result<Self> {
        let (_, stream) = Stream::open(&shared.cluster, after, Purpose::CatchUp).await?;
        let (until, wanted) = watch::channel(until);
        Ok(Self { stream, until, wanted })
    }

    async fn next(&mut self, shared: &Shared, prefix: &str) -> Result<Batch> {
        let mut batch = self.stream.next(&shared.cluster, &mut self.wanted).await?;
        batch.changes.retain(|change| change.key.starts_with(prefix));
        Ok(batch)
    }
}

impl Watch for EtcdWatch {
    fn next(&mut self) -> BoxFuture<'_, Result<Batch>> {
        Box::pin(self.tell())
    }
}
