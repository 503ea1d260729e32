//! What becomes of a deleted object, and what the client is told (contract 4.10.5-4.10.14).

use http::{Method, StatusCode};
use rest_resource::{
    Admit, Context, DeleteOptions, Deleted, GracefulDeleter, RestResource, Result, StoreOptions, Strategy,
};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use rest_resource_tests::wardle::v1beta1::Flunder;
use serde_json::json;

use super::{Keeping, client, held, is_there, kept, path, text};
use crate::probe::{PROBES, Probe, serve};

#[tokio::test]
async fn c4_10_5_a_removed_object_is_a_success_that_names_its_uid() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let answer = client.delete(&path("a")).await;
    let expected = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
        "details": {"name": "a", "group": "wardle.example.com", "kind": "flunders", "uid": created["metadata"]["uid"]},
    });
    assert_eq!(answer.expect(StatusCode::OK), expected);
    assert!(!is_there(&client, "a").await);
}

#[tokio::test]
async fn c4_10_5_the_success_stays_a_status_in_every_form() {
    let client = Client::wardle();
    for (name, accept) in [
        ("a", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"),
        ("b", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json"),
    ] {
        client.flunder(name).await;
        let answer = client.send(Method::DELETE, &path(name), &[("accept", accept)], "").await;
        let status = answer.expect(StatusCode::OK);
        assert_eq!((&status["kind"], &status["details"]["name"]), (&json!("Status"), &json!(name)));
    }
}

#[tokio::test]
async fn c4_10_6_an_object_that_stays_is_returned() {
    let client = Client::wardle();
    let created = held(&client, "a").await;
    let marked = client.delete(&path("a")).await.expect(StatusCode::OK);
    assert_eq!((&marked["kind"], &marked["metadata"]["uid"]), (&json!("Flunder"), &created["metadata"]["uid"]));
    assert!(marked["metadata"]["deletionTimestamp"].is_string(), "{marked}");
    assert_eq!(marked["metadata"]["deletionGracePeriodSeconds"], 0);
    assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), marked);
}

#[tokio::test]
async fn c4_10_6_only_an_explicit_false_is_answered_202() {
    let client = Client::wardle();
    for (name, options, code) in [
        ("a", json!({"orphanDependents": false}), StatusCode::ACCEPTED),
        ("b", json!({"orphanDependents": true}), StatusCode::OK),
        ("c", json!({"propagationPolicy": "Background"}), StatusCode::OK),
    ] {
        held(&client, name).await;
        let marked = client.delete_with(&path(name), &options).await.expect(code);
        assert_eq!(marked["kind"], "Flunder");
    }
    client.flunder("d").await;
    let gone = client.delete_with(&path("d"), &json!({"orphanDependents": false})).await.expect(StatusCode::OK);
    assert_eq!(gone["kind"], "Status");
}

/// Has nothing to say of what it deletes.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Silent;

impl GracefulDeleter for Silent {
    async fn delete(
        &self,
        _: &Context,
        _: &str,
        _: &Admit<Probe>,
        options: &DeleteOptions,
    ) -> Result<(Deleted<Probe>, bool)> {
        std::future::ready(Ok((Deleted::Nothing, options.grace_period_seconds.is_none()))).await
    }
}

#[tokio::test]
async fn c4_10_7_a_deleter_may_have_nothing_to_say() {
    let client = serve(Silent);
    let success = |code: u16| {
        json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": code,
            "details": {"name": "a", "kind": "Probe"},
        })
    };
    let item = format!("{PROBES}/a");
    assert_eq!(client.delete(&item).await.expect(StatusCode::OK), success(200));
    let later = json!({"gracePeriodSeconds": 5, "orphanDependents": false});
    assert_eq!(client.delete_with(&item, &later).await.expect(StatusCode::ACCEPTED), success(202));
}

#[tokio::test]
async fn c4_10_9_finalizers_mark_once() {
    let client = Client::wardle();
    let created = held(&client, "a").await;
    let marked = client.delete(&path("a")).await.expect(StatusCode::OK);
    let meta = &marked["metadata"];
    assert_eq!((&created["metadata"]["generation"], &meta["generation"]), (&json!(1), &json!(2)));
    assert_eq!(meta["finalizers"], json!(["example.com/held"]));
    assert_ne!(meta["resourceVersion"], created["metadata"]["resourceVersion"]);
    let again = client.delete(&path("a")).await.expect(StatusCode::OK);
    assert_eq!(again, marked, "a second delete changes nothing");
}

#[tokio::test]
async fn c4_10_9_watchers_see_the_mark_and_the_end() {
    let client = Client::wardle();
    let created = held(&client, "a").await;
    let since = text(&created["metadata"]["resourceVersion"]);
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=true&resourceVersion={since}")).await;
    let marked = client.delete(&path("a")).await.expect(StatusCode::OK);
    let event = watch.next().await.expect("an event");
    assert_eq!((&event["type"], &event["object"]), (&json!("MODIFIED"), &marked));
    client.merge_patch(&path("a"), &json!({"metadata": {"finalizers": null}})).await.expect(StatusCode::OK);
    assert_eq!(watch.next_name().await, ("DELETED".to_owned(), "a".to_owned()));
}

