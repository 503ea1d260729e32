//! The steps of a delete (contract 4.10.5-4.10.16, 5.9).

use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use k8s_openapi::jiff::SignedDuration;

use super::GarbageCollectionPolicy;
use super::core::{StoreCore, Written, encode, now, text};
use super::meta::{FOREGROUND, ORPHAN};
use crate::backend::{Commit, Expect};
use crate::object::{AnyObject, Encoded, EncodedList};
use crate::verb::{AnyAdmit, Context};
use crate::wire::options::{DeleteOptions, ListOptions, PropagationPolicy};
use crate::wire::status::{Result, Status};

/// What became of a delete.
pub(super) enum Removal {
    /// The object is gone: a success that names its uid (contract 4.10.5).
    Gone(Status),
    /// It is being deleted already, and nothing has to be changed.
    Pending(Status),
    /// It stays for now, so (contract 4.10.6).
    Marked(Encoded),
}

/// What is to be done with an object.
enum Plan {
    Remove,
    Wait,
    Mark,
}

impl StoreCore {
    pub(super) async fn delete(
        &self,
        cx: &Context,
        namespace: Option<&str>,
        name: &str,
        admit: Option<&Arc<dyn AnyAdmit>>,
        options: &DeleteOptions,
    ) -> Result<Removal> {
        let dry_run = options.dry_run || cx.dry_run();
        let key = Self::key(namespace, name, cx)?;
        if options.ignore_store_read_error_with_cluster_breaking_potential {
            return self.delete_unreadable(cx, &key, name, dry_run).await;
        }
        let mut stored = self.stored(&key).await?;
        loop {
            let Some(held) = stored else { return Err(cx.not_found(name)) };
            let current = self.current(held)?;
            options.preconditions.check(&cx.resource().group_kind(), name, current.object.meta())?;
            self.admit(cx, admit, None, Some(&*current.object)).await?;

            let revision = current.stored.revision;
            let mut object = current.object.clone_box();
            let value = match self.plan(cx, &mut *object, options)? {
                Plan::Wait => return Ok(Removal::Pending(success(cx, current.object.meta()))),
                Plan::Remove => None,
                Plan::Mark => {
                    let json = encode(&mut *object)?;
                    if *json == *current.stored.value {
                        return Ok(Removal::Marked(current.unchanged()?.json));
                    }
                    Some(json)
                }
            };
            let committed = if dry_run {
                Commit::Done(revision)
            } else {
                self.commit(&key, Expect::Revision(revision), value.clone()).await?
            };
            match (committed, value) {
                (Commit::Done(_), None) => return Ok(Removal::Gone(success(cx, object.meta()))),
                (Commit::Done(revision), Some(json)) => {
                    return Ok(Removal::Marked(Written::new(object, json, revision)?.json));
                }
                (Commit::Conflict(now), _) => stored = now,
            }
        }
    }

    /// Marks the object as being deleted, as far as it cannot go at once.
    fn plan(&self, cx: &Context, object: &mut dyn AnyObject, options: &DeleteOptions) -> Result<Plan> {
        // The least that is not at once (contract 4.10.11).
        let requested = options.grace_period_seconds.map(|seconds| if seconds < 0 { 1 } else { seconds });
        let grace = self.strategy.check_graceful_delete(cx, object, requested)?.map(|seconds| seconds.max(0));
        if let Some(grace) = grace {
            if object.meta().deletion_timestamp.is_some() {
                return Ok(shorten(object.meta_mut(), requested));
            }
            if grace > 0 {
                self.add_finalizers(cx, object.meta_mut(), options);
                mark(object.meta_mut(), after(&now(), grace), grace);
                return Ok(Plan::Mark);
            }
        }
        self.add_finalizers(cx, object.meta_mut(), options);
        if object.meta().finalizers.as_ref().is_none_or(Vec::is_empty) {
            return Ok(Plan::Remove);
        }
        let now = now();
        let since = object.meta().deletion_timestamp.clone().filter(|since| *since <= now).unwrap_or(now);
        mark(object.meta_mut(), since, 0);
        Ok(Plan::Mark)
    }

