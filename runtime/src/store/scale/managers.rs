//! Who owns the replicas: the managed fields of an object as those of its scale, and back (contract 4.9.23).
//!
//! Of an object's owners the scale shows those of the replicas, who own its `.spec.replicas`. What a write of the scale
//! makes of them is put back: who is no more among them owns the replicas of the object no more, and who has come owns
//! them, and nothing else.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{FieldsV1, ManagedFieldsEntry};

use super::paths::Paths;
use crate::apply::{FieldPath, FieldSet};

/// The version of a scale.
const SCALE: &str = "autoscaling/v1";

/// The managers of a scale, by those of its object.
///
/// An object that is tracked, but whose replicas nobody owns, gives an entry that owns nothing: no entry at all would
/// say that the scale is not to be tracked, or that whatever it says was there before the first apply.
pub(super) fn of_scale(entries: &[ManagedFieldsEntry], paths: &Paths) -> Vec<ManagedFieldsEntry> {
    let owned = FieldSet::from_iter([replicas()]);
    let as_scale = |entry: &ManagedFieldsEntry, fields: &FieldSet| ManagedFieldsEntry {
        api_version: Some(SCALE.to_owned()),
        fields_v1: Some(FieldsV1(fields.to_value())),
        ..entry.clone()
    };
    let owners = entries.iter().filter(|entry| has(entry, &path_in(entry, paths)));
    let mut scale: Vec<_> = owners.map(|entry| as_scale(entry, &owned)).collect();
    if let ([], Some(entry)) = (&scale[..], entries.first()) {
        scale.push(as_scale(entry, &FieldSet::new()));
    }
    scale
}

/// The managers of an object, by those that its scale has after a write. `api_version` is that of the object.
pub(super) fn of_object(
    entries: &[ManagedFieldsEntry],
    scale: &[ManagedFieldsEntry],
    paths: &Paths,
    api_version: &str,
) -> Vec<ManagedFieldsEntry> {
    let owners: Vec<&ManagedFieldsEntry> = scale.iter().filter(|entry| has(entry, &replicas())).collect();
    let mut is_new = vec![true; owners.len()];
    let mut managers = Vec::with_capacity(entries.len() + 1);
    for entry in entries {
        let path = path_in(entry, paths);
        if !has(entry, &path) {
            managers.push(entry.clone());
        } else if let Some(at) = owners.iter().position(|owner| id(owner) == id(entry)) {
            is_new[at] = false;
            managers.push(ManagedFieldsEntry { time: owners[at].time.clone(), ..entry.clone() });
        } else {
            let rest = fields(entry).difference(&FieldSet::from_iter([path]));
            if !rest.is_empty() {
                managers.push(ManagedFieldsEntry { fields_v1: Some(FieldsV1(rest.to_value())), ..entry.clone() });
            }
        }
    }
    let new = owners.into_iter().zip(is_new).filter(|(_, is_new)| *is_new);
    managers.extend(new.map(|(owner, _)| ManagedFieldsEntry {
        api_version: Some(api_version.to_owned()),
        fields_v1: Some(FieldsV1(FieldSet::from_iter([paths.replicas_in(api_version).field()]).to_value())),
        ..owner.clone()
    }));
    managers.sort_by(|left, right| order(left).cmp(&order(right)));
    managers
}

/// The order of managed fields: of the operations, `Apply` is the first.
fn order(entry: &ManagedFieldsEntry) -> impl Ord + use<'_> {
    let time = entry.time.as_ref().map(|time| time.0);
    (&entry.operation, time, &entry.manager, &entry.api_version, &entry.subresource)
}

/// Where a scale has its replicas.
pub(super) fn replicas() -> FieldPath {
    FieldPath::fields(["spec", "replicas"])
}

/// Where an entry of an object names the replicas.
fn path_in(entry: &ManagedFieldsEntry, paths: &Paths) -> FieldPath {
    paths.replicas_in(entry.api_version.as_deref().unwrap_or_default()).field()
}

/// Which manager it is, whatever the version.
fn id(entry: &ManagedFieldsEntry) -> [&str; 3] {
    [&entry.manager, &entry.operation, &entry.subresource].map(|part| part.as_deref().unwrap_or_default())
}

fn has(entry: &ManagedFieldsEntry, path: &FieldPath) -> bool {
    fields(entry).contains(path)
}

/// What an entry says that is owned; what cannot be read is nothing.
fn fields(entry: &ManagedFieldsEntry) -> FieldSet {
    let fields = entry.fields_v1.as_ref().map(|fields| FieldSet::from_value(&fields.0));
    fields.and_then(Result::ok).unwrap_or_default()
}
