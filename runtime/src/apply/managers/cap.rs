//! The oldest managers are put together, so that their number stays small (contract 4.9.24).

use std::collections::BTreeMap;

use super::{ManagerId, Managers, Operation};

/// The most managers of updates.
const MAX_UPDATE_MANAGERS: usize = 10;
/// Who owns what the oldest managers of updates owned.
const ANCIENT: &str = "ancient-changes";

/// Puts the oldest managers of updates together, those of a version each, until there are few enough of them.
pub(in crate::apply) fn cap(managers: &mut Managers) {
    let updates = managers.iter().filter(|(id, _)| id.operation == Operation::Update);
    let mut oldest: Vec<_> = updates.map(|(id, owned)| (owned.time.clone(), id.clone())).collect();
    let mut count = oldest.len();
    oldest.sort();
    let mut first_of_version = BTreeMap::new();
    for (_, id) in oldest {
        if count <= MAX_UPDATE_MANAGERS {
            return;
        }
        let Some(first) = first_of_version.get(&id.api_version) else {
            first_of_version.insert(id.api_version.clone(), id);
            continue;
        };
        let ancient = ManagerId::new(ANCIENT, Operation::Update, &id.api_version, "");
        // The second of a version makes the first one ancient.
        if !managers.contains_key(&ancient)
            && let Some(owned) = managers.remove(first)
        {
            managers.insert(ancient.clone(), owned);
        }
        if id != ancient
            && let Some(owned) = managers.remove(&id)
            && let Some(into) = managers.get_mut(&ancient)
        {
            into.fields = owned.fields.union(std::mem::take(&mut into.fields));
            into.time = owned.time;
            count -= 1;
        }
    }
}
