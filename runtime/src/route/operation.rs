//! Operation ids, for resources that are described at run time (contract 2.6). The derive writes the same ones.

use super::{Action, Shape};
use crate::verb::ResourceInfo;

/// The operation id of a route, for example `listWardleExampleComV1alpha1NamespacedFlunder`.
///
/// The Kind is the parent's for a subresource (contract 2.6.3); resources described at run time have none.
pub(crate) fn operation_id(info: &ResourceInfo, action: &Action, shape: Shape) -> String {
    let mut id = action.operation.to_owned();
    id.push_str(&group_word(&info.group));
    id.push_str(&title(&info.version));
    if shape.namespace {
        id.push_str("Namespaced");
    }
    id.push_str(&info.kind);
    if let Some(subresource) = &info.subresource {
        id.push_str(&title(subresource));
    }
    if action.name == "WATCHLIST" {
        id.push_str("List");
    }
    if shape.subpath {
        id.push_str("WithPath");
    }
    if info.is_namespaced() && !shape.namespace {
        id.push_str("ForAllNamespaces");
    }
    id
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
