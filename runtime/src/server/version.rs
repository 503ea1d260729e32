//! `/version` (contract 3.3.1).

use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use serde::Serialize;

use super::respond::method_not_allowed;
use crate::verb::{Response, ResponseBody};

/// What `/version` says of the server; kubectl reads `git_version` as a semantic version.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionInfo {
    /// The major version of the Kubernetes API that the server follows.
    pub major: String,
    /// The minor version.
    pub minor: String,
    /// The whole version, for example `v1.37.0+rest-resource-0.1.0`.
    pub git_version: String,
    /// The commit that was built; empty if unknown.
    pub git_commit: String,
    /// `clean` or `dirty`; empty if unknown.
    pub git_tree_state: String,
    /// When it was built, RFC 3339.
    pub build_date: String,
    /// The field is Go's; it names what compiled the server.
    pub go_version: String,
    /// The compiler.
    pub compiler: String,
    /// Operating system and architecture, for example `linux/amd64`.
    pub platform: String,
}

impl Default for VersionInfo {
    fn default() -> Self {
        let arch = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        Self {
            major: "1".to_owned(),
            minor: "37".to_owned(),
            git_version: concat!("v1.37.0+rest-resource-", env!("CARGO_PKG_VERSION")).to_owned(),
            git_commit: String::new(),
            git_tree_state: String::new(),
            build_date: "1970-01-01T00:00:00Z".to_owned(),
            go_version: String::new(),
            compiler: "rustc".to_owned(),
            platform: format!("{}/{arch}", std::env::consts::OS),
        }
    }
}

/// Two-space-indented JSON, always.
pub(super) fn respond(parts: &Parts, version: &VersionInfo) -> Response {
    if parts.method != Method::GET {
        return method_not_allowed(parts);
    }
    let json = serde_json::to_vec_pretty(version).unwrap_or_default();
    let mut response = Response::new(ResponseBody::full(json));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
