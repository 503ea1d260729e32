//! What a client of a store sees, by the numbers of the contract.

mod create;
mod delete;
mod feed;
mod history;
mod list;
mod scale;
mod update;
mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt;
use kube::CustomResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Store, StoreOptions};
use crate::verb::{
    Admit, Change, Context, Created, Creater, Deleted, Getter, GracefulDeleter, Lister, Reply, ResourceInfo, Scope,
    Updater, WatchEvent, WatchStream, Watcher,
};
use crate::wire::frame::EventType;
use crate::wire::options::{CreateOptions, DeleteOptions, GetOptions, ListOptions, UpdateOptions};
use crate::wire::selector::{FieldSelector, LabelSelector};
use crate::wire::status::{Result, Status};

#[derive(CustomResource, Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[kube(group = "test.example.com", version = "v1", kind = "Thing", namespaced, status = "ThingStatus")]
pub(super) struct ThingSpec {
    #[serde(default)]
    pub size: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
pub(super) struct ThingStatus {
    #[serde(default)]
    pub ready: bool,
}

fn store() -> Store<Thing> {
    Store::new(&StoreOptions::memory())
}

/// A request in the namespace `ns`.
fn cx() -> Context {
    anywhere().with_namespace("ns")
}

/// A request across all namespaces.
fn anywhere() -> Context {
    let info = ResourceInfo::new("test.example.com", "v1", "things", "Thing", Scope::Namespaced);
    Context::new(Arc::new(info))
}

fn thing(name: &str) -> Thing {
    Thing::new(name, ThingSpec::default())
}

fn labelled(name: &str, label: &str) -> Thing {
    let mut thing = thing(name);
    thing.metadata.labels = Some(BTreeMap::from([("app".to_owned(), label.to_owned())]));
    thing
}

async fn create(store: &Store<Thing>, thing: Thing) -> Result<Thing> {
    store.create(&cx(), thing, &Admit::all(), &CreateOptions::default()).await
}

async fn put(store: &Store<Thing>, thing: Thing) -> Result<Thing> {
    let name = thing.metadata.name.clone().unwrap_or_default();
    let change = Change::replace(thing);
    store.update(&cx(), &name, &change, &UpdateOptions::default()).await.map(|(thing, Created(created))| {
        assert!(!created);
        thing
    })
}

async fn get(store: &Store<Thing>, name: &str) -> Result<Thing> {
    store.get(&cx(), name, &GetOptions::default()).await
}

/// The object as GET sends it.
async fn get_json(store: &Store<Thing>, name: &str) -> Value {
    match store.get_reply(&cx(), name, &GetOptions::default()).await.unwrap() {
        Reply::Encoded(encoded) => serde_json::from_slice(encoded.json()).unwrap(),
        other => panic!("not encoded: {other:?}"),
    }
}

async fn delete(store: &Store<Thing>, name: &str) -> Result<(Deleted<Thing>, bool)> {
    store.delete(&cx(), name, &Admit::all(), &DeleteOptions::default()).await
}

async fn names(store: &Store<Thing>, cx: &Context, options: &ListOptions) -> Vec<String> {
    let list = store.list(cx, options).await.unwrap();
    list.items.into_iter().map(|thing| thing.metadata.name.unwrap()).collect()
}

fn by_labels(selector: &str) -> ListOptions {
    ListOptions { label_selector: LabelSelector::parse(selector).unwrap(), ..ListOptions::default() }
}

fn by_fields(selector: &str) -> ListOptions {
    ListOptions { field_selector: FieldSelector::parse(selector).unwrap(), ..ListOptions::default() }
}

/// The revision of an object.
fn revision(thing: &Thing) -> u64 {
    thing.metadata.resource_version.as_deref().unwrap().parse().unwrap()
}

fn assert_status<T: std::fmt::Debug>(result: Result<T>, code: u16, reason: &str, message: &str) -> Status {
    let status = result.unwrap_err();
    assert_eq!((status.code(), status.reason(), status.message()), (code, reason, message));
    status
}

/// An event as a client sees it, cut down to what tests compare.
#[derive(Debug, PartialEq)]
enum Seen {
    Event(&'static str, String, u64),
    Bookmark(u64),
    InitialEventsEnd(u64),
    Error(u16, String),
    End,
}

async fn watch(store: &Store<Thing>, cx: &Context, options: ListOptions) -> WatchStream<Thing> {
    store.watch(cx, &ListOptions { watch: true, ..options }).await.unwrap()
}

fn from(revision: u64) -> ListOptions {
    ListOptions { resource_version: Some(revision), ..ListOptions::default() }
}

async fn next(stream: &mut WatchStream<Thing>) -> Seen {
    match stream.next().await {
        None => Seen::End,
        Some(Err(status)) => Seen::Error(status.code(), status.message().to_owned()),
        Some(Ok(WatchEvent::Bookmark { resource_version, initial_events_end })) => {
            let revision = resource_version.parse().unwrap();
            if initial_events_end { Seen::InitialEventsEnd(revision) } else { Seen::Bookmark(revision) }
        }
        Some(Ok(WatchEvent::Encoded(event))) => {
            let line: Value = serde_json::from_slice(&event.frame()).unwrap();
            let kind = match event.kind() {
                EventType::Added => "ADDED",
                EventType::Modified => "MODIFIED",
                EventType::Deleted => "DELETED",
                EventType::Bookmark | EventType::Error => "?",
            };
            assert_eq!(line["type"], json!(kind));
            let metadata = &line["object"]["metadata"];
            let revision = metadata["resourceVersion"].as_str().unwrap().parse().unwrap();
            Seen::Event(kind, metadata["name"].as_str().unwrap().to_owned(), revision)
        }
        Some(Ok(other)) => panic!("not encoded: {other:?}"),
    }
}

fn event(kind: &'static str, name: &str, revision: u64) -> Seen {
    Seen::Event(kind, name.to_owned(), revision)
}
