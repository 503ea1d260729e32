//! The loop of an update (contract 4.9.3-4.9.9, 4.9.12, 5.3-5.6, 5.8, 5.10).

use std::sync::Arc;

use bytes::Bytes;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, ObjectMeta};

use super::core::{Current, StoreCore, Tracked, Written, encode, resource_version, text};
use super::create::status_of;
use super::{json, meta};
use crate::backend::{Commit, Expect};
use crate::object::AnyObject;
use crate::verb::{AnyAdmit, AnyChange, Context, Creates, Held};
use crate::wire::field::FieldError;
use crate::wire::options::Preconditions;
use crate::wire::status::{GroupKind, Result, Status};

/// What an update does, without its type.
#[derive(Clone, Copy)]
pub(super) struct Update<'a> {
    pub(super) change: &'a Arc<dyn AnyChange>,
    pub(super) preconditions: &'a Preconditions,
    pub(super) creates: Creates,
    pub(super) admit: Option<&'a Arc<dyn AnyAdmit>>,
    pub(super) dry_run: bool,
    /// Whether it is an update of the status subresource.
    pub(super) status: bool,
}

impl Update<'_> {
    /// An apply is for who owns which field.
    fn tracked(&self) -> Tracked {
        if self.creates == Creates::Always { Tracked::Always } else { Tracked::IfThereIsRoom }
    }
}

/// What the loop does with the object that a change has given.
enum Step {
    Unchanged,
    Write(Bytes),
    /// The last finalizer of a deleted object is gone (contract 5.10).
    Remove(Bytes),
}

impl StoreCore {
    /// Applies a change to the object `name`, and again to what a concurrent write has made of it. Says whether it
    /// created the object.
    pub(super) async fn update(&self, cx: &Context, name: &str, update: Update<'_>) -> Result<(Written, bool)> {
        let key = Self::key(cx.namespace(), name, cx)?;
        let mut stored = self.stored(&key).await?;
        loop {
            let Some(held) = stored else {
                if !self.creates(update) {
                    return Err(cx.not_found(name));
                }
                return self.create_by_update(cx, name, update).await.map(|written| (written, true));
            };
            let current = self.current(held)?;
            let (mut object, step) = self.step(cx, name, &current, update).await?;
            let revision = current.stored.revision;
            let (json, removed) = match step {
                Step::Unchanged => return Ok((current.unchanged()?, false)),
                Step::Write(json) => (json, false),
                Step::Remove(json) => (json, true),
            };
            if update.dry_run {
                return Ok((Written::new(object, json, revision)?, false));
            }
            let expect = Expect::Revision(revision);
            let (committed, json) = if removed {
                (self.commit(&key, expect, None).await?, json)
            } else {
                self.commit_object(&key, expect, &mut *object, json, update.tracked()).await?
            };
            match committed {
                Commit::Done(written) => {
                    let revision = if removed { revision } else { written };
                    return Ok((Written::new(object, json, revision)?, false));
                }
                Commit::Conflict(now) => stored = now,
            }
        }
    }

    /// One round: the object as it shall be, and what to do with it.
    async fn step(
        &self,
        cx: &Context,
        name: &str,
        current: &Current,
        update: Update<'_>,
    ) -> Result<(Box<dyn AnyObject>, Step)> {
        let old = &*current.object;
        check_preconditions(cx, name, old, update.preconditions)?;
        let mut object = update.change.apply(Some(Held { object: old, json: current.json.as_ref() })).await?;
        self.check_resource_version(cx, name, &*object, current.stored.revision)?;
        object.meta_mut().resource_version = Some(current.stored.revision.to_string());
        check_name(name, &*object)?;
        Self::reconcile_namespace(cx, &mut *object)?;

        let object = if update.status {
            self.only_status(&*object, current)?
        } else {
            self.all_but_status(cx, object, current)?
        };
        let mut object = self.validated(cx, name, object, old)?;
        self.admit(cx, update.admit, Some(&*object), Some(old)).await?;

        // It has its resource version again when it is written.
        let json = encode(&mut *object)?;
        let step = if is_finished(&*object, old) {
            Step::Remove(json)
        } else if *json == *current.stored.value || differs_in_times_only(&*object, &json, current) {
            Step::Unchanged
        } else {
            Step::Write(json)
        };
        Ok((object, step))
    }

