//! Readiness and what the documentation says of responses (contract 1.2, 1.24).

use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::StatusCode;
use rest_resource::server::{ApiServer, Resource};
use rest_resource::{
    Context, GetOptions, Getter, Method, ResourceInfo, RestResource, Result, Scope, Status, StorageMetadata,
    StorageWithReadiness, Store,
};
use rest_resource_tests::{Client, things};
use tokio::time::timeout;

use crate::probe::{Probe, probe, serve};
use crate::spy::Spy;

/// Is ready when it is told so.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Slow(Arc<AtomicBool>);

impl Getter for Slow {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        ready(Ok(probe(name, ""))).await
    }
}

impl StorageWithReadiness for Slow {
    async fn readiness_check(&self) -> Result<()> {
        let is_ready = self.0.load(Ordering::SeqCst);
        ready(if is_ready { Ok(()) } else { Err(Status::service_unavailable("the secret reason")) }).await
    }
}

#[tokio::test]
async fn c1_2_the_server_is_ready_when_its_storages_are() {
    let is_ready = Arc::new(AtomicBool::new(false));
    let client = serve(Slow(Arc::clone(&is_ready)));
    let answer = client.get("/readyz").await;
    assert_eq!(answer.code, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text.contains("[-]storage failed: reason withheld\n"), "{}", answer.text);
    assert!(!answer.text.contains("secret"), "{}", answer.text);
    client.get("/livez").await.expect(StatusCode::OK);
    is_ready.store(true, Ordering::SeqCst);
    client.get("/readyz").await.expect(StatusCode::OK);
}

/// Never tells whether it is ready, or fails to.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Broken {
    panics: bool,
}

impl Getter for Broken {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        ready(Ok(probe(name, ""))).await
    }
}

impl StorageWithReadiness for Broken {
    async fn readiness_check(&self) -> Result<()> {
        assert!(!self.panics, "on purpose");
        pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn c1_2_a_storage_that_does_not_tell_is_not_ready() {
    let client = serve(Broken { panics: false });
    let answer = timeout(Duration::from_hours(1), client.get("/readyz")).await.expect("the check has a deadline");
    assert_eq!(answer.code, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text.contains("[-]storage failed: reason withheld\n"), "{}", answer.text);
}

#[tokio::test]
async fn c4_12_6_a_check_that_panics_is_answered() {
    let answer = serve(Broken { panics: true }).get("/readyz").await;
    let text = "This request caused apiserver to panic. Look in the logs for details.";
    assert_eq!((answer.code, &*answer.text), (StatusCode::INTERNAL_SERVER_ERROR, text));
    assert!(!answer.header("audit-id").is_empty());
}

/// A store says it by itself, and what embeds it need not.
#[tokio::test]
async fn c1_2_a_store_is_ready_when_its_backend_can_be_read() {
    let (spy, options) = Spy::options();
    let client = Client::new(things::server(&options));
    for _ in 0..2 {
        client.get("/readyz").await.expect(StatusCode::OK);
        client.get("/readyz/storage").await.expect(StatusCode::OK);
        spy.fails.store(true, Ordering::SeqCst);
        let answer = client.get("/readyz").await;
        let text = "[+]ping ok\n[+]log ok\n[-]storage failed: reason withheld\n[+]shutdown ok\nreadyz check failed\n";
        assert_eq!((answer.code, &*answer.text), (StatusCode::INTERNAL_SERVER_ERROR, text));
        let answer = client.get("/readyz/storage").await;
        let text = "internal server error: not ready";
        assert_eq!((answer.code, &*answer.text), (StatusCode::INTERNAL_SERVER_ERROR, text));
        client.get("/livez").await.expect(StatusCode::OK);
        spy.fails.store(false, Ordering::SeqCst);
    }
}

/// There is nothing that it derives from; its store says it all the same.
#[tokio::test]
async fn c1_2_a_resource_of_run_time_is_ready_when_its_store_is() {
    let (spy, options) = Spy::options();
    let info = ResourceInfo::new("workshop.example.com", "v1", "gadgets", "Gadget", Scope::Namespaced);
    let store = Store::for_resource(&options, &info);
    let client = Client::new(ApiServer::builder().install(Resource::unstructured(info, &[], store)).prepare().unwrap());
    client.get("/readyz").await.expect(StatusCode::OK);
    spy.fails.store(true, Ordering::SeqCst);
    let answer = client.get("/readyz").await;
    assert_eq!(answer.code, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text.contains("[-]storage failed: reason withheld\n"), "{}", answer.text);
    spy.fails.store(false, Ordering::SeqCst);
    client.get("/readyz").await.expect(StatusCode::OK);
}

/// Answers in text too.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Texts;

impl Getter for Texts {
    async fn get(&self, _: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        ready(Ok(probe(name, ""))).await
    }
}

impl StorageMetadata for Texts {
    fn produces_mime_types(method: Method) -> &'static [&'static str] {
        if method == Method::Get { &["text/plain"] } else { &[] }
    }
}

#[tokio::test]
async fn c1_24_more_media_types_are_documented() {
    let document = serve(Texts).get("/openapi/v3/apis/test.example.com/v1").await.expect(StatusCode::OK);
    let path = "/apis/test.example.com/v1/probes/{name}";
    let content = &document["paths"][path]["get"]["responses"]["200"]["content"];
    for media_type in ["text/plain", "application/json", "application/yaml"] {
        assert!(content[media_type].is_object(), "{media_type} in {content}");
    }
}
