//! Request bodies, whatever the transport makes of them.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;

/// An error of the transport while a body is read.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The body of a request; most requests have none, and cost no allocation.
pub struct RequestBody(Option<UnsyncBoxBody<Bytes, BoxError>>);

impl RequestBody {
    /// No body.
    pub fn empty() -> Self {
        Self(None)
    }

    /// Takes the body of any HTTP server or client.
    pub fn new<B>(body: B) -> Self
    where
        B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        if body.is_end_stream() {
            return Self(None);
        }
        Self(Some(into_bytes(body).map_err(Into::into).boxed_unsync()))
    }
}

/// The same body, its data as `Bytes`; data that are `Bytes` already are not copied.
pub(super) fn into_bytes<B: Body>(body: B) -> impl Body<Data = Bytes, Error = B::Error> {
    body.map_frame(|frame| {
        frame.map_data(|mut data| {
            let size = data.remaining();
            data.copy_to_bytes(size)
        })
    })
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            None => Poll::Ready(None),
            Some(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl std::fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestBody").field("empty", &self.0.is_none()).finish()
    }
}
