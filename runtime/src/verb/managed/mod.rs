//! Who owns the fields of objects: what every write of an endpoint goes through (contract 4.5.15, 4.9.18-4.9.25).

mod versions;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{FieldsV1, ManagedFieldsEntry, Time};
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;

use super::{Call, Endpoint, Held};
use crate::apply::{FieldManager, Live, set_managed_fields, time_text};
use crate::object::AnyObject;
use crate::wire::status::{Result, Status};

pub(crate) use versions::Versions;

/// What an endpoint knows of the fields of its objects. It is made when it is first needed, and then kept.
pub(crate) struct Managed {
    versions: Arc<Versions>,
    /// Those of the resource that a subresource belongs to, where its objects are the same: it may have more versions.
    parent: OnceLock<Arc<Versions>>,
    manager: OnceLock<Result<FieldManager, String>>,
}

impl Managed {
    pub(crate) fn new(versions: Arc<Versions>) -> Self {
        Self { versions, parent: OnceLock::new(), manager: OnceLock::new() }
    }
}

impl Endpoint {
    /// Tells a subresource of the resource that it belongs to.
    pub(crate) fn belongs_to(&self, resource: &Self) {
        let versions = &resource.managed.versions;
        if versions.has_type_of(&self.gvk().api_version(), &self.codec) {
            // One that is told twice knows it already.
            let _ = self.managed.parent.set(Arc::clone(versions));
        }
    }

    /// What applies to the objects of the endpoint, and tracks who owns their fields.
    ///
    /// Errors: 500 where the schema of the objects is none to apply by.
    pub(super) fn field_manager(&self) -> Result<&FieldManager> {
        let manager = self.managed.manager.get_or_init(|| {
            let versions = self.managed.parent.get().unwrap_or(&self.managed.versions);
            let api_version = self.gvk().api_version();
            let schema = Arc::clone(versions.schema_of(&api_version)?);
            let mut manager = FieldManager::new(schema, api_version, Arc::clone(versions) as _);
            if let Some(subresource) = &self.info.subresource {
                manager = manager.with_subresource(subresource.as_ref());
            }
            if let Some(reset_fields) = self.hooks.reset_fields {
                let of = |version: &str| (version.to_owned(), reset_fields(&*self.storage, version));
                manager = manager.with_reset_fields(versions.api_versions().map(of).collect());
            }
            Ok(manager)
        });
        manager.as_ref().map_err(Status::internal_error)
    }
}

/// Who writes: what tracks the fields that a write changes, where it is no apply (contract 4.5.15).
pub(super) struct Tracking {
    pub(super) endpoint: Arc<Endpoint>,
    /// The name of who writes.
    pub(super) manager: String,
}

impl Tracking {
    pub(super) fn of(call: &Call) -> Self {
        Self { endpoint: Arc::clone(&call.endpoint), manager: call.cx.field_manager().to_owned() }
    }

    /// Gives an object that is to be stored its managed fields. Where nobody can tell who owns what, it stays as it was:
    /// that is no reason to refuse a write. The object was made of `document`, which is without managed fields.
    pub(super) fn track(&self, held: Option<Held<'_>>, new: &mut dyn AnyObject, document: &Value) {
        let held_document = held.map(|held| self.document(held));
        match held_document.transpose() {
            Ok(held_document) => {
                let live = held.zip(held_document.as_deref()).map(|(held, document)| live(held, document));
                self.track_since(live, new, document);
            }
            Err(_) => {
                new.meta_mut().managed_fields = held.and_then(|held| held.object.meta().managed_fields.clone());
            }
        }
    }

    /// As [`track`](Self::track), with what there was in the version of the endpoint.
    pub(super) fn track_since(&self, live: Option<Live<'_>>, new: &mut dyn AnyObject, document: &Value) {
        // The greater part of an object may be its managed fields, which have a way of their own.
        let sent = new.meta_mut().managed_fields.take();
        let managed = self.endpoint.field_manager().and_then(|manager| {
            let matches = self.endpoint.codec.matches(new, document);
            let new = if matches { Cow::Borrowed(document) } else { Cow::Owned(self.json(new)?) };
            Ok(manager.update_entries(live, &new, sent.as_deref(), &self.manager, &now()))
        });
        new.meta_mut().managed_fields =
            managed.unwrap_or_else(|_| live.map(|live| live.entries.to_vec()).filter(|entries| !entries.is_empty()));
    }

    /// What a storage holds, in the version of the endpoint, without its managed fields.
    pub(super) fn document<'a>(&self, held: Held<'a>) -> Result<Cow<'a, Value>> {
        match held.json {
            Some(json) if self.endpoint.codec.is_stored() => Ok(Cow::Borrowed(json)),
            _ => self.encoded(held.object).map(Cow::Owned),
        }
    }

    /// An object in the version of the endpoint, without its managed fields.
    pub(super) fn encoded(&self, object: &dyn AnyObject) -> Result<Value> {
        let mut json = self.json(object)?;
        set_managed_fields(&mut json, Value::Null);
        Ok(json)
    }

    fn json(&self, object: &dyn AnyObject) -> Result<Value> {
        serde_json::from_slice(&self.endpoint.codec.encode(object)?).map_err(Status::internal_error)
    }
}

/// What a storage holds, for the field manager.
pub(super) fn live<'a>(held: Held<'a>, object: &'a Value) -> Live<'a> {
    Live { object, entries: held.object.meta().managed_fields.as_deref().unwrap_or_default() }
}

/// The entries as their type. By hand, because the sets of fields can be moved so, and are the greater part.
pub(crate) fn entries(entries: Value) -> Option<Vec<ManagedFieldsEntry>> {
    let Value::Array(entries) = entries else { return None };
    let entry = |mut entry: Value| {
        let mut text = |name| match entry.get_mut(name).map(Value::take) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        ManagedFieldsEntry {
            manager: text("manager"),
            operation: text("operation"),
            api_version: text("apiVersion"),
            subresource: text("subresource"),
            fields_type: text("fieldsType"),
            time: text("time").and_then(|time| time.parse().ok()).map(Time),
            fields_v1: entry.get_mut("fieldsV1").map(|fields| FieldsV1(fields.take())),
        }
    };
    Some(entries.into_iter().map(entry).collect())
}

/// Now, as managed fields have it: to the second (contract 0.11).
pub(super) fn now() -> String {
    time_text(Timestamp::now())
}
