//! Readiness and what the documentation says of responses (contract 1.2, 1.24).

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::StatusCode;
use rest_resource::{
    Context, GetOptions, Getter, Method, RestResource, Result, Status, StorageMetadata, StorageWithReadiness,
};

use crate::probe::{Probe, probe, serve};

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
