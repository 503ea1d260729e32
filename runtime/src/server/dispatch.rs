//! One request through the server: path, route, handler, and what every response carries.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use http::StatusCode;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT, WARNING};
use http::request::Parts;

use super::Shared;
use super::body::RequestBody;
#[cfg(feature = "gzip")]
use super::gzip;
use super::in_flight::too_many_requests;
#[cfg(feature = "metrics")]
use super::metrics;
use super::request_info::{Path, RequestInfo};
use super::resources::Match;
use super::{health, index, version};
use crate::discovery;
#[cfg(feature = "metrics")]
use crate::metrics::Running;
use crate::route::Row;
use crate::verb::{self, Call, Context, Endpoint, Response, ResponseBody};
use crate::wire::decode::path::Quoted;
use crate::wire::duration::parse_timeout;
use crate::wire::encode::{encode, pretty_wanted};
use crate::wire::media::{self, Format};
use crate::wire::names::path_segment_name;
use crate::wire::query::Query;
use crate::wire::status::{Result, Status};

const AUDIT_ID: HeaderName = HeaderName::from_static("audit-id");
const NOSNIFF: HeaderName = HeaderName::from_static("x-content-type-options");

/// The longest that a create, an update, a patch or a delete may take (contract 4.3.3).
const WRITE_TIMEOUT: Duration = Duration::from_secs(34);

/// What a path that the server does not know becomes: another service's, or not found.
pub(super) enum Answer {
    Response(Response),
    /// Nothing is installed at the path; whoever the server delegates to gets the request back.
    NotFound(Box<Parts>, RequestBody),
}

/// Answers a request, or hands it back.
pub(super) async fn dispatch(shared: &Arc<Shared>, parts: Parts, body: RequestBody) -> Answer {
    let audit_id = audit_id(&parts);
    let resources = shared.installed.load();
    // What the answer to an error needs of the request, which the handler takes.
    let uri = parts.uri.clone();
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
                Some(response) => Answer::Response(finish(response, &parts, audit_id)),
                None => Answer::NotFound(Box::new(parts), body),
            };
        }
        Err(status) => return Answer::Response(finish(Err(status), &parts, audit_id)),
    };
    let (endpoint, row, subpath) = match resources.find(&info, &parts.method) {
        Match::Route { endpoint, row, subpath } => (endpoint, row, subpath),
        Match::MethodNotAllowed(methods) => {
            let mut response = finish(Err(Status::method_not_allowed()), &parts, audit_id);
            let allow: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
            if let Ok(allow) = HeaderValue::try_from(allow.join(", ")) {
                response.headers_mut().insert(ALLOW, allow);
            }
            return Answer::Response(response);
        }
        Match::UnknownResource => {
            return Answer::Response(finish(Err(Status::unknown_resource()), &parts, audit_id));
        }
        Match::UnknownVersion => return Answer::NotFound(Box::new(parts), body),
    };
    let user = endpoint.users.enter();
    if user.is_none() && !shared.limits.shutdown.is_cancelled() {
        // Removed since the table was read.
        return Answer::Response(finish(Err(Status::unknown_resource()), &parts, audit_id));
    }
    let format = FormatOf::of(&parts);
    let (call, limit) = match call(shared, endpoint, row, &info, subpath, &parts) {
        Ok(made) => made,
        Err(status) => return Answer::Response(finish(Err(status), &parts, audit_id)),
    };
    // A watch ends by itself, at once.
    if user.is_none() && limit.is_some() {
        let status = Status::service_unavailable("apiserver is shutting down").with_retry_after(1);
        return Answer::Response(finish(Err(status), &parts, audit_id));
    }
    // Whoever has no deadline is long-running, and takes no seat.
    let seat = limit.map(|_| shared.in_flight.enter(row.method, call.cx.user()));
    #[cfg(feature = "metrics")]
    let running = running(endpoint, row, &parts, limit.is_none());
    if let Some(None) = seat {
        #[cfg(feature = "metrics")]
        if let Some(running) = running {
            running.refused(StatusCode::TOO_MANY_REQUESTS);
        }
        return Answer::Response(with_headers(too_many_requests(), audit_id));
    }
    #[cfg(feature = "gzip")]
    let gzip_accepted = gzip::accepted(&parts.headers);
    let warnings = call.share_warnings();
    let call = call.with_request(parts, body);
    let response = run(row, call, limit).await;
    drop((seat, user));
    let mut response = match response {
        Ok(response) => response,
        Err(status) => format.respond(&status),
    };
    #[cfg(feature = "metrics")]
    if let Some(running) = running {
        response = running.answered(response);
    }
    // What the storage itself answers is not ours to change.
    #[cfg(feature = "gzip")]
    if *row.action != verb::CONNECT {
        response = gzip::compress(response, gzip_accepted);
    }
    let warnings = warnings.lock().unwrap_or_else(PoisonError::into_inner);
    for warning in warnings.header_values() {
        response.headers_mut().append(WARNING, warning);
    }
    Answer::Response(with_headers(response, audit_id))
}

