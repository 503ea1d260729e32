//! Whole requests to `wardle`, without a socket.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use rest_resource::StoreOptions;
use rest_resource::server::ApiServer;
use serde_json::Value;
use tokio::runtime::Builder;
use tower::ServiceExt;

use super::parts::{split, text};
use super::wardle;

/// The mistakes of clients that are 500 all the same (contract 4.9.17, 4.9.20).
const DEMANDED: [&str; 6] = [
    "failed to create typed patch object (",
    "unknown patch type: ",
    "does not contain declared merge key: ",
    "cannot merge lists without merge key for ",
    "list element types are not identical",
    "The order in patch list doesn't match ",
];

const FLUNDERS: &str = "/apis/wardle.example.com/v1beta1/namespaces/default/flunders";

/// `METHOD target`, lines of `header: value`, an empty line and a body, to a server with the flunder `a`.
pub fn request(data: &[u8]) {
    let (head, body) = split(data);
    let mut lines = text(head).lines();
    let Some((method, target)) = lines.next().and_then(|line| line.split_once(' ')) else { return };
    let (Ok(method), Ok(target)) = (Method::from_bytes(method.as_bytes()), Uri::try_from(target)) else { return };
    let mut request = Request::new(Full::from(body.to_vec()));
    *request.method_mut() = method;
    *request.uri_mut() = target;
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            request.headers_mut().append(name, value);
        }
    }
    send(request);
}

/// A target of every method that reads nothing but its path.
pub fn path(data: &[u8]) {
    let Ok(target) = Uri::try_from(text(data)) else { return };
    for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS] {
        let mut request = Request::new(Full::default());
        *request.method_mut() = method;
        *request.uri_mut() = target.clone();
        send(request);
    }
}

/// The clock is paused: a watch is read to its end, which comes as soon as nothing else is left to do.
fn send(request: Request<Full<bytes::Bytes>>) {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let server = wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together");
        let flunder = r#"{"metadata":{"name":"a","labels":{"x":"y"}},"spec":{}}"#;
        let create = Request::post(FLUNDERS).header("content-type", "application/json").body(Full::from(flunder));
        let (code, text) = answer(&server, create.expect("a request")).await;
        assert_eq!(code, StatusCode::CREATED, "{text}");

        let is_patch = request.method() == Method::PATCH;
        let (code, text) = answer(&server, request).await;
        let is_demanded = is_patch && DEMANDED.iter().any(|demanded| text.contains(demanded));
        assert!(code.as_u16() < 500 || code == StatusCode::GATEWAY_TIMEOUT || is_demanded, "{code}: {text}");

        // What is stored can be listed, and every object by its name.
        let list = Request::get("/apis/wardle.example.com/v1beta1/flunders").body(Full::default()).expect("a request");
        let (code, text) = answer(&server, list).await;
        assert_eq!(code, StatusCode::OK, "{text}");
        let list: Value = serde_json::from_str(&text).expect("a list is JSON");
        for item in list["items"].as_array().expect("a list has items") {
            let [namespace, name] = ["namespace", "name"].map(|key| item["metadata"][key].as_str().expect("a name"));
            let path = format!("/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders/{name}");
            let (code, text) = answer(&server, Request::get(path).body(Full::default()).expect("a path")).await;
            assert_eq!((code, serde_json::from_str(&text).ok().as_ref()), (StatusCode::OK, Some(item)));
        }
    });
}

/// The answer, as far as it comes within two hours.
async fn answer(server: &ApiServer, request: Request<Full<bytes::Bytes>>) -> (StatusCode, String) {
    let Ok(response) = server.clone().oneshot(request).await;
    let (parts, mut body) = response.into_parts();
    let mut bytes = Vec::new();
    let read = async {
        while let Some(frame) = body.frame().await {
            bytes.extend_from_slice(frame.expect("the response is whole").data_ref().map_or(&[][..], |data| data));
        }
    };
    let _ = tokio::time::timeout(Duration::from_hours(2), read).await;
    (parts.status, String::from_utf8_lossy(&bytes).into_owned())
}
