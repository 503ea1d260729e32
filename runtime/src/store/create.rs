//! The steps of a create (contract 4.5.10-4.5.14, 5.2).

use std::sync::Arc;

use super::core::{StoreCore, Tracked, Written, encode, now, resource_version, text};
use super::{json, meta};
use crate::backend::{Commit, Expect, Versioned};
use crate::object::AnyObject;
use crate::verb::{AnyAdmit, Context};
use crate::wire::status::{Result, Status};

/// How many names are tried (contract 4.5.12).
const ATTEMPTS: usize = 8;

impl StoreCore {
    pub(super) async fn create(
        &self,
        cx: &Context,
        mut object: Box<dyn AnyObject>,
        admit: Option<&Arc<dyn AnyAdmit>>,
        dry_run: bool,
    ) -> Result<Written> {
        if resource_version(object.meta())?.is_some() {
            return Err(Status::bad_request("resourceVersion should not be set on objects to be created"));
        }
        Self::reconcile_namespace(cx, &mut *object)?;
        let generates = text(object.meta().name.as_ref()).is_empty();
        let generate_name = object.meta().generate_name.clone().filter(|base| !base.is_empty());
        let Some(base) = generate_name.filter(|_| generates) else {
            return self.create_once(cx, object, admit, dry_run, Tracked::IfThereIsRoom).await;
        };
        let mut attempt = 1;
        loop {
            let mut object = object.clone_box();
            object.meta_mut().name = Some(self.strategy.generate_name(&base));
            match self.create_once(cx, object, admit, dry_run, Tracked::IfThereIsRoom).await {
                Err(status) if status.reason() == "AlreadyExists" && attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    /// A create under the name that the object has.
    pub(super) async fn create_once(
        &self,
        cx: &Context,
        mut object: Box<dyn AnyObject>,
        admit: Option<&Arc<dyn AnyAdmit>>,
        dry_run: bool,
        tracked: Tracked,
    ) -> Result<Written> {
        reset_system_metadata(&mut *object);
        self.strategy.default_object(&mut *object)?;
        self.strategy.prepare_for_create(cx, &mut *object)?;
        if self.has_status() {
            object = self.with_status(object, None)?;
        }
        let mut errors = self.strategy.validate(cx, &*object)?;
        if errors.is_empty() {
            errors = meta::validate(object.meta(), cx.resource().is_namespaced(), &*self.strategy);
        }
        let name = text(object.meta().name.as_ref()).to_owned();
        if !errors.is_empty() {
            return Err(Status::invalid(&cx.resource().group_kind(), &name, &errors));
        }
        for warning in self.strategy.warnings_on_create(cx, &*object)? {
            cx.warn(warning);
        }
        self.strategy.canonicalize(&mut *object)?;
        self.admit(cx, admit, Some(&*object), None).await?;

        let key = Self::key(object.meta().namespace.as_deref(), &name, cx)?;
        let json = encode(&mut *object)?;
        if dry_run {
            return match self.stored(&key).await? {
                Some(existing) => Err(already_exists(cx, &*object, &existing)),
                None => Written::new(object, json, 0),
            };
        }
        let (committed, json) = self.commit_object(&key, Expect::Absent, &mut *object, json, tracked).await?;
        match committed {
            Commit::Done(revision) => Written::new(object, json, revision),
            Commit::Conflict(Some(existing)) => Err(already_exists(cx, &*object, &existing)),
            // Only a backend that breaks its contract says so.
            Commit::Conflict(None) => Err(Status::internal_error("the storage refused to create an object")),
        }
    }

    /// The object is in the namespace of the request, or in none (contract 4.5.8).
    pub(super) fn reconcile_namespace(cx: &Context, object: &mut dyn AnyObject) -> Result<()> {
        let meta = object.meta_mut();
        if !cx.resource().is_namespaced() {
            meta.namespace = None;
            return Ok(());
        }
        let requested = cx.namespace().unwrap_or_default();
        match text(meta.namespace.as_ref()) {
            "" => meta.namespace = cx.namespace().map(str::to_owned),
            namespace if namespace == requested => {}
            _ => {
                return Err(Status::bad_request(
                    "the namespace of the provided object does not match the namespace sent on the request",
                ));
            }
        }
        Ok(())
    }

    /// The object with another status, given as JSON, or without one. The object is only encoded and decoded where it
    /// does not have that already.
    pub(super) fn with_status(&self, object: Box<dyn AnyObject>, status: Option<&[u8]>) -> Result<Box<dyn AnyObject>> {
        if json::member(&status_of(&*object)?, "status") == status {
            return Ok(object);
        }
        let json = json::set_member(&object.encode()?, "status", status);
        self.decode(&json.ok_or_else(|| Status::internal_error("an object is not encoded as a JSON object"))?)
    }
}

/// The JSON of an object with the status, if it has one.
pub(super) fn status_of(object: &dyn AnyObject) -> Result<Vec<u8>> {
    object.encode_members(&|name| name == "status")
}

/// What a client cannot set (contract 4.5.10, 5.2).
fn reset_system_metadata(object: &mut dyn AnyObject) {
    let meta = object.meta_mut();
    meta.creation_timestamp = Some(now());
    meta.uid = Some(uuid::Uuid::new_v4().to_string());
    meta.deletion_timestamp = None;
    meta.deletion_grace_period_seconds = None;
    meta.self_link = None;
    meta.resource_version = None;
    meta.generation = Some(1);
}

/// 409, in the form that tells what the client has to do about it (contract 4.5.11, 4.5.12).
fn already_exists(cx: &Context, object: &dyn AnyObject, existing: &Versioned) -> Status {
    let (resource, name) = (cx.resource().group_resource(), text(object.meta().name.as_ref()));
    let status = if text(object.meta().generate_name.as_ref()).is_empty() {
        Status::already_exists(&resource, name)
    } else {
        Status::generate_name_exhausted(&resource, name)
    };
    let meta = json::member(&existing.value, "metadata").unwrap_or_default();
    if json::member(meta, "deletionTimestamp").is_none_or(|timestamp| timestamp == b"null") {
        return status;
    }
    let message = format!("object is being deleted: {}", status.message());
    status.with_message(message)
}
