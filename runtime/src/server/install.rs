//! What is wrong with a set of resources: all of it, at once (contract 2.3).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::group::GroupSpec;
use super::installed::{InstalledStorage, Users};
use super::resource::Resource;
use super::resources::Resources;
#[cfg(feature = "metrics")]
use crate::metrics::EndpointMetrics;
use crate::verb::{Endpoint, Limits, ResourceInfo};

/// Where an endpoint is installed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) path: String,
}

impl Key {
    pub(super) fn of(info: &ResourceInfo) -> Self {
        Self { group: info.group.to_string(), version: info.version.to_string(), path: info.path().into_owned() }
    }

    /// `group/version`, or the version alone for the core group.
    pub(super) fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }
}

/// One reason why a server can't be prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallError {
    /// The resource, for example `wardle.example.com/v1alpha1/flunders`; empty if it is about the server.
    pub resource: String,
    /// What is wrong.
    pub message: String,
}

/// Every reason why a server can't be prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallErrors(pub Vec<InstallError>);

impl fmt::Display for InstallErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            if !error.resource.is_empty() {
                write!(f, "error in registering resource: {}, ", error.resource)?;
            }
            f.write_str(&error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for InstallErrors {}

/// Opens a resource for one server: its watches end with the server, or with the resource.
pub(super) fn open(
    resource: Resource,
    limits: &Limits,
) -> Result<(Vec<Arc<Endpoint>>, InstalledStorage), InstallErrors> {
    let lifetime = limits.shutdown.child_token();
    let users = Arc::new(Users::new());
    let Resource { name, endpoints, destroy } = resource;
    let mut opened = Vec::new();
    let mut errors = Vec::new();
    for endpoint in endpoints {
        match endpoint {
            Ok(mut endpoint) => {
                endpoint.lifetime = lifetime.clone();
                endpoint.users = Arc::clone(&users);
                #[cfg(feature = "metrics")]
                if let Some(metrics) = &limits.metrics {
                    endpoint.metrics = Some(EndpointMetrics::new(metrics, &endpoint.info, &endpoint.rows));
                }
                opened.push(Arc::new(endpoint));
            }
            Err(message) => errors.push(InstallError { resource: name.clone(), message }),
        }
    }
    if !errors.is_empty() {
        return Err(InstallErrors(errors));
    }
    let keys = opened.iter().map(|endpoint| Key::of(&endpoint.info)).collect();
    Ok((opened, InstalledStorage { keys, destroy, lifetime, users }))
}

/// The order of a group's versions and its priority, as it was declared.
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) versions: Vec<String>,
    pub(super) priority: i32,
}

/// The table of these endpoints, if they fit together. Groups keep the place that they have in `known`.
pub(super) fn resources(
    endpoints: Vec<Arc<Endpoint>>,
    known: &[GroupSpec],
    declared: &[Declared],
) -> Result<Resources, InstallErrors> {
    let errors = check(&endpoints);
    if !errors.is_empty() {
        return Err(InstallErrors(errors));
    }
    let mut served: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for endpoint in &endpoints {
        served.entry(&endpoint.info.group).or_default().insert(&endpoint.info.version);
    }
    let mut groups: Vec<GroupSpec> = served
        .into_iter()
        .map(|(name, versions)| {
            let versions = versions.into_iter().map(ToOwned::to_owned);
            let known = known.iter().find(|group| group.name == name);
            match (declared.iter().find(|group| group.name == name), known) {
                (Some(group), _) => GroupSpec::new(name.to_owned(), &group.versions, versions, group.priority),
                (None, Some(group)) => GroupSpec::new(name.to_owned(), &group.versions, versions, group.priority),
                (None, None) => GroupSpec::new(name.to_owned(), &[], versions, 1000),
            }
        })
        .collect();
    groups.sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.name.cmp(&b.name)));
    Ok(Resources::new(groups, endpoints))
}

fn check(endpoints: &[Arc<Endpoint>]) -> Vec<InstallError> {
    let mut errors = Vec::new();
    let mut error = |key: &Key, message: String| {
        errors.push(InstallError { resource: format!("{}/{}", key.api_version(), key.path), message });
    };
    let mut by_key: BTreeMap<Key, &Endpoint> = BTreeMap::new();
    for endpoint in endpoints {
        let key = Key::of(&endpoint.info);
        if by_key.insert(key.clone(), endpoint).is_some() {
            error(&key, "the resource is installed twice".to_owned());
        }
    }
    for (key, endpoint) in &by_key {
        let info = &endpoint.info;
        if info.version.is_empty() {
            error(key, format!("cannot register handler with an empty version for {:?}", info.group));
        }
        if let Some(message) = misnamed(&info.path()) {
            error(key, message);
            continue;
        }
        let Some(subresource) = &info.subresource else { continue };
        let parent = Key { path: info.resource.to_string(), ..key.clone() };
        match by_key.get(&parent) {
            None => error(key, format!("missing parent storage: {:?}", info.resource)),
            Some(parent) if parent.info.scope != info.scope => error(
                key,
                format!(
                    "Error: Parent {} (scope: {:?}) and subresource {subresource} (scope: {:?}) scope do not match",
                    info.resource, parent.info.scope, info.scope
                ),
            ),
            Some(_) => {}
        }
    }
    errors
}

/// What the derive refuses at compile time, for resources that are described at run time (contract 2.1.2).
fn misnamed(path: &str) -> Option<String> {
    if path.chars().any(char::is_uppercase) {
        return Some(format!("resource names must be lowercase only, not {path:?}"));
    }
    if path.split('/').count() > 2 {
        let message = "api_installer allows only one or two segment paths (resource or resource/subresource)";
        return Some(message.to_owned());
    }
    if path.split('/').any(str::is_empty) {
        return Some(format!("a resource and a subresource have names of their own, not {path:?}"));
    }
    let is_watch = path == "watch" || path.starts_with("watch/");
    is_watch.then(|| "a resource cannot be called \"watch\": below are the deprecated watches".to_owned())
}
