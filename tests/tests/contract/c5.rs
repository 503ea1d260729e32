//! Stores: the steps of a write, and what becomes of the errors of a backend.

use std::future::ready;
use std::sync::Arc;

use http::StatusCode;
use rest_resource::backend::{self, Backend, BoxFuture, Commit, Range, RangeReply, Versioned, Watch, Write};
use rest_resource::server::ApiServer;
use rest_resource::{Context, FieldError, RestResource, Store, StoreOptions, Strategy};
use rest_resource_tests::Client;
use rest_resource_tests::things::{self, THINGS, Thing, path, thing};
use serde_json::{Value, json};

#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "things", object = Thing)]
struct Things {
    #[rest(embed)]
    store: Store<Thing>,
}

/// A thing has a value.
struct Valued;

impl Strategy<Thing> for Valued {
    fn validate(&self, _: &Context, thing: &Thing) -> Vec<FieldError> {
        let none = thing.spec.value == 0;
        none.then(|| FieldError::required("spec.value", "say how much")).into_iter().collect()
    }
}

/// What a type says of itself is told alone when an object is created, and beside the rest when one is changed.
#[tokio::test]
async fn c5_2_c5_4_the_metadata_of_what_is_created_are_validated_where_the_rest_is_right() {
    let store = Store::new(&StoreOptions::memory()).strategy(Valued);
    let client = Client::new(ApiServer::builder().install(Things { store }).prepare().expect("it fits together"));
    let wrong = |name: &str, value| {
        let mut thing = thing(name, value);
        thing["metadata"]["labels"] = json!({"a": "-"});
        thing
    };
    let invalid = |status: Value| -> Vec<String> {
        let causes = status["details"]["causes"].as_array().expect("causes").clone();
        causes.iter().map(|cause| cause["field"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let refused = async |value| client.post(THINGS, &wrong("a", value)).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(invalid(refused(0).await), ["spec.value"]);
    assert_eq!(invalid(refused(1).await), ["metadata.labels"]);
    client.post(THINGS, &thing("a", 1)).await.expect(StatusCode::CREATED);
    let refused = client.merge_patch(&path("a"), &wrong("a", 0)).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(invalid(refused), ["metadata.labels", "spec.value"]);
}

/// A backend that nobody reaches.
#[derive(Debug)]
struct Away;

fn away<T: Send + 'static>() -> BoxFuture<'static, backend::Result<T>> {
    Box::pin(ready(Err(backend::Error::Unavailable("it is away".to_owned()))))
}

impl Backend for Away {
    fn current_revision(&self) -> BoxFuture<'_, backend::Result<u64>> {
        away()
    }

    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, backend::Result<Option<Versioned>>> {
        away()
    }

    fn range<'a>(&'a self, _: Range<'a>) -> BoxFuture<'a, backend::Result<RangeReply>> {
        away()
    }

    fn commit(&self, _: Write) -> BoxFuture<'_, backend::Result<Commit>> {
        away()
    }

    fn watch<'a>(&'a self, _: &'a str, _: u64) -> BoxFuture<'a, backend::Result<Box<dyn Watch>>> {
        away()
    }

    fn compact(&self, _: u64) -> BoxFuture<'_, backend::Result<()>> {
        away()
    }
}

#[tokio::test]
async fn c5_15_c0_7_a_backend_that_is_away_is_to_be_asked_again() {
    let client = Client::new(things::server(&StoreOptions::new(Arc::new(Away))));
    for answer in [
        client.get(&path("a")).await,
        client.get(THINGS).await,
        client.post(THINGS, &thing("a", 1)).await,
        client.put(&path("a"), &thing("a", 1)).await,
        client.delete(&path("a")).await,
        client.delete(THINGS).await,
    ] {
        assert_eq!(answer.header("retry-after"), "1");
        let status = answer.expect_status(503, "ServiceUnavailable", "the storage is unavailable: it is away");
        assert_eq!(status["details"]["retryAfterSeconds"], 1);
    }
}
