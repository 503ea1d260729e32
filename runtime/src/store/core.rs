//! The part of a store that is the same for all types.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;

use super::StoreOptions;
use super::cache::{Cache, unavailable};
use super::erased::{AnyStrategy, NoStrategy};
use super::json;
use crate::apply::set_managed_fields;
use crate::backend::{Backend, Commit, Expect, Range, Versioned, Write};
use crate::object::{AnyObject, Codec, Encoded, undecodable};
use crate::verb::{AnyAdmit, Context, managed};
use crate::wire::names;
use crate::wire::status::{Result, Status};

/// A store without its type. Clones share the objects.
#[derive(Clone)]
pub(super) struct StoreCore {
    pub(super) backend: Arc<dyn Backend>,
    pub(super) cache: Arc<Cache>,
    pub(super) strategy: Arc<dyn AnyStrategy>,
    /// Reads stored objects; the one of request bodies, so that it is compiled once for each type.
    pub(super) codec: Codec,
    pub(super) garbage_collection: bool,
    /// Whether there is a status subresource, so that the main endpoint leaves the status alone (contract 5.6).
    pub(super) has_status: Arc<AtomicBool>,
}

/// Whether a write is worth less than the record of who owns its fields.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tracked {
    IfThereIsRoom,
    Always,
}

/// What a write has stored, or would have.
pub(super) struct Written {
    pub(super) object: Box<dyn AnyObject>,
    pub(super) json: Encoded,
}

/// An object as the backend has it, decoded.
pub(super) struct Current {
    pub(super) object: Box<dyn AnyObject>,
    /// Its JSON, with its resource version and without its managed fields; `None` where the type has not all of its
    /// fields.
    pub(super) json: Option<Value>,
    pub(super) stored: Versioned,
}

impl StoreCore {
    /// The objects of a type that says its group and resource.
    pub(super) fn of_type(options: &StoreOptions, codec: Codec) -> Self {
        let (group, plural) = codec.type_info().map(|info| (info.group, info.plural)).unwrap_or_default();
        Self::new(options, &group, &plural, codec)
    }

    pub(super) fn new(options: &StoreOptions, group: &str, resource: &str, codec: Codec) -> Self {
        let group = if group.is_empty() { "core" } else { group };
        let prefix = format!("{}/{group}/{resource}/", options.prefix);
        Self {
            backend: Arc::clone(&options.backend),
            cache: Arc::new(Cache::new(Arc::clone(&options.backend), prefix, Arc::new([]), options.history)),
            strategy: Arc::new(NoStrategy),
            codec,
            garbage_collection: options.garbage_collection,
            has_status: Arc::new(AtomicBool::new(false)),
        }
    }

    /// The same store with other selectable fields.
    pub(super) fn selectable_fields(self, fields: Arc<[String]>) -> Self {
        Self { cache: Arc::new(self.cache.with_selectable(fields)), ..self }
    }

    pub(super) fn has_status(&self) -> bool {
        self.has_status.load(Ordering::Relaxed)
    }

    /// The key of an object behind the prefix of the resource (contract 5.14).
    pub(super) fn key(namespace: Option<&str>, name: &str, cx: &Context) -> Result<String> {
        let invalid = |what: &str, value: &str, wrong: Vec<String>| {
            Status::bad_request(format!("{what} parameter invalid: {value:?}: {}", wrong.join("; ")))
        };
        if name.is_empty() {
            return Err(Status::bad_request("Name parameter required."));
        }
        names::path_segment_name(name).map_err(|wrong| invalid("Name", name, wrong))?;
        if !cx.resource().is_namespaced() {
            return Ok(name.to_owned());
        }
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        let namespace = namespace.ok_or_else(|| Status::bad_request("Namespace parameter required."))?;
        names::path_segment_name(namespace).map_err(|wrong| invalid("Namespace", namespace, wrong))?;
        Ok([namespace, "/", name].concat())
    }

    /// Whether the backend can be read (contract 1.2).
    pub(super) async fn readiness_check(&self) -> Result<()> {
        let range = Range { prefix: &self.cache.shared.prefix, limit: 1, ..Range::default() };
        self.backend.range(range).await.map(|_| ()).map_err(|error| unavailable(&error))
    }

    /// What the backend has under a key, in the most recent state.
    pub(super) async fn stored(&self, key: &str) -> Result<Option<Versioned>> {
        let key = [&self.cache.shared.prefix, key].concat();
        self.backend.get(&key).await.map_err(|error| unavailable(&error))
    }

    pub(super) async fn commit(&self, key: &str, expect: Expect, value: Option<Bytes>) -> Result<Commit> {
        let key = [&self.cache.shared.prefix, key].concat();
        self.backend.commit(Write { key, expect, value }).await.map_err(|error| unavailable(&error))
    }

