//! The last events of a resource.
//!
//! As many are held as clients need that come back: all that are young, and some of a resource that seldom changes
//! (contract 6.4.4). Both are bounded, by their number and by their bytes: who is further behind lists again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::event::Event;

/// How long an event is young.
const YOUNG: Duration = Duration::from_secs(75);

/// How many events are held that are not young any more.
const LEAST: usize = 100;

/// What is held at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) events: usize,
    /// Of the events with their objects, as [`Event::size`] counts. The last event is held in any case.
    pub(super) bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { events: 102_400, bytes: 32 << 20 }
    }
}

/// The events behind a revision, in their order.
#[derive(Debug)]
pub(super) struct History {
    limits: Limits,
    events: VecDeque<(Instant, Arc<Event>)>,
    bytes: usize,
    /// All events behind this revision are held.
    oldest: u64,
}

impl History {
    /// Nothing has happened behind this revision.
    pub(super) fn new(limits: Limits, oldest: u64) -> Self {
        Self { limits, events: VecDeque::new(), bytes: 0, oldest }
    }

    pub(super) fn oldest(&self) -> u64 {
        self.oldest
    }

    pub(super) fn push(&mut self, event: Event, now: Instant) {
        self.bytes += event.size();
        self.events.push_back((now, Arc::new(event)));
    }

    /// The events behind a revision that is held. It is looked for from the end: most who ask are a few events behind, and
    /// what lies further back is in no cache of the processor.
    pub(super) fn behind(&self, revision: u64) -> impl ExactSizeIterator<Item = &Event> {
        let count = self.events.len();
        let is_behind = |at: usize| self.events.get(at).is_some_and(|(_, event)| event.revision > revision);
        let mut some = 1;
        while some <= count && is_behind(count - some) {
            some *= 2;
        }
        let (mut first, mut end) = (count.saturating_sub(some), count - some / 2);
        while first < end {
            let middle = usize::midpoint(first, end);
            if is_behind(middle) {
                end = middle;
            } else {
                first = middle + 1;
            }
        }
        self.events.range(first..).map(|(_, event)| &**event)
    }

    /// Takes out what need not be held any more. It is to be dropped where nobody waits: there may be much of it.
    pub(super) fn forget(&mut self, now: Instant) -> Vec<Arc<Event>> {
        let mut gone = Vec::new();
        while let Some((at, event)) = self.events.front() {
            let count = self.events.len();
            let is_needed = count <= LEAST || now.duration_since(*at) < YOUNG;
            let fits = count <= self.limits.events && (count == 1 || self.bytes <= self.limits.bytes);
            if is_needed && fits {
                break;
            }
            self.bytes -= event.size();
            self.oldest = event.revision;
            gone.extend(self.events.pop_front().map(|(_, event)| event));
        }
        if self.events.capacity() > 4 * self.events.len().max(LEAST) {
            self.events.shrink_to(2 * self.events.len().max(LEAST));
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(revision: u64) -> Event {
        Event::new("a".into(), revision, None, None)
    }

    #[test]
    fn c6_4_4_at_most_102_400_events_are_held() {
        let limits = Limits { bytes: usize::MAX, ..Limits::default() };
        let (mut history, now) = (History::new(limits, 1), Instant::now());
        for revision in 2..102_412 {
            history.push(event(revision), now);
            drop(history.forget(now));
        }
        assert_eq!((history.oldest(), history.behind(11).len()), (11, 102_400));
        assert_eq!(history.behind(11).next().map(|event| event.revision), Some(12));

        // Then they get old, and the memory is given back.
        let later = now + YOUNG;
        assert_eq!(history.forget(later).len(), 102_300);
        assert_eq!((history.oldest(), history.behind(0).len()), (102_311, 100));
        assert!(history.events.capacity() < 1000, "{}", history.events.capacity());
        assert_eq!(history.bytes, 100 * event(1).size());
    }
    #[test]
    fn what_is_behind_a_revision_is_found_wherever_that_is() {
        let (mut history, now) = (History::new(Limits::default(), 0), Instant::now());
        let mut revisions = Vec::new();
        for count in 0..40 {
            for at in 0..=2 * count + 3 {
                let found: Vec<u64> = history.behind(at).map(|event| event.revision).collect();
                let expected: Vec<u64> = revisions.iter().copied().filter(|revision| *revision > at).collect();
                assert_eq!(found, expected, "behind {at} of {count}");
            }
            // Each changes three keys, and those between are of other resources.
            let revision = 2 + 2 * (count - count % 3);
            history.push(event(revision), now);
            revisions.push(revision);
        }
    }
}
