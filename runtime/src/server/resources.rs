//! The installed resources: an immutable table that is swapped whole, so that requests never see half a change.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::group::GroupSpec;
use super::request_info::RequestInfo;
use crate::discovery::Documents;
use crate::route::{Method, Row};
use crate::verb::Endpoint;

/// The resources of one group and version, by name.
pub(crate) type VersionResources = BTreeMap<String, ResourceEntry>;

/// A resource with its subresources.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResourceEntry {
    pub(crate) main: Option<Arc<Endpoint>>,
    pub(crate) subresources: BTreeMap<String, Arc<Endpoint>>,
}

/// All that is installed, with the documents that describe it.
#[derive(Debug)]
pub(crate) struct Resources {
    /// Groups in the order of discovery, each with its versions in the order of their priority.
    pub(crate) groups: Vec<GroupSpec>,
    /// Every endpoint, sorted by group, version and path (contract 2.1.1, 2.7.3).
    pub(crate) endpoints: Vec<Arc<Endpoint>>,
    index: BTreeMap<String, BTreeMap<String, VersionResources>>,
    pub(crate) documents: Documents,
}

/// What a path and a method lead to.
pub(crate) enum Match<'a> {
    /// A route.
    Route { endpoint: &'a Arc<Endpoint>, row: &'a Row, subpath: Option<&'a str> },
    /// The path has routes, but not for this method; these are the methods (contract 4.12.3).
    MethodNotAllowed(Vec<Method>),
    /// The group and version are installed, the resource is not (contract 4.12.2).
    UnknownResource,
    /// The group or the version is not installed.
    UnknownVersion,
}

impl Resources {
    pub(crate) fn new(groups: Vec<GroupSpec>, mut endpoints: Vec<Arc<Endpoint>>) -> Self {
        endpoints.sort_by_cached_key(|endpoint| {
            let info = &endpoint.info;
            (info.group.to_string(), info.version.to_string(), info.path().into_owned())
        });
        let mut index: BTreeMap<String, BTreeMap<String, VersionResources>> = BTreeMap::new();
        for endpoint in &endpoints {
            let info = &endpoint.info;
            let version = index.entry(info.group.to_string()).or_default().entry(info.version.to_string()).or_default();
            let entry = version.entry(info.resource.to_string()).or_default();
            match &info.subresource {
                None => entry.main = Some(Arc::clone(endpoint)),
                Some(subresource) => {
                    entry.subresources.insert(subresource.to_string(), Arc::clone(endpoint));
                }
            }
        }
        for entry in index.values().flat_map(BTreeMap::values).flat_map(BTreeMap::values) {
            for (main, subresource) in
                entry.main.iter().flat_map(|main| entry.subresources.values().map(move |s| (main, s)))
            {
                subresource.belongs_to(main);
            }
        }
        let documents = Documents::default();
        Self { groups, endpoints, index, documents }
    }

    /// Whether a group and version has resources.
    pub(crate) fn has_version(&self, group: &str, version: &str) -> bool {
        self.index.get(group).is_some_and(|versions| versions.contains_key(version))
    }

    /// The endpoints of a group and version, in order.
    pub(crate) fn of_version<'a>(
        &'a self,
        group: &'a str,
        version: &'a str,
    ) -> impl Iterator<Item = &'a Arc<Endpoint>> {
        self.endpoints.iter().filter(move |e| e.info.group == group && e.info.version == version)
    }

    /// Finds the route of a request.
    pub(crate) fn find<'a>(&'a self, info: &RequestInfo<'a>, method: &http::Method) -> Match<'a> {
        let Some(version) = self.index.get(info.group).and_then(|versions| versions.get(info.version)) else {
            return Match::UnknownVersion;
        };
        let Some(entry) = version.get(info.resource) else { return Match::UnknownResource };
        let (head, tail) = match info.rest.split_once('/') {
            Some((head, tail)) => (head, Some(tail)),
            None => (info.rest, None),
        };
        let (endpoint, subpath) = match entry.subresources.get(head) {
            Some(endpoint) => (Some(endpoint), tail),
            None if info.rest.is_empty() => (entry.main.as_ref(), None),
            None => (entry.main.as_ref(), Some(info.rest)),
        };
        let Some(endpoint) = endpoint else { return Match::UnknownResource };
        let shape = info.shape(subpath.is_some());
        let rows = || endpoint.rows.iter().filter(move |row| row.shape == shape);
        let wanted = Method::of(method);
        if let Some(row) = rows().find(|row| Some(row.method) == wanted) {
            return Match::Route { endpoint, row, subpath };
        }
        let mut methods: Vec<Method> = rows().map(|row| row.method).collect();
        if methods.is_empty() {
            return Match::UnknownResource;
        }
        methods.sort_unstable();
        methods.dedup();
        Match::MethodNotAllowed(methods)
    }
}
