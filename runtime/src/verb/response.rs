//! Responses: chunks that are there already, or a stream.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::header::RETRY_AFTER;
use http_body::{Body, Frame, SizeHint};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::joined::Joined;
use crate::object::EncodedList;
use crate::seldom::Seldom;
use crate::wire::status::Status;

/// Says in a header too after how long to try again (contract 0.7).
pub(crate) fn set_retry_after(response: &mut Response, status: &Status) {
    let seconds = status.details().map_or(0, |details| details.retry_after_seconds);
    if seconds > 0 {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
}

/// A response of the server.
pub type Response = http::Response<ResponseBody>;

/// The body of a response.
pub struct ResponseBody(Inner);

enum Inner {
    /// The common cases, without an allocation of their own: an object and a line end.
    Short { first: Bytes, second: Bytes },
    /// A list, apart from the common cases, which are smaller.
    Joined(Box<Joined>),
    /// Chunks as they come.
    Stream(Pin<Box<dyn Stream<Item = std::io::Result<Bytes>> + Send>>),
}

impl ResponseBody {
    /// No bytes.
    pub const fn empty() -> Self {
        Self(Inner::Short { first: Bytes::new(), second: Bytes::new() })
    }

    /// These bytes.
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        Self(Inner::Short { first: bytes.into(), second: Bytes::new() })
    }

    /// These two, one after the other, without joining them.
    pub fn pair([first, second]: [Bytes; 2]) -> Self {
        Self(Inner::Short { first, second })
    }

    /// `head`, the objects with a comma between them, and `tail`.
    pub(super) fn joined(head: Vec<u8>, list: EncodedList, tail: &'static [u8]) -> Self {
        Self(Inner::Joined(Box::new(Joined::new(head, list, tail))))
    }

    /// These bytes as they come; an error ends the response.
    pub fn stream(stream: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Inner::Stream(Box::pin(stream)))
    }

    /// Drops `guard` when a stream ends or is dropped; at once where the bytes are there already.
    #[cfg(feature = "metrics")]
    pub(crate) fn holding(self, guard: impl Send + Unpin + 'static) -> Self {
        match self.0 {
            Inner::Stream(stream) => Self::stream(Holding { stream, _guard: guard }),
            inner => Self(inner),
        }
    }

    /// Ends a stream with `lifetime`. Bytes that are there already are sent in any case.
    pub(super) fn until(self, lifetime: CancellationToken) -> Self {
        match self.0 {
            Inner::Stream(stream) => Self::stream(Until { stream, end: Seldom::new(lifetime.cancelled_owned()) }),
            inner => Self(inner),
        }
    }
}

/// A stream, and what lasts as long.
#[cfg(feature = "metrics")]
struct Holding<S, G> {
    stream: S,
    _guard: G,
}

#[cfg(feature = "metrics")]
impl<S: Stream + Unpin, G: Unpin> Stream for Holding<S, G> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        Pin::new(&mut self.stream).poll_next(cx)
    }
}

/// A stream that somebody else can end.
struct Until<S> {
    stream: S,
    end: Seldom<WaitForCancellationFutureOwned>,
}

impl<S: Stream + Unpin> Stream for Until<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        if self.end.poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.stream).poll_next(cx)
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let chunk = match &mut self.0 {
            Inner::Short { first, second } => {
                if first.is_empty() {
                    std::mem::swap(first, second);
                }
                let chunk = std::mem::replace(first, std::mem::take(second));
                (!chunk.is_empty()).then_some(chunk)
            }
            Inner::Joined(joined) => joined.next(),
            Inner::Stream(stream) => {
                return stream.as_mut().poll_next(cx).map(|item| item.map(|chunk| chunk.map(Frame::data)));
            }
        };
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Short { first, second } => first.is_empty() && second.is_empty(),
            Inner::Joined(joined) => joined.length() == 0,
            Inner::Stream(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let size = match &self.0 {
            Inner::Short { first, second } => first.len() + second.len(),
            Inner::Joined(joined) => joined.length(),
            Inner::Stream(_) => return SizeHint::default(),
        };
        SizeHint::with_exact(size as u64)
    }
}

impl std::fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseBody").field("size", &self.size_hint().exact()).finish()
    }
}
