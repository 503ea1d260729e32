//! A panic is the end of one request, which is answered (contract 4.12.6).

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use http::StatusCode;

use super::respond::text;
use crate::verb::Response;

/// The output of a future; `None` if it panics. It is not polled again then.
pub(super) fn caught<F: Future>(mut future: Pin<&mut F>) -> impl Future<Output = Option<F::Output>> {
    poll_fn(move |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(polled) => polled.map(Some),
        Err(_) => Poll::Ready(None),
    })
}

/// What the client is told; the panic itself is told by the panic hook.
#[cold]
pub(super) fn panicked() -> Response {
    tracing::error!("a request panicked");
    text(StatusCode::INTERNAL_SERVER_ERROR, "This request caused apiserver to panic. Look in the logs for details.")
}
