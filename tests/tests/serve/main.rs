//! The server on sockets: protocols, watches as they travel, and the shutdown.

mod idle;
mod protocols;
mod shutdown;
mod tls;
mod watch;
mod websocket;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::{Method, Request};
use http_body_util::Full;
use kube::CustomResource;
use rest_resource::server::{ApiServer, ApiServerBuilder};
use rest_resource::{
    Context, Destroyer, GetOptions, Getter, List, ListOptions, Lister, RestResource, Result, StoreOptions, WatchEvent,
    WatchStream, Watcher,
};
use rest_resource_tests::serving::soon;
use rest_resource_tests::wardle;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

/// A request, for both protocols: HTTP/2 needs the whole URI.
fn request(method: Method, path: &str, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    let request = Request::builder().method(method).uri(format!("http://localhost{path}"));
    request.header("content-type", "application/json").body(Full::new(body.into())).expect("a request")
}

fn get(path: &str) -> Request<Full<Bytes>> {
    request(Method::GET, path, "")
}

fn wardle() -> ApiServer {
    wardle::server(&StoreOptions::memory()).prepare().expect("wardle fits together")
}

/// What a request waits at.
#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "serve.example.com", version = "v1", kind = "Gate")]
pub struct GateSpec {}

/// What a test and its storage tell each other.
#[derive(Debug)]
struct Strings {
    /// A request has begun.
    begun: Semaphore,
    /// It may end.
    open: Semaphore,
    /// A watch is no longer held.
    left: Semaphore,
    destroyed: AtomicUsize,
}

/// Waits for one thing more to have happened.
async fn one_of(count: &Semaphore) {
    soon(count.acquire()).await.expect("it is open").forget();
}

/// `gates`: requests that end when the test says so, and watches without events, or from the revision 2 on with events
/// without end. The gate `huge` is always open, and more than the buffers of a connection hold.
#[derive(Debug, RestResource)]
#[rest(group = "serve.example.com", version = "v1", resource = "gates", object = Gate, cluster, verbs(get, list, watch))]
struct Gates {
    strings: Arc<Strings>,
}

impl Getter for Gates {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Gate> {
        if name == "huge" {
            return Ok(filled(name, HUGE));
        }
        self.strings.begun.add_permits(1);
        self.strings.open.acquire().await.expect("it is open").forget();
        Ok(Gate::new(name, GateSpec {}))
    }
}

impl Lister for Gates {
    async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<Gate>> {
        Ok(List::new("1", Vec::new()))
    }
}

/// The bytes of the gate `huge`.
const HUGE: usize = 32 << 20;

fn filled(name: &str, bytes: usize) -> Gate {
    let mut gate = Gate::new(name, GateSpec {});
    gate.metadata.annotations = Some([("filler".to_owned(), "x".repeat(bytes))].into());
    gate
}

struct Held(Arc<Strings>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.left.add_permits(1);
    }
}

impl Watcher for Gates {
    async fn watch(&self, _: &Context, options: &ListOptions) -> Result<WatchStream<Gate>> {
        let held = Held(Arc::clone(&self.strings));
        if options.resource_version == Some(2) {
            let event = move || {
                let _held = &held;
                Ok(WatchEvent::Added(filled("a", 100_000)))
            };
            return Ok(Box::pin(stream::repeat_with(event)));
        }
        Ok(Box::pin(stream::pending().inspect(move |_| {
            let _held = &held;
        })))
    }
}

impl Destroyer for Gates {
    async fn on_destroy(&self) {
        self.strings.destroyed.fetch_add(1, Ordering::Relaxed);
    }
}

const GATES: &str = "/apis/serve.example.com/v1/gates";
const WATCH: &str = "/apis/serve.example.com/v1/gates?watch=true";
/// Events without end.
const FLOOD: &str = "/apis/serve.example.com/v1/gates?watch=true&resourceVersion=2";

fn gates() -> (ApiServerBuilder, Arc<Strings>) {
    let count = || Semaphore::new(0);
    let strings = Arc::new(Strings { begun: count(), open: count(), left: count(), destroyed: AtomicUsize::new(0) });
    (ApiServer::builder().install(Gates { strings: Arc::clone(&strings) }), strings)
}

fn prepare(builder: ApiServerBuilder) -> ApiServer {
    builder.prepare().expect("it fits together")
}
