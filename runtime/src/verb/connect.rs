//! CONNECT: the storage answers by itself, on HTTP or an upgraded connection (contract 4.11).

use std::any::Any;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
#[cfg(feature = "server")]
use tokio_util::sync::CancellationToken;

use super::call::handler_part;
use super::custom_options::{custom_options, decode};
#[cfg(feature = "server")]
use super::upgrade::{self, Upgraded};
use super::{BoxFuture, Call, Context, Handler, PartOf, Response, Storage};
use crate::route::{Action, Method, Parameters};
use crate::server::body::RequestBody;
use crate::wire::status::{Result, Status};

/// Each of the storage's methods, on an object.
pub const CONNECT: Action = Action {
    name: "CONNECT",
    verb: "",
    operation: "connect",
    parameters: Parameters::Connect,
    takes_object: false,
    codes: &[200],
    gives_list: false,
    deprecated: false,
};

/// Takes over requests: CONNECT (contract 1.20), as exec, attach, port-forward and proxy do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the REST verb `connect`",
    label = "verb `connect` needs `impl Connecter`",
    note = "write `impl Connecter for {Self}`, or remove `connect` from the `#[rest(...)]` attribute"
)]
pub trait Connecter: Storage {
    /// The query parameters: a flat struct of strings, numbers, booleans and lists of strings (contract 2.4.8).
    type Options: DeserializeOwned + JsonSchema + Send + Sync + 'static;

    /// The HTTP methods that are served.
    const METHODS: &'static [Method];

    /// Whether `{name}/...` is served too; the rest of the path is handed over.
    const SUBPATH: bool = false;

    /// Answers the request: a response of any kind, or an upgraded connection ([`ConnectRequest::upgrade`]). A body
    /// that is a stream ends at the latest when the server shuts down or the resource is removed.
    fn connect(
        &self,
        cx: &Context,
        name: &str,
        options: &Self::Options,
        request: ConnectRequest,
    ) -> impl Future<Output = Result<Response>> + Send;
}

/// The HTTP request of a CONNECT.
#[derive(Debug)]
pub struct ConnectRequest {
    /// The request without its body.
    pub parts: http::request::Parts,
    /// The body, as it comes.
    pub body: RequestBody,
    /// The rest of the path, with a leading slash (contract 4.6.5).
    pub subpath: Option<String>,
    /// Ends with the server, or when the resource is removed.
    #[cfg(feature = "server")]
    pub(crate) lifetime: CancellationToken,
}

#[cfg(feature = "server")]
impl ConnectRequest {
    /// Takes the connection over, if the client asks for an upgrade to `protocol` (contract 4.11.2): answers 101, and
    /// runs `session` with the bytes both ways. It is dropped when the server shuts down or the resource is removed.
    ///
    /// The error is 400 for a request that is no such upgrade, or that came over a transport that has none (HTTP/2, or
    /// a call without a socket).
    pub fn upgrade<F, Fut>(self, protocol: &'static str, session: F) -> Result<Response>
    where
        F: FnOnce(Upgraded) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        if !upgrade::asks(&self.parts.headers, protocol) {
            return Err(Status::bad_request(format!("an upgrade to {protocol} is required")));
        }
        let connection = upgrade::connection(&self.parts, protocol)?;
        let lifetime = self.lifetime;
        Ok(upgrade::take_over(connection, protocol, |upgraded| async move {
            lifetime.run_until_cancelled(session(upgraded)).await;
        }))
    }
}

type ConnectFn = for<'a> fn(
    &'a (dyn Any + Send + Sync),
    &'a Context,
    &'a str,
    serde_json::Value,
    ConnectRequest,
) -> BoxFuture<'a, Result<Response>>;

/// The handler of CONNECT.
pub const fn connect<S: Storage, P: Connecter + PartOf<S>>() -> Handler {
    |call| {
        core(call, P::Options::json_schema, |storage, cx, name, options, request| {
            Box::pin(async move {
                let options = decode::<P::Options>(&options)?;
                handler_part::<S, P>(storage)?.connect(cx, name, &options, request).await
            })
        })
    }
}

fn core(
    call: Call,
    schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    connect: ConnectFn,
) -> BoxFuture<'static, Result<Response>> {
    Box::pin(async move {
        if call.query().has("dryRun") {
            return Err(Status::bad_request("dryRun is not supported"));
        }
        let options = custom_options(&call.query(), schema)?;
        let Call { endpoint, parts, body, cx, name, subpath, .. } = call;
        let lifetime = endpoint.lifetime.clone();
        let request = ConnectRequest {
            parts,
            body,
            subpath,
            #[cfg(feature = "server")]
            lifetime: lifetime.clone(),
        };
        let response = connect(&*endpoint.storage, &cx, &name, options, request).await?;
        // A stream may have no end of its own, and a shutdown would wait for it.
        Ok(response.map(|body| body.until(lifetime)))
    })
}
