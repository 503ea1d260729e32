//! A collection of config maps whose data `cpu` is volatile.

mod list;
mod replay;
mod watch;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::{FutureExt, StreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::*;
use crate::verb::{Context, Lister, ResourceInfo, Scope, WatchEvent, WatchStream, Watcher};
use crate::wire::frame::EventType;
use crate::wire::options::ListOptions;
use crate::wire::selector::{FieldSelector, LabelSelector};

struct World {
    snapshot: Snapshot<ConfigMap>,
    now: Arc<Mutex<Vec<ConfigMap>>>,
    reads: Arc<AtomicUsize>,
}

impl World {
    fn new(objects: impl IntoIterator<Item = ConfigMap>) -> Self {
        // The tests say when the collection is read, the clock does not.
        Self::with(objects, |builder| builder.interval(Duration::from_secs(100_000)))
    }

    fn with(
        objects: impl IntoIterator<Item = ConfigMap>,
        configure: impl FnOnce(SnapshotBuilder<ConfigMap>) -> SnapshotBuilder<ConfigMap>,
    ) -> Self {
        let now = Arc::new(Mutex::new(Vec::from_iter(objects)));
        let reads = Arc::new(AtomicUsize::new(0));
        let (read_now, count) = (Arc::clone(&now), Arc::clone(&reads));
        let builder = Snapshot::builder(move || {
            count.fetch_add(1, Ordering::SeqCst);
            let objects: Vec<ConfigMap> = read_now.lock().unwrap().clone();
            async move {
                tokio::task::yield_now().await;
                Ok(objects)
            }
        });
        let builder = builder.volatile(|object: &mut ConfigMap| {
            object.data.get_or_insert_default().remove("cpu");
        });
        Self { snapshot: configure(builder).build(), now, reads }
    }

    /// What is there from now on; seen when it is read.
    fn set(&self, objects: impl IntoIterator<Item = ConfigMap>) {
        *self.now.lock().unwrap() = objects.into_iter().collect();
    }

    /// As [`set`](Self::set), and read; the revision.
    async fn change(&self, objects: impl IntoIterator<Item = ConfigMap>) -> u64 {
        self.set(objects);
        self.snapshot.poller.refresh().await.unwrap().revision
    }

    async fn revision(&self) -> u64 {
        self.snapshot.poller.refresh().await.unwrap().revision
    }

    async fn list(&self, options: &ListOptions) -> Result<crate::List<ConfigMap>> {
        self.snapshot.list(&all_namespaces(), options).await
    }

    async fn watch(&self, options: &ListOptions) -> WatchStream<ConfigMap> {
        self.snapshot.watch(&all_namespaces(), options).await.unwrap()
    }
}

fn all_namespaces() -> Context {
    let info = ResourceInfo::new("", "v1", "configmaps", "ConfigMap", Scope::Namespaced);
    Context::new(Arc::new(info))
}

/// `name` may be `namespace/name`. The uid is the name's, unless the value says `#uid`.
fn object(name: &str, value: &str) -> ConfigMap {
    let (namespace, name) = name.split_once('/').unwrap_or(("default", name));
    let (value, uid) = value.split_once('#').unwrap_or((value, name));
    ConfigMap {
        metadata: ObjectMeta {
            namespace: Some(namespace.to_owned()),
            name: Some(name.to_owned()),
            uid: Some(uid.to_owned()),
            ..ObjectMeta::default()
        },
        data: Some(BTreeMap::from([("value".to_owned(), value.to_owned())])),
        ..ConfigMap::default()
    }
}

fn with_cpu(mut object: ConfigMap, cpu: u8) -> ConfigMap {
    object.data.get_or_insert_default().insert("cpu".to_owned(), cpu.to_string());
    object
}

fn labelled(mut object: ConfigMap, value: &str) -> ConfigMap {
    object.metadata.labels = Some(BTreeMap::from([("tier".to_owned(), value.to_owned())]));
    object
}

fn value(object: &ConfigMap) -> &str {
    &object.data.as_ref().unwrap()["value"]
}

fn name(object: &ConfigMap) -> &str {
    object.metadata.name.as_deref().unwrap()
}

fn resource_version(object: &ConfigMap) -> u64 {
    object.metadata.resource_version.as_deref().unwrap().parse().unwrap()
}

fn list_revision(list: &crate::List<ConfigMap>) -> u64 {
    list.metadata.resource_version.as_deref().unwrap().parse().unwrap()
}

fn labels(selector: &str) -> ListOptions {
    ListOptions { label_selector: LabelSelector::parse(selector).unwrap(), ..ListOptions::default() }
}

fn fields(selector: &str) -> ListOptions {
    ListOptions { field_selector: FieldSelector::parse(selector).unwrap(), ..ListOptions::default() }
}

fn at(revision: u64) -> ListOptions {
    ListOptions { resource_version: Some(revision), ..ListOptions::default() }
}

/// An event, decoded.
fn decode(event: WatchEvent<ConfigMap>) -> (EventType, ConfigMap) {
    match event {
        WatchEvent::Added(object) => (EventType::Added, object),
        WatchEvent::Encoded(event) => (event.kind(), serde_json::from_slice(event.object().json()).unwrap()),
        WatchEvent::Bookmark { resource_version, initial_events_end } => {
            let name = Some(if initial_events_end { "end" } else { "bookmark" }.to_owned());
            let metadata = ObjectMeta { name, resource_version: Some(resource_version), ..ObjectMeta::default() };
            (EventType::Bookmark, ConfigMap { metadata, ..ConfigMap::default() })
        }
        other => panic!("not an event of a snapshot: {other:?}"),
    }
}

/// The events that are there, and whether the stream has ended.
fn drain(events: &mut WatchStream<ConfigMap>) -> (Vec<(EventType, ConfigMap)>, bool) {
    let mut seen = Vec::new();
    loop {
        match events.next().now_or_never() {
            None => return (seen, false),
            Some(None) => return (seen, true),
            Some(Some(event)) => seen.push(decode(event.unwrap())),
        }
    }
}

/// The events that are there, as `ADDED name@revision`, the revision counted from `base`.
fn seen(events: &mut WatchStream<ConfigMap>, base: u64) -> Vec<String> {
    let (events, _) = drain(events);
    let text = |(kind, object): (EventType, ConfigMap)| {
        format!("{kind:?} {}@{}", name(&object), resource_version(&object) - base)
    };
    events.into_iter().map(text).collect()
}
