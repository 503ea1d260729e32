//! What every response has in common, and the forms of errors.

use http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, StatusCode, Uri};

use super::{Shared, index};
use crate::verb::{Response, ResponseBody, set_retry_after};
use crate::wire::encode::{encode, pretty_wanted};
use crate::wire::media;
use crate::wire::query::Query;
use crate::wire::status::Status;

const AUDIT_ID: HeaderName = HeaderName::from_static("audit-id");
const NOSNIFF: HeaderName = HeaderName::from_static("x-content-type-options");

/// The client's own id of the request, or a fresh one (contract 4.12.7).
pub(super) fn audit_id(parts: &Parts) -> HeaderValue {
    parts.headers.get(&AUDIT_ID).cloned().unwrap_or_else(|| {
        let id = uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid();
        let mut text = uuid::Uuid::encode_buffer();
        HeaderValue::from_str(id.hyphenated().encode_lower(&mut text))
            .unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    })
}

/// In which format errors are answered; what cannot be negotiated is indented JSON (contract 4.2.4, 4.2.19).
///
/// It is what a handler leaves of the request, for an error that seldom comes: read only then.
pub(super) struct ErrorFormat<'a> {
    accept: Option<HeaderValue>,
    agent: Option<HeaderValue>,
    query: &'a str,
}

impl<'a> ErrorFormat<'a> {
    pub(super) fn of(headers: &HeaderMap, uri: &'a Uri) -> Self {
        let mut several = headers.get_all(ACCEPT).iter();
        let accept = match (several.next(), several.next()) {
            (first, None) => first.cloned(),
            _ => media::accept_value(headers).and_then(|joined| joined.into_owned().try_into().ok()),
        };
        Self { accept, agent: headers.get(USER_AGENT).cloned(), query: uri.query().unwrap_or_default() }
    }

    #[cold]
    pub(super) fn respond(&self, status: &Status) -> Response {
        let accept = self.accept.as_ref().map(|accept| String::from_utf8_lossy(accept.as_bytes()));
        let fallback = media::Negotiated { pretty: true, ..media::Negotiated::default() };
        let negotiated = media::negotiate(accept.as_deref(), media::Endpoint::Plain).unwrap_or(fallback);
        let agent = self.agent.as_ref().and_then(|agent| agent.to_str().ok());
        let pretty = negotiated.pretty || pretty_wanted(Query::parse(self.query).get("pretty"), agent);
        let Ok(body) = encode(status.to_json().into(), negotiated.format, pretty) else {
            return text(StatusCode::INTERNAL_SERVER_ERROR, "the error could not be encoded");
        };
        let mut response = Response::new(ResponseBody::pair(body.chunks));
        *response.status_mut() = StatusCode::from_u16(status.code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(body.content_type));
        set_retry_after(&mut response, status);
        response
    }
}

/// 405: this can only be read (contract 2.2.6, 4.12.3).
pub(crate) fn method_not_allowed(parts: &Parts) -> Response {
    let mut response = ErrorFormat::of(&parts.headers, &parts.uri).respond(&Status::method_not_allowed());
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    response
}

/// What every response carries (contract 4.12.7).
pub(super) fn with_headers(mut response: Response, audit_id: HeaderValue) -> Response {
    // Whatever the storage says with it, HTTP gives this code no body (contract 0.7).
    if response.status() == StatusCode::NO_CONTENT {
        *response.body_mut() = ResponseBody::empty();
        response.headers_mut().remove(CONTENT_TYPE);
    }
    let headers = response.headers_mut();
    headers.insert(AUDIT_ID, audit_id);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache, private"));
    response
}

/// What nobody else answers: the list of paths, or 404 as a text, because clients read a JSON object as a `Status`
/// (contract 3.3.2, 4.12.1).
pub(super) fn not_delegated(shared: &Shared, parts: &Parts) -> Response {
    index::respond(shared, parts).unwrap_or_else(|| text(StatusCode::NOT_FOUND, "404 page not found\n"))
}

/// A text as the answer.
pub(super) fn text(code: StatusCode, body: impl Into<bytes::Bytes>) -> Response {
    let mut response = Response::new(ResponseBody::full(body));
    *response.status_mut() = code;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(NOSNIFF, HeaderValue::from_static("nosniff"));
    response
}
