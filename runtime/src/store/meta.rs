//! What every object's metadata must be (contract 5.7, 5.8).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{FieldsV1, ManagedFieldsEntry, ObjectMeta, OwnerReference};
use serde::Serialize;

use super::core::text;
use super::erased::AnyStrategy;
use crate::wire::field::FieldError;
use crate::wire::names;

/// The most bytes of all annotations of an object.
const MAX_ANNOTATIONS_BYTES: usize = 256 * 1024;
/// The most bytes of the name of a subresource in managed fields.
const MAX_SUBRESOURCE_BYTES: usize = 256;
pub(super) const ORPHAN: &str = "orphan";
pub(super) const FOREGROUND: &str = "foregroundDeletion";

/// What is wrong with the metadata of a new object.
pub(super) fn validate(meta: &ObjectMeta, namespaced: bool, strategy: &dyn AnyStrategy) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let (name, generate_name) = (text(meta.name.as_ref()), text(meta.generate_name.as_ref()));
    if !generate_name.is_empty() {
        let checked = names::path_segment_prefix(generate_name);
        let checked = checked.and_then(|()| strategy.validate_name(generate_name, true));
        invalid(&mut errors, "metadata.generateName", generate_name, checked);
    }
    if name.is_empty() {
        errors.push(FieldError::required("metadata.name", "name or generateName is required"));
    } else {
        let checked = names::path_segment_name(name).and_then(|()| strategy.validate_name(name, false));
        invalid(&mut errors, "metadata.name", name, checked);
    }
    let namespace = text(meta.namespace.as_ref());
    if !namespaced {
        if !namespace.is_empty() {
            errors.push(FieldError::forbidden("metadata.namespace", "not allowed on this type"));
        }
    } else if namespace.is_empty() {
        errors.push(FieldError::required("metadata.namespace", ""));
    } else {
        invalid(&mut errors, "metadata.namespace", namespace, names::is_dns1123_label(namespace));
    }
    if let Some(generation) = meta.generation.filter(|generation| *generation < 0) {
        errors.push(FieldError::invalid("metadata.generation", generation, "must be greater than or equal to 0"));
    }
    common(meta, &mut errors);
    errors
}

/// What is wrong with the metadata of a changed object.
pub(super) fn validate_update(meta: &ObjectMeta, old: &ObjectMeta) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if old.deletion_timestamp.is_some() {
        let (old, new) =
            (old.finalizers.as_deref().unwrap_or_default(), meta.finalizers.as_deref().unwrap_or_default());
        let mut added: Vec<&str> = new.iter().filter(|new| !old.contains(new)).map(String::as_str).collect();
        if !added.is_empty() {
            added.sort_unstable();
            added.dedup();
            let added = added.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
            let detail = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{added}}}"
            );
            errors.push(FieldError::forbidden("metadata.finalizers", detail));
        }
    }
    if text(meta.resource_version.as_ref()).is_empty() {
        errors.push(FieldError::invalid("metadata.resourceVersion", "", "must be specified for an update"));
    }
    if meta.generation.unwrap_or(0) < old.generation.unwrap_or(0) {
        let generation = meta.generation.unwrap_or(0);
        errors.push(FieldError::invalid("metadata.generation", generation, "must not be decremented"));
    }
    immutable(&mut errors, "metadata.name", &meta.name, &old.name);
    immutable(&mut errors, "metadata.namespace", &meta.namespace, &old.namespace);
    immutable(&mut errors, "metadata.uid", &meta.uid, &old.uid);
    immutable(&mut errors, "metadata.creationTimestamp", &meta.creation_timestamp, &old.creation_timestamp);
    immutable(&mut errors, "metadata.deletionTimestamp", &meta.deletion_timestamp, &old.deletion_timestamp);
    immutable(
        &mut errors,
        "metadata.deletionGracePeriodSeconds",
        &meta.deletion_grace_period_seconds,
        &old.deletion_grace_period_seconds,
    );
    common(meta, &mut errors);
    errors
}

fn immutable<T: PartialEq + Serialize>(errors: &mut Vec<FieldError>, field: &'static str, new: &T, old: &T) {
    if new != old {
        errors.push(FieldError::invalid(field, new, "field is immutable"));
    }
}

fn invalid(errors: &mut Vec<FieldError>, field: &'static str, value: &str, checked: names::Checked) {
    if let Err(wrong) = checked {
        errors.extend(wrong.into_iter().map(|text| FieldError::invalid(field, value, text)));
    }
}

/// What is checked on every write.
fn common(meta: &ObjectMeta, errors: &mut Vec<FieldError>) {
    labels(meta.labels.as_ref(), errors);
    annotations(meta.annotations.as_ref(), errors);
    owner_references(meta.owner_references.as_deref().unwrap_or_default(), errors);
    finalizers(meta.finalizers.as_deref().unwrap_or_default(), errors);
    for (index, entry) in meta.managed_fields.as_deref().unwrap_or_default().iter().enumerate() {
        managed_fields(index, entry, errors);
    }
}

