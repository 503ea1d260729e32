//! Stored objects that cannot be read (contract 4.8.12, 4.10.13).

use std::sync::Arc;

use http::StatusCode;
use rest_resource::StoreOptions;
use rest_resource::backend::{Backend, Commit, Expect, Memory, Write};
use rest_resource_tests::client::{FLUNDERS, flunder};
use rest_resource_tests::{Answer, Client, wardle};
use serde_json::{Value, json};

const OTHERS: &str = "/apis/wardle.example.com/v1beta1/namespaces/other/flunders";
const EVERYWHERE: &str = "/apis/wardle.example.com/v1beta1/flunders";
const OLDER: &str = "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders";
const IGNORE: &str = "?ignoreStoreReadErrorWithClusterBreakingPotential=true";
const MESSAGE: &str = "failed to read one or more flunders.wardle.example.com from the storage: default/bad: the stored \
                       object cannot be read";

/// What no object looks like.
const DAMAGED: [&[u8]; 5] = [b"", b"\xff\xfe", b"{\"metadata\":{", b"[]", b"{\"metadata\":{\"labels\":3}}"];

/// `wardle`, with a way around it to what it stores.
struct Kept {
    memory: Arc<Memory>,
    client: Client,
}

impl Kept {
    fn new() -> Self {
        Self::on(Arc::default())
    }

    fn on(memory: Arc<Memory>) -> Self {
        let server = wardle::server(&StoreOptions::new(memory.clone())).prepare();
        Self { memory, client: Client::new(server.expect("wardle fits together")) }
    }

    /// Writes over the flunder `default/bad`, whether it is there or not.
    async fn damage(&self, value: impl AsRef<[u8]>) {
        let key = "/registry/wardle.example.com/flunders/default/bad".to_owned();
        let held = self.memory.get(&key).await.expect("memory answers");
        let expect = held.map_or(Expect::Absent, |held| Expect::Revision(held.revision));
        let write = Write { key, expect, value: Some(value.as_ref().to_vec().into()) };
        assert!(matches!(self.memory.commit(write).await, Ok(Commit::Done(_))));
    }
}

fn path(name: &str) -> String {
    format!("{FLUNDERS}/{name}")
}

#[track_caller]
fn unreadable(answer: Answer) -> Value {
    answer.expect_status(500, "StorageReadError", MESSAGE)
}

#[track_caller]
fn names(answer: Answer) -> Vec<String> {
    let list = answer.expect(StatusCode::OK);
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| item["metadata"]["name"].as_str().unwrap_or_default().to_owned()).collect()
}

/// An event of an error, and the end of the watch.
async fn ends_with_error(watch: &mut rest_resource_tests::client::Watch) -> Value {
    let event = watch.next().await.expect("an event");
    assert_eq!(event["type"], "ERROR", "{event}");
    assert_eq!(watch.next().await, None, "an error is the last event");
    event["object"].clone()
}

#[tokio::test]
async fn c4_8_12_what_cannot_be_read_is_an_error_by_name_and_in_lists() {
    for damaged in DAMAGED {
        let kept = Kept::new();
        kept.client.flunder("good").await;
        kept.client.post(OTHERS, &flunder("other")).await.expect(StatusCode::CREATED);
        kept.damage(damaged).await;
        // As events tell it, and as a new process reads it.
        for client in [kept.client.clone(), Kept::on(kept.memory.clone()).client] {
            let status = unreadable(client.get(&path("bad")).await);
            let cause = json!({
                "reason": "UnexpectedServerResponse", "message": "the stored object cannot be read",
                "field": "default/bad",
            });
            let details = json!({"group": "wardle.example.com", "kind": "flunders", "causes": [cause]});
            assert_eq!(status["details"], details);
            for list in [FLUNDERS, EVERYWHERE, &format!("{FLUNDERS}?labelSelector=a=b"), &format!("{FLUNDERS}?limit=1")]
            {
                assert_eq!(unreadable(client.get(list).await)["details"], details, "{list}");
            }
            unreadable(client.delete(FLUNDERS).await);

            assert_eq!(client.get(&path("good")).await.code, StatusCode::OK);
            assert_eq!(names(client.get(OTHERS).await), ["other"]);
            let by_name = format!("{FLUNDERS}?fieldSelector=metadata.name=good");
            assert_eq!(names(client.get(&by_name).await), ["good"]);
        }
    }
}