#[tokio::test]
async fn c4_10_10_a_garbage_collector_is_told_by_finalizers() {
    let client = client(&StoreOptions::memory().garbage_collection(true), ());
    for (name, options, finalizers) in [
        ("a", json!({"propagationPolicy": "Orphan"}), json!(["orphan"])),
        ("b", json!({"propagationPolicy": "Foreground"}), json!(["foregroundDeletion"])),
        ("c", json!({"orphanDependents": true}), json!(["orphan"])),
    ] {
        client.flunder(name).await;
        let marked = client.delete_with(&path(name), &options).await.expect(StatusCode::OK);
        assert_eq!(marked["metadata"]["finalizers"], finalizers, "{options}");
        assert!(marked["metadata"]["deletionTimestamp"].is_string());
    }
    for (name, options) in
        [("d", json!({"propagationPolicy": "Background"})), ("e", json!({"orphanDependents": false})), ("f", json!({}))]
    {
        client.flunder(name).await;
        let gone = client.delete_with(&path(name), &options).await.expect(StatusCode::OK);
        assert_eq!(gone["kind"], "Status", "{options}");
    }
}

#[tokio::test]
async fn c4_10_10_the_last_policy_replaces_the_others_finalizer() {
    let client = client(&StoreOptions::memory().garbage_collection(true), ());
    let mut object = flunder("a");
    object["metadata"]["finalizers"] = json!(["orphan", "example.com/held"]);
    client.post(FLUNDERS, &object).await.expect(StatusCode::CREATED);
    let foreground = json!({"propagationPolicy": "Foreground"});
    let marked = client.delete_with(&path("a"), &foreground).await.expect(StatusCode::OK);
    assert_eq!(marked["metadata"]["finalizers"], json!(["example.com/held", "foregroundDeletion"]));
}

#[tokio::test]
async fn c4_10_10_without_a_garbage_collector_there_are_none() {
    let client = Client::wardle();
    for (name, policy) in [("a", "Orphan"), ("b", "Foreground")] {
        client.flunder(name).await;
        let gone = client.delete_with(&path(name), &json!({"propagationPolicy": policy})).await;
        assert_eq!(gone.expect(StatusCode::OK)["kind"], "Status", "{policy}");
    }
}

/// Ends by itself, within 30 seconds unless the client says otherwise.
struct Graceful;

impl Strategy<Flunder> for Graceful {
    fn check_graceful_delete(&self, _: &Context, _: &Flunder, requested: Option<i64>) -> Option<i64> {
        Some(requested.unwrap_or(30))
    }
}

#[tokio::test]
async fn c4_10_11_a_graceful_deletion_can_only_be_shortened() {
    let client = client(&StoreOptions::memory(), Graceful);
    let delete = async |grace: Option<i64>| {
        client.delete_with(&path("a"), &grace.map_or(json!({}), |grace| json!({"gracePeriodSeconds": grace}))).await
    };
    client.flunder("a").await;
    let first = delete(None).await.expect(StatusCode::OK);
    let meta = &first["metadata"];
    assert_eq!((&meta["deletionGracePeriodSeconds"], &meta["generation"]), (&json!(30), &json!(2)));
    assert!(text(&meta["deletionTimestamp"]) > text(&meta["creationTimestamp"]), "it ends in the future");

    for not_shorter in [None, Some(30), Some(60)] {
        delete(not_shorter).await.expect(StatusCode::OK);
        assert_eq!(client.get(&path("a")).await.expect(StatusCode::OK), first, "{not_shorter:?}");
    }

    let shorter = delete(Some(10)).await.expect(StatusCode::OK);
    assert_eq!(shorter["metadata"]["deletionGracePeriodSeconds"], 10);
    assert_eq!(shorter["metadata"]["generation"], 2);
    assert!(text(&shorter["metadata"]["deletionTimestamp"]) < text(&first["metadata"]["deletionTimestamp"]));

    let shortest = delete(Some(-5)).await.expect(StatusCode::OK);
    assert_eq!(shortest["metadata"]["deletionGracePeriodSeconds"], 1, "a negative period is one second");
    let gone = delete(Some(0)).await.expect(StatusCode::OK);
    assert_eq!(gone["kind"], "Status");
    assert!(!is_there(&client, "a").await);
}

#[tokio::test]
async fn c4_10_11_no_time_at_all_removes_at_once() {
    let client = client(&StoreOptions::memory(), Graceful);
    client.flunder("a").await;
    let gone = client.delete(&format!("{}?gracePeriodSeconds=0", path("a"))).await.expect(StatusCode::OK);
    assert_eq!(gone["kind"], "Status");
    assert!(!is_there(&client, "a").await);
}

#[tokio::test]
async fn c4_10_12_a_missing_object_is_404() {
    let client = Client::wardle();
    let message = "flunders.wardle.example.com \"a\" not found";
    let status = client.delete(&path("a")).await.expect_status(404, "NotFound", message);
    assert_eq!(status["details"], json!({"name": "a", "group": "wardle.example.com", "kind": "flunders"}));
    let message = "fischers.wardle.example.com \"f\" not found";
    client.delete(&format!("{FISCHERS}/f")).await.expect_status(404, "NotFound", message);
}

#[tokio::test]
async fn c4_10_12_a_deleted_object_gets_no_new_finalizers() {
    let client = Client::wardle();
    held(&client, "a").await;
    client.delete(&path("a")).await.expect(StatusCode::OK);
    let patch = json!({"metadata": {"finalizers": ["example.com/held", "example.com/new"]}});
    let message = "Flunder.wardle.example.com \"a\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"example.com/new\"}";
    client.merge_patch(&path("a"), &patch).await.expect_status(422, "Invalid", message);
}

#[tokio::test]
async fn c4_10_14_admission_sees_the_object_as_it_is() {
    let client = client(&StoreOptions::memory(), Keeping);
    kept(&client, "a").await;
    client.flunder("b").await;
    let message = "flunders.wardle.example.com \"a\" is forbidden: it is to be kept";
    client.delete(&path("a")).await.expect_status(403, "Forbidden", message);
    assert!(is_there(&client, "a").await);
    client.delete(&path("b")).await.expect(StatusCode::OK);
    assert!(!is_there(&client, "b").await);
}
