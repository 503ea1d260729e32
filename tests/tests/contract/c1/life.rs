//! The end of a storage (contract 1.1).

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rest_resource::server::ApiServer;
use rest_resource::{Context, Destroyer, GetOptions, Getter, RestResource, Result, Storage};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

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
    tokio::task::yield_now().await;
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