/// Counts a request of a route.
#[cfg(feature = "metrics")]
fn running(endpoint: &Endpoint, row: &Row, parts: &Parts, long_running: bool) -> Option<Running> {
    let metrics = endpoint.metrics.as_ref()?;
    if endpoint.deprecation.is_some() {
        metrics.used_deprecated();
    }
    let at = endpoint.rows.iter().position(|other| std::ptr::eq(other, row))?;
    metrics.begin(at, row, parts, long_running)
}

/// A call without its request, and when it must be answered.
struct Prepared {
    endpoint: Arc<Endpoint>,
    cx: Context,
    name: String,
    subpath: Option<String>,
    watch_path: bool,
    limits: Arc<verb::Limits>,
}

impl Prepared {
    fn share_warnings(&self) -> Arc<std::sync::Mutex<crate::wire::warning::Warnings>> {
        self.cx.share_warnings()
    }

    fn with_request(self, parts: Parts, body: RequestBody) -> Call {
        let Self { endpoint, cx, name, subpath, watch_path, limits } = self;
        Call { endpoint, parts, body, cx, name, subpath, watch_path, limits }
    }
}

/// How long a request may take, and what the client is told when it took longer.
type Limit = Option<(Instant, &'static str)>;

fn call(
    shared: &Shared,
    endpoint: &Arc<Endpoint>,
    row: &Row,
    info: &RequestInfo<'_>,
    subpath: Option<&str>,
    parts: &Parts,
) -> Result<(Prepared, Limit)> {
    for (what, segment) in [("Namespace", &info.namespace), ("Name", &info.name)] {
        let Some(segment) = segment else { continue };
        // Or `namespaces//flunders` would reach into every namespace (contract 5.14).
        if segment.is_empty() {
            return Err(Status::bad_request(format!("{what} parameter required.")));
        }
        path_segment_name(segment).map_err(|errors| {
            Status::bad_request(format!("{what} parameter invalid: {}: {}", Quoted(segment), errors.join(";")))
        })?;
    }
    let limit = limit(shared, row, parts)?;
    let mut cx = Context::new(Arc::clone(&endpoint.info));
    if let Some(warning) = &endpoint.deprecation {
        cx.warn(warning);
    }
    if let Some(namespace) = &info.namespace {
        cx = cx.with_namespace(namespace.as_ref());
    }
    if let Some((deadline, _)) = limit {
        cx = cx.with_deadline(deadline);
    }
    if row.action.takes_object || *row.action == verb::PATCH {
        cx.set_default_field_manager(default_field_manager(parts));
    }
    // A trailing slash is kept, because what is below may tell `a` from `a/` (contract 4.6.5).
    let slash = if parts.uri.path().ends_with('/') { "/" } else { "" };
    let subpath = match subpath {
        Some(rest) => Some(format!("/{rest}{slash}")),
        None if !slash.is_empty() && has_subpaths(endpoint, row) => Some(slash.to_owned()),
        None => None,
    };
    let prepared = Prepared {
        endpoint: Arc::clone(endpoint),
        cx,
        name: info.name.as_deref().unwrap_or_default().to_owned(),
        subpath,
        watch_path: info.watch,
        limits: Arc::clone(&shared.limits),
    };
    Ok((prepared, limit))
}

/// Whether the storage that answers sees the rest of the path.
fn has_subpaths(endpoint: &Endpoint, row: &Row) -> bool {
    endpoint.rows.iter().any(|other| other.shape.subpath && other.action == row.action)
}

/// The deadline of a request; watches and connections have none (contract 4.3.3-4.3.5).
fn limit(shared: &Shared, row: &Row, parts: &Parts) -> Result<Limit> {
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let long_running = row.action.deprecated
        || *row.action == verb::CONNECT
        || (*row.action == verb::LIST && query.bool("watch") == Some(true));
    if long_running {
        return Ok(None);
    }
    let asked = parse_timeout(query.get("timeout"), shared.request_timeout)?;
    let single_write = row.method != crate::route::Method::Get && *row.action != verb::DELETECOLLECTION;
    // The clock of the runtime, which tests can pause.
    let now = tokio::time::Instant::now().into_std();
    if single_write {
        let text = "request did not complete within requested timeout - context deadline exceeded";
        return Ok(Some((now + asked.min(WRITE_TIMEOUT), text)));
    }
    Ok(Some((now + asked, "request did not complete within the allotted timeout")))
}

/// Runs the handler up to its deadline. A panic is answered, and stays the panic of one request (contract 4.12.6).
async fn run(row: &Row, call: Call, limit: Limit) -> Result<Response> {
    let handler = row.handler;
    let mut future = pin!(async move { handler(call).await });
    let caught =
        std::future::poll_fn(move |cx| match std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(Poll::Ready(response)) => Poll::Ready(response),
            Ok(Poll::Pending) => Poll::Pending,
            Err(_) => Poll::Ready(Ok(panicked())),
        });
    let Some((deadline, text)) = limit else { return caught.await };
    match tokio::time::timeout_at(deadline.into(), caught).await {
        Ok(response) => response,
        Err(_) => Err(Status::timeout(text, 0)),
    }
}

