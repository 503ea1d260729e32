//! The client of `kube`, unmodified, on `wardle`: without a socket and over one.

use std::fmt::Debug;
use std::future::ready;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::{FutureExt, Stream, StreamExt};
use http::{Request, StatusCode, Uri};
use k8s_openapi::api::autoscaling::v1::{Scale, ScaleSpec};
use k8s_openapi::api::coordination::v1::Lease;
use kube::api::{
    ApiResource, DeleteParams, DynamicObject, GetParams, ListParams, Patch, PatchParams, PostParams, Preconditions,
    VersionMatch, WatchEvent, WatchParams,
};
use kube::client::Body;
use kube::core::{PartialObjectMeta, Status};
use kube::discovery::{ApiGroup, Scope};
use kube::runtime::controller::Action;
use kube::runtime::finalizer::{self, finalizer};
use kube::runtime::wait::{await_condition, conditions};
use kube::runtime::{reflector, watcher};
use kube::{Api, Client, Config, Discovery, Resource, ResourceExt};
use rest_resource::StoreOptions;
use rest_resource::server::ApiServer;
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::leases;
use rest_resource_tests::pools::{self, Pool, PoolSpec};
use rest_resource_tests::wardle::v1alpha1::{self, Fischer};
use rest_resource_tests::wardle::v1beta1::{Flunder, FlunderSpec, FlunderStatus, ReferenceType};
use rest_resource_tests::{Client as Http, wardle};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tower::ServiceExt;

const GROUP: &str = "wardle.example.com";
const FINALIZER: &str = "wardle.example.com/tests";

/// How long a test waits for what must come. It is a limit for a broken server, and measures nothing.
const PATIENCE: Duration = Duration::from_secs(20);

fn server(options: &StoreOptions) -> ApiServer {
    wardle::server(options).prepare().expect("wardle fits together")
}

/// Plays a scenario against a server of its own: without a socket, and over one.
async fn on_both<F: Future<Output = ()>>(scenario: impl Fn(Client) -> F) {
    on_both_of(|| server(&StoreOptions::memory()), scenario).await;
}

/// As [`on_both`], against servers of another kind.
async fn on_both_of<F: Future<Output = ()>>(server: impl Fn() -> ApiServer, scenario: impl Fn(Client) -> F) {
    scenario(Client::new(server(), "default")).await;

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server().serve(listener, stopped.map(|_| ())));
    let config = Config::new(url.parse().expect("a URL"));
    scenario(Client::try_from(config).expect("a client")).await;
    stop.send(()).expect("the server runs");
    within(serving).await.expect("the server does not panic").expect("the server ends well");
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it does not take that long")
}

/// The next event of a watcher, in words.
async fn event<K: ResourceExt>(
    events: &mut (impl Stream<Item = watcher::Result<watcher::Event<K>>> + Unpin),
) -> String {
    match within(events.next()).await.expect("a watcher does not end") {
        Ok(event) => event.to_string(),
        Err(error) => error.to_string(),
    }
}

/// What the server answered instead.
#[track_caller]
fn refused<T: Debug>(result: kube::Result<T>) -> Box<Status> {
    match result {
        Err(kube::Error::Api(status)) => status,
        other => panic!("not refused: {other:?}"),
    }
}

fn names<K: Resource>(objects: impl IntoIterator<Item = K>) -> Vec<String> {
    objects.into_iter().map(|object| object.name_any()).collect()
}

fn flunders(client: &Client) -> Api<Flunder> {
    Api::default_namespaced(client.clone())
}

fn new(name: &str) -> Flunder {
    Flunder::new(name, FlunderSpec::default())
}

async fn create(api: &Api<Flunder>, names: &[&str]) {
    for name in names {
        api.create(&PostParams::default(), &new(name)).await.expect("it is created");
    }
}

async fn label(api: &Api<Flunder>, name: &str, labels: serde_json::Value) -> Flunder {
    let patch = Patch::Merge(json!({"metadata": {"labels": labels}}));
    api.patch(name, &PatchParams::default(), &patch).await.expect("it is patched")
}

