//! Fields of a type that its store makes selectable.

use http::StatusCode;
use rest_resource::server::ApiServer;
use rest_resource::{RestResource, Store, StoreOptions};
use rest_resource_tests::Client;
use rest_resource_tests::things::{self, THINGS, Thing, path, thing, version};
use serde_json::json;

use super::names;

#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "things", object = Thing)]
struct Things {
    #[rest(embed)]
    store: Store<Thing>,
}

fn client() -> Client {
    let store = Store::new(&StoreOptions::memory()).selectable_fields(["spec.value", "spec.filler"]);
    Client::new(ApiServer::builder().install(Things { store }).prepare().expect("it fits together"))
}

#[tokio::test]
async fn c4_7_15_a_list_by_the_fields_of_a_type() {
    let client = client();
    for (name, value, filler) in [("a", 1, "x"), ("b", 2, "x"), ("c", 1, "")] {
        let mut thing = thing(name, value);
        thing["spec"]["filler"] = filler.into();
        client.post(THINGS, &thing).await.expect(StatusCode::CREATED);
    }
    for (selector, selected) in [
        ("spec.value%3D1", vec!["a", "c"]),
        ("spec.value!%3D1", vec!["b"]),
        ("spec.value%3D1,spec.filler%3Dx", vec!["a"]),
        ("spec.filler%3D", vec!["c"]),
        ("spec.filler%3Dx,metadata.name!%3Da", vec!["b"]),
        ("spec.value%3D7", vec![]),
    ] {
        let list = client.get(&format!("{THINGS}?fieldSelector={selector}")).await.expect(StatusCode::OK);
        assert_eq!(names(&list), selected, "{selector}");
    }
    let message = "\"spec.other\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\", \
                   \"spec.filler\", \"spec.value\"";
    for watch in ["", "&watch=true"] {
        let answer = client.get(&format!("{THINGS}?fieldSelector=spec.other%3D1{watch}")).await;
        answer.expect_status(400, "BadRequest", message);
    }
}

#[tokio::test]
async fn c4_7_15_c4_8_8_a_watch_by_the_fields_of_a_type() {
    let client = client();
    let created = client.post(THINGS, &thing("a", 1)).await.expect(StatusCode::CREATED);
    let query = format!("watch=true&resourceVersion={}&fieldSelector=spec.value%3D2", version(&created));
    let mut watch = client.watch(&format!("{THINGS}?{query}")).await;
    let mut versions = Vec::new();
    for (value, label) in [(3, "x"), (2, "x"), (2, "y"), (1, "y"), (2, "y")] {
        let patch = json!({"metadata": {"labels": {"l": label}}, "spec": {"value": value}});
        versions.push(version(&client.merge_patch(&path("a"), &patch).await.expect(StatusCode::OK)));
    }
    client.delete(&path("a")).await.expect(StatusCode::OK);
    // What stops to match comes as it last matched, with the version of the change.
    for (event_type, value, at) in [
        ("ADDED", 2, Some(versions[1])),
        ("MODIFIED", 2, Some(versions[2])),
        ("DELETED", 2, Some(versions[3])),
        ("ADDED", 2, Some(versions[4])),
        ("DELETED", 2, None),
    ] {
        let event = watch.next().await.expect("another event");
        assert_eq!((&event["type"], things::value(&event["object"])), (&json!(event_type), value));
        assert_eq!(at.unwrap_or_else(|| version(&event["object"])), version(&event["object"]));
    }
}
