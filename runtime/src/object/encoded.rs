//! Objects that are encoded once and shared (design: GET writes these bytes, LIST joins them, watchers share a frame).

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::wire::frame::{EventType, frame};

/// The JSON of an object in the version that its storage stores, with its `resourceVersion`. Cloning shares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    json: Bytes,
}

impl Encoded {
    /// Shares the JSON of one object: compact, without a line end, with apiVersion, kind and `resourceVersion`.
    pub fn new(json: Bytes) -> Self {
        Self { json }
    }

    /// The JSON.
    pub fn json(&self) -> &Bytes {
        &self.json
    }

    /// The JSON, taken: of a long list, each reference that is not counted again shows.
    pub fn into_json(self) -> Bytes {
        self.json
    }
}

/// One event of a watch, encoded once for all its watchers.
///
/// The same change is `ADDED` to one watcher and `MODIFIED` to another where a selector starts to match (contract
/// 4.8.8), so there is a frame for each type, made when first needed.
#[derive(Clone, Debug)]
pub struct EncodedEvent {
    kind: EventType,
    shared: Arc<SharedFrames>,
}

#[derive(Debug)]
struct SharedFrames {
    object: Encoded,
    added: OnceLock<Bytes>,
    modified: OnceLock<Bytes>,
    deleted: OnceLock<Bytes>,
}

impl EncodedEvent {
    /// An event about `object`.
    pub fn new(kind: EventType, object: Encoded) -> Self {
        let shared =
            SharedFrames { object, added: OnceLock::new(), modified: OnceLock::new(), deleted: OnceLock::new() };
        Self { kind, shared: Arc::new(shared) }
    }

    /// The same object and frames, seen as an event of another type.
    #[must_use]
    pub fn seen_as(&self, kind: EventType) -> Self {
        Self { kind, shared: Arc::clone(&self.shared) }
    }

    /// The type of the event.
    pub fn kind(&self) -> EventType {
        self.kind
    }

    /// The object of the event.
    pub fn object(&self) -> &Encoded {
        &self.shared.object
    }

    /// The line that a JSON watch sends.
    pub fn frame(&self) -> Bytes {
        let cell = match self.kind {
            EventType::Added => &self.shared.added,
            EventType::Modified => &self.shared.modified,
            EventType::Deleted => &self.shared.deleted,
            EventType::Bookmark | EventType::Error => return frame(self.kind, self.shared.object.json()),
        };
        cell.get_or_init(|| frame(self.kind, self.shared.object.json())).clone()
    }
}
