//! Delete (contract 4.10.5-4.10.16, 5.9).

use super::*;
use crate::store::Strategy;
use crate::verb::CollectionDeleter;
use crate::wire::options::{Preconditions, PropagationPolicy};

async fn delete_with(store: &Store<Thing>, options: &DeleteOptions) -> Result<(Deleted<Thing>, bool)> {
    store.delete(&cx(), "a", &Admit::all(), options).await
}

/// The object that a delete has left.
fn marked(deleted: (Deleted<Thing>, bool)) -> Thing {
    match deleted {
        (Deleted::Encoded(encoded), false) => serde_json::from_slice(encoded.json()).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn success(uid: Option<&String>) -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
           "details": {"name": "a", "group": "test.example.com", "kind": "things", "uid": uid.unwrap()}})
}

#[tokio::test]
async fn c4_10_5_a_removal_is_a_success_that_names_the_uid() {
    let store = store();
    let created = create(&store, thing("a")).await.unwrap();
    let (Deleted::Status(status), true) = delete(&store, "a").await.unwrap() else { panic!("no status") };
    assert_eq!(serde_json::to_value(&status).unwrap(), success(created.metadata.uid.as_ref()));
    assert_status(get(&store, "a").await, 404, "NotFound", "things.test.example.com \"a\" not found");
}

#[tokio::test]
async fn c4_10_12_what_is_not_there_is_404() {
    let message = "things.test.example.com \"a\" not found";
    assert_status(delete(&store(), "a").await.map(|_| ()), 404, "NotFound", message);
}

#[tokio::test]
async fn c4_10_8_preconditions_are_qualified_by_the_kind() {
    let store = store();
    let uid = create(&store, thing("a")).await.unwrap().metadata.uid.unwrap();
    let options = |uid: Option<&str>, version: Option<&str>| {
        let preconditions = Preconditions { uid: uid.map(str::to_owned), resource_version: version.map(str::to_owned) };
        DeleteOptions { preconditions, ..DeleteOptions::default() }
    };
    let message = format!(
        "Operation cannot be fulfilled on Thing.test.example.com \"a\": the UID in the precondition (x) does not match the UID in record ({uid}). The object might have been deleted and then recreated"
    );
    let wrong = delete_with(&store, &options(Some("x"), None)).await;
    assert_status(wrong.map(|_| ()), 409, "Conflict", &message);
    let message = "Operation cannot be fulfilled on Thing.test.example.com \"a\": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (2). The object might have been modified";
    let wrong = delete_with(&store, &options(Some(&uid), Some("1"))).await;
    assert_status(wrong.map(|_| ()), 409, "Conflict", message);
    assert!(delete_with(&store, &options(Some(&uid), Some("2"))).await.unwrap().1);
}

#[tokio::test]
async fn c4_10_9_finalizers_keep_an_object() {
    let store = store();
    let mut sent = thing("a");
    sent.metadata.finalizers = Some(vec!["x/y".to_owned()]);
    create(&store, sent).await.unwrap();
    let first = marked(delete(&store, "a").await.unwrap());
    assert!(first.metadata.deletion_timestamp.is_some());
    assert_eq!((first.metadata.deletion_grace_period_seconds, first.metadata.generation), (Some(0), Some(2)));
    assert_eq!(revision(&first), 3);
    let second = marked(delete(&store, "a").await.unwrap());
    assert_eq!(revision(&second), 3);

    let mut more = get(&store, "a").await.unwrap();
    more.metadata.finalizers = Some(vec!["x/y".to_owned(), "x/z".to_owned()]);
    let message = "Thing.test.example.com \"a\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"x/z\"}";
    assert_status(put(&store, more).await, 422, "Invalid", message);

    let mut none = get(&store, "a").await.unwrap();
    none.metadata.finalizers = None;
    none.spec.size = 5;
    assert_eq!(put(&store, none).await.unwrap().spec.size, 5);
    assert_eq!(get(&store, "a").await.unwrap_err().code(), 404);
}