    /// The finalizers by which a garbage collector learns what to do (contract 4.10.10).
    fn add_finalizers(&self, cx: &Context, meta: &mut ObjectMeta, options: &DeleteOptions) {
        let default = self.strategy.default_garbage_collection_policy(cx);
        if !self.garbage_collection || default == GarbageCollectionPolicy::Unsupported {
            return;
        }
        let finalizers = meta.finalizers.get_or_insert_default();
        let has = |finalizers: &[String], name: &str| finalizers.iter().any(|finalizer| finalizer == name);
        let wanted = match (options.orphan_dependents, options.propagation_policy) {
            (Some(true), _) | (None, Some(PropagationPolicy::Orphan)) => Some(ORPHAN),
            (None, Some(PropagationPolicy::Foreground)) => Some(FOREGROUND),
            (Some(false), _) | (None, Some(PropagationPolicy::Background)) => None,
            (None, None) if has(finalizers, ORPHAN) => Some(ORPHAN),
            (None, None) if has(finalizers, FOREGROUND) => Some(FOREGROUND),
            (None, None) => (default == GarbageCollectionPolicy::Orphan).then_some(ORPHAN),
        };
        // What is there already stays where it is, so that a second delete changes nothing.
        finalizers.retain(|finalizer| ![ORPHAN, FOREGROUND].contains(&finalizer.as_str()) || wanted == Some(finalizer));
        if let Some(wanted) = wanted.filter(|wanted| !has(finalizers, wanted)) {
            finalizers.push(wanted.to_owned());
        }
        if finalizers.is_empty() {
            meta.finalizers = None;
        }
    }

    /// Deletes what a list selects, one after the other; what others delete meanwhile does not count (contract
    /// 4.10.16).
    pub(super) async fn delete_collection(
        &self,
        cx: &Context,
        admit: Option<&Arc<dyn AnyAdmit>>,
        options: &DeleteOptions,
        list: &ListOptions,
    ) -> Result<EncodedList> {
        let (metadata, page) = self.page(cx, list).await?;
        let mut deleted = EncodedList::new(metadata);
        for entry in page.entries() {
            let namespace = cx.resource().is_namespaced().then(|| entry.namespace());
            match self.delete(cx, namespace, entry.name(), admit, options).await {
                Ok(_) => deleted.push(entry.json.clone()),
                Err(status) if status.reason() == "NotFound" => {}
                Err(status) => return Err(status),
            }
        }
        Ok(deleted)
    }
}

/// A deletion under way can only be made shorter (contract 4.10.11).
fn shorten(meta: &mut ObjectMeta, requested: Option<i64>) -> Plan {
    let (Some(current), Some(requested)) = (meta.deletion_grace_period_seconds, requested) else { return Plan::Wait };
    if requested >= current {
        return Plan::Wait;
    }
    if requested == 0 && meta.finalizers.as_ref().is_none_or(Vec::is_empty) {
        return Plan::Remove;
    }
    if let Some(ends) = &meta.deletion_timestamp {
        meta.deletion_timestamp = Some(after(ends, requested - current).max(now()));
    }
    meta.deletion_grace_period_seconds = Some(requested);
    Plan::Mark
}

/// The first mark is a new generation (contract 4.10.9).
fn mark(meta: &mut ObjectMeta, ends: Time, grace: i64) {
    if meta.deletion_timestamp.is_none()
        && let Some(generation) = meta.generation.as_mut().filter(|generation| **generation > 0)
    {
        *generation += 1;
    }
    meta.deletion_timestamp = Some(ends);
    meta.deletion_grace_period_seconds = Some(grace);
}

fn after(time: &Time, seconds: i64) -> Time {
    Time(time.0.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(time.0))
}

/// The success that says which object is gone (contract 4.10.5).
pub(super) fn success(cx: &Context, meta: &ObjectMeta) -> Status {
    let resource = cx.resource().group_resource();
    let mut status = Status::success();
    let details = status.details_mut();
    text(meta.name.as_ref()).clone_into(&mut details.name);
    details.group = resource.group.into_owned();
    details.kind = resource.resource.into_owned();
    text(meta.uid.as_ref()).clone_into(&mut details.uid);
    status
}
