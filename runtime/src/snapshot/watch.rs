//! WATCH of a snapshot (contract 4.8).

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};

use futures_core::Stream;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;
use tokio_util::sync::ReusableBoxFuture;

use super::Snapshot;
use super::diff::State;
use super::poll::{Poller, Watched};
use super::selection::Selection;
use crate::object::Object;
use crate::verb::{Bookmarks, Context, WatchEvent, WatchStream, Watcher};
use crate::wire::options::ListOptions;
use crate::wire::status::{Result, Status};

/// How many changes are looked at under one lock.
const BATCH: usize = 64;

impl<T: Object> Watcher for Snapshot<T> {
    async fn watch(&self, cx: &Context, options: &ListOptions) -> Result<WatchStream<T>> {
        let selection = Selection::new(cx, options)?;
        // Before the state is read, so that no change falls between.
        let changes = self.poller.subscribe();
        let state = self.poller.refresh().await?;
        state.not_older(options.resource_version)?;
        let from_now = options.resource_version.is_none_or(|revision| revision == 0);
        let initial = options.send_initial_events.unwrap_or(from_now);
        let cursor = match options.resource_version {
            Some(revision) if !from_now && !initial => revision,
            _ => state.revision,
        };
        if let Err(too_old) = self.poller.log().after(cursor, 0) {
            return Err(Status::expired(format!("too old resource version: {cursor} ({})", too_old.floor)));
        }
        let bookmarks =
            options.allow_watch_bookmarks.then(|| Bookmarks::new(self.poller.bookmarks, options.timeout_seconds));
        Ok(Box::pin(Events {
            cursor,
            initial: initial.then_some((state, 0)),
            ready: VecDeque::new(),
            wait: ReusableBoxFuture::new(wait(changes, bookmarks.as_ref().map(Bookmarks::due))),
            bookmarks,
            selection,
            _watched: self.poller.watched(),
            poller: Arc::clone(&self.poller),
        }))
    }
}

/// The events of one watch.
struct Events<T: Object> {
    poller: Arc<Poller<T>>,
    _watched: Arc<Watched>,
    selection: Selection,
    /// All changes up to this revision are sent or in `ready`.
    cursor: u64,
    /// The state to begin with, and how many of its entries are done.
    initial: Option<(Arc<State<T>>, usize)>,
    ready: VecDeque<WatchEvent<T>>,
    wait: ReusableBoxFuture<'static, (Receiver<u64>, bool)>,
    bookmarks: Option<Bookmarks>,
}

// Nothing in it is pinned in place.
impl<T: Object> Unpin for Events<T> {}

impl<T: Object> Events<T> {
    /// The next initial event, or their end.
    fn next_initial(&mut self) -> Option<WatchEvent<T>> {
        let (state, done) = self.initial.as_mut()?;
        while let Some(entry) = state.entries.get(*done) {
            *done += 1;
            if self.selection.matches(entry.object.meta()) {
                return Some(WatchEvent::Added(entry.object.clone()));
            }
        }
        self.initial = None;
        self.bookmarks.is_some().then(|| self.bookmark(true))
    }

    fn bookmark(&self, initial_events_end: bool) -> WatchEvent<T> {
        WatchEvent::Bookmark { resource_version: self.cursor.to_string(), initial_events_end }
    }

    /// Takes the next changes; whether there were any. `None`: they are gone, the watch was too slow.
    fn take_changes(&mut self) -> Option<bool> {
        let changes = self.poller.log().after(self.cursor, BATCH).ok()?;
        let Some(last) = changes.last() else { return Some(false) };
        self.cursor = last.revision;
        self.ready.extend(changes.iter().filter_map(|event| event.seen_by(&self.selection)).map(WatchEvent::Encoded));
        Some(true)
    }
}

impl<T: Object> Stream for Events<T> {
    type Item = Result<WatchEvent<T>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(event) = this.next_initial().or_else(|| this.ready.pop_front()) {
                return Poll::Ready(Some(Ok(event)));
            }
            match this.take_changes() {
                // The client resumes, and learns then what it missed (contract 4.8.14).
                None => return Poll::Ready(None),
                Some(true) => continue,
                Some(false) => {}
            }
            let (changes, bookmark) = ready!(this.wait.poll(cx));
            if let Some(bookmarks) = this.bookmarks.as_mut().filter(|_| bookmark) {
                bookmarks.sent();
            }
            this.wait.set(wait(changes, this.bookmarks.as_ref().map(Bookmarks::due)));
            if bookmark {
                return Poll::Ready(Some(Ok(this.bookmark(false))));
            }
        }
    }
}

/// Waits for a change, or until a bookmark is due.
async fn wait(mut changes: Receiver<u64>, bookmark: Option<Instant>) -> (Receiver<u64>, bool) {
    // The sender cannot be gone: the watch holds it.
    let bookmark = match bookmark {
        None => changes.changed().await.is_err(),
        Some(due) => tokio::time::timeout_at(due, changes.changed()).await.is_err(),
    };
    (changes, bookmark)
}
