//! LIST.

mod fields;

use std::sync::Arc;

use http::StatusCode;
use rest_resource::StoreOptions;
use rest_resource::backend::{Backend, Memory};
use rest_resource::wire::continue_token::ContinueToken;
use rest_resource_tests::client::{Answer, Client, FISCHERS, FLUNDERS, flunder};
use rest_resource_tests::wardle;
use serde_json::{Value, json};

const EVERYWHERE: &str = "/apis/wardle.example.com/v1beta1/flunders";
const TOO_OLD: &str = "The resourceVersion for the provided list is too old.";

/// A parameter, escaped.
fn param(name: &str, value: &str) -> String {
    value.bytes().fold(format!("{FLUNDERS}?{name}="), |path, byte| format!("{path}%{byte:02X}"))
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("items");
    items.iter().map(|item| item["metadata"]["name"].as_str().expect("a name")).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn version(list: &Value) -> u64 {
    text(&list["metadata"]["resourceVersion"]).parse().expect("a resource version is a number")
}

async fn list(client: &Client, query: &str) -> Value {
    client.get(&format!("{FLUNDERS}?{query}")).await.expect(StatusCode::OK)
}

async fn create(client: &Client, names: &[&str]) {
    for name in names {
        client.flunder(name).await;
    }
}

/// A `wardle` whose memory can be made to forget.
fn forgetful() -> (Client, Memory) {
    let memory = Memory::new();
    let options = StoreOptions::new(Arc::new(memory.clone())).watch_history(1);
    (Client::new(wardle::server(&options).prepare().expect("wardle fits together")), memory)
}

/// Forgets every state but the present one.
async fn forget(client: &Client, memory: &Memory) {
    // What has followed the memory so far does not miss what it forgets.
    client.get(FLUNDERS).await.expect(StatusCode::OK);
    client.get(FISCHERS).await.expect(StatusCode::OK);
    let current = memory.current_revision().await.expect("memory answers");
    memory.compact(current).await.expect("memory forgets");
}

#[tokio::test]
async fn c4_7_1_an_empty_list_has_a_resource_version() {
    let client = Client::wardle();
    let list = client.get(FLUNDERS).await.expect(StatusCode::OK);
    assert_eq!((&list["kind"], &list["apiVersion"]), (&json!("FlunderList"), &json!("wardle.example.com/v1beta1")));
    assert_eq!(list["items"], json!([]));
    assert!(version(&list) > 0);
}

#[tokio::test]
async fn c4_7_1_items_come_in_the_order_of_their_keys() {
    let client = Client::wardle();
    for (namespace, name) in [("b", "a"), ("a", "z"), ("a-b", "c"), ("a", "b.x"), ("a", "a")] {
        let path = format!("/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders");
        client.post(&path, &flunder(name)).await.expect(StatusCode::CREATED);
    }
    let list = client.get(EVERYWHERE).await.expect(StatusCode::OK);
    let keys: Vec<String> = list["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| format!("{}/{}", text(&item["metadata"]["namespace"]), text(&item["metadata"]["name"])))
        .collect();
    // `-` comes before `/`.
    assert_eq!(keys, ["a-b/c", "a/a", "a/b.x", "a/z", "b/a"]);
    let one = client.get("/apis/wardle.example.com/v1beta1/namespaces/a/flunders").await.expect(StatusCode::OK);
    assert_eq!(names(&one), ["a", "b.x", "z"]);
}

#[tokio::test]
async fn c4_7_1_a_list_is_in_the_version_of_its_path() {
    let client = Client::wardle();
    let mut flunder = flunder("a");
    flunder["spec"] = json!({"referenceType": "Fischer", "fischerReference": "f"});
    client.post(FLUNDERS, &flunder).await.expect(StatusCode::CREATED);
    let list = client.get(&FLUNDERS.replace("v1beta1", "v1alpha1")).await.expect(StatusCode::OK);
    assert_eq!((&list["kind"], &list["apiVersion"]), (&json!("FlunderList"), &json!("wardle.example.com/v1alpha1")));
    assert_eq!(list["items"][0]["spec"], json!({"referenceType": "Fischer", "reference": "f"}));
    let fischers = client.get(FISCHERS).await.expect(StatusCode::OK);
    assert_eq!(fischers["kind"], "FischerList");
}

#[tokio::test]
async fn c4_7_1_a_watch_can_start_at_the_resource_version() {
    let client = Client::wardle();
    create(&client, &["a"]).await;
    let at = version(&list(&client, "").await);
    create(&client, &["b"]).await;
    let mut watch = client.watch(&format!("{FLUNDERS}?watch=1&resourceVersion={at}")).await;
    assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "b".to_owned()));
}