    /// Commits an object. One that the backend finds too large is tried once more without its managed fields, which may
    /// be the greater part, unless they are what is asked for (contract 4.3.6). Gives what was encoded at last.
    pub(super) async fn commit_object(
        &self,
        key: &str,
        expect: Expect,
        object: &mut dyn AnyObject,
        json: Bytes,
        tracked: Tracked,
    ) -> Result<(Commit, Bytes)> {
        match self.commit(key, expect, Some(json.clone())).await {
            Err(status) if tracked == Tracked::IfThereIsRoom && status.code() == 413 => {
                if object.meta_mut().managed_fields.take().is_none() {
                    return Err(status);
                }
                let json = encode(object)?;
                Ok((self.commit(key, expect, Some(json.clone())).await?, json))
            }
            committed => Ok((committed?, json)),
        }
    }

    /// JSON that was encoded here or is stored, as the type of the store.
    pub(super) fn decode(&self, json: &[u8]) -> Result<Box<dyn AnyObject>> {
        let value = serde_json::from_slice(json).map_err(undecodable)?;
        let decoded = self.codec.decode(&value).map_err(|error| error.into_status(undecodable))?;
        Ok(decoded.object)
    }

    /// The stored object as its type, with its resource version.
    pub(super) fn current(&self, stored: Versioned) -> Result<Current> {
        let mut json: Value = serde_json::from_slice(&stored.value).map_err(undecodable)?;
        // They may be the greater part, and go from one form to the other more quickly by hand.
        let managed_fields = set_managed_fields(&mut json, Value::Null);
        let decoded = self.codec.decode(&json).map_err(|error| error.into_status(undecodable))?;
        let mut object = decoded.object;
        object.meta_mut().managed_fields = managed::entries(managed_fields);
        object.meta_mut().resource_version = Some(stored.revision.to_string());
        if let Some(metadata) = json.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.insert("resourceVersion".to_owned(), stored.revision.to_string().into());
        }
        let json = decoded.unknown_fields.is_empty().then_some(json);
        Ok(Current { object, json, stored })
    }

    /// Asks whether a write may happen: the strategy, then the server (contract 5.2, 5.3).
    pub(super) async fn admit(
        &self,
        cx: &Context,
        admit: Option<&Arc<dyn AnyAdmit>>,
        object: Option<&dyn AnyObject>,
        old: Option<&dyn AnyObject>,
    ) -> Result<()> {
        self.strategy.admit(cx, object, old).await?;
        match admit {
            Some(admit) => admit.check(object, old).await,
            None => Ok(()),
        }
    }
}

impl Written {
    /// An object that was encoded without a resource version, and has this one now; 0 is none, after a dry run.
    pub(super) fn new(mut object: Box<dyn AnyObject>, json: Bytes, revision: u64) -> Result<Self> {
        let json = if revision == 0 {
            json
        } else {
            object.meta_mut().resource_version = Some(revision.to_string());
            stamped(&json, revision)?
        };
        Ok(Self { object, json: Encoded::new(json) })
    }
}

impl Current {
    /// Whether the members of another object whose names are wanted are stored just so.
    pub(super) fn has(&self, object: &dyn AnyObject, wanted: &dyn Fn(&str) -> bool) -> bool {
        self.json.as_ref().is_some_and(|json| object.matches(json, Some(wanted)))
    }

    /// The object as it is, as the answer to a write that changes nothing.
    pub(super) fn unchanged(self) -> Result<Written> {
        let json = stamped(&self.stored.value, self.stored.revision)?;
        Ok(Written { object: self.object, json: Encoded::new(json) })
    }
}

fn stamped(json: &[u8], revision: u64) -> Result<Bytes> {
    let stamped = json::stamp(json, revision).map(|(json, _)| Bytes::from(json));
    stamped.ok_or_else(|| Status::internal_error("an object has no metadata"))
}

/// The bytes that are stored: without resource version and self link (contract 6.1.3).
pub(super) fn encode(object: &mut dyn AnyObject) -> Result<Bytes> {
    let meta = object.meta_mut();
    meta.resource_version = None;
    meta.self_link = None;
    object.encode().map(Bytes::from)
}

/// Now, as objects have it: to the second (contract 0.11).
pub(super) fn now() -> Time {
    let now = Timestamp::now();
    Time(Timestamp::from_second(now.as_second()).unwrap_or(now))
}

/// The resource version that a client has written into an object; `None` and 0 are none.
pub(super) fn resource_version(meta: &ObjectMeta) -> Result<Option<u64>> {
    match meta.resource_version.as_deref() {
        None | Some("") => Ok(None),
        Some(text) => match text.parse() {
            Ok(0) => Ok(None),
            Ok(revision) => Ok(Some(revision)),
            Err(_) => Err(Status::bad_request(format!("invalid resource version: {text:?}"))),
        },
    }
}

/// A text of the metadata, where empty is the same as absent.
pub(super) fn text(value: Option<&String>) -> &str {
    value.map_or("", String::as_str)
}
