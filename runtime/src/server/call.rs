//! What a handler is called with, and how long it may take.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::header::{HeaderValue, USER_AGENT};
use http::request::Parts;

use super::Shared;
use super::body::RequestBody;
use super::request_info::RequestInfo;
use crate::route::{Method, Row};
use crate::verb::{self, Call, Context, Endpoint};
use crate::wire::decode::path::Quoted;
use crate::wire::duration::parse_timeout;
use crate::wire::names::path_segment_name;
use crate::wire::options::FIELD_MANAGER_MAX_BYTES;
use crate::wire::query::Query;
use crate::wire::status::{Result, Status};
use crate::wire::strconv;
use crate::wire::warning::Warnings;

/// The longest that a create, an update, a patch or a delete may take (contract 4.3.3).
const WRITE_TIMEOUT: Duration = Duration::from_secs(34);

/// A call without its request, and when it must be answered.
pub(super) struct Prepared {
    endpoint: Arc<Endpoint>,
    pub(super) cx: Context,
    name: String,
    subpath: Option<String>,
    watch_path: bool,
    limits: Arc<verb::Limits>,
}

impl Prepared {
    pub(super) fn share_warnings(&self) -> Arc<Mutex<Warnings>> {
        self.cx.share_warnings()
    }

    pub(super) fn with_request(self, parts: Parts, body: RequestBody) -> Call {
        let Self { endpoint, cx, name, subpath, watch_path, limits } = self;
        Call { endpoint, parts, body, cx, name, subpath, watch_path, limits }
    }
}

/// How long a request may take, and what the client is told when it took longer.
pub(super) type Limit = Option<(Instant, &'static str)>;

/// Prepares the call of a route.
pub(super) fn call(
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
    let single_write = row.method != Method::Get && *row.action != verb::DELETECOLLECTION;
    // The clock of the runtime, which tests can pause.
    let now = tokio::time::Instant::now().into_std();
    if single_write {
        let text = "request did not complete within requested timeout - context deadline exceeded";
        return Ok(Some((now + asked.min(WRITE_TIMEOUT), text)));
    }
    Ok(Some((now + asked, "request did not complete within the allotted timeout")))
}

/// The user agent's name, for whoever does not say a field manager (contract 4.4.7).
fn default_field_manager(parts: &Parts) -> String {
    let agent = parts.headers.get(USER_AGENT).map(HeaderValue::as_bytes).unwrap_or_default();
    let name = agent.split(|byte| *byte == b'/').next().unwrap_or_default();
    let mut manager = String::new();
    for c in String::from_utf8_lossy(name).chars().filter(|c| strconv::is_print(*c)) {
        if manager.len() + c.len_utf8() > FIELD_MANAGER_MAX_BYTES {
            break;
        }
        manager.push(c);
    }
    manager
}
