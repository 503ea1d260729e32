//! API groups: what is installed together, and in which order versions are preferred.

use std::cmp::Reverse;

use super::resource::Resource;

/// An API group of a server: its resources, and the order of its versions.
///
/// A group needs no declaration of its own to be served; this is for more than one version, or another priority.
///
/// ```
/// use rest_resource::server::ApiGroup;
///
/// let group = ApiGroup::new("wardle.example.com").versions(["v1beta1", "v1alpha1"]).priority(2000);
/// ```
#[derive(Debug)]
pub struct ApiGroup {
    pub(super) name: String,
    pub(super) versions: Vec<String>,
    pub(super) priority: i32,
    pub(super) resources: Vec<Resource>,
}

impl ApiGroup {
    /// A group; the name is empty for the core group.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), versions: Vec::new(), priority: 1000, resources: Vec::new() }
    }

    /// The order of the versions, the preferred one first. Versions that are not named follow, GA before beta before
    /// alpha (contract 3.2.9).
    #[must_use]
    pub fn versions(mut self, order: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.versions = order.into_iter().map(Into::into).collect();
        self
    }

    /// The group's place in discovery: higher comes first, 1000 by default (contract 3.2.9).
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Adds a resource to the group.
    #[must_use]
    pub fn install(mut self, resource: impl Into<Resource>) -> Self {
        self.resources.push(resource.into());
        self
    }
}

/// A group as it is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupSpec {
    /// Empty for the core group.
    pub(crate) name: String,
    /// The versions, the preferred one first.
    pub(crate) versions: Vec<String>,
    /// Higher comes first.
    pub(crate) priority: i32,
}

impl GroupSpec {
    /// Orders the versions: the declared ones as declared, then by their names.
    pub(super) fn new(name: String, declared: &[String], served: impl Iterator<Item = String>, priority: i32) -> Self {
        let mut versions: Vec<String> = served.collect();
        versions.sort_by_cached_key(|version| {
            let declared = declared.iter().position(|name| name == version).unwrap_or(usize::MAX);
            (declared, version_order(version))
        });
        versions.dedup();
        Self { name, versions, priority }
    }
}

/// The order of version names: GA, beta, alpha, each with the higher number first, then all others by name.
fn version_order(version: &str) -> (u8, Reverse<u64>, Reverse<u64>, String) {
    let parse = || {
        let rest = version.strip_prefix('v')?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (major, stage) = rest.split_at(digits);
        let major: u64 = major.parse().ok()?;
        let (class, minor) = match stage {
            "" => (0, ""),
            _ => match (stage.strip_prefix("beta"), stage.strip_prefix("alpha")) {
                (Some(minor), _) => (1, minor),
                (_, Some(minor)) => (2, minor),
                _ => return None,
            },
        };
        let minor = if minor.is_empty() { 0 } else { minor.parse().ok()? };
        Some((class, Reverse(major), Reverse(minor), String::new()))
    };
    parse().unwrap_or_else(|| (3, Reverse(0), Reverse(0), version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c3_2_9_versions_are_ordered_by_declaration_and_then_by_name() {
        let order = |declared: &[&str], served: &[&str]| {
            let declared: Vec<String> = declared.iter().map(ToString::to_string).collect();
            GroupSpec::new("g".into(), &declared, served.iter().map(ToString::to_string), 0).versions
        };
        assert_eq!(
            order(&[], &["v1alpha1", "v2", "foo", "v1beta2", "v1", "v11alpha2", "v1beta1"]),
            ["v2", "v1", "v1beta2", "v1beta1", "v11alpha2", "v1alpha1", "foo"]
        );
        assert_eq!(order(&["v1alpha1"], &["v1", "v1alpha1", "v1"]), ["v1alpha1", "v1"]);
    }
}
