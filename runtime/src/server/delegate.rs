//! Whoever answers the paths that are not installed (contract 7.2).

use std::future::poll_fn;

use http_body_util::BodyExt;

use super::body::{BoxError, RequestBody, into_bytes};
use crate::verb::{BoxFuture, Response, ResponseBody};

/// A service of any type.
pub(super) trait Delegate: Send + Sync {
    /// Answers a request.
    fn call(&self, request: http::Request<RequestBody>) -> BoxFuture<'static, Result<Response, BoxError>>;
}

pub(super) struct DelegateService<S>(pub(super) S);

impl<S, B> Delegate for DelegateService<S>
where
    S: tower_service::Service<http::Request<RequestBody>, Response = http::Response<B>, Error: Into<BoxError>>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send,
    B: http_body::Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    fn call(&self, request: http::Request<RequestBody>) -> BoxFuture<'static, Result<Response, BoxError>> {
        let mut service = self.0.clone();
        Box::pin(async move {
            poll_fn(|cx| service.poll_ready(cx)).await.map_err(Into::into)?;
            let response = service.call(request).await.map_err(Into::into)?;
            Ok(response.map(|body| {
                let body = into_bytes(body).map_err(|error| std::io::Error::other(error.into()));
                ResponseBody::stream(body.into_data_stream())
            }))
        })
    }
}

impl std::fmt::Debug for dyn Delegate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Delegate")
    }
}
