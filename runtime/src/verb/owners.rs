//! Owners that stand more than once in an object (contract 4.4.9).

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};

/// When the server looked: the warning says so.
#[derive(Clone, Copy)]
pub(super) enum Seen {
    InTheBody,
    /// In the object that a patch has made.
    AfterThePatch,
}

/// Leaves each owner once; gives the warning about the others.
pub(super) fn once(meta: &mut ObjectMeta, seen: Seen) -> Option<String> {
    let owners = meta.owner_references.as_mut().filter(|owners| owners.len() > 1)?;
    let mut known = BTreeSet::new();
    let mut twice = Vec::new();
    let kept: Vec<OwnerReference> = std::mem::take(owners)
        .into_iter()
        .filter(|owner| {
            let OwnerReference { uid, api_version, kind, name, block_owner_deletion, controller } = owner.clone();
            let is_new = known.insert((uid, api_version, kind, name, block_owner_deletion, controller));
            if !is_new {
                twice.push(owner.uid.clone());
            }
            is_new
        })
        .collect();
    *owners = kept;
    let when = match seen {
        Seen::InTheBody => "",
        Seen::AfterThePatch => " after mutating admission happens",
    };
    (!twice.is_empty()).then(|| {
        format!(
            ".metadata.ownerReferences contains duplicate entries{when}; API server dedups owner references in 1.20+, \
             and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {}",
            twice.join(", ")
        )
    })
}
