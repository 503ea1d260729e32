//! Aggregated discovery: every resource in one document (contract 3.2).

use std::collections::BTreeMap;

use http::header::{CACHE_CONTROL, HeaderValue, VARY};
use http::request::Parts;
use serde_json::{Value, json};

use super::resource_list::{ObjectKind, names, verbs};
use super::respond;
use crate::server::GroupSpec;
use crate::server::resources::Resources;
use crate::verb::{Endpoint, Response};
use crate::wire::media::{DiscoveryVersion, Negotiated};
use crate::wire::status::Result;

/// Which groups a document is about (contract 3.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// `/api`: the core group. Without one the list is empty, and not absent: kube-rs asks for both documents and gives
    /// up if one is missing.
    Core,
    /// `/apis`: all others.
    Named,
}

/// The response of `/api` or `/apis`, with the headers of contract 3.2.11.
pub(super) fn answer(
    resources: &Resources,
    parts: &Parts,
    media: Negotiated,
    scope: Scope,
    version: DiscoveryVersion,
) -> Result<Response> {
    let path = if scope == Scope::Core { "/api" } else { "/apis" };
    let api_version = version.api_version();
    let document = resources.documents.get(&format!("{path} {api_version}"), || list(resources, scope, api_version));
    let mut response = respond::tagged(parts, &document, || respond::json(parts, media, document.json.clone()))?;
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public"));
    Ok(response)
}

/// `APIGroupDiscoveryList`, the same in all its versions (contract 3.2.4, 3.2.5).
fn list(resources: &Resources, scope: Scope, api_version: &str) -> Value {
    let groups = resources.groups.iter().filter(|spec| spec.name.is_empty() == (scope == Scope::Core));
    let items: Vec<Value> = groups.map(|spec| group(resources, spec)).collect();
    json!({ "kind": "APIGroupDiscoveryList", "apiVersion": api_version, "metadata": {}, "items": items })
}

fn group(resources: &Resources, spec: &GroupSpec) -> Value {
    let versions: Vec<Value> = spec
        .versions
        .iter()
        .map(|version| {
            let resources = version_resources(resources.of_version(&spec.name, version).map(AsRef::as_ref));
            json!({ "version": version, "freshness": "Current", "resources": resources })
        })
        .collect();
    let metadata = if spec.name.is_empty() { json!({}) } else { json!({ "name": spec.name }) };
    json!({ "metadata": metadata, "versions": versions })
}

/// The resources of a version by name, each with its subresources.
fn version_resources<'a>(endpoints: impl Iterator<Item = &'a Endpoint>) -> Vec<Value> {
    let mut entries: BTreeMap<&str, (Option<&Endpoint>, Vec<&Endpoint>)> = BTreeMap::new();
    for endpoint in endpoints {
        let (main, subresources) = entries.entry(&endpoint.info.resource).or_default();
        if endpoint.info.subresource.is_some() { subresources.push(endpoint) } else { *main = Some(endpoint) }
    }
    let entry = |(name, (main, subresources)): (&str, (Option<&Endpoint>, Vec<&Endpoint>))| {
        let scoped = main.or_else(|| subresources.first().copied());
        let namespaced = scoped.is_some_and(|endpoint| endpoint.info.is_namespaced());
        let mut entry = json!({
            "resource": name,
            "scope": if namespaced { "Namespaced" } else { "Cluster" },
            // Never absent, even where there is only a subresource (contract 3.2.7, 3.2.8).
            "responseKind": main.map_or_else(no_kind, |main| ObjectKind::of(main).to_json()),
            "singularResource": main.map_or("", |main| &main.info.singular),
            "verbs": main.map(verbs).unwrap_or_default(),
        });
        if let Some(main) = main {
            names(main, &mut entry);
        }
        if !subresources.is_empty() {
            entry["subresources"] = subresources.into_iter().map(subresource).collect();
        }
        entry
    };
    entries.into_iter().map(entry).collect()
}

fn subresource(endpoint: &Endpoint) -> Value {
    json!({
        "subresource": endpoint.info.subresource,
        "responseKind": ObjectKind::of(endpoint).to_json(),
        "verbs": verbs(endpoint),
    })
}

fn no_kind() -> Value {
    json!({ "group": "", "version": "", "kind": "" })
}
