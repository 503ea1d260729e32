//! What the verb traits give back.

use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use http::StatusCode;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;

use crate::object::{AnyObject, Encoded, EncodedEvent, EncodedList, Object};
use crate::wire::status::{Result, Status};

/// The answer to a request for one object.
#[derive(Debug)]
pub enum Reply<T> {
    /// The object, to be encoded.
    Object(T),
    /// The object as it is stored: sent without being decoded or encoded.
    Encoded(Encoded),
    /// Bytes as they come, as pod logs are (contract 1.23).
    Stream(ResourceStream),
    /// A `Status` instead of an object.
    Status(Status),
}

/// A raw stream as the answer (`ResourceStreamer`, contract 1.23).
///
/// With the feature `websocket`, a GET that asks for a WebSocket gets each item as a binary message, or as a text in
/// base64 if it offers the subprotocol `base64.binary.k8s.io` first.
pub struct ResourceStream {
    /// The media type; where it is empty, `application/octet-stream`.
    pub content_type: String,
    /// The bytes; each item is sent as it comes. An error ends the stream.
    pub stream: Pin<Box<dyn Stream<Item = std::io::Result<Bytes>> + Send>>,
}

/// A list of objects.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// Resource version, continue token, and how many items remain.
    pub metadata: ListMeta,
    /// The objects, ordered by namespace and name.
    pub items: Vec<T>,
}

/// The answer to LIST.
#[derive(Debug)]
pub enum ListReply<T> {
    /// Objects, to be encoded.
    Typed(List<T>),
    /// Objects as they are stored: joined without being decoded or encoded.
    Encoded(EncodedList),
}

/// The answer to DELETE: what is left of the object.
#[derive(Debug)]
pub enum Deleted<T> {
    /// The object: still there, or returned as it was.
    Object(T),
    /// The object as it is stored.
    Encoded(Encoded),
    /// A `Status`, by default a success that names the object's uid (contract 4.10.5).
    Status(Status),
    /// Nothing to say (contract 4.10.7).
    Nothing,
}

/// Whether an update created the object, which answers 201 instead of 200 (contract 4.9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created(pub bool);

impl Created {
    pub(crate) fn code(self) -> StatusCode {
        if self.0 { StatusCode::CREATED } else { StatusCode::OK }
    }
}

/// One event of a watch.
#[derive(Clone, Debug)]
pub enum WatchEvent<T> {
    /// The object is new, or starts to match the selectors.
    Added(T),
    /// The object has changed.
    Modified(T),
    /// The object is gone, or no longer matches; carries its last state with the resource version of the change.
    Deleted(T),
    /// All events up to this resource version have been sent (contract 4.8.7).
    Bookmark {
        /// The resource version, where a watch can be resumed.
        resource_version: String,
        /// Whether it ends the initial events (contract 4.8.6).
        initial_events_end: bool,
    },
    /// An event about a stored object, encoded once for all watchers.
    Encoded(EncodedEvent),
}

/// The events of a watch; an error is sent as an `ERROR` event and ends it (contract 4.8.10).
pub type WatchStream<T> = Pin<Box<dyn Stream<Item = Result<WatchEvent<T>>> + Send>>;

/// An empty list, whatever the objects are.
impl<T> Default for List<T> {
    fn default() -> Self {
        Self { metadata: ListMeta::default(), items: Vec::new() }
    }
}

impl<T> List<T> {
    /// A list at a resource version.
    pub fn new(resource_version: impl Into<String>, items: Vec<T>) -> Self {
        Self { metadata: ListMeta { resource_version: Some(resource_version.into()), ..ListMeta::default() }, items }
    }
}

impl std::fmt::Debug for ResourceStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResourceStream").field("content_type", &self.content_type).finish_non_exhaustive()
    }
}

fn erase<T: Object>(object: T) -> Box<dyn AnyObject> {
    Box::new(object)
}

impl<T: Object> Reply<T> {
    pub(crate) fn erased(self) -> Reply<Box<dyn AnyObject>> {
        match self {
            Self::Object(object) => Reply::Object(erase(object)),
            Self::Encoded(encoded) => Reply::Encoded(encoded),
            Self::Stream(stream) => Reply::Stream(stream),
            Self::Status(status) => Reply::Status(status),
        }
    }
}

impl<T: Object> ListReply<T> {
    pub(crate) fn erased(self) -> ListReply<Box<dyn AnyObject>> {
        match self {
            Self::Typed(list) => {
                ListReply::Typed(List { metadata: list.metadata, items: list.items.into_iter().map(erase).collect() })
            }
            Self::Encoded(list) => ListReply::Encoded(list),
        }
    }
}

impl<T: Object> Deleted<T> {
    pub(crate) fn erased(self) -> Deleted<Box<dyn AnyObject>> {
        match self {
            Self::Object(object) => Deleted::Object(erase(object)),
            Self::Encoded(encoded) => Deleted::Encoded(encoded),
            Self::Status(status) => Deleted::Status(status),
            Self::Nothing => Deleted::Nothing,
        }
    }
}

impl<T: Object> WatchEvent<T> {
    pub(crate) fn erased(self) -> WatchEvent<Box<dyn AnyObject>> {
        match self {
            Self::Added(object) => WatchEvent::Added(erase(object)),
            Self::Modified(object) => WatchEvent::Modified(erase(object)),
            Self::Deleted(object) => WatchEvent::Deleted(erase(object)),
            Self::Bookmark { resource_version, initial_events_end } => {
                WatchEvent::Bookmark { resource_version, initial_events_end }
            }
            Self::Encoded(event) => WatchEvent::Encoded(event),
        }
    }
}

/// Erases the objects of a watch without a second box for the common case, events that are encoded already.
pub(crate) struct ErasedWatch<T>(pub(crate) WatchStream<T>);

impl<T: Object> Stream for ErasedWatch<T> {
    type Item = Result<WatchEvent<Box<dyn AnyObject>>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx).map(|item| item.map(|event| event.map(WatchEvent::erased)))
    }
}