    /// The resource version that the client sends is the one that is stored, or need not be sent (contract 4.9.4,
    /// 4.9.5).
    fn check_resource_version(&self, cx: &Context, name: &str, object: &dyn AnyObject, stored: u64) -> Result<()> {
        match resource_version(object.meta())? {
            Some(sent) if sent == stored => Ok(()),
            Some(_) => Err(modified(cx, name)),
            None if self.strategy.allow_unconditional_update() => Ok(()),
            None => {
                let resource = cx.resource().group_resource();
                let kind = GroupKind { group: resource.group, kind: resource.resource };
                let error = FieldError::invalid("metadata.resourceVersion", 0, "must be specified for an update");
                Err(Status::invalid(&kind, name, &[error]))
            }
        }
    }

    /// The main endpoint: everything may change but the status, if that is a subresource (contract 5.4-5.6).
    fn all_but_status(
        &self,
        cx: &Context,
        mut object: Box<dyn AnyObject>,
        current: &Current,
    ) -> Result<Box<dyn AnyObject>> {
        let old = &*current.object;
        object.meta_mut().generation = old.meta().generation;
        self.strategy.default_object(&mut *object)?;
        self.strategy.prepare_for_update(cx, &mut *object, old)?;
        keep_system_metadata(&mut *object, old);
        let has_status = self.has_status();
        if has_status && !current.has(&*object, &|name| name == "status") {
            object = self.with_status(object, json::member(&current.stored.value, "status"))?;
        }
        if object.meta().generation == old.meta().generation {
            let except: &[&str] = if has_status { &["metadata", "status"] } else { &["metadata"] };
            let rest = |name: &str| !except.contains(&name);
            // What is stored may have been written by a former version of the type: only a difference is looked at
            // twice.
            let differs = !current.has(&*object, &rest)
                && !json::same_except(&object.encode_members(&rest)?, &old.encode_members(&rest)?, except);
            if differs {
                object.meta_mut().generation = Some(old.meta().generation.unwrap_or(0) + 1);
            }
        }
        Ok(object)
    }

    /// `/status`: nothing changes but the status and whose fields are whose (contract 5.6).
    fn only_status(&self, object: &dyn AnyObject, current: &Current) -> Result<Box<dyn AnyObject>> {
        let sent = status_of(object)?;
        let mut kept = self.with_status(current.object.clone_box(), json::member(&sent, "status"))?;
        kept.meta_mut().managed_fields.clone_from(&object.meta().managed_fields);
        kept.meta_mut().resource_version.clone_from(&object.meta().resource_version);
        self.strategy.default_object(&mut *kept)?;
        Ok(kept)
    }

    fn validated(
        &self,
        cx: &Context,
        name: &str,
        mut object: Box<dyn AnyObject>,
        old: &dyn AnyObject,
    ) -> Result<Box<dyn AnyObject>> {
        let mut errors = meta::validate_update(object.meta(), old.meta());
        errors.extend(self.strategy.validate_update(cx, &*object, old)?);
        if !errors.is_empty() {
            return Err(Status::invalid(&cx.resource().group_kind(), name, &errors));
        }
        for warning in self.strategy.warnings_on_update(cx, &*object, old)? {
            cx.warn(warning);
        }
        self.strategy.canonicalize(&mut *object)?;
        Ok(object)
    }

    /// Whether the update creates an object that is not there (contract 4.9.3, 4.9.13). There is no status without one.
    fn creates(&self, update: Update<'_>) -> bool {
        let creates = match update.creates {
            Creates::No => false,
            Creates::IfAllowed => self.strategy.allow_create_on_update(),
            Creates::Always => true,
        };
        creates && !update.status
    }

