//! A list and a watch without a store (contract 1.9, 1.10, 1.19, 4.8.11, 4.8.12).

use std::sync::Arc;

use futures::stream;
use http::StatusCode;
use rest_resource::wire::table::Column;
use rest_resource::{
    Context, GetOptions, Getter, List, ListOptions, Lister, Object, RestResource, Result, Status, TableConvertor,
    WatchEvent, WatchStream, Watcher,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{THINGS, Thing, client, thing};

/// `things`: computed, to be read and watched, with a table of its own.
#[derive(Debug, RestResource)]
#[rest(group = "verbs.example.com", version = "v1", resource = "things", object = Thing, verbs(get, list, watch))]
pub(crate) struct Things {
    /// Lets go of the one that is called `slow`.
    pub(crate) gate: Arc<Notify>,
}

impl Getter for Things {
    async fn get(&self, cx: &Context, name: &str, _: &GetOptions) -> Result<Thing> {
        match name {
            "slow" => {
                self.gate.notified().await;
                Ok(thing(name, 0))
            }
            _ => Err(cx.not_found(name)),
        }
    }
}

impl Lister for Things {
    async fn list(&self, cx: &Context, options: &ListOptions) -> Result<List<Thing>> {
        if options.limit == 13 {
            return Err(Status::service_unavailable("not with 13"));
        }
        let mut list = List::new("7", vec![thing("a", 1), thing(cx.namespace().unwrap_or("everywhere"), 2)]);
        list.metadata.continue_ = (options.limit > 0).then(|| "more".to_owned());
        Ok(list)
    }
}

impl Watcher for Things {
    async fn watch(&self, _: &Context, options: &ListOptions) -> Result<WatchStream<Thing>> {
        if options.resource_version == Some(1) {
            return Err(Status::expired("too old"));
        }
        if options.resource_version == Some(2) {
            return Err(Status::service_unavailable("not now"));
        }
        let bookmark = WatchEvent::Bookmark { resource_version: "9".to_owned(), initial_events_end: true };
        let events = [
            Ok(WatchEvent::Added(thing("a", 1))),
            Ok(WatchEvent::Modified(thing("a", 2))),
            Ok(WatchEvent::Deleted(thing("a", 2))),
            Ok(bookmark),
            Err(Status::internal_error("on purpose")),
            Ok(WatchEvent::Added(thing("never", 1))),
        ];
        Ok(Box::pin(stream::iter(events)))
    }
}

impl TableConvertor for Things {
    fn columns(&self) -> Vec<Column> {
        let column = |name: &'static str| Column { name: name.into(), ..Column::default() };
        vec![column("Name"), column("Twice The Size")]
    }

    fn cells(&self, object: &Thing) -> Vec<Value> {
        vec![json!(object.meta().name), json!(object.spec.size * 2)]
    }
}

#[tokio::test]
async fn c1_9_a_lister_without_a_store() {
    let client = client();
    let list = client.get(THINGS).await.expect(StatusCode::OK);
    assert_eq!((&list["kind"], &list["apiVersion"]), (&json!("ThingList"), &json!("verbs.example.com/v1")));
    assert_eq!(list["metadata"], json!({"resourceVersion": "7"}));
    assert_eq!((&list["items"][0]["spec"]["size"], &list["items"][1]["metadata"]["name"]), (&json!(1), &json!("ns")));
    let list = client.get("/apis/verbs.example.com/v1/things?limit=1").await.expect(StatusCode::OK);
    assert_eq!(list["metadata"], json!({"resourceVersion": "7", "continue": "more"}));
    assert_eq!(list["items"][1]["metadata"]["name"], "everywhere");
    client.get(&format!("{THINGS}?limit=13")).await.expect_status(503, "ServiceUnavailable", "not with 13");
}

#[tokio::test]
async fn c1_19_a_watcher_without_a_store() {
    let mut watch = client().watch(&format!("{THINGS}?watch=true&allowWatchBookmarks=true")).await;
    for (kind, size) in [("ADDED", 1), ("MODIFIED", 2), ("DELETED", 2)] {
        let event = watch.next().await.expect("an event");
        assert_eq!((&event["type"], &event["object"]["spec"]["size"]), (&json!(kind), &json!(size)));
        assert_eq!(event["object"]["kind"], "Thing");
    }
    let bookmark = watch.next().await.expect("a bookmark");
    let metadata = json!({"resourceVersion": "9", "annotations": {"k8s.io/initial-events-end": "true"}});
    assert_eq!((&bookmark["type"], &bookmark["object"]["metadata"]), (&json!("BOOKMARK"), &metadata));
    let error = watch.next().await.expect("an error");
    assert_eq!((&error["type"], &error["object"]["code"]), (&json!("ERROR"), &json!(500)));
    assert_eq!((&error["object"]["kind"], &error["object"]["reason"]), (&json!("Status"), &json!("InternalError")));
    assert_eq!(watch.next().await, None, "an error ends the watch");
}

#[tokio::test]
async fn c1_10_a_watch_in_the_storages_own_table() {
    let accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
    let mut watch = client().watch_as(&format!("{THINGS}?watch=true"), accept).await;
    let first = watch.next().await.expect("an event");
    assert_eq!((&first["type"], &first["object"]["rows"][0]["cells"]), (&json!("ADDED"), &json!(["a", 2])));
    assert_eq!(first["object"]["columnDefinitions"][1]["name"], "Twice The Size");
    let second = watch.next().await.expect("an event");
    assert_eq!((&second["type"], &second["object"]["rows"][0]["cells"]), (&json!("MODIFIED"), &json!(["a", 4])));
    assert_eq!(second["object"]["columnDefinitions"], Value::Null);
}

#[tokio::test]
async fn c4_8_11_a_watcher_that_cannot_begin() {
    let client = client();
    let mut watch = client.watch(&format!("{THINGS}?watch=true&resourceVersion=1")).await;
    let error = watch.next().await.expect("an error");
    assert_eq!((&error["type"], &error["object"]["code"]), (&json!("ERROR"), &json!(410)));
    assert_eq!(watch.next().await, None);
    let refused = client.get(&format!("{THINGS}?watch=true&resourceVersion=2")).await;
    refused.expect_status(503, "ServiceUnavailable", "not now");
}
