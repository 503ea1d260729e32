//! PUT: replace an object (contract 4.9.1-4.9.9).

use std::any::Any;
use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::call::handler_part;
use super::change::{AnyChange, AnyUpdate, Creates, Held};
use super::erased::erased_part;
use super::exchange::Sent;
use super::managed::Tracking;
use super::{BoxFuture, Call, Change, Context, Created, Handler, PartOf, Reply, Response, Storage};
use crate::object::AnyObject;
use crate::route::{Action, Parameters};
use crate::wire::options::{Preconditions, UpdateOptions};
use crate::wire::status::{Result, Status};

/// `PUT` on an object.
pub const PUT: Action = Action {
    name: "PUT",
    verb: "update",
    operation: "replace",
    parameters: Parameters::Write,
    takes_object: true,
    codes: &[200, 201],
    gives_list: false,
    deprecated: false,
};

/// Changes objects: PUT, and PATCH beside a `Getter` (contract 1.14).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `update`",
    label = "verb `update` needs `impl Updater`",
    note = "write `impl Updater for {Self}`, or remove `update` from the `#[rest(...)]` attribute"
)]
pub trait Updater: Storage {
    /// Applies the change to the object `name`, again if a concurrent write came first, and returns what is stored.
    fn update(
        &self,
        cx: &Context,
        name: &str,
        change: &Change<Self::Object>,
        options: &UpdateOptions,
    ) -> impl Future<Output = Result<(Self::Object, Created)>> + Send;

    /// As [`update`](Self::update); a storage that holds encoded objects answers with those.
    fn update_reply(
        &self,
        cx: &Context,
        name: &str,
        change: &Change<Self::Object>,
        options: &UpdateOptions,
    ) -> impl Future<Output = Result<(Reply<Self::Object>, Created)>> + Send {
        async {
            let (object, created) = self.update(cx, name, change, options).await?;
            Ok((Reply::Object(object), created))
        }
    }
}

/// PUT and PATCH differ in the change only.
pub(super) type UpdateFn = for<'a> fn(
    &'a (dyn Any + Send + Sync),
    &'a Context,
    &'a str,
    AnyUpdate,
    &'a UpdateOptions,
) -> BoxFuture<'a, Result<(Reply<Box<dyn AnyObject>>, Created)>>;

pub(super) const fn call_storage<S: Storage, P: Updater + PartOf<S>>() -> UpdateFn {
    if P::ERASED.is_some() {
        return |storage, cx, name, update, options| erased_part::<S, P>(storage).update(cx, name, update, options);
    }
    |storage, cx, name, update, options| {
        Box::pin(async move {
            let (reply, created) =
                handler_part::<S, P>(storage)?.update_reply(cx, name, &update.typed(), options).await?;
            Ok((reply.erased(), created))
        })
    }
}

/// The handler of PUT.
pub const fn update<S: Storage, P: Updater + PartOf<S>>() -> Handler {
    |call| core(call, const { call_storage::<S, P>() })
}

fn core(call: Call, update: UpdateFn) -> BoxFuture<'static, Result<Response>> {
    Box::pin(async move {
        let mut call = call;
        let media = call.negotiate()?;
        let body = call.read_body().await?;
        let options = UpdateOptions::from_query(&call.query())?;
        let format = call.body_format()?;
        call.cx.set_write_options(options.dry_run, options.field_manager.as_deref());
        let mut sent = call.decode_object(&body, format, options.field_validation)?;
        sent.reconcile_namespace(call.cx.namespace())?;
        let meta = sent.object.meta();
        check_name(meta, &call.name)?;
        // A uid in the body is a precondition (contract 4.9.6).
        let uid = meta.uid.clone().filter(|uid| !uid.is_empty());
        let change = AnyUpdate {
            change: Arc::new(Put { sent, tracking: Tracking::of(&call) }),
            preconditions: Preconditions { uid, resource_version: None },
            creates: Creates::IfAllowed,
            admit: None,
        };
        let (reply, created) = update(&*call.endpoint.storage, &call.cx, &call.name, change, &options).await?;
        call.response(media, reply, created.code())
    })
}

/// PUT: the object of the request, whatever is there.
struct Put {
    sent: Sent,
    tracking: Tracking,
}

impl AnyChange for Put {
    fn apply<'a>(&'a self, held: Option<Held<'a>>) -> BoxFuture<'a, Result<Box<dyn AnyObject>>> {
        let mut object = self.sent.object.clone_box();
        self.tracking.track(held, &mut *object, &self.sent.document);
        Box::pin(std::future::ready(Ok(object)))
    }
}

/// The object must have the name of the path (contract 4.9.2).
pub(super) fn check_name(meta: &ObjectMeta, name: &str) -> Result<()> {
    match meta.name.as_deref() {
        Some(own) if own == name => Ok(()),
        None | Some("") => Err(Status::bad_request(format!(
            "the name of the object ({name} based on URL) was undeterminable: name must be provided"
        ))),
        Some(own) => Err(Status::bad_request(format!(
            "the name of the object ({own}) does not match the name on the URL ({name})"
        ))),
    }
}
