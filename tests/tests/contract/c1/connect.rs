//! `Connecter`: requests that a storage takes over (contract 1.20).

use std::future::ready;

use http::{Method as HttpMethod, StatusCode};
use http_body_util::BodyExt;
use rest_resource::{ConnectRequest, Connecter, Context, Method, Response, ResponseBody, RestResource, Result, Status};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::probe::{PROBES, Probe, serve};

#[derive(Deserialize, JsonSchema)]
struct ExecOptions {
    #[serde(default)]
    command: Vec<String>,
}

/// Says what it was asked.
#[derive(RestResource)]
#[rest(group = "test.example.com", version = "v1", resource = "probes", object = Probe, cluster)]
struct Echo;

impl Connecter for Echo {
    type Options = ExecOptions;
    const METHODS: &'static [Method] = &[Method::Get, Method::Post];
    const SUBPATH: bool = true;

    async fn connect(
        &self,
        _: &Context,
        name: &str,
        options: &ExecOptions,
        request: ConnectRequest,
    ) -> Result<Response> {
        let ConnectRequest { parts, body, subpath, .. } = request;
        let body = body.collect().await.map_err(Status::internal_error)?.to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        let text = format!("{} {name} {:?} {subpath:?} {body}", parts.method, options.command);
        let mut response = Response::new(ResponseBody::full(text));
        *response.status_mut() = StatusCode::IM_A_TEAPOT;
        ready(Ok(response)).await
    }
}

#[tokio::test]
async fn c1_20_a_connecter_answers_by_itself() {
    let client = serve(Echo);
    for (method, path, text) in [
        (HttpMethod::GET, "a", "GET a [] None "),
        (HttpMethod::POST, "a?command=ls&command=-l", "POST a [\"ls\", \"-l\"] None in"),
        (HttpMethod::GET, "a/b/c", "GET a [] Some(\"/b/c\") "),
    ] {
        let body = if method == HttpMethod::POST { "in" } else { "" };
        let answer = client.send(method, &format!("{PROBES}/{path}"), &[], body).await;
        assert_eq!((answer.code, &*answer.text), (StatusCode::IM_A_TEAPOT, text));
    }
}

#[tokio::test]
async fn c1_20_only_the_methods_that_it_takes() {
    let client = serve(Echo);
    for method in [HttpMethod::PUT, HttpMethod::DELETE, HttpMethod::PATCH] {
        let answer = client.send(method.clone(), &format!("{PROBES}/a"), &[], "").await;
        assert_eq!(answer.code, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    let list = client.get("/apis/test.example.com/v1").await.expect(StatusCode::OK);
    assert_eq!(list["resources"][0]["verbs"], json!(["create", "get"]));
}
