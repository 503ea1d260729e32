//! What Prometheus is told (contract 3.3.3).

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use rest_resource::StoreOptions;
use rest_resource::server::{ApiServer, Resource};
use rest_resource_tests::client::{FISCHERS, FLUNDERS, flunder};
use rest_resource_tests::{Client, wardle};
use serde_json::json;

use crate::c7_5::{begin, path, serve};
use crate::probe::Leases;

/// What stands in every series of flunders.
const FLUNDER: &str = "group=\"wardle.example.com\",resource=\"flunders\"";

async fn scrape(client: &Client) -> String {
    let answer = client.get("/metrics").await;
    assert_eq!(answer.code, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    answer.text
}

/// The line of a series, by its name and its labels in alphabetical order.
#[track_caller]
fn value<'a>(text: &'a str, series: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{series} in:\n{text}"))
}

/// A series of `apiserver_request_total`, all of whose labels are told.
fn requests(code: u16, dry_run: &str, scope: &str, subresource: &str, verb: &str, version: &str) -> String {
    format!(
        "apiserver_request_total{{code=\"{code}\",component=\"apiserver\",dry_run=\"{dry_run}\",{FLUNDER},\
         scope=\"{scope}\",subresource=\"{subresource}\",verb=\"{verb}\",version=\"{version}\"}}"
    )
}

