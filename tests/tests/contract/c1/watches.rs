//! `Watcher`, with and without a `Lister` (contract 1.19).

use std::future::ready;

use http::StatusCode;
use rest_resource::{Context, List, ListOptions, Lister, RestResource, Result, WatchEvent, WatchStream, Watcher};
use serde_json::json;

use crate::probe::{PROBES, Probe, probe, serve};

const WATCH: &str = "/apis/test.example.com/v1/watch/probes";

/// One event, named as the field selector says, and the end.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Watched;

impl Watcher for Watched {
    async fn watch(&self, _: &Context, options: &ListOptions) -> Result<WatchStream<Probe>> {
        let name = options.field_selector.exact("metadata.name").unwrap_or("all");
        let event = Ok(WatchEvent::Added(probe(name, "")));
        ready(Ok(Box::pin(futures::stream::iter([event])) as WatchStream<Probe>)).await
    }
}

#[tokio::test]
async fn c1_19_a_watcher_alone_has_only_the_deprecated_path_of_an_object() {
    let client = serve(Watched);
    let mut watch = client.watch(&format!("{WATCH}/a")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "a".to_owned()));
    assert!(watch.next().await.is_none());
    for path in [format!("{PROBES}?watch=true"), WATCH.to_owned(), PROBES.to_owned()] {
        client.get(&path).await.expect(StatusCode::NOT_FOUND);
    }
    let list = client.get("/apis/test.example.com/v1").await.expect(StatusCode::OK);
    assert_eq!(list["resources"][0]["verbs"], json!(["watch"]));
}

/// The same with a list.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Both(#[rest(embed)] Watched);

impl Lister for Both {
    async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<Probe>> {
        ready(Ok(List::new("1", Vec::new()))).await
    }
}

#[tokio::test]
async fn c1_19_beside_a_lister_a_watcher_has_the_collection() {
    let client = serve(Both(Watched));
    for path in [format!("{PROBES}?watch=true"), WATCH.to_owned()] {
        let mut watch = client.watch(&path).await;
        assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "all".to_owned()), "{path}");
        assert!(watch.next().await.is_none());
    }
    assert_eq!(client.get(PROBES).await.expect(StatusCode::OK)["kind"], "ProbeList");
}

/// A list that cannot be watched.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Unwatched;

impl Lister for Unwatched {
    async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<Probe>> {
        ready(Ok(List::new("1", Vec::new()))).await
    }
}

#[tokio::test]
async fn c1_19_a_list_without_a_watcher_cannot_be_watched() {
    let answer = serve(Unwatched).get(&format!("{PROBES}?watch=true")).await;
    let message = "watch is not supported on resources of kind \"probes.test.example.com\"";
    answer.expect_status(405, "MethodNotAllowed", message);
}
