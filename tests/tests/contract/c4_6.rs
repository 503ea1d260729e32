//! Get (contract 4.6).

use http::StatusCode;
use kube::CustomResource;
use rest_resource::server::ApiServer;
use rest_resource::{Context, GetterWithOptions, Reply, RestResource, Result};
use rest_resource_tests::Client;
use rest_resource_tests::client::{FISCHERS, FLUNDERS};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[tokio::test]
async fn c4_6_1_an_object_is_200_and_none_is_404() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    assert_eq!(client.get(&format!("{FLUNDERS}/a")).await.expect(StatusCode::OK), created);
    let message = "flunders.wardle.example.com \"b\" not found";
    let status = client.get(&format!("{FLUNDERS}/b")).await.expect_status(404, "NotFound", message);
    assert_eq!(status["metadata"], json!({}));
    assert_eq!(status["details"], json!({"name": "b", "group": "wardle.example.com", "kind": "flunders"}));
    let message = "fischers.wardle.example.com \"b\" not found";
    client.get(&format!("{FISCHERS}/b")).await.expect_status(404, "NotFound", message);
}

#[tokio::test]
async fn c4_6_1_in_every_version() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let old = client.get(&format!("{}/a", FLUNDERS.replace("v1beta1", "v1alpha1"))).await.expect(StatusCode::OK);
    assert_eq!(old["apiVersion"], "wardle.example.com/v1alpha1");
    assert_eq!(old["metadata"], created["metadata"]);
}

#[tokio::test]
async fn c4_6_2_the_newest_any_and_not_older() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let path = format!("{FLUNDERS}/a");
    let now = created["metadata"]["resourceVersion"].as_str().unwrap();
    for query in
        ["", "?resourceVersion=", "?resourceVersion=0", &format!("?resourceVersion={now}"), "?resourceVersion=1"]
    {
        assert_eq!(client.get(&format!("{path}{query}")).await.expect(StatusCode::OK), created, "{query}");
    }
}

#[tokio::test]
async fn c4_6_2_a_read_sees_the_write_before_it() {
    let client = Client::wardle();
    let path = format!("{FLUNDERS}/a");
    client.flunder("a").await;
    for number in 0..50 {
        let labels = json!({"metadata": {"labels": {"number": number.to_string()}}});
        let patched = client.merge_patch(&path, &labels).await.expect(StatusCode::OK);
        assert_eq!(client.get(&path).await.expect(StatusCode::OK), patched);
    }
}

/// The clock is paused: the three seconds for which the server waits pass at once.
#[tokio::test(start_paused = true)]
async fn c4_6_2_a_version_that_is_not_there_yet_is_504() {
    let client = Client::wardle();
    let created = client.flunder("a").await;
    let now = created["metadata"]["resourceVersion"].as_str().unwrap();
    let answer = client.get(&format!("{FLUNDERS}/a?resourceVersion=1000000")).await;
    assert_eq!(answer.header("retry-after"), "1");
    let message = format!("Timeout: Too large resource version: 1000000, current: {now}");
    let status = answer.expect_status(504, "Timeout", &message);
    let cause = json!({"reason": "ResourceVersionTooLarge", "message": "Too large resource version"});
    assert_eq!(status["details"], json!({"causes": [cause], "retryAfterSeconds": 1}));
}

#[tokio::test]
async fn c4_6_3_a_version_that_is_no_number_is_400() {
    let client = Client::wardle();
    client.flunder("a").await;
    for (version, error) in [
        ("abc", "invalid syntax"),
        ("-1", "invalid syntax"),
        ("1.5", "invalid syntax"),
        ("18446744073709551616", "value out of range"),
    ] {
        let message = format!(
            "invalid resource version: resourceVersion: Invalid value: \"{version}\": \
             strconv.ParseUint: parsing \"{version}\": {error}"
        );
        let answer = client.get(&format!("{FLUNDERS}/a?resourceVersion={version}")).await;
        answer.expect_status(400, "BadRequest", &message);
    }
}

#[tokio::test]
async fn c4_6_4_export_is_gone() {
    let client = Client::wardle();
    client.flunder("a").await;
    let message = "the export parameter, deprecated since v1.14, is no longer supported";
    let answer = client.get(&format!("{FLUNDERS}/a?export=true")).await;
    answer.expect_status(400, "BadRequest", message);
    client.get(&format!("{FLUNDERS}/a?export=false")).await.expect(StatusCode::OK);
}

/// What a storage was asked for.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(group = "echo.example.com", version = "v1", kind = "Echo")]
#[serde(rename_all = "camelCase")]
struct EchoSpec {
    subpath: Option<String>,
    lines: Option<i64>,
}

/// The query parameters of an echo.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct EchoOptions {
    #[serde(default)]
    tail_lines: Option<i64>,
}

#[derive(Debug, RestResource)]
#[rest(
    group = "echo.example.com", version = "v1", resource = "echoes", object = Echo, cluster, verbs(get_with_options)
)]
struct Echoes;

impl GetterWithOptions for Echoes {
    type Options = EchoOptions;

    const SUBPATH: bool = true;

    async fn get_with_options(
        &self,
        _: &Context,
        name: &str,
        options: &EchoOptions,
        subpath: Option<&str>,
    ) -> Result<Reply<Echo>> {
        let spec = EchoSpec { subpath: subpath.map(ToOwned::to_owned), lines: options.tail_lines };
        std::future::ready(Ok(Reply::Object(Echo::new(name, spec)))).await
    }
}

#[tokio::test]
async fn c4_6_5_what_is_behind_the_name_is_the_subpath() {
    let client = Client::new(ApiServer::builder().install(Echoes).prepare().unwrap());
    for (path, subpath) in [("a/b", json!("/b")), ("a/b/", json!("/b/")), ("a/b//c", json!("/b//c"))] {
        let echo = client.get(&format!("/apis/echo.example.com/v1/echoes/{path}")).await.expect(StatusCode::OK);
        assert_eq!((&echo["metadata"]["name"], &echo["spec"]["subpath"]), (&json!("a"), &subpath), "{path}");
    }
    let echo = client.get("/apis/echo.example.com/v1/echoes/a?tailLines=3").await.expect(StatusCode::OK);
    assert_eq!(echo["spec"], json!({"subpath": null, "lines": 3}));
}
