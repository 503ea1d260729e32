//! PATCH: an update whose change is a patch (contract 4.9.10-4.9.17).

use std::sync::{Arc, Mutex, PoisonError};

use super::change::{AnyChange, AnyUpdate};
use super::update::{UpdateFn, call_storage, check_name};
use super::{BoxFuture, Call, Endpoint, Getter, Handler, PartOf, Response, Storage, Updater};
use crate::object::AnyObject;
use crate::route::{Action, Parameters};
use crate::wire::decode::typemeta::check;
use crate::wire::media::{self, PatchType};
use crate::wire::options::{FieldValidation, PatchOptions, Preconditions, UpdateOptions};
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
        let kind = patch_kind(call.content_type())?;
        let media = call.negotiate()?;
        let body = call.read_body().await?;
        let options = PatchOptions::from_query(&call.query(), false)?;
        call.cx.set_write_options(options.dry_run, options.field_manager.as_deref());
        let (patch, problems) = Patch::parse(kind, &body)?;
        let change = Arc::new(Patching {
            patch,
            problems,
            field_validation: options.field_validation,
            endpoint: Arc::clone(&call.endpoint),
            namespace: call.cx.namespace().map(ToOwned::to_owned),
            name: call.name.clone(),
            warnings: Mutex::default(),
        });
        let any = AnyUpdate {
            change: Arc::clone(&change) as _,
            preconditions: Preconditions::default(),
            may_create: false,
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

/// A patch, applied to whatever is there, in the version of the request (contract 4.9.12).
struct Patching {
    patch: Patch,
    /// Unknown keys of the patch's own operations.
    problems: Vec<String>,
    field_validation: FieldValidation,
    endpoint: Arc<Endpoint>,
    namespace: Option<String>,
    name: String,
    /// Those of the last attempt.
    warnings: Mutex<Vec<String>>,
}

impl Patching {
    fn patch(&self, old: &dyn AnyObject) -> Result<Box<dyn AnyObject>> {
        let codec = &self.endpoint.codec;
        let old = serde_json::from_slice(&codec.encode(old)?).map_err(Status::internal_error)?;
        let patched = check(self.patch.apply(old)?, self.endpoint.gvk(), b"")?;
        let decoded =
            codec.decode(patched.clone()).map_err(|error| error.into_status(|error| undecodable(&patched, error)))?;
        let warnings = strict_problems(self.field_validation, &patched, &self.problems, &decoded.unknown_fields)?;
        *self.warnings.lock().unwrap_or_else(PoisonError::into_inner) = warnings;
        let meta = decoded.object.meta();
        check_name(meta, &self.name)?;
        if meta.namespace.as_deref().unwrap_or_default() != self.namespace.as_deref().unwrap_or_default() {
            return Err(Status::bad_request(
                "the namespace of the provided object does not match the namespace sent on the request",
            ));
        }
        Ok(decoded.object)
    }
}

impl AnyChange for Patching {
    fn apply<'a>(&'a self, old: Option<&'a dyn AnyObject>) -> BoxFuture<'a, Result<Box<dyn AnyObject>>> {
        let patched = match old {
            Some(old) => self.patch(old),
            None => Err(Status::not_found(&self.endpoint.group_resource, &self.name)),
        };
        Box::pin(std::future::ready(patched))
    }
}

/// The patch types that are served (contract 2.5.3).
pub(crate) const PATCH_TYPES: &[PatchType] = &[PatchType::Json, PatchType::Merge];

/// The patch types that are served; strategic merge and apply are not (contract 4.9.10).
fn patch_kind(content_type: Option<&str>) -> Result<PatchKind> {
    match media::patch_type(content_type, PATCH_TYPES)? {
        PatchType::Json => Ok(PatchKind::Json),
        _ => Ok(PatchKind::Merge),
    }
}
