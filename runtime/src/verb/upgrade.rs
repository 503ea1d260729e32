//! Connections that stop to be HTTP (contract 4.11.2).

use http::HeaderMap;
use http::header::{CONNECTION, HeaderName, HeaderValue, UPGRADE};
use http::request::Parts;
use hyper::upgrade::OnUpgrade;

use super::{Response, ResponseBody};
use crate::wire::status::{Result, Status};

/// An upgraded connection, `AsyncRead` and `AsyncWrite`.
pub type Upgraded = hyper_util::rt::TokioIo<hyper::upgrade::Upgraded>;

/// Whether a request asks for an upgrade to `protocol`.
pub(super) fn asks(headers: &HeaderMap, protocol: &str) -> bool {
    names(headers, &CONNECTION, "upgrade") && names(headers, &UPGRADE, protocol)
}

/// Whether a header that is a list has this word.
fn names(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
}

/// The connection of a request, to be had after the response.
///
/// The error is 400 for a transport that has no upgrades (HTTP/2, or a call without a socket).
pub(super) fn connection(parts: &Parts, protocol: &str) -> Result<OnUpgrade> {
    let refused = || Status::bad_request(format!("this connection cannot be upgraded to {protocol}"));
    parts.extensions.get::<OnUpgrade>().cloned().ok_or_else(refused)
}

/// Answers 101, and runs `session` with the bytes both ways.
pub(super) fn take_over<F, Fut>(connection: OnUpgrade, protocol: &'static str, session: F) -> Response
where
    F: FnOnce(Upgraded) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move {
        match connection.await {
            Ok(upgraded) => session(hyper_util::rt::TokioIo::new(upgraded)).await,
            Err(error) => tracing::debug!(%error, "a connection was not upgraded"),
        }
    });
    let mut response = Response::new(ResponseBody::empty());
    *response.status_mut() = http::StatusCode::SWITCHING_PROTOCOLS;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    response.headers_mut().insert(UPGRADE, HeaderValue::from_static(protocol));
    response
}
