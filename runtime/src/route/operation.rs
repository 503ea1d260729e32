//! Operation ids (contract 2.6).

use std::fmt;

use super::{Action, Method, Shape};
use crate::verb::{CONNECT, DELETECOLLECTION, ResourceInfo, WATCHLIST};

/// An operation id of `OpenAPI`, for example `listWardleExampleComV1alpha1NamespacedFlunder` (contract 2.6): the parts that
/// differ from route to route, and those that a resource has in one version.
#[derive(Clone, Copy, Debug)]
pub struct OperationId<'a> {
    pub(super) action: &'static Action,
    pub(super) method: Method,
    /// Group and version, as in `WardleExampleComV1alpha1` (contract 2.6.4).
    pub(super) version: &'a str,
    /// The Kind and the subresource, as in `FlunderStatus`. The Kind is the parent's for a subresource (contract 2.6.3).
    pub(super) object: &'a str,
    /// Whether the path has a namespace.
    pub(super) namespaced: bool,
    /// Whether it is across all namespaces.
    pub(super) everywhere: bool,
    pub(super) subpath: bool,
}

impl fmt::Display for OperationId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.action.operation, self.version)?;
        if *self.action == CONNECT {
            // As its variant is written: `Get`.
            write!(f, "{:?}", self.method)?;
        }
        f.write_str(if *self.action == DELETECOLLECTION { "Collection" } else { "" })?;
        f.write_str(if self.namespaced { "Namespaced" } else { "" })?;
        f.write_str(self.object)?;
        f.write_str(if *self.action == WATCHLIST { "List" } else { "" })?;
        f.write_str(if self.subpath { "WithPath" } else { "" })?;
        f.write_str(if self.everywhere { "ForAllNamespaces" } else { "" })
    }
}

/// The operation id of a route of a resource that is described at run time. Its subresources have no parent that is known.
pub(crate) fn operation_id(info: &ResourceInfo, action: &'static Action, method: Method, shape: Shape) -> String {
    let id = OperationId {
        action,
        method,
        version: &format!("{}{}", group_word(&info.group), title(&info.version)),
        object: &format!("{}{}", info.kind, title(info.subresource.as_deref().unwrap_or_default())),
        namespaced: shape.namespace,
        everywhere: info.is_namespaced() && !shape.namespace,
        subpath: shape.subpath,
    };
    id.to_string()
}

/// `core`, or the group in camel case without a trailing `.k8s.io` (contract 2.6.4).
fn group_word(group: &str) -> String {
    if group.is_empty() {
        return "Core".to_owned();
    }
    group.strip_suffix(".k8s.io").unwrap_or(group).split(['.', '-']).map(title).collect()
}

fn title(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