#[tokio::test]
async fn c4_10_10_policies_leave_finalizers_to_a_garbage_collector() {
    let options = DeleteOptions { propagation_policy: Some(PropagationPolicy::Foreground), ..Default::default() };
    let plain = store();
    create(&plain, thing("a")).await.unwrap();
    assert!(delete_with(&plain, &options).await.unwrap().1);

    let store = Store::<Thing>::new(&StoreOptions::memory().garbage_collection(true));
    create(&store, thing("a")).await.unwrap();
    let left = marked(delete_with(&store, &options).await.unwrap());
    assert_eq!(left.metadata.finalizers.unwrap(), ["foregroundDeletion"]);
    let options = DeleteOptions { orphan_dependents: Some(true), ..Default::default() };
    let left = marked(delete_with(&store, &options).await.unwrap());
    assert_eq!(left.metadata.finalizers.unwrap(), ["orphan"]);
    assert!(
        delete_with(&store, &DeleteOptions { orphan_dependents: Some(false), ..Default::default() }).await.unwrap().1
    );
}

#[tokio::test]
async fn c4_10_11_a_graceful_delete_can_only_be_made_shorter() {
    struct Graceful;
    impl Strategy<Thing> for Graceful {
        fn check_graceful_delete(&self, _cx: &Context, _thing: &Thing, requested: Option<i64>) -> Option<i64> {
            Some(requested.unwrap_or(30))
        }
    }
    let grace = |seconds| DeleteOptions { grace_period_seconds: seconds, ..DeleteOptions::default() };
    let store = store().strategy(Graceful);
    let uid = create(&store, thing("a")).await.unwrap().metadata.uid;
    let first = marked(delete_with(&store, &grace(None)).await.unwrap());
    assert_eq!((first.metadata.deletion_grace_period_seconds, first.metadata.generation), (Some(30), Some(2)));
    let (Deleted::Status(status), false) = delete_with(&store, &grace(Some(60))).await.unwrap() else { panic!() };
    assert_eq!(serde_json::to_value(&status).unwrap(), success(uid.as_ref()));
    let shorter = marked(delete_with(&store, &grace(Some(-5))).await.unwrap());
    assert_eq!((shorter.metadata.deletion_grace_period_seconds, shorter.metadata.generation), (Some(1), Some(2)));
    assert!(shorter.metadata.deletion_timestamp < first.metadata.deletion_timestamp);
    assert!(delete_with(&store, &grace(Some(0))).await.unwrap().1);
}

#[tokio::test]
async fn c4_10_15_a_dry_run_removes_nothing_from_a_store() {
    let store = store();
    create(&store, thing("a")).await.unwrap();
    let options = DeleteOptions { dry_run: true, ..DeleteOptions::default() };
    assert!(delete_with(&store, &options).await.unwrap().1);
    assert_eq!(revision(&get(&store, "a").await.unwrap()), 2);
}

#[tokio::test]
async fn c4_10_16_a_collection_is_deleted_by_its_selectors() {
    let store = store();
    for (name, label) in [("a", "x"), ("b", "y"), ("c", "x"), ("d", "x")] {
        create(&store, labelled(name, label)).await.unwrap();
    }
    let page = ListOptions { limit: 2, ..by_labels("app=x") };
    let options = DeleteOptions::default();
    let deleted = store.delete_collection(&cx(), &Admit::all(), &options, &page).await.unwrap();
    assert_eq!(deleted.items.len(), 2);
    assert!(deleted.metadata.continue_.is_some());
    assert_eq!(names(&store, &cx(), &ListOptions::default()).await, ["b", "d"]);
    let deleted = store.delete_collection(&anywhere(), &Admit::all(), &options, &by_labels("app")).await.unwrap();
    assert_eq!(deleted.items.len(), 2);
    assert_eq!(names(&store, &cx(), &ListOptions::default()).await, [""; 0]);
}
