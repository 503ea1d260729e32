//! What is known of a resource: names, Kind and scope, as a value (design: handlers take a description, not a type).

use std::borrow::Cow;

use crate::wire::status::{GroupKind, GroupResource};

/// The description of a resource or subresource in one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceInfo {
    /// The API group, empty for the core group.
    pub group: Cow<'static, str>,
    /// The version, for example `v1alpha1`.
    pub version: Cow<'static, str>,
    /// The plural resource, for example `flunders`.
    pub resource: Cow<'static, str>,
    /// The subresource, for example `status`.
    pub subresource: Option<Cow<'static, str>>,
    /// The Kind of the objects that the resource takes and gives.
    pub kind: Cow<'static, str>,
    /// The singular name; empty for a subresource (contract 1.8).
    pub singular: Cow<'static, str>,
    /// Whether objects live in namespaces.
    pub scope: Scope,
    /// Short names, for example `fl`.
    pub short_names: Cow<'static, [Cow<'static, str>]>,
    /// Categories, for example `all`.
    pub categories: Cow<'static, [Cow<'static, str>]>,
}

/// Whether objects of a resource live in namespaces (contract 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One object of a name in each namespace.
    Namespaced,
    /// One object of a name.
    Cluster,
}

impl ResourceInfo {
    /// A top-level resource; its singular name is the Kind in lower case.
    pub fn new(
        group: impl Into<Cow<'static, str>>,
        version: impl Into<Cow<'static, str>>,
        resource: impl Into<Cow<'static, str>>,
        kind: impl Into<Cow<'static, str>>,
        scope: Scope,
    ) -> Self {
        let kind = kind.into();
        Self {
            group: group.into(),
            version: version.into(),
            resource: resource.into(),
            subresource: None,
            singular: Cow::Owned(kind.to_lowercase()),
            kind,
            scope,
            short_names: Cow::Borrowed(&[]),
            categories: Cow::Borrowed(&[]),
        }
    }

    /// `v1` in the core group, `group/version` elsewhere.
    pub fn api_version(&self) -> Cow<'static, str> {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            Cow::Owned(format!("{}/{}", self.group, self.version))
        }
    }

    /// The group and the resource, as messages name them (contract 0.4).
    pub fn group_resource(&self) -> GroupResource {
        GroupResource { group: self.group.clone(), resource: self.resource.clone() }
    }

    /// The group and the Kind, as messages name them (contract 0.4).
    pub fn group_kind(&self) -> GroupKind {
        GroupKind { group: self.group.clone(), kind: self.kind.clone() }
    }

    /// `flunders` or `flunders/status`.
    pub fn path(&self) -> Cow<'static, str> {
        match &self.subresource {
            None => self.resource.clone(),
            Some(subresource) => Cow::Owned(format!("{}/{subresource}", self.resource)),
        }
    }

    /// Whether objects live in namespaces.
    pub fn is_namespaced(&self) -> bool {
        self.scope == Scope::Namespaced
    }
}
