//! POST: create an object (contract 4.5).

use std::any::Any;
use std::sync::Arc;

use http::StatusCode;

use super::call::handler_part;
use super::erased::erased_part;
use super::exchange::Sent;
use super::managed::Tracking;
use super::{Admit, AnyAdmit, BoxFuture, Call, Context, Handler, PartOf, Reply, Response, Storage};
use crate::object::AnyObject;
use crate::route::{Action, Parameters};
use crate::wire::options::CreateOptions;
use crate::wire::status::{Result, Status};

/// `POST` on a collection, or with a name on a subresource.
pub const POST: Action = Action {
    name: "POST",
    verb: "create",
    operation: "create",
    parameters: Parameters::Write,
    takes_object: true,
    codes: &[200, 201, 202],
    gives_list: false,
    deprecated: false,
};

/// Creates objects: POST (contract 1.13).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `create`",
    label = "verb `create` needs `impl Creater`",
    note = "write `impl Creater for {Self}`, or remove `create` from the `#[rest(...)]` attribute"
)]
pub trait Creater: Storage {
    /// Whether uid, timestamps and the like of the request are kept, on a subresource (contract 1.27).
    const PRESERVES_OBJECT_META: bool = false;

    /// Stores a new object and returns it as stored. `admit` is asked before the write, with the final object.
    fn create(
        &self,
        cx: &Context,
        object: Self::Object,
        admit: &Admit<Self::Object>,
        options: &CreateOptions,
    ) -> impl Future<Output = Result<Self::Object>> + Send;

    /// As [`create`](Self::create); a storage that holds encoded objects answers with those.
    fn create_reply(
        &self,
        cx: &Context,
        object: Self::Object,
        admit: &Admit<Self::Object>,
        options: &CreateOptions,
    ) -> impl Future<Output = Result<Reply<Self::Object>>> + Send {
        async { self.create(cx, object, admit, options).await.map(Reply::Object) }
    }
}

/// The name is empty for a `Creater`.
pub(super) type CreateFn = for<'a> fn(
    &'a (dyn Any + Send + Sync),
    &'a Context,
    &'a str,
    Box<dyn AnyObject>,
    Option<Arc<dyn AnyAdmit>>,
    &'a CreateOptions,
) -> BoxFuture<'a, Result<Reply<Box<dyn AnyObject>>>>;

/// The handler of POST by a `Creater`.
pub const fn create<S: Storage, P: Creater + PartOf<S>>() -> Handler {
    if P::ERASED.is_some() {
        return |call| {
            let posted = Posted { preserves_object_meta: P::PRESERVES_OBJECT_META, is_kept: true };
            core(call, posted, |storage, cx, _name, object, admit, options| {
                erased_part::<S, P>(storage).create(cx, object, admit, options)
            })
        };
    }
    |call| {
        let posted = Posted { preserves_object_meta: P::PRESERVES_OBJECT_META, is_kept: true };
        core(call, posted, |storage, cx, _name, object, admit, options| {
            Box::pin(async move {
                let (part, object) = (handler_part::<S, P>(storage)?, object.downcast()?);
                part.create_reply(cx, object, &Admit::from_any(admit), options).await.map(Reply::erased)
            })
        })
    }
}

/// What a posted object is to its storage.
#[derive(Clone, Copy)]
struct Posted {
    preserves_object_meta: bool,
    /// Whether the object is what is stored. What is posted below another object tells what to do with that, and belongs
    /// to nobody.
    is_kept: bool,
}

fn core(call: Call, posted: Posted, create: CreateFn) -> BoxFuture<'static, Result<Response>> {
    Box::pin(async move {
        let mut call = call;
        let media = call.negotiate()?;
        let format = call.body_format()?;
        let body = call.read_body().await?;
        let options = CreateOptions::from_query(&call.query())?;
        call.cx.set_write_options(options.dry_run, options.field_manager.as_deref());
        let mut sent = call.decode_object(&body, format, options.field_validation)?;
        if !posted.preserves_object_meta {
            sent.wipe_system_metadata();
        }
        sent.reconcile_namespace(call.cx.namespace())?;
        let Sent { mut object, document } = sent;
        if posted.is_kept {
            Tracking::of(&call).track(None, &mut *object, &document);
        }
        let mut reply = create(&*call.endpoint.storage, &call.cx, &call.name, object, None, &options).await?;
        if let Reply::Status(status) = reply {
            reply = Reply::Status(status.or_code(StatusCode::CREATED));
        }
        call.response(media, reply, StatusCode::CREATED)
    })
}

/// POST by a `NamedCreater`: the path must have a name (contract 4.5.3).
pub(super) fn named_core(
    call: Call,
    preserves_object_meta: bool,
    create: CreateFn,
) -> BoxFuture<'static, Result<Response>> {
    if call.name.is_empty() {
        return Box::pin(std::future::ready(Err(Status::bad_request("name must be provided"))));
    }
    core(call, Posted { preserves_object_meta, is_kept: false }, create)
}