#[tokio::test]
async fn c4_7_2_unset_is_what_has_just_been_written() {
    let client = Client::wardle();
    for name in ["a", "b", "c"] {
        let created = client.flunder(name).await;
        let list = list(&client, "").await;
        assert_eq!(names(&list).last(), Some(&name));
        assert_eq!(list["metadata"]["resourceVersion"], created["metadata"]["resourceVersion"]);
    }
}

#[tokio::test]
async fn c4_7_2_zero_ignores_the_limit() {
    let client = Client::wardle();
    create(&client, &["a", "b", "c"]).await;
    list(&client, "").await;
    let all = list(&client, "resourceVersion=0&limit=1").await;
    assert_eq!(names(&all), ["a", "b", "c"]);
    assert_eq!(all["metadata"].get("continue"), None);
    assert_eq!(all["metadata"].get("remainingItemCount"), None);
}

#[tokio::test]
async fn c4_7_2_not_older_than() {
    let client = Client::wardle();
    create(&client, &["a", "b"]).await;
    let at = version(&list(&client, "").await);
    create(&client, &["c"]).await;
    let now = version(&list(&client, "").await);
    for query in ["", "&resourceVersionMatch=NotOlderThan", "&resourceVersionMatch=NotOlderThan&limit=10"] {
        let list = list(&client, &format!("resourceVersion={at}{query}")).await;
        assert_eq!((version(&list), names(&list)), (now, vec!["a", "b", "c"]), "{query}");
    }
    let page = list(&client, &format!("resourceVersion={at}&resourceVersionMatch=NotOlderThan&limit=2")).await;
    assert_eq!((version(&page), names(&page)), (now, vec!["a", "b"]));
    assert_eq!(names(&list(&client, &format!("continue={}", text(&page["metadata"]["continue"]))).await), ["c"]);
}

#[tokio::test]
async fn c4_7_2_exactly_one_state() {
    let client = Client::wardle();
    create(&client, &["a", "b", "c"]).await;
    let at = version(&list(&client, "").await);
    client.delete(&format!("{FLUNDERS}/b")).await.expect(StatusCode::OK);
    client.merge_patch(&format!("{FLUNDERS}/a"), &json!({"metadata": {"labels": {"new": "yes"}}})).await;
    create(&client, &["aa"]).await;
    // With a limit and without a match is the form of old clients.
    for query in ["resourceVersionMatch=Exact", "resourceVersionMatch=Exact&limit=9", "limit=9"] {
        let list = list(&client, &format!("resourceVersion={at}&{query}")).await;
        assert_eq!((version(&list), names(&list)), (at, vec!["a", "b", "c"]), "{query}");
        assert_eq!(list["items"][0]["metadata"].get("labels"), None, "{query}");
    }
    let now = list(&client, "").await;
    assert_eq!(names(&now), ["a", "aa", "c"]);
}

