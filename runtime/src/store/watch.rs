//! Watching (contract 4.8.3-4.8.10, 4.8.22).
//!
//! A watch is a place among the events, or among the objects that are there at its start. It has a few of them at a time,
//! so that who does not read keeps little in memory; when it reads again and the rest is gone, it ends (contract 6.4.9).

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use tokio::sync::watch;
use tokio_util::sync::ReusableBoxFuture;

use super::cache::{Cache, NotHeld, Shared};
use super::core::StoreCore;
use super::event::Seen;
use super::selection::Selection;
use super::state::Page;
use super::unreadable::unreadable;
use crate::object::EncodedEvent;
use crate::verb::{Bookmarks, Context, WatchEvent};
use crate::wire::frame::EventType;
use crate::wire::options::ListOptions;
use crate::wire::status::{GroupResource, Result, Status};

/// How often a quiet watch tells how far it is (contract 4.8.7).
const BOOKMARKS: Duration = Duration::from_mins(1);

/// For how many items a watch keeps room while it waits.
const SPARE: usize = 16;

/// The most items of a round, and the most bytes of its objects, if it is more than one.
const ROUND: usize = 100;
const ROUND_BYTES: usize = 1 << 20;

/// Where a watch begins (contract 4.8.4).
enum Start {
    /// Behind a revision.
    After(u64),
    /// With what is now; the cache must be at least at a revision, and of what has just been written if there is none.
    Now { at_least: Option<u64> },
    /// It has begun with what was at a revision, and is to go on from a key.
    At { revision: u64, from: String },
}

/// The events of a watch, in whatever type its storage has.
pub(super) struct Events {
    items: VecDeque<Item>,
    /// Waits for more; `None` when the watch is over.
    more: Option<ReusableBoxFuture<'static, (Watcher, Round)>>,
}

enum Item {
    Event(EncodedEvent),
    Bookmark { revision: u64, initial_events_end: bool },
    Error(Box<Status>),
}

/// What a watcher has come to: items, and whether there may be more.
struct Round {
    items: VecDeque<Item>,
    bytes: usize,
    goes_on: bool,
}

/// One watch: a place among the events, and what it looks for. It holds no events.
struct Watcher {
    cache: Arc<Cache>,
    told: watch::Receiver<u64>,
    selection: Selection,
    resource: GroupResource,
    bookmarks: Option<Bookmarks>,
    start: Option<Start>,
    /// Room for the next items.
    spare: VecDeque<Item>,
    /// All events up to here have been looked at.
    after: u64,
    /// What it goes on in; it ends where that ends.
    generation: u64,
}

impl StoreCore {
    pub(super) async fn watch(&self, cx: &Context, options: &ListOptions) -> Result<Events> {
        options.validate_watch()?;
        let selection = self.selection(cx, options)?;
        let start = match (options.resource_version, options.send_initial_events) {
            (Some(after), None | Some(false)) if after > 0 => Start::After(after),
            // Where the collection is when the response begins, not when it is first read from.
            (None, Some(false)) => Start::After(self.cache.be_recent().await?),
            (Some(_), Some(false)) => {
                self.cache.be_filled().await?;
                Start::After(self.cache.shared.revision())
            }
            (at_least, _) => Start::Now { at_least },
        };
        let watcher = Watcher {
            cache: Arc::clone(&self.cache),
            told: self.cache.subscribe(),
            selection,
            resource: cx.resource().group_resource(),
            bookmarks: options.allow_watch_bookmarks.then(|| Bookmarks::new(BOOKMARKS, options.timeout_seconds)),
            start: Some(start),
            spare: VecDeque::new(),
            after: 0,
            generation: 0,
        };
        Ok(Events { items: VecDeque::new(), more: Some(ReusableBoxFuture::new(watcher.round())) })
    }
}

impl Round {
    fn new(items: VecDeque<Item>) -> Self {
        Self { items, bytes: 0, goes_on: true }
    }

    /// The last round.
    fn end(error: Option<Status>) -> Self {
        let items = error.into_iter().map(|status| Item::Error(Box::new(status))).collect();
        Self { goes_on: false, ..Self::new(items) }
    }

