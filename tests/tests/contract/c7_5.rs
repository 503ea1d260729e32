//! How many requests are answered at once (contract 7.5).

use std::sync::Arc;

use futures::stream;
use http::StatusCode;
use rest_resource::server::ApiServer;
use rest_resource::{
    Admit, ConnectRequest, Connecter, Context, CreateOptions, Creater, GetOptions, Getter, List, ListOptions, Lister,
    Method, Response, ResponseBody, RestResource, Result, WatchStream, Watcher,
};
use rest_resource_tests::serving::soon;
use rest_resource_tests::{Answer, Client};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::probe::{PROBES, Probe, probe, probe_json};

/// What the test and its storage tell each other.
#[derive(Debug)]
pub(crate) struct Strings {
    /// A request is in its handler.
    begun: Semaphore,
    /// It may end.
    pub(crate) open: Semaphore,
}

/// `probes`: requests that end when the test says so.
#[derive(Debug, RestResource)]
#[rest(
    group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster,
    verbs(get, list, watch, create)
)]
struct Held(Arc<Strings>);

impl Held {
    async fn wait(&self) {
        self.0.begun.add_permits(1);
        self.0.open.acquire().await.expect("it is open").forget();
    }
}

impl Getter for Held {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        assert_ne!(name, "panic", "on purpose");
        self.wait().await;
        Ok(probe(name, "text"))
    }
}

impl Creater for Held {
    async fn create(&self, _: &Context, probe: Probe, _: &Admit<Probe>, _: &CreateOptions) -> Result<Probe> {
        self.wait().await;
        Ok(probe)
    }
}

impl Lister for Held {
    async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<Probe>> {
        Ok(List::new("1", Vec::new()))
    }
}

impl Watcher for Held {
    async fn watch(&self, _: &Context, _: &ListOptions) -> Result<WatchStream<Probe>> {
        Ok(Box::pin(stream::pending()))
    }
}

/// `probes/stream`: connections, which end when the test says so too.
#[derive(Debug, RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes/stream", object = Probe, cluster, verbs(connect))]
struct Streams(Held);

#[derive(Debug, Deserialize, JsonSchema)]
struct NoOptions {}

impl Connecter for Streams {
    type Options = NoOptions;
    const METHODS: &'static [Method] = &[Method::Get];

    async fn connect(&self, _: &Context, _: &str, _: &NoOptions, _: ConnectRequest) -> Result<Response> {
        self.0.wait().await;
        Ok(Response::new(ResponseBody::empty()))
    }
}

/// A server with so many seats for reads and for writes, and the strings of its storage.
pub(crate) fn serve(read_only: usize, mutating: usize) -> (Client, Arc<Strings>) {
    let strings = Arc::new(Strings { begun: Semaphore::new(0), open: Semaphore::new(0) });
    let held = || Held(Arc::clone(&strings));
    let builder = ApiServer::builder().install(held()).install(Streams(held()));
    let builder = builder.max_read_only_in_flight(read_only).max_mutating_in_flight(mutating);
    (Client::new(builder.prepare().expect("it fits together")), strings)
}

/// Begins a GET, and returns when its handler runs.
pub(crate) async fn begin(client: &Client, strings: &Strings, path: &str) -> JoinHandle<Answer> {
    let (client, path) = (client.clone(), path.to_owned());
    let running = tokio::spawn(async move { client.get(&path).await });
    soon(strings.begun.acquire()).await.expect("it is open").forget();
    running
}

async fn answered(running: JoinHandle<Answer>) -> StatusCode {
    soon(running).await.expect("no panic").code
}

pub(crate) fn path(name: &str) -> String {
    format!("{PROBES}/{name}")
}

#[tokio::test]
async fn c4_12_5_one_too_many_is_429_as_text() {
    let (client, strings) = serve(1, 1);
    let first = begin(&client, &strings, &path("a")).await;
    let answer = client.get(&path("b")).await;
    assert_eq!(answer.code, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.text, "Too many requests, please try again later.\n");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert!(!answer.header("audit-id").is_empty());

    strings.open.add_permits(2);
    assert_eq!(answered(first).await, StatusCode::OK);
    assert_eq!(client.get(&path("c")).await.code, StatusCode::OK, "the seat is free again");
}

#[tokio::test]
async fn c7_5_1_reads_and_writes_are_counted_apart() {
    let (client, strings) = serve(1, 1);
    let read = begin(&client, &strings, &path("a")).await;
    let post = |name| {
        let client = client.clone();
        async move { client.post(PROBES, &probe_json(name)).await.code }
    };
    let write = tokio::spawn(post("b"));
    soon(strings.begun.acquire()).await.expect("it is open").forget();
    assert_eq!(post("c").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(client.get(PROBES).await.code, StatusCode::TOO_MANY_REQUESTS, "a list is a read");
    strings.open.add_permits(2);
    assert_eq!(answered(read).await, StatusCode::OK);
    assert_eq!(soon(write).await.expect("no panic"), StatusCode::CREATED);
}

#[tokio::test]
async fn c7_5_1_long_running_requests_and_documents_take_no_seat() {
    let (client, strings) = serve(1, 1);
    let connection = begin(&client, &strings, &path("a/stream")).await;
    let _watch = client.watch(&format!("{PROBES}?watch=true")).await;
    let read = begin(&client, &strings, &path("a")).await;
    // And they begin where all seats are taken.
    let _watch = client.watch(&format!("{PROBES}?watch=true")).await;
    let other = begin(&client, &strings, &path("b/stream")).await;
    for document in ["/healthz", "/readyz", "/version", "/apis", "/apis/test.example.com/v1", "/openapi/v3"] {
        assert_eq!(client.get(document).await.code, StatusCode::OK, "{document}");
    }
    strings.open.add_permits(3);
    for running in [connection, read, other] {
        assert_eq!(answered(running).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn c7_5_1_a_client_that_leaves_and_a_panic_free_the_seat() {
    let (client, strings) = serve(1, 1);
    let left = begin(&client, &strings, &path("a")).await;
    left.abort();
    soon(left).await.expect_err("the client has gone away");
    assert_eq!(client.get(&path("panic")).await.code, StatusCode::INTERNAL_SERVER_ERROR);
    strings.open.add_permits(1);
    assert_eq!(client.get(&path("b")).await.code, StatusCode::OK);
}

#[tokio::test]
async fn c7_5_1_400_reads_and_200_writes_unless_the_server_says_otherwise() {
    let strings = Arc::new(Strings { begun: Semaphore::new(0), open: Semaphore::new(0) });
    let server = ApiServer::builder().install(Held(Arc::clone(&strings))).prepare();
    let client = Client::new(server.expect("it fits together"));
    let mut running = Vec::new();
    for _ in 0..400 {
        running.push(begin(&client, &strings, &path("a")).await);
    }
    assert_eq!(client.get(&path("a")).await.code, StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..200 {
        let client = client.clone();
        running.push(tokio::spawn(async move { client.post(PROBES, &probe_json("b")).await }));
        soon(strings.begun.acquire()).await.expect("it is open").forget();
    }
    assert_eq!(client.post(PROBES, &probe_json("b")).await.code, StatusCode::TOO_MANY_REQUESTS);
    strings.open.add_permits(600);
    for running in running {
        assert!(answered(running).await.is_success());
    }
}
