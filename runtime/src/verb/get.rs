//! GET: one object (contract 4.6).

use std::any::Any;

use http::StatusCode;

use super::call::handler_part;
use super::erased::erased_part;
use super::{BoxFuture, Call, Context, Handler, PartOf, Reply, Response, Storage};
use crate::object::AnyObject;
use crate::route::{Action, Parameters};
use crate::wire::options::GetOptions;
use crate::wire::status::Result;

/// `GET` on an object.
pub const GET: Action = Action {
    name: "GET",
    verb: "get",
    operation: "read",
    parameters: Parameters::Get,
    takes_object: false,
    codes: &[200],
    gives_list: false,
    deprecated: false,
};

/// Returns one object: GET (contract 1.11).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `get`",
    label = "verb `get` needs `impl Getter`",
    note = "write `impl Getter for {Self}`, or remove `get` from the `#[rest(...)]` attribute"
)]
pub trait Getter: Storage {
    /// The object `name` of the request's namespace; 404 if there is none.
    fn get(&self, cx: &Context, name: &str, options: &GetOptions) -> impl Future<Output = Result<Self::Object>> + Send;

    /// As [`get`](Self::get); a storage that holds encoded objects answers with those.
    fn get_reply(
        &self,
        cx: &Context,
        name: &str,
        options: &GetOptions,
    ) -> impl Future<Output = Result<Reply<Self::Object>>> + Send {
        async { self.get(cx, name, options).await.map(Reply::Object) }
    }
}

type GetFn = for<'a> fn(
    &'a (dyn Any + Send + Sync),
    &'a Context,
    &'a str,
    &'a GetOptions,
) -> BoxFuture<'a, Result<Reply<Box<dyn AnyObject>>>>;

/// The handler of GET by a `Getter`.
pub const fn get<S: Storage, P: Getter + PartOf<S>>() -> Handler {
    if P::ERASED.is_some() {
        return |call| core(call, |storage, cx, name, options| erased_part::<S, P>(storage).get(cx, name, options));
    }
    |call| {
        core(call, |storage, cx, name, options| {
            Box::pin(
                async move { handler_part::<S, P>(storage)?.get_reply(cx, name, options).await.map(Reply::erased) },
            )
        })
    }
}

fn core(call: Call, get: GetFn) -> BoxFuture<'static, Result<Response>> {
    Box::pin(async move {
        let media = call.negotiate()?;
        let options = GetOptions::from_query(&call.query())?;
        let reply = get(&*call.endpoint.storage, &call.cx, &call.name, &options).await?;
        call.response(media, reply, StatusCode::OK)
    })
}
