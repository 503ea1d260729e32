//! What a list or a watch is about.

use std::ops::Bound;
use std::sync::Arc;

use super::entry::Entry;
use crate::wire::selector::{FieldSelector, LabelSelector};

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
        self.matches_labels(entry) && self.matches_fields(entry)
    }

    /// What cannot be read might match.
    pub(super) fn matches_labels(&self, entry: &Entry) -> bool {
        !entry.is_readable() || self.labels.is_empty() || self.labels.matches_by(|label| entry.label(label))
    }

    pub(super) fn matches_fields(&self, entry: &Entry) -> bool {
        !entry.is_readable()
            || self.fields.matches(|field| match field {
                "metadata.name" => Some(entry.name()),
                "metadata.namespace" => Some(entry.namespace()),
                field => entry.field(self.selectable.iter().position(|selectable| selectable == field)?),
            })
    }
}
