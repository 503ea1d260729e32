//! Watchers that do not read: they are cut, and nobody waits for them (contract 6.4.9).

use http::StatusCode;
use rest_resource::StoreOptions;
use rest_resource_tests::client::Watch;
use rest_resource_tests::serving::Raw;
use rest_resource_tests::things::{self, THINGS, thing, version};
use rest_resource_tests::{Client, Serving};
use serde_json::{Value, json};

/// How many events the server holds.
const HELD: u64 = 100;
const EVENTS: u64 = 3000;

/// Creates objects, and reads a watch that sees each before the next one is made, so that it is never behind.
async fn write(client: &Client, quick: &mut Watch, count: u64, filler: &str) {
    for number in 0..count {
        let mut thing = thing(&format!("t{number}"), number);
        thing["spec"]["filler"] = json!(filler);
        let created = client.post(THINGS, &thing).await.expect(StatusCode::CREATED);
        let event = quick.next().await.expect("it is not cut");
        assert_eq!(version(&event["object"]), version(&created));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c6_4_9_watchers_that_never_read_hold_few_events_and_end() {
    let client =
        Client::new(things::server(&StoreOptions::memory().watch_history(usize::try_from(HELD).expect("few"))));
    let begin = version(&client.get(THINGS).await.expect(StatusCode::OK));
    let path = format!("{THINGS}?watch=true&resourceVersion={begin}");
    let mut quick = client.watch(&path).await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        slow.push(client.watch(&path).await);
    }
    client.post(THINGS, &thing("first", 0)).await.expect(StatusCode::CREATED);
    for watch in slow.iter_mut().chain([&mut quick]) {
        assert_eq!(watch.next().await.expect("an event")["type"], "ADDED");
    }
    write(&client, &mut quick, EVENTS, "").await;
    for mut watch in slow {
        let mut seen = begin + 1;
        while let Some(event) = watch.next().await {
            seen += 1;
            assert_eq!(version(&event["object"]), seen, "no gap before the end");
            assert!(seen <= begin + 1 + HELD, "more events were held");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c6_4_9_a_connection_that_is_not_read_is_ended_and_the_others_get_all() {
    let options = StoreOptions::memory().watch_history(usize::try_from(HELD).expect("few"));
    let server = things::server(&options);
    let (client, serving) = (Client::new(server.clone()), Serving::start(server).await);
    let begin = version(&client.get(THINGS).await.expect(StatusCode::OK));
    let path = format!("{THINGS}?watch=true&resourceVersion={begin}");
    let mut slow = Raw::request(&serving, &format!("GET {path}"), "").await;
    slow.head().await;
    let mut quick = client.watch(&path).await;
    // More than the system keeps for a connection.
    write(&client, &mut quick, EVENTS, &"x".repeat(16_000)).await;

    let (mut text, mut seen) = (String::new(), begin);
    while let Some(chunk) = slow.chunk().await {
        text += &chunk;
        while let Some((line, rest)) = text.split_once('\n') {
            let event: Value = serde_json::from_str(line).expect("a whole event");
            seen += 1;
            assert_eq!(version(&event["object"]), seen, "no gap before the end");
            assert!(seen < begin + EVENTS, "it was told all");
            text = rest.to_owned();
        }
    }
    assert_eq!(text, "", "it ends behind a whole event");
    serving.stopped().await;
}
