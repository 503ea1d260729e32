//! DELETE: remove an object, now or gracefully (contract 4.10).

use std::any::Any;
use std::sync::Arc;

use http::StatusCode;

use super::call::handler_part;
use super::erased::erased_part;
use super::{Admit, AnyAdmit, BoxFuture, Call, Context, Deleted, Handler, PartOf, Reply, Response, Storage};
use crate::object::AnyObject;
use crate::route::{Action, Parameters};
use crate::wire::options::DeleteOptions;
use crate::wire::status::{Result, Status};

/// `DELETE` on an object.
pub const DELETE: Action = Action {
    name: "DELETE",
    verb: "delete",
    operation: "delete",
    parameters: Parameters::Delete,
    takes_object: false,
    codes: &[200, 202],
    gives_list: false,
    deprecated: false,
};

/// Deletes objects: DELETE (contract 1.16).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `delete`",
    label = "verb `delete` needs `impl GracefulDeleter`",
    note = "write `impl GracefulDeleter for {Self}`, or remove `delete` from the `#[rest(...)]` attribute"
)]
pub trait GracefulDeleter: Storage {
    /// Whether DELETE answers with the object, for the documentation (contract 1.17).
    const RETURNS_DELETED_OBJECT: bool = false;

    /// Removes the object `name`, or begins to; says whether it is gone already. `admit` is asked with the object as it
    /// is, before anything is changed.
    fn delete(
        &self,
        cx: &Context,
        name: &str,
        admit: &Admit<Self::Object>,
        options: &DeleteOptions,
    ) -> impl Future<Output = Result<(Deleted<Self::Object>, bool)>> + Send;
}

type DeleteFn = for<'a> fn(
    &'a (dyn Any + Send + Sync),
    &'a Context,
    &'a str,
    Option<Arc<dyn AnyAdmit>>,
    &'a DeleteOptions,
) -> BoxFuture<'a, Result<(Deleted<Box<dyn AnyObject>>, bool)>>;

/// The handler of DELETE.
pub const fn delete<S: Storage, P: GracefulDeleter + PartOf<S>>() -> Handler {
    if P::ERASED.is_some() {
        return |call| {
            core(call, |storage, cx, name, admit, options| {
                erased_part::<S, P>(storage).delete(cx, name, admit, options)
            })
        };
    }
    |call| {
        core(call, |storage, cx, name, admit, options| {
            Box::pin(async move {
                let part = handler_part::<S, P>(storage)?;
                let (deleted, gone) = part.delete(cx, name, &Admit::from_any(admit), options).await?;
                Ok((deleted.erased(), gone))
            })
        })
    }
}

fn core(call: Call, delete: DeleteFn) -> BoxFuture<'static, Result<Response>> {
    Box::pin(async move {
        let mut call = call;
        let media = call.negotiate()?;
        let options = call.delete_options().await?;
        call.cx.set_write_options(options.dry_run, None);
        let (deleted, gone) = delete(&*call.endpoint.storage, &call.cx, &call.name, None, &options).await?;
        // Only who asked for its dependents not to be orphaned is told that the object is still there (contract 4.10.6).
        let code = match options.orphan_dependents {
            Some(false) if !gone => StatusCode::ACCEPTED,
            _ => StatusCode::OK,
        };
        let reply = match deleted {
            Deleted::Object(object) => Reply::Object(object),
            Deleted::Encoded(encoded) => Reply::Encoded(encoded),
            Deleted::Status(status) => Reply::Status(status),
            Deleted::Nothing => Reply::Status(nothing_left(&call, code)),
        };
        call.response(media, reply, code)
    })
}

/// A storage that says nothing of what it deleted (contract 4.10.7).
fn nothing_left(call: &Call, code: StatusCode) -> Status {
    let mut status = Status::success().with_code(code);
    let details = status.details_mut();
    details.name.clone_from(&call.name);
    details.kind = call.endpoint.info.kind.to_string();
    status
}