/// Create, read, list, replace, patch, delete: the same for every type and version.
async fn life<K>(api: Api<K>, make: impl Fn(&str) -> K)
where
    K: Resource + Clone + Debug + Serialize + DeserializeOwned,
{
    let (post, patch) = (PostParams::default(), PatchParams::default());
    assert!(api.get_opt("a").await.expect("an answer").is_none());
    assert!(refused(api.get("a").await).is_not_found());

    let created = api.create(&post, &make("a")).await.expect("it is created");
    assert!(created.uid().is_some() && created.creation_timestamp().is_some());
    assert!(refused(api.create(&post, &make("a")).await).is_already_exists());
    let dry = api.create(&PostParams { dry_run: true, ..post.clone() }, &make("b")).await.expect("it would be created");
    assert_eq!(dry.resource_version(), None);

    let got = api.get_opt("a").await.expect("an answer").expect("it is there");
    assert_eq!(got.meta(), created.meta());
    let version = created.resource_version().expect("a resource version");
    let fresh = api.get_with("a", &GetParams::at(&version)).await.expect("it is there");
    assert_eq!(fresh.meta(), created.meta());
    assert_eq!(names(api.list(&ListParams::default()).await.expect("a list")), ["a"]);

    let mut changed = got.clone();
    changed.labels_mut().insert("step".to_owned(), "replaced".to_owned());
    let replaced = api.replace("a", &post, &changed).await.expect("it is replaced");
    assert_eq!(replaced.labels()["step"], "replaced");
    assert_eq!(replaced.uid(), created.uid());
    assert_ne!(replaced.resource_version(), created.resource_version());
    assert!(refused(api.replace("a", &post, &changed).await).is_conflict());

    let merge = Patch::Merge(json!({"metadata": {"labels": {"step": "merged"}, "annotations": {"note": "x"}}}));
    let merged = api.patch("a", &patch, &merge).await.expect("it is patched");
    assert_eq!((merged.labels()["step"].as_str(), merged.annotations()["note"].as_str()), ("merged", "x"));
    let operations = json!([
        {"op": "test", "path": "/metadata/labels/step", "value": "merged"},
        {"op": "replace", "path": "/metadata/labels/step", "value": "patched"},
        {"op": "remove", "path": "/metadata/annotations/note"},
    ]);
    let operations = Patch::<()>::Json(serde_json::from_value(operations).expect("a JSON patch"));
    let patched = api.patch("a", &patch, &operations).await.expect("it is patched");
    assert_eq!((patched.labels()["step"].as_str(), patched.annotations().len()), ("patched", 0));
    let status = refused(api.patch("a", &patch, &operations).await);
    assert_eq!((status.code, status.is_invalid()), (422, true), "{status:?}");
    let strict = refused(api.patch("a", &patch.clone().validation_strict(), &Patch::Merge(json!({"no": 1}))).await);
    assert!(strict.message.contains(r#"unknown field "no""#), "{strict:?}");

    let elsewhere = Preconditions { uid: Some("other".to_owned()), ..Preconditions::default() };
    assert!(refused(api.delete("a", &DeleteParams::default().preconditions(elsewhere)).await).is_conflict());
    let deleted = api.delete("a", &DeleteParams::default()).await.expect("it is deleted");
    let status = deleted.right().expect("a status");
    assert!(status.is_success());
    assert_eq!(status.details.expect("details").uid, created.uid().expect("a uid"));
    assert!(api.get_opt("a").await.expect("an answer").is_none());
    assert!(refused(api.delete("a", &DeleteParams::default()).await).is_not_found());
}

#[tokio::test]
async fn a_typed_object_of_the_stored_version() {
    on_both(|client| life(flunders(&client), new)).await;
}

#[tokio::test]
async fn a_typed_object_of_another_version() {
    let new = |name: &str| v1alpha1::Flunder::new(name, v1alpha1::FlunderSpec::default());
    on_both(|client| life(Api::default_namespaced(client), new)).await;
}

#[tokio::test]
async fn a_typed_object_of_the_cluster() {
    let new = |name: &str| -> Fischer {
        let object =
            json!({"kind": "Fischer", "apiVersion": "wardle.example.com/v1alpha1", "metadata": {"name": name}});
        serde_json::from_value(object).expect("a fischer")
    };
    on_both(|client| life(Api::all(client), new)).await;
}

#[tokio::test]
async fn a_dynamic_object() {
    for resource in [ApiResource::erase::<Flunder>(&()), ApiResource::erase::<v1alpha1::Flunder>(&())] {
        let new = |name: &str| DynamicObject::new(name, &resource).data(json!({"spec": {}}));
        on_both(|client| life(Api::default_namespaced_with(client, &resource), new)).await;
    }
}

#[tokio::test]
async fn both_versions_are_one_object() {
    on_both(|client| async move {
        let (new, old) = (flunders(&client), Api::<v1alpha1::Flunder>::default_namespaced(client));
        let fischer_reference = Some("f".to_owned());
        let spec =
            FlunderSpec { fischer_reference, reference_type: Some(ReferenceType::Fischer), ..FlunderSpec::default() };
        new.create(&PostParams::default(), &Flunder::new("a", spec)).await.expect("it is created");
        let mut other = old.get("a").await.expect("it is there");
        assert_eq!(
            (other.spec.reference.as_deref(), other.spec.reference_type),
            (Some("f"), Some(ReferenceType::Fischer))
        );
        other.spec = v1alpha1::FlunderSpec { reference: Some("g".to_owned()), reference_type: None };
        old.replace("a", &PostParams::default(), &other).await.expect("it is replaced");
        let spec = new.get("a").await.expect("it is there").spec;
        assert_eq!((spec.flunder_reference.as_deref(), spec.fischer_reference), (Some("g"), None));
    })
    .await;
}

#[tokio::test]
async fn lists_have_pages_states_and_selectors() {
    on_both(|client| async move {
        let api = flunders(&client);
        create(&api, &["a", "b", "c", "d", "e"]).await;
        label(&api, "c", json!({"on": "yes"})).await;
        let (mut found, mut params, mut versions) = (Vec::new(), ListParams::default().limit(2), Vec::new());
        loop {
            let page = api.list(&params).await.expect("a page");
            versions.push(page.metadata.resource_version.clone().expect("a resource version"));
            let token = page.metadata.continue_.clone().filter(|token| !token.is_empty());
            found.extend(names(page));
            // Not part of the state that is listed.
            create(&api, &[&format!("z{}", found.len())]).await;
            let Some(token) = token else { break };
            params = params.continue_token(&token);
        }
        assert_eq!(found, ["a", "b", "c", "d", "e"]);
        assert!(versions.iter().all(|version| *version == versions[0]), "{versions:?}");

        let exact = ListParams::default().at(&versions[0]).matching(VersionMatch::Exact);
        assert_eq!(api.list(&exact).await.expect("a list").items.len(), 5);
        let select = async |params| names(api.list(&params).await.expect("a list"));
        assert_eq!(select(ListParams::default()).await.len(), 8);
        assert_eq!(select(ListParams::default().match_any()).await.len(), 8);
        assert_eq!(select(ListParams::default().labels("on in (yes, no)")).await, ["c"]);
        assert_eq!(select(ListParams::default().fields("metadata.name=e")).await, ["e"]);
        assert_eq!(refused(api.list(&ListParams::default().continue_token("x")).await).code, 400);
    })
    .await;
}

#[tokio::test]
async fn a_collection_is_deleted_by_its_labels() {
    on_both(|client| async move {
        let api = flunders(&client);
        create(&api, &["a", "b", "c"]).await;
        for name in ["a", "c"] {
            label(&api, name, json!({"old": "yes"})).await;
        }
        let old = ListParams::default().labels("old=yes");
        let deleted = api.delete_collection(&DeleteParams::default(), &old).await.expect("they are deleted");
        assert_eq!(names(deleted.left().expect("a list")), ["a", "c"]);
        assert_eq!(names(api.list(&ListParams::default()).await.expect("a list")), ["b"]);
    })
    .await;
}

#[tokio::test]
async fn the_status_is_its_own() {
    on_both(|client| async move {
        let api = flunders(&client);
        let (post, patch) = (PostParams::default(), PatchParams::default());
        let phase = |flunder: &Flunder| flunder.status.as_ref().and_then(|status| status.phase.clone());
        let mut with_status = new("a");
        with_status.status = Some(FlunderStatus { phase: Some("Wished".to_owned()), ..FlunderStatus::default() });
        assert_eq!(phase(&api.create(&post, &with_status).await.expect("it is created")), None);

        let merge = Patch::Merge(json!({"status": {"phase": "Ready"}, "spec": {"flunderReference": "x"}}));
        let patched = api.patch_status("a", &patch, &merge).await.expect("it is patched");
        assert_eq!((phase(&patched).as_deref(), patched.spec.flunder_reference.as_deref()), (Some("Ready"), None));

        let mut flunder = api.get_status("a").await.expect("it is there");
        assert_eq!(phase(&flunder).as_deref(), Some("Ready"));
        let seen = FlunderStatus { phase: Some("Seen".to_owned()), observed_generation: flunder.metadata.generation };
        flunder.status = Some(seen);
        let replaced = api.replace_status("a", &post, &flunder).await.expect("it is replaced");
        assert_eq!(phase(&replaced).as_deref(), Some("Seen"));
        assert_eq!(replaced.metadata.generation, flunder.metadata.generation);
        assert!(refused(api.replace_status("a", &post, &flunder).await).is_conflict());

        let mut flunder = replaced;
        flunder.status = None;
        flunder.spec.flunder_reference = Some("b".to_owned());
        flunder.spec.reference_type = Some(ReferenceType::Flunder);
        let replaced = api.replace("a", &post, &flunder).await.expect("it is replaced");
        assert_eq!(phase(&replaced).as_deref(), Some("Seen"));
        assert!(replaced.metadata.generation > flunder.metadata.generation);

        let old = Api::<v1alpha1::Flunder>::default_namespaced(client);
        let status = old.get_status("a").await.expect("it is there").status.expect("a status");
        assert_eq!(status.phase.as_deref(), Some("Seen"));
    })
    .await;
}

/// Who elects its leader by a lease stands on this: one of those who saw it as it is becomes the next to hold it.
#[tokio::test]
async fn one_of_two_contenders_gets_a_lease() {
    on_both_of(leases::server, |client| async move {
        let resource = ApiResource::erase::<Lease>(&());
        let (api, raw) = (
            Api::<Lease>::default_namespaced(client.clone()),
            Api::<DynamicObject>::default_namespaced_with(client, &resource),
        );
        let post = PostParams::default();
        let spec = |holder: &str, renewed: &str| {
            let acquired = "2026-01-02T03:04:05.000000Z";
            json!({"holderIdentity": holder, "leaseDurationSeconds": 15, "acquireTime": acquired, "renewTime": renewed})
        };
        let free =
            DynamicObject::new("leader", &resource).data(json!({"spec": spec("", "2026-01-02T03:04:05.678900Z")}));
        let created = raw.create(&post, &free).await.expect("it is created");
        assert_eq!(created.data, free.data);

        let held_by = |holder: &str, renewed: &str| {
            let mut lease = created.clone();
            lease.data["spec"] = spec(holder, renewed);
            serde_json::from_value::<Lease>(serde_json::to_value(lease).expect("JSON")).expect("a lease")
        };
        let (a, b) = (held_by("a", "2026-01-02T03:05:00.000001Z"), held_by("b", "2026-01-02T03:05:00.100000Z"));
        let (a, b) = tokio::join!(api.replace("leader", &post, &a), api.replace("leader", &post, &b));
        let (won, lost, renewed) = match (a, b) {
            (Ok(won), lost) => (won, lost, "2026-01-02T03:05:00.000001Z"),
            (lost, Ok(won)) => (won, lost, "2026-01-02T03:05:00.100000Z"),
            neither => panic!("{neither:?}"),
        };
        assert!(refused(lost).is_conflict());
        let holder = won.spec.and_then(|spec| spec.holder_identity).expect("a holder");
        let stored = raw.get("leader").await.expect("it is there");
        assert_eq!(stored.data, json!({"spec": spec(&holder, renewed)}));
        assert_eq!(stored.resource_version(), won.metadata.resource_version);
    })
    .await;
}

#[tokio::test]
async fn the_scale_is_its_own() {
    on_both_of(pools::server, |client| async move {
        let api = Api::<Pool>::default_namespaced(client);
        let (post, patch) = (PostParams::default(), PatchParams::default());
        let replicas = |scale: &Scale| scale.spec.as_ref().and_then(|spec| spec.replicas);
        let pool = Pool::new("a", PoolSpec { replicas: Some(2), image: Some("x".to_owned()) });
        api.create(&post, &pool).await.expect("it is created");

        let scale = api.get_scale("a").await.expect("it is there");
        assert_eq!((replicas(&scale), scale.status.as_ref().map(|status| status.replicas)), (Some(2), Some(0)));
        let merge = Patch::Merge(json!({"spec": {"replicas": 3}}));
        assert_eq!(replicas(&api.patch_scale("a", &patch, &merge).await.expect("it is patched")), Some(3));

        let mut fresh = api.get_scale("a").await.expect("it is there");
        fresh.spec = Some(ScaleSpec { replicas: Some(4) });
        assert_eq!(replicas(&api.replace_scale("a", &post, &fresh).await.expect("it is replaced")), Some(4));
        assert!(refused(api.replace_scale("a", &post, &scale).await).is_conflict());

        let apply = json!({"apiVersion": "autoscaling/v1", "kind": "Scale", "spec": {"replicas": 5}});
        let applied = api.patch_scale("a", &PatchParams::apply("scaler").force(), &Patch::Apply(apply)).await;
        assert_eq!(replicas(&applied.expect("it is applied")), Some(5));
        let pool = api.get("a").await.expect("it is there");
        assert_eq!((pool.spec.replicas, pool.spec.image.as_deref()), (Some(5), Some("x")));
        assert!(refused(api.get_scale("b").await).is_not_found());
    })
    .await;
}

#[tokio::test]
async fn metadata_alone() {
    on_both(|client| async move {
        let api = flunders(&client);
        create(&api, &["a", "b"]).await;
        let full = api.get("a").await.expect("it is there");
        let metadata = api.get_metadata("a").await.expect("it is there");
        assert_eq!(metadata.metadata, full.metadata);
        assert_eq!(metadata.types.as_ref().expect("types").kind, "PartialObjectMetadata");
        assert!(api.get_metadata_opt("none").await.expect("an answer").is_none());
        let list = api.list_metadata(&ListParams::default().limit(1)).await.expect("a list");
        assert_eq!((list.metadata.remaining_item_count, list.items[0].metadata == full.metadata), (Some(1), true));
        let patch = Patch::Merge(json!({"metadata": {"labels": {"x": "y"}}}));
        let patched = api.patch_metadata("a", &PatchParams::default(), &patch).await.expect("it is patched");
        assert_eq!(patched.labels()["x"], "y");

        let mut events = pin!(api.watch_metadata(&WatchParams::default(), "0").await.expect("a watch"));
        for expected in ["a", "b"] {
            match within(events.next()).await.expect("an event").expect("the watch goes on") {
                WatchEvent::Added(metadata) => assert_eq!(metadata.name_any(), expected),
                other => panic!("{other:?}"),
            }
        }
        // An API of metadata asks for nothing else.
        let api = Api::<PartialObjectMeta<Flunder>>::default_namespaced(client.clone());
        let mut events = pin!(watcher(api, watcher::Config::default()));
        for expected in ["Init", "InitApply(a)", "InitApply(b)", "InitDone"] {
            assert_eq!(event(&mut events).await, expected);
        }
        label(&flunders(&client), "b", json!({"x": "z"})).await;
        assert_eq!(event(&mut events).await, "Apply(b)");
    })
    .await;
}

#[tokio::test]
async fn a_raw_watch_sees_changes_in_their_order() {
    on_both(|client| async move {
        let api = flunders(&client);
        let version = api.list(&ListParams::default()).await.expect("a list").metadata.resource_version;
        let mut events = pin!(api.watch(&WatchParams::default(), &version.expect("a version")).await.expect("a watch"));
        create(&api, &["a"]).await;
        label(&api, "a", json!({"x": "y"})).await;
        api.delete("a", &DeleteParams::default()).await.expect("it is deleted");
        let mut last = 0;
        for expected in ["added", "modified", "deleted"] {
            let (seen, flunder) = match within(events.next()).await.expect("an event").expect("the watch goes on") {
                WatchEvent::Added(flunder) => ("added", flunder),
                WatchEvent::Modified(flunder) => ("modified", flunder),
                WatchEvent::Deleted(flunder) => ("deleted", flunder),
                other => panic!("{other:?}"),
            };
            let version = flunder.resource_version().expect("a version").parse().expect("a number");
            assert_eq!((seen, flunder.name_any().as_str()), (expected, "a"));
            assert!(version > last);
            last = version;
        }
    })
    .await;
}

/// Both ways to get the state first.
fn strategies() -> [watcher::Config; 2] {
    [watcher::Config::default().page_size(1), watcher::Config::default().streaming_lists()]
}

#[tokio::test]
async fn a_watcher_follows() {
    for config in strategies() {
        on_both(|client| {
            let config = config.clone();
            async move {
                let api = flunders(&client);
                create(&api, &["a", "b"]).await;
                let mut events = pin!(watcher(api.clone(), config));
                for expected in ["Init", "InitApply(a)", "InitApply(b)", "InitDone"] {
                    assert_eq!(event(&mut events).await, expected);
                }
                create(&api, &["c"]).await;
                label(&api, "a", json!({"x": "y"})).await;
                api.delete("b", &DeleteParams::default()).await.expect("it is deleted");
                for expected in ["Apply(c)", "Apply(a)", "Delete(b)"] {
                    assert_eq!(event(&mut events).await, expected);
                }
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_dynamic_watcher_selects() {
    for config in strategies() {
        on_both(|client| {
            let config = config.clone().labels("on=yes");
            async move {
                let api = flunders(&client);
                create(&api, &["a", "b"]).await;
                label(&api, "b", json!({"on": "yes"})).await;
                let resource = ApiResource::erase::<v1alpha1::Flunder>(&());
                let dynamic = Api::<DynamicObject>::all_with(client.clone(), &resource);
                let mut events = pin!(watcher(dynamic, config));
                for expected in ["Init", "InitApply(b)", "InitDone"] {
                    assert_eq!(event(&mut events).await, expected);
                }
                label(&api, "a", json!({"on": "yes"})).await;
                label(&api, "b", json!({"on": "no"})).await;
                for expected in ["Apply(a)", "Delete(b)"] {
                    assert_eq!(event(&mut events).await, expected);
                }
            }
        })
        .await;
    }
}

/// A client without a socket, and the URIs that it asks for, each told before it is answered.
fn told(server: ApiServer) -> (Client, mpsc::UnboundedReceiver<Uri>) {
    let (tell, asked) = mpsc::unbounded_channel();
    let service = tower::service_fn(move |request: Request<Body>| {
        // Nobody listens at the end of a test.
        let _ = tell.send(request.uri().clone());
        server.clone().oneshot(request)
    });
    (Client::new(service, "default"), asked)
}

/// The query of the next watch that is asked for.
async fn next_watch(asked: &mut mpsc::UnboundedReceiver<Uri>) -> String {
    loop {
        let uri = asked.recv().await.expect("the client asks");
        let query = uri.query().unwrap_or_default();
        if query.contains("watch=true") {
            return query.to_owned();
        }
    }
}

/// The clock is paused: it goes on to the end of the watch when nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn a_watcher_goes_on_where_the_server_ended_the_watch() {
    for config in strategies() {
        let (client, mut asked) = told(server(&StoreOptions::memory()));
        let api = flunders(&client);
        create(&api, &["a"]).await;
        let mut events = pin!(watcher(api.clone(), config.timeout(1)));
        for expected in ["Init", "InitApply(a)", "InitDone"] {
            assert_eq!(event(&mut events).await, expected);
        }
        let last = label(&api, "a", json!({"x": "y"})).await.resource_version().expect("a version");
        assert_eq!(event(&mut events).await, "Apply(a)");
        next_watch(&mut asked).await;

        // The server ends the watch after its second; the client asks again, and nothing is listed twice.
        let query = tokio::select! {
            event = events.next() => panic!("{event:?}"),
            query = within(next_watch(&mut asked)) => query,
        };
        assert!(query.contains(&format!("resourceVersion={last}")), "{query}");
        assert!(!query.contains("sendInitialEvents"), "{query}");
        create(&api, &["b"]).await;
        api.delete("a", &DeleteParams::default()).await.expect("it is deleted");
        for expected in ["Apply(b)", "Delete(a)"] {
            assert_eq!(event(&mut events).await, expected);
        }
    }
}

#[tokio::test]
async fn a_watcher_that_comes_too_late_lists_again() {
    let server = server(&StoreOptions::memory().watch_history(2));
    let overrun = Arc::new(AtomicBool::new(false));
    let service = tower::service_fn({
        let server = server.clone();
        move |request: Request<Body>| {
            let (server, overrun) = (server.clone(), Arc::clone(&overrun));
            async move {
                // Between the list and its watch more happens than the server remembers.
                let is_watch = request.uri().query().unwrap_or_default().contains("watch=true");
                if is_watch && !overrun.swap(true, Ordering::Relaxed) {
                    let http = Http::new(server.clone());
                    for name in ["b", "c", "d"] {
                        http.post(FLUNDERS, &flunder(name)).await.expect(StatusCode::CREATED);
                    }
                    // All of it has come to those who watch.
                    http.get(FLUNDERS).await.expect(StatusCode::OK);
                }
                server.oneshot(request).await
            }
        }
    });
    let client = Client::new(service, "default");
    let api = flunders(&client);
    create(&api, &["a"]).await;
    let mut events = pin!(watcher(api.clone(), watcher::Config::default()));
    for expected in ["Init", "InitApply(a)", "InitDone"] {
        assert_eq!(event(&mut events).await, expected);
    }
    let error = within(events.next()).await.expect("a watcher does not end").expect_err("too old");
    match error {
        watcher::Error::WatchError(status) => assert_eq!((status.code, status.reason.as_str()), (410, "Expired")),
        other => panic!("{other:?}"),
    }
    for expected in ["Init", "InitApply(a)", "InitApply(b)", "InitApply(c)", "InitApply(d)", "InitDone"] {
        assert_eq!(event(&mut events).await, expected);
    }
    create(&api, &["e"]).await;
    assert_eq!(event(&mut events).await, "Apply(e)");
}

#[tokio::test]
async fn a_reflector_holds_what_the_server_holds() {
    for config in strategies() {
        on_both(|client| {
            let config = config.clone();
            async move {
                let api = flunders(&client);
                create(&api, &["a", "b"]).await;
                let (store, writer) = reflector::store();
                let held = || {
                    let mut names = names(store.state().iter().map(|flunder| Flunder::clone(flunder)));
                    names.sort();
                    names
                };
                let mut events = pin!(reflector(writer, watcher(api.clone(), config)));
                while event(&mut events).await != "InitDone" {}
                within(store.wait_until_ready()).await.expect("it is ready");
                assert_eq!(held(), ["a", "b"]);
                create(&api, &["c"]).await;
                api.delete("a", &DeleteParams::default()).await.expect("it is deleted");
                let labelled = label(&api, "b", json!({"x": "y"})).await;
                for expected in ["Apply(c)", "Delete(a)", "Apply(b)"] {
                    assert_eq!(event(&mut events).await, expected);
                }
                assert_eq!(held(), ["b", "c"]);
                let found = store.find(|flunder| flunder.name_any() == "b").expect("it is held");
                assert_eq!(found.metadata, labelled.metadata);
            }
        })
        .await;
    }
}

#[tokio::test]
async fn discovery_finds_versions_resources_and_verbs() {
    on_both(|client| async move {
        let without_core = || Discovery::new(client.clone()).exclude(&[ApiGroup::CORE_GROUP]);
        for discovery in [
            without_core().run().await.expect("discovery"),
            without_core().run_aggregated().await.expect("discovery"),
            // There is no core group, which is nothing to complain of.
            Discovery::new(client.clone()).run_aggregated().await.expect("discovery"),
            Discovery::new(client.clone()).filter(&[GROUP]).run().await.expect("discovery"),
        ] {
            let group = discovery.get(GROUP).expect("the group");
            assert_eq!(group.versions().collect::<Vec<_>>(), ["v1beta1", "v1alpha1"]);
            assert_eq!(group.preferred_version(), Some("v1beta1"));
            let (resource, capabilities) = group.recommended_kind("Flunder").expect("the kind");
            assert_eq!(
                (resource.plural.as_str(), resource.api_version.as_str()),
                ("flunders", "wardle.example.com/v1beta1")
            );
            assert_eq!(capabilities.scope, Scope::Namespaced);
            for verb in ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"] {
                assert!(capabilities.supports_operation(verb), "{verb}");
            }
            let (status, _) = capabilities.subresources.iter().find(|(sub, _)| sub.plural == "status").expect("status");
            assert_eq!(status.kind, "Flunder");
            let kinds = group.versioned_resources("v1alpha1");
            let fischer = kinds.iter().find(|(resource, _)| resource.kind == "Fischer").expect("the kind");
            assert_eq!(fischer.1.scope, Scope::Cluster);
        }
    })
    .await;
}

#[tokio::test]
async fn what_discovery_finds_can_be_used() {
    on_both(|client| async move {
        let kind = kube::api::GroupVersionKind::gvk(GROUP, "v1beta1", "Flunder");
        let (pinned, _) = kube::discovery::pinned_kind(&client, &kind).await.expect("the kind");
        let group = kube::discovery::group(&client, GROUP).await.expect("the group");
        let (found, _) = group.recommended_kind("Flunder").expect("the kind");
        assert_eq!(found, pinned);
        let api = Api::<DynamicObject>::default_namespaced_with(client, &found);
        let object = DynamicObject::new("a", &found).data(json!({"spec": {}}));
        let created = api.create(&PostParams::default(), &object).await.expect("it is created");
        let parsed: Flunder = created.try_parse().expect("a flunder");
        assert_eq!((parsed.name_any().as_str(), pinned.kind.as_str()), ("a", "Flunder"));
    })
    .await;
}

/// What the finalizer helper had the reconciler do.
async fn reconcile(api: &Api<Flunder>, flunder: Flunder) -> Result<Option<&'static str>, String> {
    let mut done = None;
    let action = |event| {
        done = Some(match event {
            finalizer::Event::Apply(_) => "apply",
            finalizer::Event::Cleanup(_) => "cleanup",
        });
        ready(Ok::<_, std::convert::Infallible>(Action::await_change()))
    };
    finalizer(api, FINALIZER, Arc::new(flunder), action).await.map_err(|error| format!("{error:?}"))?;
    Ok(done)
}

#[tokio::test]
async fn a_finalizer_defers_the_deletion() {
    on_both(|client| async move {
        let api = flunders(&client);
        let created = api.create(&PostParams::default(), &new("a")).await.expect("it is created");
        assert_eq!(reconcile(&api, created.clone()).await, Ok(None));
        let held = api.get("a").await.expect("it is there");
        assert_eq!(held.finalizers(), [FINALIZER]);
        // Somebody who has not seen that fails, since the patch tests what is there.
        let error = reconcile(&api, created).await.expect_err("the test of the patch fails");
        assert!(error.starts_with("AddFinalizer(Api(") && error.contains("code: 422"), "{error}");
        assert_eq!(reconcile(&api, held).await, Ok(Some("apply")));

        let deleted = api.delete("a", &DeleteParams::default()).await.expect("it is marked").left().expect("an object");
        assert!(deleted.meta().deletion_timestamp.is_some());
        let marked = api.get("a").await.expect("it is still there");
        assert_eq!(marked.meta(), deleted.meta());
        // Another finalizer, which has gone first: the index no longer fits.
        let mut behind = marked.clone();
        behind.finalizers_mut().insert(0, "wardle.example.com/other".to_owned());
        let error = reconcile(&api, behind).await.expect_err("the test of the patch fails");
        assert!(error.starts_with("RemoveFinalizer(Api(") && error.contains("code: 422"), "{error}");
        assert!(api.get_opt("a").await.expect("an answer").is_some());

        let mut events = pin!(watcher(api.clone(), watcher::Config::default()));
        while event(&mut events).await != "InitDone" {}
        assert_eq!(reconcile(&api, marked).await, Ok(Some("cleanup")));
        assert_eq!(event(&mut events).await, "Delete(a)");
        assert!(api.get_opt("a").await.expect("an answer").is_none());
    })
    .await;
}

#[tokio::test]
async fn somebody_waits_for_conditions() {
    on_both(|client| async move {
        let api = flunders(&client);
        let created = api.create(&PostParams::default(), &new("a")).await.expect("it is created");
        let is_ready = |flunder: Option<&Flunder>| {
            flunder.and_then(|flunder| flunder.status.as_ref()?.phase.as_deref()) == Some("Ready")
        };
        let patch = Patch::Merge(json!({"status": {"phase": "Ready"}}));
        let params = PatchParams::default();
        let (waited, patched) = within(async {
            tokio::join!(await_condition(api.clone(), "a", is_ready), api.patch_status("a", &params, &patch))
        })
        .await;
        patched.expect("it is patched");
        assert!(is_ready(waited.expect("the wait ends").as_ref()));

        let uid = created.uid().expect("a uid");
        let is_gone = conditions::is_deleted(&uid);
        let params = DeleteParams::background();
        let (waited, deleted) =
            within(async { tokio::join!(await_condition(api.clone(), "a", is_gone), api.delete("a", &params)) }).await;
        deleted.expect("it is deleted");
        waited.expect("the wait ends");
    })
    .await;
}

#[tokio::test]
async fn two_apply_to_one_object() {
    on_both(|client| async move {
        let api = flunders(&client);
        let with = |reference: &str| {
            let mut flunder = new("a");
            flunder.spec.flunder_reference = Some(reference.to_owned());
            flunder.spec.reference_type = Some(ReferenceType::Flunder);
            flunder
        };
        let (one, two) = (PatchParams::apply("one"), PatchParams::apply("two"));
        let created = api.patch("a", &one, &Patch::Apply(with("b"))).await.expect("it is created");
        assert!(created.uid().is_some());
        let again = api.patch("a", &one, &Patch::Apply(with("b"))).await.expect("it is applied");
        assert_eq!(again.resource_version(), created.resource_version());

        let status = refused(api.patch("a", &two, &Patch::Apply(with("c"))).await);
        assert!(status.is_conflict(), "{status:?}");
        assert_eq!(status.message, "Apply failed with 1 conflict: conflict with \"one\": .spec.flunderReference");
        let forced = api.patch("a", &two.clone().force(), &Patch::Apply(with("c"))).await.expect("it is forced");
        assert_eq!(forced.spec.flunder_reference.as_deref(), Some("c"));
        let managers: Vec<&str> = forced.managed_fields().iter().filter_map(|entry| entry.manager.as_deref()).collect();
        assert_eq!(managers.len(), 2, "{managers:?}");

        let status = json!({
            "apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder", "metadata": {"name": "a"},
            "status": {"phase": "Ready"},
        });
        let reported = api.patch_status("a", &PatchParams::apply("controller"), &Patch::Apply(status)).await;
        assert_eq!(reported.expect("it is applied").status.and_then(|status| status.phase).as_deref(), Some("Ready"));
    })
    .await;
}
