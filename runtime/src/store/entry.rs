//! An object as it is held: encoded, beside what selectors look at.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::json;
use crate::object::{Encoded, EncodedEvent};
use crate::wire::frame::EventType;
use crate::wire::selector::{FieldSelector, LabelSelector};

/// A stored object. It is never decoded to be served, selected or watched.
#[derive(Debug)]
pub(super) struct Entry {
    /// `namespace/name` or `name`: the key behind the prefix of the resource.
    pub(super) key: Arc<str>,
    /// The JSON with its resource version.
    pub(super) json: Encoded,
    /// Where in the JSON the digits of the resource version are.
    digits: usize,
    labels: BTreeMap<String, String>,
    /// The values of the selectable fields, in the order in which the store declares them.
    fields: Vec<Option<String>>,
}

/// A change as watchers see it: with what was before, for selectors that match only one of both (contract 6.4.5).
#[derive(Debug)]
pub(super) struct Event {
    pub(super) revision: u64,
    pub(super) key: Arc<str>,
    pub(super) old: Option<Arc<Entry>>,
    pub(super) new: Option<Arc<Entry>>,
    /// The new object.
    changed: Option<EncodedEvent>,
    /// The old object with the revision of this change.
    gone: OnceLock<EncodedEvent>,
}

/// What a list or a watch is about.
#[derive(Debug)]
pub(super) struct Selection {
    /// What keys begin with: empty, or `namespace/`.
    pub(super) scope: String,
    /// Behind all keys that begin so.
    scope_end: String,
    /// The only key, if the selectors say so (contract 5.12).
    pub(super) key: Option<String>,
    labels: LabelSelector,
    fields: FieldSelector,
    selectable: Arc<[String]>,
}

impl Entry {
    /// Holds the JSON that a backend keeps; `None` if it is not that of an object.
    pub(super) fn new(key: Arc<str>, stored: &[u8], revision: u64, selectable: &[String]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Partial {
            metadata: Metadata,
        }
        #[derive(Deserialize)]
        struct Metadata {
            #[serde(default)]
            labels: Option<BTreeMap<String, String>>,
        }
        let (json, digits) = json::stamp(stored, revision)?;
        let labels = serde_json::from_slice::<Partial>(stored).ok()?.metadata.labels.unwrap_or_default();
        let fields = if selectable.is_empty() {
            Vec::new()
        } else {
            let object: Value = serde_json::from_slice(stored).ok()?;
            selectable.iter().map(|path| field(&object, path)).collect()
        };
        Some(Self { key, json: Encoded::new(Bytes::from(json)), digits, labels, fields })
    }

    pub(super) fn namespace(&self) -> &str {
        self.key.split_once('/').map_or("", |(namespace, _)| namespace)
    }

    pub(super) fn name(&self) -> &str {
        self.key.split_once('/').map_or(&self.key, |(_, name)| name)
    }
}

/// The value of a field as selectors compare it.
fn field(object: &Value, path: &str) -> Option<String> {
    match path.split('.').try_fold(object, |value, name| value.get(name))? {
        Value::String(text) => Some(text.clone()),
        scalar @ (Value::Bool(_) | Value::Number(_)) => Some(scalar.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Event {
    pub(super) fn new(key: Arc<str>, revision: u64, old: Option<Arc<Entry>>, new: Option<Arc<Entry>>) -> Self {
        let changed = new.as_ref().map(|new| EncodedEvent::new(EventType::Modified, new.json.clone()));
        Self { revision, key, old, new, changed, gone: OnceLock::new() }
    }

    /// The event that a watcher of the selection sees, if any (contract 4.8.8).
    pub(super) fn seen(&self, selection: &Selection) -> Option<EncodedEvent> {
        if !selection.covers(&self.key) {
            return None;
        }
        let old = self.old.as_ref().filter(|old| selection.matches(old));
        let new = self.new.as_ref().filter(|new| selection.matches(new));
        match (old, new) {
            (None, None) => None,
            (None, Some(_)) => self.changed.as_ref().map(|changed| changed.seen_as(EventType::Added)),
            (Some(_), Some(_)) => self.changed.clone(),
            (Some(old), None) => Some(self.gone.get_or_init(|| self.last_state(old)).clone()),
        }
    }

    /// What is deleted carries its last state and the revision of the change (contract 4.8.9).
    fn last_state(&self, old: &Entry) -> EncodedEvent {
        let json = json::restamp(old.json.json(), old.digits, self.revision);
        EncodedEvent::new(EventType::Deleted, Encoded::new(Bytes::from(json)))
    }
}

impl Selection {
    /// The objects of a namespace, or of all, that selectors match.
    pub(super) fn new(
        namespace: Option<&str>,
        namespaced: bool,
        labels: &LabelSelector,
        fields: &FieldSelector,
        selectable: Arc<[String]>,
    ) -> Self {
        let namespace = namespace.or_else(|| fields.exact("metadata.namespace").filter(|_| namespaced));
        let scope = match namespace {
            Some(namespace) if namespaced => format!("{namespace}/"),
            _ => String::new(),
        };
        // The slash ends the scope, and this follows it.
        let scope_end = scope.strip_suffix('/').map(|namespace| format!("{namespace}0")).unwrap_or_default();
        let name = fields.exact("metadata.name").filter(|_| !namespaced || !scope.is_empty());
        let key = name.map(|name| format!("{scope}{name}"));
        Self { scope, scope_end, key, labels: labels.clone(), fields: fields.clone(), selectable }
    }

    /// Where the keys begin and end.
    pub(super) fn keys(&self) -> (&str, Bound<&str>) {
        match &self.key {
            Some(only) => (only, Bound::Included(only)),
            None if self.scope.is_empty() => ("", Bound::Unbounded),
            None => (&self.scope, Bound::Excluded(&self.scope_end)),
        }
    }

    /// Whether every object of the scope is selected.
    pub(super) fn is_whole_scope(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    pub(super) fn covers(&self, key: &str) -> bool {
        match &self.key {
            Some(only) => key == only,
            None => key.starts_with(&self.scope),
        }
    }

    /// Whether the selectors match; that the key is in the scope is known before.
    pub(super) fn matches(&self, entry: &Entry) -> bool {
        (self.labels.is_empty() || self.labels.matches(&entry.labels))
            && self.fields.matches(|field| match field {
                "metadata.name" => Some(entry.name()),
                "metadata.namespace" => Some(entry.namespace()),
                field => {
                    let at = self.selectable.iter().position(|selectable| selectable == field)?;
                    entry.fields.get(at)?.as_deref()
                }
            })
    }
}
