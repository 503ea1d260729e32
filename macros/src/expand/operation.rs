//! Paths and operation ids (contract 2.2, 2.6).

use crate::check::{Resource, Served};

/// Where a route is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a path has these parts or not")]
pub(crate) struct Place {
    /// Below the deprecated `watch/`.
    pub(crate) watch: bool,
    /// Across all namespaces.
    pub(crate) all_namespaces: bool,
    /// On an object, not on the collection.
    pub(crate) item: bool,
    /// Below the object.
    pub(crate) subpath: bool,
}

/// The path of a route.
pub(crate) fn path(resource: &Resource<'_>, version: &Served<'_>, place: Place) -> String {
    let mut path = match &*resource.group {
        "" => format!("/api/{}", version.version),
        group => format!("/apis/{group}/{}", version.version),
    };
    if place.watch {
        path.push_str("/watch");
    }
    if !resource.cluster && !place.all_namespaces {
        path.push_str("/namespaces/{namespace}");
    }
    path.push('/');
    path.push_str(&resource.plural);
    if place.item || resource.subresource.is_some() {
        path.push_str("/{name}");
    }
    if let Some(subresource) = &resource.subresource {
        path.push('/');
        path.push_str(subresource);
    }
    if place.subpath {
        path.push_str("/{path}");
    }
    path
}

/// What operation ids call a resource in a version: group and version, and what is acted on (contract 2.6.4).
pub(crate) fn operation(resource: &Resource<'_>, version: &Served<'_>) -> (String, String) {
    let group = match &*resource.group {
        "" => "Core".to_owned(),
        group => camel(group.strip_suffix(".k8s.io").unwrap_or(group)),
    };
    let subresource = camel(resource.subresource.as_deref().unwrap_or_default());
    (format!("{group}{}", camel(&version.version)), format!("{}{subresource}", version.operation_kind))
}

/// The operation id of a route.
pub(crate) fn operation_id(resource: &Resource<'_>, version: &Served<'_>, verb: Word, place: Place) -> String {
    let (group_version, object) = operation(resource, version);
    let namespaced = if resource.cluster || place.all_namespaces { "" } else { "Namespaced" };
    let subpath = if place.subpath { "WithPath" } else { "" };
    let everywhere = if place.all_namespaces { "ForAllNamespaces" } else { "" };
    let Word { first, then, last } = verb;
    format!("{first}{group_version}{then}{namespaced}{object}{last}{subpath}{everywhere}")
}

/// What a route does, in its operation id (contract 2.6.1).
#[derive(Clone, Copy)]
pub(crate) struct Word {
    /// For example `read`.
    pub(crate) first: &'static str,
    /// What follows the version: the method of a CONNECT, for example `Get`, or `Collection` where one is deleted.
    pub(crate) then: &'static str,
    /// `List` where a collection is watched.
    pub(crate) last: &'static str,
}

/// `wardle.example.com` as `WardleExampleCom`: no letter, digit or underscore begins a new word.
fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut capital = true;
    for (i, c) in name.char_indices() {
        if !(c.is_ascii_alphabetic() || c == '_' || (i > 0 && c.is_ascii_digit())) {
            capital = true;
        } else if capital {
            camel.push(c.to_ascii_uppercase());
            capital = false;
        } else {
            camel.push(c);
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::camel;

    #[test]
    fn c2_6_4_names_in_camel_case() {
        for (name, expected) in [
            ("wardle.example.com", "WardleExampleCom"),
            ("rbac.authorization", "RbacAuthorization"),
            ("apps", "Apps"),
            ("v1beta1", "V1beta1"),
            ("3d.print-farm.example", "DPrintFarmExample"),
            ("a.3d", "A3d"),
            ("", ""),
        ] {
            assert_eq!(camel(name), expected, "{name}");
        }
    }
}
