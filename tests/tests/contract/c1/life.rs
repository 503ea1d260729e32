//! The end of a storage (contract 1.1).

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::StatusCode;
use rest_resource::server::ApiServer;
use rest_resource::{Context, Destroyer, GetOptions, Getter, RestResource, Result, Storage, Store, StoreOptions};
use rest_resource_tests::serving::soon;
use rest_resource_tests::things::{THINGS, Thing, thing};
use rest_resource_tests::{Answer, Client};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{JoinHandle, yield_now};

use crate::probe::{Probe, probe, serve};

/// Counts how often it is destroyed.
struct Part(Arc<AtomicUsize>);

impl Storage for Part {
    type Object = Probe;

    async fn destroy(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        ready(()).await;
    }
}

impl Getter for Part {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        ready(Ok(probe(name, ""))).await
    }
}

/// Counts, and embeds a part that does.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Counting {
    own: Arc<AtomicUsize>,
    #[rest(embed)]
    part: Part,
}

impl Destroyer for Counting {
    async fn on_destroy(&self) {
        assert_eq!(self.part.0.load(Ordering::SeqCst), 0, "the part is still there");
        self.own.fetch_add(1, Ordering::SeqCst);
        ready(()).await;
    }
}

/// The storage, and how often it and its part were destroyed.
fn counting() -> (Counting, impl Fn() -> (usize, usize)) {
    let (own, part) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let storage = Counting { own: Arc::clone(&own), part: Part(Arc::clone(&part)) };
    (storage, move || (own.load(Ordering::SeqCst), part.load(Ordering::SeqCst)))
}

#[tokio::test]
async fn c1_1_storages_are_destroyed_once_at_shutdown() {
    let (storage, destroyed) = counting();
    let server = serve(storage).server;
    let other = server.clone();
    assert_eq!(destroyed(), (0, 0));
    tokio::join!(server.shutdown(), other.shutdown());
    assert_eq!(destroyed(), (1, 1));
    server.shutdown().await;
    drop((server, other));
    assert_eq!(destroyed(), (1, 1));
}

#[tokio::test]
async fn c1_1_storages_are_destroyed_when_a_served_server_ends() {
    let (storage, destroyed) = counting();
    let server = ApiServer::builder().install(storage).prepare().expect("it fits together");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.clone().serve(listener, async {
        let _ = stopped.await;
    }));
    yield_now().await;
    assert_eq!(destroyed(), (0, 0));
    stop.send(()).expect("the server listens");
    serving.await.expect("no panic").expect("the server ends well");
    assert_eq!(destroyed(), (1, 1));
    server.shutdown().await;
    assert_eq!(destroyed(), (1, 1));
}

#[tokio::test]
async fn c1_1_a_removed_storage_is_destroyed_once() {
    let (storage, destroyed) = counting();
    let server = serve(storage).server;
    assert_eq!(server.remove("test.example.com", "probes").await, Ok(true));
    assert_eq!(destroyed(), (1, 1));
    assert_eq!(server.remove("test.example.com", "probes").await, Ok(false));
    server.shutdown().await;
    assert_eq!(destroyed(), (1, 1));
}

/// `probes`: requests that end when the test says so.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Held {
    strings: Arc<Strings>,
}

/// What a test and its storage tell each other.
struct Strings {
    begun: Semaphore,
    open: Semaphore,
    destroyed: AtomicUsize,
}

impl Getter for Held {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        self.strings.begun.add_permits(1);
        self.strings.open.acquire().await.expect("it is open").forget();
        assert_eq!(self.strings.destroyed.load(Ordering::SeqCst), 0, "the storage is still there");
        Ok(probe(name, ""))
    }
}

impl Destroyer for Held {
    async fn on_destroy(&self) {
        self.strings.destroyed.fetch_add(1, Ordering::SeqCst);
        ready(()).await;
    }
}

const A: &str = "/apis/test.example.com/v1/probes/a";

/// A server with a request in its storage.
async fn busy() -> (Client, Arc<Strings>, JoinHandle<Answer>) {
    let count = || Semaphore::new(0);
    let strings = Arc::new(Strings { begun: count(), open: count(), destroyed: AtomicUsize::new(0) });
    let client = serve(Held { strings: Arc::clone(&strings) });
    let other = client.clone();
    let request = tokio::spawn(async move { other.get(A).await });
    soon(strings.begun.acquire()).await.expect("it is open").forget();
    (client, strings, request)
}