#[tokio::test]
async fn c4_7_3_what_a_list_may_not_ask() {
    let client = Client::wardle();
    let matches = "resourceVersionMatch: Forbidden: resourceVersionMatch";
    for (query, error) in [
        ("resourceVersionMatch=Exact", format!("{matches} is forbidden unless resourceVersion is provided")),
        (
            "resourceVersionMatch=Exact&resourceVersion=5&continue=x",
            format!("{matches} is forbidden when continue is provided"),
        ),
        (
            "resourceVersionMatch=x&resourceVersion=5",
            r#"resourceVersionMatch: Unsupported value: "x": supported values: "Exact", "NotOlderThan", """#.to_owned(),
        ),
        (
            "resourceVersionMatch=Exact&resourceVersion=0",
            r#"resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0""#
                .to_owned(),
        ),
        ("sendInitialEvents=true", "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list".to_owned()),
    ] {
        let answer = client.get(&format!("{FLUNDERS}?{query}")).await;
        answer.expect_status(422, "Invalid", &format!(r#"ListOptions.meta.k8s.io "" is invalid: {error}"#));
    }
}

#[tokio::test]
async fn c4_7_4_pages_are_of_one_state() {
    let client = Client::wardle();
    create(&client, &["a", "b", "c", "d", "e"]).await;
    let first = list(&client, "limit=2").await;
    let at = version(&first);
    create(&client, &["aa", "cc", "z"]).await;
    client.delete(&format!("{FLUNDERS}/d")).await.expect(StatusCode::OK);
    let second = list(&client, &format!("limit=2&continue={}", text(&first["metadata"]["continue"]))).await;
    // Old clients repeat the resource version 0.
    let token = text(&second["metadata"]["continue"]);
    let third = list(&client, &format!("limit=2&resourceVersion=0&continue={token}")).await;
    assert_eq!([names(&first), names(&second), names(&third)].concat(), ["a", "b", "c", "d", "e"]);
    assert_eq!([version(&second), version(&third)], [at, at]);
    assert_eq!(third["metadata"].get("continue"), None);
}

#[tokio::test]
async fn c4_7_4_the_token_says_where_and_when() {
    let client = Client::wardle();
    create(&client, &["a", "b", "c"]).await;
    for (path, start) in [(FLUNDERS, "b\0"), (EVERYWHERE, "default/b\0")] {
        let page = client.get(&format!("{path}?limit=2")).await.expect(StatusCode::OK);
        let token = text(&page["metadata"]["continue"]);
        assert!(!token.contains(['=', '+', '/']), "{token}");
        let decoded = ContinueToken::decode(token).expect("a token of this server");
        assert_eq!((decoded.start.as_str(), decoded.resource_version.unsigned_abs()), (start, version(&page)));
    }
}

#[tokio::test]
async fn c4_7_4_no_token_where_nothing_remains() {
    let client = Client::wardle();
    create(&client, &["a", "b"]).await;
    for limit in [2, 3] {
        let page = list(&client, &format!("limit={limit}")).await;
        assert_eq!(names(&page), ["a", "b"]);
        assert_eq!(page["metadata"].get("continue"), None);
    }
}

#[tokio::test]
async fn c4_7_5_how_many_items_remain() {
    let client = Client::wardle();
    create(&client, &["a", "b", "c", "d", "e"]).await;
    let first = list(&client, "limit=2").await;
    assert_eq!(first["metadata"]["remainingItemCount"], 3);
    let second = list(&client, &format!("limit=2&continue={}", text(&first["metadata"]["continue"]))).await;
    assert_eq!(second["metadata"]["remainingItemCount"], 1);
    let third = list(&client, &format!("limit=2&continue={}", text(&second["metadata"]["continue"]))).await;
    assert_eq!(third["metadata"].get("remainingItemCount"), None);
    let selected = list(&client, "limit=2&labelSelector=!a").await;
    assert_ne!(selected["metadata"]["continue"], Value::Null);
    assert_eq!(selected["metadata"].get("remainingItemCount"), None);
}

#[tokio::test]
async fn c4_7_6_pages_of_what_is_selected() {
    let client = Client::wardle();
    for i in 0..12 {
        let mut flunder = flunder(&format!("f{i:02}"));
        flunder["metadata"]["labels"] = json!({"third": (i % 3 == 0).to_string()});
        client.post(FLUNDERS, &flunder).await.expect(StatusCode::CREATED);
    }
    let (mut found, mut query) = (Vec::new(), String::new());
    loop {
        let page = list(&client, &format!("labelSelector=third%3Dtrue&limit=3{query}")).await;
        found.extend(names(&page).into_iter().map(str::to_owned));
        let Some(token) = page["metadata"].get("continue") else { break };
        query = format!("&continue={}", text(token));
    }
    assert_eq!(found, ["f00", "f03", "f06", "f09"]);
}

#[tokio::test]
async fn c4_7_7_a_token_has_its_own_resource_version() {
    let client = Client::wardle();
    create(&client, &["a", "b"]).await;
    let page = list(&client, "limit=1").await;
    let (token, at) = (text(&page["metadata"]["continue"]), version(&page));
    let answer = client.get(&format!("{FLUNDERS}?continue={token}&resourceVersion={at}")).await;
    let message = "specifying resource version is not allowed when using continue";
    answer.expect_status(400, "BadRequest", message);
}

#[tokio::test]
async fn c4_7_8_tokens_that_no_server_made() {
    let client = Client::wardle();
    let refused = |answer: Answer, why: &str| {
        let message = format!("invalid continue token: continue key is not valid: {why}");
        answer.expect_status(400, "BadRequest", &message);
    };
    refused(client.get(&format!("{FLUNDERS}?continue=a*")).await, "illegal base64 data at input byte 1");
    // {"v":"v9","rv":1,"start":"a"}
    let other = "eyJ2IjoidjkiLCJydiI6MSwic3RhcnQiOiJhIn0";
    let message = "server does not recognize this encoded version v9";
    refused(client.get(&format!("{FLUNDERS}?continue={other}")).await, message);
    for start in ["../../secrets/a", "a/../../b", "./a"] {
        let token = ContinueToken::encode(start, 5);
        refused(client.get(&format!("{FLUNDERS}?continue={token}")).await, start);
    }
}

#[tokio::test]
async fn c4_7_9_an_expired_token_brings_a_fresh_one() {
    let (client, memory) = forgetful();
    create(&client, &["a", "b", "c", "d"]).await;
    let page = list(&client, "limit=2").await;
    create(&client, &["aa", "bb"]).await;
    client.delete(&format!("{FLUNDERS}/c")).await.expect(StatusCode::OK);
    forget(&client, &memory).await;

    let answer = client.get(&format!("{FLUNDERS}?limit=1&continue={}", text(&page["metadata"]["continue"]))).await;
    assert_eq!((answer.code, &answer.json["reason"]), (StatusCode::GONE, &json!("Expired")));
    assert_eq!(answer.json["code"], 410);
    let begins = "The provided continue parameter is too old to display a consistent list result.";
    assert!(text(&answer.json["message"]).starts_with(begins), "{}", answer.text);
    let token = text(&answer.json["metadata"]["continue"]);
    assert_eq!(ContinueToken::decode(token).expect("a token of this server").resource_version, -1);

    // It goes on behind `b`, in the present state, and from there on in that one.
    let now = version(&list(&client, "").await);
    let next = list(&client, &format!("limit=1&continue={token}")).await;
    assert_eq!((version(&next), names(&next)), (now, vec!["bb"]));
    create(&client, &["e"]).await;
    let last = list(&client, &format!("limit=1&continue={}", text(&next["metadata"]["continue"]))).await;
    assert_eq!((version(&last), names(&last), last["metadata"].get("continue")), (now, vec!["d"], None));
}

#[tokio::test]
async fn c4_7_10_an_exact_state_that_is_forgotten() {
    let (client, memory) = forgetful();
    create(&client, &["a", "b"]).await;
    let at = version(&list(&client, "").await);
    create(&client, &["c", "d"]).await;
    forget(&client, &memory).await;
    for query in ["resourceVersionMatch=Exact", "limit=1"] {
        let answer = client.get(&format!("{FLUNDERS}?resourceVersion={at}&{query}")).await;
        answer.expect_status(410, "Expired", TOO_OLD);
    }
    let newer = list(&client, &format!("resourceVersion={at}&resourceVersionMatch=NotOlderThan")).await;
    assert_eq!(names(&newer), ["a", "b", "c", "d"]);
}

/// The clock is paused, since the server waits some seconds for the state to come.
#[tokio::test(start_paused = true)]
async fn c4_7_11_a_state_that_is_to_come() {
    let client = Client::wardle();
    create(&client, &["a"]).await;
    let now = version(&list(&client, "").await);
    for query in ["", "&resourceVersionMatch=NotOlderThan", "&resourceVersionMatch=Exact", "&limit=1"] {
        let answer = client.get(&format!("{FLUNDERS}?resourceVersion=1000{query}")).await;
        assert_eq!(answer.header("retry-after"), "1");
        let message = format!("Timeout: Too large resource version: 1000, current: {now}");
        let status = answer.expect_status(504, "Timeout", &message);
        let cause = json!([{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]);
        assert_eq!(status["details"]["causes"], cause);
    }
}

#[tokio::test]
async fn c4_7_12_a_resource_version_is_a_number() {
    let client = Client::wardle();
    for version in ["abc", "-1", "18446744073709551616"] {
        let answer = client.get(&format!("{FLUNDERS}?resourceVersion={version}")).await;
        let why = if version.len() > 5 { "value out of range" } else { "invalid syntax" };
        let message = format!(
            "invalid resource version: resourceVersion: Invalid value: {version:?}: strconv.ParseUint: parsing \
             {version:?}: {why}"
        );
        answer.expect_status(400, "BadRequest", &message);
    }
}

#[tokio::test]
async fn c4_7_13_label_selectors() {
    let client = Client::wardle();
    for (name, labels) in [
        ("db", json!({"tier": "db", "replicas": "3"})),
        ("web", json!({"tier": "web", "replicas": "12", "canary": ""})),
        ("none", json!({})),
    ] {
        let mut flunder = flunder(name);
        flunder["metadata"]["labels"] = labels;
        client.post(FLUNDERS, &flunder).await.expect(StatusCode::CREATED);
    }
    for (selector, selected) in [
        ("", vec!["db", "none", "web"]),
        ("tier", vec!["db", "web"]),
        ("!tier", vec!["none"]),
        ("tier=db", vec!["db"]),
        ("tier==db", vec!["db"]),
        ("tier!=db", vec!["none", "web"]),
        ("tier in (db,web)", vec!["db", "web"]),
        ("tier notin (db)", vec!["none", "web"]),
        ("replicas>3", vec!["web"]),
        ("replicas<12", vec!["db"]),
        ("canary=", vec!["web"]),
        (" tier in ( db , web ) , !canary ", vec!["db"]),
        ("tier=db,tier=web", vec![]),
    ] {
        let list = client.get(&param("labelSelector", selector)).await.expect(StatusCode::OK);
        assert_eq!(names(&list), selected, "{selector}");
    }
}

#[tokio::test]
async fn c4_7_13_no_label_selector() {
    let client = Client::wardle();
    for (selector, why) in [
        ("a=)", "found ')', expected: identifier"),
        ("a in b", "found 'b' expected: '('"),
        ("a>x", "values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"),
    ] {
        let answer = client.get(&param("labelSelector", selector)).await;
        answer.expect_status(400, "BadRequest", &format!("unable to parse requirement: {why}"));
    }
    let answer = client.get(&param("labelSelector", "a=-x")).await;
    assert_eq!(answer.code, StatusCode::BAD_REQUEST);
    let begins = "unable to parse requirement: values[0][a]: Invalid value: \"-x\": a valid label must be";
    assert!(text(&answer.json["message"]).starts_with(begins), "{}", answer.text);
}

#[tokio::test]
async fn c4_7_14_field_selectors() {
    let client = Client::wardle();
    create(&client, &["a", "b", "c"]).await;
    for (selector, selected) in [
        ("", vec!["a", "b", "c"]),
        ("metadata.name=b", vec!["b"]),
        ("metadata.name==b", vec!["b"]),
        ("metadata.name!=b", vec!["a", "c"]),
        ("metadata.name!=a,metadata.name!=b", vec!["c"]),
        (",metadata.name=a,,metadata.namespace=default,", vec!["a"]),
        ("metadata.namespace!=default", vec![]),
        (r"metadata.name=a\,b\=\\", vec![]),
    ] {
        let list = client.get(&param("fieldSelector", selector)).await.expect(StatusCode::OK);
        assert_eq!(names(&list), selected, "{selector}");
    }
}

#[tokio::test]
async fn c4_7_14_no_field_selector() {
    let client = Client::wardle();
    for (selector, message) in [
        ("metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"),
        ("metadata.name>a", "invalid selector: 'metadata.name>a'; can't understand 'metadata.name>a'"),
        (r"metadata.name=\x", r"invalid field selector: invalid escape sequence: \x"),
        ("metadata.name=a=b", "invalid field selector: unescaped character in value: 61"),
    ] {
        client.get(&param("fieldSelector", selector)).await.expect_status(400, "BadRequest", message);
    }
}

#[tokio::test]
async fn c4_7_15_fields_that_are_not_selectable() {
    let client = Client::wardle();
    let answer = client.get(&param("fieldSelector", "spec.referenceType=Flunder")).await;
    let only = r#""metadata.name", "metadata.namespace""#;
    let message = format!(r#""spec.referenceType" is not a known field selector: only {only}"#);
    answer.expect_status(400, "BadRequest", &message);
    let answer = client.get(&format!("{FISCHERS}?fieldSelector=a%3Db")).await;
    answer.expect_status(400, "BadRequest", r#""a" is not a known field selector: only "metadata.name""#);
}

#[tokio::test]
async fn c4_7_15_the_namespace_is_a_field() {
    let client = Client::wardle();
    for namespace in ["x", "y"] {
        let path = format!("/apis/wardle.example.com/v1beta1/namespaces/{namespace}/flunders");
        client.post(&path, &flunder(&format!("in-{namespace}"))).await.expect(StatusCode::CREATED);
    }
    for (selector, selected) in [
        ("metadata.namespace%3Dy", vec!["in-y"]),
        ("metadata.namespace!%3Dy", vec!["in-x"]),
        ("metadata.namespace%3Dy,metadata.name%3Din-x", vec![]),
        ("metadata.name%3Din-x", vec!["in-x"]),
    ] {
        let list = client.get(&format!("{EVERYWHERE}?fieldSelector={selector}")).await.expect(StatusCode::OK);
        assert_eq!(names(&list), selected, "{selector}");
    }
}

#[tokio::test]
async fn c4_7_16_a_name_in_the_path_selects() {
    let client = Client::wardle();
    create(&client, &["a", "b"]).await;
    let below = FLUNDERS.replace("v1beta1/", "v1beta1/watch/");
    for query in ["", "?fieldSelector=metadata.name%3Db"] {
        let mut watch = client.watch(&format!("{below}/b{query}")).await;
        assert_eq!(watch.next_name().await, ("ADDED".to_owned(), "b".to_owned()));
        client
            .merge_patch(&format!("{FLUNDERS}/a"), &json!({"metadata": {"labels": {"q": query.len().to_string()}}}))
            .await;
        client
            .merge_patch(&format!("{FLUNDERS}/b"), &json!({"metadata": {"labels": {"q": query.len().to_string()}}}))
            .await;
        assert_eq!(watch.next_name().await, ("MODIFIED".to_owned(), "b".to_owned()));
    }
    let answer = client.get(&format!("{below}/a?fieldSelector=metadata.name%3Db")).await;
    answer.expect_status(400, "BadRequest", "fieldSelector metadata.name doesn't match requested name");
}

/// A client that shares the work with others must not get all of it without a word.
#[tokio::test]
async fn c4_7_17_shards_are_refused() {
    let client = Client::wardle();
    create(&client, &["a", "b"]).await;
    let path = format!("{FLUNDERS}?shardSelector=shardRange(object.metadata.uid,'0x0','0x8')");
    let message = "shardSelector is not supported";
    client.get(&path).await.expect_status(400, "BadRequest", message);
    client.get(&format!("{path}&watch=true")).await.expect_status(400, "BadRequest", message);
    client.get(&path.replace("v1beta1/", "v1beta1/watch/")).await.expect_status(400, "BadRequest", message);
    client.delete(&path).await.expect_status(400, "BadRequest", message);
    let all = list(&client, "shardSelector=").await;
    assert_eq!(names(&all), ["a", "b"]);
    assert_eq!(all["metadata"].get("shardInfo"), None);
}