#[tokio::test]
async fn c4_8_12_a_list_of_another_time_is_as_it_was() {
    let kept = Kept::new();
    let before = kept.client.flunder("bad").await;
    kept.damage("{").await;
    let at = |revision: &Value| {
        format!("{FLUNDERS}?resourceVersionMatch=Exact&resourceVersion={}", revision.as_str().unwrap_or_default())
    };
    let before = &before["metadata"]["resourceVersion"];
    assert_eq!(names(kept.client.get(&at(before)).await), ["bad"]);
    kept.client.delete(&format!("{}{IGNORE}", path("bad"))).await.expect(StatusCode::OK);
    let after = kept.client.flunder("c").await;
    assert_eq!(names(kept.client.get(&at(&after["metadata"]["resourceVersion"])).await), ["c"]);
    let damaged: u64 = before.as_str().and_then(|text| text.parse().ok()).expect("a revision");
    unreadable(kept.client.get(&at(&json!((damaged + 1).to_string()))).await);
}

#[tokio::test]
async fn c4_8_12_a_watch_ends_with_the_error() {
    let kept = Kept::new();
    let client = &kept.client;
    let start = client.flunder("good").await["metadata"]["resourceVersion"].clone();
    let from = |path: &str| format!("{path}?watch=true&resourceVersion={}", start.as_str().unwrap_or_default());
    let mut all = client.watch(&from(EVERYWHERE)).await;
    let mut here = client.watch(&format!("{}&labelSelector=a", from(FLUNDERS))).await;
    let mut others = client.watch(&from(OTHERS)).await;
    let mut one = client.watch(&format!("{}&fieldSelector=metadata.name=good", from(FLUNDERS))).await;

    client.flunder("seen").await;
    kept.damage("{").await;
    assert_eq!(all.next_name().await, ("ADDED".to_owned(), "seen".to_owned()), "what was before is told");
    for watch in [&mut all, &mut here] {
        let status = ends_with_error(watch).await;
        assert_eq!((&status["reason"], &status["code"]), (&json!("StorageReadError"), &json!(500)));
        assert_eq!(status["message"], MESSAGE);
    }
    let status = ends_with_error(&mut client.watch(&format!("{FLUNDERS}?watch=true")).await).await;
    assert_eq!(status["reason"], "StorageReadError", "what is there at the start of a watch");

    client.post(OTHERS, &flunder("other")).await.expect(StatusCode::CREATED);
    assert_eq!(others.next_name().await, ("ADDED".to_owned(), "other".to_owned()));
    client.merge_patch(&path("good"), &json!({"metadata": {"labels": {"a": "b"}}})).await.expect(StatusCode::OK);
    assert_eq!(one.next_name().await, ("MODIFIED".to_owned(), "good".to_owned()));
}

#[tokio::test]
async fn c4_8_12_after_the_repair_a_client_lists_again() {
    let kept = Kept::new();
    let client = &kept.client;
    let start = client.flunder("bad").await["metadata"]["resourceVersion"].clone();
    kept.damage("{").await;
    let from = format!("{FLUNDERS}?watch=true&resourceVersion={}", start.as_str().unwrap_or_default());
    assert_eq!(ends_with_error(&mut client.watch(&from).await).await["code"], 500);
    let live =
        format!("{FLUNDERS}?watch=true&resourceVersion=0&sendInitialEvents=false&resourceVersionMatch=NotOlderThan");
    let mut behind = client.watch(&live).await;

    client.delete(&format!("{}{IGNORE}", path("bad"))).await.expect(StatusCode::OK);
    // No event can say what has gone.
    assert_eq!(ends_with_error(&mut behind).await["code"], 410);
    assert_eq!(ends_with_error(&mut client.watch(&from).await).await["reason"], "Expired");
    assert_eq!(names(client.get(FLUNDERS).await), [""; 0]);
    client.flunder("bad").await;
    assert_eq!(names(client.get(FLUNDERS).await), ["bad"]);
}

