//! A backend that has no room for all that is to be stored (contract 4.3.6).

use std::sync::Arc;

use http::{Method, StatusCode};
use rest_resource::StoreOptions;
use rest_resource::backend::{self, Backend, BoxFuture, Commit, Memory, Range, RangeReply, Versioned, Watch, Write};
use rest_resource_tests::{Client, things};
use serde_json::{Map, Value};

/// A backend that takes nothing longer than 2,000 bytes.
#[derive(Debug)]
struct Narrow(Memory);

impl Backend for Narrow {
    fn current_revision(&self) -> BoxFuture<'_, backend::Result<u64>> {
        self.0.current_revision()
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, backend::Result<Option<Versioned>>> {
        self.0.get(key)
    }

    fn range<'a>(&'a self, range: Range<'a>) -> BoxFuture<'a, backend::Result<RangeReply>> {
        self.0.range(range)
    }

    fn commit(&self, write: Write) -> BoxFuture<'_, backend::Result<Commit>> {
        if write.value.as_ref().is_some_and(|value| value.len() > 2000) {
            return Box::pin(std::future::ready(Err(backend::Error::TooLarge("2000 bytes".to_owned()))));
        }
        self.0.commit(write)
    }

    fn watch<'a>(&'a self, prefix: &'a str, after: u64) -> BoxFuture<'a, backend::Result<Box<dyn Watch>>> {
        self.0.watch(prefix, after)
    }

    fn compact(&self, revision: u64) -> BoxFuture<'_, backend::Result<()>> {
        self.0.compact(revision)
    }
}

/// A thing with a hundred labels, whose managed fields are longer than the rest.
fn labelled(name: &str) -> Value {
    let mut thing = things::thing(name, 1);
    let labels: Map<String, Value> = (0..100).map(|number| (format!("l{number}"), "".into())).collect();
    thing["metadata"]["labels"] = labels.into();
    thing
}

#[tokio::test]
async fn c4_3_6_what_is_too_large_is_stored_without_its_managed_fields() {
    let client = Client::new(things::server(&StoreOptions::new(Arc::new(Narrow(Memory::new())))));
    let created = client.post(things::THINGS, &labelled("a")).await.expect(StatusCode::CREATED);
    assert!(created["metadata"].get("managedFields").is_none(), "{created}");
    let path = things::path("a");
    assert_eq!(client.get(&path).await.expect(StatusCode::OK), created);

    client.post(things::THINGS, &things::thing("b", 1)).await.expect(StatusCode::CREATED);
    let path = things::path("b");
    let kept = client.get(&path).await.expect(StatusCode::OK);
    assert!(kept["metadata"]["managedFields"].is_array(), "{kept}");
    let mut larger = labelled("b");
    larger["metadata"]["resourceVersion"] = kept["metadata"]["resourceVersion"].clone();
    let updated = client.put(&path, &larger).await.expect(StatusCode::OK);
    assert!(updated["metadata"].get("managedFields").is_none(), "{updated}");
    assert_eq!(updated["metadata"]["labels"], larger["metadata"]["labels"]);

    // An apply is for its managed fields.
    let apply = [("content-type", "application/apply-patch+yaml")];
    let path = format!("{}?fieldManager=me", things::path("c"));
    let refused = client.send(Method::PATCH, &path, &apply, labelled("c").to_string()).await;
    assert_eq!(refused.expect(StatusCode::PAYLOAD_TOO_LARGE)["reason"], "RequestEntityTooLarge");

    // And so is what is too large without them.
    let mut huge = things::thing("d", 1);
    huge["spec"]["filler"] = "x".repeat(2000).into();
    client.post(things::THINGS, &huge).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
}