fn labels(labels: Option<&BTreeMap<String, String>>, errors: &mut Vec<FieldError>) {
    for (key, value) in labels.into_iter().flatten() {
        invalid(errors, "metadata.labels", key, names::qualified_name(key));
        invalid(errors, "metadata.labels", value, names::label_value(value));
    }
}

fn annotations(annotations: Option<&BTreeMap<String, String>>, errors: &mut Vec<FieldError>) {
    const FIELD: &str = "metadata.annotations";
    for key in annotations.into_iter().flatten().map(|(key, _)| key) {
        invalid(errors, FIELD, key, names::qualified_name(&key.to_lowercase()));
    }
    let bytes: usize = annotations.into_iter().flatten().map(|(key, value)| key.len() + value.len()).sum();
    if bytes > MAX_ANNOTATIONS_BYTES {
        errors.push(FieldError::too_long(FIELD, MAX_ANNOTATIONS_BYTES));
    }
}

fn owner_references(owners: &[OwnerReference], errors: &mut Vec<FieldError>) {
    const FIELD: &str = "metadata.ownerReferences";
    let mut controller: Option<&str> = None;
    for owner in owners {
        let version = owner.api_version.rsplit('/').next().unwrap_or_default();
        if version.is_empty() {
            let field = "metadata.ownerReferences.apiVersion";
            errors.push(FieldError::invalid(field, &owner.api_version, "version must not be empty"));
        }
        for (field, value) in [
            ("metadata.ownerReferences.kind", &owner.kind),
            ("metadata.ownerReferences.name", &owner.name),
            ("metadata.ownerReferences.uid", &owner.uid),
        ] {
            if value.is_empty() {
                errors.push(FieldError::invalid(field, value, "must not be empty"));
            }
        }
        if owner.api_version == "v1" && owner.kind == "Event" {
            errors.push(FieldError::invalid(FIELD, owner, "/v1, Kind=Event is disallowed from being an owner"));
        }
        if owner.controller == Some(true) {
            if let Some(first) = controller {
                let detail = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for {first} and {}",
                    owner.name
                );
                errors.push(FieldError::invalid(FIELD, owners, detail));
            } else {
                controller = Some(&owner.name);
            }
        }
    }
}

fn finalizers(finalizers: &[String], errors: &mut Vec<FieldError>) {
    const FIELD: &str = "metadata.finalizers";
    for finalizer in finalizers {
        invalid(errors, FIELD, finalizer, names::qualified_name(finalizer));
    }
    let has = |name| finalizers.iter().any(|finalizer| finalizer == name);
    if has(ORPHAN) && has(FOREGROUND) {
        let detail = format!("finalizer {ORPHAN} and {FOREGROUND} cannot be both set");
        errors.push(FieldError::invalid(FIELD, finalizers, detail));
    }
}

/// Whether two lists of managed fields differ in their times and in the order that follows from them, and in nothing else.
pub(super) fn same_managers(old: &[ManagedFieldsEntry], new: &[ManagedFieldsEntry]) -> bool {
    fn id(entry: &ManagedFieldsEntry) -> [&str; 5] {
        let ManagedFieldsEntry { manager, operation, api_version, subresource, fields_type, .. } = entry;
        [manager, operation, api_version, subresource, fields_type].map(|part| text(part.as_ref()))
    }
    fn by_manager(entries: &[ManagedFieldsEntry]) -> BTreeMap<[&str; 5], Option<&FieldsV1>> {
        entries.iter().map(|entry| (id(entry), entry.fields_v1.as_ref())).collect()
    }
    old.len() == new.len() && old != new && by_manager(old) == by_manager(new)
}

fn managed_fields(index: usize, entry: &ManagedFieldsEntry, errors: &mut Vec<FieldError>) {
    let field = |name| format!("metadata.managedFields[{index}].{name}");
    let operation = text(entry.operation.as_ref());
    if !matches!(operation, "Apply" | "Update") {
        errors.push(FieldError::invalid(field("operation"), operation, "must be `Apply` or `Update`"));
    }
    let fields_type = text(entry.fields_type.as_ref());
    if !matches!(fields_type, "" | "FieldsV1") {
        errors.push(FieldError::invalid(field("fieldsType"), fields_type, "must be `FieldsV1`"));
    }
    if text(entry.subresource.as_ref()).len() > MAX_SUBRESOURCE_BYTES {
        errors.push(FieldError::too_long(field("subresource"), MAX_SUBRESOURCE_BYTES));
    }
}
