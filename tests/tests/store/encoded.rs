//! An object is encoded when it is written, and never again: its type counts.

use std::sync::atomic::{AtomicUsize, Ordering};

use http::StatusCode;
use kube::CustomResource;
use rest_resource::server::ApiServer;
use rest_resource::{RestResource, Store, StoreOptions};
use rest_resource_tests::Client;
use rest_resource_tests::client::Watch;
use rest_resource_tests::place::Place;
use rest_resource_tests::things::version;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

const COUNTEDS: &str = "/apis/test.example.com/v1/namespaces/default/counteds";
const WATCHERS: usize = 50;

static DECODED: AtomicUsize = AtomicUsize::new(0);
static ENCODED: AtomicUsize = AtomicUsize::new(0);

/// Its fields are not in the order of the alphabet, as they would be after a detour over a JSON value.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "test.example.com", version = "v1", kind = "Counted", namespaced)]
struct CountedSpec {
    #[serde(serialize_with = "encode", deserialize_with = "decode")]
    #[schemars(with = "u64")]
    number: u64,
    also: u64,
}

#[derive(RestResource)]
#[rest(
    group = "test.example.com", version = "v1", resource = "counteds", object = Counted,
    verbs(list, create, delete_collection, get, update, patch, delete, watch)
)]
struct Counteds {
    #[rest(embed)]
    store: Store<Counted>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn encode<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    ENCODED.fetch_add(1, Ordering::SeqCst);
    serializer.serialize_u64(*number)
}

fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    DECODED.fetch_add(1, Ordering::SeqCst);
    u64::deserialize(deserializer)
}

/// How many objects were decoded, and how many encoded.
fn counts() -> (usize, usize) {
    (DECODED.load(Ordering::SeqCst), ENCODED.load(Ordering::SeqCst))
}

/// What something costs.
async fn cost(what: impl Future<Output = ()>) -> (usize, usize) {
    let before = counts();
    what.await;
    let now = counts();
    (now.0 - before.0, now.1 - before.1)
}

fn client(options: &StoreOptions) -> Client {
    let counteds = Counteds { store: Store::new(options) };
    Client::new(ApiServer::builder().install(counteds).prepare().expect("it fits together"))
}

fn counted(number: usize) -> Value {
    let (name, parity) = (format!("c{number:05}"), if number.is_multiple_of(2) { "even" } else { "odd" });
    json!({
        "apiVersion": "test.example.com/v1", "kind": "Counted", "metadata": {"name": name, "labels": {"is": parity}},
        "spec": {"number": number, "also": number},
    })
}

async fn list(client: &Client, query: &str) -> Value {
    client.get(&format!("{COUNTEDS}?{query}")).await.expect(StatusCode::OK)
}

fn count(list: &Value) -> usize {
    list["items"].as_array().expect("items").len()
}

/// Every way to read many objects or one.
async fn read(client: &Client, objects: usize) {
    let one = client.get(&format!("{COUNTEDS}/c00007")).await;
    assert!(one.text.trim_end().ends_with(r#""spec":{"number":7,"also":7}}"#), "{}", one.text);
    let all = list(client, "").await;
    assert_eq!(count(&all), objects);
    for (query, expected) in [
        ("resourceVersion=0", objects),
        ("labelSelector=is%3Deven", objects / 2),
        ("labelSelector=is+notin+(even,odd)", 0),
        ("fieldSelector=metadata.name%3Dc00007", 1),
        ("fieldSelector=metadata.name!%3Dc00007&labelSelector=is", objects - 1),
    ] {
        assert_eq!(count(&list(client, query).await), expected, "{query}");
    }
    let exact = format!("resourceVersion={}&resourceVersionMatch=Exact", version(&all));
    assert_eq!(count(&list(client, &exact).await), objects);
    let (mut token, mut seen) = (String::new(), 0);
    loop {
        let page = list(client, &format!("limit=500&labelSelector=is%3Dodd&continue={token}")).await;
        seen += count(&page);
        let Some(next) = page["metadata"]["continue"].as_str() else { break };
        next.clone_into(&mut token);
    }
    assert_eq!(seen, objects / 2);
    for (query, expected) in [("", objects), ("&labelSelector=is%3Deven", objects / 2)] {
        let mut watch = client.watch(&format!("{COUNTEDS}?watch=true{query}")).await;
        for _ in 0..expected {
            assert_eq!(watch.next().await.expect("an object")["type"], "ADDED");
        }
    }
}

/// Watches from now, that see an object come, change and go.
async fn watches(client: &Client) -> Vec<Watch> {
    let now = version(&list(client, "limit=1").await);
    let selectors = ["", "&labelSelector=is%3Deven", "&labelSelector=is%3Dodd", "&fieldSelector=metadata.name%3Dnew"];
    let mut watches = Vec::new();
    for number in 0..WATCHERS {
        let selector = selectors[number % selectors.len()];
        watches.push(client.watch(&format!("{COUNTEDS}?watch=true&resourceVersion={now}{selector}")).await);
    }
    watches
}

/// An object is created, changed so that another selector matches, and deleted.
async fn live(client: &Client, watches: &mut [Watch]) {
    let mut object = counted(0);
    object["metadata"]["name"] = json!("new");
    let mut object = client.post(COUNTEDS, &object).await.expect(StatusCode::CREATED);
    object["metadata"]["labels"]["is"] = json!("odd");
    let path = format!("{COUNTEDS}/new");
    client.put(&path, &object).await.expect(StatusCode::OK);
    client.delete(&path).await.expect(StatusCode::OK);
    let seen = [&["ADDED", "MODIFIED", "DELETED"][..], &["ADDED", "DELETED"]];
    for (number, watch) in watches.iter_mut().enumerate() {
        for kind in seen[usize::from(matches!(number % 4, 1 | 2))] {
            assert_eq!(watch.next().await.expect("an event")["type"], *kind);
        }
    }
}

#[tokio::test]
async fn c6_4_10_what_is_read_and_watched_is_neither_decoded_nor_encoded() {
    // One after the other: the type counts for all.
    for (place, objects) in [(Place::Memory, 10_000), (Place::redb(), 1000)] {
        let [options, _] = place.open().await;
        is_encoded_once(&options, objects).await;
    }
}

async fn is_encoded_once(options: &StoreOptions, objects: usize) {
    let writer = client(options);
    let created = cost(async {
        for number in 0..objects {
            writer.post(COUNTEDS, &counted(number)).await.expect(StatusCode::CREATED);
        }
    });
    assert_eq!(
        created.await,
        (objects, 2 * objects),
        "decoded to be created, encoded to see its fields and to be stored"
    );

    assert_eq!(cost(read(&writer, objects)).await, (0, 0));
    // Another server that has written nothing of it.
    let reader = client(options);
    assert_eq!(cost(read(&reader, objects)).await, (0, 0));

    let unwatched = cost(live(&writer, &mut [])).await;
    let mut watches = watches(&reader).await;
    assert_eq!(cost(live(&writer, &mut watches)).await, unwatched, "watchers cost nothing");
}
