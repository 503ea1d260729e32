//! Ownership follows changes: who changes a field owns it, and who owned it does so no more.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Refusal, Rules};
use crate::apply::error::{Conflict, Conflicts};
use crate::apply::managers::{ManagerId, Managers};
use crate::apply::set::FieldSet;
use crate::apply::typed::compare;

/// What a change did in the fields of one version.
pub(in crate::apply) struct Changes {
    /// Fields that were added or have another value.
    pub(in crate::apply) changed: FieldSet,
    pub(in crate::apply) removed: FieldSet,
}

impl Rules<'_> {
    /// A change by anything but apply, which did this in the version of the endpoint: takes the changed fields from all managers and returns them. Managers of versions
    /// that are no more are dropped.
    ///
    /// Errors: only a failed conversion.
    pub(in crate::apply) fn update(
        &self,
        live: &Value,
        new: &Value,
        changes: Changes,
        managers: Managers,
    ) -> Result<(Managers, FieldSet), Refusal> {
        let mut managers = self.known(managers);
        let changes = self.take_over(live, new, changes, &mut managers, None, true)?;
        Ok((managers, changes.changed))
    }

    /// Takes the fields that differ between the two objects from all managers but the one who applies.
    ///
    /// Errors: conflicts unless forced, and a failed conversion.
    pub(super) fn take_over(
        &self,
        live: &Value,
        new: &Value,
        changes: Changes,
        managers: &mut Managers,
        applier: Option<&ManagerId>,
        force: bool,
    ) -> Result<Changes, Refusal> {
        let mut versions = BTreeMap::new();
        versions.insert(self.api_version.to_owned(), changes);
        for owned in managers.values() {
            if !versions.contains_key(&owned.api_version) {
                let changes = self.changes(live, new, &owned.api_version)?;
                versions.insert(owned.api_version.clone(), changes);
            }
        }
        let others = managers.iter().filter(|(id, _)| Some(*id) != applier);
        let mut conflicts = BTreeMap::new();
        for (id, owned) in others {
            let Some(changes) = versions.get(&owned.api_version) else { continue };
            if !changes.changed.is_empty() {
                let conflict = changes.changed.clone().intersection(&owned.fields);
                if !conflict.is_empty() {
                    conflicts.insert(id.clone(), conflict);
                }
            }
        }
        if !force && !conflicts.is_empty() {
            return Err(Refusal::Conflict(listed(conflicts)));
        }
        managers.retain(|id, owned| {
            if Some(id) != applier
                && let Some(changes) = versions.get(&owned.api_version)
            {
                let mut fields = std::mem::take(&mut owned.fields);
                if let Some(conflict) = conflicts.get(id) {
                    fields = fields.difference(conflict);
                }
                owned.fields = fields.difference(&changes.removed);
            }
            !owned.fields.is_empty()
        });
        let own = versions.remove(self.api_version);
        Ok(own.unwrap_or_else(|| Changes { changed: FieldSet::new(), removed: FieldSet::new() }))
    }

    /// What differs between two objects of the endpoint's version, in the fields of another one.
    ///
    /// Errors: only a failed conversion.
    pub(in crate::apply) fn changes(&self, live: &Value, new: &Value, api_version: &str) -> Result<Changes, Refusal> {
        let schema = self.schema_of(api_version).unwrap_or(self.schema);
        let live = self.convert(live, self.api_version, api_version)?;
        let new = self.convert(new, self.api_version, api_version)?;
        let comparison = compare(schema, &live, &new);
        Ok(Changes {
            removed: self.without_reset(comparison.removed, api_version),
            changed: self.without_reset(comparison.modified.union(comparison.added), api_version),
        })
    }
}

fn listed(conflicts: BTreeMap<ManagerId, FieldSet>) -> Conflicts {
    let listed = conflicts.into_iter().flat_map(|(id, fields)| {
        fields.paths().into_iter().map(move |path| Conflict::new(id.clone(), path)).collect::<Vec<_>>()
    });
    Conflicts(listed.collect())
}
