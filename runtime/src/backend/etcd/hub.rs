//! Follows the store, for all watches together.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::cluster::Cluster;
use super::error::Failure;
use super::log::Log;
use super::stream::{Purpose, Stream};
use crate::backend::{Error, Result};

/// How long it waits before it tries again: at first, and at most.
const RETRY: Duration = Duration::from_millis(20);
const RETRY_MAX: Duration = Duration::from_secs(1);

/// What the hub and the requests have in common.
pub(super) struct Shared {
    pub(super) cluster: Cluster,
    pub(super) log: Log,
    /// The newest revision that anybody has been told of, and may wait for.
    wanted: watch::Sender<u64>,
    /// Tells the hub that the store is older than what has been told of it.
    replaced: Notify,
}

impl Shared {
    /// Before the hub runs; the log begins behind a revision.
    pub(super) fn new(cluster: Cluster, revision: u64) -> Self {
        Self { cluster, log: Log::new(revision), wanted: watch::Sender::new(0), replaced: Notify::new() }
    }

    /// Lets the watch come to this revision.
    pub(super) fn want(&self, revision: u64) {
        self.wanted.send_if_modified(|wanted| {
            let raise = revision > *wanted;
            if raise {
                *wanted = revision;
            }
            raise
        });
    }

    /// The newest revision that anybody has been told of.
    pub(super) fn newest(&self) -> u64 {
        self.log.reached().revision.max(*self.wanted.borrow())
    }

    /// Lets the hub see that the store has been replaced by another one, or an older state of itself.
    pub(super) fn look_again(&self) {
        self.replaced.notify_one();
    }
}

/// Follows the store until it is aborted. Whatever goes wrong, it goes on behind the last revision that it has told
/// whole.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut retry = RETRY;
    loop {
        let before = shared.log.reached();
        let Err(error) = follow(&shared).await;
        if shared.log.reached() != before {
            retry = RETRY;
        }
        tracing::warn!(%error, "the watch of etcd has ended, trying again");
        tokio::time::sleep(retry).await;
        retry = (retry * 2).min(RETRY_MAX);
    }
}

async fn follow(shared: &Shared) -> Result<Infallible> {
    let (cluster, log) = (&shared.cluster, &shared.log);
    let mut server = cluster.subscribe();
    let mut wanted = shared.wanted.subscribe();
    let told = shared.newest();
    let opened = Stream::open(cluster, log.reached().revision, Purpose::Follow).await;
    if let Err(error @ Error::Unavailable(_)) = opened {
        return Err(error);
    }
    // Behind the start of the watch: whatever takes the place of this store from now on ends it.
    let position = cluster.position(None).await.map_err(Failure::into_error)?;
    if position.cluster != cluster.id() || position.revision < told {
        cluster.set_id(position.cluster);
        shared.wanted.send_replace(0);
        log.restart(position.revision, true);
        return Err(Error::Unavailable("it is another store than before, or an older state of it".to_owned()));
    }
    let (number, mut stream) = match opened {
        Err(Error::Compacted { .. }) => return Err(restart(shared, position.revision)),
        opened => opened?,
    };
    loop {
        let batch = tokio::select! {
            batch = stream.next(cluster, &mut wanted) => batch,
            // Requests go to another server now: the watch does as well, so that it is not behind them for long.
            changed = server.wait_for(|current| *current != number) => {
                let why = if changed.is_ok() { "another server is asked now" } else { "the client is closed" };
                return Err(Error::Unavailable(why.to_owned()));
            }
            () = shared.replaced.notified() => {
                return Err(Error::Unavailable("its revision has gone back".to_owned()));
            }
        };
        match batch {
            Ok(batch) => log.push(batch),
            Err(Error::Compacted { .. }) => return Err(restart(shared, position.revision)),
            Err(error) => {
                cluster.advance(number);
                return Err(error);
            }
        }
    }
}

/// What is missing is compacted. Watches that had come as far as this find so themselves.
fn restart(shared: &Shared, revision: u64) -> Error {
    shared.log.restart(revision.max(shared.log.reached().revision), false);
    Error::Unavailable("changes were compacted before they were told".to_owned())
}
