//! One request on its way to a storage.

use std::any::Any;
use std::sync::Arc;

use super::endpoint::Endpoint;
use super::response::Response;
use super::storage::{PartOf, Storage};
use super::{BoxFuture, Context};
use crate::server::body::RequestBody;
use crate::wire::status::{Result, Status};

/// What a route calls: a function of its own for each storage and verb.
pub type Handler = fn(Call) -> BoxFuture<'static, Result<Response>>;

/// A request that has been matched to a route.
pub struct Call {
    /// The resource, in the version of the request.
    pub(crate) endpoint: Arc<Endpoint>,
    /// The request without its body.
    pub(crate) parts: http::request::Parts,
    /// The body, not yet read.
    pub(crate) body: RequestBody,
    /// What the storage gets to see.
    pub(crate) cx: Context,
    /// `{name}`; empty on a collection.
    pub(crate) name: String,
    /// `{path}`: the rest of the path, with a leading slash.
    pub(crate) subpath: Option<String>,
    /// Whether the path is one of the deprecated `watch/` paths.
    pub(crate) watch_path: bool,
    /// What the server allows.
    pub(crate) limits: Arc<Limits>,
}

/// What a server allows of one request.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Bytes of a request body; 0 is no limit (contract 4.3.1).
    pub(crate) max_body_bytes: usize,
    /// The least time after which a watch without `timeoutSeconds` ends (contract 4.8.13).
    pub(crate) min_watch: std::time::Duration,
    /// What its requests are counted in; `None` if nobody wants to know.
    #[cfg(feature = "metrics")]
    pub(crate) metrics: Option<Arc<crate::metrics::Metrics>>,
    /// Ends every long-running request when the server shuts down.
    pub(crate) shutdown: tokio_util::sync::CancellationToken,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("uri", &self.parts.uri).field("name", &self.name).finish_non_exhaustive()
    }
}

/// The part of a storage that implements a verb. The route table ties the type to the storage, so that it is there.
pub(crate) fn handler_part<S: Storage, P: PartOf<S>>(storage: &(dyn Any + Send + Sync)) -> Result<&P> {
    storage.downcast_ref::<S>().map(P::of).ok_or_else(other_storage)
}

#[cold]
pub(super) fn other_storage() -> Status {
    Status::internal_error("a route was installed with another storage than its own")
}