    /// Whether that was as much as a round takes.
    fn push(&mut self, event: EncodedEvent) -> ControlFlow<()> {
        self.bytes += event.object().json().len();
        self.items.push_back(Item::Event(event));
        if self.items.len() >= ROUND || self.bytes >= ROUND_BYTES {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

impl Watcher {
    /// Waits for something to tell.
    async fn round(mut self) -> (Self, Round) {
        // The cache is closed.
        if self.told.has_changed().is_err() {
            return (self, Round::end(None));
        }
        let round = match self.start.take() {
            Some(start) => self.begin(start).await.unwrap_or_else(|status| Round::end(Some(status))),
            None => self.next().await,
        };
        (self, round)
    }

    async fn begin(&mut self, start: Start) -> Result<Round> {
        let shared = Arc::clone(&self.cache.shared);
        match start {
            Start::After(after) => {
                self.cache.be_at_least(after).await?;
                (self.after, self.generation) = (after, shared.generation());
                return match shared.events_after(self.generation, after, |_| ControlFlow::Break(())) {
                    Ok(_) => Ok(Round::new(VecDeque::new())),
                    Err(NotHeld::Expired(oldest)) => {
                        Err(Status::expired(format!("too old resource version: {after} ({oldest})")))
                    }
                    Err(NotHeld::Future(current)) => Err(Status::too_large_resource_version(after, current)),
                };
            }
            Start::Now { at_least: None } => self.cache.be_recent().await.map(|_| ())?,
            Start::Now { at_least: Some(0) } => self.cache.be_filled().await?,
            Start::Now { at_least: Some(revision) } => self.cache.be_at_least(revision).await?,
            Start::At { .. } if self.generation != shared.generation() => return Ok(Round::end(None)),
            Start::At { revision, from } => {
                return match shared.page(&self.selection, &from, ROUND, Some(revision)) {
                    Ok(page) => self.initial(&page),
                    // Too slow, as behind lost events.
                    Err(_) => Ok(Round::end(None)),
                };
            }
        }
        // Before the page: what is replaced in between ends the watch.
        self.generation = shared.generation();
        let page = shared.page(&self.selection, "", ROUND, None);
        self.initial(&page.map_err(|_| Status::internal_error("no state is held"))?)
    }

    /// Some of the objects that are there at the start. What comes behind them is looked for when they are told.
    fn initial(&mut self, page: &Page) -> Result<Round> {
        let gaps = page.unreadable();
        if !gaps.is_empty() {
            return Err(unreadable(&self.resource, gaps.iter().map(|key| &**key)));
        }
        let mut round = Round::new(VecDeque::new());
        let mut entries = page.entries();
        let last = entries.find(|entry| round.push(EncodedEvent::new(EventType::Added, entry.json.clone())).is_break());
        self.after = page.revision;
        if let Some(last) = last.filter(|_| page.rest.is_some() || entries.next().is_some()) {
            // No key is between this one and the same with a zero behind it.
            self.start = Some(Start::At { revision: page.revision, from: format!("{}\0", last.key) });
        } else if self.bookmarks.is_some() {
            round.items.push_back(Item::Bookmark { revision: self.after, initial_events_end: true });
        }
        Ok(round)
    }

    async fn next(&mut self) -> Round {
        let shared = Arc::clone(&self.cache.shared);
        loop {
            // Marked as seen before it looks, so that what comes meanwhile wakes it.
            self.told.mark_unchanged();
            // Who is too slow has lost events: the stream ends, and the client comes back (contract 6.4.9).
            let Some(round) = self.told(&shared) else { return Round::end(None) };
            if !round.items.is_empty() {
                return round;
            }
            if let Some(bookmark) = self.wait(&shared).await {
                return Round::new(VecDeque::from([bookmark]));
            }
            if self.told.has_changed().is_err() {
                return Round::end(None);
            }
        }
    }

    /// What the next events are to this watch, up to the first that it cannot be told; `None` where they are gone.
    fn told(&mut self, shared: &Shared) -> Option<Round> {
        let mut round = Round::new(std::mem::take(&mut self.spare));
        let mut gap = None;
        let seen = shared.events_after(self.generation, self.after, |event| match event.seen(&self.selection) {
            _ if gap.is_some() => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
            Some(Seen::Event(event)) => round.push(event),
            Some(Seen::Unreadable) => {
                gap = Some(Arc::clone(&event.key));
                ControlFlow::Break(())
            }
        });
        self.after = seen.ok()?;
        if let Some(key) = gap {
            round.items.push_back(Item::Error(Box::new(self.gap(shared, &key))));
            round.goes_on = false;
        }
        if round.items.is_empty() {
            self.spare = std::mem::take(&mut round.items);
        }
        Some(round)
    }

    /// Why a watch cannot go on behind something that cannot be read. Where that is over, the client is sent to list again:
    /// clients that come back to where they were would find the same gap until it is forgotten.
    fn gap(&self, shared: &Shared, key: &str) -> Status {
        if shared.get(key).is_some_and(|object| object.json().is_empty()) {
            return unreadable(&self.resource, [key].into_iter());
        }
        Status::expired(format!("too old resource version: {key} could not be read for some time"))
    }

    /// Waits for events; gives a bookmark where it is time for one.
    async fn wait(&mut self, shared: &Shared) -> Option<Item> {
        let changed = self.told.changed();
        let Some(bookmarks) = &mut self.bookmarks else {
            // An error is the end of the channel, which the loop sees.
            let _ = changed.await;
            return None;
        };
        if tokio::time::timeout_at(bookmarks.due(), changed).await.is_ok() {
            return None;
        }
        bookmarks.sent();
        // What has come between is told first, and then it is time again.
        let mut any = false;
        let seen = shared.events_after(self.generation, self.after, |event| {
            any |= event.seen(&self.selection).is_some();
            if any { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let seen = seen.ok()?;
        if any {
            return None;
        }
        self.after = seen;
        Some(Item::Bookmark { revision: self.after, initial_events_end: false })
    }
}

impl Events {
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Option<Item>> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Poll::Ready(Some(item));
            }
            let Some(more) = &mut self.more else { return Poll::Ready(None) };
            let (mut watcher, round) = ready!(more.poll(cx));
            let told = std::mem::replace(&mut self.items, round.items);
            if told.capacity() <= SPARE {
                watcher.spare = told;
            }
            if round.goes_on {
                more.set(watcher.round());
            } else {
                self.more = None;
            }
        }
    }
}

/// [`Events`] as the events of a storage of `T`.
pub(super) struct TypedEvents<T> {
    pub(super) events: Events,
    pub(super) object: std::marker::PhantomData<fn(T)>,
}

impl<T> Stream for TypedEvents<T> {
    type Item = Result<WatchEvent<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll(cx).map(|item| {
            item.map(|item| match item {
                Item::Event(event) => Ok(WatchEvent::Encoded(event)),
                Item::Bookmark { revision, initial_events_end } => {
                    Ok(WatchEvent::Bookmark { resource_version: revision.to_string(), initial_events_end })
                }
                Item::Error(status) => Err(*status),
            })
        })
    }
}
