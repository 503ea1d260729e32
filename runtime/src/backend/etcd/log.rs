//! The last changes, in memory: watches are places in it, as long as they are not too slow.

use std::collections::VecDeque;
use std::sync::{PoisonError, RwLock};

use tokio::sync::watch;

use crate::backend::{Batch, Change};

/// The most changes that are held.
const CHANGES: usize = 8192;

/// The most bytes of keys and values that are held.
const BYTES: usize = 16 << 20;

/// The most changes of one [`Batch`], so that a watch never holds the lock for long.
const BATCH: usize = 512;

/// How far the log is. The epoch changes when the store is not the one that it was, for example restored from a backup:
/// then its revisions are not those from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) epoch: u64,
    pub(super) revision: u64,
}

/// The last changes.
pub(super) struct Log {
    /// No code of others runs while it is locked, so that it is never left half-changed.
    state: RwLock<State>,
    reached: watch::Sender<Reached>,
}

#[derive(Default)]
struct State {
    epoch: u64,
    /// All changes behind this revision are held.
    oldest: u64,
    revision: u64,
    changes: VecDeque<Change>,
    bytes: usize,
}

/// What a watch finds in the log.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The changes behind its place, as far as one batch goes.
    Batch(Batch),
    /// Some are no longer here; all behind this revision are.
    Behind(u64),
    /// The store is not the one that it was.
    Replaced(u64),
}

impl Log {
    /// An empty log that begins behind a revision.
    pub(super) fn new(revision: u64) -> Self {
        let state = State { oldest: revision, revision, ..State::default() };
        Self { state: RwLock::new(state), reached: watch::Sender::new(Reached { epoch: 0, revision }) }
    }

    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, write: impl FnOnce(&mut State)) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        write(&mut state);
        // Under the lock, so that the revisions are told in their order.
        self.reached.send_replace(Reached { epoch: state.epoch, revision: state.revision });
    }

    pub(super) fn reached(&self) -> Reached {
        *self.reached.borrow()
    }

    /// Tells how far the log is.
    pub(super) fn subscribe(&self) -> watch::Receiver<Reached> {
        self.reached.subscribe()
    }

    /// Adds what comes next.
    pub(super) fn push(&self, batch: Batch) {
        self.write(|state| {
            for change in batch.changes {
                state.bytes += size(&change);
                state.changes.push_back(change);
            }
            while state.changes.len() > CHANGES || state.bytes > BYTES {
                let Some(change) = state.changes.pop_front() else { break };
                state.bytes -= size(&change);
                state.oldest = change.revision;
            }
            state.revision = batch.revision;
        });
    }

    /// Begins anew behind a revision: changes have been missed.
    pub(super) fn restart(&self, revision: u64, replaced: bool) {
        self.write(|state| {
            let epoch = state.epoch + u64::from(replaced);
            *state = State { epoch, oldest: revision, revision, ..State::default() };
        });
    }

    /// What comes behind a place.
    pub(super) fn after(&self, place: Reached, prefix: &str) -> Found {
        self.read(|state| {
            if place.epoch != state.epoch {
                return Found::Replaced(state.revision);
            }
            if place.revision < state.oldest {
                return Found::Behind(state.oldest);
            }
            let behind = state.changes.partition_point(|change| change.revision <= place.revision);
            let mut batch = Batch { changes: Vec::new(), revision: state.revision };
            for change in state.changes.iter().skip(behind).filter(|change| change.key.starts_with(prefix)) {
                let last = batch.changes.last().map(|change: &Change| change.revision);
                // Changes of one revision stay together.
                if let Some(last) = last.filter(|last| batch.changes.len() >= BATCH && *last < change.revision) {
                    batch.revision = last;
                    break;
                }
                batch.changes.push(change.clone());
            }
            Found::Batch(batch)
        })
    }
}

fn size(change: &Change) -> usize {
    change.key.len() + change.value.as_ref().map_or(0, bytes::Bytes::len)
}
