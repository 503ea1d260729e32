//! Storages that are read: `Getter`, `GetterWithOptions`, `Lister`, and their tables (contract 1.9-1.12, 1.23).

use std::future::ready;

use http::{Method, StatusCode};
use rest_resource::wire::table::{Column, ColumnType};
use rest_resource::{
    Context, GetOptions, Getter, GetterWithOptions, List, ListOptions, Lister, Reply, ResourceStream, RestResource,
    Result, TableConvertor,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::probe::{PROBES, Probe, probe, serve};

const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io";

/// Knows one probe, `a`.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Known;

impl Getter for Known {
    async fn get(&self, cx: &Context, name: &str, _: &GetOptions) -> Result<Probe> {
        ready(if name == "a" { Ok(probe("a", "here")) } else { Err(cx.not_found(name)) }).await
    }
}

#[tokio::test]
async fn c1_11_a_getter_is_get_and_nothing_else() {
    let client = serve(Known);
    let object = client.get(&format!("{PROBES}/a")).await.expect(StatusCode::OK);
    assert_eq!(
        object,
        json!({
            "apiVersion": "test.example.com/v1", "kind": "Probe", "metadata": {"name": "a"}, "spec": {"text": "here"},
        })
    );
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
        let answer = client.send(method.clone(), &format!("{PROBES}/a"), &[], "").await;
        assert_eq!(answer.code, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    client.get(PROBES).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn c1_11_what_is_not_there_is_not_found() {
    let answer = serve(Known).get(&format!("{PROBES}/b")).await;
    answer.expect_status(404, "NotFound", "probes.test.example.com \"b\" not found");
}

#[tokio::test]
async fn c1_10_what_is_not_listed_has_a_table_too() {
    let table = serve(Known).get_as(&format!("{PROBES}/a"), TABLE).await.expect(StatusCode::OK);
    assert_eq!((&table["kind"], &table["rows"][0]["cells"][0]), (&json!("Table"), &json!("a")));
}

/// Has two probes.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Listed;

impl Lister for Listed {
    async fn list(&self, _: &Context, _: &ListOptions) -> Result<List<Probe>> {
        ready(Ok(List::new("7", vec![probe("a", "one"), probe("b", "two")]))).await
    }
}

#[tokio::test]
async fn c1_9_a_lister_is_list_and_nothing_else() {
    let client = serve(Listed);
    let list = client.get(PROBES).await.expect(StatusCode::OK);
    assert_eq!((&list["kind"], &list["metadata"]), (&json!("ProbeList"), &json!({"resourceVersion": "7"})));
    assert_eq!(list["items"][1]["spec"]["text"], "two");
    for method in [Method::POST, Method::DELETE, Method::PUT, Method::PATCH] {
        let answer = client.send(method.clone(), PROBES, &[], "").await;
        assert_eq!(answer.code, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    client.get(&format!("{PROBES}/a")).await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn c1_9_a_lister_has_a_table_without_a_word() {
    let table = serve(Listed).get_as(PROBES, TABLE).await.expect(StatusCode::OK);
    let columns: Vec<&Value> =
        table["columnDefinitions"].as_array().into_iter().flatten().map(|c| &c["name"]).collect();
    assert_eq!(columns, ["Name", "Created At"]);
    let names: Vec<&Value> = table["rows"].as_array().into_iter().flatten().map(|row| &row["cells"][0]).collect();
    assert_eq!(names, ["a", "b"]);
}

/// Has a table of its own making.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Tabular(#[rest(embed)] Listed);

impl TableConvertor for Tabular {
    fn columns(&self) -> Vec<Column> {
        let name = Column { name: "Probe".into(), format: "name".into(), ..Column::default() };
        vec![name, Column { name: "Letters".into(), column_type: ColumnType::Integer, ..Column::default() }]
    }

    fn cells(&self, object: &Probe) -> Vec<Value> {
        vec![json!(object.metadata.name), json!(object.spec.text.as_deref().map(str::len))]
    }
}

#[tokio::test]
async fn c1_10_a_table_convertor_makes_the_table() {
    let table = serve(Tabular(Listed)).get_as(PROBES, TABLE).await.expect(StatusCode::OK);
    let columns = table["columnDefinitions"].as_array().expect("columns");
    assert_eq!((&columns[1]["name"], &columns[1]["type"]), (&json!("Letters"), &json!("integer")));
    assert_eq!((&table["rows"][0]["cells"], &table["rows"][1]["cells"]), (&json!(["a", 3]), &json!(["b", 3])));
    assert_eq!(table["metadata"]["resourceVersion"], "7");
}

/// What a probe said, as text.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct LogOptions {
    #[serde(default)]
    follow: bool,
    tail_lines: Option<i64>,
    #[serde(default)]
    container: Vec<String>,
}

#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Logs;

impl GetterWithOptions for Logs {
    type Options = LogOptions;
    const SUBPATH: bool = true;

    async fn get_with_options(
        &self,
        _: &Context,
        name: &str,
        options: &LogOptions,
        subpath: Option<&str>,
    ) -> Result<Reply<Probe>> {
        let LogOptions { follow, tail_lines, container } = options;
        let text = format!("{name} {follow} {tail_lines:?} {} {subpath:?}", container.join("+"));
        ready(Ok(Reply::Object(probe(name, &text)))).await
    }
}

#[tokio::test]
async fn c1_12_options_of_the_storages_own() {
    let client = serve(Logs);
    for (query, expected) in [
        ("", "a false None  None"),
        ("?follow=true&tailLines=5&container=x&container=y&other=1", "a true Some(5) x+y None"),
        ("/b/c?follow=0", "a false None  Some(\"/b/c\")"),
        ("/b/", "a false None  Some(\"/b/\")"),
    ] {
        let object = client.get(&format!("{PROBES}/a{query}")).await.expect(StatusCode::OK);
        assert_eq!(object["spec"]["text"], expected, "{query}");
    }
    let answer = client.get(&format!("{PROBES}/a?tailLines=few")).await;
    assert_eq!((answer.code, &answer.json["reason"]), (StatusCode::BAD_REQUEST, &json!("BadRequest")));
}

#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Streaming;

impl GetterWithOptions for Streaming {
    type Options = LogOptions;

    async fn get_with_options(&self, _: &Context, _: &str, _: &LogOptions, _: Option<&str>) -> Result<Reply<Probe>> {
        let lines = futures::stream::iter(["one\n", "two\n"].map(|line| Ok(line.into())));
        let stream = ResourceStream { content_type: "text/plain".to_owned(), stream: Box::pin(lines) };
        ready(Ok(Reply::Stream(stream))).await
    }
}

#[tokio::test]
async fn c1_23_a_stream_is_sent_as_it_is() {
    let answer = serve(Streaming).get(&format!("{PROBES}/a")).await;
    assert_eq!(
        (answer.code, answer.header("content-type"), &*answer.text),
        (StatusCode::OK, "text/plain", "one\ntwo\n")
    );
}

#[tokio::test]
async fn c1_12_without_the_flag_there_is_nothing_below() {
    let answer = serve(Streaming).get(&format!("{PROBES}/a/b")).await;
    answer.expect_status(404, "NotFound", "the server could not find the requested resource");
}
