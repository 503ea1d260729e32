//! OpenAPI: an index, and one version 3.0 document for each group and version (contract 3.5).
//!
//! The documents are made of the same rows that requests are matched to, and of the objects' schemas.

mod components;
mod document;
mod operation;
mod parameters;
mod schema;
mod v2;

use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, HeaderValue, LOCATION, VARY};
use http::request::Parts;
use k8s_openapi::jiff::fmt::rfc2822::DateTimePrinter;
use k8s_openapi::jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use std::sync::Arc;

use super::documents::Document;
use super::resource_list::path;
use super::respond;
use crate::server::resources::Resources;
use crate::verb::{Response, ResponseBody};
use crate::wire::media::{Endpoint, JSON, accept_value, negotiate_stream};
use crate::wire::query::Query;
use crate::wire::status::{Result, Status};

/// A page below `/openapi`.
pub(super) enum Page<'a> {
    /// `/openapi/v2`: everything in one document, in the older format.
    V2,
    /// `/openapi/v3`.
    Index,
    /// `/openapi/v3/api/VERSION` and `/openapi/v3/apis/GROUP/VERSION`.
    Version { group: &'a str, version: &'a str },
}

impl<'a> Page<'a> {
    /// Finds the page of what follows `/openapi/`; `None` for one that is not installed (contract 3.5.4, 10.4.2).
    pub(super) fn find(resources: &Resources, path: &'a str) -> Option<Self> {
        match path {
            "v2" => return Some(Self::V2),
            "v3" => return Some(Self::Index),
            _ => {}
        }
        let (group, version) = match path.strip_prefix("v3/")?.split_once('/')? {
            ("api", version) => ("", version),
            ("apis", rest) => rest.split_once('/').filter(|(group, _)| !group.is_empty())?,
            _ => return None,
        };
        resources.has_version(group, version).then_some(Self::Version { group, version })
    }

    /// The response. The body is exactly what the entity tag is the hash of, never indented.
    pub(super) fn answer(&self, resources: &Resources, parts: &Parts) -> Result<Response> {
        // As watch events do, the documents travel as JSON only.
        if negotiate_stream(accept_value(&parts.headers).as_deref(), Endpoint::Plain).is_err() {
            return Ok(respond::empty(StatusCode::NOT_ACCEPTABLE));
        }
        match self {
            Self::V2 => {
                let document = resources.documents.get("/openapi/v2", || v2::document(resources));
                let mut response = send(parts, &document)?;
                response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
                Ok(response)
            }
            Self::Index => send(parts, &resources.documents.get("/openapi/v3", || index(resources))),
            Self::Version { group, version } => version_response(resources, parts, group, version),
        }
    }
}

fn send(parts: &Parts, document: &Document) -> Result<Response> {
    respond::tagged(parts, document, || {
        let mut response = Response::new(ResponseBody::full(document.json.clone()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        Ok(response)
    })
}

/// The document of a version. A client that names its hash may keep it for ever, and is sent to the current one if the
/// hash is another (contract 3.5.5).
fn version_response(resources: &Resources, parts: &Parts, group: &str, version: &str) -> Result<Response> {
    let document = version_document(resources, group, version);
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let Some(hash) = query.get("hash") else { return send(parts, &document) };
    if hash != document.hash {
        let mut response = respond::empty(StatusCode::MOVED_PERMANENTLY);
        respond::set(&mut response, LOCATION, url(group, version, &document))?;
        return Ok(response);
    }
    let mut response = send(parts, &document)?;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, immutable"));
    headers.insert(VARY, HeaderValue::from_static("Accept"));
    let expires = Timestamp::now() + SignedDuration::from_hours(365 * 24);
    let expires = DateTimePrinter::new().timestamp_to_rfc9110_string(&expires).map_err(Status::internal_error)?;
    respond::set(&mut response, EXPIRES, expires)?;
    Ok(response)
}

fn version_document(resources: &Resources, group: &str, version: &str) -> Arc<Document> {
    let key = format!("/openapi/v3/{}", path(group, version));
    resources.documents.get(&key, || document::document(resources, group, version))
}

fn url(group: &str, version: &str, document: &Document) -> String {
    format!("/openapi/v3/{}?hash={}", path(group, version), document.hash)
}

/// The index: where the document of each group and version is (contract 3.5.3).
fn index(resources: &Resources) -> Value {
    let paths: Map<String, Value> = versions(resources)
        .map(|(group, version)| {
            let document = version_document(resources, group, version);
            (path(group, version), json!({ "serverRelativeURL": url(group, version, &document) }))
        })
        .collect();
    json!({ "paths": paths })
}

/// Every installed group and version.
fn versions(resources: &Resources) -> impl Iterator<Item = (&str, &str)> {
    resources.groups.iter().flat_map(|spec| spec.versions.iter().map(|version| (&*spec.name, &**version)))
}
