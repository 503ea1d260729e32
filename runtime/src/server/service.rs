//! The server as a `tower::Service`.

use std::convert::Infallible;
use std::task::{Context, Poll};

use super::ApiServer;
use super::body::{BoxError, RequestBody};
use super::dispatch::{Answer, dispatch, not_delegated, text};
use crate::verb::{BoxFuture, Response};

impl ApiServer {
    /// Answers one request.
    async fn answer(self, request: http::Request<RequestBody>) -> Response {
        let (parts, body) = request.into_parts();
        match dispatch(&self.0, parts, body).await {
            Answer::Response(response) => response,
            Answer::NotFound(parts, body) => match &self.0.delegate {
                None => not_delegated(&self.0, &parts),
                Some(delegate) => match delegate.call(http::Request::from_parts(*parts, body)).await {
                    Ok(response) => response,
                    Err(error) => {
                        tracing::error!(%error, "the service that unknown paths are delegated to failed");
                        text(http::StatusCode::BAD_GATEWAY, "bad gateway\n")
                    }
                },
            },
        }
    }
}

impl<B> tower_service::Service<http::Request<B>> for ApiServer
where
    B: http_body::Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let server = self.clone();
        let request = request.map(RequestBody::new);
        Box::pin(async move { Ok(server.answer(request).await) })
    }
}