fn panicked() -> Response {
    tracing::error!("a handler panicked");
    text(StatusCode::INTERNAL_SERVER_ERROR, "This request caused apiserver to panic. Look in the logs for details.")
}

/// Paths that are no resource and no discovery.
async fn general(shared: &Shared, parts: &Parts) -> Option<Response> {
    let path = parts.uri.path();
    if path == "/version" || path == "/version/" {
        return Some(version::respond(&parts.method, &shared.version));
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

/// The user agent's name, for whoever does not say a field manager (contract 4.4.7).
fn default_field_manager(parts: &Parts) -> String {
    let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let name = agent.split('/').next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(128).collect()
}

/// The client's own id of the request, or a fresh one (contract 4.12.7).
fn audit_id(parts: &Parts) -> HeaderValue {
    parts.headers.get(&AUDIT_ID).cloned().unwrap_or_else(|| {
        let id = uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid();
        let mut text = uuid::Uuid::encode_buffer();
        HeaderValue::from_str(id.hyphenated().encode_lower(&mut text))
            .unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    })
}

/// In which format errors are answered; what cannot be negotiated is indented JSON (contract 4.2.4, 4.2.19).
struct FormatOf {
    format: Format,
    pretty: bool,
}

impl FormatOf {
    fn of(parts: &Parts) -> Self {
        let accept = media::accept_value(&parts.headers);
        let fallback = media::Negotiated { pretty: true, ..media::Negotiated::default() };
        let negotiated = media::negotiate(accept.as_deref(), media::Endpoint::Plain).unwrap_or(fallback);
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        Self { format: negotiated.format, pretty: negotiated.pretty || pretty_wanted(query.get("pretty"), agent) }
    }

    fn respond(&self, status: &Status) -> Response {
        let Ok(body) = encode(status.to_json().into(), self.format, self.pretty) else {
            return text(StatusCode::INTERNAL_SERVER_ERROR, "the error could not be encoded");
        };
        let mut response = Response::new(ResponseBody::pair(body.chunks));
        *response.status_mut() = StatusCode::from_u16(status.code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(body.content_type));
        // Contract 0.7.
        let retry_after = status.details().map_or(0, |details| details.retry_after_seconds);
        if retry_after > 0 {
            response.headers_mut().insert(RETRY_AFTER, retry_after.into());
        }
        response
    }
}

fn finish(response: Result<Response>, parts: &Parts, audit_id: HeaderValue) -> Response {
    with_headers(response.unwrap_or_else(|status| FormatOf::of(parts).respond(&status)), audit_id)
}

/// What every response carries (contract 4.12.7).
fn with_headers(mut response: Response, audit_id: HeaderValue) -> Response {
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
    let not_found = || text(StatusCode::NOT_FOUND, "404 page not found\n");
    with_headers(index::respond(shared, parts).unwrap_or_else(not_found), audit_id(parts))
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
