//! `/`: the paths that there are (contract 3.3.2).

use std::collections::BTreeSet;

use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use serde_json::json;

use super::Shared;
use super::health::PATHS;
use super::respond::method_not_allowed;
use crate::verb::{Response, ResponseBody};
use crate::wire::media::JSON;

/// The list, indented; `None` for another path.
pub(super) fn respond(shared: &Shared, parts: &Parts) -> Option<Response> {
    if !["/", "/index.html"].contains(&parts.uri.path()) {
        return None;
    }
    if parts.method != Method::GET {
        return Some(method_not_allowed(parts));
    }
    let mut paths: BTreeSet<String> = PATHS.iter().map(ToString::to_string).collect();
    paths.extend(["/apis", "/openapi/v2", "/openapi/v3", "/version"].map(str::to_owned));
    #[cfg(feature = "metrics")]
    paths.extend(shared.limits.metrics.iter().flat_map(|_| super::metrics::PATHS).map(ToString::to_string));
    #[cfg(feature = "docs")]
    paths.extend(shared.docs.then(|| "/docs".to_owned()));
    for group in &shared.installed.load().groups {
        let root = if group.name.is_empty() { "/api".to_owned() } else { format!("/apis/{}", group.name) };
        paths.extend(group.versions.iter().map(|version| format!("{root}/{version}")));
        paths.insert(root);
    }
    let json = serde_json::to_vec_pretty(&json!({ "paths": paths })).unwrap_or_default();
    let mut response = Response::new(ResponseBody::full(json));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    Some(response)
}
