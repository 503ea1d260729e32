//! Large responses are compressed for clients that accept gzip (contract 4.2.16).

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_core::Stream;
use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderValue, VARY};
use http_body::Body;

use crate::verb::{Response, ResponseBody};

/// Bytes of a body from which on it is worth the CPU time (contract 4.2.16).
const THRESHOLD: u64 = 128 * 1024;
/// How many bytes are compressed before other tasks have their turn: half a millisecond of work.
const STEP: usize = 128 * 1024;

/// Whether a client takes gzip. A wildcard does not name it, as in Go's API server; `q=0` refuses it.
pub(super) fn accepted(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip")) && parts.all(|parameter| !refuses(parameter))
    })
}

/// `q=0`, in any of its spellings, and whatever is no weight.
fn refuses(parameter: &str) -> bool {
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    weight.is_some_and(|weight| !weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
}

/// Compresses a large response if the client accepts that. What comes as a stream stays as it is: its length is not
/// known, and a watch may not wait for more to compress.
pub(super) fn compress(mut response: Response, accepted: bool) -> Response {
    if response.body().size_hint().exact().is_none_or(|size| size <= THRESHOLD)
        || response.headers().contains_key(CONTENT_ENCODING)
    {
        return response;
    }
    // A cache has to know it of the plain response too.
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept-Encoding"));
    if !accepted {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    // The bytes are others than those that the tag stands for (RFC 9110, 8.8.3.3).
    if let Some(weak) = headers.get(ETAG).and_then(weaken) {
        headers.insert(ETAG, weak);
    }
    response.map(|body| ResponseBody::stream(Compressed::new(body)))
}

fn weaken(etag: &HeaderValue) -> Option<HeaderValue> {
    let strong = etag.to_str().ok().filter(|etag| etag.starts_with('"'))?;
    HeaderValue::try_from(format!("W/{strong}")).ok()
}

/// A body that is compressed while it is sent, so that no more than a piece of it is in memory twice.
struct Compressed {
    body: ResponseBody,
    /// What is left of the piece that the body gave last.
    piece: Bytes,
    /// Nothing once the end is written.
    encoder: Option<GzEncoder<Vec<u8>>>,
    /// Whether other tasks have a turn before the next step.
    rest: bool,
}

impl Compressed {
    fn new(body: ResponseBody) -> Self {
        // The level of Go's API server: the least time.
        let encoder = GzEncoder::new(Vec::new(), Compression::fast());
        Self { body, piece: Bytes::new(), encoder: Some(encoder), rest: false }
    }
}

impl Stream for Compressed {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(encoder) = &mut this.encoder else { return Poll::Ready(None) };
        if std::mem::take(&mut this.rest) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        while this.piece.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Ok(frame)) => this.piece = frame.into_data().unwrap_or_default(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    let end = this.encoder.take().map(GzEncoder::finish);
                    return Poll::Ready(end.map(|end| end.map(Bytes::from)));
                }
            }
        }
        let step = this.piece.split_to(this.piece.len().min(STEP));
        if let Err(error) = encoder.write_all(&step) {
            return Poll::Ready(Some(Err(error)));
        }
        let compressed = std::mem::take(encoder.get_mut());
        if compressed.is_empty() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        this.rest = true;
        Poll::Ready(Some(Ok(compressed.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_2_16_gzip_is_accepted_by_name_and_weight() {
        let accepts = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            accepted(&headers)
        };
        for values in [&["gzip"][..], &["br, GZIP ;q=0.5"], &["br", "gzip;q=1.0"], &["identity,gzip; q=0.001"]] {
            assert!(accepts(values), "{values:?}");
        }
        for values in [&[][..], &[""], &["*"], &["br, deflate"], &["gzip;q=0"], &["gzip; Q=0.000"], &["gzip;q=x"]] {
            assert!(!accepts(values), "{values:?}");
        }
    }

    #[test]
    fn c4_2_16_others_have_their_turn_between_two_steps() {
        let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(3 * STEP).collect();
        let mut body = Box::pin(Compressed::new(ResponseBody::full(noise)));
        let mut cx = Context::from_waker(std::task::Waker::noop());
        for _ in 0..3 {
            let Poll::Ready(Some(Ok(chunk))) = body.as_mut().poll_next(&mut cx) else { panic!("a chunk") };
            assert!(chunk.len() <= STEP + STEP / 4, "{}", chunk.len());
            assert!(body.as_mut().poll_next(&mut cx).is_pending());
        }
        assert!(matches!(body.as_mut().poll_next(&mut cx), Poll::Ready(Some(Ok(_)))), "what the encoder held back");
        assert!(matches!(body.as_mut().poll_next(&mut cx), Poll::Ready(None)));
    }
}
