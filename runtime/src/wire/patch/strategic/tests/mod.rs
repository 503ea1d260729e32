//! Strategic merges of fleets of ships: a recursive type with every kind of list.

mod errors;
mod hostile;
mod keyed;
mod maps;
mod order;
mod properties;
mod retain_keys;
mod scalars;
mod schema;

use serde_json::{Value, json};

use super::{MergeSchema, StrategicMerge};
use crate::wire::status::Result;

/// `crew` is keyed, `tags` is a set; `log` and `ids` have no strategy; `hull` is merged, `papers` replaced.
pub(super) fn fleet() -> MergeSchema {
    MergeSchema::new(json!({
        "$ref": "#/$defs/Ship",
        "$defs": {"Ship": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "rank": {"type": "integer"},
                "hull": {"$ref": "#/$defs/Ship"},
                "papers": {"$ref": "#/$defs/Ship", "x-kubernetes-patch-strategy": "replace"},
                "crew": {
                    "type": "array",
                    "items": {"$ref": "#/$defs/Ship"},
                    "x-kubernetes-patch-strategy": "merge,retainKeys",
                    "x-kubernetes-patch-merge-key": "name",
                },
                "tags": {"type": "array", "items": {}, "x-kubernetes-patch-strategy": "merge"},
                "log": {"type": "array", "items": {"$ref": "#/$defs/Ship"}},
                "ids": {"type": "array", "items": {"type": "integer"}},
            },
        }},
    }))
}

pub(super) fn try_merge(old: Value, patch: &Value) -> Result<Value> {
    StrategicMerge::parse(patch.to_string().as_bytes())?.0.apply(old, &fleet())
}

pub(super) fn merge(old: Value, patch: &Value) -> Value {
    try_merge(old, patch).unwrap_or_else(|status| panic!("{patch}: {}", status.message()))
}

/// Each row: what there is, the patch, what comes of it.
pub(super) fn check(rows: &[(Value, Value, Value)]) {
    for (old, patch, result) in rows {
        assert_eq!(merge(old.clone(), patch), *result, "{old} by {patch}");
    }
}
