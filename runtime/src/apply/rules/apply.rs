//! Apply: the configuration is put in, what its manager applied no more is taken out.

use serde_json::Value;

use super::{Refusal, Rules};
use crate::apply::managers::{ManagerId, Managers, Owned};
use crate::apply::typed::{field_set, merge};

impl Rules<'_> {
    /// Applies the configuration to a copy of the object; all have passed validation. The time of the applier's entry
    /// is the one that it had.
    ///
    /// Errors: conflicts unless forced, and a failed conversion.
    pub(in crate::apply) fn apply(
        &self,
        live: &Value,
        configuration: &Value,
        managers: Managers,
        applier: &ManagerId,
        force: bool,
    ) -> Result<(Value, Managers), Refusal> {
        let mut managers = self.known(managers);
        let mut merged = live.clone();
        merge(self.schema, &mut merged, configuration);
        let last = managers.remove(applier);
        let fields = self.without_reset(field_set(self.schema, configuration), self.api_version);
        let time = last.as_ref().and_then(|last| last.time.clone());
        let owned = Owned { fields, api_version: self.api_version.to_owned(), time };
        managers.insert(applier.clone(), owned);
        let pruned = last.map(|last| self.prune(&merged, &managers, applier, &last)).transpose()?.flatten();
        let new = match pruned {
            None => merged,
            Some(mut pruned) => {
                // What is empty now is as the configuration has it: empty or null.
                merge(self.schema, &mut pruned, configuration);
                pruned
            }
        };
        let changes = self.changes(live, &new, self.api_version)?;
        self.take_over(live, &new, changes, &mut managers, Some(applier), force)?;
        Ok((new, managers))
    }
}
