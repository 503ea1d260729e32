//! PATCH: an update whose change is a patch (contract 4.9.10-4.9.22).

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use serde_json::Value;

use super::apply::Configuration;
use super::change::{AnyChange, AnyUpdate, Creates, Held};
use super::exchange::{other_namespace, reconcile_namespace};
use super::managed::{self, Tracking};
use super::owners::{self, Seen};
use super::update::{UpdateFn, call_storage, check_name};
use super::{BoxFuture, Call, Getter, Handler, PartOf, Response, Storage, Updater};
use crate::apply::{Live, set_managed_fields};
use crate::object::AnyObject;
use crate::route::{Action, Parameters};
use crate::wire::decode::typemeta::{check, compare, filled_in};
use crate::wire::media::{self, PatchType};
use crate::wire::options::{FieldValidation, PatchOptions, Preconditions, UpdateOptions};
use crate::wire::patch::strategic::StrategicMerge;
use crate::wire::patch::{Patch, PatchKind, strict_problems, undecodable};
use crate::wire::status::{Result, Status};

/// `PATCH` on an object.
pub const PATCH: Action = Action {
    name: "PATCH",
    verb: "patch",
    operation: "patch",
    parameters: Parameters::Patch,
    takes_object: false,
    codes: &[200, 201],
    gives_list: false,
    deprecated: false,
};

/// A storage that can be patched: whatever has `Getter` and `Updater` (contract 1.15). There is nothing to implement.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `patch`",
    label = "verb `patch` comes from `Getter` + `Updater`",
    note = "write the missing impl, or remove `patch` from the `#[rest(...)]` attribute"
)]
pub trait Patcher: Getter + Updater {}

impl<S: Getter + Updater> Patcher for S {}

/// The handler of PATCH.
pub const fn patch<S: Storage, P: Updater + PartOf<S>>() -> Handler {
    |call| core(call, const { call_storage::<S, P>() })
}

fn core(call: Call, update: UpdateFn) -> BoxFuture<'static, Result<Response>> {
    Box::pin(async move {
        let mut call = call;
        // The body is refused before the form of the answer matters. The types are always named, as custom resources do,
        // because kubectl prints them for `kubectl patch` without a type (contract 4.2.7, 9.2.4).
        let kind = media::patch_type(call.content_type(), call.endpoint.patch_types())?;
        let media = call.negotiate()?;
        let body = call.read_body().await?;
        let is_apply = kind == PatchType::Apply;
        let options = PatchOptions::from_query(&call.query(), is_apply)?;
        call.cx.set_write_options(options.dry_run, options.field_manager.as_deref());
        let (what, problems) = What::parse(kind, &body, &options)?;
        let change = Arc::new(Patching {
            what,
            problems,
            field_validation: options.field_validation,
            tracking: Tracking::of(&call),
            namespace: call.cx.namespace().map(ToOwned::to_owned),
            name: call.name.clone(),
            warnings: Mutex::default(),
        });
        let any = AnyUpdate {
            change: Arc::clone(&change) as _,
            preconditions: Preconditions::default(),
            creates: if is_apply { Creates::Always } else { Creates::No },
            admit: None,
        };
        let options = UpdateOptions {
            dry_run: options.dry_run,
            field_manager: options.field_manager,
            field_validation: options.field_validation,
        };
        let (reply, created) = update(&*call.endpoint.storage, &call.cx, &call.name, any, &options).await?;
        for warning in std::mem::take(&mut *change.warnings.lock().unwrap_or_else(PoisonError::into_inner)) {
            call.cx.warn(warning);
        }
        call.response(media, reply, created.code())
    })
}

/// What is done to the object.
enum What {
    Patch(Patch),
    Strategic(StrategicMerge),
    Apply(Configuration),
}

impl What {
    /// Reads a body; also tells what is odd about the body itself.
    fn parse(kind: PatchType, body: &[u8], options: &PatchOptions) -> Result<(Self, Vec<String>)> {
        let kind = match kind {
            PatchType::Apply => {
                let force = options.force.unwrap_or_default();
                let (configuration, problems) = Configuration::parse(body, force, options.field_validation)?;
                return Ok((Self::Apply(configuration), problems));
            }
            PatchType::StrategicMerge => {
                let (patch, problems) = StrategicMerge::parse(body)?;
                return Ok((Self::Strategic(patch), problems));
            }
            PatchType::Json => PatchKind::Json,
            PatchType::Merge => PatchKind::Merge,
        };
        let (patch, problems) = Patch::parse(kind, body)?;
        Ok((Self::Patch(patch), problems))
    }
}

