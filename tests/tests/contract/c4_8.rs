//! WATCH.

mod unreadable;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use rest_resource::{ResponseBody, StoreOptions};
use rest_resource_tests::client::{Client, FISCHERS, FLUNDERS, Watch, flunder};
use rest_resource_tests::wardle;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

const METADATA: &str = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io";
const END: &str = "k8s.io/initial-events-end";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn version(object: &Value) -> u64 {
    text(&object["metadata"]["resourceVersion"]).parse().expect("a resource version is a number")
}

/// The resource version of the collection.
async fn now(client: &Client) -> u64 {
    version(&client.get(FLUNDERS).await.expect(StatusCode::OK))
}

async fn label(client: &Client, name: &str, labels: Value) -> Value {
    let patch = json!({"metadata": {"labels": labels}});
    client.merge_patch(&format!("{FLUNDERS}/{name}"), &patch).await.expect(StatusCode::OK)
}

async fn delete(client: &Client, name: &str) {
    client.delete(&format!("{FLUNDERS}/{name}")).await.expect(StatusCode::OK);
}

async fn watch(client: &Client, query: &str) -> Watch {
    client.watch(&format!("{FLUNDERS}?watch=true&{query}")).await
}

/// The next event, which is of this type; gives its object.
async fn expect(watch: &mut Watch, event_type: &str) -> Value {
    let event = watch.next().await.expect("another event");
    assert_eq!(event["type"], event_type, "{event}");
    event["object"].clone()
}

async fn expect_name(watch: &mut Watch, event_type: &str, name: &str) {
    assert_eq!(watch.next_name().await, (event_type.to_owned(), name.to_owned()));
}

/// The body of a watch, unread.
async fn body(client: &Client, path_and_query: &str) -> ResponseBody {
    let request = Request::get(path_and_query).body(Full::<Bytes>::default()).expect("a request that can be sent");
    let response = client.open(request).await;
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body()
}

/// The rest of a watch that ends by itself.
async fn rest(body: ResponseBody) -> String {
    let bytes = body.collect().await.expect("the watch is whole").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("a watch is text")
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of a watch is JSON")).collect()
}

fn with_history(events: usize) -> Client {
    let options = StoreOptions::memory().watch_history(events);
    Client::new(wardle::server(&options).prepare().expect("wardle fits together"))
}

#[tokio::test]
async fn c4_8_1_the_headers_come_before_any_event() {
    let client = Client::wardle();
    let now = now(&client).await;
    for wanted in ["watch=true", "watch=1", "watch=True", "watch"] {
        let watch = client.watch(&format!("{FLUNDERS}?{wanted}&resourceVersion={now}")).await;
        assert_eq!(watch.headers.get("content-type").expect("a content type"), "application/json");
        assert_eq!(watch.headers.get("content-length"), None);
    }
    for not_wanted in ["watch=false", "watch=0", ""] {
        let list = client.get(&format!("{FLUNDERS}?{not_wanted}")).await.expect(StatusCode::OK);
        assert_eq!(list["kind"], "FlunderList");
    }
}

