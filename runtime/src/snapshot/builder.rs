//! What is said of a snapshot before it is used.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Snapshot;
use super::diff::Volatile;
use super::poll::{Poller, Read};
use crate::object::Object;

/// Makes a [`Snapshot`].
pub struct SnapshotBuilder<T> {
    pub(super) read: Read<T>,
    pub(super) volatile: Option<Volatile<T>>,
    pub(super) interval: Duration,
    pub(super) bookmarks: Duration,
    pub(super) history: usize,
    pub(super) start: u64,
}

impl<T: Object> SnapshotBuilder<T> {
    pub(super) fn new(read: Read<T>) -> Self {
        Self {
            read,
            volatile: None,
            interval: Duration::from_secs(1),
            bookmarks: Duration::from_mins(1),
            history: 4096,
            start: now(),
        }
    }

    /// What makes no event when it changes: `clear` is given a copy of an object and takes that away, as a CPU counter
    /// that always moves. Objects are compared by what is left.
    #[must_use]
    pub fn volatile(mut self, clear: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        self.volatile = Some(Box::new(clear));
        self
    }

    /// How long to wait between two calls of the function while there are watches; 1 second by default.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How many changes are kept for watches that resume or are slow; 4096 by default. All changes of the last call
    /// are kept, however many they are.
    #[must_use]
    pub fn history(mut self, changes: usize) -> Self {
        self.history = changes;
        self
    }

    /// The collection. Nothing is read before the first request.
    pub fn build(self) -> Snapshot<T> {
        Snapshot { poller: Arc::new(Poller::new(self)) }
    }
}

/// Microseconds since 1970: no collection changes a million times a second for long, so the next process starts above.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX / 2).max(1)
}

impl<T> std::fmt::Debug for SnapshotBuilder<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SnapshotBuilder")
            .field("volatile", &self.volatile.is_some())
            .field("interval", &self.interval)
            .field("history", &self.history)
            .finish_non_exhaustive()
    }
}
