//! The objects of one resource in memory, with the last events: what reads and watches are answered from.
//!
//! A feed follows the backend and is the only one that changes the cache (`feed`). A read that must be recent asks the
//! backend for its revision and waits until the cache has come there.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::entry::Entry;
use super::event::Event;
use super::feed;
use super::history::{History, Limits};
use super::leaves::Leaves;
use super::selection::Selection;
use super::state::{Page, State};
use crate::backend::{self, Backend};
use crate::object::{Encoded, EncodedList};
use crate::wire::status::{Result, Status};

/// How long a read waits for the cache (contract 4.6.2, 6.4.2).
const FRESHNESS: Duration = Duration::from_secs(3);

/// The seconds after which a client asks again for what the backend could not answer.
const RETRY_AFTER: u32 = 1;

/// The cache and its feed, which ends with it.
#[derive(Debug)]
pub(super) struct Cache {
    pub(super) shared: Arc<Shared>,
    feed: Mutex<Option<AbortHandle>>,
}

/// What the feed, the reads and the watches have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) backend: Arc<dyn Backend>,
    /// What the keys of the resource begin with.
    pub(super) prefix: String,
    pub(super) selectable: Arc<[String]>,
    limits: Limits,
    /// No code of others runs while it is locked.
    state: RwLock<State>,
    /// How far the cache is; also where nothing of this resource has changed. Every read looks at it, without a lock.
    at: AtomicU64,
    /// The same, for who waits.
    revision: watch::Sender<u64>,
    /// The revision of the last event. Watchers wait for it; the end of the channel is the end of them.
    events: Mutex<watch::Sender<u64>>,
}

/// Why a state is not held.
#[derive(Debug)]
pub(super) enum NotHeld {
    /// It is too old; a watch may begin at this revision.
    Expired(u64),
    /// It is to come.
    Future(u64),
}

impl Cache {
    pub(super) fn new(backend: Arc<dyn Backend>, prefix: String, selectable: Arc<[String]>, limits: Limits) -> Self {
        let shared = Shared {
            backend,
            prefix,
            selectable,
            limits,
            state: RwLock::new(State::new(limits)),
            at: AtomicU64::new(0),
            revision: watch::Sender::new(0),
            events: Mutex::new(watch::Sender::new(0)),
        };
        Self { shared: Arc::new(shared), feed: Mutex::new(None) }
    }

    /// Another cache of the same objects, with other selectable fields.
    pub(super) fn with_selectable(&self, selectable: Arc<[String]>) -> Self {
        let shared = &self.shared;
        Self::new(Arc::clone(&shared.backend), shared.prefix.clone(), selectable, shared.limits)
    }

    /// Waits until the cache has all that was written before the call; gives the revision of that.
    pub(super) async fn be_recent(&self) -> Result<u64> {
        let held = self.shared.revision();
        let current = self.current_revision().await?;
        // Where it has gone back, what is held is of before.
        if current >= held && self.reach(current).await { Ok(current) } else { Err(behind()) }
    }

    /// Waits until the cache is at least at this revision; 504 if that is not soon (contract 4.6.2).
    pub(super) async fn be_at_least(&self, revision: u64) -> Result<()> {
        if self.shared.revision() >= revision.max(1) {
            return Ok(());
        }
        // A backend may tell how far it is only where somebody asks.
        self.current_revision().await?;
        if self.reach(revision).await {
            return Ok(());
        }
        let current = self.current_revision().await?;
        Err(if current < revision { Status::too_large_resource_version(revision, current) } else { behind() })
    }

    async fn current_revision(&self) -> Result<u64> {
        self.shared.backend.current_revision().await.map_err(|error| unavailable(&error))
    }

    /// Waits until the cache has some state.
    pub(super) async fn be_filled(&self) -> Result<()> {
        if self.shared.revision() > 0 { Ok(()) } else { self.be_recent().await.map(|_| ()) }
    }

    async fn reach(&self, revision: u64) -> bool {
        if self.shared.revision() >= revision.max(1) {
            return true;
        }
        self.start();
        let mut reached = self.shared.revision.subscribe();
        let reach = reached.wait_for(|reached| *reached >= revision.max(1));
        tokio::time::timeout(FRESHNESS, reach).await.is_ok_and(|reached| reached.is_ok())
    }

    /// Starts the feed, on first use or where the runtime that it ran on is gone.
    pub(super) fn start(&self) {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        if feed.as_ref().is_none_or(AbortHandle::is_finished) {
            *feed = Some(tokio::spawn(feed::run(Arc::clone(&self.shared))).abort_handle());
        }
    }

    /// Tells of new events, until the cache is closed.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.start();
        self.shared.events().subscribe()
    }

    /// Ends the feed and all watches. The next one who needs the cache starts it again, so that a store that was removed
    /// from a server can be installed anew, and others may still serve it.
    pub(super) fn close(&self) {
        if let Some(feed) = self.feed.lock().unwrap_or_else(PoisonError::into_inner).take() {
            feed.abort();
        }
        *self.shared.events() = watch::Sender::new(0);
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.close();
    }
}

