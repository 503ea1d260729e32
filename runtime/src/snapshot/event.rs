//! One change, as each watch sees it.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::diff::set_revision;
use super::selection::Selection;
use crate::object::{AnyObject, Encoded, EncodedEvent, Object};
use crate::wire::frame::EventType;
use crate::wire::status::Result;

/// A change of one object, encoded once for all watches.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) revision: u64,
    encoded: EncodedEvent,
    /// What selectors look at, of the object of the event.
    meta: ObjectMeta,
    /// Where the labels have changed: the labels before, and the event for those whose selector matched only them.
    relabelled: Option<(ObjectMeta, EncodedEvent)>,
}

impl Event {
    pub(super) fn added<T: Object>(object: &T, revision: u64) -> Result<Self> {
        Self::new(EventType::Added, object, revision)
    }

    pub(super) fn modified<T: Object>(old: &T, new: &T, revision: u64) -> Result<Self> {
        let mut event = Self::new(EventType::Modified, new, revision)?;
        if labels(old.meta()) != labels(new.meta()) {
            let gone = Self::deleted(old, revision)?;
            event.relabelled = Some((gone.meta, gone.encoded));
        }
        Ok(event)
    }

    /// The last state of the object, with the revision of the deletion (contract 4.8.9).
    pub(super) fn deleted<T: Object>(object: &T, revision: u64) -> Result<Self> {
        let mut object = object.clone();
        set_revision(&mut object, revision);
        Self::new(EventType::Deleted, &object, revision)
    }

    fn new<T: Object>(kind: EventType, object: &T, revision: u64) -> Result<Self> {
        let encoded = EncodedEvent::new(kind, Encoded::new(AnyObject::encode(object)?.into()));
        let ObjectMeta { namespace, name, labels, .. } = object.meta().clone();
        let meta = ObjectMeta { namespace, name, labels, ..ObjectMeta::default() };
        Ok(Self { revision, encoded, meta, relabelled: None })
    }

    /// The event as a watch with this selection sees it, if it does (contract 4.8.8).
    pub(super) fn seen_by(&self, selection: &Selection) -> Option<EncodedEvent> {
        let matches = selection.matches(&self.meta);
        match &self.relabelled {
            Some((before, gone)) => match (selection.matches(before), matches) {
                (true, true) => Some(self.encoded.clone()),
                (false, true) => Some(self.encoded.seen_as(EventType::Added)),
                (true, false) => Some(gone.clone()),
                (false, false) => None,
            },
            None => matches.then(|| self.encoded.clone()),
        }
    }
}

/// No labels and an empty set of them are the same.
pub(super) fn labels(meta: &ObjectMeta) -> &BTreeMap<String, String> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    meta.labels.as_ref().unwrap_or(&NONE)
}
