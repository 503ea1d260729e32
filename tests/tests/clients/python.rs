//! The Python client `kubernetes`, unmodified, on `wardle`.

use std::time::Duration;

use http::StatusCode;
use rest_resource::StoreOptions;
use rest_resource::server::ApiServerBuilder;
use rest_resource_tests::client::FLUNDERS;
use rest_resource_tests::leases::{self, LEASES};
use rest_resource_tests::relay::Relay;
use rest_resource_tests::script::{Script, watches_from};
use rest_resource_tests::{Client, Serving, wardle};
use serde_json::{Value, json};

/// A `wardle` on a port of its own, and a client of it in this process.
async fn serve(builder: ApiServerBuilder) -> (Serving, Client) {
    let client = Client::new(builder.prepare().expect("wardle fits together"));
    (Serving::start(client.server.clone()).await, client)
}

async fn wardle() -> (Serving, Client) {
    serve(wardle::server(&StoreOptions::memory())).await
}

#[tokio::test]
async fn c10_3_4_custom_objects() {
    let (serving, _) = wardle().await;
    let Some(mut script) = Script::python("custom_objects.py", &[], serving.address) else { return };
    script
        .says(&[
            "created a 1",
            "again 409 AlreadyExists",
            "dry run b me",
            "strict 400 BadRequest True",
            "got True",
            "missing 404 NotFound",
            "listed a b c d",
            "of the cluster a b c d",
            "selected b d",
            "by field c",
            "in pages a b c | 1 | d",
            "merged b 2",
            "patched c",
            "replaced {} 4",
            "stale 409 Conflict",
            "status patched Seen 4",
            "status replaced Ready",
            "other uid 409 Conflict",
            "deleted Success True",
            "collection b d",
            "left c",
            "forbidden 403 Forbidden",
            "allowed bad",
        ])
        .await;
    script.ends().await;
}

#[tokio::test]
async fn c10_3_4_the_dynamic_client() {
    let (serving, _) = wardle().await;
    let Some(mut script) = Script::python("dynamic_client.py", &[], serving.address) else { return };
    let by_another = "409 Apply failed with 1 conflict: conflict with \"OpenAPI-Generator\" using \
                      wardle.example.com/v1beta1: .spec.flunderReference";
    script
        .says(&[
            "version True",
            "found flunders True ['fl'] create delete deletecollection get list patch update watch",
            "subresources status",
            "found fischers False",
            "by short name wardle.example.com/v1alpha1 wardle.example.com/v1beta1",
            "created a x",
            "got True",
            "strategic example.com/a",
            "strategic example.com/b example.com/a",
            "merge example.com/c",
            "json None",
            "no patch 415",
            &format!("conflict {by_another}"),
            "forced y",
            "conflict 409 Apply failed with 1 conflict: conflict with \"one\": .spec.flunderReference",
            "applied z",
            "status Ready",
            "replaced yes",
            "listed a b",
            "event ADDED a",
            "event ADDED b",
            "initial ADDED b",
            "initial BOOKMARK None k8s.io/initial-events-end",
            "deleted Success",
            "gone 404",
            "left 0",
        ])
        .await;
    script.ends().await;
}

#[tokio::test]
async fn c10_3_4_a_watch_goes_on_where_its_connection_broke() {
    let (serving, client) = wardle().await;
    let relay = Relay::to(serving.address).await;
    let a = client.flunder("a").await;
    let Some(mut script) = Script::python("watches.py", &["follow"], relay.address) else { return };
    script.says(&["listed a", &watches_from(&a)]).await;
    let b = client.flunder("b").await;
    script.says(&["ADDED b"]).await;
    relay.break_off();
    script.says(&["broken", &watches_from(&b)]).await;
    client.delete(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK);
    client.flunder("last").await;
    script.says(&["DELETED a", "ADDED last"]).await;
    script.ends().await;
}

#[tokio::test]
async fn c10_3_4_a_watch_goes_on_where_the_server_ended_it() {
    // It ends after one or two of these, as the client says nothing.
    let builder = wardle::server(&StoreOptions::memory()).min_request_timeout(Duration::from_secs(1));
    let (serving, client) = serve(builder).await;
    let a = client.flunder("a").await;
    let Some(mut script) = Script::python("watches.py", &["follow"], serving.address) else { return };
    let watches = watches_from(&a);
    script.says(&["listed a", &watches, &watches]).await;
    client.flunder("last").await;
    // It may have ended once more before that.
    while script.line().await != "ADDED last" {}
    script.ends().await;
}