/// A patch, applied to whatever is there, in the version of the request (contract 4.9.12).
struct Patching {
    what: What,
    /// Unknown keys of a patch's own operations, and keys that are there twice.
    problems: Vec<String>,
    field_validation: FieldValidation,
    tracking: Tracking,
    namespace: Option<String>,
    name: String,
    /// Those of the last attempt.
    warnings: Mutex<Vec<String>>,
}

impl Patching {
    fn changed(&self, held: Option<Held<'_>>) -> Result<Box<dyn AnyObject>> {
        let document = held.map(|held| self.tracking.document(held)).transpose()?;
        let live = held.zip(document.as_deref()).map(|(held, document)| managed::live(held, document));
        let changed = self.changed_from(live);
        let (Err(_), Some(held), Some(Cow::Borrowed(document))) = (&changed, held, document) else { return changed };
        // What is stored may have been written by a former version of the type, whose fields had other names.
        let renewed = self.tracking.encoded(held.object)?;
        if renewed == *document { changed } else { self.changed_from(Some(managed::live(held, &renewed))) }
    }

    fn changed_from(&self, live: Option<Live<'_>>) -> Result<Box<dyn AnyObject>> {
        let Tracking { endpoint, manager } = &self.tracking;
        match (&self.what, live) {
            // The fields of an apply are managed by what applies it.
            (What::Apply(configuration), live) => {
                let (applied, managed_fields) = configuration.apply(live, endpoint, &self.name, manager)?;
                let applied = check(applied, endpoint.gvk(), b"")?;
                let mut object = self.decoded(&applied, managed_fields.as_deref())?;
                object.meta_mut().managed_fields = managed_fields;
                reconcile_namespace(object.meta_mut(), self.namespace.as_deref())?;
                Ok(object)
            }
            (_, None) => Err(Status::not_found(&endpoint.group_resource, &self.name)),
            (What::Patch(patch), Some(live)) => {
                let document = document(live, patch.looks_at_managed_fields())?;
                self.patched(patch.apply(document)?, live)
            }
            (What::Strategic(patch), Some(live)) => {
                let document = document(live, patch.looks_at_managed_fields())?;
                self.patched(patch.apply(document, endpoint.merge_schema())?, live)
            }
        }
    }

    /// The object that a patch has made of the live one.
    fn patched(&self, mut document: Value, live: Live<'_>) -> Result<Box<dyn AnyObject>> {
        // Only those that the patch has changed are the client's.
        let sent = set_managed_fields(&mut document, Value::Null);
        let known = sent.is_null() || serde_json::to_value(live.entries).is_ok_and(|entries| entries == sent);
        if !known {
            set_managed_fields(&mut document, sent);
        }
        let gvk = self.tracking.endpoint.gvk();
        compare(&document, gvk).map_err(|other| undecodable(&document, other))?;
        let document = filled_in(document, gvk);
        let mut object = self.decoded(&document, known.then_some(live.entries))?;
        if object.meta().namespace.as_deref().unwrap_or_default() != self.namespace.as_deref().unwrap_or_default() {
            return Err(other_namespace());
        }
        self.tracking.track_since(Some(live), &mut *object, &document);
        Ok(object)
    }

    /// The object that the document is, under its old name. Managed fields that are beside it, and not the client's, are
    /// only told.
    fn decoded(&self, document: &Value, beside: Option<&[ManagedFieldsEntry]>) -> Result<Box<dyn AnyObject>> {
        let endpoint = &self.tracking.endpoint;
        let whole = || {
            let mut whole = document.clone();
            if let Some(entries) = beside.and_then(|entries| serde_json::to_value(entries).ok()) {
                set_managed_fields(&mut whole, entries);
            }
            whole
        };
        let decoded = endpoint.codec.decode(document);
        let decoded = decoded.map_err(|error| error.into_status(|error| undecodable(&whole(), error)))?;
        let mut object = decoded.object;
        let mut warnings = strict_problems(self.field_validation, whole, &self.problems, &decoded.unknown_fields)?;
        warnings.extend(owners::once(object.meta_mut(), Seen::AfterThePatch));
        *self.warnings.lock().unwrap_or_else(PoisonError::into_inner) = warnings;
        check_name(object.meta(), &self.name)?;
        Ok(object)
    }
}

/// What a patch applies to; the managed fields may be the greater part, and hardly any patch looks at them.
fn document(live: Live<'_>, with_managed_fields: bool) -> Result<Value> {
    let mut document = live.object.clone();
    if with_managed_fields && !live.entries.is_empty() {
        set_managed_fields(&mut document, serde_json::to_value(live.entries).map_err(Status::internal_error)?);
    }
    Ok(document)
}

impl AnyChange for Patching {
    fn apply<'a>(&'a self, held: Option<Held<'a>>) -> BoxFuture<'a, Result<Box<dyn AnyObject>>> {
        Box::pin(std::future::ready(self.changed(held)))
    }
}
