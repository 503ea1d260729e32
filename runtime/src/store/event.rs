//! Changes of stored objects.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::entry::Entry;
use super::json;
use super::selection::Selection;
use crate::object::{Encoded, EncodedEvent};
use crate::wire::frame::EventType;

/// What an event needs beside its objects.
const SIZE: usize = 512;

/// A change as watchers see it: with what was before, for selectors that match only one of both (contract 6.4.5).
#[derive(Debug)]
pub(super) struct Event {
    pub(super) revision: u64,
    pub(super) key: Arc<str>,
    pub(super) old: Option<Entry>,
    pub(super) new: Option<Entry>,
    /// The new object, if it can be read.
    changed: Option<EncodedEvent>,
    /// The old object with the revision of this change.
    gone: OnceLock<EncodedEvent>,
}

/// What an event is to a watcher.
#[derive(Debug)]
pub(super) enum Seen {
    Event(EncodedEvent),
    /// Something has come or gone under the key that cannot be read, so that no event can say what.
    Unreadable,
}

impl Event {
    pub(super) fn new(key: Arc<str>, revision: u64, old: Option<Entry>, new: Option<Entry>) -> Self {
        let changed = new.as_ref().filter(|new| new.is_readable());
        let changed = changed.map(|new| EncodedEvent::new(EventType::Modified, new.json.clone()));
        Self { revision, key, old, new, changed, gone: OnceLock::new() }
    }

    /// About how many bytes it keeps in memory: its objects may be shared with others, and the new one may also have
    /// been copied into a frame.
    pub(super) fn size(&self) -> usize {
        let json = |entry: &Option<Entry>| entry.as_ref().map_or(0, |entry| entry.json.json().len());
        SIZE + json(&self.old) + json(&self.new)
    }

    /// What a watcher of the selection sees, if anything (contract 4.8.8).
    pub(super) fn seen(&self, selection: &Selection) -> Option<Seen> {
        if !selection.covers(&self.key) {
            return None;
        }
        // The object is the new one, and the old one where it is deleted.
        if self.new.as_ref().or(self.old.as_ref()).is_some_and(|object| !object.is_readable()) {
            return Some(Seen::Unreadable);
        }
        // Who watches on behind something unreadable sees what replaces it as an object that is new.
        let old = self.old.as_ref().filter(|old| old.is_readable() && selection.matches(old));
        let new = self.new.as_ref().filter(|new| selection.matches(new));
        let event = match (old, new) {
            (None, None) => None,
            (None, Some(_)) => self.changed.as_ref().map(|changed| changed.seen_as(EventType::Added)),
            (Some(_), Some(_)) => self.changed.clone(),
            (Some(old), None) => Some(self.gone.get_or_init(|| self.last_state(old)).clone()),
        };
        event.map(Seen::Event)
    }

    /// What is deleted carries its last state and the revision of the change (contract 4.8.9).
    fn last_state(&self, old: &Entry) -> EncodedEvent {
        let json = json::restamp(old.json.json(), old.digits, self.revision);
        EncodedEvent::new(EventType::Deleted, Encoded::new(Bytes::from(json)))
    }
}
