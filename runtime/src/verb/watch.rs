//! WATCH: the changes of a collection, as they happen (contract 4.8).

use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_TYPE, HeaderValue};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use tokio::time::{Timeout, timeout};
use tokio_util::sync::WaitForCancellationFutureOwned;

use super::call::handler_part;
use super::erased::erased_part;
use super::reply::ErasedWatch;
use super::respond::parse;
#[cfg(feature = "websocket")]
use super::websocket::{Framing, Handshake};
use super::{
    BoxFuture, Call, Context, Endpoint, Handler, PartOf, Response, ResponseBody, Storage, WatchEvent, WatchStream,
};
use crate::object::AnyObject;
use crate::route::{Action, Parameters};
use crate::seldom::Seldom;
use crate::wire::frame::{self, EventType, bookmark};
use crate::wire::media::Transform;
use crate::wire::options::ListOptions;
use crate::wire::partial::partial_object_metadata;
use crate::wire::status::{Result, Status};
use crate::wire::table::TableOptions;

/// `GET` below `watch/`, on one object. A watch of today is LIST with `?watch=true`.
pub const WATCH: Action = Action {
    name: "WATCH",
    verb: "watch",
    operation: "watch",
    parameters: Parameters::List,
    takes_object: false,
    codes: &[200],
    gives_list: false,
    deprecated: true,
};

/// `GET` below `watch/`, on a collection.
pub const WATCHLIST: Action = Action { name: "WATCHLIST", ..WATCH };

/// Watches its objects: LIST with `?watch=true`, and the deprecated WATCH and WATCHLIST (contract 1.19).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `watch`",
    label = "verb `watch` needs `impl Watcher`",
    note = "write `impl Watcher for {Self}`, or remove `watch` from the `#[rest(...)]` attribute"
)]
pub trait Watcher: Storage {
    /// The changes after `options.resource_version`, or the current state first (contract 4.8.4), of the objects that
    /// the selectors match. The stream may end at any time; clients resume from the last resource version.
    fn watch(
        &self,
        cx: &Context,
        options: &ListOptions,
    ) -> impl Future<Output = Result<WatchStream<Self::Object>>> + Send;
}

type WatchFn = for<'a> fn(
    &'a (dyn Any + Send + Sync),
    &'a Context,
    &'a ListOptions,
) -> BoxFuture<'a, Result<WatchStream<Box<dyn AnyObject>>>>;

/// The handler of WATCH and WATCHLIST.
pub const fn watch<S: Storage, P: Watcher + PartOf<S>>() -> Handler {
    if P::ERASED.is_some() {
        return |call| core(call, |storage, cx, options| erased_part::<S, P>(storage).watch(cx, options));
    }
    |call| {
        core(call, |storage, cx, options| {
            Box::pin(async move {
                let events = handler_part::<S, P>(storage)?.watch(cx, options).await?;
                Ok(Box::pin(ErasedWatch(events)) as WatchStream<Box<dyn AnyObject>>)
            })
        })
    }
}

fn core(call: Call, watch: WatchFn) -> BoxFuture<'static, Result<Response>> {
    Box::pin(async move {
        #[cfg(feature = "websocket")]
        let handshake = Handshake::of(&call.parts, &call.cx)?;
        let media = call.negotiate_stream()?;
        let mut options = ListOptions::from_query(&call.query())?;
        if !options.watch {
            // It was validated as that of a list, and means nothing to a watch without initial events (contract 4.8.20).
            options.resource_version_match = None;
            options.watch = true;
        }
        if call.watch_path && !call.name.is_empty() {
            select_name(&mut options, &call.name)?;
        }
        // So that the storage knows when the end comes, and can say before where to go on (contract 4.8.7).
        let lifetime =
            options.timeout_seconds.map_or_else(|| default_lifetime(call.limits.min_watch), Duration::from_secs);
        options.timeout_seconds = Some(lifetime.as_secs());
        let table = match media.transform {
            Some(Transform::Table(version)) => Some(call.table_options(version)?),
            _ => None,
        };
        let events = match watch(&*call.endpoint.storage, &call.cx, &options).await {
            Ok(events) => events,
            // What fails once the request is understood is an event (contract 4.8.11).
            Err(status) if matches!(status.reason(), "Expired" | "Gone" | "Timeout") => {
                Box::pin(Once(Some(Err(status))))
            }
            Err(status) => return Err(status),
        };
        let stream = WatchBody {
            events,
            over: Seldom::new(timeout(lifetime, call.endpoint.lifetime.clone().cancelled_owned())),
            transform: media.transform,
            table,
            endpoint: call.endpoint,
            first: true,
            done: false,
        };
        #[cfg(feature = "websocket")]
        if let Some(handshake) = handshake {
            let lifetime = stream.endpoint.lifetime.clone();
            let content_type = HeaderValue::from_static(media.content_type());
            return Ok(handshake.send(Framing::Text, content_type, lifetime, stream));
        }
        let mut response = Response::new(ResponseBody::stream(stream));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
        Ok(response)
    })
}

