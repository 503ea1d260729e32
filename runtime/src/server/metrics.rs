//! `/metrics` and `/metrics/slis`, and what is counted for them (contract 3.3.3).

use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, StatusCode};

use super::Shared;
use super::respond::{method_not_allowed, text};
use crate::metrics::Running;
use crate::route::Row;
use crate::verb::{Endpoint, Response, ResponseBody};

/// All paths, for the list of what there is.
pub(super) const PATHS: &[&str] = &["/metrics", "/metrics/slis"];

/// Counts a request of a route.
pub(super) fn begin(endpoint: &Endpoint, row: &Row, parts: &Parts, long_running: bool) -> Option<Running> {
    let metrics = endpoint.metrics.as_ref()?;
    if endpoint.deprecation.is_some() {
        metrics.used_deprecated();
    }
    let at = endpoint.rows.iter().position(|other| std::ptr::eq(other, row))?;
    metrics.begin(at, row, parts, long_running)
}

/// The text format of Prometheus; `None` for another path, or where the server has no metrics.
pub(super) fn respond(shared: &Shared, parts: &Parts) -> Option<Response> {
    let metrics = shared.limits.metrics.as_ref()?;
    let path = parts.uri.path();
    if !PATHS.contains(&path) {
        return None;
    }
    if parts.method != Method::GET {
        return Some(method_not_allowed(parts));
    }
    let told = match path {
        "/metrics" => metrics.text(shared.in_flight.read_only.taken(), shared.in_flight.mutating.taken()),
        _ => metrics.slis(),
    };
    let mut response = match told {
        Ok(told) => Response::new(ResponseBody::full(told)),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be told");
            return Some(text(StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be told\n"));
        }
    };
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, text);
    Some(response)
}
