//! Update and status (contract 4.9.3-4.9.9, 4.9.12, 5.3-5.6, 5.8).

use std::sync::atomic::{AtomicUsize, Ordering};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{FieldsV1, ManagedFieldsEntry, Time};
use k8s_openapi::jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::object::AnyObject;
use crate::store::Strategy;
use crate::verb::{AnyChange, BoxFuture, Creates, Held};
use crate::wire::options::Preconditions;

const MODIFIED: &str = "Operation cannot be fulfilled on things.test.example.com \"a\": the object has been modified; please apply your changes to the latest version and try again";

struct Lenient;

impl Strategy<Thing> for Lenient {
    fn allow_unconditional_update(&self) -> bool {
        true
    }
    fn allow_create_on_update(&self) -> bool {
        true
    }
}

/// A change as a patch is one: it computes the new object from the old one.
struct Patch<F>(F);

impl<F: Fn(&mut Thing) + Send + Sync> AnyChange for Patch<F> {
    fn apply<'a>(&'a self, held: Option<Held<'a>>) -> BoxFuture<'a, Result<Box<dyn AnyObject>>> {
        Box::pin(async move {
            let mut thing = held.unwrap().object.downcast_ref::<Thing>()?.clone();
            // Whoever waits for the storage meanwhile comes first.
            tokio::task::yield_now().await;
            (self.0)(&mut thing);
            Ok(Box::new(thing) as Box<dyn AnyObject>)
        })
    }
}

fn patch(patch: impl Fn(&mut Thing) + Send + Sync + 'static) -> Change<Thing> {
    Change::from_any(Arc::new(Patch(patch)), Preconditions::default(), Creates::No, Admit::all())
}

async fn update(store: &Store<Thing>, change: &Change<Thing>) -> Result<(Thing, Created)> {
    store.update(&cx(), "a", change, &UpdateOptions::default()).await
}

#[tokio::test]
async fn c4_9_4_a_stale_resource_version_is_a_conflict() {
    let store = store();
    let created = create(&store, thing("a")).await.unwrap();
    let mut changed = created.clone();
    changed.spec.size = 1;
    assert_eq!(revision(&put(&store, changed.clone()).await.unwrap()), 3);
    assert_status(put(&store, changed).await, 409, "Conflict", MODIFIED);
    assert_status(put(&store, thing("b")).await, 404, "NotFound", "things.test.example.com \"b\" not found");
}

#[tokio::test]
async fn c4_9_5_an_update_without_resource_version_must_be_allowed() {
    let strict = store();
    create(&strict, thing("a")).await.unwrap();
    let message = "things.test.example.com \"a\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update";
    let status = assert_status(put(&strict, thing("a")).await, 422, "Invalid", message);
    assert_eq!(status.details().unwrap().kind, "things");

    let lenient = store().strategy(Lenient);
    let created = create(&lenient, thing("a")).await.unwrap();
    let mut changed = thing("a");
    changed.spec.size = 3;
    let updated = put(&lenient, changed).await.unwrap();
    assert_eq!((updated.spec.size, updated.metadata.uid), (3, created.metadata.uid));
}

#[tokio::test]
async fn c4_9_3_an_update_creates_only_where_both_allow_it() {
    let store = store().strategy(Lenient);
    assert_eq!(put(&store, thing("a")).await.unwrap_err().code(), 404);
    let inner = Change::replace(thing("a")).any().clone();
    let change = Change::from_any(inner, Preconditions::default(), Creates::IfAllowed, Admit::all());
    let (created, Created(true)) = update(&store, &change).await.unwrap() else { panic!("not created") };
    assert!(created.metadata.uid.is_some());
    let (_, Created(false)) = update(&store, &change).await.unwrap() else { panic!("created twice") };
}

#[tokio::test]
async fn c4_9_6_preconditions_fail_as_conflicts() {
    let store = store();
    let created = create(&store, thing("a")).await.unwrap();
    let uid = created.metadata.uid.clone().unwrap();
    let preconditions = Preconditions { uid: Some("x".to_owned()), resource_version: None };
    let change = Change::from_any(Change::replace(created).any().clone(), preconditions, Creates::No, Admit::all());
    let message = format!(
        "Operation cannot be fulfilled on things.test.example.com \"a\": Precondition failed: UID in precondition: x, UID in object meta: {uid}"
    );
    assert_status(update(&store, &change).await, 409, "Conflict", &message);
}