#[tokio::test]
async fn c4_8_1_chunks_on_a_connection() {
    let client = Client::wardle();
    let now = now(&client).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = client.server.clone().serve(listener, async {
        let _ = stopped.await;
    });
    let serving = tokio::spawn(server);

    let mut connection = TcpStream::connect(address).await.expect("a connection");
    let request = format!("GET {FLUNDERS}?watch=1&resourceVersion={now} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    connection.write_all(request.as_bytes()).await.expect("the server reads");
    // Nothing has happened yet: the head comes by itself.
    let head = until(&mut connection, "\r\n\r\n").await.to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200 ok\r\n"), "{head}");
    assert!(head.contains("\r\ntransfer-encoding: chunked\r\n"), "{head}");

    client.flunder("a").await;
    let chunk = until(&mut connection, "\n\r\n").await;
    let (size, line) = chunk.split_once("\r\n").expect("a chunk");
    assert_eq!(usize::from_str_radix(size, 16).expect("a size"), line.len() - "\r\n".len());
    assert!(line.starts_with(r#"{"type":"ADDED","object":{"#), "{line}");

    // A shutdown ends the watch cleanly, with the last chunk.
    stop.send(()).expect("the server runs");
    assert_eq!(until(&mut connection, "0\r\n\r\n").await, "0\r\n\r\n");
    serving.await.expect("the server does not panic").expect("the server ends well");
}

/// What comes up to `end`, with it.
async fn until(connection: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    while !read.ends_with(end.as_bytes()) {
        read.push(connection.read_u8().await.expect("the connection goes on"));
    }
    String::from_utf8(read).expect("text")
}

#[tokio::test]
async fn c4_8_2_one_compact_line_an_event() {
    let client = Client::wardle();
    for name in ["a", "b"] {
        client.flunder(name).await;
    }
    let mut body = body(&client, &format!("{FLUNDERS}?watch=1&pretty=true")).await;
    let mut received = String::new();
    while received.matches('\n').count() < 2 {
        let frame = body.frame().await.expect("an event").expect("the watch goes on");
        received.push_str(std::str::from_utf8(&frame.into_data().expect("data")).expect("text"));
    }
    let object = |answer: rest_resource_tests::Answer| answer.text.trim_end().to_owned();
    let a = object(client.get(&format!("{FLUNDERS}/a")).await);
    let b = object(client.get(&format!("{FLUNDERS}/b")).await);
    assert!(!a.contains('\n'));
    let expected = format!("{{\"type\":\"ADDED\",\"object\":{a}}}\n{{\"type\":\"ADDED\",\"object\":{b}}}\n");
    assert_eq!(received, expected);
}

#[tokio::test]
async fn c4_8_3_event_types_and_their_objects() {
    let client = Client::wardle();
    let now = now(&client).await;
    for api_version in ["wardle.example.com/v1beta1", "wardle.example.com/v1alpha1"] {
        let path = format!("/apis/{api_version}/namespaces/default/flunders");
        let mut watch = client.watch(&format!("{path}?watch=1&resourceVersion={now}")).await;
        if api_version.ends_with("v1beta1") {
            client.flunder("a").await;
            label(&client, "a", json!({"x": "y"})).await;
            delete(&client, "a").await;
        }
        for event_type in ["ADDED", "MODIFIED", "DELETED"] {
            let object = expect(&mut watch, event_type).await;
            assert_eq!((&object["kind"], &object["apiVersion"]), (&json!("Flunder"), &json!(api_version)));
            assert_eq!(object["metadata"]["name"], "a");
        }
    }
}

#[tokio::test]
async fn c4_8_4_behind_a_resource_version() {
    let client = Client::wardle();
    client.flunder("a").await;
    let at = now(&client).await;
    client.flunder("b").await;
    let mut watch = watch(&client, &format!("resourceVersion={at}&allowWatchBookmarks=true")).await;
    expect_name(&mut watch, "ADDED", "b").await;
    client.flunder("c").await;
    expect_name(&mut watch, "ADDED", "c").await;
}

/// The resource versions that creates answer are as good as those of lists, also before anything has been read.
#[tokio::test]
async fn c4_8_4_behind_a_write_of_the_client() {
    let client = Client::wardle();
    let at = version(&client.flunder("a").await);
    client.flunder("b").await;
    let mut watch = watch(&client, &format!("resourceVersion={at}")).await;
    expect_name(&mut watch, "ADDED", "b").await;
}

#[tokio::test]
async fn c4_8_4_from_nowhere_comes_the_present_state_first() {
    let client = Client::wardle();
    for name in ["b", "a"] {
        client.flunder(name).await;
    }
    label(&client, "a", json!({"x": "y"})).await;
    now(&client).await;
    for (round, query) in ["", "resourceVersion=0", "resourceVersion="].into_iter().enumerate() {
        let mut watch = watch(&client, query).await;
        expect_name(&mut watch, "ADDED", "a").await;
        expect_name(&mut watch, "ADDED", "b").await;
        label(&client, "b", json!({"round": round.to_string()})).await;
        expect_name(&mut watch, "MODIFIED", "b").await;
    }
}

#[tokio::test]
async fn c4_8_4_initial_events_on_demand() {
    let client = Client::wardle();
    client.flunder("a").await;
    let at = now(&client).await;
    let starts = ["", "&resourceVersion=0", &format!("&resourceVersion={at}")];
    for (round, start) in starts.into_iter().enumerate() {
        let query = format!("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1{start}");
        let mut watch = watch(&client, &query).await;
        expect_name(&mut watch, "ADDED", "a").await;
        let bookmark = expect(&mut watch, "BOOKMARK").await;
        assert!(version(&bookmark) >= at, "{start}");
        label(&client, "a", json!({"round": round.to_string()})).await;
        expect_name(&mut watch, "MODIFIED", "a").await;
    }
}

#[tokio::test]
async fn c4_8_4_initial_events_are_as_fresh_as_the_last_write() {
    let client = Client::wardle();
    for i in 0..20 {
        let name = format!("f{i:02}");
        let created = client.flunder(&name).await;
        let query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
        let mut watch = watch(&client, &format!("{query}&fieldSelector=metadata.name%3D{name}")).await;
        assert_eq!(expect(&mut watch, "ADDED").await, created);
        assert_eq!(version(&expect(&mut watch, "BOOKMARK").await), version(&created));
    }
}

#[tokio::test]
async fn c4_8_4_without_initial_events_only_what_follows() {
    let client = Client::wardle();
    client.flunder("a").await;
    now(&client).await;
    for (start, name) in [("", "b"), ("&resourceVersion=0", "c")] {
        let query = format!("sendInitialEvents=false&resourceVersionMatch=NotOlderThan{start}");
        let mut watch = watch(&client, &query).await;
        // What happens after the response has begun belongs to the watch, whether it has been read from or not.
        client.flunder(name).await;
        expect_name(&mut watch, "ADDED", name).await;
    }
}

#[tokio::test]
async fn c4_8_5_what_a_watch_may_not_ask() {
    let client = Client::wardle();
    let matches = "resourceVersionMatch: Forbidden:";
    let requires = format!("{matches} sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    let unsupported = r#"resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan""#;
    for (query, errors) in [
        ("sendInitialEvents=true", requires.clone()),
        ("sendInitialEvents=false&resourceVersion=5", requires.clone()),
        (
            "resourceVersionMatch=NotOlderThan&resourceVersion=5",
            format!("{matches} resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"),
        ),
        ("sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=5", format!("[{requires}, {unsupported}]")),
    ] {
        let answer = client.get(&format!("{FLUNDERS}?watch=1&{query}")).await;
        answer.expect_status(422, "Invalid", &format!(r#"ListOptions.meta.k8s.io "" is invalid: {errors}"#));
    }
}

#[tokio::test]
async fn c4_8_6_the_end_of_the_initial_events_is_marked() {
    let client = Client::wardle();
    for name in ["a", "b"] {
        client.flunder(name).await;
    }
    let now = now(&client).await;
    // Asked for, and by default.
    for query in ["sendInitialEvents=true&resourceVersionMatch=NotOlderThan", "", "resourceVersion=0"] {
        let mut watch = watch(&client, &format!("allowWatchBookmarks=true&{query}")).await;
        expect_name(&mut watch, "ADDED", "a").await;
        expect_name(&mut watch, "ADDED", "b").await;
        let bookmark = expect(&mut watch, "BOOKMARK").await;
        let metadata = json!({"resourceVersion": now.to_string(), "annotations": {END: "true"}});
        let expected = json!({"kind": "Flunder", "apiVersion": "wardle.example.com/v1beta1", "metadata": metadata});
        assert_eq!(bookmark, expected, "{query}");
    }
}

#[tokio::test]
async fn c4_8_6_an_empty_state_ends_too() {
    let client = Client::wardle();
    let mut watch = watch(&client, "allowWatchBookmarks=true&labelSelector=a%3Db").await;
    let bookmark = expect(&mut watch, "BOOKMARK").await;
    assert_eq!(bookmark["metadata"]["annotations"][END], "true");
}

#[tokio::test]
async fn c4_8_6_no_mark_without_bookmarks() {
    let client = Client::wardle();
    client.flunder("a").await;
    let mut watch = watch(&client, "sendInitialEvents=true&resourceVersionMatch=NotOlderThan").await;
    expect_name(&mut watch, "ADDED", "a").await;
    client.flunder("b").await;
    expect_name(&mut watch, "ADDED", "b").await;
}

/// The clock is paused: it goes on when nothing else does.
#[tokio::test(start_paused = true)]
async fn c4_8_7_a_quiet_watch_has_a_bookmark_a_minute() {
    let client = Client::wardle();
    client.flunder("a").await;
    let at = now(&client).await;
    // Of another resource: the watch has come so far without an event.
    let fischer = json!({"kind": "Fischer", "apiVersion": "wardle.example.com/v1alpha1", "metadata": {"name": "f"}});
    let fischer = client.post(FISCHERS, &fischer).await.expect(StatusCode::CREATED);
    let query = format!("watch=1&resourceVersion={at}&timeoutSeconds=150&labelSelector=no%3Done");
    let body = body(&client, &format!("{FLUNDERS}?{query}&allowWatchBookmarks=true")).await;
    let bookmarks = lines(&rest(body).await);
    assert!((2..=3).contains(&bookmarks.len()), "{bookmarks:?}");
    for bookmark in bookmarks {
        assert_eq!(bookmark["type"], "BOOKMARK");
        let metadata = json!({"resourceVersion": version(&fischer).to_string()});
        let object = json!({"kind": "Flunder", "apiVersion": "wardle.example.com/v1beta1", "metadata": metadata});
        assert_eq!(bookmark["object"], object);
    }
}

#[tokio::test(start_paused = true)]
async fn c4_8_7_a_watch_says_where_to_go_on_before_it_ends() {
    let client = Client::wardle();
    client.flunder("a").await;
    let at = now(&client).await;
    client.flunder("b").await;
    let query = format!("watch=1&resourceVersion={at}&timeoutSeconds=10&allowWatchBookmarks=true");
    let events = lines(&rest(body(&client, &format!("{FLUNDERS}?{query}")).await).await);
    let types: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap_or_default()).collect();
    assert_eq!(types, ["ADDED", "BOOKMARK"]);
    assert_eq!(version(&events[1]["object"]), version(&events[0]["object"]));
}

#[tokio::test(start_paused = true)]
async fn c4_8_7_no_bookmarks_for_who_does_not_want_them() {
    let client = Client::wardle();
    let at = now(&client).await;
    for query in ["", "&allowWatchBookmarks=false"] {
        let query = format!("{FLUNDERS}?watch=1&resourceVersion={at}&timeoutSeconds=150{query}");
        assert_eq!(rest(body(&client, &query).await).await, "");
    }
}

#[tokio::test]
async fn c4_8_8_objects_come_and_go_by_their_labels() {
    let client = Client::wardle();
    let at = now(&client).await;
    let mut watch = watch(&client, &format!("resourceVersion={at}&labelSelector=on%3Dyes")).await;
    client.flunder("a").await;
    let on = label(&client, "a", json!({"on": "yes"})).await;
    assert_eq!(expect(&mut watch, "ADDED").await, on);
    let changed = label(&client, "a", json!({"other": "label"})).await;
    assert_eq!(expect(&mut watch, "MODIFIED").await, changed);
    let off = label(&client, "a", json!({"on": "no"})).await;
    // As it was before, with the resource version of the change.
    let mut gone = changed.clone();
    gone["metadata"]["resourceVersion"] = off["metadata"]["resourceVersion"].clone();
    assert_eq!(expect(&mut watch, "DELETED").await, gone);
    // What no longer matches is not heard of, not even its end.
    delete(&client, "a").await;
    let mut other = flunder("b");
    other["metadata"]["labels"] = json!({"on": "yes"});
    client.post(FLUNDERS, &other).await.expect(StatusCode::CREATED);
    expect_name(&mut watch, "ADDED", "b").await;
}

#[tokio::test]
async fn c4_8_8_a_field_selector_picks_one() {
    let client = Client::wardle();
    client.flunder("a").await;
    let at = now(&client).await;
    let mut watch = watch(&client, &format!("resourceVersion={at}&fieldSelector=metadata.name%3Db")).await;
    client.flunder("b").await;
    label(&client, "a", json!({"x": "y"})).await;
    delete(&client, "b").await;
    for event_type in ["ADDED", "DELETED"] {
        expect_name(&mut watch, event_type, "b").await;
    }
}

#[tokio::test]
async fn c4_8_9_a_deletion_has_its_own_resource_version() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let mut watch = watch(&client, &format!("resourceVersion={}", now(&client).await)).await;
    delete(&client, "a").await;
    let deleted = expect(&mut watch, "DELETED").await;
    assert_eq!(version(&deleted), now(&client).await);
    assert!(version(&deleted) > version(&created));
    let mut expected = created.clone();
    expected["metadata"]["resourceVersion"] = deleted["metadata"]["resourceVersion"].clone();
    assert_eq!(deleted, expected);
}

#[tokio::test]
async fn c4_8_10_a_resource_version_that_is_too_old() {
    let client = with_history(2);
    let at = now(&client).await;
    for name in ["a", "b", "c", "d"] {
        client.flunder(name).await;
    }
    let now = now(&client).await;
    let mut old = watch(&client, &format!("resourceVersion={at}")).await;
    let status = expect(&mut old, "ERROR").await;
    let message = format!("too old resource version: {at} ({})", now - 2);
    let expected = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": "Expired", "code": 410,
    });
    assert_eq!(status, expected);
    assert_eq!(old.next().await, None);
    // What it names is not too old.
    let mut watch = watch(&client, &format!("resourceVersion={}", now - 2)).await;
    expect_name(&mut watch, "ADDED", "c").await;
    expect_name(&mut watch, "ADDED", "d").await;
}

#[tokio::test]
async fn c4_8_11_what_cannot_be_read_is_an_http_error() {
    let client = Client::wardle();
    for (query, message) in [
        ("fieldSelector=a", "invalid selector: 'a'; can't understand 'a'"),
        ("labelSelector=a%3D)", "unable to parse requirement: found ')', expected: identifier"),
        ("fieldSelector=a%3Db", r#""a" is not a known field selector: only "metadata.name", "metadata.namespace""#),
        ("timeoutSeconds=x", r#"strconv.ParseInt: parsing "x": invalid syntax"#),
    ] {
        let answer = client.get(&format!("{FLUNDERS}?watch=1&{query}")).await;
        answer.expect_status(400, "BadRequest", message);
    }
}

/// The clock is paused, since the server waits some seconds for the state to come.
#[tokio::test(start_paused = true)]
async fn c4_8_11_a_state_that_is_to_come_is_an_event() {
    let client = Client::wardle();
    let now = now(&client).await;
    for query in ["", "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"] {
        let mut watch = watch(&client, &format!("resourceVersion=1000{query}")).await;
        let status = expect(&mut watch, "ERROR").await;
        let message = format!("Timeout: Too large resource version: 1000, current: {now}");
        assert_eq!((&status["message"], &status["reason"]), (&json!(message), &json!("Timeout")));
        assert_eq!((&status["kind"], &status["code"]), (&json!("Status"), &json!(504)));
        assert_eq!(status["details"]["causes"][0]["reason"], "ResourceVersionTooLarge");
        assert_eq!(watch.next().await, None);
    }
}

#[tokio::test(start_paused = true)]
async fn c4_8_13_a_watch_ends_when_the_client_said() {
    let client = Client::wardle();
    client.flunder("a").await;
    for (query, seconds) in [("timeoutSeconds=5", 5), ("timeoutSeconds=290&timeout=1s", 290)] {
        let body = body(&client, &format!("{FLUNDERS}?watch=1&{query}")).await;
        let begun = Instant::now();
        let events = lines(&rest(body).await);
        assert_eq!(begun.elapsed().as_secs(), seconds, "{query}");
        assert_eq!(events.len(), 1, "only what is there: {events:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn c4_8_13_a_watch_ends_when_the_server_likes() {
    for (query, least) in [("", 1800), ("&timeoutSeconds=0", 1800), ("", 20)] {
        let server = wardle::server(&StoreOptions::memory()).min_request_timeout(Duration::from_secs(least));
        let client = Client::new(server.prepare().expect("wardle fits together"));
        let body = body(&client, &format!("{FLUNDERS}?watch=1{query}")).await;
        let begun = Instant::now();
        assert_eq!(rest(body).await, "");
        assert!((least..=2 * least).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn c4_8_14_a_shutdown_ends_it_without_a_word() {
    let client = Client::wardle();
    client.flunder("a").await;
    let mut watch = watch(&client, "").await;
    expect_name(&mut watch, "ADDED", "a").await;
    client.server.shutdown().await;
    assert_eq!(watch.next().await, None);
}

#[tokio::test]
async fn c4_8_14_who_is_too_slow_has_to_come_back() {
    let client = with_history(2);
    client.flunder("a").await;
    let mut watch = watch(&client, "").await;
    expect_name(&mut watch, "ADDED", "a").await;
    for name in ["b", "c", "d", "e"] {
        client.flunder(name).await;
    }
    now(&client).await;
    // Some events are lost to it, so that it gets none of them.
    assert_eq!(watch.next().await, None);
}

#[tokio::test]
async fn c4_8_15_events_as_tables() {
    let client = Client::wardle();
    for name in ["a", "b"] {
        client.flunder(name).await;
    }
    let path = format!("{FLUNDERS}?watch=1&allowWatchBookmarks=true");
    let mut watch = client.watch_as(&path, TABLE).await;
    assert_eq!(watch.headers.get("content-type").expect("a content type"), "application/json");
    let first = expect(&mut watch, "ADDED").await;
    assert_eq!((&first["kind"], &first["apiVersion"]), (&json!("Table"), &json!("meta.k8s.io/v1")));
    let columns = first["columnDefinitions"].as_array().expect("columns");
    assert_eq!(columns.len(), first["rows"][0]["cells"].as_array().expect("cells").len());
    assert_eq!((&columns[0]["name"], &first["rows"][0]["cells"][0]), (&json!("Name"), &json!("a")));
    assert_eq!(first["rows"][0]["object"]["kind"], "PartialObjectMetadata");
    assert_eq!(first["rows"][0]["object"]["metadata"]["name"], "a");
    let second = expect(&mut watch, "ADDED").await;
    assert_eq!(second["columnDefinitions"], Value::Null);
    assert_eq!(second["rows"].as_array().expect("rows").len(), 1);
    let bookmark = expect(&mut watch, "BOOKMARK").await;
    assert_eq!(bookmark["kind"], "Table");
    assert_eq!(bookmark["rows"][0]["object"]["metadata"]["annotations"][END], "true");
}

#[tokio::test]
async fn c4_8_15_bookmarks_keep_their_metadata() {
    let client = Client::wardle();
    client.flunder("a").await;
    let path = format!("{FLUNDERS}?watch=1&allowWatchBookmarks=true&includeObject=None");
    let mut watch = client.watch_as(&path, TABLE).await;
    let added = expect(&mut watch, "ADDED").await;
    assert_eq!(added["rows"][0]["object"], Value::Null);
    let bookmark = expect(&mut watch, "BOOKMARK").await;
    let metadata = &bookmark["rows"][0]["object"]["metadata"];
    assert_eq!(metadata["annotations"][END], "true");
    assert_eq!(text(&metadata["resourceVersion"]), now(&client).await.to_string());
}

#[tokio::test]
async fn c4_8_16_events_of_metadata_alone() {
    let client = Client::wardle();
    let mut full = flunder("a");
    full["spec"] = json!({"referenceType": "Flunder", "flunderReference": "b"});
    let created = client.post(FLUNDERS, &full).await.expect(StatusCode::CREATED);
    for collection in [FLUNDERS.to_owned(), FLUNDERS.replace("v1beta1", "v1alpha1")] {
        let path = format!("{collection}?watch=1&allowWatchBookmarks=true");
        let mut watch = client.watch_as(&path, METADATA).await;
        let metadata = expect(&mut watch, "ADDED").await;
        let expected = json!({
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": created["metadata"],
        });
        assert_eq!(metadata, expected);
        let bookmark = expect(&mut watch, "BOOKMARK").await;
        assert_eq!(bookmark["kind"], "PartialObjectMetadata");
        assert_eq!(bookmark["metadata"]["annotations"][END], "true");
    }
}

#[tokio::test]
async fn c4_8_18_no_watch_in_yaml() {
    let client = Client::wardle();
    let answer = client.get_as(&format!("{FLUNDERS}?watch=1"), "application/yaml").await;
    // In the format that the client can read.
    assert_eq!((answer.code, answer.header("content-type")), (StatusCode::NOT_ACCEPTABLE, "application/yaml"));
    let message = r#"message: "only the following media types are accepted: application/json;stream=watch""#;
    assert!(answer.text.contains(message) && answer.text.contains("reason: NotAcceptable"), "{}", answer.text);
}

#[tokio::test]
async fn c4_8_20_the_old_paths_watch_too() {
    let client = Client::wardle();
    for name in ["a", "b"] {
        client.flunder(name).await;
    }
    let api = "/apis/wardle.example.com/v1beta1/watch";
    for (path, names) in [
        ("namespaces/default/flunders", vec!["a", "b"]),
        ("namespaces/default/flunders?watch=false", vec!["a", "b"]),
        ("namespaces/default/flunders/b", vec!["b"]),
        ("flunders", vec!["a", "b"]),
        ("flunders?labelSelector=x", vec![]),
    ] {
        let mut watch = client.watch(&format!("{api}/{path}")).await;
        for name in names {
            expect_name(&mut watch, "ADDED", name).await;
        }
    }
}

/// Where nobody says that it is a watch, the options are those of a list.
#[tokio::test]
async fn c4_8_20_the_old_paths_validate_as_a_list_does() {
    let client = Client::wardle();
    client.flunder("a").await;
    let api = "/apis/wardle.example.com/v1beta1/watch";
    for wanted in ["NotOlderThan", "Exact"] {
        let query = format!("resourceVersion={}&resourceVersionMatch={wanted}", now(&client).await);
        for path in ["flunders", "namespaces/default/flunders/a"] {
            let mut watch = client.watch(&format!("{api}/{path}?{query}")).await;
            if path == "flunders" {
                label(&client, "a", json!({"match": wanted})).await;
            }
            expect_name(&mut watch, "MODIFIED", "a").await;
        }
    }
    let nowhere =
        "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided";
    let answer = client.get(&format!("{api}/flunders?resourceVersionMatch=NotOlderThan")).await;
    answer.expect_status(422, "Invalid", &format!(r#"ListOptions.meta.k8s.io "" is invalid: {nowhere}"#));
    let answer = client.get(&format!("{api}/flunders?sendInitialEvents=true")).await;
    let error = "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list";
    answer.expect_status(422, "Invalid", &format!(r#"ListOptions.meta.k8s.io "" is invalid: {error}"#));
}

/// Go answers 500 without a reason.
#[tokio::test]
async fn c4_8_21_a_resource_version_is_a_number() {
    let client = Client::wardle();
    let answer = client.get(&format!("{FLUNDERS}?watch=1&resourceVersion=x")).await;
    let message = "invalid resource version: resourceVersion: Invalid value: \"x\": strconv.ParseUint: parsing \"x\": \
                   invalid syntax";
    answer.expect_status(400, "BadRequest", message);
}

/// What each of some writers does, one after the other, to objects of its own.
async fn write(client: Client, writer: usize) {
    for i in 0..8 {
        let name = format!("w{writer}-{i}");
        client.flunder(&name).await;
        for round in 0..3 {
            label(&client, &name, json!({"round": round.to_string()})).await;
        }
        if i % 2 == 0 {
            delete(&client, &name).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn c4_8_22_a_list_and_its_watch_miss_nothing_and_repeat_nothing() {
    let client = Client::wardle();
    client.flunder("before").await;
    let writers: Vec<_> = (0..4).map(|writer| tokio::spawn(write(client.clone(), writer))).collect();
    // While they write: from wherever the list happens to be.
    let start = client.get(FLUNDERS).await.expect(StatusCode::OK);
    let mut held: BTreeMap<String, u64> = BTreeMap::new();
    for item in start["items"].as_array().expect("items") {
        held.insert(text(&item["metadata"]["name"]).to_owned(), version(item));
    }
    let mut last = version(&start);
    let mut watch = watch(&client, &format!("resourceVersion={last}")).await;
    let end = tokio::spawn({
        let client = client.clone();
        async move {
            for writer in writers {
                writer.await.expect("the writer goes through");
            }
            client.flunder("the-end").await;
        }
    });
    loop {
        let event = watch.next().await.expect("another event");
        let (name, at) = (text(&event["object"]["metadata"]["name"]).to_owned(), version(&event["object"]));
        assert!(at > last, "{event} after {last}");
        last = at;
        let before = match text(&event["type"]) {
            "DELETED" => held.remove(&name),
            _ => held.insert(name.clone(), at),
        };
        assert_eq!(before.is_some(), event["type"] != "ADDED", "{event}");
        if name == "the-end" {
            break;
        }
    }
    end.await.expect("the writers go through");
    let after = client.get(FLUNDERS).await.expect(StatusCode::OK);
    let items = after["items"].as_array().expect("items").iter();
    let listed: BTreeMap<String, u64> =
        items.map(|item| (text(&item["metadata"]["name"]).to_owned(), version(item))).collect();
    assert_eq!(held, listed);
    assert_eq!(listed.len(), 2 + 4 * 4);
}
