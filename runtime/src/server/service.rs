//! The server as a `tower::Service`.

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll};

use http::request::Parts;

use super::ApiServer;
use super::body::{BoxError, RequestBody};
use super::dispatch::{Answer, dispatch};
use super::panics::{caught, panicked};
use super::respond::{audit_id, not_delegated, text, with_headers};
use crate::verb::{BoxFuture, Response};

impl ApiServer {
    /// Answers one request, whatever becomes of it.
    pub(super) async fn answer(self, request: http::Request<RequestBody>) -> Response {
        let (parts, body) = request.into_parts();
        let audit_id = audit_id(&parts);
        let answering = pin!(self.route(parts, body));
        match caught(answering).await.unwrap_or_else(|| Answered::Own(panicked())) {
            Answered::Own(response) => with_headers(response, audit_id),
            Answered::Delegated(response) => response,
        }
    }

    async fn route(&self, parts: Parts, body: RequestBody) -> Answered {
        match dispatch(&self.0, parts, body).await {
            Answer::Response(response) => Answered::Own(response),
            Answer::NotFound(parts, body) => match &self.0.delegate {
                None => Answered::Own(not_delegated(&self.0, &parts)),
                Some(delegate) => match delegate.call(http::Request::from_parts(*parts, body)).await {
                    Ok(response) => Answered::Delegated(response),
                    Err(error) => {
                        tracing::error!(%error, "the service that unknown paths are delegated to failed");
                        Answered::Own(text(http::StatusCode::BAD_GATEWAY, "bad gateway\n"))
                    }
                },
            },
        }
    }
}

/// Who has answered; what another service says is passed on as it is.
enum Answered {
    Own(Response),
    Delegated(Response),
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