#[tokio::test]
async fn c10_3_4_a_watch_that_comes_too_late_is_tried_once_more() {
    let (serving, client) = serve(wardle::server(&StoreOptions::memory().watch_history(2))).await;
    for name in ["a", "b", "c"] {
        client.flunder(name).await;
    }
    let d = client.flunder("d").await;
    let Some(mut script) = Script::python("watches.py", &["too_old"], serving.address) else { return };
    script.says(&["watches from 1", "watches from 1"]).await;
    let expired = script.line().await;
    assert!(expired.starts_with("410 Expired: too old resource version: 1 ("), "{expired}");
    script.says(&["listed a b c d", &watches_from(&d)]).await;
    client.flunder("last").await;
    script.says(&["ADDED last"]).await;
    script.ends().await;
}

#[tokio::test]
async fn c10_3_4_an_informer_holds_what_the_server_holds() {
    let (serving, client) = wardle().await;
    let relay = Relay::to(serving.address).await;
    let a = client.flunder("a").await;
    let Some(mut script) = Script::python("watches.py", &["inform"], relay.address) else { return };
    script.says(&["ADDED a", &watches_from(&a)]).await;
    client.flunder("b").await;
    let labels = json!({"metadata": {"labels": {"x": "y"}}});
    let a = client.merge_patch(&format!("{FLUNDERS}/a"), &labels).await.expect(StatusCode::OK);
    script.says(&["ADDED b", "MODIFIED a"]).await;
    relay.break_off();
    script.says(&["broken", &watches_from(&a)]).await;
    client.delete(&format!("{FLUNDERS}/b")).await.expect(StatusCode::OK);
    client.flunder("last").await;
    script.says(&["DELETED b", "ADDED last", "holds default/a default/last"]).await;
    script.ends().await;
}

#[tokio::test]
async fn c10_3_4_a_leader_is_followed_when_it_gives_up() {
    let client = Client::new(leases::server());
    let serving = Serving::start(client.server.clone()).await;
    let Some(mut a) = Script::python("leader_election.py", &["a"], serving.address) else { return };
    a.says(&["a leads"]).await;
    let path = format!("{LEASES}/leader");
    let created = client.get(&path).await.expect(StatusCode::OK);
    let spec = |lease: &Value, field: &str| lease["spec"][field].as_str().unwrap_or_default().to_owned();
    assert_eq!((spec(&created, "holderIdentity"), &created["spec"]["leaseDurationSeconds"]), ("a".into(), &json!(3)));

    let mut b = Script::python("leader_election.py", &["b"], serving.address).expect("its packages are there");
    let waits = "b waits: yet to finish lease_duration, lease held by a and has not expired";
    b.says(&[waits]).await;
    // Some renewals later it still does.
    let version = created["metadata"]["resourceVersion"].as_str().expect("a resource version");
    let mut watch = client.watch(&format!("{LEASES}?watch=true&resourceVersion={version}")).await;
    let mut renewed = spec(&created, "renewTime");
    for _ in 0..2 {
        let event = watch.next().await.expect("another event");
        let lease = &event["object"];
        assert_eq!((event["type"].as_str(), spec(lease, "holderIdentity")), (Some("MODIFIED"), "a".into()), "{event}");
        assert_eq!(spec(lease, "acquireTime"), spec(&created, "acquireTime"));
        assert!(spec(lease, "renewTime") > renewed, "{lease}");
        renewed = spec(lease, "renewTime");
    }
    b.says(&[waits]).await;

    a.go_on().await;
    a.says(&["a has stopped"]).await;
    a.ends().await;
    loop {
        match b.line().await {
            line if line == waits => {}
            line => break assert_eq!(line, "b leads"),
        }
    }
    let taken = client.get(&path).await.expect(StatusCode::OK);
    assert_eq!(spec(&taken, "holderIdentity"), "b");
    assert!(spec(&taken, "acquireTime") > renewed, "{taken}");
    assert_eq!(taken["metadata"]["uid"], created["metadata"]["uid"]);
}
