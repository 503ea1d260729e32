//! Follows the store, for all watches together.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

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
    /// The revision that somebody waits for.
    pub(super) wanted: watch::Sender<u64>,
}

/// Follows the store until it is aborted. Whatever goes wrong, it goes on behind the last revision that it has told
/// whole.
pub(super) async fn run(shared: Arc<Shared>, mut cluster_id: u64) {
    let mut retry = RETRY;
    loop {
        let before = shared.log.reached();
        let Err(error) = follow(&shared, &mut cluster_id).await;
        if shared.log.reached() != before {
            retry = RETRY;
        }
        tracing::warn!(%error, "the watch of etcd has ended, trying again");
        tokio::time::sleep(retry).await;
        retry = (retry * 2).min(RETRY_MAX);
    }
}

async fn follow(shared: &Shared, cluster_id: &mut u64) -> Result<Infallible> {
    let (cluster, log) = (&shared.cluster, &shared.log);
    let mut server = cluster.subscribe();
    let mut wanted = shared.wanted.subscribe();
    let position = cluster.position(None).await.map_err(Failure::into_error)?;
    let replaced = position.cluster != *cluster_id || position.revision < log.reached().revision;
    if replaced {
        *cluster_id = position.cluster;
        log.restart(position.revision, true);
    }
    let (number, mut stream) = match Stream::open(cluster, log.reached().revision, Purpose::Follow).await {
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
