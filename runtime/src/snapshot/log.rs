//! What is remembered: the current state, the last changes, and the states that somebody reads page by page.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::diff::State;
use super::event::Event;

/// The most states kept for pages, and for how long (contract 6.3.1 keeps as much as five minutes).
const PAGED_STATES: usize = 8;
const PAGED_FOR: Duration = Duration::from_mins(5);

#[derive(Debug)]
pub(super) struct Log<T> {
    current: Option<Arc<State<T>>>,
    /// By revision, without a gap.
    events: VecDeque<Arc<Event>>,
    /// The revision before the first event: the oldest that a watch can start from.
    floor: u64,
    history: usize,
    paged: VecDeque<(Instant, Arc<State<T>>)>,
}

/// The event that a watch needs next is no longer there.
#[derive(Debug)]
pub(super) struct TooOld {
    pub(super) floor: u64,
}

impl<T> Log<T> {
    pub(super) fn new(start: u64, history: usize) -> Self {
        Self { current: None, events: VecDeque::new(), floor: start, history, paged: VecDeque::new() }
    }

    pub(super) fn current(&self) -> Option<Arc<State<T>>> {
        self.current.clone()
    }

    /// The revision of the last change.
    pub(super) fn revision(&self) -> u64 {
        self.current.as_ref().map_or(self.floor, |state| state.revision)
    }

    /// Goes on to `state`, which `events` lead to.
    pub(super) fn commit(&mut self, state: Arc<State<T>>, events: Vec<Event>) {
        // A watch that has seen all up to this call must not be cut by the number of changes in it.
        let keep = self.history.max(events.len());
        self.events.extend(events.into_iter().map(Arc::new));
        while self.events.len() > keep {
            if let Some(event) = self.events.pop_front() {
                self.floor = event.revision;
            }
        }
        self.current = Some(state);
        self.forget_pages();
    }

    /// At most `max` events after a revision.
    pub(super) fn after(&self, revision: u64, max: usize) -> Result<Vec<Arc<Event>>, TooOld> {
        if revision < self.floor {
            return Err(TooOld { floor: self.floor });
        }
        let first = self.events.partition_point(|event| event.revision <= revision);
        Ok(self.events.range(first..).take(max).cloned().collect())
    }

    /// The state of a revision, if it is the current one or somebody reads it page by page.
    pub(super) fn at(&self, revision: u64) -> Option<Arc<State<T>>> {
        let paged = self.paged.iter().map(|(_, state)| state);
        paged.chain(&self.current).find(|state| state.revision == revision).cloned()
    }

    /// Keeps a state for its next pages. Another one of the same revision, which differs in volatile values only, goes.
    pub(super) fn keep_for_pages(&mut self, state: Arc<State<T>>) {
        self.paged.retain(|(_, paged)| paged.revision != state.revision);
        self.paged.push_back((Instant::now(), state));
        self.forget_pages();
    }

    fn forget_pages(&mut self) {
        while self.paged.len() > PAGED_STATES || self.paged.front().is_some_and(|(at, _)| at.elapsed() > PAGED_FOR) {
            self.paged.pop_front();
        }
    }
}
