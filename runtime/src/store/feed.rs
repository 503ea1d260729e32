//! What keeps a cache at the state of the backend.

use std::convert::Infallible;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::cache::Shared;
use super::entry::Entry;
use super::leaves::Leaves;
use crate::backend::{self, Error, Range, Versioned, Watch};

/// How long it waits before it tries again.
const RETRY: Duration = Duration::from_millis(100);

/// Follows the backend until it is aborted. Whatever goes wrong, it goes on from where it was, or reads everything
/// again where changes have been missed, or where the backend is not the one that it was.
pub(super) async fn run(shared: Arc<Shared>) {
    loop {
        let Err(error) = follow(&shared).await;
        if let Error::Compacted { .. } | Error::Future { .. } = error {
            shared.lose();
        }
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
    let mut watch = match shared.revision() {
        0 => fill(shared).await?,
        revision => shared.backend.watch(&shared.prefix, revision).await?,
    };
    loop {
        let batch = watch.next().await?;
        let changes = batch.changes.into_iter().filter_map(|change| {
            let key = relative(shared, &change.key)?;
            let Some(value) = change.value else { return Some((key, change.revision, None)) };
            let versioned = Versioned { value, revision: change.revision };
            entry(shared, &change.key, &versioned).map(|entry| (key, change.revision, Some(entry)))
        });
        shared.apply(changes.collect(), batch.revision);
    }
}

/// How many revisions are read again when the cache is filled. Who was further behind lists again; more would make
/// everybody wait for the first read.
const REPLAYED: u64 = 900;

/// How many objects are read at once: what the backend gives is in memory beside what is made of it.
const AT_ONCE: usize = 500;

/// Reads everything, and gives the watch behind it.
///
/// The first time it is read as it was some time ago, as far as the backend remembers, so that the watch brings the last
/// events too: watches and pages go on where they were before this process. Later that would be wrong: the backend may
/// be another one than before, and then its last events do not lead from what clients know to what is.
async fn fill(shared: &Shared) -> backend::Result<Box<dyn Watch>> {
    let current = shared.backend.current_revision().await?;
    let replayed = if shared.was_filled() { 0 } else { shared.history_len().min(REPLAYED) };
    let mut revision = current.saturating_sub(replayed).max(1);
    loop {
        match fill_at(shared, revision).await {
            // It may be compacted again meanwhile; every round is at a later revision.
            Err(Error::Compacted { oldest }) if revision < oldest => revision = oldest,
            filled => return filled,
        }
    }
}

/// The watch begins before the objects are read, so that it ends if they are those of another backend.
async fn fill_at(shared: &Shared, revision: u64) -> backend::Result<Box<dyn Watch>> {
    let watch = shared.backend.watch(&shared.prefix, revision).await?;
    shared.reset(read(shared, revision).await?, revision);
    Ok(watch)
}

/// The objects at a revision. While the backend reads some, those before are taken in.
async fn read(shared: &Shared, revision: u64) -> backend::Result<Leaves> {
    let mut entries = Leaves::default();
    let mut items: Vec<(Arc<str>, Versioned)> = Vec::new();
    let mut start: Option<String> = None;
    loop {
        let reply = {
            let start = start.as_deref();
            let range = Range { prefix: &shared.prefix, start, limit: AT_ONCE, revision: Some(revision) };
            let mut reading = shared.backend.range(range);
            let begun = poll_fn(|cx| Poll::Ready(reading.as_mut().poll(cx))).await;
            take_in(shared, &items, &mut entries);
            match begun {
                Poll::Ready(reply) => reply?,
                Poll::Pending => reading.await?,
            }
        };
        items = reply.items;
        match items.last() {
            // No key is between this one and the same with a zero behind it.
            Some((last, _)) if reply.more => start = Some(format!("{last}\0")),
            _ => {
                take_in(shared, &items, &mut entries);
                return Ok(entries);
            }
        }
    }
}

fn take_in(shared: &Shared, items: &[(Arc<str>, Versioned)], entries: &mut Leaves) {
    for (key, value) in items {
        if let Some(entry) = entry(shared, key, value) {
            entries.push(entry);
        }
    }
}

/// An object out of what the backend keeps. Of what is no object the log says so.
pub(super) fn entry(shared: &Shared, key: &str, value: &Versioned) -> Option<Entry> {
    let entry = Entry::new(relative(shared, key)?, &value.value, value.revision, &shared.selectable);
    if !entry.is_readable() {
        tracing::error!(key, "the stored object cannot be read");
    }
    Some(entry)
}

fn relative(shared: &Shared, key: &str) -> Option<Arc<str>> {
    key.strip_prefix(&shared.prefix).map(Into::into)
}
