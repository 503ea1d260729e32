//! What a path asks for (contract 4.1).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::route::Shape;
use crate::wire::status::{Result, Status};

/// A path below `/api/VERSION/` or `/apis/GROUP/VERSION/`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RequestInfo<'a> {
    pub(crate) group: &'a str,
    pub(crate) version: &'a str,
    /// Below the deprecated `watch/`.
    pub(crate) watch: bool,
    pub(crate) namespace: Option<Cow<'a, str>>,
    pub(crate) resource: &'a str,
    pub(crate) name: Option<Cow<'a, str>>,
    /// Everything after the name: a subresource, a subpath, or both.
    pub(crate) rest: &'a str,
}

/// A path, seen for the first time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Path<'a> {
    /// A resource or what is below it.
    Resource(RequestInfo<'a>),
    /// The root of a group and version: discovery.
    GroupVersion { group: &'a str, version: &'a str },
    /// Everything else.
    Other,
}

impl<'a> Path<'a> {
    /// Reads a path. It is split before it is decoded, so that an escaped slash never makes a segment.
    pub(crate) fn parse(path: &'a str) -> Result<Self> {
        let trimmed = path.trim_matches('/');
        let Some((prefix, rest)) = split(trimmed) else { return Ok(Self::Other) };
        let (group, rest) = match prefix {
            "api" => ("", rest),
            "apis" => match split(rest) {
                Some((group, rest)) => (group, rest),
                None => return Ok(Self::Other),
            },
            _ => return Ok(Self::Other),
        };
        let (version, mut rest) = split(rest).unwrap_or((rest, ""));
        if version.is_empty() {
            return Ok(Self::Other);
        }
        if rest.is_empty() {
            return Ok(Self::GroupVersion { group, version });
        }
        let watch = rest == "watch" || rest.starts_with("watch/");
        if watch {
            rest = rest.strip_prefix("watch/").unwrap_or_default();
            if rest.is_empty() {
                return Err(Status::bad_request(format!(
                    "\"{path}\": unable to determine kind and namespace from url: nothing is named after watch"
                )));
            }
        }
        let (namespace, resource, rest) = namespaced(rest)?;
        let (name, rest) = match split(rest) {
            Some((name, rest)) => (Some(decode(name)?), rest),
            None if rest.is_empty() => (None, ""),
            None => (Some(decode(rest)?), ""),
        };
        Ok(Self::Resource(RequestInfo { group, version, watch, namespace, resource, name, rest }))
    }
}

/// Takes `namespaces/{namespace}` off, unless the request is about the namespace itself (contract 4.1.3).
fn namespaced(rest: &str) -> Result<(Option<Cow<'_, str>>, &str, &str)> {
    let (first, after) = split(rest).unwrap_or((rest, ""));
    if first != "namespaces" || after.is_empty() {
        return Ok((None, first, after));
    }
    let (namespace, below) = split(after).unwrap_or((after, ""));
    let (resource, rest) = split(below).unwrap_or((below, ""));
    if matches!(resource, "" | "status" | "finalize") && rest.is_empty() {
        return Ok((None, first, after));
    }
    Ok((Some(decode(namespace)?), resource, rest))
}

/// At the first slash. A segment is so short that a search for many bytes at once would be slower.
fn split(path: &str) -> Option<(&str, &str)> {
    let at = path.bytes().position(|byte| byte == b'/')?;
    Some((&path[..at], &path[at + 1..]))
}

fn decode(segment: &str) -> Result<Cow<'_, str>> {
    if !segment.bytes().any(|byte| byte == b'%') {
        return Ok(Cow::Borrowed(segment));
    }
    percent_decode_str(segment)
        .decode_utf8()
        .map_err(|_| Status::bad_request(format!("the path segment \"{segment}\" is not UTF-8")))
}

impl RequestInfo<'_> {
    /// The shape that a route must have to match; `subpath` is what is left once a subresource is taken off.
    pub(crate) fn shape(&self, subpath: bool) -> Shape {
        Shape { watch: self.watch, namespace: self.namespace.is_some(), name: self.name.is_some(), subpath }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(path: &str) -> RequestInfo<'_> {
        match Path::parse(path).unwrap() {
            Path::Resource(info) => info,
            other => panic!("{path} is {other:?}"),
        }
    }

    #[test]
    fn c4_1_1_three_segments_are_not_a_resource() {
        assert_eq!(Path::parse("/apis/g/v1").unwrap(), Path::GroupVersion { group: "g", version: "v1" });
        assert_eq!(Path::parse("/api/v1/").unwrap(), Path::GroupVersion { group: "", version: "v1" });
        for path in ["/", "", "/api", "/apis", "/apis/g", "/healthz", "/version/x/y/z"] {
            assert_eq!(Path::parse(path).unwrap(), Path::Other, "{path}");
        }
    }

    #[test]
    fn c4_1_2_watch_after_the_version_is_the_verb() {
        let info = resource("/apis/g/v1/watch/namespaces/a/flunders/b");
        assert!(info.watch);
        assert_eq!(
            (info.namespace.as_deref(), info.resource, info.name.as_deref()),
            (Some("a"), "flunders", Some("b"))
        );
    }

    #[test]
    fn c4_1_3_the_namespace_itself_is_a_resource() {
        let info = resource("/api/v1/namespaces/x");
        assert_eq!((info.namespace.as_deref(), info.resource, info.name.as_deref()), (None, "namespaces", Some("x")));
        let info = resource("/api/v1/namespaces/x/finalize");
        assert_eq!((info.resource, info.name.as_deref(), info.rest), ("namespaces", Some("x"), "finalize"));
        let info = resource("/api/v1/namespaces/x/pods");
        assert_eq!((info.namespace.as_deref(), info.resource, info.name), (Some("x"), "pods", None));
    }

    #[test]
    fn c4_1_7_watch_with_nothing_after_it_is_400() {
        assert_eq!(Path::parse("/api/v1/watch").unwrap_err().code(), 400);
    }

    #[test]
    fn c2_2_5_a_trailing_slash_is_tolerated_and_an_escaped_one_is_part_of_the_name() {
        assert_eq!(resource("/apis/g/v1/flunders/"), resource("/apis/g/v1/flunders"));
        assert_eq!(resource("/apis/g/v1/flunders/a%2Fb").name.as_deref(), Some("a/b"));
    }
}