#[tokio::test]
async fn c6_2_4_preconditions_count_in_every_round() {
    let store = store();
    let created = create(&store, thing("a")).await.unwrap();
    let preconditions = Preconditions { uid: created.metadata.uid, resource_version: None };
    let change = patch(|thing| thing.spec.size = 1);
    let change = Change::from_any(change.any().clone(), preconditions, Creates::No, Admit::all());
    // The change is made of the first object, and comes to the second one.
    let replace = async {
        delete(&store, "a").await.unwrap();
        create(&store, thing("a")).await.unwrap()
    };
    let (updated, second) = tokio::join!(update(&store, &change), replace);
    let status = updated.unwrap_err();
    assert_eq!((status.code(), status.reason()), (409, "Conflict"));
    assert!(status.message().contains("Precondition failed: UID in precondition"), "{}", status.message());
    assert_eq!(get(&store, "a").await.unwrap().metadata.uid, second.metadata.uid);
    assert_eq!(get(&store, "a").await.unwrap().spec.size, 0);
}

/// The order of the entries is that of their times, and is no change either.
#[tokio::test]
async fn c4_9_25_times_and_their_order_alone_write_nothing() {
    let entry = |manager: &str, second: i64, fields: Value| ManagedFieldsEntry {
        manager: Some(manager.to_owned()),
        operation: Some("Update".to_owned()),
        time: Timestamp::from_second(second).ok().map(Time),
        fields_type: Some("FieldsV1".to_owned()),
        fields_v1: Some(FieldsV1(fields)),
        ..ManagedFieldsEntry::default()
    };
    let store = store();
    let mut object = thing("a");
    object.metadata.managed_fields = Some(vec![entry("one", 1, json!({"f:a": {}})), entry("two", 2, json!({}))]);
    let created = create(&store, object).await.unwrap();
    let mut later = created.clone();
    later.metadata.managed_fields = Some(vec![entry("two", 2, json!({})), entry("one", 3, json!({"f:a": {}}))]);
    let unchanged = put(&store, later.clone()).await.unwrap();
    assert_eq!(unchanged.metadata, created.metadata);
    later.metadata.managed_fields = Some(vec![entry("two", 2, json!({})), entry("one", 3, json!({"f:b": {}}))]);
    let changed = put(&store, later.clone()).await.unwrap();
    assert_eq!(changed.metadata.managed_fields, later.metadata.managed_fields);
}

#[tokio::test]
async fn c4_9_7_what_changes_nothing_writes_nothing() {
    let store = store();
    let created = create(&store, thing("a")).await.unwrap();
    let mut stream = watch(&store, &cx(), from(2)).await;
    assert_eq!(revision(&put(&store, created.clone()).await.unwrap()), 2);
    let mut changed = created;
    changed.spec.size = 1;
    put(&store, changed).await.unwrap();
    assert_eq!(next(&mut stream).await, event("MODIFIED", "a", 3));
}

#[tokio::test]
async fn c4_9_9_system_metadata_is_kept() {
    let store = store();
    let created = create(&store, thing("a")).await.unwrap();
    let mut sent = created.clone();
    sent.metadata.creation_timestamp = None;
    sent.metadata.uid = None;
    sent.metadata.generation = Some(9);
    sent.metadata.namespace = None;
    sent.spec.size = 1;
    let updated = put(&store, sent).await.unwrap();
    assert_eq!(updated.metadata.creation_timestamp, created.metadata.creation_timestamp);
    assert_eq!(updated.metadata.uid, created.metadata.uid);
    assert_eq!(updated.metadata.generation, Some(2));

    let mut other = updated;
    other.metadata.uid = Some("x".to_owned());
    let message = "Thing.test.example.com \"a\" is invalid: metadata.uid: Invalid value: \"x\": field is immutable";
    assert_status(put(&store, other).await, 422, "Invalid", message);
}

