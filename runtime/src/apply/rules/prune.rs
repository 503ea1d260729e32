//! What a manager applied last time, does not apply any more, and nobody else owns, is removed (contract 4.9.22).
//!
//! All that the manager applied last is taken out, and then put back what somebody owns, in whichever version, and what
//! the manager never owned. That way a field goes with what it is in, and a list item with all of its fields.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Refusal, Rules};
use crate::apply::managers::{ManagerId, Managers, Owned};
use crate::apply::schema::Schema;
use crate::apply::set::FieldSet;
use crate::apply::typed::{present_fields, remove, with_named_fields};

impl Rules<'_> {
    /// The merged object without the fields that go; `None` if none do.
    pub(super) fn prune(
        &self,
        merged: &Value,
        managers: &Managers,
        applier: &ManagerId,
        last: &Owned,
    ) -> Result<Option<Value>, Refusal> {
        let version = last.api_version.as_str();
        let now = managers.get(applier);
        // Nothing goes if everything is applied again, as nearly always.
        if now.is_some_and(|now| now.api_version == version && last.fields.is_subset(&now.fields)) {
            return Ok(None);
        }
        let Some(schema) = self.schema_of(version) else { return Ok(None) };
        let whole = self.convert(merged, self.api_version, version)?.into_owned();
        let last_fields = with_named_fields(schema, last.fields.clone());
        let prune = Prune { rules: self, schema, version, whole: &whole, last: &last_fields };
        let owned = owned_by_version(managers);
        let pruned = prune.run(&last_fields, &owned).or_else(|refusal| {
            // With so much taken out an object may be none that can be converted. Then only that is taken out which
            // nobody owns in this version, and what it is in stays.
            let nobody = FieldSet::new();
            let gentle = last.fields.clone().difference(owned.get(version).unwrap_or(&nobody));
            prune.run(&gentle, &owned).map_err(|_| refusal)
        })?;
        Ok(Some(self.convert(&pruned, version, self.api_version)?.into_owned()))
    }
}

fn owned_by_version(managers: &Managers) -> BTreeMap<&str, FieldSet> {
    let mut versions: BTreeMap<&str, FieldSet> = BTreeMap::new();
    for owned in managers.values() {
        let fields = versions.entry(owned.api_version.as_str()).or_default();
        *fields = std::mem::take(fields).union(owned.fields.clone());
    }
    versions
}

struct Prune<'a> {
    rules: &'a Rules<'a>,
    /// Of the version of the last apply, as is the object, which has everything.
    schema: &'a Schema,
    version: &'a str,
    whole: &'a Value,
    /// What the manager applied last, with the declared fields that it is in.
    last: &'a FieldSet,
}

impl Prune<'_> {
    fn run(&self, removed: &FieldSet, owned: &BTreeMap<&str, FieldSet>) -> Result<Value, Refusal> {
        let mut pruned = self.whole.clone();
        remove(self.schema, &mut pruned, removed);
        // This version first: what is put back may be needed for a conversion.
        if let Some(fields) = owned.get(self.version) {
            pruned = put_back(self.schema, self.whole, &pruned, fields);
        }
        for (version, fields) in owned.iter().filter(|(version, _)| **version != self.version) {
            let Some(schema) = self.rules.schema_of(version) else { continue };
            let whole = self.rules.convert(self.whole, self.version, version)?;
            let there = self.rules.convert(&pruned, self.version, version)?;
            let there = put_back(schema, &whole, &there, fields);
            pruned = self.rules.convert(&there, version, self.version)?.into_owned();
        }
        // What the manager never owned stays as well.
        let mut gone = all_fields(self.schema, self.whole).difference(&all_fields(self.schema, &pruned));
        gone = gone.intersection(self.last);
        let mut kept = self.whole.clone();
        remove(self.schema, &mut kept, &gone);
        Ok(kept)
    }
}

/// The whole object without what is neither in the pruned one nor owned.
fn put_back(schema: &Schema, whole: &Value, pruned: &Value, owned: &FieldSet) -> Value {
    let kept = all_fields(schema, pruned).union(with_named_fields(schema, owned.clone()));
    let mut object = whole.clone();
    remove(schema, &mut object, &all_fields(schema, whole).difference(&kept));
    object
}

fn all_fields(schema: &Schema, object: &Value) -> FieldSet {
    with_named_fields(schema, present_fields(schema, object))
}
