//! From one state of the collection to the next: the events between them, with their revisions.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use super::event::Event;
use crate::object::{AnyObject, Object};
use crate::wire::status::{Result, Status};

/// Takes away of an object what changes without being a change.
pub(super) type Volatile<T> = Box<dyn Fn(&mut T) + Send + Sync>;

/// The collection at a revision; shared by all who read it.
#[derive(Debug)]
pub(super) struct State<T> {
    /// The revision of the last change.
    pub(super) revision: u64,
    /// Ordered by key (contract 4.7.1).
    pub(super) entries: Vec<Entry<T>>,
}

#[derive(Debug)]
pub(super) struct Entry<T> {
    /// `namespace/name`, or the name alone at cluster scope.
    pub(super) key: String,
    /// The object, with the revision of its last change.
    pub(super) object: T,
    /// The JSON without what is volatile.
    stable: Vec<u8>,
}

impl<T: Object> State<T> {
    /// The first state. Nobody saw the collection before, so that its objects are there is no event.
    pub(super) fn first(objects: Vec<T>, volatile: Option<&Volatile<T>>, revision: u64) -> Result<Self> {
        let mut entries = entries(objects, volatile)?;
        for entry in &mut entries {
            set_revision(&mut entry.object, revision);
        }
        Ok(Self { revision, entries })
    }

    /// The next state, and the events that lead to it: first what is gone, then what is new or different. Each event
    /// has a revision of its own, the next one.
    pub(super) fn next(&self, objects: Vec<T>, volatile: Option<&Volatile<T>>) -> Result<(Self, Vec<Event>)> {
        let mut entries = entries(objects, volatile)?;
        let mut revision = self.revision;
        let mut events = Vec::new();
        for old in &self.entries {
            // An object of the same name with another uid is another object (contract 4.8.3).
            if find(&entries, &old.key).is_none_or(|new| uid(&new.object) != uid(&old.object)) {
                revision += 1;
                events.push(Event::deleted(&old.object, revision)?);
            }
        }
        for new in &mut entries {
            let old = self.get(&new.key).filter(|old| uid(&old.object) == uid(&new.object));
            match old {
                Some(old) if same(&old.stable, &new.stable) => {
                    new.object.meta_mut().resource_version.clone_from(&old.object.meta().resource_version);
                }
                _ => {
                    revision += 1;
                    set_revision(&mut new.object, revision);
                    events.push(match old {
                        None => Event::added(&new.object, revision)?,
                        Some(old) => Event::modified(&old.object, &new.object, revision)?,
                    });
                }
            }
        }
        Ok((Self { revision, entries }, events))
    }

    /// The entry of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Entry<T>> {
        find(&self.entries, key)
    }
}

/// What orders the objects, as in a store: the bytes of the key, not first the namespace and then the name.
pub(super) fn key(namespace: Option<&str>, name: &str) -> String {
    match namespace.filter(|namespace| !namespace.is_empty()) {
        None => name.to_owned(),
        Some(namespace) => format!("{namespace}/{name}"),
    }
}

pub(super) fn set_revision<T: Object>(object: &mut T, revision: u64) {
    object.meta_mut().resource_version = Some(revision.to_string());
}

fn entries<T: Object>(objects: Vec<T>, volatile: Option<&Volatile<T>>) -> Result<Vec<Entry<T>>> {
    let mut entries = BTreeMap::new();
    for mut object in objects {
        object.meta_mut().resource_version = None;
        let ObjectMeta { namespace, name, .. } = object.meta();
        let Some(name) = name.as_deref().filter(|name| !name.is_empty()) else {
            return Err(Status::internal_error("an object of the collection has no name"));
        };
        let key = key(namespace.as_deref(), name);
        let stable = match volatile {
            None => AnyObject::encode(&object)?,
            Some(clear) => {
                let mut copy = object.clone();
                clear(&mut copy);
                AnyObject::encode(&copy)?
            }
        };
        entries.insert(key.clone(), Entry { key, object, stable });
    }
    Ok(entries.into_values().collect())
}

fn find<'a, T>(entries: &'a [Entry<T>], key: &str) -> Option<&'a Entry<T>> {
    entries.binary_search_by(|entry| entry.key.as_str().cmp(key)).ok().map(|index| &entries[index])
}

fn uid(object: &impl Object) -> Option<&str> {
    object.meta().uid.as_deref()
}

/// Equal bytes nearly always decide it; a map without an order of its own has other bytes for the same.
fn same(a: &[u8], b: &[u8]) -> bool {
    let value = |json| serde_json::from_slice::<Value>(json).ok();
    a == b || value(a).is_some_and(|a| Some(a) == value(b))
}
