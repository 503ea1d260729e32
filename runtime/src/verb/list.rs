//! LIST: the objects of a collection (contract 4.7). With `?watch=true` it is a watch (contract 2.2.4).

use std::any::Any;

use super::call::handler_part;
use super::erased::erased_part;
use super::watch::{WATCH, WATCHLIST};
use super::{BoxFuture, Call, Context, Handler, List, ListReply, PartOf, Response, Storage};
use crate::object::AnyObject;
use crate::route::{Action, Parameters};
use crate::wire::options::ListOptions;
use crate::wire::status::{Result, Status};

/// `GET` on a collection.
pub const LIST: Action = Action {
    name: "LIST",
    verb: "list",
    operation: "list",
    parameters: Parameters::List,
    takes_object: false,
    codes: &[200],
    gives_list: true,
    deprecated: false,
};

/// Lists its objects: LIST (contract 1.9).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `list`",
    label = "verb `list` needs `impl Lister`",
    note = "write `impl Lister for {Self}`, or remove `list` from the `#[rest(...)]` attribute"
)]
pub trait Lister: Storage {
    /// The objects in the namespace of the request, or in all, that the selectors match; at most `limit`.
    fn list(&self, cx: &Context, options: &ListOptions) -> impl Future<Output = Result<List<Self::Object>>> + Send;

    /// As [`list`](Self::list); a storage that holds encoded objects answers with those.
    fn list_reply(
        &self,
        cx: &Context,
        options: &ListOptions,
    ) -> impl Future<Output = Result<ListReply<Self::Object>>> + Send {
        async { self.list(cx, options).await.map(ListReply::Typed) }
    }
}

type ListFn = for<'a> fn(
    &'a (dyn Any + Send + Sync),
    &'a Context,
    &'a ListOptions,
) -> BoxFuture<'a, Result<ListReply<Box<dyn AnyObject>>>>;

/// The handler of LIST.
pub const fn list<S: Storage, P: Lister + PartOf<S>>() -> Handler {
    if P::ERASED.is_some() {
        return |call| core(call, |storage, cx, options| erased_part::<S, P>(storage).list(cx, options));
    }
    |call| {
        core(call, |storage, cx, options| {
            Box::pin(async move { handler_part::<S, P>(storage)?.list_reply(cx, options).await.map(ListReply::erased) })
        })
    }
}

fn core(call: Call, list: ListFn) -> BoxFuture<'static, Result<Response>> {
    if call.query().bool("watch") == Some(true) {
        return watch_instead(call);
    }
    Box::pin(async move {
        let media = call.negotiate()?;
        let options = ListOptions::from_query(&call.query())?;
        options.validate_list()?;
        let reply = list(&*call.endpoint.storage, &call.cx, &options).await?;
        call.list_response(media, reply)
    })
}

/// The watch of a collection is its own verb, on the route of LIST (contract 1.19).
fn watch_instead(call: Call) -> BoxFuture<'static, Result<Response>> {
    if let Some(row) = call.endpoint.row(&WATCH).or_else(|| call.endpoint.row(&WATCHLIST)) {
        return (row.handler)(call);
    }
    let error = Status::method_not_supported(&call.endpoint.group_resource, "watch");
    Box::pin(std::future::ready(Err(error)))
}
