//! HTTP requests to a server without a socket, and their answers.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use rest_resource::server::ApiServer;
use rest_resource::{ResponseBody, StoreOptions};
use serde_json::{Value, json};
use tower::ServiceExt;

/// How long a test waits for an event that must come. It is a limit for a broken server, and measures nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client of one server.
#[derive(Clone, Debug)]
pub struct Client {
    /// The server.
    pub server: ApiServer,
}

/// A response, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP code.
    pub code: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
    /// The body as JSON; null if it is none.
    pub json: Value,
}

/// A watch: its lines, as they come.
#[derive(Debug)]
pub struct Watch {
    /// The headers of the response.
    pub headers: HeaderMap,
    body: ResponseBody,
    buffer: Vec<u8>,
}

impl Client {
    /// A fresh `wardle` on memory.
    pub fn wardle() -> Self {
        Self::new(crate::wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together"))
    }

    /// A client of this server.
    pub fn new(server: ApiServer) -> Self {
        Self { server }
    }

    /// Sends a request, and gives the response with its body unread.
    pub async fn open(&self, request: Request<Full<Bytes>>) -> http::Response<ResponseBody> {
        match self.server.clone().oneshot(request).await {
            Ok(response) => response,
        }
    }

    /// Sends a request with these headers, and reads the answer.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).expect("a request that can be sent");
        let (parts, body) = self.open(request).await.into_parts();
        let body = tokio::time::timeout(PATIENCE, body.collect()).await.expect("the response ends");
        let bytes = body.expect("the response is whole").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { code: parts.status, headers: parts.headers, text, json }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await
    }

    /// GET with an `Accept` header.
    pub async fn get_as(&self, path: &str, accept: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", accept)], "").await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// PATCH by a merge patch.
    pub async fn merge_patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, &[("content-type", "application/merge-patch+json")], body.to_string()).await
    }

    /// PATCH by a JSON patch.
    pub async fn json_patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, &[("content-type", "application/json-patch+json")], body.to_string()).await
    }

    /// PATCH by a strategic merge patch.
    pub async fn strategic_patch(&self, path: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/strategic-merge-patch+json")];
        self.send(Method::PATCH, path, &headers, body.to_string()).await
    }

    /// PATCH by an apply, with everything in the query, such as `?fieldManager=a&force=true`.
    pub async fn apply(&self, path_and_query: &str, configuration: &Value) -> Answer {
        let headers = [("content-type", "application/apply-patch+yaml")];
        self.send(Method::PATCH, path_and_query, &headers, configuration.to_string()).await
    }

    /// DELETE without a body.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], "").await
    }

    /// DELETE with options in the body.
    pub async fn delete_with(&self, path: &str, options: &Value) -> Answer {
        self.send(Method::DELETE, path, &[("content-type", "application/json")], options.to_string()).await
    }

    /// Creates a flunder in `default` and gives it as stored.
    pub async fn flunder(&self, name: &str) -> Value {
        self.post(FLUNDERS, &flunder(name)).await.expect(StatusCode::CREATED)
    }

    /// Begins a watch, with everything after the `?`.
    pub async fn watch(&self, path_and_query: &str) -> Watch {
        self.watch_as(path_and_query, "application/json").await
    }

    /// Begins a watch with an `Accept` header.
    pub async fn watch_as(&self, path_and_query: &str, accept: &str) -> Watch {
        let request = Request::get(path_and_query).header("accept", accept).body(Full::default());
        let response = self.open(request.expect("a request that can be sent")).await;
        let (parts, body) = response.into_parts();
        assert_eq!(parts.status, StatusCode::OK, "a watch of {path_and_query}");
        Watch { headers: parts.headers, body, buffer: Vec::new() }
    }
}

/// The collection of flunders in the namespace `default`, in the preferred version.
pub const FLUNDERS: &str = "/apis/wardle.example.com/v1beta1/namespaces/default/flunders";
/// The collection of fischers.
pub const FISCHERS: &str = "/apis/wardle.example.com/v1alpha1/fischers";

/// A v1beta1 flunder without a reference.
pub fn flunder(name: &str) -> Value {
    json!({"apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder", "metadata": {"name": name}, "spec": {}})
}

/// An object without its managed fields, for tests that are not about them.
pub fn unmanaged(mut object: Value) -> Value {
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.remove("managedFields");
    }
    object
}

impl Answer {
    /// The JSON, if the code is the expected one.
    #[track_caller]
    pub fn expect(self, code: StatusCode) -> Value {
        assert_eq!(self.code, code, "{}", self.text);
        self.json
    }

    /// Asserts on a `Status`: code, reason and message, in the HTTP code and in the body alike.
    #[track_caller]
    pub fn expect_status(self, code: u16, reason: &str, message: &str) -> Value {
        assert_eq!(self.code.as_u16(), code, "{}", self.text);
        assert_eq!(self.json["kind"], "Status", "{}", self.text);
        assert_eq!(self.json["apiVersion"], "v1", "{}", self.text);
        assert_eq!(self.json["status"], "Failure", "{}", self.text);
        assert_eq!(self.json["code"], code, "{}", self.text);
        assert_eq!(self.json["reason"], reason, "{}", self.text);
        assert_eq!(self.json["message"], message, "{}", self.text);
        self.json
    }

    /// As [`expect_status`](Self::expect_status), of a failure that gives no reason.
    #[track_caller]
    pub fn expect_status_without_reason(self, code: u16, message: &str) -> Value {
        assert_eq!(self.code.as_u16(), code, "{}", self.text);
        assert_eq!((&self.json["kind"], &self.json["status"]), (&json!("Status"), &json!("Failure")), "{}", self.text);
        assert_eq!((&self.json["reason"], &self.json["code"]), (&Value::Null, &json!(code)), "{}", self.text);
        assert_eq!(self.json["message"], message, "{}", self.text);
        self.json
    }

    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Watch {
    /// The next event, or nothing where the watch has ended.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                return Some(serde_json::from_slice(&line).expect("a line of a watch is JSON"));
            }
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await.expect("an event comes")?;
            let data = frame.expect("the watch goes on").into_data().expect("a watch has no trailers");
            self.buffer.extend_from_slice(&data);
        }
    }

    /// The type and the name of the next event.
    pub async fn next_name(&mut self) -> (String, String) {
        let event = self.next().await.expect("another event");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&event["type"]), text(&event["object"]["metadata"]["name"]))
    }
}
