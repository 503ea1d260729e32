//! JSON patch, RFC 6902, with bounds on what a small patch can make of a document (contract 4.3.2, 4.9.14).

#[cfg(test)]
mod tests;

use std::slice;

use json_patch::jsonptr::{Pointer, PointerBuf};
use json_patch::{
    AddOperation, CopyOperation, MoveOperation, PatchOperation, RemoveOperation, ReplaceOperation, TestOperation,
};
use serde::Deserialize;
use serde_json::Value;

use super::budget::{Budget, Failed};
use crate::wire::decode::json::MAX_DEPTH;
use crate::wire::decode::typed::from_value;
use crate::wire::status::{Result, Status};

/// The most operations of one patch.
const MAX_OPERATIONS: usize = 10_000;

/// The most bytes of JSON that the `copy` operations of one patch may add.
const MAX_COPIED_BYTES: usize = 3 << 20;

/// The most work of one patch, in array items shifted and bytes of JSON looked at: below a second. 10,000 operations on
/// an array of 6,000 items stay within it.
const MAX_WORK: usize = 64 << 20;

/// One operation as it travels. Absent and null are the same, as they are to Kubernetes.
#[derive(Deserialize)]
struct Operation {
    #[serde(default)]
    op: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    value: Value,
}

/// The operations of a patch, and the paths of keys that no operation has.
pub(super) fn decode(value: &Value) -> Result<(json_patch::Patch, Vec<String>)> {
    let len = value.as_array().map_or(0, Vec::len);
    if len > MAX_OPERATIONS {
        return Err(Status::request_entity_too_large(format_args!(
            "The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {len}"
        )));
    }
    let (operations, unknown) = from_value::<Vec<Operation>>(value)
        .map_err(|error| Status::bad_request(format!("error decoding patch: {error}")))?;
    let operations: Result<Vec<_>, Failed> = operations.into_iter().map(Operation::known).collect();
    Ok((json_patch::Patch(operations?), unknown))
}

/// Whether an operation reads or writes the managed fields, or something that they are in.
pub(super) fn looks_at_managed_fields(patch: &json_patch::Patch) -> bool {
    let near = |pointer: &Pointer| {
        let pointer = pointer.as_str();
        ["", "/metadata"].contains(&pointer) || pointer.starts_with("/metadata/managedFields")
    };
    patch.0.iter().any(|operation| {
        let from = match operation {
            PatchOperation::Copy(CopyOperation { from, .. }) | PatchOperation::Move(MoveOperation { from, .. }) => {
                Some(from)
            }
            _ => None,
        };
        near(operation.path()) || from.is_some_and(|from| near(from))
    })
}

impl Operation {
    fn known(self) -> Result<PatchOperation, Failed> {
        let Self { op, path, from, value } = self;
        let path = pointer(path)?;
        Ok(match op.as_deref() {
            Some("add") => PatchOperation::Add(AddOperation { path, value }),
            Some("remove") => PatchOperation::Remove(RemoveOperation { path }),
            Some("replace") => PatchOperation::Replace(ReplaceOperation { path, value }),
            Some("move") => PatchOperation::Move(MoveOperation { from: pointer(from)?, path }),
            Some("copy") => PatchOperation::Copy(CopyOperation { from: pointer(from)?, path }),
            Some("test") => PatchOperation::Test(TestOperation { path, value }),
            _ => return Err(Failed),
        })
    }
}

fn pointer(text: Option<String>) -> Result<PointerBuf, Failed> {
    PointerBuf::parse(text.ok_or(Failed)?).map_err(|_| Failed)
}

/// The document after all operations.
pub(super) fn apply(patch: &json_patch::Patch, mut document: Value) -> Result<Value> {
    let mut copied = Budget(MAX_COPIED_BYTES);
    let mut work = Budget(MAX_WORK);
    for operation in patch.iter() {
        apply_one(&mut document, operation, &mut copied, &mut work)?;
    }
    Ok(document)
}

fn apply_one(
    document: &mut Value,
    operation: &PatchOperation,
    copied: &mut Budget,
    work: &mut Budget,
) -> Result<(), Failed> {
    work.spend(siblings(document, operation.path()))?;
    match operation {
        // To Kubernetes an absent field equals null: kube-rs adds the first finalizer under such a test.
        PatchOperation::Test(test) if test.value.is_null() && is_absent_field(document, &test.path) => return Ok(()),
        PatchOperation::Test(_) | PatchOperation::Remove(_) => {}
        PatchOperation::Add(add) => fits(&add.value, &add.path)?,
        PatchOperation::Replace(replace) => fits(&replace.value, &replace.path)?,
        PatchOperation::Copy(copy) => {
            let value = document.pointer(copy.from.as_str()).ok_or(Failed)?;
            copied.spend_size(value)?;
            fits(value, &copy.path)?;
        }
        PatchOperation::Move(mov) => {
            work.spend(siblings(document, &mov.from))?;
            // Nothing gets deeper by moving it up.
            if mov.path.count() > mov.from.count() {
                let value = document.pointer(mov.from.as_str()).ok_or(Failed)?;
                work.spend_size(value)?;
                fits(value, &mov.path)?;
            }
        }
    }
    // One by one: the undo log that `json_patch::patch` keeps would copy every value once more.
    json_patch::patch_unsafe(document, slice::from_ref(operation)).map_err(|_| Failed)
}

fn parent<'a>(document: &'a Value, path: &Pointer) -> Option<&'a Value> {
    document.pointer(path.parent()?.as_str())
}

/// How many items an operation at this place may have to shift.
fn siblings(document: &Value, path: &Pointer) -> usize {
    parent(document, path).and_then(Value::as_array).map_or(0, Vec::len)
}

fn is_absent_field(document: &Value, path: &Pointer) -> bool {
    match (parent(document, path), path.last()) {
        (Some(Value::Object(fields)), Some(name)) => !fields.contains_key(name.decoded().as_ref()),
        _ => false,
    }
}

/// Whether the value at that place keeps the document within the depth that the parser reads.
fn fits(value: &Value, path: &Pointer) -> Result<(), Failed> {
    match MAX_DEPTH.checked_sub(path.count()) {
        Some(levels) if within(value, levels) => Ok(()),
        _ => Err(Failed),
    }
}

fn within(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(|item| within(item, levels - 1)),
        Value::Object(fields) => levels > 0 && fields.values().all(|field| within(field, levels - 1)),
        _ => true,
    }
}
