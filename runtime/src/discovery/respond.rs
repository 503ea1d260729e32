//! The responses of documents: formats, entity tags, and the few codes other than 200.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use super::documents::Document;
use crate::verb::{Response, ResponseBody};
use crate::wire::encode::{encode, pretty_wanted};
use crate::wire::media::Negotiated;
use crate::wire::query::Query;
use crate::wire::status::{Result, Status};

/// 200 with a document in the format that the client wants.
pub(super) fn json(parts: &Parts, media: Negotiated, json: Bytes) -> Result<Response> {
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let pretty = media.pretty || pretty_wanted(query.get("pretty"), agent);
    let encoded = encode(json, media.format, pretty)?;
    let mut response = Response::new(ResponseBody::pair(encoded.chunks));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    Ok(response)
}

/// The same with an entity tag, or 304 if the client has the document already (contract 3.2.11, 3.5.1).
pub(super) fn tagged(
    parts: &Parts,
    document: &Document,
    response: impl FnOnce() -> Result<Response>,
) -> Result<Response> {
    let etag = document.etag();
    let mut response = if has_current(&parts.headers, &etag) { empty(StatusCode::NOT_MODIFIED) } else { response()? };
    set(&mut response, ETAG, etag)?;
    Ok(response)
}

/// Whether one of the tags that the client has is the current one. A proxy that compresses weakens tags.
pub(crate) fn has_current(headers: &HeaderMap, etag: &str) -> bool {
    headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
    })
}

/// A response without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(ResponseBody::empty());
    *response.status_mut() = status;
    response
}

/// Sets a header to a text.
pub(super) fn set(response: &mut Response, name: HeaderName, text: String) -> Result<()> {
    response.headers_mut().insert(name, HeaderValue::try_from(text).map_err(Status::internal_error)?);
    Ok(())
}
