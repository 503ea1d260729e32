//! What becomes of the errors of a backend.

use std::future::ready;
use std::sync::Arc;

use http::StatusCode;
use rest_resource::StoreOptions;
use rest_resource::backend::{self, Backend, BoxFuture, Commit, Range, RangeReply, Versioned, Watch, Write};
use rest_resource_tests::Client;
use rest_resource_tests::things::{self, THINGS, path, thing};

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
