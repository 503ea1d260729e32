//! One request through the server: path, route, handler, and what every response carries.

use std::pin::pin;
use std::sync::PoisonError;

use http::header::{ALLOW, HeaderValue, WARNING};
use http::request::Parts;

use super::body::RequestBody;
use super::call::{Limit, call};
#[cfg(feature = "gzip")]
use super::gzip;
use super::in_flight::too_many_requests;
#[cfg(feature = "metrics")]
use super::metrics;
use super::panics::{caught, panicked};
use super::request_info::Path;
use super::resources::Match;
use super::respond::ErrorFormat;
use super::{Shared, health, version};
use crate::discovery;
use crate::route::Row;
use crate::verb::{Call, Response};
use crate::wire::status::{Result, Status};

/// What a path that the server does not know becomes: another service's, or not found.
pub(super) enum Answer {
    Response(Response),
    /// Nothing is installed at the path; whoever the server delegates to gets the request back.
    NotFound(Box<Parts>, RequestBody),
}

/// Answers a request, or hands it back.
pub(super) async fn dispatch(shared: &Shared, parts: Parts, body: RequestBody) -> Answer {
    let resources = shared.installed.load();
    // The handler takes the request.
    let uri = parts.uri.clone();
    let errors = ErrorFormat::of(&parts.headers, &uri);
    let refused = |status: &Status| Answer::Response(errors.respond(status));
    let info = match Path::parse(uri.path()) {
        Ok(Path::Resource(info)) => info,
        Ok(_) => {
            let answer = match discovery::handle(&resources, &parts) {
                #[cfg(feature = "gzip")]
                Some(Ok(response)) => Some(Ok(gzip::compress(response, gzip::accepted(&parts.headers)))),
                Some(response) => Some(response),
                None => general(shared, &parts).await.map(Ok),
            };
            return match answer {
                Some(Ok(response)) => Answer::Response(response),
                Some(Err(status)) => refused(&status),
                None => Answer::NotFound(Box::new(parts), body),
            };
        }
        Err(status) => return refused(&status),
    };
    let (endpoint, row, subpath) = match resources.find(&info, &parts.method) {
        Match::Route { endpoint, row, subpath } => (endpoint, row, subpath),
        Match::MethodNotAllowed(methods) => {
            let mut response = errors.respond(&Status::method_not_allowed());
            let allow: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
            if let Ok(allow) = HeaderValue::try_from(allow.join(", ")) {
                response.headers_mut().insert(ALLOW, allow);
            }
            return Answer::Response(response);
        }
        Match::UnknownResource => return refused(&Status::unknown_resource()),
        Match::UnknownVersion => return Answer::NotFound(Box::new(parts), body),
    };
    let user = endpoint.users.enter();
    if user.is_none() && !shared.limits.shutdown.is_cancelled() {
        // Removed since the table was read.
        return refused(&Status::unknown_resource());
    }
    let (call, limit) = match call(shared, endpoint, row, &info, subpath, &parts) {
        Ok(made) => made,
        Err(status) => return refused(&status),
    };
    // A watch ends by itself, at once.
    if user.is_none() && limit.is_some() {
        return refused(&Status::service_unavailable("apiserver is shutting down").with_retry_after(1));
    }
    // Whoever has no deadline is long-running, and takes no seat.
    let seat = limit.map(|_| shared.in_flight.enter(row.method, call.cx.user()));
    #[cfg(feature = "metrics")]
    let running = metrics::begin(endpoint, row, &parts, limit.is_none());
    if let Some(None) = seat {
        #[cfg(feature = "metrics")]
        if let Some(running) = running {
            running.refused(http::StatusCode::TOO_MANY_REQUESTS);
        }
        return Answer::Response(too_many_requests());
    }
    #[cfg(feature = "gzip")]
    let gzip_accepted = gzip::accepted(&parts.headers);
    let warnings = call.share_warnings();
    let call = call.with_request(parts, body);
    let response = run(row, call, limit).await;
    drop((seat, user));
    let mut response = response.unwrap_or_else(|status| errors.respond(&status));
    #[cfg(feature = "metrics")]
    if let Some(running) = running {
        response = running.answered(response);
    }
    // What the storage itself answers is not ours to change.
    #[cfg(feature = "gzip")]
    if *row.action != crate::verb::CONNECT {
        response = gzip::compress(response, gzip_accepted);
    }
    let warnings = warnings.lock().unwrap_or_else(PoisonError::into_inner);
    for warning in warnings.header_values() {
        response.headers_mut().append(WARNING, warning);
    }
    Answer::Response(response)
}

/// Runs the handler up to its deadline. A panic counts as an answer.
async fn run(row: &Row, call: Call, limit: Limit) -> Result<Response> {
    let handler = row.handler;
    let handling = pin!(async move { handler(call).await });
    let handling = caught(handling);
    let response = match limit {
        None => handling.await,
        Some((deadline, text)) => {
            tokio::time::timeout_at(deadline.into(), handling).await.map_err(|_| Status::timeout(text, 0))?
        }
    };
    response.unwrap_or_else(|| Ok(panicked()))
}

/// Paths that are no resource and no discovery.
async fn general(shared: &Shared, parts: &Parts) -> Option<Response> {
    let path = parts.uri.path();
    if path == "/version" || path == "/version/" {
        return Some(version::respond(parts, &shared.version));
    }
    #[cfg(feature = "docs")]
    if shared.docs
        && let Some(response) = crate::docs::respond(parts)
    {
        return Some(response);
    }
    #[cfg(feature = "metrics")]
    if let Some(response) = metrics::respond(shared, parts) {
        return Some(response);
    }
    health::respond(shared, parts).await
}