#[tokio::test]
async fn c4_9_2_the_name_is_that_of_the_url() {
    let store = store();
    create(&store, thing("a")).await.unwrap();
    let message = "the name of the object (b) does not match the name on the URL (a)";
    let change = patch(|thing| thing.metadata.name = Some("b".to_owned()));
    assert_status(update(&store, &change).await, 400, "BadRequest", message);
}

#[tokio::test]
async fn c4_9_12_a_patch_never_conflicts_with_other_writers() {
    let store = store();
    create(&store, thing("a")).await.unwrap();
    let applied = Arc::new(AtomicUsize::new(0));
    let patches = (0..20).map(|_| {
        let (store, applied) = (store.clone(), Arc::clone(&applied));
        tokio::spawn(async move {
            let change = patch(move |thing| {
                applied.fetch_add(1, Ordering::Relaxed);
                thing.spec.size += 1;
            });
            update(&store, &change).await.unwrap();
        })
    });
    for task in patches.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(get(&store, "a").await.unwrap().spec.size, 20);
    assert!(applied.load(Ordering::Relaxed) > 20);

    let stale = patch(|thing| thing.metadata.resource_version = Some("2".to_owned()));
    assert_status(update(&store, &stale).await, 409, "Conflict", MODIFIED);
}

#[tokio::test]
async fn c4_4_8_a_dry_run_update_stores_nothing() {
    let store = store();
    create(&store, thing("a")).await.unwrap();
    let options = UpdateOptions { dry_run: true, ..UpdateOptions::default() };
    let change = patch(|thing| thing.spec.size = 7);
    let (thing, _) = store.update(&cx(), "a", &change, &options).await.unwrap();
    assert_eq!((thing.spec.size, revision(&thing)), (7, 2));
    assert_eq!(get(&store, "a").await.unwrap().spec.size, 0);
}

#[tokio::test]
async fn c5_5_the_generation_counts_changes_of_the_spec() {
    let store = store();
    let status = store.status();
    create(&store, thing("a")).await.unwrap();
    let generation = |result: Result<(Thing, Created)>| result.unwrap().0.metadata.generation;
    let relabel = patch(|thing| thing.metadata.labels = Some(BTreeMap::from([("a".to_owned(), "b".to_owned())])));
    assert_eq!(generation(update(&store, &relabel).await), Some(1));
    assert_eq!(generation(update(&store, &patch(|thing| thing.spec.size = 1)).await), Some(2));
    let ready = patch(|thing| thing.status = Some(ThingStatus { ready: true }));
    assert_eq!(generation(status.update(&cx(), "a", &ready, &UpdateOptions::default()).await), Some(2));
}

#[tokio::test]
async fn c5_6_the_status_is_written_by_its_subresource_only() {
    let store = store();
    let status = store.status();
    create(&store, labelled("a", "x")).await.unwrap();
    let change = patch(|thing| {
        thing.status = Some(ThingStatus { ready: true });
        thing.spec.size = 9;
        thing.metadata.labels = None;
        thing.metadata.finalizers = Some(vec!["x/y".to_owned()]);
    });
    let (updated, _) = status.update(&cx(), "a", &change, &UpdateOptions::default()).await.unwrap();
    assert!(updated.status.as_ref().unwrap().ready);
    assert_eq!((updated.spec.size, updated.metadata.labels.is_some()), (0, true));
    assert_eq!(updated.metadata.finalizers, None);
    assert_eq!(get_json(&store, "a").await, serde_json::to_value(&updated).unwrap());

    let change = patch(|thing| {
        thing.status = None;
        thing.spec.size = 1;
    });
    let (updated, _) = update(&store, &change).await.unwrap();
    assert_eq!((updated.spec.size, updated.status.unwrap().ready), (1, true));
}

#[tokio::test]
async fn a_panic_in_a_hook_harms_no_other_request() {
    struct Panics;
    impl Strategy<Thing> for Panics {
        fn canonicalize(&self, thing: &mut Thing) {
            assert!(thing.spec.size < 5, "user code");
        }
    }
    let store = store().strategy(Panics);
    create(&store, thing("a")).await.unwrap();
    let task = {
        let store = store.clone();
        tokio::spawn(async move { update(&store, &patch(|thing| thing.spec.size = 6)).await })
    };
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(update(&store, &patch(|thing| thing.spec.size = 1)).await.unwrap().0.spec.size, 1);
}
