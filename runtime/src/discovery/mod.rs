//! What a client asks first: groups, resources, aggregated discovery, OpenAPI (contract 3.1, 3.2, 3.5).

mod aggregated;
mod documents;
mod groups;
mod openapi;
mod resource_list;
mod respond;
#[cfg(test)]
mod tests;

use http::Method;
use http::request::Parts;
use serde_json::Value;

use self::aggregated::Scope;
use self::documents::Document;
use crate::server::GroupSpec;
use crate::server::resources::Resources;
use crate::server::respond::method_not_allowed;
use crate::verb::Response;
use crate::wire::media::{Endpoint, Transform, accept_value, negotiate};
use crate::wire::status::Result;

pub(crate) use documents::Documents;
#[cfg(feature = "docs")]
pub(crate) use respond::has_current;

/// Answers a request for a document about what is installed.
///
/// `None` if the path is not one of these documents, or if it is about a group or a version that is not installed
/// (contract 3.1.7). A method other than GET is answered with 405 (contract 2.2.6).
pub(crate) fn handle(resources: &Resources, parts: &Parts) -> Option<Result<Response>> {
    let page = Page::find(resources, parts.uri.path())?;
    if parts.method != Method::GET {
        return Some(Ok(method_not_allowed(parts)));
    }
    page.answer(resources, parts).transpose()
}

/// A document that the server has.
enum Page<'a> {
    /// `/api`.
    Core,
    /// `/apis`.
    Groups,
    /// `/apis/GROUP`.
    Group(&'a GroupSpec),
    /// `/api/VERSION` and `/apis/GROUP/VERSION`.
    Version { group: &'a str, version: &'a str },
    /// `/openapi/...`.
    OpenApi(openapi::Page<'a>),
}

impl<'a> Page<'a> {
    /// Finds the document of a path; a slash at its end is tolerated (contract 3.1.5).
    fn find(resources: &'a Resources, path: &'a str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        let (root, rest) = path.split_once('/').unwrap_or((path, ""));
        match (root, rest) {
            ("api", "") => Some(Self::Core),
            ("apis", "") => Some(Self::Groups),
            ("openapi", page) => openapi::Page::find(resources, page).map(Self::OpenApi),
            ("api", version) => Self::version(resources, "", version),
            ("apis", rest) => match rest.split_once('/') {
                Some(("", _)) => None,
                Some((group, version)) => Self::version(resources, group, version),
                None => resources.groups.iter().find(|spec| spec.name == rest).map(Self::Group),
            },
            _ => None,
        }
    }

    fn version(resources: &Resources, group: &'a str, version: &'a str) -> Option<Self> {
        resources.has_version(group, version).then_some(Self::Version { group, version })
    }

    /// The response; `None` where a document has only an aggregated form and another one is wanted.
    fn answer(&self, resources: &Resources, parts: &Parts) -> Result<Option<Response>> {
        match self {
            Self::Core => root(resources, parts, Scope::Core, || groups::api_versions(resources, parts)),
            Self::Groups => root(resources, parts, Scope::Named, || Some(groups::api_group_list(resources, parts))),
            Self::Group(spec) => {
                let path = format!("/apis/{}", spec.name);
                plain(parts, &resources.documents.get(&path, || groups::api_group(spec))).map(Some)
            }
            Self::Version { group, version } => {
                let path = format!("/{}", resource_list::path(group, version));
                let list = || resource_list::api_resource_list(resources, group, version);
                plain(parts, &resources.documents.get(&path, list)).map(Some)
            }
            Self::OpenApi(page) => page.answer(resources, parts).map(Some),
        }
    }
}

/// A document that has an aggregated form too. The plain form is not kept: it names the host of the request.
fn root(
    resources: &Resources,
    parts: &Parts,
    scope: Scope,
    make: impl FnOnce() -> Option<Value>,
) -> Result<Option<Response>> {
    let media = negotiate(accept_value(&parts.headers).as_deref(), Endpoint::Discovery)?;
    if let Some(Transform::AggregatedDiscovery(version)) = media.transform {
        return aggregated::answer(resources, parts, media, scope, version).map(Some);
    }
    make().map(|value| respond::json(parts, media, documents::to_bytes(&value))).transpose()
}

/// A document that has one form; a clause that asks for another is skipped (contract 3.1.6).
fn plain(parts: &Parts, document: &Document) -> Result<Response> {
    let media = negotiate(accept_value(&parts.headers).as_deref(), Endpoint::Plain)?;
    respond::json(parts, media, document.json.clone())
}
