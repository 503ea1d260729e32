//! DELETECOLLECTION: delete what the selectors match (contract 4.10.16).

use std::any::Any;
use std::sync::Arc;

use super::call::handler_part;
use super::erased::erased_part;
use super::{Admit, AnyAdmit, BoxFuture, Call, Context, Handler, List, ListReply, PartOf, Response, Storage};
use crate::object::AnyObject;
use crate::route::{Action, Parameters};
use crate::wire::options::{DeleteOptions, ListOptions};
use crate::wire::status::Result;

/// `DELETE` on a collection.
pub const DELETECOLLECTION: Action = Action {
    name: "DELETECOLLECTION",
    verb: "deletecollection",
    operation: "delete",
    parameters: Parameters::DeleteCollection,
    takes_object: false,
    codes: &[200],
    gives_list: false,
    deprecated: false,
};

/// Deletes what the selectors match: DELETE on the collection (contract 1.18).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `delete_collection`",
    label = "verb `delete_collection` needs `impl CollectionDeleter`",
    note = "write `impl CollectionDeleter for {Self}`, or remove `delete_collection` from the `#[rest(...)]` attribute"
)]
pub trait CollectionDeleter: Storage {
    /// Deletes the objects that `list` selects, one after the other, and returns them. Not atomic: at an error, what
    /// was deleted before stays deleted.
    fn delete_collection(
        &self,
        cx: &Context,
        admit: &Admit<Self::Object>,
        options: &DeleteOptions,
        list: &ListOptions,
    ) -> impl Future<Output = Result<List<Self::Object>>> + Send;

    /// As [`delete_collection`](Self::delete_collection); a storage that holds encoded objects answers with those.
    fn delete_collection_reply(
        &self,
        cx: &Context,
        admit: &Admit<Self::Object>,
        options: &DeleteOptions,
        list: &ListOptions,
    ) -> impl Future<Output = Result<ListReply<Self::Object>>> + Send {
        async { self.delete_collection(cx, admit, options, list).await.map(ListReply::Typed) }
    }
}

type DeleteCollectionFn = for<'a> fn(
    &'a (dyn Any + Send + Sync),
    &'a Context,
    Option<Arc<dyn AnyAdmit>>,
    &'a DeleteOptions,
    &'a ListOptions,
) -> BoxFuture<'a, Result<ListReply<Box<dyn AnyObject>>>>;

/// The handler of DELETECOLLECTION.
pub const fn delete_collection<S: Storage, P: CollectionDeleter + PartOf<S>>() -> Handler {
    if P::ERASED.is_some() {
        return |call| {
            core(call, |storage, cx, admit, options, list| {
                erased_part::<S, P>(storage).delete_collection(cx, admit, options, list)
            })
        };
    }
    |call| {
        core(call, |storage, cx, admit, options, list| {
            Box::pin(async move {
                let part = handler_part::<S, P>(storage)?;
                part.delete_collection_reply(cx, &Admit::from_any(admit), options, list).await.map(ListReply::erased)
            })
        })
    }
}

fn core(call: Call, delete: DeleteCollectionFn) -> BoxFuture<'static, Result<Response>> {
    Box::pin(async move {
        let mut call = call;
        let media = call.negotiate()?;
        let list = ListOptions::of_list(&call.query())?;
        list.validate_list()?;
        let options = call.delete_options().await?;
        options.validate_for_collection()?;
        call.cx.set_write_options(options.dry_run, None);
        let reply = delete(&*call.endpoint.storage, &call.cx, None, &options, &list).await?;
        call.list_response(media, reply)
    })
}