    /// The object was not there, and may be created so (contract 4.9.3).
    async fn create_by_update(&self, cx: &Context, name: &str, update: Update<'_>) -> Result<Written> {
        if let Some(uid) = &update.preconditions.uid {
            return Err(precondition_failed(cx, name, "UID", uid, ""));
        }
        let mut object = update.change.apply(None).await?;
        check_name(name, &*object)?;
        if resource_version(object.meta())?.is_some() {
            return Err(modified(cx, name));
        }
        Self::reconcile_namespace(cx, &mut *object)?;
        self.create_once(cx, object, update.admit, update.dry_run, update.tracked()).await
    }
}

/// What only the server changes, and what a client may leave out (contract 4.9.9, 5.4).
fn keep_system_metadata(object: &mut dyn AnyObject, old: &dyn AnyObject) {
    let (meta, old) = (object.meta_mut(), old.meta());
    if text(meta.uid.as_ref()).is_empty() {
        meta.uid.clone_from(&old.uid);
    }
    if old.creation_timestamp.is_some() {
        meta.creation_timestamp.clone_from(&old.creation_timestamp);
    }
    if old.deletion_timestamp.is_some() {
        meta.deletion_timestamp.clone_from(&old.deletion_timestamp);
    }
    if meta.deletion_grace_period_seconds.is_none() {
        meta.deletion_grace_period_seconds = old.deletion_grace_period_seconds;
    }
    meta.self_link = None;
}

/// Whether the change lets a deleted object go (contract 4.9.8, 5.10).
fn is_finished(object: &dyn AnyObject, old: &dyn AnyObject) -> bool {
    let no_finalizers = object.meta().finalizers.as_ref().is_none_or(Vec::is_empty);
    let old = old.meta();
    no_finalizers
        && old.deletion_timestamp.is_some()
        && old.deletion_grace_period_seconds.is_none_or(|grace| grace == 0)
}

fn managers(meta: &ObjectMeta) -> &[ManagedFieldsEntry] {
    meta.managed_fields.as_deref().unwrap_or_default()
}

/// Whether nothing is new but the times at which managers took their fields, which is no change (contract 4.9.25).
fn differs_in_times_only(object: &dyn AnyObject, json: &[u8], current: &Current) -> bool {
    // Most writes change these or what is no metadata, and are seen through at once.
    let (meta, old) = (object.meta(), current.object.meta());
    if meta.annotations != old.annotations || meta.labels != old.labels {
        return false;
    }
    let stored: &[u8] = &current.stored.value;
    json::same_except(json, stored, &["metadata"])
        && json::member(json, "metadata")
            .zip(json::member(stored, "metadata"))
            .is_some_and(|(new, old)| json::same_except(new, old, &["managedFields"]))
        && meta::same_managers(managers(old), managers(meta))
}

/// The name cannot change (contract 4.9.2, 4.9.12).
fn check_name(name: &str, object: &dyn AnyObject) -> Result<()> {
    match text(object.meta().name.as_ref()) {
        same if same == name => Ok(()),
        "" => Err(Status::bad_request(format!(
            "the name of the object ({name} based on URL) was undeterminable: name must be provided"
        ))),
        other => Err(Status::bad_request(format!(
            "the name of the object ({other}) does not match the name on the URL ({name})"
        ))),
    }
}

fn check_preconditions(cx: &Context, name: &str, old: &dyn AnyObject, preconditions: &Preconditions) -> Result<()> {
    let (uid, version) = (text(old.meta().uid.as_ref()), text(old.meta().resource_version.as_ref()));
    for (what, wanted, is) in
        [("UID", &preconditions.uid, uid), ("ResourceVersion", &preconditions.resource_version, version)]
    {
        if let Some(wanted) = wanted.as_ref().filter(|wanted| *wanted != is) {
            return Err(precondition_failed(cx, name, what, wanted, is));
        }
    }
    Ok(())
}

fn precondition_failed(cx: &Context, name: &str, what: &str, wanted: &str, is: &str) -> Status {
    cx.conflict(
        name,
        format_args!("Precondition failed: {what} in precondition: {wanted}, {what} in object meta: {is}"),
    )
}

fn modified(cx: &Context, name: &str) -> Status {
    cx.conflict(name, "the object has been modified; please apply your changes to the latest version and try again")
}
