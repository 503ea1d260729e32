//! What keeps a cache at the state of the backend.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use super::cache::Shared;
use super::entry::Entry;
use crate::backend::{self, Error, Range, Versioned};

/// How long it waits before it tries again.
const RETRY: Duration = Duration::from_millis(100);

/// Follows the backend until it is aborted. Whatever goes wrong, it goes on from where it was, or reads everything
/// again where changes have been missed.
pub(super) async fn run(shared: Arc<Shared>) {
    loop {
        let Err(error) = follow(&shared).await;
        if let Error::Compacted { .. } = error {
            // The backend went on faster than this; there is nothing to wait for.
            tokio::task::yield_now().await;
            continue;
        }
        tracing::warn!(prefix = shared.prefix, %error, "the watch cache lost the storage, trying again");
        tokio::time::sleep(RETRY).await;
    }
}

async fn follow(shared: &Shared) -> backend::Result<Infallible> {
    let resumed = match shared.revision() {
        0 => None,
        revision => match shared.backend.watch(&shared.prefix, revision).await {
            Ok(watch) => Some(watch),
            Err(Error::Compacted { .. } | Error::Future { .. }) => None,
            Err(error) => return Err(error),
        },
    };
    let mut watch = if let Some(watch) = resumed {
        watch
    } else {
        let revision = fill(shared).await?;
        shared.backend.watch(&shared.prefix, revision).await?
    };
    loop {
        let batch = watch.next().await?;
        let changes = batch.changes.into_iter().filter_map(|change| {
            let key = relative(shared, &change.key)?;
            let Some(value) = change.value else { return Some((key, change.revision, None)) };
            let versioned = Versioned { value, revision: change.revision };
            entry(shared, &change.key, &versioned).map(|(key, entry)| (key, change.revision, Some(entry)))
        });
        shared.apply(changes.collect(), batch.revision);
    }
}

/// How many revisions are read again when the cache is filled. Who was further behind lists again; more would make
/// everybody wait for the first read.
const REPLAYED: u64 = 900;

/// Reads everything as it was some time ago, as far as the backend remembers, so that the watch behind it brings the
/// last events too: watches and pages go on where they were before this process. Gives the revision of the state.
async fn fill(shared: &Shared) -> backend::Result<u64> {
    let current = shared.backend.current_revision().await?;
    let mut range = Range { prefix: &shared.prefix, ..Range::default() };
    range.revision = Some(current.saturating_sub(shared.history_len().min(REPLAYED)).max(1));
    let reply = loop {
        match shared.backend.range(range).await {
            // It may be compacted again meanwhile; every round is at a later revision.
            Err(Error::Compacted { oldest }) if range.revision < Some(oldest) => range.revision = Some(oldest),
            reply => break reply?,
        }
    };
    let entries: BTreeMap<_, _> = reply.items.iter().filter_map(|(key, value)| entry(shared, key, value)).collect();
    shared.reset(entries, reply.revision);
    Ok(reply.revision)
}

/// An object out of what the backend keeps. What is no object is left out, and the log says so.
pub(super) fn entry(shared: &Shared, key: &str, value: &Versioned) -> Option<(Arc<str>, Arc<Entry>)> {
    let relative = relative(shared, key)?;
    let entry = Entry::new(Arc::clone(&relative), &value.value, value.revision, &shared.selectable);
    if entry.is_none() {
        tracing::error!(key, "the stored object cannot be read");
    }
    Some((relative, Arc::new(entry?)))
}

fn relative(shared: &Shared, key: &str) -> Option<Arc<str>> {
    key.strip_prefix(&shared.prefix).map(Into::into)
}
