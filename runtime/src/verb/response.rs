//! Responses: chunks that are there already, or a stream.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{BufMut, Bytes, BytesMut};
use futures_core::Stream;
use http_body::{Body, Frame, SizeHint};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A response of the server.
pub type Response = http::Response<ResponseBody>;

/// The body of a response.
pub struct ResponseBody(Inner);

enum Inner {
    /// The common cases, without an allocation of their own: an object and a line end.
    Short { first: Bytes, second: Bytes },
    /// A list.
    Joined(Joined),
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

    /// `head`, the items with a comma between them, and `tail`, joined a piece at a time as they are sent: a long list
    /// is never in memory a second time.
    pub(crate) fn joined(head: Vec<u8>, items: Vec<Bytes>, tail: &'static [u8]) -> Self {
        let length =
            head.len() + items.iter().map(Bytes::len).sum::<usize>() + items.len().saturating_sub(1) + tail.len();
        Self(Inner::Joined(Joined { head, items: items.into_iter(), first: true, tail, length }))
    }

    /// These bytes as they come; an error ends the response.
    pub fn stream(stream: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Inner::Stream(Box::pin(stream)))
    }

    /// Ends a stream with `lifetime`. Bytes that are there already are sent in any case.
    pub(super) fn until(self, lifetime: CancellationToken) -> Self {
        match self.0 {
            Inner::Stream(stream) => Self::stream(Until { stream, end: Box::pin(lifetime.cancelled_owned()) }),
            inner => Self(inner),
        }
    }
}

/// How much of a list is joined at once, if its items are smaller: more than hyper takes before it writes, so that there
/// is one piece at a time, and enough that the allocator keeps its memory for the next one.
const PIECE: usize = 512 * 1024;

/// A list that is joined while it is sent.
struct Joined {
    head: Vec<u8>,
    items: std::vec::IntoIter<Bytes>,
    first: bool,
    tail: &'static [u8],
    /// Bytes that are still to be sent.
    length: usize,
}

impl Joined {
    fn next(&mut self) -> Option<Bytes> {
        if self.length == 0 {
            return None;
        }
        let mut piece = BytesMut::with_capacity(self.length.min(PIECE));
        piece.put_slice(&std::mem::take(&mut self.head));
        while let Some(item) = self.items.as_slice().first() {
            if !piece.is_empty() && piece.len() + 1 + item.len() > PIECE {
                break;
            }
            if !std::mem::take(&mut self.first) {
                piece.put_u8(b',');
            }
            piece.put_slice(item);
            self.items.next();
        }
        if self.items.len() == 0 {
            piece.put_slice(std::mem::take(&mut self.tail));
        }
        self.length = self.length.saturating_sub(piece.len());
        Some(piece.freeze())
    }
}

/// A stream that somebody else can end.
struct Until<S> {
    stream: S,
    end: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<S: Stream + Unpin> Stream for Until<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        if self.end.as_mut().poll(cx).is_ready() {
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
            Inner::Joined(joined) => joined.length == 0,
            Inner::Stream(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let size = match &self.0 {
            Inner::Short { first, second } => first.len() + second.len(),
            Inner::Joined(joined) => joined.length,
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

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn a_list_arrives_whole_and_in_order_with_the_length_that_was_told() {
        for (count, size) in [(0, 0), (1, 3), (5, 3), (3, PIECE), (2, 2 * PIECE), (1000, 1700)] {
            let items: Vec<Bytes> =
                (b'a'..=b'z').cycle().take(count).map(|byte| Bytes::from(vec![byte; size])).collect();
            let body = ResponseBody::joined(b"[".to_vec(), items.clone(), b"]");
            let whole = [b"[", &items.join(&b","[..])[..], b"]"].concat();
            assert_eq!(body.size_hint().exact(), Some(whole.len() as u64));
            assert_eq!(body.collect().await.unwrap().to_bytes(), whole);
        }
    }

    #[tokio::test]
    async fn no_piece_of_a_list_is_larger_than_it_has_to_be() {
        let items = vec![Bytes::from(vec![b'x'; 1000]); 1500];
        let mut body = ResponseBody::joined(Vec::new(), items, b"");
        while let Some(frame) = body.frame().await {
            assert!(frame.unwrap().into_data().unwrap().len() <= PIECE);
        }
    }
}