fn behind() -> Status {
    let why = "the watch cache has not caught up with the storage, please try again";
    Status::service_unavailable(why).with_retry_after(RETRY_AFTER)
}

/// The errors of a backend that no request is to blame for; and an object that it takes nowhere. Clients try again what
/// says after how long (contract 5.15).
pub(super) fn unavailable(error: &backend::Error) -> Status {
    match error {
        backend::Error::TooLarge(_) => Status::request_entity_too_large(error),
        error => Status::service_unavailable(error.to_string()).with_retry_after(RETRY_AFTER),
    }
}

impl Shared {
    pub(super) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// How far the cache is.
    pub(super) fn revision(&self) -> u64 {
        self.at.load(Ordering::Acquire)
    }

    /// The most events that are held.
    pub(super) fn history_len(&self) -> u64 {
        u64::try_from(self.limits.events).unwrap_or(u64::MAX)
    }

    fn events(&self) -> MutexGuard<'_, watch::Sender<u64>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The object under a key; empty if it cannot be read.
    pub(super) fn get(&self, key: &str) -> Option<Encoded> {
        self.read(|state| state.entries.get(key).map(|entry| entry.json.clone()))
    }

    /// Whether there is a state, though it may be of before changes were missed.
    pub(super) fn was_filled(&self) -> bool {
        self.read(|state| state.revision > 0)
    }

    /// What a watch that begins now goes on in.
    pub(super) fn generation(&self) -> u64 {
        self.read(|state| state.generation)
    }

    /// Changes have been missed: reads wait until everything is replaced, and who watches from before ends.
    pub(super) fn lose(&self) {
        self.state.write().unwrap_or_else(PoisonError::into_inner).generation += 1;
        self.tell(0, true);
    }

    /// Replaces everything; who watches from before has missed events, and ends.
    pub(super) fn reset(&self, entries: Leaves, revision: u64) {
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            let generation = state.generation + 1;
            *state = State { revision, generation, entries, history: History::new(self.limits, revision) };
        }
        self.tell(revision, true);
    }

    /// Takes the changes up to a revision: keys and what they are now. Those that are known already are left out: a feed
    /// that was ended may still be at its last ones while another has begun.
    pub(super) fn apply(&self, changes: Vec<(Arc<str>, u64, Option<Entry>)>, revision: u64) {
        let any = !changes.is_empty();
        let now = Instant::now();
        let (revision, gone) = {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            let state = &mut *state;
            let known = state.revision;
            for (key, revision, new) in changes.into_iter().filter(|(_, revision, _)| *revision > known) {
                let old = match &new {
                    Some(entry) => state.entries.insert(entry.clone()),
                    None => state.entries.remove(&key),
                };
                state.history.push(Event::new(key, revision, old, new), now);
            }
            state.revision = known.max(revision);
            (state.revision, state.history.forget(now))
        };
        self.tell(revision, any);
        // There may be much of it, and nobody has to wait for that.
        drop(gone);
    }

    fn tell(&self, revision: u64, events: bool) {
        self.at.store(revision, Ordering::Release);
        self.revision.send_replace(revision);
        if events {
            self.events().send_replace(revision);
        }
    }

    /// The selected objects from a key on, as they are now, or as they were at a revision.
    pub(super) fn page(
        &self,
        selection: &Selection,
        start: &str,
        limit: usize,
        at: Option<u64>,
    ) -> Result<Page, NotHeld> {
        match at {
            Some(at) => self.former_page(selection, start, limit, at),
            None => Ok(self.read(|state| state.page(selection, start, limit))),
        }
    }

    /// The objects of a page as a list. What has to be joined for it stays so for the next one.
    pub(super) fn encoded(&self, metadata: ListMeta, mut page: Page) -> EncodedList {
        let mut list = EncodedList::new(metadata);
        let mut joined = Vec::new();
        for run in &mut page.runs {
            let loose = Arc::clone(run.leaf());
            if run.join() {
                joined.push((loose, Arc::clone(run.leaf())));
            }
            run.append_to(&mut list);
        }
        if !joined.is_empty() {
            self.state.write().unwrap_or_else(PoisonError::into_inner).entries.replace(joined);
        }
        list
    }

    /// Looks at the events behind a revision, until `look` has enough; gives the revision up to which they have been looked
    /// at. That is always a whole one: somebody else may have changed several keys in one transaction of the backend.
    /// Nothing is waited for in `look`, and nothing else is locked.
    pub(super) fn events_after(
        &self,
        generation: u64,
        after: u64,
        mut look: impl FnMut(&Event) -> ControlFlow<()>,
    ) -> Result<u64, NotHeld> {
        self.read(|state| {
            if after > state.revision {
                return Err(NotHeld::Future(state.revision));
            }
            let oldest = state.history.oldest();
            if after < oldest || generation != state.generation {
                return Err(NotHeld::Expired(oldest));
            }
            let mut enough = None;
            for event in state.history.behind(after) {
                if let Some(revision) = enough.filter(|revision| *revision != event.revision) {
                    return Ok(revision);
                }
                if look(event).is_break() {
                    enough = Some(event.revision);
                }
            }
            Ok(state.revision)
        })
    }
}