#[tokio::test]
async fn c1_1_a_removed_storage_is_there_until_its_requests_end() {
    let (client, strings, request) = busy().await;
    let server = client.server.clone();
    let removing = tokio::spawn(async move { server.remove("test.example.com", "probes").await });
    while !client.server.routes().is_empty() {
        yield_now().await;
    }
    assert_eq!(client.get(A).await.code, StatusCode::NOT_FOUND, "nobody finds it any more");
    assert!(!removing.is_finished());
    assert_eq!(strings.destroyed.load(Ordering::SeqCst), 0);
    strings.open.add_permits(1);
    assert_eq!(soon(request).await.expect("no panic").code, StatusCode::OK);
    assert_eq!(soon(removing).await.expect("no panic"), Ok(true));
    assert_eq!(strings.destroyed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn c7_3_4_storages_are_there_until_their_requests_end() {
    let (client, strings, request) = busy().await;
    let server = client.server.clone();
    let ending = tokio::spawn(async move { server.shutdown().await });
    while client.get("/readyz").await.code == StatusCode::OK {
        yield_now().await;
    }
    let refused = client.get(A).await;
    assert_eq!(refused.header("retry-after"), "1");
    refused.expect_status(503, "ServiceUnavailable", "apiserver is shutting down");
    assert!(!ending.is_finished());
    assert_eq!(strings.destroyed.load(Ordering::SeqCst), 0);
    strings.open.add_permits(1);
    assert_eq!(soon(request).await.expect("no panic").code, StatusCode::OK);
    soon(ending).await.expect("no panic");
    assert_eq!(strings.destroyed.load(Ordering::SeqCst), 1);
    assert_eq!(client.get(A).await.code, StatusCode::SERVICE_UNAVAILABLE);
}

/// A request that never ends delays the end of its storage by the drain timeout.
#[tokio::test(start_paused = true)]
async fn c7_3_4_no_request_keeps_a_storage_for_ever() {
    let (client, strings, request) = busy().await;
    assert_eq!(client.server.remove("test.example.com", "probes").await, Ok(true));
    assert_eq!(strings.destroyed.load(Ordering::SeqCst), 1);
    request.abort();
    let (client, strings, request) = busy().await;
    client.server.shutdown().await;
    assert_eq!(strings.destroyed.load(Ordering::SeqCst), 1);
    request.abort();
}

#[tokio::test]
async fn c1_1_nothing_is_installed_after_the_shutdown() {
    let (storage, _) = counting();
    let server = serve(storage).server;
    server.shutdown().await;
    assert_eq!(server.remove("test.example.com", "probes").await, Ok(false));
    let (other, _) = counting();
    let error = server.install(other).expect_err("nobody would let it go");
    assert_eq!(error.to_string(), "error in registering resource: test.example.com/probes, the server is shut down");
}

/// Installs and removes at once, and tells what has happened.
async fn race(server: &ApiServer, storage: Counting) -> (bool, bool) {
    let (installing, removing) = (server.clone(), server.clone());
    let installing = tokio::spawn(async move { installing.install(storage).is_ok() });
    let removing = tokio::spawn(async move { removing.remove("test.example.com", "probes").await });
    let removed = removing.await.expect("no panic").expect("what is left fits together");
    (installing.await.expect("no panic"), removed)
}

/// Whichever of the two is first: what is served has its storage, and what is not served has none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c1_1_a_storage_is_there_as_long_as_its_routes() {
    let server = ApiServer::builder().prepare().expect("nothing to fit together");
    for _ in 0..1000 {
        let (first, destroyed) = counting();
        let (installed, removed) = race(&server, first).await;
        assert!(installed);
        assert_eq!(server.routes().is_empty(), removed);
        assert_eq!(destroyed(), if removed { (1, 1) } else { (0, 0) });
        if removed {
            continue;
        }
        let (second, second_destroyed) = counting();
        let (installed, removed) = race(&server, second).await;
        assert!(removed);
        assert_eq!(destroyed(), (1, 1));
        assert_eq!(server.routes().is_empty(), !installed);
        assert_eq!(second_destroyed(), (0, 0));
        assert_eq!(server.remove("test.example.com", "probes").await, Ok(installed));
    }
}

/// Embeds a store that others have too.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "things", object = Thing)]
struct Kept {
    #[rest(embed)]
    store: Store<Thing>,
}

/// A watch that sees what is created.
async fn watches(client: &Client, name: &str) {
    let mut watch = client.watch(&format!("{THINGS}?watch=true&fieldSelector=metadata.name%3D{name}")).await;
    client.post(THINGS, &thing(name, 1)).await.expect(StatusCode::CREATED);
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), name.to_owned()));
}

#[tokio::test]
async fn c1_1_a_removed_store_can_be_installed_again() {
    let store = Store::new(&StoreOptions::memory());
    let client = serve(Kept { store: store.clone() });
    for name in ["a", "b", "c"] {
        watches(&client, name).await;
        assert_eq!(client.server.remove("test.example.com", "things").await, Ok(true));
        client.server.install(Kept { store: store.clone() }).expect("it fits again");
    }
}

#[tokio::test]
async fn c1_1_a_server_that_ends_leaves_its_store_to_the_others() {
    let store = Store::new(&StoreOptions::memory());
    let one = serve(Kept { store: store.clone() });
    let other = serve(Kept { store });
    watches(&one, "a").await;
    watches(&other, "b").await;
    one.server.shutdown().await;
    watches(&other, "c").await;
}
