//! A page for people at `/docs`: what is installed, requests to try, and live watches.
//!
//! It is a few plain files, which ask discovery and OpenAPI of the server that they come from, so that they show what is
//! installed at that moment. The kept viewers of OpenAPI are 0.8 to 1.9 MB each, and none can watch.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, REFERRER_POLICY,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{Method, StatusCode};

use crate::discovery::has_current;
use crate::server::respond::method_not_allowed;
use crate::verb::{Response, ResponseBody};
use crate::wire::media::{accept_value, names_html};

/// Where the page is, and below which its files are.
const PAGE: &str = "/docs";

/// Nothing but the files of the server itself, nothing inline, and no other site may frame the page, because it can write.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file of the page.
struct File {
    path: &'static str,
    content_type: &'static str,
    text: &'static str,
    /// In quotes, as it is sent.
    etag: String,
}

/// A file below `/docs/`, embedded from the folder `page`.
macro_rules! file {
    ($name:literal, $content_type:literal) => {
        File::new(concat!("/docs/", $name), $content_type, include_str!(concat!("page/", $name)))
    };
}

static FILES: LazyLock<[File; 9]> = LazyLock::new(|| {
    [
        File::new(PAGE, "text/html; charset=utf-8", include_str!("page/index.html")),
        file!("icon.svg", "image/svg+xml"),
        file!("style.css", "text/css; charset=utf-8"),
        file!("api.js", "text/javascript; charset=utf-8"),
        file!("dom.js", "text/javascript; charset=utf-8"),
        file!("main.js", "text/javascript; charset=utf-8"),
        file!("request.js", "text/javascript; charset=utf-8"),
        file!("schema.js", "text/javascript; charset=utf-8"),
        file!("watch.js", "text/javascript; charset=utf-8"),
    ]
});

/// The page and its files; `None` for another path.
///
/// The page is for clients that name HTML, which is browsers. For all others its path is as unknown as before, so that
/// they read its 404 as what it is (contract 4.12.1). Its files are for everybody: a browser asks for scripts with
/// `Accept: */*`, and where a page came without TLS it says nothing else by which it could be told from other clients.
/// Nobody asks for them to find out what a server is.
pub(crate) fn respond(parts: &Parts) -> Option<Response> {
    let path = match parts.uri.path() {
        "/docs/" => PAGE,
        path => path,
    };
    // Most requests are about something else.
    path.strip_prefix(PAGE)?;
    let file = FILES.iter().find(|file| file.path == path)?;
    if path == PAGE && !accept_value(&parts.headers).is_some_and(|accept| names_html(&accept)) {
        return None;
    }
    if parts.method != Method::GET && parts.method != Method::HEAD {
        let mut response = method_not_allowed(parts);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Some(response);
    }
    Some(file.send(parts))
}

impl File {
    fn new(path: &'static str, content_type: &'static str, text: &'static str) -> Self {
        let hash = hmac_sha256::Hash::hash(text.as_bytes());
        let hash = u128::from_be_bytes(*hash.first_chunk().unwrap_or(&[0; 16]));
        Self { path, content_type, text, etag: format!("\"{hash:032x}\"") }
    }

    fn send(&self, parts: &Parts) -> Response {
        let is_known = has_current(&parts.headers, &self.etag);
        let has_body = !is_known && parts.method == Method::GET;
        let mut response = Response::new(if has_body { ResponseBody::full(self.text) } else { ResponseBody::empty() });
        let headers = response.headers_mut();
        if !is_known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            headers.insert(CONTENT_LENGTH, self.text.len().into());
        }
        if let Ok(etag) = HeaderValue::try_from(&self.etag) {
            headers.insert(ETAG, etag);
        }
        // A newer server is seen at once; until then the answer is a 304.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(VARY, HeaderValue::from_static("Accept"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    }
}