#[tokio::test]
async fn c4_8_12_an_object_that_replaces_what_could_not_be_read_is_new() {
    let kept = Kept::new();
    kept.client.flunder("bad").await;
    let key = "/registry/wardle.example.com/flunders/default/bad";
    let whole = kept.memory.get(key).await.expect("memory answers").expect("it is stored").value;
    kept.damage("{").await;
    unreadable(kept.client.get(&path("bad")).await);
    let live =
        format!("{FLUNDERS}?watch=true&resourceVersion=0&sendInitialEvents=false&resourceVersionMatch=NotOlderThan");
    let mut watch = kept.client.watch(&live).await;
    kept.damage(whole).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "bad".to_owned()));
    assert_eq!(kept.client.get(&path("bad")).await.code, StatusCode::OK);
}

#[tokio::test]
async fn c4_8_12_an_object_that_its_type_does_not_take_is_shown_as_it_is() {
    let odd = json!({
        "apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder",
        "metadata": {"name": "bad", "namespace": "default"}, "spec": {"flunderReference": 3},
    });
    let kept = Kept::new();
    let client = &kept.client;
    kept.damage(odd.to_string()).await;
    let shown = client.get(&path("bad")).await.expect(StatusCode::OK);
    assert_eq!(shown["spec"], odd["spec"]);
    assert_eq!(names(client.get(FLUNDERS).await), ["bad"]);

    let expect = |answer: Answer| {
        let status = answer.expect(StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(status["reason"], "StorageReadError", "{status}");
        let message = status["message"].as_str().unwrap_or_default();
        assert!(message.contains('3'), "it says what is wrong: {message}");
    };
    let good = flunder("bad");
    expect(client.get(&format!("{OLDER}/bad")).await);
    expect(client.get(OLDER).await);
    expect(client.put(&path("bad"), &good).await);
    expect(client.merge_patch(&path("bad"), &json!({"spec": {"flunderReference": "a"}})).await);
    expect(client.delete(&path("bad")).await);
    let error = ends_with_error(&mut client.watch(&format!("{OLDER}?watch=true")).await).await;
    assert_eq!(error["reason"], "StorageReadError");

    client.delete(&format!("{}{IGNORE}", path("bad"))).await.expect(StatusCode::OK);
    client.post(FLUNDERS, &good).await.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn c4_10_13_only_what_cannot_be_read_is_deleted_unread() {
    let kept = Kept::new();
    let client = &kept.client;
    let unread = |name: &str| format!("{}{IGNORE}", path(name));
    kept.damage("{").await;
    let answer = client.delete(&path("bad")).await.expect(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer["reason"], "StorageReadError");
    let deleted = client.delete(&unread("bad")).await.expect(StatusCode::OK);
    assert_eq!((&deleted["status"], &deleted["details"]["name"]), (&json!("Success"), &json!("bad")));
    assert_eq!(client.get(&path("bad")).await.code, StatusCode::NOT_FOUND);
    assert_eq!(client.delete(&unread("bad")).await.code, StatusCode::NOT_FOUND);

    client.flunder("good").await;
    let message = "Operation cannot be fulfilled on flunders.wardle.example.com \"good\": the stored object can be read, \
                   delete it without ignoring read errors";
    client.delete(&unread("good")).await.expect_status(409, "Conflict", message);
    assert_eq!(client.get(&path("good")).await.code, StatusCode::OK);
}
