//! etcd has no space left: it takes no more, and says what it has.

use std::collections::BTreeMap;

use etcd_client::{AlarmAction, AlarmOptions, AlarmType, CompactionOptions, DeleteOptions};
use http::StatusCode;
use rest_resource_tests::client::{Answer, Client};
use rest_resource_tests::etcd::EtcdServer;
use rest_resource_tests::things::{self, THINGS, path, thing, version};
use serde_json::{Value, json};

use super::kit::{listed, things_on};

fn large(name: &str) -> Value {
    let mut thing = thing(name, 1);
    thing["spec"]["filler"] = json!("x".repeat(200_000));
    thing
}

/// Creates large things until one is refused; gives the refusal.
async fn fill(client: &Client, known: &mut BTreeMap<String, Value>) -> Answer {
    for number in 0..1000 {
        let name = format!("large-{number}");
        let answer = client.post(THINGS, &large(&name)).await;
        if answer.code != StatusCode::CREATED {
            return answer;
        }
        known.insert(name, answer.json);
    }
    panic!("there is always space");
}

async fn things_listed(client: &Client) -> BTreeMap<String, Value> {
    let list = listed(client).await;
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| (things::name(item).to_owned(), item.clone())).collect()
}

#[tokio::test]
async fn a_full_etcd_is_read_and_written_again_when_there_is_space() {
    let Some(server) = EtcdServer::start_with_arguments(&["--quota-backend-bytes=4000000"]) else { return };
    let client = things_on(server.options()).await;
    let small = client.post(THINGS, &thing("small", 1)).await.expect(StatusCode::CREATED);
    let mut known = BTreeMap::from([("small".to_owned(), small.clone())]);
    let after = format!("{THINGS}?watch=true&resourceVersion={}", version(&small));
    let mut watch = client.watch(&after).await;

    let refused = fill(&client, &mut known).await;
    let message = "the storage is unavailable: etcd: etcdserver: mvcc: database space exceeded";
    refused.expect_status(503, "ServiceUnavailable", message);
    let change = json!({"spec": {"value": 2}});
    client.merge_patch(&path("small"), &change).await.expect_status(503, "ServiceUnavailable", message);
    // etcd carries out the write that crosses the limit, and refuses it nevertheless: like one without an answer, it may be
    // there.
    let crossing = format!("large-{}", known.len() - 1);
    let found = client.get(&path(&crossing)).await;
    if found.code == StatusCode::OK {
        known.insert(crossing, found.json);
    }
    // Nothing is lost, and nothing of what was refused after that is there.
    assert_eq!(things_listed(&client).await, known);
    assert_eq!(things_listed(&things_on(server.options()).await).await, known);
    assert_eq!(client.get(&path("small")).await.expect(StatusCode::OK), small);
    for _ in 1..known.len() {
        assert_eq!(watch.next_name().await.0, "ADDED");
    }

    // Who looks after etcd makes space.
    let mut admin = etcd_client::Client::connect([server.url()], None).await.expect("etcd answers");
    let large = "/registry/test.example.com/things/default/large-";
    admin.delete(large, Some(DeleteOptions::new().with_prefix())).await.expect("they are deleted");
    for name in known.keys().filter(|name| name.starts_with("large")) {
        assert_eq!(watch.next_name().await, ("DELETED".to_owned(), name.clone()));
    }
    let list = listed(&client).await;
    assert_eq!(list["items"], json!([small]));
    let revision = i64::try_from(version(&list)).expect("a small number");
    admin.compact(revision, Some(CompactionOptions::new().with_physical())).await.expect("it is compacted");
    admin.defragment().await.expect("the space is freed");
    let alarms = admin.alarm(AlarmAction::Get, AlarmType::Nospace, None).await.expect("etcd answers");
    let mut member = AlarmOptions::new();
    member.with_member(alarms.alarms()[0].member_id());
    admin.alarm(AlarmAction::Deactivate, AlarmType::Nospace, Some(member)).await.expect("the alarm is over");
    let changed = client.merge_patch(&path("small"), &change).await.expect(StatusCode::OK);
    let event = watch.next().await.expect("an event");
    assert_eq!((&event["type"], &event["object"]), (&json!("MODIFIED"), &changed));
}
