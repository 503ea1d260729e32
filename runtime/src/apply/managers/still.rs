//! Changes after which everybody owns what they owned: a controller that writes its status again.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, Time};

use super::entries::FIELDS_V1;
use super::{ManagerId, Operation};
use crate::apply::set::FieldSet;

/// The entries after a manager has changed fields that are its own and nobody else's: the same, but for its time. `None`
/// where it is another change, or it takes to read the entries to tell.
pub(in crate::apply) fn still_owned(
    entries: &[ManagedFieldsEntry],
    who: &ManagerId,
    changed: &FieldSet,
    now: &str,
) -> Option<Vec<ManagedFieldsEntry>> {
    let mut own = None;
    for (number, entry) in entries.iter().enumerate() {
        let operations = [Operation::Apply.name(), Operation::Update.name()];
        if entry.api_version.as_ref() != Some(&who.api_version)
            || entry.fields_type.as_deref() != Some(FIELDS_V1)
            || !entry.operation.as_deref().is_some_and(|operation| operations.contains(&operation))
        {
            return None;
        }
        let count = changed.count_in(Some(&entry.fields_v1.as_ref()?.0))?;
        let is_own = entry.manager.as_ref() == Some(&who.manager)
            && entry.operation.as_deref() == Some(who.operation.name())
            && entry.subresource.as_deref().unwrap_or_default() == who.subresource;
        if is_own && own.is_none() && count == changed.len() {
            own = Some(number);
        } else if is_own || count > 0 {
            return None;
        }
    }
    let own = own?;
    let mut entries = entries.to_vec();
    if !changed.is_empty() {
        entries[own].time = Some(Time(now.parse().ok()?));
    }
    // As they are told (contract 4.9.23): see `in_order`.
    entries.sort_by(|left, right| {
        let order = left.operation.cmp(&right.operation).then_with(|| left.time.cmp(&right.time));
        order.then_with(|| left.manager.cmp(&right.manager)).then_with(|| left.subresource.cmp(&right.subresource))
    });
    Some(entries)
}
