//! When a watch says how far it is (contract 4.8.7).

use std::time::Duration;

use tokio::time::Instant;

/// How long before its end a watch says where to go on.
const BEFORE_THE_END: Duration = Duration::from_secs(2);

/// When the next bookmark of a watch is due: every so often, and shortly before the watch ends.
#[derive(Debug)]
pub(crate) struct Bookmarks {
    every: Duration,
    next: Instant,
    last: Option<Instant>,
}

impl Bookmarks {
    /// Of a watch that begins now and ends after so many seconds.
    pub(crate) fn new(every: Duration, timeout_seconds: Option<u64>) -> Self {
        let now = Instant::now();
        let end = timeout_seconds.and_then(|seconds| now.checked_add(Duration::from_secs(seconds)));
        let last = end.map(|end| end.checked_sub(BEFORE_THE_END).map_or(now, |last| last.max(now)));
        Self { every, next: now + every, last }
    }

    /// When the next one is due.
    pub(crate) fn due(&self) -> Instant {
        self.last.map_or(self.next, |last| last.min(self.next))
    }

    /// One is sent.
    pub(crate) fn sent(&mut self) {
        let now = Instant::now();
        self.next = now + self.every;
        self.last = self.last.filter(|last| *last > now);
    }
}
