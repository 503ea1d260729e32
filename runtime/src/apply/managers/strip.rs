//! What nobody owns (contract 4.9.23).

use std::sync::LazyLock;

use crate::apply::path::FieldPath;
use crate::apply::set::FieldSet;

static NEVER_OWNED: LazyLock<FieldSet> = LazyLock::new(|| {
    let metadata = [
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "clusterName",
        "generation",
        "managedFields",
        "resourceVersion",
    ];
    let whole = ["apiVersion", "kind", "metadata"].map(|name| FieldPath::fields([name]));
    whole.into_iter().chain(metadata.map(|name| FieldPath::fields(["metadata", name]))).collect()
});

/// The set without the fields that identify the object, and those that the server sets.
pub(in crate::apply) fn strip(fields: FieldSet) -> FieldSet {
    fields.difference(&NEVER_OWNED)
}