#[tokio::test]
async fn c3_3_3_requests_are_counted_by_what_they_are() {
    let client = Client::wardle();
    let item = format!("{FLUNDERS}/a");
    client.flunder("a").await;
    client.post(FLUNDERS, &flunder("a")).await.expect(StatusCode::CONFLICT);
    client.post(&format!("{FLUNDERS}?dryRun=All&dryRun=All"), &flunder("b")).await.expect(StatusCode::CREATED);
    client.post(&format!("{FLUNDERS}?dryRun=some"), &flunder("b")).await.expect(StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..3 {
        client.get(&item).await.expect(StatusCode::OK);
    }
    client.get(&format!("{FLUNDERS}/none")).await.expect(StatusCode::NOT_FOUND);
    client.get(FLUNDERS).await.expect(StatusCode::OK);
    client.get("/apis/wardle.example.com/v1alpha1/flunders").await.expect(StatusCode::OK);
    client.merge_patch(&format!("{item}/status"), &json!({})).await.expect(StatusCode::OK);
    client.apply(&format!("{item}?fieldManager=me"), &flunder("a")).await.expect(StatusCode::OK);
    client.delete(FLUNDERS).await.expect(StatusCode::OK);
    let text = scrape(&client).await;
    for (count, series) in [
        ("1", requests(201, "", "resource", "", "POST", "v1beta1")),
        ("1", requests(409, "", "resource", "", "POST", "v1beta1")),
        ("1", requests(201, "All", "resource", "", "POST", "v1beta1")),
        ("1", requests(422, "invalid", "resource", "", "POST", "v1beta1")),
        ("3", requests(200, "", "resource", "", "GET", "v1beta1")),
        ("1", requests(404, "", "resource", "", "GET", "v1beta1")),
        ("1", requests(200, "", "namespace", "", "LIST", "v1beta1")),
        ("1", requests(200, "", "cluster", "", "LIST", "v1alpha1")),
        ("1", requests(200, "", "resource", "status", "PATCH", "v1beta1")),
        ("1", requests(200, "", "resource", "", "APPLY", "v1beta1")),
        ("1", requests(200, "", "namespace", "", "DELETE", "v1beta1")),
    ] {
        assert_eq!(value(&text, &series), count, "{series}");
    }
    let of_gets =
        format!("component=\"apiserver\",dry_run=\"\",{FLUNDER},scope=\"resource\",subresource=\"\",verb=\"GET\"");
    let durations = format!("apiserver_request_duration_seconds_count{{{of_gets},version=\"v1beta1\"}}");
    assert_eq!(value(&text, &durations), "4");
    let of_gets = of_gets.replace("dry_run=\"\",", "");
    let sizes = format!("apiserver_response_sizes_bucket{{{of_gets},version=\"v1beta1\",le=\"1000\"}}");
    assert_eq!(value(&text, &sizes), "4", "all four are short");
    assert!(!text.lines().any(|line| line.starts_with("apiserver_response_sizes") && line.contains("POST")), "{text}");
}

#[tokio::test]
async fn c3_3_3_a_watch_counts_when_it_ends() {
    let client = Client::wardle();
    let labels = format!(
        "component=\"apiserver\",{FLUNDER},scope=\"namespace\",subresource=\"\",verb=\"WATCH\",version=\"v1beta1\""
    );
    let open = format!("apiserver_longrunning_requests{{{labels}}}");
    let events = format!("apiserver_watch_events_total{{{FLUNDER},version=\"v1beta1\"}}");
    let ended = requests(200, "", "namespace", "", "WATCH", "v1beta1");
    let mut first = client.watch(&format!("{FLUNDERS}?watch=true")).await;
    let second = client.watch(&format!("{FLUNDERS}?watch=true")).await;
    client.flunder("a").await;
    assert_eq!(first.next_name().await.0, "ADDED");
    let text = scrape(&client).await;
    assert_eq!((value(&text, &open), value(&text, &events)), ("2", "1"));
    assert!(!text.contains(&ended));
    drop(first);
    drop(second);
    let text = scrape(&client).await;
    assert_eq!((value(&text, &open), value(&text, &ended)), ("0", "2"));
}

#[tokio::test]
async fn c3_3_3_requests_in_flight_and_refused() {
    let (client, strings) = serve(1, 1);
    let in_flight = |kind| format!("apiserver_current_inflight_requests{{request_kind=\"{kind}\"}}");
    let running = begin(&client, &strings, &path("a")).await;
    client.get(&path("b")).await.expect(StatusCode::TOO_MANY_REQUESTS);
    let text = scrape(&client).await;
    assert_eq!((value(&text, &in_flight("readOnly")), value(&text, &in_flight("mutating"))), ("1", "0"));
    let refused = requests(429, "", "resource", "", "GET", "v1")
        .replace("wardle.example.com", "test.example.com")
        .replace("flunders", "probes");
    assert_eq!(value(&text, &refused), "1");
    strings.open.add_permits(1);
    running.await.expect("no panic").expect(StatusCode::OK);
    assert_eq!(value(&scrape(&client).await, &in_flight("readOnly")), "0");
}

#[tokio::test]
async fn c3_3_3_the_use_of_a_deprecated_version_shows() {
    let leases = Resource::from(Leases::new()).deprecate("v1", None);
    let client = Client::new(ApiServer::builder().install(leases).prepare().expect("it fits together"));
    let series = "apiserver_requested_deprecated_apis{group=\"coordination.k8s.io\",removed_release=\"\",\
                  resource=\"leases\",subresource=\"\",version=\"v1\"}";
    assert!(!scrape(&client).await.contains(series));
    client.get("/apis/coordination.k8s.io/v1/leases").await.expect(StatusCode::OK);
    assert_eq!(value(&scrape(&client).await, series), "1");
}

#[tokio::test]
async fn c3_3_3_no_client_makes_series() {
    let client = Client::wardle();
    client.get(FISCHERS).await.expect(StatusCode::OK);
    let before = scrape(&client).await;
    for path in [
        "/nothing",
        "/apis/nothing.example.com/v1/things",
        "/apis/wardle.example.com/v1beta1/things",
        "/apis/wardle.example.com/v9/flunders",
        "/apis/wardle.example.com/v1alpha1/fischers/a/scale",
    ] {
        for method in ["GET", "POST", "BREW"] {
            client.send(Method::from_bytes(method.as_bytes()).expect("a method"), path, &[], "").await;
        }
    }
    client.send(Method::OPTIONS, FISCHERS, &[], "").await.expect(StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(scrape(&client).await, before);
}

#[tokio::test]
async fn c3_3_3_health_checks_are_told_apart() {
    let client = Client::wardle();
    for path in ["/livez", "/readyz", "/readyz"] {
        assert_eq!(client.get(path).await.code, StatusCode::OK);
    }
    let told = client.get("/metrics/slis").await.text;
    assert_eq!(value(&told, "kubernetes_healthcheck{name=\"ping\",type=\"livez\"}"), "1");
    let checks = "kubernetes_healthchecks_total{name=\"storage\",status=\"success\",type=\"readyz\"}";
    assert_eq!(value(&told, checks), "2");
    client.server.shutdown().await;
    assert_eq!(client.get("/readyz").await.code, StatusCode::INTERNAL_SERVER_ERROR);
    let told = client.get("/metrics/slis").await.text;
    assert_eq!(value(&told, "kubernetes_healthcheck{name=\"shutdown\",type=\"readyz\"}"), "0");
    assert!(!scrape(&client).await.contains("kubernetes_healthcheck"));
}

#[tokio::test]
async fn c3_3_3_the_text_is_well_formed() {
    let client = Client::wardle();
    client.flunder("a").await;
    drop(client.watch(&format!("{FLUNDERS}?watch=true")).await.next().await);
    client.get(FLUNDERS).await.expect(StatusCode::OK);
    let text = scrape(&client).await;
    let mut series = BTreeSet::new();
    let mut family = "";
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            family = help.split(' ').next().unwrap_or_default();
        } else if let Some(of) = line.strip_prefix("# TYPE ") {
            let (name, kind) = of.split_once(' ').expect("a name and a type");
            assert!(name == family && ["counter", "gauge", "histogram"].contains(&kind), "{line}");
        } else {
            let (name, value) = line.rsplit_once(' ').expect("a series and a value");
            assert!(name.starts_with(family) && value.parse::<f64>().is_ok(), "{line} of {family}");
            assert!(series.insert(name), "{line} stands there twice");
        }
    }
    for (name, kind) in [
        ("apiserver_request_total", "counter"),
        ("apiserver_request_duration_seconds", "histogram"),
        ("apiserver_response_sizes", "histogram"),
        ("apiserver_current_inflight_requests", "gauge"),
        ("apiserver_longrunning_requests", "gauge"),
        ("apiserver_watch_events_total", "counter"),
    ] {
        assert!(text.contains(&format!("# TYPE {name} {kind}\n")), "{name}:\n{text}");
    }
}

#[tokio::test]
async fn c3_3_3_the_paths_are_the_servers() {
    let client = Client::wardle();
    let paths = client.get("/").await.expect(StatusCode::OK)["paths"].clone();
    let paths = paths.as_array().expect("paths");
    let message = "the server does not allow this method on the requested resource";
    for path in ["/metrics", "/metrics/slis"] {
        assert!(paths.contains(&json!(path)), "{paths:?}");
        client.delete(path).await.expect_status(405, "MethodNotAllowed", message);
    }
    let without = wardle::server(&StoreOptions::memory()).metrics(false).prepare().expect("wardle fits together");
    let client = Client::new(without);
    client.flunder("a").await;
    assert_eq!(client.get("/metrics").await.code, StatusCode::NOT_FOUND);
    assert!(!client.get("/").await.text.contains("metrics"));
}
