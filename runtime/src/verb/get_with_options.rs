//! GET with options of the storage's own, and a subpath if it wants one (contract 1.12, 4.6.5).

use std::any::Any;

use http::StatusCode;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::call::handler_part;
use super::custom_options::{custom_options, decode};
use super::{BoxFuture, Call, Context, Handler, PartOf, Reply, Response, Storage};
use crate::object::AnyObject;
use crate::wire::status::Result;

/// Returns one object, or a stream, by options of its own: GET (contract 1.12). A storage has this or `Getter`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `get_with_options`",
    label = "verb `get_with_options` needs `impl GetterWithOptions`",
    note = "write `impl GetterWithOptions for {Self}`, or remove `get_with_options` from the `#[rest(...)]` attribute"
)]
pub trait GetterWithOptions: Storage {
    /// The query parameters: a flat struct of strings, numbers, booleans and lists of strings (contract 2.4.8).
    type Options: DeserializeOwned + JsonSchema + Send + Sync + 'static;

    /// Whether `{name}/...` is served too; the rest of the path is handed over.
    const SUBPATH: bool = false;

    /// The object `name`, as the options ask. The subpath begins with a slash (contract 4.6.5).
    fn get_with_options(
        &self,
        cx: &Context,
        name: &str,
        options: &Self::Options,
        subpath: Option<&str>,
    ) -> impl Future<Output = Result<Reply<Self::Object>>> + Send;
}

type GetWithOptionsFn = for<'a> fn(
    &'a (dyn Any + Send + Sync),
    &'a Context,
    &'a str,
    serde_json::Value,
    Option<&'a str>,
) -> BoxFuture<'a, Result<Reply<Box<dyn AnyObject>>>>;

/// The handler of GET by a `GetterWithOptions`.
pub const fn get_with_options<S: Storage, P: GetterWithOptions + PartOf<S>>() -> Handler {
    |call| {
        core(call, P::Options::json_schema, |storage, cx, name, options, subpath| {
            Box::pin(async move {
                let options = decode::<P::Options>(&options)?;
                handler_part::<S, P>(storage)?.get_with_options(cx, name, &options, subpath).await.map(Reply::erased)
            })
        })
    }
}

fn core(
    call: Call,
    schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    get: GetWithOptionsFn,
) -> BoxFuture<'static, Result<Response>> {
    Box::pin(async move {
        let media = call.negotiate()?;
        let options = custom_options(&call.query(), schema)?;
        let reply = get(&*call.endpoint.storage, &call.cx, &call.name, options, call.subpath.as_deref()).await?;
        call.response(media, reply, StatusCode::OK)
    })
}