/// The name of the path is a field selector; another one may not contradict it (contract 4.7.16).
fn select_name(options: &mut ListOptions, name: &str) -> Result<()> {
    match options.field_selector.exact("metadata.name") {
        Some(selected) if selected != name => {
            Err(Status::bad_request("fieldSelector metadata.name doesn't match requested name"))
        }
        Some(_) => Ok(()),
        None => {
            options.field_selector.push_exact("metadata.name", name);
            Ok(())
        }
    }
}

/// Between once and twice the least time, so that not all clients come back at once (contract 4.8.13).
fn default_lifetime(least: Duration) -> Duration {
    least.mul_f64(1.0 + fastrand::f64())
}

/// One item.
struct Once<T>(Option<T>);

impl<T: Unpin> Stream for Once<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<Option<T>> {
        Poll::Ready(self.0.take())
    }
}

/// The lines of a watch, until its time is over, the server stops, or the storage ends it.
struct WatchBody {
    events: WatchStream<Box<dyn AnyObject>>,
    /// The end of its time, or before that of the server or of the resource.
    over: Seldom<Timeout<WaitForCancellationFutureOwned>>,
    transform: Option<Transform>,
    table: Option<TableOptions>,
    /// All that is kept of the call: its headers would keep the buffer that they were read into.
    endpoint: Arc<Endpoint>,
    first: bool,
    done: bool,
}

impl Stream for WatchBody {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.done || this.over.poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        let Some(event) = ready!(this.events.as_mut().poll_next(cx)) else { return Poll::Ready(None) };
        let frame = event.and_then(|event| this.frame(event));
        #[cfg(feature = "metrics")]
        if let Some(metrics) = &this.endpoint.metrics {
            metrics.watch_event();
        }
        Poll::Ready(Some(Ok(frame.unwrap_or_else(|status| {
            this.done = true;
            frame::frame(EventType::Error, &status.to_json())
        }))))
    }
}

impl WatchBody {
    /// The line of an event. What is stored in the version of the request is neither decoded nor encoded.
    fn frame(&mut self, event: WatchEvent<Box<dyn AnyObject>>) -> Result<Bytes> {
        let codec = &self.endpoint.codec;
        let (kind, json) = match event {
            WatchEvent::Encoded(event) if self.transform.is_none() && codec.is_stored() => return Ok(event.frame()),
            WatchEvent::Encoded(event) => (event.kind(), self.endpoint.in_version(event.object())?),
            WatchEvent::Added(object) => (EventType::Added, codec.encode(&*object)?.into()),
            WatchEvent::Modified(object) => (EventType::Modified, codec.encode(&*object)?.into()),
            WatchEvent::Deleted(object) => (EventType::Deleted, codec.encode(&*object)?.into()),
            WatchEvent::Bookmark { resource_version, initial_events_end } => {
                let info = &self.endpoint.info;
                let json = bookmark(&info.api_version(), &info.kind, &resource_version, initial_events_end);
                (EventType::Bookmark, json.into())
            }
        };
        // An object that cannot be put into the form is sent as it is (contract 4.8.15).
        let transformed = self.transformed(kind, &json).unwrap_or(None);
        Ok(frame::frame(kind, transformed.as_deref().unwrap_or(&json)))
    }

    fn transformed(&mut self, kind: EventType, json: &[u8]) -> Result<Option<Vec<u8>>> {
        let Some(transform) = self.transform else { return Ok(None) };
        let value = parse(json)?;
        let transformed = match (transform, self.table) {
            (Transform::Table(_), Some(options)) => {
                let options = options.for_event(self.first, kind == EventType::Bookmark);
                let table = self.endpoint.table_of(&[value], ListMeta::default(), options)?;
                self.first = false;
                serde_json::to_vec(&table)
            }
            (Transform::PartialObjectMetadata(version), _) => {
                serde_json::to_vec(&partial_object_metadata(&value, version)?)
            }
            _ => return Ok(None),
        };
        transformed.map(Some).map_err(Status::internal_error)
    }
}
