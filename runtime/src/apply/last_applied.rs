//! From client-side to server-side apply: `kubectl apply` keeps what it applied in an annotation (contract 4.9.24).

use serde_json::{Map, Value};

use super::error::Conflicts;
use super::schema::Schema;
use super::set::FieldSet;
use super::typed::{compare, field_set, validate};

/// The manager whose applies know the annotation. To opt out, users name another.
pub(super) const MANAGER: &str = "kubectl";
const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// The most bytes of all annotations of an object (contract 5.7).
const MAX_ANNOTATIONS_BYTES: usize = 256 * 1024;

/// The conflicts that are left where what was applied from the client, and is so still, is the user's own; `None` if there
/// are none.
pub(super) fn remaining(schema: &Schema, api_version: &str, live: &Value, conflicts: Conflicts) -> Option<Conflicts> {
    let own = applied_from_client(schema, api_version, live).unwrap_or_default();
    let left: Vec<_> = conflicts.0.into_iter().filter(|conflict| !own.contains(conflict.path())).collect();
    (!left.is_empty()).then_some(Conflicts(left))
}

/// What the annotation has and the object still has as it was applied.
fn applied_from_client(schema: &Schema, api_version: &str, live: &Value) -> Option<FieldSet> {
    let text = live["metadata"]["annotations"][ANNOTATION].as_str().filter(|text| !text.is_empty())?;
    let applied: Value = serde_json::from_str(text).ok()?;
    if applied["apiVersion"] != api_version {
        return None;
    }
    validate(schema, &applied, false).ok()?;
    let comparison = compare(schema, &applied, live);
    let same = field_set(schema, &applied).difference(&comparison.modified);
    Some(same.difference(&comparison.added).difference(&comparison.removed))
}

/// Keeps the annotation of an object that has it up to date, for those who still apply from the client.
pub(super) fn refresh(object: &mut Value, configuration: &Value) {
    let Some(annotations) = annotations_of(object) else { return };
    if annotations.get(ANNOTATION).is_none_or(|own| own.as_str().is_none_or(str::is_empty)) {
        return;
    }
    let mut configuration = configuration.clone();
    if let Some(own) = annotations_of(&mut configuration) {
        own.remove(ANNOTATION);
    }
    // As kubectl writes it, with the end of the line.
    let applied = format!("{configuration}\n");
    let bytes = |(name, value): (&String, &Value)| name.len() + value.as_str().map_or(0, str::len);
    let others = annotations.iter().filter(|(name, _)| *name != ANNOTATION).map(bytes).sum::<usize>();
    if others + ANNOTATION.len() + applied.len() > MAX_ANNOTATIONS_BYTES {
        annotations.remove(ANNOTATION);
    } else {
        annotations.insert(ANNOTATION.to_owned(), applied.into());
    }
}

fn annotations_of(object: &mut Value) -> Option<&mut Map<String, Value>> {
    object.get_mut("metadata")?.get_mut("annotations")?.as_object_mut()
}
